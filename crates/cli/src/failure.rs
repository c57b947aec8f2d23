//! Why a command stops, and what it says then.

use headroom_model::faults::Fault;
use std::fmt;

/// Why a command stops.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense; the second text says where help is.
    Usage(String, &'static str),
    /// A design has faults; the first text names where it came from.
    Faults(String, Vec<Fault>),
    /// Something to read is not there or is no text.
    Input(String),
    /// Something else went wrong: a file cannot be written.
    Other(String),
    /// No failure: the user wants the command's help instead.
    Help,
    /// Whoever read the output has seen enough and closed it (`| head`): no failure.
    Closed,
}

impl Failure {
    /// The exit code that tells a script.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(..) | Failure::Faults(..) | Failure::Input(_) => 2,
            Failure::Other(_) => 1,
            Failure::Help | Failure::Closed => 0,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text, help) => writeln!(f, "headroom: {text}\nTry: {help}"),
            Failure::Input(text) | Failure::Other(text) => writeln!(f, "headroom: {text}"),
            Failure::Help | Failure::Closed => Ok(()),
            Failure::Faults(source, faults) => {
                let count =
                    if faults.len() == 1 { "a fault".to_owned() } else { format!("{} faults", faults.len()) };
                writeln!(f, "headroom: {source} has {count}")?;
                faults.iter().try_for_each(|fault| writeln!(f, "  {}", printable(&fault.to_string())))
            }
        }
    }
}

/// A failure to write to standard output.
impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        if e.kind() == std::io::ErrorKind::BrokenPipe {
            Failure::Closed
        } else {
            Failure::Other(format!("cannot write: {e}"))
        }
    }
}

/// A user's text without control characters, which could drive a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
