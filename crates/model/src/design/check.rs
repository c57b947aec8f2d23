//! Rules that hold between the parts of a design.

use super::check_places::reach_refusal;
use super::{Action, Design};
use crate::faults::Faults;
use crate::kinds::{Kind, NodeParams, Verb};
use crate::limits::{
    LABEL_CHARS_MAX, NODES_MAX, NOTE_CHARS_MAX, PLACES_MAX, TIMELINE_MAX, WINDOWS_MAX, WIRES_MAX,
};
use crate::verbs::On;

/// Why a wire is refused, in the languages of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// English.
    pub en: String,
    /// Korean.
    pub ko: String,
}

/// Why a wire from one node to another would make no sense in this design, if so. Indices are positions of nodes.
pub fn wire_refusal(design: &Design, from: usize, to: usize) -> Option<Refusal> {
    let refuse = |en: String, ko: String| Some(Refusal { en, ko });
    let (source, target) = (&design.nodes[from], &design.nodes[to]);
    let (a, b) = (source.kind().spec(), target.kind().spec());
    if from == to {
        return refuse(
            "A node cannot call itself.".to_owned(),
            "노드는 자기 자신을 부를 수 없습니다.".to_owned(),
        );
    }
    if target.kind() == Kind::Users {
        return refuse(
            "Users send requests; nothing calls them.".to_owned(),
            "사용자는 요청을 보낼 뿐, 아무도 사용자를 부르지 않습니다.".to_owned(),
        );
    }
    if !a.calls.contains(&target.kind()) {
        if a.calls.is_empty() {
            return refuse(
                format!("{} answers; it calls nothing. Draw the wire the other way round.", a.label.en),
                format!(
                    "{}: 응답만 할 뿐 다른 것을 부르지 않습니다. 선을 반대 방향으로 그어 보세요.",
                    a.label.ko
                ),
            );
        }
        let list =
            |pick: fn(Kind) -> &'static str| a.calls.iter().map(|k| pick(*k)).collect::<Vec<_>>().join(", ");
        return refuse(
            format!(
                "{} cannot call {}. It can call: {}.",
                a.label.en,
                b.label.en,
                list(|k| k.spec().label.en)
            ),
            format!(
                "{}에서 {}(으)로는 연결할 수 없습니다. 연결할 수 있는 것: {}.",
                a.label.ko,
                b.label.ko,
                list(|k| k.spec().label.ko)
            ),
        );
    }
    if design.wires.iter().any(|w| w.from == source.id && w.to == target.id) {
        return refuse("These two are wired already.".to_owned(), "이미 연결되어 있습니다.".to_owned());
    }
    if let Some(refusal) = reach_refusal(design, from, to) {
        return Some(refusal);
    }
    if reaches(design, to, from) {
        return refuse(
            "That would close a loop: requests would go round for ever.".to_owned(),
            "고리가 생겨 요청이 끝없이 돌게 됩니다.".to_owned(),
        );
    }
    None
}

/// Whether wires lead from one node to another.
fn reaches(design: &Design, from: usize, goal: usize) -> bool {
    let mut seen = vec![false; design.nodes.len()];
    let mut stack = vec![from];
    while let Some(at) = stack.pop() {
        if at == goal {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            let id = &design.nodes[at].id;
            stack.extend(
                design.wires.iter().filter(|w| w.from == *id).filter_map(|w| design.node_index(&w.to)),
            );
        }
    }
    false
}

impl Design {
    /// Checks the rules that hold between parts; noted faults go to `faults`.
    pub(super) fn check(&self, faults: &mut Faults) {
        self.check_sizes(faults);
        for (i, node) in self.nodes.iter().enumerate() {
            if node.id.is_empty() {
                faults.add(format!("nodes[{i}].id"), "a node wants an id");
            }
            if self.nodes[..i].iter().any(|n| n.id == node.id) {
                faults.add(
                    format!("nodes[{i}].id"),
                    format!("the id \"{}\" is taken; ids are unique", node.id),
                );
            }
            if let NodeParams::Users(p) = &node.params
                && p.celebrity_share > 0.0
                && p.celebrity_item >= p.items
            {
                faults.add(
                    format!("nodes[{i}].params.celebrity_item"),
                    format!("there are only {} items; give a rank from 0 to {}", p.items, p.items - 1),
                );
            }
            if let NodeParams::Users(p) = &node.params {
                let sum = p.write_share + p.static_share + p.query_share + p.job_share;
                if sum > 1.0 + 1e-9 {
                    faults.add(
                        format!("nodes[{i}].params"),
                        format!("the shares of writes, static assets, queries and jobs add up to {sum}; make it at most 1"),
                    );
                }
            }
        }
        self.check_places(faults);
        self.check_wires(faults);
        self.check_timeline(faults);
        let run = &self.run;
        if run.warmup_s >= run.until_s {
            faults.add(
                "run.warmup_s",
                format!(
                    "the warm-up of {} s leaves nothing of a run of {} s; make it shorter",
                    run.warmup_s, run.until_s
                ),
            );
        }
        if run.until_s / run.window_length_s() > WINDOWS_MAX {
            faults.add(
                "run.window_s",
                format!(
                    "a run of {} s has more than {WINDOWS_MAX} windows of {} s; make the windows longer",
                    run.until_s,
                    run.window_length_s()
                ),
            );
        }
    }

    fn check_sizes(&self, faults: &mut Faults) {
        for (name, count, max) in [
            ("nodes", self.nodes.len(), NODES_MAX),
            ("wires", self.wires.len(), WIRES_MAX),
            ("places", self.places.len(), PLACES_MAX),
            ("timeline", self.timeline.len(), TIMELINE_MAX),
        ] {
            if count > max {
                faults.add(name, format!("{count} is more than the {max} that a design may have"));
            }
        }
        let too_long = |text: &str, max: usize| text.chars().count() > max;
        if too_long(&self.title, LABEL_CHARS_MAX) {
            faults.add("title", format!("a title has at most {LABEL_CHARS_MAX} characters"));
        }
        if too_long(&self.note, NOTE_CHARS_MAX) {
            faults.add("note", format!("a note has at most {NOTE_CHARS_MAX} characters"));
        }
        for (i, node) in self.nodes.iter().enumerate() {
            for (field, text) in [("id", &node.id), ("label", &node.label)] {
                if too_long(text, LABEL_CHARS_MAX) {
                    faults
                        .add(format!("nodes[{i}].{field}"), format!("at most {LABEL_CHARS_MAX} characters"));
                }
            }
        }
    }

    fn check_wires(&self, faults: &mut Faults) {
        // Each wire is judged in a design that holds the wires before it.
        let (nodes, places) = (self.nodes.clone(), self.places.clone());
        let mut so_far = Design { nodes, places, ..Design::default() };
        for (i, wire) in self.wires.iter().enumerate().take(WIRES_MAX) {
            let find = |end: &str, id: &str, faults: &mut Faults| {
                let index = self.node_index(id);
                if index.is_none() {
                    faults.add(format!("wires[{i}].{end}"), format!("there is no node \"{id}\""));
                }
                index
            };
            let (from, to) = (find("from", &wire.from, faults), find("to", &wire.to, faults));
            if let (Some(from), Some(to)) = (from, to) {
                match wire_refusal(&so_far, from, to) {
                    Some(refusal) => faults.add(format!("wires[{i}]"), refusal.en),
                    None => so_far.wires.push(wire.clone()),
                }
            }
        }
    }

    fn check_timeline(&self, faults: &mut Faults) {
        for (i, entry) in self.timeline.iter().enumerate() {
            let path = format!("timeline[{i}]");
            if i > 0 && self.timeline[i - 1].at_s > entry.at_s {
                faults.add(
                    format!("{path}.at_s"),
                    "earlier than the entry before it; put the timeline in order of time",
                );
            }
            if let Err(reason) = self.check_action(&entry.action) {
                faults.add(path, reason);
            }
        }
    }

    /// Whether an action can be done in this design.
    ///
    /// # Errors
    /// Why not.
    pub fn check_action(&self, action: &Action) -> Result<(), String> {
        let (id, spec) = (action.node(), action.verb.spec());
        if spec.on == On::Wire {
            let there = self.wires.iter().any(|w| w.from == id && w.to == action.to);
            return if there {
                Ok(())
            } else {
                Err(format!("there is no wire from \"{id}\" to \"{}\"", action.to))
            };
        }
        let node = self.node(id).ok_or_else(|| format!("there is no node \"{id}\""))?;
        let kind = node.kind().spec();
        if !kind.verbs.contains(&action.verb) {
            let known: Vec<&str> = kind.verbs.iter().map(|v| v.name()).collect();
            return Err(format!(
                "\"{}\" cannot be done to a {}; possible are {}",
                spec.name,
                kind.id,
                known.join(", ")
            ));
        }
        if action.verb == Verb::GoViral
            && let NodeParams::Users(p) = &node.params
            && action.arg("item") >= f64::from(p.items)
        {
            return Err(format!("there are only {} items; give an item from 0 to {}", p.items, p.items - 1));
        }
        if let Some(part) = action.part {
            let parts = self.parts_at_most(id);
            if part >= parts {
                return Err(format!(
                    "\"{id}\" has {parts} parts; give a part from 0 to {}",
                    parts.saturating_sub(1)
                ));
            }
        }
        Ok(())
    }

    /// Parts that a node can have in the course of a run: those at the start and those that the timeline adds.
    pub fn parts_at_most(&self, id: &str) -> u32 {
        let Some(node) = self.node(id) else { return 0 };
        match &node.params {
            NodeParams::Web(p) => p.instances,
            NodeParams::Relational(p) => p.replicas + 1,
            NodeParams::Sharded(p) => {
                let added = self
                    .timeline
                    .iter()
                    .filter(|e| e.action.verb == Verb::AddShard && e.action.target == id)
                    .count();
                p.shards + added as u32
            }
            _ => 1,
        }
    }
}
