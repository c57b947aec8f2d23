//! A note on the canvas: words on a slip, text and never markup, and the field in which they are written.

use super::StageRef;
use super::build::{AttrSlot, TextSlot, append, html, set, style};
use super::stage::Stage;
use crate::dom::{self, Listener};
use crate::texts::canvas as texts;
use headroom_editor::{EditMsg, Rect, note_rect};
use headroom_model::design::CanvasNote;
use headroom_model::limits::NOTE_TEXT_CHARS_MAX;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// A note on the canvas.
pub struct NoteView {
    /// The whole note.
    pub root: HtmlElement,
    rect: Option<Rect>,
    text: TextSlot,
    label: AttrSlot,
    pressed: AttrSlot,
}

impl NoteView {
    /// A new note, not yet in the document.
    pub fn new(id: &str) -> Self {
        let root = html("div", "cv-note");
        for (name, value) in [("data-note", id), ("role", "button"), ("tabindex", "0")] {
            set(&root, name, value);
        }
        let words = html("div", "cv-note-words");
        append(&root, &words);
        Self {
            rect: None,
            text: TextSlot::new(words.into()),
            label: AttrSlot::new(root.clone().into(), "aria-label"),
            pressed: AttrSlot::new(root.clone().into(), "aria-pressed"),
            root,
        }
    }

    /// Puts it there.
    pub fn place(&mut self, rect: Rect) {
        if self.rect != Some(rect) {
            self.rect = Some(rect);
            lay(&self.root, rect);
        }
    }

    /// Shows what it says, and whether it is selected. An empty one shows `hint` instead.
    pub fn dress(&mut self, text: &str, hint: &str, label: &str, selected: bool) {
        self.text.show(if text.is_empty() { hint } else { text });
        self.label.show(label);
        self.pressed.show(if selected { "true" } else { "false" });
    }
}

fn lay(element: &HtmlElement, rect: Rect) {
    style(element, "transform", &format!("translate({:.1}px,{:.1}px)", rect.x, rect.y));
    style(element, "width", &format!("{:.1}px", rect.w));
    style(element, "height", &format!("{:.1}px", rect.h));
}

/// A note that is being written on the canvas.
pub struct Writing {
    id: String,
    area: HtmlTextAreaElement,
    _listeners: Vec<Listener>,
}

impl Stage {
    /// Notes as the design has them.
    pub(super) fn sync_notes(&mut self) -> Option<String> {
        let (design, state, lang) = (Rc::clone(&self.design), Rc::clone(&self.ctx.state), self.lang());
        self.notes.retain(|id, view| {
            let stays = design.note(id).is_some();
            if !stays {
                view.root.remove();
            }
            stays
        });
        if self.writing.as_ref().is_some_and(|w| design.note(&w.id).is_none()) {
            self.end_writing();
        }
        let mut appeared = None;
        for note in &design.notes {
            let selected = state.selection.notes.contains(&note.id);
            let layer = &self.layers.notes;
            let view = self.notes.entry(note.id.clone()).or_insert_with(|| {
                let view = NoteView::new(&note.id);
                append(layer, &view.root);
                if selected && appeared.is_none() {
                    appeared = Some(note.id.clone());
                }
                view
            });
            let hint = lang.t(texts::NOTE_EMPTY);
            let words = if note.text.is_empty() { hint } else { &note.text };
            view.dress(&note.text, hint, &lang.fill(texts::NOTE_LABEL, &[("text", words)]), selected);
        }
        appeared
    }

    /// Puts notes where a design has them.
    pub(super) fn place_notes(&mut self, notes: &[CanvasNote]) {
        for note in notes {
            if let Some(view) = self.notes.get_mut(&note.id) {
                view.place(note_rect(note));
            }
            if let Some(writing) = self.writing.as_ref().filter(|w| w.id == note.id) {
                lay(&writing.area, note_rect(note));
            }
        }
    }

    /// Takes the field of a note away.
    pub(super) fn end_writing(&mut self) {
        if let Some(writing) = self.writing.take() {
            if let Some(view) = self.notes.get(&writing.id) {
                let _ = view.root.remove_attribute("data-writing");
            }
            writing.area.remove();
        }
    }
}

impl StageRef {
    /// Begins to write a note on the canvas.
    pub(super) fn write(&self, id: &str) {
        let Ok(mut stage) = self.0.try_borrow_mut() else { return };
        let note = stage.design.note(id).cloned().filter(|_| stage.editable());
        let Some(note) = note else { return };
        stage.end_writing();
        let area: HtmlTextAreaElement = html("textarea", "cv-note-write").unchecked_into();
        area.set_value(&note.text);
        area.set_max_length(NOTE_TEXT_CHARS_MAX as i32);
        let lang = stage.lang();
        set(&area, "aria-label", lang.t(texts::NOTE_WRITE));
        set(&area, "placeholder", lang.t(texts::NOTE_EMPTY));
        set(&area, "data-testid", "note-write");
        lay(&area, note_rect(&note));
        append(&stage.layers.notes, &area);
        if let Some(view) = stage.notes.get(id) {
            set(&view.root, "data-writing", "true");
        }
        let mut listeners = Vec::new();
        // What is done in the field is not done to the canvas.
        for name in ["pointerdown", "pointermove", "pointerup", "dblclick", "contextmenu", "wheel"] {
            listeners.push(Listener::new(&area, name, |e| e.stop_propagation()));
        }
        let (ctx, note) = (stage.ctx.clone(), note.id.clone());
        listeners.push(Listener::new(&area, "input", move |e| {
            ctx.edit(EditMsg::SetNoteText { note: note.clone(), text: dom::value_of(&e) });
        }));
        let (weak, id) = (self.weak(), id.to_owned());
        let of = id.clone();
        listeners.push(Listener::new(&area, "keydown", move |e| {
            e.stop_propagation();
            let key: &KeyboardEvent = e.unchecked_ref();
            let ends = key.key() == "Escape" || (key.key() == "Enter" && (key.ctrl_key() || key.meta_key()));
            if !ends || key.is_composing() {
                return;
            }
            e.prevent_default();
            // The field loses the focus by that, and ends.
            let root = weak.get().and_then(|s| s.0.try_borrow().ok().and_then(|s| s.element(&of)));
            if let Some(root) = root {
                let _ = root.focus();
            }
        }));
        let weak = self.weak();
        listeners.push(Listener::new(&area, "blur", move |_| {
            // The listener must not go while it runs.
            let weak = weak.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(stage) = weak.get() {
                    stage.act(|stage| {
                        stage.end_writing();
                        vec![EditMsg::Settle]
                    });
                }
            });
        }));
        stage.writing = Some(Writing { id, area: area.clone(), _listeners: listeners });
        drop(stage);
        let _ = area.focus();
    }
}
