//! The `headroom` command as a library: what it says to which arguments.
//!
//! Entry point: [`run`]. Each command is a file in `commands/`; [`input`] reads designs from files, standard input and
//! links; [`report`] writes summaries for people; [`docs`] writes the reference of kinds that the repository keeps.

pub mod args;
mod commands;
pub mod docs;
pub mod failure;
pub mod input;
pub mod report;

use failure::Failure;
use std::ffi::OsString;
use std::io::{Read, Write};

/// Where a command reads and writes.
pub struct Io<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
}

/// Carries out one command line (without the program's name) and gives the exit code: 0, or 2 for bad input or usage, or
/// 1 for anything else.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> u8 {
    // What is still in a buffer counts as well: a full disk must not pass for success.
    match commands::dispatch(args, io).and_then(|()| Ok(io.out.flush()?)) {
        Ok(()) => 0,
        Err(Failure::Help | Failure::Closed) => 0,
        Err(failure) => {
            // Nowhere is left to report a broken standard error to.
            let _ = write!(io.err, "{failure}");
            failure.exit_code()
        }
    }
}
