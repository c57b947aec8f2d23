//! The `headroom` command.
fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(path).expect("readable");
    let design = headroom_model::design::Design::parse(&text).expect("valid");
    let mut sim = headroom_model::sim::Simulation::new(&design);
    let t = std::time::Instant::now();
    sim.run();
    eprintln!(
        "{:?} {} events, {:.1} M/s conserved {}",
        t.elapsed(),
        sim.events(),
        sim.events() as f64 / t.elapsed().as_secs_f64() / 1e6,
        sim.is_conserved()
    );
    println!(
        "{}",
        serde_json::to_string_pretty(&headroom_model::summary::summarize(&design, &mut sim)).expect("json")
    );
}
