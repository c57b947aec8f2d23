//! A load balancer: spreads requests over servers and takes dead ones out.

mod choose;
mod health;
#[cfg(test)]
mod tests;

use self::health::Asked;
use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, PartState, What};
use crate::params::{choice, params};
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{ANY_PART, Core, NewCall, NodeIdx, Reply, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::money::Item;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{Law, NIL, SimTime, Stream, ns_from_secs};
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
        /// The server with the least response time of late times its requests in flight and this one.
        LeastResponse = "least_response", "Least response time", "최소 응답 시간", "최근 응답 시간에 처리 중 요청 수(이 요청 포함)를 곱한 값이 가장 작은 서버입니다.";
    }
}

choice! {
    /// What the balancer is made of.
    pub enum Flavour {
        /// A service of the cloud: grows by itself, has no limit of its own here, and is paid by the hour and by bytes.
        Cloud = "cloud", "Cloud service", "클라우드 서비스", "클라우드가 제공하는 서비스. 스스로 커지므로 여기서는 한도가 없고, 시간과 전송량만큼 냅니다.";
        /// Software that reads HTTP and ends TLS: 25 µs of a core for a request (40,000 HTTPS requests/s per core, NGINX), 22 µs for a new connection, 2.3 ms for one with TLS (428 handshakes/s per core, NGINX).
        L7 = "l7", "L7 software", "L7 소프트웨어", "HTTP를 읽고 TLS를 끝내는 소프트웨어. 요청마다 코어를 25 µs, 새 연결마다 22 µs, TLS 연결이면 2.3 ms 씁니다(NGINX: 코어당 초당 HTTPS 요청 4만 건, 핸드셰이크 428번).";
        /// Software that passes connections on unread: 5 µs of a core for a request and for a new connection (assumptions); it sees no cookies and ends no TLS.
        L4 = "l4", "L4 software", "L4 소프트웨어", "연결을 읽지 않고 넘기는 소프트웨어. 요청과 새 연결마다 코어를 5 µs 쓰며(가정), 쿠키를 볼 수 없고 TLS를 끝내지 않습니다.";
        /// An appliance: 1 µs for a request in each of its units, as much for a new connection, 50 µs for one with TLS, and 1 USD an hour over five years (assumptions).
        Hardware = "hardware", "Hardware", "하드웨어 장비", "전용 장비. 처리 장치마다 요청 하나와 새 연결 하나에 1 µs, TLS 연결에 50 µs, 5년으로 나누면 시간당 1달러입니다(가정).";
    }
}

choice! {
    /// How servers are probed.
    pub enum Probe {
        /// By a connection alone: whoever lives is well.
        Connect = "connect", "Connection", "연결만", "연결만 해 봅니다. 살아 있으면 정상으로 봅니다.";
        /// By a small request, which waits in the server's queue as all do: who is too slow fails it.
        Request = "request", "Request", "요청", "작은 요청을 보냅니다. 다른 요청처럼 서버의 대기열에서 기다리므로 너무 느린 서버는 실패합니다.";
    }
}

impl Flavour {
    /// Time of a core, or of a unit, for each request; none where there is no limit.
    fn work_s(self) -> Option<f64> {
        match self {
            Flavour::Cloud => None,
            Flavour::L7 => Some(25e-6),
            Flavour::L4 => Some(5e-6),
            Flavour::Hardware => Some(1e-6),
        }
    }

    /// Time of a core, or of a unit, for each new connection: plain, and encrypted.
    fn connect_s(self) -> (f64, f64) {
        match self {
            Flavour::Cloud => (0.0, 0.0),
            // One core of NGINX takes 34,344 connections/s with a request each, 145,551 requests/s over open ones, and 428
            // handshakes/s (RSA 2048).
            Flavour::L7 => (1.0 / 34_344.0 - 1.0 / 145_551.0, 1.0 / 428.0),
            // It reads nothing, so encryption is no work of its.
            Flavour::L4 => (5e-6, 5e-6),
            Flavour::Hardware => (1e-6, 50e-6),
        }
    }
}

/// Price of an appliance, over five years of use.
const HARDWARE_USD_H: f64 = 1.0;
/// Requests that may wait for a balancer's own work.
const OWN_QUEUE_MAX: u32 = 10_000;

params! {
    /// Params of a load balancer.
    pub struct LoadBalancerParams {
        /// How a server is picked.
        policy: Balancing = Balancing::RoundRobin, 0 ..= 0, "", "Algorithm", "알고리즘", "서버를 고르는 방법입니다.";
        /// What it is made of: how much it can take, what it sees and what it costs.
        flavour: Flavour = Flavour::Cloud, 0 ..= 0, "", "Made of", "종류", "무엇으로 되어 있는지 정합니다. 처리 용량, 볼 수 있는 것, 가격이 다릅니다.";
        /// Cores, or units of an appliance; a cloud service has as many as it needs.
        cores: u32 = 2, 1 ..= 1024, "cores", "Cores", "코어", "코어(장비는 처리 장치)의 수. 클라우드 서비스는 필요한 만큼 스스로 늘어납니다.";
        /// Send a client to the server that it was sent to before, by a cookie, as long as that one is in.
        sticky: bool = false, 0 ..= 1, "", "Sticky sessions", "고정 세션", "쿠키를 써서, 그 서버가 투입되어 있는 동안 클라이언트를 전에 갔던 서버로 보냅니다.";
        /// A server that is new or back gets its full share only after so long; until then it grows evenly from nothing.
        slow_start_s: f64 = 0.0, 0 ..= 3600, "s", "Slow start", "천천히 투입", "새로 왔거나 돌아온 서버의 몫을 이 시간 동안 0에서부터 고르게 늘립니다.";
        /// Probe the servers and take dead ones out.
        health_checks: bool = true, 0 ..= 1, "", "Health checks", "헬스 체크", "서버를 검사해 죽은 서버를 뺍니다.";
        /// Time between two probes of a server.
        health_interval_s: f64 = 5.0, 0.1 ..= 3600, "s", "Probe interval", "검사 간격", "한 서버를 검사하는 간격입니다.";
        /// How servers are probed.
        probe: Probe = Probe::Connect, 0 ..= 0, "", "Probe by", "검사 방법", "서버를 검사하는 방법입니다.";
        /// A probe by request that takes longer than this has failed; 5 s is the default of AWS ALB.
        probe_timeout_s: f64 = 5.0, 0.001 ..= 3600, "s", "Probe timeout", "검사 제한 시간", "요청으로 하는 검사가 이보다 오래 걸리면 실패입니다. 5초는 AWS ALB의 기본값입니다.";
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
        "Picks one server instance for each request. It counts its own requests in flight, so least connections joins the shortest queue exactly; two choices draw two different servers; least response time weighs them with a moving average of answers. Sticky sessions remember each client's server by a cookie: users stay where their session is, but load is uneven and new servers stay idle until new users come. Servers that boot or drain get nothing, at once; one that dies is only found out by probes: until enough in a row have failed, requests still go there and are refused. A probe by request waits in the server's queue, so that a server that is too slow is taken out too. With slow start a server that comes gets its share by and by. As software or hardware it has a capacity of its own, cores ÷ work per request, and each new connection of a wire that sets connections up is work too, most of all with TLS; as a cloud service it grows by itself. Leaves out: resumed TLS sessions; balancing by DNS, where resolvers keep an answer for its TTL. Sources: Mitzenmacher, The Power of Two Choices (2001); NGINX, sizing guide and Testing the Performance of NGINX (2017); AWS, Application Load Balancers; catalogue rows LB*, STICKY.",
        "요청마다 서버 인스턴스 하나를 고릅니다. 자신이 보낸 처리 중 요청을 세므로 최소 연결은 정확히 가장 짧은 줄에 서는 것과 같고, 둘 중 나은 쪽은 서로 다른 두 서버를 뽑으며, 최소 응답 시간은 여기에 최근 응답의 이동 평균을 곱합니다. 고정 세션은 쿠키로 클라이언트의 서버를 기억합니다. 사용자는 세션이 있는 서버에 머물지만 부하가 고르지 않고, 새 서버는 새 사용자가 올 때까지 놉니다. 부팅하거나 비우는 서버에는 바로 보내지 않지만, 죽은 서버는 검사로만 알 수 있어 연속 실패가 기준에 이를 때까지 요청이 계속 가서 거절됩니다. 요청으로 하는 검사는 서버의 대기열에서 기다리므로 너무 느린 서버도 빠집니다. 천천히 투입을 켜면 새로 온 서버의 몫이 조금씩 늘어납니다. 소프트웨어나 하드웨어일 때는 코어 ÷ 요청당 작업만큼의 용량이 있고, 연결을 맺도록 정한 선에서는 새 연결도 일이 되며 TLS라면 훨씬 큽니다. 클라우드 서비스는 스스로 커집니다. 빠진 것: TLS 세션 재개, 그리고 리졸버가 TTL 동안 응답을 붙들고 있는 DNS 방식의 분산. 출처: Mitzenmacher, The Power of Two Choices (2001); NGINX 용량 안내와 성능 시험(2017); AWS Application Load Balancers; 카탈로그 LB*, STICKY.",
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
    /// It wants calls: it neither boots nor drains.
    wanted: bool,
    /// Believed to be alive.
    is_in: bool,
    /// Good (positive) or failed (negative) probes in a row.
    streak: i32,
    /// When it was put in, while it warms up.
    since: Option<SimTime>,
    /// Response time of late [ns]: a moving average with weight 1/8 for the newest.
    response_ns: f64,
    in_flight: u32,
    window_calls: u64,
    calls: u64,
}

impl Backend {
    fn new(wire: u16, node: NodeIdx, part: u16, weight: f64) -> Self {
        Self {
            wire,
            node,
            part,
            weight,
            credit: 0.0,
            wanted: true,
            is_in: true,
            streak: 0,
            since: None,
            response_ns: 0.0,
            in_flight: 0,
            window_calls: 0,
            calls: 0,
        }
    }

    #[inline]
    fn is_eligible(&self) -> bool {
        self.is_in && self.wanted
    }
}

const PROBE: u8 = 0;
const PROBE_TIMEOUT: u8 = 1;

/// A load balancer while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: LoadBalancerParams,
    backends: Vec<Backend>,
    /// Positions of the backends that are in.
    eligible: Vec<u32>,
    /// Positions of the backends behind each wire, by part.
    of_wire: Vec<(u16, Vec<u32>)>,
    /// Changes of parts that have been seen.
    epoch: u64,
    turn: usize,
    stream: Stream,
    warm_stream: Stream,
    /// Which addresses the clients have is a matter of luck, and so of the seed: their hashes differ from run to run.
    salt: u64,
    up: bool,
    /// Its own work, where it has a limit.
    own: Option<(Station, Work)>,
    /// The backend that each client's cookie names, counted from 1; 0 where there is none.
    cookies: Vec<u32>,
    asked: Vec<Asked>,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &LoadBalancerParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let mut backends = Vec::new();
        let mut of_wire = Vec::new();
        for out in &wiring.out {
            let parts = if out.kind == Kind::Web { out.parts } else { 1 };
            of_wire.push((out.wire, (0..u32::from(parts)).map(|i| backends.len() as u32 + i).collect()));
            for part in 0..parts {
                let part = if out.kind == Kind::Web { part } else { ANY_PART };
                backends.push(Backend::new(out.wire, out.node, part, out.weight));
            }
        }
        let own = params.flavour.work_s().map(|mean| {
            let mut work = Work::of_one(core.seed, node, &Law::Deterministic { mean });
            let (tcp_s, tls_s) = params.flavour.connect_s();
            work.set_connect_ns(ns_from_secs(tcp_s), ns_from_secs(tls_s));
            (Station::new(params.cores, Some(OWN_QUEUE_MAX), core.now), work)
        });
        Self {
            params: params.clone(),
            eligible: (0..backends.len() as u32).collect(),
            backends,
            of_wire,
            epoch: core.parts_epoch,
            turn: 0,
            stream: Stream::new(core.seed, node, "balancing"),
            warm_stream: Stream::new(core.seed, node, "slow start"),
            salt: Stream::new(core.seed, node, "addresses").next_u64(),
            up: true,
            own,
            cookies: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Sends a request on to a server.
    fn route(&mut self, core: &mut Core, id: u32) {
        if self.backends.is_empty() {
            return core.fail(id, Reason::NoRoute);
        }
        if self.epoch != core.parts_epoch {
            self.look_at_parts(core);
        }
        if self.eligible.is_empty() {
            return core.fail(id, Reason::NoBackend);
        }
        let at = self.server_for(core, core.calls[id].client);
        let b = &mut self.backends[at as usize];
        b.in_flight += 1;
        b.window_calls += 1;
        b.calls += 1;
        let call = &core.calls[id];
        let new = NewCall {
            part: b.part,
            from_part: 0,
            version: call.version,
            store: call.store,
            ..NewCall::on_behalf(call, id, b.wire, call.op)
        };
        core.call(new);
    }

    /// Where the server is that a call went to.
    fn backend_of(&self, reply: &Reply) -> usize {
        let parts =
            self.of_wire.iter().find(|w| w.0 == reply.wire).expect("the wire is one of the balancer's");
        // A call that could not be made has no part of its own yet; it still names the one it was meant for.
        let any = self.backends[parts.1[0] as usize].part == ANY_PART;
        parts.1[if any { 0 } else { reply.part as usize }] as usize
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        match self.params.flavour {
            Flavour::Cloud => core.bills[me as usize].set_hourly(core.now, core.prices.balancer_usd_h),
            Flavour::L7 | Flavour::L4 => core.rent(me, Rented::Compute, 1, self.params.cores),
            Flavour::Hardware => core.bills[me as usize].set_hourly(core.now, HARDWARE_USD_H),
        }
        if self.params.health_checks {
            core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
        }
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        if !self.up {
            return core.fail(id, Reason::Refused);
        }
        let Some((station, work)) = &mut self.own else { return self.route(core, id) };
        core.calls[id].part = 0;
        if station.enter(core, work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        if let Some((station, work)) = &mut self.own {
            station.leave(core, work);
        }
        self.route(core, id);
    }

    fn child_done(&mut self, core: &mut Core, _me: NodeIdx, parent: u32, reply: Reply) {
        // Of those that nobody waits for, probes count for no server, nor do those that could not be sent.
        if parent == NIL
            && (reply.call == NIL || self.probe_answered(core, reply.call, reply.outcome.is_ok()))
        {
            return;
        }
        let at = self.backend_of(&reply);
        self.backends[at].in_flight -= 1;
        if parent == NIL {
            return;
        }
        let call = &mut core.calls[parent];
        call.version = reply.version;
        call.store = reply.store;
        call.flags |= reply.flags & (flag::HIT | flag::STALE);
        let (node, bytes) = (call.node as usize, u64::from(call.bytes));
        let b = &mut self.backends[at];
        b.response_ns += (core.now.since(call.arrived) as f64 - b.response_ns) / 8.0;
        if self.params.flavour == Flavour::Cloud {
            core.bills[node].count(Item::Balancer, bytes);
        }
        core.reply(parent, reply.outcome);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, _arg: u32) {
        match tag {
            PROBE => {
                if self.epoch != core.parts_epoch {
                    self.look_at_parts(core);
                }
                self.probe_all(core, me);
            }
            _ => self.probe_late(core, seq),
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::Kill if self.up => {
                self.up = false;
                core.alive[me as usize][0] = false;
                if let Some((station, _)) = &mut self.own {
                    station.clear(core);
                }
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
        let there = |b: &&Backend| b.wanted || b.window_calls > 0;
        out.push(imbalance(self.backends.iter().filter(there).map(|b| b.window_calls)));
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        self.own.as_ref().map_or(f64::NAN, |(station, _)| station.window_utilization(core.now))
    }

    fn queued(&self) -> u64 {
        self.own.as_ref().map_or(0, |(station, _)| u64::from(station.queue()))
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.own.iter().map(|(station, _)| station))
    }

    fn end_window(&mut self, core: &mut Core) {
        if let Some((station, _)) = &mut self.own {
            station.end_window(core.now);
        }
        for b in &mut self.backends {
            b.window_calls = 0;
        }
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = if self.up { PartState::Up } else { PartState::Down };
        vec![match &self.own {
            Some((station, _)) => machines::part_now(station, state, 0.0),
            None => PartNow { state, queue_limit: u32::MAX, ..PartNow::default() },
        }]
    }

    fn memory(&self, core: &Core, _me: NodeIdx, memory: &mut Memory) {
        let p = &self.params;
        let slow_ns = ns_from_secs(p.slow_start_s);
        let warms_up = |b: &Backend| b.since.is_some_and(|since| core.now.since(since) < slow_ns);
        memory.is_busy |= self.backends.iter().any(warms_up);
        memory.watches(ns_from_secs(p.health_interval_s * f64::from(p.unhealthy_after)));
    }

    fn tallies(&mut self, t: &mut Tallies) {
        if let Some((station, _)) = &mut self.own {
            station.tallies(t);
        }
        for (i, b) in self.backends.iter_mut().enumerate() {
            t.part(0, i);
            t.count(&mut b.calls);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        if let Some((station, _)) = &mut self.own {
            station.restart(core.now);
        }
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
