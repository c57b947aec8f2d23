//! Closed loops: a set number of users who ask, wait and think.
//!
//! Sources: Reiser and Lavenberg, Mean-Value Analysis of Closed Multichain Queueing Networks (1980); Denning and Buzen, The
//! Operational Analysis of Queueing Network Models (1978).

/// Throughput [1/s] and mean response [s] of N users who think for `think_s` on average and visit stations with one
/// worker each, of these mean demands: exact mean-value analysis, for exponential service and any law of thinking.
pub fn mean_value_analysis(users: u32, think_s: f64, demands_s: &[f64]) -> (f64, f64) {
    let mut queues = vec![0.0; demands_s.len()];
    let (mut rate, mut response) = (0.0, demands_s.iter().sum());
    for n in 1..=users {
        // Who arrives sees the network as it is with one user fewer.
        let times: Vec<f64> = demands_s.iter().zip(&queues).map(|(d, q)| d * (1.0 + q)).collect();
        response = times.iter().sum();
        rate = f64::from(n) / (think_s + response);
        for (queue, time) in queues.iter_mut().zip(&times) {
            *queue = rate * time;
        }
    }
    (rate, response)
}

/// Throughput [1/s] and mean response [s] of N users who think and share one station of several workers (the machine
/// repairman), for exponential service and any law of thinking.
pub fn machine_repair(users: u32, think_s: f64, service_s: f64, workers: u32) -> (f64, f64) {
    // Weights of n users at the station, scaled by the greatest so far to keep them in range.
    let mut weights = vec![1.0_f64];
    for n in 1..=users {
        let last = weights[n as usize - 1];
        let up = f64::from(users - n + 1) / think_s;
        let down = f64::from(n.min(workers)) / service_s;
        weights.push(last * up / down);
        if weights[n as usize] > 1e200 {
            weights.iter_mut().for_each(|w| *w *= 1e-200);
        }
    }
    let sum: f64 = weights.iter().sum();
    let inside: f64 = weights.iter().enumerate().map(|(n, w)| n as f64 * w).sum::<f64>() / sum;
    let rate = (f64::from(users) - inside) / think_s;
    (rate, inside / rate)
}

/// The number of users at which a closed loop saturates: where the bounds N / (Z + ΣD) and 1 / Dmax cross.
pub fn saturation_population(think_s: f64, demands_s: &[f64]) -> f64 {
    let greatest = demands_s.iter().copied().fold(0.0, f64::max);
    (think_s + demands_s.iter().sum::<f64>()) / greatest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_loops_as_in_the_catalogue() {
        let (rate, response) = mean_value_analysis(40, 5.0, &[0.2]);
        assert!((rate - 4.992_945_793).abs() < 1e-8, "{rate}");
        assert!((response - 3.011_302_677).abs() < 1e-8, "{response}");
        let (rate, response) = mean_value_analysis(100, 7.0, &[0.04, 0.06, 0.05]);
        assert!((rate - 13.349_520_17).abs() < 1e-7, "{rate}");
        assert!((response - 0.490_905_942).abs() < 1e-8, "{response}");
        let (_, response) = machine_repair(200, 10.0, 0.3, 5);
        assert!((response - 2.023_647_006).abs() < 1e-8, "{response}");
        let one = machine_repair(40, 5.0, 0.2, 1);
        assert!((one.1 - 3.011_302_677).abs() < 1e-8, "{one:?}");
        assert!((saturation_population(7.0, &[0.04, 0.06, 0.05]) - 119.166_666_666_7).abs() < 1e-9);
    }
}
