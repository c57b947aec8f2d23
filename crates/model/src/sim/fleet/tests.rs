//! Machines that come and go, releases that spread, and messages that outlive their queue.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

fn finished(file: &Value) -> (Design, Simulation, Value) {
    let design = Design::parse(&file.to_string()).unwrap_or_else(|f| panic!("{f:?}\n{file}"));
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let summary = summarize(&design, &mut sim);
    (design, sim, summary)
}

fn series(design: &Design, sim: &Simulation, id: &str, metric: &str) -> Vec<f64> {
    let at = design.node_index(id).unwrap();
    let metric = design.nodes[at].kind().spec().metric_index(metric).unwrap();
    let before: usize = design.nodes[..at].iter().map(|n| n.kind().spec().value_count()).sum();
    sim.windows().iter().map(|w| f64::from(w.nodes[before + metric])).collect()
}

/// Four servers behind a balancer, a quarter loaded.
fn tier(timeline: Value, more_nodes: &[Value], more_wires: &[Value]) -> Value {
    let mut nodes = vec![
        json!({"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 100}}}),
        json!({"id": "lb", "kind": "load_balancer"}),
        json!({"id": "web", "kind": "web", "params": {"instances": 4, "workers": 4, "boot_s": 20, "drain_s": 10,
            "restart_s": 15, "service": {"law": "exponential", "mean_ms": 40}}}),
    ];
    nodes.extend_from_slice(more_nodes);
    let mut wires = vec![json!({"from": "users", "to": "lb"}), json!({"from": "lb", "to": "web"})];
    wires.extend_from_slice(more_wires);
    json!({"nodes": nodes, "wires": wires, "timeline": timeline, "run": {"until_s": 600, "window_s": 1}})
}

fn node<'a>(summary: &'a Value, id: &str) -> &'a Value {
    summary["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()
}

#[test]
fn machines_that_are_added_boot_first_and_those_that_go_finish_what_they_have() {
    let file = tier(
        json!([{"at_s": 100, "do": "scale", "node": "web", "instances": 9}, {"at_s": 300, "do": "scale", "node": "web", "instances": 2}]),
        &[],
        &[],
    );
    let (design, sim, summary) = finished(&file);
    let ready = series(&design, &sim, "web", "instances_ready");
    assert_eq!((ready[99], ready[115], ready[122], ready[310]), (4.0, 4.0, 9.0, 2.0));
    assert_eq!(summary["users"]["failures_total"], 0, "nobody is turned away");
    assert_eq!(
        (node(&summary, "web")["booted"].as_u64(), node(&summary, "web")["drained"].as_u64()),
        (Some(5), Some(7))
    );
    // 4 for 120 s, 9 for 180 s, 2 for 300 s.
    let mean = node(&summary, "web")["instances_mean"].as_f64().unwrap();
    assert!((mean - (480.0 + 1620.0 + 600.0) / 600.0).abs() < 1e-6, "{mean}");
}

#[test]
fn a_bigger_machine_serves_more_and_costs_a_restart() {
    let mut file = tier(json!([{"at_s": 300, "do": "resize", "node": "web", "size": "x4"}]), &[], &[]);
    file["nodes"][0]["params"]["traffic"] = json!({"preset": "constant", "rps": 300});
    file["nodes"][0]["params"]["timeout_ms"] = json!(1000);
    file["nodes"][2]["params"]["instances"] = json!(1);
    file["nodes"][2]["params"]["queue_limit"] = json!(10);
    let (design, sim, _) = finished(&file);
    let (ready, done) =
        (series(&design, &sim, "web", "instances_ready"), series(&design, &sim, "web", "completions_rps"));
    let mean = |from: usize, to: usize| done[from..to].iter().sum::<f64>() / (to - from) as f64;
    assert!((mean(50, 299) - 100.0).abs() < 3.0, "4 workers of 40 ms: {}", mean(50, 299));
    assert!(ready[303..315].iter().all(|n| *n == 0.0), "away for 15 s");
    // 16 workers, each slower by 1 + 0.03 · 3 + 0.0002 · 12: nothing is lost any more.
    assert!((mean(330, 600) - 300.0).abs() < 5.0, "{}", mean(330, 600));
}

#[test]
fn a_rolling_deploy_dips_by_a_batch_and_blue_green_does_not() {
    let deploy = |strategy: &str| {
        let file = tier(
            json!([{"at_s": 100, "do": "deploy", "node": "web", "strategy": strategy, "batch": 2}]),
            &[],
            &[],
        );
        let (design, sim, summary) = finished(&file);
        assert_eq!(node(&summary, "web")["release"], 2, "{strategy}");
        assert_eq!(summary["users"]["failures_total"], 0, "{strategy}");
        let ready = series(&design, &sim, "web", "instances_ready");
        assert_eq!(*ready.last().unwrap(), 4.0);
        let least = ready.iter().copied().fold(f64::INFINITY, f64::min);
        let most = ready.iter().copied().fold(0.0, f64::max);
        (least, most)
    };
    assert_eq!(deploy("rolling"), (2.0, 4.0));
    assert_eq!(deploy("canary"), (2.0, 4.0));
    let (least, most) = deploy("blue_green");
    assert!(least == 4.0 && most <= 8.0, "{least} {most}");
}

#[test]
fn monitoring_rolls_a_bad_canary_back() {
    let deploy = json!([{"at_s": 100, "do": "deploy", "node": "web", "strategy": "canary", "canary_share": 0.25,
        "bake_s": 300, "error_share": 0.5}]);
    let share_of_errors = |on_alarm: &str| {
        let watch = json!({"id": "watch", "kind": "monitoring", "params": {"on_alarm": on_alarm}});
        let (_, _, summary) =
            finished(&tier(deploy.clone(), &[watch], &[json!({"from": "watch", "to": "web"})]));
        (node(&summary, "web").clone(), node(&summary, "watch").clone())
    };
    let (web, watch) = share_of_errors("roll_back");
    assert_eq!((web["release"].as_u64(), watch["alarm_actions"].as_u64()), (Some(1), Some(1)));
    // The restart of the canary, the scrape, the window that fills and the time that the threshold stays passed.
    let seen_s = watch["first_alarm_s"].as_f64().unwrap();
    assert!((145.0..=230.0).contains(&seen_s), "{seen_s}");
    let rolled_back = web["failures"]["bad_release"].as_u64().unwrap();
    let (web, watch) = share_of_errors("tell");
    assert_eq!((web["release"].as_u64(), watch["alarm_actions"].as_u64()), (Some(2), Some(0)));
    assert!(web["failures"]["bad_release"].as_u64().unwrap() > 4 * rolled_back);
}

#[test]
fn a_durable_queue_loses_nothing_and_another_loses_what_it_holds() {
    let messages = |durable: bool| {
        let file = json!({"nodes": [
            {"id": "users", "kind": "users", "params": {"traffic": {"points": [[0, 100], [100, 100], [100, 0]]}}},
            {"id": "queue", "kind": "queue", "params": {"durable": durable, "visibility_s": 5}},
            {"id": "workers", "kind": "workers", "params": {"instances": 2, "workers": 50, "service": {"law": "exponential", "mean_ms": 100}}},
        ], "wires": [{"from": "users", "to": "queue"}, {"from": "queue", "to": "workers"}], "timeline": [
            {"at_s": 20, "do": "kill", "node": "workers"}, {"at_s": 50, "do": "kill", "node": "queue"},
            {"at_s": 60, "do": "revive", "node": "queue"}, {"at_s": 70, "do": "revive", "node": "workers"},
        ], "run": {"until_s": 400}});
        finished(&file).2
    };
    let kept = messages(true);
    let n = |summary: &Value, name: &str| node(summary, "queue")[name].as_u64().unwrap();
    assert_eq!((n(&kept, "lost"), n(&kept, "done")), (0, n(&kept, "published")), "nothing is lost");
    assert!(n(&kept, "backlog_peak") > 2_500, "producers go on while the workers are down");
    let gone = messages(false);
    // 30 s of messages wait when it dies.
    assert!((2_700..3_300).contains(&n(&gone, "lost")), "{}", n(&gone, "lost"));
    assert_eq!(n(&gone, "done") + n(&gone, "lost"), n(&gone, "published"));
}

#[test]
fn a_job_is_answered_when_the_queue_has_it_or_when_it_is_done() {
    let mean_s = |with_queue: bool| {
        let mut file = json!({"nodes": [
            {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 20}, "write_share": 0, "job_share": 1}},
            {"id": "web", "kind": "web", "params": {"instances": 4, "workers": 20, "service": {"law": "deterministic", "mean_ms": 5},
                "job_service": {"law": "deterministic", "mean_ms": 800}}},
            {"id": "queue", "kind": "queue"},
            {"id": "workers", "kind": "workers", "params": {"instances": 4, "workers": 20}},
        ], "wires": [{"from": "users", "to": "web"}, {"from": "queue", "to": "workers"}], "run": {"until_s": 100}});
        if with_queue {
            file["wires"].as_array_mut().unwrap().push(json!({"from": "web", "to": "queue"}));
        }
        let summary = finished(&file).2;
        let published = node(&summary, "queue")["published"].as_u64().unwrap();
        assert_eq!(published > 0, with_queue);
        summary["users"]["response_mean_s"].as_f64().unwrap()
    };
    assert!(mean_s(true) < 0.02, "{}", mean_s(true));
    assert!(mean_s(false) > 0.8, "{}", mean_s(false));
}

/// Messages per second that get through in 200 s, and what the queue tells in the end.
fn pulled(queue: &Value, workers: &Value, wire: &Value) -> (f64, Value) {
    let mut wire = wire.clone();
    (wire["from"], wire["to"]) = (json!("queue"), json!("workers"));
    let file = json!({"nodes": [
        {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 100}}},
        {"id": "queue", "kind": "queue", "params": queue},
        {"id": "workers", "kind": "workers", "params": workers},
    ], "wires": [{"from": "users", "to": "queue"}, wire], "run": {"until_s": 200}});
    let told = node(&finished(&file).2, "queue").clone();
    (told["delivered"].as_f64().unwrap() / 200.0, told)
}

/// Who pulls leaves in the queue what the wire would refuse: nothing is delivered in vain, and nothing is a dead letter.
#[test]
fn a_rate_limit_slows_the_pull_and_refuses_no_message() {
    for on_failure in ["return", "wait"] {
        let queue = json!({"max_receives": 3, "on_failure": on_failure});
        let wire = json!({"rate_limit_rps": 20, "rate_limit_burst": 1});
        let (rate, told) =
            pulled(&queue, &json!({"service": {"law": "deterministic", "mean_ms": 10}}), &wire);
        assert!((rate - 20.0).abs() < 0.1, "{rate}");
        assert_eq!(
            (told["dead_letters"].as_u64(), told["redelivered"].as_u64()),
            (Some(0), Some(0)),
            "{told}"
        );
    }
}

/// A message that fails in the very moment in which it is delivered does not go round in no time.
#[test]
fn time_goes_on_when_work_fails_at_once_and_messages_return_at_once() {
    let queue = json!({"on_failure": "return", "visibility_s": 2, "max_receives": null});
    let workers = json!({"service": {"law": "deterministic", "mean_ms": 0}});
    let (rate, told) = pulled(&queue, &workers, &json!({"error_share": 1}));
    // Each message comes again after 2 s for ever: 100 new ones a second, at time t there are 100 t.
    assert!((4_000.0..6_000.0).contains(&rate), "{rate}");
    assert_eq!(told["done"], json!(0));
}
