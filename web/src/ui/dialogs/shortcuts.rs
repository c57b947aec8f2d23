//! The sheet of keys.

use super::Modal;
use crate::state::use_ctx;
use crate::texts::{dialogs as texts, seeds};
use headroom_model::text::Text;
use yew::prelude::*;

/// Keys, any of which does it, and what they do.
type Keys = (&'static [&'static str], Text);

/// Keys in groups.
const GROUPS: &[(Text, &[Keys])] = &[
    (
        texts::KEYS_RUN,
        &[
            (&["Space"], texts::KEY_PLAY),
            (&["."], texts::KEY_STEP),
            (&["R"], texts::KEY_RESTART),
            (&["[", "]"], texts::KEY_SPEED),
            (&["W"], texts::KEY_WHY),
            (&["M"], texts::KEY_MICROSCOPE),
            (&["S"], texts::KEY_SUMMARY),
            (&["Shift+S"], seeds::KEY),
        ],
    ),
    (
        texts::KEYS_EDIT,
        &[
            (&["Ctrl+Z"], texts::KEY_UNDO),
            (&["Ctrl+Shift+Z", "Ctrl+Y"], texts::KEY_REDO),
            (&["Ctrl+C", "Ctrl+X", "Ctrl+V"], texts::KEY_COPY),
            (&["Ctrl+D"], texts::KEY_DUPLICATE),
            (&["Ctrl+A"], texts::KEY_ALL),
            (&["Ctrl+K", "/"], texts::KEY_COMMANDS),
            (&["Del"], texts::KEY_DELETE),
            (&["Shift+Del"], texts::KEY_HEAL),
            (&["Ctrl+S"], texts::KEY_SAVE),
        ],
    ),
    (
        texts::KEYS_CANVAS,
        &[
            (&["Tab"], texts::KEY_TAB),
            (&["Enter"], texts::KEY_SELECT),
            (&["←", "↑", "→", "↓"], texts::KEY_ARROWS),
            (&["Ctrl+←", "Ctrl+↑", "Ctrl+→", "Ctrl+↓"], texts::KEY_RESIZE),
            (&["Shift+F10"], texts::KEY_MENU),
            (&["A"], texts::KEY_QUICK),
            (&["C"], texts::KEY_WIRE),
            (&["N"], texts::KEY_NOTE),
            (&["+", "-"], texts::KEY_ZOOM),
            (&["Shift+1"], texts::KEY_FIT),
            (&["Esc"], texts::KEY_ESCAPE),
            (&["?"], texts::KEY_HELP),
        ],
    ),
    (
        texts::KEYS_CHARTS,
        &[
            (&["←", "→"], texts::KEY_CURSOR),
            (&["Enter"], texts::KEY_GO),
            (&["↑", "↓"], texts::KEY_LINE),
            (&["+", "-", "0"], texts::KEY_STRETCH),
        ],
    ),
];

/// The sheet of keys.
#[component]
pub fn Shortcuts() -> Html {
    let lang = use_ctx().lang();
    let groups = GROUPS.iter().map(|(title, keys)| {
        let rows = keys.iter().map(|(keys, what)| {
            html! { <div><dt>{ for keys.iter().map(|k| html! { <kbd>{ *k }</kbd> }) }</dt><dd>{ lang.t(*what) }</dd></div> }
        });
        html! { <section><h3>{ lang.t(*title) }</h3><dl class="keys">{ for rows }</dl></section> }
    });
    html! {
        <Modal title={lang.t(texts::SHORTCUTS_TITLE)} testid="shortcuts-dialog">
            <div class="key-groups">{ for groups }</div>
            <p class="muted">{ lang.t(texts::KEYS_MAC) }</p>
        </Modal>
    }
}
