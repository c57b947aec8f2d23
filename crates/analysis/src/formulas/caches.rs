//! Hit ratios of caches under independent references with fixed popularities.

use super::root;

/// Popularities of `items` items, P(rank k) ∝ k^(−s), most popular first.
pub fn zipf(items: u32, s: f64) -> Vec<f64> {
    let mut p: Vec<f64> = (1..=items).map(|k| libm::pow(f64::from(k), -s)).collect();
    // The small ones first keeps the digits of a long sum.
    let all: f64 = p.iter().rev().sum();
    p.iter_mut().for_each(|p| *p /= all);
    p
}

/// Che's approximation for LRU: an item is there when it was asked for within the characteristic time t, which solves
/// Σ(1 − e^(−pᵢt)) = C. H. Che, Y. Tung and Z. Wang, Hierarchical Web caching systems, IEEE JSAC 20 (2002).
pub fn lru(popularity: &[f64], capacity: f64) -> f64 {
    hit_ratio(popularity, capacity, |p, t| -libm::expm1(-p * t))
}

/// FIFO and RANDOM, which have the same hit ratio: hᵢ = pᵢt/(1 + pᵢt) with Σhᵢ = C. C. Fricker, P. Robert and J. Roberts, A
/// versatile and accurate approximation for LRU cache performance, ITC 24 (2012); equality: E. Gelenbe, IEEE ToC (1973).
pub fn fifo(popularity: &[f64], capacity: f64) -> f64 {
    hit_ratio(popularity, capacity, fifo_inside)
}

fn fifo_inside(p: f64, t: f64) -> f64 {
    p * t / (1.0 + p * t)
}

fn hit_ratio(popularity: &[f64], capacity: f64, inside: fn(f64, f64) -> f64) -> f64 {
    if capacity >= popularity.len() as f64 {
        return popularity.iter().sum();
    }
    let t = characteristic_time(popularity, capacity, inside);
    popularity.iter().rev().map(|&p| p * inside(p, t)).sum()
}

/// The time t at which `capacity` items are inside on average, fewer than there are.
fn characteristic_time(popularity: &[f64], capacity: f64, inside: fn(f64, f64) -> f64) -> f64 {
    let held = |t: f64| popularity.iter().rev().map(|&p| inside(p, t)).sum::<f64>();
    let (mut low, mut high) = (0.0, capacity.max(1.0));
    while held(high) < capacity {
        high *= 2.0;
    }
    // A relative 1e-13 of the time is far below what the approximation is good for, and saves half of the bisection.
    while high - low > 1e-13 * high {
        let middle = low + (high - low) / 2.0;
        if held(middle) < capacity { low = middle } else { high = middle }
    }
    high
}

/// Perfect LFU: the most popular items are always there (A₀; Coffman and Denning, Operating Systems Theory, 1973).
/// `popularity` begins with the most popular.
pub fn perfect_lfu(popularity: &[f64], capacity: usize) -> f64 {
    popularity.iter().take(capacity).rev().sum()
}

/// Exact FIFO and RANDOM: contents S have the probability ∝ Πᵢ∈S pᵢ (Gelenbe 1973). That is every item being in by its own
/// lot with chance qᵢ = pᵢt/(1 + pᵢt), given that `capacity` are in, whatever t; summed in O(items × capacity).
pub fn fifo_exact(popularity: &[f64], capacity: usize) -> f64 {
    // At the characteristic time `capacity` is the likeliest count, so that nothing underflows.
    let t = characteristic_time(popularity, capacity as f64, fifo_inside);
    // Over the items so far: weight[c] = P(c are in), and hits[c] = E[popularity that is in; c are in].
    let (mut weight, mut hits) = (vec![0.0; capacity + 1], vec![0.0; capacity + 1]);
    weight[0] = 1.0;
    for &p in popularity {
        let q = fifo_inside(p, t);
        for c in (0..=capacity).rev() {
            let (w, h) = if c > 0 { (weight[c - 1], hits[c - 1]) } else { (0.0, 0.0) };
            hits[c] = (1.0 - q) * hits[c] + q * (h + p * w);
            weight[c] = (1.0 - q) * weight[c] + q * w;
        }
    }
    hits[capacity] / weight[capacity]
}

/// Exact LRU by summing over all ordered contents, Πⱼ pⱼ/(1 − p of those before) (W. F. King, IFIP 1971). The work grows
/// like items^capacity: for small caches.
pub fn lru_exact(popularity: &[f64], capacity: usize) -> f64 {
    fn walk(p: &[f64], left: usize, used: &mut Vec<bool>, chance: f64, inside: f64) -> f64 {
        if left == 0 {
            return chance * inside;
        }
        let mut sum = 0.0;
        for i in 0..p.len() {
            if !used[i] {
                used[i] = true;
                sum += walk(p, left - 1, used, chance * p[i] / (1.0 - inside), inside + p[i]);
                used[i] = false;
            }
        }
        sum
    }
    walk(popularity, capacity, &mut vec![false; popularity.len()], 1.0, 0.0)
}

/// Hit ratio of one item asked for at `rate_rps` whose copy lives `ttl_s` from its fetch: λT/(1 + λT). J. Jung, A. Berger
/// and H. Balakrishnan, Modeling TTL-based Internet caches, INFOCOM 2003.
pub fn ttl_hit_ratio(rate_rps: f64, ttl_s: f64) -> f64 {
    rate_rps * ttl_s / (1.0 + rate_rps * ttl_s)
}

/// A large enough cache with a TTL: its hit ratio and the mean number of live items.
pub fn ttl(popularity: &[f64], rate_rps: f64, ttl_s: f64) -> (f64, f64) {
    let inside = |p: f64| ttl_hit_ratio(p * rate_rps, ttl_s);
    let hit = popularity.iter().rev().map(|&p| p * inside(p)).sum();
    let live = popularity.iter().rev().map(|&p| inside(p)).sum();
    (hit, live)
}

/// The TTL at which an unbounded cache holds `live` items on average [s]; infinite when all items fit.
pub fn ttl_for_live_items(popularity: &[f64], rate_rps: f64, live: f64) -> f64 {
    if live >= popularity.len() as f64 {
        return f64::INFINITY;
    }
    let mut high = 1.0 / rate_rps;
    while ttl(popularity, rate_rps, high).1 < live {
        high *= 2.0;
    }
    root(0.0, high, |t| ttl(popularity, rate_rps, t).1 - live)
}

/// Hit ratio of reads of an item that each write invalidates: r/(r + w).
pub fn invalidation_hit_ratio(read_rps: f64, write_rps: f64) -> f64 {
    read_rps / (read_rps + write_rps)
}

/// Share of reads that get a value older than the last write, with a TTL and no invalidation:
/// r(T − (1 − e^(−wT))/w)/(1 + rT), by the renewal–reward theorem over the life of a copy.
pub fn ttl_stale_share(read_rps: f64, write_rps: f64, ttl_s: f64) -> f64 {
    let fresh_s = -libm::expm1(-write_rps * ttl_s) / write_rps;
    read_rps * (ttl_s - fresh_s) / (1.0 + read_rps * ttl_s)
}

/// Fetches that one expiry sets off while the first of them takes `fetch_s`, without single flight: 1 + λL.
pub fn stampede_fetches(rate_rps: f64, fetch_s: f64) -> f64 {
    1.0 + rate_rps * fetch_s
}

/// The same when each of `servers`, which requests reach by lot, fetches once at a time: 1 + (S − 1)(1 − e^(−λL/S)).
pub fn stampede_fetches_of_servers(rate_rps: f64, fetch_s: f64, servers: u32) -> f64 {
    let s = f64::from(servers);
    1.0 - (s - 1.0) * libm::expm1(-rate_rps * fetch_s / s)
}

/// An item of a write-back cache that is saved `delay_s` after its first unsaved write: writes that reach the store [1/s],
/// w/(1 + wD), and acknowledged writes that a crash at a random time loses, w(D + wD²/2)/(1 + wD).
pub fn write_back(write_rps: f64, delay_s: f64) -> (f64, f64) {
    let turn = 1.0 + write_rps * delay_s;
    (write_rps / turn, write_rps * (delay_s + write_rps * delay_s * delay_s / 2.0) / turn)
}

/// Hit ratio of a shield behind one edge, both with a TTL that begins anew at each (no Age): m(T₂)/(1 + m(T₂)), where m is
/// the renewal function of the edge's misses, T₁ + Exp(λ) apart (N. Fofack et al. 2012).
pub fn shield_hit_ratio(rate_rps: f64, edge_ttl_s: f64, shield_ttl_s: f64) -> f64 {
    let mut renewals = 0.0;
    let mut n = 1.0;
    while n * edge_ttl_s < shield_ttl_s {
        renewals += crate::stats::gamma_cdf(n, rate_rps * (shield_ttl_s - n * edge_ttl_s));
        n += 1.0;
    }
    renewals / (1.0 + renewals)
}

/// The first `requests` requests to an empty, large cache: expected misses, and the chance that the last one misses.
pub fn cold_start(popularity: &[f64], requests: u32) -> (f64, f64) {
    let none = |p: f64, n: f64| libm::exp(n * libm::log1p(-p));
    let n = f64::from(requests);
    let misses = popularity.iter().rev().map(|&p| 1.0 - none(p, n)).sum();
    let last = popularity.iter().rev().map(|&p| p * none(p, n - 1.0)).sum();
    (misses, last)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn small_caches_exactly() {
        let p = zipf(8, 1.0);
        assert_close("CEX.LRU", lru_exact(&p, 3), 0.5356153359);
        assert_close("CEX.FIFO", fifo_exact(&p, 3), 0.5089580862);
        assert_close("CEX.LFU", perfect_lfu(&p, 3), 0.6745510293);
    }

    #[test]
    fn large_caches() {
        for (id, n, s, c, lfu) in [
            ("CZ06-10000-1000", 10_000, 0.6, 1_000, 0.3861353718),
            ("CZ08-10000-1000", 10_000, 0.8, 1_000, 0.5706175855),
            ("CZ10-10000-100", 10_000, 1.0, 100, 0.5299945154),
            ("CZ10-10000-1000", 10_000, 1.0, 1_000, 0.7647907806),
            ("CZ12-10000-100", 10_000, 1.2, 100, 0.7507658275),
            ("CZ09-100000-10000", 100_000, 0.9, 10_000, 0.7069392711),
            ("CZ08-10000-100", 10_000, 0.8, 100, 0.3000458544),
        ] {
            assert_close(id, perfect_lfu(&zipf(n, s), c), lfu);
        }
        for (id, s, c, published) in [
            ("CZ08-10000-1000.LRU", 0.8, 1_000.0, 0.4366597222),
            ("CZ10-10000-100.LRU", 1.0, 100.0, 0.3905254854),
            ("CZ10-10000-1000.LRU", 1.0, 1_000.0, 0.6756017935),
            ("CZ12-10000-100.LRU", 1.2, 100.0, 0.6563414468),
            ("CZ08-10000-100.LRU", 0.8, 100.0, 0.1566246358),
        ] {
            assert_close(id, lru(&zipf(10_000, s), c), published);
        }
        for (id, n, s, c, published) in [
            ("CZ06-10000-1000.FIFO", 10_000, 0.6, 1_000.0, 0.2200345724),
            ("CZ08-10000-1000.FIFO", 10_000, 0.8, 1_000.0, 0.3941791006),
            ("CZ10-10000-100.FIFO", 10_000, 1.0, 100.0, 0.3423321),
            ("CZ10-10000-1000.RANDOM", 10_000, 1.0, 1_000.0, 0.6309060041),
            ("CZ12-10000-100.FIFO", 10_000, 1.2, 100.0, 0.6033071785),
            ("CZ08-10000-100.FIFO", 10_000, 0.8, 100.0, 0.1336246771),
            ("CZ09-100000-10000.FIFO", 100_000, 0.9, 10_000.0, 0.5637176155),
        ] {
            assert_close(id, fifo(&zipf(n, s), c), published);
        }
        // The approximation is close to the exact value where both can be had; a cache of everything hits always.
        let p = zipf(3_000, 0.8);
        let (near, exact) = (fifo(&p, 300.0), fifo_exact(&p, 300));
        assert!((near - exact).abs() < 5e-4, "{near} and {exact}");
        assert_close("all fit", lru(&p, 3_000.0), 1.0);
    }

    #[test]
    fn time_to_live() {
        assert_close("TTL1.h", ttl_hit_ratio(0.5, 10.0), 0.8333333333);
        assert_close("TTL1.origin", 0.5 * (1.0 - ttl_hit_ratio(0.5, 10.0)), 0.08333333333);
        let p = zipf(10_000, 0.9);
        let (hit, live) = ttl(&p, 1_000.0, 60.0);
        assert_close("TTLZ.h", hit, 0.8880653783);
        assert_close("TTLZ.occ", live, 6716.077302);
        assert!((ttl_for_live_items(&p, 1_000.0, live) / 60.0 - 1.0).abs() < 1e-9);
        assert!(ttl_for_live_items(&p, 1_000.0, 10_000.0).is_infinite());
        assert_close("CDN10.origin", 1.0 - ttl_hit_ratio(10.0 * 0.02, 60.0), 0.07692307692);
    }

    #[test]
    fn writes_and_misses() {
        assert_close("INVAL.h", invalidation_hit_ratio(10.0, 1.0), 0.9090909091);
        assert_close("STALE.ttl", ttl_stale_share(10.0, 0.02, 60.0), 0.4169668984);
        assert_close("STAMP.sf50", stampede_fetches_of_servers(200.0, 0.1, 50), 17.15431774);
        assert_close("WB50.rate", write_back(50.0, 5.0).0, 0.1992031873);
        assert_close("WB50.loss", write_back(50.0, 5.0).1, 125.498008);
        assert_close("CDN2.shield", shield_hit_ratio(0.2, 10.0, 60.0), 0.7804200337);
        assert_close("CDN2.equal", shield_hit_ratio(0.2, 60.0, 60.0), 0.0);
        assert_close("STAMP.n", stampede_fetches(2_000.0, 0.1), 201.0);
        let (misses, last) = cold_start(&zipf(10_000, 1.0), 20_000);
        assert_close("COLD.distinct", misses, 4310.309137);
        assert_close("COLD.miss", last, 0.1231321317);
    }
}
