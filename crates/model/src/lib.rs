//! The design document, every kind of component, and the session that runs a design.
//!
//! Entry points: [`design::Design::parse`] reads a design file and reports all faults at once; [`link`] packs a design
//! into a share link; [`sim::Simulation`] runs a design; [`session::Session`] drives a run by messages, as the page's
//! worker does; [`summary::Summary`] is what the command line and the page print at the end.
//!
//! Absent by intent: the DOM, files, threads and the wall clock. A host that has them drives a [`session::Session`].

pub mod checklist;
pub mod design;
pub mod faults;
pub mod kinds;
pub mod limits;
pub mod link;
pub mod messages;
pub mod notes;
pub mod order;
pub mod params;
pub mod places;
pub mod policy;
pub mod prices;
pub mod reason;
pub mod scenarios;
pub mod session;
pub mod sim;
pub mod summary;
pub mod text;
pub mod traffic;
pub mod verbs;
pub mod why;
