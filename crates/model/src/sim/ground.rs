//! Where things stand while a run goes on: how far every wire reaches, which places are cut off from each other, and which
//! nodes share a place's fate. Distances are worked out once, when a run is assembled.

use super::core::{ANY_PART, Call, NO_REGION, NodeIdx, flag};
use super::money::Item;
use crate::design::Design;
use crate::kinds::Kind;
use crate::order;
use crate::places::PlaceKind;
use crate::places::layout::Layout;
use headroom_engine::ns_from_ms;

/// Position of a place in the design.
pub type PlaceIdx = u16;

/// Where things stand.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Ids of the places.
    pub ids: Vec<String>,
    /// Each place with those around it, from the innermost.
    chains: Vec<Vec<PlaceIdx>>,
    /// Where the parts of each node stand, in turn; nowhere is `None`.
    stands: Vec<Vec<Option<PlaceIdx>>>,
    /// The machine, if any, that each of those is or lies on.
    machines: Vec<Vec<Option<PlaceIdx>>>,
    /// Which nodes are users.
    users: Vec<bool>,
    /// Places where users live: a client's region is a position here.
    regions: Vec<PlaceIdx>,
    /// Pairs of places that are cut off from each other.
    cuts: Vec<(PlaceIdx, PlaceIdx)>,
    /// The zone, the spot of the world and the private subnet with NAT that each place is in.
    zones: Vec<Option<PlaceIdx>>,
    spots: Vec<Option<PlaceIdx>>,
    nats: Vec<Option<PlaceIdx>>,
    /// Round trips between places [ms]; one row and column more stand for nowhere.
    rtts_ms: Vec<f64>,
}

/// What a wire's reach hangs on: the place of the calling part (or the client's region) and that of the called part.
#[derive(Clone, Debug)]
pub struct Reach {
    /// One-way delays [ns], a row for each place of the caller; empty when they are all 0.
    delays_ns: Vec<u64>,
    /// What is cut off, in the same order; empty when nothing is.
    cut: Vec<bool>,
    /// What the bytes of answers are billed as, in the same order; empty when they cost nothing.
    billed: Vec<Option<Item>>,
    rows: u16,
    columns: u16,
    /// Rows are regions of clients, the last for those who have none: the called node answers the client itself.
    by_region: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            delays_ns: Vec::new(),
            cut: Vec::new(),
            billed: Vec::new(),
            rows: 1,
            columns: 1,
            by_region: false,
        }
    }
}

impl Reach {
    #[inline]
    fn position(&self, call: &Call) -> usize {
        let row = match self.by_region {
            true if call.region == NO_REGION => self.rows - 1,
            true => u16::from(call.region),
            false => call.from_part % self.rows,
        };
        let column = if call.part == ANY_PART { 0 } else { call.part % self.columns };
        usize::from(row) * usize::from(self.columns) + usize::from(column)
    }

    /// Whether it neither delays, cuts off nor costs anything.
    #[inline(always)]
    pub fn is_nothing(&self) -> bool {
        self.delays_ns.is_empty() && self.cut.is_empty() && self.billed.is_empty()
    }

    /// Whether rows are regions of clients.
    pub fn by_region(&self) -> bool {
        self.by_region
    }

    /// Delay that distance gives a call on its way there [ns]. One for any part takes the way to the nearest: where it
    /// will be served is not known yet.
    #[inline]
    pub fn there_ns(&self, call: &Call) -> u64 {
        if self.delays_ns.is_empty() {
            0
        } else if call.part == ANY_PART {
            self.nearest_ns(call)
        } else {
            self.delays_ns[self.position(call)]
        }
    }

    /// Delay from a region to the nearest part, for a wire whose rows are regions [ns].
    pub fn from_region_ns(&self, region: u8) -> u64 {
        if self.delays_ns.is_empty() { 0 } else { self.nearest_ns(&Call { region, ..Call::default() }) }
    }

    /// Delay of its answer [ns]. If the call was one for any part, and was served farther off than the nearest, the answer
    /// makes up for what the call was spared: the round trip is that of the part that served it.
    #[inline]
    pub fn back_ns(&self, call: &Call) -> u64 {
        if self.delays_ns.is_empty() {
            return 0;
        }
        let way = self.delays_ns[self.position(call)];
        if call.flags & flag::ANYWHERE != 0 { 2 * way - self.nearest_ns(call) } else { way }
    }

    /// What the bytes of a call's answer are billed as for the way that they go.
    #[inline]
    pub fn billed(&self, call: &Call) -> Option<Item> {
        if self.billed.is_empty() { None } else { self.billed[self.position(call)] }
    }

    fn nearest_ns(&self, call: &Call) -> u64 {
        let columns = usize::from(self.columns);
        let row = self.position(call) / columns * columns;
        self.delays_ns[row..row + columns].iter().copied().min().unwrap_or(0)
    }

    /// Whether a call, or its answer, cannot get through. A call for any part gets through if any part can be reached.
    #[inline]
    pub fn is_cut(&self, call: &Call) -> bool {
        if self.cut.is_empty() {
            return false;
        }
        let at = self.position(call);
        self.cut[at]
            && (call.part != ANY_PART || {
                let columns = usize::from(self.columns);
                let row = at / columns * columns;
                self.cut[row..row + columns].iter().all(|cut| *cut)
            })
    }
}

impl Ground {
    /// Of a design.
    pub fn new(design: &Design) -> Self {
        let layout = Layout::new(design);
        let places = design.places.len();
        let small = |p: usize| p as PlaceIdx;
        let stands: Vec<Vec<Option<PlaceIdx>>> = design
            .nodes
            .iter()
            .map(|n| layout.of_node(n).into_iter().map(|p| p.map(small)).collect())
            .collect();
        let machine = |p: &Option<PlaceIdx>| layout.machine(p.map(usize::from)).map(small);
        let machines = stands.iter().map(|s| s.iter().map(machine).collect()).collect();
        let mut regions = Vec::new();
        for (node, stand) in design.nodes.iter().zip(&stands) {
            if let (Kind::Users, Some(Some(place))) = (node.kind(), stand.first())
                && !regions.contains(place)
            {
                regions.push(*place);
            }
        }
        let each = |of: &dyn Fn(usize) -> Option<usize>| (0..places).map(|p| of(p).map(small)).collect();
        let all: Vec<Option<usize>> = (0..places).map(Some).chain([None]).collect();
        Self {
            ids: design.places.iter().map(|p| p.id.clone()).collect(),
            chains: (0..places).map(|p| layout.chain(Some(p)).map(small).collect()).collect(),
            stands,
            machines,
            users: design.nodes.iter().map(|n| n.kind() == Kind::Users).collect(),
            regions,
            cuts: Vec::new(),
            zones: each(&|p| layout.nearest(Some(p), |k| k == PlaceKind::Zone)),
            spots: each(&|p| layout.spot(Some(p)).map(|s| s.0)),
            nats: each(&|p| layout.private_subnet(Some(p)).filter(|s| layout.has_nat(*s))),
            rtts_ms: if places == 0 {
                Vec::new()
            } else {
                all.iter().flat_map(|a| all.iter().map(|b| layout.rtt_ms(*a, *b))).collect()
            },
        }
    }

    /// The client's region of a users node, or [`NO_REGION`].
    pub fn region(&self, node: usize) -> u8 {
        let place = self.stands[node].first().copied().flatten();
        place.and_then(|p| self.regions.iter().position(|r| *r == p)).map_or(NO_REGION, |r| r as u8)
    }

    /// Number of regions that clients live in.
    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    /// Where a part of a node stands.
    pub fn stand(&self, node: NodeIdx, part: usize) -> Option<PlaceIdx> {
        let stands = &self.stands[node as usize];
        stands[part % stands.len()]
    }

    /// The machine that a part of a node stands on.
    #[inline]
    pub fn machine(&self, node: NodeIdx, part: u16) -> Option<PlaceIdx> {
        let machines = &self.machines[node as usize];
        machines[usize::from(part) % machines.len()]
    }

    /// Position of a place.
    pub fn place(&self, id: &str) -> Option<PlaceIdx> {
        self.ids.iter().position(|p| p == id).map(|p| p as PlaceIdx)
    }

    fn is_in(&self, place: Option<PlaceIdx>, outer: PlaceIdx) -> bool {
        place.is_some_and(|p| self.chains[p as usize].contains(&outer))
    }

    /// Whether a part of a node is in a place.
    pub fn holds(&self, place: PlaceIdx, node: NodeIdx, part: usize) -> bool {
        self.is_in(self.stand(node, part), place)
    }

    /// Whether all parts of a node are in a place.
    pub fn holds_all(&self, place: PlaceIdx, node: NodeIdx) -> bool {
        self.stands[node as usize].iter().all(|p| self.is_in(*p, place))
    }

    /// One-way delay between two places [ns].
    fn one_way_ns(&self, a: Option<PlaceIdx>, b: Option<PlaceIdx>) -> u64 {
        if self.rtts_ms.is_empty() {
            return 0;
        }
        let n = self.ids.len();
        let at = |p: Option<PlaceIdx>| p.map_or(n, usize::from);
        ns_from_ms(self.rtts_ms[at(a) * (n + 1) + at(b)] / 2.0)
    }

    /// For each region of clients, and last for clients of none: the parts of a node that are as near as any, and all of
    /// them by nearness. Parts of a node that stands nowhere are shared out among the regions.
    pub fn nearest_parts(&self, node: NodeIdx, parts: usize) -> Vec<(Vec<u16>, Vec<u16>)> {
        let nowhere = self.stands[node as usize].iter().all(Option::is_none);
        let rows = self.regions.iter().copied().map(Some).chain([None]);
        rows.enumerate()
            .map(|(i, row)| {
                if nowhere && row.is_some() {
                    let turn: Vec<u16> = (0..parts).map(|k| ((i + k) % parts) as u16).collect();
                    return (turn[..1].to_vec(), turn);
                }
                let far = |part: &u16| self.one_way_ns(row, self.stand(node, usize::from(*part)));
                let mut all: Vec<u16> = (0..parts as u16).collect();
                order::sort_by_key(&mut all, far);
                let near = all.iter().copied().filter(|p| far(p) == far(&all[0])).collect();
                (near, all)
            })
            .collect()
    }

    /// One-way delay between two parts of one node [ns].
    pub fn between_parts_ns(&self, node: NodeIdx, a: usize, b: usize) -> u64 {
        self.one_way_ns(self.stand(node, a), self.stand(node, b))
    }

    /// One-way delay between the first parts of two nodes [ns].
    pub fn between_ns(&self, a: NodeIdx, b: NodeIdx) -> u64 {
        self.one_way_ns(self.stand(a, 0), self.stand(b, 0))
    }

    /// Whether two parts of one node are cut off from each other.
    pub fn parts_are_cut(&self, node: NodeIdx, a: usize, b: usize) -> bool {
        !self.cuts.is_empty() && self.is_cut(self.stand(node, a), self.stand(node, b))
    }

    fn is_cut(&self, a: Option<PlaceIdx>, b: Option<PlaceIdx>) -> bool {
        self.cuts.iter().any(|(x, y)| {
            // A place within the other is on both sides: what they share is not cut.
            let apart =
                |p, q| self.is_in(a, p) && self.is_in(b, q) && !(self.is_in(a, q) && self.is_in(b, p));
            apart(*x, *y) || apart(*y, *x)
        })
    }

    /// Cuts two places off from each other, or joins them again. False if they were so already.
    pub fn cut(&mut self, a: PlaceIdx, b: PlaceIdx, cut: bool) -> bool {
        let pair = (a.min(b), a.max(b));
        let known = self.cuts.iter().position(|c| *c == pair);
        match known {
            None if cut => self.cuts.push(pair),
            Some(at) if !cut => {
                self.cuts.remove(at);
            }
            _ => return false,
        }
        true
    }

    /// Number of NAT gateways.
    pub fn nat_count(&self) -> usize {
        (0..self.nats.len()).filter(|p| self.nats[*p] == Some(*p as PlaceIdx)).count()
    }

    /// What bytes between a caller's place and the called one's are billed as.
    fn billed(&self, caller: Option<PlaceIdx>, called: Option<PlaceIdx>) -> Option<Item> {
        let of = |list: &[Option<PlaceIdx>], p: PlaceIdx| list[p as usize];
        let (Some(a), Some(b)) = (caller, called) else {
            // What stands in no place is out on the internet.
            return caller.and_then(|a| of(&self.nats, a)).map(|_| Item::Nat);
        };
        if of(&self.spots, a) != of(&self.spots, b) {
            return Some(Item::Region);
        }
        match (of(&self.zones, a), of(&self.zones, b)) {
            (Some(x), Some(y)) if x != y => Some(Item::Zone),
            _ => None,
        }
    }

    /// How far a wire reaches. What answers the clients of a name server stands at the far end of its wires, so those are
    /// as long as the way from each client's region.
    pub fn reach(&self, from: NodeIdx, to: NodeIdx, by_region: bool) -> Reach {
        let callers: Vec<Option<PlaceIdx>> = if by_region {
            self.regions.iter().copied().map(Some).chain([None]).collect()
        } else {
            self.stands[from as usize].clone()
        };
        let called = &self.stands[to as usize];
        let pairs = || callers.iter().flat_map(|a| called.iter().map(move |b| (*a, *b)));
        let mut delays_ns: Vec<u64> = pairs().map(|(a, b)| self.one_way_ns(a, b)).collect();
        if delays_ns.iter().all(|d| *d == 0) {
            delays_ns.clear();
        }
        let mut cut: Vec<bool> =
            if self.cuts.is_empty() { Vec::new() } else { pairs().map(|(a, b)| self.is_cut(a, b)).collect() };
        if !cut.contains(&true) {
            cut.clear();
        }
        let mut billed: Vec<Option<Item>> = pairs().map(|(a, b)| self.billed(a, b)).collect();
        // Who answers users pays for the way to the internet, and nothing else.
        if by_region || self.users[from as usize] || billed.iter().all(Option::is_none) {
            billed.clear();
        }
        Reach { delays_ns, cut, billed, rows: callers.len() as u16, columns: called.len() as u16, by_region }
    }
}
