//! Why is it red? Where slow requests lose their time, what is full, what fails first, what costs most: with the formulas
//! that have the live numbers in them, and what to try.

use super::Modal;
use super::microscope::{class_of, name_of};
use crate::dom::{self, Timer};
use crate::state::{Ctx, Dialog, Msg, Red, Sheet, Sight, use_ctx, use_live};
use crate::texts::{Lang, why as texts};
use crate::ui::value::{clock, grouped, metric_text};
use headroom_editor::{EditMsg, Item, WireKey};
use headroom_model::design::Design;
use headroom_model::kinds::Unit;
use headroom_model::sim::money::GROUPS;
use headroom_model::text::Text;
use headroom_model::why::{Formula, Resource, Slow, Try, What, Why, words};
use yew::prelude::*;

/// While it plays, it is asked again so often [ms].
const AGAIN_MS: i32 = 1_000;

/// What the dialog is opened on.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is asked.
    pub red: Red,
}

/// Why is it red?
#[component]
pub fn WhyDialog(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let live = use_live(200.0);
    let known = live.get().why.clone();
    {
        let ask = ctx.on(|| Msg::AskWhy);
        use_effect_with(known.as_ref().map(|k| k.0), move |now| {
            let timer = match now {
                None => {
                    ask.emit(());
                    None
                }
                Some(_) => Some(Timer::after(AGAIN_MS, move || ask.emit(()))),
            };
            move || drop(timer)
        });
    }
    {
        // What another question left behind is old.
        let ask = ctx.on(|| Msg::AskWhy);
        use_effect_with((), move |()| ask.emit(()));
    }
    let tabs = [
        (Red::Slow, texts::SLOW, "why-slow"),
        (Red::Errors, texts::ERRORS, "why-errors"),
        (Red::Money, texts::MONEY, "why-money"),
    ]
    .map(|(red, text, id)| {
        let pressed = (props.red == red).to_string();
        html! {
            <button type="button" class="button tiny" aria-pressed={pressed} data-testid={id}
                onclick={ctx.on(move || Msg::Show(Some(Dialog::Why(red))))}>{ lang.t(text) }</button>
        }
    });
    let live = live.get();
    let design = &live.design;
    let body = match &known {
        Some((now_ns, why)) if why.look_s > 0.0 => {
            let answer = match props.red {
                Red::Slow => slow(&ctx, design, why),
                Red::Errors => errors(lang, design, why),
                Red::Money => money(lang, design, why),
            };
            html! {
                <>
                    { answer }
                    if props.red != Red::Money { { full(lang, design, why) } }
                    { laws(lang, design, why, props.red) }
                    { tries(&ctx, design, why, props.red) }
                    <p class="muted">{ lang.fill(texts::AT, &[("time", &clock(*now_ns as f64 / 1e9, true))]) }</p>
                </>
            }
        }
        _ => html! { <p class="empty">{ lang.t(texts::WAIT) }</p> },
    };
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="why" wide=true>
            <div class="lists">{ for tabs }</div>
            { body }
        </Modal>
    }
}

fn seconds(ns: u64, n: u32) -> String {
    metric_text(Unit::Seconds, ns as f64 / f64::from(n.max(1)) / 1e9)
}

fn section(title: String, testid: &'static str, what: Option<String>, body: Html) -> Html {
    html! {
        <section class="request" data-testid={testid}>
            <h3>{ title }</h3>
            if let Some(what) = what { <p class="muted">{ what }</p> }
            { body }
        </section>
    }
}

fn slow(ctx: &Ctx, design: &Design, why: &Why) -> Html {
    let (lang, slow) = (ctx.lang(), &why.slow);
    let Some(culprit) = slow.culprit() else { return html! { <p class="empty">{ lang.t(texts::WAIT) }</p> } };
    let (took, usual) = (seconds(slow.whole_ns, slow.count), seconds(slow.usual_ns, slow.usual_count));
    let (node, phase) = (name_of(lang, design, culprit.node, None), lang.t(words::phase(culprit.phase)));
    let mainly = [("slow", took.as_str()), ("usual", &usual), ("node", &node), ("phase", phase)];
    // As the culprit is chosen: slow ones that take less than half as long again are not another sort.
    let mean = |ns: u64, n: u32| ns / u64::from(n.max(1));
    let alike = 2 * mean(slow.whole_ns, slow.count) < 3 * mean(slow.usual_ns, slow.usual_count);
    let verdict = if alike { texts::MAINLY_ALL } else { texts::MAINLY };
    let sum = [("n", slow.count.to_string()), ("time", took.clone())];
    let sum = lang.fill(texts::SUM, &sum.each_ref().map(|(k, v)| (*k, v.as_str())));
    let to_slowest = ctx.on(|| Msg::Show(Some(Dialog::Microscope(Sight::Slowest))));
    html! {
        <>
            <p class="verdict" data-testid="why-verdict">{ lang.fill(verdict, &mainly) }</p>
            { section(lang.t(texts::WHERE).to_owned(), "why-parts", Some(sum), parts(lang, design, slow)) }
            <p><button type="button" class="button tiny" data-testid="why-slowest" onclick={to_slowest}>{ lang.t(texts::SEE_SLOWEST) }</button></p>
        </>
    }
}

/// The parts of slow requests, with a mark at what usual ones spend there. Small ones are one line at the end.
fn parts(lang: Lang, design: &Design, slow: &Slow) -> Html {
    let whole = slow.whole_ns.max(1) as f64;
    let rows = slow.parts.iter().filter(|p| p.slow_ns > 0).map(|p| {
        let share = p.slow_ns as f64 / whole;
        let usual = p.usual_ns as f64 / f64::from(slow.usual_count.max(1)) * f64::from(slow.count) / whole;
        html! {
            <li data-ns={p.slow_ns.to_string()} hidden={share < 0.001}>
                <span class="who">{ name_of(lang, design, p.node, None) }<small class="muted">{ lang.t(words::phase(p.phase)) }</small></span>
                <span class="track"><i class={class_of(p.phase)} style={format!("left:0;width:max(1px,{:.2}%)", 100.0 * share)} />
                    if usual > 0.0 { <i class="usual" style={format!("left:{:.2}%", (100.0 * usual).min(99.6))} /> }</span>
                <span class="num">{ seconds(p.slow_ns, slow.count) }<small class="muted">{ metric_text(Unit::Share, share) }</small></span>
            </li>
        }
    });
    html! { <ul class="waterfall spent" data-whole-ns={slow.whole_ns.to_string()}>{ for rows }</ul> }
}

fn full(lang: Lang, design: &Design, why: &Why) -> Html {
    let rows = why.resources.iter().map(|r: &Resource| {
        let dead = [("dead", r.dead.to_string()), ("n", r.parts.to_string())];
        let dead = lang.fill(texts::DEAD, &dead.each_ref().map(|(k, v)| (*k, v.as_str())));
        let waiting = lang.fill(texts::WAITING, &[("n", &metric_text(Unit::Count, r.queue))]);
        let grade = if r.utilization >= 0.95 { "phase full" } else { "phase" };
        html! {
            <li>
                <span class="who">{ name_of(lang, design, Some(r.node), r.part) }if r.dead > 0 { <small class="mark bad">{ dead }</small> }</span>
                <span class="track"><i class={grade} style={format!("left:0;width:{:.1}%", 100.0 * r.utilization.min(1.0))} /></span>
                <span class="num">{ metric_text(Unit::Share, r.utilization) }<small class="muted">{ waiting }</small></span>
            </li>
        }
    });
    let what = lang.fill(texts::FULL_WHAT, &[("time", &metric_text(Unit::Seconds, why.look_s))]);
    let list = html! { <ul class="waterfall spent">{ for rows }</ul> };
    section(lang.t(texts::FULL).to_owned(), "why-full", Some(what), list)
}

fn errors(lang: Lang, design: &Design, why: &Why) -> Html {
    let errors = &why.errors;
    let (n, all) = (errors.failed(), errors.ended);
    if n == 0 {
        return html! { <p class="verdict" data-testid="why-verdict">{ lang.t(texts::NO_ERRORS) }</p> };
    }
    let share = metric_text(Unit::Share, n as f64 / all.max(1) as f64);
    let verdict = lang.fill(texts::FAILED, &[("n", &grouped(n)), ("all", &grouped(all)), ("share", &share)]);
    let row = |name: String, note: Option<String>, count: u64, whole: u64| {
        let share = count as f64 / whole.max(1) as f64;
        html! {
            <li>
                <span class="who">{ name }if let Some(note) = note { <small class="muted">{ note }</small> }</span>
                <span class="track"><i class="phase full" style={format!("left:0;width:max(1px,{:.2}%)", 100.0 * share)} /></span>
                <span class="num">{ grouped(count) }<small class="muted">{ metric_text(Unit::Share, share) }</small></span>
            </li>
        }
    };
    let reasons = errors.reasons.iter().map(|(r, count)| row(lang.t(r.label()).to_owned(), None, *count, n));
    let causes = errors.causes.iter().map(|c| {
        let waited = c.waited.map(|p| lang.fill(texts::WAITED, &[("phase", lang.t(words::phase(p)))]));
        let note =
            [Some(lang.t(c.reason.label()).to_owned()), waited].into_iter().flatten().collect::<Vec<_>>();
        let name = name_of(lang, design, c.node, None);
        row(name, Some(note.join(", ")), u64::from(c.count), u64::from(errors.followed))
    });
    let first_what = lang.fill(texts::FIRST_WHAT, &[("n", &errors.followed.to_string())]);
    html! {
        <>
            <p class="verdict" data-testid="why-verdict">{ verdict }</p>
            <ul class="waterfall spent">{ for reasons }</ul>
            if errors.followed > 0 {
                { section(lang.t(texts::FIRST).to_owned(), "why-first", Some(first_what), html! { <ul class="waterfall spent">{ for causes }</ul> }) }
            }
        </>
    }
}

fn money(lang: Lang, design: &Design, why: &Why) -> Html {
    let money = &why.money;
    let rows = money.charges.iter().map(|c| {
        let share = c.usd_h / money.usd_h.max(f64::MIN_POSITIVE);
        let name = c.node.map_or(lang.t(texts::GROUND).to_owned(), |n| name_of(lang, design, Some(n), None));
        let what = GROUPS.get(usize::from(c.group)).map_or(Text::new("", ""), |g| g.1);
        html! {
            <li>
                <span class="who">{ name }<small class="muted">{ lang.t(what) }</small></span>
                <span class="track"><i class="phase" style={format!("left:0;width:max(1px,{:.2}%)", 100.0 * share)} /></span>
                <span class="num">{ metric_text(Unit::Money, c.usd_h) }<small class="muted">{ metric_text(Unit::Share, share) }</small></span>
            </li>
        }
    });
    let hour = metric_text(Unit::Money, money.usd_h);
    html! {
        <>
            <p class="verdict" data-testid="why-verdict">{ lang.fill(texts::COSTS, &[("hour", &hour)]) }</p>
            <ul class="waterfall spent">{ for rows }</ul>
        </>
    }
}

fn laws(lang: Lang, design: &Design, why: &Why, red: Red) -> Html {
    let about = |f: &&Formula| match red {
        Red::Slow => !matches!(f, Formula::Month { .. } | Formula::Million { .. }),
        Red::Errors => matches!(f, Formula::Load { .. }),
        Red::Money => matches!(f, Formula::Month { .. } | Formula::Million { .. }),
    };
    let rows: Vec<Html> = why
        .formulas
        .iter()
        .filter(about)
        .map(|formula| {
            let law = words::law(formula);
            let numbers: Vec<(&str, String)> =
                law.numbers.iter().map(|(k, unit, x)| (*k, metric_text(*unit, *x))).collect();
            let numbers: Vec<(&str, &str)> = numbers.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let node = law.node.map(|(n, part)| name_of(lang, design, Some(n), part));
            html! {
                <div>
                    <dt>{ lang.t(law.name) }if let Some(node) = node { <small class="muted">{ node }</small> }</dt>
                    <dd><span class="formula num">{ lang.fill(law.law, &numbers) }</span><small>{ lang.t(law.says) }</small></dd>
                </div>
            }
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    section(lang.t(texts::LAWS).to_owned(), "why-laws", None, html! { <dl class="laws">{ for rows }</dl> })
}

fn tries(ctx: &Ctx, design: &Design, why: &Why, red: Red) -> Html {
    let lang = ctx.lang();
    let about = |t: &&Try| match red {
        Red::Slow => t.what != What::Fewer,
        Red::Errors => !matches!(t.what, What::Fewer | What::Quicker | What::Nearer | What::KeepOpen),
        Red::Money => t.what == What::Fewer,
    };
    let rows: Vec<Html> = why.tries.iter().filter(about).take(3).map(|t| proposal(ctx, design, t)).collect();
    if rows.is_empty() {
        return html! {};
    }
    let list = html! { <ul class="tries">{ for rows }</ul> };
    section(lang.t(texts::TRY).to_owned(), "why-tries", Some(lang.t(texts::TRY_WHAT).to_owned()), list)
}

/// A proposal, with a button that selects what it is about and shows the setting.
fn proposal(ctx: &Ctx, design: &Design, t: &Try) -> Html {
    let lang = ctx.lang();
    let name = name_of(lang, design, Some(t.node), None);
    let (workers, now) = (metric_text(Unit::Count, t.workers), metric_text(Unit::Count, t.now));
    let said = lang.fill(words::proposal(t), &[("node", &name), ("workers", &workers), ("now", &now)]);
    let wire = t.wire.and_then(|w| design.wires.get(usize::from(w)));
    let item = match (wire, design.nodes.get(usize::from(t.node))) {
        (Some(wire), _) => Item::Wire(WireKey::from(wire)),
        (None, Some(node)) => Item::Node(node.id.clone()),
        (None, None) => return html! {},
    };
    let control = t.param(design).map(|p| format!("{}-{p}", if wire.is_some() { "wire" } else { "param" }));
    let show = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| {
            ctx.send(Msg::Show(None));
            ctx.edit(EditMsg::Select(item.clone()));
            ctx.send(Msg::ShowSheet(Some(Sheet::Inspector)));
            if let Some(control) = control.clone() {
                // The inspector is drawn first.
                dom::next_frame(move || dom::next_frame(move || dom::reveal(&control)));
            }
        })
    };
    let label = lang.fill(texts::SHOW_WHAT, &[("what", &name)]);
    html! {
        <li><span>{ said }</span><button type="button" class="button tiny" aria-label={label} data-testid="why-show" onclick={show}>{ lang.t(texts::SHOW) }</button></li>
    }
}
