//! The page.

use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Headroom" }</h1></main> }
}

fn main() {
    console_error_panic_hook::set_once();
    let root = app_root();
    yew::Renderer::<App>::with_root(root).render();
}

fn app_root() -> web_sys::Element {
    let document = web_sys::window().and_then(|w| w.document()).expect("the app runs in a page");
    document.get_element_by_id("app").expect("index.html has #app")
}
