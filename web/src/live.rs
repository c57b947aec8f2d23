//! What moves with the run: the last snapshot, the windows so far, what happened. It is not Yew state, because it
//! changes with every frame: those who draw it [watch](LiveRef::watch) and draw past Yew.

use headroom_model::design::{Design, Detail, Wire};
use headroom_model::kinds::KindSpec;
use headroom_model::limits::WINDOWS_MAX;
use headroom_model::messages::{
    Film, Happening, PartNow, RunState, Shape, Snapshot, Window, estimated, part, wire,
};
use headroom_model::sim::core::CLASSES;
use headroom_model::sim::trace::{Trace, Traces};
use headroom_model::why::Why;
use std::cell::{Ref, RefCell};
use std::rc::{Rc, Weak};

/// Happenings that are kept.
pub const HAPPENINGS_MAX: usize = 2_000;

/// Films that wait for the canvas: more than it ever leaves behind.
const FILMS_MAX: usize = 120;

/// Numbers of a pinned run that are kept at most, 16 MiB of them; of a longer one every second, third, ... window.
const BASELINE_NUMBERS_MAX: usize = 4 << 20;

/// What is known of the run.
#[derive(Default)]
pub struct Live {
    /// The design that the numbers belong to. The one on the canvas may be newer.
    pub design: Rc<Design>,
    /// What the numbers stand for.
    pub shape: Shape,
    /// The last snapshot, without its windows and happenings: those are gathered below.
    pub snapshot: Snapshot,
    /// Windows since time 0.
    pub windows: Vec<Window>,
    /// What happened since time 0.
    pub happenings: Vec<Happening>,
    /// Requests to be shown moving, as they came; the canvas takes them out.
    pub films: RefCell<Vec<Film>>,
    /// What is said of the requests that move.
    pub moving: Moving,
    /// The moving request that was last clicked, as far as it has come.
    pub picked: Option<Picked>,
    /// Single requests as last asked for, and the moment [ns].
    pub traces: Option<(u64, Box<Traces>)>,
    /// A former run that this one is compared with, as it was when it was pinned. It outlives edits and restarts.
    pub baseline: Option<Rc<Live>>,
    /// Why it is as it is, as last asked for, and the moment [ns].
    pub why: Option<(u64, Rc<Why>)>,
    /// Changes with every change of the data.
    pub version: u64,
    /// Where each node's values start in [`Window::nodes`].
    offsets: Vec<usize>,
    /// What the run was doing before the last snapshot.
    state_before: RunState,
}

/// What is said of the requests that move.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moving {
    /// Share of requests that is shown; none while nothing is.
    pub share: Option<f64>,
    /// They move in the run's own time.
    pub slow: bool,
    /// Classes that were seen, by position.
    pub classes: [bool; CLASSES],
    /// A call that failed was seen.
    pub failed: bool,
    /// They are the latest of a run that has just gone to this moment.
    pub latest: bool,
}

/// A moving request that was clicked.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    /// The request. While it has not ended, its end is the moment up to which it is known.
    pub trace: Trace,
    /// It has ended.
    pub ended: bool,
}

impl Live {
    /// A new run begins; its numbers belong to `design`.
    pub fn begin(&mut self, design: Rc<Design>, shape: Shape) {
        self.offsets.clear();
        let mut offset = 0;
        for id in &shape.nodes {
            self.offsets.push(offset);
            offset += design.node(id).map_or(0, |n| n.kind().spec().value_count());
        }
        self.design = design;
        self.shape = shape;
        self.snapshot = Snapshot::default();
        self.windows.clear();
        self.happenings.clear();
        self.traces = None;
        self.why = None;
        self.picked = None;
        self.moving = Moving::default();
        self.films.borrow_mut().clear();
        self.version += 1;
    }

    /// A moving request was clicked.
    pub fn pick(&mut self, trace: &Trace) {
        let ended = trace.ended_ns > 0;
        let mut trace = trace.clone();
        if !ended {
            trace.ended_ns = self.snapshot.now_ns.max(trace.began_ns);
        }
        self.picked = Some(Picked { trace, ended });
        self.version += 1;
    }

    /// Takes what is to be shown moving.
    fn take_film(&mut self, film: Film) {
        if let Some(number) = self.picked.as_ref().filter(|p| !p.ended).map(|p| p.trace.number) {
            let news = film.ended.iter().chain(&film.under_way).find(|t| t.number == number).cloned();
            if let Some(trace) = news {
                self.pick(&trace);
            }
        }
        self.moving.share = Some(film.share);
        (self.moving.slow, self.moving.latest) = (film.slow, film.latest);
        for trace in film.ended.iter().chain(&film.under_way) {
            for span in &trace.spans {
                self.moving.classes[usize::from(span.class).min(CLASSES - 1)] = true;
            }
            self.moving.failed |= trace.failed.is_some() || trace.spans.iter().any(|s| s.failed.is_some());
        }
        let films = self.films.get_mut();
        if film.latest {
            films.clear();
        }
        if films.len() < FILMS_MAX {
            films.push(film);
        }
    }

    /// Takes a snapshot of the present run.
    pub fn take(&mut self, mut snapshot: Snapshot) {
        if snapshot.first_window == 0 && !(snapshot.windows.is_empty() && self.windows.is_empty()) {
            self.windows.clear();
        }
        // A replay from 0 tells all that happened once more.
        if snapshot.now_ns < self.snapshot.now_ns {
            self.happenings.clear();
        }
        match snapshot.film.take() {
            Some(film) => self.take_film(*film),
            None => self.moving.share = None,
        }
        self.windows.append(&mut snapshot.windows);
        self.windows.truncate(WINDOWS_MAX as usize);
        self.happenings.append(&mut snapshot.happenings);
        let surplus = self.happenings.len().saturating_sub(HAPPENINGS_MAX);
        self.happenings.drain(..surplus);
        self.state_before = self.snapshot.state;
        self.snapshot = snapshot;
        self.version += 1;
    }

    /// Pins the run as it is now, or what was pinned no more.
    pub fn pin_baseline(&mut self, pin: bool) {
        self.baseline = pin.then(|| Rc::new(self.kept(BASELINE_NUMBERS_MAX)));
        self.version += 1;
    }

    /// The series of the run, with at most so many numbers.
    fn kept(&self, numbers_max: usize) -> Live {
        let numbers: usize = self.windows.iter().map(|w| w.nodes.len() + w.parts.len()).sum();
        let every = numbers.div_ceil(numbers_max).max(1);
        let kept = self.windows.iter().step_by(every).map(|w| Window {
            end_s: w.end_s,
            simulated: w.simulated,
            world: w.world.clone(),
            nodes: w.nodes.clone(),
            part_counts: w.part_counts.clone(),
            parts: w.parts.clone(),
            ..Window::default()
        });
        Live {
            design: self.design.clone(),
            shape: self.shape.clone(),
            windows: kept.collect(),
            offsets: self.offsets.clone(),
            ..Live::default()
        }
    }

    /// The window that a moment lies in, or that ends with it.
    pub fn window_at(&self, t: f64) -> Option<&Window> {
        let window = self.windows.get(self.windows.partition_point(|w| w.end_s < t - 1e-9))?;
        (t >= 0.0).then_some(window)
    }

    /// Whether stretches of the run may stand for what was skipped.
    pub fn is_sampled(&self) -> bool {
        self.design.run.detail == Detail::Sampled
    }

    /// Stretches whose numbers are estimates [s].
    pub fn estimated(&self) -> Vec<(f64, f64)> {
        if self.is_sampled() { estimated(&self.windows) } else { Vec::new() }
    }

    /// Share of the time so far that was simulated.
    pub fn simulated(&self) -> f64 {
        let windows = self.windows.len();
        if windows == 0 {
            return 1.0;
        }
        self.windows.iter().map(|w| f64::from(w.simulated)).sum::<f64>() / windows as f64
    }

    /// The run has just changed between playing, standing still and so on.
    pub fn settled(&self) -> bool {
        self.state_before != self.snapshot.state
    }

    /// The present moment [s].
    pub fn now_s(&self) -> f64 {
        self.snapshot.now_ns as f64 / 1e9
    }

    /// Position of a node in the run.
    pub fn node_index(&self, id: &str) -> Option<usize> {
        self.shape.nodes.iter().position(|n| n == id)
    }

    /// What the kind of the node at a position measures.
    pub fn spec(&self, node: usize) -> Option<&'static KindSpec> {
        Some(self.design.node(self.shape.nodes.get(node)?)?.kind().spec())
    }

    /// A node's values in a window, in the order of its kind's metrics.
    pub fn node_values<'a>(&self, window: &'a Window, node: usize) -> &'a [f32] {
        let Some(&start) = self.offsets.get(node) else { return &[] };
        let end = self.offsets.get(node + 1).copied().unwrap_or(window.nodes.len());
        window.nodes.get(start..end).unwrap_or(&[])
    }

    /// The values of a node's parts in a window, [`part::COUNT`] for each part.
    pub fn part_values<'a>(&self, window: &'a Window, node: usize) -> impl Iterator<Item = &'a [f32]> {
        let before: usize = window.part_counts.iter().take(node).map(|n| usize::from(*n)).sum();
        let count = window.part_counts.get(node).map_or(0, |n| usize::from(*n));
        let range = before * part::COUNT..(before + count) * part::COUNT;
        window.parts.get(range).unwrap_or(&[]).chunks_exact(part::COUNT)
    }

    /// A metric of a node in the last completed window.
    pub fn metric(&self, id: &str, metric: &str) -> Option<f32> {
        let node = self.node_index(id)?;
        let index = self.spec(node)?.metric_index(metric)?;
        self.node_values(self.windows.last()?, node).get(index).copied()
    }

    /// The parts of a node as they are now.
    pub fn parts(&self, id: &str) -> &[PartNow] {
        let node = self.node_index(id).and_then(|i| self.snapshot.nodes.get(i));
        node.map_or(&[], |n| &n.parts)
    }

    /// Requests per second on the wire between two nodes in the last completed window.
    pub fn wire_rps(&self, from: &str, to: &str) -> Option<f32> {
        let index = self.design.wires.iter().position(|w| w.from == from && w.to == to)?;
        self.windows.last()?.wires.get(index).copied()
    }

    /// What a wire that does more than carry measures in a window, in the order of [`wire`]; empty for a plain one.
    pub fn guard_values<'a>(&self, window: &'a Window, index: usize) -> &'a [f32] {
        let guarded = |w: &Wire| w.params.is_guarded();
        let Some((before, here)) = self.design.wires.split_at_checked(index) else { return &[] };
        if !here.first().is_some_and(guarded) {
            return &[];
        }
        let start = before.iter().filter(|w| guarded(w)).count() * wire::COUNT;
        window.guards.get(start..start + wire::COUNT).unwrap_or(&[])
    }
}

type Watcher = dyn Fn(&Live);

/// A subscription to the live data; dropped, it ends.
pub struct Watch {
    _watcher: Rc<Watcher>,
}

#[derive(Default)]
struct Shared {
    live: RefCell<Live>,
    watchers: RefCell<Vec<Weak<Watcher>>>,
}

/// The live data, shared. Cheap to clone.
#[derive(Clone, Default)]
pub struct LiveRef(Rc<Shared>);

impl PartialEq for LiveRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl LiveRef {
    /// Looks at the data. Do not hold on to it over a call that may change it.
    pub fn get(&self) -> Ref<'_, Live> {
        self.0.live.borrow()
    }

    /// Changes the data; [`LiveRef::notify`] tells the watchers.
    pub fn change(&self, change: impl FnOnce(&mut Live)) {
        change(&mut self.0.live.borrow_mut());
    }

    /// Calls `f` in an animation frame whenever the data has changed, until the watch is dropped.
    pub fn watch(&self, f: impl Fn(&Live) + 'static) -> Watch {
        let watcher: Rc<Watcher> = Rc::new(f);
        self.0.watchers.borrow_mut().push(Rc::downgrade(&watcher));
        Watch { _watcher: watcher }
    }

    /// Tells all watchers that the data has changed.
    pub fn notify(&self) {
        // Taken out, so that a watcher may add another.
        let watchers: Vec<Rc<Watcher>> = {
            let mut list = self.0.watchers.borrow_mut();
            list.retain(|w| w.strong_count() > 0);
            list.iter().filter_map(Weak::upgrade).collect()
        };
        let live = self.0.live.borrow();
        for watcher in watchers {
            watcher(&live);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::kinds::common;
    use headroom_model::scenarios;
    use std::cell::Cell;

    fn live() -> Live {
        let design = Rc::new(Design::parse(scenarios::by_id("celebrity-shard").unwrap().json).unwrap());
        let nodes = design.nodes.iter().map(|n| n.id.clone()).collect();
        let wires = design.wires.len() as u32;
        let mut live = Live::default();
        live.begin(design, Shape { window_s: 1.0, until_s: 120.0, nodes, wires });
        live
    }

    fn snapshot(live: &Live, first_window: u32, now_s: u64) -> Snapshot {
        let values: usize = live.design.nodes.iter().map(|n| n.kind().spec().value_count()).sum();
        let window = Window {
            end_s: now_s as f64,
            nodes: (0..values).map(|i| i as f32).collect(),
            part_counts: vec![1, 1, 4, 4],
            parts: (0..10 * part::COUNT).map(|i| i as f32).collect(),
            wires: vec![1.0, 2.0, 3.0],
            ..Window::default()
        };
        let happening =
            Happening { at_ns: 0, node: 0, part: None, what: headroom_model::messages::What::Killed };
        Snapshot {
            now_ns: now_s * 1_000_000_000,
            first_window,
            windows: vec![window],
            happenings: vec![happening],
            ..Snapshot::default()
        }
    }

    #[test]
    fn values_are_found_by_node_and_metric() {
        let mut live = live();
        let s = snapshot(&live, 0, 1);
        live.take(s);
        let first = live.design.nodes[0].kind().spec().value_count();
        assert_eq!(live.metric("users", "arrivals_rps"), Some(0.0));
        assert_eq!(live.metric("lb", "utilization"), Some((first + common::UTILIZATION) as f32));
        assert_eq!(live.wire_rps("lb", "web"), Some(2.0));
        let parts: Vec<&[f32]> = live.part_values(&live.windows[0], 3).collect();
        assert_eq!(parts.len(), 4);
        assert_eq!(parts[0][0], (6 * part::COUNT) as f32);
        assert_eq!(live.metric("db", "nothing"), None);
    }

    #[test]
    fn windows_gather_and_a_replay_starts_over() {
        let mut live = live();
        for (first, now) in [(0, 1), (1, 2), (2, 3)] {
            let s = snapshot(&live, first, now);
            live.take(s);
        }
        assert_eq!((live.windows.len(), live.happenings.len()), (3, 3));
        let s = snapshot(&live, 0, 1);
        live.take(s);
        assert_eq!((live.windows.len(), live.happenings.len()), (1, 1));
    }

    #[test]
    fn a_pinned_run_outlives_the_next_one_and_is_bounded() {
        let mut live = live();
        for (first, now) in [(0, 1), (1, 2), (2, 3), (3, 4)] {
            let s = snapshot(&live, first, now);
            live.take(s);
        }
        live.pin_baseline(true);
        let (design, shape) = (live.design.clone(), live.shape.clone());
        live.begin(design, shape);
        assert!(live.windows.is_empty());
        let pinned = live.baseline.clone().unwrap();
        assert_eq!(pinned.windows.len(), 4);
        assert_eq!(pinned.node_values(&pinned.windows[0], 0)[0], 0.0);
        assert_eq!(pinned.window_at(1.5).map(|w| w.end_s), Some(2.0));
        assert!(pinned.window_at(4.5).is_none());
        let numbers = pinned.windows[0].nodes.len() + pinned.windows[0].parts.len();
        let few: Vec<f64> = pinned.kept(2 * numbers).windows.iter().map(|w| w.end_s).collect();
        assert_eq!(few, [1.0, 3.0]);
        live.pin_baseline(false);
        assert!(live.baseline.is_none());
    }

    #[test]
    fn watchers_hear_until_they_are_dropped() {
        let live = LiveRef::default();
        let heard = Rc::new(Cell::new(0));
        let count = heard.clone();
        let watch = live.watch(move |_| count.set(count.get() + 1));
        live.notify();
        drop(watch);
        live.notify();
        assert_eq!(heard.get(), 1);
    }
}
