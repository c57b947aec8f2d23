//! The bar on top: what is open, scenarios, files, undo, sharing, language and colours.

use super::files;
use super::menu::{Menu, item, radio};
use crate::dom;
use crate::env::Theme;
use crate::icons::{Icon, icon};
use crate::state::{Ctx, Dialog, Msg, Sheet, use_ctx};
use crate::storage;
use crate::texts::{Lang, checklist, commands, library, seeds, shell};
use headroom_editor::EditMsg;
use headroom_model::limits::LABEL_CHARS_MAX;
use headroom_model::scenarios::{self, Topic};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The bar on top.
#[component]
pub fn TopBar() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let edit = |message: EditMsg| ctx.on(move || Msg::Edit(message.clone()));
    html! {
        <header class="topbar">
            <span class="phone-only">
                <button type="button" class="button quiet only-icon" aria-label={lang.t(shell::MENU)} data-testid="menu"
                    onclick={ctx.on(|| Msg::ShowSheet(Some(Sheet::Menu)))}>{ icon(Icon::Menu) }</button>
            </span>
            <span class="brand"><Logo /><h1>{ "Headroom" }</h1></span>
            <Title />
            <nav class="wide-only group" aria-label={lang.t(shell::MENU)}>
                <Menu label={lang.t(shell::SCENARIOS)} icon={Icon::Book} testid="scenarios">{ scenario_items(&ctx) }</Menu>
                <Menu label={lang.t(shell::FILE)} icon={Icon::File} testid="file"><FileItems /></Menu>
            </nav>
            <span class="group">
                <button type="button" class="button quiet only-icon" disabled={!ctx.state.can_undo} aria-label={lang.t(shell::UNDO)}
                    title={format!("{} (Ctrl+Z)", lang.t(shell::UNDO))} data-testid="undo" onclick={edit(EditMsg::Undo)}>{ icon(Icon::Undo) }</button>
                <button type="button" class="button quiet only-icon" disabled={!ctx.state.can_redo} aria-label={lang.t(shell::REDO)}
                    title={format!("{} (Ctrl+Shift+Z)", lang.t(shell::REDO))} data-testid="redo" onclick={edit(EditMsg::Redo)}>{ icon(Icon::Redo) }</button>
            </span>
            <span class="spring" />
            <span class="wide-only group">
                <Menu label={lang.t(shell::LANGUAGE)} icon={Icon::Globe} icon_only=true end=true testid="language">{ language_items(&ctx) }</Menu>
                <Menu label={lang.t(shell::THEME)} icon={theme_icon(ctx.state.theme)} icon_only=true end=true testid="theme">{ theme_items(&ctx) }</Menu>
                <button type="button" class="button quiet only-icon" aria-label={lang.t(commands::SEARCH)} title={format!("{} (Ctrl+K)", lang.t(commands::SEARCH))}
                    data-testid="commands-open" onclick={ctx.on(|| Msg::Show(Some(Dialog::Commands)))}>{ icon(Icon::Search) }</button>
                <button type="button" class="button quiet only-icon" aria-label={lang.t(shell::SHORTCUTS)} title={format!("{} (?)", lang.t(shell::SHORTCUTS))}
                    data-testid="shortcuts" onclick={ctx.on(|| Msg::Show(Some(Dialog::Shortcuts)))}>{ icon(Icon::Keyboard) }</button>
            </span>
            <button type="button" class="button primary" data-testid="share" onclick={ctx.on(|| Msg::Show(Some(Dialog::Share)))}>
                { icon(Icon::Share) }<span>{ lang.t(shell::SHARE) }</span>
            </button>
        </header>
    }
}

/// The product's mark.
#[component]
pub fn Logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill="#175cd3" />
            <path d="M6 23h5V13h5v10h5V8h5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// The title of the design, to be typed over.
#[component]
fn Title() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let oninput = {
        let ctx = ctx.clone();
        Callback::from(move |e: InputEvent| ctx.edit(EditMsg::SetTitle(dom::value_of(&e))))
    };
    let onblur = ctx.on(|| Msg::Edit(EditMsg::Settle));
    html! {
        <input class="title" type="text" value={ctx.state.design.title.clone()} placeholder={lang.t(shell::UNTITLED)} aria-label={lang.t(shell::TITLE)}
            maxlength={LABEL_CHARS_MAX.to_string()} data-testid="title" readonly={!ctx.state.env.editable} {oninput} {onblur} />
    }
}

fn theme_icon(theme: Theme) -> Icon {
    match theme {
        Theme::System => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}

/// The scenarios, by what they are about.
fn scenario_items(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let groups = Topic::ALL.map(|topic| {
        let items = scenarios::ALL.iter().filter(|s| s.topic == topic).map(|scenario| {
            let open = ctx.on(move || Msg::OpenScenario(scenario));
            let id = format!("scenario-{}", scenario.id);
            item(lang.t(scenario.title), Some(lang.t(scenario.blurb)), None, id, open)
        });
        html! {
            <div class="menu-group" role="group" aria-label={lang.t(topic.label())}>
                <h4 aria-hidden="true">{ lang.t(topic.label()) }</h4>
                { for items }
            </div>
        }
    });
    html! { <div class="gallery">{ for groups }</div> }
}

/// New, open, save. Looked up when the menu opens: what the browser keeps changes meanwhile.
#[component]
fn FileItems() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let pick = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| files::pick(&ctx))
    };
    let before = storage::design_before().map(|text| {
        let name = lang.t(shell::FILE_BEFORE);
        ctx.on(move || Msg::OpenText(name.to_owned(), text.clone()))
    });
    html! {
        <>
            { item(lang.t(shell::FILE_NEW), None, Some(Icon::Plus), "file-new".to_owned(), ctx.on(|| Msg::New)) }
            { item(lang.t(shell::FILE_OPEN), None, Some(Icon::Open), "file-open".to_owned(), pick) }
            { for before.map(|open| item(lang.t(shell::FILE_BEFORE), None, Some(Icon::Clock), "file-before".to_owned(), open)) }
            { item(lang.t(checklist::TITLE), None, Some(Icon::Check), "file-checklist".to_owned(), ctx.on(|| Msg::Show(Some(Dialog::Checklist)))) }
            { item(lang.t(seeds::TITLE), None, Some(Icon::Bell), "file-seeds".to_owned(), ctx.on(|| Msg::Show(Some(Dialog::Seeds)))) }
            { item(lang.t(shell::FILE_SAVE), None, Some(Icon::Save), "file-save".to_owned(), ctx.on(|| Msg::Save)) }
            { item(lang.t(library::MENU_SAVE), None, Some(Icon::Star), "file-keep".to_owned(), ctx.on(|| Msg::Show(Some(Dialog::Library)))) }
            { item(lang.t(library::MENU_OPEN), None, Some(Icon::Book), "file-library".to_owned(), ctx.on(|| Msg::Show(Some(Dialog::Library)))) }
            { item(lang.t(library::TOUR_SHOW), None, Some(Icon::Lamp), "file-tour".to_owned(), ctx.on(|| Msg::Tour(Some(0)))) }
        </>
    }
}

/// The languages, each in its own words.
fn language_items(ctx: &Ctx) -> Html {
    let items = [(Lang::En, "English"), (Lang::Ko, "한국어")].map(|(lang, name)| {
        radio(
            name,
            ctx.lang() == lang,
            None,
            format!("lang-{}", lang.tag()),
            ctx.on(move || Msg::SetLang(lang)),
        )
    });
    html! { { for items } }
}

/// Light, dark, or as the system has it.
fn theme_items(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let items = [
        (Theme::System, shell::THEME_SYSTEM),
        (Theme::Light, shell::THEME_LIGHT),
        (Theme::Dark, shell::THEME_DARK),
    ]
    .map(|(theme, text)| {
        let chosen = ctx.state.theme == theme;
        let set = ctx.on(move || Msg::SetTheme(theme));
        radio(lang.t(text), chosen, Some(theme_icon(theme)), format!("theme-{}", theme.name()), set)
    });
    html! { { for items } }
}

/// Everything that the bar of a small screen has no room for.
#[component]
pub fn MenuSheet() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let keys = ctx.on(|| Msg::Show(Some(Dialog::Shortcuts)));
    // Choosing anything but a colour or a language leads away from the menu.
    let close = {
        let ctx = ctx.clone();
        Callback::from(move |e: MouseEvent| {
            let target = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            if target.is_some_and(|t| t.closest(".menu-item:not([aria-pressed])").ok().flatten().is_some()) {
                ctx.send(Msg::ShowSheet(None));
            }
        })
    };
    html! {
        <div class="menu-sheet" onclick={close}>
            <h3>{ lang.t(shell::SCENARIOS) }</h3>{ scenario_items(&ctx) }
            <h3>{ lang.t(shell::FILE) }</h3><FileItems />
            <h3>{ lang.t(shell::LANGUAGE) }</h3>{ language_items(&ctx) }
            <h3>{ lang.t(shell::THEME) }</h3>{ theme_items(&ctx) }
            { item(lang.t(commands::SEARCH), None, Some(Icon::Search), "menu-commands".to_owned(), ctx.on(|| Msg::Show(Some(Dialog::Commands)))) }
            { item(lang.t(shell::SHORTCUTS), None, Some(Icon::Keyboard), "menu-shortcuts".to_owned(), keys) }
        </div>
    }
}
