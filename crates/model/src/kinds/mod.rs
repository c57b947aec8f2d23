//! Every kind of component. One kind is one file here and one line in [`kinds!`].

use crate::design::{Action, Node};
use crate::faults::Faults;
use crate::messages::{NodeNow, PartNow};
use crate::params::{ParamSpec, Params};
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Command, Core, NodeIdx, Observation, Reply};
use crate::sim::detail::Memory;
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::text::Text;
pub use crate::verbs::Verb;
use serde_json::{Map, Value};

pub mod autoscaler;
pub mod cache;
pub mod cdn;
pub mod dns;
pub mod load_balancer;
pub mod monitoring;
pub mod nosql;
pub mod object_store;
pub mod queue;
pub mod relational;
pub mod session_store;
pub mod sharded;
pub mod users;
pub mod web;
pub mod workers;

/// Where a kind stands in the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Who sends requests.
    Clients,
    /// What spreads requests.
    Traffic,
    /// What computes.
    Compute,
    /// What stores.
    Data,
    /// What watches and steers.
    Operations,
}

impl Category {
    /// Every category, in the palette's order.
    pub const ALL: &'static [Category] =
        &[Category::Clients, Category::Traffic, Category::Compute, Category::Data, Category::Operations];

    /// What the user reads.
    pub fn label(self) -> Text {
        match self {
            Category::Clients => Text::new("Clients", "클라이언트"),
            Category::Traffic => Text::new("Traffic", "트래픽"),
            Category::Compute => Text::new("Compute", "서버"),
            Category::Data => Text::new("Data", "데이터"),
            Category::Operations => Text::new("Operations", "운영"),
        }
    }
}

/// The unit of a metric; it decides how a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Per second.
    Rate,
    /// Seconds.
    Seconds,
    /// A share, 0 to 1, shown in per cent.
    Share,
    /// A plain number.
    Count,
    /// A ratio, such as "times the mean".
    Ratio,
    /// US dollars.
    Money,
}

/// A measured series of a node.
#[derive(Clone, Copy, Debug)]
pub struct MetricSpec {
    /// Name in files and messages.
    pub id: &'static str,
    /// What the user reads.
    pub label: Text,
    /// Unit.
    pub unit: Unit,
    /// What it means and why it matters, in a line.
    pub help: Text,
}

const fn metric(id: &'static str, unit: Unit, label: Text, help: Text) -> MetricSpec {
    MetricSpec { id, label, unit, help }
}

/// Metrics that every node has, in this order at the front of its values. See [`common`] for the positions.
pub const COMMON: &[MetricSpec] = &[
    metric(
        "arrivals_rps",
        Unit::Rate,
        Text::new("Arrivals", "도착"),
        Text::new(
            "Requests that reach this node per second: the load offered to it.",
            "이 노드에 도착하는 초당 요청 수. 이 노드가 받는 부하입니다.",
        ),
    ),
    metric(
        "completions_rps",
        Unit::Rate,
        Text::new("Completions", "완료"),
        Text::new(
            "Requests answered with success per second. Below arrivals for long, a backlog or errors grow.",
            "초당 성공 응답 수. 도착보다 오래 작으면 적체나 오류가 늘어납니다.",
        ),
    ),
    metric(
        "failures_rps",
        Unit::Rate,
        Text::new("Failures", "실패"),
        Text::new(
            "Requests that failed here per second, for whatever reason.",
            "이유를 막론하고 여기서 실패한 초당 요청 수입니다.",
        ),
    ),
    metric(
        "in_system",
        Unit::Count,
        Text::new("In system", "처리 중"),
        Text::new(
            "Requests inside this node now, waiting or being served (Little: arrivals × time inside).",
            "지금 이 노드 안에 있는 요청 수(대기+처리). 리틀의 법칙: 도착률 × 머무는 시간.",
        ),
    ),
    metric(
        "utilization",
        Unit::Share,
        Text::new("Utilisation", "사용률"),
        Text::new(
            "Share of worker time that is busy. Waiting grows like 1/(1 − utilisation): beware past 80%.",
            "작업자가 바쁜 시간의 비율. 대기는 1/(1−사용률)로 커지므로 80%를 넘으면 위험합니다.",
        ),
    ),
    metric(
        "queue",
        Unit::Count,
        Text::new("Queue", "대기열"),
        Text::new("Requests waiting for a free worker now.", "지금 빈 작업자를 기다리는 요청 수입니다."),
    ),
    metric(
        "p50_s",
        Unit::Seconds,
        Text::new("p50", "p50"),
        Text::new(
            "Half of the answers took less than this, time inside this node and behind it.",
            "응답의 절반이 이보다 빨랐습니다(이 노드와 그 뒤에서 보낸 시간).",
        ),
    ),
    metric(
        "p95_s",
        Unit::Seconds,
        Text::new("p95", "p95"),
        Text::new("One answer in twenty took longer than this.", "응답 스무 개 중 하나는 이보다 느렸습니다."),
    ),
    metric(
        "p99_s",
        Unit::Seconds,
        Text::new("p99", "p99"),
        Text::new(
            "One answer in a hundred took longer than this: what an unlucky user feels.",
            "응답 백 개 중 하나는 이보다 느렸습니다. 운 나쁜 사용자가 느끼는 시간입니다.",
        ),
    ),
    metric(
        "cost_usd_h",
        Unit::Money,
        Text::new("Cost per hour", "시간당 비용"),
        Text::new(
            "What it costs, per hour, by the design's price list: machines, bytes, requests and storage.",
            "설계의 가격표로 셈한 시간당 비용. 기계, 전송, 요청, 저장을 합합니다.",
        ),
    ),
];

/// Metrics of a wire that does more than carry, in the order of [`crate::messages::wire`].
pub const WIRE_METRICS: &[MetricSpec] = &[
    metric(
        "calls_rps",
        Unit::Rate,
        Text::new("Calls", "호출"),
        Text::new(
            "Calls per second that the caller wanted to make; each may take several attempts, or none.",
            "호출자가 하려던 초당 호출 수. 하나에 시도가 여러 번이거나 한 번도 없을 수 있습니다.",
        ),
    ),
    metric(
        "failed_rps",
        Unit::Rate,
        Text::new("Failed calls", "실패한 호출"),
        Text::new(
            "Calls per second that failed after all their attempts.",
            "모든 시도 끝에 실패한 초당 호출 수입니다.",
        ),
    ),
    metric(
        "retries_rps",
        Unit::Rate,
        Text::new("Retries", "재시도"),
        Text::new(
            "Repeated attempts per second: load that failure itself creates.",
            "초당 재시도 수. 실패가 스스로 만들어 내는 부하입니다.",
        ),
    ),
    metric(
        "hedges_rps",
        Unit::Rate,
        Text::new("Hedges", "헤지"),
        Text::new(
            "Reads per second that were sent a second time because the answer was late.",
            "응답이 늦어 한 번 더 보낸 초당 읽기 수입니다.",
        ),
    ),
    metric(
        "timeouts_rps",
        Unit::Rate,
        Text::new("Timeouts", "타임아웃"),
        Text::new(
            "Attempts per second that the caller gave up waiting for.",
            "호출자가 기다리다 포기한 초당 시도 수입니다.",
        ),
    ),
    metric(
        "refused_open_rps",
        Unit::Rate,
        Text::new("Refused: circuit open", "차단기로 거절"),
        Text::new(
            "Calls per second that failed at once because the circuit breaker was open.",
            "회로 차단기가 열려 있어 바로 실패한 초당 호출 수입니다.",
        ),
    ),
    metric(
        "refused_rate_rps",
        Unit::Rate,
        Text::new("Refused: rate limit", "속도 제한으로 거절"),
        Text::new(
            "Attempts per second beyond the rate limit.",
            "속도 제한을 넘어 거절된 초당 시도 수입니다.",
        ),
    ),
    metric(
        "circuit_open_share",
        Unit::Share,
        Text::new("Breakers open", "열린 차단기"),
        Text::new(
            "Share of the calling parts whose circuit breaker is open or half-open now.",
            "지금 회로 차단기가 열려 있거나 반쯤 열린 호출자의 비율입니다.",
        ),
    ),
    metric(
        "link_utilization",
        Unit::Share,
        Text::new("Link in use", "링크 사용률"),
        Text::new(
            "Share of time that the link was sending answers; at 100% they queue up for it.",
            "링크가 응답을 보내고 있던 시간의 비율. 100%면 응답이 줄을 섭니다.",
        ),
    ),
];

/// Positions of the [`COMMON`] metrics in a node's values.
pub mod common {
    #![allow(missing_docs)]
    pub const ARRIVALS: usize = 0;
    pub const COMPLETIONS: usize = 1;
    pub const FAILURES: usize = 2;
    pub const IN_SYSTEM: usize = 3;
    pub const UTILIZATION: usize = 4;
    pub const QUEUE: usize = 5;
    pub const P50: usize = 6;
    pub const P95: usize = 7;
    pub const P99: usize = 8;
    pub const COST: usize = 9;
    pub const COUNT: usize = 10;
}

/// What a node's parts are called (instances of a web tier, replicas, shards) and what their extra number means.
#[derive(Clone, Copy, Debug)]
pub struct PartsSpec {
    /// Name of one part, such as "instance".
    pub noun: Text,
    /// The extra number that each part has, if any: lag of a replica, keys of a shard.
    pub extra: Option<MetricSpec>,
}

/// Everything about a kind that is not behaviour. Palette, inspector, docs, schema and registry-wide tests read it.
#[derive(Clone, Copy)]
pub struct KindSpec {
    /// The kind.
    pub kind: Kind,
    /// Name in a design file.
    pub id: &'static str,
    /// Palette section.
    pub category: Category,
    /// What the user reads.
    pub label: Text,
    /// One line for the palette.
    pub tagline: Text,
    /// What it models, what it leaves out, formula and source.
    pub help: Text,
    /// Kinds that this one may call: where its outgoing wires may end.
    pub calls: &'static [Kind],
    /// Metrics beyond [`COMMON`]; their values follow those.
    pub metrics: &'static [MetricSpec],
    /// The id of the metric that the canvas shows first.
    pub main_metric: &'static str,
    /// Its parts, if it has any.
    pub parts: Option<PartsSpec>,
    /// What can be done to it.
    pub verbs: &'static [Verb],
}

impl KindSpec {
    /// All metrics in the order of a node's values.
    pub fn all_metrics(&self) -> impl Iterator<Item = &'static MetricSpec> {
        COMMON.iter().chain(self.metrics.iter())
    }

    /// Position of a metric in a node's values.
    pub fn metric_index(&self, id: &str) -> Option<usize> {
        self.all_metrics().position(|m| m.id == id)
    }

    /// Number of values that a node of this kind has.
    pub fn value_count(&self) -> usize {
        COMMON.len() + self.metrics.len()
    }
}

/// Lists the kinds: variant = module, params.
macro_rules! kinds {
    (($d:tt) $($variant:ident = $module:ident, $params:ident;)+) => {
        /// The kind of a node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $(#[doc = concat!("See [`", stringify!($module), "`].")] $variant),+ }

        impl Kind {
            /// Every kind, in the palette's order.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];
            /// Everything about the kind that is not behaviour.
            pub fn spec(self) -> &'static KindSpec {
                match self { $(Kind::$variant => &$module::SPEC),+ }
            }
            /// The kind's params.
            pub fn param_specs(self) -> &'static [ParamSpec] {
                match self { $(Kind::$variant => $module::$params::specs()),+ }
            }
        }

        /// A node's params, by kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum NodeParams { $(#[doc = concat!("Of [`", stringify!($module), "`].")] $variant($module::$params)),+ }

        impl NodeParams {
            /// Defaults of a kind.
            pub fn default_of(kind: Kind) -> Self {
                match kind { $(Kind::$variant => NodeParams::$variant($module::$params::default())),+ }
            }
            /// The kind that these are of.
            pub fn kind(&self) -> Kind {
                match self { $(NodeParams::$variant(_) => Kind::$variant),+ }
            }
            /// Reads a `params` object; faults go to `faults`.
            pub fn from_map(kind: Kind, map: &Map<String, Value>, path: &str, faults: &mut Faults) -> Self {
                match kind { $(Kind::$variant => NodeParams::$variant($module::$params::from_map(map, path, faults))),+ }
            }
            /// The `params` object, defaults left out.
            pub fn to_map(&self) -> Map<String, Value> {
                match self { $(NodeParams::$variant(p) => p.to_map()),+ }
            }
            /// One param by name.
            pub fn get(&self, name: &str) -> Option<Value> {
                match self { $(NodeParams::$variant(p) => p.get(name)),+ }
            }
            /// Sets one param by name.
            ///
            /// # Errors
            /// What would have been right, or that there is no such param.
            pub fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
                match self { $(NodeParams::$variant(p) => p.set(name, value)),+ }
            }
        }

        /// A node while it runs, by kind.
        #[derive(Clone, Debug)]
        #[allow(clippy::large_enum_variant, reason = "a few hundred nodes at most, and no hop on the hot path")]
        pub enum NodeState { $(#[doc = concat!("Of [`", stringify!($module), "`].")] $variant($module::State)),+ }

        impl NodeState {
            /// The node at time 0.
            pub fn new(node: &Node, core: &Core, wiring: &Wiring) -> Self {
                match &node.params { $(NodeParams::$variant(p) => NodeState::$variant($module::State::new(p, &node.id, core, wiring))),+ }
            }
            /// The node's kind.
            #[inline]
            pub fn kind(&self) -> Kind {
                match self { $(NodeState::$variant(_) => Kind::$variant),+ }
            }
        }

        /// Does the same with whatever kind of state it is.
        macro_rules! each {
            ($d state:expr, $d s:ident => $d e:expr) => {
                match $d state { $(NodeState::$variant($d s) => $d e),+ }
            };
        }
    };
}

kinds! { ($)
    Users = users, UsersParams;
    Dns = dns, DnsParams;
    Cdn = cdn, CdnParams;
    LoadBalancer = load_balancer, LoadBalancerParams;
    Web = web, WebParams;
    Queue = queue, QueueParams;
    Workers = workers, WorkersParams;
    Cache = cache, CacheParams;
    Relational = relational, RelationalParams;
    Sharded = sharded, ShardedParams;
    Nosql = nosql, NosqlParams;
    SessionStore = session_store, SessionStoreParams;
    Autoscaler = autoscaler, AutoscalerParams;
    ObjectStore = object_store, ObjectStoreParams;
    Monitoring = monitoring, MonitoringParams;
}

/// Hands each method on to the kind's state.
impl Behaviour for NodeState {
    #[inline]
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        each!(self, s => s.begin(core, me))
    }
    #[inline]
    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        each!(self, s => s.arrive(core, me, id))
    }
    #[inline]
    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        each!(self, s => s.served(core, me, id))
    }
    #[inline]
    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        each!(self, s => s.child_done(core, me, parent, reply))
    }
    #[inline]
    fn cancel(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        each!(self, s => s.cancel(core, me, id))
    }
    #[inline]
    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        each!(self, s => s.timer(core, me, seq, tag, arg))
    }
    #[inline]
    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        each!(self, s => s.act(core, me, action))
    }
    #[inline]
    fn values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        each!(self, s => s.values(core, me, window_s, out))
    }
    #[inline]
    fn part_values(&mut self, core: &mut Core, me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        each!(self, s => s.part_values(core, me, window_s, out))
    }
    #[inline]
    fn window_utilization(&self, core: &Core) -> f64 {
        each!(self, s => s.window_utilization(core))
    }
    #[inline]
    fn end_window(&mut self, core: &mut Core) {
        each!(self, s => s.end_window(core))
    }
    #[inline]
    fn parts(&self, core: &Core) -> Vec<PartNow> {
        each!(self, s => s.parts(core))
    }
    #[inline]
    fn queued(&self) -> u64 {
        each!(self, s => s.queued())
    }
    #[inline]
    fn ground_changed(&mut self, core: &mut Core, me: NodeIdx) {
        each!(self, s => s.ground_changed(core, me))
    }
    #[inline]
    fn restart(&mut self, core: &mut Core) {
        each!(self, s => s.restart(core))
    }
    fn tallies(&mut self, t: &mut Tallies) {
        each!(self, s => s.tallies(t))
    }
    fn memory(&self, core: &Core, me: NodeIdx, memory: &mut Memory) {
        each!(self, s => s.memory(core, me, memory))
    }
    fn stood_still(&mut self, core: &mut Core, me: NodeIdx, gap_ns: u64, grown: u64) {
        each!(self, s => s.stood_still(core, me, gap_ns, grown))
    }
    #[inline]
    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        each!(self, s => s.effort_ns(core))
    }
    #[inline]
    fn observe(&self, core: &Core, me: NodeIdx) -> Observation {
        each!(self, s => s.observe(core, me))
    }
    #[inline]
    fn observed(&mut self, core: &mut Core, me: NodeIdx, node: NodeIdx, seen: Observation) {
        each!(self, s => s.observed(core, me, node, seen))
    }
    #[inline]
    fn command(&mut self, core: &mut Core, me: NodeIdx, command: Command) {
        each!(self, s => s.command(core, me, command))
    }
    #[inline]
    fn summary(&mut self, core: &Core, me: NodeIdx) -> Map<String, Value> {
        each!(self, s => s.summary(core, me))
    }
    #[inline]
    fn now(&self, core: &Core, me: NodeIdx) -> NodeNow {
        each!(self, s => s.now(core, me))
    }
}

impl Kind {
    /// The kind with this id in a design file.
    pub fn by_id(id: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|k| k.spec().id == id)
    }
}
