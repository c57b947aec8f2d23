//! The items that are asked for most, of late, in bounded memory.

use crate::order;

/// Every so many requests one is sampled for the hottest item.
pub(super) const SAMPLE_EVERY: u32 = 4;
/// Items that the hot-item sketch watches.
const WATCHED: usize = 64;

/// The most frequent items of a stream in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi, 2005), counts
/// halved at intervals so that the past fades.
#[derive(Clone, Debug, Default)]
pub(super) struct HotItems {
    counts: Vec<(u32, u32)>,
    sampled: u32,
}

impl HotItems {
    pub fn see(&mut self, key: u32) {
        self.sampled += 1;
        if let Some(c) = self.counts.iter_mut().find(|c| c.0 == key) {
            c.1 += 1;
        } else if self.counts.len() < WATCHED {
            self.counts.push((key, 1));
        } else {
            let least = self.counts.iter_mut().min_by_key(|c| c.1).expect("some are watched");
            *least = (key, least.1 + 1);
        }
    }

    pub fn fade(&mut self) {
        self.sampled /= 2;
        for c in &mut self.counts {
            c.1 /= 2;
        }
        self.counts.retain(|c| c.1 > 0);
    }

    /// The items with the greatest counts, and their share of what was sampled.
    pub fn top(&self, n: usize) -> Vec<(u32, f64)> {
        let mut sorted = self.counts.clone();
        order::sort_by_key(&mut sorted, |c| (std::cmp::Reverse(c.1), c.0));
        sorted.iter().take(n).map(|c| (c.0, f64::from(c.1) / f64::from(self.sampled.max(1)))).collect()
    }
}
