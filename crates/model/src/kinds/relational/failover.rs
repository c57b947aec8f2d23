//! Death of machines: detection, promotion, the old primary's return, and machines that take a dead one's place.

use super::RelationalParams;
use super::log::NO_KEY;
use super::single::{Copying, Single, own_job, timer};
use crate::kinds::Verb;
use crate::messages::What;
use crate::sim::core::{Core, NodeIdx, Op};
use crate::sim::machines;
use headroom_engine::{NIL, SimTime, ns_from_secs};

/// How far a failover is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Failover {
    /// The primary is dead and nobody has noticed.
    Unnoticed,
    /// Noticed, but there is no machine to promote.
    NoCandidate,
    /// This machine is being promoted; whether the promotion time is over.
    Promoting { machine: usize, ready: bool },
}

/// What failovers have cost since measuring began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Failed {
    pub lost_writes: u64,
    pub failovers: u32,
    /// Time without a primary [ns].
    pub outage_ns: u64,
    /// Deaths noticed, and the time that it took [ns].
    pub noticed: u32,
    pub notice_ns: u64,
    /// Age at the crash of the oldest write that was lost [ns].
    pub rpo_max_ns: u64,
    /// New machines that have taken the place of dead ones.
    pub replaced: u32,
}

/// Pieces that a copy of the data is made of: between two of them others have their turn.
const PIECES: u32 = 64;

/// Time that a worker of the primary needs for a piece of a copy [ns].
pub(super) fn piece_ns(params: &RelationalParams, items: u32) -> u64 {
    let bytes = f64::from(items) * f64::from(params.row_bytes);
    ns_from_secs(bytes / (params.copy_mbps * 1e6) / f64::from(PIECES))
}

/// Time from a death now until it is noticed [ns]: given, or by probes, of which several in a row must fail.
pub(super) fn notice_ns(params: &RelationalParams, salt: u64, now: SimTime) -> u64 {
    let Some(interval_s) = params.probe_interval_s else {
        return ns_from_secs(params.detect_s);
    };
    let interval = ns_from_secs(interval_s).max(1);
    // Probes come at a phase of their own, not in step with anything else.
    let phase = salt % interval;
    let next = (phase + interval - now.0 % interval) % interval;
    next + u64::from(params.probe_failures - 1) * interval + ns_from_secs(params.probe_timeout_s)
}

impl Single {
    pub(super) fn is_unnoticed(&self) -> bool {
        self.failover == Some(Failover::Unnoticed)
    }

    pub(super) fn promoting(&self) -> Option<usize> {
        match self.failover {
            Some(Failover::Promoting { machine, .. }) => Some(machine),
            _ => None,
        }
    }

    fn primary_died(&mut self, core: &mut Core, me: NodeIdx) {
        self.fallen = self.primary.take();
        self.crashed_at = core.now;
        self.failover = Some(Failover::Unnoticed);
        self.failover_timer = core.timer(notice_ns(&self.params, self.salt, core.now), me, timer::NOTICE, 0);
        self.acks.clear();
        self.locks.clear();
        // What was on the link is gone with the sender.
        for m in &mut self.machines {
            m.shipment = 0;
            m.due = None;
            m.confirming.clear();
        }
    }

    pub(super) fn noticed(&mut self, core: &mut Core, me: NodeIdx) {
        self.failed.noticed += 1;
        self.failed.notice_ns += core.now.since(self.crashed_at);
        core.happen(me, self.fallen.map(|f| f as u32), What::DeathNoticed);
        self.choose_candidate(core, me);
    }

    /// The death is known: choose the machine that has received most.
    fn choose_candidate(&mut self, core: &mut Core, me: NodeIdx) {
        let best = (0..self.machines.len())
            .filter(|i| self.machines[*i].station.up && !self.machines[*i].empty)
            .max_by_key(|i| (self.machines[*i].received, usize::MAX - i));
        match best {
            Some(machine) => {
                self.failover = Some(Failover::Promoting { machine, ready: false });
                let promote = ns_from_secs(self.params.promote_s);
                self.failover_timer = core.timer(promote, me, timer::PROMOTE, 0);
            }
            None => self.failover = Some(Failover::NoCandidate),
        }
    }

    pub(super) fn promotion_ready(&mut self, core: &mut Core, me: NodeIdx) {
        if let Some(machine) = self.promoting() {
            self.failover = Some(Failover::Promoting { machine, ready: true });
            self.try_promote(core, me);
        }
    }

    pub(super) fn try_promote(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(Failover::Promoting { machine, ready: true }) = self.failover else { return };
        if self.machines[machine].applied < self.machines[machine].received {
            return;
        }
        let kept = self.machines[machine].received;
        // Nobody was told of what was not acknowledged, so that is not lost; what of it has survived now counts.
        let acknowledged = self.acks.acked.saturating_sub(kept) as usize;
        self.settle(core, me, kept);
        let mut lost = self.log.cut(kept);
        lost.truncate(acknowledged);
        lost.retain(|c| c.key != NO_KEY);
        let lost_writes = lost.len() as u64;
        if let Some(oldest) = lost.first() {
            let age = self.crashed_at.since(oldest.at);
            self.failed.rpo_max_ns = self.failed.rpo_max_ns.max(age);
        }
        self.failed.lost_writes += lost_writes;
        self.failed.failovers += 1;
        self.failed.outage_ns += core.now.since(self.crashed_at);
        self.failover = None;
        self.fallen = None;
        self.primary = Some(machine);
        self.moved_at = Some(core.now);
        self.acks.acked = kept;
        self.machines[machine].catch_up = None;
        for m in &mut self.machines {
            m.received = m.received.min(kept);
            m.applied = m.applied.min(kept);
            m.confirmed = m.confirmed.min(kept);
        }
        // The new primary opens its timeline with a record. Whoever holds a lost write elsewhere, such as a cache, holds
        // something older than that record.
        let version = self.log.append(core.now, NO_KEY);
        for commit in lost {
            core.truth[me as usize][commit.key as usize] = version;
        }
        core.happen(me, Some(machine as u32), What::Promoted { lost_writes });
        self.record_appended(core, me, version);
        self.copy_next(core, me);
    }

    pub(super) fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !self.machines[i].station.up {
            return;
        }
        if let Some(copying) = self.copying
            && (copying.target == i || self.primary == Some(i))
        {
            // What is there of the copy is of no use.
            self.copying = None;
        }
        machines::stop(core, me, i, &mut self.machines[i].station);
        core.free_own_jobs(me, i);
        self.machines[i].job = NIL;
        self.machines[i].shipment = 0;
        self.machines[i].due = None;
        core.happen(me, Some(i as u32), What::Killed);
        if let Some(after_s) = self.params.replace_after_s {
            self.machines[i].replacement = core.timer(ns_from_secs(after_s), me, timer::REPLACE, i as u32);
        }
        if self.primary == Some(i) {
            self.primary_died(core, me);
        } else if self.promoting() == Some(i) {
            self.choose_candidate(core, me);
        } else {
            self.copy_next(core, me);
        }
    }

    pub(super) fn revive(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !machines::start(core, me, i, &mut self.machines[i].station) {
            return;
        }
        self.machines[i].replacement = 0;
        core.happen(me, Some(i as u32), What::Revived);
        match self.failover {
            // Back before anyone noticed: it goes on as the primary and nothing is lost.
            Some(Failover::Unnoticed) if self.fallen == Some(i) => {
                self.primary = Some(i);
                self.failover = None;
                self.fallen = None;
                self.failover_timer = 0;
                self.failed.outage_ns += core.now.since(self.crashed_at);
                for j in 0..self.machines.len() {
                    if j != i && self.machines[j].station.up {
                        self.ship(core, me, j);
                        self.repeat_confirmation(core, me, j);
                    }
                }
                return self.copy_next(core, me);
            }
            Some(Failover::NoCandidate) if !self.machines[i].empty => self.choose_candidate(core, me),
            _ => {}
        }
        if self.primary != Some(i) && !self.machines[i].empty {
            self.machines[i].catch_up = Some(self.log.last());
            if self.primary.is_some() {
                self.ship(core, me, i);
            } else {
                self.apply_next(core, me, i);
            }
        }
        self.copy_next(core, me);
    }

    /// What replicas said before the primary died may have got lost: they say it again.
    fn repeat_confirmation(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let m = &self.machines[i];
        let has = match self.params.replication {
            super::Replication::Sync => m.applied,
            _ => m.received,
        };
        if !m.empty && has > m.confirmed {
            self.confirm(core, me, i, has);
        }
    }

    /// A new machine takes the place of a dead one. It has no data: a copy comes first, then the log since the copy
    /// began, and only then does it serve.
    pub(super) fn replace(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if self.machines[i].station.up || self.fallen == Some(i) {
            // The place of a fallen primary is free once another has been promoted.
            if self.fallen == Some(i) && self.params.replace_after_s.is_some() {
                let again = ns_from_secs(1.0);
                self.machines[i].replacement = core.timer(again, me, timer::REPLACE, i as u32);
            }
            return;
        }
        machines::start(core, me, i, &mut self.machines[i].station);
        self.failed.replaced += 1;
        let m = &mut self.machines[i];
        m.replacement = 0;
        m.station.factor = 1.0;
        m.empty = true;
        m.catch_up = Some(u64::MAX);
        (m.confirmed, m.version) = (0, 0);
        core.happen(me, Some(i as u32), What::Did(Verb::Replace, 0.0));
        self.copy_next(core, me);
    }

    /// Begins the copy for the next machine that has no data, if there is one and a primary to copy from.
    fn copy_next(&mut self, core: &mut Core, me: NodeIdx) {
        if self.copying.is_some() || self.primary.is_none() {
            return;
        }
        let wants = |i: &usize| self.machines[*i].empty && self.machines[*i].station.up;
        let Some(target) = (0..self.machines.len()).find(wants) else { return };
        // The copy shows the data as it is now; what is committed from now on comes from the log.
        let position = self.log.last();
        let version = self.primary.map_or(0, |p| self.machines[p].version);
        let m = &mut self.machines[target];
        (m.received, m.applied, m.version) = (position, position, version);
        self.copying = Some(Copying { target, left: PIECES, job: NIL });
        self.copy_piece(core, me);
    }

    /// Lets the primary work on the next piece. Past the simulator's limit nothing is done; the next commit tries again.
    pub(super) fn copy_piece(&mut self, core: &mut Core, me: NodeIdx) {
        let (Some(copying), Some(p)) = (self.copying.as_mut(), self.primary) else { return };
        if let Some(id) = core.calls.alloc(own_job(core, me, p, Op::Copy)) {
            copying.job = id;
            self.machines[p].station.enter(core, &mut self.work, id);
        }
    }

    /// The primary has sent a piece of the copy.
    pub(super) fn piece_copied(&mut self, core: &mut Core, me: NodeIdx, machine: usize, id: u32) {
        core.calls.free(id);
        self.leave(core, me, machine);
        // A piece of a copy that was given up is nobody's.
        let Some(copying) = self.copying.as_mut().filter(|c| c.job == id) else { return };
        copying.left -= 1;
        copying.job = NIL;
        if copying.left > 0 {
            return self.copy_piece(core, me);
        }
        let target = copying.target;
        self.copying = None;
        let last = self.log.last();
        let m = &mut self.machines[target];
        m.empty = false;
        m.catch_up = Some(last);
        self.ship(core, me, target);
        self.repeat_confirmation(core, me, target);
        self.copy_next(core, me);
    }
}
