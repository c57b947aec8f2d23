//! Statistical rules that the tests of this crate share. Seeds are fixed, so a test passes always or never; the rules are
//! wide enough that a right generator fails one seed in ten thousand at most.

use crate::stats::Running;

/// Kolmogorov–Smirnov: the largest distance from the exact distribution, times √n, must be below 2.2 (p ≈ 10⁻⁴).
pub(crate) fn assert_follows(what: &str, mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    sample.sort_unstable_by(f64::total_cmp);
    let n = sample.len() as f64;
    let distance = sample.iter().zip(0u32..).fold(0.0_f64, |d, (&x, i)| {
        let (f, i) = (cdf(x), f64::from(i));
        d.max((f - i / n).abs()).max((f - (i + 1.0) / n).abs())
    });
    assert!(distance * n.sqrt() < 2.2, "{what}: KS distance {distance}, scaled {}", distance * n.sqrt());
}

/// Chi-square against exact probabilities, rare cells pooled; at most 5 standard deviations above its mean.
pub(crate) fn assert_frequencies(what: &str, counts: &[u64], probability: impl Fn(usize) -> f64) {
    let n = counts.iter().sum::<u64>() as f64;
    let (mut statistic, mut cells, mut pool) = (0.0, 0.0, (0.0, 0.0));
    for (i, &count) in counts.iter().enumerate() {
        pool.0 += count as f64;
        pool.1 += n * probability(i);
        if pool.1 >= 20.0 {
            statistic += (pool.0 - pool.1) * (pool.0 - pool.1) / pool.1;
            cells += 1.0;
            pool = (0.0, 0.0);
        }
    }
    let freedom: f64 = (cells - 1.0_f64).max(1.0);
    let z = (statistic - freedom) / (2.0 * freedom).sqrt();
    assert!(z < 5.0, "{what}: chi-square {statistic} with {freedom} degrees of freedom, z = {z}");
}

/// The mean of the sample must be within 5 standard errors of `expected`.
pub(crate) fn assert_mean(what: &str, sample: impl Iterator<Item = f64>, expected: f64) {
    let mut running = Running::new();
    sample.for_each(|x| running.push(x));
    let z = (running.mean - expected) / running.standard_error();
    assert!(z.abs() < 5.0, "{what}: {} instead of {expected}, z = {z}", running.mean);
}

/// P(Gamma(shape, 1) ≤ x) by the power series of the lower incomplete gamma function.
pub(crate) fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let mut term = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape + 1.0));
    let (mut sum, mut k) = (term, shape);
    while term > 1e-17 * sum {
        k += 1.0;
        term *= x / k;
        sum += term;
    }
    sum.min(1.0)
}
