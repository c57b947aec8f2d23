//! When slots expire: never, all after the same time, or each at its own.

use headroom_engine::{DeadlineList, Links, NIL, SimTime};

/// Deadlines of slots.
#[derive(Clone, Debug)]
pub(super) enum Ages {
    /// Nothing expires.
    Never,
    /// Deadlines come in the order in which they are set, so a list holds them.
    Alike { ttl_ns: u64, list: DeadlineList, links: Links },
    /// Deadlines come in any order.
    Own { heap: Heap, longest_ns: u64 },
}

impl Ages {
    pub fn alike(ttl_ns: u64) -> Self {
        Ages::Alike { ttl_ns, list: DeadlineList::new(), links: Links::new() }
    }

    pub fn own() -> Self {
        Ages::Own { heap: Heap::default(), longest_ns: 0 }
    }

    /// How long a slot is kept at most [ns]; none where nothing expires. Where each has a deadline of its own, the latest counts
    /// that was ever set.
    pub fn longest_ns(&self) -> Option<u64> {
        match self {
            Ages::Never => None,
            Ages::Alike { ttl_ns, .. } => Some(*ttl_ns),
            Ages::Own { longest_ns, .. } => Some(*longest_ns),
        }
    }

    /// A slot is filled now. Its own deadline counts only where each has one.
    #[inline]
    pub fn set(&mut self, slot: u32, now: SimTime, own: SimTime) {
        match self {
            Ages::Never => {}
            Ages::Alike { ttl_ns, list, links } => {
                list.remove(links, slot);
                list.push(links, slot, now.saturating_add(*ttl_ns));
            }
            Ages::Own { heap, longest_ns } => {
                heap.remove(slot);
                if own < SimTime::MAX {
                    *longest_ns = own.since(now).max(*longest_ns);
                    heap.push(slot, own);
                }
            }
        }
    }

    #[inline]
    pub fn remove(&mut self, slot: u32) {
        match self {
            Ages::Never => {}
            Ages::Alike { list, links, .. } => {
                list.remove(links, slot);
            }
            Ages::Own { heap, .. } => heap.remove(slot),
        }
    }

    /// A slot that is due by now, and when it was.
    #[inline]
    pub fn due(&self, now: SimTime) -> Option<(u32, SimTime)> {
        match self {
            Ages::Never => None,
            Ages::Alike { list, links, .. } => list.head(links),
            Ages::Own { heap, .. } => heap.first(),
        }
        .filter(|(_, deadline)| *deadline <= now)
    }

    pub fn clear(&mut self) {
        *self = match self {
            Ages::Never => Ages::Never,
            Ages::Alike { ttl_ns, .. } => Ages::alike(*ttl_ns),
            Ages::Own { .. } => Ages::own(),
        };
    }
}

/// A binary heap of slots by deadline, in which each slot knows its place and can be taken out.
#[derive(Clone, Debug, Default)]
pub(super) struct Heap {
    /// Deadline and slot, equal deadlines by slot.
    heap: Vec<(SimTime, u32)>,
    /// By slot: where it stands in `heap`.
    place: Vec<u32>,
}

impl Heap {
    fn first(&self) -> Option<(u32, SimTime)> {
        self.heap.first().map(|(deadline, slot)| (*slot, *deadline))
    }

    fn push(&mut self, slot: u32, deadline: SimTime) {
        if slot as usize >= self.place.len() {
            self.place.resize(slot as usize + 1, NIL);
        }
        self.heap.push((deadline, slot));
        self.rise(self.heap.len() - 1);
    }

    fn remove(&mut self, slot: u32) {
        let Some(&place) = self.place.get(slot as usize) else { return };
        if place == NIL {
            return;
        }
        let i = place as usize;
        self.heap.swap_remove(i);
        self.place[slot as usize] = NIL;
        if i < self.heap.len() {
            let i = self.rise(i);
            self.sink(i);
        }
    }

    fn rise(&mut self, mut i: usize) -> usize {
        while i > 0 && self.heap[i] < self.heap[(i - 1) / 2] {
            self.swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
        self.place[self.heap[i].1 as usize] = i as u32;
        i
    }

    fn sink(&mut self, mut i: usize) {
        loop {
            let (left, right) = (2 * i + 1, 2 * i + 2);
            let mut least = i;
            for child in [left, right] {
                if child < self.heap.len() && self.heap[child] < self.heap[least] {
                    least = child;
                }
            }
            if least == i {
                break;
            }
            self.swap(i, least);
            i = least;
        }
        self.place[self.heap[i].1 as usize] = i as u32;
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.heap.swap(a, b);
        self.place[self.heap[a].1 as usize] = a as u32;
        self.place[self.heap[b].1 as usize] = b as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headroom_engine::Stream;

    #[test]
    fn the_heap_gives_the_earliest_whatever_was_taken_out() {
        let mut stream = Stream::new(1, "test", "heap");
        let mut heap = Heap::default();
        let mut held: Vec<Option<SimTime>> = vec![None; 50];
        for _ in 0..20_000 {
            let slot = stream.below(50);
            match held[slot as usize].take() {
                Some(_) => heap.remove(slot),
                None => {
                    let at = SimTime(u64::from(stream.below(1000)));
                    held[slot as usize] = Some(at);
                    heap.push(slot, at);
                }
            }
            let earliest = held.iter().enumerate().filter_map(|(i, t)| t.map(|t| (t, i as u32))).min();
            assert_eq!(heap.first(), earliest.map(|(t, s)| (s, t)));
        }
    }
}
