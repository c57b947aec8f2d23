//! Runs scenarios exactly and with sampled detail, and tells how far they are apart: `validate_sampled [--markdown] [SCENARIO]`.
#![allow(clippy::disallowed_methods, reason = "tells how long it took")]

use headroom_tests::sampled::{self, page};
use std::time::Instant;

fn main() {
    let (mut markdown, mut filter) = (false, String::new());
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--markdown" => markdown = true,
            _ => filter = arg,
        }
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut done = Vec::new();
    for case in sampled::cases().iter().filter(|c| c.id.starts_with(&filter)) {
        let started = Instant::now();
        let outcome = sampled::measure(case, threads);
        // What is going on goes to the other stream.
        eprintln!("{}\n{:.0} s", page::table(&outcome), started.elapsed().as_secs_f64());
        done.push(outcome);
    }
    if markdown {
        print!("{}", page::whole(&done));
    }
}
