//! Machines whose cores several nodes share: all jobs in service on one, whatever their node, run at once, each at the same
//! speed. The stations keep their workers and queues; only how fast a job in service gets on is settled here.

use super::core::{Core, Event, NodeIdx};
use super::ground::PlaceIdx;
use super::sharing::Sharing;
use super::tally::Tallies;
use headroom_engine::{Level, NIL, SimTime};

/// A machine while it runs.
#[derive(Clone, Debug)]
pub struct Host {
    /// The place that it is.
    pub place: PlaceIdx,
    cores: u32,
    sharing: Sharing,
    /// The job whose event is set.
    armed: u32,
    busy: Level,
    jobs: Level,
    since: SimTime,
    /// Busy core time at the start of the present window [ns].
    busy_before: u128,
}

/// Where on which machine a station stands.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    host: u16,
    node: NodeIdx,
    part: u16,
}

impl Host {
    /// An idle machine.
    pub fn new(place: PlaceIdx, cores: u32) -> Self {
        Self {
            place,
            cores,
            sharing: Sharing::new(cores),
            armed: NIL,
            busy: Level::new(),
            jobs: Level::new(),
            since: SimTime::ZERO,
            busy_before: 0,
        }
    }

    /// Cores.
    pub fn cores(&self) -> u32 {
        self.cores
    }

    /// Jobs in service on it now.
    pub fn jobs(&self) -> u64 {
        self.jobs.level()
    }

    /// Busy core time since measuring began, and integral of the number of jobs [ns].
    pub fn effort_ns(&self, now: SimTime) -> (u128, u128) {
        (self.busy.integral_ns(now), self.jobs.integral_ns(now))
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        t.level(&mut self.busy);
        t.level(&mut self.jobs);
    }

    /// Measures from now on: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        self.busy.restart(now);
        self.jobs.restart(now);
        self.since = now;
        self.busy_before = 0;
    }

    /// Busy share of the cores over the window that ends now and began at `start`; another begins.
    pub fn end_window(&mut self, start: SimTime, now: SimTime) -> f32 {
        // Measuring may have begun in the midst of it.
        let span_ns = now.since(start).min(now.since(self.since)).max(1);
        let busy = self.busy.integral_ns(now);
        let share = (busy - self.busy_before) as f64 / (f64::from(self.cores) * span_ns as f64);
        self.busy_before = busy;
        share as f32
    }
}

impl Core {
    /// The machine that a part of a node runs on, if it shares one.
    #[inline]
    pub fn seat(&self, node: NodeIdx, part: u16) -> Option<Seat> {
        if self.hosts.is_empty() {
            return None;
        }
        let place = self.ground.machine(node, part)?;
        let host = self.hosts.iter().position(|h| h.place == place)? as u16;
        Some(Seat { host, node, part })
    }

    /// A call's service begins on a machine: it takes `demand_ns` of a core.
    pub(super) fn host_add(&mut self, seat: Seat, id: u32, demand_ns: u64) {
        self.calls[id].due = 0;
        self.hosts[seat.host as usize].sharing.add(self.now, id, demand_ns);
        self.host_share_out(seat.host);
    }

    /// A call is done: if it ran on a machine, the others there get on faster.
    #[inline]
    pub(super) fn host_served(&mut self, id: u32) {
        if self.hosts.is_empty() {
            return;
        }
        let (node, part) = (self.calls[id].node, self.calls[id].part);
        if let Some(seat) = self.seat(node, part) {
            let host = &mut self.hosts[seat.host as usize];
            // Not all that a node waits for is work of a core: a queue waits for its disk.
            if host.armed != id {
                return;
            }
            host.sharing.take_first(self.now);
            host.armed = NIL;
            self.host_share_out(seat.host);
        }
    }

    /// A station forgets its calls.
    pub(super) fn host_forget(&mut self, seat: Seat) {
        let host = &mut self.hosts[seat.host as usize];
        let calls = &mut self.calls;
        if host.armed != NIL {
            calls[host.armed].due = 0;
            host.armed = NIL;
        }
        host.sharing.retain(self.now, |id| calls[id].node != seat.node || calls[id].part != seat.part);
        self.host_share_out(seat.host);
    }

    /// Speeds have changed: sets the event of the job that is done first.
    fn host_share_out(&mut self, host: u16) {
        let host = &mut self.hosts[host as usize];
        let jobs = host.sharing.len();
        host.jobs.set(self.now, jobs);
        host.busy.set(self.now, jobs.min(u64::from(host.cores)));
        let former = std::mem::replace(&mut host.armed, NIL);
        if let Some((id, after_ns)) = host.sharing.first() {
            host.armed = id;
            if former != NIL && former != id {
                self.calls[former].due = 0;
            }
            self.calls[id].due = self.queue.push(self.now.saturating_add(after_ns), Event::Served(id));
        }
    }
}
