//! A button with a list under it.

use crate::dom::{self, Listener};
use crate::icons::{Icon, icon};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// What a menu looks like.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// Its name.
    pub label: AttrValue,
    /// An icon on the button.
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// The button shows its icon only.
    #[prop_or_default]
    pub icon_only: bool,
    /// The list is flush with the button's right edge.
    #[prop_or_default]
    pub end: bool,
    /// A name for tests.
    pub testid: AttrValue,
    /// The list; choosing anything in it closes it.
    pub children: Html,
}

/// A button with a list under it. Arrows move in it, Escape and a click elsewhere close it.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let root = use_node_ref();
    {
        let (open, root) = (open.clone(), root.clone());
        use_effect_with(*open, move |is_open| {
            let mut listeners = Vec::new();
            if *is_open {
                focus_item(&root, 0);
                let (open, root) = (open.clone(), root.clone());
                listeners.push(Listener::new(&dom::document(), "pointerdown", move |e| {
                    let target = e.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
                    let inside = root.get().is_some_and(|r| r.contains(target.as_ref()));
                    if !inside {
                        open.set(false);
                    }
                }));
            }
            move || drop(listeners)
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    let onkeydown = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |e: KeyboardEvent| {
            if !*open {
                return;
            }
            match e.key().as_str() {
                "Escape" => {
                    open.set(false);
                    focus_button(&root);
                }
                "ArrowDown" => focus_item(&root, 1),
                "ArrowUp" => focus_item(&root, -1),
                "Tab" => {
                    open.set(false);
                    return;
                }
                _ => return,
            }
            e.prevent_default();
            e.stop_propagation();
        })
    };
    let class = classes!("button", "quiet", props.icon_only.then_some("only-icon"));
    html! {
        <div class="menu" ref={root} {onkeydown}>
            <button type="button" {class} aria-haspopup="menu" aria-expanded={open.to_string()}
                aria-label={props.icon_only.then(|| props.label.clone())} title={props.icon_only.then(|| props.label.clone())}
                data-testid={props.testid.clone()} onclick={toggle}>
                { for props.icon.map(icon) }
                if !props.icon_only { <span>{ props.label.clone() }</span> }
                if !props.icon_only { <span class="small">{ icon(Icon::Down) }</span> }
            </button>
            if *open {
                <div class={classes!("menu-list", props.end.then_some("end"))} role="menu" aria-label={props.label.clone()} onclick={close}>
                    <ContextProvider<InMenu> context={InMenu}>{ props.children.clone() }</ContextProvider<InMenu>>
                </div>
            }
        </div>
    }
}

/// Told to what is inside a menu: arrows move there. Elsewhere the same items are buttons like others.
#[derive(Clone, PartialEq)]
struct InMenu;

#[derive(Properties, PartialEq)]
struct EntryProps {
    testid: String,
    /// Whether it is chosen, where one of several is.
    #[prop_or_default]
    chosen: Option<bool>,
    onclick: Callback<MouseEvent>,
    children: Html,
}

#[component]
fn Entry(props: &EntryProps) -> Html {
    let in_menu = use_context::<InMenu>().is_some();
    let role = if props.chosen.is_some() { "menuitemradio" } else { "menuitem" };
    let chosen = props.chosen.map(|chosen| chosen.to_string());
    html! {
        <button type="button" class="menu-item" role={in_menu.then_some(role)} tabindex={in_menu.then_some("-1")}
            aria-checked={chosen.clone().filter(|_| in_menu)} aria-pressed={chosen.filter(|_| !in_menu)}
            data-testid={props.testid.clone()} onclick={props.onclick.clone()}>
            { props.children.clone() }
        </button>
    }
}

/// An item of a menu.
pub fn item(
    label: &str,
    note: Option<&str>,
    glyph: Option<Icon>,
    testid: String,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <Entry {testid} {onclick}>
            { for glyph.map(icon) }
            <span>
                if let Some(note) = note {
                    <b>{ label.to_owned() }</b>
                    <span>{ note.to_owned() }</span>
                } else {
                    { label.to_owned() }
                }
            </span>
        </Entry>
    }
}

/// An item of which one at a time is chosen.
pub fn radio(
    label: &str,
    chosen: bool,
    glyph: Option<Icon>,
    testid: String,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <Entry {testid} {chosen} {onclick}>
            { for glyph.map(icon) }
            <span>{ label.to_owned() }</span>
            if chosen { <span style="margin-left:auto">{ icon(Icon::Check) }</span> }
        </Entry>
    }
}

fn focus_button(root: &NodeRef) {
    if let Some(button) = root.cast::<Element>().and_then(|r| r.query_selector("button").ok().flatten()) {
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}

/// Moves focus by so many items; 0 is the first.
fn focus_item(root: &NodeRef, by: i32) {
    let Some(items) = root.cast::<Element>().and_then(|r| r.query_selector_all(".menu-list .menu-item").ok())
    else {
        return;
    };
    let count = items.length() as i32;
    if count == 0 {
        return;
    }
    let active = dom::document().active_element();
    let at = (0..count).find(|i| {
        let item = items.get(*i as u32);
        item.is_some_and(|item| active.as_ref().is_some_and(|a| item.is_same_node(Some(a))))
    });
    let next = if by == 0 { 0 } else { at.map_or(0, |i| (i + by).rem_euclid(count)) };
    if let Some(item) = items.get(next as u32) {
        let _ = item.unchecked_into::<HtmlElement>().focus();
    }
}
