//! Single flight: of several calls that want the same item at the same place, one goes for it and the others wait.

use super::core::Core;
use headroom_engine::NIL;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
struct Flight {
    leader: u32,
    /// Who waits, a chain through [`super::core::Call::next`].
    head: u32,
    tail: u32,
}

/// What is being fetched, by part and item, and who waits for it.
#[derive(Clone, Debug, Default)]
pub struct Flights {
    under_way: BTreeMap<(u16, u32), Flight>,
}

impl Flights {
    /// Whether this call is the one to go for the item. Otherwise it waits.
    pub fn leads(&mut self, core: &mut Core, part: u16, key: u32, id: u32) -> bool {
        let Some(flight) = self.under_way.get_mut(&(part, key)) else {
            self.under_way.insert((part, key), Flight { leader: id, head: NIL, tail: NIL });
            return true;
        };
        core.calls[id].next = NIL;
        match flight.tail {
            NIL => flight.head = id,
            tail => core.calls[tail].next = id,
        }
        flight.tail = id;
        false
    }

    /// The call has what it went for: the first of those that waited for it, or [`NIL`]. The others hang on
    /// [`Flights::after`].
    pub fn landed(&mut self, part: u16, key: u32, id: u32) -> u32 {
        match self.under_way.get(&(part, key)) {
            Some(flight) if flight.leader == id => {
                let head = flight.head;
                self.under_way.remove(&(part, key));
                head
            }
            _ => NIL,
        }
    }

    /// Takes a call out of its chain, with what the leader has got, and gives the next.
    pub fn after(core: &mut Core, id: u32, leader: u32) -> u32 {
        let got = core.calls[leader];
        let call = &mut core.calls[id];
        (call.version, call.store, call.flags) = (got.version, got.store, call.flags | got.flags & GOT);
        std::mem::replace(&mut call.next, NIL)
    }

    /// A part has died with all that was inside.
    pub fn clear(&mut self, part: u16) {
        self.under_way.retain(|(p, _), _| *p != part);
    }
}

/// Marks of an answer that those who waited share.
const GOT: u8 = super::core::flag::HIT | super::core::flag::STALE;
