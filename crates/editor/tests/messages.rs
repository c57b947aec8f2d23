//! What single messages do.
#![allow(clippy::unwrap_used)]

use headroom_editor::{Change, EditMsg, Editor, Item, Phase, Point, WireKey};
use headroom_model::design::{Action, Design, Entry};
use headroom_model::kinds::Kind;
use headroom_model::scenarios;
use serde_json::json;

fn open(id: &str) -> Editor {
    Editor::new(Design::parse(scenarios::by_id(id).unwrap().json).unwrap())
}

fn set(editor: &mut Editor, node: &str, name: &str, value: serde_json::Value, phase: Phase) -> Change {
    editor.apply(EditMsg::SetParam { node: node.into(), name: name.into(), value, phase }).change
}

fn select(editor: &mut Editor, id: &str) {
    let _ = editor.apply(EditMsg::Select(Item::Node(id.to_owned())));
}

fn steps_back(editor: &mut Editor) -> usize {
    (0..).take_while(|_| editor.apply(EditMsg::Undo).change != Change::Nothing).count()
}

#[test]
fn a_cache_is_placed_wired_and_taken_back() {
    let mut editor = open("single-server");
    let effect = editor.apply(EditMsg::AddNode { kind: Kind::Cache, at: Point::new(700.0, 0.0) });
    assert_eq!(effect.change, Change::Structure);
    assert_eq!(editor.selection().only(), Some(Item::Node("cache".to_owned())));
    let effect = editor.apply(EditMsg::Connect { from: "server".into(), to: "cache".into() });
    assert_eq!(effect.change, Change::Structure);
    assert_eq!(editor.design().wires.len(), 2);
    assert_eq!(steps_back(&mut editor), 2);
    assert_eq!(editor.design().nodes.len(), 2);
}

#[test]
fn a_wire_that_makes_no_sense_is_refused_in_both_languages() {
    let mut editor = open("cache-aside");
    for (from, to) in [("db", "web"), ("web", "users"), ("lb", "web"), ("web", "lb"), ("web", "gone")] {
        let effect = editor.apply(EditMsg::Connect { from: from.into(), to: to.into() });
        let refusal = effect.refusal.unwrap_or_else(|| panic!("{from} -> {to} was not refused"));
        assert!(!refusal.en.is_empty() && refusal.ko.chars().any(|c| ('가'..='힣').contains(&c)));
        assert_eq!(effect.change, Change::Nothing);
    }
    assert!(!editor.can_undo());
}

#[test]
fn a_slider_that_is_dragged_makes_one_step() {
    let mut editor = open("cache-aside");
    for capacity in [100, 200, 300] {
        let change = set(&mut editor, "cache", "capacity_items", json!(capacity), Phase::Dragging);
        assert_eq!(change, Change::Params);
    }
    set(&mut editor, "cache", "capacity_items", json!(400), Phase::Done);
    set(&mut editor, "cache", "capacity_items", json!(500), Phase::Done);
    assert_eq!(steps_back(&mut editor), 2, "the drag is one step, the value typed after it another");
    // Given up, a drag leaves no step.
    set(&mut editor, "cache", "capacity_items", json!(900), Phase::Dragging);
    let _ = editor.apply(EditMsg::CancelDrag);
    assert!(!editor.can_undo());
    // Neither does one that comes back to where it began.
    let before = editor.design().nodes[3].params.get("capacity_items").unwrap();
    set(&mut editor, "cache", "capacity_items", json!(900), Phase::Dragging);
    set(&mut editor, "cache", "capacity_items", before, Phase::Done);
    assert!(!editor.can_undo());
}

#[test]
fn a_param_out_of_range_is_refused_with_the_reason() {
    let mut editor = open("cache-aside");
    let mut refused = |node: &str, name: &str, value| {
        let message = EditMsg::SetParam { node: node.into(), name: name.into(), value, phase: Phase::Done };
        editor.apply(message).refusal.map(|r| r.en).unwrap_or_default()
    };
    assert!(refused("cache", "capacity_items", json!(0)).contains("from 1 to"));
    assert!(refused("cache", "hit_rate", json!(0.9)).contains("no such param"));
    assert!(refused("gone", "ttl_s", json!(1)).contains("no such node"));
    // A rule between two params.
    assert_eq!(refused("users", "celebrity_share", json!(0.5)), "");
    assert!(refused("users", "items", json!(5)).contains("only 5 items"));
}

#[test]
fn fewer_instances_take_along_what_the_timeline_does_to_them() {
    let mut editor = open("load-balanced");
    assert_eq!(editor.design().timeline.len(), 2);
    let to = |instances: u32, phase| EditMsg::SetParam {
        node: "web".into(),
        name: "instances".into(),
        value: json!(instances),
        phase,
    };
    let effect = editor.apply(to(2, Phase::Dragging));
    assert!(effect.notice.unwrap().en.contains("2 timeline entries"));
    assert!(editor.design().timeline.is_empty());
    // Still in the same drag, they come back.
    let effect = editor.apply(to(3, Phase::Done));
    assert_eq!((effect.notice, editor.design().timeline.len()), (None, 2));
}

#[test]
fn a_deleted_node_goes_with_its_wires_and_entries_and_comes_back_with_them() {
    let mut editor = open("cache-aside");
    let before = editor.design().clone();
    select(&mut editor, "cache");
    assert_eq!(editor.apply(EditMsg::Delete).change, Change::Structure);
    assert_eq!((editor.design().wires.len(), editor.design().timeline.len()), (3, 0));
    assert!(editor.selection().is_empty());
    let _ = editor.apply(EditMsg::Undo);
    assert_eq!(*editor.design(), before);
    assert_eq!(editor.selection().only(), Some(Item::Node("cache".to_owned())));
}

#[test]
fn moving_and_naming_do_not_disturb_the_run() {
    let mut editor = open("cache-aside");
    select(&mut editor, "web");
    assert_eq!(editor.apply(EditMsg::Move { by: Point::new(16.0, 8.0) }).change, Change::Cosmetic);
    for label in ["F", "Fr", "Front"] {
        let message = EditMsg::SetLabel { node: "web".into(), label: label.into() };
        assert_eq!(editor.apply(message).change, Change::Cosmetic);
    }
    for _ in 0..5 {
        let _ = editor.apply(EditMsg::Nudge { by: Point::new(8.0, 0.0) });
    }
    assert_eq!(steps_back(&mut editor), 3);
}

#[test]
fn what_was_done_by_hand_is_noted_in_order_without_a_new_run() {
    let mut editor = open("load-balanced");
    let entry = |at_s| Entry { at_s, action: Action::kill("web", Some(0)) };
    assert_eq!(editor.apply(EditMsg::AppendActed(entry(50.0))).change, Change::Cosmetic);
    let times: Vec<f64> = editor.design().timeline.iter().map(|e| e.at_s).collect();
    assert_eq!(times, [40.0, 50.0, 80.0]);
    // Taken back, the run has to be replayed without it.
    assert_eq!(editor.apply(EditMsg::Undo).change, Change::Params);
    // An entry that is dragged keeps its index until it is let go.
    for (at_s, phase) in [(60.0, Phase::Dragging), (100.0, Phase::Dragging), (90.0, Phase::Done)] {
        let _ = editor.apply(EditMsg::SetEntry { index: 0, entry: entry(at_s), phase });
    }
    let times: Vec<f64> = editor.design().timeline.iter().map(|e| e.at_s).collect();
    assert_eq!(times, [80.0, 90.0]);
    assert_eq!(steps_back(&mut editor), 1);
}

#[test]
fn copies_have_fresh_ids_and_the_wires_between_them() {
    let mut editor = open("cache-aside");
    select(&mut editor, "web");
    for id in ["cache", "db"] {
        let _ = editor.apply(EditMsg::Toggle(Item::Node(id.to_owned())));
    }
    let _ = editor.apply(EditMsg::Copy);
    let _ = editor.apply(EditMsg::Paste { at: None });
    let design = editor.design();
    let has = |from: &str, to: &str| design.wires.iter().any(|w| WireKey::new(from, to).is(w));
    assert_eq!((design.nodes.len(), design.wires.len()), (8, 6));
    assert!(has("web2", "cache2") && has("web2", "relational") && !has("lb", "web2"));
    assert_eq!(editor.selection().nodes.len(), 3);
    assert_eq!(design.node("cache2").unwrap().params, design.node("cache").unwrap().params);
    assert_eq!(steps_back(&mut editor), 1);
}

#[test]
fn opening_another_design_can_be_taken_back() {
    let mut editor = open("cache-aside");
    let before = editor.design().clone();
    let other = Design::parse(scenarios::by_id("single-server").unwrap().json).unwrap();
    let opened = editor.opened();
    assert_eq!(editor.apply(EditMsg::ReplaceDesign(Box::new(other))).change, Change::Structure);
    assert_ne!(editor.opened(), opened);
    let _ = editor.apply(EditMsg::Undo);
    assert_eq!((editor.design(), editor.opened()), (&before, opened));
}

#[test]
fn a_wire_moves_to_another_node_with_its_settings() {
    let mut editor = open("cache-aside");
    let _ = editor.apply(EditMsg::AddNode { kind: Kind::Web, at: Point::new(600.0, 400.0) });
    let (wire, to) = (WireKey::new("lb", "web"), WireKey::new("lb", "web2"));
    assert_eq!(editor.apply(EditMsg::Reconnect { wire, to: to.clone() }).change, Change::Structure);
    let moved = editor.design().wires.iter().find(|w| to.is(w)).unwrap();
    assert_eq!(moved.params.latency_ms, 0.25);
    let refused = editor.apply(EditMsg::Reconnect { wire: to.clone(), to: WireKey::new("db", "lb") });
    assert!(refused.refusal.is_some() && editor.design().wires.iter().any(|w| to.is(w)));
}
