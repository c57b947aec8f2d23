//! Requests that move along the wires: those that the run follows and no others. [`scene`](super::scene) says when each of
//! their calls is where; this keeps those that are seen now, and says how many more are wanted. Drawn on one canvas.

use super::scene::{Leg, Look, Pace, Scene};
use headroom_editor::{Point, WirePath};
use headroom_model::messages::Film;
use headroom_model::sim::trace::Trace;
use std::collections::BTreeMap;

/// Dots at once, all wires together, and how many are there for a few short wires.
const DOTS_MAX: f64 = 700.0;
const DOTS_MIN: f64 = 60.0;
/// Length of wires on the screen for each dot [px].
const PX_PER_DOT: f64 = 8.0;
/// Requests at once, whatever comes.
const SCENES_MAX: usize = 1_500;
/// Requests that may be asked for, per second.
const PER_S: (f64, f64) = (4.0, 300.0);
/// How long a request is shown before any was [s].
const LENGTH_GUESS_S: f64 = 5.0;
/// What ended since the last snapshot begins to be shown over at most so long [s].
const SPREAD_S: f64 = 0.3;
/// Points that stand for a curve.
const SAMPLES: usize = 25;
/// Calls keep to one side of a wire and answers to the other, so far from its middle [world px].
const SIDE: f64 = 3.0;
/// Distance of those that wait at a node, and how many stand in a row; more stand on the last place [world px].
const ROW: f64 = 7.5;
const ROW_MAX: u16 = 10;

/// A wire as the flow sees it.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    samples: Vec<Point>,
    length: f64,
}

impl Lane {
    /// A lane along a curve.
    pub fn new(path: &WirePath) -> Self {
        let samples = (0..SAMPLES).map(|i| path.at(i as f64 / (SAMPLES - 1) as f64)).collect();
        Self { samples, length: path.length().max(1.0) }
    }

    /// It lies nowhere yet.
    pub fn is_new(&self) -> bool {
        self.samples.is_empty()
    }

    /// Lays it along another curve.
    pub fn lay(&mut self, path: &WirePath) {
        *self = Self::new(path);
    }

    /// The point after a part of its length, so far to the right of its middle.
    fn at(&self, way: f64, aside: f64) -> Option<Point> {
        if self.samples.len() < SAMPLES {
            return None;
        }
        let x = way.clamp(0.0, 1.0) * (SAMPLES - 1) as f64;
        let i = (x as usize).min(SAMPLES - 2);
        let (a, b) = (self.samples[i], self.samples[i + 1]);
        let along = b - a;
        let length = along.distance(Point::default()).max(1e-6);
        let right = Point::new(-along.y, along.x) * (aside / length);
        Some(a + along * (x - i as f64) + right)
    }
}

/// A call of a request, where it is seen now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Where.
    pub at: Point,
    /// How it looks.
    pub look: Look,
    /// Position of its class among all.
    pub class: u8,
    /// Wire, by position in the design of the run.
    pub wire: u16,
    /// Position of its request.
    scene: u32,
}

/// A request that is shown, since when.
#[derive(Debug)]
struct Playing {
    scene: Scene,
    began_s: f64,
    /// Legs before this one are over.
    first: usize,
}

/// All requests on their way.
#[derive(Debug, Default)]
pub struct Flow {
    /// The wires, in the design's order.
    pub lanes: Vec<Lane>,
    /// Where among them each wire of the run is.
    pub wires: Vec<Option<usize>>,
    scenes: Vec<Playing>,
    /// Requests under way in slow motion, by number: where among the scenes.
    under_way: BTreeMap<u64, usize>,
    pace: Pace,
    /// Time that was shown so far [s].
    clock_s: f64,
    /// When the last film came.
    heard_s: f64,
    /// How long a request is shown, of late [s].
    length_s: f64,
    /// Where all are now; kept, so that a frame allocates nothing.
    dots: Vec<Dot>,
    /// How many wait at the start and the end of each wire.
    waiting: Vec<[u16; 2]>,
}

impl Flow {
    /// Forgets all that moves, as when the run is another.
    pub fn clear(&mut self) {
        self.scenes.clear();
        self.under_way.clear();
        self.dots.clear();
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.scenes.is_empty()
    }

    /// Requests per second that are wanted so that wires of this length on the screen [px] are full and not crowded.
    pub fn wanted_per_s(&self, px: f64) -> f64 {
        let length_s = if self.length_s > 0.0 { self.length_s } else { LENGTH_GUESS_S };
        let dots = (px / PX_PER_DOT).clamp(DOTS_MIN, DOTS_MAX);
        (dots / length_s).clamp(PER_S.0, PER_S.1)
    }

    /// Length of all wires [world px].
    pub fn length(&self) -> f64 {
        self.lanes.iter().map(|l| l.length).sum()
    }

    /// Takes what a snapshot brought of a run that is at this moment and goes so fast.
    pub fn take(&mut self, film: Film, now_ns: u64, speed: f64) {
        let pace = if film.slow { Pace::Run(speed) } else { Pace::Eye };
        if film.latest || pace != self.pace {
            self.clear();
            self.pace = pace;
        }
        if film.slow {
            return self.watch(film, now_ns, speed);
        }
        self.under_way.clear();
        let gap_s = (self.clock_s - self.heard_s).clamp(0.0, SPREAD_S);
        self.heard_s = self.clock_s;
        let n = film.ended.len().max(1) as f64;
        for (i, trace) in film.ended.into_iter().enumerate() {
            let scene = self.scene(trace);
            self.length_s = match self.length_s {
                0.0 => scene.length_s,
                before => before + (scene.length_s - before) / 64.0,
            };
            // A run that stands still is seen as if it had been watched: each of the latest somewhere on its way.
            let part = (i as f64 + 0.5) / n;
            let began_s = self.clock_s
                + if film.latest { -scene.length_s * (part * 7.0).fract() } else { gap_s * (part - 0.5 / n) };
            if self.scenes.len() < SCENES_MAX {
                self.scenes.push(Playing { scene, began_s, first: 0 });
            }
        }
    }

    /// Slow motion: what is under way, as far as it is known.
    fn watch(&mut self, film: Film, now_ns: u64, speed: f64) {
        // The latest have ended before anybody watched.
        let ended = if film.latest { Vec::new() } else { film.ended };
        for trace in ended.into_iter().chain(film.under_way) {
            let (number, began_ns) = (trace.number, trace.began_ns);
            let scene = self.scene(trace);
            let at = self.under_way.get(&number).copied();
            if let Some(playing) = at.and_then(|i| self.scenes.get_mut(i)) {
                (playing.scene, playing.first) = (scene, 0);
            } else if self.scenes.len() < SCENES_MAX {
                let age_s = now_ns.saturating_sub(began_ns) as f64 / 1e9 / speed;
                let began_s = self.clock_s - age_s;
                self.under_way.insert(number, self.scenes.len());
                self.scenes.push(Playing { scene, began_s, first: 0 });
            }
        }
    }

    fn scene(&self, trace: Trace) -> Scene {
        Scene::new(trace, self.pace, |wire| self.lane(wire).map_or(0.0, |l| l.length))
    }

    fn lane(&self, wire: u16) -> Option<&Lane> {
        self.lanes.get((*self.wires.get(usize::from(wire))?)?)
    }

    /// Goes on by so much shown time.
    pub fn advance(&mut self, dt_s: f64) {
        self.clock_s += dt_s;
        let clock_s = self.clock_s;
        let before = self.scenes.len();
        self.scenes.retain(|p| clock_s < p.began_s + p.scene.length_s);
        if self.scenes.len() != before && !self.under_way.is_empty() {
            let numbers = self.scenes.iter().enumerate().map(|(i, p)| (p.scene.trace.number, i));
            self.under_way = numbers.collect();
        }
    }

    /// Puts every call where it is now.
    pub fn place(&mut self) {
        self.dots.clear();
        self.waiting.clear();
        self.waiting.resize(self.lanes.len(), [0, 0]);
        for (scene, playing) in self.scenes.iter_mut().enumerate() {
            let t = self.clock_s - playing.began_s;
            let legs = &playing.scene.legs;
            while legs.get(playing.first).is_some_and(|l| l.to_s <= t) {
                playing.first += 1;
            }
            for leg in legs[playing.first..].iter().take_while(|l| l.from_s <= t).filter(|l| t < l.to_s) {
                let Some(&Some(lane_at)) = self.wires.get(usize::from(leg.wire)) else { continue };
                let Some(lane) = self.lanes.get(lane_at) else { continue };
                let part = (t - leg.from_s) / (leg.to_s - leg.from_s);
                let part = if part.is_finite() { part } else { 0.0 };
                let mut way = leg.way.0 + (leg.way.1 - leg.way.0) * part;
                if leg.waits {
                    let end = usize::from(leg.way.1 > 0.5);
                    let row = &mut self.waiting[lane_at][end];
                    let back = f64::from((*row).min(ROW_MAX)) * ROW / lane.length;
                    way += if end == 1 { -back } else { back };
                    *row += 1;
                }
                let aside = match leg.look {
                    Look::There => SIDE,
                    Look::Back => -SIDE,
                    Look::Failed if leg.way.0 > leg.way.1 => -SIDE,
                    Look::Failed => SIDE,
                };
                if let Some(at) = lane.at(way, aside) {
                    let Leg { look, class, wire, .. } = *leg;
                    self.dots.push(Dot { at, look, class, wire, scene: scene as u32 });
                }
            }
        }
    }

    /// Where all are, as of the last [`Flow::place`].
    pub fn dots(&self) -> &[Dot] {
        &self.dots
    }

    /// The dot nearest to a point, within reach of it: its request, and the wire that it is on.
    pub fn dot_at(&self, point: Point, reach: f64) -> Option<(&Trace, u16)> {
        let near = self.dots.iter().map(|d| (d.at.distance(point), d)).filter(|(far, _)| *far <= reach);
        let (_, dot) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let playing = self.scenes.get(dot.scene as usize)?;
        Some((&playing.scene.trace, dot.wire))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_editor::{wire_path, wire_paths};
    use headroom_model::design::Design;
    use headroom_model::messages::{FromWorker, Speed, ToWorker};
    use headroom_model::scenarios;
    use headroom_model::session::Session;
    use headroom_model::sim::trace::Span;

    fn lane() -> Lane {
        Lane::new(&wire_path(Point::new(0.0, 0.0), Point::new(300.0, 60.0)))
    }

    fn flow(lanes: usize) -> Flow {
        Flow { lanes: vec![lane(); lanes], wires: (0..lanes).map(Some).collect(), ..Flow::default() }
    }

    fn request(number: u64, wire: u16, failed: bool) -> Trace {
        let times = [0, 1_000_000, 9_000_000, 10_000_000].map(|t| Some(t + 1));
        let failed = failed.then_some(headroom_model::reason::Reason::QueueFull);
        let span = Span {
            wire,
            sent_ns: 1,
            launched_ns: times[0],
            arrived_ns: times[1],
            answered_ns: times[2],
            back_ns: times[3],
            failed,
            ..Span::default()
        };
        Trace { number, began_ns: 1, ended_ns: 10_000_001, failed, spans: vec![span], ..Trace::default() }
    }

    fn film(ended: Vec<Trace>) -> Film {
        Film { share: 1.0, ended, ..Film::default() }
    }

    #[test]
    fn a_request_goes_there_waits_comes_back_and_is_gone() {
        let mut flow = flow(1);
        flow.take(film(vec![request(1, 0, false)]), 0, 1.0);
        let (mut looks, mut last, mut turned) = (Vec::new(), f64::NEG_INFINITY, false);
        while !flow.is_empty() {
            flow.advance(1.0 / 60.0);
            flow.place();
            let [dot] = flow.dots() else { break };
            looks.push(dot.look);
            turned |= dot.look == Look::Back;
            assert!(if turned { dot.at.x <= last + 9.0 } else { dot.at.x >= last - 1e-9 });
            last = dot.at.x;
        }
        assert!(flow.is_empty() && looks.len() > 60);
        assert!(looks.first() == Some(&Look::There) && looks.last() == Some(&Look::Back));
    }

    #[test]
    fn a_dot_is_found_where_it_is_and_is_that_very_request() {
        let mut flow = flow(2);
        flow.take(film(vec![request(5, 1, true)]), 0, 1.0);
        flow.advance(0.3);
        flow.place();
        let at = flow.dots()[0].at;
        let (found, wire) = flow.dot_at(at + Point::new(1.0, 1.0), 4.0).unwrap();
        assert_eq!((found, wire), (&request(5, 1, true), 1));
        assert!(flow.dot_at(at + Point::new(0.0, 40.0), 4.0).is_none());
        // A wire that is not on the canvas shows nothing.
        flow.wires[1] = None;
        flow.place();
        assert!(flow.dots().is_empty());
    }

    #[test]
    fn those_that_wait_stand_in_a_row() {
        let mut flow = flow(1);
        flow.take(film((0..30).map(|n| request(n, 0, false)).collect()), 0, 1.0);
        flow.advance(1.2);
        flow.place();
        let mut x: Vec<f64> = flow.dots().iter().map(|d| d.at.x).collect();
        x.sort_by(f64::total_cmp);
        x.dedup_by(|a, b| (*a - *b).abs() < 2.0);
        assert!(x.len() > usize::from(ROW_MAX) / 2 && x.iter().all(|x| *x > 150.0), "{x:?}");
    }

    #[test]
    fn memory_is_bounded_whatever_comes() {
        let mut flow = flow(1);
        for n in 0..200 {
            flow.take(film((0..64).map(|i| request(n * 64 + i, 0, false)).collect()), 0, 1.0);
            flow.advance(0.001);
        }
        flow.place();
        assert!(flow.scenes.len() == SCENES_MAX && flow.dots().len() <= SCENES_MAX);
        let few = Flow::default().wanted_per_s(100.0);
        let many = Flow::default().wanted_per_s(1e6);
        assert!(few >= PER_S.0 && many <= PER_S.1 && many * LENGTH_GUESS_S <= DOTS_MAX);
    }

    /// A run as the page watches it: how many set out over each wire, and how many fail, is as in the run itself.
    #[test]
    fn dots_set_out_as_often_as_calls_do_for_each_wire() {
        let scenario = scenarios::by_id("cache-aside").unwrap();
        let design = Design::parse(scenario.json).unwrap();
        let mut session = Session::new();
        session.handle(ToWorker::Film(100));
        session.handle(ToWorker::SetSpeed(Speed::Times(4.0)));
        session.handle(ToWorker::Load { run: 1, design: scenario.json.to_owned(), play: true });
        let lanes: Vec<Lane> = wire_paths(&design).iter().map(|p| Lane::new(&p.unwrap())).collect();
        let mut flow = Flow { wires: (0..lanes.len()).map(Some).collect(), lanes, ..Flow::default() };
        let mut started = vec![0.0; design.wires.len()];
        let mut most = 0;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..60 * 25 {
            session.advance(1_000.0 / 60.0, u64::MAX);
            if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
                session.handle(ToWorker::Seen(s.seq));
                flow.take(*s.film.unwrap(), s.now_ns, 4.0);
            }
            flow.advance(1.0 / 60.0);
            flow.place();
            most = most.max(flow.dots().len());
            for dot in flow.dots().iter().filter(|d| d.look == Look::There) {
                let trace = &flow.scenes[dot.scene as usize].scene.trace;
                let calls = trace.spans.iter().filter(|s| s.wire == dot.wire).count();
                if seen.insert((trace.number, dot.wire)) {
                    started[usize::from(dot.wire)] += calls as f64;
                }
            }
        }
        let windows = session.simulation().unwrap().windows();
        let rate = |w: usize| windows.iter().map(|x| f64::from(x.wires[w])).sum::<f64>();
        for w in 1..started.len() {
            let (shown, real) = (started[w] / started[0], rate(w) / rate(0));
            assert!((shown - real).abs() < 0.05 + 0.1 * real, "wire {w}: {shown} for {real}, {started:?}");
        }
        assert!(most > 50 && (most as f64) < DOTS_MAX * 2.0, "{most}");
    }
}
