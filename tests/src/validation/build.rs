//! Designs in a few words, and runs of them. All goes through the text of a design file.

use headroom_model::design::Design;
use headroom_model::sim::Simulation;
use headroom_model::summary::summarize;
use serde_json::{Map, Value, json};

/// A node of a design file.
pub fn node(id: &str, kind: &str, params: Value) -> Value {
    json!({"id": id, "kind": kind, "params": params})
}

/// Users with a constant rate who only read and never give up; `more` adds or replaces params.
pub fn users(rate_rps: f64, more: Value) -> Value {
    let mut params = json!({
        "traffic": {"preset": "constant", "rps": rate_rps}, "write_share": 0, "items": 100, "timeout_ms": null,
    });
    merge(&mut params, more);
    node("users", "users", params)
}

/// A web tier with an unbounded queue; `more` adds or replaces params.
pub fn web(id: &str, workers: u32, service: Value, more: Value) -> Value {
    let mut params = json!({"workers": workers, "service": service, "queue_limit": null});
    merge(&mut params, more);
    node(id, "web", params)
}

/// A web tier that costs nothing: it only passes requests on.
pub fn free_web() -> Value {
    web("web", 10_000, det_ms(0.0), json!({}))
}

fn merge(params: &mut Value, more: Value) {
    let into = params.as_object_mut().expect("params are an object");
    let Value::Object(more) = more else { panic!("params are an object") };
    into.extend(more);
}

/// A design whose nodes are wired as told; a wire is a pair of ids, or an object for one with settings.
pub fn design(until_s: f64, warmup_s: f64, nodes: Vec<Value>, wires: Vec<Value>) -> Value {
    let wires: Vec<Value> = wires
        .into_iter()
        .map(|w| match w {
            Value::Array(pair) => json!({"from": pair[0], "to": pair[1]}),
            wire => wire,
        })
        .collect();
    json!({
        "version": 1, "nodes": nodes, "wires": wires, "run": {"until_s": until_s, "warmup_s": warmup_s},
    })
}

/// Each node wired to the next.
pub fn chain(until_s: f64, warmup_s: f64, nodes: Vec<Value>) -> Value {
    let wires = nodes.windows(2).map(|pair| json!([pair[0]["id"], pair[1]["id"]])).collect();
    design(until_s, warmup_s, nodes, wires)
}

/// An exponential law.
pub fn exp_ms(mean_ms: f64) -> Value {
    json!({"law": "exponential", "mean_ms": mean_ms})
}

/// A constant.
pub fn det_ms(mean_ms: f64) -> Value {
    json!({"law": "deterministic", "mean_ms": mean_ms})
}

/// A lognormal law.
pub fn lognormal_ms(mean_ms: f64, cv: f64) -> Value {
    json!({"law": "lognormal", "mean_ms": mean_ms, "cv": cv})
}

/// A run that is over.
pub struct Done {
    /// The design.
    pub design: Design,
    /// The run, at its end.
    pub sim: Simulation,
    /// Its summary.
    pub summary: Value,
}

/// Reads a design file with this seed put in, and runs it to its end.
pub fn run(file: &Value, seed: u64) -> Done {
    let mut file = file.clone();
    file["run"]["seed"] = json!(seed);
    let design = Design::parse(&file.to_string())
        .unwrap_or_else(|faults| panic!("a sound design: {faults:?}\n{file}"));
    let mut sim = Simulation::new(&design);
    sim.run();
    let summary = summarize(&design, &mut sim);
    assert!(!sim.is_saturated(), "the simulator's own limit was reached");
    assert!(sim.is_conserved(), "arrived = completed + failed + in flight");
    Done { design, sim, summary }
}

impl Done {
    /// A node's part of the summary.
    pub fn node(&self, id: &str) -> &Map<String, Value> {
        self.summary["nodes"]
            .as_array()
            .and_then(|nodes| nodes.iter().find(|n| n["id"] == id))
            .and_then(Value::as_object)
            .unwrap_or_else(|| panic!("the summary has the node {id}"))
    }

    /// A number of a node's summary.
    pub fn get(&self, id: &str, name: &str) -> f64 {
        let value = self.node(id).get(name).unwrap_or_else(|| panic!("the summary of {id} has {name}"));
        value.as_f64().unwrap_or_else(|| panic!("{id}.{name} is a number, not {value}"))
    }

    /// A series of a node by the id of its metric, one value a window.
    pub fn series(&self, id: &str, metric: &str) -> Vec<f64> {
        let at = self.design.node_index(id).expect("the design has the node");
        let metric =
            self.design.nodes[at].kind().spec().metric_index(metric).expect("the kind has the metric");
        let before: usize = self.design.nodes[..at].iter().map(|n| n.kind().spec().value_count()).sum();
        self.sim.windows().iter().map(|w| f64::from(w.nodes[before + metric])).collect()
    }
}
