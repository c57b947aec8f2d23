//! Several primaries while they run: each takes writes and tells the others afterwards, straight or round a circle.

use super::exchange::{History, Sent};
use super::failover::notice_ns;
use super::{Conflicts, RelationalParams, Topology};
use crate::design::Action;
use crate::kinds::Verb;
use crate::messages::{PartNow, PartState, What};
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Call, Core, NodeIdx, Op, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use headroom_engine::{Hist, NIL, Sampler, SimTime, Stream, ns_from_ms};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// Primaries that there may be: each remembers every item.
pub const PRIMARIES_MAX: u32 = 8;

/// A primary among others. Positions are by primary.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub station: Station,
    /// Its own writes.
    pub history: History,
    /// Position up to which it has heard of a primary's writes, taken them in its inbox, and applied them.
    pub received: Vec<u64>,
    pub taken: Vec<u64>,
    pub applied: Vec<u64>,
    /// Writes of others that it has received and not applied: primary and position.
    pub inbox: VecDeque<(u16, u64)>,
    /// The apply job under way.
    pub job: u32,
    /// By item: the version that it holds, and the position of its own last write.
    pub value: Vec<u32>,
    pub own: Vec<u32>,
    /// It serves only once it has applied up to here; empty when it does.
    pub goal: Vec<u64>,
    /// From when its clients know that it is dead.
    noticed_at: SimTime,
    pub window_lag_max_s: f64,
}

/// What timers of the node are for.
pub(super) mod timer {
    pub const LINK: u8 = 0;
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub reads: u64,
    pub stale: u64,
    pub commits: u64,
    pub rejected: u64,
    /// Writes that have come to all machines, and those of them that had met another.
    pub settled: u64,
    pub conflicts: u64,
}

/// A relational database with several primaries while it runs.
#[derive(Clone, Debug)]
pub struct Multi {
    params: RelationalParams,
    pub(super) peers: Vec<Peer>,
    pub(super) work: Work,
    /// From each machine (rows) to each other.
    pub(super) links: Vec<VecDeque<Sent>>,
    pub(super) ring: bool,
    pub(super) rejects: bool,
    pub(super) version: u32,
    pub(super) delay_ns: u64,
    pub(super) jitter: Option<(Sampler, Stream)>,
    salt: u64,
    pub(super) window: Counts,
    pub(super) total: Counts,
    /// Time from a commit until all machines that live have it.
    pub(super) convergence: Hist,
    pub(super) since: SimTime,
}

impl Multi {
    /// The node at time 0: all machines hold the same data.
    pub fn new(params: &RelationalParams, node: &str, core: &Core) -> Self {
        let n = params.replicas as usize + 1;
        let peer = || Peer {
            station: Station::new(params.workers, params.queue_limit, core.now),
            history: History::default(),
            received: vec![0; n],
            taken: vec![0; n],
            applied: vec![0; n],
            inbox: VecDeque::new(),
            job: NIL,
            value: vec![0; core.items as usize],
            own: vec![0; core.items as usize],
            goal: Vec::new(),
            noticed_at: SimTime::ZERO,
            window_lag_max_s: 0.0,
        };
        let mut work = Work::new(core.seed, node, &params.read, &params.write, &params.apply);
        work.set_query(&params.query);
        let ring = params.topology == Topology::Circular;
        Self {
            peers: (0..n).map(|_| peer()).collect(),
            work,
            links: vec![VecDeque::new(); n * n],
            ring,
            rejects: params.conflicts == Conflicts::Reject && !ring,
            version: 0,
            delay_ns: ns_from_ms(params.replication_delay_ms),
            jitter: (params.replication_jitter.mean() > 0.0)
                .then(|| (Sampler::new(&params.replication_jitter), Stream::new(core.seed, node, "link"))),
            salt: Stream::new(core.seed, node, "failover").next_u64(),
            window: Counts::default(),
            total: Counts::default(),
            convergence: Hist::new(),
            since: core.now,
            params: params.clone(),
        }
    }

    fn serves(&self, i: usize) -> bool {
        self.peers[i].station.up && self.peers[i].goal.is_empty()
    }

    /// A client always goes to the same primary, and to the next one that serves once it knows that this one does not.
    fn route(&self, core: &Core, call: &Call) -> Result<usize, Reason> {
        let n = self.peers.len();
        let home = call.client as usize % n;
        if !self.peers[home].station.up && core.now < self.peers[home].noticed_at {
            return Err(Reason::Refused);
        }
        (0..n).map(|k| (home + k) % n).find(|i| self.serves(*i)).ok_or(Reason::NoPrimary)
    }

    /// A read begins at a machine: what it will see is settled now.
    fn begin_service(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        let call = &mut core.calls[id];
        if matches!(call.op, Op::Apply | Op::Copy | Op::Write) {
            return;
        }
        call.store = me;
        call.version = self.peers[machine].value[call.key as usize];
        if core.truth[me as usize][call.key as usize] > call.version {
            call.flags |= flag::STALE;
        }
    }

    pub(super) fn leave(&mut self, core: &mut Core, me: NodeIdx, machine: usize) {
        if let Some(next) = self.peers[machine].station.leave(core, &mut self.work) {
            self.begin_service(core, me, machine, next);
        }
    }

    /// Age of the oldest write that a machine has not applied [s].
    fn lag_s(&self, i: usize, now: SimTime) -> f64 {
        let age = |primary: usize| {
            let history = &self.peers[primary].history;
            let next = self.peers[i].applied[primary] + 1;
            if next > history.decided {
                0.0
            } else {
                history.at(next).map_or(0.0, |c| now.since(c.at) as f64 / 1e9)
            }
        };
        (0..self.peers.len()).filter(|p| *p != i).map(age).fold(0.0, f64::max)
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !self.peers[i].station.up {
            return;
        }
        machines::stop(core, me, i, &mut self.peers[i].station);
        core.free_own_jobs(me, i);
        self.peers[i].job = NIL;
        self.peers[i].noticed_at = core.now.saturating_add(notice_ns(&self.params, self.salt, core.now));
        core.happen(me, Some(i as u32), What::Killed);
        self.cut_off(core, me, i);
    }

    fn revive(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if machines::start(core, me, i, &mut self.peers[i].station) {
            core.happen(me, Some(i as u32), What::Revived);
            self.rejoin(core, me, i);
        }
    }
}

impl Behaviour for Multi {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        let machines = self.peers.len();
        core.rent(me, Rented::Data, machines, self.params.workers);
        core.keep_on_disk(me, u64::from(core.items) * machines as u64);
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        match self.route(core, &call) {
            Ok(machine) => {
                core.calls[id].part = machine as u16;
                match self.peers[machine].station.enter(core, &mut self.work, id) {
                    Admission::Started => self.begin_service(core, me, machine, id),
                    Admission::Queued => {}
                    Admission::Full => core.fail(id, Reason::QueueFull),
                }
            }
            Err(reason) => core.fail(id, reason),
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let machine = call.part as usize;
        match call.op {
            Op::Apply => self.applied(core, me, machine),
            Op::Write => {
                self.commit(core, me, machine, id);
                self.leave(core, me, machine);
            }
            _ => {
                for c in [&mut self.window, &mut self.total] {
                    c.reads += 1;
                    c.stale += u64::from(call.flags & flag::STALE != 0);
                }
                self.leave(core, me, machine);
                core.reply(id, Outcome::OK);
            }
        }
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        let machine = core.calls[id].part as usize;
        if self.peers.get_mut(machine).is_some_and(|p| p.station.withdraw(core, id)) {
            core.fail(id, Reason::Cancelled);
        }
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, tag: u8, arg: u32) {
        if tag == timer::LINK {
            self.deliver(core, me, arg as usize);
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        for i in machines::chosen(action.part, self.peers.len()) {
            match action.verb {
                Verb::Kill => self.kill(core, me, i),
                // A machine that takes a dead one's place starts from what the others have.
                Verb::Revive | Verb::Replace => self.revive(core, me, i),
                Verb::Slow => {
                    let factor = action.arg("factor");
                    self.peers[i].station.factor = factor;
                    core.happen(me, Some(i as u32), What::Slowed(factor));
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let ratio = |a: u64, b: u64| if b == 0 { f32::NAN } else { (a as f64 / b as f64) as f32 };
        let lag = (0..self.peers.len())
            .filter(|i| self.peers[*i].station.up)
            .map(|i| self.lag_s(i, core.now).max(self.peers[i].window_lag_max_s))
            .fold(0.0, f64::max);
        let undecided: u64 = self.peers.iter().map(|p| p.history.last() - p.history.decided).sum();
        let w = self.window;
        out.push(lag as f32);
        out.push(ratio(w.stale, w.reads));
        out.push(0.0);
        out.push((w.commits as f64 / window_s) as f32);
        out.push(undecided as f32);
        out.push(0.0);
        out.push(ratio(w.conflicts, w.settled));
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (i, p) in self.peers.iter().enumerate() {
            let lag = self.lag_s(i, core.now).max(p.window_lag_max_s);
            machines::push_values(core, &p.station, lag, window_s, out);
        }
        self.peers.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.peers.iter().map(|p| &p.station))
    }

    fn end_window(&mut self, core: &mut Core) {
        for p in &mut self.peers {
            p.station.end_window(core.now);
            p.window_lag_max_s = 0.0;
        }
        self.window = Counts::default();
    }

    fn parts(&self, core: &Core) -> Vec<PartNow> {
        let state = |p: &Peer| match machines::plain_state(&p.station) {
            PartState::Up if p.goal.is_empty() => PartState::Primary,
            PartState::Up => PartState::Recovering,
            plain => plain,
        };
        let part = |(i, p): (usize, &Peer)| machines::part_now(&p.station, state(p), self.lag_s(i, core.now));
        self.peers.iter().enumerate().map(part).collect()
    }

    fn queued(&self) -> u64 {
        self.peers.iter().map(|p| u64::from(p.station.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.is_busy |= self.peers.iter().any(|p| !p.goal.is_empty());
        let held: u64 = self.peers.iter().map(|p| p.inbox.len() as u64).sum();
        memory.stock(held, u64::from(self.version) * self.peers.len() as u64);
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.reads, &mut c.stale, &mut c.commits, &mut c.rejected]);
        t.counts([&mut c.settled, &mut c.conflicts]);
        t.durations(&mut self.convergence);
        for p in &mut self.peers {
            p.station.tallies(t);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for p in &mut self.peers {
            p.station.restart(core.now);
        }
        self.total = Counts::default();
        self.convergence.clear();
        self.since = core.now;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.peers.iter().map(|p| &p.station))
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let mut map = crate::summary::durations("convergence", &self.convergence);
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        put("commits", json!(t.commits));
        put("reads", json!(t.reads));
        put("stale_read_share", share(t.stale, t.reads));
        put("conflicting_writes", json!(t.conflicts));
        put("conflict_share", share(t.conflicts, t.settled));
        put("rejected_writes", json!(t.rejected));
        let lags: Vec<f64> = (0..self.peers.len()).map(|i| self.lag_s(i, core.now)).collect();
        put("lag_now_s", json!(lags));
        map
    }
}
