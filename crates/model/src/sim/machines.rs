//! What kinds whose parts are stations have in common: parts die, come back and slow down; their numbers add up.

use super::core::{Core, NodeIdx};
use super::station::Station;
use crate::design::Action;
use crate::kinds::Verb;
use crate::messages::{PartNow, PartState, What};
use crate::reason::Reason;

/// The parts that an action is done to.
pub fn chosen(part: Option<u32>, count: usize) -> std::ops::Range<usize> {
    match part {
        Some(p) if (p as usize) < count => p as usize..p as usize + 1,
        Some(_) => 0..0,
        None => 0..count,
    }
}

/// Stops a station: it forgets its calls, and they fail. False if it was dead already.
pub fn stop(core: &mut Core, node: NodeIdx, part: usize, station: &mut Station) -> bool {
    if !station.up {
        return false;
    }
    station.up = false;
    station.clear(core);
    core.alive[node as usize][part] = false;
    core.fail_all_inside(node, Some(part as u16));
    true
}

/// Starts a station again. False if it was alive.
pub fn start(core: &mut Core, node: NodeIdx, part: usize, station: &mut Station) -> bool {
    if station.up {
        return false;
    }
    station.up = true;
    core.alive[node as usize][part] = true;
    true
}

/// Kills, revives or slows down stations that need nothing else done then.
pub fn act(core: &mut Core, node: NodeIdx, stations: &mut [Station], action: &Action) {
    for part in chosen(action.part, stations.len()) {
        let station = &mut stations[part];
        let done = match action.verb {
            Verb::Kill => stop(core, node, part, station).then_some(What::Killed),
            Verb::Revive => start(core, node, part, station).then_some(What::Revived),
            Verb::Slow => {
                station.factor = action.arg("factor");
                Some(What::Slowed(station.factor))
            }
            _ => None,
        };
        if let Some(what) = done {
            core.happen(node, Some(part as u32), what);
        }
    }
}

/// Drops a call that nobody waits for any more if its service has not begun.
pub fn cancel(core: &mut Core, stations: &mut [Station], id: u32) {
    let part = core.calls[id].part as usize;
    if stations.get_mut(part).is_some_and(|s| s.withdraw(core, id)) {
        core.fail(id, Reason::Cancelled);
    }
}

/// Appends a station's values of the present window.
pub fn push_values(core: &Core, station: &Station, extra: f64, window_s: f64, out: &mut Vec<f32>) {
    out.push((station.window_calls() as f64 / window_s) as f32);
    out.push(station.window_utilization(core.now) as f32);
    out.push(station.queue() as f32);
    out.push(extra as f32);
}

/// A station at this moment.
pub fn part_now(station: &Station, state: PartState, extra: f64) -> PartNow {
    PartNow {
        state,
        busy: station.busy(),
        servers: station.servers,
        queue: station.queue(),
        queue_limit: station.limit,
        extra: extra as f32,
    }
}

/// Dead, slow or well.
pub fn plain_state(station: &Station) -> PartState {
    match station {
        s if !s.up => PartState::Down,
        s if s.factor > 1.0 => PartState::Slow,
        _ => PartState::Up,
    }
}

/// Share of worker time that was busy in the present window, over several stations of equal size.
pub fn window_utilization<'a>(core: &Core, stations: impl Iterator<Item = &'a Station>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for s in stations {
        sum += s.window_utilization(core.now);
        n += 1.0;
    }
    if n > 0.0 { sum / n } else { f64::NAN }
}

/// Busy worker time, worker time and integral of the queue length of several stations [ns].
pub fn effort_ns<'a>(core: &Core, stations: impl Iterator<Item = &'a Station>) -> (u128, u128, u128) {
    stations.fold((0, 0, 0), |(b, c, w), s| {
        (b + s.busy_ns(core.now), c + s.capacity_ns(core.now), w + s.waiting_ns(core.now))
    })
}
