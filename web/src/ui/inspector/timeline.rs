//! The timeline: what happens when. Entries are moved in time, deleted and added.

use super::actions::{ActOn, action_fields, arg_text, verb_icon};
use super::number::{Number, Range};
use super::parts::part_name;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{node_name, pair_name, place_name, use_ctx};
use crate::texts::{Lang, inspector as texts};
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Action, Design, Entry};
use headroom_model::kinds::Verb;
use headroom_model::limits::RUN_S_MAX;
use headroom_model::verbs::On;
use yew::prelude::*;

/// The name of a node, with its part if one is meant.
pub fn target(design: &Design, id: &str, part: Option<u32>, lang: Lang) -> String {
    let Some(node) = design.node(id) else {
        return design.place(id).map_or_else(|| id.to_owned(), |p| place_name(p, lang));
    };
    let name = node_name(node, lang);
    match part.filter(|_| node.kind().spec().parts.is_some()) {
        Some(part) => format!("{name} {}", part_name(node.kind(), part, lang)),
        None => name,
    }
}

/// What an entry does, in words.
pub fn action_words(design: &Design, action: &Action, lang: Lang) -> String {
    let spec = action.verb.spec();
    let target = match spec.on {
        On::Node => target(design, &action.target, action.part, lang),
        On::Wire => ActOn::Wire(action.target.clone(), action.to.clone()).name(design, lang),
        On::Places => pair_name(design, &action.target, &action.to, lang),
    };
    let args: Vec<(&str, String)> = spec
        .args
        .iter()
        .zip(action.args)
        .map(|(arg, value)| (arg.name, arg_text(arg, value, lang)))
        .collect();
    let mut filled = vec![("target", target.as_str())];
    filled.extend(args.iter().map(|(name, text)| (*name, text.as_str())));
    lang.fill(action.verb.words(action.args[0]).0, &filled)
}

/// What was done, or will be, in words for a log or a mark: the verb, its first argument, and the name of what it is
/// done to.
pub fn done_words(verb: Verb, first: Option<f64>, target: &str, lang: Lang) -> String {
    let text = verb.words(first).1;
    match verb.spec().args.first() {
        Some(arg) => lang.fill(text, &[("target", target), (arg.name, &arg_text(arg, first, lang))]),
        None => lang.fill(text, &[("target", target)]),
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
                <span class="entry-words"><span class="small">{ icon(verb_icon(entry.action.verb)) }</span>{ &words }</span>
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
    let place = use_state(|| None::<ActOn>);
    let draft = use_state(|| None::<Action>);
    let at_s = use_state(|| 0.0);
    let fault = use_state(|| None::<String>);
    let design = ctx.state.design.clone();
    let can = ActOn::all(&design);
    let Some(chosen) = place.as_ref().filter(|t| can.contains(t)).or(can.first()).cloned() else {
        return html! {};
    };
    let verbs = chosen.verbs(&design);
    // What was typed stays for as long as it is about the same thing.
    let about = |a: &&Action| {
        let same = chosen.action(a.verb);
        verbs.contains(&a.verb) && (&same.target, &same.to) == (&a.target, &a.to)
    };
    let action = draft.as_ref().filter(about).cloned().unwrap_or_else(|| {
        let verb = draft.as_ref().map(|a| a.verb).filter(|v| verbs.contains(v));
        chosen.action(verb.unwrap_or(verbs[0]))
    });
    let toggle = {
        let (open, at_s, live) = (open.clone(), at_s.clone(), ctx.live.clone());
        Callback::from(move |_: MouseEvent| {
            at_s.set(live.get().now_s().ceil());
            open.set(!*open);
        })
    };
    let on_node = {
        let (place, can) = (place.clone(), can.clone());
        Callback::from(move |e: Event| {
            place.set(dom::value_of(&e).parse().ok().and_then(|i: usize| can.get(i).cloned()))
        })
    };
    let on_verb = {
        let (draft, chosen) = (draft.clone(), chosen.clone());
        Callback::from(move |e: Event| draft.set(Verb::by_name(&dom::value_of(&e)).map(|v| chosen.action(v))))
    };
    let on_time = {
        let at_s = at_s.clone();
        Callback::from(move |(value, _): (Option<f64>, Phase)| {
            at_s.set(value.unwrap_or_default());
            Ok(())
        })
    };
    let on_action = {
        let draft = draft.clone();
        Callback::from(move |a| draft.set(Some(a)))
    };
    let add = {
        let (ctx, open, fault) = (ctx.clone(), open.clone(), fault.clone());
        let entry = Entry { at_s: *at_s, action: action.clone() };
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
                        <select class="field" data-testid="add-node" onchange={on_node}>{ for can.iter().enumerate().map(|(i, t)| html! { <option value={i.to_string()} selected={*t == chosen}>{ t.name(&design, lang) }</option> }) }</select></label>
                    <label class="sub-field"><span class="muted">{ lang.t(texts::TIMELINE_WHAT) }</span>
                        <select class="field" data-testid="add-verb" onchange={on_verb}>{ for verbs.iter().map(|v| html! { <option value={v.name()} selected={*v == action.verb}>{ lang.t(v.label()) }</option> }) }</select></label>
                    { action_fields(&ctx, &design, &action, &on_action, "add") }
                    if let Some(why) = &*fault { <p class="error" role="alert">{ why }</p> }
                    <button type="button" class="button tiny primary" data-testid="add-apply" onclick={add}>{ lang.t(texts::TIMELINE_ADD) }</button>
                </div>
            }
        </div>
    }
}
