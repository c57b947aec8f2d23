//! Every limit of the product, by name. Past one of them: a clear error, and nothing is lost.

/// Characters that a share link may hold.
pub const LINK_CHARS_MAX: usize = 64 * 1024;
/// Bytes that a design may have once inflated.
pub const DESIGN_BYTES_MAX: usize = 1024 * 1024;
/// Nodes of a design.
pub const NODES_MAX: usize = 500;
/// Wires of a design.
pub const WIRES_MAX: usize = 2_000;
/// Places of a design.
pub const PLACES_MAX: usize = 200;
/// Places that one node may be spread over.
pub const SPREAD_MAX: usize = 20;
/// Entries of a timeline.
pub const TIMELINE_MAX: usize = 1_000;
/// Points of a traffic curve.
pub const CURVE_POINTS_MAX: usize = 500;
/// Characters of a label, a title or an id.
pub const LABEL_CHARS_MAX: usize = 200;
/// Characters of the author's note about the design.
pub const NOTE_CHARS_MAX: usize = 10_000;
/// Notes on the canvas of a design.
pub const NOTES_MAX: usize = 100;
/// Characters of a note on the canvas.
pub const NOTE_TEXT_CHARS_MAX: usize = 1_000;
/// Highest arrival rate of one users node [requests/s].
pub const RATE_RPS_MAX: f64 = 10_000_000.0;
/// Longest run [s]: thirty days.
pub const RUN_S_MAX: f64 = 30.0 * 86_400.0;
/// Least objective for a latency [ms].
pub const OBJECTIVE_MS_MIN: f64 = 0.001;
/// Windows that a run's series may have.
pub const WINDOWS_MAX: f64 = 5_000.0;
/// Calls in flight at once, all nodes together, before the simulator itself is saturated.
pub const CALLS_MAX: usize = 4_000_000;
/// Users of one node who are there at once.
pub const VISITORS_MAX: usize = 4_000_000;
/// Different numbers of clients whose sessions are kept apart; those of visits are used again after so many.
pub const SESSION_CLIENTS_MAX: u32 = 1 << 20;
/// Open connections that one wire keeps apart; clients past this number share them.
pub const CONNECTIONS_MAX: usize = 1 << 20;
/// Users that monitoring follows one by one, all nodes together; of more it follows an even sample.
pub const PEOPLE_MAX: usize = 1 << 20;
/// Replications of a run in one command.
pub const REPLICATIONS_MAX: u32 = 1_000;
/// Messages that one queue holds at once before the simulator itself is saturated.
pub const MESSAGES_MAX: usize = 4_000_000;
/// Instances that one tier may ever have at once, those that boot or drain too.
pub const INSTANCES_MAX: usize = 2_000;
