//! The series of a run as CSV: one row per window.

use headroom_model::design::{Design, Detail};
use headroom_model::kinds::WIRE_METRICS;
use headroom_model::messages::{part, world};
use headroom_model::sim::Simulation;

/// Names of a part's values that every kind has; the last depends on the kind.
const PART: &[&str] = part::NAMES.split_at(part::EXTRA).0;

/// All windows of a run: a heading, then a row per window. Columns: `end_s`; all users together; per node `ID.METRIC`
/// and, where it has parts, `ID[PART].VALUE`; per wire `FROM->TO.rps`. A value that has no meaning in a window (a
/// percentile of no answers, a shard that is not there yet) is empty. With sampled detail `simulated_share` comes second: the
/// share of the window that was simulated, for all of which its values stand; with 0 they are those of the window before.
pub fn series_csv(design: &Design, sim: &Simulation) -> String {
    let windows = sim.windows();
    // A node gains parts when a shard is added.
    let parts: Vec<usize> = (0..design.nodes.len())
        .map(|n| windows.iter().map(|w| usize::from(w.part_counts[n])).max().unwrap_or(0))
        .collect();
    let sampled = design.run.detail == Detail::Sampled;
    let mut columns = vec!["end_s".to_owned()];
    columns.extend(sampled.then(|| "simulated_share".to_owned()));
    columns.extend(world::NAMES.map(str::to_owned));
    for node in &design.nodes {
        columns.extend(node.kind().spec().all_metrics().map(|m| format!("{}.{}", node.id, m.id)));
    }
    for (node, &count) in design.nodes.iter().zip(&parts) {
        let extra = node.kind().spec().parts.and_then(|p| p.extra).map(|m| m.id);
        for i in 0..count {
            columns.extend(PART.iter().copied().chain(extra).map(|v| format!("{}[{i}].{v}", node.id)));
        }
    }
    columns.extend(design.wires.iter().map(|w| format!("{}->{}.rps", w.from, w.to)));
    for wire in design.wires.iter().filter(|w| w.params.is_guarded()) {
        columns.extend(WIRE_METRICS.iter().map(|m| format!("{}->{}.{}", wire.from, wire.to, m.id)));
    }

    let mut csv = columns.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(",");
    csv.push('\n');
    for window in windows {
        let mut row = vec![window.end_s.to_string()];
        row.extend(sampled.then(|| number(window.simulated)));
        row.extend(window.world.iter().chain(&window.nodes).copied().map(number));
        let mut values = window.parts.iter().copied();
        for ((node, &count), &here) in design.nodes.iter().zip(&parts).zip(&window.part_counts) {
            let shown = PART.len() + usize::from(node.kind().spec().parts.is_some_and(|p| p.extra.is_some()));
            for i in 0..count {
                let of_part: Vec<f32> = if i < usize::from(here) {
                    values.by_ref().take(part::COUNT).collect()
                } else {
                    vec![f32::NAN; part::COUNT]
                };
                row.extend(of_part[..shown].iter().copied().map(number));
            }
        }
        row.extend(window.wires.iter().chain(&window.guards).copied().map(number));
        debug_assert_eq!(row.len(), columns.len(), "a value for each column");
        csv.push_str(&row.join(","));
        csv.push('\n');
    }
    csv
}

fn number(x: f32) -> String {
    if x.is_finite() { x.to_string() } else { String::new() }
}

/// A heading: ids are a user's words and may hold anything.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_row_per_window_and_a_column_per_value_also_when_shards_are_added() {
        let text = r#"{"nodes": [{"id": "u,\"1\"", "kind": "users"}, {"id": "w", "kind": "web"}, {"id": "db", "kind": "sharded", "params": {"shards": 2}}],
            "wires": [{"from": "u,\"1\"", "to": "w"}, {"from": "w", "to": "db"}],
            "timeline": [{"at_s": 2, "do": "add_shard", "node": "db"}], "run": {"until_s": 4, "window_s": 1}}"#;
        let design = Design::parse(text).unwrap();
        let mut sim = Simulation::new(&design);
        sim.run();
        let csv = series_csv(&design, &sim);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 5, "{csv}");
        assert!(
            lines[0].starts_with("end_s,offered_rps,") && lines[0].contains("\"u,\"\"1\"\".arrivals_rps\"")
        );
        let heading: Vec<&str> = lines[0].rsplit(",db[").next().unwrap().split(',').collect();
        assert_eq!(heading[0], "2].keys", "{csv}");
        let plain = lines[0].replace("\"u,\"\"1\"\"", "u").replace("u,\"\"1\"\"", "u");
        let columns: Vec<&str> = plain.split(',').collect();
        let at = columns.iter().position(|c| *c == "db[2].keys").unwrap();
        let row = |i: usize| lines[i].split(',').collect::<Vec<_>>();
        assert!(lines[1..].iter().all(|l| l.split(',').count() == columns.len()), "{csv}");
        assert_eq!((row(1)[0], row(1)[at]), ("1", ""));
        assert!(row(4)[at].parse::<f32>().unwrap() > 0.0);
    }
}
