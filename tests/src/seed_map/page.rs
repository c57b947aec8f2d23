//! The table as a page of the documentation.

use super::{Expect, Outcome, interval};
use headroom_model::scenarios;

const HEAD: &str = "\
# What readers must be able to see

Each row is something that study notes of the well-known chapter \"from zero to millions of users\" say in words. Here it is an
experiment: two situations, run on the same random numbers, and a number that moves. Written by `./dev update`; a test runs every row
again and fails when a number of this page or an expectation does not hold. Designs are in `tests/src/seed_map`; where a scenario of the gallery shows the
same, it is named (open it on the page with `?scenario=…` or run it with `headroom run`).

Numbers are means over seeds with half the width of their 95% interval (Student's t). \"Expected\" is what has to hold in every single seed.

";

/// What is said of a row besides.
const NOTES: &[(usize, &str)] = &[
    (
        18,
        "Results of queries hang on many items: a cache keeps them only where it is told to, and no write ends them before their TTL.",
    ),
    (
        30,
        "Traffic may be drawn from daily active users; how many of them are served and stay, and revenue, follow errors and latency by monitoring's own assumptions.",
    ),
    (
        37,
        "The page has the checklist of the eight rules, judged from the drawing; the experiment behind redundancy is this one, a kill of one machine of each tier in turn.",
    ),
];

const TITLES: [&str; 37] = [
    "Everything on one server",
    "The way of a request",
    "Web and mobile clients",
    "Web tier and data tier apart",
    "Relational or NoSQL",
    "Private subnets",
    "Vertical scaling",
    "Horizontal scaling",
    "Load balancers",
    "A server dies",
    "Primary and replicas",
    "Replicas die",
    "The primary dies",
    "Several primaries, circles",
    "A cache tier",
    "What a cache must be set to",
    "Is one cache server enough?",
    "Cache what is slow",
    "CDN",
    "Stateful web tier",
    "Stateless web tier",
    "Eight stateless servers, one state server",
    "Autoscaling",
    "Data centres",
    "A data centre fails",
    "Data between data centres",
    "Releases",
    "Message queue",
    "Workers apart from producers",
    "Metrics and automation",
    "Sharding by user_id % 4",
    "Resharding",
    "Celebrities",
    "Joins across shards",
    "To NoSQL what needs no relations",
    "Vertical or horizontal?",
    "Redundancy everywhere",
];

/// A number with three or four digits that tell something.
fn short(x: f64) -> String {
    match x.abs() {
        a if a == 0.0 || !a.is_finite() => format!("{x}"),
        a if a >= 1000.0 => format!("{x:.0}"),
        a => {
            let digits = (2 - libm::log10(a).floor() as i32).clamp(0, 9) as usize;
            format!("{x:.digits$}")
        }
    }
}

fn told(sample: &[f64]) -> String {
    let (mean, half) = interval(sample);
    if half > 0.0 { format!("{} ± {}", short(mean), short(half)) } else { short(mean) }
}

fn expected(expect: Expect) -> String {
    match expect {
        Expect::Ratio(low, high) if low == high => format!("× {low}"),
        Expect::Ratio(low, high) => format!("× {low} to {high}"),
        Expect::Diff(low, high) if low == high => format!("{low:+}"),
        Expect::Diff(low, high) => format!("{low:+} to {high:+}"),
    }
}

/// The page.
pub fn page(outcomes: &[Outcome]) -> String {
    let mut text = HEAD.to_owned();
    for (i, title) in TITLES.iter().enumerate() {
        let number = i + 1;
        text += &format!("## {number}. {title}\n\n");
        text += "| What moves | First | | Then | | Expected | Seeds | Scenario |\n|---|---|--:|---|--:|---|--:|---|\n";
        for o in outcomes.iter().filter(|o| o.shown.row == number) {
            let s = &o.shown;
            let known = scenarios::ALL.iter().any(|x| x.id == s.scenario);
            assert!(known || s.scenario.is_empty(), "{} is in the gallery", s.scenario);
            let scenario =
                if known { format!("[{0}](../scenarios/{0}.json)", s.scenario) } else { String::new() };
            text += &format!(
                "| {} | {} | {} | {} | {} | {} | {} of {} | {scenario} |\n",
                s.metric,
                s.before.what,
                told(&o.before),
                s.after.what,
                told(&o.after),
                expected(s.expect),
                o.seeds_that_hold(),
                o.before.len(),
            );
        }
        for (_, note) in NOTES.iter().filter(|n| n.0 == number) {
            text += &format!("\n{note}\n");
        }
        text += "\n";
    }
    text
}
