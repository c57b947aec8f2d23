//! The simulator held against theory: rows of `tests/validation/catalogue.json`, judged by each row's own tolerance.
//!
//! An [`Experiment`] is a design, written as a user would write it, and what to read off its summary for one or more rows
//! of the catalogue. It is repeated with many seeds, and [`judge`] compares the sample with the row. Nothing here reaches
//! into the simulator: a design goes in as JSON, a summary (or the series that the page draws) comes out.

pub mod availability;
pub mod balancing;
pub mod build;
pub mod caches;
pub mod catalogue;
pub mod cdn;
pub mod closed;
pub mod invariants;
pub mod messages;
pub mod money;
pub mod places;
pub mod published;
pub mod queues;
pub mod quorum;
pub mod replication;
pub mod report;
pub mod resilience;
pub mod scaling;
pub mod sessions;
pub mod shards;
pub mod statistics;
pub mod traffic;

use catalogue::{Row, Rule};
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Confidence of every interval: two-sided.
pub const CONFIDENCE: f64 = 0.999;
/// Fewest replications that a row with a confidence interval may be judged by.
pub const REPLICATIONS_MIN: usize = 20;

/// One set-up, repeated with many seeds, that tells about one or more rows.
pub struct Experiment {
    /// Ids of the rows, in the order of the values that `replicate` gives.
    pub rows: &'static [&'static str],
    /// Replications.
    pub replications: usize,
    /// Which validation it belongs to.
    pub part: Part,
    /// One replication: a value for each row.
    pub replicate: Box<dyn Fn(Replication) -> Vec<f64> + Send + Sync>,
}

/// Which replication of an experiment it is, and so its seeds.
#[derive(Clone, Copy, Debug)]
pub struct Replication {
    /// Counted from 0.
    pub number: u64,
    /// Where the experiment's seeds begin. Each has its own, or the luck of one would be the luck of all.
    base: u64,
}

impl Replication {
    /// Of the experiment that measures this row first.
    fn new(row: &str, number: u64) -> Self {
        // FNV-1a, for no other reason than that it is short.
        let hash = row
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        Self { number, base: (hash >> 32) * 100_000 }
    }

    /// The seed of a replication that is one run.
    pub fn seed(self) -> u64 {
        self.base + self.number
    }

    /// The seeds of a replication that is `n` runs.
    pub fn seeds(self, n: u64) -> impl Iterator<Item = u64> {
        let first = self.base + self.number * n;
        first..first + n
    }
}

/// Which validation an experiment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The full one.
    Full,
    /// Every run of the tests: a short experiment for rows that the full validation measures together with others.
    Quick,
    /// Both.
    Both,
}

impl Experiment {
    /// An experiment of the full validation only.
    pub fn new(
        rows: &'static [&'static str],
        replications: usize,
        replicate: impl Fn(Replication) -> Vec<f64> + Send + Sync + 'static,
    ) -> Self {
        Self { rows, replications, part: Part::Full, replicate: Box::new(replicate) }
    }

    /// Also for every run of the tests.
    pub fn quick(mut self) -> Self {
        self.part = Part::Both;
        self
    }

    /// For every run of the tests, and not for the full validation.
    pub fn quick_only(mut self) -> Self {
        self.part = Part::Quick;
        self
    }
}

/// Every experiment.
pub fn experiments() -> Vec<Experiment> {
    let mut all = queues::experiments();
    all.extend(balancing::experiments());
    all.extend(resilience::experiments());
    all.extend(closed::experiments());
    all.extend(caches::experiments());
    all.extend(cdn::experiments());
    all.extend(money::experiments());
    all.extend(replication::experiments());
    all.extend(quorum::experiments());
    all.extend(sessions::experiments());
    all.extend(places::experiments());
    all.extend(shards::experiments());
    all.extend(statistics::experiments());
    all.extend(traffic::experiments());
    all.extend(messages::experiments());
    all.extend(scaling::experiments());
    all.extend(availability::experiments());
    all.extend(published::experiments());
    all.extend(invariants::experiments());
    all
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within the row's tolerance.
    Pass,
    /// Outside it.
    Fail,
    /// The sample is too small to say: the confidence interval is wider than the row allows.
    TooWide,
}

/// A row, measured.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The row.
    pub row: Row,
    /// Mean over the replications.
    pub measured: f64,
    /// Half the width of the confidence interval of the mean.
    pub half_width: f64,
    /// Replications.
    pub replications: usize,
    /// What became of it.
    pub verdict: Verdict,
}

/// Mean and unbiased variance of a sample.
pub fn mean_and_variance(sample: &[f64]) -> (f64, f64) {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    (mean, sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0))
}

/// Mean and standard deviation of a sample, the latter without the bias that it has for small samples of a normal law.
pub fn mean_and_sd(sample: &[f64]) -> (f64, f64) {
    let (mean, variance) = mean_and_variance(sample);
    (mean, variance.sqrt() * (1.0 + 1.0 / (4.0 * (sample.len() as f64 - 1.0))))
}

/// Mean of a sample, and half the width of its confidence interval (0 for a single value or equal ones).
pub fn interval(sample: &[f64]) -> (f64, f64) {
    let n = sample.len() as f64;
    let (mean, variance) = mean_and_variance(sample);
    if sample.len() < 2 {
        return (mean, 0.0);
    }
    let t = StudentsT::new(0.0, 1.0, n - 1.0)
        .expect("there are degrees of freedom")
        .inverse_cdf(0.5 + CONFIDENCE / 2.0);
    (mean, t * (variance / n).sqrt())
}

/// Compares a sample with a row, by the row's rule.
pub fn judge(row: &Row, sample: &[f64]) -> Outcome {
    let (mean, half) = interval(sample);
    let off = (mean - row.value).abs();
    // A residual, whose reference is 0, is relative already.
    let scale = if row.value == 0.0 { 1.0 } else { row.value.abs() };
    let verdict = match row.rule {
        Rule::Ci { max_half_width_rel, .. }
            if sample.len() < REPLICATIONS_MIN || half > max_half_width_rel * scale =>
        {
            Verdict::TooWide
        }
        Rule::Ci { bias_rel, .. } => pass_if(off <= half + bias_rel * scale),
        // An interval wider than the tolerance would make the row mean nothing.
        Rule::Abs { abs } if half > abs => Verdict::TooWide,
        Rule::Abs { abs } => pass_if(off <= abs + half),
        Rule::Band { low, high } => pass_if((low..=high).contains(&mean)),
        Rule::Exact { abs, rel } => {
            pass_if(sample.iter().all(|x| (x - row.value).abs() <= f64::max(abs, rel * scale)))
        }
    };
    Outcome { row: row.clone(), measured: mean, half_width: half, replications: sample.len(), verdict }
}

fn pass_if(ok: bool) -> Verdict {
    if ok { Verdict::Pass } else { Verdict::Fail }
}

/// Runs experiments on `threads` threads, and calls `tell` with the outcomes of each as soon as they are known.
pub fn run_all(experiments: &[Experiment], threads: usize, tell: impl Fn(&[Outcome]) + Sync) -> Vec<Outcome> {
    let jobs: Vec<(usize, usize)> =
        experiments.iter().enumerate().flat_map(|(e, x)| (0..x.replications).map(move |r| (e, r))).collect();
    let next = AtomicUsize::new(0);
    let samples: Vec<Mutex<Vec<Option<Vec<f64>>>>> =
        experiments.iter().map(|x| Mutex::new(vec![None; x.replications])).collect();
    let outcomes = Mutex::new(vec![Vec::new(); experiments.len()]);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some((e, r)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let replication = Replication::new(experiments[e].rows[0], r as u64);
                    let values = (experiments[e].replicate)(replication);
                    assert_eq!(values.len(), experiments[e].rows.len(), "a value for each row");
                    let mut sample = samples[e].lock().expect("no thread panicked");
                    sample[r] = Some(values);
                    let Some(all) = sample.iter().cloned().collect::<Option<Vec<_>>>() else { continue };
                    let judged: Vec<Outcome> = experiments[e]
                        .rows
                        .iter()
                        .enumerate()
                        .map(|(i, id)| {
                            judge(catalogue::row(id), &all.iter().map(|v| v[i]).collect::<Vec<_>>())
                        })
                        .collect();
                    tell(&judged);
                    outcomes.lock().expect("no thread panicked")[e] = judged;
                }
            });
        }
    });
    outcomes.into_inner().expect("no thread panicked").concat()
}
