//! Levels over time: queue lengths, busy servers, requests in flight.
//!
//! A time average is an integral divided by a duration. Levels and times are integers here, so the integral is exact and
//! Little's law can be checked to the last digit.

use crate::time::SimTime;

/// An integer level that changes at moments of virtual time, and its exact integral [level·ns].
///
/// ∫ level dt up to t is level·t less the sum of every change times its moment, so that a change by one is one addition and
/// no product. Sums wrap around; the integral itself does not overflow and comes out right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Level {
    level: u64,
    max: u64,
    /// −Σ change·moment since the last restart, at which the level that was there counts as a change [level·ns, wrapping].
    moments: u128,
}

impl Level {
    /// Level 0 at time 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// From `now` on the level is `level`.
    #[inline]
    pub fn set(&mut self, now: SimTime, level: u64) {
        self.moments = self.moments.wrapping_add(area(now, self.level)).wrapping_sub(area(now, level));
        self.level = level;
        self.max = self.max.max(level);
    }

    /// From `now` on the level is one more.
    #[inline(always)]
    pub fn up(&mut self, now: SimTime) {
        self.moments = self.moments.wrapping_sub(u128::from(now.0));
        self.level += 1;
        self.max = self.max.max(self.level);
    }

    /// From `now` on the level is one less. It must not go below 0.
    #[inline(always)]
    pub fn down(&mut self, now: SimTime) {
        debug_assert!(self.level > 0, "the level goes below 0");
        self.moments = self.moments.wrapping_add(u128::from(now.0));
        self.level -= 1;
    }

    /// The level now.
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// ∫ level dt from the last restart (or the start) to `now` [level·ns].
    #[inline]
    pub fn integral_ns(&self, now: SimTime) -> u128 {
        area(now, self.level).wrapping_add(self.moments)
    }

    /// The time average from `since` (the last restart) to `now`; the level itself when no time has passed.
    pub fn mean(&self, now: SimTime, since: SimTime) -> f64 {
        self.mean_over(now, now.since(since))
    }

    /// The time average when the integral is over `span_ns`; the level itself when no time has passed.
    pub fn mean_over(&self, now: SimTime, span_ns: u64) -> f64 {
        match span_ns {
            0 => self.level as f64,
            span => self.integral_ns(now) as f64 / span as f64,
        }
    }

    /// From now on the integral up to `now` counts as this; the level stays.
    pub fn restate(&mut self, now: SimTime, integral_ns: u128) {
        self.moments = integral_ns.wrapping_sub(area(now, self.level));
    }

    /// The highest level since the last restart.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Forgets the past at the end of the warm-up; the level stays.
    pub fn restart(&mut self, now: SimTime) {
        *self =
            Level { level: self.level, max: self.level, moments: 0u128.wrapping_sub(area(now, self.level)) };
    }
}

#[inline]
fn area(now: SimTime, level: u64) -> u128 {
    u128::from(now.0) * u128::from(level)
}

/// Levels that [`LevelDist`] tells apart: 0 to 62, and "63 or more".
pub const LEVELS: usize = 64;

/// The time spent at each level [ns].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelDist {
    spent_ns: [u64; LEVELS],
    level: u64,
    last: SimTime,
}

impl Default for LevelDist {
    fn default() -> Self {
        LevelDist { spent_ns: [0; LEVELS], level: 0, last: SimTime::ZERO }
    }
}

impl LevelDist {
    /// Level 0 at time 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// From `now` on the level is `level`.
    #[inline]
    pub fn set(&mut self, now: SimTime, level: u64) {
        self.spent_ns[slot(self.level)] += now.since(self.last);
        self.last = now;
        self.level = level;
    }

    /// From `now` on the level is one more.
    #[inline(always)]
    pub fn up(&mut self, now: SimTime) {
        self.set(now, self.level + 1);
    }

    /// From `now` on the level is one less. It must not go below 0.
    #[inline(always)]
    pub fn down(&mut self, now: SimTime) {
        debug_assert!(self.level > 0, "the level goes below 0");
        self.set(now, self.level - 1);
    }

    /// The level now.
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// Time at each level from the last restart to `now` [ns]; the last slot is "63 or more".
    pub fn spent_ns(&self, now: SimTime) -> [u64; LEVELS] {
        let mut spent = self.spent_ns;
        spent[slot(self.level)] += now.since(self.last);
        spent
    }

    /// From now on the times at each level up to `now` count as these; the level stays.
    pub fn restate(&mut self, now: SimTime, spent_ns: [u64; LEVELS]) {
        self.spent_ns = spent_ns;
        self.last = now;
    }

    /// The share of the time with more than `n` there; `None` when no time has passed, or for `n` ≥ 63, which is past
    /// what is told apart.
    pub fn share_above(&self, now: SimTime, n: u64) -> Option<f64> {
        let spent = self.spent_ns(now);
        let above = spent.get(n as usize + 1..).filter(|s| !s.is_empty())?;
        let total: u64 = spent.iter().sum();
        (total > 0).then(|| above.iter().sum::<u64>() as f64 / total as f64)
    }

    /// Forgets the past at the end of the warm-up; the level stays.
    pub fn restart(&mut self, now: SimTime) {
        *self = LevelDist { spent_ns: [0; LEVELS], level: self.level, last: now };
    }
}

#[inline]
fn slot(level: u64) -> usize {
    level.min(LEVELS as u64 - 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn the_integral_is_exact() {
        let mut level = Level::new();
        level.set(SimTime(10), 2);
        level.up(SimTime(10));
        level.down(SimTime(15));
        assert_eq!(level.integral_ns(SimTime(20)), 3 * 5 + 2 * 5);
        assert_eq!(level.mean(SimTime(20), SimTime(10)), 2.5);
        assert_eq!((level.level(), level.max()), (2, 3));
        level.restart(SimTime(20));
        assert_eq!((level.integral_ns(SimTime(23)), level.max()), (6, 2));
        assert_eq!(level.mean(SimTime(20), SimTime(20)), 2.0);
    }

    #[test]
    fn a_restated_past_goes_on_from_the_present_level() {
        let (mut level, mut dist) = (Level::new(), LevelDist::new());
        level.set(SimTime(10), 3);
        dist.set(SimTime(10), 3);
        level.restate(SimTime(20), 700);
        let mut spent = dist.spent_ns(SimTime(20));
        spent[0] += 90;
        dist.restate(SimTime(20), spent);
        assert_eq!((level.integral_ns(SimTime(22)), level.level()), (706, 3));
        assert_eq!((dist.spent_ns(SimTime(22))[0], dist.spent_ns(SimTime(22))[3]), (100, 12));
        assert_eq!((level.mean_over(SimTime(22), 1412), level.mean_over(SimTime(22), 0)), (0.5, 3.0));
    }

    #[test]
    fn large_products_do_not_overflow() {
        let mut level = Level::new();
        level.set(SimTime::ZERO, 1 << 40);
        assert_eq!(level.integral_ns(SimTime(u64::MAX)), u128::from(u64::MAX) << 40);
    }

    #[test]
    fn the_distribution_agrees_with_the_integral() {
        let mut rng = Stream::new(2, "level", "test");
        let (mut level, mut dist, mut now) = (Level::new(), LevelDist::new(), SimTime::ZERO);
        for step in 0..5_000 {
            now = now + u64::from(rng.below(1_000));
            let to = u64::from(rng.below(63));
            level.set(now, to);
            dist.set(now, to);
            if step == 100 {
                level.restart(now);
                dist.restart(now);
            }
        }
        let end = now + 17;
        let spent = dist.spent_ns(end);
        let sum: u128 = spent.iter().zip(0u128..).map(|(&t, n)| u128::from(t) * n).sum();
        assert_eq!(sum, level.integral_ns(end));
        assert_eq!(dist.share_above(end, 62), Some(0.0));
        assert_eq!(dist.share_above(end, 63), None);
        let above_30 = spent[31..].iter().sum::<u64>() as f64 / spent.iter().sum::<u64>() as f64;
        assert_eq!(dist.share_above(end, 30), Some(above_30));
        assert_eq!(LevelDist::new().share_above(SimTime::ZERO, 0), None);
    }

    #[test]
    fn the_last_slot_means_or_more() {
        let mut dist = LevelDist::new();
        dist.set(SimTime(10), 1_000);
        dist.set(SimTime(20), 63);
        assert_eq!(dist.share_above(SimTime(40), 62), Some(0.75));
    }
}
