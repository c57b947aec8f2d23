//! Prints natively what `run.mjs` prints for the WebAssembly module: `cases`, or `bench`; and what only native programs
//! measure: `memory`.

use headroom_tests_wasm::{BENCHES, CASES, designs, work};
use std::process::ExitCode;
use std::time::Instant;

/// Rounds of a benchmark, the best of which counts: what disturbs a run only ever makes it slower.
fn rounds() -> u32 {
    std::env::var("HEADROOM_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(5)
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("cases"), _) => {
            for case in CASES.iter() {
                println!("{}\t{:016x}", case.name, case.run());
            }
        }
        (Some("bench"), filter) => bench(&filter.unwrap_or_default()),
        (Some("memory"), _) => memory(),
        _ => {
            eprintln!("say what to print: cases, bench [FILTER] or memory");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// A line for each: name, seconds, requests, events. All take turns, so that each has its share of a quiet moment.
fn bench(filter: &str) {
    let benches: Vec<_> = BENCHES.iter().filter(|b| b.name.starts_with(filter)).collect();
    if benches.iter().any(|b| b.name.starts_with("cache")) {
        work::references();
    }
    let mut best = vec![f64::INFINITY; benches.len()];
    let mut done = Vec::new();
    for _ in 0..rounds() {
        done.clear();
        for (bench, best) in benches.iter().zip(&mut best) {
            let (seconds, what) = timed(|| bench.run());
            *best = best.min(seconds);
            done.push(what);
        }
    }
    for ((bench, best), done) in benches.iter().zip(best).zip(done) {
        println!("{}\t{best:.6}\t{}\t{}", bench.name, done.requests, done.events);
    }
}

/// Growth of the program's memory per request in flight.
fn memory() {
    const REQUESTS: u64 = 500_000;
    let kb = |key: &str| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with(key)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0)
    };
    work::run(&designs::in_flight(1_000));
    let before = kb("VmRSS:");
    let done = work::run(&designs::in_flight(REQUESTS));
    let bytes = (kb("VmHWM:") - before) * 1_024;
    println!("bytes per request in flight\t{:.0}", bytes as f64 / done.requests as f64);
}

/// How long something takes: time on the processor where the system tells it, as the machine may be shared.
#[expect(clippy::disallowed_methods, reason = "this program times runs; it is not part of one")]
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let on_cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    let (wall, cpu) = (Instant::now(), on_cpu());
    let done = work();
    let seconds = match (cpu, on_cpu()) {
        (Some(from), Some(to)) if to > from => (to - from) as f64 / 1e9,
        _ => wall.elapsed().as_secs_f64(),
    };
    (seconds, done)
}
