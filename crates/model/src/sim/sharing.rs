//! Processor sharing: all jobs run at once, each at the same speed, as on a machine with a time-slicing scheduler.
//!
//! With n jobs on c cores each runs at speed min(1, c/n). A job of demand S that comes at virtual time v is done at virtual
//! time v + S, where virtual time runs at that speed; so only the order of v + S matters, and only the first needs an event
//! (Kleinrock, Queueing Systems vol. 2, 1976, ch. 4).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use headroom_engine::SimTime;

/// A job under way.
#[derive(Clone, Copy, Debug)]
struct Job {
    /// Virtual time at which it is done [ns of work].
    done_at: f64,
    /// Order of arrival, for ties.
    order: u64,
    id: u32,
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Job {}

impl PartialOrd for Job {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Job {
    /// The greatest is done first, as `BinaryHeap` wants it.
    fn cmp(&self, other: &Self) -> Ordering {
        other.done_at.total_cmp(&self.done_at).then(other.order.cmp(&self.order))
    }
}

/// The jobs of a station that shares its cores.
#[derive(Clone, Debug)]
pub(super) struct Sharing {
    cores: f64,
    jobs: BinaryHeap<Job>,
    arrived: u64,
    virtual_ns: f64,
    last: SimTime,
}

impl Sharing {
    pub fn new(cores: u32) -> Self {
        Self {
            cores: f64::from(cores),
            jobs: BinaryHeap::new(),
            arrived: 0,
            virtual_ns: 0.0,
            last: SimTime::ZERO,
        }
    }

    fn speed(&self) -> f64 {
        (self.cores / self.jobs.len().max(1) as f64).min(1.0)
    }

    fn catch_up(&mut self, now: SimTime) {
        self.virtual_ns += now.since(self.last) as f64 * self.speed();
        self.last = now;
    }

    /// A job of this demand comes.
    pub fn add(&mut self, now: SimTime, id: u32, demand_ns: u64) {
        self.catch_up(now);
        self.arrived += 1;
        self.jobs.push(Job { done_at: self.virtual_ns + demand_ns as f64, order: self.arrived, id });
    }

    /// The first job is done.
    pub fn take_first(&mut self, now: SimTime) {
        self.catch_up(now);
        if let Some(job) = self.jobs.pop() {
            // The event fell on a whole nanosecond; virtual time is what the job says.
            self.virtual_ns = job.done_at;
        }
        if self.jobs.is_empty() {
            self.virtual_ns = 0.0;
        }
    }

    /// The job that is done first if nobody comes, and how long that takes from `last` on [ns].
    pub fn first(&self) -> Option<(u32, u64)> {
        self.jobs.peek().map(|job| {
            let work = (job.done_at - self.virtual_ns).max(0.0);
            (job.id, libm::round(work / self.speed()) as u64)
        })
    }

    pub fn len(&self) -> u64 {
        self.jobs.len() as u64
    }

    /// Jobs for which `keep` does not hold are gone.
    pub fn retain(&mut self, now: SimTime, keep: impl Fn(u32) -> bool) {
        self.catch_up(now);
        self.jobs.retain(|job| keep(job.id));
        if self.jobs.is_empty() {
            self.virtual_ns = 0.0;
        }
    }

    pub fn clear(&mut self) {
        self.jobs.clear();
        self.virtual_ns = 0.0;
    }
}
