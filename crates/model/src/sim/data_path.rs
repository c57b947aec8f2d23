//! The data behind a node that computes, and the way to it: a cache and a store side by side (cache-aside), or a cache
//! that is itself wired to the store (read-through). Web tiers and workers go the same way.

use super::core::{Core, NewCall, Op, Reply, flag, more};
use super::meter::Outcome;
use super::wiring::{Out, Wiring, pick_by_key};
use crate::kinds::Kind;
use crate::kinds::cache::OnWrite;
use crate::reason::Reason;
use headroom_engine::NIL;

/// Where a call stands on its way to the data. A node's own phases are below [`phase::CACHE`].
pub mod phase {
    #![allow(missing_docs)]
    pub const CACHE: u8 = 16;
    pub const STORE: u8 = 17;
    pub const INVALIDATE: u8 = 18;
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something was asked; its answer goes to [`DataPath::answered`].
    Asked,
    /// The call has what it needed, or cannot have it.
    Over(Outcome),
}

/// Kinds that keep data.
const STORES: [Kind; 3] = [Kind::Relational, Kind::Sharded, Kind::Nosql];

const FOUND: Step = Step::Over(Outcome::OK);

/// Caches and stores that a node is wired to.
#[derive(Clone, Debug)]
pub struct DataPath {
    caches: Vec<(u16, f64)>,
    stores: Vec<(u16, f64)>,
    /// Stores that can answer queries.
    answering: Vec<(u16, f64)>,
    /// By wire: caches that read through, caches whose copies a write deletes or rewrites, and caches that take writes.
    reads_through: Vec<u16>,
    invalidated: Vec<u16>,
    rewritten: Vec<u16>,
    write_back: Vec<u16>,
    /// By wire: caches that keep results of queries.
    keep_results: Vec<u16>,
}

impl DataPath {
    /// What is wired.
    pub fn new(wiring: &Wiring) -> Self {
        let routes = |kinds: &[Kind]| wiring.cumulative(wiring.to(kinds).collect::<Vec<_>>().into_iter());
        let caches_where =
            |test: fn(&Out) -> bool| wiring.to(&[Kind::Cache]).filter(|o| test(o)).map(|o| o.wire).collect();
        // Where there is a database, an object store beside it is for assets.
        let databases = routes(&STORES);
        Self {
            caches: routes(&[Kind::Cache]),
            stores: if databases.is_empty() { routes(&[Kind::ObjectStore]) } else { databases },
            answering: wiring
                .cumulative(wiring.to(&STORES).filter(|o| o.answers_queries).collect::<Vec<_>>().into_iter()),
            reads_through: caches_where(|o| o.reads_through),
            invalidated: caches_where(|o| o.on_write == Some(OnWrite::Invalidate)),
            // A cache that cannot save what it takes writes through.
            rewritten: caches_where(|o| {
                o.on_write == Some(OnWrite::WriteThrough)
                    || (o.on_write == Some(OnWrite::WriteBack) && !o.reads_through)
            }),
            write_back: caches_where(|o| o.on_write == Some(OnWrite::WriteBack) && o.reads_through),
            keep_results: caches_where(|o| o.keeps_results),
        }
    }

    /// Nothing is wired.
    pub fn is_empty(&self) -> bool {
        self.caches.is_empty() && self.stores.is_empty()
    }

    /// Wires to stores, in the design's order.
    pub fn stores(&self) -> impl Iterator<Item = u16> + '_ {
        self.stores.iter().map(|s| s.0)
    }

    /// Asks something of a dependency; the call waits in this phase.
    pub fn ask(core: &mut Core, id: u32, wire: u16, op: Op, phase: u8) {
        let call = &mut core.calls[id];
        call.phase = phase;
        let new = NewCall::on_behalf(call, id, wire, op);
        core.call(new);
    }

    /// What was read or written, handed on to the call that wanted it.
    pub fn adopt(core: &mut Core, id: u32, reply: &Reply) {
        let call = &mut core.calls[id];
        call.version = reply.version;
        call.store = reply.store;
        call.flags |= reply.flags & (flag::HIT | flag::STALE);
    }

    /// The first step of a call to the data.
    pub fn go(&self, core: &mut Core, id: u32, op: Op) -> Step {
        let key = core.calls[id].key;
        // An asset is not among the items.
        if key >= core.items {
            return FOUND;
        }
        let cache = (!self.caches.is_empty()).then(|| pick_by_key(&self.caches, key));
        let store = (!self.stores.is_empty()).then(|| pick_by_key(&self.stores, key));
        let (wire, op, phase) = match (op, cache, store) {
            (_, None, None) => return FOUND,
            // A cache that keeps results of queries is asked first.
            (Op::Query, Some(cache), _) if self.keep_results.contains(&cache) => {
                let through = self.reads_through.contains(&cache);
                if !through && store.is_none() {
                    return Step::Over(Outcome::failed(Reason::NoRoute));
                }
                (cache, if through { op } else { Op::GetResult }, phase::CACHE)
            }
            // A query goes where it can be answered, if there is such a store.
            (Op::Query, _, Some(_)) if !self.answering.is_empty() => {
                (pick_by_key(&self.answering, key), op, phase::STORE)
            }
            (Op::Write, Some(cache), _) if self.write_back.contains(&cache) => (cache, op, phase::CACHE),
            // The answer to a query hangs on many items: a cache of items does not have it.
            (Op::Write | Op::Query, _, Some(store)) => (store, op, phase::STORE),
            (_, None, Some(store)) => (store, Op::Read, phase::STORE),
            (_, Some(cache), _) if self.reads_through.contains(&cache) => {
                (cache, if matches!(op, Op::Write | Op::Query) { op } else { Op::Read }, phase::CACHE)
            }
            // A cache with nothing behind it holds nothing that anyone could have put there.
            (_, Some(_), None) => return Step::Over(Outcome::failed(Reason::NoRoute)),
            (_, Some(cache), Some(_)) => (cache, Op::Get, phase::CACHE),
        };
        Self::ask(core, id, wire, op, phase);
        Step::Asked
    }

    /// The next step, when what was asked last is answered. `op` is what the call wanted.
    pub fn answered(&self, core: &mut Core, id: u32, op: Op, reply: &Reply) -> Step {
        match core.calls[id].phase {
            phase::CACHE => self.cache_answered(core, id, op, reply),
            phase::STORE => self.store_answered(core, id, op, reply),
            // The write itself is done; a copy that could not be deleted or rewritten is stale until it expires.
            phase::INVALIDATE => FOUND,
            _ => Step::Over(reply.outcome),
        }
    }

    fn cache_answered(&self, core: &mut Core, id: u32, op: Op, reply: &Reply) -> Step {
        let hit = reply.flags & flag::HIT != 0;
        if reply.outcome.is_ok() && (hit || !matches!(reply.op, Op::Get | Op::GetResult)) {
            Self::adopt(core, id, reply);
            return FOUND;
        }
        // Missed, or the cache is in trouble: the database has it.
        if self.stores.is_empty() {
            return Step::Over(reply.outcome);
        }
        let able = if op == Op::Query && !self.answering.is_empty() { &self.answering } else { &self.stores };
        let store = pick_by_key(able, core.calls[id].key);
        Self::ask(core, id, store, op, phase::STORE);
        if !reply.outcome.is_ok() {
            // Marks that there is no use in filling the cache afterwards.
            core.calls[id].flags |= flag::CACHE_FAILED;
        }
        Step::Asked
    }

    fn store_answered(&self, core: &mut Core, id: u32, op: Op, reply: &Reply) -> Step {
        if !reply.outcome.is_ok() {
            return Step::Over(reply.outcome);
        }
        Self::adopt(core, id, reply);
        if self.caches.is_empty() {
            return FOUND;
        }
        let call = &core.calls[id];
        let wire = pick_by_key(&self.caches, call.key);
        if op == Op::Write {
            if self.invalidated.contains(&wire) {
                Self::ask(core, id, wire, Op::Delete, phase::INVALIDATE);
                return Step::Asked;
            }
            if self.rewritten.contains(&wire) {
                core.calls[id].phase = phase::INVALIDATE;
                let new = NewCall::on_behalf(&core.calls[id], id, wire, Op::Set);
                core.call(NewCall { version: reply.version, store: reply.store, ..new });
                return Step::Asked;
            }
        } else if (op != Op::Query || self.keep_results.contains(&wire))
            && call.flags & flag::CACHE_FAILED == 0
            && !self.reads_through.contains(&wire)
        {
            let fill = if op == Op::Query { Op::SetResult } else { Op::Set };
            if call.more & more::TRACED != 0 {
                core.tracer.beside(id);
            }
            let new = NewCall {
                version: reply.version,
                store: reply.store,
                flags: flag::DETACHED,
                ..NewCall::on_behalf(call, NIL, wire, fill)
            };
            core.call(new);
        }
        FOUND
    }
}
