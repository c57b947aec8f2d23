//! Replications, confidence intervals and analytic formulas.
//!
//! Entry points: [`replicate::run_seeds`] runs a design over many seeds on all cores, [`replicate::merge`] makes one
//! summary with confidence intervals of theirs; [`across`] says of many seeds what a reader asks first, and [`bands`] what
//! their series lie between; [`formulas`] holds what theory says about the same systems.
//!
//! Absent by intent: the DOM, files and clocks. Threads are allowed here, and change no result.

// "[s]" and "[1/s]" in the documentation are units, not links.
#![allow(rustdoc::broken_intra_doc_links)]

pub mod across;
pub mod bands;
pub mod formulas;
pub mod replicate;
pub mod stats;
