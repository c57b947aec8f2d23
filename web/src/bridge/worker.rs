//! The worker's side: hosts a session, reads messages between slices, sends answers in transferred buffers. Where workers
//! are forbidden the same program runs on the page's thread and talks through a port.

use super::pump::{Next, Pump};
use super::{decode, encode};
use headroom_model::messages::{FromWorker, ToWorker};
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessageEvent};

/// Work between two looks at the messages [ms].
const SLICE_MS: f64 = 8.0;
/// On the page's thread: work between two looks at everything else that a page does [ms].
const PAGE_SLICE_MS: f64 = 6.0;
/// On the page's thread: pause after a slice while there is more to do [ms].
const PAGE_PAUSE_MS: i32 = 2;

#[wasm_bindgen]
extern "C" {
    /// Who messages come from and go to: a worker's global scope, or a port.
    pub type Peer;
    #[wasm_bindgen(method, js_name = postMessage, catch)]
    fn post_message(this: &Peer, message: &JsValue, transfer: &Array) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &Peer, call: &js_sys::Function);
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(call: &js_sys::Function, ms: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

struct Host {
    peer: Peer,
    /// On the page's thread, which has other things to do as well.
    on_page: bool,
    pump: RefCell<Pump>,
    /// A message to oneself ends a slice: those of the page that came meanwhile are read first.
    soon: MessageChannel,
    soon_asked: Cell<bool>,
    timer: Cell<Option<i32>>,
    /// The function that works for a slice, for timers.
    turn: RefCell<Option<js_sys::Function>>,
}

impl Host {
    fn post(&self, message: &FromWorker) {
        let bytes = encode(message);
        let array = Uint8Array::new_with_length(bytes.len() as u32);
        array.copy_from(&bytes);
        let buffer = array.buffer();
        let _ = self.peer.post_message(&buffer, &Array::of1(&buffer));
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
            clear_timeout(timer);
        }
        let (snapshot, next) = self.pump.borrow_mut().turn(now_ms);
        if let Some(snapshot) = snapshot {
            self.post(&snapshot);
        }
        match next {
            Next::Now if !self.on_page => self.ask_soon(),
            Next::Now => self.ask_in(PAGE_PAUSE_MS),
            Next::After(ms) => self.ask_in(ms),
        }
    }

    fn ask_in(&self, ms: i32) {
        let turn = self.turn.borrow();
        let turn = turn.as_ref().expect("set before the first turn");
        self.timer.set(Some(set_timeout(turn, ms)));
    }
}

/// Starts in a worker; does nothing anywhere else, where the page calls [`start_with`].
pub fn start() {
    let global = js_sys::global();
    if global.is_instance_of::<web_sys::DedicatedWorkerGlobalScope>() {
        start_with(global.unchecked_into(), false);
    }
}

/// Starts to listen to `peer`. A panic is told to the page in words, because the page cannot see into a worker.
pub fn start_with(peer: Peer, on_page: bool) {
    let teller: Peer = peer.clone().unchecked_into();
    std::panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        let _ = teller.post_message(&JsValue::from_str(&info.to_string()), &Array::new());
    }));
    let soon = MessageChannel::new().expect("workers have message channels");
    let host = Rc::new(Host {
        peer,
        on_page,
        pump: RefCell::new(Pump::new(if on_page { PAGE_SLICE_MS } else { SLICE_MS }, now_ms())),
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
    host.peer.set_onmessage(on_message.into_js_value().unchecked_ref());

    host.post(&FromWorker::Ready { build: crate::BUILD.to_owned() });
}
