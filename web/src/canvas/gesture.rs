//! What pointers do: pan, pinch, select, drag, draw wires.

use super::quick::QuickAt;
use super::stage::{Stage, box_of};
use crate::texts::canvas as texts;
use headroom_editor::{
    EditMsg, Handle, Hit, Item, NODE_WIDTH, Point, Rect, Selection, Side, Snapped, View, WirePath, has_port,
    hit, moving, port, room_beside, snap_box, snap_drag, wire_path,
};
use headroom_model::design::Design;
use headroom_model::sim::trace::Trace;

/// A pointer that has moved this far is dragging [px].
const DRAG_PX: f64 = 4.0;
/// How near a mouse and a finger must come to ports and wires [px].
const NEAR_MOUSE: f64 = 5.0;
const NEAR_TOUCH: f64 = 18.0;
/// How near they must come to a moving request [px].
const DOT_MOUSE: f64 = 3.5;
const DOT_TOUCH: f64 = 9.0;
/// How near a mouse and a finger must come to a place's handles [px].
const HANDLE_MOUSE: f64 = 8.0;
const HANDLE_TOUCH: f64 = 20.0;
/// How near another node's line attracts [px].
const PULL_PX: f64 = 6.0;

/// What the pointers are doing.
#[derive(Debug, Default)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// Shifting the picture. A click in place selects nothing.
    Pan {
        /// Where the pointer was last.
        last: Point,
        /// Where it went down.
        start: Point,
        /// It has moved.
        moved: bool,
        /// What a click in place does.
        click: Option<EditMsg>,
    },
    /// A node, a place or a note was touched; it may become a drag.
    Press {
        /// What was touched.
        item: Item,
        /// Where the pointer went down.
        start: Point,
        /// The selection is added to.
        adds: bool,
    },
    /// Nodes, places and notes are dragged.
    Drag {
        /// What is held.
        held: Item,
        /// All that moves.
        all: Selection,
        /// Where the pointer went down.
        start: Point,
        /// Offset so far.
        snapped: Snapped,
    },
    /// A place or a note is made larger or smaller.
    Resize {
        /// Its id.
        place: String,
        /// The handle that is held.
        handle: Handle,
        /// Where the pointer went down.
        start: Point,
        /// Its box now.
        rect: Rect,
    },
    /// A rectangle is drawn around nodes.
    Marquee {
        /// The corner where it began [world px].
        start: Point,
        /// What stays selected besides.
        keep: Vec<String>,
    },
    /// Two fingers.
    Pinch {
        /// Where they were last.
        last: [Point; 2],
    },
    /// A wire is drawn with the button held; see [`Stage::link`].
    Wire {
        /// Where the pointer went down.
        start: Point,
    },
}

/// A wire that is being drawn.
#[derive(Debug)]
pub struct Link {
    /// The node that it begins at.
    pub from: String,
    /// The side of that node.
    pub side: Side,
    /// Nodes that it can go to.
    pub targets: Vec<String>,
    /// The one that it would go to now.
    pub chosen: Option<String>,
    /// Where the pointer is [screen px]; none when it is drawn by keys.
    pub pointer: Option<Point>,
    /// Why it cannot go to what is under the pointer.
    pub reason: Option<String>,
}

impl Link {
    /// The curve of its ghost.
    pub fn path(&self, design: &Design, view: &View) -> Option<WirePath> {
        let from = port(design.node(&self.from)?, self.side);
        let opposite = if self.side == Side::Out { Side::In } else { Side::Out };
        let to = match (&self.chosen, self.pointer) {
            (Some(id), _) => port(design.node(id)?, opposite),
            (None, Some(at)) => view.world_from_screen(at),
            (None, None) => return None,
        };
        Some(if self.side == Side::Out { wire_path(from, to) } else { wire_path(to, from) })
    }

    fn ends(&self, other: &str) -> (String, String) {
        match self.side {
            Side::Out => (self.from.clone(), other.to_owned()),
            Side::In => (other.to_owned(), self.from.clone()),
        }
    }
}

/// A pointer's button and keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press {
    /// A finger or a pen.
    pub touch: bool,
    /// The middle button.
    pub middle: bool,
    /// Shift is held.
    pub shift: bool,
    /// Ctrl or Cmd is held.
    pub command: bool,
}

impl Stage {
    fn near(&self, touch: bool) -> f64 {
        (if touch { NEAR_TOUCH } else { NEAR_MOUSE }) / self.view.camera.zoom
    }

    /// A pointer went down at a screen point. Gives what the editor shall do.
    pub fn pointer_down(&mut self, at: Point, press: Press) -> Vec<EditMsg> {
        let world = self.view.world_from_screen(at);
        let found = hit(&self.design, world, self.near(press.touch));
        if self.link.is_some() {
            // The second click of a wire by clicks.
            self.aim(at, press.touch);
            return self
                .finish_link(matches!(found, Hit::Background | Hit::Wire(_) | Hit::Place(_) | Hit::Note(_)));
        }
        if press.middle {
            self.gesture = Gesture::Pan { last: at, start: at, moved: false, click: None };
            return Vec::new();
        }
        if let Some((place, handle, rect)) = self.handle_at(world, press.touch) {
            self.gesture = Gesture::Resize { place, handle, start: at, rect };
            return Vec::new();
        }
        let adds = press.shift || press.command;
        match found {
            Hit::Port { node, side } if self.editable() => {
                self.begin_link(node, side, Some(at));
                self.gesture = Gesture::Wire { start: at };
                Vec::new()
            }
            Hit::Port { node, .. } | Hit::Node(node) => self.press(Item::Node(node), at, press),
            // A finger that shifts the picture often begins on a box: only one that is selected is dragged.
            Hit::Place(id) if press.touch && !self.ctx.state.selection.places.contains(&id) => {
                let click = Some(EditMsg::Select(Item::Place(id)));
                self.gesture = Gesture::Pan { last: at, start: at, moved: false, click };
                Vec::new()
            }
            Hit::Place(_) if press.shift && !press.command => {
                self.begin_marquee(world);
                Vec::new()
            }
            Hit::Place(id) => self.press(Item::Place(id), at, press),
            Hit::Note(id) => self.press(Item::Note(id), at, press),
            Hit::Wire(key) => {
                self.gesture = Gesture::Idle;
                let item = Item::Wire(key);
                vec![if adds { EditMsg::Toggle(item) } else { EditMsg::Select(item) }]
            }
            Hit::Background if press.shift => {
                self.begin_marquee(world);
                Vec::new()
            }
            Hit::Background => {
                let click = Some(EditMsg::ClearSelection);
                self.gesture = Gesture::Pan { last: at, start: at, moved: false, click };
                Vec::new()
            }
        }
    }

    /// A pointer went down: notes the moving request that it met, if any.
    pub fn press_dot(&mut self, at: Point, press: Press) {
        let world = self.view.world_from_screen(at);
        let plain = !(press.shift || press.command || press.middle) && self.link.is_none();
        let open = matches!(
            hit(&self.design, world, self.near(press.touch)),
            Hit::Wire(_) | Hit::Background | Hit::Place(_)
        );
        let reach = (if press.touch { DOT_TOUCH } else { DOT_MOUSE }) / self.view.camera.zoom;
        let dot = if plain && open { self.flow.dot_at(world, reach) } else { None };
        self.pressed_dot = dot.map(|(trace, wire)| (at, Box::new(trace.clone()), wire));
        self.show_path(None);
    }

    /// The pointer went up: the moving request that was clicked, if one was, and the wire that it was on.
    pub fn release_dot(&mut self, at: Point) -> Option<(Box<Trace>, u16)> {
        let (start, trace, wire) = self.pressed_dot.take()?;
        if at.distance(start) >= DRAG_PX {
            return None;
        }
        self.show_path(Some(&trace));
        Some((trace, wire))
    }

    /// A node, a place or a note was pressed.
    fn press(&mut self, item: Item, at: Point, press: Press) -> Vec<EditMsg> {
        let adds = press.shift || press.command;
        let chosen = self.ctx.state.selection.has(&item);
        let message = match (adds, chosen) {
            // A finger may yet rest, and then selects this besides the others.
            _ if press.touch => None,
            (true, _) => Some(EditMsg::Toggle(item.clone())),
            (false, false) => Some(EditMsg::Select(item.clone())),
            (false, true) => None,
        };
        self.gesture = Gesture::Press { item, start: at, adds };
        message.into_iter().collect()
    }

    fn begin_marquee(&mut self, world: Point) {
        let Selection { nodes, places, notes, .. } = &self.ctx.state.selection;
        let keep = nodes.iter().chain(places).chain(notes).cloned().collect();
        self.gesture = Gesture::Marquee { start: world, keep };
    }

    /// The handle of the selected place or note at a world point, with its id and its box.
    fn handle_at(&self, world: Point, touch: bool) -> Option<(String, Handle, Rect)> {
        let id = self.handled()?;
        let rect = box_of(&self.design, &id)?;
        let reach = (if touch { HANDLE_TOUCH } else { HANDLE_MOUSE }) / self.view.camera.zoom;
        let handle = Handle::at(&rect, world, reach.min(rect.w.min(rect.h) / 3.0))?;
        Some((id, handle, rect))
    }

    /// A second finger went down.
    pub fn pinch_begin(&mut self, fingers: [Point; 2]) {
        self.cancel_gesture();
        self.gesture = Gesture::Pinch { last: fingers };
    }

    /// Two fingers moved.
    pub fn pinch(&mut self, fingers: [Point; 2]) {
        if let Gesture::Pinch { last } = &mut self.gesture {
            let middle = |f: &[Point; 2]| (f[0] + f[1]) * 0.5;
            let (before, after) = (*last, fingers);
            *last = fingers;
            let stretch = after[0].distance(after[1]) / before[0].distance(before[1]).max(1.0);
            self.view.pan(middle(&after) - middle(&before));
            self.view.zoom_at(middle(&after), stretch);
            self.show_camera();
        }
    }

    /// The pointer moved. Gives what the editor shall do.
    pub fn pointer_move(&mut self, at: Point, press: Press) -> Vec<EditMsg> {
        self.hover = Some(at);
        let mut gesture = std::mem::take(&mut self.gesture);
        let mut out = Vec::new();
        match &mut gesture {
            Gesture::Idle => {
                if self.link.as_ref().is_some_and(|l| l.pointer.is_some()) {
                    self.aim(at, press.touch);
                }
            }
            Gesture::Pan { last, start, moved, .. } => {
                *moved = *moved || at.distance(*start) >= DRAG_PX;
                if *moved {
                    self.view.pan(at - *last);
                    self.show_camera();
                }
                *last = at;
            }
            Gesture::Press { item, start, .. } => {
                if at.distance(*start) >= DRAG_PX && self.editable() {
                    let mut chosen = self.ctx.state.selection.clone();
                    if press.touch && !chosen.has(item) {
                        out.push(EditMsg::Select(item.clone()));
                        chosen = Selection::of(item.clone());
                    }
                    // A press with Shift may just have taken it out of the selection.
                    if chosen.has(item) {
                        let (held, all) = (item.clone(), moving(&self.design, &chosen));
                        gesture = Gesture::Drag { held, all, start: *start, snapped: Snapped::default() };
                        self.drag(&mut gesture, at, press);
                    }
                }
            }
            Gesture::Resize { .. } => self.stretch(&mut gesture, at, press),
            Gesture::Drag { .. } => self.drag(&mut gesture, at, press),
            Gesture::Marquee { start, keep } => {
                let rect = Rect::between(*start, self.view.world_from_screen(at));
                self.show_marquee(Some(rect));
                out.push(EditMsg::Marquee { rect, keep: keep.clone() });
            }
            Gesture::Wire { .. } => self.aim(at, press.touch),
            Gesture::Pinch { .. } => {}
        }
        self.gesture = gesture;
        out
    }

    fn drag(&mut self, gesture: &mut Gesture, at: Point, press: Press) {
        let Gesture::Drag { held, all, start, snapped } = gesture else { return };
        let by = (at - *start) * (1.0 / self.view.camera.zoom);
        // With Ctrl or Cmd a node goes anywhere.
        *snapped = match held {
            _ if press.command => Snapped { by, guides: Vec::new() },
            Item::Place(id) | Item::Note(id) => snap_box(&self.design, id, by),
            Item::Node(id) => snap_drag(&self.design, &all.nodes, id, by, PULL_PX / self.view.camera.zoom),
            Item::Wire(_) => Snapped::default(),
        };
        let mut design = (*self.design).clone();
        for node in design.nodes.iter_mut().filter(|n| all.nodes.contains(&n.id)) {
            node.x += snapped.by.x;
            node.y += snapped.by.y;
        }
        for place in design.places.iter_mut().filter(|p| all.places.contains(&p.id)) {
            place.x += snapped.by.x;
            place.y += snapped.by.y;
        }
        for note in design.notes.iter_mut().filter(|n| all.notes.contains(&n.id)) {
            note.x += snapped.by.x;
            note.y += snapped.by.y;
        }
        self.place(&design);
        self.show_guides(&snapped.guides);
    }

    fn stretch(&mut self, gesture: &mut Gesture, at: Point, press: Press) {
        let Gesture::Resize { place, handle, start, rect } = gesture else { return };
        let Some(now) = box_of(&self.design, place) else { return };
        *rect = handle.drag(&now, (at - *start) * (1.0 / self.view.camera.zoom), press.command);
        let mut design = (*self.design).clone();
        for place in design.places.iter_mut().filter(|p| p.id == *place) {
            (place.x, place.y, place.w, place.h) = (rect.x, rect.y, rect.w, rect.h);
        }
        for note in design.notes.iter_mut().filter(|n| n.id == *place) {
            (note.x, note.y, note.w, note.h) = (rect.x, rect.y, rect.w, rect.h);
        }
        self.place(&design);
    }

    /// The pointer went up. Gives what the editor shall do.
    pub fn pointer_up(&mut self, at: Point, press: Press) -> Vec<EditMsg> {
        match std::mem::take(&mut self.gesture) {
            Gesture::Pan { moved: false, click: Some(EditMsg::ClearSelection), .. }
                if press.command && self.editable() =>
            {
                self.open_quick(Some(self.view.world_from_screen(at)));
                Vec::new()
            }
            Gesture::Pan { moved: false, click, .. } => click.into_iter().collect(),
            // A click on one of several selected selects it alone.
            Gesture::Press { item, adds: false, .. } => vec![EditMsg::Select(item)],
            Gesture::Resize { place, rect, start, .. } => {
                self.place_back();
                match at.distance(start) >= 1.0 {
                    true if self.design.note(&place).is_some() => {
                        vec![EditMsg::ResizeNote { note: place, rect }]
                    }
                    true => vec![EditMsg::ResizePlace { place, rect }],
                    false => Vec::new(),
                }
            }
            Gesture::Drag { snapped, .. } => {
                self.show_guides(&[]);
                self.place_back();
                if snapped.by == Point::default() {
                    Vec::new()
                } else {
                    vec![EditMsg::Move { by: snapped.by }]
                }
            }
            Gesture::Marquee { .. } => {
                self.show_marquee(None);
                Vec::new()
            }
            Gesture::Wire { start } => {
                // Let go in place, it is the first of two clicks: the wire follows the pointer.
                if at.distance(start) < DRAG_PX {
                    return Vec::new();
                }
                self.aim(at, press.touch);
                self.offer_for_link(at);
                self.finish_link(true)
            }
            _ => Vec::new(),
        }
    }

    /// Gives up what the pointers are doing: everything is as it was.
    pub fn cancel_gesture(&mut self) {
        if matches!(std::mem::take(&mut self.gesture), Gesture::Drag { .. } | Gesture::Resize { .. }) {
            self.place_back();
        }
        self.show_guides(&[]);
        self.show_marquee(None);
        self.drop_link();
    }

    /// Everything where the design has it. What a drag has come to may be refused.
    fn place_back(&mut self) {
        let design = std::rc::Rc::clone(&self.design);
        self.place(&design);
    }

    // Wires.

    /// Begins to draw a wire, with the pointer at a screen point or by keys.
    pub fn begin_link(&mut self, from: String, side: Side, pointer: Option<Point>) {
        let targets = self.ctx.desk.get().wire_targets(&from, side);
        let name = self.name_of(&from);
        let text = match (targets.is_empty(), side) {
            (true, _) => texts::LINK_NONE,
            (false, Side::Out) => texts::LINK_START,
            (false, Side::In) => texts::LINK_START_IN,
        };
        let said = self.lang().fill(text, &[("from", &name)]);
        self.say(&said);
        self.link = Some(Link { from, side, targets, chosen: None, pointer, reason: None });
        self.show_link();
    }

    /// The pointer is there: chooses what lies under it, or says why it cannot be chosen.
    fn aim(&mut self, at: Point, touch: bool) {
        let Some(mut link) = self.link.take() else { return };
        let world = self.view.world_from_screen(at);
        let under = match hit(&self.design, world, self.near(touch).max(12.0 / self.view.camera.zoom)) {
            Hit::Port { node, .. } | Hit::Node(node) => Some(node),
            _ => None,
        };
        link.pointer = Some(at);
        link.chosen = under.clone().filter(|id| link.targets.contains(id));
        link.reason = under.filter(|id| link.chosen.is_none() && *id != link.from).and_then(|id| {
            let (from, to) = link.ends(&id);
            let refusal = self.ctx.desk.get().refusal(&from, &to)?;
            Some(if self.lang() == crate::texts::Lang::Ko { refusal.ko } else { refusal.en })
        });
        self.link = Some(link);
        self.show_link();
    }

    /// Draws the wire to what is chosen. Without a choice the drawing ends when it `gives_up`.
    pub fn finish_link(&mut self, gives_up: bool) -> Vec<EditMsg> {
        let Some(link) = &self.link else { return Vec::new() };
        if let Some(target) = &link.chosen {
            let (from, to) = link.ends(target);
            let names = [self.name_of(&from), self.name_of(&to)];
            let said = self.lang().fill(texts::LINK_DONE, &[("from", &names[0]), ("to", &names[1])]);
            self.say(&said);
            self.link = None;
            self.show_link();
            return vec![EditMsg::Connect { from, to }];
        }
        if gives_up || link.reason.is_some() {
            self.drop_link();
        }
        Vec::new()
    }

    /// A wire was let go over nothing: what it could go to is offered there.
    fn offer_for_link(&mut self, at: Point) {
        let world = self.view.world_from_screen(at);
        let free = matches!(hit(&self.design, world, 0.0), Hit::Background | Hit::Place(_));
        let Some(link) = self.link.as_ref().filter(|l| free && l.chosen.is_none() && l.reason.is_none())
        else {
            return;
        };
        let wired = Some((link.from.clone(), link.side));
        // Its port comes to lie where the wire ended.
        let aside = NODE_WIDTH / 2.0 * if link.side == Side::Out { 1.0 } else { -1.0 };
        let world = world + Point::new(aside, 0.0);
        self.on_quick.emit(QuickAt { at, world, wired, only_wired: true });
    }

    /// Asks what to add at a point [world px]; without one, beside the selected node, else where the pointer is.
    pub fn open_quick(&mut self, world: Option<Point>) {
        if !self.editable() {
            return;
        }
        self.cancel_gesture();
        let node = match self.ctx.state.selection.only() {
            Some(Item::Node(id)) if world.is_none() => self.design.node(&id),
            _ => None,
        };
        let (world, wired) = match (node, world) {
            (Some(node), _) => {
                let side = if has_port(node, Side::Out) { Side::Out } else { Side::In };
                (room_beside(&self.design, node, side), Some((node.id.clone(), side)))
            }
            (None, Some(world)) => (world, None),
            (None, None) => {
                let middle = Point::new(self.view.width / 2.0, self.view.height / 2.0);
                (self.view.world_from_screen(self.hover.unwrap_or(middle)), None)
            }
        };
        let at = self.view.screen_from_world(world);
        self.on_quick.emit(QuickAt { at, world, wired, only_wired: false });
    }

    /// Draws no wire.
    pub fn drop_link(&mut self) {
        if self.link.take().is_some() {
            let said = self.lang().t(texts::LINK_CANCELLED);
            self.say(said);
        }
        self.show_link();
    }
}
