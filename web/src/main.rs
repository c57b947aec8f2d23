//! The page's program.

fn main() {
    headroom_web::start_page();
}
