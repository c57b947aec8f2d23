//! The simulation worker.

use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    let global: web_sys::EventTarget = js_sys::global().unchecked_into();
    drop(global);
}
