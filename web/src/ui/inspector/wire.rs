//! A wire: how much goes over it, and its settings.

use super::actions::{ActOn, Actions};
use super::params::{Param, Target};
use crate::icons::{Icon, icon};
use crate::state::{Dialog, Msg, Red, use_ctx, use_live};
use crate::texts::{inspector as texts, why};
use crate::ui::value::metric_text;
use headroom_editor::{EditMsg, WireKey};
use headroom_model::design::{WIRE_GROUPS, Wire, WireParams};
use headroom_model::kinds::{Unit, WIRE_METRICS};
use headroom_model::params::Params;
use serde_json::Value;
use yew::prelude::*;

/// A wire to look at.
#[derive(Properties, PartialEq)]
pub struct WireProps {
    /// The wire.
    pub wire: Wire,
}

/// A wire in the inspector.
#[component]
pub fn WireInspector(props: &WireProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let wire = &props.wire;
    let name = |id: &str| ctx.state.design.node(id).map_or_else(|| id.to_owned(), |n| ctx.state.node_name(n));
    let key = WireKey::from(wire);
    let specs = WireParams::specs();
    let groups = WIRE_GROUPS.iter().enumerate().map(|(at, (title, names))| {
        let settings = names.iter().filter_map(|name| {
            let index = specs.iter().position(|s| s.name == *name)?;
            let value = wire.params.get(name).unwrap_or(Value::Null);
            Some(html! { <Param key={*name} target={Target::Wire(key.clone())} {index} {value} /> })
        });
        // What is in use is open; so is the first, that a wire without any is not a wall of titles.
        let in_use = names.iter().any(|name| {
            specs.iter().any(|s| s.name == *name && wire.params.get(name) != Some((s.default)()))
        });
        html! {
            <details key={title.en} class="card fold" open={at == 0 || in_use} data-group={title.en}>
                <summary><h3>{ lang.t(*title) }</h3>{ icon(Icon::Down) }</summary>
                { for settings }
            </details>
        }
    });
    html! {
        <>
            <header class="inspector-head">
                <span class="kind-badge">{ icon(Icon::Link) }</span>
                <span class="inspector-title"><b>{ format!("{} → {}", name(&wire.from), name(&wire.to)) }</b><small class="muted">{ lang.t(texts::WIRE) }</small></span>
                <button type="button" class="button quiet only-icon danger" aria-label={lang.t(texts::DELETE_WIRE)} title={format!("{} (Del)", lang.t(texts::DELETE_WIRE))}
                    data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
            </header>
            <button type="button" class="button tiny" data-testid="why-here" onclick={ctx.on(|| Msg::Show(Some(Dialog::Why(Red::Slow))))}>{ lang.t(why::TITLE) }</button>
            <Rate from={wire.from.clone()} to={wire.to.clone()} />
            <Actions target={ActOn::Wire(wire.from.clone(), wire.to.clone())} />
            { for groups }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RateProps {
    from: AttrValue,
    to: AttrValue,
}

#[component]
fn Rate(props: &RateProps) -> Html {
    let ctx = use_ctx();
    let live = use_live(250.0);
    let lang = ctx.lang();
    let live = live.get();
    let rps = live.wire_rps(&props.from, &props.to).map_or(f64::NAN, f64::from);
    let index = live.design.wires.iter().position(|w| w.from == *props.from && w.to == *props.to);
    let values = live.windows.last().zip(index).map_or(&[][..], |(w, i)| live.guard_values(w, i));
    let rows = WIRE_METRICS.iter().zip(values).filter(|(_, v)| v.is_finite()).map(|(metric, value)| {
        let value = f64::from(*value);
        let bad = matches!(metric.id, "failed_rps" | "circuit_open_share") && value > 0.0;
        html! {
            <details key={metric.id} class={classes!("metric", bad.then_some("bad"))} data-metric={metric.id}>
                <summary title={lang.t(metric.help)}>
                    <span>{ lang.t(metric.label) }</span>
                    <b class="num" data-testid={format!("wire-{}", metric.id)}>{ metric_text(metric.unit, value) }</b>
                </summary>
                <p class="help">{ lang.t(metric.help) }</p>
            </details>
        }
    });
    html! {
        <section class="card metrics">
            <h3>{ lang.t(texts::NOW) }</h3>
            <details class="metric main" open=true>
                <summary><span>{ lang.t(texts::WIRE_RATE) }</span><b class="num" data-testid="wire-rate">{ metric_text(Unit::Rate, rps) }</b></summary>
                <p class="help">{ lang.t(texts::WIRE_RATE_HELP) }</p>
            </details>
            { for rows }
        </section>
    }
}
