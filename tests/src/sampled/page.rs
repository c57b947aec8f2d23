//! The page that tells how far sampled detail is from exact runs.

use super::{CONFIDENCE, Metric, Outcome};
use std::fmt::Write;

/// Why sampled detail is off where it is known to be: case, number, and the mechanism. Found out by taking the cases apart,
/// never by fitting; a number that is apart and not here is one that nobody has explained.
const REASONS: [(&str, &str, &str); 3] = [
    (
        "autoscaling",
        "requests",
        "half of a skip whose next stretch is broken off, as each order of the autoscaler does, goes by the stretch before it, \
         which had a little less load where load rises",
    ),
    (
        "filling-cache",
        "cache: hit ratio",
        "a few percent of the run are skipped while the cache fills, within the 3% by which a stock may be carried off its level; \
         that is the size of error that the rule allows",
    ),
    ("filling-cache", "db: utilisation", "the other side of the hit ratio: what misses goes to the database"),
];

/// The whole page.
pub fn whole(outcomes: &[Outcome]) -> String {
    let mut text = include_str!("page.txt").to_owned();
    text.push_str("\n| | requests simulated | speed-up | numbers compared | apart | largest error of those within noise |\n|---|---|---|---|---|---|\n");
    for o in outcomes {
        let apart = o.metrics.iter().filter(|m| !m.is_within_noise()).count();
        let largest =
            o.metrics.iter().filter(|m| m.is_within_noise()).map(|m| m.error().abs()).fold(0.0, f64::max);
        let _ = writeln!(
            text,
            "| [{}](#{}) | {} | {} | {} | {apart} | {} |",
            o.id,
            o.id,
            percent(o.simulated),
            times(o.speed_up),
            o.metrics.len(),
            percent(largest),
        );
    }
    let all: Vec<&Metric> = outcomes.iter().flat_map(|o| &o.metrics).collect();
    let apart = all.iter().filter(|m| !m.is_within_noise()).count();
    let _ = writeln!(
        text,
        "\nOf {} numbers {apart} are further apart than {:.0}% of differences by chance are; about {:.0} would be if nothing but chance made any.",
        all.len(),
        CONFIDENCE * 100.0,
        all.len() as f64 * (1.0 - CONFIDENCE)
    );
    text.push_str(&reasons(outcomes));
    for o in outcomes {
        text.push('\n');
        text.push_str(&table(o));
    }
    text
}

/// What is apart, each with its reason.
fn reasons(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for o in outcomes {
        for m in o.metrics.iter().filter(|m| !m.is_within_noise()) {
            let known = REASONS.iter().find(|(case, name, _)| *case == o.id && *name == m.name);
            let reason = known.map_or("not explained", |(_, _, reason)| reason);
            let _ = writeln!(text, "- {}, {} ({}): {reason}.", o.id, m.name, percent(m.error()));
        }
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "\nWhere they are apart, and why:\n{text}\nA large error within noise (a tail of a few hundred slow requests, a share of \
         failures of one in ten million) is one that exact seeds have among themselves too.\n"
    )
}

/// The table of one case.
pub fn table(o: &Outcome) -> String {
    let mut text = format!(
        "## {}\n{} {} seeds each way; {} of the requests simulated, speed-up {}",
        o.id,
        o.about,
        o.seeds,
        percent(o.simulated),
        times(o.speed_up)
    );
    if o.surprises > 0.0 {
        let _ = write!(text, "; {:.1} surprises a run", o.surprises);
    }
    text.push_str(".\n\n| | exact | sampled | error | |\n|---|---|---|---|---|\n");
    for m in &o.metrics {
        let (a, b) = (m.exact.half_width(CONFIDENCE), m.sampled.half_width(CONFIDENCE));
        let _ = writeln!(
            text,
            "| {} | {} ± {} | {} ± {} | {} | {} |",
            m.name,
            short(m.exact.mean),
            short(a),
            short(m.sampled.mean),
            short(b),
            if m.error().is_finite() { percent(m.error()) } else { "-".to_owned() },
            if m.is_within_noise() { "" } else { "apart" }
        );
    }
    text
}

/// Four digits.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { "-".to_owned() };
    }
    let digits = (3 - libm::log10(x.abs()).floor() as i32).clamp(0, 9) as usize;
    format!("{x:.digits$}")
}

fn percent(x: f64) -> String {
    format!("{:.1}%", x * 100.0)
}

fn times(x: f64) -> String {
    if x < 10.0 { format!("{x:.1}") } else { format!("{x:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_about_a_number_that_is_compared() {
        let cases = crate::sampled::cases();
        for (id, name, _) in REASONS {
            let case = cases.iter().find(|case| case.id == id);
            assert!(case.is_some_and(|c| c.metrics.iter().any(|(n, _)| n == name)), "{id}: {name}");
        }
    }
}
