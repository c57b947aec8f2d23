//! Cross-crate, validation, parity and browser tests.

pub mod fuzz;
pub mod random;
pub mod sampled;
pub mod seed_map;
pub mod validation;
