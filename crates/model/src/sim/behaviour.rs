//! What every kind's state can do while it runs.

use super::core::{Command, Core, NodeIdx, Observation, Reply};
use super::detail::Memory;
use super::tally::Tallies;
use crate::design::Action;
use crate::messages::{NodeNow, PartNow};
use serde_json::{Map, Value};

/// A node while it runs. Methods get the core that all nodes share and the node's own position.
pub trait Behaviour {
    /// The run begins.
    fn begin(&mut self, _core: &mut Core, _me: NodeIdx) {}

    /// A call has come; it is answered by [`Core::reply`], now or later.
    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32);

    /// A worker has finished a call.
    fn served(&mut self, _core: &mut Core, _me: NodeIdx, _id: u32) {}

    /// A call that this node made is answered; `parent` is who waited.
    fn child_done(&mut self, _core: &mut Core, _me: NodeIdx, _parent: u32, _reply: Reply) {}

    /// Whoever made this call no longer waits for it, and says so: what has not begun may be dropped. Calls that it has
    /// made over wires that cancel come back failed.
    fn cancel(&mut self, _core: &mut Core, _me: NodeIdx, _id: u32) {}

    /// A timer of this node is due; `seq` is the number that setting it gave.
    fn timer(&mut self, _core: &mut Core, _me: NodeIdx, _seq: u64, _tag: u8, _arg: u32) {}

    /// Someone does something to this node.
    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action);

    /// Appends the values of the kind's own metrics in the present window of `window_s`, in the order of its spec.
    fn values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>);

    /// Appends the values of each part in the present window (see [`crate::messages::part`]); gives their number.
    fn part_values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16;

    /// Share of worker time that was busy in the present window, over all parts.
    fn window_utilization(&self, core: &Core) -> f64;

    /// The window is over.
    fn end_window(&mut self, core: &mut Core);

    /// The parts now.
    fn parts(&self, core: &Core) -> Vec<PartNow>;

    /// Calls that wait for a worker now.
    fn queued(&self) -> u64 {
        0
    }

    /// Places were cut off from each other, or joined again.
    fn ground_changed(&mut self, _core: &mut Core, _me: NodeIdx) {}

    /// The warm-up is over: measure from now on.
    fn restart(&mut self, _core: &mut Core) {}

    /// Shows everything that is measured, each number in its place: what [`Self::restart`] sets to nothing.
    fn tallies(&mut self, _t: &mut Tallies) {}

    /// Tells how the past acts on this node, so that whoever would skip time knows whether it may.
    fn memory(&self, _core: &Core, _me: NodeIdx, _memory: &mut Memory) {}

    /// World time went on and this node stood still; `grown` is by how much its reservoir would have grown.
    fn stood_still(&mut self, _core: &mut Core, _me: NodeIdx, _gap_ns: u64, _grown: u64) {}

    /// Busy worker time, worker time and integral of the queue length since measuring began [ns].
    fn effort_ns(&self, _core: &Core) -> (u128, u128, u128) {
        (0, 0, 0)
    }

    /// What can be seen of this node from outside now.
    fn observe(&self, core: &Core, me: NodeIdx) -> Observation {
        let (busy_ns, capacity_ns, _) = self.effort_ns(core);
        core.meters[me as usize].observation(core.now, busy_ns, capacity_ns, self.queued())
    }

    /// A node that this one looked at was seen so.
    fn observed(&mut self, _core: &mut Core, _me: NodeIdx, _node: NodeIdx, _seen: Observation) {}

    /// Another node tells this one to do something.
    fn command(&mut self, _core: &mut Core, _me: NodeIdx, _command: Command) {}

    /// The kind's own lines of the summary.
    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        Map::new()
    }

    /// The node at this moment.
    fn now(&self, core: &Core, me: NodeIdx) -> NodeNow {
        NodeNow { in_system: core.meters[me as usize].in_system() as u32, parts: self.parts(core) }
    }
}

/// A share as JSON; nothing counted gives null.
pub fn share(part: u64, whole: u64) -> Value {
    if whole == 0 { Value::Null } else { Value::from(part as f64 / whole as f64) }
}
