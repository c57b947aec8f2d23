//! The laws behind what is seen, with the live numbers in them.

use super::load::Resource;
use super::slow::Slow;
use super::trouble::Money;
use crate::design::Design;
use crate::kinds::{Kind, common};
use crate::sim::Simulation;
use crate::sim::meter::LOOK_WINDOWS;
use serde::{Deserialize, Serialize};

/// Load from which a wait is worth a formula.
const WAIT_FROM: f64 = 0.4;

/// A law with numbers in it. Nodes are positions in the design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Formula {
    /// ρ = λ·S/c.
    Load {
        /// Node.
        node: u16,
        /// Its part, where it has several.
        part: Option<u16>,
        /// λ [1/s].
        rate_rps: f64,
        /// S [s].
        service_s: f64,
        /// c.
        workers: f64,
        /// ρ.
        rho: f64,
    },
    /// The mean wait that M/M/c would have, W = C(c, λS)·S/(c(1 − ρ)), beside the one that was measured.
    Wait {
        /// Node.
        node: u16,
        /// Its part, where it has several.
        part: Option<u16>,
        /// Of the formula [s].
        theory_s: f64,
        /// Mean number that waits ÷ λ, by Little's law [s].
        measured_s: f64,
        /// c.
        workers: f64,
        /// ρ.
        rho: f64,
    },
    /// L = λ·W.
    Little {
        /// Node.
        node: u16,
        /// λ: calls that left [1/s].
        rate_rps: f64,
        /// W: mean time inside of those [s].
        inside_s: f64,
        /// L: mean number inside, measured on its own.
        level: f64,
    },
    /// What a cache spares the store behind it: 1/(1 − h) times as many reads would come without it.
    Spared {
        /// The cache.
        node: u16,
        /// h.
        hit_share: f64,
        /// 1/(1 − h).
        factor: f64,
    },
    /// What a month costs.
    Month {
        /// Per hour [USD].
        usd_h: f64,
        /// Per month [USD].
        usd_month: f64,
    },
    /// What a million answers cost.
    Million {
        /// Per hour [USD].
        usd_h: f64,
        /// Answers [1/s].
        rate_rps: f64,
        /// Per million [USD].
        usd: f64,
    },
}

/// The laws that apply now.
pub fn of(
    design: &Design,
    sim: &Simulation,
    slow: &Slow,
    resources: &[Resource],
    money: &Money,
) -> Vec<Formula> {
    let mut out = Vec::new();
    // The fullest, and where slow requests lose most, if that is another.
    let culprit = slow.culprit().and_then(|p| p.node);
    let told = resources.iter().enumerate().filter(|(i, r)| *i == 0 || Some(r.node) == culprit);
    for (_, r) in told {
        let (node, part) = (r.node, r.part);
        if let Some(l) = r.load {
            let rho = l.rho;
            out.push(Formula::Load {
                node,
                part,
                rate_rps: l.arrivals_rps,
                service_s: l.service_s,
                workers: l.workers,
                rho,
            });
            if (WAIT_FROM..1.0).contains(&rho) && l.workers >= 1.0 {
                let theory_s = mmc_wait_s(l.arrivals_rps, l.service_s, l.workers as u32);
                let measured_s = r.queue / l.arrivals_rps;
                out.push(Formula::Wait { node, part, theory_s, measured_s, workers: l.workers, rho });
            }
        }
        out.extend(little(sim, node));
    }
    let users = design.nodes.iter().position(|n| n.kind() == Kind::Users);
    out.extend(users.and_then(|i| little(sim, i as u16)));
    for (i, _) in design.nodes.iter().enumerate().filter(|(_, n)| n.kind() == Kind::Cache) {
        out.extend(spared(sim, i));
    }
    if money.usd_h > 0.0 {
        out.push(Formula::Month { usd_h: money.usd_h, usd_month: money.usd_month });
        if money.answers_rps > 0.0 {
            let usd = money.usd_h / (money.answers_rps * 3600.0) * 1e6;
            out.push(Formula::Million { usd_h: money.usd_h, rate_rps: money.answers_rps, usd });
        }
    }
    out
}

fn little(sim: &Simulation, node: u16) -> Option<Formula> {
    let mark = sim.meter(usize::from(node)).look()?;
    let span_s = mark.at_ns as f64 / 1e9;
    (mark.left > 0).then(|| Formula::Little {
        node,
        rate_rps: mark.left as f64 / span_s,
        inside_s: mark.inside_ns as f64 / mark.left as f64 / 1e9,
        level: mark.level_ns as f64 / mark.at_ns as f64,
    })
}

fn spared(sim: &Simulation, node: usize) -> Option<Formula> {
    let (nodes, windows) = (sim.nodes(), sim.windows());
    let before: usize = nodes[..node].iter().map(|n| n.kind().spec().value_count()).sum();
    let hits = nodes[node].kind().spec().metric_index("hit_ratio")?;
    let (mut asked, mut hit) = (0.0, 0.0);
    for w in &windows[windows.len().saturating_sub(LOOK_WINDOWS)..] {
        let (n, h) = (f64::from(w.nodes[before + common::ARRIVALS]), f64::from(w.nodes[before + hits]));
        if h.is_finite() {
            asked += n;
            hit += n * h;
        }
    }
    let hit_share = hit / asked;
    (asked > 0.0 && hit_share < 1.0).then(|| Formula::Spared {
        node: node as u16,
        hit_share,
        factor: 1.0 / (1.0 - hit_share),
    })
}

/// Mean wait of M/M/c below saturation: Erlang C over the spare rate (Kleinrock, Queueing Systems, volume 1, 1975).
fn mmc_wait_s(rate_rps: f64, service_s: f64, workers: u32) -> f64 {
    let a = rate_rps * service_s;
    let b = (1..=workers).fold(1.0, |b, c| a * b / (f64::from(c) + a * b));
    let c = f64::from(workers);
    c * b / (c - a * (1.0 - b)) / (c / service_s - rate_rps)
}
