//! Rows of the catalogue that are quick to measure. `./dev validate` measures all.

use headroom_tests::validation::{
    self, Experiment, Part, Verdict, availability, balancing, caches, catalogue, cdn, closed, messages,
    money, places, published, queues, quorum, replication, report, resilience, scaling, shards, traffic,
};
use std::collections::BTreeSet;

fn check(experiments: Vec<Experiment>) {
    let quick: Vec<Experiment> = experiments.into_iter().filter(|x| x.part != Part::Full).collect();
    // One thread each: the test runner has several tests under way.
    let outcomes = validation::run_all(&quick, 1, |_| {});
    let lines: Vec<String> = outcomes.iter().map(report::line).collect();
    let table = format!("{}\n{}", report::heading(), lines.join("\n"));
    assert!(!outcomes.is_empty(), "there are quick rows");
    assert!(outcomes.iter().all(|o| o.verdict == Verdict::Pass), "{table}");
}

#[test]
fn queues_follow_their_theory() {
    check(queues::experiments());
}

#[test]
fn balancers_follow_their_theory() {
    check(balancing::experiments());
}

#[test]
fn closed_loops_follow_their_theory() {
    check(closed::experiments());
}

#[test]
fn caches_follow_their_theory() {
    check(caches::experiments());
}

#[test]
fn cdns_follow_their_theory() {
    check(cdn::experiments());
}

#[test]
fn distances_add_up() {
    check(places::experiments());
}

#[test]
fn wires_follow_their_theory() {
    check(resilience::experiments());
}

#[test]
fn availabilities_follow_their_theory() {
    check(availability::experiments());
}

#[test]
fn what_others_have_published_comes_out() {
    check(published::experiments());
}

#[test]
fn bills_add_up() {
    check(money::experiments());
}

#[test]
fn replicas_follow_their_theory() {
    check(replication::experiments());
}

#[test]
fn quorums_follow_their_theory() {
    check(quorum::experiments());
}

#[test]
fn shards_follow_their_theory() {
    check(shards::experiments());
}

#[test]
fn queues_of_messages_follow_their_theory() {
    check(messages::experiments());
}

#[test]
fn machines_that_come_and_go_follow_their_theory() {
    check(scaling::experiments());
}

#[test]
fn traffic_follows_its_theory() {
    check(traffic::experiments());
}

/// Every row is measured, or a reason says why not, and no row is measured twice by the same validation.
#[test]
fn every_row_has_its_place() {
    for part in [Part::Full, Part::Quick] {
        let ids: Vec<&str> = validation::experiments()
            .iter()
            .filter(|x| x.part == part || x.part == Part::Both)
            .flat_map(|x| x.rows.iter().copied())
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());
        if part == Part::Full {
            let left: usize = report::not_covered(&unique).iter().map(|(_, ids)| ids.len()).sum();
            assert_eq!(unique.len() + left, catalogue::rows().len());
        }
    }
}

/// A wrong reference is found out: the judge is no rubber stamp.
#[test]
fn a_wrong_reference_fails() {
    let mut row = catalogue::row("MM1").clone();
    let sample: Vec<f64> = (0..20).map(|i| row.value + 1e-5 * f64::from(i - 10)).collect();
    assert_eq!(validation::judge(&row, &sample).verdict, Verdict::Pass);
    row.value *= 1.01;
    assert_eq!(validation::judge(&row, &sample).verdict, Verdict::Fail);
    assert_eq!(
        validation::judge(&row, &sample[..10]).verdict,
        Verdict::TooWide,
        "ten replications say nothing"
    );
}
