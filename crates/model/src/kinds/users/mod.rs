//! People and programs that send requests.

mod classes;
mod login;
mod requests;
#[cfg(test)]
mod tests;
mod visitors;

use self::classes::{Page, PageTimes, Sizes, Taste};
use self::login::Logins;
use self::requests::Request;
use self::visitors::Visitor;
use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::limits::{CALLS_MAX, SESSION_CLIENTS_MAX, VISITORS_MAX};
use crate::messages::{PartNow, What};
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::arrivals::ArrivalClock;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, Event, NO_REGION, NodeIdx, Op, Reply, flag, more};
use crate::sim::detail::{LOAD_STEP, Memory};
use crate::sim::meter::Outcome;
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::summary::durations;
use crate::text::Text;
use crate::traffic::Curve;
use headroom_engine::{
    Arena, DeadlineList, Hist, Law, Links, NIL, Popularity, Sampler, SimTime, Stream, ns_from_ms,
    ns_from_secs,
};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

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

choice! {
    /// What makes requests come.
    pub enum Mode {
        /// Requests arrive along the curve, however long the answers take.
        Open = "open", "Open: requests arrive", "열린 고리: 요청이 도착", "응답이 얼마나 걸리든 곡선을 따라 요청이 도착합니다.";
        /// So many users each send a request, wait for the answer, think, and send the next.
        Closed = "closed", "Closed: users who wait", "닫힌 고리: 기다리는 사용자", "정해진 수의 사용자가 각자 요청을 보내고, 응답을 기다리고, 생각한 뒤 다음 요청을 보냅니다.";
        /// Visits begin along the curve; in each a user sends requests one after the other, thinks between them, and leaves.
        Visits = "visits", "Visits: users who come and go", "방문: 오고 가는 사용자", "곡선을 따라 방문이 시작됩니다. 방문한 사용자는 요청을 하나씩 보내고 사이사이 생각하다가 떠납니다.";
    }
}

params! {
    /// Params of a users node.
    pub struct UsersParams {
        /// What makes requests come.
        mode: Mode = Mode::Open, 0 ..= 0, "", "Mode", "방식", "무엇이 요청을 만들어 내는지 정합니다.";
        /// Arrival rate over time, of requests or visits. Drag its points under the charts.
        traffic: Curve = Curve::constant(100.0), 0 ..= 0, "requests/s", "Traffic", "트래픽", "시간에 따른 요청(또는 방문)의 도착률. 차트 아래에서 점을 끌어 바꿉니다.";
        /// How arrivals are spaced around the curve.
        arrivals: Arrivals = Arrivals::Poisson, 0 ..= 0, "", "Arrivals", "도착 방식", "곡선을 중심으로 요청이 어떤 간격으로 오는지 정합니다.";
        /// Coefficient of variation of the gaps when arrivals are bursty; 1 is Poisson.
        gap_cv: f64 = 3.0, 1 ..= 20, "", "Burstiness (cv)", "몰림 정도 (cv)", "몰려서 올 때 간격의 변동계수. 1이면 포아송과 같습니다.";
        /// Users of a closed loop.
        population: u32 = 100, 1 ..= 1000000, "users", "Population", "사용자 수", "닫힌 고리의 사용자 수입니다.";
        /// Time that a user of a closed loop or a visit thinks between an answer and the next request.
        think: Law = Law::Exponential { mean: 5.0 }, 0 ..= 0, "", "Think time", "생각 시간", "닫힌 고리나 방문에서 응답을 받고 다음 요청을 보낼 때까지의 시간입니다.";
        /// Length of a visit; the user leaves when it is over, at the latest after the answer that is awaited.
        visit: Law = Law::Exponential { mean: 300.0 }, 0 ..= 0, "", "Visit length", "방문 시간", "방문의 길이. 시간이 다 되면 떠나며, 기다리던 응답이 있으면 받고 떠납니다.";
        /// Nobody sends a first attempt after this; none means that it goes on to the end of the run.
        ends_s: Option<f64> = None, 0 ..= 2592000, "s", "Load ends", "부하 종료", "이 시각 뒤에는 아무도 새 요청을 보내지 않습니다. 없으면 끝까지 계속됩니다.";
        /// Share of requests that write an item; what no share takes reads one.
        write_share: f64 = 0.1, 0 ..= 1, "share", "Write share", "쓰기 비율", "항목을 쓰는 요청의 비율. 다른 비율에 들지 않는 요청은 읽기입니다.";
        /// Share of requests for a static asset, apart from the assets of pages.
        static_share: f64 = 0.0, 0 ..= 1, "share", "Static share", "정적 자산 비율", "정적 자산 요청의 비율(페이지에 딸린 자산은 따로)입니다.";
        /// Share of requests that touch many items: a join or a search.
        query_share: f64 = 0.0, 0 ..= 1, "share", "Query share", "질의 비율", "여러 항목을 훑는 요청(조인, 검색)의 비율입니다.";
        /// Share of requests that hand in work to be done later, such as a photo to be processed.
        job_share: f64 = 0.0, 0 ..= 1, "share", "Job share", "작업 비율", "나중에 처리할 일(예: 사진 처리)을 맡기는 요청의 비율입니다.";
        /// Share of reads that come from a browser: they load a page and then its assets. The others are calls of a mobile app.
        web_share: f64 = 0.0, 0 ..= 1, "share", "Browsers", "브라우저 비율", "읽기 중 브라우저가 보내는 비율. 페이지를 받은 뒤 자산을 받습니다. 나머지는 모바일 앱의 호출입니다.";
        /// Assets that a browser loads with a page; about 70 on a first visit (Web Almanac 2024), fewer from then on (20 is an assumption).
        assets_per_page: u32 = 20, 0 ..= 500, "assets", "Assets per page", "페이지당 자산", "브라우저가 페이지와 함께 받는 자산 수. 첫 방문에는 약 70개(Web Almanac 2024), 그 뒤로는 더 적습니다(20은 가정).";
        /// Different static assets.
        assets: u32 = 1000, 1 ..= 1000000, "assets", "Assets", "자산 종류", "서로 다른 정적 자산의 수입니다.";
        /// Zipf exponent of asset popularity.
        asset_zipf_s: f64 = 1.0, 0 ..= 3, "", "Asset skew (Zipf s)", "자산 쏠림 (Zipf s)", "자산 인기도의 Zipf 지수입니다.";
        /// Size of the answer to a read of an app (an assumption: a small JSON document).
        read_kb: f64 = 2.0, 0 ..= 1000000, "kB", "Read size", "읽기 크기", "앱의 읽기에 대한 응답 크기(가정: 작은 JSON 문서)입니다.";
        /// Size of the answer to a write (an assumption).
        write_kb: f64 = 0.5, 0 ..= 1000000, "kB", "Write size", "쓰기 크기", "쓰기에 대한 응답 크기(가정)입니다.";
        /// Size of the answer to a query (an assumption: a list).
        query_kb: f64 = 20.0, 0 ..= 1000000, "kB", "Query size", "질의 크기", "질의에 대한 응답 크기(가정: 목록)입니다.";
        /// Size of the receipt for a job (an assumption).
        job_kb: f64 = 0.5, 0 ..= 1000000, "kB", "Job size", "작업 크기", "작업 접수증의 크기(가정)입니다.";
        /// Size of a page's document: 18 kB on the median home page (Web Almanac 2024).
        page_kb: f64 = 18.0, 0 ..= 1000000, "kB", "Page size", "페이지 크기", "페이지 문서의 크기. 중앙값에 해당하는 홈페이지는 18 kB입니다(Web Almanac 2024).";
        /// Size of an asset: a median page's 2,650 kB over its 70 assets (Web Almanac 2024).
        asset_kb: f64 = 38.0, 0 ..= 1000000, "kB", "Asset size", "자산 크기", "자산 하나의 크기. 중앙값 페이지의 2,650 kB를 자산 70개로 나눈 값입니다(Web Almanac 2024).";
        /// Different items that requests ask for.
        items: u32 = 100_000, 1 ..= 10_000_000, "items", "Items", "항목 수", "요청이 찾는 서로 다른 항목의 수입니다.";
        /// Zipf exponent of item popularity: 0 is uniform; real caches see 0.6 to 1.5.
        zipf_s: f64 = 0.9, 0 ..= 3, "", "Popularity skew (Zipf s)", "인기 쏠림 (Zipf s)", "항목 인기도의 Zipf 지수. 0이면 균등, 실제 캐시에서는 0.6~1.5입니다.";
        /// New favourites per second: each comes to the top of popularity, and all others sink by a rank.
        drift_per_s: f64 = 0.0, 0 ..= 1000000, "items/s", "New favourites", "새 인기 항목", "초당 인기 맨 위로 올라오는 새 항목 수. 나머지는 한 순위씩 내려갑니다.";
        /// Share of all requests that go to one celebrity item; 0 means none.
        celebrity_share: f64 = 0.0, 0 ..= 1, "share", "Celebrity share", "유명인 비율", "모든 요청 중 유명 항목 하나로 가는 비율. 0이면 없습니다.";
        /// When the celebrity item becomes famous.
        celebrity_at_s: f64 = 0.0, 0 ..= 2592000, "s", "Celebrity from", "유명해지는 시각", "유명 항목이 유명해지는 시각입니다.";
        /// Which item is the celebrity: its popularity rank, from 0.
        celebrity_item: u32 = 7, 0 ..= 9999999, "rank", "Celebrity item", "유명 항목", "유명해질 항목의 인기 순위(0부터)입니다.";
        /// Different clients (addresses) that requests come from; IP hash sees these.
        clients: u32 = 10_000, 1 ..= 100_000_000, "clients", "Clients", "클라이언트 수", "요청을 보내는 서로 다른 주소의 수. IP 해시가 이것을 봅니다.";
        /// Share of clients (or of visits) that log in: their requests need a session.
        logged_in_share: f64 = 0.0, 0 ..= 1, "share", "Logged-in share", "로그인 비율", "로그인하는 클라이언트(또는 방문)의 비율. 이들의 요청에는 세션이 필요합니다.";
        /// How long a client of open traffic stays logged in before it logs in anew; in visits and closed loops a user stays logged in.
        session: Law = Law::Exponential { mean: 1200.0 }, 0 ..= 0, "", "Session length", "세션 길이", "열린 트래픽의 클라이언트가 다시 로그인할 때까지 로그인해 있는 시간. 방문과 닫힌 고리에서는 떠날 때까지 유지됩니다.";
        /// Share of logged-in visits that end with a log-out; the other sessions are left to expire.
        log_out_share: f64 = 0.0, 0 ..= 1, "share", "Log-out share", "로그아웃 비율", "로그아웃하고 떠나는 방문의 비율. 나머지 세션은 만료될 때까지 남습니다.";
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

impl UsersParams {
    /// Different users: clients of open traffic, those who sit in a closed loop, or visits before their numbers come again.
    fn people(&self) -> u32 {
        match self.mode {
            Mode::Open => self.clients,
            Mode::Closed => self.population,
            Mode::Visits => SESSION_CLIENTS_MAX,
        }
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
        "Open: requests arrive at the drawn rate, whatever the answers take; gaps are exponential (a Poisson process of varying rate) unless set otherwise. Closed: N users each send a request, wait, think and send the next, so that a slow site slows them down: X = N / (R + Z). Visits begin along the curve, and within each a user waits and thinks (a partly open system). Each request asks for an item by Zipf popularity, P(rank k) ∝ k^−s, whose favourites may drift, and is a read, a write, a static asset, a query or a job. Browsers load a page and then its assets, all at once; apps make one small call. Some clients log in: their requests need a session, and one that is not found means a log-in anew. A client gives up after its timeout and may retry with doubling backoff; abandoned work goes on burning capacity behind it. Latency is measured here, from the first attempt to the answer. Leaves out: browsers' own caches, sizes that vary within a class. Sources: Kingman, Poisson Processes (1993); Reiser and Lavenberg (1980); Schroeder et al., Open Versus Closed (2006); catalogue rows MVA*, REPAIR.",
        "열린 고리에서는 응답이 얼마나 걸리든 그려진 비율로 요청이 도착하며, 따로 정하지 않으면 간격은 지수분포(비율이 변하는 포아송 과정)입니다. 닫힌 고리에서는 사용자 N명이 각자 요청하고, 기다리고, 생각한 뒤 다시 요청하므로 느린 사이트는 사용자도 느리게 만듭니다: X = N / (R + Z). 방문은 곡선을 따라 시작되고, 그 안에서 사용자가 기다리고 생각합니다(부분적으로 열린 시스템). 각 요청은 Zipf 인기도 P(순위 k) ∝ k^−s 로 항목을 고르며(인기 항목은 시간에 따라 바뀔 수 있습니다) 읽기, 쓰기, 정적 자산, 질의, 작업 중 하나입니다. 브라우저는 페이지를 받은 뒤 자산을 한꺼번에 받고, 앱은 작은 호출 하나를 보냅니다. 일부 클라이언트는 로그인하며, 세션을 찾지 못하면 다시 로그인해야 합니다. 클라이언트는 타임아웃 뒤 포기하고 두 배씩 늘어나는 백오프로 재시도할 수 있으며, 버려진 작업은 뒤에서 계속 자원을 씁니다. 지연은 첫 시도부터 응답까지 여기서 잽니다. 빠진 것: 브라우저 자체 캐시, 같은 종류 안에서 달라지는 크기. 출처: Kingman, Poisson Processes (1993); Reiser, Lavenberg (1980); Schroeder 외, Open Versus Closed (2006); 카탈로그 MVA*, REPAIR.",
    ),
    calls: &[Kind::Dns, Kind::Cdn, Kind::LoadBalancer, Kind::Web, Kind::Queue],
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
    metric(
        "present",
        Unit::Count,
        Text::new("Users present", "접속 중인 사용자"),
        Text::new(
            "Users of a closed loop or in a visit now, thinking or waiting for an answer.",
            "닫힌 고리에 있거나 방문 중인 사용자 수. 생각하는 중이거나 응답을 기다리는 중입니다.",
        ),
    ),
    metric(
        "log_outs_rps",
        Unit::Rate,
        Text::new("Log-outs", "로그아웃당함"),
        Text::new(
            "Users per second who are told that they are not logged in any more, and must log in again.",
            "로그인이 풀렸다는 응답을 받고 다시 로그인해야 하는 초당 사용자 수입니다.",
        ),
    ),
    metric(
        "page_p95_s",
        Unit::Seconds,
        Text::new("Page load p95", "페이지 로드 p95"),
        Text::new(
            "One page in twenty took longer than this, from the click to the last asset.",
            "페이지 스무 개 중 하나는 클릭부터 마지막 자산까지 이보다 오래 걸렸습니다.",
        ),
    ),
    metric(
        "received_mbit_s",
        Unit::Count,
        Text::new("Received, Mbit/s", "받은 양, Mbit/s"),
        Text::new(
            "Megabits of answers per second that reach these users.",
            "이 사용자들이 받는 초당 응답량(메가비트)입니다.",
        ),
    ),
];

/// A write whose author will read it back.
#[derive(Clone, Copy, Debug)]
struct Readback {
    at: SimTime,
    key: u32,
    client: u32,
    version: u32,
}

const ARRIVAL: u8 = 0;
const GIVE_UP: u8 = 1;
const RETRY: u8 = 2;
const READ_BACK: u8 = 3;
const FAME: u8 = 4;
const THOUGHT: u8 = 5;

/// Counts since time 0, or of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    retries: u64,
    wasted: u64,
    reads: u64,
    stale: u64,
    readbacks: u64,
    violations: u64,
    bytes: u64,
    log_ins: u64,
    log_outs: u64,
    thoughts: u64,
    thought_ns: u128,
}

impl Counts {
    /// What was between an earlier moment and this one.
    fn since(&self, e: &Counts) -> Counts {
        Counts {
            retries: self.retries - e.retries,
            wasted: self.wasted - e.wasted,
            reads: self.reads - e.reads,
            stale: self.stale - e.stale,
            readbacks: self.readbacks - e.readbacks,
            violations: self.violations - e.violations,
            bytes: self.bytes - e.bytes,
            log_ins: self.log_ins - e.log_ins,
            log_outs: self.log_outs - e.log_outs,
            thoughts: self.thoughts - e.thoughts,
            thought_ns: self.thought_ns - e.thought_ns,
        }
    }
}

/// A users node while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: UsersParams,
    clock: ArrivalClock,
    gap: Option<Sampler>,
    taste: Taste,
    assets: Popularity,
    sizes: Sizes,
    pages: Arena<Page>,
    page_times: PageTimes,
    /// Shares of all classes but reads, and a little more: rounding must not take the last share's edge away.
    not_reads: f64,
    /// Share of the celebrity now, and which item it is.
    fame: (f64, u32),
    /// Its time has come.
    was_famous: bool,
    requests: Arena<Request>,
    visitors: Arena<Visitor>,
    /// Visitors so far.
    visits: u32,
    logins: Logins,
    think: Sampler,
    visit: Sampler,
    ends: Option<SimTime>,
    links: Links,
    deadlines: DeadlineList,
    /// When the timer for the first deadline is set for; MAX when it is not.
    armed: SimTime,
    readbacks: VecDeque<Readback>,
    /// Wires to send over, with the sum of weights up to each.
    routes: Vec<(u16, f64)>,
    /// The same for static assets: no queue has them.
    asset_routes: Vec<(u16, f64)>,
    /// The region that the users live in.
    region: u8,
    timeout_ns: Option<u64>,
    arrival_stream: Stream,
    class_stream: Stream,
    asset_stream: Stream,
    page_stream: Stream,
    client_stream: Stream,
    route_stream: Stream,
    retry_stream: Stream,
    think_stream: Stream,
    /// Since time 0.
    counts: Counts,
    /// The same when the window began, and when measuring did.
    at_window: Counts,
    at_restart: Counts,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &UsersParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let stream = |purpose: &str| Stream::new(core.seed, node, purpose);
        let gap = match params.arrivals {
            Arrivals::Poisson => Some(Sampler::new(&Law::Exponential { mean: 1.0 })),
            Arrivals::Bursty => Some(Sampler::new(&Law::Hyperexponential { mean: 1.0, cv: params.gap_cv })),
            Arrivals::Regular => None,
        };
        let fame = if params.celebrity_at_s <= 0.0 { params.celebrity_share } else { 0.0 };
        Self {
            clock: ArrivalClock::new(&params.traffic),
            gap,
            taste: Taste::new(
                core.popularity(params.items, params.zipf_s),
                params.drift_per_s,
                stream("items"),
            ),
            assets: core.popularity(params.assets, params.asset_zipf_s),
            sizes: Sizes::new(params),
            pages: Arena::new(CALLS_MAX as u32),
            page_times: PageTimes::new(),
            not_reads: params.write_share
                + params.static_share
                + params.query_share
                + params.job_share
                + 1e-12,
            fame: (fame, params.celebrity_item),
            was_famous: false,
            requests: Arena::new(CALLS_MAX as u32),
            visitors: Arena::new(VISITORS_MAX as u32),
            visits: 0,
            logins: Logins::new(params, node, core),
            think: Sampler::new(&params.think),
            visit: Sampler::new(&params.visit),
            ends: params.ends_s.map(SimTime::from_secs_f64),
            links: Links::new(),
            deadlines: DeadlineList::new(),
            armed: SimTime::MAX,
            readbacks: VecDeque::new(),
            routes: wiring.cumulative(wiring.out.iter()),
            asset_routes: wiring.cumulative(wiring.out.iter().filter(|o| o.kind != Kind::Queue)),
            region: core.ids.iter().position(|id| id == node).map_or(NO_REGION, |i| core.ground.region(i)),
            timeout_ns: params.timeout_ms.map(ns_from_ms),
            arrival_stream: stream("arrivals"),
            class_stream: stream("class"),
            asset_stream: stream("assets"),
            page_stream: stream("pages"),
            client_stream: stream("clients"),
            route_stream: stream("routes"),
            retry_stream: stream("retries"),
            think_stream: stream("thinking"),
            counts: Counts::default(),
            at_window: Counts::default(),
            at_restart: Counts::default(),
            params: params.clone(),
        }
    }

    #[inline(always)]
    fn next_arrival(&mut self, core: &mut Core, me: NodeIdx) {
        let gap = match &self.gap {
            Some(sampler) => sampler.sample_secs(&mut self.arrival_stream),
            None => 1.0,
        };
        if let Some(at) = self.clock.advance(gap) {
            // The curve is one of world time.
            let at = SimTime(SimTime::from_secs_f64(at).0.saturating_sub(core.skipped_ns)).max(core.now);
            if !self.is_over(core.world(at)) {
                core.queue.push(at, Event::Timer { node: me, tag: ARRIVAL, arg: 0 });
            }
        }
    }

    /// Whether nobody begins anything any more.
    fn is_over(&self, now: SimTime) -> bool {
        self.ends.is_some_and(|end| now > end)
    }

    /// A user has got what it asked for after a while, or has not: monitoring keeps account of it.
    #[inline]
    fn experienced(&self, core: &mut Core, me: NodeIdx, client: u32, is_ok: bool, took_ns: u64) {
        if core.people.is_empty() {
            return;
        }
        let (user, of) = (client.wrapping_sub(self.logins.global(0)), self.params.people());
        for people in &mut core.people {
            people.experience(core.now, me as usize, user, of, is_ok, took_ns);
        }
    }

    #[inline(never)]
    fn rarer_timer(&mut self, core: &mut Core, me: NodeIdx, tag: u8, arg: u32) {
        match tag {
            THOUGHT => self.thought(core, me, arg),
            GIVE_UP => self.give_up_due(core, me),
            RETRY => self.attempt(core, me, arg),
            READ_BACK => {
                if let Some(r) = self.readbacks.pop_front() {
                    self.open(
                        core,
                        me,
                        Request {
                            born: core.now,
                            key: r.key,
                            client: r.client,
                            bytes: self.sizes.of(Op::Read),
                            wrote: r.version,
                            readback: true,
                            ..Request::default()
                        },
                    );
                    if let Some(next) = self.readbacks.front() {
                        core.queue.push(next.at, Event::Timer { node: me, tag: READ_BACK, arg: 0 });
                    }
                }
            }
            _ if core.world(core.now).0 < ns_from_secs(self.params.celebrity_at_s) || self.was_famous => {}
            _ => {
                self.was_famous = true;
                self.fame = (self.params.celebrity_share, self.params.celebrity_item);
                core.happen(me, None, What::WentViral(self.params.celebrity_share));
            }
        }
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        match self.params.mode {
            Mode::Closed => self.seat_population(core, me),
            _ => self.next_arrival(core, me),
        }
        if self.params.celebrity_share > 0.0 && self.params.celebrity_at_s > 0.0 {
            core.timer(ns_from_secs(self.params.celebrity_at_s), me, FAME, 0);
        }
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        core.fail(id, Reason::NoRoute);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, tag: u8, arg: u32) {
        match tag {
            ARRIVAL => {
                self.next_arrival(core, me);
                match self.params.mode {
                    Mode::Visits => self.begin_visit(core, me),
                    _ => self.request_of(core, me, NIL),
                }
            }
            _ => self.rarer_timer(core, me, tag, arg),
        }
    }

    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            if reply.outcome.is_ok() {
                self.counts.wasted += 1;
            }
            return;
        }
        self.deadlines.remove(&mut self.links, parent);
        if !reply.outcome.is_ok() {
            return self.failed(core, me, parent, reply.outcome);
        }
        // Field by field: a copy of the whole, just written to, would make the processor wait.
        if self.requests[parent].more & more::LOG_IN != 0 {
            let request = self.requests[parent];
            self.logged_in(core.now, &request);
        }
        let request = &self.requests[parent];
        if request.op == Op::Write {
            if self.params.readback_share > 0.0 && self.class_stream.chance(self.params.readback_share) {
                let at = core.now.saturating_add(ns_from_ms(self.params.readback_after_ms));
                self.readbacks.push_back(Readback {
                    at,
                    key: request.key,
                    client: request.client,
                    version: reply.version,
                });
                if self.readbacks.len() == 1 {
                    core.queue.push(at, Event::Timer { node: me, tag: READ_BACK, arg: 0 });
                }
            }
        } else if request.op == Op::Read {
            let stale = u64::from(reply.flags & flag::STALE != 0);
            let violated = u64::from(request.readback && reply.version < request.wrote);
            let readback = u64::from(request.readback);
            self.counts.reads += 1;
            self.counts.stale += stale;
            self.counts.readbacks += readback;
            self.counts.violations += violated;
        }
        self.close(core, me, parent, Outcome::OK);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        if action.verb == Verb::GoViral {
            let share = action.arg("share");
            self.fame = (share, action.arg("item") as u32);
            core.happen(me, None, What::WentViral(share));
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let w = self.counts.since(&self.at_window);
        out.push((w.retries as f64 / window_s) as f32);
        out.push((w.wasted as f64 / window_s) as f32);
        out.push(if w.reads == 0 { f32::NAN } else { (w.stale as f64 / w.reads as f64) as f32 });
        out.push(if self.params.mode == Mode::Open { f32::NAN } else { self.visitors.live() as f32 });
        out.push((w.log_outs as f64 / window_s) as f32);
        let pages = &self.page_times.window;
        out.push(if pages.is_empty() { f32::NAN } else { pages.quantile_s(0.95) as f32 });
        out.push((w.bytes as f64 * 8e-6 / window_s) as f32);
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {
        self.at_window = self.counts;
        self.page_times.window.clear();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        Vec::new()
    }

    fn memory(&self, core: &Core, _me: NodeIdx, memory: &mut Memory) {
        let p = &self.params;
        let world_s = memory.world_ns as f64 / 1e9;
        if p.mode != Mode::Closed && !self.is_over(core.world(core.now)) {
            let alike_s = p.traffic.alike_for_s(world_s, LOAD_STEP);
            if alike_s.is_finite() {
                memory.alike_ns = memory.alike_ns.min(ns_from_secs(alike_s));
            }
        }
        if p.mode != Mode::Open {
            memory.lasts(ns_from_secs(p.think.mean()));
        }
        if p.mode == Mode::Visits {
            memory.lasts(ns_from_secs(p.visit.mean()));
            memory.stock(u64::from(self.visitors.live()), u64::from(self.visits));
        }
        if p.logged_in_share > 0.0 && p.mode == Mode::Open {
            memory.lasts(ns_from_secs(p.session.mean()));
        }
        if let Some(end_s) = p.ends_s {
            memory.changes_at(ns_from_secs(end_s));
        }
        if p.celebrity_share > 0.0 {
            memory.changes_at(ns_from_secs(p.celebrity_at_s));
        }
    }

    fn stood_still(&mut self, core: &mut Core, me: NodeIdx, gap_ns: u64, _grown: u64) {
        self.clock.skip(gap_ns as f64 / 1e9);
        if self.params.celebrity_share > 0.0 && self.params.celebrity_at_s > 0.0 && !self.was_famous {
            // At the latest now: nothing is skipped past it.
            let fame = ns_from_secs(self.params.celebrity_at_s);
            core.timer(fame.saturating_sub(core.world(core.now).0), me, FAME, 0);
        }
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.counts;
        t.counts([&mut c.retries, &mut c.wasted, &mut c.reads, &mut c.stale, &mut c.readbacks]);
        t.counts([&mut c.violations, &mut c.bytes, &mut c.log_ins, &mut c.log_outs, &mut c.thoughts]);
        t.wide(&mut c.thought_ns);
        t.durations(&mut self.page_times.whole);
        t.count(&mut self.page_times.broken);
    }

    fn restart(&mut self, _core: &mut Core) {
        self.at_restart = self.counts;
        self.page_times.whole = Hist::new();
        self.page_times.broken = 0;
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.counts.since(&self.at_restart);
        let mut map = Map::new();
        map.insert("retries".to_owned(), json!(t.retries));
        map.insert("wasted_answers".to_owned(), json!(t.wasted));
        map.insert("stale_read_share".to_owned(), share(t.stale, t.reads));
        if self.params.mode != Mode::Open {
            map.insert("present".to_owned(), json!(self.visitors.live()));
            let mean = (t.thoughts > 0).then(|| t.thought_ns as f64 / 1e9 / t.thoughts as f64);
            map.insert("think_mean_s".to_owned(), json!(mean));
        }
        map.insert("received_bytes".to_owned(), json!(t.bytes));
        if self.params.logged_in_share > 0.0 {
            map.insert("log_ins".to_owned(), json!(t.log_ins));
            map.insert("log_outs".to_owned(), json!(t.log_outs));
        }
        if self.params.web_share > 0.0 {
            map.insert("pages_broken".to_owned(), json!(self.page_times.broken));
            map.extend(durations("page", &self.page_times.whole));
        }
        map.insert("read_backs".to_owned(), json!(t.readbacks));
        map.insert("read_your_writes_violation_share".to_owned(), share(t.violations, t.readbacks));
        map
    }
}
