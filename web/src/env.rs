//! What the address of the page asks for: `?embed=1&run=click&theme=dark&lang=ko&ui=min&edit=0&scenario=cache-aside`.

use crate::texts::Lang;
use std::collections::BTreeMap;

/// How the run begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// It plays at once.
    #[default]
    Auto,
    /// It waits for a click.
    Click,
    /// It stands still; there is nothing to play it with.
    Off,
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The name in URLs and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of this name.
    pub fn from_name(name: &str) -> Option<Theme> {
        [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|t| t.name() == name)
    }
}

/// What the query of the address asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Env {
    /// A part of somebody else's page: canvas, one chart and play only.
    pub embed: bool,
    /// How the run begins.
    pub start: Start,
    /// Colours, if asked for.
    pub theme: Option<Theme>,
    /// Language, if asked for.
    pub lang: Option<Lang>,
    /// Show no more than the canvas and the run controls.
    pub minimal: bool,
    /// The design may be changed.
    pub editable: bool,
    /// A scenario by id.
    pub scenario: Option<String>,
    /// A moment to stand at [s].
    pub at_s: Option<f64>,
    /// The tour is shown, or never, whatever was seen before.
    pub tour: Option<bool>,
    /// A node to select.
    pub focus: Option<String>,
}

impl Env {
    /// Reads name and value pairs of a query. What is unknown or makes no sense is left out.
    pub fn from_pairs(pairs: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| pairs.get(name).map(String::as_str);
        let embed = matches!(get("embed"), Some("1" | "true"));
        Env {
            embed,
            start: match get("run") {
                Some("click") => Start::Click,
                Some("off") => Start::Off,
                Some(_) => Start::Auto,
                None if embed => Start::Click,
                None => Start::Auto,
            },
            theme: get("theme").and_then(Theme::from_name),
            lang: get("lang").and_then(Lang::from_tag),
            minimal: get("ui") == Some("min"),
            editable: match get("edit") {
                Some("0") => false,
                Some("1") => true,
                _ => !embed,
            },
            scenario: get("scenario").map(str::to_owned),
            at_s: get("t").and_then(|t| t.parse().ok()).filter(|t: &f64| t.is_finite() && *t >= 0.0),
            tour: get("tour").map(|t| t == "1"),
            focus: get("focus").map(str::to_owned),
        }
    }

    /// What the address of this page asks for.
    pub fn of_page() -> Self {
        let search = crate::dom::window().location().search().unwrap_or_default();
        let mut pairs = BTreeMap::new();
        if let Ok(params) = web_sys::UrlSearchParams::new_with_str(&search) {
            for name in ["embed", "run", "theme", "lang", "ui", "edit", "scenario", "t", "focus", "tour"] {
                if let Some(value) = params.get(name) {
                    pairs.insert(name.to_owned(), value);
                }
            }
        }
        Env::from_pairs(&pairs)
    }
}

/// Whether a program drives the browser, as tests do: it has no need of being shown around.
pub fn is_driven() -> bool {
    let navigator = crate::dom::window().navigator();
    js_sys::Reflect::get(&navigator, &"webdriver".into()).is_ok_and(|v| v.is_truthy())
}

/// The fragment of the page's address, without `#`.
pub fn fragment() -> String {
    let hash = crate::dom::window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// The address of the page without query and fragment.
pub fn page_url() -> String {
    let location = crate::dom::window().location();
    let origin = location.origin().unwrap_or_default();
    format!("{origin}{}", location.pathname().unwrap_or_default())
}

/// The first language of the browser that the page speaks.
pub fn browser_lang() -> Lang {
    let navigator = crate::dom::window().navigator();
    navigator.language().and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(query: &[(&str, &str)]) -> Env {
        Env::from_pairs(&query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn a_page_plays_and_can_be_edited_and_an_embed_waits_and_cannot() {
        let page = env(&[]);
        assert_eq!((page.embed, page.start, page.editable), (false, Start::Auto, true));
        let embed = env(&[("embed", "1")]);
        assert_eq!((embed.embed, embed.start, embed.editable), (true, Start::Click, false));
        let open =
            env(&[("embed", "1"), ("edit", "1"), ("run", "auto"), ("lang", "ko-KR"), ("theme", "dark")]);
        assert_eq!((open.start, open.editable, open.lang), (Start::Auto, true, Some(Lang::Ko)));
        assert_eq!(open.theme, Some(Theme::Dark));
    }

    #[test]
    fn nonsense_is_left_out() {
        let odd = env(&[("t", "soon"), ("lang", "tlh"), ("theme", "pink"), ("ui", "huge")]);
        assert_eq!((odd.at_s, odd.lang, odd.theme, odd.minimal), (None, None, None, false));
    }
}
