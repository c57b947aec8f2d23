//! A fleet: machines of one tier, alike, that come and go while it runs.
//!
//! An instance boots before it serves, and drains before it goes: it gets no more calls and finishes what it has. The same
//! way leads through a restart, for a bigger machine or another release. Machines may fail by themselves and be repaired.
//!
//! A machine of size N has N times the workers, each slower by 1 + α(N − 1) + βN(N − 1), so that capacity follows the
//! Universal Scalability Law N / (1 + α(N − 1) + βN(N − 1)) (Gunther 1993).

mod life;
mod release;
#[cfg(test)]
mod tests;

pub use life::usl_slowdown;
pub use release::{Plan, Release, Strategy};

use super::core::{Command, Core, NodeIdx, Observation};
use super::detail::{Memory, Never};
use super::machines;
use super::station::{Admission, Station, Work};
use super::tally::Tallies;
use crate::kinds::{MetricSpec, Unit, Verb};
use crate::messages::{PartNow, PartState, What};
use crate::params::choice;
use crate::reason::Reason;
use crate::text::Text;
use crate::verbs::Action;
use headroom_engine::{Level, SimTime, Stream};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

choice! {
    /// A machine's place on the ladder of sizes.
    pub enum Size {
        /// One step.
        X1 = "x1", "×1", "×1", "가장 작은 머신입니다.";
        /// Twice the cores.
        X2 = "x2", "×2", "×2", "코어가 두 배입니다.";
        /// Four times the cores.
        X4 = "x4", "×4", "×4", "코어가 네 배입니다.";
        /// Eight times the cores.
        X8 = "x8", "×8", "×8", "코어가 여덟 배입니다.";
        /// Sixteen times the cores.
        X16 = "x16", "×16", "×16", "코어가 16배입니다.";
        /// 32 times the cores.
        X32 = "x32", "×32", "×32", "코어가 32배입니다.";
        /// 48 times the cores.
        X48 = "x48", "×48", "×48", "코어가 48배입니다.";
        /// 64 times the cores.
        X64 = "x64", "×64", "×64", "코어가 64배입니다.";
        /// 96 times the cores: the ladder ends here.
        X96 = "x96", "×96", "×96", "코어가 96배입니다. 사다리는 여기서 끝납니다.";
    }
}

impl Size {
    /// Times the cores of the smallest.
    pub fn times(self) -> u32 {
        match self {
            Size::X1 => 1,
            Size::X2 => 2,
            Size::X4 => 4,
            Size::X8 => 8,
            Size::X16 => 16,
            Size::X32 => 32,
            Size::X48 => 48,
            Size::X64 => 64,
            Size::X96 => 96,
        }
    }
}

/// The extra number of a fleet's parts.
pub const RELEASE: MetricSpec = MetricSpec {
    id: "release",
    label: Text::new("Release", "릴리스"),
    unit: Unit::Count,
    help: Text::new(
        "Number of the release that this machine runs, from 1.",
        "이 머신이 실행하는 릴리스의 번호(1부터)입니다.",
    ),
};

/// What a fleet is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Instances at the start.
    pub instances: u32,
    /// Workers of a machine of the smallest size.
    pub workers: u32,
    /// Longest queue of one.
    pub queue_limit: Option<u32>,
    /// All calls share the cores at once.
    pub sharing: bool,
    /// Calls may leave the queue.
    pub leavable: bool,
    /// Size of the machines.
    pub size: Size,
    /// α: share of the work that only one core at a time can do.
    pub contention: f64,
    /// β: cost of keeping two cores consistent.
    pub coherency: f64,
    /// Time from the order of an instance to its first call [s].
    pub boot_s: f64,
    /// Longest time that an instance is given to finish what it has [s].
    pub drain_s: f64,
    /// Time that a machine is away for a restart [s].
    pub restart_s: f64,
    /// Mean time to failure of an instance [h].
    pub mttf_h: Option<f64>,
    /// Mean time to repair [h].
    pub mttr_h: f64,
    /// Instances that can be repaired at once.
    pub crews: Option<u32>,
    /// Instances that the service needs to be up.
    pub needed: u32,
}

/// What an instance is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Serves, unless it is dead.
    Running,
    /// Starts.
    Booting,
    /// Finishes what it has, then goes or restarts.
    Draining {
        /// Comes back.
        restart: bool,
    },
    /// Away for a restart.
    Restarting,
    /// Up, and gets no calls before the others of its release are.
    Standby,
    /// Not there. Its place may be used again.
    Gone,
}

/// A machine of a fleet beside its station.
#[derive(Clone, Debug)]
struct Instance {
    stage: Stage,
    /// Number of the event that ends the stage.
    due: u64,
    /// Number of the event of its next failure, or of its repair.
    fault_due: u64,
    /// Failed by itself: waits for repair or is being repaired.
    broken: bool,
    /// Calls inside.
    inside: u32,
    /// Factor on service times, by hand.
    slowed: f64,
    size: Size,
    release: Release,
    /// What it will have when it is up again.
    coming: (Size, Release),
}

/// Counts since measuring began.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    booted: u64,
    drained: u64,
    faults: u64,
}

/// Machines of one tier.
#[derive(Clone, Debug)]
pub struct Fleet {
    set: Settings,
    stations: Vec<Station>,
    instances: Vec<Instance>,
    /// Parts that are there to be called, dead or not: neither booting nor draining.
    listed: Vec<u16>,
    wanted: u32,
    /// The size and release that new machines get.
    size: Size,
    release: Release,
    /// What ran before, for a roll-back.
    former: Option<Release>,
    /// How the last release was deployed.
    plan: Plan,
    rollout: Option<release::Rollout>,
    luck: Stream,
    faults: Stream,
    in_repair: u32,
    repairs: VecDeque<u16>,
    /// 1 while fewer instances work than the service needs.
    short: Level,
    /// Instances that work.
    working: Level,
    counts: Counts,
    /// Changes so far: who keeps a list of the parts looks at it again when this differs.
    epoch: u64,
    /// Parts that were stopped since someone asked.
    stopped: Vec<u16>,
}

impl Fleet {
    /// All instances at work.
    pub fn new(set: Settings, seed: u64, node: &str, now: SimTime) -> Self {
        let n = set.instances;
        let (size, release) = (set.size, Release::default());
        let mut fleet = Self {
            stations: Vec::new(),
            instances: Vec::new(),
            listed: (0..n as u16).collect(),
            wanted: n,
            size,
            release,
            former: None,
            plan: Plan { strategy: Strategy::Rolling, batch: 1, canary_share: 0.0, bake_s: 0.0 },
            rollout: None,
            luck: Stream::new(seed, node, "release"),
            faults: Stream::new(seed, node, "faults"),
            in_repair: 0,
            repairs: VecDeque::new(),
            short: Level::new(),
            working: Level::new(),
            counts: Counts::default(),
            epoch: 0,
            stopped: Vec::new(),
            set,
        };
        for _ in 0..n {
            fleet.push_machine(now);
            let i = fleet.instances.len() - 1;
            fleet.instances[i].stage = Stage::Running;
            fleet.fit_out(now, i);
        }
        fleet
    }

    /// Instances that there are or were.
    pub fn len(&self) -> usize {
        self.stations.len()
    }

    /// Whether there never was an instance.
    pub fn is_empty(&self) -> bool {
        self.stations.is_empty()
    }

    /// Changes so far of who serves.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Parts that were stopped since this was last asked: what they were at is lost.
    pub fn take_stopped(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.stopped)
    }

    /// The station of a part.
    pub fn station(&mut self, part: usize) -> &mut Station {
        &mut self.stations[part]
    }

    /// Workers of a part that would take a call now; none when it is dead or not wanted to.
    pub fn open_workers(&self, part: usize) -> u32 {
        match self.instances[part].stage {
            Stage::Running if self.stations[part].up => self.stations[part].servers,
            _ => 0,
        }
    }

    /// A part for a call that names none, by lot among those that are there, dead or not.
    pub fn pick(&self, stream: &mut Stream) -> Option<u16> {
        match self.listed.as_slice() {
            [] => None,
            listed => Some(listed[stream.below(listed.len() as u32) as usize]),
        }
    }

    /// A call comes to a part.
    ///
    /// # Errors
    /// Why it is refused.
    #[inline(always)]
    pub fn enter(
        &mut self,
        core: &mut Core,
        work: &mut Work,
        part: usize,
        id: u32,
    ) -> Result<Admission, Reason> {
        let Some(station) = self.stations.get_mut(part).filter(|s| s.up) else {
            return Err(Reason::Refused);
        };
        match station.enter(core, work, id) {
            Admission::Full => Err(Reason::QueueFull),
            admission => {
                self.instances[part].inside += 1;
                Ok(admission)
            }
        }
    }

    /// A call that is inside a part joins its queue once more.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn enter_again(
        &mut self,
        core: &mut Core,
        work: &mut Work,
        part: usize,
        id: u32,
    ) -> Result<Admission, Reason> {
        match self.stations[part].enter(core, work, id) {
            Admission::Full => Err(Reason::QueueFull),
            admission => Ok(admission),
        }
    }

    /// A worker of a part is free.
    #[inline]
    pub fn free_worker(&mut self, core: &mut Core, work: &mut Work, part: usize) {
        self.stations[part].leave(core, work);
    }

    /// A call has left a part: it was answered.
    #[inline]
    pub fn left(&mut self, core: &mut Core, me: NodeIdx, part: usize) {
        let instance = &mut self.instances[part];
        instance.inside -= 1;
        if instance.inside == 0 && matches!(instance.stage, Stage::Draining { .. }) {
            self.drained(core, me, part);
        }
    }

    /// Instances that work.
    pub fn ready(&self) -> u32 {
        self.working.level() as u32
    }

    /// Instances that boot or restart.
    pub fn booting(&self) -> u32 {
        let coming = |i: &&Instance| matches!(i.stage, Stage::Booting | Stage::Restarting);
        self.instances.iter().filter(coming).count() as u32
    }

    /// Instances that work or are on their way.
    pub fn wanted(&self) -> u32 {
        self.ready() + self.booting()
    }

    /// Share of worker time that was busy in the present window.
    pub fn window_utilization(&self, core: &Core) -> f64 {
        let (busy, there) = self.stations.iter().fold((0, 0), |(b, t), s| {
            let (busy, there) = s.window_effort_ns(core.now);
            (b + busy, t + there)
        });
        if there == 0 { f64::NAN } else { busy as f64 / there as f64 }
    }

    /// Busy worker time, worker time and integral of the queue length [ns].
    pub fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.stations.iter())
    }

    /// Calls that wait for a worker.
    pub fn queued(&self) -> u64 {
        self.stations.iter().map(|s| u64::from(s.queue())).sum()
    }

    /// Parts up to the last one that is there.
    fn shown(&self) -> usize {
        self.instances.iter().rposition(|i| i.stage != Stage::Gone).map_or(1, |last| last + 1)
    }

    /// Appends the values of each part in the present window.
    pub fn part_values(&self, core: &Core, window_s: f64, out: &mut Vec<f32>) -> u16 {
        let shown = self.shown();
        for (station, instance) in self.stations.iter().zip(&self.instances).take(shown) {
            machines::push_values(core, station, f64::from(instance.release.number), window_s, out);
        }
        shown as u16
    }

    /// The parts now.
    pub fn parts(&self) -> Vec<PartNow> {
        let state = |s: &Station, i: &Instance| match i.stage {
            Stage::Running if !s.up => PartState::Down,
            Stage::Running if i.slowed * i.release.slowdown > 1.0 => PartState::Slow,
            Stage::Running => PartState::Up,
            Stage::Booting | Stage::Restarting | Stage::Standby => PartState::Recovering,
            Stage::Draining { .. } => PartState::Draining,
            Stage::Gone => PartState::Gone,
        };
        self.stations
            .iter()
            .zip(&self.instances)
            .take(self.shown())
            .map(|(s, i)| machines::part_now(s, state(s, i), f64::from(i.release.number)))
            .collect()
    }

    /// The window is over.
    pub fn end_window(&mut self, now: SimTime) {
        for station in &mut self.stations {
            station.end_window(now);
        }
    }

    /// The warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        for station in &mut self.stations {
            station.restart(now);
        }
        self.short.restart(now);
        self.working.restart(now);
        self.counts = Counts::default();
    }

    /// Tells how the past acts on the fleet.
    pub fn memory(&self, memory: &mut Memory) {
        let at_rest = |i: &Instance| matches!(i.stage, Stage::Running | Stage::Gone);
        memory.is_busy |= self.rollout.is_some() || !self.instances.iter().all(at_rest);
        if self.set.mttf_h.is_some() {
            memory.forbid(Never::Faults);
        }
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        t.level(&mut self.short);
        t.level(&mut self.working);
        t.counts([&mut self.counts.booted, &mut self.counts.drained, &mut self.counts.faults]);
        for (i, station) in self.stations.iter_mut().enumerate() {
            t.part(0, i);
            station.tallies(t);
        }
    }

    /// Lines of the summary.
    pub fn summary(&self, core: &Core, map: &mut Map<String, Value>) {
        let mean = |level: &Level| json!(level.mean_over(core.now, core.span_ns()));
        map.insert("instances_mean".to_owned(), mean(&self.working));
        map.insert("instances_peak".to_owned(), json!(self.working.max()));
        map.insert("instances".to_owned(), json!(self.ready()));
        map.insert("booted".to_owned(), json!(self.counts.booted));
        map.insert("drained".to_owned(), json!(self.counts.drained));
        map.insert("faults".to_owned(), json!(self.counts.faults));
        map.insert("unavailability".to_owned(), mean(&self.short));
        map.insert("release".to_owned(), json!(self.release.number));
    }

    /// What can be seen of the fleet's node from outside.
    pub fn observation(&self, core: &Core, me: NodeIdx) -> Observation {
        let (busy_ns, capacity_ns, _) = self.effort_ns(core);
        Observation {
            ready: self.ready(),
            wanted: self.wanted(),
            ..core.meters[me as usize].observation(core.now, busy_ns, capacity_ns, self.queued())
        }
    }

    /// Someone does something to the fleet's node.
    pub fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::Scale => {
                let n = action.arg("instances");
                core.happen(me, None, What::Did(Verb::Scale, n));
                return self.set_instances(core, me, n as u32);
            }
            Verb::Resize => {
                let at = action.arg("size");
                core.happen(me, action.part, What::Did(Verb::Resize, at));
                return self.resize(core, me, action.part, Size::ALL[at as usize]);
            }
            Verb::Deploy => {
                let strategy = Strategy::ALL[action.arg("strategy") as usize];
                let plan = Plan {
                    strategy,
                    batch: action.arg("batch") as u32,
                    canary_share: action.arg("canary_share"),
                    bake_s: action.arg("bake_s"),
                };
                return self.deploy(core, me, plan, action.arg("error_share"), action.arg("slowdown"));
            }
            Verb::RollBack => return self.roll_back(core, me),
            _ => {}
        }
        for part in machines::chosen(action.part, self.len()) {
            let what = match action.verb {
                Verb::Kill => self.kill(core, me, part).then_some(What::Killed),
                Verb::Revive => self.revive(core, me, part).then_some(What::Revived),
                Verb::Slow => {
                    self.slow(part, action.arg("factor"));
                    Some(What::Slowed(action.arg("factor")))
                }
                _ => None,
            };
            if let Some(what) = what {
                core.happen(me, Some(part as u32), what);
            }
        }
    }

    /// Someone else tells the fleet to do something.
    pub fn command(&mut self, core: &mut Core, me: NodeIdx, command: Command) {
        match command {
            Command::SetInstances(n) => self.set_instances(core, me, n),
            Command::RollBack => self.roll_back(core, me),
            Command::Pull { .. } => {}
        }
    }
}
