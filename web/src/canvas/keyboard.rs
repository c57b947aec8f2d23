//! What keys do while the canvas, a node or a wire has the focus.

use super::gesture::Gesture;
use super::stage::{Stage, box_of};
use crate::texts::canvas as texts;
use headroom_editor::{
    Direction, EditMsg, Item, Point, Side, WireKey, has_port, neighbour, node_rect, reading_order,
    room_for_note,
};

/// A step of the arrow keys [world px], and one with Shift.
const STEP: f64 = 8.0;
const STEP_FAR: f64 = 48.0;
/// The picture's shift by an arrow key [screen px].
const PAN: f64 = 48.0;
/// One key's zoom.
pub const ZOOM_STEP: f64 = 1.25;

/// A key that went down.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its place, where it is a letter or a digit: `KeyC`, `Digit1`.
    pub code: String,
    /// Shift is held.
    pub shift: bool,
    /// Ctrl or Cmd is held.
    pub command: bool,
    /// The node or wire that has the focus.
    pub focused: Option<Item>,
}

/// What a key did.
#[derive(Debug, Default)]
pub struct Done {
    /// The canvas has taken it; nobody else shall.
    pub taken: bool,
    /// What the editor shall do.
    pub edits: Vec<EditMsg>,
    /// The node that shall have the focus.
    pub focus: Option<String>,
    /// The canvas itself shall have it.
    pub focus_canvas: bool,
    /// The inspector shall have it: what is selected is to be edited.
    pub opens: bool,
}

impl Done {
    fn taken(edits: Vec<EditMsg>) -> Self {
        Self { taken: true, edits, ..Self::default() }
    }
}

fn arrow(name: &str) -> Option<(Direction, Point)> {
    Some(match name {
        "ArrowLeft" => (Direction::Left, Point::new(-1.0, 0.0)),
        "ArrowRight" => (Direction::Right, Point::new(1.0, 0.0)),
        "ArrowUp" => (Direction::Up, Point::new(0.0, -1.0)),
        "ArrowDown" => (Direction::Down, Point::new(0.0, 1.0)),
        _ => return None,
    })
}

impl Stage {
    /// A key went down inside the canvas.
    pub fn key_down(&mut self, key: &Key) -> Done {
        if self.link.is_some() {
            return self.key_in_link(key);
        }
        if key.name == "Escape" && !matches!(self.gesture, Gesture::Idle) {
            self.cancel_gesture();
            return Done::taken(Vec::new());
        }
        let letter = key.code.strip_prefix("Key").map(str::to_lowercase);
        if key.command
            && let Some((_, way)) = arrow(&key.name)
        {
            return self.key_resize(key, way);
        }
        if key.command {
            let message = match letter.as_deref() {
                Some("a") => EditMsg::SelectAll,
                Some("c") => EditMsg::Copy,
                Some("x") => EditMsg::Cut,
                Some("v") => EditMsg::Paste { at: None },
                Some("d") => EditMsg::Duplicate,
                _ => return Done::default(),
            };
            return Done::taken(vec![message]);
        }
        match (key.name.as_str(), letter.as_deref()) {
            ("ContextMenu", _) if self.editable() => Done::taken(self.menu_on(key.focused.clone())),
            ("F10", _) if key.shift && self.editable() => Done::taken(self.menu_on(key.focused.clone())),
            ("Escape", _) => Done::taken(vec![EditMsg::ClearSelection]),
            ("Enter" | " ", _) => {
                let Some(item) = key.focused.clone() else { return Done::default() };
                // Once more on what is selected opens it.
                let again = !key.shift && self.ctx.state.selection.only().as_ref() == Some(&item);
                if again && key.name == "Enter" {
                    return Done { opens: true, ..Done::taken(Vec::new()) };
                }
                Done::taken(vec![if key.shift { EditMsg::Toggle(item) } else { EditMsg::Select(item) }])
            }
            ("Delete" | "Backspace", _) => self.key_delete(key),
            (_, Some("c")) if self.editable() => self.key_link(key),
            (_, Some("a")) if self.editable() && !key.shift => {
                self.open_quick(None);
                Done::taken(Vec::new())
            }
            (_, Some("n")) if self.editable() => {
                (self.write_added, self.show_added) = (true, true);
                let at = room_for_note(&self.design, self.view.seen());
                Done::taken(vec![EditMsg::AddNote { at }])
            }
            ("+" | "=", _) => {
                self.view.zoom(ZOOM_STEP);
                self.show_camera();
                Done::taken(Vec::new())
            }
            ("-" | "_", _) => {
                self.view.zoom(1.0 / ZOOM_STEP);
                self.show_camera();
                Done::taken(Vec::new())
            }
            _ if key.shift && key.code == "Digit1" => {
                self.view.fit(&self.design);
                self.show_camera();
                Done::taken(Vec::new())
            }
            (name, _) => match arrow(name) {
                Some((_, way)) => self.key_arrow(key, way),
                None => Done::default(),
            },
        }
    }

    fn key_arrow(&mut self, key: &Key, way: Point) -> Done {
        let selected = &self.ctx.state.selection;
        let mut edits = Vec::new();
        match &key.focused {
            Some(item @ (Item::Node(_) | Item::Place(_) | Item::Note(_))) if !selected.has(item) => {
                edits.push(EditMsg::Select(item.clone()))
            }
            Some(Item::Node(_) | Item::Place(_) | Item::Note(_)) => {}
            _ if selected.nodes.is_empty() && selected.places.is_empty() && selected.notes.is_empty() => {
                self.view.pan(way * -PAN);
                self.show_camera();
                return Done::taken(Vec::new());
            }
            _ => {}
        }
        edits.push(EditMsg::Nudge { by: way * if key.shift { STEP_FAR } else { STEP } });
        Done::taken(edits)
    }

    /// Ctrl and an arrow: the place or note that has the focus, or those that are selected, become wider or narrower.
    fn key_resize(&mut self, key: &Key, way: Point) -> Done {
        let selected = &self.ctx.state.selection;
        let mut edits = Vec::new();
        match &key.focused {
            Some(item @ (Item::Place(_) | Item::Note(_))) if !selected.has(item) => {
                edits.push(EditMsg::Select(item.clone()))
            }
            _ if selected.places.is_empty() && selected.notes.is_empty() => return Done::default(),
            _ => {}
        }
        edits.push(EditMsg::NudgeSize { by: way * if key.shift { STEP_FAR } else { STEP } });
        Done::taken(edits)
    }

    fn key_delete(&mut self, key: &Key) -> Done {
        let mut edits = Vec::new();
        if let Some(item) = key.focused.clone().filter(|i| !self.ctx.state.selection.has(i)) {
            edits.push(EditMsg::Select(item));
        }
        edits.push(if key.shift { EditMsg::DeleteAndHeal } else { EditMsg::Delete });
        // What had the focus is gone: it shall not fall out of the canvas.
        Done { focus_canvas: true, ..Done::taken(edits) }
    }

    fn key_link(&mut self, key: &Key) -> Done {
        let focused = key.focused.clone().or_else(|| self.ctx.state.selection.only());
        let Some(Item::Node(from)) = focused else { return Done::default() };
        let Some(node) = self.design.node(&from) else { return Done::default() };
        let out = has_port(node, Side::Out) && !self.ctx.desk.get().wire_targets(&from, Side::Out).is_empty();
        let side = if out || !has_port(node, Side::In) { Side::Out } else { Side::In };
        self.begin_link(from, side, None);
        if self.link.as_ref().is_some_and(|l| l.targets.is_empty()) {
            // What was said stays: there is nothing to wire it to.
            self.link = None;
            self.show_link();
        } else {
            self.choose(0);
        }
        Done::taken(Vec::new())
    }

    fn key_in_link(&mut self, key: &Key) -> Done {
        match key.name.as_str() {
            "Escape" => {
                self.cancel_gesture();
                Done::taken(Vec::new())
            }
            "Enter" | " " => {
                let from = self.link.as_ref().map(|l| l.from.clone());
                let edits = self.finish_link(false);
                Done { focus: from, ..Done::taken(edits) }
            }
            "Tab" => {
                self.choose_next(if key.shift { -1 } else { 1 });
                Done::taken(Vec::new())
            }
            name => match arrow(name) {
                Some((direction, _)) => {
                    self.choose_towards(direction);
                    Done::taken(Vec::new())
                }
                None => Done { taken: !key.command, ..Done::default() },
            },
        }
    }

    /// Targets in the order in which the picture is read.
    fn targets_in_order(&self) -> Vec<usize> {
        let Some(link) = &self.link else { return Vec::new() };
        let fits = |i: &usize| link.targets.contains(&self.design.nodes[*i].id);
        reading_order(&self.design).into_iter().filter(fits).collect()
    }

    fn choose_next(&mut self, by: isize) {
        let targets = self.targets_in_order();
        if targets.is_empty() {
            return;
        }
        let chosen = self.link.as_ref().and_then(|l| l.chosen.clone());
        let at = targets.iter().position(|i| Some(&self.design.nodes[*i].id) == chosen.as_ref());
        let n = targets.len() as isize;
        let next = at.map_or(0, |i| (i as isize + by).rem_euclid(n));
        self.choose(next as usize);
    }

    fn choose_towards(&mut self, direction: Direction) {
        let targets = self.targets_in_order();
        let Some(link) = &self.link else { return };
        let here = link.chosen.as_ref().unwrap_or(&link.from);
        let Some(here) = self.design.node_index(here) else { return };
        if let Some(found) = neighbour(&self.design, here, direction, &targets)
            && let Some(n) = targets.iter().position(|i| *i == found)
        {
            self.choose(n);
        }
    }

    /// Chooses the n-th target in order.
    fn choose(&mut self, n: usize) {
        let targets = self.targets_in_order();
        let Some(node) = targets.get(n).map(|i| self.design.nodes[*i].clone()) else { return };
        let name = self.name_of(&node.id);
        let (position, all) = ((n + 1).to_string(), targets.len().to_string());
        let said = self.lang().fill(texts::LINK_CHOICE, &[("to", &name), ("n", &position), ("all", &all)]);
        if let Some(link) = &mut self.link {
            (link.chosen, link.pointer, link.reason) = (Some(node.id.clone()), None, None);
        }
        self.say(&said);
        if self.view.reveal(&node) {
            self.show_camera();
        }
        self.show_link();
    }

    /// A node, a place or a note got the focus by keys: it is brought into view.
    pub fn reveal(&mut self, id: &str) {
        let place = || box_of(&self.design, id);
        let Some(rect) = self.design.node(id).map(node_rect).or_else(place) else { return };
        if self.view.reveal_rect(rect) {
            self.show_camera();
        }
    }
}

/// The wire of a `data-wire` attribute.
pub fn wire_of(attribute: &str, design: &headroom_model::design::Design) -> Option<WireKey> {
    design.wires.iter().map(WireKey::from).find(|k| attribute == format!("{}->{}", k.from, k.to))
}
