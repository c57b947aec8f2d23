//! Standalone SVG pictures, for the command line and for exports.

use std::fmt::Write;

use crate::surface::{AlignX, Paint, Point, Rect, Rgba, Stroke, Surface, TextLook, estimated_text_width};

const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans KR', \
                     'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";

/// A surface that writes SVG.
pub struct SvgSurface {
    width: f32,
    height: f32,
    body: String,
}

impl SvgSurface {
    /// An empty, clear picture of this size [px].
    pub fn new(width: f32, height: f32) -> Self {
        Self { width, height, body: String::new() }
    }

    /// The same with a painted background.
    pub fn with_background(width: f32, height: f32, color: Rgba) -> Self {
        let mut svg = Self::new(width, height);
        svg.rect(Rect { x: 0.0, y: 0.0, w: width, h: height }, &Paint::Fill(color));
        svg
    }

    /// The whole document. `title` is its accessible name; it may be empty.
    pub fn finish(self, title: &str) -> String {
        let (w, h) = (Px(self.width), Px(self.height));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             role=\"img\" font-family=\"{FONTS}\" style=\"font-variant-numeric:tabular-nums\">\n"
        );
        if !title.is_empty() {
            out.push_str("<title>");
            escape_into(&mut out, title);
            out.push_str("</title>\n");
        }
        out.push_str(&self.body);
        out.push_str("</svg>\n");
        out
    }

    fn put(&mut self, args: std::fmt::Arguments<'_>) {
        self.body.write_fmt(args).expect("writing to a String cannot fail");
    }

    fn put_points(&mut self, points: &[Point]) {
        for (i, p) in points.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            self.put(format_args!("{space}{},{}", Px(p.x), Px(p.y)));
        }
    }

    fn put_stroke(&mut self, stroke: &Stroke) {
        self.put_color("stroke", stroke.color);
        self.put(format_args!(" stroke-width=\"{}\"", Px(stroke.width)));
        if !stroke.dash.is_empty() {
            let dashes: Vec<String> = stroke.dash.iter().map(|&d| Px(d).to_string()).collect();
            self.put(format_args!(" stroke-dasharray=\"{}\"", dashes.join(" ")));
        }
    }

    fn put_color(&mut self, what: &str, color: Rgba) {
        self.put(format_args!(" {what}=\"{}\"", color.alpha(1.0).css()));
        if color.a < 1.0 {
            self.put(format_args!(" {what}-opacity=\"{}\"", (color.a * 1000.0).round() / 1000.0));
        }
    }

    fn put_paint(&mut self, paint: &Paint) {
        match paint {
            Paint::Fill(color) => self.put_color("fill", *color),
            Paint::Outline(stroke) => {
                self.body.push_str(" fill=\"none\"");
                self.put_stroke(stroke);
            }
        }
    }
}

impl Surface for SvgSurface {
    fn size(&self) -> (f32, f32) {
        (self.width, self.height)
    }

    fn path(&mut self, points: &[Point], stroke: &Stroke) {
        self.body.push_str("<polyline points=\"");
        self.put_points(points);
        self.body.push_str("\" fill=\"none\" stroke-linejoin=\"round\"");
        if stroke.dash.is_empty() {
            self.body.push_str(" stroke-linecap=\"round\"");
        }
        self.put_stroke(stroke);
        self.body.push_str("/>\n");
    }

    fn fill_path(&mut self, points: &[Point], color: Rgba) {
        self.body.push_str("<polygon points=\"");
        self.put_points(points);
        self.body.push('"');
        self.put_color("fill", color);
        self.body.push_str("/>\n");
    }

    fn rect(&mut self, rect: Rect, paint: &Paint) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            Px(rect.x),
            Px(rect.y),
            Px(rect.w.max(0.0)),
            Px(rect.h.max(0.0))
        ));
        self.put_paint(paint);
        self.body.push_str("/>\n");
    }

    fn circle(&mut self, center: Point, radius: f32, paint: &Paint) {
        self.put(format_args!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"",
            Px(center.x),
            Px(center.y),
            Px(radius)
        ));
        self.put_paint(paint);
        self.body.push_str("/>\n");
    }

    fn text(&mut self, text: &str, at: Point, look: &TextLook) {
        self.put(format_args!("<text x=\"{}\" y=\"{}\"", Px(at.x), Px(at.y + look.baseline_drop())));
        self.put(format_args!(" font-size=\"{}\"", Px(look.size)));
        if look.bold {
            self.body.push_str(" font-weight=\"600\"");
        }
        match look.align_x {
            AlignX::Left => {}
            AlignX::Center => self.body.push_str(" text-anchor=\"middle\""),
            AlignX::Right => self.body.push_str(" text-anchor=\"end\""),
        }
        if look.rotate != 0.0 {
            let turn = format_args!(" transform=\"rotate({} {} {})\"", Px(look.rotate), Px(at.x), Px(at.y))
                .to_string();
            self.body.push_str(&turn);
        }
        self.put_color("fill", look.color);
        self.body.push('>');
        escape_into(&mut self.body, text);
        self.body.push_str("</text>\n");
    }

    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32 {
        estimated_text_width(text, size, bold)
    }
}

/// A length with at most two decimals and no trailing zeros.
struct Px(f32);

impl std::fmt::Display for Px {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (f64::from(self.0) * 100.0).round() as i64;
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            r if r % 10 == 0 => write!(f, "{sign}{whole}.{}", r / 10),
            r => write!(f, "{sign}{whole}.{r:02}"),
        }
    }
}

/// Writes text so that no part of it can be read as markup; characters that XML forbids become spaces.
fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::AlignY;

    #[test]
    fn text_is_never_markup() {
        let mut svg = SvgSurface::new(100.0, 50.0);
        let look = TextLook {
            size: 11.0,
            bold: false,
            color: Rgba::hex(0),
            align_x: AlignX::Center,
            align_y: AlignY::Middle,
            rotate: 0.0,
        };
        svg.text("<script>alert('1 & 2')</script>\u{0}", Point { x: 1.0, y: 2.0 }, &look);
        let out = svg.finish("a <b> \"title\"");
        assert!(out.contains("&lt;script&gt;alert(&#39;1 &amp; 2&#39;)&lt;/script&gt; </text>"), "{out}");
        assert!(out.contains("<title>a &lt;b&gt; &quot;title&quot;</title>"), "{out}");
        assert!(!out.contains("<script") && !out.contains("<b>"));
    }

    #[test]
    fn lengths_are_short() {
        let shown: Vec<String> =
            [0.0, -0.001, 12.0, 3.5, -7.25, 0.046].iter().map(|&v| Px(v).to_string()).collect();
        assert_eq!(shown, ["0", "0", "12", "3.5", "-7.25", "0.05"]);
    }
}
