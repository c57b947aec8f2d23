//! Which crate may use which: the picture in ARCHITECTURE.md, held against `cargo metadata`.

use crate::repo;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every allowed arrow between our crates. `headroom-tests` may use all of them, and nothing may use it.
const ARROWS: &[(&str, &[&str])] = &[
    ("engine", &[]),
    ("charts", &[]),
    ("model", &["engine"]),
    ("editor", &["model"]),
    ("analysis", &["model"]),
    ("cli", &["analysis", "charts", "model"]),
    ("web", &["editor", "charts", "model", "analysis"]),
];

/// What a crate must not know (design: "must not know"), as crates that it may not depend on directly.
const STRANGERS: &[(&str, &[&str])] = &[
    ("engine", &["serde", "serde_json", "postcard", "web-sys", "js-sys", "wasm-bindgen", "yew", "getrandom"]),
    ("model", &["web-sys", "js-sys", "wasm-bindgen", "yew", "getrandom", "plotters"]),
    ("analysis", &["web-sys", "js-sys", "wasm-bindgen", "yew", "plotters"]),
    ("editor", &["web-sys", "js-sys", "wasm-bindgen", "yew"]),
    ("charts", &["web-sys", "js-sys", "wasm-bindgen", "yew"]),
];

/// (crate, dependency) for everything but development dependencies, names of ours without `headroom-`.
fn arrows() -> Vec<(String, String)> {
    let text = repo::run("cargo", &["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    let short = |name: &str| name.strip_prefix("headroom-").unwrap_or(name).to_owned();
    let mut arrows = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let from = short(package["name"].as_str().unwrap());
        for dependency in package["dependencies"].as_array().unwrap() {
            if dependency["kind"].as_str() != Some("dev") {
                arrows.push((from.clone(), short(dependency["name"].as_str().unwrap())));
            }
        }
        // A crate without dependencies is still a crate.
        arrows.push((from, String::new()));
    }
    arrows
}

#[test]
fn only_the_designed_arrows() {
    let arrows = arrows();
    let ours: BTreeSet<&str> = arrows.iter().map(|(from, _)| from.as_str()).collect();
    for (name, _) in ARROWS {
        assert!(ours.contains(name), "the crate headroom-{name} is in the workspace");
    }
    for (from, to) in &arrows {
        if !ours.contains(to.as_str()) || is_test(from) {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| name == from)
            .unwrap_or_else(|| panic!("headroom-{from} has no place in the layers"));
        assert!(allowed.contains(&to.as_str()), "headroom-{from} must not use headroom-{to}");
    }
}

#[test]
fn no_crate_knows_a_stranger() {
    for (from, to) in arrows() {
        let strangers = STRANGERS.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, list)| *list);
        assert!(!strangers.contains(&to.as_str()), "headroom-{from} must not know {to}");
    }
}

/// Crates under `tests/`, which look at the others from outside.
fn is_test(name: &str) -> bool {
    name == "tests" || name.starts_with("tests-")
}
