//! The traffic curve in the inspector: presets and their numbers. Its points are dragged under the charts.

use super::number::{Number, Range};
use super::params::{Target, number_value, set_param};
use crate::dom;
use crate::state::{Msg, Tone, use_ctx};
use crate::texts::inspector as texts;
use headroom_editor::Phase;
use headroom_model::limits::{RATE_RPS_MAX, RUN_S_MAX};
use headroom_model::text::Text;
use headroom_model::traffic::{Curve, PRESETS, Preset};
use serde_json::{Value, json};
use yew::prelude::*;

/// A param that is a curve.
#[derive(Properties, PartialEq)]
pub struct CurveProps {
    /// What it belongs to.
    pub target: Target,
    /// Param.
    pub name: &'static str,
    /// Present value.
    pub value: Value,
}

fn field_words(field: &str) -> Text {
    match field {
        "from_rps" => texts::FIELD_FROM_RPS,
        "to_rps" => texts::FIELD_TO_RPS,
        "over_s" => texts::FIELD_OVER_S,
        "mean_rps" => texts::FIELD_MEAN_RPS,
        "peak_rps" => texts::FIELD_PEAK_RPS,
        "period_s" => texts::FIELD_PERIOD_S,
        "base_rps" => texts::FIELD_BASE_RPS,
        "at_s" => texts::FIELD_AT_S,
        "for_s" => texts::FIELD_FOR_S,
        "low_rps" => texts::FIELD_LOW_RPS,
        "high_rps" => texts::FIELD_HIGH_RPS,
        _ => texts::FIELD_RPS,
    }
}

/// Turns the curve into another shape. A shape drawn by hand begins with the points of the one before.
fn reshaped(value: &Value, shape: &str, until_s: f64) -> Value {
    match Preset::by_name(shape) {
        Some(preset) => Curve::Preset(preset).to_json(),
        None => {
            let Ok(curve) = Curve::from_json(value) else { return value.clone() };
            let mut points = curve.drawn(until_s);
            // A single point is a level that nobody can bend.
            if let [only] = points[..] {
                points.push(headroom_model::traffic::Point { t_s: until_s, rps: only.rps });
            }
            Curve::Points { points, repeat: false }.to_json()
        }
    }
}

/// Which shape, and its numbers.
#[component]
pub fn CurveParam(props: &CurveProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let id = props.target.control_id(props.name);
    let preset = props.value["preset"].as_str().unwrap_or_default().to_owned();
    let onchange = {
        let (ctx, target, name, value) = (ctx.clone(), props.target.clone(), props.name, props.value.clone());
        Callback::from(move |e: Event| {
            let value = reshaped(&value, &dom::value_of(&e), ctx.state.design.run.until_s);
            if let Err(why) = set_param(&ctx, &target, name, value, Phase::Done) {
                ctx.send(Msg::Notice(why, Tone::Bad, None));
            }
        })
    };
    let fields = PRESETS.iter().find(|p| p.name == preset).map_or(&[][..], |p| p.fields);
    let rows = fields.iter().map(|(field, common)| {
        let is_rate = field.ends_with("rps");
        let min = if *field == "period_s" { 0.1 } else { 0.0 };
        let range = Range { min, max: if is_rate { RATE_RPS_MAX } else { RUN_S_MAX }, integer: false };
        let onset = {
            let (ctx, target, name, value, field) =
                (ctx.clone(), props.target.clone(), props.name, props.value.clone(), *field);
            Callback::from(move |(x, phase): (Option<f64>, Phase)| {
                let mut value = value.clone();
                value[field] = x.map_or(json!(0), number_value);
                set_param(&ctx, &target, name, value, phase)
            })
        };
        let label = lang.t(field_words(field));
        let unit = super::params::unit(if is_rate { "requests/s" } else { "s" }, lang);
        html! {
            <div class="sub-field" key={*field}>
                <span class="muted">{ label }</span>
                <Number id={format!("{id}-{field}")} label={label} value={props.value[*field].as_f64()} {range} {unit} common={*common} {onset} />
            </div>
        }
    });
    let points = props.value["points"].as_array().map_or(0, Vec::len);
    html! {
        <>
            <select id={id.clone()} class="field" disabled={!ctx.state.env.editable} data-testid={id.clone()} {onchange}>
                { for PRESETS.iter().map(|p| html! { <option value={p.name} selected={p.name == preset}>{ lang.t(p.label) }</option> }) }
                <option value="points" selected={preset.is_empty()}>{ lang.fill(texts::CURVE_CUSTOM, &[("n", &points.to_string())]) }</option>
            </select>
            <div class="sub-fields">{ for rows }</div>
            <p class="help">{ lang.t(texts::CURVE_HINT) }</p>
        </>
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_preset_can_be_chosen_and_drawn_on_by_hand() {
        let start = Curve::constant(100.0).to_json();
        for spec in PRESETS {
            let preset = reshaped(&start, spec.name, 120.0);
            assert_eq!(preset["preset"], spec.name);
            let drawn = Curve::from_json(&reshaped(&preset, "points", 120.0)).unwrap();
            let (before, after) = (Curve::from_json(&preset).unwrap(), &drawn);
            for t in [0.0, 33.0, 60.0, 100.0] {
                assert!((before.rate_at(t) - after.rate_at(t)).abs() < 1e-6, "{} at {t}", spec.name);
            }
        }
        assert_eq!(reshaped(&start, "points", 120.0)["points"].as_array().unwrap().len(), 2);
    }
}
