//! Many seeds of one design, in several workers at once, beside the run on the canvas and without touching it.
//!
//! Each worker is the worker of the page, driven by the same messages. Where workers are forbidden the runs are made one
//! after the other on the page's own thread, in the same short slices as its run. [`plan`] has all that is no worker.

pub mod plan;

use crate::bridge::Bridge;
use crate::dom;
use crate::state::Engine;
use headroom_analysis::bands::Bands;
use headroom_model::design::Design;
use headroom_model::messages::{FromWorker, RunState, ToWorker};
use plan::{Outcome, Plan, left_s};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use yew::prelude::*;

/// Workers at once at most, however many processors there are: each needs the memory of a run.
const WORKERS_MAX: usize = 8;
/// Those who watch are told so often at most [ms], and whenever a run is over.
const TELL_MS: f64 = 250.0;

/// What is being done.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// Nothing.
    #[default]
    Idle,
    /// Runs are being made.
    Running(Progress),
    /// It broke down, with this message.
    Failed(String),
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Runs that are over.
    pub done: usize,
    /// Runs in all.
    pub count: usize,
    /// Share of the way.
    pub share: f64,
    /// Time that the rest will take [s], once that can be said.
    pub left_s: Option<f64>,
    /// Runs at once.
    pub workers: usize,
    /// The page itself makes them.
    pub on_page: bool,
}

/// One who makes runs.
struct Member {
    id: u32,
    bridge: Bridge,
    on_page: bool,
    /// The run it makes, and its number in messages.
    run: Option<(usize, u32)>,
    /// It was asked for the summary of that run.
    asked: bool,
}

struct Job {
    plan: Plan,
    members: Vec<Member>,
    begun_ms: f64,
    told_ms: f64,
}

struct Inner {
    job: RefCell<Option<Job>>,
    outcome: RefCell<Option<Rc<Outcome>>>,
    failed: RefCell<Option<String>>,
    /// Where workers are forbidden: the line to the page's own thread. It cannot be ended, so it is used again.
    on_page: RefCell<Option<(u32, Bridge)>>,
    next: Cell<u32>,
    watchers: RefCell<Vec<Weak<dyn Fn()>>>,
    done: Callback<()>,
}

/// Runs of many seeds and what came of them, shared. Cheap to clone.
#[derive(Clone)]
pub struct Seeds(Rc<Inner>);

impl Seeds {
    /// None yet. `done` hears when all runs are over, or it has broken down.
    pub fn new(done: Callback<()>) -> Self {
        Self(Rc::new(Inner {
            job: RefCell::default(),
            outcome: RefCell::default(),
            failed: RefCell::default(),
            on_page: RefCell::default(),
            next: Cell::new(1),
            watchers: RefCell::default(),
            done,
        }))
    }

    /// Runs a design with so many seeds from its own on, each to the end. What was known of former runs is forgotten.
    pub fn start(&self, design: Rc<Design>, count: usize, engine: &Engine) {
        self.forget();
        let now = dom::now_ms();
        let plan = Plan::new(design, count);
        self.0.job.replace(Some(Job { plan, members: Vec::new(), begun_ms: now, told_ms: now }));
        let allowed = *engine == Engine::Worker;
        let workers = if allowed { workers().min(count) } else { 1 };
        for _ in 0..workers {
            self.0.hire(!allowed);
        }
        self.0.tell();
    }

    /// Gives up what is being done.
    pub fn cancel(&self) {
        self.0.end();
        self.0.tell();
    }

    /// Gives up what is being done and forgets what was known.
    pub fn forget(&self) {
        self.0.end();
        self.0.outcome.take();
        self.0.failed.take();
        self.0.tell();
    }

    /// What is being done.
    pub fn status(&self) -> Status {
        if let Some(message) = &*self.0.failed.borrow() {
            return Status::Failed(message.clone());
        }
        let job = self.0.job.borrow();
        let Some(job) = &*job else { return Status::Idle };
        let share = job.plan.share();
        Status::Running(Progress {
            done: job.plan.done(),
            count: job.plan.count(),
            share,
            left_s: left_s(share, (dom::now_ms() - job.begun_ms) / 1e3),
            workers: job.members.len(),
            on_page: job.members.iter().any(|m| m.on_page),
        })
    }

    /// What came of the last runs.
    pub fn outcome(&self) -> Option<Rc<Outcome>> {
        self.0.outcome.borrow().clone()
    }
}

/// Workers to be had at once: one processor is left to the page and its own run.
fn workers() -> usize {
    let processors = dom::window().navigator().hardware_concurrency() as usize;
    processors.saturating_sub(1).clamp(1, WORKERS_MAX)
}

impl Inner {
    fn number(&self) -> u32 {
        self.next.replace(self.next.get().wrapping_add(1))
    }

    /// Takes on one more who makes runs, and gives it its first. `here`: the page itself, if it has done so before.
    fn hire(self: &Rc<Self>, here: bool) {
        let kept = self.on_page.borrow().clone().filter(|_| here);
        let (id, bridge, on_page) = match kept {
            Some((id, bridge)) => (id, bridge, true),
            None => {
                let id = self.number();
                let (hears, knows) = (Rc::downgrade(self), Rc::downgrade(self));
                let bridge = Bridge::start(
                    Callback::from(move |message| later(&hears, move |inner| inner.heard(id, message))),
                    Callback::from(move |engine| later(&knows, move |inner| inner.engine(id, engine))),
                );
                (id, bridge, false)
            }
        };
        let member = Member { id, bridge, on_page, run: None, asked: false };
        if let Some(job) = &mut *self.job.borrow_mut() {
            job.members.push(member);
        }
        self.go_on(id);
    }

    /// Gives one its next run, or lets it go.
    fn go_on(&self, id: u32) {
        let mut job = self.job.borrow_mut();
        let Some(job) = &mut *job else { return };
        let Some(at) = job.members.iter().position(|m| m.id == id) else { return };
        let Some((index, design)) = job.plan.hand_out() else {
            job.members.swap_remove(at);
            return;
        };
        let run = self.number();
        let member = &mut job.members[at];
        (member.run, member.asked) = (Some((index, run)), false);
        member.bridge.send(ToWorker::RunThrough { run, design });
    }

    fn heard(&self, id: u32, message: FromWorker) {
        let mut job = self.job.borrow_mut();
        let Some(Job { plan, members, told_ms, .. }) = &mut *job else { return };
        let Some(member) = members.iter_mut().find(|m| m.id == id) else { return };
        let Some((index, number)) = member.run else { return };
        match message {
            FromWorker::Snapshot(s) if s.run == number => {
                member.bridge.send(ToWorker::Seen(s.seq));
                plan.reached(index, s.now_ns as f64 / 1e9, s.first_window as usize, &s.windows);
                if s.state == RunState::Finished && !member.asked {
                    member.asked = true;
                    member.bridge.send(ToWorker::Summarize);
                }
                let now = dom::now_ms();
                if now - *told_ms < TELL_MS {
                    return;
                }
                *told_ms = now;
                drop(job);
            }
            FromWorker::Summary { run, summary } if run == number => {
                member.run = None;
                let read = plan.finish(index, &summary);
                let outcome = plan.outcome();
                drop(job);
                if !read {
                    return self.fail("the summary of a run makes no sense".to_owned());
                }
                match outcome {
                    Some(outcome) => {
                        self.end();
                        self.outcome.replace(Some(Rc::new(outcome)));
                        self.done.emit(());
                    }
                    None => self.go_on(id),
                }
            }
            FromWorker::Rejected { run, faults } if run == number => {
                let words = faults.first().map(ToString::to_string).unwrap_or_default();
                drop(job);
                self.fail(words);
            }
            _ => return,
        }
        self.tell();
    }

    fn engine(&self, id: u32, engine: Engine) {
        if let Engine::Failed(message) = engine {
            let ours = self.job.borrow().as_ref().is_some_and(|j| j.members.iter().any(|m| m.id == id));
            if ours {
                // What has broken down is of no more use.
                self.on_page.take();
                self.fail(message);
            }
            return;
        }
        let mut job = self.job.borrow_mut();
        let (Some(Job { plan, members, .. }), Engine::Page) = (&mut *job, engine) else { return };
        let Some(at) = members.iter().position(|m| m.id == id) else { return };
        if members.iter().any(|m| m.on_page) {
            // The page's thread is one, and has one already.
            if let Some((index, _)) = members.swap_remove(at).run {
                plan.give_back(index);
            }
            return;
        }
        members[at].on_page = true;
        self.on_page.replace(Some((id, members[at].bridge.clone())));
        drop(job);
        self.tell();
    }

    fn fail(&self, message: String) {
        self.end();
        self.failed.replace(Some(message));
        self.done.emit(());
        self.tell();
    }

    /// Ends all workers; on the page's thread the run gives way to one of nothing.
    fn end(&self) {
        let ended = self.job.take();
        if ended.is_some_and(|job| job.members.iter().any(|m| m.on_page))
            && let Some((_, bridge)) = &*self.on_page.borrow()
        {
            let design = Design::default().to_json().to_string();
            bridge.send(ToWorker::Load { run: self.number(), design, play: false });
        }
    }

    fn tell(&self) {
        let watchers: Vec<Rc<dyn Fn()>> = {
            let mut list = self.watchers.borrow_mut();
            list.retain(|w| w.strong_count() > 0);
            list.iter().filter_map(Weak::upgrade).collect()
        };
        watchers.iter().for_each(|watcher| watcher());
    }
}

/// Who ends a line to a worker must not do so from within its own call.
fn later(inner: &Weak<Inner>, f: impl FnOnce(&Rc<Inner>) + 'static) {
    let inner = inner.clone();
    wasm_bindgen_futures::spawn_local(async move {
        if let Some(inner) = inner.upgrade() {
            f(&inner);
        }
    });
}

/// Draws the component again when something is told of the runs of many seeds.
#[hook]
pub fn use_seeds(seeds: &Seeds) {
    let update = use_force_update();
    let seeds = seeds.clone();
    use_effect_with((), move |()| {
        let watcher: Rc<dyn Fn()> = Rc::new(move || update.force_update());
        seeds.0.watchers.borrow_mut().push(Rc::downgrade(&watcher));
        move || drop(watcher)
    });
}

/// What runs of many seeds lie between, as it is shown on the charts.
#[derive(Clone, Debug)]
pub struct Shown(pub Rc<Outcome>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Shown {
    /// The bands.
    pub fn bands(&self) -> &Bands {
        &self.0.bands
    }
}
