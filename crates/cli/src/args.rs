//! Words of a command line: options, values, durations and numbers.

use crate::failure::Failure;
use lexopt::{Arg, Parser};
use std::ffi::OsString;

/// The words of a command line, one after the other.
pub struct Words {
    parser: Parser,
    hint: &'static str,
}

/// One word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// An option, with its dashes.
    Option(String),
    /// Anything else.
    Value(String),
}

impl Words {
    /// All words after the program's name. `hint` is the command that gives help.
    pub fn new(args: impl IntoIterator<Item = OsString>, hint: &'static str) -> Self {
        Self { parser: Parser::from_args(args), hint }
    }

    /// From now on another command gives help.
    pub fn set_hint(&mut self, hint: &'static str) {
        self.hint = hint;
    }

    /// A failure of usage, with the command that gives help.
    pub fn usage(&self, text: impl ToString) -> Failure {
        Failure::Usage(text.to_string(), self.hint)
    }

    /// The next word; `None` at the end.
    ///
    /// # Errors
    /// A value that no option wants, or a word that is no text.
    pub fn next_word(&mut self) -> Result<Option<Word>, Failure> {
        let word = match self.parser.next() {
            Ok(None) => return Ok(None),
            Ok(Some(Arg::Short(c))) => Ok(Word::Option(format!("-{c}"))),
            Ok(Some(Arg::Long(name))) => Ok(Word::Option(format!("--{name}"))),
            Ok(Some(Arg::Value(value))) => value
                .into_string()
                .map(Word::Value)
                .map_err(|v| format!("{} is no text", v.to_string_lossy())),
            Err(e) => Err(e.to_string()),
        };
        word.map(Some).map_err(|e| self.usage(e))
    }

    /// The value of the option just read, made by `read`.
    ///
    /// # Errors
    /// The value is missing, or `read` refuses it.
    pub fn value<T>(&mut self, option: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
        let text = self.parser.value().map_err(|e| e.to_string());
        text.and_then(|t| t.into_string().map_err(|_| format!("{option} has a value that is no text")))
            .and_then(|t| read(&t).map_err(|e| format!("{option}: {e}")))
            .map_err(|e| self.usage(e))
    }

    /// The failure for an option that the command does not have.
    pub fn unknown(&self, option: &str) -> Failure {
        self.usage(format!("there is no option {option} here"))
    }

    /// The failure for a value too many.
    pub fn surplus(&self, value: &str) -> Failure {
        self.usage(format!("\"{value}\" is one thing too many"))
    }
}

/// Reads a duration: `60s`, `5m`, `1h`, `2d`, `500ms`, or plain seconds. Gives seconds.
///
/// # Errors
/// What would have been right.
pub fn duration_s(text: &str) -> Result<f64, String> {
    const UNITS: [(&str, f64); 5] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)];
    let text = text.trim();
    let (number, unit_s) = UNITS
        .iter()
        .find_map(|(suffix, s)| text.strip_suffix(suffix).map(|n| (n, *s)))
        .unwrap_or((text, 1.0));
    // A suffix on its own, "inf" and "nan" are no durations.
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    match number.parse::<f64>() {
        Ok(x) if plain && x.is_finite() && x >= 0.0 => Ok(if unit_s == 0.001 { x / 1e3 } else { x * unit_s }),
        _ => Err(format!("\"{text}\" is not a duration; write for example 60s, 5m, 1h, 500ms or 90")),
    }
}

/// Reads a whole number between `least` and `most`.
///
/// # Errors
/// What would have been right.
pub fn whole(text: &str, least: u64, most: u64) -> Result<u64, String> {
    text.parse::<u64>()
        .ok()
        .filter(|n| (least..=most).contains(n))
        .ok_or_else(|| format!("\"{text}\" will not do; give a whole number from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn durations() {
        for (text, s) in [
            ("60s", 60.0),
            ("5m", 300.0),
            ("1h", 3600.0),
            ("500ms", 0.5),
            ("90", 90.0),
            ("1.5m", 90.0),
            ("0", 0.0),
            ("2d", 172_800.0),
        ] {
            assert_eq!(duration_s(text).unwrap(), s, "{text}");
        }
        for bad in ["", "s", "ms", "-1s", "inf", "nan", "infs", "1 year", "1e999", "60 s s", "1h30m"] {
            assert!(duration_s(bad).unwrap_err().contains("not a duration"), "{bad}");
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(whole("7", 1, 9), Ok(7));
        for bad in ["0", "10", "-1", "1.5", "", "seven"] {
            assert!(whole(bad, 1, 9).unwrap_err().contains("from 1 to 9"), "{bad}");
        }
    }
}
