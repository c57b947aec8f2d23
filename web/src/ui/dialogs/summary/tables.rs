//! Tables of the summary: requests, times and failures, by class.

use super::fields::{Named, SPREAD, class_name, named, spread, spread_label};
use crate::texts::{Lang, summary as texts};
use headroom_model::kinds::Kind;
use headroom_model::reason::Reason;
use serde_json::Value;
use yew::prelude::*;

/// Columns of the table of requests.
pub const FLOW: [&str; 8] = [
    "arrivals",
    "completions",
    "failures_total",
    "failure_share",
    "arrival_rate_rps",
    "throughput_rps",
    "in_system_mean",
    "in_flight",
];

/// A heading and what it means.
pub struct Heading {
    label: String,
    help: String,
}

impl Heading {
    /// Without a meaning of its own.
    pub fn plain(label: impl Into<String>) -> Self {
        Self { label: label.into(), help: String::new() }
    }
}

impl From<&Named> for Heading {
    fn from(name: &Named) -> Self {
        Self { label: name.label.clone(), help: name.help.to_owned() }
    }
}

/// A table that scrolls sideways by itself where it is wider than the screen. The first cell of a row names it.
pub fn table(title: &str, headings: &[Heading], rows: Vec<Vec<String>>) -> Html {
    let head = headings.iter().map(|h| {
        html! { <th scope="col" title={(!h.help.is_empty()).then(|| h.help.clone())}>{ h.label.clone() }</th> }
    });
    let rows = rows.into_iter().map(|row| {
        let mut cells = row.into_iter();
        let first = cells.next().unwrap_or_default();
        html! { <tr><th scope="row">{ first }</th>{ for cells.map(|cell| html! { <td>{ cell }</td> }) }</tr> }
    });
    html! {
        <div class="sum-scroll" tabindex="0" role="group" aria-label={title.to_owned()}>
            <table>
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// A row of a summary as a whole, then each of its classes where it has several.
fn with_classes(row: &Value, lang: Lang) -> Vec<(String, &Value)> {
    let mut rows = vec![(lang.t(texts::ALL_CLASSES).to_owned(), row)];
    if let Some(classes) = row["classes"].as_object().filter(|c| c.len() > 1) {
        rows.extend(classes.iter().map(|(class, row)| (class_name(class, lang), row)));
    }
    rows
}

/// Requests by class.
pub fn flow(kind: Option<Kind>, row: &Value, lang: Lang) -> Html {
    let columns = FLOW.map(|field| (field, named(kind, None, field, lang)));
    let mut headings = vec![Heading::plain(lang.t(texts::CLASS))];
    headings.extend(columns.iter().map(|(_, name)| Heading::from(name)));
    let rows = with_classes(row, lang).into_iter().map(|(class, row)| {
        let cells = columns.iter().map(|(field, name)| name.write(&row[*field], lang));
        std::iter::once(class).chain(cells).collect()
    });
    table(lang.t(texts::TABLE_FLOW), &headings, rows.collect())
}

/// Response and waiting times by class; none where nothing was answered.
pub fn times(row: &Value, lang: Lang) -> Option<Html> {
    let mut rows = Vec::new();
    for (field, title) in [("response", texts::RESPONSE_OF), ("wait", texts::WAIT_OF)] {
        for (i, (class, row)) in with_classes(row, lang).into_iter().enumerate() {
            let name = if i == 0 { lang.t(title).to_owned() } else { format!("{}, {class}", lang.t(title)) };
            if let Some(cells) = spread(row, field, row["completions"].as_f64()) {
                rows.push(std::iter::once(name).chain(cells).collect());
            }
        }
    }
    if rows.is_empty() {
        return None;
    }
    let guessed = rows.iter().flatten().any(|cell: &String| cell.starts_with('~'));
    Some(html! {
        <>
            { spreads(lang.t(texts::TABLE_TIMES), rows, lang) }
            if guessed { <p class="muted sum-help">{ lang.t(texts::GUESS) }</p> }
        </>
    })
}

/// A table of distributions.
pub fn spreads(title: &str, rows: Vec<Vec<String>>, lang: Lang) -> Html {
    let mut headings = vec![Heading::plain(title)];
    headings.extend((0..SPREAD.len()).map(|i| {
        let help = if SPREAD[i].0 == "sd_s" { lang.t(texts::SD_HELP) } else { "" };
        Heading { label: spread_label(i, lang).to_owned(), help: help.to_owned() }
    }));
    table(title, &headings, rows)
}

/// Failures by reason and class.
pub fn failures(row: &Value, lang: Lang) -> Html {
    let rows = with_classes(row, lang);
    let total = row["failures"].as_object().filter(|all| !all.is_empty());
    let Some(total) = total else {
        return html! { <p class="muted">{ lang.t(texts::NO_FAILURES) }</p> };
    };
    let mut headings = vec![Heading::plain(lang.t(texts::REASON))];
    headings.extend(rows.iter().map(|(class, _)| Heading::plain(class.as_str())));
    let count = named(None, None, "failures_total", lang);
    // In the order of the reasons, as everywhere.
    let reasons = Reason::ALL.iter().filter(|reason| total.contains_key(reason.id()));
    let lines = reasons.map(|reason| {
        let of = |row: &Value| row["failures"].get(reason.id()).cloned().unwrap_or(Value::from(0));
        let cells = rows.iter().map(|(_, row)| count.write(&of(row), lang));
        std::iter::once(lang.t(reason.label()).to_owned()).chain(cells).collect()
    });
    table(lang.t(texts::TABLE_FAILURES), &headings, lines.collect())
}
