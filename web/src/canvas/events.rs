//! Listens to pointers, the wheel, keys and the canvas's size, and tells the stage.

use super::gesture::{Gesture, Press};
use super::keyboard::{Key, wire_of};
use super::menu::MenuAt;
use super::reading::write_value;
use super::stage::{Stage, box_of};
use super::{StageRef, WeakStage};
use crate::dom::{self, Listener, Timer};
use crate::state::{Ctx, Dialog, Msg, Red, Sheet, Sight};
use crate::texts::canvas as texts;
use headroom_editor::{EditMsg, Hit, Item, Point, hit, node_rect};
use headroom_model::kinds::Unit;
use headroom_model::messages::{PartState, part};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

/// A finger that rests so long on a node selects more [ms].
const LONG_PRESS_MS: i32 = 500;
/// A finger that rests moves less than this [px].
const REST_PX: f64 = 8.0;
/// How fast the wheel zooms, per px of its turn; of a pinch on a trackpad.
const WHEEL_ZOOM: f64 = 0.0016;
const PINCH_ZOOM: f64 = 0.01;
/// A turn of the wheel that jumps at least so far is a mouse's, which zooms; a trackpad's small ones pan [px].
const WHEEL_NOTCH: f64 = 50.0;

/// What keeps listening until it is dropped.
pub struct Listening {
    _listeners: Vec<Listener>,
    observer: web_sys::ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Fingers that are down.
#[derive(Default)]
struct Fingers {
    at: BTreeMap<i32, Point>,
    rest: Option<(Timer, Point)>,
    /// All fingers of a pinch, or after a long press, must go before another gesture begins.
    spent: bool,
}

type FingersRef = Rc<RefCell<Fingers>>;

/// Listens for as long as the result is kept.
pub fn listen(stage: &StageRef) -> Listening {
    let root = stage.0.borrow().root.clone();
    let fingers = FingersRef::default();
    let mut listeners = Vec::new();
    let mut on = |name: &'static str, f: fn(&StageRef, &FingersRef, &Event)| {
        let (weak, fingers) = (stage.weak(), fingers.clone());
        listeners.push(Listener::new(&root, name, move |event| {
            if let Some(stage) = weak.get() {
                f(&stage, &fingers, &event);
            }
        }));
    };
    on("pointerdown", pointer_down);
    on("pointermove", pointer_move);
    on("pointerup", |stage, fingers, event| pointer_end(stage, fingers, event, false));
    on("pointercancel", |stage, fingers, event| pointer_end(stage, fingers, event, true));
    on("pointerover", |stage, _, event| pointer_over(stage, event));
    on("wheel", |stage, _, event| wheel(stage, event));
    on("keydown", |stage, _, event| key_down(stage, event));
    on("focusin", |stage, _, event| focus_in(stage, event));
    on("keyup", |stage, _, event| {
        // A row of arrow keys is one step back.
        if event.unchecked_ref::<KeyboardEvent>().key().starts_with("Arrow") {
            stage.act(|_| vec![EditMsg::Settle]);
        }
    });
    on("dblclick", |stage, _, event| {
        let node = stage.0.try_borrow().ok().map(|s| {
            let at = s.view.world_from_screen(place(&s, event.unchecked_ref()));
            (hit(&s.design, at, 0.0), s.ctx.clone())
        });
        match node {
            Some((Hit::Node(_) | Hit::Place(_), ctx)) => open_inspector(&ctx),
            Some((Hit::Note(id), _)) => stage.write(&id),
            Some((Hit::Background, _)) if !on_tool(event) => stage.act(|stage| {
                let at = stage.view.world_from_screen(place(stage, event.unchecked_ref()));
                stage.open_quick(Some(at));
                Vec::new()
            }),
            _ => {}
        }
    });
    on("click", |stage, _, event| {
        let ctx = stage
            .0
            .try_borrow()
            .ok()
            .filter(|s| s.link.is_none() && !s.ctx.state.env.embed)
            .map(|s| s.ctx.clone());
        if let (Some(red), Some(ctx)) = (red_at(event), ctx) {
            ctx.send(Msg::Show(Some(Dialog::Why(red))));
        }
    });
    on("contextmenu", |stage, fingers, event| {
        // A finger that rests has its own meaning here; a menu has none of its own.
        if !fingers.borrow().at.is_empty() || in_menu(event) {
            event.prevent_default();
            return;
        }
        let e: &MouseEvent = event.unchecked_ref();
        // The menu key is no button of a mouse: it is about what has the focus.
        let by_mouse = e.button() == 2;
        let opened = stage.0.try_borrow().is_ok_and(|s| s.editable()) && !on_tool(event);
        if opened {
            event.prevent_default();
            stage.act(|stage| {
                let item = item_of(stage, event);
                if by_mouse { stage.menu_at(place(stage, e)) } else { stage.menu_on(item) }
            });
        }
    });
    {
        // Where nobody looks nothing needs to move: no frame would say so.
        let weak = stage.weak();
        listeners.push(Listener::new(&dom::document(), "visibilitychange", move |_| {
            if let Some(stage) = weak.get() {
                stage.act(|stage| {
                    stage.want_film(dom::now_ms());
                    Vec::new()
                });
            }
        }));
    }
    let resized = resized(stage.weak());
    let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref())
        .expect("every browser that runs WebAssembly has ResizeObserver");
    observer.observe(&root);
    measure(stage);
    Listening { _listeners: listeners, observer, _resized: resized }
}

fn resized(weak: WeakStage) -> Closure<dyn FnMut()> {
    Closure::new(move || {
        if let Some(stage) = weak.get() {
            measure(&stage);
        }
    })
}

fn measure(stage: &StageRef) {
    stage.act(|stage| {
        let (w, h) = (stage.root.client_width(), stage.root.client_height());
        stage.resize(f64::from(w), f64::from(h));
        Vec::new()
    });
}

/// The event's place, from the canvas's corner.
fn place(stage: &Stage, event: &MouseEvent) -> Point {
    let rect = stage.root.get_bounding_client_rect();
    Point::new(f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
}

fn press(event: &PointerEvent) -> Press {
    Press {
        touch: event.pointer_type() == "touch",
        middle: event.button() == 1,
        shift: event.shift_key(),
        command: event.ctrl_key() || event.meta_key(),
    }
}

/// Whether the event came from the menu that lies on the canvas.
fn in_menu(event: &Event) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target.and_then(|t| t.closest(".cv-menu").ok().flatten()).is_some()
}

/// What a click on something red asks: a node's badge or its failures.
fn red_at(event: &Event) -> Option<Red> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let red = target.closest(".cv-badge, .cv-words[data-failing]").ok().flatten()?;
    let down = red.closest("[data-state=down]").ok().flatten().is_some();
    Some(if down || red.has_attribute("data-failing") { Red::Errors } else { Red::Slow })
}

/// Whether the event came from a button that lies on the canvas.
fn on_tool(event: &Event) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    target
        .and_then(|t| t.closest(".cv-tools, .cv-menu, .cv-map, .cv-legend button, .cv-legend-help, .cv-empty a, .cv-empty button").ok().flatten())
        .is_some()
}

fn pointer_down(stage: &StageRef, fingers: &FingersRef, event: &Event) {
    let e: &PointerEvent = event.unchecked_ref();
    // What is red answers to the click that follows.
    if on_tool(event) || red_at(event).is_some() || !matches!(e.button(), 0 | 1) {
        return;
    }
    let press = press(e);
    if press.middle {
        // No scrolling by the middle button.
        event.prevent_default();
    }
    stage.act(|stage| {
        let at = place(stage, e);
        let _ = stage.root.set_pointer_capture(e.pointer_id());
        if press.touch {
            let mut down = fingers.borrow_mut();
            down.at.insert(e.pointer_id(), at);
            down.rest = None;
            match down.at.len() {
                1 => down.spent = false,
                2 => {
                    down.spent = true;
                    let both: Vec<Point> = down.at.values().copied().collect();
                    stage.pinch_begin([both[0], both[1]]);
                    return Vec::new();
                }
                _ => return Vec::new(),
            }
        }
        stage.press_dot(at, press);
        stage.pointer_down(at, press)
    });
    if press.touch {
        begin_rest(stage, fingers);
    }
}

/// A finger on a node: if it rests, the node is selected besides the others. On nothing it opens the menu.
fn begin_rest(stage: &StageRef, fingers: &FingersRef) {
    let (item, start) = match stage.0.try_borrow().as_deref().map(|s| &s.gesture) {
        Ok(Gesture::Press { item, start, .. }) => (Some(item.clone()), *start),
        // On nothing, what can be done there.
        Ok(Gesture::Pan { start, click: Some(EditMsg::ClearSelection), .. }) => (None, *start),
        _ => return,
    };
    let (weak, held) = (stage.weak(), Rc::downgrade(fingers));
    let timer = Timer::after(LONG_PRESS_MS, move || {
        let (Some(stage), Some(fingers)) = (weak.get(), held.upgrade()) else { return };
        fingers.borrow_mut().spent = true;
        stage.act(|stage| {
            stage.cancel_gesture();
            match &item {
                Some(item) => vec![EditMsg::Toggle(item.clone())],
                None if stage.editable() => stage.menu_at(start),
                None => Vec::new(),
            }
        });
    });
    fingers.borrow_mut().rest = Some((timer, start));
}

fn pointer_move(stage: &StageRef, fingers: &FingersRef, event: &Event) {
    let e: &PointerEvent = event.unchecked_ref();
    stage.act(|stage| {
        let at = place(stage, e);
        let press = press(e);
        if press.touch {
            let mut down = fingers.borrow_mut();
            let Some(finger) = down.at.get_mut(&e.pointer_id()) else { return Vec::new() };
            *finger = at;
            if down.rest.as_ref().is_some_and(|(_, start)| at.distance(*start) > REST_PX) {
                down.rest = None;
            }
            if down.at.len() >= 2 {
                let both: Vec<Point> = down.at.values().copied().collect();
                stage.pinch([both[0], both[1]]);
                return Vec::new();
            }
            if down.spent {
                return Vec::new();
            }
        }
        stage.pointer_move(at, press)
    });
}

fn pointer_end(stage: &StageRef, fingers: &FingersRef, event: &Event, cancelled: bool) {
    let e: &PointerEvent = event.unchecked_ref();
    if on_tool(event) && stage.0.try_borrow().is_ok_and(|s| matches!(s.gesture, Gesture::Idle)) {
        return;
    }
    let mut followed = None;
    stage.act(|stage| {
        let press = press(e);
        if press.touch {
            let mut down = fingers.borrow_mut();
            down.at.remove(&e.pointer_id());
            down.rest = None;
            if down.spent {
                stage.gesture = Gesture::Idle;
                return Vec::new();
            }
        }
        if cancelled {
            stage.cancel_gesture();
            return Vec::new();
        }
        let at = place(stage, e);
        let edits = stage.pointer_up(at, press);
        followed = stage.release_dot(at).map(|(trace, wire)| (stage.ctx.clone(), trace, wire));
        edits
    });
    if let Some((ctx, trace, wire)) = followed.filter(|f| !f.0.state.env.embed) {
        ctx.live.change(|live| live.pick(&trace));
        ctx.send(Msg::Show(Some(Dialog::Microscope(Sight::Request(usize::from(wire))))));
    }
}

/// The words of a part are made when somebody asks for them.
fn pointer_over(stage: &StageRef, event: &Event) {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let Some(cell) = target.and_then(|t| t.closest("[data-part]").ok().flatten()) else { return };
    let Some(node) = cell.closest("[data-node-id]").ok().flatten() else { return };
    let attribute = |e: &Element, name: &str| e.get_attribute(name).unwrap_or_default();
    let Ok(stage) = stage.0.try_borrow() else { return };
    let part: usize = attribute(&cell, "data-part").parse().unwrap_or(0);
    if let Some(words) = stage.words_of_part(&attribute(&node, "data-node-id"), part) {
        let _ = cell.set_attribute("title", &words);
    }
}

impl Stage {
    /// Opens the menu of what lies at a screen point.
    fn menu_at(&mut self, at: Point) -> Vec<EditMsg> {
        let world = self.view.world_from_screen(at);
        let on = match hit(&self.design, world, 5.0 / self.view.camera.zoom) {
            Hit::Port { node, .. } | Hit::Node(node) => Some(Item::Node(node)),
            Hit::Wire(key) => Some(Item::Wire(key)),
            Hit::Place(id) => Some(Item::Place(id)),
            Hit::Note(id) => Some(Item::Note(id)),
            Hit::Background => None,
        };
        self.open_menu(MenuAt { at, world, on })
    }

    /// Opens the menu of what has the focus, or else of what alone is selected, or of the canvas.
    pub fn menu_on(&mut self, focused: Option<Item>) -> Vec<EditMsg> {
        let on = focused.or_else(|| self.ctx.state.selection.only());
        let node = |id: &String| self.design.node(id).map(|n| node_rect(n).centre());
        let place = |id: &String| {
            let rect = box_of(&self.design, id)?;
            Some(Point::new(rect.x + 24.0, rect.y + 28.0))
        };
        let world = match &on {
            Some(Item::Node(id)) => node(id),
            Some(Item::Place(id) | Item::Note(id)) => place(id),
            Some(Item::Wire(key)) => node(&key.to),
            None => None,
        };
        let world = world.unwrap_or_else(|| self.view.middle());
        self.open_menu(MenuAt { at: self.view.screen_from_world(world), world, on })
    }

    fn open_menu(&mut self, menu: MenuAt) -> Vec<EditMsg> {
        self.cancel_gesture();
        let select = menu.on.clone().filter(|item| !self.ctx.state.selection.has(item));
        self.on_menu.emit(menu);
        select.map(EditMsg::Select).into_iter().collect()
    }

    /// What there is to say of a part of a node.
    fn words_of_part(&self, id: &str, part: usize) -> Option<String> {
        let live = self.ctx.live.get();
        let lang = self.lang();
        let index = live.node_index(id)?;
        let parts = self.design.node(id)?.kind().spec().parts?;
        let now = live.snapshot.nodes.get(index)?.parts.get(part)?;
        let window = live.windows.last();
        let values = window.and_then(|w| live.part_values(w, index).nth(part)).unwrap_or(&[]);
        let value = |at: usize, unit: Unit| {
            let v = values.get(at).copied().filter(|v| v.is_finite());
            v.map_or_else(|| "–".to_owned(), |v| write_value(unit, v))
        };
        let state = lang.t(match now.state {
            PartState::Up => texts::PART_UP,
            PartState::Slow => texts::PART_SLOW,
            PartState::Down => texts::PART_DOWN,
            PartState::Recovering => texts::PART_RECOVERING,
            PartState::Primary => texts::PART_PRIMARY,
            PartState::Draining => texts::PART_DRAINING,
            PartState::Gone => texts::PART_GONE,
        });
        let mut words = lang.fill(
            texts::PART_TITLE,
            &[
                ("noun", lang.t(parts.noun)),
                ("n", &(part + 1).to_string()),
                ("state", state),
                ("utilization", &value(part::UTILIZATION, Unit::Share)),
                ("rate", &value(part::ARRIVALS_RPS, Unit::Rate)),
                ("queue", &write_value(Unit::Count, now.queue as f32)),
            ],
        );
        if let Some(extra) = parts.extra {
            let label = lang.t(extra.label);
            words.push_str(&format!(
                "\n{label} {}: {}",
                write_value(extra.unit, now.extra),
                lang.t(extra.help)
            ));
        }
        Some(words)
    }
}

fn wheel(stage: &StageRef, event: &Event) {
    let e: &WheelEvent = event.unchecked_ref();
    if in_menu(event) {
        return;
    }
    stage.act(|stage| {
        // A page that shows this one in a frame scrolls on, until somebody works in here.
        let active = dom::document().active_element();
        let focused = active.is_some_and(|a| stage.root.contains(Some(&a)));
        if stage.ctx.state.env.embed && !focused {
            return Vec::new();
        }
        event.prevent_default();
        let unit = if e.delta_mode() == WheelEvent::DOM_DELTA_LINE { 33.0 } else { 1.0 };
        let (dx, dy) = (e.delta_x() * unit, e.delta_y() * unit);
        let at = place(stage, e);
        if e.ctrl_key() || e.meta_key() {
            let rate = if dy.abs() >= WHEEL_NOTCH { WHEEL_ZOOM } else { PINCH_ZOOM };
            stage.view.zoom_at(at, (-dy * rate).exp());
        } else if e.shift_key() {
            stage.view.pan(Point::new(if dx == 0.0 { -dy } else { -dx }, 0.0));
        } else if dx == 0.0 && dy.abs() >= WHEEL_NOTCH {
            stage.view.zoom_at(at, (-dy.clamp(-240.0, 240.0) * WHEEL_ZOOM).exp());
        } else {
            stage.view.pan(Point::new(-dx, -dy));
        }
        stage.show_camera();
        Vec::new()
    });
}

/// The node, wire or place that an event belongs to.
fn item_of(stage: &Stage, event: &Event) -> Option<Item> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    if let Some(node) = target.closest("[data-node-id]").ok().flatten() {
        return node.get_attribute("data-node-id").map(Item::Node);
    }
    if let Some(place) = target.closest("[data-place]").ok().flatten() {
        return place.get_attribute("data-place").map(Item::Place);
    }
    if let Some(note) = target.closest("[data-note]").ok().flatten() {
        return note.get_attribute("data-note").map(Item::Note);
    }
    let wire = target.closest("[data-wire]").ok().flatten()?;
    wire_of(&wire.get_attribute("data-wire")?, &stage.design).map(Item::Wire)
}

/// Brings the inspector forward and, where there is a keyboard, puts the focus on the label of what is selected.
fn open_inspector(ctx: &Ctx) {
    ctx.send(Msg::ShowSheet(Some(Sheet::Inspector)));
    let keyboard = dom::window().match_media("(pointer: fine)").ok().flatten().is_some_and(|q| q.matches());
    if keyboard {
        // The inspector is drawn first.
        dom::next_frame(|| dom::focus("[data-testid=label]"));
    }
}

fn key_down(stage: &StageRef, event: &Event) {
    let e: &KeyboardEvent = event.unchecked_ref();
    if on_tool(event) || e.alt_key() || e.is_composing() {
        return;
    }
    let mut focus = None;
    let mut opens = None;
    let mut note = None;
    stage.act(|stage| {
        let key = Key {
            name: e.key(),
            code: e.code(),
            shift: e.shift_key(),
            command: e.ctrl_key() || e.meta_key(),
            focused: item_of(stage, event),
        };
        let done = stage.key_down(&key);
        if done.taken {
            event.prevent_default();
        }
        note = stage.ctx.state.selected_note().filter(|_| done.opens).map(|n| n.id.clone());
        opens = (done.opens && note.is_none()).then(|| stage.ctx.clone());
        if done.focus_canvas {
            focus = Some(stage.root.clone());
        }
        if let Some(face) = done.focus.and_then(|id| stage.element(&id)) {
            focus = Some(face);
        }
        done.edits
    });
    if let Some(element) = focus {
        let _ = element.focus();
    }
    if let Some(ctx) = opens {
        open_inspector(&ctx);
    }
    if let Some(id) = note {
        stage.write(&id);
    }
}

fn focus_in(stage: &StageRef, event: &Event) {
    let e: &FocusEvent = event.unchecked_ref();
    // The pointer put it there: it is in view.
    let by_keys = e
        .target()
        .and_then(|t| t.dyn_into::<Element>().ok())
        .is_some_and(|t| t.matches(":focus-visible").unwrap_or(false));
    if !by_keys {
        return;
    }
    stage.act(|stage| {
        // The browser scrolls what it focuses into view: the canvas has its own way to do so.
        stage.root.set_scroll_left(0);
        stage.root.set_scroll_top(0);
        if let Some(Item::Node(id) | Item::Place(id) | Item::Note(id)) = item_of(stage, event) {
            stage.reveal(&id);
        }
        Vec::new()
    });
}
