//! The JSON Schema of a design file, generated from the specs.

use super::write::arg_json;
use super::{Detail, NOTE_SIDE_MIN, NOTE_SIZE, PLACE_SIDE_MIN, PLACE_SIZE, VERSION, WireParams};
use crate::kinds::{Kind, Verb};
use crate::limits::{
    LABEL_CHARS_MAX, NODES_MAX, NOTE_CHARS_MAX, NOTE_TEXT_CHARS_MAX, NOTES_MAX, OBJECTIVE_MS_MIN, PLACES_MAX,
    RATE_RPS_MAX, REPLICATIONS_MAX, RUN_S_MAX, SPREAD_MAX, TIMELINE_MAX, WIRES_MAX,
};
use crate::params::{LAW_FIELDS, ParamSpec, Params, Widget};
use crate::places::PlaceKind;
use crate::prices::Prices;
use crate::traffic::PRESETS;
use crate::verbs::VerbSpec;
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a design file.
pub fn json_schema() -> Value {
    let kinds: Vec<Value> = Kind::ALL.iter().map(|k| node_schema(*k)).collect();
    let places: Vec<Value> = PlaceKind::ALL.iter().map(|k| place_schema(*k)).collect();
    let number = |min: f64, max: f64, default: Value, text: &str| json!({"type": "number", "minimum": min, "maximum": max, "default": default, "description": text});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Headroom design",
        "description": "A web architecture, its traffic, and what happens to it when. Times end in _s or _ms, rates in _rps.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "version": {"const": VERSION},
            "title": {"type": "string", "maxLength": LABEL_CHARS_MAX},
            "note": {"type": "string", "maxLength": NOTE_CHARS_MAX},
            "nodes": {"type": "array", "maxItems": NODES_MAX, "items": {"oneOf": kinds}},
            "wires": {"type": "array", "maxItems": WIRES_MAX, "items": {
                "type": "object", "additionalProperties": false, "required": ["from", "to"],
                "description": "May call: requests go from one node to the other, answers come back. See each kind for what it may call.",
                "properties": wire_properties()}},
            "places": {"type": "array", "maxItems": PLACES_MAX, "description": "Boxes that hold nodes and other places.", "items": {"oneOf": places}},
            "notes": {"type": "array", "maxItems": NOTES_MAX, "description": "Words on the canvas; the run does not mind them.", "items": note_schema()},
            "timeline": {"type": "array", "maxItems": TIMELINE_MAX, "description": "In order of time.", "items": {"oneOf": actions()}},
            "run": {"type": "object", "additionalProperties": false, "properties": {
                "seed": {"type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64, "default": 1, "description": "Seed of every random stream: same design, seed and version give the same run, bit for bit."},
                "until_s": number(0.001, RUN_S_MAX, json!(120), "Length of the run."),
                "warmup_s": number(0.0, RUN_S_MAX, json!(0), "Start that the summary leaves out."),
                "window_s": {"type": ["number", "null"], "minimum": 0.001, "maximum": RUN_S_MAX, "default": null, "description": "Length of a window of the series; null means a round number near 1/150 of the run."},
                "replications": {"type": "integer", "minimum": 1, "maximum": REPLICATIONS_MAX, "default": 1, "description": "Runs with seeds seed, seed + 1, ... that the command line makes for confidence intervals."},
                "detail": {"enum": Detail::CHOICES.iter().map(|c| c.name).collect::<Vec<_>>(), "default": "exact", "description": "exact: every request is simulated. sampled: of a steady run only stretches are; in between the world goes on and everything stands as it is. What is not steady is simulated."},
                "stretch_s": {"type": ["number", "null"], "minimum": 0.001, "maximum": RUN_S_MAX, "default": null, "description": "With sampled detail, the least length of a stretch that is simulated; null means 5,000 requests."},
                "skip_s": {"type": ["number", "null"], "minimum": 0.001, "maximum": RUN_S_MAX, "default": null, "description": "With sampled detail, the most that is skipped at once; null means a tenth of the run."},
            }},
            "prices": {"type": "object", "additionalProperties": false, "description": "What things cost; defaults are list prices.", "properties": price_properties()},
            "view": {"type": "object", "additionalProperties": false, "properties": {
                "camera": {"type": "object", "additionalProperties": false, "required": ["x", "y", "zoom"], "properties": {"x": {"type": "number"}, "y": {"type": "number"}, "zoom": {"type": "number", "minimum": 0.01, "maximum": 100}}},
                "open_at_s": {"type": ["number", "null"], "minimum": 0, "maximum": RUN_S_MAX, "description": "A moment at which the run is paused when the design is opened."},
                "focus": {"type": ["string", "null"], "description": "Id of the node whose inspector is open at first."},
                "objectives": {"type": "object", "additionalProperties": false, "description": "What users are promised: lines in the charts. A run does not depend on it.", "properties": {
                    "p99_ms": {"type": ["number", "null"], "minimum": OBJECTIVE_MS_MIN, "maximum": RUN_S_MAX * 1e3, "description": "The 99th percentile of what users wait is to stay at or under this."},
                    "error_share": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "Of all requests that end, at most this share is to fail."},
                }},
            }},
        },
        "$defs": {"law": law_schema(), "curve": curve_schema()},
    })
}

fn node_schema(kind: Kind) -> Value {
    let spec = kind.spec();
    let mut params = Map::new();
    for p in kind.param_specs() {
        params.insert(p.name.to_owned(), param_schema(p));
    }
    let calls: Vec<&str> = spec.calls.iter().map(|k| k.spec().id).collect();
    let calls = if calls.is_empty() {
        "It calls nothing.".to_owned()
    } else {
        format!("May call: {}.", calls.join(", "))
    };
    json!({
        "type": "object", "additionalProperties": false, "required": ["id", "kind"],
        "title": spec.label.en,
        "description": format!("{} {calls}", spec.help.en),
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": LABEL_CHARS_MAX},
            "kind": {"const": spec.id},
            "label": {"type": "string", "maxLength": LABEL_CHARS_MAX},
            "x": {"type": "number"},
            "y": {"type": "number"},
            "params": {"type": "object", "additionalProperties": false, "properties": params},
            "place": {"type": ["string", "null"], "description": "Id of the place that it is in."},
            "spread": {"type": "array", "maxItems": SPREAD_MAX, "items": {"type": "string"}, "description": "Ids of places that its parts go to in turn, instead of all standing in place."},
        },
    })
}

fn place_schema(kind: PlaceKind) -> Value {
    let spec = kind.spec();
    let mut params = Map::new();
    for p in kind.param_specs() {
        params.insert(p.name.to_owned(), param_schema(p));
    }
    let inside: Vec<&str> = spec.inside.iter().map(|k| k.spec().id).collect();
    let inside = if inside.is_empty() {
        "It lies in no other place.".to_owned()
    } else {
        format!("May lie in: {}.", inside.join(", "))
    };
    let side = |default: f64| json!({"type": "number", "minimum": PLACE_SIDE_MIN, "default": default});
    json!({
        "type": "object", "additionalProperties": false, "required": ["id", "kind"],
        "title": spec.label.en,
        "description": format!("{} {inside}", spec.help.en),
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": LABEL_CHARS_MAX},
            "kind": {"const": spec.id},
            "label": {"type": "string", "maxLength": LABEL_CHARS_MAX},
            "x": {"type": "number"},
            "y": {"type": "number"},
            "w": side(PLACE_SIZE.0),
            "h": side(PLACE_SIZE.1),
            "parent": {"type": ["string", "null"], "description": "Id of the place that it lies in."},
            "params": {"type": "object", "additionalProperties": false, "properties": params},
        },
    })
}

fn note_schema() -> Value {
    let side = |default: f64| json!({"type": "number", "minimum": NOTE_SIDE_MIN, "default": default});
    json!({
        "type": "object", "additionalProperties": false, "required": ["id"],
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": LABEL_CHARS_MAX, "description": "Unique among notes, places and nodes."},
            "text": {"type": "string", "maxLength": NOTE_TEXT_CHARS_MAX, "description": "Text, never markup."},
            "x": {"type": "number"},
            "y": {"type": "number"},
            "w": side(NOTE_SIZE.0),
            "h": side(NOTE_SIZE.1),
        },
    })
}

fn price_properties() -> Map<String, Value> {
    Prices::specs().iter().map(|spec| (spec.name.to_owned(), param_schema(spec))).collect()
}

fn wire_properties() -> Map<String, Value> {
    let mut properties = Map::new();
    for (end, text) in [("from", "Id of the calling node."), ("to", "Id of the called node.")] {
        properties.insert(end.to_owned(), json!({"type": "string", "description": text}));
    }
    for spec in WireParams::specs() {
        properties.insert(spec.name.to_owned(), param_schema(spec));
    }
    properties
}

fn widget_schema(widget: Widget) -> Value {
    match widget {
        Widget::Number { min, max, integer, optional } => {
            let ty = if integer { "integer" } else { "number" };
            let ty = if optional { json!([ty, "null"]) } else { json!(ty) };
            json!({"type": ty, "minimum": min, "maximum": max})
        }
        Widget::Switch => json!({"type": "boolean"}),
        Widget::Choice(choices) => json!({"enum": choices.iter().map(|c| c.name).collect::<Vec<_>>()}),
        Widget::Law => json!({"$ref": "#/$defs/law"}),
        Widget::Curve => json!({"$ref": "#/$defs/curve"}),
    }
}

fn param_schema(spec: &ParamSpec) -> Value {
    let unit = if spec.unit.is_empty() { String::new() } else { format!(" [{}]", spec.unit) };
    let mut schema = widget_schema(spec.widget);
    let mut text = format!("{}{unit}", spec.help.en);
    if let Widget::Choice(choices) = spec.widget {
        for c in choices {
            text.push_str(&format!(" {}: {}", c.name, c.help.en));
        }
    }
    let object = schema.as_object_mut().expect("made as an object");
    object.insert("description".to_owned(), json!(text));
    object.insert("default".to_owned(), (spec.default)());
    schema
}

fn law_schema() -> Value {
    let laws: Vec<Value> = LAW_FIELDS
        .iter()
        .map(|(name, fields)| {
            let mut properties = Map::new();
            properties.insert("law".to_owned(), json!({"const": name}));
            for field in *fields {
                properties.insert((*field).to_owned(), json!({"type": "number", "minimum": 0}));
            }
            let required: Vec<&str> = std::iter::once("law").chain(fields.iter().copied()).collect();
            json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
        })
        .collect();
    json!({"description": "A probability law of a duration. cv is the coefficient of variation: standard deviation over mean. Erlang-k is gamma with cv = 1/sqrt(k).", "oneOf": laws})
}

fn curve_schema() -> Value {
    let mut shapes = vec![json!({
        "type": "object", "additionalProperties": false, "required": ["points"],
        "properties": {
            "points": {"type": "array", "minItems": 1, "items": {"type": "array", "prefixItems": [{"type": "number", "minimum": 0}, {"type": "number", "minimum": 0, "maximum": RATE_RPS_MAX}], "minItems": 2, "maxItems": 2}, "description": "[seconds, requests/s] in order of time, joined by straight lines; two at one time make a step."},
            "repeat": {"type": "boolean", "default": false, "description": "Start again after the last point."},
        },
    })];
    for preset in PRESETS {
        let mut properties = Map::new();
        properties.insert("preset".to_owned(), json!({"const": preset.name}));
        for (field, default) in preset.fields {
            properties
                .insert((*field).to_owned(), json!({"type": "number", "minimum": 0, "default": default}));
        }
        shapes.push(json!({"type": "object", "additionalProperties": false, "required": ["preset"], "properties": properties}));
    }
    json!({"description": "Arrival rate over time.", "oneOf": shapes})
}

fn actions() -> Vec<Value> {
    Verb::ALL.iter().map(|verb| action(verb.spec())).collect()
}

fn action(spec: &VerbSpec) -> Value {
    let mut properties = Map::new();
    properties.insert("at_s".to_owned(), json!({"type": "number", "minimum": 0, "maximum": RUN_S_MAX}));
    properties.insert("do".to_owned(), json!({"const": spec.name, "description": spec.help.en}));
    let mut required = vec!["at_s", "do"];
    for field in spec.on.fields() {
        properties.insert((*field).to_owned(), json!({"type": "string"}));
        required.push(field);
    }
    if spec.part {
        properties.insert("part".to_owned(), json!({"type": ["integer", "null"], "minimum": 0, "description": "Instance, machine (0 is the primary at the start) or shard; null means the whole node."}));
    }
    for arg in spec.args {
        let mut schema = widget_schema(arg.widget);
        let object = schema.as_object_mut().expect("made as an object");
        object.insert("description".to_owned(), json!(arg.label.en));
        if arg.needed {
            required.push(arg.name);
        } else {
            object.insert("default".to_owned(), arg_json(arg, arg.default));
        }
        properties.insert(arg.name.to_owned(), schema);
    }
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}
