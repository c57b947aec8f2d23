//! `headroom schema` and `headroom docs`: the file format for programs and for people.

use super::{Command, other};
use crate::Io;
use crate::args::{Word, Words};
use crate::docs::{Language, kinds};
use crate::failure::Failure;

pub const SCHEMA: Command = Command {
    name: "schema",
    does: "print the JSON Schema of design files",
    hint: "headroom schema --help",
    help: "\
headroom schema

Prints the JSON Schema (draft 2020-12) of a design file, generated from the code. Editors complete and check by it.
",
    run: schema,
};

pub const DOCS: Command = Command {
    name: "docs",
    does: "print the reference of kinds, params and metrics as Markdown",
    hint: "headroom docs --help",
    help: "\
headroom docs [--lang en|ko]

Prints every kind of node with its params, metrics and actions as Markdown, generated from the code.

  --lang en|ko   language of the texts (en)
",
    run: docs,
};

fn schema(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    if let Some(word) = words.next_word()? {
        return Err(refuse(words, word));
    }
    Ok(writeln!(io.out, "{:#}", headroom_model::design::json_schema())?)
}

fn docs(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut language = Language::English;
    while let Some(word) = words.next_word()? {
        match word {
            Word::Option(o) if o == "--lang" => {
                language = words.value(&o, |t| match t {
                    "en" => Ok(Language::English),
                    "ko" => Ok(Language::Korean),
                    _ => Err(format!("\"{t}\" is not a language here; give en or ko")),
                })?;
            }
            word => return Err(refuse(words, word)),
        }
    }
    Ok(io.out.write_all(kinds(language).as_bytes())?)
}

fn refuse(words: &Words, word: Word) -> Failure {
    match word {
        Word::Option(o) => other(words, &o),
        Word::Value(v) => words.surplus(&v),
    }
}
