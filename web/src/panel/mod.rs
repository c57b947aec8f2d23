//! The panel under the canvas: live charts over a common time axis, and the traffic curve under them.
//!
//! [`board::Board`] draws everything past Yew; the components here hold the canvases, the choices of the reader and
//! what pointer and keyboard do. What is DOM-free has its tests beside it: which [`charts`] a design has, the [`data`]
//! behind them, the [`marks`] on them, the [`deltas`] against a pinned run, the [`objective`]s and the [`curve`] in hand.

mod bar;
mod board;
mod canvas_surface;
mod chart_view;
pub mod charts;
pub mod curve;
mod curve_view;
pub mod data;
mod delta_view;
pub mod deltas;
pub mod export;
pub mod marks;
pub mod objective;
mod options;
mod table;

use crate::dom::{self, Listener};
use crate::env::Theme;
use crate::seeds::Shown;
use crate::state::{Ctx, Msg, same_but_seed, use_ctx};
use crate::storage;
use crate::texts::{panel as texts, seeds};
use bar::{Bar, Tab};
use board::{Board, Look};
use chart_view::ChartView;
use charts::{ChartId, charts_of};
use curve_view::CurveView;
use data::{Chosen, PERCENTILES};
use delta_view::Deltas;
pub use options::save_series;
use std::collections::BTreeMap;
use table::Table;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Least height of the panel, and the height it has at first where the page is high enough [px].
const HEIGHT: (f64, f64) = (150.0, 372.0);
/// At first it takes this share of a low page.
const HEIGHT_SHARE: f64 = 0.42;
/// How far an arrow key moves the panel's edge [px].
const HEIGHT_STEP: f64 = 24.0;
/// On pages as small as this one chart is shown at a time.
const NARROW: &str = "(max-width: 760px), (max-height: 560px)";
const DARK: &str = "(prefers-color-scheme: dark)";

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// One chart only, as in an embed.
    #[prop_or_default]
    pub embed: bool,
}

/// What the reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Charts switched on or off, by name.
    pub shown: BTreeMap<String, bool>,
    /// Where one is shown at a time: which.
    pub tab: Tab,
    /// Latency on a logarithmic axis.
    pub log: bool,
    /// Percentiles that are shown.
    pub percentiles: Chosen,
    /// A table instead of charts.
    pub table: bool,
    /// Height of the panel [px].
    pub height: f64,
}

impl Choice {
    fn at_first() -> Self {
        let height = (page_height() * HEIGHT_SHARE).clamp(HEIGHT.0, HEIGHT.1);
        let mut choice = Choice {
            shown: BTreeMap::new(),
            tab: Tab::default(),
            log: false,
            percentiles: Chosen::default(),
            table: false,
            height,
        };
        for word in storage::panel().unwrap_or_default().split_whitespace() {
            match word.split_at(1) {
                ("+", name) => drop(choice.shown.insert(name.to_owned(), true)),
                ("-", name) => drop(choice.shown.insert(name.to_owned(), false)),
                ("h", px) => choice.height = px.parse().unwrap_or(height),
                ("l", "og") => choice.log = true,
                ("p", names) => {
                    let names: Vec<&str> = names.split(',').collect();
                    let chosen = PERCENTILES.each_ref().map(|p| names.contains(&p.name));
                    // None at all would be a chart without lines.
                    if chosen.contains(&true) {
                        choice.percentiles = Chosen(chosen);
                    }
                }
                _ => {}
            }
        }
        choice
    }

    fn keep(&self) {
        let sign = |on: &bool| if *on { "+" } else { "-" };
        let mut words: Vec<String> =
            self.shown.iter().map(|(name, on)| format!("{}{name}", sign(on))).collect();
        words.push(format!("h{:.0}", self.height));
        if self.log {
            words.push("log".to_owned());
        }
        let chosen = PERCENTILES.iter().zip(self.percentiles.0).filter(|(_, on)| *on);
        words.push(format!("p{}", chosen.map(|(p, _)| p.name).collect::<Vec<_>>().join(",")));
        storage::keep_panel(&words.join(" "));
    }

    /// Whether a chart is shown where there is room for several.
    pub fn shows(&self, chart: &ChartId) -> bool {
        self.shown.get(chart.name()).copied().unwrap_or_else(|| chart.on_at_first())
    }
}

/// Whether a media query holds, now and later.
#[hook]
fn use_media(query: &'static str) -> bool {
    let list = use_memo((), move |()| dom::window().match_media(query).ok().flatten());
    let holds = use_state(|| list.as_ref().as_ref().is_some_and(|l| l.matches()));
    let set = holds.setter();
    use_effect_with((), move |()| {
        let listener = list
            .as_ref()
            .clone()
            .map(|list| Listener::new(&list.clone(), "change", move |_| set.set(list.matches())));
        move || drop(listener)
    });
    *holds
}

/// Charts over a common time axis, and the traffic curve under them.
#[component]
pub fn Panel(props: &Props) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let board = use_memo((), |()| Board::new(ctx.live.clone()));
    let board: Board = (*board).clone();
    let choice = use_state(Choice::at_first);
    let pinned = use_state(|| None::<Pinned>);
    let zoomed = use_state(|| None::<(f64, f64)>);
    {
        let (board, set) = (board.clone(), zoomed.setter());
        use_effect_with((), move |()| board.on_zoom(Callback::from(move |range| set.set(range))));
    }
    let (narrow, system_dark) = (use_media(NARROW), use_media(DARK));
    let alone = narrow || props.embed;
    let charts = charts_of(&ctx.state.design);
    let tab = choice.tab.among(&charts);
    let shown: Vec<ChartId> = if choice.table {
        Vec::new()
    } else if alone {
        tab.chart().cloned().into_iter().collect()
    } else {
        charts.iter().filter(|c| c.stands_alone() && choice.shows(c)).cloned().collect()
    };
    let dark = match ctx.state.theme {
        Theme::System => system_dark,
        Theme::Dark => true,
        Theme::Light => false,
    };
    board.set_look(Look {
        lang,
        dark,
        log: choice.log,
        percentiles: choice.percentiles,
        alone,
        editable: ctx.state.env.editable,
        design: ctx.state.design.clone(),
        shown: shown.clone(),
        bands: bands_of(&ctx),
    });
    {
        let board = board.clone();
        let live = ctx.live.clone();
        use_effect_with((), move |()| {
            let watch = live.watch(move |_| board.data_changed());
            move || drop(watch)
        });
    }
    let choose = {
        let choice = choice.clone();
        let embed = props.embed;
        Callback::from(move |new: Choice| {
            if !embed {
                new.keep();
            }
            choice.set(new);
        })
    };
    let on_pin = {
        let (pinned, board) = (pinned.clone(), board.clone());
        Callback::from(move |pin: Option<Pinned>| {
            board.pin(pin.as_ref().map(|p| p.t));
            pinned.set(pin);
        })
    };
    let open = ctx.state.panel_open;
    let with_curve = if alone { tab == Tab::Curve } else { !props.embed } && !choice.table;
    let class =
        classes!("panel", alone.then_some("alone"), (!open).then_some("closed"), dark.then_some("dark"));
    let height = (!alone && open).then(|| format!("height:{:.0}px", choice.height.min(highest())));
    html! {
        <section {class} style={height} data-testid="panel" aria-label={lang.t(texts::CHARTS)}>
            if open && !alone {
                <Grip choice={(*choice).clone()} choose={choose.clone()} />
            }
            if !(props.embed && ctx.state.env.minimal) {
                <Bar choice={(*choice).clone()} {choose} charts={charts.clone()} {alone} tab={tab.clone()}
                    embed={props.embed} board={board.clone()} zoomed={*zoomed} />
            }
            if open {
                <Deltas board={board.clone()} />
                <div class="panel-body">
                    if choice.table {
                        <Table board={board.clone()} charts={charts.clone()} />
                    } else {
                        if !shown.is_empty() {
                            <div class="charts" tabindex="-1">
                                { for shown.iter().map(|id| html! {
                                    <ChartView key={id.test_id(&ctx.state.design)} id={id.clone()}
                                        board={board.clone()} on_pin={on_pin.clone()} />
                                }) }
                            </div>
                        }
                        if with_curve {
                            <CurveView board={board.clone()} />
                        }
                    }
                </div>
            }
            if let Some(pin) = &*pinned {
                { pin_view(&ctx, pin, &on_pin, &board) }
            }
        </section>
    }
}

/// The bands that the charts show, and what the legend calls them.
fn bands_of(ctx: &Ctx) -> Option<(Shown, String)> {
    let shown = ctx.state.bands.clone()?;
    let same = same_but_seed(&shown.0.design, &ctx.state.design);
    let text = if same { seeds::BANDS } else { seeds::BANDS_BEFORE };
    let name = ctx.lang().fill(text, &[("n", &shown.0.count.to_string())]);
    Some((shown, name))
}

/// A moment that was clicked.
#[derive(Clone, Debug, PartialEq)]
pub struct Pinned {
    /// When [s].
    pub t: f64,
    /// Where its button goes [client px].
    pub at: (f64, f64),
}

/// A button beside the clicked moment that goes there.
fn pin_view(ctx: &Ctx, pin: &Pinned, on_pin: &Callback<Option<Pinned>>, board: &Board) -> Html {
    let lang = ctx.lang();
    let (t, send) = (pin.t, ctx.send.clone());
    let go = {
        let on_pin = on_pin.clone();
        Callback::from(move |_: MouseEvent| {
            send.emit(Msg::Seek(t));
            on_pin.emit(None);
        })
    };
    let keys = {
        let on_pin = on_pin.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                on_pin.emit(None);
            }
        })
    };
    let leave = {
        let (on_pin, board) = (on_pin.clone(), board.clone());
        Callback::from(move |event: MouseEvent| {
            if board.is_double(chart_view::client_of(&event)) {
                board.set_zoom(None);
            }
            on_pin.emit(None);
        })
    };
    // Left of the crosshair, for the values stand on its right; where there is no room, above them.
    let right = (pin.at.0 < 150.0).then_some("right");
    let style = format!("left:{:.0}px;top:{:.0}px", pin.at.0, pin.at.1);
    html! {
        <>
            <div class="pin-back" onclick={leave}></div>
            <div class={classes!("pin", right)} {style} onkeydown={keys}>
                <button type="button" class="button tiny primary" data-testid="seek-here" onclick={go}
                    title={lang.t(texts::GO_TO_HELP)}>
                    { lang.fill(texts::GO_TO, &[("time", &headroom_charts::format_time(t))]) }
                </button>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct GripProps {
    choice: Choice,
    choose: Callback<Choice>,
}

/// The panel's upper edge, by which its height is dragged.
#[component]
fn Grip(props: &GripProps) -> Html {
    let ctx = use_ctx();
    let held = use_mut_ref(|| None::<(f64, f64)>);
    let resize = {
        let props = (props.choice.clone(), props.choose.clone());
        move |height: f64| {
            let height = height.clamp(HEIGHT.0, highest());
            props.1.emit(Choice { height, ..props.0.clone() });
        }
    };
    let down = {
        let (held, height) = (held.clone(), props.choice.height);
        Callback::from(move |event: PointerEvent| {
            event.prevent_default();
            *held.borrow_mut() = Some((f64::from(event.client_y()), height));
            if let Some(element) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let drag = {
        let (held, resize) = (held.clone(), resize.clone());
        Callback::from(move |event: PointerEvent| {
            let begun = *held.borrow();
            if let Some((y, height)) = begun {
                resize(height + y - f64::from(event.client_y()));
            }
        })
    };
    let up = Callback::from(move |_: PointerEvent| *held.borrow_mut() = None);
    let keys = {
        let height = props.choice.height;
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowUp" => HEIGHT_STEP,
                "ArrowDown" => -HEIGHT_STEP,
                _ => return,
            };
            event.prevent_default();
            resize(height + step);
        })
    };
    html! {
        <div class="panel-grip" data-testid="panel-grip" role="separator" tabindex="0" aria-orientation="horizontal"
            aria-label={ctx.lang().t(texts::RESIZE)} aria-valuenow={format!("{:.0}", props.choice.height)}
            aria-valuemin={format!("{:.0}", HEIGHT.0)} aria-valuemax={format!("{:.0}", highest())}
            onpointerdown={down} onpointermove={drag} onpointerup={up.clone()} onpointercancel={up} onkeydown={keys}>
        </div>
    }
}

/// The panel leaves room for the canvas [px].
fn highest() -> f64 {
    (page_height() - 260.0).max(HEIGHT.0)
}

fn page_height() -> f64 {
    dom::window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(800.0)
}
