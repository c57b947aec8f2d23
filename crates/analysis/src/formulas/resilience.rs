//! What wires do about failures, calls to many at once, messages that come back, quorums, and what is up or down.

/// Attempts per request and share of requests that succeed, when each attempt fails with this probability and up to
/// `retries` more follow: (1 − p^(k+1))/(1 − p) and 1 − p^(k+1).
pub fn retries(failure: f64, retries: u32) -> (f64, f64) {
    let all_fail = libm::pow(failure, f64::from(retries + 1));
    let attempts = if failure < 1.0 { (1.0 - all_fail) / (1.0 - failure) } else { f64::from(retries + 1) };
    (attempts, 1.0 - all_fail)
}

/// Mean number of attempts until so many in a row have failed: (1 − p^k)/(p^k (1 − p)).
pub fn attempts_to_trip(failure: f64, in_a_row: u32) -> f64 {
    let row = libm::pow(failure, f64::from(in_a_row));
    (1.0 - row) / (row * (1.0 - failure))
}

/// P(at least `least` of `n`), each with probability `p`.
pub fn at_least(n: u32, least: u32, p: f64) -> f64 {
    let mut term = libm::pow(1.0 - p, f64::from(n));
    let mut sum = if least == 0 { term } else { 0.0 };
    for i in 1..=n {
        term *= f64::from(n - i + 1) / f64::from(i) * p / (1.0 - p);
        if i >= least {
            sum += term;
        }
    }
    sum
}

/// Mean of the k-th least of n exponential times of this mean: mean · Σ 1/(n − i), i < k (A. Rényi 1953).
pub fn kth_of_exponentials(mean: f64, n: u32, k: u32) -> f64 {
    mean * (0..k).map(|i| 1.0 / f64::from(n - i)).sum::<f64>()
}

/// Quantile of an exponential time with a hedge after `hedge_after` of the same law, nobody queueing, and the share of
/// calls that are hedged: past the hedge two are under way, and the tail falls twice as fast.
pub fn hedged_exponential(mean: f64, hedge_after: f64, p: f64) -> (f64, f64) {
    let hedged = libm::exp(-hedge_after / mean);
    let quantile = if hedged <= 1.0 - p {
        -mean * libm::log(1.0 - p)
    } else {
        hedge_after + mean / 2.0 * libm::log(hedged / (1.0 - p))
    };
    (quantile, hedged)
}

/// Mean deliveries of a message that is delivered again whenever the visibility timeout runs out before its first
/// completion; exponential work, a worker always free: the n-th follows if none of n is done: Σ e^(−μV·i(i+1)/2).
pub fn deliveries_mean(work_s: f64, visibility_s: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..10_000 {
        let term = libm::exp(-visibility_s / work_s * f64::from(i) * f64::from(i + 1) / 2.0);
        sum += term;
        if term < 1e-16 {
            break;
        }
    }
    sum
}

/// P(a read of R of N copies at random misses a write that W of them have): C(N − W, R)/C(N, R).
pub fn quorum_stale_share(copies: u32, write_acks: u32, read_acks: u32) -> f64 {
    // The i-th copy asked is one of those without it.
    (0..read_acks)
        .map(|i| f64::from((copies - write_acks).saturating_sub(i)) / f64::from(copies - i))
        .product()
}

/// P(a write meets one of the same item at another primary, neither knowing of the other), each primary taking this rate
/// of writes to the item and hearing of the others' after `delay_s`: 1 − e^(−2(n−1)wd).
pub fn conflict_share(primaries: u32, write_rps: f64, delay_s: f64) -> f64 {
    -libm::expm1(-2.0 * f64::from(primaries - 1) * write_rps * delay_s)
}

/// Share of time in which fewer than `needed` of `machines` work, that fail and are repaired in exponential times, `crews`
/// at a time: the birth and death chain of those that are down (R. Barlow and F. Proschan 1975).
pub fn unavailability(machines: u32, needed: u32, mttf: f64, mttr: f64, crews: u32) -> f64 {
    let mut weights = vec![1.0_f64];
    for down in 1..=machines {
        let fail = f64::from(machines - down + 1) / mttf;
        let repair = f64::from(down.min(crews)) / mttr;
        weights.push(weights[down as usize - 1] * fail / repair);
    }
    let sum: f64 = weights.iter().sum();
    weights.iter().skip((machines - needed + 1) as usize).sum::<f64>() / sum
}

/// Relative capacity of a machine N times the size by the Universal Scalability Law: N/(1 + α(N−1) + βN(N−1))
/// (N. Gunther 1993).
pub fn scalability(n: f64, alpha: f64, beta: f64) -> f64 {
    n / (1.0 + alpha * (n - 1.0) + beta * n * (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn failures() {
        assert_close("RETRY.amp", retries(0.1, 2).0, 1.11);
        assert_close("RETRY.ok", retries(0.1, 2).1, 0.999);
        assert_close("RETRY.layers", libm::pow(retries(1.0, 3).0, 3.0), 64.0);
        assert_close("CB.0.5", attempts_to_trip(0.5, 5), 62.0);
        assert_close("CB.win", at_least(20, 10, 0.3), 0.04796189733);
    }

    #[test]
    fn many_at_once() {
        assert_close("TAIL.63", at_least(100, 1, 0.01), 0.6339676587);
        assert_close("TAIL.mean", kth_of_exponentials(10.0, 100, 100), 51.87377518);
        assert_close("QUORUM.W2", kth_of_exponentials(10.0, 3, 2), 8.333333333);
        let (p999, extra) = hedged_exponential(1.0, libm::log(20.0), 0.999);
        assert_close("HEDGE.p999", p999, 4.951743776);
        assert_close("HEDGE.extra", extra, 0.05);
    }

    #[test]
    fn copies_and_messages() {
        assert_close("SQS.10", deliveries_mean(10.0, 30.0), 1.049910493);
        assert_close("DLQ.n", retries(0.2, 2).0, 1.24);
        assert_close("QUORUM.stale", quorum_stale_share(3, 1, 1), 2.0 / 3.0);
        assert_close("R + W > N", quorum_stale_share(5, 3, 3), 0.0);
        assert_close("QUORUM.avail", at_least(3, 2, 0.99), 0.999702);
        assert_close("MPRIM.p", conflict_share(2, 5.0, 0.08), 0.5506710359);
    }

    #[test]
    fn up_and_down() {
        assert_close("AV.par", unavailability(2, 1, 100.0, 10.0, 2), 0.00826446281);
        assert_close("AV.crew", unavailability(2, 1, 100.0, 10.0, 1), 0.01639344262);
        assert_close("USL.x32", scalability(32.0, 0.03, 0.0002), 15.0347679);
    }
}
