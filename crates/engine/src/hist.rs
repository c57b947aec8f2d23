//! Histograms of durations that can be merged.
//!
//! Percentiles of percentiles mean nothing, so what is kept is counts: high-dynamic-range histograms, whose bins have a fixed
//! relative width. The bins are those of the `hdrhistogram` crate, and a test holds them against it; they are counted here,
//! because every call of a run is counted several times, and knowing the range at compile time makes that a third of the cost.
//! Count, sum, smallest and largest value are kept exactly beside them.

use crate::time::{ns_from_secs, secs_from_ns};
use std::ops::RangeInclusive;

/// The finest difference that a histogram must tell apart [ns]. (Bins start at the power of two below: 128 ns.)
pub const LOWEST_NS: u64 = 250;
/// The longest duration that has a bin of its own [ns]: 10 000 s. Longer ones count in the last bin.
pub const HIGHEST_NS: u64 = 10_000 * 1_000_000_000;

/// Results of a run: 3 significant digits, about 115 kB once something is recorded.
pub type Hist = DurationHist<3>;
/// Live windows: 2 significant digits, about 16 kB, quick to clear.
pub type WindowHist = DurationHist<2>;

/// The bins of a histogram: where a value counts, and what a place stands for.
struct Bins<const DIGITS: u8>;

impl<const DIGITS: u8> Bins<DIGITS> {
    /// log2 of the width of the first bins.
    const UNIT: u32 = LOWEST_NS.ilog2();
    /// log2 of half the number of bins to a power of two: as many as tell 2·10^DIGITS values apart.
    const HALF: u32 = (2 * 10_u64.pow(DIGITS as u32)).next_power_of_two().ilog2() - 1;
    const LAST: usize = Self::index(HIGHEST_NS);
    /// Up to the end of the power of two that the longest duration is in.
    const COUNT: usize = ((Self::LAST >> Self::HALF) + 1) << Self::HALF;

    /// Where a value counts; past the end for one that is too long.
    #[inline]
    const fn index(ns: u64) -> usize {
        let first_power = (2 << (Self::HALF + Self::UNIT)) - 1;
        let power = (63 - Self::HALF - Self::UNIT) - (ns | first_power).leading_zeros();
        ((power as usize) << Self::HALF) + (ns >> (power + Self::UNIT)) as usize
    }

    /// Where a value counts, whatever it is.
    #[inline]
    const fn index_or_last(ns: u64) -> usize {
        let index = Self::index(ns);
        if index < Self::COUNT { index } else { Self::LAST }
    }

    /// The smallest value of a bin, and its width [ns].
    const fn bounds(index: usize) -> (u64, u64) {
        let power = (index >> Self::HALF).saturating_sub(1);
        let width = 1 << (power as u32 + Self::UNIT);
        ((index - (power << Self::HALF)) as u64 * width, width)
    }
}

/// A histogram of durations with `DIGITS` significant decimal digits. Takes no memory until the first record.
#[derive(Clone, Debug, Default)]
pub struct DurationHist<const DIGITS: u8> {
    bins: Option<Box<[u32]>>,
    /// Exact zeros: "did not wait at all" is not "waited less than a bin".
    zeros: u64,
    count: u64,
    sum_ns: u128,
    sum_squares_ns2: f64,
    min_ns: u64,
    max_ns: u64,
}

impl<const DIGITS: u8> DurationHist<DIGITS> {
    /// Significant decimal digits: values are told apart to 1 part in 10^SIGNIFICANT or better.
    pub const SIGNIFICANT: u8 = DIGITS;

    /// An empty histogram.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one duration [ns].
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.record_all(std::iter::once(ns));
    }

    /// Counts durations, one after the other [ns]: the same as [`Self::record`] for each, and much quicker, as what is kept
    /// beside the bins stays in registers.
    #[inline]
    pub fn record_all(&mut self, durations_ns: impl Iterator<Item = u64> + Clone) {
        if self.wants_no_bins(durations_ns.clone()) {
            return self.count_zeros(durations_ns.count() as u64);
        }
        let bins = self.bins.get_or_insert_with(new_bins::<DIGITS>);
        let mut tally = Tally::default();
        let mut squares = self.sum_squares_ns2;
        for ns in durations_ns {
            let (some, square) = tally.take(ns);
            squares += square;
            let bin = &mut bins[Bins::<DIGITS>::index_or_last(ns)];
            *bin = bin.saturating_add(some);
        }
        self.sum_squares_ns2 = squares;
        self.add_tally(&tally);
    }

    /// Counts durations here and in another histogram [ns]: the same as [`Self::record_all`] for each, and quicker.
    #[inline]
    pub fn record_all_with<const OTHER: u8>(
        &mut self,
        other: &mut DurationHist<OTHER>,
        durations_ns: impl Iterator<Item = u64> + Clone,
    ) {
        if self.wants_no_bins(durations_ns.clone()) || other.wants_no_bins(durations_ns.clone()) {
            self.record_all(durations_ns.clone());
            return other.record_all(durations_ns);
        }
        let bins = self.bins.get_or_insert_with(new_bins::<DIGITS>);
        let other_bins = other.bins.get_or_insert_with(new_bins::<OTHER>);
        let mut tally = Tally::default();
        let (mut squares, mut other_squares) = (self.sum_squares_ns2, other.sum_squares_ns2);
        for ns in durations_ns {
            let (some, square) = tally.take(ns);
            squares += square;
            other_squares += square;
            let bin = &mut bins[Bins::<DIGITS>::index_or_last(ns)];
            *bin = bin.saturating_add(some);
            let bin = &mut other_bins[Bins::<OTHER>::index_or_last(ns)];
            *bin = bin.saturating_add(some);
        }
        self.sum_squares_ns2 = squares;
        self.add_tally(&tally);
        other.sum_squares_ns2 = other_squares;
        other.add_tally(&tally);
    }

    /// Where nobody ever waits there is no need for bins.
    #[inline]
    fn wants_no_bins(&self, mut durations_ns: impl Iterator<Item = u64>) -> bool {
        self.bins.is_none() && durations_ns.all(|ns| ns == 0)
    }

    fn count_zeros(&mut self, zeros: u64) {
        if zeros > 0 {
            self.min_ns = 0;
            self.count += zeros;
            self.zeros += zeros;
        }
    }

    fn add_tally(&mut self, tally: &Tally) {
        if tally.count > 0 {
            self.min_ns = if self.count == 0 { tally.least } else { self.min_ns.min(tally.least) };
            self.max_ns = self.max_ns.max(tally.most);
            self.count += tally.count;
            self.zeros += tally.zeros;
            self.sum_ns += u128::from(tally.low) + (u128::from(tally.high) << 32);
        }
    }

    /// Durations counted.
    #[inline]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The exact sum [ns].
    pub fn sum_ns(&self) -> u128 {
        self.sum_ns
    }

    /// The exact sum of the squares up to rounding of doubles [ns²].
    pub fn sum_squares_ns2(&self) -> f64 {
        self.sum_squares_ns2
    }

    /// Mean of the exact values [s]; 0 when empty.
    pub fn mean_s(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum_ns as f64 / self.count as f64 / 1e9 }
    }

    /// Sample standard deviation of the exact values [s]; 0 for fewer than two.
    pub fn sd_s(&self) -> f64 {
        // Equal values: rounding in the sums would leave a ghost of a deviation.
        if self.count < 2 || self.min_ns == self.max_ns {
            return 0.0;
        }
        let (n, sum) = (self.count as f64, self.sum_ns as f64);
        let variance = (self.sum_squares_ns2 - sum * (sum / n)) / (n - 1.0);
        libm::sqrt(variance.max(0.0)) / 1e9
    }

    /// The smallest value, exact [s]; 0 when empty.
    pub fn min_s(&self) -> f64 {
        secs_from_ns(self.min_ns)
    }

    /// The largest value, exact [s]; 0 when empty.
    pub fn max_s(&self) -> f64 {
        secs_from_ns(self.max_ns)
    }

    /// The `q`-quantile, `q` in 0..=1 [s]; 0 when empty.
    ///
    /// The value of rank ⌈q·n⌉, taken as the middle of its bin, so that it is not off to one side on the whole, and kept
    /// within the exact smallest and largest value.
    pub fn quantile_s(&self, q: f64) -> f64 {
        secs_from_ns(self.quantile_ns(q))
    }

    /// [`Self::quantile_s`] in nanoseconds [ns].
    pub fn quantile_ns(&self, q: f64) -> u64 {
        // 0.07 · 100 is a little more than 7 in doubles; the slack keeps such a product from going up a rank.
        let rank = (q * self.count as f64 - 1e-9).max(0.0);
        let rank = (libm::ceil(rank) as u64).clamp(1, self.count.max(1));
        let Some(rank) = rank.checked_sub(self.zeros).filter(|r| *r > 0) else { return 0 };
        let mut sum = 0;
        for (index, count) in self.used_bins() {
            sum += u64::from(count);
            if sum >= rank {
                let (low, width) = Bins::<DIGITS>::bounds(index);
                return (low + width / 2).clamp(self.min_ns, self.max_ns);
            }
        }
        0
    }

    /// The bins between the smallest and the largest value, with their places.
    fn used_bins(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let used = self.used();
        let bins = self.bins.as_deref().map_or(&[][..], |bins| &bins[used.clone()]);
        used.zip(bins.iter().copied())
    }

    fn used(&self) -> RangeInclusive<usize> {
        // Too long ones count in the bin of the longest duration, which bins between it and the end are past.
        let last = Bins::<DIGITS>::index(self.max_ns).min(Bins::<DIGITS>::COUNT - 1);
        Bins::<DIGITS>::index_or_last(self.min_ns).min(Bins::<DIGITS>::LAST)..=last
    }

    /// The share of the values that are greater than `threshold_s` seconds; 0 when empty.
    ///
    /// Within the bin of the threshold, values are taken as evenly spread.
    pub fn share_above_s(&self, threshold_s: f64) -> f64 {
        let threshold = ns_from_secs(threshold_s);
        if self.count == 0 || (threshold >= self.max_ns && threshold_s >= 0.0) {
            return 0.0;
        }
        if threshold < self.min_ns || threshold_s < 0.0 {
            return 1.0;
        }
        if threshold == 0 {
            return (self.count - self.zeros) as f64 / self.count as f64;
        }
        let Some(bins) = self.bins.as_deref() else { return 0.0 };
        let index = Bins::<DIGITS>::index_or_last(threshold);
        let here = f64::from(bins[index]);
        let beyond = bins[index + 1..].iter().map(|n| u64::from(*n)).sum::<u64>() as f64;
        // The part of the bin that can hold values at all, and of that the part above the threshold.
        let (low, width) = Bins::<DIGITS>::bounds(index);
        let first = low.max(self.min_ns);
        let last = (low + width - 1).min(self.max_ns);
        let part = last.saturating_sub(threshold) as f64 / (last - first + 1) as f64;
        (beyond + here * part) / self.count as f64
    }

    /// Adds all that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.min_ns = if self.count == 0 { other.min_ns } else { self.min_ns.min(other.min_ns) };
        self.max_ns = self.max_ns.max(other.max_ns);
        self.count += other.count;
        self.zeros += other.zeros;
        self.sum_ns += other.sum_ns;
        self.sum_squares_ns2 += other.sum_squares_ns2;
        if let Some(theirs) = other.bins.as_deref() {
            let ours = self.bins.get_or_insert_with(new_bins::<DIGITS>);
            let used = other.used();
            for (ours, theirs) in ours[used.clone()].iter_mut().zip(&theirs[used]) {
                *ours = ours.saturating_add(*theirs);
            }
        }
    }

    /// What was counted since `mark`, a copy of this from an earlier moment, each `weight` times. Parts of a count are carried
    /// on to the next bin, so that the whole is the weighted whole to half a count, and a long tail is not rounded away.
    /// The smallest and largest values are those of all times.
    #[must_use]
    pub fn weighted_since(&self, mark: &Self, weight: f64) -> Self {
        let mut gain = Self::new();
        let mut rest = 0.0;
        let mut carry = |n: u64| {
            rest += n as f64 * weight;
            let whole = libm::floor(rest + 0.5);
            rest -= whole;
            whole as u64
        };
        gain.zeros = carry(self.zeros.saturating_sub(mark.zeros));
        gain.count = gain.zeros;
        if let Some(bins) = self.bins.as_deref() {
            let into = gain.bins.get_or_insert_with(new_bins::<DIGITS>);
            for i in self.used() {
                let before = mark.bins.as_deref().map_or(0, |bins| bins[i]);
                let n = carry(u64::from(bins[i].saturating_sub(before)));
                into[i] = u32::try_from(n).unwrap_or(u32::MAX);
                gain.count += n;
            }
        }
        gain.sum_ns = libm::round(self.sum_ns.saturating_sub(mark.sum_ns) as f64 * weight) as u128;
        gain.sum_squares_ns2 = (self.sum_squares_ns2 - mark.sum_squares_ns2).max(0.0) * weight;
        (gain.min_ns, gain.max_ns) = (self.min_ns, self.max_ns);
        gain
    }

    /// Forgets everything counted; the memory stays.
    pub fn clear(&mut self) {
        let used = self.used();
        let mut bins = self.bins.take();
        if let Some(bins) = bins.as_deref_mut() {
            bins[used].fill(0);
        }
        *self = DurationHist { bins, ..Self::default() };
    }

    /// The bins that hold something, from the smallest: (lower edge [s], upper edge [s], count). Exact zeros come first as
    /// (0, 0, count).
    pub fn iter_bins_s(&self) -> impl Iterator<Item = (f64, f64, u64)> + '_ {
        let zeros = (self.zeros > 0).then_some((0.0, 0.0, self.zeros));
        let filled = self.used_bins().filter(|(_, count)| *count > 0);
        zeros.into_iter().chain(filled.map(|(index, count)| {
            let (low, width) = Bins::<DIGITS>::bounds(index);
            (secs_from_ns(low), secs_from_ns(low + width), u64::from(count))
        }))
    }
}

/// What is kept beside the bins, of durations that are counted one after the other.
struct Tally {
    count: u64,
    zeros: u64,
    least: u64,
    most: u64,
    /// The sum in two halves: WebAssembly has no 128-bit addition.
    low: u64,
    high: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, zeros: 0, least: u64::MAX, most: 0, low: 0, high: 0 }
    }
}

impl Tally {
    /// Takes a duration in [ns]; gives whether it is more than 0, as a number, and its square [ns²].
    #[inline(always)]
    fn take(&mut self, ns: u64) -> (u32, f64) {
        self.count += 1;
        self.least = self.least.min(ns);
        self.most = self.most.max(ns);
        self.low += ns & 0xffff_ffff;
        self.high += ns >> 32;
        // Whether one has to wait at all is anybody's guess: no branch, which a processor could not foresee.
        let some = u32::from(ns > 0);
        self.zeros += u64::from(1 - some);
        // From a signed number, as processors do; 292 years are the longest that counts.
        let x = ns.min(i64::MAX as u64) as i64 as f64;
        (some, x * x)
    }
}

#[cold]
fn new_bins<const DIGITS: u8>() -> Box<[u32]> {
    vec![0; Bins::<DIGITS>::COUNT].into_boxed_slice()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::law::{Law, Sampler};
    use crate::rng::Stream;

    fn filled<const D: u8>(law: Law, n: usize) -> (DurationHist<D>, Vec<u64>) {
        let (sampler, mut rng) = (Sampler::new(&law), Stream::new(3, "hist", "test"));
        let mut hist = DurationHist::new();
        let mut values: Vec<u64> = (0..n).map(|_| sampler.sample_ns(&mut rng)).collect();
        values.iter().for_each(|&v| hist.record(v));
        values.sort_unstable();
        (hist, values)
    }

    fn check_quantiles<const D: u8>(relative: f64) {
        let laws = [
            Law::Exponential { mean: 0.02 },
            Law::Lognormal { mean: 1.0, cv: 3.0 },
            Law::Uniform { min: 0.001, max: 0.002 },
            Law::Deterministic { mean: 0.0123 },
        ];
        for law in laws {
            let (hist, sorted) = filled::<D>(law, 20_000);
            for q in [0.0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0] {
                let rank = ((q * 20_000.0_f64).ceil() as usize).clamp(1, 20_000);
                let exact = sorted[rank - 1] as f64;
                let got = hist.quantile_ns(q) as f64;
                assert!((got - exact).abs() <= relative * exact + 130.0, "{law:?} q {q}: {got} for {exact}");
            }
            let t = sorted[15_000] as f64 / 1e9;
            let exact = sorted.iter().filter(|&&v| v as f64 / 1e9 > t).count() as f64 / 20_000.0;
            assert!((hist.share_above_s(t) - exact).abs() < 0.02, "{law:?} {exact}");
        }
    }

    #[test]
    fn quantiles_agree_with_a_sorted_vector() {
        check_quantiles::<3>(0.0005);
        check_quantiles::<2>(0.005);
    }

    /// One by one, many at once, in two at once, and with zeros only at first: all the same.
    #[test]
    fn counting_many_at_once_is_counting_one_by_one() {
        let (sampler, mut rng) =
            (Sampler::new(&Law::Exponential { mean: 0.02 }), Stream::new(4, "hist", "many"));
        let mut values: Vec<u64> =
            (0..5_000).map(|_| sampler.sample_ns(&mut rng) / 7 * u64::from(rng.below(2))).collect();
        values[..200].fill(0);
        let (mut one, mut coarse) = (Hist::new(), WindowHist::new());
        values.iter().for_each(|&v| {
            one.record(v);
            coarse.record(v);
        });
        let (mut many, mut both, mut other) = (Hist::new(), Hist::new(), WindowHist::new());
        for part in values.chunks(37) {
            many.record_all(part.iter().copied());
            both.record_all_with(&mut other, part.iter().copied());
        }
        let all = |h: &Hist| format!("{h:?}");
        assert_eq!(all(&one), all(&many));
        assert_eq!(all(&one), all(&both));
        assert_eq!(format!("{coarse:?}"), format!("{other:?}"));
        let mut zeros = Hist::new();
        zeros.record_all([0, 0].into_iter());
        assert!(zeros.bins.is_none() && zeros.count() == 2 && zeros.quantile_ns(0.9) == 0);
    }

    #[test]
    fn quantiles_are_not_biased_to_one_side() {
        // Relative error of many quantiles of a law that fills its bins: the mean must be near zero, not half a bin.
        let (hist, sorted) = filled::<2>(Law::Uniform { min: 0.01, max: 0.08 }, 100_000);
        let errors: Vec<f64> = (1..1000)
            .map(|i| (hist.quantile_ns(i as f64 / 1000.0) as f64 / sorted[i * 100 - 1] as f64) - 1.0)
            .collect();
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        assert!(mean.abs() < 0.0003, "{mean}");
    }

    #[test]
    fn count_mean_and_deviation_are_exact() {
        let (hist, sorted) = filled::<3>(Law::Exponential { mean: 0.5 }, 10_000);
        let n = sorted.len() as f64;
        let mean = sorted.iter().map(|&v| v as f64).sum::<f64>() / n;
        let sd =
            (sorted.iter().map(|&v| (v as f64 - mean) * (v as f64 - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        assert_eq!((hist.count(), hist.sum_ns()), (10_000, sorted.iter().map(|&v| u128::from(v)).sum()));
        assert!((hist.mean_s() * 1e9 / mean - 1.0).abs() < 1e-12);
        assert!((hist.sd_s() * 1e9 / sd - 1.0).abs() < 1e-9);
        assert_eq!(hist.max_s(), sorted[9_999] as f64 / 1e9);
        assert_eq!(hist.min_s(), sorted[0] as f64 / 1e9);
    }

    #[test]
    fn zeros_stay_zeros() {
        let mut hist = Hist::new();
        (0..70).for_each(|_| hist.record(0));
        assert!(hist.bins.is_none(), "zeros need no bins");
        (0..30).for_each(|_| hist.record(40));
        assert_eq!(hist.quantile_ns(0.70), 0);
        assert_eq!(hist.quantile_ns(0.71), 40);
        assert_eq!(hist.share_above_s(0.0), 0.3);
        assert_eq!(hist.share_above_s(-1.0), 1.0);
        assert_eq!(hist.share_above_s(1.0), 0.0);
    }

    #[test]
    fn an_empty_one_answers_zero_and_a_constant_is_exact() {
        let mut hist = WindowHist::new();
        assert_eq!(
            (hist.quantile_s(0.99), hist.mean_s(), hist.sd_s(), hist.share_above_s(0.0)),
            (0.0, 0.0, 0.0, 0.0)
        );
        (0..1000).for_each(|_| hist.record(123_456_789));
        assert_eq!((hist.quantile_s(0.01), hist.quantile_s(0.99)), (0.123456789, 0.123456789));
        assert_eq!((hist.mean_s(), hist.sd_s()), (0.123456789, 0.0));
    }

    #[test]
    fn merging_equals_recording_everything_in_one() {
        let (whole, _) = filled::<3>(Law::Lognormal { mean: 0.01, cv: 2.0 }, 9_000);
        let mut parts = [Hist::new(), Hist::new(), Hist::new()];
        let (sampler, mut rng) =
            (Sampler::new(&Law::Lognormal { mean: 0.01, cv: 2.0 }), Stream::new(3, "hist", "test"));
        for i in 0..9_000 {
            parts[i % 3].record(sampler.sample_ns(&mut rng));
        }
        let mut merged = Hist::new();
        merged.merge(&Hist::new());
        parts.iter().for_each(|p| merged.merge(p));
        assert_eq!((merged.count(), merged.sum_ns()), (whole.count(), whole.sum_ns()));
        for i in 0..=100 {
            assert_eq!(merged.quantile_ns(i as f64 / 100.0), whole.quantile_ns(i as f64 / 100.0));
        }
        assert_eq!(merged.iter_bins_s().map(|b| b.2).sum::<u64>(), 9_000);
        merged.clear();
        assert!(merged.is_empty() && merged.max_s() == 0.0 && merged.quantile_s(1.0) == 0.0);
        merged.merge(&whole);
        assert_eq!(merged.quantile_ns(0.5), whole.quantile_ns(0.5));
    }

    #[test]
    fn what_was_counted_since_a_mark_counts_by_its_weight() {
        let mut rng = Stream::new(5, "hist", "weights");
        let (mut hist, mut later) = (Hist::new(), Hist::new());
        let law = Sampler::new(&Law::Exponential { mean: 0.02 });
        (0..3_000).for_each(|_| hist.record(law.sample_ns(&mut rng) / 10));
        let mark = hist.clone();
        for i in 0..9_000 {
            let ns = if i % 10 == 0 { 0 } else { law.sample_ns(&mut rng) };
            hist.record(ns);
            later.record(ns);
        }
        let thrice = hist.weighted_since(&mark, 3.0);
        assert_eq!((thrice.count(), thrice.sum_ns()), (27_000, 3 * later.sum_ns()));
        for weight in [0.37, 1.0, 3.0, 24.9] {
            let gain = hist.weighted_since(&mark, weight);
            assert!((gain.count() as f64 - 9_000.0 * weight).abs() <= 0.5, "{weight}");
            for q in [0.05, 0.2, 0.5, 0.9, 0.99] {
                let (ours, theirs) = (gain.quantile_s(q), later.quantile_s(q));
                assert!((ours - theirs).abs() <= 0.01 * theirs, "{weight} {q}: {ours} {theirs}");
            }
        }
        // A weight of nothing, and nothing since.
        assert!(hist.weighted_since(&mark, 0.0).is_empty() && hist.weighted_since(&hist, 7.0).is_empty());
    }

    /// The bins are those of the crate that others trust.
    fn check_bins<const D: u8>() {
        let mut theirs = hdrhistogram::Histogram::<u32>::new_with_bounds(LOWEST_NS, HIGHEST_NS, D).unwrap();
        let mut ours = DurationHist::<D>::new();
        assert_eq!(Bins::<D>::COUNT, theirs.distinct_values());
        let mut rng = Stream::new(9, "hist", "bins");
        for _ in 0..20_000 {
            let ns = (rng.next_u64() >> (20 + rng.below(43))).max(1);
            let (low, width) = Bins::<D>::bounds(Bins::<D>::index_or_last(ns));
            if ns <= HIGHEST_NS {
                assert_eq!((low, width), (theirs.lowest_equivalent(ns), theirs.equivalent_range(ns)), "{ns}");
            }
            theirs.saturating_record(ns);
            ours.record(ns);
        }
        let bins = |h: &hdrhistogram::Histogram<u32>| {
            h.iter_recorded().map(|v| v.count_since_last_iteration()).collect::<Vec<_>>()
        };
        assert_eq!(ours.iter_bins_s().map(|b| b.2).collect::<Vec<_>>(), bins(&theirs));
        for i in 1..=1_000 {
            let q = f64::from(i) / 1_000.0;
            let middle = theirs.median_equivalent(theirs.value_at_quantile(q - 1e-9));
            assert_eq!(ours.quantile_ns(q), middle.clamp(ours.min_ns, ours.max_ns), "{q}");
        }
        ours.clear();
        assert!(ours.bins.as_deref().unwrap().iter().all(|n| *n == 0));
    }

    #[test]
    fn the_bins_are_those_of_the_crate() {
        check_bins::<3>();
        check_bins::<2>();
    }

    #[test]
    fn past_the_end_counts_in_the_last_bin() {
        let mut hist = Hist::new();
        hist.record(u64::MAX);
        hist.record(1_000);
        assert_eq!(hist.count(), 2);
        assert_eq!(hist.max_s(), u64::MAX as f64 / 1e9);
        assert!(hist.quantile_ns(1.0) >= HIGHEST_NS);
    }
}
