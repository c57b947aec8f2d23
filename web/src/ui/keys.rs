//! Keys that work anywhere on the page, except while typing in a field.

use crate::dom;
use crate::state::{Dialog, Msg, Red, Sight};
use headroom_editor::EditMsg;
use wasm_bindgen::JsCast;
use yew::Callback;

/// Handles a key.
pub fn handle(event: &web_sys::Event, send: &Callback<Msg>) {
    let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
    if event.default_prevented() || dom::dialog_is_open() {
        return;
    }
    let command = key.ctrl_key() || key.meta_key();
    let name = key.key();
    // A letter is known by its place where the layout gives another, as the Korean one does.
    let letter = key.code().strip_prefix("Key").map(str::to_lowercase);
    if dom::is_typing(event) {
        return;
    }
    let msg = match (command, name.as_str(), letter.as_deref()) {
        (true, _, Some("z")) if key.shift_key() => Msg::Edit(EditMsg::Redo),
        (true, _, Some("z")) => Msg::Edit(EditMsg::Undo),
        (true, _, Some("y")) => Msg::Edit(EditMsg::Redo),
        (true, _, Some("s")) => Msg::Save,
        (true, _, Some("a")) => Msg::Edit(EditMsg::SelectAll),
        (true, _, Some("k")) => Msg::Show(Some(Dialog::Commands)),
        (true, ..) => return,
        (false, " ", _) if !on_control(event) => Msg::TogglePlay,
        (false, ".", _) => Msg::Step,
        (false, "?", _) => Msg::Show(Some(Dialog::Shortcuts)),
        (false, _, Some("m")) if !key.alt_key() => Msg::Show(Some(Dialog::Microscope(Sight::Slowest))),
        (false, _, Some("w")) if !key.alt_key() => Msg::Show(Some(Dialog::Why(Red::Slow))),
        (false, "[", _) => Msg::StepSpeed(-1),
        (false, "]", _) => Msg::StepSpeed(1),
        (false, _, Some("s")) if key.shift_key() && !key.alt_key() => Msg::Show(Some(Dialog::Seeds)),
        (false, _, Some("s")) if !key.alt_key() => Msg::Show(Some(Dialog::Summary)),
        (false, "Escape", _) => Msg::Escape,
        (false, "/", _) => Msg::Show(Some(Dialog::Commands)),
        (false, "Delete" | "Backspace", _) if key.shift_key() => Msg::Edit(EditMsg::DeleteAndHeal),
        (false, "Delete" | "Backspace", _) => Msg::Edit(EditMsg::Delete),
        (false, _, Some("r")) if !key.alt_key() => Msg::Restart,
        _ => return,
    };
    event.prevent_default();
    send.emit(msg);
}

/// Whether the space bar presses what has the focus.
fn on_control(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|e| matches!(e.tag_name().as_str(), "BUTTON" | "A" | "INPUT" | "SUMMARY"))
}
