//! Runs: the summary as text and as JSON, options, replications, series and pictures.

use crate::{SMALL, headroom_with, json, output, scratch};
use serde_json::Value;

#[test]
fn a_summary_says_what_theory_says() {
    let s = json(&["run", "-", "--until", "2h", "--warmup", "1m", "--json"], SMALL);
    assert_eq!((&s["title"], &s["seed"]), (&Value::from("Small"), &Value::from(1)));
    assert_eq!((s["from_s"].as_f64(), s["until_s"].as_f64()), (Some(60.0), Some(7200.0)));
    let web = &s["nodes"][1];
    let near = |field: &str, theory: f64, tolerance: f64| {
        let got = web[field].as_f64().unwrap_or(f64::NAN);
        assert!((got / theory - 1.0).abs() < tolerance, "{field}: {got} and {theory}");
    };
    // M/M/1 at 80%; a run of this length leaves about 1% of uncertainty.
    near("utilization", 0.8, 0.01);
    near("response_mean_s", 0.05, 0.06);
    near("response_p99_s", 0.230_258_5, 0.15);
    near("wait_mean_s", 0.04, 0.07);
    near("in_system_mean", 4.0, 0.07);
    let of = |field: &str| web[field].as_u64().unwrap();
    // What was inside at the end of the warm-up is completed without having arrived.
    assert!(of("arrivals").abs_diff(of("completions")) < 100);
}

#[test]
fn options_overrule_the_file_and_equal_seeds_give_equal_runs() {
    let one = output(&["run", "-"], SMALL);
    assert_eq!(one, output(&["run", "-"], SMALL));
    assert!(one.starts_with("Small\nseed 1, measured from 0 s to 2 s, "), "{one}");
    for word in ["arrivals", "completed", "utilised", "response time", "p99.9", "wait", "u (Users)", "  read"]
    {
        assert!(one.contains(word), "{word} in\n{one}");
    }
    let other = json(&["run", "-", "--seed", "7", "--until", "1500ms", "--json"], SMALL);
    assert_eq!((&other["seed"], other["until_s"].as_f64()), (&Value::from(7), Some(1.5)));
    assert_ne!(other["hash"], json(&["run", "-", "--json"], SMALL)["hash"]);
    let written = SMALL.replace("\"until_s\": 2", "\"until_s\": 1.5, \"seed\": 7");
    assert_eq!(json(&["run", "-", "--json"], &written), other);
}

#[test]
fn replications_give_means_with_intervals_whatever_the_threads() {
    let args = ["run", "-", "--until", "20s", "--replications", "8", "--seed", "3", "--json", "--runs"];
    let merged = json(&args, SMALL);
    assert_eq!(merged, json(&[&args[..], &["--threads", "1"]].concat(), SMALL));
    assert_eq!(merged["replications"], 8);
    assert_eq!(merged["seeds"], serde_json::json!([3, 4, 5, 6, 7, 8, 9, 10]));
    assert_eq!(merged["runs"].as_array().unwrap().len(), 8);
    // The interval by hand: t(0.975, 7) = 2.36462.
    let values: Vec<f64> = merged["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["nodes"][1]["response_mean_s"].as_f64().unwrap())
        .collect();
    let mean = values.iter().sum::<f64>() / 8.0;
    let sd = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 7.0).sqrt();
    let estimate = &merged["nodes"][1]["response_mean_s"];
    let part = |name: &str| estimate[name].as_f64().unwrap();
    assert!((part("mean") / mean - 1.0).abs() < 1e-12 && (part("sd") / sd - 1.0).abs() < 1e-12, "{estimate}");
    assert!(
        (part("ci95") / (2.364_624_25 * sd / 8.0_f64.sqrt()) - 1.0).abs() < 1e-7 && part("n") == 8.0,
        "{estimate}"
    );
    // Each run is the run that its seed gives alone.
    let alone = json(&["run", "-", "--until", "20s", "--seed", "5", "--json"], SMALL);
    assert_eq!((&merged["runs"][2], &merged["hashes"][2]), (&alone, &alone["hash"]));

    let from_file = SMALL.replace("\"until_s\": 2", "\"until_s\": 2, \"replications\": 3");
    let text = output(&["run", "-"], &from_file);
    assert!(text.contains("3 runs with seeds 1 to 3") && text.contains(" ±"), "{text}");
    assert!(json(&["run", "-", "--json"], &from_file).get("runs").is_none());
    assert_eq!(
        json(&["run", "-", "--json", "--replications", "1"], &from_file),
        json(&["run", "-", "--json"], SMALL)
    );
}

#[test]
fn series_and_pictures_are_written() {
    let csv = scratch("series.csv");
    output(&["run", "-", "--csv", csv.to_str().unwrap(), "--replications", "2"], SMALL);
    let text = std::fs::read_to_string(csv).unwrap();
    assert!(text.starts_with("end_s,offered_rps,served_rps,"), "{text}");
    // Windows of 1/150 of two seconds, rounded up to 20 ms.
    assert_eq!(text.lines().count(), 101);
    let svg = scratch("charts.svg");
    assert_eq!(output(&["render", "-", "--out", svg.to_str().unwrap(), "--theme", "dark"], SMALL), "");
    assert!(std::fs::read_to_string(svg).unwrap().contains("Latency"));
    assert!(output(&["render", "-", "--until", "500ms"], SMALL).contains("<svg"));
}

#[test]
fn check_schema_and_docs_answer() {
    assert!(output(&["check", "-"], SMALL).starts_with("No faults: 2 nodes, 1 wire, 0 actions"));
    assert_eq!(json(&["schema"], "")["title"], "Headroom design");
    assert!(output(&["docs"], "").contains("# Kinds of nodes"));
    assert!(output(&["docs", "--lang", "ko"], "").contains("# 노드의 종류"));
    // An empty design is a design.
    let empty = headroom_with(&["run", "-"], "{}");
    assert_eq!(empty.code, 0, "{}", empty.err);
}

#[test]
fn the_hottest_items_are_counted_exactly() {
    let design = r#"{"nodes": [
        {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 20000}, "items": 1000, "zipf_s": 1}},
        {"id": "web", "kind": "web", "params": {"workers": 1000, "service": {"law": "deterministic", "mean_ms": 0}}},
        {"id": "db", "kind": "sharded", "params": {"workers": 1000}}],
      "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "db"}], "run": {"until_s": 11, "warmup_s": 1}}"#;
    let db = json(&["run", "-", "--json"], design)["nodes"][2].clone();
    let harmonic: f64 = (1..=1000).map(|k| 1.0 / f64::from(k)).sum();
    for (rank, row) in db["hottest_items"].as_array().unwrap().iter().enumerate() {
        assert_eq!(row["item"], rank, "{row}");
        let theory = 1.0 / (rank as f64 + 1.0) / harmonic;
        // 200,000 requests: five standard errors of these shares are below 4%.
        assert!((row["share"].as_f64().unwrap() / theory - 1.0).abs() < 0.04, "{row} and {theory}");
        let shard = row["shard"].as_u64().unwrap() as usize;
        assert!(db["shards"][shard]["request_share"].as_f64() > row["share"].as_f64(), "{db}");
    }
}

#[test]
fn why_says_where_the_time_goes_what_is_full_and_the_law_behind_it() {
    let text = r#"{"nodes": [
        {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 120}, "timeout_ms": 2000}},
        {"id": "web", "kind": "web", "params": {"workers": 1, "service": {"law": "deterministic", "mean_ms": 10}}}],
      "wires": [{"from": "users", "to": "web"}], "run": {"until_s": 100}}"#;
    let said = output(&["why", "-", "--at", "60s"], text);
    for part in ["queue", "web", "100% in use", "timed out", "× 10 ms / 1 = 1.", "[instances]"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
