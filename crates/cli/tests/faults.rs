//! What goes wrong is said, all at once, with the exit code that scripts look at.

use crate::{SMALL, file, headroom, headroom_with, output, scratch};

#[test]
fn a_bad_design_gets_every_fault_and_exit_code_2() {
    let text = r#"{"title": 7, "colour": "red",
      "nodes": [{"id": "u", "kind": "users", "params": {"write_share": 1.5, "speed": 3}},
                {"id": "w", "kind": "webb"}, {"id": "c", "kind": "cache", "params": {"ttl_s": "long", "eviction": "fifth"}},
                {"id": "u", "kind": "web", "params": {"service": {"law": "normal"}, "workers": 2.5}}],
      "wires": [{"from": "u"}],
      "timeline": [{"at_s": -1, "do": "explode"}, {"at_s": 4, "do": "kill", "node": "u", "factor": 2}],
      "run": {"seed": -1, "until_s": 10, "warmup_s": 20, "replications": 0}}"#;
    let path = file("bad.json", text);
    for command in ["check", "run", "link", "open", "render"] {
        let done = headroom(&[command, &path]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{command}");
        assert!(done.err.contains("bad.json has ") && done.err.contains(" faults"), "{}", done.err);
        for fault in [
            "  title: 7 is not a text",
            "  colour: there is no such field",
            "  nodes[0].params.write_share: 1.5 is out of range; give a number from 0 to 1",
            "  nodes[0].params.speed: there is no such param; known are",
            "  nodes[1].kind: \"webb\" is not a kind; known are users",
            "  nodes[2].params.ttl_s: \"long\" is not a number",
            "  nodes[2].params.eviction: \"fifth\" is not known here",
            "  nodes[3].params.service: \"normal\" is not a law; known are deterministic",
            "  nodes[3].params.workers: 2.5 is not a whole number",
            "  wires[0].to: is missing",
            "  timeline[0].do: \"explode\" is not an action",
            "  timeline[1].factor: there is no such field",
            "  run.seed: -1 is out of range",
            "  run.warmup_s: the warm-up of 20 s leaves nothing of a run of 10 s",
            "  run.replications: 0 is out of range",
        ] {
            assert!(done.err.contains(fault), "{fault}\nis not in\n{}", done.err);
        }
        let lines: Vec<&str> = done.err.lines().skip(1).collect();
        assert!(
            lines.len() >= 15 && lines.iter().all(|l| l.starts_with("  ") && l.contains(": ")),
            "{}",
            done.err
        );
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let big = file("big.json", &" ".repeat(1024 * 1024 + 1));
    let folder = scratch("folder");
    std::fs::create_dir_all(&folder).unwrap();
    let binary = scratch("binary.json");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).unwrap();
    let deep = file("deep.json", &"[".repeat(100_000));
    let cut = file("cut.json", &SMALL[..SMALL.len() / 2]);
    let null = file("null.json", "null");
    for (source, words) in [
        (scratch("none.json").to_str().unwrap(), "there is no such file"),
        (folder.to_str().unwrap(), "is a"),
        (binary.to_str().unwrap(), "not text"),
        (&big, "larger than the 1048576 bytes"),
        (&deep, "not JSON"),
        (&cut, "not JSON: EOF"),
        (&null, "a design is a JSON object"),
        ("h1=AAAA", "damaged or cut short"),
        ("#h1=!!", "damaged"),
        ("h9=abc", "newer Headroom"),
        ("https://host.test/page", "not a Headroom link"),
    ] {
        let done = headroom(&["run", source]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{source}: {}", done.err);
        assert!(done.err.starts_with("headroom: ") && done.err.contains(words), "{source}: {}", done.err);
    }
    for (input, words) in [
        ("", "not JSON"),
        ("{]", "not JSON"),
        ("[]", "is a JSON object"),
        ("{\"version\": 2}", "newer Headroom"),
    ] {
        let done = headroom_with(&["check", "-"], input);
        assert!(
            done.code == 2 && done.err.contains("standard input") && done.err.contains(words),
            "{}",
            done.err
        );
    }
}

#[test]
fn mistakes_on_the_command_line_lead_to_help() {
    for args in [
        &[][..],
        &["fly"],
        &["run"],
        &["run", "-", "--fast"],
        &["run", "-", "two"],
        &["run", "-", "--seed", "x"],
        &["run", "-", "--seed"],
        &["run", "-", "--until", "soon"],
        &["run", "-", "--replications", "0"],
        &["run", "-", "--replications", "1001"],
        &["run", "-", "--json=yes"],
        &["docs", "--lang", "fr"],
        &["schema", "now"],
    ] {
        let done = headroom_with(args, SMALL);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}: {}", done.err);
        assert!(
            done.err.starts_with("headroom: ") && done.err.contains("Try: headroom"),
            "{args:?}: {}",
            done.err
        );
    }
    // Options are checked against the design.
    let done = headroom_with(&["run", "-", "--warmup", "5s"], SMALL);
    assert!(done.code == 2 && done.err.contains("run.warmup_s: the warm-up of 5 s"), "{}", done.err);
    let done = headroom_with(&["run", "-", "--seed", "9007199254740991", "--replications", "2"], SMALL);
    assert!(done.code == 2 && done.err.contains("run.seed"), "{}", done.err);
    let done = headroom_with(&["run", "-", "--csv", "no/such/folder/x.csv"], SMALL);
    assert!(done.code == 1 && done.err.contains("cannot write no/such/folder/x.csv"), "{}", done.err);
}

#[test]
fn every_command_has_help() {
    let overview = output(&["--help"], "");
    for command in ["run", "check", "link", "open", "render", "new", "schema", "docs"] {
        assert!(overview.contains(&format!("headroom {command} ")), "{overview}");
        let help = output(&[command, "--help"], "");
        assert!(help.starts_with(&format!("headroom {command}")), "{help}");
        assert_eq!((output(&["help", command], ""), output(&[command, "-h"], "")), (help.clone(), help));
    }
    assert_eq!(output(&["--version"], ""), format!("headroom {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn titles_cannot_drive_the_terminal() {
    let design = SMALL.replace("\"Small\"", "\"\\u001b[31mred\\u0007\"");
    let text = output(&["run", "-"], &design);
    assert!(text.contains("[31mred") && !text.contains('\u{1b}') && !text.contains('\u{7}'), "{text}");
    let done = headroom_with(&["check", "-"], "{\"\\u001b[31m\": 1}");
    assert!(done.code == 2 && !done.err.contains('\u{1b}'), "{}", done.err);
}
