//! Writes that a write-back cache has acknowledged and not yet handed to the store behind it.

use super::FLUSH;
use crate::sim::core::{Core, NewCall, NodeIdx, Op};
use crate::sim::detail::Memory;
use headroom_engine::NIL;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default)]
struct Unsaved {
    /// Acknowledged writes since the item was last handed on; 0 when it is clean.
    writes: u32,
    /// Node that holds them.
    node: u16,
    /// The timer that hands it on.
    timer: u64,
}

/// Unsaved writes, by item.
#[derive(Clone, Debug)]
pub(super) struct Dirty {
    delay_ns: u64,
    items: Vec<Unsaved>,
    /// Item and writes of each call that hands an item on, by call.
    on_the_way: BTreeMap<u32, (u32, u32)>,
    unsaved: u64,
}

impl Dirty {
    pub fn new(items: u32, delay_ns: u64) -> Self {
        Self {
            delay_ns,
            items: vec![Unsaved::default(); items as usize],
            on_the_way: BTreeMap::new(),
            unsaved: 0,
        }
    }

    /// Tells how the past acts on what is not handed on yet.
    pub fn memory(&self, memory: &mut Memory) {
        memory.lasts(self.delay_ns);
    }

    /// Acknowledged writes that are not handed on yet.
    pub fn unsaved(&self) -> u64 {
        self.unsaved
    }

    #[inline]
    pub fn holds(&self, key: u32) -> bool {
        self.items[key as usize].writes > 0
    }

    /// An item is written: it is handed on after the delay, together with what is written until then.
    pub fn write(&mut self, core: &mut Core, me: NodeIdx, node: u16, key: u32, writes: u32) {
        let item = &mut self.items[key as usize];
        if item.writes == 0 {
            item.timer = core.timer(self.delay_ns, me, FLUSH, key);
        }
        item.writes = item.writes.saturating_add(writes);
        item.node = node;
        self.unsaved += u64::from(writes);
    }

    /// A timer is due: the item as it now is goes to the store over this wire.
    pub fn hand_on(&mut self, core: &mut Core, me: NodeIdx, seq: u64, key: u32, wire: u16) {
        let item = &mut self.items[key as usize];
        if item.timer != seq || item.writes == 0 {
            return;
        }
        let (writes, node) = (std::mem::take(&mut item.writes), item.node);
        self.unsaved -= u64::from(writes);
        let call = core.call(NewCall { wire, from_part: node, op: Op::Write, key, ..NewCall::default() });
        if call == NIL {
            self.write(core, me, node, key, writes);
        } else {
            self.on_the_way.insert(call, (key, writes));
        }
    }

    /// An answer to a call that nobody waits for: the item and its writes, if it was one of these.
    pub fn answered(&mut self, call: u32) -> Option<(u32, u32)> {
        self.on_the_way.remove(&call)
    }

    /// What a node loses when it dies: its unsaved writes.
    pub fn lose(&mut self, node: u16) -> u64 {
        let mut lost = 0;
        for item in self.items.iter_mut().filter(|i| i.node == node) {
            lost += u64::from(std::mem::take(&mut item.writes));
        }
        self.unsaved -= lost;
        lost
    }
}
