//! Lines of a time chart: gaps, cutting to the visible window, and thinning to the width of the screen.

use crate::theme::Role;

/// Pattern of a line, so that lines differ without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// A dash and a dot in turn.
    DashDot,
    /// A dash and two dots in turn.
    DashDotDot,
}

impl Dash {
    /// Lengths of dashes and gaps in turn [px].
    pub fn pattern(self) -> &'static [f32] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[6.0, 4.0],
            Dash::Dotted => &[1.5, 3.0],
            Dash::DashDot => &[7.0, 3.0, 1.5, 3.0],
            Dash::DashDotDot => &[7.0, 3.0, 1.5, 2.5, 1.5, 3.0],
        }
    }

    /// The pattern for the `index`-th line of a chart; after four they begin again.
    pub fn nth(index: usize) -> Self {
        [Self::Solid, Self::Dashed, Self::Dotted, Self::DashDot][index % 4]
    }
}

/// How a line goes from one sample to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Straight.
    #[default]
    Linear,
    /// Holds each value until the next sample: for counts and settings.
    Step,
}

/// One line of a [`crate::TimeChart`].
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// What its colour stands for.
    pub role: Role,
    /// When the samples were taken [s], in rising order.
    pub times: &'a [f32],
    /// The samples, in the chart's unit and as many as `times`; not a number makes a gap.
    pub values: &'a [f32],
    /// Its pattern.
    pub dash: Dash,
    /// How it goes from sample to sample.
    pub shape: Shape,
    /// Whether the area below is tinted.
    pub filled: bool,
    /// The same line of a run to compare with: drawn thin and dashed behind.
    pub ghost: Option<Ghost<'a>>,
    /// What many runs of it lie between: tinted behind.
    pub band: Option<Band<'a>>,
}

/// What a line lies between in many runs.
#[derive(Clone, Copy, Debug)]
pub struct Band<'a> {
    /// When the samples were taken [s], in rising order.
    pub times: &'a [f32],
    /// Lower edge, as many as `times`; not a number makes a gap.
    pub low: &'a [f32],
    /// Upper edge, as many as `times`, with the same gaps.
    pub high: &'a [f32],
}

impl Band<'_> {
    /// How much of the line's colour it has.
    pub(crate) const TINT: f32 = 0.16;

    /// Its lower and its upper edge as lines.
    fn edges(&self) -> [Line<'_>; 2] {
        [self.low, self.high].map(|values| Line::new("", Role::Muted, self.times, values))
    }

    /// The outlines of its unbroken stretches in a window, along the lower edge and back along the upper one. `raise` takes
    /// a value to its height, `low` and `high` are the ends of the axis.
    pub(crate) fn outlines(
        &self,
        (t0, t1): (f64, f64),
        columns: usize,
        raise: impl Fn(f64) -> f64,
        (low, high): (f64, f64),
    ) -> Vec<Vec<(f64, f64)>> {
        let [below, above] = self.edges().map(|edge| edge.runs(t0, t1));
        let drawn = |run: Vec<(f64, f64)>| {
            let raised = run.into_iter().map(|(t, v)| (t, raise(v))).collect();
            flatten(thin(raised, t0, t1, columns), low, high)
        };
        let outline = |(below, above)| {
            let mut points = drawn(below);
            points.extend(drawn(above).into_iter().rev());
            points
        };
        below.into_iter().zip(above).filter(|(run, _)| run.len() > 1).map(outline).collect()
    }
}

/// What a line, or a row of a heat map, was in a run to compare with.
#[derive(Clone, Copy, Debug)]
pub struct Ghost<'a> {
    /// When the samples were taken [s], in rising order.
    pub times: &'a [f32],
    /// The samples, as many as `times`.
    pub values: &'a [f32],
}

impl Ghost<'_> {
    /// Its pattern, which no other line has.
    pub(crate) const DASH: &'static [f32] = &[3.0, 2.0];
    /// Its width [px].
    pub(crate) const WIDTH: f32 = 1.0;

    /// As a line by itself.
    pub(crate) fn line(&self, role: Role) -> Line<'_> {
        Line::new("", role, self.times, self.values)
    }

    /// Its value at a moment, or not a number.
    pub fn value_at(&self, t: f64) -> f64 {
        self.line(Role::Muted).sample_at(t).map_or(f64::NAN, |s| s.1)
    }
}

impl<'a> Line<'a> {
    /// A solid, straight line.
    pub fn new(name: &'a str, role: Role, times: &'a [f32], values: &'a [f32]) -> Self {
        Self {
            name,
            role,
            times,
            values,
            dash: Dash::Solid,
            shape: Shape::Linear,
            filled: false,
            ghost: None,
            band: None,
        }
    }

    /// The same with another pattern.
    pub fn dash(self, dash: Dash) -> Self {
        Self { dash, ..self }
    }

    /// The same as a staircase.
    pub fn step(self) -> Self {
        Self { shape: Shape::Step, ..self }
    }

    /// The same with the area below tinted.
    pub fn filled(self) -> Self {
        Self { filled: true, ..self }
    }

    /// The same with what it was in a run to compare with.
    pub fn ghost(self, ghost: Option<Ghost<'a>>) -> Self {
        Self { ghost, ..self }
    }

    /// The sample that the line shows at a moment, as (time [s], value): the nearest one, or for a staircase the last
    /// one before. `None` in a gap and outside the samples.
    pub fn sample_at(&self, t: f64) -> Option<(f64, f64)> {
        let len = self.times.len().min(self.values.len());
        let after = self.times[..len].partition_point(|&x| f64::from(x) <= t);
        let spacing = |i: usize| f64::from(self.times[i + 1] - self.times[i]);
        let index = match (after, self.shape) {
            (0, _) if len == 0 => return None,
            (0, _) => {
                let reach = if len > 1 { spacing(0) } else { 0.0 };
                if f64::from(self.times[0]) - t > reach {
                    return None;
                }
                0
            }
            (n, _) if n == len => {
                let reach = if len > 1 { spacing(len - 2) } else { 0.0 };
                if t - f64::from(self.times[len - 1]) > reach {
                    return None;
                }
                len - 1
            }
            (n, Shape::Step) => n - 1,
            (n, Shape::Linear) => {
                let (before, next) = (f64::from(self.times[n - 1]), f64::from(self.times[n]));
                if t - before <= next - t { n - 1 } else { n }
            }
        };
        let (time, value) = (f64::from(self.times[index]), f64::from(self.values[index]));
        value.is_finite().then_some((time, value))
    }

    /// Smallest and largest sample between two moments, counting only those above `floor`.
    pub(crate) fn extent(&self, t0: f64, t1: f64, floor: f64) -> Option<(f64, f64)> {
        let mut extent: Option<(f64, f64)> = None;
        for run in self.runs(t0, t1) {
            for (_, v) in run {
                if v > floor {
                    let (low, high) = extent.unwrap_or((v, v));
                    extent = Some((low.min(v), high.max(v)));
                }
            }
        }
        extent
    }

    /// The same, with what it was before and what many runs lie between.
    pub(crate) fn extent_of_both(&self, t0: f64, t1: f64, floor: f64) -> Option<(f64, f64)> {
        let ghost = self.ghost.and_then(|g| g.line(self.role).extent(t0, t1, floor));
        let edges = self.band.iter().flat_map(|b| b.edges().map(|edge| edge.extent(t0, t1, floor)));
        let extents = self.extent(t0, t1, floor).into_iter().chain(ghost).chain(edges.flatten());
        extents.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The unbroken stretches of the line that touch the window, cut at its ends.
    pub(crate) fn runs(&self, t0: f64, t1: f64) -> Vec<Vec<(f64, f64)>> {
        let mut runs = Vec::new();
        let mut run: Vec<(f64, f64)> = Vec::new();
        let len = self.times.len().min(self.values.len());
        // One sample before the window and one after it, so that lines enter and leave at its edges.
        let first = self.times[..len].partition_point(|&t| f64::from(t) < t0).saturating_sub(1);
        let last = (self.times[..len].partition_point(|&t| f64::from(t) <= t1) + 1).min(len);
        for (&t, &v) in self.times[first..last.max(first)].iter().zip(&self.values[first..last.max(first)]) {
            if !v.is_finite() || !t.is_finite() {
                finish(&mut runs, &mut run, t0, t1);
                continue;
            }
            let point = (f64::from(t), f64::from(v));
            if let (Shape::Step, Some(&(_, held))) = (self.shape, run.last()) {
                run.push((point.0, held));
            }
            run.push(point);
        }
        finish(&mut runs, &mut run, t0, t1);
        runs
    }
}

/// Closes a stretch: cuts it to the window and keeps it if anything is left.
fn finish(runs: &mut Vec<Vec<(f64, f64)>>, run: &mut Vec<(f64, f64)>, t0: f64, t1: f64) {
    let whole = std::mem::take(run);
    let inside = whole.first().is_some_and(|p| p.0 >= t0) && whole.last().is_some_and(|p| p.0 <= t1);
    let cut = if inside { whole } else { cut_to_window(&whole, t0, t1) };
    if !cut.is_empty() {
        runs.push(cut);
    }
}

fn cut_to_window(run: &[(f64, f64)], t0: f64, t1: f64) -> Vec<(f64, f64)> {
    let mut cut = Vec::with_capacity(run.len());
    let at = |a: (f64, f64), b: (f64, f64), t: f64| (t, a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0));
    for (i, &p) in run.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| run[i]);
        if p.0 < t0 {
            continue;
        }
        if let Some(b) = before.filter(|b| b.0 < t0 && p.0 > t0) {
            cut.push(at(b, p, t0));
        }
        if p.0 <= t1 {
            cut.push(p);
            continue;
        }
        if let Some(b) = before.filter(|b| b.0 < t1) {
            cut.push(at(b, p, t1));
        }
        break;
    }
    cut
}

/// Thins a stretch to at most four points for each of `columns` columns of the window: the first, the lowest, the
/// highest and the last. No peak and no dip is lost, and the drawn line looks the same.
pub(crate) fn thin(run: Vec<(f64, f64)>, t0: f64, t1: f64, columns: usize) -> Vec<(f64, f64)> {
    if run.len() <= columns * 2 {
        return run;
    }
    let per_second = columns as f64 / (t1 - t0);
    let column = |p: &(f64, f64)| ((p.0 - t0) * per_second) as i64;
    let mut out = Vec::with_capacity(columns * 4);
    for chunk in run.chunk_by(|a, b| column(a) == column(b)) {
        let by_value = |a: &usize, b: &usize| chunk[*a].1.total_cmp(&chunk[*b].1);
        let low = (0..chunk.len()).min_by(by_value).unwrap_or(0);
        let high = (0..chunk.len()).max_by(by_value).unwrap_or(0);
        let mut keep = [0, low.min(high), low.max(high), chunk.len() - 1].to_vec();
        keep.dedup();
        out.extend(keep.into_iter().map(|i| chunk[i]));
    }
    out
}

/// Brings a stretch between `low` and `high`. Returns it with the crossings put in and the rest flattened onto the
/// edges: what an area wants; [`visible`] then gives the parts that a line wants.
pub(crate) fn flatten(run: Vec<(f64, f64)>, low: f64, high: f64) -> Vec<(f64, f64)> {
    if run.iter().all(|p| p.1 >= low && p.1 <= high) {
        return run;
    }
    let mut out: Vec<(f64, f64)> = Vec::with_capacity(run.len() + 8);
    for (i, &p) in run.iter().enumerate() {
        if i > 0 {
            let before = run[i - 1];
            let mut crossings: Vec<(f64, f64)> = [low, high]
                .into_iter()
                .filter(|edge| (before.1 - edge) * (p.1 - edge) < 0.0)
                .map(|edge| (before.0 + (p.0 - before.0) * (edge - before.1) / (p.1 - before.1), edge))
                .collect();
            if before.1 > p.1 {
                crossings.reverse();
            }
            out.extend(crossings);
        }
        out.push((p.0, p.1.clamp(low, high)));
    }
    out
}

/// Splits a flattened stretch where the line really runs outside; `run` is the stretch before it was flattened.
pub(crate) fn visible(run: &[(f64, f64)], low: f64, high: f64) -> Vec<Vec<(f64, f64)>> {
    if run.iter().all(|p| p.1 >= low && p.1 <= high) {
        return vec![run.to_vec()];
    }
    let flat = flatten(run.to_vec(), low, high);
    let mut parts = Vec::new();
    let mut part: Vec<(f64, f64)> = Vec::new();
    for pair in flat.windows(2) {
        let on_edge = pair[0].1 == pair[1].1 && (pair[0].1 == low || pair[0].1 == high);
        let hidden = on_edge && !is_really_at(run, pair[0], pair[1]);
        if hidden {
            if part.len() > 1 {
                parts.push(std::mem::take(&mut part));
            }
            part.clear();
            continue;
        }
        if part.is_empty() {
            part.push(pair[0]);
        }
        part.push(pair[1]);
    }
    if part.len() > 1 {
        parts.push(part);
    }
    parts
}

/// Whether both points of an edge-hugging piece are samples that truly have that value.
fn is_really_at(run: &[(f64, f64)], a: (f64, f64), b: (f64, f64)) -> bool {
    run.windows(2).any(|w| w[0] == a && w[1] == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    #[test]
    fn gaps_split_lines() {
        let line = Line::new("a", Role::Series1, &[0.0, 1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, NAN, 4.0, 5.0]);
        assert_eq!(line.runs(0.0, 4.0), [vec![(0.0, 1.0), (1.0, 2.0)], vec![(3.0, 4.0), (4.0, 5.0)]]);
        assert_eq!(line.extent(0.0, 4.0, f64::NEG_INFINITY), Some((1.0, 5.0)));
        assert_eq!(line.extent(0.0, 1.0, f64::NEG_INFINITY), Some((1.0, 2.0)));
    }

    #[test]
    fn a_band_is_outlined_in_stretches_and_cut_at_the_window_and_the_axis() {
        let times = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0];
        let band = Band {
            times: &times,
            low: &[0.0, 1.0, NAN, 2.0, 3.0, NAN],
            high: &[4.0, 5.0, NAN, 6.0, 9.0, NAN],
        };
        let outlines = band.outlines((5.0, 60.0), 100, |v| v, (0.0, 8.0));
        let first = vec![(5.0, 0.5), (10.0, 1.0), (10.0, 5.0), (5.0, 4.5)];
        let at_the_top = (30.0 + 10.0 * 2.0 / 3.0, 8.0);
        let second = vec![(30.0, 2.0), (40.0, 3.0), (40.0, 8.0), at_the_top, (30.0, 6.0)];
        assert_eq!(outlines, [first, second]);
        let line = Line { band: Some(band), ..Line::new("a", Role::Series1, &[0.0, 1.0], &[3.0, 3.5]) };
        assert_eq!(line.extent_of_both(0.0, 60.0, f64::NEG_INFINITY), Some((0.0, 9.0)));
    }

    #[test]
    fn lines_are_cut_at_the_window() {
        let line = Line::new("a", Role::Series1, &[0.0, 10.0, 20.0], &[0.0, 10.0, 0.0]);
        assert_eq!(line.runs(5.0, 15.0), [vec![(5.0, 5.0), (10.0, 10.0), (15.0, 5.0)]]);
        assert_eq!(line.runs(12.0, 14.0), [vec![(12.0, 8.0), (14.0, 6.0)]]);
        assert!(line.runs(30.0, 40.0).is_empty());
        let steps = line.step().runs(5.0, 20.0);
        assert_eq!(steps, [vec![(5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (20.0, 10.0), (20.0, 0.0)]]);
    }

    #[test]
    fn thinning_keeps_every_extreme() {
        let run: Vec<(f64, f64)> = (0..10_000)
            .map(|i| {
                (
                    f64::from(i),
                    if i == 5_003 {
                        99.0
                    } else if i == 7_001 {
                        -99.0
                    } else {
                        f64::from(i % 7)
                    },
                )
            })
            .collect();
        let thinned = thin(run.clone(), 0.0, 10_000.0, 100);
        assert!(thinned.len() <= 400, "{}", thinned.len());
        assert!(thinned.contains(&(5_003.0, 99.0)) && thinned.contains(&(7_001.0, -99.0)));
        assert_eq!((thinned[0], thinned[thinned.len() - 1]), (run[0], run[9_999]));
        assert!(thinned.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn lines_outside_the_range_are_hidden_and_areas_flattened() {
        let run = vec![(0.0, 0.0), (1.0, 20.0), (2.0, 20.0), (3.0, 0.0)];
        let flat = flatten(run.clone(), 0.0, 10.0);
        assert_eq!(flat, [(0.0, 0.0), (0.5, 10.0), (1.0, 10.0), (2.0, 10.0), (2.5, 10.0), (3.0, 0.0)]);
        let parts = visible(&run, 0.0, 10.0);
        assert_eq!(parts, [vec![(0.0, 0.0), (0.5, 10.0)], vec![(2.5, 10.0), (3.0, 0.0)]]);
        let flat_line = vec![(0.0, 10.0), (1.0, 10.0), (2.0, 30.0)];
        assert_eq!(visible(&flat_line, 0.0, 10.0), [vec![(0.0, 10.0), (1.0, 10.0)]]);
    }

    #[test]
    fn the_read_out_takes_the_sample_that_is_shown() {
        let line = Line::new("a", Role::Series1, &[0.0, 10.0, 20.0, 30.0], &[1.0, 2.0, NAN, 4.0]);
        assert_eq!(line.sample_at(4.0), Some((0.0, 1.0)));
        assert_eq!(line.sample_at(6.0), Some((10.0, 2.0)));
        assert_eq!(line.clone().step().sample_at(9.0), Some((0.0, 1.0)));
        assert_eq!(line.sample_at(21.0), None);
        assert_eq!(line.sample_at(35.0), Some((30.0, 4.0)));
        assert_eq!(line.sample_at(95.0), None);
        assert_eq!(line.sample_at(-20.0), None);
    }
}
