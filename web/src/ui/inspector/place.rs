//! A place: what stands in it, how it does, what can be done to it, its settings. And of a node: where it stands.

use super::actions::{ActOn, Actions, verb_icon};
use super::params::{Param, Target};
use crate::dom;
use crate::icons::{self, Icon, icon};
use crate::live::Live;
use crate::port::{CanvasCommand, Piece};
use crate::state::{Ctx, Msg, node_name, pair_name, place_name, use_ctx, use_live};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::metric_text;
use headroom_editor::{EditMsg, Item};
use headroom_model::design::{Action, Design, Node, Place, nesting_refusal, place_refusal};
use headroom_model::kinds::{Kind, Unit, Verb, common};
use headroom_model::limits::LABEL_CHARS_MAX;
use headroom_model::messages::{PartState, What};
use headroom_model::places::layout::Layout;
use headroom_model::places::{PlaceKind, PlaceParams};
use headroom_model::text::Text;
use headroom_model::verbs::{On, Tone};
use serde_json::Value;
use yew::prelude::*;

/// A place to look at.
#[derive(Properties, PartialEq)]
pub struct PlaceProps {
    /// The place.
    pub place: Place,
}

/// A place in the inspector.
#[component]
pub fn PlaceInspector(props: &PlaceProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let place = &props.place;
    let spec = place.kind().spec();
    // Coordinates mean something only where they say where it is.
    let by_coordinates = place.params.get("site").is_some_and(|site| site == "custom");
    let specs = place.kind().param_specs().iter().enumerate();
    let shown = specs.filter(|(_, param)| by_coordinates || !matches!(param.name, "lat_deg" | "lon_deg"));
    let params = shown.map(|(index, param)| {
        let value = place.params.get(param.name).unwrap_or(Value::Null);
        let target = Target::Place(place.id.clone().into(), place.kind());
        html! { <Param key={param.name} {target} {index} {value} /> }
    });
    html! {
        <>
            <Header place={place.clone()} />
            <Actions target={ActOn::Place(place.id.clone())} />
            <Network place={place.clone()} />
            <Numbers place={place.clone()} />
            { inside(&ctx, place) }
            <section class="card">
                <h3>{ lang.t(texts::SETTINGS) }</h3>
                { parent_field(&ctx, place) }
                { for params }
            </section>
            <details class="card fold">
                <summary><h3>{ lang.t(texts::ABOUT) }</h3>{ icon(Icon::Down) }</summary>
                <p class="prose">{ lang.t(spec.help) }</p>
            </details>
        </>
    }
}

/// Icon, label and a way to delete the place.
#[component]
fn Header(props: &PlaceProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let place = &props.place;
    let oninput = {
        let (ctx, id) = (ctx.clone(), place.id.clone());
        Callback::from(move |e: InputEvent| {
            ctx.edit(EditMsg::SetPlaceLabel { place: id.clone(), label: dom::value_of(&e) });
        })
    };
    let onblur = ctx.on(|| Msg::Edit(EditMsg::Settle));
    let unnamed = place_name(&Place { label: String::new(), ..place.clone() }, lang);
    let delete = lang.t(texts::DELETE_PLACE);
    html! {
        <header class="inspector-head">
            <span class="kind-badge">{ icons::place(place.kind()) }</span>
            <span class="inspector-title">
                <input class="field label-field" type="text" value={place.label.clone()} placeholder={unnamed}
                    maxlength={LABEL_CHARS_MAX.to_string()} aria-label={lang.t(texts::LABEL)} data-testid="label" readonly={!ctx.state.env.editable} {oninput} {onblur} />
                <small class="muted">{ lang.t(place.kind().spec().tagline) }</small>
            </span>
            <button type="button" class="button quiet only-icon danger" aria-label={delete} title={format!("{delete} (Del)")}
                data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
        </header>
    }
}

/// A choice of a place: its id as value, the name with its kind as text.
fn option(place: &Place, chosen: bool, lang: Lang) -> Html {
    let name = place_name(place, lang);
    let kind = lang.t(place.kind().spec().label);
    let text = if place.label.is_empty() { name } else { format!("{name} ({kind})") };
    html! { <option value={place.id.clone()} selected={chosen}>{ text }</option> }
}

fn parent_field(ctx: &Ctx, place: &Place) -> Html {
    let (lang, design) = (ctx.lang(), &ctx.state.design);
    if place.kind().spec().inside.is_empty() {
        return html! {};
    }
    let layout = Layout::new(design);
    let own = layout.index(&place.id);
    let inner = |other: &Place| own.is_some_and(|own| layout.is_in(layout.index(&other.id), own));
    let can = |other: &&Place| nesting_refusal(place.kind(), other.kind()).is_none() && !inner(other);
    let options = design.places.iter().filter(can);
    let onchange = {
        let (ctx, id) = (ctx.clone(), place.id.clone());
        Callback::from(move |e: Event| {
            let parent = Some(dom::value_of(&e)).filter(|p| !p.is_empty());
            ctx.edit(EditMsg::SetParent { place: id.clone(), parent });
        })
    };
    html! {
        <div class="param">
            <div class="param-head"><label for="place-parent">{ lang.t(texts::STANDS_IN) }</label></div>
            <select id="place-parent" class="field" data-testid="place-parent" disabled={!ctx.state.env.editable} {onchange}>
                <option value="" selected={place.parent.is_none()}>{ lang.t(texts::PARENT_NONE) }</option>
                { for options.map(|p| option(p, place.parent.as_ref() == Some(&p.id), lang)) }
            </select>
        </div>
    }
}

/// Nodes and places that lie in it, each a button that selects it.
fn inside(ctx: &Ctx, place: &Place) -> Html {
    let (lang, design) = (ctx.lang(), &ctx.state.design);
    let places = design.places.iter().filter(|p| p.parent.as_ref() == Some(&place.id)).map(|p| {
        let item = Item::Place(p.id.clone());
        item_button(ctx, item, icons::place(p.kind()), place_name(p, lang))
    });
    let here = |n: &&Node| n.place.as_ref() == Some(&place.id) || n.spread.contains(&place.id);
    let nodes = design
        .nodes
        .iter()
        .filter(here)
        .map(|n| item_button(ctx, Item::Node(n.id.clone()), icons::kind(n.kind()), node_name(n, lang)));
    let all: Vec<Html> = places.chain(nodes).collect();
    html! {
        <section class="card">
            <h3>{ lang.t(texts::INSIDE) }</h3>
            if all.is_empty() { <p class="muted">{ lang.t(texts::INSIDE_EMPTY) }</p> }
            <ul class="inside" data-testid="place-inside">{ for all }</ul>
        </section>
    }
}

fn item_button(ctx: &Ctx, item: Item, glyph: Html, name: String) -> Html {
    let onclick = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            if let Item::Node(id) | Item::Place(id) = &item {
                ctx.canvas.tell(CanvasCommand::Reveal(id.clone()));
            }
            ctx.edit(EditMsg::Select(item.clone()));
        })
    };
    html! { <li><button type="button" class="button tiny quiet" {onclick}>{ glyph }{ name }</button></li> }
}

/// Whether two places were cut off from each other, as far as is known.
fn is_cut(live: &Live, a: &str, b: &str) -> bool {
    let id = |i: u16| live.design.places.get(usize::from(i)).map_or("", |p| p.id.as_str());
    let mut cut = false;
    for happening in &live.happenings {
        if let What::Place { place, to: Some(to), .. } = happening.what {
            let pair = (id(place), id(to));
            if pair == (a, b) || pair == (b, a) {
                cut = happening.what.verb().is_some_and(|(verb, _)| verb == Verb::Partition);
            }
        }
    }
    cut
}

/// The network between the place and another: cut it, join it again.
#[component]
fn Network(props: &PlaceProps) -> Html {
    let ctx = use_ctx();
    let live = use_live(500.0);
    let other = use_state(|| None::<String>);
    let (lang, design, place) = (ctx.lang(), &ctx.state.design, &props.place);
    let layout = Layout::new(design);
    let index = |id: &str| layout.index(id);
    let apart = |p: &&Place| {
        let (a, b) = (index(&place.id), index(&p.id));
        let (Some(own), Some(theirs)) = (a, b) else { return false };
        !layout.is_in(a, theirs) && !layout.is_in(b, own)
    };
    let others: Vec<&Place> = design.places.iter().filter(apart).collect();
    let chosen = other.as_ref().and_then(|id| others.iter().find(|p| p.id == *id));
    // The one beside it first: who thinks of cutting thinks of that.
    let beside = || others.iter().find(|p| p.kind() == place.kind());
    let Some(chosen) = chosen.or_else(beside).or(others.first()) else { return html! {} };
    let onchange = {
        let other = other.clone();
        Callback::from(move |e: Event| other.set(Some(dom::value_of(&e))))
    };
    let buttons = Verb::all_on(On::Places).map(|verb| {
        let action = Action::on_wire(verb, &place.id, &chosen.id);
        let spec = verb.spec();
        let class = classes!("button", "tiny", (spec.tone == Tone::Fault).then_some("danger"));
        html! {
            <button type="button" {class} title={lang.t(spec.help)} data-testid={format!("act-{}", spec.name)}
                onclick={ctx.on(move || Msg::Act(action.clone()))}>{ icon(verb_icon(verb)) }{ lang.t(spec.label) }</button>
        }
    });
    let rtt_s = layout.rtt_ms(index(&place.id), index(&chosen.id)) / 1e3;
    let cut = is_cut(&live.get(), &place.id, &chosen.id);
    html! {
        <section class="card">
            <h3>{ lang.t(texts::NETWORK) }</h3>
            <select class="field" aria-label={lang.t(texts::NETWORK_OTHER)} data-testid="place-other" {onchange}>
                { for others.iter().map(|p| option(p, p.id == chosen.id, lang)) }
            </select>
            <p class="small-text">{ lang.t(texts::NETWORK_RTT) }{ ": " }<b class="num" data-testid="place-rtt">{ metric_text(Unit::Seconds, rtt_s) }</b></p>
            if cut { <p class="error" role="status" data-testid="place-cut">{ lang.fill(texts::NETWORK_CUT, &[("target", &pair_name(design, &place.id, &chosen.id, lang))]) }</p> }
            <div class="act-buttons">{ for buttons }</div>
        </section>
    }
}

/// What can be told of a place from the numbers of its nodes.
#[derive(Default)]
struct Sums {
    alive: usize,
    parts: usize,
    calls_in: f64,
    calls_out: f64,
    failures: f64,
    cost: f64,
    cpu: Option<f64>,
}

impl Sums {
    fn of(live: &Live, place: &str) -> Option<Self> {
        let (design, layout) = (&*live.design, Layout::new(&live.design));
        let own = layout.index(place)?;
        let window = live.windows.last()?;
        let mut sums = Self::default();
        // Of the places that a node stands in, the share that lies here.
        let share = |node: &Node| {
            let stands = layout.of_node(node);
            let here = stands.iter().filter(|s| layout.is_in(**s, own)).count();
            here as f64 / stands.len().max(1) as f64
        };
        for (i, node) in design.nodes.iter().enumerate() {
            let part_of = share(node);
            if part_of == 0.0 {
                continue;
            }
            let values = live.node_values(window, i);
            let value = |at: usize| values.get(at).map_or(0.0, |v| f64::from(*v));
            sums.failures += value(common::FAILURES) * part_of;
            sums.cost += value(common::COST) * part_of;
            if node.kind() != Kind::Users {
                let (alive, parts) = standing(live, &layout, node, own);
                sums.alive += alive;
                sums.parts += parts;
            }
        }
        for (wire, rps) in design.wires.iter().zip(&window.wires) {
            let (Some(from), Some(to)) = (design.node(&wire.from), design.node(&wire.to)) else { continue };
            let (a, b, rps) = (share(from), share(to), f64::from(*rps));
            // Users are out on the internet wherever they live.
            let outside = if from.kind() == Kind::Users { 1.0 } else { 1.0 - a };
            sums.calls_in += rps * outside * b;
            if layout.of_node(to).contains(&None) {
                sums.calls_out += rps * a;
            }
        }
        let mut machines = design.places.iter().filter(|p| p.kind() == PlaceKind::Machine);
        let machine = machines.position(|p| p.id == place);
        sums.cpu = machine.and_then(|m| window.machines.get(m)).map(|v| f64::from(*v));
        Some(sums)
    }
}

/// How many parts of a node stand in a place: those that live, and all.
pub(crate) fn standing(live: &Live, layout: &Layout, node: &Node, place: usize) -> (usize, usize) {
    let stands = layout.of_node(node);
    let here = |i: usize| layout.is_in(stands[i % stands.len()], place);
    let parts = live.parts(&node.id).iter().enumerate();
    let here = parts.filter(|(i, p)| p.state != PartState::Gone && here(*i));
    here.fold((0, 0), |(alive, all), (_, p)| (alive + usize::from(p.state != PartState::Down), all + 1))
}

/// What the place measures now. Each line opens to say what it means.
#[component]
fn Numbers(props: &PlaceProps) -> Html {
    let ctx = use_ctx();
    let live = use_live(250.0);
    let (lang, place) = (ctx.lang(), &props.place);
    let Some(sums) = Sums::of(&live.get(), &place.id) else {
        return html! { <section class="card"><h3>{ lang.t(texts::NOW) }</h3><p class="muted">{ lang.t(texts::NO_WINDOW) }</p></section> };
    };
    let row = |id: &'static str, label: Text, help: Text, value: String, bad: bool| {
        html! {
            <details key={id} class={classes!("metric", bad.then_some("bad"))} data-metric={id}>
                <summary title={lang.t(help)}><span>{ lang.t(label) }</span><b class="num" data-testid={format!("place-{id}")}>{ value }</b></summary>
                <p class="help">{ lang.t(help) }</p>
            </details>
        }
    };
    let alive = format!("{} / {}", sums.alive, sums.parts);
    let nat = matches!(&place.params, PlaceParams::PrivateSubnet(p) if p.nat);
    html! {
        <section class="card metrics">
            <h3>{ lang.t(texts::NOW) }</h3>
            { row("parts", texts::PLACE_PARTS, texts::PLACE_PARTS_HELP, alive, sums.alive < sums.parts) }
            if let Some(cpu) = sums.cpu {
                { row("cpu", texts::PLACE_CPU, texts::PLACE_CPU_HELP, metric_text(Unit::Share, cpu), cpu >= 0.95) }
            }
            { row("calls-in", texts::PLACE_IN, texts::PLACE_IN_HELP, metric_text(Unit::Rate, sums.calls_in), false) }
            if nat {
                { row("nat", texts::PLACE_NAT, texts::PLACE_NAT_HELP, metric_text(Unit::Rate, sums.calls_out), false) }
            }
            { row("failures", texts::PLACE_FAILURES, texts::PLACE_FAILURES_HELP, metric_text(Unit::Rate, sums.failures), sums.failures > 0.0) }
            { row("cost", texts::PLACE_COST, texts::PLACE_COST_HELP, metric_text(Unit::Money, sums.cost), false) }
        </section>
    }
}

/// Where a node stands.
#[derive(Properties, PartialEq)]
pub struct StandsProps {
    /// The node.
    pub node: Node,
}

/// Of a node: its place, and the places that its parts are spread over.
#[component]
pub fn Stands(props: &StandsProps) -> Html {
    let ctx = use_ctx();
    let (lang, design, node) = (ctx.lang(), &ctx.state.design, &props.node);
    let live = use_live(1_000.0);
    if design.places.is_empty() {
        return html! {};
    }
    let can: Vec<&Place> =
        design.places.iter().filter(|p| place_refusal(node.kind(), p.kind()).is_none()).collect();
    let onchange = {
        let (ctx, id) = (ctx.clone(), node.id.clone());
        Callback::from(move |e: Event| {
            let place = Some(dom::value_of(&e)).filter(|p| !p.is_empty());
            ctx.edit(EditMsg::SetNodePlace { node: id.clone(), place });
        })
    };
    let parts = live.get().parts(&node.id).len();
    let spread = (node.kind().spec().parts.is_some()).then(|| spread_field(&ctx, design, node, &can, parts));
    html! {
        <section class="card">
            <h3>{ lang.t(texts::STANDS) }</h3>
            <div class="param">
                <div class="param-head"><label for="node-place">{ lang.t(texts::STANDS_IN) }</label></div>
                <select id="node-place" class="field" data-testid="node-place" disabled={!ctx.state.env.editable} {onchange}>
                    <option value="" selected={node.place.is_none()}>{ lang.t(texts::STANDS_NOWHERE) }</option>
                    { for can.iter().map(|p| option(p, node.place.as_ref() == Some(&p.id), lang)) }
                </select>
            </div>
            { for spread }
        </section>
    }
}

fn spread_field(ctx: &Ctx, design: &Design, node: &Node, can: &[&Place], parts: usize) -> Html {
    let lang = ctx.lang();
    let layout = Layout::new(design);
    let ticks = can.iter().map(|place| {
        let at = node.spread.iter().position(|id| *id == place.id);
        let onchange = {
            let (ctx, node, id) = (ctx.clone(), node.clone(), place.id.clone());
            Callback::from(move |e: Event| {
                let mut spread = node.spread.clone();
                spread.retain(|p| *p != id);
                if dom::checked_of(&e) {
                    spread.push(id.clone());
                }
                ctx.edit(EditMsg::SetSpread { node: node.id.clone(), spread });
            })
        };
        // Which parts stand there: in turn.
        let here = at.map(|at| {
            let mine = (at..parts).step_by(node.spread.len().max(1)).map(|i| (i + 1).to_string());
            lang.fill(texts::SPREAD_PARTS, &[("parts", &mine.collect::<Vec<_>>().join(", "))])
        });
        let depth = layout.chain(layout.index(&place.id)).count().saturating_sub(1);
        html! {
            <label key={place.id.clone()} class="tick spread-tick" style={format!("padding-left:{}px", depth * 16)}>
                <input type="checkbox" checked={at.is_some()} disabled={!ctx.state.env.editable} data-testid={format!("spread-{}", place.id)} {onchange} />
                { place_name(place, lang) }<small class="muted">{ here.unwrap_or_default() }</small>
            </label>
        }
    });
    html! {
        <fieldset class="spread" title={lang.t(texts::SPREAD_HELP)}>
            <legend>{ lang.t(texts::SPREAD) }</legend>
            { for ticks }
            <p class="help">{ lang.t(texts::SPREAD_HELP) }</p>
        </fieldset>
    }
}

/// Buttons that draw a place around what is selected.
#[component]
pub fn Surround() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let chosen = &ctx.state.selection;
    if !ctx.state.env.editable || (chosen.nodes.is_empty() && chosen.places.is_empty()) {
        return html! {};
    }
    let buttons = PlaceKind::ALL.iter().map(|kind| {
        let onclick = {
            let (canvas, kind) = (ctx.canvas.clone(), *kind);
            Callback::from(move |_: MouseEvent| canvas.tell(CanvasCommand::Add(Piece::Place(kind))))
        };
        let spec = kind.spec();
        html! {
            <button key={spec.id} type="button" class="button tiny" title={lang.t(spec.tagline)} data-testid={format!("surround-{}", spec.id)} {onclick}>
                { icons::place(*kind) }{ lang.t(spec.label) }
            </button>
        }
    });
    html! {
        <div class="surround">
            <p class="small-text">{ lang.t(texts::SURROUND) }</p>
            <div class="act-buttons">{ for buttons }</div>
        </div>
    }
}
