//! `headroom new`: a design to begin with.

use super::{Command, other, write_file};
use crate::Io;
use crate::args::{Word, Words};
use crate::failure::Failure;
use headroom_model::scenarios::{ALL, by_id};

pub const COMMAND: Command = Command {
    name: "new",
    does: "print a scenario as a design file, or list the scenarios",
    hint: "headroom new --help",
    help: "\
headroom new [SCENARIO] [--out FILE]

Prints the design file of a scenario of the page's menu; without a name, lists the scenarios.

  --out FILE   write it there instead, unless there is such a file already
",
    run,
};

fn run(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let (mut id, mut path) = (None, None);
    while let Some(word) = words.next_word()? {
        match word {
            Word::Option(o) if o == "--out" => path = Some(words.value(&o, |t| Ok(t.to_owned()))?),
            Word::Option(o) => return Err(other(words, &o)),
            Word::Value(v) if id.is_none() => id = Some(v),
            Word::Value(v) => return Err(words.surplus(&v)),
        }
    }
    let Some(id) = id else {
        for scenario in ALL {
            writeln!(io.out, "{}\n    {}", scenario.id, scenario.blurb.en)?;
        }
        return Ok(());
    };
    let Some(scenario) = by_id(&id) else {
        let known: Vec<&str> = ALL.iter().map(|s| s.id).collect();
        return Err(words.usage(format!("there is no scenario \"{id}\"; known are {}", known.join(", "))));
    };
    match path {
        // A file that somebody worked on is worth more than a scenario that can be had again.
        Some(path) if std::path::Path::new(&path).exists() => {
            Err(Failure::Other(format!("{path} exists already; it is left as it is")))
        }
        Some(path) => write_file(&path, scenario.json),
        None => Ok(io.out.write_all(scenario.json.as_bytes())?),
    }
}
