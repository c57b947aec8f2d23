//! Places as boxes: drawn, moved with all they hold, made larger or smaller, deleted, and put into each other.

use crate::editor::{Editor, Outcome};
use crate::fields::{clamped, drop_impossible, shift};
use crate::geometry::{Point, Rect, content, node_rect};
use crate::handles::{BOX_HEIGHT_MIN, BOX_WIDTH_MIN};
use crate::hit::TITLE_HEIGHT;
use crate::message::{Change, Effect};
use crate::notes::{grow_notes, note_rect};
use crate::places::{moving, place_at, place_rect, settle, sound};
use crate::selection::{Item, Selection};
use crate::snap::{GRID, room_in, to_grid};
use crate::vet::{full, gone, unusable};
use crate::view::PLACE_MAX;
use headroom_model::design::{Design, Place, Refusal, nesting_refusal, place_refusal};
use headroom_model::limits::{PLACES_MAX, SPREAD_MAX};
use headroom_model::places::layout::Layout;
use headroom_model::places::{PlaceKind, PlaceParams};
use serde_json::Value;
use std::collections::BTreeSet;

/// Room between a box and what it is drawn around, at the sides and below; above there is the title [world px].
const PADDING: f64 = 24.0;
/// Greatest width and height of a box [world px].
const SIDE_MAX: f64 = 1e6;

/// Width and height of a new box, unless what it goes into is smaller [world px].
fn usual_size(kind: PlaceKind) -> (f64, f64) {
    match kind {
        PlaceKind::Region => (760.0, 480.0),
        PlaceKind::Zone | PlaceKind::DataCentre => (528.0, 360.0),
        PlaceKind::PublicSubnet | PlaceKind::PrivateSubnet => (432.0, 248.0),
        PlaceKind::Machine => (272.0, 192.0),
    }
}

/// Where others may lie in a box: below its title, with some room at the sides.
fn inner(rect: &Rect) -> Rect {
    let (w, h) = (rect.w - 2.0 * PADDING, rect.h - TITLE_HEIGHT - PADDING);
    Rect { x: rect.x + PADDING, y: rect.y + TITLE_HEIGHT + GRID, w: w.max(0.0), h: (h - GRID).max(0.0) }
}

/// The box that holds this with room around it.
fn around(rect: &Rect) -> Rect {
    Rect {
        x: rect.x - PADDING,
        y: rect.y - TITLE_HEIGHT - GRID,
        w: rect.w + 2.0 * PADDING,
        h: rect.h + TITLE_HEIGHT + GRID + PADDING,
    }
}

/// The rectangle shifted so that it lies in `outer`, as far as it fits.
fn shifted_into(rect: Rect, outer: &Rect) -> Rect {
    let along = |start: f64, length: f64, from: f64, room: f64| start.min(from + room - length).max(from);
    Rect { x: along(rect.x, rect.w, outer.x, outer.w), y: along(rect.y, rect.h, outer.y, outer.h), ..rect }
}

fn on_grid(rect: Rect) -> Rect {
    Rect { x: to_grid(rect.x), y: to_grid(rect.y), ..rect }
}

/// The smallest place at a point that a place of this kind may lie in.
fn holder_at(design: &Design, kind: PlaceKind, at: Point) -> Option<&Place> {
    let fits = |p: &&Place| place_rect(p).contains(at) && kind.spec().inside.contains(&p.kind());
    let area = |p: &Place| place_rect(p).area();
    design.places.iter().filter(fits).min_by(|a, b| area(a).total_cmp(&area(b)))
}

/// Where a place of this kind would lie that is dropped with its middle at a world point.
pub fn drop_rect(design: &Design, kind: PlaceKind, at: Point) -> Rect {
    let fit = |x: f64| if x.is_finite() { x.clamp(-PLACE_MAX / 2.0, PLACE_MAX / 2.0) } else { 0.0 };
    let at = Point::new(fit(at.x), fit(at.y));
    let (w, h) = usual_size(kind);
    let centred = |w: f64, h: f64| Rect { x: at.x - w / 2.0, y: at.y - h / 2.0, w, h };
    match holder_at(design, kind, at) {
        Some(outer) => {
            let room = inner(&place_rect(outer));
            let (w, h) = (w.min(room.w.max(BOX_WIDTH_MIN)), h.min(room.h.max(BOX_HEIGHT_MIN)));
            shifted_into(on_grid(centred(w, h)), &room)
        }
        None => on_grid(centred(w, h)),
    }
}

/// Where a box of this size meets nothing that is there already, inside `room`, from the top left. Places that hold the
/// whole of the room stand in the way, unless it is to be `nested` in them.
pub(crate) fn empty_spot(design: &Design, room: &Rect, size: (f64, f64), nested: bool) -> Option<Rect> {
    const STEP: f64 = 4.0 * GRID;
    let in_way = |p: &&Place| !nested || !place_rect(p).holds(room);
    let taken: Vec<Rect> = design
        .nodes
        .iter()
        .map(node_rect)
        .chain(design.places.iter().filter(in_way).map(place_rect))
        .chain(design.notes.iter().map(note_rect))
        .map(|r| r.grown(GRID))
        .collect();
    let steps = |from: f64, room: f64, length: f64| {
        let n = ((room - length) / STEP).floor().clamp(-1.0, 60.0) as i32;
        (0..=n).map(move |i| from + f64::from(i) * STEP)
    };
    steps(room.y, room.h, size.1)
        .flat_map(|y| steps(room.x, room.w, size.0).map(move |x| (x, y)))
        .map(|(x, y)| on_grid(Rect { x, y, w: size.0, h: size.1 }))
        .find(|r| !taken.iter().any(|t| t.meets(r)))
}

/// The middle of free room for a new node: in the place that alone is selected, if the node may be in it, else in what is
/// seen.
pub fn free_room(editor: &Editor, kind: headroom_model::kinds::Kind, seen: Rect) -> Point {
    let design = editor.design();
    let place = match editor.selection().only() {
        Some(Item::Place(id)) => design.place(&id),
        _ => None,
    };
    match place.filter(|p| place_refusal(kind, p.kind()).is_none()) {
        Some(place) => room_in(design, inner(&place_rect(place))),
        None => room_in(design, seen),
    }
}

impl Editor {
    pub(crate) fn add_place(&mut self, kind: PlaceKind, at: Point) -> Effect {
        // A place that would hold it, but for its kind, is the one that was meant: it refuses.
        let design = self.design();
        let rect = drop_rect(design, kind, at);
        let meant = design
            .places
            .iter()
            .filter(|p| place_rect(p).contains(at) && !rect.holds(&place_rect(p)))
            .min_by(|a, b| place_rect(a).area().total_cmp(&place_rect(b).area()));
        if let Some(refusal) = meant.and_then(|p| nesting_refusal(kind, p.kind())) {
            return Effect::refused(refusal);
        }
        self.insert_place(kind, rect, None)
    }

    pub(crate) fn add_place_here(&mut self, kind: PlaceKind, seen: Rect) -> Effect {
        let design = self.design();
        if !self.selection().nodes.is_empty() || self.selection().places.len() > 1 {
            let nodes = design.nodes.iter().filter(|n| self.selection().nodes.contains(&n.id)).map(node_rect);
            let chosen = design.places.iter().filter(|p| self.selection().places.contains(&p.id));
            let all = nodes.chain(chosen.map(place_rect)).reduce(|a, b| a.joined(&b));
            let all = all.expect("something is selected");
            let inside = self.common_holder(kind);
            return self.insert_place(kind, around(&all), inside);
        }
        if let Some(Item::Place(id)) = self.selection().only()
            && let Some(outer) = design.place(&id)
            && kind.spec().inside.contains(&outer.kind())
        {
            let rect = self.room_inside(kind, outer);
            return self.insert_place(kind, rect, Some(id));
        }
        let (w, h) = usual_size(kind);
        let spot = empty_spot(design, &seen.grown(-PADDING), (w, h), false);
        let rect = spot.unwrap_or_else(|| match content(design) {
            // Below all that is there.
            Some(all) => on_grid(Rect { x: all.x, y: all.y + all.h + 2.0 * PADDING, w, h }),
            None => on_grid(Rect { x: seen.centre().x - w / 2.0, y: seen.centre().y - h / 2.0, w, h }),
        });
        self.insert_place(kind, rect, None)
    }

    /// The smallest place that holds all that is selected and may hold a place of this kind.
    fn common_holder(&self, kind: PlaceKind) -> Option<String> {
        let (design, chosen) = (self.design(), self.selection());
        let layout = Layout::new(design);
        let nodes = design.nodes.iter().filter(|n| chosen.nodes.contains(&n.id));
        let nodes = nodes.map(|n| n.place.as_deref().and_then(|id| layout.index(id)));
        let places = design.places.iter().filter(|p| chosen.places.contains(&p.id));
        let places = places.map(|p| p.parent.as_deref().and_then(|id| layout.index(id)));
        let all: Vec<Option<usize>> = nodes.chain(places).collect();
        let suits = |p: &usize| {
            let place = &design.places[*p];
            kind.spec().inside.contains(&place.kind())
                && !chosen.places.contains(&place.id)
                && all.iter().all(|at| layout.is_in(*at, *p))
        };
        layout.chain(*all.first()?).find(suits).map(|p| design.places[p].id.clone())
    }

    /// Room for a new place in another, which is made wider where it has none.
    fn room_inside(&self, kind: PlaceKind, outer: &Place) -> Rect {
        let (design, box_of_outer) = (self.design(), place_rect(outer));
        let room = inner(&box_of_outer);
        let (w, h) = usual_size(kind);
        let (w, h) = (w.min(room.w), h.min(room.h));
        let sizes = [(w, h), (w.min(room.w / 2.0 - GRID), h), (BOX_WIDTH_MIN * 2.0, BOX_HEIGHT_MIN * 2.0)];
        let least = |size: &(f64, f64)| size.0 >= BOX_WIDTH_MIN && size.1 >= BOX_HEIGHT_MIN;
        let spot = sizes.into_iter().filter(least).find_map(|s| empty_spot(design, &room, s, true));
        spot.unwrap_or_else(|| {
            let (w, h) = usual_size(kind);
            let right = box_of_outer.x + box_of_outer.w;
            on_grid(Rect { x: right, y: room.y, w, h: h.min(room.h.max(BOX_HEIGHT_MIN)) })
        })
    }

    /// Draws a place and selects it. `inside` is made large enough to hold it.
    fn insert_place(&mut self, kind: PlaceKind, rect: Rect, inside: Option<String>) -> Effect {
        let id = self.design().fresh_place_id(kind);
        let new = Place {
            id: id.clone(),
            label: String::new(),
            x: rect.x,
            y: rect.y,
            w: rect.w,
            h: rect.h,
            parent: None,
            params: PlaceParams::default_of(kind),
        };
        let effect = self.one_step(|design| {
            if design.places.len() >= PLACES_MAX {
                return Err(full("places", "장소", PLACES_MAX));
            }
            let before = design.clone();
            if let Some(outer) = &inside {
                hold(design, outer, &rect);
            }
            design.places.push(new);
            settle(&before, design)?;
            if inside.is_some() {
                let last = design.places.len() - 1;
                design.places[last].parent.clone_from(&inside);
            }
            // A box that was drawn around things sticks out of what is around them: that grows.
            let parent = design.places.last().and_then(|p| p.parent.clone());
            if let Some(parent) = parent {
                let before = design.clone();
                hold(design, &parent, &rect);
                settle(&before, design)?;
            }
            sound(design)?;
            Ok(None)
        });
        if effect.change != Change::Nothing {
            self.selection = Selection::of(Item::Place(id));
        }
        effect
    }
}

/// Makes a place, and those around it, large enough to hold a rectangle.
fn hold(design: &mut Design, place: &str, rect: &Rect) {
    let chain: Vec<usize> = {
        let layout = Layout::new(design);
        layout.chain(layout.index(place)).collect()
    };
    let mut rect = *rect;
    for index in chain {
        let now = place_rect(&design.places[index]);
        if now.holds(&rect) {
            return;
        }
        rect = now.joined(&around(&rect));
        put(&mut design.places[index], rect);
    }
}

/// Gives a place this rectangle, or the nearest that a design may hold.
fn put(place: &mut Place, rect: Rect) {
    let side = |x: f64, least: f64| if x.is_finite() { x.clamp(least, SIDE_MAX) } else { least };
    (place.x, place.y) = (clamped(rect.x), clamped(rect.y));
    // What a file has drawn smaller than that may stay so.
    (place.w, place.h) =
        (side(rect.w, BOX_WIDTH_MIN.min(place.w)), side(rect.h, BOX_HEIGHT_MIN.min(place.h)));
}

pub(crate) fn place_mut<'a>(design: &'a mut Design, id: &str) -> Result<&'a mut Place, Refusal> {
    design.places.iter_mut().find(|p| p.id == id).ok_or_else(|| gone("place", "장소"))
}

/// Moves what is selected, and puts it in the places that it has come to.
pub(crate) fn shift_and_settle(design: &mut Design, chosen: &Selection, by: Point) -> Outcome {
    let before = design.clone();
    let all = moving(design, chosen);
    shift(design, &all, by);
    settle(&before, design)?;
    Ok(None)
}

pub(crate) fn resize(design: &mut Design, id: &str, rect: Rect) -> Outcome {
    let before = design.clone();
    put(place_mut(design, id)?, rect);
    settle(&before, design)?;
    Ok(None)
}

/// Makes places and notes wider and higher.
pub(crate) fn grow(design: &mut Design, chosen: &Selection, by: Point) -> Outcome {
    let before = design.clone();
    grow_notes(design, &chosen.notes, by);
    for place in design.places.iter_mut().filter(|p| chosen.places.contains(&p.id)) {
        let rect = place_rect(place);
        put(place, Rect { w: rect.w + by.x, h: rect.h + by.y, ..rect });
    }
    settle(&before, design)?;
    Ok(None)
}

pub(crate) fn set_place_param(design: &mut Design, id: &str, name: &str, value: &Value) -> Outcome {
    place_mut(design, id)?.params.set(name, value).map_err(|reason| unusable(&reason))?;
    sound(design)?;
    Ok(None)
}

/// Takes places away; what they held goes to what is around them.
pub(crate) fn remove_places(design: &mut Design, ids: &BTreeSet<String>) {
    if ids.is_empty() {
        return;
    }
    // For each place the nearest around it, or itself, that stays.
    let heirs: Vec<(String, Option<String>)> = {
        let layout = Layout::new(design);
        let stays = |p: &usize| !ids.contains(&design.places[*p].id);
        let heir = |i: usize| layout.chain(Some(i)).find(stays).map(|p| design.places[p].id.clone());
        (0..design.places.len()).map(|i| (design.places[i].id.clone(), heir(i))).collect()
    };
    let heir = |id: &String| heirs.iter().find(|(old, _)| old == id).and_then(|(_, new)| new.clone());
    let kinds: Vec<(String, PlaceKind)> = design.places.iter().map(|p| (p.id.clone(), p.kind())).collect();
    let suits = |node, place: &String| {
        kinds.iter().any(|(id, kind)| id == place && place_refusal(node, *kind).is_none())
    };
    for node in &mut design.nodes {
        let kind = node.kind();
        node.place = node.place.as_ref().and_then(heir).filter(|p| suits(kind, p));
        if let Some(lost) = node.spread.iter().find(|p| ids.contains(*p)).cloned() {
            node.spread.retain(|p| !ids.contains(p));
            if node.spread.is_empty() && node.place.is_none() {
                node.place = heir(&lost).filter(|p| suits(kind, p));
            }
        }
    }
    for place in &mut design.places {
        place.parent = place.parent.as_ref().and_then(heir);
    }
    design.places.retain(|p| !ids.contains(&p.id));
    // A parent that was skipped may not be one for what it is to hold now.
    let allowed: Vec<bool> = design
        .places
        .iter()
        .map(|p| {
            let outer = p.parent.as_ref().and_then(|id| design.place(id));
            outer.is_none_or(|o| nesting_refusal(p.kind(), o.kind()).is_none())
        })
        .collect();
    for (place, allowed) in design.places.iter_mut().zip(allowed) {
        if !allowed {
            place.parent = None;
        }
    }
    let _ = drop_impossible(design);
}

pub(crate) fn set_parent(design: &mut Design, id: &str, parent: Option<String>) -> Outcome {
    let chosen = Selection::of(Item::Place(id.to_owned()));
    let place = design.place(id).ok_or_else(|| gone("place", "장소"))?;
    if place.parent == parent {
        return Ok(None);
    }
    let rect = place_rect(place);
    let to = match &parent {
        Some(outer) => {
            let outer = design.place(outer).ok_or_else(|| gone("place", "장소"))?;
            if let Some(refusal) = nesting_refusal(place.kind(), outer.kind()) {
                return Err(refusal);
            }
            let room = inner(&place_rect(outer));
            let size = (rect.w.min(room.w), rect.h.min(room.h));
            let free = if room.holds(&rect) { None } else { empty_spot(design, &room, size, true) };
            free.unwrap_or_else(|| shifted_into(rect, &room))
        }
        // Out of all: below all that is there.
        None => {
            let all = content(design).unwrap_or(rect);
            Rect { y: all.y + all.h + 2.0 * PADDING, ..rect }
        }
    };
    let to = on_grid(to);
    let all = moving(design, &chosen);
    if parent.as_ref().is_some_and(|outer| all.places.contains(outer)) {
        place_mut(design, id)?.parent = parent;
        sound(design)?;
        return Ok(None);
    }
    shift(design, &all, Point::new(to.x, to.y) - Point::new(rect.x, rect.y));
    if let Some(outer) = &parent {
        let now = place_rect(place_mut(design, id)?);
        hold(design, outer, &now);
    }
    place_mut(design, id)?.parent = parent;
    sound(design)?;
    Ok(None)
}

pub(crate) fn set_node_place(design: &mut Design, id: &str, to: Option<String>) -> Outcome {
    let index = design.node_index(id).ok_or_else(|| gone("node", "노드"))?;
    let node = &design.nodes[index];
    if node.place == to {
        return Ok(None);
    }
    let middle = node_rect(node).centre();
    let goes = match &to {
        Some(outer) => {
            let outer = design.place(outer).ok_or_else(|| gone("place", "장소"))?;
            if let Some(refusal) = place_refusal(node.kind(), outer.kind()) {
                return Err(refusal);
            }
            let there = place_at(design, node, middle).is_some_and(|p| p.id == outer.id);
            (!there).then(|| room_in(design, inner(&place_rect(outer))))
        }
        None => match content(design) {
            Some(all) if place_at(design, node, middle).is_some() => {
                Some(Point::new(middle.x, all.y + all.h + 4.0 * PADDING))
            }
            _ => None,
        },
    };
    let node = &mut design.nodes[index];
    node.place = to;
    if let Some(goes) = goes {
        let by = goes - middle;
        (node.x, node.y) = (clamped(to_grid(node.x + by.x)), clamped(to_grid(node.y + by.y)));
    }
    sound(design)?;
    Ok(None)
}

pub(crate) fn set_spread(design: &mut Design, id: &str, spread: Vec<String>) -> Outcome {
    let index = design.node_index(id).ok_or_else(|| gone("node", "노드"))?;
    let kind = design.nodes[index].kind();
    if spread.len() > SPREAD_MAX {
        return Err(full("places to spread over", "펼칠 장소", SPREAD_MAX));
    }
    if !spread.is_empty() && kind.spec().parts.is_none() {
        return Err(Refusal {
            en: "It has no parts that could be spread over places.".to_owned(),
            ko: "여러 장소에 펼칠 부분이 없습니다.".to_owned(),
        });
    }
    for place in &spread {
        let place = design.place(place).ok_or_else(|| gone("place", "장소"))?;
        if let Some(refusal) = place_refusal(kind, place.kind()) {
            return Err(refusal);
        }
    }
    design.nodes[index].spread = spread;
    sound(design)?;
    Ok(None)
}
