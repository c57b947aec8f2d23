//! Mangled files: a readable answer, and never a panic.

use headroom_model::scenarios::{self, ALL};
use std::ffi::OsString;

/// The command in this process: its exit code and what it says.
fn headroom(args: &[&str], input: &[u8]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = headroom_cli::Io { input: &mut &input[..], out: &mut out, err: &mut err };
    let code = headroom_cli::run(args.iter().map(OsString::from), &mut io);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// A repeatable stream of numbers (splitmix64).
struct Lots(u64);

impl Lots {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// Values that a hand or a program puts where they do not belong.
const ODD: &[&str] = &[
    "null",
    "-1",
    "0",
    "1e308",
    "1e-308",
    "-0.0",
    "99999999999999999999",
    "0.5",
    "true",
    "\"\"",
    "\"users\"",
    "[]",
    "{}",
    "[[0,1]]",
    "\"\\ud83d\"",
    "\u{feff}",
    "1e999",
    "NaN",
    "}",
    "\"",
    ",",
    "",
];

fn mangle(text: &str, lots: &mut Lots) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=lots.below(4) / 2 {
        let at = lots.below(bytes.len());
        match lots.below(12) {
            0 => bytes.truncate(at.max(1)),
            1 => bytes[at] = lots.below(256) as u8,
            2 => {
                let end = (at + lots.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + lots.below(60)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = lots.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            // A number becomes another one, which may well be allowed.
            4..8 => {
                if let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
                    bytes[at + digit] = b'0' + lots.below(10) as u8;
                }
            }
            _ => {
                // A whole value: from after a colon to the next comma or bracket.
                let Some(colon) = bytes[at..].iter().position(|b| *b == b':').map(|i| at + i + 1) else {
                    continue;
                };
                let end =
                    bytes[colon..].iter().position(|b| b",}]".contains(b)).map_or(bytes.len(), |i| colon + i);
                bytes.splice(colon..end, ODD[lots.below(ODD.len())].bytes());
            }
        }
        if bytes.is_empty() {
            bytes.push(b' ');
        }
    }
    bytes
}

#[test]
fn mangled_designs_are_refused_in_words_or_run() {
    let mut lots = Lots(20_261_121);
    let (mut refused, mut ran) = (0, 0);
    for round in 0..400 {
        let scenario = scenarios::small().nth(round % scenarios::small().count()).expect("there are some");
        let bytes = mangle(scenario.json, &mut lots);
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        let (code, out, err) = headroom(&["check", "-"], &bytes);
        match code {
            0 => {
                // A few milliseconds are enough to assemble every node and to send it something.
                let (code, out, err) =
                    headroom(&["run", "-", "--until", "20ms", "--warmup", "0", "--json"], &bytes);
                // What is left to go wrong is a window or a moment that no longer fits the short run.
                assert!(
                    code == 0 && out.contains("\"nodes\"") || code == 2 && err.contains("run."),
                    "{err}\n{}",
                    shown()
                );
                ran += 1;
            }
            2 => {
                assert!(
                    out.is_empty() && err.starts_with("headroom: ") && err.len() > 20,
                    "{err}\n{}",
                    shown()
                );
                refused += 1;
            }
            _ => panic!("exit code {code}: {err}\n{}", shown()),
        }
    }
    assert!(refused > 100 && ran > 20, "both happen: {refused} refused, {ran} ran");
}

#[test]
fn mangled_links_are_refused_in_words() {
    let mut lots = Lots(7);
    let (_, link, _) = headroom(&["link", "-"], ALL[0].json.as_bytes());
    let link = link.trim_end();
    for _ in 0..300 {
        let bytes = mangle(link, &mut lots);
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let text = format!("#h1={}", text.trim_start_matches("#h1="));
        let (code, out, err) = headroom(&["open", &text], b"");
        assert!(
            code == 0 && out.starts_with('{') || code == 2 && err.starts_with("headroom: the link has"),
            "{text}: {err}"
        );
    }
}
