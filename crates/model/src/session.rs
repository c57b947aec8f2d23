//! Drives a run by messages: all that the page's worker does, without a worker.

use crate::messages::{FromWorker, ToWorker};

/// A run and how it is driven. The host brings messages, wall time and a way to send the answers.
#[derive(Default)]
pub struct Session {}

impl Session {
    /// A session without a design.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a message; gives the answers.
    pub fn handle(&mut self, message: ToWorker) -> Vec<FromWorker> {
        let _ = message;
        Vec::new()
    }

    /// Goes on for `wall_ms` of wall time since the last call, in at most `events_max` events. True when there is more
    /// to do at once: the host should call again as soon as it has read its messages.
    pub fn advance(&mut self, wall_ms: f64, events_max: u64) -> bool {
        let _ = (wall_ms, events_max);
        false
    }

    /// The state to be sent, unless the last one sent was not yet [seen](ToWorker::Seen) or nothing changed since.
    pub fn snapshot(&mut self) -> Option<FromWorker> {
        None
    }
}
