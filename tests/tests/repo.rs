//! Reads the repository from a test.

use std::path::PathBuf;
use std::process::Command;

/// The top folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A text file, by its path from the top folder.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every file that git knows or would add, without ignored ones; paths from the top folder.
pub fn files() -> Vec<String> {
    let out = run("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let mut files: Vec<String> =
        out.lines().map(str::to_owned).filter(|p| root().join(p).is_file()).collect();
    files.sort();
    files.dedup();
    assert!(files.iter().any(|p| p == "Cargo.toml"), "git lists the repository's files");
    files
}

/// Standard output of a command that must succeed.
pub fn run(program: &str, args: &[&str]) -> String {
    let out = Command::new(program)
        .args(args)
        .current_dir(root())
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}
