//! A tier of web servers.

mod sessions;
mod shedding;
#[cfg(test)]
mod tests;

use self::sessions::Sessions;
pub use self::shedding::Shed;
use self::shedding::Shedder;
use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::PartNow;
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Command, Core, NewCall, NodeIdx, Observation, Op, Reply};
use crate::sim::data_path::{DataPath, Step};
use crate::sim::detail::Memory;
use crate::sim::fleet::{Fleet, RELEASE, Settings, Size};
use crate::sim::flights::Flights;
use crate::sim::gather::Gathers;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::{Wiring, pick, pick_by_key};
use crate::text::Text;
use headroom_engine::{Law, NIL, Sampler, Stream, hash2, ns_from_secs};
use serde_json::{Map, Value, json};

choice! {
    /// What a worker does while its request waits for a dependency.
    pub enum Waiting {
        /// The worker is free for other requests (event loop).
        Async = "async", "Async", "비동기", "작업자는 그동안 다른 요청을 처리합니다(이벤트 루프).";
        /// The worker waits along (a thread per request).
        Blocking = "blocking", "Blocking", "블로킹", "작업자도 함께 기다립니다(요청당 스레드).";
    }
}

choice! {
    /// How the workers of a server take requests.
    pub enum Discipline {
        /// Each worker serves one request at a time; the others wait, first come first served.
        Fifo = "fifo", "First come, first served", "먼저 온 순서", "작업자마다 한 번에 요청 하나. 나머지는 온 순서대로 기다립니다.";
        /// Workers are cores that all requests share at once (time slicing); each gets min(1, cores ÷ requests) of a core.
        ProcessorSharing = "processor_sharing", "Shared CPU", "CPU 공유", "작업자는 모든 요청이 동시에 나눠 쓰는 코어입니다. 요청마다 min(1, 코어 ÷ 요청)만큼 씁니다.";
    }
}

choice! {
    /// How the patience of waiting requests varies.
    pub enum Patience {
        /// All wait for the same time.
        Fixed = "fixed", "All the same", "모두 같음", "모두 같은 시간을 기다립니다.";
        /// Some leave soon and some wait long: an exponential law.
        Exponential = "exponential", "Exponential", "지수분포", "금방 떠나기도 하고 오래 기다리기도 합니다(지수분포).";
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
        /// Work for a static asset: one core sends about 40,000 small files a second over HTTPS (NGINX).
        static_service: Law = Law::Deterministic { mean: 0.000_025 }, 0 ..= 0, "", "Static work", "정적 자산 작업", "정적 자산 하나에 드는 작업. 코어 하나가 HTTPS로 작은 파일을 초당 약 40,000개 보냅니다(NGINX).";
        /// Work of a job, such as processing a photo, when there is no queue and the server does it inside the request (an assumption).
        job_service: Law = Law::Lognormal { mean: 0.5, cv: 1.0 }, 0 ..= 0, "", "Job work", "작업 처리 시간", "대기열이 없어 서버가 요청 안에서 직접 하는 작업(예: 사진 처리)에 드는 시간(가정)입니다.";
        /// How the workers take requests.
        discipline: Discipline = Discipline::Fifo, 0 ..= 0, "", "Discipline", "처리 방식", "작업자가 요청을 맡는 방식입니다.";
        /// Requests that may wait at one server; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(1000), 0 ..= 10000000, "requests", "Queue limit", "대기열 한도", "서버 하나에서 기다릴 수 있는 요청 수. 넘으면 거절합니다. 없으면 한도가 없습니다.";
        /// A request that has waited so long in the queue leaves it and is dropped before any work is done; none means that it stays.
        queue_patience_ms: Option<f64> = None, 0 ..= 3600000, "ms", "Patience in queue", "대기열 인내", "대기열에서 이만큼 기다린 요청은 작업이 시작되기 전에 버려집니다. 없으면 계속 기다립니다.";
        /// How patience varies from request to request.
        queue_patience_law: Patience = Patience::Fixed, 0 ..= 0, "", "Patience varies", "인내의 분포", "요청마다 인내가 어떻게 다른지 정합니다.";
        /// What a server turns away when it has too much to do, so that the others are answered in time.
        shed: Shed = Shed::Nothing, 0 ..= 0, "", "Load shedding", "부하 차단", "일이 너무 많을 때, 다른 요청에 제때 응답하려고 버리는 것입니다.";
        /// By queueing time: the longest wait in a standing queue; 5 ms is what Facebook found good (Maurer 2015).
        shed_target_ms: f64 = 5.0, 0 ..= 3600000, "ms", "Target wait", "목표 대기", "대기 시간으로 차단할 때, 비지 않는 대기열에서 기다릴 수 있는 최대 시간. 5ms는 Facebook이 쓰는 값입니다(Maurer 2015).";
        /// By queueing time: a queue that was not empty for so long is a standing one; until then requests may wait so long. 100 ms (Maurer 2015).
        shed_interval_ms: f64 = 100.0, 0 ..= 3600000, "ms", "Interval", "간격", "대기 시간으로 차단할 때, 이만큼 비지 않은 대기열을 밀린 것으로 봅니다. 그전에는 요청이 이만큼 기다릴 수 있습니다. 100ms(Maurer 2015).";
        /// By class: queries and jobs find no place in the queue beyond this share of its limit (an assumption).
        shed_share: f64 = 0.5, 0 ..= 1, "share", "Queue for all", "모두의 자리", "종류로 차단할 때, 대기열 한도 중 질의와 작업도 쓸 수 있는 비율(가정). 그 너머는 다른 요청의 자리입니다.";
        /// A session that nobody uses for so long is forgotten, where servers keep sessions themselves; 30 minutes is the default of servlet containers.
        session_ttl_s: f64 = 1800.0, 1 ..= 2592000, "s", "Session lifetime", "세션 수명", "서버가 세션을 직접 들고 있을 때, 이만큼 쓰이지 않은 세션은 잊습니다. 30분은 서블릿 컨테이너의 기본값입니다.";
        /// What a worker does while its request waits for a cache, a database or another tier.
        waiting: Waiting = Waiting::Async, 0 ..= 0, "", "While waiting", "기다리는 동안", "캐시·데이터베이스·다른 계층을 기다리는 동안 작업자가 하는 일입니다.";
        /// Share of requests that need what is wired behind; the rest are answered by own work alone.
        downstream_share: f64 = 1.0, 0 ..= 1, "share", "Needs data", "데이터가 필요한 비율", "뒤에 연결된 것이 필요한 요청의 비율. 나머지는 자체 작업만으로 응답합니다.";
        /// Reads that each read makes at once of what is wired behind, each for another item; several wires take turns. 1 is the plain way. The slowest answer counts: of 100 calls that are slow once in a hundred times, 63% of requests meet one (Dean & Barroso, The Tail at Scale, 2013).
        fan_out: u32 = 1, 1 ..= 1000, "calls", "Fan-out", "팬아웃", "읽기 하나가 뒤에 한꺼번에 보내는 읽기 수. 저마다 다른 항목을 찾고, 선이 여럿이면 차례로 나눕니다. 1이면 보통의 방식입니다. 가장 느린 응답이 전체를 정하므로, 백 번에 한 번 느린 호출 100개면 요청의 63%가 느려집니다(Dean & Barroso, The Tail at Scale, 2013).";
        /// With fan-out: good answers that are enough; the others are not waited for. None means all.
        fan_out_need: Option<u32> = None, 1 ..= 1000, "calls", "Answers needed", "필요한 응답 수", "팬아웃에서 이만큼의 좋은 응답이면 충분하고 나머지는 기다리지 않습니다. 없으면 모두 기다립니다.";
        /// Share of requests that queue up again after their work, each time anew: work in several rounds.
        repeat_share: f64 = 0.0, 0 ..= 0.99, "share", "Goes round again", "다시 도는 비율", "작업을 마친 뒤 다시 줄을 서는 요청의 비율. 돌 때마다 새로 정합니다(여러 번에 나눠 하는 작업).";
        /// Each server goes for an item once at a time: reads that want it meanwhile wait for that one.
        single_flight: bool = false, 0 ..= 1, "", "Single flight", "단일 조회", "서버마다 같은 항목은 한 번에 하나만 가지러 가고, 그동안 온 읽기는 그것을 기다립니다.";
        /// Size of each machine: so many times the workers, each slower as the Universal Scalability Law says.
        size: Size = Size::X1, 0 ..= 0, "", "Machine size", "머신 크기", "머신의 크기. 작업자 수가 그만큼 늘고, 각각은 보편 확장 법칙(USL)만큼 느려집니다.";
        /// Share of the work that only one core of a machine at a time can do (α of the Universal Scalability Law).
        contention: f64 = 0.03, 0 ..= 1, "share", "Contention α", "경합 α", "한 번에 코어 하나만 할 수 있는 일의 비율(USL의 α)입니다.";
        /// Cost of keeping two cores of a machine consistent (β of the Universal Scalability Law).
        coherency: f64 = 0.0002, 0 ..= 1, "share", "Coherency β", "일관성 비용 β", "코어끼리 상태를 맞추는 비용(USL의 β)입니다.";
        /// Time from the order of a new machine to its first request.
        boot_s: f64 = 30.0, 0 ..= 86400, "s", "Boot time", "부팅 시간", "새 머신을 주문하고 첫 요청을 받기까지 걸리는 시간입니다.";
        /// Longest time that a machine is given to finish its requests before it goes or restarts.
        drain_s: f64 = 30.0, 0 ..= 86400, "s", "Drain time", "비우기 시간", "머신이 사라지거나 다시 시작하기 전에 하던 요청을 마칠 수 있는 최대 시간입니다.";
        /// Time that a machine is away for a restart.
        restart_s: f64 = 60.0, 0 ..= 86400, "s", "Restart time", "재시작 시간", "재시작하느라 머신이 자리를 비우는 시간입니다.";
        /// Mean time between random failures of one machine; none means that none fails by itself.
        mttf_h: Option<f64> = None, 0.001 ..= 1000000, "h", "Mean time to failure", "평균 고장 간격", "머신 한 대가 저절로 고장 나기까지의 평균 시간. 없으면 고장 나지 않습니다.";
        /// With random failures: mean time to repair a machine.
        mttr_h: f64 = 1.0, 0.0001 ..= 100000, "h", "Mean time to repair", "평균 수리 시간", "고장 난 머신을 고치는 평균 시간입니다.";
        /// With random failures: machines that can be repaired at once; none means all.
        repair_crews: Option<u32> = None, 1 ..= 1000, "crews", "Repair crews", "수리 인원", "동시에 고칠 수 있는 머신 수. 없으면 모두 동시에 고칩니다.";
        /// Machines that must work for the tier to count as available.
        needed: u32 = 1, 1 ..= 1000, "instances", "Needed", "필요한 수", "이만큼은 동작해야 이 계층을 쓸 수 있는 것으로 칩니다.";
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
        "Each instance is a station: workers serve a first-in first-out queue with a limit, or share their cores among all requests at once. With single flight a server goes for an item once at a time. With fan-out a read asks many stores or tiers at once and waits for the slowest. Requests may be given a patience: who has waited longer leaves the queue and costs no work. A server may shed load: by queueing time (controlled delay: a queue may be long for an interval, but in one that has not been empty since, nobody waits longer than the target) or by class (the last places of the queue are kept from queries and jobs: trunk reservation). After its own work a request goes to what is wired behind: another tier; a cache and a database side by side (cache-aside: look up, read on a miss, fill; write, then invalidate); a cache that is itself wired to the database (read-through). With nothing behind it, the server answers by itself. Static assets come from its own disk, or from an object store that it is wired to; queries go past the cache, unless it keeps their results. Wired straight to users, each request goes to an instance by lot, dead or not. A job goes to the queue that is wired behind and is answered when that has taken it on; without a queue the last tier does it itself, inside the request, and writes its result. Users who log in have a session: in the memory of the server that made it, so that another server logs them out and a server's end loses them, or in a session store that is wired behind. Machines can be added (they boot first) and taken away (they finish what they have), made bigger at the price of a restart, fail by themselves and be repaired, and get another release, good or bad. Dead machines are replaced only by an autoscaler. Leaves out: memory. Checked against M/M/c, M/M/c/K, M/G/1-PS and Pollaczek–Khinchine (Kleinrock 1975), Erlang-A (Garnett et al. 2002), M/M/1+D (Barrer 1957), controlled delay (Maurer, Fail at Scale, 2015), trunk reservation by birth and death, Jackson networks with feedback (1957), fork and join (Flatto and Hahn 1984), repairable systems (Barlow and Proschan 1975) and the Universal Scalability Law (Gunther 1993).",
        "인스턴스마다 하나의 스테이션입니다. 작업자들이 한도 있는 선입선출 대기열을 처리하거나, 코어를 모든 요청이 동시에 나눠 씁니다. 단일 조회를 켜면 서버마다 같은 항목을 한 번에 하나만 가지러 갑니다. 팬아웃을 정하면 읽기 하나가 여러 저장소나 계층에 한꺼번에 묻고 가장 느린 응답을 기다립니다. 대기열 인내를 정하면 그보다 오래 기다린 요청은 일을 시작하기 전에 떠납니다. 서버가 부하를 차단할 수도 있습니다. 대기 시간으로(제어된 지연: 대기열은 간격 동안 길어도 되지만, 그동안 한 번도 비지 않았다면 목표보다 오래 기다리지 못합니다) 또는 종류로(대기열의 마지막 자리를 질의와 작업에 내주지 않습니다: 트렁크 예약) 차단합니다. 자체 작업 뒤 요청은 뒤에 연결된 곳으로 갑니다. 다른 계층, 나란히 놓인 캐시와 데이터베이스(캐시 어사이드: 조회하고, 없으면 읽어 채우고, 쓰면 무효화), 또는 데이터베이스에 연결된 캐시(리드 스루)입니다. 뒤에 아무것도 없으면 서버가 스스로 응답합니다. 정적 자산은 자신의 디스크에서, 오브젝트 스토어에 연결되어 있으면 거기서 가져와 보내고, 질의는 결과를 담는 캐시가 아니면 거치지 않습니다. 사용자와 바로 연결하면 요청마다 인스턴스를 무작위로 고르며 죽은 것도 가리지 않습니다. 작업(job)은 뒤에 연결된 큐로 보내고 접수되면 응답하며, 큐가 없으면 마지막 계층이 요청 안에서 직접 처리하고 결과를 씁니다. 로그인한 사용자의 세션은 그것을 만든 서버의 메모리에 있어 다른 서버로 가면 로그아웃되고 서버가 사라지면 함께 사라집니다. 세션 저장소를 뒤에 연결하면 모든 서버가 함께 봅니다. 머신은 늘릴 수 있고(먼저 부팅합니다) 줄일 수 있으며(하던 일은 마칩니다), 재시작을 감수하고 더 크게 바꿀 수 있고, 저절로 고장 나 수리될 수 있고, 좋거나 나쁜 새 릴리스를 받을 수 있습니다. 죽은 머신은 오토스케일러만 대체합니다. 빠진 것: 메모리. M/M/c, M/M/c/K, M/G/1-PS, Pollaczek–Khinchine(Kleinrock 1975), Erlang-A(Garnett 외 2002), M/M/1+D(Barrer 1957), 제어된 지연(Maurer, Fail at Scale, 2015), 출생-사망 과정으로 계산한 트렁크 예약, 되돌아오는 Jackson 네트워크(1957), 포크-조인(Flatto·Hahn 1984), 수리 가능 시스템(Barlow·Proschan 1975), 보편 확장 법칙(Gunther 1993)으로 검증합니다.",
    ),
    calls: &[
        Kind::Web,
        Kind::SessionStore,
        Kind::Queue,
        Kind::Cache,
        Kind::Relational,
        Kind::Sharded,
        Kind::ObjectStore,
        Kind::Nosql,
    ],
    metrics: METRICS,
    main_metric: "utilization",
    parts: Some(PartsSpec { noun: Text::new("instance", "인스턴스"), extra: Some(RELEASE) }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::Scale, Verb::Resize, Verb::Deploy, Verb::RollBack],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "pool_waiting",
        Unit::Count,
        Text::new("Waiting for a connection", "연결 대기"),
        Text::new(
            "Requests that wait for a free connection to a dependency now.",
            "지금 의존 서비스로 가는 빈 연결을 기다리는 요청 수입니다.",
        ),
    ),
    metric(
        "instances_ready",
        Unit::Count,
        Text::new("Servers at work", "동작하는 서버"),
        Text::new(
            "Servers that take requests now: neither dead, nor booting, nor draining.",
            "지금 요청을 받는 서버 수(죽었거나 부팅·비우기 중인 것은 빠집니다)입니다.",
        ),
    ),
    metric(
        "sessions",
        Unit::Count,
        Text::new("Sessions held", "들고 있는 세션"),
        Text::new(
            "Sessions of logged-in users that live in the servers' own memory: lost when the server is.",
            "서버 메모리에 있는 로그인 사용자의 세션 수. 서버가 죽으면 함께 사라집니다.",
        ),
    ),
];

/// A request's patience in the queue is over.
const PATIENCE: u8 = 0;
/// The next session expires.
const EXPIRY: u8 = 1;
/// A request has waited longer than the server grants.
const SHED: u8 = 2;

/// Where a request stands inside a web server.
mod phase {
    pub const OWN_WORK: u8 = 0;
    pub const TIER: u8 = 1;
    pub const QUEUE: u8 = 2;
    pub const SESSION: u8 = 3;
    pub const OBJECT: u8 = 4;
    pub const FAN_OUT: u8 = 5;
}

/// What a request wants of the data: the result of a job is written.
fn wanted(op: Op) -> Op {
    if op == Op::Job { Op::Write } else { op }
}

/// A web tier while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: WebParams,
    fleet: Fleet,
    work: Work,
    stream: Stream,
    tiers: Vec<(u16, f64)>,
    queues: Vec<(u16, f64)>,
    objects: Vec<(u16, f64)>,
    data: DataPath,
    /// With fan-out: the wires that take turns, and the calls that wait for many answers.
    fan: Vec<u16>,
    gathers: Gathers,
    /// With single flight.
    flights: Option<Flights>,
    patience: Option<(Sampler, Stream)>,
    shedder: Shedder,
    sessions: Sessions,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &WebParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let routes = |kinds: &[Kind]| wiring.cumulative(wiring.to(kinds).collect::<Vec<_>>().into_iter());
        let queues = routes(&[Kind::Queue]);
        let settings = Settings {
            instances: params.instances,
            workers: params.workers,
            queue_limit: params.queue_limit,
            sharing: params.discipline == Discipline::ProcessorSharing,
            leavable: params.queue_patience_ms.is_some() || params.shed == Shed::Delay,
            size: params.size,
            contention: params.contention,
            coherency: params.coherency,
            boot_s: params.boot_s,
            drain_s: params.drain_s,
            restart_s: params.restart_s,
            mttf_h: params.mttf_h,
            mttr_h: params.mttr_h,
            crews: params.repair_crews,
            needed: params.needed,
        };
        let mut work = Work::of_one(core.seed, node, &params.service);
        work.set_asset(&params.static_service);
        // The last tier does jobs itself, unless it has a queue for them.
        if queues.is_empty() && wiring.to(&[Kind::Web]).next().is_none() {
            work.set_job(&params.job_service);
        }
        let data = DataPath::new(wiring);
        let mut fan: Vec<u16> = data.stores().collect();
        if data.is_empty() {
            fan = wiring.to(&[Kind::Web]).map(|o| o.wire).collect();
        }
        if params.fan_out < 2 {
            fan.clear();
        }
        Self {
            fan,
            gathers: Gathers::default(),
            fleet: Fleet::new(settings, core.seed, node, core.now),
            work,
            queues,
            objects: routes(&[Kind::ObjectStore]),
            stream: Stream::new(core.seed, node, "routing"),
            tiers: routes(&[Kind::Web]),
            data,
            flights: params.single_flight.then(Flights::default),
            sessions: Sessions::new(wiring, ns_from_secs(params.session_ttl_s)),
            shedder: Shedder::new(params),
            patience: params.queue_patience_ms.map(|ms| {
                let mean = ms / 1e3;
                let law = match params.queue_patience_law {
                    Patience::Fixed => Law::Deterministic { mean },
                    Patience::Exponential => Law::Exponential { mean },
                };
                (Sampler::new(&law), Stream::new(core.seed, node, "patience"))
            }),
            params: params.clone(),
        }
    }

    /// Shared cores are never held while a request waits.
    fn blocking(&self) -> bool {
        self.params.waiting == Waiting::Blocking && self.params.discipline == Discipline::Fifo
    }

    /// Machines may have stopped: what they were fetching comes to nobody, and their sessions are lost.
    fn settle(&mut self, core: &Core) {
        let stopped = self.fleet.take_stopped();
        if !stopped.is_empty() {
            self.gathers.sweep(core);
        }
        for part in stopped {
            if let Some(flights) = &mut self.flights {
                flights.clear(part);
            }
            self.sessions.lose(part as usize);
        }
    }

    /// Answers, and frees the worker if it has waited along.
    fn finish(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome) {
        let part = core.calls[id].part as usize;
        if self.blocking() {
            self.fleet.free_worker(core, &mut self.work, part);
        }
        core.reply(id, outcome);
        self.fleet.left(core, me, part);
    }

    /// Goes on with what came of a step on the way to the data.
    fn step(&mut self, core: &mut Core, me: NodeIdx, id: u32, step: Step) {
        let Step::Over(outcome) = step else { return };
        let (op, part, key) = (core.calls[id].op, core.calls[id].part, core.calls[id].key);
        self.finish(core, me, id, outcome);
        if let Some(flights) = self.flights.as_mut().filter(|_| op == Op::Read) {
            let mut waiting = flights.landed(part, key, id);
            while waiting != NIL {
                let next = Flights::after(core, waiting, id);
                self.finish(core, me, waiting, outcome);
                waiting = next;
            }
        }
    }

    /// A call joins the queue of its server once more.
    fn go_round(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let part = core.calls[id].part as usize;
        if self.blocking() {
            self.fleet.free_worker(core, &mut self.work, part);
        }
        if let Err(reason) = self.fleet.enter_again(core, &mut self.work, part, id) {
            core.fail(id, reason);
            self.fleet.left(core, me, part);
        }
    }

    /// A call has to wait: for so long at most, if its client or the server does not let it wait for ever.
    fn give_patience(&mut self, core: &mut Core, me: NodeIdx, part: usize, id: u32) {
        let own = self.patience.as_mut().map(|(law, stream)| law.sample_ns(stream));
        let granted = self.shedder.patience_ns(core.now, part, self.fleet.station(part));
        let (wait_ns, tag) = match (own, granted) {
            (None, None) => return,
            (Some(own), granted) if granted.is_none_or(|granted| own <= granted) => (own, PATIENCE),
            (_, granted) => (granted.unwrap_or(0), SHED),
        };
        core.calls[id].due = core.timer(wait_ns, me, tag, id);
    }

    /// A call that waits for a worker does so no longer; one that does not goes on.
    fn leave_queue(&mut self, core: &mut Core, me: NodeIdx, id: u32, reason: Reason) {
        let part = core.calls[id].part as usize;
        if self.fleet.station(part).withdraw(core, id) {
            core.fail(id, reason);
            self.fleet.left(core, me, part);
        }
    }

    /// A read asks many at once, each for another item; the wires take turns.
    fn fan_out(&mut self, core: &mut Core, id: u32) {
        let (count, items) = (self.params.fan_out, u64::from(core.items));
        let call = &mut core.calls[id];
        call.phase = phase::FAN_OUT;
        let call = *call;
        let fan = &self.fan;
        let ask = |i: u32| {
            let new = NewCall::on_behalf(&call, id, fan[i as usize % fan.len()], call.op);
            let key =
                if i == 0 { call.key } else { (hash2(u64::from(call.key), u64::from(i)) % items) as u32 };
            NewCall { key, bytes: call.bytes / count, ..new }
        };
        self.gathers.begin(core, id, count, self.params.fan_out_need.unwrap_or(count), ask);
    }

    /// Whether a call asks many at once: reads do.
    fn fans_out(&self, op: Op) -> bool {
        !self.fan.is_empty() && matches!(op, Op::Read | Op::Query)
    }

    /// Own work and other tiers are done: now the data, if there is any behind.
    fn go_for_data(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        if self.fans_out(core.calls[id].op) {
            return self.fan_out(core, id);
        }
        if let Some(flights) = self.flights.as_mut().filter(|_| core.calls[id].op == Op::Read) {
            let (part, key) = (core.calls[id].part, core.calls[id].key);
            if !flights.leads(core, part, key, id) {
                return;
            }
        }
        let step = self.data.go(core, id, wanted(core.calls[id].op));
        self.step(core, me, id, step);
    }

    /// Own work is done and the client is known: what else does the request need?
    fn go_on(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let op = core.calls[id].op;
        if op == Op::Job && !self.queues.is_empty() {
            let wire = pick_by_key(&self.queues, core.calls[id].key);
            return DataPath::ask(core, id, wire, op, phase::QUEUE);
        }
        // An asset lies on the server's own disk, unless it is wired to a store of objects.
        if op == Op::Static && !self.objects.is_empty() {
            let wire = pick_by_key(&self.objects, core.calls[id].key);
            return DataPath::ask(core, id, wire, op, phase::OBJECT);
        }
        let behind = op != Op::Static && (!self.tiers.is_empty() || !self.data.is_empty());
        if !behind
            || (self.params.downstream_share < 1.0 && !self.stream.chance(self.params.downstream_share))
        {
            return self.finish(core, me, id, Outcome::OK);
        }
        if self.data.is_empty() && self.fans_out(op) {
            return self.fan_out(core, id);
        }
        match self.tiers.as_slice() {
            [] => self.go_for_data(core, me, id),
            [(wire, _)] => DataPath::ask(core, id, *wire, core.calls[id].op, phase::TIER),
            tiers => {
                let wire = pick(tiers, self.stream.unit());
                DataPath::ask(core, id, wire, core.calls[id].op, phase::TIER);
            }
        }
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        self.fleet.begin(core, me);
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let mut part = core.calls[id].part as usize;
        if part >= self.fleet.len() {
            let Some(picked) = self.fleet.pick(&mut self.stream) else {
                return core.fail(id, Reason::Refused);
            };
            part = picked as usize;
            core.calls[id].part = picked;
        }
        if self.params.shed == Shed::Class
            && self.shedder.turns_away(self.fleet.station(part), core.calls[id].op)
        {
            return core.fail(id, Reason::Shed);
        }
        match self.fleet.enter(core, &mut self.work, part, id) {
            Err(reason) => core.fail(id, reason),
            Ok(Admission::Queued) => self.give_patience(core, me, part, id),
            Ok(_) => {}
        }
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, id: u32) {
        if self.fleet.timer(core, me, seq, tag, id) {
            return self.settle(core);
        }
        if tag == EXPIRY {
            return self.expire_sessions(core, me);
        }
        if !core.calls.is_live(id) || core.calls[id].due != seq {
            return;
        }
        self.leave_queue(core, me, id, if tag == SHED { Reason::Shed } else { Reason::Abandoned });
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let part = core.calls[id].part as usize;
        if !self.blocking() {
            self.fleet.free_worker(core, &mut self.work, part);
        }
        core.calls[id].phase = phase::OWN_WORK;
        if self.params.repeat_share > 0.0 && self.stream.chance(self.params.repeat_share) {
            return self.go_round(core, me, id);
        }
        if self.fleet.release_fails(part) {
            return self.finish(core, me, id, Outcome::failed(Reason::BadRelease));
        }
        if self.check_session(core, me, id) {
            self.go_on(core, me, id);
        }
    }

    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return;
        }
        match core.calls[parent].phase {
            phase::SESSION => {
                if self.session_answered(core, me, parent, &reply) {
                    self.go_on(core, me, parent);
                }
            }
            phase::FAN_OUT => {
                if reply.outcome.is_ok() {
                    DataPath::adopt(core, parent, &reply);
                }
                if let Some(outcome) = self.gathers.answered(core, parent, &reply) {
                    self.finish(core, me, parent, outcome);
                }
            }
            phase::TIER if reply.outcome.is_ok() => {
                DataPath::adopt(core, parent, &reply);
                self.go_for_data(core, me, parent);
            }
            _ => {
                let step = self.data.answered(core, parent, wanted(core.calls[parent].op), &reply);
                self.step(core, me, parent, step);
            }
        }
    }

    fn cancel(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        self.leave_queue(core, me, id, Reason::Cancelled);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        self.fleet.act(core, me, action);
        self.settle(core);
    }

    fn command(&mut self, core: &mut Core, me: NodeIdx, command: Command) {
        self.fleet.command(core, me, command);
        self.settle(core);
    }

    fn values(&mut self, core: &mut Core, me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        out.push(core.waiting_for_connections(me) as f32);
        out.push(self.fleet.ready() as f32);
        out.push(self.sessions.table.len() as f32);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        self.fleet.part_values(core, window_s, out)
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        self.fleet.window_utilization(core)
    }

    fn end_window(&mut self, core: &mut Core) {
        self.fleet.end_window(core.now);
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        self.fleet.parts()
    }

    fn queued(&self) -> u64 {
        self.fleet.queued()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        self.fleet.memory(memory);
        let table = &self.sessions.table;
        if table.began() > 0 {
            memory.lasts(table.ttl_ns());
        }
        memory.stock(table.len() as u64, table.began());
    }

    fn tallies(&mut self, t: &mut Tallies) {
        t.counts([&mut self.sessions.lost, &mut self.sessions.expired]);
        self.fleet.tallies(t);
    }

    fn restart(&mut self, core: &mut Core) {
        self.fleet.restart(core.now);
        self.sessions.lost = 0;
        self.sessions.expired = 0;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        self.fleet.effort_ns(core)
    }

    fn observe(&self, core: &Core, me: NodeIdx) -> Observation {
        self.fleet.observation(core, me)
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        self.fleet.summary(core, &mut map);
        let s = &self.sessions;
        map.insert("sessions".to_owned(), json!(s.table.len()));
        let each: Vec<u32> = (0..self.fleet.len()).map(|part| s.table.at(part)).collect();
        map.insert("sessions_per_server".to_owned(), json!(each));
        map.insert("sessions_lost".to_owned(), json!(s.lost));
        map.insert("sessions_expired".to_owned(), json!(s.expired));
        map
    }
}
