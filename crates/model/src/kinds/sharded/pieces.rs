//! Requests that ask several shards: queries, split keys, items on the move, de-normalised copies.

use super::state::State;
use crate::reason::Reason;
use crate::sim::core::{Call, Core, NodeIdx, Op, flag, more};
use crate::sim::station::Admission;
use headroom_engine::NIL;

/// A request that several shards work on; it is answered when all have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gather {
    /// The call; [`NIL`] once it is answered.
    pub call: u32,
    /// Shards that have not answered.
    open: u32,
    started: bool,
}

impl State {
    /// Asks all of these shards.
    pub(super) fn ask(&mut self, core: &mut Core, me: NodeIdx, id: u32, op: Op, targets: &[u16]) {
        core.calls[id].part = targets[0];
        if targets.iter().any(|t| !self.shards[*t as usize].up) {
            return core.fail(id, Reason::Refused);
        }
        let key = core.calls[id].key;
        let Some(g) = self.gathers.alloc(Gather { call: id, open: targets.len() as u32, started: false })
        else {
            return core.fail(id, Reason::Saturated);
        };
        for &shard in targets {
            let piece = Call {
                node: me,
                part: shard,
                op,
                key,
                parent: g,
                arrived: core.now,
                flags: flag::DETACHED,
                more: more::PIECE,
                ..Call::default()
            };
            let Some(piece) = core.calls.alloc(piece) else {
                self.lost(core, g, Reason::Saturated);
                continue;
            };
            match self.shards[shard as usize].enter(core, &mut self.work, piece) {
                Admission::Started => self.piece_started(core, me, piece),
                Admission::Queued => {}
                Admission::Full => self.piece_failed(core, piece, Reason::QueueFull),
            }
        }
    }

    /// A shard begins to work on a piece.
    pub(super) fn piece_started(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let piece = core.calls[id];
        if piece.more & more::PIECE == 0 {
            return;
        }
        let gather = &mut self.gathers[piece.parent];
        if !std::mem::replace(&mut gather.started, true) && gather.call != NIL {
            let call = &core.calls[gather.call];
            core.meters[me as usize].start(call.op.class(), core.now.since(call.arrived));
            core.trace_started(gather.call);
        }
    }

    pub(super) fn piece_served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let piece = core.calls[id];
        core.calls.free(id);
        self.leave(core, me, piece.part as usize);
        let gather = &mut self.gathers[piece.parent];
        gather.open -= 1;
        if gather.open > 0 {
            return;
        }
        let call = gather.call;
        self.gathers.free(piece.parent);
        if call != NIL {
            self.done(core, me, call);
        }
    }

    pub(super) fn piece_failed(&mut self, core: &mut Core, id: u32, reason: Reason) {
        let g = core.calls[id].parent;
        core.calls.free(id);
        self.lost(core, g, reason);
    }

    /// A shard will not answer: so nobody can.
    fn lost(&mut self, core: &mut Core, g: u32, reason: Reason) {
        let gather = &mut self.gathers[g];
        gather.open -= 1;
        let call = std::mem::replace(&mut gather.call, NIL);
        if gather.open == 0 {
            self.gathers.free(g);
        }
        if call != NIL {
            core.fail(call, reason);
        }
    }

    /// A shard dies: the pieces at it, and the requests that it answered for, which fail with it.
    pub(super) fn pieces_at(&mut self, core: &Core, me: NodeIdx, shard: usize) -> Vec<u32> {
        let there = |c: &Call| c.node == me && c.part as usize == shard && c.more & more::PIECE != 0;
        let pieces = core.calls.iter_live().filter(|(_, c)| there(c)).map(|(id, _)| id).collect();
        let answered_for = |g: &Gather| g.call != NIL && core.calls[g.call].part as usize == shard;
        let doomed: Vec<u32> =
            self.gathers.iter_live().filter(|(_, g)| answered_for(g)).map(|(id, _)| id).collect();
        for g in doomed {
            self.gathers[g].call = NIL;
        }
        pieces
    }
}
