//! Reports: whatever the cells and the width, nothing of a log can steer a terminal, no line of a table is
//! wider than it has to be, colours change nothing but colours, and what other programs read is what was
//! to be written.

#![no_main]

#[allow(dead_code)]
#[path = "../support/cells.rs"]
mod cells;

use cells::hostile;
use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use unicode_width::UnicodeWidthStr;
use vpcflow::render::{Format, Style, render};
use vpcflow::report::{Column, KEEP, Line, Page, Report, Section, Series, Trend, Unit, human, plain};
use vpcflow::schema::{Value, escape};

/// Between columns.
const GAP: usize = 1;
/// Text that rows are told apart by is not shortened below this.
const SHORTEST: usize = 12;

#[derive(Debug)]
struct Case {
    report: Report,
    style: Style,
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Case> {
        let width = u.arbitrary::<bool>()?.then(|| u.int_in_range(0..=400)).transpose()?;
        let style = Style { width, raw: u.arbitrary()?, ..Style::default() };
        let (columns, rows) = (u.int_in_range(1..=6)?, u.int_in_range(0..=6)?);
        let mut report = Report { rows: vec![Vec::new(); rows], ..Report::default() };
        for _ in 0..columns {
            report.columns.push(column(u)?);
            let kind = u.arbitrary()?;
            for row in &mut report.rows {
                row.push(cells::value(u, kind)?);
            }
        }
        report.bar = u.arbitrary::<bool>()?.then(|| u.choose_index(columns)).transpose()?;
        report.rows_in_all = rows + u.arbitrary::<u16>()? as usize % 3;
        report.trend = u.ratio(1, 4)?.then(|| trend(u)).transpose()?;
        report.page = u.ratio(1, 8)?.then(|| page(u)).transpose()?;
        Ok(Case { report, style })
    }
}

fn column(u: &mut Unstructured<'_>) -> Result<Column> {
    Ok(Column {
        name: cells::name(u)?,
        unit: *u.choose(&[Unit::Plain, Unit::Count, Unit::Bytes, Unit::Share, Unit::Percent])?,
        right: u.arbitrary()?,
        weight: *u.choose(&[0, 1, 5, 8, 20, KEEP])?,
    })
}

fn trend(u: &mut Unstructured<'_>) -> Result<Trend> {
    let mut series = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let label = plain(&Value::Text(cells::bytes(u)?));
        let count = u.int_in_range(0..=130)?;
        let points = (0..count).map(|_| u.arbitrary::<u64>().map(u128::from)).collect::<Result<_>>()?;
        series.push(Series { label, points, ..Series::default() });
    }
    Ok(Trend { title: "flows".into(), from: u.arbitrary()?, step: u.arbitrary()?, series })
}

fn page(u: &mut Unstructured<'_>) -> Result<Page> {
    let mut lines = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let (label, kind) = (plain(&Value::text(cells::name(u)?)), u.arbitrary()?);
        let share = u.arbitrary::<Option<(u64, u64)>>()?.map(|(part, whole)| (part.into(), whole.into()));
        lines.push(Line { label, value: cells::value(u, kind)?, unit: Unit::Count, share });
    }
    Ok(Page { sections: vec![Section { title: "Traffic".into(), lines }] })
}

fn written(report: &mut Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    render(report, format, style, &mut out).expect("memory does not fail");
    String::from_utf8(out).expect("UTF-8")
}

fuzz_target!(|case: Case| {
    let Case { mut report, style } = case;
    let (report, style) = (&mut report, &style);
    let table = written(report, Format::Table, style);
    assert_eq!(hostile(&table), None, "{table}");
    let colored = written(report, Format::Table, &Style { color: true, ..*style });
    let bare = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m"].iter().fold(colored, |text, code| text.replace(code, ""));
    assert_eq!(bare, table);
    if let (Some(width), None) = (style.width, &report.page) {
        let allowed = width.max(narrowest(report, style));
        let notes = |line: &&str| line.starts_with("not shown at this width: ") || line.ends_with("; -n 0 shows all");
        for line in table.lines().filter(|line| !notes(line)) {
            assert!(line.width() <= allowed, "{} > {allowed}: {line}\n{table}\n{report:?}", line.width());
        }
    }
    separated(report);
    objects(report);
    markdown(report);
});

/// The width of what cannot be left out.
fn narrowest(report: &Report, style: &Style) -> usize {
    let width = |(i, column): (usize, &Column)| {
        let cell = |row: &Vec<Value>| match (style.raw, &row[i]) {
            (true, Value::None) => 1,
            (true, value) => plain(value).width(),
            (false, value) => human(value, column.unit).width(),
        };
        let widest = report.rows.iter().map(cell).max().unwrap_or(0).max(escape(column.name.as_bytes()).width());
        let text = report.rows.iter().any(|row| matches!(row[i], Value::Text(_) | Value::Counts(_)));
        let widest = widest.max(1);
        if text { widest.min(SHORTEST) } else { widest }
    };
    let kept = report.columns.iter().enumerate().filter(|(_, column)| column.weight == KEEP);
    kept.map(|column| width(column) + GAP).sum::<usize>().saturating_sub(GAP)
}

/// CSV as another program reads it, and TSV cut at tabs, are the values.
fn separated(report: &mut Report) {
    let expected: Vec<Vec<String>> = report.rows.iter().map(|row| row.iter().map(plain).collect()).collect();
    let csv = written(report, Format::Csv, &Style::default());
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(String::from).collect();
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(String::from).collect()).collect();
    assert_eq!(names, report.columns.iter().map(|column| key(&column.name)).collect::<Vec<_>>());
    assert_eq!(rows, expected, "{csv}");
    let tsv = written(report, Format::Tsv, &Style::default());
    // A line of a single empty value is no blank line, in either.
    let whole = |line| if line == "\"\"" && report.columns.len() == 1 { "" } else { line };
    let rows: Vec<Vec<&str>> = tsv.lines().skip(1).map(|line| whole(line).split('\t').collect()).collect();
    if report.columns.len() > 1 || !expected.contains(&vec!["\"\"".into()]) {
        assert_eq!(rows, expected, "{tsv}");
    }
}

/// JSON is JSON, an array of the lines of NDJSON, with the text that was meant.
fn objects(report: &mut Report) {
    let ndjson = written(report, Format::Ndjson, &Style::default());
    let json = written(report, Format::Json, &Style::default());
    assert_eq!(hostile(&ndjson), None, "{ndjson}");
    let object = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    let lines: Vec<serde_json::Value> = ndjson.lines().map(object).collect();
    assert_eq!(object(&json), serde_json::Value::Array(lines.clone()));
    assert_eq!(lines.len(), report.rows.len());
    for (row, line) in report.rows.iter().zip(&lines) {
        for (i, (value, column)) in row.iter().zip(&report.columns).enumerate() {
            let name = key(&column.name);
            if report.columns[i + 1..].iter().any(|other| key(&other.name) == name) {
                continue;
            }
            match (&line[&name], value) {
                (found, Value::None) => assert!(found.is_null()),
                (found, Value::Text(text)) => assert_eq!(found, &cells::lossless(text)),
                (found, Value::Int(_) | Value::Decimal { .. }) => {
                    let expected: f64 = plain(value).parse().expect("a number");
                    let found = found.as_f64().expect("a number");
                    assert!((found - expected).abs() <= expected.abs() * 1e-12, "{found} is not {expected}");
                }
                (found, Value::Counts(items)) => assert_eq!(found.as_array().map(Vec::len), Some(items.len())),
                (found, value) => assert_eq!(found, &plain(value)),
            }
        }
    }
}

/// Every line of Markdown has as many cells as there are columns.
fn markdown(report: &mut Report) {
    let text = written(report, Format::Markdown, &Style::default());
    assert_eq!(hostile(&text), None, "{text}");
    assert_eq!(text.lines().count(), report.rows.len() + 2);
    for line in text.lines() {
        assert_eq!(cells::bars(line), report.columns.len() + 1, "{line}");
    }
}

fn key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
