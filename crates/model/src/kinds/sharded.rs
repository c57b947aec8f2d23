//! A sharded database: keys spread over machines by a shard function.

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::params::params;
use crate::policy::sharding::ShardFunction;
use crate::text::Text;
use headroom_engine::Law;

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
    label: Text::new("Sharded database", "샤딩된 데이터베이스"),
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
