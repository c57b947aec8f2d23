//! An in-memory cache in front of slower storage.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, What};
use crate::params::{choice, params};
use crate::policy::eviction::{Entry, Eviction, Store};
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, NewCall, NodeIdx, Op, Reply, flag};
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::wiring::{Wiring, pick_by_key};
use crate::text::Text;
use headroom_engine::{Law, NIL, SimTime, Stream, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

choice! {
    /// What a write does to the cached copy.
    pub enum OnWrite {
        /// Deletes it; the next read fetches the new one.
        Invalidate = "invalidate", "Invalidate", "무효화", "복사본을 지웁니다. 다음 읽기가 새 값을 가져옵니다.";
        /// Leaves it until its TTL ends or it is evicted.
        Ignore = "ignore", "Leave it", "그대로 둠", "TTL이 끝나거나 밀려날 때까지 그대로 둡니다.";
    }
}

params! {
    /// Params of a cache.
    pub struct CacheParams {
        /// Items held before eviction starts.
        capacity_items: u32 = 10_000, 1 ..= 100000000, "items", "Capacity", "용량", "밀어내기가 시작되기 전까지 담는 항목 수입니다.";
        /// Age past which an item no longer counts, from its fetch; none means never.
        ttl_s: Option<f64> = None, 0.001 ..= 31536000, "s", "TTL", "TTL", "가져온 뒤 이만큼 지나면 무효가 됩니다. 없으면 만료되지 않습니다.";
        /// Which item makes room for a new one.
        eviction: Eviction = Eviction::Lru, 0 ..= 0, "", "Eviction", "교체 정책", "새 항목에 자리를 내줄 항목을 고르는 방법입니다.";
        /// What a write does to the cached copy.
        on_write: OnWrite = OnWrite::Invalidate, 0 ..= 0, "", "On write", "쓰기 때", "쓰기가 캐시된 복사본에 하는 일입니다.";
        /// On a miss only one client fetches the item (it holds a lease); the others wait for it.
        single_flight: bool = false, 0 ..= 1, "", "Single flight", "단일 조회", "빗나가면 한 클라이언트만 항목을 가져오고(리스) 나머지는 그것을 기다립니다.";
        /// With single flight: a fetch that has not come back after this long is given to the next in line.
        lease_ms: f64 = 1_000.0, 1 ..= 600000, "ms", "Lease", "리스 시간", "단일 조회에서, 이만큼 지나도 돌아오지 않은 조회는 다음 차례가 맡습니다.";
        /// Operations that the cache works on at once.
        workers: u32 = 1, 1 ..= 1024, "workers", "Workers", "작업자", "캐시가 동시에 처리하는 연산 수입니다.";
        /// Work for one operation.
        service: Law = Law::Exponential { mean: 0.00001 }, 0 ..= 0, "", "Service time", "처리 시간", "연산 하나에 드는 시간입니다.";
        /// Operations that may wait; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(10_000), 0 ..= 10000000, "operations", "Queue limit", "대기열 한도", "기다릴 수 있는 연산 수. 넘으면 거절합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Cache,
    id: "cache",
    category: Category::Data,
    label: Text::new("Cache", "캐시"),
    tagline: Text::new(
        "Hit rate comes out of popularity × size × TTL",
        "적중률은 인기도 × 크기 × TTL에서 나옵니다",
    ),
    help: Text::new(
        "Holds up to its capacity of items, evicts by the chosen policy, and drops an item when its TTL, counted from its fetch, has run out. It starts cold. There is nothing to set the hit rate with: it is counted. A hit is stale when the item was written since it was fetched. With single flight one client fetches a missed item and the others wait for it, which ends stampedes. Dead, its clients read the database instead. Leaves out: item sizes, memory fragmentation, replication. Checked against exact Markov chains and Che et al., Hierarchical Web Caching Systems (2002); catalogue rows CEX*, CZ*, TTL*.",
        "용량만큼 항목을 담고, 고른 정책으로 밀어내며, 가져온 때부터 센 TTL이 끝나면 항목을 버립니다. 비어 있는 상태에서 시작합니다. 적중률을 정하는 손잡이는 없으며 실제로 셉니다. 가져온 뒤 그 항목이 쓰였다면 오래된 적중입니다. 단일 조회를 켜면 빗나간 항목을 한 클라이언트만 가져오고 나머지는 기다려 스탬피드가 사라집니다. 캐시가 죽으면 클라이언트는 데이터베이스를 읽습니다. 빠진 것: 항목 크기, 메모리 단편화, 복제. 정확한 마르코프 연쇄와 Che 외(2002)로 검증합니다. 카탈로그 CEX*, CZ*, TTL*.",
    ),
    calls: &[Kind::Relational, Kind::Sharded],
    metrics: METRICS,
    main_metric: "hit_ratio",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::Flush],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "hit_ratio",
        Unit::Share,
        Text::new("Hit rate", "적중률"),
        Text::new(
            "Share of look-ups answered from the cache; each miss is a read of the database.",
            "캐시가 답한 조회의 비율. 빗나갈 때마다 데이터베이스를 읽습니다.",
        ),
    ),
    metric(
        "items",
        Unit::Count,
        Text::new("Items held", "담긴 항목"),
        Text::new("Live items now, against the capacity.", "지금 담겨 있는 살아 있는 항목 수입니다."),
    ),
    metric(
        "evictions_rps",
        Unit::Rate,
        Text::new("Evictions", "밀려남"),
        Text::new(
            "Items pushed out per second to make room: the cache is smaller than the working set.",
            "자리를 내주려고 초당 밀려난 항목 수. 캐시가 자주 찾는 항목들보다 작다는 뜻입니다.",
        ),
    ),
    metric(
        "stale_share",
        Unit::Share,
        Text::new("Stale hits", "오래된 적중"),
        Text::new(
            "Share of hits whose item was written since it was fetched.",
            "가져온 뒤에 쓰인 항목이 나온 적중의 비율입니다.",
        ),
    ),
];

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    lookups: u64,
    hits: u64,
    stale: u64,
    /// Misses that waited for another's fetch.
    coalesced: u64,
}

/// A fetch under way, and who waits for it.
#[derive(Clone, Debug)]
struct Lease {
    /// Sequence number of the timer that ends it.
    timer: u64,
    waiting: Vec<u32>,
}

const LEASE_ENDS: u8 = 0;

/// A cache while it runs.
#[derive(Clone, Debug)]
pub struct State {
    station: Station,
    work: Work,
    store: Store,
    invalidates: bool,
    /// Stores behind, when it reads through.
    behind: Vec<(u16, f64)>,
    window: Counts,
    total: Counts,
    window_evictions: u64,
    measured_since: SimTime,
    /// Length of a lease with single flight [ns].
    lease_ns: Option<u64>,
    /// By item.
    leases: BTreeMap<u32, Lease>,
}

impl State {
    /// The node at time 0: empty.
    pub fn new(params: &CacheParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        Self {
            station: Station::new(params.workers, params.queue_limit, core.now),
            work: Work::of_one(core.seed, node, &params.service),
            store: Store::new(
                params.eviction,
                params.capacity_items,
                core.items,
                params.ttl_s.map(ns_from_secs),
                Stream::new(core.seed, node, "eviction"),
            ),
            invalidates: params.on_write == OnWrite::Invalidate,
            behind: wiring.cumulative(wiring.out.iter()),
            window: Counts::default(),
            total: Counts::default(),
            window_evictions: 0,
            measured_since: core.now,
            lease_ns: params.single_flight.then(|| ns_from_ms(params.lease_ms)),
            leases: BTreeMap::new(),
        }
    }

    /// After a miss: whether this call is the one to fetch the item. Otherwise it waits in here.
    fn may_fetch(&mut self, core: &mut Core, me: NodeIdx, id: u32) -> bool {
        let Some(lease_ns) = self.lease_ns else { return true };
        let key = core.calls[id].key;
        if let Some(lease) = self.leases.get_mut(&key) {
            lease.waiting.push(id);
            self.window.coalesced += 1;
            self.total.coalesced += 1;
            return false;
        }
        let timer = core.timer(lease_ns, me, LEASE_ENDS, key);
        self.leases.insert(key, Lease { timer, waiting: Vec::new() });
        true
    }

    /// The item is here: whoever waited for it has it.
    fn end_lease(&mut self, core: &mut Core, key: u32, entry: Entry) {
        let Some(lease) = self.leases.remove(&key) else { return };
        for id in lease.waiting {
            let call = &mut core.calls[id];
            call.version = entry.version;
            call.store = entry.store;
            call.flags |= flag::HIT;
            core.reply(id, Outcome::OK);
        }
    }

    /// The answer to a call that has to fetch the item: from behind, or "not here" for the caller to see to it.
    fn fetch(&self, core: &mut Core, id: u32) {
        match (core.calls[id].op, self.behind.is_empty()) {
            (Op::Get, _) => core.reply(id, Outcome::OK),
            (_, false) => self.ask_behind(core, id),
            (_, true) => core.fail(id, Reason::NoRoute),
        }
    }

    fn look_up(&mut self, core: &mut Core, id: u32) -> bool {
        let key = core.calls[id].key;
        let found = self.store.get(core.now, key);
        let stale = found.is_some_and(|e| core.truth[e.store as usize][key as usize] > e.version);
        for c in [&mut self.window, &mut self.total] {
            c.lookups += 1;
            c.hits += u64::from(found.is_some());
            c.stale += u64::from(stale);
        }
        if let Some(entry) = found {
            let call = &mut core.calls[id];
            call.version = entry.version;
            call.store = entry.store;
            call.flags |= flag::HIT | if stale { flag::STALE } else { 0 };
        }
        found.is_some()
    }

    fn ask_behind(&self, core: &mut Core, id: u32) {
        let call = core.calls[id];
        let wire = pick_by_key(&self.behind, call.key);
        core.call(NewCall::on_behalf(&call, id, wire, call.op));
    }

    fn count_eviction(&mut self, before: u64) {
        self.window_evictions += self.store.evictions() - before;
    }

    fn put(&mut self, core: &Core, key: u32, entry: Entry) {
        let before = self.store.evictions();
        self.store.put(core.now, key, entry);
        self.count_eviction(before);
    }
}

impl Behaviour for State {
    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        core.calls[id].part = 0;
        if !self.station.up {
            return core.fail(id, Reason::Refused);
        }
        if self.station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        self.station.leave(core, &mut self.work);
        let call = core.calls[id];
        match call.op {
            Op::Get | Op::Read => {
                if self.look_up(core, id) {
                    core.reply(id, Outcome::OK);
                } else if self.may_fetch(core, me, id) {
                    self.fetch(core, id);
                }
            }
            Op::Set => {
                let entry = Entry { version: call.version, store: call.store };
                self.put(core, call.key, entry);
                self.end_lease(core, call.key, entry);
                core.reply(id, Outcome::OK);
            }
            Op::Delete => {
                self.store.remove(core.now, call.key);
                core.reply(id, Outcome::OK);
            }
            // What a cache cannot hold goes on to what is behind it.
            Op::Write | Op::Apply | Op::Copy | Op::Static | Op::Query | Op::Job => self.fetch(core, id),
        }
    }

    fn child_done(&mut self, core: &mut Core, _me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return;
        }
        let key = core.calls[parent].key;
        if reply.outcome.is_ok() {
            let call = &mut core.calls[parent];
            call.version = reply.version;
            call.store = reply.store;
            call.flags |= reply.flags & flag::STALE;
            if reply.op == Op::Read {
                let entry = Entry { version: reply.version, store: reply.store };
                self.put(core, key, entry);
                self.end_lease(core, key, entry);
            } else if self.invalidates {
                self.store.remove(core.now, key);
            }
        }
        core.reply(parent, reply.outcome);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, _tag: u8, key: u32) {
        let Some(lease) = self.leases.get_mut(&key) else { return };
        if lease.timer != seq {
            return;
        }
        // The fetch has not come back: the next in line takes over, if there is one.
        if lease.waiting.is_empty() {
            self.leases.remove(&key);
            return;
        }
        let next = lease.waiting.remove(0);
        lease.timer = core.timer(self.lease_ns.unwrap_or(0), me, LEASE_ENDS, key);
        self.fetch(core, next);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        let what = match action.verb {
            Verb::Kill if machines::stop(core, me, 0, &mut self.station) => {
                self.store.clear(core.now);
                self.leases.clear();
                What::Killed
            }
            Verb::Revive if machines::start(core, me, 0, &mut self.station) => What::Revived,
            Verb::Slow => {
                self.station.factor = action.arg("factor");
                What::Slowed(self.station.factor)
            }
            Verb::Flush => {
                self.store.clear(core.now);
                What::Flushed
            }
            _ => return,
        };
        core.happen(me, None, what);
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        self.store.expire(core.now);
        let w = self.window;
        out.push(if w.lookups == 0 { f32::NAN } else { (w.hits as f64 / w.lookups as f64) as f32 });
        out.push(self.store.len() as f32);
        out.push((self.window_evictions as f64 / window_s) as f32);
        out.push(if w.hits == 0 { f32::NAN } else { (w.stale as f64 / w.hits as f64) as f32 });
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        machines::push_values(core, &self.station, 0.0, window_s, out);
        1
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        self.station.window_utilization(core.now)
    }

    fn end_window(&mut self, core: &mut Core) {
        self.station.end_window(core.now);
        self.window = Counts::default();
        self.window_evictions = 0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        vec![machines::part_now(&self.station, machines::plain_state(&self.station), 0.0)]
    }

    fn queued(&self) -> u64 {
        u64::from(self.station.queue())
    }

    fn restart(&mut self, core: &mut Core) {
        self.station.restart(core.now);
        self.store.restart(core.now);
        self.total = Counts::default();
        self.measured_since = core.now;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, std::iter::once(&self.station))
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let mut map = Map::new();
        map.insert("lookups".to_owned(), json!(t.lookups));
        map.insert("hits".to_owned(), json!(t.hits));
        map.insert("hit_ratio".to_owned(), share(t.hits, t.lookups));
        map.insert("stale_hit_share".to_owned(), share(t.stale, t.hits));
        map.insert("coalesced".to_owned(), json!(t.coalesced));
        map.insert("evictions".to_owned(), json!(self.store.evictions()));
        map.insert("items_mean".to_owned(), json!(self.store.mean_len(core.now, self.measured_since)));
        map.insert("items".to_owned(), json!(self.store.len()));
        map
    }
}
