//! Random messages: whatever an editor is told, its design stays one that can be read, and undo goes all the way back.
#![allow(clippy::unwrap_used)]

use headroom_editor::{Axis, Change, EditMsg, Editor, Item, Line, Phase, Point, Reach, Rect, WireKey};
use headroom_model::design::{Action, Design, Entry, Objectives, RunSettings};
use headroom_model::kinds::Kind;
use headroom_model::params::Widget;
use headroom_model::places::PlaceKind;
use headroom_model::scenarios;
use headroom_model::verbs::Verb;
use serde_json::{Value, json};

/// A small generator of random numbers; the seed of a failing sequence is in the panic's text.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.roll(list.len())) }
    }

    fn number(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.roll(1001) as f64 / 1000.0
    }

    fn phase(&mut self) -> Phase {
        if self.roll(2) == 0 { Phase::Dragging } else { Phase::Done }
    }

    fn id(&mut self, design: &Design) -> String {
        let ids: Vec<&String> = design.nodes.iter().map(|n| &n.id).collect();
        // Now and then one that is not there.
        if self.roll(20) == 0 { "ghost".to_owned() } else { self.pick(&ids).map_or("none", |v| v).to_owned() }
    }

    fn wire(&mut self, design: &Design) -> WireKey {
        self.pick(&design.wires).map_or_else(|| WireKey::new("no", "wire"), WireKey::from)
    }

    fn param(&mut self, design: &Design, id: &str) -> (String, Value) {
        let Some(node) = design.node(id) else { return ("nothing".to_owned(), Value::Null) };
        let specs = node.kind().param_specs();
        let spec = &specs[self.roll(specs.len())];
        let value = match spec.widget {
            Widget::Number { min, max, integer, optional } => {
                if optional && self.roll(4) == 0 {
                    Value::Null
                } else {
                    // Small values most of the time, and some out of range.
                    let x = self.number(min - 1.0, (min + 20.0).min(max));
                    if integer { json!(x.round() as i64) } else { json!(x) }
                }
            }
            Widget::Switch => json!(self.roll(2) == 0),
            Widget::Choice(choices) => json!(self.pick(choices).unwrap().name),
            Widget::Law => json!({"law": "exponential", "mean_ms": self.number(-1.0, 50.0)}),
            Widget::Curve => json!({"preset": "constant", "rps": self.number(-5.0, 500.0)}),
        };
        (spec.name.to_owned(), value)
    }

    fn entry(&mut self, design: &Design) -> Entry {
        let node = self.id(design);
        let part = if self.roll(2) == 0 { None } else { Some(self.roll(6) as u32) };
        let verb = *self.pick(Verb::ALL).unwrap();
        let mut action = Action::new(verb, node);
        action.part = part.filter(|_| verb.spec().part);
        for (value, arg) in action.args.iter_mut().zip(verb.spec().args) {
            *value = Some(match arg.widget {
                // Now and then out of its range.
                Widget::Number { integer: true, .. } => self.roll(20) as f64,
                Widget::Number { .. } => self.number(-0.1, 10.0),
                Widget::Choice(choices) => self.roll(choices.len()) as f64,
                _ => self.roll(2) as f64,
            });
        }
        Entry { at_s: self.number(-1.0, 100.0), action }
    }

    fn place_id(&mut self, design: &Design) -> String {
        let ids: Vec<&String> = design.places.iter().map(|p| &p.id).collect();
        self.pick(&ids).map_or("nowhere", |v| v).to_owned()
    }

    fn place_or_none(&mut self, design: &Design) -> Option<String> {
        (self.roll(3) > 0).then(|| self.place_id(design))
    }

    fn place_message(&mut self, design: &Design, point: Point) -> EditMsg {
        let kind = *self.pick(PlaceKind::ALL).unwrap();
        let place = self.place_id(design);
        match self.roll(12) {
            0..=2 => EditMsg::AddPlace { kind, at: point },
            3 => EditMsg::AddPlaceHere { kind, seen: Rect { x: point.x, y: point.y, w: 900.0, h: 700.0 } },
            4 => {
                let (w, h) = (self.number(-10.0, 1500.0), self.number(-10.0, 900.0));
                EditMsg::ResizePlace { place, rect: Rect { x: point.x, y: point.y, w, h } }
            }
            5 => EditMsg::NudgeSize { by: point },
            6 => {
                let params = design.place(&place).map_or(&[][..], |p| p.kind().param_specs());
                let name = self.pick(params).map_or("nothing", |p| p.name).to_owned();
                let value = [json!(self.number(-2.0, 9.0)), json!(self.roll(2) == 0), json!("seoul")]
                    [self.roll(3)]
                .clone();
                EditMsg::SetPlaceParam { place, name, value, phase: self.phase() }
            }
            7 => EditMsg::SetPlaceLabel { place, label: "x".repeat(self.roll(210)) },
            8 => EditMsg::SetParent { place, parent: self.place_or_none(design) },
            9 => EditMsg::SetNodePlace { node: self.id(design), place: self.place_or_none(design) },
            10 => {
                let spread = (0..self.roll(3)).map(|_| self.place_id(design)).collect();
                EditMsg::SetSpread { node: self.id(design), spread }
            }
            _ => [EditMsg::Select(Item::Place(place.clone())), EditMsg::Toggle(Item::Place(place))]
                [self.roll(2)]
            .clone(),
        }
    }

    fn note_message(&mut self, design: &Design, point: Point) -> EditMsg {
        let ids: Vec<&String> = design.notes.iter().map(|n| &n.id).collect();
        let note = self.pick(&ids).map_or("nowhere", |v| v).to_owned();
        match self.roll(6) {
            0 | 1 => EditMsg::AddNote { at: point },
            2 => EditMsg::SetNoteText { note, text: "가".repeat(self.roll(1_050)) },
            3 => {
                let (w, h) = (self.number(-10.0, 5_000.0), self.number(-10.0, 900.0));
                EditMsg::ResizeNote { note, rect: Rect { x: point.x, y: point.y, w, h } }
            }
            4 => EditMsg::Select(Item::Note(note)),
            _ => EditMsg::Toggle(Item::Note(note)),
        }
    }

    fn message(&mut self, editor: &Editor) -> EditMsg {
        let design = editor.design();
        let point = Point::new(self.number(-900.0, 900.0), self.number(-500.0, 500.0));
        match self.roll(60) {
            0..=3 => EditMsg::AddNode { kind: *self.pick(Kind::ALL).unwrap(), at: point },
            4..=7 => EditMsg::Connect { from: self.id(design), to: self.id(design) },
            8 => EditMsg::Reconnect {
                wire: self.wire(design),
                to: WireKey::new(self.id(design), self.id(design)),
            },
            46 => EditMsg::InsertNode {
                kind: *self.pick(Kind::ALL).unwrap(),
                wire: self.wire(design),
                at: point,
            },
            47 => EditMsg::DeleteAndHeal,
            48 | 49 => {
                use Line::{Bottom, Column, Left, Right, Row, Top};
                EditMsg::Align(*self.pick(&[Left, Right, Column, Top, Bottom, Row]).unwrap())
            }
            50 => EditMsg::Distribute(*self.pick(&[Axis::Across, Axis::Down]).unwrap()),
            51 => EditMsg::Tidy,
            52 | 53 => EditMsg::SelectReach(*self.pick(&[Reach::Upstream, Reach::Downstream]).unwrap()),
            54..=57 => self.note_message(design, point),
            58 | 59 => {
                let first = self.id(design);
                let (name, value) = self.param(design, &first);
                let nodes = vec![first, self.id(design), self.id(design)];
                EditMsg::SetParams { nodes, name, value, phase: self.phase() }
            }
            9 => EditMsg::Delete,
            10 | 11 => EditMsg::Move { by: point },
            12 => EditMsg::Nudge { by: Point::new(8.0, 0.0) },
            13 => EditMsg::CancelDrag,
            14..=17 => {
                let node = self.id(design);
                let (name, value) = self.param(design, &node);
                EditMsg::SetParam { node, name, value, phase: self.phase() }
            }
            18 => EditMsg::SetLabel { node: self.id(design), label: "x".repeat(self.roll(210)) },
            19 => {
                let (name, value) = match self.roll(3) {
                    0 => ("pool", json!(self.roll(5))),
                    1 => ("pool", Value::Null),
                    _ => ("latency_ms", json!(self.number(-1.0, 100.0))),
                };
                let wire = self.wire(design);
                EditMsg::SetWire { wire, name: name.to_owned(), value, phase: self.phase() }
            }
            20 if self.roll(2) == 0 => {
                let objectives = Objectives {
                    p99_ms: (self.roll(2) == 0).then(|| self.number(-1.0, 1e4)),
                    error_share: (self.roll(2) == 0).then(|| self.number(-0.1, 1.2)),
                };
                EditMsg::SetObjectives { objectives, phase: self.phase() }
            }
            20 => {
                let run = RunSettings {
                    until_s: self.number(-10.0, 500.0),
                    warmup_s: self.number(0.0, 100.0),
                    ..RunSettings::default()
                };
                EditMsg::SetRun { run, phase: self.phase() }
            }
            21 => EditMsg::AddEntry(self.entry(design)),
            22 => EditMsg::AppendActed(self.entry(design)),
            23 => {
                let index = self.roll(design.timeline.len() + 1);
                EditMsg::SetEntry { index, entry: self.entry(design), phase: self.phase() }
            }
            24 => EditMsg::RemoveEntry(self.roll(design.timeline.len() + 1)),
            25 => {
                let scenario = self.pick(scenarios::ALL).unwrap();
                EditMsg::ReplaceDesign(Box::new(Design::parse(scenario.json).unwrap()))
            }
            26 => EditMsg::Undo,
            27 => EditMsg::Redo,
            28 => [EditMsg::Copy, EditMsg::Cut, EditMsg::Duplicate, EditMsg::Settle][self.roll(4)].clone(),
            29 => EditMsg::Paste { at: if self.roll(2) == 0 { None } else { Some(point) } },
            30 => EditMsg::Select(Item::Node(self.id(design))),
            31 => EditMsg::Toggle(Item::Wire(self.wire(design))),
            32 => EditMsg::Marquee {
                rect: Rect::between(point, Point::new(0.0, 0.0)),
                keep: vec![self.id(design)],
            },
            33 => [EditMsg::SelectAll, EditMsg::ClearSelection][self.roll(2)].clone(),
            _ => self.place_message(design, point),
        }
    }
}

fn check(editor: &Editor, what: &str) {
    let design = editor.design();
    // Reading checks ids, wires, refusals, ranges and the timeline's order at once.
    if let Err(faults) = Design::from_json(&design.to_json()) {
        panic!("{what}: {faults:?}");
    }
    for id in &editor.selection().nodes {
        assert!(design.node(id).is_some(), "{what}: selected node {id} is not there");
    }
    for id in &editor.selection().places {
        assert!(design.place(id).is_some(), "{what}: selected place {id} is not there");
    }
    for id in &editor.selection().notes {
        assert!(design.note(id).is_some(), "{what}: selected note {id} is not there");
    }
    for key in &editor.selection().wires {
        assert!(design.wires.iter().any(|w| key.is(w)), "{what}: selected wire {key:?} is not there");
    }
}

#[test]
fn random_messages_keep_the_invariants() {
    let mut changes = 0;
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let mut editor = Editor::default();
        for step in 0..80 {
            let message = dice.message(&editor);
            let what = format!("seed {seed}, step {step}, {message:?}");
            let before = editor.design().clone();
            let effect = editor.apply(message);
            check(&editor, &what);
            let same = **editor.design() == *before;
            assert_eq!(same, effect.change <= Change::View, "{what}: says {:?}", effect.change);
            assert!(effect.refusal.is_none() || same, "{what}: refused and yet changed");
            changes += usize::from(!same);
        }
    }
    assert!(changes > 3_000, "only {changes} changes: the messages hardly do anything");
}

#[test]
fn redo_after_undo_gives_the_same_design() {
    for seed in 1_000..1_060 {
        let mut dice = Dice(seed);
        let mut editor = Editor::default();
        for _ in 0..40 {
            let message = dice.message(&editor);
            if !matches!(message, EditMsg::Undo | EditMsg::Redo) {
                let _ = editor.apply(message);
            }
        }
        let mut states = vec![editor.design().clone()];
        while editor.can_undo() {
            let effect = editor.apply(EditMsg::Undo);
            assert_ne!(effect.change, Change::Nothing, "seed {seed}: a step that does nothing");
            check(&editor, &format!("seed {seed}, undo"));
            states.push(editor.design().clone());
        }
        assert_eq!(*states.last().unwrap().as_ref(), Design::default(), "seed {seed}");
        for state in states.iter().rev().skip(1) {
            let _ = editor.apply(EditMsg::Redo);
            assert_eq!(editor.design(), state, "seed {seed}");
        }
        assert!(!editor.can_redo());
    }
}
