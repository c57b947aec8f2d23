//! What all nodes share: the clock, the event queue, calls between nodes, connection pools, and what is measured.

pub use super::calls::*;
use super::ground::{Ground, PlaceIdx};
use super::host::Host;
use super::meter::{NodeMeter, Outcome};
use super::money::{Bill, Item, Store};
use super::people::People;
use super::resilience::Try;
use super::trace::Tracer;
use crate::kinds::Kind;
use crate::limits::CALLS_MAX;
use crate::messages::{Happening, NO_NODE, What};
use crate::prices::{Prices, Rented};
use crate::reason::Reason;
use crate::verbs::Verb;
use headroom_engine::{Arena, EventQueue, Links, NIL, Popularity, RunHash, SimTime};

/// What all nodes share.
#[derive(Clone, Debug)]
pub struct Core {
    /// Present moment of what is simulated. World time is ahead of it by what has been skipped.
    pub now: SimTime,
    /// World time that has been skipped, see [`super::detail`] [ns].
    pub skipped_ns: u64,
    /// When measuring began, by the clock of what is simulated.
    pub measured_since: SimTime,
    /// While a summary is made that also stands for what was skipped: how much time that was [ns].
    pub stood_for_ns: u64,
    /// Events to come.
    pub queue: EventQueue<Packed>,
    /// What is to be done before time goes on, first in first out.
    pub inbox: Inbox,
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
    /// What users live through, for each node of monitoring.
    pub people: Vec<People>,
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
    /// How popular items and assets are: tables that users of the same taste share.
    pub popularities: Vec<Popularity>,
    /// Seed of the run.
    pub seed: u64,
}

impl Core {
    /// A core without nodes.
    pub fn new(seed: u64, items: u32) -> Self {
        Self {
            now: SimTime::ZERO,
            skipped_ns: 0,
            measured_since: SimTime::ZERO,
            stood_for_ns: 0,
            queue: EventQueue::new(),
            inbox: Inbox::default(),
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
            people: Vec::new(),
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
            popularities: Vec::new(),
            seed,
        }
    }

    /// Zipf over `n` items with exponent `s`, without a table of its own where there is one already.
    pub fn popularity(&self, n: u32, s: f64) -> Popularity {
        let same = self.popularities.iter().find(|p| p.n() == n && p.exponent() == s);
        same.cloned().unwrap_or_else(|| Popularity::zipf(n, s))
    }

    /// What is kept for what is on its way: calls, calls that may make several attempts, and events to come.
    pub fn kept(&self) -> (u32, u32, usize) {
        (self.calls.live(), self.tries.live(), self.queue.len())
    }

    /// Takes the next event up to `limit`, moves the clock and absorbs it in the hash.
    #[inline(always)]
    pub fn next_event(&mut self, limit: SimTime) -> Option<(u64, Packed)> {
        let (time, seq, event) = self.queue.pop_before(limit)?;
        self.now = time;
        self.events += 1;
        self.hash.absorb(time.0, event.code());
        Some((seq, event))
    }

    /// Time over which what is measured was measured [ns].
    pub fn span_ns(&self) -> u64 {
        self.now.since(self.measured_since) + self.stood_for_ns
    }

    /// World time at a moment of what is simulated that nothing was skipped since.
    #[inline]
    pub fn world(&self, at: SimTime) -> SimTime {
        at.saturating_add(self.skipped_ns)
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
    #[inline(always)]
    pub fn call(&mut self, new: NewCall) -> u32 {
        let call = Call {
            parent: new.parent,
            key: new.key,
            client: new.client,
            version: new.version,
            node: self.wires[new.wire as usize].to,
            part: new.part,
            wire: new.wire,
            from_part: new.from_part,
            store: new.store,
            op: new.op,
            flags: new.flags | if new.part == ANY_PART { flag::ANYWHERE } else { 0 },
            region: new.region,
            more: new.more & !(more::ATTEMPT | more::CANCELLED | more::NEW_CONNECTION),
            bytes: new.bytes,
            ..Call::default()
        };
        let Some(id) = self.calls.alloc(call) else { return self.call_not_made(&new) };
        let w = &mut self.wires[new.wire as usize];
        if w.only_carries() && new.more & more::TRACED == 0 {
            w.window_calls += 1;
            let latency_ns = w.latency_ns;
            self.send(latency_ns, id);
        } else {
            self.call_with_more(id, &new);
        }
        id
    }

    /// A call comes to its node after a while, or now.
    #[inline(always)]
    fn send(&mut self, delay_ns: u64, id: u32) {
        if delay_ns == 0 {
            self.inbox.push_back(Now::Arrive(id));
        } else {
            self.queue.push(self.now.saturating_add(delay_ns), Event::Arrive(id));
        }
    }

    /// Sends a call over a wire that does more than carry, or one that is followed.
    #[inline(never)]
    fn call_with_more(&mut self, id: u32, new: &NewCall) {
        let w = &self.wires[new.wire as usize];
        if new.more & more::TRACED != 0 {
            match &w.guard {
                // Its attempts are what is seen of it.
                Some(guard) if guard.is_resilient() => self.tracer.stand_in(id, new.parent),
                _ => self.tracer.sent(self.now, id, new, w.to),
            }
        }
        match w.pool {
            _ if w.guard.is_some() => self.call_guarded(id),
            None => self.launch(id),
            Some(limit) => self.launch_pooled(id, limit),
        }
    }

    /// There is no room for one more call: the caller hears so.
    #[cold]
    fn call_not_made(&mut self, new: &NewCall) -> u32 {
        let (node, from) = (self.wires[new.wire as usize].to, self.wires[new.wire as usize].from);
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
        NIL
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
            self.tracer.note(id, |s| (s.free_ns, s.launched_ns) = (Some(now), Some(now)));
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
        self.trace_due(id, self.now.saturating_add(delay_ns));
        self.send(delay_ns, id);
    }

    /// Counts a call that came back as a failure, for the wire that it came over. What was given up counted then, and where
    /// several attempts are made, each counts and not the call that they are made for.
    #[cold]
    pub(super) fn failed_on_wire(&mut self, id: u32) {
        let call = &self.calls[id];
        let (given_up, attempt) =
            (call.parent == NIL && call.flags & flag::DETACHED == 0, more::ATTEMPT & call.more != 0);
        let wire = &mut self.wires[call.wire as usize];
        let attempts = wire.guard.as_ref().is_some_and(|guard| guard.is_resilient());
        wire.window_failures += u64::from(!given_up && (attempt || !attempts));
    }

    /// A caller waits no longer for a call, which goes on behind.
    pub fn give_up(&mut self, id: u32) {
        let wire = self.calls[id].wire as usize;
        self.wires[wire].window_failures += 1;
        self.abandon(id);
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

    /// Counts all times of calls that were put aside, at every node.
    pub fn settle_meters(&mut self) {
        for meter in &mut self.meters {
            meter.settle();
        }
    }

    /// Notes a call's arrival at its node.
    #[inline(always)]
    pub(super) fn arrive(&mut self, id: u32) {
        let now = self.now;
        let call = &mut self.calls[id];
        call.arrived = now;
        call.flags |= flag::INSIDE;
        self.meters[call.node as usize].arrive(now, call.op.class());
        if call.more & more::TRACED != 0 {
            self.tracer.note(id, |s| (s.arrived_ns, s.due_ns) = (Some(now.0), None));
        }
    }

    /// Notes of a followed call when it, or its answer, will be there.
    #[inline]
    pub(super) fn trace_due(&mut self, id: u32, due: SimTime) {
        if self.calls[id].more & more::TRACED != 0 {
            self.tracer.note(id, |s| s.due_ns = Some(due.0));
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
    #[inline(always)]
    pub fn reply(&mut self, id: u32, outcome: Outcome) {
        let now = self.now;
        let call = &mut self.calls[id];
        debug_assert!(call.flags & flag::INSIDE != 0);
        call.outcome = outcome;
        call.flags &= !flag::INSIDE;
        call.due = 0;
        self.meters[call.node as usize].depart(now, call.op.class(), now.since(call.arrived), outcome);
        let wire = &self.wires[call.wire as usize];
        if !outcome.is_ok() || call.more & more::TRACED != 0 || !wire.only_carries() {
            return self.reply_with_more(id, outcome);
        }
        if let Some(item) = wire.billed {
            self.bills[call.node as usize].count(item, u64::from(call.bytes));
        }
        let latency_ns = wire.latency_ns;
        self.send_back(latency_ns, id);
    }

    /// An answer comes to the caller after a while, or now.
    #[inline(always)]
    fn send_back(&mut self, delay_ns: u64, id: u32) {
        if delay_ns == 0 {
            self.inbox.push_back(Now::Done(id));
        } else {
            self.queue.push(self.now.saturating_add(delay_ns), Event::Done(id));
        }
    }

    /// Sends an answer back that is a failure, is followed, or goes over a wire that does more than carry.
    #[inline(never)]
    fn reply_with_more(&mut self, id: u32, outcome: Outcome) {
        let now = self.now;
        let call = &self.calls[id];
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
        self.trace_due(id, now.saturating_add(delay_ns));
        self.send_back(delay_ns, id);
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
