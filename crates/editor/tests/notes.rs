//! Notes on the canvas, and one value for several nodes.
#![allow(clippy::unwrap_used)]

use headroom_editor::{
    Change, EditMsg, Editor, Hit, Item, Phase, Point, Rect, hit, note_rect, room_for_note,
};
use headroom_model::design::{Design, NOTE_SIZE};
use headroom_model::limits::{NOTE_TEXT_CHARS_MAX, NOTES_MAX};
use headroom_model::link;
use headroom_model::scenarios;
use serde_json::json;

fn open(id: &str) -> Editor {
    Editor::new(Design::parse(scenarios::by_id(id).unwrap().json).unwrap())
}

fn write(editor: &mut Editor, text: &str) -> Change {
    editor.apply(EditMsg::SetNoteText { note: "note".into(), text: text.into() }).change
}

fn steps_back(editor: &mut Editor) -> usize {
    (0..).take_while(|_| editor.apply(EditMsg::Undo).change != Change::Nothing).count()
}

#[test]
fn a_note_is_put_down_written_moved_resized_copied_and_deleted_and_the_run_never_minds() {
    let mut editor = open("single-server");
    let plain = editor.design().clone();
    let mut tell = |message: EditMsg| {
        let effect = editor.apply(message.clone());
        assert!(effect.change <= Change::Cosmetic && effect.refusal.is_none(), "{message:?}: {effect:?}");
        editor.clone()
    };
    tell(EditMsg::AddNote { at: Point::new(103.0, 404.0) });
    let _ = tell(EditMsg::SetNoteText { note: "note".into(), text: "<b>not".into() });
    let now =
        tell(EditMsg::SetNoteText { note: "note".into(), text: "<b>not markup</b>\n둘째 줄".into() });
    assert_eq!(now.selection().only(), Some(Item::Note("note".to_owned())));
    assert_eq!(now.design().note("note").unwrap().text, "<b>not markup</b>\n둘째 줄");
    // It survives file and link.
    assert_eq!(Design::parse(&now.design().to_text()).unwrap(), **now.design());
    assert_eq!(link::decode(&link::encode(now.design())).unwrap(), **now.design());
    let _ = tell(EditMsg::Settle);
    let before = note_rect(now.design().note("note").unwrap());
    let now = tell(EditMsg::Move { by: Point::new(16.0, -8.0) });
    let rect = note_rect(now.design().note("note").unwrap());
    assert_eq!((rect.x, rect.y, rect.w, rect.h), (before.x + 16.0, before.y - 8.0, NOTE_SIZE.0, NOTE_SIZE.1));
    assert_eq!(hit(now.design(), rect.centre(), 4.0), Hit::Note("note".to_owned()));
    let now = tell(EditMsg::ResizeNote { note: "note".into(), rect: Rect { w: 1.0, h: 300.0, ..rect } });
    assert_eq!(
        now.design().note("note").map(|n| (n.w, n.h)),
        Some((96.0, 300.0)),
        "no smaller than the least"
    );
    let now = tell(EditMsg::NudgeSize { by: Point::new(8.0, 0.0) });
    assert_eq!(now.design().note("note").map(|n| n.w), Some(104.0));
    let now = tell(EditMsg::Duplicate);
    assert_eq!(now.selection().only(), Some(Item::Note("note2".to_owned())));
    assert_eq!(now.design().note("note2").unwrap().text, now.design().note("note").unwrap().text);
    let now = tell(EditMsg::Cut);
    assert_eq!(now.design().notes.len(), 1);
    let now = tell(EditMsg::Paste { at: Some(Point::new(0.0, -400.0)) });
    assert_eq!(now.design().notes.len(), 2);
    let now = tell(EditMsg::Delete);
    assert_eq!(now.design().notes.len(), 1);
    // Put down, written, moved, resized twice, duplicated, cut, pasted, deleted.
    assert_eq!(steps_back(&mut editor), 9);
    assert_eq!(*editor.design(), plain);
}

#[test]
fn notes_have_bounds() {
    let mut editor = open("single-server");
    let _ = editor.apply(EditMsg::AddNote { at: Point::default() });
    assert_eq!(write(&mut editor, &"한".repeat(NOTE_TEXT_CHARS_MAX)), Change::Cosmetic);
    assert_eq!(write(&mut editor, &"한".repeat(NOTE_TEXT_CHARS_MAX + 1)), Change::Nothing);
    for _ in 1..NOTES_MAX {
        let _ = editor.apply(EditMsg::AddNote { at: Point::new(f64::NAN, f64::INFINITY) });
    }
    assert_eq!(editor.design().notes.len(), NOTES_MAX);
    let effect = editor.apply(EditMsg::AddNote { at: Point::default() });
    assert!(effect.refusal.is_some_and(|r| r.en.contains("notes") && r.ko.contains("메모")));
    assert!(editor.apply(EditMsg::Duplicate).refusal.is_some());
    assert!(Design::from_json(&editor.design().to_json()).is_ok());
}

#[test]
fn a_note_goes_with_the_place_that_it_lies_in_and_is_met_by_a_marquee() {
    let mut editor = open("single-server");
    let _ = editor.apply(EditMsg::AddPlace {
        kind: headroom_model::places::PlaceKind::Region,
        at: Point::new(0.0, 3_000.0),
    });
    let place = editor.design().places[0].clone();
    let _ = editor.apply(EditMsg::AddNote { at: Point::new(0.0, 3_000.0) });
    let _ = editor.apply(EditMsg::Select(Item::Place(place.id.clone())));
    let before = editor.design().notes[0].clone();
    let _ = editor.apply(EditMsg::Move { by: Point::new(80.0, 40.0) });
    let after = &editor.design().notes[0];
    assert_eq!((after.x, after.y), (before.x + 80.0, before.y + 40.0));
    let rect = Rect { x: after.x - 8.0, y: after.y - 8.0, w: 16.0, h: 16.0 };
    let _ = editor.apply(EditMsg::Marquee { rect, keep: Vec::new() });
    assert_eq!(editor.selection().only(), Some(Item::Note("note".to_owned())));
}

#[test]
fn a_new_note_finds_room() {
    let mut editor = open("cache-aside");
    for _ in 0..6 {
        let seen = headroom_editor::content(editor.design()).unwrap().grown(60.0);
        let at = room_for_note(editor.design(), seen);
        let rect =
            Rect { x: at.x - NOTE_SIZE.0 / 2.0, y: at.y - NOTE_SIZE.1 / 2.0, w: NOTE_SIZE.0, h: NOTE_SIZE.1 };
        assert!(editor.design().nodes.iter().all(|n| !headroom_editor::node_rect(n).meets(&rect)));
        assert!(editor.design().notes.iter().all(|n| !note_rect(n).meets(&rect)));
        let _ = editor.apply(EditMsg::AddNote { at });
    }
}

#[test]
fn one_value_for_several_nodes_is_one_step_and_all_or_nothing() {
    let mut editor = open("cache-aside");
    let two = editor.apply(EditMsg::Select(Item::Node("web".into())));
    assert_eq!(two.change, Change::View);
    let _ = editor.apply(EditMsg::Duplicate);
    let nodes = vec!["web".to_owned(), "web2".to_owned()];
    let set = |editor: &mut Editor, name: &str, value, phase| {
        editor.apply(EditMsg::SetParams { nodes: nodes.clone(), name: name.into(), value, phase })
    };
    let value = |editor: &Editor, id: &str| editor.design().node(id).unwrap().params.get("instances");
    let before = editor.design().clone();
    for (n, phase) in [(5, Phase::Dragging), (6, Phase::Dragging), (7, Phase::Done)] {
        assert_eq!(set(&mut editor, "instances", json!(n), phase).change, Change::Params);
    }
    assert_eq!((value(&editor, "web"), value(&editor, "web2")), (Some(json!(7)), Some(json!(7))));
    let refused = set(&mut editor, "instances", json!(-1), Phase::Done);
    assert!(refused.refusal.is_some() && refused.change == Change::Nothing);
    let _ = editor.apply(EditMsg::Undo);
    assert_eq!(*editor.design(), before);
    // A node of another kind among them does not know the name: none is changed.
    let nodes = vec!["web".to_owned(), "cache".to_owned()];
    let effect = editor.apply(EditMsg::SetParams {
        nodes,
        name: "instances".into(),
        value: json!(3),
        phase: Phase::Done,
    });
    assert!(effect.refusal.is_some());
    assert_eq!(*editor.design(), before);
}
