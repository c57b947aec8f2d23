//! What holds for every design, tried on random ones. A failure names the seed and shows the design.
#![allow(clippy::disallowed_methods, reason = "slices are cut here, nothing is simulated")]

use headroom_model::design::Design;
use headroom_model::kinds::{Kind, NodeState};
use headroom_model::link;
use headroom_model::messages::{FromWorker, Speed, ToWorker};
use headroom_model::session::Session;
use headroom_model::sim::Simulation;
use headroom_model::summary::summarize;
use headroom_tests::fuzz::{self, Bug};
use headroom_tests::random::{self, Dice};
use headroom_tests::validation::invariants::utilization_law;
use serde_json::{Value, json};

/// Random designs for each property. `HEADROOM_DESIGNS` asks for more, and `HEADROOM_SEED` for one only.
const DESIGNS: u64 = 100;

fn each_design(property: impl Fn(u64, &Value, &Design)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("HEADROOM_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=number("HEADROOM_DESIGNS").unwrap_or(DESIGNS),
    };
    for seed in seeds {
        let file = random::design(seed);
        let holds = |file: &Value| {
            let design = random::parse(file);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| property(seed, file, &design))).is_ok()
        };
        if !holds(&file) {
            let small = fuzz::shrink(&file, |smaller| !holds(smaller));
            panic!(
                "HEADROOM_SEED={seed} fails; the smallest design found that does:\n{small}\nmade from:\n{file}"
            );
        }
    }
}

/// The same design measured from its start.
fn from_the_start(design: &Design) -> Design {
    let mut design = design.clone();
    design.run.warmup_s = 0.0;
    design
}

fn finished(design: &Design) -> Simulation {
    let mut sim = Simulation::new(design);
    fuzz::run_to_end(&mut sim);
    sim
}

/// Runs the whole design by slices of random size, of events and of time.
fn sliced(design: &Design, dice: &mut Dice) -> Simulation {
    let mut sim = Simulation::new(design);
    while !sim.is_finished() {
        let step = 10f64.powf(dice.between(-6.0, 1.5));
        let events = 10f64.powf(dice.between(0.0, 5.0)) as u64;
        sim.run_until(sim.now().saturating_add((step * 1e9) as u64), events);
        fuzz::assert_bounded(&sim);
    }
    sim
}

/// All that a run shows, as text.
fn shown(design: &Design, sim: &mut Simulation) -> String {
    format!("{}\n{:?}\n{:?}", summarize(design, sim), sim.windows(), sim.happenings())
}

/// All of it at once, on designs that the other tests here do not see; `./dev fuzz` goes on with more.
#[test]
fn three_hundred_more_designs_hold() {
    for seed in 1_001..=1_300 {
        let file = random::design(seed);
        if let Err(what) = fuzz::check(&file, seed, Bug::None) {
            let small = fuzz::shrink(&file, |smaller| fuzz::check(smaller, seed, Bug::None).is_err());
            panic!("./dev fuzz --seed {seed} fails: {what}; the smallest design found that does:\n{small}");
        }
    }
}

/// The checks see a bug: a cache that forgets a request is found, in a design of little more than that cache.
#[test]
fn a_lost_request_is_found() {
    let lost = |file: &Value, seed: u64| fuzz::check(file, seed, Bug::LostRequest).is_err();
    let seed = (1..20)
        .find(|seed| lost(&random::design(*seed), *seed))
        .expect("a design with a cache is among them");
    let small = fuzz::shrink(&random::design(seed), |smaller| lost(smaller, seed));
    let kinds: Vec<&str> =
        small["nodes"].as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"cache") && kinds.len() <= 6, "{small}");
    assert_eq!(small["timeline"], json!([]), "{small}");
}

#[test]
fn the_same_run_again_and_in_slices() {
    each_design(|seed, _, design| {
        let mut whole = finished(design);
        let expected = shown(design, &mut whole);
        let mut again = finished(design);
        assert_eq!(again.hash(), whole.hash(), "the same hash again");
        assert_eq!(shown(design, &mut again), expected, "the same numbers again");
        let mut dice = Dice::new(seed ^ 0xa5);
        let mut slices = sliced(design, &mut dice);
        assert_eq!(slices.hash(), whole.hash(), "the same hash in slices");
        assert_eq!(shown(design, &mut slices), expected, "the same numbers in slices");
    });
}

/// An autoscaler of two tiers that share a queue does what two of them would do, and its totals begin anew with the warm-up.
#[test]
fn one_autoscaler_of_two_tiers_does_as_two_of_one() {
    let scaler = |id: &str| {
        json!({"id": id, "kind": "autoscaler", "params": {"metric": "requests_per_instance", "target": 5, "interval_s": 1,
        "window_s": 10}})
    };
    let file = |scalers: Vec<Value>, second: &str| {
        let mut nodes = vec![
            json!({"id": "users", "kind": "users", "params": {"traffic": {"points": [[0, 10], [60, 60]]}, "job_share": 1, "write_share": 0}}),
            json!({"id": "queue", "kind": "queue"}),
            json!({"id": "a", "kind": "workers", "params": {"boot_s": 1}}),
            json!({"id": "b", "kind": "workers", "params": {"boot_s": 1}}),
        ];
        nodes.extend(scalers);
        json!({"nodes": nodes, "wires": [{"from": "users", "to": "queue"}, {"from": "queue", "to": "a"}, {"from": "queue", "to": "b"},
            {"from": "one", "to": "a"}, {"from": second, "to": "b"}], "run": {"until_s": 60, "warmup_s": 9.75}})
    };
    let instances = |file: &Value| {
        let design = random::parse(file);
        let summary = summarize(&design, &mut finished(&design));
        ["a", "b"].map(|id| {
            let nodes = summary["nodes"].as_array().unwrap();
            nodes.iter().find(|n| n["id"] == id).unwrap()["instances_mean"].as_f64().unwrap()
        })
    };
    let one = instances(&file(vec![scaler("one")], "one"));
    assert_eq!(one, instances(&file(vec![scaler("one"), scaler("two")], "two")));
    assert!(one[0] > 2.0, "{one:?}");
}

/// A run is over when nothing is left to do at its last instant either, however small the slices.
#[test]
fn the_last_instant_is_run_whole() {
    let probe = json!({"health_interval_s": 0.1});
    let file = json!({"nodes": [
        {"id": "users", "kind": "users"},
        {"id": "lb", "kind": "load_balancer", "params": probe},
        {"id": "lb2", "kind": "load_balancer", "params": probe},
        {"id": "web", "kind": "web"},
    ], "wires": [{"from": "users", "to": "lb"}, {"from": "users", "to": "lb2"}, {"from": "lb", "to": "web"},
        {"from": "lb2", "to": "web"}], "run": {"until_s": 1, "window_s": 0.1}});
    let design = random::parse(&file);
    let whole = finished(&design);
    assert_eq!(whole.windows().len(), 10);
    let mut steps = Simulation::new(&design);
    while !steps.is_finished() {
        steps.run_until(steps.end(), 1);
    }
    assert_eq!((steps.events(), steps.hash()), (whole.events(), whole.hash()));
}

#[test]
fn a_copy_goes_on_as_the_original() {
    each_design(|seed, _, design| {
        let mut dice = Dice::new(seed ^ 0x77);
        let mut original = Simulation::new(design);
        let at = dice.between(0.0, 1.5 * random::TRAFFIC_S);
        original.run_until(original.now().saturating_add((at * 1e9) as u64), dice.below(20_000) as u64);
        let mut copy = original.clone();
        fuzz::run_to_end(&mut original);
        fuzz::run_to_end(&mut copy);
        assert_eq!(copy.hash(), original.hash());
        assert_eq!(shown(design, &mut copy), shown(design, &mut original));
    });
}

#[test]
fn text_and_link_hold_the_whole_design() {
    each_design(|_, _, design| {
        let hash = finished(design).hash();
        let text = design.to_json().to_string();
        let read = Design::parse(&text).expect("what is written can be read");
        assert_eq!(&read, design, "text and back");
        assert_eq!(read.to_json().to_string(), text, "the text is canonical");
        assert_eq!(finished(&read).hash(), hash);
        let followed = link::decode(&link::encode(design)).expect("a link can be followed");
        assert_eq!(&followed, design, "link and back");
        assert_eq!(finished(&followed).hash(), hash);
    });
}

/// INV.3: at any moment, arrived = completed + failed by reason + in flight, at every node and for all users together.
#[test]
fn nothing_is_lost_on_the_way() {
    each_design(|seed, _, design| {
        let mut dice = Dice::new(seed ^ 0x33);
        let mut sim = Simulation::new(design);
        // Event by event for a while, then at random moments.
        for _ in 0..2_000 {
            sim.run_until(sim.end(), 1);
            assert!(sim.is_conserved(), "at {:?}", sim.now());
        }
        while !sim.is_finished() {
            sim.run_until(sim.end(), 1 + dice.below(5_000) as u64);
            fuzz::assert_bounded(&sim);
            assert!(sim.is_conserved(), "at {:?}", sim.now());
            let t = sim.totals();
            assert_eq!(t.arrived, t.completed + t.failed.iter().sum::<u64>() + t.in_flight);
        }
    });
}

/// At any moment, published = done + dead letters + expired + lost + waiting + in the hands of workers, at every queue.
#[test]
fn no_message_is_unaccounted_for() {
    let published = std::cell::Cell::new(0);
    each_design(|seed, _, design| {
        if !design.nodes.iter().any(|n| n.kind() == Kind::Queue) {
            return;
        }
        let mut dice = Dice::new(seed ^ 0x55);
        let mut sim = Simulation::new(design);
        while !sim.is_finished() {
            sim.run_until(sim.end(), 1 + dice.below(1_000) as u64);
            fuzz::assert_bounded(&sim);
            for node in sim.nodes() {
                if let NodeState::Queue(queue) = node {
                    assert!(queue.is_conserved(), "at {:?}: {queue:?}", sim.now());
                }
            }
        }
        for node in summarize(design, &mut sim)["nodes"].as_array().unwrap() {
            let n = |name: &str| node[name].as_u64().unwrap_or(0);
            let ends = n("done") + n("dead_letters") + n("expired") + n("lost");
            let here = n("messages_waiting") + n("messages_unfinished");
            assert_eq!(n("messages_carried") + n("published"), ends + here, "{}", node["id"]);
            published.set(published.get() + n("published"));
        }
    });
    let published = published.get();
    assert!(
        published > 100 || std::env::var("HEADROOM_SEED").is_ok(),
        "only {published} messages are published"
    );
}

/// INV.1, Little's law: on a run that starts and ends empty, the time integral of the number inside is the sum of the
/// times inside, to the nanosecond, at every node and for every class.
#[test]
fn littles_law_is_an_identity() {
    let empty = std::cell::Cell::new((0, 0));
    each_design(|_, _, design| {
        let design = &from_the_start(design);
        let mut sim = finished(design);
        let summary = summarize(design, &mut sim);
        let span_s = summary["until_s"].as_f64().unwrap();
        let mut ended_empty = true;
        for (i, node) in summary["nodes"].as_array().unwrap().iter().enumerate() {
            let meter = sim.meter(i);
            for class in &meter.classes {
                if class.level.level() > 0 {
                    ended_empty = false;
                    continue;
                }
                assert_eq!(class.level.integral_ns(sim.now()), class.inside_ns, "at {}", node["id"]);
            }
            // Where nothing failed the summary alone tells it: L = X W.
            if node["in_flight"] == 0 && node["failures_total"] == 0 && node["completions"] != 0 {
                let of = |name: &str| node[name].as_f64().unwrap();
                let (l, xw) = (of("in_system_mean") * span_s, of("completions") * of("response_mean_s"));
                assert!((l - xw).abs() <= 1e-9 * xw, "L = X W at {}: {l} and {xw}", node["id"]);
            }
        }
        let (n, all) = empty.get();
        empty.set((n + u64::from(ended_empty), all + 1));
    });
    let (n, all) = empty.get();
    assert!(2 * n > all || all == 1, "most runs end empty, not {n} of {all}");
}

/// INV.2, the utilisation law: busy time is what was completed times its mean service.
#[test]
fn utilisation_is_throughput_times_service() {
    let checked = std::cell::Cell::new(0);
    each_design(|_, _, design| {
        let (residual, stations) = utilization_law(&from_the_start(design));
        assert!(residual <= 1e-9, "{residual}");
        checked.set(checked.get() + stations);
    });
    assert!(checked.get() >= 5 || std::env::var("HEADROOM_SEED").is_ok(), "only {} stations", checked.get());
}

/// A number of the summary or of the series is a number, or stands for "there was none".
#[test]
fn no_number_is_broken() {
    each_design(|_, _, design| {
        let mut sim = finished(design);
        let summary = summarize(design, &mut sim);
        assert!(!sim.is_saturated());
        for node in summary["nodes"].as_array().unwrap() {
            let served = node["completions"].as_u64().unwrap() > 0;
            for (name, value) in node.as_object().unwrap() {
                if name.starts_with("response_") {
                    assert_eq!(value.is_number(), served, "{}.{name} is {value}", node["id"]);
                }
                if name.ends_with("_share") || name == "utilization" || name == "hit_ratio" {
                    let share = value.as_f64().unwrap_or(0.0);
                    assert!((0.0..=1.0 + 1e-9).contains(&share), "{}.{name} is {value}", node["id"]);
                }
            }
        }
        for window in sim.windows() {
            let values = window.world.iter().chain(&window.nodes).chain(&window.parts).chain(&window.wires);
            assert!(values.clone().all(|x| !x.is_infinite()), "at {}", window.end_s);
            assert!(values.clone().all(|x| x.is_nan() || *x >= 0.0), "at {}", window.end_s);
        }
    });
}

/// INV.6, with a hand on the run: what is done by hand goes into the timeline, and the timeline gives the same run.
#[test]
fn what_is_done_by_hand_can_be_replayed() {
    each_design(|seed, file, design| {
        let mut dice = Dice::new(seed ^ 0x1b);
        let mut session = Session::new();
        session.handle(ToWorker::Load { run: 1, design: file.to_string(), play: true });
        session.handle(ToWorker::SetSpeed(Speed::Max));
        let mut timeline = design.timeline.clone();
        let nodes = file["nodes"].as_array().unwrap();
        let mut hands = 1 + dice.below(4);
        while advance(&mut session, &mut dice) {
            let now_s = session.simulation().unwrap().now().as_secs_f64();
            if hands > 0 && now_s < 1.5 * random::TRAFFIC_S && dice.chance(0.1) {
                hands -= 1;
                if dice.chance(0.3) {
                    session.handle(ToWorker::Pause);
                }
                let Some(entry) = random::entry(&mut dice, nodes, 0.0) else { continue };
                match session.handle(ToWorker::Act(entry.to_string())).as_slice() {
                    [FromWorker::Acted { entry, .. }] => {
                        let entry = headroom_model::design::Entry::parse(entry).unwrap();
                        let place = timeline.partition_point(|e| e.at_s <= entry.at_s);
                        timeline.insert(place, entry);
                    }
                    other => panic!("{entry} gave {other:?}"),
                }
                session.handle(ToWorker::Play);
            }
        }
        let first = session.simulation().unwrap();
        assert!(first.is_finished());
        let hash = first.hash();

        let mut replayed = design.clone();
        replayed.timeline = timeline;
        let replayed = Design::parse(&replayed.to_json().to_string()).unwrap();
        assert_eq!(finished(&replayed).hash(), hash, "the timeline that came out");
        assert_eq!(sliced(&replayed, &mut dice).hash(), hash, "the same in slices");

        session.handle(ToWorker::Restart { run: 2 });
        session.handle(ToWorker::Play);
        while advance(&mut session, &mut dice) {}
        assert_eq!(session.simulation().unwrap().hash(), hash, "the session's own replay");
    });
}

/// A step of random size; whether there is more to do.
fn advance(session: &mut Session, dice: &mut Dice) -> bool {
    session.advance(dice.between(0.0, 50.0), 1 + dice.below(20_000) as u64);
    fuzz::assert_bounded(session.simulation().unwrap());
    !session.simulation().unwrap().is_finished()
}
