//! The series of a run as files.

use crate::live::Live;
use headroom_model::messages::{part, world};
use serde_json::{Value, json};

/// The names of all series of a run, and one row of numbers for each window.
fn table(live: &Live) -> (Vec<String>, Vec<Vec<f64>>) {
    let nodes = || live.shape.nodes.iter().enumerate();
    let mut head: Vec<String> = vec!["end_s".to_owned()];
    head.extend(live.is_sampled().then(|| "simulated_share".to_owned()));
    head.extend(world::NAMES.iter().map(|name| (*name).to_owned()));
    for (i, id) in nodes() {
        let metrics = live.spec(i).into_iter().flat_map(|s| s.all_metrics());
        head.extend(metrics.map(|m| format!("{id}.{}", m.id)));
    }
    let widest = |node: usize| {
        let counts = live.windows.iter().filter_map(|w| w.part_counts.get(node).copied());
        counts.max().map_or(0, usize::from)
    };
    for (i, id) in nodes() {
        let extra = live.spec(i).and_then(|s| s.parts).and_then(|p| p.extra).map(|m| m.id);
        for n in 0..widest(i) {
            let names = part::NAMES.iter().enumerate().filter(|(p, _)| *p != part::EXTRA || extra.is_some());
            let named =
                |(p, name): (usize, &&'static str)| if p == part::EXTRA { extra } else { Some(*name) };
            head.extend(names.filter_map(named).map(|name| format!("{id}[{n}].{name}")));
        }
    }
    let row = |window| {
        let window: &headroom_model::messages::Window = window;
        let mut row: Vec<f64> = vec![window.end_s];
        row.extend(live.is_sampled().then(|| f64::from(window.simulated)));
        row.extend(window.world.iter().map(|v| f64::from(*v)));
        for (i, _) in nodes() {
            row.extend(live.node_values(window, i).iter().map(|v| f64::from(*v)));
        }
        for (i, _) in nodes() {
            let has_extra = live.spec(i).and_then(|s| s.parts).is_some_and(|p| p.extra.is_some());
            let count = if has_extra { part::COUNT } else { part::EXTRA };
            let mut values: Vec<&[f32]> = live.part_values(window, i).collect();
            values.resize(widest(i), &[f32::NAN; part::COUNT]);
            row.extend(values.into_iter().flat_map(|v| &v[..count]).map(|v| f64::from(*v)));
        }
        row
    };
    (head, live.windows.iter().map(row).collect())
}

/// Every series of the run as a CSV file, one row for each window.
pub fn csv(live: &Live) -> String {
    let (head, rows) = table(live);
    let mut text = head.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",") + "\n";
    for row in rows {
        text += &(row.into_iter().map(number).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

/// The same as JSON, with the design and the version that make the run again: column by column, `null` where a value has
/// no meaning.
pub fn json(live: &Live) -> String {
    let (head, rows) = table(live);
    let columns = head.iter().enumerate().map(|(c, name)| {
        let values = rows.iter().map(|row| row.get(c).copied().map_or(Value::Null, short));
        (name.clone(), values.collect())
    });
    let file = json!({
        "headroom": env!("CARGO_PKG_VERSION"),
        "design": live.design.to_json(),
        "window_s": live.shape.window_s,
        "series": Value::Object(columns.collect()),
    });
    file.to_string()
}

/// A number with the digits that it was measured with.
fn short(v: f64) -> Value {
    number(v).parse().map_or(Value::Null, |v: f64| json!(v))
}

/// A number of a file: what has no meaning is left empty.
fn number(v: f64) -> String {
    if v.is_finite() { format!("{}", v as f32) } else { String::new() }
}

/// A text of a CSV file.
pub fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::data::tests::live;
    use super::*;

    #[test]
    fn a_file_has_a_column_for_each_number() {
        let live = live("celebrity-shard", 2);
        let text = csv(&live);
        let widths: Vec<usize> = text.lines().map(|l| l.split(',').count()).collect();
        assert_eq!(widths.len(), 3);
        assert!(widths.iter().all(|w| *w == widths[0]), "{widths:?}");
        assert!(text.starts_with("end_s,offered_rps"));
        assert!(text.lines().next().unwrap().contains("db[2].utilization"));
    }

    #[test]
    fn json_holds_the_same_with_the_design() {
        let live = live("celebrity-shard", 2);
        let file: Value = serde_json::from_str(&json(&live)).unwrap();
        assert_eq!(
            file["series"].as_object().unwrap().len(),
            csv(&live).lines().next().unwrap().split(',').count()
        );
        assert_eq!(file["series"]["p99_s"], json!([0.03, 0.03]));
        assert_eq!(file["design"], live.design.to_json());
    }
}
