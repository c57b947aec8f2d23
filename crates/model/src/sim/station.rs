//! A station: workers that serve a bounded queue, first in first out or all at once. Every part of a node that works is one.

use super::core::{Core, Event, Op, more};
use super::host::Seat;
use super::sharing::Sharing;
use super::tally::Tallies;
use headroom_engine::{DeadlineList, Law, Level, NIL, Sampler, SimTime, Stream};

/// How long operations take.
#[derive(Clone, Debug)]
pub struct Work {
    samplers: [Sampler; 3],
    query: Option<Sampler>,
    copy_ns: u64,
    /// What a new connection takes on top: without encryption, and with it [ns].
    connect_ns: [u64; 2],
    /// A law of its own for static assets.
    asset: Option<Sampler>,
    /// What a job takes on top.
    job: Option<Sampler>,
    stream: Stream,
}

impl Work {
    /// Laws for reading, writing and applying; streams hang on the seed and the node's id.
    pub fn new(seed: u64, node: &str, read: &Law, write: &Law, apply: &Law) -> Self {
        Self {
            samplers: [Sampler::new(read), Sampler::new(write), Sampler::new(apply)],
            query: None,
            copy_ns: 0,
            connect_ns: [0; 2],
            asset: None,
            job: None,
            stream: Stream::new(seed, node, "service"),
        }
    }

    /// One law for everything.
    pub fn of_one(seed: u64, node: &str, law: &Law) -> Self {
        Self::new(seed, node, law, law, law)
    }

    /// A law of its own for queries, which otherwise cost what reads do.
    pub fn set_query(&mut self, law: &Law) {
        self.query = Some(Sampler::new(law));
    }

    /// Time that a piece of a copy takes.
    pub fn set_copy_ns(&mut self, ns: u64) {
        self.copy_ns = ns;
    }

    /// Time that a new connection takes on top of its first request, without encryption and with it.
    pub fn set_connect_ns(&mut self, tcp_ns: u64, tls_ns: u64) {
        self.connect_ns = [tcp_ns, tls_ns];
    }

    /// What a call takes for the connection that is set up for it, if one is [ns].
    #[inline]
    fn connecting_ns(&self, core: &Core, id: u32) -> u64 {
        if self.connect_ns == [0; 2] || core.calls[id].more & more::NEW_CONNECTION == 0 {
            return 0;
        }
        let connections = &core.wires[core.calls[id].wire as usize].connections;
        self.connect_ns[usize::from(connections.as_ref().is_some_and(|c| c.is_tls()))]
    }

    /// A law of its own for static assets, which otherwise cost what reads do.
    pub fn set_asset(&mut self, law: &Law) {
        self.asset = Some(Sampler::new(law));
    }

    /// What a job takes on top of what a write does.
    pub fn set_job(&mut self, law: &Law) {
        self.job = Some(Sampler::new(law));
    }

    #[inline]
    fn draw(&mut self, op: Op, factor: f64) -> u64 {
        let more = match &self.job {
            Some(job) if op == Op::Job => job.sample_ns_scaled(&mut self.stream, factor),
            _ => 0,
        };
        more + self.draw_plain(op, factor)
    }

    #[inline]
    fn draw_plain(&mut self, op: Op, factor: f64) -> u64 {
        let sampler = match op {
            Op::Query => self.query.as_ref().unwrap_or(&self.samplers[0]),
            Op::Copy => return (self.copy_ns as f64 * factor) as u64,
            Op::Static => self.asset.as_ref().unwrap_or(&self.samplers[0]),
            Op::Read | Op::Get | Op::GetResult => &self.samplers[0],
            Op::Write | Op::Set | Op::SetResult | Op::Delete | Op::Job => &self.samplers[1],
            Op::Apply => &self.samplers[2],
        };
        if factor == 1.0 {
            sampler.sample_ns(&mut self.stream)
        } else {
            sampler.sample_ns_scaled(&mut self.stream, factor)
        }
    }
}

/// What became of a call that came to a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Its service began.
    Started,
    /// It waits.
    Queued,
    /// The queue is full.
    Full,
}

/// Workers and their queue.
#[derive(Clone, Debug)]
pub struct Station {
    /// Workers.
    pub servers: u32,
    /// Longest queue.
    pub limit: u32,
    /// Factor on service times.
    pub factor: f64,
    /// Alive.
    pub up: bool,
    head: u32,
    tail: u32,
    busy: Level,
    waiting: Level,
    /// Workers there are, working or not; none while the machine is not there at all.
    capacity: Level,
    window_from_ns: u128,
    window_capacity_from_ns: u128,
    window_calls: u64,
    calls: u64,
    /// In place of the chain where calls may leave the queue: all with the same deadline, so first in first out.
    leavable: Option<DeadlineList>,
    /// Set when all jobs run at once.
    sharing: Option<Sharing>,
    /// Of those, the one whose event is set.
    armed: u32,
    /// Set when its jobs share a machine's cores with those of other nodes.
    seat: Option<Seat>,
    /// Of its jobs, how many share the machine, where they all run at once.
    seated: u64,
}

impl Station {
    /// An idle station.
    pub fn new(servers: u32, limit: Option<u32>, now: SimTime) -> Self {
        let (mut busy, mut waiting, mut capacity) = (Level::new(), Level::new(), Level::new());
        busy.restart(now);
        waiting.restart(now);
        capacity.set(now, u64::from(servers));
        capacity.restart(now);
        Self {
            servers,
            limit: limit.unwrap_or(u32::MAX),
            factor: 1.0,
            up: true,
            head: NIL,
            tail: NIL,
            busy,
            waiting,
            capacity,
            window_from_ns: 0,
            window_capacity_from_ns: 0,
            window_calls: 0,
            calls: 0,
            leavable: None,
            sharing: None,
            armed: NIL,
            seat: None,
            seated: 0,
        }
    }

    /// The same, with all jobs running at once on its workers (processor sharing) instead of one after the other.
    pub fn sharing(mut self) -> Self {
        self.sharing = Some(Sharing::new(self.servers));
        self
    }

    /// The same, with a queue that calls may leave before their service begins.
    pub fn leavable(mut self) -> Self {
        self.leavable = Some(DeadlineList::new());
        self
    }

    /// Takes a waiting call out of the queue; false when it does not wait there.
    pub fn withdraw(&mut self, core: &mut Core, id: u32) -> bool {
        let was_in = match &mut self.leavable {
            Some(queue) => queue.remove(&mut core.chains, id),
            None => self.unlink(core, id),
        };
        if was_in {
            self.waiting.down(core.now);
        }
        was_in
    }

    /// Takes a call out of the chain. Walks from the front, where those are that have waited longest and are given up first.
    fn unlink(&mut self, core: &mut Core, id: u32) -> bool {
        let (mut before, mut at) = (NIL, self.head);
        while at != id {
            if at == NIL {
                return false;
            }
            (before, at) = (at, core.calls[at].next);
        }
        let next = std::mem::replace(&mut core.calls[id].next, NIL);
        match before {
            NIL => self.head = next,
            before => core.calls[before].next = next,
        }
        if self.tail == id {
            self.tail = before;
        }
        true
    }

    /// A call comes and is served at once, waits, or is refused. A replica's own work is never refused.
    #[inline(always)]
    pub fn enter(&mut self, core: &mut Core, work: &mut Work, id: u32) -> Admission {
        let own = core.calls[id].op.is_own();
        if !own {
            self.window_calls += 1;
            self.calls += 1;
        }
        let free = self.busy.level() < u64::from(self.servers);
        if !free && self.waiting.level() >= u64::from(self.limit) && !own {
            return Admission::Full;
        }
        if self.seat.is_none() {
            self.seat = core.seat(core.calls[id].node, core.calls[id].part);
        }
        if self.sharing.is_some() {
            self.join(core, work, id);
            return Admission::Started;
        }
        if free {
            self.busy.up(core.now);
            self.begin(core, work, id);
            return Admission::Started;
        }
        self.append(core, id);
        self.waiting.up(core.now);
        Admission::Queued
    }

    /// A worker is free again; the next waiting call, whose service begins now, if there is one.
    #[inline(always)]
    pub fn leave(&mut self, core: &mut Core, work: &mut Work) -> Option<u32> {
        if self.sharing.is_some() && self.seat.is_some() {
            self.seated -= 1;
            self.count_seated(core.now);
            return None;
        }
        if let Some(sharing) = &mut self.sharing {
            sharing.take_first(core.now);
            self.armed = NIL;
            self.share_out(core);
            return None;
        }
        let Some(id) = self.take_first(core) else {
            self.busy.down(core.now);
            return None;
        };
        self.waiting.down(core.now);
        self.begin(core, work, id);
        Some(id)
    }

    #[inline(always)]
    fn append(&mut self, core: &mut Core, id: u32) {
        if let Some(queue) = &mut self.leavable {
            return queue.push(&mut core.chains, id, SimTime::ZERO);
        }
        core.calls[id].next = NIL;
        match self.tail {
            NIL => self.head = id,
            tail => core.calls[tail].next = id,
        }
        self.tail = id;
    }

    #[inline(always)]
    fn take_first(&mut self, core: &mut Core) -> Option<u32> {
        if let Some(queue) = &mut self.leavable {
            return queue.pop_due(&mut core.chains, SimTime::ZERO);
        }
        let id = self.head;
        if id == NIL {
            return None;
        }
        self.head = core.calls[id].next;
        if self.head == NIL {
            self.tail = NIL;
        }
        core.calls[id].next = NIL;
        Some(id)
    }

    #[inline(always)]
    fn begin(&mut self, core: &mut Core, work: &mut Work, id: u32) {
        let (op, node, arrived, inner) = {
            let c = &core.calls[id];
            (c.op, c.node, c.arrived, c.is_inner())
        };
        if !inner {
            core.meters[node as usize].start(op.class(), core.now.since(arrived));
            core.trace_started(id);
        }
        let took = work.draw(op, self.factor) + work.connecting_ns(core, id);
        match self.seat {
            Some(seat) => core.host_add(seat, id, took),
            None => core.calls[id].due = core.queue.push(core.now.saturating_add(took), Event::Served(id)),
        }
    }

    fn count_seated(&mut self, now: SimTime) {
        let busy = self.seated.min(u64::from(self.servers));
        self.busy.set(now, busy);
        self.waiting.set(now, self.seated - busy);
    }

    /// A job joins those that share the cores.
    fn join(&mut self, core: &mut Core, work: &mut Work, id: u32) {
        let (op, node) = (core.calls[id].op, core.calls[id].node);
        if !core.calls[id].is_inner() {
            core.meters[node as usize].start(op.class(), 0);
            core.trace_started(id);
        }
        let demand = work.draw(op, self.factor);
        if let Some(seat) = self.seat {
            self.seated += 1;
            self.count_seated(core.now);
            return core.host_add(seat, id, demand);
        }
        if let Some(sharing) = &mut self.sharing {
            sharing.add(core.now, id, demand);
        }
        self.share_out(core);
    }

    /// Speeds have changed: sets the event of the job that is done first.
    fn share_out(&mut self, core: &mut Core) {
        let Some(sharing) = &self.sharing else { return };
        let busy = sharing.len().min(u64::from(self.servers));
        self.busy.set(core.now, busy);
        self.waiting.set(core.now, sharing.len() - busy);
        if self.armed != NIL {
            core.calls[self.armed].due = 0;
        }
        self.armed = NIL;
        if let Some((id, after_ns)) = sharing.first() {
            self.armed = id;
            core.calls[id].due = core.queue.push(core.now.saturating_add(after_ns), Event::Served(id));
        }
    }

    /// Forgets all calls, as when it dies; they are failed by [`Core::fail_all_inside`].
    pub fn clear(&mut self, core: &mut Core) {
        let now = core.now;
        self.head = NIL;
        self.tail = NIL;
        if let Some(queue) = &mut self.leavable {
            while queue.pop_due(&mut core.chains, SimTime::ZERO).is_some() {}
        }
        if let Some(sharing) = &mut self.sharing {
            sharing.clear();
            self.armed = NIL;
        }
        if let Some(seat) = self.seat {
            core.host_forget(seat);
            self.seated = 0;
        }
        self.busy.set(now, 0);
        self.waiting.set(now, 0);
    }

    /// Busy workers.
    pub fn busy(&self) -> u32 {
        self.busy.level() as u32
    }

    /// Calls that wait.
    pub fn queue(&self) -> u32 {
        self.waiting.level() as u32
    }

    /// Busy worker time since measuring began [ns].
    pub fn busy_ns(&self, now: SimTime) -> u128 {
        self.busy.integral_ns(now)
    }

    /// Worker time there was since measuring began [ns].
    pub fn capacity_ns(&self, now: SimTime) -> u128 {
        self.capacity.integral_ns(now)
    }

    /// Integral of the queue length since measuring began [ns].
    pub fn waiting_ns(&self, now: SimTime) -> u128 {
        self.waiting.integral_ns(now)
    }

    /// Calls that came since measuring began.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Calls that came in the present window.
    pub fn window_calls(&self) -> u64 {
        self.window_calls
    }

    /// Share of worker time that was busy in the present window.
    pub fn window_utilization(&self, now: SimTime) -> f64 {
        let (busy, there) = self.window_effort_ns(now);
        if there == 0 { 0.0 } else { busy as f64 / there as f64 }
    }

    /// Busy worker time and worker time in the present window [ns].
    pub fn window_effort_ns(&self, now: SimTime) -> (u128, u128) {
        (
            self.busy.integral_ns(now) - self.window_from_ns,
            self.capacity.integral_ns(now) - self.window_capacity_from_ns,
        )
    }

    /// The machine has so many workers from now on; it must be idle. None while it is not there.
    pub fn set_workers(&mut self, now: SimTime, workers: Option<u32>) {
        self.capacity.set(now, u64::from(workers.unwrap_or(0)));
        if let Some(workers) = workers {
            self.servers = workers;
            if self.sharing.is_some() {
                self.sharing = Some(Sharing::new(workers));
            }
        }
    }

    /// Ends the window.
    pub fn end_window(&mut self, now: SimTime) {
        self.window_from_ns = self.busy.integral_ns(now);
        self.window_capacity_from_ns = self.capacity.integral_ns(now);
        self.window_calls = 0;
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        t.level(&mut self.busy);
        t.level(&mut self.waiting);
        t.level(&mut self.capacity);
        t.count(&mut self.calls);
    }

    /// Measures from now on: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        self.busy.restart(now);
        self.waiting.restart(now);
        self.capacity.restart(now);
        self.calls = 0;
        self.window_from_ns = 0;
        self.window_capacity_from_ns = 0;
    }
}
