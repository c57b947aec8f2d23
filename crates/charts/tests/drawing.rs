//! What charts draw, seen through a surface that writes everything down.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "made-up data for pictures")]

use headroom_charts::{
    Band, ChartError, CurveChart, Dash, Event, EventKind, Ghost, HeatChart, HeatRow, Line, Paint, Pane,
    Point, Rect, Role, Rule, Scale, Stroke, Surface, SvgSurface, TextLook, Theme, TimeChart, TimeFrame, Unit,
    YRange, estimated_text_width,
};

/// A surface that writes down what is drawn on it.
struct Recorder {
    size: (f32, f32),
    paths: Vec<(Vec<Point>, Stroke)>,
    fills: Vec<Vec<Point>>,
    rects: Vec<(Rect, Paint)>,
    circles: Vec<(Point, f32)>,
    texts: Vec<(String, Point, TextLook)>,
}

impl Recorder {
    fn new(w: f32, h: f32) -> Self {
        Self {
            size: (w, h),
            paths: Vec::new(),
            fills: Vec::new(),
            rects: Vec::new(),
            circles: Vec::new(),
            texts: Vec::new(),
        }
    }

    fn strokes_of(&self, theme: &Theme, role: Role) -> Vec<&(Vec<Point>, Stroke)> {
        // Swatches are level and 16 px long; they are no data.
        let is_swatch =
            |p: &[Point]| p.len() == 2 && p[0].y == p[1].y && (p[1].x - p[0].x - 16.0).abs() < 0.1;
        self.paths.iter().filter(|(p, s)| s.color == theme.color(role) && !is_swatch(p)).collect()
    }

    fn has_text(&self, wanted: &str) -> bool {
        self.texts.iter().any(|(t, ..)| t == wanted)
    }
}

impl Surface for Recorder {
    fn size(&self) -> (f32, f32) {
        self.size
    }
    fn path(&mut self, points: &[Point], stroke: &Stroke) {
        self.paths.push((points.to_vec(), *stroke));
    }
    fn fill_path(&mut self, points: &[Point], _: headroom_charts::Rgba) {
        self.fills.push(points.to_vec());
    }
    fn rect(&mut self, rect: Rect, paint: &Paint) {
        self.rects.push((rect, *paint));
    }
    fn circle(&mut self, center: Point, radius: f32, _: &Paint) {
        self.circles.push((center, radius));
    }
    fn text(&mut self, text: &str, at: Point, look: &TextLook) {
        self.texts.push((text.to_owned(), at, *look));
    }
    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32 {
        estimated_text_width(text, size, bold)
    }
}

fn seconds(n: usize) -> Vec<f32> {
    (0..n).map(|i| i as f32).collect()
}

#[test]
fn lines_go_where_the_layout_says() {
    let (times, values) = (seconds(101), (0..101).map(|i| (i * i) as f32 / 100.0).collect::<Vec<_>>());
    let lines = [Line::new("a", Role::Series1, &times, &values)];
    let theme = Theme::dark();
    for scale in [Scale::Linear, Scale::Log] {
        let mut surface = Recorder::new(613.0, 207.0);
        let chart = TimeChart { scale, ..TimeChart::new(TimeFrame::new(0.0, 100.0), Unit::Count, &lines) };
        let layout = chart.draw(&mut surface, &theme).unwrap();
        let strokes = surface.strokes_of(&theme, Role::Series1);
        assert_eq!(strokes.len(), 1);
        let points = &strokes[0].0;
        assert_eq!(points.len(), 101);
        for (i, p) in points.iter().enumerate() {
            let want_y = layout.y_of(f64::from(values[i]).max(layout.value.0));
            assert!((p.x - layout.x_of(i as f64)).abs() < 0.1, "{scale:?} {i}: {p:?}");
            assert!((p.y - want_y).abs() < 0.1, "{scale:?} {i}: {p:?} {want_y}");
        }
    }
}

#[test]
fn gaps_split_lines_and_lone_samples_are_dots() {
    let times = seconds(6);
    let values = [1.0, 2.0, f32::NAN, 3.0, f32::NAN, 2.0];
    let lines = [Line::new("a", Role::Series2, &times, &values)];
    let theme = Theme::light();
    let mut surface = Recorder::new(400.0, 150.0);
    TimeChart::new(TimeFrame::new(0.0, 5.0), Unit::Rate, &lines).draw(&mut surface, &theme).unwrap();
    assert_eq!(surface.strokes_of(&theme, Role::Series2).len(), 1);
    assert_eq!(surface.circles.len(), 2);
}

#[test]
fn many_samples_are_thinned_and_keep_their_peak() {
    let times: Vec<f32> = (0..50_000).map(|i| i as f32 / 100.0).collect();
    let mut values: Vec<f32> = (0..50_000).map(|i| (i % 10) as f32).collect();
    values[33_333] = 500.0;
    let lines = [Line::new("a", Role::Series1, &times, &values)];
    let theme = Theme::dark();
    let mut surface = Recorder::new(500.0, 200.0);
    let chart = TimeChart::new(TimeFrame::new(0.0, 500.0), Unit::Rate, &lines);
    let layout = chart.draw(&mut surface, &theme).unwrap();
    let strokes = surface.strokes_of(&theme, Role::Series1);
    let points = &strokes[0].0;
    assert!(points.len() <= 4 * layout.plot.w as usize, "{}", points.len());
    let peak = points.iter().map(|p| p.y).fold(f32::INFINITY, f32::min);
    assert!((peak - layout.y_of(500.0)).abs() < 0.1);
}

#[test]
fn panels_with_one_frame_line_up() {
    let times = seconds(60);
    let small: Vec<f32> = times.iter().map(|t| t / 1000.0).collect();
    let huge: Vec<f32> = times.iter().map(|t| t * 1e6).collect();
    let events = [Event { t: 30.0, label: "kill", kind: EventKind::Fault }];
    let frame =
        TimeFrame { left: 60.0, right: 14.0, events: &events, now: Some(50.0), ..TimeFrame::new(0.0, 59.0) };
    let theme = Theme::dark();
    let a = [Line::new("a", Role::Series1, &times, &small)];
    let b = [Line::new("a much longer name", Role::Series1, &times, &huge)];
    let rows = [HeatRow { label: "shard 0", values: &small, ghost: None }];
    let curve = [(0.0, 10.0), (59.0, 20.0)];
    let mut spans = Vec::new();
    let mut event_xs = Vec::new();
    for which in 0..4 {
        let mut s = Recorder::new(640.0, 160.0);
        let layout = match which {
            0 => TimeChart::new(frame, Unit::Seconds, &a).draw(&mut s, &theme).unwrap(),
            1 => TimeChart { title: "Bytes", ..TimeChart::new(frame, Unit::Bytes, &b) }
                .draw(&mut s, &theme)
                .unwrap(),
            2 => HeatChart::new(frame, Unit::Percent, &times, &rows).draw(&mut s, &theme).unwrap(),
            _ => CurveChart::new(frame, &curve).draw(&mut s, &theme).unwrap(),
        };
        spans.push((layout.plot.x, layout.plot.w, layout.time));
        let bad = theme.bad.alpha(0.7);
        let event = s.paths.iter().find(|(_, st)| st.color == bad).expect("the event's line");
        event_xs.push(event.0[0].x);
        assert!(s.has_text("kill"));
    }
    assert!(spans.iter().all(|s| *s == (60.0, 566.0, (0.0, 59.0))), "{spans:?}");
    assert!(event_xs.iter().all(|x| *x == event_xs[0]), "{event_xs:?}");
}

#[test]
fn dashes_and_names_tell_lines_apart_without_colour() {
    let times = seconds(10);
    let values = seconds(10);
    let lines = [
        Line::new("p50", Role::Series1, &times, &values),
        Line::new("p99", Role::Series2, &times, &values).dash(Dash::Dashed),
    ];
    let theme = Theme::dark();
    let mut surface = Recorder::new(400.0, 150.0);
    TimeChart::new(TimeFrame::new(0.0, 9.0), Unit::Seconds, &lines).draw(&mut surface, &theme).unwrap();
    assert!(surface.has_text("p50") && surface.has_text("p99"));
    assert!(surface.strokes_of(&theme, Role::Series1)[0].1.dash.is_empty());
    assert_eq!(surface.strokes_of(&theme, Role::Series2)[0].1.dash, Dash::Dashed.pattern());
    // The legend shows the dash as well, and nothing else keeps it on.
    let swatches = surface.paths.iter().filter(|(_, s)| s.width == 2.0);
    assert_eq!(swatches.filter(|(_, s)| s.dash == Dash::Dashed.pattern()).count(), 1);
    let grid = surface.paths.iter().filter(|(_, s)| s.color == theme.grid);
    assert!(grid.clone().count() > 4 && grid.clone().all(|(_, s)| s.dash.is_empty()));
}

#[test]
fn a_crosshair_reads_out_every_line() {
    let times = seconds(100);
    let values: Vec<f32> = times.iter().map(|t| t / 1000.0).collect();
    let lines = [Line::new("p50", Role::Series1, &times, &values)];
    let frame = TimeFrame { crosshair: Some(35.2), ..TimeFrame::new(0.0, 99.0) };
    let mut surface = Recorder::new(500.0, 150.0);
    let layout = TimeChart::new(frame, Unit::Seconds, &lines).draw(&mut surface, &Theme::dark()).unwrap();
    assert!(surface.has_text("35 ms") && surface.has_text("00:35.2"));
    let dot = surface.circles[0].0;
    assert!((dot.x - layout.x_of(35.0)).abs() < 0.1 && (dot.y - layout.y_of(0.035)).abs() < 0.1);
    let outside = TimeFrame { crosshair: Some(-5.0), ..frame };
    let mut surface = Recorder::new(500.0, 150.0);
    TimeChart::new(outside, Unit::Seconds, &lines).draw(&mut surface, &Theme::dark()).unwrap();
    assert!(surface.circles.is_empty());
}

#[test]
fn rules_join_the_axis_when_near_and_are_named_when_far() {
    let times = seconds(10);
    let values = [0.1f32; 10];
    let lines = [Line::new("p99", Role::Series1, &times, &values)];
    let theme = Theme::light();
    for (value, inside) in [(0.2, true), (5.0, false)] {
        let rules = [Rule { value, label: "SLO", role: Role::Bad, note: "" }];
        let mut surface = Recorder::new(400.0, 150.0);
        let chart =
            TimeChart { rules: &rules, ..TimeChart::new(TimeFrame::new(0.0, 9.0), Unit::Seconds, &lines) };
        let layout = chart.draw(&mut surface, &theme).unwrap();
        assert_eq!(layout.value.1 >= value, inside);
        assert_eq!(!surface.strokes_of(&theme, Role::Bad).is_empty(), inside);
        assert!(surface.has_text(if inside { "SLO 200 ms" } else { "↑ SLO 5 s" }), "{:?}", surface.texts);
    }
}

#[test]
fn a_fixed_range_cuts_lines_off_at_the_plot() {
    let times = seconds(200);
    let values: Vec<f32> = times.iter().map(|t| 100.0 * (t / 10.0).sin()).collect();
    let lines = [Line::new("a", Role::Series1, &times, &values).filled()];
    let theme = Theme::dark();
    let mut surface = Recorder::new(400.0, 200.0);
    let chart = TimeChart {
        y: YRange::Fixed(0.0, 50.0),
        ..TimeChart::new(TimeFrame::new(20.0, 150.0), Unit::Count, &lines)
    };
    let layout = chart.draw(&mut surface, &theme).unwrap();
    let drawn = surface.strokes_of(&theme, Role::Series1);
    assert!(drawn.len() > 2);
    for p in drawn.iter().flat_map(|(points, _)| points).chain(surface.fills.iter().flatten()) {
        assert!(layout.contains(p.x.round(), p.y.round()), "{p:?} {:?}", layout.plot);
    }
}

#[test]
fn an_empty_chart_says_so() {
    let mut surface = Recorder::new(400.0, 150.0);
    let chart = TimeChart {
        empty: "아직 끝난 요청이 없습니다",
        ..TimeChart::new(TimeFrame::new(0.0, 10.0), Unit::Seconds, &[])
    };
    chart.draw(&mut surface, &Theme::dark()).unwrap();
    assert!(surface.has_text("아직 끝난 요청이 없습니다"));
}

#[test]
fn no_size_is_too_small() {
    let times = seconds(10);
    let lines = [Line::new("a", Role::Series1, &times, &times)];
    let rows = [HeatRow { label: "s", values: &times, ghost: None }];
    let frame = TimeFrame { crosshair: Some(3.0), now: Some(4.0), ..TimeFrame::new(0.0, 10.0) };
    for (w, h) in [(0.0, 0.0), (1.0, 1.0), (70.0, 40.0), (77.0, 60.0), (90.0, 90.0)] {
        let mut s = Recorder::new(w, h);
        TimeChart { title: "Title", ..TimeChart::new(frame, Unit::Rate, &lines) }
            .draw(&mut s, &Theme::dark())
            .unwrap();
        HeatChart { hovered_row: Some(0), ..HeatChart::new(frame, Unit::Percent, &times, &rows) }
            .draw(&mut s, &Theme::dark())
            .unwrap();
        CurveChart::new(frame, &[(0.0, 1.0), (5.0, 2.0)]).draw(&mut s, &Theme::dark()).unwrap();
    }
}

#[test]
fn the_hottest_row_is_marked_and_cells_fill_the_plot() {
    let times = seconds(100);
    let cool = vec![0.2f32; 100];
    let hot: Vec<f32> = (0..100).map(|i| if i > 50 { 1.8 } else { 0.1 }).collect();
    let mut broken = cool.clone();
    broken[10..20].fill(f32::NAN);
    let rows = [
        HeatRow { label: "shard 0", values: &cool, ghost: None },
        HeatRow { label: "shard 1", values: &broken, ghost: None },
        HeatRow { label: "shard 2", values: &hot, ghost: None },
    ];
    let theme = Theme::dark();
    let mut surface = Recorder::new(500.0, 150.0);
    let chart = HeatChart::new(TimeFrame::new(0.0, 100.0), Unit::Ratio, &times, &rows);
    assert_eq!(chart.hottest_row(), Some(2));
    let layout = chart.draw(&mut surface, &theme).unwrap();
    assert!(surface.has_text("shard 2") && surface.has_text("shard 0") && surface.has_text("2×"));

    let row_y = |i: usize| layout.plot.y + (i as f32 + 0.5) * layout.plot.h / 3.0;
    let marks: Vec<&Vec<Point>> = surface.fills.iter().filter(|f| f[0].x < layout.plot.x).collect();
    assert_eq!(marks.len(), 1);
    assert!((marks[0][1].y - row_y(2)).abs() < 0.1);
    let bold: Vec<&String> = surface.texts.iter().filter(|(_, _, look)| look.bold).map(|(t, ..)| t).collect();
    assert_eq!(bold, ["shard 2"]);
    let cells = |i: usize| -> Vec<Rect> {
        let in_row = |r: &Rect| r.x >= layout.plot.x && r.y < row_y(i) && r.bottom() > row_y(i);
        surface.rects.iter().map(|(r, _)| *r).filter(in_row).collect()
    };
    assert_eq!(cells(0).len(), 1, "equal neighbours are one rectangle");
    assert_eq!(cells(0)[0].w, layout.plot.w);
    assert_eq!(cells(1).len(), 2, "a hole splits the row");
    assert_eq!(cells(2).len(), 2);
    assert!((cells(2)[1].x - layout.x_of(51.0)).abs() <= 0.5);
}

#[test]
fn curve_handles_can_be_found_and_dragged() {
    let points = [(0.0, 100.0), (60.0, 400.0), (120.0, 150.0)];
    let frame = TimeFrame::new(0.0, 180.0);
    let theme = Theme::light();
    let draw = |selected| {
        let mut surface = Recorder::new(600.0, 160.0);
        let chart = CurveChart { selected, ..CurveChart::new(frame, &points) };
        let layout = chart.draw(&mut surface, &theme).unwrap();
        (surface, layout)
    };
    let (plain, layout) = draw(None);
    for (i, &(t, v)) in points.iter().enumerate() {
        let (x, y) = (layout.x_of(t), layout.y_of(v));
        assert_eq!(layout.hit_handle(x + 3.0, y - 3.0, 8.0), Some(i));
        let (t2, v2) = layout.point_from_px(x, y);
        assert!((t2 - t).abs() < 0.01 && (v2 - v).abs() < 0.1);
    }
    assert_eq!(layout.hit_handle(layout.x_of(60.0), layout.y_of(400.0) + 20.0, 8.0), None);
    assert_eq!(layout.hit_handle(layout.x_of(60.0), layout.y_of(400.0) + 20.0, 22.0), Some(1));
    // Level after the last point, up to the end of the window.
    let line = &plain.strokes_of(&theme, Role::Series1)[0].0;
    let end = line[line.len() - 1];
    assert!((end.x - layout.plot.right()).abs() < 0.1 && (end.y - layout.y_of(150.0)).abs() < 0.1);
    let biggest = |s: &Recorder| s.circles.iter().map(|c| c.1).fold(0.0, f32::max);
    assert!(biggest(&draw(Some(1)).0) > biggest(&plain) + 2.0);
}

#[test]
fn faults_are_told_and_not_drawn() {
    let theme = Theme::dark();
    let mut s = Recorder::new(300.0, 100.0);
    let frame = TimeFrame::new(0.0, 10.0);
    let uneven = [Line::new("a", Role::Series1, &[0.0, 1.0], &[1.0])];
    let error = TimeChart::new(frame, Unit::Rate, &uneven).draw(&mut s, &theme).unwrap_err();
    assert_eq!(error.to_string(), "“a” has 1 values for 2 times");
    let backwards = TimeFrame::new(10.0, 10.0);
    assert!(matches!(
        TimeChart::new(backwards, Unit::Rate, &[]).draw(&mut s, &theme),
        Err(ChartError::TimeRange { .. })
    ));
    let log_to_zero =
        TimeChart { y: YRange::Fixed(0.0, 1.0), scale: Scale::Log, ..TimeChart::new(frame, Unit::Rate, &[]) };
    assert!(matches!(log_to_zero.draw(&mut s, &theme), Err(ChartError::ValueRange { .. })));
    let unsorted = [(5.0, 1.0), (2.0, 1.0)];
    assert_eq!(CurveChart::new(frame, &unsorted).draw(&mut s, &theme), Err(ChartError::Curve));
    assert!(s.paths.is_empty() && s.texts.is_empty());
}

#[test]
fn extreme_values_do_not_break_an_axis() {
    let times = seconds(3);
    for values in [
        [f32::MAX, 0.0, f32::MIN],
        [f32::MIN_POSITIVE, 0.0, 0.0],
        [f32::INFINITY, 1.0, f32::NEG_INFINITY],
        [-5.0, -7.0, -6.0],
        [0.0, 0.0, 0.0],
    ] {
        for scale in [Scale::Linear, Scale::Log] {
            for unit in [Unit::Rate, Unit::Seconds, Unit::Percent, Unit::Count, Unit::Bytes, Unit::Money] {
                let lines = [Line::new("a", Role::Series1, &times, &values).filled()];
                let mut s = Recorder::new(300.0, 150.0);
                let chart = TimeChart { scale, ..TimeChart::new(TimeFrame::new(0.0, 2.0), unit, &lines) };
                let layout = chart.draw(&mut s, &Theme::dark()).unwrap();
                let (low, high) = layout.value;
                assert!(low < high && low.is_finite() && high.is_finite(), "{values:?} {scale:?} {unit:?}");
                assert!(s.texts.len() < 40, "{values:?} {scale:?} {unit:?}: {}", s.texts.len());
            }
        }
    }
}

#[test]
fn labels_in_svg_are_escaped() {
    let times = seconds(5);
    let lines = [Line::new("<script>alert(1)</script>", Role::Series1, &times, &times)];
    let events = [Event { t: 1.0, label: "<img src=x>", kind: EventKind::Note }];
    let frame = TimeFrame { events: &events, ..TimeFrame::new(0.0, 5.0) };
    let mut svg = SvgSurface::new(800.0, 150.0);
    let chart = TimeChart { title: "\"a\" & <b>", ..TimeChart::new(frame, Unit::Rate, &lines) };
    chart
        .draw(&mut Pane::new(&mut svg, Rect { x: 10.0, y: 10.0, w: 700.0, h: 130.0 }), &Theme::dark())
        .unwrap();
    let out = svg.finish("<i>");
    for bad in ["<script", "<img", "<b>", "<i>"] {
        assert!(!out.contains(bad), "{bad}");
    }
    assert!(out.contains("&lt;script&gt;") && out.contains("&quot;a&quot; &amp; &lt;b&gt;"));
    assert_eq!(out.matches('<').count(), out.matches('>').count());
}

#[test]
fn a_pane_moves_everything_it_draws() {
    let points = [(0.0, 1.0), (5.0, 2.0)];
    let frame = TimeFrame { now: Some(2.0), ..TimeFrame::new(0.0, 10.0) };
    let chart = CurveChart::new(frame, &points);
    let mut plain = Recorder::new(300.0, 100.0);
    chart.draw(&mut plain, &Theme::dark()).unwrap();
    let mut whole = Recorder::new(500.0, 400.0);
    chart
        .draw(&mut Pane::new(&mut whole, Rect { x: 40.0, y: 70.0, w: 300.0, h: 100.0 }), &Theme::dark())
        .unwrap();
    for (a, b) in plain.texts.iter().zip(&whole.texts) {
        assert_eq!((a.1.x + 40.0, a.1.y + 70.0), (b.1.x, b.1.y));
    }
    assert_eq!((plain.paths.len(), plain.circles.len()), (whole.paths.len(), whole.circles.len()));
}

#[test]
fn a_ghost_is_thin_and_dashed_and_named_and_read_out() {
    let times = seconds(61);
    let (now, before) = (vec![0.2; 61], vec![0.1; 61]);
    let ghost = Ghost { times: &times, values: &before };
    let lines = [Line::new("p99", Role::Series1, &times, &now).ghost(Some(ghost))];
    let frame = TimeFrame { ghosts: "baseline", crosshair: Some(30.0), ..TimeFrame::new(0.0, 60.0) };
    let theme = Theme::light();
    let mut surface = Recorder::new(500.0, 160.0);
    let layout = TimeChart::new(frame, Unit::Seconds, &lines).draw(&mut surface, &theme).unwrap();
    let level = |v: f64| {
        let y = layout.y_of(v);
        let long = |p: &[Point]| p.len() > 2 && p.iter().all(|p| (p.y - y).abs() < 1.0);
        surface.paths.iter().find(|(p, _)| long(p)).map(|(_, s)| *s).unwrap()
    };
    let (line, ghost) = (level(0.2), level(0.1));
    assert!(line.dash.is_empty() && !ghost.dash.is_empty() && ghost.width < line.width);
    // In the legend and at the head of the read-out's second column, with the value under it.
    assert_eq!(surface.texts.iter().filter(|(t, ..)| t == "baseline").count(), 2);
    assert!(surface.has_text("200 ms") && surface.has_text("100 ms"));
}

#[test]
fn stretches_of_estimates_are_hatched_and_named_on_every_chart() {
    let times = seconds(61);
    let lines = [Line::new("a", Role::Series1, &times, &times)];
    let theme = Theme::light();
    let hatching = theme.axis_text.alpha(0.16);
    for estimated in [&[][..], &[(20.0, 40.0), (50.0, 80.0)]] {
        let frame = TimeFrame { estimated, estimates: "estimated", ..TimeFrame::new(0.0, 60.0) };
        for which in 0..2 {
            let mut s = Recorder::new(500.0, 160.0);
            let layout = match which {
                0 => TimeChart::new(frame, Unit::Count, &lines).draw(&mut s, &theme),
                _ => CurveChart::new(frame, &[(0.0, 1.0), (60.0, 2.0)]).draw(&mut s, &theme),
            }
            .unwrap();
            let hatched: Vec<&Vec<Point>> =
                s.paths.iter().filter(|(_, stroke)| stroke.color == hatching).map(|(path, _)| path).collect();
            assert_eq!(hatched.len() > 10, !estimated.is_empty());
            assert_eq!(
                s.texts.iter().filter(|(t, ..)| t == "estimated").count(),
                usize::from(!estimated.is_empty())
            );
            for point in hatched.into_iter().flatten() {
                let t = f64::from((point.x - layout.plot.x) / layout.plot.w) * 60.0;
                assert!((19.99..=40.01).contains(&t) || (49.99..=60.01).contains(&t), "{t}");
                assert!(point.y >= layout.plot.y - 0.1 && point.y <= layout.plot.bottom() + 0.1);
            }
        }
    }
}

#[test]
fn a_band_is_tinted_behind_its_line_and_named() {
    let times = seconds(61);
    let (now, low, high) = (vec![0.2; 61], vec![0.1; 61], vec![0.9; 61]);
    let band = Band { times: &times, low: &low, high: &high };
    let lines = [Line { band: Some(band), ..Line::new("p99", Role::Series1, &times, &now) }];
    let frame = TimeFrame { bands: "10 seeds", ..TimeFrame::new(0.0, 60.0) };
    let chart = |lines| {
        let mut surface = Recorder::new(500.0, 160.0);
        let layout = TimeChart::new(frame, Unit::Seconds, lines).draw(&mut surface, &Theme::light()).unwrap();
        (surface, layout)
    };
    let (surface, layout) = chart(&lines);
    // The axis has room for all of it.
    assert!(layout.value.1 >= 0.9);
    let (top, bottom) = (layout.y_of(0.9), layout.y_of(0.1));
    let is_band = |fill: &&Vec<Point>| {
        let at = |y: f32| fill.iter().any(|p| (p.y - y).abs() < 1.0);
        at(top) && at(bottom) && fill.iter().all(|p| p.y >= top - 1.0 && p.y <= bottom + 1.0)
    };
    assert_eq!(surface.fills.iter().filter(is_band).count(), 1);
    assert!(surface.has_text("10 seeds"));
    let (plain, _) = chart(&[Line::new("p99", Role::Series1, &times, &now)]);
    assert!(plain.fills.is_empty() && !plain.has_text("10 seeds"));
}

#[test]
fn a_stretch_that_is_being_chosen_is_tinted_on_every_chart() {
    let times = seconds(61);
    let lines = [Line::new("a", Role::Series1, &times, &times)];
    let rows = [HeatRow { label: "s", values: &times, ghost: None }];
    let frame = TimeFrame { chosen: Some((40.0, 20.0)), ..TimeFrame::new(0.0, 60.0) };
    let theme = Theme::dark();
    let mut spans = Vec::new();
    for which in 0..3 {
        let mut s = Recorder::new(500.0, 160.0);
        let layout = match which {
            0 => TimeChart::new(frame, Unit::Count, &lines).draw(&mut s, &theme),
            1 => HeatChart::new(frame, Unit::Count, &times, &rows).draw(&mut s, &theme),
            _ => CurveChart::new(frame, &[(0.0, 1.0), (60.0, 2.0)]).draw(&mut s, &theme),
        }
        .unwrap();
        let tint = Paint::Fill(theme.color(Role::Series1).alpha(0.16));
        let (rect, _) = s.rects.iter().find(|(_, paint)| *paint == tint).expect("the tint");
        assert!((rect.x - layout.x_of(20.0)).abs() < 0.1 && (rect.right() - layout.x_of(40.0)).abs() < 0.1);
        spans.push(rect.x);
    }
    assert!(spans.iter().all(|x| *x == spans[0]), "{spans:?}");
}
