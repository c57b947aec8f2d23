//! A NoSQL store: several copies of each item on a ring of nodes, answered by quorum.

mod gather;
mod state;
#[cfg(test)]
mod tests;

pub use state::State;

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;
use headroom_engine::Law;

choice! {
    /// What the store can do besides reading and writing an item by its key.
    pub enum Preset {
        /// Nothing: queries fail.
        KeyValue = "key_value", "Key-value", "키-값", "키로 읽고 쓰기만 합니다. 질의는 실패합니다.";
        /// Searches: a query asks every node and waits for all.
        Document = "document", "Document", "문서", "검색합니다. 질의는 모든 노드에 묻고 전부를 기다립니다.";
        /// Scans within a partition: a query reads one row of many columns from as many copies as a read.
        Column = "column", "Wide column", "칼럼", "파티션 안을 훑습니다. 질의는 읽기만큼의 복사본에서 한 행을 읽습니다.";
        /// Walks: a query goes from item to item, one after the other.
        Graph = "graph", "Graph", "그래프", "관계를 따라갑니다. 질의는 항목에서 항목으로 차례로 옮겨 갑니다.";
    }
}

params! {
    /// Params of a NoSQL store.
    pub struct NosqlParams {
        /// What it can do besides reading and writing an item by its key.
        preset: Preset = Preset::KeyValue, 0 ..= 0, "", "Type", "유형", "키로 읽고 쓰는 것 말고 할 수 있는 일입니다.";
        /// Nodes of the ring.
        nodes: u32 = 3, 1 ..= 256, "nodes", "Nodes", "노드", "링을 이루는 노드의 수입니다.";
        /// Copies of each item (N), on different nodes.
        copies: u32 = 3, 1 ..= 9, "copies", "Copies (N)", "복사본(N)", "항목마다 서로 다른 노드에 두는 복사본의 수입니다.";
        /// Copies that must have a write before it is acknowledged (W).
        write_acks: u32 = 2, 1 ..= 9, "copies", "Write quorum (W)", "쓰기 정족수(W)", "응답하기 전에 쓰기를 가져야 하는 복사본의 수입니다.";
        /// Copies that are asked for a read (R); the newest answer counts.
        read_acks: u32 = 2, 1 ..= 9, "copies", "Read quorum (R)", "읽기 정족수(R)", "읽을 때 묻는 복사본의 수. 가장 새것을 답합니다.";
        /// Keep writes for a dead copy and hand them over when it is back.
        hinted_handoff: bool = true, 0 ..= 0, "", "Hinted handoff", "힌트 넘겨주기", "죽은 복사본의 쓰기를 맡아 두었다가 돌아오면 넘겨줍니다.";
        /// Bring copies up to date that a read has found to be old.
        read_repair: bool = true, 0 ..= 0, "", "Read repair", "읽기 복구", "읽다가 오래된 것으로 드러난 복사본을 새것으로 고칩니다.";
        /// Requests that one node works on at once.
        workers: u32 = 4, 1 ..= 10000, "workers", "Workers", "작업자", "노드 하나가 동시에 처리하는 요청 수입니다.";
        /// Work for a read at one copy.
        read: Law = Law::Exponential { mean: 0.0005 }, 0 ..= 0, "", "Read time", "읽기 시간", "복사본 하나에서 읽는 데 드는 시간입니다.";
        /// Work for a write at one copy.
        write: Law = Law::Exponential { mean: 0.0005 }, 0 ..= 0, "", "Write time", "쓰기 시간", "복사본 하나에 쓰는 데 드는 시간입니다.";
        /// Work for a query at one node; a graph's walk costs a read at each step instead.
        query: Law = Law::Exponential { mean: 0.005 }, 0 ..= 0, "", "Query time", "질의 시간", "노드 하나에서 질의에 드는 시간. 그래프는 대신 걸음마다 읽기 시간이 듭니다.";
        /// Steps of a graph's walk.
        steps: u32 = 5, 1 ..= 100, "steps", "Steps of a walk", "걸음 수", "그래프 질의가 관계를 따라 옮겨 가는 횟수입니다.";
        /// Delay between two nodes, one way. The node that a request comes to has a copy itself.
        node_delay_ms: f64 = 0.25, 0 ..= 60000, "ms", "Node delay", "노드 간 지연", "노드 사이의 편도 지연. 요청을 받은 노드 자신도 복사본을 갖습니다.";
        /// Points of each node on the ring.
        virtual_nodes: u32 = 100, 1 ..= 10000, "points", "Virtual nodes", "가상 노드", "링에서 노드 하나가 갖는 점의 수입니다.";
        /// Requests that may wait at one node; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(2000), 0 ..= 10000000, "requests", "Queue limit", "대기열 한도", "노드 하나에서 기다릴 수 있는 요청 수. 넘으면 거절합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Nosql,
    id: "nosql",
    category: Category::Data,
    label: Text::new("NoSQL store", "NoSQL 저장소"),
    tagline: Text::new(
        "Copies on a ring, N/R/W quorums, no joins",
        "링 위의 복사본, N/R/W 정족수, 조인 없음",
    ),
    help: Text::new(
        "Each item has N copies on the next N different nodes of a consistent-hashing ring. A write goes to all copies and is acknowledged when W have it; a read asks R copies at random and gives the newest. One of the copies coordinates and is asked without a hop. With R + W > N a read meets every acknowledged write; below that it is stale with C(N−W, R)/C(N, R) right after the write. The latency of a quorum is an order statistic: the W-th of N. With fewer live copies than the quorum a request fails. Writes for a dead copy are kept and handed over one by one when it is back; reads repair old copies that they meet. What a query is depends on the type: a key-value store cannot answer it. Leaves out: failure detection (nodes know at once who is dead), clocks that differ, transactions, nodes added while it runs. Sources: DeCandia et al., Dynamo (2007); Bailis et al., PBS (2012); catalogue rows QUORUM*.",
        "항목마다 안정 해시 링에서 다음에 오는 서로 다른 노드 N개에 복사본을 둡니다. 쓰기는 모든 복사본에 보내 W개가 가지면 응답하고, 읽기는 복사본 R개를 무작위로 골라 묻고 가장 새것을 답합니다. 복사본 가운데 하나가 조정을 맡으며 자신에게는 지연 없이 묻습니다. R + W > N이면 응답된 쓰기를 반드시 읽습니다. 그보다 작으면 쓴 직후에 C(N−W, R)/C(N, R)의 확률로 오래된 값을 읽습니다. 정족수의 지연은 순서 통계량, 곧 N개 중 W번째입니다. 살아 있는 복사본이 정족수보다 적으면 실패합니다. 죽은 복사본의 쓰기는 맡아 두었다가 돌아오면 하나씩 넘기고, 읽기는 마주친 오래된 복사본을 고칩니다. 질의를 어떻게 처리하는지는 유형에 달렸고, 키-값 저장소는 답하지 못합니다. 빠진 것: 장애 감지(누가 죽었는지 바로 압니다), 서로 다른 시계, 트랜잭션, 실행 중 노드 추가. 출처: DeCandia 외, Dynamo(2007); Bailis 외, PBS(2012); 카탈로그 QUORUM*.",
    ),
    calls: &[],
    metrics: METRICS,
    main_metric: "utilization",
    parts: Some(PartsSpec {
        noun: Text::new("node", "노드"),
        extra: Some(metric(
            "hints",
            Unit::Count,
            Text::new("Writes to hand over", "넘겨줄 쓰기"),
            Text::new(
                "Writes that are kept for this node until it is back and has taken them.",
                "이 노드가 돌아와 받아 갈 때까지 맡아 둔 쓰기의 수입니다.",
            ),
        )),
    }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "stale_share",
        Unit::Share,
        Text::new("Stale reads", "오래된 읽기"),
        Text::new(
            "Share of reads that did not meet a write which had been acknowledged before they came.",
            "자신이 오기 전에 이미 응답된 쓰기를 보지 못한 읽기의 비율입니다.",
        ),
    ),
    metric(
        "hints",
        Unit::Count,
        Text::new("Writes to hand over", "넘겨줄 쓰기"),
        Text::new(
            "Writes that are kept for nodes that were dead when they came.",
            "왔을 때 죽어 있던 노드를 위해 맡아 둔 쓰기의 수입니다.",
        ),
    ),
    metric(
        "repairs_rps",
        Unit::Rate,
        Text::new("Read repairs", "읽기 복구"),
        Text::new(
            "Copies per second that a read found to be old and brought up to date.",
            "읽다가 오래된 것으로 드러나 새것으로 고친 복사본의 초당 수입니다.",
        ),
    ),
];
