//! A wire: how much goes over it, and its settings.

use super::actions::{ActOn, Actions};
use super::params::{Param, Target};
use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx, use_live};
use crate::texts::inspector as texts;
use crate::ui::value::metric_text;
use headroom_editor::{EditMsg, WireKey};
use headroom_model::design::{Wire, WireParams};
use headroom_model::kinds::Unit;
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
    let settings = WireParams::specs().iter().enumerate().map(|(index, spec)| {
        let value = wire.params.get(spec.name).unwrap_or(Value::Null);
        html! { <Param key={spec.name} target={Target::Wire(key.clone())} {index} {value} /> }
    });
    html! {
        <>
            <header class="inspector-head">
                <span class="kind-badge">{ icon(Icon::Link) }</span>
                <span class="inspector-title"><b>{ format!("{} → {}", name(&wire.from), name(&wire.to)) }</b><small class="muted">{ lang.t(texts::WIRE) }</small></span>
                <button type="button" class="button quiet only-icon danger" aria-label={lang.t(texts::DELETE_WIRE)} title={format!("{} (Del)", lang.t(texts::DELETE_WIRE))}
                    data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
            </header>
            <Rate from={wire.from.clone()} to={wire.to.clone()} />
            <Actions target={ActOn::Wire(wire.from.clone(), wire.to.clone())} />
            <section class="card">
                <h3>{ lang.t(texts::SETTINGS) }</h3>
                { for settings }
            </section>
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
    let rps = live.get().wire_rps(&props.from, &props.to).map_or(f64::NAN, f64::from);
    html! {
        <section class="card metrics">
            <h3>{ lang.t(texts::NOW) }</h3>
            <details class="metric main" open=true>
                <summary><span>{ lang.t(texts::WIRE_RATE) }</span><b class="num" data-testid="wire-rate">{ metric_text(Unit::Rate, rps) }</b></summary>
                <p class="help">{ lang.t(texts::WIRE_RATE_HELP) }</p>
            </details>
        </section>
    }
}
