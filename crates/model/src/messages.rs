//! What the page and the worker say to each other: closed enums, carried as postcard in transferred buffers.

use crate::faults::Fault;
use crate::notes::Note;
use crate::reason::REASONS;
use crate::sim::trace::{Trace, Traces};
use crate::text::Text;
use crate::verbs::{Tone, Verb};
use crate::why::Why;
use serde::{Deserialize, Serialize};

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Run this design from time 0. `run` is a number of the page's choice that comes back in every answer, so that
    /// answers about an older run can be told apart.
    Load {
        /// Number of the run.
        run: u32,
        /// The design file.
        design: String,
        /// Play at once; otherwise stand at time 0.
        play: bool,
    },
    /// Run this design from time 0 to its end as fast as it goes. Nobody will go back in it, so that no copies are kept to
    /// go back to.
    RunThrough {
        /// Number of the run.
        run: u32,
        /// The design file.
        design: String,
    },
    /// The design was edited: run the new one. With `keep_time` the run is replayed from 0, as fast as it goes, to the
    /// moment that the old one had reached; otherwise it starts again at 0. Playing or paused stays as it was.
    Edit {
        /// Number of the new run.
        run: u32,
        /// The design file.
        design: String,
        /// Replay to the present moment.
        keep_time: bool,
    },
    /// Go on: play, or end the replay that a pause broke off and then play.
    Play,
    /// Stand still at once, also in the midst of a replay, which the next [`ToWorker::Play`] takes up again.
    Pause,
    /// Advance by this much simulated time [ns], then stand still.
    Step(u64),
    /// Simulated seconds per second of wall time.
    SetSpeed(Speed),
    /// Start again at 0 with the same design and seed.
    Restart {
        /// Number of the new run.
        run: u32,
    },
    /// Go to this moment [ns] as fast as it goes, then stand still; back in time is a replay from 0.
    Seek(u64),
    /// Do this now: an entry of a timeline as JSON, whose `at_s` is ignored. Answered by [`FromWorker::Acted`].
    Act(String),
    /// The page has taken the snapshot with this number; the next may be sent.
    Seen(u32),
    /// Snapshots are to bring about so many followed requests for each second of wall time while it plays, to be shown
    /// moving; 0 for none, as where nothing may move or nobody looks.
    Film(u16),
    /// Tell what is known of single requests. Answered by [`FromWorker::Traces`].
    Traces,
    /// Tell why it is as it is: slow, failing, dear. Answered by [`FromWorker::Why`], if a design is loaded.
    Why,
    /// Tell what was measured so far. Answered by [`FromWorker::Summary`], if a design is loaded.
    Summarize,
}

/// How fast simulated time runs against wall time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Speed {
    /// Simulated seconds per second of wall time.
    Times(f64),
    /// As fast as it goes.
    Max,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker listens. Messages sent earlier are lost.
    Ready {
        /// Build stamp of the worker's code, to be compared with the page's.
        build: String,
    },
    /// A design is loaded and stands at time 0.
    Loaded {
        /// Number of the run.
        run: u32,
        /// What the numbers of its snapshots stand for.
        shape: Shape,
    },
    /// A design has faults; the former run goes on.
    Rejected {
        /// Number of the run that was asked for.
        run: u32,
        /// All faults.
        faults: Vec<Fault>,
    },
    /// An action by hand was done.
    Acted {
        /// Number of the run.
        run: u32,
        /// The timeline entry, as JSON, that makes the same happen at the same moment when the design is run again.
        entry: String,
    },
    /// An action by hand could not be done.
    NotActed {
        /// Number of the run.
        run: u32,
        /// Why not.
        reason: String,
    },
    /// Single requests, followed on their way.
    Traces {
        /// Number of the run.
        run: u32,
        /// The moment [ns].
        now_ns: u64,
        /// What is known of them.
        traces: Box<Traces>,
    },
    /// Why it is as it is.
    Why {
        /// Number of the run.
        run: u32,
        /// The moment [ns].
        now_ns: u64,
        /// The reasons.
        why: Box<Why>,
    },
    /// The state of the run.
    Snapshot(Box<Snapshot>),
    /// What was measured so far.
    Summary {
        /// Number of the run.
        run: u32,
        /// The summary as JSON, see [`crate::summary::summarize`]: as `headroom run --json` prints it of a run that ends here.
        summary: String,
    },
}

/// What the numbers of a run's snapshots stand for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Length of a window [s].
    pub window_s: f64,
    /// End of the run [s].
    pub until_s: f64,
    /// Ids of the nodes, in the design's order; a node's values follow [`crate::kinds::KindSpec::all_metrics`].
    pub nodes: Vec<String>,
    /// Number of wires, in the design's order.
    pub wires: u32,
}

/// What the run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RunState {
    /// Stands still.
    #[default]
    Paused,
    /// Goes on.
    Playing,
    /// Replays, as fast as it goes, to the moment where it was or was sent.
    CatchingUp,
    /// Has reached its end.
    Finished,
}

/// The state of a run at a moment, and the windows completed since the last snapshot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the run.
    pub run: u32,
    /// Number of the snapshot, to be acknowledged by [`ToWorker::Seen`].
    pub seq: u32,
    /// What the run is doing.
    pub state: RunState,
    /// Present moment [ns].
    pub now_ns: u64,
    /// Simulated seconds per second of wall time, as reached of late.
    pub speed_reached: f64,
    /// Events of the simulator so far.
    pub events: u64,
    /// Events per second of wall time, as reached of late.
    pub events_per_s: f64,
    /// Hash of every event so far: equal for equal runs.
    pub hash: u64,
    /// Requests of all users so far.
    pub totals: Totals,
    /// Number of the first of `windows`, from 0. With 0 the page forgets the windows it had.
    pub first_window: u32,
    /// Windows completed since the last snapshot.
    pub windows: Vec<Window>,
    /// Every node now, in the design's order.
    pub nodes: Vec<NodeNow>,
    /// What happened since the last snapshot, by itself or by an action.
    pub happenings: Vec<Happening>,
    /// Followed requests to be shown moving, if they are [wanted](ToWorker::Film).
    pub film: Option<Box<Film>>,
}

/// Followed requests that are shown moving: a true sample of those that are simulated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Film {
    /// Share of requests that are shown just now; all are as likely.
    pub share: f64,
    /// Those that have ended since the last snapshot, or the latest of all if `latest` says so.
    pub ended: Vec<Trace>,
    /// The run was just loaded, or has gone to this moment: `ended` are the latest, whatever was told before.
    pub latest: bool,
    /// It goes so slowly that requests can be watched on their way: those in `under_way` are all that are shown.
    pub slow: bool,
    /// Those under way, as far as they have come.
    pub under_way: Vec<Trace>,
}

/// Requests of all users: `arrived = completed + failed + in flight` at every moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Requests sent by users.
    pub arrived: u64,
    /// Answered with success.
    pub completed: u64,
    /// Failed, by reason, in the order of [`crate::reason::Reason::ALL`].
    pub failed: [u64; REASONS],
    /// Neither yet.
    pub in_flight: u64,
}

/// One window of all series. Values that have no meaning in the window (a percentile of no answers) are NaN.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// End of the window [s].
    pub end_s: f64,
    /// Share of it that was simulated: 1, or less with sampled detail. With 0 its values are those of the window before.
    pub simulated: f32,
    /// All users together: see [`world`] for the positions.
    pub world: Vec<f32>,
    /// Values of the nodes one after the other, each as long as its kind has metrics.
    pub nodes: Vec<f32>,
    /// Number of parts of each node.
    pub part_counts: Vec<u16>,
    /// Values of the parts one after the other, [`part::COUNT`] each.
    pub parts: Vec<f32>,
    /// Requests per second on each wire.
    pub wires: Vec<f32>,
    /// Calls per second on each wire that failed or were given up, each attempt counted.
    pub wire_failures: Vec<f32>,
    /// Values of the wires that do more than carry ([`crate::design::WireParams::is_guarded`]), in the design's order,
    /// [`wire::COUNT`] each.
    pub guards: Vec<f32>,
    /// Busy share of the cores of each machine that is a place, in the design's order.
    pub machines: Vec<f32>,
}

/// Stretches of windows that were not simulated as a whole, with the beginning and end of each [s].
pub fn estimated(windows: &[Window]) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let mut start = 0.0;
    for window in windows {
        if window.simulated < 1.0 {
            match stretches.last_mut() {
                Some(last) if last.1 == start => last.1 = window.end_s,
                _ => stretches.push((start, window.end_s)),
            }
        }
        start = window.end_s;
    }
    stretches
}

/// Positions in [`Window::world`].
pub mod world {
    #![allow(missing_docs)]
    pub const OFFERED_RPS: usize = 0;
    pub const SERVED_RPS: usize = 1;
    pub const FAILED_RPS: usize = 2;
    pub const P50_S: usize = 3;
    pub const P95_S: usize = 4;
    pub const P99_S: usize = 5;
    pub const IN_FLIGHT: usize = 6;
    pub const COST_USD_H: usize = 7;
    pub const P90_S: usize = 8;
    pub const P999_S: usize = 9;
    pub const COUNT: usize = 10;
    /// Their names in files of series.
    pub const NAMES: [&str; COUNT] = [
        "offered_rps",
        "served_rps",
        "failed_rps",
        "p50_s",
        "p95_s",
        "p99_s",
        "in_flight",
        "cost_usd_h",
        "p90_s",
        "p999_s",
    ];
}

/// Positions in the values of a wire that does more than carry.
pub mod wire {
    #![allow(missing_docs)]
    pub const CALLS_RPS: usize = 0;
    pub const FAILED_RPS: usize = 1;
    pub const RETRIES_RPS: usize = 2;
    pub const HEDGES_RPS: usize = 3;
    pub const TIMEOUTS_RPS: usize = 4;
    pub const REFUSED_OPEN_RPS: usize = 5;
    pub const REFUSED_RATE_RPS: usize = 6;
    /// Share of calling parts whose circuit breaker is not closed.
    pub const OPEN_SHARE: usize = 7;
    /// Share of time that the link was sending; NaN without a bandwidth.
    pub const LINK_UTILIZATION: usize = 8;
    pub const COUNT: usize = 9;
}

/// Positions in a part's values.
pub mod part {
    #![allow(missing_docs)]
    pub const ARRIVALS_RPS: usize = 0;
    pub const UTILIZATION: usize = 1;
    pub const QUEUE: usize = 2;
    /// The extra number of the kind, see [`crate::kinds::PartsSpec::extra`]; 0 where there is none.
    pub const EXTRA: usize = 3;
    pub const COUNT: usize = 4;
    /// Their names in files of series.
    pub const NAMES: [&str; COUNT] = ["arrivals_rps", "utilization", "queue", "extra"];
}

/// A node at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeNow {
    /// Requests inside.
    pub in_system: u32,
    /// Its parts.
    pub parts: Vec<PartNow>,
}

/// A part at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartNow {
    /// How it is.
    pub state: PartState,
    /// Busy workers.
    pub busy: u32,
    /// Workers.
    pub servers: u32,
    /// Requests waiting.
    pub queue: u32,
    /// Limit of the queue; `u32::MAX` means none.
    pub queue_limit: u32,
    /// The extra number of the kind, see [`crate::kinds::PartsSpec::extra`].
    pub extra: f32,
}

/// How a part is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartState {
    /// Works.
    #[default]
    Up,
    /// Works, more slowly than it should.
    Slow,
    /// Dead.
    Down,
    /// Back, and not yet serving: catching up or being promoted.
    Recovering,
    /// Works as the primary.
    Primary,
    /// Gets nothing new and finishes what it has.
    Draining,
    /// Not there any more, or not yet.
    Gone,
}

/// Something that happened, by an action or by itself: a mark on the charts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Happening {
    /// When [ns].
    pub at_ns: u64,
    /// Position of the node in the design.
    pub node: u32,
    /// Its part, if one.
    pub part: Option<u32>,
    /// What.
    pub what: What,
}

/// The node of what happened to no node in particular.
pub const NO_NODE: u32 = u32::MAX;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// Stopped by an action.
    Killed,
    /// Started again by an action.
    Revived,
    /// Service times multiplied by an action; 1 is normal again.
    Slowed(f64),
    /// Emptied by an action.
    Flushed,
    /// An item became famous, with this share of requests; 0 ends it.
    WentViral(f64),
    /// A shard was added and this share of the items moved.
    ShardAdded(f64),
    /// The balancer took a server out.
    TakenOut,
    /// The balancer put a server back.
    PutBack,
    /// The primary's death was noticed.
    DeathNoticed,
    /// A replica became primary; so many acknowledged writes are lost.
    Promoted {
        /// Acknowledged writes that the new primary never received.
        lost_writes: u64,
    },
    /// A replica has caught up and serves.
    CaughtUp,
    /// Something that needs no numbers to be told.
    Noted(Note),
    /// A circuit breaker opened on the way to this node (by position in the design).
    CircuitOpened {
        /// Called node.
        to: u32,
    },
    /// All circuit breakers on the way to this node are closed again.
    CircuitClosed {
        /// Called node.
        to: u32,
    },
    /// The simulator reached its limit of calls in flight.
    SimulatorFull,
    /// Something else happened by itself, or was done by another node.
    Told(News),
    /// Something was done to a place, or to two, by an action; the happening's node is [`NO_NODE`].
    Place {
        /// What.
        verb: Verb,
        /// Position of the place in the design.
        place: u16,
        /// The other place, if two were meant.
        to: Option<u16>,
    },
    /// Something else was done by an action: the verb, and its first argument (0 where it has none).
    Did(Verb, f64),
}

impl What {
    /// The verb that was done and its first argument, where it was an action that the verb's own words describe.
    pub fn verb(self) -> Option<(Verb, Option<f64>)> {
        match self {
            What::Killed => Some((Verb::Kill, None)),
            What::Revived => Some((Verb::Revive, None)),
            What::Slowed(factor) => Some((Verb::Slow, Some(factor))),
            What::Flushed => Some((Verb::Flush, None)),
            What::WentViral(share) => Some((Verb::GoViral, Some(share))),
            What::Did(verb, value) => Some((verb, Some(value))),
            What::Place { verb, .. } => Some((verb, None)),
            What::ShardAdded(_)
            | What::TakenOut
            | What::PutBack
            | What::DeathNoticed
            | What::Promoted { .. }
            | What::CaughtUp
            | What::Noted(_)
            | What::CircuitOpened { .. }
            | What::CircuitClosed { .. }
            | What::SimulatorFull
            | What::Told(_) => None,
        }
    }
}

/// News of a node, told in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// A machine failed by itself.
    Failed,
    /// A machine that had failed is repaired.
    Repaired,
    /// A release is on its way to the machines.
    DeployBegan(u32),
    /// All machines run this release.
    Deployed(u32),
    /// The machines go back to this release.
    RolledBack(u32),
    /// An autoscaler wants so many instances.
    Scaled(u32),
    /// An alarm fired.
    Alarm,
    /// An alarm is over.
    AlarmOver,
}

impl News {
    /// What is said, with `{target}` and `{n}` to be filled in, and how it is marked.
    pub fn words(self) -> (Text, Tone) {
        match self {
            News::Failed => (Text::new("{target} failed", "{target} 고장"), Tone::Fault),
            News::Repaired => (Text::new("{target} is repaired", "{target} 수리됨"), Tone::Recovery),
            News::DeployBegan(_) => {
                (Text::new("Release {n} goes to {target}", "{target}에 릴리스 {n} 배포 시작"), Tone::Change)
            }
            News::Deployed(_) => {
                (Text::new("{target} runs release {n}", "{target} 모두 릴리스 {n}"), Tone::Recovery)
            }
            News::RolledBack(_) => (
                Text::new("{target} goes back to release {n}", "{target} 릴리스 {n}(으)로 되돌리는 중"),
                Tone::Recovery,
            ),
            News::Scaled(_) => {
                (Text::new("{target}: {n} instances wanted", "{target}: 인스턴스 {n}개 요청"), Tone::Change)
            }
            News::Alarm => (Text::new("Alarm: {target}", "경보: {target}"), Tone::Fault),
            News::AlarmOver => (Text::new("{target}: alarm over", "{target}: 경보 해제"), Tone::Recovery),
        }
    }

    /// The number in it.
    pub fn number(self) -> Option<u32> {
        match self {
            News::DeployBegan(n) | News::Deployed(n) | News::RolledBack(n) | News::Scaled(n) => Some(n),
            News::Failed | News::Repaired | News::Alarm | News::AlarmOver => None,
        }
    }
}
