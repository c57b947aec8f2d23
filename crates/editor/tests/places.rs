//! Places as boxes, by messages: drawn, nested, moved with all they hold, resized, deleted, copied. After each message the
//! design is one that can be read.
#![allow(clippy::unwrap_used)]

use headroom_editor::{
    Change, EditMsg, Editor, Effect, Handle, Item, Phase, Point, Rect, Selection, moving, place_rect,
};
use headroom_model::design::{Action, Design, Entry};
use headroom_model::kinds::Kind;
use headroom_model::places::PlaceKind;
use serde_json::json;

fn editor(text: &str) -> Editor {
    Editor::new(Design::parse(text).unwrap())
}

/// Users and a web server, and nothing around them.
fn bare() -> Editor {
    editor(
        r#"{"nodes": [{"id": "u", "kind": "users", "x": -600, "y": 0}, {"id": "w", "kind": "web", "x": 0, "y": 0},
        {"id": "db", "kind": "relational", "x": 300, "y": 0}],
        "wires": [{"from": "u", "to": "w"}, {"from": "w", "to": "db"}]}"#,
    )
}

/// A region with two zones, one of which holds a subnet; a web tier over both zones.
fn nested() -> Editor {
    editor(
        r#"{"nodes": [{"id": "u", "kind": "users", "x": -400, "y": 100},
          {"id": "w", "kind": "web", "x": 60, "y": 100, "place": "front", "params": {"instances": 4}},
          {"id": "c", "kind": "cache", "x": 560, "y": 100, "place": "b"}],
        "wires": [{"from": "u", "to": "w"}, {"from": "w", "to": "c"}],
        "places": [{"id": "r", "kind": "region", "x": 0, "y": 0, "w": 900, "h": 400},
          {"id": "a", "kind": "zone", "parent": "r", "x": 20, "y": 40, "w": 400, "h": 300},
          {"id": "b", "kind": "zone", "parent": "r", "x": 480, "y": 40, "w": 400, "h": 300},
          {"id": "front", "kind": "public_subnet", "parent": "a", "x": 40, "y": 70, "w": 300, "h": 200}],
        "timeline": [{"at_s": 5, "do": "kill", "node": "a"}, {"at_s": 6, "do": "partition", "from": "a", "to": "b"}]}"#,
    )
}

fn tell(editor: &mut Editor, message: EditMsg) -> Effect {
    let what = format!("{message:?}");
    let effect = editor.apply(message);
    if let Err(faults) = Design::from_json(&editor.design().to_json()) {
        panic!("{what}: {faults:?}");
    }
    effect
}

fn pick(editor: &mut Editor, place: &str) {
    let _ = tell(editor, EditMsg::Select(Item::Place(place.to_owned())));
}

fn place_of(editor: &Editor, node: &str) -> Option<String> {
    editor.design().node(node).unwrap().place.clone()
}

fn parent_of(editor: &Editor, place: &str) -> Option<String> {
    editor.design().place(place).unwrap().parent.clone()
}

fn rect(editor: &Editor, place: &str) -> Rect {
    place_rect(editor.design().place(place).unwrap())
}

#[test]
fn a_place_dropped_around_nodes_takes_them_in_and_one_dropped_inside_nests() {
    let mut editor = bare();
    let drop = |kind, x, y| EditMsg::AddPlace { kind, at: Point::new(x, y) };
    let effect = tell(&mut editor, drop(PlaceKind::Region, 200.0, 50.0));
    assert_eq!(effect.change, Change::Structure);
    assert_eq!(editor.selection().only(), Some(Item::Place("region".to_owned())));
    assert_eq!(place_of(&editor, "w").as_deref(), Some("region"));
    assert_eq!(place_of(&editor, "db").as_deref(), Some("region"));
    assert_eq!(place_of(&editor, "u"), None, "it lies beside the box");

    let _ = tell(&mut editor, drop(PlaceKind::Zone, 100.0, 60.0));
    assert_eq!(parent_of(&editor, "zone").as_deref(), Some("region"));
    assert!(rect(&editor, "region").holds(&rect(&editor, "zone")));
    assert_eq!(place_of(&editor, "w").as_deref(), Some("zone"));

    let _ = tell(&mut editor, EditMsg::Undo);
    let _ = tell(&mut editor, EditMsg::Undo);
    assert!(editor.design().places.is_empty() && !editor.can_undo());
    assert_eq!(place_of(&editor, "w"), None);
}

#[test]
fn a_place_that_may_not_lie_there_is_refused_with_the_reason() {
    let mut editor = nested();
    let mut refused = |kind, x, y| {
        let effect = tell(&mut editor, EditMsg::AddPlace { kind, at: Point::new(x, y) });
        let refusal = effect.refusal.unwrap_or_else(|| panic!("{kind:?} was taken"));
        assert!(refusal.ko.chars().any(|c| ('가'..='힣').contains(&c)), "{}", refusal.ko);
        refusal.en
    };
    assert!(refused(PlaceKind::Region, 600.0, 250.0).contains("no other place"));
    assert!(refused(PlaceKind::Zone, 600.0, 300.0).contains("cannot lie in a zone"));
    assert!(refused(PlaceKind::PublicSubnet, 150.0, 240.0).contains("cannot lie in a public subnet"));
    // Around the web server a private subnet would hide it from its users.
    let effect = tell(&mut editor, EditMsg::Select(Item::Node("w".to_owned())));
    assert_eq!(effect.change, Change::View);
    let message = EditMsg::SetNodePlace { node: "u".into(), place: Some("a".into()) };
    assert!(tell(&mut editor, message).refusal.unwrap().en.contains("region"));
}

#[test]
fn a_private_subnet_around_what_users_call_is_refused() {
    let mut editor = bare();
    let _ = tell(&mut editor, EditMsg::Select(Item::Node("w".to_owned())));
    let seen = Rect { x: -800.0, y: -400.0, w: 1600.0, h: 800.0 };
    let here = |kind| EditMsg::AddPlaceHere { kind, seen };
    let refusal = tell(&mut editor, here(PlaceKind::PrivateSubnet)).refusal.unwrap();
    assert!(refusal.en.contains("no public address"), "{}", refusal.en);
    assert!(editor.design().places.is_empty());
    // A region around both, then the database alone goes into a subnet of it.
    let _ = tell(&mut editor, EditMsg::Toggle(Item::Node("db".to_owned())));
    let _ = tell(&mut editor, here(PlaceKind::Region));
    assert_eq!(place_of(&editor, "db").as_deref(), Some("region"));
    let _ = tell(&mut editor, EditMsg::Select(Item::Node("db".to_owned())));
    let effect = tell(&mut editor, here(PlaceKind::PrivateSubnet));
    assert_eq!((effect.change, effect.refusal), (Change::Structure, None));
    assert_eq!(place_of(&editor, "db").as_deref(), Some("private_subnet"));
    assert_eq!(place_of(&editor, "w").as_deref(), Some("region"));
    assert_eq!(parent_of(&editor, "private_subnet").as_deref(), Some("region"));
    assert!(rect(&editor, "region").holds(&rect(&editor, "private_subnet")), "the region grows with it");
    // With the region gone the web server is out on the internet.
    pick(&mut editor, "region");
    assert!(tell(&mut editor, EditMsg::Delete).refusal.unwrap().en.contains("internet"));
}

#[test]
fn a_new_place_goes_into_the_one_that_is_selected_while_it_has_room_and_widens_it_then() {
    let mut editor = Editor::default();
    let seen = Rect { x: -700.0, y: -400.0, w: 1400.0, h: 800.0 };
    let _ = tell(&mut editor, EditMsg::AddPlaceHere { kind: PlaceKind::Region, seen });
    for n in 0..6 {
        pick(&mut editor, "region");
        let effect = tell(&mut editor, EditMsg::AddPlaceHere { kind: PlaceKind::Zone, seen });
        assert_eq!(effect.refusal, None, "zone {n}");
    }
    let design = editor.design();
    let zones: Vec<Rect> = design.places[1..].iter().map(place_rect).collect();
    for (i, zone) in zones.iter().enumerate() {
        assert!(rect(&editor, "region").holds(zone), "{zone:?}");
        assert!(zones[i + 1..].iter().all(|other| !other.meets(zone)), "{zones:?}");
        assert_eq!(design.places[i + 1].parent.as_deref(), Some("region"));
    }
}

#[test]
fn a_place_moves_with_all_that_it_holds_and_changes_its_parent_when_it_crosses_a_border() {
    let mut editor = nested();
    pick(&mut editor, "front");
    let all = moving(editor.design(), editor.selection());
    assert_eq!((all.nodes.len(), all.places.len()), (1, 1));
    let effect = tell(&mut editor, EditMsg::Move { by: Point::new(8.0, 16.0) });
    assert_eq!(effect.change, Change::Cosmetic);
    assert_eq!((editor.design().node("w").unwrap().x, editor.design().node("w").unwrap().y), (68.0, 116.0));
    let _ = tell(&mut editor, EditMsg::Undo);
    // To the other zone: below the cache, which stays what it is in.
    let effect = tell(&mut editor, EditMsg::Move { by: Point::new(470.0, 30.0) });
    assert_eq!((effect.change, effect.refusal), (Change::Structure, None));
    assert_eq!(parent_of(&editor, "front").as_deref(), Some("b"));
    assert_eq!(place_of(&editor, "w").as_deref(), Some("front"));
    let _ = tell(&mut editor, EditMsg::Undo);

    pick(&mut editor, "r");
    assert_eq!(moving(editor.design(), editor.selection()).nodes.len(), 2);
    let _ = tell(&mut editor, EditMsg::Nudge { by: Point::new(8.0, 0.0) });
    let _ = tell(&mut editor, EditMsg::Nudge { by: Point::new(8.0, 0.0) });
    let _ = tell(&mut editor, EditMsg::Settle);
    assert_eq!((rect(&editor, "front").x, editor.design().node("c").unwrap().x), (56.0, 576.0));
    let _ = tell(&mut editor, EditMsg::Undo);
    assert_eq!(rect(&editor, "front").x, 40.0, "a row of arrow keys is one step");
}

#[test]
fn a_zone_cannot_be_dragged_into_a_zone() {
    let mut editor = editor(
        r#"{"nodes": [], "wires": [], "places": [{"id": "a", "kind": "zone", "x": 0, "y": 0, "w": 500, "h": 400},
        {"id": "b", "kind": "zone", "x": 800, "y": 0, "w": 200, "h": 200}]}"#,
    );
    pick(&mut editor, "b");
    let before = editor.design().clone();
    let effect = tell(&mut editor, EditMsg::Move { by: Point::new(-700.0, 100.0) });
    assert!(effect.refusal.unwrap().en.contains("cannot lie in a zone"));
    assert_eq!(*editor.design(), before);
}

#[test]
fn resizing_takes_in_and_lets_go() {
    let mut editor = nested();
    let wide = Handle { x: -1, y: 0 }.drag(&rect(&editor, "r"), Point::new(-480.0, 0.0), false);
    let effect = tell(&mut editor, EditMsg::ResizePlace { place: "r".into(), rect: wide });
    assert_eq!(effect.change, Change::Structure);
    assert_eq!(place_of(&editor, "u").as_deref(), Some("r"));
    let narrow = Rect { w: 100.0, ..rect(&editor, "front") };
    let _ = tell(&mut editor, EditMsg::ResizePlace { place: "front".into(), rect: narrow });
    assert_eq!(
        place_of(&editor, "w").as_deref(),
        Some("a"),
        "what no longer lies in the subnet is in the zone"
    );
    assert_eq!(place_of(&editor, "c").as_deref(), Some("b"));
    let _ = tell(&mut editor, EditMsg::Undo);
    let _ = tell(&mut editor, EditMsg::Undo);
    assert_eq!((place_of(&editor, "u"), rect(&editor, "r").x), (None, 0.0));

    // By keys, several in a row are one step; no box becomes smaller than a title.
    pick(&mut editor, "b");
    for _ in 0..3 {
        let _ = tell(&mut editor, EditMsg::NudgeSize { by: Point::new(-8.0, 8.0) });
    }
    let _ = tell(&mut editor, EditMsg::Settle);
    assert_eq!((rect(&editor, "b").w, rect(&editor, "b").h), (376.0, 324.0));
    let _ = tell(&mut editor, EditMsg::Undo);
    assert_eq!((rect(&editor, "b").w, rect(&editor, "b").h), (400.0, 300.0));
    let _ = tell(&mut editor, EditMsg::NudgeSize { by: Point::new(-9e9, f64::NAN) });
    assert!(rect(&editor, "b").w >= 96.0 && rect(&editor, "b").h >= 64.0);
}

#[test]
fn what_a_deleted_place_held_is_in_the_one_around_it() {
    let mut editor = nested();
    let before = editor.design().clone();
    pick(&mut editor, "a");
    assert_eq!(tell(&mut editor, EditMsg::Delete).change, Change::Structure);
    assert_eq!(parent_of(&editor, "front").as_deref(), Some("r"));
    assert_eq!(place_of(&editor, "w").as_deref(), Some("front"));
    assert!(editor.design().timeline.is_empty(), "entries about it go with it");
    let _ = tell(&mut editor, EditMsg::Undo);
    assert_eq!(*editor.design(), before);
    assert_eq!(editor.selection().only(), Some(Item::Place("a".to_owned())));

    let _ = tell(&mut editor, EditMsg::SetSpread { node: "w".into(), spread: vec!["a".into(), "b".into()] });
    pick(&mut editor, "a");
    let _ = tell(&mut editor, EditMsg::Delete);
    assert_eq!(editor.design().node("w").unwrap().spread, ["b"]);
    // Everything at once leaves nothing.
    let _ = tell(&mut editor, EditMsg::SelectAll);
    let _ = tell(&mut editor, EditMsg::Delete);
    assert_eq!((editor.design().places.len(), editor.design().nodes.len()), (0, 0));
}

#[test]
fn a_place_is_copied_with_its_contents_and_their_wires() {
    let mut editor = nested();
    pick(&mut editor, "r");
    let _ = tell(&mut editor, EditMsg::Duplicate);
    let design = editor.design().clone();
    assert_eq!((design.places.len(), design.nodes.len(), design.wires.len()), (8, 5, 3));
    let region = design.place("region").unwrap();
    assert!(!place_rect(region).meets(&place_rect(design.place("r").unwrap())), "beside the original");
    assert_eq!(place_of(&editor, "web").as_deref(), Some("public_subnet"));
    assert_eq!(parent_of(&editor, "public_subnet").as_deref(), Some("zone"));
    assert_eq!(parent_of(&editor, "zone").as_deref(), Some("region"));
    assert_eq!(editor.selection().places.len(), 4);
    let _ = tell(&mut editor, EditMsg::Undo);

    // Across designs: the places go along, and a place that is not there is none.
    pick(&mut editor, "front");
    let _ = tell(&mut editor, EditMsg::Copy);
    let part = editor.clipboard().unwrap().clone();
    let mut other = Editor::default();
    let _ = tell(&mut other, EditMsg::SetClipboard(Box::new(part)));
    let _ = tell(&mut other, EditMsg::Paste { at: Some(Point::new(0.0, 0.0)) });
    assert_eq!(parent_of(&other, "public_subnet"), None);
    assert_eq!(place_of(&other, "web").as_deref(), Some("public_subnet"));
    assert!(rect(&other, "public_subnet").centre().distance(Point::new(0.0, 0.0)) < 8.0);
}

#[test]
fn params_labels_parents_and_spread() {
    let mut editor = nested();
    let set = |name: &str, value| EditMsg::SetPlaceParam {
        place: "r".into(),
        name: name.into(),
        value,
        phase: Phase::Done,
    };
    assert_eq!(tell(&mut editor, set("site", json!("seoul"))).change, Change::Params);
    assert!(tell(&mut editor, set("rtt_ms", json!(-1))).refusal.is_some());
    let label = EditMsg::SetPlaceLabel { place: "r".into(), label: "Asia".into() };
    assert_eq!(tell(&mut editor, label).change, Change::Cosmetic);

    let parent =
        |to: Option<&str>| EditMsg::SetParent { place: "front".into(), parent: to.map(str::to_owned) };
    let _ = tell(&mut editor, parent(Some("b")));
    assert_eq!(parent_of(&editor, "front").as_deref(), Some("b"));
    assert!(rect(&editor, "b").holds(&rect(&editor, "front")), "it has gone there with its box");
    let _ = tell(&mut editor, parent(None));
    assert_eq!(parent_of(&editor, "front"), None);
    assert!(!rect(&editor, "r").meets(&rect(&editor, "front")));
    assert!(tell(&mut editor, parent(Some("nowhere"))).refusal.is_some());
    let into_itself = EditMsg::SetParent { place: "r".into(), parent: Some("a".into()) };
    assert!(tell(&mut editor, into_itself).refusal.is_some());

    let spread = |node: &str, to: &[&str]| EditMsg::SetSpread {
        node: node.into(),
        spread: to.iter().map(|s| (*s).to_owned()).collect(),
    };
    assert_eq!(tell(&mut editor, spread("w", &["a", "b"])).change, Change::Structure);
    assert_eq!(editor.design().node("w").unwrap().spread, ["a", "b"]);
    assert!(tell(&mut editor, spread("u", &["r"])).refusal.is_some(), "users have no parts");
    let node = EditMsg::SetNodePlace { node: "c".into(), place: Some("a".into()) };
    let _ = tell(&mut editor, node);
    assert_eq!(place_of(&editor, "c").as_deref(), Some("a"));
}

#[test]
fn what_is_done_to_places_and_wires_by_hand_is_noted() {
    let mut editor = nested();
    let quiet = Design { timeline: Vec::new(), ..(**editor.design()).clone() };
    let _ = tell(&mut editor, EditMsg::ReplaceDesign(Box::new(quiet)));
    let mut act = |action: Action| {
        let effect = tell(&mut editor, EditMsg::AppendActed(Entry { at_s: 3.0, action }));
        assert_eq!((effect.change, effect.refusal), (Change::Cosmetic, None));
    };
    act(Action::kill("a", None));
    act(Action::on_wire(headroom_model::verbs::Verb::Partition, "a", "b"));
    act(Action::kill("w", None));
    assert_eq!(editor.design().timeline.len(), 3);
}

#[test]
fn a_rectangle_selects_the_places_that_lie_in_it_whole() {
    let mut editor = nested();
    let rect = Rect { x: 10.0, y: 30.0, w: 420.0, h: 320.0 };
    let _ = tell(&mut editor, EditMsg::Marquee { rect, keep: vec!["r".into()] });
    let Selection { nodes, places, .. } = editor.selection().clone();
    assert_eq!(places.into_iter().collect::<Vec<_>>(), ["a", "front", "r"]);
    assert!(nodes.contains("w"));
}

#[test]
fn nodes_that_come_in_by_the_palette_or_by_a_drag_are_in_the_place_under_them() {
    let mut editor = nested();
    let _ = tell(&mut editor, EditMsg::AddNode { kind: Kind::Web, at: Point::new(650.0, 280.0) });
    assert_eq!(place_of(&editor, "web").as_deref(), Some("b"));
    let _ = tell(&mut editor, EditMsg::Move { by: Point::new(0.0, 400.0) });
    assert_eq!(place_of(&editor, "web"), None);
}
