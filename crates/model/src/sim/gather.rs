//! Calls to many at once: a call asks several others in parallel and waits for all of them, or for so many.
//!
//! While it waits, its `next` holds the place of its list here: it is in no queue meanwhile. When enough answers are in, or
//! can no longer come, the calls still under way are [abandoned](Core::abandon).

use super::core::{Core, NewCall, Reply, flag};
use super::meter::Outcome;
use headroom_engine::NIL;

/// What a call waits for.
#[derive(Clone, Debug)]
struct Place {
    /// The call; [`NIL`] for a free place.
    call: u32,
    /// Good answers that are still wanted, and failures that may still come.
    wanted: u32,
    spare: u32,
    /// Calls under way. Its memory is used again.
    under_way: Vec<u32>,
}

/// The calls of a node that wait for several answers.
#[derive(Clone, Debug, Default)]
pub struct Gathers {
    places: Vec<Place>,
    free: Vec<u32>,
}

impl Gathers {
    /// A call of this node begins to ask `count` others; `wanted` good answers are enough. Each question is made by `ask`
    /// from its number and sent at once. At least one must be asked.
    pub fn begin(&mut self, core: &mut Core, id: u32, count: u32, wanted: u32, ask: impl Fn(u32) -> NewCall) {
        let wanted = wanted.clamp(1, count);
        let at = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place { call: NIL, wanted: 0, spare: 0, under_way: Vec::new() });
            self.places.len() as u32 - 1
        });
        let place = &mut self.places[at as usize];
        (place.call, place.wanted, place.spare) = (id, wanted, count - wanted);
        place.under_way.clear();
        core.calls[id].next = at;
        for i in 0..count {
            // A call that could not be made is answered all the same, as NIL.
            let made = core.call(ask(i));
            self.places[at as usize].under_way.push(made);
        }
    }

    /// One of the answers is in. Says what came of it all when that is settled by this one.
    pub fn answered(&mut self, core: &mut Core, id: u32, reply: &Reply) -> Option<Outcome> {
        let at = core.calls[id].next;
        // Calls that could not be made are answered even after it is settled.
        let place = self.places.get_mut(at as usize).filter(|p| p.call == id)?;
        if let Some(which) = place.under_way.iter().position(|c| *c == reply.call) {
            place.under_way.swap_remove(which);
        }
        let outcome = if reply.outcome.is_ok() {
            place.wanted -= 1;
            (place.wanted == 0).then_some(Outcome::OK)
        } else {
            place.spare = place.spare.checked_sub(1).unwrap_or(u32::MAX);
            (place.spare == u32::MAX).then_some(reply.outcome)
        };
        if outcome.is_some() {
            while let Some(call) = place.under_way.pop() {
                // NIL was never made; its answer comes to nobody, as those of the others.
                if call != NIL {
                    core.abandon(call);
                }
            }
            self.release(at);
            core.calls[id].next = NIL;
        }
        outcome
    }

    fn release(&mut self, at: u32) {
        self.places[at as usize].call = NIL;
        self.free.push(at);
    }

    /// Calls of this node have died: their places are free again.
    pub fn sweep(&mut self, core: &Core) {
        for at in 0..self.places.len() as u32 {
            let call = self.places[at as usize].call;
            let waits = |c: u32| core.calls.is_live(c) && core.calls[c].flags & flag::INSIDE != 0;
            if call != NIL && !waits(call) {
                self.release(at);
            }
        }
    }
}
