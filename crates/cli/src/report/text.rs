//! The summary of one run, or of many, as a text.

use super::number::{Quantity, cell};
use super::table::Table;
use crate::failure::printable;
use headroom_analysis::replicate::is_estimate;
use headroom_model::design::Design;
use headroom_model::reason::Reason;
use serde_json::{Map, Value};

/// Endings of the fields of a distribution of durations, and their headings.
const DISTRIBUTION: [(&str, &str); 8] = [
    ("mean_s", "mean"),
    ("sd_s", "sd"),
    ("p50_s", "p50"),
    ("p90_s", "p90"),
    ("p95_s", "p95"),
    ("p99_s", "p99"),
    ("p999_s", "p99.9"),
    ("max_s", "max"),
];

/// Percentiles by their field's ending. One that fewer than [`BEYOND_MIN`] answers lie beyond is marked as a guess.
const PERCENTILES: [(&str, f64); 5] =
    [("p50_s", 0.5), ("p90_s", 0.9), ("p95_s", 0.95), ("p99_s", 0.99), ("p999_s", 0.999)];
const BEYOND_MIN: f64 = 10.0;
const GUESS: &str = "~";

/// Columns of the flow table.
const FLOW: [(&str, &str); 10] = [
    ("arrivals", "arrivals"),
    ("completions", "completed"),
    ("failures_total", "failed"),
    ("failure_share", "fail share"),
    ("arrival_rate_rps", "arrivals/s"),
    ("throughput_rps", "served/s"),
    ("utilization", "utilised"),
    ("in_system_mean", "in system"),
    ("queue_mean", "queue"),
    ("delayed_share", "waited"),
];

/// Fields that every node has; the rest are its kind's own. `found_empty_share` and `time_share_with_more_than` are for
/// programs: the text leaves them out.
const COMMON: [&str; 14] = [
    "id",
    "kind",
    "classes",
    "failures",
    "in_flight",
    "found_empty_share",
    "time_share_with_more_than",
    "users",
    "nodes",
    "cost",
    "ci95_response_mean_s",
    "ci95_wait_mean_s",
    "answers_for_1_percent",
    "waits_for_1_percent",
];

/// The summary as a text. A merged one has numbers with ± half the width of their 95% interval.
pub fn summary_text(design: &Design, summary: &Value) -> String {
    let mut out = String::new();
    heading(&mut out, design, summary);
    let rows = rows(summary);
    let mut flow = Table::new(&[&["node"][..], &FLOW.map(|f| f.1)].concat());
    for (name, row) in &rows {
        let cells = FLOW.iter().map(|(field, _)| cell(&row[*field], Quantity::of_field(field)));
        flow.row(std::iter::once(name.clone()).chain(cells).collect());
    }
    flow.write(&mut out, "");
    let mut guessed = false;
    for (prefix, title) in [("response", "response time"), ("wait", "wait")] {
        let mut table = Table::new(&[&[title][..], &DISTRIBUTION.map(|d| d.1)].concat());
        for (name, row) in &rows {
            if has_numbers(row, prefix) {
                let cells = distribution_cells(name.clone(), row, prefix);
                guessed |= cells[1..].iter().any(|c| c.starts_with(GUESS));
                table.row(cells);
            }
        }
        if !table.is_empty() {
            out.push('\n');
            table.write(&mut out, "");
        }
    }
    if guessed {
        out.push_str(&format!(
            "{GUESS} fewer than ten answers lie beyond it in a run: run longer to trust it\n"
        ));
    }
    detail(&mut out, &summary["detail"]);
    sureness(&mut out, summary);
    failures(&mut out, &rows);
    costs(&mut out, summary);
    for node in summary["nodes"].as_array().into_iter().flatten() {
        own_metrics(&mut out, design, node);
    }
    out
}

/// How much of a run with sampled detail was simulated.
fn detail(out: &mut String, detail: &Value) {
    if detail.is_null() {
        return;
    }
    let of = |field: &str| cell(&detail[field], Quantity::of_field(field));
    out.push_str(&format!(
        "\nsampled detail: {} of the time and {} of the requests simulated, {} skips, {} surprises\n",
        of("simulated_time_share"),
        of("simulated_request_share"),
        of("skips"),
        of("surprises"),
    ));
    if let Some(why) = detail["never"].as_str() {
        out.push_str(&format!("nothing is skipped: {}\n", why.replace('_', " ")));
    }
}

fn heading(out: &mut String, design: &Design, summary: &Value) {
    let title = if design.title.is_empty() { "Untitled design".to_owned() } else { printable(&design.title) };
    out.push_str(&format!("{title}\n"));
    let seconds = |field: &str| mean(&summary[field]).unwrap_or(f64::NAN).to_string();
    let span = format!("measured from {} s to {} s", seconds("from_s"), seconds("until_s"));
    match summary["seeds"].as_array() {
        None => {
            let hash = summary["hash"].as_str().unwrap_or_default();
            let events = cell(&summary["events"], Quantity::Plain);
            out.push_str(&format!("seed {}, {span}, {events} events, run hash {hash}\n", summary["seed"]));
        }
        Some(seeds) => {
            let ends = (seeds.first().unwrap_or(&Value::Null), seeds.last().unwrap_or(&Value::Null));
            out.push_str(&format!(
                "{} runs with seeds {} to {}, {span}; mean over runs ± half the width of its 95% confidence interval\n",
                seeds.len(),
                ends.0,
                ends.1
            ));
        }
    }
    if summary["simulator_saturated"] == Value::Bool(true) {
        out.push_str("The simulator reached its limit of requests in flight: past that moment the numbers say little.\n");
    }
    out.push('\n');
}

/// All users together where there are several, then every node, each followed by its classes where it has more than one.
fn rows(summary: &Value) -> Vec<(String, &Value)> {
    let mut rows = Vec::new();
    let users = summary["nodes"].as_array().into_iter().flatten().filter(|n| n["kind"] == "users").count();
    // With one users node the row would say the same twice.
    if users > 1 {
        rows.push(("all users".to_owned(), &summary["users"]));
    }
    for node in summary["nodes"].as_array().into_iter().flatten() {
        rows.push((printable(node["id"].as_str().unwrap_or_default()), node));
        if let Some(classes) = node["classes"].as_object().filter(|c| c.len() > 1) {
            rows.extend(classes.iter().map(|(class, row)| (format!("  {class}"), row)));
        }
    }
    rows
}

fn has_numbers(row: &Value, prefix: &str) -> bool {
    row.get(format!("{prefix}_mean_s")).is_some_and(|v| !v.is_null())
}

fn distribution_cells(name: String, row: &Value, prefix: &str) -> Vec<String> {
    // How many values a distribution of waits or responses rests on; of lags it is not told.
    let answers = (prefix != "lag").then(|| mean(&row["completions"])).flatten();
    let cells = DISTRIBUTION.iter().map(|(ending, _)| {
        let text = cell(row.get(format!("{prefix}_{ending}")).unwrap_or(&Value::Null), Quantity::Time);
        let q = PERCENTILES.iter().find(|p| p.0 == *ending).map(|p| p.1);
        let beyond = answers.zip(q).map(|(n, q)| n * (1.0 - q));
        if beyond.is_some_and(|b| b < BEYOND_MIN - 1e-9) && text != "-" {
            format!("{GUESS}{text}")
        } else {
            text
        }
    });
    std::iter::once(name).chain(cells).collect()
}

/// A number, or the mean of an estimate.
fn mean(value: &Value) -> Option<f64> {
    if is_estimate(value) { value["mean"].as_f64() } else { value.as_f64() }
}

/// How sure the mean response time of users is, from one run, and how long a run would be sure to one per cent.
fn sureness(out: &mut String, summary: &Value) {
    if summary["seeds"].is_array() {
        // Several runs say more, beside each number.
        return;
    }
    let nodes = summary["nodes"].as_array().into_iter().flatten();
    for node in nodes.filter(|n| n["kind"] == "users" && n["completions"].as_f64().is_some_and(|n| n > 0.0)) {
        let id = printable(node["id"].as_str().unwrap_or_default());
        let number = |name: &str| node[name].as_f64();
        let sure = number("ci95_response_mean_s").zip(number("response_mean_s"));
        match sure.zip(number("answers_for_1_percent").zip(number("completions"))) {
            None => out
                .push_str(&format!("{id}: the run is too short to say how sure its mean response time is\n")),
            Some(((half, mean), (wanted, answers))) => {
                let percent = cell(&(half / mean).into(), Quantity::Share);
                out.push_str(&format!("{id}: mean response time ±{percent} (95%, this one run)"));
                if wanted > answers {
                    let wanted = cell(&wanted.into(), Quantity::Plain);
                    out.push_str(&format!("; ±1% wants some {wanted} answers"));
                }
                out.push('\n');
            }
        }
    }
}

/// What it costs, by the design's price list: a row for each node that costs something, and one for all.
fn costs(out: &mut String, summary: &Value) {
    const LINES: [&str; 5] = [
        "usd_per_hour",
        "machines_usd_per_hour",
        "transfer_usd_per_hour",
        "requests_usd_per_hour",
        "storage_usd_per_hour",
    ];
    let mut table = Table::new(&["cost [USD/h]", "all", "machines", "bytes", "requests", "storage"]);
    let cells = |cost: &Value| LINES.map(|line| cell(&cost[line], Quantity::Plain));
    let paid = |cost: &Value| mean(&cost["usd_per_hour"]).is_some_and(|usd| usd > 0.0);
    for node in summary["nodes"].as_array().into_iter().flatten().filter(|n| paid(&n["cost"])) {
        let name = printable(node["id"].as_str().unwrap_or_default());
        table.row(std::iter::once(name).chain(cells(&node["cost"])).collect());
    }
    if table.is_empty() {
        return;
    }
    let cost = &summary["cost"];
    table.row(std::iter::once("all nodes".to_owned()).chain(cells(cost)).collect());
    out.push('\n');
    table.write(out, "");
    out.push_str(&format!(
        "a month of 730 h: ${}; a million answers: ${}\n",
        cell(&cost["usd_per_month"], Quantity::Plain),
        cell(&cost["usd_per_million_requests"], Quantity::Plain)
    ));
}

fn failures(out: &mut String, rows: &[(String, &Value)]) {
    let mut table = Table::new(&["failures", "reason", "requests"]);
    for (name, row) in rows.iter().filter(|(name, _)| !name.starts_with(' ')) {
        for (id, count) in row["failures"].as_object().into_iter().flatten() {
            let reason = Reason::ALL.iter().find(|r| r.id() == id).map_or(id.as_str(), |r| r.label().en);
            table.row(vec![name.clone(), reason.to_owned(), cell(count, Quantity::Plain)]);
        }
    }
    if !table.is_empty() {
        out.push('\n');
        table.write(out, "");
    }
}

/// What only this kind of node measures.
fn own_metrics(out: &mut String, design: &Design, node: &Value) {
    let Some(fields) = node.as_object() else { return };
    let own: Map<String, Value> =
        fields.iter().filter(|(name, _)| !is_common(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    if own.is_empty() {
        return;
    }
    let id = node["id"].as_str().unwrap_or_default();
    let kind = design.node(id).map_or("", |n| n.kind().spec().label.en);
    out.push_str(&format!("\n{} ({kind})\n", printable(id)));
    let mut scalars = Table::new(&["", ""]);
    let mut spreads = Table::new(&[&[""][..], &DISTRIBUTION.map(|d| d.1)].concat());
    let mut lists = Vec::new();
    for (name, value) in &own {
        match distribution_of(name) {
            Some((prefix, first)) if own.contains_key(&format!("{prefix}_p50_s")) => {
                if first && has_numbers(node, prefix) {
                    spreads.row(distribution_cells(words(prefix), node, prefix));
                }
            }
            _ if value.as_array().is_some_and(Vec::is_empty) => {}
            _ => match value.as_array().filter(|l| l.iter().any(|v| v.is_object() && !is_estimate(v))) {
                Some(list) => lists.push((name, list)),
                None => scalars.row(vec![words(name), cell(value, Quantity::of_field(name))]),
            },
        }
    }
    if !scalars.is_empty() {
        scalars.write_rows(out, "  ");
    }
    if !spreads.is_empty() {
        spreads.write(out, "  ");
    }
    for (name, list) in lists {
        list_table(out, name, list);
    }
}

/// A list of rows, such as shards or replicas.
fn list_table(out: &mut String, name: &str, list: &[Value]) {
    let Some(first) = list.first().and_then(Value::as_object) else { return };
    // The field that names a row comes first.
    let mut fields: Vec<&String> = first.keys().collect();
    fields.sort_by_key(|f| !["item", "shard", "machine"].contains(&f.as_str()));
    let headings = fields.iter().map(|f| words(f)).collect();
    let mut table = Table::with_headings(headings);
    for row in list {
        table.row(fields.iter().map(|f| cell(&row[f.as_str()], Quantity::of_field(f))).collect());
    }
    out.push_str(&format!("  {}:\n", words(name)));
    table.write(out, "    ");
}

fn is_common(name: &str) -> bool {
    let spread = distribution_of(name).is_some_and(|(prefix, _)| prefix == "wait" || prefix == "response");
    spread || COMMON.contains(&name) || FLOW.iter().any(|(field, _)| *field == name)
}

/// For `lag_p99_s`: the `lag` of it, and whether this is the first field of the distribution.
fn distribution_of(name: &str) -> Option<(&str, bool)> {
    DISTRIBUTION.iter().enumerate().find_map(|(i, (ending, _))| {
        name.strip_suffix(ending).and_then(|n| n.strip_suffix('_')).map(|prefix| (prefix, i == 0))
    })
}

/// A field's name as words, without its unit.
fn words(field: &str) -> String {
    let bare = field.strip_suffix("_s").or_else(|| field.strip_suffix("_rps")).unwrap_or(field);
    let bare = bare.strip_suffix("_p999").map_or_else(|| bare.to_owned(), |b| format!("{b}_p99.9"));
    bare.replace('_', " ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;
    use headroom_model::sim::Simulation;
    use headroom_model::summary::summarize;

    #[test]
    fn percentiles_of_few_answers_are_marked() {
        let spread = |n: u64| {
            let row = serde_json::json!({"completions": n, "wait_p99_s": 0.5, "wait_p999_s": 0.7});
            distribution_cells("web".to_owned(), &row, "wait")
        };
        assert_eq!(spread(10_000)[6..8], ["500 ms", "700 ms"]);
        assert_eq!(spread(1_000)[6..8], ["500 ms", "~700 ms"]);
        assert_eq!(spread(999)[6..8], ["~500 ms", "~700 ms"]);
    }

    #[test]
    fn every_own_metric_of_every_kind_is_in_the_text() {
        for scenario in scenarios::small() {
            let mut design = Design::parse(scenario.json).unwrap();
            design.run.until_s = 3.0;
            design.timeline.clear();
            let mut sim = Simulation::new(&design);
            sim.run();
            let summary = summarize(&design, &mut sim);
            let text = summary_text(&design, &summary);
            assert!(text.starts_with(&design.title) && text.contains("p99.9"), "{text}");
            for node in summary["nodes"].as_array().unwrap() {
                assert!(text.contains(&format!("\n{}", node["id"].as_str().unwrap())));
                for (name, value) in node.as_object().unwrap().iter().filter(|(n, _)| !is_common(n)) {
                    let spread =
                        distribution_of(name).filter(|(p, _)| node.get(format!("{p}_p50_s")).is_some());
                    let shown = spread.map_or_else(|| words(name), |(prefix, _)| words(prefix));
                    let absent = spread.is_some() && value.is_null() || value == &Value::Array(Vec::new());
                    assert!(absent || text.contains(&shown), "{name} in\n{text}");
                }
            }
        }
    }
}
