//! What can be done to a node by hand.

use super::parts::part_name;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{Ctx, Msg, use_ctx};
use crate::texts::inspector as texts;
use headroom_model::design::{Action, Design, Node};
use headroom_model::kinds::Verb;
use yew::prelude::*;

/// A node to act on.
#[derive(Properties, PartialEq)]
pub struct ActionsProps {
    /// The node.
    pub node: Node,
}

/// The icon of a verb.
pub fn verb_icon(verb: Verb) -> Icon {
    match verb {
        Verb::Kill => Icon::Skull,
        Verb::Revive => Icon::Heart,
        Verb::Slow => Icon::Turtle,
        Verb::Flush => Icon::Broom,
        Verb::GoViral => Icon::Star,
        Verb::AddShard => Icon::Plus,
    }
}

/// What a verb needs to know besides the node.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// Which part; none is all.
    pub part: Option<u32>,
    /// How slow.
    pub factor: f64,
    /// Share of requests.
    pub share: f64,
    /// Which item.
    pub item: u32,
}

impl Default for Details {
    fn default() -> Self {
        Self { part: None, factor: 3.0, share: 0.3, item: 7 }
    }
}

impl Details {
    /// The action.
    pub fn action(&self, verb: Verb, node: &str) -> Action {
        let (node, part) = (node.to_owned(), self.part);
        match verb {
            Verb::Kill => Action::Kill { node, part },
            Verb::Revive => Action::Revive { node, part },
            Verb::Slow => Action::Slow { node, part, factor: self.factor },
            Verb::Flush => Action::Flush { node },
            Verb::GoViral => Action::GoViral { node, share: self.share, item: self.item },
            Verb::AddShard => Action::AddShard { node },
        }
    }
}

/// Whether a verb is done to one part or to all.
fn takes_part(verb: Verb) -> bool {
    matches!(verb, Verb::Kill | Verb::Revive | Verb::Slow)
}

/// Buttons of what can be done; those that need numbers open a line for them first.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let asking = use_state(|| None::<Verb>);
    let details = use_state(Details::default);
    let node = &props.node;
    let verbs = node.kind().spec().verbs;
    if verbs.is_empty() {
        return html! {};
    }
    let buttons = verbs.iter().map(|verb| {
        let verb = *verb;
        let asks = matches!(verb, Verb::Slow | Verb::GoViral);
        let onclick = {
            let (ctx, asking, id) = (ctx.clone(), asking.clone(), node.id.clone());
            Callback::from(move |_: MouseEvent| {
                if asks {
                    asking.set(if *asking == Some(verb) { None } else { Some(verb) });
                } else {
                    ctx.send(Msg::Act(Details::default().action(verb, &id)));
                }
            })
        };
        html! {
            <button type="button" class={classes!("button", "tiny", (verb == Verb::Kill).then_some("danger"))} aria-expanded={asks.then(|| (*asking == Some(verb)).to_string())}
                data-testid={format!("act-{}", verb.name())} {onclick}>{ icon(verb_icon(verb)) }{ lang.t(verb.label()) }</button>
        }
    });
    let form = (*asking).map(|verb| {
        let apply = {
            let (ctx, asking, details, id) = (ctx.clone(), asking.clone(), details.clone(), node.id.clone());
            Callback::from(move |_: MouseEvent| {
                ctx.send(Msg::Act(details.action(verb, &id)));
                asking.set(None);
            })
        };
        let onset = {
            let details = details.clone();
            Callback::from(move |d| details.set(d))
        };
        html! {
            <div class="act-form">
                { details_fields(&ctx, &ctx.state.design, node, verb, &details, &onset, "act") }
                <button type="button" class="button tiny primary" data-testid="act-apply" onclick={apply}>{ lang.t(texts::APPLY) }</button>
            </div>
        }
    });
    html! {
        <section class="card">
            <h3 title={lang.t(texts::ACTIONS_HELP)}>{ lang.t(texts::ACTIONS) }</h3>
            <div class="act-buttons">{ for buttons }</div>
            { for form }
        </section>
    }
}

/// Fields for what a verb needs to know.
pub fn details_fields(
    ctx: &Ctx,
    design: &Design,
    node: &Node,
    verb: Verb,
    details: &Details,
    onset: &Callback<Details>,
    id: &str,
) -> Html {
    let lang = ctx.lang();
    let parts = design.parts_at_most(&node.id);
    let with_part = takes_part(verb) && node.kind().spec().parts.is_some() && parts > 0;
    let change = |f: fn(&mut Details, &str)| {
        let (details, onset) = (details.clone(), onset.clone());
        move |text: String| {
            let mut details = details.clone();
            f(&mut details, &text);
            onset.emit(details);
        }
    };
    let set_part = change(|d, text| d.part = text.parse().ok());
    let number = |name: &str, text: &'static str, value: String, f: fn(&mut Details, &str)| {
        let set = change(f);
        html! {
            <label class="inline-field">
                <input class="field num" type="text" inputmode="decimal" {value} data-testid={format!("{id}-{name}")} onchange={Callback::from(move |e: Event| set(dom::value_of(&e)))} />
                <span class="muted">{ text }</span>
            </label>
        }
    };
    html! {
        <>
            if with_part {
                <select class="field" aria-label={lang.t(texts::TIMELINE_PART)} data-testid={format!("{id}-part")} onchange={Callback::from(move |e: Event| set_part(dom::value_of(&e)))}>
                    <option value="" selected={details.part.is_none()}>{ lang.t(texts::ALL_PARTS) }</option>
                    { for (0..parts).map(|p| html! { <option value={p.to_string()} selected={details.part == Some(p)}>{ part_name(node.kind(), p, lang) }</option> }) }
                </select>
            }
            if verb == Verb::Slow {
                { number("factor", lang.t(texts::SLOW_FACTOR), details.factor.to_string(), |d, t| d.factor = t.trim().parse().unwrap_or(d.factor)) }
            }
            if verb == Verb::GoViral {
                { number("share", lang.t(texts::VIRAL_SHARE), details.share.to_string(), |d, t| d.share = t.trim().parse().unwrap_or(d.share)) }
                { number("item", lang.t(texts::VIRAL_ITEM), details.item.to_string(), |d, t| d.item = t.trim().parse().unwrap_or(d.item)) }
            }
        </>
    }
}
