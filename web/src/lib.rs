//! The page: a Yew app that edits a design, and a worker that runs it.
//!
//! [`app::App`] owns the [`state::State`] and is the only place that changes it, by [`state::Msg`]; every component
//! reaches both through [`state::Ctx`]. What moves with the run is not Yew state: it lies in [`live::Live`], and those
//! who draw it subscribe. [`bridge`] carries messages to a `Session` of the model, in a worker or on the page's thread.
//!
//! Absent by intent: how a run is computed, and how charts are drawn.

// It only shows: nothing that it computes is part of a run, so bits that differ in wasm do no harm.
#![allow(clippy::disallowed_methods)]

pub mod app;
pub mod bridge;
pub mod canvas;
pub mod desk;
pub mod dom;
pub mod env;
pub mod gallery;
pub mod icons;
pub mod library;
pub mod live;
pub mod panel;
pub mod port;
pub mod seeds;
pub mod state;
pub mod storage;
pub mod texts;
pub mod ui;
pub mod world;

/// Stamp of the build: page and worker compare theirs.
pub const BUILD: &str = match option_env!("HEADROOM_BUILD") {
    Some(build) => build,
    None => "dev",
};

/// Draws the app into `#app`.
pub fn start_page() {
    console_error_panic_hook::set_once();
    let document = dom::document();
    let root = document.get_element_by_id("app").expect("index.html has #app");
    yew::Renderer::<app::App>::with_root(root).render();
}
