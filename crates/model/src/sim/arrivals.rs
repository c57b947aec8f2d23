//! Arrival times along a traffic curve, exactly.
//!
//! A renewal process of unit mean is stretched by the curve: the next arrival is where the area under the curve since the
//! last one reaches the drawn gap. With exponential gaps that is a Poisson process of varying rate (inversion; Çinlar,
//! Introduction to Stochastic Processes, 1975, ch. 4). Under a straight line the area is quadratic in time, so nothing is
//! approximated and no draw is thrown away.

use crate::traffic::{Curve, Point};

/// Walks along a curve from arrival to arrival.
#[derive(Clone, Debug)]
pub struct ArrivalClock {
    points: Vec<Point>,
    repeat: bool,
    /// Start of the present turn of a curve that repeats [s].
    turn_s: f64,
    /// Position of the first point after now.
    next: usize,
    now_s: f64,
}

impl ArrivalClock {
    /// At time 0 of a curve.
    pub fn new(curve: &Curve) -> Self {
        let (points, repeat) = curve.points();
        let mut clock = Self { points, repeat, turn_s: 0.0, next: 0, now_s: 0.0 };
        clock.skip_passed();
        clock
    }

    fn skip_passed(&mut self) {
        while self.next < self.points.len() && self.turn_s + self.points[self.next].t_s <= self.now_s {
            self.next += 1;
        }
    }

    /// The next arrival, which was drawn already, comes so much later, and so do all after it: time was skipped.
    pub fn skip(&mut self, gap_s: f64) {
        self.now_s += gap_s;
        if self.repeat
            && let Some(last) = self.points.last()
        {
            while self.now_s >= self.turn_s + last.t_s {
                self.turn_s += last.t_s;
                self.next = 0;
            }
        }
        self.skip_passed();
    }

    /// The time [s] at which `area` more arrivals were due since the last one; none if the curve never gets there.
    #[inline]
    pub fn advance(&mut self, mut area: f64) -> Option<f64> {
        loop {
            // The stretch from now to the next point: rate now, rate there, and its length.
            let (r0, r1, end_s) = if self.next == 0 {
                let first = self.points.first()?;
                (first.rps, first.rps, self.turn_s + first.t_s)
            } else if let Some(b) = self.points.get(self.next) {
                let a = self.points[self.next - 1];
                let (from, to) = (self.turn_s + a.t_s, self.turn_s + b.t_s);
                let share = (self.now_s - from) / (to - from);
                (a.rps + share * (b.rps - a.rps), b.rps, to)
            } else {
                let last = self.points.last()?;
                if self.repeat {
                    if !self.points.iter().any(|p| p.rps > 0.0) {
                        return None;
                    }
                    self.turn_s += last.t_s;
                    self.next = 0;
                    self.skip_passed();
                    continue;
                }
                if last.rps <= 0.0 {
                    return None;
                }
                self.now_s += area / last.rps;
                return Some(self.now_s);
            };
            let length = end_s - self.now_s;
            let whole = 0.5 * (r0 + r1) * length;
            if whole > area {
                // r0·t + (r1 − r0)/(2·length)·t² = area, solved so that nothing cancels.
                let slope = (r1 - r0) / length;
                let root = (r0 * r0 + 2.0 * slope * area).max(0.0).sqrt();
                self.now_s = (self.now_s + 2.0 * area / (r0 + root)).min(end_s);
                return Some(self.now_s);
            }
            area -= whole;
            self.now_s = end_s;
            self.next += 1;
            self.skip_passed();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::traffic::Preset;

    fn area_to(curve: &Curve, t: f64) -> f64 {
        let steps = 200_000;
        (0..steps)
            .map(|i| curve.rate_at((f64::from(i) + 0.5) / f64::from(steps) * t) * t / f64::from(steps))
            .sum()
    }

    #[test]
    fn arrivals_lie_where_the_area_says() {
        let curves = [
            Curve::constant(7.0),
            Curve::Preset(Preset::by_name("ramp").unwrap()),
            Curve::Preset(Preset::by_name("flash_crowd").unwrap()),
            Curve::Preset(Preset::by_name("square").unwrap()),
            Curve::Preset(Preset::by_name("daily").unwrap()),
            Curve::Points {
                points: vec![
                    Point { t_s: 5.0, rps: 0.0 },
                    Point { t_s: 6.0, rps: 10.0 },
                    Point { t_s: 6.0, rps: 2.0 },
                ],
                repeat: false,
            },
        ];
        for curve in curves {
            let mut clock = ArrivalClock::new(&curve);
            let mut total = 0.0;
            for gap in [0.3, 2.0, 150.0, 0.0001, 900.0, 4.0] {
                total += gap;
                let t = clock.advance(gap).unwrap();
                let area = area_to(&curve, t);
                assert!((area - total).abs() < 0.01 * total.max(1.0), "{curve:?} {t} {area} {total}");
            }
        }
    }

    #[test]
    fn a_curve_that_ends_at_zero_ends() {
        let curve = Curve::Points {
            points: vec![Point { t_s: 0.0, rps: 10.0 }, Point { t_s: 1.0, rps: 0.0 }],
            repeat: false,
        };
        let mut clock = ArrivalClock::new(&curve);
        assert!(clock.advance(4.9).unwrap() < 1.0);
        assert_eq!(clock.advance(1.0), None);
        let silent = Curve::Points {
            points: vec![Point { t_s: 0.0, rps: 0.0 }, Point { t_s: 1.0, rps: 0.0 }],
            repeat: true,
        };
        assert_eq!(ArrivalClock::new(&silent).advance(1.0), None);
    }
}
