//! A note: what it says.

use crate::dom;
use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx};
use crate::texts::{commands, inspector as texts, shell};
use headroom_editor::EditMsg;
use headroom_model::design::CanvasNote;
use headroom_model::limits::NOTE_TEXT_CHARS_MAX;
use yew::prelude::*;

/// A note to look at.
#[derive(Properties, PartialEq)]
pub struct NoteProps {
    /// The note.
    pub note: CanvasNote,
}

/// A note in the inspector.
#[component]
pub fn NoteInspector(props: &NoteProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let oninput = {
        let (ctx, note) = (ctx.clone(), props.note.id.clone());
        Callback::from(move |e: InputEvent| {
            ctx.edit(EditMsg::SetNoteText { note: note.clone(), text: dom::value_of(&e) });
        })
    };
    let onblur = ctx.on(|| Msg::Edit(EditMsg::Settle));
    html! {
        <section class="card">
            <div class="note-head">
                <h3>{ lang.t(shell::NOTE) }</h3>
                <button type="button" class="button quiet only-icon danger" aria-label={lang.t(commands::DELETE)} title={format!("{} (Del)", lang.t(commands::DELETE))}
                    data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>{ icon(Icon::Trash) }</button>
            </div>
            <textarea class="field note-field" rows="8" value={props.note.text.clone()} maxlength={NOTE_TEXT_CHARS_MAX.to_string()} aria-label={lang.t(texts::NOTE_TEXT)}
                placeholder={lang.t(shell::NOTE_HELP)} data-testid="label" readonly={!ctx.state.env.editable} {oninput} {onblur} />
            <p class="help">{ lang.fill(texts::NOTE_ROOM, &[("n", &props.note.text.chars().count().to_string()), ("all", &NOTE_TEXT_CHARS_MAX.to_string())]) }</p>
        </section>
    }
}
