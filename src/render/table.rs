//! Tables for people: in a terminal, and in Markdown.

use super::paint::{dim, paint, paint_changes};
use super::{Style, boxes, counts, trend};
use crate::report::{Column, KEEP, Page, Report, Unit, count, human, plain};
use crate::schema::{Value, escape};
use comfy_table::{CellAlignment, Table, presets};
use std::io::{self, Write};
use std::ops::Range;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Spaces between columns.
pub const GAP: usize = 1;
/// How long bars are where there is no limit, at most, and at least.
const BAR: (usize, usize, usize) = (12, 24, 4);
/// Columns below this weight go before text is shortened.
const IMPORTANT: u8 = 8;
/// Text keys are not shortened below this.
const SHORTEST: usize = 12;
/// Lists of counts are not shortened below this before columns go.
const SHORTEST_LIST: usize = 28;

/// A table fitted to the width: first the bar goes, then the columns that matter least, then long
/// text is shortened, then more columns go. What is left out is said below the table.
pub fn table(report: &mut Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(page) = &report.page {
        return write_page(page, style, out);
    }
    if let Some(trend) = &report.trend {
        trend::write(trend, style, out)?;
    }
    report.hold_rows()?;
    let mut grid = Grid::new(report, style);
    let bar = grid.fit(style.width);
    let drawn = (bar > 0).then(|| drawn(report, bar, style));
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let kept = || grid.columns.iter().filter(|column| column.shown);
    table.set_header(kept().map(|column| column.cells[0].clone()).chain(drawn.iter().map(|drawn| drawn.0.clone())));
    for row in 1..=report.rows.len() {
        let cells = kept().map(|column| column.cells[row].clone());
        table.add_row(cells.chain(drawn.iter().map(|drawn| drawn.1[row - 1].clone())));
    }
    for (i, column) in kept().enumerate() {
        if let Some(place) = table.column_mut(i) {
            place.set_padding((0, GAP as u16));
            place.set_cell_alignment(if column.right { CellAlignment::Right } else { CellAlignment::Left });
        }
    }
    let changes = if style.color { grid.changes(report) } else { vec![] };
    for (i, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let painted = if i == 0 || drawn.is_some() { paint(line, i == 0, style.color) } else { line.to_string() };
        writeln!(out, "{}", if i > 0 { paint_changes(&painted, &changes) } else { painted })?;
    }
    if report.rows_in_all > report.rows.len() {
        let note = format!("{} of {} rows; -n 0 shows all", report.rows.len(), count(report.rows_in_all as u128));
        writeln!(out, "{}", dim(&note, style.color))?;
    }
    let hidden: Vec<&str> = grid.columns.iter().filter(|c| !c.shown).map(|c| c.cells[0].as_str()).collect();
    if !hidden.is_empty() {
        let note = format!("not shown at this width: {} (-o csv has all columns)", hidden.join(", "));
        writeln!(out, "{}", dim(&note, style.color))?;
    }
    Ok(())
}

/// The cells of a table as text.
struct Grid {
    columns: Vec<GridColumn>,
    has_bar: bool,
    has_boxes: bool,
}

struct GridColumn {
    /// The heading, then the rows.
    cells: Vec<String>,
    right: bool,
    weight: u8,
    shown: bool,
    /// Text may be shortened, numbers may not.
    text: bool,
    /// The lists of counts in its cells, if it has such.
    lists: Vec<Vec<(Value, u128)>>,
}

impl Grid {
    fn new(report: &Report, style: &Style) -> Grid {
        let cell = |value: &Value, column: &Column| match (style.raw, value) {
            (true, Value::None) => "-".into(),
            (true, value) => plain(value),
            (false, value) => human(value, column.unit),
        };
        let column = |(i, column): (usize, &Column)| GridColumn {
            cells: std::iter::once(escape(column.name.as_bytes()))
                .chain(report.rows.iter().map(|row| cell(&row[i], column)))
                .collect(),
            right: column.right,
            weight: column.weight,
            shown: true,
            text: report.rows.iter().any(|row| matches!(row[i], Value::Text(_) | Value::Counts(_))),
            lists: lists(report, i),
        };
        let columns = report.columns.iter().enumerate().map(column).collect();
        let has_rows = !report.rows.is_empty();
        let (has_bar, has_boxes) = (report.bar.is_some() && has_rows, report.boxes.is_some() && has_rows);
        Grid { columns, has_bar: has_bar || has_boxes, has_boxes }
    }

    fn width(&self) -> usize {
        let shown = self.columns.iter().filter(|c| c.shown);
        shown.map(|c| c.width() + GAP).sum::<usize>().saturating_sub(GAP)
    }

    /// The columns of the terminal in which changes stand.
    fn changes(&self, report: &Report) -> Vec<Range<usize>> {
        let mut start = 0;
        let shown = self.columns.iter().zip(&report.columns).filter(|(column, _)| column.shown);
        let places = shown.map(|(column, of)| {
            let place = start..start + column.width();
            start = place.end + GAP;
            (of.unit.is_change(), place)
        });
        places.filter_map(|(is_change, place)| is_change.then_some(place)).collect()
    }

    /// Fits the columns into `limit` and returns the room for a bar.
    fn fit(&mut self, limit: Option<usize>) -> usize {
        let usual = if self.has_boxes { boxes::LENGTH.0 } else { BAR.0 };
        let Some(limit) = limit else { return if self.has_bar { usual } else { 0 } };
        let over = |grid: &Grid| grid.width().saturating_sub(limit);
        self.shorten_lists(limit, SHORTEST_LIST);
        // A box says what its columns do.
        let boxes = if self.has_boxes { boxes::LENGTH.1 + 2 * GAP } else { 0 };
        self.drop_columns(limit.saturating_sub(boxes), IMPORTANT);
        self.lengthen_lists(limit);
        while over(self) > 0 {
            let excess = over(self);
            let widest = self.columns.iter_mut().filter(|c| c.shown && c.text && c.width() > SHORTEST);
            // Rows are told apart by what weighs most: it is shortened last.
            let Some(column) = widest.max_by_key(|c| (c.weight < KEEP, c.width())) else { break };
            let width = column.width();
            column.shorten(width.saturating_sub(excess).max(SHORTEST).max(width - width.div_ceil(4)).min(width - 1));
        }
        self.drop_columns(limit, KEEP);
        let room = limit.saturating_sub(self.width() + 2 * GAP);
        // A bar without a number beside it says nothing.
        let numbers = self.columns.iter().any(|column| column.shown && column.weight < KEEP);
        if self.has_bar && numbers && room >= BAR.2 { room.min(BAR.1) } else { 0 }
    }
}

/// The lists of counts in a column, one for every row; none if it has no such cells.
fn lists(report: &Report, column: usize) -> Vec<Vec<(Value, u128)>> {
    let list = |row: &Vec<Value>| if let Value::Counts(items) = &row[column] { Some(items.clone()) } else { None };
    report.rows.iter().filter_map(list).collect()
}

impl Grid {
    /// Leaves items out of lists of counts until the table fits, or the lists are `shortest`.
    fn shorten_lists(&mut self, limit: usize, shortest: usize) {
        let excess = self.width().saturating_sub(limit);
        if excess > 0
            && let Some(column) = self.columns.iter_mut().find(|column| !column.lists.is_empty())
        {
            column.fit_lists(column.width().saturating_sub(excess).max(shortest));
        }
    }

    /// Gives lists of counts the room that columns have left that went.
    fn lengthen_lists(&mut self, limit: usize) {
        let room = limit.saturating_sub(self.width());
        if let Some(column) = self.columns.iter_mut().find(|column| !column.lists.is_empty()) {
            column.fit_lists(column.width() + room);
        }
    }

    /// Leaves out columns below a weight, the rightmost of the least important first, until the
    /// others fit.
    fn drop_columns(&mut self, limit: usize, below: u8) {
        while self.width() > limit {
            let droppable = self.columns.iter_mut().filter(|c| c.shown && c.weight < below);
            let Some(column) = droppable.rev().min_by_key(|c| c.weight) else { return };
            column.shown = false;
        }
    }
}

impl GridColumn {
    /// An empty column takes up one, too.
    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(1)
    }

    fn fit_lists(&mut self, width: usize) {
        for (cell, list) in self.cells.iter_mut().skip(1).zip(&self.lists) {
            *cell = counts::fitted(list, width);
        }
    }

    fn shorten(&mut self, width: usize) {
        for cell in self.cells.iter_mut().filter(|cell| cell.width() > width) {
            *cell = shorten(cell, width);
        }
    }
}

/// Cuts text that is too wide in the middle: ids differ at their ends.
pub(super) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut tail, mut behind) = (chars.len(), 0);
    while chars.len() - tail < tail && behind < width / 2 {
        tail -= 1;
        behind += widest(chars[tail]);
    }
    while behind + 1 > width && tail < chars.len() {
        behind -= widest(chars[tail]);
        tail += 1;
    }
    let (mut head, mut used) = (0, behind + 1);
    while head < tail && used + widest(chars[head]) <= width {
        used += widest(chars[head]);
        head += 1;
    }
    chars[..head].iter().chain(&['…']).chain(&chars[tail..]).collect()
}

/// The most columns that a character can take up: behind some that are narrow by themselves, U+FE0F asks for the
/// wide picture.
fn widest(c: char) -> usize {
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) }
}

/// What stands behind the columns of every row, and its heading.
fn drawn(report: &Report, length: usize, style: &Style) -> (String, Vec<String>) {
    match (report.boxes, report.bar) {
        (Some(first), _) => boxes::boxes(report, first, length, style),
        (None, column) => (String::new(), column.map_or(vec![], |column| bars(report, column, length))),
    }
}

/// A bar for every row: its part of the largest value of the column.
fn bars(report: &Report, column: usize, length: usize) -> Vec<String> {
    let number = |row: &Vec<Value>| match row[column] {
        Value::Int(number) => number,
        Value::Decimal { units, .. } => u128::try_from(units).unwrap_or(0),
        _ => 0,
    };
    let largest = report.rows.iter().map(number).max().unwrap_or(0);
    report.rows.iter().map(|row| bar(number(row), largest, length)).collect()
}

/// A bar of `part / whole` of `length` characters, to an eighth of one; at least a sliver for
/// anything above nothing.
fn bar(part: u128, whole: u128, length: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if part == 0 || whole == 0 {
        return String::new();
    }
    let ratio = (part.min(whole) as f64) / (whole as f64);
    let eighths = ((ratio * (length * 8) as f64).round() as usize).max(1);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn write_page(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let value = |value: &Value, unit| match (style.raw, value) {
        (true, Value::None) => "-".into(),
        (true, value) => plain(value),
        (false, value) => human(value, unit),
    };
    let lines = || page.sections.iter().flat_map(|section| &section.lines);
    let labels = lines().map(|line| line.label.width()).max().unwrap_or(0);
    let values = lines().filter(|l| l.share.is_some()).map(|l| value(&l.value, l.unit).width()).max().unwrap_or(0);
    let room = style.width.unwrap_or(80).saturating_sub(2 + labels + 2 + values + 2 + 6 + 2);
    for (i, section) in page.sections.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", paint(&section.title, true, style.color))?;
        for line in &section.lines {
            let text = value(&line.value, line.unit);
            let mut written = format!("  {:labels$}  ", line.label);
            if let Some((part, whole)) = line.share {
                let share = human(&Value::ratio(part, whole, 1, 4), Unit::Share);
                written.push_str(&format!("{text:>values$}  {share:>6}"));
                if room >= BAR.2 {
                    written.push_str(&format!("  {}", bar(part, whole, room.min(BAR.1))));
                }
            } else {
                written.push_str(&wrapped(&text, labels + 4, style.width.unwrap_or(80)));
            }
            writeln!(out, "{}", paint(written.trim_end(), false, style.color))?;
        }
    }
    Ok(())
}

/// A list, broken behind commas where it does not fit; every line but the first is indented.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let (mut out, mut used) = (String::new(), 0);
    for word in text.split_inclusive(", ") {
        let size = word.trim_end().width();
        if used > 0 && used + size > room {
            out.truncate(out.trim_end().len());
            out.push_str(&format!("\n{:indent$}", ""));
            used = 0;
        }
        out.push_str(word);
        used += word.width();
    }
    out
}

/// A Markdown table with exact numbers; text of the log cannot become markup.
pub fn markdown(report: &mut Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    markdown_head(&report.columns, out)?;
    report.each_row(|values| {
        let cells: Vec<String> = values.iter().map(|value| inert(&plain(value))).collect();
        writeln!(out, "| {} |", cells.join(" | "))
    })
}

/// The names of the columns, and the line below them.
pub fn markdown_head(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = columns.iter().map(|column| inert(&escape(column.name.as_bytes()))).collect();
    writeln!(out, "| {} |", names.join(" | "))?;
    let rules: Vec<&str> = columns.iter().map(|column| if column.right { "---:" } else { "---" }).collect();
    writeln!(out, "| {} |", rules.join(" | "))
}

/// Text that no Markdown can be made of. What a page would turn into a link, a mention or a formula, however it is
/// escaped, is code.
pub fn inert(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if text.contains(['@', '#', '$']) || lower.contains("://") || lower.contains("www.") {
        return code(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_marker = c == '_' && !(is_word(before) && is_word(chars.peek().copied()));
        if is_marker || matches!(c, '|' | '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// Text as a span of code, which may stand in a cell of a table.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let (fence, text) = ("`".repeat(longest + 1), text.replace('|', "\\|"));
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn report() -> Report {
        let columns = vec![
            Column::key("interface-id", Kind::Text),
            Column::measure("flows", Some(Kind::Number)),
            Column::measure("packets", Some(Kind::Number)).weight(1),
            Column::measure("bytes", Some(Kind::Bytes)),
        ];
        let row = |id: &str, n: u128| vec![Value::text(id), Value::Int(n), Value::Int(n * 10), Value::Int(n * 1000)];
        let rows = vec![row("eni-0123456789abcdef0", 12345), row("eni-\u{1b}[2Jé日本", 7)];
        Report { columns, rows, bar: Some(1), rows_in_all: 2, ..Report::default() }
    }

    fn text(width: Option<usize>) -> String {
        let mut out = Vec::new();
        table(&mut report(), &Style { width, ..Style::default() }, &mut out).expect("memory does not fail");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn every_width_is_survived_and_kept_where_it_can_be() {
        for width in 0..200 {
            for line in text(Some(width)).lines().filter(|l| !l.starts_with("not shown")) {
                assert!(line.width() <= width.max(SHORTEST), "{width}: {line}");
            }
        }
        assert!(text(Some(32)).contains("not shown at this width: packets"));
        assert!(!text(None).contains("not shown"));
        assert!(text(None).contains("\\x1b[2Jé日本"));
    }

    #[test]
    fn long_and_odd_text_is_shortened_at_once() {
        assert_eq!(shorten("eni-0123456789abcdef0", 12), "eni-0…bcdef0");
        assert_eq!((shorten("日本日本", 5), shorten("日本", 0)), ("日…本".into(), "…".into()));
        for text in
            ["❤\u{fe0f}", "é", "👩\u{1f3fd}", "1\u{fe0f}\u{20e3}", "لا", "a\u{fe0f}"].map(|text| text.repeat(300_000))
        {
            for width in [1, 2, 12, 13, 80] {
                let short = shorten(&text, width);
                assert!(short.width() <= width, "{width}: {short}");
            }
        }
        let rows = vec![vec![Value::text("❤\u{fe0f}".repeat(40)), Value::Int(1)]];
        let mut report = Report { rows, columns: report().columns[..2].to_vec(), ..Report::default() };
        let mut out = Vec::new();
        table(&mut report, &Style { width: Some(40), ..Style::default() }, &mut out).expect("memory does not fail");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.lines().filter(|line| !line.starts_with("not shown")).all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn a_column_without_text_takes_up_room() {
        let columns =
            vec![Column::key("abcdef", Kind::Text), Column::key("", Kind::Text), Column::key("ghi", Kind::Ip)];
        let rows = vec![vec![Value::text("0123456789abcdefghij"), Value::text(""), Value::text("k")]];
        for width in 18..30 {
            let mut out = Vec::new();
            let mut report =
                Report { columns: columns.clone(), rows: rows.clone(), rows_in_all: 1, ..Report::default() };
            table(&mut report, &Style { width: Some(width), ..Style::default() }, &mut out)
                .expect("memory does not fail");
            let text = String::from_utf8(out).expect("UTF-8");
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
        }
    }

    #[test]
    fn bars_reach_from_a_sliver_to_the_whole_length() {
        assert_eq!(bar(0, 10, 8), "");
        assert_eq!(bar(1, 1_000_000, 8), "▏");
        assert_eq!(bar(10, 10, 3), "███");
        assert_eq!(bar(5, 10, 3), "█▌");
    }

    /// Names come from headers, and those of Parquet files hold any text.
    #[test]
    fn headings_are_inert() {
        let columns = vec![Column::key("a\u{1b}[2J\u{202e}b", Kind::Text)];
        let mut report = Report { columns, rows: vec![vec![Value::Int(1)]], ..Report::default() };
        for write in [table, markdown] {
            let mut out = Vec::new();
            write(&mut report, &Style::default(), &mut out).expect("memory does not fail");
            let text = String::from_utf8(out).expect("UTF-8");
            assert!(text.contains("x1b") && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
    }

    #[test]
    fn markdown_is_inert() {
        assert_eq!(inert("a|b<script>`*"), "a\\|b\\<script\\>\\`\\*");
        for (text, expected) in [
            ("_a_ snake_case __b", "\\_a\\_ snake_case \\_\\_b"),
            ("https://e.y/x", "`https://e.y/x`"),
            ("WWW.e.y", "`WWW.e.y`"),
            ("@octocat", "`@octocat`"),
            ("a@b.com|`", "`` a@b.com\\|` ``"),
            ("o/r#1", "`o/r#1`"),
            ("$x$", "`$x$`"),
            ("2026-03-15T02:45:17Z", "2026-03-15T02:45:17Z"),
        ] {
            assert_eq!(inert(text), expected);
        }
    }
}
