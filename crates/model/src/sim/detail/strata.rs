//! How sure a weighted mean is: stretches are strata, each with a weight of its own.
//!
//! In each the spread of batch means gives the standard error of its mean; the whole mean has the root of the sum of their
//! squares, each by the share of what it stands for (stratified sampling: Cochran, Sampling Techniques, 1977, section 5.3).

use crate::sim::batches::{Batches, Sureness};
use crate::sim::meter::NodeMeter;

/// With more than this share of all unknown nothing is claimed.
const UNKNOWN_MAX: f64 = 0.1;
/// The 97.5% quantile of the normal distribution.
const Z: f64 = 1.96;

/// Strata of one kind of time, summed up.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// Simulated, and what they stand for with themselves.
    n: f64,
    weighted: f64,
    /// Of strata that say nothing of their mean.
    unknown: f64,
    /// Σ of times, weighted [s].
    time_s: f64,
    /// Σ (weighted number · standard error)² [s²].
    variance: f64,
}

impl Sum {
    fn add(&mut self, stratum: &Stratum, weight: f64) {
        let weighted = stratum.n * weight;
        self.n += stratum.n;
        self.weighted += weighted;
        self.time_s += stratum.mean_s * weighted;
        match stratum.error_s {
            Some(e) => self.variance += (weighted * e) * (weighted * e),
            None => self.unknown += weighted,
        }
    }

    fn sureness(&self) -> Option<Sureness> {
        let known = self.weighted - self.unknown;
        if known <= 0.0 || self.unknown > UNKNOWN_MAX * self.weighted {
            return None;
        }
        let half_width_s = Z * self.variance.sqrt() / known;
        let mean_s = self.time_s / self.weighted;
        let over = half_width_s / (0.01 * mean_s);
        (mean_s > 0.0).then_some(Sureness { half_width_s, wanted_for_1_percent: self.n * over * over })
    }
}

/// One stretch.
#[derive(Clone, Copy, Debug, Default)]
struct Stratum {
    n: f64,
    mean_s: f64,
    error_s: Option<f64>,
}

impl Stratum {
    fn of(batches: &Batches) -> Self {
        let (n, mean_s) = batches.mean();
        Self { n, mean_s, error_s: batches.sureness().map(|s| s.half_width_s / Z) }
    }
}

/// Strata of a node: of responses, and of waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Strata {
    sums: [Sum; 2],
    /// The latest stretch, and its weight so far.
    last: Option<([Stratum; 2], f64)>,
}

impl Strata {
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// A part of the run is over that stands for itself.
    pub fn end_part(&mut self, meter: &mut NodeMeter) {
        let part = take(meter);
        self.add(&part, 1.0);
    }

    /// A stretch is over that weighs so much for now; that of the one before is settled.
    pub fn end_stretch(&mut self, meter: &mut NodeMeter, weight: f64) {
        if let Some((strata, weight)) = self.last.take() {
            self.add(&strata, weight);
        }
        self.last = Some((take(meter), weight));
    }

    /// The latest stretch weighs so much more.
    pub fn reweight(&mut self, more: f64) {
        if let Some((_, weight)) = &mut self.last {
            *weight += more;
        }
    }

    fn add(&mut self, strata: &[Stratum; 2], weight: f64) {
        for (sum, stratum) in self.sums.iter_mut().zip(strata) {
            sum.add(stratum, weight);
        }
    }

    /// Of all so far, with the part that goes on; the latest stretch weighs so much more.
    pub fn sureness(&self, meter: &NodeMeter, more: f64) -> [Option<Sureness>; 2] {
        let mut all = self.clone();
        if let Some((strata, weight)) = all.last.take() {
            all.add(&strata, weight + more);
        }
        all.add(&[Stratum::of(&meter.responses), Stratum::of(&meter.waits)], 1.0);
        all.sums.map(|s| s.sureness())
    }
}

/// What the batches of a node say; others begin.
fn take(meter: &mut NodeMeter) -> [Stratum; 2] {
    let strata = [Stratum::of(&meter.responses), Stratum::of(&meter.waits)];
    meter.responses = Batches::default();
    meter.waits = Batches::default();
    strata
}
