//! What the rest of the page tells the canvas: things that only it can do, because only it knows where it looks.

use crate::texts::shell;
use headroom_editor::Point;
use headroom_model::kinds::Kind;
use headroom_model::places::PlaceKind;
use headroom_model::text::Text;
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// What the palette offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A node of a kind.
    Node(Kind),
    /// A place of a kind.
    Place(PlaceKind),
    /// A note.
    Note,
}

impl Piece {
    /// Name in a design file.
    pub fn id(self) -> &'static str {
        match self {
            Piece::Node(kind) => kind.spec().id,
            Piece::Place(kind) => kind.spec().id,
            Piece::Note => "note",
        }
    }

    /// What the user reads.
    pub fn label(self) -> Text {
        match self {
            Piece::Node(kind) => kind.spec().label,
            Piece::Place(kind) => kind.spec().label,
            Piece::Note => shell::NOTE,
        }
    }

    /// One line about it.
    pub fn tagline(self) -> Text {
        match self {
            Piece::Node(kind) => kind.spec().tagline,
            Piece::Place(kind) => kind.spec().tagline,
            Piece::Note => shell::NOTE_HELP,
        }
    }
}

/// Something for the canvas to do.
#[derive(Clone, Debug, PartialEq)]
pub enum CanvasCommand {
    /// Add this where there is room in view (a place: around what is selected), and select it.
    Add(Piece),
    /// Put a note with its middle there [world px], and let it be written.
    NoteAt(Point),
    /// Ask what to add there [world px]; without a point, beside the selected node, else where the pointer is.
    Quick(Option<Point>),
    /// This is dragged over the page, to this point [client px]; draw where it would go.
    DragOver(Piece, f64, f64),
    /// It was dropped there: add it if this is over the canvas, and select it.
    Drop(Piece, f64, f64),
    /// The drag has ended elsewhere.
    DragEnd,
    /// Another design was opened: look where it says, or show all of it.
    Opened,
    /// Show the whole design.
    Fit,
    /// Nearer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Bring this node or place into view.
    Reveal(String),
    /// Take keyboard focus.
    Focus,
    /// Give keyboard focus to this node or place.
    FocusOn(String),
}

#[derive(Default)]
struct Inner {
    ear: Option<Callback<CanvasCommand>>,
    waiting: Vec<CanvasCommand>,
}

/// The canvas's ear. Cheap to clone.
#[derive(Clone, Default)]
pub struct CanvasPort(Rc<RefCell<Inner>>);

impl PartialEq for CanvasPort {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl CanvasPort {
    /// Tells the canvas to do something; before it listens, it is told when it begins to.
    pub fn tell(&self, command: CanvasCommand) {
        let ear = {
            let mut inner = self.0.borrow_mut();
            let ear = inner.ear.clone();
            if ear.is_none() {
                inner.waiting.push(command.clone());
            }
            ear
        };
        if let Some(ear) = ear {
            ear.emit(command);
        }
    }

    /// The canvas listens from now on; what was said before comes at once.
    pub fn listen(&self, ear: Callback<CanvasCommand>) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            inner.ear = Some(ear.clone());
            std::mem::take(&mut inner.waiting)
        };
        for command in waiting {
            ear.emit(command);
        }
    }
}
