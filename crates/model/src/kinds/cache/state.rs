//! A cache while it runs.

use super::dirty::Dirty;
use super::homes::Homes;
use super::results::{self, Results};
use super::{CacheParams, FLUSH, LEASE_ENDS, OnWrite};
use crate::design::Action;
use crate::kinds::Verb;
use crate::messages::{PartNow, What};
use crate::policy::eviction::{Entry, Store};
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, NewCall, NodeIdx, Op, Reply, flag};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::{Wiring, pick_by_key};
use headroom_engine::{NIL, SimTime, Stream, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    lookups: u64,
    hits: u64,
    stale: u64,
    /// Misses that waited for another's fetch.
    coalesced: u64,
    lost_writes: u64,
}

/// A fetch under way, and who waits for it.
#[derive(Clone, Debug)]
struct Lease {
    /// Sequence number of the timer that ends it.
    timer: u64,
    node: u16,
    waiting: Vec<u32>,
}

/// TTLs that differ from copy to copy.
#[derive(Clone, Debug)]
struct Jitter {
    ttl_ns: u64,
    share: f64,
    stream: Stream,
}

/// A cache while it runs.
#[derive(Clone, Debug)]
pub struct State {
    stations: Vec<Station>,
    work: Work,
    stores: Vec<Store>,
    /// Only where it keeps results of queries.
    results: Option<Results>,
    homes: Homes,
    ejects: bool,
    on_write: OnWrite,
    /// Only where it writes back.
    dirty: Option<Dirty>,
    jitter: Option<Jitter>,
    /// Stores behind, when it reads through.
    behind: Vec<(u16, f64)>,
    window: Counts,
    total: Counts,
    window_evictions: u64,
    /// Length of a lease with single flight [ns].
    lease_ns: Option<u64>,
    /// By item, those of results apart.
    leases: BTreeMap<u32, Lease>,
}

impl State {
    /// The node at time 0: empty.
    pub fn new(params: &CacheParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let behind = wiring.cumulative(wiring.out.iter());
        let ttl_ns = params.ttl_s.map(ns_from_secs);
        let jitter = ttl_ns.filter(|_| params.ttl_jitter > 0.0).map(|ttl_ns| Jitter {
            ttl_ns,
            share: params.ttl_jitter,
            stream: Stream::new(core.seed, node, "ttl"),
        });
        let store = |i: u32| {
            let purpose = if i == 0 { "eviction".to_owned() } else { format!("eviction {i}") };
            let lots = Stream::new(core.seed, node, &purpose);
            let store = Store::new(params.eviction, params.capacity_items, core.items, ttl_ns, lots);
            if jitter.is_some() { store.with_own_ages() } else { store }
        };
        let salt = Stream::new(core.seed, node, "homes").next_u64();
        let writes_back = params.on_write == OnWrite::WriteBack && !behind.is_empty();
        Self {
            stations: (0..params.nodes)
                .map(|_| Station::new(params.workers, params.queue_limit, core.now))
                .collect(),
            work: Work::of_one(core.seed, node, &params.service),
            stores: (0..params.nodes).map(store).collect(),
            results: Results::new(params, node, core),
            homes: Homes::new(params.spread, core.items, params.nodes as usize, salt),
            ejects: params.eject_dead,
            on_write: params.on_write,
            dirty: writes_back.then(|| Dirty::new(core.items, ns_from_secs(params.write_back_delay_s))),
            jitter,
            behind,
            window: Counts::default(),
            total: Counts::default(),
            window_evictions: 0,
            lease_ns: params.single_flight.then(|| ns_from_ms(params.lease_ms)),
            leases: BTreeMap::new(),
        }
    }

    fn count(&mut self, change: impl Fn(&mut Counts)) {
        change(&mut self.window);
        change(&mut self.total);
    }

    fn is_dirty(&self, key: u32) -> bool {
        self.dirty.as_ref().is_some_and(|d| d.holds(key))
    }

    /// After a miss: whether this call is the one to fetch the item. Otherwise it waits in here.
    fn may_fetch(&mut self, core: &mut Core, me: NodeIdx, id: u32) -> bool {
        let Some(lease_ns) = self.lease_ns else { return true };
        let (key, node) = (results::lease_key(core.calls[id].op, core.calls[id].key), core.calls[id].part);
        if let Some(lease) = self.leases.get_mut(&key) {
            lease.waiting.push(id);
            self.count(|c| c.coalesced += 1);
            return false;
        }
        let timer = core.timer(lease_ns, me, LEASE_ENDS, key);
        self.leases.insert(key, Lease { timer, node, waiting: Vec::new() });
        true
    }

    /// The item is here: whoever waited for it has it.
    fn end_lease(&mut self, core: &mut Core, key: u32, entry: Entry) {
        let Some(lease) = self.leases.remove(&key) else { return };
        for id in lease.waiting {
            let call = &mut core.calls[id];
            call.version = entry.version;
            call.store = entry.store;
            call.flags |= flag::HIT;
            core.reply(id, Outcome::OK);
        }
    }

    /// The answer to a call that has to fetch the item: from behind, or "not here" for the caller to see to it.
    fn fetch(&self, core: &mut Core, id: u32) {
        match (core.calls[id].op, self.behind.is_empty()) {
            (Op::Get | Op::GetResult, _) => core.reply(id, Outcome::OK),
            (_, false) => self.ask_behind(core, id),
            (_, true) => core.fail(id, Reason::NoRoute),
        }
    }

    fn look_up(&mut self, core: &mut Core, id: u32) -> bool {
        let (key, part) = (core.calls[id].key, core.calls[id].part);
        let dirty = self.is_dirty(key);
        let mut found = self.stores[part as usize].get(core.now, key);
        if dirty && found.is_none() {
            found = Some(self.newest(core, key));
        }
        let stale = !dirty && found.is_some_and(|e| core.truth[e.store as usize][key as usize] > e.version);
        self.count(|c| {
            c.lookups += 1;
            c.hits += u64::from(found.is_some());
            c.stale += u64::from(stale);
        });
        if let Some(entry) = found {
            let call = &mut core.calls[id];
            call.version = entry.version;
            call.store = entry.store;
            call.flags |= flag::HIT | if stale { flag::STALE } else { 0 };
        }
        found.is_some()
    }

    /// The result of a query, if it is held.
    fn look_up_result(&mut self, core: &mut Core, id: u32) -> bool {
        let (key, part) = (core.calls[id].key, core.calls[id].part);
        // What the store does not have yet, no result of it has.
        let dirty = self.is_dirty(key);
        let Some((entry, stale)) = self.results.as_mut().and_then(|r| r.look_up(core, part, key, dirty))
        else {
            return false;
        };
        let call = &mut core.calls[id];
        (call.version, call.store) = (entry.version, entry.store);
        call.flags |= flag::HIT | if stale { flag::STALE } else { 0 };
        true
    }

    fn put_result(&mut self, core: &mut Core, part: u16, key: u32, entry: Entry) {
        if let Some(results) = &mut self.results {
            results.put(core.now, part, key, entry);
            self.end_lease(core, results::lease_key(Op::Query, key), entry);
        }
    }

    /// An item as the store behind has it now.
    fn newest(&self, core: &Core, key: u32) -> Entry {
        let store = core.wires[pick_by_key(&self.behind, key) as usize].to;
        Entry { version: core.truth[store as usize].get(key as usize).copied().unwrap_or(0), store }
    }

    fn ask_behind(&self, core: &mut Core, id: u32) {
        let call = core.calls[id];
        let wire = pick_by_key(&self.behind, call.key);
        core.call(NewCall::on_behalf(&call, id, wire, call.op));
    }

    fn put(&mut self, core: &Core, part: u16, key: u32, entry: Entry) {
        let deadline = match &mut self.jitter {
            None => SimTime::MAX,
            Some(j) => {
                let factor = 1.0 + j.share * (2.0 * j.stream.unit() - 1.0);
                core.now.saturating_add((j.ttl_ns as f64 * factor) as u64)
            }
        };
        let store = &mut self.stores[part as usize];
        let before = store.evictions();
        store.put_until(core.now, key, entry, 1, deadline);
        self.window_evictions += store.evictions() - before;
    }

    /// A write that the cache takes by itself: it is saved later.
    fn take_write(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let (key, part) = (core.calls[id].key, core.calls[id].part);
        let entry = self.newest(core, key);
        self.put(core, part, key, entry);
        if let Some(dirty) = &mut self.dirty {
            dirty.write(core, me, part, key, 1);
        }
        self.end_lease(core, key, entry);
        let call = &mut core.calls[id];
        (call.version, call.store) = (entry.version, entry.store);
        core.reply(id, Outcome::OK);
    }

    /// The store has answered a call that saves an item.
    fn saved(&mut self, core: &mut Core, me: NodeIdx, reply: &Reply) {
        let Some(dirty) = &mut self.dirty else { return };
        let Some((key, writes)) = dirty.answered(reply.call) else { return };
        let node = self.homes.of(key);
        if reply.outcome.is_ok() {
            let entry = Entry { version: reply.version, store: reply.store };
            self.stores[node as usize].update(core.now, key, entry);
        } else if self.stations[node as usize].up {
            dirty.write(core, me, node, key, writes);
        } else {
            self.count(|c| c.lost_writes += u64::from(writes));
        }
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, part: usize) -> bool {
        if !machines::stop(core, me, part, &mut self.stations[part]) {
            return false;
        }
        self.stores[part].clear(core.now);
        if let Some(results) = &mut self.results {
            results.clear(core.now, part);
        }
        self.leases.retain(|_, lease| usize::from(lease.node) != part);
        if let Some(dirty) = &mut self.dirty {
            let lost = dirty.lose(part as u16);
            self.count(|c| c.lost_writes += lost);
        }
        self.rehome();
        true
    }

    fn rehome(&mut self) {
        if self.ejects {
            let in_use: Vec<bool> = self.stations.iter().map(|s| s.up).collect();
            self.homes.assign(&in_use);
        }
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.rent(me, Rented::Data, self.stations.len(), self.stations[0].servers);
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        let part = self.homes.of(core.calls[id].key);
        core.calls[id].part = part;
        let station = &mut self.stations[part as usize];
        if !station.up {
            return core.fail(id, Reason::Refused);
        }
        if station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        // Field by field: a copy of the whole call, just written to, would make the processor wait.
        let (op, part) = (core.calls[id].op, core.calls[id].part);
        self.stations[part as usize].leave(core, &mut self.work);
        let call = &core.calls[id];
        match op {
            Op::Get | Op::Read => {
                if self.look_up(core, id) {
                    core.reply(id, Outcome::OK);
                } else if self.may_fetch(core, me, id) {
                    self.fetch(core, id);
                }
            }
            Op::Set => {
                let entry = Entry { version: call.version, store: call.store };
                let key = call.key;
                self.put(core, part, key, entry);
                self.end_lease(core, key, entry);
                core.reply(id, Outcome::OK);
            }
            Op::GetResult | Op::Query if self.results.is_some() => {
                if self.look_up_result(core, id) {
                    core.reply(id, Outcome::OK);
                } else if self.may_fetch(core, me, id) {
                    self.fetch(core, id);
                }
            }
            Op::SetResult => {
                let entry = Entry { version: call.version, store: call.store };
                self.put_result(core, part, call.key, entry);
                core.reply(id, Outcome::OK);
            }
            Op::Delete => {
                self.stores[part as usize].remove(core.now, call.key);
                core.reply(id, Outcome::OK);
            }
            Op::Write if self.dirty.is_some() => self.take_write(core, me, id),
            // What a cache cannot hold goes on to what is behind it.
            Op::Write | Op::Apply | Op::Copy | Op::Static | Op::Query | Op::GetResult | Op::Job => {
                self.fetch(core, id);
            }
        }
    }

    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return self.saved(core, me, &reply);
        }
        let (key, part) = (core.calls[parent].key, core.calls[parent].part);
        if reply.outcome.is_ok() {
            let call = &mut core.calls[parent];
            call.version = reply.version;
            call.store = reply.store;
            call.flags |= reply.flags & flag::STALE;
            let entry = Entry { version: reply.version, store: reply.store };
            match (reply.op, self.on_write) {
                (Op::Read, _) => {
                    self.put(core, part, key, entry);
                    self.end_lease(core, key, entry);
                }
                (Op::Query, _) => self.put_result(core, part, key, entry),
                (Op::Write, OnWrite::WriteThrough) => self.put(core, part, key, entry),
                (Op::Write, OnWrite::Invalidate) => {
                    self.stores[part as usize].remove(core.now, key);
                }
                _ => {}
            }
        }
        core.reply(parent, reply.outcome);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, key: u32) {
        if tag == FLUSH {
            let wire = pick_by_key(&self.behind, key);
            if let Some(dirty) = &mut self.dirty {
                dirty.hand_on(core, me, seq, key, wire);
            }
            return;
        }
        let Some(lease) = self.leases.get_mut(&key) else { return };
        if lease.timer != seq {
            return;
        }
        // The fetch has not come back: the next in line takes over, if there is one.
        if lease.waiting.is_empty() {
            self.leases.remove(&key);
            return;
        }
        let next = lease.waiting.remove(0);
        lease.timer = core.timer(self.lease_ns.unwrap_or(0), me, LEASE_ENDS, key);
        self.fetch(core, next);
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        machines::cancel(core, &mut self.stations, id);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        if action.verb == Verb::Flush {
            for store in &mut self.stores {
                store.clear(core.now);
            }
            for part in 0..self.stations.len() {
                if let Some(results) = &mut self.results {
                    results.clear(core.now, part);
                }
            }
            return core.happen(me, None, What::Flushed);
        }
        for part in machines::chosen(action.part, self.stations.len()) {
            let what = match action.verb {
                Verb::Kill if self.kill(core, me, part) => What::Killed,
                Verb::Revive if machines::start(core, me, part, &mut self.stations[part]) => {
                    self.rehome();
                    What::Revived
                }
                Verb::Slow => {
                    self.stations[part].factor = action.arg("factor");
                    What::Slowed(self.stations[part].factor)
                }
                _ => continue,
            };
            core.happen(me, (self.stations.len() > 1).then_some(part as u32), what);
        }
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let mut items = 0;
        for store in &mut self.stores {
            store.expire(core.now);
            items += store.len();
        }
        let w = self.window;
        out.push(if w.lookups == 0 { f32::NAN } else { (w.hits as f64 / w.lookups as f64) as f32 });
        out.push(items as f32);
        out.push((self.window_evictions as f64 / window_s) as f32);
        out.push(if w.hits == 0 { f32::NAN } else { (w.stale as f64 / w.hits as f64) as f32 });
        out.push((w.coalesced as f64 / window_s) as f32);
        out.push(self.dirty.as_ref().map_or(0, Dirty::unsaved) as f32);
        out.push(self.total.lost_writes as f32);
        out.extend(self.results.as_ref().map_or([f32::NAN; 2], |r| r.window.shares()));
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (station, store) in self.stations.iter().zip(&self.stores) {
            machines::push_values(core, station, f64::from(store.len()), window_s, out);
        }
        self.stations.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.stations.iter())
    }

    fn end_window(&mut self, core: &mut Core) {
        for station in &mut self.stations {
            station.end_window(core.now);
        }
        self.window = Counts::default();
        if let Some(results) = &mut self.results {
            results.window = Default::default();
        }
        self.window_evictions = 0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let now = |(s, store): (&Station, &Store)| {
            machines::part_now(s, machines::plain_state(s), f64::from(store.len()))
        };
        self.stations.iter().zip(&self.stores).map(now).collect()
    }

    fn queued(&self) -> u64 {
        self.stations.iter().map(|s| u64::from(s.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        self.stores.iter().for_each(|store| store.memory(memory));
        if let Some(results) = &self.results {
            results.memory(memory);
        }
        if let Some(dirty) = &self.dirty {
            dirty.memory(memory);
        }
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.lookups, &mut c.hits, &mut c.stale, &mut c.coalesced, &mut c.lost_writes]);
        if let Some(results) = &mut self.results {
            results.tallies(t);
        }
        for (i, (station, store)) in self.stations.iter_mut().zip(&mut self.stores).enumerate() {
            t.part(0, i);
            station.tallies(t);
            store.tallies(t);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for station in &mut self.stations {
            station.restart(core.now);
        }
        for store in &mut self.stores {
            store.restart(core.now);
        }
        self.total = Counts::default();
        if let Some(results) = &mut self.results {
            results.restart(core.now);
        }
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.stations.iter())
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let mean: f64 = self.stores.iter_mut().map(|s| s.mean_len(core.now, core.span_ns())).sum();
        let mut map = Map::new();
        map.insert("lookups".to_owned(), json!(t.lookups));
        map.insert("hits".to_owned(), json!(t.hits));
        map.insert("hit_ratio".to_owned(), share(t.hits, t.lookups));
        map.insert("stale_hit_share".to_owned(), share(t.stale, t.hits));
        map.insert("coalesced".to_owned(), json!(t.coalesced));
        map.insert("evictions".to_owned(), json!(self.stores.iter().map(Store::evictions).sum::<u64>()));
        map.insert("items_mean".to_owned(), json!(mean));
        map.insert("items".to_owned(), json!(self.stores.iter().map(Store::len).sum::<u32>()));
        if let Some(results) = &self.results {
            results.summary(&mut map);
        }
        if let Some(dirty) = &self.dirty {
            map.insert("unsaved_writes".to_owned(), json!(dirty.unsaved()));
            map.insert("lost_writes".to_owned(), json!(t.lost_writes));
        }
        map
    }
}
