//! Means, spreads and confidence intervals of independent numbers.

/// Share of intervals that hold the true mean, as reported everywhere unless said otherwise.
pub const CONFIDENCE: f64 = 0.95;

/// Arithmetic mean; NaN of no numbers.
pub fn mean(xs: &[f64]) -> f64 {
    // The mean of equal numbers is that number, to the bit: distances from the first add up to exactly 0.
    let Some(&first) = xs.first() else { return f64::NAN };
    first + xs.iter().map(|x| x - first).sum::<f64>() / xs.len() as f64
}

/// Sample standard deviation (divided by n − 1); NaN of fewer than two numbers.
pub fn sd(xs: &[f64]) -> f64 {
    if xs.len() < 2 {
        return f64::NAN;
    }
    let m = mean(xs);
    (xs.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (xs.len() - 1) as f64).sqrt()
}

/// The mean of independent runs and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Numbers it is made of.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1); NaN for fewer than two.
    pub sd: f64,
}

impl Estimate {
    /// The estimate from independent numbers; `None` of no numbers.
    pub fn of(xs: &[f64]) -> Option<Self> {
        (!xs.is_empty()).then(|| Self { n: xs.len(), mean: mean(xs), sd: sd(xs) })
    }

    /// Standard error of the mean; NaN for fewer than two numbers.
    pub fn standard_error(&self) -> f64 {
        self.sd / (self.n as f64).sqrt()
    }

    /// Half the width of the two-sided confidence interval: Student's t times the standard error. It assumes that the
    /// numbers are independent and near normal, which means over whole runs are. NaN for fewer than two numbers.
    pub fn half_width(&self, confidence: f64) -> f64 {
        if self.n < 2 {
            return f64::NAN;
        }
        student_t_quantile(0.5 + confidence / 2.0, (self.n - 1) as f64) * self.standard_error()
    }
}

/// The p-quantile of Student's t with `df` degrees of freedom, 0 < p < 1.
///
/// Inverts [`student_t_cdf`] by bisection down to neighbouring numbers: slow (some thousand terms), and never wrong.
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0 && df > 0.0, "a quantile wants 0 < p < 1 and df > 0, got {p} and {df}");
    if p == 0.5 {
        return 0.0;
    }
    // By symmetry the upper tail only, which also keeps the digits of a p near 0.
    let tail = p.min(1.0 - p);
    let (mut low, mut high) = (0.0, 1.0);
    while student_t_tail(high, df) > tail {
        low = high;
        high *= 2.0;
        if high > 1e300 {
            break;
        }
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if student_t_tail(middle, df) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    if p < 0.5 { -high } else { high }
}

/// P(T ≤ t) of Student's t with `df` degrees of freedom.
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    if t >= 0.0 { 1.0 - student_t_tail(t, df) } else { student_t_tail(-t, df) }
}

/// P(T > t) for t ≥ 0: ½ I(df/(df + t²); df/2, ½). Abramowitz and Stegun 26.7.1.
fn student_t_tail(t: f64, df: f64) -> f64 {
    let x = df / (df + t * t);
    0.5 * regularized_beta(x, t * t / (df + t * t), df / 2.0, 0.5)
}

/// The regularised incomplete beta function I(x; a, b) with `y` = 1 − x given apart, so that no digits are lost.
///
/// Continued fraction of Abramowitz and Stegun 26.5.8 by Lentz's method, on the side where it converges fast.
fn regularized_beta(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log(y),
    );
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(y, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TERMS_MAX: u32 = 100_000;
    let tiny = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / tiny(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..TERMS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / tiny(1.0 + even * d);
        c = tiny(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / tiny(1.0 + odd * d);
        c = tiny(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// P(X ≤ x) of a gamma law with this shape and scale 1: the regularised incomplete gamma function.
///
/// Series for small x, Lentz's continued fraction for large x (Abramowitz and Stegun 6.5.29 and 6.5.31).
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    const TERMS_MAX: u32 = 100_000;
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
        for k in 1..TERMS_MAX {
            term *= x / (shape + f64::from(k));
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        (front * sum).min(1.0)
    } else {
        let mut b = x + 1.0 - shape;
        let mut c = 1e300;
        let mut d = 1.0 / b;
        let mut h = d;
        for k in 1..TERMS_MAX {
            let k = f64::from(k);
            let a = -k * (k - shape);
            b += 2.0;
            d = 1.0 / (a * d + b);
            c = b + a / c;
            h *= d * c;
            if (d * c - 1.0).abs() < 1e-16 {
                break;
            }
        }
        1.0 - front * h
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use statrs::distribution::{ContinuousCDF, Gamma, StudentsT};

    #[test]
    fn quantiles_of_t_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.10, and closed forms for one and two degrees of freedom.
        for (p, df, t) in [
            (0.975, 1.0, 12.706_204_736_432_095),
            (0.975, 2.0, 4.302_652_729_749_464),
            (0.975, 19.0, 2.093_024_054_408_263),
            (0.995, 30.0, 2.749_995_653_567_231),
            (0.9995, 19.0, 3.883_405_852_592_082),
            (0.975, 1e6, 1.959_966_357),
        ] {
            assert!(
                (student_t_quantile(p, df) / t - 1.0).abs() < 1e-9,
                "{p} {df}: {}",
                student_t_quantile(p, df)
            );
        }
        assert!((student_t_quantile(0.75, 1.0) - 1.0).abs() < 1e-14);
    }

    #[test]
    fn quantiles_of_t_agree_with_statrs() {
        for df in [1.0, 2.0, 3.0, 4.5, 9.0, 19.0, 29.0, 99.0, 999.0] {
            let reference = StudentsT::new(0.0, 1.0, df).unwrap();
            for p in [0.001, 0.025, 0.1, 0.4, 0.6, 0.9, 0.975, 0.995, 0.9995] {
                let t = student_t_quantile(p, df);
                assert!((reference.cdf(t) - p).abs() < 1e-10, "{p} {df}: {t}");
                assert!((student_t_cdf(t, df) - p).abs() < 1e-12, "{p} {df}: {t}");
            }
        }
        assert_eq!(student_t_quantile(0.5, 7.0), 0.0);
        // Tails keep their digits.
        assert!((student_t_quantile(1e-10, 5.0) + student_t_quantile(1.0 - 1e-10, 5.0)).abs() < 1e-4);
    }

    #[test]
    fn gamma_agrees_with_statrs() {
        for shape in [0.3, 1.0, 2.5, 10.0, 100.0, 1000.0] {
            let reference = Gamma::new(shape, 1.0).unwrap();
            for q in [0.01, 0.2, 0.7, 1.0, 1.3, 2.0, 5.0] {
                let x = q * shape;
                assert!((gamma_cdf(shape, x) - reference.cdf(x)).abs() < 1e-11, "{shape} {x}");
            }
        }
    }

    #[test]
    fn an_estimate_of_few_numbers_says_so() {
        assert_eq!(Estimate::of(&[]), None);
        let one = Estimate::of(&[3.0]).unwrap();
        assert!(one.mean == 3.0 && one.sd.is_nan() && one.half_width(0.95).is_nan());
        let same = Estimate::of(&[0.1; 7]).unwrap();
        assert_eq!((same.mean, same.sd, same.half_width(0.95)), (0.1, 0.0, 0.0));
        // By hand: mean 2, sd 1, t(0.975, 2) = 4.3027, standard error 1/√3.
        let three = Estimate::of(&[1.0, 2.0, 3.0]).unwrap();
        assert!((three.half_width(CONFIDENCE) - 4.302_652_729_749_464 / 3.0_f64.sqrt()).abs() < 1e-12);
    }

    /// The interval holds the true mean as often as it says: 2,000 intervals of ten uniform numbers each.
    #[test]
    fn intervals_cover_the_mean() {
        let mut state = 7_u64;
        let mut unit = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let covered = (0..2_000)
            .filter(|_| {
                let xs: Vec<f64> = (0..10).map(|_| unit()).collect();
                let e = Estimate::of(&xs).unwrap();
                (e.mean - 0.5).abs() <= e.half_width(CONFIDENCE)
            })
            .count();
        // Five standard errors of a share of 0.95 among 2,000 are 0.024.
        assert!((covered as f64 / 2_000.0 - 0.95).abs() < 0.024, "{covered}");
    }
}
