//! A slab of records addressed by `u32`, with a cap.
//!
//! Live requests sit here; lists of them are chains of ids. Freed places are reused last-in first-out, so a small
//! working set stays in the cache and the ids of a run are the same every time.

use std::ops::{Index, IndexMut};

/// "No record": the end of a chain.
pub const NIL: u32 = u32::MAX;

/// In place of the next free id: this place is in use.
const LIVE: u32 = u32::MAX - 1;

/// A record and its link, in a cache line of their own: with thousands in flight a record is nearly always far away when it
/// is wanted, and one that lay across two lines would be fetched twice.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Place<T> {
    item: T,
    /// For a free place the next free one, for a live one [`LIVE`].
    link: u32,
}

/// Records with `u32` ids, at most `capacity_limit` of them at a time.
#[derive(Clone, Debug)]
pub struct Arena<T: Copy + Default> {
    places: Vec<Place<T>>,
    free: u32,
    live: u32,
    peak: u32,
    limit: u32,
}

impl<T: Copy + Default> Arena<T> {
    /// An empty arena that holds at most `capacity_limit` records.
    pub fn new(capacity_limit: u32) -> Self {
        let limit = capacity_limit.min(LIVE);
        Arena { places: Vec::new(), free: NIL, live: 0, peak: 0, limit }
    }

    /// Stores `item` and returns its id; `None` at the cap, and then nothing has changed.
    #[inline(always)]
    pub fn alloc(&mut self, item: T) -> Option<u32> {
        let mut id = self.free;
        if id == NIL {
            id = self.grow()?;
        } else {
            self.free = self.places[id as usize].link;
        }
        self.live += 1;
        self.peak = self.peak.max(self.live);
        // The one place where it is written, so that its fields go there one by one and not over a copy on the stack.
        self.places[id as usize] = Place { item, link: LIVE };
        Some(id)
    }

    /// One more place; `None` at the cap.
    #[inline(never)]
    fn grow(&mut self) -> Option<u32> {
        let id = self.places.len() as u32;
        if id >= self.limit {
            return None;
        }
        self.places.push(Place { item: T::default(), link: LIVE });
        Some(id)
    }

    /// Gives the place of `id` back.
    ///
    /// # Panics
    /// If `id` is not live: freeing twice would hand one place to two owners.
    #[inline]
    pub fn free(&mut self, id: u32) {
        let link = &mut self.places[id as usize].link;
        assert!(*link == LIVE, "record {id} was freed twice");
        *link = self.free;
        self.free = id;
        self.live -= 1;
    }

    /// Whether `id` is in use.
    #[inline]
    pub fn is_live(&self, id: u32) -> bool {
        self.places.get(id as usize).is_some_and(|p| p.link == LIVE)
    }

    /// Records in use.
    #[inline]
    pub fn live(&self) -> u32 {
        self.live
    }

    /// The most that were ever in use at once.
    #[inline]
    pub fn peak(&self) -> u32 {
        self.peak
    }

    /// The cap given at construction.
    pub fn capacity_limit(&self) -> u32 {
        self.limit
    }

    /// The records in use with their ids, by id.
    pub fn iter_live(&self) -> impl Iterator<Item = (u32, &T)> + '_ {
        (0u32..).zip(&self.places).filter(|(_, p)| p.link == LIVE).map(|(id, p)| (id, &p.item))
    }

    /// Frees everything; memory, cap and peak stay.
    pub fn clear(&mut self) {
        self.places.clear();
        self.free = NIL;
        self.live = 0;
    }
}

impl<T: Copy + Default> Index<u32> for Arena<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: u32) -> &T {
        debug_assert!(self.is_live(id), "record {id} is not live");
        &self.places[id as usize].item
    }
}

impl<T: Copy + Default> IndexMut<u32> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, id: u32) -> &mut T {
        debug_assert!(self.is_live(id), "record {id} is not live");
        &mut self.places[id as usize].item
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn reuses_last_in_first_out_and_stops_at_the_cap() {
        let mut arena = Arena::new(3);
        let ids: Vec<u32> = (10..13).map(|x| arena.alloc(x).unwrap()).collect();
        assert_eq!(ids, [0, 1, 2]);
        assert_eq!(arena.alloc(99), None);
        arena.free(0);
        arena.free(2);
        assert_eq!((arena.alloc(20), arena.alloc(21)), (Some(2), Some(0)));
        assert_eq!((arena.live(), arena.peak(), arena.capacity_limit()), (3, 3, 3));
        assert_eq!(arena.iter_live().map(|(i, x)| (i, *x)).collect::<Vec<_>>(), [(0, 21), (1, 11), (2, 20)]);
    }

    #[test]
    fn agrees_with_a_map() {
        let mut rng = Stream::new(1, "arena", "test");
        let mut arena = Arena::new(100);
        let mut reference = BTreeMap::new();
        for step in 0..20_000u64 {
            if rng.chance(0.52) {
                match arena.alloc(step) {
                    Some(id) => assert_eq!(reference.insert(id, step), None),
                    None => assert_eq!(reference.len(), 100),
                }
            } else if let Some(&id) = reference.keys().nth(rng.below(reference.len().max(1) as u32) as usize)
            {
                reference.remove(&id);
                arena.free(id);
                assert!(!arena.is_live(id));
            }
            assert_eq!(arena.live() as usize, reference.len());
        }
        assert!(arena.iter_live().map(|(id, x)| (id, *x)).eq(reference));
        assert_eq!(arena.peak(), 100);
    }

    #[test]
    #[should_panic(expected = "freed twice")]
    fn freeing_twice_is_a_bug() {
        let mut arena = Arena::new(3);
        let id = arena.alloc(0u8).unwrap();
        arena.free(id);
        arena.free(id);
    }
}
