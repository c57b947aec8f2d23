//! `headroom run`: simulates a design and prints the summary.

use super::{Command, one_design, write_file};
use crate::Io;
use crate::args::{Words, duration_s, whole};
use crate::failure::Failure;
use crate::report::{series_csv, summary_text};
use headroom_analysis::replicate::{replicated, run_seeds, threads};
use headroom_model::design::{Design, Detail};
use headroom_model::limits::REPLICATIONS_MAX;
use headroom_model::summary::summarize;
use serde_json::Value;

pub const COMMAND: Command = Command {
    name: "run",
    does: "simulate a design and print the summary",
    hint: "headroom run --help",
    help: "\
headroom run DESIGN [options]

Simulates the design and prints the summary: users overall, every node and class, and each kind's own metrics.

  --seed N           seed instead of the design's
  --until TIME       length of the run instead of the design's: 60s, 5m, 1h, 500ms, or plain seconds
  --warmup TIME      start that the summary leaves out, instead of the design's
  --replications N   runs with seeds N, N+1, ... instead of the design's number; with more than one, every number
                     is the mean over runs with its 95% confidence interval
  --detail HOW       exact: every request is simulated; sampled: of a steady run only stretches are, and the summary says
                     how much that was
  --stretch TIME     with sampled detail, the least length of a stretch
  --skip TIME        with sampled detail, the most that is skipped at once
  --json             the whole summary as JSON (docs/summary.md lists its fields)
  --runs             with --json and replications: the summary of every run, too
  --csv FILE         also write the series (one row per window) of the run, or of the first seed, to FILE
  --threads N        runs at once (as many as the machine has cores); changes no number

DESIGN is a file, a share link, or - for standard input.
",
    run,
};

/// Largest seed: whole numbers up to here pass through JSON unharmed.
const SEED_MAX: u64 = (1 << 53) - 1;
/// Threads that may be asked for.
const THREADS_MAX: u64 = 1024;

#[derive(Default)]
struct Options {
    seed: Option<u64>,
    until_s: Option<f64>,
    warmup_s: Option<f64>,
    replications: Option<u32>,
    detail: Option<Detail>,
    stretch_s: Option<f64>,
    skip_s: Option<f64>,
    threads: Option<usize>,
    json: bool,
    runs: bool,
    csv: Option<String>,
}

fn run(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut options = Options::default();
    let mut design = one_design(words, io, |words, option| read_option(&mut options, words, option))?;
    apply(&options, &mut design)?;
    let wants_csv = options.csv.is_some();
    let results = run_seeds(&design, options.threads.unwrap_or_else(threads), |i, design, sim| {
        let csv = (wants_csv && i == 0).then(|| series_csv(design, sim));
        (summarize(design, sim), csv)
    });
    let (summaries, csv): (Vec<Value>, Vec<Option<String>>) = results.into_iter().unzip();
    if let (Some(path), Some(csv)) = (&options.csv, csv.into_iter().flatten().next()) {
        write_file(path, &csv)?;
    }
    let summary = match summaries.as_slice() {
        [one] => one.clone(),
        many => replicated(many, options.runs),
    };
    if options.json {
        writeln!(io.out, "{summary:#}")?;
    } else {
        io.out.write_all(summary_text(&design, &summary).as_bytes())?;
    }
    Ok(())
}

fn read_option(options: &mut Options, words: &mut Words, option: &str) -> Result<bool, Failure> {
    match option {
        "--seed" => options.seed = Some(words.value(option, |t| whole(t, 0, SEED_MAX))?),
        "--until" => options.until_s = Some(words.value(option, duration_s)?),
        "--warmup" => options.warmup_s = Some(words.value(option, duration_s)?),
        "--replications" => {
            let n = words.value(option, |t| whole(t, 1, u64::from(REPLICATIONS_MAX)))?;
            options.replications = Some(n as u32);
        }
        "--detail" => options.detail = Some(words.value(option, detail)?),
        "--stretch" => options.stretch_s = Some(words.value(option, duration_s)?),
        "--skip" => options.skip_s = Some(words.value(option, duration_s)?),
        "--threads" => options.threads = Some(words.value(option, |t| whole(t, 1, THREADS_MAX))? as usize),
        "--json" => options.json = true,
        "--runs" => options.runs = true,
        "--csv" => options.csv = Some(words.value(option, |t| Ok(t.to_owned()))?),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Reads a detail by its name.
fn detail(text: &str) -> Result<Detail, String> {
    let names = || Detail::ALL.iter().map(|d| d.name()).collect::<Vec<_>>().join(" or ");
    let found = Detail::ALL.iter().find(|d| d.name() == text);
    found.copied().ok_or_else(|| format!("\"{text}\" will not do; give {}", names()))
}

/// Puts the options into the design and checks it again: a warm-up may now be longer than the run.
fn apply(options: &Options, design: &mut Design) -> Result<(), Failure> {
    let run = &mut design.run;
    run.seed = options.seed.unwrap_or(run.seed);
    run.until_s = options.until_s.unwrap_or(run.until_s);
    run.warmup_s = options.warmup_s.unwrap_or(run.warmup_s);
    run.replications = options.replications.unwrap_or(run.replications);
    run.detail = options.detail.unwrap_or(run.detail);
    run.stretch_s = options.stretch_s.or(run.stretch_s);
    run.skip_s = options.skip_s.or(run.skip_s);
    let source = "the design with these options";
    let mut faults = Design::from_json(&design.to_json()).err().unwrap_or_default();
    let run = &design.run;
    if run.seed + u64::from(run.replications) - 1 > SEED_MAX {
        let reason =
            format!("{} runs from here on need seeds past {SEED_MAX}; begin lower", run.replications);
        faults.push(headroom_model::faults::Fault { path: "run.seed".to_owned(), reason });
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Faults(source.to_owned(), faults)) }
}
