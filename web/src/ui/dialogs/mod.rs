//! Windows in front of the page.

mod checklist;
mod commands;
mod faults;
mod library;
mod microscope;
mod seeds;
mod share;
mod shortcuts;
mod summary;
mod why;
mod world;

pub use summary::class_name;

use crate::icons::{Icon, icon};
use crate::state::{Dialog, Msg, use_ctx};
use crate::texts::shell;
pub use summary::csv_cell;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The dialog in front, if any.
#[component]
pub fn Dialogs() -> Html {
    let ctx = use_ctx();
    match ctx.state.dialog.clone() {
        None => html! {},
        Some(Dialog::Commands) => html! { <commands::Commands /> },
        Some(Dialog::Library) => html! { <library::Library /> },
        Some(Dialog::Checklist) => html! { <checklist::Checklist /> },
        Some(Dialog::Share) => html! { <share::Share /> },
        Some(Dialog::Microscope(sight)) => html! { <microscope::Microscope {sight} /> },
        Some(Dialog::Why(red)) => html! { <why::WhyDialog {red} /> },
        Some(Dialog::World) => html! { <world::WorldDialog /> },
        Some(Dialog::Shortcuts) => html! { <shortcuts::Shortcuts /> },
        Some(Dialog::Seeds) => html! { <seeds::SeedsDialog /> },
        Some(Dialog::Summary) => html! { <summary::SummaryDialog /> },
        Some(Dialog::Faults { source, faults }) => html! { <faults::FaultList {source} {faults} /> },
    }
}

/// What a dialog looks like.
#[derive(Properties, PartialEq)]
pub struct ModalProps {
    /// Its title.
    pub title: AttrValue,
    /// A name for tests.
    pub testid: AttrValue,
    /// It takes the width of a table.
    #[prop_or_default]
    pub wide: bool,
    /// What is in it.
    pub children: Html,
}

/// A dialog in front of the page. The browser keeps the focus inside and closes it on Escape.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>()
                && dialog.show_modal().is_err()
            {
                dialog.set_open(true);
            }
        });
    }
    // Closed by the browser, the focus goes back to where it was.
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| close_dialog(&dialog))
    };
    // A click on the dialog itself, and not on what is in it, is one beside it.
    let onclick = {
        let dialog = dialog.clone();
        Callback::from(move |e: MouseEvent| {
            let own = dialog.get().map(web_sys::EventTarget::from);
            if e.target().is_some() && e.target() == own {
                close_dialog(&dialog);
            }
        })
    };
    let onclose = ctx.on(|| Msg::Show(None));
    html! {
        <dialog ref={dialog} class={classes!("modal", props.wide.then_some("wide"))} aria-labelledby="modal-title" data-testid={props.testid.clone()} {onclick} {onclose}>
            <div class="modal-box">
                <header class="modal-head">
                    <h2 id="modal-title">{ props.title.clone() }</h2>
                    <button type="button" class="button quiet only-icon" aria-label={lang.t(shell::CLOSE)} data-testid="close" onclick={close}>{ icon(Icon::Close) }</button>
                </header>
                <div class="modal-body">{ props.children.clone() }</div>
            </div>
        </dialog>
    }
}

fn close_dialog(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}
