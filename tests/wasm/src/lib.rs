//! The same work natively and in WebAssembly: numbers that must be equal, and work to time.
//!
//! Natively `main.rs` prints them; `run.mjs` does so under Node, and a browser test in Chromium. No glue code is
//! generated: the exports take and give numbers, so any host can call them.

mod designs;
mod exports;
mod work;

use headroom_engine::golden;
use headroom_model::policy::eviction::Eviction;
use headroom_model::scenarios;
use std::sync::LazyLock;

/// Something to do that ends in a number.
pub struct Task {
    /// What is done.
    pub name: String,
    run: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Task {
    fn new(name: impl Into<String>, run: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }

    /// Does it.
    pub fn run(&self) -> u64 {
        (self.run)()
    }
}

/// Every number that must be the same everywhere: a fingerprint of each run, and of the summary that users read.
pub static CASES: LazyLock<Vec<Task>> = LazyLock::new(|| {
    let mut cases = vec![
        Task::new("engine: golden draws and order", golden),
        Task::new("engine: station of 10 servers", work::station_hash),
    ];
    for scenario in scenarios::ALL {
        let design = work::design(scenario);
        let copy = design.clone();
        cases.push(Task::new(format!("run: {}", scenario.id), move || work::run_hash(&design, u64::MAX)));
        cases.push(Task::new(format!("summary: {}", scenario.id), move || work::summary_hash(&copy)));
    }
    cases
});

/// Everything to time; each task gives the number of its events.
pub static BENCHES: LazyLock<Vec<Task>> = LazyLock::new(|| {
    let mut benches = vec![
        Task::new("engine: queue of 10,000 pending events", work::hold),
        Task::new("engine: station of 10 servers", work::station),
    ];
    for policy in Eviction::ALL {
        benches.push(Task::new(format!("cache: {}", policy.name()), || work::cache(*policy)));
    }
    for (name, design) in designs::all() {
        benches.push(Task::new(format!("design: {name}"), move || work::run_events(&design)));
    }
    for scenario in scenarios::ALL {
        let design = work::design(scenario);
        benches.push(Task::new(format!("run: {}", scenario.id), move || work::run_events(&design)));
    }
    benches
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_change_nothing() {
        for scenario in scenarios::ALL {
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
        for scenario in scenarios::ALL {
            let mut design = work::design(scenario);
            let hash = work::run_hash(&design, u64::MAX);
            design.run.seed += 1;
            assert_ne!(work::run_hash(&design, u64::MAX), hash, "{}", scenario.id);
        }
    }
}
