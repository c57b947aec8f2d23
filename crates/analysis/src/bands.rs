//! What the series of many runs of one design lie between, window by window.
//!
//! A band goes from the lowest to the highest seed, so that every run that was made lies within it; it grows with their
//! number, as an interval of the mean would shrink. Only these two numbers are kept of each window, however many the seeds.

use headroom_model::limits::WINDOWS_MAX;
use headroom_model::messages::{Window, world};

/// The series that have a band: those of all users together, then the share of failures.
const SERIES: usize = world::COUNT + 1;

/// The name of the share of failures, which windows hold as two rates.
pub const ERROR_SHARE: &str = "error_share";

/// Failed requests among all that ended in a window; not a number where none did.
pub fn error_share(window: &Window) -> f32 {
    let get = |i: usize| window.world.get(i).copied().unwrap_or(f32::NAN);
    let (failed, served) = (get(world::FAILED_RPS), get(world::SERVED_RPS));
    if failed + served > 0.0 { failed / (failed + served) } else { f32::NAN }
}

/// Lowest and highest value of each series in each window.
#[derive(Clone, Debug, Default)]
pub struct Bands {
    times: Vec<f32>,
    low: [Vec<f32>; SERIES],
    high: [Vec<f32>; SERIES],
}

/// What one series lies between.
#[derive(Clone, Copy, Debug)]
pub struct Band<'a> {
    /// The middle of each window [s].
    pub times: &'a [f32],
    /// Its lowest value; not a number where no run had one.
    pub low: &'a [f32],
    /// Its highest value.
    pub high: &'a [f32],
}

impl Bands {
    /// Takes windows of a run, of which the first has the number `first`. To take some once more changes nothing.
    pub fn take(&mut self, first: usize, windows: &[Window], window_s: f64) {
        for (at, window) in (first..WINDOWS_MAX as usize).zip(windows) {
            if self.times.len() <= at {
                self.times.resize(at + 1, f32::NAN);
                self.low.iter_mut().chain(&mut self.high).for_each(|v| v.resize(at + 1, f32::NAN));
            }
            self.times[at] = (window.end_s - window_s / 2.0) as f32;
            let values = window.world.iter().copied().take(world::COUNT);
            let values = values.chain(std::iter::once(error_share(window)));
            for ((low, high), value) in self.low.iter_mut().zip(&mut self.high).zip(values) {
                // Of a number and none, both give the number.
                low[at] = low[at].min(value);
                high[at] = high[at].max(value);
            }
        }
    }

    /// The band of a series by its name: one of [`world::NAMES`], or [`ERROR_SHARE`].
    pub fn of(&self, name: &str) -> Option<Band<'_>> {
        let names = world::NAMES.iter().copied().chain(std::iter::once(ERROR_SHARE));
        let index = names.enumerate().find(|(_, n)| *n == name)?.0;
        Some(Band { times: &self.times, low: &self.low[index], high: &self.high[index] })
    }

    /// Windows that some run has come to.
    pub fn windows(&self) -> usize {
        self.times.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::replicate::run_seeds;
    use headroom_model::design::Design;

    fn window(end_s: f64, served: f32, failed: f32, p99: f32) -> Window {
        let mut world = vec![1.0; world::COUNT];
        (world[world::SERVED_RPS], world[world::FAILED_RPS], world[world::P99_S]) = (served, failed, p99);
        Window { end_s, world, ..Window::default() }
    }

    #[test]
    fn a_band_goes_from_the_lowest_to_the_highest_and_leaves_out_what_is_no_number() {
        let mut bands = Bands::default();
        bands.take(0, &[window(1.0, 9.0, 1.0, 0.5), window(2.0, 0.0, 0.0, f32::NAN)], 1.0);
        bands.take(0, &[window(1.0, 5.0, 5.0, 0.1)], 1.0);
        bands.take(1, &[window(2.0, 8.0, 0.0, 0.3)], 1.0);
        let again = [window(1.0, 5.0, 5.0, 0.1)];
        bands.take(0, &again, 1.0);
        let p99 = bands.of("p99_s").unwrap();
        assert_eq!((p99.times, p99.low, p99.high), (&[0.5, 1.5][..], &[0.1, 0.3][..], &[0.5, 0.3][..]));
        let errors = bands.of(ERROR_SHARE).unwrap();
        assert_eq!((errors.low, errors.high), (&[0.1, 0.0][..], &[0.5, 0.0][..]));
        assert!(bands.of("db").is_none());
        // A window that no run has come to has no value, and past the last no more are taken.
        bands.take(3, &[window(4.0, 1.0, 0.0, 0.2)], 1.0);
        assert!(bands.of("p99_s").unwrap().low[2].is_nan());
        bands.take(WINDOWS_MAX as usize, &again, 1.0);
        assert_eq!(bands.windows(), 4);
    }

    /// Against brute force: every window of every seed lies within, and some seed is at each edge.
    #[test]
    fn every_run_lies_within_the_band_and_touches_it_somewhere() {
        let text = r#"{"nodes": [{"id": "u", "kind": "users"}, {"id": "w", "kind": "web"}],
            "wires": [{"from": "u", "to": "w"}], "run": {"seed": 5, "until_s": 20, "replications": 5}}"#;
        let design = Design::parse(text).unwrap();
        let runs = run_seeds(&design, 2, |_, _, sim| sim.windows().to_vec());
        let mut bands = Bands::default();
        for windows in &runs {
            // As they come from a worker: in pieces.
            let (a, b) = windows.split_at(7);
            bands.take(0, a, 1.0);
            bands.take(7, b, 1.0);
        }
        assert_eq!(bands.windows(), runs[0].len());
        for (position, name) in world::NAMES.iter().enumerate() {
            let band = bands.of(name).unwrap();
            for at in 0..bands.windows() {
                let all: Vec<f32> =
                    runs.iter().map(|w| w[at].world[position]).filter(|v| !v.is_nan()).collect();
                if all.is_empty() {
                    assert!(band.low[at].is_nan() && band.high[at].is_nan());
                    continue;
                }
                assert!(all.iter().all(|v| *v >= band.low[at] && *v <= band.high[at]), "{name} {at}");
                assert!(all.contains(&band.low[at]) && all.contains(&band.high[at]), "{name} {at}");
            }
        }
    }
}
