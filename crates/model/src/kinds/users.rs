//! People and programs that send requests.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;
use crate::traffic::Curve;

choice! {
    /// How arrivals are spaced around the traffic curve.
    pub enum Arrivals {
        /// Independent users: gaps are exponential (a Poisson process).
        Poisson = "poisson", "Poisson", "포아송", "서로 독립인 사용자들. 간격이 지수분포입니다.";
        /// A metronome: every gap is the same.
        Regular = "regular", "Regular", "규칙적", "메트로놈처럼 간격이 모두 같습니다.";
        /// Bursts: gaps are hyperexponential with the given cv.
        Bursty = "bursty", "Bursty", "몰림", "몰려서 옵니다. 간격이 초지수분포(주어진 cv)입니다.";
    }
}

params! {
    /// Params of a users node.
    pub struct UsersParams {
        /// Arrival rate over time. Drag its points under the charts.
        traffic: Curve = Curve::constant(100.0), 0 ..= 0, "requests/s", "Traffic", "트래픽", "시간에 따른 도착률. 차트 아래에서 점을 끌어 바꿉니다.";
        /// How arrivals are spaced around the curve.
        arrivals: Arrivals = Arrivals::Poisson, 0 ..= 0, "", "Arrivals", "도착 방식", "곡선을 중심으로 요청이 어떤 간격으로 오는지 정합니다.";
        /// Coefficient of variation of the gaps when arrivals are bursty; 1 is Poisson.
        gap_cv: f64 = 3.0, 1 ..= 20, "", "Burstiness (cv)", "몰림 정도 (cv)", "몰려서 올 때 간격의 변동계수. 1이면 포아송과 같습니다.";
        /// Share of requests that write; the rest read.
        write_share: f64 = 0.1, 0 ..= 1, "share", "Write share", "쓰기 비율", "쓰기 요청의 비율. 나머지는 읽기입니다.";
        /// Different items that requests ask for.
        items: u32 = 100_000, 1 ..= 10_000_000, "items", "Items", "항목 수", "요청이 찾는 서로 다른 항목의 수입니다.";
        /// Zipf exponent of item popularity: 0 is uniform; real caches see 0.6 to 1.5.
        zipf_s: f64 = 0.9, 0 ..= 3, "", "Popularity skew (Zipf s)", "인기 쏠림 (Zipf s)", "항목 인기도의 Zipf 지수. 0이면 균등, 실제 캐시에서는 0.6~1.5입니다.";
        /// Share of all requests that go to one celebrity item; 0 means none.
        celebrity_share: f64 = 0.0, 0 ..= 1, "share", "Celebrity share", "유명인 비율", "모든 요청 중 유명 항목 하나로 가는 비율. 0이면 없습니다.";
        /// When the celebrity item becomes famous.
        celebrity_at_s: f64 = 0.0, 0 ..= 2592000, "s", "Celebrity from", "유명해지는 시각", "유명 항목이 유명해지는 시각입니다.";
        /// Which item is the celebrity: its popularity rank, from 0.
        celebrity_item: u32 = 7, 0 ..= 9999999, "rank", "Celebrity item", "유명 항목", "유명해질 항목의 인기 순위(0부터)입니다.";
        /// Different clients (addresses) that requests come from; IP hash sees these.
        clients: u32 = 10_000, 1 ..= 100_000_000, "clients", "Clients", "클라이언트 수", "요청을 보내는 서로 다른 주소의 수. IP 해시가 이것을 봅니다.";
        /// A client gives up on an attempt after this long; none means it waits for ever.
        timeout_ms: Option<f64> = Some(10_000.0), 1 ..= 3600000, "ms", "Timeout", "타임아웃", "시도 하나를 이만큼 기다리고 포기합니다. 없으면 끝없이 기다립니다.";
        /// Further attempts after a failed one.
        retries: u32 = 0, 0 ..= 10, "", "Retries", "재시도 횟수", "실패한 뒤 다시 시도하는 횟수입니다.";
        /// Wait before the first retry; it doubles with each further one.
        backoff_ms: f64 = 100.0, 0 ..= 600000, "ms", "Backoff", "백오프", "첫 재시도 전 대기 시간. 재시도마다 두 배가 됩니다.";
        /// Draw the backoff evenly between 0 and its full length, so that retries do not march in step.
        jitter: bool = true, 0 ..= 1, "", "Jitter", "지터", "백오프를 0과 전체 길이 사이에서 고르게 뽑아 재시도가 한꺼번에 몰리지 않게 합니다.";
        /// Share of successful writes whose author reads the item back.
        readback_share: f64 = 0.0, 0 ..= 1, "share", "Read-back share", "되읽기 비율", "쓰기에 성공한 사용자가 그 항목을 다시 읽는 비율입니다.";
        /// How long after its write an author reads it back.
        readback_after_ms: f64 = 5.0, 0 ..= 600000, "ms", "Read back after", "되읽기 지연", "쓰고 나서 다시 읽기까지의 시간입니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Users,
    id: "users",
    category: Category::Clients,
    label: Text::new("Users", "사용자"),
    tagline: Text::new("Send requests along a traffic curve", "트래픽 곡선을 따라 요청을 보냅니다"),
    help: Text::new(
        "Requests arrive at the drawn rate; gaps are exponential (a Poisson process of varying rate) unless set otherwise. Each asks for an item by Zipf popularity, P(rank k) ∝ k^−s, and is a read or a write. A client gives up after its timeout and may retry with doubling backoff; abandoned work goes on burning capacity behind it. Latency is measured here, from the first attempt to the answer. Leaves out: think time, sessions, page assets. Source: Kingman, Poisson Processes (1993).",
        "요청은 그려진 비율로 도착하며, 따로 정하지 않으면 간격은 지수분포(비율이 변하는 포아송 과정)입니다. 각 요청은 Zipf 인기도 P(순위 k) ∝ k^−s 로 항목을 고르고, 읽기이거나 쓰기입니다. 클라이언트는 타임아웃 뒤 포기하고 두 배씩 늘어나는 백오프로 재시도할 수 있으며, 버려진 작업은 뒤에서 계속 자원을 씁니다. 지연은 첫 시도부터 응답까지 여기서 잽니다. 빠진 것: 생각 시간, 세션, 페이지 자산. 출처: Kingman, Poisson Processes (1993).",
    ),
    calls: &[Kind::LoadBalancer, Kind::Web],
    metrics: METRICS,
    main_metric: "arrivals_rps",
    parts: None,
    verbs: &[Verb::GoViral],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "retries_rps",
        Unit::Rate,
        Text::new("Retries", "재시도"),
        Text::new(
            "Repeated attempts per second: load that failure itself creates.",
            "초당 재시도 수. 실패가 스스로 만들어 내는 부하입니다.",
        ),
    ),
    metric(
        "wasted_rps",
        Unit::Rate,
        Text::new("Wasted answers", "버려진 응답"),
        Text::new(
            "Answers per second that came after the client had given up: work done for nobody.",
            "클라이언트가 포기한 뒤에 온 초당 응답 수. 아무도 받지 않은 일입니다.",
        ),
    ),
    metric(
        "stale_share",
        Unit::Share,
        Text::new("Stale reads", "오래된 읽기"),
        Text::new(
            "Share of answered reads that were older than the newest committed write.",
            "응답한 읽기 중 최신 커밋보다 오래된 값의 비율입니다.",
        ),
    ),
];
