//! What only a node's kind measures, or the run as a whole: values, distributions, lists and groups.

use super::fields::{Named, ORDINALS, SPREAD, known_word, named, spread, spread_label};
use crate::texts::Lang;
use headroom_model::kinds::Kind;
use headroom_model::order;
use serde_json::{Map, Value};

/// Fields that every node has, besides distributions; the rest are its kind's own.
const COMMON: [&str; 20] = [
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
    "ci95_response_mean_s",
    "ci95_wait_mean_s",
    "answers_for_1_percent",
    "waits_for_1_percent",
];
/// A list of more columns leaves out those in which nothing happened.
const COLUMNS_MAX: usize = 8;

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
            Some(list) => own.lists.push(list_of(kind, field, list, lang)),
            None if value.is_array() => {}
            None if value.is_object() => own.groups.push(group(kind, field, value, lang)),
            None => own.values.push((name.clone(), name.write(value, lang))),
        }
    }
    order::sort_by_key(&mut own.values, |(name, _)| name.order);
    order::sort_by_key(&mut own.spreads, |(name, _)| name.order);
    order::sort_by_key(&mut own.lists, |list| list.name.order);
    order::sort_by_key(&mut own.groups, |(name, _)| name.order);
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
    order::sort_by_key(&mut values, |(name, _)| name.order);
    (named(kind, None, field, lang), values)
}

/// A list as a table. Its rows need not have the same fields.
pub fn list_of(kind: Option<Kind>, field: &str, list: &[Value], lang: Lang) -> List {
    let name = named(kind, None, field, lang);
    if !list.iter().all(Value::is_object) {
        let rows = list.iter().zip(1..).map(|(v, i)| vec![i.to_string(), name.write(v, lang)]).collect();
        return List { columns: vec![Named::number(lang), name.clone()], name, rows };
    }
    let mut columns: Vec<(&String, Named)> = Vec::new();
    for row in list.iter().filter_map(Value::as_object) {
        for inner in row.keys() {
            if columns.iter().all(|(f, _)| *f != inner) {
                columns.push((inner, list_column(kind, field, inner, row, lang)));
            }
        }
    }
    if columns.len() > COLUMNS_MAX {
        let nothing = |v: &Value| v.is_null() || v.as_f64() == Some(0.0);
        let idle = |f: &str| list.iter().all(|row| nothing(&row[f]));
        columns.retain(|(f, _)| ORDINALS.contains(&f.as_str()) || !idle(f));
    }
    order::sort_by_key(&mut columns, |(_, column)| column.order);
    let cell = |row: &Value, f: &str, column: &Named| match (f, &row[f]) {
        ("kind" | "edge", Value::String(id)) => known_word(id, lang),
        (_, value) => column.write(value, lang),
    };
    let cells = |row: &Value| columns.iter().map(|(f, column)| cell(row, f, column)).collect();
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
    let label = format!("{} {}", whole.label, spread_label(at, lang));
    let mut column = whole.called(label);
    column.order = usize::MAX - SPREAD.len() + at;
    column
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

    /// Fields that the page has no words for.
    fn unnamed(summary: &Value) -> Vec<String> {
        let mut names = Vec::new();
        let mut look = |kind: Option<Kind>, list: Option<&str>, all: &Map<String, Value>, field: &str| {
            let name = distribution_of(field, all).unwrap_or(field);
            if named(kind, list, name, Lang::Ko).help.is_empty() {
                let owner = kind.map_or("the whole", |k| k.spec().id);
                names.push(format!("{owner}: {}{name}", list.map_or(String::new(), |l| format!("{l}."))));
            }
        };
        let mut look_through = |kind: Option<Kind>, all: &Map<String, Value>, but: &[&str]| {
            for (field, value) in all.iter().filter(|(f, _)| !but.contains(&f.as_str())) {
                look(kind, None, all, field);
                let rows = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for row in rows.iter().filter_map(Value::as_object) {
                    row.keys().for_each(|inner| look(kind, Some(field), row, inner));
                }
            }
        };
        for node in summary["nodes"].as_array().unwrap() {
            let kind = Kind::by_id(node["kind"].as_str().unwrap());
            look_through(kind, node.as_object().unwrap(), &["id", "kind", "classes", "failures"]);
        }
        let head = ["title", "seed", "from_s", "until_s", "events", "calls_in_flight_peak"];
        let head = [&head[..], &["simulator_saturated", "hash", "users", "nodes"]].concat();
        look_through(None, summary.as_object().unwrap(), &head);
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

    /// A wire that does more than carry, and a machine whose cores are shared.
    fn guarded() -> Value {
        let mut file = serde_json::from_str::<Value>(scenarios::by_id("cache-aside").unwrap().json).unwrap();
        file["wires"][0]["timeout_ms"] = json!(100);
        file["places"] = json!([{"id": "host", "kind": "machine"}]);
        file["nodes"][1]["place"] = json!("host");
        file["run"]["until_s"] = json!(1);
        file["timeline"] = json!([]);
        summary(&Design::from_json(&file).unwrap())
    }

    #[test]
    fn every_field_of_every_kind_has_a_name_and_a_meaning() {
        let summaries = scenarios::ALL.iter().map(|s| scenario(s.id));
        let summaries = summaries.chain(settings().into_iter().map(|d| summary(&d))).chain([guarded()]);
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
        assert_eq!(columns, ["Shard", "Requests", "Share of requests", "Items", "Utilisation", "Inserts"]);
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
