//! What can be done to a node or a wire by hand: buttons and forms, made from the table of verbs.

use super::parts::part_name;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{Ctx, Msg, node_name, pair_name, place_name, use_ctx};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::plain;
use headroom_model::design::{Action, Design, Node, Place, Wire};
use headroom_model::kinds::Verb;
use headroom_model::params::Widget;
use headroom_model::places::PLACE_VERBS;
use headroom_model::verbs::{ArgSpec, On, Tone};
use yew::prelude::*;

/// Something that can be acted on.
#[derive(Clone, Debug, PartialEq)]
pub enum ActOn {
    /// A node, by id.
    Node(String),
    /// A wire, by the ids of its ends.
    Wire(String, String),
    /// All that is in a place, by id.
    Place(String),
    /// The network between two places, by id.
    Between(String, String),
}

impl ActOn {
    /// Everything in a design that something can be done to.
    pub fn all(design: &Design) -> Vec<ActOn> {
        let nodes = design.nodes.iter().map(|n: &Node| ActOn::Node(n.id.clone()));
        let wires = design.wires.iter().map(|w: &Wire| ActOn::Wire(w.from.clone(), w.to.clone()));
        let places = design.places.iter().map(|p| ActOn::Place(p.id.clone()));
        // Of places that lie beside each other: those that a reader would think of cutting apart.
        let pairs = design.places.iter().enumerate().flat_map(|(i, a)| {
            let beside = move |b: &&Place| b.parent == a.parent && b.kind() == a.kind();
            design.places[i + 1..].iter().filter(beside).map(|b| ActOn::Between(a.id.clone(), b.id.clone()))
        });
        nodes.chain(wires).chain(places).chain(pairs).filter(|t| !t.verbs(design).is_empty()).collect()
    }

    /// What can be done to it.
    pub fn verbs(&self, design: &Design) -> Vec<Verb> {
        match self {
            ActOn::Node(id) => design.node(id).map_or(Vec::new(), |n| n.kind().spec().verbs.to_vec()),
            ActOn::Wire(..) => Verb::all_on(On::Wire).collect(),
            ActOn::Place(_) => PLACE_VERBS.to_vec(),
            ActOn::Between(..) => Verb::all_on(On::Places).collect(),
        }
    }

    /// What the user reads.
    pub fn name(&self, design: &Design, lang: Lang) -> String {
        let name = |id: &str| design.node(id).map_or_else(|| id.to_owned(), |n| node_name(n, lang));
        match self {
            ActOn::Node(id) => name(id),
            ActOn::Wire(from, to) => format!("{} → {}", name(from), name(to)),
            ActOn::Place(id) => design.place(id).map_or_else(|| id.clone(), |p| place_name(p, lang)),
            ActOn::Between(a, b) => pair_name(design, a, b, lang),
        }
    }

    /// A verb done to it, with the default of each argument.
    pub fn action(&self, verb: Verb) -> Action {
        match self {
            ActOn::Node(id) => Action::new(verb, id),
            ActOn::Wire(from, to) | ActOn::Between(from, to) => Action::on_wire(verb, from, to),
            ActOn::Place(id) => Action::new(verb, id),
        }
    }
}

/// Something to act on.
#[derive(Properties, PartialEq)]
pub struct ActionsProps {
    /// What.
    pub target: ActOn,
}

/// The icon of a verb.
pub fn verb_icon(verb: Verb) -> Icon {
    match verb {
        Verb::Kill => Icon::Skull,
        Verb::Slow => Icon::Turtle,
        Verb::Flush => Icon::Broom,
        Verb::GoViral => Icon::Star,
        Verb::AddShard => Icon::Plus,
        _ => match verb.spec().tone {
            Tone::Fault => Icon::Skull,
            Tone::Recovery => Icon::Heart,
            Tone::Change => Icon::Sliders,
        },
    }
}

/// The value of an argument as a user reads it.
pub fn arg_text(spec: &ArgSpec, value: Option<f64>, lang: Lang) -> String {
    match (spec.widget, value) {
        (_, None) => lang.t(texts::NO_LIMIT).to_owned(),
        (Widget::Switch, Some(x)) => lang.t(if x == 0.0 { texts::OFF } else { texts::ON }).to_owned(),
        (Widget::Choice(choices), Some(x)) => {
            choices.get(x as usize).map_or(String::new(), |c| lang.t(c.label).to_owned())
        }
        (_, Some(x)) if spec.is_share() => {
            crate::ui::value::metric_text(headroom_model::kinds::Unit::Share, x)
        }
        (_, Some(x)) => plain(x),
    }
}

/// Whether a verb has something to be asked before it is done.
fn asks(verb: Verb) -> bool {
    !verb.spec().args.is_empty()
}

/// Buttons of what can be done; those that need numbers open a line for them first.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let asking = use_state(|| None::<Action>);
    let target = &props.target;
    let verbs = target.verbs(&ctx.state.design);
    if verbs.is_empty() {
        return html! {};
    }
    let asked = asking.as_ref().map(|a| a.verb);
    let buttons = verbs.iter().map(|verb| {
        let verb = *verb;
        let onclick = {
            let (ctx, asking, action) = (ctx.clone(), asking.clone(), target.action(verb));
            Callback::from(move |_: MouseEvent| {
                if asks(verb) {
                    asking.set(if asked == Some(verb) { None } else { Some(action.clone()) });
                } else {
                    ctx.send(Msg::Act(action.clone()));
                }
            })
        };
        let spec = verb.spec();
        html! {
            <button type="button" class={classes!("button", "tiny", (spec.tone == Tone::Fault).then_some("danger"))} aria-expanded={asks(verb).then(|| (asked == Some(verb)).to_string())}
                title={lang.t(spec.help)} data-testid={format!("act-{}", spec.name)} {onclick}>{ icon(verb_icon(verb)) }{ lang.t(spec.label) }</button>
        }
    });
    let form = (*asking).clone().filter(|a| verbs.contains(&a.verb)).map(|action| {
        let apply = {
            let (ctx, asking, action) = (ctx.clone(), asking.clone(), action.clone());
            Callback::from(move |_: MouseEvent| {
                ctx.send(Msg::Act(action.clone()));
                asking.set(None);
            })
        };
        let onset = {
            let asking = asking.clone();
            Callback::from(move |a| asking.set(Some(a)))
        };
        html! {
            <div class="act-form">
                { action_fields(&ctx, &ctx.state.design, &action, &onset, "act") }
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

/// Fields for what a verb needs to know besides what it is done to.
pub fn action_fields(
    ctx: &Ctx,
    design: &Design,
    action: &Action,
    onset: &Callback<Action>,
    id: &str,
) -> Html {
    let lang = ctx.lang();
    let spec = action.verb.spec();
    let kind = design.node(&action.target).map(Node::kind);
    let parts = design.parts_at_most(&action.target);
    let with_part = spec.part && parts > 0 && kind.is_some_and(|k| k.spec().parts.is_some());
    let set_part = {
        let (action, onset) = (action.clone(), onset.clone());
        Callback::from(move |e: Event| onset.emit(action.clone().of_part(dom::value_of(&e).parse().ok())))
    };
    let args = spec.args.iter().enumerate().map(|(i, arg)| arg_field(lang, action, i, arg, onset, id));
    html! {
        <>
            if with_part {
                <select class="field" aria-label={lang.t(texts::TIMELINE_PART)} data-testid={format!("{id}-part")} onchange={set_part}>
                    <option value="" selected={action.part.is_none()}>{ lang.t(texts::ALL_PARTS) }</option>
                    { for kind.iter().flat_map(|kind| (0..parts).map(|p| html! { <option value={p.to_string()} selected={action.part == Some(p)}>{ part_name(*kind, p, lang) }</option> })) }
                </select>
            }
            { for args }
        </>
    }
}

fn arg_field(
    lang: Lang,
    action: &Action,
    i: usize,
    arg: &'static ArgSpec,
    onset: &Callback<Action>,
    id: &str,
) -> Html {
    let testid = format!("{id}-{}", arg.name);
    let value = action.args[i];
    let set = {
        let (action, onset) = (action.clone(), onset.clone());
        move |value: Option<f64>| {
            let mut action = action.clone();
            action.args[i] = value;
            onset.emit(action);
        }
    };
    let label = lang.t(arg.label);
    match arg.widget {
        Widget::Choice(choices) => {
            let onchange = Callback::from(move |e: Event| {
                let chosen = choices.iter().position(|c| c.name == dom::value_of(&e));
                set(chosen.map(|i| i as f64).or(value));
            });
            html! {
                <label class="inline-field">
                    <select class="field" aria-label={label} data-testid={testid} {onchange}>
                        { for choices.iter().enumerate().map(|(c, choice)| html! { <option value={choice.name} title={lang.t(choice.help)} selected={value == Some(c as f64)}>{ lang.t(choice.label) }</option> }) }
                    </select>
                    <span class="muted">{ label }</span>
                </label>
            }
        }
        Widget::Switch => {
            let onchange =
                Callback::from(move |e: Event| set(Some(f64::from(u8::from(dom::checked_of(&e))))));
            html! { <label class="tick small-text"><input type="checkbox" checked={value == Some(1.0)} data-testid={testid} {onchange} />{ label }</label> }
        }
        Widget::Number { min, max, integer, optional } => {
            let onchange = Callback::from(move |e: Event| {
                let text = dom::value_of(&e);
                let typed: Option<f64> = text
                    .trim()
                    .parse()
                    .ok()
                    .filter(|x: &f64| *x >= min && *x <= max && (!integer || x.fract() == 0.0));
                // What cannot be taken is put back.
                set(if text.trim().is_empty() && optional { None } else { typed.or(value) });
            });
            html! {
                <label class="inline-field">
                    <input class="field num" type="text" inputmode="decimal" value={value.map_or(String::new(), plain)} data-testid={testid} {onchange} />
                    <span class="muted">{ label }</span>
                </label>
            }
        }
        Widget::Law | Widget::Curve => html! {},
    }
}
