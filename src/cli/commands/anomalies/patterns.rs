//! `anomalies patterns`: kinds of flows, and which of them are new, gone or rare.

use super::Anomalies;
use crate::analysis::patterns::{Kind, PARTS, Seen, Span, flag_class};
use crate::cli::Error;
use crate::cli::commands::series::{condition, odd_span, span, span_grouping};
use crate::cli::commands::{key_column, share_column};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, Select, Side};
use crate::render::sparkline;
use crate::report::{Column, KEEP, Report, Unit, count, plain};
use crate::schema::{Enriched, Field, FieldName, Kind as Type, Value, span_name};
use clap::ValueEnum;
use std::collections::{BTreeMap, BTreeSet};

/// The question of `anomalies patterns`.
pub struct Patterns<'a> {
    pub of: &'a Anomalies,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// First seen in the last tenth of the time
    New,
    /// Last seen before the last tenth
    Gone,
    /// Less than 0.1 % of the flows
    Rare,
    /// None of these
    Steady,
}

impl Only {
    fn of(kind: Kind) -> Only {
        match kind {
            Kind::New => Only::New,
            Kind::Gone => Only::Gone,
            Kind::Rare => Only::Rare,
            Kind::Steady => Only::Steady,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Only::New => "new",
            Only::Gone => "gone",
            Only::Rare => "rare",
            Only::Steady => "steady",
        }
    }
}

/// The port of a service that is neither below 1024 nor named.
const HIGH: &str = "high";

/// The groupings: of patterns in buckets, and that of all records, which tells what the data spans.
const PATTERNS: usize = 0;
const SPAN: usize = 1;

/// What makes a pattern, in order: action, protocol, port, scopes, TCP flags.
type Pattern = Vec<Value>;

/// What is known of a pattern.
struct Found {
    seen: Seen,
    buckets: BTreeSet<u64>,
    parts: [u128; PARTS],
}

impl Patterns<'_> {
    fn keys() -> [Key; 6] {
        let made = |field: Enriched| Key::Field(FieldName::Enriched(field));
        [
            Field::Action.into(),
            Field::Protocol.into(),
            Key::Port { side: Side::NamedService, bin: 1 },
            made(Enriched::SrcScope),
            made(Enriched::DstScope),
            Field::TcpFlags.into(),
        ]
    }

    fn found(&self, answer: &mut Answer, span: Span) -> Result<BTreeMap<Pattern, Found>, Error> {
        let mut all: BTreeMap<Pattern, Found> = BTreeMap::new();
        answer.each(PATTERNS, |mut keys, values| {
            let Value::Time(time) = keys.remove(0) else { return };
            // A log may have neither start nor end.
            let [first, last] =
                [&values[1], &values[2]].map(|seen| if let Value::Time(seen) = seen { *seen } else { time });
            let flows = values[0].as_int() as u64;
            let found = all.entry(pattern(keys)).or_insert_with(|| Found {
                seen: Seen { flows: 0, first, last },
                buckets: BTreeSet::new(),
                parts: [0; PARTS],
            });
            found.seen.flows += flows;
            found.seen.first = found.seen.first.min(first);
            found.seen.last = found.seen.last.max(last);
            found.buckets.insert(time);
            found.parts[span.part(time)] += u128::from(flows);
        })?;
        Ok(all)
    }

    fn columns() -> Vec<Column> {
        let text = |name: &str| Column { right: false, ..Column::measure(name, None) };
        let number = |name: &str| Column::measure(name, None).unit(Unit::Count);
        let [action, protocol, _, source, destination, _] = Patterns::keys();
        vec![
            key_column(&action),
            key_column(&protocol),
            Column { right: true, ..text("service-port") }.weight(KEEP),
            key_column(&source),
            key_column(&destination),
            text("flags").weight(KEEP),
            number("flows").weight(9),
            share_column().weight(6),
            Column::measure("first_seen", Some(Type::Time)).weight(5),
            Column::measure("last_seen", Some(Type::Time)).weight(4),
            number("buckets").weight(3),
            text("trend").weight(7),
            text("kind").weight(KEEP),
            text("command").weight(1),
        ]
    }

    fn refuse(&self, span: Option<Span>) -> Error {
        let time = |seconds| plain(&Value::Time(seconds));
        let data = span.map_or("there are no records with a time".into(), |Span { first, last }| {
            format!("the data is from {} to {}", time(first), time(last))
        });
        Error::Usage(format!(
            "too little to judge: {data}; what is new or gone takes {PARTS} buckets of {} (use a shorter --bucket)",
            span_name(self.of.bucket.get())
        ))
    }
}

impl Ask for Patterns<'_> {
    fn query(&self) -> Query {
        let time = self.of.input.filter.time_field;
        let bucket = Key::Bucket { field: time.field().into(), seconds: self.of.bucket.get() };
        let keys = std::iter::once(bucket).chain(Patterns::keys().into_iter().map(Key::optional)).collect();
        let measures = vec![Measure::Flows, Measure::FirstSeen, Measure::LastSeen];
        let patterns = Grouping { select: Select::Flows, keys, measures };
        Query {
            groupings: vec![patterns, span_grouping(time, self.of.input.filter.window(world().now))],
            ..Query::default()
        }
    }

    fn needed(&self) -> Vec<FieldName> {
        vec![self.of.input.filter.time_field.field().into()]
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let span = span(answer, SPAN)?.map(|(first, last)| Span { first, last });
        let Some(span) = span.filter(|span| span.last - span.first >= PARTS as u64 * self.of.bucket.get()) else {
            return Err(self.refuse(span));
        };
        let found = self.found(answer, span)?;
        let all: u64 = found.values().map(|found| found.seen.flows).sum();
        let mut rows: Vec<(Kind, Pattern, Found)> =
            found.into_iter().map(|(pattern, found)| (Kind::of(&found.seen, span, all), pattern, found)).collect();
        let note = note(&rows);
        rows.retain(|(kind, ..)| self.of.only.is_empty() || self.of.only.contains(&Only::of(*kind)));
        // Those that are alike stand in the order of their values.
        rows.sort_by_key(|(kind, _, found)| (*kind, std::cmp::Reverse(found.seen.flows)));
        let mut report = Report { columns: Patterns::columns(), rows_in_all: rows.len(), ..Report::default() };
        report.notes.push(note);
        report.notes.extend(odd_span((span.first, span.last)));
        rows.truncate(if self.of.limit == 0 { usize::MAX } else { self.of.limit });
        let rest = format!("{}{}", self.of.input.filter.time_words(), self.of.input.words());
        report.rows = rows.into_iter().map(|(kind, pattern, found)| row(kind, pattern, found, all, &rest)).collect();
        Ok((report, 0))
    }
}

/// How many patterns there are of each kind.
fn note(rows: &[(Kind, Pattern, Found)]) -> String {
    let told = Only::value_variants().iter().map(|only| {
        let of_kind = rows.iter().filter(|(kind, ..)| Only::of(*kind) == *only).count();
        format!("{} {}", count(of_kind as u128), only.name())
    });
    format!("patterns: {}", told.collect::<Vec<_>>().join(", "))
}

/// The pattern of the keys of a group.
fn pattern(mut keys: Vec<Value>) -> Pattern {
    keys[2] = match std::mem::replace(&mut keys[2], Value::None) {
        Value::None => Value::text(HIGH),
        Value::Int(0) => Value::None,
        port => port,
    };
    let flags = if let Value::Int(flags) = keys[5] { u64::try_from(flags).ok() } else { None };
    keys[5] = Value::text(flag_class(flags));
    keys
}

fn row(kind: Kind, pattern: Pattern, found: Found, all: u64, rest: &str) -> Vec<Value> {
    let command = command(&pattern, rest);
    let mut row = pattern;
    row.push(Value::Int(found.seen.flows.into()));
    row.push(Value::ratio(found.seen.flows.into(), all.into(), 1, 4));
    row.extend([Value::Time(found.seen.first), Value::Time(found.seen.last)]);
    row.push(Value::Int(found.buckets.len() as u128));
    row.extend([Value::text(sparkline(&found.parts)), Value::text(Only::of(kind).name()), Value::text(command)]);
    row
}

/// The command that shows who has flows of a pattern; `rest` are the options and paths of this one.
fn command(pattern: &Pattern, rest: &str) -> String {
    let keys = Patterns::keys();
    let conditions = pattern.iter().enumerate().map(|(i, value)| match (i, value) {
        (5, class) => flags_condition(&plain(class)).to_string(),
        (2, Value::None) => "not service-port > 0".into(),
        (i, Value::None) => format!("not exists {}", keys[i].name()),
        (2, Value::Text(_)) => "service-port >= 1024 and not exists service-name".into(),
        (2, port) => format!("service-port == {}", plain(port)),
        (i, value) => condition(&keys[i], value),
    });
    format!("vpcflow top --by src-ip,dst-ip -w '{}'{rest}", conditions.collect::<Vec<_>>().join(" and "))
}

/// The condition that selects a class of TCP flags.
fn flags_condition(class: &str) -> &'static str {
    match class {
        "rst" => "tcp-flags has rst",
        "fin" => "tcp-flags has fin and not tcp-flags has rst",
        "syn" => "tcp-flags == syn",
        "syn-ack" => "tcp-flags == syn+ack",
        "none" => "not tcp-flags > 0",
        _ => "tcp-flags > 0 and not tcp-flags in {syn, syn+ack} and not tcp-flags has fin and not tcp-flags has rst",
    }
}
