//! Shard functions: how a key finds its shard.

use crate::params::choice;

choice! {
    /// How an item finds its shard.
    pub enum ShardFunction {
        /// Hash of the item, modulo the number of shards.
        Modulo = "modulo", "hash mod n", "해시 mod n", "항목의 해시를 샤드 수로 나눈 나머지입니다.";
        /// The next point clockwise on a ring where each shard has many points.
        Consistent = "consistent", "Consistent hashing", "안정 해시", "샤드마다 점을 여럿 가진 링에서 시계 방향 다음 점입니다.";
    }
}
