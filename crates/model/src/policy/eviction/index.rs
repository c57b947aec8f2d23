//! Which slot an item is in.
//!
//! Item ids are dense, so a table by id is the simplest index. But a cache that holds a small part of all items would have
//! most of that table empty, and each look-up would go to a far corner of the memory: such a cache has a hash table of what it holds.

use headroom_engine::NIL;

/// With more items than so many for each that fits in, what is held is hashed.
const SPARSE: u64 = 16;
/// Places of a hash table at the start; a power of two.
const PLACES_MIN: usize = 64;

/// The slots of items.
#[derive(Clone, Debug)]
pub(super) enum Index {
    /// By id.
    Dense(Vec<u32>),
    /// Of what is held.
    Hashed(Hashed),
}

impl Index {
    /// An index of nothing, for items `0..items` of which about `capacity` are held at most.
    pub fn new(items: u32, capacity: u32) -> Self {
        if u64::from(items) > SPARSE * u64::from(capacity) {
            Index::Hashed(Hashed::new())
        } else {
            Index::Dense(vec![NIL; items as usize])
        }
    }

    /// The slot of an item, or [`NIL`].
    #[inline(always)]
    pub fn get(&self, key: u32) -> u32 {
        match self {
            Index::Dense(slots) => slots[key as usize],
            Index::Hashed(hashed) => hashed.get(key),
        }
    }

    /// Notes the slot of an item that has none.
    #[inline]
    pub fn set(&mut self, key: u32, slot: u32) {
        match self {
            Index::Dense(slots) => slots[key as usize] = slot,
            Index::Hashed(hashed) => hashed.insert(key, slot),
        }
    }

    /// Forgets the slot of an item that has one.
    #[inline]
    pub fn remove(&mut self, key: u32) {
        match self {
            Index::Dense(slots) => slots[key as usize] = NIL,
            Index::Hashed(hashed) => hashed.remove(key),
        }
    }

    /// Forgets all slots; `keys` are those of the items that may have one.
    pub fn clear(&mut self, keys: impl Iterator<Item = u32>) {
        match self {
            Index::Dense(slots) => keys.for_each(|key| slots[key as usize] = NIL),
            Index::Hashed(hashed) => *hashed = Hashed::new(),
        }
    }
}

/// A hash table with linear probing, at most two thirds full.
#[derive(Clone, Debug)]
pub(super) struct Hashed {
    /// (item, slot); the slot is [`NIL`] where there is none. A power of two of them.
    places: Vec<(u32, u32)>,
    len: usize,
    shift: u32,
}

impl Hashed {
    fn new() -> Self {
        Self::with_places(PLACES_MIN)
    }

    fn with_places(count: usize) -> Self {
        Self { places: vec![(0, NIL); count], len: 0, shift: 32 - count.ilog2() }
    }

    /// Where an item would like to be: neighbours go far apart (Fibonacci hashing, Knuth 6.4).
    #[inline(always)]
    fn home(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b9) >> self.shift) as usize
    }

    #[inline(always)]
    fn get(&self, key: u32) -> u32 {
        let mask = self.places.len() - 1;
        let mut at = self.home(key);
        loop {
            let (other, slot) = self.places[at & mask];
            if slot == NIL || other == key {
                return slot;
            }
            at += 1;
        }
    }

    fn insert(&mut self, key: u32, slot: u32) {
        if 3 * (self.len + 1) > 2 * self.places.len() {
            let larger = Self::with_places(2 * self.places.len());
            let smaller = std::mem::replace(self, larger);
            smaller.places.iter().filter(|p| p.1 != NIL).for_each(|&(key, slot)| self.put(key, slot));
        }
        self.put(key, slot);
    }

    fn put(&mut self, key: u32, slot: u32) {
        let mask = self.places.len() - 1;
        let mut at = self.home(key);
        while self.places[at].1 != NIL {
            at = (at + 1) & mask;
        }
        self.places[at] = (key, slot);
        self.len += 1;
    }

    /// Takes an item out and moves up those that had to give way to it (Knuth 6.4, algorithm R).
    fn remove(&mut self, key: u32) {
        let mask = self.places.len() - 1;
        let mut gap = self.home(key);
        while self.places[gap].0 != key || self.places[gap].1 == NIL {
            if self.places[gap].1 == NIL {
                return;
            }
            gap = (gap + 1) & mask;
        }
        self.len -= 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let (other, slot) = self.places[at];
            if slot == NIL {
                break;
            }
            // It may move up unless its home lies between the gap and where it is.
            let from_home = at.wrapping_sub(self.home(other)) & mask;
            if from_home >= (at.wrapping_sub(gap) & mask) {
                self.places[gap] = (other, slot);
                gap = at;
            }
        }
        self.places[gap] = (0, NIL);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_engine::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn many_items_for_little_room_are_hashed() {
        assert!(matches!(Index::new(1_600, 100), Index::Dense(_)));
        assert!(matches!(Index::new(1_601, 100), Index::Hashed(_)));
    }

    /// Whatever is put in, taken out and looked up, both kinds answer as a map does.
    #[test]
    fn both_answer_as_a_map_does() {
        for (seed, items) in [(1, 40), (2, 300), (3, 5_000)] {
            let mut stream = Stream::new(seed, "index", "test");
            let mut indices = [Index::Dense(vec![NIL; items as usize]), Index::Hashed(Hashed::new())];
            let mut map = BTreeMap::new();
            for step in 0..40_000 {
                let key = stream.below(items);
                let held = map.get(&key).copied();
                assert!(indices.iter().all(|i| i.get(key) == held.unwrap_or(NIL)), "{seed} {step} {key}");
                if step % 10_000 == 9_999 {
                    indices.iter_mut().for_each(|i| i.clear(map.keys().copied()));
                    map.clear();
                } else if held.is_some() {
                    indices.iter_mut().for_each(|i| i.remove(key));
                    map.remove(&key);
                } else {
                    indices.iter_mut().for_each(|i| i.set(key, step));
                    map.insert(key, step);
                }
            }
            assert!(
                (0..items).all(|k| indices.iter().all(|i| i.get(k) == map.get(&k).copied().unwrap_or(NIL)))
            );
        }
    }

    #[test]
    fn a_table_stays_two_thirds_full_at_most() {
        let mut hashed = Hashed::new();
        for key in 0..10_000 {
            hashed.insert(key * 7, key);
            assert!(hashed.len * 3 <= hashed.places.len() * 2);
        }
        assert!(hashed.places.len() < 10_000 * 4);
    }
}
