//! A sharded database: keys spread over machines by a shard function.

mod hot;
mod moving;
mod pieces;
mod state;
#[cfg(test)]
mod tests;

pub use state::State;

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
        /// Work for a query at one shard. A query joins items of all shards: every shard is asked, and the slowest decides.
        query: Law = Law::Exponential { mean: 0.01 }, 0 ..= 0, "", "Query time", "질의 시간", "샤드 하나에서 질의에 드는 시간. 질의는 모든 샤드의 항목을 합치므로 전부에 묻고 가장 느린 것을 기다립니다.";
        /// De-normalised copies that each write keeps up on other shards; then a query asks one shard, at the work of a read. 0 means none.
        query_copies: u32 = 0, 0 ..= 16, "copies", "De-normalised copies", "비정규화 복사본", "쓰기마다 다른 샤드에 함께 고치는 비정규화 복사본의 수. 있으면 질의는 읽기만큼의 작업으로 샤드 하나에만 묻습니다. 0이면 없습니다.";
        /// Share of writes that add a new item, whose key is greater than all before: a time stamp, a running number.
        insert_share: f64 = 0.0, 0 ..= 1, "share", "Inserts", "새 항목 비율", "쓰기 가운데 새 항목을 더하는 비율. 새 키는 시각이나 일련번호처럼 앞의 모든 키보다 큽니다.";
        /// Items that one shard has room for; past that, new ones fail there. None means no limit.
        capacity_items: Option<u32> = None, 1 ..= 100000000, "items", "Room per shard", "샤드 용량", "샤드 하나에 들어가는 항목 수. 넘으면 새 항목이 실패합니다. 없으면 한도가 없습니다.";
        /// Data that a move of items to a new shard copies per second, as work of a worker at both ends [MB/s]. None means at once.
        move_mbps: Option<f64> = None, 0.001 ..= 100000, "MB/s", "Move rate", "이동 속도", "새 샤드로 항목을 옮길 때의 초당 복사량. 양쪽 샤드의 작업자 하나씩을 씁니다. 없으면 즉시 옮깁니다.";
        /// Size of an item: what a move has to copy.
        item_bytes: u32 = 1000, 1 ..= 10000000, "bytes", "Item size", "항목 크기", "항목 하나의 크기. 옮길 때 복사하는 양을 정합니다.";
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
        "An item's hash decides its shard: hash mod n, or the next point clockwise on a ring where each shard has virtual nodes. Every shard is a station of its own, so a famous item saturates one shard while the mean looks healthy. Ranges keep neighbours together, so new keys that only grow all go to the last shard; a new shard takes half of the fullest range. A directory is a table: a new shard takes as many items as make all equal. Adding a shard recounts every item: modulo moves n/(n+1) of them, consistent hashing 1/(n+1) on average. With a move rate the items are copied batch by batch, a worker busy at both ends; until the move is over, reads of its items ask both places and wait for both. A famous item can get a shard of its own, or its key can be split: writes go to one part in turn, reads gather all. A query asks all shards and waits for the slowest, or reads one shard where every write keeps de-normalised copies up. Leaves out: replicas of a shard, writes missed while a shard is dead, pointers that dangle. Sources: Karger et al. (1997); Dean and Barroso, The Tail at Scale (2013); catalogue rows MOD*, CHASH*, HOT*, RANGE*.",
        "항목의 해시가 샤드를 정합니다. 해시 mod n, 또는 샤드마다 가상 노드를 가진 링에서 시계 방향 다음 점입니다. 샤드마다 하나의 스테이션이므로 유명한 항목 하나가 평균은 건강해 보이는 동안 샤드 하나를 포화시킵니다. 범위는 이웃한 키를 함께 두므로 커지기만 하는 새 키는 모두 마지막 샤드로 갑니다. 새 샤드는 가장 찬 범위의 절반을 가져갑니다. 디렉터리는 표입니다. 새 샤드는 모두가 같아질 만큼만 가져갑니다. 샤드를 더하면 모든 항목을 다시 셉니다. 모듈로는 n/(n+1)을, 안정 해시는 평균 1/(n+1)을 옮깁니다. 이동 속도를 주면 항목을 묶음으로 복사하며 양쪽의 작업자 하나씩이 바쁩니다. 이동이 끝날 때까지 그 항목의 읽기는 두 곳에 묻고 둘 다 기다립니다. 유명한 항목에는 전용 샤드를 주거나 키를 쪼갤 수 있습니다. 쪼갠 키는 쓰기가 차례로 한 조각에 가고 읽기는 모두 모읍니다. 질의는 모든 샤드에 묻고 가장 느린 것을 기다리거나, 쓰기가 비정규화 복사본을 함께 고치면 샤드 하나만 읽습니다. 빠진 것: 샤드의 복제본, 샤드가 죽은 동안 놓친 쓰기. 출처: Karger 외(1997), Dean과 Barroso, The Tail at Scale(2013); 카탈로그 MOD*, CHASH*, HOT*, RANGE*.",
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
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::AddShard, Verb::Isolate, Verb::SplitKey],
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
    metric(
        "items_to_move",
        Unit::Count,
        Text::new("Items to move", "옮길 항목"),
        Text::new(
            "Items that the present move still has to copy to their new shard.",
            "지금 이동에서 새 샤드로 아직 복사하지 못한 항목 수입니다.",
        ),
    ),
    metric(
        "fullest_share",
        Unit::Share,
        Text::new("Fullest shard", "가장 찬 샤드"),
        Text::new(
            "Items of the fullest shard over the room that it has; at 100% new items fail there.",
            "가장 찬 샤드의 항목 수를 용량으로 나눈 값. 100%가 되면 새 항목이 실패합니다.",
        ),
    ),
];
