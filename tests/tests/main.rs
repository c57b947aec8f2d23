//! Checks across crates and over the repository itself, as one binary.
#![allow(clippy::unwrap_used)]

mod layers;
mod links;
mod repo;
mod versions;
