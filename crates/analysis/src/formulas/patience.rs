//! Queues whose callers leave when they have waited too long.
//!
//! Poisson arrivals, exponential service, several workers. Sources: Garnett, Mandelbaum and Reiman, Designing a Call Center
//! with Impatient Customers (2002); Baccelli and Hebuterne (1981); Zeltyn and Mandelbaum (2005).

/// Share of callers who leave, with exponential patience of this mean (Erlang-A).
pub fn abandoned_exponential(arrival_rps: f64, service_s: f64, workers: u32, patience_s: f64) -> f64 {
    let (mut weight, mut sum, mut waiting) = (1.0_f64, 1.0_f64, 0.0_f64);
    let mut n = 0_u32;
    // A birth-death chain: beyond the workers each one who waits leaves at the rate 1 / patience.
    while n < workers || weight > 1e-18 * sum {
        n += 1;
        let beyond = f64::from(n.saturating_sub(workers));
        weight *= arrival_rps / (f64::from(n.min(workers)) / service_s + beyond / patience_s);
        sum += weight;
        waiting += beyond * weight;
        if weight > 1e200 {
            (weight, sum, waiting) = (weight * 1e-200, sum * 1e-200, waiting * 1e-200);
        }
    }
    waiting / sum / patience_s / arrival_rps
}

/// Share of callers who leave, all with the same patience (M/M/n + D).
pub fn abandoned_fixed(arrival_rps: f64, service_s: f64, workers: u32, patience_s: f64) -> f64 {
    let (rate, full) = (arrival_rps, f64::from(workers) / service_s);
    // The sum of the weights of fewer than `workers` inside, over the last of them.
    let idle = (1..workers).fold(1.0, |sum, n| 1.0 + sum * f64::from(n) / (rate * service_s));
    let drift = rate - full;
    let grown = libm::exp(drift * patience_s);
    let before = if drift == 0.0 { patience_s } else { (grown - 1.0) / drift };
    let j = before + grown / full;
    (1.0 + drift * j) / (idle + rate * j)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn those_who_leave_as_in_the_catalogue() {
        assert_close("ERLA.Pab", abandoned_exponential(110.0, 1.0, 100, 2.0), 0.094_618_332_25);
        assert_close("MMND.Pab", abandoned_fixed(110.0, 1.0, 100, 0.2), 0.095_187_467_35);
    }

    #[test]
    fn endless_patience_and_none_are_erlangs_formulas() {
        let b = super::super::queues::erlang_b(10, 8.0);
        assert_close("no patience", abandoned_fixed(8.0, 1.0, 10, 0.0), b);
        assert!(abandoned_exponential(8.0, 1.0, 10, 1e9) < 1e-8);
    }
}
