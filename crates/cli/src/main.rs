//! The `headroom` command.

use std::io::{BufWriter, Write as _, stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = BufWriter::new(stdout().lock());
    let mut io = headroom_cli::Io { input: &mut stdin().lock(), out: &mut out, err: &mut stderr().lock() };
    let code = headroom_cli::run(std::env::args_os().skip(1), &mut io);
    // A reader that has seen enough (`| head`) closes its end; that is no failure.
    let _ = out.flush();
    ExitCode::from(code)
}
