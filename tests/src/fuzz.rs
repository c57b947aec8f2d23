//! What must hold for every design, tried on one; and a design that breaks it, made as small as it can be.

use crate::random::{self, Dice};
use headroom_model::design::Design;
use headroom_model::link;
use headroom_model::sim::Simulation;
use headroom_model::summary::summarize;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Smaller designs that are tried at most when one is made smaller.
const TRIES_MAX: usize = 1500;

/// Stops at one and the same moment, most of them after thousands of events, by which time is taken to stand still.
const STOPS_MAX: u32 = 1000;

/// Events after which a run is given up and told: ordinary ones take a hundredth of them. So no design makes a suite hang.
pub const EVENTS_MAX: u64 = 20_000_000;

/// Events that may be pending at the end for each request, part and wire: clocks, and timers of what was.
const PENDING_EACH: usize = 8;

/// Whether a check may fail: a bug that is put in on purpose shows that the checks see one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// None: the simulator as it is.
    None,
    /// A cache forgets a request that it works on, without an answer and without a word.
    LostRequest,
}

/// Runs to the end, but not through more events than any design may take.
///
/// # Panics
/// When there are more.
pub fn run_to_end(sim: &mut Simulation) {
    while !sim.is_finished() {
        sim.run_until(sim.end(), EVENTS_MAX / 100);
        assert_bounded(sim);
    }
}

/// A run of a random design has not taken more events than any may.
///
/// # Panics
/// When it has.
pub fn assert_bounded(sim: &Simulation) {
    let (n, at_s) = (sim.events(), sim.now().as_secs_f64());
    assert!(n <= EVENTS_MAX, "{n} events up to {at_s} s: far more than any other design takes");
}

/// Runs a design in every way that must come to the same, and counts at every stop.
///
/// # Errors
/// What does not hold. A panic counts as that too.
pub fn check(file: &Value, seed: u64, bug: Bug) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| try_check(file, seed, bug))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default())
    })
}

fn try_check(file: &Value, seed: u64, bug: Bug) -> Result<(), String> {
    let wrong = |what: &str, sim: &Simulation| Err(format!("{what}, at {} s", sim.now().as_secs_f64()));
    let design = Design::from_json(file).map_err(|faults| format!("it cannot be read: {faults:?}"))?;
    let mut dice = Dice::new(seed ^ 0x5eed);
    // In slices, counted at every stop, with a copy that is taken somewhere and goes on by itself.
    let mut sliced = Simulation::new(&design);
    let (mut copy, mut lost, mut half) = (None, false, None);
    let mut standstill = (sliced.now(), 0);
    let copy_at = dice.between(0.0, random::TRAFFIC_S);
    while !sliced.is_finished() {
        let step_ns = (libm::pow(10.0, dice.between(-4.0, 1.0)) * 1e9) as u64;
        sliced.run_until(sliced.now().saturating_add(step_ns), 1 + dice.below(5_000) as u64);
        standstill =
            if sliced.now() > standstill.0 { (sliced.now(), 0) } else { (standstill.0, standstill.1 + 1) };
        if sliced.events() > EVENTS_MAX {
            return wrong("it takes far more events than any other design", &sliced);
        }
        if standstill.1 > STOPS_MAX {
            return wrong("time stands still", &sliced);
        }
        if bug == Bug::LostRequest && !lost {
            lost = sliced.forget_a_request("cache");
        }
        if !sliced.is_conserved() {
            return wrong("arrived is not completed + failed + inside", &sliced);
        }
        let t = sliced.totals();
        if t.arrived != t.completed + t.failed.iter().sum::<u64>() + t.in_flight {
            return wrong("the totals do not add up", &sliced);
        }
        if half.is_none() && sliced.now().0 >= sliced.end().0 / 2 {
            half = Some(sliced.core().kept());
        }
        if copy.is_none() && sliced.now().as_secs_f64() >= copy_at {
            copy = Some(sliced.clone());
        }
    }
    bounded_memory(&sliced, half.unwrap_or_default())?;
    let mut whole = Simulation::new(&design);
    run_to_end(&mut whole);
    let told = summarize(&design, &mut whole);
    if sliced.hash() != whole.hash() || summarize(&design, &mut sliced) != told {
        return wrong("slices give another run", &sliced);
    }
    if let Some(mut copy) = copy {
        run_to_end(&mut copy);
        if copy.hash() != whole.hash() || summarize(&design, &mut copy) != told {
            return wrong("a copy goes on in another way", &copy);
        }
    }
    // Little's law, to the nanosecond, where a run begins and ends empty.
    if design.run.warmup_s == 0.0 {
        for (i, id) in whole.core().ids.iter().enumerate() {
            for class in &whole.meter(i).classes {
                let integral = class.level.integral_ns(whole.core().now);
                if class.level.level() == 0 && integral != class.inside_ns {
                    return Err(format!("Little's law fails at {id}: {integral} and {} ns", class.inside_ns));
                }
            }
        }
    }
    for window in whole.windows() {
        let values = window.world.iter().chain(&window.nodes).chain(&window.parts).chain(&window.wires);
        if values.clone().any(|x| x.is_infinite() || *x < 0.0) {
            return Err(format!("a number is infinite or negative in the window to {} s", window.end_s));
        }
    }
    let read = Design::parse(&design.to_json().to_string())
        .map_err(|f| format!("what is written is not read: {f:?}"))?;
    let followed =
        link::decode(&link::encode(&design)).map_err(|e| format!("a link is not followed: {e:?}"))?;
    if read != design || followed != design {
        return Err("file or link hold another design".to_owned());
    }
    Ok(())
}

/// What is kept is bounded by what is on its way, and does not grow: at the end there is a call for whatever is inside a node
/// or on a wire (half as much again as at half time where probes are slow: a leak doubles), and events for those, for clocks of
/// each part and for each wire. Probes in quick succession leave timers until their timeout: a tenth of all events at most.
fn bounded_memory(sim: &Simulation, half: (u32, u32, usize)) -> Result<(), String> {
    let core = sim.core();
    let inside: usize = core.meters.iter().map(|m| m.in_system() as usize).sum();
    let parts: usize = core.alive.iter().map(Vec::len).sum();
    // Each wire may have a probe under way to each part that it leads to.
    let still = parts + core.wires.iter().map(|w| 1 + core.alive[w.to as usize].len()).sum::<usize>();
    let (calls, tries, pending) = core.kept();
    let calls_max = 2 * inside + still + (half.0 + half.1) as usize * 3 / 2;
    if (calls + tries) as usize > calls_max
        || pending > PENDING_EACH * (inside + still) + sim.events() as usize / 10
    {
        return Err(format!(
            "{calls} calls, {tries} tries and {pending} events are kept for {inside} requests, {parts} parts and {} wires after {} events; {half:?} at half time",
            core.wires.len(),
            sim.events()
        ));
    }
    Ok(())
}

/// The smallest design found that still fails, by leaving out nodes, wires, places, entries of the timeline and params one
/// after the other for as long as it does.
pub fn shrink(file: &Value, fails: impl Fn(&Value) -> bool) -> Value {
    let mut small = file.clone();
    let mut tries = TRIES_MAX;
    loop {
        let before = small.clone();
        for list in ["nodes", "places", "wires", "timeline"] {
            let mut i = small[list].as_array().map_or(0, Vec::len);
            while i > 0 {
                i -= 1;
                take_if(&mut small, &mut tries, &fails, |design| remove(design, list, i));
            }
        }
        for (list, fields) in [("nodes", &["place", "spread"][..]), ("places", &["parent"])] {
            for i in 0..small[list].as_array().map_or(0, Vec::len) {
                for field in fields {
                    take_if(&mut small, &mut tries, &fails, |design| {
                        if let Some(row) = design[list][i].as_object_mut() {
                            row.remove(*field);
                        }
                    });
                }
            }
        }
        for list in ["nodes", "places", "wires"] {
            for i in 0..small[list].as_array().map_or(0, Vec::len) {
                let holder =
                    if list == "wires" { format!("/wires/{i}") } else { format!("/{list}/{i}/params") };
                let names: Vec<String> = small
                    .pointer(&holder)
                    .and_then(Value::as_object)
                    .map_or(Vec::new(), |map| map.keys().cloned().collect());
                for name in names.iter().filter(|n| !["from", "to"].contains(&n.as_str())) {
                    take_if(&mut small, &mut tries, &fails, |design| {
                        if let Some(map) = design.pointer_mut(&holder).and_then(Value::as_object_mut) {
                            map.remove(name);
                        }
                    });
                }
            }
        }
        take_if(&mut small, &mut tries, &fails, |design| design["run"]["warmup_s"] = json!(0));
        take_if(&mut small, &mut tries, &fails, |design| {
            let until_s = design["run"]["until_s"].as_f64().unwrap_or(120.0);
            design["run"]["until_s"] = json!(until_s / 2.0);
        });
        if small == before || tries == 0 {
            return small;
        }
    }
}

/// Changes the design if it can still be read and still fails then.
fn take_if(
    small: &mut Value,
    tries: &mut usize,
    fails: &impl Fn(&Value) -> bool,
    change: impl Fn(&mut Value),
) {
    let mut next = small.clone();
    change(&mut next);
    if *tries == 0 || next == *small || Design::from_json(&next).is_err() {
        return;
    }
    *tries -= 1;
    if fails(&next) {
        *small = next;
    }
}

/// Leaves one row out, with all that names it.
fn remove(design: &mut Value, list: &str, i: usize) {
    let Some(rows) = design[list].as_array_mut() else { return };
    let row = rows.remove(i);
    let Some(id) = row["id"].as_str() else { return };
    for list in ["wires", "timeline"] {
        if let Some(rows) = design[list].as_array_mut() {
            rows.retain(|r| ["from", "to", "node", "place", "other"].iter().all(|f| r[*f] != id));
        }
    }
}
