//! What the fields of a summary are called, and how their values are written.

use crate::texts::Lang;
use crate::texts::summary::{self as texts, FIELDS};
use crate::ui::value::{chart_unit, grouped};
use headroom_charts::format_value;
use headroom_model::kinds::{Kind, MetricSpec, Unit};
use headroom_model::places::PlaceKind;
use serde_json::Value;

/// Endings of the fields of a distribution of durations; the percentiles with their share of answers.
pub const SPREAD: [(&str, Option<f64>); 8] = [
    ("mean_s", None),
    ("sd_s", None),
    ("p50_s", Some(0.5)),
    ("p90_s", Some(0.9)),
    ("p95_s", Some(0.95)),
    ("p99_s", Some(0.99)),
    ("p999_s", Some(0.999)),
    ("max_s", None),
];
/// A percentile that fewer answers lie beyond is marked as a guess, as on the command line.
const BEYOND_MIN: f64 = 10.0;
/// Fields of lists that count parts from 0. People count from 1, as everywhere on the page.
pub const ORDINALS: [&str; 4] = ["machine", "shard", "edge", "ring_node"];
/// Values of a list of plain values that are written out; of more, the last.
const VALUES_MAX: usize = 40;

/// What a number without a unit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Things,
    /// Parts, from 0.
    Ordinal,
    Bytes,
}

/// What a field is called, in which unit it is written, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// What the user reads.
    pub label: String,
    /// One line.
    pub help: &'static str,
    /// Unit.
    pub unit: Unit,
    count: Count,
    /// Where it stands among others.
    pub order: usize,
}

/// The name of a field of a node of some kind, or of a list of such a node.
pub fn named(kind: Option<Kind>, list: Option<&str>, field: &str, lang: Lang) -> Named {
    let count = match field {
        f if list.is_some() && ORDINALS.contains(&f) => Count::Ordinal,
        f if f.split('_').any(|word| word == "bytes") => Count::Bytes,
        _ => Count::Things,
    };
    if let Some((order, spec)) = spec_of(kind, list, field) {
        return Named {
            label: lang.t(spec.label).to_owned(),
            help: lang.t(spec.help),
            unit: spec.unit,
            count,
            order,
        };
    }
    // A kind that is newer than this table: its own words, rather than nothing.
    Named { label: words(field), help: "", unit: unit_of(field), count, order: usize::MAX }
}

/// What is known of a field: from the table, else from the kind's own metrics.
fn spec_of(kind: Option<Kind>, list: Option<&str>, field: &str) -> Option<(usize, &'static MetricSpec)> {
    let in_table = |id: &str| FIELDS.iter().enumerate().find(|(_, f)| f.id == id);
    let full = list.map_or_else(|| field.to_owned(), |list| format!("{list}.{field}"));
    let of_kind = kind.and_then(|k| in_table(&format!("{}.{full}", k.spec().id)));
    let of_metric = || {
        let metric = kind?.spec().metrics.iter().find(|m| m.id == field)?;
        Some((FIELDS.len(), metric))
    };
    of_kind.or_else(|| in_table(&full)).or_else(of_metric).or_else(|| in_table(field))
}

/// A field's name as words, without its unit.
fn words(field: &str) -> String {
    let bare = field.strip_suffix("_s").or_else(|| field.strip_suffix("_rps")).unwrap_or(field);
    bare.replace('_', " ")
}

fn unit_of(field: &str) -> Unit {
    match field {
        f if f.ends_with("_s") => Unit::Seconds,
        f if f.ends_with("_rps") => Unit::Rate,
        f if f.ends_with("share") || f.ends_with("hit_ratio") || f == "utilization" => Unit::Share,
        f if f.ends_with("_over_mean") => Unit::Ratio,
        f if f.split('_').any(|word| word == "usd") => Unit::Money,
        _ => Unit::Count,
    }
}

impl Named {
    /// A running number, from 1.
    pub fn number(lang: Lang) -> Self {
        let label = lang.t(texts::NUMBER).to_owned();
        Self { label, help: "", unit: Unit::Count, count: Count::Things, order: 0 }
    }

    /// The same under another name.
    pub fn called(self, label: String) -> Self {
        Self { label, ..self }
    }

    /// A value as people read it; a dash where there is none.
    pub fn write(&self, value: &Value, lang: Lang) -> String {
        match value {
            Value::Number(n) => match (self.unit, n.as_u64()) {
                (Unit::Count, Some(n)) if self.count == Count::Bytes => {
                    format_value(headroom_charts::Unit::Bytes, n as f64)
                }
                (Unit::Count, Some(n)) => grouped(n + u64::from(self.count == Count::Ordinal)),
                _ => number(self.unit, n.as_f64().unwrap_or(f64::NAN)),
            },
            Value::Null => "–".to_owned(),
            Value::Bool(yes) => lang.t(if *yes { texts::YES } else { texts::NO }).to_owned(),
            Value::String(text) => text.clone(),
            Value::Array(list) => {
                let last = &list[list.len().saturating_sub(VALUES_MAX)..];
                let cut = (last.len() < list.len()).then(|| "…".to_owned());
                let texts = cut.into_iter().chain(last.iter().map(|v| self.write(v, lang)));
                texts.collect::<Vec<_>>().join(" · ")
            }
            Value::Object(map) => {
                let pair = |(name, v): (&String, &Value)| format!("{}: {}", words(name), self.write(v, lang));
                map.iter().map(pair).collect::<Vec<_>>().join(" · ")
            }
        }
    }
}

/// A number in its unit. Thousands are written out, as counts are: the two stand side by side.
fn number(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Rate if value >= 1e3 => format!("{}/s", grouped(value.round() as u64)),
        Unit::Count if value >= 1e3 => grouped(value.round() as u64),
        unit => format_value(chart_unit(unit), value),
    }
}

/// A distribution of durations as cells in the order of [`SPREAD`]; none where nothing was measured. With `answers` the
/// percentiles that too few of them lie beyond are marked.
pub fn spread(row: &Value, name: &str, answers: Option<f64>) -> Option<Vec<String>> {
    row.get(format!("{name}_mean_s")).filter(|v| !v.is_null())?;
    let cells = SPREAD.iter().map(|(ending, share)| {
        let value = row[format!("{name}_{ending}")].as_f64().unwrap_or(f64::NAN);
        let text = format_value(headroom_charts::Unit::Seconds, value);
        let beyond = answers.zip(*share).map(|(n, q)| n * (1.0 - q));
        if beyond.is_some_and(|b| b < BEYOND_MIN - 1e-9) { format!("~{text}") } else { text }
    });
    Some(cells.collect())
}

/// The heading of a column of [`SPREAD`].
pub fn spread_label(column: usize, lang: Lang) -> &'static str {
    match SPREAD[column].0 {
        "mean_s" => lang.t(texts::MEAN),
        "sd_s" => lang.t(texts::SD),
        "max_s" => lang.t(texts::MAX),
        "p50_s" => "p50",
        "p90_s" => "p90",
        "p95_s" => "p95",
        "p99_s" => "p99",
        _ => "p99.9",
    }
}

/// What a word of a summary is called: the kind of a place, or a part that has a name of its own.
pub fn known_word(id: &str, lang: Lang) -> String {
    let place = PlaceKind::by_id(id).map(|kind| kind.spec().label);
    let word = place.or_else(|| texts::WORDS.iter().find(|(word, _)| *word == id).map(|(_, text)| *text));
    word.map_or_else(|| id.to_owned(), |text| lang.t(text).to_owned())
}

/// What a class of requests is called.
pub fn class_name(class: &str, lang: Lang) -> String {
    let known = texts::CLASSES.iter().find(|(id, _)| *id == class);
    known.map_or_else(|| class.to_owned(), |(_, text)| lang.t(*text).to_owned())
}
