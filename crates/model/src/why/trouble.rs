//! What fails and where first, and what costs most.

use crate::order;
use crate::prices::MONTH_H;
use crate::reason::{REASONS, Reason};
use crate::sim::Simulation;
use crate::sim::money::{GROUPS, Usage};
use crate::sim::trace::{Phase, Trace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Causes and charges that are told.
const TOLD: usize = 6;

/// What went wrong first in a failed request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// Where, by position in the design; none at the client.
    pub node: Option<u16>,
    /// Why it failed there; the client's own reason where nothing had failed before the client gave up.
    pub reason: Reason,
    /// Where the client gave up waiting: what was going on at that node.
    pub waited: Option<Phase>,
    /// Followed requests that failed so.
    pub count: u32,
}

/// What fails.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Errors {
    /// Requests of all users that ended, since time 0.
    pub ended: u64,
    /// Those that failed, by reason, the most frequent first.
    pub reasons: Vec<(Reason, u64)>,
    /// Requests that failed and were followed: the latest.
    pub followed: u32,
    /// What went wrong first in those, the most frequent first.
    pub causes: Vec<Cause>,
}

impl Errors {
    /// All that failed.
    pub fn failed(&self) -> u64 {
        self.reasons.iter().map(|r| r.1).sum()
    }
}

/// A line of a node's bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// The node, by position in the design; none for what belongs to none (NAT gateways).
    pub node: Option<u16>,
    /// Position in [`GROUPS`].
    pub group: u8,
    /// What it costs [USD/h].
    pub usd_h: f64,
}

/// What a run costs, since the warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// All together [USD/h].
    pub usd_h: f64,
    /// The same [USD/month].
    pub usd_month: f64,
    /// Answers to users [1/s].
    pub answers_rps: f64,
    /// The largest lines of all bills, the largest first.
    pub charges: Vec<Charge>,
}

/// What fails, and where first.
pub fn errors(sim: &Simulation) -> Errors {
    let totals = sim.totals();
    let mut reasons: Vec<(Reason, u64)> =
        (0..REASONS).map(|r| (Reason::ALL[r], totals.failed[r])).filter(|r| r.1 > 0).collect();
    order::sort_by_key(&mut reasons, |r| std::cmp::Reverse(r.1));
    let failed = sim.traces().failed;
    let mut counts: BTreeMap<(Option<u16>, u8, Option<Phase>), u32> = BTreeMap::new();
    for trace in &failed {
        let (node, reason, waited) = first_cause(trace);
        *counts.entry((node, reason as u8, waited)).or_default() += 1;
    }
    let mut causes: Vec<Cause> = counts
        .into_iter()
        .map(|((node, r, waited), count)| Cause { node, reason: Reason::ALL[usize::from(r)], waited, count })
        .collect();
    order::sort_by_key(&mut causes, |c| std::cmp::Reverse(c.count));
    causes.truncate(TOLD);
    let ended = totals.completed + reasons.iter().map(|r| r.1).sum::<u64>();
    Errors { ended, reasons, followed: failed.len() as u32, causes }
}

/// What went wrong first: the call that failed before any other and by nothing behind it; where none had failed, what the
/// client's attempt was waiting for when the client gave up.
fn first_cause(trace: &Trace) -> (Option<u16>, Reason, Option<Phase>) {
    let own = trace.failed.unwrap_or(Reason::Timeout);
    let spans = &trace.spans;
    let children = |i: usize| (i + 1..spans.len()).filter(move |c| spans[*c].parent == Some(i as u16));
    let failed = (0..spans.len())
        .filter(|i| spans[*i].failed.is_some() && !children(*i).any(|c| spans[c].failed.is_some()))
        .min_by_key(|i| spans[*i].back_ns);
    let end = |i: usize| spans[i].back_ns.unwrap_or(trace.ended_ns).min(trace.ended_ns);
    let (mut at, until, reason) = match failed {
        // Who gave up waiting itself waited for something.
        Some(i) if spans[i].failed == Some(Reason::Timeout) => (i, end(i), Reason::Timeout),
        Some(i) => return (Some(spans[i].node), spans[i].failed.unwrap_or(own), None),
        None => {
            let open = |i: &usize| spans[*i].parent.is_none() && spans[*i].back_ns.is_none();
            let Some(i) = (0..spans.len()).find(open) else { return (None, own, None) };
            (i, trace.ended_ns, own)
        }
    };
    let going = |i: &usize| spans[*i].back_ns.is_none_or(|t| t > until);
    while let Some(next) = children(at).find(going) {
        at = next;
    }
    if failed == Some(at) {
        return (Some(spans[at].node), reason, None);
    }
    let s = &spans[at];
    let by = |t: Option<u64>| t.is_some_and(|t| t <= until);
    let phase = match () {
        () if by(s.answered_ns) => Phase::Network,
        () if by(s.served_ns) => Phase::Inside,
        () if by(s.started_ns) => Phase::Service,
        () if by(s.arrived_ns) => Phase::Queue,
        () if by(s.launched_ns) => Phase::Network,
        () if by(s.free_ns) => Phase::Connect,
        () => Phase::Connection,
    };
    (Some(s.node), reason, Some(phase))
}

/// What it costs, and the largest lines.
pub fn money(sim: &Simulation) -> Money {
    let core = sim.core();
    let usages: Vec<Usage> = core.all_bills().map(|bill| bill.whole_usage(core)).collect();
    let mut used = Usage::default();
    for usage in &usages {
        used.add(usage);
    }
    let rates = used.rates(&core.prices);
    let nodes = core.bills.len();
    let mut charges: Vec<Charge> = usages
        .iter()
        .enumerate()
        .flat_map(|(i, usage)| {
            let node = (i < nodes).then_some(i as u16);
            let cost = usage.cost(&rates);
            (0..GROUPS.len()).map(move |g| Charge { node, group: g as u8, usd_h: cost.0[g] })
        })
        .filter(|c| c.usd_h > 0.0)
        .collect();
    order::sort_by(&mut charges, |a, b| b.usd_h.total_cmp(&a.usd_h));
    let usd_h: f64 = charges.iter().map(|c| c.usd_h).sum();
    charges.retain(|c| c.usd_h * 200.0 >= usd_h);
    charges.truncate(TOLD);
    let span_s = core.span_ns() as f64 / 1e9;
    let answers: u64 = (0..nodes)
        .filter(|i| core.kinds[*i] == crate::kinds::Kind::Users)
        .flat_map(|i| &core.meters[i].classes)
        .map(|c| c.completions)
        .sum();
    let answers_rps = if span_s > 0.0 { answers as f64 / span_s } else { 0.0 };
    Money { usd_h, usd_month: usd_h * MONTH_H, answers_rps, charges }
}
