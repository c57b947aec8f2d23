//! A relational database: one primary and its replicas.

mod acks;
mod either;
mod exchange;
mod failover;
mod locks;
mod log;
mod multi;
mod report;
mod routing;
mod single;
#[cfg(test)]
mod tests;

pub use either::State;
pub use multi::PRIMARIES_MAX;
pub(crate) use single::own_job;

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;
use headroom_engine::Law;

choice! {
    /// Who serves reads.
    pub enum ReadFrom {
        /// The replicas in turn; the primary when none is left.
        Replicas = "replicas", "Replicas", "복제본", "복제본들이 차례로. 하나도 없으면 주 서버가 맡습니다.";
        /// The primary alone: never stale.
        Primary = "primary", "Primary", "주 서버", "주 서버만. 오래된 값을 읽지 않습니다.";
        /// The primary and the replicas in turn.
        All = "all", "All", "모두", "주 서버와 복제본이 차례로 맡습니다.";
    }
}

choice! {
    /// Which machines take writes.
    pub enum Topology {
        /// One takes them; the others follow.
        SinglePrimary = "single_primary", "One primary", "주 서버 하나", "한 대가 쓰기를 받고 나머지는 따라갑니다.";
        /// All take them and tell each other.
        MultiPrimary = "multi_primary", "Several primaries", "다중 주 서버", "모두가 쓰기를 받고 서로 알립니다.";
        /// All take them; each tells the next one of a circle, which hands on what it has applied.
        Circular = "circular", "Circle of primaries", "순환 복제", "모두가 쓰기를 받고, 저마다 원의 다음 기계에게 알립니다. 적용한 것은 그다음으로 넘깁니다.";
    }
}

choice! {
    /// What becomes of two writes of an item at two primaries that did not know of each other.
    pub enum Conflicts {
        /// The later one wins; the other is overwritten though it was acknowledged.
        LastWriteWins = "last_write_wins", "Last write wins", "나중 쓰기 우선", "나중 쓰기가 이깁니다. 응답까지 한 앞의 쓰기는 덮어쓰입니다.";
        /// Primaries vote on each write before it is acknowledged, and the later one fails. Not round a circle.
        Reject = "reject", "Reject", "거절", "응답 전에 주 서버들이 확인하고 나중 쓰기는 실패합니다. 순환 복제에는 없습니다.";
    }
}

choice! {
    /// When a write is acknowledged.
    pub enum Replication {
        /// As soon as the primary has committed it.
        Async = "async", "Asynchronous", "비동기", "주 서버가 커밋하는 즉시 응답합니다.";
        /// Once enough replicas have received it (MySQL: after_sync).
        SemiSync = "semi_sync", "Semi-synchronous", "반동기", "충분한 복제본이 받으면 응답합니다(MySQL의 after_sync).";
        /// Once enough replicas have applied it.
        Sync = "sync", "Synchronous", "동기", "충분한 복제본이 적용까지 마치면 응답합니다.";
    }
}

params! {
    /// Params of a relational database.
    pub struct RelationalParams {
        /// Replicas besides the primary.
        replicas: u32 = 0, 0 ..= 50, "replicas", "Replicas", "복제본", "주 서버 외의 복제본 수입니다.";
        /// Queries that one machine works on at once.
        workers: u32 = 4, 1 ..= 10000, "workers", "Workers", "작업자", "한 대가 동시에 처리하는 질의 수입니다.";
        /// Work for a read.
        read: Law = Law::Exponential { mean: 0.001 }, 0 ..= 0, "", "Read time", "읽기 시간", "읽기 하나에 드는 시간입니다.";
        /// Work for a write at the primary.
        write: Law = Law::Exponential { mean: 0.002 }, 0 ..= 0, "", "Write time", "쓰기 시간", "주 서버에서 쓰기 하나에 드는 시간입니다.";
        /// Work for a query over many rows: a join, a search.
        query: Law = Law::Exponential { mean: 0.02 }, 0 ..= 0, "", "Query time", "질의 시간", "여러 행을 읽는 질의(조인, 검색) 하나에 드는 시간입니다.";
        /// Work for applying one shipped write at a replica, one after the other.
        apply: Law = Law::Exponential { mean: 0.001 }, 0 ..= 0, "", "Apply time", "적용 시간", "복제본이 전송된 쓰기 하나를 적용하는 시간. 하나씩 차례로 합니다.";
        /// One write of an item at a time: the others wait until it is acknowledged.
        row_locks: bool = false, 0 ..= 0, "", "Row locks", "행 잠금", "한 항목의 쓰기는 한 번에 하나. 나머지는 그 쓰기가 응답될 때까지 기다립니다.";
        /// Which machines take writes: one, or the primary and all replicas alike.
        topology: Topology = Topology::SinglePrimary, 0 ..= 0, "", "Topology", "토폴로지", "쓰기를 받는 기계. 하나이거나, 주 서버와 복제본 모두입니다.";
        /// With several primaries: what becomes of two writes of an item that did not know of each other.
        conflicts: Conflicts = Conflicts::LastWriteWins, 0 ..= 0, "", "Conflicts", "충돌 처리", "주 서버가 여럿일 때, 서로 모르고 한 항목에 쓴 두 쓰기를 처리하는 방법입니다.";
        /// When a write is acknowledged.
        replication: Replication = Replication::Async, 0 ..= 0, "", "Replication", "복제 방식", "쓰기에 응답하는 시점입니다.";
        /// Replicas that must have a write before it is acknowledged, unless replication is asynchronous. None means all.
        acks: Option<u32> = Some(1), 1 ..= 50, "replicas", "Acknowledgements", "확인 수", "비동기가 아닐 때, 응답하기 전에 쓰기를 가져야 하는 복제본 수. 없으면 전부입니다.";
        /// How long a write waits for them; then writes are acknowledged without until enough replicas have caught up. None means for ever.
        ack_timeout_ms: Option<f64> = Some(10000.0), 0 ..= 3600000, "ms", "Give up after", "확인 제한 시간", "쓰기가 확인을 기다리는 시간. 넘으면 복제본들이 따라잡을 때까지 확인 없이 응답합니다. 없으면 끝까지 기다립니다.";
        /// Delay of the replication link, one way.
        replication_delay_ms: f64 = 1.0, 0 ..= 60000, "ms", "Replication delay", "복제 지연", "복제 링크의 편도 지연 시간입니다.";
        /// What each commit takes longer than that on the way to a replica; commits stay in order.
        replication_jitter: Law = Law::Deterministic { mean: 0.0 }, 0 ..= 0, "", "Replication jitter", "복제 지연 변동", "커밋마다 복제본에 닿을 때까지 더 걸리는 시간. 순서는 바뀌지 않습니다.";
        /// Who serves reads.
        read_from: ReadFrom = ReadFrom::Replicas, 0 ..= 0, "", "Reads go to", "읽기 대상", "읽기를 맡는 쪽입니다.";
        /// For so long after its own write a client reads only from machines that have it.
        read_your_writes_s: f64 = 0.0, 0 ..= 3600, "s", "Read your writes", "자기 쓰기 읽기", "자신이 쓴 뒤 이 시간 동안은 그 쓰기를 가진 기계에서만 읽습니다.";
        /// Time from the primary's death until it is noticed, when no probes are sent.
        detect_s: f64 = 5.0, 0 ..= 3600, "s", "Detection", "감지 시간", "탐침을 보내지 않을 때, 주 서버가 죽은 뒤 알아차릴 때까지의 시간입니다.";
        /// Time between two probes of the primary. None means that detection takes the time above.
        probe_interval_s: Option<f64> = None, 0.01 ..= 3600, "s", "Probe interval", "탐침 간격", "주 서버에 보내는 탐침의 간격. 없으면 위의 감지 시간을 씁니다.";
        /// How long a probe waits for its answer.
        probe_timeout_s: f64 = 5.0, 0 ..= 3600, "s", "Probe timeout", "탐침 제한 시간", "탐침이 응답을 기다리는 시간입니다.";
        /// Probes in a row that must fail before the primary counts as dead.
        probe_failures: u32 = 3, 1 ..= 100, "probes", "Failed probes", "탐침 실패 수", "주 서버를 죽었다고 보기까지 연달아 실패해야 하는 탐침 수입니다.";
        /// Time to promote a replica once the death is noticed, besides applying what it has received.
        promote_s: f64 = 5.0, 0 ..= 3600, "s", "Promotion", "승격 시간", "알아차린 뒤 복제본을 승격하는 시간(받은 로그를 적용하는 시간 제외)입니다.";
        /// How long callers keep the primary's address; after a promotion each goes to the dead one until its own copy runs out.
        endpoint_ttl_s: f64 = 0.0, 0 ..= 86400, "s", "Endpoint TTL", "주소 TTL", "호출하는 쪽이 주 서버의 주소를 기억하는 시간. 승격 뒤에도 저마다 이 시간이 지날 때까지 죽은 곳으로 갑니다.";
        /// Time after which a new machine takes the place of a dead one. None means that it stays dead.
        replace_after_s: Option<f64> = None, 0 ..= 86400, "s", "Replace after", "교체 시간", "죽은 기계를 새 기계로 바꿀 때까지의 시간. 없으면 그대로 둡니다.";
        /// Size of an item's row: what a new machine has to copy.
        row_bytes: u32 = 1000, 1 ..= 10000000, "bytes", "Row size", "행 크기", "항목 하나의 크기. 새 기계가 복사해야 하는 양을 정합니다.";
        /// Data that a worker of the primary can copy to a new machine per second [MB/s].
        copy_mbps: f64 = 100.0, 0.001 ..= 100000, "MB/s", "Copy rate", "복사 속도", "주 서버의 작업자 하나가 새 기계로 복사하는 초당 데이터 양입니다.";
        /// Queries that may wait at one machine; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(2000), 0 ..= 10000000, "queries", "Queue limit", "대기열 한도", "한 대에서 기다릴 수 있는 질의 수. 넘으면 거절합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Relational,
    id: "relational",
    category: Category::Data,
    label: Text::new("Relational DB", "관계형 DB"),
    tagline: Text::new(
        "Primary and replicas; lag comes out of an apply queue",
        "주 서버와 복제본. 지연은 적용 대기열에서 생깁니다",
    ),
    help: Text::new(
        "Writes go to the primary. They are acknowledged when committed (asynchronous), when enough replicas have received them (semi-synchronous, MySQL's after_sync: nobody sees a write before that) or applied them (synchronous). Each commit is shipped over a link with a delay and applied by each replica one by one, on the machine that also serves reads: lag is the time from commit to apply, so it grows with writes, bursts and the replica's own reads. A read is stale when its item has a commit that the replica has not applied. When the primary dies, commits still on the link are lost; after detection the replica that received most applies its backlog, is promoted, and the others follow it. Detection takes a given time, or probes of which several in a row must fail: h/2 + (k−1)h + timeout on average. A revived machine catches up before it serves; a new one in a dead one's place first takes a copy, on which the primary spends one worker. With row locks the writes of an item are a queue with one server (M/G/1) however many workers there are. With several primaries each client goes to one of them, which acknowledges and tells the others a link delay d later, straight or round a circle: two writes of an item at two primaries within ±d conflict, P = 1 − e^(−2wd) at w writes/s each. Then the last write wins, or the primaries vote before they acknowledge and the later write fails. Row locks, acknowledgements and failover settings belong to one primary. Leaves out: disks, indexes, deadlocks, split brain. Checked against M/M/1, M/D/1, M/G/1 (Kleinrock 1975) and order statistics (Rényi); catalogue rows REPL*, LOSS*, SEMI*, RTO*, MPRIM*.",
        "쓰기는 주 서버로 갑니다. 커밋하면 바로(비동기), 충분한 복제본이 받으면(반동기, MySQL의 after_sync: 그 전에는 아무도 그 쓰기를 보지 못합니다), 또는 적용하면(동기) 응답합니다. 커밋은 지연이 있는 링크로 전송되고, 각 복제본이 읽기도 처리하는 그 기계에서 하나씩 적용합니다. 복제 지연은 커밋부터 적용까지의 시간이므로 쓰기, 몰림, 복제본 자신의 읽기가 많을수록 커집니다. 아직 적용되지 않은 커밋이 있는 항목을 읽으면 오래된 읽기입니다. 주 서버가 죽으면 링크 위의 커밋은 사라집니다. 감지한 뒤 가장 많이 받은 복제본이 밀린 로그를 적용하고 승격되며 나머지가 그것을 따릅니다. 감지는 정해진 시간이 걸리거나, 여러 번 연달아 실패해야 하는 탐침으로 합니다(평균 h/2 + (k−1)h + 제한 시간). 되살아난 기계는 따라잡은 뒤에 일합니다. 죽은 기계를 대신하는 새 기계는 먼저 복사본을 받는데, 그동안 주 서버의 작업자 하나가 거기에 매입니다. 행 잠금을 켜면 작업자가 몇이든 한 항목의 쓰기는 서버 하나짜리 대기열(M/G/1)이 됩니다. 주 서버가 여럿이면 클라이언트마다 정해진 한 대로 가고, 그 기계는 바로 응답한 뒤 링크 지연 d 후에 나머지에 직접 또는 원을 따라 알립니다. 두 주 서버가 ±d 안에 같은 항목을 쓰면 충돌합니다. 각각 초당 w번 쓰면 P = 1 − e^(−2wd)입니다. 그러면 나중 쓰기가 이기거나, 응답 전에 주 서버들이 확인하여 나중 쓰기가 실패합니다. 행 잠금, 복제 확인, 장애 조치 설정은 주 서버가 하나일 때의 것입니다. 빠진 것: 디스크, 인덱스, 교착 상태, 스플릿 브레인. M/M/1, M/D/1, M/G/1(Kleinrock 1975)과 순서 통계량(Rényi)으로 검증합니다. 카탈로그 REPL*, LOSS*, SEMI*, RTO*, MPRIM*.",
    ),
    calls: &[],
    metrics: METRICS,
    main_metric: "utilization",
    parts: Some(PartsSpec {
        noun: Text::new("machine", "기계"),
        extra: Some(metric(
            "lag_s",
            Unit::Seconds,
            Text::new("Replica lag", "복제 지연"),
            Text::new(
                "Age of the oldest commit that this replica has not applied: how far in the past its readers live.",
                "이 복제본이 아직 적용하지 못한 가장 오래된 커밋의 나이. 읽는 사람이 얼마나 과거를 보는지입니다.",
            ),
        )),
    }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Replace, Verb::Slow],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "lag_max_s",
        Unit::Seconds,
        Text::new("Worst lag", "최대 지연"),
        Text::new("Lag of the replica that is furthest behind.", "가장 뒤처진 복제본의 지연입니다."),
    ),
    metric(
        "stale_share",
        Unit::Share,
        Text::new("Stale reads", "오래된 읽기"),
        Text::new(
            "Share of reads served from a replica that had not yet applied the item's last commit.",
            "그 항목의 마지막 커밋을 아직 적용하지 못한 복제본이 답한 읽기의 비율입니다.",
        ),
    ),
    metric(
        "lost_writes",
        Unit::Count,
        Text::new("Lost writes", "잃은 쓰기"),
        Text::new(
            "Acknowledged writes that a failover has lost so far.",
            "응답까지 했지만 장애 조치로 사라진 쓰기의 누적 수입니다.",
        ),
    ),
    metric(
        "writes_rps",
        Unit::Rate,
        Text::new("Commits", "커밋"),
        Text::new(
            "Writes committed at the primary per second; every replica must apply them all.",
            "주 서버가 초당 커밋한 쓰기 수. 모든 복제본이 전부 적용해야 합니다.",
        ),
    ),
    metric(
        "acks_waiting",
        Unit::Count,
        Text::new("Waiting for replicas", "복제 확인 대기"),
        Text::new(
            "Writes that the primary has committed and that wait until enough replicas have them.",
            "주 서버는 커밋했지만 충분한 복제본이 가질 때까지 기다리는 쓰기의 수입니다.",
        ),
    ),
    metric(
        "lock_waiting",
        Unit::Count,
        Text::new("Waiting for a lock", "잠금 대기"),
        Text::new(
            "Writes that wait because another write of the same item is under way.",
            "같은 항목의 다른 쓰기가 끝나기를 기다리는 쓰기의 수입니다.",
        ),
    ),
    metric(
        "conflict_share",
        Unit::Share,
        Text::new("Conflicting writes", "충돌한 쓰기"),
        Text::new(
            "Share of writes that met a write of the same item at another primary, neither knowing of the other.",
            "다른 주 서버의 같은 항목 쓰기와 서로 모른 채 부딪친 쓰기의 비율입니다.",
        ),
    ),
];
