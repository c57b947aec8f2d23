//! The trace that cache policies are compared on, so defined that any language can make it.
//!
//! splitmix64 with state = seed; u = (z >> 11) · 2⁻⁵³; H[k] = 1/1 + … + 1/k in double precision, added upward; the rank is the
//! number of k with H[k] ≤ u·H[N], at most N − 1; id = (rank · 611953 + 12345) mod N. With N = 10⁶ and seed 42 the first ids
//! are 588924, 72110, 370935, 356632.

struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// `len` references by Zipf(1) to `items` items.
pub fn zipf(items: u32, len: usize, seed: u64) -> Vec<u32> {
    let mut sums = Vec::with_capacity(items as usize);
    let mut sum = 0.0;
    for i in 1..=items {
        sum += 1.0 / f64::from(i);
        sums.push(sum);
    }
    let mut random = SplitMix(seed);
    let mut reference = || {
        let u = (random.next() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0);
        let rank = sums.partition_point(|x| *x <= u * sum).min(items as usize - 1);
        ((rank as u64 * 611_953 + 12_345) % u64::from(items)) as u32
    };
    (0..len).map(|_| reference()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_trace_is_the_one_that_others_were_measured_on() {
        assert_eq!(super::zipf(1_000_000, 4, 42), [588_924, 72_110, 370_935, 356_632]);
    }
}
