//! Writes one SVG per chart and theme into a folder, to look at after a change of the drawings:
//! `cargo run -p headroom-charts --example gallery -- FOLDER`

#![allow(clippy::disallowed_methods, reason = "made-up data for pictures")]

use std::error::Error;
use std::path::Path;

use headroom_charts::{
    CurveChart, Dash, Event, EventKind, HeatChart, HeatRow, Line, Pane, Rect, Role, Rule, Scale, SvgSurface,
    Theme, TimeChart, TimeFrame, Unit,
};

const SECONDS: usize = 600;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: gallery FOLDER")?;
    for (name, theme) in [("dark", Theme::dark()), ("light", Theme::light())] {
        for (chart, svg) in [
            ("panels", panels(&theme)?),
            ("heat", heat(&theme)?),
            ("curve", curve(&theme)?),
            ("phone", phone(&theme)?),
        ] {
            std::fs::write(Path::new(&folder).join(format!("{chart}-{name}.svg")), svg)?;
        }
    }
    Ok(())
}

/// A repeatable wiggle between −1 and 1.
fn wiggle(i: usize, salt: usize) -> f32 {
    let x = (i * 7919 + salt * 104_729) % 1009;
    let y = (i / 7 * 6101 + salt * 15_485) % 997;
    (x as f32 / 1009.0 + y as f32 / 997.0) - 1.0
}

fn is_down(i: usize) -> bool {
    (240..330).contains(&i)
}

fn panels(theme: &Theme) -> Result<String, Box<dyn Error>> {
    let times: Vec<f32> = (0..SECONDS).map(|i| i as f32).collect();
    let series = |f: &dyn Fn(usize) -> f32| -> Vec<f32> { (0..SECONDS).map(f).collect() };
    let offered = series(&|i| 900.0 + 700.0 * (i as f32 / 95.0).sin() + 40.0 * wiggle(i, 1));
    let served = series(&|i| {
        if is_down(i) { 480.0 + 50.0 * wiggle(i, 2) } else { offered[i].min(1400.0) + 10.0 * wiggle(i, 2) }
    });
    let failed = series(&|i| (offered[i] - served[i]).max(0.0));
    let p50 = series(&|i| 0.012 + if is_down(i) { 0.05 } else { 0.002 * wiggle(i, 3) });
    let p95 = series(&|i| p50[i] * 4.0 + 0.004 * wiggle(i, 4));
    let p99 = series(&|i| if i == 300 { f32::NAN } else { p95[i] * 3.0 + 0.05 * wiggle(i, 5).abs() });
    let web = series(&|i| (0.55 + 0.25 * (i as f32 / 95.0).sin() + 0.04 * wiggle(i, 6)).min(1.0));
    let db = series(&|i| if is_down(i) { f32::NAN } else { (web[i] * 1.2).min(1.0) });
    let replicas = series(&|i| [2.0, 3.0, 5.0][i / 220 % 3]);

    let events = [
        Event { t: 60.0, label: "deploy", kind: EventKind::Change },
        Event { t: 240.0, label: "kill db-1", kind: EventKind::Fault },
        Event { t: 330.0, label: "promote db-2", kind: EventKind::Recovery },
        Event { t: 470.0, label: "한국 방송", kind: EventKind::Note },
    ];
    let frame = TimeFrame {
        events: &events,
        now: Some(560.0),
        crosshair: Some(282.0),
        ..TimeFrame::new(0.0, SECONDS as f64)
    };
    let top = TimeFrame { time_labels: false, ..frame };
    let stacked = TimeFrame { event_labels: false, ..top };

    let (w, h) = (760.0, 190.0);
    let mut svg = SvgSurface::with_background(w + 32.0, 4.0 * h + 44.0, theme.paper);
    let mut pane = |row: f32, chart: &TimeChart<'_>| {
        chart.draw(&mut Pane::new(&mut svg, Rect { x: 16.0, y: 16.0 + row * h, w, h: h - 8.0 }), theme)
    };
    let rates = [
        Line::new("offered", Role::Series1, &times, &offered).dash(Dash::Dashed),
        Line::new("served", Role::Series3, &times, &served).filled(),
        Line::new("failed", Role::Bad, &times, &failed).dash(Dash::Dotted),
    ];
    pane(0.0, &TimeChart { title: "Requests", ..TimeChart::new(top, Unit::Rate, &rates) })?;
    let latencies = [
        Line::new("p50", Role::Series1, &times, &p50),
        Line::new("p95", Role::Series2, &times, &p95).dash(Dash::Dashed),
        Line::new("p99", Role::Series4, &times, &p99).dash(Dash::DashDot),
    ];
    let slo = [Rule { value: 0.2, label: "SLO", role: Role::Warn, note: "" }];
    let latency = TimeChart {
        title: "Latency",
        rules: &slo,
        scale: Scale::Log,
        ..TimeChart::new(stacked, Unit::Seconds, &latencies)
    };
    pane(1.0, &latency)?;
    let shares = [
        Line::new("web", Role::Series1, &times, &web),
        Line::new("database", Role::Series2, &times, &db).dash(Dash::Dashed),
    ];
    pane(2.0, &TimeChart { title: "Utilisation", ..TimeChart::new(stacked, Unit::Percent, &shares) })?;
    let counts = [Line::new("web servers", Role::Series5, &times, &replicas).step().filled()];
    pane(
        3.0,
        &TimeChart {
            title: "Replicas",
            ..TimeChart::new(TimeFrame { event_labels: false, ..frame }, Unit::Count, &counts)
        },
    )?;
    Ok(svg.finish("Panels"))
}

fn heat(theme: &Theme) -> Result<String, Box<dyn Error>> {
    let times: Vec<f32> = (0..SECONDS / 5).map(|i| 5.0 * i as f32).collect();
    let load = |shard: usize, i: usize, many: usize| {
        let hot = if shard == many / 3 && i > 40 { 1.1 } else { 0.0 };
        (0.35 + 0.15 * (i as f32 / 20.0).sin() + 0.12 * wiggle(i, shard) + hot).max(0.0)
    };
    let mut svg = SvgSurface::with_background(792.0, 480.0, theme.paper);
    let events = [Event { t: 205.0, label: "celebrity post", kind: EventKind::Note }];
    let frame = TimeFrame {
        events: &events,
        now: Some(520.0),
        crosshair: Some(320.0),

        ..TimeFrame::new(0.0, SECONDS as f64)
    };
    for (many, y, h) in [(8usize, 16.0, 210.0), (48, 240.0, 230.0)] {
        let labels: Vec<String> = (0..many).map(|i| format!("shard {i}")).collect();
        let values: Vec<Vec<f32>> =
            (0..many).map(|s| (0..times.len()).map(|i| load(s, i, many)).collect()).collect();
        let rows: Vec<HeatRow<'_>> = labels
            .iter()
            .zip(&values)
            .map(|(label, values)| HeatRow { label, values, ghost: None })
            .collect();
        let chart = HeatChart {
            title: "Load per shard",
            hovered_row: (many == 8).then_some(4),
            ..HeatChart::new(frame, Unit::Percent, &times, &rows)
        };
        chart.draw(&mut Pane::new(&mut svg, Rect { x: 16.0, y, w: 760.0, h }), theme)?;
    }
    Ok(svg.finish("Heat"))
}

fn curve(theme: &Theme) -> Result<String, Box<dyn Error>> {
    let points =
        [(0.0, 300.0), (90.0, 500.0), (180.0, 420.0), (240.0, 2100.0), (330.0, 1900.0), (420.0, 600.0)];
    let mut svg = SvgSurface::with_background(792.0, 420.0, theme.paper);
    let frame = TimeFrame { now: Some(130.0), ..TimeFrame::new(0.0, SECONDS as f64) };
    let chart = CurveChart { title: "Traffic", selected: Some(3), ..CurveChart::new(frame, &points) };
    chart.draw(&mut Pane::new(&mut svg, Rect { x: 16.0, y: 16.0, w: 760.0, h: 180.0 }), theme)?;
    let day = [
        (0.0, 300.0),
        (5.0 * 3600.0, 200.0),
        (9.0 * 3600.0, 2400.0),
        (20.0 * 3600.0, 3900.0),
        (86_400.0, 400.0),
    ];
    let frame = TimeFrame { now: Some(30_000.0), ..TimeFrame::new(0.0, 86_400.0) };
    let narrow = CurveChart { hovered: Some(2), ..CurveChart::new(frame, &day) };
    narrow.draw(&mut Pane::new(&mut svg, Rect { x: 16.0, y: 220.0, w: 330.0, h: 160.0 }), theme)?;
    let empty = TimeChart {
        title: "Latency",
        empty: "No request has finished yet",
        ..TimeChart::new(TimeFrame::new(0.0, 60.0), Unit::Seconds, &[])
    };
    empty.draw(&mut Pane::new(&mut svg, Rect { x: 390.0, y: 220.0, w: 386.0, h: 160.0 }), theme)?;
    Ok(svg.finish("Curve"))
}

/// A narrow screen: the legend takes rows of its own, far levels are named at the edge.
fn phone(theme: &Theme) -> Result<String, Box<dyn Error>> {
    let times: Vec<f32> = (0..200).map(|i| i as f32 * 400.0).collect();
    let series = |salt: usize, base: f32| -> Vec<f32> {
        (0..200).map(|i| base * (1.0 + 0.3 * wiggle(i, salt)) * (1.2 + (i as f32 / 30.0).sin())).collect()
    };
    let values: Vec<Vec<f32>> = (0..5).map(|i| series(i, 0.010 * (i + 1) as f32)).collect();
    let names = ["ap-northeast-2", "us-east-1", "eu-west-1", "sa-east-1", "서울 리전"];
    let lines: Vec<Line<'_>> = names
        .iter()
        .zip(&values)
        .enumerate()
        .map(|(i, (name, values))| Line::new(name, Role::series(i), &times, values).dash(Dash::nth(i)))
        .collect();
    let rules = [Rule { value: 1.5, label: "SLO", role: Role::Warn, note: "" }];
    let events = [
        Event { t: 20_000.0, label: "deploy v2", kind: EventKind::Change },
        Event { t: 26_000.0, label: "rollback", kind: EventKind::Recovery },
        Event { t: 76_000.0, label: "purge", kind: EventKind::Change },
    ];
    let frame = TimeFrame { events: &events, crosshair: Some(62_000.0), ..TimeFrame::new(0.0, 80_000.0) };
    let mut svg = SvgSurface::with_background(352.0, 500.0, theme.paper);
    let chart =
        TimeChart { title: "p99 by region", rules: &rules, ..TimeChart::new(frame, Unit::Seconds, &lines) };
    chart.draw(&mut Pane::new(&mut svg, Rect { x: 12.0, y: 12.0, w: 328.0, h: 220.0 }), theme)?;
    let small = TimeChart {
        title: "Cost per hour",
        ..TimeChart::new(TimeFrame { crosshair: None, ..frame }, Unit::Money, &lines[..1])
    };
    small.draw(&mut Pane::new(&mut svg, Rect { x: 12.0, y: 240.0, w: 328.0, h: 90.0 }), theme)?;
    let fixed = TimeChart {
        y: headroom_charts::YRange::Fixed(0.02, 0.05),
        ..TimeChart::new(TimeFrame { crosshair: None, ..frame }, Unit::Bytes, &lines[1..3])
    };
    fixed.draw(&mut Pane::new(&mut svg, Rect { x: 12.0, y: 350.0, w: 328.0, h: 140.0 }), theme)?;
    Ok(svg.finish("Phone"))
}
