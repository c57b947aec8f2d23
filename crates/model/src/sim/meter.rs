//! What is measured at every node: counts, times and levels, by class, exactly.

use super::batches::Batches;
use super::core::{CLASSES, Observation};
use super::tally::Tallies;
use crate::reason::{REASONS, Reason};
use headroom_engine::{Hist, Level, LevelDist, SimTime, WindowHist};
use std::collections::VecDeque;

/// Success, or why not, in a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome(u8);

impl Outcome {
    /// Success.
    pub const OK: Outcome = Outcome(0);

    /// A failure.
    pub const fn failed(reason: Reason) -> Self {
        Outcome(1 + reason as u8)
    }

    /// Whether it is a success.
    #[inline]
    pub fn is_ok(self) -> bool {
        self.0 == 0
    }

    /// Why not, unless it is a success.
    #[inline]
    pub fn reason(self) -> Option<Reason> {
        self.0.checked_sub(1).map(|i| Reason::ALL[i as usize])
    }
}

/// Measurements of one class at one node, since the warm-up.
#[derive(Clone, Debug)]
pub struct ClassMeter {
    /// Calls that came.
    pub arrivals: u64,
    /// Calls answered with success.
    pub completions: u64,
    /// Calls that failed, by reason.
    pub failed: [u64; REASONS],
    /// Calls inside when measuring began.
    pub carried: u64,
    /// Time from arrival to a successful answer.
    pub response: Hist,
    /// Time from arrival to the start of service.
    pub wait: Hist,
    /// Sum of the times inside of all that left, also of those that failed [ns].
    pub inside_ns: u128,
    /// Calls inside.
    pub level: Level,
}

impl ClassMeter {
    fn new() -> Self {
        Self {
            arrivals: 0,
            completions: 0,
            failed: [0; REASONS],
            carried: 0,
            response: Hist::new(),
            wait: Hist::new(),
            inside_ns: 0,
            level: Level::new(),
        }
    }

    /// All failures.
    pub fn failures(&self) -> u64 {
        self.failed.iter().sum()
    }
}

/// Windows over which [`NodeMeter::look`] looks back.
pub const LOOK_WINDOWS: usize = 10;

/// Sums of a node at the end of a window, all since measuring began; two of them tell what was in between, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// When [ns].
    pub at_ns: u64,
    /// Calls that came.
    pub arrivals: u64,
    /// Calls whose service began.
    pub started: u64,
    /// Calls that left, with success or without.
    pub left: u64,
    /// Sum of the times inside of those that left [ns].
    pub inside_ns: u128,
    /// Integral of the number inside [ns].
    pub level_ns: u128,
    /// Busy worker time, worker time and integral of the queue length [ns].
    pub effort_ns: (u128, u128, u128),
}

impl Mark {
    /// What was between an earlier mark and this one.
    fn since(&self, e: &Mark) -> Mark {
        let (busy, there, waiting) = self.effort_ns;
        Mark {
            at_ns: self.at_ns - e.at_ns,
            arrivals: self.arrivals - e.arrivals,
            started: self.started - e.started,
            left: self.left - e.left,
            inside_ns: self.inside_ns - e.inside_ns,
            level_ns: self.level_ns - e.level_ns,
            effort_ns: (
                busy.saturating_sub(e.effort_ns.0),
                there.saturating_sub(e.effort_ns.1),
                waiting.saturating_sub(e.effort_ns.2),
            ),
        }
    }
}

/// Times that are put aside before they are counted.
const ASIDE: usize = 64;
/// Bits of a time put aside that say its class.
const CLASS_BITS: u32 = 3;
const _: () = assert!(CLASSES <= 1 << CLASS_BITS);

/// Times with their classes, put aside until they are counted, many at once: a histogram is large, and to touch it for each
/// single call would bring it into the processor's cache as often, and throw out what else is there.
#[derive(Clone, Debug)]
struct Aside {
    /// Times above, classes in the lowest bits.
    times: [u64; ASIDE],
    len: usize,
}

impl Aside {
    fn new() -> Self {
        Self { times: [0; ASIDE], len: 0 }
    }

    /// Puts a time aside; true when there is no more room.
    #[inline(always)]
    fn push(&mut self, class: usize, ns: u64) -> bool {
        self.times[self.len % ASIDE] = (ns << CLASS_BITS) | class as u64;
        self.len += 1;
        self.len == ASIDE
    }

    fn all(&self) -> &[u64] {
        &self.times[..self.len]
    }

    /// The times, in the order in which they came.
    fn times(&self) -> impl ExactSizeIterator<Item = u64> + Clone + '_ {
        self.all().iter().map(|t| t >> CLASS_BITS)
    }

    /// Runs of times of one class, in the order in which they came.
    fn runs(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = u64> + Clone)> + '_ {
        let class = |t: &u64| (t & ((1 << CLASS_BITS) - 1)) as usize;
        let runs = self.all().chunk_by(move |a, b| class(a) == class(b));
        runs.map(move |run| (class(&run[0]), run.iter().map(|t| t >> CLASS_BITS)))
    }
}

/// Measurements at one node.
///
/// Times of calls are counted when [`NodeMeter::settle`] is called, and now and then before: whoever reads histograms, sums of
/// times or batches has to settle first. [`super::Simulation`] does so whenever it stands still.
#[derive(Clone, Debug)]
pub struct NodeMeter {
    /// Responses that are not counted yet.
    answered: Aside,
    /// Waits that are not counted yet.
    waited: Aside,
    /// By class.
    pub classes: [ClassMeter; CLASSES],
    /// Time spent at each number of calls inside.
    pub levels: LevelDist,
    /// Arrivals that found nobody inside.
    pub found_empty: u64,
    /// Calls whose service began, and those of them that had to wait.
    pub started: u64,
    /// See `started`.
    pub delayed: u64,
    /// How sure the means of response and wait are.
    pub responses: Batches,
    /// See `responses`.
    pub waits: Batches,
    /// The present window.
    pub window: WindowMeter,
    /// Sums at the ends of the latest windows, the oldest first.
    marks: VecDeque<Mark>,
}

/// Measurements of the present window.
#[derive(Clone, Debug)]
pub struct WindowMeter {
    /// Calls that came.
    pub arrivals: u64,
    /// Calls answered with success.
    pub completions: u64,
    /// Calls that failed.
    pub failures: u64,
    /// Time from arrival to a successful answer.
    pub response: WindowHist,
}

impl Default for NodeMeter {
    fn default() -> Self {
        Self {
            answered: Aside::new(),
            waited: Aside::new(),
            classes: std::array::from_fn(|_| ClassMeter::new()),
            levels: LevelDist::new(),
            found_empty: 0,
            started: 0,
            delayed: 0,
            responses: Batches::default(),
            waits: Batches::default(),
            window: WindowMeter { arrivals: 0, completions: 0, failures: 0, response: WindowHist::new() },
            marks: VecDeque::new(),
        }
    }
}

impl NodeMeter {
    /// A call comes.
    #[inline(always)]
    pub fn arrive(&mut self, now: SimTime, class: usize) {
        self.found_empty += u64::from(self.levels.level() == 0);
        let c = &mut self.classes[class];
        c.arrivals += 1;
        c.level.up(now);
        self.levels.up(now);
        self.window.arrivals += 1;
    }

    /// A call leaves after `inside_ns`.
    #[inline(always)]
    pub fn depart(&mut self, now: SimTime, class: usize, inside_ns: u64, outcome: Outcome) {
        let c = &mut self.classes[class];
        c.level.down(now);
        self.levels.down(now);
        if !outcome.is_ok() {
            return self.depart_failed(class, inside_ns, outcome);
        }
        c.completions += 1;
        self.window.completions += 1;
        if self.answered.push(class, inside_ns) {
            self.settle();
        }
    }

    #[cold]
    fn depart_failed(&mut self, class: usize, inside_ns: u64, outcome: Outcome) {
        let c = &mut self.classes[class];
        c.inside_ns += u128::from(inside_ns);
        if let Some(reason) = outcome.reason() {
            c.failed[reason as usize] += 1;
            self.window.failures += 1;
        }
    }

    /// A call's service begins after it has waited.
    #[inline(always)]
    pub fn start(&mut self, class: usize, waited_ns: u64) {
        self.started += 1;
        self.delayed += u64::from(waited_ns > 0);
        if self.waited.push(class, waited_ns) {
            self.settle();
        }
    }

    /// Counts all times that were put aside. When that is done changes nothing.
    #[inline(never)]
    pub fn settle(&mut self) {
        for (class, times) in self.answered.runs() {
            let c = &mut self.classes[class];
            c.inside_ns += u128::from(times.clone().sum::<u64>());
            c.response.record_all_with(&mut self.window.response, times);
        }
        self.responses.record_all(self.answered.times());
        self.answered.len = 0;
        for (class, times) in self.waited.runs() {
            self.classes[class].wait.record_all(times);
        }
        self.waits.record_all(self.waited.times());
        self.waited.len = 0;
    }

    /// Whether all times are counted.
    pub fn is_settled(&self) -> bool {
        self.answered.len == 0 && self.waited.len == 0
    }

    /// Calls inside now.
    #[inline]
    pub fn in_system(&self) -> u64 {
        self.levels.level()
    }

    /// What can be seen of the node from outside.
    pub fn observation(&self, now: SimTime, busy_ns: u128, capacity_ns: u128, queued: u64) -> Observation {
        let sum = |f: fn(&ClassMeter) -> u64| self.classes.iter().map(f).sum();
        Observation {
            at_ns: now.0,
            busy_ns,
            capacity_ns,
            queued,
            in_system: self.in_system(),
            arrivals: sum(|c| c.arrivals),
            completions: sum(|c| c.completions),
            failures: sum(ClassMeter::failures),
            ready: 1,
            wanted: 1,
        }
    }

    /// Calls inside, by class, add up: arrived (and carried over) = completed + failed + inside.
    pub fn is_conserved(&self) -> bool {
        self.classes.iter().all(|c| c.carried + c.arrivals == c.completions + c.failures() + c.level.level())
    }

    /// Measures from now on: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        // The window goes on, and with it what it has counted.
        self.settle();
        for c in &mut self.classes {
            let mut level = c.level;
            level.restart(now);
            *c = ClassMeter { carried: level.level(), level, ..ClassMeter::new() };
        }
        self.levels.restart(now);
        self.found_empty = 0;
        self.started = 0;
        self.delayed = 0;
        self.responses = Batches::default();
        self.waits = Batches::default();
        self.marks.clear();
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        for c in &mut self.classes {
            t.counts([&mut c.arrivals, &mut c.completions]);
            t.counts(&mut c.failed);
            t.durations(&mut c.response);
            t.durations(&mut c.wait);
            t.wide(&mut c.inside_ns);
            t.level(&mut c.level);
        }
        t.levels(&mut self.levels);
        t.counts([&mut self.found_empty, &mut self.started, &mut self.delayed]);
    }

    /// What was between the ends of the last windows, at most [`LOOK_WINDOWS`] of them; `at_ns` is how long that was.
    pub fn look(&self) -> Option<Mark> {
        let (first, last) = (self.marks.front()?, self.marks.back()?);
        (last.at_ns > first.at_ns).then(|| last.since(first))
    }

    /// Ends the window; `effort_ns` is the node's [`super::behaviour::Behaviour::effort_ns`].
    pub fn end_window(&mut self, now: SimTime, effort_ns: (u128, u128, u128)) {
        debug_assert!(self.is_settled());
        if self.marks.len() > LOOK_WINDOWS {
            self.marks.pop_front();
        }
        let (mut mark, classes) = (Mark { at_ns: now.0, effort_ns, ..Mark::default() }, &self.classes);
        mark.started = self.started;
        for c in classes {
            mark.arrivals += c.arrivals;
            mark.left += c.completions + c.failures();
            mark.inside_ns += c.inside_ns;
            mark.level_ns += c.level.integral_ns(now);
        }
        self.marks.push_back(mark);
        self.window.arrivals = 0;
        self.window.completions = 0;
        self.window.failures = 0;
        self.window.response.clear();
    }
}
