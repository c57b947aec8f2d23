//! What an editor can be told, and what it answers.

use crate::geometry::{Point, Rect};
use crate::selection::{Item, WireKey};
use headroom_model::design::{Design, Entry, Refusal, RunSettings};
use headroom_model::kinds::Kind;
use serde_json::Value;

/// Whether a value is still being dragged. All messages of one drag make one undo step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// More of the same will follow.
    Dragging,
    /// This is the value.
    Done,
}

/// What an editor can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum EditMsg {
    /// Places a node with its middle at a world point, see [`crate::place_for`], and selects it.
    AddNode {
        /// Its kind.
        kind: Kind,
        /// Its middle [world px].
        at: Point,
    },
    /// Draws a wire, or refuses it.
    Connect {
        /// Id of the calling node.
        from: String,
        /// Id of the called node.
        to: String,
    },
    /// Moves a wire's ends to other nodes; its settings stay.
    Reconnect {
        /// The wire as it is.
        wire: WireKey,
        /// The wire as it shall be.
        to: WireKey,
    },
    /// Deletes what is selected, with the wires and timeline entries of deleted nodes.
    Delete,
    /// Moves the selected nodes, as at the end of a drag. See [`crate::snap_drag`] for what is shown meanwhile.
    Move {
        /// Offset [world px].
        by: Point,
    },
    /// Moves the selected nodes by a step, as arrow keys do; several in a row make one undo step.
    Nudge {
        /// Offset [world px].
        by: Point,
    },
    /// Gives up the drag in hand (of a param, an entry, ...): everything is as it was before it.
    CancelDrag,
    /// Ends a row of nudges or an open drag: what follows is an undo step of its own.
    Settle,

    /// Sets a param of a node.
    SetParam {
        /// Node id.
        node: String,
        /// Param.
        name: String,
        /// Value as in a design file.
        value: Value,
        /// [`Phase::Dragging`] from a slider that is held.
        phase: Phase,
    },
    /// Sets a node's label.
    SetLabel {
        /// Node id.
        node: String,
        /// Text, never markup.
        label: String,
    },
    /// Sets a setting of a wire.
    SetWire {
        /// The wire.
        wire: WireKey,
        /// Setting.
        name: String,
        /// Value as in a design file.
        value: Value,
        /// [`Phase::Dragging`] from a slider that is held.
        phase: Phase,
    },
    /// Sets the design's title.
    SetTitle(String),
    /// Sets the author's note.
    SetNote(String),
    /// Sets seed, length and the like.
    SetRun {
        /// All settings.
        run: RunSettings,
        /// [`Phase::Dragging`] from a slider that is held.
        phase: Phase,
    },
    /// Sets a price.
    SetPrice {
        /// Name in the price list.
        name: String,
        /// Value as in a design file.
        value: Value,
        /// [`Phase::Dragging`] from a slider that is held.
        phase: Phase,
    },
    /// Adds an entry at its place in time.
    AddEntry(Entry),
    /// Replaces an entry and puts it at its place in time. While dragging, `index` stays the one at the drag's begin.
    SetEntry {
        /// Position in the timeline.
        index: usize,
        /// The new entry.
        entry: Entry,
        /// [`Phase::Dragging`] while it is dragged along the time axis.
        phase: Phase,
    },
    /// Removes an entry.
    RemoveEntry(usize),
    /// Notes what was done by hand in the run, as the worker reports it. The run needs no new design for it: it has done
    /// it already, so the effect is [`Change::Cosmetic`].
    AppendActed(Entry),
    /// Opens another design; undo brings the old one back.
    ReplaceDesign(Box<Design>),

    /// Takes the last step back.
    Undo,
    /// Does again what was taken back.
    Redo,

    /// Copies the selected nodes and the wires between them.
    Copy,
    /// Copies and deletes.
    Cut,
    /// Puts copies of the clipboard's nodes, with fresh ids, around a world point, or beside the originals.
    Paste {
        /// Middle of the copies [world px].
        at: Option<Point>,
    },
    /// Puts another design's nodes and wires in the clipboard, as from another window.
    SetClipboard(Box<Design>),
    /// Copies and pastes without touching the clipboard.
    Duplicate,

    /// Selects this alone.
    Select(Item),
    /// Selects this too, or no longer.
    Toggle(Item),
    /// Selects the nodes that touch a world rectangle.
    Marquee {
        /// The rectangle [world px].
        rect: Rect,
        /// Ids that stay selected besides.
        keep: Vec<String>,
    },
    /// Selects all nodes and wires.
    SelectAll,
    /// Selects nothing.
    ClearSelection,
}

/// What a message changed, from least to most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    #[default]
    Nothing,
    /// Selection or clipboard; the design is as it was.
    View,
    /// Places, labels, title, note: the run does not mind.
    Cosmetic,
    /// Params, wire settings, timeline, run settings: the run is replayed and keeps its time.
    Params,
    /// Nodes or wires: the run starts again.
    Structure,
}

/// What a message did.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Effect {
    /// What changed.
    pub change: Change,
    /// Why nothing was done, if it was refused.
    pub refusal: Option<Refusal>,
    /// What was done besides and should be told, such as timeline entries that had to go.
    pub notice: Option<Refusal>,
}

impl Effect {
    pub(crate) fn of(change: Change) -> Self {
        Self { change, ..Self::default() }
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }
}
