//! A request from its first attempt to its end.

use super::{GIVE_UP, RETRY, State};
use crate::messages::What;
use crate::reason::Reason;
use crate::sim::core::{Core, Event, NewCall, NodeIdx, Op, more};
use crate::sim::meter::Outcome;
use crate::sim::wiring::pick;
use headroom_engine::{NIL, SimTime, ns_from_ms};

/// A request of a user, over all its attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub born: SimTime,
    pub key: u32,
    pub client: u32,
    /// The attempt under way; NIL between attempts.
    pub call: u32,
    /// Its number if it is followed, else 0.
    pub trace: u64,
    /// For a read-back, the version that its author wrote; 0 for other requests.
    pub wrote: u32,
    /// The visitor who waits for it; NIL where clients do not wait.
    pub visitor: u32,
    /// A user wants an answer, not an attempt: how many were made.
    pub attempts: u8,
    pub readback: bool,
    pub op: Op,
    /// The page that it is part of, or NIL.
    pub page: u32,
    /// Size of the answer.
    pub bytes: u32,
    /// What its latest attempt says of the client's session.
    pub more: u8,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            born: SimTime::ZERO,
            key: 0,
            client: 0,
            call: NIL,
            trace: 0,
            wrote: 0,
            visitor: NIL,
            attempts: 0,
            readback: false,
            op: Op::Read,
            page: NIL,
            bytes: 0,
            more: 0,
        }
    }
}

/// What waits for a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub page: u32,
    pub visitor: u32,
    pub client: u32,
    pub op: Op,
}

impl Request {
    fn waiting(&self) -> Waiting {
        Waiting { page: self.page, visitor: self.visitor, client: self.client, op: self.op }
    }
}

impl State {
    #[inline(always)]
    pub(super) fn open(&mut self, core: &mut Core, me: NodeIdx, request: Request) {
        let class = request.op.class();
        core.meters[me as usize].arrive(core.now, class);
        let trace = core.tracer.begin(core.now, me, class, request.key, request.client).unwrap_or(0);
        let Some(id) = self.requests.alloc(Request { trace, ..request }) else {
            if !core.saturated {
                core.saturated = true;
                core.happen(me, None, What::SimulatorFull);
            }
            core.meters[me as usize].depart(core.now, class, 0, Outcome::failed(Reason::Saturated));
            return self.after(core, me, request.waiting(), Outcome::failed(Reason::Saturated));
        };
        self.attempt(core, me, id);
    }

    /// Sends a request off, the first time or again.
    #[inline(always)]
    pub(super) fn attempt(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let mark = self.session_mark(core.now, &self.requests[id]);
        let request = &mut self.requests[id];
        request.attempts += 1;
        request.more = mark;
        let Request { key, client, op, bytes, trace, .. } = *request;
        let routes = if op == Op::Static { &self.asset_routes } else { &self.routes };
        let route = match routes.as_slice() {
            [] => return self.close(core, me, id, Outcome::failed(Reason::NoRoute)),
            [(wire, _)] => *wire,
            routes => pick(routes, self.route_stream.unit()),
        };
        let mut more = mark;
        if trace != 0 {
            core.tracer.attempt(trace);
            more |= more::TRACED;
        }
        let region = self.region;
        let call = core.call(NewCall {
            wire: route,
            parent: id,
            op,
            key,
            client,
            more,
            region,
            bytes,
            ..NewCall::default()
        });
        self.requests[id].call = call;
        if call != NIL
            && let Some(timeout) = self.timeout_ns
        {
            let deadline = core.now.saturating_add(timeout);
            self.deadlines.push(&mut self.links, id, deadline);
            if deadline < self.armed {
                self.armed = deadline;
                core.queue.push(deadline, Event::Timer { node: me, tag: GIVE_UP, arg: 0 });
            }
        }
    }

    /// An attempt has failed: try again after a while, or give the request up.
    pub(super) fn failed(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome) {
        let request = self.requests[id];
        self.logged_out(&request, outcome);
        let request = &mut self.requests[id];
        request.call = NIL;
        let retry = u32::from(request.attempts);
        if retry > self.params.retries {
            return self.close(core, me, id, outcome);
        }
        self.counts.retries += 1;
        let full = self.params.backoff_ms * f64::from(1u32 << (retry - 1).min(20));
        let wait = if self.params.jitter { full * self.retry_stream.unit() } else { full };
        core.timer(ns_from_ms(wait), me, RETRY, id);
    }

    #[inline(always)]
    pub(super) fn close(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome) {
        let request = &self.requests[id];
        let (bytes, waiting) = (request.bytes, request.waiting());
        if request.trace != 0 {
            core.tracer.end(core.now, request.trace, outcome);
        }
        core.meters[me as usize].depart(core.now, request.op.class(), core.now.since(request.born), outcome);
        // A page counts as one with all its assets.
        if waiting.page == NIL {
            let (client, took_ns) = (waiting.client, core.now.since(request.born));
            self.experienced(core, me, client, outcome.is_ok(), took_ns);
        }
        self.requests.free(id);
        if outcome.is_ok() {
            self.counts.bytes += u64::from(bytes);
        }
        self.after(core, me, waiting, outcome);
    }

    /// What comes of a request that is over.
    #[inline(always)]
    fn after(&mut self, core: &mut Core, me: NodeIdx, waiting: Waiting, outcome: Outcome) {
        if waiting.page == NIL {
            self.done_waiting(core, me, waiting.visitor);
        } else {
            self.page_part_done(core, me, waiting, outcome);
        }
    }

    pub(super) fn done_waiting(&mut self, core: &mut Core, me: NodeIdx, visitor: u32) {
        if visitor != NIL {
            self.think(core, me, visitor);
        }
    }

    pub(super) fn give_up_due(&mut self, core: &mut Core, me: NodeIdx) {
        if core.now < self.armed {
            return;
        }
        self.armed = SimTime::MAX;
        while let Some((id, deadline)) = self.deadlines.head(&self.links) {
            if deadline > core.now {
                if deadline < self.armed {
                    self.armed = deadline;
                    core.queue.push(deadline, Event::Timer { node: me, tag: GIVE_UP, arg: 0 });
                }
                break;
            }
            self.deadlines.remove(&mut self.links, id);
            // Nobody waits any more, but the work goes on behind.
            let call = self.requests[id].call;
            core.give_up(call);
            self.failed(core, me, id, Outcome::failed(Reason::Timeout));
        }
    }
}
