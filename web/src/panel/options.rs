//! What is rarely wanted, behind one button: percentiles, the logarithmic axis, objectives, files.

use super::Choice;
use super::board::Board;
use super::data::{Chosen, PERCENTILES};
use super::export;
use crate::dom::{self, Listener};
use crate::icons::{Icon, icon};
use crate::state::{Ctx, use_ctx};
use crate::texts::panel as texts;
use crate::ui::files;
use crate::ui::inspector::number::{Number, Range, SetNumber};
use headroom_editor::EditMsg;
use headroom_model::design::{Design, Objectives};
use headroom_model::limits::{OBJECTIVE_MS_MIN, RUN_S_MAX};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub choice: Choice,
    pub choose: Callback<Choice>,
    pub board: Board,
    pub embed: bool,
    /// What stands here for want of room.
    pub children: Html,
}

/// A button and what opens over it. Escape and a press elsewhere close it.
#[component]
pub fn Options(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let open = use_state(|| None::<String>);
    let root = use_node_ref();
    {
        let (open, root) = (open.clone(), root.clone());
        use_effect_with(open.is_some(), move |is_open| {
            let listener = is_open.then(|| {
                Listener::new(&dom::document(), "pointerdown", move |e| {
                    let target = e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
                    if !root.get().is_some_and(|r| r.contains(target.as_ref())) {
                        open.set(None);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let toggle = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |_: MouseEvent| {
            let place = root.cast::<Element>().filter(|_| open.is_none()).map(|root| place(&root));
            open.set(place);
        })
    };
    let onkeydown = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |e: KeyboardEvent| {
            if open.is_some() && e.key() == "Escape" {
                e.prevent_default();
                e.stop_propagation();
                open.set(None);
                let button = root.cast::<Element>().and_then(|r| r.query_selector("button").ok().flatten());
                if let Some(button) = button {
                    let _ = button.unchecked_into::<HtmlElement>().focus();
                }
            }
        })
    };
    html! {
        <div class="options" ref={root} {onkeydown}>
            <button type="button" class="button tiny quiet" data-testid="chart-options" aria-expanded={open.is_some().to_string()}
                title={lang.t(texts::OPTIONS_HELP)} onclick={toggle}>{ lang.t(texts::OPTIONS) }<span class="small">{ icon(Icon::Down) }</span></button>
            if let Some(style) = &*open {
                <div class="options-list" role="group" aria-label={lang.t(texts::OPTIONS_HELP)} style={style.clone()} data-testid="chart-options-list">
                    if props.children != Html::default() {
                        <div class="options-row">{ props.children.clone() }</div>
                    }
                    { percentiles(props, &ctx) }
                    if ctx.state.env.editable {
                        { objectives(&ctx) }
                    }
                    if !props.embed {
                        { exports(props, &ctx) }
                    }
                </div>
            }
        </div>
    }
}

/// Over the button where there is room, else under it; never past the edges.
fn place(root: &Element) -> String {
    let rect = root.get_bounding_client_rect();
    let window = dom::window();
    let size = |v: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| {
        v.ok().and_then(|v| v.as_f64()).unwrap_or(800.0)
    };
    let (w, h) = (size(window.inner_width()), size(window.inner_height()));
    let right = (w - rect.right()).max(8.0);
    let (above, below) = (rect.top() - 14.0, h - rect.bottom() - 14.0);
    if above > below {
        format!("right:{right:.0}px;bottom:{:.0}px;max-height:{above:.0}px", h - rect.top() + 6.0)
    } else {
        format!("right:{right:.0}px;top:{:.0}px;max-height:{below:.0}px", rect.bottom() + 6.0)
    }
}

fn percentiles(props: &Props, ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let chosen = props.choice.percentiles.0;
    let chips = PERCENTILES.iter().enumerate().map(|(i, p)| {
        let (choice, choose) = (props.choice.clone(), props.choose.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut on = chosen;
            on[i] = !on[i];
            // The last one stays.
            if on.contains(&true) {
                choose.emit(Choice { percentiles: Chosen(on), ..choice.clone() });
            }
        });
        html! {
            <button type="button" class="chip" aria-pressed={chosen[i].to_string()} {onclick}
                data-testid={format!("percentile-{}", p.name)}>{ p.name }</button>
        }
    });
    let (choice, choose) = (props.choice.clone(), props.choose.clone());
    let log = Callback::from(move |_: MouseEvent| choose.emit(Choice { log: !choice.log, ..choice.clone() }));
    html! {
        <section>
            <h4>{ lang.t(texts::PERCENTILES) }</h4>
            <div class="options-row" role="group" aria-label={lang.t(texts::PERCENTILES)}>{ for chips }</div>
            <div class="options-row">
                <button type="button" class="chip" data-testid="chart-log" title={lang.t(texts::LOG_HELP)}
                    aria-pressed={props.choice.log.to_string()} onclick={log}>{ lang.t(texts::LOG) }</button>
            </div>
        </section>
    }
}

fn objectives(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let now = ctx.state.design.view.objectives;
    let setter = |change: fn(&mut Objectives, Option<f64>)| -> SetNumber {
        let ctx = ctx.clone();
        Callback::from(move |(value, phase)| {
            let mut objectives = ctx.state.design.view.objectives;
            change(&mut objectives, value);
            ctx.try_edit(EditMsg::SetObjectives { objectives, phase })
        })
    };
    let latency = Range { min: OBJECTIVE_MS_MIN, max: RUN_S_MAX * 1e3, integer: false };
    let share = Range { min: 0.0, max: 100.0, integer: false };
    // By way of text, so that a hundredth is not 0.010000000000000002.
    let percent = now.error_share.map(|s| format!("{:.10}", s * 100.0).parse().unwrap_or(s * 100.0));
    html! {
        <section>
            <h4>{ lang.t(texts::SLO_TITLE) }</h4>
            <div class="options-field">
                <label for="slo-p99">{ lang.t(texts::SLO_P99_FIELD) }</label>
                <Number id="slo-p99" value={now.p99_ms} range={latency} optional=true none={texts::SLO_NONE} unit="ms" common={500.0}
                    in_full=true onset={setter(|o, x| o.p99_ms = x)} />
            </div>
            <div class="options-field">
                <label for="slo-errors">{ lang.t(texts::SLO_ERRORS_FIELD) }</label>
                <Number id="slo-errors" value={percent} range={share} optional=true none={texts::SLO_NONE} unit="%" common={1.0}
                    in_full=true onset={setter(|o, x| o.error_share = x.map(|x| x / 100.0))} />
            </div>
            <p class="muted">{ lang.t(texts::SLO_HELP) }</p>
        </section>
    }
}

/// The name of a file about a run: design and seed.
fn file_name(design: &Design, ending: &str) -> String {
    let base = files::file_name(design).replace(".headroom.json", "");
    format!("{base}-seed-{}.{ending}", design.run.seed)
}

fn exports(props: &Props, ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let save = |what: &'static str| {
        let (board, ctx) = (props.board.clone(), ctx.clone());
        Callback::from(move |_: MouseEvent| save(what, &board, &ctx))
    };
    let button = |what: &'static str, name: &'static str, help| {
        html! {
            <button type="button" class="button tiny" data-testid={format!("chart-{what}")} title={lang.t(help)}
                onclick={save(what)}>{ name }</button>
        }
    };
    html! {
        <section>
            <h4>{ lang.t(texts::SAVE_AS) }</h4>
            <div class="options-row">
                { button("csv", "CSV", texts::CSV_HELP) }
                { button("json", "JSON", texts::JSON_HELP) }
                if !props.choice.table {
                    { button("png", "PNG", texts::PNG_HELP) }
                    { button("svg", "SVG", texts::SVG_HELP) }
                }
            </div>
        </section>
    }
}

/// Hands all series out as a file: `csv` or `json`.
pub fn save_series(what: &str, ctx: &Ctx) {
    let name = file_name(&ctx.state.design, what);
    let live = ctx.live.get();
    let _ = match what {
        "csv" => files::download(&name, &export::csv(&live), "text/csv"),
        _ => files::download(&name, &export::json(&live), "application/json"),
    };
}

fn save(what: &str, board: &Board, ctx: &Ctx) {
    let design = &ctx.state.design;
    let name = file_name(design, what);
    let seed = design.run.seed.to_string();
    let values = [("title", design.title.as_str()), ("seed", &seed), ("version", env!("CARGO_PKG_VERSION"))];
    let caption = ctx.lang().fill(texts::PNG_CAPTION, &values);
    let caption = caption.trim_start_matches(" · ");
    let _ = match what {
        "csv" | "json" => {
            save_series(what, ctx);
            Ok(())
        }
        "svg" => files::download(&name, &board.svg(caption), "image/svg+xml"),
        _ => board.png(caption).map_or(Ok(()), |data| files::hand_out(&name, &data)),
    };
}
