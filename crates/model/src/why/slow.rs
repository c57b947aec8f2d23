//! Where the time of slow requests goes: the slowest that were followed, taken apart, beside the usual ones.

use crate::order;
use crate::sim::trace::{Phase, Trace, Traces, breakdown};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Slow requests that take less than so many times as long as usual ones are not another sort.
const ALIKE: f64 = 1.5;

/// What a stretch of the requests' time went into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The node, by position in the design; none at the client.
    pub node: Option<u16>,
    /// What it went into.
    pub phase: Phase,
    /// Of all slow requests together [ns].
    pub slow_ns: u64,
    /// Of all usual requests together [ns].
    pub usual_ns: u64,
}

/// The slowest followed requests of the last minute, and the latest for comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slow {
    /// Number of slow requests.
    pub count: u32,
    /// All their time [ns]: the sum of the parts, exactly.
    pub whole_ns: u64,
    /// Number of usual requests.
    pub usual_count: u32,
    /// All their time [ns]: the sum of the parts, exactly.
    pub usual_ns: u64,
    /// The parts, the largest first.
    pub parts: Vec<Part>,
}

impl Slow {
    /// By how much more time a slow request spends in a part than a usual one [s].
    pub fn excess_s(&self, part: &Part) -> f64 {
        let mean = |ns: u64, n: u32| if n == 0 { 0.0 } else { ns as f64 / f64::from(n) / 1e9 };
        mean(part.slow_ns, self.count) - mean(part.usual_ns, self.usual_count)
    }

    /// The part that makes slow requests slow: the one in which they spend most beyond what usual ones do; where all are
    /// about as slow, the largest.
    pub fn culprit(&self) -> Option<&Part> {
        let mean = |ns: u64, n: u32| ns as f64 / f64::from(n.max(1));
        if mean(self.whole_ns, self.count) < ALIKE * mean(self.usual_ns, self.usual_count) {
            return self.parts.first();
        }
        self.parts.iter().max_by(|a, b| self.excess_s(a).total_cmp(&self.excess_s(b)))
    }
}

/// Takes the requests apart.
pub fn of(traces: &Traces) -> Slow {
    let mut sums: BTreeMap<(Option<u16>, Phase), (u64, u64)> = BTreeMap::new();
    for (node, phase, ns) in traces.slowest.iter().flat_map(breakdown) {
        sums.entry((node, phase)).or_default().0 += ns;
    }
    for (node, phase, ns) in traces.recent.iter().flat_map(breakdown) {
        sums.entry((node, phase)).or_default().1 += ns;
    }
    let whole = |of: &mut dyn Iterator<Item = &Trace>| of.map(|t| t.ended_ns - t.began_ns).sum();
    let mut parts: Vec<Part> = sums
        .into_iter()
        .map(|((node, phase), (slow_ns, usual_ns))| Part { node, phase, slow_ns, usual_ns })
        .collect();
    order::sort_by_key(&mut parts, |p| std::cmp::Reverse((p.slow_ns, p.usual_ns)));
    Slow {
        count: traces.slowest.len() as u32,
        whole_ns: whole(&mut traces.slowest.iter()),
        usual_count: traces.recent.len() as u32,
        usual_ns: whole(&mut traces.recent.iter()),
        parts,
    }
}
