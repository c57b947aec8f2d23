//! Shard functions: how a key finds its shard.

use crate::order;
use crate::params::choice;
use headroom_engine::{hash2, mix64};

choice! {
    /// How an item finds its shard.
    pub enum ShardFunction {
        /// Hash of the item, modulo the number of shards.
        Modulo = "modulo", "hash mod n", "해시 mod n", "항목의 해시를 샤드 수로 나눈 나머지입니다.";
        /// The next point clockwise on a ring where each shard has many points.
        Consistent = "consistent", "Consistent hashing", "안정 해시", "샤드마다 점을 여럿 가진 링에서 시계 방향 다음 점입니다.";
        /// Ranges of keys in order; a new shard takes half of the fullest.
        Range = "range", "Ranges", "범위", "순서대로 나눈 키의 범위입니다. 새 샤드는 가장 찬 범위의 절반을 가져갑니다.";
        /// A table that says where each item is; a new shard takes as many as make all equal.
        Directory = "directory", "Directory", "디렉터리", "항목마다 어디에 있는지 적은 표입니다. 새 샤드는 모두가 같아질 만큼 가져갑니다.";
    }
}

/// The shard of every item `0..items`, for `shards` shards. `salt` makes the hash one of many.
///
/// Modulo: hash(key) mod n. Consistent: each shard has `virtual_nodes` points on a ring of 2^64; a key belongs to the
/// first point at or after its hash (Karger et al., Consistent Hashing and Random Trees, 1997).
pub fn place(function: ShardFunction, items: u32, shards: u32, virtual_nodes: u32, salt: u64) -> Vec<u16> {
    let hash = |key: u32| hash2(salt, u64::from(key));
    match function {
        ShardFunction::Range => {
            (0..items).map(|key| (u64::from(key) * u64::from(shards) / u64::from(items)) as u16).collect()
        }
        // A table has to begin somehow.
        ShardFunction::Modulo | ShardFunction::Directory => {
            (0..items).map(|key| (hash(key) % u64::from(shards)) as u16).collect()
        }
        ShardFunction::Consistent => {
            let ring = Ring::new(shards, virtual_nodes, salt);
            (0..items).map(|key| ring.owner(hash(key))).collect()
        }
    }
}

/// Which shard items belong to, while shards and items come.
#[derive(Clone, Debug)]
pub struct Placement {
    function: ShardFunction,
    virtual_nodes: u32,
    salt: u64,
    /// The shards that the function knows, by its own numbers.
    members: Vec<u16>,
    ring: Ring,
    /// First key and shard of each range, in order.
    ranges: Vec<(u32, u16)>,
}

impl Placement {
    /// For so many items on so many shards.
    pub fn new(
        function: ShardFunction,
        items: u32,
        shards: u32,
        virtual_nodes: u32,
        salt: u64,
    ) -> (Self, Vec<u16>) {
        let first = |shard: u32| (u64::from(shard) * u64::from(items)).div_ceil(u64::from(shards)) as u32;
        let placement = Self {
            function,
            virtual_nodes,
            salt,
            members: (0..shards as u16).collect(),
            ring: Self::ring_of(function, shards, virtual_nodes, salt),
            ranges: (0..shards).map(|s| (first(s), s as u16)).collect(),
        };
        (placement, place(function, items, shards, virtual_nodes, salt))
    }

    fn ring_of(function: ShardFunction, shards: u32, virtual_nodes: u32, salt: u64) -> Ring {
        let shards = if function == ShardFunction::Consistent { shards } else { 0 };
        Ring::new(shards, virtual_nodes, salt)
    }

    /// The shards that the function spreads items over.
    pub fn members(&self) -> &[u16] {
        &self.members
    }

    /// The shard of a new item, whose key is greater than all before. `keys` are the items of each shard.
    pub fn of_new(&self, key: u32, keys: &[u32]) -> u16 {
        match self.function {
            ShardFunction::Directory => {
                *self.members.iter().min_by_key(|s| keys[**s as usize]).expect("there are shards")
            }
            _ => self.of(key),
        }
    }

    fn of(&self, key: u32) -> u16 {
        let hash = hash2(self.salt, u64::from(key));
        match self.function {
            ShardFunction::Modulo | ShardFunction::Directory => {
                self.members[(hash % self.members.len() as u64) as usize]
            }
            ShardFunction::Consistent => self.members[self.ring.owner(hash) as usize],
            ShardFunction::Range => self.ranges[self.ranges.partition_point(|r| r.0 <= key) - 1].1,
        }
    }

    /// A shard more: where every item belongs from now on. `place` is where it has been.
    pub fn add(&mut self, shard: u16, place: &[u16], keys: &[u32]) -> Vec<u16> {
        self.members.push(shard);
        self.ring = Self::ring_of(self.function, self.members.len() as u32, self.virtual_nodes, self.salt);
        let total = place.len() as u32;
        match self.function {
            ShardFunction::Range => {
                let end = |i: usize| self.ranges.get(i + 1).map_or(total, |r| r.0);
                let width = |i: &usize| end(*i) - self.ranges[*i].0;
                let widest = (0..self.ranges.len()).max_by_key(width).expect("there are ranges");
                if width(&widest) > 1 {
                    let middle = self.ranges[widest].0 + width(&widest).div_ceil(2);
                    self.ranges.insert(widest + 1, (middle, shard));
                }
                (0..total).map(|key| self.of(key)).collect()
            }
            ShardFunction::Directory => {
                let share = total / self.members.len() as u32;
                let mut spare: Vec<u32> = keys.iter().map(|n| n.saturating_sub(share)).collect();
                let mut wanted = share;
                let mut next = place.to_vec();
                for at in &mut next {
                    let spare = &mut spare[*at as usize];
                    if wanted > 0 && *spare > 0 {
                        *spare -= 1;
                        wanted -= 1;
                        *at = shard;
                    }
                }
                next
            }
            _ => (0..total).map(|key| self.of(key)).collect(),
        }
    }
}

/// The points of a ring in order, with their shards.
#[derive(Clone, Debug)]
pub struct Ring(Vec<(u64, u16)>);

impl Ring {
    /// A ring on which each shard has `virtual_nodes` points.
    pub fn new(shards: u32, virtual_nodes: u32, salt: u64) -> Self {
        let salt = mix64(salt ^ 0x7269_6e67);
        let mut points: Vec<(u64, u16)> = (0..shards)
            .flat_map(|shard| {
                (0..virtual_nodes)
                    .map(move |v| (hash2(salt, (u64::from(shard) << 32) | u64::from(v)), shard as u16))
            })
            .collect();
        order::sort(&mut points);
        Self(points)
    }

    fn after(&self, hash: u64) -> usize {
        let next = self.0.partition_point(|p| p.0 < hash);
        if next == self.0.len() { 0 } else { next }
    }

    /// The shard whose point comes next.
    pub fn owner(&self, hash: u64) -> u16 {
        self.0[self.after(hash)].1
    }

    /// The first different shards clockwise, as many as `owners` has room for; there must be as many on the ring.
    pub fn owners(&self, hash: u64, owners: &mut [u16]) {
        let mut at = self.after(hash);
        let mut found = 0;
        while found < owners.len() {
            let shard = self.0[at].1;
            if !owners[..found].contains(&shard) {
                owners[found] = shard;
                found += 1;
            }
            at = if at + 1 == self.0.len() { 0 } else { at + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(function: ShardFunction, from: u32, to: u32, salt: u64) -> f64 {
        let items = 100_000;
        let (a, b) = (place(function, items, from, 100, salt), place(function, items, to, 100, salt));
        a.iter().zip(&b).filter(|(x, y)| x != y).count() as f64 / f64::from(items)
    }

    #[test]
    fn modulo_moves_most_and_consistent_hashing_one_share() {
        for (from, to, share) in [(4, 5, 0.8), (10, 11, 10.0 / 11.0), (4, 8, 0.5)] {
            assert!((moved(ShardFunction::Modulo, from, to, 1) - share).abs() < 0.006);
        }
        let mean = (1..=40).map(|salt| moved(ShardFunction::Consistent, 10, 11, salt)).sum::<f64>() / 40.0;
        // Beta(100, 1000): mean 1/11, standard deviation .0087; of the mean of 40, .0014.
        assert!((mean - 1.0 / 11.0).abs() < 0.006, "{mean}");
    }

    #[test]
    fn consistent_hashing_moves_keys_only_to_the_new_shard() {
        let (a, b) = (
            place(ShardFunction::Consistent, 50_000, 7, 50, 9),
            place(ShardFunction::Consistent, 50_000, 8, 50, 9),
        );
        assert!(a.iter().zip(&b).all(|(x, y)| x == y || *y == 7));
    }
}
