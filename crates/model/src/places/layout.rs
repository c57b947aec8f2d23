//! Which place lies in which, and what follows from it: distance, reach and shared fate.

use super::sites::{self, Spot};
use super::{PlaceKind, PlaceParams};
use crate::design::{Design, Node, Place};

/// The places of a design and how they are nested. A parent that is not there, or a circle, counts as none.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    places: &'a [Place],
    parents: Vec<Option<usize>>,
}

impl<'a> Layout<'a> {
    /// The layout of a design.
    pub fn new(design: &'a Design) -> Self {
        let places = design.places.as_slice();
        let index = |id: &str| places.iter().position(|p| p.id == id);
        let parents = places.iter().map(|p| p.parent.as_deref().and_then(index)).collect();
        Self { places, parents }
    }

    /// Position of a place.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.places.iter().position(|p| p.id == id)
    }

    /// Where the parts of a node stand, in turn: the places that it is spread over, or the one that it is in.
    pub fn of_node(&self, node: &Node) -> Vec<Option<usize>> {
        if node.spread.is_empty() {
            vec![node.place.as_deref().and_then(|id| self.index(id))]
        } else {
            node.spread.iter().map(|id| self.index(id)).collect()
        }
    }

    /// A place and those around it, from the innermost.
    pub fn chain(&self, place: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        // Nesting has no more levels than there are places; a circle ends there.
        std::iter::successors(place, |p| self.parents[*p]).take(self.places.len())
    }

    /// Whether a place is another or lies in it.
    pub fn is_in(&self, place: Option<usize>, outer: usize) -> bool {
        self.chain(place).any(|p| p == outer)
    }

    /// Whether the parents of a place go round in a circle.
    pub fn is_circular(&self, place: usize) -> bool {
        std::iter::successors(self.parents[place], |p| self.parents[*p])
            .take(self.places.len())
            .any(|p| p == place)
    }

    /// The innermost place of a kind around a place, or the place itself.
    pub fn nearest(&self, place: Option<usize>, is: impl Fn(PlaceKind) -> bool) -> Option<usize> {
        self.chain(place).find(|p| is(self.places[*p].kind()))
    }

    /// The machine that a place is or lies on.
    pub fn machine(&self, place: Option<usize>) -> Option<usize> {
        self.nearest(place, |k| k == PlaceKind::Machine)
    }

    /// The private subnet that a place is or lies in.
    pub fn private_subnet(&self, place: Option<usize>) -> Option<usize> {
        self.nearest(place, |k| matches!(k, PlaceKind::PublicSubnet | PlaceKind::PrivateSubnet))
            .filter(|p| self.places[*p].kind() == PlaceKind::PrivateSubnet)
    }

    /// Whether a private subnet has a way out.
    pub fn has_nat(&self, subnet: usize) -> bool {
        matches!(&self.places[subnet].params, PlaceParams::PrivateSubnet(p) if p.nat)
    }

    /// Where a place is in the world, and the place that says so.
    pub fn spot(&self, place: Option<usize>) -> Option<(usize, Spot)> {
        self.chain(place).find_map(|p| self.places[p].params.spot().map(|spot| (p, spot)))
    }

    /// Round trip between two places [ms]; no place is no distance from anywhere.
    ///
    /// Two places that stand at different spots of the world: see [`sites::rtt_ms`]. Else what the smallest place that
    /// holds both says of its inside; and where no place holds both, but both stand at one spot, what those around them say.
    pub fn rtt_ms(&self, a: Option<usize>, b: Option<usize>) -> f64 {
        if a.is_none() || b.is_none() {
            return 0.0;
        }
        let spots = (self.spot(a), self.spot(b));
        if let (Some((at_a, spot_a)), Some((at_b, spot_b))) = spots
            && at_a != at_b
            && spot_a != spot_b
        {
            return sites::rtt_ms(spot_a, spot_b);
        }
        let common = self.chain(a).find(|p| self.is_in(b, *p));
        let inner = |p: usize| self.places[p].params.inner_rtt_ms();
        match (common, spots) {
            (Some(common), _) => self.chain(Some(common)).find_map(inner).unwrap_or(0.0),
            (None, (Some((at_a, _)), Some((at_b, _)))) => {
                f64::max(inner(at_a).unwrap_or(0.0), inner(at_b).unwrap_or(0.0))
            }
            (None, _) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn design() -> Design {
        let place = |id: &str, kind: &str, parent: Option<&str>, params: serde_json::Value| json!({"id": id, "kind": kind, "parent": parent, "params": params, "w": 100, "h": 100});
        let file = json!({"nodes": [], "wires": [], "places": [
            place("us", "region", None, json!({})),
            place("eu", "region", None, json!({"site": "ireland"})),
            place("a", "zone", Some("us"), json!({})),
            place("b", "zone", Some("us"), json!({})),
            place("dc", "data_centre", Some("a"), json!({})),
            place("front", "public_subnet", Some("dc"), json!({})),
            place("back", "private_subnet", Some("dc"), json!({"nat": true})),
            place("box", "machine", Some("back"), json!({})),
            place("us2", "region", None, json!({"rtt_ms": 2})),
            place("loose", "data_centre", None, json!({})),
            place("abroad", "data_centre", Some("us"), json!({"site": "tokyo"})),
        ]});
        Design::from_json(&file).unwrap()
    }

    #[test]
    fn distance_is_that_of_the_smallest_place_that_holds_both() {
        let design = design();
        let layout = Layout::new(&design);
        let rtt = |a: &str, b: &str| layout.rtt_ms(layout.index(a), layout.index(b));
        for (a, b, ms) in [
            ("us", "eu", 80.5),
            ("box", "eu", 80.5),
            ("a", "b", 1.55),
            ("us", "us", 1.55),
            ("us", "box", 1.55),
            ("a", "dc", 0.9),
            ("a", "a", 0.9),
            ("front", "back", 0.25),
            ("front", "front", 0.25),
            ("front", "box", 0.25),
            ("box", "box", 0.0),
            // Two boxes drawn for one region; a data centre that is nowhere; one that is elsewhere than its region.
            ("us", "us2", 2.0),
            ("us", "loose", 0.0),
            ("loose", "loose", 0.25),
            ("us", "abroad", 145.3),
            ("abroad", "abroad", 0.25),
        ] {
            assert_eq!(rtt(a, b), ms, "{a} {b}");
            assert_eq!(rtt(b, a), ms, "{b} {a}");
        }
        assert_eq!(layout.rtt_ms(None, layout.index("eu")), 0.0);
    }

    #[test]
    fn nesting_tells_machine_and_subnet() {
        let design = design();
        let layout = Layout::new(&design);
        let at = |id: &str| layout.index(id);
        assert_eq!(layout.machine(at("box")), at("box"));
        assert_eq!(layout.machine(at("back")), None);
        assert_eq!(layout.private_subnet(at("box")), at("back"));
        assert_eq!(layout.private_subnet(at("front")), None);
        assert!(layout.has_nat(at("back").unwrap()));
        assert!(layout.is_in(at("box"), at("us").unwrap()) && !layout.is_in(at("us"), at("box").unwrap()));
    }
}
