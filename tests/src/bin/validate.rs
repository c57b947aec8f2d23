//! Prints the simulator's measurements beside the catalogue's references: `validate [--markdown] [--quick] [ROW]`.
#![allow(clippy::disallowed_methods, reason = "tells how long it took")]

use headroom_tests::validation::{self, Experiment, Part, Verdict, report};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let mut markdown = false;
    let mut quick = false;
    let mut filter = String::new();
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--markdown" => markdown = true,
            "--quick" => quick = true,
            _ => filter = arg,
        }
    }
    let whole = filter.is_empty() && !quick;
    if markdown && !whole {
        eprintln!("The page wants all rows: leave out {}", if quick { "--quick" } else { &filter });
        return ExitCode::from(2);
    }
    let chosen: Vec<Experiment> = validation::experiments()
        .into_iter()
        .filter(|x| {
            x.part != if quick { Part::Full } else { Part::Quick }
                && x.rows.iter().any(|id| id.starts_with(&filter))
        })
        .collect();
    let covered: BTreeSet<&str> = chosen.iter().flat_map(|x| x.rows.iter().copied()).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let started = Instant::now();
    if !markdown {
        println!("{}", report::heading());
    }
    let outcomes = validation::run_all(&chosen, threads, |rows| {
        for row in rows {
            // As Markdown the table comes at the end; what is going on goes to the other stream.
            if markdown {
                eprintln!("{}", report::line(row));
            } else {
                println!("{}", report::line(row));
            }
        }
    });
    if markdown {
        print!("{}", report::page(&outcomes));
    } else if whole {
        println!("\nNot measured:");
        for (reason, ids) in report::not_covered(&covered) {
            println!("- {reason}: {}", ids.join(", "));
        }
    }
    let count = |v: Verdict| outcomes.iter().filter(|o| o.verdict == v).count();
    let (passed, failed, wide) = (count(Verdict::Pass), count(Verdict::Fail), count(Verdict::TooWide));
    eprintln!(
        "\n{passed} passed, {failed} failed, {wide} too wide to say, in {:.0} s on {threads} threads",
        started.elapsed().as_secs_f64()
    );
    if failed + wide == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
