//! The simulation worker's program: a session, driven by the messages of the page.

use headroom_web::bridge::worker;
use wasm_bindgen::prelude::*;

fn main() {
    worker::start();
}

/// Starts the same program on the page's thread, where workers are forbidden. The page is at the other end of `port`.
#[wasm_bindgen]
pub fn start_on_page(port: worker::Peer) {
    worker::start_with(port, true);
}
