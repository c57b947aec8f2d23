//! Where designs come from: a file, standard input (`-`), or a share link, on the command line or inside either.

use crate::failure::Failure;
use headroom_model::design::Design;
use headroom_model::limits::DESIGN_BYTES_MAX;
use headroom_model::link;
use std::fs::File;
use std::io::Read;

/// Reads the design that a user named.
///
/// # Errors
/// What is wrong with it, or why it cannot be read.
pub fn read_design(name: &str, stdin: &mut dyn Read) -> Result<Design, Failure> {
    if is_link(name) {
        return link::decode(name).map_err(|faults| Failure::Faults("the link".to_owned(), faults));
    }
    let (source, text) = read_text(name, stdin)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let design = if is_link(text) { link::decode(text) } else { Design::parse(text) };
    design.map_err(|faults| Failure::Faults(source, faults))
}

/// Whether a text is a link rather than the name of a file or JSON.
fn is_link(text: &str) -> bool {
    let tagged = |t: &str| {
        let tag = t.split_once('=').map_or("", |(tag, _)| tag);
        tag.strip_prefix('h').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    text.starts_with("http://") || text.starts_with("https://") || text.starts_with('#') || tagged(text)
}

/// The text of a file or of standard input, and how to call it.
fn read_text(name: &str, stdin: &mut dyn Read) -> Result<(String, String), Failure> {
    let source = match name {
        "-" => "the design on standard input".to_owned(),
        "" => "\"\"".to_owned(),
        name => name.to_owned(),
    };
    let cannot = |why: String| Failure::Input(format!("cannot read {source}: {why}"));
    let mut bytes = Vec::new();
    // One byte more than a design may have, so that longer ones are known without reading to their end.
    let limit = DESIGN_BYTES_MAX as u64 + 1;
    let read = if name == "-" {
        stdin.take(limit).read_to_end(&mut bytes)
    } else {
        let file = File::open(name).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => cannot("there is no such file".to_owned()),
            _ => cannot(e.to_string()),
        })?;
        file.take(limit).read_to_end(&mut bytes)
    };
    read.map_err(|e| match e.kind() {
        std::io::ErrorKind::IsADirectory => cannot("it is a folder".to_owned()),
        _ => cannot(e.to_string()),
    })?;
    if bytes.len() > DESIGN_BYTES_MAX {
        return Err(cannot(format!("it is larger than the {DESIGN_BYTES_MAX} bytes that a design may have")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((source, text)),
        Err(_) => Err(cannot("it is not text (UTF-8)".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_files() {
        for link in
            ["h1=abc", "#h1=abc", "https://host.test/?lang=ko#h1=abc", "http://127.0.0.1:8080/#", "h22=x"]
        {
            assert!(is_link(link), "{link}");
        }
        for file in ["design.json", "-", "hx=1", "h=1.json", "dir/h1=a.json", "{\"nodes\": []}", "home"] {
            assert!(!is_link(file), "{file}");
        }
    }
}
