//! The same session on the page's own thread, for pages that may not have workers: short slices, so that the page
//! stays usable in between.

use super::pump::{Next, Pump};
use crate::dom;
use headroom_model::messages::{FromWorker, ToWorker};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::Callback;

/// Work between two looks at everything else that a page does [ms].
const SLICE_MS: f64 = 6.0;
/// Pause after a slice while there is more to do [ms].
const PAUSE_MS: i32 = 2;

/// A session on the page's thread.
#[derive(Clone)]
pub struct Local(Rc<Inner>);

struct Inner {
    pump: RefCell<Pump>,
    timer: Cell<Option<i32>>,
    tell: Callback<FromWorker>,
    /// The function that works for a slice, for timers.
    turn: RefCell<Option<js_sys::Function>>,
}

impl Local {
    /// A session that answers by `tell`.
    pub fn new(tell: Callback<FromWorker>) -> Self {
        let pump = RefCell::new(Pump::new(SLICE_MS, dom::now_ms()));
        let inner = Rc::new(Inner { pump, timer: Cell::new(None), tell, turn: RefCell::new(None) });
        let weak = Rc::downgrade(&inner);
        let turn = Closure::<dyn Fn()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                inner.turn();
            }
        });
        inner.turn.replace(Some(turn.into_js_value().unchecked_into()));
        Self(inner)
    }

    /// Takes a message.
    pub fn send(&self, message: ToWorker) {
        let answers = self.0.pump.borrow_mut().handle(message);
        for answer in answers {
            self.0.tell.emit(answer);
        }
        self.0.schedule(0);
    }
}

impl Inner {
    fn schedule(&self, ms: i32) {
        if let Some(timer) = self.timer.take() {
            dom::window().clear_timeout_with_handle(timer);
        }
        if let Some(turn) = &*self.turn.borrow() {
            let id = dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(turn, ms);
            self.timer.set(id.ok());
        }
    }

    fn turn(&self) {
        let (snapshot, next) = self.pump.borrow_mut().turn(dom::now_ms);
        if let Some(snapshot) = snapshot {
            self.tell.emit(snapshot);
        }
        self.schedule(match next {
            Next::Now => PAUSE_MS,
            Next::After(ms) => ms,
        });
    }
}
