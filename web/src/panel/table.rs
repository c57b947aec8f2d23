//! The numbers of a chart as a table: for screen readers, for the keyboard, and for copying.

use super::board::Board;
use super::charts::ChartId;
use crate::dom;
use crate::state::{use_ctx, use_live};
use crate::texts::panel as texts;
use headroom_charts::{Unit, format_time, format_value};
use yew::prelude::*;

/// Windows that are listed.
const ROWS: usize = 30;
/// The table is written again so often at most [ms].
const EVERY_MS: f64 = 1_000.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub board: Board,
    pub charts: Vec<ChartId>,
}

/// The last windows of one chart.
#[component]
pub fn Table(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let design = ctx.state.design.clone();
    let live = use_live(EVERY_MS);
    let chosen = use_state(|| ChartId::Latency);
    let id = if props.charts.contains(&chosen) { (*chosen).clone() } else { ChartId::Latency };
    let choose = {
        let (chosen, charts) = (chosen.clone(), props.charts.clone());
        Callback::from(move |event: Event| {
            let name = dom::value_of(&event);
            if let Some(id) = name.parse::<usize>().ok().and_then(|i| charts.get(i)) {
                chosen.set(id.clone());
            }
        })
    };
    let options = props.charts.iter().enumerate().map(|(i, chart)| {
        html! { <option value={i.to_string()} selected={*chart == id}>{ chart.title(&design, lang) }</option> }
    });
    let zoom = props.board.zoom();
    let body = props.board.with_data(&id, &live.get(), |data| {
        let head = data.series.iter().map(|s| {
            let before = data.ghost_of(s).map(|_| format!("{} ({})", s.name, lang.t(texts::BASELINE)));
            html! {
                <>
                    <th scope="col" title={s.help}>{ &s.name }</th>
                    if let Some(before) = before { <th scope="col">{ before }</th> }
                </>
            }
        });
        // Of a stretch that is zoomed to, its last windows.
        let shown = |t: &f32| zoom.is_none_or(|(_, t1)| f64::from(*t) <= t1);
        let from = data.times[..data.fresh.min(data.times.len())].partition_point(shown);
        let rows = (from.saturating_sub(ROWS)..from).rev().map(|i| {
            let t = f64::from(data.times[i]);
            let value = |v: f64| html! { <td>{ format_value(id.unit(), v) }</td> };
            let cells = data.series.iter().map(|s| {
                html! {
                    <>
                        { value(f64::from(s.values[i])) }
                        { for data.ghost_of(s).map(|g| value(g.value_at(t))) }
                    </>
                }
            });
            html! {
                <tr data-t={t.to_string()}><th scope="row">{ format_time(f64::from(data.times[i])) }</th>
                    { for data.simulated.get(i).map(|share| html! { <td>{ format_value(Unit::Percent, f64::from(*share)) }</td> }) }{ for cells }</tr>
            }
        });
        html! {
            <>
                <thead><tr><th scope="col">{ lang.t(texts::TABLE_TIME) }</th>if !data.simulated.is_empty() { <th scope="col">{ lang.t(texts::TABLE_SIMULATED) }</th> }{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </>
        }
    });
    let title = id.title(&design, lang);
    let caption = lang.fill(texts::TABLE_CAPTION, &[("chart", &title), ("n", &ROWS.to_string())]);
    html! {
        <div class="panel-table" data-testid="panel-table">
            <select class="field" aria-label={lang.t(texts::TABLE_CHART)} onchange={choose}>{ for options }</select>
            <div class="table-scroll" tabindex="0" role="region" aria-label={caption.clone()}>
                <table><caption class="hidden-visually">{ caption }</caption>{ body }</table>
            </div>
        </div>
    }
}
