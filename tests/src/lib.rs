//! Cross-crate, validation, parity and browser tests.

pub mod random;
pub mod validation;
