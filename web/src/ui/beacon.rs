//! Shows the state of the run on the root element, for tests and for pages that hold this one in a frame.

use crate::dom;
use crate::live::Live;
use crate::state::use_ctx;
use headroom_model::messages::RunState;
use yew::prelude::*;

/// Sets `data-run`, `data-run-state`, `data-run-hash` and `data-now-ns` of the root element with each snapshot; with
/// `data-run-wanted` they tell whether the run of the present design is shown.
#[component]
pub fn Beacon() -> Html {
    let ctx = use_ctx();
    use_effect_with((), move |()| {
        let watch = ctx.live.watch(show);
        move || drop(watch)
    });
    html! {}
}

fn show(live: &Live) {
    let state = match live.snapshot.state {
        RunState::Paused => "paused",
        RunState::Playing => "playing",
        RunState::CatchingUp => "catching-up",
        RunState::Finished => "finished",
    };
    let root = dom::root();
    for (name, value) in [
        ("data-run", live.snapshot.run.to_string()),
        ("data-run-state", state.to_owned()),
        ("data-run-hash", format!("{:016x}", live.snapshot.hash)),
        ("data-now-ns", live.snapshot.now_ns.to_string()),
        ("data-events", live.snapshot.events.to_string()),
    ] {
        let _ = root.set_attribute(name, &value);
    }
}
