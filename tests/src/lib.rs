//! Cross-crate, validation, parity and browser tests.
