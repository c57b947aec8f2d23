//! Sampled detail: stretches of a run are simulated request by request, and in between world time goes on without them.
//!
//! There are two clocks. That of what is simulated drives every event, age, timer and queue. World time drives the traffic
//! curve, the timeline, windows and the end of the run. They are one until a stretch was found steady; then world time skips
//! ahead, and caches, queues, pools, sessions, replicas and calls in flight stand as they are. Of a system in a steady state
//! that is what they would look like after the skip: another draw from the same distribution. What is measured in a stretch
//! stands for itself and for half of the skip on either side of it (so that a load that rises or falls is met in its
//! middle). Since the clock of what is simulated never jumps, a run without skips is the exact run, event by event.
//!
//! Nothing is skipped while anything is under way, nor across an action or the end of the warm-up, nor before the past has
//! lost its power: twice the longest time for which it acts must have gone by, in calm, and the later half of it must be
//! steady. After an action, a failure or anything else that happens by itself, all that begins anew.

mod drive;
mod memory;
mod steady;
mod strata;
#[cfg(test)]
mod tests;

pub use self::memory::{Memory, Never, Stock};
use self::steady::{Blocks, Sums};
use self::strata::Strata;
use super::Simulation;
use super::batches::Sureness;
use super::behaviour::Behaviour;
use super::core::NodeIdx;
use super::tally::{Book, Tallies};
use crate::design::{Design, Detail};
use crate::kinds::Kind;
use headroom_engine::{SimTime, ns_from_secs};

/// Requests of all users in a stretch, unless the design says how long it is.
const STRETCH_REQUESTS: f64 = 5_000.0;
/// A stretch is at least so many times as long as the mean time of a request.
const STRETCH_RESPONSES: f64 = 50.0;
/// Share of the run that is skipped at once at most, unless the design says how much.
const SKIP_SHARE: f64 = 0.1;
/// What is skipped is at most so many times as long as the stretch that it goes by.
const SKIP_TIMES: f64 = 99.0;
/// A skip is worth it from this share of the stretch on.
const WORTH: f64 = 0.25;
/// Load may change by this share over a skip: the curve is followed in steps of that size.
pub const LOAD_STEP: f64 = 0.03;
/// After a step of the load, so much of a stretch goes by before it counts.
const SETTLE: f64 = 0.25;
/// A stretch that has become so many times as long as it should be will not be found steady.
const PATIENCE: f64 = 8.0;
/// The past must have acted so many times before the present is without it.
const PASTS: u64 = 2;
/// Length of the first blocks [ns]; they grow.
const BLOCK_NS: u64 = 1_000_000;
/// After a stretch that was steady and then was not, calm must last longer, up to so many times.
const CAUTION_MAX: u64 = 16;

/// What the run of a design with sampled detail is doing.
#[derive(Clone, Debug)]
enum Regime {
    /// Everything is simulated, until calm has lasted and was steady.
    Exact {
        /// The next judgement, in calm time [ns].
        judge_ns: u64,
    },
    /// A skip has changed the load: what is simulated gets used to it.
    Settling {
        /// Until when.
        until: SimTime,
    },
    /// What is simulated will stand for more than itself.
    Stretch {
        /// When it began.
        from: SimTime,
        /// How long it is to be, and when it is judged next [ns].
        wanted_ns: u64,
        judge_ns: u64,
    },
    /// World time goes on alone, for the rest of the skip.
    Skip {
        /// When it began, in world time, and where it ends.
        from: SimTime,
        to: SimTime,
        /// Length of the stretch before [ns].
        stretch_ns: u64,
    },
}

/// How a run with sampled detail went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Account {
    /// World time since measuring began [ns].
    pub span_ns: u64,
    /// How much of it was skipped [ns].
    pub skipped_ns: u64,
    /// Skips.
    pub skips: u64,
    /// Times that something happened by itself after a stretch was found steady.
    pub surprises: u64,
    /// Why nothing may be skipped.
    pub never: Option<Never>,
}

/// Sampled detail while a design runs.
#[derive(Clone, Debug)]
pub(super) struct Sampling {
    stretch_ns: Option<u64>,
    skip_max_ns: u64,
    regime: Regime,
    calm_since: SimTime,
    /// When something last happened that the past before does not explain any more.
    disturbed: SimTime,
    caution: u64,
    /// What has been skipped since then [ns].
    left_ns: u64,
    /// The clock of what is simulated at the next look.
    next_look: SimTime,
    blocks: Option<Blocks>,
    happened: usize,
    /// Moments of actions to come, and the end of the warm-up, in world time [ns].
    acts_at: Vec<u64>,
    warmup_ns: u64,
    /// The next change that was known from the beginning.
    change_ns: u64,
    /// The end of the present window, in world time.
    window_due: u64,
    measured_since: SimTime,
    /// Tallies when the stretch began.
    mark: Book,
    reservoirs: Vec<(u16, u64)>,
    /// What stretches stand for besides themselves; and what the last one stands for unless the next is steady too.
    extra: Book,
    pending: Book,
    pending_ns: u64,
    pending_share: f64,
    strata: Vec<Strata>,
    account: Account,
    /// Length below which what has been going on since was found too short to judge [ns].
    span_ns: u64,
    /// Mean time of a request and time between two of them, in the latest stretch [ns].
    pace_ns: (f64, f64),
}

impl Sampling {
    /// None where the design is run exactly.
    pub fn new(design: &Design) -> Option<Box<Self>> {
        let run = &design.run;
        if run.detail == Detail::Exact {
            return None;
        }
        let mut acts_at: Vec<u64> = design.timeline.iter().map(|e| ns_from_secs(e.at_s)).collect();
        acts_at.sort_unstable();
        Some(Box::new(Self {
            stretch_ns: run.stretch_s.map(ns_from_secs),
            skip_max_ns: ns_from_secs(run.skip_s.unwrap_or(run.until_s * SKIP_SHARE)),
            regime: Regime::Exact { judge_ns: 0 },
            calm_since: SimTime::ZERO,
            disturbed: SimTime::ZERO,
            caution: 1,
            left_ns: 0,
            next_look: SimTime(BLOCK_NS),
            blocks: None,
            happened: 0,
            acts_at,
            warmup_ns: ns_from_secs(run.warmup_s),
            change_ns: u64::MAX,
            window_due: ns_from_secs(run.window_length_s()).max(1),
            measured_since: SimTime::ZERO,
            mark: Book::default(),
            reservoirs: Vec::new(),
            extra: Book::default(),
            pending: Book::default(),
            pending_ns: 0,
            pending_share: 0.0,
            strata: vec![Strata::default(); design.nodes.len()],
            account: Account::default(),
            span_ns: 0,
            pace_ns: (0.0, 0.0),
        }))
    }

    /// Where the present skip ends, in world time.
    pub fn skips_to(&self) -> Option<SimTime> {
        match self.regime {
            Regime::Skip { to, .. } => Some(to),
            _ => None,
        }
    }

    /// Something will be done at a moment of world time: no skip goes past it.
    pub fn act_at(&mut self, at: SimTime) {
        let place = self.acts_at.partition_point(|t| *t <= at.0);
        self.acts_at.insert(place, at.0);
        if let Regime::Skip { to, .. } = &mut self.regime {
            *to = (*to).min(at);
        }
    }

    /// A window has ended, and the next one has so much to go.
    pub fn window_ended(&mut self, window_ns: u64) {
        self.window_due += window_ns;
    }

    /// The warm-up is over, and what was measured forgotten.
    pub fn measure_anew(&mut self) {
        self.extra = Book::default();
        self.pending = Book::default();
        self.pending_ns = 0;
        self.pending_share = 0.0;
        self.strata.iter_mut().for_each(Strata::clear);
        self.account = Account { never: self.account.never, ..Account::default() };
    }
}

impl Simulation {
    /// What happens by itself, and what is measured so far, is shown; owners are nodes, the ground, machines, then wires.
    fn show_tallies(&mut self, t: &mut Tallies) {
        let nodes = self.nodes.len();
        for (i, node) in self.nodes.iter_mut().enumerate() {
            t.owner(i as u32);
            self.core.meters[i].tallies(t);
            self.core.bills[i].tallies(t);
            node.tallies(t);
        }
        t.owner(nodes as u32);
        self.core.ground_bill.tallies(t);
        for (i, host) in self.core.hosts.iter_mut().enumerate() {
            t.part(0, i);
            host.tallies(t);
        }
        self.core.wire_tallies(t, nodes as u32 + 1);
    }

    /// Everything that is measured, as it is now.
    pub(super) fn read_tallies(&mut self) -> Book {
        let mut book = Book::default();
        let now = self.core.now;
        self.show_tallies(&mut Tallies::read(now, &mut book));
        book
    }

    pub(super) fn write_tallies(&mut self, book: &mut Book) {
        let now = self.core.now;
        self.show_tallies(&mut Tallies::write(now, book));
    }

    /// Does something while every count, sum and histogram is what was measured and what that stands for. Afterwards all is
    /// as it was. Where everything was simulated that is the same.
    pub fn with_weights<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        let Some(sampling) = &self.sampling else { return f(self) };
        let progress_ns = self.progress_ns;
        let stood_for_ns = sampling.account.skipped_ns + progress_ns;
        if stood_for_ns == 0 {
            return f(self);
        }
        let mut whole = self.read_tallies();
        let mut held = whole.clone();
        let sampling = self.sampling.as_deref().expect("it was there");
        if let Regime::Skip { stretch_ns, .. } = sampling.regime {
            let weight = progress_ns as f64 / stretch_ns as f64;
            let going_by = whole.weighted_since(&sampling.mark, weight);
            whole.add(&going_by);
        }
        whole.add(&sampling.extra);
        whole.add(&sampling.pending);
        self.write_tallies(&mut whole);
        self.core.stood_for_ns = stood_for_ns;
        let result = f(self);
        self.core.stood_for_ns = 0;
        self.write_tallies(&mut held);
        result
    }

    /// How a run with sampled detail went; none of a run that is exact.
    pub fn account(&self) -> Option<Account> {
        let sampling = self.sampling.as_ref()?;
        let mut account = sampling.account;
        account.skipped_ns += self.progress_ns;
        account.span_ns = self.now().since(self.measured_since());
        Some(account)
    }

    /// How sure the means of a node's responses and waits are.
    pub(crate) fn sureness(&self, node: usize) -> [Option<Sureness>; 2] {
        let meter = &self.core.meters[node];
        match &self.sampling {
            Some(s) if s.account.skips > 0 => s.strata[node].sureness(meter, s.pending_share),
            _ => [meter.responses.sureness(), meter.waits.sureness()],
        }
    }

    /// What nodes and wires say of the past.
    fn memory(&self) -> Memory {
        let mut memory = Memory::at(self.now().0);
        for (i, node) in self.nodes.iter().enumerate() {
            node.memory(&self.core, i as NodeIdx, &mut memory);
        }
        self.core.wires.iter().filter_map(|w| w.guard.as_ref()).for_each(|g| g.memory(&mut memory));
        memory
    }

    /// Sums of all flows so far, and what stocks there are.
    fn sums(&self, memory: &Memory) -> Sums {
        let (core, now) = (&self.core, self.core.now);
        let flows = self.nodes.iter().zip(&core.meters).map(|(node, meter)| {
            let mut f = [0.0; steady::FLOWS];
            for c in &meter.classes {
                f[0] += c.arrivals as f64;
                f[1] += c.failures() as f64;
                f[2] += (c.completions + c.failures()) as f64;
                f[3] += c.inside_ns as f64;
                f[4] += c.level.integral_ns(now) as f64;
            }
            let (busy, capacity, waiting) = node.effort_ns(core);
            (f[5], f[6], f[7]) = (busy as f64, capacity as f64, waiting as f64);
            f
        });
        let stocks = memory.stocks.iter().map(|s| [s.level as f64, s.came as f64]);
        Sums { flows: flows.collect(), stocks: stocks.collect() }
    }

    /// Mean time of a request of users, and time between two of them, by what was summed up over a span [ns].
    fn pace_ns(&self, total: &Sums, span_ns: u64) -> (f64, f64) {
        let (mut arrivals, mut left, mut inside_ns) = (0.0, 0.0, 0.0);
        for (node, f) in self.nodes.iter().zip(&total.flows).filter(|(n, _)| n.kind() == Kind::Users) {
            debug_assert_eq!(node.kind(), Kind::Users);
            (arrivals, left, inside_ns) = (arrivals + f[0], left + f[2], inside_ns + f[3]);
        }
        (inside_ns / left.max(1.0), span_ns as f64 / arrivals.max(1.0))
    }
}
