//! ARC: one list for what was asked for once, one for what was asked for again, and a border between them that moves
//! towards the list whose losses hurt more.
//!
//! Source: Megiddo, Modha, ARC: A Self-Tuning, Low Overhead Replacement Cache (FAST 2003).

use super::ghost::Ghost;
use super::order::{Chain, Line};

/// Where a key that is put in was remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Nowhere,
    Once,
    Again,
}

/// Slots asked for once (T1 of the paper) and again (T2), and keys that fell out of either (B1, B2).
#[derive(Clone, Debug)]
pub(super) struct Arc {
    chain: Chain,
    once: Line,
    again: Line,
    /// By slot.
    is_again: Vec<bool>,
    lost_once: Ghost,
    lost_again: Ghost,
    capacity: u32,
    /// Wanted size of `once` (p of the paper).
    target: f64,
    from: From,
}

impl Arc {
    pub fn new(capacity: u32, items: u32) -> Self {
        Self {
            chain: Chain::default(),
            once: Line::new(),
            again: Line::new(),
            is_again: Vec::new(),
            lost_once: Ghost::new(items),
            lost_again: Ghost::new(items),
            capacity,
            target: 0.0,
            from: From::Nowhere,
        }
    }

    #[inline]
    pub fn touch(&mut self, slot: u32) {
        if std::mem::replace(&mut self.is_again[slot as usize], true) {
            self.again.move_back(&mut self.chain, slot);
        } else {
            self.once.remove(&mut self.chain, slot);
            self.again.push_back(&mut self.chain, slot);
        }
    }

    /// A key comes; one that is remembered moves the border.
    pub fn arrive(&mut self, key: u32) {
        let (once, again) = (f64::from(self.lost_once.len()), f64::from(self.lost_again.len()));
        self.from = if self.lost_once.remove(key) {
            self.target = f64::from(self.capacity).min(self.target + (again / once).max(1.0));
            From::Once
        } else if self.lost_again.remove(key) {
            self.target = (self.target - (once / again).max(1.0)).max(0.0);
            From::Again
        } else {
            From::Nowhere
        };
    }

    pub fn evict(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        if self.from == From::Nowhere {
            let first = self.once.len() + self.lost_once.len();
            if first >= self.capacity {
                if self.once.len() >= self.capacity {
                    let slot = self.once.front()?;
                    self.once.remove(&mut self.chain, slot);
                    return Some(slot);
                }
                self.lost_once.forget_oldest();
            } else if first + self.again.len() + self.lost_again.len() >= self.capacity.saturating_mul(2) {
                self.lost_again.forget_oldest();
            }
        }
        let once = f64::from(self.once.len());
        let from_once = self.again.len() == 0
            || once > self.target
            || (once == self.target && once > 0.0 && self.from == From::Again);
        let (line, lost) = if from_once {
            (&mut self.once, &mut self.lost_once)
        } else {
            (&mut self.again, &mut self.lost_again)
        };
        let slot = line.front()?;
        line.remove(&mut self.chain, slot);
        lost.add(key_of(slot), u32::MAX);
        Some(slot)
    }

    pub fn insert(&mut self, slot: u32) {
        if slot as usize >= self.is_again.len() {
            self.is_again.resize(slot as usize + 1, false);
        }
        let again = self.from != From::Nowhere;
        self.is_again[slot as usize] = again;
        let line = if again { &mut self.again } else { &mut self.once };
        line.push_back(&mut self.chain, slot);
    }

    pub fn remove(&mut self, slot: u32) {
        let line = if self.is_again[slot as usize] { &mut self.again } else { &mut self.once };
        line.remove(&mut self.chain, slot);
    }

    pub fn clear(&mut self) {
        (self.once, self.again) = (Line::new(), Line::new());
        self.lost_once.clear();
        self.lost_again.clear();
        self.target = 0.0;
    }
}
