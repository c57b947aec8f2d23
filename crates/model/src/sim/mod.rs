//! A design while it runs.
//!
//! One loop takes events in the order of (time, sequence) and lets nodes answer them. Nodes call each other through
//! [`core::Core`]; answers travel back the same way. Everything is `Clone`, and a clone goes on exactly as the original.

pub mod arrivals;
pub mod batches;
pub mod behaviour;
mod build;
mod calls;
pub mod connect;
pub mod core;
pub mod data_path;
pub mod detail;
pub mod film;
pub mod fleet;
pub mod flights;
pub mod gather;
pub mod ground;
pub mod host;
pub mod machines;
pub mod meter;
pub mod money;
pub mod people;
#[cfg(test)]
mod place_tests;
pub(crate) mod resilience;
#[cfg(test)]
mod resilience_tests;
pub mod session_table;
mod sharing;
pub mod station;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod wiring;

use self::behaviour::Behaviour;
use self::calls::code;
use self::core::{CLASSES, Core, Event, NodeIdx, Now, Packed, Reply, flag, more};
use self::detail::Sampling;
use self::meter::NodeMeter;
use self::money::Usage;
use self::trace::Traces;
use crate::design::{Action, Design, Entry};
use crate::kinds::{COMMON, Kind, NodeState, common};
use crate::messages::{Happening, NodeNow, Totals, Window, world};
use crate::reason::REASONS;
use crate::verbs::{On, Verb};
use headroom_engine::{SimTime, WindowHist, ns_from_secs};

/// A run of a design.
#[derive(Clone, Debug)]
pub struct Simulation {
    core: Core,
    nodes: Vec<NodeState>,
    actions: Vec<Action>,
    /// When each action that was done by hand was, in the order of the end of `actions`.
    acted: Vec<SimTime>,
    end: SimTime,
    window_ns: u64,
    window_start: SimTime,
    measured_since: SimTime,
    windows: Vec<Window>,
    happenings: Vec<Happening>,
    /// Requests of all users since time 0, whatever the warm-up: arrived, completed, failed.
    before_warmup: Totals,
    /// With sampled detail only; and how far world time has got in the skip that it is in [ns].
    sampling: Option<Box<Sampling>>,
    progress_ns: u64,
}

/// Why a run of events stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The wanted time is reached.
    Time,
    /// So many events were worked on.
    Events,
}

impl Simulation {
    /// Assembles a run. The design must be one that [`Design::parse`] gave or that has no faults.
    pub fn new(design: &Design) -> Self {
        let (mut core, mut nodes) = build::assemble(design);
        let run = &design.run;
        let window_ns = ns_from_secs(run.window_length_s()).max(1);
        let end = SimTime(ns_from_secs(run.until_s));
        for (i, entry) in design.timeline.iter().enumerate() {
            core.queue.push_control(SimTime(ns_from_secs(entry.at_s)), i as u32, Event::Action(i as u32));
        }
        core.queue.push_control(SimTime(window_ns), WINDOW_RANK, Event::WindowEnd);
        if run.warmup_s > 0.0 {
            core.queue.push_control(SimTime(ns_from_secs(run.warmup_s)), WARMUP_RANK, Event::WarmupEnd);
        }
        for (i, node) in nodes.iter_mut().enumerate() {
            node.begin(&mut core, i as NodeIdx);
        }
        Self {
            core,
            nodes,
            acted: Vec::new(),
            actions: design.timeline.iter().map(|e| e.action.clone()).collect(),
            end,
            window_ns,
            window_start: SimTime::ZERO,
            measured_since: SimTime::ZERO,
            windows: Vec::new(),
            happenings: Vec::new(),
            before_warmup: Totals::default(),
            sampling: Sampling::new(design),
            progress_ns: 0,
        }
    }

    /// Present moment of the world. What is simulated has a clock of its own ([`Core::now`]), which is behind by what was
    /// skipped.
    pub fn now(&self) -> SimTime {
        self.core.world(self.core.now).saturating_add(self.progress_ns)
    }

    /// Where the skip ends that world time is in, with sampled detail.
    pub fn skips_to(&self) -> Option<SimTime> {
        self.sampling.as_ref().and_then(|s| s.skips_to())
    }

    /// End of the run.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// Whether the end is reached and nothing is left to do at that last instant.
    pub fn is_finished(&self) -> bool {
        let end = SimTime(self.end.0.saturating_sub(self.core.skipped_ns));
        self.now() >= self.end && self.core.queue.peek_time().is_none_or(|next| next > end)
    }

    /// Events so far.
    pub fn events(&self) -> u64 {
        self.core.events
    }

    /// Hash of every event so far.
    pub fn hash(&self) -> u64 {
        self.core.hash.value()
    }

    /// Whether the simulator's own limit was reached.
    pub fn is_saturated(&self) -> bool {
        self.core.saturated
    }

    /// When measuring began: 0, or the end of the warm-up.
    pub fn measured_since(&self) -> SimTime {
        self.measured_since
    }

    /// Most calls in flight at once so far.
    pub fn calls_peak(&self) -> u32 {
        self.core.calls.peak()
    }

    /// What all nodes share.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Measurements of a node.
    pub fn meter(&self, node: usize) -> &NodeMeter {
        &self.core.meters[node]
    }

    /// The nodes, in the design's order.
    pub fn nodes(&self) -> &[NodeState] {
        &self.nodes
    }

    /// The nodes, to be changed, with the core.
    pub fn nodes_mut(&mut self) -> (&mut [NodeState], &Core) {
        (&mut self.nodes, &self.core)
    }

    /// All windows that are complete.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Everything that happened so far.
    pub fn happenings(&self) -> &[Happening] {
        &self.happenings
    }

    /// Runs to the end.
    pub fn run(&mut self) {
        self.run_until(self.end, u64::MAX);
    }

    /// Runs until a time (at most the end), in at most `events_max` events. Stopping between two events and going on
    /// changes nothing.
    pub fn run_until(&mut self, time: SimTime, events_max: u64) -> Stop {
        let time = time.min(self.end);
        let stop = match self.sampling {
            None => self.run_exactly(time, events_max),
            Some(_) => self.run_sampled(time, events_max),
        };
        self.core.settle_meters();
        stop
    }

    /// Runs until a moment of the clock of what is simulated.
    fn run_exactly(&mut self, time: SimTime, events_max: u64) -> Stop {
        for _ in 0..events_max {
            // Left over only by an event that set off more than a step's worth.
            if !self.core.inbox.is_empty() && !self.settle() {
                return Stop::Events;
            }
            let Some((seq, event)) = self.core.next_event(time) else {
                self.core.now = self.core.now.max(time);
                return Stop::Time;
            };
            self.handle(seq, event);
            if !self.settle() {
                return Stop::Events;
            }
        }
        Stop::Events
    }

    /// Does what is to be done before time goes on; false when that is so much that whoever runs this should have a look
    /// at the world in between.
    #[inline(always)]
    fn settle(&mut self) -> bool {
        for _ in 0..STEPS_MAX {
            let Some(word) = self.core.inbox.pop() else { return true };
            match word.kind() {
                code::ARRIVE => self.arrived(word.id()),
                code::DONE => self.answered(word.id()),
                code::CANCEL => self.cancelled(word.id()),
                _ => self.do_other(),
            }
        }
        self.core.inbox.is_empty()
    }

    #[inline(always)]
    fn handle(&mut self, seq: u64, event: Packed) {
        match event.kind() {
            code::SERVED => self.served(seq, event.id()),
            code::TIMER => {
                let (node, tag) = event.timer();
                self.nodes[node as usize].timer(&mut self.core, node, seq, tag, event.id());
            }
            code::ARRIVE => self.arrived(event.id()),
            code::DONE => self.answered(event.id()),
            _ => self.handle_rare(seq, event.unpack()),
        }
        if !self.core.happenings.is_empty() {
            self.tell_happenings();
        }
    }

    #[inline(never)]
    fn handle_rare(&mut self, seq: u64, event: Event) {
        match event {
            Event::PoolTimeout(id) => self.core.pool_timeout(seq, id),
            Event::WireTimeout(wire) => self.core.wire_timeouts(wire),
            Event::Retry(t) => self.core.retry_due(seq, t),
            Event::Hedge(t) => self.core.hedge_due(seq, t),
            Event::Cancel(id) => self.cancelled(id),
            Event::Action(i) => {
                let action = self.actions[i as usize].clone();
                self.do_action(&action);
            }
            Event::WarmupEnd => self.end_warmup(),
            Event::WindowEnd => {
                self.end_window();
                if let Some(sampling) = &mut self.sampling {
                    sampling.window_ended(self.window_ns);
                }
                let next = self.core.now.saturating_add(self.window_ns);
                self.core.queue.push_control(next, WINDOW_RANK, Event::WindowEnd);
            }
            Event::Served(_) | Event::Timer { .. } | Event::Arrive(_) | Event::Done(_) => {}
        }
    }

    #[cold]
    fn tell_happenings(&mut self) {
        let skipped_ns = self.core.skipped_ns;
        self.core.happenings.iter_mut().for_each(|h| h.at_ns += skipped_ns);
        self.happenings.append(&mut self.core.happenings);
    }

    /// A worker has finished a call, unless the event is an old one.
    #[inline(always)]
    fn served(&mut self, seq: u64, id: u32) {
        let calls = &self.core.calls;
        if calls.is_live(id) && calls[id].due == seq {
            let node = calls[id].node;
            self.core.host_served(id);
            self.core.trace_served(id);
            self.nodes[node as usize].served(&mut self.core, node, id);
        }
    }

    /// A call reaches its node.
    #[inline(always)]
    fn arrived(&mut self, id: u32) {
        self.core.arrive(id);
        let node = self.core.calls[id].node;
        self.nodes[node as usize].arrive(&mut self.core, node, id);
    }

    /// An answer reaches the caller.
    #[inline(always)]
    fn answered(&mut self, id: u32) {
        // Field by field: a copy of the whole call, just written to, would make the processor wait.
        let call = &self.core.calls[id];
        let (parent, flags, marks) = (call.parent, call.flags, call.more);
        let reply = Reply {
            call: id,
            op: call.op,
            outcome: call.outcome,
            flags,
            wire: call.wire,
            node: call.node,
            part: call.part,
            version: call.version,
            store: call.store,
        };
        if marks & more::TRACED != 0 {
            let call = *call;
            self.core.tracer.back(self.core.now, id, &call);
        }
        if !reply.outcome.is_ok() {
            self.core.failed_on_wire(id);
        }
        if flags & flag::POOLED != 0 {
            let from_part = self.core.calls[id].from_part;
            self.core.release_connection(reply.wire, from_part);
        }
        if marks & more::ATTEMPT != 0 {
            let call = self.core.calls[id];
            self.core.calls.free(id);
            return self.core.attempt_answered(id, &call);
        }
        self.core.calls.free(id);
        if flags & flag::DETACHED == 0 {
            let from = self.core.wires[reply.wire as usize].from;
            self.nodes[from as usize].child_done(&mut self.core, from, parent, reply);
        }
    }

    /// Word that a call's answer is no longer wanted reaches its node.
    #[inline(never)]
    fn cancelled(&mut self, id: u32) {
        if self.core.may_cancel(id) {
            let call = &mut self.core.calls[id];
            call.more |= more::CANCELLED;
            let node = call.node;
            self.nodes[node as usize].cancel(&mut self.core, node, id);
            self.core.cancel_children(id);
        }
    }

    /// What is to be done now and is neither a call nor an answer.
    #[inline(never)]
    fn do_other(&mut self) {
        match self.core.inbox.other() {
            Some(Now::Observe { by, node }) => {
                self.core.settle_meters();
                let seen = self.nodes[node as usize].observe(&self.core, node);
                self.nodes[by as usize].observed(&mut self.core, by, node, seen);
            }
            Some(Now::Command { node, command }) => {
                self.nodes[node as usize].command(&mut self.core, node, command);
            }
            Some(Now::NotMade { node, parent, reply }) => {
                self.nodes[node as usize].child_done(&mut self.core, node, parent, reply);
            }
            Some(Now::Arrive(_) | Now::Done(_) | Now::Cancel(_)) | None => {}
        }
    }

    fn do_action(&mut self, action: &Action) {
        if action.verb.spec().on == On::Places {
            return self.cut_or_join(action);
        }
        if let Some(i) = self.core.ids.iter().position(|id| id == action.node()) {
            return self.nodes[i].act(&mut self.core, i as NodeIdx, action);
        }
        let Some(place) = self.core.ground.place(action.node()) else { return };
        self.core.happen_to_place(action.verb, place, None);
        for (i, node) in self.nodes.iter_mut().enumerate() {
            let me = i as NodeIdx;
            if !node.kind().spec().verbs.contains(&action.verb) {
                continue;
            }
            let mut own = Action { target: self.core.ids[i].clone(), ..action.clone() };
            if self.core.ground.holds_all(place, me) {
                node.act(&mut self.core, me, &own);
                continue;
            }
            for part in 0..self.core.alive[i].len() {
                if self.core.ground.holds(place, me, part) {
                    own.part = Some(part as u32);
                    node.act(&mut self.core, me, &own);
                }
            }
        }
    }

    /// Cuts two places off from each other, or joins them again.
    fn cut_or_join(&mut self, action: &Action) {
        let core = &mut self.core;
        let ends = (core.ground.place(&action.target), core.ground.place(&action.to));
        let (Some(a), Some(b)) = ends else { return };
        if !core.ground.cut(a, b, action.verb == Verb::Partition) {
            return;
        }
        core.happen_to_place(action.verb, a, Some(b));
        for wire in &mut core.wires {
            if self.nodes[wire.to as usize].kind() != Kind::Dns {
                wire.reach = core.ground.reach(wire.from, wire.to, wire.reach.by_region());
            }
        }
        for (i, node) in self.nodes.iter_mut().enumerate() {
            node.ground_changed(core, i as NodeIdx);
        }
    }

    /// Does something now, by hand: at the next nanosecond, before anything else of that moment. Gives the timeline entry
    /// that makes the same happen when the design is run again.
    pub fn act(&mut self, action: Action) -> Entry {
        let at = self.now().saturating_add(1);
        self.push_action(action.clone(), at);
        Entry { at_s: at.as_secs_f64(), action }
    }

    /// Something will be done at a moment of the world.
    fn push_action(&mut self, action: Action, at: SimTime) {
        let index = self.actions.len() as u32;
        self.actions.push(action);
        self.acted.push(at);
        if let Some(sampling) = &mut self.sampling {
            sampling.act_at(at);
        }
        let at = SimTime(at.0.saturating_sub(self.core.skipped_ns));
        self.core.queue.push_control(at, index, Event::Action(index));
    }

    fn end_warmup(&mut self) {
        self.before_warmup = self.totals();
        self.measured_since = self.now();
        self.core.measured_since = self.core.now;
        if let Some(sampling) = &mut self.sampling {
            sampling.measure_anew();
        }
        for meter in &mut self.core.meters {
            meter.restart(self.core.now);
        }
        for bill in self.core.bills.iter_mut().chain([&mut self.core.ground_bill]) {
            bill.restart(self.core.now);
        }
        for connections in self.core.wires.iter_mut().filter_map(|w| w.connections.as_mut()) {
            connections.made = 0;
        }
        for host in &mut self.core.hosts {
            host.restart(self.core.now);
        }
        for node in &mut self.nodes {
            node.restart(&mut self.core);
        }
        self.core.restart_wires();
    }

    fn end_window(&mut self) {
        self.core.settle_meters();
        let now = self.core.now;
        let end_s = self.now().as_secs_f64();
        let span_ns = now.since(self.window_start);
        if span_ns == 0 {
            // Nothing of it was simulated: it is taken to be like the one before.
            let like = self.windows.last().cloned().unwrap_or_default();
            return self.windows.push(Window { end_s, simulated: 0.0, ..like });
        }
        let span = span_ns as f64 / 1e9;
        let rate = |n: u64| (n as f64 / span) as f32;
        let percentiles = |h: &WindowHist| {
            [0.5, 0.95, 0.99].map(|q| if h.is_empty() { f32::NAN } else { h.quantile_s(q) as f32 })
        };
        let finer = |h: &WindowHist| {
            [0.9, 0.999].map(|q| if h.is_empty() { f32::NAN } else { h.quantile_s(q) as f32 })
        };
        let mut window = Window { end_s, ..Window::default() };
        window.simulated = (span_ns as f64 / self.window_ns as f64) as f32;
        let mut used = Usage::default();
        for bill in self.core.all_bills() {
            used.add(&bill.window_usage(now));
        }
        let rates = used.rates(&self.core.prices);
        let mut all = WindowHist::new();
        let (mut offered, mut served, mut failed, mut inside) = (0, 0, 0, 0);
        for (i, node) in self.nodes.iter_mut().enumerate() {
            let me = i as NodeIdx;
            let utilization = node.window_utilization(&self.core) as f32;
            let queued = node.queued() as f32;
            let meter = &self.core.meters[i];
            let w = &meter.window;
            let [p50, p95, p99] = percentiles(&w.response);
            window.nodes.extend([
                rate(w.arrivals),
                rate(w.completions),
                rate(w.failures),
                meter.in_system() as f32,
                utilization,
                queued,
                p50,
                p95,
                p99,
                self.core.bills[i].window_usage(now).cost(&rates).total() as f32,
            ]);
            debug_assert_eq!(COMMON.len(), common::COUNT);
            if node.kind() == Kind::Users {
                all.merge(&w.response);
                offered += w.arrivals;
                served += w.completions;
                failed += w.failures;
                inside += meter.in_system();
            }
            node.values(&mut self.core, me, span, &mut window.nodes);
            let parts = node.part_values(&mut self.core, me, span, &mut window.parts);
            window.part_counts.push(parts);
            node.end_window(&mut self.core);
            let effort_ns = node.effort_ns(&self.core);
            self.core.meters[i].end_window(now, effort_ns);
            self.core.bills[i].end_window(now);
        }
        let [p50, p95, p99] = percentiles(&all);
        let [p90, p999] = finer(&all);
        window.world = vec![
            rate(offered),
            rate(served),
            rate(failed),
            p50,
            p95,
            p99,
            inside as f32,
            used.cost(&rates).total() as f32,
            p90,
            p999,
        ];
        debug_assert_eq!(window.world.len(), world::COUNT);
        for wire in &mut self.core.wires {
            window.wires.push(rate(wire.window_calls));
            window.wire_failures.push(rate(wire.window_failures));
            wire.window_failures = 0;
            wire.calls_before += wire.window_calls - wire.window_left_out;
            wire.window_calls = 0;
            wire.window_left_out = 0;
            if let Some(guard) = &mut wire.guard {
                guard.end_window(now, span, &mut window.guards);
            }
        }
        for host in &mut self.core.hosts {
            window.machines.push(host.end_window(self.window_start, now));
        }
        self.core.tracer.end_window(now);
        self.core.ground_bill.end_window(now);
        self.window_start = now;
        self.windows.push(window);
    }

    /// Requests that users have sent since measuring began, without what they stand for.
    pub fn measured_arrivals(&self) -> u64 {
        let users = self.nodes.iter().zip(&self.core.meters).filter(|(n, _)| n.kind() == Kind::Users);
        users.flat_map(|(_, meter)| &meter.classes).map(|c| c.arrivals).sum()
    }

    /// Requests of all users since time 0, those that were simulated.
    pub fn totals(&self) -> Totals {
        let mut t = self.before_warmup.clone();
        t.in_flight = 0;
        for (node, meter) in self.nodes.iter().zip(&self.core.meters) {
            if node.kind() == Kind::Users {
                t.in_flight += meter.in_system();
                for class in 0..CLASSES {
                    let c = &meter.classes[class];
                    t.arrived += c.arrivals;
                    t.completed += c.completions;
                    for r in 0..REASONS {
                        t.failed[r] += c.failed[r];
                    }
                }
            }
        }
        t
    }

    /// Numbers of windows, of happenings and of actions done by hand so far.
    pub(crate) fn history(&self) -> (usize, usize, usize) {
        (self.windows.len(), self.happenings.len(), self.acted.len())
    }

    /// A copy without windows and happenings.
    pub(crate) fn without_history(&mut self) -> Simulation {
        let (windows, happenings) = (std::mem::take(&mut self.windows), std::mem::take(&mut self.happenings));
        let copy = self.clone();
        (self.windows, self.happenings) = (windows, happenings);
        copy
    }

    /// Becomes what it was at an earlier moment, of which `copy` is the [copy](Self::without_history), with the numbers
    /// of its [`history`](Self::history). What was done by hand after that moment is done again at the same moments.
    pub(crate) fn return_to(&mut self, copy: &Simulation, windows: usize, happenings: usize, acted: usize) {
        let mut back = copy.clone();
        (back.windows, back.happenings) =
            (std::mem::take(&mut self.windows), std::mem::take(&mut self.happenings));
        back.windows.truncate(windows);
        back.happenings.truncate(happenings);
        let planned = self.actions.len() - self.acted.len();
        for (action, at) in self.actions[planned..].iter().zip(&self.acted).skip(acted) {
            back.push_action(action.clone(), *at);
        }
        *self = back;
    }

    /// Memory that a copy takes [bytes], about: histograms, calls and what is held by item.
    pub(crate) fn bytes(&self) -> usize {
        let hists: usize = self
            .core
            .meters
            .iter()
            .flat_map(|m| &m.classes)
            .map(|c| usize::from(!c.response.is_empty()) + usize::from(!c.wait.is_empty()))
            .sum();
        let by_item: usize = self.core.truth.iter().map(|t| t.len() * 4).sum();
        // Caches, shard maps and popularity tables hold some tens of bytes for each item.
        hists * 115_000
            + self.core.meters.len() * 32_000
            + self.core.calls.peak() as usize * 150
            + by_item
            + self.nodes.len() * (self.core.items as usize) * 8
    }

    /// Followed requests: the latest, the slowest of the last minute, the latest that failed.
    pub fn traces(&self) -> Traces {
        self.core.tracer.traces()
    }

    /// Followed requests that are shown moving. What is asked of it has no effect on the run.
    pub fn tracer(&mut self) -> &mut trace::Tracer {
        &mut self.core.tracer
    }

    /// Every node now.
    pub fn nodes_now(&self) -> Vec<NodeNow> {
        self.nodes.iter().enumerate().map(|(i, n)| n.now(&self.core, i as NodeIdx)).collect()
    }

    /// For tests of the checks: a node of this kind forgets a request that it works on, as a bug would. False if none has
    /// one.
    #[doc(hidden)]
    pub fn forget_a_request(&mut self, kind: &str) -> bool {
        let now = self.core.now;
        let busy = |(i, node): (usize, &NodeState)| {
            let class = self.core.meters[i].classes.iter().position(|c| c.level.level() > 0)?;
            (node.kind().spec().id == kind).then_some((i, class))
        };
        let Some((node, class)) = self.nodes.iter().enumerate().find_map(busy) else { return false };
        self.core.meters[node].classes[class].level.down(now);
        true
    }

    /// Whether every node's calls add up; see [`NodeMeter::is_conserved`].
    pub fn is_conserved(&self) -> bool {
        self.core.meters.iter().all(NodeMeter::is_conserved)
    }
}

/// Ranks of control events: timeline entries have their position, the others come after them.
const WARMUP_RANK: u32 = u32::MAX - 1;
const WINDOW_RANK: u32 = u32::MAX;
/// Things done at one moment by which whoever runs the simulation is let look at the world: a design may send something
/// round for ever in no time, and must not take the page with it.
const STEPS_MAX: u32 = 1 << 20;
