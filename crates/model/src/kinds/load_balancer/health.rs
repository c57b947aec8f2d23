//! Probes of the servers, who is in, and servers that come and go.

use super::{Backend, PROBE, PROBE_TIMEOUT, Probe, State};
use crate::messages::What;
use crate::sim::core::{ANY_PART, Core, NewCall, NodeIdx, Op};
use headroom_engine::{NIL, ns_from_secs};

/// A probe that was sent as a request, until its answer is back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    call: u32,
    backend: u32,
    /// Sequence number of its timeout; 0 when that is over.
    timeout: u64,
}

impl State {
    /// Servers may have come or gone: those that boot or drain get nothing, at once; those that are new or back get their
    /// share from now on.
    pub(super) fn look_at_parts(&mut self, core: &Core) {
        self.epoch = core.parts_epoch;
        for at in 0..self.of_wire.len() {
            let Some(first) = self.of_wire[at].1.first() else { continue };
            let Backend { wire, node, weight, part, .. } = self.backends[*first as usize];
            let known = self.of_wire[at].1.len();
            if part == ANY_PART {
                continue;
            }
            for part in known..core.accepting[node as usize].len() {
                self.of_wire[at].1.push(self.backends.len() as u32);
                self.backends
                    .push(Backend { wanted: false, ..Backend::new(wire, node, part as u16, weight) });
            }
        }
        for b in &mut self.backends {
            let part = if b.part == ANY_PART { 0 } else { b.part as usize };
            let wanted = core.accepting[b.node as usize].get(part).copied().unwrap_or(false);
            if wanted && !b.wanted {
                (b.is_in, b.streak, b.since) = (true, 0, Some(core.now));
            }
            b.wanted = wanted;
        }
        self.list_eligible();
    }

    pub(super) fn list_eligible(&mut self) {
        self.eligible.clear();
        self.eligible
            .extend((0..self.backends.len() as u32).filter(|i| self.backends[*i as usize].is_eligible()));
    }

    /// One probe of every server.
    pub(super) fn probe_all(&mut self, core: &mut Core, me: NodeIdx) {
        for i in 0..self.backends.len() {
            let b = &self.backends[i];
            if !b.wanted {
                continue;
            }
            let part = if b.part == ANY_PART { 0 } else { b.part as usize };
            match self.params.probe {
                Probe::Connect => {
                    let good = core.alive[b.node as usize].get(part).copied().unwrap_or(false);
                    self.probed(core, i, good);
                }
                Probe::Request => {
                    let new = NewCall {
                        wire: b.wire,
                        part: b.part,
                        op: Op::Static,
                        key: core.items,
                        ..NewCall::default()
                    };
                    let call = core.call(new);
                    if call != NIL {
                        let timeout =
                            core.timer(ns_from_secs(self.params.probe_timeout_s), me, PROBE_TIMEOUT, call);
                        self.asked.push(Asked { call, backend: i as u32, timeout });
                    }
                }
            }
        }
        core.timer(ns_from_secs(self.params.health_interval_s), me, PROBE, 0);
    }

    /// What a probe has shown of a server.
    fn probed(&mut self, core: &mut Core, i: usize, good: bool) {
        let b = &mut self.backends[i];
        b.streak = if good { b.streak.max(0) + 1 } else { b.streak.min(0) - 1 };
        let shown = (b.part != ANY_PART).then_some(u32::from(b.part));
        let what = if b.is_in && -b.streak >= self.params.unhealthy_after as i32 {
            b.is_in = false;
            What::TakenOut
        } else if !b.is_in && b.streak >= self.params.healthy_after as i32 {
            b.is_in = true;
            b.since = Some(core.now);
            What::PutBack
        } else {
            return;
        };
        core.happen(b.node, shown, what);
        self.list_eligible();
    }

    /// An answer without anyone who waits for it: that of a probe, perhaps. True if it was.
    pub(super) fn probe_answered(&mut self, core: &mut Core, call: u32, good: bool) -> bool {
        let Some(at) = self.asked.iter().position(|a| a.call == call) else { return false };
        let asked = self.asked.swap_remove(at);
        if asked.timeout != 0 {
            self.probed(core, asked.backend as usize, good);
        }
        true
    }

    /// A probe has taken too long: it counts as failed, whatever comes of it.
    pub(super) fn probe_late(&mut self, core: &mut Core, seq: u64) {
        let Some(asked) = self.asked.iter_mut().find(|a| a.timeout == seq) else { return };
        asked.timeout = 0;
        let i = asked.backend as usize;
        self.probed(core, i, false);
    }
}
