//! The design as a whole: note, run settings, timeline, totals, and what happened.

use super::happened::{Happened, Totals};
use super::number::{Number, Range, SetNumber};
use super::params::{Param, Target};
use super::timeline::Timeline;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx};
use crate::texts::inspector as texts;
use crate::ui::transport::SeedField;
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Detail, RunSettings};
use headroom_model::limits::{NOTE_CHARS_MAX, RUN_S_MAX};
use headroom_model::params::Params;
use headroom_model::prices::Prices;
use headroom_model::text::Text;
use yew::prelude::*;

/// The design in the inspector.
#[component]
pub fn DesignInspector() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let run = ctx.state.design.run.clone();
    let oninput = {
        let ctx = ctx.clone();
        Callback::from(move |e: InputEvent| ctx.edit(EditMsg::SetNote(dom::value_of(&e))))
    };
    let onblur = ctx.on(|| Msg::Edit(EditMsg::Settle));
    let setter = |change: fn(&mut RunSettings, Option<f64>)| -> SetNumber {
        let ctx = ctx.clone();
        Callback::from(move |(value, phase)| {
            let mut run = ctx.state.design.run.clone();
            change(&mut run, value);
            ctx.try_edit(EditMsg::SetRun { run, phase })
        })
    };
    let range = |min: f64| Range { min, max: RUN_S_MAX, integer: false };
    html! {
        <>
            <p class="inspector-hint muted">{ lang.t(texts::DESIGN_HINT) }</p>
            <Totals />
            <Timeline />
            <section class="card">
                <h3>{ lang.t(texts::RUN) }</h3>
                <Setting id="run-until_s" label={texts::RUN_UNTIL} help={texts::RUN_UNTIL_HELP} value={Some(run.until_s)} range={range(0.001)} unit="s" common={120.0}
                    onset={setter(|run, x| run.until_s = x.unwrap_or(run.until_s))} />
                <Setting id="run-warmup_s" label={texts::RUN_WARMUP} help={texts::RUN_WARMUP_HELP} value={Some(run.warmup_s)} range={range(0.0)} unit="s" common={10.0}
                    onset={setter(|run, x| run.warmup_s = x.unwrap_or(0.0))} />
                <Setting id="run-window_s" label={texts::RUN_WINDOW} help={texts::RUN_WINDOW_HELP} value={run.window_s} range={range(0.001)} optional=true none={texts::AUTOMATIC} unit="s" common={1.0}
                    onset={setter(|run, x| run.window_s = x)} />
                <DetailField />
                if run.detail == Detail::Sampled {
                    <Setting id="run-stretch_s" label={texts::RUN_STRETCH} help={texts::RUN_STRETCH_HELP} value={run.stretch_s} range={range(0.001)} optional=true none={texts::AUTOMATIC} unit="s" common={10.0}
                        onset={setter(|run, x| run.stretch_s = x)} />
                    <Setting id="run-skip_s" label={texts::RUN_SKIP} help={texts::RUN_SKIP_HELP} value={run.skip_s} range={range(0.001)} optional=true none={texts::AUTOMATIC} unit="s" common={60.0}
                        onset={setter(|run, x| run.skip_s = x)} />
                }
                <div class="param seed"><SeedField id="run-seed" /></div>
            </section>
            <Happened />
            <PriceList />
            <details class="card fold" open={!ctx.state.design.note.is_empty()}>
                <summary><h3>{ lang.t(texts::NOTE) }</h3>{ icon(Icon::Down) }</summary>
                <textarea class="field" aria-label={lang.t(texts::NOTE)} placeholder={lang.t(texts::NOTE_PLACEHOLDER)} maxlength={NOTE_CHARS_MAX.to_string()} rows="4"
                    value={ctx.state.design.note.clone()} readonly={!ctx.state.env.editable} data-testid="note" {oninput} {onblur} />
            </details>
        </>
    }
}

/// Whether everything is simulated.
#[component]
fn DetailField() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let detail = ctx.state.design.run.detail;
    let onchange = {
        let ctx = ctx.clone();
        Callback::from(move |e: Event| {
            let Some(detail) = Detail::ALL.iter().copied().find(|d| d.name() == dom::value_of(&e)) else {
                return;
            };
            let run = RunSettings { detail, ..ctx.state.design.run.clone() };
            ctx.edit(EditMsg::SetRun { run, phase: Phase::Done });
        })
    };
    let options = Detail::ALL.iter().zip(Detail::CHOICES).map(|(d, choice)| {
        html! { <option value={choice.name} title={lang.t(choice.help)} selected={*d == detail}>{ lang.t(choice.label) }</option> }
    });
    let help = Detail::ALL
        .iter()
        .zip(Detail::CHOICES)
        .find(|(d, _)| **d == detail)
        .map(|(_, choice)| lang.t(choice.help));
    html! {
        <div class="param">
            <div class="param-head"><label for="run-detail">{ lang.t(texts::RUN_DETAIL) }</label></div>
            <select id="run-detail" class="field" disabled={!ctx.state.env.editable} data-testid="run-detail" {onchange}>{ for options }</select>
            <p class="help">{ help.unwrap_or_default() }</p>
        </div>
    }
}

/// What things cost, each price editable.
#[component]
fn PriceList() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let prices = &ctx.state.design.prices;
    let rows = Prices::specs().iter().enumerate().map(|(index, spec)| {
        let value = prices.get(spec.name).unwrap_or_default();
        html! { <Param key={spec.name} target={Target::Prices} {index} {value} /> }
    });
    html! {
        <details class="card fold" data-testid="prices">
            <summary><h3>{ lang.t(texts::PRICES) }</h3>{ icon(Icon::Down) }</summary>
            <p class="muted">{ lang.t(texts::PRICES_HELP) }</p>
            { for rows }
        </details>
    }
}

/// A number with its name and what it means.
#[derive(Properties, PartialEq)]
struct SettingProps {
    /// Unique on the page.
    id: &'static str,
    /// Its name.
    label: Text,
    /// What it does.
    help: Text,
    /// Present value; none means no limit.
    value: Option<f64>,
    /// What it may be.
    range: Range,
    /// No limit is possible.
    #[prop_or_default]
    optional: bool,
    /// What no limit is called here.
    #[prop_or(texts::NO_LIMIT)]
    none: Text,
    /// Its unit.
    unit: &'static str,
    /// A common value.
    common: f64,
    /// Sets it.
    onset: SetNumber,
}

/// A number with its name and what it means.
#[component]
fn Setting(props: &SettingProps) -> Html {
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
