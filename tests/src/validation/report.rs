//! The table of what was measured, as text for people and as Markdown for the documentation.

use super::catalogue::{self, Rule};
use super::{Outcome, Verdict};
use std::collections::BTreeSet;

/// A number with as many digits as tell something.
fn short(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "-".to_owned(),
        0.0 => "0".to_owned(),
        a if !(1e-4..1e7).contains(&a) => format!("{x:.3e}"),
        a => {
            let digits = (5 - libm::log10(a).floor() as i32).clamp(0, 8) as usize;
            format!("{x:.digits$}")
        }
    }
}

/// The width of an interval wants no more than three digits.
fn rough(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let digits = (2 - libm::log10(x.abs()).floor() as i32).clamp(0, 9) as usize;
    format!("{x:.digits$}")
}

/// A share as a percentage, to the hundredth.
fn percent(x: f64) -> String {
    format!("{}%", (x * 1e4).round() / 100.0)
}

fn tolerance(rule: Rule) -> String {
    match rule {
        Rule::Ci { max_half_width_rel, bias_rel } => {
            let bias = if bias_rel > 0.0 { format!(", bias {}", percent(bias_rel)) } else { String::new() };
            format!("interval of at most ±{}{bias}", percent(max_half_width_rel))
        }
        Rule::Abs { abs } => format!("{abs} + half-width"),
        Rule::Band { low, high } => format!("{} to {}", short(low), short(high)),
        Rule::Exact { .. } => "exact".to_owned(),
    }
}

fn verdict(v: Verdict) -> &'static str {
    match v {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::TooWide => "TOO WIDE",
    }
}

/// One line of the table.
pub fn line(o: &Outcome) -> String {
    format!(
        "{:<26} {:<9} {:>12} {:>12} {:>11} {:>6}  {}",
        o.row.id,
        o.row.tier,
        short(o.row.value),
        short(o.measured),
        short(o.half_width),
        o.replications,
        verdict(o.verdict)
    )
}

/// The heading of the table.
pub fn heading() -> String {
    format!(
        "{:<26} {:<9} {:>12} {:>12} {:>11} {:>6}  verdict",
        "row", "tier", "reference", "measured", "half-width", "seeds"
    )
}

/// The page of the documentation.
pub fn page(outcomes: &[Outcome]) -> String {
    let covered: BTreeSet<&str> = outcomes.iter().map(|o| o.row.id.as_str()).collect();
    let passed = outcomes.iter().filter(|o| o.verdict == Verdict::Pass).count();
    let mut text = include_str!("page.txt").to_owned();
    text += &format!("{passed} of {} measured rows pass.\n\n{}", outcomes.len(), markdown(outcomes));
    text += "\n## Not measured here\n\n";
    for (reason, ids) in not_covered(&covered) {
        text += &format!("- {reason}: {}\n", ids.join(", "));
    }
    text
}

fn markdown(outcomes: &[Outcome]) -> String {
    let mut text = String::from(
        "| Row | Quantity | Reference | Measured | ± | Replications | Tolerance | Verdict |\n|---|---|--:|--:|--:|--:|---|---|\n",
    );
    for o in outcomes {
        let unit = if o.row.unit.is_empty() { String::new() } else { format!(" [{}]", o.row.unit) };
        text += &format!(
            "| {}{} | {}{unit} | {} | {} | {} | {} | {} | {} |\n",
            o.row.id,
            if o.row.tier == "core" { " \\*" } else { "" },
            o.row.quantity.replace('|', "\\|"),
            short(o.row.value),
            short(o.measured),
            rough(o.half_width),
            o.replications,
            tolerance(o.row.rule),
            verdict(o.verdict)
        );
    }
    text
}

/// Rows of the catalogue that no experiment measures, by reason: (reason, ids).
pub fn not_covered(covered: &BTreeSet<&str>) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut left: Vec<(&str, Vec<&str>)> = GAPS.iter().map(|(reason, _)| (*reason, Vec::new())).collect();
    for row in catalogue::rows() {
        if covered.contains(row.id.as_str()) {
            continue;
        }
        let of_row = |pattern: &&&str| match pattern.strip_suffix('*') {
            Some(start) => row.id.starts_with(start),
            None => row.id == **pattern,
        };
        let at = GAPS
            .iter()
            .position(|(_, patterns)| patterns.iter().any(|p| of_row(&p)))
            .unwrap_or_else(|| panic!("{} is measured, or a reason says why not", row.id));
        left[at].1.push(&row.id);
    }
    left.retain(|(_, ids)| !ids.is_empty());
    left
}

/// Why rows are not measured. `*` at the end stands for any rest.
const GAPS: &[(&str, &[&str])] = &[(
    "the outage is the sum of the times that one sets for detection, promotion and addresses; the provider tells only the sum",
    &["PUB.rds"],
)];
