//! Design files: handed out as a download, read from a file of the user.

use crate::dom::{self, Listener};
use crate::state::{Ctx, Dialog, Msg};
use headroom_model::design::Design;
use headroom_model::faults::Fault;
use headroom_model::limits::DESIGN_BYTES_MAX;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, HtmlAnchorElement, HtmlInputElement, Url};
use yew::Callback;

/// Hands the design out as a file.
pub fn save(design: &Design) {
    let _ = download(&file_name(design), &design.to_text(), "application/json");
}

/// The name of a design's file: its title without what file systems do not like.
pub fn file_name(design: &Design) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { ' ' };
    let words: String = design.title.chars().map(plain).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(60).collect();
    format!("{}.headroom.json", if name.is_empty() { "design" } else { &name })
}

/// Lets the user pick a file, and opens it.
pub fn pick(ctx: &Ctx) {
    let Ok(input) = dom::document().create_element("input") else { return };
    let input: HtmlInputElement = input.unchecked_into();
    input.set_type("file");
    input.set_accept(".json,application/json");
    let (picked, send) = (input.clone(), ctx.send.clone());
    let on_change = Closure::once_into_js(move || {
        if let Some(file) = picked.files().and_then(|files| files.get(0)) {
            open(file, send);
        }
    });
    let _ = input.add_event_listener_with_callback("change", on_change.unchecked_ref());
    input.click();
}

/// Reads a file and opens it.
pub fn open(file: File, send: Callback<Msg>) {
    let name = file.name();
    if file.size() > DESIGN_BYTES_MAX as f64 {
        let reason = format!("the file has {} bytes; at most {DESIGN_BYTES_MAX} are read", file.size());
        let faults = vec![Fault { path: String::new(), reason }];
        send.emit(Msg::Show(Some(Dialog::Faults { source: name, faults })));
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(text) = JsFuture::from(file.text()).await {
            send.emit(Msg::OpenText(name, text.as_string().unwrap_or_default()));
        }
    });
}

/// Opens files that are dropped on the page.
pub fn listen_for_drops(send: &Callback<Msg>) -> Vec<Listener> {
    let window = dom::window();
    let send = send.clone();
    vec![
        Listener::new(&window, "dragover", |e| e.prevent_default()),
        Listener::new(&window, "drop", move |e| {
            e.prevent_default();
            let drop: &DragEvent = e.unchecked_ref();
            let file = drop.data_transfer().and_then(|d| d.files()).and_then(|files| files.get(0));
            if let Some(file) = file {
                open(file, send.clone());
            }
        }),
    ]
}

/// Hands a text out as a file.
pub(crate) fn download(name: &str, text: &str, mime: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    hand_out(name, &url)?;
    // The browser reads the blob after this task.
    let revoke = Closure::once_into_js(move || Url::revoke_object_url(&url));
    dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), 10_000)?;
    Ok(())
}

/// Hands out what a URL holds as a file.
pub(crate) fn hand_out(name: &str, url: &str) -> Result<(), JsValue> {
    let link: HtmlAnchorElement = dom::document().create_element("a")?.unchecked_into();
    link.set_href(url);
    link.set_download(name);
    link.click();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain() {
        let named = |title: &str| file_name(&Design { title: title.to_owned(), ..Design::default() });
        assert_eq!(named("Cache-aside: a/b"), "Cache-aside-a-b.headroom.json");
        assert_eq!(named("캐시 어사이드"), "캐시-어사이드.headroom.json");
        assert_eq!(named(""), "design.headroom.json");
    }
}
