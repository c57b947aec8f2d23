//! The few drawing primitives every chart is made of, and the plotters backend on top of them.
//!
//! The page implements [`Surface`] over a canvas context, [`crate::SvgSurface`] implements it for files. Neither
//! plotters nor this crate touches the DOM: plotters would size text by inserting a `<span>` into the page, so the
//! backend here answers every question about text through [`Surface::text_width`].

use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

/// plotters counts in whole pixels; it is told that a CSS pixel has this many, so that curves are smooth and
/// lines may be 1.5 px wide.
pub(crate) const SUBPIXELS: f32 = 16.0;

/// A colour with opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rgba {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Opacity, 0 (clear) to 1 (solid).
    pub a: f32,
}

impl Rgba {
    /// A solid colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self { r: (rgb >> 16) as u8, g: (rgb >> 8) as u8, b: rgb as u8, a: 1.0 }
    }

    /// The same colour with another opacity (0 to 1).
    pub const fn alpha(self, a: f32) -> Self {
        Self { a, ..self }
    }

    /// The colour as CSS writes it: `#0072b2`, or `rgba(0,114,178,0.12)` when it is not solid.
    pub fn css(self) -> String {
        if self.a >= 1.0 {
            format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
        } else {
            format!("rgba({},{},{},{})", self.r, self.g, self.b, (self.a * 1000.0).round() / 1000.0)
        }
    }
}

/// A place on the surface [CSS px], origin at the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Distance from the left edge [px].
    pub x: f32,
    /// Distance from the top edge [px].
    pub y: f32,
}

/// A rectangle on the surface [CSS px].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge [px].
    pub x: f32,
    /// Top edge [px].
    pub y: f32,
    /// Width [px].
    pub w: f32,
    /// Height [px].
    pub h: f32,
}

impl Rect {
    /// The right edge [px].
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    /// The bottom edge [px].
    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        x >= self.x && x <= self.right() && y >= self.y && y <= self.bottom()
    }
}

/// How a line is drawn. Join and caps are round, except that dashed lines have flat caps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Colour of the line.
    pub color: Rgba,
    /// Width [px].
    pub width: f32,
    /// Lengths of dashes and gaps in turn [px]; empty for a solid line.
    pub dash: &'static [f32],
}

/// Whether a shape is filled or outlined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// Filled with the colour.
    Fill(Rgba),
    /// Outlined.
    Outline(Stroke),
}

/// Which side of a text touches its anchor point, horizontally.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlignX {
    /// The text begins at the point.
    #[default]
    Left,
    /// The text is centred on the point.
    Center,
    /// The text ends at the point.
    Right,
}

/// Which side of a text touches its anchor point, vertically.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlignY {
    /// The text hangs below the point.
    Top,
    /// The text's digits are centred on the point.
    #[default]
    Middle,
    /// The text stands on the point.
    Bottom,
}

/// How a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextLook {
    /// Font size [px].
    pub size: f32,
    /// Bold or normal weight.
    pub bold: bool,
    /// Colour of the letters.
    pub color: Rgba,
    /// Horizontal anchor.
    pub align_x: AlignX,
    /// Vertical anchor.
    pub align_y: AlignY,
    /// Clockwise turn about the anchor point [degrees].
    pub rotate: f32,
}

impl TextLook {
    /// How far below the anchor point the letters' baseline lies [px], so that every surface sets text alike:
    /// browsers and viewers disagree about the middle of a line.
    pub fn baseline_drop(&self) -> f32 {
        let ems = match self.align_y {
            AlignY::Top => 0.82,
            AlignY::Middle => 0.36,
            AlignY::Bottom => -0.2,
        };
        ems * self.size
    }
}

/// What a chart is drawn on. All lengths are CSS pixels.
pub trait Surface {
    /// Width and height [px].
    fn size(&self) -> (f32, f32);
    /// An open line through the points.
    fn path(&mut self, points: &[Point], stroke: &Stroke);
    /// A closed, filled shape.
    fn fill_path(&mut self, points: &[Point], color: Rgba);
    /// A rectangle.
    fn rect(&mut self, rect: Rect, paint: &Paint);
    /// A circle.
    fn circle(&mut self, center: Point, radius: f32, paint: &Paint);
    /// One line of plain text; never markup.
    fn text(&mut self, text: &str, at: Point, look: &TextLook);
    /// How wide the text would be [px]. Asked often: cache it if it is dear.
    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32;
}

impl<S: Surface + ?Sized> Surface for &mut S {
    fn size(&self) -> (f32, f32) {
        (**self).size()
    }

    fn path(&mut self, points: &[Point], stroke: &Stroke) {
        (**self).path(points, stroke);
    }

    fn fill_path(&mut self, points: &[Point], color: Rgba) {
        (**self).fill_path(points, color);
    }

    fn rect(&mut self, rect: Rect, paint: &Paint) {
        (**self).rect(rect, paint);
    }

    fn circle(&mut self, center: Point, radius: f32, paint: &Paint) {
        (**self).circle(center, radius, paint);
    }

    fn text(&mut self, text: &str, at: Point, look: &TextLook) {
        (**self).text(text, at, look);
    }

    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32 {
        (**self).text_width(text, size, bold)
    }
}

/// A part of another surface, with an origin of its own: stacks several charts on one picture.
pub struct Pane<'a, S: Surface> {
    surface: &'a mut S,
    rect: Rect,
}

impl<'a, S: Surface> Pane<'a, S> {
    /// The part `rect` of `surface`.
    pub fn new(surface: &'a mut S, rect: Rect) -> Self {
        Self { surface, rect }
    }

    fn moved(&self, p: Point) -> Point {
        Point { x: p.x + self.rect.x, y: p.y + self.rect.y }
    }
}

impl<S: Surface> Surface for Pane<'_, S> {
    fn size(&self) -> (f32, f32) {
        (self.rect.w, self.rect.h)
    }

    fn path(&mut self, points: &[Point], stroke: &Stroke) {
        let points: Vec<Point> = points.iter().map(|&p| self.moved(p)).collect();
        self.surface.path(&points, stroke);
    }

    fn fill_path(&mut self, points: &[Point], color: Rgba) {
        let points: Vec<Point> = points.iter().map(|&p| self.moved(p)).collect();
        self.surface.fill_path(&points, color);
    }

    fn rect(&mut self, rect: Rect, paint: &Paint) {
        let moved = Rect { x: rect.x + self.rect.x, y: rect.y + self.rect.y, ..rect };
        self.surface.rect(moved, paint);
    }

    fn circle(&mut self, center: Point, radius: f32, paint: &Paint) {
        let moved = self.moved(center);
        self.surface.circle(moved, radius, paint);
    }

    fn text(&mut self, text: &str, at: Point, look: &TextLook) {
        let moved = self.moved(at);
        self.surface.text(text, moved, look);
    }

    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32 {
        self.surface.text_width(text, size, bold)
    }
}

/// Dash pattern that the next strokes are drawn with; shared between a drawing and its backend because plotters'
/// own styles know no dashes.
pub(crate) type Pen = Rc<Cell<&'static [f32]>>;

/// A plotters backend that draws on a [`Surface`]. Its pixels are sixteenths of a CSS pixel.
pub struct Backend<'a, S: Surface> {
    surface: &'a mut S,
    pen: Pen,
    points: Vec<Point>,
}

impl<'a, S: Surface> Backend<'a, S> {
    /// A backend that draws on `surface`.
    pub fn new(surface: &'a mut S) -> Self {
        Self { surface, pen: Rc::new(Cell::new(&[])), points: Vec::new() }
    }

    pub(crate) fn pen(&self) -> Pen {
        Rc::clone(&self.pen)
    }

    fn stroke<T: BackendStyle>(&self, style: &T) -> Stroke {
        Stroke {
            color: rgba(style.color()),
            width: style.stroke_width() as f32 / SUBPIXELS,
            dash: self.pen.get(),
        }
    }

    fn paint<T: BackendStyle>(&self, style: &T, fill: bool) -> Paint {
        if fill { Paint::Fill(rgba(style.color())) } else { Paint::Outline(self.stroke(style)) }
    }
}

fn rgba(color: BackendColor) -> Rgba {
    let (r, g, b) = color.rgb;
    Rgba { r, g, b, a: color.alpha as f32 }
}

fn point((x, y): BackendCoord) -> Point {
    Point { x: x as f32 / SUBPIXELS, y: y as f32 / SUBPIXELS }
}

/// Moves an upright or level line onto the pixel grid, so that it is crisp.
fn snap(points: &mut [Point], width: f32) {
    let [a, b] = points else { return };
    let odd = (width.round() as i32).max(1) % 2 == 1;
    let onto = |v: f32| if odd { v.floor() + 0.5 } else { v.round() };
    if a.x == b.x {
        a.x = onto(a.x);
        b.x = a.x;
    } else if a.y == b.y {
        a.y = onto(a.y);
        b.y = a.y;
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl<S: Surface> DrawingBackend for Backend<'_, S> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (w, h) = self.surface.size();
        ((w * SUBPIXELS) as u32, (h * SUBPIXELS) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        let Point { x, y } = point(at);
        let side = 1.0 / SUBPIXELS;
        self.surface.rect(Rect { x, y, w: side, h: side }, &Paint::Fill(rgba(color)));
        Ok(())
    }

    fn draw_line<T: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &T) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<T: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &T,
        fill: bool,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            let (a, b) = (point(upper_left), point(bottom_right));
            let paint = self.paint(style, fill);
            self.surface.rect(Rect { x: a.x, y: a.y, w: b.x - a.x, h: b.y - a.y }, &paint);
        }
        Ok(())
    }

    fn draw_path<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &T,
    ) -> Drawn {
        if style.color().alpha <= 0.0 {
            return Ok(());
        }
        let stroke = self.stroke(style);
        self.points.clear();
        self.points.extend(path.into_iter().map(point));
        snap(&mut self.points, stroke.width);
        if self.points.len() > 1 {
            self.surface.path(&self.points, &stroke);
        }
        Ok(())
    }

    fn draw_circle<T: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &T,
        fill: bool,
    ) -> Drawn {
        let paint = self.paint(style, fill);
        self.surface.circle(point(center), radius as f32 / SUBPIXELS, &paint);
        Ok(())
    }

    fn fill_polygon<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &T,
    ) -> Drawn {
        self.points.clear();
        self.points.extend(vert.into_iter().map(point));
        if style.color().alpha > 0.0 && self.points.len() > 2 {
            self.surface.fill_path(&self.points, rgba(style.color()));
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let anchor = style.anchor();
        let look = TextLook {
            size: style.size() as f32 / SUBPIXELS,
            bold: matches!(style.style(), FontStyle::Bold),
            color: rgba(style.color()),
            align_x: match anchor.h_pos {
                HPos::Left => AlignX::Left,
                HPos::Center => AlignX::Center,
                HPos::Right => AlignX::Right,
            },
            align_y: match anchor.v_pos {
                VPos::Top => AlignY::Top,
                VPos::Center => AlignY::Middle,
                VPos::Bottom => AlignY::Bottom,
            },
            rotate: match style.transform() {
                FontTransform::None => 0.0,
                FontTransform::Rotate90 => 90.0,
                FontTransform::Rotate180 => 180.0,
                FontTransform::Rotate270 => 270.0,
            },
        };
        self.surface.text(text, point(at), &look);
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size() as f32 / SUBPIXELS;
        let bold = matches!(style.style(), FontStyle::Bold);
        let width = self.surface.text_width(text, size, bold);
        Ok(((width * SUBPIXELS).ceil() as u32, (size * 1.2 * SUBPIXELS).ceil() as u32))
    }
}

/// Widths of the printable ASCII characters of a common sans-serif face [1/1000 em], from the space on.
const ASCII_WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How wide a text is likely to be [px], where no font can be asked: a table for Latin letters, one em for Korean,
/// Chinese and Japanese ones. A little generous, because system fonts are wider than the table's face.
pub fn estimated_text_width(text: &str, size: f32, bold: bool) -> f32 {
    let milli_ems: u32 = text
        .chars()
        .map(|c| match c as u32 {
            code @ 32..=126 => u32::from(ASCII_WIDTHS[code as usize - 32]),
            0x0300..=0x036F | 0x200B..=0x200F => 0,
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 1000,
            0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF => 1000,
            0x20000..=0x3FFFD => 1000,
            _ => 600,
        })
        .sum();
    let weight = if bold { 1.2 } else { 1.1 };
    milli_ems as f32 / 1000.0 * size * weight
}
