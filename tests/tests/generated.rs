//! Files in the repository that the code generates are what the code would generate now.
//!
//! `./dev update` rewrites them: look at the difference before you commit it.

use crate::repo;
use serde_json::{Value, json};

/// Holds `path` against `text`, or rewrites it when asked to.
fn expect_file(path: &str, text: &str) {
    if std::env::var_os("HEADROOM_UPDATE").is_some() {
        std::fs::write(repo::root().join(path), text).unwrap();
    }
    assert!(
        repo::read(path) == text,
        "{path} is not what the code generates: run ./dev update and look at the difference"
    );
}

#[test]
fn reference_of_kinds() {
    use headroom_cli::docs::{Language, kinds};
    expect_file("docs/kinds.md", &kinds(Language::English));
    expect_file("docs/kinds.ko.md", &kinds(Language::Korean));
}

#[test]
fn schema_of_a_design_file() {
    let schema = headroom_model::design::json_schema();
    expect_file("docs/design.schema.json", &format!("{:#}\n", schema));
}

/// What the page must come to with five seeds is what the command line prints of them.
#[test]
fn many_seeds_of_the_command_line() {
    use headroom_model::design::Design;
    use headroom_model::scenarios;
    let mut design = Design::parse(scenarios::by_id("cache-aside").unwrap().json).unwrap();
    (design.run.seed, design.run.until_s, design.run.warmup_s) = (11, 20.0, 5.0);
    design.run.window_s = Some(1.0);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let text = design.to_text();
    let mut io = headroom_cli::Io { input: &mut text.as_bytes(), out: &mut out, err: &mut err };
    let words = ["run", "-", "--replications", "5", "--json"];
    assert_eq!(headroom_cli::run(words.map(Into::into), &mut io), 0);
    let printed: Value = serde_json::from_slice(&out).unwrap();
    let mut expected = headroom_analysis::across::kept(&printed);
    let fields = expected.as_object_mut().unwrap();
    for name in ["replications", "confidence", "seeds", "hashes"] {
        fields.insert(name.to_owned(), printed[name].clone());
    }
    let file = json!({"design": design.to_json(), "expected": expected});
    expect_file("tests/browser/fixtures/seeds.json", &format!("{file:#}\n"));
}

/// Every row of the seed map can be seen, in every seed.
#[test]
fn what_readers_must_be_able_to_see() {
    use headroom_tests::seed_map::{SEEDS, all, measure, page};
    let outcomes = measure(all(), SEEDS);
    let wrong: Vec<String> = outcomes
        .iter()
        .filter(|o| o.seeds_that_hold() < SEEDS as usize)
        .map(|o| format!("row {}, {}: {:?} and {:?}", o.shown.row, o.shown.metric, o.before, o.after))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!((1..=37).all(|row| outcomes.iter().any(|o| o.shown.row == row)), "every row is shown");
    expect_file("docs/seed-map.md", &page(&outcomes));
}
