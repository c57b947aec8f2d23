//! A fingerprint of a run.
//!
//! Every event that is handled goes in, in order. Two runs with the same fingerprint took the same path; the first
//! slice after which it differs is where to look.

/// An order-sensitive running hash, a few multiplications an event. Not a cryptographic hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunHash(pub u64);

impl Default for RunHash {
    fn default() -> Self {
        RunHash(0x9e37_79b9_7f4a_7c15)
    }
}

impl RunHash {
    /// The hash of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in two numbers, say a time and what happened.
    #[inline]
    pub fn absorb(&mut self, a: u64, b: u64) {
        let mut h = (self.0 ^ a).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h = (h ^ (h >> 32) ^ b.rotate_left(29)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        self.0 = h ^ (h >> 29);
    }

    /// Takes in the bits of a float.
    #[inline]
    pub fn absorb_f64(&mut self, x: f64) {
        self.absorb(x.to_bits(), 1);
    }

    /// The fingerprint so far.
    #[inline]
    pub fn value(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn hash(pairs: &[(u64, u64)]) -> u64 {
        let mut h = RunHash::new();
        pairs.iter().for_each(|&(a, b)| h.absorb(a, b));
        h.value()
    }

    #[test]
    fn golden() {
        assert_eq!(hash(&[(1, 2), (3, 4), (u64::MAX, 0)]), 15_581_973_954_353_733_916);
    }

    #[test]
    fn order_and_place_matter() {
        let all = [
            hash(&[]),
            hash(&[(0, 0)]),
            hash(&[(0, 0), (0, 0)]),
            hash(&[(1, 2)]),
            hash(&[(2, 1)]),
            hash(&[(1, 2), (3, 4)]),
            hash(&[(3, 4), (1, 2)]),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn small_differences_spread() {
        // Flipping any one input bit flips about half of the output bits.
        for bit in 0..64 {
            for (a, b) in [(1u64 << bit, 0u64), (0, 1u64 << bit)] {
                let flipped = (hash(&[(a, b), (7, 7)]) ^ hash(&[(0, 0), (7, 7)])).count_ones();
                assert!((12..=52).contains(&flipped), "bit {bit}: {flipped}");
            }
        }
    }
}
