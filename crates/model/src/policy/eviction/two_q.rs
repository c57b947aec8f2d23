//! 2Q: newcomers wait in a short queue; only what is asked for again after it fell out of that queue joins the long-lived.
//!
//! A quarter of the capacity for newcomers and memory of half the capacity, as Johnson and Shasha advise. Source: Johnson,
//! Shasha, 2Q: A Low Overhead High Performance Buffer Management Replacement Algorithm (VLDB 1994).

use super::ghost::Ghost;
use super::order::{Chain, Line};

/// Slots of newcomers by arrival and of the long-lived by last use.
#[derive(Clone, Debug)]
pub(super) struct TwoQ {
    chain: Chain,
    newcomers: Line,
    long_lived: Line,
    /// By slot.
    is_long_lived: Vec<bool>,
    out: Ghost,
    newcomers_max: u32,
    out_max: u32,
    comes_back: bool,
}

impl TwoQ {
    pub fn new(capacity: u32, items: u32) -> Self {
        Self {
            chain: Chain::default(),
            newcomers: Line::new(),
            long_lived: Line::new(),
            is_long_lived: Vec::new(),
            out: Ghost::new(items),
            newcomers_max: capacity / 4,
            out_max: capacity / 2,
            comes_back: false,
        }
    }

    #[inline]
    pub fn touch(&mut self, slot: u32) {
        if self.is_long_lived[slot as usize] {
            self.long_lived.move_back(&mut self.chain, slot);
        }
    }

    pub fn arrive(&mut self, key: u32) {
        self.comes_back = self.out.remove(key);
    }

    pub fn evict(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        if self.newcomers.len() > self.newcomers_max || self.long_lived.len() == 0 {
            let slot = self.newcomers.front()?;
            self.newcomers.remove(&mut self.chain, slot);
            self.out.add(key_of(slot), self.out_max);
            return Some(slot);
        }
        let slot = self.long_lived.front()?;
        self.long_lived.remove(&mut self.chain, slot);
        Some(slot)
    }

    pub fn insert(&mut self, slot: u32) {
        if slot as usize >= self.is_long_lived.len() {
            self.is_long_lived.resize(slot as usize + 1, false);
        }
        self.is_long_lived[slot as usize] = self.comes_back;
        let line = if self.comes_back { &mut self.long_lived } else { &mut self.newcomers };
        line.push_back(&mut self.chain, slot);
    }

    pub fn remove(&mut self, slot: u32) {
        let line = if self.is_long_lived[slot as usize] { &mut self.long_lived } else { &mut self.newcomers };
        line.remove(&mut self.chain, slot);
    }

    pub fn clear(&mut self) {
        (self.newcomers, self.long_lived) = (Line::new(), Line::new());
        self.out.clear();
    }
}
