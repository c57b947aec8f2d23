//! What it costs.

use super::Experiment;
use super::build::{chain, det_ms, exp_ms, run, users, web};
use serde_json::json;

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        // The fifteen workers of STAFF.c on machines of two vCPU, rented whole, as the run itself is billed.
        Experiment::new(&["COST.month"], 1, |r| {
            let tier = web("web", 15, exp_ms(10.0), json!({}));
            let done = run(&chain(10.0, 0.0, vec![users(1000.0, json!({})), tier]), r.seed());
            let usd_h = done.node("web")["cost"]["machines_usd_per_hour"].as_f64().expect("a number");
            vec![usd_h * 730.0]
        })
        .quick(),
        // 50 TB in a month's hours: an answer of 100 MB every 5.256 s, for 36 hours.
        Experiment::new(&["COST.egress"], 1, |r| {
            let some = json!({"arrivals": "regular", "read_kb": 100_000, "items": 1});
            let tier = web("web", 1000, det_ms(0.0), json!({}));
            let mut file = chain(131_400.0, 0.0, vec![users(1.0 / 5.256, some), tier]);
            file["prices"] = json!({"egress_usd_gb": 0.085, "egress_10tb_usd_gb": 0.08});
            let done = run(&file, r.seed());
            let usd_h = done.node("web")["cost"]["transfer_usd_per_hour"].as_f64().expect("a number");
            vec![usd_h * 730.0]
        })
        .quick(),
    ]
}
