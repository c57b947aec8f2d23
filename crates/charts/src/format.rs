//! Numbers and times as people read them. The page shows its figures through the same functions.

/// What a number counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Things per second: `1.2k/s`.
    #[default]
    Rate,
    /// A duration in seconds, shown as µs, ms, s, min or h as fits: `35 ms`.
    Seconds,
    /// A fraction shown as a percentage, 1 being `100%`.
    Percent,
    /// A plain number: `1.2k`.
    Count,
    /// Bytes, in powers of 1,000: `4.5 MB`.
    Bytes,
    /// US dollars: `$0.12`.
    Money,
    /// A multiple of something: `1.8×`.
    Ratio,
}

/// A factor and the texts around a number that goes with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prefix {
    pub factor: f64,
    before: &'static str,
    after: &'static str,
}

const fn prefix(factor: f64, before: &'static str, after: &'static str) -> Prefix {
    Prefix { factor, before, after }
}

// Each table is in rising order; the last entry whose factor does not exceed the value is taken.
const RATE: &[Prefix] =
    &[prefix(1.0, "", "/s"), prefix(1e3, "", "k/s"), prefix(1e6, "", "M/s"), prefix(1e9, "", "G/s")];
const SECONDS: &[Prefix] = &[
    prefix(1e-6, "", " µs"),
    prefix(1e-3, "", " ms"),
    prefix(1.0, "", " s"),
    prefix(60.0, "", " min"),
    prefix(3600.0, "", " h"),
];
const PERCENT: &[Prefix] = &[prefix(0.01, "", "%")];
const COUNT: &[Prefix] =
    &[prefix(1.0, "", ""), prefix(1e3, "", "k"), prefix(1e6, "", "M"), prefix(1e9, "", "G")];
const BYTES: &[Prefix] = &[
    prefix(1.0, "", " B"),
    prefix(1e3, "", " kB"),
    prefix(1e6, "", " MB"),
    prefix(1e9, "", " GB"),
    prefix(1e12, "", " TB"),
    prefix(1e15, "", " PB"),
];
const MONEY: &[Prefix] =
    &[prefix(1.0, "$", ""), prefix(1e3, "$", "k"), prefix(1e6, "$", "M"), prefix(1e9, "$", "G")];
const RATIO: &[Prefix] = &[prefix(1.0, "", "×")];

/// The prefix that suits a number of this size.
pub(crate) fn prefix_for(unit: Unit, magnitude: f64) -> Prefix {
    let table = match unit {
        Unit::Rate => RATE,
        Unit::Seconds => SECONDS,
        Unit::Percent => PERCENT,
        Unit::Count => COUNT,
        Unit::Bytes => BYTES,
        Unit::Money => MONEY,
        Unit::Ratio => RATIO,
    };
    // A number that would be rounded up to 1000 takes the next prefix; two minutes and two hours are where seconds
    // and minutes stop being read easily.
    let reaches = |p: &&Prefix| {
        let floor = if unit == Unit::Seconds && p.factor >= 60.0 { p.factor * 2.0 } else { p.factor };
        magnitude.abs() >= floor * 0.9995
    };
    *table.iter().rev().find(reaches).unwrap_or(&table[0])
}

/// Writes `v` in a unit, with three significant digits: `1.2k/s`, `35 ms`, `12.3%`, `4.5 MB`, `$0.12`.
/// Not a number is `–`, and infinity `∞`.
pub fn format_value(unit: Unit, v: f64) -> String {
    if v.is_nan() {
        return "–".to_owned();
    }
    if v.is_infinite() {
        return if v > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if v == 0.0 && unit == Unit::Seconds {
        return "0 s".to_owned();
    }
    let prefix = prefix_for(unit, v);
    let scaled = v / prefix.factor;
    let decimals = match unit {
        // Cents are never cut off, and never split unless the sum is tiny.
        Unit::Money if prefix.factor == 1.0 && scaled.abs() >= 0.01 => {
            return dress(prefix, scaled, 2, false);
        }
        _ => significant_decimals(scaled, 3),
    };
    dress(prefix, scaled, decimals, true)
}

/// Writes an axis label: all labels of an axis share the prefix, and have as many decimals as the step asks for.
pub(crate) fn format_tick(prefix: Prefix, v: f64, step: f64) -> String {
    if v == 0.0 {
        return "0".to_owned();
    }
    let scaled_step = (step / prefix.factor).abs();
    let decimals = if scaled_step > 0.0 { significant_decimals(scaled_step, 2).min(6) } else { 2 };
    dress(prefix, v / prefix.factor, decimals, true)
}

/// How many decimals show `digits` significant digits of `v`.
fn significant_decimals(v: f64, digits: i32) -> usize {
    if v == 0.0 {
        return 0;
    }
    (digits - 1 - v.abs().log10().floor() as i32).clamp(0, 9) as usize
}

fn dress(prefix: Prefix, scaled: f64, decimals: usize, trim: bool) -> String {
    let mut number = format!("{:.decimals$}", scaled.abs());
    if trim && number.contains('.') {
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    }
    let sign = if scaled < 0.0 && number.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    format!("{sign}{}{number}{}", prefix.before, prefix.after)
}

/// Writes a moment of the run: `02:35`, or `1:02:35` from an hour on, with tenths when `t` is not a whole second.
pub fn format_time(t: f64) -> String {
    if !t.is_finite() {
        return "–".to_owned();
    }
    let tenths = (t.abs() * 10.0).round() as u64;
    let sign = if t < 0.0 && tenths > 0 { "−" } else { "" };
    let (s, tenth) = (tenths / 10, tenths % 10);
    let mut text = clock(s);
    if tenth > 0 {
        text = format!("{text}.{tenth}");
    }
    format!("{sign}{text}")
}

/// Writes a label of the time axis: `mm:ss` on axes that end within the hour, `hh:mm` on longer ones, `h:mm:ss` where
/// the step needs it.
pub(crate) fn format_time_tick(t: f64, step: f64, end: f64) -> String {
    let whole_minutes = step >= 60.0 && (step / 60.0).fract() == 0.0;
    if end >= 3600.0 && whole_minutes {
        let minutes = (t / 60.0).round().max(0.0) as u64;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    } else {
        format_time(t)
    }
}

fn clock(seconds: u64) -> String {
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        let table: &[(Unit, f64, &str)] = &[
            (Unit::Rate, 0.0, "0/s"),
            (Unit::Rate, 1234.0, "1.23k/s"),
            (Unit::Rate, 1200.0, "1.2k/s"),
            (Unit::Rate, 999.7, "1k/s"),
            (Unit::Rate, 85.0, "85/s"),
            (Unit::Rate, 0.25, "0.25/s"),
            (Unit::Rate, 2.5e6, "2.5M/s"),
            (Unit::Seconds, 0.0, "0 s"),
            (Unit::Seconds, 0.035, "35 ms"),
            (Unit::Seconds, 0.000_25, "250 µs"),
            (Unit::Seconds, 1.234_5, "1.23 s"),
            (Unit::Seconds, 0.999_99, "1 s"),
            (Unit::Seconds, 90.0, "90 s"),
            (Unit::Seconds, 150.0, "2.5 min"),
            (Unit::Seconds, 9000.0, "2.5 h"),
            (Unit::Percent, 0.123, "12.3%"),
            (Unit::Percent, 1.0, "100%"),
            (Unit::Percent, 0.000_01, "0.001%"),
            (Unit::Count, 42.0, "42"),
            (Unit::Count, 12_345.0, "12.3k"),
            (Unit::Count, -5.0, "−5"),
            (Unit::Bytes, 512.0, "512 B"),
            (Unit::Bytes, 4.5e6, "4.5 MB"),
            (Unit::Money, 0.12, "$0.12"),
            (Unit::Money, 3.0, "$3.00"),
            (Unit::Money, 0.001_2, "$0.0012"),
            (Unit::Money, 12_340.0, "$12.3k"),
            (Unit::Money, -1.5, "−$1.50"),
            (Unit::Money, 0.0, "$0"),
            (Unit::Ratio, 1.8, "1.8×"),
            (Unit::Rate, f64::NAN, "–"),
            (Unit::Seconds, f64::INFINITY, "∞"),
        ];
        for &(unit, v, want) in table {
            assert_eq!(format_value(unit, v), want, "{unit:?} {v}");
        }
    }

    #[test]
    fn axis_labels_share_their_prefix() {
        let axis = prefix_for(Unit::Seconds, 2.0);
        let labels: Vec<String> = [0.0, 0.5, 1.0, 1.5].iter().map(|&v| format_tick(axis, v, 0.5)).collect();
        assert_eq!(labels, ["0", "0.5 s", "1 s", "1.5 s"]);
        let fine: Vec<String> = [10_000.0, 10_025.0]
            .iter()
            .map(|&v| format_tick(prefix_for(Unit::Count, 10_050.0), v, 25.0))
            .collect();
        assert_eq!(fine, ["10k", "10.025k"]);
    }

    #[test]
    fn times_read_well() {
        for (t, want) in
            [(0.0, "00:00"), (155.0, "02:35"), (155.24, "02:35.2"), (3755.0, "1:02:35"), (-3.0, "−00:03")]
        {
            assert_eq!(format_time(t), want);
        }
        assert_eq!(format_time_tick(7200.0, 3600.0, 86_400.0), "02:00");
        assert_eq!(format_time_tick(120.0, 60.0, 600.0), "02:00");
        assert_eq!(format_time_tick(3630.0, 30.0, 3700.0), "1:00:30");
    }
}
