//! The traffic curve editor: handles dragged by pointer or moved by keys, a menu of shapes.

use super::board::{Board, CurveState, Key, point_words};
use super::chart_view::{moment_at, place_on, use_canvas};
use super::curve::{Draft, preset, preset_name};
use crate::dom::{self, Timer};
use crate::state::{Ctx, use_ctx};
use crate::texts::{Lang, panel as texts};
use headroom_charts::Layout;
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Design, Node};
use headroom_model::kinds::NodeParams;
use headroom_model::text::Text;
use headroom_model::traffic::{Curve, PRESETS};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// While a handle is dragged the design is changed so often at most [ms].
const EDIT_EVERY_MS: f64 = 150.0;
/// Moves of the keyboard within this time are one step of undo [ms].
const SETTLE_MS: i32 = 800;
/// How near a pointer must come to a handle [px]: of a mouse, of a finger.
const REACH: (f32, f32) = (11.0, 24.0);

#[derive(Properties, PartialEq)]
pub struct Props {
    pub board: Board,
}

/// What is on its way to the design.
#[derive(Default)]
struct Sending {
    last_ms: Option<f64>,
    later: Option<Timer>,
}

/// How the editor changes curve and design. Cheap to clone.
#[derive(Clone)]
struct Hand {
    ctx: Ctx,
    board: Board,
    sending: Rc<RefCell<Sending>>,
    redraw: UseForceUpdateHandle,
}

/// The users of a design.
fn users(design: &Design) -> Vec<&Node> {
    design.nodes.iter().filter(|n| matches!(n.params, NodeParams::Users(_))).collect()
}

fn curve_of(node: &Node) -> Option<&Curve> {
    match &node.params {
        NodeParams::Users(users) => Some(&users.traffic),
        _ => None,
    }
}

/// The curve editor.
#[component]
pub fn CurveView(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let canvas = use_canvas(&props.board, Key::Curve);
    let sending = use_mut_ref(Sending::default);
    let chosen = use_state(|| None::<String>);
    let hand = Hand { ctx: ctx.clone(), board: props.board.clone(), sending, redraw: use_force_update() };
    let design = ctx.state.design.clone();
    let users = users(&design);
    // Users that are selected on the canvas come first, then those chosen here.
    let selected =
        ctx.state.selected_node().filter(|n| users.iter().any(|u| u.id == n.id)).map(|n| n.id.clone());
    {
        let (chosen, selected) = (chosen.clone(), selected);
        use_effect_with(selected, move |selected| {
            if let Some(id) = selected {
                chosen.set(Some(id.clone()));
            }
        });
    }
    let node = chosen.as_ref().and_then(|id| users.iter().find(|n| n.id == *id)).or(users.first()).copied();
    let curve = node.and_then(curve_of);
    hand.show(node.map(|n| n.id.as_str()), curve, design.run.until_s);

    let editable = ctx.state.env.editable && node.is_some();
    let (handles, held) = hand.board.curve(|c| {
        let handles: Vec<(f64, f64)> = (0..c.draft.handles.len()).filter_map(|h| c.draft.handle(h)).collect();
        (handles, c.selected)
    });
    let choose_node = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| chosen.set(Some(dom::value_of(&event))))
    };
    let choose_shape = {
        let hand = hand.clone();
        Callback::from(move |event: Event| hand.take_shape(&dom::value_of(&event)))
    };
    let add = hand.on_click(|c, top| c.selected = c.draft.add_in_gap(top));
    let remove = hand.on_click(|c, _| remove_selected(c));
    let shape = curve.and_then(preset_name);
    let last = handles.last().map(|p| p.1.to_string());
    html! {
        <div class="curve" data-testid="curve-editor" data-points={handles.len().to_string()} data-last-rps={last}
            data-node={node.map(|n| n.id.clone())} data-selected={held.map(|h| h.to_string())}
            data-shape={shape.unwrap_or("points")}>
            <div class="curve-bar">
                <h3>{ lang.t(texts::RATES) }</h3>
                if users.len() > 1 {
                    <select class="field" data-testid="curve-node" aria-label={lang.t(texts::CURVE_OF)} onchange={choose_node}>
                        { for users.iter().map(|u| html! {
                            <option value={u.id.clone()} selected={Some(u.id.as_str()) == node.map(|n| n.id.as_str())}>
                                { ctx.state.node_name(u) }
                            </option>
                        }) }
                    </select>
                } else if let Some(node) = node {
                    <span class="curve-of" data-testid="curve-node">{ ctx.state.node_name(node) }</span>
                }
                if editable {
                    <select class="field" data-testid="curve-shape" aria-label={lang.t(texts::CURVE_SHAPE)} onchange={choose_shape}>
                        <option value="" selected={shape.is_none()} disabled=true>{ lang.t(texts::CURVE_CUSTOM) }</option>
                        { for PRESETS.iter().map(|p| html! {
                            <option value={p.name} selected={shape == Some(p.name)}>{ lang.t(p.label) }</option>
                        }) }
                    </select>
                    <button type="button" class="button tiny quiet only-icon" data-testid="curve-add" onclick={add}
                        title={lang.t(texts::CURVE_ADD)} aria-label={lang.t(texts::CURVE_ADD)}>{ "+" }</button>
                    <button type="button" class="button tiny quiet only-icon" data-testid="curve-remove" onclick={remove}
                        disabled={held.is_none() || handles.len() < 2}
                        title={lang.t(texts::CURVE_REMOVE)} aria-label={lang.t(texts::CURVE_REMOVE)}>{ "−" }</button>
                    <span class="curve-hint">{ lang.t(texts::CURVE_HINT) }</span>
                }
                { legend(lang, users.len() > 1) }
            </div>
            <div class="chart curve-plot" data-testid="chart-rates">
                <canvas ref={canvas.clone()} role="img" aria-label={lang.t(texts::CURVE)} class={classes!(editable.then_some("live"))}
                    onpointermove={hand.on_move(&canvas)} onpointerdown={hand.on_down(&canvas, editable)}
                    onpointerup={hand.on_up()} onpointercancel={hand.on_up()} onpointerleave={hand.on_leave()}
                    ondblclick={hand.on_double(&canvas, editable)}></canvas>
                <div class="curve-handles" role="group" aria-label={lang.t(texts::CURVE_KEYS)} onkeydown={hand.on_key()}>
                    if editable {
                        { for handles.iter().enumerate().map(|(h, p)| hand.handle_view(h, *p, handles.len(), held)) }
                    }
                </div>
            </div>
        </div>
    }
}

/// What the lines are, each with its meaning as a tooltip.
fn legend(lang: Lang, several: bool) -> Html {
    let entry = |class: &'static str, name: Text, help: Text| {
        html! { <span class={classes!("legend", class)} title={lang.t(help)}>{ lang.t(name) }</span> }
    };
    html! {
        <span class="curve-legend">
            { entry("drawn", texts::DRAWN, texts::DRAWN_HELP) }
            if several {
                { entry("all", texts::OFFERED_ALL, texts::OFFERED_ALL_HELP) }
            }
            { entry("offered", texts::OFFERED, texts::OFFERED_HELP) }
            { entry("served", texts::SERVED, texts::SERVED_HELP) }
            { entry("failed", texts::FAILED, texts::FAILED_HELP) }
        </span>
    }
}

/// Removes the selected point and selects the one before it.
fn remove_selected(curve: &mut CurveState) {
    if let Some(h) = curve.selected
        && curve.draft.remove(h)
    {
        curve.selected = Some(h.saturating_sub(1));
        curve.hovered = None;
    }
}

fn canvas_of(canvas: &NodeRef) -> Option<Element> {
    canvas.cast::<Element>()
}

fn reach(event: &PointerEvent) -> f32 {
    if event.pointer_type() == "mouse" { REACH.0 } else { REACH.1 }
}

/// The handle near a place.
fn handle_at(board: &Board, layout: &Layout, (x, y): (f32, f32), reach: f32) -> Option<usize> {
    board.curve(|c| {
        let distance =
            |i: &usize| layout.handles.get(*i).map(|p| (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y));
        let near = c.draft.handles.iter().enumerate().filter_map(|(h, i)| Some((h, distance(i)?)));
        near.filter(|(_, d)| *d <= reach * reach).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(h, _)| h)
    })
}

impl Hand {
    /// Shows a node's curve, unless it is the one in hand already.
    fn show(&self, node: Option<&str>, curve: Option<&Curve>, until_s: f64) {
        let same = self.board.curve(|c| {
            c.drag.is_some() && c.node.as_deref() == node
                || c.node.as_deref() == node && curve.is_some_and(|curve| c.draft.shows(curve, until_s))
        });
        if same || (node.is_none() && self.board.curve(|c| c.node.is_none())) {
            return;
        }
        let draft = curve.map(|curve| Draft::of(curve, until_s)).unwrap_or_default();
        self.board.change_curve(|c| {
            let keeps = c.node.as_deref() == node && c.draft.handles.len() == draft.handles.len();
            c.selected = c.selected.filter(|_| keeps);
            (c.node, c.draft, c.drag, c.hovered) = (node.map(str::to_owned), draft, None, None);
        });
    }

    fn layout(&self) -> Layout {
        self.board.layout(&Key::Curve)
    }

    /// The design gets the curve in hand.
    fn send(&self, phase: Phase) {
        {
            let mut sending = self.sending.borrow_mut();
            sending.later = None;
            sending.last_ms = Some(dom::now_ms());
        }
        let (node, curve) = self.board.curve(|c| (c.node.clone(), c.draft.curve()));
        if let Some(node) = node {
            self.ctx.edit(EditMsg::SetParam {
                node,
                name: "traffic".to_owned(),
                value: curve.to_json(),
                phase,
            });
        }
    }

    /// The design gets the curve in hand, not too often.
    fn send_soon(&self) {
        let wait = {
            let sending = self.sending.borrow();
            sending.last_ms.map_or(0.0, |last| last + EDIT_EVERY_MS - dom::now_ms())
        };
        if wait <= 0.0 {
            self.send(Phase::Dragging);
        } else if self.sending.borrow().later.is_none() {
            let hand = self.clone();
            let timer = Timer::after(wait.ceil() as i32, move || {
                // The timer is this one: it must not be dropped while it runs.
                let timer = hand.sending.borrow_mut().later.take();
                hand.send(Phase::Dragging);
                drop(timer);
            });
            self.sending.borrow_mut().later = Some(timer);
        }
    }

    /// A change by keys or buttons: at once for the run, and one undo step for those that follow each other.
    fn send_step(&self) {
        self.send(Phase::Dragging);
        let ctx = self.ctx.clone();
        self.sending.borrow_mut().later = Some(Timer::after(SETTLE_MS, move || ctx.edit(EditMsg::Settle)));
        self.redraw.force_update();
        self.focus_selected();
    }

    /// Keyboard focus follows the selected handle.
    fn focus_selected(&self) {
        if let Some(h) = self.board.curve(|c| c.selected) {
            self.timer_free_focus(h);
        }
    }

    fn timer_free_focus(&self, handle: usize) {
        let selector = format!("[data-testid=\"curve-point-{handle}\"]");
        dom::next_frame(move || {
            let found = dom::document().query_selector(&selector).ok().flatten();
            if let Some(button) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = button.focus_with_options(&options);
            }
        });
    }

    fn on_click(&self, change: fn(&mut CurveState, f64)) -> Callback<MouseEvent> {
        let hand = self.clone();
        Callback::from(move |_: MouseEvent| {
            let top = hand.layout().value.1;
            hand.board.change_curve(|c| change(c, top));
            hand.send_step();
        })
    }

    fn take_shape(&self, name: &str) {
        let until_s = self.ctx.state.design.run.until_s;
        let before = self.board.curve(|c| c.draft.curve());
        let Some(curve) = preset(name, &before, until_s) else { return };
        self.board.change_curve(|c| {
            c.draft = Draft::of(&curve, until_s);
            (c.selected, c.hovered) = (None, None);
        });
        self.send(Phase::Done);
        self.redraw.force_update();
    }

    fn on_move(&self, canvas: &NodeRef) -> Callback<PointerEvent> {
        let (hand, canvas) = (self.clone(), canvas.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = canvas_of(&canvas) else { return };
            let (x, y) = place_on(&element, &event);
            let drag = hand.board.curve(|c| c.drag.clone().zip(c.selected));
            if let Some((layout, handle)) = drag {
                // Beyond the upper edge the axis goes on, so that a curve can be pulled higher than it was.
                let to = (layout.time_of(x), layout.value_of(y).max(0.0));
                hand.board.change_curve(|c| c.draft.move_to(handle, to, layout.value.1));
                hand.send_soon();
                return;
            }
            if hand.board.drag(&Key::Curve, x, &event) {
                return;
            }
            let layout = hand.layout();
            let over = handle_at(&hand.board, &layout, (x, y), reach(&event));
            if hand.board.curve(|c| c.hovered) != over {
                hand.board.change_curve(|c| c.hovered = over);
                let _ = element.class_list().toggle_with_force("over", over.is_some());
            }
            hand.board.point(moment_at(&layout, x).map(|t| (t, Key::Curve, y)));
        })
    }

    fn on_down(&self, canvas: &NodeRef, editable: bool) -> Callback<PointerEvent> {
        let (hand, canvas) = (self.clone(), canvas.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = canvas_of(&canvas).filter(|_| event.button() == 0) else {
                return;
            };
            let layout = hand.layout();
            let (x, y) = place_on(&element, &event);
            let held = handle_at(&hand.board, &layout, (x, y), reach(&event)).filter(|_| editable);
            if held.is_none() {
                hand.board.press(&Key::Curve, x, &event);
            }
            if !editable {
                return;
            }
            if let Some(handle) = held {
                event.prevent_default();
                let _ = element.set_pointer_capture(event.pointer_id());
                hand.timer_free_focus(handle);
            }
            hand.board.change_curve(|c| {
                c.selected = held;
                c.drag = held.map(|_| layout);
            });
            hand.board.point(None);
            hand.redraw.force_update();
        })
    }

    fn on_up(&self) -> Callback<PointerEvent> {
        let hand = self.clone();
        Callback::from(move |event: PointerEvent| {
            hand.board.release(&event);
            if hand.board.change_curve(|c| c.drag.take()).is_some() {
                hand.send(Phase::Done);
                hand.redraw.force_update();
            }
        })
    }

    fn on_leave(&self) -> Callback<PointerEvent> {
        let hand = self.clone();
        Callback::from(move |_: PointerEvent| {
            if hand.board.curve(|c| c.drag.is_none()) {
                hand.board.change_curve(|c| c.hovered = None);
                hand.board.point(None);
            }
        })
    }

    fn on_double(&self, canvas: &NodeRef, editable: bool) -> Callback<MouseEvent> {
        let (hand, canvas) = (self.clone(), canvas.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(element) = canvas_of(&canvas).filter(|_| editable) else { return };
            let layout = hand.layout();
            let (x, y) = place_on(&element, &event);
            let free = handle_at(&hand.board, &layout, (x, y), REACH.0).is_none();
            if free && moment_at(&layout, x).is_some() {
                let at = layout.point_from_px(x, y);
                hand.board.change_curve(|c| c.selected = c.draft.add(at, layout.value.1).or(c.selected));
                hand.send_step();
            }
        })
    }

    fn on_key(&self) -> Callback<KeyboardEvent> {
        let hand = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(handle) = hand.board.curve(|c| c.selected) else { return };
            let far = if event.shift_key() { 5.0 } else { 1.0 };
            let top = hand.layout().value.1;
            let nudge = |t: f64, rps: f64| {
                hand.board.change_curve(|c| c.draft.nudge(handle, (t * far, rps * far), top));
            };
            match event.key().as_str() {
                "ArrowLeft" => nudge(-1.0, 0.0),
                "ArrowRight" => nudge(1.0, 0.0),
                "ArrowUp" => nudge(0.0, 1.0),
                "ArrowDown" => nudge(0.0, -1.0),
                "Insert" | "Enter" => {
                    hand.board.change_curve(|c| c.selected = c.draft.add_after(handle, top).or(c.selected));
                }
                "Delete" | "Backspace" => hand.board.change_curve(remove_selected),
                "Escape" => {
                    event.prevent_default();
                    event.stop_propagation();
                    hand.give_up();
                    return;
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
            hand.send_step();
        })
    }

    /// Gives up a drag: the curve is as it was before.
    fn give_up(&self) {
        if self.board.change_curve(|c| c.drag.take()).is_some() {
            self.sending.borrow_mut().later = None;
            self.ctx.edit(EditMsg::CancelDrag);
            // What the design holds is shown again, even where it never changed.
            self.board.change_curve(|c| c.node = None);
        } else {
            self.board.change_curve(|c| c.selected = None);
        }
        self.redraw.force_update();
    }

    /// The button of a handle, for the keyboard and for those who listen; pointers go through to the canvas.
    fn handle_view(&self, h: usize, point: (f64, f64), count: usize, held: Option<usize>) -> Html {
        let lang = self.ctx.lang();
        let hand = self.clone();
        let focus = Callback::from(move |_: FocusEvent| {
            if hand.board.curve(|c| c.selected) != Some(h) {
                hand.board.change_curve(|c| c.selected = Some(h));
                hand.redraw.force_update();
            }
        });
        let label =
            lang.fill(texts::CURVE_POINT, &[("n", &(h + 1).to_string()), ("count", &count.to_string())]);
        html! {
            <span key={h} class="curve-handle" role="slider" tabindex="0" data-testid={format!("curve-point-{h}")}
                aria-label={label} aria-valuenow={point.1.to_string()} aria-valuetext={point_words(point)}
                aria-orientation="vertical" data-t={point.0.to_string()} data-rps={point.1.to_string()}
                aria-current={(held == Some(h)).then_some("true")} onfocus={focus}></span>
        }
    }
}
