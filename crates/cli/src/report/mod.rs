//! What a run has to say, for people (a text, charts) and for spreadsheets (series as CSV).

mod charts;
mod number;
mod series;
mod table;
mod text;

pub use charts::charts_svg;
pub use number::{Quantity, cell};
pub use series::series_csv;
pub use text::summary_text;
