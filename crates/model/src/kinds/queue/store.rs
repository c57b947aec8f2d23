//! The messages of a queue and where each of them stands.

use headroom_engine::{Arena, DeadlineList, Level, Links, NIL, SimTime};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where a message stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// In the queue, to be fetched.
    #[default]
    Waiting,
    /// Delivered and invisible.
    Away,
    /// Delivered by a queue that has died since and knows nothing of it any more.
    Forgotten,
    /// Done or given up; a worker has not come back with it yet.
    Over,
}

/// A message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message {
    /// Order of arrival, from 1.
    pub number: u64,
    /// When it was taken on.
    pub published: SimTime,
    /// When it was last delivered.
    pub delivered: SimTime,
    /// Item.
    pub key: u32,
    /// Client.
    pub client: u32,
    /// Size [bytes].
    pub bytes: u32,
    /// Region of the client.
    pub region: u8,
    /// Where it stands.
    pub stage: Stage,
    /// It is older than the queue keeps messages.
    pub too_old: bool,
    /// It was processed to the end, whether or not the queue heard of it.
    pub processed: bool,
    /// Deliveries so far.
    pub receives: u32,
    /// Deliveries that no worker has come back from.
    pub out: u32,
    pub(super) next: u32,
}

/// Messages: those that wait in the order in which they came, each with its age and its visibility timeout.
#[derive(Clone, Debug)]
pub struct Store {
    messages: Arena<Message>,
    numbered: u64,
    /// Never delivered yet, first in first out.
    head: u32,
    tail: u32,
    /// Delivered and back again. Each came before all that were never delivered, so it has its old place: in front.
    returned: BinaryHeap<Reverse<(u64, u32)>>,
    ages: Links,
    by_age: DeadlineList,
    timeouts: Links,
    invisible: DeadlineList,
    /// Messages that wait.
    pub waiting: Level,
    /// Messages that were delivered and are not done.
    pub away: Level,
}

impl Store {
    /// Without messages.
    pub fn new(limit: usize) -> Self {
        Self {
            messages: Arena::new(limit as u32),
            numbered: 0,
            head: NIL,
            tail: NIL,
            returned: BinaryHeap::new(),
            ages: Links::new(),
            by_age: DeadlineList::new(),
            timeouts: Links::new(),
            invisible: DeadlineList::new(),
            waiting: Level::new(),
            away: Level::new(),
        }
    }

    /// A message.
    pub fn get(&mut self, id: u32) -> &mut Message {
        &mut self.messages[id]
    }

    /// Messages that wait or were delivered and are not done.
    pub fn present(&self) -> u64 {
        self.waiting.level() + self.away.level()
    }

    /// A message comes to the end of the queue. False when the simulator holds no more.
    pub fn put(&mut self, now: SimTime, message: Message) -> bool {
        let message = Message {
            number: self.numbered + 1,
            published: now,
            stage: Stage::Waiting,
            next: NIL,
            ..message
        };
        let Some(id) = self.messages.alloc(message) else { return false };
        self.numbered += 1;
        match self.tail {
            NIL => self.head = id,
            tail => self.messages[tail].next = id,
        }
        self.tail = id;
        self.by_age.push(&mut self.ages, id, now);
        self.waiting.up(now);
        true
    }

    /// Takes the message that has waited longest.
    pub fn take(&mut self, now: SimTime) -> Option<u32> {
        while let Some(Reverse((number, id))) = self.returned.pop() {
            let is_it = self.messages.is_live(id) && {
                let m = &self.messages[id];
                m.number == number && m.stage == Stage::Waiting
            };
            if is_it {
                self.waiting.down(now);
                return Some(id);
            }
        }
        let id = self.head;
        if id == NIL {
            return None;
        }
        self.head = self.messages[id].next;
        if self.head == NIL {
            self.tail = NIL;
        }
        self.waiting.down(now);
        Some(id)
    }

    /// A message that was taken is delivered, and invisible until `deadline`.
    pub fn send(&mut self, now: SimTime, id: u32, deadline: SimTime) {
        let m = &mut self.messages[id];
        m.stage = Stage::Away;
        m.delivered = now;
        m.receives += 1;
        m.out += 1;
        self.invisible.push(&mut self.timeouts, id, deadline);
        self.away.up(now);
    }

    /// An invisible message goes back to its place.
    pub fn give_back(&mut self, now: SimTime, id: u32) {
        self.invisible.remove(&mut self.timeouts, id);
        let m = &mut self.messages[id];
        m.stage = Stage::Waiting;
        self.returned.push(Reverse((m.number, id)));
        self.away.down(now);
        self.waiting.up(now);
    }

    /// The queue forgets a message that is away; what its worker makes of it decides.
    pub fn forget(&mut self, id: u32) {
        self.invisible.remove(&mut self.timeouts, id);
        self.by_age.remove(&mut self.ages, id);
        self.messages[id].stage = Stage::Forgotten;
    }

    /// The queue has done with a message: one that was just taken, one that is away, or one that waits again.
    pub fn end(&mut self, now: SimTime, id: u32, was_taken: bool) {
        self.by_age.remove(&mut self.ages, id);
        self.invisible.remove(&mut self.timeouts, id);
        let m = &mut self.messages[id];
        match m.stage {
            _ if was_taken => {}
            // It is in `returned`, which finds out when it comes to it.
            Stage::Waiting => self.waiting.down(now),
            Stage::Away | Stage::Forgotten => self.away.down(now),
            Stage::Over => {}
        }
        m.stage = Stage::Over;
        self.let_go(id);
    }

    /// Frees a message that is over when no worker is left that could come back with it.
    pub fn let_go(&mut self, id: u32) {
        let m = &self.messages[id];
        if m.stage == Stage::Over && m.out == 0 {
            self.messages.free(id);
        }
    }

    /// The oldest message that the queue knows of, and when it was taken on.
    pub fn oldest(&self) -> Option<(u32, SimTime)> {
        self.by_age.head(&self.ages)
    }

    /// No longer watch the age of a message.
    pub fn stop_ageing(&mut self, id: u32) {
        self.by_age.remove(&mut self.ages, id);
    }

    /// The invisible message that is visible again first, and when.
    pub fn next_visible(&self) -> Option<(u32, SimTime)> {
        self.invisible.head(&self.timeouts)
    }

    /// Messages that are away, in no order that matters.
    pub fn all_away(&self) -> Vec<u32> {
        self.messages.iter_live().filter(|(_, m)| m.stage == Stage::Away).map(|(id, _)| id).collect()
    }
}
