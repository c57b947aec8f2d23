//! Where a request goes for its data: what is wired behind the tier decides.

use super::{State, phase};
use crate::reason::Reason;
use crate::sim::core::{Core, NewCall, Op, Reply, flag};
use crate::sim::meter::Outcome;
use crate::sim::wiring::pick_by_key;
use headroom_engine::NIL;

impl State {
    pub(super) fn ask(&self, core: &mut Core, id: u32, wire: u16, op: Op, phase: u8) {
        let call = &mut core.calls[id];
        call.phase = phase;
        let new = NewCall::on_behalf(call, id, wire, op);
        core.call(new);
    }

    /// Own work and other tiers are done: now the data, if there is any behind.
    pub(super) fn go_for_data(&mut self, core: &mut Core, id: u32) {
        let (key, op) = (core.calls[id].key, core.calls[id].op);
        let cache = (!self.caches.is_empty()).then(|| pick_by_key(&self.caches, key));
        let store = (!self.stores.is_empty()).then(|| pick_by_key(&self.stores, key));
        match (op, cache, store) {
            (_, None, None) => self.finish(core, id, Outcome::OK),
            (Op::Write, _, Some(store)) => self.ask(core, id, store, Op::Write, phase::STORE),
            (_, None, Some(store)) => self.ask(core, id, store, Op::Read, phase::STORE),
            (_, Some(cache), _) if self.reads_through.contains(&cache) => {
                let op = if op == Op::Write { Op::Write } else { Op::Read };
                self.ask(core, id, cache, op, phase::CACHE);
            }
            // A cache with nothing behind it holds nothing that anyone could have put there.
            (_, Some(_), None) => self.finish(core, id, Outcome::failed(Reason::NoRoute)),
            (_, Some(cache), Some(_)) => self.ask(core, id, cache, Op::Get, phase::CACHE),
        }
    }

    pub(super) fn adopt(core: &mut Core, id: u32, reply: &Reply) {
        let call = &mut core.calls[id];
        call.version = reply.version;
        call.store = reply.store;
        call.flags |= reply.flags & (flag::HIT | flag::STALE);
    }

    pub(super) fn cache_answered(&mut self, core: &mut Core, id: u32, reply: Reply) {
        let call = core.calls[id];
        let hit = reply.flags & flag::HIT != 0;
        if reply.outcome.is_ok() && (hit || reply.op != Op::Get) {
            Self::adopt(core, id, &reply);
            return self.finish(core, id, Outcome::OK);
        }
        // Missed, or the cache is in trouble: the database has it.
        match self.stores.is_empty() {
            true => self.finish(core, id, reply.outcome),
            false => {
                let store = pick_by_key(&self.stores, call.key);
                self.ask(core, id, store, call.op, phase::STORE);
                if !reply.outcome.is_ok() {
                    // Marks that there is no use in filling the cache afterwards.
                    core.calls[id].flags |= flag::CACHE_FAILED;
                }
            }
        }
    }

    pub(super) fn store_answered(&mut self, core: &mut Core, id: u32, reply: Reply) {
        if !reply.outcome.is_ok() {
            return self.finish(core, id, reply.outcome);
        }
        Self::adopt(core, id, &reply);
        if self.caches.is_empty() {
            return self.finish(core, id, Outcome::OK);
        }
        let call = core.calls[id];
        let wire = pick_by_key(&self.caches, call.key);
        if call.op == Op::Write {
            if self.invalidated.contains(&wire) {
                return self.ask(core, id, wire, Op::Delete, phase::INVALIDATE);
            }
        } else if call.flags & flag::CACHE_FAILED == 0 && !self.reads_through.contains(&wire) {
            core.call(NewCall {
                version: reply.version,
                store: reply.store,
                flags: flag::DETACHED,
                ..NewCall::on_behalf(&call, NIL, wire, Op::Set)
            });
        }
        self.finish(core, id, Outcome::OK);
    }
}
