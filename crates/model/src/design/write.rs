//! Writing a design: canonical JSON, defaults left out.

use super::{
    CanvasNote, Design, Entry, NOTE_SIZE, Node, PLACE_SIZE, Place, RunSettings, VERSION, View, Wire,
};
use crate::params::{Params, Widget, number_json};
use crate::verbs::ArgSpec;
use serde_json::{Map, Value, json};

/// Adds a field unless it has its default.
fn put(map: &mut Map<String, Value>, name: &str, value: Value, default: &Value) {
    if value != *default {
        map.insert(name.to_owned(), value);
    }
}

impl Design {
    /// The design as canonical JSON: fields in a fixed order, defaults left out.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("version".to_owned(), json!(VERSION));
        put(&mut map, "title", json!(self.title), &json!(""));
        put(&mut map, "note", json!(self.note), &json!(""));
        map.insert("nodes".to_owned(), self.nodes.iter().map(node_json).collect());
        map.insert("wires".to_owned(), self.wires.iter().map(wire_json).collect());
        put(&mut map, "places", self.places.iter().map(place_json).collect(), &json!([]));
        put(&mut map, "notes", self.notes.iter().map(note_json).collect(), &json!([]));
        let timeline: Value = self.timeline.iter().map(Entry::to_json).collect();
        put(&mut map, "timeline", timeline, &json!([]));
        put(&mut map, "run", run_json(&self.run), &json!({}));
        put(&mut map, "prices", Value::Object(self.prices.to_map()), &json!({}));
        put(&mut map, "view", view_json(&self.view), &json!({}));
        Value::Object(map)
    }

    /// The design file as people read it.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.to_json()).expect("JSON values can be written");
        text.push('\n');
        text
    }
}

fn node_json(node: &Node) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), json!(node.id));
    map.insert("kind".to_owned(), json!(node.kind().spec().id));
    put(&mut map, "label", json!(node.label), &json!(""));
    map.insert("x".to_owned(), number_json(node.x));
    map.insert("y".to_owned(), number_json(node.y));
    put(&mut map, "params", Value::Object(node.params.to_map()), &json!({}));
    put(&mut map, "place", json!(node.place), &Value::Null);
    put(&mut map, "spread", json!(node.spread), &json!([]));
    Value::Object(map)
}

fn place_json(place: &Place) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), json!(place.id));
    map.insert("kind".to_owned(), json!(place.kind().spec().id));
    put(&mut map, "label", json!(place.label), &json!(""));
    map.insert("x".to_owned(), number_json(place.x));
    map.insert("y".to_owned(), number_json(place.y));
    put(&mut map, "w", number_json(place.w), &number_json(PLACE_SIZE.0));
    put(&mut map, "h", number_json(place.h), &number_json(PLACE_SIZE.1));
    put(&mut map, "parent", json!(place.parent), &Value::Null);
    put(&mut map, "params", Value::Object(place.params.to_map()), &json!({}));
    Value::Object(map)
}

fn note_json(note: &CanvasNote) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), json!(note.id));
    map.insert("text".to_owned(), json!(note.text));
    map.insert("x".to_owned(), number_json(note.x));
    map.insert("y".to_owned(), number_json(note.y));
    put(&mut map, "w", number_json(note.w), &number_json(NOTE_SIZE.0));
    put(&mut map, "h", number_json(note.h), &number_json(NOTE_SIZE.1));
    Value::Object(map)
}

fn wire_json(wire: &Wire) -> Value {
    let mut map = Map::new();
    map.insert("from".to_owned(), json!(wire.from));
    map.insert("to".to_owned(), json!(wire.to));
    map.extend(wire.params.to_map());
    Value::Object(map)
}

impl Entry {
    /// The entry as a design file holds it.
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("at_s".to_owned(), number_json(self.at_s));
        let action = &self.action;
        let spec = action.verb.spec();
        map.insert("do".to_owned(), json!(spec.name));
        for (field, id) in spec.on.fields().iter().zip([&action.target, &action.to]) {
            map.insert((*field).to_owned(), json!(id));
        }
        put(&mut map, "part", json!(action.part), &Value::Null);
        for (value, arg) in action.args.iter().zip(spec.args) {
            if arg.needed || *value != arg.default {
                map.insert(arg.name.to_owned(), arg_json(arg, *value));
            }
        }
        Value::Object(map)
    }
}

/// The value of an argument as a design file holds it.
pub(super) fn arg_json(arg: &ArgSpec, value: Option<f64>) -> Value {
    match (arg.widget, value) {
        (_, None) => Value::Null,
        (Widget::Switch, Some(x)) => json!(x != 0.0),
        (Widget::Choice(choices), Some(x)) => json!(choices[x as usize].name),
        (_, Some(x)) => number_json(x),
    }
}

fn run_json(run: &RunSettings) -> Value {
    let d = RunSettings::default();
    let mut map = Map::new();
    put(&mut map, "seed", json!(run.seed), &json!(d.seed));
    put(&mut map, "until_s", number_json(run.until_s), &number_json(d.until_s));
    put(&mut map, "warmup_s", number_json(run.warmup_s), &number_json(d.warmup_s));
    put(&mut map, "window_s", run.window_s.map_or(Value::Null, number_json), &Value::Null);
    put(&mut map, "replications", json!(run.replications), &json!(d.replications));
    put(&mut map, "detail", json!(run.detail.name()), &json!(d.detail.name()));
    put(&mut map, "stretch_s", run.stretch_s.map_or(Value::Null, number_json), &Value::Null);
    put(&mut map, "skip_s", run.skip_s.map_or(Value::Null, number_json), &Value::Null);
    Value::Object(map)
}

fn view_json(view: &View) -> Value {
    let mut map = Map::new();
    if let Some(c) = view.camera {
        map.insert(
            "camera".to_owned(),
            json!({"x": number_json(c.x), "y": number_json(c.y), "zoom": number_json(c.zoom)}),
        );
    }
    put(&mut map, "open_at_s", view.open_at_s.map_or(Value::Null, number_json), &Value::Null);
    put(&mut map, "focus", json!(view.focus), &Value::Null);
    let mut promised = Map::new();
    let number = |value: Option<f64>| value.map_or(Value::Null, number_json);
    put(&mut promised, "p99_ms", number(view.objectives.p99_ms), &Value::Null);
    put(&mut promised, "error_share", number(view.objectives.error_share), &Value::Null);
    put(&mut map, "objectives", Value::Object(promised), &json!({}));
    Value::Object(map)
}
