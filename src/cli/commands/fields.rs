//! `fields`: the structure of the data, field by field.

use super::{parse_key, unique};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::engine::{self, Answer};
use crate::query::{Grouping, Key, Measure, Query, Select};
use crate::report::{Column, KEEP, Report, Unit};
use crate::schema::{Field, FieldName, Kind, Value, escape};
use crate::source::Discovery;
use clap::ValueHint;
use std::sync::OnceLock;

/// What each field holds: how many values, the smallest, the largest, the most frequent
///
/// One row for each field that occurs in the input, over all records, NODATA and SKIPDATA included:
/// how many records have a value, how many different values there are, the smallest and the largest,
/// and the five most frequent with their counts.
///
/// A field that vpcflow does not know has a row, too, if a header names it at the beginning of one of
/// the files that are looked at first: up to 64, and never standard input. A note names any others.
///
/// Counts are exact, so that every different value of every field takes memory. --only looks at some
/// fields: that is faster, and takes less of it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow fields logs/                              what is in these logs\n  \
        vpcflow fields --only dst-port,protocol logs/     some fields alone\n  \
        vpcflow fields -o ndjson logs/ | jq '.top[0]'     the most frequent values")]
pub struct Fields {
    /// Only these fields, separated by commas, in this order (`vpcflow top --help` lists them)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = parse_key, value_hint = ValueHint::Other)]
    only: Vec<Key>,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,

    /// The fields of the input that vpcflow does not know.
    #[arg(skip)]
    unknown: OnceLock<Vec<FieldName>>,
}

/// So many of the most frequent values are shown.
const TOP: usize = 5;

impl Fields {
    /// One for each row that there may be.
    fn keys(&self) -> Vec<Key> {
        if !self.only.is_empty() {
            return unique(&self.only);
        }
        let unknown = self.unknown.get().into_iter().flatten().cloned();
        Field::all().map(FieldName::from).chain(unknown).map(Key::Field).collect()
    }

    /// Fields that came to light too late: behind the beginning of a file, in one of many, or on
    /// standard input.
    fn missed(&self, answer: &Answer) -> Vec<String> {
        if !self.only.is_empty() {
            return vec![];
        }
        let keys = self.keys();
        let profiled = |name: &str| keys.iter().any(|key| key.name() == name);
        let missed = answer.tally.fields.iter().filter(|name| !profiled(name));
        missed.map(|name| escape(name.as_bytes())).collect()
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::key("field", Kind::Text),
        Column::measure("type", Some(Kind::Text)).weight(2),
        Column::measure("present", Some(Kind::Number)).weight(3),
        Column::measure("present_pct", None).unit(Unit::Percent).weight(9),
        Column::measure("distinct", Some(Kind::Number)).weight(10),
        Column::measure("min", Some(Kind::Text)).weight(1),
        Column::measure("max", Some(Kind::Text)).weight(1),
        Column::measure("top", Some(Kind::Text)).weight(KEEP - 1),
    ]
}

impl Ask for Fields {
    fn look(&self, found: &Discovery, options: &engine::Options) {
        if self.only.is_empty() {
            self.unknown.get_or_init(|| engine::unknown_fields(&found.sources, options));
        }
    }

    fn query(&self) -> Query {
        let grouping = |key| Grouping { select: Select::Records, keys: vec![key], measures: vec![Measure::Flows] };
        Query { groupings: self.keys().into_iter().map(grouping).collect(), ..Query::default() }
    }

    fn needed(&self) -> Vec<FieldName> {
        self.only.iter().flat_map(Key::fields).collect()
    }

    fn counts_null_keys(&self) -> bool {
        false
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let mut report = Report { columns: columns(), ..Report::default() };
        for (i, key) in self.keys().iter().enumerate() {
            let occurs = |field: &FieldName| field.enriched().is_some() || answer.tally.fields.contains(field.name());
            let occurs = key.fields().iter().all(occurs);
            let profile = answer.profile(i, TOP)?;
            let present = profile.records - u128::from(profile.null_keys);
            if !occurs && present == 0 {
                continue;
            }
            report.rows.push(vec![
                Value::text(key.name()),
                Value::text(key.kind().name()),
                Value::Int(present),
                Value::ratio(present, profile.records, 100, 2),
                Value::Int(profile.distinct as u128),
                profile.smallest.unwrap_or(Value::None),
                profile.largest.unwrap_or(Value::None),
                Value::Counts(profile.top),
            ]);
        }
        report.rows_in_all = report.rows.len();
        report.notes.extend(self.missed(answer).into_iter().map(|name| {
            format!("the field '{name}' occurs, but was not foreseen, and is no row; --only {name} shows it")
        }));
        Ok((report, 0))
    }
}
