//! The parts of the page around canvas and charts.

pub mod beacon;
pub mod dialogs;
pub mod embed;
pub mod files;
pub mod hint;
pub mod inspector;
pub mod keys;
pub mod menu;
pub mod palette;
pub mod toasts;
pub mod topbar;
pub mod tour;
pub mod transport;
pub mod value;

use crate::canvas::Canvas;
use crate::icons::{Icon, icon};
use crate::panel::Panel;
use crate::state::{Ctx, Msg, Sheet, use_ctx};
use crate::texts::{panel, shell};
use headroom_model::text::Text;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn Shell() -> Html {
    let ctx = use_ctx();
    if ctx.state.env.embed {
        return html! { <embed::Embed /> };
    }
    let lang = ctx.lang();
    let sheet = ctx.state.sheet;
    html! {
        <div class="shell">
            <a class="skip" href="#main" onclick={skip(&ctx)}>{ lang.t(shell::SKIP) }</a>
            <topbar::TopBar />
            <Drawer sheet={Sheet::Palette} label={shell::PALETTE}><palette::Palette /></Drawer>
            <main id="main" class="stage" tabindex="-1">
                <hint::HintCard />
                <div class="canvas-slot"><Canvas /></div>
            </main>
            <Drawer sheet={Sheet::Inspector} label={shell::INSPECTOR}><inspector::Inspector /></Drawer>
            <transport::Transport />
            <div class={classes!("panel-slot", (!ctx.state.panel_open).then_some("closed"))}><Panel /></div>
            if sheet == Some(Sheet::Menu) {
                <Drawer sheet={Sheet::Menu} label={shell::MENU}><topbar::MenuSheet /></Drawer>
            }
            <Tabs />
            <toasts::Toasts />
            <dialogs::Dialogs />
            <tour::Tour />
            <beacon::Beacon />
        </div>
    }
}

/// Moves focus to the canvas without touching the address, which holds links.
fn skip(ctx: &Ctx) -> Callback<MouseEvent> {
    let canvas = ctx.canvas.clone();
    Callback::from(move |e: MouseEvent| {
        e.prevent_default();
        crate::dom::focus("#main");
        canvas.tell(crate::port::CanvasCommand::Focus);
    })
}

#[derive(Properties, PartialEq)]
struct DrawerProps {
    sheet: Sheet,
    label: Text,
    children: Html,
}

/// A part that stands beside the canvas on a wide screen and slides over it, when asked for, on a small one.
#[component]
fn Drawer(props: &DrawerProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let open = ctx.state.sheet == Some(props.sheet);
    let head = use_node_ref();
    {
        // Only a small screen shows the button; on a wide one nothing takes the focus.
        let head = head.clone();
        use_effect_with(open, move |open| {
            if *open && let Some(button) = head.cast::<web_sys::HtmlElement>() {
                let _ = button.focus();
            }
        });
    }
    let name = match props.sheet {
        Sheet::Palette => "drawer-palette",
        Sheet::Inspector => "drawer-inspector",
        Sheet::Menu => "drawer-menu",
    };
    html! {
        <aside class={classes!("drawer", name, open.then_some("open"))} aria-label={lang.t(props.label)} data-testid={name}>
            <div class="drawer-head">
                <h2>{ lang.t(props.label) }</h2>
                <button ref={head} type="button" class="button quiet only-icon" aria-label={lang.t(shell::CLOSE)} onclick={ctx.on(|| Msg::ShowSheet(None))}>{ icon(Icon::Close) }</button>
            </div>
            <div class="drawer-body">{ props.children.clone() }</div>
        </aside>
    }
}

/// The tabs of a small screen.
#[component]
fn Tabs() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let tab = |sheet: Sheet, glyph: Icon, text: Text, testid: &'static str| {
        let on = ctx.state.sheet == Some(sheet);
        let to = (!on).then_some(sheet);
        html! {
            <button type="button" class="tab" aria-pressed={on.to_string()} data-testid={testid} onclick={ctx.on(move || Msg::ShowSheet(to))}>
                { icon(glyph) }<span>{ lang.t(text) }</span>
            </button>
        }
    };
    let open = ctx.state.panel_open;
    html! {
        <nav class="tabs phone-only" aria-label={lang.t(shell::TABS)}>
            { tab(Sheet::Palette, Icon::Plus, shell::TAB_ADD, "tab-palette") }
            { tab(Sheet::Inspector, Icon::Sliders, shell::TAB_INSPECT, "tab-inspector") }
            <button type="button" class="tab" aria-pressed={open.to_string()} aria-label={lang.t(panel::CHARTS)} data-testid="tab-charts"
                onclick={ctx.on(move || Msg::ShowPanel(!open))}>{ icon(Icon::Chart) }<span>{ lang.t(shell::TAB_CHARTS) }</span></button>
        </nav>
    }
}
