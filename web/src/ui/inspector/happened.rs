//! The run in numbers and words: where the requests went, and what happened.

use super::timeline::{done_words, target};
use crate::icons::{Icon, icon};
use crate::live::Live;
use crate::state::{Msg, places_name, use_ctx, use_live};
use crate::texts::{Lang, inspector as texts};
use crate::ui::value::{clock, grouped, metric_text};
use headroom_model::kinds::Unit;
use headroom_model::messages::{Happening, What};
use headroom_model::reason::Reason;
use yew::prelude::*;

/// Happenings that are listed, the newest first.
const LISTED: usize = 50;

/// Where the requests went.
#[component]
pub fn Totals() -> Html {
    let ctx = use_ctx();
    let live = use_live(250.0);
    let lang = ctx.lang();
    let live = live.get();
    let totals = &live.snapshot.totals;
    let failed: u64 = totals.failed.iter().sum();
    let share = |n: u64| {
        if totals.arrived == 0 {
            String::new()
        } else {
            metric_text(Unit::Share, n as f64 / totals.arrived as f64)
        }
    };
    let row = |text, n: u64, class: &'static str, testid: &'static str| {
        html! { <div class={classes!("total", class)}><dt>{ lang.t(text) }</dt><dd class="num"><b data-testid={testid}>{ grouped(n) }</b><small class="muted">{ share(n) }</small></dd></div> }
    };
    let reasons = Reason::ALL.iter().zip(totals.failed).filter(|(_, n)| *n > 0).map(|(reason, n)| {
        html! {
            <details key={reason.id()} class="metric bad" data-reason={reason.id()}>
                <summary title={lang.t(reason.help())}><span>{ lang.t(reason.label()) }</span><b class="num">{ grouped(n) }</b></summary>
                <p class="help">{ lang.t(reason.help()) }</p>
            </details>
        }
    });
    html! {
        <section class="card">
            <h3 title={lang.t(texts::TOTALS_HELP)}>{ lang.t(texts::TOTALS) }</h3>
            <dl class="totals">
                { row(texts::ARRIVED, totals.arrived, "", "total-arrived") }
                { row(texts::COMPLETED, totals.completed, "good", "total-completed") }
                { row(texts::FAILED, failed, if failed > 0 { "bad" } else { "" }, "total-failed") }
                { row(texts::IN_FLIGHT, totals.in_flight, "", "total-in-flight") }
            </dl>
            { for reasons }
        </section>
    }
}

/// What happened, in words.
pub fn words(live: &Live, happening: &Happening, lang: Lang) -> String {
    let id = live.shape.nodes.get(happening.node as usize).map_or("", String::as_str);
    let target = match happening.what {
        What::Place { place, to, .. } => places_name(&live.design, place, to, lang),
        _ => target(&live.design, id, happening.part, lang),
    };
    let of = ("target", target.as_str());
    let share = |s: f64| metric_text(Unit::Share, s);
    let called = |node: u32| {
        let id = live.shape.nodes.get(node as usize).map_or("", String::as_str);
        super::timeline::target(&live.design, id, None, lang)
    };
    match happening.what {
        What::Killed
        | What::Revived
        | What::Slowed(_)
        | What::Flushed
        | What::WentViral(_)
        | What::Place { .. }
        | What::Did(..) => {
            let (verb, first) = happening.what.verb().expect("what is done by a verb has one");
            done_words(verb, first, &target, lang)
        }
        What::ShardAdded(s) => lang.fill(texts::HAS_SHARD, &[of, ("share", &share(s))]),
        What::TakenOut => lang.fill(texts::HAS_TAKEN_OUT, &[of]),
        What::PutBack => lang.fill(texts::HAS_PUT_BACK, &[of]),
        What::DeathNoticed => lang.fill(texts::HAS_NOTICED, &[of]),
        What::Promoted { lost_writes } => lang.fill(texts::HAS_PROMOTED, &[of, ("n", &grouped(lost_writes))]),
        What::CaughtUp => lang.fill(texts::HAS_CAUGHT_UP, &[of]),
        What::Noted(note) => format!("{target}: {}", lang.t(note.text())),
        What::CircuitOpened { to } => lang.fill(texts::HAS_CIRCUIT_OPENED, &[of, ("to", &called(to))]),
        What::CircuitClosed { to } => lang.fill(texts::HAS_CIRCUIT_CLOSED, &[of, ("to", &called(to))]),
        What::SimulatorFull => lang.t(texts::HAS_FULL).to_owned(),
        What::Told(news) => {
            let n = news.number().map_or_else(String::new, |n| n.to_string());
            lang.fill(news.words().0, &[of, ("n", &n)])
        }
    }
}

/// The log of the run; a click goes to the moment.
#[component]
pub fn Happened() -> Html {
    let ctx = use_ctx();
    let live = use_live(500.0);
    let lang = ctx.lang();
    let live = live.get();
    let rows = live.happenings.iter().rev().take(LISTED).map(|happening| {
        let at_s = happening.at_ns as f64 / 1e9;
        let go = ctx.on(move || Msg::Seek(at_s));
        html! {
            <li><button type="button" class="log-row" onclick={go}><span class="num muted">{ clock(at_s, true) }</span><span>{ words(&live, happening, lang) }</span></button></li>
        }
    });
    html! {
        <details class="card fold" open=true>
            <summary><h3>{ lang.t(texts::LOG) }</h3>{ icon(Icon::Down) }</summary>
            if live.happenings.is_empty() { <p class="muted">{ lang.t(texts::LOG_EMPTY) }</p> }
            <ol class="log" data-testid="log">{ for rows }</ol>
        </details>
    }
}
