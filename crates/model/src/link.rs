//! Share links: `h1=` and the base64url of the raw deflate of the design's canonical JSON, defaults left out.
//!
//! The tag before `=` selects the decoder, so that old links open for ever.

use crate::design::Design;
use crate::faults::Fault;
use crate::limits::{DESIGN_BYTES_MAX, LINK_CHARS_MAX};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// The tag of the links that this code writes.
pub const TAG: &str = "h1";

/// Strength of the deflate, 0 to 10.
const DEFLATE_LEVEL: u8 = 9;

/// base64url that writes no padding and reads with or without it: some hosts add it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The fragment of a share link, without `#`.
pub fn encode(design: &Design) -> String {
    let json = design.to_json().to_string();
    let packed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), DEFLATE_LEVEL);
    format!("{TAG}={}", BASE64.encode(packed))
}

/// Reads a share link: a whole URL, or its fragment with or without `#`. Further `&name=value` pairs are ignored.
///
/// # Errors
/// What is broken, in words that a user can act on.
pub fn decode(link: &str) -> Result<Design, Vec<Fault>> {
    let fail = |reason: &str| Err(vec![Fault { path: "link".to_owned(), reason: reason.to_owned() }]);
    if link.len() > LINK_CHARS_MAX {
        return fail("the link is longer than any that Headroom makes; ask for the design as a file");
    }
    let fragment = link.rsplit_once('#').map_or(link, |(_, f)| f).trim();
    let Some((tag, rest)) =
        fragment.split('&').find_map(|pair| pair.split_once('=').filter(|(k, _)| is_tag(k)))
    else {
        return fail(
            "this is not a Headroom link: it has no part that begins with h1=. Copy it again, whole",
        );
    };
    if tag != TAG {
        return fail("this link was made by a newer Headroom; open it there");
    }
    let Ok(packed) = BASE64.decode(rest.trim()) else {
        return fail("the link is damaged: a character was changed or lost on the way. Copy it again, whole");
    };
    let Ok(json) = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, DESIGN_BYTES_MAX) else {
        return fail(
            "the link is damaged or cut short. Copy it again, whole, or ask for the design as a file",
        );
    };
    match String::from_utf8(json) {
        Ok(text) => Design::parse(&text),
        Err(_) => fail("the link is damaged: what it holds is not text. Copy it again, whole"),
    }
}

fn is_tag(key: &str) -> bool {
    key.strip_prefix('h').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn example() -> Design {
        Design::parse(r#"{"title": "캐시", "nodes": [{"id": "u", "kind": "users", "x": 0, "y": 0}, {"id": "w", "kind": "web", "x": 9, "y": 1}], "wires": [{"from": "u", "to": "w"}]}"#).unwrap()
    }

    #[test]
    fn a_link_gives_the_design_back() {
        let link = encode(&example());
        assert!(link.starts_with("h1="));
        assert_eq!(decode(&link).unwrap(), example());
        assert_eq!(decode(&format!("https://host.test/a/b/?lang=ko#{link}&t=3")).unwrap(), example());
    }

    #[test]
    fn any_damage_is_an_error_and_never_a_panic() {
        let link = encode(&example());
        for cut in 0..link.len() {
            if link.is_char_boundary(cut) {
                let _ = decode(&link[..cut]);
            }
        }
        for bad in ["", "#", "h1=", "h2=abc", "h1=!!!!", "h1=AAAA", "nonsense"] {
            let faults = decode(bad).unwrap_err();
            assert!(!faults[0].reason.is_empty(), "{bad}");
        }
    }

    #[test]
    fn a_bomb_is_refused_while_inflating() {
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; 40 << 20], 9);
        let link = format!("h1={}", BASE64.encode(bomb));
        assert!(link.len() < LINK_CHARS_MAX, "{}", link.len());
        assert!(decode(&link).unwrap_err()[0].reason.contains("damaged"));
    }
}
