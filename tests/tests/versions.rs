//! Versions that must agree although they stand in different files.

use crate::repo;

/// The text between the first `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} is there")) + before.len();
    &text[start..start + text[start..].find(after).unwrap_or_else(|| panic!("{after} follows {before}"))]
}

#[test]
fn wasm_bindgen_is_one_version() {
    let crate_version = between(&repo::read("Cargo.toml"), "\nwasm-bindgen = \"=", "\"").to_owned();
    assert_eq!(between(&repo::read("Trunk.toml"), "\nwasm_bindgen = \"", "\""), crate_version);
    assert_eq!(
        between(&repo::read("Cargo.lock"), "name = \"wasm-bindgen\"\nversion = \"", "\""),
        crate_version
    );
}

#[test]
fn trunk_is_one_version() {
    let dev = between(&repo::read("scripts/setup.sh"), "\nTRUNK_VERSION=", "\n").to_owned();
    for workflow in [".github/workflows/ci.yml", ".github/workflows/pages.yml"] {
        assert_eq!(between(&repo::read(workflow), "trunk@", ","), dev, "{workflow}");
    }
}

#[test]
fn dependency_versions_stand_in_the_workspace_table_only() {
    for file in repo::files().iter().filter(|p| p.ends_with("/Cargo.toml")) {
        let text = repo::read(file);
        let mut section = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[') {
                section = name;
            } else if section.contains("dependencies") {
                let value = line.split_once('=').map_or("", |(_, value)| value.trim());
                let names_version = line.contains("version") || value.starts_with('"');
                assert!(!names_version, "{file}: {line}");
            }
        }
    }
}
