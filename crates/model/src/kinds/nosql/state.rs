//! The store while it runs: nodes, and writes kept for those that are dead.

use super::NosqlParams;
use super::gather::Gather;
use crate::design::Action;
use crate::kinds::Verb;
use crate::limits::CALLS_MAX;
use crate::messages::{PartNow, PartState, What};
use crate::policy::sharding::Ring;
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, NodeIdx, Op, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::station::{Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use headroom_engine::{Arena, NIL, Stream, ns_from_ms};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// Writes that are kept for one dead node; of more, the oldest are dropped.
const HINTS_MAX: usize = 500_000;

/// A node of the ring.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub station: Station,
    /// Writes that it has missed: item, copy, version.
    hints: VecDeque<(u32, u8, u32)>,
    /// The handing over of one, under way.
    job: u32,
}

/// What timers of the node are for.
pub(super) mod timer {
    pub const THERE: u8 = 0;
    pub const BACK: u8 = 1;
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub reads: u64,
    pub stale: u64,
    pub writes: u64,
    pub repairs: u64,
    pub hinted: u64,
    pub dropped: u64,
}

/// A NoSQL store while it runs.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) params: NosqlParams,
    pub(super) nodes: Vec<Member>,
    pub(super) work: Work,
    pub(super) ring: Ring,
    pub(super) salt: u64,
    pub(super) copies: usize,
    pub(super) write_acks: usize,
    pub(super) read_acks: usize,
    /// Version of each copy of each item.
    pub(super) held: Vec<u32>,
    pub(super) gathers: Arena<Gather>,
    pub(super) stream: Stream,
    pub(super) delay_ns: u64,
    pub(super) version: u32,
    window: Counts,
    total: Counts,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &NosqlParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let salt = Stream::new(core.seed, node, "placement").next_u64();
        let copies = params.copies.min(params.nodes) as usize;
        let member = || Member {
            station: Station::new(params.workers, params.queue_limit, core.now),
            hints: VecDeque::new(),
            job: NIL,
        };
        let mut work = Work::new(core.seed, node, &params.read, &params.write, &params.write);
        work.set_query(&params.query);
        Self {
            nodes: (0..params.nodes).map(|_| member()).collect(),
            work,
            ring: Ring::new(params.nodes, params.virtual_nodes, salt),
            salt,
            copies,
            write_acks: copies.min(params.write_acks as usize),
            read_acks: copies.min(params.read_acks as usize),
            held: vec![0; core.items as usize * copies],
            gathers: Arena::new(CALLS_MAX as u32),
            stream: Stream::new(core.seed, node, "copies"),
            delay_ns: ns_from_ms(params.node_delay_ms),
            version: 0,
            window: Counts::default(),
            total: Counts::default(),
            params: params.clone(),
        }
    }

    pub(super) fn count(&mut self, change: impl Fn(&mut Counts)) {
        change(&mut self.window);
        change(&mut self.total);
    }

    pub(super) fn leave(&mut self, core: &mut Core, me: NodeIdx, node: usize) {
        if let Some(next) = self.nodes[node].station.leave(core, &mut self.work) {
            self.piece_started(core, me, next);
        }
    }

    /// A dead copy will want this write when it is back.
    pub(super) fn keep_hint(&mut self, node: u16, copy: u8, key: u32, version: u32) {
        if !self.params.hinted_handoff {
            return;
        }
        let hints = &mut self.nodes[node as usize].hints;
        hints.push_back((key, copy, version));
        let dropped = hints.len() > HINTS_MAX;
        if dropped {
            hints.pop_front();
        }
        self.count(|c| {
            c.hinted += 1;
            c.dropped += u64::from(dropped);
        });
    }

    /// Hands the next kept write over to a node that is back, one at a time, among its requests.
    fn hand_over(&mut self, core: &mut Core, me: NodeIdx, node: usize) {
        let member = &mut self.nodes[node];
        if member.job != NIL || !member.station.up || member.hints.is_empty() {
            return;
        }
        // Past the simulator's limit nothing can be done now; the next revival tries again.
        let job = crate::kinds::relational::own_job(core, me, node, Op::Apply);
        if let Some(id) = core.calls.alloc(job) {
            member.job = id;
            member.station.enter(core, &mut self.work, id);
        }
    }

    fn handed_over(&mut self, core: &mut Core, me: NodeIdx, node: usize) {
        core.calls.free(self.nodes[node].job);
        self.nodes[node].job = NIL;
        if let Some((key, copy, version)) = self.nodes[node].hints.pop_front() {
            self.hold(key, copy as usize, version);
        }
        self.leave(core, me, node);
        if self.nodes[node].hints.is_empty() {
            core.happen(me, Some(node as u32), What::CaughtUp);
        }
        self.hand_over(core, me, node);
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !self.nodes[i].station.up {
            return;
        }
        let pieces = Self::pieces_at(core, me, i);
        let coordinated = |g: &Gather| g.call != NIL && core.calls[g.call].part as usize == i;
        let orphans: Vec<u32> =
            self.gathers.iter_live().filter(|(_, g)| coordinated(g)).map(|(id, _)| id).collect();
        for g in orphans {
            self.gathers[g].call = NIL;
        }
        machines::stop(core, me, i, &mut self.nodes[i].station);
        core.free_own_jobs(me, i);
        self.nodes[i].job = NIL;
        for piece in pieces {
            self.piece_failed(core, piece, Reason::Died);
        }
        core.happen(me, Some(i as u32), What::Killed);
    }

    fn revive(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if machines::start(core, me, i, &mut self.nodes[i].station) {
            core.happen(me, Some(i as u32), What::Revived);
            self.hand_over(core, me, i);
        }
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.rent(me, Rented::Data, self.nodes.len(), self.params.workers);
        core.keep_on_disk(me, u64::from(core.items) * self.copies as u64);
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        self.ask(core, me, id);
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        if core.calls[id].op == Op::Apply {
            let node = core.calls[id].part as usize;
            return self.handed_over(core, me, node);
        }
        debug_assert!(core.calls[id].flags & flag::DETACHED != 0);
        self.piece_served(core, me, id);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        if !core.calls.is_live(arg) || core.calls[arg].due != seq {
            return;
        }
        core.calls[arg].due = 0;
        match tag {
            timer::THERE => self.piece_there(core, me, arg),
            _ => self.piece_back(core, me, arg),
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        for i in machines::chosen(action.part, self.nodes.len()) {
            match action.verb {
                Verb::Kill => self.kill(core, me, i),
                Verb::Revive => self.revive(core, me, i),
                Verb::Slow => {
                    let factor = action.arg("factor");
                    self.nodes[i].station.factor = factor;
                    core.happen(me, Some(i as u32), What::Slowed(factor));
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let w = self.window;
        out.push(if w.reads == 0 { f32::NAN } else { (w.stale as f64 / w.reads as f64) as f32 });
        out.push(self.nodes.iter().map(|n| n.hints.len()).sum::<usize>() as f32);
        out.push((w.repairs as f64 / window_s) as f32);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for n in &self.nodes {
            machines::push_values(core, &n.station, n.hints.len() as f64, window_s, out);
        }
        self.nodes.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.nodes.iter().map(|n| &n.station))
    }

    fn end_window(&mut self, core: &mut Core) {
        for n in &mut self.nodes {
            n.station.end_window(core.now);
        }
        self.window = Counts::default();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = |n: &Member| match machines::plain_state(&n.station) {
            PartState::Up if !n.hints.is_empty() => PartState::Recovering,
            plain => plain,
        };
        self.nodes.iter().map(|n| machines::part_now(&n.station, state(n), n.hints.len() as f64)).collect()
    }

    fn queued(&self) -> u64 {
        self.nodes.iter().map(|n| u64::from(n.station.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.is_busy |= self.nodes.iter().any(|n| n.station.up && !n.hints.is_empty());
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.reads, &mut c.stale, &mut c.writes, &mut c.repairs, &mut c.hinted, &mut c.dropped]);
        for n in &mut self.nodes {
            n.station.tallies(t);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for n in &mut self.nodes {
            n.station.restart(core.now);
        }
        self.total = Counts::default();
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.nodes.iter().map(|n| &n.station))
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let node = |(i, n): (usize, &Member)| {
            let capacity = n.station.capacity_ns(core.now);
            json!({
                "ring_node": i,
                "requests": n.station.calls(),
                "utilization": if capacity == 0 { 0.0 } else { n.station.busy_ns(core.now) as f64 / capacity as f64 },
                "hints": n.hints.len(),
            })
        };
        let mut map = Map::new();
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        put("ring_nodes", Value::Array(self.nodes.iter().enumerate().map(node).collect()));
        put("reads", json!(t.reads));
        put("writes", json!(t.writes));
        put("stale_read_share", share(t.stale, t.reads));
        put("writes_kept", json!(t.hinted));
        put("kept_writes_dropped", json!(t.dropped));
        put("read_repairs", json!(t.repairs));
        map
    }
}
