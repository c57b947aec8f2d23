//! The work that is timed and compared.

use headroom_engine::{EventQueue, Hist, RunHash, SimTime, Stream, ns_from_secs};
use headroom_model::design::Design;
use headroom_model::policy::eviction::{Entry, Eviction, Store};
use headroom_model::scenarios::Scenario;
use headroom_model::sim::{Simulation, Stop};
use headroom_model::summary::summarize;
use headroom_tests_bound::caches::{self, Cache};
use headroom_tests_bound::{Outcome, trace};
use std::collections::VecDeque;
use std::sync::LazyLock;

/// Events of one timing: a second or so natively.
const BENCH_EVENTS: u64 = 10_000_000;
/// Events of one comparison.
const CASE_EVENTS: u64 = 200_000;

/// The design of a scenario.
pub fn design(scenario: &Scenario) -> Design {
    Design::parse(scenario.json).expect("the scenarios are valid, which the model tests")
}

/// The hash of a run to its end, worked on in slices.
pub fn run_hash(design: &Design, events_max: u64) -> u64 {
    let mut sim = Simulation::new(design);
    while sim.run_until(sim.end(), events_max) == Stop::Events {}
    sim.hash()
}

/// How much was done in a benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Requests of users, or what stands for them.
    pub requests: u64,
    /// Events; for cache policies, hits.
    pub events: u64,
}

/// Runs a design to its end.
pub fn run(design: &Design) -> Done {
    let mut sim = Simulation::new(design);
    sim.run();
    Done { requests: sim.totals().arrived, events: sim.events() }
}

/// What a hand-tuned loop did.
pub fn bound(requests: u64, outcome: Outcome) -> Done {
    assert!(outcome.check_s > 0.0, "something came out");
    Done { requests, events: outcome.events }
}

/// A fingerprint of every figure of a run's summary.
pub fn summary_hash(design: &Design) -> u64 {
    let mut sim = Simulation::new(design);
    sim.run();
    let mut hash = RunHash::new();
    for byte in summarize(design, &mut sim).to_string().bytes() {
        hash.absorb(u64::from(byte), 0);
    }
    hash.value()
}

/// The classic test of an event queue: take the next event, put one in its place, with 10,000 pending.
pub fn hold() -> Done {
    let mut rng = Stream::new(1, "bench", "hold");
    let mut queue = EventQueue::<u32>::new();
    for i in 0..10_000_u32 {
        queue.push(SimTime(ns_from_secs(rng.exp())), i);
    }
    for _ in 0..BENCH_EVENTS {
        let (now, _, ev) = queue.pop().expect("an event replaces each that is taken");
        queue.push(SimTime(now.0 + ns_from_secs(rng.exp())), ev);
    }
    Done { requests: BENCH_EVENTS, events: BENCH_EVENTS }
}

/// Ten servers behind one queue at 80% load.
pub fn station() -> Done {
    run_station(BENCH_EVENTS, &mut RunHash::new());
    Done { requests: BENCH_EVENTS / 2, events: BENCH_EVENTS }
}

/// A fingerprint of every event of a shorter run of the same station.
pub fn station_hash() -> u64 {
    let mut hash = RunHash::new();
    run_station(CASE_EVENTS, &mut hash);
    hash.value()
}

fn run_station(events: u64, hash: &mut RunHash) {
    #[derive(Clone, Copy, Default)]
    enum Event {
        #[default]
        Arrival,
        Departure {
            since: SimTime,
        },
    }
    const SERVERS: u32 = 10;
    const MEAN_GAP_S: f64 = 0.1;
    const MEAN_SERVICE_S: f64 = 0.8;

    let (mut gaps, mut services) = (Stream::new(1, "bench", "gaps"), Stream::new(1, "bench", "services"));
    let mut queue = EventQueue::<Event>::new();
    let mut waiting: VecDeque<SimTime> = VecDeque::new();
    let mut sojourns = Hist::new();
    let mut busy = 0;
    queue.push(SimTime(0), Event::Arrival);
    for _ in 0..events {
        let (now, seq, event) = queue.pop().expect("the next arrival is always pending");
        hash.absorb(now.0, seq);
        let starts = match event {
            Event::Arrival => {
                queue.push(SimTime(now.0 + ns_from_secs(gaps.exp() * MEAN_GAP_S)), Event::Arrival);
                if busy < SERVERS {
                    busy += 1;
                    Some(now)
                } else {
                    waiting.push_back(now);
                    None
                }
            }
            Event::Departure { since } => {
                sojourns.record(now.0 - since.0);
                let next = waiting.pop_front();
                busy -= u32::from(next.is_none());
                next
            }
        };
        if let Some(since) = starts {
            let done = SimTime(now.0 + ns_from_secs(services.exp() * MEAN_SERVICE_S));
            queue.push(done, Event::Departure { since });
        }
    }
    hash.absorb_f64(sojourns.mean_s());
    hash.absorb_f64(sojourns.quantile_s(0.99));
}

/// Items of the trace that cache policies are compared on, and its references.
const CACHE_ITEMS: u32 = 1_000_000;
const CACHE_REFERENCES: usize = 10_000_000;

static REFERENCES: LazyLock<Vec<u32>> = LazyLock::new(|| trace::zipf(CACHE_ITEMS, CACHE_REFERENCES, 42));

/// The trace, made before anything is timed.
pub fn references() -> &'static [u32] {
    &REFERENCES
}

/// Looks every reference up, and puts in what is missed; the hits are its events.
pub fn cache(policy: Eviction, capacity: u32) -> Done {
    let lots = Stream::new(1, "bench", "lots");
    let mut store = Store::new(policy, capacity, CACHE_ITEMS, None, lots);
    let mut hits = 0;
    for key in references() {
        if store.get(SimTime::ZERO, *key).is_some() {
            hits += 1;
        } else {
            store.put(SimTime::ZERO, *key, Entry::default());
        }
    }
    Done { requests: CACHE_REFERENCES as u64, events: hits }
}

/// The same with a hand-tuned policy.
pub fn bound_cache(cache: impl Cache) -> Done {
    Done { requests: CACHE_REFERENCES as u64, events: caches::hits(cache, references()) }
}

/// The items of [`references`].
pub fn cache_items() -> usize {
    CACHE_ITEMS as usize
}
