//! Which resource is full: of each node the part that is used most, over the last windows.
//!
//! The mean work of a call is what the workers were busy for, divided by the calls that began meanwhile (the utilisation
//! law, S = U·c/X: it holds for any run whatever its laws are); the load offered is then ρ = λ·S/c.

use crate::messages::{PartNow, PartState, Window, part};
use crate::order;
use crate::sim::Simulation;
use crate::sim::meter::LOOK_WINDOWS;
use serde::{Deserialize, Serialize};

/// Resources that are told.
const TOLD: usize = 5;

/// Load of a part, or of a node that has one, over the last windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Calls that came, per second: λ.
    pub arrivals_rps: f64,
    /// Busy worker time for each call that began [s]: S.
    pub service_s: f64,
    /// Workers: c.
    pub workers: f64,
    /// Load that is offered, ρ = λ·S/c; past 1 more comes than can be done.
    pub rho: f64,
}

/// A part that works, or stands still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Its node, by position in the design.
    pub node: u16,
    /// Which part, where the node has several.
    pub part: Option<u16>,
    /// Parts of the node, and how many of them are dead.
    pub parts: u16,
    /// See `parts`.
    pub dead: u16,
    /// Share of its workers' time that was busy.
    pub utilization: f64,
    /// Calls that wait, at the ends of the windows, on average.
    pub queue: f64,
    /// Its load; none where nothing began.
    pub load: Option<Load>,
}

/// Time that is looked back over [s].
pub fn look_s(sim: &Simulation) -> f64 {
    let windows = sim.windows();
    let first = windows.len().saturating_sub(LOOK_WINDOWS);
    let from = first.checked_sub(1).map_or(0.0, |i| windows[i].end_s);
    windows.last().map_or(0.0, |w| w.end_s - from)
}

/// The parts that are used most: of each node that has workers the fullest one, of all these the fullest first.
pub fn resources(sim: &Simulation) -> Vec<Resource> {
    let now = sim.nodes_now();
    let mut all: Vec<Resource> = now
        .iter()
        .enumerate()
        .filter_map(|(node, n)| {
            let there = |p: &PartNow| p.state != PartState::Gone && p.servers > 0;
            let parts = n.parts.iter().filter(|p| there(p)).count() as u16;
            let is_dead = |p: &&PartNow| p.state == PartState::Down;
            let dead = n.parts.iter().filter(|p| there(p)).filter(is_dead).count() as u16;
            let one = n.parts.len() == 1;
            n.parts
                .iter()
                .enumerate()
                .filter(|(_, p)| there(p) && p.state != PartState::Down)
                .map(|(i, p)| {
                    let (utilization, queue, load) = look(sim, node, i, n.parts.len(), f64::from(p.servers));
                    let part = (!one).then_some(i as u16);
                    Resource { node: node as u16, part, parts, dead, utilization, queue, load }
                })
                .max_by(fuller)
        })
        .collect();
    order::sort_by(&mut all, |a, b| fuller(b, a));
    all.truncate(TOLD);
    all
}

/// Which of two is fuller: the one that is busier, in whole per cent; of two that are alike the one with the longer queue.
fn fuller(a: &Resource, b: &Resource) -> std::cmp::Ordering {
    let key = |r: &Resource| libm::round(r.utilization * 100.0);
    key(a).total_cmp(&key(b)).then(a.queue.total_cmp(&b.queue)).then(b.node.cmp(&a.node))
}

/// A value of a part in a window.
fn value(w: &Window, node: usize, at: usize, value: usize) -> Option<f64> {
    let before: usize = w.part_counts.iter().take(node).map(|n| usize::from(*n)).sum();
    let there = at < usize::from(*w.part_counts.get(node)?);
    there.then(|| f64::from(w.parts[(before + at) * part::COUNT + value]))
}

/// Calls that came to a part and do not wait, per second: those began, unless some were turned away.
fn began_rps(sim: &Simulation, node: usize, at: usize) -> f64 {
    let windows = sim.windows();
    let first = windows.len().saturating_sub(LOOK_WINDOWS);
    let queue = |w: Option<&Window>| w.and_then(|w| value(w, node, at, part::QUEUE)).unwrap_or(0.0);
    let before = first.checked_sub(1).map(|i| &windows[i]);
    let more = queue(windows.last()) - queue(before);
    mean(sim, node, at, part::ARRIVALS_RPS) - more / look_s(sim).max(1e-9)
}

/// Mean of a part's value over the last windows in which it was there.
fn mean(sim: &Simulation, node: usize, at: usize, of: usize) -> f64 {
    let windows = sim.windows();
    let first = windows.len().saturating_sub(LOOK_WINDOWS);
    let values: Vec<f64> = windows[first..].iter().filter_map(|w| value(w, node, at, of)).collect();
    values.iter().filter(|v| v.is_finite()).sum::<f64>() / values.len().max(1) as f64
}

/// What a part did in the last windows: utilisation, mean queue, load.
fn look(sim: &Simulation, node: usize, at: usize, parts: usize, workers: f64) -> (f64, f64, Option<Load>) {
    let mean = |of| mean(sim, node, at, of);
    let (rate, busy, queue) = (mean(part::ARRIVALS_RPS), mean(part::UTILIZATION), mean(part::QUEUE));
    // The node's own count of what began is exact. The estimate for one of several parts is taken where all parts together
    // come to that count, so that none was turned away.
    let service_s = sim.meter(node).look().filter(|m| m.started > 0).map_or(0.0, |m| {
        let exact = m.started as f64 / (m.at_ns as f64 / 1e9);
        let estimate: f64 = (0..parts).map(|p| began_rps(sim, node, p)).sum();
        let began = began_rps(sim, node, at);
        if parts > 1 && began > 0.0 && (estimate / exact - 1.0).abs() < 0.02 {
            busy * workers / began
        } else {
            m.effort_ns.0 as f64 / m.started as f64 / 1e9
        }
    });
    let load = (service_s > 0.0 && rate > 0.0 && workers > 0.0).then(|| Load {
        arrivals_rps: rate,
        service_s,
        workers,
        rho: rate * service_s / workers,
    });
    (busy, queue, load)
}
