//! `headroom check`: is this a design?

use super::{Command, one_design};
use crate::Io;
use crate::args::Words;
use crate::failure::Failure;

pub const COMMAND: Command = Command {
    name: "check",
    does: "say whether a design is without faults, or list all of them",
    hint: "headroom check --help",
    help: "\
headroom check DESIGN

Says in a line what the design holds, or lists every fault with its path and a way out, and exits with code 2.
DESIGN is a file, a share link, or - for standard input.
",
    run,
};

fn run(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let design = one_design(words, io, |_, _| Ok(false))?;
    let link = headroom_model::link::encode(&design);
    writeln!(
        io.out,
        "No faults: {}, {}, {} on the timeline; as a link {} characters.",
        count(design.nodes.len(), "node"),
        count(design.wires.len(), "wire"),
        count(design.timeline.len(), "action"),
        link.len() + 1
    )?;
    Ok(())
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
