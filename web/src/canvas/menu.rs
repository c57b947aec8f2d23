//! The menu that a right click, or the menu key, opens on the canvas.

use crate::dom::{self, Listener};
use crate::icons::{self, Icon, icon};
use crate::port::{CanvasCommand, Piece};
use crate::state::{Ctx, Msg, Sheet, use_ctx};
use crate::texts::{canvas as texts, commands, inspector};
use headroom_editor::{EditMsg, Item, Point, Reach};
use headroom_model::design::Action;
use headroom_model::places::{PLACE_VERBS, PlaceKind};
use headroom_model::text::Text;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// Least distance of the menu from the canvas's edges, and about its size [px].
const MARGIN: f64 = 6.0;
const WIDTH: f64 = 236.0;
const ROW: f64 = 33.0;
const GAP: f64 = 12.0;

/// A menu that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuAt {
    /// Where, from the canvas's corner [px].
    pub at: Point,
    /// The same [world px].
    pub world: Point,
    /// What it is about; none means the canvas.
    pub on: Option<Item>,
}

/// Props of the menu.
#[derive(Properties, PartialEq)]
pub struct CanvasMenuProps {
    /// Where and about what.
    pub menu: MenuAt,
    /// It is to go.
    pub onclose: Callback<()>,
}

/// A line of the menu.
struct Entry {
    testid: String,
    glyph: Html,
    text: String,
    keys: &'static str,
    does: Does,
}

/// What a line does.
enum Does {
    Edit(EditMsg),
    Act(Action),
    Tell(CanvasCommand),
    Open,
}

fn entry(
    testid: impl Into<String>,
    glyph: Html,
    text: impl Into<String>,
    keys: &'static str,
    does: Does,
) -> Entry {
    Entry { testid: testid.into(), glyph, text: text.into(), keys, does }
}

/// The lines in groups, each with its title.
fn groups(ctx: &Ctx, menu: &MenuAt) -> Vec<(Option<Text>, Vec<Entry>)> {
    let (lang, desk) = (ctx.lang(), &ctx.desk);
    let edit = |testid: &str, glyph: Icon, text: Text, keys: &'static str, message: EditMsg| {
        entry(testid, icon(glyph), lang.t(text), keys, Does::Edit(message))
    };
    let paste = desk.get().clipboard().is_some().then(|| {
        edit("menu-paste", Icon::Open, texts::MENU_PASTE, "Ctrl+V", EditMsg::Paste { at: Some(menu.world) })
    });
    let place = |kind: &PlaceKind, around: bool| {
        let (spec, world) = (kind.spec(), menu.world);
        let (name, does) = if around {
            ("around", Does::Tell(CanvasCommand::Add(Piece::Place(*kind))))
        } else {
            ("draw", Does::Edit(EditMsg::AddPlace { kind: *kind, at: world }))
        };
        entry(format!("menu-{name}-{}", spec.id), icons::place(*kind), lang.t(spec.label), "", does)
    };
    let Some(item) = &menu.on else {
        let all = edit("menu-all", Icon::Check, texts::MENU_ALL, "Ctrl+A", EditMsg::SelectAll);
        let fit = entry(
            "menu-fit",
            icon(Icon::Auto),
            lang.t(texts::MENU_FIT),
            "Shift+1",
            Does::Tell(CanvasCommand::Fit),
        );
        let tidy = edit("menu-tidy", Icon::Auto, commands::TIDY, "", EditMsg::Tidy);
        let note = entry(
            "menu-note",
            icon(Icon::Note),
            lang.t(texts::MENU_NOTE),
            "N",
            Does::Tell(CanvasCommand::NoteAt(menu.world)),
        );
        let add = entry(
            "menu-add",
            icon(Icon::Plus),
            lang.t(texts::MENU_ADD),
            "A",
            Does::Tell(CanvasCommand::Quick(Some(menu.world))),
        );
        let own = [add].into_iter().chain(paste).chain([note, all, tidy, fit]).collect();
        let places = PlaceKind::ALL.iter().map(|k| place(k, false)).collect();
        return vec![(None, own), (Some(texts::MENU_DRAW), places)];
    };
    let mut first =
        vec![entry("menu-open", icon(Icon::Sliders), lang.t(texts::MENU_OPEN), "Enter", Does::Open)];
    let mut out = Vec::new();
    if !matches!(item, Item::Wire(_)) {
        first.push(edit("menu-copy", Icon::Copy, texts::MENU_COPY, "Ctrl+C", EditMsg::Copy));
        first.push(edit("menu-duplicate", Icon::Plus, texts::MENU_DUPLICATE, "Ctrl+D", EditMsg::Duplicate));
    }
    first.extend(paste);
    out.push((None, first));
    if let Item::Place(id) = item {
        let verbs = PLACE_VERBS.iter().filter(|v| v.spec().args.is_empty());
        let verbs = verbs.map(|v| {
            let glyph = icon(crate::ui::inspector::verb_icon(*v));
            let name = format!("menu-{}", v.name());
            entry(name, glyph, lang.t(v.label()), "", Does::Act(Action::new(*v, id.clone())))
        });
        out.push((Some(inspector::ACTIONS), verbs.collect()));
    }
    if let Item::Node(id) = item {
        let verbs = desk.get().design().node(id).map_or(&[][..], |n| n.kind().spec().verbs);
        let verbs = verbs.iter().filter(|v| v.spec().args.is_empty());
        let verbs = verbs.map(|v| {
            let glyph = icon(crate::ui::inspector::verb_icon(*v));
            let name = format!("menu-{}", v.name());
            entry(name, glyph, lang.t(v.label()), "", Does::Act(Action::new(*v, id.clone())))
        });
        out.push((Some(inspector::ACTIONS), verbs.collect()));
        let reach =
            |name: &str, text: Text, way: Reach| edit(name, Icon::Check, text, "", EditMsg::SelectReach(way));
        out[0].1.push(reach("menu-upstream", commands::UPSTREAM, Reach::Upstream));
        out[0].1.push(reach("menu-downstream", commands::DOWNSTREAM, Reach::Downstream));
    }
    let delete = match item {
        Item::Place(_) if ctx.state.selection.only().is_some() => inspector::DELETE_PLACE,
        _ => inspector::DELETE_ALL,
    };
    let mut last = vec![edit("menu-delete", Icon::Trash, delete, "Del", EditMsg::Delete)];
    if matches!(item, Item::Node(_)) {
        last.insert(0, edit("menu-heal", Icon::Trash, commands::HEAL, "Shift+Del", EditMsg::DeleteAndHeal));
    }
    out.push((None, last));
    if matches!(item, Item::Node(_)) {
        out.push((Some(inspector::SURROUND), PlaceKind::ALL.iter().map(|k| place(k, true)).collect()));
    }
    out
}

/// The menu. Arrows move in it, Escape and a click elsewhere close it.
#[component]
pub fn CanvasMenu(props: &CanvasMenuProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let root = use_node_ref();
    // A finger that opened it by resting is lifted over it: only what is pressed here is meant.
    let pressed = use_mut_ref(|| false);
    let onpointerdown = {
        let pressed = pressed.clone();
        Callback::from(move |_: PointerEvent| *pressed.borrow_mut() = true)
    };
    {
        let (root, onclose) = (root.clone(), props.onclose.clone());
        use_effect_with(props.menu.clone(), move |_| {
            focus_item(&root, Way::First);
            let elsewhere = Listener::new(&dom::document(), "pointerdown", move |e| {
                let target = e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
                if !root.get().is_some_and(|r| r.contains(target.as_ref())) {
                    onclose.emit(());
                }
            });
            move || drop(elsewhere)
        });
    }
    let back = {
        let (canvas, onclose) = (ctx.canvas.clone(), props.onclose.clone());
        let item = props.menu.on.clone();
        Callback::from(move |()| {
            onclose.emit(());
            canvas.tell(match &item {
                Some(Item::Node(id) | Item::Place(id) | Item::Note(id)) => CanvasCommand::FocusOn(id.clone()),
                _ => CanvasCommand::Focus,
            });
        })
    };
    let onkeydown = {
        let (root, back, onclose) = (root.clone(), back.clone(), props.onclose.clone());
        Callback::from(move |e: KeyboardEvent| {
            match e.key().as_str() {
                "Escape" => back.emit(()),
                "ArrowDown" => focus_item(&root, Way::Next),
                "ArrowUp" => focus_item(&root, Way::Before),
                "Home" => focus_item(&root, Way::First),
                "End" => focus_item(&root, Way::Last),
                "Tab" => {
                    onclose.emit(());
                    return;
                }
                // The button under the focus takes these.
                "Enter" | " " => {
                    e.stop_propagation();
                    return;
                }
                _ => {}
            }
            e.prevent_default();
            e.stop_propagation();
        })
    };
    let groups = groups(&ctx, &props.menu);
    let rows: usize = groups.iter().map(|(title, list)| list.len() + usize::from(title.is_some())).sum();
    let view = ctx.desk.view();
    let fit = |at: f64, size: f64, room: f64| at.min(room - size - MARGIN).max(MARGIN);
    let (x, y) = (
        fit(props.menu.at.x, WIDTH, view.width),
        fit(props.menu.at.y, rows as f64 * ROW + groups.len() as f64 * GAP + GAP, view.height),
    );
    let style = format!("left:{x:.0}px;top:{y:.0}px;max-height:{:.0}px", view.height - y - MARGIN);
    let groups = groups.into_iter().map(|(title, list)| {
        let lines = list.into_iter().map(|line| {
            let Entry { testid, glyph, text, keys, does } = line;
            let onclick = {
                let (ctx, back, pressed) = (ctx.clone(), back.clone(), pressed.clone());
                let does = std::rc::Rc::new(does);
                Callback::from(move |e: MouseEvent| {
                    if e.detail() > 0 && !*pressed.borrow() {
                        return;
                    }
                    back.emit(());
                    match &*does {
                        Does::Edit(message) => ctx.edit(message.clone()),
                        Does::Act(action) => ctx.send(Msg::Act(action.clone())),
                        Does::Tell(command) => ctx.canvas.tell(command.clone()),
                        Does::Open => {
                            ctx.send(Msg::ShowSheet(Some(Sheet::Inspector)));
                            dom::next_frame(|| dom::focus("[data-testid=label]"));
                        }
                    }
                })
            };
            html! {
                <button key={testid.clone()} type="button" role="menuitem" class="menu-item" data-testid={testid} {onclick}>
                    { glyph }<span>{ text }</span>
                    if !keys.is_empty() { <kbd aria-hidden="true">{ keys }</kbd> }
                </button>
            }
        });
        let name = title.map(|t| lang.t(t));
        html! {
            <div role="group" aria-label={name}>
                if let Some(name) = name { <div class="cv-menu-title" role="presentation">{ name }</div> }
                { for lines }
            </div>
        }
    });
    html! {
        <div ref={root} class="cv-menu" role="menu" aria-label={lang.t(texts::MENU)} data-testid="canvas-menu" {style} {onkeydown} {onpointerdown}>
            { for groups }
        </div>
    }
}

enum Way {
    First,
    Last,
    Next,
    Before,
}

fn focus_item(root: &NodeRef, way: Way) {
    let Some(root) = root.cast::<Element>() else { return };
    let Ok(items) = root.query_selector_all("[role=menuitem]") else { return };
    let n = items.length();
    if n == 0 {
        return;
    }
    let active = dom::document().active_element();
    let now = (0..n).find(|i| {
        let item = items.item(*i).and_then(|item| item.dyn_into::<Element>().ok());
        item.is_some() && item == active
    });
    let to = match (way, now) {
        (Way::First, _) | (Way::Next, None) => 0,
        (Way::Last, _) | (Way::Before, None) => n - 1,
        (Way::Next, Some(i)) => (i + 1) % n,
        (Way::Before, Some(i)) => (i + n - 1) % n,
    };
    if let Some(item) = items.item(to).and_then(|i| i.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
}
