//! Where the grid lines go.

use crate::format::{Prefix, Unit, prefix_for};

/// Grid positions along an axis, the step between them (0 where it varies) and, for values, the shared prefix.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueAxis {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
    pub step: f64,
    pub prefix: Prefix,
    pub log: bool,
}

/// The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10f64.powi(rough.log10().floor() as i32);
    let times = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|m| m * power >= rough * 0.999_999);
    times.unwrap_or(10.0) * power
}

/// What an axis shows when there is nothing to show.
fn default_high(unit: Unit) -> f64 {
    match unit {
        Unit::Seconds => 0.001,
        _ => 1.0,
    }
}

/// An axis from 0 (or lower, when values are) to a round number above `max`, with at most `target` steps.
pub(crate) fn auto_axis(unit: Unit, min: f64, max: f64, target: usize) -> ValueAxis {
    let target = target.max(1) as f64;
    let low = min.min(0.0);
    let high = if max.max(0.0) > low { max.max(0.0) } else { low + default_high(unit) };
    let prefix = prefix_for(unit, high.abs().max(low.abs()));
    let mut step = nice_step((high - low) / prefix.factor / target) * prefix.factor;
    if unit == Unit::Count {
        step = step.max(1.0).ceil();
    }
    // A share of a whole ends at the whole.
    let (first, mut last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
    last = last.max(first + 1.0);
    if unit == Unit::Percent && high <= 1.0 {
        last = last.min((1.0 / step).ceil());
    }
    let ticks = (first as i64..=last as i64).map(|i| i as f64 * step).collect();
    ValueAxis { low: first * step, high: last * step, ticks, step, prefix, log: false }
}

/// An axis with given ends and round grid lines between them.
pub(crate) fn fixed_axis(unit: Unit, low: f64, high: f64, target: usize) -> ValueAxis {
    let prefix = prefix_for(unit, high.abs().max(low.abs()));
    let mut step = nice_step((high - low) / prefix.factor / target.max(1) as f64) * prefix.factor;
    if unit == Unit::Count {
        step = step.max(1.0).ceil();
    }
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    let ticks = (first..=last).map(|i| i as f64 * step).collect();
    ValueAxis { low, high, ticks, step, prefix, log: false }
}

/// A logarithmic axis around `min..max` (both above zero), at most seven decades deep.
pub(crate) fn log_axis(unit: Unit, min: f64, max: f64, target: usize) -> ValueAxis {
    let max = if max > 0.0 { max } else { default_high(unit) };
    let min = if min > 0.0 { min.min(max) } else { max / 1000.0 };
    let mut marks = Vec::new();
    for decade in (max.log10().floor() as i32 - 7)..=(max.log10().ceil() as i32 + 1) {
        marks.extend([1.0, 2.0, 5.0].map(|m| m * 10f64.powi(decade)));
    }
    let start = marks.iter().rposition(|&m| m <= min * 1.000_001).unwrap_or(0);
    let end = marks.iter().position(|&m| m >= max * 0.999_999).unwrap_or(marks.len() - 1).max(start + 1);
    let mut ticks: Vec<f64> = marks[start..=end].to_vec();
    let (low, high) = (ticks[0], ticks[ticks.len() - 1]);
    if ticks.len() > target + 2 {
        ticks.retain(|t| (t.log10() - t.log10().round()).abs() < 1e-6);
    }
    let every = ticks.len().div_ceil(target.max(2) + 1);
    let ticks = ticks.into_iter().step_by(every.max(1)).collect();
    ValueAxis { low, high, ticks, step: 0.0, prefix: prefix_for(unit, high), log: true }
}

const TIME_STEPS: [f64; 24] = [
    0.1,
    0.2,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    900.0,
    1800.0,
    3600.0,
    7200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    604_800.0,
    2_592_000.0,
];

/// Grid positions of the time axis and their step [s], with at most `target` steps.
pub(crate) fn time_ticks(t0: f64, t1: f64, target: usize) -> (Vec<f64>, f64) {
    let rough = (t1 - t0) / target.max(1) as f64;
    let step = TIME_STEPS.into_iter().find(|&s| s >= rough * 0.999).unwrap_or_else(|| nice_step(rough));
    let (first, last) = ((t0 / step - 1e-9).ceil() as i64, (t1 / step + 1e-9).floor() as i64);
    ((first..=last).map(|i| i as f64 * step).collect(), step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(axis: &ValueAxis) -> (f64, f64, usize) {
        (axis.low, axis.high, axis.ticks.len())
    }

    #[test]
    fn value_axes_are_round() {
        assert_eq!(ends(&auto_axis(Unit::Rate, 0.0, 930.0, 5)), (0.0, 1000.0, 6));
        assert_eq!(ends(&auto_axis(Unit::Rate, 0.0, 0.0, 5)), (0.0, 1.0, 6));
        assert_eq!(ends(&auto_axis(Unit::Percent, 0.2, 0.97, 4)), (0.0, 1.0, 5));
        assert_eq!(ends(&auto_axis(Unit::Count, 0.0, 2.0, 5)), (0.0, 2.0, 3));
        assert_eq!(ends(&auto_axis(Unit::Count, -3.0, 2.0, 5)), (-3.0, 2.0, 6));
        // Seconds are round in the unit that is shown.
        let minutes = auto_axis(Unit::Seconds, 0.0, 430.0, 4);
        assert_eq!((minutes.high, minutes.step), (480.0, 120.0));
    }

    #[test]
    fn an_axis_does_not_depend_on_the_past() {
        let once = auto_axis(Unit::Rate, 0.0, 512.0, 5);
        auto_axis(Unit::Rate, 0.0, 9000.0, 5);
        assert_eq!(auto_axis(Unit::Rate, 0.0, 512.0, 5), once);
    }

    #[test]
    fn log_axes_hug_the_data() {
        let axis = log_axis(Unit::Seconds, 0.004, 1.3, 5);
        assert!((axis.low - 0.002).abs() < 1e-9 && (axis.high - 2.0).abs() < 1e-9, "{axis:?}");
        assert!(axis.ticks.len() <= 6 && axis.ticks.len() >= 2, "{axis:?}");
    }

    #[test]
    fn time_steps_suit_ten_seconds_to_a_day() {
        for (span, target, step) in [
            (10.0, 6, 2.0),
            (60.0, 6, 10.0),
            (300.0, 6, 60.0),
            (600.0, 5, 120.0),
            (3600.0, 6, 600.0),
            (86_400.0, 8, 10_800.0),
        ] {
            let (ticks, got) = time_ticks(0.0, span, target);
            assert_eq!(got, step, "{span}");
            assert!(ticks.len() <= target + 1 && ticks[0] == 0.0);
        }
        let (ticks, _) = time_ticks(65.0, 125.0, 6);
        assert_eq!(ticks[0], 70.0);
    }
}
