//! What all nodes share: the clock, the event queue, calls between nodes, connection pools, and what is measured.

use super::connect::Connections;
use super::ground::{Ground, PlaceIdx, Reach};
use super::host::Host;
use super::meter::{NodeMeter, Outcome};
use super::money::{Bill, Item, Store};
use super::resilience::{Guard, Try};
use super::trace::Tracer;
use crate::kinds::Kind;
use crate::limits::CALLS_MAX;
use crate::messages::{Happening, NO_NODE, What};
use crate::prices::{Prices, Rented};
use crate::reason::Reason;
use crate::verbs::Verb;
use headroom_engine::{Arena, EventQueue, Links, NIL, RunHash, SimTime};
use std::collections::VecDeque;

/// Position of a node in the design.
pub type NodeIdx = u16;
/// Any part of a node: the node picks one.
pub const ANY_PART: u16 = u16::MAX;

/// What is asked of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Op {
    /// Give the item, wherever it is.
    #[default]
    Read,
    /// Change the item.
    Write,
    /// Give a static asset: a picture, a script.
    Static,
    /// Answer a question that touches many items: a join, a search.
    Query,
    /// Take on work that may be done later.
    Job,
    /// Give the item if you hold it.
    Get,
    /// Hold this item.
    Set,
    /// Forget the item.
    Delete,
    /// Apply a shipped write: a replica's own work, no request.
    Apply,
    /// Send or take a piece of a copy of the data: a machine's own work, no request.
    Copy,
}

/// Number of classes that are measured apart.
pub const CLASSES: usize = 5;
/// Names of the classes.
pub const CLASS_NAMES: [&str; CLASSES] = ["read", "write", "static", "query", "job"];

impl Op {
    /// The class that it is measured under.
    #[inline]
    pub fn class(self) -> usize {
        match self {
            Op::Read | Op::Get => 0,
            Op::Write | Op::Set | Op::Delete | Op::Apply | Op::Copy => 1,
            Op::Static => 2,
            Op::Query => 3,
            Op::Job => 4,
        }
    }

    /// Whether it is a node's work for itself, which nobody waits for and nothing counts as a request.
    #[inline]
    pub fn is_own(self) -> bool {
        matches!(self, Op::Apply | Op::Copy)
    }
}

/// How long a caller waits for an answer that the network has lost, unless its own timeout is shorter [ns].
pub const NO_ANSWER_NS: u64 = 5_000_000_000;
/// The region of a client that has none.
pub const NO_REGION: u8 = u8::MAX;

/// Marks of a call.
pub mod flag {
    #![allow(missing_docs)]
    /// Nobody waits for the answer.
    pub const DETACHED: u8 = 1;
    /// It holds a connection of its wire's pool.
    pub const POOLED: u8 = 2;
    /// It is inside its node: arrived and not answered.
    pub const INSIDE: u8 = 4;
    /// The answer came out of a cache.
    pub const HIT: u8 = 8;
    /// What was read is older than the newest committed write.
    pub const STALE: u8 = 16;
    /// It waits in its wire's pool for a free connection.
    pub const POOL_WAIT: u8 = 32;
    /// The cache could not be asked, so there is no use in filling it.
    pub const CACHE_FAILED: u8 = 64;
    /// It was sent to any part, whichever takes it.
    pub const ANYWHERE: u8 = 128;
}

/// Marks that a request carries along to every node that works for it.
pub mod more {
    #![allow(missing_docs)]
    /// The client is logged in: whoever serves it must know its session.
    pub const LOGGED_IN: u8 = 1;
    /// The client logs in with it: whoever serves it makes a session.
    pub const LOG_IN: u8 = 2;
    /// The client logs out with it.
    pub const LOG_OUT: u8 = 4;
    /// It is one of the attempts of the call that is its parent, see [`super::super::resilience`]. Not carried along.
    pub const ATTEMPT: u8 = 32;
    /// Whoever called no longer waits, and has said so. Not carried along.
    pub const CANCELLED: u8 = 64;
    /// A part of a call, inside the node that works on it: nothing counts it as a request.
    pub const PIECE: u8 = 16;
    /// The request is followed, see [`super::super::trace`].
    pub const TRACED: u8 = 128;
}

/// One node's call of another, from the moment it is sent until its answer is back.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Who waits: a call inside the calling node, or a request of a users node; [`NIL`] when nobody does any more.
    pub parent: u32,
    /// Next in a queue.
    pub next: u32,
    /// Item.
    pub key: u32,
    /// Client.
    pub client: u32,
    /// Version of what was read or written.
    pub version: u32,
    /// Called node.
    pub node: NodeIdx,
    /// Part of it.
    pub part: u16,
    /// Wire that it came over.
    pub wire: u16,
    /// Part of the calling node.
    pub from_part: u16,
    /// Store that the version belongs to.
    pub store: u16,
    /// What is asked.
    pub op: Op,
    /// See [`flag`].
    pub flags: u8,
    /// Where the called node's handling stands; the node's own numbers.
    pub phase: u8,
    /// The answer.
    pub outcome: Outcome,
    /// Region of the client, or [`NO_REGION`].
    pub region: u8,
    /// See [`more`].
    pub more: u8,
    /// Size of the answer on the network [bytes].
    pub bytes: u32,
    /// When it came to the node.
    pub arrived: SimTime,
    /// Sequence number of the event that it waits for; events with another number are stale.
    pub due: u64,
}

impl Call {
    /// Whether it is a node's own business and no request: work for itself, or a part of a call.
    #[inline]
    pub fn is_inner(&self) -> bool {
        self.op.is_own() || self.more & more::PIECE != 0
    }
}

impl Default for Call {
    fn default() -> Self {
        Self {
            parent: NIL,
            next: NIL,
            key: 0,
            client: 0,
            version: 0,
            node: 0,
            part: 0,
            wire: 0,
            from_part: 0,
            store: 0,
            op: Op::Read,
            flags: 0,
            phase: 0,
            outcome: Outcome::OK,
            region: NO_REGION,
            more: 0,
            bytes: 0,
            arrived: SimTime::ZERO,
            due: 0,
        }
    }
}

/// An event of the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A call reaches its node.
    Arrive(u32),
    /// An answer reaches the caller.
    Done(u32),
    /// A worker has finished a call.
    Served(u32),
    /// A call has waited too long for a connection.
    PoolTimeout(u32),
    /// Attempts over a wire have waited too long for their answers.
    WireTimeout(u32),
    /// The wait before another attempt is over.
    Retry(u32),
    /// A read has waited long enough to be sent a second time.
    Hedge(u32),
    /// Word that a call's answer is no longer wanted reaches its node.
    Cancel(u32),
    /// A node's own timer.
    Timer {
        /// Node.
        node: NodeIdx,
        /// The node's own meaning.
        tag: u8,
        /// The node's own meaning.
        arg: u32,
    },
    /// An entry of the timeline.
    Action(u32),
    /// The warm-up ends.
    WarmupEnd,
    /// A window ends.
    WindowEnd,
}

impl Event {
    /// The event as a number, for the run hash.
    fn code(self) -> u64 {
        let pack = |kind: u64, hi: u64, lo: u32| (kind << 56) | (hi << 32) | u64::from(lo);
        match self {
            Event::Arrive(id) => pack(1, 0, id),
            Event::Done(id) => pack(2, 0, id),
            Event::Served(id) => pack(3, 0, id),
            Event::PoolTimeout(id) => pack(4, 0, id),
            Event::WireTimeout(wire) => pack(20, 0, wire),
            Event::Retry(t) => pack(21, 0, t),
            Event::Hedge(t) => pack(22, 0, t),
            Event::Cancel(id) => pack(23, 0, id),
            Event::Timer { node, tag, arg } => pack(5, (u64::from(node) << 8) | u64::from(tag), arg),
            // Not its position: what is done by hand has another one when it is run again from the timeline.
            Event::Action(_) => pack(6, 0, 0),
            Event::WarmupEnd => pack(7, 0, 0),
            Event::WindowEnd => pack(8, 0, 0),
        }
    }
}

/// What one node tells another that it steers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Have so many instances, booting and draining as it takes.
    SetInstances(u32),
    /// Go back to the release that ran before.
    RollBack,
    /// To a queue: this part wants to hold so many messages at once. The queue delivers as places come free.
    Pull {
        /// Wire from the queue.
        wire: u16,
        /// Part that pulls.
        part: u16,
        /// Messages; none when it is not there.
        places: u32,
    },
}

/// What can be seen of a node from outside at a moment, as a monitoring agent sees it: totals since measuring began and
/// levels now. Who wants a rate takes the difference of two; after the warm-up (`restart`) totals begin at 0 again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Observation {
    /// When [ns].
    pub at_ns: u64,
    /// Busy worker time [ns].
    pub busy_ns: u128,
    /// Worker time there was [ns].
    pub capacity_ns: u128,
    /// Calls that wait now, or messages of a queue.
    pub queued: u64,
    /// Calls inside now.
    pub in_system: u64,
    /// Calls that came.
    pub arrivals: u64,
    /// Calls answered with success.
    pub completions: u64,
    /// Calls that failed.
    pub failures: u64,
    /// Instances that work now.
    pub ready: u32,
    /// Instances that work or are booting.
    pub wanted: u32,
}

/// What is to be done at this very moment, before time goes on.
#[derive(Clone, Copy, Debug)]
pub enum Now {
    /// A node looks at another.
    Observe {
        /// Who looks.
        by: NodeIdx,
        /// At whom.
        node: NodeIdx,
    },
    /// A node is told to do something.
    Command {
        /// Who.
        node: NodeIdx,
        /// What.
        command: Command,
    },
    /// A call reaches its node.
    Arrive(u32),
    /// An answer reaches the caller.
    Done(u32),
    /// Word that a call's answer is no longer wanted reaches its node.
    Cancel(u32),
    /// A call could not even be made.
    NotMade {
        /// Calling node.
        node: NodeIdx,
        /// Who waits in it.
        parent: u32,
        /// The answer.
        reply: Reply,
    },
}

/// An answer as the caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// The call; [`NIL`] when it was never made.
    pub call: u32,
    /// What was asked.
    pub op: Op,
    /// Success, or why not.
    pub outcome: Outcome,
    /// See [`flag`].
    pub flags: u8,
    /// Wire.
    pub wire: u16,
    /// Called node.
    pub node: NodeIdx,
    /// Part of it.
    pub part: u16,
    /// Version of what was read or written.
    pub version: u32,
    /// Store that the version belongs to.
    pub store: u16,
}

/// A wire while it runs.
#[derive(Clone, Debug)]
pub struct WireState {
    /// Calling node.
    pub from: NodeIdx,
    /// Called node.
    pub to: NodeIdx,
    /// One-way delay of the wire's own [ns].
    pub latency_ns: u64,
    /// What the places of its ends add.
    pub reach: Reach,
    /// One-way delay to a called node that is asked on the way and not passed: a name server [ns].
    pub aside_ns: u64,
    /// Share among several.
    pub weight: f64,
    /// Connections per calling part.
    pub pool: Option<u32>,
    /// Longest wait for one [ns].
    pub pool_wait_ns: u64,
    /// Pools of the calling parts.
    pub pools: Vec<Pool>,
    /// Calls sent since the window began.
    pub window_calls: u64,
    /// Connections that have to be set up; none where they are open from the start.
    pub connections: Option<Box<Connections>>,
    /// What the bytes of its answers are billed as, to the called node.
    pub billed: Option<Item>,
    /// Calls of earlier windows that are measured, and calls of this one that are not: the warm-up was not over.
    pub calls_before: u64,
    /// See `calls_before`.
    pub window_left_out: u64,
    /// What it does besides carrying; none for a plain wire.
    pub(crate) guard: Option<Box<Guard>>,
}

/// The connections of one calling part over one wire.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    used: u32,
    head: u32,
    tail: u32,
    /// Calls that wait for a connection.
    pub waiting: u32,
}

impl Default for Pool {
    fn default() -> Self {
        Self { used: 0, head: NIL, tail: NIL, waiting: 0 }
    }
}

/// What a new call is.
#[derive(Clone, Copy, Debug)]
pub struct NewCall {
    /// Wire to go over.
    pub wire: u16,
    /// Part of the called node, or [`ANY_PART`].
    pub part: u16,
    /// Part of the calling node.
    pub from_part: u16,
    /// Who waits for the answer.
    pub parent: u32,
    /// What is asked.
    pub op: Op,
    /// Item.
    pub key: u32,
    /// Client.
    pub client: u32,
    /// Version that is handed over, with [`Op::Set`].
    pub version: u32,
    /// Store of that version.
    pub store: u16,
    /// [`flag::DETACHED`] or 0.
    pub flags: u8,
    /// Region of the client, or [`NO_REGION`].
    pub region: u8,
    /// See [`more`].
    pub more: u8,
    /// Size of the answer on the network [bytes].
    pub bytes: u32,
}

impl Default for NewCall {
    fn default() -> Self {
        Self {
            wire: 0,
            part: ANY_PART,
            from_part: 0,
            parent: NIL,
            op: Op::Read,
            key: 0,
            client: 0,
            version: 0,
            store: 0,
            flags: 0,
            region: NO_REGION,
            more: 0,
            bytes: 0,
        }
    }
}

impl NewCall {
    /// A call made while working on another, for the same client and item.
    #[inline]
    pub fn on_behalf(call: &Call, id: u32, wire: u16, op: Op) -> Self {
        Self {
            wire,
            from_part: call.part,
            parent: id,
            op,
            key: call.key,
            client: call.client,
            region: call.region,
            more: call.more,
            bytes: call.bytes,
            ..Self::default()
        }
    }
}

/// What all nodes share.
#[derive(Clone, Debug)]
pub struct Core {
    /// Present moment.
    pub now: SimTime,
    /// Events to come.
    pub queue: EventQueue<Event>,
    /// What is to be done before time goes on, first in first out.
    pub inbox: VecDeque<Now>,
    /// Calls in flight.
    pub calls: Arena<Call>,
    /// Chains of calls that may be taken out of the middle.
    pub chains: Links,
    /// Calls over wires that may make several attempts.
    pub(super) tries: Arena<Try>,
    /// First of the tries that a call waits for, by call; only for wires that cancel.
    pub(super) first_try: Vec<u32>,
    /// Whether each node is one of users, whose requests are no calls.
    pub(super) sends_requests: Vec<bool>,
    /// Wires, in the design's order.
    pub wires: Vec<WireState>,
    /// Measurements, per node.
    pub meters: Vec<NodeMeter>,
    /// What each node has to pay.
    pub bills: Vec<Bill>,
    /// What belongs to no node has to pay: NAT gateways.
    pub ground_bill: Bill,
    /// What things cost.
    pub prices: Prices,
    /// Of each users node, the number of its first client: those of different nodes are different people.
    pub first_client: Vec<u32>,
    /// Ids of the nodes.
    pub ids: Vec<String>,
    /// Kinds of the nodes.
    pub kinds: Vec<Kind>,
    /// Where things stand.
    pub ground: Ground,
    /// Machines whose cores several nodes may share.
    pub hosts: Vec<Host>,
    /// Whether each part of each node works; what health checks see. Parts may come while it runs; those that are gone
    /// stay, dead.
    pub alive: Vec<Vec<bool>>,
    /// Whether each part of each node wants calls: not while it boots, nor while it drains.
    pub accepting: Vec<Vec<bool>>,
    /// Changes of [`Core::accepting`] so far: who keeps a list of parts looks at it again when this differs.
    pub parts_epoch: u64,
    /// Per store node, the version of each item's last committed write; empty for other nodes.
    pub truth: Vec<Vec<u32>>,
    /// Hash of every event so far.
    pub hash: RunHash,
    /// Events so far.
    pub events: u64,
    /// What happened since it was last taken.
    pub happenings: Vec<Happening>,
    /// Follows single requests.
    pub tracer: Tracer,
    /// The simulator's own limit was reached.
    pub saturated: bool,
    /// Number of different items.
    pub items: u32,
    /// Number of different static assets; their keys come after those of the items.
    pub assets: u32,
    /// Size of the largest asset [bytes].
    pub asset_bytes: u32,
    /// Seed of the run.
    pub seed: u64,
}

impl Core {
    /// A core without nodes.
    pub fn new(seed: u64, items: u32) -> Self {
        Self {
            now: SimTime::ZERO,
            queue: EventQueue::new(),
            inbox: VecDeque::new(),
            calls: Arena::new(CALLS_MAX as u32),
            chains: Links::new(),
            tries: Arena::new(CALLS_MAX as u32),
            first_try: Vec::new(),
            sends_requests: Vec::new(),
            wires: Vec::new(),
            meters: Vec::new(),
            bills: Vec::new(),
            ground_bill: Bill::default(),
            prices: Prices::default(),
            first_client: Vec::new(),
            ids: Vec::new(),
            kinds: Vec::new(),
            ground: Ground::default(),
            hosts: Vec::new(),
            alive: Vec::new(),
            accepting: Vec::new(),
            parts_epoch: 0,
            truth: Vec::new(),
            hash: RunHash::new(),
            events: 0,
            happenings: Vec::new(),
            tracer: Tracer::default(),
            saturated: false,
            items,
            assets: 0,
            asset_bytes: 0,
            seed,
        }
    }

    /// Takes the next event up to `limit`, moves the clock and absorbs it in the hash.
    #[inline]
    pub fn next_event(&mut self, limit: SimTime) -> Option<(u64, Event)> {
        let (time, seq, event) = self.queue.pop_before(limit)?;
        self.now = time;
        self.events += 1;
        self.hash.absorb(time.0, event.code());
        Some((seq, event))
    }

    /// Adds a part to a node; gives its position. It neither works nor wants calls yet.
    pub fn add_part(&mut self, node: NodeIdx) -> usize {
        self.alive[node as usize].push(false);
        self.accepting[node as usize].push(false);
        self.parts_epoch += 1;
        self.alive[node as usize].len() - 1
    }

    /// Whether a part wants calls from now on.
    pub fn set_accepting(&mut self, node: NodeIdx, part: usize, accepting: bool) {
        let place = &mut self.accepting[node as usize][part];
        if *place != accepting {
            *place = accepting;
            self.parts_epoch += 1;
        }
    }

    /// Looks at a node: what is seen comes to the looking node's `observed`, at this same moment.
    pub fn observe(&mut self, by: NodeIdx, node: NodeIdx) {
        self.inbox.push_back(Now::Observe { by, node });
    }

    /// Tells a node to do something, at this same moment.
    pub fn command(&mut self, node: NodeIdx, command: Command) {
        self.inbox.push_back(Now::Command { node, command });
    }

    /// The bills of all nodes, and then that of what belongs to none.
    pub fn all_bills(&self) -> impl Iterator<Item = &Bill> {
        self.bills.iter().chain([&self.ground_bill])
    }

    /// From now on a node rents so many machines, each with a vCPU for each worker.
    pub fn rent(&mut self, node: NodeIdx, machine: Rented, machines: usize, workers: u32) {
        let usd_h = machines as f64 * self.prices.machine_usd_h(machine, workers);
        self.bills[node as usize].set_hourly(self.now, usd_h);
    }

    /// From now on a node keeps so many items on disks, each copy counted.
    pub fn keep_on_disk(&mut self, node: NodeIdx, items: u64) {
        let bytes = self.prices.stored_bytes(items);
        self.bills[node as usize].set_stored(self.now, Store::Disk, bytes);
    }

    /// Schedules a node's timer.
    #[inline]
    pub fn timer(&mut self, delay_ns: u64, node: NodeIdx, tag: u8, arg: u32) -> u64 {
        self.queue.push(self.now.saturating_add(delay_ns), Event::Timer { node, tag, arg })
    }

    /// Notes that something happened.
    pub fn happen(&mut self, node: NodeIdx, part: Option<u32>, what: What) {
        self.happenings.push(Happening { at_ns: self.now.0, node: u32::from(node), part, what });
    }

    /// Notes that something was done to a place, or to two.
    pub fn happen_to_place(&mut self, verb: Verb, place: PlaceIdx, to: Option<PlaceIdx>) {
        let what = What::Place { verb, place, to };
        self.happenings.push(Happening { at_ns: self.now.0, node: NO_NODE, part: None, what });
    }

    /// Makes a call; the answer comes to the caller's `child_done`, at the earliest after this returns.
    #[inline]
    pub fn call(&mut self, new: NewCall) -> u32 {
        let w = &self.wires[new.wire as usize];
        let (node, from) = (w.to, w.from);
        let call = Call {
            parent: new.parent,
            key: new.key,
            client: new.client,
            version: new.version,
            node,
            part: new.part,
            wire: new.wire,
            from_part: new.from_part,
            store: new.store,
            op: new.op,
            flags: new.flags | if new.part == ANY_PART { flag::ANYWHERE } else { 0 },
            region: new.region,
            more: new.more & !(more::ATTEMPT | more::CANCELLED),
            bytes: new.bytes,
            ..Call::default()
        };
        let Some(id) = self.calls.alloc(call) else {
            self.tracer.not_sent();
            self.tell_saturated(node);
            if new.flags & flag::DETACHED == 0 {
                let reply = Reply {
                    call: NIL,
                    op: new.op,
                    outcome: Outcome::failed(Reason::Saturated),
                    flags: 0,
                    wire: new.wire,
                    node,
                    part: new.part,
                    version: 0,
                    store: 0,
                };
                self.inbox.push_back(Now::NotMade { node: from, parent: new.parent, reply });
            }
            return NIL;
        };
        let w = &self.wires[new.wire as usize];
        if new.more & more::TRACED != 0 {
            match &w.guard {
                // Its attempts are what is seen of it.
                Some(guard) if guard.is_resilient() => self.tracer.stand_in(id, new.parent),
                _ => self.tracer.sent(self.now, id, &new, node),
            }
        }
        match w.pool {
            _ if w.guard.is_some() => self.call_guarded(id),
            None => self.launch(id),
            Some(limit) => self.launch_pooled(id, limit),
        }
        id
    }

    /// Notes that the simulator's own limit is reached.
    #[cold]
    pub(super) fn tell_saturated(&mut self, node: NodeIdx) {
        if !self.saturated {
            self.saturated = true;
            self.happen(node, None, What::SimulatorFull);
        }
    }

    #[inline]
    pub(super) fn launch(&mut self, id: u32) {
        if self.calls[id].more & more::TRACED != 0 {
            let now = self.now.0;
            self.tracer.note(id, |s| s.launched_ns = Some(now));
        }
        let call = &self.calls[id];
        let w = &mut self.wires[call.wire as usize];
        w.window_calls += 1;
        if w.reach.is_cut(call) && w.guard.is_none() {
            return self.no_answer(id);
        }
        let mut set_up_ns = 0;
        if w.connections.is_some() {
            set_up_ns = self.set_up_ns(id);
            if self.calls[id].more & more::TRACED != 0 {
                let launched = self.now.0 + set_up_ns;
                self.tracer.note(id, |s| s.launched_ns = Some(launched));
            }
        }
        let call = &self.calls[id];
        let w = &self.wires[call.wire as usize];
        if w.guard.is_some() {
            return self.launch_guarded(id, set_up_ns);
        }
        let delay_ns = w.latency_ns + w.reach.there_ns(call) + set_up_ns;
        if delay_ns == 0 {
            self.inbox.push_back(Now::Arrive(id));
        } else {
            let at = self.now.saturating_add(delay_ns);
            self.queue.push(at, Event::Arrive(id));
        }
    }

    /// A call, or its answer, is lost on the way: the caller hears nothing, and gives it up after a while.
    pub(super) fn no_answer(&mut self, id: u32) {
        self.calls[id].outcome = Outcome::failed(Reason::Unreachable);
        self.queue.push(self.now.saturating_add(NO_ANSWER_NS), Event::Done(id));
    }

    pub(super) fn launch_pooled(&mut self, id: u32, limit: u32) {
        let (wire, from_part) = (self.calls[id].wire as usize, self.calls[id].from_part as usize);
        let w = &mut self.wires[wire];
        if w.pools.len() <= from_part {
            w.pools.resize(from_part + 1, Pool::default());
        }
        let pool = &mut w.pools[from_part];
        if pool.used < limit {
            pool.used += 1;
            self.calls[id].flags |= flag::POOLED;
            return self.launch(id);
        }
        let last = pool.tail;
        pool.tail = id;
        pool.waiting += 1;
        match last {
            NIL => pool.head = id,
            last => self.calls[last].next = id,
        }
        let due = self.queue.push(self.now.saturating_add(w.pool_wait_ns), Event::PoolTimeout(id));
        let call = &mut self.calls[id];
        call.due = due;
        call.flags |= flag::POOL_WAIT;
    }

    /// A call has waited too long for a connection.
    pub(super) fn pool_timeout(&mut self, seq: u64, id: u32) {
        if !self.calls.is_live(id) || self.calls[id].due != seq || self.calls[id].flags & flag::POOL_WAIT == 0
        {
            return;
        }
        let call = self.calls[id];
        let pool = &mut self.wires[call.wire as usize].pools[call.from_part as usize];
        // The wait has one length for all, so the one that has waited too long is the first.
        debug_assert_eq!(pool.head, id);
        pool.head = call.next;
        pool.waiting -= 1;
        if pool.head == NIL {
            pool.tail = NIL;
        }
        let call = &mut self.calls[id];
        call.flags &= !flag::POOL_WAIT;
        call.next = NIL;
        call.outcome = Outcome::failed(Reason::PoolExhausted);
        self.inbox.push_back(Now::Done(id));
    }

    /// A call that waits for a connection does so no longer. Walks from the front, where those are that have waited longest.
    pub(super) fn leave_pool_queue(&mut self, id: u32) {
        let call = self.calls[id];
        let mut before = NIL;
        let mut at = self.wires[call.wire as usize].pools[call.from_part as usize].head;
        while at != id {
            before = at;
            at = self.calls[at].next;
        }
        let pool = &mut self.wires[call.wire as usize].pools[call.from_part as usize];
        pool.waiting -= 1;
        if pool.tail == id {
            pool.tail = before;
        }
        match before {
            NIL => pool.head = call.next,
            before => self.calls[before].next = call.next,
        }
        let call = &mut self.calls[id];
        call.flags &= !flag::POOL_WAIT;
        call.next = NIL;
        call.due = 0;
    }

    /// Gives a connection back and lets the next waiting call go.
    #[inline]
    pub(super) fn release_connection(&mut self, wire: u16, from_part: u16) {
        let pool = &mut self.wires[wire as usize].pools[from_part as usize];
        let id = pool.head;
        if id == NIL {
            pool.used -= 1;
            return;
        }
        pool.head = self.calls[id].next;
        pool.waiting -= 1;
        if pool.head == NIL {
            pool.tail = NIL;
        }
        let call = &mut self.calls[id];
        call.next = NIL;
        call.due = 0;
        call.flags = (call.flags & !flag::POOL_WAIT) | flag::POOLED;
        self.launch(id);
    }

    /// Calls of a node's part that wait for a connection now.
    pub fn waiting_for_connections(&self, node: NodeIdx) -> u32 {
        self.wires.iter().filter(|w| w.from == node).flat_map(|w| &w.pools).map(|p| p.waiting).sum()
    }

    /// Notes a call's arrival at its node.
    #[inline]
    pub(super) fn arrive(&mut self, id: u32) {
        let now = self.now;
        let call = &mut self.calls[id];
        call.arrived = now;
        call.flags |= flag::INSIDE;
        self.meters[call.node as usize].arrive(now, call.op.class());
        if call.more & more::TRACED != 0 {
            self.tracer.note(id, |s| s.arrived_ns = Some(now.0));
        }
    }

    /// A worker takes a call; notes it of a followed one.
    #[inline]
    pub fn trace_started(&mut self, id: u32) {
        if self.calls[id].more & more::TRACED != 0 {
            let now = self.now.0;
            self.tracer.note(id, |s| s.started_ns = s.started_ns.or(Some(now)));
        }
    }

    /// A worker lets a call go; notes it of a followed one.
    #[inline]
    pub(super) fn trace_served(&mut self, id: u32) {
        if self.calls[id].more & more::TRACED != 0 {
            let now = self.now.0;
            self.tracer.note(id, |s| s.served_ns = Some(now));
        }
    }

    /// Answers a call: the answer goes back over its wire.
    #[inline]
    pub fn reply(&mut self, id: u32, outcome: Outcome) {
        let now = self.now;
        let call = &mut self.calls[id];
        debug_assert!(call.flags & flag::INSIDE != 0);
        call.outcome = outcome;
        call.flags &= !flag::INSIDE;
        call.due = 0;
        self.meters[call.node as usize].depart(now, call.op.class(), now.since(call.arrived), outcome);
        if call.more & more::TRACED != 0 {
            let part = (call.part != ANY_PART).then_some(call.part);
            self.tracer.note(id, |s| (s.answered_ns, s.part) = (Some(now.0), part));
        }
        if !outcome.is_ok() {
            self.hang_up(id, outcome);
        }
        let call = &self.calls[id];
        let wire = &self.wires[call.wire as usize];
        if wire.reach.is_cut(call) {
            return self.no_answer(id);
        }
        if outcome.is_ok() {
            let (caller, called, bytes) = (wire.from as usize, call.node as usize, u64::from(call.bytes));
            if let Some(item) = wire.billed {
                self.bills[called].count(item, bytes);
            }
            match wire.reach.billed(call) {
                None => {}
                Some(Item::Nat) => self.bills[caller].count(Item::Nat, bytes),
                Some(item) => {
                    self.bills[called].count(item, bytes);
                    if item == Item::Zone {
                        // Both ends pay.
                        self.bills[caller].count(item, bytes);
                    }
                }
            }
        }
        let wire = &self.wires[call.wire as usize];
        if wire.guard.is_some() {
            return self.answer_guarded(id);
        }
        let delay_ns = wire.latency_ns + wire.reach.back_ns(call);
        if delay_ns == 0 {
            self.inbox.push_back(Now::Done(id));
        } else {
            self.queue.push(now.saturating_add(delay_ns), Event::Done(id));
        }
    }

    /// Answers a call with a failure.
    #[inline]
    pub fn fail(&mut self, id: u32, reason: Reason) {
        self.reply(id, Outcome::failed(reason));
    }

    /// An asset that comes where only items are dealt with, such as a message, is taken for one.
    #[inline]
    pub fn to_item(&mut self, id: u32) {
        let call = &mut self.calls[id];
        if call.key >= self.items {
            call.key %= self.items;
        }
    }

    /// Drops what a part of a node was doing for itself, as when it dies.
    pub fn free_own_jobs(&mut self, node: NodeIdx, part: usize) {
        let own = |c: &Call| c.op.is_own() && c.node == node && c.part as usize == part;
        let doomed: Vec<u32> = self.calls.iter_live().filter(|(_, c)| own(c)).map(|(id, _)| id).collect();
        for id in doomed {
            self.calls.free(id);
        }
    }

    /// Fails every call inside a part of a node (or inside the whole node), as when it dies. What those calls had asked
    /// of others goes on there; its answers come with [`NIL`] for a parent.
    pub fn fail_all_inside(&mut self, node: NodeIdx, part: Option<u16>) {
        let doomed: Vec<u32> = self
            .calls
            .iter_live()
            .filter(|(_, c)| {
                c.node == node && c.flags & flag::INSIDE != 0 && part.is_none_or(|p| c.part == p)
            })
            .map(|(id, _)| id)
            .collect();
        let mut inside = vec![false; doomed.last().map_or(0, |id| *id as usize + 1)];
        for id in &doomed {
            inside[*id as usize] = true;
        }
        let orphans: Vec<u32> = self
            .calls
            .iter_live()
            .filter(|(_, c)| self.wires[c.wire as usize].from == node && !c.op.is_own())
            .filter(|(_, c)| c.flags & flag::DETACHED == 0 && inside.get(c.parent as usize) == Some(&true))
            .map(|(id, _)| id)
            .collect();
        for id in orphans {
            self.abandon(id);
        }
        for id in doomed {
            self.fail(id, Reason::Died);
        }
    }
}
