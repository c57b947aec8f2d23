//! RANDOM: a slot by lot. Sources: Gelenbe, A Unified Approach to the Evaluation of a Class of Replacement Algorithms (1973).

use headroom_engine::Stream;

/// Slots in no order.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    slots: Vec<u32>,
    place: Vec<u32>,
    stream: Stream,
}

impl Lot {
    pub fn new(stream: Stream) -> Self {
        Self { slots: Vec::new(), place: Vec::new(), stream }
    }

    pub fn insert(&mut self, slot: u32) {
        if slot as usize >= self.place.len() {
            self.place.resize(slot as usize + 1, 0);
        }
        self.place[slot as usize] = self.slots.len() as u32;
        self.slots.push(slot);
    }

    pub fn victim(&mut self) -> Option<u32> {
        let n = self.slots.len() as u32;
        (n > 0).then(|| self.slots[self.stream.below(n) as usize])
    }

    pub fn remove(&mut self, slot: u32) {
        let place = self.place[slot as usize];
        self.slots.swap_remove(place as usize);
        if let Some(moved) = self.slots.get(place as usize) {
            self.place[*moved as usize] = place;
        }
    }

    pub fn clear(&mut self) {
        self.slots.clear();
    }
}
