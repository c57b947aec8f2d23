//! What the browser keeps between visits. Where storage is forbidden nothing is kept, and nothing breaks.

use crate::dom::window;
use crate::library::Store;

const DESIGN: &str = "headroom.design";
const DESIGN_BEFORE: &str = "headroom.design.before";
const LANG: &str = "headroom.lang";
const THEME: &str = "headroom.theme";
const TOUR: &str = "headroom.tour";
const PANEL: &str = "headroom.panel";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Whether it was kept.
fn set(key: &str, value: &str) -> bool {
    storage().is_some_and(|s| s.set_item(key, value).is_ok())
}

/// The design file of the last visit.
pub fn design() -> Option<String> {
    get(DESIGN)
}

/// Keeps a design file; says whether it was kept.
pub fn keep_design(text: &str) -> bool {
    set(DESIGN, text)
}

/// The design file of a visit before the last, which another has replaced since.
pub fn design_before() -> Option<String> {
    get(DESIGN_BEFORE)
}

/// What was kept gives way to another design: it is put aside, so that it is not lost.
pub fn put_design_aside() {
    if let Some(text) = design() {
        set(DESIGN_BEFORE, &text);
    }
}

/// The tag of the chosen language.
pub fn lang() -> Option<String> {
    get(LANG)
}

/// Keeps the tag of the chosen language.
pub fn keep_lang(tag: &str) {
    set(LANG, tag);
}

/// The name of the chosen theme.
pub fn theme() -> Option<String> {
    get(THEME)
}

/// Keeps the name of the chosen theme.
pub fn keep_theme(name: &str) {
    set(THEME, name);
}

/// Which charts the reader has chosen, and how high the panel is.
pub fn panel() -> Option<String> {
    get(PANEL)
}

/// Keeps which charts the reader has chosen, and how high the panel is.
pub fn keep_panel(words: &str) {
    set(PANEL, words);
}

/// Whether the tour was shown.
pub fn tour_seen() -> bool {
    get(TOUR).is_some()
}

/// The tour was shown.
pub fn keep_tour_seen() {
    set(TOUR, "seen");
}

/// The browser's storage, for designs that are kept under a name.
pub struct Browser;

impl Store for Browser {
    fn keys(&self) -> Option<Vec<String>> {
        let storage = storage()?;
        let count = storage.length().ok()?;
        Some((0..count).filter_map(|i| storage.key(i).ok().flatten()).collect())
    }

    fn get(&self, key: &str) -> Option<String> {
        get(key)
    }

    fn set(&self, key: &str, value: &str) -> bool {
        set(key, value)
    }

    fn remove(&self, key: &str) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(key);
        }
    }
}
