//! Records: what the fast writers of records make is what the writers of reports make of the same values;
//! documents are JSON; and nothing of a log, not its headings either, can steer a terminal.

#![no_main]

#[allow(dead_code)]
#[path = "../support/cells.rs"]
mod cells;

use cells::hostile;
use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use std::net::IpAddr;
use unicode_width::UnicodeWidthStr;
use vpcflow::render::{Encoder, Format, ROW_FORMATS, RowFormat, Style, Writer, render};
use vpcflow::report::{Column, Report, human, plain};
use vpcflow::schema::Format as LineFormat;
use vpcflow::schema::{Cell, Field, FieldName, Heading, Kind, Record, Value, escape};

/// Text is not shortened below this.
const SHORTEST: usize = 12;

#[derive(Debug)]
struct Case {
    headings: Vec<Heading>,
    rows: Vec<Vec<Value>>,
    line: Vec<u8>,
    path: Vec<u8>,
    width: Option<usize>,
    raw: bool,
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Case> {
        let (mut headings, mut rows) = (Vec::<Heading>::new(), vec![Vec::new(); u.int_in_range(0..=4)?]);
        let count = u.int_in_range(1..=12)?;
        let fields: Vec<Field> = Field::all().collect();
        while headings.len() < count {
            let name = match u.ratio(1, 6)? {
                true => FieldName::parse(&cells::bytes(u)?),
                false => FieldName::Known(*u.choose(&fields)?),
            };
            let heading = Heading { name: name.name().to_string(), kind: name.kind() };
            if headings.contains(&heading) {
                break;
            }
            for row in &mut rows {
                row.push(value(u, heading.kind)?);
            }
            headings.push(heading);
        }
        let width = u.arbitrary::<bool>()?.then(|| u.int_in_range(0..=400)).transpose()?;
        Ok(Case { headings, rows, line: cells::bytes(u)?, path: cells::bytes(u)?, width, raw: u.arbitrary()? })
    }
}

/// A value of a field; text is never empty, and a network never a whole address.
fn value(u: &mut Unstructured<'_>, kind: Kind) -> Result<Value> {
    if u.ratio(1, 6)? {
        return Ok(Value::None);
    }
    Ok(match kind {
        Kind::Ip if u.ratio(1, 8)? => match u.arbitrary::<IpAddr>()? {
            IpAddr::V4(v4) => Value::Network(v4.into(), u.int_in_range(0..=31)?),
            IpAddr::V6(v6) => Value::Network(v6.into(), u.int_in_range(0..=127)?),
        },
        Kind::Ip => Value::Ip(u.arbitrary()?),
        Kind::Port => Value::Int(u.arbitrary::<u16>()?.into()),
        Kind::Protocol => Value::Protocol(u.arbitrary()?),
        Kind::Bytes | Kind::Number if u.arbitrary()? => Value::Int(u.arbitrary::<u64>()?.into()),
        Kind::Bytes | Kind::Number => Value::Int(u.arbitrary::<u16>()?.into()),
        Kind::Time if u.arbitrary()? => Value::Time(u.arbitrary()?),
        Kind::Time => Value::Time(u.arbitrary::<u32>()?.into()),
        Kind::Text => match cells::bytes(u)? {
            text if text.is_empty() => Value::None,
            text => Value::Text(text),
        },
    })
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Ip(IpAddr::V4(v4)) => Cell::V4((*v4).into()),
        Value::Ip(IpAddr::V6(v6)) => Cell::V6((*v6).into()),
        Value::Network(IpAddr::V4(v4), length) => Cell::Network4((*v4).into(), *length),
        Value::Network(IpAddr::V6(v6), length) => Cell::Network6((*v6).into(), *length),
        Value::Int(number) => Cell::Number(u64::try_from(*number).expect("made of 64 bits")),
        Value::Protocol(number) => Cell::Protocol(*number),
        Value::Time(seconds) => Cell::Time(*seconds),
        Value::Text(text) => Cell::Text(text),
        _ => Cell::None,
    }
}

impl Case {
    fn written(&self, format: RowFormat, style: &Style) -> String {
        let mut encoder = Encoder::new(format, style, true);
        encoder.columns(&self.headings);
        let mut rows = Vec::new();
        for (number, row) in (1..).zip(&self.rows) {
            let cells: Vec<Cell<'_>> = row.iter().map(cell).collect();
            encoder.row(&Record { cells: &cells, line: &self.line, path: &self.path, number }, &mut rows);
        }
        let mut writer = Writer::new(format, style, Vec::new());
        let finished = writer.start(&self.headings).and_then(|()| match rows.is_empty() {
            true => Ok(()),
            false => writer.rows(&LineFormat::default_format(), &rows),
        });
        finished.and_then(|()| writer.finish(None)).expect("memory does not fail");
        String::from_utf8(writer.out().clone()).expect("UTF-8")
    }

    fn has_networks(&self) -> bool {
        self.rows.iter().flatten().any(|value| matches!(value, Value::Network(..)))
    }

    /// The same values as a report.
    fn report(&self) -> Report {
        let columns = self.headings.iter().map(|heading| Column::key(&heading.name, heading.kind)).collect();
        Report { columns, rows: self.rows.clone(), rows_in_all: self.rows.len(), ..Report::default() }
    }
}

fuzz_target!(|case: Case| {
    let style = Style { width: case.width, raw: case.raw, ..Style::default() };
    let mut report = case.report();
    for format in ROW_FORMATS {
        let text = case.written(format, &style);
        let shown = if format == RowFormat::As(Format::Tsv) { text.replace('\t', " ") } else { text.clone() };
        assert_eq!(hostile(&shown), None, "{}: {text}", format.name());
        match format {
            RowFormat::As(Format::Table) => table(&case, &text),
            RowFormat::As(as_report) => {
                let mut expected = Vec::new();
                render(&mut report, as_report, &style, &mut expected).expect("memory does not fail");
                assert_eq!(text, String::from_utf8(expected).expect("UTF-8"));
            }
            // Documents are of the fields of logs, which no network is.
            RowFormat::Ecs | RowFormat::Ocsf if case.has_networks() => {}
            RowFormat::Ecs | RowFormat::Ocsf => {
                let objects = text.lines().filter(|line| {
                    serde_json::from_str::<serde_json::Value>(line)
                        .unwrap_or_else(|e| panic!("{e}: {line}"))
                        .is_object()
                });
                assert_eq!(objects.count(), case.rows.len());
            }
            RowFormat::Raw | RowFormat::Long => {}
        }
    }
});

/// No line is wider than the terminal, or than the one column that has to be there.
fn table(case: &Case, text: &str) {
    assert!(text.lines().count() > case.rows.len());
    let Some(limit) = case.width else { return };
    let widest = |(i, heading): (usize, &Heading)| match heading.kind {
        Kind::Text => SHORTEST,
        kind => {
            let unit = Column::measure(&heading.name, Some(kind)).unit;
            let cells = case.rows.iter().map(|row| human(&row[i], unit).width().max(plain(&row[i]).width()));
            cells.max().unwrap_or(0).max(escape(heading.name.as_bytes()).width()).max("2026-03-15T10:00:00Z".len())
        }
    };
    let allowed = case.headings.iter().enumerate().map(widest).max().unwrap_or(0).max(limit);
    for line in text.lines().filter(|line| !line.starts_with("not shown at this width: ")) {
        assert!(line.width() <= allowed, "{} > {allowed}: {line}\n{text}", line.width());
    }
}
