//! Sessions in the memory of servers, against Little's law.

use super::Experiment;
use super::build::{chain, det_ms, exp_ms, node, run, users, web};
use serde_json::json;

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![Experiment::new(&["STICKY.crash"], 64, |r| {
        // Ten mean lives, so that as many sessions end as begin.
        let visits = json!({
            "mode": "visits", "visit": exp_ms(1_200_000.0), "think": exp_ms(400_000.0), "logged_in_share": 1,
            "log_out_share": 1,
        });
        let mut file = chain(
            12_001.0,
            0.0,
            vec![
                users(5.0, visits),
                node("lb", "load_balancer", json!({"policy": "random", "sticky": true})),
                web("web", 100, det_ms(1.0), json!({"instances": 10, "session_ttl_s": 1e6})),
            ],
        );
        file["timeline"] = json!([{"at_s": 12_000, "do": "kill", "node": "web", "part": 3}]);
        vec![run(&file, r.seed()).get("web", "sessions_lost")]
    })]
}
