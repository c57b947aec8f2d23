//! Copies of a run at earlier moments, so that going back in time need not begin at 0.
//!
//! A copy holds all state but the series, which only ever grow and are cut when the copy is gone back to. Copies are taken
//! so seldom that copying stays a small part of the work, and thinned out so that their memory is bounded.

use crate::sim::Simulation;
use headroom_engine::SimTime;

/// Memory that all copies together may take [bytes], about.
const BYTES_MAX: usize = 128 << 20;
/// Copies kept at most; beyond, every other is dropped and they are taken half as often.
const COPIES_MAX: usize = 32;
/// Fewest events between two copies.
const EVENTS_BETWEEN: u64 = 500_000;
/// Bytes that are copied in the time of one event, about, divided by the share of time that copying may take.
const BYTES_PER_EVENT: u64 = 8;

/// Copies of a run, in order of time.
#[derive(Default)]
pub struct Checkpoints {
    copies: Vec<Copy>,
    /// Events at which the next copy is due.
    due: u64,
    /// Doubled each time the copies are thinned out.
    spread: u64,
}

struct Copy {
    sim: Simulation,
    windows: usize,
    happenings: usize,
    actions: usize,
}

impl Checkpoints {
    /// Forgets all: another run begins.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes a copy if it is time for one.
    pub fn offer(&mut self, sim: &mut Simulation) {
        if sim.events() < self.due.max(EVENTS_BETWEEN) {
            return;
        }
        if self.copies.last().is_some_and(|c| c.sim.now() >= sim.now()) {
            return;
        }
        let bytes = sim.bytes();
        if self.copies.len() >= COPIES_MAX.min(BYTES_MAX / bytes.max(1)) {
            let mut n = 0;
            self.copies.retain(|_| {
                n += 1;
                n % 2 == 0
            });
            self.spread = self.spread.max(1) * 2;
        }
        if bytes <= BYTES_MAX {
            let (windows, happenings, actions) = sim.history();
            self.copies.push(Copy { sim: sim.without_history(), windows, happenings, actions });
        }
        let between = EVENTS_BETWEEN.max(bytes as u64 / BYTES_PER_EVENT) * self.spread.max(1);
        self.due = sim.events() + between;
    }

    /// Whether a copy was taken.
    #[cfg(test)]
    pub fn has_one(&self) -> bool {
        !self.copies.is_empty()
    }

    /// Takes the run back to the latest copy that is not after `time`, if there is one. What was done by hand since then
    /// will be done again at the same moments.
    pub fn go_back(&mut self, sim: &mut Simulation, time: SimTime) -> bool {
        let Some(copy) = self.copies.iter().rev().find(|c| c.sim.now() <= time) else { return false };
        sim.return_to(&copy.sim, copy.windows, copy.happenings, copy.actions);
        true
    }
}
