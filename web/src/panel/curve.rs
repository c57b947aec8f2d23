//! The traffic curve in hand: its points, which of them have handles, and what can be done to them.

use headroom_model::limits::{CURVE_POINTS_MAX, RATE_RPS_MAX};
use headroom_model::traffic::{Curve, PRESETS, Point};
use serde_json::{Map, Value, json};

/// With more points than this, only those have handles that give the curve its shape.
const DENSE: usize = 24;
/// Handles of a dense curve, if that many say enough.
const HANDLES_WANTED: usize = 64;

/// A point as charts take it: time [s], rate [requests/s].
pub type Pair = (f64, f64);

/// A curve that is being looked at or edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Every point.
    pub points: Vec<Pair>,
    /// Positions of the points that have handles.
    pub handles: Vec<usize>,
    /// End of the run [s].
    until_s: f64,
    /// The curve that the points were taken from.
    source: Option<Curve>,
}

impl Draft {
    /// The points of a curve over a run.
    pub fn of(curve: &Curve, until_s: f64) -> Self {
        let points: Vec<Pair> = curve.drawn(until_s).iter().map(|p| (p.t_s, p.rps)).collect();
        let handles = handles(&points, until_s);
        Self { points, handles, until_s, source: Some(curve.clone()) }
    }

    /// Whether it shows this curve already.
    pub fn shows(&self, curve: &Curve, until_s: f64) -> bool {
        self.until_s == until_s && (self.source.as_ref() == Some(curve) || self.is_edited_to(curve))
    }

    fn is_edited_to(&self, curve: &Curve) -> bool {
        self.source.is_none() && self.curve() == *curve
    }

    /// The curve as it stands.
    pub fn curve(&self) -> Curve {
        self.source.clone().unwrap_or_else(|| {
            let points = self.points.iter().map(|&(t_s, rps)| Point { t_s, rps }).collect();
            Curve::Points { points, repeat: false }
        })
    }

    /// Handles, as points.
    pub fn handle(&self, handle: usize) -> Option<Pair> {
        self.points.get(*self.handles.get(handle)?).copied()
    }

    /// Moves a handle there, between its neighbours and on round numbers. `top` is what the axis reaches to.
    pub fn move_to(&mut self, handle: usize, (t, rps): Pair, top: f64) {
        self.take_in_hand();
        if handle >= self.points.len() {
            return;
        }
        let before = handle.checked_sub(1).map_or(0.0, |i| self.points[i].0);
        let after = self.points.get(handle + 1).map_or(self.until_s, |p| p.0.min(self.until_s)).max(before);
        let t = round_to(t, nice_step(self.until_s / 1_000.0)).clamp(before, after);
        let rps = round_to(rps, nice_step(top / 500.0)).clamp(0.0, RATE_RPS_MAX);
        self.points[handle] = (t, rps);
    }

    /// Moves a handle by steps of the keyboard: so many hundredths of the run, so many fiftieths of the axis.
    pub fn nudge(&mut self, handle: usize, (steps_t, steps_rps): (f64, f64), top: f64) {
        let Some((t, rps)) = self.handle(handle) else { return };
        let to = (t + steps_t * nice_step(self.until_s / 100.0), rps + steps_rps * nice_step(top / 50.0));
        self.move_to(handle, to, top);
    }

    /// Adds a point and gives its handle; none when there are as many as a curve may have.
    pub fn add(&mut self, (t, rps): Pair, top: f64) -> Option<usize> {
        self.take_in_hand();
        if self.points.len() >= CURVE_POINTS_MAX {
            return None;
        }
        let at = self.points.partition_point(|p| p.0 <= t);
        self.points.insert(at, (t.clamp(0.0, self.until_s), rps));
        self.handles = (0..self.points.len()).collect();
        self.move_to(at, (t, rps), top);
        Some(at)
    }

    /// Adds a point on the curve half way to the next one, or to the end of the run.
    pub fn add_after(&mut self, handle: usize, top: f64) -> Option<usize> {
        self.take_in_hand();
        let (t, rps) = *self.points.get(handle)?;
        let (next_t, next_rps) = match self.points.get(handle + 1) {
            Some(next) => *next,
            None => (self.until_s, rps),
        };
        self.add(((t + next_t) / 2.0, (rps + next_rps) / 2.0), top)
    }

    /// Where a button adds a point: in the middle of the widest gap, on the curve.
    pub fn add_in_gap(&mut self, top: f64) -> Option<usize> {
        self.take_in_hand();
        let last = self.points.len().checked_sub(1)?;
        let end = |i: usize| self.points.get(i + 1).map_or(self.until_s, |p| p.0.min(self.until_s));
        let gap = |i: &usize| end(*i) - self.points[*i].0;
        let widest = (0..=last).max_by(|a, b| gap(a).total_cmp(&gap(b)))?;
        self.add_after(widest, top)
    }

    /// Removes a point; the last one stays, for a curve has at least one.
    pub fn remove(&mut self, handle: usize) -> bool {
        self.take_in_hand();
        if self.points.len() < 2 || handle >= self.points.len() {
            return false;
        }
        self.points.remove(handle);
        self.handles = (0..self.points.len()).collect();
        true
    }

    /// The highest rate.
    pub fn peak(&self) -> f64 {
        self.points.iter().map(|p| p.1).fold(0.0, f64::max)
    }

    /// From here on the curve is what its handles say, whatever it was given by.
    fn take_in_hand(&mut self) {
        if self.source.take().is_some() {
            self.points = self.handles.iter().map(|&i| self.points[i]).collect();
            self.handles = (0..self.points.len()).collect();
        }
    }
}

/// The points that give a curve its shape.
fn handles(points: &[Pair], until_s: f64) -> Vec<usize> {
    let all: Vec<usize> = (0..points.len()).collect();
    if points.len() <= DENSE {
        return all;
    }
    let peak = points.iter().map(|p| p.1).fold(0.0, f64::max).max(1e-9);
    let flat: Vec<Pair> = points.iter().map(|p| (p.0 / until_s, p.1 / peak)).collect();
    let mut kept = all;
    for tolerance in [0.01, 0.02, 0.04] {
        let mut keep = vec![false; flat.len()];
        (keep[0], keep[flat.len() - 1]) = (true, true);
        thin(&flat, 0, flat.len() - 1, tolerance, &mut keep);
        kept = (0..flat.len()).filter(|&i| keep[i]).collect();
        if kept.len() <= HANDLES_WANTED {
            break;
        }
    }
    kept
}

/// Ramer–Douglas–Peucker by upright distance: marks the points between `a` and `b` that a straight line misses.
fn thin(points: &[Pair], a: usize, b: usize, tolerance: f64, keep: &mut [bool]) {
    let (from, to) = (points[a], points[b]);
    let miss = |p: Pair| {
        let share = if to.0 > from.0 { (p.0 - from.0) / (to.0 - from.0) } else { 0.5 };
        (p.1 - from.1 - share * (to.1 - from.1)).abs()
    };
    let far = (a + 1..b).map(|i| (i, miss(points[i]))).max_by(|x, y| x.1.total_cmp(&y.1));
    if let Some((i, distance)) = far
        && distance > tolerance
    {
        keep[i] = true;
        thin(points, a, i, tolerance, keep);
        thin(points, i, b, tolerance, keep);
    }
}

/// The nearest of 1, 2, 5 × 10^k at or below `x`.
#[allow(clippy::disallowed_methods, reason = "a step of the editor, no number of a run")]
fn nice_step(x: f64) -> f64 {
    if !(x.is_finite() && x > 1e-6) {
        return 1e-6;
    }
    let power = 10f64.powi(x.log10().floor() as i32);
    let lead = x / power;
    power
        * if lead >= 5.0 {
            5.0
        } else if lead >= 2.0 {
            2.0
        } else {
            1.0
        }
}

/// A multiple of `step`, without the dust of fractions.
fn round_to(x: f64, step: f64) -> f64 {
    let rounded = (x / step).round() * step;
    (rounded * 1e6).round() / 1e6
}

/// A preset by name, with the height of the curve that it replaces and the length of the run.
pub fn preset(name: &str, before: &Curve, until_s: f64) -> Option<Curve> {
    let spec = PRESETS.iter().find(|p| p.name == name)?;
    let drawn = before.drawn(until_s);
    let peak = drawn.iter().map(|p| p.rps).fold(0.0, f64::max);
    let mut default = Map::from_iter([("preset".to_owned(), json!(name))]);
    default.extend(spec.fields.iter().map(|(field, value)| ((*field).to_owned(), json!(value))));
    let default = Curve::from_json(&Value::Object(default)).ok()?;
    let own = default.points().0.iter().map(|p| p.rps).fold(0.0, f64::max);
    let tall = if peak > 0.0 { peak / own } else { 1.0 };
    let long = until_s / 120.0;
    let mut object = Map::new();
    object.insert("preset".to_owned(), json!(name));
    for (field, value) in spec.fields {
        let scaled = match *field {
            height if height.ends_with("rps") || height == "daily_users" => value * tall,
            time if time.ends_with("_s") => value * long,
            _ => *value,
        };
        let rounded = round_to(scaled, nice_step(scaled / 50.0));
        object.insert((*field).to_owned(), json!(rounded));
    }
    Curve::from_json(&Value::Object(object)).ok()
}

/// The name of the preset that a curve is, if it is one.
pub fn preset_name(curve: &Curve) -> Option<&'static str> {
    let json = curve.to_json();
    let name = json.get("preset")?.as_str()?;
    PRESETS.iter().find(|p| p.name == name).map(|p| p.name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn draft() -> Draft {
        let json = json!({"points": [[0, 100], [60, 500], [120, 100]]});
        Draft::of(&Curve::from_json(&json).unwrap(), 120.0)
    }

    #[test]
    fn a_dragged_point_stays_between_its_neighbours_and_within_the_run() {
        let mut d = draft();
        d.move_to(1, (200.0, -50.0), 600.0);
        assert_eq!(d.points[1], (120.0, 0.0));
        d.move_to(1, (33.333, 123.4), 600.0);
        assert_eq!(d.points[1], (33.3, 123.0));
        assert!(Curve::from_json(&d.curve().to_json()).is_ok());
    }

    #[test]
    fn points_are_added_in_order_and_removed_but_for_the_last() {
        let mut d = draft();
        assert_eq!(d.add((30.0, 50.0), 600.0), Some(1));
        assert_eq!(d.add_after(3, 600.0), Some(4));
        assert_eq!(d.points.len(), 5);
        assert!(d.points.is_sorted_by(|a, b| a.0 <= b.0));
        while d.remove(0) {}
        assert_eq!(d.points.len(), 1);
        assert!(d.add_in_gap(600.0).is_some());
        assert_eq!(d.handles, [0, 1]);
    }

    #[test]
    fn a_preset_is_shown_whole_and_becomes_points_when_it_is_touched() {
        let day = preset("daily", &Curve::constant(100.0), 120.0).unwrap();
        let mut d = Draft::of(&day, 120.0);
        assert!(d.shows(&day, 120.0) && d.curve() == day);
        assert!(d.handles.len() < d.points.len() && d.handles.len() <= HANDLES_WANTED);
        let (t, rps) = d.handle(2).unwrap();
        d.move_to(2, (t, rps + 20.0), 200.0);
        assert_eq!(d.points.len(), d.handles.len());
        assert!(preset_name(&d.curve()).is_none());
        assert!(d.shows(&d.curve(), 120.0) && !d.shows(&day, 120.0));
    }

    #[test]
    fn every_preset_takes_the_height_of_what_it_replaces() {
        let before = Curve::constant(2_000.0);
        for spec in PRESETS {
            let curve = preset(spec.name, &before, 60.0).unwrap();
            let peak = Draft::of(&curve, 60.0).peak();
            assert!((peak / 2_000.0 - 1.0).abs() < 0.05, "{}: {peak}", spec.name);
            assert_eq!(preset_name(&curve), Some(spec.name));
        }
    }

    #[test]
    fn corners_of_a_long_square_wave_keep_their_handles() {
        let wave = json!({"preset": "square", "low_rps": 10, "high_rps": 50, "period_s": 4});
        let d = Draft::of(&Curve::from_json(&wave).unwrap(), 120.0);
        assert_eq!(d.handles.len(), d.points.len());
    }

    #[test]
    fn keys_move_by_round_steps() {
        let mut d = draft();
        d.nudge(1, (1.0, -1.0), 600.0);
        assert_eq!(d.points[1], (61.0, 490.0));
    }
}
