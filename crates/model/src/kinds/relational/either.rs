//! A relational database while it runs: with one primary, or with several.

use super::multi::Multi;
use super::single::Single;
use super::{RelationalParams, Topology};
use crate::design::Action;
use crate::messages::PartNow;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Core, NodeIdx};
use crate::sim::detail::Memory;
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use serde_json::{Map, Value};

/// A relational database while it runs.
#[derive(Clone, Debug)]
pub enum State {
    /// Writes go to one machine.
    Single(Box<Single>),
    /// Writes go to all.
    Multi(Box<Multi>),
}

impl State {
    /// The node at time 0.
    pub fn new(params: &RelationalParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        match params.topology {
            Topology::SinglePrimary => State::Single(Box::new(Single::new(params, node, core))),
            _ => State::Multi(Box::new(Multi::new(params, node, core))),
        }
    }
}

/// Does the same with whichever it is.
macro_rules! either {
    ($state:expr, $s:ident => $e:expr) => {
        match $state {
            State::Single($s) => $e,
            State::Multi($s) => $e,
        }
    };
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        either!(self, s => s.begin(core, me))
    }
    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        either!(self, s => s.arrive(core, me, id))
    }
    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        either!(self, s => s.served(core, me, id))
    }
    fn cancel(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        either!(self, s => s.cancel(core, me, id))
    }
    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        either!(self, s => s.timer(core, me, seq, tag, arg))
    }
    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        either!(self, s => s.act(core, me, action))
    }
    fn values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        either!(self, s => s.values(core, me, window_s, out))
    }
    fn part_values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        either!(self, s => s.part_values(core, me, window_s, out))
    }
    fn window_utilization(&self, core: &Core) -> f64 {
        either!(self, s => s.window_utilization(core))
    }
    fn end_window(&mut self, core: &mut Core) {
        either!(self, s => s.end_window(core))
    }
    fn parts(&self, core: &Core) -> Vec<PartNow> {
        either!(self, s => s.parts(core))
    }
    fn queued(&self) -> u64 {
        either!(self, s => s.queued())
    }
    fn tallies(&mut self, t: &mut Tallies) {
        either!(self, s => s.tallies(t))
    }

    fn memory(&self, core: &Core, me: NodeIdx, memory: &mut Memory) {
        either!(self, s => s.memory(core, me, memory))
    }

    fn restart(&mut self, core: &mut Core) {
        either!(self, s => s.restart(core))
    }
    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        either!(self, s => s.effort_ns(core))
    }
    fn summary(&mut self, core: &Core, me: NodeIdx) -> Map<String, Value> {
        either!(self, s => s.summary(core, me))
    }
}
