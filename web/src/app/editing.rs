//! Changes of the design: edits, undo, opening and keeping it.

use super::App;
use crate::dom::{self, Timer};
use crate::env;
use crate::gallery;
use crate::port::CanvasCommand;
use crate::state::{Dialog, Msg, ToastAction, Tone};
use crate::storage;
use crate::texts::{Lang, shell};
use headroom_editor::{Change, EditMsg, Item, content};
use headroom_model::design::Design;
use headroom_model::faults::Fault;
use headroom_model::link;
use headroom_model::scenarios::{self, Scenario};
use std::rc::Rc;

/// The browser keeps a design so long after its last change [ms].
const AUTOSAVE_MS: i32 = 300;

impl App {
    /// The one way by which the design is changed.
    pub(super) fn edit(&mut self, message: EditMsg) {
        if !self.state.env.editable && changes_design(&message) {
            return;
        }
        let travels = matches!(message, EditMsg::Undo | EditMsg::Redo);
        let title = self.state.design.title.clone();
        let effect = self.desk.apply(message);
        if let Some(words) = effect.refusal.or(effect.notice) {
            let text = if self.state.lang == Lang::Ko { words.ko } else { words.en };
            self.notice(text, Tone::Plain, None);
        }
        self.take_over();
        // Back in another design, the hint of this one is no longer true.
        if travels && effect.change == Change::Structure && self.state.design.title != title {
            self.state().hint = None;
        }
        if effect.change >= Change::Cosmetic {
            self.forget_link();
            self.keep_soon();
            self.send_design_soon();
        }
    }

    /// Shows the design's title where the browser shows the page's.
    fn show_title(&self) {
        let title = &self.state.design.title;
        let page = if title.is_empty() { "Headroom".to_owned() } else { format!("{title} · Headroom") };
        if dom::document().title() != page {
            dom::document().set_title(&page);
        }
    }

    /// The state shows what the editor holds.
    fn take_over(&mut self) {
        let (design, selection, can_undo, can_redo) = {
            let editor = self.desk.get();
            (editor.design().clone(), editor.selection().clone(), editor.can_undo(), editor.can_redo())
        };
        let same = Rc::ptr_eq(&design, &self.state.design)
            && selection == self.state.selection
            && (can_undo, can_redo) == (self.state.can_undo, self.state.can_redo);
        if !same {
            let state = self.state();
            state.design = design;
            state.selection = selection;
            (state.can_undo, state.can_redo) = (can_undo, can_redo);
            self.show_title();
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

    /// Opens a design in place of the present one, which can be had back by undo.
    pub(super) fn open(&mut self, design: Design, hint: Option<&'static str>) {
        let first = self.state.run.number == 0;
        let own_work =
            !first && content(&self.state.design).is_some() && !gallery::is_untouched(&self.state.design);
        if first {
            self.desk.open_first(design);
            let focus = self.state.env.focus.clone().filter(|id| self.desk.get().design().node(id).is_some());
            if let Some(id) = focus {
                let _ = self.desk.apply(EditMsg::Select(Item::Node(id)));
            }
        } else {
            let _ = self.desk.apply(EditMsg::ReplaceDesign(Box::new(design)));
        }
        self.take_over();
        let state = self.state();
        state.hint = hint;
        state.sheet = None;
        state.dialog = None;
        self.forget_seeds();
        self.keep_soon();
        self.load(first);
        self.canvas.tell(CanvasCommand::Opened);
        if own_work {
            let text = self.state.lang.t(shell::REPLACED).to_owned();
            self.notice(text, Tone::Plain, Some(ToastAction::Undo));
        }
    }

    pub(super) fn open_scenario(&mut self, scenario: &'static Scenario) {
        let design = gallery::design(scenario, self.state.lang);
        let was_large = self.state.hint.and_then(scenarios::by_id).is_some_and(Scenario::is_large);
        self.open(design, Some(scenario.id));
        // A day at the speed of a day is for nobody to watch.
        if scenario.is_large() {
            self.set_speed(None);
        } else if was_large {
            self.set_speed(Some(1.0));
        }
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
        if !fragment.is_empty() && fragment != link::encode(&self.desk.document()) {
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
        if self.autosave.is_none() {
            return;
        }
        // The first change of this visit: what an earlier one had kept is another design, unless it was restored.
        if !std::mem::replace(&mut self.sending.owns_kept, true) {
            storage::put_design_aside();
        }
        if self.autosave.take().is_some()
            && !storage::keep_design(&self.desk.document().to_json().to_string())
        {
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

/// Whether a message is about the design itself, and not only about how it is looked at.
fn changes_design(message: &EditMsg) -> bool {
    !matches!(
        message,
        EditMsg::Select(_)
            | EditMsg::Toggle(_)
            | EditMsg::Marquee { .. }
            | EditMsg::SelectAll
            | EditMsg::ClearSelection
            | EditMsg::Copy
            | EditMsg::Settle
            | EditMsg::AppendActed(_)
    )
}
