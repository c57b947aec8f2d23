//! The core of a discrete-event simulator: virtual time, the event queue, random streams, and exact measurement.
//!
//! A run is a loop: take the next event from an [`EventQueue`], let it change the state, push the events that follow.
//! Durations are drawn from a [`Sampler`] with a [`Stream`], records live in an [`Arena`], pending timeouts in
//! [`DeadlineList`]s; what happened is counted by [`Hist`], [`Level`] and [`Running`], and fingerprinted by [`RunHash`].
//!
//! # What holds, and what is absent
//! - The same calls give the same bits, natively and in WebAssembly ([`golden`] is the proof). Hence integer time, ties
//!   first-in first-out, and `libm` for all mathematics beyond `+ - * /` and `sqrt`.
//! - There is no clock, no thread, no file, no entropy and no hash map in this crate.
//! - It knows no web architectures and no formats: no servers, no requests, no serde.
//! - Every state is `Clone`, and a clone continues exactly as the original: that is what a snapshot is.
//! - Nothing allocates in the steady state, and everything bounded says what happens at its bound.

// "[ns]" and "[s]" in the documentation are units, not links.
#![allow(rustdoc::broken_intra_doc_links)]

pub mod arena;
mod golden;
pub mod hash;
pub mod hist;
pub mod integral;
pub mod law;
pub mod queue;
pub mod rng;
pub mod stats;
#[cfg(test)]
mod testing;
pub mod time;
pub mod timeouts;
mod ziggurat;
pub mod zipf;

pub use arena::{Arena, NIL};
pub use golden::golden;
pub use hash::RunHash;
pub use hist::{Hist, WindowHist};
pub use integral::{LEVELS, Level, LevelDist};
pub use law::{Law, Sampler};
pub use queue::EventQueue;
pub use rng::{Stream, hash2, mix64};
pub use stats::Running;
pub use time::{SimTime, ns_from_ms, ns_from_secs, secs_from_ns};
pub use timeouts::{DeadlineList, Links};
pub use zipf::Popularity;
