//! The canvas: draws the design, brings it to life from the run's data, and edits it.
//!
//! Yew makes the frame and its buttons; nodes, wires and moving requests are drawn past it by [`stage::Stage`], because
//! they change with every frame. Pointers and keys are translated into messages for the editor here; what they mean is
//! decided in [`gesture`] and [`keyboard`], and what a node says in [`reading`], which knows no page.

// Only pictures depend on these functions' last bits, never a run.
#![allow(clippy::disallowed_methods)]

mod build;
mod dots;
mod events;
mod face;
mod flow;
mod gesture;
mod keyboard;
mod legend;
mod life;
mod menu;
mod minimap;
mod note_view;
mod place_view;
mod quick;
pub mod reading;
mod scene;
mod stage;
mod wire_view;

use crate::dom;
use crate::gallery;
use crate::port::{CanvasCommand, Piece};
use crate::state::{Ctx, Dialog, Msg, use_ctx};
use crate::texts::{canvas as texts, library, world};
use headroom_editor::{
    EditMsg, NODE_HEIGHT, NODE_WIDTH, Point, Rect, drop_rect, free_room, place_for, room_for_note, wire_for,
};
use headroom_model::design::NOTE_SIZE;
use menu::MenuAt;
use quick::QuickAt;
use stage::{Stage, reduced_motion};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use web_sys::HtmlElement;
use yew::prelude::*;

/// A node that is dropped this near to a wire is put into it [px].
const WIRE_REACH_PX: f64 = 8.0;

/// The stage, shared between the component, its listeners and the frames.
#[derive(Clone)]
pub(crate) struct StageRef(Rc<RefCell<Stage>>);

/// The stage, as those hold it who must not keep it alive.
#[derive(Clone)]
pub(crate) struct WeakStage(Weak<RefCell<Stage>>);

impl WeakStage {
    pub(crate) fn get(&self) -> Option<StageRef> {
        self.0.upgrade().map(StageRef)
    }
}

impl StageRef {
    pub(crate) fn weak(&self) -> WeakStage {
        WeakStage(Rc::downgrade(&self.0))
    }

    /// Works on the stage, then sends what it wants of the editor. Focus moves may call back while the stage is at
    /// work: such calls do nothing.
    pub(crate) fn act(&self, work: impl FnOnce(&mut Stage) -> Vec<EditMsg>) {
        let Ok(mut stage) = self.0.try_borrow_mut() else { return };
        let edits = work(&mut stage);
        let ctx = stage.ctx.clone();
        drop(stage);
        for message in edits {
            ctx.edit(message);
        }
        self.ask_for_frame();
    }

    /// Draws a picture soon, and goes on for as long as something moves.
    pub(crate) fn ask_for_frame(&self) {
        let Ok(mut stage) = self.0.try_borrow_mut() else { return };
        if std::mem::replace(&mut stage.frame_wanted, true) {
            return;
        }
        drop(stage);
        let weak = self.weak();
        dom::next_frame(move || {
            let Some(stage) = weak.get() else { return };
            let more = match stage.0.try_borrow_mut() {
                Ok(mut stage) => {
                    stage.frame_wanted = false;
                    stage.frame(dom::now_ms())
                }
                Err(_) => true,
            };
            if more {
                stage.ask_for_frame();
            }
        });
    }

    /// Shows the page's present state.
    fn sync(&self, ctx: Ctx) {
        let Ok(mut stage) = self.0.try_borrow_mut() else { return };
        let appeared = stage.sync(ctx);
        let write = std::mem::take(&mut stage.write_added);
        let note = appeared.clone().filter(|id| write && stage.design.note(id).is_some());
        let face = appeared.and_then(|id| stage.element(&id));
        drop(stage);
        if let Some(note) = note {
            self.write(&note);
        } else if let Some(face) = face {
            let _ = face.focus();
        }
        self.ask_for_frame();
    }

    /// Does what another part of the page asks for.
    fn obey(&self, command: &CanvasCommand) {
        self.act(|stage| {
            stage.show_ghost(None);
            match command {
                CanvasCommand::Add(Piece::Node(kind)) => {
                    let at = free_room(&stage.ctx.desk.get(), *kind, stage.view.seen());
                    return vec![EditMsg::AddNode { kind: *kind, at }];
                }
                CanvasCommand::Add(Piece::Place(kind)) => {
                    stage.show_added = true;
                    return vec![EditMsg::AddPlaceHere { kind: *kind, seen: stage.view.seen() }];
                }
                CanvasCommand::Add(Piece::Note) => {
                    stage.write_added = true;
                    stage.show_added = true;
                    return vec![EditMsg::AddNote { at: room_for_note(&stage.design, stage.view.seen()) }];
                }
                CanvasCommand::NoteAt(at) => {
                    stage.write_added = true;
                    return vec![EditMsg::AddNote { at: *at }];
                }
                CanvasCommand::Quick(at) => stage.open_quick(*at),
                CanvasCommand::DragOver(piece, x, y) => stage.drag_over(*piece, *x, *y),
                CanvasCommand::Drop(piece, x, y) => {
                    if let Some(at) = stage.inside(*x, *y) {
                        let at = stage.view.world_from_screen(at);
                        let reach = WIRE_REACH_PX / stage.view.camera.zoom;
                        return vec![match piece {
                            Piece::Node(kind) => match wire_for(&stage.design, *kind, at, reach) {
                                Some(wire) => EditMsg::InsertNode { kind: *kind, wire, at },
                                None => EditMsg::AddNode { kind: *kind, at },
                            },
                            Piece::Place(kind) => EditMsg::AddPlace { kind: *kind, at },
                            Piece::Note => {
                                stage.write_added = true;
                                EditMsg::AddNote { at }
                            }
                        }];
                    }
                }
                CanvasCommand::DragEnd => {}
                // The same design once more. Another is seen by its number, which undo brings back as well.
                CanvasCommand::Opened => {
                    let design = Rc::clone(&stage.design);
                    stage.view.open(&design);
                    stage.show_camera();
                }
                CanvasCommand::Fit => {
                    let design = Rc::clone(&stage.design);
                    stage.view.fit(&design);
                    stage.show_camera();
                }
                CanvasCommand::ZoomIn => {
                    stage.view.zoom(keyboard::ZOOM_STEP);
                    stage.show_camera();
                }
                CanvasCommand::ZoomOut => {
                    stage.view.zoom(1.0 / keyboard::ZOOM_STEP);
                    stage.show_camera();
                }
                CanvasCommand::Reveal(id) => stage.reveal(id),
                CanvasCommand::Focus | CanvasCommand::FocusOn(_) => {}
            }
            Vec::new()
        });
        let focus = match (command, self.0.try_borrow()) {
            (CanvasCommand::Focus, Ok(stage)) => Some(stage.root.clone()),
            (CanvasCommand::FocusOn(id), Ok(stage)) => stage.element(id),
            _ => None,
        };
        if let Some(element) = focus {
            let _ = element.focus();
        }
    }
}

impl Stage {
    /// The screen point of a point of the page, if it lies inside the canvas and on nothing that lies over it.
    fn inside(&self, client_x: f64, client_y: f64) -> Option<Point> {
        let rect = self.root.get_bounding_client_rect();
        let at = Point::new(client_x - rect.left(), client_y - rect.top());
        let inside = at.x >= 0.0 && at.y >= 0.0 && at.x <= rect.width() && at.y <= rect.height();
        let top = dom::document().element_from_point(client_x as f32, client_y as f32);
        (inside && top.is_none_or(|t| self.root.contains(Some(&t)))).then_some(at)
    }

    fn drag_over(&mut self, piece: Piece, client_x: f64, client_y: f64) {
        if let Some(at) = self.inside(client_x, client_y) {
            let at = self.view.world_from_screen(at);
            let rect = match piece {
                Piece::Node(_) => {
                    let corner = place_for(&self.design, at);
                    Rect { x: corner.x, y: corner.y, w: NODE_WIDTH, h: NODE_HEIGHT }
                }
                Piece::Place(kind) => drop_rect(&self.design, kind, at),
                Piece::Note => {
                    let (w, h) = NOTE_SIZE;
                    Rect { x: at.x - w / 2.0, y: at.y - h / 2.0, w, h }
                }
            };
            let name = self.lang().t(piece.label());
            self.show_ghost(Some((name, rect)));
        }
    }
}

/// The canvas.
#[component]
pub fn Canvas() -> Html {
    let ctx = use_ctx();
    let root = use_node_ref();
    let stage = use_mut_ref(|| None::<StageRef>);
    let menu = use_state(|| None::<MenuAt>);
    let quick = use_state(|| None::<QuickAt>);

    // Built once, after the frame is there.
    {
        let (ctx, root, stage) = (ctx.clone(), root.clone(), stage.clone());
        let (menu, quick) = (menu.setter(), quick.setter());
        use_effect_with((), move |()| {
            let element: HtmlElement = root.cast().expect("the canvas is drawn");
            let mut fresh = Stage::new(ctx.clone(), element);
            fresh.on_menu = Callback::from(move |at| menu.set(Some(at)));
            fresh.on_quick = Callback::from(move |at| quick.set(Some(at)));
            let made = StageRef(Rc::new(RefCell::new(fresh)));
            made.sync(ctx.clone());
            let listeners = (events::listen(&made), minimap::listen(&made));
            let watch = {
                let weak = made.weak();
                ctx.live.watch(move |_| {
                    if let Some(stage) = weak.get() {
                        stage.ask_for_frame();
                    }
                })
            };
            {
                let weak = made.weak();
                ctx.canvas.listen(Callback::from(move |command| {
                    if let Some(stage) = weak.get() {
                        stage.obey(&command);
                    }
                }));
            }
            *stage.borrow_mut() = Some(made);
            move || drop((listeners, watch, stage.borrow_mut().take()))
        });
    }
    // In step with the state from then on.
    {
        let (state, ctx, stage) = (ctx.state.clone(), ctx.clone(), stage.clone());
        let seen = (
            ByAddress(state.design.clone()),
            state.selection.clone(),
            state.lang,
            state.theme,
            state.env.editable,
        );
        use_effect_with(seen, move |_| {
            if let Some(stage) = stage.borrow().as_ref() {
                stage.sync(ctx);
            }
        });
    }

    let close_menu = {
        let menu = menu.clone();
        Callback::from(move |()| menu.set(None))
    };
    let close_quick = {
        let quick = quick.clone();
        Callback::from(move |()| quick.set(None))
    };
    let lang = ctx.lang();
    let tell = |command: CanvasCommand| {
        let port = ctx.canvas.clone();
        Callback::from(move |_: MouseEvent| port.tell(command.clone()))
    };
    html! {
        <div ref={root} class="canvas" data-testid="canvas" role="group" tabindex="-1"
            aria-label={lang.t(texts::CANVAS)} aria-describedby="canvas-keys">
            if headroom_editor::content(&ctx.state.design).is_none() {
                <div class="cv-empty" data-testid="canvas-empty">
                    <b>{ lang.t(texts::EMPTY_TITLE) }</b>
                    <p>{ lang.t(texts::EMPTY_HINT) }</p>
                    if ctx.state.env.editable {
                        <p>{ lang.t(library::TEMPLATES) }</p>
                        <div class="cv-templates" role="group" aria-label={lang.t(library::TEMPLATES)}>{ for gallery::TEMPLATES.iter().map(|(id, name)| {
                            let open = ctx.on(move || Msg::Open(Box::new(gallery::template(id))));
                            html! { <button key={*id} type="button" class="button" data-testid={format!("template-{id}")} onclick={open}>{ lang.t(*name) }</button> }
                        }) }</div>
                    }
                </div>
            }
            <p id="canvas-keys" class="cv-said">{ lang.t(texts::KEYS_HELP) }</p>
            if let Some(at) = &*menu {
                <menu::CanvasMenu menu={at.clone()} onclose={close_menu} />
            }
            if ctx.state.env.editable || !ctx.state.env.embed {
                <legend::Legend {lang} still={reduced_motion()} />
            }
            if let Some(at) = &*quick {
                <quick::Quick quick={at.clone()} onclose={close_quick} />
            }
            <div class="cv-tools">
                if crate::world::has_sites(&ctx.state.design) {
                    { tool(lang.t(world::OPEN), "M9 4 3.500 6v14L9 18l6 2 5.500-2V4L15 6zM9 4v14M15 6v14", "canvas-world", ctx.on(|| Msg::Show(Some(Dialog::World)))) }
                }
                { tool(lang.t(texts::ZOOM_IN), "M12 5v14M5 12h14", "canvas-zoom-in", tell(CanvasCommand::ZoomIn)) }
                { tool(lang.t(texts::ZOOM_OUT), "M5 12h14", "canvas-zoom-out", tell(CanvasCommand::ZoomOut)) }
                { tool(lang.t(texts::FIT), "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", "canvas-fit", tell(CanvasCommand::Fit)) }
            </div>
        </div>
    }
}

fn tool(name: &'static str, path: &'static str, id: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="cv-tool" title={name} aria-label={name} data-testid={id} {onclick}>
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg>
        </button>
    }
}

/// Equal when it is the very same.
struct ByAddress<T>(Rc<T>);

impl<T> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
