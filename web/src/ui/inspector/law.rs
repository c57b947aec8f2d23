//! A probability law of a duration: which one, and its fields.

use super::number::{Number, Range};
use super::params::{Target, number_value, set_param};
use crate::dom;
use crate::state::{Ctx, Msg, Tone, use_ctx};
use crate::texts::inspector as texts;
use headroom_editor::Phase;
use headroom_model::params::LAW_FIELDS;
use headroom_model::text::Text;
use serde_json::{Map, Value, json};
use yew::prelude::*;

/// A param that is a law.
#[derive(Properties, PartialEq)]
pub struct LawProps {
    /// What it belongs to.
    pub target: Target,
    /// Param.
    pub name: &'static str,
    /// Present value.
    pub value: Value,
}

/// A law's name and what it is like.
fn words(law: &str) -> (Text, Text) {
    match law {
        "deterministic" => (texts::LAW_DETERMINISTIC, texts::LAW_HELP_DETERMINISTIC),
        "exponential" => (texts::LAW_EXPONENTIAL, texts::LAW_HELP_EXPONENTIAL),
        "lognormal" => (texts::LAW_LOGNORMAL, texts::LAW_HELP_LOGNORMAL),
        "gamma" => (texts::LAW_GAMMA, texts::LAW_HELP_GAMMA),
        "hyperexponential" => (texts::LAW_HYPEREXPONENTIAL, texts::LAW_HELP_HYPEREXPONENTIAL),
        "uniform" => (texts::LAW_UNIFORM, texts::LAW_HELP_UNIFORM),
        "bounded_pareto" => (texts::LAW_BOUNDED_PARETO, texts::LAW_HELP_BOUNDED_PARETO),
        _ => (texts::LAW_PARETO, texts::LAW_HELP_PARETO),
    }
}

/// A field's name, unit and range.
fn field_words(law: &str, field: &str) -> (Text, &'static str, Range) {
    let range = |min: f64, max: f64| Range { min, max, integer: false };
    match field {
        "mean_ms" => (texts::FIELD_MEAN_MS, "ms", range(0.0, 3_600_000.0)),
        "min_ms" => (texts::FIELD_MIN_MS, "ms", range(0.0, 3_600_000.0)),
        "max_ms" => (texts::FIELD_MAX_MS, "ms", range(0.0, 3_600_000.0)),
        "alpha" => (texts::FIELD_ALPHA, "", range(if law == "pareto" { 1.01 } else { 0.1 }, 10.0)),
        _ => {
            let least = match law {
                "hyperexponential" => 1.0,
                "gamma" => 0.01,
                _ => 0.0,
            };
            (texts::FIELD_CV, "", range(least, 20.0))
        }
    }
}

/// The mean of a law [ms], as near as its fields tell.
fn mean_ms(value: &Value) -> f64 {
    let field = |name: &str| value[name].as_f64();
    field("mean_ms").unwrap_or_else(|| {
        let (min, max) = (field("min_ms").unwrap_or(5.0), field("max_ms"));
        match (field("alpha"), max) {
            (None, Some(max)) => (min + max) / 2.0,
            (Some(alpha), _) if alpha > 1.0 => min * alpha / (alpha - 1.0),
            _ => min,
        }
    })
}

/// The same duration by another law: its mean stays where that is possible.
fn changed_law(value: &Value, law: &str) -> Value {
    let fields = LAW_FIELDS.iter().find(|f| f.0 == law).map_or(&[][..], |f| f.1);
    let mean = mean_ms(value).max(1e-6);
    let mut object = Map::new();
    object.insert("law".to_owned(), json!(law));
    let round = |x: f64| number_value((x * 1e6).round() / 1e6);
    for field in fields {
        let kept = value.get(*field).filter(|_| !matches!(*field, "min_ms" | "max_ms")).cloned();
        let fresh = match (*field, law) {
            ("mean_ms", _) => round(mean),
            ("cv", "hyperexponential") => {
                json!(kept.as_ref().and_then(Value::as_f64).unwrap_or(2.0).max(1.0))
            }
            ("cv", "gamma") => json!(kept.as_ref().and_then(Value::as_f64).unwrap_or(0.5).max(0.01)),
            ("alpha", _) => json!(2.5),
            ("min_ms", "uniform") => round(mean / 2.0),
            ("max_ms", "uniform") => round(mean * 1.5),
            ("min_ms", _) => round(mean * 0.6),
            ("max_ms", _) => round(mean * 100.0),
            _ => json!(1.5),
        };
        let keeps = kept.is_some() && !matches!((*field, law), ("cv", "hyperexponential" | "gamma"));
        object.insert((*field).to_owned(), if keeps { kept.expect("just seen") } else { fresh });
    }
    Value::Object(object)
}

fn set(ctx: &Ctx, target: &Target, name: &str, value: Value, phase: Phase) {
    if let Err(why) = set_param(ctx, target, name, value, phase) {
        ctx.send(Msg::Notice(why, Tone::Bad, None));
    }
}

/// Which law, and its fields.
#[component]
pub fn LawParam(props: &LawProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let id = props.target.control_id(props.name);
    let law = props.value["law"].as_str().unwrap_or("exponential").to_owned();
    let onchange = {
        let (ctx, target, name, value) = (ctx.clone(), props.target.clone(), props.name, props.value.clone());
        Callback::from(move |e: Event| {
            set(&ctx, &target, name, changed_law(&value, &dom::value_of(&e)), Phase::Done);
        })
    };
    let fields = LAW_FIELDS.iter().find(|f| f.0 == law).map_or(&[][..], |f| f.1);
    let rows = fields.iter().map(|field| {
        let (label, unit, range) = field_words(&law, field);
        let onset = {
            let (ctx, target, name, value, field) =
                (ctx.clone(), props.target.clone(), props.name, props.value.clone(), *field);
            Callback::from(move |(x, phase): (Option<f64>, Phase)| {
                let mut value = value.clone();
                value[field] = x.map_or(Value::Null, number_value);
                set_param(&ctx, &target, name, value, phase)
            })
        };
        let label = lang.t(label);
        html! {
            <div class="sub-field" key={*field}>
                <span class="muted">{ label }</span>
                <Number id={format!("{id}-{field}")} label={label} value={props.value[*field].as_f64()} {range} {unit} common={10.0} {onset} />
            </div>
        }
    });
    html! {
        <>
            <select id={id.clone()} class="field" disabled={!ctx.state.env.editable} data-testid={id.clone()} {onchange}>
                { for LAW_FIELDS.iter().map(|(name, _)| html! { <option value={*name} selected={*name == law}>{ lang.t(words(name).0) }</option> }) }
            </select>
            <p class="help">{ lang.t(words(&law).1) }</p>
            <div class="sub-fields">{ for rows }</div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headroom_model::kinds::{Kind, NodeParams};

    #[test]
    fn any_law_turns_into_any_other_and_keeps_its_mean() {
        let mut params = NodeParams::default_of(Kind::Web);
        let start = json!({"law": "lognormal", "mean_ms": 8, "cv": 0.5});
        for (from, _) in LAW_FIELDS {
            let first = changed_law(&start, from);
            assert_eq!(params.set("service", &first), Ok(()), "{first}");
            for (to, fields) in LAW_FIELDS {
                let second = changed_law(&first, to);
                assert_eq!(params.set("service", &second), Ok(()), "{first} -> {second}");
                let mean = mean_ms(&second);
                assert!(
                    (mean - 8.0).abs() < 0.5 || fields.contains(&"alpha") || from.contains("pareto"),
                    "{second}"
                );
            }
        }
    }
}
