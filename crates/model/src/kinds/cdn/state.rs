//! A CDN while it runs.

use super::{CdnParams, Outage};
use crate::design::Action;
use crate::kinds::{Kind, Verb};
use crate::messages::{PartNow, What};
use crate::policy::eviction::{Entry, Store};
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Call, Core, NO_REGION, NewCall, NodeIdx, Op, Reply, flag};
use crate::sim::detail::Memory;
use crate::sim::flights::Flights;
use crate::sim::machines;
use crate::sim::meter::Outcome;
use crate::sim::money::Item;
use crate::sim::station::{Admission, Station, Work};
use crate::sim::tally::Tallies;
use crate::sim::wiring::{Wiring, pick_by_key};
use headroom_engine::{NIL, SimTime, Stream, hash2, ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};

/// Timers: a request reaches the shield, or its answer comes back; a purge reaches a part.
const TO_SHIELD: u8 = 0;
const FROM_SHIELD: u8 = 1;
const PURGE: u8 = 2;

/// Where a request stands.
mod phase {
    pub const EDGE: u8 = 0;
    /// At the origin, with nothing to keep of it.
    pub const PASS: u8 = 1;
    /// At the origin, asked by an edge.
    pub const ORIGIN: u8 = 2;
    /// On its way to the shield, or at the origin and asked by the shield.
    pub const SHIELD: u8 = 3;
    /// At the shield, waiting for another's fetch.
    pub const WAITS: u8 = 4;
    /// On its way back from the shield.
    pub const BACK: u8 = 5;
}

/// Counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    asked: u64,
    hits: u64,
    bytes: u64,
    hit_bytes: u64,
    served: u64,
    stale: u64,
    origin: u64,
    shield_asked: u64,
    shield_hits: u64,
}

fn ratio(part: u64, whole: u64) -> f32 {
    if whole == 0 { f32::NAN } else { (part as f64 / whole as f64) as f32 }
}

/// Look-ups and hits of a part, in the window and since measuring began.
#[derive(Clone, Copy, Debug, Default)]
struct PartCounts {
    window: (u64, u64),
    total: (u64, u64),
}

/// A CDN while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: CdnParams,
    edges: usize,
    /// Edges, and the shield after them.
    stations: Vec<Station>,
    stores: Vec<Store>,
    counts: Vec<PartCounts>,
    work: Work,
    flights: Flights,
    /// By client's region (the last for those who have none): edges as near as any, and all edges by nearness.
    near: Vec<(Vec<u16>, Vec<u16>)>,
    assets: Vec<(u16, f64)>,
    others: Vec<(u16, f64)>,
    /// By asset: its newest version, and when the shield fetched its copy.
    newest: Vec<u32>,
    fetched_at: Vec<SimTime>,
    releases: u32,
    /// Sequence number of the last purge's timers, by part.
    purges: Vec<u64>,
    salt: u64,
    window: Counts,
    total: Counts,
}

impl State {
    /// The node at time 0: empty.
    pub fn new(params: &CdnParams, node: &str, core: &Core, wiring: &Wiring) -> Self {
        let routes = |kinds: &[Kind]| wiring.cumulative(wiring.to(kinds).collect::<Vec<_>>().into_iter());
        let others = routes(&[Kind::LoadBalancer, Kind::Web]);
        let objects = routes(&[Kind::ObjectStore]);
        let edges = params.edges as usize;
        let parts = edges + usize::from(params.shield);
        let store = |part: usize| {
            let mb = if part < edges { params.capacity_mb } else { params.shield_capacity_mb };
            let bytes = libm::round(mb * 1e6) as u64;
            let expected =
                (bytes / u64::from(core.asset_bytes.max(1))).clamp(1, u64::from(core.assets.max(1)));
            let lots = Stream::new(core.seed, node, &format!("eviction {part}"));
            Store::new(params.eviction, expected as u32, core.assets, None, lots)
                .of_bytes(bytes)
                .with_own_ages()
        };
        Self {
            edges,
            stations: (0..parts).map(|_| Station::new(params.workers, None, core.now)).collect(),
            stores: (0..parts).map(store).collect(),
            counts: vec![PartCounts::default(); parts],
            work: Work::of_one(core.seed, node, &params.service),
            flights: Flights::default(),
            near: Vec::new(),
            assets: if objects.is_empty() { others.clone() } else { objects },
            others,
            newest: vec![0; core.assets as usize],
            fetched_at: vec![SimTime::ZERO; core.assets as usize],
            releases: 0,
            purges: vec![0; parts],
            salt: Stream::new(core.seed, node, "edges").next_u64(),
            window: Counts::default(),
            total: Counts::default(),
            params: params.clone(),
        }
    }

    fn count(&mut self, change: impl Fn(&mut Counts)) {
        change(&mut self.window);
        change(&mut self.total);
    }

    /// The shield, if there is one and it works.
    fn shield(&self) -> Option<usize> {
        self.stations.get(self.edges).filter(|s| s.up).map(|_| self.edges)
    }

    /// The edge of a client, whether it works or not.
    fn edge_of(&self, region: u8, client: u32) -> u16 {
        let row = if region == NO_REGION { self.near.len() - 1 } else { usize::from(region) };
        let nearest = &self.near[row.min(self.near.len() - 1)].0;
        nearest[(hash2(self.salt, u64::from(client)) % nearest.len() as u64) as usize]
    }

    /// The nearest edge that works.
    fn living_edge(&self, region: u8) -> Option<u16> {
        let row = if region == NO_REGION { self.near.len() - 1 } else { usize::from(region) };
        let by_nearness = &self.near[row.min(self.near.len() - 1)].1;
        by_nearness.iter().copied().find(|e| self.stations[usize::from(*e)].up)
    }

    /// What asset a call is for.
    fn asset(core: &Core, id: u32) -> u32 {
        core.calls[id].key - core.items
    }

    /// Looks an asset up at an edge or the shield.
    fn look_up(&mut self, core: &Core, part: usize, asset: u32) -> Option<Entry> {
        let found = self.stores[part]
            .get(core.now, asset)
            .filter(|e| !self.params.versioned_names || e.version == self.newest[asset as usize]);
        let counts = &mut self.counts[part];
        for (asked, hits) in [&mut counts.window, &mut counts.total] {
            *asked += 1;
            *hits += u64::from(found.is_some());
        }
        found
    }

    fn put(&mut self, core: &Core, part: usize, asset: u32, version: u32, bytes: u32, deadline: SimTime) {
        let store = &mut self.stores[part];
        // An older version under another name makes room at once: nobody asks for it again.
        if store.peek(core.now, asset).is_some_and(|e| e.version != version) {
            store.remove(core.now, asset);
        }
        store.put_until(core.now, asset, Entry { version, store: 0 }, bytes, deadline);
    }

    /// An asset leaves for the client.
    fn serve(&mut self, core: &mut Core, id: u32, version: u32) {
        let stale = version != self.newest[Self::asset(core, id) as usize];
        self.count(|c| {
            c.served += 1;
            c.stale += u64::from(stale);
        });
        if stale {
            core.calls[id].flags |= flag::STALE;
        }
        core.reply(id, Outcome::OK);
    }

    /// An edge has not got the asset.
    fn fetch(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        match self.shield() {
            Some(_) => {
                core.calls[id].phase = phase::SHIELD;
                self.travel(core, me, id, TO_SHIELD);
            }
            None => self.ask_origin(core, id, phase::ORIGIN),
        }
    }

    /// Between an edge and the shield.
    fn travel(&self, core: &mut Core, me: NodeIdx, id: u32, tag: u8) {
        let edge = usize::from(core.calls[id].part);
        let way = core.ground.between_parts_ns(me, edge, self.edges);
        core.calls[id].due = core.timer(way + ns_from_ms(self.params.shield_latency_ms), me, tag, id);
    }

    fn ask_origin(&mut self, core: &mut Core, id: u32, phase: u8) {
        let asset = core.calls[id].op == Op::Static;
        let routes = if asset { &self.assets } else { &self.others };
        if routes.is_empty() {
            return core.fail(id, Reason::NoRoute);
        }
        let wire = pick_by_key(routes, core.calls[id].key);
        if asset {
            self.count(|c| c.origin += 1);
        }
        let call = &mut core.calls[id];
        call.phase = phase;
        call.due = 0;
        let from_part = if phase == phase::SHIELD { self.edges as u16 } else { call.part };
        let new = NewCall { from_part, ..NewCall::on_behalf(call, id, wire, call.op) };
        core.call(new);
    }

    /// What was asked of the origin by an edge is here, or will not come: the call and those that waited for it have it.
    fn answered(&mut self, core: &mut Core, id: u32, outcome: Outcome) {
        if core.calls[id].op != Op::Static || core.calls[id].phase == phase::PASS {
            return core.reply(id, outcome);
        }
        let asset = Self::asset(core, id);
        let fetched_at = core.now;
        self.landed(core, id, outcome, self.newest[asset as usize], fetched_at);
    }

    /// An asset has come to the edge.
    fn landed(&mut self, core: &mut Core, id: u32, outcome: Outcome, version: u32, fetched_at: SimTime) {
        let (asset, part, bytes) = (Self::asset(core, id), core.calls[id].part, core.calls[id].bytes);
        if outcome.is_ok() {
            let deadline = deadline(fetched_at, self.params.ttl_s);
            self.put(core, usize::from(part), asset, version, bytes, deadline);
        }
        let key = core.calls[id].key;
        let mut waiting = self.flights.landed(part, key, id);
        self.finish(core, id, outcome, version);
        while waiting != NIL {
            let next = Flights::after(core, waiting, id);
            self.finish(core, waiting, outcome, version);
            waiting = next;
        }
    }

    fn finish(&mut self, core: &mut Core, id: u32, outcome: Outcome, version: u32) {
        if outcome.is_ok() { self.serve(core, id, version) } else { core.reply(id, outcome) }
    }

    /// A request is at the shield.
    fn at_shield(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let Some(shield) = self.shield() else { return self.ask_origin(core, id, phase::ORIGIN) };
        let asset = Self::asset(core, id);
        let found = self.look_up(core, shield, asset);
        self.count(|c| {
            c.shield_asked += 1;
            c.shield_hits += u64::from(found.is_some());
        });
        if let Some(entry) = found {
            return self.send_back(core, me, id, Outcome::OK, entry.version);
        }
        let key = core.calls[id].key;
        core.calls[id].phase = phase::WAITS;
        if !self.params.collapse || self.flights.leads(core, shield as u16, key, id) {
            self.ask_origin(core, id, phase::SHIELD);
        }
    }

    /// A part has died with what was inside. Who waited at the shield for the fetch of a dead edge asks for itself.
    fn lose_flights(&mut self, core: &mut Core, me: NodeIdx, part: usize) {
        // Whoever waits at a dead shield still gets the answer that is on its way.
        if part == self.edges {
            return;
        }
        self.flights.clear(part as u16);
        self.flights.clear(self.edges as u16);
        let waits =
            |call: &Call| call.node == me && call.phase == phase::WAITS && call.flags & flag::INSIDE != 0;
        let waiting: Vec<u32> =
            core.calls.iter_live().filter(|(_, call)| waits(call)).map(|(id, _)| id).collect();
        for id in waiting {
            self.at_shield(core, me, id);
        }
    }

    /// The origin has answered the shield.
    fn shield_answered(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome) {
        let (asset, bytes, key) = (Self::asset(core, id), core.calls[id].bytes, core.calls[id].key);
        let version = self.newest[asset as usize];
        if let Some(shield) = self.shield().filter(|_| outcome.is_ok()) {
            self.fetched_at[asset as usize] = core.now;
            self.put(core, shield, asset, version, bytes, deadline(core.now, self.params.shield_ttl_s));
        }
        let mut waiting = self.flights.landed(self.edges as u16, key, id);
        self.send_back(core, me, id, outcome, version);
        while waiting != NIL {
            let next = Flights::after(core, waiting, id);
            self.send_back(core, me, waiting, outcome, version);
            waiting = next;
        }
    }

    fn send_back(&mut self, core: &mut Core, me: NodeIdx, id: u32, outcome: Outcome, version: u32) {
        let call = &mut core.calls[id];
        (call.phase, call.outcome, call.version) = (phase::BACK, outcome, version);
        self.travel(core, me, id, FROM_SHIELD);
    }

    fn release(&mut self, core: &mut Core, me: NodeIdx, share: f64) {
        self.releases += 1;
        let limit = (share * (1u64 << 53) as f64) as u64;
        for (asset, version) in self.newest.iter_mut().enumerate() {
            if hash2(self.salt ^ u64::from(self.releases), asset as u64) >> 11 < limit {
                *version = self.releases;
            }
        }
        core.happen(me, None, What::Did(Verb::Release, share));
    }

    /// The shield forgets all at once, so that no edge gets an old copy from it; the edges one after the other.
    fn purge(&mut self, core: &mut Core, me: NodeIdx) {
        let delay_ns = ns_from_secs(self.params.purge_delay_s);
        for part in 0..self.stations.len() {
            let turn = if part < self.edges { part as u64 + 1 } else { 0 };
            let after_ns = delay_ns / self.edges as u64 * turn;
            self.purges[part] = core.timer(after_ns, me, PURGE, part as u32);
        }
        core.happen(me, None, What::Did(Verb::Purge, 0.0));
    }

    /// A request of a client whose edge is dead.
    fn without_edge(&mut self, core: &mut Core, id: u32) -> bool {
        match self.params.on_outage {
            Outage::NextEdge => {
                if let Some(edge) = self.living_edge(core.calls[id].region) {
                    core.calls[id].part = edge;
                    return true;
                }
                core.fail(id, Reason::Refused);
            }
            Outage::Origin => {
                if core.calls[id].op == Op::Static {
                    let bytes = u64::from(core.calls[id].bytes);
                    self.count(|c| (c.asked, c.bytes) = (c.asked + 1, c.bytes + bytes));
                }
                self.ask_origin(core, id, phase::PASS);
            }
            Outage::Fail => core.fail(id, Reason::Refused),
        }
        false
    }
}

fn deadline(fetched_at: SimTime, ttl_s: Option<f64>) -> SimTime {
    ttl_s.map_or(SimTime::MAX, |ttl| fetched_at.saturating_add(ns_from_secs(ttl)))
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        self.near = core.ground.nearest_parts(me, self.edges);
    }

    fn arrive(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        core.bills[me as usize].count(Item::CdnRequests, 1);
        core.calls[id].phase = phase::PASS;
        let edge = self.edge_of(call.region, call.client);
        core.calls[id].part = edge;
        if !self.stations[usize::from(edge)].up && !self.without_edge(core, id) {
            return;
        }
        let edge = usize::from(core.calls[id].part);
        if self.stations[edge].enter(core, &mut self.work, id) == Admission::Full {
            core.fail(id, Reason::QueueFull);
        }
    }

    fn served(&mut self, core: &mut Core, me: NodeIdx, id: u32) {
        let call = core.calls[id];
        let edge = usize::from(call.part);
        self.stations[edge].leave(core, &mut self.work);
        if call.op != Op::Static || self.assets.is_empty() {
            return self.ask_origin(core, id, phase::PASS);
        }
        core.calls[id].phase = phase::EDGE;
        let found = self.look_up(core, edge, Self::asset(core, id));
        self.count(|c| {
            c.asked += 1;
            c.bytes += u64::from(call.bytes);
            c.hits += u64::from(found.is_some());
            c.hit_bytes += if found.is_some() { u64::from(call.bytes) } else { 0 };
        });
        if let Some(entry) = found {
            core.calls[id].flags |= flag::HIT;
            self.serve(core, id, entry.version);
        } else if !self.params.collapse || self.flights.leads(core, call.part, call.key, id) {
            self.fetch(core, me, id);
        }
    }

    fn child_done(&mut self, core: &mut Core, me: NodeIdx, parent: u32, reply: Reply) {
        if parent == NIL {
            return;
        }
        if core.calls[parent].phase == phase::PASS {
            let call = &mut core.calls[parent];
            (call.version, call.store) = (reply.version, reply.store);
            call.flags |= reply.flags & (flag::HIT | flag::STALE);
        }
        match core.calls[parent].phase {
            phase::SHIELD => self.shield_answered(core, me, parent, reply.outcome),
            _ => self.answered(core, parent, reply.outcome),
        }
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) {
        if tag == PURGE {
            if self.purges[arg as usize] == seq {
                self.stores[arg as usize].clear(core.now);
                self.purges[arg as usize] = 0;
            }
            return;
        }
        if !core.calls.is_live(arg) || core.calls[arg].due != seq {
            return;
        }
        if tag == TO_SHIELD {
            return self.at_shield(core, me, arg);
        }
        let call = core.calls[arg];
        let aged = self.params.hand_on_age && call.outcome.is_ok();
        let fetched_at = if aged { self.fetched_at[Self::asset(core, arg) as usize] } else { core.now };
        self.landed(core, arg, call.outcome, call.version, fetched_at);
    }

    fn cancel(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        machines::cancel(core, &mut self.stations, id);
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        match action.verb {
            Verb::Purge => self.purge(core, me),
            Verb::Release => self.release(core, me, action.arg("share")),
            _ => {
                machines::act(core, me, &mut self.stations, action);
                if action.verb == Verb::Kill {
                    for part in machines::chosen(action.part, self.stations.len()) {
                        self.stores[part].clear(core.now);
                        self.lose_flights(core, me, part);
                    }
                }
            }
        }
    }

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        let w = self.window;
        out.push(ratio(w.hits, w.asked));
        out.push(ratio(w.hit_bytes, w.bytes));
        out.push(ratio(w.asked.saturating_sub(w.origin), w.asked));
        out.push(ratio(w.stale, w.served));
        out.push(ratio(w.shield_hits, w.shield_asked));
    }

    fn part_values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) -> u16 {
        for (station, counts) in self.stations.iter().zip(&self.counts) {
            let (asked, hits) = counts.window;
            machines::push_values(core, station, f64::from(ratio(hits, asked)), window_s, out);
        }
        self.stations.len() as u16
    }

    fn window_utilization(&self, core: &Core) -> f64 {
        machines::window_utilization(core, self.stations[..self.edges].iter())
    }

    fn end_window(&mut self, core: &mut Core) {
        for (station, counts) in self.stations.iter_mut().zip(&mut self.counts) {
            station.end_window(core.now);
            counts.window = (0, 0);
        }
        self.window = Counts::default();
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let now = |(s, c): (&Station, &PartCounts)| {
            machines::part_now(s, machines::plain_state(s), f64::from(ratio(c.total.1, c.total.0)))
        };
        self.stations.iter().zip(&self.counts).map(now).collect()
    }

    fn queued(&self) -> u64 {
        self.stations.iter().map(|s| u64::from(s.queue())).sum()
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        self.stores.iter().for_each(|store| store.memory(memory));
        memory.is_busy |= self.purges.iter().any(|timer| *timer != 0);
    }

    fn tallies(&mut self, t: &mut Tallies) {
        let c = &mut self.total;
        t.counts([&mut c.asked, &mut c.hits, &mut c.bytes, &mut c.hit_bytes, &mut c.served, &mut c.stale]);
        t.counts([&mut c.origin, &mut c.shield_asked, &mut c.shield_hits]);
        for ((station, counts), store) in self.stations.iter_mut().zip(&mut self.counts).zip(&mut self.stores)
        {
            t.counts([&mut counts.total.0, &mut counts.total.1]);
            station.tallies(t);
            store.tallies(t);
        }
    }

    fn restart(&mut self, core: &mut Core) {
        for (station, counts) in self.stations.iter_mut().zip(&mut self.counts) {
            station.restart(core.now);
            counts.total = (0, 0);
        }
        for store in &mut self.stores {
            store.restart(core.now);
        }
        self.total = Counts::default();
    }

    fn effort_ns(&self, core: &Core) -> (u128, u128, u128) {
        machines::effort_ns(core, self.stations[..self.edges].iter())
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let t = self.total;
        let part = |(i, (c, s)): (usize, (&PartCounts, &Store))| {
            json!({
                "edge": if i < self.edges { json!(i) } else { json!("shield") },
                "requests": c.total.0,
                "hit_ratio": share(c.total.1, c.total.0),
                "stored_mb": s.used() as f64 / 1e6,
            })
        };
        let parts: Vec<Value> = self.counts.iter().zip(&self.stores).enumerate().map(part).collect();
        let mut map = Map::new();
        map.insert("asset_requests".to_owned(), json!(t.asked));
        map.insert("edge_hit_ratio".to_owned(), share(t.hits, t.asked));
        map.insert("byte_hit_ratio".to_owned(), share(t.hit_bytes, t.bytes));
        map.insert("shield_hit_ratio".to_owned(), share(t.shield_hits, t.shield_asked));
        map.insert("origin_requests".to_owned(), json!(t.origin));
        // A fetch may be counted for a request that was looked up before measuring began.
        map.insert("origin_share".to_owned(), share(t.origin.min(t.asked), t.asked));
        map.insert("stale_asset_share".to_owned(), share(t.stale, t.served));
        map.insert("evictions".to_owned(), json!(self.stores.iter().map(Store::evictions).sum::<u64>()));
        map.insert("edges".to_owned(), Value::Array(parts));
        map
    }
}
