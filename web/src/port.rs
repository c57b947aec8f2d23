//! What the rest of the page tells the canvas: things that only it can do, because only it knows where it looks.

use headroom_model::kinds::Kind;
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// Something for the canvas to do.
#[derive(Clone, Debug, PartialEq)]
pub enum CanvasCommand {
    /// Add a node of this kind where there is room in view, and select it.
    Add(Kind),
    /// A node of this kind is dragged over the page, to this point [client px]; draw where it would go.
    DragOver(Kind, f64, f64),
    /// It was dropped there: add the node if this is over the canvas, and select it.
    Drop(Kind, f64, f64),
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
    /// Bring this node into view.
    Reveal(String),
    /// Take keyboard focus.
    Focus,
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
