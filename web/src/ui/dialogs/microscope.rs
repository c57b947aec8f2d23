//! The request microscope: single requests, the way each went, and where its time was spent.

use super::Modal;
use super::summary::class_name;
use crate::live::Picked;
use crate::state::{Ctx, Msg, Sight, node_name, use_ctx, use_live};
use crate::texts::{Lang, microscope as texts};
use crate::ui::value::{clock, grouped, metric_text};
use headroom_model::design::Design;
use headroom_model::kinds::Unit;
use headroom_model::order;
use headroom_model::reason::Reason;
use headroom_model::sim::core::CLASS_NAMES;
use headroom_model::sim::trace::{Phase, Span, Trace, Traces, breakdown};
use headroom_model::text::Text;
use headroom_model::why::words::phase as phase_text;
use yew::prelude::*;

/// New data is looked for this often [ms].
const LOOK_MS: f64 = 100.0;

/// Which list a request stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Slowest,
    Failed,
    Recent,
    /// Those that went over a wire.
    Wire(usize),
    /// The moving one that was clicked.
    Picked,
}

impl List {
    const ALL: [(List, Text, &'static str); 3] = [
        (List::Slowest, texts::SLOWEST, "list-slowest"),
        (List::Failed, texts::FAILED, "list-failed"),
        (List::Recent, texts::RECENT, "list-recent"),
    ];

    fn of<'a>(self, traces: &'a Traces, picked: Option<&'a Trace>) -> Vec<&'a Trace> {
        match self {
            List::Picked => picked.into_iter().collect(),
            List::Slowest => traces.slowest.iter().collect(),
            List::Failed => traces.failed.iter().collect(),
            List::Recent => traces.recent.iter().rev().take(40).collect(),
            List::Wire(wire) => {
                let over = |t: &&Trace| t.spans.iter().any(|s| usize::from(s.wire) == wire);
                let all = traces.recent.iter().chain(&traces.failed).chain(&traces.slowest);
                let mut found: Vec<&Trace> = all.filter(over).collect();
                order::sort_by_key(&mut found, |t| std::cmp::Reverse((t.ended_ns, t.number)));
                found.dedup_by_key(|t| t.number);
                found
            }
        }
    }
}

/// What the microscope is opened on.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Which requests are looked at first.
    pub sight: Sight,
}

/// The request microscope.
#[component]
pub fn Microscope(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let live = use_live(LOOK_MS);
    let sight = props.sight;
    let list = use_state(|| match sight {
        Sight::Slowest => List::Slowest,
        Sight::Request(_) => List::Picked,
    });
    let chosen = use_state(|| None::<u64>);
    {
        let ask = ctx.on(|| Msg::AskTraces);
        use_effect_with((), move |()| ask.emit(()));
    }
    let live = live.get();
    let picked = live.picked.as_ref().filter(|_| matches!(sight, Sight::Request(_)));
    let Some((now_ns, traces)) = &live.traces else {
        // The answer is on its way; what was clicked is here.
        let wide = picked.is_some();
        return html! {
            <Modal title={lang.t(texts::TITLE)} testid="microscope" {wide}>
                if let Some(picked) = picked { { clicked(&ctx, &live.design, picked) } } else { <p class="muted">{ lang.t(texts::NONE) }</p> }
            </Modal>
        };
    };
    let rows = list.of(traces, picked.map(|p| &p.trace));
    let shown = rows.iter().find(|t| Some(t.number) == *chosen).or(rows.first()).copied();
    let wire = match sight {
        Sight::Request(wire) => live.design.wires.get(wire).map(|w| (wire, w)),
        Sight::Slowest => None,
    };
    let name = |id: &str| live.design.node(id).map_or_else(String::new, |n| node_name(n, lang));
    let over = wire.map(|(i, w)| {
        (
            List::Wire(i),
            lang.fill(texts::OVER, &[("from", &name(&w.from)), ("to", &name(&w.to))]),
            "list-wire",
        )
    });
    let this = picked.map(|_| (List::Picked, lang.t(texts::THIS).to_owned(), "list-this"));
    let lists = this
        .into_iter()
        .chain(over)
        .chain(List::ALL.map(|(which, text, id)| (which, lang.t(text).to_owned(), id)));
    let tabs = lists.map(|(which, text, id)| {
        let pressed = (*list == which).to_string();
        let (list, chosen) = (list.clone(), chosen.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            list.set(which);
            chosen.set(None);
        });
        html! {
            <button type="button" class="button tiny" aria-pressed={pressed} data-testid={id} {onclick}>
                { text }
                if which != List::Picked { <span class="muted num">{ which.of(traces, None).len() }</span> }
            </button>
        }
    });
    let share = if traces.share >= 1.0 {
        lang.t(texts::SHARE_ALL).to_owned()
    } else {
        lang.fill(texts::SHARE, &[("share", &metric_text(Unit::Share, traces.share))])
    };
    let at = lang.fill(texts::AT, &[("time", &clock(*now_ns as f64 / 1e9, true))]);
    let empty = match *list {
        _ if traces.recent.is_empty() => texts::NONE,
        List::Wire(_) => texts::NONE_OVER,
        _ => texts::NONE_FAILED,
    };
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="microscope" wide=true>
            <p class="muted">{ lang.t(texts::WHAT) }{ " " }{ share }{ " " }{ at }</p>
            <div class="lists">{ for tabs }<span class="spring" />
                <button type="button" class="button tiny" data-testid="look-again" onclick={ctx.on(|| Msg::AskTraces)}>{ lang.t(texts::REFRESH) }</button></div>
            if matches!(*list, List::Wire(_)) {
                <p class="muted" data-testid="over-wire">{ lang.t(texts::OVER_WHAT) }</p>
            }
            if let (List::Picked, Some(picked)) = (*list, picked) {
                { clicked(&ctx, &live.design, picked) }
            } else if rows.is_empty() {
                <p class="empty">{ lang.t(empty) }</p>
            } else {
                { requests(lang, &rows, shown, &chosen) }
                { for shown.map(|trace| one(&ctx, &live.design, trace, true)) }
            }
            if !traces.slowest.is_empty() && *list != List::Picked {
                { compared(lang, &live.design, traces) }
            }
        </Modal>
    }
}

/// The moving request that was clicked: whether it has ended, its path in a line, and the way that it went.
fn clicked(ctx: &Ctx, design: &Design, picked: &Picked) -> Html {
    let lang = ctx.lang();
    let trace = &picked.trace;
    let class = class_name(CLASS_NAMES[trace.class as usize], lang);
    let (n, client, item) =
        (grouped(trace.position()), grouped(u64::from(trace.client)), grouped(u64::from(trace.key)));
    let words = [("n", n.as_str()), ("class", &class), ("client", &client), ("item", &item)];
    let what =
        lang.fill(if trace.is_delivery() { texts::THIS_DELIVERY } else { texts::THIS_REQUEST }, &words);
    html! {
        <>
            <p data-testid="picked" data-ended={picked.ended.to_string()}>
                { what }{ " " }
                if !picked.ended { <b>{ lang.t(texts::NOT_ENDED) }</b> }
            </p>
            <p class="path" data-testid="path"><span class="muted">{ lang.t(texts::PATH) }</span>{ path(lang, design, trace) }</p>
            { one(ctx, design, trace, picked.ended) }
        </>
    }
}

/// The nodes that a request came to, in the order in which it did.
fn path(lang: Lang, design: &Design, trace: &Trace) -> String {
    let mut names = vec![name_of(lang, design, Some(trace.users), None)];
    for span in &trace.spans {
        let name = name_of(lang, design, Some(span.node), None);
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    names.join(" → ")
}

fn seconds(ns: u64) -> String {
    metric_text(Unit::Seconds, ns as f64 / 1e9)
}

/// The requests of a list, to choose from.
fn requests(
    lang: Lang,
    rows: &[&Trace],
    shown: Option<&Trace>,
    chosen: &UseStateHandle<Option<u64>>,
) -> Html {
    let longest = rows.iter().map(|t| t.ended_ns - t.began_ns).max().unwrap_or(1).max(1);
    let body = rows.iter().map(|t| {
        let (number, chosen) = (t.number, chosen.clone());
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(Some(number)));
        let here = shown.is_some_and(|s| s.number == t.number);
        let took = t.ended_ns - t.began_ns;
        let share = 100.0 * took as f64 / longest as f64;
        html! {
            <tr key={number} class={classes!(here.then_some("here"))}>
                <td><button type="button" class="link num" aria-pressed={here.to_string()} {onclick}>{ clock(t.began_ns as f64 / 1e9, true) }</button></td>
                <td>{ class_name(CLASS_NAMES[t.class as usize], lang) }</td>
                <td class="num">{ grouped(u64::from(t.key)) }</td>
                <td class="num took"><i style={format!("width:{share:.1}%")} />{ seconds(took) }</td>
                <td class={classes!(t.failed.is_some().then_some("bad"))}>{ end(lang, t.failed) }</td>
            </tr>
        }
    });
    html! {
        <div class="requests" tabindex="0" data-testid="requests">
            <table>
                <thead><tr>
                    { for [texts::COL_BEGAN, texts::COL_CLASS, texts::COL_ITEM, texts::COL_TOOK, texts::COL_END].map(|t| html! { <th scope="col">{ lang.t(t) }</th> }) }
                </tr></thead>
                <tbody>{ for body }</tbody>
            </table>
        </div>
    }
}

fn end(lang: Lang, failed: Option<Reason>) -> String {
    match failed {
        None => lang.t(texts::OK).to_owned(),
        Some(reason) => format!("✕ {}", lang.t(reason.label())),
    }
}

/// The way that one request went: a bar for each call, nested as the calls were, and where its time went.
fn one(ctx: &Ctx, design: &Design, trace: &Trace, ended: bool) -> Html {
    let lang = ctx.lang();
    let whole = (trace.ended_ns - trace.began_ns).max(1);
    let mut attempts = 0;
    let bars = trace.spans.iter().map(|span| {
        let depth = depth(trace, span);
        attempts += u32::from(span.parent.is_none());
        let name = name_of(lang, design, Some(span.node), span.part);
        let name = match span.parent {
            None if trace.spans.iter().filter(|s| s.parent.is_none()).count() > 1 => {
                format!("{} → {name}", lang.fill(texts::ATTEMPT, &[("n", &attempts.to_string())]))
            }
            _ => name,
        };
        let back = span.back_ns.unwrap_or(trace.ended_ns).min(trace.ended_ns);
        let length = span.back_ns.map_or(lang.t(texts::GOING).to_owned(), |b| seconds(b - span.sent_ns));
        let marks = [(span.hit, texts::HIT), (span.stale, texts::STALE), (span.wasted, texts::WASTED)];
        let marks = marks.into_iter().filter(|m| m.0).map(|m| html! { <small class="mark">{ lang.t(m.1) }</small> });
        let failed = span.failed.map(|r| html! { <small class="mark bad">{ format!("✕ {}", lang.t(r.label())) }</small> });
        html! {
            <li>
                <span class="who" style={format!("padding-left:{}px", depth * 12)}>{ name }{ for marks }{ for failed }</span>
                <span class="track">{ for pieces(lang, trace, span, back, whole) }</span>
                <span class="num">{ length }</span>
            </li>
        }
    });
    html! {
        <section class="request" aria-labelledby="waterfall-title">
            <h3 id="waterfall-title">{ lang.fill(texts::WATERFALL, &[("n", &grouped(trace.position()))]) }{ " · " }{ seconds(whole) }{ " · " }
                { if ended { end(lang, trace.failed) } else { lang.t(texts::GOING).to_owned() } }</h3>
            <ol class="waterfall" data-testid="waterfall">{ for bars }</ol>
            if trace.cut { <p class="muted">{ lang.t(texts::CUT) }</p> }
            <p class="phases">{ for PHASES.map(|phase| html! { <span><i class={class_of(phase)} />{ lang.t(phase_text(phase)) }</span> }) }</p>
            <h4>{ lang.t(texts::WHERE) }</h4>
            { spent(lang, design, &[trace]) }
        </section>
    }
}

fn depth(trace: &Trace, span: &Span) -> usize {
    let mut depth = 0;
    let mut at = span.parent;
    while let Some(p) = at {
        depth += 1;
        at = trace.spans[p as usize].parent;
    }
    depth
}

const PHASES: [Phase; 7] = [
    Phase::Service,
    Phase::Queue,
    Phase::Connection,
    Phase::Connect,
    Phase::Network,
    Phase::Inside,
    Phase::Backoff,
];

/// How a stretch of a request's time is drawn.
pub fn class_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Connection => "phase connection",
        Phase::Connect => "phase connect",
        Phase::Network => "phase network",
        Phase::Queue => "phase queue",
        Phase::Service => "phase service",
        Phase::Inside => "phase inside",
        Phase::Backoff => "phase backoff",
    }
}

/// A call's bar, cut at its phases.
fn pieces(lang: Lang, trace: &Trace, span: &Span, back: u64, whole: u64) -> Vec<Html> {
    let cuts = [
        (Phase::Connection, span.free_ns.or(span.launched_ns)),
        (Phase::Connect, span.launched_ns),
        (Phase::Network, span.arrived_ns),
        (Phase::Queue, span.started_ns),
        (Phase::Service, span.served_ns),
        (Phase::Inside, span.answered_ns),
        (Phase::Network, Some(back)),
    ];
    let mut at = span.sent_ns;
    let mut out = Vec::new();
    for (phase, until) in cuts {
        // Who has no workers of its own, such as a balancer, neither queues it nor serves it: it waits inside.
        let passes = span.answered_ns.is_some() && span.started_ns.is_none();
        let until = match phase {
            Phase::Queue | Phase::Service if passes => at,
            _ => until.unwrap_or(back),
        };
        let until = until.clamp(at, back.max(at));
        if until > at {
            let left = 100.0 * (at - trace.began_ns) as f64 / whole as f64;
            let width = 100.0 * (until - at) as f64 / whole as f64;
            let title = format!("{} {}", lang.t(phase_text(phase)), seconds(until - at));
            out.push(html! { <i class={class_of(phase)} style={format!("left:{left:.3}%;width:max(1px,{width:.3}%)")} {title} /> });
        }
        at = until;
    }
    out
}

/// What a node, or a part of it, is called; without a node, the client.
pub fn name_of(lang: Lang, design: &Design, node: Option<u16>, part: Option<u16>) -> String {
    let Some(node) = node.and_then(|n| design.nodes.get(n as usize)) else {
        return lang.t(texts::CLIENT).to_owned();
    };
    let name = node_name(node, lang);
    match part {
        Some(part) if node.kind().spec().parts.is_some() => format!("{name} #{}", part + 1),
        _ => name,
    }
}

/// Where the time of some requests went, the longest first, as a list with bars.
fn spent(lang: Lang, design: &Design, traces: &[&Trace]) -> Html {
    let mut sums: Vec<((Option<u16>, Phase), u64)> = Vec::new();
    for (node, phase, ns) in traces.iter().flat_map(|t| breakdown(t)) {
        match sums.iter_mut().find(|s| s.0 == (node, phase)) {
            Some(sum) => sum.1 += ns,
            None => sums.push(((node, phase), ns)),
        }
    }
    order::sort_by_key(&mut sums, |s| std::cmp::Reverse(s.1));
    let whole = sums.iter().map(|s| s.1).sum::<u64>().max(1);
    let n = traces.len().max(1) as u64;
    let rows = sums.iter().filter(|s| s.1 * 200 >= whole).map(|((node, phase), ns)| {
        let share = *ns as f64 / whole as f64;
        html! {
            <li>
                <span class="who">{ name_of(lang, design, *node, None) }<small class="muted">{ lang.t(phase_text(*phase)) }</small></span>
                <span class="track"><i class={class_of(*phase)} style={format!("left:0;width:{:.2}%", 100.0 * share)} /></span>
                <span class="num">{ seconds(ns / n) }<small class="muted">{ metric_text(Unit::Share, share) }</small></span>
            </li>
        }
    });
    html! { <ul class="waterfall spent">{ for rows }</ul> }
}

/// Why slow ones are slow: the same account for the slowest and for the usual ones.
fn compared(lang: Lang, design: &Design, traces: &Traces) -> Html {
    let mean =
        |of: &[&Trace]| of.iter().map(|t| t.ended_ns - t.began_ns).sum::<u64>() / of.len().max(1) as u64;
    let slow: Vec<&Trace> = traces.slowest.iter().collect();
    let usual: Vec<&Trace> = traces.recent.iter().collect();
    html! {
        <section class="request" data-testid="where-time-goes">
            <h3>{ lang.t(texts::WHERE_ALL) }</h3>
            <p class="muted">{ lang.t(texts::WHERE_WHY) }</p>
            <h4>{ lang.fill(texts::WHERE_SLOW, &[("time", &seconds(mean(&slow)))]) }</h4>
            { spent(lang, design, &slow) }
            <h4>{ lang.fill(texts::WHERE_USUAL, &[("time", &seconds(mean(&usual)))]) }</h4>
            { spent(lang, design, &usual) }
        </section>
    }
}
