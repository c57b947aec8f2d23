//! The shards while they run.

use super::ShardedParams;
use super::hot::{HotItems, SAMPLE_EVERY};
use super::moving::Move;
use super::pieces::Gather;
use crate::design::Action;
use crate::kinds::Verb;
use crate::kinds::load_balancer::imbalance;
use crate::limits::CALLS_MAX;
use crate::messages::{PartNow, What};
use crate::policy::sharding::Placement;
use crate::prices::Rented;
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Core, NodeIdx, Op, more};
use crate::sim::detail::Memory;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::Wiring;
use headroom_engine::{Arena, Stream};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Items that the summary names as the hottest.
const HOTTEST: usize = 5;
/// Shards that a database can grow to.
const SHARDS_MAX: usize = 1024;
/// Items that inserts can add.
const INSERTS_MAX: usize = 10_000_000;

/// A sharded database while it runs.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) params: ShardedParams,
    pub(super) shards: Vec<Station>,
    pub(super) work: Work,
    placement: Placement,
    /// The shard of every item; items that were inserted come after the others.
    pub(super) place: Arc<Vec<u16>>,
    pub(super) keys: Vec<u32>,
    /// Items that have a shard of their own, and items whose key is split, with their shards.
    isolated: BTreeMap<u32, u16>,
    split: BTreeMap<u32, Vec<u16>>,
    pub(super) moving: Option<Move>,
    pub(super) gathers: Arena<Gather>,
    inserts: Stream,
    /// Room for the shards that a request asks.
    targets: Vec<u16>,
    turn: usize,
    version: u32,
    pub(super) moved_share: Option<f64>,
    pub(super) moved: u64,
    pub(super) bytes_moved: u64,
    double_reads: u64,
    /// Inserts at each shard.
    inserted: Vec<u64>,
    /// The hottest items of late, for the live series.
    hot: HotItems,
    until_sample: u32,
    /// Requests for each item since the warm-up, for the summary.
    asked: Vec<u32>,
}

/// A write that adds an item.
const INSERT: u8 = 1;

impl State {
    /// The node at time 0.
    pub fn new(params: &ShardedParams, node: &str, core: &Core, _wiring: &Wiring) -> Self {
        let salt = Stream::new(core.seed, node, "placement").next_u64();
        let mut work = Work::new(core.seed, node, &params.read, &params.write, &params.write);
        work.set_query(&params.query);
        work.set_copy_ns(super::moving::batch_ns(params));
        let (placement, place) =
            Placement::new(params.function, core.items, params.shards, params.virtual_nodes, salt);
        let mut state = Self {
            shards: (0..params.shards)
                .map(|_| Station::new(params.workers, params.queue_limit, core.now))
                .collect(),
            work,
            placement,
            place: Arc::new(place),
            keys: Vec::new(),
            isolated: BTreeMap::new(),
            split: BTreeMap::new(),
            moving: None,
            gathers: Arena::new(CALLS_MAX as u32),
            inserts: Stream::new(core.seed, node, "inserts"),
            targets: Vec::new(),
            turn: 0,
            version: 0,
            moved_share: None,
            moved: 0,
            bytes_moved: 0,
            double_reads: 0,
            inserted: vec![0; params.shards as usize],
            hot: HotItems::default(),
            until_sample: 1,
            asked: vec![0; core.items as usize],
            params: params.clone(),
        };
        state.count_keys();
        state
    }

    /// The items asked for most since the warm-up: their share of all requests, and where they live.
    fn hottest_items(&self) -> Vec<Value> {
        let total: u64 = self.asked.iter().map(|n| u64::from(*n)).sum();
        let mut top: Vec<(u32, usize)> = Vec::with_capacity(HOTTEST + 1);
        for (item, &n) in self.asked.iter().enumerate() {
            if n > top.get(HOTTEST - 1).map_or(0, |t| t.0) {
                top.insert(top.partition_point(|t| t.0 >= n), (n, item));
                top.truncate(HOTTEST);
            }
        }
        let row = |&(n, item): &(u32, usize)| json!({"item": item, "share": share(u64::from(n), total), "shard": self.place[item]});
        top.iter().map(row).collect()
    }

    pub(super) fn count_keys(&mut self) {
        self.keys = vec![0; self.shards.len()];
        for shard in self.place.iter() {
            self.keys[*shard as usize] += 1;
        }
    }

    /// A shard more, empty; nothing where there are as many as there may be.
    fn new_shard(&mut self, core: &mut Core, me: NodeIdx) -> Option<u16> {
        if self.shards.len() >= SHARDS_MAX {
            return None;
        }
        self.shards.push(Station::new(self.params.workers, self.params.queue_limit, core.now));
        self.keys.push(0);
        self.inserted.push(0);
        core.rent(me, Rented::Data, self.shards.len(), self.params.workers);
        let part = core.add_part(me);
        core.alive[me as usize][part] = true;
        core.set_accepting(me, part, true);
        Some(part as u16)
    }

    fn add_shard(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(shard) = self.new_shard(core, me) else { return };
        let mut next = self.placement.add(shard, &self.place, &self.keys);
        for (item, own) in &self.isolated {
            next[*item as usize] = *own;
        }
        let share = self.move_to(core, me, next);
        core.happen(me, Some(u32::from(shard)), What::ShardAdded(share));
    }

    /// An item gets a shard of its own.
    fn isolate(&mut self, core: &mut Core, me: NodeIdx, item: u32) {
        if item as usize >= self.place.len() || self.isolated.contains_key(&item) {
            return;
        }
        let Some(shard) = self.new_shard(core, me) else { return };
        self.isolated.insert(item, shard);
        let mut next = self.place.to_vec();
        if let Some(moving) = &self.moving {
            // A move that is under way goes on to where it was going.
            moving.finish(&mut next);
        }
        next[item as usize] = shard;
        self.move_to(core, me, next);
        core.happen(me, Some(u32::from(shard)), What::Did(Verb::Isolate, f64::from(item)));
    }

    /// An item's key is split over several shards, its own first; in one part it is whole again.
    fn split_key(&mut self, core: &mut Core, me: NodeIdx, item: u32, ways: usize) {
        if item as usize >= self.place.len() {
            return;
        }
        let home = self.place[item as usize];
        let members = self.placement.members();
        let others = members.iter().cycle().skip(home as usize + 1).take(members.len());
        let mut shards = vec![home];
        shards.extend(others.filter(|s| **s != home).take(ways.saturating_sub(1)));
        if shards.len() > 1 {
            self.split.insert(item, shards);
        } else {
            self.split.remove(&item);
        }
        core.happen(me, None, What::Did(Verb::SplitKey, f64::from(item)));
    }

    pub(super) fn leave(&mut self, core: &mut Core, me: NodeIdx, shard: usize) {
        if let Some(next) = self.shards[shard].leave(core, &mut self.work) {
            self.piece_started(core, me, next);
        }
    }

    /// One shard answers.
    fn send(&mut self, core: &mut Core, id: u32, shard: u16) {
        core.calls[id].part = shard;
        let station = &mut self.shards[shard as usize];
        if !station.up {
            return core.fail(id, Reason::Refused);
        }
        if station.enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    /// A write adds an item; its key is greater than all before.
    fn insert(&mut self, core: &mut Core, id: u32) {
        let item = self.place.len() as u32;
        let shard = self.placement.of_new(item, &self.keys);
        let room = self.params.capacity_items.is_none_or(|max| self.keys[shard as usize] < max);
        core.calls[id].part = shard;
        if !room || self.place.len() >= INSERTS_MAX + self.asked.len() {
            return core.fail(id, Reason::ShardFull);
        }
        Arc::make_mut(&mut self.place).push(shard);
        self.keys[shard as usize] += 1;
        self.inserted[shard as usize] += 1;
        core.calls[id].phase = INSERT;
        self.send(core, id, shard);
    }

    /// Shards that keep the item or a de-normalised copy of what it is part of.
    fn add_copies(&self, item: u32, targets: &mut Vec<u16>) {
        let members = self.placement.members();
        let n = (self.params.query_copies as usize + 1).min(self.shards.len());
        let home = self.place[item as usize];
        let others =
            members.iter().cycle().skip(home as usize + 1).take(members.len()).filter(|s| **s != home);
        targets.extend(std::iter::once(home).chain(others.copied()).take(n));
    }

    /// Who must work on a request that one shard alone cannot answer; nobody where one can.
    fn add_targets(&mut self, key: u32, op: Op, targets: &mut Vec<u16>) {
        let place = self.place[key as usize];
        if op == Op::Query {
            match self.params.query_copies {
                0 => targets.extend(0..self.shards.len() as u16),
                _ => targets.push(place),
            }
        } else if let Some(parts) = self.split.get(&key) {
            if op != Op::Write {
                targets.extend(parts);
            }
        } else if op == Op::Write && self.params.query_copies > 0 {
            self.add_copies(key, targets);
        } else if op != Op::Write
            && let Some(other) = self.moving.as_ref().and_then(|m| m.other_place(key as usize))
            && other != place
            && self.shards[other as usize].up
        {
            self.double_reads += 1;
            targets.extend([place, other]);
        }
    }

    /// A request is done: what it read or wrote has a version.
    pub(super) fn done(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let known = &mut core.truth[me as usize][call.key as usize];
        if call.op == Op::Write && call.phase != INSERT {
            self.version += 1;
            *known = self.version;
        }
        let version = *known;
        let c = &mut core.calls[id];
        (c.version, c.store) = (version, me);
        core.reply(id, Outcome::OK);
    }

    fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if !self.shards[i].up {
            return;
        }
        let pieces = self.pieces_at(core, me, i);
        machines::stop(core, me, i, &mut self.shards[i]);
        self.drop_batch(core, me, i);
        for piece in pieces {
            self.piece_failed(core, piece, Reason::Died);
        }
        core.happen(me, Some(i as u32), What::Killed);
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        core.rent(me, Rented::Data, self.shards.len(), self.params.workers);
        core.keep_on_disk(me, u64::from(core.items) * u64::from(self.params.query_copies + 1));
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let (key, op) = (core.calls[id].key, core.calls[id].op);
        if op == Op::Write && self.params.insert_share > 0.0 && self.inserts.chance(self.params.insert_share)
        {
            return self.insert(core, id);
        }
        self.asked[key as usize] = self.asked[key as usize].saturating_add(1);
        self.until_sample -= 1;
        if self.until_sample == 0 {
            self.until_sample = SAMPLE_EVERY;
            self.hot.see(key);
        }
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        self.add_targets(key, op, &mut targets);
        if targets.is_empty() {
            let shard = match self.split.get(&key) {
                Some(parts) => {
                    self.turn = self.turn.wrapping_add(1);
                    parts[self.turn % parts.len()]
                }
                None => self.place[key as usize],
            };
            self.send(core, id, shard);
        } else {
            let op = if op == Op::Query && self.params.query_copies > 0 { Op::Read } else { op };
            self.ask(core, me, id, op, &targets);
        }
        self.targets = targets;
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        if call.op == Op::Copy {
            return self.copied(core, me, id);
        }
        if call.more & more::PIECE != 0 {
            return self.piece_served(core, me, id);
        }
        self.leave(core, me, call.part as usize);
        self.done(core, me, id);
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        machines::cancel(core, &mut self.shards, id);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::AddShard => self.add_shard(core, me),
            Verb::Isolate => self.isolate(core, me, action.arg("item") as u32),
            Verb::SplitKey => {
                self.split_key(core, me, action.arg("item") as u32, action.arg("ways") as usize)
            }
            Verb::Kill => {
                for i in machines::chosen(action.part, self.shards.len()) {
                    self.kill(core, me, i);
                }
            }
            _ => {
                machines::act(core, me, &mut self.shards, action);
                self.resume(core, me);
            }
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        out.push(imbalance(self.shards.iter().map(Station::window_calls)));
        out.push(self.hot.top(1).first().map_or(f32::NAN, |t| t.1 as f32));
        out.push(self.moved_share.map_or(f32::NAN, |s| s as f32));
        out.push(self.moving.as_ref().map_or(0, Move::left) as f32);
        let fullest = f64::from(self.keys.iter().copied().max().unwrap_or(0));
        out.push(
            self.params.capacity_items.map_or(f32::NAN, |max| (fullest / f64::from(max)).min(1.0) as f32),
        );
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (station, keys) in self.shards.iter().zip(&self.keys) {
            machines::push_values(core, station, f64::from(*keys), window_s, out);
        }
        self.shards.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.shards.iter())
    }

    fn end_window(&mut self, core: &mut Core) {
        for station in &mut self.shards {
            station.end_window(core.now);
        }
        self.hot.fade();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        self.shards
            .iter()
            .zip(&self.keys)
            .map(|(s, k)| machines::part_now(s, machines::plain_state(s), f64::from(*k)))
            .collect()
    }

    fn queued(&self) -> u64 {
        self.shards.iter().map(|s| u64::from(s.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.is_busy |= self.moving.is_some();
    }

    fn tallies(&mut self, t: &mut Tallies) {
        t.count(&mut self.double_reads);
        for (i, (station, inserted)) in self.shards.iter_mut().zip(&mut self.inserted).enumerate() {
            t.part(0, i);
            station.tallies(t);
            t.count(inserted);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for station in &mut self.shards {
            station.restart(core.now);
        }
        self.asked.fill(0);
        self.inserted.fill(0);
        self.double_reads = 0;
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.shards.iter())
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let calls: Vec<u64> = self.shards.iter().map(Station::calls).collect();
        let total: u64 = calls.iter().sum();
        let shards: Vec<Value> = self
            .shards
            .iter()
            .zip(&self.keys)
            .enumerate()
            .map(|(i, (s, keys))| {
                let capacity = s.capacity_ns(core.now);
                json!({
                    "shard": i,
                    "requests": s.calls(),
                    "request_share": share(s.calls(), total),
                    "items": keys,
                    "inserts": self.inserted[i],
                    "utilization": if capacity == 0 { 0.0 } else { s.busy_ns(core.now) as f64 / capacity as f64 },
                })
            })
            .collect();
        let mut map = Map::new();
        map.insert("shards".to_owned(), Value::Array(shards));
        map.insert("hottest_over_mean".to_owned(), json!(imbalance(calls.iter().copied())));
        map.insert("hottest_items".to_owned(), Value::Array(self.hottest_items()));
        map.insert("items_moved".to_owned(), json!(self.moved));
        map.insert("items_moved_share".to_owned(), json!(self.moved_share));
        map.insert("items_to_move".to_owned(), json!(self.moving.as_ref().map_or(0, Move::left)));
        map.insert("bytes_moved".to_owned(), json!(self.bytes_moved));
        map.insert("double_reads".to_owned(), json!(self.double_reads));
        map
    }
}
