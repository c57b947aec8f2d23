//! `headroom why`: where slow requests lose their time, what is full, what fails first, what costs most, and the laws behind.

use super::{Command, one_design};
use crate::Io;
use crate::args::{Words, duration_s};
use crate::failure::{Failure, printable};
use crate::report::{Quantity, cell};
use headroom_model::design::Design;
use headroom_model::kinds::Unit;
use headroom_model::sim::money::GROUPS;
use headroom_model::why::{Why, explain_at, words};
use serde_json::json;

pub const COMMAND: Command = Command {
    name: "why",
    does: "say why it is slow, failing or dear: where the time goes, what is full, what fails first",
    hint: "headroom why --help",
    help: "\
headroom why DESIGN [--at TIME]

Simulates the design and explains the last moment: where the time of the slowest requests of the last minute went (the
parts add up to the whole exactly), which part is used most, what fails first, what costs most, and the laws behind it
with the measured numbers in them.

  --at TIME  the moment instead of the end of the run: 60s, 5m, 1h, 500ms, or plain seconds

DESIGN is a file, a share link, or - for standard input.
",
    run,
};

fn run(words: &mut Words, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut at_s = None;
    let design = one_design(words, io, |words, option| {
        let known = option == "--at";
        if known {
            at_s = Some(words.value(option, duration_s)?);
        }
        Ok(known)
    })?;
    io.out.write_all(text(&design, &explain_at(&design, at_s)).as_bytes())?;
    Ok(())
}

fn write(unit: Unit, x: f64) -> String {
    let quantity = match unit {
        Unit::Seconds => Quantity::Time,
        Unit::Share => Quantity::Share,
        _ => Quantity::Plain,
    };
    // A count of thousands has no use for what comes after the point.
    let number =
        cell(&json!((x * 1e4).round() / 1e4), if unit == Unit::Seconds { Quantity::Plain } else { quantity });
    match unit {
        Unit::Seconds => cell(&json!(x), quantity),
        Unit::Rate => format!("{number}/s"),
        Unit::Money => format!("${number}"),
        _ => number,
    }
}

fn text(design: &Design, why: &Why) -> String {
    let name = |node: Option<u16>| match node.and_then(|n| design.nodes.get(usize::from(n))) {
        Some(node) => printable(&node.id),
        None => "client".to_owned(),
    };
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let slow = &why.slow;
    let mean = |ns: u64, n: u32| ns as f64 / f64::from(n.max(1)) / 1e9;
    line(format!(
        "Where the time goes: the {} slowest requests of the last minute, {} on average (usual ones: {})",
        slow.count,
        write(Unit::Seconds, mean(slow.whole_ns, slow.count)),
        write(Unit::Seconds, mean(slow.usual_ns, slow.usual_count))
    ));
    for part in slow.parts.iter().filter(|p| p.slow_ns * 200 >= slow.whole_ns) {
        let share = part.slow_ns as f64 / slow.whole_ns.max(1) as f64;
        line(format!(
            "  {:<16} {:<28} {:>10} {:>8}",
            name(part.node),
            words::phase(part.phase).en,
            write(Unit::Seconds, mean(part.slow_ns, slow.count)),
            write(Unit::Share, share)
        ));
    }
    line(format!("\nUsed most, over the last {}", write(Unit::Seconds, why.look_s)));
    for r in &why.resources {
        let part = r.part.map_or(String::new(), |p| format!(" #{}", p + 1));
        let dead = if r.dead > 0 { format!(", {} of {} dead", r.dead, r.parts) } else { String::new() };
        line(format!(
            "  {:<16} {:>8} in use, {} waiting{dead}",
            format!("{}{part}", name(Some(r.node))),
            write(Unit::Share, r.utilization),
            write(Unit::Count, r.queue)
        ));
    }
    let errors = &why.errors;
    line(format!("\nFailed: {} of {} requests", errors.failed(), errors.ended));
    for (reason, n) in &errors.reasons {
        line(format!("  {:<28} {n}", reason.label().en));
    }
    for cause in &errors.causes {
        let waited = cause.waited.map_or(String::new(), |p| format!(", while in: {}", words::phase(p).en));
        line(format!(
            "  first at {}: {}{waited} ({} of the latest {} followed)",
            name(cause.node),
            cause.reason.label().en,
            cause.count,
            errors.followed
        ));
    }
    line(format!("\nCost: {} per hour", write(Unit::Money, why.money.usd_h)));
    for charge in &why.money.charges {
        let what = GROUPS.get(usize::from(charge.group)).map_or("", |g| g.1.en);
        line(format!("  {:<16} {what:<12} {}", name(charge.node), write(Unit::Money, charge.usd_h)));
    }
    line("\nThe laws behind it".to_owned());
    for formula in &why.formulas {
        let law = words::law(formula);
        let at = law.node.map_or(String::new(), |(n, p)| {
            format!(", {}{}", name(Some(n)), p.map_or(String::new(), |p| format!(" #{}", p + 1)))
        });
        let mut said = law.law.en.to_owned();
        for (key, unit, x) in &law.numbers {
            said = said.replace(&format!("{{{key}}}"), &write(*unit, *x));
        }
        line(format!("  {}{at}: {said}. {}", law.name.en, law.says.en));
    }
    if !why.tries.is_empty() {
        line("\nTo try".to_owned());
    }
    for proposal in &why.tries {
        let said = words::proposal(proposal).en.replace("{node}", &name(Some(proposal.node)));
        let said = said
            .replace("{workers}", &write(Unit::Count, proposal.workers))
            .replace("{now}", &write(Unit::Count, proposal.now));
        let param = proposal.param(design).map_or(String::new(), |p| format!(" [{p}]"));
        line(format!("  {said}{param}"));
    }
    out
}
