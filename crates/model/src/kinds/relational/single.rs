//! One primary while it runs: machines, commits, shipping, applying.

use super::acks::Acks;
use super::failover::{Failed, Failover};
use super::locks::Locks;
use super::log::{Log, NO_KEY};
use super::routing::Authors;
use super::{RelationalParams, Replication};
use crate::design::Action;
use crate::kinds::Verb;
use crate::messages::{PartNow, What};
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Call, Core, NodeIdx, Op, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use headroom_engine::{Hist, NIL, Sampler, SimTime, Stream, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// A machine: the primary or a replica.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub station: Station,
    /// Log position up to which it has received commits.
    pub received: u64,
    /// Log position up to which it has applied them.
    pub applied: u64,
    /// Log position up to which the primary knows that it has them.
    pub confirmed: u64,
    /// What it has told the primary and the primary has not heard yet: when it will, and the position.
    pub confirming: VecDeque<(SimTime, u64)>,
    /// Version of the last commit applied: what its readers see.
    pub version: u32,
    /// The apply job under way.
    pub job: u32,
    /// It serves only once it has applied up to here.
    pub catch_up: Option<u64>,
    /// It is new and has not the data yet.
    pub empty: bool,
    /// When the next commit reaches it, if it is on the link.
    pub due: Option<SimTime>,
    /// Sequence number of the timer for the next shipment.
    pub shipment: u64,
    /// Sequence number of the timer for its replacement.
    pub replacement: u64,
    pub lag: Hist,
    pub window_lag_max_s: f64,
}

impl Machine {
    fn new(params: &RelationalParams, now: SimTime) -> Self {
        Self {
            station: Station::new(params.workers, params.queue_limit, now),
            received: 0,
            applied: 0,
            confirmed: 0,
            confirming: VecDeque::new(),
            version: 0,
            job: NIL,
            catch_up: None,
            empty: false,
            due: None,
            shipment: 0,
            replacement: 0,
            lag: Hist::new(),
            window_lag_max_s: 0.0,
        }
    }
}

/// What timers of the node are for.
pub(super) mod timer {
    pub const SHIPMENT: u8 = 0;
    pub const NOTICE: u8 = 1;
    pub const PROMOTE: u8 = 2;
    pub const ACK: u8 = 3;
    pub const ACK_TIMEOUT: u8 = 4;
    pub const REPLACE: u8 = 5;
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub replica_reads: u64,
    pub reads: u64,
    pub stale: u64,
    pub commits: u64,
}

/// A copy of the data on its way to a new machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copying {
    pub target: usize,
    /// Pieces still to come, this one included.
    pub left: u32,
    /// The piece that the primary works on.
    pub job: u32,
}

/// A relational database with one primary while it runs.
#[derive(Clone, Debug)]
pub struct Single {
    pub(super) params: RelationalParams,
    pub(super) machines: Vec<Machine>,
    pub(super) work: Work,
    pub(super) log: Log,
    pub(super) primary: Option<usize>,
    pub(super) acks: Acks,
    pub(super) locks: Locks,
    pub(super) authors: Authors,
    pub(super) failover: Option<Failover>,
    /// Sequence number of the failover's timer.
    pub(super) failover_timer: u64,
    /// Who was primary when the failover began.
    pub(super) fallen: Option<usize>,
    pub(super) crashed_at: SimTime,
    pub(super) moved_at: Option<SimTime>,
    pub(super) copying: Option<Copying>,
    pub(super) turn: usize,
    pub(super) delay_ns: u64,
    /// What a commit takes longer on the link than the delay.
    jitter: Option<(Sampler, Stream)>,
    pub(super) endpoint_ttl_ns: u64,
    pub(super) salt: u64,
    pub(super) window: Counts,
    pub(super) total: Counts,
    pub(super) failed: Failed,
}

impl Single {
    /// The node at time 0: machine 0 is the primary, all hold the same data.
    pub fn new(params: &RelationalParams, node: &str, core: &Core) -> Self {
        let constant = params.replication_jitter.mean() == 0.0;
        let mut work = Work::new(core.seed, node, &params.read, &params.write, &params.apply);
        work.set_query(&params.query);
        work.set_copy_ns(super::failover::piece_ns(params, core.items));
        Self {
            machines: (0..=params.replicas).map(|_| Machine::new(params, core.now)).collect(),
            work,
            log: Log::default(),
            primary: Some(0),
            acks: Acks::default(),
            locks: Locks::new(params.row_locks, core.items),
            authors: Authors::new(params),
            failover: None,
            failover_timer: 0,
            fallen: None,
            crashed_at: SimTime::ZERO,
            moved_at: None,
            copying: None,
            turn: 0,
            delay_ns: ns_from_ms(params.replication_delay_ms),
            jitter: (!constant)
                .then(|| (Sampler::new(&params.replication_jitter), Stream::new(core.seed, node, "link"))),
            endpoint_ttl_ns: ns_from_secs(params.endpoint_ttl_s),
            salt: Stream::new(core.seed, node, "failover").next_u64(),
            window: Counts::default(),
            total: Counts::default(),
            failed: Failed::default(),
            params: params.clone(),
        }
    }

    /// A read or write begins at a machine: what it will see is settled now.
    fn begin_service(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        let call = &mut core.calls[id];
        if matches!(call.op, Op::Apply | Op::Copy | Op::Write) {
            return;
        }
        call.store = me;
        if self.primary == Some(machine) {
            call.version = core.truth[me as usize][call.key as usize];
        } else {
            call.version = self.machines[machine].version;
            if core.truth[me as usize][call.key as usize] > call.version {
                call.flags |= flag::STALE;
            }
        }
    }

    fn enter(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        match self.machines[machine].station.enter(core, &mut self.work, id) {
            Admission::Started => self.begin_service(core, me, machine, id),
            Admission::Queued => {}
            Admission::Full => {
                let call = core.calls[id];
                core.fail(id, Reason::QueueFull);
                if call.op == Op::Write {
                    self.unlock(core, me, call.key);
                }
            }
        }
    }

    /// A write of an item is over: the next one that waits for it goes on.
    pub(super) fn unlock(&mut self, core: &mut Core, me: NodeIdx, key: u32) {
        if let Some(next) = self.locks.release(core, key) {
            let machine = core.calls[next].part as usize;
            self.enter(core, me, machine, next);
        }
    }

    pub(super) fn leave(&mut self, core: &mut Core, me: NodeIdx, machine: usize) {
        if let Some(next) = self.machines[machine].station.leave(core, &mut self.work) {
            self.begin_service(core, me, machine, next);
        }
    }

    /// The primary has done the work of a write: it is logged, shipped, and answered when it may be.
    fn commit(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        let version = self.log.append(core.now, core.calls[id].key);
        self.window.commits += 1;
        self.total.commits += 1;
        if self.acks_needed() == 0 {
            self.record_appended(core, me, version);
            self.leave(core, me, machine);
            return self.written(core, me, id, version);
        }
        self.await_acks(core, me, self.log.last(), id);
        self.record_appended(core, me, version);
        self.leave(core, me, machine);
        if self.acks.given_up {
            self.acknowledge(core, me);
        }
    }

    /// The primary has a new record at the end of its log: ship it.
    pub(super) fn record_appended(&mut self, core: &mut Core, me: NodeIdx, version: u32) {
        let last = self.log.last();
        if let Some(p) = self.primary {
            let m = &mut self.machines[p];
            (m.received, m.applied, m.version) = (last, last, version);
        }
        if self.acks_needed() == 0 {
            self.settle(core, me, last);
        }
        for i in 0..self.machines.len() {
            if Some(i) != self.primary && self.machines[i].station.up {
                self.ship(core, me, i);
            }
        }
        if self.copying.is_some_and(|c| c.job == NIL) {
            self.copy_piece(core, me);
        }
        self.trim();
    }

    fn trim(&mut self) {
        let applied = self.machines.iter().map(|m| m.applied).min().unwrap_or(0);
        self.log.trim(applied.min(self.acks.acked));
    }

    /// One-way delay between the primary and another machine: the link's own, and what their places say [ns].
    pub(super) fn link_ns(&self, core: &Core, me: NodeIdx, i: usize) -> u64 {
        let distance = self.primary.map_or(0, |p| core.ground.between_parts_ns(me, p, i));
        self.delay_ns.saturating_add(distance)
    }

    /// Brings a replica what is due by now, and sets the timer for what is still on the link.
    pub(super) fn ship(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let (last, dropped) = (self.log.last(), self.log.dropped());
        let link_ns = self.link_ns(core, me, i);
        // While the network between them is cut, the log waits at the primary.
        let cut = self.primary.is_some_and(|p| core.ground.parts_are_cut(me, p, i));
        let m = &mut self.machines[i];
        if m.empty || cut {
            return;
        }
        if m.received < dropped {
            // More was missed than is kept: it starts from a copy of the data.
            m.received = dropped;
            if m.applied < dropped {
                m.applied = dropped;
                m.version = self.log.get(dropped + 1).map_or(m.version, |c| c.version - 1);
            }
        }
        let before = m.received;
        while m.received < last {
            let due = m.due.unwrap_or_else(|| {
                let at = self.log.get(m.received + 1).expect("kept").at;
                let more = self.jitter.as_mut().map_or(0, |(law, stream)| law.sample_ns(stream));
                at.saturating_add(link_ns).saturating_add(more)
            });
            if due > core.now {
                m.due = Some(due);
                if m.shipment == 0 {
                    m.shipment = core.timer(due.since(core.now), me, timer::SHIPMENT, i as u32);
                }
                break;
            }
            m.due = None;
            m.received += 1;
        }
        let received = m.received;
        if received > before && self.params.replication == Replication::SemiSync {
            self.confirm(core, me, i, received);
        }
        self.apply_next(core, me, i);
    }

    /// Starts the next apply job of a replica, one at a time, among its reads.
    pub(super) fn apply_next(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        if m.job != NIL || !m.station.up || m.empty {
            return;
        }
        if m.applied >= m.received {
            return self.backlog_empty(core, me, i);
        }
        // Past the simulator's limit nothing can be applied now; the next commit tries again.
        if let Some(id) = core.calls.alloc(own_job(core, me, i, Op::Apply)) {
            m.job = id;
            m.station.enter(core, &mut self.work, id);
        }
    }

    fn applied(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        core.calls.free(m.job);
        m.job = NIL;
        m.applied += 1;
        let applied = m.applied;
        if let Some(commit) = self.log.get(applied) {
            m.version = commit.version;
            let lag = core.now.since(commit.at);
            if commit.key != NO_KEY {
                m.lag.record(lag);
                m.window_lag_max_s = m.window_lag_max_s.max(lag as f64 / 1e9);
            }
        }
        self.leave(core, me, i);
        if self.params.replication == Replication::Sync {
            self.confirm(core, me, i, applied);
        }
        self.apply_next(core, me, i);
        self.trim();
    }

    /// A replica has applied all that it has received.
    fn backlog_empty(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        if m.catch_up.is_some_and(|goal| m.applied >= goal) && self.primary.is_some() {
            m.catch_up = None;
            core.happen(me, Some(i as u32), What::CaughtUp);
        }
        self.try_promote(core, me);
    }

    /// Age of the oldest commit that a replica has not applied [s].
    pub(super) fn lag_s(&self, i: usize, now: SimTime) -> f64 {
        if self.primary == Some(i) {
            return 0.0;
        }
        self.log.get(self.machines[i].applied + 1).map_or(0.0, |c| now.since(c.at) as f64 / 1e9)
    }
}

/// Work of a machine for itself.
pub(crate) fn own_job(core: &Core, me: NodeIdx, part: usize, op: Op) -> Call {
    Call {
        node: me,
        part: part as u16,
        op,
        parent: NIL,
        arrived: core.now,
        flags: flag::DETACHED,
        ..Call::default()
    }
}

impl Behaviour for Single {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        let machines = self.machines.len();
        core.rent(me, Rented::Data, machines, self.params.workers);
        core.keep_on_disk(me, u64::from(core.items) * machines as u64);
    }

    fn ground_changed(&mut self, core: &mut Core, me: NodeIdx) {
        for i in 0..self.machines.len() {
            if Some(i) != self.primary && self.primary.is_some() && self.machines[i].station.up {
                self.ship(core, me, i);
            }
        }
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        match self.route(core, &call) {
            Ok(machine) => {
                core.calls[id].part = machine as u16;
                if call.op != Op::Write || self.locks.take(core, id) {
                    self.enter(core, me, machine, id);
                }
            }
            Err(reason) => core.fail(id, reason),
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let machine = call.part as usize;
        match call.op {
            Op::Apply => return self.applied(core, me, machine),
            Op::Copy => return self.piece_copied(core, me, machine, id),
            Op::Write => return self.commit(core, me, machine, id),
            _ => {}
        }
        let replica = u64::from(self.primary != Some(machine));
        let stale = u64::from(call.flags & flag::STALE != 0);
        for c in [&mut self.window, &mut self.total] {
            c.reads += 1;
            c.replica_reads += replica;
            c.stale += stale;
        }
        self.leave(core, me, machine);
        core.reply(id, Outcome::OK);
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        // A write may hold a lock, or be on its way to replicas already: it goes on.
        let call = core.calls[id];
        let machine = self.machines.get_mut(call.part as usize);
        if call.op != Op::Write && machine.is_some_and(|m| m.station.withdraw(core, id)) {
            core.fail(id, Reason::Cancelled);
        }
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        let i = arg as usize;
        match tag {
            timer::SHIPMENT if self.machines[i].shipment == seq && self.primary.is_some() => {
                self.machines[i].shipment = 0;
                self.ship(core, me, i);
            }
            timer::ACK => self.confirmed(core, me, i),
            timer::ACK_TIMEOUT => self.ack_timeout(core, me, seq),
            timer::REPLACE if self.machines[i].replacement == seq => self.replace(core, me, i),
            timer::NOTICE if self.failover_timer == seq => self.noticed(core, me),
            timer::PROMOTE if self.failover_timer == seq => self.promotion_ready(core, me),
            _ => {}
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        for i in machines::chosen(action.part, self.machines.len()) {
            match action.verb {
                Verb::Kill => self.kill(core, me, i),
                Verb::Revive => self.revive(core, me, i),
                Verb::Replace => self.replace(core, me, i),
                Verb::Slow => {
                    let factor = action.arg("factor");
                    self.machines[i].station.factor = factor;
                    core.happen(me, Some(i as u32), What::Slowed(factor));
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        self.push_values(core.now, window_s, out);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (i, m) in self.machines.iter().enumerate() {
            let lag =
                if self.primary == Some(i) { 0.0 } else { self.lag_s(i, core.now).max(m.window_lag_max_s) };
            machines::push_values(core, &m.station, lag, window_s, out);
        }
        self.machines.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.machines.iter().map(|m| &m.station))
    }

    fn end_window(&mut self, core: &mut Core) {
        for m in &mut self.machines {
            m.station.end_window(core.now);
            m.window_lag_max_s = 0.0;
        }
        self.window = Counts::default();
    }

    fn parts(&self, core: &Core) -> Vec<PartNow> {
        self.parts_now(core.now)
    }

    fn queued(&self) -> u64 {
        self.machines.iter().map(|m| u64::from(m.station.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        let copying = self.copying.is_some() || self.failover.is_some() || self.primary.is_none();
        let away = |m: &Machine| m.empty || m.catch_up.is_some() || m.replacement != 0;
        memory.is_busy |= copying || self.machines.iter().any(away);
        memory.lasts(self.authors.window_ns());
        for m in self.machines.iter().filter(|m| m.station.up) {
            memory.stock(self.log.last().saturating_sub(m.applied), self.log.last());
        }
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.replica_reads, &mut c.reads, &mut c.stale, &mut c.commits]);
        t.count(&mut self.acks.unprotected);
        self.locks.tallies(t);
        for m in &mut self.machines {
            m.station.tallies(t);
            t.durations(&mut m.lag);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for m in &mut self.machines {
            m.station.restart(core.now);
            m.lag.clear();
        }
        self.total = Counts::default();
        self.failed = Failed::default();
        self.locks.restart();
        self.acks.unprotected = 0;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.machines.iter().map(|m| &m.station))
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        self.summary_now(core.now)
    }
}
