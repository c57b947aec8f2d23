//! The traffic curve: arrival rate over time, as points joined by straight lines or as a preset.

use crate::limits::{CURVE_POINTS_MAX, RATE_RPS_MAX, RUN_S_MAX};
use crate::params::{brief, number_json};
use crate::text::Text;
use serde_json::{Map, Value, json};

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Time since the start of the run [s].
    pub t_s: f64,
    /// Arrival rate [requests/s].
    pub rps: f64,
}

/// Arrival rate over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Curve {
    /// Points joined by straight lines; before the first and after the last the rate is constant. Two points at one
    /// time make a step. With `repeat`, the stretch from time 0 to the last point recurs for ever.
    Points {
        /// In order of time.
        points: Vec<Point>,
        /// Start again after the last point.
        repeat: bool,
    },
    /// One of the shapes that come up all the time.
    Preset(Preset),
}

/// A shape of traffic by a few numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preset {
    /// The same rate for ever.
    Constant {
        /// Arrival rate.
        rps: f64,
    },
    /// From one rate to another, then constant.
    Ramp {
        /// Rate at the start.
        from_rps: f64,
        /// Rate at the end.
        to_rps: f64,
        /// How long the change takes.
        over_s: f64,
    },
    /// A day: low at night, high in the evening; a sine wave of the given period that starts at its mean.
    Daily {
        /// Mean rate.
        mean_rps: f64,
        /// Highest rate.
        peak_rps: f64,
        /// Length of a day; short ones show a day in a minute.
        period_s: f64,
    },
    /// A day of so many active users: the mean rate is users × requests ÷ 86,400 s, along the same wave.
    DailyUsers {
        /// Users who come on a day.
        daily_users: f64,
        /// Requests of each on that day.
        requests_each: f64,
        /// Highest rate over the mean.
        peak_ratio: f64,
        /// Length of a day as shown; the rates are those of a real day.
        period_s: f64,
    },
    /// A flash crowd: a steep climb, a plateau, a slow fall.
    FlashCrowd {
        /// Rate before and long after.
        base_rps: f64,
        /// Rate of the plateau.
        peak_rps: f64,
        /// When the climb starts.
        at_s: f64,
        /// Length of the plateau; the climb takes a tenth of it, the fall as long as it.
        for_s: f64,
    },
    /// A square wave between two rates.
    Square {
        /// Rate of the first half of a period.
        low_rps: f64,
        /// Rate of the second half.
        high_rps: f64,
        /// Length of a period.
        period_s: f64,
    },
}

/// A preset's name, texts, and its fields with default values.
pub struct PresetSpec {
    /// The name in a design file.
    pub name: &'static str,
    /// What the user reads.
    pub label: Text,
    /// Fields in order, with a default value.
    pub fields: &'static [(&'static str, f64)],
}

/// Every preset.
pub const PRESETS: &[PresetSpec] = &[
    PresetSpec { name: "constant", label: Text::new("Constant", "일정"), fields: &[("rps", 100.0)] },
    PresetSpec {
        name: "ramp",
        label: Text::new("Ramp", "점점 증가"),
        fields: &[("from_rps", 50.0), ("to_rps", 500.0), ("over_s", 60.0)],
    },
    PresetSpec {
        name: "daily",
        label: Text::new("Daily", "하루 주기"),
        fields: &[("mean_rps", 100.0), ("peak_rps", 180.0), ("period_s", 120.0)],
    },
    PresetSpec {
        name: "daily_users",
        label: Text::new("Daily active users", "일간 활성 사용자"),
        fields: &[
            ("daily_users", 1_000_000.0),
            ("requests_each", 20.0),
            ("peak_ratio", 2.0),
            ("period_s", 120.0),
        ],
    },
    PresetSpec {
        name: "flash_crowd",
        label: Text::new("Flash crowd", "순간 폭주"),
        fields: &[("base_rps", 100.0), ("peak_rps", 800.0), ("at_s", 30.0), ("for_s", 20.0)],
    },
    PresetSpec {
        name: "square",
        label: Text::new("Square wave", "사각파"),
        fields: &[("low_rps", 100.0), ("high_rps", 400.0), ("period_s", 40.0)],
    },
];

/// Most users of a day, and most requests of each.
const DAILY_USERS_MAX: f64 = 1e10;
const REQUESTS_EACH_MAX: f64 = 1e5;

/// Straight pieces that a day's sine wave is drawn with.
const DAILY_PIECES: usize = 48;

impl Preset {
    fn name(&self) -> &'static str {
        match self {
            Preset::Constant { .. } => "constant",
            Preset::Ramp { .. } => "ramp",
            Preset::Daily { .. } => "daily",
            Preset::DailyUsers { .. } => "daily_users",
            Preset::FlashCrowd { .. } => "flash_crowd",
            Preset::Square { .. } => "square",
        }
    }

    fn values(&self) -> Vec<f64> {
        match *self {
            Preset::Constant { rps } => vec![rps],
            Preset::Ramp { from_rps, to_rps, over_s } => vec![from_rps, to_rps, over_s],
            Preset::Daily { mean_rps, peak_rps, period_s } => vec![mean_rps, peak_rps, period_s],
            Preset::DailyUsers { daily_users, requests_each, peak_ratio, period_s } => {
                vec![daily_users, requests_each, peak_ratio, period_s]
            }
            Preset::FlashCrowd { base_rps, peak_rps, at_s, for_s } => vec![base_rps, peak_rps, at_s, for_s],
            Preset::Square { low_rps, high_rps, period_s } => vec![low_rps, high_rps, period_s],
        }
    }

    /// A preset by name with its default values.
    pub fn by_name(name: &str) -> Option<Preset> {
        let spec = PRESETS.iter().find(|p| p.name == name)?;
        let mut object = Map::new();
        object.insert("preset".to_owned(), json!(name));
        for (field, value) in spec.fields {
            object.insert((*field).to_owned(), json!(value));
        }
        match Curve::from_json(&Value::Object(object)) {
            Ok(Curve::Preset(preset)) => Some(preset),
            _ => None,
        }
    }

    /// The points that the preset stands for, and whether they recur.
    fn points(&self) -> (Vec<Point>, bool) {
        let p = |t_s: f64, rps: f64| Point { t_s, rps };
        match *self {
            Preset::Constant { rps } => (vec![p(0.0, rps)], false),
            Preset::Ramp { from_rps, to_rps, over_s } => (vec![p(0.0, from_rps), p(over_s, to_rps)], false),
            Preset::DailyUsers { daily_users, requests_each, peak_ratio, period_s } => {
                let mean_rps = daily_mean_rps(daily_users, requests_each);
                Preset::Daily { mean_rps, peak_rps: mean_rps * peak_ratio, period_s }.points()
            }
            Preset::Daily { mean_rps, peak_rps, period_s } => {
                let swing = (peak_rps - mean_rps).max(0.0);
                let points = (0..=DAILY_PIECES).map(|i| {
                    let turn = i as f64 / DAILY_PIECES as f64;
                    p(turn * period_s, (mean_rps + swing * libm::sin(turn * core::f64::consts::TAU)).max(0.0))
                });
                (points.collect(), true)
            }
            Preset::FlashCrowd { base_rps, peak_rps, at_s, for_s } => (
                vec![
                    p(0.0, base_rps),
                    p(at_s, base_rps),
                    p(at_s + 0.1 * for_s, peak_rps),
                    p(at_s + 1.1 * for_s, peak_rps),
                    p(at_s + 2.1 * for_s, base_rps),
                ],
                false,
            ),
            Preset::Square { low_rps, high_rps, period_s } => (
                vec![
                    p(0.0, low_rps),
                    p(period_s / 2.0, low_rps),
                    p(period_s / 2.0, high_rps),
                    p(period_s, high_rps),
                    p(period_s, low_rps),
                ],
                true,
            ),
        }
    }
}

/// Requests per second, over the day, of so many active users with so many requests each.
pub fn daily_mean_rps(daily_users: f64, requests_each: f64) -> f64 {
    daily_users * requests_each / 86_400.0
}

impl Curve {
    /// A constant rate.
    pub fn constant(rps: f64) -> Self {
        Curve::Preset(Preset::Constant { rps })
    }

    /// The points, whatever the curve was given by, and whether they recur.
    pub fn points(&self) -> (Vec<Point>, bool) {
        match self {
            Curve::Points { points, repeat } => (points.clone(), *repeat),
            Curve::Preset(preset) => preset.points(),
        }
    }

    /// The rate at a time [requests/s].
    pub fn rate_at(&self, t_s: f64) -> f64 {
        let (points, repeat) = self.points();
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return 0.0 };
        let t = if repeat && last.t_s > 0.0 { t_s % last.t_s } else { t_s };
        if t < first.t_s {
            return first.rps;
        }
        for pair in points.windows(2) {
            if t < pair[1].t_s {
                let share = (t - pair[0].t_s) / (pair[1].t_s - pair[0].t_s);
                return pair[0].rps + share * (pair[1].rps - pair[0].rps);
            }
        }
        last.rps
    }

    /// How long after `t_s` the rate stays within this share of what it is then [s]; infinite when it always does. Nothing at
    /// all where the rate is 0 and will not be for ever.
    pub fn alike_for_s(&self, t_s: f64, share: f64) -> f64 {
        let (points, repeat) = self.points();
        let rate = self.rate_at(t_s);
        let Some(last) = points.last() else { return f64::INFINITY };
        let period = if repeat { last.t_s } else { 0.0 };
        let mut turn_s = if period > 0.0 { libm::floor(t_s / period) * period } else { 0.0 };
        let slack = share * rate;
        // A whole turn from the next point on sees every rate that there is.
        for _ in 0..if period > 0.0 { 2 } else { 1 } {
            for pair in points.windows(2) {
                let (from, to) = (turn_s + pair[0].t_s, turn_s + pair[1].t_s);
                if to < t_s {
                    continue;
                }
                for (at, rps) in [(from, pair[0].rps), (to, pair[1].rps)] {
                    if at >= t_s && (rps - rate).abs() > slack {
                        let slope = (pair[1].rps - pair[0].rps) / (to - from);
                        let start = from.max(t_s);
                        let here = pair[0].rps + slope * (start - from);
                        let room = if rps > rate { rate + slack - here } else { here - (rate - slack) };
                        let is_step = to <= from || at == from || room <= 0.0;
                        return if is_step { start - t_s } else { start - t_s + room / slope.abs() };
                    }
                }
            }
            turn_s += period;
        }
        f64::INFINITY
    }

    /// The curve drawn as points over `[0, until_s]`, a recurring one unrolled: what the editor of the curve shows
    /// and what dragging turns a preset into. At most [`CURVE_POINTS_MAX`] points.
    pub fn drawn(&self, until_s: f64) -> Vec<Point> {
        let (points, repeat) = self.points();
        let period = points.last().map_or(0.0, |p| p.t_s);
        if !repeat || period <= 0.0 {
            return points;
        }
        let mut drawn: Vec<Point> = Vec::new();
        let mut start = 0.0;
        'turns: while start < until_s {
            for p in &points {
                let point = Point { t_s: start + p.t_s, rps: p.rps };
                if drawn.last() == Some(&point) {
                    continue;
                }
                drawn.push(point);
                if point.t_s >= until_s || drawn.len() >= CURVE_POINTS_MAX {
                    break 'turns;
                }
            }
            start += period;
        }
        drawn
    }

    /// Reads `{"points": [[0, 100], [60, 500]], "repeat": false}` or `{"preset": "constant", "rps": 100}`.
    ///
    /// # Errors
    /// What would have been right.
    pub fn from_json(value: &Value) -> Result<Self, String> {
        let object = value.as_object().ok_or_else(|| {
            format!("{} is not a curve; write {{\"points\": [[0, 100], [60, 500]]}} or {{\"preset\": \"constant\", \"rps\": 100}}", brief(value))
        })?;
        match object.get("preset") {
            Some(name) => preset_from(object, name),
            None => points_from(object),
        }
    }

    /// The curve as a design file holds it.
    pub fn to_json(&self) -> Value {
        match self {
            Curve::Points { points, repeat } => {
                let list: Vec<Value> =
                    points.iter().map(|p| json!([number_json(p.t_s), number_json(p.rps)])).collect();
                if *repeat { json!({"points": list, "repeat": true}) } else { json!({"points": list}) }
            }
            Curve::Preset(preset) => {
                let mut object = Map::new();
                object.insert("preset".to_owned(), json!(preset.name()));
                let spec = PRESETS.iter().find(|s| s.name == preset.name()).expect("every preset has a spec");
                for ((field, _), value) in spec.fields.iter().zip(preset.values()) {
                    object.insert((*field).to_owned(), number_json(value));
                }
                Value::Object(object)
            }
        }
    }
}

fn preset_from(object: &Map<String, Value>, name: &Value) -> Result<Curve, String> {
    let known = || PRESETS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
    let spec = PRESETS
        .iter()
        .find(|p| Some(p.name) == name.as_str())
        .ok_or_else(|| format!("{} is not a preset; known are {}", brief(name), known()))?;
    if let Some(unknown) =
        object.keys().find(|k| *k != "preset" && !spec.fields.iter().any(|f| f.0 == k.as_str()))
    {
        let fields: Vec<&str> = spec.fields.iter().map(|f| f.0).collect();
        return Err(format!(
            "\"{unknown}\" is not a field of the {} preset; it has {}",
            spec.name,
            fields.join(", ")
        ));
    }
    let mut values = Vec::new();
    for (field, default) in spec.fields {
        let (lo, hi) =
            if field.ends_with("_rps") || *field == "rps" { (0.0, RATE_RPS_MAX) } else { (0.0, RUN_S_MAX) };
        let (lo, hi) = match *field {
            "period_s" => (0.1, hi),
            "daily_users" => (0.0, DAILY_USERS_MAX),
            "requests_each" => (0.0, REQUESTS_EACH_MAX),
            "peak_ratio" => (1.0, 10.0),
            _ => (lo, hi),
        };
        let x = match object.get(*field) {
            None => *default,
            Some(v) => v
                .as_f64()
                .filter(|x| *x >= lo && *x <= hi)
                .ok_or_else(|| format!("{field} is {}; give a number from {lo} to {hi}", brief(v)))?,
        };
        values.push(x);
    }
    Ok(Curve::Preset(match spec.name {
        "constant" => Preset::Constant { rps: values[0] },
        "ramp" => Preset::Ramp { from_rps: values[0], to_rps: values[1], over_s: values[2] },
        "daily" => Preset::Daily { mean_rps: values[0], peak_rps: values[1], period_s: values[2] },
        "daily_users" => {
            if daily_mean_rps(values[0], values[1]) * values[2] > RATE_RPS_MAX {
                return Err(format!("so many users make more than {RATE_RPS_MAX} requests/s at their peak"));
            }
            Preset::DailyUsers {
                daily_users: values[0],
                requests_each: values[1],
                peak_ratio: values[2],
                period_s: values[3],
            }
        }
        "flash_crowd" => {
            Preset::FlashCrowd { base_rps: values[0], peak_rps: values[1], at_s: values[2], for_s: values[3] }
        }
        _ => Preset::Square { low_rps: values[0], high_rps: values[1], period_s: values[2] },
    }))
}

fn points_from(object: &Map<String, Value>) -> Result<Curve, String> {
    if let Some(unknown) = object.keys().find(|k| *k != "points" && *k != "repeat") {
        return Err(format!("\"{unknown}\" is not a field of a curve; it has points and repeat, or preset"));
    }
    let list = object
        .get("points")
        .and_then(Value::as_array)
        .ok_or("a curve wants \"points\", such as [[0, 100], [60, 500]], or \"preset\"")?;
    if list.is_empty() || list.len() > CURVE_POINTS_MAX {
        return Err(format!("a curve has 1 to {CURVE_POINTS_MAX} points; this one has {}", list.len()));
    }
    let mut points: Vec<Point> = Vec::with_capacity(list.len());
    for (i, pair) in list.iter().enumerate() {
        let numbers: Option<Vec<f64>> = pair.as_array().map(|a| a.iter().filter_map(Value::as_f64).collect());
        let Some([t_s, rps]) = numbers.as_deref() else {
            return Err(format!("points[{i}] is {}; write [seconds, requests per second]", brief(pair)));
        };
        if !(0.0..=RUN_S_MAX).contains(t_s) {
            return Err(format!("points[{i}] is at {t_s} s; give a time from 0 to {RUN_S_MAX}"));
        }
        if !(0.0..=RATE_RPS_MAX).contains(rps) {
            return Err(format!("points[{i}] has {rps} requests/s; give a rate from 0 to {RATE_RPS_MAX}"));
        }
        if points.last().is_some_and(|p| p.t_s > *t_s) {
            return Err(format!(
                "points[{i}] is earlier than the point before it; put the points in order of time"
            ));
        }
        points.push(Point { t_s: *t_s, rps: *rps });
    }
    let repeat = match object.get("repeat") {
        None => false,
        Some(v) => v.as_bool().ok_or_else(|| format!("repeat is {}; give true or false", brief(v)))?,
    };
    if repeat && points.last().is_none_or(|p| p.t_s <= 0.0) {
        return Err("a curve that repeats wants its last point after time 0".to_owned());
    }
    Ok(Curve::Points { points, repeat })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_preset_survives_a_round_trip_and_has_its_rate() {
        for spec in PRESETS {
            let curve = Curve::Preset(Preset::by_name(spec.name).unwrap());
            assert_eq!(Curve::from_json(&curve.to_json()).unwrap(), curve);
        }
        let flash = Curve::Preset(Preset::by_name("flash_crowd").unwrap());
        assert_eq!(flash.rate_at(0.0), 100.0);
        assert_eq!(flash.rate_at(40.0), 800.0);
        assert_eq!(flash.rate_at(1000.0), 100.0);
        // A million users with 20 requests each are 231 requests/s on average, and here twice that at the peak.
        let users = Curve::Preset(Preset::by_name("daily_users").unwrap());
        assert!(
            (users.rate_at(0.0) - 231.481).abs() < 0.001 && (users.rate_at(30.0) - 462.963).abs() < 0.001
        );
        let square = Curve::Preset(Preset::by_name("square").unwrap());
        assert_eq!((square.rate_at(10.0), square.rate_at(30.0), square.rate_at(50.0)), (100.0, 400.0, 100.0));
    }

    #[test]
    fn how_long_a_rate_stays_alike_is_what_a_walk_along_the_curve_finds() {
        for spec in PRESETS {
            let curve = Curve::Preset(Preset::by_name(spec.name).unwrap());
            for i in 0..90 {
                let t = f64::from(i) * 1.7;
                let (rate, found) = (curve.rate_at(t), curve.alike_for_s(t, 0.1));
                let apart = |s: f64| (curve.rate_at(t + s) - rate).abs() > 0.1 * rate * (1.0 + 1e-6) + 1e-9;
                let walked =
                    (0..200_000).map(|k| f64::from(k) * 0.002).find(|s| apart(*s)).unwrap_or(f64::INFINITY);
                assert!(
                    found == walked || (found - walked).abs() < 0.005,
                    "{} {t}: {found} {walked}",
                    spec.name
                );
            }
        }
        let late = Curve::Points {
            points: vec![Point { t_s: 5.0, rps: 0.0 }, Point { t_s: 6.0, rps: 1.0 }],
            repeat: false,
        };
        assert_eq!((late.alike_for_s(2.0, 0.1), late.alike_for_s(7.0, 0.1)), (3.0, f64::INFINITY));
    }

    #[test]
    fn faults_name_the_point() {
        let bad = json!({"points": [[0, 1], [5, -3]]});
        assert!(Curve::from_json(&bad).unwrap_err().contains("points[1]"));
        let back = json!({"points": [[5, 1], [0, 3]]});
        assert!(Curve::from_json(&back).unwrap_err().contains("order of time"));
    }
}
