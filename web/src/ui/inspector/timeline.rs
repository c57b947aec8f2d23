//! The timeline: what happens when. Entries are moved in time, deleted and added.

use super::actions::{Details, details_fields, verb_icon};
use super::number::{Number, Range};
use super::parts::part_name;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{node_name, use_ctx};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::metric_text;
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Action, Design, Entry, Node};
use headroom_model::kinds::{Unit, Verb};
use headroom_model::limits::RUN_S_MAX;
use yew::prelude::*;

/// The name of a node, with its part if one is meant.
pub fn target(design: &Design, id: &str, part: Option<u32>, lang: Lang) -> String {
    let Some(node) = design.node(id) else { return id.to_owned() };
    let name = node_name(node, lang);
    match part.filter(|_| node.kind().spec().parts.is_some()) {
        Some(part) => format!("{name} {}", part_name(node.kind(), part, lang)),
        None => name,
    }
}

/// What an entry does, in words.
pub fn action_words(design: &Design, action: &Action, lang: Lang) -> String {
    let target = target(design, action.node(), action.part(), lang);
    let of = ("target", target.as_str());
    match action {
        Action::Kill { .. } => lang.fill(texts::DID_KILL, &[of]),
        Action::Revive { .. } => lang.fill(texts::DID_REVIVE, &[of]),
        Action::Slow { factor, .. } if *factor == 1.0 => lang.fill(texts::DID_SLOW_END, &[of]),
        Action::Slow { factor, .. } => lang.fill(texts::DID_SLOW, &[of, ("factor", &factor.to_string())]),
        Action::Flush { .. } => lang.fill(texts::DID_FLUSH, &[of]),
        Action::GoViral { share, .. } if *share == 0.0 => lang.fill(texts::DID_VIRAL_END, &[of]),
        Action::GoViral { share, item, .. } => {
            let (share, item) = (metric_text(Unit::Share, *share), item.to_string());
            lang.fill(texts::DID_VIRAL, &[of, ("share", &share), ("item", &item)])
        }
        Action::AddShard { .. } => lang.fill(texts::DID_ADD_SHARD, &[of]),
    }
}

/// The timeline as a list.
#[component]
pub fn Timeline() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let design = ctx.state.design.clone();
    let rows = design.timeline.iter().enumerate().map(|(index, entry)| {
        let words = action_words(&design, &entry.action, lang);
        let onset = {
            let (ctx, entry) = (ctx.clone(), entry.clone());
            Callback::from(move |(at_s, phase): (Option<f64>, Phase)| {
                let entry = Entry { at_s: at_s.unwrap_or(entry.at_s), ..entry.clone() };
                ctx.try_edit(EditMsg::SetEntry { index, entry, phase })
            })
        };
        let delete = {
            let ctx = ctx.clone();
            Callback::from(move |_: MouseEvent| ctx.edit(EditMsg::RemoveEntry(index)))
        };
        let number = (index + 1).to_string();
        html! {
            <li key={format!("{index}-{}-{words}", entry.at_s)} class="entry" data-testid="entry">
                <Number id={format!("entry-{index}-at_s")} label={lang.fill(texts::TIMELINE_AT, &[("n", &number)])} value={Some(entry.at_s)}
                    range={Range { min: 0.0, max: RUN_S_MAX, integer: false }} unit="s" common={10.0} in_full=true {onset} />
                <span class="entry-words"><span class="small">{ icon(verb_icon(entry.action.verb())) }</span>{ &words }</span>
                if ctx.state.env.editable {
                    <button type="button" class="button quiet tiny only-icon" aria-label={lang.fill(texts::TIMELINE_DELETE, &[("what", &words)])} onclick={delete}>{ icon(Icon::Close) }</button>
                }
            </li>
        }
    });
    html! {
        <section class="card">
            <h3>{ lang.t(texts::TIMELINE) }</h3>
            if design.timeline.is_empty() { <p class="muted">{ lang.t(texts::TIMELINE_EMPTY) }</p> }
            <ol class="timeline" data-testid="timeline">{ for rows }</ol>
            if ctx.state.env.editable { <Adder /> }
        </section>
    }
}

/// A form for a new entry.
#[component]
fn Adder() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let open = use_state(|| false);
    let node = use_state(String::new);
    let verb = use_state(|| Verb::Kill);
    let at_s = use_state(|| 0.0);
    let details = use_state(Details::default);
    let fault = use_state(|| None::<String>);
    let design = ctx.state.design.clone();
    let can: Vec<&Node> = design.nodes.iter().filter(|n| !n.kind().spec().verbs.is_empty()).collect();
    let Some(chosen) = can.iter().find(|n| n.id == *node).or(can.first()).map(|n| (*n).clone()) else {
        return html! {};
    };
    let verbs = chosen.kind().spec().verbs;
    let chosen_verb = if verbs.contains(&verb) { *verb } else { verbs[0] };
    let toggle = {
        let (open, at_s, live) = (open.clone(), at_s.clone(), ctx.live.clone());
        Callback::from(move |_: MouseEvent| {
            at_s.set(live.get().now_s().ceil());
            open.set(!*open);
        })
    };
    let on_node = {
        let node = node.clone();
        Callback::from(move |e: Event| node.set(dom::value_of(&e)))
    };
    let on_verb = {
        let verb = verb.clone();
        Callback::from(move |e: Event| {
            if let Some(chosen) = verbs.iter().find(|v| v.name() == dom::value_of(&e)) {
                verb.set(*chosen);
            }
        })
    };
    let on_time = {
        let at_s = at_s.clone();
        Callback::from(move |(value, _): (Option<f64>, Phase)| {
            at_s.set(value.unwrap_or_default());
            Ok(())
        })
    };
    let on_details = {
        let details = details.clone();
        Callback::from(move |d| details.set(d))
    };
    let add = {
        let (ctx, open, fault) = (ctx.clone(), open.clone(), fault.clone());
        let entry = Entry { at_s: *at_s, action: details.action(chosen_verb, &chosen.id) };
        Callback::from(move |_: MouseEvent| match ctx.try_edit(EditMsg::AddEntry(entry.clone())) {
            Ok(()) => {
                fault.set(None);
                open.set(false);
            }
            Err(why) => fault.set(Some(why)),
        })
    };
    html! {
        <div class="adder">
            <button type="button" class="button tiny" aria-expanded={open.to_string()} data-testid="timeline-add" onclick={toggle}>{ icon(Icon::Plus) }{ lang.t(texts::TIMELINE_ADD) }</button>
            if *open {
                <div class="adder-form">
                    <div class="sub-field"><span class="muted">{ lang.t(texts::TIMELINE_WHEN) }</span>
                        <Number id="add-at_s" label={lang.t(texts::TIMELINE_WHEN)} value={Some(*at_s)} range={Range { min: 0.0, max: RUN_S_MAX, integer: false }} unit="s" common={10.0} onset={on_time} /></div>
                    <label class="sub-field"><span class="muted">{ lang.t(texts::TIMELINE_WHERE) }</span>
                        <select class="field" data-testid="add-node" onchange={on_node}>{ for can.iter().map(|n| html! { <option value={n.id.clone()} selected={n.id == chosen.id}>{ node_name(n, lang) }</option> }) }</select></label>
                    <label class="sub-field"><span class="muted">{ lang.t(texts::TIMELINE_WHAT) }</span>
                        <select class="field" data-testid="add-verb" onchange={on_verb}>{ for verbs.iter().map(|v| html! { <option value={v.name()} selected={*v == chosen_verb}>{ lang.t(v.label()) }</option> }) }</select></label>
                    { details_fields(&ctx, &design, &chosen, chosen_verb, &details, &on_details, "add") }
                    if let Some(why) = &*fault { <p class="error" role="alert">{ why }</p> }
                    <button type="button" class="button tiny primary" data-testid="add-apply" onclick={add}>{ lang.t(texts::TIMELINE_ADD) }</button>
                </div>
            }
        </div>
    }
}
