//! What happened, as marks on all charts.

use crate::live::Live;
use crate::state::{node_name, pair_name, place_name, places_name};
use crate::texts::{Lang, panel as texts};
use crate::ui::inspector::timeline::done_words;
use headroom_charts::{EventKind, Unit, format_value};
use headroom_model::design::{Action, Design};
use headroom_model::kinds::{NodeParams, Verb};
use headroom_model::messages::What;
use headroom_model::notes::Mood;
use headroom_model::order;
use headroom_model::verbs::{On, Tone};

/// Marks that are drawn at most; of more, the earliest.
const MARKS_MAX: usize = 200;
/// Letters of a node's name in a mark.
const NAME_CHARS_MAX: usize = 14;

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When [s].
    pub t: f64,
    /// What, in a word or two.
    pub label: String,
    /// What kind of thing.
    pub kind: EventKind,
}

/// What happened so far, and what the design's timeline has still to come.
pub fn marks(live: &Live, design: &Design, lang: Lang) -> Vec<Mark> {
    let now = live.now_s();
    let mut marks: Vec<Mark> = live
        .happenings
        .iter()
        .map(|h| {
            let node = live.shape.nodes.get(h.node as usize).map_or("", String::as_str);
            let node = match h.what {
                What::Place { place, to, .. } => places_name(&live.design, place, to, lang),
                _ => name(&live.design, node, h.part, lang),
            };
            let (label, kind) = happened(&h.what, &node, lang);
            Mark { t: h.at_ns as f64 / 1e9, label, kind }
        })
        .collect();
    for entry in design.timeline.iter().filter(|e| e.at_s > now) {
        let (label, kind) = planned(&entry.action, design, lang);
        marks.push(Mark { t: entry.at_s, label, kind });
    }
    for node in &design.nodes {
        if let NodeParams::Users(users) = &node.params
            && users.celebrity_share > 0.0
            && users.celebrity_at_s > 0.0
        {
            let (label, kind) = happened(&What::WentViral(users.celebrity_share), "", lang);
            marks.push(Mark { t: users.celebrity_at_s, label, kind });
        }
    }
    order::sort_by(&mut marks, |a, b| a.t.total_cmp(&b.t));
    // A node of many parts that goes down at once is one mark, not many.
    marks.dedup_by(|b, a| a.t == b.t && a.label == b.label);
    marks.truncate(MARKS_MAX);
    marks
}

/// What a node, or a part of it, is called in a mark.
fn name(design: &Design, id: &str, part: Option<u32>, lang: Lang) -> String {
    let place = || design.place(id).map_or_else(|| id.to_owned(), |place| place_name(place, lang));
    let full = design.node(id).map_or_else(place, |node| node_name(node, lang));
    let mut short: String = full.chars().take(NAME_CHARS_MAX).collect();
    if short.len() < full.len() {
        short.push('…');
    }
    match part {
        // People count from 1.
        Some(part) => format!("{short} {}", part + 1),
        None => short,
    }
}

fn happened(what: &What, node: &str, lang: Lang) -> (String, EventKind) {
    let named = |text| lang.fill(text, &[("node", node)]);
    let share = |text, share: f64| lang.fill(text, &[("share", &format_value(Unit::Percent, share))]);
    match what {
        What::Killed
        | What::Revived
        | What::Slowed(_)
        | What::Flushed
        | What::WentViral(_)
        | What::Place { .. }
        | What::Did(..) => {
            let (verb, first) = what.verb().expect("what is done by a verb has one");
            done(verb, first, node, lang)
        }
        What::ShardAdded(s) => (share(texts::SHARD_ADDED, *s), EventKind::Change),
        What::TakenOut => (named(texts::TAKEN_OUT), EventKind::Note),
        What::PutBack => (named(texts::PUT_BACK), EventKind::Note),
        What::DeathNoticed => (named(texts::DEATH_NOTICED), EventKind::Note),
        What::Promoted { lost_writes: 0 } => (named(texts::PROMOTED), EventKind::Recovery),
        What::Promoted { lost_writes } => {
            let n = format_value(Unit::Count, *lost_writes as f64);
            (lang.fill(texts::PROMOTED_LOST, &[("node", node), ("n", &n)]), EventKind::Recovery)
        }
        What::CircuitOpened { .. } => (named(texts::CIRCUIT_OPENED), EventKind::Note),
        What::CircuitClosed { .. } => (named(texts::CIRCUIT_CLOSED), EventKind::Recovery),
        What::CaughtUp => (named(texts::CAUGHT_UP), EventKind::Recovery),
        What::Noted(note) => {
            let kind = match note.mood() {
                Mood::Fault => EventKind::Fault,
                Mood::Recovery => EventKind::Recovery,
                Mood::Change => EventKind::Change,
                Mood::Note => EventKind::Note,
            };
            (format!("{node}: {}", lang.t(note.text())), kind)
        }
        What::SimulatorFull => (lang.t(texts::SIMULATOR_FULL).to_owned(), EventKind::Fault),
        What::Told(news) => {
            let n = news.number().map_or_else(String::new, |n| n.to_string());
            let (text, tone) = news.words();
            (lang.fill(text, &[("target", node), ("n", &n)]), kind_of(tone))
        }
    }
}

fn planned(action: &Action, design: &Design, lang: Lang) -> (String, EventKind) {
    let target = name(design, &action.target, action.part, lang);
    let target = match action.verb.spec().on {
        On::Node => target,
        On::Wire => format!("{target} → {}", name(design, &action.to, None, lang)),
        On::Places => pair_name(design, &action.target, &action.to, lang),
    };
    done(action.verb, action.args[0], &target, lang)
}

fn done(verb: Verb, first: Option<f64>, target: &str, lang: Lang) -> (String, EventKind) {
    (done_words(verb, first, target, lang), kind_of(verb.words(first).2))
}

fn kind_of(tone: Tone) -> EventKind {
    match tone {
        Tone::Fault => EventKind::Fault,
        Tone::Recovery => EventKind::Recovery,
        Tone::Change => EventKind::Change,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::messages::{Happening, Shape, Snapshot};
    use headroom_model::scenarios;
    use std::rc::Rc;

    #[test]
    fn what_happened_and_what_is_to_come_are_marked_once() {
        let design = Rc::new(Design::parse(scenarios::by_id("load-balanced").unwrap().json).unwrap());
        let nodes: Vec<String> = design.nodes.iter().map(|n| n.id.clone()).collect();
        let web = nodes.iter().position(|n| n == "web").unwrap() as u32;
        let mut live = Live::default();
        live.begin(design.clone(), Shape { window_s: 1.0, until_s: 120.0, nodes, wires: 0 });
        let kill = Happening { at_ns: 40_000_000_000, node: web, part: Some(2), what: What::Killed };
        live.take(Snapshot {
            now_ns: 50_000_000_000,
            happenings: vec![kill.clone(), kill],
            ..Snapshot::default()
        });
        let marks = marks(&live, &design, Lang::En);
        let times: Vec<f64> = marks.iter().map(|m| m.t).collect();
        assert_eq!(times, [40.0, 80.0], "{marks:?}");
        assert!(marks[0].label.ends_with("3 was killed"), "{}", marks[0].label);
        assert_eq!(marks[1].kind, EventKind::Recovery);
    }
}
