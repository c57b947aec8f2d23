//! A sharded database: keys spread over machines by a shard function.

use super::load_balancer::imbalance;
use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, What};
use crate::params::params;
use crate::policy::sharding::{ShardFunction, place};
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, NodeIdx, Op};
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{Law, Stream};
use serde_json::{Map, Value, json};
use std::sync::Arc;

params! {
    /// Params of a sharded database.
    pub struct ShardedParams {
        /// Shards at the start.
        shards: u32 = 4, 1 ..= 256, "shards", "Shards", "샤드", "시작할 때의 샤드 수입니다.";
        /// How an item finds its shard.
        function: ShardFunction = ShardFunction::Modulo, 0 ..= 0, "", "Shard function", "샤드 함수", "항목이 샤드를 찾는 방법입니다.";
        /// Points of each shard on the ring of consistent hashing.
        virtual_nodes: u32 = 100, 1 ..= 10000, "points", "Virtual nodes", "가상 노드", "안정 해시 링에서 샤드 하나가 갖는 점의 수입니다.";
        /// Queries that one shard works on at once.
        workers: u32 = 4, 1 ..= 10000, "workers", "Workers", "작업자", "샤드 하나가 동시에 처리하는 질의 수입니다.";
        /// Work for a read.
        read: Law = Law::Exponential { mean: 0.001 }, 0 ..= 0, "", "Read time", "읽기 시간", "읽기 하나에 드는 시간입니다.";
        /// Work for a write.
        write: Law = Law::Exponential { mean: 0.002 }, 0 ..= 0, "", "Write time", "쓰기 시간", "쓰기 하나에 드는 시간입니다.";
        /// Queries that may wait at one shard; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(2000), 0 ..= 10000000, "queries", "Queue limit", "대기열 한도", "샤드 하나에서 기다릴 수 있는 질의 수. 넘으면 거절합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Sharded,
    id: "sharded",
    category: Category::Data,
    label: Text::new("Sharded DB", "샤딩 DB"),
    tagline: Text::new(
        "Keys spread over shards; hot spots come out of skew",
        "키를 샤드에 나눕니다. 핫스팟은 쏠림에서 생깁니다",
    ),
    help: Text::new(
        "An item's hash decides its shard: hash mod n, or the next point clockwise on a ring where each shard has virtual nodes. Every shard is a station of its own, so a famous item saturates one shard while the mean looks healthy. Adding a shard recounts every item: modulo moves n/(n+1) of them, consistent hashing 1/(n+1) on average. Leaves out: the copying itself (items move at once), replicas of a shard, queries over many shards. Sources: Karger et al. (1997); catalogue rows MOD*, CHASH*, HOT*.",
        "항목의 해시가 샤드를 정합니다. 해시 mod n, 또는 샤드마다 가상 노드를 가진 링에서 시계 방향 다음 점입니다. 샤드마다 하나의 스테이션이므로 유명한 항목 하나가 평균은 건강해 보이는 동안 샤드 하나를 포화시킵니다. 샤드를 더하면 모든 항목을 다시 셉니다. 모듈로는 n/(n+1)을, 안정 해시는 평균 1/(n+1)을 옮깁니다. 빠진 것: 복사 과정(항목은 즉시 이동), 샤드의 복제본, 여러 샤드에 걸친 질의. 출처: Karger 외(1997); 카탈로그 MOD*, CHASH*, HOT*.",
    ),
    calls: &[],
    metrics: METRICS,
    main_metric: "hottest_ratio",
    parts: Some(PartsSpec {
        noun: Text::new("shard", "샤드"),
        extra: Some(metric(
            "keys",
            Unit::Count,
            Text::new("Items stored", "저장된 항목"),
            Text::new(
                "Items that live on this shard: its storage.",
                "이 샤드에 사는 항목 수. 곧 저장량입니다.",
            ),
        )),
    }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::AddShard],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "hottest_ratio",
        Unit::Ratio,
        Text::new("Hottest shard", "가장 뜨거운 샤드"),
        Text::new(
            "Load of the busiest shard over the mean: 1 is even; the busiest one decides when the whole is full.",
            "가장 바쁜 샤드의 부하를 평균으로 나눈 값. 1이면 고르고, 가장 바쁜 샤드가 전체의 한계를 정합니다.",
        ),
    ),
    metric(
        "hottest_key_share",
        Unit::Share,
        Text::new("Hottest item", "가장 뜨거운 항목"),
        Text::new(
            "Share of this database's requests that ask for its most wanted item.",
            "이 데이터베이스로 오는 요청 중 가장 많이 찾는 항목의 비율입니다.",
        ),
    ),
    metric(
        "keys_moved_share",
        Unit::Share,
        Text::new("Items moved", "옮겨진 항목"),
        Text::new(
            "Share of all items that the last added shard has moved.",
            "마지막 샤드 추가가 옮긴 항목의 비율입니다.",
        ),
    ),
];

/// Every so many requests one is sampled for the hottest item.
const SAMPLE_EVERY: u32 = 4;
/// Items that the summary names as the hottest.
const HOTTEST: usize = 5;
/// Items that the hot-item sketch watches.
const WATCHED: usize = 64;

/// The most frequent items of a stream in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi, 2005), counts
/// halved at intervals so that the past fades.
#[derive(Clone, Debug, Default)]
struct HotItems {
    counts: Vec<(u32, u32)>,
    sampled: u32,
}

impl HotItems {
    fn see(&mut self, key: u32) {
        self.sampled += 1;
        if let Some(c) = self.counts.iter_mut().find(|c| c.0 == key) {
            c.1 += 1;
        } else if self.counts.len() < WATCHED {
            self.counts.push((key, 1));
        } else {
            let least = self.counts.iter_mut().min_by_key(|c| c.1).expect("some are watched");
            *least = (key, least.1 + 1);
        }
    }

    fn fade(&mut self) {
        self.sampled /= 2;
        for c in &mut self.counts {
            c.1 /= 2;
        }
        self.counts.retain(|c| c.1 > 0);
    }

    /// The items with the greatest counts, and their share of what was sampled.
    fn top(&self, n: usize) -> Vec<(u32, f64)> {
        let mut sorted = self.counts.clone();
        sorted.sort_by_key(|c| (std::cmp::Reverse(c.1), c.0));
        sorted.iter().take(n).map(|c| (c.0, f64::from(c.1) / f64::from(self.sampled.max(1)))).collect()
    }
}

/// A sharded database while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: ShardedParams,
    shards: Vec<Station>,
    work: Work,
    /// The shard of every item.
    place: Arc<Vec<u16>>,
    keys: Vec<u32>,
    salt: u64,
    version: u32,
    moved_share: Option<f64>,
    moved: u64,
    /// The hottest items of late, for the live series.
    hot: HotItems,
    until_sample: u32,
    /// Requests for each item since the warm-up, for the summary.
    asked: Vec<u32>,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &ShardedParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let salt = Stream::new(core.seed, node, "placement").next_u64();
        let mut state = Self {
            shards: (0..params.shards)
                .map(|_| Station::new(params.workers, params.queue_limit, core.now))
                .collect(),
            work: Work::new(core.seed, node, &params.read, &params.write, &params.write),
            place: Arc::new(place(params.function, core.items, params.shards, params.virtual_nodes, salt)),
            keys: Vec::new(),
            salt,
            version: 0,
            moved_share: None,
            moved: 0,
            hot: HotItems::default(),
            until_sample: 1,
            asked: vec![0; core.items as usize],
            params: params.clone(),
        };
        state.count_keys();
        state
    }

    /// The items asked for most since the warm-up: their share of all requests, and where they live.
    fn hottest_items(&self) -> Vec<Value> {
        let total: u64 = self.asked.iter().map(|n| u64::from(*n)).sum();
        let mut top: Vec<(u32, usize)> = Vec::with_capacity(HOTTEST + 1);
        for (item, &n) in self.asked.iter().enumerate() {
            if n > top.get(HOTTEST - 1).map_or(0, |t| t.0) {
                top.insert(top.partition_point(|t| t.0 >= n), (n, item));
                top.truncate(HOTTEST);
            }
        }
        let row = |&(n, item): &(u32, usize)| json!({"item": item, "share": share(u64::from(n), total), "shard": self.place[item]});
        top.iter().map(row).collect()
    }

    fn count_keys(&mut self) {
        self.keys = vec![0; self.shards.len()];
        for shard in self.place.iter() {
            self.keys[*shard as usize] += 1;
        }
    }

    fn add_shard(&mut self, core: &mut Core, me: NodeIdx) {
        if self.shards.len() >= SHARDS_MAX {
            return;
        }
        self.shards.push(Station::new(self.params.workers, self.params.queue_limit, core.now));
        core.rent(me, Rented::Data, self.shards.len(), self.params.workers);
        let part = core.add_part(me);
        core.alive[me as usize][part] = true;
        core.set_accepting(me, part, true);
        let next = place(
            self.params.function,
            core.items,
            self.shards.len() as u32,
            self.params.virtual_nodes,
            self.salt,
        );
        let moved = next.iter().zip(self.place.iter()).filter(|(a, b)| a != b).count();
        let share = moved as f64 / next.len().max(1) as f64;
        self.place = Arc::new(next);
        self.moved += moved as u64;
        self.moved_share = Some(share);
        self.count_keys();
        core.happen(me, Some(self.shards.len() as u32 - 1), What::ShardAdded(share));
    }
}

/// Shards that a database can grow to.
const SHARDS_MAX: usize = 1024;

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.rent(me, Rented::Data, self.shards.len(), self.params.workers);
        core.keep_on_disk(me, u64::from(core.items));
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        let key = core.calls[id].key;
        let shard = self.place[key as usize];
        core.calls[id].part = shard;
        self.asked[key as usize] = self.asked[key as usize].saturating_add(1);
        self.until_sample -= 1;
        if self.until_sample == 0 {
            self.until_sample = SAMPLE_EVERY;
            self.hot.see(key);
        }
        let station = &mut self.shards[shard as usize];
        if !station.up {
            return core.fail(id, Reason::Refused);
        }
        if station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        self.shards[call.part as usize].leave(core, &mut self.work);
        let known = &mut core.truth[me as usize][call.key as usize];
        if call.op == Op::Write {
            self.version += 1;
            *known = self.version;
        }
        let version = *known;
        let c = &mut core.calls[id];
        (c.version, c.store) = (version, me);
        core.reply(id, Outcome::OK);
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        machines::cancel(core, &mut self.shards, id);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        if action.verb == Verb::AddShard {
            return self.add_shard(core, me);
        }
        machines::act(core, me, &mut self.shards, action);
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        out.push(imbalance(self.shards.iter().map(Station::window_calls)));
        out.push(self.hot.top(1).first().map_or(f32::NAN, |t| t.1 as f32));
        out.push(self.moved_share.map_or(f32::NAN, |s| s as f32));
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (station, keys) in self.shards.iter().zip(&self.keys) {
            machines::push_values(core, station, f64::from(*keys), window_s, out);
        }
        self.shards.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.shards.iter())
    }

    fn end_window(&mut self, core: &mut Core) {
        for station in &mut self.shards {
            station.end_window(core.now);
        }
        self.hot.fade();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        self.shards
            .iter()
            .zip(&self.keys)
            .map(|(s, k)| machines::part_now(s, machines::plain_state(s), f64::from(*k)))
            .collect()
    }

    fn queued(&self) -> u64 {
        self.shards.iter().map(|s| u64::from(s.queue())).sum()
    }

    fn restart(&mut self, core: &mut Core) {
        for station in &mut self.shards {
            station.restart(core.now);
        }
        self.asked.fill(0);
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.shards.iter())
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let calls: Vec<u64> = self.shards.iter().map(Station::calls).collect();
        let total: u64 = calls.iter().sum();
        let shards: Vec<Value> = self
            .shards
            .iter()
            .zip(&self.keys)
            .enumerate()
            .map(|(i, (s, keys))| {
                let capacity = s.capacity_ns(core.now);
                json!({
                    "shard": i,
                    "requests": s.calls(),
                    "request_share": share(s.calls(), total),
                    "items": keys,
                    "utilization": if capacity == 0 { 0.0 } else { s.busy_ns(core.now) as f64 / capacity as f64 },
                })
            })
            .collect();
        let mut map = Map::new();
        map.insert("shards".to_owned(), Value::Array(shards));
        map.insert("hottest_over_mean".to_owned(), json!(imbalance(calls.iter().copied())));
        map.insert("hottest_items".to_owned(), Value::Array(self.hottest_items()));
        map.insert("items_moved".to_owned(), json!(self.moved));
        map.insert("items_moved_share".to_owned(), json!(self.moved_share));
        map
    }
}
