//! A design keeps its run on the way through links and files.

use crate::{SMALL, file, headroom, json, output, scratch};
use headroom_model::scenarios::{self, ALL};

fn run_hash(design: &str, input: &str) -> serde_json::Value {
    json(&["run", design, "--until", "3s", "--json"], input)["hash"].clone()
}

#[test]
fn every_scenario_has_the_same_run_as_file_link_and_standard_input() {
    for scenario in scenarios::small() {
        let path = file(&format!("{}.json", scenario.id), scenario.json);
        let hash = run_hash(&path, "");
        let link = output(&["link", &path], "");
        let link = link.trim_end();
        assert!(link.starts_with("#h1="), "{link}");
        assert_eq!(run_hash(link, ""), hash, "{} as a link", scenario.id);
        let opened = output(&["open", link], "");
        assert_eq!(run_hash("-", &opened), hash, "{} opened again", scenario.id);
        assert_eq!(output(&["link", "-"], &opened).trim_end(), link, "{}", scenario.id);
        // The same with the link in a file, and as the URL of a page with more in its fragment.
        let in_file = file(&format!("{}.link", scenario.id), &format!("\u{feff}{link}\n"));
        assert_eq!(run_hash(&in_file, ""), hash);
        assert_eq!(run_hash(&format!("https://host.test/a/?lang=ko{link}&t=3"), ""), hash);
    }
}

#[test]
fn numbers_that_have_no_short_form_keep_their_bits() {
    let design = SMALL
        .replace("\"rps\": 80", "\"rps\": 76.923076923076923")
        .replace("\"mean_ms\": 10", "\"mean_ms\": 11.111111111111112")
        .replace("\"to\": \"w\"", "\"to\": \"w\", \"latency_ms\": 0.30000000000000004");
    let hash = run_hash("-", &design);
    let link = output(&["link", "-"], &design);
    assert_eq!(run_hash(link.trim_end(), ""), hash);
    assert_ne!(run_hash("-", &SMALL.replace("\"mean_ms\": 10", "\"mean_ms\": 11.1111111111")), hash);
}

#[test]
fn a_link_can_lead_to_a_page() {
    let link = output(&["link", "-", "--base", "https://host.test/headroom/#old"], SMALL);
    assert!(link.starts_with("https://host.test/headroom/#h1="), "{link}");
    let bad = headroom(&["link", "-", "--base", "my site"]);
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains("https://"), "{}", bad.err);
}

#[test]
fn open_writes_a_file() {
    let link = output(&["link", "-"], SMALL);
    let path = scratch("opened.json");
    assert_eq!(output(&["open", link.trim_end(), "--out", path.to_str().unwrap()], ""), "");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(
        text.contains("\"title\": \"Small\"") && !text.contains("zipf_s"),
        "defaults are left out: {text}"
    );
}

#[test]
fn new_gives_scenarios() {
    let list = output(&["new"], "");
    for scenario in ALL {
        assert!(list.contains(scenario.id));
        assert_eq!(output(&["new", scenario.id], ""), scenario.json);
    }
    let bad = headroom(&["new", "no-such"]);
    assert!(bad.code == 2 && bad.err.contains("cache-aside"), "{}", bad.err);
    let path = file("kept.json", "mine");
    let kept = headroom(&["new", "cache-aside", "--out", &path]);
    assert_eq!((kept.code, std::fs::read_to_string(&path).unwrap().as_str()), (1, "mine"), "{}", kept.err);
}
