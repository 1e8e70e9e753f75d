//! `summary`: the totals, on one row or one page.

mod input;

use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::decode::Status;
use crate::engine::Answer;
use crate::query::{Grouped, Grouping, Key, Measure, Order, Query, Select};
use crate::report::{Column, Line, Page, Report, Section, Unit, plain};
use crate::schema::{Field, FieldName, Kind, Value};

/// The totals: records, flows, bytes, time span, action split, protocol mix
///
/// As a table it also says what the input was: forms, formats, flow logs, and the fields it lacks.
/// Reads every field, so that every bad value is found. Counts of distinct addresses, ports and
/// protocols are among flows; those of interfaces and accounts among all records. With filters, files
/// and malformed lines are those that were read, and all else is of the records that match.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow summary logs/\n  \
        zcat x.log.gz | vpcflow summary\n  \
        vpcflow summary -o json logs/ | jq '.[0].reject_pct'")]
pub struct Summary {
    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

const ALL: Order = Order { measure: None, ascending: true, limit: 0 };

fn flow_measures() -> Vec<Measure> {
    let distinct = |field: Field| Measure::Distinct(field.into());
    vec![
        Measure::Accepts,
        Measure::Rejects,
        Measure::RejectPct,
        Measure::Packets,
        Measure::Bytes,
        Measure::FirstSeen,
        Measure::LastSeen,
        distinct(Field::SrcIp),
        distinct(Field::DstIp),
        distinct(Field::DstPort),
        distinct(Field::Protocol),
    ]
}

fn record_measures() -> Vec<Measure> {
    vec![
        Measure::Flows,
        Measure::OfStatus(Status::Flow),
        Measure::OfStatus(Status::NoData),
        Measure::OfStatus(Status::SkipData),
        Measure::Distinct(Key::FirstOf(Field::InterfaceId, Field::ResourceId)),
        Measure::Distinct(Field::AccountId.into()),
    ]
}

/// The measures of the one group; zeros and nothing where there is none.
fn only_row(grouped: &Grouped, measures: &[Measure]) -> Vec<Value> {
    let empty = |m: &Measure| match m.kind() {
        None => Value::Decimal { units: 0, places: 2 },
        Some(Kind::Time) => Value::None,
        Some(_) => Value::Int(0),
    };
    grouped.rows.first().map_or_else(|| measures.iter().map(empty).collect(), |row| row.measures.clone())
}

impl Ask for Summary {
    fn query(&self) -> Query {
        let numbers = Field::all().filter(|field| field.kind() != Kind::Text);
        Query {
            groupings: vec![
                Grouping { select: Select::Flows, keys: vec![], measures: flow_measures() },
                Grouping { select: Select::Records, keys: vec![], measures: record_measures() },
                Grouping {
                    select: Select::Flows,
                    keys: vec![Field::Protocol.into()],
                    measures: vec![Measure::Flows, Measure::Bytes],
                },
            ],
            checked: numbers.map(FieldName::Known).collect(),
            ..Query::default()
        }
    }

    fn needed(&self) -> Vec<FieldName> {
        vec![]
    }

    fn counts_null_keys(&self) -> bool {
        false
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let measured = only_row(&answer.grouped(0, ALL)?, &flow_measures());
        let counts = only_row(&answer.grouped(1, ALL)?, &record_measures());
        let order = Order { measure: Some(0), ascending: false, limit: 0 };
        let protocols = answer.grouped(2, order)?;
        let c = &answer.tally.counts;
        let [accepts, rejects, reject_pct, packets, bytes, first, last, src_ips, dst_ips, dst_ports, distinct] =
            <[Value; 11]>::try_from(measured).expect("as many values as measures");
        let [records, flows, nodata, skipdata, interfaces, accounts] =
            <[Value; 6]>::try_from(counts).expect("as many values as measures");
        let int = |n: u64| Value::Int(n.into());
        let cells = [
            ("files", int(c.files)),
            ("records", records),
            ("flows", flows),
            ("nodata", nodata),
            ("skipdata", skipdata),
            ("malformed", int(c.malformed)),
            ("accepts", accepts),
            ("rejects", rejects),
            ("reject_pct", reject_pct),
            ("packets", packets),
            ("bytes", bytes),
            ("first_seen", first),
            ("last_seen", last),
            ("src_ips", src_ips),
            ("dst_ips", dst_ips),
            ("dst_ports", dst_ports),
            ("interfaces", interfaces),
            ("accounts", accounts),
            ("protocols", distinct),
        ];
        let mut page = page(&cells, &protocols);
        page.sections.push(input::section(&answer.met(), &answer.tally.fields));
        page.sections.retain(|section| !section.lines.is_empty());
        let columns = cells.iter().map(|(name, value)| {
            let kind = match value {
                Value::Decimal { .. } => None,
                _ if *name == "bytes" => Some(Kind::Bytes),
                _ if name.ends_with("_seen") => Some(Kind::Time),
                _ => Some(Kind::Number),
            };
            Column::measure(name, kind)
        });
        let columns = columns.collect();
        let rows = vec![cells.into_iter().map(|(_, value)| value).collect()];
        let report = Report { columns, rows, bar: None, rows_in_all: 1, page: Some(page), ..Report::default() };
        Ok((report, protocols.null_keys))
    }
}

/// The summary as it reads in a terminal.
fn page(cells: &[(&str, Value)], protocols: &Grouped) -> Page {
    let value = |name: &str| cells.iter().find(|(n, _)| *n == name).map_or(Value::None, |(_, v)| v.clone());
    let counts = |names: &[&str]| -> Vec<Line> {
        let unit = |name: &str| if name == "bytes" { Unit::Bytes } else { Unit::Count };
        let line = |name: &&str| Line { label: name.to_string(), value: value(name), unit: unit(name), share: None };
        names.iter().map(line).collect()
    };
    let flows = value("flows").as_int();
    let shared =
        |label: String, value: Value| Line { share: Some((value.as_int(), flows)), label, value, unit: Unit::Count };
    let mut time = counts(&["first_seen", "last_seen"]);
    if let (Value::Time(first), Value::Time(last)) = (value("first_seen"), value("last_seen")) {
        let span = Value::text(span(last.saturating_sub(first)));
        time.push(Line { label: "span".into(), value: span, unit: Unit::Plain, share: None });
    }
    let mix = protocols.rows.iter().map(|row| shared(plain(&row.keys[0]), row.measures[0].clone()));
    let section = |title: &str, lines| Section { title: title.into(), lines };
    let sections = vec![
        section("Records", counts(&["files", "records", "flows", "nodata", "skipdata", "malformed"])),
        section("Traffic", counts(&["packets", "bytes"])),
        section("Time", time),
        section("Actions", ["accepts", "rejects"].map(|name| shared(name.into(), value(name))).into()),
        section("Protocols", mix.collect()),
        section("Distinct", counts(&["src_ips", "dst_ips", "dst_ports", "interfaces", "accounts", "protocols"])),
    ];
    Page { sections }
}

/// A length of time: `1d 2h 3m 4s`.
fn span(seconds: u64) -> String {
    let parts = [(86400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let mut rest = seconds;
    let mut words = Vec::new();
    for (size, unit) in parts {
        if rest >= size {
            words.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    if words.is_empty() { "0s".into() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span(0), "0s");
        assert_eq!(span(93_784), "1d 2h 3m 4s");
        assert_eq!(span(3600), "1h");
    }
}
