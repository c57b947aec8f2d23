//! Row locks: one write of an item at a time, the others in the order in which they came.

use crate::sim::core::Core;
use crate::sim::tally::Tallies;
use headroom_engine::{Hist, NIL};

#[derive(Clone, Copy, Debug)]
struct Row {
    held: bool,
    head: u32,
    tail: u32,
}

const FREE: Row = Row { held: false, head: NIL, tail: NIL };

/// The locks of all items. A write takes its lock before it takes a worker and keeps it until it is acknowledged, so
/// that the writes of one item are a queue with one server, whatever the number of workers.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    /// By item; empty when rows are not locked.
    rows: Vec<Row>,
    waiting: u32,
    /// Writes that asked for a lock, those that had to wait, and for how long each waited.
    pub asked: u64,
    pub delayed: u64,
    pub wait: Hist,
}

impl Locks {
    pub fn new(on: bool, items: u32) -> Self {
        Self { rows: if on { vec![FREE; items as usize] } else { Vec::new() }, ..Self::default() }
    }

    /// Writes that wait for a lock now.
    pub fn waiting(&self) -> u32 {
        self.waiting
    }

    /// A write wants its item. False: it has to wait.
    pub fn take(&mut self, core: &mut Core, id: u32) -> bool {
        let Some(row) = self.rows.get_mut(core.calls[id].key as usize) else { return true };
        self.asked += 1;
        if !row.held {
            row.held = true;
            self.wait.record(0);
            return true;
        }
        self.delayed += 1;
        self.waiting += 1;
        core.calls[id].next = NIL;
        match row.tail {
            NIL => row.head = id,
            tail => core.calls[tail].next = id,
        }
        row.tail = id;
        false
    }

    /// A write is over. Gives the next one, which has the lock from now on.
    pub fn release(&mut self, core: &mut Core, key: u32) -> Option<u32> {
        let row = self.rows.get_mut(key as usize)?;
        let id = row.head;
        if id == NIL {
            row.held = false;
            return None;
        }
        let call = &mut core.calls[id];
        row.head = std::mem::replace(&mut call.next, NIL);
        if row.head == NIL {
            row.tail = NIL;
        }
        self.waiting -= 1;
        self.wait.record(core.now.since(call.arrived));
        Some(id)
    }

    /// The machine has died, and its locks with it.
    pub fn clear(&mut self) {
        self.rows.fill(FREE);
        self.waiting = 0;
    }

    pub fn tallies(&mut self, t: &mut Tallies) {
        t.counts([&mut self.asked, &mut self.delayed]);
        t.durations(&mut self.wait);
    }

    /// Measures from now on.
    pub fn restart(&mut self) {
        (self.asked, self.delayed) = (0, 0);
        self.wait.clear();
    }
}
