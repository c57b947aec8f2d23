//! How several primaries tell each other what they have written, and what becomes of writes that did not know of each
//! other.

use super::multi::{Multi, timer};
use crate::messages::What;
use crate::order;
use crate::reason::Reason;
use crate::sim::core::{Core, NodeIdx, Op};
use crate::sim::meter::Outcome;
use headroom_engine::{NIL, SimTime};
use std::collections::VecDeque;

/// Writes kept for machines that are behind. One that has missed more takes a copy of the data instead.
const KEPT_MAX: usize = 500_000;

/// A write of one primary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Commit {
    pub at: SimTime,
    pub key: u32,
    /// Versions rise with time, over all primaries: the later write has the greater one.
    pub version: u32,
    /// Position of this primary's write of the same item before; 0 for none.
    before: u64,
    /// The call that waits for the decision.
    pub id: u32,
    /// Machines that have not voted yet, as bits.
    missing: u64,
    /// Other machines that have it.
    copies: u32,
    /// All that live had it.
    settled: bool,
    conflicted: bool,
    pub void: bool,
}

/// The writes of one primary, by position from 1, and what it knew of the others at each.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    commits: VecDeque<Commit>,
    /// For each commit, the position up to which every primary's writes were known.
    known: VecDeque<u64>,
    dropped: u64,
    /// Position up to which it is decided what counts.
    pub decided: u64,
}

impl History {
    pub fn last(&self) -> u64 {
        self.dropped + self.commits.len() as u64
    }

    fn get(&mut self, position: u64) -> Option<&mut Commit> {
        self.commits.get_mut(position.checked_sub(self.dropped + 1)? as usize)
    }

    pub fn at(&self, position: u64) -> Option<&Commit> {
        self.commits.get(position.checked_sub(self.dropped + 1)? as usize)
    }

    /// Position of a primary's writes that was known when a commit was made.
    fn known_of(&self, position: u64, primary: usize, primaries: usize) -> u64 {
        let Some(row) = position.checked_sub(self.dropped + 1) else { return u64::MAX };
        self.known.get(row as usize * primaries + primary).copied().unwrap_or(u64::MAX)
    }

    fn trim(&mut self, position: u64, primaries: usize) {
        while self.dropped < position && !self.commits.is_empty() || self.commits.len() > KEPT_MAX {
            self.commits.pop_front();
            self.known.drain(..primaries);
            self.dropped += 1;
        }
        self.decided = self.decided.max(self.dropped);
    }
}

/// What goes over a link between two machines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Parcel {
    /// A write that counts, to be applied.
    Write,
    /// A write that counts only if nobody objects.
    Proposal,
    /// A vote on a proposal, on its way back.
    Vote,
}

/// A parcel on a link: when it arrives, whose write and which.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    due: SimTime,
    parcel: Parcel,
    primary: u16,
    position: u64,
}

impl Multi {
    /// A primary has done the work of a write.
    pub(super) fn commit(&mut self, core: &mut Core, me: NodeIdx, m: usize, id: u32) {
        let n = self.peers.len();
        let key = core.calls[id].key;
        self.version += 1;
        let up_others = (0..n).filter(|j| *j != m && self.peers[*j].station.up);
        let missing = if self.rejects { up_others.fold(0, |bits, j| bits | 1 << j) } else { 0 };
        let peer = &mut self.peers[m];
        let position = peer.history.last() + 1;
        let before = std::mem::replace(&mut peer.own[key as usize], position as u32);
        peer.history.commits.push_back(Commit {
            at: core.now,
            key,
            version: self.version,
            before: u64::from(before),
            id,
            missing,
            copies: 0,
            settled: false,
            conflicted: false,
            void: false,
        });
        // A write knows of what its machine has applied; where primaries vote, of what it has heard of.
        peer.history.known.extend(if self.rejects { &peer.received } else { &peer.applied });
        (peer.received[m], peer.applied[m]) = (position, position);
        self.window.commits += 1;
        self.total.commits += 1;
        if missing == 0 {
            self.decide(core, me, m);
        } else {
            for j in 0..n {
                if missing & 1 << j != 0 {
                    self.send(core, me, m, j, Parcel::Proposal, m, position);
                }
            }
        }
    }

    /// Decides on a primary's writes, in order, as far as all votes are there.
    fn decide(&mut self, core: &mut Core, me: NodeIdx, m: usize) {
        loop {
            let history = &mut self.peers[m].history;
            let position = history.decided + 1;
            let Some(commit) = history.get(position) else { break };
            if commit.missing != 0 {
                break;
            }
            let id = std::mem::replace(&mut commit.id, NIL);
            let commit = *commit;
            history.decided = position;
            if commit.void {
                self.window.rejected += 1;
                self.total.rejected += 1;
                if id != NIL {
                    core.fail(id, Reason::Conflict);
                }
            } else {
                let value = &mut self.peers[m].value[commit.key as usize];
                *value = (*value).max(commit.version);
                let truth = &mut core.truth[me as usize][commit.key as usize];
                *truth = (*truth).max(commit.version);
                if id != NIL {
                    let call = &mut core.calls[id];
                    (call.version, call.store) = (commit.version, me);
                    core.reply(id, Outcome::OK);
                }
            }
            for j in self.heirs(m, m) {
                self.send(core, me, m, j, Parcel::Write, m, position);
            }
            if self.peers.len() == 1 {
                self.settle(m, position, core.now);
            }
        }
        self.trim(m);
    }

    /// Whom a machine hands a write of a primary on to.
    fn heirs(&self, from: usize, primary: usize) -> std::ops::Range<usize> {
        let n = self.peers.len();
        if self.ring {
            let next = (from + 1) % n;
            if next == primary { 0..0 } else { next..next + 1 }
        } else if from == primary {
            0..n
        } else {
            0..0
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a link has two ends and a parcel three parts")]
    fn send(
        &mut self,
        core: &mut Core,
        me: NodeIdx,
        from: usize,
        to: usize,
        parcel: Parcel,
        primary: usize,
        position: u64,
    ) {
        if from == to || !self.peers[to].station.up {
            return;
        }
        let link = from * self.peers.len() + to;
        let queue = &mut self.links[link];
        let more = self.jitter.as_mut().map_or(0, |(law, stream)| law.sample_ns(stream));
        let due = core.now.saturating_add(self.delay_ns).saturating_add(more);
        // A link keeps the order.
        let due = queue.back().map_or(due, |last| last.due.max(due));
        queue.push_back(Sent { due, parcel, primary: primary as u16, position });
        core.timer(due.since(core.now), me, timer::LINK, link as u32);
    }

    /// What is due on a link arrives.
    pub(super) fn deliver(&mut self, core: &mut Core, me: NodeIdx, link: usize) {
        let n = self.peers.len();
        let (from, to) = (link / n, link % n);
        while self.links[link].front().is_some_and(|s| s.due <= core.now) {
            let sent = self.links[link].pop_front().expect("there is one");
            let (primary, position) = (sent.primary as usize, sent.position);
            match sent.parcel {
                Parcel::Write => {
                    let peer = &mut self.peers[to];
                    peer.received[primary] = peer.received[primary].max(position);
                    if position == peer.taken[primary] + 1 {
                        peer.taken[primary] = position;
                        peer.inbox.push_back((sent.primary, position));
                        self.apply_next(core, me, to);
                    }
                }
                Parcel::Proposal => {
                    let peer = &mut self.peers[to];
                    peer.received[primary] = peer.received[primary].max(position);
                    self.certify(primary, position, to);
                    self.send(core, me, to, from, Parcel::Vote, primary, position);
                }
                Parcel::Vote => {
                    if let Some(commit) = self.peers[to].history.get(position) {
                        commit.missing &= !(1 << from);
                    }
                    self.decide(core, me, to);
                }
            }
        }
    }

    /// A proposal has come to machine `at`: of it and the writes there that did not know of it, the earlier one counts.
    fn certify(&mut self, primary: usize, position: u64, at: usize) {
        let n = self.peers.len();
        let known = self.peers[primary].history.known_of(position, at, n);
        let Some(&proposal) = self.peers[primary].history.at(position) else { return };
        let newest = u64::from(self.peers[at].own[proposal.key as usize]);
        let (mut met, mut void) = (false, proposal.void);
        let mut p = newest;
        while p > known
            && let Some(own) = self.peers[at].history.get(p)
        {
            met = true;
            own.conflicted = true;
            void |= !own.void && own.version < proposal.version;
            p = own.before;
        }
        let mut p = newest;
        while !void
            && p > known
            && let Some(own) = self.peers[at].history.get(p)
        {
            own.void |= own.version > proposal.version;
            p = own.before;
        }
        if let Some(commit) = self.peers[primary].history.get(position) {
            commit.conflicted |= met;
            commit.void |= void;
        }
    }

    /// Starts the next apply job of a machine, one at a time, among its requests.
    pub(super) fn apply_next(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        while self.peers[i].job == NIL && self.peers[i].station.up {
            let Some(&(primary, position)) = self.peers[i].inbox.front() else {
                return self.backlog_empty(core, me, i);
            };
            if self.peers[primary as usize].history.at(position).is_some_and(|c| c.void) {
                self.take_in(core, me, i);
                continue;
            }
            // Past the simulator's limit nothing can be applied now; the next write tries again.
            let job = super::single::own_job(core, me, i, Op::Apply);
            let Some(id) = core.calls.alloc(job) else { return };
            self.peers[i].job = id;
            self.peers[i].station.enter(core, &mut self.work, id);
        }
    }

    pub(super) fn applied(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        core.calls.free(self.peers[i].job);
        self.peers[i].job = NIL;
        self.take_in(core, me, i);
        self.leave(core, me, i);
        self.apply_next(core, me, i);
    }

    /// The first write of a machine's inbox is there from now on.
    fn take_in(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let n = self.peers.len();
        let Some((primary, position)) = self.peers[i].inbox.pop_front() else { return };
        let primary = primary as usize;
        self.peers[i].applied[primary] = position;
        let known = self.peers[primary].history.known_of(position, i, n);
        if let Some(&commit) = self.peers[primary].history.at(position) {
            let key = commit.key as usize;
            if !commit.void {
                let peer = &mut self.peers[i];
                peer.window_lag_max_s = peer.window_lag_max_s.max(core.now.since(commit.at) as f64 / 1e9);
                peer.value[key] = peer.value[key].max(commit.version);
            }
            // This machine had written the item, and the other did not know.
            let met = !self.rejects && u64::from(self.peers[i].own[key]) > known;
            let others_up = (0..n).filter(|j| *j != primary && self.peers[*j].station.up).count() as u32;
            let commit = self.peers[primary].history.get(position).expect("it is there");
            commit.conflicted |= met;
            commit.copies += 1;
            if commit.copies >= others_up && !std::mem::replace(&mut commit.settled, true) {
                self.settle(primary, position, core.now);
            }
        }
        for j in self.heirs(i, primary) {
            self.send(core, me, i, j, Parcel::Write, primary, position);
        }
        self.trim(primary);
    }

    /// A write is everywhere: now it is known whether it met another.
    fn settle(&mut self, primary: usize, position: u64, now: SimTime) {
        let since = self.since;
        let Some(commit) = self.peers[primary].history.at(position) else { return };
        if commit.at < since {
            return;
        }
        let (conflicted, void, took) = (commit.conflicted, commit.void, now.since(commit.at));
        for c in [&mut self.window, &mut self.total] {
            c.settled += 1;
            c.conflicts += u64::from(conflicted);
        }
        if !void {
            self.convergence.record(took);
        }
    }

    fn trim(&mut self, primary: usize) {
        let n = self.peers.len();
        let applied = self.peers.iter().map(|p| p.applied[primary]).min().unwrap_or(0);
        let history = &mut self.peers[primary].history;
        history.trim(applied.min(history.decided), n);
    }

    /// A machine has applied all that has come to it.
    fn backlog_empty(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let peer = &mut self.peers[i];
        if peer.goal.is_empty() || peer.goal.iter().zip(&peer.applied).any(|(goal, has)| has < goal) {
            return;
        }
        peer.goal.clear();
        core.happen(me, Some(i as u32), What::CaughtUp);
    }

    /// A machine has died: what it was sending and what was on the way to it is gone, and nobody waits for its vote.
    pub(super) fn cut_off(&mut self, core: &mut Core, me: NodeIdx, dead: usize) {
        let n = self.peers.len();
        for (link, queue) in self.links.iter_mut().enumerate() {
            if link / n == dead || link % n == dead {
                queue.clear();
            }
        }
        // Who waited for an answer of the dead one has failed with it; its undecided writes count for nothing.
        let history = &mut self.peers[dead].history;
        for position in history.decided + 1..=history.last() {
            if let Some(commit) = history.get(position) {
                (commit.id, commit.missing, commit.void) = (NIL, 0, true);
            }
        }
        history.decided = history.last();
        for m in 0..n {
            let history = &mut self.peers[m].history;
            for position in history.decided + 1..=history.last() {
                if let Some(commit) = history.get(position) {
                    commit.missing &= !(1 << dead);
                }
            }
            if m != dead {
                self.decide(core, me, m);
            }
        }
    }

    /// A machine is back: it and those that it is linked with send each other what is missing.
    pub(super) fn rejoin(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let n = self.peers.len();
        let mut goal = vec![0; n];
        for j in 0..n {
            if j == i || !self.peers[j].station.up {
                continue;
            }
            let ring = self.ring;
            let linked = |a: usize, b: usize| !ring || (a + 1) % n == b;
            if linked(j, i) {
                for (primary, goal) in goal.iter_mut().enumerate() {
                    let has = self.has(j, primary);
                    if self.ring || primary == j {
                        *goal = has.max(*goal);
                    }
                }
                self.resend(core, me, j, i);
            }
            if linked(i, j) {
                self.resend(core, me, i, j);
            }
        }
        self.peers[i].goal = goal;
        self.apply_next(core, me, i);
    }

    /// Position of a primary's writes up to which a machine can hand them on.
    fn has(&self, i: usize, primary: usize) -> u64 {
        if i == primary { self.peers[i].history.decided } else { self.peers[i].applied[primary] }
    }

    fn resend(&mut self, core: &mut Core, me: NodeIdx, from: usize, to: usize) {
        let n = self.peers.len();
        self.links[from * n + to].clear();
        let mut missing: Vec<(u32, usize, u64)> = Vec::new();
        let ring = self.ring;
        for primary in (0..n).filter(|p| *p != to && (ring || *p == from)) {
            let dropped = self.peers[primary].history.dropped;
            if self.peers[to].taken[primary] < dropped {
                self.copy_data(from, to, primary, dropped);
            }
            for position in self.peers[to].taken[primary] + 1..=self.has(from, primary) {
                if let Some(commit) = self.peers[primary].history.at(position) {
                    missing.push((commit.version, primary, position));
                }
            }
        }
        order::sort(&mut missing);
        for (_, primary, position) in missing {
            self.send(core, me, from, to, Parcel::Write, primary, position);
        }
    }

    /// More was missed than is kept: the machine takes a copy of the data.
    fn copy_data(&mut self, from: usize, to: usize, primary: usize, position: u64) {
        let values = std::mem::take(&mut self.peers[from].value);
        let peer = &mut self.peers[to];
        for (mine, other) in peer.value.iter_mut().zip(&values) {
            *mine = (*mine).max(*other);
        }
        peer.inbox.retain(|(p, _)| *p as usize != primary);
        for at in [&mut peer.taken, &mut peer.received, &mut peer.applied] {
            at[primary] = at[primary].max(position);
        }
        self.peers[from].value = values;
    }
}
