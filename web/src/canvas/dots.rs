//! How moving requests are drawn: a shape and a colour for each class, a cross for what has failed. Whoever goes there is
//! filled, an answer on its way back is hollow.

use super::flow::Dot;
use super::scene::Look;
use headroom_editor::Rect;
use headroom_model::sim::core::CLASSES;
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// Names of the colours in the style sheet: of the classes, in their order, then of failures and of what lies beneath.
pub const INKS: [&str; CLASSES + 2] =
    ["--class-read", "--class-write", "--class-static", "--class-query", "--class-job", "--bad", "--bg"];
/// The colours.
pub type Inks = [String; CLASSES + 2];

/// Draws all dots that lie in `seen`, with this radius. Everything of one look is one path.
pub fn draw(g: &CanvasRenderingContext2d, dots: &[Dot], ink: &Inks, radius: f64, seen: Rect) {
    let line = radius * 0.5;
    for class in 0..CLASSES {
        for look in [Look::Back, Look::There] {
            let mut any = false;
            for dot in dots {
                if dot.look == look && usize::from(dot.class) == class && seen.contains(dot.at) {
                    if !any {
                        g.begin_path();
                        any = true;
                    }
                    let r = if look == Look::Back { radius - line / 2.0 } else { radius };
                    shape(g, class, dot.at.x, dot.at.y, r);
                }
            }
            if !any {
                continue;
            }
            if look == Look::Back {
                g.set_fill_style_str(&ink[CLASSES + 1]);
                g.fill();
                g.set_stroke_style_str(&ink[class]);
                g.set_line_width(line);
                g.stroke();
            } else {
                g.set_fill_style_str(&ink[class]);
                g.fill();
            }
        }
    }
    // A failing one is told by its shape and size as well as by its colour.
    let arm = radius * 1.45;
    let mut any = false;
    for dot in dots.iter().filter(|d| d.look == Look::Failed && seen.contains(d.at)) {
        if !any {
            g.begin_path();
            any = true;
        }
        let (x, y) = (dot.at.x, dot.at.y);
        g.move_to(x - arm, y - arm);
        g.line_to(x + arm, y + arm);
        g.move_to(x - arm, y + arm);
        g.line_to(x + arm, y - arm);
    }
    if any {
        g.set_stroke_style_str(&ink[CLASSES + 1]);
        g.set_line_width(radius * 1.5);
        g.stroke();
        g.set_stroke_style_str(&ink[CLASSES]);
        g.set_line_width(radius * 0.85);
        g.stroke();
    }
}

/// The outline of a class's shape: circle, square, triangle, diamond, bar; about as large as each other.
fn shape(g: &CanvasRenderingContext2d, class: usize, x: f64, y: f64, r: f64) {
    match class {
        0 => {
            g.move_to(x + r, y);
            let _ = g.arc(x, y, r, 0.0, TAU);
        }
        1 => g.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8),
        2 => {
            g.move_to(x, y - r * 1.25);
            g.line_to(x + r * 1.15, y + r * 0.85);
            g.line_to(x - r * 1.15, y + r * 0.85);
            g.close_path();
        }
        3 => {
            g.move_to(x, y - r * 1.3);
            g.line_to(x + r * 1.3, y);
            g.line_to(x, y + r * 1.3);
            g.line_to(x - r * 1.3, y);
            g.close_path();
        }
        _ => g.rect(x - r * 1.1, y - r * 0.7, r * 2.2, r * 1.4),
    }
}
