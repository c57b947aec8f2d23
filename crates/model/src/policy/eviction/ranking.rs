//! Which order a policy keeps its slots in: one place that tells the policies apart.

use super::Eviction;
use super::ladder::Ladder;
use super::lot::Lot;
use super::order::Order;
use super::sieve::Sieve;
use headroom_engine::Stream;

/// The order in which slots are given up.
#[derive(Clone, Debug)]
pub(super) enum Ranking {
    /// By last use.
    Recent(Order),
    /// By arrival.
    Arrival(Order),
    /// By uses since arrival.
    InCache(Ladder),
    /// By uses ever, of every key.
    Ever { ladder: Ladder, uses: Vec<u32> },
    /// By arrival, sparing what was used.
    Sieve(Sieve),
    /// By lot.
    Lot(Lot),
}

impl Ranking {
    pub fn new(policy: Eviction, items: u32, stream: Stream) -> Self {
        match policy {
            Eviction::Lru => Ranking::Recent(Order::new()),
            Eviction::Fifo => Ranking::Arrival(Order::new()),
            Eviction::Lfu => Ranking::InCache(Ladder::new()),
            Eviction::PerfectLfu => Ranking::Ever { ladder: Ladder::new(), uses: vec![0; items as usize] },
            Eviction::Sieve => Ranking::Sieve(Sieve::new()),
            Eviction::Random => Ranking::Lot(Lot::new(stream)),
        }
    }

    /// A key is looked up; `slot` if it is held.
    #[inline]
    pub fn look_up(&mut self, key: u32, slot: Option<u32>) {
        if let Ranking::Ever { uses, .. } = self {
            uses[key as usize] = uses[key as usize].saturating_add(1);
        }
        let Some(slot) = slot else { return };
        match self {
            Ranking::Recent(order) => order.touch(slot),
            Ranking::Arrival(_) | Ranking::Lot(_) => {}
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.raise(slot),
            Ranking::Sieve(sieve) => sieve.touch(slot),
        }
    }

    /// Whether a key that is not held may take another's place.
    #[inline]
    pub fn admits(&self, key: u32) -> bool {
        match self {
            Ranking::Ever { ladder, uses } => uses[key as usize] > ladder.least(),
            _ => true,
        }
    }

    /// The slot to give up.
    #[inline]
    pub fn victim(&mut self) -> Option<u32> {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.front(),
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.front(),
            Ranking::Sieve(sieve) => sieve.victim(),
            Ranking::Lot(lot) => lot.victim(),
        }
    }

    /// A key takes a slot.
    #[inline]
    pub fn insert(&mut self, key: u32, slot: u32) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.push_back(slot),
            Ranking::InCache(ladder) => ladder.insert(slot, 1),
            Ranking::Ever { ladder, uses } => ladder.insert(slot, uses[key as usize]),
            Ranking::Sieve(sieve) => sieve.insert(slot),
            Ranking::Lot(lot) => lot.insert(slot),
        }
    }

    /// A slot is given up.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.remove(slot),
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.remove(slot),
            Ranking::Sieve(sieve) => sieve.remove(slot),
            Ranking::Lot(lot) => lot.remove(slot),
        }
    }

    /// Every slot is given up.
    pub fn clear(&mut self) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.clear(),
            Ranking::InCache(ladder) => ladder.clear(),
            Ranking::Ever { ladder, uses } => {
                ladder.clear();
                uses.fill(0);
            }
            Ranking::Sieve(sieve) => sieve.clear(),
            Ranking::Lot(lot) => lot.clear(),
        }
    }
}
