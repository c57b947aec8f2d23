//! What a chart says in words, for those who do not see it, and in attributes, for tests.

use super::super::charts::ChartId;
use super::super::data::Data;
use super::super::objective::Objective;
use super::{Inner, Look, Slot, WORDS_EVERY_MS};
use crate::dom;
use crate::live::Live;
use crate::texts::{Lang, panel as texts};
use headroom_charts::{format_time, format_value};

impl Inner {
    /// What the chart shows, for those who do not see it.
    pub(super) fn put_in_words(&self, slot: &mut Slot, id: &ChartId, title: &str, look: &Look, live: &Live) {
        let mut gathered = self.gathered.borrow_mut();
        let data = gathered.of(id, live, look.wanted());
        let objective = Objective::of(id, live, &look.design);
        if let Some(parent) = slot.canvas.parent_element() {
            tell_tests(&parent, id, data);
            let told = |name: &str, value: Option<f64>| match value {
                Some(value) => drop(parent.set_attribute(name, &value.to_string())),
                None => drop(parent.remove_attribute(name)),
            };
            told("data-t0", Some(slot.layout.time.0));
            told("data-t1", Some(slot.layout.time.1));
            told("data-met", objective.and_then(|o| o.met));
            let banded =
                look.bands.as_ref().filter(|(b, _)| data.series.iter().any(|s| s.band(b.bands()).is_some()));
            told("data-bands", banded.map(|(b, _)| b.bands().windows() as f64));
            told("data-ghosts", data.ghost.as_ref().map(|g| g.times.len() as f64));
        }
        let (now, version) = (dom::now_ms(), live.version);
        if now - slot.words_at >= WORDS_EVERY_MS {
            (slot.words_at, slot.words_of) = (now, Some(version));
            let mut words = in_words(title, id, data, look.lang);
            if let Some(objective) = objective {
                words = format!("{words} {}.", objective.in_words(id, look.lang));
            }
            let _ = slot.canvas.set_attribute("aria-label", &words);
        } else if slot.words_of != Some(version) {
            self.speak_later.set(true);
        }
    }
}

/// What tests read of a chart.
fn tell_tests(element: &web_sys::Element, id: &ChartId, data: &Data) {
    if let Some(value) = data.headline(id) {
        let _ = element.set_attribute("data-last", &value.to_string());
    }
    let _ = element.set_attribute("data-windows", &data.fresh.to_string());
    if matches!(id, ChartId::Heat(_))
        && let Some((row, value)) = data.hottest()
    {
        let _ = element.set_attribute("data-hottest", &row.to_string());
        let _ = element.set_attribute("data-hottest-value", &value.to_string());
    }
}

/// A chart in words: its last values.
fn in_words(title: &str, id: &ChartId, data: &Data, lang: Lang) -> String {
    let Some(last) = data.last() else { return lang.fill(texts::SUMMARY_EMPTY, &[("chart", title)]) };
    let time = format_time(f64::from(data.times[data.fresh - 1]));
    let values: Vec<String> = data
        .series
        .iter()
        .zip(last)
        .map(|(s, v)| format!("{} {}", s.name, format_value(id.unit(), f64::from(v))))
        .collect();
    lang.fill(texts::SUMMARY, &[("chart", title), ("time", &time), ("values", &values.join(", "))])
}
