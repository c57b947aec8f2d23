//! Users who wait for an answer, think, and come again: a closed loop, or visits that begin and end.

use super::{State, THOUGHT};
use crate::limits::SESSION_CLIENTS_MAX;
use crate::sim::core::{Core, NodeIdx};
use headroom_engine::{NIL, SimTime, ns_from_secs};

/// Nobody thinks for less than this [ns]: a loop without any delay would never let time go on.
const THINK_MIN_NS: u64 = 1_000;

/// A user who is there now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Visitor {
    /// When the visit is over.
    until: SimTime,
    /// When it began to think.
    since: SimTime,
    /// Its client number.
    pub client: u32,
    /// It is one who logs in.
    pub member: bool,
    /// It believes that it is logged in.
    pub logged_in: bool,
}

impl State {
    /// The population of a closed loop sits down. First requests are spread: each first think is a part, by lot, of a drawn
    /// one.
    pub(super) fn seat_population(&mut self, core: &mut Core, me: NodeIdx) {
        for _ in 0..self.params.population {
            let Some(visitor) = self.new_visitor(core, SimTime::MAX) else {
                break;
            };
            let part = self.think_stream.unit();
            let think_s = self.think.sample_secs(&mut self.think_stream) * part;
            core.timer(ns_from_secs(think_s).max(THINK_MIN_NS), me, THOUGHT, visitor);
        }
    }

    fn new_visitor(&mut self, core: &Core, until: SimTime) -> Option<u32> {
        let member = self.logins.draw();
        let client = self.logins.global(self.visits % SESSION_CLIENTS_MAX);
        self.visits = self.visits.wrapping_add(1);
        self.visitors.alloc(Visitor { until, since: core.now, client, member, logged_in: false })
    }

    /// A visit begins, with its first request at once.
    pub(super) fn begin_visit(&mut self, core: &mut Core, me: NodeIdx) {
        let length_ns = self.visit.sample_ns(&mut self.think_stream);
        let until = core.now.saturating_add(length_ns);
        // Without room for one more the request comes all the same, and fails as the simulator's limit says.
        let visitor = self.new_visitor(core, until).unwrap_or(NIL);
        if visitor != NIL {
            let user = self.visitors[visitor].client.wrapping_sub(self.logins.global(0));
            for people in &mut core.people {
                people.newcomer(me as usize, user, SESSION_CLIENTS_MAX);
            }
        }
        self.request_of(core, me, visitor);
    }

    /// A visitor has its answer, or has given up: it thinks.
    pub(super) fn think(&mut self, core: &mut Core, me: NodeIdx, visitor: u32) {
        let think_ns = self.think.sample_ns(&mut self.think_stream).max(THINK_MIN_NS);
        let until = self.visitors[visitor].until;
        if until <= core.now {
            return self.leave(core, me, visitor);
        }
        self.visitors[visitor].since = core.now;
        let at = core.now.saturating_add(think_ns).min(until);
        core.timer(at.since(core.now), me, THOUGHT, visitor);
    }

    /// A visitor has thought: it asks again, unless its visit or the load is over.
    pub(super) fn thought(&mut self, core: &mut Core, me: NodeIdx, visitor: u32) {
        if self.visitors[visitor].until <= core.now || self.is_over(core.world(core.now)) {
            return self.leave(core, me, visitor);
        }
        let thought_ns = core.now.since(self.visitors[visitor].since);
        self.counts.thoughts += 1;
        self.counts.thought_ns += u128::from(thought_ns);
        self.request_of(core, me, visitor);
    }
}
