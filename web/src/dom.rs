//! Small helpers over the browser's interfaces: timers, frames and listeners that end when they are dropped.

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// The window.
pub fn window() -> web_sys::Window {
    web_sys::window().expect("the page has a window")
}

/// The document.
pub fn document() -> web_sys::Document {
    window().document().expect("the window has a document")
}

/// The root element, which carries language, theme and what tests read.
pub fn root() -> web_sys::Element {
    document().document_element().expect("the document has a root")
}

/// Milliseconds since the page was opened.
pub fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |p| p.now())
}

/// A call after some time; dropped, it does not come.
pub struct Timer {
    id: i32,
    _call: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `f` once, after `ms`.
    pub fn after(ms: i32, f: impl FnOnce() + 'static) -> Self {
        let call = Closure::once(f);
        let id = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(call.as_ref().unchecked_ref(), ms)
            .expect("a timer can be set");
        Self { id, _call: call }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls `f` once before the next picture. Browsers hold pictures back of pages that nobody sees.
pub fn next_frame(f: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(f);
    let _ = window().request_animation_frame(call.unchecked_ref());
}

/// A listener; dropped, it listens no more.
pub struct Listener {
    target: web_sys::EventTarget,
    name: &'static str,
    call: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Listens to an event of `target`.
    pub fn new(
        target: &web_sys::EventTarget,
        name: &'static str,
        f: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        let call = Closure::new(f);
        let _ = target.add_event_listener_with_callback(name, call.as_ref().unchecked_ref());
        Self { target: target.clone(), name, call }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let call: &Function = self.call.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, call);
    }
}

/// Whether the event comes from a field in which people type.
pub fn is_typing(event: &web_sys::Event) -> bool {
    let Some(element) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    let editable = element.get_attribute("contenteditable").is_some();
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !matches!(kind.as_str(), "checkbox" | "radio" | "range" | "button")
        }
        _ => editable,
    }
}

/// Whether the pointer is a finger, which wants more room.
pub fn is_coarse() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|q| q.matches())
}

/// Whether a dialog is in front of the page.
pub fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|d| d.is_some())
}

/// The value of the field that an event comes from.
pub fn value_of(event: &web_sys::Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<web_sys::HtmlInputElement>() {
        input.value()
    } else if let Some(area) = target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        area.value()
    } else if let Some(select) = target.dyn_ref::<web_sys::HtmlSelectElement>() {
        select.value()
    } else {
        String::new()
    }
}

/// Whether the checkbox that an event comes from is ticked.
pub fn checked_of(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok())
        .is_some_and(|input| input.checked())
}

/// Puts keyboard focus on the first element that a selector finds.
pub fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Shows an element wherever it is, opens what it is folded in, and puts the focus on it.
pub fn reveal(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    if let Some(fold) = element.closest("details").ok().flatten() {
        let _ = fold.set_attribute("open", "");
    }
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&options);
    if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

/// Scrolls the list that an element stands in just far enough to show it.
pub fn show_in_list(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
