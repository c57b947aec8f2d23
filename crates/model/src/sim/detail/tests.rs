//! Sampled detail against the exact run, against theory, and against itself in other slices.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::design::Entry;
use crate::scenarios;
use crate::summary::summarize;
use headroom_engine::SimTime;
use serde_json::{Value, json};

fn design(file: &Value) -> Design {
    let mut design = Design::parse(&file.to_string()).unwrap();
    design.run.detail = Detail::Sampled;
    design
}

/// One worker at half load: M/M/1 with a mean time of 10 ms.
fn half_loaded(until_s: f64, traffic: Value) -> Design {
    design(&json!({
        "nodes": [{"id": "u", "kind": "users", "params": {"traffic": traffic}},
            {"id": "w", "kind": "web", "params": {"instances": 1, "workers": 1, "queue_limit": null,
                "service": {"law": "exponential", "mean_ms": 5}}}],
        "wires": [{"from": "u", "to": "w"}],
        "run": {"until_s": until_s, "window_s": 10},
    }))
}

fn run(design: &Design) -> (Simulation, Value) {
    let mut sim = Simulation::new(design);
    sim.run();
    assert!(sim.is_finished() && sim.is_conserved());
    let summary = summarize(design, &mut sim);
    assert!(sim.is_conserved());
    (sim, summary)
}

#[test]
fn a_queue_is_what_theory_says_and_most_of_it_is_skipped() {
    let (sim, summary) = run(&half_loaded(4_000.0, json!({"preset": "constant", "rps": 100})));
    let detail = &summary["detail"];
    assert!(detail["simulated_time_share"].as_f64().unwrap() < 0.35, "{detail}");
    let node = &summary["nodes"][1];
    let (mean, half) = (&node["response_mean_s"], &node["ci95_response_mean_s"]);
    let (mean, half) = (mean.as_f64().unwrap(), half.as_f64().unwrap());
    // 1/(μ − λ) = 10 ms, as sure as the run says it is.
    assert!((mean - 0.010).abs() < 2.0 * half && half < 0.001, "{mean} ± {half}");
    assert!((node["utilization"].as_f64().unwrap() - 0.5).abs() < 0.01);
    assert!((node["in_system_mean"].as_f64().unwrap() - 100.0 * mean).abs() < 0.01, "Little's law");
    // P(T > t) = e^(−t/10 ms).
    assert!((node["response_p99_s"].as_f64().unwrap() - 0.010 * libm::log(100.0)).abs() < 0.003);
    let arrivals = summary["users"]["arrivals"].as_f64().unwrap();
    assert!((arrivals - 400_000.0).abs() < 6_000.0, "{arrivals}");
    // Windows of the whole run, and each says how much of it was simulated.
    assert_eq!(sim.windows().len(), 400);
    let told: f64 = sim.windows().iter().map(|w| f64::from(w.simulated)).sum::<f64>() / 400.0;
    assert!((told - detail["simulated_time_share"].as_f64().unwrap()).abs() < 1e-3);
}

#[test]
fn a_load_that_moves_is_followed_in_small_steps() {
    let traffic = json!({"preset": "daily", "mean_rps": 100, "peak_rps": 150, "period_s": 4000});
    let (_, summary) = run(&half_loaded(4_000.0, traffic));
    assert!(summary["detail"]["simulated_time_share"].as_f64().unwrap() < 0.6, "{}", summary["detail"]);
    let arrivals = summary["users"]["arrivals"].as_f64().unwrap();
    assert!((arrivals - 400_000.0).abs() < 6_000.0, "{arrivals}");
    // The mean over a day of λ/(μ − λ) customers, at each moment as if it lasted.
    let steps = 1_000;
    let expected: f64 = (0..steps)
        .map(|i| 100.0 + 50.0 * libm::sin(f64::from(i) / f64::from(steps) * std::f64::consts::TAU))
        .map(|rate| rate / (200.0 - rate) / f64::from(steps))
        .sum();
    let inside = summary["nodes"][1]["in_system_mean"].as_f64().unwrap();
    assert!((inside / expected - 1.0).abs() < 0.1, "{inside} {expected}");
}

#[test]
fn without_a_skip_it_is_the_exact_run() {
    let text = |file: &Value| {
        let mut exact = design(file);
        exact.run.detail = Detail::Exact;
        (design(file), exact)
    };
    // A load that never stands still, and someone who keeps account of single users.
    let ramp = json!({"preset": "square", "low_rps": 50, "high_rps": 150, "period_s": 4});
    let mut files = vec![half_loaded(60.0, ramp).to_json()];
    let mut followed = half_loaded(200.0, json!({"preset": "constant", "rps": 100})).to_json();
    followed["nodes"].as_array_mut().unwrap().push(json!({"id": "m", "kind": "monitoring"}));
    files.push(followed);
    for file in files {
        let (sampled, exact) = text(&file);
        let ((a, summary), (b, _)) = (run(&sampled), run(&exact));
        assert_eq!(
            (a.hash(), a.events(), summary["detail"]["skips"].as_u64()),
            (b.hash(), b.events(), Some(0))
        );
        assert_eq!(format!("{:?}", a.windows()), format!("{:?}", b.windows()));
    }
}

/// What a summary is made of, leaf by leaf.
fn leaves(at: &str, value: &Value, out: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| leaves(&format!("{at}.{k}"), v, out)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| leaves(&format!("{at}.{i}"), v, out)),
        other => out.push((at.to_owned(), other.clone())),
    }
}

/// Counts that the end of a warm-up forgets and a stretch never has: what they count is news, and where there is news
/// nothing is skipped.
const NEWS: [&str; 10] = [
    "scale_outs",
    "scale_ins",
    "failovers",
    "machines_replaced",
    "lost_writes",
    "alarms",
    "alarm_actions",
    "logged_requests",
    "bytes_moved",
    "items_moved",
];

/// Sums of money.
const MONEY: [&str; 2] = ["revenue_usd", "lost_usd"];

/// Every scenario, with everything that was measured counted thrice: numbers that count are three times as large, all
/// others stay. A tally that is not shown would be found here, and a mean that is taken over the wrong time.
#[test]
fn what_stands_for_three_is_three_times_as_much_and_looks_the_same() {
    let mut wrong: Vec<String> = Vec::new();
    for scenario in scenarios::small() {
        let mut design = Design::parse(scenario.json).unwrap();
        design.run.until_s = design.run.until_s.min(90.0);
        design.run.warmup_s = 0.0;
        design.run.window_s = None;
        design.timeline.retain(|e| e.at_s <= 90.0);
        let mut sim = Simulation::new(&design);
        sim.run();
        let plain = summarize(&design, &mut sim);
        let mut held = sim.read_tallies();
        let mut thrice = held.clone();
        thrice.add(&held.weighted_since(&Book::default(), 2.0));
        sim.write_tallies(&mut thrice);
        sim.core.stood_for_ns = 2 * sim.core.span_ns();
        let weighted = summarize(&design, &mut sim);
        sim.core.stood_for_ns = 0;
        sim.write_tallies(&mut held);
        assert_eq!(summarize(&design, &mut sim), plain, "{}", scenario.id);
        sim.end_warmup();
        let forgotten = summarize(&design, &mut sim);
        let (mut a, mut b, mut c) = (Vec::new(), Vec::new(), Vec::new());
        leaves("", &plain, &mut a);
        leaves("", &weighted, &mut b);
        leaves("", &forgotten, &mut c);
        for ((name, plain), (same, weighted)) in a.iter().zip(&b) {
            assert_eq!(name, same);
            let field = name.rsplit('.').next().unwrap();
            let (Some(x), Some(y)) = (plain.as_f64(), weighted.as_f64()) else {
                assert_eq!(plain, weighted, "{} {name}", scenario.id);
                continue;
            };
            // A standard deviation has n − 1 below.
            let slack = if field.ends_with("_sd_s") { 0.1 } else { 2e-3 };
            let (as_is, tripled) =
                ((y - x).abs() <= slack * x.abs(), (y - 3.0 * x).abs() <= 2e-3 * x.abs() + 1.0);
            let after = c.iter().find(|l| l.0 == *name).map(|l| l.1.as_f64());
            let counts = plain.is_u64() && x > 0.0 && after == Some(Some(0.0));
            let is_right = if counts && !NEWS.contains(&field) && !field.ends_with("_peak") {
                tripled && !as_is
            } else {
                as_is || (tripled && (plain.is_u64() || MONEY.contains(&field)))
            };
            if !is_right {
                wrong.push(format!("{} {name}: {x} {y}", scenario.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn with_action() -> Design {
    let mut design = half_loaded(1_500.0, json!({"preset": "constant", "rps": 100}));
    design.run.warmup_s = 333.3;
    design
        .timeline
        .push(Entry::parse(r#"{"at_s": 800.0625, "do": "slow", "node": "w", "factor": 1.5}"#).unwrap());
    design
}

#[test]
fn slices_and_copies_change_nothing() {
    let design = with_action();
    let (whole, summary) = run(&design);
    assert!(summary["detail"]["skips"].as_u64().unwrap() > 3);
    // Nothing is skipped across the action, and it is done at its moment.
    assert!(whole.happenings().iter().any(|h| h.at_ns == 800_062_500_000));
    let expected = (whole.hash(), format!("{:?}", whole.windows()), summary.to_string());
    for (step_s, events) in [(0.7, u64::MAX), (61.3, 997), (10.0, 5_000)] {
        let mut sim = Simulation::new(&design);
        let mut to_s = 0.0;
        while !sim.is_finished() {
            let to = SimTime::from_secs_f64(to_s);
            if sim.run_until(to, events) == crate::sim::Stop::Time {
                assert_eq!(sim.now(), to.min(sim.end()));
                to_s += step_s;
                summarize(&design, &mut sim);
                sim = sim.clone();
            }
        }
        let told = summarize(&design, &mut sim).to_string();
        assert!((sim.hash(), format!("{:?}", sim.windows()), told) == expected, "{step_s} {events}");
    }
}

#[test]
fn what_is_done_by_hand_in_the_midst_of_a_skip_is_done_by_its_timeline_entry_too() {
    let mut design = half_loaded(1_500.0, json!({"preset": "constant", "rps": 100}));
    let mut by_hand = Simulation::new(&design);
    // At the very look that begins a skip, in the midst of one, and in a stretch.
    let mut at_s = 300.0;
    let mut seen = [false; 2];
    for factor in [1.5, 1.0, 1.2, 1.0] {
        by_hand.run_until(SimTime::from_secs_f64(at_s), u64::MAX);
        seen[usize::from(by_hand.sampling.as_ref().unwrap().skips_to().is_some())] = true;
        let text = format!(r#"{{"at_s": 0, "do": "slow", "node": "w", "factor": {factor}}}"#);
        let entry = by_hand.act(Entry::parse(&text).unwrap().action);
        design.timeline.push(entry);
        at_s += 251.7;
    }
    by_hand.run();
    let (again, summary) = run(&design);
    assert_eq!(by_hand.hash(), again.hash());
    assert_eq!(format!("{:?}", by_hand.windows()), format!("{:?}", again.windows()));
    assert_eq!(summarize(&design, &mut by_hand), summary);
    assert!(seen[1], "one of them comes in a skip");
}

#[test]
fn a_cache_that_still_fills_is_not_steady_and_one_that_is_full_is() {
    let file = |capacity: u32| {
        design(&json!({
            "nodes": [{"id": "u", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 500},
                    "items": 1_000_000, "zipf_s": 0.8, "write_share": 0}},
                {"id": "w", "kind": "web"}, {"id": "c", "kind": "cache", "params": {"capacity_items": capacity}},
                {"id": "db", "kind": "relational"}],
            "wires": [{"from": "u", "to": "w"}, {"from": "w", "to": "c"}, {"from": "w", "to": "db"}],
            "run": {"until_s": 300},
        }))
    };
    let share = |capacity: u32| {
        let (_, summary) = run(&file(capacity));
        summary["detail"]["simulated_time_share"].as_f64().unwrap()
    };
    assert!(share(2_000) < 0.6, "{}", share(2_000));
    assert!(share(1_000_000) > 0.95, "{}", share(1_000_000));
}

#[test]
fn a_backlog_that_grows_is_not_steady() {
    let growing = design(&json!({
        "nodes": [{"id": "u", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 300}, "job_share": 1, "write_share": 0}},
            {"id": "q", "kind": "queue"},
            {"id": "w", "kind": "workers", "params": {"instances": 1, "workers": 8,
                "service": {"law": "exponential", "mean_ms": 30}}}],
        "wires": [{"from": "u", "to": "q"}, {"from": "q", "to": "w"}],
        "run": {"until_s": 200},
    }));
    let (_, summary) = run(&growing);
    assert_eq!(summary["detail"]["skips"], 0, "{}", summary["detail"]);
}
