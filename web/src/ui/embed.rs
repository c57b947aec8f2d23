//! The page inside somebody else's: canvas, one chart and play only.

use super::{beacon, dialogs, toasts, transport};
use crate::canvas::Canvas;
use crate::env::{self, Start};
use crate::icons::{Icon, icon};
use crate::panel::Panel;
use crate::state::{Msg, use_ctx};
use crate::texts::shell;
use headroom_model::link;
use headroom_model::messages::RunState;
use yew::prelude::*;

/// The embedded page.
#[component]
pub fn Embed() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let env = ctx.state.env.clone();
    // An invitation until it has played for the first time.
    let played = use_mut_ref(|| false);
    if matches!(ctx.state.run.state, RunState::Playing | RunState::CatchingUp | RunState::Finished) {
        *played.borrow_mut() = true;
    }
    let inviting = env.start == Start::Click && !*played.borrow();
    // The link follows the design of the moment at which it is clicked.
    let onclick = {
        let desk = ctx.desk.clone();
        Callback::from(move |e: MouseEvent| {
            if let Some(link) = e.target_dyn_into::<web_sys::HtmlAnchorElement>() {
                link.set_href(&full_url(&link::encode(&desk.document())));
            }
        })
    };
    let title = if ctx.state.design.title.is_empty() {
        "Headroom".to_owned()
    } else {
        ctx.state.design.title.clone()
    };
    let href = full_url(&link::encode(&ctx.state.design));
    html! {
        <div class={classes!("shell", "embed", env.minimal.then_some("minimal"))}>
            <main id="main" class="stage" tabindex="-1">
                <h1 class="hidden-visually">{ title }</h1>
                <div class="canvas-slot"><Canvas /></div>
                if inviting {
                    <button type="button" class="button primary invite" data-testid="embed-play" onclick={ctx.on(|| Msg::Play(true))}>
                        { icon(Icon::Play) }{ lang.t(shell::EMBED_PLAY) }
                    </button>
                }
            </main>
            <footer class="embed-bar">
                if env.start != Start::Off {
                    <transport::Transport />
                }
                <a class="button quiet open-full" {href} target="_blank" rel="noopener" title={lang.t(shell::OPEN_FULL)} aria-label={lang.t(shell::OPEN_FULL)}
                    data-testid="open-full" {onclick}>
                    <span>{ lang.t(shell::OPEN_FULL) }</span>{ icon(Icon::External) }
                </a>
            </footer>
            if !env.minimal {
                <div class="panel-slot"><Panel embed=true /></div>
            }
            <toasts::Toasts />
            <dialogs::Dialogs />
            <beacon::Beacon />
        </div>
    }
}

fn full_url(fragment: &str) -> String {
    format!("{}#{fragment}", env::page_url())
}
