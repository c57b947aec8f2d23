//! What was measured so far, in numbers: the summary that `headroom run` prints.

mod csv;
pub(super) mod fields;
mod node;
mod own;
mod tables;

use super::Modal;
use crate::dom::{self, Timer};
use crate::icons::{Icon, icon};
use crate::state::{Engine, Msg, Summary, node_name, place_name, use_ctx};
use crate::texts::{Lang, dialogs, summary as texts};
use crate::ui::files;
use crate::ui::value::{clock, grouped, metric_text};
pub use csv::cell as csv_cell;
pub use fields::class_name;
use fields::named;
use headroom_model::design::Design;
use headroom_model::kinds::Unit;
use headroom_model::messages::RunState;
use headroom_model::text::Text;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

/// How long "copied" is shown [ms].
const COPIED_MS: i32 = 2_000;
/// What the head of the dialog shows of all users together.
const TOTALS: [&str; 6] =
    ["arrivals", "completions", "failures_total", "in_flight", "throughput_rps", "in_system_mean"];

/// The dialog. It asks for the numbers when it opens, and again when the run has come to where it was going.
#[component]
pub fn SummaryDialog() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    {
        let send = ctx.send.clone();
        use_effect_with((ctx.state.run.number, ctx.state.run.state), move |_| send.emit(Msg::AskSummary));
    }
    let body = match &ctx.state.summary {
        Some(summary) => html! { <Body summary={summary.clone()} /> },
        None => {
            let failed = matches!(ctx.state.engine, Engine::Failed(_));
            let text = if failed { texts::NOT_RUNNING } else { texts::WAITING };
            html! { <p class="muted" role="status">{ lang.t(text) }</p> }
        }
    };
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="summary-dialog" wide=true>{ body }</Modal>
    }
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    summary: Rc<Summary>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let value = &props.summary.value;
    let design = ctx.live.get().design.clone();
    let nodes = value["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let list = nodes.iter().map(|row| {
        let id = row["id"].as_str().unwrap_or_default();
        let name = design.node(id).map_or_else(|| id.to_owned(), |n| ctx.state.node_name(n));
        html! { <node::NodeDetails key={id.to_owned()} {name} row={Rc::new(row.clone())} /> }
    });
    html! {
        <div class="summary">
            <Head summary={props.summary.clone()} design={design.clone()} />
            if value["users"].as_object().is_some_and(|u| !u.is_empty()) {
                <section class="sum-users" data-testid="summary-users">
                    <h3>{ lang.t(texts::USERS) }</h3>
                    { totals(&value["users"], lang) }
                    { for tables::times(&value["users"], lang) }
                </section>
            }
            { for wholes(value, &design, lang) }
            <section>
                <h3>{ lang.t(texts::NODES) }</h3>
                if nodes.is_empty() {
                    <p class="muted">{ lang.t(texts::EMPTY) }</p>
                } else {
                    <p class="muted">{ lang.t(texts::OPEN_HINT) }</p>
                    { node::headings(lang) }
                    <div class="sum-nodes">{ for list }</div>
                }
            </section>
            { meanings(lang) }
        </div>
    }
}

/// What is told of the run as a whole besides users and nodes, such as its bill and its wires.
fn wholes(summary: &Value, design: &Design, lang: Lang) -> Vec<Html> {
    let others = summary.as_object().into_iter().flatten();
    let others = others.filter(|(field, _)| !["users", "nodes", "detail"].contains(&field.as_str()));
    let content = |field: &str, value: &Value| match value {
        Value::Object(_) => {
            let (name, values) = own::group(None, field, value, lang);
            Some((name, node::values(&values)))
        }
        Value::Array(rows) if !rows.is_empty() => {
            let rows: Vec<Value> = rows.iter().map(|row| with_names(row, design, lang)).collect();
            let list = own::list_of(None, field, &rows, lang);
            Some((list.name.clone(), node::list_table(list)))
        }
        _ => None,
    };
    let folds = others.filter_map(|(field, value)| {
        let (name, content) = content(field, value)?;
        Some(html! {
            <details class="sum-fold" data-testid={format!("summary-{field}")}>
                <summary><h3>{ name.label }</h3>{ icon(Icon::Down) }</summary>
                <p class="muted sum-help">{ name.help }</p>
                { content }
            </details>
        })
    });
    folds.collect()
}

/// A row that calls nodes and places by their names.
fn with_names(row: &Value, design: &Design, lang: Lang) -> Value {
    let mut row = row.clone();
    for field in ["from", "to", "id"] {
        let Some(id) = row.get(field).and_then(Value::as_str) else { continue };
        let node = design.node(id).map(|n| node_name(n, lang));
        let name = node.or_else(|| design.place(id).map(|p| place_name(p, lang)));
        if let Some(name) = name {
            row[field] = Value::String(name);
        }
    }
    row
}

fn totals(users: &Value, lang: Lang) -> Html {
    let cells = TOTALS.iter().map(|field| {
        let name = named(None, None, field, lang);
        let text = name.write(&users[*field], lang);
        let bad = *field == "failures_total" && users[*field].as_u64() != Some(0);
        html! {
            <div class={classes!("sum-cell", bad.then_some("bad"))} title={name.help}>
                <dt>{ name.label }</dt><dd class="num" data-testid={format!("summary-{field}")}>{ text }</dd>
            </div>
        }
    });
    html! { <dl class="sum-totals">{ for cells }</dl> }
}

/// What the columns mean, in words: for those who cannot point at a heading.
fn meanings(lang: Lang) -> Html {
    let fields = tables::FLOW.into_iter().chain(["utilization", "queue_mean", "response", "wait"]);
    let names: Vec<_> = fields.map(|field| named(None, None, field, lang)).collect();
    let rows = names
        .into_iter()
        .map(|name| html! { <div><dt>{ name.label }</dt><dd class="muted">{ name.help }</dd></div> });
    html! {
        <details class="sum-fold sum-meanings">
            <summary>{ lang.t(texts::MEANINGS) }{ icon(Icon::Down) }</summary>
            <dl class="sum-values">{ for rows }</dl>
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    summary: Rc<Summary>,
    design: Rc<Design>,
}

/// When the numbers were taken, of what, and what can be done with them.
#[component]
fn Head(props: &HeadProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let value = &props.summary.value;
    let seconds = |field: &str| value[field].as_f64().unwrap_or(0.0);
    let (from_s, until_s) = (seconds("from_s"), seconds("until_s"));
    let warmup_s = props.design.run.warmup_s;
    let moment = lang.fill(texts::MOMENT, &[("until", &clock(until_s, true))]);
    let span = lang.fill(texts::SPAN, &[("from", &clock(from_s, true))]);
    let count = |field: &str| grouped(value[field].as_u64().unwrap_or(0));
    let facts = lang.fill(
        texts::FACTS,
        &[
            ("seed", &value["seed"].to_string()),
            ("events", &count("events")),
            ("peak", &count("calls_in_flight_peak")),
            ("hash", value["hash"].as_str().unwrap_or_default()),
        ],
    );
    let state = ctx.state.run.state;
    let note = match state {
        _ if until_s < warmup_s => Some(lang.fill(texts::WARMUP_ON, &[("time", &clock(warmup_s, true))])),
        RunState::CatchingUp => Some(lang.t(texts::CATCHING_UP).to_owned()),
        RunState::Playing => Some(lang.t(texts::RUNS_ON).to_owned()),
        RunState::Paused | RunState::Finished => None,
    };
    let save = |ending: &'static str, mime: &'static str, text: fn(&Summary) -> String| {
        let (summary, design) = (props.summary.clone(), props.design.clone());
        Callback::from(move |_: MouseEvent| {
            let name = files::file_name(&design).replace(".headroom.json", ending);
            let _ = files::download(&name, &text(&summary), mime);
        })
    };
    let sampled = sampled(lang, &value["detail"]);
    let save_json = save(".summary.json", "application/json", |s| s.text.clone() + "\n");
    let save_csv = save(".summary.csv", "text/csv", |s| csv::csv(&s.value));
    let button = |glyph: Icon, text: Text, help: Option<Text>, testid: &'static str, onclick| {
        html! {
            <button type="button" class="button tiny" title={help.map(|h| lang.t(h))} data-testid={testid} {onclick}>{ icon(glyph) }<span>{ lang.t(text) }</span></button>
        }
    };
    html! {
        <div class="sum-head">
            <p role="status"><b class="num" data-testid="summary-moment" data-until-s={until_s.to_string()} data-hash={value["hash"].as_str().unwrap_or_default().to_owned()}>{ moment }</b>
                <span class="muted">{ ", " }{ span }</span></p>
            <p class="muted sum-facts">{ facts }</p>
            if value["simulator_saturated"] == Value::Bool(true) { <p class="error">{ lang.t(texts::SATURATED) }</p> }
            if let Some(note) = note { <p class="muted">{ note }</p> }
            if let Some(sampled) = sampled { <p class="muted" data-testid="summary-sampled">{ sampled }</p> }
            <div class="sum-tools">
                { button(Icon::Reset, texts::REFRESH, None, "summary-refresh", ctx.on(|| Msg::AskSummary)) }
                <CopyJson summary={props.summary.clone()} />
                { button(Icon::Save, texts::SAVE_JSON, Some(texts::JSON_HELP), "summary-json", save_json) }
                { button(Icon::Save, texts::SAVE_CSV, Some(texts::CSV_HELP), "summary-csv", save_csv) }
            </div>
        </div>
    }
}

/// How much of a run with sampled detail was simulated, and why no more was skipped.
fn sampled(lang: Lang, detail: &Value) -> Option<String> {
    let share = |field: &str| metric_text(Unit::Share, detail[field].as_f64().unwrap_or(1.0));
    let (time, requests) = (share("simulated_time_share"), share("simulated_request_share"));
    let why = match detail["never"].as_str() {
        Some("users_are_followed") => Some(texts::NEVER_USERS),
        Some("machines_fail_by_themselves") => Some(texts::NEVER_FAULTS),
        Some("processes_crash") => Some(texts::NEVER_CRASHES),
        _ => None,
    };
    let said = lang.fill(texts::SAMPLED, &[("time", &time), ("requests", &requests)]);
    (!detail.is_null()).then(|| why.map_or(said.clone(), |why| format!("{said} {}", lang.t(why))))
}

/// Copies the summary as JSON, and says whether it worked.
#[component]
fn CopyJson(props: &BodyProps) -> Html {
    let lang = use_ctx().lang();
    let said = use_state(|| None::<bool>);
    let timer = use_mut_ref(|| None::<Timer>);
    let onclick = {
        let (summary, said, timer) = (props.summary.clone(), said.clone(), timer.clone());
        Callback::from(move |_: MouseEvent| {
            let (summary, said, timer) = (summary.clone(), said.clone(), timer.clone());
            wasm_bindgen_futures::spawn_local(async move {
                said.set(Some(copy(&summary.text).await));
                let later = said.clone();
                *timer.borrow_mut() = Some(Timer::after(COPIED_MS, move || later.set(None)));
            });
        })
    };
    let (glyph, text) = match *said {
        Some(true) => (Icon::Check, dialogs::COPIED),
        _ => (Icon::Copy, texts::COPY_JSON),
    };
    html! {
        <>
            <button type="button" class={classes!("button", "tiny", (*said == Some(true)).then_some("done"))} title={lang.t(texts::JSON_HELP)} data-testid="summary-copy" {onclick}>
                { icon(glyph) }<span aria-live="polite">{ lang.t(text) }</span></button>
            if *said == Some(false) { <span class="error" role="alert">{ lang.t(texts::COPY_FAILED) }</span> }
        </>
    }
}

/// Copies a text; false where the browser does not let the page.
async fn copy(text: &str) -> bool {
    let navigator = dom::window().navigator();
    // Absent on pages that are not served securely.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|c| c.is_object());
    has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
