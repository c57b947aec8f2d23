//! Which seeds are to be run, how far they are, and what is kept of them. It knows no worker.

use headroom_analysis::across::{Row, kept, rows};
use headroom_analysis::bands::Bands;
use headroom_analysis::replicate::replicated;
use headroom_model::design::Design;
use headroom_model::messages::Window;
use serde_json::Value;
use std::rc::Rc;

/// How many seeds a reader may choose.
pub const COUNTS: [usize; 4] = [5, 10, 20, 40];
/// How many it are before anyone has chosen.
pub const COUNT: usize = COUNTS[1];

/// The runs of a design with one seed after the other.
pub struct Plan {
    design: Rc<Design>,
    /// Runs that were handed out.
    given: usize,
    /// Runs that came back unfinished.
    again: Vec<usize>,
    /// How far each run is [s].
    reached_s: Vec<f64>,
    /// What is kept of the summary of each run that is over.
    summaries: Vec<Option<Value>>,
    bands: Bands,
}

/// What came of all runs.
#[derive(Debug)]
pub struct Outcome {
    /// The design, with the first of the seeds.
    pub design: Rc<Design>,
    /// Runs.
    pub count: usize,
    /// The numbers that matter most.
    pub rows: Vec<Row>,
    /// The same as `headroom run --replications --json` prints them.
    pub merged: Value,
    /// What the series of all users lie between.
    pub bands: Bands,
}

impl Plan {
    /// So many runs from the design's seed on, as the command line makes them.
    pub fn new(design: Rc<Design>, count: usize) -> Self {
        Self {
            design,
            given: 0,
            again: Vec::new(),
            reached_s: vec![0.0; count],
            summaries: vec![None; count],
            bands: Bands::default(),
        }
    }

    /// The next run to be made: its number, and the design with its seed as a file.
    pub fn hand_out(&mut self) -> Option<(usize, String)> {
        let index = self.again.pop().or_else(|| {
            let next = self.given;
            self.given += usize::from(next < self.summaries.len());
            (next < self.summaries.len()).then_some(next)
        })?;
        let mut design = (*self.design).clone();
        design.run.seed += index as u64;
        Some((index, design.to_json().to_string()))
    }

    /// A run that was handed out is not made after all: somebody else has to.
    pub fn give_back(&mut self, index: usize) {
        self.reached_s[index] = 0.0;
        self.again.push(index);
    }

    /// A run has come to a moment, and these are its next windows.
    pub fn reached(&mut self, index: usize, now_s: f64, first_window: usize, windows: &[Window]) {
        self.reached_s[index] = now_s;
        self.bands.take(first_window, windows, self.design.run.window_length_s());
    }

    /// A run is over. False where its summary cannot be read.
    pub fn finish(&mut self, index: usize, summary: &str) -> bool {
        let read = serde_json::from_str(summary).ok();
        self.summaries[index] = read.as_ref().map(kept);
        read.is_some()
    }

    /// Runs in all.
    pub fn count(&self) -> usize {
        self.summaries.len()
    }

    /// Runs that are over.
    pub fn done(&self) -> usize {
        self.summaries.iter().flatten().count()
    }

    /// Share of the way that all runs have gone.
    pub fn share(&self) -> f64 {
        let until_s = self.design.run.until_s;
        let gone = self.reached_s.iter().zip(&self.summaries);
        let gone = gone.map(|(s, done)| if done.is_some() { 1.0 } else { (s / until_s).min(1.0) });
        gone.sum::<f64>() / self.count().max(1) as f64
    }

    /// What came of it, once all runs are over.
    pub fn outcome(&mut self) -> Option<Outcome> {
        let summaries: Vec<Value> = self.summaries.iter().map(Clone::clone).collect::<Option<_>>()?;
        Some(Outcome {
            design: self.design.clone(),
            count: summaries.len(),
            rows: rows(&summaries),
            merged: replicated(&summaries, false),
            bands: std::mem::take(&mut self.bands),
        })
    }
}

/// How long the rest will take [s] when `share` of all took so long; none before that can be said.
pub fn left_s(share: f64, taken_s: f64) -> Option<f64> {
    (taken_s >= 1.5 && share > 0.0).then(|| taken_s * (1.0 - share) / share)
}

impl Outcome {
    /// The numbers as a table for spreadsheets: one row for each.
    pub fn csv(&self) -> String {
        let mut text = "node,field,mean,ci95,sd,n,least,least_seed,most,most_seed\n".to_owned();
        for row in &self.rows {
            let number = |x: f64| if x.is_finite() { x.to_string() } else { String::new() };
            let cells = [
                crate::ui::dialogs::csv_cell(row.node.as_deref().unwrap_or_default()),
                row.field.clone(),
                number(row.estimate.mean),
                row.half_width.map(number).unwrap_or_default(),
                number(row.estimate.sd),
                row.estimate.n.to_string(),
                number(row.least.1),
                row.least.0.to_string(),
                number(row.most.1),
                row.most.0.to_string(),
            ];
            text += &(cells.join(",") + "\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_analysis::replicate::run_seeds;
    use headroom_model::messages::{FromWorker, Snapshot, ToWorker};
    use headroom_model::session::Session;
    use headroom_model::summary::summarize;

    fn design() -> Rc<Design> {
        let text = r#"{"nodes": [{"id": "u", "kind": "users"}, {"id": "=w", "kind": "web"}],
            "wires": [{"from": "u", "to": "=w"}], "run": {"seed": 5, "until_s": 4, "window_s": 1, "replications": 5}}"#;
        Rc::new(Design::parse(text).unwrap())
    }

    /// A run as a worker makes it, told piece by piece.
    fn make(plan: &mut Plan, index: usize, design: String) {
        let mut session = Session::new();
        session.handle(ToWorker::RunThrough { run: 1, design });
        let mut more = true;
        while more {
            more = session.advance(8.0, 300);
            if let Some(FromWorker::Snapshot(s)) = session.snapshot() {
                let Snapshot { now_ns, first_window, windows, seq, .. } = *s;
                plan.reached(index, now_ns as f64 / 1e9, first_window as usize, &windows);
                session.handle(ToWorker::Seen(seq));
            }
        }
        let answers = session.handle(ToWorker::Summarize);
        let [FromWorker::Summary { summary, .. }] = &answers[..] else { panic!("{answers:?}") };
        assert!(plan.finish(index, summary));
    }

    #[test]
    fn runs_in_any_order_give_what_the_command_line_gives() {
        let design = design();
        let mut plan = Plan::new(design.clone(), 5);
        let mut handed: Vec<(usize, String)> = std::iter::from_fn(|| plan.hand_out()).collect();
        assert_eq!(handed.iter().map(|h| h.0).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        // One of them is given to another.
        let (index, text) = handed.pop().unwrap();
        plan.reached(index, 2.0, 0, &[]);
        plan.give_back(index);
        assert_eq!(plan.hand_out(), Some((index, text.clone())));
        handed.insert(0, (index, text));
        assert!(plan.hand_out().is_none() && plan.outcome().is_none());
        for (n, (index, text)) in handed.into_iter().enumerate() {
            assert_eq!(plan.done(), n);
            assert!((plan.share() - n as f64 / 5.0).abs() < 1e-12);
            make(&mut plan, index, text);
        }
        let outcome = plan.outcome().unwrap();
        let whole = run_seeds(&design, 1, |_, design, sim| summarize(design, sim));
        assert_eq!(outcome.rows, rows(&whole));
        assert_eq!(outcome.merged["seeds"], serde_json::json!([5, 6, 7, 8, 9]));
        assert_eq!(outcome.merged["hashes"], replicated(&whole, false)["hashes"]);
        assert_eq!(outcome.bands.windows(), 4);
        let csv = outcome.csv();
        assert_eq!(csv.lines().count(), outcome.rows.len() + 1);
        assert!(csv.contains("\n'=w,utilization,"), "{csv}");
        let widths: Vec<usize> = csv.lines().map(|l| l.split(',').count()).collect();
        assert!(widths.iter().all(|w| *w == widths[0]));
    }

    #[test]
    fn what_is_left_is_told_when_it_can_be() {
        assert_eq!(left_s(0.5, 1.0), None);
        assert_eq!(left_s(0.0, 9.0), None);
        assert_eq!(left_s(0.25, 10.0), Some(30.0));
        let mut plan = Plan::new(design(), 2);
        plan.reached(0, 1.0, 0, &[]);
        plan.reached(1, 9.0, 0, &[]);
        assert_eq!(plan.share(), (0.25 + 1.0) / 2.0);
        assert!(!plan.finish(0, "{"));
    }
}
