//! Every knob turns something: each param of each kind, each setting of a wire and of a place, each price and each argument of
//! an action is turned in some design, and some number of the summary has to move. What is looked for comes from the
//! registry, so that a new param that changes nothing is found without a word here.

use headroom_model::design::{Design, WireParams};
use headroom_model::kinds::Kind;
use headroom_model::params::{ParamSpec, Params, Widget};
use headroom_model::places::PlaceKind;
use headroom_model::prices::Prices;
use headroom_model::scenarios;
use headroom_model::sim::{Simulation, Stop};
use headroom_model::summary::summarize;
use headroom_model::verbs::Verb;
use headroom_tests::random::{self, Dice};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// Random designs that are tried before a knob counts as dead.
const DESIGNS: u64 = 100;
/// Values of a knob that are tried in one design.
const VALUES: usize = 2;
/// Length of their runs [s]; traffic ends earlier.
const UNTIL_S: f64 = 24.0;
/// Knobs that only the bill shows.
const MONEY_ONLY: &[&str] = &["place private_subnet.nat", "monitoring.log_kb"];
/// A run that takes more events is given up: it says nothing.
const EVENTS_MAX: u64 = 150_000;

/// Something that can be set.
#[derive(Clone, Copy)]
enum Knob {
    Node(Kind, &'static ParamSpec),
    Place(PlaceKind, &'static ParamSpec),
    Wire(&'static ParamSpec),
    Price(&'static ParamSpec),
    Arg(Verb, usize),
}

impl Knob {
    fn all() -> Vec<Knob> {
        let mut all = Vec::new();
        for kind in Kind::ALL {
            all.extend(kind.param_specs().iter().map(|p| Knob::Node(*kind, p)));
        }
        for kind in PlaceKind::ALL {
            all.extend(kind.param_specs().iter().map(|p| Knob::Place(*kind, p)));
        }
        all.extend(WireParams::specs().iter().map(Knob::Wire));
        all.extend(Prices::specs().iter().map(Knob::Price));
        for verb in Verb::ALL {
            all.extend((0..verb.spec().args.len()).map(|i| Knob::Arg(*verb, i)));
        }
        all
    }

    fn name(self) -> String {
        match self {
            Knob::Node(kind, p) => format!("{}.{}", kind.spec().id, p.name),
            Knob::Place(kind, p) => format!("place {}.{}", kind.spec().id, p.name),
            Knob::Wire(p) => format!("wire.{}", p.name),
            Knob::Price(p) => format!("prices.{}", p.name),
            Knob::Arg(verb, i) => format!("action {}.{}", verb.name(), verb.spec().args[i].name),
        }
    }

    /// Where it is in a design: JSON pointers to the objects that hold it.
    fn places(self, file: &Value) -> Vec<String> {
        let list = |name: &str, is: &dyn Fn(&Value) -> bool, tail: &str| -> Vec<String> {
            let rows = file[name].as_array().into_iter().flatten().enumerate();
            rows.filter(|(_, row)| is(row)).map(|(i, _)| format!("/{name}/{i}{tail}")).collect()
        };
        match self {
            Knob::Node(kind, _) => list("nodes", &|n| n["kind"] == kind.spec().id, "/params"),
            Knob::Place(kind, _) => list("places", &|p| p["kind"] == kind.spec().id, "/params"),
            Knob::Wire(_) => list("wires", &|_| true, ""),
            Knob::Price(_) => vec!["/prices".to_owned()],
            Knob::Arg(verb, _) => list("timeline", &|e| e["do"] == verb.name(), ""),
        }
    }

    fn spec(self) -> (&'static str, Widget, Value) {
        match self {
            Knob::Node(_, p) | Knob::Place(_, p) | Knob::Wire(p) | Knob::Price(p) => {
                (p.name, p.widget, (p.default)())
            }
            Knob::Arg(verb, i) => {
                let arg = &verb.spec().args[i];
                (arg.name, arg.widget, arg.default.map_or(Value::Null, |x| json!(x)))
            }
        }
    }

    /// Values to try in place of the present one.
    fn values(self, present: &Value) -> Vec<Value> {
        let (_, widget, default) = self.spec();
        match widget {
            Widget::Number { min, max, integer, optional } => {
                let x = present.as_f64().or(default.as_f64()).unwrap_or(10.0);
                let mut tried =
                    vec![x * 3.0, x / 3.0, x * 20.0, x + 1.0, min.max(0.01), 1.0, 0.3, 5.0, 300.0];
                if max <= 1.0 {
                    tried = vec![1.0, 0.5, 0.05, 0.0];
                }
                let fit = |x: f64| (if integer { x.round() } else { x }).clamp(min, max.min(1e7));
                let mut values: Vec<Value> = tried
                    .into_iter()
                    .map(fit)
                    .map(|x| if integer { json!(x as u64) } else { json!(x) })
                    .collect();
                values.dedup();
                if optional {
                    values.push(Value::Null);
                }
                values
            }
            Widget::Switch => vec![json!(present != true)],
            Widget::Choice(choices) => choices.iter().map(|c| json!(c.name)).collect(),
            Widget::Law => vec![
                json!({"law": "deterministic", "mean_ms": 60}),
                json!({"law": "exponential", "mean_ms": 3}),
                json!({"law": "deterministic", "mean_ms": 2000}),
            ],
            Widget::Curve => vec![json!({"points": [[0, 70], [9, 70], [9, 0]]})],
        }
    }

    fn is_price(self) -> bool {
        matches!(self, Knob::Price(_))
    }
}

/// What a design measures, apart from what names the run, or nothing where it cannot be run.
struct Measured {
    cost: String,
    rest: String,
}

fn measure(file: &Value) -> Option<Measured> {
    let design = Design::from_json(file).ok()?;
    let told = std::panic::catch_unwind(|| measured(&design));
    told.unwrap_or_else(|_| panic!("this design cannot be run:\n{file}"))
}

fn measured(design: &Design) -> Option<Measured> {
    let mut sim = Simulation::new(design);
    if sim.run_until(sim.end(), EVENTS_MAX) == Stop::Events {
        return None;
    }
    let mut summary = summarize(design, &mut sim);
    let all = summary.as_object_mut().unwrap();
    for name in ["title", "hash", "events", "calls_in_flight_peak"] {
        all.remove(name);
    }
    let cost = all["cost"].to_string();
    all.remove("cost");
    for node in all["nodes"].as_array_mut().unwrap() {
        node.as_object_mut().unwrap().remove("cost");
    }
    Some(Measured { cost, rest: summary.to_string() })
}

/// The object at a pointer, made where it is missing.
fn object<'a>(file: &'a mut Value, pointer: &str) -> &'a mut serde_json::Map<String, Value> {
    if file.pointer(pointer).is_none() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = file.pointer_mut(parent).unwrap();
        parent[name] = json!({});
    }
    file.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap()
}

/// Whether turning the knob somewhere in this design moves a number.
fn moves(knob: Knob, file: &Value, before: &Measured, tries: usize, dice: &mut Dice) -> bool {
    let (name, ..) = knob.spec();
    let places = knob.places(file);
    if !places.is_empty() {
        let pointer = &places[dice.below(places.len())];
        let mut turned = file.clone();
        let present = object(&mut turned, pointer).get(name).cloned().unwrap_or_else(|| knob.spec().2);
        let mut values = knob.values(&present);
        values.retain(|v| *v != present);
        for _ in 0..tries.min(values.len()) {
            let value = values.swap_remove(dice.below(values.len()));
            object(&mut turned, pointer).insert(name.to_owned(), value);
            if let Some(after) = measure(&turned) {
                let money = knob.is_price() || MONEY_ONLY.contains(&knob.name().as_str());
                let moved = if money { after.cost != before.cost } else { after.rest != before.rest };
                if moved {
                    return true;
                }
            }
        }
    }
    false
}

/// The same design with one other choice, switch or limit beside the knob set otherwise: many knobs matter only then.
fn neighbours(knob: Knob, file: &Value) -> Vec<Value> {
    let specs: &[ParamSpec] = match knob {
        Knob::Node(kind, _) => kind.param_specs(),
        Knob::Place(kind, _) => kind.param_specs(),
        Knob::Wire(_) => WireParams::specs(),
        Knob::Price(_) | Knob::Arg(..) => return Vec::new(),
    };
    let mut all = Vec::new();
    for pointer in knob.places(file).into_iter().take(2) {
        for spec in specs.iter().filter(|s| s.name != knob.spec().0) {
            let values = match spec.widget {
                Widget::Choice(choices) => choices.iter().map(|c| json!(c.name)).collect(),
                Widget::Switch => vec![json!(true), json!(false)],
                Widget::Number { optional: true, min, max, .. } => {
                    vec![json!(50f64.clamp(min, max)), json!(2f64.clamp(min, max))]
                }
                Widget::Number { min, max, integer, .. } if (spec.default)() == json!(0) => {
                    let x = if max <= 1.0 { 0.5 } else { 3f64.clamp(min, max) };
                    vec![if integer { json!(x as u64) } else { json!(x) }]
                }
                _ => Vec::new(),
            };
            for value in values {
                let mut other = file.clone();
                object(&mut other, &pointer).insert(spec.name.to_owned(), value);
                all.push(other);
            }
        }
    }
    all
}

/// Designs in which knobs matter that random ones seldom have: things that happen at the right time, and places.
fn settings() -> Vec<Value> {
    let busy = |more: Value| {
        let mut params =
            json!({"traffic": {"points": [[0, 60], [20, 60], [20, 0]]}, "items": 500, "write_share": 0.2});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"id": "users", "kind": "users", "params": params})
    };
    let node = |id: &str, kind: &str, params: Value| json!({"id": id, "kind": kind, "params": params});
    let chain = |nodes: Vec<Value>, timeline: Value| {
        let wires: Vec<Value> =
            nodes.windows(2).map(|p| json!({"from": p[0]["id"], "to": p[1]["id"]})).collect();
        json!({"nodes": nodes, "wires": wires, "timeline": timeline, "run": {"until_s": UNTIL_S}})
    };
    let slow = json!({"law": "exponential", "mean_ms": 1500});
    let tier =
        json!({"instances": 4, "workers": 40, "service": slow, "boot_s": 1, "drain_s": 4, "restart_s": 2});
    let failing = json!({"instances": 5, "mttf_h": 0.001, "mttr_h": 0.001, "repair_crews": 1});
    let scaled = json!([{"at_s": 3, "do": "scale", "node": "tier", "instances": 1}, {"at_s": 8, "do": "resize", "node": "tier", "size": "x4"}]);
    let deploy = |strategy: &str| json!([{"at_s": 2, "do": "deploy", "node": "tier", "strategy": strategy, "batch": 1, "canary_share": 0.3, "bake_s": 5, "error_share": 0.2, "slowdown": 2}]);
    let killed = json!([{"at_s": 3, "do": "kill", "node": "tier", "part": 0}, {"at_s": 12, "do": "revive", "node": "tier", "part": 0}]);
    let db = json!({"replicas": 2, "detect_s": 1, "promote_s": 1, "endpoint_ttl_s": 1, "replace_after_s": 2, "row_bytes": 100_000, "copy_mbps": 20,
        "replication_delay_ms": 300, "read_your_writes_s": 0.2});
    let probed = {
        let mut db = db.clone();
        db["probe_interval_s"] = json!(0.5);
        db["probe_failures"] = json!(2);
        db
    };
    let store = json!({"replicas": 1, "replication_ms": 500, "failover_s": 2, "queue_limit": 2, "service": {"law": "exponential", "mean_ms": 20}});
    let placed = json!({"nodes": [busy(json!({})), {"id": "front", "kind": "web", "place": "a"}, {"id": "db", "kind": "relational", "place": "b"},
            {"id": "near", "kind": "web", "place": "box"}, {"id": "beside", "kind": "web", "place": "box", "params": {"service": {"law": "exponential", "mean_ms": 20}}},
            {"id": "far", "kind": "web", "place": "back"}, {"id": "out", "kind": "web"}, {"id": "home", "kind": "cache", "place": "dc"}, {"id": "mate", "kind": "web", "place": "a"}],
          "wires": [{"from": "users", "to": "front"}, {"from": "front", "to": "db"}, {"from": "front", "to": "near"}, {"from": "near", "to": "beside"},
            {"from": "front", "to": "far"}, {"from": "far", "to": "out"}, {"from": "front", "to": "home"}, {"from": "front", "to": "mate"}],
          "places": [{"id": "us", "kind": "region"}, {"id": "a", "kind": "zone", "parent": "us"}, {"id": "b", "kind": "zone", "parent": "us"},
            {"id": "box", "kind": "machine", "parent": "a", "params": {"cores": 1}},
            {"id": "dc", "kind": "data_centre", "params": {"site": "tokyo"}}, {"id": "eu", "kind": "region", "params": {"site": "ireland"}},
            {"id": "back", "kind": "private_subnet", "parent": "eu", "params": {"nat": true}}],
          "run": {"until_s": UNTIL_S}});
    // Nodes and wires as told, for what is no chain.
    let net = |nodes: Vec<Value>, wires: &[(&str, &str)], timeline: Value| {
        let wires: Vec<Value> = wires.iter().map(|(a, b)| json!({"from": a, "to": b})).collect();
        json!({"nodes": nodes, "wires": wires, "timeline": timeline, "run": {"until_s": UNTIL_S}})
    };
    let watched = |by: Value| {
        let tier = node("tier", "web", json!({"instances": 4, "boot_s": 1, "drain_s": 1}));
        net(vec![busy(json!({})), tier, by], &[("users", "tier"), ("by", "tier")], json!([]))
    };
    let big = json!({"read_kb": 100_000});
    // One wire, with these settings, to a tier that is slow for a while.
    let wired = |mut wire: Value| {
        wire["from"] = json!("users");
        wire["to"] = json!("tier");
        let service = json!({"law": "exponential", "mean_ms": 20});
        let tier = node("tier", "web", json!({"instances": 1, "workers": 8, "service": service}));
        json!({"nodes": [busy(json!({})), tier], "wires": [wire], "run": {"until_s": UNTIL_S}, "timeline": [
            {"at_s": 5, "do": "slow", "node": "tier", "factor": 20}, {"at_s": 12, "do": "slow", "node": "tier", "factor": 1}]})
    };
    vec![
        wired(json!({"error_share": 0.4, "retries": 2, "retry_budget_share": 0.05, "retry_budget_burst": 3})),
        wired(json!({"error_share": 0.4, "retries": 4, "backoff_ms": 20, "backoff_max_ms": 40})),
        wired(
            json!({"error_share": 0.3, "breaker": "consecutive", "breaker_failures": 3, "breaker_open_ms": 300, "breaker_probes": 2}),
        ),
        wired(
            json!({"error_share": 0.3, "breaker": "window", "breaker_window": 20, "breaker_share": 0.4, "breaker_open_ms": 300}),
        ),
        wired(
            json!({"hedge": "after", "hedge_after_ms": 20, "cancel": true, "rate_limit_rps": 40, "rate_limit_burst": 5}),
        ),
        wired(
            json!({"pool": 3, "pool_wait_ms": 50, "connect": "tls13", "requests_per_connection": 5, "keep_alive_s": 1}),
        ),
        placed,
        net(
            vec![
                busy(json!({})),
                node(
                    "dns",
                    "dns",
                    json!({"health_checks": true, "health_interval_s": 1, "ttl_s": 1, "unhealthy_after": 2, "healthy_after": 2}),
                ),
                node("tier", "web", json!({})),
                node("other", "web", json!({})),
            ],
            &[("users", "dns"), ("dns", "tier"), ("dns", "other")],
            killed.clone(),
        ),
        net(
            vec![
                busy(json!({})),
                node("web", "web", json!({})),
                node("tier", "cache", json!({"nodes": 3, "capacity_items": 60, "eject_dead": true})),
                node("db", "relational", json!({})),
            ],
            &[("users", "web"), ("web", "tier"), ("web", "db")],
            killed.clone(),
        ),
        chain(
            vec![busy(json!({})), node("web", "web", json!({})), node("tier", "nosql", json!({}))],
            killed.clone(),
        ),
        chain(
            vec![
                busy(json!({"static_share": 0.7, "assets": 2000, "asset_kb": 40_000})),
                node("tier", "cdn", json!({"capacity_mb": 20_000, "edges": 1})),
                node("web", "web", json!({})),
            ],
            json!([]),
        ),
        chain(
            vec![
                busy(json!({"static_share": 0.7, "assets": 2000})),
                node("tier", "cdn", json!({"capacity_mb": 1})),
                node("web", "web", json!({})),
            ],
            killed.clone(),
        ),
        chain(
            vec![
                busy(json!({"write_share": 0.5})),
                node("web", "web", json!({})),
                node("tier", "sharded", json!({})),
            ],
            json!([{"at_s": 3, "do": "isolate", "node": "tier", "item": 0}, {"at_s": 8, "do": "split_key", "node": "tier", "item": 1, "ways": 2}]),
        ),
        watched(node(
            "by",
            "autoscaler",
            json!({"policy": "step", "interval_s": 1, "window_s": 2, "delay_s": 0, "cooldown_s": 1, "low": 0.01}),
        )),
        watched(node(
            "by",
            "monitoring",
            json!({"on_alarm": "scale_out", "interval_s": 1, "window_s": 2, "for_s": 1, "utilization": 0.001}),
        )),
        chain(vec![busy(big), node("tier", "web", json!({}))], json!([])),
        chain(
            vec![
                busy(json!({})),
                node(
                    "lb",
                    "load_balancer",
                    json!({"health_interval_s": 1, "unhealthy_after": 2, "healthy_after": 2}),
                ),
                node("tier", "web", json!({"instances": 3})),
            ],
            killed.clone(),
        ),
        chain(vec![busy(json!({})), node("tier", "web", tier.clone())], scaled.clone()),
        chain(vec![busy(json!({})), node("tier", "web", failing.clone())], json!([])),
        chain(
            vec![
                busy(json!({"job_share": 0.5})),
                node("queue", "queue", json!({})),
                node("tier", "workers", tier.clone()),
            ],
            scaled,
        ),
        chain(
            vec![
                busy(json!({"job_share": 0.5})),
                node("queue", "queue", json!({})),
                node("tier", "workers", failing),
            ],
            json!([]),
        ),
        chain(vec![busy(json!({})), node("tier", "web", tier.clone())], deploy("rolling")),
        chain(vec![busy(json!({})), node("tier", "web", tier)], deploy("canary")),
        chain(
            vec![
                busy(json!({"readback_share": 0.5, "readback_after_ms": 50})),
                node("web", "web", json!({})),
                node("tier", "relational", db),
            ],
            killed.clone(),
        ),
        chain(
            vec![busy(json!({})), node("web", "web", json!({})), node("tier", "relational", probed)],
            killed.clone(),
        ),
        chain(
            vec![
                busy(json!({"logged_in_share": 0.8})),
                node("web", "web", json!({})),
                node("tier", "session_store", store),
            ],
            killed.clone(),
        ),
        chain(
            vec![
                busy(json!({})),
                node("dns", "dns", json!({"health_checks": true, "health_interval_s": 1, "ttl_s": 2})),
                node("tier", "web", json!({})),
            ],
            killed.clone(),
        ),
        chain(
            vec![
                busy(json!({"static_share": 0.7, "assets": 3000})),
                node("cdn", "cdn", json!({"capacity_mb": 1, "shield": true, "ttl_s": 5})),
                node("tier", "web", json!({})),
            ],
            json!([{"at_s": 4, "do": "purge", "node": "cdn"}, {"at_s": 8, "do": "release", "node": "cdn", "share": 0.5}]),
        ),
        chain(
            vec![
                busy(json!({"traffic": {"points": [[0, 900], [5, 900], [5, 0]]}})),
                node("web", "web", json!({})),
                node("tier", "relational", json!({"queue_limit": 20, "workers": 1, "read": slow})),
            ],
            json!([]),
        ),
        chain(
            vec![
                busy(json!({"traffic": {"points": [[0, 900], [5, 900], [5, 0]]}})),
                node("web", "web", json!({})),
                node("tier", "sharded", json!({"queue_limit": 20, "workers": 1, "read": slow})),
            ],
            json!([]),
        ),
        chain(
            vec![
                busy(json!({})),
                node("web", "web", json!({})),
                node("tier", "cache", json!({"nodes": 3, "eject_dead": true})),
            ],
            killed,
        ),
    ]
}

#[test]
fn settings_are_sound_and_cheap() {
    for file in settings() {
        assert!(measure(&file).is_some(), "{:?}\n{file}", Design::from_json(&file).err());
    }
}

/// A design, and what it measures as it is; found out when it is first needed.
struct Tried {
    file: Value,
    before: OnceLock<Option<Measured>>,
}

impl Tried {
    fn all(files: impl IntoIterator<Item = Value>) -> Vec<Tried> {
        files.into_iter().map(|file| Tried { file, before: OnceLock::new() }).collect()
    }

    fn before(&self) -> Option<&Measured> {
        self.before.get_or_init(|| measure(&self.file)).as_ref()
    }
}

/// Short runs: what a knob does shows soon, or in another design.
fn short(mut file: Value) -> Value {
    file["run"]["until_s"] = json!(UNTIL_S);
    file["run"]["warmup_s"] = json!(0);
    for node in file["nodes"].as_array_mut().unwrap() {
        // Fewer requests say as much, and cost less.
        for point in
            node.pointer_mut("/params/traffic/points").and_then(Value::as_array_mut).into_iter().flatten()
        {
            point[1] = json!(point[1].as_f64().unwrap() / 4.0);
        }
    }
    file
}

/// Whether the knob moves a number in one of these designs, or in a neighbour of one.
fn moves_in(knob: Knob, files: &[Tried], tries: usize, deep: bool, dice: &mut Dice) -> bool {
    files.iter().filter(|tried| !knob.places(&tried.file).is_empty()).any(|tried| {
        let Some(before) = tried.before() else { return false };
        moves(knob, &tried.file, before, tries, dice)
            || deep
                && neighbours(knob, &tried.file).iter().any(|other| {
                    measure(other).is_some_and(|before| moves(knob, other, &before, tries, dice))
                })
    })
}

#[test]
fn every_knob_turns_something() {
    let knobs = Knob::all();
    let settings = Tried::all(settings());
    let random = Tried::all((1..=DESIGNS).map(|seed| short(random::design(seed))));
    let scenarios = Tried::all(scenarios::small().map(|s| short(serde_json::from_str(s.json).unwrap())));
    let rounds = [
        (&settings, VALUES, false),
        (&random, VALUES, false),
        (&settings, usize::MAX, false),
        (&settings, VALUES, true),
        (&scenarios, VALUES, false),
        (&random, VALUES, true),
    ];
    let (next, dead) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let look = || {
        while let Some(knob) = knobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            // Dice of its own: what is tried for one knob hangs on no other.
            let mut dice = Dice::new(knob.name().bytes().fold(7, |h, b| h * 31 % 1_000_003 + u64::from(b)));
            let moved = |&(files, tries, deep): &(&Vec<Tried>, usize, bool)| {
                moves_in(*knob, files, tries, deep, &mut dice)
            };
            if !rounds.iter().any(moved) {
                dead.lock().unwrap().push(knob.name());
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(look);
        }
    });
    let mut dead = dead.into_inner().unwrap();
    dead.sort();
    assert!(dead.is_empty(), "{} of {} knobs move no number: {}", dead.len(), knobs.len(), dead.join(", "));
}
