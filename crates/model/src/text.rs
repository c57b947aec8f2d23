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
    /// A text in both languages. Empty without the feature `texts`: what only simulates carries no texts that nobody reads.
    pub const fn new(en: &'static str, ko: &'static str) -> Self {
        if cfg!(feature = "texts") { Self { en, ko } } else { Self { en: "", ko: "" } }
    }
}
