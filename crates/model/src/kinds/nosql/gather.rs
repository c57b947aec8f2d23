//! One request and the copies that are asked for it.

use super::Preset;
use super::state::{State, timer};
use crate::reason::Reason;
use crate::sim::core::{Call, Core, NodeIdx, Op, flag, more};
use crate::sim::meter::Outcome;
use crate::sim::station::Admission;
use headroom_engine::{NIL, hash2};

/// Copies that an item may have.
pub(super) const COPIES_MAX: usize = 9;

/// A request whose answer is put together from several copies.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gather {
    /// The call; [`NIL`] once it is answered.
    pub call: u32,
    op: Op,
    key: u32,
    /// Answers wanted, answers there, and copies that have not answered.
    need: u16,
    got: u16,
    open: u16,
    /// Newest version among the answers, and the one that was acknowledged when the request came.
    best: u32,
    acknowledged: u32,
    /// Copies that answered a read, and with which version.
    seen: [(u8, u32); COPIES_MAX],
    /// Steps of a walk still to go.
    steps: u32,
    started: bool,
}

/// Where a piece is.
mod phase {
    pub const ON_THE_WAY: u8 = 0;
    pub const THERE: u8 = 1;
    pub const COMING_BACK: u8 = 2;
}

impl State {
    /// The nodes of an item's copies, in the ring's order.
    pub(super) fn owners(&self, key: u32) -> [u16; COPIES_MAX] {
        let mut owners = [0; COPIES_MAX];
        self.ring.owners(hash2(self.salt, u64::from(key)), &mut owners[..self.copies]);
        owners
    }

    /// Copies of an item that live, in random order: the first one coordinates.
    fn live_copies(&mut self, owners: &[u16; COPIES_MAX]) -> ([u8; COPIES_MAX], usize) {
        let (mut live, mut n) = ([0; COPIES_MAX], 0);
        for (copy, owner) in owners.iter().enumerate().take(self.copies) {
            if self.nodes[*owner as usize].station.up {
                live[n] = copy as u8;
                n += 1;
            }
        }
        for i in 1..n {
            live.swap(i, self.stream.below(i as u32 + 1) as usize);
        }
        (live, n)
    }

    /// A request comes: who is to be asked, and are there enough?
    pub(super) fn ask(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let op = match call.op {
            Op::Write | Op::Set | Op::Delete | Op::Job => Op::Write,
            Op::Query => Op::Query,
            _ => Op::Read,
        };
        if op == Op::Query {
            match self.params.preset {
                Preset::KeyValue => return core.fail(id, Reason::Unsupported),
                Preset::Document => return self.ask_all(core, me, id),
                Preset::Column | Preset::Graph => {}
            }
        }
        let owners = self.owners(call.key);
        let (live, n) = self.live_copies(&owners);
        let walk = op == Op::Query && self.params.preset == Preset::Graph;
        let need = match op {
            Op::Write => self.write_acks,
            _ if walk => 1,
            _ => self.read_acks,
        };
        if n < need {
            return core.fail(id, Reason::NoQuorum);
        }
        core.calls[id].part = owners[live[0] as usize];
        let op = if walk { Op::Read } else { op };
        let asked = if op == Op::Write { n } else { need };
        let Some(g) = self.open(core, me, id, op, need, asked) else { return };
        if walk {
            self.gathers[g].steps = self.params.steps - 1;
        }
        if op != Op::Write {
            for &copy in &live[..need] {
                self.send(core, me, g, owners[copy as usize], copy, 0);
            }
            return;
        }
        self.version += 1;
        let version = self.version;
        self.gathers[g].best = version;
        for &copy in &live[..n] {
            self.send(core, me, g, owners[copy as usize], copy, version);
        }
        for copy in 0..self.copies as u8 {
            let node = owners[copy as usize];
            if !self.nodes[node as usize].station.up {
                self.keep_hint(node, copy, call.key, version);
            }
        }
    }

    /// A search: every node that lives looks through what it has.
    fn ask_all(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let live = self.nodes.iter().filter(|n| n.station.up).count();
        // What has no live copy cannot be found.
        if live == 0 || self.nodes.len() - live >= self.copies {
            return core.fail(id, Reason::NoQuorum);
        }
        let nth = self.stream.below(live as u32) as usize;
        let up = |s: &Self, i: &usize| s.nodes[*i].station.up;
        let coordinator = (0..self.nodes.len()).filter(|i| up(self, i)).nth(nth).expect("so many live");
        core.calls[id].part = coordinator as u16;
        let Some(g) = self.open(core, me, id, Op::Query, live, live) else { return };
        self.gathers[g].best = self.gathers[g].acknowledged;
        for i in 0..self.nodes.len() {
            if self.nodes[i].station.up {
                self.send(core, me, g, i as u16, u8::MAX, 0);
            }
        }
    }

    /// A request of which so many copies are asked and so many must answer.
    fn open(
        &mut self,
        core: &mut Core,
        me: NodeIdx,
        id: u32,
        op: Op,
        need: usize,
        asked: usize,
    ) -> Option<u32> {
        let key = core.calls[id].key;
        let gather = Gather {
            call: id,
            op,
            key,
            need: need as u16,
            got: 0,
            open: asked as u16,
            best: 0,
            acknowledged: core.truth[me as usize][key as usize],
            seen: [(0, 0); COPIES_MAX],
            steps: 0,
            started: false,
        };
        let g = self.gathers.alloc(gather);
        if g.is_none() {
            core.fail(id, Reason::Saturated);
        }
        g
    }

    /// Asks one copy.
    fn send(&mut self, core: &mut Core, me: NodeIdx, g: u32, node: u16, copy: u8, version: u32) {
        let gather = &self.gathers[g];
        // A request that has failed already needs no more answers, but its copies are asked all the same.
        let local = gather.call != NIL && core.calls[gather.call].part == node;
        let (op, key) = (gather.op, gather.key);
        self.send_piece(core, me, (op, key, version), g, node, copy, local);
    }

    #[allow(clippy::too_many_arguments, reason = "what, for whom, to whom, how far")]
    fn send_piece(
        &mut self,
        core: &mut Core,
        me: NodeIdx,
        (op, key, version): (Op, u32, u32),
        g: u32,
        node: u16,
        copy: u8,
        local: bool,
    ) {
        let piece = Call {
            node: me,
            part: node,
            from_part: u16::from(copy),
            op,
            key,
            version,
            parent: g,
            arrived: core.now,
            flags: flag::DETACHED | if local { flag::HIT } else { 0 },
            more: more::PIECE,
            phase: phase::ON_THE_WAY,
            ..Call::default()
        };
        let Some(id) = core.calls.alloc(piece) else {
            if g != NIL {
                self.lost(core, g, Reason::Saturated);
                self.free_if_over(g);
            }
            return;
        };
        if local || self.delay_ns == 0 {
            return self.piece_there(core, me, id);
        }
        core.calls[id].due = core.timer(self.delay_ns, me, timer::THERE, id);
    }

    /// A piece has come to its node.
    pub(super) fn piece_there(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let node = core.calls[id].part as usize;
        core.calls[id].phase = phase::THERE;
        if !self.nodes[node].station.up {
            return self.piece_failed(core, id, Reason::Refused);
        }
        match self.nodes[node].station.enter(core, &mut self.work, id) {
            Admission::Started => self.piece_started(core, me, id),
            Admission::Queued => {}
            Admission::Full => self.piece_failed(core, id, Reason::QueueFull),
        }
    }

    /// Work on a piece begins: what a read will see is settled now.
    pub(super) fn piece_started(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let piece = core.calls[id];
        if piece.more & more::PIECE == 0 {
            return;
        }
        if piece.op != Op::Write && piece.from_part != u16::from(u8::MAX) {
            core.calls[id].version = self.held[piece.key as usize * self.copies + piece.from_part as usize];
        }
        if piece.parent == NIL {
            return;
        }
        let gather = &mut self.gathers[piece.parent];
        if !std::mem::replace(&mut gather.started, true) && gather.call != NIL {
            let call = &core.calls[gather.call];
            let waited = core.now.since(call.arrived);
            core.meters[me as usize].start(call.op.class(), waited);
            core.trace_started(gather.call);
        }
    }

    /// A node has done its work on a piece.
    pub(super) fn piece_served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let piece = core.calls[id];
        if piece.op == Op::Write {
            self.hold(piece.key, piece.from_part as usize, piece.version);
        }
        self.leave(core, me, piece.part as usize);
        if self.delay_ns == 0 || piece.flags & flag::HIT != 0 {
            return self.piece_back(core, me, id);
        }
        core.calls[id].phase = phase::COMING_BACK;
        core.calls[id].due = core.timer(self.delay_ns, me, timer::BACK, id);
    }

    pub(super) fn hold(&mut self, key: u32, copy: usize, version: u32) {
        let held = &mut self.held[key as usize * self.copies + copy];
        *held = (*held).max(version);
    }

    /// A piece's answer is with the coordinator.
    pub(super) fn piece_back(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let piece = core.calls[id];
        core.calls.free(id);
        if piece.parent == NIL {
            return;
        }
        let g = piece.parent;
        let gather = &mut self.gathers[g];
        gather.open -= 1;
        if gather.op == Op::Read || gather.op == Op::Query {
            if let Some(seen) = gather.seen.get_mut(gather.got as usize) {
                *seen = (piece.from_part as u8, piece.version);
            }
            gather.best = gather.best.max(piece.version);
        }
        gather.got += 1;
        if gather.call != NIL && gather.got == gather.need {
            self.enough(core, me, g);
        }
        self.free_if_over(g);
    }

    /// A copy will not answer.
    pub(super) fn piece_failed(&mut self, core: &mut Core, id: u32, reason: Reason) {
        let piece = core.calls[id];
        core.calls.free(id);
        if piece.op == Op::Write && reason != Reason::QueueFull {
            self.keep_hint(piece.part, piece.from_part as u8, piece.key, piece.version);
        }
        if piece.parent != NIL {
            self.lost(core, piece.parent, reason);
            self.free_if_over(piece.parent);
        }
    }

    /// Pieces that are at a node that dies.
    pub(super) fn pieces_at(core: &Core, me: NodeIdx, node: usize) -> Vec<u32> {
        let there = |c: &Call| {
            c.node == me && c.part as usize == node && c.more & more::PIECE != 0 && c.phase == phase::THERE
        };
        core.calls.iter_live().filter(|(_, c)| there(c)).map(|(id, _)| id).collect()
    }

    fn lost(&mut self, core: &mut Core, g: u32, reason: Reason) {
        let gather = &mut self.gathers[g];
        gather.open -= 1;
        if gather.call != NIL && gather.got + gather.open < gather.need {
            let call = std::mem::replace(&mut gather.call, NIL);
            core.fail(call, reason);
        }
    }

    fn free_if_over(&mut self, g: u32) {
        if self.gathers.is_live(g) && self.gathers[g].open == 0 && self.gathers[g].call == NIL {
            self.gathers.free(g);
        }
    }

    /// As many copies have answered as must.
    fn enough(&mut self, core: &mut Core, me: NodeIdx, g: u32) {
        let gather = self.gathers[g];
        if gather.steps > 0 {
            return self.next_step(core, me, g);
        }
        self.gathers[g].call = NIL;
        let call = &mut core.calls[gather.call];
        (call.version, call.store) = (gather.best, me);
        if gather.op == Op::Write {
            let truth = &mut core.truth[me as usize][gather.key as usize];
            *truth = (*truth).max(gather.best);
            self.count(|c| c.writes += 1);
            return core.reply(gather.call, Outcome::OK);
        }
        let stale = gather.best < gather.acknowledged;
        if stale {
            call.flags |= flag::STALE;
        }
        core.reply(gather.call, Outcome::OK);
        self.count(|c| {
            c.reads += 1;
            c.stale += u64::from(stale);
        });
        if self.params.read_repair && self.walks_no_further(&gather) {
            let owners = self.owners(gather.key);
            for (copy, version) in gather.seen.iter().take(gather.got as usize) {
                if *version < gather.best {
                    self.count(|c| c.repairs += 1);
                    let what = (Op::Write, gather.key, gather.best);
                    self.send_piece(core, me, what, NIL, owners[*copy as usize], *copy, false);
                }
            }
        }
    }

    /// Whether the answers are those of one item's copies.
    fn walks_no_further(&self, gather: &Gather) -> bool {
        gather.got as usize <= self.copies
            && !(gather.op == Op::Query && self.params.preset == Preset::Document)
    }

    /// A walk goes on to another item.
    fn next_step(&mut self, core: &mut Core, me: NodeIdx, g: u32) {
        let gather = &mut self.gathers[g];
        gather.steps -= 1;
        (gather.got, gather.open) = (0, gather.open + 1);
        gather.key = (hash2(self.salt, (u64::from(gather.key) << 32) | u64::from(gather.steps))
            % u64::from(core.items)) as u32;
        // What counts is what it sees last.
        (gather.best, gather.acknowledged) = (0, core.truth[me as usize][gather.key as usize]);
        let (key, call) = (gather.key, gather.call);
        let owners = self.owners(key);
        let (live, n) = self.live_copies(&owners);
        if n == 0 {
            (self.gathers[g].call, self.gathers[g].open) = (NIL, self.gathers[g].open - 1);
            return core.fail(call, Reason::NoQuorum);
        }
        self.send(core, me, g, owners[live[0] as usize], live[0], 0);
    }
}
