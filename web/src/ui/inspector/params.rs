//! The settings of a node, a wire or a place, each by the widget that its spec asks for.

use super::curve::CurveParam;
use super::law::LawParam;
use super::number::{Number, Range, SetNumber};
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{Ctx, Msg, use_ctx};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::plain;
use headroom_editor::{EditMsg, Phase, WireKey};
use headroom_model::design::WireParams;
use headroom_model::kinds::Kind;
use headroom_model::params::{ChoiceSpec, ParamSpec, Params, Widget};
use headroom_model::places::PlaceKind;
use headroom_model::prices::Prices;
use serde_json::{Value, json};
use yew::prelude::*;

/// What a setting belongs to.
#[derive(Clone, PartialEq)]
pub enum Target {
    /// A node by its id, and its kind.
    Node(AttrValue, Kind),
    /// Several nodes of one kind: a setting is set for all of them.
    Nodes(Vec<AttrValue>, Kind),
    /// A wire.
    Wire(WireKey),
    /// A place by its id, and its kind.
    Place(AttrValue, PlaceKind),
    /// The price list.
    Prices,
}

impl Target {
    fn specs(&self) -> &'static [ParamSpec] {
        match self {
            Target::Node(_, kind) | Target::Nodes(_, kind) => kind.param_specs(),
            Target::Wire(_) => WireParams::specs(),
            Target::Place(_, kind) => kind.param_specs(),
            Target::Prices => Prices::specs(),
        }
    }

    /// The message that sets a setting.
    pub fn message(&self, name: &str, value: Value, phase: Phase) -> EditMsg {
        let name = name.to_owned();
        match self {
            Target::Node(id, _) => EditMsg::SetParam { node: id.to_string(), name, value, phase },
            Target::Nodes(ids, _) => {
                let nodes = ids.iter().map(ToString::to_string).collect();
                EditMsg::SetParams { nodes, name, value, phase }
            }
            Target::Wire(key) => EditMsg::SetWire { wire: key.clone(), name, value, phase },
            Target::Place(id, _) => EditMsg::SetPlaceParam { place: id.to_string(), name, value, phase },
            Target::Prices => EditMsg::SetPrice { name, value, phase },
        }
    }

    /// The id on the page of a setting's control.
    pub fn control_id(&self, name: &str) -> String {
        match self {
            Target::Node(..) | Target::Nodes(..) => format!("param-{name}"),
            Target::Wire(_) => format!("wire-{name}"),
            Target::Place(..) => format!("place-{name}"),
            Target::Prices => format!("price-{name}"),
        }
    }
}

/// A setting.
#[derive(Properties, PartialEq)]
pub struct ParamProps {
    /// What it belongs to.
    pub target: Target,
    /// Position among the settings of that.
    pub index: usize,
    /// Present value, as in a design file; of several that differ, the first.
    pub value: Value,
    /// Several nodes have different values.
    #[prop_or_default]
    pub mixed: bool,
}

impl ParamProps {
    fn spec(&self) -> &'static ParamSpec {
        &self.target.specs()[self.index]
    }
}

/// Sets a param; says why not when it is refused.
pub fn set_param(ctx: &Ctx, target: &Target, name: &str, value: Value, phase: Phase) -> Result<(), String> {
    ctx.try_edit(target.message(name, value, phase))
}

/// A number as a design file holds it: whole ones without a fraction.
pub fn number_value(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 9e15 { json!(x as i64) } else { json!(x) }
}

/// One param with its name, its explanation and a way back to its default.
#[component]
pub fn Param(props: &ParamProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let explained = use_state(|| false);
    let spec = props.spec();
    let id = props.target.control_id(spec.name);
    let default = (spec.default)();
    let changed = props.mixed || props.value != default;
    let name = lang.t(spec.label);
    let control = match spec.widget {
        Widget::Number { min, max, integer, optional } => {
            let onset = number_setter(&ctx, props);
            let common = default.as_f64().unwrap_or_else(|| common_limit(spec.unit, min, max));
            html! {
                <Number id={id.clone()} value={props.value.as_f64().filter(|_| !props.mixed)} range={Range { min, max, integer }} optional={optional && !props.mixed} unit={unit(spec.unit, lang)}
                    slider=true {common} {onset} />
            }
        }
        Widget::Switch => switch(&ctx, props, &id),
        Widget::Choice(choices) => choice(&ctx, props, &id, choices),
        Widget::Law => {
            html! { <LawParam target={props.target.clone()} name={spec.name} value={props.value.clone()} /> }
        }
        Widget::Curve => {
            html! { <CurveParam target={props.target.clone()} name={spec.name} value={props.value.clone()} /> }
        }
    };
    let explain = {
        let explained = explained.clone();
        Callback::from(move |_: MouseEvent| explained.set(!*explained))
    };
    let reset = {
        let (ctx, target, default) = (ctx.clone(), props.target.clone(), default.clone());
        Callback::from(move |_: MouseEvent| {
            ctx.edit(target.message(spec.name, default.clone(), Phase::Done));
        })
    };
    let reset_text = lang.fill(texts::DEFAULT, &[("value", &brief(&default, lang))]);
    html! {
        <div class={classes!("param", changed.then_some("changed"))} data-param={spec.name}>
            <div class="param-head">
                <label for={id} title={lang.t(spec.help)}>{ name }</label>
                if props.mixed { <span class="mixed" title={lang.t(texts::MIXED_HELP)} data-testid={format!("mixed-{}", spec.name)}>{ lang.t(texts::MIXED) }</span> }
                <button type="button" class="explain" aria-expanded={explained.to_string()} aria-label={lang.fill(texts::EXPLAIN, &[("name", name)])} onclick={explain}>{ "?" }</button>
                if changed && ctx.state.env.editable {
                    <button type="button" class="reset" aria-label={reset_text.clone()} title={reset_text} data-testid={format!("reset-{}", spec.name)} onclick={reset}>{ icon(Icon::Reset) }</button>
                }
            </div>
            { control }
            if *explained { <p class="help">{ lang.t(spec.help) }</p> }
        </div>
    }
}

fn number_setter(ctx: &Ctx, props: &ParamProps) -> SetNumber {
    let (ctx, target, name) = (ctx.clone(), props.target.clone(), props.spec().name);
    Callback::from(move |(value, phase): (Option<f64>, Phase)| {
        set_param(&ctx, &target, name, value.map_or(Value::Null, number_value), phase)
    })
}

fn switch(ctx: &Ctx, props: &ParamProps, id: &str) -> Html {
    let (name, lang) = (props.spec().name, ctx.lang());
    let on = props.value.as_bool().unwrap_or_default() && !props.mixed;
    let onchange = {
        let (ctx, target) = (ctx.clone(), props.target.clone());
        Callback::from(move |e: Event| {
            if let Err(why) = set_param(&ctx, &target, name, json!(dom::checked_of(&e)), Phase::Done) {
                ctx.send(Msg::Notice(why, crate::state::Tone::Bad, None));
            }
        })
    };
    html! {
        <span class="tick">
            <input id={id.to_owned()} class="switch" type="checkbox" role="switch" checked={on} disabled={!ctx.state.env.editable} data-testid={id.to_owned()} {onchange} />
            <span class="muted">{ lang.t(if props.mixed { texts::MIXED } else if on { texts::ON } else { texts::OFF }) }</span>
        </span>
    }
}

fn choice(ctx: &Ctx, props: &ParamProps, id: &str, choices: &'static [ChoiceSpec]) -> Html {
    let (name, lang) = (props.spec().name, ctx.lang());
    let now = props.value.as_str().filter(|_| !props.mixed).unwrap_or_default().to_owned();
    let onchange = {
        let (ctx, target) = (ctx.clone(), props.target.clone());
        Callback::from(move |e: Event| {
            if let Err(why) = set_param(&ctx, &target, name, json!(dom::value_of(&e)), Phase::Done) {
                ctx.send(Msg::Notice(why, crate::state::Tone::Bad, None));
            }
        })
    };
    let chosen = choices.iter().find(|c| c.name == now);
    html! {
        <>
            <select id={id.to_owned()} class="field" disabled={!ctx.state.env.editable} data-testid={id.to_owned()} {onchange}>
                if props.mixed { <option value="" selected=true disabled=true>{ lang.t(texts::MIXED) }</option> }
                { for choices.iter().map(|c| html! { <option value={c.name} selected={c.name == now}>{ lang.t(c.label) }</option> }) }
            </select>
            if let Some(chosen) = chosen { <p class="help">{ lang.t(chosen.help) }</p> }
        </>
    }
}

/// What a limit begins with where the default is none: a minute, or a round number in the middle of the range.
fn common_limit(unit: &str, min: f64, max: f64) -> f64 {
    match unit {
        "s" => 60f64.clamp(min, max),
        _ => 10f64.powf((min.max(1.0) * max).sqrt().log10().round()).clamp(min, max),
    }
}

/// A unit as the user reads it.
pub fn unit(unit: &'static str, lang: Lang) -> &'static str {
    match (unit, lang) {
        ("share", _) => "",
        ("requests/s", Lang::Ko) => "건/s",
        ("requests" | "operations" | "queries", Lang::Ko) => "건",
        ("items", Lang::Ko) => "개",
        ("rank", Lang::Ko) => "위",
        ("clients" | "workers" | "instances" | "replicas" | "shards" | "points", Lang::Ko) => "개",
        (
            "copies" | "nodes" | "messages" | "cores" | "assets" | "sessions" | "prefixes" | "edges",
            Lang::Ko,
        ) => "개",
        ("resolvers" | "steps" | "results", Lang::Ko) => "개",
        ("crews", Lang::Ko) => "조",
        ("users", Lang::Ko) => "명",
        ("bytes", Lang::Ko) => "바이트",
        ("items/s", Lang::Ko) => "개/s",
        ("USD/million", Lang::Ko) => "USD/백만 건",
        ("USD/GB·month", Lang::Ko) => "USD/GB·월",
        ("probes" | "attempts" | "retries" | "calls" | "deliveries", Lang::Ko) => "번",
        _ => unit,
    }
}

/// A default value in a word.
fn brief(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => lang.t(texts::NO_LIMIT).to_owned(),
        Value::Bool(on) => lang.t(if *on { texts::ON } else { texts::OFF }).to_owned(),
        Value::Number(n) => n.as_f64().map_or_else(|| n.to_string(), plain),
        Value::String(s) => s.clone(),
        Value::Object(o) => {
            let words = o.values().map(|v| brief(v, lang));
            words.collect::<Vec<_>>().join(", ")
        }
        Value::Array(_) => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headroom_model::design::WireParams;
    use headroom_model::kinds::Kind;
    use headroom_model::params::Params;
    use headroom_model::places::PlaceKind;

    #[test]
    fn units_that_are_words_are_in_korean_too() {
        let nodes = Kind::ALL.iter().flat_map(|k| k.param_specs());
        let places = PlaceKind::ALL.iter().flat_map(|k| k.param_specs());
        for spec in nodes.chain(places).chain(WireParams::specs()) {
            let word = spec.unit.len() > 3 && spec.unit.chars().all(|c| c.is_ascii_lowercase());
            assert!(!word || unit(spec.unit, Lang::Ko) != spec.unit, "{}: {}", spec.name, spec.unit);
        }
    }
}
