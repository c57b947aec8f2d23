//! Moves of items from shard to shard: at once, or copied batch by batch while requests go on.

use super::ShardedParams;
use super::state::State;
use crate::kinds::relational::own_job;
use crate::messages::What;
use crate::notes::Note;
use crate::order;
use crate::sim::core::{Core, NodeIdx, Op};
use headroom_engine::{NIL, ns_from_secs};
use std::sync::Arc;

/// Items that are copied together.
const BATCH: usize = 100;

/// Time that a worker needs for a batch, at either end [ns].
pub(super) fn batch_ns(params: &ShardedParams) -> u64 {
    let bytes = BATCH as f64 * f64::from(params.item_bytes);
    params.move_mbps.map_or(0, |rate| ns_from_secs(bytes / (rate * 1e6)))
}

/// A move under way.
#[derive(Clone, Debug)]
pub(super) struct Move {
    /// By item, the place where it is not: where it goes to, or where it came from. The same as its place where it stays.
    other: Vec<u16>,
    /// What moves, in the order in which it does, and how far that has come.
    items: Vec<u32>,
    at: usize,
    /// The batch under way ends here, and these are its jobs at source and target.
    until: usize,
    jobs: [u32; 2],
}

impl Move {
    /// Where else an item may be.
    pub fn other_place(&self, item: usize) -> Option<u16> {
        self.other.get(item).copied()
    }

    /// Puts those that have not moved yet where they go to.
    pub fn finish(&self, place: &mut [u16]) {
        for item in &self.items[self.at..] {
            place[*item as usize] = self.other[*item as usize];
        }
    }

    /// Items still to move.
    pub fn left(&self) -> usize {
        self.items.len() - self.at
    }
}

impl State {
    /// Items belong elsewhere from now on; gives the share of those that move.
    pub(super) fn move_to(&mut self, core: &mut Core, me: NodeIdx, next: Vec<u16>) -> f64 {
        let items: Vec<u32> =
            (0..next.len() as u32).filter(|i| next[*i as usize] != self.place[*i as usize]).collect();
        let share = items.len() as f64 / next.len().max(1) as f64;
        self.moved_share = Some(share);
        if self.params.move_mbps.is_none() {
            self.moved += items.len() as u64;
            self.place = Arc::new(next);
            self.count_keys();
            return share;
        }
        let mut items = items;
        let way = |i: &u32| (self.place[*i as usize], next[*i as usize]);
        order::sort_by_key(&mut items, way);
        // What an earlier move had not done yet is part of this one.
        self.moving = Some(Move { other: next, items, at: 0, until: 0, jobs: [NIL; 2] });
        self.next_batch(core, me);
        share
    }

    /// Begins the next batch, or the present one again.
    pub(super) fn next_batch(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(moving) = &mut self.moving else { return };
        let Some(&first) = moving.items.get(moving.at) else {
            self.moving = None;
            return core.happen(me, None, What::Noted(Note::AllMoved));
        };
        let (place, other) = (&self.place, &moving.other);
        let way = |i: u32| (place[i as usize], other[i as usize]);
        let (source, target) = way(first);
        let same = moving.items[moving.at..].iter().take(BATCH).take_while(|i| way(**i) == (source, target));
        moving.until = moving.at + same.count();
        moving.jobs = [NIL; 2];
        if !self.shards[source as usize].up || !self.shards[target as usize].up {
            // It waits until both are there.
            return;
        }
        for (end, shard) in [source, target].into_iter().enumerate() {
            // Past the simulator's limit the move stands still until a shard is revived.
            let Some(id) = core.calls.alloc(own_job(core, me, shard as usize, Op::Copy)) else { return };
            moving.jobs[end] = id;
            self.shards[shard as usize].enter(core, &mut self.work, id);
        }
    }

    /// A shard has done its part of copying a batch.
    pub(super) fn copied(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let shard = core.calls[id].part as usize;
        core.calls.free(id);
        self.leave(core, me, shard);
        let Some(moving) = &mut self.moving else { return };
        // A job of a batch that was begun again is nobody's.
        let Some(end) = moving.jobs.iter().position(|j| *j == id) else { return };
        moving.jobs[end] = NIL;
        if moving.jobs != [NIL; 2] {
            return;
        }
        let place = Arc::make_mut(&mut self.place);
        for &item in &moving.items[moving.at..moving.until] {
            let (here, there) = (&mut place[item as usize], &mut moving.other[item as usize]);
            self.keys[*here as usize] -= 1;
            self.keys[*there as usize] += 1;
            std::mem::swap(here, there);
        }
        let count = (moving.until - moving.at) as u64;
        moving.at = moving.until;
        self.moved += count;
        self.bytes_moved += count * u64::from(self.params.item_bytes);
        self.next_batch(core, me);
    }

    /// A shard has died with its part of a batch.
    pub(super) fn drop_batch(&mut self, core: &mut Core, me: NodeIdx, shard: usize) {
        if let Some(moving) = &mut self.moving
            && moving.jobs.iter().any(|j| *j != NIL && core.calls[*j].part as usize == shard)
        {
            moving.jobs = [NIL; 2];
        }
        core.free_own_jobs(me, shard);
    }

    /// A shard is back: a batch that waits for it goes on.
    pub(super) fn resume(&mut self, core: &mut Core, me: NodeIdx) {
        if self.moving.as_ref().is_some_and(|m| m.jobs == [NIL; 2]) {
            self.next_batch(core, me);
        }
    }
}
