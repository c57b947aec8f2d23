//! A content delivery network: caches near the users, for static assets.

mod state;
#[cfg(test)]
mod tests;

pub use state::State;

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::policy::eviction::Eviction;
use crate::text::Text;
use headroom_engine::Law;

choice! {
    /// Where the clients of a dead edge go.
    pub enum Outage {
        /// To the nearest edge that works (anycast, or DNS). When none does, requests are refused.
        NextEdge = "next_edge", "The next edge", "다음 엣지", "살아 있는 가장 가까운 엣지로 갑니다(애니캐스트나 DNS). 하나도 없으면 거절됩니다.";
        /// Straight to the origin.
        Origin = "origin", "The origin", "원본", "원본으로 바로 갑니다.";
        /// Nowhere: their requests are refused.
        Fail = "fail", "Nowhere", "없음", "갈 곳이 없어 거절됩니다.";
    }
}

params! {
    /// Params of a CDN.
    pub struct CdnParams {
        /// Edges, each a cache of its own.
        edges: u32 = 3, 1 ..= 32, "edges", "Edges", "엣지", "엣지 수. 각각 자기 캐시를 가집니다.";
        /// Room for assets at one edge.
        capacity_mb: f64 = 1_000.0, 0.001 ..= 1000000000, "MB", "Edge capacity", "엣지 용량", "엣지 하나가 자산을 담는 공간입니다.";
        /// Age past which an edge's copy no longer counts; none means never.
        ttl_s: Option<f64> = Some(3_600.0), 0.001 ..= 31536000, "s", "Edge TTL", "엣지 TTL", "엣지의 복사본이 이보다 오래되면 무효가 됩니다. 없으면 만료되지 않습니다.";
        /// Which asset makes room for a new one.
        eviction: Eviction = Eviction::Lru, 0 ..= 0, "", "Eviction", "교체 정책", "새 자산에 자리를 내줄 자산을 고르는 방법입니다.";
        /// Edges ask one larger cache near the origin, and only that asks the origin.
        shield: bool = false, 0 ..= 1, "", "Origin shield", "오리진 실드", "엣지는 원본 가까이의 큰 캐시 하나에 묻고, 원본에는 그것만 묻습니다.";
        /// Room for assets at the shield.
        shield_capacity_mb: f64 = 10_000.0, 0.001 ..= 1000000000, "MB", "Shield capacity", "실드 용량", "실드가 자산을 담는 공간입니다.";
        /// Age past which the shield's copy no longer counts; none means never.
        shield_ttl_s: Option<f64> = Some(3_600.0), 0.001 ..= 31536000, "s", "Shield TTL", "실드 TTL", "실드의 복사본이 이보다 오래되면 무효가 됩니다. 없으면 만료되지 않습니다.";
        /// Time from an edge to the shield, one way, beside the distance of places.
        shield_latency_ms: f64 = 5.0, 0 ..= 600000, "ms", "Edge to shield", "엣지–실드 지연", "장소 사이 거리와 별도로, 엣지에서 실드까지 한쪽 방향으로 걸리는 시간입니다.";
        /// A copy that an edge gets from the shield is as old as the shield's (HTTP Age); otherwise it counts as new.
        hand_on_age: bool = true, 0 ..= 1, "", "Hand on the age", "나이 물려받기", "실드에서 받은 복사본의 나이를 이어서 셉니다(HTTP Age). 끄면 새것으로 칩니다.";
        /// Requests that miss the same asset at the same place wait for one fetch.
        collapse: bool = true, 0 ..= 1, "", "Collapse misses", "빗나감 합치기", "같은 곳에서 같은 자산을 놓친 요청들은 조회 하나를 함께 기다립니다.";
        /// A release gives assets new names, so that old copies are never asked for again; otherwise old copies are served until they expire or are purged.
        versioned_names: bool = true, 0 ..= 1, "", "Versioned names", "버전 붙은 이름", "릴리스가 자산에 새 이름을 주어 옛 복사본을 다시 찾지 않습니다. 끄면 만료되거나 퍼지될 때까지 옛 복사본이 나갑니다.";
        /// A purge reaches one edge after the other; this long until the last.
        purge_delay_s: f64 = 5.0, 0 ..= 86400, "s", "Purge takes", "퍼지 전파", "퍼지는 엣지에 차례로 닿습니다. 마지막 엣지까지 걸리는 시간입니다.";
        /// Where the clients of a dead edge go.
        on_outage: Outage = Outage::NextEdge, 0 ..= 0, "", "When an edge is dead", "엣지가 죽으면", "죽은 엣지의 클라이언트가 가는 곳입니다.";
        /// Work of an edge for a request.
        service: Law = Law::Lognormal { mean: 0.001, cv: 1.0 }, 0 ..= 0, "", "Service time", "처리 시간", "요청 하나에 엣지가 하는 작업 시간입니다.";
        /// Requests that one edge works on at once; more wait.
        workers: u32 = 1_000, 1 ..= 100000, "workers", "Workers", "작업자", "엣지 하나가 동시에 처리하는 요청 수. 넘으면 기다립니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Cdn,
    id: "cdn",
    category: Category::Traffic,
    label: Text::new("CDN", "CDN"),
    tagline: Text::new(
        "Edges near the users hold static assets",
        "사용자 가까운 엣지가 정적 자산을 담습니다",
    ),
    help: Text::new(
        "Static assets are answered by the edge nearest to the client's region (by lot of clients where several are as near); each edge is a cache with a capacity in bytes, an eviction policy and a TTL counted from the fetch. What an edge misses comes from the origin that the CDN is wired to (an object store, else a balancer or web servers), or from the shield, a larger cache that all edges share; the age is handed on, as HTTP's Age header does. Everything that is not static passes through to the origin. Edges stand in the places that the CDN is spread over; spread over none they are near every user. A release makes new versions of assets: under new names they are missed, under the same names old copies are served until they expire or are purged. Bytes and requests to users are paid at CDN prices; what comes from the origin is free. Leaves out: revalidation (304), partial responses, assets that may not be cached. Formulas: h = λT/(1+λT) for one edge; m(T2)/(1+m(T2)) for a shield without Age; 1/(1+ΛT) of requests reach the origin with Age. Sources: RFC 9111; Fofack et al. (2012); Che et al. (2002); catalogue rows CDN*.",
        "정적 자산은 클라이언트의 지역에서 가장 가까운 엣지가 답합니다(똑같이 가까우면 클라이언트마다 제비로 정합니다). 엣지는 각각 바이트 용량과 교체 정책, 가져온 때부터 세는 TTL을 가진 캐시입니다. 엣지가 놓친 것은 연결된 원본(오브젝트 스토어, 없으면 밸런서나 웹 서버)이나 모든 엣지가 함께 쓰는 더 큰 캐시인 실드에서 오며, HTTP의 Age 헤더처럼 나이를 물려받습니다. 정적이 아닌 요청은 모두 원본으로 지나갑니다. 엣지는 CDN을 펼쳐 놓은 장소들에 있으며, 펼쳐 놓지 않으면 모든 사용자 가까이에 있습니다. 릴리스는 자산의 새 버전을 만듭니다. 새 이름이면 빗나가고, 같은 이름이면 만료되거나 퍼지될 때까지 옛 복사본이 나갑니다. 사용자에게 보낸 바이트와 요청은 CDN 요금으로 내며, 원본에서 가져오는 것은 무료입니다. 빠진 것: 재검증(304), 부분 응답, 캐시할 수 없는 자산. 공식: 엣지 하나는 h = λT/(1+λT), Age 없는 실드는 m(T2)/(1+m(T2)), Age가 있으면 요청의 1/(1+ΛT)이 원본에 닿습니다. 출처: RFC 9111, Fofack 외(2012), Che 외(2002), 카탈로그 CDN*.",
    ),
    calls: &[Kind::LoadBalancer, Kind::Web, Kind::ObjectStore],
    metrics: METRICS,
    main_metric: "hit_ratio",
    parts: Some(PartsSpec {
        noun: Text::new("edge", "엣지"),
        extra: Some(metric(
            "edge_hit_ratio",
            Unit::Share,
            Text::new("Edge hit rate", "엣지 적중률"),
            Text::new(
                "Share of the assets that this edge was asked for and had; the last part is the shield, if there is one.",
                "이 엣지가 요청받은 자산 중 가지고 있던 비율. 실드가 있으면 마지막이 실드입니다.",
            ),
        )),
    }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::Purge, Verb::Release],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "hit_ratio",
        Unit::Share,
        Text::new("Edge hit rate", "엣지 적중률"),
        Text::new(
            "Share of assets that came straight from an edge.",
            "엣지가 바로 답한 자산 요청의 비율입니다.",
        ),
    ),
    metric(
        "byte_hit_ratio",
        Unit::Share,
        Text::new("Byte hit rate", "바이트 적중률"),
        Text::new(
            "Share of the assets' bytes that came straight from an edge.",
            "자산 바이트 중 엣지가 바로 답한 비율입니다.",
        ),
    ),
    metric(
        "origin_offload",
        Unit::Share,
        Text::new("Origin offload", "원본 부담 감소"),
        Text::new(
            "Share of asset requests that the origin never saw, thanks to edges, shield and collapsed misses.",
            "엣지, 실드, 합쳐진 빗나감 덕분에 원본에 가지 않은 자산 요청의 비율입니다.",
        ),
    ),
    metric(
        "stale_share",
        Unit::Share,
        Text::new("Stale assets", "오래된 자산"),
        Text::new(
            "Share of assets served that were older than the newest release.",
            "내보낸 자산 중 최신 릴리스보다 오래된 것의 비율입니다.",
        ),
    ),
    metric(
        "shield_hit_ratio",
        Unit::Share,
        Text::new("Shield hit rate", "실드 적중률"),
        Text::new(
            "Share of what edges missed that the shield had.",
            "엣지가 놓친 것 중 실드가 가지고 있던 비율입니다.",
        ),
    ),
];
