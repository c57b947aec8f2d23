//! Which of n items: popularity by rank.
//!
//! Zipf's law: the item of rank r (from 0) is asked for with probability (r + 1)^−s / H(n, s), where
//! H(n, s) = Σ k^−s for k = 1..n. Up to [`ALIAS_LIMIT`] items a draw is one look-up in an alias table (Vose 1991); above
//! it, rejection-inversion (Hörmann and Derflinger 1996), which needs no memory.

use crate::law::expm1_over;
use crate::rng::Stream;
use std::fmt;
use std::sync::Arc;

/// Up to this many items an alias table is built (8 bytes an item).
pub const ALIAS_LIMIT: u32 = 1_000_000;

/// A sampler of ranks `0..n`, rank 0 the most popular. Clones share the table.
#[derive(Clone)]
pub struct Popularity {
    n: u32,
    exponent: f64,
    /// H(n, s).
    total: f64,
    method: Method,
}

#[derive(Clone)]
enum Method {
    Uniform,
    Alias(Arc<[Cell]>),
    Rejection(Rejection),
}

/// One column of the alias table: its own rank below `threshold` (of 2³²), else `alias`.
#[derive(Clone, Copy)]
struct Cell {
    threshold: u32,
    alias: u32,
}

/// Says what it is, without the table.
impl fmt::Debug for Popularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = match self.method {
            Method::Uniform => "uniform",
            Method::Alias(_) => "alias table",
            Method::Rejection(_) => "rejection-inversion",
        };
        write!(f, "Zipf(n {}, s {}, {method})", self.n, self.exponent)
    }
}

impl Popularity {
    /// Zipf over `n` items (at least one is assumed) with exponent `s`; `s` = 0 is uniform.
    ///
    /// `s` must be finite and not negative: anything else counts as 0.
    pub fn zipf(n: u32, s: f64) -> Self {
        Self::with_alias_limit(n, s, ALIAS_LIMIT)
    }

    fn with_alias_limit(n: u32, s: f64, alias_limit: u32) -> Self {
        let n = n.max(1);
        let s = if s.is_finite() && s > 0.0 { s } else { 0.0 };
        let method = if s == 0.0 {
            Method::Uniform
        } else if n <= alias_limit {
            Method::Alias(alias_table(n, s))
        } else {
            Method::Rejection(Rejection::new(n, s))
        };
        Popularity { n, exponent: s, total: harmonic(n, s), method }
    }

    /// A rank in `0..n`.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> u32 {
        match &self.method {
            Method::Uniform => stream.below(self.n),
            Method::Alias(cells) => {
                // x·n as a 32.32 fixed-point number: the column, and where in the column.
                let x = stream.next_u64();
                let n = u64::from(self.n);
                let place = (x >> 32) * n + (((x & 0xffff_ffff) * n) >> 32);
                let (column, height) = ((place >> 32) as u32, place as u32);
                let cell = cells[column as usize];
                if height < cell.threshold { column } else { cell.alias }
            }
            Method::Rejection(rejection) => rejection.sample(stream) - 1,
        }
    }

    /// The probability of `rank`; 0 for a rank past the end.
    pub fn probability(&self, rank: u32) -> f64 {
        if rank < self.n { weight(f64::from(rank) + 1.0, self.exponent) / self.total } else { 0.0 }
    }

    /// The share of the draws that goes to the `k` most popular items.
    pub fn share_of_top(&self, k: u32) -> f64 {
        if k >= self.n { 1.0 } else { harmonic(k, self.exponent) / self.total }
    }

    /// Items.
    pub fn n(&self) -> u32 {
        self.n
    }

    /// The exponent s.
    pub fn exponent(&self) -> f64 {
        self.exponent
    }
}

/// H(n, s) = Σ k^−s for k = 1..n: the first terms one by one, the rest by the Euler–Maclaurin formula
/// (relative error below 10⁻¹⁵).
pub fn harmonic(n: u32, s: f64) -> f64 {
    const DIRECT: u32 = 200;
    if s == 0.0 {
        return f64::from(n);
    }
    let head = n.min(DIRECT);
    // From the small terms to the large ones, to keep the digits.
    let mut sum = (1..head).rev().map(|k| weight(f64::from(k), s)).sum::<f64>();
    if head > 0 && n == head {
        sum += weight(f64::from(n), s);
    }
    if n <= DIRECT {
        return sum;
    }
    let (a, b) = (f64::from(head), f64::from(n));
    let (fa, fb) = (weight(a, s), weight(b, s));
    let log_ratio = libm::log(b / a);
    let integral = a * fa * log_ratio * expm1_over((1.0 - s) * log_ratio);
    // f′ = −s·f/x and f‴ = −s(s+1)(s+2)·f/x³.
    let first = s * (fa / a - fb / b) / 12.0;
    let third = s * (s + 1.0) * (s + 2.0) * (fa / (a * a * a) - fb / (b * b * b)) / 720.0;
    sum + integral + (fa + fb) / 2.0 + first - third
}

/// k^−s.
#[inline]
fn weight(k: f64, s: f64) -> f64 {
    libm::exp(-s * libm::log(k))
}

/// Vose's construction: every column holds two ranks at most and the same probability.
fn alias_table(n: u32, s: f64) -> Arc<[Cell]> {
    let mut p: Vec<f64> = (1..=n).map(|k| weight(f64::from(k), s)).collect();
    let scale = f64::from(n) / p.iter().rev().sum::<f64>();
    p.iter_mut().for_each(|x| *x *= scale);
    let (mut small, mut large): (Vec<u32>, Vec<u32>) = (0..n).partition(|&i| p[i as usize] < 1.0);
    // A column left over at the end is full of itself (up to rounding).
    let mut cells: Vec<Cell> = (0..n).map(|i| Cell { threshold: u32::MAX, alias: i }).collect();
    while let (Some(&low), Some(&high)) = (small.last(), large.last()) {
        small.pop();
        let (low, top) = (low as usize, high as usize);
        // Rounded, saturating.
        cells[low] = Cell { threshold: (p[low] * 4_294_967_296.0 + 0.5) as u32, alias: high };
        p[top] -= 1.0 - p[low];
        if p[top] < 1.0 {
            large.pop();
            small.push(high);
        }
    }
    cells.into()
}

/// Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS
/// 6(3), 1996. About one try in a draw, for every s > 0.
#[derive(Clone, Copy, Debug)]
struct Rejection {
    n: f64,
    exponent: f64,
    /// ∫ over [1.5 ..], less h(1).
    low: f64,
    /// ∫ up to n + ½.
    high: f64,
    /// Below this distance from the rank a try is accepted at once.
    accept: f64,
}

impl Rejection {
    fn new(n: u32, exponent: f64) -> Self {
        let mut r = Rejection { n: f64::from(n), exponent, low: 0.0, high: 0.0, accept: 0.0 };
        r.low = r.integral(1.5) - 1.0;
        r.high = r.integral(r.n + 0.5);
        r.accept = 2.0 - r.inverse(r.integral(2.5) - weight(2.0, exponent));
        r
    }

    /// A rank from 1.
    #[inline]
    fn sample(&self, stream: &mut Stream) -> u32 {
        loop {
            let u = self.high + stream.unit() * (self.low - self.high);
            let x = self.inverse(u);
            let k = ((x + 0.5) as u32 as f64).clamp(1.0, self.n);
            if k - x <= self.accept || u >= self.integral(k + 0.5) - weight(k, self.exponent) {
                return k as u32;
            }
        }
    }

    /// H(x) = ∫₁ˣ t^−s dt.
    #[inline]
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        log * expm1_over((1.0 - self.exponent) * log)
    }

    /// The inverse of [`Self::integral`].
    #[inline]
    fn inverse(&self, y: f64) -> f64 {
        // Rounding may take it past −1, where the logarithm ends.
        let t = (y * (1.0 - self.exponent)).max(-1.0);
        libm::exp(y * log1p_over(t))
    }
}

/// ln(1 + x)/x, continuous at 0.
#[inline]
fn log1p_over(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::log1p(x) / x } else { 1.0 - x * (0.5 - x * (1.0 / 3.0 - x * 0.25)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_frequencies;

    fn check_frequencies(popularity: &Popularity, seed: u64) {
        let mut stream = Stream::new(seed, "n", "zipf");
        let mut counts = vec![0; popularity.n() as usize];
        (0..200_000).for_each(|_| counts[popularity.sample(&mut stream) as usize] += 1);
        assert_frequencies(&format!("{popularity:?}"), &counts, |i| popularity.probability(i as u32));
    }

    #[test]
    fn both_methods_draw_with_the_exact_probabilities() {
        for s in [0.0, 0.2, 0.8, 0.99, 1.0, 1.000_000_1, 1.3, 2.5] {
            for n in [1, 2, 10, 1_000] {
                for seed in 0..2 {
                    check_frequencies(&Popularity::zipf(n, s), seed);
                    check_frequencies(&Popularity::with_alias_limit(n, s, 0), seed);
                }
            }
        }
    }

    #[test]
    fn the_method_depends_on_the_size() {
        assert!(matches!(Popularity::zipf(1_000, 0.0).method, Method::Uniform));
        assert!(matches!(Popularity::zipf(1_000, 0.9).method, Method::Alias(_)));
        assert!(matches!(Popularity::zipf(ALIAS_LIMIT + 1, 0.9).method, Method::Rejection(_)));
        // Nonsense counts as uniform over at least one item.
        for s in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(matches!(Popularity::zipf(0, s), Popularity { n: 1, method: Method::Uniform, .. }));
        }
    }

    #[test]
    fn harmonic_numbers_agree_with_the_plain_sum() {
        for s in [0.0, 0.3, 1.0 - 1e-12, 1.0, 1.5, 4.0, 20.0] {
            let mut sums = vec![0.0];
            for k in 1..=20_000 {
                sums.push(sums[k - 1] + libm::pow(k as f64, -s));
            }
            for n in [0usize, 1, 2, 199, 200, 201, 202, 1_000, 20_000] {
                let got = harmonic(n as u32, s);
                let relative = if n == 0 { got.abs() } else { (got / sums[n] - 1.0).abs() };
                assert!(relative < 1e-12, "H({n}, {s}) = {got}, not {}", sums[n]);
            }
        }
        // H(n, 1) ≈ ln n + γ + 1/(2n).
        let n = f64::from(u32::MAX);
        let expected = libm::log(n) + 0.577_215_664_901_532_9 + 0.5 / n;
        assert!((harmonic(u32::MAX, 1.0) / expected - 1.0).abs() < 1e-14);
    }

    #[test]
    fn probabilities_and_shares_add_up() {
        for (n, s) in [(1, 1.0), (1_000, 0.0), (1_000, 0.8), (1_000, 1.2)] {
            let p = Popularity::zipf(n, s);
            let mut sum = 0.0;
            for rank in 0..n {
                assert!((p.share_of_top(rank) - sum).abs() < 1e-12);
                sum += p.probability(rank);
            }
            assert!((sum - 1.0).abs() < 1e-12);
            assert_eq!((p.share_of_top(n), p.share_of_top(u32::MAX), p.probability(n)), (1.0, 1.0, 0.0));
        }
    }

    #[test]
    fn the_largest_range_stays_in_range_and_has_the_right_head() {
        for s in [0.1, 0.9, 1.0, 1.5, 30.0] {
            let p = Popularity::zipf(u32::MAX, s);
            let mut stream = Stream::new(8, "n", "zipf");
            let (n, head) = (50_000, 1_000);
            let hits = (0..n).filter(|_| p.sample(&mut stream) < head).count() as f64 / f64::from(n);
            let share = p.share_of_top(head);
            let error = (share * (1.0 - share) / f64::from(n)).sqrt();
            assert!((hits - share).abs() < 5.0 * error + 1e-9, "s {s}: {hits} for {share}");
        }
    }
}
