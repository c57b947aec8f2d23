//! One number that stands for every draw and every order this crate makes.

use crate::hash::RunHash;
use crate::hist::{Hist, WindowHist};
use crate::law::{Law, Sampler};
use crate::queue::EventQueue;
use crate::rng::Stream;
use crate::time::SimTime;
use crate::zipf::Popularity;

/// Draws of each kind that go into [`golden`].
const DRAWS: usize = 10_000;

/// A hash of 10,000 draws of every law and sampler, of the order of a busy queue, and of what histograms say about them.
///
/// It must be the same number natively and in WebAssembly, on every machine and at every optimisation level. A change of it
/// means that old links no longer replay: then the engine's version must change too.
pub fn golden() -> u64 {
    let mut hash = RunHash::new();
    let mut rng = Stream::new(42, "golden", "raw");
    for _ in 0..DRAWS {
        hash.absorb(rng.next_u64(), u64::from(rng.below(1_000_003)));
        hash.absorb_f64(rng.unit());
        hash.absorb_f64(rng.exp());
        hash.absorb_f64(rng.normal());
    }
    for law in golden_laws() {
        let (sampler, mut hist, mut window) = (Sampler::new(&law), Hist::new(), WindowHist::new());
        for _ in 0..DRAWS {
            let secs = sampler.sample_secs(&mut rng);
            hash.absorb_f64(secs);
            hist.record(sampler.sample_ns(&mut rng));
            window.record(sampler.sample_ns_scaled(&mut rng, 1.5));
        }
        for moment in [Some(law.mean()), Some(law.cv()), law.second_moment(), law.third_moment()] {
            hash.absorb_f64(moment.unwrap_or(-1.0));
        }
        for q in [0.01, 0.5, 0.9, 0.99, 0.999] {
            hash.absorb(hist.quantile_ns(q), window.quantile_ns(q));
            hash.absorb_f64(hist.share_above_s(hist.quantile_s(q)));
        }
        hash.absorb_f64(hist.mean_s());
        hash.absorb_f64(hist.sd_s());
    }
    for (n, s) in
        [(1_000, 0.0), (1_000, 0.8), (5_000, 1.0), (2_000_000, 0.9), (2_000_000, 1.0), (u32::MAX, 1.2)]
    {
        let popularity = Popularity::zipf(n, s);
        for _ in 0..DRAWS {
            hash.absorb(u64::from(popularity.sample(&mut rng)), 0);
        }
        hash.absorb_f64(popularity.probability(n / 2));
        hash.absorb_f64(popularity.share_of_top(n / 10));
    }
    hash_queue_order(&mut hash, &mut rng);
    hash.value()
}

/// One law of every family, and of every branch within a family.
pub(crate) fn golden_laws() -> [Law; 11] {
    [
        Law::Deterministic { mean: 0.01 },
        Law::Exponential { mean: 0.01 },
        Law::Lognormal { mean: 0.02, cv: 0.5 },
        Law::Lognormal { mean: 0.02, cv: 2.0 },
        Law::Gamma { mean: 0.03, cv: 0.5 },
        Law::Gamma { mean: 0.03, cv: 1.0 },
        Law::Gamma { mean: 0.03, cv: 2.0 },
        Law::Hyperexponential { mean: 0.04, cv: 3.0 },
        Law::BoundedPareto { alpha: 1.5, min: 0.001, max: 10.0 },
        Law::Pareto { alpha: 2.5, min: 0.005 },
        Law::Uniform { min: 0.001, max: 0.009 },
    ]
}

fn hash_queue_order(hash: &mut RunHash, rng: &mut Stream) {
    let mut queue = EventQueue::<u32>::new();
    let mut now = SimTime::ZERO;
    for i in 0..DRAWS as u32 {
        // Coarse times, so that there are many ties.
        queue.push(now + u64::from(rng.below(64)), i);
        if i % 97 == 0 {
            queue.push_control(now + u64::from(rng.below(64)), i, u32::MAX - i);
        }
        if rng.chance(0.9)
            && let Some((at, seq, ev)) = queue.pop()
        {
            now = at;
            hash.absorb(at.0 ^ (seq << 20), u64::from(ev));
        }
    }
    while let Some((at, seq, ev)) = queue.pop() {
        hash.absorb(at.0 ^ (seq << 20), u64::from(ev));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_of_this_version() {
        assert_eq!(
            golden(),
            8_630_585_714_274_738_683,
            "every old run would change: see the documentation of `golden`"
        );
    }
}
