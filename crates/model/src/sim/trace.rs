//! Single requests followed on their way: what the request microscope shows.
//!
//! A uniform sample of the users' requests is followed, chosen by a hash of their number, so that following changes
//! nothing in a run and takes nothing from its random streams. At low rates every request is followed; at high rates the
//! share falls so that about [`TRACED_PER_WINDOW`] are in each window, and [`Traces::share`] says how large it was.

use super::core::{Call, NewCall, NodeIdx, flag};
use super::film::Reel;
use super::meter::Outcome;
use crate::reason::Reason;
use headroom_engine::{NIL, SimTime, mix64};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Requests that are followed in each window of the series, about.
pub const TRACED_PER_WINDOW: u64 = 200;
/// Followed requests at once; beyond, new ones are not followed.
const OPEN_MAX: usize = 4_000;
/// Calls of one request that are noted; beyond, they are left out and [`Trace::cut`] says so.
pub const SPANS_MAX: usize = 250;
/// Finished requests that are kept: the latest, the slowest of the last minute, the latest that failed.
const RECENT_KEPT: usize = 120;
const SLOWEST_KEPT: usize = 40;
const FAILED_KEPT: usize = 40;
/// Deliveries of messages that are followed at once, and finished ones that are kept.
const JOBS_OPEN_MAX: usize = 500;
const JOBS_KEPT: usize = 60;
/// A delivery that has not ended after this time is followed no longer [ns].
const JOB_FOR_NS: u64 = 120_000_000_000;
/// Mark of a delivery's number: it is no users' request.
const JOB: u64 = 1 << 63;
/// How long a request counts as one of the slowest "of late" [ns].
const SLOW_FOR_NS: u64 = 60_000_000_000;

/// One call of a followed request: a hop from one node to another and back. Times are in ns since the start of the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Position of the call during which this one was made; none for an attempt of the users.
    pub parent: Option<u16>,
    /// Called node, by position in the design.
    pub node: u16,
    /// Part of it that took the call.
    pub part: Option<u16>,
    /// Wire.
    pub wire: u16,
    /// What was asked, by the position of its class in [`super::core::CLASS_NAMES`].
    pub class: u8,
    /// When it was made.
    pub sent_ns: u64,
    /// When a connection was free for it.
    pub free_ns: Option<u64>,
    /// When the connection was set up and it was sent.
    pub launched_ns: Option<u64>,
    /// When it reached the node.
    pub arrived_ns: Option<u64>,
    /// When a worker first took it.
    pub started_ns: Option<u64>,
    /// When a worker last let it go.
    pub served_ns: Option<u64>,
    /// When the node answered.
    pub answered_ns: Option<u64>,
    /// When the answer was back with the caller.
    pub back_ns: Option<u64>,
    /// While it, or its answer, is on the network: when it will be there.
    pub due_ns: Option<u64>,
    /// Why it failed, if it did.
    pub failed: Option<Reason>,
    /// The answer came out of a cache.
    pub hit: bool,
    /// What was read was older than the newest committed write.
    pub stale: bool,
    /// Nobody waited for the answer any more when it came.
    pub wasted: bool,
    /// Nobody was ever going to wait: a cache that is filled while the answer goes out.
    pub aside: bool,
}

/// A followed request, from its first attempt to its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Number of the request among all of the run; see [`Trace::is_delivery`].
    pub number: u64,
    /// The users that sent it, by position in the design; of a delivery the queue.
    pub users: u16,
    /// Position of its class in [`super::core::CLASS_NAMES`].
    pub class: u8,
    /// Item.
    pub key: u32,
    /// Client.
    pub client: u32,
    /// When it began [ns].
    pub began_ns: u64,
    /// When the user had the answer, or gave up for good [ns].
    pub ended_ns: u64,
    /// Why it failed, if it did.
    pub failed: Option<Reason>,
    /// Its calls, in the order in which they were made.
    pub spans: Vec<Span>,
    /// There were more calls than are noted here.
    pub cut: bool,
}

impl Trace {
    /// It is no request of users but the delivery of a message to whoever works on it, long after its publisher was
    /// answered. Such are shown moving and appear in no list.
    pub fn is_delivery(&self) -> bool {
        self.number & JOB != 0
    }

    /// Its number among all deliveries, or among all requests.
    pub fn position(&self) -> u64 {
        self.number & !JOB
    }
}

/// What is known of followed requests at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Traces {
    /// Share of requests that is followed just now.
    pub share: f64,
    /// The latest that ended, oldest first: a true sample of all.
    pub recent: Vec<Trace>,
    /// The slowest of the followed ones that ended within the last minute, slowest first.
    pub slowest: Vec<Trace>,
    /// The latest followed ones that failed, latest first.
    pub failed: Vec<Trace>,
}

/// What a stretch of a request's time went into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// Waiting for a free connection of a pool.
    Connection,
    /// Setting a connection up.
    Connect,
    /// On the network, to the node or back.
    Network,
    /// Waiting for a worker.
    Queue,
    /// Being worked on.
    Service,
    /// Inside the node, neither queued nor worked on, with no call of its own under way: waiting for another's fetch, for
    /// acknowledgements, for a lock.
    Inside,
    /// Between two attempts, at the client.
    Backoff,
}

/// Where the time of a request went: for each stretch the node (none: at the client) and the phase. The stretches lie one
/// after the other and fill the request's time exactly. Where calls overlap, the one that ends last is on the critical
/// path and counts.
pub fn breakdown(trace: &Trace) -> Vec<(Option<u16>, Phase, u64)> {
    let mut out: BTreeMap<(Option<u16>, Phase), u64> = BTreeMap::new();
    let roots: Vec<usize> = (0..trace.spans.len()).filter(|i| trace.spans[*i].parent.is_none()).collect();
    let waits = |_: u64, _: u64| (None, Phase::Backoff);
    spend(trace, &roots, trace.began_ns, trace.ended_ns, &waits, &mut out);
    out.into_iter().map(|((node, phase), ns)| (node, phase, ns)).collect()
}

type Spent = BTreeMap<(Option<u16>, Phase), u64>;

/// Shares `from`..`to` out among the calls that cover it; what none covers goes where `own` says.
fn spend(
    trace: &Trace,
    spans: &[usize],
    from: u64,
    to: u64,
    own: &dyn Fn(u64, u64) -> (Option<u16>, Phase),
    out: &mut Spent,
) {
    let end_of = |i: usize| trace.spans[i].back_ns.unwrap_or(u64::MAX).min(to);
    // Walk backwards along the critical path: the call that was back last, then the one before it began, and so on.
    let mut at = to;
    while at > from {
        let last = spans
            .iter()
            .copied()
            .filter(|i| trace.spans[*i].sent_ns < at && end_of(*i) > from && !trace.spans[*i].aside)
            .max_by_key(|i| (end_of(*i).min(at), std::cmp::Reverse(trace.spans[*i].sent_ns)));
        let Some(i) = last else {
            *out.entry(own(from, at)).or_default() += at - from;
            return;
        };
        let (begin, end) = (trace.spans[i].sent_ns.max(from), end_of(i).min(at));
        if end < at {
            spend_own(end, at, own, out);
        }
        spend_span(trace, i, begin, end, out);
        at = begin;
    }
}

/// A stretch that no call of its own covers, cut where the node's phase changes.
fn spend_own(from: u64, to: u64, own: &dyn Fn(u64, u64) -> (Option<u16>, Phase), out: &mut Spent) {
    *out.entry(own(from, to)).or_default() += to - from;
}

/// A call's time from `from` to `to`, which lie within it.
fn spend_span(trace: &Trace, i: usize, from: u64, to: u64, out: &mut Spent) {
    let s = &trace.spans[i];
    let node = Some(s.node);
    let mut at = from;
    let until = |end: Option<u64>, phase: Phase, at: &mut u64, out: &mut Spent| {
        let end = end.unwrap_or(u64::MAX).clamp(*at, to);
        if end > *at {
            *out.entry((node, phase)).or_default() += end - *at;
        }
        *at = end;
    };
    until(s.free_ns.or(s.launched_ns), Phase::Connection, &mut at, out);
    until(s.launched_ns, Phase::Connect, &mut at, out);
    until(s.arrived_ns, Phase::Network, &mut at, out);
    let answered = s.answered_ns.unwrap_or(u64::MAX).clamp(at, to);
    if answered > at {
        // Inside: first its own queue and work, then whatever it called; a node may also call before it works.
        let children: Vec<usize> =
            (i + 1..trace.spans.len()).filter(|c| trace.spans[*c].parent == Some(i as u16)).collect();
        let marks: Vec<u64> =
            [s.started_ns, s.served_ns].into_iter().flatten().filter(|t| *t > at && *t < answered).collect();
        let mut edges = vec![at];
        edges.extend(marks);
        edges.push(answered);
        for pair in edges.windows(2) {
            let phase = match (s.started_ns, s.served_ns) {
                (Some(started), _) if pair[0] < started => Phase::Queue,
                (Some(_), served) if served.is_none_or(|t| pair[0] < t) => Phase::Service,
                (None, _) if s.answered_ns.is_none() => Phase::Queue,
                _ => Phase::Inside,
            };
            let own = |_: u64, _: u64| (node, phase);
            spend(trace, &children, pair[0], pair[1], &own, out);
        }
        at = answered;
    }
    until(Some(to), Phase::Network, &mut at, out);
}

/// Follows requests.
#[derive(Clone, Debug)]
pub struct Tracer {
    /// Requests so far, and until the present window; followed in it.
    seen: u64,
    seen_before: u64,
    window_traced: u64,
    /// A request whose hash is not above this is followed.
    threshold: u64,
    /// One above this is neither followed nor shown.
    gate: u64,
    /// Followed requests that have not ended, by number.
    open: BTreeMap<u64, Trace>,
    /// Those of them that are followed only to be shown moving: they enter no list.
    shown: BTreeSet<u64>,
    /// Calls of followed requests, and which span of which request each is.
    live: BTreeMap<u32, (u64, u16)>,
    /// Calls of followed requests whose attempts are noted in their stead: their request, and the span they belong to.
    through: BTreeMap<u32, (u64, Option<u16>)>,
    /// Whom the next call belongs to: a request whose attempt is about to be made, or one of its calls.
    root: Option<(u64, Option<u16>)>,
    recent: VecDeque<Trace>,
    slowest: Vec<Trace>,
    failed: VecDeque<Trace>,
    /// Deliveries so far, followed in the present window, followed now, and the latest that have ended.
    jobs_seen: u64,
    jobs_traced: u64,
    jobs_open: usize,
    jobs: VecDeque<Trace>,
    /// Those that are to be shown moving.
    reel: Reel,
}

impl Default for Tracer {
    fn default() -> Self {
        Self {
            seen: 0,
            seen_before: 0,
            window_traced: 0,
            threshold: u64::MAX,
            gate: u64::MAX,
            open: BTreeMap::new(),
            shown: BTreeSet::new(),
            live: BTreeMap::new(),
            through: BTreeMap::new(),
            root: None,
            recent: VecDeque::new(),
            slowest: Vec::new(),
            failed: VecDeque::new(),
            jobs_seen: 0,
            jobs_traced: 0,
            jobs_open: 0,
            jobs: VecDeque::new(),
            reel: Reel::default(),
        }
    }
}

impl Tracer {
    /// A users' request begins; its number if it is to be followed.
    #[inline(always)]
    pub fn begin(
        &mut self,
        now: SimTime,
        users: NodeIdx,
        class: usize,
        key: u32,
        client: u32,
    ) -> Option<u64> {
        self.seen += 1;
        if mix64(self.seen) > self.gate {
            return None;
        }
        self.follow(now, users, class, key, client)
    }

    fn follow(&mut self, now: SimTime, users: NodeIdx, class: usize, key: u32, client: u32) -> Option<u64> {
        let number = self.seen;
        if !self.is_followed(number) && !self.is_only_shown(number) {
            return None;
        }
        let trace =
            Trace { number, users, class: class as u8, key, client, began_ns: now.0, ..Trace::default() };
        self.open.insert(number, trace);
        Some(number)
    }

    /// Whether a request that begins is one of those that are followed, whoever looks.
    fn is_followed(&mut self, number: u64) -> bool {
        let chosen = |threshold: u64| mix64(number) <= threshold;
        if !chosen(self.threshold) || self.open.len() - self.shown.len() - self.jobs_open >= OPEN_MAX {
            return false;
        }
        if self.window_traced >= 2 * TRACED_PER_WINDOW {
            // The rate has risen: half as many from here on, rather than none for the rest of the window.
            self.threshold /= 2;
            self.window_traced = TRACED_PER_WINDOW;
            if !chosen(self.threshold) {
                return false;
            }
        }
        self.window_traced += 1;
        true
    }

    /// Whether a request that is not followed otherwise is to be, because somebody watches.
    fn is_only_shown(&mut self, number: u64) -> bool {
        let shown = self.shown.len() < OPEN_MAX && self.reel.wants(number);
        if shown {
            self.shown.insert(number);
        }
        shown
    }

    /// A message is about to be delivered: the call that is made next, if the delivery is to be followed.
    #[inline]
    pub fn deliver(&mut self, now: SimTime, queue: NodeIdx, class: usize, key: u32, client: u32) -> bool {
        self.jobs_seen += 1;
        let number = self.jobs_seen | JOB;
        let followed = mix64(number) <= self.threshold && self.jobs_traced < 2 * TRACED_PER_WINDOW;
        if self.jobs_open >= JOBS_OPEN_MAX || !followed && !self.reel.wants(number) {
            return false;
        }
        self.jobs_traced += u64::from(followed);
        self.jobs_open += 1;
        let trace = Trace {
            number,
            users: queue,
            class: class as u8,
            key,
            client,
            began_ns: now.0,
            ..Trace::default()
        };
        self.open.insert(number, trace);
        self.root = Some((number, None));
        true
    }

    /// The next call that is made is an attempt of this request.
    #[inline]
    pub fn attempt(&mut self, number: u64) {
        self.root = Some((number, None));
    }

    /// The next call that is made belongs to this one, which does not wait for it.
    #[inline]
    pub fn beside(&mut self, call: u32) {
        self.root = self.place_of(call);
    }

    /// The attempt that was about to be made could not be.
    pub fn not_sent(&mut self) {
        if let Some((number, None)) = self.root.take().filter(|(n, _)| n & JOB != 0) {
            self.drop_job(number);
        }
    }

    fn drop_job(&mut self, number: u64) -> Option<Trace> {
        let job = self.open.remove(&number)?;
        self.jobs_open -= 1;
        Some(job)
    }

    /// A followed request ends.
    pub fn end(&mut self, now: SimTime, number: u64, outcome: Outcome) {
        let Some(mut trace) = self.open.remove(&number) else { return };
        trace.ended_ns = now.0;
        trace.failed = outcome.reason();
        self.reel.offer(&trace);
        if self.shown.remove(&number) {
            return;
        }
        if trace.failed.is_some() {
            if self.failed.len() >= FAILED_KEPT {
                self.failed.pop_back();
            }
            self.failed.push_front(trace.clone());
        }
        let took = |t: &Trace| t.ended_ns - t.began_ns;
        self.slowest.retain(|t| t.ended_ns.saturating_add(SLOW_FOR_NS) >= now.0);
        if self.slowest.len() < SLOWEST_KEPT || self.slowest.last().is_some_and(|t| took(t) < took(&trace)) {
            let place = self.slowest.partition_point(|t| took(t) >= took(&trace));
            self.slowest.insert(place, trace.clone());
            self.slowest.truncate(SLOWEST_KEPT);
        }
        if self.recent.len() >= RECENT_KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back(trace);
    }

    /// A call with the mark [`super::core::more::TRACED`] is made.
    pub fn sent(&mut self, now: SimTime, id: u32, new: &NewCall, node: NodeIdx) {
        let Some((number, parent)) = self.root.take().or_else(|| self.place_of(new.parent)) else { return };
        let Some(trace) = self.open.get_mut(&number) else { return };
        if trace.spans.len() >= SPANS_MAX {
            trace.cut = true;
            return;
        }
        let span = Span {
            parent,
            node,
            wire: new.wire,
            class: new.op.class() as u8,
            sent_ns: now.0,
            aside: new.flags & flag::DETACHED != 0,
            ..Span::default()
        };
        trace.spans.push(span);
        self.live.insert(id, (number, trace.spans.len() as u16 - 1));
    }

    /// The request that a call belongs to, and its span.
    fn place_of(&self, call: u32) -> Option<(u64, Option<u16>)> {
        let own = self.live.get(&call).filter(|_| call != NIL).map(|(number, span)| (*number, Some(*span)));
        own.or_else(|| self.through.get(&call).copied())
    }

    /// A call is made that stands for its attempts: those are noted, as made by its parent.
    pub fn stand_in(&mut self, id: u32, parent: u32) {
        if let Some(place) = self.root.take().or_else(|| self.place_of(parent)) {
            self.through.insert(id, place);
        }
    }

    /// Notes something of a followed call.
    pub fn note(&mut self, id: u32, note: impl FnOnce(&mut Span)) {
        if let Some((number, span)) = self.live.get(&id)
            && let Some(trace) = self.open.get_mut(number)
        {
            note(&mut trace.spans[*span as usize]);
        }
    }

    /// A followed call is over: its answer is back.
    pub fn back(&mut self, now: SimTime, id: u32, call: &Call) {
        self.note(id, |s| {
            s.back_ns = Some(now.0);
            s.due_ns = None;
            s.failed = call.outcome.reason();
            s.hit = call.flags & flag::HIT != 0;
            s.stale = call.flags & flag::STALE != 0;
            s.wasted = call.parent == NIL && !s.aside;
        });
        let own = self.live.remove(&id).or_else(|| {
            let (number, span) = self.through.remove(&id)?;
            span.is_none().then_some((number, 0))
        });
        if let Some((number, 0)) = own.filter(|o| o.0 & JOB != 0) {
            self.job_back(now, number, call.outcome);
        }
    }

    /// The call of a delivery is answered: that is the end of it, unless the call stands for others that are not.
    fn job_back(&mut self, now: SimTime, number: u64, outcome: Outcome) {
        if self.through.values().any(|(n, span)| *n == number && span.is_none()) {
            return;
        }
        let Some(mut job) = self.drop_job(number) else { return };
        job.ended_ns = now.0;
        job.failed = outcome.reason();
        self.reel.offer(&job);
        if self.jobs.len() >= JOBS_KEPT {
            self.jobs.pop_front();
        }
        self.jobs.push_back(job);
    }

    /// A window of the series ends: the share that is followed keeps step with the rate.
    pub fn end_window(&mut self, now: SimTime) {
        let seen = self.seen - self.seen_before;
        if seen > TRACED_PER_WINDOW {
            self.threshold = (u64::MAX / seen).saturating_mul(TRACED_PER_WINDOW);
        } else {
            self.threshold = u64::MAX;
        }
        self.seen_before = self.seen;
        self.window_traced = 0;
        self.jobs_traced = 0;
        self.gate = self.threshold.max(self.reel.threshold());
        if self.jobs_open > 0 {
            self.open.retain(|n, t| n & JOB == 0 || t.began_ns.saturating_add(JOB_FOR_NS) > now.0);
            self.jobs_open = self.open.range(JOB..).count();
        }
    }

    /// Requests up to this hash are to be shown moving; none for 0.
    pub fn show(&mut self, threshold: u64) {
        self.reel.want(threshold);
        self.gate = self.threshold.max(self.reel.threshold());
    }

    /// What is to be shown moving.
    pub fn reel(&mut self) -> &mut Reel {
        &mut self.reel
    }

    /// Share of requests that is followed just now.
    pub fn share(&self) -> f64 {
        self.threshold as f64 / u64::MAX as f64
    }

    /// The latest requests and deliveries that have ended, with at most so many calls in all.
    pub fn latest(&self, spans_max: usize) -> Vec<Trace> {
        let mut spans = 0;
        let mut fits = |t: &&Trace| {
            spans += t.spans.len();
            spans <= spans_max
        };
        let (recent, jobs) = (self.recent.iter().rev(), self.jobs.iter().rev());
        let mut latest: Vec<Trace> = recent.take_while(|t| fits(t)).cloned().collect();
        // As many deliveries as belong to the time of those requests.
        let since = latest.last().map_or(0, |t| t.ended_ns);
        latest.extend(jobs.filter(|t| t.ended_ns >= since).take_while(fits).cloned());
        latest
    }

    /// Requests and deliveries under way up to a hash, as far as they have come, and how many calls they have; none of
    /// them when those are more than so many.
    pub fn under_way(&self, threshold: u64, spans_max: usize) -> (Vec<Trace>, usize) {
        let wanted = || self.open.values().filter(|t| mix64(t.number) <= threshold);
        let spans = wanted().map(|t| t.spans.len()).sum();
        (if spans <= spans_max { wanted().cloned().collect() } else { Vec::new() }, spans)
    }

    /// What is known of followed requests now.
    pub fn traces(&self) -> Traces {
        Traces {
            share: self.share(),
            recent: self.recent.iter().cloned().collect(),
            slowest: self.slowest.clone(),
            failed: self.failed.iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scenarios;
    use crate::sim::Simulation;

    fn total(trace: &Trace) -> u64 {
        breakdown(trace).iter().map(|s| s.2).sum()
    }

    /// A request that queues, is worked on, asks a cache and then a database, and fails over one pool wait.
    #[test]
    fn a_breakdown_tells_each_phase_exactly() {
        let span = |parent, node, times: [u64; 7]| Span {
            parent,
            node,
            sent_ns: times[0],
            launched_ns: Some(times[1]),
            arrived_ns: Some(times[2]),
            started_ns: Some(times[3]),
            served_ns: Some(times[4]),
            answered_ns: Some(times[5]),
            back_ns: Some(times[6]),
            ..Span::default()
        };
        let trace = Trace {
            began_ns: 100,
            ended_ns: 1_000,
            spans: vec![
                span(None, 1, [200, 200, 210, 240, 300, 980, 1_000]),
                span(Some(0), 2, [300, 300, 310, 310, 350, 350, 360]),
                span(Some(0), 3, [370, 400, 420, 500, 900, 900, 950]),
            ],
            ..Trace::default()
        };
        let parts = breakdown(&trace);
        let of = |node, phase| parts.iter().find(|p| p.0 == node && p.1 == phase).map_or(0, |p| p.2);
        assert_eq!(of(None, Phase::Backoff), 100);
        assert_eq!(of(Some(1), Phase::Network), 10 + 20);
        assert_eq!(of(Some(1), Phase::Queue), 30);
        assert_eq!(of(Some(1), Phase::Service), 60);
        assert_eq!(of(Some(1), Phase::Inside), 10 + 30);
        assert_eq!(of(Some(2), Phase::Network), 20);
        assert_eq!(of(Some(2), Phase::Service), 40);
        assert_eq!(of(Some(3), Phase::Connection), 30);
        assert_eq!(of(Some(3), Phase::Queue), 80);
        assert_eq!(of(Some(3), Phase::Service), 400);
        assert_eq!(of(Some(3), Phase::Network), 20 + 50);
        assert_eq!(parts.iter().map(|p| p.2).sum::<u64>(), 900);
    }

    #[test]
    fn every_breakdown_fills_the_request_exactly() {
        for scenario in scenarios::small() {
            let design = crate::design::Design::parse(scenario.json).unwrap();
            let mut sim = Simulation::new(&design);
            sim.run_until(SimTime(20_000_000_000), u64::MAX);
            let traces = sim.traces();
            assert!(traces.share > 0.0 && traces.recent.len() > 50, "{}", scenario.id);
            for trace in traces.recent.iter().chain(&traces.slowest).chain(&traces.failed) {
                assert_eq!(total(trace), trace.ended_ns - trace.began_ns, "{}: {trace:?}", scenario.id);
                assert!(trace.cut || !trace.spans.is_empty());
            }
            assert!(traces.slowest.is_sorted_by_key(|t| std::cmp::Reverse(t.ended_ns - t.began_ns)));
        }
    }

    /// At high rates the share falls; the sample stays a fair one: its mean response is that of all requests.
    #[test]
    fn the_sample_is_fair_and_bounded() {
        let text = r#"{"version":1,"nodes":[
            {"id":"users","kind":"users","params":{"traffic":{"preset":"constant","rps":3000}}},
            {"id":"web","kind":"web","params":{"workers":40,"service":{"law":"exponential","mean_ms":10}}}],
            "wires":[{"from":"users","to":"web"}],"run":{"until_s":60}}"#;
        let design = crate::design::Design::parse(text).unwrap_or_else(|f| panic!("{f:?}"));
        let mut sim = Simulation::new(&design);
        let (mut sum, mut n, mut last) = (0.0, 0u32, 0);
        for step in 1..=600 {
            sim.run_until(SimTime(step * 100_000_000), u64::MAX);
            for t in &sim.traces().recent {
                if t.ended_ns > last {
                    sum += (t.ended_ns - t.began_ns) as f64 / 1e9;
                    n += 1;
                }
            }
            last = sim.now().0;
        }
        let share = sim.traces().share;
        assert!((0.04..0.14).contains(&share), "{share}");
        let all = sim.meter(0).classes[0].response.mean_s();
        let of_sample = sum / f64::from(n);
        assert!(n > 4_000 && (of_sample / all - 1.0).abs() < 0.06, "{n}: {of_sample} of {all}");
    }
}
