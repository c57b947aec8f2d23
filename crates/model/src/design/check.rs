//! Rules that hold between the parts of a design.

use super::wire_rules::WireRules;
use super::{Action, Design};
use crate::faults::Faults;
use crate::kinds::load_balancer::Flavour;
use crate::kinds::relational::{PRIMARIES_MAX, Topology};
use crate::kinds::{NodeParams, Verb};
use crate::limits::{
    LABEL_CHARS_MAX, NODES_MAX, NOTE_CHARS_MAX, NOTE_TEXT_CHARS_MAX, NOTES_MAX, PLACES_MAX,
    SESSION_CLIENTS_MAX, TIMELINE_MAX, WINDOWS_MAX, WIRES_MAX,
};
use crate::places::PLACE_VERBS;
use crate::verbs::On;
use std::collections::BTreeSet;

/// Whether an action can be done to all that is in a place.
fn check_on_place(action: &Action) -> Result<(), String> {
    let (id, name) = (action.node(), action.verb.name());
    if !PLACE_VERBS.contains(&action.verb) {
        let known: Vec<&str> = PLACE_VERBS.iter().map(|v| v.name()).collect();
        return Err(format!("\"{name}\" cannot be done to a place; possible are {}", known.join(", ")));
    }
    if action.part.is_some() {
        return Err(format!("\"{id}\" is a place, and has no parts"));
    }
    Ok(())
}

impl Design {
    /// Checks the rules that hold between parts; noted faults go to `faults`.
    pub(super) fn check(&self, faults: &mut Faults) {
        self.check_sizes(faults);
        let mut ids = BTreeSet::new();
        for (i, node) in self.nodes.iter().enumerate() {
            if node.id.is_empty() {
                faults.add(format!("nodes[{i}].id"), "a node wants an id");
            }
            if !ids.insert(&node.id) {
                faults.add(
                    format!("nodes[{i}].id"),
                    format!("the id \"{}\" is taken; ids are unique", node.id),
                );
            }
            if let NodeParams::Relational(p) = &node.params
                && p.topology != Topology::SinglePrimary
                && p.replicas >= PRIMARIES_MAX
            {
                faults.add(
                    format!("nodes[{i}].params.replicas"),
                    format!(
                        "with several primaries there are at most {} replicas besides the first",
                        PRIMARIES_MAX - 1
                    ),
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
            if let NodeParams::LoadBalancer(p) = &node.params
                && p.sticky
                && p.flavour == Flavour::L4
            {
                faults.add(
                    format!("nodes[{i}].params.sticky"),
                    "a balancer of layer 4 passes connections on unread and sees no cookies; use ip_hash, or one of layer 7",
                );
            }
            if let NodeParams::Users(p) = &node.params {
                if p.logged_in_share > 0.0 && p.client_numbers() > SESSION_CLIENTS_MAX {
                    faults.add(
                        format!("nodes[{i}].params.clients"),
                        format!("at most {SESSION_CLIENTS_MAX} different clients can be logged in"),
                    );
                }
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
        self.check_notes(faults);
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
            ("notes", self.notes.len(), NOTES_MAX),
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

    fn check_notes(&self, faults: &mut Faults) {
        for (i, note) in self.notes.iter().enumerate() {
            let path = format!("notes[{i}].id");
            let taken = self.node(&note.id).is_some() || self.place(&note.id).is_some();
            if note.id.is_empty() {
                faults.add(path, "a note wants an id");
            } else if taken || self.notes[..i].iter().any(|n| n.id == note.id) {
                faults.add(path, format!("the id \"{}\" is taken; ids are unique", note.id));
            } else if note.id.chars().count() > LABEL_CHARS_MAX {
                faults.add(path, format!("at most {LABEL_CHARS_MAX} characters"));
            }
            if note.text.chars().count() > NOTE_TEXT_CHARS_MAX {
                faults.add(format!("notes[{i}].text"), format!("at most {NOTE_TEXT_CHARS_MAX} characters"));
            }
        }
    }

    fn check_wires(&self, faults: &mut Faults) {
        // Each wire is judged in a design that holds the wires before it.
        let mut rules = WireRules::without_wires(self);
        for (i, wire) in self.wires.iter().enumerate().take(WIRES_MAX) {
            let find = |end: &str, id: &str, faults: &mut Faults| {
                let index = rules.index(id);
                if index.is_none() {
                    faults.add(format!("wires[{i}].{end}"), format!("there is no node \"{id}\""));
                }
                index
            };
            let (from, to) = (find("from", &wire.from, faults), find("to", &wire.to, faults));
            if let (Some(from), Some(to)) = (from, to) {
                match rules.refusal(from, to) {
                    Some(refusal) => faults.add(format!("wires[{i}]"), refusal.en),
                    None => rules.add(from, to),
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
        if spec.on == On::Places {
            for end in [id, action.to.as_str()] {
                self.place(end).ok_or_else(|| format!("there is no place \"{end}\""))?;
            }
            return if id == action.to { Err("give two different places".to_owned()) } else { Ok(()) };
        }
        if self.place(id).is_some() {
            return check_on_place(action);
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
            NodeParams::Web(p) => self.instances_at_most(id, p.instances),
            NodeParams::Workers(p) => self.instances_at_most(id, p.instances),
            NodeParams::Relational(p) => p.replicas + 1,
            NodeParams::Cache(p) => p.nodes,
            NodeParams::SessionStore(p) => p.replicas + 1,
            NodeParams::Cdn(p) => p.edges + u32::from(p.shield),
            NodeParams::Nosql(p) => p.nodes,
            NodeParams::Sharded(p) => {
                let added = self
                    .timeline
                    .iter()
                    .filter(|e| {
                        matches!(e.action.verb, Verb::AddShard | Verb::Isolate) && e.action.target == id
                    })
                    .count();
                p.shards + added as u32
            }
            _ => 1,
        }
    }

    /// Instances that a tier can have at once: by an autoscaler, by hand or by the timeline; for a blue-green deploy, twice as many.
    fn instances_at_most(&self, id: &str, at_start: u32) -> u32 {
        let done = || self.timeline.iter().map(|e| &e.action).filter(|a| a.target == id);
        let scaled = done().filter(|a| a.verb == Verb::Scale).map(|a| a.arg("instances") as u32);
        let scalers = self.wires.iter().filter(|w| w.to == id).filter_map(|w| self.node(&w.from));
        let scaled = scaled.chain(scalers.filter_map(|n| match &n.params {
            NodeParams::Autoscaler(p) => Some(p.max_instances),
            _ => None,
        }));
        let most = scaled.max().unwrap_or(0).max(at_start);
        let twice = done().any(|a| matches!(a.verb, Verb::Deploy | Verb::RollBack));
        let most = if twice { 2 * most } else { most };
        most.min(crate::limits::INSTANCES_MAX as u32)
    }
}
