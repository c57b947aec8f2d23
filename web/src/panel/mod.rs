//! The panel under the canvas: charts and the traffic curve.

use crate::state::use_ctx;
use crate::texts::panel as texts;
use yew::prelude::*;

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// One chart only, as in an embed.
    #[prop_or_default]
    pub embed: bool,
}

/// Charts over a common time axis, and the traffic curve under them.
#[component]
pub fn Panel(_props: &Props) -> Html {
    let ctx = use_ctx();
    html! { <section class="panel" data-testid="panel" aria-label={ctx.lang().t(texts::CHARTS)}></section> }
}
