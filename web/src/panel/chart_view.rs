//! One live chart: its canvas, what pointer and keys do on it, and what its series mean.

use super::Pinned;
use super::board::{Board, Key};
use super::charts::ChartId;
use crate::state::{Msg, use_ctx};
use crate::texts::panel as texts;
use headroom_charts::Layout;
use headroom_model::kinds::NodeParams;
use web_sys::{Element, HtmlCanvasElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: ChartId,
    pub board: Board,
    pub on_pin: Callback<Option<Pinned>>,
}

/// A canvas that the board draws on for as long as it is there.
#[hook]
pub fn use_canvas(board: &Board, key: Key) -> NodeRef {
    let canvas = use_node_ref();
    {
        let (canvas, board) = (canvas.clone(), board.clone());
        use_effect_with(key, move |key| {
            let element = canvas.cast::<HtmlCanvasElement>();
            if let Some(element) = &element {
                board.enter(key.clone(), element.clone());
            }
            move || {
                if let Some(element) = element {
                    board.leave(&element);
                }
            }
        });
    }
    canvas
}

/// Where a pointer is on an element [px].
pub fn place_on(element: &Element, event: &MouseEvent) -> (f32, f32) {
    let rect = element.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
    (x as f32, y as f32)
}

/// Where a pointer is in the window [px].
pub fn client_of(event: &MouseEvent) -> (f32, f32) {
    (event.client_x() as f32, event.client_y() as f32)
}

/// The moment at an x, if that is on the plot or close beside it.
pub fn moment_at(layout: &Layout, x: f32) -> Option<f64> {
    let near = x >= layout.plot.x - 6.0 && x <= layout.plot.right() + 6.0 && layout.plot.w > 0.0;
    near.then(|| layout.time_of(x).clamp(layout.time.0, layout.time.1))
}

/// A live chart.
#[component]
pub fn ChartView(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let key = Key::Chart(props.id.clone());
    let canvas = use_canvas(&props.board, key.clone());
    let title = props.id.title(&ctx.state.design, lang);

    // Each shard has a row that can be told from its neighbours.
    let shards = props.id.node().and_then(|id| ctx.state.design.node(id)).map(|n| match &n.params {
        NodeParams::Sharded(params) => params.shards,
        _ => 0,
    });
    let height = shards.filter(|n| *n > 3).map(|n| format!("min-height:{}px", (34 + 14 * n).min(160)));

    let point = {
        let (board, key, canvas) = (props.board.clone(), key.clone(), canvas.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = canvas.cast::<Element>() else { return };
            let (x, y) = place_on(&element, &event);
            if event.type_() == "pointerdown" {
                board.press(&key, x, &event);
            } else if board.drag(&key, x, &event) {
                return;
            }
            let at = moment_at(&board.layout(&key), x);
            board.point(at.map(|t| (t, key.clone(), y)));
        })
    };
    let release = {
        let board = props.board.clone();
        Callback::from(move |event: PointerEvent| board.release(&event))
    };
    let leave = {
        let board = props.board.clone();
        Callback::from(move |_: PointerEvent| board.point(None))
    };
    let click = {
        let (board, key, canvas) = (props.board.clone(), key.clone(), canvas.clone());
        let (on_pin, send) = (props.on_pin.clone(), ctx.send.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(element) = canvas.cast::<Element>() else { return };
            if board.take_dragged() {
                return;
            }
            if board.is_double(client_of(&event)) {
                board.set_zoom(None);
                return;
            }
            let layout = board.layout(&key);
            let (x, _) = place_on(&element, &event);
            let Some(t) = moment_at(&layout, x) else { return };
            if event.shift_key() {
                send.emit(Msg::Seek(t));
                return;
            }
            let rect = element.get_bounding_client_rect();
            let y = rect.top() + f64::from(layout.plot.y);
            on_pin.emit(Some(Pinned { t, at: (rect.left() + f64::from(layout.x_of(t)), y) }));
        })
    };
    let until_s = ctx.state.design.run.until_s;
    let keys = {
        let (board, key, live, send) = (props.board.clone(), key.clone(), ctx.live.clone(), ctx.send.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (window_s, now_s) = (live.get().shape.window_s, live.get().now_s());
            let step = window_s * if event.shift_key() { 10.0 } else { 1.0 };
            let at = board.crosshair().unwrap_or(now_s);
            let to = match event.key().as_str() {
                "ArrowLeft" => Some(at - step),
                "ArrowRight" => Some(at + step),
                "Home" => Some(0.0),
                "End" => Some(now_s),
                "Enter" => {
                    send.emit(Msg::Seek(at));
                    Some(at)
                }
                "Escape" if board.let_go() => return,
                "Escape" => None,
                "ArrowUp" | "ArrowDown" => {
                    // To the next line: it is drawn thicker, and its node shows on the canvas.
                    board.pick(&key, if event.key() == "ArrowUp" { -1 } else { 1 });
                    Some(at)
                }
                "+" | "=" | "-" | "0" if !event.ctrl_key() && !event.meta_key() => {
                    event.prevent_default();
                    event.stop_propagation();
                    match event.key().as_str() {
                        "0" => board.set_zoom(None),
                        "-" => board.zoom_by(-1.0),
                        _ => board.zoom_by(1.0),
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            let to = to.map(|t| t.clamp(0.0, until_s));
            board.point(to.map(|t| (t, key.clone(), f32::NAN)));
            if let Some(t) = to {
                board.show(t);
            }
        })
    };
    let blur = {
        let board = props.board.clone();
        Callback::from(move |_: FocusEvent| board.point(None))
    };
    html! {
        <div class="chart" style={height} data-testid={props.id.test_id(&ctx.state.design)} tabindex="0" role="group"
            aria-label={lang.fill(texts::CHART_KEYS, &[("chart", &title)])} onkeydown={keys} onblur={blur}>
            <canvas ref={canvas} role="img" aria-label={title.clone()} onpointermove={point.clone()} onpointerdown={point}
                onpointerup={release.clone()} onpointercancel={release} onpointerleave={leave} onclick={click}></canvas>
            <Meaning id={props.id.clone()} board={props.board.clone()} {title} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MeaningProps {
    id: ChartId,
    board: Board,
    title: AttrValue,
}

/// A button beside the title that tells what each series means.
#[component]
fn Meaning(props: &MeaningProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let open = use_state(|| None::<(f64, f64)>);
    let button = use_node_ref();
    let show = {
        let (open, button) = (open.clone(), button.clone());
        move || {
            if let Some(button) = button.cast::<Element>() {
                let rect = button.get_bounding_client_rect();
                open.set(Some((rect.left(), rect.top())));
            }
        }
    };
    let over = Callback::from({
        let show = show.clone();
        move |_: PointerEvent| show()
    });
    let focus = Callback::from({
        let show = show.clone();
        move |_: FocusEvent| show()
    });
    let click = Callback::from(move |_: MouseEvent| show());
    let hide = {
        let open = open.clone();
        move || open.set(None)
    };
    let out = Callback::from({
        let hide = hide.clone();
        move |_: PointerEvent| hide()
    });
    let blur = Callback::from({
        let hide = hide.clone();
        move |_: FocusEvent| hide()
    });
    let keys = Callback::from(move |event: KeyboardEvent| {
        event.stop_propagation();
        if event.key() == "Escape" {
            hide();
        }
    });
    let lines = open.map(|_| {
        let lines = props.board.with_data(&props.id, &ctx.live.get(), |data| {
            data.series.iter().map(|s| (s.name.clone(), s.help)).collect::<Vec<_>>()
        });
        // Series of one meaning, such as a line for each cache, are told once.
        let one = lines.len() > 1 && lines.iter().all(|l| l.1 == lines[0].1);
        if one || lines.is_empty() {
            let help = lines.first().map_or("", |l| l.1);
            html! { <p>{ if help.is_empty() { lang.t(texts::EMPTY) } else { help } }</p> }
        } else {
            html! { <dl>{ for lines.iter().map(|(name, help)| html! { <><dt>{ name }</dt><dd>{ *help }</dd></> }) }</dl> }
        }
    });
    html! {
        <>
            <button ref={button} type="button" class="chart-help" aria-expanded={open.is_some().to_string()}
                aria-label={lang.fill(texts::WHAT_IS_THIS, &[("chart", &props.title)])}
                onpointerenter={over} onpointerleave={out} onfocus={focus} onblur={blur} onclick={click} onkeydown={keys}>
                { "?" }
            </button>
            if let (Some((x, y)), Some(lines)) = (*open, lines) {
                <div class="chart-tip" role="tooltip" style={tip_place(x, y)}>{ lines }</div>
            }
        </>
    }
}

/// Above the button where there is room, else below it.
fn tip_place(x: f64, y: f64) -> String {
    let window = crate::dom::window();
    let size = |v: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| {
        v.ok().and_then(|v| v.as_f64()).unwrap_or(800.0)
    };
    let (w, h) = (size(window.inner_width()), size(window.inner_height()));
    let left = x.min((w - 340.0).max(8.0));
    if y > h * 0.4 {
        format!("left:{left:.0}px;bottom:{:.0}px", h - y + 6.0)
    } else {
        format!("left:{left:.0}px;top:{:.0}px", y + 26.0)
    }
}
