//! Followed requests that are to be shown moving: a sample of those that [`super::trace`] follows, small enough for a screen.
//!
//! Whoever shows them says how many it wants. A request is in the sample when the hash of its number is below a threshold,
//! so that all are as likely; where more come than there is room for, the threshold is halved and those above it are
//! dropped, so that what is left is still such a sample. Nothing here has any effect on a run.

use super::trace::Trace;
use headroom_engine::mix64;

/// Requests that are held at most until they are taken.
pub const REEL_MAX: usize = 64;
/// Calls of those requests that are held at most.
pub const REEL_SPANS_MAX: usize = 400;

/// Requests that have ended and are to be shown.
#[derive(Clone, Debug, Default)]
pub struct Reel {
    /// A request whose hash is not above this is shown; 0 when none is wanted.
    threshold: u64,
    ended: Vec<Trace>,
    spans: usize,
}

impl Reel {
    /// From now on those up to this threshold are wanted; 0 for none.
    pub fn want(&mut self, threshold: u64) {
        self.threshold = threshold;
        self.thin();
    }

    /// The threshold: lower than was wanted if that was too much.
    pub fn threshold(&self) -> u64 {
        self.threshold
    }

    /// Whether a request is in the sample.
    pub fn wants(&self, number: u64) -> bool {
        self.threshold > 0 && mix64(number) <= self.threshold
    }

    /// A followed request has ended.
    #[inline]
    pub fn offer(&mut self, trace: &Trace) {
        if !self.wants(trace.number) {
            return;
        }
        self.spans += trace.spans.len();
        self.ended.push(trace.clone());
        while self.ended.len() > 1 && (self.ended.len() > REEL_MAX || self.spans > REEL_SPANS_MAX) {
            self.threshold /= 2;
            self.thin();
        }
    }

    fn thin(&mut self) {
        let threshold = self.threshold;
        self.ended.retain(|t| threshold > 0 && mix64(t.number) <= threshold);
        self.spans = self.ended.iter().map(|t| t.spans.len()).sum();
    }

    /// What has ended since this was last asked, in the order of the ends.
    pub fn take(&mut self) -> Vec<Trace> {
        self.spans = 0;
        std::mem::take(&mut self.ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::trace::Span;

    fn trace(number: u64, spans: usize) -> Trace {
        Trace { number, spans: vec![Span::default(); spans], ..Trace::default() }
    }

    #[test]
    fn what_is_too_much_is_thinned_out_evenly_and_memory_is_bounded() {
        let mut reel = Reel::default();
        for n in 1..1_000 {
            reel.offer(&trace(n, 3));
        }
        assert!(reel.take().is_empty(), "nothing is held that nobody wants");
        reel.want(u64::MAX);
        let (mut halves, mut all) = ([0, 0], 0);
        for n in 1..=20_000 {
            reel.offer(&trace(n, 3));
            assert!(reel.ended.len() <= REEL_MAX && reel.spans <= REEL_SPANS_MAX);
        }
        for t in reel.take() {
            halves[usize::from(t.number > 10_000)] += 1;
            all += 1;
        }
        // Those of the first half are as many as those of the second: what came first has no advantage.
        assert!(all >= REEL_MAX / 4 && halves[0] >= 6 && halves[1] >= 6, "{halves:?}");
        let share = reel.threshold() as f64 / u64::MAX as f64;
        assert!((all as f64 / (20_000.0 * share) - 1.0).abs() < 0.5, "{all} with a share of {share}");
    }

    #[test]
    fn a_request_of_many_calls_is_held_alone() {
        let mut reel = Reel::default();
        reel.want(u64::MAX);
        for n in 1..50 {
            reel.offer(&trace(n, 250));
            assert!(reel.ended.len() <= 1 + REEL_SPANS_MAX / 250);
        }
    }
}
