//! The editor, shared: the app tells it what to do, the canvas looks at it. The camera moves with every frame of a drag,
//! so it is not Yew state and nobody is told: the canvas keeps it here, for whoever saves the design.

use headroom_editor::{Change, EditMsg, Editor, Effect, View};
use headroom_model::design::Design;
use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

type Watcher = dyn Fn(&Editor);

/// A subscription to the editor; dropped, it ends.
pub struct DeskWatch {
    _watcher: Rc<Watcher>,
}

#[derive(Default)]
struct Shared {
    editor: RefCell<Editor>,
    view: Cell<View>,
    watchers: RefCell<Vec<Weak<Watcher>>>,
}

/// The editor, shared. Cheap to clone.
#[derive(Clone, Default)]
pub struct Desk(Rc<Shared>);

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Desk {
    /// Looks at the editor. Do not hold on to it over a call that may change it.
    pub fn get(&self) -> Ref<'_, Editor> {
        self.0.editor.borrow()
    }

    /// Where the canvas looks.
    pub fn view(&self) -> View {
        self.0.view.get()
    }

    /// The canvas looks there now.
    pub fn look(&self, view: View) {
        self.0.view.set(view);
    }

    /// The design as it is saved or shared: with the camera, unless everything is shown anyway.
    pub fn document(&self) -> Design {
        let mut design = (**self.get().design()).clone();
        let view = self.view();
        design.view.camera = (!view.fits).then_some(view.camera);
        design
    }

    /// Opens the first design: there is nothing to go back to.
    pub(crate) fn open_first(&self, design: Design) {
        self.0.editor.replace(Editor::new(design));
        self.tell();
    }

    /// Tells the editor to do something. Components send [`crate::state::Msg::Edit`] instead.
    pub(crate) fn apply(&self, message: EditMsg) -> Effect {
        let effect = self.0.editor.borrow_mut().apply(message);
        if effect.change != Change::Nothing {
            self.tell();
        }
        effect
    }

    /// Calls `f` whenever anything in the editor has changed (design, selection), until the watch is dropped.
    pub fn watch(&self, f: impl Fn(&Editor) + 'static) -> DeskWatch {
        let watcher: Rc<Watcher> = Rc::new(f);
        self.0.watchers.borrow_mut().push(Rc::downgrade(&watcher));
        DeskWatch { _watcher: watcher }
    }

    fn tell(&self) {
        let watchers: Vec<Rc<Watcher>> = {
            let mut list = self.0.watchers.borrow_mut();
            list.retain(|w| w.strong_count() > 0);
            list.iter().filter_map(Weak::upgrade).collect()
        };
        let editor = self.0.editor.borrow();
        for watcher in watchers {
            watcher(&editor);
        }
    }
}
