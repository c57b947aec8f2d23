//! What nodes say to each other: calls, answers, commands and observations, and the wires that carry them.

use super::connect::Connections;
use super::ground::Reach;
use super::meter::Outcome;
use super::money::Item;
use super::resilience::Guard;
use headroom_engine::{NIL, SimTime};
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
    /// Give the result of the query if you hold it.
    GetResult,
    /// Hold this result of a query.
    SetResult,
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
            Op::Query | Op::GetResult | Op::SetResult => 3,
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
    /// A connection is set up for it. Not carried along.
    pub const NEW_CONNECTION: u8 = 8;
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

/// An event in one word, as the queue holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed(u64);

/// Numbers of the events in their first byte; the run hash knows them. No event has the number 0.
pub(super) mod code {
    pub const ARRIVE: u8 = 1;
    pub const DONE: u8 = 2;
    pub const SERVED: u8 = 3;
    pub const POOL_TIMEOUT: u8 = 4;
    pub const TIMER: u8 = 5;
    pub const ACTION: u8 = 6;
    pub const WARMUP_END: u8 = 7;
    pub const WINDOW_END: u8 = 8;
    pub const WIRE_TIMEOUT: u8 = 20;
    pub const RETRY: u8 = 21;
    pub const HEDGE: u8 = 22;
    pub const CANCEL: u8 = 23;
}

impl From<Event> for Packed {
    #[inline(always)]
    fn from(event: Event) -> Self {
        let pack = Packed::new;
        match event {
            Event::Arrive(id) => pack(code::ARRIVE, id),
            Event::Done(id) => pack(code::DONE, id),
            Event::Served(id) => pack(code::SERVED, id),
            Event::PoolTimeout(id) => pack(code::POOL_TIMEOUT, id),
            Event::WireTimeout(wire) => pack(code::WIRE_TIMEOUT, wire),
            Event::Retry(t) => pack(code::RETRY, t),
            Event::Hedge(t) => pack(code::HEDGE, t),
            Event::Cancel(id) => pack(code::CANCEL, id),
            Event::Timer { node, tag, arg } => {
                Packed(pack(code::TIMER, arg).0 | (u64::from(node) << 40) | (u64::from(tag) << 32))
            }
            Event::Action(i) => pack(code::ACTION, i),
            Event::WarmupEnd => pack(code::WARMUP_END, 0),
            Event::WindowEnd => pack(code::WINDOW_END, 0),
        }
    }
}

impl Packed {
    #[inline(always)]
    const fn new(kind: u8, lo: u32) -> Self {
        Packed(((kind as u64) << 56) | lo as u64)
    }

    /// Its number, see [`code`].
    #[inline(always)]
    pub(super) fn kind(self) -> u8 {
        (self.0 >> 56) as u8
    }

    /// The call that it is about, or the argument of a timer.
    #[inline(always)]
    pub(super) fn id(self) -> u32 {
        self.0 as u32
    }

    /// Of a timer, the node and the node's own meaning.
    #[inline(always)]
    pub(super) fn timer(self) -> (NodeIdx, u8) {
        ((self.0 >> 40) as u16, (self.0 >> 32) as u8)
    }

    /// What it stands for.
    pub(super) fn unpack(self) -> Event {
        let lo = self.0 as u32;
        match (self.0 >> 56) as u8 {
            code::ARRIVE => Event::Arrive(lo),
            code::DONE => Event::Done(lo),
            code::SERVED => Event::Served(lo),
            code::POOL_TIMEOUT => Event::PoolTimeout(lo),
            code::WIRE_TIMEOUT => Event::WireTimeout(lo),
            code::RETRY => Event::Retry(lo),
            code::HEDGE => Event::Hedge(lo),
            code::CANCEL => Event::Cancel(lo),
            code::ACTION => Event::Action(lo),
            code::WARMUP_END => Event::WarmupEnd,
            code::WINDOW_END => Event::WindowEnd,
            _ => Event::Timer { node: (self.0 >> 40) as u16, tag: (self.0 >> 32) as u8, arg: lo },
        }
    }

    /// The event as a number, for the run hash. Of an action not its position: what is done by hand has another one when it
    /// is run again from the timeline.
    #[inline(always)]
    pub(super) fn code(self) -> u64 {
        let is_action = self.0 >> 56 == u64::from(code::ACTION);
        if is_action { u64::from(code::ACTION) << 56 } else { self.0 }
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

/// What is to be done now, first in first out. Nearly always that is to take a call or an answer in: those are held in one
/// word, as events are; the others, which are larger, beside them.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    words: Vec<Packed>,
    /// Words that are done already. All of them are let go when the last one is taken.
    done: usize,
    others: VecDeque<Now>,
}

/// Words that are let go before the last one is taken, when there is ever more to do.
const DONE_MAX: usize = 4_096;

impl Inbox {
    /// Puts something at the end.
    #[inline(always)]
    pub fn push_back(&mut self, now: Now) {
        let word = match now {
            Now::Arrive(id) => Packed::new(code::ARRIVE, id),
            Now::Done(id) => Packed::new(code::DONE, id),
            Now::Cancel(id) => Packed::new(code::CANCEL, id),
            other => {
                self.others.push_back(other);
                Packed::default()
            }
        };
        self.words.push(word);
    }

    /// Takes the first; one that is neither a call nor an answer is [`Inbox::other`].
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Packed> {
        let word = *self.words.get(self.done)?;
        self.done += 1;
        if self.done == self.words.len() {
            self.words.clear();
            self.done = 0;
        } else if self.done == DONE_MAX {
            self.words.drain(..DONE_MAX);
            self.done = 0;
        }
        Some(word)
    }

    /// What the word that was just taken stands for, if it is no event.
    pub(super) fn other(&mut self) -> Option<Now> {
        self.others.pop_front()
    }

    /// Whether there is nothing to do.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
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
    /// Calls that came back as failures since the window began, or that the caller gave up.
    pub window_failures: u64,
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

impl WireState {
    /// Whether it only carries: no retries, pools, connections to set up or distances. Most wires do.
    #[inline(always)]
    pub(super) fn only_carries(&self) -> bool {
        self.guard.is_none() && self.pool.is_none() && self.connections.is_none() && self.reach.is_nothing()
    }
}

/// The connections of one calling part over one wire.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    pub(super) used: u32,
    pub(super) head: u32,
    pub(super) tail: u32,
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
