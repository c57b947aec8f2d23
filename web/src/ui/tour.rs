//! The tour: a few words about the parts of the page, each beside the part that it speaks of. It stands in nobody's way:
//! Escape and a button end it at any time, and it comes back only when it is asked for.

use crate::dom::{self, Listener};
use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx};
use crate::texts::{library as texts, shell};
use headroom_model::text::Text;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, HtmlElement};
use yew::prelude::*;

/// A step: its title, its words, and what it speaks of: the first of these that is on the screen.
type Step = (Text, Text, &'static [&'static str]);

const STEPS: [Step; 5] = [
    (texts::TOUR_CANVAS, texts::TOUR_CANVAS_TEXT, &["[data-testid=canvas]"]),
    (texts::TOUR_PALETTE, texts::TOUR_PALETTE_TEXT, &[".drawer-palette", "[data-testid=tab-palette]"]),
    (
        texts::TOUR_INSPECTOR,
        texts::TOUR_INSPECTOR_TEXT,
        &[".drawer-inspector", "[data-testid=tab-inspector]"],
    ),
    (texts::TOUR_RUN, texts::TOUR_RUN_TEXT, &[".transport"]),
    (texts::TOUR_SHARE, texts::TOUR_SHARE_TEXT, &["[data-testid=share]"]),
];
/// Width of the card, about its height, and its distance from what it speaks of and from the edges [px].
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 190.0;
const GAP: f64 = 12.0;

fn spot(step: &Step) -> Option<DomRect> {
    let found = step.2.iter().filter_map(|s| dom::document().query_selector(s).ok().flatten());
    let (w, h) = page();
    // A drawer that is put away lies beside the screen.
    let on_screen = |r: &DomRect| {
        r.width() > 0.0 && r.right() > 0.0 && r.left() < w && r.top() < h - 8.0 && r.bottom() > 0.0
    };
    found.map(|e| e.get_bounding_client_rect()).find(on_screen)
}

fn page() -> (f64, f64) {
    let size = |v: Result<wasm_bindgen::JsValue, _>| {
        v.ok().and_then(|v: wasm_bindgen::JsValue| v.as_f64()).unwrap_or(0.0)
    };
    (size(dom::window().inner_width()), size(dom::window().inner_height()))
}

/// Where the card stands: beside its subject, above or below it, or at the foot of a large one, always on the screen.
fn corner(rect: &DomRect) -> (f64, f64) {
    let (w, h) = page();
    let width = WIDTH.min(w - 2.0 * GAP);
    let (left, top) = if rect.width() > w * 0.4 && rect.height() > h * 0.4 {
        (rect.left() + (rect.width() - width) / 2.0, rect.bottom() - HEIGHT)
    } else if rect.right() + GAP + width < w {
        (rect.right() + GAP, rect.top() + GAP)
    } else if rect.height() > h * 0.4 {
        (rect.left() - GAP - width, rect.top() + GAP)
    } else if rect.top() > h / 2.0 {
        (rect.left(), rect.top() - GAP - HEIGHT)
    } else {
        (rect.right() - width, rect.bottom() + GAP)
    };
    (left.min(w - width - GAP).max(GAP), top.min(h - HEIGHT - GAP).max(GAP))
}

/// The tour, while it is shown.
#[component]
pub fn Tour() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let at = ctx.state.tour;
    let again = use_force_update();
    let next = use_node_ref();
    {
        let (send, next) = (ctx.send.clone(), next.clone());
        use_effect_with(at, move |at| {
            let mut listeners = Vec::new();
            if at.is_some() {
                if let Some(button) = next.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
                listeners.push(Listener::new(&dom::window(), "keydown", move |e| {
                    let key: &web_sys::KeyboardEvent = e.unchecked_ref();
                    if key.key() == "Escape" && !dom::dialog_is_open() {
                        send.emit(Msg::Tour(None));
                    }
                }));
                // What it stands beside moves when the page has another size, and may not have been drawn yet.
                let (resized, drawn) = (again.clone(), again);
                listeners.push(Listener::new(&dom::window(), "resize", move |_| resized.force_update()));
                dom::next_frame(move || drawn.force_update());
            }
            move || drop(listeners)
        });
    }
    let Some((at, step)) = at.and_then(|at| STEPS.get(at).map(|step| (at, step))) else { return html! {} };
    let rect = spot(step);
    let light = rect.as_ref().map(|r| {
        format!(
            "left:{:.0}px;top:{:.0}px;width:{:.0}px;height:{:.0}px",
            r.left(),
            r.top(),
            r.width(),
            r.height()
        )
    });
    let (x, y) = rect.as_ref().map_or((GAP, GAP), corner);
    let last = at + 1 == STEPS.len();
    let to = if last { None } else { Some(at + 1) };
    let count =
        lang.fill(texts::TOUR_STEP, &[("n", &(at + 1).to_string()), ("all", &STEPS.len().to_string())]);
    html! {
        <>
            if let Some(style) = light { <div class="tour-light" {style} aria-hidden="true"></div> }
            <section class="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" data-testid="tour" style={format!("left:{x:.0}px;top:{y:.0}px")}>
                <div class="tour-head"><h2 id="tour-title">{ lang.t(step.0) }</h2>
                    <button type="button" class="button quiet only-icon" aria-label={lang.t(texts::TOUR_LEAVE)} title={format!("{} (Esc)", lang.t(shell::CLOSE))}
                        data-testid="tour-leave" onclick={ctx.on(|| Msg::Tour(None))}>{ icon(Icon::Close) }</button></div>
                <p id="tour-text">{ lang.t(step.1) }</p>
                <div class="tour-foot"><span class="muted num" data-testid="tour-step">{ count }</span>
                    if at > 0 { <button type="button" class="button" data-testid="tour-back" onclick={ctx.on(move || Msg::Tour(Some(at - 1)))}>{ lang.t(texts::TOUR_BACK) }</button> }
                    <button ref={next} type="button" class="button primary" data-testid="tour-next" onclick={ctx.on(move || Msg::Tour(to))}>
                        { lang.t(if last { texts::TOUR_DONE } else { texts::TOUR_NEXT }) }</button></div>
            </section>
        </>
    }
}
