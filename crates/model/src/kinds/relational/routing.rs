//! Which machine a request goes to.

use super::single::Single;
use super::{ReadFrom, RelationalParams};
use crate::reason::Reason;
use crate::sim::core::{Call, Core, Op};
use headroom_engine::{SimTime, hash2, mix64, ns_from_secs};

/// Slots that remember who wrote of late. Clients that share one are treated alike: one of them may be sent to a fresher
/// machine than it needs, never to a staler one.
const SLOTS: usize = 1 << 16;

/// Who wrote of late, and what.
#[derive(Clone, Debug)]
pub(super) struct Authors {
    window_ns: u64,
    /// Version of the last write, and until when it counts; empty when it does not matter.
    slots: Vec<(u32, SimTime)>,
}

impl Authors {
    pub fn new(params: &RelationalParams) -> Self {
        let window_ns = ns_from_secs(params.read_your_writes_s);
        Self { window_ns, slots: vec![(0, SimTime::ZERO); if window_ns > 0 { SLOTS } else { 0 }] }
    }

    /// How long an author's write counts [ns].
    pub fn window_ns(&self) -> u64 {
        self.window_ns
    }

    fn slot(client: u32) -> usize {
        mix64(u64::from(client)) as usize % SLOTS
    }

    pub fn wrote(&mut self, now: SimTime, client: u32, version: u32) {
        if let Some(slot) = self.slots.get_mut(Self::slot(client)) {
            *slot = (slot.0.max(version), now.saturating_add(self.window_ns));
        }
    }

    /// The version that this client's reads must have.
    fn needs(&self, now: SimTime, client: u32) -> u32 {
        self.slots.get(Self::slot(client)).map_or(0, |s| if s.1 > now { s.0 } else { 0 })
    }
}

impl Single {
    pub(super) fn serves_reads(&self, i: usize) -> bool {
        self.machines[i].station.up && self.machines[i].catch_up.is_none()
    }

    /// The machine for a request, or why there is none.
    pub(super) fn route(&mut self, core: &Core, call: &Call) -> Result<usize, Reason> {
        let target = if call.op == Op::Write { self.primary } else { self.reader(core.now, call.client) };
        match target {
            Some(machine) if self.primary == Some(machine) && self.asks_the_old_one(core, call) => {
                Err(Reason::Refused)
            }
            Some(machine) => Ok(machine),
            // Until the death is noticed clients still go to the dead machine and are refused.
            None if self.is_unnoticed() => Err(Reason::Refused),
            None => Err(Reason::NoPrimary),
        }
    }

    /// The machine for the next read.
    fn reader(&mut self, now: SimTime, client: u32) -> Option<usize> {
        let n = self.machines.len();
        let needs = self.authors.needs(now, client);
        let fits = |s: &Self, i: usize| {
            s.serves_reads(i)
                && (s.primary == Some(i) || s.machines[i].version >= needs)
                && match s.params.read_from {
                    ReadFrom::All => true,
                    ReadFrom::Replicas => s.primary != Some(i),
                    ReadFrom::Primary => s.primary == Some(i),
                }
        };
        for _ in 0..n {
            self.turn = if self.turn + 1 >= n { 0 } else { self.turn + 1 };
            if fits(self, self.turn) {
                return Some(self.turn);
            }
        }
        // No replica is left: the primary serves reads as well. No primary either: whoever lives, though out of date.
        self.primary.or_else(|| {
            (self.params.read_from != ReadFrom::Primary)
                .then(|| (0..n).find(|i| self.serves_reads(*i)))
                .flatten()
        })
    }

    /// Whether a caller has not heard yet that the primary is another one: its cached address has not run out. Callers
    /// look the name up once in a TTL, each at its own moment.
    fn asks_the_old_one(&self, core: &Core, call: &Call) -> bool {
        let ttl = self.endpoint_ttl_ns;
        let Some(moved_at) = self.moved_at else { return false };
        let since = core.now.since(moved_at);
        if since >= ttl {
            return false;
        }
        let caller = (u64::from(call.wire) << 16) | u64::from(call.from_part);
        let phase = hash2(self.salt, caller) % ttl;
        let until_lookup = (phase + ttl - moved_at.0 % ttl) % ttl;
        since < until_lookup
    }
}
