//! Laws of service times and of gaps between arrivals.
//!
//! A [`Law`] is what a user says: a family, a mean and a coefficient of variation (cv = standard deviation ÷ mean). It
//! knows its moments exactly, which the analytic formulas (Pollaczek–Khinchine, Kingman, ...) need. A [`Sampler`] is the same
//! law with its constants worked out, for drawing.

use crate::rng::Stream;
use crate::time::ns_from_secs;

/// The longest mean or bound that a law may have [s]: 31 years.
pub const MAX_SECS: f64 = 1e9;
/// The largest coefficient of variation that a law may be given.
pub const MAX_CV: f64 = 1_000.0;

/// A law of a duration. Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Always `mean`.
    Deterministic {
        /// Its only value [s].
        mean: f64,
    },
    /// Memoryless; cv = 1.
    Exponential {
        /// Mean [s].
        mean: f64,
    },
    /// exp(μ + σZ) with σ² = ln(1 + cv²), μ = ln(mean) − σ²/2.
    Lognormal {
        /// Mean [s].
        mean: f64,
        /// Standard deviation ÷ mean.
        cv: f64,
    },
    /// Shape 1/cv², scale mean·cv². Erlang-k is cv = 1/√k.
    Gamma {
        /// Mean [s].
        mean: f64,
        /// Standard deviation ÷ mean.
        cv: f64,
    },
    /// Two exponential phases with balanced means (p₁m₁ = p₂m₂): mostly short, sometimes long. Needs cv ≥ 1.
    /// p₁ = (1 + √((cv²−1)/(cv²+1)))/2, mᵢ = mean/(2pᵢ) (Allen 1990).
    Hyperexponential {
        /// Mean [s].
        mean: f64,
        /// Standard deviation ÷ mean, at least 1.
        cv: f64,
    },
    /// P(X > x) ∝ x^−alpha between `min` and `max`: a heavy tail that is cut off.
    BoundedPareto {
        /// Tail exponent; smaller is heavier.
        alpha: f64,
        /// Smallest value [s].
        min: f64,
        /// Largest value [s].
        max: f64,
    },
    /// P(X > x) = (min/x)^alpha. The k-th moment exists only for alpha > k.
    Pareto {
        /// Tail exponent; smaller is heavier.
        alpha: f64,
        /// Smallest value [s].
        min: f64,
    },
    /// Every value between `min` and `max` alike.
    Uniform {
        /// Smallest value [s].
        min: f64,
        /// Largest value [s].
        max: f64,
    },
}

impl Law {
    /// E\[X\] [s]; infinite for a Pareto law with alpha ≤ 1.
    pub fn mean(&self) -> f64 {
        self.moment(1).unwrap_or(f64::INFINITY)
    }

    /// Standard deviation ÷ mean; infinite where the variance is, and 0 for a law that is always 0.
    pub fn cv(&self) -> f64 {
        match *self {
            Law::Deterministic { .. } => 0.0,
            Law::Exponential { .. } => 1.0,
            Law::Lognormal { cv, .. } | Law::Gamma { cv, .. } | Law::Hyperexponential { cv, .. } => cv,
            Law::Pareto { alpha, .. } => {
                if alpha > 2.0 {
                    1.0 / libm::sqrt(alpha * (alpha - 2.0))
                } else {
                    f64::INFINITY
                }
            }
            Law::Uniform { min, max } => {
                if max > 0.0 {
                    (max - min) / ((max + min) * libm::sqrt(3.0))
                } else {
                    0.0
                }
            }
            Law::BoundedPareto { .. } => {
                let mean = self.mean();
                let second = self.moment(2).expect("a bounded law has all moments");
                if mean > 0.0 { libm::sqrt((second / (mean * mean) - 1.0).max(0.0)) } else { 0.0 }
            }
        }
    }

    /// E\[X²\] [s²], where it exists.
    pub fn second_moment(&self) -> Option<f64> {
        self.moment(2)
    }

    /// E\[X³\] [s³], where it exists.
    pub fn third_moment(&self) -> Option<f64> {
        self.moment(3)
    }

    /// E\[X^k\] for k = 1, 2, 3, where it exists.
    fn moment(&self, k: u32) -> Option<f64> {
        let pick = |first: f64, second: f64, third: f64| match k {
            1 => first,
            2 => second,
            _ => third,
        };
        Some(match *self {
            Law::Deterministic { mean } => raise(mean, k),
            Law::Exponential { mean } => raise(mean, k) * pick(1.0, 2.0, 6.0),
            Law::Lognormal { mean, cv } => {
                let w = 1.0 + cv * cv;
                raise(mean, k) * pick(1.0, w, w * w * w)
            }
            Law::Gamma { mean, cv } => {
                let c2 = cv * cv;
                raise(mean, k) * pick(1.0, 1.0 + c2, (1.0 + c2) * (1.0 + 2.0 * c2))
            }
            Law::Hyperexponential { mean, cv } => {
                let (p, q) = balanced_phases(cv);
                let factorial = pick(1.0, 2.0, 6.0);
                factorial * (p * raise(mean / (2.0 * p), k) + q * raise(mean / (2.0 * q), k))
            }
            Law::BoundedPareto { alpha, min, max } => {
                // alpha·min^k·(1 − r^(alpha−k)) / ((alpha−k)(1 − r^alpha)), r = min/max, written so that
                // alpha = k is no special case.
                let log_r = libm::log(min / max);
                if log_r == 0.0 {
                    return Some(raise(min, k));
                }
                let d = alpha - f64::from(k);
                let kernel = -log_r * expm1_over(d * log_r);
                alpha * raise(min, k) * kernel / -libm::expm1(alpha * log_r)
            }
            Law::Pareto { alpha, min } => {
                let d = alpha - f64::from(k);
                if d <= 0.0 {
                    return None;
                }
                alpha * raise(min, k) / d
            }
            Law::Uniform { min: a, max: b } => {
                pick((a + b) / 2.0, (a * a + a * b + b * b) / 3.0, (a + b) * (a * a + b * b) / 4.0)
            }
        })
    }

    /// Whether every number is finite and in its range; otherwise what is wrong, all of it, in words.
    ///
    /// # Errors
    /// One sentence per fault, joined by "; ".
    pub fn validate(&self) -> Result<(), String> {
        let mut faults: Vec<String> = Vec::new();
        let mut within = |name: &str, value: f64, low: f64, high: f64| {
            // A negated test would let NaN through.
            if !(value >= low && value <= high) {
                faults.push(format!("{name} must be between {low} and {high}, not {value}"));
            }
        };
        let tiny = 1e-12;
        match *self {
            Law::Deterministic { mean } | Law::Exponential { mean } => within("mean", mean, 0.0, MAX_SECS),
            Law::Lognormal { mean, cv } | Law::Gamma { mean, cv } => {
                within("mean", mean, 0.0, MAX_SECS);
                within("cv", cv, 0.0, MAX_CV);
            }
            Law::Hyperexponential { mean, cv } => {
                within("mean", mean, 0.0, MAX_SECS);
                within("cv", cv, 1.0, MAX_CV);
            }
            Law::BoundedPareto { alpha, min, max } => {
                within("alpha", alpha, 0.01, 100.0);
                within("min", min, tiny, MAX_SECS);
                within("max", max, min.max(tiny), MAX_SECS);
            }
            Law::Pareto { alpha, min } => {
                within("alpha", alpha, 0.01, 100.0);
                within("min", min, tiny, MAX_SECS);
            }
            Law::Uniform { min, max } => {
                within("min", min, 0.0, MAX_SECS);
                within("max", max, min.max(0.0), MAX_SECS);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
    }
}

/// A [`Law`] with its constants worked out, ready to draw from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler(Prepared);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Prepared {
    Constant(f64),
    Exponential {
        mean: f64,
    },
    Lognormal {
        mu: f64,
        sigma: f64,
    },
    Gamma {
        d: f64,
        c: f64,
        scale: f64,
    },
    /// Gamma of a shape below 1: gamma of shape + 1, times U^(1/shape).
    GammaBoosted {
        d: f64,
        c: f64,
        scale: f64,
        inverse_shape: f64,
    },
    TwoPhase {
        p: f64,
        short: f64,
        long: f64,
    },
    BoundedPareto {
        min: f64,
        max: f64,
        span: f64,
        inverse_alpha: f64,
    },
    Pareto {
        min: f64,
        inverse_alpha: f64,
    },
    Uniform {
        min: f64,
        width: f64,
    },
}

impl Sampler {
    /// Prepares `law`, which should have passed [`Law::validate`]; one that has not still draws without a panic.
    pub fn new(law: &Law) -> Self {
        Sampler(match *law {
            Law::Deterministic { mean } => Prepared::Constant(mean),
            Law::Lognormal { mean, cv } | Law::Gamma { mean, cv } if mean == 0.0 || cv == 0.0 => {
                Prepared::Constant(mean)
            }
            Law::Exponential { mean } => Prepared::Exponential { mean },
            Law::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                Prepared::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) }
            }
            Law::Gamma { mean, cv } => {
                let (shape, scale) = (1.0 / (cv * cv), mean * cv * cv);
                if shape == 1.0 {
                    Prepared::Exponential { mean }
                } else if shape > 1.0 {
                    let d = shape - 1.0 / 3.0;
                    Prepared::Gamma { d, c: 1.0 / libm::sqrt(9.0 * d), scale }
                } else {
                    let d = shape + 1.0 - 1.0 / 3.0;
                    let c = 1.0 / libm::sqrt(9.0 * d);
                    Prepared::GammaBoosted { d, c, scale, inverse_shape: 1.0 / shape }
                }
            }
            Law::Hyperexponential { mean, cv } => {
                let (p, q) = balanced_phases(cv);
                Prepared::TwoPhase { p, short: mean / (2.0 * p), long: mean / (2.0 * q) }
            }
            Law::BoundedPareto { alpha, min, max } => Prepared::BoundedPareto {
                min,
                max,
                span: -libm::expm1(alpha * libm::log(min / max)),
                inverse_alpha: 1.0 / alpha,
            },
            Law::Pareto { alpha, min } => Prepared::Pareto { min, inverse_alpha: 1.0 / alpha },
            Law::Uniform { min, max } => Prepared::Uniform { min, width: max - min },
        })
    }

    /// One duration [s].
    #[inline(always)]
    pub fn sample_secs(&self, stream: &mut Stream) -> f64 {
        match self.0 {
            Prepared::Exponential { mean } => mean * stream.exp(),
            _ => self.sample_rarer(stream),
        }
    }

    /// One duration of a law that is not exponential, or rarely [s].
    #[inline(never)]
    fn sample_rarer(&self, stream: &mut Stream) -> f64 {
        match self.0 {
            Prepared::Constant(value) => value,
            Prepared::Exponential { mean } => mean * stream.exp(),
            Prepared::Lognormal { mu, sigma } => libm::exp(mu + sigma * stream.normal()),
            Prepared::Gamma { d, c, scale } => scale * marsaglia_tsang(stream, d, c),
            Prepared::GammaBoosted { d, c, scale, inverse_shape } => {
                // U^(1/shape) = exp(−E/shape) with E exponential.
                let boost = libm::exp(-stream.exp() * inverse_shape);
                scale * marsaglia_tsang(stream, d, c) * boost
            }
            Prepared::TwoPhase { p, short, long } => {
                let mean = if stream.chance(p) { short } else { long };
                mean * stream.exp()
            }
            Prepared::BoundedPareto { min, max, span, inverse_alpha } => {
                // Inversion: x = min·(1 − u(1 − (min/max)^alpha))^(−1/alpha).
                let x = min * libm::exp(-inverse_alpha * libm::log1p(-stream.unit() * span));
                if x < max { x } else { max }
            }
            // −ln U is exponential, so U^(−1/alpha) = exp(E/alpha).
            Prepared::Pareto { min, inverse_alpha } => min * libm::exp(stream.exp() * inverse_alpha),
            Prepared::Uniform { min, width } => min + width * stream.unit(),
        }
    }

    /// One duration, rounded to the nearest nanosecond [ns].
    #[inline]
    pub fn sample_ns(&self, stream: &mut Stream) -> u64 {
        ns_from_secs(self.sample_secs(stream))
    }

    /// One duration times `factor`, rounded to the nearest nanosecond [ns]: a node that is slowed down, a larger object.
    #[inline]
    pub fn sample_ns_scaled(&self, stream: &mut Stream, factor: f64) -> u64 {
        ns_from_secs(self.sample_secs(stream) * factor)
    }
}

/// Gamma of shape d + 1/3 ≥ 1 and scale 1; c = 1/√(9d). Marsaglia and Tsang, ACM TOMS 26(3), 2000.
#[inline]
fn marsaglia_tsang(stream: &mut Stream, d: f64, c: f64) -> f64 {
    loop {
        let x = stream.normal();
        let t = 1.0 + c * x;
        if t <= 0.0 {
            continue;
        }
        let v = t * t * t;
        let u = stream.open_unit();
        let x2 = x * x;
        if u < 1.0 - 0.0331 * x2 * x2 || libm::log(u) < 0.5 * x2 + d * (1.0 - v + libm::log(v)) {
            return d * v;
        }
    }
}

/// Probabilities (p, 1 − p) of the short and the long phase of an H2 law with balanced means.
fn balanced_phases(cv: f64) -> (f64, f64) {
    let c2 = (cv * cv).max(1.0);
    let root = libm::sqrt((c2 - 1.0) / (c2 + 1.0));
    // (1 − root)/2 loses all its digits for a large cv; this form does not.
    ((1.0 + root) / 2.0, 1.0 / ((c2 + 1.0) * (1.0 + root)))
}

/// x^k for a small k by multiplication.
fn raise(x: f64, k: u32) -> f64 {
    (0..k).fold(1.0, |product, _| product * x)
}

/// (eˣ − 1)/x, continuous at 0.
pub(crate) fn expm1_over(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::expm1(x) / x } else { 1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::golden::golden_laws;
    use crate::testing::{assert_follows, assert_mean, gamma_cdf};

    const N: usize = 100_000;

    /// P(X ≤ x), written out independently of the sampler.
    fn cdf(law: Law, x: f64) -> f64 {
        let exponential = |m: f64| -libm::expm1(-x / m);
        match law {
            Law::Deterministic { mean } => f64::from(u8::from(x >= mean)),
            Law::Exponential { mean } => exponential(mean),
            Law::Lognormal { mean, cv } => {
                let variance = libm::log(1.0 + cv * cv);
                let z = (libm::log(x / mean) + variance / 2.0) / variance.sqrt();
                0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
            }
            Law::Gamma { mean, cv } => gamma_cdf(1.0 / (cv * cv), x / (mean * cv * cv)),
            Law::Hyperexponential { mean, cv } => {
                let p = 0.5 * (1.0 + ((cv * cv - 1.0) / (cv * cv + 1.0)).sqrt());
                p * exponential(mean / (2.0 * p)) + (1.0 - p) * exponential(mean / (2.0 * (1.0 - p)))
            }
            Law::BoundedPareto { alpha, min, max } => {
                (1.0 - libm::pow(min / x, alpha)) / (1.0 - libm::pow(min / max, alpha))
            }
            Law::Pareto { alpha, min } => 1.0 - libm::pow(min / x, alpha),
            Law::Uniform { min, max } => (x - min) / (max - min),
        }
    }

    #[test]
    fn draws_follow_their_law() {
        let more = [
            Law::Gamma { mean: 5.0, cv: 0.05 },
            Law::Gamma { mean: 1.0, cv: 0.999_999 },
            Law::Hyperexponential { mean: 1.0, cv: 1.0 },
            Law::Hyperexponential { mean: 1.0, cv: 40.0 },
            Law::BoundedPareto { alpha: 1.0, min: 1.0, max: 1.2 },
        ];
        for law in golden_laws().into_iter().chain(more) {
            if matches!(law, Law::Deterministic { .. }) {
                continue;
            }
            for seed in 0..2 {
                let (sampler, mut stream) = (Sampler::new(&law), Stream::new(seed, "n", "law"));
                let sample: Vec<f64> = (0..N).map(|_| sampler.sample_secs(&mut stream)).collect();
                assert!(sample.iter().all(|x| x.is_finite() && *x >= 0.0));
                assert_follows(&format!("{law:?}"), sample, |x| cdf(law, x));
            }
        }
    }

    /// Sample moments against the formulas, where the sample can tell: light tails only.
    #[test]
    fn moments_agree_with_draws() {
        let light = [
            Law::Exponential { mean: 0.2 },
            Law::Lognormal { mean: 3.0, cv: 0.3 },
            Law::Gamma { mean: 2.0, cv: 0.5 },
            Law::Gamma { mean: 2.0, cv: 1.7 },
            Law::Hyperexponential { mean: 0.5, cv: 1.5 },
            Law::BoundedPareto { alpha: 2.0, min: 1.0, max: 3.0 },
            Law::Pareto { alpha: 15.0, min: 1.0 },
            Law::Uniform { min: 1.0, max: 4.0 },
        ];
        for law in light {
            for seed in 0..3 {
                let (sampler, mut stream) = (Sampler::new(&law), Stream::new(seed, "n", "moments"));
                let sample: Vec<f64> = (0..N).map(|_| sampler.sample_secs(&mut stream)).collect();
                let what = format!("{law:?} seed {seed}");
                assert_mean(&what, sample.iter().copied(), law.mean());
                assert_mean(&what, sample.iter().map(|x| x * x), law.second_moment().unwrap());
                assert_mean(&what, sample.iter().map(|x| x * x * x), law.third_moment().unwrap());
            }
        }
    }

    /// The given mean and cv come back out of the moments.
    #[test]
    fn moments_agree_with_mean_and_cv() {
        for law in golden_laws() {
            let (mean, second) = (law.mean(), law.second_moment().unwrap());
            let cv = (second / (mean * mean) - 1.0).max(0.0).sqrt();
            assert!((law.cv() - cv).abs() < 1e-9, "{law:?}: {} and {cv}", law.cv());
        }
        assert_eq!(Law::Gamma { mean: 2.0, cv: 0.5 }.mean(), 2.0);
        assert!((Law::Hyperexponential { mean: 2.0, cv: 100.0 }.mean() - 2.0).abs() < 1e-12);
        // Known values of the third moments.
        assert_eq!(Law::Exponential { mean: 2.0 }.third_moment(), Some(48.0));
        assert_eq!(Law::Gamma { mean: 1.0, cv: 1.0 }.third_moment(), Some(6.0));
        assert_eq!(Law::Hyperexponential { mean: 1.0, cv: 1.0 }.third_moment(), Some(6.0));
        assert_eq!(Law::Uniform { min: 0.0, max: 2.0 }.third_moment(), Some(2.0));
    }

    /// Against Simpson's rule over ln x, at the exponents where the textbook formula divides by zero, too.
    #[test]
    fn moments_of_the_bounded_pareto_law_agree_with_quadrature() {
        let (min, max): (f64, f64) = (0.5, 40.0);
        for alpha in [0.3, 1.0, 1.0 + 1e-9, 1.5, 2.0, 3.0, 4.5] {
            let law = Law::BoundedPareto { alpha, min, max };
            let norm = 1.0 - libm::pow(min / max, alpha);
            for (k, got) in
                [(1, law.mean()), (2, law.second_moment().unwrap()), (3, law.third_moment().unwrap())]
            {
                let f = |y: f64| {
                    let x = libm::exp(y);
                    raise(x, k) * alpha * libm::pow(min / x, alpha) / norm
                };
                let (a, steps) = (libm::log(min), 2_000);
                let h = (libm::log(max) - a) / f64::from(steps);
                let sum: f64 = (0..=steps)
                    .map(|i| {
                        let w = if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
                        w * f(a + h * f64::from(i))
                    })
                    .sum();
                assert!((got / (sum * h / 3.0) - 1.0).abs() < 1e-9, "{law:?} moment {k}: {got}");
            }
        }
    }

    #[test]
    fn missing_moments_are_missing() {
        let law = |alpha| Law::Pareto { alpha, min: 1.0 };
        assert_eq!((law(1.0).mean(), law(1.0).cv()), (f64::INFINITY, f64::INFINITY));
        assert_eq!((law(2.0).mean(), law(2.0).cv(), law(2.0).second_moment()), (2.0, f64::INFINITY, None));
        assert_eq!((law(3.0).second_moment(), law(3.0).third_moment()), (Some(3.0), None));
        assert!((law(3.0).cv() - 1.0 / 3.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn degenerate_laws_are_constants() {
        let mut stream = Stream::new(1, "n", "p");
        for law in [
            Law::Deterministic { mean: 0.25 },
            Law::Lognormal { mean: 0.25, cv: 0.0 },
            Law::Gamma { mean: 0.25, cv: 0.0 },
            Law::Uniform { min: 0.25, max: 0.25 },
            Law::BoundedPareto { alpha: 1.0, min: 0.25, max: 0.25 },
        ] {
            assert_eq!(law.validate(), Ok(()));
            let sampler = Sampler::new(&law);
            assert_eq!(sampler.sample_secs(&mut stream), 0.25, "{law:?}");
            assert_eq!(sampler.sample_ns_scaled(&mut stream, 2.0), 500_000_000, "{law:?}");
            assert_eq!((law.mean(), law.cv()), (0.25, 0.0), "{law:?}");
        }
        for law in [Law::Lognormal { mean: 0.0, cv: 1.0 }, Law::Exponential { mean: 0.0 }] {
            assert_eq!(Sampler::new(&law).sample_ns(&mut stream), 0);
        }
    }

    #[test]
    fn extreme_but_valid_laws_draw_finite_times() {
        let mut stream = Stream::new(1, "n", "p");
        for law in [
            Law::Gamma { mean: 1.0, cv: MAX_CV },
            Law::Gamma { mean: 1.0, cv: 1e-9 },
            Law::Lognormal { mean: MAX_SECS, cv: MAX_CV },
            Law::Lognormal { mean: 1.0, cv: 1e-200 },
            Law::Hyperexponential { mean: 1.0, cv: MAX_CV },
            Law::BoundedPareto { alpha: 0.01, min: 1e-12, max: MAX_SECS },
            Law::BoundedPareto { alpha: 100.0, min: 1e-12, max: MAX_SECS },
            Law::BoundedPareto { alpha: 0.01, min: 1.0, max: 1.0 + 1e-15 },
        ] {
            assert_eq!(law.validate(), Ok(()), "{law:?}");
            let sampler = Sampler::new(&law);
            assert!((0..1_000).all(|_| sampler.sample_secs(&mut stream).is_finite()), "{law:?}");
            assert!(law.mean().is_finite() && law.cv().is_finite(), "{law:?}");
        }
    }

    #[test]
    fn faults_are_reported_all_at_once() {
        let fault = |law: Law| law.validate().unwrap_err();
        let both = fault(Law::Gamma { mean: f64::NAN, cv: -1.0 });
        assert!(both.contains("mean must be") && both.contains("; cv must be"), "{both}");
        fault(Law::Hyperexponential { mean: 1.0, cv: 0.9 });
        fault(Law::Uniform { min: 2.0, max: 1.0 });
        fault(Law::BoundedPareto { alpha: 1.0, min: 0.0, max: 1.0 });
        fault(Law::Pareto { alpha: 0.0, min: 1.0 });
        fault(Law::Exponential { mean: f64::INFINITY });
    }
}
