//! The entries of a cache: a table of slots addressed by dense item ids, with TTL and eviction.

use super::Eviction;
use super::ages::Ages;
use super::index::Index;
use super::ranking::Ranking;
use crate::sim::detail::Memory;
use crate::sim::tally::Tallies;
use headroom_engine::{Level, NIL, SimTime, Stream};

/// What a cache knows of an item that it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Version of the data, as the store that it came from counts them.
    pub version: u32,
    /// Position of that store in the design.
    pub store: u16,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u32,
    entry: Entry,
}

/// The entries of a cache. Item ids are dense: 0 up to the number of items.
#[derive(Clone, Debug)]
pub struct Store {
    index: Index,
    slots: Vec<Slot>,
    /// Sizes of the items by slot, where they are not all 1.
    sizes: Option<Vec<u32>>,
    free: Vec<u32>,
    capacity: u64,
    used: u64,
    ranking: Ranking,
    ages: Ages,
    len: u32,
    live: Level,
    evictions: u64,
    /// Items put in that did not take the place of another, since the beginning.
    came: u64,
    /// Items that did.
    replaced: u64,
}

impl Store {
    /// An empty store for items `0..items`; policies that draw lots draw them from `stream`.
    pub fn new(policy: Eviction, capacity: u32, items: u32, ttl_ns: Option<u64>, stream: Stream) -> Self {
        Self {
            index: Index::new(items, capacity),
            slots: Vec::new(),
            sizes: None,
            free: Vec::new(),
            capacity: u64::from(capacity),
            used: 0,
            ranking: Ranking::new(policy, capacity, items, stream),
            ages: ttl_ns.map_or(Ages::Never, Ages::alike),
            len: 0,
            live: Level::new(),
            evictions: 0,
            came: 0,
            replaced: 0,
        }
    }

    /// The same with items that differ in size, and room for so many bytes; the capacity that was given counts as the
    /// number of items to expect.
    pub fn of_bytes(mut self, bytes: u64) -> Self {
        self.capacity = bytes;
        self.sizes = Some(Vec::new());
        self
    }

    /// The same with a deadline for each item, see [`Store::put_until`].
    pub fn with_own_ages(mut self) -> Self {
        self.ages = Ages::own();
        self
    }

    /// Looks an item up; a use for the policy whether it is found or not.
    #[inline]
    pub fn get(&mut self, now: SimTime, key: u32) -> Option<Entry> {
        self.expire(now);
        let slot = self.index.get(key);
        self.ranking.look_up(key, (slot != NIL).then_some(slot));
        if slot == NIL {
            return None;
        }
        Some(self.slots[slot as usize].entry)
    }

    /// What is held of an item; no use for the policy.
    pub fn peek(&mut self, now: SimTime, key: u32) -> Option<Entry> {
        self.expire(now);
        let slot = self.index.get(key);
        (slot != NIL).then(|| self.slots[slot as usize].entry)
    }

    /// Changes what is held of an item, if it is; its age goes on.
    pub fn update(&mut self, now: SimTime, key: u32, entry: Entry) {
        self.expire(now);
        let slot = self.index.get(key);
        if slot != NIL {
            self.slots[slot as usize].entry = entry;
        }
    }

    /// Puts an item in, or renews it, and evicts another where there is no room.
    #[inline]
    pub fn put(&mut self, now: SimTime, key: u32, entry: Entry) {
        self.put_until(now, key, entry, 1, SimTime::MAX);
    }

    /// Puts an item of a size in, or renews it, until its deadline; size and deadline count only in a store that was
    /// made for them. An item that is larger than the store is not put in.
    pub fn put_until(&mut self, now: SimTime, key: u32, entry: Entry, size: u32, deadline: SimTime) {
        self.expire(now);
        let held = self.index.get(key);
        if held != NIL {
            self.slots[held as usize].entry = entry;
            self.ages.set(held, now, deadline);
            return;
        }
        let size = if self.sizes.is_some() { u64::from(size) } else { 1 };
        if size > self.capacity || deadline <= now {
            return;
        }
        let mut full = self.used + size > self.capacity;
        if !self.ranking.arrive(key, full) {
            return;
        }
        let before = self.len;
        let mut vacant = None;
        while full {
            let slots = &self.slots;
            let Some(victim) = self.ranking.evict(|slot| slots[slot as usize].key) else { break };
            self.evictions += 1;
            self.vacate(victim);
            // The newcomer takes the place at once, as is nearly always possible.
            if let Some(earlier) = vacant.replace(victim) {
                self.free.push(earlier);
            }
            full = self.used + size > self.capacity;
        }
        match vacant {
            None => self.came += 1,
            Some(_) => self.replaced += 1,
        }
        let slot = vacant.or_else(|| self.free.pop()).unwrap_or(self.slots.len() as u32);
        match self.slots.get_mut(slot as usize) {
            Some(place) => *place = Slot { key, entry },
            None => self.slots.push(Slot { key, entry }),
        }
        if let Some(sizes) = &mut self.sizes {
            sizes.resize(self.slots.len(), 0);
            sizes[slot as usize] = size as u32;
        }
        self.index.set(key, slot);
        self.ranking.insert(key, slot);
        self.ages.set(slot, now, deadline);
        self.used += size;
        self.len += 1;
        if self.len != before {
            self.live.set(now, u64::from(self.len));
        }
    }

    /// Drops an item; true if it was held.
    pub fn remove(&mut self, now: SimTime, key: u32) -> bool {
        self.expire(now);
        let slot = self.index.get(key);
        if slot != NIL {
            self.drop_slot(now, slot);
        }
        slot != NIL
    }

    /// Drops everything.
    pub fn clear(&mut self, now: SimTime) {
        self.expire(now);
        self.index.clear(self.slots.iter().map(|slot| slot.key));
        self.slots.clear();
        if let Some(sizes) = &mut self.sizes {
            sizes.clear();
        }
        self.free.clear();
        self.ranking.clear();
        self.ages.clear();
        self.used = 0;
        self.len = 0;
        self.live.set(now, 0);
    }

    /// Drops what is past its TTL by now, each at its very time.
    #[inline]
    pub fn expire(&mut self, now: SimTime) {
        while let Some((slot, deadline)) = self.ages.due(now) {
            self.drop_slot(deadline, slot);
        }
    }

    fn drop_slot(&mut self, now: SimTime, slot: u32) {
        self.ranking.remove(slot);
        self.vacate(slot);
        self.free.push(slot);
        self.live.set(now, u64::from(self.len));
    }

    /// A slot is given up that is in no order any more.
    #[inline]
    fn vacate(&mut self, slot: u32) {
        self.index.remove(self.slots[slot as usize].key);
        self.ages.remove(slot);
        self.used -= self.sizes.as_ref().map_or(1, |sizes| u64::from(sizes[slot as usize]));
        self.len -= 1;
    }

    /// Items held.
    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Room that is taken: bytes, or items.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Items pushed out to make room, so far.
    pub fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Tells how the past acts on what is held: an item at most until its TTL is over; without one, until as many have come
    /// as there is room for.
    pub fn memory(&self, memory: &mut Memory) {
        match self.ages.longest_ns() {
            Some(ttl_ns) => memory.lasts(ttl_ns),
            // Of a policy that goes by more than the last use, the first content says little of the later.
            None => {
                memory.is_busy |=
                    self.replaced > 0 && self.replaced < u64::from(self.len) && !self.ranking.is_lru()
            }
        }
        memory.stock(u64::from(self.len), self.came);
    }

    /// Mean number of items held, measured over `span_ns`.
    pub fn mean_len(&mut self, now: SimTime, span_ns: u64) -> f64 {
        self.expire(now);
        self.live.mean_over(now, span_ns)
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        self.expire(t.now());
        t.level(&mut self.live);
        t.count(&mut self.evictions);
    }

    /// Forgets measurements, not items.
    pub fn restart(&mut self, now: SimTime) {
        self.expire(now);
        self.live.restart(now);
        self.evictions = 0;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_engine::{Popularity, Stream};

    fn hit_ratio(
        policy: Eviction,
        items: u32,
        s: f64,
        capacity: u32,
        warm: u32,
        counted: u32,
        seed: u64,
    ) -> f64 {
        let popularity = Popularity::zipf(items, s);
        let mut stream = Stream::new(seed, "test", "keys");
        let mut store = Store::new(policy, capacity, items, None, Stream::new(seed, "test", "lots"));
        let mut hits = 0u32;
        for i in 0..warm + counted {
            let (now, key) = (SimTime(u64::from(i)), popularity.sample(&mut stream));
            if store.get(now, key).is_some() {
                hits += u32::from(i >= warm);
            } else {
                store.put(now, key, Entry::default());
            }
            assert!(store.len() <= capacity);
        }
        f64::from(hits) / f64::from(counted)
    }

    /// Hit ratio of LRU or FIFO by walking the exact Markov chain on ordered contents to its fixed point.
    fn exact(policy: Eviction, items: usize, s: f64, capacity: usize) -> f64 {
        let weights: Vec<f64> = (1..=items).map(|k| libm::pow(k as f64, -s)).collect();
        let total: f64 = weights.iter().sum();
        let mut states: Vec<Vec<usize>> = vec![vec![]];
        for _ in 0..capacity {
            states = states
                .iter()
                .flat_map(|st| (0..items).filter(|k| !st.contains(k)).map(|k| [st.as_slice(), &[k]].concat()))
                .collect();
        }
        let index = |st: &[usize]| states.iter().position(|x| x == st).unwrap();
        let moves: Vec<Vec<(usize, f64, bool)>> = states
            .iter()
            .map(|st| {
                (0..items)
                    .map(|k| {
                        let hit = st.contains(&k);
                        let mut next = st.clone();
                        if !hit {
                            next.remove(0);
                            next.push(k);
                        } else if policy == Eviction::Lru {
                            next.retain(|x| *x != k);
                            next.push(k);
                        }
                        (index(&next), weights[k] / total, hit)
                    })
                    .collect()
            })
            .collect();
        let mut p = vec![1.0 / states.len() as f64; states.len()];
        for _ in 0..400 {
            let mut q = vec![0.0; p.len()];
            for (i, row) in moves.iter().enumerate() {
                for (j, w, _) in row {
                    q[*j] += p[i] * w;
                }
            }
            p = q;
        }
        moves
            .iter()
            .enumerate()
            .map(|(i, row)| p[i] * row.iter().filter(|m| m.2).map(|m| m.1).sum::<f64>())
            .sum()
    }

    #[test]
    fn lru_and_fifo_match_the_exact_markov_chain() {
        for policy in [Eviction::Lru, Eviction::Fifo] {
            let truth = exact(policy, 6, 1.0, 3);
            let measured: f64 =
                (1..=8).map(|seed| hit_ratio(policy, 6, 1.0, 3, 100, 200_000, seed)).sum::<f64>() / 8.0;
            assert!((measured - truth).abs() < 0.0015, "{policy:?} {measured} {truth}");
        }
    }

    #[test]
    fn perfect_lfu_keeps_the_most_popular() {
        let truth = Popularity::zipf(1000, 0.8).share_of_top(100);
        let measured = hit_ratio(Eviction::PerfectLfu, 1000, 0.8, 100, 400_000, 400_000, 3);
        assert!((measured - truth).abs() < 0.004, "{measured} {truth}");
    }

    #[test]
    fn in_cache_lfu_forgets_what_it_evicts() {
        let lfu = hit_ratio(Eviction::Lfu, 10_000, 0.8, 1000, 400_000, 1_600_000, 5);
        // libCacheSim 0.3.5 on 0.4 M warm-up + 1.6 M requests, catalogue row CPEER.LFU.
        assert!((lfu - 0.5205).abs() < 0.006, "{lfu}");
    }

    /// A slow and obvious reference for every policy, driven beside the store with random operations.
    #[test]
    fn every_policy_agrees_with_a_naive_reference() {
        #[derive(Clone)]
        struct Naive {
            held: Vec<(u32, u64, u64, u64)>, // key, expiry, rank time, uses
            ever: Vec<u64>,
        }
        // By lot there is no one answer, and SIEVE's is not a minimum of anything: they have tests of their own.
        for policy in &[Eviction::Lru, Eviction::Fifo, Eviction::Lfu, Eviction::PerfectLfu] {
            for seed in 0..20 {
                let (items, capacity, ttl) = (12u32, 5usize, 40u64);
                let mut store =
                    Store::new(*policy, capacity as u32, items, Some(ttl), Stream::new(seed, "test", "lots"));
                let mut naive = Naive { held: vec![], ever: vec![0; items as usize] };
                let mut stream = Stream::new(seed, "naive", policy.name());
                for t in 0..3000u64 {
                    let now = SimTime(t);
                    naive.held.retain(|e| e.1 > t);
                    let key = stream.below(items).min(stream.below(items));
                    match stream.below(10) {
                        0 => {
                            let held = naive.held.iter().any(|e| e.0 == key);
                            naive.held.retain(|e| e.0 != key);
                            assert_eq!(store.remove(now, key), held);
                        }
                        1..=6 => {
                            naive.ever[key as usize] += 1;
                            let found = naive.held.iter_mut().find(|e| e.0 == key);
                            assert_eq!(
                                store.get(now, key).is_some(),
                                found.is_some(),
                                "{policy:?} {seed} {t}"
                            );
                            if let Some(e) = found {
                                e.3 += 1;
                                if *policy != Eviction::Fifo {
                                    e.2 = t;
                                }
                            }
                        }
                        _ => {
                            store.put(now, key, Entry::default());
                            if let Some(e) = naive.held.iter_mut().find(|e| e.0 == key) {
                                e.1 = t + ttl;
                            } else {
                                let uses = if *policy == Eviction::PerfectLfu {
                                    naive.ever[key as usize]
                                } else {
                                    1
                                };
                                if naive.held.len() == capacity {
                                    let rank = |e: &(u32, u64, u64, u64)| match policy {
                                        Eviction::Lru | Eviction::Fifo => (0, e.2),
                                        _ => (e.3, e.2),
                                    };
                                    let victim = naive
                                        .held
                                        .iter()
                                        .enumerate()
                                        .min_by_key(|(_, e)| rank(e))
                                        .map(|(i, _)| i)
                                        .unwrap();
                                    if *policy == Eviction::PerfectLfu && uses <= naive.held[victim].3 {
                                        continue;
                                    }
                                    naive.held.remove(victim);
                                }
                                naive.held.push((key, t + ttl, t, uses));
                            }
                        }
                    }
                    assert_eq!(store.len() as usize, naive.held.len(), "{policy:?} {seed} {t}");
                }
            }
        }
    }
    #[test]
    fn random_has_the_hit_ratio_of_fifo() {
        // Under independent requests RANDOM and FIFO have the same hit ratio (Gelenbe 1973).
        let truth = exact(Eviction::Fifo, 6, 1.0, 3);
        let measured: f64 =
            (1..=8).map(|seed| hit_ratio(Eviction::Random, 6, 1.0, 3, 100, 200_000, seed)).sum::<f64>() / 8.0;
        assert!((measured - truth).abs() < 0.0015, "{measured} {truth}");
    }

    /// Hits over 10 million requests by Zipf(1) for a million items, the trace by which cache simulators were compared:
    /// splitmix64 from 42, u = (z >> 11) / 2^53, rank = #{k: H[k] <= u H[N]}, id = (rank x 611953 + 12345) mod N.
    #[test]
    fn hit_ratios_on_the_reference_trace_equal_those_of_libcachesim() {
        const N: usize = 1_000_000;
        let mut sums = Vec::with_capacity(N);
        let mut sum = 0.0;
        for i in 1..=N {
            sum += 1.0 / i as f64;
            sums.push(sum);
        }
        let mut state = 42u64;
        let trace: Vec<u32> = (0..10_000_000)
            .map(|_| {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = state;
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                z ^= z >> 31;
                let u = (z >> 11) as f64 / (1u64 << 53) as f64;
                let rank = sums.partition_point(|h| *h <= u * sum);
                ((rank * 611_953 + 12_345) % N) as u32
            })
            .collect();
        assert_eq!(trace[..4], [588_924, 72_110, 370_935, 356_632]);
        let hits = |policy: Eviction, capacity: u32| {
            let mut store = Store::new(policy, capacity, N as u32, None, Stream::new(1, "test", "lots"));
            let mut hits = 0;
            for key in &trace {
                if store.get(SimTime::ZERO, *key).is_some() {
                    hits += 1;
                } else {
                    store.put(SimTime::ZERO, *key, Entry::default());
                }
            }
            hits
        };
        let exact = [
            (Eviction::Lru, 7_769_568, 5_850_060),
            (Eviction::Fifo, 7_473_828, 5_501_642),
            (Eviction::Lfu, 8_097_576, 6_569_451),
            (Eviction::Sieve, 8_097_576, 6_578_339),
            (Eviction::Arc, 8_098_865, 6_598_563),
            (Eviction::Clock, 7_837_099, 5_946_112),
            (Eviction::TwoQ, 8_008_483, 6_485_709),
            (Eviction::S3Fifo, 8_126_278, 6_623_830),
        ];
        std::thread::scope(|scope| {
            for (policy, large, small) in exact {
                let hits = &hits;
                scope.spawn(move || {
                    assert_eq!((hits(policy, 100_000), hits(policy, 10_000)), (large, small), "{policy:?}");
                });
            }
            // Its sketch has hash functions of its own, so that it cannot be equal to the last hit.
            scope.spawn(|| {
                for (capacity, wanted) in [(100_000, 0.8125), (10_000, 0.6666)] {
                    let ratio = f64::from(hits(Eviction::TinyLfu, capacity)) / trace.len() as f64;
                    assert!((ratio - wanted).abs() < 0.005, "W-TinyLFU {capacity}: {ratio} against {wanted}");
                }
            });
        });
    }

    /// Whatever is done to it, a store holds what was put in last and neither expired nor was deleted nor pushed out.
    #[test]
    fn every_policy_keeps_its_books() {
        for policy in Eviction::ALL {
            for seed in 0..30u64 {
                let lots = Stream::new(seed, "test", "lots");
                let (items, capacity) = (40, 1 + seed as u32 % 13);
                let mut store = match seed % 3 {
                    0 => Store::new(*policy, capacity, items, None, lots),
                    1 => Store::new(*policy, capacity, items, Some(50), lots),
                    _ => Store::new(*policy, capacity, items, None, lots).with_own_ages().of_bytes(500),
                };
                let mut stream = Stream::new(seed, "books", policy.name());
                let mut put: Vec<Option<(u32, u64)>> = vec![None; items as usize];
                for t in 0..4000u64 {
                    let now = SimTime(t);
                    let key = stream.below(items).min(stream.below(items));
                    match stream.below(50) {
                        0 => store.clear(now),
                        1..5 => assert!(!{
                            store.remove(now, key);
                            store.peek(now, key).is_some()
                        }),
                        5..30 => {
                            if let Some(entry) = store.get(now, key) {
                                let (version, until) = put[key as usize].unwrap();
                                assert_eq!(entry.version, version);
                                assert!(seed % 3 == 0 || until > t, "{policy:?} {seed} {t}");
                            }
                        }
                        _ => {
                            let (version, size) = (t as u32, 1 + stream.below(100));
                            let until = if seed % 3 == 1 { t + 50 } else { t + u64::from(stream.below(80)) };
                            store.put_until(now, key, Entry { version, store: 0 }, size, SimTime(until));
                            put[key as usize] = Some((version, until));
                        }
                    }
                    let held = (0..items).filter(|k| store.peek(now, *k).is_some()).count();
                    assert_eq!(store.len() as usize, held, "{policy:?} {seed} {t}");
                    let room = if seed % 3 == 2 { 500 } else { u64::from(capacity) };
                    assert!(store.used() <= room, "{policy:?} {seed} {t}");
                }
            }
        }
    }
}
