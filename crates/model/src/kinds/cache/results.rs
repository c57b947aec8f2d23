//! Results of queries: keys and room of their own. No write touches them, since a result hangs on more items than a cache can
//! know of; they end with their TTL.

use super::CacheParams;
use crate::policy::eviction::{Entry, Store};
use crate::sim::behaviour::share;
use crate::sim::core::{Core, Op};
use crate::sim::detail::Memory;
use crate::sim::tally::Tallies;
use headroom_engine::{SimTime, Stream, ns_from_secs};
use serde_json::{Map, Value, json};

/// What is added to an item's key where leases of items and of results stand side by side. Items are far fewer.
const RESULT: u32 = 1 << 31;

/// The lease that an operation on this item is about.
pub(super) fn lease_key(op: Op, key: u32) -> u32 {
    if matches!(op, Op::Query | Op::GetResult | Op::SetResult) { key | RESULT } else { key }
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    lookups: u64,
    hits: u64,
    stale: u64,
}

/// Results of queries in a cache.
#[derive(Clone, Debug)]
pub(super) struct Results {
    /// By node.
    stores: Vec<Store>,
    pub window: Counts,
    pub total: Counts,
}

impl Results {
    /// None yet; nothing where the cache keeps none.
    pub fn new(params: &CacheParams, node: &str, core: &Core) -> Option<Self> {
        let store = |i: u32| {
            let lots = Stream::new(core.seed, node, &format!("results {i}"));
            let ttl_ns = Some(ns_from_secs(params.query_ttl_s));
            Store::new(params.eviction, params.query_results, core.items, ttl_ns, lots)
        };
        (params.query_results > 0).then(|| Self {
            stores: (0..params.nodes).map(store).collect(),
            window: Counts::default(),
            total: Counts::default(),
        })
    }

    /// The result that a node holds, and whether its item was written since; `dirty` if it has a write that no store knows yet.
    pub fn look_up(&mut self, core: &Core, part: u16, key: u32, dirty: bool) -> Option<(Entry, bool)> {
        let found = self.stores[part as usize].get(core.now, key);
        let newest = |e: &Entry| core.truth[e.store as usize].get(key as usize).copied().unwrap_or(0);
        let found = found.map(|e| (e, dirty || newest(&e) > e.version));
        for counts in [&mut self.window, &mut self.total] {
            counts.lookups += 1;
            counts.hits += u64::from(found.is_some());
            counts.stale += u64::from(found.is_some_and(|f| f.1));
        }
        found
    }

    pub fn put(&mut self, now: SimTime, part: u16, key: u32, entry: Entry) {
        self.stores[part as usize].put(now, key, entry);
    }

    /// A node forgets all.
    pub fn clear(&mut self, now: SimTime, part: usize) {
        self.stores[part].clear(now);
    }

    pub fn tallies(&mut self, t: &mut Tallies) {
        t.counts([&mut self.total.lookups, &mut self.total.hits, &mut self.total.stale]);
        for store in &mut self.stores {
            store.tallies(t);
        }
    }

    /// Tells how the past acts on the results.
    pub fn memory(&self, memory: &mut Memory) {
        self.stores.iter().for_each(|store| store.memory(memory));
    }

    /// Measures from now on.
    pub fn restart(&mut self, now: SimTime) {
        self.total = Counts::default();
        for store in &mut self.stores {
            store.restart(now);
        }
    }

    pub fn summary(&self, map: &mut Map<String, Value>) {
        let t = self.total;
        map.insert("query_lookups".to_owned(), json!(t.lookups));
        map.insert("query_hit_ratio".to_owned(), share(t.hits, t.lookups));
        map.insert("query_stale_hit_share".to_owned(), share(t.stale, t.hits));
        map.insert("query_results".to_owned(), json!(self.stores.iter().map(Store::len).sum::<u32>()));
    }
}

impl Counts {
    /// Share of look-ups that were hits, and of hits that were stale.
    pub fn shares(&self) -> [f32; 2] {
        let of =
            |part: u64, whole: u64| if whole == 0 { f32::NAN } else { (part as f64 / whole as f64) as f32 };
        [of(self.hits, self.lookups), of(self.stale, self.hits)]
    }
}
