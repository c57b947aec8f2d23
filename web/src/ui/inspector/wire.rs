//! A wire: how much goes over it, and its settings.

use super::number::{Number, Range, SetNumber};
use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx, use_live};
use crate::texts::inspector as texts;
use crate::ui::value::metric_text;
use headroom_editor::{EditMsg, WireKey, WirePatch};
use headroom_model::design::Wire;
use headroom_model::kinds::Unit;
use headroom_model::text::Text;
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
    let setter = |patch: fn(Option<f64>) -> WirePatch| -> SetNumber {
        let (ctx, key) = (ctx.clone(), key.clone());
        Callback::from(move |(value, phase)| {
            ctx.try_edit(EditMsg::SetWire { wire: key.clone(), patch: patch(value), phase })
        })
    };
    let range = |min: f64, max: f64, integer: bool| Range { min, max, integer };
    html! {
        <>
            <header class="inspector-head">
                <span class="kind-badge">{ icon(Icon::Link) }</span>
                <span class="inspector-title"><b>{ format!("{} → {}", name(&wire.from), name(&wire.to)) }</b><small class="muted">{ lang.t(texts::WIRE) }</small></span>
                <button type="button" class="button quiet only-icon danger" aria-label={lang.t(texts::DELETE_WIRE)} title={format!("{} (Del)", lang.t(texts::DELETE_WIRE))}
                    data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
            </header>
            <Rate from={wire.from.clone()} to={wire.to.clone()} />
            <section class="card">
                <h3>{ lang.t(texts::SETTINGS) }</h3>
                <Setting id="wire-latency_ms" label={texts::WIRE_LATENCY} help={texts::WIRE_LATENCY_HELP} value={Some(wire.latency_ms)} range={range(0.0, 60_000.0, false)}
                    unit="ms" common={1.0} onset={setter(|x| WirePatch { latency_ms: x, ..WirePatch::default() })} />
                <Setting id="wire-weight" label={texts::WIRE_WEIGHT} help={texts::WIRE_WEIGHT_HELP} value={Some(wire.weight)} range={range(0.0, 1e6, false)}
                    unit="" common={1.0} onset={setter(|x| WirePatch { weight: x, ..WirePatch::default() })} />
                <Setting id="wire-pool" label={texts::WIRE_POOL} help={texts::WIRE_POOL_HELP} value={wire.pool.map(f64::from)} range={range(1.0, 1e6, true)} optional=true
                    unit="" common={20.0} onset={setter(|x| WirePatch { pool: Some(x.map(|n| n as u32)), ..WirePatch::default() })} />
                <Setting id="wire-pool_wait_ms" label={texts::WIRE_POOL_WAIT} help={texts::WIRE_POOL_WAIT_HELP} value={Some(wire.pool_wait_ms)} range={range(0.0, 3_600_000.0, false)}
                    unit="ms" common={1_000.0} onset={setter(|x| WirePatch { pool_wait_ms: x, ..WirePatch::default() })} />
            </section>
        </>
    }
}

/// A number with its name and what it means.
#[derive(Properties, PartialEq)]
pub struct SettingProps {
    /// Unique on the page.
    pub id: &'static str,
    /// Its name.
    pub label: Text,
    /// What it does.
    pub help: Text,
    /// Present value; none means no limit.
    pub value: Option<f64>,
    /// What it may be.
    pub range: Range,
    /// No limit is possible.
    #[prop_or_default]
    pub optional: bool,
    /// What no limit is called here.
    #[prop_or(texts::NO_LIMIT)]
    pub none: Text,
    /// Its unit.
    pub unit: &'static str,
    /// A common value.
    pub common: f64,
    /// Sets it.
    pub onset: SetNumber,
}

/// A number with its name and what it means.
#[component]
pub fn Setting(props: &SettingProps) -> Html {
    let lang = use_ctx().lang();
    let explained = use_state(|| false);
    let name = lang.t(props.label);
    let explain = {
        let explained = explained.clone();
        Callback::from(move |_: MouseEvent| explained.set(!*explained))
    };
    html! {
        <div class="param">
            <div class="param-head">
                <label for={props.id} title={lang.t(props.help)}>{ name }</label>
                <button type="button" class="explain" aria-expanded={explained.to_string()} aria-label={lang.fill(texts::EXPLAIN, &[("name", name)])} onclick={explain}>{ "?" }</button>
            </div>
            <Number id={props.id} value={props.value} range={props.range} optional={props.optional} none={props.none} unit={props.unit} slider=true common={props.common} onset={props.onset.clone()} />
            if *explained { <p class="help">{ lang.t(props.help) }</p> }
        </div>
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
