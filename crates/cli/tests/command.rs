//! The command from outside, as a shell sees it: arguments, standard input, files, exit codes.
#![allow(clippy::unwrap_used)]

mod documents;
mod faults;
mod mangled;
mod round_trip;
mod running;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What the command did.
struct Done {
    code: i32,
    out: String,
    err: String,
}

/// Runs the command with this standard input.
fn headroom_with(args: &[&str], input: &str) -> Done {
    let mut child = Command::new(env!("CARGO_BIN_EXE_headroom"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments closes its input unread.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let done = child.wait_with_output().unwrap();
    Done {
        code: done.status.code().expect("no signal ended it"),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

fn headroom(args: &[&str]) -> Done {
    headroom_with(args, "")
}

/// The output of a command that must succeed and say nothing on standard error.
fn output(args: &[&str], input: &str) -> String {
    let done = headroom_with(args, input);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{args:?}");
    done.out
}

/// The JSON that a command prints.
fn json(args: &[&str], input: &str) -> serde_json::Value {
    serde_json::from_str(&output(args, input)).unwrap()
}

/// A place for a file of one test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("headroom-command");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A design file with these contents; gives its path.
fn file(name: &str, text: &str) -> String {
    let path = scratch(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// An M/M/1 queue at 80% for two seconds.
const SMALL: &str = r#"{"version": 1, "title": "Small",
  "nodes": [
    {"id": "u", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 80}, "timeout_ms": null}},
    {"id": "w", "kind": "web", "params": {"workers": 1, "service": {"law": "exponential", "mean_ms": 10}, "queue_limit": null}}],
  "wires": [{"from": "u", "to": "w"}],
  "run": {"until_s": 2}}"#;
