//! Which order a policy keeps its slots in: one place that tells the policies apart.

use super::Eviction;
use super::arc::Arc;
use super::clock::Clock;
use super::ladder::Ladder;
use super::lot::Lot;
use super::order::Order;
use super::s3_fifo::S3Fifo;
use super::sieve::Sieve;
use super::tiny_lfu::TinyLfu;
use super::two_q::TwoQ;
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
    /// By arrival, going round once more for each use.
    Clock(Clock),
    /// Newcomers apart from the long-lived.
    TwoQ(TwoQ),
    /// The same with a border that moves.
    Arc(Arc),
    /// The same with queues only.
    S3Fifo(S3Fifo),
    /// By last use, behind a gate.
    TinyLfu(TinyLfu),
    /// By lot.
    Lot(Lot),
}

impl Ranking {
    /// Whether only the last use of an item counts.
    pub fn is_lru(&self) -> bool {
        matches!(self, Ranking::Recent(_))
    }

    pub fn new(policy: Eviction, capacity: u32, items: u32, stream: Stream) -> Self {
        match policy {
            Eviction::Lru => Ranking::Recent(Order::new()),
            Eviction::Fifo => Ranking::Arrival(Order::new()),
            Eviction::Lfu => Ranking::InCache(Ladder::new()),
            Eviction::PerfectLfu => Ranking::Ever { ladder: Ladder::new(), uses: vec![0; items as usize] },
            Eviction::Sieve => Ranking::Sieve(Sieve::new()),
            Eviction::Clock => Ranking::Clock(Clock::new()),
            Eviction::TwoQ => Ranking::TwoQ(TwoQ::new(capacity, items)),
            Eviction::Arc => Ranking::Arc(Arc::new(capacity, items)),
            Eviction::S3Fifo => Ranking::S3Fifo(S3Fifo::new(capacity, items)),
            Eviction::TinyLfu => Ranking::TinyLfu(TinyLfu::new(capacity)),
            Eviction::Random => Ranking::Lot(Lot::new(stream)),
        }
    }

    /// A key is looked up; `slot` if it is held.
    #[inline]
    pub fn look_up(&mut self, key: u32, slot: Option<u32>) {
        match self {
            Ranking::Ever { uses, .. } => uses[key as usize] = uses[key as usize].saturating_add(1),
            Ranking::TinyLfu(tiny) => tiny.look_up(key),
            _ => {}
        }
        let Some(slot) = slot else { return };
        match self {
            Ranking::Recent(order) => order.touch(slot),
            Ranking::Arrival(_) | Ranking::Lot(_) => {}
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.raise(slot),
            Ranking::Sieve(sieve) => sieve.touch(slot),
            Ranking::Clock(clock) => clock.touch(slot),
            Ranking::TwoQ(two_q) => two_q.touch(slot),
            Ranking::Arc(arc) => arc.touch(slot),
            Ranking::S3Fifo(s3) => s3.touch(slot),
            Ranking::TinyLfu(tiny) => tiny.touch(slot),
        }
    }

    /// A key that is not held is about to be put in; false if it may not, where another would have to make room.
    #[inline]
    pub fn arrive(&mut self, key: u32, full: bool) -> bool {
        match self {
            Ranking::Ever { ladder, uses } => return !full || uses[key as usize] > ladder.least(),
            Ranking::TwoQ(two_q) => two_q.arrive(key),
            Ranking::Arc(arc) => arc.arrive(key),
            Ranking::S3Fifo(s3) => s3.arrive(key),
            _ => {}
        }
        true
    }

    /// The slot to give up, which is in no order any more.
    #[inline]
    pub fn evict(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        let slot = match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.front(),
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.front(),
            Ranking::Sieve(sieve) => sieve.victim(),
            Ranking::Lot(lot) => lot.victim(),
            Ranking::Clock(clock) => return clock.evict(),
            Ranking::TwoQ(two_q) => return two_q.evict(key_of),
            Ranking::Arc(arc) => return arc.evict(key_of),
            Ranking::S3Fifo(s3) => return s3.evict(key_of),
            Ranking::TinyLfu(tiny) => return tiny.evict(key_of),
        }?;
        self.remove(slot);
        Some(slot)
    }

    /// A key takes a slot.
    #[inline]
    pub fn insert(&mut self, key: u32, slot: u32) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.push_back(slot),
            Ranking::InCache(ladder) => ladder.insert(slot, 1),
            Ranking::Ever { ladder, uses } => ladder.insert(slot, uses[key as usize]),
            Ranking::Sieve(sieve) => sieve.insert(slot),
            Ranking::Clock(clock) => clock.insert(slot),
            Ranking::TwoQ(two_q) => two_q.insert(slot),
            Ranking::Arc(arc) => arc.insert(slot),
            Ranking::S3Fifo(s3) => s3.insert(slot),
            Ranking::TinyLfu(tiny) => tiny.insert(slot),
            Ranking::Lot(lot) => lot.insert(slot),
        }
    }

    /// A slot is given up for another reason: its item expired, or was deleted.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.remove(slot),
            Ranking::InCache(ladder) | Ranking::Ever { ladder, .. } => ladder.remove(slot),
            Ranking::Sieve(sieve) => sieve.remove(slot),
            Ranking::Clock(clock) => clock.remove(slot),
            Ranking::TwoQ(two_q) => two_q.remove(slot),
            Ranking::Arc(arc) => arc.remove(slot),
            Ranking::S3Fifo(s3) => s3.remove(slot),
            Ranking::TinyLfu(tiny) => tiny.remove(slot),
            Ranking::Lot(lot) => lot.remove(slot),
        }
    }

    /// Every slot is given up, and what was known of keys is forgotten.
    pub fn clear(&mut self) {
        match self {
            Ranking::Recent(order) | Ranking::Arrival(order) => order.clear(),
            Ranking::InCache(ladder) => ladder.clear(),
            Ranking::Ever { ladder, uses } => {
                ladder.clear();
                uses.fill(0);
            }
            Ranking::Sieve(sieve) => sieve.clear(),
            Ranking::Clock(clock) => clock.clear(),
            Ranking::TwoQ(two_q) => two_q.clear(),
            Ranking::Arc(arc) => arc.clear(),
            Ranking::S3Fifo(s3) => s3.clear(),
            Ranking::TinyLfu(tiny) => tiny.clear(),
            Ranking::Lot(lot) => lot.clear(),
        }
    }
}
