//! The same work natively and in WebAssembly: numbers that must be equal, and work to time.
//!
//! Natively `main.rs` prints them; `run.mjs` does so under Node, and a browser test in Chromium. No glue code is
//! generated: the exports take and give numbers, so any host can call them.

mod exports;
mod work;

use headroom_engine::golden;

/// A number that must be the same everywhere.
pub struct Case {
    /// What it stands for.
    pub name: &'static str,
    /// Computes it.
    pub value: fn() -> u64,
}

/// Work to time.
pub struct Bench {
    /// What is done.
    pub name: &'static str,
    /// Does it, and says how many events that took.
    pub run: fn() -> u64,
}

/// Every number to compare.
pub const CASES: &[Case] = &[
    Case { name: "engine: golden draws and order", value: golden },
    Case { name: "engine: station", value: work::station_hash },
];

/// Everything to time.
pub const BENCHES: &[Bench] = &[
    Bench { name: "engine: queue of 10,000 pending events", run: work::hold },
    Bench { name: "engine: station M/M/10", run: work::station },
];
