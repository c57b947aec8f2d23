//! Slots by how often they were used: the order of the LFU policies, every step in constant time.
//!
//! Rungs hold the slots of one count, oldest first; rungs are linked by rising count. Source: Shah, Mitra, Matani, An O(1)
//! algorithm for implementing the LFU cache eviction scheme (2010).

use headroom_engine::NIL;

#[derive(Clone, Copy, Debug)]
struct Rung {
    count: u32,
    head: u32,
    tail: u32,
    below: u32,
    above: u32,
}

/// Slots by count.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    rungs: Vec<Rung>,
    free: Vec<u32>,
    bottom: u32,
    top: u32,
    rung_of: Vec<u32>,
    prev: Vec<u32>,
    next: Vec<u32>,
}

impl Ladder {
    pub fn new() -> Self {
        Self {
            rungs: Vec::new(),
            free: Vec::new(),
            bottom: NIL,
            top: NIL,
            rung_of: Vec::new(),
            prev: Vec::new(),
            next: Vec::new(),
        }
    }

    /// The slot with the lowest count that has had it for longest.
    pub fn front(&self) -> Option<u32> {
        (self.bottom != NIL).then(|| self.rungs[self.bottom as usize].head)
    }

    /// The lowest count.
    pub fn least(&self) -> u32 {
        if self.bottom == NIL { 0 } else { self.rungs[self.bottom as usize].count }
    }

    /// Puts a slot on the rung of a count, looking for it from the nearer end.
    pub fn insert(&mut self, slot: u32, count: u32) {
        let i = slot as usize;
        if i >= self.rung_of.len() {
            self.rung_of.resize(i + 1, NIL);
            self.prev.resize(i + 1, NIL);
            self.next.resize(i + 1, NIL);
        }
        let top_count = if self.top == NIL { 0 } else { self.rungs[self.top as usize].count };
        let mut below = NIL;
        if u64::from(count) * 2 > u64::from(self.least()) + u64::from(top_count) {
            below = self.top;
            while below != NIL && self.rungs[below as usize].count > count {
                below = self.rungs[below as usize].below;
            }
        } else {
            let mut at = self.bottom;
            while at != NIL && self.rungs[at as usize].count <= count {
                below = at;
                at = self.rungs[at as usize].above;
            }
        }
        let rung = self.rung_after(below, count);
        self.append(slot, rung);
    }

    /// Moves a slot one count up.
    pub fn raise(&mut self, slot: u32) {
        let from = self.rung_of[slot as usize];
        let count = self.rungs[from as usize].count.saturating_add(1);
        let to = self.rung_after_at_least(from, count);
        self.detach(slot);
        self.append(slot, to);
        self.drop_if_empty(from);
    }

    pub fn remove(&mut self, slot: u32) {
        let rung = self.rung_of[slot as usize];
        self.detach(slot);
        self.drop_if_empty(rung);
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// The rung of `count`, which is either `below` itself or belongs directly above it.
    fn rung_after(&mut self, below: u32, count: u32) -> u32 {
        if below != NIL && self.rungs[below as usize].count == count {
            below
        } else {
            self.new_rung(below, count)
        }
    }

    fn rung_after_at_least(&mut self, below: u32, count: u32) -> u32 {
        let above = self.rungs[below as usize].above;
        if above != NIL && self.rungs[above as usize].count == count {
            above
        } else {
            self.new_rung(below, count)
        }
    }

    fn new_rung(&mut self, below: u32, count: u32) -> u32 {
        let above = if below == NIL { self.bottom } else { self.rungs[below as usize].above };
        let rung = Rung { count, head: NIL, tail: NIL, below, above };
        let id = match self.free.pop() {
            Some(id) => {
                self.rungs[id as usize] = rung;
                id
            }
            None => {
                self.rungs.push(rung);
                self.rungs.len() as u32 - 1
            }
        };
        match below {
            NIL => self.bottom = id,
            b => self.rungs[b as usize].above = id,
        }
        match above {
            NIL => self.top = id,
            a => self.rungs[a as usize].below = id,
        }
        id
    }

    fn append(&mut self, slot: u32, rung: u32) {
        let r = &mut self.rungs[rung as usize];
        self.rung_of[slot as usize] = rung;
        self.prev[slot as usize] = r.tail;
        self.next[slot as usize] = NIL;
        match r.tail {
            NIL => r.head = slot,
            tail => self.next[tail as usize] = slot,
        }
        r.tail = slot;
    }

    fn detach(&mut self, slot: u32) {
        let r = &mut self.rungs[self.rung_of[slot as usize] as usize];
        let (prev, next) = (self.prev[slot as usize], self.next[slot as usize]);
        match prev {
            NIL => r.head = next,
            p => self.next[p as usize] = next,
        }
        match next {
            NIL => r.tail = prev,
            n => self.prev[n as usize] = prev,
        }
    }

    fn drop_if_empty(&mut self, rung: u32) {
        let Rung { head, below, above, .. } = self.rungs[rung as usize];
        if head != NIL {
            return;
        }
        match below {
            NIL => self.bottom = above,
            b => self.rungs[b as usize].above = above,
        }
        match above {
            NIL => self.top = below,
            a => self.rungs[a as usize].below = below,
        }
        self.free.push(rung);
    }
}
