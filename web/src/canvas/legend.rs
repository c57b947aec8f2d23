//! What the moving requests mean, and how large a sample they are.

use crate::state::use_live;
use crate::texts::{Lang, canvas as texts};
use crate::ui::dialogs::class_name;
use crate::ui::value::metric_text;
use headroom_model::kinds::Unit;
use headroom_model::sim::core::CLASS_NAMES;
use yew::prelude::*;

/// The legend is brought up to date at most so often [ms].
const LOOK_MS: f64 = 500.0;
/// A share from which on it is as good as all.
const ALL: f64 = 0.97;

/// The marks' shapes, as on the canvas, in a square of 12.
const SHAPES: [&str; CLASS_NAMES.len()] = [
    "M10.2 6A4.200 4.200 0 1 1 1.800 6a4.200 4.200 0 0 1 8.400 0z",
    "M2.200 2.200h7.600v7.600H2.200z",
    "M6 1 10.800 9.600H1.200z",
    "M6 .6 11.400 6 6 11.400.6 6z",
    "M1 3h10v6H1z",
];

/// Props of the legend.
#[derive(Properties, PartialEq)]
pub struct LegendProps {
    /// The language.
    pub lang: Lang,
    /// Nothing moves.
    pub still: bool,
}

/// The legend: of the classes that were seen.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let live = use_live(LOOK_MS);
    let open = use_state(|| false);
    let lang = props.lang;
    let moving = live.get().moving;
    if props.still {
        return html! { <p class="cv-legend" data-testid="legend">{ lang.t(texts::LEGEND_STILL) }</p> };
    }
    let Some(share) = moving.share.filter(|s| *s > 0.0 && moving.classes.contains(&true)) else {
        return html! {};
    };
    let marks = (0..CLASS_NAMES.len()).filter(|c| moving.classes[*c]).map(|class| {
        let id = CLASS_NAMES[class];
        html! { <span key={id} data-class={id}><svg viewBox="0 0 12 12" aria-hidden="true"><path d={SHAPES[class]} /></svg>{ class_name(id, lang) }</span> }
    });
    let (all, some) = if moving.slow {
        (texts::LEGEND_ALL_SLOW, texts::LEGEND_SHARE_SLOW)
    } else {
        (texts::LEGEND_ALL, texts::LEGEND_SHARE)
    };
    let sample = if moving.latest && !moving.slow {
        lang.t(texts::LEGEND_LATEST).to_owned()
    } else if share >= ALL {
        lang.t(all).to_owned()
    } else {
        let n = 1.0 / share;
        let n = if n < 10.0 { format!("{n:.1}") } else { metric_text(Unit::Count, n.round()) };
        lang.fill(some, &[("n", &n)])
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <div class="cv-legend" data-testid="legend" role="group" aria-label={lang.t(texts::LEGEND)}>
            if *open { <p class="cv-legend-help" data-testid="legend-help">{ lang.t(texts::LEGEND_HELP) }</p> }
            { for marks }
            <span class="back"><svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="3.600" /></svg>{ lang.t(texts::LEGEND_BACK) }</span>
            if moving.failed {
                <span class="failed"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="M1.500 1.500l9 9M1.500 10.500l9-9" /></svg>{ lang.t(texts::LEGEND_FAILED) }</span>
            }
            <b data-testid="legend-sample">{ sample }</b>
            <button type="button" aria-expanded={open.to_string()} aria-label={lang.t(texts::LEGEND_WHY)} title={lang.t(texts::LEGEND_WHY)} data-testid="legend-why" onclick={toggle}>{ "?" }</button>
        </div>
    }
}
