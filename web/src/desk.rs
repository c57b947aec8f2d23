//! The editor, shared: the app tells it what to do, the canvas looks at it. A camera moves with every frame of a drag,
//! so it is not Yew state: those who draw it [watch](Desk::watch).

use headroom_editor::{Change, EditMsg, Editor, Effect};
use headroom_model::design::Design;
use std::cell::{Ref, RefCell};
use std::rc::{Rc, Weak};

type Watcher = dyn Fn(&Editor);

/// A subscription to the editor; dropped, it ends.
pub struct DeskWatch {
    _watcher: Rc<Watcher>,
}

#[derive(Default)]
struct Shared {
    editor: RefCell<Editor>,
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

    /// Calls `f` whenever anything in the editor has changed (design, selection, camera), until the watch is dropped.
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
