//! The `headroom` command.

use std::io::{BufWriter, stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = BufWriter::new(stdout().lock());
    let mut io = headroom_cli::Io { input: &mut stdin().lock(), out: &mut out, err: &mut stderr().lock() };
    ExitCode::from(headroom_cli::run(std::env::args_os().skip(1), &mut io))
}
