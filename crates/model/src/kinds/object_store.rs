//! An object store: as much room as anyone wants, far from fast, paid by request and by the gigabyte.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::design::Action;
use crate::messages::PartNow;
use crate::params::params;
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Core, NodeIdx, Op};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::money::{Item, Store};
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use headroom_engine::{Law, SimTime, Stream, hash2};
use serde_json::{Map, Value, json};

params! {
    /// Params of an object store.
    pub struct ObjectStoreParams {
        /// Time until an object that is read comes. Source: AWS S3 guidelines, small objects come within 100 to 200 ms.
        read: Law = Law::Lognormal { mean: 0.1, cv: 0.5 }, 0 ..= 0, "", "Read time", "읽기 시간", "읽는 객체가 오기까지의 시간입니다. 출처: AWS S3 지침, 작은 객체는 100~200 ms.";
        /// Time until a written object is safe.
        write: Law = Law::Lognormal { mean: 0.15, cv: 0.5 }, 0 ..= 0, "", "Write time", "쓰기 시간", "쓴 객체가 안전해지기까지의 시간입니다.";
        /// Prefixes that object names are spread over; each has its own limits.
        prefixes: u32 = 1, 1 ..= 10000, "prefixes", "Prefixes", "접두사", "객체 이름이 나뉘는 접두사의 수. 접두사마다 한도가 따로 있습니다.";
        /// Reads per second that one prefix allows; more are turned away. None means no limit. Source: AWS S3.
        reads_rps_max: Option<f64> = Some(5_500.0), 0.001 ..= 1000000000, "requests/s", "Reads per prefix", "접두사당 읽기", "접두사 하나가 허용하는 초당 읽기 수. 넘으면 돌려보냅니다. 출처: AWS S3.";
        /// Writes per second that one prefix allows; more are turned away. None means no limit. Source: AWS S3.
        writes_rps_max: Option<f64> = Some(3_500.0), 0.001 ..= 1000000000, "requests/s", "Writes per prefix", "접두사당 쓰기", "접두사 하나가 허용하는 초당 쓰기 수. 넘으면 돌려보냅니다. 출처: AWS S3.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::ObjectStore,
    id: "object_store",
    category: Category::Data,
    label: Text::new("Object store", "오브젝트 스토어"),
    tagline: Text::new(
        "Pictures and files: endless room, high latency",
        "사진과 파일. 끝없는 공간, 높은 지연",
    ),
    help: Text::new(
        "Holds all static assets from the start and whatever is written to it, without any limit of room, and loses nothing: dead, it comes back with all it had. Each request takes a while, however few there are. Names are spread over prefixes by hash, and each prefix allows so many reads and writes a second (a token bucket that holds one second's worth); what comes faster is turned away. It is the origin of a CDN; web servers that are wired to it take static assets from it; web servers and workers with no database write to it and read from it, so a photo upload is a write. Paid by request and by the gigabyte stored. It answers no queries. Leaves out: the time that large objects take on top, multipart uploads, storage classes. Source: AWS S3, Performance Guidelines (3,500 writes and 5,500 reads per second and prefix, 100 to 200 ms).",
        "처음부터 모든 정적 자산을 담고, 쓰는 것은 공간 제한 없이 모두 담으며, 아무것도 잃지 않습니다. 죽었다가 돌아와도 그대로입니다. 요청이 적어도 한 번에 꽤 시간이 걸립니다. 이름은 해시로 접두사에 나뉘고, 접두사마다 초당 읽기와 쓰기 한도가 있습니다(1초 분량을 담는 토큰 버킷). 더 빨리 오면 돌려보냅니다. CDN의 원본이 되고, 연결된 웹 서버는 정적 자산을 여기서 가져옵니다. 데이터베이스가 없는 웹 서버와 워커는 여기에 쓰고 읽으므로 사진 업로드가 곧 쓰기입니다. 요청 수와 저장한 GB로 냅니다. 질의에는 답하지 않습니다. 빠진 것: 큰 객체에 더 걸리는 시간, 나누어 올리기, 저장 등급. 출처: AWS S3 성능 지침(접두사당 초당 쓰기 3,500, 읽기 5,500, 100~200 ms).",
    ),
    calls: &[],
    metrics: METRICS,
    main_metric: "throttled_rps",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "throttled_rps",
        Unit::Rate,
        Text::new("Turned away", "돌려보냄"),
        Text::new(
            "Requests per second that came faster than their prefix allows.",
            "접두사의 한도보다 빨리 와서 돌려보낸 초당 요청 수입니다.",
        ),
    ),
    metric(
        "stored_gb",
        Unit::Count,
        Text::new("Stored, GB", "저장량, GB"),
        Text::new("Gigabytes kept, and paid for by the month.", "담고 있는 기가바이트. 달마다 값을 냅니다."),
    ),
];

/// Requests in flight at once: more than the simulator itself allows.
const WORKERS: u32 = 10_000_000;

/// A token bucket that holds one second's worth, as the time at which it would be full again (GCRA).
#[derive(Clone, Debug)]
struct Bucket {
    gap_ns: u64,
    full_at: SimTime,
}

impl Bucket {
    fn new(rps: f64) -> Self {
        Self { gap_ns: (1e9 / rps) as u64, full_at: SimTime::ZERO }
    }

    fn take(&mut self, now: SimTime) -> bool {
        let next = self.full_at.max(now).saturating_add(self.gap_ns);
        let allowed = next.since(now) <= self.gap_ns.max(1_000_000_000);
        if allowed {
            self.full_at = next;
        }
        allowed
    }
}

/// An object store while it runs.
#[derive(Clone, Debug)]
pub struct State {
    station: Station,
    work: Work,
    /// By prefix; empty where there is no limit.
    reads: Vec<Bucket>,
    writes: Vec<Bucket>,
    salt: u64,
    stored_bytes: u64,
    version: u32,
    window_throttled: u64,
    throttled: u64,
}

impl State {
    /// The node at time 0: all assets are there.
    pub fn new(params: &ObjectStoreParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let buckets =
            |rps: Option<f64>| rps.map_or(Vec::new(), |rps| vec![Bucket::new(rps); params.prefixes as usize]);
        Self {
            station: Station::new(WORKERS, None, core.now),
            work: Work::new(core.seed, node, &params.read, &params.write, &params.write),
            reads: buckets(params.reads_rps_max),
            writes: buckets(params.writes_rps_max),
            salt: Stream::new(core.seed, node, "prefixes").next_u64(),
            stored_bytes: u64::from(core.assets) * u64::from(core.asset_bytes),
            version: 0,
            window_throttled: 0,
            throttled: 0,
        }
    }
}

fn writes(op: Op) -> bool {
    matches!(op, Op::Write | Op::Set | Op::Delete | Op::Job)
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.bills[me as usize].set_stored(core.now, Store::Object, self.stored_bytes);
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        core.calls[id].part = 0;
        if !self.station.up {
            return core.fail(id, Reason::Refused);
        }
        if call.op == Op::Query {
            return core.fail(id, Reason::NoRoute);
        }
        let buckets = if writes(call.op) { &mut self.writes } else { &mut self.reads };
        if !buckets.is_empty() {
            let prefix = hash2(self.salt, u64::from(call.key)) % buckets.len() as u64;
            if !buckets[prefix as usize].take(core.now) {
                self.window_throttled += 1;
                self.throttled += 1;
                return core.fail(id, Reason::Throttled);
            }
        }
        let item = if writes(call.op) { Item::ObjectPuts } else { Item::ObjectGets };
        core.bills[me as usize].count(item, 1);
        if self.station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        self.station.leave(core, &mut self.work);
        let call = core.calls[id];
        if writes(call.op) {
            self.stored_bytes += u64::from(call.bytes);
            core.bills[me as usize].set_stored(core.now, Store::Object, self.stored_bytes);
        }
        // Assets have keys after those of the items; their versions are the CDN's affair.
        if let Some(known) = core.truth[me as usize].get_mut(call.key as usize) {
            if writes(call.op) {
                self.version += 1;
                *known = self.version;
            }
            let version = *known;
            let c = &mut core.calls[id];
            (c.version, c.store) = (version, me);
        }
        core.reply(id, Outcome::OK);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        machines::act(core, me, std::slice::from_mut(&mut self.station), action);
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        out.push((self.window_throttled as f64 / window_s) as f32);
        out.push((self.stored_bytes as f64 / 1e9) as f32);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        machines::push_values(core, &self.station, 0.0, window_s, out);
        1
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        self.station.window_utilization(core.now)
    }

    fn end_window(&mut self, core: &mut Core) {
        self.station.end_window(core.now);
        self.window_throttled = 0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        vec![machines::part_now(&self.station, machines::plain_state(&self.station), 0.0)]
    }

    fn queued(&self) -> u64 {
        u64::from(self.station.queue())
    }

    fn memory(&self, _core: &Core, me: NodeIdx, memory: &mut Memory) {
        memory.reservoirs.push((me, self.stored_bytes));
    }

    fn stood_still(&mut self, core: &mut Core, me: NodeIdx, _gap_ns: u64, grown: u64) {
        self.stored_bytes += grown;
        core.bills[me as usize].set_stored(core.now, Store::Object, self.stored_bytes);
    }

    fn tallies(&mut self, t: &mut Tallies) {
        t.count(&mut self.throttled);
        self.station.tallies(t);
    }

    fn restart(&mut self, core: &mut Core) {
        self.station.restart(core.now);
        self.throttled = 0;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, std::iter::once(&self.station))
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("throttled".to_owned(), json!(self.throttled));
        map.insert("stored_gb".to_owned(), json!(self.stored_bytes as f64 / 1e9));
        map
    }
}
