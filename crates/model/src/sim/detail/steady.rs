//! Whether a stretch of a run was steady, by what was measured in it.
//!
//! Flows (arrivals, failures, times, busy workers) are measured in blocks of equal length. A stretch has a trend when its two
//! halves differ by more than chance allows, and by enough to matter; chance is judged by the spread of the blocks, made
//! wider where neighbours are alike (an autoregressive correction, Law and Kelton, Simulation Modeling and Analysis, 1991,
//! section 9.5). Where blocks are so alike that each is little but the one before, the stretch is too short to say.
//!
//! What fills and empties is judged by its balance, since a slow drift drowns in the noise of its level: what came less what
//! went, projected over the time that would be skipped, or over the time in which the stock turns over if that is shorter,
//! because then a surplus runs off by itself.

use super::memory::Stock;

/// Blocks that are kept at most; then each two become one.
const BLOCKS_MAX: usize = 64;
/// Blocks of a stretch that is judged.
pub(super) const BLOCKS_MIN: usize = 32;
/// Halves that differ by more standard errors than this differ by more than chance. Many numbers are judged, many times:
/// with 30 degrees of freedom one in ten thousand passes it by luck.
const TREND_Z: f64 = 4.5;
/// A trend of a flow matters when the halves differ by more than this share of it.
const FLOW_TOLERANCE: f64 = 0.02;
/// The same of a level or a time, which magnify small changes of load.
const LEVEL_TOLERANCE: f64 = 0.10;
/// A trend of failures matters from this share of arrivals on.
const FAILURE_TOLERANCE: f64 = 0.001;
/// Correlation of neighbouring blocks from which on a stretch is shorter than the memory of what it shows.
const ALIKE: f64 = 0.9;
/// Standard error of a flow, as a share of it, from which on a stretch is too short to stand for more than itself: some 25
/// independent events. What comes in rare bursts must have come often.
const PRECISION: f64 = 0.2;
/// Workers busier than this have a queue that is in no hurry to come to rest.
const SATURATED: f64 = 0.97;
/// How far a stock may be carried off its level by what a skip leaves out: by this share of it, ...
const STOCK_TOLERANCE: f64 = 0.03;
/// ... or by so many of the standard deviations that it has by chance, if that is more.
const STOCK_SPREADS: f64 = 2.0;
/// Standard errors by which the drift of a stock may be larger than it was seen to be.
const STOCK_Z: f64 = 2.0;

/// Sums of a node so far: arrivals, failures, answers, time inside of those that left, integral of the number inside, busy
/// worker time, worker time, integral of the queue length.
pub(super) const FLOWS: usize = 8;
const ARRIVALS: usize = 0;
const FAILURES: usize = 1;
const TIME: usize = 3;
const INSIDE: usize = 4;
const BUSY: usize = 5;
const CAPACITY: usize = 6;
const WAITING: usize = 7;

/// What was measured up to a moment, or between two.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// By node.
    pub flows: Vec<[f64; FLOWS]>,
    /// By stock: how much there is, and how much came.
    pub stocks: Vec<[f64; 2]>,
}

impl Sums {
    fn since(&self, before: &Sums) -> Sums {
        let minus = |(a, b): (&[f64; FLOWS], &[f64; FLOWS])| std::array::from_fn(|i| a[i] - b[i]);
        Sums {
            flows: self.flows.iter().zip(&before.flows).map(minus).collect(),
            stocks: self.stocks.iter().zip(&before.stocks).map(|(a, b)| [a[0] - b[0], a[1] - b[1]]).collect(),
        }
    }

    fn add(&mut self, more: &Sums) {
        for (a, b) in self.flows.iter_mut().zip(&more.flows) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        for (a, b) in self.stocks.iter_mut().zip(&more.stocks) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
    }
}

/// What is to be thought of a stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is steady, and at most so much time may be left out after it [ns].
    Steady(f64),
    /// It is too short to say.
    TooShort,
    /// Something changes.
    Trend,
}

/// Blocks of a stretch, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    pub length_ns: u64,
    last: Sums,
    blocks: Vec<Sums>,
}

impl Blocks {
    /// A stretch begins.
    pub fn new(length_ns: u64, now: Sums) -> Self {
        Self { length_ns: length_ns.max(1), last: now, blocks: Vec::with_capacity(BLOCKS_MAX) }
    }

    /// A block ends.
    pub fn end_block(&mut self, now: Sums) {
        self.blocks.push(now.since(&self.last));
        self.last = now;
        if self.blocks.len() == BLOCKS_MAX {
            let mut merged = Vec::with_capacity(BLOCKS_MAX);
            for pair in self.blocks.chunks_exact(2) {
                let mut sum = pair[0].clone();
                sum.add(&pair[1]);
                merged.push(sum);
            }
            self.blocks = merged;
            self.length_ns *= 2;
        }
    }

    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether as many things are measured as before.
    pub fn fits(&self, sums: &Sums) -> bool {
        (self.last.flows.len(), self.last.stocks.len()) == (sums.flows.len(), sums.stocks.len())
    }

    /// The sums of the later half of the blocks, or of all.
    pub fn total(&self, half: bool) -> (Sums, u64) {
        let from = if half { self.blocks.len() / 2 } else { 0 };
        let mut total = Sums {
            flows: vec![[0.0; FLOWS]; self.last.flows.len()],
            stocks: vec![[0.0; 2]; self.last.stocks.len()],
        };
        self.blocks[from..].iter().for_each(|b| total.add(b));
        (total, (self.blocks.len() - from) as u64 * self.length_ns)
    }

    /// Judges the later half of the blocks, or all. `stocks` are what there is now; they have been left to themselves for
    /// `left_ns` already.
    pub fn judge(&self, half: bool, stocks: &[Stock], left_ns: u64) -> Verdict {
        let from = if half { self.blocks.len() / 2 } else { 0 };
        let blocks = &self.blocks[from..];
        let (total, span_ns) = self.total(half);
        let mut verdict = Verdict::Steady(f64::INFINITY);
        for (node, sums) in total.flows.iter().enumerate() {
            if sums[CAPACITY] > 0.0 && sums[BUSY] >= SATURATED * sums[CAPACITY] {
                return Verdict::Trend;
            }
            let arrivals = sums[ARRIVALS] / blocks.len() as f64;
            for (flow, matters) in [
                (ARRIVALS, Matters::Share(FLOW_TOLERANCE)),
                (FAILURES, Matters::At(FAILURE_TOLERANCE * arrivals)),
                (TIME, Matters::Share(LEVEL_TOLERANCE)),
                (INSIDE, Matters::Share(LEVEL_TOLERANCE)),
                (BUSY, Matters::Share(FLOW_TOLERANCE)),
                (WAITING, Matters::Beside(LEVEL_TOLERANCE, sums[INSIDE] / blocks.len() as f64)),
            ] {
                match trend(blocks.iter().map(|b| b.flows[node][flow]), blocks.len(), matters) {
                    Verdict::Trend => return Verdict::Trend,
                    Verdict::TooShort => verdict = Verdict::TooShort,
                    Verdict::Steady(_) => {}
                }
            }
        }
        let mut gap_ns = f64::INFINITY;
        for (stock, change) in stocks.iter().zip(&total.stocks) {
            gap_ns = gap_ns.min(stock_gap_ns(stock.level as f64, *change, span_ns as f64, left_ns as f64));
        }
        if verdict == Verdict::TooShort { verdict } else { Verdict::Steady(gap_ns) }
    }
}

/// How much longer a stock may be left to itself, when it changed by `change` and `came` came over `span_ns`, and it has been
/// left to itself for `left_ns`. What is certain of its drift adds up over all skips; what may be chance does not.
fn stock_gap_ns(level: f64, [change, came]: [f64; 2], span_ns: f64, left_ns: f64) -> f64 {
    let went = (came - change).max(0.0);
    let chance = STOCK_Z * (came + went).sqrt() / span_ns;
    let drift = (change.abs() / span_ns - chance).max(0.0);
    let allowed = (STOCK_TOLERANCE * level).max(STOCK_SPREADS * level.max(1.0).sqrt());
    let off = |gap_ns: f64, turnover_ns: f64| {
        drift * (left_ns + gap_ns).min(turnover_ns) + chance * gap_ns.min(turnover_ns)
    };
    if off(f64::INFINITY, level * span_ns / went) <= allowed || drift + chance == 0.0 {
        return f64::INFINITY;
    }
    ((allowed - drift * left_ns) / (drift + chance)).max(0.0)
}

/// From when on a difference of the halves matters.
#[derive(Clone, Copy)]
enum Matters {
    /// From a share of the mean.
    Share(f64),
    /// From a value.
    At(f64),
    /// From a share of the mean of something larger.
    Beside(f64, f64),
}

/// Whether a row of numbers has a trend.
fn trend(row: impl Iterator<Item = f64>, n: usize, matters: Matters) -> Verdict {
    let row: Vec<f64> = row.collect();
    let (early, late) = row.split_at(n / 2);
    let mean = |xs: &[f64]| xs.iter().sum::<f64>() / xs.len().max(1) as f64;
    let (a, b) = (mean(early), mean(late));
    let apart = (b - a).abs();
    let floor = match matters {
        Matters::Share(share) => share * mean(&row).abs(),
        Matters::At(value) => value,
        Matters::Beside(share, whole) => share * whole,
    };
    // Each half about its own mean: a step between them is no spread.
    let off: Vec<f64> = early.iter().map(|x| x - a).chain(late.iter().map(|x| x - b)).collect();
    let squares: f64 = off.iter().map(|x| x * x).sum();
    if squares == 0.0 {
        return if apart > floor { Verdict::Trend } else { Verdict::Steady(0.0) };
    }
    let alike = (off.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / squares).clamp(0.0, 0.95);
    let variance = squares / (n as f64 - 2.0) * (1.0 + alike) / (1.0 - alike);
    if apart > TREND_Z * (4.0 * variance / n as f64).sqrt() && apart > floor {
        return Verdict::Trend;
    }
    if let Matters::Share(_) = matters
        && (variance / n as f64).sqrt() > PRECISION * mean(&row)
    {
        return Verdict::TooShort;
    }
    // The same of all blocks about one mean, by which a slow swing is seen.
    let m = mean(&row);
    let whole: f64 = row.iter().map(|x| (x - m) * (x - m)).sum();
    let slow = row.windows(2).map(|w| (w[0] - m) * (w[1] - m)).sum::<f64>() / whole;
    if slow > ALIKE && apart > floor { Verdict::TooShort } else { Verdict::Steady(0.0) }
}
