//! The database while it runs: machines, shipping, applying, failover.

use super::log::{Log, NO_KEY};
use super::{ReadFrom, RelationalParams};
use crate::design::Action;
use crate::kinds::Verb;
use crate::messages::{PartNow, PartState, What};
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Call, Core, NodeIdx, Op, flag};
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::wiring::Wiring;
use headroom_engine::{Hist, NIL, SimTime, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};

/// A machine: the primary or a replica.
#[derive(Clone, Debug)]
struct Machine {
    station: Station,
    /// Log position up to which it has received commits.
    received: u64,
    /// Log position up to which it has applied them.
    applied: u64,
    /// Version of the last commit applied: what its readers see.
    version: u32,
    /// The apply job under way.
    job: u32,
    /// It serves only once it has applied up to here.
    catch_up: Option<u64>,
    /// Sequence number of the timer for the next shipment.
    shipment: u64,
    lag: Hist,
    window_lag_max_s: f64,
}

/// How far a failover is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Failover {
    /// The primary is dead and nobody has noticed.
    Unnoticed,
    /// Noticed, but there is no machine to promote.
    NoCandidate,
    /// This machine is being promoted; whether the promotion time is over.
    Promoting { machine: usize, ready: bool },
}

const SHIPMENT: u8 = 0;
const NOTICE: u8 = 1;
const PROMOTE: u8 = 2;

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    replica_reads: u64,
    reads: u64,
    stale: u64,
    commits: u64,
}

/// A relational database while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: RelationalParams,
    machines: Vec<Machine>,
    work: Work,
    log: Log,
    primary: Option<usize>,
    failover: Option<Failover>,
    /// Sequence number of the failover's timer.
    failover_timer: u64,
    /// Who was primary when the failover began, and how far its log went.
    fallen: Option<(usize, u64)>,
    crashed_at: SimTime,
    turn: usize,
    delay_ns: u64,
    window: Counts,
    total: Counts,
    lost_writes: u64,
    failovers: u32,
    outage_ns: u64,
}

impl State {
    /// The node at time 0: machine 0 is the primary, all hold the same data.
    pub fn new(params: &RelationalParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let machine = || Machine {
            station: Station::new(params.workers, params.queue_limit, core.now),
            received: 0,
            applied: 0,
            version: 0,
            job: NIL,
            catch_up: None,
            shipment: 0,
            lag: Hist::new(),
            window_lag_max_s: 0.0,
        };
        Self {
            machines: (0..=params.replicas).map(|_| machine()).collect(),
            work: Work::new(core.seed, node, &params.read, &params.write, &params.apply),
            log: Log::default(),
            primary: Some(0),
            failover: None,
            failover_timer: 0,
            fallen: None,
            crashed_at: SimTime::ZERO,
            turn: 0,
            delay_ns: ns_from_ms(params.replication_delay_ms),
            window: Counts::default(),
            total: Counts::default(),
            lost_writes: 0,
            failovers: 0,
            outage_ns: 0,
            params: params.clone(),
        }
    }

    fn serves_reads(&self, i: usize) -> bool {
        self.machines[i].station.up && self.machines[i].catch_up.is_none()
    }

    /// The machine for the next read.
    fn reader(&mut self) -> Option<usize> {
        let n = self.machines.len();
        let fits = |s: &Self, i: usize| {
            s.serves_reads(i)
                && match s.params.read_from {
                    ReadFrom::All => true,
                    ReadFrom::Replicas => s.primary != Some(i),
                    ReadFrom::Primary => s.primary == Some(i),
                }
        };
        for _ in 0..n {
            self.turn = if self.turn + 1 >= n { 0 } else { self.turn + 1 };
            if fits(self, self.turn) {
                return Some(self.turn);
            }
        }
        // No replica is left: the primary serves reads as well. No primary either: whoever lives, though out of date.
        self.primary.or_else(|| {
            (self.params.read_from != ReadFrom::Primary)
                .then(|| (0..n).find(|i| self.serves_reads(*i)))
                .flatten()
        })
    }

    /// A read or write begins at a machine: what it will see is settled now.
    fn begin_service(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        let call = &mut core.calls[id];
        if call.op == Op::Apply || call.op == Op::Write {
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
        core.calls[id].part = machine as u16;
        match self.machines[machine].station.enter(core, &mut self.work, id) {
            Admission::Started => self.begin_service(core, me, machine, id),
            Admission::Queued => {}
            Admission::Full => core.fail(id, Reason::QueueFull),
        }
    }

    fn leave(&mut self, core: &mut Core, me: NodeIdx, machine: usize) {
        if let Some(next) = self.machines[machine].station.leave(core, &mut self.work) {
            self.begin_service(core, me, machine, next);
        }
    }

    fn commit(&mut self, core: &mut Core, me: NodeIdx, key: u32) -> u32 {
        let version = self.log.append(core.now, key);
        core.truth[me as usize][key as usize] = version;
        self.record_appended(core, me, version);
        self.window.commits += 1;
        self.total.commits += 1;
        version
    }

    /// The primary has a new record at the end of its log: ship it.
    fn record_appended(&mut self, core: &mut Core, me: NodeIdx, version: u32) {
        let last = self.log.last();
        if let Some(p) = self.primary {
            let m = &mut self.machines[p];
            (m.received, m.applied, m.version) = (last, last, version);
        }
        for i in 0..self.machines.len() {
            if Some(i) != self.primary && self.machines[i].station.up {
                self.ship(core, me, i);
            }
        }
        self.trim();
    }

    fn trim(&mut self) {
        let applied = self.machines.iter().map(|m| m.applied).min().unwrap_or(0);
        self.log.trim(applied);
    }

    /// Brings a replica what is due by now, and sets the timer for what is still on the link.
    fn ship(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let (last, dropped) = (self.log.last(), self.log.dropped());
        let m = &mut self.machines[i];
        if m.received < dropped {
            // More was missed than is kept: it starts from a copy of the data.
            m.received = dropped;
            if m.applied < dropped {
                m.applied = dropped;
                m.version = self.log.get(dropped + 1).map_or(m.version, |c| c.version - 1);
            }
        }
        while m.received < last {
            let due = self.log.get(m.received + 1).expect("kept").at.saturating_add(self.delay_ns);
            if due > core.now {
                if m.shipment == 0 {
                    m.shipment = core.timer(due.since(core.now), me, SHIPMENT, i as u32);
                }
                break;
            }
            m.received += 1;
        }
        self.apply_next(core, me, i);
    }

    /// Starts the next apply job of a replica, one at a time, among its reads.
    fn apply_next(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        if m.job != NIL || !m.station.up {
            return;
        }
        if m.applied >= m.received {
            return self.backlog_empty(core, me, i);
        }
        let job = Call {
            node: me,
            part: i as u16,
            op: Op::Apply,
            parent: NIL,
            arrived: core.now,
            flags: flag::DETACHED,
            ..Call::default()
        };
        // Past the simulator's limit nothing can be applied now; the next commit tries again.
        if let Some(id) = core.calls.alloc(job) {
            m.job = id;
            m.station.enter(core, &mut self.work, id);
        }
    }

    fn applied(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        core.calls.free(m.job);
        m.job = NIL;
        m.applied += 1;
        if let Some(commit) = self.log.get(m.applied) {
            m.version = commit.version;
            let lag = core.now.since(commit.at);
            if commit.key != NO_KEY {
                m.lag.record(lag);
                m.window_lag_max_s = m.window_lag_max_s.max(lag as f64 / 1e9);
            }
        }
        self.leave(core, me, i);
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
    fn lag_s(&self, i: usize, now: SimTime) -> f64 {
        if self.primary == Some(i) {
            return 0.0;
        }
        self.log.get(self.machines[i].applied + 1).map_or(0.0, |c| now.since(c.at) as f64 / 1e9)
    }

    fn primary_died(&mut self, core: &mut Core, me: NodeIdx) {
        self.fallen = self.primary.take().map(|p| (p, self.log.last()));
        self.crashed_at = core.now;
        self.failover = Some(Failover::Unnoticed);
        self.failover_timer = core.timer(ns_from_secs(self.params.detect_s), me, NOTICE, 0);
        // What was on the link is gone with the sender.
        for m in &mut self.machines {
            m.shipment = 0;
        }
    }

    /// The death is known: choose the machine that has received most.
    fn choose_candidate(&mut self, core: &mut Core, me: NodeIdx) {
        let best = (0..self.machines.len())
            .filter(|i| self.machines[*i].station.up)
            .max_by_key(|i| (self.machines[*i].received, usize::MAX - i));
        match best {
            Some(machine) => {
                self.failover = Some(Failover::Promoting { machine, ready: false });
                self.failover_timer = core.timer(ns_from_secs(self.params.promote_s), me, PROMOTE, 0);
            }
            None => self.failover = Some(Failover::NoCandidate),
        }
    }

    fn try_promote(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(Failover::Promoting { machine, ready: true }) = self.failover else { return };
        if self.machines[machine].applied < self.machines[machine].received {
            return;
        }
        let kept = self.machines[machine].received;
        let lost = self.log.cut(kept);
        let lost_writes = lost.iter().filter(|c| c.key != NO_KEY).count() as u64;
        self.lost_writes += lost_writes;
        self.failovers += 1;
        self.outage_ns += core.now.since(self.crashed_at);
        self.failover = None;
        self.fallen = None;
        self.primary = Some(machine);
        self.machines[machine].catch_up = None;
        for m in &mut self.machines {
            m.received = m.received.min(kept);
            m.applied = m.applied.min(kept);
        }
        // The new primary opens its timeline with a record. Whoever holds a lost write elsewhere, such as a cache, holds
        // something older than that record.
        let version = self.log.append(core.now, NO_KEY);
        for commit in lost.iter().filter(|c| c.key != NO_KEY) {
            core.truth[me as usize][commit.key as usize] = version;
        }
        core.happen(me, Some(machine as u32), What::Promoted { lost_writes });
        self.record_appended(core, me, version);
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !self.machines[i].station.up {
            return;
        }
        let job = std::mem::replace(&mut self.machines[i].job, NIL);
        if job != NIL {
            core.calls.free(job);
        }
        machines::stop(core, me, i, &mut self.machines[i].station);
        self.machines[i].shipment = 0;
        core.happen(me, Some(i as u32), What::Killed);
        if self.primary == Some(i) {
            self.primary_died(core, me);
        } else if matches!(self.failover, Some(Failover::Promoting { machine, .. }) if machine == i) {
            self.choose_candidate(core, me);
        }
    }

    fn revive(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !machines::start(core, me, i, &mut self.machines[i].station) {
            return;
        }
        core.happen(me, Some(i as u32), What::Revived);
        match (self.failover, self.fallen) {
            // Back before anyone noticed: it goes on as the primary and nothing is lost.
            (Some(Failover::Unnoticed), Some((fallen, _))) if fallen == i => {
                self.primary = Some(i);
                self.failover = None;
                self.fallen = None;
                self.failover_timer = 0;
                self.outage_ns += core.now.since(self.crashed_at);
                for j in 0..self.machines.len() {
                    if j != i && self.machines[j].station.up {
                        self.ship(core, me, j);
                    }
                }
                return;
            }
            (Some(Failover::NoCandidate), _) => self.choose_candidate(core, me),
            _ => {}
        }
        if self.primary != Some(i) {
            self.machines[i].catch_up = Some(self.log.last());
            if self.primary.is_some() {
                self.ship(core, me, i);
            } else {
                self.apply_next(core, me, i);
            }
        }
    }
}

impl Behaviour for State {
    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let target = match core.calls[id].op {
            Op::Write => self.primary,
            _ => self.reader(),
        };
        match target {
            Some(machine) => self.enter(core, me, machine, id),
            // Until the death is noticed clients still go to the dead machine and are refused.
            None if self.failover == Some(Failover::Unnoticed) => core.fail(id, Reason::Refused),
            None => core.fail(id, Reason::NoPrimary),
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let machine = call.part as usize;
        match call.op {
            Op::Apply => return self.applied(core, me, machine),
            Op::Write => {
                let version = self.commit(core, me, call.key);
                let c = &mut core.calls[id];
                (c.version, c.store) = (version, me);
            }
            _ => {
                let replica = u64::from(self.primary != Some(machine));
                let stale = u64::from(call.flags & flag::STALE != 0);
                for c in [&mut self.window, &mut self.total] {
                    c.reads += 1;
                    c.replica_reads += replica;
                    c.stale += stale;
                }
            }
        }
        self.leave(core, me, machine);
        core.reply(id, Outcome::OK);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        match tag {
            SHIPMENT => {
                let i = arg as usize;
                if self.machines[i].shipment == seq && self.primary.is_some() {
                    self.machines[i].shipment = 0;
                    self.ship(core, me, i);
                }
            }
            NOTICE if self.failover_timer == seq => {
                core.happen(me, self.fallen.map(|f| f.0 as u32), What::DeathNoticed);
                self.choose_candidate(core, me);
            }
            PROMOTE if self.failover_timer == seq => {
                if let Some(Failover::Promoting { machine, .. }) = self.failover {
                    self.failover = Some(Failover::Promoting { machine, ready: true });
                    self.try_promote(core, me);
                }
            }
            _ => {}
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        for i in machines::chosen(action.part, self.machines.len()) {
            match action.verb {
                Verb::Kill => self.kill(core, me, i),
                Verb::Revive => self.revive(core, me, i),
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
        let lag = (0..self.machines.len())
            .filter(|i| self.machines[*i].station.up && self.primary != Some(*i))
            .map(|i| self.lag_s(i, core.now).max(self.machines[i].window_lag_max_s))
            .fold(0.0, f64::max);
        let w = self.window;
        out.push(lag as f32);
        out.push(if w.reads == 0 { f32::NAN } else { (w.stale as f64 / w.reads as f64) as f32 });
        out.push(self.lost_writes as f32);
        out.push((w.commits as f64 / window_s) as f32);
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
        let promoting = match self.failover {
            Some(Failover::Promoting { machine, .. }) => Some(machine),
            _ => None,
        };
        let state = |i: usize, m: &Machine| match machines::plain_state(&m.station) {
            PartState::Up if self.primary == Some(i) => PartState::Primary,
            PartState::Up if m.catch_up.is_some() || promoting == Some(i) => PartState::Recovering,
            plain => plain,
        };
        self.machines
            .iter()
            .enumerate()
            .map(|(i, m)| machines::part_now(&m.station, state(i, m), self.lag_s(i, core.now)))
            .collect()
    }

    fn queued(&self) -> u64 {
        self.machines.iter().map(|m| u64::from(m.station.queue())).sum()
    }

    fn restart(&mut self, core: &mut Core) {
        for m in &mut self.machines {
            m.station.restart(core.now);
            m.lag.clear();
        }
        self.total = Counts::default();
        self.lost_writes = 0;
        self.failovers = 0;
        self.outage_ns = 0;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.machines.iter().map(|m| &m.station))
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let mut all = Hist::new();
        let replicas: Vec<Value> = self
            .machines
            .iter()
            .enumerate()
            .filter(|(i, m)| self.primary != Some(*i) || !m.lag.is_empty())
            .map(|(i, m)| {
                all.merge(&m.lag);
                let mut row = crate::summary::durations("lag", &m.lag);
                row.insert("machine".to_owned(), json!(i));
                row.insert("behind".to_owned(), json!(self.log.last() - m.applied.min(self.log.last())));
                row.insert("lag_now_s".to_owned(), json!(self.lag_s(i, core.now)));
                Value::Object(row)
            })
            .collect();
        let mut map = crate::summary::durations("lag", &all);
        map.insert("replicas".to_owned(), Value::Array(replicas));
        map.insert("commits".to_owned(), json!(t.commits));
        map.insert("reads".to_owned(), json!(t.reads));
        map.insert("replica_reads".to_owned(), json!(t.replica_reads));
        map.insert("stale_read_share".to_owned(), share(t.stale, t.reads));
        map.insert("stale_replica_read_share".to_owned(), share(t.stale, t.replica_reads));
        map.insert("lost_writes".to_owned(), json!(self.lost_writes));
        map.insert("failovers".to_owned(), json!(self.failovers));
        let open = if self.primary.is_none() { core.now.since(self.crashed_at) } else { 0 };
        map.insert("no_primary_s".to_owned(), json!((self.outage_ns + open) as f64 / 1e9));
        map
    }
}
