//! Changes of single fields and of the timeline, each leaving a design that can be read, or refusing.

use crate::editor::Outcome;
use crate::geometry::Point;
use crate::selection::{Selection, WireKey};
use crate::vet::{full, gone, too_long, unusable, vet};
use crate::view::PLACE_MAX;
use headroom_model::design::{Action, Design, Entry, Refusal};
use headroom_model::limits::TIMELINE_MAX;
use headroom_model::params::Params;
use headroom_model::verbs::On;

/// A coordinate that a design may hold.
pub(crate) fn clamped(x: f64) -> f64 {
    if x.is_finite() { x.clamp(-PLACE_MAX, PLACE_MAX) } else { 0.0 }
}

/// Moves nodes, places and notes.
pub(crate) fn shift(design: &mut Design, what: &Selection, by: Point) {
    for node in design.nodes.iter_mut().filter(|n| what.nodes.contains(&n.id)) {
        node.x = clamped(node.x + by.x);
        node.y = clamped(node.y + by.y);
    }
    for place in design.places.iter_mut().filter(|p| what.places.contains(&p.id)) {
        place.x = clamped(place.x + by.x);
        place.y = clamped(place.y + by.y);
    }
    for note in design.notes.iter_mut().filter(|n| what.notes.contains(&n.id)) {
        note.x = clamped(note.x + by.x);
        note.y = clamped(note.y + by.y);
    }
}

/// The text, unless it is too long.
pub(crate) fn short(text: String, max: usize) -> Result<String, Refusal> {
    if text.chars().count() > max { Err(too_long(max)) } else { Ok(text) }
}

/// Sets a param of a node, and drops timeline entries that it makes impossible.
pub(crate) fn set_param(design: &mut Design, id: &str, name: &str, value: &serde_json::Value) -> Outcome {
    let index = design.node_index(id).ok_or_else(|| gone("node", "노드"))?;
    set_one(design, index, name, value)?;
    Ok(drop_impossible(design))
}

/// Sets a param of several nodes, or of none of them.
pub(crate) fn set_params(
    design: &mut Design,
    ids: &[String],
    name: &str,
    value: &serde_json::Value,
) -> Outcome {
    for id in ids {
        let index = design.node_index(id).ok_or_else(|| gone("node", "노드"))?;
        // An entry that one of them makes impossible may name another: they are dropped at the end.
        set_one(design, index, name, value)?;
    }
    Ok(drop_impossible(design))
}

fn set_one(design: &mut Design, index: usize, name: &str, value: &serde_json::Value) -> Result<(), Refusal> {
    design.nodes[index].params.set(name, value).map_err(|reason| unusable(&reason))?;
    // Rules between params, such as a celebrity among the items.
    vet(&Design { nodes: vec![design.nodes[index].clone()], ..places_of(design) })
}

/// Sets a setting of a wire.
pub(crate) fn set_wire(design: &mut Design, key: &WireKey, name: &str, value: &serde_json::Value) -> Outcome {
    let index = design.wires.iter().position(|w| key.is(w)).ok_or_else(|| gone("wire", "선"))?;
    design.wires[index].params.set(name, value).map_err(|reason| unusable(&reason))?;
    Ok(None)
}

/// Puts an entry at its place in time, after those of the same moment.
pub(crate) fn insert_entry(design: &mut Design, entry: Entry) -> Outcome {
    if design.timeline.len() >= TIMELINE_MAX {
        return Err(full("timeline entries", "타임라인 항목", TIMELINE_MAX));
    }
    if !entry.at_s.is_finite() {
        return Err(unusable("the time is not a number"));
    }
    let at = design.timeline.partition_point(|e| e.at_s <= entry.at_s);
    let action = entry.action.clone();
    design.timeline.insert(at, entry);
    vet_timeline(design, &action)?;
    Ok(None)
}

/// A design with these places and nothing else, to try a piece in.
fn places_of(design: &Design) -> Design {
    Design { places: design.places.clone(), ..Design::default() }
}

/// Checks the entries about what an action is done to.
fn vet_timeline(design: &Design, action: &Action) -> Result<(), Refusal> {
    let on = action.verb.spec().on;
    let same = |other: &Action| {
        other.verb.spec().on == on && (&other.target, &other.to) == (&action.target, &action.to)
    };
    let timeline = design.timeline.iter().filter(|e| same(&e.action)).cloned().collect();
    if on == On::Node && design.place(&action.target).is_none() {
        let node = design.node(&action.target).ok_or_else(|| gone("node", "노드"))?;
        return vet(&Design { nodes: vec![node.clone()], timeline, ..places_of(design) });
    }
    let (nodes, wires) =
        if on == On::Wire { (design.nodes.clone(), design.wires.clone()) } else { (Vec::new(), Vec::new()) };
    vet(&Design { nodes, wires, timeline, ..places_of(design) })
}

/// Removes the entry at a position.
pub(crate) fn remove_entry(design: &mut Design, index: usize) -> Result<(), Refusal> {
    if index >= design.timeline.len() {
        return Err(gone("timeline entry", "타임라인 항목"));
    }
    design.timeline.remove(index);
    Ok(())
}

/// Drops entries that can no longer be done, such as killing an instance that a tier no longer has; says so.
pub(crate) fn drop_impossible(design: &mut Design) -> Option<Refusal> {
    let before = design.timeline.len();
    // Without an added shard, later entries about it become impossible as well.
    loop {
        let possible: Vec<bool> =
            design.timeline.iter().map(|e| design.check_action(&e.action).is_ok()).collect();
        if possible.iter().all(|p| *p) {
            break;
        }
        let mut keep = possible.iter();
        design.timeline.retain(|_| *keep.next().expect("one for each entry"));
    }
    let gone = before - design.timeline.len();
    (gone > 0).then(|| Refusal {
        en: format!(
            "{gone} timeline {} no longer possible and removed. Undo brings {} back.",
            if gone == 1 { "entry is" } else { "entries are" },
            if gone == 1 { "it" } else { "them" }
        ),
        ko: format!("더는 할 수 없는 타임라인 항목 {gone}개를 지웠습니다. 실행 취소하면 되돌아옵니다."),
    })
}
