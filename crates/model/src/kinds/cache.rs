//! An in-memory cache in front of slower storage.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::policy::eviction::Eviction;
use crate::text::Text;
use headroom_engine::Law;

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
        "Holds up to its capacity of items, evicts by the chosen policy, and drops an item when its TTL, counted from its fetch, has run out. It starts cold. There is nothing to set the hit rate with: it is counted. A hit is stale when the item was written since it was fetched. Dead, its clients read the database instead. Leaves out: item sizes, memory fragmentation, replication. Checked against exact Markov chains and Che et al., Hierarchical Web Caching Systems (2002); catalogue rows CEX*, CZ*, TTL*.",
        "용량만큼 항목을 담고, 고른 정책으로 밀어내며, 가져온 때부터 센 TTL이 끝나면 항목을 버립니다. 비어 있는 상태에서 시작합니다. 적중률을 정하는 손잡이는 없으며 실제로 셉니다. 가져온 뒤 그 항목이 쓰였다면 오래된 적중입니다. 캐시가 죽으면 클라이언트는 데이터베이스를 읽습니다. 빠진 것: 항목 크기, 메모리 단편화, 복제. 정확한 마르코프 연쇄와 Che 외(2002)로 검증합니다. 카탈로그 CEX*, CZ*, TTL*.",
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
