//! CLOCK (second chance): a queue in order of arrival; what was used since goes round once more.
//!
//! Source: Corbató, A Paging Experiment with the Multics System (1968).

use super::order::Order;

/// Slots in order of arrival with a mark for each use.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    order: Order,
    used: Vec<bool>,
}

impl Clock {
    pub fn new() -> Self {
        Self { order: Order::new(), used: Vec::new() }
    }

    #[inline]
    pub fn touch(&mut self, slot: u32) {
        self.used[slot as usize] = true;
    }

    pub fn insert(&mut self, slot: u32) {
        self.order.push_back(slot);
        if slot as usize >= self.used.len() {
            self.used.resize(slot as usize + 1, false);
        }
        self.used[slot as usize] = false;
    }

    pub fn evict(&mut self) -> Option<u32> {
        let mut at = self.order.front()?;
        while std::mem::take(&mut self.used[at as usize]) {
            self.order.touch(at);
            at = self.order.front()?;
        }
        self.order.remove(at);
        Some(at)
    }

    pub fn remove(&mut self, slot: u32) {
        self.order.remove(slot);
    }

    pub fn clear(&mut self) {
        *self = Self::new();
    }
}
