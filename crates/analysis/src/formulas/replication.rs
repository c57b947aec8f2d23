//! Replication: lag as the response time of an apply queue, stale reads, lost writes.
//!
//! A replica that applies commits one by one as they come (Poisson, λ per second) is M/G/1: its lag is the response
//! time, and its backlog the number inside. Lag at M/M/1 and M/D/1: [`super::queues::MMc`], [`super::queues::MG1`].

/// P(a read at a random moment finds its item's last write not applied yet), exponential apply times.
///
/// Of the commits in the backlog each is of the item with probability `item_share` (f), so the number of them is that of a
/// queue of rate λf by the distributional form of Little's law: P = ρf/(1 − ρ + ρf). J. Keilson and L. Servi, Operations
/// Research Letters 7 (1988).
pub fn stale_share_exponential(write_rps: f64, apply_s: f64, item_share: f64) -> f64 {
    let rho = write_rps * apply_s;
    if rho >= 1.0 { 1.0 } else { rho * item_share / (1.0 - rho + rho * item_share) }
}

/// The same with constant apply times: 1 − T*(λf), where T* is the Pollaczek–Khinchine transform of the response time.
pub fn stale_share_constant(write_rps: f64, apply_s: f64, item_share: f64) -> f64 {
    1.0 - response_transform(write_rps, write_rps * apply_s, write_rps * item_share, |s| {
        libm::exp(-s * apply_s)
    })
}

/// T*(s) = E\[e^(−sT)\] of the response time at M/G/1: (1 − ρ)·s·B*(s)/(s − λ + λB*(s)), B* that of the service time.
pub fn response_transform(arrival_rps: f64, utilization: f64, s: f64, service: impl Fn(f64) -> f64) -> f64 {
    if s == 0.0 {
        return 1.0;
    }
    if utilization >= 1.0 {
        return 0.0;
    }
    let b = service(s);
    (1.0 - utilization) * s * b / (s - arrival_rps + arrival_rps * b)
}

/// P(an author who reads back `after_s` after the commit does not see it), exponential apply times and no link delay:
/// e^(−(μ−λ)d), the tail of the response time at M/M/1.
pub fn own_write_unseen(write_rps: f64, apply_s: f64, after_s: f64) -> f64 {
    if write_rps * apply_s >= 1.0 { 1.0 } else { libm::exp(-(1.0 / apply_s - write_rps) * after_s) }
}

/// Acknowledged writes that a crash of the primary loses with asynchronous replication over a link of this delay: those on
/// the link. Poisson; mean λd and standard deviation √(λd).
pub fn lost_writes(write_rps: f64, delay_s: f64) -> (f64, f64) {
    let mean = write_rps * delay_s;
    (mean, mean.sqrt())
}

/// Lag of the last write of a burst, as a fluid: P(λ/μ − 1) after `burst_s` at `burst_rps` [s].
pub fn burst_lag_s(burst_rps: f64, apply_rps: f64, burst_s: f64) -> f64 {
    (burst_s * (burst_rps / apply_rps - 1.0)).max(0.0)
}

/// How long the backlog of a burst takes to drain at the rate after it [s].
pub fn drain_s(burst_rps: f64, apply_rps: f64, burst_s: f64, after_rps: f64) -> f64 {
    let backlog = ((burst_rps - apply_rps) * burst_s).max(0.0);
    if apply_rps > after_rps { backlog / (apply_rps - after_rps) } else { f64::INFINITY }
}

/// Mean time until a death is noticed by probes every `interval_s` that time out after `timeout_s`, `failures` of them in a
/// row being wanted: h/2 + (k − 1)h + timeout [s].
pub fn detection_mean_s(interval_s: f64, failures: u32, timeout_s: f64) -> f64 {
    interval_s / 2.0 + f64::from(failures.saturating_sub(1)) * interval_s + timeout_s
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::queues::{MG1, MMc, Moments};
    use super::*;

    #[test]
    fn lag_is_the_response_of_the_apply_queue() {
        let lag = MMc { arrival_rps: 800.0, service_s: 0.001, servers: 1 };
        assert_close("REPL.mean", lag.response_mean_s(), 0.005);
        assert_close("REPL.p99", lag.response_quantile_s(0.99), 0.02302585093);
        let constant = MG1 { arrival_rps: 800.0, service: Moments::deterministic(0.001) };
        assert_close("REPLD.mean", constant.response_mean_s(), 0.003);
    }

    #[test]
    fn stale_reads() {
        assert_close("REPL.ryw", own_write_unseen(800.0, 0.001, 0.005), 0.3678794412);
        assert_close("REPL.key", stale_share_exponential(800.0, 0.001, 0.01), 0.03846153846);
        assert_close("REPLD.key", stale_share_constant(800.0, 0.001, 0.01), 0.0235497111);
        // The closed form is the transform with an exponential apply time.
        let by_transform = 1.0 - response_transform(800.0, 0.8, 8.0, |s| 1.0 / (1.0 + 0.001 * s));
        assert_close("both forms", by_transform, stale_share_exponential(800.0, 0.001, 0.01));
        assert_eq!(stale_share_exponential(1_000.0, 0.001, 0.01), 1.0);
    }

    #[test]
    fn crashes_and_bursts() {
        assert_eq!(lost_writes(500.0, 0.05), (25.0, 5.0), "LOSS.async, LOSS.sd");
        assert_close("LAGSPIKE.max", burst_lag_s(1_200.0, 1_000.0, 600.0), 120.0);
        assert_close("DRAIN.time", drain_s(500.0, 300.0, 120.0, 100.0), 120.0);
        assert_close("DRAIN.maxw", burst_lag_s(500.0, 300.0, 120.0), 80.0);
        assert_close("RTO.detect", detection_mean_s(10.0, 3, 5.0), 30.0);
    }
}
