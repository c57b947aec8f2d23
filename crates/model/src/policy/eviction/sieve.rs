//! SIEVE: a queue in order of arrival, a mark for each use, and a hand that spares the marked once.
//!
//! Source: Zhang et al., SIEVE is Simpler than LRU (NSDI 2024).

use super::order::Order;
use headroom_engine::NIL;

/// Slots in order of arrival with marks and a hand.
#[derive(Clone, Debug)]
pub(super) struct Sieve {
    order: Order,
    used: Vec<bool>,
    hand: u32,
}

impl Sieve {
    pub fn new() -> Self {
        Self { order: Order::new(), used: Vec::new(), hand: NIL }
    }

    pub fn insert(&mut self, slot: u32) {
        self.order.push_back(slot);
        if slot as usize >= self.used.len() {
            self.used.resize(slot as usize + 1, false);
        }
        self.used[slot as usize] = false;
    }

    pub fn touch(&mut self, slot: u32) {
        self.used[slot as usize] = true;
    }

    /// The slot to give up: from the hand towards the newest, and round again, the first without a mark.
    pub fn victim(&mut self) -> Option<u32> {
        let mut at = if self.hand == NIL { self.order.front()? } else { self.hand };
        while self.used[at as usize] {
            self.used[at as usize] = false;
            at = self.order.after(at).or(self.order.front())?;
        }
        self.hand = at;
        Some(at)
    }

    pub fn remove(&mut self, slot: u32) {
        if self.hand == slot {
            self.hand = self.order.after(slot).unwrap_or(NIL);
        }
        self.order.remove(slot);
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }
}
