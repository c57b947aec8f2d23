//! Which wires make sense: between which kinds, where one can reach the other, once only, and never in a loop.

use super::Design;
use super::check_places::reach_refusal;
use crate::kinds::Kind;
use crate::order;
use crate::places::layout::Layout;
use std::collections::{BTreeMap, BTreeSet};

/// Why a wire is refused, in the languages of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// English.
    pub en: String,
    /// Korean.
    pub ko: String,
}

/// Why a wire from one node to another would make no sense in this design, if so. Indices are positions of nodes.
///
/// For many wires at once make [`WireRules`] once.
pub fn wire_refusal(design: &Design, from: usize, to: usize) -> Option<Refusal> {
    WireRules::of(design).refusal(from, to)
}

/// The rules of wires over nodes and the wires that are already there.
///
/// Loops are found by an order of the nodes in which every wire leads onwards. A wire that leads onwards as well closes no
/// loop and costs nothing; one that leads back makes the nodes between its ends change places (Pearce and Kelly 2006,
/// "A dynamic topological sort algorithm for directed acyclic graphs").
pub struct WireRules<'a> {
    design: &'a Design,
    layout: Layout<'a>,
    indices: BTreeMap<&'a str, usize>,
    wired: BTreeSet<(usize, usize)>,
    out: Vec<Vec<usize>>,
    into: Vec<Vec<usize>>,
    /// Place of each node in the order.
    rank: Vec<usize>,
}

impl<'a> WireRules<'a> {
    /// The rules in a design as it is. Wires of it that would be refused because of others count for nothing.
    pub fn of(design: &'a Design) -> Self {
        let mut rules = Self::without_wires(design);
        for wire in &design.wires {
            if let (Some(from), Some(to)) = (rules.index(&wire.from), rules.index(&wire.to))
                && from != to
                && !rules.wired.contains(&(from, to))
                && !rules.closes_loop(from, to)
            {
                rules.add(from, to);
            }
        }
        rules
    }

    /// The rules as if the design had no wires yet.
    pub fn without_wires(design: &'a Design) -> Self {
        let count = design.nodes.len();
        let mut indices = BTreeMap::new();
        for (i, node) in design.nodes.iter().enumerate() {
            // Where ids are not unique, the first is meant, as everywhere.
            indices.entry(node.id.as_str()).or_insert(i);
        }
        Self {
            design,
            layout: Layout::new(design),
            indices,
            wired: BTreeSet::new(),
            out: vec![Vec::new(); count],
            into: vec![Vec::new(); count],
            rank: (0..count).collect(),
        }
    }

    /// Position of the node with this id.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.indices.get(id).copied()
    }

    /// Why a wire between the nodes at these positions would make no sense, if so.
    pub fn refusal(&self, from: usize, to: usize) -> Option<Refusal> {
        let refuse = |en: String, ko: String| Some(Refusal { en, ko });
        let nodes = &self.design.nodes;
        let target = nodes[to].kind();
        let (a, b) = (nodes[from].kind().spec(), target.spec());
        if from == to {
            return refuse(
                "A node cannot call itself.".to_owned(),
                "노드는 자기 자신을 부를 수 없습니다.".to_owned(),
            );
        }
        if target == Kind::Users {
            return refuse(
                "Users send requests; nothing calls them.".to_owned(),
                "사용자는 요청을 보낼 뿐, 아무도 사용자를 부르지 않습니다.".to_owned(),
            );
        }
        if a.calls.is_empty() {
            return refuse(
                format!("{} answers; it calls nothing. Draw the wire the other way round.", a.label.en),
                format!(
                    "{}: 응답만 할 뿐 다른 것을 부르지 않습니다. 선을 반대 방향으로 그어 보세요.",
                    a.label.ko
                ),
            );
        }
        if !a.calls.contains(&target) {
            let list = |pick: fn(Kind) -> &'static str| {
                a.calls.iter().map(|k| pick(*k)).collect::<Vec<_>>().join(", ")
            };
            let (known_en, known_ko) = (list(|k| k.spec().label.en), list(|k| k.spec().label.ko));
            return refuse(
                format!("{} cannot call {}. It can call: {known_en}.", a.label.en, b.label.en),
                format!(
                    "{}에서 {}(으)로는 연결할 수 없습니다. 연결할 수 있는 것: {known_ko}.",
                    a.label.ko, b.label.ko
                ),
            );
        }
        if self.wired.contains(&(from, to)) {
            return refuse("These two are wired already.".to_owned(), "이미 연결되어 있습니다.".to_owned());
        }
        if let Some(refusal) = reach_refusal(self.design, &self.layout, from, to) {
            return Some(refusal);
        }
        if self.closes_loop(from, to) {
            return refuse(
                "That would close a loop: requests would go round for ever.".to_owned(),
                "고리가 생겨 요청이 끝없이 돌게 됩니다.".to_owned(),
            );
        }
        None
    }

    /// Counts a wire, which was not refused, as there from now on.
    pub fn add(&mut self, from: usize, to: usize) {
        self.wired.insert((from, to));
        self.out[from].push(to);
        self.into[to].push(from);
        let (first, last) = (self.rank[to], self.rank[from]);
        if last < first {
            return;
        }
        // What leads to `from` now comes before what `to` leads to; both keep their own order, and share their places.
        let mut moved = self.led(&self.into, from, first..=last);
        let behind = self.led(&self.out, to, first..=last);
        let by_rank = |n: &usize| self.rank[*n];
        order::sort_by_key(&mut moved, by_rank);
        let mut tail = behind;
        order::sort_by_key(&mut tail, by_rank);
        moved.append(&mut tail);
        let mut ranks: Vec<usize> = moved.iter().map(by_rank).collect();
        order::sort(&mut ranks);
        for (node, rank) in moved.into_iter().zip(ranks) {
            self.rank[node] = rank;
        }
    }

    /// Whether wires lead from `to` back to `from`.
    fn closes_loop(&self, from: usize, to: usize) -> bool {
        let (first, last) = (self.rank[to], self.rank[from]);
        first < last && self.led(&self.out, to, first..=last).contains(&from)
    }

    /// What `next` leads to from a node, itself included, through nodes with these ranks.
    fn led(&self, next: &[Vec<usize>], start: usize, ranks: std::ops::RangeInclusive<usize>) -> Vec<usize> {
        let mut seen = BTreeSet::from([start]);
        let mut found = vec![start];
        let mut at = 0;
        while at < found.len() {
            for &n in &next[found[at]] {
                if ranks.contains(&self.rank[n]) && seen.insert(n) {
                    found.push(n);
                }
            }
            at += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::design::{Node, Wire};
    use crate::faults::Faults;

    fn webs(n: usize) -> Design {
        let node = |i: usize| Node::new(format!("n{i}"), Kind::Web, 0.0, 0.0);
        Design { nodes: (0..n).map(node).collect(), ..Design::default() }
    }

    fn wire(from: usize, to: usize) -> Wire {
        Wire::new(format!("n{from}"), format!("n{to}"))
    }

    /// Whether wires lead from one node to another, by looking at every wire over and over.
    fn reaches(wires: &BTreeSet<(usize, usize)>, from: usize, goal: usize) -> bool {
        let mut reached = BTreeSet::from([from]);
        loop {
            let before = reached.len();
            let next: Vec<usize> = wires.iter().filter(|w| reached.contains(&w.0)).map(|w| w.1).collect();
            reached.extend(next);
            if reached.len() == before {
                return reached.contains(&goal);
            }
        }
    }

    #[test]
    fn loops_are_found_as_by_looking_at_every_wire() {
        let mut bits = 1u64;
        let mut below = |n: usize| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (bits >> 33) as usize % n
        };
        for n in [2, 3, 5, 9, 14] {
            for _ in 0..20 {
                let design = webs(n);
                let mut rules = WireRules::without_wires(&design);
                let mut wires = BTreeSet::new();
                for _ in 0..4 * n {
                    let (from, to) = (below(n), below(n));
                    let expected = match () {
                        () if from == to => Some("A node cannot call itself."),
                        () if wires.contains(&(from, to)) => Some("These two are wired already."),
                        () if reaches(&wires, to, from) => {
                            Some("That would close a loop: requests would go round for ever.")
                        }
                        () => None,
                    };
                    let refusal = rules.refusal(from, to);
                    assert_eq!(refusal.as_ref().map(|r| r.en.as_str()), expected, "{wires:?} {from} {to}");
                    if refusal.is_none() {
                        rules.add(from, to);
                        wires.insert((from, to));
                    }
                }
                assert!(wires.iter().all(|(a, b)| rules.rank[*a] < rules.rank[*b]));
            }
        }
    }

    #[test]
    fn of_the_wires_of_a_loop_only_the_one_that_closes_it_is_at_fault() {
        let mut design = webs(4);
        design.wires = vec![wire(2, 1), wire(1, 0), wire(0, 2), wire(0, 3), wire(3, 2), wire(1, 0)];
        let mut faults = Faults::default();
        design.check(&mut faults);
        let paths: Vec<&str> = faults.0.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["wires[2]", "wires[4]", "wires[5]"], "{faults:?}");
        // A design that has a loop all the same is judged as if the wire that closes it were not there.
        assert!(wire_refusal(&design, 0, 2).unwrap().en.contains("loop"));
        assert_eq!(wire_refusal(&design, 2, 3), None);
    }
}
