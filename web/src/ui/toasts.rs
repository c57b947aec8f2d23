//! Notices, and what a screen reader is told.

use crate::icons::{Icon, icon};
use crate::state::{Msg, ToastAction, Tone, use_ctx};
use crate::texts::{seeds, shell};
use yew::prelude::*;

/// Notices, the newest below.
#[component]
pub fn Toasts() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let toasts = ctx.state.toasts.iter().map(|toast| {
        let id = toast.id;
        let tone = match toast.tone {
            Tone::Plain => "plain",
            Tone::Bad => "bad",
        };
        let action = toast.action.map(|action| {
            let text = match action {
                ToastAction::Undo => shell::UNDO,
                ToastAction::StartFresh => shell::START_FRESH,
                ToastAction::RestartEngine => shell::RESTART_ENGINE,
                ToastAction::Reload => shell::RELOAD,
                ToastAction::ShowSeeds => seeds::SHOW,
            };
            html! {
                <button type="button" class="button tiny" data-testid="toast-action" onclick={ctx.on(move || Msg::ToastAction(id, action))}>{ lang.t(text) }</button>
            }
        });
        html! {
            <div key={id} class={classes!("toast", tone)} data-testid="toast">
                <p>{ &toast.text }</p>
                { for action }
                <button type="button" class="button quiet tiny only-icon" aria-label={lang.t(shell::CLOSE)} onclick={ctx.on(move || Msg::DismissToast(id))}>{ icon(Icon::Close) }</button>
            </div>
        }
    });
    html! {
        <>
            <section class="toasts" aria-label={lang.t(shell::NOTICES)}>{ for toasts }</section>
            <div class="hidden-visually" role="status" aria-live="polite" data-testid="said">{ &ctx.state.said }</div>
        </>
    }
}
