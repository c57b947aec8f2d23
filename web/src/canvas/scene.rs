//! A followed request as it is shown: when each of its calls is where on its wire.
//!
//! A hop takes micro- or milliseconds, too little for the eye. So a request is shown slowed down: its hops in the true order,
//! none faster than an eye can follow, and every wait longer the longer it was. In slow motion it is shown in the run's
//! own time instead, only that no hop is a jump. Nothing here knows a page.

use headroom_model::sim::trace::{Span, Trace};

/// How fast a request crosses a wire at most [world px/s], and how long that takes at least and at most [s].
const SPEED: f64 = 330.0;
const CROSS_S: (f64, f64) = (0.42, 1.1);
/// The same for every wire in slow motion [s].
const CROSS_SLOW_S: f64 = 0.35;
/// Each doubling of a wait, from this on [ns], is shown so much longer [s].
const WAIT_FROM_NS: f64 = 1_000_000.0;
const PER_DOUBLING_S: f64 = 0.2;
/// A wait that is shown shorter than this is not shown [s].
const WAIT_SEEN_S: f64 = 0.03;
/// How long a failure stays where it happened [s].
const BURST_S: f64 = 0.9;
/// Calls of one request that are shown.
const SPANS_SHOWN: usize = 60;

/// How simulated time becomes shown time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// Slowed down until the eye can follow.
    #[default]
    Eye,
    /// As the run goes: simulated seconds per second.
    Run(f64),
}

impl Pace {
    /// How long a stretch of the run is shown at least [s].
    fn stretch_s(self, ns: u64) -> f64 {
        match self {
            Pace::Eye => PER_DOUBLING_S * (1.0 + ns as f64 / WAIT_FROM_NS).log2(),
            Pace::Run(speed) => ns as f64 / 1e9 / speed,
        }
    }

    /// How long the way over a wire is shown at least [s].
    fn cross_s(self, length: f64) -> f64 {
        match self {
            Pace::Eye => (length / SPEED).clamp(CROSS_S.0, CROSS_S.1),
            Pace::Run(_) => CROSS_SLOW_S,
        }
    }
}

/// How a call looks on a stretch of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// On its way to the node, or waiting there.
    There,
    /// Its answer on the way back.
    Back,
    /// It has failed.
    Failed,
}

/// A stretch of a call's way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    /// Wire, by position in the design of the run.
    pub wire: u16,
    /// Position of its class among all.
    pub class: u8,
    /// How it looks.
    pub look: Look,
    /// It stands in a row with others that wait at this end of the wire.
    pub waits: bool,
    /// When it begins and ends [s since the request began to be shown].
    pub from_s: f64,
    /// See `from_s`; infinite while nobody knows.
    pub to_s: f64,
    /// Where on the wire, as parts of its length.
    pub way: (f64, f64),
}

/// A request as it is shown.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The request.
    pub trace: Trace,
    /// All that is seen of it, in the order in which it begins.
    pub legs: Vec<Leg>,
    /// When all is over [s]; infinite while it has not ended.
    pub length_s: f64,
}

/// What can happen to a call, in the order in which it does at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Sent,
    Launched,
    Arrived,
    Answered,
    Back,
}

/// Shown times of one call.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    sent: f64,
    launched: Option<f64>,
    arrived: Option<f64>,
    answered: Option<f64>,
    back: Option<f64>,
}

impl Scene {
    /// Lays a request out in shown time, for wires of these lengths [world px].
    pub fn new(trace: Trace, pace: Pace, length: impl Fn(u16) -> f64) -> Self {
        let spans = &trace.spans[..trace.spans.len().min(SPANS_SHOWN)];
        let ended = (trace.ended_ns > 0).then_some(trace.ended_ns);
        let (shown, known_s) = times(spans, trace.began_ns, ended, pace, &length);
        let end_s = if ended.is_some() { known_s } else { f64::INFINITY };
        let mut legs = Vec::with_capacity(spans.len() * 3);
        for (i, span) in spans.iter().enumerate() {
            let children =
                (i + 1..spans.len()).filter(|c| usize::from(spans[*c].parent.unwrap_or(u16::MAX)) == i);
            let busy = children
                .filter(|c| !spans[*c].aside)
                .map(|c| (shown[c].sent, shown[c].back.unwrap_or(end_s).min(end_s)));
            lay(span, &shown[i], busy.collect(), end_s, trace.failed.is_some(), &mut legs);
        }
        legs.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        let last = legs.iter().map(|l| l.to_s).fold(0.0, f64::max);
        let length_s = if ended.is_some() { last.max(known_s) } else { f64::INFINITY };
        Self { trace, legs, length_s }
    }
}

/// When each call is shown to do what it does, and when the request is shown to end, or to be as far as is known.
fn times(
    spans: &[Span],
    began_ns: u64,
    ended_ns: Option<u64>,
    pace: Pace,
    length: &impl Fn(u16) -> f64,
) -> (Vec<Shown>, f64) {
    // In the order of time, and at one moment in that of cause and effect: along the tree of calls.
    let mut events: Vec<(u64, What, usize)> = Vec::with_capacity(spans.len() * 5);
    let roots = (0..spans.len()).filter(|i| spans[*i].parent.is_none());
    roots.for_each(|i| walk(spans, i, &mut events));
    events.sort_by_key(|e| e.0);
    let mut shown = vec![Shown::default(); spans.len()];
    // When the moment in hand is shown at the earliest, and the last thing before it.
    let (mut base, mut last, mut at_ns) = (0.0_f64, 0.0_f64, began_ns);
    let mut end_s = None;
    for (t, what, i) in events {
        if let Some(end) = ended_ns.filter(|end| t > *end && end_s.is_none()) {
            // What nobody waits for goes on.
            end_s = Some(last + pace.stretch_s(end.saturating_sub(at_ns)));
        }
        if t > at_ns {
            base = last + pace.stretch_s(t - at_ns);
            at_ns = t;
        }
        let span = &spans[i];
        let cross = pace.cross_s(length(span.wire));
        let me = shown[i];
        let after = match what {
            What::Sent => {
                let caller = span.parent.map_or(0.0, |p| shown[usize::from(p)].arrived.unwrap_or(0.0));
                let before = (0..i).filter(|s| spans[*s].parent == span.parent);
                let before = before.filter(|s| spans[*s].back_ns.is_some_and(|b| b <= t));
                before.filter_map(|s| shown[s].back).fold(caller, f64::max)
            }
            What::Launched => me.sent,
            What::Arrived => me.launched.unwrap_or(me.sent) + cross,
            What::Answered => {
                let own = me.arrived.unwrap_or(me.sent);
                let waited = |c: &usize| spans[*c].parent == Some(i as u16) && !spans[*c].aside;
                let calls = (i + 1..spans.len()).filter(waited);
                calls.filter_map(|c| shown[c].back).fold(own, f64::max)
            }
            What::Back => match (me.answered, me.launched) {
                (Some(answered), _) => answered + cross,
                // Lost on the way, or never sent.
                (None, Some(launched)) => launched + cross,
                (None, None) => me.sent,
            },
        };
        let s = base.max(after);
        last = last.max(s);
        let me = &mut shown[i];
        match what {
            What::Sent => me.sent = s,
            What::Launched => me.launched = Some(s),
            What::Arrived => me.arrived = Some(s),
            What::Answered => me.answered = Some(s),
            What::Back => me.back = Some(s),
        }
    }
    let end_s = match ended_ns {
        Some(end) => end_s.unwrap_or_else(|| last + pace.stretch_s(end.saturating_sub(at_ns))),
        None => last,
    };
    (shown, end_s)
}

/// What happens to a call and to those that are made on its behalf.
fn walk(spans: &[Span], i: usize, out: &mut Vec<(u64, What, usize)>) {
    let s = &spans[i];
    let mut add = |at: Option<u64>, what: What| out.extend(at.map(|at| (at, what, i)));
    // While it is on the network it is known when it will be there, even if nobody waits any more.
    let arrived = s.arrived_ns.or(s.due_ns.filter(|_| s.answered_ns.is_none()));
    let back = s.back_ns.or(s.due_ns.filter(|_| s.answered_ns.is_some()));
    add(Some(s.sent_ns), What::Sent);
    add(s.launched_ns.or(s.arrived_ns.and(Some(s.sent_ns))), What::Launched);
    add(arrived, What::Arrived);
    for c in i + 1..spans.len() {
        if spans[c].parent == Some(i as u16) {
            walk(spans, c, out);
        }
    }
    let mut add = |at: Option<u64>, what: What| out.extend(at.map(|at| (at, what, i)));
    add(s.answered_ns, What::Answered);
    add(back, What::Back);
}

/// The stretches of a call's way. `busy` is when it is seen elsewhere, as calls of its own.
fn lay(span: &Span, at: &Shown, mut busy: Vec<(f64, f64)>, end_s: f64, fails: bool, out: &mut Vec<Leg>) {
    let mut leg = |look: Look, waits: bool, from_s: f64, to_s: f64, way: (f64, f64)| {
        if to_s > from_s {
            out.push(Leg { wire: span.wire, class: span.class, look, waits, from_s, to_s, way });
        }
    };
    let too_late = fails && at.back.is_some_and(|back| back > end_s);
    let answer = if span.failed.is_some() || too_late { Look::Failed } else { Look::Back };
    // Waiting for a connection, at the caller.
    let launched = at.launched.unwrap_or(end_s);
    if launched - at.sent > WAIT_SEEN_S && at.back.is_none_or(|b| b > launched) {
        leg(Look::There, true, at.sent, launched, (0.0, 0.0));
    }
    let Some(launched) = at.launched else {
        match at.back {
            // Refused before it was sent.
            Some(back) => leg(Look::Failed, false, back, back + BURST_S, (0.0, 0.0)),
            None if fails && end_s.is_finite() => {
                leg(Look::Failed, false, end_s, end_s + BURST_S, (0.0, 0.0))
            }
            None => {}
        }
        return;
    };
    let Some(arrived) = at.arrived else {
        // Lost on the way: an error comes back, or nothing.
        let middle = launched + (at.back.unwrap_or(end_s).min(launched + 1.0) - launched) / 2.0;
        leg(Look::There, false, launched, middle, (0.0, 0.5));
        match at.back {
            Some(back) => leg(Look::Failed, false, middle, back, (0.5, 0.0)),
            None => leg(Look::Failed, false, middle, end_s.max(middle) + BURST_S, (0.5, 0.5)),
        }
        return;
    };
    leg(Look::There, false, launched, arrived, (0.0, 1.0));
    let stays_until = at.answered.unwrap_or(end_s);
    busy.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut from = arrived;
    for (begin, end) in busy.into_iter().chain([(stays_until, stays_until)]) {
        if begin - from > WAIT_SEEN_S {
            leg(Look::There, true, from, begin.min(stays_until), (1.0, 1.0));
        }
        from = from.max(end);
    }
    match (at.answered, at.back) {
        (Some(answered), Some(back)) => leg(answer, false, answered, back, (1.0, 0.0)),
        // Given up while its answer was on the way.
        (Some(answered), None) if end_s > answered => leg(answer, false, answered, end_s, (1.0, 0.3)),
        (None, _) if fails && end_s.is_finite() => {
            let from_s = end_s.max(arrived);
            leg(Look::Failed, false, from_s, from_s + BURST_S, (1.0, 1.0))
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::messages::{FromWorker, ToWorker};
    use headroom_model::reason::Reason;
    use headroom_model::scenarios;
    use headroom_model::session::Session;

    /// A call that is sent, arrives, is answered and is back at these times [µs].
    fn span(parent: Option<u16>, wire: u16, times: [u64; 4]) -> Span {
        let ns = times.map(|t| Some(t * 1_000));
        Span {
            parent,
            wire,
            sent_ns: times[0] * 1_000,
            free_ns: ns[0],
            launched_ns: ns[0],
            arrived_ns: ns[1],
            answered_ns: ns[2],
            back_ns: ns[3],
            ..Span::default()
        }
    }

    fn trace(end: u64, spans: Vec<Span>) -> Trace {
        Trace { number: 7, began_ns: spans[0].sent_ns, ended_ns: end * 1_000, spans, ..Trace::default() }
    }

    fn scene(trace: Trace) -> Scene {
        Scene::new(trace, Pace::Eye, |_| 200.0)
    }

    /// Users → web → cache, then database, with no latency on any wire.
    fn aside() -> Trace {
        trace(
            31_000,
            vec![
                span(None, 0, [1_000, 1_000, 31_000, 31_000]),
                span(Some(0), 1, [2_000, 2_000, 2_000, 2_000]),
                span(Some(0), 2, [2_000, 2_000, 30_000, 30_000]),
            ],
        )
    }

    #[test]
    fn hops_follow_each_other_and_none_is_faster_than_the_eye() {
        let scene = scene(aside());
        let moves: Vec<(u16, Look)> =
            scene.legs.iter().filter(|l| !l.waits).map(|l| (l.wire, l.look)).collect();
        use Look::{Back, There};
        assert_eq!(moves, [(0, There), (1, There), (1, Back), (2, There), (2, Back), (0, Back)]);
        let hops: Vec<&Leg> = scene.legs.iter().filter(|l| !l.waits).collect();
        assert!(hops.iter().all(|l| l.to_s - l.from_s >= 0.5), "{hops:?}");
        assert!(hops.windows(2).all(|w| w[1].from_s >= w[0].to_s - 1e-9), "one after the other: {hops:?}");
        // It waits at the database for 28 ms and at the web server for 2 ms, in proportion to the eye.
        let wait = |wire: u16| -> f64 {
            scene.legs.iter().filter(|l| l.waits && l.wire == wire).map(|l| l.to_s - l.from_s).sum()
        };
        assert!(wait(2) > 2.0 * wait(0) && wait(0) > 0.1 && wait(1) == 0.0, "{} {}", wait(2), wait(0));
        assert!(scene.length_s < 8.0, "{}", scene.length_s);
    }

    #[test]
    fn calls_at_once_are_seen_at_once() {
        let shards = (0..20).map(|i| span(Some(0), i + 1, [10, 20 + u64::from(i), 500, 510]));
        let all = [span(None, 0, [0, 10, 600, 610])].into_iter().chain(shards).collect();
        let scene = scene(trace(610, all));
        let out: Vec<&Leg> =
            scene.legs.iter().filter(|l| l.wire > 0 && l.look == Look::There && !l.waits).collect();
        assert_eq!(out.len(), 20);
        assert!(out.iter().all(|l| l.from_s == out[0].from_s));
        assert!(scene.length_s < 5.0, "{}", scene.length_s);
    }

    #[test]
    fn what_fails_is_seen_where_it_fails() {
        // The queue of the database is full: it says so at once, and so does who called it.
        let mut spans = aside().spans;
        spans[2] = Span { failed: Some(Reason::QueueFull), ..span(Some(0), 2, [2_000, 2_000, 2_000, 2_000]) };
        spans[0].failed = Some(Reason::QueueFull);
        let failed = Trace { failed: Some(Reason::QueueFull), ..trace(31_000, spans.clone()) };
        let seen: Vec<(u16, bool)> = scene(failed)
            .legs
            .iter()
            .filter(|l| !l.waits && l.way.1 == 0.0)
            .map(|l| (l.wire, l.look == Look::Failed))
            .collect();
        assert_eq!(seen, [(1, false), (2, true), (0, true)]);
        // The user gives up while the database still works: a cross at the place where it hangs.
        let hangs = |s: &mut Span| (s.answered_ns, s.back_ns) = (None, None);
        spans = aside().spans;
        hangs(&mut spans[0]);
        hangs(&mut spans[2]);
        let scene = scene(Trace { failed: Some(Reason::Timeout), ..trace(20_000, spans) });
        let bursts: Vec<&Leg> = scene.legs.iter().filter(|l| l.look == Look::Failed).collect();
        assert_eq!(
            bursts.iter().map(|l| (l.wire, l.way)).collect::<Vec<_>>(),
            [(0, (1.0, 1.0)), (2, (1.0, 1.0))]
        );
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        for l in bursts {
            assert!(
                near(l.to_s, scene.length_s) && near(l.to_s - l.from_s, BURST_S),
                "{l:?} {}",
                scene.length_s
            );
        }
        // One that is lost on the network never arrives.
        let mut lost = span(None, 0, [0, 0, 0, 0]);
        (lost.arrived_ns, lost.answered_ns, lost.back_ns) = (None, None, None);
        let legs = super::Scene::new(
            Trace { failed: Some(Reason::Timeout), ..trace(900, vec![lost]) },
            Pace::Eye,
            |_| 200.0,
        )
        .legs;
        assert!(legs.iter().all(|l| l.way.1 <= 0.5) && legs.last().unwrap().look == Look::Failed);
    }

    #[test]
    fn in_slow_motion_time_is_the_runs_own() {
        // 20 ms on the wire and 30 ms of work, seen at a hundredth of real time.
        let whole = trace(80_000, vec![span(None, 0, [10_000, 30_000, 60_000, 80_000])]);
        let seen = |t: Trace| Scene::new(t, Pace::Run(0.01), |_| 200.0);
        let ends: Vec<f64> = seen(whole.clone()).legs.iter().map(|l| l.to_s).collect();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        assert!(near(ends[0], 2.0) && near(ends[1], 5.0) && near(ends[2], 7.0), "{ends:?}");
        // While it is under way it is seen as far as it is known: it will arrive, and then nobody knows.
        let mut under_way = whole;
        under_way.ended_ns = 0;
        let s = &mut under_way.spans[0];
        (s.due_ns, s.arrived_ns, s.answered_ns, s.back_ns) = (s.arrived_ns, None, None, None);
        let scene = seen(under_way);
        assert!(near(scene.legs[0].to_s, 2.0) && scene.legs[1].waits && scene.legs[1].to_s == f64::INFINITY);
        assert_eq!(scene.length_s, f64::INFINITY);
        // A hop that takes no time is no jump either.
        let jump = seen(trace(11_000, vec![span(None, 0, [10_000, 10_000, 11_000, 11_000])]));
        assert!(near(jump.legs[0].to_s - jump.legs[0].from_s, CROSS_SLOW_S));
    }

    /// Every request of every scenario: what is shown keeps the order of what was, call by call.
    #[test]
    fn shown_order_is_true_order() {
        let mut failed = 0;
        for scenario in scenarios::small() {
            let mut session = Session::new();
            session.handle(ToWorker::Load { run: 1, design: scenario.json.to_owned(), play: false });
            session.handle(ToWorker::Seek(20_000_000_000));
            while session.advance(8.0, 1_000_000) {}
            let answer = session.handle(ToWorker::Traces).pop();
            let Some(FromWorker::Traces { traces, .. }) = answer else { panic!("{answer:?}") };
            for t in traces.recent.iter().chain(&traces.failed).filter(|t| t.spans.len() <= SPANS_SHOWN) {
                let (shown, end_s) = times(&t.spans, t.began_ns, Some(t.ended_ns), Pace::Eye, &|_| 200.0);
                let mut all: Vec<(u64, f64)> = Vec::new();
                for (s, at) in t.spans.iter().zip(&shown) {
                    let times = [
                        (Some(s.sent_ns), Some(at.sent)),
                        (s.arrived_ns, at.arrived),
                        (s.answered_ns, at.answered),
                        (s.back_ns, at.back),
                    ];
                    all.extend(times.into_iter().filter_map(|(t, s)| Some((t?, s?))));
                }
                all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                assert!(all.windows(2).all(|w| w[0].1 <= w[1].1), "{}: {t:?} {all:?}", scenario.id);
                let scene = scene(t.clone());
                assert!(
                    end_s < 60.0
                        && scene
                            .legs
                            .iter()
                            .all(|l| l.from_s >= 0.0 && l.to_s.is_finite() && l.to_s > l.from_s)
                );
                if t.failed.is_some() {
                    failed += 1;
                    let seen = scene.legs.iter().any(|l| l.look == Look::Failed);
                    assert!(seen || t.spans.is_empty(), "{}: {t:?}", scenario.id);
                }
            }
        }
        assert!(failed > 10);
    }
}
