//! Tries random designs for as long as it is told, and makes a design that breaks something small.
#![allow(clippy::disallowed_methods, reason = "a wall clock ends the search; nothing is simulated by it")]

use headroom_tests::fuzz::{Bug, check, shrink};
use headroom_tests::random;
use std::time::{Duration, Instant};

const HELP: &str = "\
fuzz [--seed N] [--minutes M] [--designs K] [--canary]
  --seed N      the first design; each next one has the next number (1)
  --minutes M   how long to go on (1)
  --designs K   no more designs than that
  --canary      put a bug in on purpose: it must be found";

fn main() {
    let (mut seed, mut minutes, mut designs, mut bug) = (1_u64, 1.0_f64, u64::MAX, Bug::None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|w| w.parse::<f64>().ok()).unwrap_or_else(|| quit(HELP));
        match word.as_str() {
            "--seed" => seed = number() as u64,
            "--minutes" => minutes = number(),
            "--designs" => designs = number() as u64,
            "--canary" => bug = Bug::LostRequest,
            _ => quit(HELP),
        }
    }
    // What a check panics with is told once, with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    let (start, end) = (Instant::now(), Duration::from_secs_f64(minutes * 60.0));
    let mut tried = 0;
    while start.elapsed() < end && tried < designs {
        let file = random::design(seed);
        if let Err(what) = check(&file, seed, bug) {
            println!("Seed {seed}: {what}\nMaking its design smaller ...");
            let small = shrink(&file, |smaller| check(smaller, seed, bug).is_err());
            let what = check(&small, seed, bug).err().unwrap_or_default();
            quit(&format!("Seed {seed} fails: {what}\nThe smallest design found that does:\n{small}"));
        }
        (seed, tried) = (seed + 1, tried + 1);
    }
    println!("{tried} random designs hold, the last one is seed {}.", seed - 1);
}

fn quit(text: &str) -> ! {
    eprintln!("{text}");
    std::process::exit(1)
}
