//! A table of text: the first column to the left, numbers to the right, as wide as they need.

/// A table with a title above its first column.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|h| (*h).to_owned()).collect()] }
    }

    /// A table whose headings were made up on the way.
    pub fn with_headings(headings: Vec<String>) -> Self {
        Self { rows: vec![headings] }
    }

    /// Adds a row; it has as many cells as there are headings.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.rows[0].len(), "a row has a cell for each heading");
        self.rows.push(cells);
    }

    /// Whether there are rows besides the headings.
    pub fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// The lines of the table, each after `indent`.
    pub fn write(&self, out: &mut String, indent: &str) {
        self.write_from(0, out, indent);
    }

    /// The same without the headings.
    pub fn write_rows(&self, out: &mut String, indent: &str) {
        self.write_from(1, out, indent);
    }

    fn write_from(&self, first: usize, out: &mut String, indent: &str) {
        let columns = self.rows[0].len();
        let widths: Vec<usize> =
            (0..columns).map(|c| self.rows.iter().map(|r| width(&r[c])).max().unwrap_or(0)).collect();
        for row in &self.rows[first..] {
            let mut line = String::from(indent);
            for (c, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[c] - width(cell));
                if c == 0 {
                    line.push_str(cell);
                    line.push_str(&gap);
                } else {
                    line.push_str("  ");
                    line.push_str(&gap);
                    line.push_str(cell);
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

/// Columns that a text takes in a terminal: East Asian letters take two.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_every_script() {
        let mut table = Table::new(&["node", "n", "share"]);
        table.row(vec!["웹".to_owned(), "12".to_owned(), "5%".to_owned()]);
        table.row(vec!["db".to_owned(), "1,000".to_owned(), "-".to_owned()]);
        let mut out = String::new();
        table.write(&mut out, "  ");
        assert_eq!(out, "  node      n  share\n  웹       12     5%\n  db    1,000      -\n");
    }
}
