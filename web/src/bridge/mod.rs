//! Carries messages between the page and the session that computes the run: in a worker, or, where workers are
//! forbidden or do not start, on the page's own thread.

pub mod pump;
pub mod worker;

use crate::dom::{self, Timer};
use crate::state::Engine;
use headroom_model::messages::{FromWorker, ToWorker};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageChannel, MessageEvent, MessagePort, Worker};
use yew::Callback;

/// How long a worker may take to be ready before the page computes by itself [ms]. Slow networks are slow.
const READY_MS: i32 = 15_000;

/// A message as bytes.
fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_allocvec(message).expect("messages hold only what postcard can write")
}

/// A message from bytes; none if they make no sense.
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

enum Host {
    /// The worker is not ready: messages wait.
    Starting {
        worker: Worker,
        waiting: Vec<ToWorker>,
        _late: Timer,
    },
    Worker(Worker),
    /// The worker's program runs on this page's thread, at the other end of a channel.
    Page(MessagePort),
    Gone,
}

struct Inner {
    host: RefCell<Host>,
    tell: Callback<FromWorker>,
    engine: Callback<Engine>,
    /// Kept so that the worker's events are heard.
    ears: RefCell<Vec<JsValue>>,
}

/// The line to the session. Cheap to clone; the worker ends with the last clone.
#[derive(Clone)]
pub struct Bridge(Rc<Inner>);

impl Bridge {
    /// Starts a worker. `tell` hears its messages, `engine` who computes.
    pub fn start(tell: Callback<FromWorker>, engine: Callback<Engine>) -> Self {
        let inner = Rc::new(Inner { host: RefCell::new(Host::Gone), tell, engine, ears: RefCell::default() });
        match inner.new_worker() {
            Ok(worker) => {
                let weak = Rc::downgrade(&inner);
                let late = Timer::after(READY_MS, move || on(&weak, Inner::fall_back));
                inner.host.replace(Host::Starting { worker, waiting: Vec::new(), _late: late });
            }
            Err(_) => {
                inner.compute_here(Vec::new());
            }
        }
        Self(inner)
    }

    /// Sends a message. Before the worker is ready it waits.
    pub fn send(&self, message: ToWorker) {
        match &mut *self.0.host.borrow_mut() {
            Host::Starting { waiting, .. } => waiting.push(message),
            Host::Worker(worker) => {
                post(&message, |data, moved| worker.post_message_with_transfer(data, moved))
            }
            // A port keeps what is sent until the other end listens.
            Host::Page(port) => {
                post(&message, |data, moved| port.post_message_with_transferable(data, moved))
            }
            Host::Gone => {}
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}

fn on(weak: &Weak<Inner>, f: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = weak.upgrade() {
        f(&inner);
    }
}

fn post(message: &ToWorker, send: impl FnOnce(&JsValue, &Array) -> Result<(), JsValue>) {
    let bytes = encode(message);
    let array = Uint8Array::new_with_length(bytes.len() as u32);
    array.copy_from(&bytes);
    let buffer = array.buffer();
    let _ = send(&buffer, &Array::of1(&buffer));
}

#[wasm_bindgen]
extern "C" {
    /// Of boot.js: a worker that is starting; the first one has been since before this program was here.
    #[wasm_bindgen(js_name = headroomWorker, catch)]
    fn new_worker() -> Result<Worker, JsValue>;
    /// Of boot.js: loads the worker's program into the page and lets it listen to a port.
    #[wasm_bindgen(js_name = headroomComputeHere, catch)]
    async fn load_here(port: &MessagePort) -> Result<JsValue, JsValue>;
}

impl Inner {
    fn new_worker(self: &Rc<Self>) -> Result<Worker, JsValue> {
        let worker = new_worker()?;
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |e: MessageEvent| {
            on(&weak, |inner| inner.heard(&e.data()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let weak = Rc::downgrade(self);
        let on_error = Closure::<dyn Fn(Event)>::new(move |e: Event| {
            e.prevent_default();
            // A program that could not be fetched is no error with a message.
            let message = e.dyn_ref::<ErrorEvent>().map_or_else(String::new, ErrorEvent::message);
            on(&weak, |inner| inner.broken(message));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        *self.ears.borrow_mut() = vec![on_message.into_js_value(), on_error.into_js_value()];
        Ok(worker)
    }

    fn heard(self: &Rc<Self>, data: &JsValue) {
        // A panic comes as a text.
        if let Some(text) = data.as_string() {
            self.broken(text);
            return;
        }
        let Some(message) = decode::<FromWorker>(&Uint8Array::new(data).to_vec()) else { return };
        if let FromWorker::Ready { .. } = &message {
            self.ready();
        }
        self.tell.emit(message);
    }

    fn ready(&self) {
        let former = self.host.replace(Host::Gone);
        match former {
            Host::Starting { worker, waiting, .. } => {
                for message in &waiting {
                    post(message, |data, moved| worker.post_message_with_transfer(data, moved));
                }
                self.host.replace(Host::Worker(worker));
                self.engine.emit(Engine::Worker);
            }
            other => drop(self.host.replace(other)),
        }
    }

    /// The worker has failed: before it was ready the page takes over; later the user is told.
    fn broken(self: &Rc<Self>, text: String) {
        if matches!(*self.host.borrow(), Host::Starting { .. }) {
            self.fall_back();
            return;
        }
        if matches!(*self.host.borrow(), Host::Gone) {
            return;
        }
        self.end();
        self.engine.emit(Engine::Failed(text));
    }

    fn fall_back(self: &Rc<Self>) {
        let former = self.host.replace(Host::Gone);
        let Host::Starting { worker, waiting, _late: late } = former else {
            self.host.replace(former);
            return;
        };
        worker.terminate();
        // This may be the timer's own call: it must not be dropped within it.
        dom::next_frame(move || drop(late));
        self.compute_here(waiting);
    }

    /// Runs the worker's program on the page's thread; its slices are short, so that the page stays usable in between.
    fn compute_here(self: &Rc<Self>, waiting: Vec<ToWorker>) {
        let Ok(channel) = MessageChannel::new() else {
            return self.engine.emit(Engine::Failed(String::new()));
        };
        let port = channel.port1();
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |e: MessageEvent| {
            on(&weak, |inner| inner.heard(&e.data()));
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        self.ears.borrow_mut().push(on_message.into_js_value());
        for message in &waiting {
            post(message, |data, moved| port.post_message_with_transferable(data, moved));
        }
        self.host.replace(Host::Page(port));
        self.engine.emit(Engine::Page);
        let weak = Rc::downgrade(self);
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = load_here(&channel.port2()).await {
                on(&weak, |inner| inner.broken(format!("{error:?}")));
            }
        });
    }

    fn end(&self) {
        if let Host::Worker(worker) | Host::Starting { worker, .. } = &*self.host.borrow() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
        if let Host::Page(port) = &*self.host.borrow() {
            port.close();
        }
        self.host.replace(Host::Gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_way_and_garbage_is_no_message() {
        let message = ToWorker::Load { run: 3, design: "{}".to_owned(), play: true };
        assert_eq!(decode::<ToWorker>(&encode(&message)), Some(message));
        assert_eq!(decode::<FromWorker>(&[250, 1, 2]), None);
    }
}
