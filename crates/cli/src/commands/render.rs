//! `headroom render`: the charts of a run as a picture.

use super::{Command, one_design, write_file};
use crate::Io;
use crate::args::{Words, duration_s, whole};
use crate::failure::Failure;
use crate::report::charts_svg;
use headroom_charts::Theme;
use headroom_model::design::Design;
use headroom_model::sim::Simulation;

pub const COMMAND: Command = Command {
    name: "render",
    does: "simulate a design and draw its charts as an SVG picture",
    hint: "headroom render --help",
    help: "\
headroom render DESIGN [options]

Simulates the design and draws the charts of the page, one above the other on one time axis: rates, latency,
utilisation, and where there are such nodes cache hit rate, replica lag and the load of every shard.

  --out FILE            write the picture there instead of standard output
  --seed N              seed instead of the design's
  --until TIME          length of the run instead of the design's: 60s, 5m, 1h, 500ms, or plain seconds
  --theme light|dark    colours (light)
  --width PX            width (900)

DESIGN is a file, a share link, or - for standard input.
",
    run,
};

fn run(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let (mut path, mut seed, mut until_s, mut theme, mut width) = (None, None, None, Theme::light(), 900);
    let mut design = one_design(words, io, |words, option| {
        match option {
            "--out" => path = Some(words.value(option, |t| Ok(t.to_owned()))?),
            "--seed" => seed = Some(words.value(option, |t| whole(t, 0, (1 << 53) - 1))?),
            "--until" => until_s = Some(words.value(option, duration_s)?),
            "--width" => width = words.value(option, |t| whole(t, 320, 4_000))?,
            "--theme" => {
                theme = words.value(option, |t| match t {
                    "light" => Ok(Theme::light()),
                    "dark" => Ok(Theme::dark()),
                    _ => Err(format!("\"{t}\" is not a theme; give light or dark")),
                })?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    design.run.seed = seed.unwrap_or(design.run.seed);
    design.run.until_s = until_s.unwrap_or(design.run.until_s);
    Design::from_json(&design.to_json())
        .map_err(|faults| Failure::Faults("the design with these options".to_owned(), faults))?;
    let mut sim = Simulation::new(&design);
    sim.run();
    let svg = charts_svg(&design, &sim, &theme, width as f32)
        .map_err(|e| Failure::Other(format!("cannot draw the charts: {e}")))?;
    match path {
        Some(path) => write_file(&path, &svg),
        None => Ok(io.out.write_all(svg.as_bytes())?),
    }
}
