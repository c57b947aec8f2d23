//! A wire and its settings.

use crate::params::params;

params! {
    /// Settings of a wire.
    pub struct WireParams {
        /// Network delay one way; a request and its answer pay it once each.
        latency_ms: f64 = 0.0, 0 ..= 60000, "ms", "Latency, one way", "지연(편도)", "한쪽 방향의 네트워크 지연. 요청과 응답이 한 번씩 겪습니다.";
        /// Share of this wire among several to nodes of the same role, in proportion.
        weight: f64 = 1.0, 0 ..= 1000000, "", "Weight", "가중치", "같은 역할의 노드로 가는 여러 선 사이에서 이 선이 맡는 몫(비례)입니다.";
        /// Connections that each calling part may use at once; the rest wait. None means no limit. A small pool keeps a slow dependency from taking all of the caller with it (a bulkhead).
        pool: Option<u32> = None, 1 ..= 1000000, "", "Connection pool", "연결 풀", "부르는 쪽 하나가 동시에 쓸 수 있는 연결 수. 나머지는 기다립니다. 없으면 한도가 없습니다. 작은 풀은 느린 의존 서비스가 호출자를 통째로 붙잡지 못하게 하는 격벽(벌크헤드)이 됩니다.";
        /// How long a request waits for a free connection before it fails.
        pool_wait_ms: f64 = 1_000.0, 0 ..= 3600000, "ms", "Wait for a connection", "연결 대기 한도", "빈 연결을 이만큼 기다리다 실패합니다.";
    }
}

/// "May call": requests go from `from` to `to`, answers come back the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// Id of the calling node.
    pub from: String,
    /// Id of the called node.
    pub to: String,
    /// Settings.
    pub params: WireParams,
}

impl Wire {
    /// A wire with default settings.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into(), params: WireParams::default() }
    }
}
