//! Text that a user reads, in every language that the page speaks.

/// A short text in English and Korean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

impl Text {
    /// A text in both languages.
    pub const fn new(en: &'static str, ko: &'static str) -> Self {
        Self { en, ko }
    }
}
