//! Putting nodes in order: in line, at even distances, in layers along the way of the requests; and what leads to what.

use crate::boxes::shift_and_settle;
use crate::editor::Outcome;
use crate::geometry::{NODE_HEIGHT, NODE_WIDTH, Point};
use crate::hit::{Hit, hit};
use crate::selection::{Selection, WireKey};
use crate::snap::to_grid;
use headroom_model::design::{Design, Node, Refusal, Wire, WireRules, wire_refusal};
use headroom_model::kinds::Kind;
use headroom_model::order;
use std::collections::BTreeSet;

/// Distance between the columns of a tidy picture [world px].
const COLUMN_GAP: f64 = 112.0;
/// Distance between the nodes of a column [world px].
const ROW_GAP: f64 = 48.0;
/// Walks over the columns, there and back, that bring callers and called near each other.
const SWEEPS: usize = 8;

/// A line that nodes can be brought to. All nodes have one size, so each pair of sides has one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The left edge of the one that is farthest left.
    Left,
    /// The right edge of the one that is farthest right.
    Right,
    /// The middle of all, from left to right: one column.
    Column,
    /// The upper edge of the uppermost.
    Top,
    /// The lower edge of the lowest.
    Bottom,
    /// The middle of all, from top to bottom: one row.
    Row,
}

/// A direction in which distances are made even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// From left to right.
    Across,
    /// From top to bottom.
    Down,
}

/// Which way along the wires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All that call it, directly or through others.
    Upstream,
    /// All that it calls, directly or through others.
    Downstream,
}

/// Moves some nodes, each to a place of its own, and puts each in the place of the design that it has come to.
fn put(design: &mut Design, moves: Vec<(usize, Point)>) -> Outcome {
    for (i, to) in moves {
        let node = &design.nodes[i];
        let by = Point::new(to.x - node.x, to.y - node.y);
        let one = Selection::of_nodes([node.id.clone()]);
        shift_and_settle(design, &one, by)?;
    }
    Ok(None)
}

fn chosen(design: &Design, ids: &BTreeSet<String>) -> Vec<usize> {
    (0..design.nodes.len()).filter(|i| ids.contains(&design.nodes[*i].id)).collect()
}

/// Brings nodes to one line.
pub(crate) fn align(design: &mut Design, ids: &BTreeSet<String>, line: Line) -> Outcome {
    let nodes = chosen(design, ids);
    if nodes.len() < 2 {
        return Ok(None);
    }
    let xs: Vec<f64> = nodes.iter().map(|i| design.nodes[*i].x).collect();
    let ys: Vec<f64> = nodes.iter().map(|i| design.nodes[*i].y).collect();
    let least = |of: &[f64]| of.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |of: &[f64]| of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let middle = |of: &[f64]| to_grid(0.5 * (least(of) + most(of)));
    let (x, y) = match line {
        Line::Left => (Some(least(&xs)), None),
        Line::Right => (Some(most(&xs)), None),
        Line::Column => (Some(middle(&xs)), None),
        Line::Top => (None, Some(least(&ys))),
        Line::Bottom => (None, Some(most(&ys))),
        Line::Row => (None, Some(middle(&ys))),
    };
    let to = |i: usize| Point::new(x.unwrap_or(design.nodes[i].x), y.unwrap_or(design.nodes[i].y));
    let moves = nodes.iter().map(|i| (*i, to(*i))).collect();
    put(design, moves)
}

/// Makes the distances between nodes even; the outer two stay.
pub(crate) fn distribute(design: &mut Design, ids: &BTreeSet<String>, axis: Axis) -> Outcome {
    let mut nodes = chosen(design, ids);
    if nodes.len() < 3 {
        return Ok(None);
    }
    let at = |i: usize| if axis == Axis::Across { design.nodes[i].x } else { design.nodes[i].y };
    order::sort_by(&mut nodes, |a, b| at(*a).total_cmp(&at(*b)).then(a.cmp(b)));
    let (first, last) = (at(nodes[0]), at(nodes[nodes.len() - 1]));
    let step = (last - first) / (nodes.len() - 1) as f64;
    let moves = nodes
        .iter()
        .enumerate()
        .map(|(k, i)| {
            let node = &design.nodes[*i];
            let along = first + step * k as f64;
            (*i, if axis == Axis::Across { Point::new(along, node.y) } else { Point::new(node.x, along) })
        })
        .collect();
    put(design, moves)
}

/// Lays nodes out in columns, from those that nobody calls to those that call nobody, so that wires run to the right and
/// cross little: each node stands right of all its callers, and the order in a column follows the mean of its neighbours
/// (layers by longest path and barycentres, after Sugiyama, Tagawa, Toda 1981). The picture's middle stays where it was.
pub(crate) fn tidy(design: &mut Design, ids: &BTreeSet<String>) -> Outcome {
    let mut nodes = chosen(design, ids);
    if nodes.len() < 2 {
        nodes = (0..design.nodes.len()).collect();
    }
    if nodes.iter().any(|i| design.nodes[*i].place != design.nodes[nodes[0]].place) {
        return Err(Refusal {
            en: "These nodes stand in different places. Select nodes of one place and tidy up those."
                .to_owned(),
            ko: "서로 다른 장소에 있는 노드들입니다. 한 장소의 노드만 선택하고 정리하세요.".to_owned(),
        });
    }
    let Some(&top) = nodes.first() else { return Ok(None) };
    let slot = |id: &str| nodes.iter().position(|i| design.nodes[*i].id == id);
    let wires: Vec<(usize, usize)> =
        design.wires.iter().filter_map(|w| Some((slot(&w.from)?, slot(&w.to)?))).collect();

    // Designs have no loops, so as many rounds as nodes are enough.
    let mut layer = vec![0; nodes.len()];
    for _ in 0..nodes.len() {
        for (from, to) in &wires {
            layer[*to] = layer[*to].max(layer[*from] + 1);
        }
    }
    // Who calls others and is called by nobody here stands just before the first of them.
    for k in 0..nodes.len() {
        if !wires.iter().any(|w| w.1 == k)
            && let Some(first) = wires.iter().filter(|w| w.0 == k).map(|w| layer[w.1]).min()
        {
            layer[k] = first - 1;
        }
    }
    let columns = layer.iter().max().map_or(0, |l| l + 1);
    let mut order: Vec<Vec<usize>> = (0..columns)
        .map(|l| {
            let mut column: Vec<usize> = (0..nodes.len()).filter(|k| layer[*k] == l).collect();
            order::sort_by(&mut column, |a, b| {
                design.nodes[nodes[*a]].y.total_cmp(&design.nodes[nodes[*b]].y).then(a.cmp(b))
            });
            column
        })
        .collect();
    // Height of each node in its column, the middle of which is 0.
    let mut height = vec![0.0; nodes.len()];
    let level = |column: &[usize], height: &mut [f64]| {
        for (k, i) in column.iter().enumerate() {
            height[*i] = k as f64 - 0.5 * (column.len() as f64 - 1.0);
        }
    };
    for column in &order {
        level(column, &mut height);
    }
    for sweep in 0..SWEEPS {
        let rightward = sweep % 2 == 0;
        for k in 0..columns {
            let l = if rightward { k } else { columns - 1 - k };
            let pull = |i: usize| {
                let near: Vec<f64> = wires
                    .iter()
                    .filter_map(|w| match rightward {
                        true => (w.1 == i).then(|| height[w.0]),
                        false => (w.0 == i).then(|| height[w.1]),
                    })
                    .collect();
                if near.is_empty() { height[i] } else { near.iter().sum::<f64>() / near.len() as f64 }
            };
            let mut column: Vec<(f64, usize)> = order[l].iter().map(|i| (pull(*i), *i)).collect();
            order::sort_by(&mut column, |a, b| a.0.total_cmp(&b.0));
            order[l] = column.into_iter().map(|c| c.1).collect();
            level(&order[l], &mut height);
        }
    }

    let centre = |of: &dyn Fn(usize) -> f64| {
        let at = || nodes.iter().map(|i| of(*i));
        0.5 * (at().fold(f64::INFINITY, f64::min) + at().fold(f64::NEG_INFINITY, f64::max))
    };
    let (x, y) = (centre(&|i| design.nodes[i].x), centre(&|i| design.nodes[i].y));
    let left = x - 0.5 * (columns as f64 - 1.0) * (NODE_WIDTH + COLUMN_GAP);
    let moves: Vec<(usize, Point)> = (0..nodes.len())
        .map(|k| {
            let to = Point::new(
                to_grid(left + layer[k] as f64 * (NODE_WIDTH + COLUMN_GAP)),
                to_grid(y + height[k] * (NODE_HEIGHT + ROW_GAP)),
            );
            (nodes[k], to)
        })
        .collect();
    if design.nodes[top].place.is_some() {
        return put(design, moves);
    }
    for (i, to) in moves {
        (design.nodes[i].x, design.nodes[i].y) = (to.x, to.y);
    }
    Ok(None)
}

/// The nodes from which these are reached, or which are reached from these, and these.
pub(crate) fn reach(design: &Design, ids: &BTreeSet<String>, way: Reach) -> BTreeSet<String> {
    let mut found = ids.clone();
    loop {
        let before = found.len();
        for wire in &design.wires {
            let (near, far) = match way {
                Reach::Upstream => (&wire.to, &wire.from),
                Reach::Downstream => (&wire.from, &wire.to),
            };
            if found.contains(near) {
                found.insert(far.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Wires from who called the nodes `gone` to whom they called, as far as such wires make sense; to be drawn when the nodes
/// are out of the design.
pub(crate) fn bridges(design: &Design, gone: &BTreeSet<String>) -> Vec<Wire> {
    let ends = |way: Reach, start: &str| -> Vec<String> {
        // Through several nodes that go, to the first that stays.
        let (mut at, mut ends) = (vec![start.to_owned()], Vec::new());
        let mut seen = BTreeSet::new();
        while let Some(id) = at.pop() {
            for wire in &design.wires {
                let (near, far) = match way {
                    Reach::Upstream => (&wire.to, &wire.from),
                    Reach::Downstream => (&wire.from, &wire.to),
                };
                if *near == id && seen.insert(far.clone()) {
                    if gone.contains(far) { at.push(far.clone()) } else { ends.push(far.clone()) }
                }
            }
        }
        ends
    };
    let mut wires: Vec<Wire> = Vec::new();
    for id in gone {
        let callees = ends(Reach::Downstream, id);
        for from in ends(Reach::Upstream, id) {
            for to in &callees {
                if !wires.iter().any(|w| w.from == from && w.to == *to) {
                    wires.push(Wire::new(from.clone(), to.clone()));
                }
            }
        }
    }
    wires
}

/// The wire under a point that a new node of a kind could stand in, see
/// [`EditMsg::InsertNode`](crate::EditMsg::InsertNode).
pub fn wire_for(design: &Design, kind: Kind, at: Point, tolerance: f64) -> Option<WireKey> {
    let Hit::Wire(wire) = hit(design, at, tolerance) else { return None };
    let mut trial = design.clone();
    let index = trial.wires.iter().position(|w| wire.is(w))?;
    trial.wires.remove(index);
    let id = trial.fresh_id(kind);
    trial.nodes.push(Node::new(id.clone(), kind, at.x, at.y));
    for (from, to) in [(&wire.from, &id), (&id, &wire.to)] {
        let (a, b) = (trial.node_index(from)?, trial.node_index(to)?);
        if wire_refusal(&trial, a, b).is_some() {
            return None;
        }
        trial.wires.push(Wire::new(from, to));
    }
    Some(wire)
}

/// Draws those of some wires that make sense.
pub(crate) fn draw_possible(design: &mut Design, wires: Vec<Wire>) {
    for wire in wires {
        let rules = WireRules::of(design);
        let ends = (rules.index(&wire.from), rules.index(&wire.to));
        if let (Some(from), Some(to)) = ends
            && rules.refusal(from, to).is_none()
        {
            design.wires.push(wire);
        }
    }
}
