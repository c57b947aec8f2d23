//! Every text of the page in every language. A text is a constant with both languages side by side, so that none can
//! be missing; each part of the page has its own file, and [`TABLES`] lists them for the test.
//!
//! In a component: `lang.t(shell::UNDO)`, or with numbers `lang.fill(run::SPEED_TIMES, &[("n", "2")])`.

use headroom_model::text::Text;

pub mod canvas;
pub mod checklist;
pub mod commands;
pub mod dialogs;
pub mod inspector;
pub mod library;
pub mod microscope;
pub mod panel;
pub mod run;
pub mod seeds;
pub mod shell;
pub mod summary;
pub mod why;
pub mod world;

/// Declares the texts of a part of the page: `NAME = "English", "한국어";`. `{name}` marks what is filled in.
macro_rules! texts {
    ($($name:ident = $en:literal, $ko:literal;)*) => {
        $(#[doc = concat!("\"", $en, "\"")] pub const $name: headroom_model::text::Text = headroom_model::text::Text::new($en, $ko);)*
        /// Every text of this part, by name.
        pub const ALL: &[(&str, headroom_model::text::Text)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use texts;

/// A file of texts: its name and its texts by name.
pub type Table = (&'static str, &'static [(&'static str, Text)]);

/// Every file of texts.
pub const TABLES: &[Table] = &[
    ("canvas", canvas::ALL),
    ("checklist", checklist::ALL),
    ("commands", commands::ALL),
    ("dialogs", dialogs::ALL),
    ("inspector", inspector::ALL),
    ("library", library::ALL),
    ("microscope", microscope::ALL),
    ("panel", panel::ALL),
    ("run", run::ALL),
    ("seeds", seeds::ALL),
    ("shell", shell::ALL),
    ("summary", summary::ALL),
    ("why", why::ALL),
];

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// Every language.
    pub const ALL: &'static [Lang] = &[Lang::En, Lang::Ko];

    /// The tag of HTML and URLs.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ko => "ko",
        }
    }

    /// The language of a tag such as `ko-KR`.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        Lang::ALL.iter().copied().find(|l| tag.split('-').next() == Some(l.tag()))
    }

    /// A text in this language.
    pub fn t(self, text: Text) -> &'static str {
        match self {
            Lang::En => text.en,
            Lang::Ko => text.ko,
        }
    }

    /// A text in this language with `{name}` replaced by values.
    pub fn fill(self, text: Text, values: &[(&str, &str)]) -> String {
        let mut filled = self.t(text).to_owned();
        for (name, value) in values {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text.split('{').skip(1).map(|s| s.split('}').next().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_fills_in_the_same() {
        for (table, texts) in TABLES {
            for (name, text) in *texts {
                assert!(!text.en.trim().is_empty() && !text.ko.trim().is_empty(), "{table}::{name} is empty");
                assert_eq!(places(text.en), places(text.ko), "{table}::{name}");
            }
        }
    }

    #[test]
    fn korean_texts_are_korean() {
        let hangul = |c: char| ('가'..='힣').contains(&c);
        for (table, texts) in TABLES {
            for (name, text) in *texts {
                // What is filled in is no word of the text.
                let own = text.en.split('{').map(|part| part.rsplit('}').next().unwrap_or(part));
                let words = own.flat_map(str::chars).filter(|c| c.is_ascii_lowercase()).count();
                assert!(words < 4 || text.ko.chars().any(hangul), "{table}::{name}: {}", text.ko);
            }
        }
    }

    #[test]
    fn values_are_filled_in_by_name() {
        let text = Text::new("{a} of {b}", "{b} 중 {a}");
        assert_eq!(Lang::Ko.fill(text, &[("a", "1"), ("b", "2")]), "2 중 1");
    }
}
