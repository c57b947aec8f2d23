//! Prints natively what `run.mjs` prints for the WebAssembly module: `cases`, or `bench`; and what only native programs
//! measure: `memory`, `growth` and `overheads`.

use headroom_model::design::Design;
use headroom_model::messages::{FromWorker, Speed, ToWorker};
use headroom_model::session::Session;
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
        (Some("growth"), _) => growth(),
        (Some("overheads"), _) => overheads(),
        _ => {
            eprintln!("say what to print: cases, bench [STARTS], memory, growth or overheads");
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

/// A line of what the system knows of this program [kB]; 0 where it tells nothing.
fn kb(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0)
}

/// What a request costs as designs, runs and caches grow, and the most memory that the program has held until then.
fn growth() {
    let line = |what: &str, design: &Design| {
        // The best of three, but for the longest.
        let best = (0..if design.run.until_s > 1_000.0 { 1 } else { 3 })
            .map(|_| timed(|| work::run(design)))
            .map(|(s, done)| (s, done.requests));
        let (seconds, requests) = best.fold((f64::INFINITY, 1), |a, b| if b.0 < a.0 { b } else { a });
        let ns = seconds / requests as f64 * 1e9;
        println!("{what:<28}{requests:>12} requests{ns:>9.0} ns each{:>9} MB", kb("VmHWM:") / 1_024);
    };
    for nodes in [10, 50, 100, 200, 500] {
        line(&format!("{nodes} nodes"), &designs::cells(nodes, 1_000_000));
    }
    for items in [10_000, 100_000, 1_000_000, 10_000_000] {
        line(&format!("{items} cached items"), &designs::cached(items, 2_000_000));
    }
    for power in 3..=8 {
        line(&format!("10^{power} requests"), &designs::queue(10_u64.pow(power), 8_000.0, 1, 0.1));
    }
}

/// Shares of the time that snapshots to the page and copies to go back to take, with 200 nodes.
fn overheads() {
    const FRAME_MS: f64 = 1_000.0 / 60.0;
    let design = designs::cells(200, 3_000_000);
    let begin = || {
        let mut session = Session::new();
        session.handle(ToWorker::Load { run: 1, design: design.to_text(), play: true });
        session.handle(ToWorker::SetSpeed(Speed::Max));
        session
    };
    // In turn, and the best of three, as both are long.
    let (mut plain_s, mut session_s) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        plain_s = plain_s.min(timed(|| work::run(&design)).0);
        let whole = || {
            let mut session = begin();
            while session.advance(8.0, 20_000) {}
        };
        session_s = session_s.min(timed(whole).0);
    }
    println!("session and copies: {:+.2}% over a plain run", 100.0 * (session_s / plain_s - 1.0));
    // Without and with followed requests to be shown moving, in turn.
    let mut best = [(f64::INFINITY, f64::INFINITY); 2];
    let mut told = [(0, 0, 0); 2];
    for _ in 0..5 {
        for (which, per_s) in [0, SHOWN_PER_S].into_iter().enumerate() {
            let mut session = begin();
            session.handle(ToWorker::Film(per_s));
            let (whole_s, (share, counts)) = timed(|| watched(session, FRAME_MS));
            best[which] = (best[which].0.min(whole_s), best[which].1.min(share));
            told[which] = counts;
        }
    }
    for ((whole_s, share), (count, bytes, shown)) in best.into_iter().zip(told) {
        println!(
            "{count} snapshots of 200 nodes, {} kB each, {shown} requests to be shown",
            bytes / 1_000 / count
        );
        println!("  snapshots: {:.2}% of simulation time", 100.0 * share);
        println!("  in all: {:+.2}% over a run of which nothing moves", 100.0 * (whole_s / best[0].0 - 1.0));
    }
}

/// Followed requests that the page may want for each second of wall time.
const SHOWN_PER_S: u16 = 200;

/// Runs a session to its end with a snapshot for each frame: the time of the snapshots as a share of the simulation's, and
/// the number of snapshots, of their bytes and of requests to be shown.
fn watched(mut session: Session, frame_ms: f64) -> (f64, (usize, usize, usize)) {
    let (mut simulated_s, mut snapshots_s, mut frame_s) = (0.0, 0.0, 0.0);
    let mut counts = (0, 0, 0);
    let mut slice_s = 0.0;
    loop {
        // What is shown is so many for each second of wall time: it is told of all that has passed.
        let (took, more) = timed_by_wall(|| session.advance(slice_s * 1e3, 2_000));
        slice_s = took;
        simulated_s += slice_s;
        frame_s += slice_s;
        if frame_s * 1e3 < frame_ms && more {
            continue;
        }
        frame_s = 0.0;
        let (took, sent) = timed_by_wall(|| {
            let message = session.snapshot()?;
            let FromWorker::Snapshot(snapshot) = &message else { return None };
            let shown = snapshot.film.as_ref().map_or(0, |f| f.ended.len());
            Some((snapshot.seq, postcard::to_allocvec(&message).map_or(0, |b| b.len()), shown))
        });
        if let Some((seq, length, shown)) = sent {
            snapshots_s += took;
            counts = (counts.0 + 1, counts.1 + length, counts.2 + shown);
            session.handle(ToWorker::Seen(seq));
        }
        if !more {
            return (snapshots_s / simulated_s, counts);
        }
    }
}

/// Growth of the program's memory per request in flight.
fn memory() {
    const REQUESTS: u64 = 500_000;
    work::run(&designs::in_flight(1_000));
    let before = kb("VmRSS:");
    let done = work::run(&designs::in_flight(REQUESTS));
    let bytes = (kb("VmHWM:") - before) * 1_024;
    println!("bytes per request in flight\t{:.0}", bytes as f64 / done.requests as f64);
}

/// How long something short takes.
#[expect(clippy::disallowed_methods, reason = "this program times runs; it is not part of one")]
fn timed_by_wall<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed().as_secs_f64(), done)
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
