//! Undo and redo.

use crate::message::Change;
use crate::selection::{Selection, WireKey};
use headroom_model::design::{Design, Node, Place};
use std::rc::Rc;

/// Steps that can be taken back.
pub(crate) const STEPS_MAX: usize = 200;

/// What a step is about. A step stays open while messages about the same follow; they make one step together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum About {
    Nudge,
    /// The size of what is selected, by keys.
    NudgeSize,
    Param(String, String),
    Wire(WireKey),
    Price(String),
    Run,
    Entry(usize),
    Label(String),
    PlaceParam(String, String),
    PlaceLabel(String),
    /// A param of several nodes.
    Params(Vec<String>, String),
    NoteText(String),
    /// A change by the page, under its name.
    Named(String),
    Title,
    Note,
    /// Never the same as another.
    Other,
}

/// A state to go back to.
#[derive(Clone, Debug)]
pub(crate) struct Saved {
    pub design: Rc<Design>,
    pub selection: Selection,
    pub opened: u32,
}

/// Past and undone states.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    past: Vec<Saved>,
    future: Vec<Saved>,
    open: Option<About>,
}

impl History {
    /// The state before the open step, if it is about this.
    pub fn base(&self, about: &About) -> Option<&Saved> {
        if self.open.as_ref() == Some(about) { self.past.last() } else { None }
    }

    /// Notes the state before a new step.
    pub fn push(&mut self, before: Saved) {
        self.future.clear();
        self.past.push(before);
        if self.past.len() > STEPS_MAX {
            self.past.remove(0);
        }
    }

    /// Leaves the last step open for more about the same.
    pub fn leave_open(&mut self, about: About) {
        self.open = (about != About::Other).then_some(about);
    }

    /// Closes the open step. One that came back to where it began is forgotten.
    pub fn close(&mut self, now: &Design) {
        if self.open.take().is_some() && self.past.last().is_some_and(|s| *s.design == *now) {
            self.past.pop();
        }
    }

    /// Forgets the open step, if it is a drag, and gives the state before it.
    pub fn abandon(&mut self) -> Option<Saved> {
        match self.open {
            Some(
                About::Param(..)
                | About::Params(..)
                | About::PlaceParam(..)
                | About::Wire(_)
                | About::Run
                | About::Price(_)
                | About::Entry(_),
            ) => {
                self.open = None;
                self.past.pop()
            }
            _ => None,
        }
    }

    pub fn undo(&mut self, now: Saved) -> Option<Saved> {
        let saved = self.past.pop()?;
        self.future.push(now);
        Some(saved)
    }

    pub fn redo(&mut self, now: Saved) -> Option<Saved> {
        let saved = self.future.pop()?;
        self.past.push(now);
        Some(saved)
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

/// What differs between two designs.
pub(crate) fn difference(a: &Design, b: &Design) -> Change {
    let same_node = |a: &Node, b: &Node| {
        a.id == b.id && a.kind() == b.kind() && a.place == b.place && a.spread == b.spread
    };
    let same_nodes =
        a.nodes.len() == b.nodes.len() && a.nodes.iter().zip(&b.nodes).all(|(a, b)| same_node(a, b));
    let same_place = |a: &Place, b: &Place| a.id == b.id && a.kind() == b.kind() && a.parent == b.parent;
    let same_places =
        a.places.len() == b.places.len() && a.places.iter().zip(&b.places).all(|(a, b)| same_place(a, b));
    let same_wires = a.wires.len() == b.wires.len()
        && a.wires.iter().zip(&b.wires).all(|(a, b)| a.from == b.from && a.to == b.to);
    if !same_nodes || !same_wires || !same_places {
        return Change::Structure;
    }
    let same_params = a.nodes.iter().zip(&b.nodes).all(|(a, b)| a.params == b.params)
        && a.places.iter().zip(&b.places).all(|(a, b)| a.params == b.params);
    if !same_params
        || a.wires != b.wires
        || a.timeline != b.timeline
        || a.run != b.run
        || a.prices != b.prices
    {
        return Change::Params;
    }
    if a != b { Change::Cosmetic } else { Change::Nothing }
}
