//! Eviction policies: which item makes room for a new one.
//!
//! A cache's entries live in slots of one table ([`Store`]); a policy keeps the order in which slots are given up. The
//! recency policies share one list, the frequency policies one ladder of counts; the others are made of several lists and a
//! memory of keys that were pushed out.

mod ages;
mod arc;
mod clock;
mod ghost;
mod index;
mod ladder;
mod lot;
mod order;
mod ranking;
mod s3_fifo;
mod sieve;
mod store;
mod tiny_lfu;
mod two_q;

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
        /// The oldest in the small queue that was used less than twice there, or in the main queue not at all of late.
        S3Fifo = "s3_fifo", "S3-FIFO", "S3-FIFO", "작은 큐에서 두 번 쓰이지 못한 것, 또는 큰 큐에서 요즘 쓰이지 않은 것을 밀어냅니다.";
        /// The newcomer, unless it is asked for more often than the longest unused of the others.
        TinyLfu = "w_tiny_lfu", "W-TinyLFU", "W-TinyLFU", "새 항목을 밀어냅니다. 나머지 중 가장 오래 안 쓴 것보다 더 자주 찾는 항목이면 그것을 대신 밀어냅니다.";
        /// From what was asked for once or again, whichever list has lately lost the less.
        Arc = "arc", "ARC (adaptive)", "ARC (적응형)", "한 번 찾은 것과 거듭 찾은 것 중, 최근 덜 아쉬웠던 목록에서 밀어냅니다.";
        /// The oldest that was not used since it last went round.
        Clock = "clock", "CLOCK (second chance)", "CLOCK (두 번째 기회)", "가장 오래된 것부터 보며, 쓰인 것은 한 바퀴 더 돌리고 쓰이지 않은 것을 밀어냅니다.";
        /// A newcomer that did not come back, or else the one that was not used for longest.
        TwoQ = "two_q", "2Q", "2Q", "다시 찾지 않은 새 항목을, 아니면 가장 오래 쓰이지 않은 항목을 밀어냅니다.";
        /// One by lot.
        Random = "random", "Random", "무작위", "아무 항목이나 밀어냅니다.";
    }
}
