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
    #[inline]
    pub fn sample_secs(&self, stream: &mut Stream) -> f64 {
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
