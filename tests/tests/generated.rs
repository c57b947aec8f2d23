//! Files in the repository that the code generates are what the code would generate now.
//!
//! `./dev update` rewrites them: look at the difference before you commit it.

use crate::repo;

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
