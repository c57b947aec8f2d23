//! Changes of the design: edits, undo, opening and keeping it.

use super::App;
use crate::dom::{self, Timer};
use crate::env;
use crate::port::CanvasCommand;
use crate::state::{Dialog, Edit, Msg, Selection, Tone};
use crate::storage;
use crate::texts::{Lang, shell};
use headroom_model::design::Design;
use headroom_model::faults::Fault;
use headroom_model::link;
use headroom_model::scenarios::Scenario;
use std::rc::Rc;

/// Changes that can be undone.
const UNDO_MAX: usize = 200;
/// Changes of the same name within this time are undone together [ms].
const MERGE_MS: f64 = 1_200.0;
/// The browser keeps a design so long after its last change [ms].
const AUTOSAVE_MS: i32 = 300;

/// A design and what was selected in it.
#[derive(Clone)]
struct Moment {
    design: Rc<Design>,
    selection: Selection,
}

/// What can be undone and redone.
#[derive(Default)]
pub struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    merge: Option<(String, f64)>,
}

impl History {
    /// Notes the state before a change.
    fn note(&mut self, before: Moment, merge: Option<String>, now_ms: f64) {
        let merges =
            matches!((&self.merge, &merge), (Some((a, at)), Some(b)) if a == b && now_ms - at < MERGE_MS);
        if !merges {
            self.past.push(before);
            if self.past.len() > UNDO_MAX {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.merge = merge.map(|name| (name, now_ms));
    }

    fn back(&mut self, present: Moment) -> Option<Moment> {
        let moment = self.past.pop()?;
        self.future.push(present);
        self.merge = None;
        Some(moment)
    }

    fn forth(&mut self, present: Moment) -> Option<Moment> {
        let moment = self.future.pop()?;
        self.past.push(present);
        self.merge = None;
        Some(moment)
    }
}

impl App {
    fn moment(&self) -> Moment {
        Moment { design: self.state.design.clone(), selection: self.state.selection.clone() }
    }

    /// The one way by which the design is changed.
    pub(super) fn edit(&mut self, edit: Edit) {
        let before = self.moment();
        let mut design = (*self.state.design).clone();
        (edit.change)(&mut design);
        let changed = design != *before.design;
        if changed {
            self.history.note(before, edit.merge, dom::now_ms());
        }
        let state = self.state();
        if let Some(selection) = edit.select {
            state.selection = selection;
        }
        if changed {
            self.set_design(Rc::new(design));
            self.forget_link();
        }
    }

    /// A link in the address stands for the design as it was opened. Once changed, loading the page again must bring
    /// back the changed one.
    fn forget_link(&self) {
        if !env::fragment().is_empty() && !self.state.env.embed {
            let location = dom::window().location();
            let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
            if let Ok(history) = dom::window().history() {
                let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here));
            }
        }
    }

    /// Puts an entry into the timeline that the run has already made happen.
    pub(super) fn edit_silently(&mut self, change: impl FnOnce(&mut Design) + 'static) {
        self.edit(Edit { change: Box::new(change), merge: None, select: None });
    }

    fn set_design(&mut self, design: Rc<Design>) {
        let (can_undo, can_redo) = (!self.history.past.is_empty(), !self.history.future.is_empty());
        let state = self.state();
        state.design = design;
        (state.can_undo, state.can_redo) = (can_undo, can_redo);
        let mut selection = std::mem::take(&mut state.selection);
        selection.prune(&state.design);
        state.selection = selection;
        self.keep_soon();
        self.send_design_soon();
    }

    pub(super) fn undo(&mut self) {
        if let Some(moment) = self.history.back(self.moment()) {
            self.state().selection = moment.selection;
            self.set_design(moment.design);
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(moment) = self.history.forth(self.moment()) {
            self.state().selection = moment.selection;
            self.set_design(moment.design);
        }
    }

    pub(super) fn delete_selection(&mut self) {
        let Selection { nodes, wires } = self.state.selection.clone();
        if nodes.is_empty() && wires.is_empty() {
            return;
        }
        self.edit(Edit {
            change: Box::new(move |design| remove(design, &nodes, &wires)),
            merge: None,
            select: Some(Selection::default()),
        });
    }

    /// Opens a design in place of the present one, which can be had back by undo.
    pub(super) fn open(&mut self, design: Design, hint: Option<&'static str>) {
        let first = self.state.run.number == 0;
        if !first {
            let before = self.moment();
            self.history.note(before, None, dom::now_ms());
        }
        let focus = self.state.env.focus.clone().filter(|_| first).or_else(|| design.view.focus.clone());
        let selection = focus.filter(|id| design.node(id).is_some()).map(Selection::node).unwrap_or_default();
        let design = Rc::new(design);
        let (can_undo, can_redo) = (!self.history.past.is_empty(), false);
        let state = self.state();
        state.design = design;
        state.selection = selection;
        state.hint = hint;
        state.sheet = None;
        state.dialog = None;
        (state.can_undo, state.can_redo) = (can_undo, can_redo);
        self.keep_soon();
        self.load(first);
        self.canvas.tell(CanvasCommand::Fit);
    }

    pub(super) fn open_scenario(&mut self, scenario: &'static Scenario) {
        let mut design = Design::parse(scenario.json).expect("a test opens every scenario");
        if self.state.lang == Lang::Ko {
            design.title = scenario.title.ko.to_owned();
        }
        self.open(design, Some(scenario.id));
    }

    pub(super) fn open_text(&mut self, name: String, text: &str) {
        match Design::parse(text) {
            Ok(design) => self.open(design, None),
            Err(faults) => self.show_faults(name, faults),
        }
    }

    fn show_faults(&mut self, source: String, faults: Vec<Fault>) {
        self.state().dialog = Some(Dialog::Faults { source, faults });
    }

    /// Opens what the address holds. False when there is nothing to open in it; a broken link is told, and changes
    /// nothing.
    pub(super) fn open_link(&mut self, fragment: &str) -> bool {
        match link::decode(fragment) {
            Ok(design) => {
                self.open(design, None);
                true
            }
            Err(faults) => {
                // The dialog stays in front of what is opened next, so it is shown afterwards.
                let send = self.send.clone();
                let source = self.state.lang.t(shell::THE_LINK).to_owned();
                let dialog = Dialog::Faults { source, faults };
                self.sending.after_opening(Timer::after(0, move || send.emit(Msg::Show(Some(dialog)))));
                false
            }
        }
    }

    pub(super) fn hash_changed(&mut self) {
        let fragment = env::fragment();
        if !fragment.is_empty() && fragment != link::encode(&self.state.design) {
            self.open_link(&fragment);
        }
    }

    /// Keeps the design for the next visit, a little after its last change. An embed keeps nothing: the storage
    /// belongs to the full page.
    fn keep_soon(&mut self) {
        if !self.state.env.embed && self.state.run.number > 0 {
            let send = self.send.clone();
            self.autosave = Some(Timer::after(AUTOSAVE_MS, move || send.emit(Msg::Autosave)));
        }
    }

    pub(super) fn autosave_now(&mut self) {
        if self.autosave.take().is_some() && !storage::keep_design(&self.state.design.to_json().to_string()) {
            self.say_once_that_nothing_is_kept();
        }
    }

    fn say_once_that_nothing_is_kept(&mut self) {
        if !std::mem::replace(&mut self.sending.told_not_kept, true) {
            let text = self.state.lang.t(shell::NOT_KEPT).to_owned();
            self.notice(text, Tone::Plain, None);
        }
    }
}

/// Takes nodes, their wires and timeline entries, and further wires out of a design.
fn remove(design: &mut Design, nodes: &[String], wires: &[(String, String)]) {
    design.nodes.retain(|n| !nodes.contains(&n.id));
    design.wires.retain(|w| {
        let listed = wires.iter().any(|(from, to)| w.from == *from && w.to == *to);
        !listed && !nodes.contains(&w.from) && !nodes.contains(&w.to)
    });
    design.timeline.retain(|e| !nodes.iter().any(|id| id == e.action.node()));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;

    fn moment(title: &str) -> Moment {
        let design = Design { title: title.to_owned(), ..Design::default() };
        Moment { design: Rc::new(design), selection: Selection::default() }
    }

    #[test]
    fn a_drag_is_one_step_back_and_typing_elsewhere_another() {
        let mut history = History::default();
        let drag = Some("x".to_owned());
        history.note(moment("0"), drag.clone(), 0.0);
        history.note(moment("1"), drag.clone(), 500.0);
        history.note(moment("2"), drag.clone(), 5_000.0);
        history.note(moment("3"), Some("y".to_owned()), 5_100.0);
        history.note(moment("4"), None, 5_200.0);
        let back: Vec<String> =
            (0..4).map(|_| history.back(moment("now")).unwrap().design.title.clone()).collect();
        assert_eq!(back, ["4", "3", "2", "0"]);
        assert!(history.back(moment("now")).is_none());
        assert!(history.forth(moment("0")).is_some());
    }

    #[test]
    fn a_node_goes_with_its_wires_and_its_timeline() {
        let mut design = Design::parse(scenarios::by_id("cache-aside").unwrap().json).unwrap();
        remove(&mut design, &["cache".to_owned()], &[("lb".to_owned(), "web".to_owned())]);
        assert!(design.node("cache").is_none() && design.timeline.is_empty());
        assert_eq!(design.wires.len(), 2);
        assert!(Design::parse(&design.to_text()).is_ok());
    }
}
