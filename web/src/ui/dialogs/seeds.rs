//! Many seeds: how sure the numbers of a design are.

use super::Modal;
use super::summary::fields::{Named, named};
use crate::icons::{Icon, icon};
use crate::seeds::plan::{COUNT, COUNTS, Outcome};
use crate::seeds::{Progress, Status, use_seeds};
use crate::state::{Ctx, Msg, same_but_seed, use_ctx};
use crate::texts::{Lang, seeds as texts};
use crate::ui::files;
use crate::ui::transport::SEED_MAX;
use crate::ui::value::{clock, grouped, metric_text};
use headroom_analysis::across::Row;
use headroom_model::kinds::{Kind, Unit};
use serde_json::Value;
use std::rc::Rc;
use yew::prelude::*;

/// A rest that is longer than this is called long [s].
const LONG_S: f64 = 30.0;

/// The dialog.
#[component]
pub fn SeedsDialog() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    use_seeds(&ctx.seeds);
    let count = use_state(|| COUNT);
    let status = ctx.seeds.status();
    let body = match &status {
        Status::Running(progress) => running(&ctx, progress),
        _ => {
            let choose = {
                let count = count.clone();
                Callback::from(move |n| count.set(n))
            };
            choice(&ctx, *count, &choose)
        }
    };
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="seeds-dialog" wide=true>
            <div class="seeds">
                { body }
                if let Status::Failed(message) = &status {
                    <p class="error" role="alert">{ lang.fill(texts::FAILED, &[("message", message)]) }</p>
                }
                if let Some(outcome) = ctx.seeds.outcome() {
                    <Result {outcome} />
                }
            </div>
        </Modal>
    }
}

/// How many seeds, and the button that runs them.
fn choice(ctx: &Ctx, count: usize, choose: &Callback<usize>) -> Html {
    let lang = ctx.lang();
    let run = &ctx.state.design.run;
    let last = run.seed.saturating_add(count as u64 - 1);
    let words = [
        ("end", clock(run.until_s, false)),
        ("first", run.seed.to_string()),
        ("last", last.to_string()),
        ("n", count.to_string()),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let chips = COUNTS.iter().map(|&n| {
        let choose = choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| choose.emit(n));
        html! {
            <button type="button" class="chip" aria-pressed={(n == count).to_string()} data-testid={format!("seeds-{n}")} {onclick}>{ n }</button>
        }
    });
    let past = last > SEED_MAX;
    html! {
        <section>
            <p>{ lang.fill(texts::INTRO, &words) }</p>
            <div class="seeds-choice">
                <span id="seeds-count">{ lang.t(texts::COUNT) }</span>
                <span class="seeds-chips" role="group" aria-labelledby="seeds-count">{ for chips }</span>
                <button type="button" class="button primary" disabled={past} data-testid="seeds-start" onclick={ctx.on(move || Msg::RunSeeds(count))}>
                    { icon(Icon::Play) }<span>{ lang.fill(texts::START, &words) }</span></button>
            </div>
            if past { <p class="error">{ lang.t(texts::SEEDS_PAST) }</p> }
        </section>
    }
}

/// How far it is.
fn running(ctx: &Ctx, progress: &Progress) -> Html {
    let lang = ctx.lang();
    let done = [("done", progress.done.to_string()), ("n", progress.count.to_string())];
    let done = done.each_ref().map(|(name, value)| (*name, value.as_str()));
    let left = progress.left_s.map(|s| {
        let text = if s < 90.0 { texts::SECONDS } else { texts::MINUTES };
        let n = if s < 90.0 { s.ceil() } else { (s / 60.0).ceil() };
        lang.fill(texts::LEFT, &[("time", &lang.fill(text, &[("n", &n.to_string())]))])
    });
    let at_once = lang.fill(texts::AT_ONCE, &[("n", &progress.workers.to_string())]);
    html! {
        <section data-testid="seeds-running" data-workers={progress.workers.to_string()}>
            <progress max="1" value={format!("{:.4}", progress.share)} aria-label={lang.t(texts::PROGRESS)}></progress>
            <div class="seeds-choice">
                <span><b class="num" role="status" aria-live="polite">{ lang.fill(texts::DONE_OF, &done) }</b>
                    <span class="muted">{ ", " }{ at_once }{ for left.map(|left| format!(", {left}")) }</span></span>
                <button type="button" class="button" data-testid="seeds-cancel" onclick={ctx.on(|| Msg::CancelSeeds)}>
                    { icon(Icon::Close) }<span>{ lang.t(texts::CANCEL) }</span></button>
            </div>
            if progress.on_page { <p class="muted">{ lang.t(texts::ON_PAGE) }</p> }
            if progress.left_s.is_some_and(|s| s > LONG_S) { <p class="muted">{ lang.t(texts::LONG) }</p> }
        </section>
    }
}

#[derive(Properties)]
struct ResultProps {
    outcome: Rc<Outcome>,
}

impl PartialEq for ResultProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.outcome, &other.outcome)
    }
}

/// What came of it.
#[component]
fn Result(props: &ResultProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let outcome = &props.outcome;
    let run = &outcome.design.run;
    let n = outcome.count.to_string();
    let last = (run.seed + outcome.count as u64 - 1).to_string();
    let of = [
        ("n", n.as_str()),
        ("first", &run.seed.to_string()),
        ("last", &last),
        ("end", &clock(run.until_s, false)),
    ];
    let shown = ctx.state.bands.is_some();
    let save = |ending: &'static str, mime: &'static str, text: fn(&Outcome) -> String| {
        let outcome = outcome.clone();
        Callback::from(move |_: MouseEvent| {
            let name = files::file_name(&outcome.design).replace(".headroom.json", ending);
            let _ = files::download(&name, &text(&outcome), mime);
        })
    };
    let save_json = save(".seeds.json", "application/json", |o| format!("{:#}\n", o.merged));
    let save_csv = save(".seeds.csv", "text/csv", Outcome::csv);
    html! {
        <section class="seeds-result" data-testid="seeds-result" data-seeds={n.clone()}>
            <p><b>{ lang.fill(texts::OF, &of) }</b></p>
            if !same_but_seed(&outcome.design, &ctx.state.design) {
                <p class="seeds-stale" data-testid="seeds-stale">{ lang.t(texts::STALE) }</p>
            }
            if outcome.merged["simulator_saturated"] == Value::Bool(true) { <p class="error">{ lang.t(texts::SATURATED) }</p> }
            if outcome.rows.is_empty() {
                <p class="muted">{ lang.t(texts::NOTHING) }</p>
            } else {
                { table(outcome, &ctx) }
            }
            <p class="muted seeds-meaning">{ lang.t(texts::MEANING) }</p>
            <div class="sum-tools">
                <button type="button" class="button tiny" aria-pressed={shown.to_string()} title={lang.t(texts::BANDS_HELP)} data-testid="seeds-bands"
                    onclick={ctx.on(move || Msg::ShowBands(!shown))}>{ icon(Icon::Chart) }<span>{ lang.t(texts::BANDS_DO) }</span></button>
                <button type="button" class="button tiny" title={lang.fill(texts::JSON_HELP, &[("n", &n)])} data-testid="seeds-json" onclick={save_json}>
                    { icon(Icon::Save) }<span>{ lang.t(texts::SAVE_JSON) }</span></button>
                <button type="button" class="button tiny" title={lang.t(texts::CSV_HELP)} data-testid="seeds-csv" onclick={save_csv}>
                    { icon(Icon::Save) }<span>{ lang.t(texts::SAVE_CSV) }</span></button>
            </div>
        </section>
    }
}

fn table(outcome: &Outcome, ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let groups = outcome.rows.chunk_by(|a, b| a.node == b.node).map(|rows| {
        let node = rows[0].node.as_deref();
        let name = match node.and_then(|id| outcome.design.node(id)) {
            Some(node) => ctx.state.node_name(node),
            None => node.map_or_else(|| lang.t(texts::USERS).to_owned(), str::to_owned),
        };
        html! {
            <tbody>
                <tr class="seeds-node"><th scope="rowgroup" colspan="6">{ name }</th></tr>
                { for rows.iter().map(|row| line(row, ctx)) }
            </tbody>
        }
    });
    let headings = [texts::METRIC, texts::MEAN, texts::INTERVAL, texts::LEAST, texts::MOST, texts::SURENESS];
    html! {
        <div class="sum-scroll" tabindex="0" role="group" aria-label={lang.t(texts::TITLE)}>
            <table class="seeds-table">
                <thead><tr>{ for headings.map(|h| html! { <th scope="col">{ lang.t(h) }</th> }) }</tr></thead>
                { for groups }
            </table>
        </div>
    }
}

fn line(row: &Row, ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let name = name_of(row, lang);
    let end = |which: &'static str, (seed, value): (u64, f64)| {
        let value = number(name.unit, value);
        let words = lang.fill(texts::SHOW_SEED, &[("value", &value), ("seed", &seed.to_string())]);
        html! {
            <td><button type="button" class="seeds-seed" title={words.clone()} aria-label={words} data-testid={format!("seeds-{which}")} data-seed={seed.to_string()}
                onclick={ctx.on(move || Msg::TakeSeed(seed))}>{ value }<small>{ lang.fill(texts::SEED, &[("n", &seed.to_string())]) }</small></button></td>
        }
    };
    let half = row.half_width.map_or_else(|| "–".to_owned(), |half| format!("±{}", number(name.unit, half)));
    let sure = match row.half_width {
        None => html! { <span class="muted">{ lang.t(texts::ONE) }</span> },
        Some(_) if row.is_wide() => {
            html! { <span class="seeds-wide" title={lang.t(texts::WIDE_HELP)}>{ lang.t(texts::WIDE) }</span> }
        }
        Some(_) => html! { <span class="muted">{ lang.t(texts::NARROW) }</span> },
    };
    let id = format!("seeds-row-{}.{}", row.node.as_deref().unwrap_or("users"), row.field);
    html! {
        <tr data-testid={id} data-mean={row.estimate.mean.to_string()} data-half={row.half_width.map(|h| h.to_string())}
            data-wide={row.is_wide().to_string()}>
            <th scope="row" title={name.help}>{ &name.label }</th>
            <td>{ number(name.unit, row.estimate.mean) }</td><td>{ half }</td>
            { end("least", row.least) }{ end("most", row.most) }<td>{ sure }</td>
        </tr>
    }
}

/// What a number is called: one of a distribution is called by both.
fn name_of(row: &Row, lang: Lang) -> Named {
    let field = row.field.as_str();
    let of = |kind: Option<Kind>, list, field: &str| named(kind, list, field, lang);
    for p in ["p50", "p95", "p99"] {
        if let Some(spread) = field.strip_suffix(&format!("_{p}_s")) {
            let name = of(row.kind, None, spread);
            let label = format!("{} {p}", name.label);
            return name.called(label);
        }
    }
    match row.kind {
        None if field.contains("usd") => of(None, Some("cost"), field),
        kind => of(kind, None, field),
    }
}

/// A number in its unit. Thousands are written out, so that means of large counts can be compared.
fn number(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value >= 1e3 => grouped(value.round() as u64),
        unit => metric_text(unit, value),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_analysis::across::{WORLD, fields_of};
    use headroom_analysis::stats::Estimate;

    #[test]
    fn every_number_has_a_name_and_a_meaning() {
        let row = |kind: Option<Kind>, field: &str| Row {
            node: kind.map(|_| "x".to_owned()),
            kind,
            field: field.to_owned(),
            estimate: Estimate::of(&[1.0]).unwrap(),
            half_width: None,
            least: (1, 1.0),
            most: (1, 1.0),
        };
        let world = WORLD.iter().map(|(_, field)| row(None, field));
        let nodes = Kind::ALL.iter().flat_map(|k| fields_of(*k).iter().map(|f| row(Some(*k), f)));
        for row in world.chain(nodes) {
            let name = name_of(&row, Lang::Ko);
            assert!(
                !name.help.is_empty() && name.label != row.field.replace('_', " "),
                "{row:?}: {}",
                name.label
            );
        }
        assert_eq!(name_of(&row(None, "response_p99_s"), Lang::En).label, "Response time p99");
        assert_eq!(number(Unit::Count, 12_345.6), "12,346");
        assert_eq!(number(Unit::Share, 0.125), "12.5%");
    }
}
