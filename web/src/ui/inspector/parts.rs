//! The parts of a node (instances, machines, shards) as they are now, each with a way to kill or revive it.

use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx, use_live};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::metric_text;
use headroom_model::design::Action;
use headroom_model::kinds::{Kind, Unit, Verb};
use headroom_model::messages::{PartNow, PartState, part};
use yew::prelude::*;

/// Parts that are listed; more are counted.
const PARTS_SHOWN: usize = 60;

/// A node whose parts are listed.
#[derive(Properties, PartialEq)]
pub struct PartsProps {
    /// Node id.
    pub node: AttrValue,
    /// Its kind.
    pub kind: Kind,
}

/// What a part is called: "instance 3". People count from 1, files from 0.
pub fn part_name(kind: Kind, part: u32, lang: Lang) -> String {
    let noun = kind.spec().parts.map_or("", |p| lang.t(p.noun));
    format!("{noun} {}", part + 1)
}

fn state_words(state: PartState, lang: Lang) -> (&'static str, &'static str) {
    match state {
        PartState::Up => (lang.t(texts::UP), "good"),
        PartState::Primary => (lang.t(texts::PRIMARY), "accent"),
        PartState::Slow => (lang.t(texts::SLOW), "warn"),
        PartState::Recovering => (lang.t(texts::RECOVERING), "warn"),
        PartState::Down => (lang.t(texts::DOWN), "bad"),
        PartState::Draining => (lang.t(texts::DRAINING), "warn"),
        PartState::Gone => (lang.t(texts::GONE), "muted"),
    }
}

/// The parts as a table.
#[component]
pub fn Parts(props: &PartsProps) -> Html {
    let ctx = use_ctx();
    let live = use_live(250.0);
    let lang = ctx.lang();
    let live = live.get();
    let spec = props.kind.spec();
    let Some(parts_spec) = spec.parts else { return html! {} };
    let parts = live.parts(&props.node);
    if parts.is_empty() {
        return html! {};
    }
    // Busy workers at an instant jump about; their mean over the last window says more.
    let windowed: Vec<f32> = live
        .node_index(&props.node)
        .zip(live.windows.last())
        .map(|(node, window)| live.part_values(window, node).map(|v| v[part::UTILIZATION]).collect())
        .unwrap_or_default();
    let can_kill = spec.verbs.contains(&Verb::Kill);
    let rows = parts.iter().take(PARTS_SHOWN).enumerate().map(|(i, part)| {
        let busy = windowed.get(i).map_or(f64::NAN, |u| f64::from(*u));
        let name = part_name(props.kind, i as u32, lang);
        let (state, tone) = state_words(part.state, lang);
        let extra = parts_spec.extra.map(|m| html! { <td class="num">{ metric_text(m.unit, f64::from(part.extra)) }</td> });
        html! {
            <tr key={i}>
                <th scope="row"><span class={classes!("dot", tone)} />{ &name }<small class={classes!(tone, (part.state == PartState::Up).then_some("hidden-visually"))}>{ state }</small></th>
                <td class="num">{ metric_text(Unit::Share, busy) }</td>
                <td class="num">{ metric_text(Unit::Count, f64::from(part.queue)) }</td>
                { for extra }
                if can_kill { <td class="act">{ kill_or_revive(&ctx, &props.node, i as u32, *part, &name) }</td> }
            </tr>
        }
    });
    html! {
        <section class="card">
            <h3>{ lang.t(texts::PARTS) }</h3>
            <div class="parts-scroll">
                <table class="parts" data-testid="parts">
                    <thead><tr>
                        <th scope="col">{ lang.t(parts_spec.noun) }</th>
                        <th scope="col">{ lang.t(texts::BUSY) }</th>
                        <th scope="col">{ lang.t(texts::QUEUE) }</th>
                        { for parts_spec.extra.map(|m| html! { <th scope="col" title={lang.t(m.help)}>{ lang.t(m.label) }</th> }) }
                        if can_kill { <th scope="col"><span class="hidden-visually">{ lang.t(texts::ACTIONS) }</span></th> }
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

fn kill_or_revive(ctx: &crate::state::Ctx, node: &AttrValue, index: u32, part: PartNow, name: &str) -> Html {
    let dead = part.state == PartState::Down;
    let node = node.to_string();
    let act = ctx.on(move || {
        let (node, part) = (node.clone(), Some(index));
        Msg::Act(if dead { Action::revive(node, part) } else { Action::kill(node, part) })
    });
    let (glyph, text) =
        if dead { (Icon::Heart, texts::REVIVE_PART) } else { (Icon::Skull, texts::KILL_PART) };
    let text = ctx.lang().fill(text, &[("part", name)]);
    html! {
        <button type="button" class={classes!("button", "quiet", "tiny", "only-icon", (!dead).then_some("danger"))} aria-label={text.clone()} title={text}
            data-testid={format!("part-{index}-{}", if dead { "revive" } else { "kill" })} onclick={act}>{ icon(glyph) }</button>
    }
}
