//! What users are promised, as a line in a chart, and how much of the time it is kept.

use super::charts::ChartId;
use super::deltas::error_share;
use crate::live::Live;
use crate::texts::{Lang, panel as texts};
use headroom_charts::{Unit, format_value};
use headroom_model::design::Design;
use headroom_model::messages::world;

/// An objective of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    /// At most this, in the chart's unit.
    pub value: f64,
    /// Share of the time in which it was kept, of all windows after the warm-up in which requests ended.
    pub met: Option<f64>,
}

impl Objective {
    /// What a chart is measured against, if there is an objective for it.
    pub fn of(id: &ChartId, live: &Live, design: &Design) -> Option<Objective> {
        let promised = design.view.objectives;
        let value = match id {
            ChartId::Latency => promised.p99_ms? / 1e3,
            ChartId::Errors => promised.error_share?,
            _ => return None,
        };
        let read = |w| match id {
            ChartId::Latency => {
                let window: &headroom_model::messages::Window = w;
                window.world.get(world::P99_S).map_or(f64::NAN, |v| f64::from(*v))
            }
            _ => error_share(w),
        };
        let counted = live.windows.iter().filter(|w| w.end_s > design.run.warmup_s);
        let values = counted.map(read).filter(|v| v.is_finite());
        // A hair's breadth above is what single precision makes of the very value.
        let (all, kept) =
            values.fold((0, 0), |(all, kept), v| (all + 1, kept + u32::from(v <= value * (1.0 + 1e-6))));
        let met = (all > 0).then(|| f64::from(kept) / f64::from(all));
        Some(Objective { value, met })
    }

    /// How much of the time it was kept.
    pub fn note(&self, lang: Lang) -> String {
        let share = |met| lang.fill(texts::SLO_MET, &[("share", &format_value(Unit::Percent, met))]);
        self.met.map_or_else(String::new, share)
    }

    /// All of it in words.
    pub fn in_words(&self, id: &ChartId, lang: Lang) -> String {
        let value = format_value(id.unit(), self.value);
        format!("{} {value}, {}", name(id, lang), self.note(lang)).trim_end_matches(", ").to_owned()
    }
}

/// What the line is called.
pub fn name(id: &ChartId, lang: Lang) -> &'static str {
    lang.t(if *id == ChartId::Latency { texts::SLO_P99 } else { texts::SLO })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::data::tests::live;
    use super::*;
    use headroom_model::design::Objectives;

    #[test]
    fn the_share_of_time_within_an_objective_counts_windows_that_tell() {
        let mut live = live("single-server", 4);
        for (window, p99) in live.windows.iter_mut().zip([0.05, 0.2, 0.3, f32::NAN]) {
            window.world[world::P99_S] = p99;
        }
        let mut design = (*live.design).clone();
        assert_eq!(Objective::of(&ChartId::Latency, &live, &design), None);
        design.view.objectives = Objectives { p99_ms: Some(200.0), error_share: Some(0.1) };
        let slo = Objective::of(&ChartId::Latency, &live, &design).unwrap();
        assert_eq!((slo.value, slo.met), (0.2, Some(2.0 / 3.0)));
        assert_eq!(slo.in_words(&ChartId::Latency, Lang::En), "SLO p99 200 ms, met 66.7% of the time");
        assert_eq!(Objective::of(&ChartId::Errors, &live, &design).unwrap().met, Some(0.0));
        assert_eq!(Objective::of(&ChartId::Queue, &live, &design), None);
        // What comes before the end of the warm-up is left out.
        design.run.warmup_s = 1.0;
        assert_eq!(Objective::of(&ChartId::Latency, &live, &design).unwrap().met, Some(0.5));
    }
}
