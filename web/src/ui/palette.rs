//! The palette: every kind of node and of place, to be dragged onto the canvas, or added by a click or Enter.

use crate::dom::{self, Listener};
use crate::icons::{self, Icon, icon};
use crate::port::{CanvasCommand, CanvasPort, Piece};
use crate::state::{Ctx, Msg, Sheet, use_ctx};
use crate::texts::shell;
use headroom_model::kinds::{Category, Kind};
use headroom_model::order;
use headroom_model::places::PlaceKind;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// A pointer that has moved this far is dragging [px].
const DRAG_PX: f64 = 6.0;

/// What else people call a kind.
fn also_called(kind: Kind) -> &'static str {
    match kind {
        Kind::Users => "client browser traffic 클라이언트 브라우저 트래픽",
        Kind::Dns => "route 53 resolver 도메인 네임서버",
        Kind::Cdn => "cloudfront edge 엣지",
        Kind::LoadBalancer => "lb elb nginx haproxy reverse proxy 프록시 분산",
        Kind::Web => "app backend api tomcat node was 백엔드 앱",
        Kind::Cache => "redis memcached 레디스",
        Kind::Relational => "database sql rdbms mysql postgres replica 데이터베이스 디비 복제",
        Kind::Sharded => "database sql shards partition 데이터베이스 디비 파티션",
        Kind::Nosql => "database dynamo cassandra mongo key value 데이터베이스 디비 키값",
        Kind::SessionStore => "redis login 로그인",
        Kind::ObjectStore => "s3 blob file storage 파일 스토리지",
        Kind::Queue => "sqs kafka rabbitmq broker 큐 카프카",
        Kind::Workers => "consumer job batch 소비자 배치",
        Kind::Autoscaler => "asg hpa scale out 확장",
        Kind::Monitoring => "metrics alarm cloudwatch prometheus grafana 지표 알람",
    }
}

/// Whether a piece is called something like this, in either language.
fn is_called(piece: Piece, typed: &str) -> bool {
    let (label, tagline) = (piece.label(), piece.tagline());
    let also = if let Piece::Node(kind) = piece { also_called(kind) } else { "" };
    let names = [piece.id(), label.en, label.ko, tagline.en, tagline.ko, also].join(" ").to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| names.contains(word))
}

/// The pieces that what is typed may mean, in the order of the palette: those whose own name says so before those that
/// only their description does.
pub fn search(typed: &str) -> Vec<Piece> {
    let kinds = Category::ALL.iter().flat_map(|c| Kind::ALL.iter().filter(move |k| k.spec().category == *c));
    let places = PlaceKind::ALL.iter().map(|k| Piece::Place(*k)).chain([Piece::Note]);
    let mut found: Vec<Piece> =
        kinds.map(|k| Piece::Node(*k)).chain(places).filter(|p| is_called(*p, typed)).collect();
    let typed = typed.trim().to_lowercase();
    let named = |p: &Piece| [p.label().en, p.label().ko].iter().any(|n| n.to_lowercase().contains(&typed));
    order::sort_by_key(&mut found, |p| !named(p));
    found
}

/// Every kind by category; while something is typed in its field, what is called so.
#[component]
pub fn Palette() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let typed = use_state(String::new);
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |e: InputEvent| typed.set(dom::value_of(&e)))
    };
    let onkeydown = {
        let (ctx, typed) = (ctx.clone(), typed.clone());
        Callback::from(move |e: KeyboardEvent| {
            let field = e.target_unchecked_into::<HtmlInputElement>();
            match e.key().as_str() {
                // Enter also ends the writing of a Korean syllable.
                "Enter" if !e.is_composing() => {
                    // Who types fast is ahead of what is drawn: what stands in the field counts.
                    let words = field.value();
                    let first = search(&words).first().copied().filter(|_| !words.trim().is_empty());
                    if let Some(piece) = first {
                        add(&ctx, piece);
                        typed.set(String::new());
                        field.set_value("");
                    }
                }
                "Escape" if !field.value().is_empty() => {
                    typed.set(String::new());
                    field.set_value("");
                }
                "Escape" => {
                    let _ = field.blur();
                }
                _ => return,
            }
            e.prevent_default();
            e.stop_propagation();
        })
    };
    let item = |piece: Piece| html! { <Item key={piece.id()} {piece} /> };
    let list = if typed.trim().is_empty() {
        let sections = Category::ALL.iter().map(|category| {
            let kinds = Kind::ALL.iter().filter(|k| k.spec().category == *category);
            html! {
                <section key={format!("{category:?}")}>
                    <h3>{ lang.t(category.label()) }</h3>
                    <div class="palette-items">{ for kinds.map(|kind| item(Piece::Node(*kind))) }</div>
                </section>
            }
        });
        html! {
            <>
                { for sections }
                <section key="places" data-testid="palette-places">
                    <h3 title={lang.t(shell::PLACES_HELP)}>{ lang.t(shell::PLACES) }</h3>
                    <p class="palette-note muted wide-only">{ lang.t(shell::PLACES_HELP) }</p>
                    <div class="palette-items">{ for PlaceKind::ALL.iter().map(|kind| item(Piece::Place(*kind))) }</div>
                </section>
                <section key="notes"><div class="palette-items">{ item(Piece::Note) }</div></section>
            </>
        }
    } else {
        let found = search(&typed);
        html! {
            <section key="found" data-testid="palette-found">
                <p class="palette-note muted" role="status">{ match found.len() {
                    0 => lang.t(shell::PALETTE_NONE).to_owned(),
                    n => lang.fill(shell::PALETTE_FOUND, &[("n", &n.to_string())]),
                } }</p>
                <div class="palette-items">{ for found.into_iter().map(item) }</div>
            </section>
        }
    };
    html! {
        <div class="palette" data-testid="palette">
            <input class="field palette-search" type="search" autocomplete="off" spellcheck="false" value={(*typed).clone()}
                placeholder={lang.t(shell::PALETTE_SEARCH)} aria-label={lang.t(shell::PALETTE_SEARCH)} data-testid="palette-search" {oninput} {onkeydown} />
            { list }
            <p class="palette-hint muted">
                <span class="wide-only">{ lang.t(shell::PALETTE_HINT) }</span>
                <span class="phone-only">{ lang.t(shell::PALETTE_HINT_TOUCH) }</span>
            </p>
        </div>
    }
}

/// Adds a piece where there is room. The palette of a small screen gives way to the canvas.
fn add(ctx: &Ctx, piece: Piece) {
    ctx.canvas.tell(CanvasCommand::Add(piece));
    if ctx.state.sheet == Some(Sheet::Palette) {
        ctx.send(Msg::ShowSheet(None));
    }
}

#[derive(Properties, PartialEq)]
struct ItemProps {
    piece: Piece,
}

/// A drag that has begun, or may begin.
struct Drag {
    pointer: i32,
    start: (f64, f64),
    moving: bool,
    _listeners: Vec<Listener>,
}

#[component]
fn Item(props: &ItemProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let piece = props.piece;
    let drag = use_mut_ref(|| None::<Drag>);
    let ghost = use_state(|| None::<(f64, f64)>);
    // The click that ends a drag is not a click.
    let dragged = use_mut_ref(|| false);

    let onpointerdown = {
        let (drag, ghost, canvas, dragged) =
            (drag.clone(), ghost.clone(), ctx.canvas.clone(), dragged.clone());
        Callback::from(move |e: PointerEvent| {
            if e.button() != 0 {
                return;
            }
            *dragged.borrow_mut() = false;
            // A finger is captured by what it touches first; it shall be heard wherever it goes.
            if let Some(element) = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
                let _ = element.release_pointer_capture(e.pointer_id());
            }
            let start = (f64::from(e.client_x()), f64::from(e.client_y()));
            let listeners = listen(piece, &drag, &ghost, &canvas, &dragged);
            *drag.borrow_mut() =
                Some(Drag { pointer: e.pointer_id(), start, moving: false, _listeners: listeners });
        })
    };
    let onclick = {
        let (ctx, dragged) = (ctx.clone(), dragged.clone());
        Callback::from(move |_: MouseEvent| {
            if !dragged.replace(false) {
                add(&ctx, piece);
            }
        })
    };
    let name = lang.t(piece.label());
    let glyph = || match piece {
        Piece::Node(kind) => icons::kind(kind),
        Piece::Place(kind) => icons::place(kind),
        Piece::Note => icon(Icon::Note),
    };
    html! {
        <>
            <button type="button" class="palette-item" data-kind={piece.id()} data-testid={format!("palette-{}", piece.id())}
                title={lang.t(piece.tagline())} aria-label={lang.fill(shell::PALETTE_ADD, &[("name", name)])} {onpointerdown} {onclick}>
                { glyph() }
                <span class="palette-text"><b>{ name }</b><small class="phone-only">{ lang.t(piece.tagline()) }</small></span>
            </button>
            if let Some((x, y)) = *ghost {
                <div class="palette-ghost" style={format!("left:{x}px;top:{y}px")}>{ glyph() }<b>{ name }</b></div>
            }
        </>
    }
}

/// Listens to the pointer wherever it goes while a drag lasts.
fn listen(
    piece: Piece,
    drag: &Rc<RefCell<Option<Drag>>>,
    ghost: &UseStateHandle<Option<(f64, f64)>>,
    canvas: &CanvasPort,
    dragged: &Rc<RefCell<bool>>,
) -> Vec<Listener> {
    let window = crate::dom::window();
    let root = crate::dom::root();
    let end = {
        let (drag, ghost, root) = (drag.clone(), ghost.clone(), root.clone());
        move || {
            let ended = drag.borrow_mut().take();
            ghost.set(None);
            let _ = root.remove_attribute("data-dragging");
            let moving = ended.as_ref().is_some_and(|d| d.moving);
            // This may be the call of one of its listeners: they go after it.
            wasm_bindgen_futures::spawn_local(async move { drop(ended) });
            moving
        }
    };
    let on_move = {
        let (drag, ghost, canvas, dragged, root) =
            (drag.clone(), ghost.clone(), canvas.clone(), dragged.clone(), root);
        move |event: web_sys::Event| {
            let e: &PointerEvent = event.unchecked_ref();
            let (x, y) = (f64::from(e.client_x()), f64::from(e.client_y()));
            let mut held = drag.borrow_mut();
            let Some(held) = held.as_mut().filter(|d| d.pointer == e.pointer_id()) else { return };
            if !held.moving && (x - held.start.0).hypot(y - held.start.1) >= DRAG_PX {
                held.moving = true;
                *dragged.borrow_mut() = true;
                let _ = root.set_attribute("data-dragging", "1");
            }
            if held.moving {
                ghost.set(Some((x, y)));
                canvas.tell(CanvasCommand::DragOver(piece, x, y));
            }
        }
    };
    let on_up = {
        let (end, canvas) = (end.clone(), canvas.clone());
        move |event: web_sys::Event| {
            let e: &PointerEvent = event.unchecked_ref();
            if end() {
                canvas.tell(CanvasCommand::Drop(piece, f64::from(e.client_x()), f64::from(e.client_y())));
            }
        }
    };
    let on_cancel = {
        let (end, canvas) = (end.clone(), canvas.clone());
        move |_| {
            if end() {
                canvas.tell(CanvasCommand::DragEnd);
            }
        }
    };
    let on_key = {
        let canvas = canvas.clone();
        move |event: web_sys::Event| {
            let key: &web_sys::KeyboardEvent = event.unchecked_ref();
            if key.key() == "Escape" && end() {
                canvas.tell(CanvasCommand::DragEnd);
            }
        }
    };
    vec![
        Listener::new(&window, "pointermove", on_move),
        Listener::new(&window, "pointerup", on_up),
        Listener::new(&window, "pointercancel", on_cancel),
        Listener::new(&window, "keydown", on_key),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_by_their_names_in_either_language_best_first() {
        let first = |typed: &str| search(typed).first().map(|p| p.id());
        assert_eq!(first("cache"), Some("cache"));
        assert_eq!(first("캐시"), Some("cache"));
        assert_eq!(first("Load BAL"), Some("load_balancer"));
        assert_eq!(first("zone"), Some("zone"));
        assert_eq!(first("database"), Some("relational"));
        assert_eq!(first("레디스"), Some("cache"));
        assert_eq!(first("nothing like that"), None);
        for piece in search("") {
            for name in [piece.label().en, piece.label().ko, piece.id()] {
                assert!(search(name).contains(&piece), "{name}");
            }
        }
    }
}
