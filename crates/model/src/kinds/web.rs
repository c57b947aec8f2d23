//! A tier of web servers.

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;
use headroom_engine::Law;

choice! {
    /// What a worker does while its request waits for a dependency.
    pub enum Waiting {
        /// The worker is free for other requests (event loop).
        Async = "async", "Async", "비동기", "작업자는 그동안 다른 요청을 처리합니다(이벤트 루프).";
        /// The worker waits along (a thread per request).
        Blocking = "blocking", "Blocking", "블로킹", "작업자도 함께 기다립니다(요청당 스레드).";
    }
}

params! {
    /// Params of a web tier.
    pub struct WebParams {
        /// Servers of this tier.
        instances: u32 = 1, 1 ..= 1000, "instances", "Instances", "인스턴스", "이 계층의 서버 수입니다.";
        /// Requests that one server works on at once.
        workers: u32 = 8, 1 ..= 100000, "workers", "Workers", "작업자", "서버 하나가 동시에 처리하는 요청 수입니다.";
        /// Own work for a request, dependencies left out.
        service: Law = Law::Lognormal { mean: 0.01, cv: 1.5 }, 0 ..= 0, "", "Service time", "처리 시간", "요청 하나에 드는 자체 작업 시간(의존 서비스 제외)입니다.";
        /// Requests that may wait at one server; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(1000), 0 ..= 10000000, "requests", "Queue limit", "대기열 한도", "서버 하나에서 기다릴 수 있는 요청 수. 넘으면 거절합니다. 없으면 한도가 없습니다.";
        /// What a worker does while its request waits for a cache, a database or another tier.
        waiting: Waiting = Waiting::Async, 0 ..= 0, "", "While waiting", "기다리는 동안", "캐시·데이터베이스·다른 계층을 기다리는 동안 작업자가 하는 일입니다.";
        /// Share of requests that need what is wired behind; the rest are answered by own work alone.
        downstream_share: f64 = 1.0, 0 ..= 1, "share", "Needs data", "데이터가 필요한 비율", "뒤에 연결된 것이 필요한 요청의 비율. 나머지는 자체 작업만으로 응답합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Web,
    id: "web",
    category: Category::Compute,
    label: Text::new("Web servers", "웹 서버"),
    tagline: Text::new("Instances × workers with a bounded queue", "인스턴스 × 작업자, 한도 있는 대기열"),
    help: Text::new(
        "Each instance is a station: workers serve a first-in first-out queue with a limit. After its own work a request goes to what is wired behind: another tier; a cache and a database side by side (cache-aside: look up, read on a miss, fill; write, then invalidate); a cache that is itself wired to the database (read-through). With nothing behind it, the server answers by itself. Wired straight to users, each request goes to an instance by lot, dead or not. Leaves out: CPU sharing between tiers, memory. Checked against M/M/c, M/M/c/K and Pollaczek–Khinchine (Kleinrock 1975).",
        "인스턴스마다 하나의 스테이션입니다. 작업자들이 한도 있는 선입선출 대기열을 처리합니다. 자체 작업 뒤 요청은 뒤에 연결된 곳으로 갑니다. 다른 계층, 나란히 놓인 캐시와 데이터베이스(캐시 어사이드: 조회하고, 없으면 읽어 채우고, 쓰면 무효화), 또는 데이터베이스에 연결된 캐시(리드 스루)입니다. 뒤에 아무것도 없으면 서버가 스스로 응답합니다. 사용자와 바로 연결하면 요청마다 인스턴스를 무작위로 고르며 죽은 것도 가리지 않습니다. 빠진 것: 계층 간 CPU 공유, 메모리. M/M/c, M/M/c/K, Pollaczek–Khinchine(Kleinrock 1975)으로 검증합니다.",
    ),
    calls: &[Kind::Web, Kind::Cache, Kind::Relational, Kind::Sharded],
    metrics: METRICS,
    main_metric: "utilization",
    parts: Some(PartsSpec { noun: Text::new("instance", "인스턴스"), extra: None }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow],
};

const METRICS: &[MetricSpec] = &[metric(
    "pool_waiting",
    Unit::Count,
    Text::new("Waiting for a connection", "연결 대기"),
    Text::new(
        "Requests that wait for a free connection to a dependency now.",
        "지금 의존 서비스로 가는 빈 연결을 기다리는 요청 수입니다.",
    ),
)];
