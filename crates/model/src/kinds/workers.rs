//! Workers that pull jobs from a queue.

use super::{Category, Kind, KindSpec, MetricSpec, PartsSpec, Unit, Verb, metric};
use crate::messages::PartNow;
use crate::params::params;
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Command, Core, NodeIdx, Observation, Op, Reply};
use crate::sim::data_path::{DataPath, Step};
use crate::sim::detail::{Memory, Never};
use crate::sim::fleet::{Fleet, RELEASE, Settings, Size};
use crate::sim::meter::Outcome;
use crate::sim::station::Work;
use crate::sim::tally::Tallies;
use crate::sim::wiring::{Wiring, pick};
use crate::text::Text;
use crate::verbs::Action;
use headroom_engine::{Law, NIL, Stream};
use serde_json::{Map, Value, json};

params! {
    /// Params of workers.
    pub struct WorkersParams {
        /// Machines of this tier.
        instances: u32 = 2, 1 ..= 1000, "instances", "Instances", "인스턴스", "이 계층의 머신 수입니다.";
        /// Jobs that one machine works on at once.
        workers: u32 = 4, 1 ..= 100000, "workers", "Workers", "작업자", "머신 하나가 동시에 처리하는 작업 수입니다.";
        /// Own work for a job, dependencies left out.
        service: Law = Law::Lognormal { mean: 0.5, cv: 1.0 }, 0 ..= 0, "", "Service time", "처리 시간", "작업 하나에 드는 자체 작업 시간(의존 서비스 제외)입니다.";
        /// Messages that each worker holds at once: one that it works on and the others fetched ahead.
        prefetch: u32 = 1, 1 ..= 1000, "messages", "Prefetch", "미리 가져오기", "작업자 하나가 들고 있는 메시지 수(처리 중인 하나와 미리 가져온 것)입니다.";
        /// Share of attempts in which the process crashes at the end of its work, before it has told anyone.
        crash_share: f64 = 0.0, 0 ..= 1, "share", "Crashes", "갑자기 죽는 비율", "작업을 마칠 무렵, 아무에게도 알리지 못하고 프로세스가 죽는 시도의 비율입니다.";
        /// Share of jobs that write their result to the data behind; the others read it.
        write_share: f64 = 1.0, 0 ..= 1, "share", "Jobs that write", "쓰는 작업 비율", "결과를 뒤의 데이터에 쓰는 작업의 비율. 나머지는 읽습니다.";
        /// Size of each machine: so many times the workers, each slower as the Universal Scalability Law says.
        size: Size = Size::X1, 0 ..= 0, "", "Machine size", "머신 크기", "머신의 크기. 작업자 수가 그만큼 늘고, 각각은 보편 확장 법칙(USL)만큼 느려집니다.";
        /// Share of the work that only one core of a machine at a time can do (α of the Universal Scalability Law).
        contention: f64 = 0.03, 0 ..= 1, "share", "Contention α", "경합 α", "한 번에 코어 하나만 할 수 있는 일의 비율(USL의 α)입니다.";
        /// Cost of keeping two cores of a machine consistent (β of the Universal Scalability Law).
        coherency: f64 = 0.0002, 0 ..= 1, "share", "Coherency β", "일관성 비용 β", "코어끼리 상태를 맞추는 비용(USL의 β)입니다.";
        /// Time from the order of a new machine to its first job.
        boot_s: f64 = 30.0, 0 ..= 86400, "s", "Boot time", "부팅 시간", "새 머신을 주문하고 첫 작업을 받기까지 걸리는 시간입니다.";
        /// Longest time that a machine is given to finish its jobs before it goes or restarts.
        drain_s: f64 = 30.0, 0 ..= 86400, "s", "Drain time", "비우기 시간", "머신이 사라지거나 다시 시작하기 전에 하던 작업을 마칠 수 있는 최대 시간입니다.";
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
    kind: Kind::Workers,
    id: "workers",
    category: Category::Compute,
    label: Text::new("Workers", "작업자"),
    tagline: Text::new("Pull jobs from a queue at their own pace", "큐에서 자기 속도로 작업을 가져옵니다"),
    help: Text::new(
        "Wired behind a queue, each machine pulls a message for every free worker (and some ahead, if told to), works on it, uses the data that is wired behind as a web tier does, and deletes it. Nobody waits for the answer, so workers may be few, slow or down: the queue only grows. A process that crashes at the end of its work tells nobody; its message comes back when the visibility timeout is over. Machines can be added, drained, resized, fail by themselves and run another release, as those of a web tier. One worker does one job at a time, and waits along while the data is slow. Leaves out: order of jobs, batches, the time a crashed process takes to start again. Checked against the fluid law of a backlog, the M/M/c queue and the count of deliveries under a visibility timeout; catalogue rows DRAIN*, SQS*, DLQ*.",
        "큐 뒤에 연결하면, 머신마다 빈 작업자 수만큼(설정하면 그 이상 미리) 메시지를 가져와 처리하고, 웹 계층처럼 뒤에 연결된 데이터를 쓴 다음 지웁니다. 아무도 답을 기다리지 않으므로 작업자가 적거나 느리거나 멈춰 있어도 큐가 길어질 뿐입니다. 일을 마칠 무렵 죽은 프로세스는 아무에게도 알리지 못하며, 그 메시지는 가시성 시간 초과 뒤에 돌아옵니다. 웹 계층과 같이 머신을 늘리고 비우고 크기를 바꿀 수 있고, 저절로 고장 나거나 다른 릴리스를 실행할 수 있습니다. 작업자 하나는 한 번에 작업 하나를 하며, 데이터가 느리면 함께 기다립니다. 빠진 것: 작업 순서, 일괄 처리, 죽은 프로세스가 다시 뜨는 시간. 적체의 유체 법칙, M/M/c 큐, 가시성 시간 초과에서의 전달 횟수로 검증합니다. 카탈로그 DRAIN*, SQS*, DLQ*.",
    ),
    calls: &[Kind::Cache, Kind::Relational, Kind::Sharded, Kind::Nosql, Kind::ObjectStore, Kind::Queue],
    metrics: METRICS,
    main_metric: "utilization",
    parts: Some(PartsSpec { noun: Text::new("instance", "인스턴스"), extra: Some(RELEASE) }),
    verbs: &[Verb::Kill, Verb::Revive, Verb::Slow, Verb::Scale, Verb::Resize, Verb::Deploy, Verb::RollBack],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "instances_ready",
        Unit::Count,
        Text::new("Machines at work", "동작하는 머신"),
        Text::new("Machines that pull and work now.", "지금 작업을 가져와 처리하는 머신 수입니다."),
    ),
    metric(
        "crashes_rps",
        Unit::Rate,
        Text::new("Crashes", "프로세스 중단"),
        Text::new(
            "Attempts per second that ended in a crash; their messages come back later.",
            "초당 프로세스가 죽으며 끝난 시도 수. 그 메시지는 나중에 다시 옵니다.",
        ),
    ),
];

/// Where a job stands, before the phases of the way to the data.
mod phase {
    pub const OWN_WORK: u8 = 0;
    pub const NEXT_QUEUE: u8 = 1;
}

/// Workers while they run.
#[derive(Clone, Debug)]
pub struct State {
    fleet: Fleet,
    work: Work,
    stream: Stream,
    data: DataPath,
    queues: Vec<(u16, f64)>,
    crash_share: f64,
    write_share: f64,
    prefetch: u32,
    /// Wires that jobs come over.
    sources: Vec<u16>,
    /// The fleet's epoch, and each part's places, as the queues were told.
    told: Option<u64>,
    places: Vec<u32>,
    crashes: u64,
    window_crashes: u64,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &WorkersParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let settings = Settings {
            instances: params.instances,
            workers: params.workers,
            queue_limit: None,
            sharing: false,
            leavable: false,
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
        Self {
            fleet: Fleet::new(settings, core.seed, node, core.now),
            work: Work::of_one(core.seed, node, &params.service),
            stream: Stream::new(core.seed, node, "jobs"),
            data: DataPath::new(wiring),
            queues: wiring.cumulative(wiring.to(&[Kind::Queue]).collect::<Vec<_>>().into_iter()),
            crash_share: params.crash_share,
            write_share: params.write_share,
            prefetch: params.prefetch,
            sources: Vec::new(),
            told: None,
            places: Vec::new(),
            crashes: 0,
            window_crashes: 0,
        }
    }

    /// Tells the queues how many messages each machine wants, where that has changed.
    fn pull(&mut self, core: &mut Core) {
        if self.told == Some(self.fleet.epoch()) {
            return;
        }
        self.told = Some(self.fleet.epoch());
        self.fleet.take_stopped();
        self.places.resize(self.fleet.len(), 0);
        for part in 0..self.fleet.len() {
            let places = self.fleet.open_workers(part).saturating_mul(self.prefetch);
            if std::mem::replace(&mut self.places[part], places) != places {
                for wire in &self.sources {
                    let queue = core.wires[*wire as usize].from;
                    core.command(queue, Command::Pull { wire: *wire, part: part as u16, places });
                }
            }
        }
    }

    /// The job is over: the worker is free, and the queue is told.
    fn finish(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome) {
        let part = core.calls[id].part as usize;
        self.fleet.free_worker(core, &mut self.work, part);
        core.reply(id, outcome);
        self.fleet.left(core, me, part);
        self.pull(core);
    }

    fn step(&mut self, core: &mut Core, me: NodeIdx, id: u32, step: Step) {
        match step {
            Step::Asked => {}
            // Done here: the next stage, if there is one.
            Step::Over(outcome) if outcome.is_ok() && !self.queues.is_empty() => {
                let wire = pick(&self.queues, self.stream.unit());
                DataPath::ask(core, id, wire, Op::Job, phase::NEXT_QUEUE);
            }
            Step::Over(outcome) => self.finish(core, me, id, outcome),
        }
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        let feeds = |from: NodeIdx| core.kinds[from as usize] == Kind::Queue;
        let wires = (0u16..).zip(&core.wires).filter(|(_, w)| w.to == me && feeds(w.from));
        self.sources = wires.map(|(wire, _)| wire).collect();
        self.fleet.begin(core, me);
        self.pull(core);
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        let part = core.calls[id].part as usize;
        if let Err(reason) = self.fleet.enter(core, &mut self.work, part, id) {
            core.fail(id, reason);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        core.calls[id].phase = phase::OWN_WORK;
        let part = core.calls[id].part as usize;
        if self.crash_share > 0.0 && self.stream.chance(self.crash_share) {
            self.crashes += 1;
            self.window_crashes += 1;
            return self.finish(core, me, id, Outcome::failed(Reason::Crashed));
        }
        if self.fleet.release_fails(part) {
            return self.finish(core, me, id, Outcome::failed(Reason::BadRelease));
        }
        let writes =
            !self.data.is_empty() && (self.write_share >= 1.0 || self.stream.chance(self.write_share));
        let op = if writes { Op::Write } else { Op::Read };
        let step = self.data.go(core, id, op);
        self.step(core, me, id, step);
    }

    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return;
        }
        if core.calls[parent].phase == phase::NEXT_QUEUE {
            return self.finish(core, me, parent, reply.outcome);
        }
        // What the job wanted of its data is what it asked the store; a look-up or an invalidation tells by its kind.
        let op = match reply.op {
            Op::Write | Op::Delete => Op::Write,
            _ => Op::Read,
        };
        let step = self.data.answered(core, parent, op, &reply);
        self.step(core, me, parent, step);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        self.fleet.timer(core, me, seq, tag, arg);
        self.pull(core);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        self.fleet.act(core, me, action);
        self.pull(core);
    }

    fn command(&mut self, core: &mut Core, me: NodeIdx, command: Command) {
        self.fleet.command(core, me, command);
        self.pull(core);
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        out.push(self.fleet.ready() as f32);
        out.push((self.window_crashes as f64 / window_s) as f32);
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        self.fleet.part_values(core, window_s, out)
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        self.fleet.window_utilization(core)
    }

    fn end_window(&mut self, core: &mut Core) {
        self.fleet.end_window(core.now);
        self.window_crashes = 0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        self.fleet.parts()
    }

    fn queued(&self) -> u64 {
        self.fleet.queued()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        self.fleet.memory(memory);
        if self.crash_share > 0.0 {
            memory.forbid(Never::Crashes);
        }
    }

    fn tallies(&mut self, t: &mut Tallies) {
        self.fleet.tallies(t);
        t.count(&mut self.crashes);
    }

    fn restart(&mut self, core: &mut Core) {
        self.fleet.restart(core.now);
        self.crashes = 0;
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
        map.insert("crashes".to_owned(), json!(self.crashes));
        map
    }
}
