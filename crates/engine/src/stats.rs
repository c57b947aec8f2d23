//! Running mean and variance.

/// Count, mean and variance of a stream of numbers in one pass (Welford 1962; merging: Chan, Golub and LeVeque 1979).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Running {
    /// Numbers seen.
    pub n: u64,
    /// Their mean; 0 when there are none.
    pub mean: f64,
    /// Sum of the squared distances from the mean.
    pub m2: f64,
    /// The smallest; +∞ when there are none.
    pub min: f64,
    /// The largest; −∞ when there are none.
    pub max: f64,
}

impl Default for Running {
    fn default() -> Self {
        Running { n: 0, mean: 0.0, m2: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Running {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in `x`.
    #[inline]
    pub fn push(&mut self, x: f64) {
        self.n += 1;
        let before = x - self.mean;
        self.mean += before / self.n as f64;
        self.m2 += before * (x - self.mean);
        self.min = self.min.min(x);
        self.max = self.max.max(x);
    }

    /// Takes in all that `other` has seen.
    pub fn merge(&mut self, other: &Running) {
        if other.n == 0 {
            return;
        }
        let (a, b) = (self.n as f64, other.n as f64);
        let gap = other.mean - self.mean;
        self.n += other.n;
        self.mean += gap * (b / (a + b));
        self.m2 += other.m2 + gap * gap * (a * b / (a + b));
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Sample variance (divided by n − 1); 0 for fewer than two numbers.
    pub fn var(&self) -> f64 {
        if self.n < 2 { 0.0 } else { self.m2 / (self.n - 1) as f64 }
    }

    /// Sample standard deviation; 0 for fewer than two numbers.
    pub fn sd(&self) -> f64 {
        self.var().sqrt()
    }

    /// Standard error of the mean of independent numbers; 0 for fewer than two.
    pub fn standard_error(&self) -> f64 {
        if self.n < 2 { 0.0 } else { self.sd() / (self.n as f64).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn agrees_with_two_passes_and_merging_equals_pushing() {
        let mut rng = Stream::new(5, "stats", "test");
        // A large offset: the textbook formula would lose its digits here.
        let xs: Vec<f64> = (0..1_001).map(|_| 1e9 + rng.normal()).collect();
        let mut whole = Running::new();
        xs.iter().for_each(|&x| whole.push(x));
        let mean = xs.iter().map(|x| x - 1e9).sum::<f64>() / 1_001.0;
        let var = xs.iter().map(|x| (x - 1e9 - mean) * (x - 1e9 - mean)).sum::<f64>() / 1_000.0;
        assert!((whole.mean - 1e9 - mean).abs() < 1e-6);
        assert!((whole.var() / var - 1.0).abs() < 1e-6 && whole.sd() > 0.9);

        let mut merged = Running::new();
        for part in xs.chunks(37) {
            let mut running = Running::new();
            part.iter().for_each(|&x| running.push(x));
            merged.merge(&running);
            merged.merge(&Running::new());
        }
        assert_eq!((merged.n, merged.min, merged.max), (whole.n, whole.min, whole.max));
        assert!((merged.mean - whole.mean).abs() < 1e-6 && (merged.var() / whole.var() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn few_numbers_have_no_spread() {
        let mut running = Running::new();
        assert_eq!((running.var(), running.standard_error()), (0.0, 0.0));
        running.push(3.0);
        assert_eq!((running.mean, running.sd(), running.min, running.max), (3.0, 0.0, 3.0, 3.0));
    }
}
