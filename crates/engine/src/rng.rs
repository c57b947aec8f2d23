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
    #[inline]
    pub fn exp(&mut self) -> f64 {
        let layers = &self.tables.exp;
        loop {
            let bits = self.rng.next_u64();
            let i = (bits & 0xff) as usize;
            let x = (bits >> 11) as f64 * UNIT_53 * layers.x[i];
            if x < layers.x[i + 1] {
                return x;
            }
            if i == 0 {
                // Past the last layer the law is the same law again, shifted.
                return EXP_TAIL - libm::log(self.open_unit());
            }
            let height = layers.f[i + 1] + (layers.f[i] - layers.f[i + 1]) * self.unit();
            if height < libm::exp(-x) {
                return x;
            }
        }
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
