//! Numbers as people read them: a few significant digits, a fitting unit, and the interval when there is one.

use headroom_analysis::replicate::is_estimate;
use serde_json::Value;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Seconds; written in µs, ms or s.
    Time,
    /// A share of 1; written in per cent.
    Share,
    /// Anything else.
    Plain,
}

impl Quantity {
    /// By the ending of a field's name: `_s`, `_share`, `_ratio`, `utilization`.
    pub fn of_field(name: &str) -> Self {
        if name.ends_with("_s") {
            Quantity::Time
        } else if name.ends_with("_share")
            || name == "share"
            || name.ends_with("hit_ratio")
            || name == "utilization"
        {
            Quantity::Share
        } else {
            Quantity::Plain
        }
    }
}

/// A cell: the number, or the mean with half the width of its interval; `-` where there is none.
pub fn cell(value: &Value, quantity: Quantity) -> String {
    if is_estimate(value) {
        let mean = value["mean"].as_f64().unwrap_or(f64::NAN);
        return write(mean, value["ci95"].as_f64(), quantity);
    }
    match value {
        Value::Number(n) => match (quantity, n.as_u64()) {
            (Quantity::Plain, Some(count)) => grouped(&count.to_string()),
            _ => write(n.as_f64().unwrap_or(f64::NAN), None, quantity),
        },
        Value::Null => "-".to_owned(),
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::String(s) => crate::failure::printable(s),
        Value::Array(list) => list.iter().map(|v| cell(v, quantity)).collect::<Vec<_>>().join("  "),
        Value::Object(_) => "-".to_owned(),
    }
}

fn write(x: f64, half_width: Option<f64>, quantity: Quantity) -> String {
    if !x.is_finite() {
        return "-".to_owned();
    }
    let (scale, unit) = match quantity {
        Quantity::Plain => (1.0, ""),
        Quantity::Share => (100.0, "%"),
        Quantity::Time => {
            let size = x.abs();
            if size == 0.0 || size >= 1.0 {
                (1.0, " s")
            } else if size >= 1e-3 {
                (1e3, " ms")
            } else {
                (1e6, " µs")
            }
        }
    };
    let x = x * scale;
    match half_width.map(|h| h * scale) {
        None => format!("{}{unit}", grouped(&fixed(x, decimals_for(x, 4)))),
        Some(h) => {
            // Two digits of the half width say all that the mean is good for.
            let decimals = if h == 0.0 { decimals_for(x, 4) } else { decimals_for(h, 2).min(9) };
            format!("{} ±{}{unit}", grouped(&fixed(x, decimals)), grouped(&fixed(h, decimals)))
        }
    }
}

/// Decimals that show `digits` significant digits of `x`, and none where whole digits are enough.
fn decimals_for(x: f64, digits: i32) -> usize {
    if x == 0.0 || x.fract() == 0.0 && x.abs() < 1e15 && digits > 2 {
        return 0;
    }
    let magnitude = floor_log10(x.abs());
    (digits - 1 - magnitude).clamp(0, 12) as usize
}

/// ⌊log₁₀ x⌋ for a positive x, from its shortest scientific form, which cannot be off by rounding.
fn floor_log10(x: f64) -> i32 {
    let text = format!("{x:e}");
    text.rsplit_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0)
}

fn fixed(x: f64, decimals: usize) -> String {
    format!("{x:.decimals$}")
}

/// Thousands parted by commas.
fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_read_well() {
        for (value, quantity, text) in [
            (json!(1_234_567), Quantity::Plain, "1,234,567"),
            (json!(1234.5), Quantity::Plain, "1,234"),
            (json!(0.25), Quantity::Share, "25%"),
            (json!(0.98765), Quantity::Share, "98.77%"),
            (json!(0.0123456), Quantity::Time, "12.35 ms"),
            (json!(0.0000081), Quantity::Time, "8.100 µs"),
            (json!(12.0), Quantity::Time, "12 s"),
            (json!(0.0), Quantity::Time, "0 s"),
            (json!(null), Quantity::Time, "-"),
            (json!([1, 2000]), Quantity::Plain, "1  2,000"),
            (
                json!({"mean": 0.0123456, "ci95": 0.00021, "sd": 1.0, "n": 9}),
                Quantity::Time,
                "12.35 ±0.21 ms",
            ),
            (json!({"mean": 180_123.4, "ci95": 321.7, "sd": 1.0, "n": 9}), Quantity::Plain, "180,123 ±322"),
            (json!({"mean": 7.0, "ci95": 0.0, "sd": 0.0, "n": 9}), Quantity::Plain, "7 ±0"),
            (json!({"mean": 7.0, "ci95": null, "sd": null, "n": 1}), Quantity::Plain, "7"),
        ] {
            assert_eq!(cell(&value, quantity), text);
        }
    }

    #[test]
    fn quantities_follow_the_names_of_fields() {
        for (name, quantity) in [
            ("lag_p99_s", Quantity::Time),
            ("stale_read_share", Quantity::Share),
            ("hit_ratio", Quantity::Share),
            ("utilization", Quantity::Share),
            ("lost_writes", Quantity::Plain),
            ("hottest_over_mean", Quantity::Plain),
        ] {
            assert_eq!(Quantity::of_field(name), quantity, "{name}");
        }
    }
}
