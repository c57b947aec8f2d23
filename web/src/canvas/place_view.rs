//! A place on the canvas: a box with a title, behind all else.

use super::build::{AttrSlot, TextSlot, append, set, svg};
use crate::icons::place_path;
use headroom_editor::{Rect, TITLE_HEIGHT};
use headroom_model::places::PlaceKind;
use web_sys::Element;

/// Widths of letters in a title, about [world px]: Latin ones, and those of Hangul and the like.
const NARROW: f64 = 7.0;
const WIDE: f64 = 12.0;
/// Where the title's words begin, after the icon [world px].
const WORDS_X: f64 = 32.0;

/// A place on the canvas.
pub struct PlaceView {
    /// The whole place.
    pub root: Element,
    kind: PlaceKind,
    rect: Option<Rect>,
    frame: Element,
    title: Element,
    icon: AttrSlot,
    text: TextSlot,
    text_x: AttrSlot,
    text_y: AttrSlot,
    name: String,
    label: AttrSlot,
    tip: TextSlot,
    pressed: AttrSlot,
    state: AttrSlot,
}

impl PlaceView {
    /// A new place, not yet in the document.
    pub fn new(id: &str, kind: PlaceKind) -> Self {
        let root = svg("g", "cv-place");
        for (name, value) in
            [("data-place", id), ("data-kind", kind.spec().id), ("role", "button"), ("tabindex", "0")]
        {
            set(&root, name, value);
        }
        let (tip, frame, title) =
            (svg("title", ""), svg("rect", "cv-place-box"), svg("rect", "cv-place-title"));
        let (icon, text) = (svg("path", "cv-place-icon"), svg("text", ""));
        set(&frame, "rx", "10");
        set(&title, "rx", "10");
        set(&icon, "d", place_path(kind));
        for part in [&tip, &frame, &title, &icon, &text] {
            append(&root, part);
        }
        Self {
            kind,
            rect: None,
            frame,
            title,
            icon: AttrSlot::new(icon, "transform"),
            text_x: AttrSlot::new(text.clone(), "x"),
            text_y: AttrSlot::new(text.clone(), "y"),
            text: TextSlot::new(text),
            name: String::new(),
            label: AttrSlot::new(root.clone(), "aria-label"),
            tip: TextSlot::new(tip),
            pressed: AttrSlot::new(root.clone(), "aria-pressed"),
            state: AttrSlot::new(root.clone(), "data-state"),
            root,
        }
    }

    /// The kind that it was made for.
    pub fn kind(&self) -> PlaceKind {
        self.kind
    }

    /// Puts its box there.
    pub fn place(&mut self, rect: Rect) {
        if self.rect == Some(rect) {
            return;
        }
        self.rect = Some(rect);
        for (element, h) in [(&self.frame, rect.h), (&self.title, TITLE_HEIGHT.min(rect.h))] {
            for (name, value) in [("x", rect.x), ("y", rect.y), ("width", rect.w), ("height", h)] {
                set(element, name, &format!("{value:.1}"));
            }
        }
        self.icon.show(&format!("translate({:.1},{:.1}) scale(0.667)", rect.x + 10.0, rect.y + 7.0));
        self.text_x.show(&format!("{:.1}", rect.x + WORDS_X));
        self.text_y.show(&format!("{:.1}", rect.y + 19.0));
        self.show_name();
    }

    /// Shows its name, what a screen reader hears, and whether it is selected.
    pub fn dress(&mut self, name: &str, label: &str, tip: &str, selected: bool) {
        if self.name != name {
            name.clone_into(&mut self.name);
            self.show_name();
        }
        self.label.show(label);
        self.tip.show(tip);
        self.pressed.show(if selected { "true" } else { "false" });
    }

    /// Shows whether all that stands in it is dead.
    pub fn show(&mut self, down: bool) {
        self.state.show(if down { "down" } else { "ok" });
    }

    /// As much of the name as the box is wide.
    fn show_name(&mut self) {
        let room = self.rect.map_or(0.0, |r| r.w) - WORDS_X - 10.0;
        let width = |c: char| if c.is_ascii() { NARROW } else { WIDE };
        let whole: f64 = self.name.chars().map(width).sum();
        if whole <= room {
            self.text.show(&self.name.clone());
            return;
        }
        let mut left = room - WIDE;
        let fits = self.name.chars().take_while(|c| {
            left -= width(*c);
            left >= 0.0
        });
        let short: String = fits.chain(['…']).collect();
        self.text.show(&short);
    }
}
