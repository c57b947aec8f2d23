//! What a wire does besides carrying: it times out, retries, breaks the circuit, hedges, limits, loses, narrows, cancels.
//!
//! No kind knows of it. A call over such a wire stands for all its attempts: the calling node waits for the call, the call
//! waits for its attempts, which are calls of their own with the mark [`more::ATTEMPT`] and the call for a parent. Plain
//! wires go the plain way and pay nothing.
//!
//! Leaves out: sizes of requests (only answers take time on a link), a cancellation that outruns its request.

mod attempts;
mod breaker;
mod bucket;

use self::breaker::{Breaker, Rule};
use self::bucket::Bucket;
use super::core::Call;
use super::core::{Core, Event, Now, more};
use super::detail::Memory;
use super::meter::Outcome;
use super::tally::Tallies;
use crate::design::{Breaker as BreakerMode, Hedge, Jitter, WireParams};
use crate::messages::wire;
use crate::reason::Reason;
use crate::sim::behaviour::share;
use headroom_engine::{DeadlineList, Law, Level, Links, NIL, Sampler, SimTime, Stream, ns_from_ms};
use serde_json::{Map, Value, json};

/// Bytes on an Ethernet for each byte of payload: of the 1538 bytes that a full frame takes with preamble and gap, 1448
/// are left after the headers of Ethernet, IP and TCP (with timestamps).
const FRAMING: f64 = 1538.0 / 1448.0;
/// Calls that the first p95 is taken of, and every later one.
const FIRST_CALLS: usize = 100;
const P95_OF_CALLS: usize = 1_000;

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    calls: u64,
    failed: u64,
    attempts: u64,
    retries: u64,
    hedges: u64,
    hedge_wins: u64,
    timeouts: u64,
    refused_open: u64,
    refused_rate: u64,
    refused_budget: u64,
    lost: u64,
    cancelled: u64,
    wasted: u64,
    opened: u64,
    bytes: u64,
}

/// What a wire knows of one calling part.
#[derive(Clone, Debug)]
struct Caller {
    breaker: Breaker,
    budget: Bucket,
}

/// A call and its attempts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    /// The call.
    call: u32,
    /// The caller's call, when it may be cancelled, and the neighbours in the list of its tries.
    parent: u32,
    prev: u32,
    next: u32,
    since: SimTime,
    /// Attempts under way: the first and its hedge.
    live: [u32; 2],
    /// Sequence numbers of the events that it waits for: the next retry, the hedge.
    retry_due: u64,
    hedge_due: u64,
    /// The breaker's generation when the present attempt was admitted.
    generation: u32,
    retries: u8,
    /// Whoever made the call no longer waits.
    abandoned: bool,
}

impl Default for Try {
    fn default() -> Self {
        Self {
            call: NIL,
            parent: NIL,
            prev: NIL,
            next: NIL,
            since: SimTime::ZERO,
            live: [NIL; 2],
            retry_due: 0,
            hedge_due: 0,
            generation: 0,
            retries: 0,
            abandoned: false,
        }
    }
}

/// The time within which 95% of calls would be answered without hedges. Where a hedge has won, all that is known is that the
/// first attempt would have taken longer; so the quantile is taken of the product-limit estimate (Kaplan and Meier 1958).
/// Without that, hedges would shorten what they are timed by, and there would be ever more of them.
#[derive(Clone, Debug, Default)]
struct Measured {
    /// Times of calls [ns], and whether a hedge ended them.
    seen: Vec<(u64, bool)>,
    p95_ns: Option<u64>,
}

impl Measured {
    fn see(&mut self, ns: u64, cut_short: bool) {
        self.seen.push((ns, cut_short));
        let enough = if self.p95_ns.is_none() { FIRST_CALLS } else { P95_OF_CALLS };
        if self.seen.len() >= enough {
            self.p95_ns = Some(self.quantile());
            self.seen.clear();
        }
    }

    fn quantile(&mut self) -> u64 {
        self.seen.sort_unstable();
        // The k-th of n is exceeded with probability 1 − k/(n + 1), so one more is left than there are.
        let mut left = self.seen.len() as f64 + 1.0;
        let (mut longer, mut last_ns) = (1.0, 0);
        for (ns, cut_short) in &self.seen {
            if !cut_short {
                let next = longer * (1.0 - 1.0 / left);
                if next <= 0.05 {
                    let part = (longer - 0.05) / (longer - next);
                    return last_ns + ((ns - last_ns) as f64 * part) as u64;
                }
                (longer, last_ns) = (next, *ns);
            }
            left -= 1.0;
        }
        self.seen.last().map_or(0, |s| s.0)
    }
}

/// The state of a wire that does more than carry.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    resilient: bool,
    timeout_ns: Option<u64>,
    retries: u8,
    backoff_ms: f64,
    backoff_factor: f64,
    backoff_max_ms: f64,
    jitter: Jitter,
    budget_share: Option<f64>,
    budget_burst: f64,
    breaks: bool,
    rule: Rule,
    hedge: Hedge,
    hedge_after_ns: u64,
    cancel: bool,
    rate_rps: Option<f64>,
    bits_per_ns: Option<f64>,
    error_share: f64,
    extra: Option<Sampler>,

    stream: Stream,
    callers: Vec<Caller>,
    /// Callers whose breaker is not closed, and when an opening was last told.
    open: Level,
    told: Option<SimTime>,
    tokens: Bucket,
    tokens_at: SimTime,
    measured: Measured,
    links: Links,
    deadlines: DeadlineList,
    /// When the event for the first deadline is set for; MAX when it is not.
    armed: SimTime,
    /// When the link has sent all that it was given, and how long it has sent in all [ns].
    sent_until: SimTime,
    sending_ns: u128,
    window_sending_ns: u128,
    window: Counts,
    total: Counts,
}

impl Guard {
    /// The guard that these settings ask for, if any.
    pub fn new(p: &WireParams, seed: u64, from: &str, to: &str) -> Option<Box<Self>> {
        let extra = (p.extra_delay != Law::Deterministic { mean: 0.0 }).then(|| Sampler::new(&p.extra_delay));
        p.is_guarded().then(|| {
            Box::new(Self {
                resilient: p.is_resilient(),
                timeout_ns: p.timeout_ms.map(ns_from_ms),
                retries: p.retries as u8,
                backoff_ms: p.backoff_ms,
                backoff_factor: p.backoff_factor,
                backoff_max_ms: p.backoff_max_ms,
                jitter: p.jitter,
                budget_share: p.retry_budget_share,
                budget_burst: p.retry_budget_burst,
                breaks: p.breaker != BreakerMode::Off,
                rule: Rule::new(p),
                hedge: p.hedge,
                hedge_after_ns: ns_from_ms(p.hedge_after_ms),
                cancel: p.cancel,
                rate_rps: p.rate_limit_rps,
                bits_per_ns: p.bandwidth_mbps.map(|mbps| mbps / 1e3),
                error_share: p.error_share,
                extra,
                stream: Stream::new(seed, &format!("{from}->{to}"), "wire"),
                callers: Vec::new(),
                open: Level::new(),
                told: None,
                tokens: Bucket::full(p.rate_limit_burst),
                tokens_at: SimTime::ZERO,
                measured: Measured::default(),
                links: Links::new(),
                deadlines: DeadlineList::new(),
                armed: SimTime::MAX,
                sent_until: SimTime::ZERO,
                sending_ns: 0,
                window_sending_ns: 0,
                window: Counts::default(),
                total: Counts::default(),
            })
        })
    }

    #[inline]
    fn count(&mut self, change: impl Fn(&mut Counts)) {
        change(&mut self.window);
        change(&mut self.total);
    }

    fn caller(&mut self, part: u16) -> &mut Caller {
        let part = part as usize;
        if self.callers.len() <= part {
            let fresh = Caller { breaker: Breaker::default(), budget: Bucket::full(self.budget_burst) };
            self.callers.resize(part + 1, fresh);
        }
        &mut self.callers[part]
    }

    /// Whether the rate limit lets one more through now.
    fn within_rate(&mut self, now: SimTime) -> bool {
        let Some(rate) = self.rate_rps else { return true };
        self.tokens.add(rate * now.since(self.tokens_at) as f64 / 1e9);
        self.tokens_at = now;
        let there = self.tokens.take();
        if !there {
            self.count(|c| c.refused_rate += 1);
        }
        there
    }

    /// When a call of a caller is let through by rate limit and breaker; none when it is now.
    fn lets_through_at(&mut self, now: SimTime, part: u16) -> Option<SimTime> {
        if let Some(rate) = self.rate_rps {
            self.tokens.add(rate * now.since(self.tokens_at) as f64 / 1e9);
            self.tokens_at = now;
            let missing = self.tokens.missing();
            if missing > 0.0 {
                return Some(now.saturating_add(libm::ceil(missing / rate * 1e9) as u64));
            }
        }
        if self.breaks {
            let rule = self.rule;
            return self.caller(part).breaker.admits_at(&rule, now);
        }
        None
    }

    /// Whether the budget of a caller pays for one more attempt.
    fn pays(&mut self, part: u16) -> bool {
        let pays = self.budget_share.is_none() || self.caller(part).budget.take();
        if !pays {
            self.count(|c| c.refused_budget += 1);
        }
        pays
    }

    /// The wait before a retry; 1 is the first [ns].
    fn backoff_ns(&mut self, retry: u8) -> u64 {
        let mut full = self.backoff_ms;
        for _ in 1..retry {
            full = (full * self.backoff_factor).min(self.backoff_max_ms);
        }
        full = full.min(self.backoff_max_ms);
        ns_from_ms(match self.jitter {
            Jitter::None => full,
            Jitter::Full => full * self.stream.unit(),
            Jitter::Equal => full / 2.0 * (1.0 + self.stream.unit()),
        })
    }

    /// How long after its start a read is sent again, if it is.
    fn hedges_after_ns(&self) -> Option<u64> {
        match self.hedge {
            Hedge::Off => None,
            Hedge::After => Some(self.hedge_after_ns),
            Hedge::P95 => self.measured.p95_ns,
        }
    }

    /// Time on top of the latency, one way [ns].
    #[inline]
    fn extra_ns(&mut self) -> u64 {
        self.extra.as_ref().map_or(0, |law| law.sample_ns(&mut self.stream))
    }

    /// When an answer of this size that is handed to the link now has been sent.
    fn sent_at(&mut self, now: SimTime, bytes: u32) -> SimTime {
        self.count(|c| c.bytes += u64::from(bytes));
        let Some(bits_per_ns) = self.bits_per_ns else { return now };
        let took = libm::round(f64::from(bytes) * 8.0 * FRAMING / bits_per_ns) as u64;
        self.sending_ns += u128::from(took);
        self.sent_until = self.sent_until.max(now).saturating_add(took);
        self.sent_until
    }

    /// Time that the link has spent sending so far; what it was given and has not sent is left out [ns].
    fn sent_ns(&self, now: SimTime) -> u128 {
        self.sending_ns.saturating_sub(u128::from(self.sent_until.since(now)))
    }

    /// Appends the values of the present window (see [`wire`]), and ends it.
    pub fn end_window(&mut self, now: SimTime, window_s: f64, out: &mut Vec<f32>) {
        let w = std::mem::take(&mut self.window);
        let rate = |n: u64| (n as f64 / window_s) as f32;
        let callers = self.callers.len().max(1) as f32;
        let sent = self.sent_ns(now);
        let sending = sent.saturating_sub(std::mem::replace(&mut self.window_sending_ns, sent));
        let before = out.len();
        out.extend([
            rate(w.calls),
            rate(w.failed),
            rate(w.retries),
            rate(w.hedges),
            rate(w.timeouts),
            rate(w.refused_open),
            rate(w.refused_rate),
            self.open.level() as f32 / callers,
            if self.bits_per_ns.is_some() { (sending as f64 / 1e9 / window_s) as f32 } else { f32::NAN },
        ]);
        debug_assert_eq!(out.len() - before, wire::COUNT);
    }

    /// Measures from now on: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        self.total = Counts::default();
        self.open.restart(now);
        let sent = self.sent_ns(now);
        self.window_sending_ns -= sent.min(self.window_sending_ns);
        self.sending_ns -= sent;
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.calls, &mut c.failed, &mut c.attempts, &mut c.retries, &mut c.hedges]);
        t.counts([&mut c.hedge_wins, &mut c.timeouts, &mut c.refused_open, &mut c.refused_rate]);
        t.counts([&mut c.refused_budget, &mut c.lost, &mut c.cancelled, &mut c.wasted, &mut c.opened]);
        t.count(&mut c.bytes);
        t.level(&mut self.open);
        t.wide(&mut self.sending_ns);
    }

    /// Tells how the past acts on the wire.
    pub fn memory(&self, memory: &mut Memory) {
        memory.is_busy |= self.open.level() > 0;
    }

    /// The wire's lines of the summary; what is measured was measured over `span_ns`.
    pub fn summary(&self, now: SimTime, span_ns: u64) -> Map<String, Value> {
        let t = &self.total;
        let span = u128::from(span_ns);
        let of_span = |ns: u128| if span == 0 { Value::Null } else { json!(ns as f64 / span as f64) };
        let callers = self.callers.len().max(1) as f64;
        let mut map = Map::new();
        for (name, n) in [
            ("calls", t.calls),
            ("failed", t.failed),
            ("attempts", t.attempts),
            ("retries", t.retries),
            ("hedges", t.hedges),
            ("hedge_wins", t.hedge_wins),
            ("timeouts", t.timeouts),
            ("refused_circuit_open", t.refused_open),
            ("refused_rate_limited", t.refused_rate),
            ("refused_retry_budget", t.refused_budget),
            ("lost", t.lost),
            ("cancelled", t.cancelled),
            ("wasted_answers", t.wasted),
            ("circuit_opened", t.opened),
        ] {
            map.insert(name.to_owned(), json!(n));
        }
        map.insert("attempts_per_call".to_owned(), share(t.attempts, t.calls));
        let open = if span == 0 { Value::Null } else { json!(self.open.mean_over(now, span_ns) / callers) };
        map.insert("circuit_open_share".to_owned(), open);
        let p95 = self.measured.p95_ns.map_or(Value::Null, |ns| json!(ns as f64 / 1e9));
        map.insert("measured_p95_s".to_owned(), p95);
        map.insert("answer_bytes".to_owned(), json!(t.bytes));
        let used = if self.bits_per_ns.is_some() { of_span(self.sent_ns(now)) } else { Value::Null };
        map.insert("link_utilization".to_owned(), used);
        map
    }

    /// Whether a call may become several attempts.
    pub fn is_resilient(&self) -> bool {
        self.resilient
    }
}

impl Core {
    /// A call over a guarded wire is made.
    pub(super) fn call_guarded(&mut self, id: u32) {
        let (now, call) = (self.now, self.calls[id]);
        let guard = self.guard_mut(call.wire);
        guard.count(|c| c.calls += 1);
        if guard.resilient {
            return self.try_begin(id, &call);
        }
        if !guard.within_rate(now) {
            return self.refuse(id, Reason::RateLimited);
        }
        guard.count(|c| c.attempts += 1);
        match self.wires[call.wire as usize].pool {
            None => self.launch(id),
            Some(limit) => self.launch_pooled(id, limit),
        }
    }

    /// When a wire's rate limit and breaker let a call of a caller through; none when it is now. For callers that fetch:
    /// they leave what they cannot have where it is.
    pub fn lets_through_at(&mut self, wire: u16, part: u16) -> Option<SimTime> {
        let now = self.now;
        self.wires[wire as usize].guard.as_mut()?.lets_through_at(now, part)
    }

    fn guard_mut(&mut self, wire: u16) -> &mut Guard {
        self.wires[wire as usize].guard.as_mut().expect("a guarded wire")
    }

    /// A call that was not sent is answered at once.
    fn refuse(&mut self, id: u32, reason: Reason) {
        self.calls[id].outcome = Outcome::failed(reason);
        self.inbox.push_back(Now::Done(id));
    }

    /// A call sets out over a guarded wire, as soon as its connection is set up.
    pub(super) fn launch_guarded(&mut self, id: u32, set_up_ns: u64) {
        let (now, call) = (self.now, self.calls[id]);
        let w = &mut self.wires[call.wire as usize];
        let guard = w.guard.as_mut().expect("a guarded wire");
        if call.more & more::ATTEMPT != 0
            && let Some(timeout) = guard.timeout_ns
        {
            let deadline = now.saturating_add(timeout);
            guard.deadlines.push(&mut guard.links, id, deadline);
            if deadline < guard.armed {
                guard.armed = deadline;
                self.queue.push(deadline, Event::WireTimeout(u32::from(call.wire)));
            }
        }
        if w.reach.is_cut(&call) {
            return self.no_answer(id);
        }
        let lost = guard.error_share > 0.0 && guard.stream.chance(guard.error_share);
        let mut delay = set_up_ns + w.latency_ns + w.reach.there_ns(&call) + guard.extra_ns();
        if lost {
            guard.count(|c| c.lost += 1);
            delay += w.latency_ns + w.reach.there_ns(&call) + guard.extra_ns();
            self.calls[id].outcome = Outcome::failed(Reason::Network);
        }
        self.trace_due(id, now.saturating_add(delay));
        if delay == 0 {
            self.inbox.push_back(if lost { Now::Done(id) } else { Now::Arrive(id) });
        } else {
            let event = if lost { Event::Done(id) } else { Event::Arrive(id) };
            self.queue.push(now.saturating_add(delay), event);
        }
    }

    /// An answer goes back over a guarded wire.
    pub(super) fn answer_guarded(&mut self, id: u32) {
        let (now, call) = (self.now, self.calls[id]);
        let w = &mut self.wires[call.wire as usize];
        let guard = w.guard.as_mut().expect("a guarded wire");
        let sent = if call.outcome.is_ok() { guard.sent_at(now, call.bytes) } else { now };
        let back = sent.saturating_add(w.latency_ns + w.reach.back_ns(&call) + guard.extra_ns());
        self.trace_due(id, back);
        if back == now {
            self.inbox.push_back(Now::Done(id));
        } else {
            self.queue.push(back, Event::Done(id));
        }
    }

    /// A wire's lines of the summary.
    pub fn wire_summary(&self, index: usize) -> Map<String, Value> {
        let w = &self.wires[index];
        let mut map = Map::new();
        map.insert("from".to_owned(), json!(self.ids[w.from as usize]));
        map.insert("to".to_owned(), json!(self.ids[w.to as usize]));
        if let Some(connections) = &w.connections {
            map.insert("connections_made".to_owned(), json!(connections.made));
        }
        match &w.guard {
            Some(guard) => map.extend(guard.summary(self.now, self.span_ns())),
            None => {
                let calls = w.calls_before + w.window_calls - w.window_left_out;
                map.insert("calls".to_owned(), json!(calls));
            }
        }
        map
    }

    /// Shows what is measured of the wires; their owners come after so many others.
    pub(super) fn wire_tallies(&mut self, t: &mut Tallies, first: u32) {
        for (i, w) in self.wires.iter_mut().enumerate() {
            t.owner(first + i as u32);
            if let Some(connections) = &mut w.connections {
                t.count(&mut connections.made);
            }
            match &mut w.guard {
                Some(guard) => guard.tallies(t),
                None => {
                    // The window goes on counting; what it has so far is put to what was before it.
                    w.calls_before += w.window_calls - w.window_left_out;
                    w.window_left_out = w.window_calls;
                    t.count(&mut w.calls_before);
                }
            }
        }
    }

    /// Wires are measured from now on: the warm-up is over.
    pub(super) fn restart_wires(&mut self) {
        let now = self.now;
        for w in &mut self.wires {
            w.calls_before = 0;
            w.window_left_out = w.window_calls;
            if let Some(guard) = &mut w.guard {
                guard.restart(now);
            }
        }
    }
}
