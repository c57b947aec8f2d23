//! What might help: a few honest things to try, from what was measured, each at a node or a wire.

use super::load::Resource;
use super::slow::Slow;
use super::trouble::Errors;
use crate::design::Design;
use crate::kinds::Kind;
use crate::messages::PartState;
use crate::reason::Reason;
use crate::sim::Simulation;
use crate::sim::trace::Phase;
use serde::{Deserialize, Serialize};

/// Utilisation that leaves room for bursts: what is proposed aims at it.
const AIM: f64 = 0.7;
/// Load from which more workers are proposed.
const FULL: f64 = 0.85;
/// Utilisation of the fullest part under which fewer machines are proposed.
const IDLE: f64 = 0.3;

/// What might be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum What {
    /// Start what is dead again.
    Revive,
    /// More of what works there.
    More,
    /// Fewer or smaller machines.
    Fewer,
    /// A shorter work for each request.
    Quicker,
    /// A cache in front of a store.
    Cache,
    /// More connections of a wire's pool.
    Pool,
    /// Less distance.
    Nearer,
    /// Connections that stay open.
    KeepOpen,
    /// Fewer attempts, or a budget for them.
    FewerRetries,
    /// A higher limit of a wire.
    RateLimit,
    /// Sessions that all servers know.
    Sessions,
    /// Something behind it that can serve the request.
    Wire,
}

/// A thing to try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// What.
    pub what: What,
    /// At which node, by position in the design.
    pub node: u16,
    /// At which wire, if at one.
    pub wire: Option<u16>,
    /// Workers that it takes for a utilisation of 70%, or that would do; 0 where no number is proposed.
    pub workers: f64,
    /// Workers there are now.
    pub now: f64,
}

impl Try {
    /// The setting to look at, of the wire or of the node.
    pub fn param(&self, design: &Design) -> Option<&'static str> {
        let kind = design.nodes.get(usize::from(self.node))?.kind();
        Some(match self.what {
            What::Pool => "pool",
            What::Nearer => "latency_ms",
            What::KeepOpen => "connect",
            What::FewerRetries if self.wire.is_some() => "retries",
            What::RateLimit => "rate_limit_rps",
            What::FewerRetries if kind == Kind::Users => "retries",
            What::More | What::Fewer => match kind {
                Kind::Web | Kind::Workers => "instances",
                Kind::Sharded => "shards",
                Kind::Cdn => "edges",
                Kind::Relational | Kind::Cache | Kind::Nosql | Kind::SessionStore => "workers",
                Kind::LoadBalancer => "cores",
                _ => return None,
            },
            What::Quicker => match kind {
                Kind::Relational | Kind::Sharded | Kind::Nosql | Kind::ObjectStore => "read",
                Kind::Web | Kind::Workers | Kind::Cache | Kind::Cdn | Kind::SessionStore => "service",
                Kind::Dns => "ttl_s",
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// What might help, what weighs most first.
pub fn of(
    design: &Design,
    sim: &Simulation,
    slow: &Slow,
    resources: &[Resource],
    errors: &Errors,
) -> Vec<Try> {
    let mut out: Vec<Try> = Vec::new();
    let mut add = |what, node: u16, wire, workers, now| {
        if !out.iter().any(|t| (t.what, t.node) == (what, node)) {
            out.push(Try { what, node, wire, workers, now });
        }
    };
    for (i, now) in sim.nodes_now().iter().enumerate() {
        if now.parts.iter().any(|p| p.state == PartState::Down) {
            add(What::Revive, i as u16, None, 0.0, 0.0);
        }
    }
    for r in resources {
        if let Some(l) = r.load.filter(|l| l.rho >= FULL) {
            let alive = f64::from(r.parts.saturating_sub(r.dead).max(1));
            let needed = libm::ceil(l.rho * l.workers / AIM) * alive;
            add(What::More, r.node, None, needed, l.workers * alive);
            if is_bare_store(design, r.node) {
                add(What::Cache, r.node, None, 0.0, 0.0);
            }
        }
    }
    for cause in errors.causes.iter().take(2) {
        let Some(node) = cause.node else { continue };
        let wire = wire_to(design, node);
        match cause.reason {
            Reason::PoolExhausted => add(What::Pool, node, wire, 0.0, 0.0),
            Reason::RateLimited => add(What::RateLimit, node, wire, 0.0, 0.0),
            Reason::LoggedOut => add(What::Sessions, node, None, 0.0, 0.0),
            Reason::NoRoute => add(What::Wire, node, None, 0.0, 0.0),
            _ => {}
        }
    }
    if let Some(part) = slow.culprit() {
        let users = design.nodes.iter().position(|n| n.kind() == Kind::Users).unwrap_or(0) as u16;
        let node = part.node.unwrap_or(users);
        let wire = part.node.and_then(|n| wire_to(design, n));
        match part.phase {
            Phase::Connection => add(What::Pool, node, wire, 0.0, 0.0),
            Phase::Connect => add(What::KeepOpen, node, wire, 0.0, 0.0),
            Phase::Network => add(What::Nearer, node, wire, 0.0, 0.0),
            Phase::Backoff => add(What::FewerRetries, node, None, 0.0, 0.0),
            Phase::Service => add(What::Quicker, node, None, 0.0, 0.0),
            Phase::Queue if resources.iter().any(|r| r.node == node && r.load.is_some()) => {
                add(What::More, node, None, 0.0, 0.0)
            }
            Phase::Queue | Phase::Inside => {}
        }
    }
    // What stands idle may be given back; it must stand where it costs by the machine.
    let fullest = |r: &&Resource| r.dead == 0 && r.utilization < IDLE && r.parts > 1;
    for r in resources.iter().filter(fullest) {
        if let Some(l) = r.load.filter(|_| design.nodes[usize::from(r.node)].kind() == Kind::Web) {
            let all = l.workers * f64::from(r.parts);
            let needed = libm::ceil(l.rho * f64::from(r.parts) / AIM).max(1.0) * l.workers;
            if needed < all {
                add(What::Fewer, r.node, None, needed, all);
            }
        }
    }
    out
}

/// A store without a cache beside it: nothing that calls it calls a cache.
fn is_bare_store(design: &Design, node: u16) -> bool {
    let node = &design.nodes[usize::from(node)];
    let store = matches!(node.kind(), Kind::Relational | Kind::Sharded | Kind::Nosql | Kind::ObjectStore);
    let kind = |id: &str| design.node(id).map(crate::design::Node::kind);
    let calls_a_cache = |caller: &str| {
        kind(caller) == Some(Kind::Cache)
            || design.wires.iter().any(|w| w.from == caller && kind(&w.to) == Some(Kind::Cache))
    };
    store && !design.wires.iter().any(|w| w.to == node.id && calls_a_cache(&w.from))
}

/// The first wire that leads to a node.
fn wire_to(design: &Design, node: u16) -> Option<u16> {
    let id = &design.nodes.get(usize::from(node))?.id;
    design.wires.iter().position(|w| w.to == *id).map(|i| i as u16)
}
