//! Charts on a canvas.

use std::cell::RefCell;
use std::collections::BTreeMap;

use headroom_charts::{AlignX, Paint, Point, Rect, Rgba, Stroke, Surface, TextLook};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans KR', \
                     'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";

thread_local! {
    // Measured once per text, size and weight; small because charts say the same few things.
    static WIDTHS: RefCell<BTreeMap<(String, u32, bool), f32>> = const { RefCell::new(BTreeMap::new()) };
}
const WIDTHS_MAX: usize = 4_000;

/// A canvas as a drawing surface of CSS pixels.
pub struct CanvasSurface {
    context: CanvasRenderingContext2d,
    width: f32,
    height: f32,
}

impl CanvasSurface {
    /// Sizes the canvas to `width` × `height` CSS pixels at the screen's pixel ratio and clears it.
    pub fn new(canvas: &HtmlCanvasElement, width: f32, height: f32, ratio: f64) -> Option<Self> {
        let (w, h) = ((f64::from(width) * ratio).round() as u32, (f64::from(height) * ratio).round() as u32);
        if (canvas.width(), canvas.height()) != (w, h) {
            canvas.set_width(w);
            canvas.set_height(h);
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        context.set_line_join("round");
        Some(Self { context, width, height })
    }

    fn trace(&self, points: &[Point]) {
        self.context.begin_path();
        for (i, p) in points.iter().enumerate() {
            let (x, y) = (f64::from(p.x), f64::from(p.y));
            if i == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
        }
    }

    fn set_stroke(&self, stroke: &Stroke) {
        self.context.set_stroke_style_str(&stroke.color.css());
        self.context.set_line_width(f64::from(stroke.width));
        self.context.set_line_cap(if stroke.dash.is_empty() { "round" } else { "butt" });
        let dashes: js_sys::Array = stroke.dash.iter().map(|&d| JsValue::from_f64(f64::from(d))).collect();
        self.context.set_line_dash(&dashes).ok();
    }
}

fn font(size: f32, bold: bool) -> String {
    format!("{} {size}px {FONTS}", if bold { 600 } else { 400 })
}

impl Surface for CanvasSurface {
    fn size(&self) -> (f32, f32) {
        (self.width, self.height)
    }

    fn path(&mut self, points: &[Point], stroke: &Stroke) {
        self.trace(points);
        self.set_stroke(stroke);
        self.context.stroke();
    }

    fn fill_path(&mut self, points: &[Point], color: Rgba) {
        self.trace(points);
        self.context.close_path();
        self.context.set_fill_style_str(&color.css());
        self.context.fill();
    }

    fn rect(&mut self, rect: Rect, paint: &Paint) {
        let [x, y, w, h] = [rect.x, rect.y, rect.w, rect.h].map(f64::from);
        match paint {
            Paint::Fill(color) => {
                self.context.set_fill_style_str(&color.css());
                self.context.fill_rect(x, y, w, h);
            }
            Paint::Outline(stroke) => {
                self.set_stroke(stroke);
                self.context.stroke_rect(x, y, w, h);
            }
        }
    }

    fn circle(&mut self, center: Point, radius: f32, paint: &Paint) {
        self.context.begin_path();
        let (x, y, r) = (f64::from(center.x), f64::from(center.y), f64::from(radius));
        self.context.arc(x, y, r, 0.0, std::f64::consts::TAU).ok();
        match paint {
            Paint::Fill(color) => {
                self.context.set_fill_style_str(&color.css());
                self.context.fill();
            }
            Paint::Outline(stroke) => {
                self.set_stroke(stroke);
                self.context.stroke();
            }
        }
    }

    fn text(&mut self, text: &str, at: Point, look: &TextLook) {
        let context = &self.context;
        context.set_font(&font(look.size, look.bold));
        context.set_text_baseline("alphabetic");
        context.set_text_align(match look.align_x {
            AlignX::Left => "left",
            AlignX::Center => "center",
            AlignX::Right => "right",
        });
        context.set_fill_style_str(&look.color.css());
        let (x, y) = (f64::from(at.x), f64::from(at.y));
        let drop = f64::from(look.baseline_drop());
        if look.rotate == 0.0 {
            context.fill_text(text, x, y + drop).ok();
            return;
        }
        context.save();
        context.translate(x, y).ok();
        context.rotate(f64::from(look.rotate).to_radians()).ok();
        context.fill_text(text, 0.0, drop).ok();
        context.restore();
    }

    fn text_width(&self, text: &str, size: f32, bold: bool) -> f32 {
        WIDTHS.with_borrow_mut(|widths| {
            let key = (text.to_owned(), size.to_bits(), bold);
            if let Some(&width) = widths.get(&key) {
                return width;
            }
            self.context.set_font(&font(size, bold));
            let width = self.context.measure_text(text).map_or(0.0, |m| m.width() as f32);
            if widths.len() >= WIDTHS_MAX {
                widths.clear();
            }
            widths.insert(key, width);
            width
        })
    }
}
