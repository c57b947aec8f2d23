//! A number: a field, a slider, and "no limit" where that is possible. What cannot be read as a number in its range stays
//! in the field, with the reason under it; nothing is changed by it.

use crate::dom;
use crate::state::use_ctx;
use crate::texts::inspector as texts;
use crate::ui::value::plain;
use headroom_editor::Phase;
use headroom_model::text::Text;
use yew::prelude::*;

/// Steps of a slider.
const STEPS: f64 = 1000.0;
/// A slider is logarithmic when its range spans more than this.
const DECADES: f64 = 1000.0;

/// Sets a number; none means no limit. Says why not when it is refused.
pub type SetNumber = Callback<(Option<f64>, Phase), Result<(), String>>;

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Whole numbers only.
    pub integer: bool,
}

/// A number to be edited.
#[derive(Properties, PartialEq)]
pub struct NumberProps {
    /// Unique on the page; also its name for tests.
    pub id: AttrValue,
    /// Its name, where no label stands beside it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
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
    #[prop_or_default]
    pub unit: AttrValue,
    /// A slider stands beside it.
    #[prop_or_default]
    pub slider: bool,
    /// A common value: what a limit begins with, and where a slider is fine.
    pub common: f64,
    /// It is set when it is typed in full, and not with every key: where "1" on the way to "10" would be in the way.
    #[prop_or_default]
    pub in_full: bool,
    /// Sets it.
    pub onset: SetNumber,
}

/// What is being typed.
#[derive(Clone, PartialEq)]
struct Draft {
    text: String,
    /// Why it cannot be taken, or empty.
    why: String,
    /// It is shown although the value is another: it was not set yet.
    pending: bool,
}

impl Draft {
    fn refused(text: String, why: String) -> Self {
        Self { text, why, pending: false }
    }
}

/// A number to be edited.
#[component]
pub fn Number(props: &NumberProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let draft = use_state(|| None::<Draft>);
    let Range { min, max, integer } = props.range;
    let read = {
        let lang = ctx.lang();
        move |text: &str| -> Result<f64, String> {
            let number = text.trim().replace(',', "").parse::<f64>().ok();
            let fits = |x: &f64| *x >= min && *x <= max && (!integer || x.fract() == 0.0);
            let why = if integer { texts::BAD_WHOLE } else { texts::BAD_NUMBER };
            number.filter(fits).ok_or_else(|| lang.fill(why, &[("min", &plain(min)), ("max", &plain(max))]))
        }
    };
    let set = {
        let (draft, onset, in_full) = (draft.clone(), props.onset.clone(), props.in_full);
        move |text: String, phase: Phase| {
            let pending = in_full && phase == Phase::Dragging;
            let done = read(&text).and_then(|x| if pending { Ok(()) } else { onset.emit((Some(x), phase)) });
            // The text stays as it was typed, "1." or "0.50", for as long as it is being typed.
            draft.set(match done {
                Ok(()) if phase == Phase::Done => None,
                Ok(()) => Some(Draft { text, why: String::new(), pending }),
                Err(why) => Some(Draft::refused(text, why)),
            });
        }
    };
    let oninput = {
        let set = set.clone();
        Callback::from(move |e: InputEvent| set(dom::value_of(&e), Phase::Dragging))
    };
    let onchange = {
        let set = set.clone();
        Callback::from(move |e: Event| set(dom::value_of(&e), Phase::Done))
    };
    let slide = |phase: Phase| {
        let (draft, onset, range, common) = (draft.clone(), props.onset.clone(), props.range, props.common);
        move |text: String| {
            let place: f64 = text.parse().unwrap_or(0.0);
            draft.set(
                onset
                    .emit((Some(from_place(place / STEPS, range, common)), phase))
                    .err()
                    .map(|why| Draft::refused(text, why)),
            );
        }
    };
    let (dragging, done) = (slide(Phase::Dragging), slide(Phase::Done));
    let ontick = {
        let (onset, draft, common) = (props.onset.clone(), draft.clone(), props.common);
        Callback::from(move |e: Event| {
            let value = (!dom::checked_of(&e)).then_some(common);
            draft.set(onset.emit((value, Phase::Done)).err().map(|why| Draft::refused(String::new(), why)));
        })
    };
    let value = props.value;
    let shown = match (&*draft, value) {
        // A draft is old once the value has changed by other means.
        (Some(d), _)
            if d.pending || !d.why.is_empty() || d.text.trim().parse() == Ok(value.unwrap_or(f64::NAN)) =>
        {
            d.text.clone()
        }
        (_, Some(x)) => plain(x),
        (_, None) => String::new(),
    };
    let why = draft.as_ref().map(|d| d.why.clone()).filter(|w| !w.is_empty());
    let readonly = !ctx.state.env.editable;
    let error_id = format!("{}-error", props.id);
    html! {
        <div class="number">
            <div class="number-row">
                if props.slider {
                    <input type="range" min="0" max={STEPS.to_string()} step="1" tabindex="-1" aria-hidden="true"
                        disabled={value.is_none() || readonly} value={value.map_or(0.0, |x| (to_place(x, props.range, props.common) * STEPS).round()).to_string()}
                        oninput={Callback::from(move |e: InputEvent| dragging(dom::value_of(&e)))} onchange={Callback::from(move |e: Event| done(dom::value_of(&e)))} />
                }
                if value.is_some() || !props.optional || why.is_some() {
                    <span class="number-field">
                        <input id={props.id.clone()} class="field num" type="text" inputmode={if integer { "numeric" } else { "decimal" }} autocomplete="off" spellcheck="false"
                            aria-label={props.label.clone()} aria-invalid={why.is_some().then_some("true")} aria-describedby={why.is_some().then(|| error_id.clone())}
                            data-testid={props.id.clone()} value={shown} {readonly} {oninput} {onchange} />
                        if !props.unit.is_empty() { <span class="unit muted">{ props.unit.clone() }</span> }
                    </span>
                }
            </div>
            if props.optional {
                <label class="tick small-text"><input type="checkbox" checked={value.is_none()} disabled={readonly} data-testid={format!("{}-none", props.id)} onchange={ontick} />{ lang.t(props.none) }</label>
            }
            if let Some(why) = why {
                <p class="error" id={error_id} role="alert" data-testid={format!("{}-error", props.id)}>{ why }</p>
            }
        </div>
    }
}

/// Below this a logarithmic slider is nearly linear, so that it reaches 0.
fn knee(range: Range, common: f64) -> f64 {
    if range.min > 0.0 {
        range.min
    } else if range.integer {
        1.0
    } else {
        let scale = if common > 0.0 { common / 20.0 } else { range.max / 1e5 };
        scale.max(range.max / 1e9)
    }
}

fn is_log(range: Range) -> bool {
    range.max / range.min.max(if range.integer { 1.0 } else { 1e-3 }) > DECADES
}

/// Where a value stands on a slider, 0 to 1.
fn to_place(x: f64, range: Range, common: f64) -> f64 {
    let x = x.clamp(range.min, range.max) - range.min;
    let width = range.max - range.min;
    if is_log(range) {
        let k = knee(range, common);
        (1.0 + x / k).ln() / (1.0 + width / k).ln()
    } else {
        x / width
    }
}

/// The value at a place of a slider, round enough to read.
fn from_place(place: f64, range: Range, common: f64) -> f64 {
    let width = range.max - range.min;
    let x = if is_log(range) {
        let k = knee(range, common);
        k * ((place * (1.0 + width / k).ln()).exp() - 1.0)
    } else {
        place * width
    };
    let x = x + range.min;
    let rounded =
        if range.integer && x < 100.0 { x.round() } else { round(x, if is_log(range) { 2 } else { 3 }) };
    rounded.clamp(range.min, range.max)
}

/// Rounds to so many significant digits.
fn round(x: f64, digits: i32) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    let step = digits - 1 - x.abs().log10().floor() as i32;
    // By way of text: the nearest number to the decimal, without dust.
    if step >= 0 {
        format!("{x:.*}", step as usize).parse().unwrap_or(x)
    } else {
        let unit = 10f64.powi(-step);
        (x / unit).round() * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: f64, max: f64, integer: bool) -> Range {
        Range { min, max, integer }
    }

    #[test]
    fn a_slider_reaches_both_ends_and_comes_back_to_where_it_was() {
        for (r, common) in [
            (range(0.0, 1.0, false), 0.1),
            (range(1.0, 1e8, true), 1e4),
            (range(0.0, 60_000.0, false), 1.0),
            (range(0.001, 31_536_000.0, false), 60.0),
            (range(0.0, 10.0, true), 0.0),
            (range(0.0, 2_592_000.0, false), 0.0),
        ] {
            assert_eq!(from_place(0.0, r, common), r.min, "{r:?}");
            assert_eq!(from_place(1.0, r, common), r.max, "{r:?}");
            for i in 0..=20 {
                let x = from_place(f64::from(i) / 20.0, r, common);
                assert!(x >= r.min && x <= r.max && (!r.integer || x.fract() == 0.0), "{r:?}: {x}");
                let back = from_place(to_place(x, r, common), r, common);
                assert!((back - x).abs() <= 0.06 * x.abs().max(r.min), "{r:?}: {x} {back}");
            }
        }
    }

    #[test]
    fn values_of_a_slider_are_round() {
        assert_eq!(round(1234.5, 2), 1200.0);
        assert_eq!(round(0.012_345, 2), 0.012);
        assert_eq!(round(0.123_45, 3), 0.123);
        assert_eq!(round(0.0, 2), 0.0);
    }
}
