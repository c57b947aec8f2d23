//! Drives a run by messages: all that the page's worker does, without a worker.
//!
//! The host brings messages, wall time and a way to send the answers, and calls [`Session::advance`] over and over. What
//! the screen shows is always the run of the present design, seed and timeline: an edit replays it, and an action by hand
//! becomes an entry of the timeline at the very nanosecond at which it was done.

use crate::design::{Action, Design, Entry};
use crate::messages::{FromWorker, RunState, Shape, Snapshot, Speed, ToWorker};
use crate::sim::{Simulation, Stop};
use crate::summary::summarize;
use crate::why::explain;
use checkpoints::Checkpoints;
use film::FilmGauge;
use headroom_engine::SimTime;

mod checkpoints;
mod film;

/// Wall time over which the reached speed is measured [ms].
const GAUGE_MS: f64 = 500.0;
/// Most wall time that one call of [`Session::advance`] makes up for [ms]: after a pause of the tab the run goes on, and
/// does not jump.
const WALL_STEP_MS_MAX: f64 = 250.0;

/// A run and how it is driven.
pub struct Session {
    design: Option<Design>,
    sim: Option<Simulation>,
    run: u32,
    playing: bool,
    checkpoints: Checkpoints,
    film: FilmGauge,
    /// It runs through, and nobody goes back: no copies are kept.
    through: bool,
    /// Where it goes as fast as it can: replaying after an edit or a seek, or stepping.
    goal: Option<Goal>,
    /// The goal that a pause kept it from reaching; playing on goes there first.
    put_off: Option<Goal>,
    speed: Speed,
    /// Where pacing has got to [ns]; between events the clock of the run stands a little behind.
    pace_ns: f64,
    gauge: Gauge,
    sent_windows: usize,
    sent_happenings: usize,
    seq: u32,
    awaiting: bool,
    dirty: bool,
}

#[derive(Clone, Copy)]
struct Goal {
    time: SimTime,
    /// Play on when it is reached.
    then_play: bool,
}

/// Speed as reached of late.
#[derive(Default)]
struct Gauge {
    wall_ms: f64,
    from: (u64, u64),
    speed: f64,
    events_per_s: f64,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session without a design.
    pub fn new() -> Self {
        Self {
            design: None,
            sim: None,
            run: 0,
            playing: false,
            checkpoints: Checkpoints::default(),
            film: FilmGauge::default(),
            through: false,
            goal: None,
            put_off: None,
            speed: Speed::Times(1.0),
            pace_ns: 0.0,
            gauge: Gauge::default(),
            sent_windows: 0,
            sent_happenings: 0,
            seq: 0,
            awaiting: false,
            dirty: false,
        }
    }

    /// The run, if a design is loaded.
    pub fn simulation(&self) -> Option<&Simulation> {
        self.sim.as_ref()
    }

    /// Takes a message; gives the answers.
    pub fn handle(&mut self, message: ToWorker) -> Vec<FromWorker> {
        match message {
            ToWorker::Load { run, design, play } => {
                self.through = false;
                self.load(run, &design, play, None)
            }
            ToWorker::RunThrough { run, design } => {
                (self.through, self.speed) = (true, Speed::Max);
                self.load(run, &design, true, None)
            }
            ToWorker::Edit { run, design, keep_time } => {
                let goal = self.sim.as_ref().filter(|_| keep_time).map(|sim| {
                    let time = self.goal.map_or(sim.now(), |g| g.time.max(sim.now()));
                    Goal { time, then_play: self.goal.map_or(self.playing, |g| g.then_play) }
                });
                let play = self.playing || self.goal.is_some_and(|g| g.then_play);
                self.load(run, &design, play, goal)
            }
            ToWorker::Play => {
                self.goal = self.goal.or(self.put_off.take());
                match &mut self.goal {
                    Some(goal) => goal.then_play = true,
                    None => self.set_playing(true),
                }
                self.dirty = true;
                Vec::new()
            }
            ToWorker::Pause => {
                // What is shown stands still, and not the moment that a replay would have reached.
                self.put_off = self.goal.take().or(self.put_off);
                self.set_playing(false);
                Vec::new()
            }
            ToWorker::Step(ns) => {
                if let Some(sim) = &self.sim {
                    let time = sim.now().saturating_add(ns).min(sim.end());
                    self.go_to(Goal { time, then_play: false });
                }
                Vec::new()
            }
            ToWorker::SetSpeed(speed) => {
                self.speed = match speed {
                    Speed::Times(x) if x.is_finite() && x > 0.0 => speed,
                    Speed::Times(_) => Speed::Times(1.0),
                    Speed::Max => speed,
                };
                self.rest_pace();
                Vec::new()
            }
            ToWorker::Restart { run } => {
                let play = self.playing
                    || self.goal.is_some_and(|g| g.then_play)
                    || self.sim.as_ref().is_some_and(Simulation::is_finished);
                match self.design.take() {
                    Some(design) => self.begin(run, design, play, None),
                    None => Vec::new(),
                }
            }
            ToWorker::Seek(ns) => self.seek(SimTime(ns)),
            ToWorker::Act(entry) => vec![self.act(&entry)],
            ToWorker::Film(per_s) => {
                self.film.want(per_s);
                self.dirty = true;
                Vec::new()
            }
            ToWorker::Traces => match &self.sim {
                Some(sim) => {
                    let (run, now_ns) = (self.run, sim.now().0);
                    vec![FromWorker::Traces { run, now_ns, traces: Box::new(sim.traces()) }]
                }
                None => Vec::new(),
            },
            ToWorker::Why => match (&self.design, &self.sim) {
                (Some(design), Some(sim)) => {
                    let (run, now_ns) = (self.run, sim.now().0);
                    vec![FromWorker::Why { run, now_ns, why: Box::new(explain(design, sim)) }]
                }
                _ => Vec::new(),
            },
            ToWorker::Seen(seq) => {
                if seq == self.seq {
                    self.awaiting = false;
                }
                Vec::new()
            }
            ToWorker::Summarize => match (&self.design, &mut self.sim) {
                (Some(design), Some(sim)) => {
                    vec![FromWorker::Summary {
                        run: self.run,
                        summary: format!("{:#}", summarize(design, sim)),
                    }]
                }
                _ => Vec::new(),
            },
        }
    }

    fn load(&mut self, run: u32, text: &str, play: bool, goal: Option<Goal>) -> Vec<FromWorker> {
        match Design::parse(text) {
            Ok(design) => self.begin(run, design, play, goal),
            Err(faults) => vec![FromWorker::Rejected { run, faults }],
        }
    }

    fn begin(&mut self, run: u32, design: Design, play: bool, goal: Option<Goal>) -> Vec<FromWorker> {
        let sim = Simulation::new(&design);
        self.checkpoints.clear();
        self.run = run;
        self.playing = play && goal.is_none();
        self.goal = goal.map(|g| Goal { time: g.time.min(sim.end()), ..g });
        self.put_off = None;
        self.sim = Some(sim);
        self.design = Some(design);
        self.start_telling();
        vec![FromWorker::Loaded { run, shape: self.shape() }]
    }

    /// The page knows nothing of the run yet: it is told everything from the start.
    fn start_telling(&mut self) {
        self.sent_windows = 0;
        self.sent_happenings = 0;
        self.awaiting = false;
        self.dirty = true;
        self.film.begin();
        self.rest_pace();
    }

    fn shape(&self) -> Shape {
        let Some(design) = &self.design else { return Shape::default() };
        Shape {
            window_s: design.run.window_length_s(),
            until_s: design.run.until_s,
            nodes: design.nodes.iter().map(|n| n.id.clone()).collect(),
            wires: design.wires.len() as u32,
        }
    }

    fn seek(&mut self, time: SimTime) -> Vec<FromWorker> {
        let Some(sim) = &self.sim else { return Vec::new() };
        let goal = Goal { time: time.min(sim.end()), then_play: false };
        if time >= sim.now() {
            self.go_to(goal);
            return Vec::new();
        }
        if let Some(sim) = &mut self.sim
            && self.checkpoints.go_back(sim, time)
        {
            let (run, shape) = (self.run, self.shape());
            self.go_to(goal);
            self.start_telling();
            return vec![FromWorker::Loaded { run, shape }];
        }
        let (run, design) = (self.run, self.design.take().expect("a run has a design"));
        self.begin(run, design, false, Some(goal))
    }

    fn go_to(&mut self, goal: Goal) {
        self.set_playing(false);
        self.put_off = None;
        self.goal = Some(goal);
    }

    fn set_playing(&mut self, playing: bool) {
        self.playing = playing && self.sim.as_ref().is_some_and(|s| !s.is_finished());
        self.dirty = true;
        self.rest_pace();
    }

    /// Pacing goes on from where the run is.
    fn rest_pace(&mut self) {
        if let Some(sim) = &self.sim {
            self.pace_ns = sim.now().0 as f64;
            self.gauge = Gauge { from: (sim.now().0, sim.events()), ..Gauge::default() };
        }
    }

    fn act(&mut self, entry: &str) -> FromWorker {
        let run = self.run;
        let refuse = |reason: String| FromWorker::NotActed { run, reason };
        let (Some(design), Some(sim)) = (&mut self.design, &mut self.sim) else {
            return refuse("no design is loaded".to_owned());
        };
        if sim.now() >= sim.end() {
            return refuse("the run is over; start it again first".to_owned());
        }
        let action = match read_action(design, entry) {
            Ok(action) => action,
            Err(reason) => return refuse(reason),
        };
        let entry: Entry = sim.act(action);
        // The design that a restart or a seek replays has it too, in order of time.
        let place = design.timeline.partition_point(|e| e.at_s <= entry.at_s);
        let text = entry.to_json().to_string();
        design.timeline.insert(place, entry);
        if !self.playing && self.goal.is_none() {
            // Done at the next nanosecond: while it stands still, go just that far so that it is seen.
            sim.run_until(sim.now().saturating_add(1), u64::MAX);
        }
        self.dirty = true;
        FromWorker::Acted { run, entry: text }
    }

    /// Goes on for `wall_ms` of wall time since the last call, in at most `events_max` events. True when there is more
    /// to do at once: the host should call again as soon as it has read its messages.
    pub fn advance(&mut self, wall_ms: f64, events_max: u64) -> bool {
        let Some(sim) = &mut self.sim else { return false };
        if !self.playing && self.goal.is_none() {
            return false;
        }
        self.dirty = true;
        let mut more = false;
        if let Some(goal) = self.goal {
            // A replay is not watched.
            sim.tracer().show(0);
            match sim.run_until(goal.time, events_max) {
                Stop::Events => more = true,
                Stop::Time => {
                    self.goal = None;
                    self.film.begin();
                    self.playing = goal.then_play && !sim.is_finished();
                    self.pace_ns = sim.now().0 as f64;
                    // How fast the replay went says nothing of how fast it plays.
                    self.gauge = Gauge { from: (sim.now().0, sim.events()), ..Gauge::default() };
                }
            }
        } else {
            self.film.turn(sim.tracer(), wall_ms, self.speed);
            let target = match self.speed {
                Speed::Max => sim.end(),
                Speed::Times(x) => {
                    // Nothing is to be seen in a skip: it passes at once.
                    self.pace_ns = sim.skips_to().map_or(self.pace_ns, |to| self.pace_ns.max(to.0 as f64));
                    self.pace_ns += wall_ms.clamp(0.0, WALL_STEP_MS_MAX) * 1e6 * x;
                    SimTime(self.pace_ns as u64)
                }
            };
            more = sim.run_until(target, events_max) == Stop::Events;
            if more {
                // Slower than wanted: the wanted speed is not owed later.
                self.pace_ns = self.pace_ns.min(sim.now().0 as f64 + WALL_STEP_MS_MAX * 1e6);
            }
            if sim.is_finished() {
                self.playing = false;
                more = false;
            }
        }
        if !self.through {
            self.checkpoints.offer(sim);
        }
        let gauge = &mut self.gauge;
        gauge.wall_ms += wall_ms;
        if gauge.wall_ms >= GAUGE_MS {
            let seconds = gauge.wall_ms / 1e3;
            gauge.speed = sim.now().0.saturating_sub(gauge.from.0) as f64 / 1e9 / seconds;
            gauge.events_per_s = sim.events().saturating_sub(gauge.from.1) as f64 / seconds;
            gauge.from = (sim.now().0, sim.events());
            gauge.wall_ms = 0.0;
        }
        more
    }

    /// The state to be sent, unless the last one sent was not yet [seen](ToWorker::Seen) or nothing changed since.
    pub fn snapshot(&mut self) -> Option<FromWorker> {
        if self.awaiting || !self.dirty {
            return None;
        }
        let sim = self.sim.as_mut()?;
        let state = match (self.goal, self.playing) {
            (Some(_), _) => RunState::CatchingUp,
            (None, true) => RunState::Playing,
            (None, false) if sim.is_finished() => RunState::Finished,
            (None, false) => RunState::Paused,
        };
        self.seq = self.seq.wrapping_add(1);
        self.awaiting = true;
        self.dirty = false;
        let snapshot = Snapshot {
            run: self.run,
            seq: self.seq,
            state,
            now_ns: sim.now().0,
            speed_reached: self.gauge.speed,
            events: sim.events(),
            events_per_s: self.gauge.events_per_s,
            hash: sim.hash(),
            totals: sim.totals(),
            first_window: self.sent_windows as u32,
            windows: sim.windows()[self.sent_windows..].to_vec(),
            nodes: sim.nodes_now(),
            happenings: sim.happenings()[self.sent_happenings..].to_vec(),
            film: match state {
                RunState::CatchingUp => None,
                _ => self.film.cut(sim.tracer(), self.speed),
            },
        };
        self.sent_windows = sim.windows().len();
        self.sent_happenings = sim.happenings().len();
        Some(FromWorker::Snapshot(Box::new(snapshot)))
    }
}

fn read_action(design: &Design, entry: &str) -> Result<Action, String> {
    let action = Entry::parse(entry)?.action;
    design.check_action(&action)?;
    Ok(action)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scenarios;

    fn text() -> String {
        scenarios::by_id("replicas-write-burst").unwrap().json.to_owned()
    }

    fn loaded(play: bool) -> Session {
        let mut session = Session::new();
        let answers = session.handle(ToWorker::Load { run: 7, design: text(), play });
        assert!(matches!(&answers[..], [FromWorker::Loaded { run: 7, .. }]));
        session
    }

    fn finish(session: &mut Session) -> (u64, u64) {
        session.handle(ToWorker::SetSpeed(Speed::Max));
        session.handle(ToWorker::Play);
        while session.advance(8.0, 20_000) {}
        let sim = session.simulation().unwrap();
        assert!(sim.is_finished());
        (sim.hash(), sim.events())
    }

    fn take(session: &mut Session) -> Snapshot {
        match session.snapshot() {
            Some(FromWorker::Snapshot(s)) => *s,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn real_time_is_kept_and_the_speed_is_told() {
        let mut session = loaded(true);
        session.handle(ToWorker::SetSpeed(Speed::Times(2.0)));
        for _ in 0..100 {
            assert!(!session.advance(16.0, 1_000_000));
        }
        let snapshot = take(&mut session);
        assert_eq!(snapshot.now_ns, 3_200_000_000);
        assert!((snapshot.speed_reached - 2.0).abs() < 0.1, "{}", snapshot.speed_reached);
        assert_eq!(snapshot.state, RunState::Playing);
    }

    #[test]
    fn a_skip_passes_at_once_and_an_edit_in_it_replays_to_it() {
        let text = r#"{"nodes": [{"id": "u", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 500}}},
            {"id": "w", "kind": "web"}], "wires": [{"from": "u", "to": "w"}], "run": {"until_s": 600, "detail": "sampled"}}"#;
        let mut session = Session::new();
        session.handle(ToWorker::Load { run: 7, design: text.to_owned(), play: true });
        session.handle(ToWorker::SetSpeed(Speed::Times(10.0)));
        let mut steps = 0;
        while session.advance(100.0, u64::MAX) || !session.simulation().unwrap().is_finished() {
            steps += 1;
        }
        // Some 600 without skips.
        assert!(steps < 300, "{steps}");
        let (hash, events) = finish(&mut session);
        let mut whole = Simulation::new(&Design::parse(text).unwrap());
        whole.run();
        assert_eq!((whole.hash(), whole.events()), (hash, events));
        // Going back to the midst of a skip and on again changes nothing.
        session.handle(ToWorker::Seek(300_000_000_000));
        while session.advance(8.0, 10_000) {}
        assert_eq!(session.simulation().unwrap().now().0, 300_000_000_000);
        assert_eq!(finish(&mut session), (hash, events));
    }

    #[test]
    fn one_snapshot_is_in_flight_at_a_time_and_windows_are_sent_once() {
        let mut session = loaded(true);
        let mut windows = 0;
        for _ in 0..400 {
            session.advance(16.0, 1_000_000);
            if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
                assert_eq!(s.first_window as usize, windows);
                windows += s.windows.len();
                assert!(session.snapshot().is_none());
                session.handle(ToWorker::Seen(s.seq.wrapping_sub(1)));
                session.advance(16.0, 1_000_000);
                assert!(session.snapshot().is_none());
                session.handle(ToWorker::Seen(s.seq));
            }
        }
        assert!(windows >= 6, "{windows}");
        session.handle(ToWorker::Pause);
        session.advance(16.0, 1_000_000);
        if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
            session.handle(ToWorker::Seen(s.seq));
        }
        assert!(session.snapshot().is_none(), "nothing changes while it stands still");
    }

    #[test]
    fn what_is_done_by_hand_is_reproduced_by_its_timeline_entry() {
        let mut design = Design::parse(&text()).unwrap();
        design.timeline.push(Entry::parse(r#"{"at_s": 110, "do": "kill", "node": "web"}"#).unwrap());
        let mut by_hand = Session::new();
        by_hand.handle(ToWorker::Load { run: 7, design: design.to_text(), play: true });
        for (wait_ms, act) in [
            (47_123.4, r#"{"do": "kill", "node": "db", "part": 0}"#),
            (3_000.7, r#"{"do": "slow", "node": "web", "factor": 3}"#),
            (9_000.1, r#"{"do": "revive", "node": "db", "part": 0}"#),
        ] {
            by_hand.handle(ToWorker::SetSpeed(Speed::Times(1000.0)));
            by_hand.handle(ToWorker::Play);
            let mut left: f64 = wait_ms;
            while left > 0.0 {
                by_hand.advance(left.min(100.0) / 1000.0, u64::MAX);
                left -= 100.0;
            }
            by_hand.handle(ToWorker::Pause);
            let answers = by_hand.handle(ToWorker::Act(act.to_owned()));
            let [FromWorker::Acted { run: 7, entry }] = &answers[..] else { panic!("{answers:?}") };
            let last = design.timeline.len() - 1;
            design.timeline.insert(last, Entry::parse(entry).unwrap());
        }
        let expected = finish(&mut by_hand);
        let mut again = Session::new();
        again.handle(ToWorker::Load { run: 8, design: design.to_text(), play: false });
        assert_eq!(finish(&mut again), expected);
        assert!(design.timeline.len() == 4 && expected.1 > 100_000);
        // A restart of the session that was acted on has the actions as well.
        by_hand.handle(ToWorker::Restart { run: 9 });
        assert_eq!(finish(&mut by_hand), expected);
    }

    #[test]
    fn going_back_starts_from_a_copy_and_does_by_hand_what_was_done() {
        let act = r#"{"at_s":0,"do":"slow","node":"db","part":1,"factor":3}"#;
        let mut session = loaded(false);
        let go = |session: &mut Session, s: u64| {
            session.handle(ToWorker::Seek(s * 1_000_000_000));
            while session.advance(8.0, 10_000) {}
            session.simulation().unwrap().hash()
        };
        go(&mut session, 80);
        assert!(matches!(&session.handle(ToWorker::Act(act.to_owned()))[..], [FromWorker::Acted { .. }]));
        let (at_90, at_110) = (go(&mut session, 90), go(&mut session, 110));
        // As text, since a percentile of no answers is not equal to itself.
        let windows = format!("{:?}", session.simulation().unwrap().windows());
        assert!(session.checkpoints.has_one(), "{} events", session.simulation().unwrap().events());
        assert_eq!(go(&mut session, 90), at_90);
        let answers = session.handle(ToWorker::Seek(30_000_000_000));
        assert!(matches!(&answers[..], [FromWorker::Loaded { run: 7, .. }]));
        while session.advance(8.0, 10_000) {}
        assert_eq!(go(&mut session, 110), at_110);
        assert!(format!("{:?}", session.simulation().unwrap().windows()) == windows);
    }

    #[test]
    fn seeking_back_is_a_replay() {
        let mut session = loaded(false);
        session.handle(ToWorker::Seek(60_000_000_000));
        while session.advance(8.0, 10_000) {}
        let there = session.simulation().unwrap().hash();
        session.handle(ToWorker::Seek(90_000_000_000));
        while session.advance(8.0, 10_000) {}
        assert_ne!(session.simulation().unwrap().hash(), there);
        session.handle(ToWorker::Seek(60_000_000_000));
        while session.advance(8.0, 10_000) {}
        let sim = session.simulation().unwrap();
        assert_eq!((sim.hash(), sim.now().0), (there, 60_000_000_000));
        assert_eq!(take(&mut session).state, RunState::Paused);
    }

    #[test]
    fn an_edit_replays_to_the_present_or_starts_again() {
        let mut session = loaded(true);
        for _ in 0..50 {
            session.advance(100.0, u64::MAX);
        }
        let edited = text().replace("\"replicas\": 2", "\"replicas\": 3");
        session.handle(ToWorker::Edit { run: 8, design: edited.clone(), keep_time: true });
        assert_eq!(take(&mut session).state, RunState::CatchingUp);
        while session.advance(0.0, 10_000) {}
        assert_eq!(session.simulation().unwrap().now().0, 5_000_000_000);
        session.advance(100.0, u64::MAX);
        assert!(session.simulation().unwrap().now().0 > 5_000_000_000, "it plays on");
        session.handle(ToWorker::Edit { run: 9, design: edited, keep_time: false });
        assert_eq!(session.simulation().unwrap().now().0, 0);
    }

    #[test]
    fn a_design_with_faults_leaves_the_run_as_it_is() {
        let mut session = loaded(true);
        session.advance(100.0, u64::MAX);
        let before = session.simulation().unwrap().hash();
        let answers = session.handle(ToWorker::Load {
            run: 8,
            design: "{\"nodes\": [{\"id\": \"x\"}]}".to_owned(),
            play: true,
        });
        assert!(matches!(&answers[..], [FromWorker::Rejected { run: 8, faults }] if !faults.is_empty()));
        assert_eq!(session.simulation().unwrap().hash(), before);
        for bad in [
            "",
            "{}",
            r#"{"do": "kill", "node": "nobody"}"#,
            r#"{"do": "flush", "node": "db"}"#,
            r#"{"do": "kill", "node": "db", "part": 9}"#,
        ] {
            let answers = session.handle(ToWorker::Act(bad.to_owned()));
            assert!(matches!(&answers[..], [FromWorker::NotActed { .. }]), "{bad}: {answers:?}");
        }
    }

    fn summary_of(session: &mut Session) -> String {
        match &session.handle(ToWorker::Summarize)[..] {
            [FromWorker::Summary { run: 7, summary }] => summary.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// What `headroom run --json` prints of a design.
    fn run_whole(design: &Design) -> String {
        let mut sim = Simulation::new(design);
        sim.run();
        format!("{:#}", summarize(design, &mut sim))
    }

    #[test]
    fn the_summary_is_what_a_run_to_this_moment_gives_and_asking_changes_nothing() {
        assert!(Session::new().handle(ToWorker::Summarize).is_empty());
        for scenario in scenarios::small() {
            let mut design = Design::parse(scenario.json).unwrap();
            design.run.window_s = Some(design.run.window_length_s());
            design.run.until_s = 70.0;
            design.run.warmup_s = 5.0;
            let mut session = Session::new();
            session.handle(ToWorker::Load { run: 7, design: design.to_text(), play: false });
            session.handle(ToWorker::Seek(40_000_000_000));
            while session.advance(8.0, 20_000) {
                summary_of(&mut session);
            }
            let mut shorter = design.clone();
            shorter.run.until_s = 40.0;
            assert_eq!(summary_of(&mut session), run_whole(&shorter), "{}", scenario.id);
            session.handle(ToWorker::SetSpeed(Speed::Max));
            session.handle(ToWorker::Play);
            while session.advance(8.0, 20_000) {
                summary_of(&mut session);
            }
            assert_eq!(summary_of(&mut session), run_whole(&design), "{}", scenario.id);
        }
    }

    #[test]
    fn a_run_through_is_the_run_of_the_command_line_and_keeps_nothing_to_go_back_to() {
        let design = Design::parse(&text()).unwrap();
        let mut session = Session::new();
        let answers = session.handle(ToWorker::RunThrough { run: 7, design: text() });
        assert!(matches!(&answers[..], [FromWorker::Loaded { run: 7, .. }]));
        while session.advance(8.0, 20_000) {
            assert!(!session.checkpoints.has_one());
        }
        assert_eq!(take(&mut session).state, RunState::Finished);
        assert_eq!(summary_of(&mut session), run_whole(&design));
        // Another one after it is one of its own.
        session.handle(ToWorker::RunThrough { run: 7, design: text() });
        while session.advance(8.0, 20_000) {}
        assert_eq!(summary_of(&mut session), run_whole(&design));
    }

    #[test]
    fn a_pause_breaks_a_replay_off_and_playing_takes_it_up_again() {
        let mut session = loaded(true);
        session.handle(ToWorker::Seek(60_000_000_000));
        session.handle(ToWorker::Play);
        assert!(session.advance(8.0, 10_000));
        session.handle(ToWorker::Pause);
        let standing = take(&mut session);
        assert_eq!(standing.state, RunState::Paused);
        assert!(standing.now_ns > 0 && standing.now_ns < 60_000_000_000);
        assert!(!session.advance(1_000.0, u64::MAX), "it stands still");
        session.handle(ToWorker::Pause);
        session.handle(ToWorker::Seen(standing.seq));
        assert_eq!(take(&mut session).now_ns, standing.now_ns);
        // It goes where it was going, and on from there.
        session.handle(ToWorker::Play);
        while session.advance(0.0, 10_000) {}
        assert_eq!(session.simulation().unwrap().now().0, 60_000_000_000);
        session.advance(100.0, u64::MAX);
        assert_eq!(session.simulation().unwrap().now().0, 60_100_000_000);

        // Whatever else is asked for takes the place of what was put off: a step goes one step, an edit stays here.
        for seek in [false, true] {
            session.handle(ToWorker::Seek(30_000_000_000));
            session.advance(8.0, 10_000);
            session.handle(ToWorker::Pause);
            let here = session.simulation().unwrap().now().0;
            if seek {
                session.handle(ToWorker::Step(1_000_000));
            } else {
                session.handle(ToWorker::Edit { run: 7, design: text(), keep_time: true });
            }
            while session.advance(8.0, 10_000) {}
            assert_eq!(session.simulation().unwrap().now().0, here + u64::from(seek) * 1_000_000);
            session.handle(ToWorker::Play);
            session.advance(100.0, u64::MAX);
            assert!(session.simulation().unwrap().now().0 < here + 200_000_000);
        }
    }

    #[test]
    fn messages_survive_postcard() {
        let mut session = loaded(true);
        session.advance(200.0, u64::MAX);
        let message = session.snapshot().unwrap();
        let bytes = postcard::to_allocvec(&message).unwrap();
        let back: FromWorker = postcard::from_bytes(&bytes).unwrap();
        // NaN is not equal to itself, so the bytes are compared.
        assert_eq!(postcard::to_allocvec(&back).unwrap(), bytes);
    }
}
