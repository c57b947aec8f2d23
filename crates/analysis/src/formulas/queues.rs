//! Queues: Erlang's formulas, Pollaczek–Khinchine, Crommelin, and one server with other than Poisson arrivals.
//!
//! Source, unless a comment names another: L. Kleinrock, Queueing Systems, volume 1, Wiley 1975.

use super::root;

/// Erlang B: the share of calls lost by `servers` servers without a queue at `offered` = λ·E\[S\] Erlang. It holds for any
/// service law.
///
/// B(0) = 1, B(c) = a·B(c − 1)/(c + a·B(c − 1)): a recursion of positive terms that overflows nowhere.
pub fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |b, c| offered * b / (f64::from(c) + offered * b))
}

/// Erlang C: the share of calls that wait at `servers` servers with an unbounded queue; 1 at or past saturation.
///
/// C = c·B/(c − a(1 − B)).
pub fn erlang_c(servers: u32, offered: f64) -> f64 {
    let (c, b) = (f64::from(servers), erlang_b(servers, offered));
    if offered >= c { 1.0 } else { c * b / (c - offered * (1.0 - b)) }
}

/// M/M/c: Poisson arrivals, exponential service, `servers` servers, one unbounded first-in first-out queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MMc {
    /// Arrival rate λ [1/s].
    pub arrival_rps: f64,
    /// Mean service time 1/μ [s].
    pub service_s: f64,
    /// Servers c.
    pub servers: u32,
}

impl MMc {
    /// Offered load a = λ/μ [Erlang].
    pub fn offered(&self) -> f64 {
        self.arrival_rps * self.service_s
    }

    /// Utilisation ρ = a/c.
    pub fn utilization(&self) -> f64 {
        self.offered() / f64::from(self.servers)
    }

    /// Whether it settles: ρ < 1.
    pub fn is_stable(&self) -> bool {
        self.utilization() < 1.0
    }

    /// P(wait > 0).
    pub fn delayed_share(&self) -> f64 {
        erlang_c(self.servers, self.offered())
    }

    /// Rate at which a wait of someone who waits ends: cμ − λ [1/s].
    fn spare_rps(&self) -> f64 {
        f64::from(self.servers) / self.service_s - self.arrival_rps
    }

    /// Mean wait C/(cμ − λ) [s].
    pub fn wait_mean_s(&self) -> f64 {
        if self.is_stable() { self.delayed_share() / self.spare_rps() } else { f64::INFINITY }
    }

    /// P(wait > t) = C·e^(−(cμ − λ)t).
    pub fn wait_tail(&self, t_s: f64) -> f64 {
        if !self.is_stable() {
            return 1.0;
        }
        self.delayed_share() * libm::exp(-self.spare_rps() * t_s)
    }

    /// The wait that a share `p` stays below [s]: ln(C/(1 − p))/(cμ − λ), or 0 when more than `p` do not wait.
    pub fn wait_quantile_s(&self, p: f64) -> f64 {
        if !self.is_stable() {
            return f64::INFINITY;
        }
        (libm::log(self.delayed_share() / (1.0 - p)) / self.spare_rps()).max(0.0)
    }

    /// Mean response time [s].
    pub fn response_mean_s(&self) -> f64 {
        self.wait_mean_s() + self.service_s
    }

    /// P(response > t): an exponential wait with probability C, and an exponential service after it.
    pub fn response_tail(&self, t_s: f64) -> f64 {
        if !self.is_stable() {
            return 1.0;
        }
        let (c, mu, spare) = (self.delayed_share(), 1.0 / self.service_s, self.spare_rps());
        let served = libm::exp(-mu * t_s);
        // (μe^(−st) − se^(−μt))/(μ − s) with s the spare rate, written so that s = μ is no exception.
        let gap = mu - spare;
        let ratio = if gap.abs() * t_s < 1e-9 { t_s } else { libm::expm1(gap * t_s) / gap };
        served + c * mu * served * ratio
    }

    /// The response time that a share `p` stays below [s].
    pub fn response_quantile_s(&self, p: f64) -> f64 {
        if !self.is_stable() {
            return f64::INFINITY;
        }
        let mut high = self.response_mean_s();
        while self.response_tail(high) > 1.0 - p {
            high *= 2.0;
        }
        root(0.0, high, |t| (1.0 - p) - self.response_tail(t))
    }

    /// Mean number inside, by Little's law: λ times the mean response.
    pub fn in_system_mean(&self) -> f64 {
        self.arrival_rps * self.response_mean_s()
    }

    /// P(more than `n` inside at a random moment).
    pub fn more_than(&self, n: u32) -> f64 {
        if !self.is_stable() {
            return 1.0;
        }
        let (c, rho) = (self.servers, self.utilization());
        if n + 1 >= c {
            // From c − 1 on every state is ρ times the one before, and P(at least c) is Erlang C.
            return self.delayed_share() * libm::pow(rho, f64::from(n + 1 - c));
        }
        // p_k for k = c, relative, downwards: p_(k−1) = p_k·k/a.
        let (mut relative, mut below, mut all) = (1.0, 0.0, 1.0 / (1.0 - rho));
        for k in (1..=c).rev() {
            relative *= f64::from(k) / self.offered();
            all += relative;
            if k - 1 <= n {
                below += relative;
            }
        }
        1.0 - below / all
    }

    /// The fewest servers that keep the `p` quantile of the wait at or below `wait_s`.
    pub fn servers_for_wait(arrival_rps: f64, service_s: f64, p: f64, wait_s: f64) -> u32 {
        let first = (arrival_rps * service_s) as u32 + 1;
        (first..)
            .find(|&servers| MMc { arrival_rps, service_s, servers }.wait_quantile_s(p) <= wait_s)
            .expect("enough servers bring the wait of all but a share below any limit")
    }
}

/// M/M/c/K: as [`MMc`], with room for `room` inside, servers included; who finds it full is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct MMcK {
    arrival_rps: f64,
    service_s: f64,
    servers: u32,
    /// P(n inside), n = 0 ..= room.
    states: Vec<f64>,
}

impl MMcK {
    /// The stationary birth and death chain.
    pub fn new(arrival_rps: f64, service_s: f64, servers: u32, room: u32) -> Self {
        let offered = arrival_rps * service_s;
        // Scaled to a greatest weight of 1 on the way, so that nothing overflows.
        let mut states = vec![1.0_f64];
        for n in 1..=room {
            let next = states[n as usize - 1] * offered / f64::from(n.min(servers));
            states.push(next);
            if next > 1e200 {
                states.iter_mut().for_each(|p| *p /= next);
            }
        }
        let all: f64 = states.iter().sum();
        states.iter_mut().for_each(|p| *p /= all);
        Self { arrival_rps, service_s, servers, states }
    }

    /// P(n inside), n = 0 ..= room.
    pub fn states(&self) -> &[f64] {
        &self.states
    }

    /// Share of arrivals that are refused.
    pub fn refused_share(&self) -> f64 {
        *self.states.last().expect("there is a state of nobody inside")
    }

    /// Completions [1/s]: λ(1 − P_K).
    pub fn throughput_rps(&self) -> f64 {
        self.arrival_rps * (1.0 - self.refused_share())
    }

    /// Mean number inside.
    pub fn in_system_mean(&self) -> f64 {
        self.states.iter().enumerate().map(|(n, p)| n as f64 * p).sum()
    }

    /// Mean response time of those that got in [s], by Little's law.
    pub fn response_mean_s(&self) -> f64 {
        self.in_system_mean() / self.throughput_rps()
    }

    /// Share of server time that is busy.
    pub fn utilization(&self) -> f64 {
        self.throughput_rps() * self.service_s / f64::from(self.servers)
    }
}

/// The first three moments of a service time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// E\[S\] [s].
    pub first: f64,
    /// E\[S²\] [s²].
    pub second: f64,
    /// E\[S³\] [s³].
    pub third: f64,
}

impl Moments {
    /// Always the same.
    pub fn deterministic(mean: f64) -> Self {
        Self { first: mean, second: mean * mean, third: mean * mean * mean }
    }

    /// Exponential.
    pub fn exponential(mean: f64) -> Self {
        Self::gamma(mean, 1.0)
    }

    /// Lognormal by mean and coefficient of variation: E\[Sᵏ\] = mᵏ(1 + cv²)^(k(k−1)/2).
    pub fn lognormal(mean: f64, cv: f64) -> Self {
        let q = 1.0 + cv * cv;
        Self { first: mean, second: mean * mean * q, third: mean * mean * mean * q * q * q }
    }

    /// Gamma by mean and coefficient of variation; Erlang-k has cv = 1/√k.
    pub fn gamma(mean: f64, cv: f64) -> Self {
        let v = cv * cv;
        Self {
            first: mean,
            second: mean * mean * (1.0 + v),
            third: mean * mean * mean * (1.0 + v) * (1.0 + 2.0 * v),
        }
    }

    /// Two exponential phases with balanced means, by mean and coefficient of variation (1 or more).
    pub fn hyperexponential(mean: f64, cv: f64) -> Self {
        let v = (cv * cv).max(1.0);
        let p = 0.5 * (1.0 + ((v - 1.0) / (v + 1.0)).sqrt());
        let phases = [(p, mean / (2.0 * p)), (1.0 - p, mean / (2.0 * (1.0 - p)))];
        Self {
            first: mean,
            second: phases.iter().map(|(p, m)| 2.0 * p * m * m).sum(),
            third: phases.iter().map(|(p, m)| 6.0 * p * m * m * m).sum(),
        }
    }

    /// Bounded Pareto: density ∝ x^(−α−1) between `min` and `max`.
    pub fn bounded_pareto(alpha: f64, min: f64, max: f64) -> Self {
        let norm = alpha * libm::pow(min, alpha) / (1.0 - libm::pow(min / max, alpha));
        let moment = |k: f64| {
            let e = k - alpha;
            let integral = if e.abs() < 1e-12 {
                libm::log(max / min)
            } else {
                (libm::pow(max, e) - libm::pow(min, e)) / e
            };
            norm * integral
        };
        Self { first: moment(1.0), second: moment(2.0), third: moment(3.0) }
    }

    /// Pareto without an upper bound; a moment of order α or more is infinite.
    pub fn pareto(alpha: f64, min: f64) -> Self {
        let moment = |k: i32| {
            let k = f64::from(k);
            if alpha > k { alpha * libm::pow(min, k) / (alpha - k) } else { f64::INFINITY }
        };
        Self { first: moment(1), second: moment(2), third: moment(3) }
    }
}

/// M/G/1: Poisson arrivals, any service law, one server, unbounded first-in first-out queue. Pollaczek–Khinchine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MG1 {
    /// Arrival rate λ [1/s].
    pub arrival_rps: f64,
    /// Service time.
    pub service: Moments,
}

impl MG1 {
    /// ρ = λE\[S\].
    pub fn utilization(&self) -> f64 {
        self.arrival_rps * self.service.first
    }

    /// Mean wait λE\[S²\]/(2(1 − ρ)) [s].
    pub fn wait_mean_s(&self) -> f64 {
        let idle = 1.0 - self.utilization();
        if idle <= 0.0 { f64::INFINITY } else { self.arrival_rps * self.service.second / (2.0 * idle) }
    }

    /// Standard deviation of the wait [s]: Var W = E\[W\]² + λE\[S³\]/(3(1 − ρ)).
    pub fn wait_sd_s(&self) -> f64 {
        let (mean, idle) = (self.wait_mean_s(), 1.0 - self.utilization());
        if idle <= 0.0 {
            return f64::INFINITY;
        }
        (mean * mean + self.arrival_rps * self.service.third / (3.0 * idle)).sqrt()
    }

    /// Mean response time [s].
    pub fn response_mean_s(&self) -> f64 {
        self.wait_mean_s() + self.service.first
    }

    /// Mean number inside.
    pub fn in_system_mean(&self) -> f64 {
        self.arrival_rps * self.response_mean_s()
    }
}

/// M/G/c with processor sharing: mean response time [s]. It depends on the mean of the service law alone and is that of
/// M/M/c; with one core E\[S\]/(1 − ρ) (L. Kleinrock, Queueing Systems, volume 2, 1976; J. W. Cohen, The multiple phase
/// service network with generalized processor sharing, Acta Informatica 12, 1979).
pub fn processor_sharing_mean_s(arrival_rps: f64, service_s: f64, cores: u32) -> f64 {
    MMc { arrival_rps, service_s, servers: cores }.response_mean_s()
}

/// Mean response of a request whose own work is `work_s` at M/G/1 with processor sharing: x/(1 − ρ) [s].
pub fn processor_sharing_given_work_s(work_s: f64, utilization: f64) -> f64 {
    if utilization < 1.0 { work_s / (1.0 - utilization) } else { f64::INFINITY }
}

/// Distribution of the wait at M/D/1: Poisson arrivals, constant service, one server.
///
/// Crommelin's distribution (1932) in the form of G. J. Franx, A simple solution for the M/D/c waiting time
/// distribution, Operations Research Letters 29 (2001), which adds positive terms only: for (k − 1)D ≤ t < kD,
/// P(W ≤ t) = e^(−λ(kD−t)) Σⱼ₌₀ᵏ⁻¹ Q(k−1−j)·(λ(kD−t))ʲ/j!, where Q(m) = P(at most m wait).
#[derive(Clone, Debug)]
pub struct MD1Wait {
    arrival_rps: f64,
    service_s: f64,
}

/// States of M/D/1 that are told apart; past them less than rounding is left for any utilisation below 0.999.
const MD1_STATES_MAX: usize = 20_000;

impl MD1Wait {
    /// The wait at this arrival rate and service time; the utilisation is their product.
    pub fn new(arrival_rps: f64, service_s: f64) -> Self {
        Self { arrival_rps, service_s }
    }

    /// P(n inside) for n = 0 ..= `count`, by balance over the cut between n and n + 1 at departures.
    fn states(&self, count: usize) -> Vec<f64> {
        let rho = self.arrival_rps * self.service_s;
        // P(more than m arrivals in a service), from the small end, so that no digits cancel.
        let mut chance = vec![libm::exp(-rho)];
        for m in 1..count + 40 {
            chance.push(chance[m - 1] * rho / m as f64);
        }
        let mut more = vec![0.0; chance.len()];
        for m in (0..chance.len() - 1).rev() {
            more[m] = more[m + 1] + chance[m + 1];
        }
        let mut p = vec![1.0 - rho];
        for n in 0..count {
            let up: f64 = p[0] * more[n] + (1..=n).map(|k| p[k] * more[n + 1 - k]).sum::<f64>();
            p.push(up / chance[0]);
        }
        p
    }

    /// P(wait ≤ t).
    pub fn cdf(&self, t_s: f64) -> f64 {
        if t_s < 0.0 {
            return 0.0;
        }
        let rho = self.arrival_rps * self.service_s;
        if rho >= 1.0 {
            return 0.0;
        }
        let k = (t_s / self.service_s) as usize + 1;
        if k > MD1_STATES_MAX {
            return 1.0;
        }
        let states = self.states(k);
        let mut waiting_at_most = Vec::with_capacity(k);
        let mut sum = states[0];
        for state in &states[1..] {
            sum += state;
            waiting_at_most.push(sum);
        }
        let x = self.arrival_rps * (k as f64 * self.service_s - t_s);
        let (mut term, mut total) = (libm::exp(-x), 0.0);
        for j in 0..k {
            total += waiting_at_most[k - 1 - j] * term;
            term *= x / (j + 1) as f64;
        }
        total.min(1.0)
    }

    /// The wait that a share `p` stays below [s]; infinite past saturation.
    pub fn quantile_s(&self, p: f64) -> f64 {
        if self.arrival_rps * self.service_s >= 1.0 {
            return f64::INFINITY;
        }
        if self.cdf(0.0) >= p {
            return 0.0;
        }
        let mut high = self.service_s;
        while self.cdf(high) < p && high < MD1_STATES_MAX as f64 * self.service_s {
            high *= 2.0;
        }
        root(0.0, high, |t| self.cdf(t) - p)
    }
}

/// GI/M/1: independent gaps of any law, exponential service, one server. An arrival finds n inside with probability
/// (1 − σ)σⁿ, where σ solves σ = A*(μ(1 − σ)) and A* is the Laplace transform of the gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GIM1 {
    /// σ, the share of arrivals that wait.
    pub sigma: f64,
    /// Mean service time 1/μ [s].
    pub service_s: f64,
}

impl GIM1 {
    /// Solves for σ. `transform(s)` = E\[e^(−sA)\] of the gap A; `utilization` = E\[S\]/E\[A\] must be below 1.
    pub fn new(service_s: f64, utilization: f64, transform: impl Fn(f64) -> f64) -> Self {
        if utilization >= 1.0 {
            return Self { sigma: 1.0, service_s };
        }
        // σ − A*(μ(1 − σ)) is negative below the root and positive between it and 1.
        let sigma = root(0.0, 1.0 - 1e-12, |sigma| sigma - transform((1.0 - sigma) / service_s));
        Self { sigma, service_s }
    }

    /// Gaps of an Erlang law: what one of `servers` servers sees of Poisson arrivals at `arrival_rps` dealt in turn
    /// (round robin), since every `servers`-th arrival is its own.
    pub fn round_robin(arrival_rps: f64, servers: u32, service_s: f64) -> Self {
        let rho = arrival_rps * service_s / f64::from(servers);
        Self::new(service_s, rho, |s| libm::pow(arrival_rps / (arrival_rps + s), f64::from(servers)))
    }

    /// Constant gaps (D/M/1).
    pub fn regular(arrival_rps: f64, service_s: f64) -> Self {
        Self::new(service_s, arrival_rps * service_s, |s| libm::exp(-s / arrival_rps))
    }

    /// Hyperexponential gaps with balanced means and this coefficient of variation: bursty arrivals.
    pub fn bursty(arrival_rps: f64, cv: f64, service_s: f64) -> Self {
        let v = (cv * cv).max(1.0);
        let p = 0.5 * (1.0 + ((v - 1.0) / (v + 1.0)).sqrt());
        let (fast, slow) = (2.0 * p * arrival_rps, 2.0 * (1.0 - p) * arrival_rps);
        Self::new(service_s, arrival_rps * service_s, |s| {
            p * fast / (fast + s) + (1.0 - p) * slow / (slow + s)
        })
    }

    /// Mean response time E\[S\]/(1 − σ) [s].
    pub fn response_mean_s(&self) -> f64 {
        self.service_s / (1.0 - self.sigma)
    }

    /// Mean wait [s].
    pub fn wait_mean_s(&self) -> f64 {
        self.sigma * self.response_mean_s()
    }

    /// The response time that a share `p` stays below [s]; it is exponential.
    pub fn response_quantile_s(&self, p: f64) -> f64 {
        -libm::log1p(-p) * self.response_mean_s()
    }
}

/// How many requests a run of M/M/1 wants, for its mean wait to have a 95% interval of ± `precision` (relative).
///
/// (1.96/ε)²·σ²/Wq² with the asymptotic variance σ² = ρ(2 + 5ρ − 4ρ² + ρ³)/(1 − ρ)⁴ in mean services (Blomqvist 1967,
/// Daley 1968; see W. Whitt, Planning queueing simulations, Management Science 35, 1989).
pub fn requests_for_precision(utilization: f64, precision: f64) -> f64 {
    let (r, idle) = (utilization, 1.0 - utilization);
    let variance = r * (2.0 + 5.0 * r - 4.0 * r * r + r * r * r) / (idle * idle * idle * idle);
    let wait = r / idle;
    let z = 1.96 / precision;
    z * z * variance / (wait * wait)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    const MM1: MMc = MMc { arrival_rps: 80.0, service_s: 0.01, servers: 1 };

    #[test]
    fn one_server() {
        assert_close("MM1", MM1.response_mean_s(), 0.05);
        assert_close("MM1.p99", MM1.response_quantile_s(0.99), 0.2302585093);
        assert_close("MM1.p50", MM1.response_quantile_s(0.5), 0.03465735903);
        assert_close("MM1.L", MM1.in_system_mean(), 4.0);
        assert_close("MM1.P0", 1.0 - MM1.delayed_share(), 0.2);
        assert_close("MM1.p10", MM1.more_than(10), 0.08589934592);
        // A client that gives up after 100 ms leaves this share of the work to be done for nobody.
        assert_close("ZOMBIE.frac", MM1.response_tail(0.1), 0.1353352832);
    }

    #[test]
    fn many_servers() {
        let ten = MMc { arrival_rps: 85.0, service_s: 0.1, servers: 10 };
        assert_close("MMC10.C", ten.delayed_share(), 0.5298613051);
        assert_close("MMC10.Wq", ten.wait_mean_s(), 0.03532408701);
        assert_close("MMC10.p95w", ten.wait_quantile_s(0.95), 0.1573728186);
        assert_eq!(ten.wait_quantile_s(0.3), 0.0);
        let hundred = MMc { arrival_rps: 950.0, service_s: 0.1, servers: 100 };
        assert_close("MMC100.C", hundred.delayed_share(), 0.5064568539);
        for (id, arrival_rps, servers, service_s, w) in [
            ("POOL.0", 32.0, 1, 0.025, 0.125),
            ("POOL.1", 32.0, 4, 0.1, 0.174554059),
            ("POOL.2", 8.0, 1, 0.1, 0.5),
            ("PS4.lognormal", 140.0, 4, 0.02, 0.02714423864),
            ("DC.before", 45.0, 10, 0.1, 0.1003439573),
            ("DC.after", 90.0, 10, 0.1, 0.1668731524),
        ] {
            assert_close(id, MMc { arrival_rps, service_s, servers }.response_mean_s(), w);
        }
        assert_eq!(MMc::servers_for_wait(1000.0, 0.01, 0.99, 0.005), 15, "STAFF.c");
    }

    #[test]
    fn the_response_of_many_servers_is_its_own_integral() {
        // c = 2 and a = 1 makes the spare rate equal to μ, where the plain formula divides by zero.
        for (arrival_rps, servers) in [(85.0, 10), (10.0, 2), (9.999_999_9, 2), (30.0, 4)] {
            let q = MMc { arrival_rps, service_s: 0.1, servers };
            let (steps, end) = (200_000, 20.0);
            let h = end / f64::from(steps);
            let area: f64 = (0..steps).map(|i| h * q.response_tail((f64::from(i) + 0.5) * h)).sum();
            assert!((area / q.response_mean_s() - 1.0).abs() < 1e-6, "{q:?}: {area}");
            let mean: f64 = (0..5_000).map(|n| q.more_than(n)).sum();
            assert!((mean / q.in_system_mean() - 1.0).abs() < 1e-9, "{q:?}: {mean}");
        }
        let full = MMc { arrival_rps: 100.0, service_s: 0.01, servers: 1 };
        assert!(full.response_mean_s().is_infinite() && full.response_quantile_s(0.5).is_infinite());
    }

    #[test]
    fn queues_with_a_limit() {
        assert_close("ERLB", erlang_b(10, 8.0), 0.1216610643);
        assert_close("ERLB by states", MMcK::new(80.0, 0.1, 10, 10).refused_share(), 0.1216610643);
        let q = MMcK::new(120.0, 0.1, 10, 15);
        assert_close("MMCK.loss", q.refused_share(), 0.2032608989);
        assert_close("MMCK.X", q.throughput_rps(), 95.60869213);
        assert_close("MMCK.W", q.response_mean_s(), 0.1256313505);
        assert_close("MMCK utilisation", q.utilization(), 0.956_086_921_3);
        assert_close("MM1K.loss", MMcK::new(9.0, 0.1, 1, 10).refused_share(), 0.05081373133);
        assert!(MMcK::new(1e6, 1.0, 1, 5_000).states().iter().all(|p| p.is_finite()));
    }

    #[test]
    fn one_server_of_any_law() {
        let q = |arrival_rps, service| MG1 { arrival_rps, service };
        let lognormal = q(35.0, Moments::lognormal(0.02, 2.0));
        assert_close("MG1-LN.Wq", lognormal.wait_mean_s(), 0.1166666667);
        assert_close("MG1-LN.sdWq", lognormal.wait_sd_s(), 0.2291287847);
        let heavy = q(50.0, Moments::bounded_pareto(1.5, 0.004, 4.0));
        assert_close("MG1-BP.Wq", heavy.wait_mean_s(), 0.08771459566);
        assert_close("MG1-BP.sdWq", heavy.wait_sd_s(), 0.2969948311);
        assert_close("MG1-E4.sdWq", q(80.0, Moments::gamma(0.01, 0.5)).wait_sd_s(), 0.02958039892);
        let h2 = q(70.0, Moments::hyperexponential(0.01, 2.0));
        assert_close("MG1-H2.sdWq", h2.wait_sd_s(), 0.08983008652);
        assert_close("MG1-PARETO.Wq", q(60.0, Moments::pareto(2.5, 0.006)).wait_mean_s(), 0.0135);
        assert!(q(60.0, Moments::pareto(2.5, 0.006)).wait_sd_s().is_infinite());
        assert_close("LBG.det_random", q(0.8, Moments::deterministic(1.0)).response_mean_s(), 3.0);
        assert_close("LBG.lognormal_random", q(0.8, Moments::lognormal(1.0, 2.0)).response_mean_s(), 11.0);
        assert_close("exponential", q(80.0, Moments::exponential(0.01)).response_mean_s(), 0.05);
    }

    #[test]
    fn constant_service() {
        let q = MG1 { arrival_rps: 80.0, service: Moments::deterministic(0.01) };
        assert_close("MD1.Wq", q.wait_mean_s(), 0.02);
        let wait = MD1Wait::new(80.0, 0.01);
        assert_close("MD1.p99", wait.quantile_s(0.99), 0.1035588679);
        assert_close("no wait", wait.cdf(0.0), 0.2);
        // Far out, where the alternating form of the series has lost every digit.
        assert!((1.0 - wait.cdf(0.6)) > 0.0 && (1.0 - wait.cdf(0.6)) < 1e-9);
        let (steps, end) = (40_000, 0.8);
        let h = end / f64::from(steps);
        let mean: f64 =
            (0..steps / 10).map(|i| 10.0 * h * (1.0 - wait.cdf((f64::from(i) + 0.5) * 10.0 * h))).sum();
        assert!((mean / 0.02 - 1.0).abs() < 1e-3, "{mean}");
        assert!(MD1Wait::new(100.0, 0.01).quantile_s(0.5).is_infinite());
    }

    #[test]
    fn arrivals_that_are_not_poisson() {
        assert_close("DM1.W", GIM1::regular(90.0, 0.01).response_mean_s(), 0.05178659422);
        assert_close("H2M1.W", GIM1::bursty(70.0, 3.0, 0.01).response_mean_s(), 0.1157991479);
        assert_close("LB10.roundrobin", GIM1::round_robin(9.0, 10, 1.0).response_mean_s(), 5.66027639);
        assert_close("LB2.RR", GIM1::round_robin(1.8, 2, 1.0).response_mean_s(), 7.588283629);
        assert_close("one server in turn", GIM1::round_robin(80.0, 1, 0.01).response_mean_s(), 0.05);
        assert_close(
            "a Poisson quantile",
            GIM1::bursty(80.0, 1.0, 0.01).response_quantile_s(0.99),
            0.2302585093,
        );
        assert!(GIM1::regular(100.0, 0.01).response_mean_s().is_infinite());
    }

    #[test]
    fn shared_processors() {
        assert_close("PS1", processor_sharing_mean_s(35.0, 0.02, 1), 0.06666666667);
        assert_close("PS4", processor_sharing_mean_s(140.0, 0.02, 4), 0.02714423864);
        assert_close("PS1.slow", processor_sharing_given_work_s(0.005, 0.7), 0.01666666667);
    }

    #[test]
    fn length_of_a_run() {
        for (rho, n) in [(0.5, 1_114_064.0), (0.8, 4_744_376.0), (0.9, 17_026_824.89), (0.95, 64_658_171.79)]
        {
            assert_close("RUNLEN", requests_for_precision(rho, 0.01), n);
        }
    }
}
