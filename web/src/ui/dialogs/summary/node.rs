//! A node of the summary: its main numbers in a line, and everything else when it is opened.

use super::fields::{Named, named};
use super::own::{List, Own, own};
use super::tables::{self, Heading};
use crate::icons::{self, Icon, icon};
use crate::state::use_ctx;
use crate::texts::{Lang, summary as texts};
use headroom_model::kinds::Kind;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The main numbers.
const MAIN: [&str; 8] = [
    "arrivals",
    "completions",
    "failures_total",
    "utilization",
    "in_system_mean",
    "queue_mean",
    "response_mean_s",
    "response_p99_s",
];
/// How full the node is, besides.
const LOAD: [&str; 4] = ["utilization", "queue_mean", "delayed_share", "found_empty_share"];

/// What one of the main numbers is called: a field of a distribution is called by both.
fn main_name(kind: Option<Kind>, field: &str, lang: Lang) -> Named {
    let response = named(kind, None, "response", lang);
    let label = |ending: &str| format!("{} {ending}", lang.t(texts::RESPONSE_OF));
    match field {
        "response_mean_s" => response.called(label(lang.t(texts::MEAN))),
        "response_p99_s" => response.called(label("p99")),
        field => named(kind, None, field, lang),
    }
}

/// Headings of the main numbers, over all nodes. Each number has its own as well, for screen readers and small screens.
pub fn headings(lang: Lang) -> Html {
    let cells = MAIN.iter().map(|field| {
        let name = main_name(None, field, lang);
        html! { <span title={name.help}>{ name.label }</span> }
    });
    html! { <div class="sum-line sum-headings" aria-hidden="true"><span>{ lang.t(texts::NODE) }</span>{ for cells }<i /></div> }
}

/// A node of the summary.
#[derive(Properties, PartialEq)]
pub struct NodeProps {
    /// What it is called.
    pub name: String,
    /// Its part of the summary.
    pub row: Rc<Value>,
}

/// A node of the summary.
#[component]
pub fn NodeDetails(props: &NodeProps) -> Html {
    let lang = use_ctx().lang();
    // What is not open is not made: a design may have hundreds of nodes.
    let open = use_state(|| false);
    let row = &*props.row;
    let kind = row["kind"].as_str().and_then(Kind::by_id);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |e: Event| {
            let details = e.target().and_then(|t| t.dyn_into::<Element>().ok());
            open.set(details.is_some_and(|d| d.has_attribute("open")));
        })
    };
    let cells = MAIN.iter().map(|field| {
        let name = main_name(kind, field, lang);
        let value = &row[*field];
        let bad = *field == "failures_total" && value.as_u64().is_some_and(|n| n > 0);
        html! {
            <span class={classes!("sum-cell", bad.then_some("bad"))} data-field={*field}><small>{ &name.label }</small>{ " " }<b class="num">{ name.write(value, lang) }</b></span>
        }
    });
    let id = row["id"].as_str().unwrap_or_default();
    html! {
        <details class="sum-node" data-testid={format!("summary-node-{id}")} {ontoggle}>
            <summary class="sum-line">
                <span class="sum-name">{ for kind.map(icons::kind) }<b>{ &props.name }</b></span>
                { for cells }
                { icon(Icon::Down) }
            </summary>
            if *open { { body(kind, row, lang) } }
        </details>
    }
}

fn body(kind: Option<Kind>, row: &Value, lang: Lang) -> Html {
    let only = own(row, kind, lang);
    let kind_name = kind.map_or("", |k| lang.t(k.spec().label));
    let times = tables::times(row, lang);
    html! {
        <div class="sum-body">
            <section><h4>{ lang.t(texts::TABLE_FLOW) }</h4>{ tables::flow(kind, row, lang) }</section>
            { for times.map(|times| html! { <section><h4>{ lang.t(texts::TABLE_TIMES) }</h4>{ times }</section> }) }
            <section><h4>{ lang.t(texts::TABLE_FAILURES) }</h4>{ tables::failures(row, lang) }</section>
            if only != Own::default() {
                <section data-testid="summary-own"><h4>{ lang.fill(texts::TABLE_OWN, &[("kind", kind_name)]) }</h4>{ own_tables(only, lang) }</section>
            }
            <section><h4>{ lang.t(texts::TABLE_LOAD) }</h4>{ load(kind, row, lang) }</section>
        </div>
    }
}

fn own_tables(only: Own, lang: Lang) -> Html {
    let lists = only.lists.into_iter().map(|list| {
        let (label, help) = (list.name.label.clone(), list.name.help);
        html! { <><h5 title={help}>{ label }</h5>{ list_table(list) }</> }
    });
    let helps = only.spreads.iter().map(|(name, _)| (name.label.clone(), name.help)).collect::<Vec<_>>();
    let spreads: Vec<Vec<String>> = only
        .spreads
        .into_iter()
        .map(|(name, cells)| std::iter::once(name.label).chain(cells).collect())
        .collect();
    html! {
        <>
            { values(&only.values) }
            { for only.groups.iter().map(|group| html! { <><h5 title={group.0.help}>{ &group.0.label }</h5>{ values(&group.1) }</> }) }
            if !spreads.is_empty() {
                { tables::spreads(lang.t(texts::TABLE_TIMES), spreads, lang) }
                { for helps.into_iter().map(|(label, help)| html! { <p class="muted sum-help"><b>{ label }</b>{ ": " }{ help }</p> }) }
            }
            { for lists }
        </>
    }
}

/// A list as a table.
pub fn list_table(list: List) -> Html {
    let headings: Vec<Heading> = list.columns.iter().map(Heading::from).collect();
    tables::table(&list.name.label, &headings, list.rows)
}

/// Values one under the other, each with what it means.
pub fn values(values: &[(Named, String)]) -> Html {
    if values.is_empty() {
        return html! {};
    }
    let rows = values.iter().map(|(name, text)| {
        html! { <div><dt>{ &name.label }</dt><dd><b class="num">{ text }</b></dd><dd class="muted">{ name.help }</dd></div> }
    });
    html! { <dl class="sum-values">{ for rows }</dl> }
}

fn load(kind: Option<Kind>, row: &Value, lang: Lang) -> Html {
    let rows: Vec<(Named, String)> = LOAD
        .iter()
        .filter(|field| !row[**field].is_null())
        .map(|field| {
            let name = named(kind, None, field, lang);
            let text = name.write(&row[*field], lang);
            (name, text)
        })
        .collect();
    let shares = row["time_share_with_more_than"].as_array().map_or(&[][..], Vec::as_slice);
    // Past the last number that was ever reached there is nothing to tell.
    let shares = &shares[..shares.iter().take_while(|s| s.as_f64().is_some_and(|s| s > 0.0)).count()];
    let spread = named(kind, None, "time_share_with_more_than", lang);
    let mut cells = vec![lang.t(texts::SHARE_OF_TIME).to_owned()];
    cells.extend(shares.iter().map(|s| spread.write(s, lang)));
    let mut headings = vec![Heading::plain(lang.t(texts::MORE_THAN))];
    headings.extend((0..shares.len()).map(|n| Heading::plain(n.to_string())));
    html! {
        <>
            { values(&rows) }
            if !shares.is_empty() {
                <h5 title={spread.help}>{ &spread.label }</h5>
                { tables::table(&spread.label, &headings, vec![cells]) }
            }
        </>
    }
}
