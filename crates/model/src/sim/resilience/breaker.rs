//! A circuit breaker: closed, open, half-open (Nygard, Release It!, 2007, ch. 5; windows as in resilience4j).

use crate::design::{Breaker as Mode, WireParams};
use headroom_engine::{SimTime, ns_from_ms};
use std::collections::VecDeque;

/// When a breaker opens and closes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    mode: Mode,
    failures: u32,
    window: u32,
    /// Failures in a full window that open it.
    trips_at: u32,
    open_ns: u64,
    probes: u32,
}

impl Rule {
    pub fn new(p: &WireParams) -> Self {
        // The least number of failures whose share is the threshold or more.
        let trips_at = libm::ceil(p.breaker_share * f64::from(p.breaker_window) - 1e-9) as u32;
        Self {
            mode: p.breaker,
            failures: p.breaker_failures,
            window: p.breaker_window,
            trips_at: trips_at.max(1),
            open_ns: ns_from_ms(p.breaker_open_ms),
            probes: p.breaker_probes,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    /// Until then.
    Open(SimTime),
    /// Trial attempts under way, and how many have succeeded.
    HalfOpen {
        out: u32,
        good: u32,
    },
}

/// How long who fetches waits for the trials of a half-open breaker before it looks again [ns].
const TRIALS_AGAIN_NS: u64 = 10_000_000;

/// What an outcome changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Opened,
    Closed,
}

/// The breaker of one calling part.
#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    state: State,
    /// Grows with every change of state: outcomes of attempts that began before are not counted.
    generation: u32,
    in_a_row: u32,
    /// The last outcomes, true for a failure, and the failures among them.
    last: VecDeque<bool>,
    failed: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { state: State::Closed, generation: 0, in_a_row: 0, last: VecDeque::new(), failed: 0 }
    }
}

impl Breaker {
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    pub fn generation(&self) -> u32 {
        self.generation
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
        self.in_a_row = 0;
        self.last.clear();
        self.failed = 0;
    }

    /// Whether an attempt may go now. One that goes while half-open is a trial.
    #[inline]
    pub fn admits(&mut self, rule: &Rule, now: SimTime) -> bool {
        match &mut self.state {
            State::Closed => true,
            State::Open(until) if now < *until => false,
            State::Open(_) => {
                self.turn(State::HalfOpen { out: 1, good: 0 });
                true
            }
            State::HalfOpen { out, good } if *out + *good < rule.probes => {
                *out += 1;
                true
            }
            State::HalfOpen { .. } => false,
        }
    }

    /// When an attempt may go; none when it is now. While all trials are under way it is a guess, to be asked again.
    pub fn admits_at(&self, rule: &Rule, now: SimTime) -> Option<SimTime> {
        match self.state {
            State::Open(until) if now < until => Some(until),
            State::HalfOpen { out, good } if out + good >= rule.probes => {
                Some(now.saturating_add(TRIALS_AGAIN_NS))
            }
            _ => None,
        }
    }

    /// An attempt of this generation has ended.
    #[inline]
    pub fn ended(&mut self, rule: &Rule, now: SimTime, generation: u32, ok: bool) -> Option<Change> {
        if generation != self.generation {
            return None;
        }
        match &mut self.state {
            State::Closed => {
                if self.trips(rule, !ok) {
                    self.turn(State::Open(now.saturating_add(rule.open_ns)));
                    return Some(Change::Opened);
                }
            }
            State::HalfOpen { out, good } => {
                *out -= 1;
                if !ok {
                    // It was not closed in between, so nothing is opened that was not.
                    self.turn(State::Open(now.saturating_add(rule.open_ns)));
                } else {
                    *good += 1;
                    if *good >= rule.probes {
                        self.turn(State::Closed);
                        return Some(Change::Closed);
                    }
                }
            }
            State::Open(_) => {}
        }
        None
    }

    /// An attempt of this generation was given up; nobody knows what came of it.
    pub fn forgets(&mut self, generation: u32) {
        if generation == self.generation
            && let State::HalfOpen { out, .. } = &mut self.state
        {
            *out -= 1;
        }
    }

    fn trips(&mut self, rule: &Rule, failed: bool) -> bool {
        match rule.mode {
            Mode::Off => false,
            Mode::Consecutive => {
                self.in_a_row = if failed { self.in_a_row + 1 } else { 0 };
                self.in_a_row >= rule.failures
            }
            Mode::Window => {
                if self.last.len() >= rule.window as usize {
                    let oldest = self.last.pop_front().expect("the window is full");
                    self.failed -= u32::from(oldest);
                }
                self.last.push_back(failed);
                self.failed += u32::from(failed);
                self.last.len() >= rule.window as usize && self.failed >= rule.trips_at
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(change: impl Fn(&mut WireParams)) -> Rule {
        let mut p = WireParams { breaker: Mode::Consecutive, breaker_failures: 3, ..WireParams::default() };
        p.breaker_open_ms = 1_000.0;
        change(&mut p);
        Rule::new(&p)
    }

    fn at(s: f64) -> SimTime {
        SimTime::from_secs_f64(s)
    }

    /// Ends an attempt that was just admitted.
    fn end(b: &mut Breaker, rule: &Rule, s: f64, ok: bool) -> Option<Change> {
        b.ended(rule, at(s), b.generation(), ok)
    }

    #[test]
    fn so_many_failures_in_a_row_open_it_and_a_good_trial_closes_it() {
        let rule = rule(|_| {});
        let mut b = Breaker::default();
        for ok in [false, false, true, false, false] {
            assert!(b.admits(&rule, at(0.0)));
            assert_eq!(end(&mut b, &rule, 0.0, ok), None);
        }
        let before = b.generation();
        assert_eq!(end(&mut b, &rule, 0.0, false), Some(Change::Opened));
        assert!(!b.admits(&rule, at(0.999)));
        assert_eq!(b.ended(&rule, at(0.5), before, true), None, "a late answer of before changes nothing");
        assert!(b.admits(&rule, at(1.0)), "a trial");
        assert!(!b.admits(&rule, at(1.0)), "and no other meanwhile");
        assert_eq!(end(&mut b, &rule, 1.1, false), None);
        assert!(!b.admits(&rule, at(2.0)), "a failed trial opens it for as long again");
        assert!(b.admits(&rule, at(2.1)));
        b.forgets(b.generation());
        assert!(b.admits(&rule, at(2.2)), "a trial that was given up makes room for another");
        assert_eq!(end(&mut b, &rule, 2.3, true), Some(Change::Closed));
        assert!(b.is_closed() && b.admits(&rule, at(2.3)));
    }

    #[test]
    fn a_share_of_the_last_attempts_opens_it_once_the_window_is_full() {
        let rule = rule(|p| {
            p.breaker = Mode::Window;
            p.breaker_window = 4;
            p.breaker_probes = 2;
        });
        let mut b = Breaker::default();
        for (ok, change) in [(false, None), (false, None), (true, None), (true, Some(Change::Opened))] {
            assert_eq!(end(&mut b, &rule, 0.0, ok), change);
        }
        assert!(b.admits(&rule, at(1.0)) && b.admits(&rule, at(1.0)) && !b.admits(&rule, at(1.0)));
        assert_eq!(end(&mut b, &rule, 1.0, true), None);
        assert!(!b.admits(&rule, at(1.0)), "as many trials as wanted, no more");
        assert_eq!(end(&mut b, &rule, 1.0, true), Some(Change::Closed));
        for ok in [false, true, true, true, false, true] {
            assert_eq!(end(&mut b, &rule, 2.0, ok), None, "the oldest outcome leaves the window");
        }
        assert_eq!(end(&mut b, &rule, 2.0, false), Some(Change::Opened));
    }
}
