//! Keys that were pushed out of late, remembered without their items, oldest first.

use std::collections::VecDeque;

/// Remembered keys. A key that is taken out leaves a hole in the queue, which is closed when holes are many.
#[derive(Clone, Debug)]
pub(super) struct Ghost {
    /// By key: the stamp that it was remembered under; 0 when it is not.
    stamps: Vec<u32>,
    queue: VecDeque<(u32, u32)>,
    next: u32,
    len: u32,
}

impl Ghost {
    pub fn new(items: u32) -> Self {
        Self { stamps: vec![0; items as usize], queue: VecDeque::new(), next: 1, len: 0 }
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    /// Remembers a key, and forgets the oldest so that there are at most `most`.
    pub fn add(&mut self, key: u32, most: u32) {
        if most == 0 || self.stamps[key as usize] != 0 {
            return;
        }
        while self.len >= most {
            self.forget_oldest();
        }
        self.stamps[key as usize] = self.next;
        self.queue.push_back((key, self.next));
        self.next = self.next.checked_add(1).unwrap_or(1);
        self.len += 1;
        if self.queue.len() > 2 * self.len as usize + 64 {
            let stamps = &self.stamps;
            self.queue.retain(|(key, stamp)| stamps[*key as usize] == *stamp);
        }
    }

    /// Takes a key out; false when it was not remembered.
    pub fn remove(&mut self, key: u32) -> bool {
        let known = self.stamps[key as usize] != 0;
        if known {
            self.stamps[key as usize] = 0;
            self.len -= 1;
        }
        known
    }

    pub fn forget_oldest(&mut self) {
        while let Some((key, stamp)) = self.queue.pop_front() {
            if self.stamps[key as usize] == stamp {
                self.remove(key);
                return;
            }
        }
    }

    pub fn clear(&mut self) {
        for (key, _) in &self.queue {
            self.stamps[*key as usize] = 0;
        }
        self.queue.clear();
        self.len = 0;
    }
}
