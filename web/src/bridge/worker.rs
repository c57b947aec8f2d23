//! The worker's side: hosts a session, reads messages between slices, sends answers in transferred buffers.

use super::pump::{Next, Pump};
use super::{decode, encode};
use headroom_model::messages::{FromWorker, ToWorker};
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

/// Work between two looks at the messages [ms].
const SLICE_MS: f64 = 8.0;

struct Host {
    scope: DedicatedWorkerGlobalScope,
    pump: RefCell<Pump>,
    /// A message to oneself ends a slice: those of the page that came meanwhile are read first.
    soon: MessageChannel,
    soon_asked: Cell<bool>,
    timer: Cell<Option<i32>>,
    /// The function that works for a slice, for timers.
    turn: RefCell<Option<js_sys::Function>>,
}

impl Host {
    fn clock(&self) -> f64 {
        self.scope.performance().map_or_else(js_sys::Date::now, |p| p.now())
    }

    fn post(&self, message: &FromWorker) {
        let bytes = encode(message);
        let array = Uint8Array::new_with_length(bytes.len() as u32);
        array.copy_from(&bytes);
        let buffer = array.buffer();
        let _ = self.scope.post_message_with_transfer(&buffer, &Array::of1(&buffer));
    }

    fn heard(&self, event: &MessageEvent) {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        let Some(message) = decode::<ToWorker>(&bytes) else { return };
        let answers = self.pump.borrow_mut().handle(message);
        for answer in &answers {
            self.post(answer);
        }
        self.ask_soon();
    }

    fn ask_soon(&self) {
        if !self.soon_asked.replace(true) {
            let _ = self.soon.port2().post_message(&JsValue::NULL);
        }
    }

    fn turn(&self) {
        if let Some(timer) = self.timer.take() {
            self.scope.clear_timeout_with_handle(timer);
        }
        let (snapshot, next) = self.pump.borrow_mut().turn(|| self.clock());
        if let Some(snapshot) = snapshot {
            self.post(&snapshot);
        }
        match next {
            Next::Now => self.ask_soon(),
            Next::After(ms) => {
                let turn = self.turn.borrow();
                let turn = turn.as_ref().expect("set before the first turn");
                let id = self.scope.set_timeout_with_callback_and_timeout_and_arguments_0(turn, ms);
                self.timer.set(id.ok());
            }
        }
    }
}

/// Starts the worker. A panic is told to the page in words, because the page cannot see into the worker.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let teller = scope.clone();
    std::panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        let _ = teller.post_message(&JsValue::from_str(&info.to_string()));
    }));
    let now = scope.performance().map_or_else(js_sys::Date::now, |p| p.now());
    let soon = MessageChannel::new().expect("workers have message channels");
    let host = Rc::new(Host {
        scope,
        pump: RefCell::new(Pump::new(SLICE_MS, now)),
        soon,
        soon_asked: Cell::new(false),
        timer: Cell::new(None),
        turn: RefCell::new(None),
    });

    let timed = host.clone();
    let on_timer = Closure::<dyn Fn()>::new(move || timed.turn()).into_js_value().unchecked_into();
    host.turn.replace(Some(on_timer));

    let own = host.clone();
    let on_soon = Closure::<dyn Fn()>::new(move || {
        own.soon_asked.set(false);
        own.turn();
    });
    host.soon.port1().set_onmessage(Some(on_soon.into_js_value().unchecked_ref()));

    let page = host.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| page.heard(&event));
    host.scope.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));

    host.post(&FromWorker::Ready { build: crate::BUILD.to_owned() });
}
