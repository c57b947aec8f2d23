//! The summary as a table for spreadsheets: one row per number.

use crate::panel::export::quoted;
use serde_json::Value;

/// The columns.
const HEAD: &str = "part,node,kind,class,field,value";

/// The whole summary. `part` is `run` for what belongs to the whole, `users` for all users together, else `node`;
/// a value in a list or an object has a field like `shards[0].requests` or `failures.timeout`.
pub fn csv(summary: &Value) -> String {
    let mut out = String::from(HEAD) + "\n";
    let whole = object(summary).filter(|(name, _)| !["users", "nodes"].contains(&name.as_str()));
    for (name, value) in whole {
        rows(&mut out, ["run", "", "", ""], name, value);
    }
    for (name, value) in object(&summary["users"]) {
        rows(&mut out, ["users", "", "", ""], name, value);
    }
    for node in summary["nodes"].as_array().into_iter().flatten() {
        let (id, kind) = (node["id"].as_str().unwrap_or(""), node["kind"].as_str().unwrap_or(""));
        for (name, value) in object(node) {
            if !["id", "kind", "classes"].contains(&name.as_str()) {
                rows(&mut out, ["node", id, kind, ""], name, value);
            }
        }
        for (class, fields) in object(&node["classes"]) {
            for (name, value) in object(fields) {
                rows(&mut out, ["node", id, kind, class], name, value);
            }
        }
    }
    out
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn rows(out: &mut String, of: [&str; 4], field: &str, value: &Value) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| rows(out, of, &format!("{field}.{name}"), value));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| rows(out, of, &format!("{field}[{i}]"), value));
        }
        plain => {
            let text = match plain {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let cells = of.into_iter().chain([field, &text]).map(cell);
            out.push_str(&(cells.collect::<Vec<_>>().join(",") + "\n"));
        }
    }
}

/// A cell. A text of the user that a spreadsheet would take for a formula is kept a text.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula { quoted(&format!("'{text}")) } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_number_has_a_row() {
        let summary = json!({
            "seed": 1, "title": "=cmd(), \"x\"", "users": {"arrivals": 3, "failures": {"timeout": 1}},
            "nodes": [{"id": "db", "kind": "sharded", "arrivals": 3, "shards": [{"items": -0.5}], "wait_p50_s": null,
                "classes": {"read": {"arrivals": 2}}}],
        });
        let expected = "\
part,node,kind,class,field,value
run,,,,seed,1
run,,,,title,\"'=cmd(), \"\"x\"\"\"
users,,,,arrivals,3
users,,,,failures.timeout,1
node,db,sharded,,arrivals,3
node,db,sharded,,shards[0].items,-0.5
node,db,sharded,,wait_p50_s,
node,db,sharded,read,arrivals,2
";
        assert_eq!(csv(&summary), expected);
    }
}
