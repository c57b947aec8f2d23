//! A relational database: one primary and its replicas.

mod log;
mod state;

pub use state::State;

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
        /// Work for applying one shipped write at a replica, one after the other.
        apply: Law = Law::Exponential { mean: 0.001 }, 0 ..= 0, "", "Apply time", "적용 시간", "복제본이 전송된 쓰기 하나를 적용하는 시간. 하나씩 차례로 합니다.";
        /// Delay of the replication link.
        replication_delay_ms: f64 = 1.0, 0 ..= 60000, "ms", "Replication delay", "복제 지연", "복제 링크의 지연 시간입니다.";
        /// Who serves reads.
        read_from: ReadFrom = ReadFrom::Replicas, 0 ..= 0, "", "Reads go to", "읽기 대상", "읽기를 맡는 쪽입니다.";
        /// Time from the primary's death until it is noticed.
        detect_s: f64 = 5.0, 0 ..= 3600, "s", "Detection", "감지 시간", "주 서버가 죽은 뒤 알아차릴 때까지의 시간입니다.";
        /// Time to promote a replica once the death is noticed, besides applying what it has received.
        promote_s: f64 = 5.0, 0 ..= 3600, "s", "Promotion", "승격 시간", "알아차린 뒤 복제본을 승격하는 시간(받은 로그를 적용하는 시간 제외)입니다.";
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
        "Writes go to the primary and are acknowledged when committed (asynchronous replication). Each commit is shipped over a link with a delay and applied by each replica one by one, on the machine that also serves reads: lag is the time from commit to apply, so it grows with writes, bursts and the replica's own reads. A read is stale when its item has a commit that the replica has not applied. When the primary dies, commits still on the link are lost; after detection the replica that received most applies its backlog, is promoted, and the others follow it. A revived machine catches up before it serves. Leaves out: locks, joins, storage. Checked against M/M/1 and M/D/1 (Kleinrock 1975); catalogue rows REPL*, LOSS*.",
        "쓰기는 주 서버로 가고 커밋되면 응답합니다(비동기 복제). 커밋은 지연이 있는 링크로 전송되고, 각 복제본이 읽기도 처리하는 그 기계에서 하나씩 적용합니다. 복제 지연은 커밋부터 적용까지의 시간이므로 쓰기, 몰림, 복제본 자신의 읽기가 많을수록 커집니다. 아직 적용되지 않은 커밋이 있는 항목을 읽으면 오래된 읽기입니다. 주 서버가 죽으면 링크 위의 커밋은 사라집니다. 감지한 뒤 가장 많이 받은 복제본이 밀린 로그를 적용하고 승격되며 나머지가 그것을 따릅니다. 되살아난 기계는 따라잡은 뒤에 일합니다. 빠진 것: 잠금, 조인, 저장 공간. M/M/1, M/D/1(Kleinrock 1975)로 검증합니다. 카탈로그 REPL*, LOSS*.",
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
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow],
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
];
