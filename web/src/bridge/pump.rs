//! Drives a session in short slices of wall time, so that messages are read between them. The same in a worker and on
//! the page's thread; it knows neither.

use headroom_model::messages::{FromWorker, RunState, ToWorker};
use headroom_model::session::Session;

/// Least time between two snapshots [ms]: about 60 a second.
const SNAPSHOT_MS: f64 = 1000.0 / 60.0;
/// Longest stretch of wall time that a call of the session is told of [ms]: a machine that slept does not catch up.
const WALL_MS_MAX: f64 = 250.0;
/// Events between two looks at the clock.
const EVENTS_PER_LOOK: u64 = 10_000;
/// How long to wait while the run keeps up with the clock [ms].
const PLAYING_WAIT_MS: i32 = 8;
/// How long to wait while nothing moves [ms]: only messages do something then.
const IDLE_WAIT_MS: i32 = 200;

/// When the next turn is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// As soon as waiting messages are read.
    Now,
    /// After so many milliseconds, or with the next message.
    After(i32),
}

/// A session and the clock that drives it.
pub struct Pump {
    session: Session,
    slice_ms: f64,
    last_ms: f64,
    last_snapshot_ms: f64,
    state: RunState,
}

impl Pump {
    /// A session that works for at most `slice_ms` at a stretch.
    pub fn new(slice_ms: f64, now_ms: f64) -> Self {
        Self {
            session: Session::new(),
            slice_ms,
            last_ms: now_ms,
            last_snapshot_ms: f64::NEG_INFINITY,
            state: RunState::Paused,
        }
    }

    /// Takes a message; gives the answers.
    pub fn handle(&mut self, message: ToWorker) -> Vec<FromWorker> {
        if !matches!(message, ToWorker::Seen(_)) {
            // Whatever it is, it may set things in motion; the next snapshot tells.
            self.state = RunState::Playing;
        }
        self.session.handle(message)
    }

    /// Works for a slice. `clock` tells wall time [ms].
    pub fn turn(&mut self, clock: impl Fn() -> f64) -> (Option<FromWorker>, Next) {
        let start = clock();
        let mut now = start;
        let more = loop {
            let wall_ms = (now - self.last_ms).clamp(0.0, WALL_MS_MAX);
            self.last_ms = now;
            let more = self.session.advance(wall_ms, EVENTS_PER_LOOK);
            now = clock();
            if !more || now - start >= self.slice_ms {
                break more;
            }
        };
        let mut snapshot = None;
        if now - self.last_snapshot_ms >= SNAPSHOT_MS {
            snapshot = self.session.snapshot();
            if let Some(FromWorker::Snapshot(s)) = &snapshot {
                self.last_snapshot_ms = now;
                self.state = s.state;
            }
        }
        let moving = matches!(self.state, RunState::Playing | RunState::CatchingUp);
        let next = match (more, moving) {
            (true, _) => Next::Now,
            (false, true) => Next::After(PLAYING_WAIT_MS),
            (false, false) => Next::After(IDLE_WAIT_MS),
        };
        (snapshot, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_session_without_a_design_waits_for_messages() {
        let time = Cell::new(0.0);
        let clock = || {
            time.set(time.get() + 1.0);
            time.get()
        };
        let mut pump = Pump::new(8.0, 0.0);
        let (snapshot, next) = pump.turn(clock);
        assert!(snapshot.is_none());
        assert_eq!(next, Next::After(IDLE_WAIT_MS));
    }
}
