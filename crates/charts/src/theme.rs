//! Colours by role, for dark and light pages.
//!
//! Series colours descend from the Okabe–Ito palette, tuned for each background so that every line stands out by at
//! least 3:1 and every text by at least 4.5:1 (both tested). Colour is never the only sign: lines differ by dash,
//! events by shape, the hottest row by a mark.

use crate::surface::Rgba;

/// What a colour stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// First series.
    #[default]
    Series1,
    /// Second series.
    Series2,
    /// Third series.
    Series3,
    /// Fourth series.
    Series4,
    /// Fifth series.
    Series5,
    /// Something went well.
    Good,
    /// Something to watch.
    Warn,
    /// Something went wrong.
    Bad,
    /// Background information, such as a baseline to compare with.
    Muted,
}

impl Role {
    /// The series role for the `index`-th line; after five they begin again (vary the dash then).
    pub fn series(index: usize) -> Self {
        [Self::Series1, Self::Series2, Self::Series3, Self::Series4, Self::Series5][index % 5]
    }
}

/// The colours and sizes that charts are drawn with.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Lines in order.
    pub series: [Rgba; 5],
    /// Good news.
    pub good: Rgba,
    /// A warning.
    pub warn: Rgba,
    /// Bad news.
    pub bad: Rgba,
    /// A line that stays in the background.
    pub muted: Rgba,
    /// Grid lines.
    pub grid: Rgba,
    /// The line at the foot of the plot.
    pub baseline: Rgba,
    /// Axis labels and other quiet texts.
    pub axis_text: Rgba,
    /// Titles, legends and values.
    pub text: Rgba,
    /// The cursors: "now" and the crosshair.
    pub cursor: Rgba,
    /// Background of the value read-out.
    pub panel: Rgba,
    /// Edge of the value read-out.
    pub panel_edge: Rgba,
    /// The page behind the chart. Charts leave the background clear; exports paint it.
    pub paper: Rgba,
    /// Heat colours from cold to hot, evenly spaced.
    pub heat: [Rgba; 6],
    /// Size of axis labels [px].
    pub small_px: f32,
    /// Size of titles and legends [px].
    pub text_px: f32,
}

impl Theme {
    /// For dark pages.
    pub fn dark() -> Self {
        Self {
            series: [
                Rgba::hex(0x56b4e9),
                Rgba::hex(0xf0a640),
                Rgba::hex(0x3fcf9f),
                Rgba::hex(0xe08fc0),
                Rgba::hex(0xf0e442),
            ],
            good: Rgba::hex(0x3fcf9f),
            warn: Rgba::hex(0xf2b84b),
            bad: Rgba::hex(0xff7566),
            muted: Rgba::hex(0x8792a2),
            grid: Rgba::hex(0xffffff).alpha(0.08),
            baseline: Rgba::hex(0xffffff).alpha(0.22),
            axis_text: Rgba::hex(0x9aa5b4),
            text: Rgba::hex(0xe6ebf2),
            cursor: Rgba::hex(0xc9d3e0),
            panel: Rgba::hex(0x1d2531),
            panel_edge: Rgba::hex(0xffffff).alpha(0.14),
            paper: Rgba::hex(0x11161d),
            heat: [
                Rgba::hex(0x1b2638),
                Rgba::hex(0x26436b),
                Rgba::hex(0x4a6a7f),
                Rgba::hex(0x8b8f72),
                Rgba::hex(0xd3b84f),
                Rgba::hex(0xfff3a6),
            ],
            small_px: 11.0,
            text_px: 12.0,
        }
    }

    /// For light pages.
    pub fn light() -> Self {
        Self {
            series: [
                Rgba::hex(0x0072b2),
                Rgba::hex(0xc45100),
                Rgba::hex(0x00805c),
                Rgba::hex(0xa8478a),
                Rgba::hex(0x8a6d00),
            ],
            good: Rgba::hex(0x00805c),
            warn: Rgba::hex(0x9a6700),
            bad: Rgba::hex(0xc62828),
            muted: Rgba::hex(0x6b7684),
            grid: Rgba::hex(0x0b1a2b).alpha(0.08),
            baseline: Rgba::hex(0x0b1a2b).alpha(0.28),
            axis_text: Rgba::hex(0x586373),
            text: Rgba::hex(0x1a2230),
            cursor: Rgba::hex(0x3a4658),
            panel: Rgba::hex(0xffffff),
            panel_edge: Rgba::hex(0x0b1a2b).alpha(0.16),
            paper: Rgba::hex(0xffffff),
            heat: [
                Rgba::hex(0xe9efea),
                Rgba::hex(0xf7dfa0),
                Rgba::hex(0xf0b050),
                Rgba::hex(0xcc6a3a),
                Rgba::hex(0x8a3047),
                Rgba::hex(0x3d1049),
            ],
            small_px: 11.0,
            text_px: 12.0,
        }
    }

    /// The colour of a role.
    pub fn color(&self, role: Role) -> Rgba {
        match role {
            Role::Series1 => self.series[0],
            Role::Series2 => self.series[1],
            Role::Series3 => self.series[2],
            Role::Series4 => self.series[3],
            Role::Series5 => self.series[4],
            Role::Good => self.good,
            Role::Warn => self.warn,
            Role::Bad => self.bad,
            Role::Muted => self.muted,
        }
    }

    /// The heat colour of a share between 0 (cold) and 1 (hot); values outside are brought inside.
    pub fn heat_color(&self, share: f32) -> Rgba {
        let last = self.heat.len() - 1;
        let place = share.clamp(0.0, 1.0) * last as f32;
        let low = (place as usize).min(last - 1);
        let (a, b, f) = (self.heat[low], self.heat[low + 1], place - low as f32);
        let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * f).round() as u8;
        Rgba { r: mix(a.r, b.r), g: mix(a.g, b.g), b: mix(a.b, b.b), a: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(c: Rgba) -> f64 {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b)
    }

    fn contrast(a: Rgba, b: Rgba) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn texts_and_lines_stand_out_from_the_page() {
        for theme in [Theme::dark(), Theme::light()] {
            for text in [theme.text, theme.axis_text] {
                assert!(contrast(text, theme.paper) >= 4.5, "{}", text.css());
                assert!(contrast(text, theme.panel) >= 4.5, "{}", text.css());
            }
            for line in theme.series.iter().chain([&theme.good, &theme.warn, &theme.bad, &theme.muted]) {
                assert!(contrast(*line, theme.paper) >= 3.0, "{}", line.css());
            }
        }
    }

    #[test]
    fn heat_grows_steadily_away_from_the_page() {
        for theme in [Theme::dark(), Theme::light()] {
            let steps: Vec<f64> =
                (0..=20).map(|i| contrast(theme.heat_color(i as f32 / 20.0), theme.paper)).collect();
            assert!(steps.windows(2).all(|w| w[1] > w[0]), "{steps:?}");
            assert_eq!(theme.heat_color(7.0), theme.heat[5]);
            assert_eq!(theme.heat_color(-1.0), theme.heat[0]);
        }
    }
}
