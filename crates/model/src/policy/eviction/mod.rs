//! Eviction policies: which item makes room for a new one.
//!
//! A cache's entries live in slots of one table ([`Store`]); a policy keeps the order in which slots are given up. The
//! recency policies share one list, the frequency policies one ladder of counts.

mod ladder;
mod lot;
mod order;
mod ranking;
mod sieve;
mod store;

pub use store::{Entry, Store};

use crate::params::choice;

choice! {
    /// Which item makes room for a new one.
    pub enum Eviction {
        /// The one that was not used for longest.
        Lru = "lru", "LRU (least recently used)", "LRU (가장 오래 안 쓴 것)", "가장 오래 쓰이지 않은 항목을 밀어냅니다.";
        /// The one that was used least often since it came in.
        Lfu = "lfu", "LFU (least frequently used)", "LFU (가장 드물게 쓴 것)", "들어온 뒤 가장 적게 쓰인 항목을 밀어냅니다.";
        /// The one that came in first.
        Fifo = "fifo", "FIFO (first in, first out)", "FIFO (먼저 온 것)", "가장 먼저 들어온 항목을 밀어냅니다.";
        /// The one used least often ever; counts outlive eviction, and a rarer newcomer is not let in.
        PerfectLfu = "perfect_lfu", "Perfect LFU", "완전 LFU", "지금까지 가장 적게 쓰인 항목을 밀어냅니다. 밀려나도 횟수를 기억하고 더 드문 새 항목은 들이지 않습니다.";
        /// The oldest that was not used since the hand last passed over it.
        Sieve = "sieve", "SIEVE", "SIEVE", "바늘이 지나간 뒤로 쓰이지 않은 것 중 가장 오래된 항목을 밀어냅니다.";
        /// One by lot.
        Random = "random", "Random", "무작위", "아무 항목이나 밀어냅니다.";
    }
}
