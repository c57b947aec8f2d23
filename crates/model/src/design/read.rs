//! Reading a design file: every fault at once, each with its path.

use super::{
    Action, Camera, CanvasNote, Design, Entry, NOTE_SIDE_MIN, NOTE_SIZE, Node, Objectives, PLACE_SIDE_MIN,
    PLACE_SIZE, Place, RunSettings, VERSION, View, Wire, WireParams,
};
use crate::faults::{Fault, Faults};
use crate::kinds::{Kind, NodeParams};
use crate::limits::{
    DESIGN_BYTES_MAX, NODES_MAX, NOTES_MAX, OBJECTIVE_MS_MIN, PLACES_MAX, REPLICATIONS_MAX, RUN_S_MAX,
    SPREAD_MAX, TIMELINE_MAX, WIRES_MAX,
};
use crate::params::{ParamValue, Params, Widget, brief};
use crate::places::{PlaceKind, PlaceParams};
use crate::prices::Prices;
use crate::verbs::{ArgSpec, On, Verb};
use serde_json::{Map, Value};

/// Largest whole number that JSON carries exactly.
const SEED_MAX: f64 = 9_007_199_254_740_991.0;

impl Design {
    /// Reads a design file.
    ///
    /// # Errors
    /// Every fault, with its path and the way out.
    pub fn parse(text: &str) -> Result<Design, Vec<Fault>> {
        let fail = |reason: String| Err(vec![Fault { path: String::new(), reason }]);
        if text.len() > DESIGN_BYTES_MAX {
            return fail(format!("the design has {} bytes; at most {DESIGN_BYTES_MAX} are read", text.len()));
        }
        match serde_json::from_str(text) {
            Ok(value) => Design::from_json(&value),
            Err(e) => fail(format!("not JSON: {e}")),
        }
    }

    /// Reads a design from JSON that is already parsed.
    ///
    /// # Errors
    /// Every fault, with its path and the way out.
    pub fn from_json(value: &Value) -> Result<Design, Vec<Fault>> {
        let mut faults = Faults::default();
        let Some(object) = value.as_object() else {
            faults.add("", format!("a design is a JSON object; this is {}", brief(value)));
            return Err(faults.0);
        };
        let mut r = Reader { object, path: String::new(), faults: &mut faults };
        r.known(&[
            "version", "title", "note", "nodes", "wires", "places", "notes", "timeline", "run", "prices",
            "view",
        ]);
        let version: u32 = r.field("version", VERSION, 0.0, 1e6);
        if version != VERSION {
            let reason = format!(
                "this is version {version}; known is {VERSION}. A newer Headroom wrote it: open it there"
            );
            r.faults.add("version", reason);
            return Err(faults.0);
        }
        let mut design = Design { title: r.text("title"), note: r.text("note"), ..Design::default() };
        // A node whose kind is unknown is left out, and wires to it are not blamed as well.
        let mut left_out = Vec::new();
        let mut positions = Positions::default();
        for (at, (node, known)) in r.list("nodes", NODES_MAX, read_node) {
            if known {
                positions.nodes.push(at);
                design.nodes.push(node);
            } else {
                left_out.push(format!("\"{}\"", node.id));
            }
        }
        (positions.wires, design.wires) = r.list("wires", WIRES_MAX, read_wire).into_iter().unzip();
        for (at, (place, known)) in r.list("places", PLACES_MAX, read_place) {
            if known {
                positions.places.push(at);
                design.places.push(place);
            } else {
                left_out.push(format!("\"{}\"", place.id));
            }
        }
        (positions.notes, design.notes) = r.list("notes", NOTES_MAX, read_note).into_iter().unzip();
        let entries = r.list("timeline", TIMELINE_MAX, read_entry).into_iter();
        (positions.timeline, design.timeline) = entries.filter_map(|(at, entry)| Some((at, entry?))).unzip();
        design.run = r.object("run", read_run).unwrap_or_default();
        design.prices =
            r.object("prices", |r| Prices::from_map(r.object, &r.path, r.faults)).unwrap_or_default();
        design.view = r.object("view", read_view).unwrap_or_default();
        if faults.0.is_empty() {
            design.check(&mut faults);
        } else {
            // What can be judged in spite of earlier faults is judged as well; doubles are dropped.
            let mut more = Faults::default();
            design.check(&mut more);
            more.0.iter_mut().for_each(|fault| positions.name_in(fault));
            let told = |list: &str| value[list].as_array().map_or(0, Vec::len);
            let all_read =
                design.nodes.len() + design.places.len() + left_out.len() == told("nodes") + told("places");
            let unsure = |f: &Fault| {
                let by_id = f.path.starts_with("wires")
                    || f.path.starts_with("timeline")
                    || f.path.ends_with(".place")
                    || f.path.ends_with(".parent")
                    || f.path.contains(".spread[");
                by_id && (!all_read || left_out.iter().any(|id| f.reason.contains(id)))
            };
            more.0.retain(|f| !unsure(f) && !faults.0.iter().any(|g| g.path == f.path));
            faults.0.append(&mut more.0);
        }
        faults.into_result(design)
    }
}

impl Entry {
    /// Reads one entry of a timeline; `at_s` may be missing.
    ///
    /// # Errors
    /// All faults in one text.
    pub fn parse(text: &str) -> Result<Entry, String> {
        let mut value: Value = serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))?;
        let object = value.as_object_mut().ok_or("an entry of a timeline is an object")?;
        object.entry("at_s").or_insert(Value::from(0));
        let mut faults = Faults::default();
        let entry = read_entry(&mut Reader { object, path: String::new(), faults: &mut faults });
        match (entry, faults.0.as_slice()) {
            (Some(entry), []) => Ok(entry),
            (_, faults) => Err(faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// Where in the document each part of the design stands: what could not be read is not in the design, but it counts.
#[derive(Default)]
struct Positions {
    nodes: Vec<usize>,
    wires: Vec<usize>,
    places: Vec<usize>,
    notes: Vec<usize>,
    timeline: Vec<usize>,
}

impl Positions {
    /// Turns a position in the design, in the path of a fault, into the one in the document.
    fn name_in(&self, fault: &mut Fault) {
        let lists = [
            ("nodes", &self.nodes),
            ("wires", &self.wires),
            ("places", &self.places),
            ("notes", &self.notes),
            ("timeline", &self.timeline),
        ];
        for (list, positions) in lists {
            let index = fault.path.strip_prefix(list).and_then(|rest| rest.strip_prefix('['));
            if let Some((index, rest)) = index.and_then(|rest| rest.split_once(']')) {
                let at = index.parse::<usize>().ok().and_then(|i| positions.get(i));
                let at = at.expect("a fault of a list names one of its entries");
                fault.path = format!("{list}[{at}]{rest}");
                return;
            }
        }
    }
}

/// Reads fields of one object and notes faults with their path.
struct Reader<'a, 'f> {
    object: &'a Map<String, Value>,
    path: String,
    faults: &'f mut Faults,
}

impl<'a> Reader<'a, '_> {
    fn at(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    fn known(&mut self, fields: &[&str]) {
        for name in self.object.keys() {
            if !fields.contains(&name.as_str()) {
                let reason = format!("there is no such field; known are {}", fields.join(", "));
                let path = self.at(name);
                self.faults.add(path, reason);
            }
        }
    }

    fn field<T: ParamValue>(&mut self, name: &str, default: T, lo: f64, hi: f64) -> T {
        let Some(value) = self.object.get(name) else { return default };
        T::read(value, lo, hi).unwrap_or_else(|reason| {
            let path = self.at(name);
            self.faults.add(path, reason);
            default
        })
    }

    fn wanted<T: ParamValue>(&mut self, name: &str, stand_in: T, lo: f64, hi: f64) -> T {
        if self.object.get(name).is_none() {
            let path = self.at(name);
            self.faults.add(path, "is missing");
        }
        self.field(name, stand_in, lo, hi)
    }

    /// An argument of an action, as a number.
    fn arg(&mut self, spec: &ArgSpec) -> Option<f64> {
        if spec.needed && self.object.get(spec.name).is_none() {
            let path = self.at(spec.name);
            self.faults.add(path, "is missing");
        }
        match spec.widget {
            Widget::Number { min, max, integer, optional } => {
                match self.object.get(spec.name) {
                    None => return spec.default,
                    Some(Value::Null) if optional => return None,
                    Some(_) => {}
                }
                let fallback = spec.default.unwrap_or(min);
                if integer {
                    Some(self.field(spec.name, fallback as u64, min, max) as f64)
                } else {
                    Some(self.field(spec.name, fallback, min, max))
                }
            }
            Widget::Switch => {
                Some(f64::from(u8::from(self.field(spec.name, spec.default == Some(1.0), 0.0, 0.0))))
            }
            Widget::Choice(choices) => {
                let Some(value) = self.object.get(spec.name) else { return spec.default };
                let found = choices.iter().position(|c| value.as_str() == Some(c.name));
                if found.is_none() {
                    let known: Vec<&str> = choices.iter().map(|c| c.name).collect();
                    let path = self.at(spec.name);
                    let reason =
                        format!("{} is not known here; give one of {}", brief(value), known.join(", "));
                    self.faults.add(path, reason);
                }
                found.map(|i| i as f64).or(spec.default)
            }
            Widget::Law | Widget::Curve => unreachable!("no argument is a law or a curve"),
        }
    }

    fn text(&mut self, name: &str) -> String {
        match self.object.get(name) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => {
                let path = self.at(name);
                self.faults.add(path, format!("{} is not a text", brief(other)));
                String::new()
            }
        }
    }

    fn wanted_text(&mut self, name: &str) -> String {
        if self.object.get(name).is_none() {
            let path = self.at(name);
            self.faults.add(path, "is missing");
        }
        self.text(name)
    }

    /// A text that may be missing, null or empty: then there is none.
    fn id(&mut self, name: &str) -> Option<String> {
        if self.object.get(name).is_some_and(Value::is_null) {
            return None;
        }
        Some(self.text(name)).filter(|id| !id.is_empty())
    }

    /// A list of texts.
    fn ids(&mut self, name: &str, max: usize) -> Vec<String> {
        let Some(value) = self.object.get(name) else { return Vec::new() };
        let path = self.at(name);
        let list: Option<Vec<String>> =
            value.as_array().and_then(|list| list.iter().map(|id| id.as_str().map(str::to_owned)).collect());
        match list {
            Some(list) if list.len() <= max => return list,
            Some(list) => {
                self.faults.add(path, format!("{} is more than the {max} that are allowed", list.len()))
            }
            None => self.faults.add(path, format!("{} is not a list of ids", brief(value))),
        }
        Vec::new()
    }

    fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Reader) -> T) -> Option<T> {
        let value = self.object.get(name)?;
        let path = self.at(name);
        match value.as_object() {
            Some(object) => Some(read(&mut Reader { object, path, faults: self.faults })),
            None => {
                self.faults.add(path, format!("{} is not an object", brief(value)));
                None
            }
        }
    }

    /// The entries of a list that are objects, each with its position.
    fn list<T>(&mut self, name: &str, max: usize, read: impl Fn(&mut Reader) -> T) -> Vec<(usize, T)> {
        let Some(value) = self.object.get(name) else { return Vec::new() };
        let path = self.at(name);
        let Some(list) = value.as_array() else {
            self.faults.add(path, format!("{} is not a list", brief(value)));
            return Vec::new();
        };
        if list.len() > max {
            self.faults.add(path, format!("{} is more than the {max} that a design may have", list.len()));
            return Vec::new();
        }
        let mut items = Vec::with_capacity(list.len());
        for (i, value) in list.iter().enumerate() {
            let path = format!("{path}[{i}]");
            match value.as_object() {
                Some(object) => items.push((i, read(&mut Reader { object, path, faults: self.faults }))),
                None => self.faults.add(path, format!("{} is not an object", brief(value))),
            }
        }
        items
    }
}

/// A node, and whether its kind is known.
fn read_node(r: &mut Reader) -> (Node, bool) {
    r.known(&["id", "kind", "label", "x", "y", "params", "place", "spread"]);
    let id = r.wanted_text("id");
    let label = r.text("label");
    let (x, y) = (r.field("x", 0.0, -1e6, 1e6), r.field("y", 0.0, -1e6, 1e6));
    let kind_id = r.wanted_text("kind");
    let kind = Kind::by_id(&kind_id);
    if kind.is_none() && !kind_id.is_empty() {
        let known: Vec<&str> = Kind::ALL.iter().map(|k| k.spec().id).collect();
        let path = r.at("kind");
        r.faults.add(path, format!("\"{kind_id}\" is not a kind; known are {}", known.join(", ")));
    }
    let params = match kind {
        Some(kind) => r
            .object("params", |r| NodeParams::from_map(kind, r.object, &r.path, r.faults))
            .unwrap_or_else(|| NodeParams::default_of(kind)),
        None => NodeParams::default_of(Kind::Web),
    };
    let (place, spread) = (r.id("place"), r.ids("spread", SPREAD_MAX));
    (Node { id, label, x, y, params, place, spread }, kind.is_some())
}

/// A place, and whether its kind is known.
fn read_place(r: &mut Reader) -> (Place, bool) {
    r.known(&["id", "kind", "label", "x", "y", "w", "h", "parent", "params"]);
    let id = r.wanted_text("id");
    let label = r.text("label");
    let (x, y) = (r.field("x", 0.0, -1e6, 1e6), r.field("y", 0.0, -1e6, 1e6));
    let (w, h) = PLACE_SIZE;
    let (w, h) = (r.field("w", w, PLACE_SIDE_MIN, 1e6), r.field("h", h, PLACE_SIDE_MIN, 1e6));
    let kind_id = r.wanted_text("kind");
    let kind = PlaceKind::by_id(&kind_id);
    if kind.is_none() && !kind_id.is_empty() {
        let known: Vec<&str> = PlaceKind::ALL.iter().map(|k| k.spec().id).collect();
        let path = r.at("kind");
        let reason = format!("\"{kind_id}\" is not a kind of place; known are {}", known.join(", "));
        r.faults.add(path, reason);
    }
    let params = match kind {
        Some(kind) => r
            .object("params", |r| PlaceParams::from_map(kind, r.object, &r.path, r.faults))
            .unwrap_or_else(|| PlaceParams::default_of(kind)),
        None => PlaceParams::default_of(PlaceKind::Region),
    };
    let parent = r.id("parent");
    (Place { id, label, x, y, w, h, parent, params }, kind.is_some())
}

fn read_note(r: &mut Reader) -> CanvasNote {
    r.known(&["id", "text", "x", "y", "w", "h"]);
    let (w, h) = NOTE_SIZE;
    CanvasNote {
        id: r.wanted_text("id"),
        text: r.text("text"),
        x: r.field("x", 0.0, -1e6, 1e6),
        y: r.field("y", 0.0, -1e6, 1e6),
        w: r.field("w", w, NOTE_SIDE_MIN, 1e6),
        h: r.field("h", h, NOTE_SIDE_MIN, 1e6),
    }
}

fn read_wire(r: &mut Reader) -> Wire {
    let settings = WireParams::specs().iter().map(|s| s.name);
    r.known(&["from", "to"].into_iter().chain(settings).collect::<Vec<_>>());
    let mut wire = Wire::new(r.wanted_text("from"), r.wanted_text("to"));
    for spec in WireParams::specs() {
        if let Some(value) = r.object.get(spec.name)
            && let Err(reason) = wire.params.set(spec.name, value)
        {
            let path = r.at(spec.name);
            r.faults.add(path, reason);
        }
    }
    wire
}

fn read_entry(r: &mut Reader) -> Option<Entry> {
    let name = r.wanted_text("do");
    let Some(verb) = Verb::by_name(&name) else {
        if !name.is_empty() {
            let known: Vec<&str> = Verb::ALL.iter().map(|v| v.name()).collect();
            let path = r.at("do");
            r.faults.add(path, format!("\"{name}\" is not an action; known are {}", known.join(", ")));
        }
        return None;
    };
    let spec = verb.spec();
    let mut fields = vec!["at_s", "do"];
    fields.extend(spec.on.fields());
    fields.extend(spec.part.then_some("part"));
    fields.extend(spec.args.iter().map(|a| a.name));
    r.known(&fields);
    let at_s = r.wanted("at_s", 0.0, 0.0, RUN_S_MAX);
    let mut action = match spec.on {
        On::Node => Action::new(verb, r.wanted_text("node")),
        On::Wire | On::Places => Action::on_wire(verb, r.wanted_text("from"), r.wanted_text("to")),
    };
    if spec.part {
        action.part = r.field("part", None::<u32>, 0.0, 100_000.0);
    }
    for (value, arg) in action.args.iter_mut().zip(spec.args) {
        *value = r.arg(arg);
    }
    Some(Entry { at_s, action })
}

fn read_run(r: &mut Reader) -> RunSettings {
    r.known(&["seed", "until_s", "warmup_s", "window_s", "replications", "detail", "stretch_s", "skip_s"]);
    let d = RunSettings::default();
    RunSettings {
        seed: r.field("seed", d.seed, 0.0, SEED_MAX),
        until_s: r.field("until_s", d.until_s, 0.001, RUN_S_MAX),
        warmup_s: r.field("warmup_s", d.warmup_s, 0.0, RUN_S_MAX),
        window_s: r.field("window_s", d.window_s, 0.001, RUN_S_MAX),
        replications: r.field("replications", d.replications, 1.0, f64::from(REPLICATIONS_MAX)),
        detail: r.field("detail", d.detail, 0.0, 0.0),
        stretch_s: r.field("stretch_s", d.stretch_s, 0.001, RUN_S_MAX),
        skip_s: r.field("skip_s", d.skip_s, 0.001, RUN_S_MAX),
    }
}

fn read_objectives(r: &mut Reader) -> Objectives {
    r.known(&["p99_ms", "error_share"]);
    Objectives {
        p99_ms: r.field("p99_ms", None::<f64>, OBJECTIVE_MS_MIN, RUN_S_MAX * 1e3),
        error_share: r.field("error_share", None::<f64>, 0.0, 1.0),
    }
}

fn read_view(r: &mut Reader) -> View {
    r.known(&["camera", "open_at_s", "focus", "objectives"]);
    View {
        camera: r.object("camera", |r| {
            r.known(&["x", "y", "zoom"]);
            Camera {
                x: r.wanted("x", 0.0, -1e6, 1e6),
                y: r.wanted("y", 0.0, -1e6, 1e6),
                zoom: r.wanted("zoom", 1.0, 0.01, 100.0),
            }
        }),
        open_at_s: r.field("open_at_s", None::<f64>, 0.0, RUN_S_MAX),
        focus: Some(r.text("focus")).filter(|f| !f.is_empty()),
        objectives: r.object("objectives", read_objectives).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_together_and_none_is_made_up() {
        let text = r#"{"nodes": [{"id": "u", "kind": "users", "x": 0, "y": 0, "params": {"zipf_s": -3}},
            {"id": "t", "kind": "teapot", "x": 0, "y": 0}, {"id": "w", "kind": "web", "x": 0, "y": 0}],
            "wires": [{"from": "u", "to": "t"}, {"from": "u", "to": "nobody"}, {"from": "w", "to": "u"}],
            "timeline": [{"at_s": 1, "do": "kill", "node": "t"}, {"at_s": 2, "do": "kill", "node": "nobody"}]}"#;
        let faults = Design::parse(text).expect_err("the design has faults");
        let paths: Vec<&str> = faults.iter().map(|f| f.path.as_str()).collect();
        let wanted = ["nodes[0].params.zipf_s", "nodes[1].kind", "wires[1].to", "wires[2]", "timeline[1]"];
        assert_eq!(paths, wanted, "{faults:?}");
    }

    #[test]
    fn what_cannot_be_read_still_counts_in_the_paths_of_what_comes_after_it() {
        let text = r#"{"nodes": [7, {"id": "u", "kind": "users"}, {"id": "t", "kind": "teapot"}, {"id": "w", "kind": "web"}, {"id": "w", "kind": "web"}],
            "wires": ["?", {"from": "u", "to": "w"}, {"from": "w", "to": "u"}],
            "timeline": [{"at_s": 9, "do": "dance", "node": "w"}, {"at_s": 5, "do": "kill", "node": "w"}, {"at_s": 4, "do": "kill", "node": "w"}]}"#;
        let paths = |text: &str| -> Vec<String> {
            let faults = Design::parse(text).expect_err("the design has faults");
            faults.into_iter().map(|f| f.path).collect()
        };
        // Not all nodes could be read, so nothing is said of what refers to them by id.
        assert_eq!(paths(text), ["nodes[0]", "nodes[2].kind", "wires[0]", "timeline[0].do", "nodes[4].id"]);
        let text = text.replace("7, ", "").replace("teapot", "cache");
        assert_eq!(
            paths(&text),
            ["wires[0]", "timeline[0].do", "nodes[3].id", "wires[2]", "timeline[2].at_s"]
        );
    }
}
