//! The simulation worker's program: a session, driven by the messages of the page.

fn main() {
    headroom_web::bridge::worker::start();
}
