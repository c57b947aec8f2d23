//! Acknowledgements: how many replicas must have a write before its author hears that it is done.

use super::Replication;
use super::log::NO_KEY;
use super::single::{Single, timer};
use crate::messages::What;
use crate::notes::Note;
use crate::sim::core::{Core, NodeIdx};
use crate::sim::meter::Outcome;
use headroom_engine::{SimTime, ns_from_ms};
use std::collections::VecDeque;

/// A write that is in the log and not acknowledged.
#[derive(Clone, Copy, Debug)]
struct Pending {
    position: u64,
    id: u32,
    since: SimTime,
}

/// Commits and who waits for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Acks {
    /// Log position up to which commits are acknowledged, visible at the primary, and lost if they go missing.
    pub acked: u64,
    pending: VecDeque<Pending>,
    timer: u64,
    /// Too few replicas answer: commits are acknowledged without them until enough have caught up.
    pub given_up: bool,
    /// Writes acknowledged without the replicas that should have had them.
    pub unprotected: u64,
}

impl Acks {
    /// Writes that wait.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// The primary has died, with the writes inside.
    pub fn clear(&mut self) {
        self.pending.clear();
        self.timer = 0;
        self.given_up = false;
    }
}

impl Single {
    /// Replicas that must have a commit before it is acknowledged.
    pub(super) fn acks_needed(&self) -> usize {
        let replicas = self.machines.len() - 1;
        match self.params.replication {
            Replication::Async => 0,
            _ => self.params.acks.map_or(replicas, |n| replicas.min(n as usize)),
        }
    }

    /// A write is at the end of the log; it is answered once enough replicas have it.
    pub(super) fn await_acks(&mut self, core: &mut Core, me: NodeIdx, position: u64, id: u32) {
        if self.acks.pending.is_empty() {
            self.arm(core, me, core.now);
        }
        self.acks.pending.push_back(Pending { position, id, since: core.now });
    }

    fn arm(&mut self, core: &mut Core, me: NodeIdx, since: SimTime) {
        if let Some(timeout) = self.params.ack_timeout_ms {
            let due = since.saturating_add(ns_from_ms(timeout));
            self.acks.timer = core.timer(due.since(core.now), me, timer::ACK_TIMEOUT, 0);
        }
    }

    /// A replica has what was asked for up to a position, and says so.
    pub(super) fn confirm(&mut self, core: &mut Core, me: NodeIdx, i: usize, position: u64) {
        if self.primary == Some(i) || self.primary.is_none() || self.acks_needed() == 0 {
            return;
        }
        let delay_ns = self.link_ns(core, me, i);
        if delay_ns == 0 {
            self.machines[i].confirmed = position;
            return self.acknowledge(core, me);
        }
        let due = core.now.saturating_add(delay_ns);
        self.machines[i].confirming.push_back((due, position));
        core.timer(delay_ns, me, timer::ACK, i as u32);
    }

    /// A replica's word has come back to the primary.
    pub(super) fn confirmed(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &mut self.machines[i];
        while m.confirming.front().is_some_and(|c| c.0 <= core.now) {
            m.confirmed = m.confirming.pop_front().map_or(m.confirmed, |c| c.1);
        }
        self.acknowledge(core, me);
    }

    /// Log position that enough replicas are known to have.
    fn known_to_enough(&self, needed: usize) -> u64 {
        let others = || self.machines.iter().enumerate().filter(|(i, _)| self.primary != Some(*i));
        let enough = |p: u64| others().filter(|(_, m)| m.confirmed >= p).count() >= needed;
        others().map(|(_, m)| m.confirmed).filter(|p| enough(*p)).max().unwrap_or(0)
    }

    /// Settles and answers what enough replicas have.
    pub(super) fn acknowledge(&mut self, core: &mut Core, me: NodeIdx) {
        let last = self.log.last();
        let needed = self.acks_needed();
        let known = if needed == 0 { last } else { self.known_to_enough(needed).min(last) };
        if self.acks.given_up && known >= last {
            self.acks.given_up = false;
            core.happen(me, None, What::Noted(Note::AcksRestored));
        }
        self.settle(core, me, if self.acks.given_up { last } else { known });
        while self.acks.pending.front().is_some_and(|p| p.position <= self.acks.acked) {
            let write = self.acks.pending.pop_front().expect("there is one");
            if self.acks.given_up && write.position > known {
                self.acks.unprotected += 1;
            }
            let version = self.log.get(write.position).map_or(0, |c| c.version);
            self.written(core, me, write.id, version);
        }
    }

    /// Commits up to a position count: readers of the primary see them.
    pub(super) fn settle(&mut self, core: &mut Core, me: NodeIdx, position: u64) {
        while self.acks.acked < position {
            self.acks.acked += 1;
            if let Some(commit) = self.log.get(self.acks.acked)
                && commit.key != NO_KEY
            {
                core.truth[me as usize][commit.key as usize] = commit.version;
            }
        }
    }

    /// A write is done: its author hears of it, and its item is free.
    pub(super) fn written(&mut self, core: &mut Core, me: NodeIdx, id: u32, version: u32) {
        let call = &mut core.calls[id];
        (call.version, call.store) = (version, me);
        let (key, client) = (call.key, call.client);
        self.authors.wrote(core.now, client, version);
        core.reply(id, Outcome::OK);
        self.unlock(core, me, key);
    }

    /// The oldest write may have waited too long for its acknowledgements.
    pub(super) fn ack_timeout(&mut self, core: &mut Core, me: NodeIdx, seq: u64) {
        if self.acks.timer != seq {
            return;
        }
        let Some(oldest) = self.acks.pending.front() else { return };
        let waited_ns = core.now.since(oldest.since);
        if self.params.ack_timeout_ms.is_some_and(|limit| waited_ns < ns_from_ms(limit)) {
            return self.arm(core, me, oldest.since);
        }
        self.acks.given_up = true;
        core.happen(me, None, What::Noted(Note::AcksGivenUp));
        self.acknowledge(core, me);
    }
}
