//! Notes on the canvas: put there, written, resized. The run does not mind them.

use crate::boxes::empty_spot;
use crate::editor::{Editor, Outcome};
use crate::fields::{clamped, short};
use crate::geometry::{Point, Rect, content};
use crate::handles::{BOX_HEIGHT_MIN, BOX_WIDTH_MIN};
use crate::message::{Change, Effect};
use crate::selection::{Item, Selection};
use crate::snap::to_grid;
use crate::vet::{full, gone};
use crate::view::PLACE_MAX;
use headroom_model::design::{CanvasNote, Design, NOTE_SIZE, Refusal};
use headroom_model::limits::{NOTE_TEXT_CHARS_MAX, NOTES_MAX};
use std::collections::BTreeSet;

/// Greatest width and height of a note [world px].
const SIDE_MAX: f64 = 4_000.0;
/// Room between a new note and what is seen of the world, at its edges [world px].
const PADDING: f64 = 16.0;

/// Where a note lies.
pub fn note_rect(note: &CanvasNote) -> Rect {
    Rect { x: note.x, y: note.y, w: note.w, h: note.h }
}

/// The middle of free room for a new note in what is seen, or below all that is there.
pub fn room_for_note(design: &Design, seen: Rect) -> Point {
    if let Some(spot) = empty_spot(design, &seen.grown(-PADDING), NOTE_SIZE, false) {
        return spot.centre();
    }
    match content(design) {
        Some(all) => Point::new(all.x + NOTE_SIZE.0 / 2.0, all.y + all.h + 2.0 * PADDING + NOTE_SIZE.1 / 2.0),
        None => seen.centre(),
    }
}

fn note_mut<'a>(design: &'a mut Design, id: &str) -> Result<&'a mut CanvasNote, Refusal> {
    design.notes.iter_mut().find(|n| n.id == id).ok_or_else(|| gone("note", "메모"))
}

fn put(note: &mut CanvasNote, rect: Rect) {
    let side = |x: f64, least: f64| if x.is_finite() { x.clamp(least, SIDE_MAX) } else { least };
    (note.x, note.y) = (clamped(rect.x), clamped(rect.y));
    // What a file has drawn smaller than that may stay so.
    (note.w, note.h) = (side(rect.w, BOX_WIDTH_MIN.min(note.w)), side(rect.h, BOX_HEIGHT_MIN.min(note.h)));
}

pub(crate) fn set_text(design: &mut Design, id: &str, text: String) -> Outcome {
    note_mut(design, id)?.text = short(text, NOTE_TEXT_CHARS_MAX)?;
    Ok(None)
}

pub(crate) fn resize_note(design: &mut Design, id: &str, rect: Rect) -> Outcome {
    put(note_mut(design, id)?, rect);
    Ok(None)
}

/// Makes notes wider and higher.
pub(crate) fn grow_notes(design: &mut Design, ids: &BTreeSet<String>, by: Point) {
    for note in design.notes.iter_mut().filter(|n| ids.contains(&n.id)) {
        let rect = note_rect(note);
        put(note, Rect { w: rect.w + by.x, h: rect.h + by.y, ..rect });
    }
}

/// Adds copies of notes under fresh ids; gives these.
pub(crate) fn copy_notes(
    design: &mut Design,
    notes: &[CanvasNote],
    by: Point,
) -> Result<Vec<String>, Refusal> {
    if design.notes.len() + notes.len() > NOTES_MAX {
        return Err(full("notes", "메모", NOTES_MAX));
    }
    let mut ids = Vec::with_capacity(notes.len());
    for note in notes {
        let id = design.fresh_note_id();
        let (x, y) = (clamped(note.x + by.x), clamped(note.y + by.y));
        design.notes.push(CanvasNote { id: id.clone(), x, y, ..note.clone() });
        ids.push(id);
    }
    Ok(ids)
}

impl Editor {
    pub(crate) fn add_note(&mut self, at: Point) -> Effect {
        let fit = |x: f64| {
            if x.is_finite() { to_grid(x.clamp(-PLACE_MAX / 2.0, PLACE_MAX / 2.0)) } else { 0.0 }
        };
        let (w, h) = NOTE_SIZE;
        let id = self.design().fresh_note_id();
        let (x, y) = (fit(at.x - w / 2.0), fit(at.y - h / 2.0));
        let note = CanvasNote { id: id.clone(), text: String::new(), x, y, w, h };
        let effect = self.one_step(|design| {
            if design.notes.len() >= NOTES_MAX {
                return Err(full("notes", "메모", NOTES_MAX));
            }
            design.notes.push(note);
            Ok(None)
        });
        if effect.change != Change::Nothing {
            self.selection = Selection::of(Item::Note(id));
        }
        effect
    }
}
