//! The catalogue of reference values.

use serde_json::Value;
use std::sync::OnceLock;

/// A reference value and how near to it a measurement must come.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name of the row.
    pub id: String,
    /// "core" or "extended".
    pub tier: String,
    /// The set-up in words.
    pub scenario: String,
    /// What is measured.
    pub quantity: String,
    /// Its unit; empty for pure numbers.
    pub unit: String,
    /// The reference; NaN where it is no number. A list of whole numbers is read as the digits of one, see [`digits`].
    pub value: f64,
    /// How near a measurement must come.
    pub rule: Rule,
    /// Where the reference comes from.
    pub formula: String,
}

/// How near a measurement must come to the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// By a confidence interval of at least 20 replications: it covers the reference, widened by the known bias of the
    /// reference, and is not wider than allowed.
    Ci {
        /// Greatest half-width relative to the reference.
        max_half_width_rel: f64,
        /// Known error of the reference, relative to it.
        bias_rel: f64,
    },
    /// At most `abs` plus the half-width away.
    Abs {
        /// Greatest error.
        abs: f64,
    },
    /// Between two values.
    Band {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Every single replication at most this far away.
    Exact {
        /// Greatest error.
        abs: f64,
        /// Greatest error relative to the reference.
        rel: f64,
    },
}

/// Every row, in the catalogue's order.
pub fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let text = include_str!("../../validation/catalogue.json");
        let all: Vec<Value> = serde_json::from_str(text).expect("the catalogue is a JSON array");
        all.iter().map(read_row).collect()
    })
}

/// The row with this id.
pub fn row(id: &str) -> &'static Row {
    rows().iter().find(|r| r.id == id).unwrap_or_else(|| panic!("the catalogue has no row {id}"))
}

/// A short list of whole numbers below 1000 as one number, which tells it from every other list.
pub fn digits(list: impl Iterator<Item = f64>) -> f64 {
    list.fold(0.0, |all, next| all * 1000.0 + next)
}

fn read_row(row: &Value) -> Row {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let tolerance = &row["tolerance"];
    let number = |name: &str| tolerance[name].as_f64().unwrap_or_else(|| panic!("{}: no {name}", row["id"]));
    let rule = match tolerance["type"].as_str() {
        Some("ci") => {
            Rule::Ci { max_half_width_rel: number("max_half_width_rel"), bias_rel: number("bias_rel") }
        }
        Some("abs") => Rule::Abs { abs: number("abs") },
        Some("band") => Rule::Band { low: number("low"), high: number("high") },
        Some("exact") => Rule::Exact { abs: number("abs"), rel: number("rel") },
        other => panic!("{}: unknown tolerance {other:?}", row["id"]),
    };
    Row {
        id: text("id"),
        tier: text("tier"),
        scenario: text("scenario"),
        quantity: text("quantity"),
        unit: text("unit"),
        value: match &row["value"] {
            Value::Array(list) => digits(list.iter().filter_map(Value::as_f64)),
            value => value.as_f64().unwrap_or(f64::NAN),
        },
        rule,
        formula: text("formula"),
    }
}
