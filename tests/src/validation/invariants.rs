//! Identities that every run obeys, on random designs: any kind with any params, wired in any way, with things done to it.

use super::{Experiment, Replication};
use crate::fuzz::run_to_end;
use crate::random;
use headroom_model::design::Design;
use headroom_model::kinds::Kind;
use headroom_model::sim::Simulation;
use headroom_model::sim::behaviour::Behaviour;
use headroom_model::summary::summarize;

/// Designs behind one replication.
const DESIGNS: u64 = 10;

/// The experiments: the greatest residual of each replication.
pub fn experiments() -> Vec<Experiment> {
    let worst = |row: &'static [&'static str], residual: fn(&Design) -> f64| {
        Experiment::new(row, 20, move |r: Replication| {
            vec![r.seeds(DESIGNS).map(|seed| residual(&from_the_start(seed))).fold(0.0, f64::max)]
        })
    };
    vec![
        worst(&["INV.1"], |design| littles_law(design).0),
        worst(&["INV.2"], |design| utilization_law(design).0),
        worst(&["INV.3"], lost_requests),
        worst(&["INV.6"], |design| {
            let (mut once, mut again) = (Simulation::new(design), Simulation::new(design));
            run_to_end(&mut once);
            run_to_end(&mut again);
            f64::from(u8::from(once.hash() != again.hash()))
        }),
    ]
}

/// A random design, measured from its start.
fn from_the_start(seed: u64) -> Design {
    let mut design = random::parse(&random::design(seed));
    design.run.warmup_s = 0.0;
    design
}

fn finished(design: &Design) -> Simulation {
    let mut sim = Simulation::new(design);
    run_to_end(&mut sim);
    sim
}

/// Little's law at every node that ends empty, for every class: the integral of the number inside is the sum of the times
/// inside. The greatest relative residual, and whether all has ended empty.
pub fn littles_law(design: &Design) -> (f64, bool) {
    let sim = finished(design);
    let (mut worst, mut empty) = (0.0, true);
    for class in (0..design.nodes.len()).flat_map(|i| &sim.meter(i).classes) {
        if class.level.level() > 0 {
            empty = false;
            continue;
        }
        let integral = class.level.integral_ns(sim.now());
        let off = integral.abs_diff(class.inside_ns) as f64;
        worst = f64::max(worst, off / (class.inside_ns.max(1)) as f64);
    }
    (worst, empty)
}

/// Busy time is what was completed times its mean service, where a station serves each call once and none was broken off:
/// the greatest relative residual, and how many stations there were.
pub fn utilization_law(design: &Design) -> (f64, u32) {
    let mut sim = finished(design);
    let summary = summarize(design, &mut sim);
    let disturbed = |id: &str| {
        let mut targets = design.timeline.iter().map(|e| e.action.node());
        targets.any(|target| target == id || design.place(target).is_some())
    };
    let (mut worst, mut stations) = (0.0, 0);
    for (i, node) in design.nodes.iter().enumerate() {
        let leaf = !design.wires.iter().any(|w| w.from == node.id);
        // A relational database also applies writes; where the processor is shared there is no wait to tell apart,
        // with single flight a client also waits for another's fetch, and who goes round again is served several times.
        let param = |name: &str| node.params.get(name).unwrap_or_default();
        let plain = param("discipline") != "processor_sharing"
            && param("single_flight") != true
            && param("repeat_share").as_f64().unwrap_or(0.0) == 0.0;
        let serves = matches!(node.kind(), Kind::Web | Kind::Cache | Kind::Sharded) && plain;
        let row = &summary["nodes"][i];
        // A query is work for every shard, and a copy work for another one.
        let gathers = node.kind() == Kind::Sharded
            && (row["classes"]["query"].is_object() || param("query_copies").as_u64().unwrap_or(0) > 0);
        if !leaf
            || !serves
            || gathers
            || disturbed(&node.id)
            || row["completions"] == 0
            || row["in_flight"] != 0
        {
            continue;
        }
        let refused_only = row["failures"].as_object().is_none_or(|failures| {
            failures.keys().all(|k| ["queue_full", "shed", "abandoned", "pool_timeout"].contains(&k.as_str()))
        });
        if !refused_only {
            continue;
        }
        let (nodes, core) = sim.nodes_mut();
        let (busy_ns, _, _) = nodes[i].effort_ns(core);
        let of = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        let served_s = of("completions") * (of("response_mean_s") - of("wait_mean_s"));
        let busy_s = busy_ns as f64 / 1e9;
        worst = f64::max(worst, (busy_s - served_s).abs() / busy_s.max(1.0));
        stations += 1;
    }
    (worst, stations)
}

/// Requests that are neither done nor failed nor inside, at the worst moment: looked at after every event at first, and
/// then between slices.
fn lost_requests(design: &Design) -> f64 {
    const EVERY_EVENT: u32 = 3000;
    let mut sim = Simulation::new(design);
    let (mut worst, mut events) = (0.0, 0);
    while !sim.is_finished() {
        let slice = if events < EVERY_EVENT { 1 } else { 997 };
        sim.run_until(sim.end(), slice);
        events += 1;
        let t = sim.totals();
        let known = t.completed + t.failed.iter().sum::<u64>() + t.in_flight;
        let lost = t.arrived.abs_diff(known) as f64 + f64::from(u8::from(!sim.is_conserved()));
        worst = f64::max(worst, lost);
    }
    worst
}
