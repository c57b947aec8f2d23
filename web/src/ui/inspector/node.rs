//! A node: what it measures now, what can be done to it, its settings, and what it models.

use super::actions::{ActOn, Actions};
use super::params::{Param, Target};
use super::parts::Parts;
use super::place::Stands;
use crate::dom;
use crate::icons::{self, Icon, icon};
use crate::state::{Msg, use_ctx, use_live};
use crate::texts::inspector as texts;
use crate::ui::value::metric_text;
use headroom_editor::EditMsg;
use headroom_model::design::Node;
use headroom_model::kinds::{COMMON, Kind, common};
use headroom_model::limits::LABEL_CHARS_MAX;
use serde_json::Value;
use yew::prelude::*;

/// Numbers are shown again at most this often [ms].
const NUMBERS_MS: f64 = 250.0;

/// A node to look at.
#[derive(Properties, PartialEq)]
pub struct NodeProps {
    /// The node.
    pub node: Node,
}

/// A node in the inspector.
#[component]
pub fn NodeInspector(props: &NodeProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let node = &props.node;
    let spec = node.kind().spec();
    let params = node.kind().param_specs().iter().enumerate().map(|(index, param)| {
        let value = node.params.get(param.name).unwrap_or(Value::Null);
        let target = Target::Node(node.id.clone().into(), node.kind());
        html! { <Param key={param.name} {target} {index} {value} /> }
    });
    html! {
        <>
            <Header node={node.clone()} />
            <Actions target={ActOn::Node(node.id.clone())} />
            <Metrics node={node.id.clone()} kind={node.kind()} />
            if spec.parts.is_some() { <Parts node={node.id.clone()} kind={node.kind()} /> }
            <section class="card">
                <h3>{ lang.t(texts::SETTINGS) }</h3>
                { for params }
            </section>
            <Stands node={node.clone()} />
            <details class="card fold">
                <summary><h3>{ lang.t(texts::ABOUT) }</h3>{ icon(Icon::Down) }</summary>
                <p class="prose">{ lang.t(spec.help) }</p>
            </details>
        </>
    }
}

/// Icon, label and a way to delete the node.
#[component]
fn Header(props: &NodeProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let node = &props.node;
    let oninput = {
        let (ctx, id) = (ctx.clone(), node.id.clone());
        Callback::from(move |e: InputEvent| {
            ctx.edit(EditMsg::SetLabel { node: id.clone(), label: dom::value_of(&e) });
        })
    };
    let onblur = ctx.on(|| Msg::Edit(EditMsg::Settle));
    let spec = node.kind().spec();
    html! {
        <header class="inspector-head">
            <span class="kind-badge">{ icons::kind(node.kind()) }</span>
            <span class="inspector-title">
                <input class="field label-field" type="text" value={node.label.clone()} placeholder={ctx.state.node_name(&Node { label: String::new(), ..node.clone() })}
                    maxlength={LABEL_CHARS_MAX.to_string()} aria-label={lang.t(texts::LABEL)} data-testid="label" readonly={!ctx.state.env.editable} {oninput} {onblur} />
                <small class="muted">{ lang.t(spec.tagline) }</small>
            </span>
            <button type="button" class="button quiet only-icon danger" aria-label={lang.t(texts::DELETE_NODE)} title={format!("{} (Del)", lang.t(texts::DELETE_NODE))}
                data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
        </header>
    }
}

/// Numbers that are seen without opening the rest: the main one and the first of the kind's own, and a few that all have.
const FIRST_METRICS: usize = 5;
const FIRST_COMMON: [usize; 4] = [common::ARRIVALS, common::FAILURES, common::UTILIZATION, common::P99];

#[derive(Properties, PartialEq)]
struct MetricsProps {
    node: AttrValue,
    kind: Kind,
}

/// What the node measures now. Each line opens to say what it means.
#[component]
fn Metrics(props: &MetricsProps) -> Html {
    let ctx = use_ctx();
    let live = use_live(NUMBERS_MS);
    let lang = ctx.lang();
    let live = live.get();
    let spec = props.kind.spec();
    let values =
        live.node_index(&props.node).and_then(|index| Some(live.node_values(live.windows.last()?, index)));
    let Some(values) = values.filter(|v| !v.is_empty()) else {
        return html! { <section class="card"><h3>{ lang.t(texts::NOW) }</h3><p class="muted">{ lang.t(texts::NO_WINDOW) }</p></section> };
    };
    let main = spec.metric_index(spec.main_metric);
    // The main one first, then the kind's own: they are what it is there for.
    let others = (COMMON.len()..spec.value_count()).chain(0..COMMON.len()).filter(|i| main != Some(*i));
    let order = main.into_iter().chain(others);
    let metrics: Vec<_> = spec.all_metrics().collect();
    let (first, rest): (Vec<usize>, Vec<usize>) =
        order.enumerate().fold(Default::default(), |mut parts, (rank, index)| {
            let seen = rank < FIRST_METRICS || FIRST_COMMON.contains(&index);
            if seen {
                parts.0.push(index)
            } else {
                parts.1.push(index)
            }
            parts
        });
    let row = |index: usize| {
        let (metric, value) = (metrics.get(index)?, f64::from(*values.get(index)?));
        let class = classes!("metric", (main == Some(index)).then_some("main"), tone(metric.id, value));
        Some(html! {
            <details key={metric.id} {class} data-metric={metric.id}>
                <summary title={lang.t(metric.help)}>
                    <span>{ lang.t(metric.label) }</span>
                    <b class="num" data-testid={format!("metric-{}", metric.id)}>{ metric_text(metric.unit, value) }</b>
                </summary>
                <p class="help">{ lang.t(metric.help) }</p>
            </details>
        })
    };
    html! {
        <section class="card metrics">
            <h3>{ lang.t(texts::NOW) }</h3>
            { for first.into_iter().filter_map(row) }
            if !rest.is_empty() {
                <details class="more-metrics" data-testid="more-metrics">
                    <summary>{ lang.fill(texts::MORE_NUMBERS, &[("n", &rest.len().to_string())]) }</summary>
                    { for rest.into_iter().filter_map(row) }
                </details>
            }
        </section>
    }
}

/// A number that is worth a look has a colour.
fn tone(metric: &str, value: f64) -> Option<&'static str> {
    match metric {
        "utilization" if value >= 0.95 => Some("bad"),
        "utilization" if value >= 0.8 => Some("warn"),
        "failures_rps" | "lost_writes" if value > 0.0 => Some("bad"),
        "hottest_ratio" | "imbalance" if value >= 2.0 => Some("warn"),
        _ => None,
    }
}
