//! Text that has been through CloudWatch Logs: lines with a time before them, and no header.

use super::Form;
use super::records::{Format, Record};
use crate::support::tree::gzip;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A time as the format says.
pub fn time(seconds: i64, format: &str) -> String {
    Timestamp::from_second(seconds).expect("a time").strftime(format).to_string()
}

/// A line for each record: what `before` says, and the record.
fn prefixed(records: &[Record], format: Format, before: impl Fn(&Record) -> String) -> String {
    records.iter().map(|record| format!("{}{}\n", before(record), record.line(format))).collect()
}

/// The time before a line of an export task.
fn iso(record: &Record) -> String {
    time(record.start(), "%Y-%m-%dT%H:%M:%S.000Z ")
}

fn epoch(record: &Record) -> String {
    format!("{}000 ", record.start())
}

/// A tree of an export task: a folder for each stream, a file or two in each.
fn export_tree(records: &[Record], format: Format, before: fn(&Record) -> String) -> Form {
    let mut streams: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in records {
        streams.entry(record.stream()).or_default().push(record.clone());
    }
    let mut form = Form::named("").headerless(format);
    form = form.file("exportedlogs/aws-logs-write-test", "Permission Check Successful");
    for (stream, records) in streams {
        let (first, second) = records.split_at(records.len() / 2);
        for (i, part) in [first, second].into_iter().enumerate() {
            let path = format!("exportedlogs/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/{stream}/{i:06}.gz");
            form = form.file(path, gzip(prefixed(part, format, before)));
        }
    }
    form
}

/// Export tasks.
pub fn exports(records: &[Record], format: Format) -> Vec<Form> {
    let name = |what: &str| format!("{} exported, {what}", format.name);
    let one = |what, before: fn(&Record) -> String| {
        Form::one(name(what), prefixed(records, format, before)).headerless(format)
    };
    vec![
        Form { name: name("a tree"), ..export_tree(records, format, iso) },
        Form { name: name("a tree, milliseconds"), ..export_tree(records, format, epoch) },
        one("one file", iso),
        one("one file, milliseconds", epoch),
    ]
}

/// `aws logs tail`.
pub fn tails(records: &[Record], format: Format) -> Vec<Form> {
    let at = |record: &Record, format: &str| time(record.start(), format);
    let name = |what: &str| format!("{} tail, {what}", format.name);
    let form = |what, before: &dyn Fn(&Record) -> String| {
        Form::one(name(what), prefixed(records, format, before)).headerless(format)
    };
    const MICROS: &str = "%Y-%m-%dT%H:%M:%S.000000+00:00";
    const SECONDS: &str = "%Y-%m-%dT%H:%M:%S+00:00";
    const SHORT: &str = "%Y-%m-%dT%H:%M:%S";
    vec![
        form("detailed", &|r| format!("{} {} ", at(r, MICROS), r.stream())),
        form("detailed, no microseconds", &|r| format!("{} {} ", at(r, SECONDS), r.stream())),
        form("short", &|r| format!("{} ", at(r, SHORT))),
        form("detailed, coloured", &|r| format!("\x1b[32m{}\x1b[0m \x1b[36m{}\x1b[0m ", at(r, MICROS), r.stream())),
        form("short, coloured", &|r| format!("\x1b[32m{}\x1b[0m ", at(r, SHORT))),
    ]
}

/// The CSV of the console.
pub fn console(records: &[Record], format: Format) -> Vec<Form> {
    let rows = |quote: &str| -> String {
        let row = |r: &Record| format!("{}000,{quote}{}{quote}\n", r.start(), r.line(format));
        let rows: String = records.iter().map(row).collect();
        format!("timestamp,message\n{rows}")
    };
    let name = |what: &str| format!("{} console CSV, {what}", format.name);
    let form = |what, text: String| Form::one(name(what), text).headerless(format);
    vec![
        form("plain", rows("")),
        form("quoted", rows("\"")),
        form("CRLF", rows("").replace('\n', "\r\n")),
        form("quoted, CRLF", rows("\"").replace('\n', "\r\n")),
        Form::one(name("gz"), gzip(rows(""))).headerless(format),
    ]
}
