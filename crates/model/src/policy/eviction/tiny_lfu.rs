//! W-TinyLFU: a small window of newcomers, and beyond it only who is asked for more often than whom it would push out.
//!
//! Window 1% by last use; the rest segmented LRU, a fifth on probation; how often a key is asked for is estimated by a
//! count-min sketch whose counts are halved every ten capacities. Source: Einziger, Friedman, Manes, TinyLFU: A Highly
//! Efficient Cache Admission Policy (ACM TOS 2017).

use super::order::{Chain, Line};
use headroom_engine::hash2;

/// Rows of the sketch and the greatest count that it holds.
const ROWS: u64 = 4;
const COUNT_MAX: u8 = 15;
/// Look-ups after which counts are halved, in capacities.
const SAMPLE: u64 = 10;

/// Estimates of how often keys were asked for of late.
#[derive(Clone, Debug)]
struct Sketch {
    counts: Vec<u8>,
    mask: u64,
    left: u64,
    period: u64,
}

impl Sketch {
    fn new(capacity: u32) -> Self {
        // Four counters a row for each item that fits, so that few keys share one.
        let width = 4 * u64::from(capacity.max(16)).next_power_of_two();
        let period = SAMPLE * u64::from(capacity.max(16));
        Self { counts: vec![0; (ROWS * width) as usize], mask: width - 1, left: period, period }
    }

    /// The places of a key, one in each row.
    fn places(&self, key: u32) -> [usize; ROWS as usize] {
        let (a, b) = (hash2(0x5eed, u64::from(key)), hash2(0xbeef, u64::from(key)) | 1);
        std::array::from_fn(|row| {
            let row = row as u64;
            (row * (self.mask + 1) + (a.wrapping_add(row.wrapping_mul(b)) & self.mask)) as usize
        })
    }

    fn count(&self, key: u32) -> u8 {
        self.places(key).into_iter().map(|p| self.counts[p]).min().unwrap_or(0)
    }

    /// Counts a look-up: only the least of its counters grow (conservative update).
    fn add(&mut self, key: u32) {
        let places = self.places(key);
        let least = places.into_iter().map(|p| self.counts[p]).min().unwrap_or(0);
        if least < COUNT_MAX {
            for p in places {
                self.counts[p] = self.counts[p].max(least + 1);
            }
        }
        self.left -= 1;
        if self.left == 0 {
            self.left = self.period;
            for c in &mut self.counts {
                *c /= 2;
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Window,
    Probation,
    Protected,
}

/// Slots in a window and two segments, each by last use.
#[derive(Clone, Debug)]
pub(super) struct TinyLfu {
    chain: Chain,
    window: Line,
    probation: Line,
    protected: Line,
    /// By slot.
    segments: Vec<Segment>,
    sketch: Sketch,
    window_max: u32,
    protected_max: u32,
}

impl TinyLfu {
    pub fn new(capacity: u32) -> Self {
        let window_max = (capacity / 100).max(1);
        Self {
            chain: Chain::default(),
            window: Line::new(),
            probation: Line::new(),
            protected: Line::new(),
            segments: Vec::new(),
            sketch: Sketch::new(capacity),
            window_max,
            protected_max: (u64::from(capacity.saturating_sub(window_max)) * 4 / 5) as u32,
        }
    }

    pub fn look_up(&mut self, key: u32) {
        self.sketch.add(key);
    }

    pub fn touch(&mut self, slot: u32) {
        match self.segments[slot as usize] {
            Segment::Window => self.window.move_back(&mut self.chain, slot),
            Segment::Protected => self.protected.move_back(&mut self.chain, slot),
            Segment::Probation => {
                self.probation.remove(&mut self.chain, slot);
                self.protected.push_back(&mut self.chain, slot);
                self.segments[slot as usize] = Segment::Protected;
                if self.protected.len() > self.protected_max
                    && let Some(oldest) = self.protected.front()
                {
                    self.protected.remove(&mut self.chain, oldest);
                    self.put_on_probation(oldest);
                }
            }
        }
    }

    fn put_on_probation(&mut self, slot: u32) {
        self.probation.push_back(&mut self.chain, slot);
        self.segments[slot as usize] = Segment::Probation;
    }

    pub fn evict(&mut self, key_of: impl Fn(u32) -> u32) -> Option<u32> {
        let victim = self.probation.front().or(self.protected.front());
        let candidate = self.window.front().filter(|_| self.window.len() >= self.window_max);
        let slot = match (candidate, victim) {
            (Some(c), Some(v)) if self.sketch.count(key_of(c)) > self.sketch.count(key_of(v)) => {
                self.window.remove(&mut self.chain, c);
                self.put_on_probation(c);
                v
            }
            (Some(c), _) => c,
            (None, v) => v.or(self.window.front())?,
        };
        self.remove(slot);
        Some(slot)
    }

    pub fn insert(&mut self, slot: u32) {
        if slot as usize >= self.segments.len() {
            self.segments.resize(slot as usize + 1, Segment::Window);
        }
        self.segments[slot as usize] = Segment::Window;
        self.window.push_back(&mut self.chain, slot);
        if self.window.len() > self.window_max
            && let Some(oldest) = self.window.front()
        {
            self.window.remove(&mut self.chain, oldest);
            self.put_on_probation(oldest);
        }
    }

    pub fn remove(&mut self, slot: u32) {
        let line = match self.segments[slot as usize] {
            Segment::Window => &mut self.window,
            Segment::Probation => &mut self.probation,
            Segment::Protected => &mut self.protected,
        };
        line.remove(&mut self.chain, slot);
    }

    pub fn clear(&mut self) {
        (self.window, self.probation, self.protected) = (Line::new(), Line::new(), Line::new());
        self.sketch.counts.fill(0);
        self.sketch.left = self.sketch.period;
    }
}
