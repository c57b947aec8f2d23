//! Virtual time: whole nanoseconds since the start of a run.
//!
//! Integers, so that adding up durations is exact and the same on every machine. A `u64` of nanoseconds lasts 584 years.

use std::fmt;
use std::ops::Add;

/// Nanoseconds in a second.
pub const NS_PER_SEC: u64 = 1_000_000_000;

/// A moment of virtual time [ns since the start of the run].
///
/// Durations are plain `u64` nanoseconds; adding one saturates at [`SimTime::MAX`], which means "never".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: SimTime = SimTime(0);
    /// The end of time; used as "never".
    pub const MAX: SimTime = SimTime(u64::MAX);

    /// The moment `secs` seconds after the start, rounded to the nearest nanosecond.
    ///
    /// Saturates at [`SimTime::MAX`]; a negative number and NaN give [`SimTime::ZERO`].
    #[inline]
    pub fn from_secs_f64(secs: f64) -> Self {
        SimTime(ns_from_secs(secs))
    }

    /// Seconds since the start of the run [s].
    #[inline]
    pub fn as_secs_f64(self) -> f64 {
        secs_from_ns(self.0)
    }

    /// The moment `ns` nanoseconds later, at most [`SimTime::MAX`].
    #[inline]
    #[must_use]
    pub const fn saturating_add(self, ns: u64) -> Self {
        SimTime(self.0.saturating_add(ns))
    }

    /// Nanoseconds since `earlier`; 0 when `earlier` is in fact later [ns].
    #[inline]
    pub const fn since(self, earlier: SimTime) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Adds a duration in nanoseconds; saturates.
impl Add<u64> for SimTime {
    type Output = SimTime;
    #[inline]
    fn add(self, ns: u64) -> SimTime {
        self.saturating_add(ns)
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09} s", self.0 / NS_PER_SEC, self.0 % NS_PER_SEC)
    }
}

/// Seconds to nanoseconds, rounded to the nearest; saturates, and negative or NaN gives 0.
#[inline]
pub fn ns_from_secs(secs: f64) -> u64 {
    round_ns(secs * 1e9)
}

/// Milliseconds to nanoseconds, rounded to the nearest; saturates, and negative or NaN gives 0.
#[inline]
pub fn ns_from_ms(ms: f64) -> u64 {
    round_ns(ms * 1e6)
}

/// Nanoseconds to seconds [s].
#[inline]
pub fn secs_from_ns(ns: u64) -> f64 {
    ns as f64 / 1e9
}

#[inline]
fn round_ns(ns: f64) -> u64 {
    // From 2^52 on a double has no fraction left, and adding a half could round up by one.
    if (0.0..4_503_599_627_370_496.0).contains(&ns) {
        // By way of a signed number, which processors have an instruction for.
        (ns + 0.5) as i64 as u64
    } else {
        // The cast saturates, and takes NaN to 0.
        ns as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_nanosecond_and_saturate() {
        for (secs, ns) in [
            (0.0, 0),
            (-1.0, 0),
            (f64::NAN, 0),
            (f64::INFINITY, u64::MAX),
            (1e300, u64::MAX),
            (1.0, NS_PER_SEC),
            (0.25e-9, 0),
            (0.75e-9, 1),
            (1.4999e-9, 1),
            (0.1, 100_000_000),
            (10_000.0, 10_000 * NS_PER_SEC),
        ] {
            assert_eq!(SimTime::from_secs_f64(secs), SimTime(ns), "{secs}");
        }
        assert_eq!(ns_from_ms(1.5), 1_500_000);
        assert_eq!(SimTime(1_500_000_000).as_secs_f64(), 1.5);
        assert_eq!(SimTime(1_500_000_001).to_string(), "1.500000001 s");
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(SimTime(5) + 3, SimTime(8));
        assert_eq!(SimTime::MAX + 1, SimTime::MAX);
        assert_eq!(SimTime(5).since(SimTime(3)), 2);
        assert_eq!(SimTime(3).since(SimTime(5)), 0);
    }
}
