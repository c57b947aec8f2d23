//! One doubly linked list over slots: the order of LRU and FIFO.

use headroom_engine::NIL;

/// Slots in an order; the front is given up first.
#[derive(Clone, Debug)]
pub(super) struct Order {
    head: u32,
    tail: u32,
    prev: Vec<u32>,
    next: Vec<u32>,
}

impl Order {
    pub fn new() -> Self {
        Self { head: NIL, tail: NIL, prev: Vec::new(), next: Vec::new() }
    }

    pub fn front(&self) -> Option<u32> {
        (self.head != NIL).then_some(self.head)
    }

    /// The next one towards the back.
    pub fn after(&self, slot: u32) -> Option<u32> {
        let next = self.next[slot as usize];
        (next != NIL).then_some(next)
    }

    pub fn push_back(&mut self, slot: u32) {
        let i = slot as usize;
        if i >= self.prev.len() {
            self.prev.resize(i + 1, NIL);
            self.next.resize(i + 1, NIL);
        }
        self.prev[i] = self.tail;
        self.next[i] = NIL;
        match self.tail {
            NIL => self.head = slot,
            tail => self.next[tail as usize] = slot,
        }
        self.tail = slot;
    }

    pub fn remove(&mut self, slot: u32) {
        let (prev, next) = (self.prev[slot as usize], self.next[slot as usize]);
        match prev {
            NIL => self.head = next,
            p => self.next[p as usize] = next,
        }
        match next {
            NIL => self.tail = prev,
            n => self.prev[n as usize] = prev,
        }
    }

    pub fn touch(&mut self, slot: u32) {
        if self.tail != slot {
            self.remove(slot);
            self.push_back(slot);
        }
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }
}
