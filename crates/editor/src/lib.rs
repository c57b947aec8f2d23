//! DOM-free editing of designs: everything that a canvas does to a design, without a canvas.
//!
//! An [`Editor`] holds a design, what is selected, the clipboard and the history. It is driven by
//! [`EditMsg`]; each [`Editor::apply`] says in its [`Effect`] what changed, so that a page knows whether a run can go on,
//! is replayed or starts again. A refused message changes nothing and says why, in both languages.
//!
//! Beside it stand what a canvas needs to show and to point: a [`View`] (camera), [`wire_paths`], [`hit`], [`snap_drag`].
//!
//! Invariants, checked after each message of random sequences in `tests/random_messages.rs`: ids are unique; wires and
//! timeline entries refer to nodes; no wire that [`wire_refusal`](headroom_model::design::wire_refusal) would refuse;
//! the selection refers to what is there; the timeline is in order of time; redo after undo gives the same design.
//!
//! Absent by intent: the DOM, pointers and keys (a page translates them into messages), time and randomness.

mod arrange;
mod boxes;
mod clipboard;
mod editor;
mod fields;
mod geometry;
mod handles;
mod history;
mod hit;
mod message;
mod navigate;
mod notes;
mod places;
mod quick;
mod selection;
mod snap;
mod vet;
mod view;

pub use arrange::{Axis, Line, Reach, wire_for};
pub use boxes::{drop_rect, free_room};
pub use editor::Editor;
pub use geometry::{
    NODE_HEIGHT, NODE_WIDTH, PORT_REACH, Point, Rect, Side, WirePath, bounds, content, node_rect, port,
    wire_path, wire_paths,
};
pub use handles::{BOX_HEIGHT_MIN, BOX_WIDTH_MIN, Handle};
pub use hit::{Hit, TITLE_HEIGHT, has_port, hit};
pub use message::{Change, EditMsg, Effect, Phase};
pub use navigate::{Direction, neighbour, reading_order};
pub use notes::{note_rect, room_for_note};
pub use places::{moving, place_rect};
pub use quick::{kind_refusal, room_beside};
pub use selection::{Item, Selection, WireKey};
pub use snap::{GRID, Guide, Snapped, place_for, room_in, snap_box, snap_drag};
pub use view::{View, ZOOM_MAX, ZOOM_MIN};
