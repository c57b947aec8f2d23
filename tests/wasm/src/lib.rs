//! The same work natively and in WebAssembly: numbers that must be equal, and work to time.
//!
//! Natively `main.rs` prints them; `run.mjs` does so under Node, and a browser test in Chromium. No glue code is
//! generated: the exports take and give numbers, so any host can call them.

pub mod designs;
mod exports;
pub mod work;

use headroom_engine::golden;
use headroom_model::design::Design;
use headroom_model::policy::eviction::Eviction;
use headroom_model::scenarios;
use headroom_tests_bound::{self as bound, Outcome, caches};
use std::sync::LazyLock;
use work::Done;

/// Something to do that ends in a number.
pub struct Case {
    /// What is done.
    pub name: String,
    work: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Case {
    fn new(name: impl Into<String>, work: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self { name: name.into(), work: Box::new(work) }
    }

    /// Does it.
    pub fn run(&self) -> u64 {
        (self.work)()
    }
}

/// Something to time.
pub struct Bench {
    /// What is done. What is measured against something has that one's name and " bound".
    pub name: String,
    work: Box<dyn Fn() -> Done + Send + Sync>,
}

impl Bench {
    fn new(name: impl Into<String>, work: impl Fn() -> Done + Send + Sync + 'static) -> Self {
        Self { name: name.into(), work: Box::new(work) }
    }

    /// Does it.
    pub fn run(&self) -> Done {
        (self.work)()
    }
}

/// Every number that must be the same everywhere: a fingerprint of each run, and of the summary that users read.
pub static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases = vec![
        Case::new("engine: golden draws and order", golden),
        Case::new("engine: station of 10 servers", work::station_hash),
    ];
    for scenario in scenarios::small() {
        let design = work::design(scenario);
        let copy = design.clone();
        cases.push(Case::new(format!("run: {}", scenario.id), move || work::run_hash(&design, u64::MAX)));
        cases.push(Case::new(format!("summary: {}", scenario.id), move || work::summary_hash(&copy)));
    }
    for traffic in ["constant", "daily"] {
        let design = designs::sampled(traffic);
        let copy = design.clone();
        cases.push(Case::new(format!("run: sampled, {traffic}"), move || work::run_hash(&design, u64::MAX)));
        cases.push(Case::new(format!("summary: sampled, {traffic}"), move || work::summary_hash(&copy)));
    }
    cases
});

/// Requests of W1, W2 and W3: long enough for good timings, short enough for several.
const REQUESTS: u64 = 1_000_000;

/// Everything to time.
pub static BENCHES: LazyLock<Vec<Bench>> = LazyLock::new(|| {
    let mut benches = Vec::new();
    let mut pair = |name: &str, design: Design, bound: fn() -> Outcome| {
        benches.push(Bench::new(name, move || work::run(&design)));
        benches.push(Bench::new(format!("{name} bound"), move || work::bound(REQUESTS, bound())));
    };
    pair("W1", designs::queue(REQUESTS, 8_000.0, 1, 0.1), || bound::queue(REQUESTS, 0.8, 1, 1));
    pair("W2", designs::queue(REQUESTS, 9_000.0, 4, 0.4), || bound::queue(REQUESTS, 3.6, 4, 1));
    pair("W3", designs::tiers(REQUESTS), || bound::tiers(REQUESTS, 1));
    benches.push(Bench::new("W3 engine-like bound", || {
        work::bound(REQUESTS, bound::engine::tiers(REQUESTS, 1))
    }));
    for capacity in [100_000, 10_000] {
        for policy in Eviction::ALL {
            let name = format!("cache {} of {capacity}", policy.name());
            benches.push(Bench::new(&name, move || work::cache(*policy, capacity)));
            let (items, room) = (work::cache_items(), capacity as usize);
            let hand: fn(usize, usize) -> Done = match policy {
                Eviction::Lru => |items, room| work::bound_cache(caches::Lru::new(items, room)),
                Eviction::Fifo => |items, room| work::bound_cache(caches::Fifo::new(items, room)),
                Eviction::Sieve => |items, room| work::bound_cache(caches::Sieve::new(items, room)),
                _ => continue,
            };
            benches.push(Bench::new(format!("{name} bound"), move || hand(items, room)));
        }
    }
    benches.push(Bench::new("engine: queue of 10,000 pending events", work::hold));
    benches.push(Bench::new("engine: station of 10 servers", work::station));
    for scenario in scenarios::ALL {
        let design = work::design(scenario);
        benches.push(Bench::new(format!("scenario {}", scenario.id), move || work::run(&design)));
    }
    benches
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_change_nothing() {
        for scenario in scenarios::small() {
            let design = work::design(scenario);
            let whole = work::run_hash(&design, u64::MAX);
            for events_max in [997, 50_000] {
                assert_eq!(
                    work::run_hash(&design, events_max),
                    whole,
                    "{} in slices of {events_max}",
                    scenario.id
                );
            }
        }
    }

    #[test]
    fn another_seed_is_another_run() {
        for scenario in scenarios::small() {
            let mut design = work::design(scenario);
            let hash = work::run_hash(&design, u64::MAX);
            design.run.seed += 1;
            assert_ne!(work::run_hash(&design, u64::MAX), hash, "{}", scenario.id);
        }
    }
}
