//! What readers of the study notes must be able to do and see, each as an experiment: two situations, the same seeds, and a
//! number that moves. `docs/seed-map.md` is written from here, and a test holds every row.
//!
//! A [`Shown`] is a pair of designs, or of readings of one. Nothing reaches into the simulator but by the summary that users
//! get, the log of what happened and the waterfall of single requests.

mod data;
mod growth;
mod page;
mod sites;
mod web;

pub use page::page;

use crate::validation::build::{Done, run};
use headroom_analysis::stats::Estimate;
use headroom_model::design::Design;
use headroom_model::scenarios;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Seeds that every row is run with.
pub const SEEDS: u64 = 5;

/// One situation: its name, its design, and what is read off a run with a seed.
pub struct Sight {
    what: &'static str,
    look: Box<dyn Fn(u64) -> f64 + Send + Sync>,
}

/// What must come out, in every seed.
#[derive(Clone, Copy, Debug)]
pub enum Expect {
    /// The second number over the first lies between these.
    Ratio(f64, f64),
    /// The second number minus the first lies between these.
    Diff(f64, f64),
}

impl Expect {
    fn holds(self, before: f64, after: f64) -> bool {
        match self {
            Expect::Ratio(low, high) => (low * before..=high * before).contains(&after) && before > 0.0,
            Expect::Diff(low, high) => (low..=high).contains(&(after - before)),
        }
    }
}

/// Something that is seen.
pub struct Shown {
    /// Number of the book's row.
    pub row: usize,
    /// The scenario of the gallery that shows it too, if one does.
    pub scenario: &'static str,
    /// The number that moves, with its unit.
    pub metric: &'static str,
    before: Sight,
    after: Sight,
    expect: Expect,
}

/// What came out, a value for each seed.
pub struct Outcome {
    /// What was to be seen.
    pub shown: Shown,
    /// In the first situation.
    pub before: Vec<f64>,
    /// In the second.
    pub after: Vec<f64>,
}

impl Outcome {
    /// Seeds in which it came out as expected.
    pub fn seeds_that_hold(&self) -> usize {
        let pairs = self.before.iter().zip(&self.after);
        pairs.filter(|(b, a)| self.shown.expect.holds(**b, **a)).count()
    }
}

/// Every experiment, in the order of the book.
pub fn all() -> Vec<Shown> {
    let mut all = web::rows();
    all.extend(data::rows());
    all.extend(sites::rows());
    all.extend(growth::rows());
    all.sort_by_key(|s| s.row);
    all
}

/// Runs every experiment with this many seeds on all cores.
pub fn measure(all: Vec<Shown>, seeds: u64) -> Vec<Outcome> {
    let jobs: Vec<(usize, u64)> = (0..all.len()).flat_map(|i| (1..=seeds).map(move |s| (i, s))).collect();
    let next = AtomicUsize::new(0);
    let values = Mutex::new(vec![[vec![0.0; seeds as usize], vec![0.0; seeds as usize]]; all.len()]);
    let work = || {
        while let Some((i, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
            let pair = [(all[i].before.look)(seed), (all[i].after.look)(seed)];
            let mut values = values.lock().expect("no thread panicked");
            for (side, x) in pair.into_iter().enumerate() {
                values[i][side][seed as usize - 1] = x;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let values = values.into_inner().expect("no thread panicked");
    all.into_iter().zip(values).map(|(shown, [before, after])| Outcome { shown, before, after }).collect()
}

/// Mean of a sample and half the width of its 95% interval.
fn interval(sample: &[f64]) -> (f64, f64) {
    let all = Estimate::of(sample).expect("there are seeds");
    (all.mean, all.half_width(0.95))
}

/// Something that is seen.
fn shown(
    row: usize,
    scenario: &'static str,
    metric: &'static str,
    before: Sight,
    after: Sight,
    expect: Expect,
) -> Shown {
    Shown { row, scenario, metric, before, after, expect }
}

/// A situation: what is read off the finished run of a design.
fn sight(what: &'static str, design: Value, read: impl Fn(&Done) -> f64 + Send + Sync + 'static) -> Sight {
    Sight { what, look: Box::new(move |seed| read(&run(&design, seed))) }
}

/// A situation in which a design is refused or not: how many wires are.
fn refused(what: &'static str, design: Value) -> Sight {
    let look = move |_: u64| Design::from_json(&design).err().map_or(0.0, |faults| faults.len() as f64);
    Sight { what, look: Box::new(look) }
}

/// A number of a node.
fn of(node: &'static str, name: &'static str) -> impl Fn(&Done) -> f64 + Send + Sync + 'static {
    move |done| done.get(node, name)
}

/// A number at a JSON pointer into the summary.
fn at(pointer: &'static str) -> impl Fn(&Done) -> f64 + Send + Sync + 'static {
    move |done| {
        let value = done.summary.pointer(pointer).unwrap_or_else(|| panic!("the summary has {pointer}"));
        value.as_f64().unwrap_or_else(|| panic!("{pointer} is a number, not {value}"))
    }
}

/// The numbers of a field of a list of a node.
fn list(done: &Done, node: &str, list: &str, field: &str) -> Vec<f64> {
    let rows = done.node(node)[list].as_array().expect("a list");
    rows.iter().map(|row| if field.is_empty() { row } else { &row[field] }.as_f64().unwrap_or(0.0)).collect()
}

/// A scenario of the gallery.
fn gallery(id: &str) -> Value {
    let scenario = scenarios::ALL.iter().find(|s| s.id == id).expect("the gallery has it");
    serde_json::from_str(scenario.json).expect("it is JSON")
}

/// The same measured from `from_s` to `until_s`.
fn span(mut design: Value, from_s: f64, until_s: f64) -> Value {
    design["run"]["warmup_s"] = json!(from_s);
    design["run"]["until_s"] = json!(until_s);
    let entries = design["timeline"].as_array().cloned().unwrap_or_default();
    let soon = |e: &Value| e["at_s"].as_f64().is_some_and(|at| at <= until_s);
    design["timeline"] = Value::Array(entries.into_iter().filter(soon).collect());
    design
}

/// The same with these params of a node.
fn with(mut design: Value, node: &str, params: Value) -> Value {
    let nodes = design["nodes"].as_array_mut().expect("there are nodes");
    let node = nodes.iter_mut().find(|n| n["id"] == node).expect("the node is there");
    for (name, value) in params.as_object().expect("params") {
        node["params"][name] = value.clone();
    }
    design
}

/// The same with these settings of a wire.
fn wired(mut design: Value, from: &str, to: &str, settings: Value) -> Value {
    let wires = design["wires"].as_array_mut().expect("there are wires");
    let wire = wires.iter_mut().find(|w| w["from"] == from && w["to"] == to).expect("the wire is there");
    for (name, value) in settings.as_object().expect("settings") {
        wire[name] = value.clone();
    }
    design
}

/// The same with this timeline.
fn then(mut design: Value, timeline: Value) -> Value {
    design["timeline"] = timeline;
    design
}

/// The same with these places, each node in the one that is told.
fn placed(mut design: Value, places: Value, nodes: &[(&str, &str)]) -> Value {
    design["places"] = places;
    for node in design["nodes"].as_array_mut().expect("there are nodes") {
        if let Some((_, place)) = nodes.iter().find(|(id, _)| node["id"] == *id) {
            node["place"] = json!(place);
        }
    }
    design
}
