//! Eviction policies over dense ids: links by id, no hashing, nothing but the policy.

const NIL: u32 = u32::MAX;

/// A cache that is asked for ids.
pub trait Cache {
    /// Whether the id is in; it is afterwards.
    fn get(&mut self, id: u32) -> bool;
}

/// How many references hit.
pub fn hits(mut cache: impl Cache, trace: &[u32]) -> u64 {
    trace.iter().map(|id| u64::from(cache.get(*id))).sum()
}

#[derive(Clone, Copy)]
struct Link {
    prev: u32,
    next: u32,
}

/// Least recently used: a ring of links by id, its end is the link after the last id.
pub struct Lru {
    links: Vec<Link>,
    len: usize,
    capacity: usize,
    end: u32,
}

impl Lru {
    /// An empty cache of ids below `items`.
    pub fn new(items: usize, capacity: usize) -> Self {
        let mut links = vec![Link { prev: NIL, next: NIL }; items + 1];
        links[items] = Link { prev: items as u32, next: items as u32 };
        Self { links, len: 0, capacity, end: items as u32 }
    }
}

impl Cache for Lru {
    #[inline]
    fn get(&mut self, id: u32) -> bool {
        assert!((id as usize) < self.links.len() - 1);
        // SAFETY: `id` is an item, and links of items in the ring are items or the end.
        unsafe {
            let l = self.links.as_mut_ptr();
            let end = self.end;
            let own = *l.add(id as usize);
            let hit = own.next != NIL;
            if hit {
                (*l.add(own.prev as usize)).next = own.next;
                (*l.add(own.next as usize)).prev = own.prev;
            } else if self.len == self.capacity {
                let victim = (*l.add(end as usize)).prev;
                let before = (*l.add(victim as usize)).prev;
                (*l.add(before as usize)).next = end;
                (*l.add(end as usize)).prev = before;
                *l.add(victim as usize) = Link { prev: NIL, next: NIL };
            } else {
                self.len += 1;
            }
            let first = (*l.add(end as usize)).next;
            *l.add(id as usize) = Link { prev: end, next: first };
            (*l.add(first as usize)).prev = id;
            (*l.add(end as usize)).next = id;
            hit
        }
    }
}

/// First in first out: a ring of ids.
pub struct Fifo {
    is_in: Vec<bool>,
    ring: Vec<u32>,
    at: usize,
    capacity: usize,
}

impl Fifo {
    /// An empty cache of ids below `items`.
    pub fn new(items: usize, capacity: usize) -> Self {
        Self { is_in: vec![false; items], ring: Vec::with_capacity(capacity), at: 0, capacity }
    }
}

impl Cache for Fifo {
    #[inline]
    fn get(&mut self, id: u32) -> bool {
        if self.is_in[id as usize] {
            return true;
        }
        if self.ring.len() < self.capacity {
            self.ring.push(id);
        } else {
            let old = std::mem::replace(&mut self.ring[self.at], id);
            self.is_in[old as usize] = false;
            self.at = if self.at + 1 == self.capacity { 0 } else { self.at + 1 };
        }
        self.is_in[id as usize] = true;
        false
    }
}

/// SIEVE (Zhang et al., NSDI 2024): a first-in-first-out list, a bit for what was asked for, a hand from tail to head.
pub struct Sieve {
    asked: Vec<u8>,
    slot_of: Vec<u32>,
    key: Vec<u32>,
    prev: Vec<u32>,
    next: Vec<u32>,
    head: u32,
    tail: u32,
    hand: u32,
    capacity: usize,
}

impl Sieve {
    /// An empty cache of ids below `items`.
    pub fn new(items: usize, capacity: usize) -> Self {
        let (head, tail, hand) = (NIL, NIL, NIL);
        let (asked, slot_of) = (vec![0; capacity], vec![NIL; items]);
        Self { asked, slot_of, key: vec![], prev: vec![], next: vec![], head, tail, hand, capacity }
    }

    fn evict(&mut self) -> u32 {
        let mut at = if self.hand == NIL { self.tail } else { self.hand };
        while self.asked[at as usize] != 0 {
            self.asked[at as usize] = 0;
            at = self.prev[at as usize];
            if at == NIL {
                at = self.tail;
            }
        }
        let (p, n) = (self.prev[at as usize], self.next[at as usize]);
        self.hand = p;
        if p == NIL {
            self.head = n
        } else {
            self.next[p as usize] = n
        }
        if n == NIL {
            self.tail = p
        } else {
            self.prev[n as usize] = p
        }
        self.slot_of[self.key[at as usize] as usize] = NIL;
        at
    }
}

impl Cache for Sieve {
    #[inline]
    fn get(&mut self, id: u32) -> bool {
        let slot = self.slot_of[id as usize];
        if slot != NIL {
            self.asked[slot as usize] = 1;
            return true;
        }
        let slot = if self.key.len() < self.capacity {
            self.key.push(id);
            self.prev.push(NIL);
            self.next.push(NIL);
            (self.key.len() - 1) as u32
        } else {
            let slot = self.evict();
            self.key[slot as usize] = id;
            slot
        };
        self.asked[slot as usize] = 0;
        self.prev[slot as usize] = NIL;
        self.next[slot as usize] = self.head;
        if self.head == NIL {
            self.tail = slot
        } else {
            self.prev[self.head as usize] = slot
        }
        self.head = slot;
        self.slot_of[id as usize] = slot;
        false
    }
}
