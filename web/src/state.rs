//! The state of the page, the messages that change it, and how components reach both.

use crate::desk::Desk;
use crate::env::{Env, Theme};
use crate::live::{Live, LiveRef};
use crate::port::CanvasPort;
use crate::seeds::{Seeds, Shown};
use crate::texts::Lang;
use headroom_editor::{EditMsg, Item, Selection};
use headroom_model::design::{Action, CanvasNote, Design, Node, Place, Wire};
use headroom_model::faults::Fault;
use headroom_model::messages::{FromWorker, RunState, Speed};
use headroom_model::scenarios::Scenario;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// The run as the page has asked for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Number of the present run; answers about others are old.
    pub number: u32,
    /// What it is doing, as last heard.
    pub state: RunState,
    /// How fast it should go.
    pub speed: Option<f64>,
}

impl Run {
    /// The speed in the words of the worker: none means as fast as it goes.
    pub fn speed(&self) -> Speed {
        self.speed.map_or(Speed::Max, Speed::Times)
    }
}

/// Who computes the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Engine {
    /// The worker is being started.
    #[default]
    Starting,
    /// A worker.
    Worker,
    /// This page itself, in slices of time: workers are forbidden here.
    Page,
    /// Nobody: it has broken down, with this message.
    Failed(String),
}

/// Which single requests are looked at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// The slowest of the last minute.
    #[default]
    Slowest,
    /// The moving one that was clicked, on this wire, by its position in the design of the run.
    Request(usize),
}

/// What is asked why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Red {
    /// Why it is slow.
    #[default]
    Slow,
    /// Why requests fail.
    Errors,
    /// Why it costs so much.
    Money,
}

/// A window in front of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Everything that can be done, found by its name.
    Commands,
    /// Designs that the browser keeps.
    Library,
    /// Link, frame and file to hand on.
    Share,
    /// Single requests.
    Microscope(Sight),
    /// Why it is slow, failing or dear.
    Why(Red),
    /// The rules for millions of users.
    Checklist,
    /// Users and data centres on a map of the world.
    World,
    /// Keys.
    Shortcuts,
    /// What was measured so far.
    Summary,
    /// How sure the numbers are, from many seeds.
    Seeds,
    /// A design that could not be opened, and why.
    Faults {
        /// Its name: a file's, or that of a link.
        source: String,
        /// All faults.
        faults: Vec<Fault>,
    },
}

/// What was measured, as the session told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// As JSON, just as `headroom run --json` prints it.
    pub text: String,
    /// The same, read.
    pub value: serde_json::Value,
}

/// A part of the page that a small screen shows one at a time, over the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The palette.
    Palette,
    /// The inspector.
    Inspector,
    /// Menus of the top bar.
    Menu,
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Plain,
    /// Something went wrong.
    Bad,
}

/// What can be done from within a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastAction {
    /// Undo the last change.
    Undo,
    /// Begin with the default scenario instead of the restored design.
    StartFresh,
    /// Start the simulation again after it broke down.
    RestartEngine,
    /// Load the page again.
    Reload,
    /// Show what came of many seeds.
    ShowSeeds,
}

/// A short notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Tells notices apart.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// How grave it is.
    pub tone: Tone,
    /// What can be done about it.
    pub action: Option<ToastAction>,
}

/// Everything that can happen to the state.
pub enum Msg {
    /// The editor is to do something: change the design, select, move the camera, undo.
    Edit(EditMsg),
    /// Another design is opened, as a scenario or from a file or link.
    Open(Box<Design>),
    /// A scenario is opened.
    OpenScenario(&'static Scenario),
    /// An empty design is opened.
    New,
    /// The text of a file, with its name.
    OpenText(String, String),
    /// The design is handed out as a file.
    Save,
    /// Play, or pause.
    TogglePlay,
    /// Play, or not.
    Play(bool),
    /// On by one window.
    Step,
    /// From the start.
    Restart,
    /// To a moment [s].
    Seek(f64),
    /// Simulated seconds per second; none means as fast as it goes.
    SetSpeed(Option<f64>),
    /// The next slower or faster of the common speeds.
    StepSpeed(i32),
    /// Do this now.
    Act(Action),
    /// What is known of single requests is asked for.
    AskTraces,
    /// So many followed requests are wanted for each second, to be shown moving.
    Film(u16),
    /// Why it is as it is is asked for.
    AskWhy,
    /// A seed by lot.
    RollSeed,
    /// The present design is run with so many seeds.
    RunSeeds(usize),
    /// Runs of many seeds are given up.
    CancelSeeds,
    /// Runs of many seeds are over, or have broken down.
    SeedsDone,
    /// What the seeds lie between is shown on the charts, or not.
    ShowBands(bool),
    /// This seed is run on the canvas.
    TakeSeed(u64),
    /// The language.
    SetLang(Lang),
    /// The colours.
    SetTheme(Theme),
    /// A dialog, or none.
    Show(Option<Dialog>),
    /// A sheet of a small screen, or none.
    ShowSheet(Option<Sheet>),
    /// The session is to tell the summary.
    AskSummary,
    /// The charts are shown, or not.
    ShowPanel(bool),
    /// A step of the tour is shown, or none.
    Tour(Option<usize>),
    /// The hint is put away.
    DismissHint,
    /// A notice.
    Notice(String, Tone, Option<ToastAction>),
    /// A notice is put away.
    DismissToast(u32),
    /// A notice's action was chosen.
    ToastAction(u32, ToastAction),
    /// The worker said something.
    Heard(Box<FromWorker>),
    /// Who computes the run has changed.
    Engine(Engine),
    /// The simulation is started again after it broke down.
    RestartEngine,
    /// The fragment of the address has changed.
    HashChanged,
    /// The run should now get the present design.
    Flush,
    /// The browser should now keep the present design.
    Autosave,
    /// What is in front is put away: a sheet, else the selection.
    Escape,
}

/// The state of the page. Cheap to clone: large parts are shared.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The design.
    pub design: Rc<Design>,
    /// What is selected.
    pub selection: Selection,
    /// There is something to undo.
    pub can_undo: bool,
    /// There is something to redo.
    pub can_redo: bool,
    /// The run.
    pub run: Run,
    /// Who computes it.
    pub engine: Engine,
    /// What the address asked for.
    pub env: Rc<Env>,
    /// The language.
    pub lang: Lang,
    /// The colours.
    pub theme: Theme,
    /// The dialog in front.
    pub dialog: Option<Dialog>,
    /// The last summary of the present run that was told while its dialog is in front.
    pub summary: Option<Rc<Summary>>,
    /// Runs of many seeds whose bands the charts show.
    pub bands: Option<Shown>,
    /// The sheet of a small screen.
    pub sheet: Option<Sheet>,
    /// The charts are shown.
    pub panel_open: bool,
    /// The hint of the scenario that was opened, by its id.
    pub hint: Option<&'static str>,
    /// Notices, the oldest first.
    pub toasts: Vec<Toast>,
    /// The step of the tour that is shown.
    pub tour: Option<usize>,
    /// What a screen reader is told.
    pub said: String,
}

impl State {
    /// The one selected node, if there is just one and no wire.
    pub fn selected_node(&self) -> Option<&Node> {
        match self.selection.only()? {
            Item::Node(id) => self.design.node(&id),
            Item::Wire(_) | Item::Place(_) | Item::Note(_) => None,
        }
    }

    /// The one selected wire, if there is just one and no node.
    pub fn selected_wire(&self) -> Option<&Wire> {
        match self.selection.only()? {
            Item::Wire(key) => self.design.wires.iter().find(|w| key.is(w)),
            Item::Node(_) | Item::Place(_) | Item::Note(_) => None,
        }
    }

    /// The one selected place, if nothing else is selected.
    pub fn selected_place(&self) -> Option<&Place> {
        match self.selection.only()? {
            Item::Place(id) => self.design.place(&id),
            Item::Node(_) | Item::Wire(_) | Item::Note(_) => None,
        }
    }

    /// The one selected note, if nothing else is selected.
    pub fn selected_note(&self) -> Option<&CanvasNote> {
        match self.selection.only()? {
            Item::Note(id) => self.design.note(&id),
            Item::Node(_) | Item::Wire(_) | Item::Place(_) => None,
        }
    }

    /// What a node is called: its label, or its kind's name.
    pub fn node_name(&self, node: &Node) -> String {
        node_name(node, self.lang)
    }
}

/// What a node is called in a language: its label, or its kind's name with the number of its id.
pub fn node_name(node: &Node, lang: Lang) -> String {
    if !node.label.is_empty() {
        return node.label.clone();
    }
    let spec = node.kind().spec();
    let number = node.id.strip_prefix(spec.id).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
    match number {
        Some(number) if !number.is_empty() => format!("{} {number}", lang.t(spec.label)),
        _ => lang.t(spec.label).to_owned(),
    }
}

/// What a place is called in a language: its label, or its kind's name with the number of its id.
pub fn place_name(place: &Place, lang: Lang) -> String {
    if !place.label.is_empty() {
        return place.label.clone();
    }
    let spec = place.kind().spec();
    let number = place.id.strip_prefix(spec.id).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
    match number {
        Some(number) if !number.is_empty() => format!("{} {number}", lang.t(spec.label)),
        _ => lang.t(spec.label).to_owned(),
    }
}

/// What two places are called that are cut off from each other or joined.
pub fn pair_name(design: &Design, from: &str, to: &str, lang: Lang) -> String {
    let name = |id: &str| design.place(id).map_or_else(|| id.to_owned(), |p| place_name(p, lang));
    format!("{} ↔ {}", name(from), name(to))
}

/// What is meant by positions of one place or two.
pub fn places_name(design: &Design, place: u16, to: Option<u16>, lang: Lang) -> String {
    let id = |i: u16| design.places.get(usize::from(i)).map_or("", |p| p.id.as_str());
    match (to, design.places.get(usize::from(place))) {
        (Some(to), _) => pair_name(design, id(place), id(to), lang),
        (None, Some(place)) => place_name(place, lang),
        (None, None) => String::new(),
    }
}

/// How a component reaches state, live data, canvas and messages. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The state.
    pub state: Rc<State>,
    /// What moves with the run.
    pub live: LiveRef,
    /// The editor: design, selection, camera.
    pub desk: Desk,
    /// The canvas's ear: where it is told what only it can do.
    pub canvas: CanvasPort,
    /// Runs of many seeds.
    pub seeds: Seeds,
    /// Sends a message.
    pub send: Callback<Msg>,
}

impl PartialEq for Ctx {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
    }
}

impl Ctx {
    /// Sends a message.
    pub fn send(&self, msg: Msg) {
        self.send.emit(msg);
    }

    /// Tells the editor to do something.
    pub fn edit(&self, message: EditMsg) {
        self.send(Msg::Edit(message));
    }

    /// Tells the editor to do something, unless it would refuse: then nothing is done, and the reason is given, to be
    /// shown where the fault was made.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn try_edit(&self, message: EditMsg) -> Result<(), String> {
        let refusal = self.desk.get().clone().apply(message.clone()).refusal;
        match refusal {
            Some(words) => Err(if self.lang() == Lang::Ko { words.ko } else { words.en }),
            None => {
                self.edit(message);
                Ok(())
            }
        }
    }

    /// A callback that sends a message whatever happened.
    pub fn on<E: 'static>(&self, make: impl Fn() -> Msg + 'static) -> Callback<E> {
        let send = self.send.clone();
        Callback::from(move |_: E| send.emit(make()))
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.state.lang
    }
}

/// State, live data and messages, in a component.
#[hook]
pub fn use_ctx() -> Ctx {
    use_context::<Ctx>().expect("every component lives inside the app")
}

/// Draws the component again when the live data has changed, at most every `every_ms`. Read the data with the
/// returned handle. For what moves with each frame, subscribe to [`LiveRef`] and draw past Yew instead.
#[hook]
pub fn use_live(every_ms: f64) -> LiveRef {
    let ctx = use_ctx();
    let update = use_force_update();
    let live = ctx.live.clone();
    use_effect_with((), move |()| {
        let last = Cell::new(f64::NEG_INFINITY);
        let watch = live.watch(move |live: &Live| {
            let now = crate::dom::now_ms();
            // A change of what the run is doing is always shown, so that nothing stays on the screen from before.
            if now - last.get() >= every_ms || live.settled() {
                last.set(now);
                update.force_update();
            }
        });
        move || drop(watch)
    });
    ctx.live
}

/// Whether two designs would give the same run: all that a run depends on is equal.
pub fn same_run(a: &Design, b: &Design) -> bool {
    same_structure(a, b)
        && a.wires == b.wires
        && a.timeline == b.timeline
        && a.run == b.run
        && a.prices == b.prices
        && a.nodes.iter().zip(&b.nodes).all(|(a, b)| a.params == b.params)
        && a.places.iter().zip(&b.places).all(|(a, b)| a.is_same_run(b))
}

/// Whether two designs give the same run but for luck.
pub fn same_but_seed(a: &Design, b: &Design) -> bool {
    let mut a = a.clone();
    a.run.seed = b.run.seed;
    same_run(&a, b)
}

/// Whether two designs have the same nodes and wires, whatever their settings.
pub fn same_structure(a: &Design, b: &Design) -> bool {
    let key = |n: &Node| (n.id.clone(), n.kind(), n.place.clone(), n.spread.clone());
    let place = |p: &Place| (p.id.clone(), p.kind(), p.parent.clone());
    a.nodes.len() == b.nodes.len()
        && a.places.len() == b.places.len()
        && a.places.iter().zip(&b.places).all(|(a, b)| place(a) == place(b))
        && a.wires.len() == b.wires.len()
        && a.nodes.iter().zip(&b.nodes).all(|(a, b)| key(a) == key(b))
        && a.wires.iter().zip(&b.wires).all(|(a, b)| a.from == b.from && a.to == b.to)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;

    fn design() -> Design {
        Design::parse(scenarios::by_id(scenarios::DEFAULT_ID).unwrap().json).unwrap()
    }

    #[test]
    fn moving_and_naming_do_not_change_a_run() {
        let (a, mut b) = (design(), design());
        b.nodes[0].x += 50.0;
        b.nodes[1].label = "Front".to_owned();
        b.title = "Other".to_owned();
        b.note = "Note".to_owned();
        let text = "Look here".to_owned();
        b.notes.push(CanvasNote { id: "note".to_owned(), text, x: 0.0, y: 0.0, w: 100.0, h: 100.0 });
        assert!(same_run(&a, &b) && same_structure(&a, &b));
        b.run.seed += 1;
        assert!(!same_run(&a, &b) && same_but_seed(&a, &b) && same_structure(&a, &b));
        b.wires.pop();
        assert!(!same_structure(&a, &b));
    }

    #[test]
    fn a_node_without_a_label_is_called_by_kind_and_number() {
        let node = |id: &str| Node::new(id, headroom_model::kinds::Kind::Cache, 0.0, 0.0);
        assert_eq!(node_name(&node("cache"), Lang::En), "Cache");
        assert_eq!(node_name(&node("cache2"), Lang::Ko), "캐시 2");
        assert_eq!(node_name(&node("odd"), Lang::En), "Cache");
    }
}
