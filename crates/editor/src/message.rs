//! What an editor can be told, and what it answers.

use crate::arrange::{Axis, Line, Reach};
use crate::geometry::{Point, Rect, Side};
use crate::selection::{Item, WireKey};
use headroom_model::design::{Design, Entry, Objectives, Refusal, RunSettings};
use headroom_model::kinds::Kind;
use headroom_model::places::PlaceKind;
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
    /// Places a node and wires it to the port of another, both or nothing, and selects it.
    AddWired {
        /// Its kind.
        kind: Kind,
        /// Its middle [world px].
        at: Point,
        /// Id of the node that it is wired to.
        node: String,
        /// The port of that node: out of [`Side::Out`] it calls the new one.
        side: Side,
    },
    /// Places a node in the middle of a wire: who called on calls it, and it calls on. Refused where it could not stand.
    InsertNode {
        /// Its kind.
        kind: Kind,
        /// The wire, which gives way; its settings go to the wire that leads to the new node.
        wire: WireKey,
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
    /// Draws a place with its middle at a world point and selects it: inside the smallest place there that may hold it,
    /// and no larger; nodes and places that it comes to hold are in it.
    AddPlace {
        /// Its kind.
        kind: PlaceKind,
        /// Its middle [world px].
        at: Point,
    },
    /// Draws a place without being told where: around the selected nodes, else in the selected place, else where there is
    /// room.
    AddPlaceHere {
        /// Its kind.
        kind: PlaceKind,
        /// What is seen of the world [world px].
        seen: Rect,
    },
    /// Gives a place another rectangle; what it holds stays where it is, and is in it for as long as it lies in it.
    ResizePlace {
        /// Place id.
        place: String,
        /// Where it shall lie [world px].
        rect: Rect,
    },
    /// Moves the right and lower edges of the selected places and notes, as keys do; several in a row make one undo step.
    NudgeSize {
        /// How much wider and higher [world px].
        by: Point,
    },
    /// Sets a param of a place.
    SetPlaceParam {
        /// Place id.
        place: String,
        /// Param.
        name: String,
        /// Value as in a design file.
        value: Value,
        /// [`Phase::Dragging`] from a slider that is held.
        phase: Phase,
    },
    /// Sets a place's label.
    SetPlaceLabel {
        /// Place id.
        place: String,
        /// Text, never markup.
        label: String,
    },
    /// Puts a place with all that it holds into another, or takes it out of all.
    SetParent {
        /// Place id.
        place: String,
        /// Id of the place that shall hold it.
        parent: Option<String>,
    },
    /// Puts a node into a place, or takes it out of all.
    SetNodePlace {
        /// Node id.
        node: String,
        /// Id of the place.
        place: Option<String>,
    },
    /// Spreads the parts of a node over places, in turn; over none, all of them stand in the node's own place.
    SetSpread {
        /// Node id.
        node: String,
        /// Ids of the places.
        spread: Vec<String>,
    },
    /// Puts an empty note on the canvas with its middle at a world point, and selects it.
    AddNote {
        /// Its middle [world px].
        at: Point,
    },
    /// Writes a note.
    SetNoteText {
        /// Note id.
        note: String,
        /// Text, never markup.
        text: String,
    },
    /// Gives a note another rectangle.
    ResizeNote {
        /// Note id.
        note: String,
        /// Where it shall lie [world px].
        rect: Rect,
    },
    /// Deletes what is selected, with the wires and timeline entries of deleted nodes. What a deleted place held is in the
    /// place around it.
    Delete,
    /// Deletes the selected nodes and wires who called them to whom they called.
    DeleteAndHeal,
    /// Brings the selected nodes to one line.
    Align(Line),
    /// Makes the distances between the selected nodes even.
    Distribute(Axis),
    /// Lays the selected nodes, or all if there are not two, out in columns along the way of the requests.
    Tidy,
    /// Moves the selected nodes and notes, and the selected places with all they hold, as at the end of a drag. See
    /// [`crate::snap_drag`] for what is shown meanwhile.
    Move {
        /// Offset [world px].
        by: Point,
    },
    /// Moves what is selected by a step, as arrow keys do; several in a row make one undo step.
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
    /// Sets a param of several nodes of one kind; refused by one of them, it changes none.
    SetParams {
        /// Node ids.
        nodes: Vec<String>,
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
    /// Sets what users are promised.
    SetObjectives {
        /// All of it.
        objectives: Objectives,
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

    /// Copies the selected nodes and notes, the selected places with all they hold, and the wires between.
    Copy,
    /// Copies and deletes.
    Cut,
    /// Puts copies of what is in the clipboard, with fresh ids, around a world point, or beside the originals.
    Paste {
        /// Middle of the copies [world px].
        at: Option<Point>,
    },
    /// Puts another design's nodes, wires, places and notes in the clipboard, as from another window.
    SetClipboard(Box<Design>),
    /// Copies and pastes without touching the clipboard.
    Duplicate,

    /// Selects this alone.
    Select(Item),
    /// Selects this too, or no longer.
    Toggle(Item),
    /// Selects the nodes and notes that touch a world rectangle, and the places that lie in it whole.
    Marquee {
        /// The rectangle [world px].
        rect: Rect,
        /// Ids that stay selected besides.
        keep: Vec<String>,
    },
    /// Selects all nodes before or behind the selected ones too.
    SelectReach(Reach),
    /// Selects all nodes, wires, places and notes.
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
    /// Geometry, labels, title, notes: the run does not mind.
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
