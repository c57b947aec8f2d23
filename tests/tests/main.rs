//! Checks across crates and over the repository itself, as one binary.
#![allow(clippy::unwrap_used)]

mod generated;
mod knobs;
mod layers;
mod links;
mod more_neighbours;
mod neighbours;
mod properties;
mod repo;
mod validation;
mod versions;
