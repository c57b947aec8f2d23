//! The design: the document that a user edits and shares. Nodes, wires, timeline, run settings and view.

mod check;
mod check_places;
mod read;
mod schema;
mod wire;
mod wire_rules;
mod write;

pub use crate::verbs::Action;
pub use check_places::{nesting_refusal, place_refusal, reach_refusal};
pub use schema::json_schema;
pub use wire::{Breaker, Hedge, Jitter, WIRE_GROUPS, Wire, WireParams};
pub use wire_rules::{Refusal, WireRules, wire_refusal};

use crate::kinds::{Kind, NodeParams};
use crate::params::choice;
use crate::places::{PlaceKind, PlaceParams};
use crate::prices::Prices;

/// Version of the design file that this code writes. Older ones are migrated on reading.
pub const VERSION: u32 = 1;

/// Width and height of a place unless a design says otherwise [world px].
pub const PLACE_SIZE: (f64, f64) = (480.0, 320.0);
/// Least width and height of a place [world px].
pub const PLACE_SIDE_MIN: f64 = 40.0;

/// Width and height of a note unless a design says otherwise [world px].
pub const NOTE_SIZE: (f64, f64) = (224.0, 112.0);
/// Least width and height of a note [world px].
pub const NOTE_SIDE_MIN: f64 = 40.0;

/// A whole design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Title, or empty.
    pub title: String,
    /// Words of the author about the design, or empty. Text, never markup.
    pub note: String,
    /// Nodes, in the order in which they were placed.
    pub nodes: Vec<Node>,
    /// Wires.
    pub wires: Vec<Wire>,
    /// Boxes that hold nodes, in the order in which they were drawn.
    pub places: Vec<Place>,
    /// Words on the canvas, in the order in which they were put there. The run does not mind them.
    pub notes: Vec<CanvasNote>,
    /// What happens when, in order of time.
    pub timeline: Vec<Entry>,
    /// Seed, length and the like.
    pub run: RunSettings,
    /// What things cost.
    pub prices: Prices,
    /// How the canvas stands and where a link opens.
    pub view: View,
}

/// A component on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique within the design; random streams hang on it, so renaming it changes a run.
    pub id: String,
    /// What the user reads on it; empty means the kind's name.
    pub label: String,
    /// Left edge on the canvas [world px].
    pub x: f64,
    /// Top edge on the canvas [world px].
    pub y: f64,
    /// Kind and params.
    pub params: NodeParams,
    /// Id of the place that it is in.
    pub place: Option<String>,
    /// Ids of places that its parts go to in turn, instead of all standing in `place`.
    pub spread: Vec<String>,
}

impl Node {
    /// A node with the defaults of its kind, in no place.
    pub fn new(id: impl Into<String>, kind: Kind, x: f64, y: f64) -> Self {
        let params = NodeParams::default_of(kind);
        Self { id: id.into(), label: String::new(), x, y, params, place: None, spread: Vec::new() }
    }

    /// The node's kind.
    pub fn kind(&self) -> Kind {
        self.params.kind()
    }
}

/// A box that holds nodes and other places: see [`crate::places`].
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Unique among places, notes and nodes.
    pub id: String,
    /// What the user reads on it; empty means the kind's name.
    pub label: String,
    /// Left edge on the canvas [world px].
    pub x: f64,
    /// Top edge on the canvas [world px].
    pub y: f64,
    /// Width on the canvas [world px].
    pub w: f64,
    /// Height on the canvas [world px].
    pub h: f64,
    /// Id of the place that it lies in.
    pub parent: Option<String>,
    /// Kind and params.
    pub params: PlaceParams,
}

impl Place {
    /// The place's kind.
    pub fn kind(&self) -> PlaceKind {
        self.params.kind()
    }

    /// Whether a run cannot tell two places apart: they differ at most in label and geometry.
    pub fn is_same_run(&self, other: &Place) -> bool {
        self.id == other.id && self.parent == other.parent && self.params == other.params
    }
}

/// Words on the canvas: text, never markup.
#[derive(Clone, Debug, PartialEq)]
pub struct CanvasNote {
    /// Unique among notes, places and nodes.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Left edge on the canvas [world px].
    pub x: f64,
    /// Top edge on the canvas [world px].
    pub y: f64,
    /// Width on the canvas [world px].
    pub w: f64,
    /// Height on the canvas [world px].
    pub h: f64,
}

/// An action at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When [s since the start of the run].
    pub at_s: f64,
    /// What.
    pub action: Action,
}

/// How a design is run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSettings {
    /// Seed of every random stream, below 2^53.
    pub seed: u64,
    /// Length of the run [s].
    pub until_s: f64,
    /// Start that the summary leaves out [s].
    pub warmup_s: f64,
    /// Length of a window of the series [s]; none means a round number near 1/150 of the run.
    pub window_s: Option<f64>,
    /// Runs with seeds `seed`, `seed + 1`, ... that the command line makes for confidence intervals.
    pub replications: u32,
    /// Whether everything is simulated.
    pub detail: Detail,
    /// With sampled detail, the least length of a stretch that is simulated [s]; none means 5,000 requests.
    pub stretch_s: Option<f64>,
    /// With sampled detail, the most that is skipped at once [s]; none means a tenth of the run.
    pub skip_s: Option<f64>,
}

choice! {
    /// How much of a run is simulated.
    pub enum Detail {
        /// Every request.
        Exact = "exact", "Exact", "전부", "모든 요청을 시뮬레이션합니다.";
        /// Stretches of a steady run; in between the world goes on and everything stands as it is.
        Sampled = "sampled", "Sampled", "표본", "안정된 구간만 시뮬레이션하고, 그 사이에는 시간만 흐르고 나머지는 그대로 멈춰 있습니다.";
    }
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            until_s: 120.0,
            warmup_s: 0.0,
            window_s: None,
            replications: 1,
            detail: Detail::Exact,
            stretch_s: None,
            skip_s: None,
        }
    }
}

impl RunSettings {
    /// Length of a window [s]: the given one, or the nearest of 1, 2, 5 × 10^k at or above 1/150 of the run.
    pub fn window_length_s(&self) -> f64 {
        if let Some(window) = self.window_s {
            return window;
        }
        let wanted = self.until_s / 150.0;
        let mut step = 0.001;
        for factor in [2.0, 2.5, 2.0].iter().cycle() {
            if step >= wanted {
                break;
            }
            step *= factor;
        }
        // Multiplying up leaves rounding dust; a window is a whole number of microseconds.
        (step * 1e6_f64).round() / 1e6
    }
}

/// How the canvas stands and where a link opens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Centre and zoom of the canvas; none means fit.
    pub camera: Option<Camera>,
    /// A moment at which the run is paused when the design is opened [s].
    pub open_at_s: Option<f64>,
    /// The node whose inspector is open at first.
    pub focus: Option<String>,
    /// What the charts measure the run against.
    pub objectives: Objectives,
}

/// What users are promised; none where nothing is. A run does not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Objectives {
    /// The 99th percentile of what users wait is to stay at or under this [ms].
    pub p99_ms: Option<f64>,
    /// Of all requests that end, at most this share is to fail.
    pub error_share: Option<f64>,
}

impl Objectives {
    /// Nothing is promised.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a canvas looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// World point in the middle of the canvas.
    pub x: f64,
    /// World point in the middle of the canvas.
    pub y: f64,
    /// Screen px per world px.
    pub zoom: f64,
}

impl Design {
    /// The node with this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == id)
    }

    /// Position of the node with this id.
    pub fn node_index(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|n| n.id == id)
    }

    /// The place with this id.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|p| p.id == id)
    }

    /// The note with this id.
    pub fn note(&self, id: &str) -> Option<&CanvasNote> {
        self.notes.iter().find(|n| n.id == id)
    }

    /// Whether a node, a place or a note has this id.
    fn is_taken(&self, id: &str) -> bool {
        self.node(id).is_some() || self.place(id).is_some() || self.note(id).is_some()
    }

    /// An id for a new note.
    pub fn fresh_note_id(&self) -> String {
        self.fresh("note")
    }

    /// An id for a new place of this kind: the kind's id with a number where needed.
    pub fn fresh_place_id(&self, kind: PlaceKind) -> String {
        self.fresh(kind.spec().id)
    }

    /// An id for a new node of this kind: the kind's id with a number where needed.
    pub fn fresh_id(&self, kind: Kind) -> String {
        self.fresh(kind.spec().id)
    }

    fn fresh(&self, base: &str) -> String {
        if !self.is_taken(base) {
            return base.to_owned();
        }
        (2..).map(|i| format!("{base}{i}")).find(|id| !self.is_taken(id)).expect("some number is free")
    }
}
