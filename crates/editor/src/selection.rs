//! What is selected.

use headroom_model::design::{Design, Wire};
use headroom_model::order;
use std::collections::BTreeSet;

/// A wire by its ends; two nodes have at most one wire each way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireKey {
    /// Id of the calling node.
    pub from: String,
    /// Id of the called node.
    pub to: String,
}

impl WireKey {
    /// The wire between these.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into() }
    }

    /// Whether it is this wire.
    pub fn is(&self, wire: &Wire) -> bool {
        self.from == wire.from && self.to == wire.to
    }
}

impl From<&Wire> for WireKey {
    fn from(wire: &Wire) -> Self {
        Self::new(&wire.from, &wire.to)
    }
}

/// A node, a wire, a place or a note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A node by id.
    Node(String),
    /// A wire by its ends.
    Wire(WireKey),
    /// A place by id.
    Place(String),
    /// A note by id.
    Note(String),
}

/// Nodes, wires, places and notes that are selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of nodes.
    pub nodes: BTreeSet<String>,
    /// Wires.
    pub wires: BTreeSet<WireKey>,
    /// Ids of places.
    pub places: BTreeSet<String>,
    /// Ids of notes.
    pub notes: BTreeSet<String>,
}

impl Selection {
    /// Nothing but these nodes.
    pub fn of_nodes(ids: impl IntoIterator<Item = String>) -> Self {
        Self { nodes: order::set(ids), ..Self::default() }
    }

    /// Nothing but this.
    pub fn of(item: Item) -> Self {
        let mut selection = Self::default();
        selection.add(item);
        selection
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.wires.is_empty() && self.places.is_empty() && self.notes.is_empty()
    }

    /// Whether this is selected.
    pub fn has(&self, item: &Item) -> bool {
        match item {
            Item::Node(id) => self.nodes.contains(id),
            Item::Wire(key) => self.wires.contains(key),
            Item::Place(id) => self.places.contains(id),
            Item::Note(id) => self.notes.contains(id),
        }
    }

    /// The one thing that is selected, if it is one.
    pub fn only(&self) -> Option<Item> {
        match (self.nodes.len(), self.wires.len(), self.places.len(), self.notes.len()) {
            (1, 0, 0, 0) => self.nodes.first().cloned().map(Item::Node),
            (0, 1, 0, 0) => self.wires.first().cloned().map(Item::Wire),
            (0, 0, 1, 0) => self.places.first().cloned().map(Item::Place),
            (0, 0, 0, 1) => self.notes.first().cloned().map(Item::Note),
            _ => None,
        }
    }

    pub(crate) fn add(&mut self, item: Item) {
        match item {
            Item::Node(id) => self.nodes.insert(id),
            Item::Wire(key) => self.wires.insert(key),
            Item::Place(id) => self.places.insert(id),
            Item::Note(id) => self.notes.insert(id),
        };
    }

    pub(crate) fn toggle(&mut self, item: Item) {
        let had = match &item {
            Item::Node(id) => self.nodes.remove(id),
            Item::Wire(key) => self.wires.remove(key),
            Item::Place(id) => self.places.remove(id),
            Item::Note(id) => self.notes.remove(id),
        };
        if !had {
            self.add(item);
        }
    }

    /// Forgets what is no longer there.
    pub(crate) fn keep_existing(&mut self, design: &Design) {
        if !self.nodes.is_empty() {
            let ids = order::set(design.nodes.iter().map(|n| n.id.as_str()));
            self.nodes.retain(|id| ids.contains(id.as_str()));
        }
        self.wires.retain(|key| design.wires.iter().any(|w| key.is(w)));
        self.places.retain(|id| design.place(id).is_some());
        self.notes.retain(|id| design.note(id).is_some());
    }
}
