//! The parts of the page around canvas and charts.

pub mod files;
pub mod keys;

use crate::canvas::Canvas;
use crate::panel::Panel;
use crate::state::use_ctx;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn Shell() -> Html {
    let ctx = use_ctx();
    html! {
        <div class="shell">
            <Canvas />
            if ctx.state.panel_open {
                <Panel embed={ctx.state.env.embed} />
            }
        </div>
    }
}
