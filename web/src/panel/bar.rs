//! The strip above the charts: which are shown, and what else can be done with them.

use super::Choice;
use super::board::Board;
use super::charts::ChartId;
use super::data;
use crate::state::{Msg, use_ctx};
use crate::texts::panel as texts;
use crate::ui::files;
use headroom_model::design::Design;
use yew::prelude::*;

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

#[derive(Properties, PartialEq)]
pub struct Props {
    pub choice: Choice,
    pub choose: Callback<Choice>,
    pub charts: Vec<ChartId>,
    pub alone: bool,
    pub tab: Tab,
    pub embed: bool,
    pub board: Board,
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
    let save_csv = {
        let (live, state) = (ctx.live.clone(), ctx.state.clone());
        Callback::from(move |_: MouseEvent| {
            let name = file_name(&state.design, "csv");
            let text = data::csv(&live.get());
            let _ = files::download(&name, &text, "text/csv");
        })
    };
    let save_png = {
        let (board, state) = (props.board.clone(), ctx.state.clone());
        Callback::from(move |_: MouseEvent| {
            let name = file_name(&state.design, "png");
            let (title, seed) = (state.design.title.as_str(), state.design.run.seed.to_string());
            let version = env!("CARGO_PKG_VERSION");
            let values = [("title", title), ("seed", seed.as_str()), ("version", version)];
            let caption = state.lang.fill(texts::PNG_CAPTION, &values);
            if let Some(data) = board.picture(caption.trim_start_matches(" · ")) {
                let _ = files::hand_out(&name, &data);
            }
        })
    };
    let latency = if props.alone {
        props.tab == Tab::Chart(ChartId::Latency)
    } else {
        props.choice.shows(&ChartId::Latency)
    };
    let tools = html! {
        <div class="panel-tools">
            if latency && !props.choice.table {
                <button type="button" class="button tiny quiet" data-testid="chart-log" title={lang.t(texts::LOG_HELP)}
                    aria-pressed={props.choice.log.to_string()} onclick={change(|c| c.log = !c.log)}>
                    { lang.t(texts::LOG) }
                </button>
            }
            if !props.embed {
                <button type="button" class="button tiny quiet" data-testid="chart-table" title={lang.t(texts::TABLE_HELP)}
                    aria-pressed={props.choice.table.to_string()} onclick={change(|c| c.table = !c.table)}>
                    { lang.t(texts::TABLE) }
                </button>
                <button type="button" class="button tiny quiet export" data-testid="chart-csv" title={lang.t(texts::CSV_HELP)}
                    onclick={save_csv}>{ lang.t(texts::CSV) }</button>
                <button type="button" class="button tiny quiet export" data-testid="chart-png" title={lang.t(texts::PNG_HELP)}
                    onclick={save_png}>{ lang.t(texts::PNG) }</button>
            }
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

/// The name of a file about a run: design and seed.
fn file_name(design: &Design, ending: &str) -> String {
    let base = files::file_name(design).replace(".headroom.json", "");
    format!("{base}-seed-{}.{ending}", design.run.seed)
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
