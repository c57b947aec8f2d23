//! Doubly linked lists over slots: the orders that policies are made of.

use headroom_engine::NIL;

#[derive(Clone, Copy, Debug)]
struct Link {
    prev: u32,
    next: u32,
}

/// The links of any number of [`Line`]s over the same slots; a slot is in one of them at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    links: Vec<Link>,
}

/// Slots in an order; the front is given up first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    head: u32,
    tail: u32,
    len: u32,
}

impl Line {
    pub fn new() -> Self {
        Self { head: NIL, tail: NIL, len: 0 }
    }

    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub fn front(&self) -> Option<u32> {
        (self.head != NIL).then_some(self.head)
    }

    #[inline]
    pub fn push_back(&mut self, chain: &mut Chain, slot: u32) {
        let link = Link { prev: self.tail, next: NIL };
        match chain.links.get_mut(slot as usize) {
            Some(place) => *place = link,
            None => {
                chain.links.resize(slot as usize + 1, Link { prev: NIL, next: NIL });
                chain.links[slot as usize] = link;
            }
        }
        match self.tail {
            NIL => self.head = slot,
            tail => chain.links[tail as usize].next = slot,
        }
        self.tail = slot;
        self.len += 1;
    }

    #[inline]
    pub fn remove(&mut self, chain: &mut Chain, slot: u32) {
        let Link { prev, next } = chain.links[slot as usize];
        match prev {
            NIL => self.head = next,
            p => chain.links[p as usize].next = next,
        }
        match next {
            NIL => self.tail = prev,
            n => chain.links[n as usize].prev = prev,
        }
        self.len -= 1;
    }

    #[inline]
    pub fn move_back(&mut self, chain: &mut Chain, slot: u32) {
        if self.tail != slot {
            self.remove(chain, slot);
            self.push_back(chain, slot);
        }
    }
}

/// One line with links of its own: the order of LRU and FIFO.
#[derive(Clone, Debug)]
pub(super) struct Order {
    chain: Chain,
    line: Line,
}

impl Order {
    pub fn new() -> Self {
        Self { chain: Chain::default(), line: Line::new() }
    }

    #[inline]
    pub fn front(&self) -> Option<u32> {
        self.line.front()
    }

    /// The next one towards the back.
    #[inline]
    pub fn after(&self, slot: u32) -> Option<u32> {
        let next = self.chain.links[slot as usize].next;
        (next != NIL).then_some(next)
    }

    #[inline]
    pub fn push_back(&mut self, slot: u32) {
        self.line.push_back(&mut self.chain, slot);
    }

    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.line.remove(&mut self.chain, slot);
    }

    #[inline]
    pub fn touch(&mut self, slot: u32) {
        self.line.move_back(&mut self.chain, slot);
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }
}
