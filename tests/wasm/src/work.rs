//! The work that is timed and compared.

use headroom_engine::{EventQueue, Hist, Popularity, RunHash, SimTime, Stream, ns_from_secs};
use headroom_model::design::Design;
use headroom_model::policy::eviction::{Entry, Eviction, Store};
use headroom_model::scenarios::Scenario;
use headroom_model::sim::{Simulation, Stop};
use headroom_model::summary::summarize;
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

/// How many events a run to its end takes.
pub fn run_events(design: &Design) -> u64 {
    let mut sim = Simulation::new(design);
    sim.run();
    sim.events()
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
pub fn hold() -> u64 {
    let mut rng = Stream::new(1, "bench", "hold");
    let mut queue = EventQueue::new();
    for i in 0..10_000_u32 {
        queue.push(SimTime(ns_from_secs(rng.exp())), i);
    }
    for _ in 0..BENCH_EVENTS {
        let (now, _, ev) = queue.pop().expect("an event replaces each that is taken");
        queue.push(SimTime(now.0 + ns_from_secs(rng.exp())), ev);
    }
    BENCH_EVENTS
}

/// Ten servers behind one queue at 80% load.
pub fn station() -> u64 {
    run_station(BENCH_EVENTS, &mut RunHash::new());
    BENCH_EVENTS
}

/// A fingerprint of every event of a shorter run of the same station.
pub fn station_hash() -> u64 {
    let mut hash = RunHash::new();
    run_station(CASE_EVENTS, &mut hash);
    hash.value()
}

fn run_station(events: u64, hash: &mut RunHash) {
    #[derive(Clone, Copy)]
    enum Event {
        Arrival,
        Departure { since: SimTime },
    }
    const SERVERS: u32 = 10;
    const MEAN_GAP_S: f64 = 0.1;
    const MEAN_SERVICE_S: f64 = 0.8;

    let (mut gaps, mut services) = (Stream::new(1, "bench", "gaps"), Stream::new(1, "bench", "services"));
    let mut queue = EventQueue::new();
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

/// Items, and the capacity of a cache of them, by which cache simulators were compared.
const CACHE_ITEMS: u32 = 1_000_000;
const CACHE_CAPACITY: u32 = 100_000;

/// Ten million items by Zipf(1), the most popular far apart.
static REFERENCES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let popularity = Popularity::zipf(CACHE_ITEMS, 1.0);
    let mut stream = Stream::new(42, "bench", "references");
    let apart = |rank: u32| ((u64::from(rank) * 611_953 + 12_345) % u64::from(CACHE_ITEMS)) as u32;
    (0..BENCH_EVENTS).map(|_| apart(popularity.sample(&mut stream))).collect()
});

/// Looks every reference up, and puts in what is missed.
pub fn cache(policy: Eviction) -> u64 {
    let lots = Stream::new(1, "bench", "lots");
    let mut store = Store::new(policy, CACHE_CAPACITY, CACHE_ITEMS, None, lots);
    for key in REFERENCES.iter() {
        if store.get(SimTime::ZERO, *key).is_none() {
            store.put(SimTime::ZERO, *key, Entry::default());
        }
    }
    REFERENCES.len() as u64
}
