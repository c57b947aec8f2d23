//! Designs that the browser keeps under a name: save, open, rename, delete, and go back to a version.

use super::Modal;
use crate::dom;
use crate::icons::{Icon, icon};
use crate::library::{self, Saved, Trouble, Version};
use crate::state::{Msg, use_ctx};
use crate::storage::Browser;
use crate::texts::{Lang, library as texts, shell};
use headroom_model::limits::LABEL_CHARS_MAX;
use headroom_model::text::Text;
use js_sys::Date;
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::prelude::*;

fn reason(trouble: Trouble) -> Text {
    match trouble {
        Trouble::Denied => texts::DENIED,
        Trouble::Full => texts::FULL,
        Trouble::Many => texts::MANY,
        Trouble::Taken => texts::TAKEN,
        Trouble::Nameless => texts::NAMELESS,
    }
}

/// A moment as people of this language write it.
fn date(at_ms: f64, lang: Lang) -> String {
    let tag = if lang == Lang::Ko { "ko-KR" } else { "en-GB" };
    Date::new(&at_ms.into()).to_locale_string(tag, &js_sys::Object::new()).into()
}

/// What one of the designs is asked.
#[derive(Clone, PartialEq)]
enum Asked {
    Rename(String),
    Delete(String),
}

/// What is said below the field: well done, or what is wrong.
type Said = Option<Result<String, String>>;

/// Designs that the browser keeps.
#[component]
pub fn Library() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let title = ctx.state.design.title.clone();
    let name = use_state(|| if title.is_empty() { lang.t(shell::UNTITLED).to_owned() } else { title });
    let said = use_state(|| Said::None);
    let asked = use_state(|| None::<Asked>);
    let (all, denied) = match library::list(&Browser) {
        Ok(all) => (all, None),
        Err(trouble) => (Vec::new(), Some(lang.t(reason(trouble)).to_owned())),
    };
    let tell = {
        let said = said.clone();
        move |done: Result<(), Trouble>, text: Text, name: &str| {
            said.set(Some(match done {
                Ok(()) => Ok(lang.fill(text, &[("name", name)])),
                Err(trouble) => Err(lang.t(reason(trouble)).to_owned()),
            }));
        }
    };
    let onsave = {
        let (ctx, name, tell) = (ctx.clone(), name.clone(), tell.clone());
        Callback::from(move |e: SubmitEvent| {
            e.prevent_default();
            let done = library::save(&Browser, &name, &ctx.desk.document(), Date::now());
            tell(done, texts::SAVED, name.trim());
        })
    };
    let oninput = {
        let name = name.clone();
        Callback::from(move |e: InputEvent| name.set(dom::value_of(&e)))
    };
    let exists = all.iter().any(|s| s.name == name.trim());
    let open = |version: &Version| {
        let (ctx, said, design) = (ctx.clone(), said.clone(), version.clone());
        Callback::from(move |_: MouseEvent| match design.design() {
            Some(design) => ctx.send(Msg::Open(Box::new(design))),
            None => said.set(Some(Err(lang.t(texts::BROKEN).to_owned()))),
        })
    };
    let ask = |what: Option<Asked>| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(what.clone()))
    };
    let row = |saved: &Saved| {
        let of = |what: Text| lang.fill(texts::OF, &[("what", lang.t(what)), ("name", &saved.name)]);
        let latest = &saved.versions[0];
        let below = match &*asked {
            Some(Asked::Rename(name)) if *name == saved.name => {
                let onsubmit = {
                    let (saved, asked, tell) = (saved.clone(), asked.clone(), tell.clone());
                    Callback::from(move |e: SubmitEvent| {
                        e.prevent_default();
                        let form: web_sys::Element = e.target_unchecked_into();
                        let field = form.query_selector("input").ok().flatten();
                        use wasm_bindgen::JsCast;
                        let Some(field) = field.and_then(|f| f.dyn_into::<HtmlInputElement>().ok()) else {
                            return;
                        };
                        let new = field.value();
                        tell(library::rename(&Browser, &saved, &new), texts::RENAMED, new.trim());
                        asked.set(None);
                    })
                };
                html! {
                    <form class="copy-row" {onsubmit}>
                        <input class="field" type="text" value={saved.name.clone()} maxlength={LABEL_CHARS_MAX.to_string()} data-testid="library-new-name"
                            aria-label={lang.fill(texts::NEW_NAME, &[("name", &saved.name)])} />
                        <button type="submit" class="button" data-testid="library-rename-do">{ lang.t(texts::RENAME) }</button>
                    </form>
                }
            }
            Some(Asked::Delete(name)) if *name == saved.name => {
                let onclick = {
                    let (saved, asked, tell) = (saved.clone(), asked.clone(), tell.clone());
                    Callback::from(move |_: MouseEvent| {
                        library::delete(&Browser, &saved);
                        tell(Ok(()), texts::DELETED, &saved.name);
                        asked.set(None);
                    })
                };
                html! {
                    <p class="library-sure">
                        <span>{ lang.t(texts::DELETE_SURE) }</span>
                        <button type="button" class="button danger" data-testid="library-delete-do" {onclick}>{ lang.t(texts::DELETE) }</button>
                        <button type="button" class="button" onclick={ask(None)}>{ lang.t(texts::KEEP) }</button>
                    </p>
                }
            }
            _ => html! {},
        };
        let versions = saved.versions.iter().map(|version| {
            html! {
                <li><span class="num">{ date(version.at_ms, lang) }</span>
                    <button type="button" class="button tiny" data-testid="library-version" onclick={open(version)}>{ lang.t(texts::OPEN) }</button></li>
            }
        });
        let count = saved.versions.len();
        let again = |what: Asked| ask(if asked.as_ref() == Some(&what) { None } else { Some(what) });
        html! {
            <li key={saved.name.clone()} data-saved={saved.name.clone()}>
                <div class="library-row">
                    <span class="library-name"><b>{ saved.name.clone() }</b><small class="muted num">{ date(latest.at_ms, lang) }</small></span>
                    <button type="button" class="button" aria-label={of(texts::OPEN)} data-testid="library-open" onclick={open(latest)}>{ lang.t(texts::OPEN) }</button>
                    <button type="button" class="button" aria-label={of(texts::RENAME)} data-testid="library-rename"
                        onclick={again(Asked::Rename(saved.name.clone()))}>{ lang.t(texts::RENAME) }</button>
                    <button type="button" class="button danger only-icon" aria-label={of(texts::DELETE)} title={lang.t(texts::DELETE)} data-testid="library-delete"
                        onclick={again(Asked::Delete(saved.name.clone()))}>{ icon(Icon::Trash) }</button>
                </div>
                { below }
                if count > 1 {
                    <details><summary data-testid="library-versions">{ lang.fill(texts::VERSIONS, &[("n", &count.to_string())]) }</summary>
                        <ul class="library-versions">{ for versions }</ul></details>
                }
            </li>
        }
    };
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="library">
            <p class="muted">{ lang.t(texts::WHAT) }</p>
            <form class="copy-field" onsubmit={onsave}>
                <label for="library-name">{ lang.t(texts::NAME) }</label>
                <div class="copy-row">
                    <input id="library-name" class="field" type="text" value={(*name).clone()} maxlength={LABEL_CHARS_MAX.to_string()} data-testid="library-name" {oninput} />
                    <button type="submit" class="button primary" data-testid="library-save">{ lang.t(if exists { texts::SAVE_AGAIN } else { texts::SAVE }) }</button>
                </div>
            </form>
            if let Some(why) = denied.or_else(|| said.as_ref().and_then(|s| s.clone().err())) {
                <p class="error" role="alert" data-testid="library-error">{ why }</p>
            }
            if let Some(Ok(words)) = &*said { <p role="status" data-testid="library-said">{ words.clone() }</p> }
            if all.is_empty() { <p class="muted">{ lang.t(texts::EMPTY) }</p> }
            <ul class="library-list">{ for all.iter().map(row) }</ul>
        </Modal>
    }
}
