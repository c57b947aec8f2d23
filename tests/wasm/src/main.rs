//! Prints natively what `run.mjs` prints for the WebAssembly module: `cases`, or `bench`.

use headroom_tests_wasm::{BENCHES, CASES, Task};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("cases") => {
            for case in CASES.iter() {
                println!("{}\t{:016x}", case.name, case.run());
            }
        }
        Some("bench") => {
            for bench in BENCHES.iter() {
                // The best of three: what disturbs a run only ever makes it slower.
                let speed = (0..3).map(|_| events_per_s(bench)).fold(0.0, f64::max);
                println!("{}\t{speed:.0}", bench.name);
            }
        }
        _ => {
            eprintln!("say what to print: cases or bench");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

#[expect(clippy::disallowed_methods, reason = "this program times runs; it is not part of one")]
fn events_per_s(bench: &Task) -> f64 {
    let start = Instant::now();
    let events = bench.run();
    events as f64 / start.elapsed().as_secs_f64()
}
