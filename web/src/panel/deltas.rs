//! The key numbers of the run beside those of the pinned one, at the same moment.

use crate::live::Live;
use crate::texts::{Lang, panel as texts};
use headroom_charts::{Unit, format_value};
use headroom_model::kinds::{Kind, common};
use headroom_model::messages::{Window, world};
use headroom_model::text::Text;

/// A key number, now and in the pinned run.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// Tells it from the others, also in tests.
    pub id: &'static str,
    /// What it is called.
    pub name: Text,
    unit: Unit,
    /// More of it is better.
    more_is_better: bool,
    /// In this run, or not a number.
    pub now: f64,
    /// In the pinned one, or not a number.
    pub before: f64,
}

/// How a number has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// For the better.
    Better,
    /// For the worse.
    Worse,
    /// Not at all, or it cannot be said.
    Same,
}

/// The key numbers in the windows of both runs that a moment lies in.
pub fn deltas(live: &Live, base: &Live, at_s: f64) -> Vec<Delta> {
    let pair = |read: fn(&Live, &Window) -> f64| {
        let of = |live: &Live| live.window_at(at_s).map_or(f64::NAN, |w| read(live, w));
        (of(live), of(base))
    };
    let delta = |id, name, unit, more_is_better, read| {
        let (now, before) = pair(read);
        Delta { id, name, unit, more_is_better, now, before }
    };
    let mut all = vec![
        delta("p99", texts::P99, Unit::Seconds, false, |_, w| at(w, world::P99_S)),
        delta("errors", texts::ERRORS, Unit::Percent, false, |_, w| error_share(w)),
        delta("hits", texts::HIT_RATE, Unit::Percent, true, hit_rate),
        delta("served", texts::SERVED, Unit::Rate, true, |_, w| at(w, world::SERVED_RPS)),
        delta("money", texts::COST, Unit::Money, false, |_, w| at(w, world::COST_USD_H)),
    ];
    // Where neither design has a cache, there is no hit rate to speak of.
    let caches = |live: &Live| live.design.nodes.iter().any(|n| caches(n.kind()));
    all.retain(|d| d.id != "hits" || caches(live) || caches(base));
    all
}

/// The end of the last window [s]: where numbers are compared unless the reader points elsewhere.
pub fn last_moment(live: &Live) -> f64 {
    live.windows.last().map_or(0.0, |w| w.end_s)
}

fn at(window: &Window, position: usize) -> f64 {
    window.world.get(position).map_or(f64::NAN, |v| f64::from(*v))
}

/// Failed requests among all that ended.
pub fn error_share(window: &Window) -> f64 {
    let (failed, served) = (at(window, world::FAILED_RPS), at(window, world::SERVED_RPS));
    if failed + served > 0.0 { failed / (failed + served) } else { f64::NAN }
}

fn caches(kind: Kind) -> bool {
    matches!(kind, Kind::Cache | Kind::Cdn)
}

/// Hits of all caches among what they were asked for.
fn hit_rate(live: &Live, window: &Window) -> f64 {
    let (mut hits, mut asked) = (0.0, 0.0);
    for (i, id) in live.shape.nodes.iter().enumerate() {
        let Some(node) = live.design.node(id).filter(|n| caches(n.kind())) else { continue };
        let Some(at) = node.kind().spec().metric_index("hit_ratio") else { continue };
        let values = live.node_values(window, i);
        let get = |at: usize| values.get(at).map_or(f64::NAN, |v| f64::from(*v));
        let (ratio, arrivals) = (get(at), get(common::ARRIVALS));
        if ratio.is_finite() && arrivals > 0.0 {
            hits += ratio * arrivals;
            asked += arrivals;
        }
    }
    if asked > 0.0 { hits / asked } else { f64::NAN }
}

impl Delta {
    /// How it has changed; less than a thousandth is nothing.
    pub fn turn(&self) -> Turn {
        let by = self.now - self.before;
        let seen = by.abs() > 1e-3 * self.now.abs().max(self.before.abs());
        match (by.is_finite() && seen, (by > 0.0) == self.more_is_better) {
            (false, _) => Turn::Same,
            (true, true) => Turn::Better,
            (true, false) => Turn::Worse,
        }
    }

    /// The present value.
    pub fn value(&self) -> String {
        format_value(self.unit, self.now)
    }

    /// The change with its sign, and as a share where that says more: `+40 ms (+50 %)`. Shares change by points.
    pub fn change(&self, lang: Lang) -> String {
        let by = self.now - self.before;
        if !by.is_finite() {
            return "–".to_owned();
        }
        if self.turn() == Turn::Same {
            return "±0".to_owned();
        }
        let sign = if by < 0.0 { "−" } else { "+" };
        if self.unit == Unit::Percent {
            let points = by.abs() * 100.0;
            let digits = if points < 0.1 { 2 } else { 1 };
            return lang.fill(texts::POINTS, &[("n", &format!("{sign}{points:.digits$}"))]);
        }
        let plain = format!("{sign}{}", format_value(self.unit, by.abs()));
        if self.before <= 0.0 {
            return plain;
        }
        let share = (by / self.before).abs();
        if share < 10.0 {
            format!("{plain} ({sign}{:.0} %)", share * 100.0)
        } else {
            format!("{plain} (×{:.0})", share + 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::data::tests::live;
    use super::*;

    #[test]
    fn both_runs_are_read_at_the_same_moment() {
        let (mut live, base) = (live("cache-aside", 3), live("cache-aside", 2));
        live.windows[1].world[world::P99_S] = 0.06;
        let all = deltas(&live, &base, 1.5);
        let p99 = &all[0];
        assert_eq!((p99.value().as_str(), p99.turn()), ("60 ms", Turn::Worse));
        assert_eq!(p99.change(Lang::En), "+30 ms (+100 %)");
        assert_eq!(
            all.iter().map(|d| d.id).collect::<Vec<_>>(),
            ["p99", "errors", "hits", "served", "money"]
        );
        assert!(all[1..].iter().all(|d| d.change(Lang::Ko) == "±0"), "{all:?}");
        // The pinned run does not reach that far.
        assert!(deltas(&live, &base, 2.5).iter().all(|d| d.change(Lang::En) == "–"));
    }

    #[test]
    fn shares_change_by_points_and_more_is_not_always_worse() {
        let (mut live, base) = (live("single-server", 1), live("single-server", 1));
        live.windows[0].world[world::FAILED_RPS] = 5.0;
        let all = deltas(&live, &base, 1.0);
        assert_eq!((all[1].id, all[1].turn()), ("errors", Turn::Better));
        assert_eq!(all[1].change(Lang::En), "−18.8 pp");
        assert!(all.iter().all(|d| d.id != "hits"));
        live.windows[0].world[world::SERVED_RPS] = 90.0;
        assert_eq!(deltas(&live, &base, 1.0)[2].turn(), Turn::Better);
    }
}
