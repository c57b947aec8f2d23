//! A wire and its settings.

use crate::params::{choice, params};
use crate::sim::connect::Connect;
use crate::text::Text;
use headroom_engine::Law;

choice! {
    /// How the wait before a retry is drawn.
    pub enum Jitter {
        /// Anything from nothing to the whole backoff, evenly: retries of many callers spread out.
        Full = "full", "Full", "전체", "0부터 백오프 전체까지 고르게 뽑습니다. 여러 호출자의 재시도가 흩어집니다.";
        /// Half the backoff, and up to half more.
        Equal = "equal", "Equal", "절반", "백오프의 절반에, 나머지 절반까지를 더해 뽑습니다.";
        /// Exactly the backoff: callers that failed together come back together.
        None = "none", "None", "없음", "백오프 그대로. 함께 실패한 호출자들이 함께 돌아옵니다.";
    }
}

choice! {
    /// What opens the circuit breaker.
    pub enum Breaker {
        /// There is no breaker.
        Off = "off", "Off", "끔", "차단기를 두지 않습니다.";
        /// So many failures in a row.
        Consecutive = "consecutive", "Failures in a row", "연속 실패", "실패가 정해진 횟수만큼 이어지면 엽니다.";
        /// A share of failures among the last calls.
        Window = "window", "Share of failures", "실패 비율", "최근 호출 중 실패 비율이 기준에 이르면 엽니다.";
    }
}

choice! {
    /// When a read is sent a second time while the first has not been answered.
    pub enum Hedge {
        /// Never.
        Off = "off", "Off", "끔", "보내지 않습니다.";
        /// After a fixed time.
        After = "after", "After a fixed time", "정한 시간 뒤", "정한 시간이 지나도 응답이 없으면 보냅니다.";
        /// After the time within which 95% of the last calls over this wire were answered, as measured: about 5% more load.
        P95 = "p95", "After the measured p95", "측정한 p95 뒤", "이 선의 최근 호출 95%가 응답받은 시간(측정값)이 지나면 보냅니다. 부하는 약 5% 늘어납니다.";
    }
}

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
        /// What setting up a connection costs the first request over it. From users and name servers each client has a connection of its own; else each calling part.
        connect: Connect = Connect::Open, 0 ..= 0, "", "Connection set-up", "연결 맺기", "연결을 맺는 데 첫 요청이 치르는 비용. 사용자와 DNS에서 오는 선은 클라이언트마다, 그 밖에는 부르는 쪽 하나마다 연결이 하나씩입니다.";
        /// A connection that has been idle for so long is closed.
        keep_alive_s: f64 = 60.0, 0 ..= 86400, "s", "Keep-alive", "연결 유지", "이만큼 쓰이지 않은 연결은 닫힙니다.";
        /// Requests that one connection carries before it is closed; none means no limit, 1 a new connection for every request.
        requests_per_connection: Option<u32> = None, 1 ..= 1000000, "requests", "Requests per connection", "연결당 요청 수", "연결 하나가 나르고 닫히는 요청 수. 없으면 한도가 없고, 1이면 요청마다 새로 연결합니다.";
        /// How long the caller waits for each attempt from the moment it is sent; then it hangs up. The work behind goes on all the same unless cancellation is on. None means for ever: one slow dependency can then hold every caller.
        timeout_ms: Option<f64> = None, 0.001 ..= 3600000, "ms", "Timeout of an attempt", "시도 타임아웃", "시도를 보낸 뒤 이만큼 기다리고 끊습니다. 취소를 켜지 않으면 뒤의 작업은 그대로 계속됩니다. 없으면 끝없이 기다리며, 느린 의존 서비스 하나가 모든 호출자를 붙잡을 수 있습니다.";
        /// Further attempts after a failed one. They mend rare faults, and multiply the load in an outage: k retries on each of n layers make (k+1)^n attempts (Google SRE book, ch. 22).
        retries: u32 = 0, 0 ..= 10, "", "Retries", "재시도 횟수", "실패한 뒤 더 시도하는 횟수. 드문 오류는 고치지만 장애 때는 부하를 곱합니다. n개 계층이 k번씩 재시도하면 (k+1)^n번이 됩니다(Google SRE book 22장).";
        /// Wait before the first retry.
        backoff_ms: f64 = 100.0, 0 ..= 600000, "ms", "Backoff", "백오프", "첫 재시도 전에 기다리는 시간입니다.";
        /// Each further wait is this many times longer.
        backoff_factor: f64 = 2.0, 1 ..= 10, "×", "Backoff factor", "백오프 배수", "재시도할 때마다 기다리는 시간이 이만큼 곱해집니다.";
        /// No wait is longer than this.
        backoff_max_ms: f64 = 20_000.0, 0 ..= 3600000, "ms", "Longest backoff", "백오프 상한", "기다리는 시간은 이보다 길어지지 않습니다.";
        /// How the wait before a retry is drawn.
        jitter: Jitter = Jitter::Full, 0 ..= 0, "", "Jitter", "지터", "재시도 전 대기 시간을 뽑는 방법입니다.";
        /// Retries and hedges per call that each calling part may afford: every call pays this much in, every retry takes one out. In an outage the load then grows by this share instead of by the number of retries (SRE book; Finagle). None means no limit.
        retry_budget_share: Option<f64> = None, 0 ..= 10, "share", "Retry budget", "재시도 예산", "부르는 쪽 하나가 호출 하나마다 쓸 수 있는 재시도·헤지의 몫. 호출마다 이만큼 쌓이고 재시도마다 하나를 씁니다. 장애 때 부하가 재시도 횟수가 아니라 이 비율만큼만 늘어납니다(SRE book, Finagle). 없으면 한도가 없습니다.";
        /// Retries that the budget can hold, and begins with.
        retry_budget_burst: f64 = 10.0, 1 ..= 1000000, "retries", "Budget holds", "예산 최대치", "예산에 쌓일 수 있는 재시도 수. 처음에는 가득 차 있습니다.";
        /// What opens the circuit breaker. While it is open, calls fail at once: the caller stays quick and the dependency gets a rest. Each calling part has its own (Nygard, Release It!).
        breaker: Breaker = Breaker::Off, 0 ..= 0, "", "Circuit breaker", "회로 차단기", "회로 차단기를 여는 조건입니다. 열려 있는 동안 호출은 바로 실패하므로 호출자는 빨리 답하고 의존 서비스는 쉴 수 있습니다. 부르는 쪽마다 따로 있습니다(Nygard, Release It!).";
        /// Failed attempts in a row that open it.
        breaker_failures: u32 = 5, 1 ..= 10000, "attempts", "Opens after", "연속 실패 수", "실패한 시도가 이만큼 이어지면 엽니다.";
        /// The last attempts that the share is taken of; it is judged once so many have been made.
        breaker_window: u32 = 20, 1 ..= 10000, "attempts", "Of the last", "판단할 시도 수", "비율을 계산하는 최근 시도 수. 이만큼 모인 뒤부터 판단합니다.";
        /// Share of failures that opens it.
        breaker_share: f64 = 0.5, 0.001 ..= 1, "share", "Opens at", "여는 비율", "실패 비율이 이 값 이상이면 엽니다.";
        /// How long it stays open before it lets trial attempts through.
        breaker_open_ms: f64 = 5_000.0, 0 ..= 3600000, "ms", "Stays open", "열려 있는 시간", "열린 뒤 시험 호출을 보내기까지의 시간입니다.";
        /// Trial attempts that must all succeed before it closes (half-open); one failure opens it again.
        breaker_probes: u32 = 1, 1 ..= 1000, "attempts", "Trial attempts", "시험 호출 수", "모두 성공해야 닫는 시험 호출 수(반열림). 하나라도 실패하면 다시 엽니다.";
        /// Whether a read is sent a second time when the answer is late; the first answer counts. Cuts the tail for little extra load (Dean & Barroso, The Tail at Scale, 2013). Writes are never hedged.
        hedge: Hedge = Hedge::Off, 0 ..= 0, "", "Hedged requests", "헤지 요청", "응답이 늦은 읽기를 한 번 더 보내고 먼저 온 응답을 씁니다. 적은 부하로 꼬리 지연을 줄입니다(Dean & Barroso, The Tail at Scale, 2013). 쓰기에는 하지 않습니다.";
        /// How long a read waits before it is sent a second time, with a fixed time.
        hedge_after_ms: f64 = 50.0, 0 ..= 3600000, "ms", "Hedge after", "헤지 대기 시간", "정한 시간 뒤 보내는 경우, 두 번째로 보내기 전에 기다리는 시간입니다.";
        /// When the caller no longer waits (timeout, hedge won, client gone), tell the called node: what waits there is dropped, what it has called over wires with this setting too. Work that a worker has begun is finished. Off, abandoned work goes on burning capacity.
        cancel: bool = false, 0 ..= 1, "", "Cancellation", "취소 전파", "호출자가 더 기다리지 않으면(타임아웃, 헤지 승리, 클라이언트 이탈) 불린 노드에 알립니다. 거기서 기다리던 것과, 이 설정이 켜진 선으로 다시 부른 것을 버립니다. 작업자가 시작한 일은 끝냅니다. 끄면 버려진 작업이 계속 자원을 씁니다.";
        /// Attempts per second that may go over this wire, all callers together, as a token bucket; more fail at once. None means no limit.
        rate_limit_rps: Option<f64> = None, 0.001 ..= 10000000, "requests/s", "Rate limit", "속도 제한", "모든 호출자를 합쳐 이 선으로 보낼 수 있는 초당 시도 수(토큰 버킷). 넘으면 바로 실패합니다. 없으면 한도가 없습니다.";
        /// Attempts that may go at once after a quiet time: what the bucket holds.
        rate_limit_burst: f64 = 10.0, 1 ..= 10000000, "requests", "Burst", "순간 허용량", "한동안 조용했을 때 한꺼번에 보낼 수 있는 시도 수(버킷 크기)입니다.";
        /// Bits per second that the link carries towards the caller. Answers go one after the other, so throughput = min(servers, link). Of each 1538 bytes on an Ethernet 1448 are payload. None means no limit.
        bandwidth_mbps: Option<f64> = None, 0.001 ..= 100000000, "Mbit/s", "Bandwidth", "대역폭", "호출자 쪽으로 링크가 나르는 비트 수. 응답이 하나씩 지나가므로 처리량 = min(서버, 링크)입니다. 이더넷에서 1538바이트 중 1448바이트가 내용입니다. 없으면 한도가 없습니다.";
        /// Share of attempts that the network loses: the connection is reset, which the caller learns a round trip later.
        error_share: f64 = 0.0, 0 ..= 1, "share", "Network errors", "네트워크 오류 비율", "네트워크가 잃는 시도의 비율. 연결이 끊기며, 호출자는 한 번 왕복한 뒤에 압니다.";
        /// Delay on top of the latency, drawn anew for each way.
        extra_delay: Law = Law::Deterministic { mean: 0.0 }, 0 ..= 0, "", "Random delay", "무작위 지연", "지연에 더해지는 시간. 방향마다 새로 뽑습니다.";
    }
}

/// Settings of a wire that belong together: what they are about, and their names.
pub const WIRE_GROUPS: &[(Text, &[&str])] = &[
    (Text::new("Network", "네트워크"), &["latency_ms", "extra_delay", "bandwidth_mbps", "error_share"]),
    (
        Text::new("Connections", "연결"),
        &["connect", "keep_alive_s", "requests_per_connection", "pool", "pool_wait_ms"],
    ),
    (Text::new("Share and rate limit", "몫과 속도 제한"), &["weight", "rate_limit_rps", "rate_limit_burst"]),
    (
        Text::new("Timeout and retries", "타임아웃과 재시도"),
        &[
            "timeout_ms",
            "retries",
            "backoff_ms",
            "backoff_factor",
            "backoff_max_ms",
            "jitter",
            "retry_budget_share",
            "retry_budget_burst",
            "cancel",
        ],
    ),
    (
        Text::new("Circuit breaker", "회로 차단기"),
        &[
            "breaker",
            "breaker_failures",
            "breaker_window",
            "breaker_share",
            "breaker_open_ms",
            "breaker_probes",
        ],
    ),
    (Text::new("Hedged requests", "헤지 요청"), &["hedge", "hedge_after_ms"]),
];

impl WireParams {
    /// Whether the wire does more than carry: it retries, breaks, limits, hedges, loses or narrows. Its numbers are in
    /// [`crate::messages::Window::guards`].
    pub fn is_guarded(&self) -> bool {
        self.is_resilient()
            || self.rate_limit_rps.is_some()
            || self.bandwidth_mbps.is_some()
            || self.error_share > 0.0
            || self.extra_delay != Law::Deterministic { mean: 0.0 }
    }

    /// Whether a call may become several attempts, or be given up or refused by what is known of those before.
    pub fn is_resilient(&self) -> bool {
        self.timeout_ms.is_some()
            || self.retries > 0
            || self.breaker != Breaker::Off
            || self.hedge != Hedge::Off
            || self.cancel
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;

    #[test]
    fn every_setting_is_in_one_group() {
        let mut grouped: Vec<&str> = WIRE_GROUPS.iter().flat_map(|g| g.1.iter().copied()).collect();
        let mut all: Vec<&str> = WireParams::specs().iter().map(|s| s.name).collect();
        grouped.sort_unstable();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
