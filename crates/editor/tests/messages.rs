//! What single messages do.
#![allow(clippy::unwrap_used)]

use headroom_editor::{
    Axis, Change, EditMsg, Editor, Item, Line, NODE_HEIGHT, NODE_WIDTH, Phase, Point, Reach, WireKey,
    wire_for,
};
use headroom_model::design::{Action, Design, Entry, Objectives};
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

fn wires(editor: &Editor) -> Vec<(String, String)> {
    let mut wires: Vec<_> = editor.design().wires.iter().map(|w| (w.from.clone(), w.to.clone())).collect();
    wires.sort();
    wires
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut wires: Vec<_> = of.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    wires.sort();
    wires
}

#[test]
fn a_node_dropped_on_a_wire_stands_in_it_and_deleting_it_heals_the_wire() {
    let mut editor = open("load-balanced");
    let before = wires(&editor);
    let design = editor.design().clone();
    let (users, lb) = (design.node("users").unwrap(), design.node("lb").unwrap());
    let middle = Point::new(0.5 * (users.x + NODE_WIDTH + lb.x), users.y + 0.5 * NODE_HEIGHT);
    assert_eq!(wire_for(editor.design(), Kind::Dns, middle, 6.0), Some(WireKey::new("users", "lb")));
    assert_eq!(wire_for(editor.design(), Kind::Users, middle, 6.0), None, "nothing calls users");
    let wire = WireKey::new("users", "lb");
    let effect = editor.apply(EditMsg::InsertNode { kind: Kind::Dns, wire: wire.clone(), at: middle });
    assert_eq!(effect.change, Change::Structure);
    assert!(wires(&editor).contains(&("users".into(), "dns".into())));
    assert!(
        wires(&editor).contains(&("dns".into(), "lb".into()))
            && !wires(&editor).contains(&("users".into(), "lb".into()))
    );
    // The new node is selected.
    let _ = editor.apply(EditMsg::DeleteAndHeal);
    assert_eq!(wires(&editor), before);
    assert_eq!(steps_back(&mut editor), 2);
    // Where it cannot stand nothing happens, and it is said why.
    let effect = editor.apply(EditMsg::InsertNode { kind: Kind::Users, wire, at: middle });
    assert!(effect.refusal.is_some() && wires(&editor) == before);
}

#[test]
fn several_deleted_nodes_are_healed_past_in_one_step() {
    let mut editor = open("cache-aside");
    select(&mut editor, "lb");
    let _ = editor.apply(EditMsg::Toggle(Item::Node("web".to_owned())));
    let _ = editor.apply(EditMsg::DeleteAndHeal);
    // Users may call neither cache nor database: only what makes sense is drawn.
    assert_eq!(wires(&editor), pairs(&[]));
    assert_eq!(steps_back(&mut editor), 1);
    select(&mut editor, "lb");
    let _ = editor.apply(EditMsg::DeleteAndHeal);
    assert!(wires(&editor).contains(&("users".into(), "web".into())));
}

#[test]
fn nodes_come_in_line_and_at_even_distances() {
    let mut editor = open("cache-aside");
    let _ = editor.apply(EditMsg::SelectAll);
    let ys = |e: &Editor| e.design().nodes.iter().map(|n| n.y).collect::<Vec<_>>();
    let top = ys(&editor).into_iter().fold(f64::INFINITY, f64::min);
    assert_eq!(editor.apply(EditMsg::Align(Line::Top)).change, Change::Cosmetic, "the run does not mind");
    assert!(ys(&editor).iter().all(|y| *y == top));
    let _ = editor.apply(EditMsg::Undo);
    let _ = editor.apply(EditMsg::SelectAll);
    let _ = editor.apply(EditMsg::Distribute(Axis::Down));
    let mut sorted = ys(&editor);
    sorted.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = sorted.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(gaps.iter().all(|g| (g - gaps[0]).abs() < 1e-9), "{gaps:?}");
}

#[test]
fn a_tidy_picture_runs_to_the_right_and_nothing_overlaps() {
    for scenario in scenarios::ALL {
        let mut editor = open(scenario.id);
        if !editor.design().places.is_empty() {
            continue;
        }
        // From a heap.
        let _ = editor.change_design(None, |design| {
            for node in &mut design.nodes {
                (node.x, node.y) = (0.0, 0.0);
            }
        });
        let _ = editor.apply(EditMsg::Tidy);
        let design = editor.design();
        for wire in &design.wires {
            let (from, to) = (design.node(&wire.from).unwrap(), design.node(&wire.to).unwrap());
            assert!(from.x + NODE_WIDTH < to.x, "{}: {} -> {}", scenario.id, wire.from, wire.to);
        }
        for (i, a) in design.nodes.iter().enumerate() {
            for b in &design.nodes[..i] {
                let apart = (a.x - b.x).abs() >= NODE_WIDTH || (a.y - b.y).abs() >= NODE_HEIGHT;
                assert!(apart, "{}: {} is on {}", scenario.id, a.id, b.id);
            }
        }
        let once = editor.design().clone();
        let _ = editor.apply(EditMsg::Tidy);
        assert_eq!(*editor.design(), once, "{}: tidying up what is tidy changes nothing", scenario.id);
    }
}

#[test]
fn all_that_leads_to_a_node_or_away_from_it_is_selected() {
    let mut editor = open("cache-aside");
    select(&mut editor, "web");
    let selected = |e: &Editor| e.selection().nodes.iter().cloned().collect::<Vec<_>>();
    let _ = editor.apply(EditMsg::SelectReach(Reach::Upstream));
    assert_eq!(selected(&editor), ["lb", "users", "web"]);
    select(&mut editor, "web");
    let _ = editor.apply(EditMsg::SelectReach(Reach::Downstream));
    assert_eq!(selected(&editor), ["cache", "db", "web"]);
}

#[test]
fn what_users_are_promised_is_kept_with_the_design_and_changes_no_run() {
    let mut editor = open("cache-aside");
    let promise = |p99_ms, error_share| EditMsg::SetObjectives {
        objectives: Objectives { p99_ms, error_share },
        phase: Phase::Done,
    };
    assert_eq!(editor.apply(promise(Some(250.0), Some(0.01))).change, Change::Cosmetic);
    let text = editor.design().to_text();
    assert_eq!(Design::parse(&text).unwrap().view.objectives.p99_ms, Some(250.0));
    for (p99_ms, error_share) in [(Some(-1.0), None), (None, Some(1.5))] {
        let effect = editor.apply(promise(p99_ms, error_share));
        assert!(effect.refusal.is_some() && effect.change == Change::Nothing);
    }
    let _ = editor.apply(promise(Some(f64::NAN), None));
    assert!(!editor.design().to_text().contains("objectives"));
    assert_eq!(steps_back(&mut editor), 2);
}
