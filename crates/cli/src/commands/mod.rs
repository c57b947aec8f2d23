//! The commands, one file each. A command reads its own words and writes to [`Io`].

mod check;
mod new;
mod reference;
mod render;
mod run;
mod share;
mod why;

use crate::Io;
use crate::args::{Word, Words};
use crate::failure::Failure;
use crate::input::read_design;
use headroom_model::design::Design;
use std::ffi::OsString;

/// A command: its name, what it does in a line, its help, and what carries it out.
struct Command {
    name: &'static str,
    does: &'static str,
    help: &'static str,
    hint: &'static str,
    run: fn(&mut Words, &mut Io<'_>) -> Result<(), Failure>,
}

const COMMANDS: &[&Command] = &[
    &run::COMMAND,
    &why::COMMAND,
    &check::COMMAND,
    &share::LINK,
    &share::OPEN,
    &render::COMMAND,
    &new::COMMAND,
    &reference::SCHEMA,
    &reference::DOCS,
];

/// Finds the command and carries it out.
pub fn dispatch(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut words = Words::new(args, "headroom --help");
    let name = match words.next_word()? {
        None => return Err(words.usage("which command?")),
        Some(Word::Option(o)) if o == "-h" || o == "--help" => return overview(io),
        Some(Word::Option(o)) if o == "-V" || o == "--version" => {
            return Ok(writeln!(io.out, "headroom {}", env!("CARGO_PKG_VERSION"))?);
        }
        Some(Word::Option(o)) => return Err(words.unknown(&o)),
        Some(Word::Value(name)) => name,
    };
    let find = |words: &Words, name: &str| {
        COMMANDS
            .iter()
            .find(|c| c.name == name)
            .ok_or_else(|| words.usage(format!("\"{name}\" is not a command")))
    };
    if name == "help" {
        return match words.next_word()? {
            Some(Word::Value(name)) => Ok(io.out.write_all(find(&words, &name)?.help.as_bytes())?),
            _ => overview(io),
        };
    }
    let command = find(&words, &name)?;
    words.set_hint(command.hint);
    match (command.run)(&mut words, io) {
        Err(Failure::Help) => Ok(io.out.write_all(command.help.as_bytes())?),
        done => done,
    }
}

/// What an option means that the command does not know: help, or a mistake.
fn other(words: &Words, option: &str) -> Failure {
    if option == "-h" || option == "--help" { Failure::Help } else { words.unknown(option) }
}

/// Reads the words of a command that takes one design and options. `option` handles an option and says whether it
/// knows it.
fn one_design(
    words: &mut Words,
    io: &mut Io<'_>,
    mut option: impl FnMut(&mut Words, &str) -> Result<bool, Failure>,
) -> Result<Design, Failure> {
    let mut source = None;
    while let Some(word) = words.next_word()? {
        match word {
            Word::Option(o) => {
                if !option(words, &o)? {
                    return Err(other(words, &o));
                }
            }
            Word::Value(name) if source.is_none() => source = Some(name),
            Word::Value(name) => return Err(words.surplus(&name)),
        }
    }
    let source =
        source.ok_or_else(|| words.usage("which design? Give a file, a link, or - for standard input"))?;
    read_design(&source, io.input)
}

/// Writes a file that a user asked for.
fn write_file(path: &str, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|e| Failure::Other(format!("cannot write {path}: {e}")))
}

fn overview(io: &mut Io<'_>) -> Result<(), Failure> {
    writeln!(io.out, "headroom simulates a web architecture request by request and says where it breaks.\n")?;
    for command in COMMANDS {
        writeln!(io.out, "  headroom {:<8}{}", command.name, command.does)?;
    }
    writeln!(
        io.out,
        "\nA design is a JSON file, a share link, or - for standard input. headroom COMMAND --help says more.\n\
         Exit codes: 0 done, 2 bad input or usage, 1 anything else."
    )?;
    Ok(())
}
