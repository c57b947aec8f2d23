//! Texts of the canvas.

use super::texts;

texts! {
    CANVAS = "Canvas", "캔버스";
}
