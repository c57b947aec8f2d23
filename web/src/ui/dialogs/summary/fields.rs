//! What the fields of a summary are called, and how their values are written.

use crate::texts::Lang;
use crate::texts::summary::{self as texts, FIELDS};
use crate::ui::value::{chart_unit, grouped};
use headroom_charts::format_value;
use headroom_model::kinds::{Kind, MetricSpec, Unit};
use serde_json::{Map, Value};

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
const ORDINALS: [&str; 3] = ["machine", "shard", "ring_node"];
/// Fields that every node has, besides distributions; the rest are its kind's own.
const COMMON: [&str; 16] = [
    "id",
    "kind",
    "classes",
    "failures",
    "arrivals",
    "completions",
    "failures_total",
    "failure_share",
    "in_flight",
    "arrival_rate_rps",
    "throughput_rps",
    "in_system_mean",
    "queue_mean",
    "utilization",
    "delayed_share",
    "found_empty_share",
];

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
    order: usize,
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
            Value::Array(list) => list.iter().map(|v| self.write(v, lang)).collect::<Vec<_>>().join(" · "),
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

/// For `lag_p99_s`: `lag`, if the object has the other fields of that distribution.
fn distribution_of<'a>(field: &'a str, all: &Map<String, Value>) -> Option<&'a str> {
    let name =
        SPREAD.iter().find_map(|(ending, _)| field.strip_suffix(ending).and_then(|n| n.strip_suffix('_')))?;
    all.contains_key(&format!("{name}_p50_s")).then_some(name)
}

/// What only a node's kind measures.
#[derive(Debug, Default, PartialEq)]
pub struct Own {
    /// Single values.
    pub values: Vec<(Named, String)>,
    /// Distributions.
    pub spreads: Vec<(Named, Vec<String>)>,
    /// Lists, such as shards.
    pub lists: Vec<List>,
    /// Values that belong together, such as a bill.
    pub groups: Vec<Group>,
}

/// A name and the values under it.
pub type Group = (Named, Vec<(Named, String)>);

/// A list of rows.
#[derive(Debug, PartialEq)]
pub struct List {
    /// What is listed.
    pub name: Named,
    /// What the columns are; a distribution has several.
    pub columns: Vec<Named>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
}

/// What only this node's kind measures, in the order of the table of fields.
pub fn own(node: &Value, kind: Option<Kind>, lang: Lang) -> Own {
    let mut own = Own::default();
    let Some(fields) = node.as_object() else { return own };
    for (field, value) in fields {
        if COMMON.contains(&field.as_str()) || field == "time_share_with_more_than" {
            continue;
        }
        if let Some(name) = distribution_of(field, fields) {
            let first = field.ends_with("_mean_s");
            let cells = spread(node, name, None).filter(|_| first && !["response", "wait"].contains(&name));
            own.spreads.extend(cells.map(|cells| (named(kind, None, name, lang), cells)));
            continue;
        }
        let name = named(kind, None, field, lang);
        match value.as_array().filter(|l| !l.is_empty()) {
            Some(list) => own.lists.push(list_of(name, field, list, kind, lang)),
            None if value.is_array() => {}
            None if value.is_object() => own.groups.push(group(kind, field, value, lang)),
            None => own.values.push((name.clone(), name.write(value, lang))),
        }
    }
    own.values.sort_by_key(|(name, _)| name.order);
    own.spreads.sort_by_key(|(name, _)| name.order);
    own.lists.sort_by_key(|list| list.name.order);
    own.groups.sort_by_key(|(name, _)| name.order);
    own
}

/// The values of an object, those of 0 left out unless all are.
pub fn group(kind: Option<Kind>, field: &str, object: &Value, lang: Lang) -> Group {
    let some = |v: &Value| v.as_f64() != Some(0.0);
    let fields = object.as_object().into_iter().flatten();
    let any = fields.clone().any(|(_, v)| some(v));
    let mut values: Vec<(Named, String)> = fields
        .filter(|(_, v)| !any || some(v))
        .map(|(inner, value)| {
            let name = named(kind, Some(field), inner, lang);
            let text = name.write(value, lang);
            (name, text)
        })
        .collect();
    values.sort_by_key(|(name, _)| name.order);
    (named(kind, None, field, lang), values)
}

fn list_of(name: Named, field: &str, list: &[Value], kind: Option<Kind>, lang: Lang) -> List {
    let Some(first) = list[0].as_object() else {
        // Plain values are numbered.
        let number = Named {
            label: lang.t(texts::NUMBER).to_owned(),
            help: "",
            unit: Unit::Count,
            count: Count::Things,
            order: 0,
        };
        let rows = list.iter().zip(1..).map(|(v, i)| vec![i.to_string(), name.write(v, lang)]).collect();
        return List { columns: vec![number, name.clone()], name, rows };
    };
    let mut columns: Vec<(&String, Named)> =
        first.keys().map(|f| (f, list_column(kind, field, f, first, lang))).collect();
    columns.sort_by_key(|(_, column)| column.order);
    let cells =
        |row: &Value| columns.iter().map(|(f, column)| column.write(&row[f.as_str()], lang)).collect();
    List {
        rows: list.iter().map(cells).collect(),
        columns: columns.iter().map(|c| c.1.clone()).collect(),
        name,
    }
}

/// A column of a list; one of a distribution is called by both: `Replica lag, p99`.
fn list_column(kind: Option<Kind>, list: &str, field: &str, row: &Map<String, Value>, lang: Lang) -> Named {
    let Some(name) = distribution_of(field, row) else { return named(kind, Some(list), field, lang) };
    let whole = named(kind, Some(list), name, lang);
    let ending = &field[name.len() + 1..];
    let at = SPREAD.iter().position(|(e, _)| *e == ending).expect("it is a field of a distribution");
    Named {
        label: format!("{} {}", whole.label, spread_label(at, lang)),
        order: usize::MAX - SPREAD.len() + at,
        ..whole
    }
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

/// What a class of requests is called.
pub fn class_name(class: &str, lang: Lang) -> String {
    let known = texts::CLASSES.iter().find(|(id, _)| *id == class);
    known.map_or_else(|| class.to_owned(), |(_, text)| lang.t(*text).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::design::{Design, Node};
    use headroom_model::params::Widget;
    use headroom_model::scenarios;
    use headroom_model::sim::Simulation;
    use headroom_model::summary::summarize;
    use serde_json::json;

    fn summary(design: &Design) -> Value {
        let mut sim = Simulation::new(design);
        sim.run();
        summarize(design, &mut sim)
    }

    fn scenario(id: &str) -> Value {
        let mut design = Design::parse(scenarios::by_id(id).unwrap().json).unwrap();
        design.run.until_s = 5.0;
        design.timeline.clear();
        summary(&design)
    }

    fn node<'a>(summary: &'a Value, id: &str) -> &'a Value {
        summary["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()
    }

    /// Names of fields that the page has no words for.
    fn unnamed(summary: &Value) -> Vec<String> {
        let mut names = Vec::new();
        for node in summary["nodes"].as_array().unwrap() {
            let kind = Kind::by_id(node["kind"].as_str().unwrap());
            let own = own(node, kind, Lang::Ko);
            // Also those that nothing was measured of.
            let fields = node.as_object().unwrap();
            let spreads = fields.keys().filter_map(|f| distribution_of(f, fields));
            let spreads: Vec<Named> = spreads.map(|name| named(kind, None, name, Lang::Ko)).collect();
            let groups =
                own.groups.iter().flat_map(|(name, values)| values.iter().map(|v| &v.0).chain([name]));
            let lists = own.lists.iter().flat_map(|l| l.columns.iter().chain([&l.name]));
            let single = own.values.iter().map(|v| &v.0).chain(&spreads);
            let missing = single.chain(groups).chain(lists).filter(|n| n.help.is_empty());
            let missing = missing.filter(|n| n.label != Lang::Ko.t(texts::NUMBER));
            names.extend(missing.map(|n| format!("{}: {}", node["kind"].as_str().unwrap(), n.label)));
        }
        names
    }

    /// Every kind once, each of its switches, choices, shares and counts turned in turn: some fields come with a setting.
    fn settings() -> Vec<Design> {
        let place = |kind: &Kind| Node::new(kind.spec().id, *kind, 0.0, 0.0);
        let mut all = Design { nodes: Kind::ALL.iter().map(place).collect(), ..Design::default() };
        all.run.until_s = 0.2;
        let mut designs = vec![all.clone()];
        for (i, kind) in Kind::ALL.iter().enumerate() {
            for spec in kind.param_specs() {
                let values: Vec<Value> = match spec.widget {
                    Widget::Switch => vec![json!(true), json!(false)],
                    Widget::Choice(choices) => choices.iter().map(|c| json!(c.name)).collect(),
                    Widget::Number { max, .. } if max <= 1.0 => vec![json!(max / 2.0)],
                    Widget::Number { min, max, integer: true, .. } => {
                        vec![json!(2.0_f64.clamp(min, max) as u64)]
                    }
                    _ => Vec::new(),
                };
                for value in values {
                    let mut design = all.clone();
                    if design.nodes[i].params.set(spec.name, &value).is_ok() {
                        designs.extend(Design::from_json(&design.to_json()));
                    }
                }
            }
        }
        designs
    }

    #[test]
    fn every_field_of_every_kind_has_a_name_and_a_meaning() {
        let summaries = scenarios::ALL.iter().map(|s| scenario(s.id));
        let summaries = summaries.chain(settings().into_iter().map(|d| summary(&d)));
        let mut names: Vec<String> = summaries.flat_map(|s| unnamed(&s)).collect();
        names.sort();
        names.dedup();
        assert!(
            names.is_empty(),
            "the summary has fields without a line in web/src/texts/summary.rs: {names:#?}"
        );
    }

    #[test]
    fn what_only_a_kind_measures_is_found_and_the_rest_is_not() {
        let summary = scenario("cache-aside");
        let cache = own(node(&summary, "cache"), Kind::by_id("cache"), Lang::En);
        let labels: Vec<&str> = cache.values.iter().map(|(n, _)| n.label.as_str()).collect();
        assert_eq!(labels[..3], ["Hit ratio", "Lookups", "Hits"]);
        assert!(cache.values[0].1.ends_with('%'), "{:?}", cache.values[0]);
        assert!(cache.spreads.is_empty() && cache.lists.is_empty());
        let web = own(node(&summary, "web"), Kind::by_id("web"), Lang::En);
        assert!(web.values.iter().all(|(n, _)| n.label != "Arrivals") && web.spreads.is_empty());
    }

    #[test]
    fn lists_are_tables_and_parts_count_from_one() {
        let summary = scenario("celebrity-shard");
        let db = own(node(&summary, "db"), Kind::by_id("sharded"), Lang::En);
        let shards = db.lists.iter().find(|l| l.name.label == "Shards").unwrap();
        let columns: Vec<&str> = shards.columns.iter().map(|c| c.label.as_str()).collect();
        assert_eq!(columns, ["Shard", "Requests", "Share of requests", "Items", "Utilisation"]);
        assert_eq!(shards.rows.iter().map(|r| r[0].as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);

        let summary = scenario("replicas-write-burst");
        let db = own(node(&summary, "db"), Kind::by_id("relational"), Lang::En);
        assert_eq!(db.spreads.len(), 1);
        let replicas = db.lists.iter().find(|l| l.name.label == "Replicas").unwrap();
        assert_eq!(replicas.columns[0].label, "Machine");
        assert_eq!(replicas.columns.last().unwrap().label, "Replica lag max");
        let balancer = scenario("load-balanced");
        let lb = own(node(&balancer, "lb"), Kind::by_id("load_balancer"), Lang::En);
        assert_eq!(lb.lists[0].columns[0].label, "No.");
    }

    #[test]
    fn percentiles_of_few_answers_are_marked_as_on_the_command_line() {
        let row = serde_json::json!({"wait_mean_s": 0.1, "wait_p99_s": 0.5, "wait_p999_s": 0.7});
        let tail = |n: f64| spread(&row, "wait", Some(n)).unwrap()[5..7].to_vec();
        assert_eq!(tail(10_000.0), ["500 ms", "700 ms"]);
        assert_eq!(tail(1_000.0), ["500 ms", "~700 ms"]);
        assert_eq!(tail(999.0), ["~500 ms", "~700 ms"]);
        assert_eq!(spread(&serde_json::json!({"wait_mean_s": null}), "wait", None), None);
    }
}
