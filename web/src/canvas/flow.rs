//! Requests that move along the wires: how many and how fast follows the rate of each wire; drawn on one canvas.

use headroom_editor::{Point, WirePath};

/// Dots at once, all wires together.
const DOTS_MAX: f64 = 1_200.0;
/// Dots per second up to which each stands for one request.
const ONE_BY_ONE: f64 = 5.0;
/// Further dots per second for each doubling of the rate beyond.
const PER_DOUBLING: f64 = 2.2;
/// Points that stand for a curve.
const SAMPLES: usize = 25;

/// A wire as the flow sees it.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    samples: Vec<Point>,
    length: f64,
    /// Requests per second of wall time.
    pub rate: f64,
    /// Share of them that fail at the end.
    pub failing: f64,
    carry: f64,
}

impl Lane {
    /// A lane along a curve.
    pub fn new(path: &WirePath) -> Self {
        let samples = (0..SAMPLES).map(|i| path.at(i as f64 / (SAMPLES - 1) as f64)).collect();
        Self { samples, length: path.length().max(1.0), ..Self::default() }
    }

    /// It lies nowhere yet.
    pub fn is_new(&self) -> bool {
        self.samples.is_empty()
    }

    /// Lays it along another curve.
    pub fn lay(&mut self, path: &WirePath) {
        let fresh = Self::new(path);
        (self.samples, self.length) = (fresh.samples, fresh.length);
    }

    /// Dots that start per second: each request at first, then with each doubling so many more.
    fn starts(&self) -> f64 {
        if self.rate <= ONE_BY_ONE {
            self.rate.max(0.0)
        } else {
            ONE_BY_ONE + PER_DOUBLING * (self.rate / ONE_BY_ONE).log2()
        }
    }

    /// Speed of a dot [world px/s].
    fn speed(&self) -> f64 {
        110.0 + 30.0 * (1.0 + self.rate.max(0.0)).log10()
    }

    fn at(&self, way: f64) -> Point {
        if self.samples.len() < SAMPLES {
            return Point::default();
        }
        let x = (way / self.length).clamp(0.0, 1.0) * (SAMPLES - 1) as f64;
        let i = (x as usize).min(SAMPLES - 2);
        let (a, b) = (self.samples[i], self.samples[i + 1]);
        a + (b - a) * (x - i as f64)
    }
}

/// A request on its way.
#[derive(Clone, Copy, Debug)]
struct Dot {
    lane: usize,
    /// Way behind it [world px].
    way: f64,
    fails: bool,
}

/// All requests on their way.
#[derive(Debug, Default)]
pub struct Flow {
    /// The wires, in the design's order.
    pub lanes: Vec<Lane>,
    dots: Vec<Dot>,
    lot: u32,
}

impl Flow {
    /// Forgets all dots, as when the wires are others.
    pub fn clear(&mut self) {
        self.dots.clear();
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.dots.is_empty()
    }

    /// Whether any wire carries requests.
    pub fn has_rates(&self) -> bool {
        self.lanes.iter().any(|l| l.rate > 0.0)
    }

    /// A number from 0 to 1 by lot: a picture need not repeat itself.
    fn draw_lot(&mut self) -> f64 {
        self.lot = self.lot.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.lot >> 8) / f64::from(1_u32 << 24)
    }

    /// Goes on by so much wall time.
    pub fn advance(&mut self, dt_s: f64) {
        let lanes = &self.lanes;
        self.dots.retain_mut(|dot| match lanes.get(dot.lane) {
            Some(lane) => {
                dot.way += lane.speed() * dt_s;
                dot.way < lane.length
            }
            None => false,
        });
        let wanted: f64 = self.lanes.iter().map(|l| l.starts() * l.length / l.speed()).sum();
        let thin = (DOTS_MAX / wanted.max(1.0)).min(1.0);
        for i in 0..self.lanes.len() {
            let lane = &mut self.lanes[i];
            if lane.is_new() {
                continue;
            }
            lane.carry += lane.starts() * thin * dt_s;
            let (speed, failing) = (lane.speed(), lane.failing);
            let starts = lane.carry.floor();
            lane.carry -= starts;
            for _ in 0..(starts as usize).min(20) {
                let way = self.draw_lot() * speed * dt_s;
                let fails = failing > 0.0 && self.draw_lot() < failing;
                self.dots.push(Dot { lane: i, way, fails });
            }
        }
    }

    /// The lane of the dot nearest to a point, within reach of it, and whether it fails.
    pub fn dot_at(&self, point: Point, reach: f64) -> Option<(usize, bool)> {
        let far = |d: &Dot| self.lanes.get(d.lane).map_or(f64::INFINITY, |l| l.at(d.way).distance(point));
        let near = self.dots.iter().map(|d| (far(d), d)).filter(|(far, _)| *far <= reach);
        near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, d)| (d.lane, d.fails))
    }

    /// Where the dots are, and whether they will fail.
    pub fn dots(&self) -> impl Iterator<Item = (Point, bool)> + '_ {
        self.dots.iter().filter_map(|d| Some((self.lanes.get(d.lane)?.at(d.way), d.fails)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_editor::wire_path;

    fn lane(rate: f64) -> Lane {
        Lane { rate, ..Lane::new(&wire_path(Point::new(0.0, 0.0), Point::new(300.0, 60.0))) }
    }

    fn run(lanes: Vec<Lane>, seconds: usize) -> Flow {
        let mut flow = Flow { lanes, ..Flow::default() };
        for _ in 0..seconds * 60 {
            flow.advance(1.0 / 60.0);
        }
        flow
    }

    #[test]
    fn slow_wires_show_each_request_and_fast_ones_more_dots() {
        let mut slow = Flow { lanes: vec![lane(2.0)], ..Flow::default() };
        let mut started = 0;
        for _ in 0..600 {
            let before = slow.dots.len();
            slow.advance(1.0 / 60.0);
            started += usize::from(slow.dots.len() > before);
        }
        assert!((18..=22).contains(&started), "{started} in 10 s at 2/s");
        let counts: Vec<usize> =
            [10.0, 1_000.0, 100_000.0].iter().map(|r| run(vec![lane(*r)], 10).dots.len()).collect();
        assert!(counts[0] < counts[1] && counts[1] < counts[2], "{counts:?}");
    }

    #[test]
    fn many_wires_share_the_room_for_dots_and_dots_lie_on_their_wires() {
        let flow = run(vec![lane(100_000.0); 300], 10);
        assert!(flow.dots.len() as f64 <= DOTS_MAX * 1.2, "{}", flow.dots.len());
        let path = wire_path(Point::new(0.0, 0.0), Point::new(300.0, 60.0));
        assert!(flow.dots().all(|(p, _)| path.distance(p) < 2.0));
        assert!(run(vec![lane(0.0)], 5).is_empty());
    }

    #[test]
    fn a_dot_is_found_where_it_is_and_nowhere_else() {
        let flow = run(vec![lane(2.0), lane(0.0)], 3);
        let at = flow.dots().next().unwrap().0;
        assert_eq!(flow.dot_at(at + Point::new(1.0, 1.0), 4.0), Some((0, false)));
        assert_eq!(flow.dot_at(at + Point::new(0.0, 40.0), 4.0), None);
    }

    #[test]
    fn the_failing_share_is_seen() {
        let mut failing = lane(1_000.0);
        failing.failing = 0.3;
        let flow = run(vec![failing; 20], 10);
        let bad = flow.dots().filter(|d| d.1).count() as f64 / flow.dots.len() as f64;
        assert!((0.2..0.4).contains(&bad), "{bad}");
    }
}
