//! A table whose rows are not all known: the first ones decide how wide the columns are, and which
//! of them have room.

use crate::render::Style;
use crate::render::paint::{dim, paint};
use crate::render::table::{GAP, shorten};
use crate::report::{Column, count};
use crate::schema::{Heading, Kind, escape};
use unicode_width::UnicodeWidthStr;

/// So many rows are looked at.
const LOOKED_AT: usize = 100;

/// Columns from this weight on fill what room more important ones leave.
const USEFUL: u8 = 9;

/// Text is not shortened below this.
const SHORTEST: usize = 12;

pub struct Layout {
    columns: Vec<Place>,
    /// The terminal's width.
    limit: Option<usize>,
    color: bool,
    /// The head has not been written.
    headless: bool,
}

struct Place {
    name: String,
    right: bool,
    weight: u8,
    shown: bool,
    width: usize,
    /// Whether a cell may be shortened to the width.
    text: bool,
}

impl Layout {
    /// Decides by the first of `rows`, lines of cells between tabs.
    pub fn new(headings: &[Heading], columns: &[Column], rows: &[u8], style: &Style) -> Layout {
        let mut widths: Vec<usize> = Vec::new();
        let mut seen = 0;
        for row in lines(rows).take(LOOKED_AT) {
            seen += 1;
            widths.resize(columns.len(), 0);
            for (width, cell) in widths.iter_mut().zip(row.split('\t')) {
                *width = cell.width().max(*width);
            }
        }
        widths.resize(columns.len(), 0);
        let mut layout = Layout { columns: Vec::new(), limit: style.width, color: style.color, headless: true };
        for ((heading, column), width) in headings.iter().zip(columns).zip(widths) {
            let name = escape(heading.name.as_bytes());
            // Few rows say little about those to come.
            let least = if seen < LOOKED_AT { usual(heading.kind) } else { 0 };
            layout.columns.push(Place {
                width: width.max(least).max(name.width()),
                name,
                right: column.right,
                weight: column.weight,
                shown: style.width.is_none(),
                text: heading.kind == Kind::Text && style.width.is_some(),
            });
        }
        if let Some(width) = style.width {
            layout.fit(width);
        }
        layout
    }

    /// Shows the columns that matter most, as many as there is room for, and at least one.
    fn fit(&mut self, limit: usize) {
        let mut order: Vec<&mut Place> = self.columns.iter_mut().collect();
        order.sort_by_key(|column| std::cmp::Reverse(column.weight));
        let (mut used, mut full) = (0, false);
        for column in order {
            // What hardly matters does not stand in the place of what does.
            if used == 0 || used + GAP + column.width <= limit && (column.weight >= USEFUL || !full) {
                column.shown = true;
                used += column.width + if used == 0 { 0 } else { GAP };
            } else {
                full = true;
            }
        }
        if let Some(column) = self.columns.iter_mut().find(|column| column.shown && column.text && used > limit) {
            column.width = column.width.min(limit.max(SHORTEST));
        }
    }

    /// Writes rows below those that have been written.
    pub fn write(&mut self, rows: &[u8], out: &mut Vec<u8>) {
        if std::mem::take(&mut self.headless) {
            let head = self.line(self.columns.iter().map(|column| column.name.as_str()));
            out.extend_from_slice(paint(&head, true, self.color).as_bytes());
            out.push(b'\n');
        }
        for row in lines(rows) {
            out.extend_from_slice(self.line(row.split('\t')).as_bytes());
            out.push(b'\n');
        }
    }

    fn line<'c>(&self, cells: impl Iterator<Item = &'c str>) -> String {
        let mut line = String::new();
        for (column, cell) in self.columns.iter().zip(cells).filter(|(column, _)| column.shown) {
            if !line.is_empty() {
                line.extend(std::iter::repeat_n(' ', GAP));
            }
            let mut width = cell.width();
            let mut short = None;
            if column.text && width > column.width {
                let cell = shorten(cell, column.width);
                width = cell.width();
                short = Some(cell);
            }
            let cell = short.as_deref().unwrap_or(cell);
            let space = std::iter::repeat_n(' ', column.width.saturating_sub(width));
            if column.right {
                line.extend(space);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.extend(space);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }

    /// Says what is not shown.
    pub fn end(&self, limit: Option<usize>, out: &mut Vec<u8>) {
        let mut note = |text: String| {
            out.extend_from_slice(dim(&text, self.color).as_bytes());
            out.push(b'\n');
        };
        if let Some(limit) = limit {
            note(format!(
                "the first {}; -n 0 shows all",
                if limit == 1 { "row".into() } else { format!("{} rows", count(limit as u128)) }
            ));
        }
        let mut hidden: Vec<&Place> = self.columns.iter().filter(|column| !column.shown).collect();
        hidden.sort_by_key(|column| std::cmp::Reverse(column.weight));
        if !hidden.is_empty() {
            note(self.hidden(&hidden));
        }
    }

    /// Names columns, as many as there is room for on a line.
    fn hidden(&self, columns: &[&Place]) -> String {
        let sentence = |named: usize| {
            let names: Vec<&str> = columns[..named].iter().map(|column| column.name.as_str()).collect();
            let more = match columns.len() - named {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("not shown at this width: {}{more} (--fields chooses, -o csv has all)", names.join(", "))
        };
        let fits = |named: &usize| self.limit.is_none_or(|limit| sentence(*named).width() <= limit);
        sentence((1..=columns.len()).rev().find(fits).unwrap_or(1))
    }
}

/// Lines of an encoder's making.
fn lines(rows: &[u8]) -> impl Iterator<Item = &str> {
    // What encoders write is UTF-8.
    rows.split_inclusive(|b| *b == b'\n').filter_map(|line| std::str::from_utf8(&line[..line.len() - 1]).ok())
}

/// How wide the values of a kind usually are.
fn usual(kind: Kind) -> usize {
    match kind {
        Kind::Ip => "255.255.255.255".len(),
        Kind::Port => "65535".len(),
        Kind::Bytes => "999.9 MB".len(),
        Kind::Time => "2026-03-15T10:00:00Z".len(),
        Kind::Protocol | Kind::Number | Kind::Text => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::rows::column;
    use crate::schema::Field;

    const FIELDS: [Field; 6] =
        [Field::Version, Field::InterfaceId, Field::SrcIp, Field::DstIp, Field::Bytes, Field::Action];

    fn text(width: Option<usize>) -> String {
        let headings = FIELDS.map(|field| Heading { name: field.name().into(), kind: field.kind() });
        let columns: Vec<Column> = headings.iter().map(column).collect();
        let style = Style { width, ..Style::default() };
        let first = "2\teni-0123456789abcdef0\t10.0.0.1\t10.0.0.2\t1.2 GB\tACCEPT\n".as_bytes();
        let mut layout = Layout::new(&headings, &columns, first, &style);
        let mut out = Vec::new();
        layout.write(first, &mut out);
        layout.write("2\teni-é日本-0123456789abcdef0123456789\t2001:db8::1\t-\t7 B\t-\n".as_bytes(), &mut out);
        layout.end(Some(2), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_most_important_columns_fit() {
        for width in 0..120 {
            let text = text(Some(width));
            for line in text.lines().take(3) {
                assert!(line.width() <= width.max(15), "{width}: {line}");
            }
        }
        let wide = text(None);
        let head = "version interface-id          src-ip          dst-ip             bytes action\n";
        assert!(wide.starts_with(head), "{wide}");
        let narrow = text(Some(60));
        assert!(narrow.contains("not shown at this width: interface-id and 1 more ("), "{narrow}");
        let narrow = text(Some(50));
        assert!(narrow.starts_with("src-ip          dst-ip             bytes action\n"), "{narrow}");
        assert!(narrow.contains("\nthe first 2 rows; -n 0 shows all\n"), "{narrow}");
        assert!(text(Some(70)).contains("not shown at this width: version ("), "{}", text(Some(70)));
    }
}
