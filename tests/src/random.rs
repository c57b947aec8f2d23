//! Random designs: any kind with any params, wired in any way that is allowed, with things done to it while it runs.
//!
//! Kinds, params, wires and verbs come from the registry, so that a new one takes part without a word here.
#![allow(clippy::disallowed_methods, reason = "a design is made here, not run")]

use headroom_model::design::{Design, WireParams};
use headroom_model::kinds::{Kind, KindSpec};
use headroom_model::params::{ParamSpec, Params, Widget};
use headroom_model::places::PlaceKind;
use serde_json::{Map, Value, json};

/// A small generator of its own (SplitMix64): designs must not hang on the one under test.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed. Its bits are mixed first: otherwise the next seed would give the same numbers, shifted by one.
    pub fn new(seed: u64) -> Self {
        Self(Self(seed).bits())
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Even over `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Even over `[low, high)`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From 0 up to and without `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    /// True with this probability.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Traffic ends here; the rest of the run is for what is on its way [s].
pub const TRAFFIC_S: f64 = 10.0;
/// Length of a run [s].
pub const RUN_S: f64 = 400.0;

/// A random design as a design file, sound and cheap enough to be run in a fraction of a second.
pub fn design(seed: u64) -> Value {
    let mut dice = Dice::new(seed);
    let mut nodes = nodes(&mut dice);
    // Dice of their own: a design without places stays as it was before there were any.
    let mut place_dice = Dice::new(seed ^ 0x0091_ace5);
    let places = places(&mut place_dice, &mut nodes);
    let wires = wires(&mut dice, &nodes);
    let mut timeline = if dice.chance(0.6) { timeline(&mut dice, &nodes) } else { Vec::new() };
    if place_dice.chance(0.5) {
        timeline.extend(disasters(&mut place_dice, &places));
        timeline
            .sort_by(|a, b| a["at_s"].as_f64().unwrap_or(0.0).total_cmp(&b["at_s"].as_f64().unwrap_or(0.0)));
    }
    let warmup_s = if dice.chance(0.3) { dice.between(0.0, 1.2 * TRAFFIC_S) } else { 0.0 };
    let mut run = json!({"seed": seed, "until_s": RUN_S, "warmup_s": warmup_s, "window_s": dice.one_of(&[0.5, 1.0, 7.0])});
    if seed % 4 == 3 {
        // Skips that are as short as the runs.
        run["detail"] = json!("sampled");
        run["stretch_s"] = json!(place_dice.one_of(&[0.01, 0.3]));
        run["skip_s"] = json!(place_dice.one_of(&[0.05, 2.0, 100.0]));
    }
    json!({
        "version": 1,
        "title": format!("Random {seed}"),
        "nodes": nodes,
        "wires": wires,
        "places": places,
        "timeline": timeline,
        "run": run,
    })
}

/// Reads a random design. It is sound by construction.
pub fn parse(file: &Value) -> Design {
    Design::parse(&file.to_string()).unwrap_or_else(|faults| panic!("a sound design: {faults:?}\n{file}"))
}

/// Kinds in an order in which every allowed wire points to the right.
fn order() -> Vec<Kind> {
    let mut left: Vec<Kind> = Kind::ALL.to_vec();
    let mut order = Vec::new();
    while !left.is_empty() {
        let called = |k: &Kind| left.iter().any(|o| o != k && o.spec().calls.contains(k));
        // Kinds that may call each other come as they are listed.
        let at = left.iter().position(|k| !called(k)).unwrap_or(0);
        order.push(left.remove(at));
    }
    order
}

fn nodes(dice: &mut Dice) -> Vec<Value> {
    let mut nodes = Vec::new();
    for kind in order() {
        let spec = kind.spec();
        let count = match kind {
            Kind::Users | Kind::Web => 1 + dice.below(3),
            _ => dice.below(3),
        };
        for i in 0..count {
            let mut params = params(dice, kind);
            if kind == Kind::Users {
                tame_users(dice, &mut params);
            }
            // It sees no cookies.
            if params.get("flavour") == Some(&json!("l4")) {
                params.insert("sticky".to_owned(), json!(false));
            }
            if kind == Kind::Relational && dice.chance(0.7) {
                // Around the default there are none.
                params.insert("replicas".to_owned(), json!(dice.below(5)));
            }
            nodes.push(json!({"id": format!("{}{i}", spec.id), "kind": spec.id, "params": params}));
        }
    }
    nodes
}

/// Now and then two regions with zones, a data centre, subnets and a machine, and every node somewhere in them. What users
/// may call stands where they can reach it.
fn places(dice: &mut Dice, nodes: &mut [Value]) -> Vec<Value> {
    if dice.chance(0.5) {
        return Vec::new();
    }
    let mut place = |id: &str, kind: &str, parent: &str| {
        let kind = PlaceKind::by_id(kind).expect("a known kind of place");
        let mut params = Map::new();
        for spec in kind.param_specs() {
            if dice.chance(0.5) {
                params.insert(spec.name.to_owned(), param(dice, spec));
            }
        }
        json!({"id": id, "kind": kind.spec().id, "parent": parent, "params": params})
    };
    let places = vec![
        place("near", "region", ""),
        place("far", "region", ""),
        place("zone_a", "zone", "near"),
        place("zone_b", "zone", "near"),
        place("hall", "data_centre", "zone_a"),
        place("front", "public_subnet", "hall"),
        place("back", "private_subnet", "hall"),
        place("box", "machine", "back"),
        place("site", "data_centre", "far"),
        place("host", "machine", "site"),
    ];
    for node in nodes {
        let kind = spec_of(node).kind;
        let inner = !Kind::Users.spec().calls.contains(&kind);
        let of: &[&str] = match kind {
            Kind::Users => &["near", "far"],
            _ if inner => &["near", "zone_b", "hall", "back", "box", "host"],
            _ => &["near", "far", "zone_a", "zone_b", "front", "site", "host"],
        };
        node["place"] = json!(dice.one_of(of));
        if spec_of(node).parts.is_some() && kind != Kind::Users && dice.chance(0.3) {
            node["spread"] = json!([dice.one_of(of), dice.one_of(of), dice.one_of(of)]);
        }
    }
    places
}

/// Things that happen to whole places.
fn disasters(dice: &mut Dice, places: &[Value]) -> Vec<Value> {
    if places.is_empty() {
        return Vec::new();
    }
    let ids: Vec<&str> = places.iter().filter_map(|p| p["id"].as_str()).collect();
    (0..dice.below(5))
        .map(|_| {
            let at_s = dice.between(0.0, 1.3 * TRAFFIC_S);
            let first = dice.below(ids.len());
            let (a, b) = (ids[first], ids[(first + 1 + dice.below(ids.len() - 1)) % ids.len()]);
            match dice.below(4) {
                0 => json!({"at_s": at_s, "do": "kill", "node": a}),
                1 => json!({"at_s": at_s, "do": "revive", "node": a}),
                2 => json!({"at_s": at_s, "do": "rejoin", "from": a, "to": b}),
                _ => json!({"at_s": at_s, "do": "partition", "from": a, "to": b}),
            }
        })
        .collect()
}

/// What must hold between the params of users, and traffic that ends.
fn tame_users(dice: &mut Dice, params: &mut Map<String, Value>) {
    let items = 1 + dice.below(2000);
    params.insert("items".to_owned(), json!(items));
    params.insert("celebrity_item".to_owned(), json!(dice.below(items)));
    params.insert("celebrity_at_s".to_owned(), json!(dice.between(0.0, TRAFFIC_S)));
    let points = 1 + dice.below(4);
    let mut times: Vec<f64> = (0..points).map(|_| dice.between(0.0, TRAFFIC_S)).collect();
    times.sort_by(f64::total_cmp);
    let mut curve: Vec<(f64, f64)> = times.into_iter().map(|t| (t, dice.between(0.0, 400.0))).collect();
    curve.push((TRAFFIC_S, 100.0));
    curve.push((TRAFFIC_S, 0.0));
    params.insert("traffic".to_owned(), json!({"points": curve}));
    let most = dice.between(0.0, 0.5);
    for share in ["write_share", "static_share", "query_share", "job_share"] {
        params.insert(share.to_owned(), json!(dice.between(0.0, most) * 0.5));
    }
    params.insert("assets_per_page".to_owned(), json!(dice.below(6)));
    // Those who come back do so a few times, and stop with the traffic.
    params.insert("population".to_owned(), json!(1 + dice.below(60)));
    params.insert("think".to_owned(), law(dice, 1000.0, 0.3));
    params.insert("visit".to_owned(), law(dice, 1000.0, 0.0));
    params.insert("session".to_owned(), law(dice, 3000.0, 0.0));
    params.insert("ends_s".to_owned(), json!(dice.between(0.0, TRAFFIC_S)));
}

fn params(dice: &mut Dice, kind: Kind) -> Map<String, Value> {
    let mut params = Map::new();
    for spec in kind.param_specs() {
        if dice.chance(0.7) {
            params.insert(spec.name.to_owned(), param(dice, spec));
        }
    }
    params
}

fn param(dice: &mut Dice, spec: &ParamSpec) -> Value {
    let default = (spec.default)();
    match spec.widget {
        Widget::Number { min, max, integer, optional } => {
            if optional && dice.chance(0.2) {
                return Value::Null;
            }
            if dice.chance(0.1) {
                return json!(if integer { min.floor() } else { min });
            }
            // Around the default, and small enough that a run stays cheap.
            let middle = default.as_f64().unwrap_or(0.0).clamp(0.1, 100.0);
            let x = (middle * 10f64.powf(dice.between(-1.0, 1.0))).clamp(min, max);
            json!(if integer { x.round().clamp(min, max) } else { x })
        }
        Widget::Switch => json!(dice.chance(0.5)),
        Widget::Choice(choices) => json!(choices[dice.below(choices.len())].name),
        Widget::Law => law(dice, default["mean_ms"].as_f64().filter(|ms| *ms > 0.0).unwrap_or(1.0), 0.0),
        Widget::Curve => default,
    }
}

/// A law with a mean near `near_ms`, and at least `least` times it.
fn law(dice: &mut Dice, near_ms: f64, least: f64) -> Value {
    let mean = near_ms.max(0.01) * 10f64.powf(dice.between(-1.0, 0.5)).max(least);
    // The longest of the laws reaches a hundred times its mean, and an hour is the most that a law may.
    let mean = mean.min(36_000.0);
    match dice.below(8) {
        0 => json!({"law": "deterministic", "mean_ms": mean}),
        1 => json!({"law": "lognormal", "mean_ms": mean, "cv": dice.between(0.1, 3.0)}),
        2 => json!({"law": "gamma", "mean_ms": mean, "cv": dice.between(0.2, 2.0)}),
        3 => json!({"law": "hyperexponential", "mean_ms": mean, "cv": dice.between(1.0, 4.0)}),
        4 => json!({"law": "uniform", "min_ms": 0.5 * mean, "max_ms": 1.5 * mean}),
        5 => {
            json!({"law": "bounded_pareto", "alpha": dice.between(0.8, 2.5), "min_ms": 0.3 * mean, "max_ms": 100.0 * mean})
        }
        6 if least == 0.0 => json!({"law": "deterministic", "mean_ms": 0}),
        _ => json!({"law": "exponential", "mean_ms": mean}),
    }
}

fn spec_of(node: &Value) -> &'static KindSpec {
    let kind = node["kind"].as_str().and_then(Kind::by_id).expect("a known kind");
    kind.spec()
}

/// Wires from left to right, so that there are no loops. Now and then a node has none.
fn wires(dice: &mut Dice, nodes: &[Value]) -> Vec<Value> {
    let mut wires = Vec::new();
    let density = dice.between(0.3, 1.0);
    for (i, from) in nodes.iter().enumerate() {
        for to in &nodes[i + 1..] {
            let may = spec_of(from).calls.contains(&spec_of(to).kind);
            // Tiers that call tiers that call tiers multiply the work.
            let p = if from["kind"] == to["kind"] { 0.3 } else { density };
            if may && dice.chance(p) {
                let mut wire = json!({"from": from["id"], "to": to["id"]});
                if dice.chance(0.6) {
                    wire["latency_ms"] = json!(dice.between(0.0, 20.0));
                }
                if dice.chance(0.3) {
                    wire["weight"] = json!(dice.between(0.0, 3.0));
                }
                if dice.chance(0.3) {
                    wire["pool"] = json!(1 + dice.below(20));
                    wire["pool_wait_ms"] = json!(dice.between(0.0, 500.0));
                }
                if dice.chance(0.25) {
                    guard(dice, &mut wire);
                }
                wires.push(wire);
            }
        }
    }
    wires
}

/// Makes a wire retry, break, hedge, limit, lose and so on.
fn guard(dice: &mut Dice, wire: &mut Value) {
    for spec in WireParams::specs() {
        if wire.get(spec.name).is_none() && dice.chance(0.4) {
            wire[spec.name] = param(dice, spec);
        }
    }
    // Several layers of retries multiply the work, and what was begun has to end within the run.
    wire["retries"] = json!(dice.below(3));
    wire["backoff_max_ms"] = json!(dice.between(0.0, 3_000.0));
    let optional = |dice: &mut Dice, low: f64, high: f64| {
        if dice.chance(0.5) { json!(10f64.powf(dice.between(low, high))) } else { Value::Null }
    };
    wire["timeout_ms"] = optional(dice, 0.0, 3.0);
    wire["rate_limit_rps"] = optional(dice, 0.0, 3.0);
    wire["bandwidth_mbps"] = optional(dice, 1.0, 4.0);
    wire["error_share"] = json!(if dice.chance(0.5) { dice.between(0.0, 0.5) } else { 0.0 });
    wire["extra_delay"] =
        if dice.chance(0.3) { law(dice, 2.0, 0.0) } else { json!({"law": "deterministic", "mean_ms": 0}) };
}

/// The parts of a node at the start of a run.
fn parts(node: &Value) -> usize {
    let param = |name: &str| {
        let spec = spec_of(node).kind.param_specs().iter().find(|p| p.name == name);
        let value = node["params"].get(name).cloned().or_else(|| spec.map(|s| (s.default)()));
        value.and_then(|v| v.as_f64()).map_or(0, |x| x as usize)
    };
    match spec_of(node).kind {
        Kind::Web | Kind::Workers => param("instances"),
        Kind::Relational => param("replicas") + 1,
        Kind::Sharded => param("shards"),
        Kind::Nosql => param("nodes"),
        Kind::Cache => param("nodes"),
        Kind::SessionStore => param("replicas") + 1,
        Kind::Cdn => param("edges"),
        _ => 1,
    }
}

/// Something that can be done to one of the nodes, as an entry of a timeline; nothing where no node allows anything.
pub fn entry(dice: &mut Dice, nodes: &[Value], at_s: f64) -> Option<Value> {
    let able: Vec<&Value> = nodes.iter().filter(|n| !spec_of(n).verbs.is_empty()).collect();
    if able.is_empty() {
        return None;
    }
    let node = dice.one_of(&able);
    let verb = dice.one_of(spec_of(node).verbs);
    let mut entry = json!({"at_s": at_s, "do": verb.name(), "node": node["id"]});
    let spec = verb.spec();
    if spec.part && dice.chance(0.7) {
        entry["part"] = json!(dice.below(parts(node)));
    }
    for arg in spec.args {
        entry[arg.name] = match arg.widget {
            _ if arg.name == "factor" => json!(10f64.powf(dice.between(-1.0, 1.0))),
            _ if arg.name == "item" => {
                // A store has no items of its own; past the last one nothing happens.
                json!(dice.below(node["params"]["items"].as_u64().unwrap_or(500) as usize))
            }
            Widget::Number { min, max, integer: true, .. } => {
                json!(min as usize + dice.below((max - min) as usize + 1))
            }
            Widget::Number { min, max, .. } => json!(dice.between(min, max)),
            Widget::Choice(choices) => json!(dice.one_of(choices).name),
            _ => json!(dice.chance(0.5)),
        };
    }
    Some(entry)
}

fn timeline(dice: &mut Dice, nodes: &[Value]) -> Vec<Value> {
    let count = dice.below(8);
    let mut times: Vec<f64> = (0..count).map(|_| dice.between(0.0, 1.3 * TRAFFIC_S)).collect();
    if count > 2 && dice.chance(0.3) {
        // Two things at one moment, and a moment on the edge of a window.
        times[1] = times[0];
        times[2] = 5.0;
    }
    times.sort_by(f64::total_cmp);
    times.into_iter().filter_map(|at_s| entry(dice, nodes, at_s)).collect()
}
