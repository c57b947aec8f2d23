//! Autoscaling, releases, queues, monitoring, and what a whole design is worth.

use super::Expect::{Diff, Ratio};
use super::{Shown, Sight, at, gallery, of, shown, sight, span, then, with};
use crate::validation::build::{Done, chain, det_ms, exp_ms, node, run, users};
use headroom_model::messages::What;
use serde_json::{Value, json};

/// The gallery's rush hour, shorter; so many servers from the start, which an autoscaler may change.
fn rush(servers: u32, scaled: bool, boot_s: f64) -> Value {
    let mut file = with(gallery("autoscaling"), "web", json!({"instances": servers, "boot_s": boot_s}));
    file = with(
        file,
        "users",
        json!({"traffic": {"points": [[0, 100], [60, 100], [70, 600], [240, 600], [250, 100]]}}),
    );
    file = with(file, "autoscaler", json!({"window_s": 15, "interval_s": 5, "down_stabilization_s": 30}));
    if !scaled {
        file["nodes"].as_array_mut().expect("nodes").retain(|n| n["kind"] != "autoscaler");
        file["wires"].as_array_mut().expect("wires").retain(|w| w["from"] != "autoscaler");
    }
    span(file, 0.0, 360.0)
}

/// The tier of the gallery gets a release at 30 s.
fn released(strategy: &str, error_share: f64, on_alarm: &str, rate_rps: f64) -> Value {
    let file = with(
        gallery("bad-release"),
        "monitoring",
        json!({"on_alarm": on_alarm, "interval_s": 5, "window_s": 10, "for_s": 5}),
    );
    let file = with(file, "users", json!({"traffic": {"preset": "constant", "rps": rate_rps}}));
    let file = then(span(file, 0.0, 150.0), json!([]));
    then(
        file,
        json!([{"at_s": 30, "do": "deploy", "node": "web", "strategy": strategy, "batch": 4, "canary_share": 0.125, "bake_s": 60, "error_share": error_share}]),
    )
}

/// Photos are processed by the web tier itself, or behind a queue.
fn photos(queued: bool) -> Value {
    let asked = users(20.0, json!({"job_share": 0.5, "write_share": 0}));
    let web = node("web", "web", json!({"instances": 4, "workers": 8, "job_service": exp_ms(500.0)}));
    let mut nodes = vec![asked, web];
    if queued {
        nodes.push(node("queue", "queue", json!({})));
        nodes.push(node(
            "workers",
            "workers",
            json!({"instances": 2, "workers": 8, "service": exp_ms(500.0)}),
        ));
    }
    chain(40.0, 5.0, nodes)
}

fn consumers_down(params: Value) -> Value {
    let file = with(span(gallery("photo-queue"), 0.0, 120.0), "queue", params);
    then(
        file,
        json!([{"at_s": 20, "do": "kill", "node": "workers"}, {"at_s": 60, "do": "revive", "node": "workers"}]),
    )
}

fn queue_dies(durable: bool) -> Value {
    let file = with(span(gallery("photo-queue"), 0.0, 60.0), "queue", json!({"durable": durable}));
    then(
        file,
        json!([{"at_s": 10, "do": "kill", "node": "workers"}, {"at_s": 30, "do": "kill", "node": "queue"}, {"at_s": 32, "do": "revive", "node": "queue"}, {"at_s": 33, "do": "revive", "node": "workers"}]),
    )
}

/// 30 jobs/s of 0.4 s, workers down from 10 to 50 s: then the backlog falls at (rate of workers) − 30/s.
fn draining(instances: u32) -> Value {
    let nodes = vec![
        users(30.0, json!({"job_share": 1, "write_share": 0})),
        node("queue", "queue", json!({"visibility_s": 600})),
        node(
            "workers",
            "workers",
            json!({"instances": instances, "workers": 4, "service": det_ms(400.0), "boot_s": 1}),
        ),
    ];
    then(
        chain(80.0, 0.0, nodes),
        json!([{"at_s": 10, "do": "kill", "node": "workers"}, {"at_s": 50, "do": "revive", "node": "workers"}]),
    )
}

/// Messages by which the backlog falls in a second, from 55 to 65 s.
fn drained_rps(done: &Done) -> f64 {
    let waiting = done.series("queue", "backlog");
    f64::from((waiting[54] - waiting[64]) as f32) / 10.0
}

/// The gallery's tier of which one server of eight answers with errors from 30 s on.
fn alarmed(interval_s: f64, window_s: f64) -> Value {
    let file = released("canary", 0.9, "tell", 400.0);
    with(file, "monitoring", json!({"interval_s": interval_s, "window_s": window_s, "for_s": 0}))
}

/// A release at 30 s, watched over days of 30 s.
fn days(on_alarm: &str, error_share: f64) -> Value {
    with(released("rolling", error_share, on_alarm, 400.0), "monitoring", json!({"day_s": 30}))
}

/// One machine of eight steps, or eight of one; a machine dies at 20 s where told.
fn compute(instances: u32, size: &str, dies: bool) -> Value {
    let nodes = vec![
        users(500.0, json!({"timeout_ms": 2000})),
        node("lb", "load_balancer", json!({"health_interval_s": 1})),
        node(
            "web",
            "web",
            json!({"instances": instances, "workers": 2, "service": exp_ms(20.0), "size": size, "queue_limit": 200}),
        ),
    ];
    let timeline =
        if dies { json!([{"at_s": 20, "do": "kill", "node": "web", "part": 0}]) } else { json!([]) };
    then(chain(40.0, 2.0, nodes), timeline)
}

/// The worst share of failed requests when one machine of each node is killed in turn at 5 s, from 15 s on.
fn worst(what: &'static str, copies: u32) -> Sight {
    let look = move |seed: u64| {
        let nodes = vec![
            users(200.0, json!({"logged_in_share": 0.5, "timeout_ms": 2000})),
            node("lb", "load_balancer", json!({"health_interval_s": 1})),
            node("web", "web", json!({"instances": copies, "workers": 16})),
            node("db", "relational", json!({"replicas": copies - 1, "detect_s": 2, "promote_s": 2})),
            node("sessions", "session_store", json!({"replicas": copies - 1, "failover_s": 2})),
        ];
        let file = crate::validation::build::design(
            30.0,
            15.0,
            nodes,
            vec![
                json!(["users", "lb"]),
                json!(["lb", "web"]),
                json!(["web", "db"]),
                json!(["web", "sessions"]),
            ],
        );
        ["web", "db", "sessions"]
            .iter()
            .map(|node| {
                let file = then(file.clone(), json!([{"at_s": 5, "do": "kill", "node": node, "part": 0}]));
                run(&file, seed).summary["users"]["failure_share"].as_f64().unwrap_or(1.0)
            })
            .fold(0.0, f64::max)
    };
    Sight { what, look: Box::new(look) }
}

pub(super) fn rows() -> Vec<Shown> {
    let failed = || at("/users/failure_share");
    let usd = || at("/cost/machines_usd_per_hour");
    let rolled_back =
        |d: &Done| d.sim.happenings().iter().filter(|h| matches!(h.what, What::Told(_))).count() as f64;
    let job = |d: &Done| d.node("users")["classes"]["job"]["response_p95_s"].as_f64().unwrap_or(0.0);
    vec![
        shown(
            23,
            "autoscaling",
            "share of failed requests",
            sight("four servers through the rush", rush(4, false, 20.0), failed()),
            sight("autoscaled", rush(4, true, 20.0), failed()),
            Ratio(0.0, 0.6),
        ),
        shown(
            23,
            "autoscaling",
            "share of failed requests",
            sight("servers boot in 5 s", rush(4, true, 5.0), failed()),
            sight("in 60 s", rush(4, true, 60.0), failed()),
            Diff(0.05, 0.6),
        ),
        shown(
            23,
            "autoscaling",
            "most servers at once",
            Sight {
                what: "what the target calls for: 600/s × 40 ms ÷ 4 workers ÷ 0.5",
                look: Box::new(|_| 12.0),
            },
            sight(
                "autoscaled: overshoot while the backlog is worked off",
                rush(4, true, 20.0),
                of("web", "instances_peak"),
            ),
            Diff(2.0, 15.0),
        ),
        shown(
            23,
            "autoscaling",
            "machines, USD per hour",
            sight("12 servers all the time", rush(12, false, 20.0), usd()),
            sight("autoscaled from four", rush(4, true, 20.0), usd()),
            Ratio(0.4, 0.97),
        ),
        shown(
            27,
            "bad-release",
            "share of failed requests, a sound release under 900 requests/s",
            sight("blue-green", released("blue_green", 0.0, "tell", 900.0), failed()),
            sight(
                "rolling, half of the servers at a time",
                released("rolling", 0.0, "tell", 900.0),
                failed(),
            ),
            Diff(0.005, 0.5),
        ),
        shown(
            27,
            "bad-release",
            "share of failed requests, a bad release",
            sight("rolling", released("rolling", 0.4, "tell", 400.0), failed()),
            sight(
                "canary, one server of eight for a minute",
                released("canary", 0.4, "tell", 400.0),
                failed(),
            ),
            Ratio(0.1, 0.8),
        ),
        shown(
            27,
            "bad-release",
            "share of failed requests, a bad release",
            sight("alarms only tell", released("rolling", 0.4, "tell", 400.0), failed()),
            sight("alarms roll back", released("rolling", 0.4, "roll_back", 400.0), failed()),
            Ratio(0.02, 0.6),
        ),
        shown(
            28,
            "photo-queue",
            "answer to a photo, p95 [s]",
            sight("processed by the web server", photos(false), job),
            sight("put in a queue", photos(true), job),
            Ratio(0.0, 0.1),
        ),
        shown(
            28,
            "photo-queue",
            "failed requests while no worker works for 40 s",
            sight("workers work", then(consumers_down(json!({})), json!([])), of("users", "failures_total")),
            sight("workers are down", consumers_down(json!({})), of("users", "failures_total")),
            Diff(0.0, 0.0),
        ),
        shown(
            28,
            "photo-queue",
            "most messages that wait",
            sight("workers work", then(consumers_down(json!({})), json!([])), of("queue", "backlog_peak")),
            sight("workers are down for 40 s", consumers_down(json!({})), of("queue", "backlog_peak")),
            Diff(500.0, 1000.0),
        ),
        shown(
            28,
            "photo-queue",
            "messages lost when the queue dies",
            sight("durable", queue_dies(true), of("queue", "lost")),
            sight("in memory only", queue_dies(false), of("queue", "lost")),
            Diff(200.0, 800.0),
        ),
        shown(
            29,
            "photo-queue",
            "backlog drained per second",
            sight("6 machines of 4 workers: 60 − 30 in the fluid limit", draining(6), drained_rps),
            sight("9 machines: 90 − 30", draining(9), drained_rps),
            Diff(25.0, 35.0),
        ),
        shown(
            30,
            "bad-release",
            "first alarm [s], errors from 30 s on",
            sight("scraped each 5 s, window 10 s", alarmed(5.0, 10.0), of("monitoring", "first_alarm_s")),
            sight("each 15 s, window 60 s", alarmed(15.0, 60.0), of("monitoring", "first_alarm_s")),
            Diff(3.0, 80.0),
        ),
        shown(
            30,
            "bad-release",
            "what monitoring and tier did by themselves, entries of the log",
            sight("a sound release", released("rolling", 0.0, "roll_back", 400.0), rolled_back),
            sight(
                "a bad one: alarm and roll-back",
                released("rolling", 0.4, "roll_back", 400.0),
                rolled_back,
            ),
            Diff(1.0, 40.0),
        ),
        shown(
            30,
            "bad-release",
            "revenue [USD]",
            sight(
                "a sound release",
                released("rolling", 0.0, "tell", 400.0),
                of("monitoring", "revenue_usd"),
            ),
            sight("a bad one", released("rolling", 0.4, "tell", 400.0), of("monitoring", "revenue_usd")),
            Ratio(0.5, 0.9),
        ),
        shown(
            30,
            "bad-release",
            "users lost",
            sight("a sound release", released("rolling", 0.0, "tell", 400.0), of("monitoring", "users_lost")),
            sight("a bad one", released("rolling", 0.4, "tell", 400.0), of("monitoring", "users_lost")),
            Diff(50.0, 1000.0),
        ),
        shown(
            30,
            "bad-release",
            "retention: share of a day's users who stay",
            sight("a sound release", released("rolling", 0.0, "tell", 400.0), of("monitoring", "retention")),
            sight("a bad one", released("rolling", 0.4, "tell", 400.0), of("monitoring", "retention")),
            Diff(-0.1, -0.01),
        ),
        shown(
            30,
            "bad-release",
            "daily active users, days of 30 s",
            sight("a sound release", days("tell", 0.0), of("monitoring", "daily_active_users")),
            sight("a bad one", days("tell", 0.4), of("monitoring", "daily_active_users")),
            Ratio(0.7, 0.99),
        ),
        shown(
            30,
            "bad-release",
            "daily active users after a bad release, days of 30 s",
            sight("nobody acts", days("tell", 0.4), of("monitoring", "daily_active_users")),
            sight("the alarm rolls it back", days("roll_back", 0.4), of("monitoring", "daily_active_users")),
            Ratio(1.01, 1.4),
        ),
        shown(
            36,
            "vertical-scaling",
            "machines, USD per hour, for the same load",
            sight("eight machines of size ×1", compute(8, "x1", false), usd()),
            sight("one of size ×8", compute(1, "x8", false), usd()),
            Ratio(0.99, 1.01),
        ),
        shown(
            36,
            "vertical-scaling",
            "share of failed requests, a machine dies half way",
            sight("eight machines", compute(8, "x1", true), failed()),
            sight("one large one", compute(1, "x8", true), failed()),
            Diff(0.4, 0.6),
        ),
        shown(
            37,
            "",
            "worst share of failed requests 10 s after a machine of any tier was killed",
            worst("each tier is one machine", 1),
            worst("each has two", 2),
            Ratio(0.0, 0.05),
        ),
    ]
}
