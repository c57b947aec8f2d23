//! Whether a changed part of a design is right, by the very rules that a design file is read with.

use headroom_model::design::{Design, Refusal};

/// Checks a design (mostly a piece of one: a node and its timeline, two nodes and a wire) by writing and reading it.
pub(crate) fn vet(piece: &Design) -> Result<(), Refusal> {
    match Design::from_json(&piece.to_json()) {
        Ok(_) => Ok(()),
        Err(faults) => {
            let reasons: Vec<&str> = faults.iter().map(|f| f.reason.as_str()).collect();
            Err(unusable(&reasons.join("; ")))
        }
    }
}

/// A refusal whose reason the model gives in English.
pub(crate) fn unusable(reason: &str) -> Refusal {
    let mut en: String = reason.to_owned();
    if let Some(first) = en.get(..1) {
        en = first.to_uppercase() + &en[1..];
    }
    if !en.ends_with('.') {
        en.push('.');
    }
    Refusal { ko: format!("쓸 수 없는 값입니다. ({en})"), en }
}

/// A refusal because a design is full.
pub(crate) fn full(en_what: &str, ko_what: &str, max: usize) -> Refusal {
    Refusal {
        en: format!("A design has at most {max} {en_what}."),
        ko: format!("설계 하나에 {ko_what}은(는) 최대 {max}개입니다."),
    }
}

/// A refusal because something meant is not there.
pub(crate) fn gone(en_what: &str, ko_what: &str) -> Refusal {
    Refusal {
        en: format!("There is no such {en_what}."), ko: format!("그런 {ko_what}이(가) 없습니다.")
    }
}

/// A refusal because a text is too long.
pub(crate) fn too_long(max: usize) -> Refusal {
    Refusal { en: format!("At most {max} characters."), ko: format!("최대 {max}자입니다.") }
}
