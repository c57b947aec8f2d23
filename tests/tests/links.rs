//! Links in the documents lead somewhere, and no file holds what is true of one machine only.

use crate::repo;
use std::path::Path;

#[test]
fn relative_links_exist() {
    let files = repo::files();
    let mut broken = Vec::new();
    for file in files.iter().filter(|p| p.ends_with(".md")) {
        let folder = Path::new(file).parent().unwrap();
        for link in links(&repo::read(file)) {
            let target = link.split(['#', '?']).next().unwrap();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !repo::root().join(folder).join(target).exists() {
                broken.push(format!("{file}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "links to nothing:\n{}", broken.join("\n"));
}

#[test]
fn anchors_exist() {
    let mut broken = Vec::new();
    for file in repo::files().iter().filter(|p| p.ends_with(".md")) {
        let text = repo::read(file);
        for link in links(&text) {
            let Some((target, anchor)) = link.split_once('#') else { continue };
            let text = match target {
                "" => text.clone(),
                _ if target.contains("://") || !target.ends_with(".md") => continue,
                _ => {
                    let path = Path::new(file).parent().unwrap().join(target);
                    std::fs::read_to_string(repo::root().join(path)).unwrap_or_default()
                }
            };
            if !headings(&text).iter().any(|h| h == anchor) {
                broken.push(format!("{file}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "links to headings that are not there:\n{}", broken.join("\n"));
}

#[test]
fn nothing_of_one_machine() {
    // Put together here so that this file does not find itself.
    let forbidden: Vec<String> = [
        ["/ho", "me/"],
        ["/Use", "rs/"],
        ["/ro", "ot/"],
        ["/tm", "p/"],
        ["/wo", "rk/"],
        ["regis", "try.npm"],
        ["static.rust", "-lang"],
        ["index.cra", "tes"],
        ["static.cra", "tes"],
        ["deb.deb", "ian"],
        ["\"resol", "ved\""],
    ]
    .map(|parts| parts.concat())
    .to_vec();
    let mut found = Vec::new();
    for file in repo::files() {
        // A file that is not text has no paths to read. Cargo.lock names its source by rule.
        let Ok(text) = std::fs::read_to_string(repo::root().join(&file)) else { continue };
        if file == "Cargo.lock" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for word in forbidden.iter().filter(|word| mentions(line, word)) {
                found.push(format!("{file}:{}: {word}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "paths of one machine or registry hosts:\n{}", found.join("\n"));
}

/// Whether `line` holds `word`; a path counts only where it begins, not as the end of another (`a/work/b`).
fn mentions(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !word.starts_with('/') || before.is_none_or(|c| !c.is_alphanumeric() && !"_.-$}~/*".contains(c))
    })
}

/// Targets of `[text](target)` and `<img src="target">` outside code.
fn links(markdown: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(markdown) {
        for part in line.split("](").skip(1) {
            links.extend(part.split([')', ' ']).next().map(str::to_owned));
        }
        for part in line.split("src=\"").skip(1) {
            links.extend(part.split('"').next().map(str::to_owned));
        }
    }
    links
}

/// The heading anchors as code hosts make them.
fn headings(markdown: &str) -> Vec<String> {
    prose(markdown)
        .iter()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            text.chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

/// Lines outside fenced code, with inline code taken out.
fn prose(markdown: &str) -> Vec<String> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let heading = line.starts_with('#');
            let kept =
                line.split('`').enumerate().filter(|(i, _)| heading || i % 2 == 0).map(|(_, part)| part);
            lines.push(kept.collect());
        }
    }
    lines
}

#[test]
fn the_checks_see_what_they_look_for() {
    assert_eq!(links("a [b](c.md#d) `[e](f)` <img src=\"g.png\">\n```\n[h](i)\n```"), ["c.md#d", "g.png"]);
    assert_eq!(headings("# One two\n## `./dev` & co."), ["one-two", "dev--co"]);
    assert!(
        mentions("see /opt/x", "/opt/") && mentions("`/opt/x`", "/opt/") && !mentions("a/opt/x", "/opt/")
    );
}
