//! Rules for places: what may lie in what, and who can reach whom.

use super::wire_rules::Refusal;
use super::{Design, Place};
use crate::faults::Faults;
use crate::kinds::Kind;
use crate::limits::LABEL_CHARS_MAX;
use crate::places::PlaceKind;
use crate::places::layout::Layout;

/// What a user calls a place.
fn name(place: &Place) -> (String, String) {
    let spec = place.kind().spec();
    if place.label.is_empty() {
        (spec.label.en.to_lowercase(), spec.label.ko.to_owned())
    } else {
        (format!("\"{}\"", place.label), format!("\"{}\"", place.label))
    }
}

/// Why a node of this kind has no business in a place of that kind, if so.
pub fn place_refusal(kind: Kind, place: PlaceKind) -> Option<Refusal> {
    (kind == Kind::Users && place != PlaceKind::Region).then(|| {
        let spec = place.spec();
        Refusal {
            en: format!("Users live in a region, not in a {}.", spec.label.en.to_lowercase()),
            ko: format!("사용자는 리전에 있을 뿐, {} 안에 있지 않습니다.", spec.label.ko),
        }
    })
}

/// Why one node cannot reach another, as the places say, if so. Indices are positions of nodes, and `layout` is the design's.
pub fn reach_refusal(design: &Design, layout: &Layout, from: usize, to: usize) -> Option<Refusal> {
    if design.places.is_empty() {
        return None;
    }
    let (source, target) = (&design.nodes[from], &design.nodes[to]);
    let (a, b) = (source.kind().spec().label, target.kind().spec().label);
    let (callers, called) = (layout.of_node(source), layout.of_node(target));
    // Users are on the internet wherever they live; so is what stands in no place.
    let outside = |kind: Kind, place: &Option<usize>| kind == Kind::Users || place.is_none();
    let hidden = called.iter().find_map(|p| layout.private_subnet(*p));
    if let Some(subnet) = hidden
        && callers.iter().any(|p| outside(source.kind(), p))
    {
        let (en, ko) = name(&design.places[subnet]);
        let at_large = source.kind() != Kind::Users;
        let (who_en, who_ko) = if at_large {
            (
                format!("{} stands in no place, so it is out on the internet, and cannot", a.en),
                format!("{}: 어느 장소에도 속하지 않아 인터넷에 있으므로", a.ko),
            )
        } else {
            ("Users cannot".to_owned(), "사용자는".to_owned())
        };
        return Some(Refusal {
            en: format!(
                "{who_en} reach {} in the private subnet {en}: it has no public address. Put a load balancer or a server in a public subnet between them.",
                b.en
            ),
            ko: format!(
                "{who_ko} 프라이빗 서브넷 {ko} 안의 {}에 닿을 수 없습니다. 공인 주소가 없기 때문입니다. 퍼블릭 서브넷에 로드 밸런서나 서버를 사이에 두세요.",
                b.ko
            ),
        });
    }
    let no_way_out = callers.iter().find_map(|p| layout.private_subnet(*p)).filter(|s| !layout.has_nat(*s));
    if let Some(subnet) = no_way_out
        && called.iter().any(Option::is_none)
    {
        let (en, ko) = name(&design.places[subnet]);
        return Some(Refusal {
            en: format!(
                "{} is in the private subnet {en}, which has no NAT gateway, and {} stands in no place, so it is out on the internet. Give the subnet a NAT gateway.",
                a.en, b.en
            ),
            ko: format!(
                "{}은(는) NAT 게이트웨이가 없는 프라이빗 서브넷 {ko} 안에 있고, {}은(는) 어느 장소에도 속하지 않아 인터넷에 있습니다. 서브넷에 NAT 게이트웨이를 두세요.",
                a.ko, b.ko
            ),
        });
    }
    None
}

impl Design {
    pub(super) fn check_places(&self, faults: &mut Faults) {
        let layout = Layout::new(self);
        for (i, place) in self.places.iter().enumerate() {
            let path = |field: &str| format!("places[{i}].{field}");
            if place.id.is_empty() {
                faults.add(path("id"), "a place wants an id");
            }
            let before = self.places[..i].iter().any(|p| p.id == place.id);
            if before || self.node(&place.id).is_some() {
                let reason = format!("the id \"{}\" is taken; nodes and places share their ids", place.id);
                faults.add(path("id"), reason);
            }
            for (field, text) in [("id", &place.id), ("label", &place.label)] {
                if text.chars().count() > LABEL_CHARS_MAX {
                    faults.add(path(field), format!("at most {LABEL_CHARS_MAX} characters"));
                }
            }
            let Some(parent) = &place.parent else { continue };
            match self.place(parent) {
                None => faults.add(path("parent"), format!("there is no place \"{parent}\"")),
                Some(_) if layout.is_circular(i) => {
                    faults.add(path("parent"), "the places go round in a circle: each lies in the next");
                }
                Some(outer) => {
                    if let Some(reason) = nesting_fault(place.kind(), outer.kind()) {
                        faults.add(path("parent"), reason);
                    }
                }
            }
        }
        for (i, node) in self.nodes.iter().enumerate() {
            let named = node.place.iter().map(|id| (format!("nodes[{i}].place"), id));
            let spread = node.spread.iter().enumerate();
            let spread = spread.map(|(j, id)| (format!("nodes[{i}].spread[{j}]"), id));
            for (path, id) in named.chain(spread) {
                match self.place(id) {
                    None => faults.add(path, format!("there is no place \"{id}\"")),
                    Some(place) => {
                        if let Some(refusal) = place_refusal(node.kind(), place.kind()) {
                            faults.add(path, refusal.en);
                        }
                    }
                }
            }
            if !node.spread.is_empty() && node.kind().spec().parts.is_none() {
                faults.add(
                    format!("nodes[{i}].spread"),
                    format!("a {} has no parts that could be spread over places", node.kind().spec().id),
                );
            }
        }
    }
}

/// Why a place of one kind cannot lie in one of another, if so, in the words of a design file.
fn nesting_fault(inner: PlaceKind, outer: PlaceKind) -> Option<String> {
    let (inner, outer_spec) = (inner.spec(), outer.spec());
    if inner.inside.contains(&outer) {
        return None;
    }
    let known: Vec<&str> = inner.inside.iter().map(|k| k.spec().id).collect();
    Some(if known.is_empty() {
        format!("a {} lies in no other place", inner.id)
    } else {
        format!("a {} cannot lie in a {}; it may lie in {}", inner.id, outer_spec.id, known.join(", "))
    })
}

/// Why a place of one kind cannot lie in one of another, if so, in the words of the page.
pub fn nesting_refusal(inner: PlaceKind, outer: PlaceKind) -> Option<Refusal> {
    if inner.spec().inside.contains(&outer) {
        return None;
    }
    let (inner, outer) = (inner.spec(), outer.spec().label);
    let known =
        |name: fn(PlaceKind) -> String| inner.inside.iter().map(|k| name(*k)).collect::<Vec<_>>().join(", ");
    let (en, ko) = (inner.label.en.to_lowercase(), inner.label.ko);
    Some(if inner.inside.is_empty() {
        Refusal {
            en: format!("A {en} lies in no other place."),
            ko: format!("{ko}: 다른 장소 안에 둘 수 없습니다."),
        }
    } else {
        Refusal {
            en: format!(
                "A {en} cannot lie in a {}. It may lie in: {}.",
                outer.en.to_lowercase(),
                known(|k| k.spec().label.en.to_lowercase())
            ),
            ko: format!(
                "{ko}: {} 안에 둘 수 없습니다. 둘 수 있는 곳: {}.",
                outer.ko,
                known(|k| k.spec().label.ko.to_owned())
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn paths(file: &Value) -> Vec<String> {
        let faults = Design::from_json(file).err().unwrap_or_default();
        faults.into_iter().map(|f| f.path).collect()
    }

    #[test]
    fn places_are_read_written_and_checked_all_at_once() {
        let file = json!({
            "nodes": [
                {"id": "u", "kind": "users", "place": "eu"},
                {"id": "w", "kind": "web", "place": "eu", "spread": ["a", "b"]},
            ],
            "wires": [{"from": "u", "to": "w"}],
            "places": [
                {"id": "eu", "kind": "region", "label": "Europe", "w": 900, "params": {"site": "ireland"}},
                {"id": "a", "kind": "zone", "parent": "eu", "x": 10, "y": 20},
                {"id": "b", "kind": "zone", "parent": "eu"},
            ],
        });
        let design = Design::from_json(&file).unwrap();
        assert_eq!(Design::from_json(&design.to_json()).unwrap(), design);
        assert_eq!(
            design.to_json()["places"][1],
            json!({"id": "a", "kind": "zone", "x": 10, "y": 20, "parent": "eu"})
        );
        let bad = json!({
            "nodes": [
                {"id": "u", "kind": "users", "place": "dc"},
                {"id": "v", "kind": "users", "spread": ["r"]},
                {"id": "w", "kind": "web", "place": "nowhere", "spread": ["r", "gone"]},
            ],
            "wires": [],
            "places": [
                {"id": "r", "kind": "region", "parent": "dc"},
                {"id": "dc", "kind": "data_centre", "parent": "absent"},
                {"id": "m", "kind": "machine", "parent": "m"},
                {"id": "w", "kind": "zone"},
                {"id": "dc", "kind": "zone", "parent": "m", "w": 1},
                {"id": "x", "kind": "teapot", "params": {"cores": 0}},
            ],
        });
        assert_eq!(
            paths(&bad),
            [
                "places[4].w",
                "places[5].kind",
                "places[0].parent",
                "places[1].parent",
                "places[2].parent",
                "places[3].id",
                "places[4].id",
                "places[4].parent",
                "nodes[0].place",
                "nodes[1].spread",
                "nodes[2].place",
                "nodes[2].spread[1]",
            ]
        );
    }

    #[test]
    fn a_private_subnet_is_reached_from_inside_and_calls_out_through_nat() {
        let file = |user_to: &str, web: Value, db: Value, nat: bool| {
            json!({
                "nodes": [
                    {"id": "u", "kind": "users"},
                    {"id": "web", "kind": "web", "place": web},
                    {"id": "db", "kind": "relational", "place": db},
                ],
                "wires": [{"from": "u", "to": user_to}, {"from": "web", "to": "db"}],
                "places": [
                    {"id": "r", "kind": "region"},
                    {"id": "front", "kind": "public_subnet", "parent": "r"},
                    {"id": "back", "kind": "private_subnet", "parent": "r", "params": {"nat": nat}},
                ],
            })
        };
        assert!(paths(&file("web", json!("front"), json!("back"), false)).is_empty());
        assert_eq!(
            paths(&file("web", json!("back"), json!("back"), false)),
            ["wires[0]"],
            "users to private"
        );
        assert_eq!(
            paths(&file("web", Value::Null, json!("back"), true)),
            ["wires[1]"],
            "internet to private"
        );
        let out = |nat: bool| {
            json!({
                "nodes": [{"id": "web", "kind": "web", "place": "back"}, {"id": "api", "kind": "web"}],
                "wires": [{"from": "web", "to": "api"}],
                "places": [{"id": "back", "kind": "private_subnet", "params": {"nat": nat}}],
            })
        };
        assert_eq!(paths(&out(false)), ["wires[0]"]);
        assert!(paths(&out(true)).is_empty());
    }
}
