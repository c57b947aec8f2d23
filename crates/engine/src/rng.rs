//! Random streams: one per (seed, node, purpose).
//!
//! Each stream is a xoshiro256++ generator (Blackman and Vigna 2021) whose state is mixed from the three names, so that
//! adding a node to a design leaves the draws of all others as they were, and two purposes of one node are independent.
//! Exponential and normal draws use the ziggurat method (Marsaglia and Tsang 2000) with 256 layers; the tables are
//! computed with `libm`, so the draws have the same bits natively and in WebAssembly.

use crate::ziggurat::{EXP_TAIL, NORMAL_TAIL, Tables, tables};
use rand::{Rng as _, SeedableRng as _, TryRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::convert::Infallible;

const UNIT_53: f64 = 1.0 / 9_007_199_254_740_992.0;

/// A stream of random numbers of its own. Cloning it copies the position: both copies then give the same draws.
#[derive(Clone, Debug)]
pub struct Stream {
    rng: Xoshiro256PlusPlus,
    // Held here so that a draw does not ask each time whether the tables exist.
    tables: &'static Tables,
}

impl PartialEq for Stream {
    fn eq(&self, other: &Self) -> bool {
        self.rng == other.rng
    }
}

impl Stream {
    /// The stream of `purpose` at `node` in the run with this `seed`. `node` must be a stable id, not a position.
    pub fn new(seed: u64, node: &str, purpose: &str) -> Self {
        // Two hashes with different offsets, so that 128 bits tell the streams apart.
        let lane = |offset: u64| {
            // 0xff occurs in no UTF-8 text: ("ab", "c") and ("a", "bc") differ.
            let name = fnv1a(fnv1a(fnv1a(offset, node.as_bytes()), &[0xff]), purpose.as_bytes());
            hash2(seed, name)
        };
        let (a, b) = (lane(0xcbf2_9ce4_8422_2325), lane(0x6c62_272e_07bb_0142));
        let mut state = [0u8; 32];
        let words = [mix64(a), mix64(a ^ GOLDEN), mix64(b), mix64(b ^ GOLDEN)];
        for (bytes, word) in state.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Stream { rng: Xoshiro256PlusPlus::from_seed(state), tables: tables() }
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * UNIT_53
    }

    /// Uniform in (0, 1], a multiple of 2⁻⁵³: safe to take the logarithm of.
    #[inline]
    pub fn open_unit(&mut self) -> f64 {
        ((self.next_u64() >> 11) + 1) as f64 * UNIT_53
    }

    /// Uniform in `0..n`, without bias (Lemire 2019). `n` = 0 gives 0.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        let mut product = (self.next_u64() >> 32) * u64::from(n);
        if (product as u32) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u32) < threshold {
                product = (self.next_u64() >> 32) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// True with probability `p`. Takes one draw whatever `p` is, so that changing `p` does not shift later draws.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Exponential with mean 1.
    #[inline(always)]
    pub fn exp(&mut self) -> f64 {
        let layers = &self.tables.exp;
        let bits = self.rng.next_u64();
        let i = (bits & 0xff) as usize;
        let x = (bits >> 11) as f64 * UNIT_53 * layers.x[i];
        // Nearly always.
        if x < layers.x[i + 1] { x } else { self.exp_beside(i, x) }
    }

    /// Goes on with an exponential draw that fell beside the layer's rectangle.
    #[cold]
    fn exp_beside(&mut self, i: usize, x: f64) -> f64 {
        if i == 0 {
            // Past the last layer the law is the same law again, shifted.
            return EXP_TAIL - libm::log(self.open_unit());
        }
        let layers = &self.tables.exp;
        let height = layers.f[i + 1] + (layers.f[i] - layers.f[i + 1]) * self.unit();
        if height < libm::exp(-x) { x } else { self.exp() }
    }

    /// Normal with mean 0 and standard deviation 1.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let layers = &self.tables.normal;
        loop {
            let bits = self.rng.next_u64();
            let i = (bits & 0xff) as usize;
            // Bit 8 is the sign; the top 53 bits are the place in the layer.
            let sign = if bits & 0x100 == 0 { 1.0 } else { -1.0 };
            let x = (bits >> 11) as f64 * UNIT_53 * layers.x[i];
            if x < layers.x[i + 1] {
                return sign * x;
            }
            if i == 0 {
                return sign * self.normal_tail();
            }
            let height = layers.f[i + 1] + (layers.f[i] - layers.f[i + 1]) * self.unit();
            if height < libm::exp(-0.5 * x * x) {
                return sign * x;
            }
        }
    }

    /// A normal draw given that it is beyond the last layer (Marsaglia 1964).
    #[cold]
    fn normal_tail(&mut self) -> f64 {
        loop {
            let x = -libm::log(self.open_unit()) / NORMAL_TAIL;
            let y = -libm::log(self.open_unit());
            if 2.0 * y > x * x {
                return NORMAL_TAIL + x;
            }
        }
    }
}

/// The stream as a generator of the `rand` crate.
impl TryRng for Stream {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.rng.try_next_u32()
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.rng.try_next_u64()
    }
    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.rng.try_fill_bytes(dst)
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of splitmix64 (Steele, Lea and Flood 2014): a bijection in which every input bit reaches every
/// output bit. Takes 0 to 0.
#[inline]
pub const fn mix64(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One well-mixed number from two, where the order matters. Not a cryptographic hash.
#[inline]
pub const fn hash2(a: u64, b: u64) -> u64 {
    mix64(mix64(a.wrapping_add(GOLDEN)) ^ b.wrapping_mul(GOLDEN).wrapping_add(1))
}

/// Continues an FNV-1a hash over `bytes`.
const fn fnv1a(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_follows, assert_frequencies, assert_mean};
    use std::collections::BTreeSet;

    const N: usize = 200_000;

    #[test]
    fn the_first_draws_of_a_stream() {
        let mut s = Stream::new(1, "web-1", "service");
        assert_eq!(
            [s.next_u64(), s.next_u64(), s.next_u64()],
            [1_698_886_328_147_100_189, 11_754_078_372_615_650_154, 963_059_700_348_322_682]
        );
    }

    #[test]
    fn every_name_has_a_stream_of_its_own() {
        let names = [("", ""), ("a", ""), ("", "a"), ("ab", "c"), ("a", "bc"), ("b", "a"), ("a", "b")];
        let mut first = BTreeSet::new();
        for seed in [0, 1, 2, u64::MAX] {
            for (node, purpose) in names {
                first.insert(Stream::new(seed, node, purpose).next_u64());
            }
        }
        assert_eq!(first.len(), 4 * names.len());
        assert_eq!(Stream::new(9, "a", "b"), Stream::new(9, "a", "b"));
    }

    #[test]
    fn streams_of_neighbouring_seeds_are_not_correlated() {
        // The product of two independent centred uniforms has mean 0 and standard deviation 1/12.
        for seed in 0..5 {
            let (mut a, mut b) = (Stream::new(seed, "n", "p"), Stream::new(seed + 1, "n", "p"));
            let products = (0..N).map(|_| (a.unit() - 0.5) * (b.unit() - 0.5));
            assert_mean("product", products, 0.0);
        }
    }

    #[test]
    fn uniform_draws_are_uniform_and_in_range() {
        let mut s = Stream::new(3, "n", "unit");
        let sample: Vec<f64> = (0..N).map(|_| s.unit()).collect();
        assert!(sample.iter().all(|x| (0.0..1.0).contains(x)));
        assert_follows("unit", sample, |x| x);
        assert!((0..N).map(|_| s.open_unit()).all(|x| x > 0.0 && x <= 1.0));
    }

    #[test]
    fn below_is_uniform() {
        for n in [1u32, 2, 3, 7, 10, 1000] {
            let mut s = Stream::new(4, "n", "below");
            let mut counts = vec![0; n as usize];
            (0..N).for_each(|_| counts[s.below(n) as usize] += 1);
            assert_frequencies(&format!("below {n}"), &counts, |_| 1.0 / f64::from(n));
        }
        let mut s = Stream::new(4, "n", "below");
        assert_eq!(s.below(0), 0);
        // A range that rejects nearly half of the draws if done naively.
        let large = 3_000_000_000;
        assert_mean("large", (0..N).map(|_| f64::from(s.below(large))), f64::from(large - 1) / 2.0);
    }

    #[test]
    fn chance_takes_one_draw_whatever_it_says() {
        let (mut a, mut b) = (Stream::new(5, "n", "p"), Stream::new(5, "n", "p"));
        assert!((0..1000).all(|_| a.chance(1.0) && !b.chance(0.0)));
        assert_eq!(a, b);
        assert_mean("chance", (0..N).map(|_| f64::from(u8::from(a.chance(0.3)))), 0.3);
    }

    #[test]
    fn exponential_draws_follow_the_law() {
        for seed in 0..3 {
            let mut s = Stream::new(seed, "n", "exp");
            let sample: Vec<f64> = (0..N).map(|_| s.exp()).collect();
            for (k, moment) in [(1, 1.0), (2, 2.0), (3, 6.0), (4, 24.0)] {
                let powers = sample.iter().map(|&x| (0..k).fold(1.0, |p, _| p * x));
                assert_mean(&format!("moment {k}"), powers, moment);
            }
            assert_follows("exp", sample, |x| -libm::expm1(-x));
        }
    }

    #[test]
    fn normal_draws_follow_the_law() {
        for seed in 0..3 {
            let mut s = Stream::new(seed, "n", "normal");
            let sample: Vec<f64> = (0..N).map(|_| s.normal()).collect();
            for (k, moment) in [(1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0), (6, 15.0)] {
                let powers = sample.iter().map(|&x| (0..k).fold(1.0, |p, _| p * x));
                assert_mean(&format!("moment {k}"), powers, moment);
            }
            assert_follows("normal", sample, |x| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2));
        }
    }

    /// The tails beyond the tables come from another path, so they are looked at on their own.
    #[test]
    fn tails_follow_the_law() {
        let mut s = Stream::new(6, "n", "tail");
        let (mut beyond, mut n) = (Vec::new(), 0u64);
        while beyond.len() < 3_000 {
            n += 1;
            let x = s.exp();
            if x > EXP_TAIL {
                beyond.push(x - EXP_TAIL);
            }
        }
        let expected = n as f64 * libm::exp(-EXP_TAIL);
        assert!(
            (beyond.len() as f64 - expected).abs() < 5.0 * expected.sqrt(),
            "{} {expected}",
            beyond.len()
        );
        assert_follows("exponential tail", beyond, |x| -libm::expm1(-x));

        let survival = |x: f64| 0.5 * libm::erfc(x * std::f64::consts::FRAC_1_SQRT_2);
        let (mut beyond, mut n) = (Vec::new(), 0u64);
        while beyond.len() < 1_000 {
            n += 1;
            let x = s.normal().abs();
            if x > NORMAL_TAIL {
                beyond.push(x);
            }
        }
        let expected = n as f64 * 2.0 * survival(NORMAL_TAIL);
        assert!(
            (beyond.len() as f64 - expected).abs() < 5.0 * expected.sqrt(),
            "{} {expected}",
            beyond.len()
        );
        assert_follows("normal tail", beyond, |x| 1.0 - survival(x) / survival(NORMAL_TAIL));
    }

    #[test]
    fn mixing_is_pinned() {
        assert_eq!(mix64(1), 0x5692_161d_100b_05e5);
        assert_ne!(hash2(1, 2), hash2(2, 1));
        assert_eq!(hash2(1, 2), 14_711_742_866_302_560_323);
    }
}
