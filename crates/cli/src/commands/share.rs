//! `headroom link` and `headroom open`: a design as a link, and back.

use super::{Command, one_design, write_file};
use crate::Io;
use crate::args::Words;
use crate::failure::Failure;
use headroom_model::link;

pub const LINK: Command = Command {
    name: "link",
    does: "print the share link of a design",
    hint: "headroom link --help",
    help: "\
headroom link DESIGN [--base URL]

Prints the share link: design, seed and timeline in the fragment of a URL, which no server sees.

  --base URL   where the page is published; without it the link is the fragment alone, #h1=...,
               to be put behind the address of any page of Headroom

DESIGN is a file, a share link, or - for standard input.
",
    run: link,
};

pub const OPEN: Command = Command {
    name: "open",
    does: "print the design file that a share link holds",
    hint: "headroom open --help",
    help: "\
headroom open LINK [--out FILE]

Prints the design that a share link holds, as a design file with defaults left out.

  --out FILE   write it there instead

LINK is a whole URL, its fragment with or without #, or - for standard input. A design file is read as well.
",
    run: open,
};

fn link(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut base = String::new();
    let design = one_design(words, io, |words, option| {
        let known = option == "--base";
        if known {
            base = words.value(option, read_base)?;
        }
        Ok(known)
    })?;
    writeln!(io.out, "{base}#{}", link::encode(&design))?;
    Ok(())
}

/// A URL of a page: its fragment is cut off, since the link brings its own.
fn read_base(text: &str) -> Result<String, String> {
    let base = text.split('#').next().unwrap_or_default();
    if (base.starts_with("http://") || base.starts_with("https://")) && !base.contains(char::is_whitespace) {
        Ok(base.to_owned())
    } else {
        Err(format!("\"{text}\" is no address of a page; it begins with https:// or http://"))
    }
}

fn open(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut path = None;
    let design = one_design(words, io, |words, option| {
        let known = option == "--out";
        if known {
            path = Some(words.value(option, |t| Ok(t.to_owned()))?);
        }
        Ok(known)
    })?;
    match path {
        Some(path) => write_file(&path, &design.to_text()),
        None => Ok(io.out.write_all(design.to_text().as_bytes())?),
    }
}
