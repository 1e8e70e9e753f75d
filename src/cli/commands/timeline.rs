//! `timeline`: flows over time, in buckets.

mod buckets;

use super::series::parse_bucket;
use super::{key_column, measure_column, parse_key};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags, TimeField};
use crate::cli::run::Ask;
use crate::decode::Status;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Order, Piece, Query, QueryError, Row, Select};
use crate::report::{Column, KEEP, Report, Series, Trend, plain};
use crate::schema::{Field, FieldName, Kind, Value};
use buckets::{Buckets, Cells};
use clap::ValueHint;
use std::num::NonZeroU64;

/// Flows over time, in buckets, with a sparkline
///
/// Buckets begin at whole multiples of their length since 1970-01-01T00:00:00Z. Empty ones between
/// the first and the last are rows of zeros; of a timeline of more than ten thousand buckets or a
/// million rows, only those with flows are shown, and a note says so. Flows without a time are left
/// out, and counted.
///
/// A record covers the time from its start to its end, often a minute or more. --load start counts
/// all of it in the bucket of its start, --load end in that of its end. --load proportional counts the
/// flow itself at its start, and shares its bytes and packets out evenly over the time from start to end; a
/// record that says it lasted longer than a day is counted at its start.
///
/// With --by, the largest series are shown, and the rest together as `other`. Every value of the field
/// in every bucket takes memory: with a field of many values, a long --bucket takes less.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow timeline logs/                            flows over the whole time\n  \
        vpcflow timeline --bucket 1h --by action logs/    what was refused when\n  \
        vpcflow timeline --by src-ip -n 3 logs/           three sources, and the rest\n  \
        vpcflow timeline --load proportional -o csv logs/ bytes when they were sent")]
pub struct Timeline {
    /// Length of a bucket, such as 90s, 5m or 1h30m [default: the smallest of 1m, 5m, 15m, 1h, 6h, 1d that makes at
    /// most 120]
    #[arg(long, value_name = "LENGTH", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: Option<NonZeroU64>,

    /// Field: one series for each of its values (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_parser = parse_one_key, value_hint = ValueHint::Other)]
    by: Option<Key>,

    /// Series to show with --by, those with the most flows (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    limit: usize,

    /// Where a record that spans buckets counts [default: start, or what --time-field says]
    #[arg(long, value_name = "HOW")]
    load: Option<Load>,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

/// How a record that spans buckets is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Load {
    /// In the bucket of its start
    Start,
    /// In the bucket of its end
    End,
    /// Bytes and packets shared out by time
    Proportional,
}

fn parse_one_key(text: &str) -> Result<Key, QueryError> {
    match text.contains(',') {
        true => Err(QueryError("expected one field; `vpcflow top --by` takes several".to_string())),
        false => parse_key(text),
    }
}

/// The grouping by time, and with --by the one that finds the largest series.
const BUCKETS: usize = 0;
const SERIES: usize = 1;

impl Timeline {
    fn load(&self) -> Load {
        self.load.unwrap_or(match self.input.filter.time_field {
            TimeField::Start => Load::Start,
            TimeField::End => Load::End,
        })
    }

    /// The field whose time decides; pieces have one of their own.
    fn time(&self) -> FieldName {
        match self.load() {
            Load::Start => Field::Start.into(),
            Load::End => Field::End.into(),
            Load::Proportional => Piece::Time.field(),
        }
    }

    /// The length of the buckets that are counted: the default is chosen when all times are known,
    /// and is a multiple of this.
    fn seconds(&self) -> NonZeroU64 {
        self.bucket.unwrap_or(buckets::FINEST)
    }

    /// What makes up the cells of a row.
    fn measures(&self) -> Vec<Measure> {
        let sum = |piece: Piece| Measure::Sum(Key::Field(piece.field()));
        match self.load() {
            Load::Proportional => vec![
                Measure::OfStatus(Status::Flow),
                sum(Piece::Accepts),
                sum(Piece::Rejects),
                sum(Piece::Packets),
                sum(Piece::Bytes),
            ],
            _ => SHOWN.to_vec(),
        }
    }

    /// The values of the key that have a series of their own, in their order; how many values there
    /// are in all; and the flows that are in no series.
    fn series(&self, answer: &mut Answer) -> Result<(Vec<Value>, usize, u64), Error> {
        let order = Order { measure: Some(0), ascending: false, limit: self.limit };
        let grouped = answer.grouped(SERIES, order)?;
        let mut values: Vec<Value> = grouped.rows.into_iter().map(|row: Row| row.keys[1].clone()).collect();
        values.sort();
        Ok((values, grouped.groups, grouped.null_keys))
    }
}

const SHOWN: [Measure; 5] = [Measure::Flows, Measure::Accepts, Measure::Rejects, Measure::Packets, Measure::Bytes];

impl Ask for Timeline {
    fn query(&self) -> Query {
        let bucket = |seconds| Key::Bucket { field: self.time(), seconds };
        let by = || self.by.iter().cloned();
        let proportional = self.load() == Load::Proportional;
        // Rows that only continue a flow are no flows.
        let select = if proportional { Select::Records } else { Select::Flows };
        let keys = std::iter::once(bucket(self.seconds().get())).chain(by()).collect();
        let mut groupings = vec![Grouping { select, keys, measures: self.measures() }];
        groupings.extend(self.by.is_some().then(|| Grouping {
            select: Select::Flows,
            keys: std::iter::once(bucket(0)).chain(by()).collect(),
            measures: vec![Measure::Flows],
        }));
        Query { groupings, spread: proportional.then(|| self.seconds()), unfold: true, ..Query::default() }
    }

    fn needed(&self) -> Vec<FieldName> {
        let times: &[Field] = match self.load() {
            Load::Start => &[Field::Start],
            Load::End => &[Field::End],
            Load::Proportional => &[Field::Start, Field::End],
        };
        times.iter().map(|field| (*field).into()).chain(self.by.iter().flat_map(Key::fields)).collect()
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let (values, groups, mut null_keys) = match self.by {
            Some(_) => self.series(answer)?,
            None => (vec![Value::None], 1, 0),
        };
        let mut buckets = Buckets::new(values.len() + usize::from(groups > values.len()));
        let unkeyed = answer.each(BUCKETS, |keys, measures| {
            let Value::Time(time) = keys[0] else { return };
            let series = keys.get(1).map_or(0, |value| values.binary_search(value).unwrap_or(values.len()));
            buckets.add(time, series, std::array::from_fn(|i| measures[i].as_int()));
        })?;
        if self.by.is_none() {
            null_keys = unkeyed;
        }
        let labels = values.into_iter().chain([Value::text("other")]).collect();
        Ok((self.show(buckets.settle(self.bucket), labels), null_keys))
    }
}

impl Timeline {
    /// The report of all buckets; `labels` are the values of the series.
    fn show(&self, buckets: Buckets, labels: Vec<Value>) -> Report {
        let mut report = Report { columns: vec![Column::key("time", Kind::Time)], ..Report::default() };
        report.columns.extend(self.by.iter().map(key_column));
        report.bar = Some(report.columns.len());
        for measure in &SHOWN {
            let name = measure.column();
            // The key may be a field of the same name.
            let taken = self.by.as_ref().is_some_and(|key| key.name() == name);
            let column = measure_column(&if taken { format!("total_{name}") } else { name }, measure);
            report.columns.push(if *measure == Measure::Flows { column.weight(KEEP - 1) } else { column });
        }
        let label = |series: usize| self.by.as_ref().map(|_| labels[series].clone());
        buckets.rows(|time, series, cells: &Cells| {
            let mut row = vec![Value::Time(time)];
            row.extend(label(series));
            row.extend(cells.map(Value::Int));
            report.rows.push(row);
        });
        report.rows_in_all = report.rows.len();
        report.notes.extend(buckets.note());
        report.trend = buckets.lines().map(|lines| Trend {
            title: "flows".into(),
            from: buckets.first(),
            step: buckets.seconds(),
            series: lines
                .into_iter()
                .enumerate()
                .map(|(i, points)| Series { label: label(i).as_ref().map(plain).unwrap_or_default(), points })
                .collect(),
        });
        report
    }
}
