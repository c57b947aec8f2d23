//! Which followed requests a snapshot brings, so that they can be shown moving: as many for each second of wall time as
//! the page wants, every request as likely, whatever the rate and the speed.

use crate::messages::{Film, Speed};
use crate::sim::trace::{Trace, Tracer};

/// Up to this speed requests are shown on their way, in the run's own time.
pub const SLOW_TIMES_MAX: f64 = 0.01;
/// Wall time after which the share is set anew [ms].
const GAUGE_MS: f64 = 500.0;
/// A number within this factor of what is wanted is left alone, so that the share does not flicker.
const NEAR: f64 = 1.3;
/// Calls, all requests together, that a snapshot of a run that stands still brings, and one in slow motion.
const LATEST_SPANS_MAX: usize = 1_500;
const UNDER_WAY_SPANS_MAX: usize = 400;

/// What the page wants to see, and how much of it there was of late.
#[derive(Debug, Default)]
pub struct FilmGauge {
    /// Requests per second of wall time; 0 for none.
    per_s: u16,
    /// Requests up to this hash are shown.
    threshold: u64,
    /// The page has nothing of this moment yet.
    fresh: bool,
    wall_ms: f64,
    taken: usize,
}

impl FilmGauge {
    /// The page wants about so many for each second of wall time.
    pub fn want(&mut self, per_s: u16) {
        if self.per_s == 0 {
            self.begin();
        }
        self.per_s = per_s;
    }

    /// Another run, or another moment of it: what the page shows is of no use.
    pub fn begin(&mut self) {
        self.fresh = true;
        self.threshold = u64::MAX;
        (self.wall_ms, self.taken) = (0.0, 0);
    }

    /// It is played on for so much wall time.
    pub fn turn(&mut self, tracer: &mut Tracer, wall_ms: f64, speed: Speed) {
        if self.per_s == 0 {
            return tracer.show(0);
        }
        self.wall_ms += wall_ms;
        let wanted = f64::from(self.per_s) * GAUGE_MS / 1e3;
        if !is_slow(speed) && (self.wall_ms >= GAUGE_MS || self.taken as f64 > 2.0 * wanted) {
            let had = self.taken as f64 / (self.wall_ms.max(1.0) / GAUGE_MS);
            if had > wanted * NEAR || had * NEAR < wanted {
                let share = (wanted / had.max(1.0)).clamp(0.1, 4.0) * share_of(self.threshold);
                self.threshold = (share.min(1.0) * u64::MAX as f64) as u64;
            }
            (self.wall_ms, self.taken) = (0.0, 0);
        }
        tracer.show(self.threshold);
    }

    /// What a snapshot brings.
    pub fn cut(&mut self, tracer: &mut Tracer, speed: Speed) -> Option<Box<Film>> {
        if self.per_s == 0 {
            return None;
        }
        let slow = is_slow(speed);
        let mut film = Film { slow, latest: std::mem::take(&mut self.fresh), ..Film::default() };
        let ended = tracer.reel().take();
        film.ended = if film.latest {
            film.share = tracer.share();
            tracer.latest(LATEST_SPANS_MAX)
        } else {
            self.taken += ended.len();
            // More at once than there is room for: see `sim::film`.
            let held = tracer.reel().threshold();
            self.threshold = if held > 0 { self.threshold.min(held) } else { self.threshold };
            film.share = share_of(self.threshold);
            ended
        };
        if slow {
            film.under_way = self.under_way(tracer);
            film.share = share_of(self.threshold);
        }
        Some(Box::new(film))
    }

    /// In slow motion: those under way, of a lower share when they are more than there is room for, of a higher one when
    /// they are few.
    fn under_way(&mut self, tracer: &Tracer) -> Vec<Trace> {
        loop {
            let (found, spans) = tracer.under_way(self.threshold, UNDER_WAY_SPANS_MAX);
            if spans > UNDER_WAY_SPANS_MAX {
                self.threshold /= 2;
                continue;
            }
            if spans < UNDER_WAY_SPANS_MAX / 4 {
                self.threshold = self.threshold.max(1).saturating_mul(2);
            }
            return found;
        }
    }
}

fn is_slow(speed: Speed) -> bool {
    matches!(speed, Speed::Times(x) if x <= SLOW_TIMES_MAX)
}

fn share_of(threshold: u64) -> f64 {
    threshold as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::design::Design;
    use crate::messages::{FromWorker, RunState, Snapshot, ToWorker};
    use crate::scenarios;
    use crate::session::Session;
    use crate::sim::film::{REEL_MAX, REEL_SPANS_MAX};

    fn begin(text: &str, speed: Speed, per_s: u16) -> Session {
        let mut session = Session::new();
        session.handle(ToWorker::Film(per_s));
        session.handle(ToWorker::SetSpeed(speed));
        let answers = session.handle(ToWorker::Load { run: 1, design: text.to_owned(), play: true });
        assert!(matches!(&answers[..], [FromWorker::Loaded { .. }]), "{answers:?}");
        session
    }

    /// Goes on for frames of wall time, and gives what snapshots bring.
    fn frames(session: &mut Session, count: usize, mut each: impl FnMut(&Snapshot)) {
        for _ in 0..count {
            session.advance(1_000.0 / 60.0, u64::MAX);
            if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
                session.handle(ToWorker::Seen(s.seq));
                each(&s);
            }
        }
    }

    /// Users, balancer, web servers with a cache and a database, of which one request in five that reaches it fails, and a
    /// queue with workers.
    fn shop(rps: u32) -> String {
        format!(
            r#"{{"version":1,"nodes":[
            {{"id":"users","kind":"users","params":{{"traffic":{{"preset":"constant","rps":{rps}}},"write_share":0.2,"job_share":0.2}}}},
            {{"id":"lb","kind":"load_balancer"}},
            {{"id":"web","kind":"web","params":{{"instances":8,"workers":400}}}},
            {{"id":"db","kind":"relational","params":{{"workers":200}}}},
            {{"id":"queue","kind":"queue","params":{{}}}},
            {{"id":"workers","kind":"workers","params":{{"instances":20,"workers":50}}}}],
            "wires":[{{"from":"users","to":"lb","latency_ms":1}},{{"from":"lb","to":"web"}},
            {{"from":"web","to":"db","error_share":0.2}},
            {{"from":"web","to":"queue"}},{{"from":"queue","to":"workers"}}],"run":{{"until_s":600}}}}"#
        )
    }

    #[test]
    fn whatever_is_shown_the_run_is_the_same() {
        for scenario in scenarios::small() {
            let end = |per_s: u16, events: u64| {
                let mut session = begin(scenario.json, Speed::Max, per_s);
                while session.simulation().unwrap().now().0 < 20_000_000_000 {
                    session.advance(8.0, events);
                    if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
                        session.handle(ToWorker::Seen(s.seq));
                    }
                }
                session.handle(ToWorker::Seek(40_000_000_000));
                while session.advance(8.0, 20_000) {}
                session.simulation().unwrap().hash()
            };
            let plain = end(0, 10_000);
            assert_eq!((end(200, 10_000), end(7, 333)), (plain, plain), "{}", scenario.id);
        }
    }

    /// Calls on each wire, and failures, are in the same proportion as those of the whole run.
    #[test]
    fn what_is_shown_is_a_true_sample() {
        let mut session = begin(&shop(400), Speed::Times(10.0), 300);
        let wires = Design::parse(&shop(1)).unwrap().wires.len();
        let (mut calls, mut users, mut failed, mut numbers) = (vec![0.0; wires], 0.0, 0.0, Vec::new());
        let mut expected = 0.0;
        let mut before = 0;
        frames(&mut session, 1_500, |s| {
            let film = s.film.as_ref().unwrap();
            if film.latest || film.share == 0.0 {
                before = s.totals.completed;
                return;
            }
            expected += (s.totals.completed - before) as f64 * film.share;
            before = s.totals.completed;
            for t in &film.ended {
                numbers.push(t.number);
                for span in &t.spans {
                    calls[usize::from(span.wire)] += 1.0;
                }
                if !t.is_delivery() {
                    users += 1.0;
                    failed += f64::from(u8::from(t.failed.is_some()));
                }
            }
        });
        let sim = session.simulation().unwrap();
        let all: Vec<f64> =
            (0..wires).map(|w| sim.windows().iter().map(|x| f64::from(x.wires[w])).sum::<f64>()).collect();
        for w in 1..wires {
            let (shown, real) = (calls[w] / calls[0], all[w] / all[0]);
            assert!((shown / real - 1.0).abs() < 0.12, "wire {w}: {shown} of {real}; {calls:?}");
        }
        let totals = sim.totals();
        let real = totals.failed.iter().sum::<u64>() as f64 / totals.arrived as f64;
        assert!(real > 0.1 && (failed / users / real - 1.0).abs() < 0.1, "{failed} of {users}, {real}");
        // The share that is told is the one that is shown, of those that were answered.
        assert!(((users - failed) / expected - 1.0).abs() < 0.15, "{users} shown, {expected} by the share");
        // As many as were wanted, and none twice.
        let per_s = numbers.len() as f64 / 25.0;
        assert!((150.0..450.0).contains(&per_s), "{per_s}");
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|n| n[0] != n[1]));
    }

    #[test]
    fn a_snapshot_is_bounded_whatever_the_speed_and_brings_nothing_that_is_not_wanted() {
        for speed in [Speed::Times(1.0), Speed::Times(100.0), Speed::Times(0.001)] {
            let mut session = begin(&shop(2_000), speed, 200);
            let mut most = 0;
            frames(&mut session, 400, |s| {
                let film = s.film.as_ref().unwrap();
                let bytes = postcard::to_allocvec(film).unwrap().len();
                most = most.max(if film.latest { 0 } else { bytes });
                let spans = |of: &[crate::sim::trace::Trace]| of.iter().map(|t| t.spans.len()).sum::<usize>();
                assert!(film.ended.len() <= REEL_MAX || film.latest);
                assert!(film.latest || spans(&film.ended) <= REEL_SPANS_MAX + 250);
                assert!(
                    spans(&film.ended) <= LATEST_SPANS_MAX && spans(&film.under_way) <= UNDER_WAY_SPANS_MAX
                );
            });
            assert!((100..40_000).contains(&most), "{most} bytes at {speed:?}");
            session.handle(ToWorker::Film(0));
            frames(&mut session, 5, |s| assert!(s.film.is_none()));
        }
    }

    #[test]
    fn a_run_that_stands_still_shows_its_latest_once() {
        let mut session = begin(&shop(400), Speed::Times(1.0), 100);
        session.handle(ToWorker::Seek(20_000_000_000));
        let mut seen = Vec::new();
        frames(&mut session, 10, |s| {
            assert_eq!(s.state, RunState::Paused);
            seen.push(s.film.clone().unwrap());
        });
        assert_eq!(seen.len(), 1);
        assert!(seen[0].latest && seen[0].ended.len() > 60);
        assert!(
            seen[0].ended.iter().any(|t| t.is_delivery()) && seen[0].ended.iter().any(|t| !t.is_delivery())
        );
        assert!(seen[0].ended.iter().all(|t| t.ended_ns <= 20_000_000_000 && t.ended_ns > 10_000_000_000));
        // Played on, what comes is new.
        session.handle(ToWorker::Play);
        let mut after = 0;
        frames(&mut session, 60, |s| {
            let film = s.film.as_ref().unwrap();
            assert!(!film.latest && film.ended.iter().all(|t| t.ended_ns >= 20_000_000_000));
            after += film.ended.len();
        });
        assert!((50..400).contains(&after), "{after}");
    }

    /// In slow motion each call that is on the network is known to arrive, and does, at that very moment.
    #[test]
    fn in_slow_motion_requests_are_seen_on_their_way() {
        let mut session = begin(&shop(400), Speed::Times(1.0), 100);
        session.handle(ToWorker::Seek(20_000_000_000));
        while session.advance(8.0, 20_000) {}
        session.handle(ToWorker::SetSpeed(Speed::Times(0.001)));
        session.handle(ToWorker::Play);
        let mut due = std::collections::BTreeMap::new();
        let (mut met, mut under_way) = (0, 0);
        frames(&mut session, 1_800, |s| {
            let film = s.film.as_ref().unwrap();
            assert!(film.slow);
            under_way = under_way.max(film.under_way.len());
            for t in film.under_way.iter().chain(&film.ended) {
                for (i, span) in t.spans.iter().enumerate() {
                    match (span.due_ns, span.arrived_ns) {
                        (Some(at), None) => {
                            assert!(at >= s.now_ns && span.launched_ns.unwrap() <= s.now_ns);
                            due.insert((t.number, i), at);
                        }
                        (_, Some(at)) if due.contains_key(&(t.number, i)) => {
                            assert_eq!(due.remove(&(t.number, i)), Some(at));
                            met += 1;
                        }
                        _ => {}
                    }
                }
            }
        });
        assert!(under_way >= 3 && met >= 3, "{under_way} under way, {met} met");
    }
}
