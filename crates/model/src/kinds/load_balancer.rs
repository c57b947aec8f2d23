//! A load balancer: spreads requests over servers and takes dead ones out.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;

choice! {
    /// How a server is picked.
    pub enum Balancing {
        /// Each server in turn.
        RoundRobin = "round_robin", "Round robin", "라운드 로빈", "서버를 차례로 고릅니다.";
        /// A server by lot.
        Random = "random", "Random", "무작위", "서버를 무작위로 고릅니다.";
        /// The server with the fewest requests in flight; ties by lot.
        LeastConnections = "least_connections", "Least connections", "최소 연결", "처리 중인 요청이 가장 적은 서버. 같으면 무작위입니다.";
        /// The less loaded of two different servers drawn by lot.
        PowerOfTwo = "power_of_two", "Power of two choices", "둘 중 나은 쪽", "무작위로 뽑은 서로 다른 두 서버 중 한가한 쪽을 고릅니다.";
        /// The same client always goes to the same server.
        IpHash = "ip_hash", "IP hash", "IP 해시", "같은 클라이언트는 늘 같은 서버로 갑니다.";
    }
}

params! {
    /// Params of a load balancer.
    pub struct LoadBalancerParams {
        /// How a server is picked.
        policy: Balancing = Balancing::RoundRobin, 0 ..= 0, "", "Algorithm", "알고리즘", "서버를 고르는 방법입니다.";
        /// Probe the servers and take dead ones out.
        health_checks: bool = true, 0 ..= 1, "", "Health checks", "헬스 체크", "서버를 검사해 죽은 서버를 뺍니다.";
        /// Time between two probes of a server.
        health_interval_s: f64 = 5.0, 0.1 ..= 3600, "s", "Probe interval", "검사 간격", "한 서버를 검사하는 간격입니다.";
        /// Failed probes in a row before a server is taken out.
        unhealthy_after: u32 = 2, 1 ..= 20, "probes", "Unhealthy after", "비정상 판정", "연속 실패가 이만큼이면 서버를 뺍니다.";
        /// Good probes in a row before a server is put back.
        healthy_after: u32 = 2, 1 ..= 20, "probes", "Healthy after", "정상 판정", "연속 성공이 이만큼이면 서버를 다시 넣습니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::LoadBalancer,
    id: "load_balancer",
    category: Category::Traffic,
    label: Text::new("Load balancer", "로드 밸런서"),
    tagline: Text::new("Spreads requests, takes dead servers out", "요청을 나누고 죽은 서버를 뺍니다"),
    help: Text::new(
        "Picks one server instance for each request. It counts its own requests in flight, so least connections joins the shortest queue exactly; two choices draw two different servers. A probe fails when the instance is down; until enough probes in a row have failed, requests still go there and are refused. Leaves out: its own capacity and connection cost. Sources: Mitzenmacher, The Power of Two Choices (2001); catalogue rows LB*.",
        "요청마다 서버 인스턴스 하나를 고릅니다. 자신이 보낸 처리 중 요청을 세므로 최소 연결은 정확히 가장 짧은 줄에 서는 것과 같고, 둘 중 나은 쪽은 서로 다른 두 서버를 뽑습니다. 인스턴스가 죽어 있으면 검사가 실패하며, 연속 실패가 기준에 이를 때까지는 요청이 계속 그리로 가서 거절됩니다. 빠진 것: 자신의 처리 용량과 연결 비용. 출처: Mitzenmacher, The Power of Two Choices (2001); 카탈로그 LB*.",
    ),
    calls: &[Kind::Web, Kind::LoadBalancer],
    metrics: METRICS,
    main_metric: "completions_rps",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "backends_in",
        Unit::Count,
        Text::new("Servers in", "투입된 서버"),
        Text::new(
            "Servers that the balancer believes are alive and sends to.",
            "밸런서가 살아 있다고 믿고 요청을 보내는 서버 수입니다.",
        ),
    ),
    metric(
        "imbalance",
        Unit::Ratio,
        Text::new("Imbalance", "쏠림"),
        Text::new(
            "Busiest server's share over the mean share in this window; 1 is even.",
            "이 구간에서 가장 바쁜 서버의 몫을 평균으로 나눈 값. 1이면 고릅니다.",
        ),
    ),
];
