//! How sure the mean of one run is: batch means.
//!
//! Times that follow each other in a queue are alike, so that their spread says little about the spread of their mean. Means
//! of long batches are nearly independent: their spread gives the interval. Batches grow with the run, 32 to 63 of them at
//! any time; whether they are still alike is tested (lag-1 correlation), and if so they are joined to longer ones, or
//! nothing is claimed at all. Source: Law and Kelton, Simulation Modeling and Analysis (1991), section 9.5.3.

/// Batches that are kept at most; then each two become one.
const BATCHES: usize = 64;
/// Times in the first batches.
const SIZE_MIN: u64 = 16;
/// With fewer batches nothing is claimed.
const BATCHES_MIN: usize = 8;

/// Sums of equally many times, one after the other.
#[derive(Clone, Debug)]
pub struct Batches {
    sums: [u128; BATCHES],
    filled: usize,
    size: u64,
    current: u128,
    in_current: u64,
}

/// What batches say of the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sureness {
    /// Half the width of the 95% confidence interval of the mean [s].
    pub half_width_s: f64,
    /// Times that a run wants for a 95% interval of ± 1% of the mean.
    pub wanted_for_1_percent: f64,
}

impl Default for Batches {
    fn default() -> Self {
        Self { sums: [0; BATCHES], filled: 0, size: SIZE_MIN, current: 0, in_current: 0 }
    }
}

impl Batches {
    /// Notes times, one after the other.
    #[inline]
    pub fn record_all(&mut self, mut times_ns: impl ExactSizeIterator<Item = u64>) {
        while times_ns.len() > 0 {
            let room = (self.size - self.in_current).min(times_ns.len() as u64);
            // In two halves: WebAssembly has no 128-bit addition.
            let (mut low, mut high) = (0_u64, 0_u64);
            for ns in times_ns.by_ref().take(room as usize) {
                low += ns & 0xffff_ffff;
                high += ns >> 32;
            }
            self.current += u128::from(low) + (u128::from(high) << 32);
            self.in_current += room;
            if self.in_current == self.size {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        self.sums[self.filled] = self.current;
        self.filled += 1;
        (self.current, self.in_current) = (0, 0);
        if self.filled == BATCHES {
            for i in 0..BATCHES / 2 {
                self.sums[i] = self.sums[2 * i] + self.sums[2 * i + 1];
            }
            self.filled = BATCHES / 2;
            self.size *= 2;
        }
    }

    /// Number of times, and their mean [s].
    pub fn mean(&self) -> (f64, f64) {
        let n = self.filled as f64 * self.size as f64 + self.in_current as f64;
        let sum = self.sums[..self.filled].iter().sum::<u128>() + self.current;
        (n, if n > 0.0 { sum as f64 / n / 1e9 } else { 0.0 })
    }

    /// How sure the mean is; nothing where the run is too short to say.
    pub fn sureness(&self) -> Option<Sureness> {
        let mut means: Vec<f64> =
            self.sums[..self.filled].iter().map(|s| *s as f64 / self.size as f64 / 1e9).collect();
        let mut size = self.size as f64;
        while means.len() >= BATCHES_MIN {
            let k = means.len() as f64;
            let mean = means.iter().sum::<f64>() / k;
            let squares: f64 = means.iter().map(|m| (m - mean) * (m - mean)).sum();
            let products: f64 = means.windows(2).map(|m| (m[0] - mean) * (m[1] - mean)).sum();
            // 1.645 standard errors of the correlation of independent numbers.
            if products <= squares * 1.645 / k.sqrt() {
                let variance = squares / (k - 1.0);
                let z = 1.96;
                return (mean > 0.0).then(|| Sureness {
                    half_width_s: t_975(k - 1.0) * (variance / k).sqrt(),
                    wanted_for_1_percent: (z / 0.01) * (z / 0.01) * variance * size / (mean * mean),
                });
            }
            means = means.chunks_exact(2).map(|m| (m[0] + m[1]) / 2.0).collect();
            size *= 2.0;
        }
        None
    }
}

/// The 97.5% quantile of Student's t, by its expansion about the normal one (Abramowitz and Stegun 26.7.5); off by less than
/// a thousandth from 7 degrees of freedom on.
fn t_975(df: f64) -> f64 {
    let z = 1.959_963_984_540_054_f64;
    let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z);
    z + (z3 + z) / 4.0 / df
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0 / (df * df)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0 / (df * df * df)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_engine::Stream;

    #[test]
    fn quantiles_of_t_are_those_of_the_tables() {
        for (df, t) in [(7.0, 2.364_624), (15.0, 2.131_450), (31.0, 2.039_513), (62.0, 1.998_972)] {
            assert!((t_975(df) - t).abs() < 1e-3, "{df}");
        }
    }

    /// Independent times: the interval is that of their number, however long the batches have become.
    #[test]
    fn independent_times_give_the_interval_of_their_number() {
        let (mut batches, mut stream, n) = (Batches::default(), Stream::new(3, "batches", "test"), 100_000);
        batches.record_all((0..n).map(|_| u64::from(stream.below(2_000_000))));
        let sure = batches.sureness().unwrap();
        // Uniform on 0 to 2 ms: standard deviation 2/√12 ms.
        let wanted_s = 1.96 * 2e-3 / 12f64.sqrt() / f64::from(n).sqrt();
        assert!((sure.half_width_s / wanted_s - 1.0).abs() < 0.35, "{sure:?} {wanted_s}");
        assert!((sure.wanted_for_1_percent / (196.0 * 196.0 / 3.0) - 1.0).abs() < 0.7, "{sure:?}");
    }

    #[test]
    fn a_run_that_only_grows_says_nothing() {
        let mut batches = Batches::default();
        assert_eq!(batches.sureness(), None);
        for i in 0..5_000 {
            batches.record_all(std::iter::once(i * 1000));
        }
        assert_eq!(batches.sureness(), None);
    }
}
