//! S3-FIFO: a small queue that most newcomers leave unused, a main queue for the rest, and a memory of who left.
//!
//! A tenth of the capacity is the small queue; two uses there lead to the main queue, which spares an item once for each of
//! up to three uses. Source: Yang et al., FIFO Queues Are All You Need for Cache Eviction (SOSP 2023).

use super::ghost::Ghost;
use super::order::{Chain, Line};

/// Uses that are counted, and uses that lead from the small queue to the main one.
const USES_MAX: u8 = 3;
const USES_TO_STAY: u8 = 2;

#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    uses: u8,
    main: bool,
}

/// Slots in two queues.
#[derive(Clone, Debug)]
pub(super) struct S3Fifo {
    chain: Chain,
    small: Line,
    main: Line,
    /// By slot.
    marks: Vec<Mark>,
    ghost: Ghost,
    small_max: u32,
    main_max: u32,
    /// The key that is put in was remembered.
    comes_back: bool,
    /// Until the first eviction what does not fit into the small queue goes to the main one.
    has_evicted: bool,
}

impl S3Fifo {
    pub fn new(capacity: u32, items: u32) -> Self {
        let small_max = (capacity / 10).max(1);
        Self {
            chain: Chain::default(),
            small: Line::new(),
            main: Line::new(),
            marks: Vec::new(),
            ghost: Ghost::new(items),
            small_max,
            main_max: capacity.saturating_sub(small_max),
            comes_back: false,
            has_evicted: false,
        }
    }

    #[inline]
    pub fn touch(&mut self, slot: u32) {
        let uses = &mut self.marks[slot as usize].uses;
        *uses = (*uses + 1).min(USES_MAX);
    }

    pub fn arrive(&mut self, key: u32) {
        self.comes_back = self.ghost.remove(key);
    }

    pub fn evict(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        self.has_evicted = true;
        loop {
            if self.main.len() > self.main_max || self.small.len() == 0 {
                return self.evict_main();
            }
            if let Some(slot) = self.evict_small(&key_of) {
                return Some(slot);
            }
        }
    }

    fn evict_small(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        while let Some(slot) = self.small.front() {
            self.small.remove(&mut self.chain, slot);
            if self.marks[slot as usize].uses < USES_TO_STAY {
                let remembered = self.main_max;
                self.ghost.add(key_of(slot), remembered);
                return Some(slot);
            }
            self.marks[slot as usize] = Mark { uses: 0, main: true };
            self.main.push_back(&mut self.chain, slot);
        }
        None
    }

    fn evict_main(&mut self) -> Option<u32> {
        loop {
            let slot = self.main.front()?;
            let uses = &mut self.marks[slot as usize].uses;
            if *uses == 0 {
                self.main.remove(&mut self.chain, slot);
                return Some(slot);
            }
            *uses -= 1;
            self.main.move_back(&mut self.chain, slot);
        }
    }

    pub fn insert(&mut self, slot: u32) {
        let main = self.comes_back || (!self.has_evicted && self.small.len() >= self.small_max);
        if slot as usize >= self.marks.len() {
            self.marks.resize(slot as usize + 1, Mark::default());
        }
        self.marks[slot as usize] = Mark { uses: 0, main };
        let line = if main { &mut self.main } else { &mut self.small };
        line.push_back(&mut self.chain, slot);
    }

    pub fn remove(&mut self, slot: u32) {
        let line = if self.marks[slot as usize].main { &mut self.main } else { &mut self.small };
        line.remove(&mut self.chain, slot);
    }

    pub fn clear(&mut self) {
        (self.small, self.main) = (Line::new(), Line::new());
        self.ghost.clear();
        self.has_evicted = false;
    }
}
