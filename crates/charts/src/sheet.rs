//! What all charts share: a drawing in progress, the time frame, axes, cursors and event marks.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use crate::ChartError;
use crate::surface::{
    AlignX, AlignY, Backend, Paint, Pen, Point, Rect, Rgba, SUBPIXELS, Stroke, Surface, TextLook,
};
use crate::theme::Theme;

type Drawn = Result<(), ChartError>;

/// A plotters axis whose grid lines are given. (plotters' own `with_key_points` does not do for floats: its result
/// has no formatter, which a mesh asks for.)
pub(crate) struct GridAxis {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Ranged for GridAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        first + (share * f64::from(last - first)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.low..self.high
    }
}

impl From<(f64, f64, &[f64])> for GridAxis {
    fn from((low, high, ticks): (f64, f64, &[f64])) -> Self {
        Self { low, high, ticks: ticks.to_vec() }
    }
}

/// A plotters chart with both axes in place.
pub(crate) type Plot<'s, 'a, S> = ChartContext<'a, Backend<'s, S>, Cartesian2d<GridAxis, GridAxis>>;

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for ChartError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        ChartError::Drawing(error.to_string())
    }
}

/// A drawing in progress. Its own methods take CSS pixels; data goes through [`Sheet::plot`].
pub(crate) struct Sheet<'s, S: Surface> {
    area: DrawingArea<Backend<'s, S>, Shift>,
    pen: Pen,
    pub theme: &'s Theme,
    pub width: f32,
    pub height: f32,
}

pub(crate) fn style(color: Rgba, width: f32, filled: bool) -> ShapeStyle {
    ShapeStyle {
        color: RGBAColor(color.r, color.g, color.b, f64::from(color.a)),
        filled,
        stroke_width: sub(width) as u32,
    }
}

fn sub(px: f32) -> i32 {
    (px * SUBPIXELS).round() as i32
}

fn at(p: Point) -> (i32, i32) {
    (sub(p.x), sub(p.y))
}

impl<'s, S: Surface> Sheet<'s, S> {
    pub fn new(surface: &'s mut S, theme: &'s Theme) -> Self {
        let (width, height) = surface.size();
        let backend = Backend::new(surface);
        let pen = backend.pen();
        Self { area: backend.into_drawing_area(), pen, theme, width, height }
    }

    /// Draws the grid and gives the chart that series are drawn on.
    pub fn plot<'a>(
        &'a self,
        rect: Rect,
        time: (f64, f64, &[f64]),
        value: (f64, f64, &[f64]),
    ) -> Result<Plot<'s, 'a, S>, ChartError> {
        let mut chart = ChartBuilder::on(&self.area)
            .margin_left(sub(rect.x))
            .margin_top(sub(rect.y))
            .margin_right(sub(self.width - rect.right()))
            .margin_bottom(sub(self.height - rect.bottom()))
            .build_cartesian_2d(GridAxis::from(time), GridAxis::from(value))?;
        chart
            .configure_mesh()
            .disable_axes()
            .bold_line_style(style(self.theme.grid, 1.0, false))
            .light_line_style(style(self.theme.grid.alpha(0.0), 1.0, false))
            .draw()?;
        Ok(chart)
    }

    /// Draws something with another dash pattern.
    pub fn dashed<R>(&self, dash: &'static [f32], draw: impl FnOnce() -> R) -> R {
        let before = self.pen.replace(dash);
        let result = draw();
        self.pen.set(before);
        result
    }

    pub fn path(&self, points: &[Point], stroke: Stroke) -> Drawn {
        let points: Vec<_> = points.iter().map(|&p| at(p)).collect();
        let element = PathElement::new(points, style(stroke.color, stroke.width, false));
        Ok(self.dashed(stroke.dash, || self.area.draw(&element))?)
    }

    pub fn polygon(&self, points: &[Point], color: Rgba) -> Drawn {
        let points: Vec<_> = points.iter().map(|&p| at(p)).collect();
        Ok(self.area.draw(&Polygon::new(points, style(color, 0.0, true)))?)
    }

    pub fn rect(&self, rect: Rect, paint: Paint) -> Drawn {
        let corners = [at(Point { x: rect.x, y: rect.y }), at(Point { x: rect.right(), y: rect.bottom() })];
        let style = match paint {
            Paint::Fill(color) => style(color, 0.0, true),
            Paint::Outline(stroke) => style(stroke.color, stroke.width, false),
        };
        Ok(self.area.draw(&Rectangle::new(corners, style))?)
    }

    pub fn circle(&self, center: Point, radius: f32, paint: Paint) -> Drawn {
        let style = match paint {
            Paint::Fill(color) => style(color, 0.0, true),
            Paint::Outline(stroke) => style(stroke.color, stroke.width, false),
        };
        Ok(self.area.draw(&Circle::new(at(center), sub(radius), style))?)
    }

    pub fn text(&self, text: &str, place: Point, look: &TextLook) -> Drawn {
        if text.is_empty() {
            return Ok(());
        }
        let pos = Pos::new(
            match look.align_x {
                AlignX::Left => HPos::Left,
                AlignX::Center => HPos::Center,
                AlignX::Right => HPos::Right,
            },
            match look.align_y {
                AlignY::Top => VPos::Top,
                AlignY::Middle => VPos::Center,
                AlignY::Bottom => VPos::Bottom,
            },
        );
        let color = RGBAColor(look.color.r, look.color.g, look.color.b, f64::from(look.color.a));
        let style = TextStyle { font: font(look), color: color.to_backend_color(), pos };
        Ok(self.area.draw(&Text::new(text, at(place), style))?)
    }

    /// How wide a text would be [px].
    pub fn text_width(&self, text: &str, look: &TextLook) -> f32 {
        let size = self.area.estimate_text_size(text, &TextStyle::from(font(look)));
        size.map_or(0.0, |(w, _)| w as f32 / SUBPIXELS)
    }

    /// The text, cut with an ellipsis if it is wider than `width` [px].
    pub fn fitted(&self, text: &str, look: &TextLook, width: f32) -> String {
        if self.text_width(text, look) <= width {
            return text.to_owned();
        }
        let mut cut: String = text.to_owned();
        while cut.pop().is_some() {
            let short = format!("{}…", cut.trim_end());
            if self.text_width(&short, look) <= width {
                return short;
            }
        }
        String::new()
    }

    /// The text, cut with an ellipsis in front if it is wider than `width` [px]: for names that differ at their ends.
    pub fn fitted_tail(&self, text: &str, look: &TextLook, width: f32) -> String {
        if self.text_width(text, look) <= width {
            return text.to_owned();
        }
        let starts = text.char_indices().skip(1).map(|(i, _)| i);
        let mut tails = starts.map(|i| format!("…{}", text[i..].trim_start()));
        tails.find(|tail| self.text_width(tail, look) <= width).unwrap_or_default()
    }

    /// Small and quiet, as axis labels are.
    pub fn small(&self) -> TextLook {
        self.look(self.theme.small_px, false, self.theme.axis_text)
    }

    /// As legends and values are.
    pub fn plain(&self) -> TextLook {
        self.look(self.theme.small_px, false, self.theme.text)
    }

    /// As titles are.
    pub fn title(&self) -> TextLook {
        self.look(self.theme.text_px, true, self.theme.text)
    }

    fn look(&self, size: f32, bold: bool, color: Rgba) -> TextLook {
        TextLook { size, bold, color, align_x: AlignX::Left, align_y: AlignY::Middle, rotate: 0.0 }
    }
}

fn font(look: &TextLook) -> FontDesc<'static> {
    let weight = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::SansSerif, f64::from(look.size * SUBPIXELS), weight)
}
