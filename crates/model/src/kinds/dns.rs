//! A name server: tells clients where to go. Resolvers remember what it said for a while.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, PartState, What};
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Core, NO_REGION, NewCall, NodeIdx, Reply, flag};
use crate::sim::detail::Memory;
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{NIL, SimTime, Stream, hash2, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};

choice! {
    /// How an answer is picked.
    pub enum DnsPolicy {
        /// Each site in turn.
        RoundRobin = "round_robin", "Round robin", "라운드 로빈", "사이트를 차례로 알려 줍니다.";
        /// A site by lot, in proportion to its wire's weight: x% here, the rest there.
        Weighted = "weighted", "Weighted", "가중치", "선의 가중치에 비례해 무작위로 알려 줍니다. 여기 x%, 나머지는 저기입니다.";
        /// The site with the shortest round trip from the client's region.
        Nearest = "nearest", "Nearest (GeoDNS)", "가장 가까운 곳 (GeoDNS)", "클라이언트의 리전에서 왕복 시간이 가장 짧은 사이트를 알려 줍니다.";
        /// The first site that works, in the order of the wires; the others stand by.
        Failover = "failover", "Failover", "장애 조치", "선의 순서대로 살아 있는 첫 사이트. 나머지는 대기합니다.";
    }
}

params! {
    /// Params of a name server.
    pub struct DnsParams {
        /// How an answer is picked.
        policy: DnsPolicy = DnsPolicy::RoundRobin, 0 ..= 0, "", "Policy", "정책", "알려 줄 사이트를 고르는 방법입니다.";
        /// How long a resolver keeps an answer.
        ttl_s: f64 = 60.0, 0 ..= 86400, "s", "TTL", "TTL", "리졸버가 답을 기억하는 시간입니다.";
        /// Resolvers in each region, each with a memory of its own: every client always asks the same one.
        resolvers: u32 = 50, 1 ..= 100000, "resolvers", "Resolvers per region", "리전별 리졸버", "리전마다 있는 리졸버 수. 저마다 따로 기억하며, 클라이언트는 늘 같은 리졸버에 묻습니다.";
        /// Time that a resolver takes to find an answer that it does not remember.
        lookup_ms: f64 = 30.0, 0 ..= 10000, "ms", "Lookup time", "조회 시간", "기억하지 못하는 답을 리졸버가 찾아오는 시간입니다.";
        /// Probe the sites, and give dead ones to nobody.
        health_checks: bool = true, 0 ..= 1, "", "Health checks", "헬스 체크", "사이트를 검사해 죽은 곳은 알려 주지 않습니다.";
        /// Time between two probes of a site.
        health_interval_s: f64 = 30.0, 0.1 ..= 3600, "s", "Probe interval", "검사 간격", "한 사이트를 검사하는 간격입니다.";
        /// Failed probes in a row before a site is given to nobody.
        unhealthy_after: u32 = 3, 1 ..= 20, "probes", "Unhealthy after", "비정상 판정", "연속 실패가 이만큼이면 그 사이트를 더 알려 주지 않습니다.";
        /// Good probes in a row before a site is given again.
        healthy_after: u32 = 3, 1 ..= 20, "probes", "Healthy after", "정상 판정", "연속 성공이 이만큼이면 그 사이트를 다시 알려 줍니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Dns,
    id: "dns",
    category: Category::Traffic,
    label: Text::new("DNS", "DNS"),
    tagline: Text::new(
        "Tells clients where to go; answers are remembered",
        "클라이언트에게 갈 곳을 알려 줍니다. 답은 기억됩니다",
    ),
    help: Text::new(
        "Clients ask a resolver of their region for the site to call. A resolver that remembers an answer gives it at once, however dead the site is by now; else it looks the name up (lookup time, plus a round trip over the users' wire) and keeps the answer for the TTL. So after a change the resolvers follow one by one: they are of all ages (the first answer of each is some way into its TTL), and half of the traffic has moved after TTL/2. Requests then go straight from the users to the site: their way is the site's wire and the distance between their regions, and the users' wire to the DNS costs only lookups. Numbers here are of the requests that it directs. The site is judged by probes; when all are believed dead, all are given. Killing the DNS leaves remembered answers in use and fails lookups. Leaves out: resolvers that ignore the TTL, browser caches, shared anycast. Sources: RFC 1034; probe defaults as Route 53 (every 30 s, 3 in a row).",
        "클라이언트는 자기 리전의 리졸버에 부를 사이트를 묻습니다. 답을 기억하는 리졸버는 그 사이트가 지금 죽었더라도 바로 알려 줍니다. 아니면 이름을 조회하고(조회 시간 + 사용자 선의 왕복) TTL 동안 기억합니다. 그래서 바뀐 뒤에는 리졸버가 하나씩 따라갑니다. 리졸버들의 답은 나이가 고르게 퍼져 있어(저마다 첫 답은 TTL의 일부가 이미 지났습니다) TTL/2가 지나면 트래픽의 절반이 옮겨 갑니다. 요청은 사용자에게서 사이트로 곧장 갑니다. 그 길은 사이트로 가는 선과 두 리전 사이의 거리이고, 사용자에서 DNS로 가는 선은 조회에만 듭니다. 여기의 수치는 DNS가 안내한 요청에 대한 것입니다. 사이트는 검사로 판단하며 모두 죽었다고 여기면 모두를 알려 줍니다. DNS를 죽여도 기억된 답은 계속 쓰이고 조회만 실패합니다. 빠진 것: TTL을 무시하는 리졸버, 브라우저 캐시, 애니캐스트. 출처: RFC 1034. 검사 기본값은 Route 53(30초마다, 연속 3회)과 같습니다.",
    ),
    calls: &[Kind::Cdn, Kind::LoadBalancer, Kind::Web],
    metrics: METRICS,
    main_metric: "completions_rps",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "lookups_rps",
        Unit::Rate,
        Text::new("Lookups", "조회"),
        Text::new(
            "Lookups per second of resolvers that had no answer: the others cost no time.",
            "답을 기억하지 못한 리졸버의 초당 조회 수. 나머지는 시간이 들지 않습니다.",
        ),
    ),
    metric(
        "sites_in",
        Unit::Count,
        Text::new("Sites in", "투입된 사이트"),
        Text::new("Sites that it believes to be alive.", "살아 있다고 믿는 사이트 수입니다."),
    ),
    metric(
        "misdirected_rps",
        Unit::Rate,
        Text::new("Sent to dead sites", "죽은 곳으로 보냄"),
        Text::new(
            "Requests per second that an old answer sent to a site where nothing works any more.",
            "오래된 답 때문에 아무것도 돌지 않는 사이트로 간 초당 요청 수입니다.",
        ),
    ),
];

/// A site that clients may be sent to.
#[derive(Clone, Debug)]
struct Site {
    wire: u16,
    node: NodeIdx,
    weight: f64,
    /// Believed to be alive.
    is_in: bool,
    /// Good (positive) or failed (negative) probes in a row.
    streak: i32,
    calls: u64,
}

/// What a resolver remembers.
#[derive(Clone, Copy, Debug)]
struct Resolver {
    /// The site; NIL while it is being looked up.
    answer: u32,
    /// Until when.
    expires: SimTime,
    /// When the lookup under way ends.
    ready: SimTime,
}

const PROBE: u8 = 0;
const LOOKED_UP: u8 = 1;

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    lookups: u64,
    misdirected: u64,
}

/// A name server while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: DnsParams,
    sites: Vec<Site>,
    /// Of every region, the last for clients of none.
    resolvers: Vec<Resolver>,
    regions: usize,
    turn: usize,
    stream: Stream,
    /// How old first answers are.
    ages: Stream,
    /// Which resolver a client asks is a matter of luck.
    salt: u64,
    up: bool,
    window: Counts,
    total: Counts,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &DnsParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let sites = wiring.out.iter().map(|out| Site {
            wire: out.wire,
            node: out.node,
            weight: out.weight,
            is_in: true,
            streak: 0,
            calls: 0,
        });
        let regions = core.ground.region_count() + 1;
        let fresh = Resolver { answer: NIL, expires: SimTime::ZERO, ready: SimTime::ZERO };
        Self {
            params: params.clone(),
            sites: sites.collect(),
            resolvers: vec![fresh; regions * params.resolvers as usize],
            regions,
            turn: 0,
            stream: Stream::new(core.seed, node, "answers"),
            ages: Stream::new(core.seed, node, "ages"),
            salt: Stream::new(core.seed, node, "resolvers").next_u64(),
            up: true,
            window: Counts::default(),
            total: Counts::default(),
        }
    }

    /// The resolver that a client asks.
    fn resolver_of(&self, client: u32, region: u8) -> usize {
        let region = if region == NO_REGION { self.regions - 1 } else { usize::from(region) };
        let n = self.params.resolvers as usize;
        region * n + (hash2(self.salt, u64::from(client)) % n as u64) as usize
    }

    /// The site that is given as an answer to a resolver of this region.
    fn pick(&mut self, core: &Core, region: u8) -> u32 {
        let any_in = self.sites.iter().any(|s| s.is_in);
        let given = |s: &Site| s.is_in || !any_in;
        let n = self.sites.len();
        let chosen = match self.params.policy {
            DnsPolicy::RoundRobin => {
                let next = (1..=n).map(|i| (self.turn + i) % n).find(|i| given(&self.sites[*i]));
                self.turn = next.unwrap_or(0);
                next
            }
            DnsPolicy::Weighted => {
                let sum: f64 = self.sites.iter().filter(|s| given(s)).map(|s| s.weight).sum();
                let mut left = self.stream.unit() * sum;
                let drawn = self.sites.iter().position(|s| {
                    left -= if given(s) { s.weight } else { 0.0 };
                    given(s) && left < 0.0
                });
                drawn.or_else(|| self.sites.iter().position(given))
            }
            DnsPolicy::Nearest => {
                let far = |i: &usize| {
                    let wire = &core.wires[self.sites[*i].wire as usize];
                    wire.latency_ns + wire.reach.from_region_ns(region)
                };
                (0..n).filter(|i| given(&self.sites[*i])).min_by_key(far)
            }
            DnsPolicy::Failover => self.sites.iter().position(given),
        };
        chosen.unwrap_or(0) as u32
    }

    /// Sends a request on to a site.
    fn direct(&mut self, core: &mut Core, id: u32, site: u32) {
        let site = &mut self.sites[site as usize];
        site.calls += 1;
        if !core.alive[site.node as usize].contains(&true) {
            self.window.misdirected += 1;
            self.total.misdirected += 1;
        }
        let call = core.calls[id];
        let new = NewCall::on_behalf(&call, id, site.wire, call.op);
        core.call(NewCall { from_part: 0, version: call.version, store: call.store, ..new });
    }

    fn probe(&mut self, core: &mut Core, me: NodeIdx) {
        for site in &mut self.sites {
            let good = core.alive[site.node as usize].contains(&true);
            site.streak = if good { site.streak.max(0) + 1 } else { site.streak.min(0) - 1 };
            if site.is_in && -site.streak >= self.params.unhealthy_after as i32 {
                site.is_in = false;
                core.happen(site.node, None, What::TakenOut);
            } else if !site.is_in && site.streak >= self.params.healthy_after as i32 {
                site.is_in = true;
                core.happen(site.node, None, What::PutBack);
            }
        }
        core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
    }

    /// A lookup that a request waits for has come to its end.
    fn looked_up(&mut self, core: &mut Core, id: u32) {
        let call = core.calls[id];
        let at = self.resolver_of(call.client, call.region);
        if self.resolvers[at].answer == NIL {
            if !self.up {
                // Nothing was learned: the next request asks again.
                self.resolvers[at].expires = SimTime::ZERO;
                return core.fail(id, Reason::NoName);
            }
            self.resolvers[at].answer = self.pick(core, call.region);
        }
        let answer = self.resolvers[at].answer;
        core.calls[id].due = 0;
        self.direct(core, id, answer);
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        if self.params.health_checks {
            core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
        }
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        if self.sites.is_empty() {
            return core.fail(id, Reason::NoRoute);
        }
        let call = core.calls[id];
        let at = self.resolver_of(call.client, call.region);
        let resolver = self.resolvers[at];
        if resolver.expires > core.now && resolver.answer != NIL {
            return self.direct(core, id, resolver.answer);
        }
        let ready = if resolver.ready > core.now && resolver.answer == NIL {
            // It is being looked up already.
            resolver.ready
        } else {
            self.window.lookups += 1;
            self.total.lookups += 1;
            let aside_ns = 2 * core.wires[call.wire as usize].aside_ns;
            let ready = core.now.saturating_add(ns_from_ms(self.params.lookup_ms)).saturating_add(aside_ns);
            // The first answer has stood in a cache on the way for a part of its time: resolvers are not in step.
            let share = if resolver.expires == SimTime::ZERO { self.ages.unit() } else { 1.0 };
            let expires = ready.saturating_add(ns_from_secs(self.params.ttl_s * share));
            self.resolvers[at] = Resolver { answer: NIL, expires, ready };
            ready
        };
        core.calls[id].due = core.timer(ready.since(core.now), me, LOOKED_UP, id);
    }

    fn child_done(&mut self, core: &mut Core, _me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return;
        }
        let call = &mut core.calls[parent];
        call.version = reply.version;
        call.store = reply.store;
        call.flags |= reply.flags & (flag::HIT | flag::STALE);
        core.reply(parent, reply.outcome);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        match tag {
            PROBE => self.probe(core, me),
            _ if core.calls.is_live(arg) && core.calls[arg].due == seq => self.looked_up(core, arg),
            _ => {}
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        let works = action.verb == Verb::Revive;
        if matches!(action.verb, Verb::Kill | Verb::Revive) && self.up != works {
            // Requests that were told where to go are on their way, past it.
            self.up = works;
            core.alive[me as usize][0] = works;
            core.happen(me, None, if works { What::Revived } else { What::Killed });
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        out.push((self.window.lookups as f64 / window_s) as f32);
        out.push(self.sites.iter().filter(|s| s.is_in).count() as f32);
        out.push((self.window.misdirected as f64 / window_s) as f32);
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {
        self.window = Counts::default();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = if self.up { PartState::Up } else { PartState::Down };
        vec![PartNow { state, queue_limit: u32::MAX, ..PartNow::default() }]
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        let p = &self.params;
        memory.lasts(ns_from_secs(p.ttl_s));
        memory.watches(ns_from_secs(p.health_interval_s * f64::from(p.unhealthy_after.max(p.healthy_after))));
    }

    fn tallies(&mut self, t: &mut Tallies) {
        t.counts([&mut self.total.lookups, &mut self.total.misdirected]);
        t.counts(self.sites.iter_mut().map(|s| &mut s.calls));
    }

    fn restart(&mut self, _core: &mut Core) {
        self.total = Counts::default();
        for site in &mut self.sites {
            site.calls = 0;
        }
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("lookups".to_owned(), json!(self.total.lookups));
        map.insert("sent_to_dead_sites".to_owned(), json!(self.total.misdirected));
        map.insert("requests_per_site".to_owned(), self.sites.iter().map(|s| s.calls).collect());
        map
    }
}
