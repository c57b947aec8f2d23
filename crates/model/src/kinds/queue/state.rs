//! A message queue while it runs.

use super::store::{Message, Stage, Store};
use super::{OnFailure, QueueParams, WhenFull};
use crate::kinds::Verb;
use crate::limits::MESSAGES_MAX;
use crate::messages::{PartNow, PartState, What};
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Command, Core, Event, NewCall, NodeIdx, Op, Reply, flag, more};
use crate::sim::detail::Memory;
use crate::sim::meter::Outcome;
use crate::sim::money::Item;
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::verbs::Action;
use headroom_engine::{Hist, NIL, Sampler, SimTime, Stream, WindowHist, ns_from_secs};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

/// A visibility timeout is over.
const VISIBLE: u8 = 0;
/// The oldest message may be too old.
const RETENTION: u8 = 1;
/// The wire to a consumer lets messages through again.
const RESTED: u8 = 2;

/// A worker instance that pulls.
#[derive(Clone, Copy, Debug)]
struct Consumer {
    wire: u16,
    part: u16,
    /// Messages that it wants to hold at once.
    places: u32,
    /// Deliveries that it has not come back from.
    holds: u32,
    /// It is in the ring of those with a free place.
    asks: bool,
    /// It fetches nothing, for its wire lets nothing through just now.
    rests: bool,
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    published: u64,
    delivered: u64,
    redelivered: u64,
    done: u64,
    /// Processed again after it was done.
    duplicates: u64,
    /// Processed after it was given up.
    late: u64,
    dead: u64,
    expired: u64,
    lost: u64,
}

/// A message queue while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: QueueParams,
    up: bool,
    law: Sampler,
    stream: Stream,
    visibility_ns: u64,
    retention_ns: Option<u64>,
    store: Store,
    /// Calls whose message is being stored.
    storing: u32,
    /// Publishers that wait for room: a chain of calls.
    blocked: (u32, u32),
    blocked_count: u32,
    consumers: Vec<Consumer>,
    /// Consumers with a free place, in the order in which they get the next messages.
    ring: VecDeque<u32>,
    /// Moments for which a timer is set.
    visible_at: SimTime,
    retention_at: SimTime,
    window: Counts,
    total: Counts,
    /// Messages there were when measuring began.
    carried: u64,
    delay: Hist,
    window_delay: WindowHist,
    /// Dead letters and lost messages since the run began.
    dead_ever: u64,
    lost_ever: u64,
}

impl State {
    /// The node at time 0: empty.
    pub fn new(params: &QueueParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        Self {
            up: true,
            law: Sampler::new(&params.store),
            stream: Stream::new(core.seed, node, "storage"),
            visibility_ns: ns_from_secs(params.visibility_s),
            retention_ns: params.retention_s.map(ns_from_secs),
            store: Store::new(MESSAGES_MAX),
            storing: 0,
            blocked: (NIL, NIL),
            blocked_count: 0,
            consumers: Vec::new(),
            ring: VecDeque::new(),
            visible_at: SimTime::MAX,
            retention_at: SimTime::MAX,
            window: Counts::default(),
            total: Counts::default(),
            carried: 0,
            delay: Hist::new(),
            window_delay: WindowHist::new(),
            dead_ever: 0,
            lost_ever: 0,
            params: params.clone(),
        }
    }

    /// Whether every message is accounted for: published (and carried over) = done + dead + expired + lost + here.
    pub fn is_conserved(&self) -> bool {
        let t = self.total;
        self.carried + t.published == t.done + t.dead + t.expired + t.lost + self.store.present()
    }

    fn count(&mut self, change: impl Fn(&mut Counts)) {
        change(&mut self.window);
        change(&mut self.total);
    }

    fn is_full(&self) -> bool {
        self.params
            .capacity
            .is_some_and(|limit| self.store.present() + u64::from(self.storing) >= u64::from(limit))
    }

    /// A message is taken on: stored first, or at once.
    fn take_on(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let (class, arrived) = (core.calls[id].op.class(), core.calls[id].arrived);
        core.meters[me as usize].start(class, core.now.since(arrived));
        if self.params.durable {
            self.storing += 1;
            let took = self.law.sample_ns(&mut self.stream);
            core.calls[id].due = core.queue.push(core.now.saturating_add(took), Event::Served(id));
        } else {
            self.publish(core, me, id);
        }
    }

    /// The message is in the queue: its publisher may go.
    fn publish(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let message = Message {
            // An asset, which has its place after all items, stands for some item when it is queued like a job.
            key: call.key % core.items,
            client: call.client,
            bytes: call.bytes,
            region: call.region,
            ..Message::default()
        };
        if !self.store.put(core.now, message) {
            core.saturated = true;
            return core.fail(id, Reason::Saturated);
        }
        self.count(|c| c.published += 1);
        core.bills[me as usize].count(Item::QueueRequests, 1);
        self.watch_ages(core, me);
        core.reply(id, Outcome::OK);
        self.hand_out(core, me);
    }

    /// Delivers messages for as long as there are both messages and free places.
    fn hand_out(&mut self, core: &mut Core, me: NodeIdx) {
        while self.up && self.store.waiting.level() > 0 {
            let Some(at) = self.ring.pop_front() else { break };
            let consumer = &mut self.consumers[at as usize];
            consumer.asks = false;
            if consumer.holds >= consumer.places {
                continue;
            }
            if let Some(open_at) = core.lets_through_at(consumer.wire, 0) {
                consumer.rests = true;
                core.queue.push(open_at, Event::Timer { node: me, tag: RESTED, arg: at });
                continue;
            }
            let Some(id) = self.store.take(core.now) else { break };
            consumer.holds += 1;
            let consumer = *consumer;
            self.ask(at);
            self.store.send(core.now, id, core.now.saturating_add(self.visibility_ns));
            let m = *self.store.get(id);
            let again = u64::from(m.receives > 1);
            self.count(|c| {
                c.delivered += 1;
                c.redelivered += again;
            });
            core.bills[me as usize].count(Item::QueueRequests, 1);
            let followed = core.tracer.deliver(core.now, me, Op::Job.class(), m.key, m.client);
            core.call(NewCall {
                more: if followed { more::TRACED } else { 0 },
                wire: consumer.wire,
                part: consumer.part,
                parent: id,
                op: Op::Job,
                key: m.key,
                client: m.client,
                region: m.region,
                bytes: m.bytes,
                ..NewCall::default()
            });
        }
        self.watch_visibility(core, me);
    }

    /// Puts a consumer with a free place into the ring.
    fn ask(&mut self, at: u32) {
        let c = &mut self.consumers[at as usize];
        if !c.asks && !c.rests && c.holds < c.places {
            c.asks = true;
            self.ring.push_back(at);
        }
    }

    fn watch_visibility(&mut self, core: &mut Core, me: NodeIdx) {
        if let Some((_, at)) = self.store.next_visible()
            && at < self.visible_at
        {
            self.visible_at = at;
            core.queue.push(at, Event::Timer { node: me, tag: VISIBLE, arg: 0 });
        }
    }

    fn watch_ages(&mut self, core: &mut Core, me: NodeIdx) {
        let (Some(retention_ns), Some((_, published))) = (self.retention_ns, self.store.oldest()) else {
            return;
        };
        let at = published.saturating_add(retention_ns);
        if at < self.retention_at {
            self.retention_at = at;
            core.queue.push(at, Event::Timer { node: me, tag: RETENTION, arg: 0 });
        }
    }

    fn expire(&mut self, core: &mut Core, me: NodeIdx) {
        self.retention_at = SimTime::MAX;
        let Some(retention_ns) = self.retention_ns else { return };
        while let Some((id, published)) = self.store.oldest() {
            if published.saturating_add(retention_ns) > core.now {
                break;
            }
            self.store.stop_ageing(id);
            if self.store.get(id).stage == Stage::Waiting {
                // The oldest of all is the first of those that wait.
                let taken = self.store.take(core.now);
                debug_assert_eq!(taken, Some(id));
                self.store.end(core.now, id, true);
                self.count(|c| c.expired += 1);
                self.lost_ever += 1;
            } else {
                self.store.get(id).too_old = true;
            }
        }
        self.watch_ages(core, me);
    }

    fn visibility_over(&mut self, core: &mut Core, me: NodeIdx) {
        self.visible_at = SimTime::MAX;
        while let Some((id, deadline)) = self.store.next_visible() {
            if deadline > core.now {
                break;
            }
            self.back(core, id);
        }
        self.hand_out(core, me);
        self.let_in(core, me);
    }

    /// A message that is away has not been done: back into the queue, unless it had its chances.
    fn back(&mut self, core: &Core, id: u32) {
        let m = *self.store.get(id);
        if self.params.max_receives.is_some_and(|max| m.receives >= max) {
            self.store.end(core.now, id, false);
            self.count(|c| c.dead += 1);
            self.dead_ever += 1;
        } else if m.too_old {
            self.store.end(core.now, id, false);
            self.count(|c| c.expired += 1);
            self.lost_ever += 1;
        } else {
            self.store.give_back(core.now, id);
        }
    }

    /// There may be room for publishers that wait.
    fn let_in(&mut self, core: &mut Core, me: NodeIdx) {
        while self.up && self.blocked.0 != NIL && !self.is_full() {
            let id = self.blocked.0;
            self.blocked.0 = core.calls[id].next;
            if self.blocked.0 == NIL {
                self.blocked.1 = NIL;
            }
            core.calls[id].next = NIL;
            self.blocked_count -= 1;
            self.take_on(core, me, id);
        }
    }

    /// A worker has come back with a message and says that it is done.
    fn done(&mut self, core: &Core, id: u32) {
        let m = self.store.get(id);
        let (stage, first, published) = (m.stage, !m.processed, m.published);
        m.processed = true;
        if !first {
            self.count(|c| c.duplicates += 1);
        }
        match stage {
            Stage::Over => {
                if first {
                    self.count(|c| c.late += 1);
                }
            }
            // The acknowledgement finds nobody, and the message will be delivered again.
            Stage::Waiting | Stage::Away if !self.up => {}
            Stage::Waiting | Stage::Away | Stage::Forgotten => {
                self.store.end(core.now, id, false);
                self.count(|c| c.done += 1);
                let delay = core.now.since(published);
                self.delay.record(delay);
                self.window_delay.record(delay);
            }
        }
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx) {
        self.up = false;
        core.alive[me as usize][0] = false;
        self.storing = 0;
        self.blocked = (NIL, NIL);
        self.blocked_count = 0;
        // Not all calls of this node are worked on inside others: deliveries go on, and their parents are messages.
        let inside: Vec<u32> = core
            .calls
            .iter_live()
            .filter(|(_, c)| c.node == me && c.flags & flag::INSIDE != 0)
            .map(|(id, _)| id)
            .collect();
        for id in inside {
            core.fail(id, Reason::Died);
        }
        core.happen(me, None, What::Killed);
        if self.params.durable {
            return;
        }
        while let Some(id) = self.store.take(core.now) {
            self.store.end(core.now, id, true);
            self.count(|c| c.lost += 1);
            self.lost_ever += 1;
        }
        for id in self.store.all_away() {
            self.store.forget(id);
        }
    }
}

impl Behaviour for State {
    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        core.calls[id].part = 0;
        core.to_item(id);
        if !self.up {
            return core.fail(id, Reason::Refused);
        }
        if !self.is_full() {
            return self.take_on(core, me, id);
        }
        match self.params.when_full {
            WhenFull::Block => {
                core.calls[id].next = NIL;
                match self.blocked.1 {
                    NIL => self.blocked.0 = id,
                    tail => core.calls[tail].next = id,
                }
                self.blocked.1 = id;
                self.blocked_count += 1;
            }
            WhenFull::DropOldest if self.store.waiting.level() > 0 => {
                if let Some(oldest) = self.store.take(core.now) {
                    self.store.end(core.now, oldest, true);
                    self.count(|c| c.lost += 1);
                    self.lost_ever += 1;
                }
                self.take_on(core, me, id);
            }
            WhenFull::DropOldest | WhenFull::Reject => core.fail(id, Reason::QueueFull),
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        self.storing -= 1;
        self.publish(core, me, id);
    }

    /// `parent` is a message.
    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if let Some(at) = self.consumers.iter().position(|c| c.wire == reply.wire && c.part == reply.part) {
            self.consumers[at].holds -= 1;
            self.ask(at as u32);
        }
        let m = self.store.get(parent);
        m.out -= 1;
        let (stage, last) = (m.stage, m.out == 0);
        // Who has crashed, or was not there, tells nobody. Nor is anything told in no time at all: what fails at the
        // moment in which it is delivered would come and go for ever before the next moment.
        let told = core.now > m.delivered
            && !matches!(
                reply.outcome.reason(),
                Some(Reason::Died | Reason::Refused | Reason::Crashed | Reason::Saturated)
            );
        if reply.outcome.is_ok() {
            core.bills[me as usize].count(Item::QueueRequests, 1);
            self.done(core, parent);
        } else if stage == Stage::Forgotten && last {
            self.store.end(core.now, parent, false);
            self.count(|c| c.lost += 1);
            self.lost_ever += 1;
        } else if self.up
            && told
            && last
            && stage == Stage::Away
            && self.params.on_failure == OnFailure::Return
        {
            self.back(core, parent);
        }
        if last && stage == Stage::Over {
            self.store.let_go(parent);
        }
        self.hand_out(core, me);
        self.let_in(core, me);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, tag: u8, arg: u32) {
        match tag {
            VISIBLE if core.now >= self.visible_at => self.visibility_over(core, me),
            RETENTION if core.now >= self.retention_at => {
                self.expire(core, me);
                self.let_in(core, me);
            }
            RESTED => {
                self.consumers[arg as usize].rests = false;
                self.ask(arg);
                self.hand_out(core, me);
                self.let_in(core, me);
            }
            _ => {}
        }
    }

    fn command(&mut self, core: &mut Core, me: NodeIdx, command: Command) {
        let Command::Pull { wire, part, places } = command else { return };
        let found = self.consumers.iter().position(|c| c.wire == wire && c.part == part);
        let at = found.unwrap_or_else(|| {
            self.consumers.push(Consumer { wire, part, places, holds: 0, asks: false, rests: false });
            self.consumers.len() - 1
        });
        self.consumers[at].places = places;
        self.ask(at as u32);
        self.hand_out(core, me);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::Kill if self.up => self.kill(core, me),
            Verb::Revive if !self.up => {
                self.up = true;
                core.alive[me as usize][0] = true;
                core.happen(me, None, What::Revived);
                self.hand_out(core, me);
            }
            _ => {}
        }
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let w = self.window;
        let rate = |n: u64| (n as f64 / window_s) as f32;
        let oldest_s = self.store.oldest().map_or(0.0, |(_, t)| core.now.since(t) as f64 / 1e9);
        let p99 =
            if self.window_delay.is_empty() { f32::NAN } else { self.window_delay.quantile_s(0.99) as f32 };
        out.extend([
            self.store.waiting.level() as f32,
            oldest_s as f32,
            self.store.away.level() as f32,
            rate(w.published),
            rate(w.delivered),
            rate(w.done),
            rate(w.redelivered),
            self.dead_ever as f32,
            self.lost_ever as f32,
            p99,
        ]);
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {
        self.window = Counts::default();
        self.window_delay.clear();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        vec![PartNow {
            state: if self.up { PartState::Up } else { PartState::Down },
            queue: self.store.waiting.level() as u32,
            queue_limit: self.params.capacity.unwrap_or(u32::MAX),
            ..PartNow::default()
        }]
    }

    fn queued(&self) -> u64 {
        self.store.waiting.level()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.is_busy |= !self.up;
        // Lost deliveries come back when their time is over.
        memory.lasts(if self.total.redelivered > 0 { self.visibility_ns } else { 0 });
        memory.stock(self.store.present(), self.total.published + self.carried);
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.published, &mut c.delivered, &mut c.redelivered, &mut c.done, &mut c.duplicates]);
        t.counts([&mut c.late, &mut c.dead, &mut c.expired, &mut c.lost]);
        t.durations(&mut self.delay);
        t.level(&mut self.store.waiting);
        t.level(&mut self.store.away);
    }

    fn restart(&mut self, core: &mut Core) {
        self.total = Counts::default();
        self.carried = self.store.present();
        self.delay.clear();
        self.store.waiting.restart(core.now);
        self.store.away.restart(core.now);
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let mut map = crate::summary::durations("delay", &self.delay);
        let mut put = |name: &str, n: u64| map.insert(name.to_owned(), json!(n));
        put("messages_carried", self.carried);
        put("published", t.published);
        put("delivered", t.delivered);
        put("redelivered", t.redelivered);
        put("done", t.done);
        put("duplicates", t.duplicates);
        put("processed_after_given_up", t.late);
        put("dead_letters", t.dead);
        put("expired", t.expired);
        put("lost", t.lost);
        put("messages_waiting", self.store.waiting.level());
        put("messages_unfinished", self.store.away.level());
        put("backlog_peak", self.store.waiting.max());
        put("publishers_waiting", u64::from(self.blocked_count));
        let ended = t.done + t.dead;
        map.insert("deliveries_mean".to_owned(), share(t.delivered, ended));
        map.insert("dead_letter_share".to_owned(), share(t.dead, ended));
        map.insert("backlog_mean".to_owned(), json!(self.store.waiting.mean_over(core.now, core.span_ns())));
        map
    }
}
