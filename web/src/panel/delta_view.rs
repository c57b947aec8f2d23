//! A strip over the charts while a run is pinned: the key numbers beside those of the pinned run.

use super::board::Board;
use super::deltas::{Turn, deltas, last_moment};
use crate::state::use_ctx;
use crate::texts::panel as texts;
use headroom_charts::format_time;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub board: Board,
}

/// The key numbers and what has become of them, at the crosshair or else at the present moment.
#[component]
pub fn Deltas(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let update = use_force_update();
    {
        let board = props.board.clone();
        use_effect_with((), move |()| {
            board.on_draw(Some(Callback::from(move |()| update.force_update())));
            move || board.on_draw(None)
        });
    }
    let live = ctx.live.get();
    let Some(base) = live.baseline.clone() else { return Html::default() };
    let at = props.board.crosshair().unwrap_or_else(|| last_moment(&live));
    let time = format_time(at);
    let items = deltas(&live, &base, at).into_iter().map(|d| {
        let (name, now, change) = (lang.t(d.name), d.value(), d.change(lang));
        let (class, mark) = match d.turn() {
            Turn::Better => ("better", if d.now > d.before { "▲" } else { "▼" }),
            Turn::Worse => ("worse", if d.now > d.before { "▲" } else { "▼" }),
            Turn::Same => ("same", ""),
        };
        let words = lang.fill(texts::DELTA_WORDS, &[("name", name), ("now", &now), ("change", &change)]);
        html! {
            <li key={d.id} class={classes!("delta", class)} data-testid={format!("delta-{}", d.id)}
                data-now={d.now.to_string()} data-before={d.before.to_string()} data-turn={class}>
                <span class="hidden-visually">{ words }</span>
                <span aria-hidden="true">{ name }<b>{ now }</b><i>{ mark }{ " " }{ change }</i></span>
            </li>
        }
    });
    let title = if base.design.title.is_empty() { "–" } else { base.design.title.as_str() };
    let (seed, end) = (base.design.run.seed.to_string(), format_time(last_moment(&base)));
    let what = lang.fill(texts::BASELINE_OF, &[("title", title), ("seed", &seed), ("time", &end)]);
    let pin = |pin: bool| {
        let live = ctx.live.clone();
        Callback::from(move |_: MouseEvent| {
            live.change(|live| live.pin_baseline(pin));
            live.notify();
        })
    };
    html! {
        <div class="deltas" data-testid="deltas" data-at={at.to_string()}>
            <ul tabindex="0" aria-label={lang.fill(texts::BASELINE_SHORT, &[("time", &time)])}>{ for items }</ul>
            <span class="deltas-what muted" title={what.clone()} data-testid="baseline-of">{ what }</span>
            if !ctx.state.env.embed {
                <button type="button" class="button tiny quiet again" data-testid="baseline-again" disabled={live.windows.is_empty()}
                    onclick={pin(true)}>{ lang.t(texts::BASELINE_AGAIN) }</button>
                <button type="button" class="button tiny quiet only-icon" data-testid="baseline-unpin" title={lang.t(texts::BASELINE_UNPIN)}
                    aria-label={lang.t(texts::BASELINE_UNPIN)} onclick={pin(false)}>{ "×" }</button>
            }
        </div>
    }
}
