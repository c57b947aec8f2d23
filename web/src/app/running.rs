//! The run: what the session is told, and what it answers.

use super::App;
use crate::bridge::Bridge;
use crate::dom::{self, Timer};
use crate::env::Start;
use crate::state::{Dialog, Engine, Msg, Summary, ToastAction, Tone, same_run, same_structure};
use crate::texts::{Lang, run};
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Action, Design, Entry, RunSettings};
use headroom_model::messages::{FromWorker, RunState, Snapshot, ToWorker};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A drag of a slider sends the design so long after its last move [ms].
const DEBOUNCE_MS: i32 = 120;
/// Where pages get no frames (hidden tabs, frames out of view) the data is shown after this time [ms].
const NO_FRAME_MS: i32 = 250;

/// The common speeds, in order; the last is followed by "as fast as it goes".
pub const SPEEDS: &[f64] = &[0.001, 0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0];

/// What is on its way to the session and back.
#[derive(Default)]
pub struct Sending {
    /// The design that the session has, or has been sent.
    sent: Rc<Design>,
    /// The designs of runs that were asked for and are not yet loaded.
    asked: Vec<(u32, Rc<Design>)>,
    next_run: u32,
    /// The run that the session has.
    loaded: u32,
    flush: Option<Timer>,
    /// The run that was last said to be wanted.
    shown_wanted: Option<Option<u32>>,
    after_opening: Option<Timer>,
    frames: Frames,
    /// Requests per second that are shown moving.
    film: u16,
    /// What the browser keeps is the design of this visit.
    pub(super) owns_kept: bool,
    /// The user was told that the browser keeps nothing.
    pub(super) told_not_kept: bool,
}

impl Sending {
    pub(super) fn after_opening(&mut self, timer: Timer) {
        self.after_opening = Some(timer);
    }

    fn next(&mut self, design: &Rc<Design>) -> u32 {
        self.next_run += 1;
        self.sent = design.clone();
        self.asked.push((self.next_run, design.clone()));
        self.next_run
    }
}

/// The next animation frame, in which what came meanwhile is shown.
#[derive(Clone, Default)]
pub struct Frames(Rc<FramesInner>);

#[derive(Default)]
struct FramesInner {
    /// A frame was asked for. Where there are none it stays asked for, rather than being asked for ever again.
    asked: Cell<bool>,
    todo: RefCell<Option<Box<dyn FnOnce()>>>,
    late: RefCell<Option<Timer>>,
}

impl Frames {
    /// Calls `todo` in the next frame, or after a while where there are no frames. A former one still waiting is
    /// replaced.
    fn ask(&self, todo: impl FnOnce() + 'static) {
        self.0.todo.replace(Some(Box::new(todo)));
        let inner = self.0.clone();
        self.0.late.replace(Some(Timer::after(NO_FRAME_MS, move || inner.show())));
        if !self.0.asked.replace(true) {
            let inner = self.0.clone();
            dom::next_frame(move || {
                inner.asked.set(false);
                inner.show();
            });
        }
    }
}

impl FramesInner {
    fn show(&self) {
        let todo = self.todo.take();
        if let Some(todo) = todo {
            todo();
        }
    }
}

impl App {
    pub(super) fn take_running(&mut self, msg: Msg) {
        match msg {
            Msg::TogglePlay => self.toggle_play(),
            Msg::Play(play) => self.play(play),
            Msg::Step => {
                let window_s = self.live.get().shape.window_s.max(0.001);
                self.say(ToWorker::Step((window_s * 1e9) as u64));
            }
            Msg::Restart => self.restart(),
            Msg::Seek(s) => {
                let plays = self.state.run.state == RunState::Playing;
                self.say(ToWorker::Seek((s.max(0.0) * 1e9) as u64));
                if plays {
                    self.say(ToWorker::Play);
                }
            }
            Msg::SetSpeed(speed) => self.set_speed(speed),
            Msg::StepSpeed(by) => self.set_speed(stepped(self.state.run.speed, by)),
            Msg::Act(action) => self.act(action),
            Msg::Film(per_s) => {
                self.sending.film = per_s;
                self.say(ToWorker::Film(per_s));
            }
            Msg::AskTraces => self.say(ToWorker::Traces),
            Msg::AskWhy => self.say(ToWorker::Why),
            Msg::RollSeed => {
                let run = RunSettings { seed: fresh_seed(), ..self.state.design.run.clone() };
                self.edit(EditMsg::SetRun { run, phase: Phase::Done });
            }
            Msg::Heard(message) => self.heard(*message),
            Msg::Engine(engine) => self.engine(engine),
            Msg::RestartEngine => self.restart_engine(),
            Msg::Flush => self.send_design(),
            Msg::AskSummary => {
                // What was changed just before is part of what is measured.
                self.send_design();
                self.say(ToWorker::Summarize);
            }
            _ => unreachable!("all other messages are taken before"),
        }
    }

    /// For tests and pages around this one: which run belongs to the present design, `soon` while it is still being
    /// changed. See [`crate::ui::beacon`] for the run that is shown.
    pub(super) fn show_wanted_run(&mut self) {
        let wanted = if self.sending.flush.is_some() { None } else { Some(self.state.run.number) };
        if self.sending.shown_wanted != Some(wanted) {
            self.sending.shown_wanted = Some(wanted);
            let text = wanted.map_or_else(|| "soon".to_owned(), |run| run.to_string());
            let _ = dom::root().set_attribute("data-run-wanted", &text);
        }
    }

    /// A number for a run of this design. Until its first snapshot the root element says that it is on its way, and not
    /// what the former run was doing.
    fn new_run(&mut self, design: &Rc<Design>) -> u32 {
        let number = self.sending.next(design);
        self.state().run.number = number;
        let _ = dom::root().set_attribute("data-run-state", "catching-up");
        number
    }

    fn say(&self, message: ToWorker) {
        if let Some(bridge) = &self.bridge {
            bridge.send(message);
        }
    }

    pub(super) fn start_bridge(&mut self) {
        let (tell, engine) = (self.send.clone(), self.send.clone());
        self.bridge = Some(Bridge::start(
            (move |message| tell.emit(Msg::Heard(Box::new(message)))).into(),
            (move |state| engine.emit(Msg::Engine(state))).into(),
        ));
    }

    /// Sends the whole design as a new run from 0.
    pub(super) fn load(&mut self, first: bool) {
        let design = self.state.design.clone();
        let number = self.new_run(&design);
        self.sending.flush = None;
        let env = self.state.env.clone();
        let at_s = env.at_s.filter(|_| first).or(design.view.open_at_s);
        let play = at_s.is_none() && (!first || env.start == Start::Auto);
        let speed = self.state.run.speed();
        self.say(ToWorker::SetSpeed(speed));
        self.say(ToWorker::Film(self.sending.film));
        self.say(ToWorker::Load { run: number, design: design.to_json().to_string(), play });
        if let Some(at_s) = at_s {
            self.say(ToWorker::Seek((at_s * 1e9) as u64));
        }
    }

    /// The session gets the present design: at once when nodes or wires came or went, else a little later, so that a
    /// drag of a slider is one edit.
    pub(super) fn send_design_soon(&mut self) {
        if same_structure(&self.sending.sent, &self.state.design) {
            let send = self.send.clone();
            self.sending.flush = Some(Timer::after(DEBOUNCE_MS, move || send.emit(Msg::Flush)));
        } else {
            self.send_design();
        }
    }

    fn send_design(&mut self) {
        self.sending.flush = None;
        let design = self.state.design.clone();
        let sent = self.sending.sent.clone();
        if same_run(&sent, &design) {
            return;
        }
        let keep_time = same_structure(&sent, &design);
        let number = self.new_run(&design);
        self.say(ToWorker::Edit { run: number, design: design.to_json().to_string(), keep_time });
        if !keep_time && self.live.get().now_s() > 0.0 {
            let text = self.state.lang.t(run::RESTARTED).to_owned();
            self.notice(text, Tone::Plain, None);
        }
    }

    fn toggle_play(&mut self) {
        let moving = matches!(self.state.run.state, RunState::Playing | RunState::CatchingUp);
        if self.state.run.state == RunState::Finished {
            self.restart();
            self.say(ToWorker::Play);
        } else {
            self.play(!moving);
        }
    }

    fn play(&mut self, play: bool) {
        self.say(if play { ToWorker::Play } else { ToWorker::Pause });
    }

    fn restart(&mut self) {
        self.send_design();
        let design = self.state.design.clone();
        let number = self.new_run(&design);
        self.say(ToWorker::Restart { run: number });
    }

    pub(super) fn set_speed(&mut self, speed: Option<f64>) {
        self.state().run.speed = speed;
        let speed = self.state.run.speed();
        self.say(ToWorker::SetSpeed(speed));
    }

    fn act(&mut self, action: Action) {
        // What was changed just before is part of what it is done to.
        self.send_design();
        if self.state.run.state == RunState::Finished {
            let text = self.state.lang.t(run::OVER).to_owned();
            self.notice(text, Tone::Plain, None);
            return;
        }
        if let Err(reason) = self.state.design.check_action(&action) {
            self.notice(reason, Tone::Bad, None);
            return;
        }
        let entry = Entry { at_s: 0.0, action };
        self.say(ToWorker::Act(entry.to_json().to_string()));
    }

    fn engine(&mut self, engine: Engine) {
        if let Engine::Failed(message) = &engine {
            let text = self.state.lang.fill(run::BROKE_DOWN, &[("message", first_line(message))]);
            self.notice(text, Tone::Bad, Some(ToastAction::RestartEngine));
            self.state().run.state = RunState::Paused;
        }
        if engine == Engine::Page && !self.state.env.embed {
            let text = self.state.lang.t(run::ON_PAGE).to_owned();
            self.notice(text, Tone::Plain, None);
        }
        self.state().engine = engine;
    }

    pub(super) fn restart_engine(&mut self) {
        self.state().engine = Engine::Starting;
        self.bridge = None;
        self.start_bridge();
        self.load(false);
        // It broke down once: it waits to be told.
        self.say(ToWorker::Pause);
    }

    fn heard(&mut self, message: FromWorker) {
        let present = self.state.run.number;
        match message {
            FromWorker::Ready { build } => {
                if build != crate::BUILD {
                    let text = self.state.lang.t(run::OTHER_BUILD).to_owned();
                    self.notice(text, Tone::Bad, Some(ToastAction::Reload));
                }
            }
            FromWorker::Loaded { run, shape } => {
                let design = self.sending.asked.iter().find(|(n, _)| *n == run).map(|(_, d)| d.clone());
                self.sending.asked.retain(|(n, _)| *n > run);
                self.sending.loaded = run;
                // A seek back is a replay: the same run is loaded once more.
                let design = design.unwrap_or_else(|| self.live.get().design.clone());
                if run == present {
                    self.live.change(|live| live.begin(design, shape));
                    let _ = dom::root().set_attribute("data-ready", "1");
                }
            }
            FromWorker::Rejected { run, faults } => {
                self.sending.asked.retain(|(n, _)| *n > run);
                if let Some(fault) = faults.first().filter(|_| run == present) {
                    // The former run goes on, and so do its snapshots.
                    self.state().run.number = self.sending.loaded;
                    let text = self.state.lang.fill(run::REJECTED, &[("fault", &fault.to_string())]);
                    self.notice(text, Tone::Bad, Some(ToastAction::Undo));
                }
            }
            FromWorker::Acted { run, entry } => self.acted(run == present, &entry),
            FromWorker::NotActed { reason, .. } => self.notice(reason, Tone::Bad, None),
            FromWorker::Traces { run, now_ns, traces } => {
                if run == present {
                    self.live.change(|live| {
                        live.traces = Some((now_ns, traces));
                        live.version += 1;
                    });
                    self.live.notify();
                }
            }
            FromWorker::Why { run, now_ns, why } => {
                if run == present {
                    self.live.change(|live| {
                        live.why = Some((now_ns, Rc::from(why)));
                        live.version += 1;
                    });
                    self.live.notify();
                }
            }
            FromWorker::Snapshot(snapshot) => self.snapshot(*snapshot),
            FromWorker::Summary { run, summary } => {
                // Of an older run, or asked for by a dialog that is closed by now: nobody waits for it.
                if run == present && self.state.dialog == Some(Dialog::Summary) {
                    let value = serde_json::from_str(&summary).expect("the session writes JSON");
                    self.state().summary = Some(Rc::new(Summary { text: summary, value }));
                }
            }
        }
    }

    /// A hand action was done: the timeline gets it, so that the same run has it again. The session has done so too.
    fn acted(&mut self, present: bool, entry: &str) {
        let Some(entry) = read_entry(&self.state.design, entry) else { return };
        if present {
            let mut with_entry = (*self.sending.sent).clone();
            insert(&mut with_entry, entry.clone());
            self.sending.sent = Rc::new(with_entry);
        }
        self.edit(EditMsg::AppendActed(entry));
    }

    fn snapshot(&mut self, snapshot: Snapshot) {
        let seq = snapshot.seq;
        let present = snapshot.run == self.state.run.number;
        if present {
            if snapshot.state != self.state.run.state {
                self.state().run.state = snapshot.state;
                self.announce(snapshot.state);
            }
            self.live.change(|live| live.take(snapshot));
        }
        let (live, bridge) = (self.live.clone(), self.bridge.clone());
        self.sending.frames.ask(move || {
            if let Some(bridge) = bridge {
                bridge.send(ToWorker::Seen(seq));
            }
            // What an older run was doing is nobody's business any more.
            if present {
                live.notify();
            }
        });
    }

    fn announce(&mut self, state: RunState) {
        let text = match state {
            RunState::Playing => run::SAID_PLAYING,
            RunState::Paused => run::SAID_PAUSED,
            RunState::Finished => run::SAID_FINISHED,
            RunState::CatchingUp => return,
        };
        let text = self.state.lang.t(text).to_owned();
        self.state().said = text;
    }
}

/// Puts an entry where it belongs in order of time, after others of the same moment.
pub fn insert(design: &mut Design, entry: Entry) {
    let at = design.timeline.iter().position(|e| e.at_s > entry.at_s).unwrap_or(design.timeline.len());
    design.timeline.insert(at, entry);
}

/// Reads a timeline entry; none if it makes no sense in the design.
fn read_entry(design: &Design, json: &str) -> Option<Entry> {
    Entry::parse(json).ok().filter(|e| design.check_action(&e.action).is_ok())
}

/// The next of the common speeds; none is as fast as it goes.
fn stepped(speed: Option<f64>, by: i32) -> Option<f64> {
    let index = speed.map_or(SPEEDS.len(), |s| SPEEDS.iter().position(|x| *x >= s).unwrap_or(SPEEDS.len()));
    let index = index.saturating_add_signed(by as isize).min(SPEEDS.len());
    SPEEDS.get(index).copied()
}

/// A seed by lot: below 2^32, so that people can read it out.
fn fresh_seed() -> u64 {
    getrandom::u32().map_or(1, u64::from)
}

fn first_line(text: &str) -> &str {
    text.lines().find(|l| !l.trim().is_empty()).unwrap_or(text)
}

/// What is shown of a speed.
pub fn speed_text(lang: Lang, speed: Option<f64>) -> String {
    match speed {
        Some(times) => format!("{times}×"),
        None => lang.t(run::SPEED_MAX).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;

    #[test]
    fn speeds_step_up_to_as_fast_as_it_goes_and_back() {
        assert_eq!(stepped(Some(1.0), 1), Some(2.0));
        assert_eq!(stepped(Some(100.0), 1), None);
        assert_eq!(stepped(None, 1), None);
        assert_eq!(stepped(None, -1), Some(100.0));
        assert_eq!(stepped(Some(0.1), -1), Some(0.01));
        assert_eq!(stepped(Some(0.001), -1), Some(0.001));
    }

    #[test]
    fn an_entry_of_the_session_finds_its_place_in_time() {
        let mut design = Design::parse(scenarios::by_id("load-balanced").unwrap().json).unwrap();
        let entry = read_entry(&design, r#"{"at_s": 60.5, "do": "kill", "node": "web", "part": 0}"#).unwrap();
        insert(&mut design, entry);
        let times: Vec<f64> = design.timeline.iter().map(|e| e.at_s).collect();
        assert_eq!(times, [40.0, 60.5, 80.0]);
        assert!(read_entry(&design, r#"{"at_s": 1, "do": "kill", "node": "nobody"}"#).is_none());
    }
}
