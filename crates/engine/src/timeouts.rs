//! Many pending timeouts for the price of one event.
//!
//! With a constant timeout, deadlines come in the order in which they are set. So they form a list: new ones go to the
//! tail, the head is the next to expire, and one that is no longer needed is unlinked in O(1). Only the head needs an event
//! in the queue. When that event fires, expire what is due and schedule the new head.
//!
//! [`Links`] is the store of the chain links, indexed by id and shared by any number of [`DeadlineList`]s; an id is in one
//! list of a store at most.

use crate::arena::NIL;
use crate::time::SimTime;

/// In place of a previous id: not in any list.
const DETACHED: u32 = u32::MAX - 1;

/// Chain links and deadlines by id. Grows with the largest id.
#[derive(Clone, Debug, Default)]
pub struct Links {
    nodes: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    prev: u32,
    next: u32,
    deadline: SimTime,
}

const LOOSE: Link = Link { prev: DETACHED, next: NIL, deadline: SimTime::ZERO };

impl Links {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `id` is in a list of this store.
    #[inline]
    pub fn contains(&self, id: u32) -> bool {
        self.nodes.get(id as usize).is_some_and(|n| n.prev != DETACHED)
    }

    /// The deadline of `id`, if it is in a list.
    #[inline]
    pub fn deadline(&self, id: u32) -> Option<SimTime> {
        self.nodes.get(id as usize).filter(|n| n.prev != DETACHED).map(|n| n.deadline)
    }
}

/// Ids in the order of their deadlines; first-in first-out among equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineList {
    head: u32,
    tail: u32,
    len: u32,
}

impl Default for DeadlineList {
    fn default() -> Self {
        DeadlineList { head: NIL, tail: NIL, len: 0 }
    }
}

impl DeadlineList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `id`. O(1) when no pending deadline is later, as with a constant timeout; else it walks back to its place.
    ///
    /// # Panics
    /// If `id` is already in a list of this store.
    #[inline]
    pub fn push(&mut self, links: &mut Links, id: u32, deadline: SimTime) {
        let nodes = &mut links.nodes;
        if id as usize >= nodes.len() {
            nodes.resize(id as usize + 1, LOOSE);
        }
        assert!(nodes[id as usize].prev == DETACHED, "id {id} is already in a list");
        let mut prev = self.tail;
        while prev != NIL && nodes[prev as usize].deadline > deadline {
            prev = nodes[prev as usize].prev;
        }
        let next = if prev == NIL { self.head } else { nodes[prev as usize].next };
        nodes[id as usize] = Link { prev, next, deadline };
        match prev {
            NIL => self.head = id,
            p => nodes[p as usize].next = id,
        }
        match next {
            NIL => self.tail = id,
            n => nodes[n as usize].prev = id,
        }
        self.len += 1;
    }

    /// Takes `id` out; false when it is in no list. An id of *another* list of the store must not be given.
    #[inline]
    pub fn remove(&mut self, links: &mut Links, id: u32) -> bool {
        if !links.contains(id) {
            return false;
        }
        let nodes = &mut links.nodes;
        let Link { prev, next, .. } = nodes[id as usize];
        match prev {
            NIL => {
                debug_assert!(self.head == id, "id {id} belongs to another list");
                self.head = next;
            }
            p => nodes[p as usize].next = next,
        }
        match next {
            NIL => {
                debug_assert!(self.tail == id, "id {id} belongs to another list");
                self.tail = prev;
            }
            n => nodes[n as usize].prev = prev,
        }
        nodes[id as usize] = LOOSE;
        self.len -= 1;
        true
    }

    /// The id that expires next, and when.
    #[inline]
    pub fn head(&self, links: &Links) -> Option<(u32, SimTime)> {
        (self.head != NIL).then(|| (self.head, links.nodes[self.head as usize].deadline))
    }

    /// Takes the head out if its deadline is at most `now`.
    #[inline]
    pub fn pop_due(&mut self, links: &mut Links, now: SimTime) -> Option<u32> {
        let (id, deadline) = self.head(links)?;
        (deadline <= now && self.remove(links, id)).then_some(id)
    }

    /// Pending deadlines.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.head == NIL
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    /// Random pushes, removals and expiries on two lists over one store, against sorted vectors.
    #[test]
    fn agrees_with_sorted_vectors() {
        let mut rng = Stream::new(7, "timeouts", "test");
        let mut links = Links::new();
        let mut lists = [DeadlineList::new(), DeadlineList::new()];
        let mut reference: [Vec<(u64, u64, u32)>; 2] = [Vec::new(), Vec::new()];
        for now in 0..30_000u64 {
            let which = rng.below(2) as usize;
            let id = rng.below(300);
            let (list, expected) = (&mut lists[which], &mut reference[which]);
            if let Some(i) = expected.iter().position(|e| e.2 == id) {
                assert!(links.contains(id));
                assert_eq!(links.deadline(id), Some(SimTime(expected[i].0)));
                expected.remove(i);
                assert!(list.remove(&mut links, id));
            } else if !links.contains(id) {
                // List 1 has a constant timeout; list 0 has deadlines in any order.
                let timeout = if which == 1 { 200 } else { u64::from(rng.below(400)) };
                list.push(&mut links, id, SimTime(now + timeout));
                expected.push((now + timeout, now, id));
                expected.sort_unstable();
            }
            while let Some(expired) = list.pop_due(&mut links, SimTime(now)) {
                assert_eq!(expected.remove(0).2, expired);
                assert!(!links.contains(expired) && links.deadline(expired).is_none());
                assert!(!list.remove(&mut links, expired));
            }
            assert_eq!(list.head(&links), expected.first().map(|e| (e.2, SimTime(e.0))));
            assert_eq!((list.len(), list.is_empty()), (expected.len(), expected.is_empty()));
        }
    }

    #[test]
    #[should_panic(expected = "already in a list")]
    fn an_id_is_in_one_list_only() {
        let mut links = Links::new();
        let mut list = DeadlineList::new();
        list.push(&mut links, 4, SimTime(1));
        list.push(&mut links, 4, SimTime(2));
    }
}
