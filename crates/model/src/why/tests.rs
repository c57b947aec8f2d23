#![allow(clippy::unwrap_used)]
use super::*;
use crate::kinds::Kind;
use crate::params::Params as _;
use crate::reason::Reason;
use crate::scenarios;
use crate::sim::trace::Phase;
use headroom_engine::SimTime;

fn run(text: &str, until_s: u64) -> (Design, Why) {
    let design = Design::parse(text).unwrap_or_else(|f| panic!("{f:?}"));
    let mut sim = Simulation::new(&design);
    sim.run_until(SimTime(until_s * 1_000_000_000), u64::MAX);
    let hash = sim.hash();
    let why = explain(&design, &sim);
    assert_eq!(sim.hash(), hash);
    (design, why)
}

/// One server with so many workers of 10 ms, so many requests a second.
fn server(rps: f64, workers: u32, law: &str, more: &str) -> String {
    format!(
        r#"{{"nodes":[{{"id":"users","kind":"users","params":{{"traffic":{{"preset":"constant","rps":{rps}}},"timeout_ms":2000}}}},
        {{"id":"web","kind":"web","params":{{"workers":{workers},"service":{{"law":"{law}","mean_ms":10}}{more}}}}}],
        "wires":[{{"from":"users","to":"web"}}],"run":{{"until_s":200,"window_s":10}}}}"#
    )
}

#[test]
fn the_parts_of_slow_requests_add_up_to_the_whole_in_every_scenario() {
    for scenario in scenarios::small() {
        let (_, why) = run(scenario.json, 30);
        let slow = &why.slow;
        assert!(slow.count > 0 && !slow.parts.is_empty(), "{}", scenario.id);
        assert_eq!(slow.parts.iter().map(|p| p.slow_ns).sum::<u64>(), slow.whole_ns, "{}", scenario.id);
        assert_eq!(slow.parts.iter().map(|p| p.usual_ns).sum::<u64>(), slow.usual_ns, "{}", scenario.id);
        let told: f64 = why.money.charges.iter().map(|c| c.usd_h).sum();
        assert!(told <= why.money.usd_h * (1.0 + 1e-12), "{}", scenario.id);
        assert!(why.errors.causes.iter().map(|c| c.count).sum::<u32>() <= why.errors.followed);
        for proposal in &why.tries {
            assert!(words::proposal(proposal).en.contains("{node}"));
        }
    }
}

#[test]
fn a_full_server_is_found_with_its_load() {
    // λS/c = 120 × 10 ms / 1 = 1.2: the queue grows by 20 a second.
    let (_, why) = run(&server(120.0, 1, "deterministic", r#","queue_limit":null"#), 100);
    let first = &why.resources[0];
    assert_eq!((first.node, first.part), (1, None));
    assert!(first.utilization > 0.999 && first.queue > 100.0, "{first:?}");
    let load = first.load.unwrap();
    assert!((load.rho - 1.2).abs() < 0.05 && (load.service_s - 0.01).abs() < 1e-4, "{load:?}");
    let part = why.slow.culprit().unwrap();
    assert_eq!((part.node, part.phase), (Some(1), Phase::Queue));
    let more = why.tries.iter().find(|t| t.what == What::More).unwrap();
    assert_eq!((more.workers, more.now), (2.0, 1.0));
    // The same with a short queue: refused requests are no work, and the load is that of all that come.
    let (_, why) = run(&server(120.0, 1, "deterministic", r#","queue_limit":5"#), 100);
    let load = why.resources[0].load.unwrap();
    assert!((load.rho - 1.2).abs() < 0.06 && (load.service_s - 0.01).abs() < 1e-4, "{load:?}");
    assert_eq!(why.errors.reasons[0].0, Reason::QueueFull);
    let cause = &why.errors.causes[0];
    assert_eq!((cause.node, cause.reason, cause.waited), (Some(1), Reason::QueueFull, None));
}

#[test]
fn the_wait_is_that_of_theory_and_littles_law_holds() {
    let (_, why) = run(&server(150.0, 2, "exponential", ""), 200);
    let mut seen = 0;
    for formula in &why.formulas {
        match *formula {
            Formula::Wait { theory_s, rho, workers, .. } => {
                // M/M/2 at ρ = 0.75: W = ρ²/(1 − ρ²) · S = 12.9 ms; ρ is the measured one.
                assert!((rho - 0.75).abs() < 0.05 && workers == 2.0, "{formula:?}");
                let exact = rho * rho / (1.0 - rho * rho) * 0.01;
                assert!((theory_s / exact - 1.0).abs() < 0.05, "{formula:?}");
                seen += 1;
            }
            Formula::Little { rate_rps, inside_s, level, .. } => {
                assert!((rate_rps * inside_s / level - 1.0).abs() < 0.02, "{formula:?}");
                seen += 1;
            }
            _ => {}
        }
    }
    assert!(seen >= 3, "{:?}", why.formulas);
}

#[test]
fn who_gives_up_waiting_is_told_where_it_waited() {
    let text = r#"{"nodes":[{"id":"users","kind":"users","params":{"traffic":{"preset":"constant","rps":40},"timeout_ms":300,"write_share":0}},
        {"id":"web","kind":"web"},{"id":"db","kind":"relational","params":{"workers":1,"read":{"law":"exponential","mean_ms":30}}}],
        "wires":[{"from":"users","to":"web"},{"from":"web","to":"db"}],"run":{"until_s":60}}"#;
    let (design, why) = run(text, 50);
    let cause = &why.errors.causes[0];
    assert_eq!((cause.node, cause.reason, cause.waited), (Some(2), Reason::Timeout, Some(Phase::Queue)));
    assert_eq!(why.errors.reasons[0].0, Reason::Timeout);
    let kinds: Vec<What> = why.tries.iter().map(|t| t.what).collect();
    assert_eq!(kinds, [What::More, What::Cache]);
    assert_eq!(why.tries[0].param(&design), Some("workers"));
}

#[test]
fn setting_a_connection_up_is_a_part_of_its_own() {
    let text = r#"{"nodes":[{"id":"users","kind":"users","params":{"traffic":{"preset":"constant","rps":20},"clients":100000}},
        {"id":"web","kind":"web"}],"wires":[{"from":"users","to":"web","latency_ms":40,"connect":"tls13"}],"run":{"until_s":30}}"#;
    let (_, why) = run(text, 30);
    let connect = why.slow.parts.iter().find(|p| p.phase == Phase::Connect).unwrap();
    // TCP and TLS 1.3 are two round trips of 80 ms, exactly, where no connection was open.
    assert_eq!(connect.slow_ns, u64::from(why.slow.count) * 160_000_000);
    assert_eq!(why.slow.parts.iter().map(|p| p.slow_ns).sum::<u64>(), why.slow.whole_ns);
}

#[test]
fn every_setting_that_is_named_exists() {
    let mut design = Design::default();
    for (i, kind) in Kind::ALL.iter().enumerate() {
        design.nodes.push(crate::design::Node::new(format!("n{i}"), *kind, 0.0, 0.0));
    }
    let all = [
        What::More,
        What::Fewer,
        What::Quicker,
        What::Pool,
        What::Nearer,
        What::KeepOpen,
        What::FewerRetries,
        What::RateLimit,
        What::Revive,
    ];
    for what in all {
        for (i, kind) in Kind::ALL.iter().enumerate() {
            let on_wire = matches!(what, What::Pool | What::Nearer | What::KeepOpen | What::RateLimit);
            let proposal = Try { what, node: i as u16, wire: on_wire.then_some(0), workers: 0.0, now: 0.0 };
            let Some(name) = proposal.param(&design) else { continue };
            let specs = if on_wire { crate::design::WireParams::specs() } else { kind.param_specs() };
            assert!(specs.iter().any(|p| p.name == name), "{what:?} {kind:?} {name}");
        }
    }
}
