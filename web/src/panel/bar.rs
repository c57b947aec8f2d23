//! The strip above the charts: which are shown, and what else can be done with them.

use super::Choice;
use super::board::Board;
use super::charts::ChartId;
use super::options::Options;
use crate::state::{Ctx, Msg, use_ctx, use_live};
use crate::texts::{panel as texts, seeds};
use headroom_charts::format_time;
use yew::prelude::*;

/// Whether there is a run to pin is looked at so often [ms].
const BUTTONS_MS: f64 = 500.0;

/// What is shown where there is room for one thing only.
#[derive(Clone, Debug, PartialEq)]
pub enum Tab {
    /// A live chart.
    Chart(ChartId),
    /// The traffic curve.
    Curve,
}

impl Default for Tab {
    fn default() -> Self {
        Tab::Chart(ChartId::Latency)
    }
}

impl Tab {
    /// This one, or another if the design no longer has it.
    pub fn among(&self, charts: &[ChartId]) -> Tab {
        match self {
            Tab::Chart(id) if charts.contains(id) => self.clone(),
            Tab::Curve => Tab::Curve,
            Tab::Chart(_) => Tab::default(),
        }
    }

    /// Its live chart.
    pub fn chart(&self) -> Option<&ChartId> {
        match self {
            Tab::Chart(id) => Some(id),
            Tab::Curve => None,
        }
    }
}

/// A button that takes the bands of many seeds off the charts.
fn bands_off(ctx: &Ctx, count: usize) -> Html {
    let (lang, n) = (ctx.lang(), count.to_string());
    html! {
        <button type="button" class="button tiny quiet zoomed" data-testid="bands-off" title={lang.t(seeds::BANDS_HELP)}
            aria-label={lang.fill(seeds::BANDS_OFF, &[("n", &n)])} onclick={ctx.on(|| Msg::ShowBands(false))}>
            { lang.fill(seeds::BANDS_SHORT, &[("n", &n)]) }<span aria-hidden="true">{ "×" }</span>
        </button>
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub choice: Choice,
    pub choose: Callback<Choice>,
    pub charts: Vec<ChartId>,
    pub alone: bool,
    pub tab: Tab,
    pub embed: bool,
    pub board: Board,
    /// The stretch of time that is shown, if not all of it.
    pub zoomed: Option<(f64, f64)>,
}

/// The strip above the charts.
#[component]
pub fn Bar(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let open = ctx.state.panel_open;
    let toggle_open = ctx.on(move || Msg::ShowPanel(!open));
    let change = |change: fn(&mut Choice)| {
        let (choice, choose) = (props.choice.clone(), props.choose.clone());
        Callback::from(move |_: MouseEvent| {
            let mut new = choice.clone();
            change(&mut new);
            choose.emit(new);
        })
    };
    let nothing_yet = use_live(BUTTONS_MS).get().windows.is_empty();
    let pinned = ctx.live.get().baseline.is_some();
    let pin = {
        let live = ctx.live.clone();
        Callback::from(move |_: MouseEvent| {
            live.change(|live| live.pin_baseline(!pinned));
            live.notify();
        })
    };
    let unzoom = {
        let board = props.board.clone();
        Callback::from(move |_: MouseEvent| board.set_zoom(None))
    };
    // Where room is short they stand in the menu.
    let common = html! {
        <>
            if !props.embed {
                <button type="button" class="button tiny quiet" data-testid="chart-baseline" title={lang.t(texts::BASELINE_HELP)}
                    aria-pressed={pinned.to_string()} disabled={!pinned && nothing_yet} onclick={pin}>{ lang.t(texts::BASELINE_PIN) }</button>
            }
            <button type="button" class="button tiny quiet" data-testid="chart-table" title={lang.t(texts::TABLE_HELP)}
                aria-pressed={props.choice.table.to_string()} onclick={change(|c| c.table = !c.table)}>
                { lang.t(texts::TABLE) }
            </button>
        </>
    };
    let tools = html! {
        <div class="panel-tools">
            if let Some((t0, t1)) = props.zoomed {
                <button type="button" class="button tiny quiet zoomed" data-testid="chart-zoom-reset" title={lang.t(texts::ZOOM_RESET_HELP)}
                    aria-label={lang.t(texts::ZOOM_RESET)} onclick={unzoom}>
                    { format!("{} – {}", format_time(t0), format_time(t1)) }<span aria-hidden="true">{ "×" }</span>
                </button>
            }
            if let Some(shown) = &ctx.state.bands {
                { bands_off(&ctx, shown.0.count) }
            }
            if !props.alone { { common.clone() } }
            <Options choice={props.choice.clone()} choose={props.choose.clone()} board={props.board.clone()} embed={props.embed}>
                if props.alone { { common } }
            </Options>
        </div>
    };
    html! {
        <div class="panel-bar">
            if !props.embed {
                <button type="button" class="button tiny quiet only-icon panel-fold" data-testid="panel-fold"
                    aria-expanded={open.to_string()} onclick={toggle_open}
                    title={lang.t(if open { texts::HIDE } else { texts::SHOW })}
                    aria-label={lang.t(if open { texts::HIDE } else { texts::SHOW })}>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d={if open { "M3 6l5 5 5-5" } else { "M3 10l5-5 5 5" }} /></svg>
                </button>
            }
            if open {
                { chips(props, lang) }
                { tools }
            } else {
                <span class="panel-name">{ lang.t(texts::CHARTS) }</span>
            }
        </div>
    }
}

/// A chip for each chart: several at once where there is room, else one at a time.
fn chips(props: &Props, lang: crate::texts::Lang) -> Html {
    let mut names: Vec<&ChartId> = Vec::new();
    for chart in props.charts.iter().filter(|c| c.stands_alone()) {
        if props.alone || !names.iter().any(|c| c.name() == chart.name()) {
            names.push(chart);
        }
    }
    if props.alone {
        let mut tabs: Vec<Tab> = names.into_iter().map(|c| Tab::Chart(c.clone())).collect();
        tabs.insert(0, Tab::Curve);
        let tab = |tab: Tab| {
            let (text, name) = match &tab {
                Tab::Chart(id) => (id.short_title(lang), id.name()),
                Tab::Curve => (lang.t(texts::RATES), "rates"),
            };
            let (choice, choose) = (props.choice.clone(), props.choose.clone());
            let chosen = tab == props.tab && !props.choice.table;
            let onclick = Callback::from(move |_: MouseEvent| {
                choose.emit(Choice { tab: tab.clone(), table: false, ..choice.clone() });
            });
            html! {
                <button type="button" class="chip" aria-pressed={chosen.to_string()} {onclick}
                    data-testid={format!("chart-tab-{name}")}>{ text }</button>
            }
        };
        return html! {
            <div class="chips" role="group" aria-label={lang.t(texts::CHARTS_SHOWN)}>{ for tabs.into_iter().map(tab) }</div>
        };
    }
    let chip = |id: &ChartId| {
        let on = props.choice.shows(id);
        let (choice, choose, name) = (props.choice.clone(), props.choose.clone(), id.name());
        let onclick = Callback::from(move |_: MouseEvent| {
            let mut new = choice.clone();
            // From the table one comes back to the chart.
            new.shown.insert(name.to_owned(), !on || new.table);
            new.table = false;
            choose.emit(new);
        });
        html! {
            <button type="button" class="chip" aria-pressed={on.to_string()} {onclick}
                data-testid={format!("chart-toggle-{name}")}>{ id.short_title(lang) }</button>
        }
    };
    html! {
        <div class="chips" role="group" aria-label={lang.t(texts::CHARTS_SHOWN)}>{ for names.into_iter().map(chip) }</div>
    }
}
