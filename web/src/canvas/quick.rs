//! Quick add: a field that opens where something is to be added. What is typed chooses among the kinds, Enter places it there,
//! wired to the node that it was opened for where the rules let it.

use crate::dom::{self, Listener};
use crate::icons::{self, Icon, icon};
use crate::port::{CanvasCommand, Piece};
use crate::state::{Ctx, node_name, use_ctx};
use crate::texts::{Lang, canvas as texts, shell};
use crate::ui::palette::search;
use headroom_editor::{EditMsg, Point, Side, kind_refusal};
use headroom_model::design::Refusal;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Least distance from the canvas's edges, width, and about the greatest height [px].
const MARGIN: f64 = 6.0;
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 330.0;
/// The list, and its options by their positions.
const LIST: &str = "quick-list";

/// Where quick add is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickAt {
    /// Where, from the canvas's corner [px].
    pub at: Point,
    /// The middle of what is added [world px].
    pub world: Point,
    /// The node that it is wired to, and the port of that node.
    pub wired: Option<(String, Side)>,
    /// A wire was dropped: only what it can go to is offered.
    pub only_wired: bool,
}

/// Props of quick add.
#[derive(Properties, PartialEq)]
pub struct QuickProps {
    /// Where and for what.
    pub quick: QuickAt,
    /// It is to go.
    pub onclose: Callback<()>,
}

/// What can be added, and why it would not be wired.
struct Choice {
    piece: Piece,
    refusal: Option<Refusal>,
    wired: bool,
}

/// What is offered for what is typed; what would be wired comes first.
fn choices(ctx: &Ctx, quick: &QuickAt, typed: &str) -> Vec<Choice> {
    let desk = ctx.desk.get();
    let design = desk.design();
    let choice = |piece: Piece| match (piece, &quick.wired) {
        (Piece::Node(kind), Some((node, side))) => {
            let refusal = kind_refusal(design, node, *side, kind);
            Choice { piece, wired: refusal.is_none(), refusal }
        }
        _ => Choice { piece, refusal: None, wired: false },
    };
    let mut all: Vec<Choice> = search(typed).into_iter().map(choice).collect();
    all.retain(|c| c.wired || !quick.only_wired);
    all.sort_by_key(|c| quick.wired.is_some() && !c.wired);
    all
}

fn add(ctx: &Ctx, quick: &QuickAt, choice: &Choice) {
    let at = quick.world;
    match (choice.piece, &quick.wired) {
        (Piece::Node(kind), Some((node, side))) if choice.wired => {
            ctx.edit(EditMsg::AddWired { kind, at, node: node.clone(), side: *side });
        }
        (Piece::Node(kind), _) => ctx.edit(EditMsg::AddNode { kind, at }),
        (Piece::Place(kind), _) => ctx.edit(EditMsg::AddPlace { kind, at }),
        (Piece::Note, _) => ctx.canvas.tell(CanvasCommand::NoteAt(at)),
    }
}

/// Quick add.
#[component]
pub fn Quick(props: &QuickProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let root = use_node_ref();
    let typed = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    {
        let (root, onclose) = (root.clone(), props.onclose.clone());
        use_effect_with((), move |()| {
            dom::focus("[data-testid=quick-field]");
            let elsewhere = Listener::new(&dom::document(), "pointerdown", move |e| {
                let target = e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
                if !root.get().is_some_and(|r| r.contains(target.as_ref())) {
                    onclose.emit(());
                }
            });
            move || drop(elsewhere)
        });
    }
    let found = choices(&ctx, &props.quick, &typed);
    let at = (*chosen).min(found.len().saturating_sub(1));
    {
        // With the keys the list follows.
        use_effect_with(at, |at| dom::show_in_list(&option_id(*at)));
    }
    let oninput = {
        let (typed, chosen) = (typed.clone(), chosen.clone());
        Callback::from(move |e: InputEvent| {
            typed.set(dom::value_of(&e));
            chosen.set(0);
        })
    };
    let onkeydown = {
        let (ctx, quick, onclose) = (ctx.clone(), props.quick.clone(), props.onclose.clone());
        let (chosen, count) = (chosen.clone(), found.len());
        Callback::from(move |e: KeyboardEvent| {
            match e.key().as_str() {
                // Enter also ends the writing of a Korean syllable.
                "Enter" if e.is_composing() => return,
                "Enter" => {
                    // Who types fast is ahead of what is drawn: what stands in the field counts.
                    let words = e.target_unchecked_into::<HtmlInputElement>().value();
                    if let Some(choice) = choices(&ctx, &quick, &words).get(at) {
                        onclose.emit(());
                        add(&ctx, &quick, choice);
                    }
                }
                "ArrowDown" => chosen.set((at + 1) % count.max(1)),
                "ArrowUp" => chosen.set((at + count.max(1) - 1) % count.max(1)),
                "Escape" => {
                    onclose.emit(());
                    ctx.canvas.tell(match &quick.wired {
                        Some((node, _)) => CanvasCommand::FocusOn(node.clone()),
                        None => CanvasCommand::Focus,
                    });
                }
                "Tab" => {
                    onclose.emit(());
                    return;
                }
                _ => return,
            }
            e.prevent_default();
            e.stop_propagation();
        })
    };
    let name = props.quick.wired.as_ref().and_then(|(id, _)| {
        let desk = ctx.desk.get();
        desk.design().node(id).map(|n| node_name(n, lang))
    });
    let options = found.iter().enumerate().map(|(i, choice)| {
        let onclick = {
            let (ctx, quick, onclose, typed) =
                (ctx.clone(), props.quick.clone(), props.onclose.clone(), typed.clone());
            Callback::from(move |_: MouseEvent| {
                if let Some(choice) = choices(&ctx, &quick, &typed).get(i) {
                    onclose.emit(());
                    add(&ctx, &quick, choice);
                }
            })
        };
        let piece = choice.piece;
        let glyph = match piece {
            Piece::Node(kind) => icons::kind(kind),
            Piece::Place(kind) => icons::place(kind),
            Piece::Note => icon(Icon::Note),
        };
        let (words, bad) = match (&choice.refusal, &name, choice.wired) {
            (Some(refusal), ..) => {
                let reason = if lang == Lang::Ko { &refusal.ko } else { &refusal.en };
                (lang.fill(texts::QUICK_NOT, &[("reason", reason)]), true)
            }
            (None, Some(name), true) => {
                let out = props.quick.wired.as_ref().is_some_and(|(_, side)| *side == Side::Out);
                (lang.fill(if out { texts::QUICK_WIRED } else { texts::QUICK_WIRED_IN }, &[("name", name)]), false)
            }
            _ => (lang.t(piece.tagline()).to_owned(), false),
        };
        html! {
            <li key={piece.id()} id={option_id(i)} role="option" aria-selected={(i == at).to_string()} data-kind={piece.id()} data-wired={choice.wired.to_string()} {onclick}>
                { glyph }<span><b>{ lang.t(piece.label()) }</b><small class={classes!(bad.then_some("why"))}>{ words }</small></span>
            </li>
        }
    });
    let view = ctx.desk.view();
    let fit = |at: f64, size: f64, room: f64| at.min(room - size - MARGIN).max(MARGIN);
    let (x, y) = (
        fit(props.quick.at.x, WIDTH, view.width),
        fit(props.quick.at.y, HEIGHT.min(view.height - 2.0 * MARGIN), view.height),
    );
    let style =
        format!("left:{x:.0}px;top:{y:.0}px;max-height:{:.0}px", (view.height - y - MARGIN).min(HEIGHT));
    let none = match &name {
        Some(name) if props.quick.only_wired => lang.fill(texts::QUICK_NONE, &[("name", name)]),
        _ => lang.t(shell::PALETTE_NONE).to_owned(),
    };
    html! {
        <div ref={root} class="cv-menu cv-quick" data-testid="quick" role="group" aria-label={lang.t(texts::QUICK)} {style}>
            <input class="field" type="text" role="combobox" autocomplete="off" spellcheck="false" aria-expanded="true" aria-controls={LIST}
                aria-activedescendant={(!found.is_empty()).then(|| option_id(at))} aria-label={lang.t(texts::QUICK_FIELD)} placeholder={lang.t(texts::QUICK_FIELD)}
                data-testid="quick-field" {oninput} {onkeydown} />
            if found.is_empty() { <p class="muted" role="status">{ none }</p> }
            <ul id={LIST} role="listbox" aria-label={lang.t(texts::QUICK)}>{ for options }</ul>
        </div>
    }
}

fn option_id(position: usize) -> String {
    format!("quick-{position}")
}
