//! Who is logged in: sessions live in the server that made them, or in a store that all servers share.
//!
//! Topology decides: wired to a session store the servers are stateless. Otherwise a logged-in request that lands on
//! another server than the one with its session is logged out. A tier with other tiers behind it leaves it to them.

use super::State;
use crate::kinds::Kind;
use crate::reason::Reason;
use crate::sim::core::{ANY_PART, Core, NewCall, NodeIdx, Op, Reply, flag, more};
use crate::sim::meter::Outcome;
use crate::sim::session_table::SessionTable;
use crate::sim::wiring::{Wiring, pick_by_key};

/// The marks of a request that say something about a session.
const MARKS: u8 = more::LOGGED_IN | more::LOG_IN | more::LOG_OUT;

/// What a web tier knows of sessions.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    stores: Vec<(u16, f64)>,
    /// Another tier behind this one sees to it.
    passes_on: bool,
    pub table: SessionTable,
    /// A timer for the next session to expire is set.
    armed: bool,
    pub lost: u64,
    pub expired: u64,
}

impl Sessions {
    pub fn new(wiring: &Wiring, ttl_ns: u64) -> Self {
        let stores = wiring.cumulative(wiring.to(&[Kind::SessionStore]).collect::<Vec<_>>().into_iter());
        let passes_on = stores.is_empty() && wiring.to(&[Kind::Web]).next().is_some();
        Self { stores, passes_on, table: SessionTable::new(ttl_ns), armed: false, lost: 0, expired: 0 }
    }

    /// A server is gone, and with it its sessions.
    pub fn lose(&mut self, part: usize) {
        if self.table.at(part) > 0 {
            self.lost += self.table.lose(|home, _| home as usize == part);
        }
    }
}

impl State {
    /// Sees to the session of a request whose own work is done; true when it may go on at once.
    #[inline]
    pub(super) fn check_session(&mut self, core: &mut Core, me: NodeIdx, id: u32) -> bool {
        if core.calls[id].more & MARKS == 0 || self.sessions.passes_on {
            return true;
        }
        let call = core.calls[id];
        // Who works for this request further on need not ask again.
        core.calls[id].more &= !MARKS;
        let op = match call.more & MARKS {
            more::LOG_IN => Op::Set,
            more::LOG_OUT => Op::Delete,
            _ => Op::Get,
        };
        if !self.sessions.stores.is_empty() {
            core.calls[id].phase = super::phase::SESSION;
            let wire = pick_by_key(&self.sessions.stores, call.client);
            let new = NewCall::on_behalf(&core.calls[id], id, wire, op);
            core.call(NewCall { key: call.client, part: ANY_PART, bytes: 0, ..new });
            return false;
        }
        let sessions = &mut self.sessions;
        match op {
            Op::Set => {
                sessions.table.begin(core.now, call.client, call.part);
                if !sessions.armed {
                    self.arm_expiry(core, me);
                }
                true
            }
            Op::Delete => {
                sessions.table.end(call.client);
                self.finish(core, me, id, Outcome::OK);
                false
            }
            _ if sessions.table.home(call.client) == Some(call.part) => {
                sessions.table.touch(core.now, call.client);
                true
            }
            _ => {
                self.finish(core, me, id, Outcome::failed(Reason::LoggedOut));
                false
            }
        }
    }

    /// The session store has answered; true when the request may go on.
    pub(super) fn session_answered(&mut self, core: &mut Core, me: NodeIdx, id: u32, reply: &Reply) -> bool {
        let outcome = match reply.op {
            _ if !reply.outcome.is_ok() => reply.outcome,
            Op::Delete => Outcome::OK,
            Op::Get if reply.flags & flag::HIT == 0 => Outcome::failed(Reason::LoggedOut),
            _ => return true,
        };
        self.finish(core, me, id, outcome);
        false
    }

    fn arm_expiry(&mut self, core: &mut Core, me: NodeIdx) {
        let next = self.sessions.table.next_expiry();
        self.sessions.armed = next.is_some();
        if let Some(at) = next {
            core.timer(at.since(core.now), me, super::EXPIRY, 0);
        }
    }

    /// Drops sessions that nobody has used for too long.
    pub(super) fn expire_sessions(&mut self, core: &mut Core, me: NodeIdx) {
        self.sessions.expired += self.sessions.table.expire(core.now);
        self.arm_expiry(core, me);
    }
}
