//! An in-memory cache in front of slower storage.

mod dirty;
mod homes;
mod results;
mod state;
#[cfg(test)]
mod tests;

pub use homes::Spread;
pub use state::State;

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
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
        Ignore = "ignore", "Leave it (write around)", "그대로 둠 (우회 쓰기)", "TTL이 끝나거나 밀려날 때까지 그대로 둡니다.";
        /// Writes the copy too, in the same request as the store.
        WriteThrough = "write_through", "Write through", "함께 쓰기", "저장소에 쓰는 요청이 복사본도 함께 새로 씁니다.";
        /// Writes only the copy and answers; the store gets it later. A cache that is not wired to a store writes through.
        WriteBack = "write_back", "Write back", "나중에 쓰기", "복사본에만 쓰고 응답합니다. 저장소에는 나중에 씁니다. 저장소에 연결되지 않은 캐시는 함께 씁니다.";
    }
}

params! {
    /// Params of a cache.
    pub struct CacheParams {
        /// Cache nodes; each item belongs to one of them.
        nodes: u32 = 1, 1 ..= 32, "nodes", "Nodes", "노드", "캐시 노드 수. 항목마다 그중 하나에 속합니다.";
        /// How an item finds its node.
        spread: Spread = Spread::Modulo, 0 ..= 0, "", "Spread", "나누기", "항목이 노드를 찾는 방법입니다.";
        /// Clients leave a dead node out and spread its items over the others; otherwise what belongs to it is refused.
        eject_dead: bool = false, 0 ..= 1, "", "Leave out dead nodes", "죽은 노드 빼기", "클라이언트가 죽은 노드를 빼고 항목을 나머지에 다시 나눕니다. 끄면 그 노드의 항목은 거절됩니다.";
        /// Items that one node holds before eviction starts.
        capacity_items: u32 = 10_000, 1 ..= 100000000, "items", "Capacity", "용량", "밀어내기가 시작되기 전까지 노드 하나가 담는 항목 수입니다.";
        /// Age past which an item no longer counts, from its fetch; none means never.
        ttl_s: Option<f64> = None, 0.001 ..= 31536000, "s", "TTL", "TTL", "가져온 뒤 이만큼 지나면 무효가 됩니다. 없으면 만료되지 않습니다.";
        /// Each copy's TTL is drawn evenly from this share below to this share above it, so that copies do not expire together.
        ttl_jitter: f64 = 0.0, 0 ..= 1, "share", "TTL jitter", "TTL 지터", "복사본마다 TTL을 이 비율만큼 아래위로 고르게 뽑아 한꺼번에 만료되지 않게 합니다.";
        /// Which item makes room for a new one.
        eviction: Eviction = Eviction::Lru, 0 ..= 0, "", "Eviction", "교체 정책", "새 항목에 자리를 내줄 항목을 고르는 방법입니다.";
        /// What a write does to the cached copy.
        on_write: OnWrite = OnWrite::Invalidate, 0 ..= 0, "", "On write", "쓰기 때", "쓰기가 캐시된 복사본에 하는 일입니다.";
        /// With write back: how long after its first unsaved write an item goes to the store; writes until then go as one.
        write_back_delay_s: f64 = 5.0, 0.001 ..= 86400, "s", "Write-back delay", "나중에 쓰기 지연", "나중에 쓰기에서, 저장되지 않은 첫 쓰기 뒤 이만큼 지나면 저장소에 씁니다. 그때까지의 쓰기는 하나로 합칩니다.";
        /// On a miss only one client fetches the item (it holds a lease); the others wait for it.
        single_flight: bool = false, 0 ..= 1, "", "Single flight", "단일 조회", "빗나가면 한 클라이언트만 항목을 가져오고(리스) 나머지는 그것을 기다립니다.";
        /// With single flight: a fetch that has not come back after this long is given to the next in line.
        lease_ms: f64 = 1_000.0, 1 ..= 600000, "ms", "Lease", "리스 시간", "단일 조회에서, 이만큼 지나도 돌아오지 않은 조회는 다음 차례가 맡습니다.";
        /// Results of queries (joins, searches) that one node holds besides items; 0 means that queries go past the cache.
        query_results: u32 = 0, 0 ..= 100000000, "results", "Query results", "질의 결과", "노드 하나가 항목과 따로 담는 질의(조인, 검색) 결과의 수. 0이면 질의는 캐시를 거치지 않습니다.";
        /// Age past which the result of a query no longer counts. No write ends it before: it hangs on more items than the cache can know of.
        query_ttl_s: f64 = 60.0, 0.001 ..= 31536000, "s", "Query result TTL", "질의 결과 TTL", "이만큼 지난 질의 결과는 무효가 됩니다. 결과는 캐시가 알 수 없는 여러 항목에 달려 있으므로 쓰기가 일어나도 그 전에는 무효가 되지 않습니다.";
        /// Operations that one node works on at once.
        workers: u32 = 1, 1 ..= 1024, "workers", "Workers", "작업자", "노드 하나가 동시에 처리하는 연산 수입니다.";
        /// Work for one operation.
        service: Law = Law::Exponential { mean: 0.00001 }, 0 ..= 0, "", "Service time", "처리 시간", "연산 하나에 드는 시간입니다.";
        /// Operations that may wait at one node; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(10_000), 0 ..= 10000000, "operations", "Queue limit", "대기열 한도", "노드 하나에서 기다릴 수 있는 연산 수. 넘으면 거절합니다.";
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
        "Holds up to its capacity of items, evicts by the chosen policy, and drops an item when its TTL, counted from its fetch, has run out. It starts cold. There is nothing to set the hit rate with: it is counted. A hit is stale when the item was written since it was fetched. A write deletes the copy, leaves it, rewrites it too, or is taken by the cache alone and saved later: then reads see it at once, writes to one item in the delay become one, and what is not saved when the node dies is lost and counted. With single flight one client fetches a missed item and the others wait for it, which ends stampedes. Several nodes share the items by hash; a dead one refuses its share, and its clients read the database, or is left out and its items start cold elsewhere: by modulo nearly all move, on a ring only its own. Results of queries may be kept too, under keys and in room of their own; writes do not touch them, so they are as old as their TTL lets them be, and a hit counts as stale when the item that the query names was written since. Leaves out: the other items that a query touches, item sizes, memory fragmentation, replication, the time in which clients notice a death; unsaved items stay until they are saved, beyond the capacity. Checked against exact Markov chains, Che et al., Hierarchical Web Caching Systems (2002), renewal theory (hits λT/(1+λT), stale ones 1 − (1 − e^−wT)/wT), and libCacheSim's hits one by one; catalogue rows CEX*, CZ*, CPEER*, TTL*, WB*, STAMP*.",
        "용량만큼 항목을 담고, 고른 정책으로 밀어내며, 가져온 때부터 센 TTL이 끝나면 항목을 버립니다. 비어 있는 상태에서 시작합니다. 적중률을 정하는 손잡이는 없으며 실제로 셉니다. 가져온 뒤 그 항목이 쓰였다면 오래된 적중입니다. 쓰기는 복사본을 지우거나, 그대로 두거나, 함께 새로 쓰거나, 캐시만 받아 두고 나중에 저장합니다. 나중에 저장하면 읽기는 곧바로 새 값을 보고, 지연 동안 한 항목에 대한 쓰기는 하나로 합쳐지며, 노드가 죽을 때 저장되지 않은 쓰기는 잃고 그 수를 셉니다. 단일 조회를 켜면 빗나간 항목을 한 클라이언트만 가져오고 나머지는 기다려 스탬피드가 사라집니다. 노드가 여럿이면 해시로 항목을 나눕니다. 죽은 노드는 자기 몫을 거절해 클라이언트가 데이터베이스를 읽거나, 제외되어 그 항목이 다른 노드에서 빈 상태로 시작합니다. 모듈로에서는 거의 모두, 링에서는 그 노드의 것만 옮겨 갑니다. 질의 결과도 별도의 키와 자리에 담을 수 있습니다. 쓰기는 이 결과를 건드리지 않으므로 결과는 TTL만큼 오래될 수 있고, 질의가 가리키는 항목이 그 뒤에 쓰였다면 오래된 적중으로 칩니다. 빠진 것: 질의가 훑는 다른 항목, 항목 크기, 메모리 단편화, 복제, 죽음을 알아채는 시간. 저장되지 않은 항목은 저장될 때까지 용량과 별도로 남습니다. 정확한 마르코프 연쇄, Che 외(2002), 재생 이론(적중 λT/(1+λT), 오래된 적중 1 − (1 − e^−wT)/wT), libCacheSim의 적중 하나하나와 맞추어 검증합니다. 카탈로그 CEX*, CZ*, CPEER*, TTL*, WB*, STAMP*.",
    ),
    calls: &[Kind::Relational, Kind::Sharded, Kind::Nosql],
    metrics: METRICS,
    main_metric: "hit_ratio",
    parts: Some(PartsSpec {
        noun: Text::new("node", "노드"),
        extra: Some(metric(
            "items",
            Unit::Count,
            Text::new("Items held", "담긴 항목"),
            Text::new("Live items on this node now.", "지금 이 노드에 담겨 있는 항목 수입니다."),
        )),
    }),
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
    metric(
        "coalesced_rps",
        Unit::Rate,
        Text::new("Waited for another's fetch", "남의 조회를 기다림"),
        Text::new(
            "Misses per second that waited for a fetch under way instead of reading the database too.",
            "데이터베이스를 또 읽지 않고 진행 중인 조회를 기다린 초당 빗나감입니다.",
        ),
    ),
    metric(
        "unsaved_writes",
        Unit::Count,
        Text::new("Unsaved writes", "저장 안 된 쓰기"),
        Text::new(
            "Acknowledged writes that only the cache has now: lost if it dies.",
            "지금 캐시에만 있는, 이미 응답한 쓰기입니다. 캐시가 죽으면 잃습니다.",
        ),
    ),
    metric(
        "lost_writes",
        Unit::Count,
        Text::new("Lost writes", "잃은 쓰기"),
        Text::new(
            "Acknowledged writes lost so far with nodes that died before they were saved.",
            "저장하기 전에 노드가 죽어 지금까지 잃은, 이미 응답한 쓰기입니다.",
        ),
    ),
    metric(
        "query_hit_ratio",
        Unit::Share,
        Text::new("Query hit rate", "질의 적중률"),
        Text::new(
            "Share of queries whose result the cache had, where it keeps results.",
            "질의 결과를 담는 캐시에서, 결과를 가지고 있던 질의의 비율입니다.",
        ),
    ),
    metric(
        "query_stale_share",
        Unit::Share,
        Text::new("Stale query hits", "오래된 질의 적중"),
        Text::new(
            "Share of those hits whose item was written since the query was answered.",
            "그 적중 가운데, 질의에 답한 뒤 그 항목이 쓰인 것의 비율입니다.",
        ),
    ),
];

/// Timers of a cache: a lease ends, an item goes to the store.
const LEASE_ENDS: u8 = 0;
const FLUSH: u8 = 1;
