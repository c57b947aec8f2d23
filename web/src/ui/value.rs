//! Numbers as people read them, in the units of the model.

use headroom_charts::{Unit, format_value};
use headroom_model::kinds;

/// A metric's value as text; what cannot be said (a percentile of no answers) is a dash.
pub fn metric_text(unit: kinds::Unit, value: f64) -> String {
    match unit {
        // Few things are counted whole.
        kinds::Unit::Count if value.abs() < 1000.0 && value.is_finite() => short(value),
        unit => format_value(chart_unit(unit), value),
    }
}

/// The unit of a chart for a unit of the model.
pub fn chart_unit(unit: kinds::Unit) -> Unit {
    match unit {
        kinds::Unit::Rate => Unit::Rate,
        kinds::Unit::Seconds => Unit::Seconds,
        kinds::Unit::Share => Unit::Percent,
        kinds::Unit::Count => Unit::Count,
        kinds::Unit::Ratio => Unit::Ratio,
        kinds::Unit::Money => Unit::Money,
    }
}

/// A plain number with at most one digit after the point.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{rounded}")
}

/// A whole number with thin groups of thousands: `1,234,567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A moment or a duration of the run: `01:05`, with tenths when asked for.
pub fn clock(seconds: f64, tenths: bool) -> String {
    let all = (seconds.max(0.0) * 10.0 + 1e-6).floor() as u64;
    let (whole, tenth) = (all / 10, all % 10);
    let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
    let tail = if tenths { format!(".{tenth}") } else { String::new() };
    if h > 0 { format!("{h}:{m:02}:{s:02}{tail}") } else { format!("{m:02}:{s:02}{tail}") }
}

/// A number for a field: no more digits than it needs.
pub fn plain(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        assert_eq!(metric_text(kinds::Unit::Count, 3.26), "3.3");
        assert_eq!(metric_text(kinds::Unit::Count, 0.0), "0");
        assert_eq!(metric_text(kinds::Unit::Share, 0.5), "50%");
        assert_eq!(metric_text(kinds::Unit::Seconds, f64::NAN), "–");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        assert_eq!(clock(65.27, true), "01:05.2");
        assert_eq!(clock(3_661.0, false), "1:01:01");
        assert_eq!(plain(0.25), "0.25");
    }
}
