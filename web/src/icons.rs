//! Icons, drawn with lines.
