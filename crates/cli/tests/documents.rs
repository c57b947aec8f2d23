//! What the documents say is so: their examples work, and they name every field.

use crate::json;
use headroom_model::design::{Design, Entry};
use headroom_model::scenarios;
use serde_json::{Value, json as value};
use std::collections::BTreeSet;

fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every example in JSON.
fn examples(markdown: &str) -> Vec<&str> {
    markdown.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// A design around a part of one, by the part's fields.
fn whole(part: Value) -> Value {
    if part.get("nodes").is_some() {
        return part;
    }
    let mut design = value!({
        "nodes": [{"id": "users", "kind": "users"}, {"id": "web", "kind": "web"}, {"id": "db", "kind": "relational", "params": {"replicas": 1}}],
        "wires": [{"from": "users", "to": "web"}]});
    if part.get("points").is_some() || part.get("preset").is_some() {
        design["nodes"][0]["params"] = value!({"traffic": part});
    } else if part.get("law").is_some() {
        design["nodes"][1]["params"] = value!({"service": part});
    } else if part.get("from").is_some() {
        design["wires"].as_array_mut().unwrap().push(part);
    } else if part.get("do").is_some() {
        assert_eq!(Entry::parse(&part.to_string()).unwrap().to_json(), part);
        design["timeline"] = value!([part]);
    } else if let Some(view) = part.get("view") {
        design["view"] = view.clone();
    } else {
        design["run"] = part;
    }
    design
}

#[test]
fn examples_of_design_files_are_without_faults() {
    let text = document("design-file.md");
    let examples = examples(&text);
    assert!(examples.len() >= 8);
    for example in examples {
        let part: Value = serde_json::from_str(example).unwrap_or_else(|e| panic!("{e}: {example}"));
        if let Err(faults) = Design::from_json(&whole(part)) {
            panic!("{faults:?}: {example}");
        }
    }
}

#[test]
fn the_theory_examples_give_what_they_promise() {
    let text = document("design-file.md");
    let designs: Vec<&str> =
        examples(&text).into_iter().filter(|e| e.contains("\"warmup_s\"") && e.contains("nodes")).collect();
    let [queue, cache] = designs.as_slice() else { panic!("two cases are written out") };
    let within = |estimate: &Value, theory: f64| {
        let (mean, half) = (estimate["mean"].as_f64().unwrap(), estimate["ci95"].as_f64().unwrap());
        // Twice the half width is about four standard errors.
        assert!((mean - theory).abs() < 2.0 * half && half < 0.15 * theory, "{mean} ± {half} and {theory}");
    };
    let run = |design: &str, until: &str| {
        json(&["run", "-", "--json", "--replications", "6", "--until", until], design)
    };
    let s = run(queue, "3000s");
    within(&s["nodes"][1]["response_mean_s"], 0.05);
    within(&s["nodes"][1]["response_p99_s"], 0.230_258_5);
    within(&run(cache, "60s")["nodes"][2]["hit_ratio"], 0.535_615_335_9);
}

/// Names of all fields in a summary, apart from those that users chose.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                names.insert(name.clone());
                if name != "failures" {
                    fields(value, names);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| fields(v, names)),
        _ => {}
    }
}

#[test]
fn every_field_of_a_summary_is_explained() {
    let text = document("summary.md");
    let mut names = BTreeSet::new();
    for scenario in scenarios::small() {
        for replications in ["1", "2"] {
            let args = ["run", "-", "--until", "5s", "--json", "--runs", "--replications", replications];
            // Actions of the timeline lie beyond.
            fields(&json(&args, scenario.json), &mut names);
        }
    }
    assert!(names.len() > 60);
    for name in names {
        let spread = ["wait_", "response_", "lag_", "convergence_"]
            .iter()
            .find_map(|p| name.strip_prefix(p))
            .filter(|e| *e != "now_s");
        let explained = match spread {
            Some(ending) => text.contains(&format!("`…_{ending}`")),
            None => {
                text.contains(&format!("`{name}`"))
                    || ["read", "write", "mean", "sd", "n", "ci95"].contains(&name.as_str())
            }
        };
        assert!(explained, "docs/summary.md does not explain `{name}`");
    }
}
