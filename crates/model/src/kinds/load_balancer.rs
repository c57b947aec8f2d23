//! A load balancer: spreads requests over servers and takes dead ones out.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, PartState, What};
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{ANY_PART, Core, NewCall, NodeIdx, Reply, flag};
use crate::sim::money::Item;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{NIL, Stream, hash2, ns_from_secs};
use serde_json::{Map, Value};

choice! {
    /// How a server is picked.
    pub enum Balancing {
        /// Each server in turn.
        RoundRobin = "round_robin", "Round robin", "라운드 로빈", "서버를 차례로 고릅니다.";
        /// A server by lot.
        Random = "random", "Random", "무작위", "서버를 무작위로 고릅니다.";
        /// The server with the fewest requests in flight; ties by lot.
        LeastConnections = "least_connections", "Least connections", "최소 연결", "처리 중인 요청이 가장 적은 서버. 같으면 무작위입니다.";
        /// The less loaded of two different servers drawn by lot.
        PowerOfTwo = "power_of_two", "Power of two choices", "둘 중 나은 쪽", "무작위로 뽑은 서로 다른 두 서버 중 한가한 쪽을 고릅니다.";
        /// Each server in turn, as often as its wire's weight says and as evenly spread as can be.
        WeightedRoundRobin = "weighted_round_robin", "Weighted round robin", "가중 라운드 로빈", "선의 가중치만큼 자주, 되도록 고르게 차례로 고릅니다.";
        /// A server by lot, in proportion to its wire's weight.
        WeightedRandom = "weighted_random", "Weighted random", "가중 무작위", "선의 가중치에 비례해 무작위로 고릅니다.";
        /// The same client always goes to the same server.
        IpHash = "ip_hash", "IP hash", "IP 해시", "같은 클라이언트는 늘 같은 서버로 갑니다.";
    }
}

params! {
    /// Params of a load balancer.
    pub struct LoadBalancerParams {
        /// How a server is picked.
        policy: Balancing = Balancing::RoundRobin, 0 ..= 0, "", "Algorithm", "알고리즘", "서버를 고르는 방법입니다.";
        /// Probe the servers and take dead ones out.
        health_checks: bool = true, 0 ..= 1, "", "Health checks", "헬스 체크", "서버를 검사해 죽은 서버를 뺍니다.";
        /// Time between two probes of a server.
        health_interval_s: f64 = 5.0, 0.1 ..= 3600, "s", "Probe interval", "검사 간격", "한 서버를 검사하는 간격입니다.";
        /// Failed probes in a row before a server is taken out.
        unhealthy_after: u32 = 2, 1 ..= 20, "probes", "Unhealthy after", "비정상 판정", "연속 실패가 이만큼이면 서버를 뺍니다.";
        /// Good probes in a row before a server is put back.
        healthy_after: u32 = 2, 1 ..= 20, "probes", "Healthy after", "정상 판정", "연속 성공이 이만큼이면 서버를 다시 넣습니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::LoadBalancer,
    id: "load_balancer",
    category: Category::Traffic,
    label: Text::new("Load balancer", "로드 밸런서"),
    tagline: Text::new("Spreads requests, takes dead servers out", "요청을 나누고 죽은 서버를 뺍니다"),
    help: Text::new(
        "Picks one server instance for each request. It counts its own requests in flight, so least connections joins the shortest queue exactly; two choices draw two different servers. Servers that boot or drain get nothing; one that is ready gets requests at once. A probe fails when the instance is down; until enough probes in a row have failed, requests still go there and are refused. Leaves out: its own capacity and connection cost. Sources: Mitzenmacher, The Power of Two Choices (2001); catalogue rows LB*.",
        "요청마다 서버 인스턴스 하나를 고릅니다. 자신이 보낸 처리 중 요청을 세므로 최소 연결은 정확히 가장 짧은 줄에 서는 것과 같고, 둘 중 나은 쪽은 서로 다른 두 서버를 뽑습니다. 부팅 중이거나 비우는 중인 서버에는 보내지 않고, 준비된 서버에는 바로 보냅니다. 인스턴스가 죽어 있으면 검사가 실패하며, 연속 실패가 기준에 이를 때까지는 요청이 계속 그리로 가서 거절됩니다. 빠진 것: 자신의 처리 용량과 연결 비용. 출처: Mitzenmacher, The Power of Two Choices (2001); 카탈로그 LB*.",
    ),
    calls: &[Kind::Web, Kind::LoadBalancer],
    metrics: METRICS,
    main_metric: "completions_rps",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "backends_in",
        Unit::Count,
        Text::new("Servers in", "투입된 서버"),
        Text::new(
            "Servers that the balancer believes are alive and sends to.",
            "밸런서가 살아 있다고 믿고 요청을 보내는 서버 수입니다.",
        ),
    ),
    metric(
        "imbalance",
        Unit::Ratio,
        Text::new("Imbalance", "쏠림"),
        Text::new(
            "Busiest server's share over the mean share in this window; 1 is even.",
            "이 구간에서 가장 바쁜 서버의 몫을 평균으로 나눈 값. 1이면 고릅니다.",
        ),
    ),
];

/// A server that the balancer may send to.
#[derive(Clone, Debug)]
struct Backend {
    wire: u16,
    node: NodeIdx,
    part: u16,
    weight: f64,
    /// What weighted round robin owes it.
    credit: f64,
    /// Believed to be alive.
    is_in: bool,
    /// It wants requests: it neither boots nor drains.
    accepting: bool,
    /// Good (positive) or failed (negative) probes in a row.
    streak: i32,
    in_flight: u32,
    window_calls: u64,
    calls: u64,
}

const PROBE: u8 = 0;

/// A load balancer while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: LoadBalancerParams,
    backends: Vec<Backend>,
    /// Positions of the backends that are in.
    eligible: Vec<u32>,
    turn: usize,
    stream: Stream,
    /// Which addresses the clients have is a matter of luck, and so of the seed: their hashes differ from run to run.
    salt: u64,
    up: bool,
    /// By wire: which server each part of the node behind it is.
    backend_at: Vec<(u16, Vec<u32>)>,
    /// The state of all parts as it was looked at last.
    epoch: u64,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &LoadBalancerParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let mut state = Self {
            params: params.clone(),
            backends: Vec::new(),
            eligible: Vec::new(),
            turn: 0,
            stream: Stream::new(core.seed, node, "balancing"),
            salt: Stream::new(core.seed, node, "addresses").next_u64(),
            up: true,
            backend_at: Vec::new(),
            epoch: core.parts_epoch,
        };
        for (at, out) in wiring.out.iter().enumerate() {
            state.backend_at.push((out.wire, Vec::new()));
            let parts = if out.kind == Kind::Web { out.parts } else { 1 };
            for part in 0..parts {
                let part = if out.kind == Kind::Web { part } else { ANY_PART };
                state.add(at, out.node, part, out.weight);
            }
        }
        state.list();
        state
    }

    /// Adds a server behind one of the wires.
    fn add(&mut self, at: usize, node: NodeIdx, part: u16, weight: f64) {
        let (wire, parts) = &mut self.backend_at[at];
        parts.push(self.backends.len() as u32);
        self.backends.push(Backend {
            wire: *wire,
            node,
            part,
            weight,
            credit: 0.0,
            is_in: true,
            accepting: true,
            streak: 0,
            in_flight: 0,
            window_calls: 0,
            calls: 0,
        });
    }

    fn list(&mut self) {
        let may = |i: &u32| self.backends[*i as usize].is_in && self.backends[*i as usize].accepting;
        self.eligible = (0..self.backends.len() as u32).filter(may).collect();
    }

    /// Servers may have come, gone, or begun to drain: they tell the balancer themselves.
    fn look_again(&mut self, core: &Core) {
        if self.epoch == core.parts_epoch {
            return;
        }
        self.epoch = core.parts_epoch;
        for at in 0..self.backend_at.len() {
            let Some(first) = self.backend_at[at].1.first() else { continue };
            let Backend { node, part, weight, .. } = self.backends[*first as usize];
            let known = self.backend_at[at].1.len();
            if part != ANY_PART {
                for new in known..core.accepting[node as usize].len() {
                    self.add(at, node, new as u16, weight);
                }
            }
        }
        for b in &mut self.backends {
            let part = if b.part == ANY_PART { 0 } else { b.part as usize };
            let accepting = core.accepting[b.node as usize][part];
            if accepting && !b.accepting {
                // It says that it is ready, and nothing is held against it.
                b.is_in = true;
                b.streak = 0;
            }
            b.accepting = accepting;
        }
        self.list();
    }

    /// Position of a server among those that are in.
    #[inline]
    fn choose(&mut self, client: u32) -> u32 {
        let n = self.eligible.len() as u32;
        let load = |s: &Self, i: u32| s.backends[s.eligible[i as usize] as usize].in_flight;
        match self.params.policy {
            _ if n == 1 => 0,
            Balancing::RoundRobin => {
                self.turn = if self.turn + 1 >= n as usize { 0 } else { self.turn + 1 };
                self.turn as u32
            }
            Balancing::Random => self.stream.below(n),
            Balancing::LeastConnections => {
                let (mut best, mut least, mut ties) = (0, u32::MAX, 0u32);
                for i in 0..n {
                    let l = load(self, i);
                    if l < least {
                        (best, least, ties) = (i, l, 1);
                    } else if l == least {
                        // One of k equals with probability 1/k each (reservoir sampling).
                        ties += 1;
                        if self.stream.below(ties) == 0 {
                            best = i;
                        }
                    }
                }
                best
            }
            Balancing::PowerOfTwo => {
                let a = self.stream.below(n);
                let b = self.stream.below(n - 1);
                let b = if b >= a { b + 1 } else { b };
                match load(self, a).cmp(&load(self, b)) {
                    std::cmp::Ordering::Less => a,
                    std::cmp::Ordering::Greater => b,
                    std::cmp::Ordering::Equal => {
                        if self.stream.chance(0.5) {
                            a
                        } else {
                            b
                        }
                    }
                }
            }
            Balancing::WeightedRoundRobin => self.by_credit(),
            Balancing::WeightedRandom => self.by_weight(),
            Balancing::IpHash => self.by_hash(client),
        }
    }

    fn weight(&self, i: u32) -> f64 {
        self.backends[self.eligible[i as usize] as usize].weight
    }

    /// Smooth weighted round robin, as nginx does it: every server earns its weight, the richest is picked and pays the
    /// sum of all weights.
    fn by_credit(&mut self) -> u32 {
        let (mut best, mut most, mut sum) = (0, f64::NEG_INFINITY, 0.0);
        for (i, e) in self.eligible.iter().enumerate() {
            let b = &mut self.backends[*e as usize];
            b.credit += b.weight;
            sum += b.weight;
            if b.credit > most {
                (best, most) = (i, b.credit);
            }
        }
        self.backends[self.eligible[best] as usize].credit -= sum;
        best as u32
    }

    fn by_weight(&mut self) -> u32 {
        let n = self.eligible.len() as u32;
        let sum: f64 = (0..n).map(|i| self.weight(i)).sum();
        let mut left = self.stream.unit() * sum;
        for i in 0..n {
            left -= self.weight(i);
            if left < 0.0 {
                return i;
            }
        }
        n - 1
    }

    /// The client's server by hash over all servers; the hash is drawn again while it falls on one that is out, so that
    /// clients of the others stay where they are.
    fn by_hash(&self, client: u32) -> u32 {
        let all = self.backends.len() as u64;
        for draw in 0..64u64 {
            let i = (hash2(self.salt.wrapping_add(draw), u64::from(client)) % all) as usize;
            if self.backends[i].is_in && self.backends[i].accepting {
                return self
                    .eligible
                    .iter()
                    .position(|e| *e as usize == i)
                    .expect("one that is in is eligible") as u32;
            }
        }
        0
    }

    fn probe(&mut self, core: &mut Core, me: NodeIdx) {
        self.look_again(core);
        let mut changed = false;
        for i in 0..self.backends.len() {
            let b = &mut self.backends[i];
            if !b.accepting {
                continue;
            }
            let part = if b.part == ANY_PART { 0 } else { b.part as usize };
            let good = core.alive[b.node as usize].get(part).copied().unwrap_or(false);
            b.streak = if good { b.streak.max(0) + 1 } else { b.streak.min(0) - 1 };
            let shown = (b.part != ANY_PART).then_some(u32::from(b.part));
            if b.is_in && -b.streak >= self.params.unhealthy_after as i32 {
                b.is_in = false;
                changed = true;
                core.happen(b.node, shown, What::TakenOut);
            } else if !b.is_in && b.streak >= self.params.healthy_after as i32 {
                b.is_in = true;
                changed = true;
                core.happen(b.node, shown, What::PutBack);
            }
        }
        if changed {
            self.list();
        }
        core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.bills[me as usize].set_hourly(core.now, core.prices.balancer_usd_h);
        if self.params.health_checks {
            core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
        }
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        if !self.up {
            return core.fail(id, Reason::Refused);
        }
        if self.backends.is_empty() {
            return core.fail(id, Reason::NoRoute);
        }
        self.look_again(core);
        if self.eligible.is_empty() {
            return core.fail(id, Reason::NoBackend);
        }
        let call = core.calls[id];
        let chosen = self.choose(call.client);
        let b = &mut self.backends[self.eligible[chosen as usize] as usize];
        b.in_flight += 1;
        b.window_calls += 1;
        b.calls += 1;
        core.call(NewCall {
            part: b.part,
            from_part: 0,
            version: call.version,
            store: call.store,
            ..NewCall::on_behalf(&call, id, b.wire, call.op)
        });
    }

    fn child_done(&mut self, core: &mut Core, _me: NodeIdx, parent: u32, reply: Reply) {
        let (_, parts) =
            self.backend_at.iter().find(|b| b.0 == reply.wire).expect("the wire is one of the balancer's");
        // A call that could not be made has no part of its own yet; it still names the one it was meant for.
        let at = if self.backends[parts[0] as usize].part == ANY_PART { 0 } else { reply.part as usize };
        self.backends[parts[at] as usize].in_flight -= 1;
        if parent == NIL {
            return;
        }
        let call = &mut core.calls[parent];
        call.version = reply.version;
        call.store = reply.store;
        call.flags |= reply.flags & (flag::HIT | flag::STALE);
        let (node, bytes) = (call.node as usize, u64::from(call.bytes));
        core.bills[node].count(Item::Balancer, bytes);
        core.reply(parent, reply.outcome);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, _tag: u8, _arg: u32) {
        self.probe(core, me);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::Kill if self.up => {
                self.up = false;
                core.alive[me as usize][0] = false;
                core.happen(me, None, What::Killed);
                core.fail_all_inside(me, None);
            }
            Verb::Revive if !self.up => {
                self.up = true;
                core.alive[me as usize][0] = true;
                core.happen(me, None, What::Revived);
            }
            _ => {}
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        out.push(self.eligible.len() as f32);
        let there = |b: &&Backend| b.accepting || b.window_calls > 0;
        out.push(imbalance(self.backends.iter().filter(there).map(|b| b.window_calls)));
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {
        for b in &mut self.backends {
            b.window_calls = 0;
        }
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = if self.up { PartState::Up } else { PartState::Down };
        vec![PartNow { state, queue_limit: u32::MAX, ..PartNow::default() }]
    }

    fn restart(&mut self, _core: &mut Core) {
        for b in &mut self.backends {
            b.calls = 0;
        }
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("requests_per_server".to_owned(), self.backends.iter().map(|b| b.calls).collect());
        map
    }
}

/// The greatest over the mean; 1 when all are equal, NaN when nothing was counted.
pub(super) fn imbalance(counts: impl Iterator<Item = u64> + Clone) -> f32 {
    let (sum, n) = (counts.clone().sum::<u64>(), counts.clone().count());
    if sum == 0 { f32::NAN } else { (counts.max().unwrap_or(0) as f64 * n as f64 / sum as f64) as f32 }
}
