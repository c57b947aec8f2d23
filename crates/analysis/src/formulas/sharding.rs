//! Keys over shards: how many move when a shard is added, and how uneven the shares are.

use crate::stats::gamma_cdf;

/// Share of keys that change shard when hash mod `a` becomes hash mod `b`: those hashes z below a·b, all equally likely,
/// with z mod a ≠ z mod b. For n → n + 1 that is n/(n + 1).
pub fn modulo_moved(a: u32, b: u32) -> f64 {
    // Only z below min(a, b) in each period of lcm(a, b) stay.
    let (a, b) = (u64::from(a), u64::from(b));
    let gcd = { (1..=a.min(b)).rev().find(|d| a % d == 0 && b % d == 0).expect("1 divides everything") };
    1.0 - a.min(b) as f64 / (a * b / gcd) as f64
}

/// Share of keys that a new shard takes over on a ring of consistent hashing with `virtual_nodes` points per shard: mean and
/// standard deviation over rings. It is Beta(V, NV), and all of them move to the new shard (D. Karger et al., STOC 1997).
pub fn consistent_moved(shards: u32, virtual_nodes: u32) -> (f64, f64) {
    let (a, b) = (f64::from(virtual_nodes), f64::from(shards) * f64::from(virtual_nodes));
    let all = a + b;
    (a / all, (a * b / (all * all * (all + 1.0))).sqrt())
}

/// Expected share of the fullest shard over the mean share on such a ring.
///
/// Shares are Dirichlet(V, …, V), that is independent Gamma(V) over their sum, and the sum is independent of the shares:
/// E\[max share\] = E\[max of N Gamma(V)\]/(NV). With V = 1 it is H_N/N, so that the ratio is the harmonic number.
pub fn consistent_max_over_mean(shards: u32, virtual_nodes: u32) -> f64 {
    let (n, v) = (f64::from(shards), f64::from(virtual_nodes));
    // E[max] = ∫ 1 − F(x)^N dx by Simpson's rule, to where the tail is below rounding.
    let end = v + 12.0 * v.sqrt() + 60.0;
    let steps = 20_000;
    let h = end / f64::from(steps);
    let tail = |x: f64| {
        let f = gamma_cdf(v, x);
        if f <= 0.0 { 1.0 } else { 1.0 - libm::pow(f, n) }
    };
    let sum: f64 = (0..=steps)
        .map(|i| {
            let weight = if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
            weight * tail(h * f64::from(i))
        })
        .sum();
    sum * h / 3.0 / v
}

/// Expected share of requests at the shard that holds the most popular key, whose own share is `top`: p₁ + (1 − p₁)/S.
pub fn hot_shard_share(top: f64, shards: u32) -> f64 {
    top + (1.0 - top) / f64::from(shards)
}

/// Requests per second at which the hottest shard saturates, when each serves `shard_rps`: μ/share.
pub fn capacity_with_hot_key_rps(top: f64, shards: u32, shard_rps: f64) -> f64 {
    shard_rps / hot_shard_share(top, shards)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::caches::zipf;
    use super::*;

    #[test]
    fn keys_that_move() {
        assert_close("MOD.4-5", modulo_moved(4, 5), 0.8);
        assert_close("MOD.10-11", modulo_moved(10, 11), 0.9090909091);
        assert_close("MOD.4-8", modulo_moved(4, 8), 0.5);
        for (a, b) in [(4_u32, 6_u32), (6, 4), (7, 7), (1, 9)] {
            let stay = (0..a * b).filter(|z| z % a == z % b).count();
            assert_close("by counting", modulo_moved(a, b), 1.0 - stay as f64 / f64::from(a * b));
        }
        let (mean, sd) = consistent_moved(10, 100);
        assert_close("CHASH.move", mean, 0.09090909091);
        assert_close("CHASH.sd", sd, 0.008663904477);
    }

    #[test]
    fn uneven_shares() {
        // Simpson's rule leaves an error of 1e-8 here.
        assert!((consistent_max_over_mean(10, 1) - 2.928968254).abs() < 1e-6, "CHASH.V1");
        // Published from a simulation with a standard error below 5e-4.
        assert!((consistent_max_over_mean(10, 100) - 1.1593).abs() < 2e-3, "CHASH.V100");
        assert!((consistent_max_over_mean(10, 1_000) - 1.0492).abs() < 2e-3, "CHASH.V1000");
    }

    #[test]
    fn hot_keys() {
        let top = zipf(1_000_000, 1.0)[0];
        assert_close("HOT.p1", top, 0.06947953777);
        assert_close("HOT.shard16", hot_shard_share(top, 16), 0.1276370667);
        assert_close("HOT.cap", capacity_with_hot_key_rps(top, 16, 1_000.0), 7834.714681);
    }
}
