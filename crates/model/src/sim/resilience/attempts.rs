//! A call and its attempts: begun, timed out, answered, tried again, hedged, given up, cancelled.

use super::breaker::Change;
use super::{Call, Core, Guard, NIL, Try};
use crate::messages::What;
use crate::reason::Reason;
use crate::sim::core::{Event, NewCall, Now, Op, flag, more};
use crate::sim::meter::Outcome;
use headroom_engine::SimTime;

/// An opening of a breaker is told at most so often for each wire [ns].
const TELL_EVERY_NS: u64 = 1_000_000_000;

impl Core {
    /// A call over a resilient wire is made: its first attempt is, too.
    pub(super) fn try_begin(&mut self, id: u32, call: &Call) {
        let from = self.wires[call.wire as usize].from;
        let guard = self.guard_mut(call.wire);
        if let Some(share) = guard.budget_share {
            guard.caller(call.from_part).budget.add(share);
        }
        let cancel = guard.cancel;
        let hedge = if call.op.only_reads() { guard.hedges_after_ns() } else { None };
        let Some(t) = self.tries.alloc(Try { call: id, since: self.now, ..Try::default() }) else {
            return self.refuse(id, Reason::Saturated);
        };
        self.calls[id].next = t;
        // Requests of users and messages of queues are no calls: nobody cancels those but users and queues themselves.
        if cancel && call.parent != NIL && !self.sends_requests[from as usize] {
            if self.calls[call.parent].more & more::CANCELLED != 0 {
                return self.try_end(t, Outcome::failed(Reason::Cancelled));
            }
            self.adopt_try(t, call.parent);
        }
        self.attempt(t);
        if let Some(after) = hedge
            && self.tries.is_live(t)
            && self.tries[t].call == id
        {
            let due = self.queue.push(self.now.saturating_add(after), Event::Hedge(t));
            self.tries[t].hedge_due = due;
        }
    }

    /// Makes an attempt, unless the rate limit or the breaker is against it: then the call has failed.
    fn attempt(&mut self, t: u32) {
        let now = self.now;
        let id = self.tries[t].call;
        let call = self.calls[id];
        let guard = self.guard_mut(call.wire);
        if !guard.within_rate(now) {
            return self.try_end(t, Outcome::failed(Reason::RateLimited));
        }
        if guard.breaks {
            let rule = guard.rule;
            let breaker = &mut guard.caller(call.from_part).breaker;
            if !breaker.admits(&rule, now) {
                guard.count(|c| c.refused_open += 1);
                return self.try_end(t, Outcome::failed(Reason::CircuitOpen));
            }
            let generation = breaker.generation();
            self.tries[t].generation = generation;
        }
        if !self.send_attempt(t, id, &call) {
            self.try_end(t, Outcome::failed(Reason::Saturated));
        }
    }

    /// Sends an attempt of a call; false when the simulator is full.
    fn send_attempt(&mut self, t: u32, id: u32, call: &Call) -> bool {
        let attempt = Call {
            parent: id,
            next: NIL,
            flags: call.flags & flag::ANYWHERE,
            more: call.more | more::ATTEMPT,
            outcome: Outcome::OK,
            due: 0,
            ..*call
        };
        let Some(a) = self.calls.alloc(attempt) else {
            self.tell_saturated(call.node);
            return false;
        };
        if call.more & more::TRACED != 0 {
            let new = NewCall { part: call.part, ..NewCall::on_behalf(call, id, call.wire, call.op) };
            self.tracer.sent(self.now, a, &new, call.node);
        }
        self.guard_mut(call.wire).count(|c| c.attempts += 1);
        let live = &mut self.tries[t].live;
        let slot = usize::from(live[0] != NIL);
        live[slot] = a;
        match self.wires[call.wire as usize].pool {
            None => self.launch(a),
            Some(limit) => self.launch_pooled(a, limit),
        }
        true
    }

    /// An attempt is answered; it is freed already.
    pub(in crate::sim) fn attempt_answered(&mut self, a: u32, answer: &Call) {
        let guard = self.guard_mut(answer.wire);
        guard.deadlines.remove(&mut guard.links, a);
        if answer.parent == NIL {
            // Given up long ago.
            if answer.outcome.is_ok() {
                guard.count(|c| c.wasted += 1);
            }
            return;
        }
        let id = answer.parent;
        let t = self.calls[id].next;
        let ok = answer.outcome.is_ok();
        self.tell_breaker(answer, self.tries[t].generation, ok);
        let live = &mut self.tries[t].live;
        let slot = usize::from(live[0] != a);
        live[slot] = NIL;
        let other = live[1 - slot];
        if !ok {
            // A hedge may still come back well.
            if other == NIL {
                self.retry_or_fail(t, answer.outcome);
            }
            return;
        }
        let since = self.tries[t].since;
        let took = self.now.since(since);
        let reads = answer.op.only_reads();
        let guard = self.guard_mut(answer.wire);
        if reads && guard.hedge == crate::design::Hedge::P95 {
            guard.measured.see(took, slot == 1);
        }
        if slot == 1 {
            guard.count(|c| c.hedge_wins += 1);
        }
        if other != NIL {
            self.tries[t].live[1 - slot] = NIL;
            self.give_up_attempt(other);
        }
        // The answer is the attempt's, whatever a node has put in it; who waits for it is the call's.
        let call = &mut self.calls[id];
        let carried = flag::POOLED | flag::INSIDE | flag::POOL_WAIT;
        *call = Call {
            parent: call.parent,
            next: call.next,
            flags: (call.flags & flag::DETACHED) | (answer.flags & !carried),
            more: call.more,
            ..*answer
        };
        self.try_end(t, Outcome::OK);
    }

    /// Deadlines of a wire's attempts are due.
    pub(in crate::sim) fn wire_timeouts(&mut self, wire: u32) {
        let (now, wire) = (self.now, wire as u16);
        let guard = self.guard_mut(wire);
        if now < guard.armed {
            return;
        }
        guard.armed = SimTime::MAX;
        loop {
            let guard = self.guard_mut(wire);
            let Some(a) = guard.deadlines.pop_due(&mut guard.links, now) else { break };
            guard.count(|c| c.timeouts += 1);
            self.attempt_timed_out(a);
        }
        let guard = self.guard_mut(wire);
        if let Some((_, deadline)) = guard.deadlines.head(&guard.links)
            && deadline < guard.armed
        {
            guard.armed = deadline;
            self.queue.push(deadline, Event::WireTimeout(u32::from(wire)));
        }
    }

    fn attempt_timed_out(&mut self, a: u32) {
        let attempt = self.calls[a];
        let t = self.calls[attempt.parent].next;
        self.wires[attempt.wire as usize].window_failures += 1;
        self.tell_breaker(&attempt, self.tries[t].generation, false);
        self.give_up_attempt(a);
        let live = &mut self.tries[t].live;
        let slot = usize::from(live[0] != a);
        live[slot] = NIL;
        if live[1 - slot] == NIL {
            self.retry_or_fail(t, Outcome::failed(Reason::Timeout));
        }
    }

    /// No attempt is under way any more, and none has succeeded: another one, or the call has failed.
    fn retry_or_fail(&mut self, t: u32, outcome: Outcome) {
        let tried = self.tries[t];
        let call = self.calls[tried.call];
        let guard = self.guard_mut(call.wire);
        if tried.abandoned || tried.retries >= guard.retries || !guard.pays(call.from_part) {
            return self.try_end(t, outcome);
        }
        guard.count(|c| c.retries += 1);
        let wait = guard.backoff_ns(tried.retries + 1);
        self.tries[t].retries += 1;
        // What the call fails with should nobody want it any more when the wait is over.
        self.calls[tried.call].outcome = outcome;
        if wait == 0 {
            return self.attempt(t);
        }
        let due = self.queue.push(self.now.saturating_add(wait), Event::Retry(t));
        self.tries[t].retry_due = due;
    }

    /// The wait before a retry is over.
    pub(in crate::sim) fn retry_due(&mut self, seq: u64, t: u32) {
        if self.tries.is_live(t) && self.tries[t].retry_due == seq {
            self.tries[t].retry_due = 0;
            self.attempt(t);
        }
    }

    /// A read has waited long enough to be sent a second time, if it still waits for just one answer.
    pub(in crate::sim) fn hedge_due(&mut self, seq: u64, t: u32) {
        if !self.tries.is_live(t) || self.tries[t].hedge_due != seq {
            return;
        }
        self.tries[t].hedge_due = 0;
        let tried = self.tries[t];
        let id = tried.call;
        let call = self.calls[id];
        if tried.abandoned || tried.live[0] == NIL || tried.live[1] != NIL {
            return;
        }
        let now = self.now;
        let guard = self.guard_mut(call.wire);
        let closed = !guard.breaks || guard.caller(call.from_part).breaker.is_closed();
        if closed && guard.pays(call.from_part) && guard.within_rate(now) {
            guard.count(|c| c.hedges += 1);
            self.send_attempt(t, id, &call);
        }
    }

    /// A call is over: its answer is with the caller at this moment.
    fn try_end(&mut self, t: u32, outcome: Outcome) {
        let tried = self.tries[t];
        if tried.parent != NIL {
            self.leave_parent(t);
        }
        let call = &mut self.calls[tried.call];
        call.outcome = outcome;
        call.next = NIL;
        let wire = call.wire;
        if !outcome.is_ok() {
            self.guard_mut(wire).count(|c| c.failed += 1);
        }
        self.tries.free(t);
        self.inbox.push_back(Now::Done(tried.call));
    }

    /// Tells the breaker what became of an attempt.
    fn tell_breaker(&mut self, attempt: &Call, generation: u32, ok: bool) {
        let now = self.now;
        let (from, to) = {
            let w = &self.wires[attempt.wire as usize];
            (w.from, w.to)
        };
        let guard = self.guard_mut(attempt.wire);
        if !guard.breaks {
            return;
        }
        let rule = guard.rule;
        let Some(change) = guard.caller(attempt.from_part).breaker.ended(&rule, now, generation, ok) else {
            return;
        };
        let what = guard.breaker_turned(now, change);
        if let Some(opened) = what {
            let to = u32::from(to);
            let what = if opened { What::CircuitOpened { to } } else { What::CircuitClosed { to } };
            self.happen(from, Some(u32::from(attempt.from_part)), what);
        }
    }

    /// The caller no longer waits for an attempt.
    fn give_up_attempt(&mut self, a: u32) {
        let attempt = self.calls[a];
        self.calls[a].parent = NIL;
        let guard = self.guard_mut(attempt.wire);
        guard.deadlines.remove(&mut guard.links, a);
        let cancel = guard.cancel;
        if attempt.flags & flag::POOL_WAIT != 0 {
            self.leave_pool_queue(a);
            return self.refuse(a, Reason::Cancelled);
        }
        if attempt.flags & flag::POOLED != 0 {
            // The connection is closed, and there is room for another.
            self.calls[a].flags &= !flag::POOLED;
            self.release_connection(attempt.wire, attempt.from_part);
        }
        if cancel {
            self.guard_mut(attempt.wire).count(|c| c.cancelled += 1);
            let w = &self.wires[attempt.wire as usize];
            let latency = w.latency_ns + w.reach.there_ns(&attempt);
            if latency == 0 {
                self.inbox.push_back(Now::Cancel(a));
            } else {
                self.queue.push(self.now.saturating_add(latency), Event::Cancel(a));
            }
        }
    }

    /// Who made this call no longer waits for it. It goes on, unless it waits to be tried again, or its wire cancels.
    pub fn abandon(&mut self, id: u32) {
        let call = &mut self.calls[id];
        call.parent = NIL;
        let (wire, t) = (call.wire, call.next);
        let Some(guard) = &self.wires[wire as usize].guard else { return };
        let cancel = guard.cancel;
        // A call that is over has no tries any more; its answer is on its way through the inbox.
        if !guard.resilient || t == NIL || !self.tries.is_live(t) || self.tries[t].call != id {
            return;
        }
        self.tries[t].abandoned = true;
        let live = self.tries[t].live;
        if live == [NIL; 2] {
            return self.try_end(t, Outcome::failed(Reason::Cancelled));
        }
        if cancel {
            self.try_cancel(t);
        }
    }

    /// Gives up all attempts of a call, which has failed by that.
    fn try_cancel(&mut self, t: u32) {
        let tried = self.tries[t];
        let call = self.calls[tried.call];
        let guard = self.guard_mut(call.wire);
        if guard.breaks && tried.live != [NIL; 2] {
            guard.caller(call.from_part).breaker.forgets(tried.generation);
        }
        for a in tried.live.into_iter().filter(|a| *a != NIL) {
            self.give_up_attempt(a);
        }
        self.try_end(t, Outcome::failed(Reason::Cancelled));
    }

    /// Whether a cancellation that has come finds its call. Ids are used again: an attempt that nobody waits for, over a
    /// wire that cancels, has its cancellation on the way in any case.
    pub(in crate::sim) fn may_cancel(&self, a: u32) -> bool {
        if !self.calls.is_live(a) {
            return false;
        }
        let c = &self.calls[a];
        c.more & more::ATTEMPT != 0
            && c.flags & flag::INSIDE != 0
            && c.parent == NIL
            && c.more & more::CANCELLED == 0
            && self.wires[c.wire as usize].guard.as_ref().is_some_and(|g| g.cancel)
    }

    /// Cancels what a cancelled call has called over wires that cancel.
    pub(in crate::sim) fn cancel_children(&mut self, a: u32) {
        while let Some(&t) = self.first_try.get(a as usize).filter(|t| **t != NIL) {
            self.try_cancel(t);
        }
    }

    /// Puts a try in the list of those that a call waits for.
    fn adopt_try(&mut self, t: u32, parent: u32) {
        if self.first_try.len() <= parent as usize {
            self.first_try.resize(parent as usize + 1, NIL);
        }
        let next = std::mem::replace(&mut self.first_try[parent as usize], t);
        if next != NIL {
            self.tries[next].prev = t;
        }
        let tried = &mut self.tries[t];
        (tried.parent, tried.prev, tried.next) = (parent, NIL, next);
    }

    fn leave_parent(&mut self, t: u32) {
        let Try { parent, prev, next, .. } = self.tries[t];
        match prev {
            NIL => self.first_try[parent as usize] = next,
            prev => self.tries[prev].next = next,
        }
        if next != NIL {
            self.tries[next].prev = prev;
        }
    }
}

impl Op {
    /// Whether doing it twice does no more than doing it once.
    fn only_reads(self) -> bool {
        matches!(self, Op::Read | Op::Static | Op::Query | Op::Get | Op::GetResult)
    }
}

impl Guard {
    /// A caller's breaker has opened or closed; true or false when that is worth telling.
    fn breaker_turned(&mut self, now: SimTime, change: Change) -> Option<bool> {
        match change {
            Change::Opened => {
                self.count(|c| c.opened += 1);
                self.open.up(now);
                if self.told.is_some_and(|t| now.since(t) < TELL_EVERY_NS) || self.open.level() > 1 {
                    return None;
                }
                self.told = Some(now);
                Some(true)
            }
            Change::Closed => {
                self.open.down(now);
                (self.open.level() == 0).then_some(false)
            }
        }
    }
}
