//! Assembles a run from a design.

use super::connect::{Connect, Connections};
use super::core::{Core, NodeIdx, WireState};
use super::ground::{Ground, Reach};
use super::host::Host;
use super::meter::NodeMeter;
use super::money::{Bill, Item};
use super::resilience::Guard;
use super::wiring::{Out, Wiring};
use crate::design::Design;
use crate::kinds::nosql::Preset;
use crate::kinds::{Kind, NodeParams, NodeState};
use crate::places::PlaceParams;
use headroom_engine::{Popularity, ns_from_ms};

/// The core and the nodes of a design at time 0.
pub(super) fn assemble(design: &Design) -> (Core, Vec<NodeState>) {
    let items = design
        .nodes
        .iter()
        .filter_map(|n| if let NodeParams::Users(p) = &n.params { Some(p.items) } else { None })
        .max()
        .unwrap_or(1);
    let mut core = Core::new(design.run.seed, items);
    for node in &design.nodes {
        if let NodeParams::Users(p) = &node.params {
            core.assets = core.assets.max(p.assets);
            core.asset_bytes = core.asset_bytes.max((p.asset_kb * 1000.0) as u32);
            for (n, s) in [(p.items, p.zipf_s), (p.assets, p.asset_zipf_s)] {
                if !core.popularities.iter().any(|known| known.n() == n && known.exponent() == s) {
                    core.popularities.push(Popularity::zipf(n, s));
                }
            }
        }
    }
    core.ground = Ground::new(design);
    core.prices = design.prices.clone();
    let nat_usd_h = core.ground.nat_count() as f64 * core.prices.nat_usd_h;
    core.ground_bill.set_hourly(core.now, nat_usd_h);
    for (i, place) in design.places.iter().enumerate() {
        if let PlaceParams::Machine(p) = &place.params {
            core.hosts.push(Host::new(i as u16, p.cores));
        }
    }
    let index = |id: &str| design.node_index(id).expect("a checked design wires nodes that exist") as NodeIdx;
    for wire in &design.wires {
        let (from, to) = (index(&wire.from), index(&wire.to));
        let is_dns = |node: NodeIdx| design.nodes[node as usize].kind() == Kind::Dns;
        let latency_ns = ns_from_ms(wire.params.latency_ms);
        // Requests do not pass through a name server: what it is wired to is at the far end of the clients' way.
        let asks_name = is_dns(to);
        let reach = core.ground.reach(from, to, is_dns(from));
        let to_clients = is_dns(from) || design.nodes[from as usize].kind() == Kind::Users && !asks_name;
        let distance_ns = core.ground.between_ns(from, to);
        core.wires.push(WireState {
            from,
            to,
            latency_ns: if asks_name { 0 } else { latency_ns },
            reach: if asks_name { Reach::default() } else { reach },
            aside_ns: if asks_name { latency_ns + distance_ns } else { 0 },
            weight: wire.params.weight,
            pool: wire.params.pool,
            pool_wait_ns: ns_from_ms(wire.params.pool_wait_ms),
            pools: Vec::new(),
            window_calls: 0,
            window_failures: 0,
            connections: Connections::new(
                if asks_name { Connect::Open } else { wire.params.connect },
                wire.params.keep_alive_s,
                wire.params.requests_per_connection,
                to_clients,
            ),
            calls_before: 0,
            window_left_out: 0,
            guard: Guard::new(&wire.params, design.run.seed, &wire.from, &wire.to),
            billed: to_clients.then_some(match design.nodes[to as usize].kind() {
                Kind::Cdn => Item::Cdn,
                _ => Item::Internet,
            }),
        });
    }
    let mut clients = 0;
    for node in &design.nodes {
        let own = if let NodeParams::Users(p) = &node.params { p.client_numbers() } else { 0 };
        core.first_client.push(if own > 0 { clients } else { 0 });
        clients += own;
        core.meters.push(NodeMeter::default());
        core.bills.push(Bill::default());
        let stores =
            matches!(node.kind(), Kind::Relational | Kind::Sharded | Kind::Nosql | Kind::ObjectStore);
        core.truth.push(if stores { vec![0; items as usize] } else { Vec::new() });
        let parts = match &node.params {
            NodeParams::Web(p) => p.instances,
            NodeParams::Workers(p) => p.instances,
            NodeParams::Relational(p) => p.replicas + 1,
            NodeParams::Sharded(p) => p.shards,
            NodeParams::Nosql(p) => p.nodes,
            NodeParams::Cache(p) => p.nodes,
            NodeParams::SessionStore(p) => p.replicas + 1,
            NodeParams::Cdn(p) => p.edges + u32::from(p.shield),
            _ => 1,
        };
        core.alive.push(vec![true; parts as usize]);
        core.accepting.push(vec![true; parts as usize]);
        core.sends_requests.push(matches!(node.kind(), Kind::Users | Kind::Queue));
        core.ids.push(node.id.clone());
        core.kinds.push(node.kind());
    }
    let wirings: Vec<Wiring> = (0..design.nodes.len()).map(|i| wiring(design, &core, i as NodeIdx)).collect();
    let nodes =
        design.nodes.iter().zip(&wirings).map(|(node, wiring)| NodeState::new(node, &core, wiring)).collect();
    (core, nodes)
}

fn wiring(design: &Design, core: &Core, me: NodeIdx) -> Wiring {
    let out = |(i, w): (usize, &WireState)| {
        let target = &design.nodes[w.to as usize];
        Out {
            wire: i as u16,
            node: w.to,
            kind: target.kind(),
            parts: core.alive[w.to as usize].len() as u16,
            weight: w.weight,
            answers_queries: !matches!(&target.params, NodeParams::Nosql(p) if p.preset == Preset::KeyValue),
            reads_through: core.wires.iter().any(|other| other.from == w.to),
            keeps_results: matches!(&target.params, NodeParams::Cache(p) if p.query_results > 0),
            on_write: if let NodeParams::Cache(p) = &target.params { Some(p.on_write) } else { None },
        }
    };
    Wiring { out: core.wires.iter().enumerate().filter(|(_, w)| w.from == me).map(out).collect() }
}
