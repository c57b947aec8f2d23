//! A store of sessions that all servers share.

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::{PartNow, PartState, What};
use crate::params::params;
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Core, NodeIdx, Op, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::session_table::SessionTable;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{Law, SimTime, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};

params! {
    /// Params of a session store.
    pub struct SessionStoreParams {
        /// Sessions held; beyond, the one that was used longest ago makes room.
        capacity: u32 = 1_000_000, 1 ..= 100000000, "sessions", "Capacity", "용량", "담을 수 있는 세션 수. 넘으면 가장 오래 쓰이지 않은 세션을 지웁니다.";
        /// A session that nobody uses for so long is forgotten; 30 minutes is the default of servlet containers.
        ttl_s: f64 = 1800.0, 1 ..= 2592000, "s", "Session lifetime", "세션 수명", "이만큼 쓰이지 않은 세션은 잊습니다. 30분은 서블릿 컨테이너의 기본값입니다.";
        /// Size of a session, which travels with each look-up (an assumption).
        session_kb: f64 = 2.0, 0 ..= 10000, "kB", "Session size", "세션 크기", "조회할 때마다 오가는 세션 하나의 크기(가정)입니다.";
        /// Copies on machines of their own that can take over.
        replicas: u32 = 0, 0 ..= 15, "replicas", "Replicas", "복제본", "대신 나설 수 있는 다른 기계의 복제본 수입니다.";
        /// How far the replicas are behind: what is younger is lost when one takes over (an assumption).
        replication_ms: f64 = 10.0, 0 ..= 600000, "ms", "Replication delay", "복제 지연", "복제본이 뒤처진 시간. 대신 나설 때 이보다 새로운 세션은 사라집니다(가정).";
        /// Time from the primary's death until a replica takes over; Redis Sentinel waits 30 s by default before it calls a primary dead.
        failover_s: f64 = 30.0, 0 ..= 3600, "s", "Failover time", "장애 조치 시간", "주 노드가 죽은 뒤 복제본이 대신 나설 때까지의 시간. Redis Sentinel은 기본으로 30초를 기다립니다.";
        /// Requests that one machine works on at once; Redis has one thread for commands.
        workers: u32 = 1, 1 ..= 1000, "workers", "Workers", "작업자", "기계 하나가 동시에 처리하는 요청 수. Redis는 명령을 한 스레드로 처리합니다.";
        /// Time for one look-up or change: 10 µs, as Redis takes.
        service: Law = Law::Exponential { mean: 0.000_01 }, 0 ..= 0, "", "Service time", "처리 시간", "조회나 변경 하나에 드는 시간. Redis처럼 10 µs입니다.";
        /// Requests that may wait; more are refused. None means no limit.
        queue_limit: Option<u32> = Some(10_000), 0 ..= 10000000, "requests", "Queue limit", "대기열 한도", "기다릴 수 있는 요청 수. 넘으면 거절합니다. 없으면 한도가 없습니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::SessionStore,
    id: "session_store",
    category: Category::Data,
    label: Text::new("Session store", "세션 저장소"),
    tagline: Text::new("Sessions that every server can see", "모든 서버가 보는 세션"),
    help: Text::new(
        "Web servers wired to it are stateless: each logged-in request asks it for the user's session, a log-in puts one there, a log-out removes it. Any server can then serve any user, at the price of one more hop. A session unused for its lifetime expires; a full store drops the one that was used longest ago. It lives in memory: without replicas a dead store logs everybody out, and requests of logged-in users fail until it is back. With replicas one takes over after the failover time, and only sessions younger than the replication delay are lost: rate of log-ins × delay. A primary that is back before that is empty. Leaves out: sharding of sessions, reads from replicas, saving to disk. Sources: Redis documentation (latency, Sentinel); Little's law for the number of sessions; catalogue row STICKY.crash for what it spares.",
        "여기에 연결된 웹 서버는 상태가 없습니다. 로그인한 요청마다 사용자의 세션을 여기서 찾고, 로그인은 세션을 넣고, 로그아웃은 지웁니다. 그래서 어느 서버든 어느 사용자든 응대할 수 있지만 그만큼 한 번 더 거쳐야 합니다. 수명만큼 쓰이지 않은 세션은 만료되고, 가득 차면 가장 오래 쓰이지 않은 세션을 지웁니다. 세션은 메모리에 있으므로 복제본이 없으면 저장소가 죽을 때 모두 로그아웃되고, 되살아날 때까지 로그인한 요청은 실패합니다. 복제본이 있으면 장애 조치 시간 뒤에 하나가 대신 나서고, 복제 지연보다 새로운 세션만 사라집니다(로그인 비율 × 지연). 그전에 되살아난 주 노드는 비어 있습니다. 빠진 것: 세션 샤딩, 복제본에서 읽기, 디스크 저장. 출처: Redis 문서(지연 시간, Sentinel); 세션 수는 리틀의 법칙; 막아 주는 피해는 카탈로그 STICKY.crash.",
    ),
    calls: &[],
    metrics: METRICS,
    main_metric: "sessions",
    parts: Some(PartsSpec { noun: Text::new("machine", "기계"), extra: None }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::Flush],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "sessions",
        Unit::Count,
        Text::new("Sessions held", "들고 있는 세션"),
        Text::new(
            "Sessions that can be found now (Little: log-ins per second × how long a session lives).",
            "지금 찾을 수 있는 세션 수. 리틀의 법칙: 초당 로그인 × 세션이 사는 시간.",
        ),
    ),
    metric(
        "evictions_rps",
        Unit::Rate,
        Text::new("Evictions", "밀려난 세션"),
        Text::new(
            "Sessions per second that had to make room: their users are logged out.",
            "자리를 내주고 지워진 초당 세션 수. 그 사용자는 로그아웃됩니다.",
        ),
    ),
];

const FAILOVER: u8 = 0;
const EXPIRY: u8 = 1;

/// A session store while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: SessionStoreParams,
    stations: Vec<Station>,
    work: Work,
    table: SessionTable,
    /// The machine that serves.
    primary: usize,
    /// When it died, if it is dead.
    died: Option<SimTime>,
    /// The timer of the failover that is under way.
    failover: u64,
    armed: bool,
    evicted: u64,
    window_evicted: u64,
    lost: u64,
    expired: u64,
    bytes: u64,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &SessionStoreParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let station = |_| Station::new(params.workers, params.queue_limit, core.now);
        Self {
            stations: (0..=params.replicas).map(station).collect(),
            work: Work::of_one(core.seed, node, &params.service),
            table: SessionTable::new(ns_from_secs(params.ttl_s)),
            primary: 0,
            died: None,
            failover: 0,
            armed: false,
            evicted: 0,
            window_evicted: 0,
            lost: 0,
            expired: 0,
            bytes: 0,
            params: params.clone(),
        }
    }

    fn lose_all(&mut self) {
        self.lost += self.table.lose(|_, _| true);
    }

    fn arm_expiry(&mut self, core: &mut Core, me: NodeIdx) {
        let next = self.table.next_expiry();
        self.armed = next.is_some();
        if let Some(at) = next {
            core.timer(at.since(core.now), me, EXPIRY, 0);
        }
    }

    /// A replica takes over, with what had reached it.
    fn take_over(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(died) = self.died else { return };
        let Some(next) = self.stations.iter().position(|s| s.up) else { return };
        let delay_ns = ns_from_ms(self.params.replication_ms);
        let reached = SimTime(died.0.saturating_sub(delay_ns));
        self.lost += self.table.lose(|_, since| since > reached);
        self.primary = next;
        self.died = None;
        core.happen(me, Some(next as u32), What::Promoted { lost_writes: 0 });
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, part: usize) -> bool {
        if !machines::stop(core, me, part, &mut self.stations[part]) {
            return false;
        }
        if part == self.primary && self.died.is_none() {
            self.died = Some(core.now);
            self.failover = core.timer(ns_from_secs(self.params.failover_s), me, FAILOVER, 0);
        }
        if self.stations.iter().all(|s| !s.up) {
            self.lose_all();
        }
        true
    }

    fn revive(&mut self, core: &mut Core, me: NodeIdx, part: usize) -> bool {
        if !machines::start(core, me, part, &mut self.stations[part]) {
            return false;
        }
        if self.died.is_some() && part == self.primary {
            // It was away too short a time for a replica to take over, and comes back with an empty memory.
            self.lose_all();
            self.died = None;
        } else if self.died.is_some()
            && self.table.is_empty()
            && self.stations.iter().filter(|s| s.up).count() == 1
        {
            self.primary = part;
            self.died = None;
        }
        true
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.rent(me, Rented::Data, self.stations.len(), self.params.workers);
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        core.calls[id].part = self.primary as u16;
        let station = &mut self.stations[self.primary];
        if !station.up {
            return core.fail(id, Reason::Refused);
        }
        if station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        self.stations[call.part as usize].leave(core, &mut self.work);
        match call.op {
            Op::Set => {
                if self.table.home(call.client).is_none() && self.table.len() >= self.params.capacity as usize
                {
                    self.table.evict();
                    self.evicted += 1;
                    self.window_evicted += 1;
                }
                self.table.begin(core.now, call.client, 0);
                if !self.armed {
                    self.arm_expiry(core, me);
                }
            }
            Op::Delete => {
                self.table.end(call.client);
            }
            _ if self.table.home(call.client).is_some() => {
                self.table.touch(core.now, call.client);
                let found = &mut core.calls[id];
                found.flags |= flag::HIT;
                found.bytes = (self.params.session_kb * 1000.0) as u32;
                self.bytes += u64::from(found.bytes);
            }
            _ => {}
        }
        core.reply(id, Outcome::OK);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, _arg: u32) {
        match tag {
            FAILOVER if seq == self.failover => self.take_over(core, me),
            EXPIRY => {
                self.expired += self.table.expire(core.now);
                self.arm_expiry(core, me);
            }
            _ => {}
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        if action.verb == Verb::Flush {
            self.lose_all();
            return core.happen(me, None, What::Flushed);
        }
        for part in machines::chosen(action.part, self.stations.len()) {
            let what = match action.verb {
                Verb::Kill if self.kill(core, me, part) => What::Killed,
                Verb::Revive if self.revive(core, me, part) => What::Revived,
                Verb::Slow => {
                    self.stations[part].factor = action.arg("factor");
                    What::Slowed(self.stations[part].factor)
                }
                _ => continue,
            };
            core.happen(me, Some(part as u32), what);
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        out.push(self.table.len() as f32);
        out.push((self.window_evicted as f64 / window_s) as f32);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for station in &self.stations {
            machines::push_values(core, station, 0.0, window_s, out);
        }
        self.stations.len() as u16
    }

    /// Of the machine that serves: the others only stand by.
    fn window_utilization(&self, core: &Core) -> f64 {
        self.stations[self.primary].window_utilization(core.now)
    }

    fn end_window(&mut self, core: &mut Core) {
        for station in &mut self.stations {
            station.end_window(core.now);
        }
        self.window_evicted = 0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = |(i, s): (usize, &Station)| match machines::plain_state(s) {
            PartState::Up if i == self.primary => PartState::Primary,
            other => other,
        };
        self.stations.iter().enumerate().map(|(i, s)| machines::part_now(s, state((i, s)), 0.0)).collect()
    }

    fn queued(&self) -> u64 {
        self.stations.iter().map(|s| u64::from(s.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.is_busy |= self.died.is_some();
        if self.table.began() > 0 {
            memory.lasts(self.table.ttl_ns());
        }
        memory.stock(self.table.len() as u64, self.table.began());
    }

    fn tallies(&mut self, t: &mut Tallies) {
        t.counts([&mut self.evicted, &mut self.lost, &mut self.expired, &mut self.bytes]);
        for station in &mut self.stations {
            station.tallies(t);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for station in &mut self.stations {
            station.restart(core.now);
        }
        (self.evicted, self.lost, self.expired, self.bytes) = (0, 0, 0, 0);
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.stations.iter())
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("sessions".to_owned(), json!(self.table.len()));
        map.insert("sessions_lost".to_owned(), json!(self.lost));
        map.insert("sessions_evicted".to_owned(), json!(self.evicted));
        map.insert("sessions_expired".to_owned(), json!(self.expired));
        map.insert("sent_bytes".to_owned(), json!(self.bytes));
        map
    }
}
