//! The charts as pictures to hand on.

use super::super::canvas_surface::CanvasSurface;
use super::super::charts::ChartId;
use super::super::marks::{self, Mark};
use super::paint::Scene;
use super::{Board, Key, Slot, theme};
use crate::dom;
use crate::texts::panel as texts;
use headroom_charts::{
    AlignX, AlignY, Event, Paint, Pane, Point, Rect, Stroke, Surface, SvgSurface, TextLook, Theme, TimeFrame,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

const MARGIN: f32 = 12.0;
const ROW: f32 = 22.0;

fn size(slot: &Slot) -> (f32, f32) {
    (slot.canvas.client_width() as f32, slot.canvas.client_height() as f32)
}

impl Board {
    /// All charts in one picture, with a caption, as the data of a PNG file.
    pub fn png(&self, caption: &str) -> Option<String> {
        let (width, height) = self.picture_size();
        let canvas: HtmlCanvasElement = dom::document().create_element("canvas").ok()?.unchecked_into();
        let mut surface = CanvasSurface::new(&canvas, width, height, dom::window().device_pixel_ratio())?;
        self.picture(&mut surface, caption);
        canvas.to_data_url().ok()
    }

    /// The same as an SVG file.
    pub fn svg(&self, caption: &str) -> String {
        let (width, height) = self.picture_size();
        let mut surface = SvgSurface::new(width, height);
        self.picture(&mut surface, caption);
        surface.finish(caption)
    }

    fn picture_size(&self) -> (f32, f32) {
        let slots = self.0.slots.borrow();
        let width = slots.iter().map(|s| size(s).0).fold(0.0, f32::max) + 2.0 * MARGIN;
        let rows = 1 + slots.iter().filter(|s| s.key == Key::Curve).count();
        (width, slots.iter().map(|s| size(s).1).sum::<f32>() + 2.0 * MARGIN + rows as f32 * ROW)
    }

    fn picture(&self, mut surface: &mut dyn Surface, caption: &str) {
        let (look, live) = (self.0.look.borrow(), self.0.live.get());
        let theme = theme(look.dark);
        let (width, height) = surface.size();
        surface.rect(Rect { x: 0.0, y: 0.0, w: width, h: height }, &Paint::Fill(theme.paper));
        let plain = TextLook {
            size: theme.text_px,
            bold: false,
            color: theme.text,
            align_x: AlignX::Left,
            align_y: AlignY::Middle,
            rotate: 0.0,
        };
        let marks = marks::marks(&live, &look.design, look.lang);
        let events: Vec<Event<'_>> =
            marks.iter().map(|Mark { t, label, kind }| Event { t: *t, label, kind: *kind }).collect();
        let estimated = live.estimated();
        let base = TimeFrame { estimated: &estimated, ..self.0.frame(&look, &live, &events) };
        let slots = self.0.slots.borrow();
        let mut y = MARGIN;
        for (i, slot) in slots.iter().enumerate() {
            let (w, h) = size(slot);
            if slot.key == Key::Curve {
                // On the page this row belongs to the editor.
                let at = Point { x: MARGIN, y: y + ROW / 2.0 };
                surface.text(look.lang.t(texts::RATES), at, &TextLook { bold: true, ..plain });
                self.draw_legend(surface, (width - MARGIN - 12.0, y + ROW / 2.0), &plain, &theme);
                y += ROW;
            }
            let frame = TimeFrame {
                time_labels: look.alone || i + 1 == slots.len(),
                event_labels: look.alone || i == 0,
                ..base
            };
            let mut pane = Pane::new(&mut surface, Rect { x: MARGIN, y, w, h });
            let scene = Scene { theme: &theme, frame, look: &look, live: &live };
            self.0.paint(&slot.key, &slot.layout, &mut pane, &scene);
            y += h;
        }
        let quiet = TextLook { size: theme.small_px, color: theme.axis_text, ..plain };
        surface.text(caption, Point { x: MARGIN, y: y + ROW / 2.0 }, &quiet);
    }

    /// The lines of the traffic curve by name, ending at a place.
    fn draw_legend(&self, surface: &mut dyn Surface, (right, y): (f32, f32), look: &TextLook, theme: &Theme) {
        let lang = self.0.look.borrow().lang;
        let own = self.0.gathered.borrow();
        let rates = own.charts.iter().find(|(id, _)| *id == ChartId::Rates).map(|(_, data)| data);
        let mut entries = vec![(lang.t(texts::DRAWN).to_owned(), theme.series[0], &[][..])];
        for line in rates.iter().flat_map(|data| &data.series) {
            entries.push((line.name.clone(), theme.color(line.role), line.dash.pattern()));
        }
        let mut x = right;
        for (name, color, dash) in entries.into_iter().rev() {
            x -= surface.text_width(&name, look.size, look.bold);
            surface.text(&name, Point { x, y }, look);
            x -= 22.0;
            let ends = [Point { x, y }, Point { x: x + 16.0, y }];
            surface.path(&ends, &Stroke { color, width: 2.0, dash });
            x -= 16.0;
        }
    }
}
