//! `anomalies`: buckets of time with an unusual number of flows.

use super::series::{self, AllSeries, SeriesFlags, parse_bucket, value};
use crate::analysis::rate::{Finding, Series, Settings, findings};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::{Key, Query};
use crate::report::{Column, KEEP, Report, Unit, count, plain};
use crate::schema::{FieldName, Kind, Value, span_name};
use clap::ValueHint;
use std::num::NonZeroU64;

/// Buckets of time with an unusual number of flows
///
/// `rate` counts flows in buckets and holds each against its baseline: with three weeks of data or more, the median of
/// the same hour of the week; with three days, that of the same time of day; else the median of up to 96 buckets
/// before it, at least 8. How far counts usually lie from it makes a negative binomial distribution (a Poisson one
/// where they vary no more than chance has it), and how improbable the count is under that, or the sum of the last
/// 12 buckets, makes a score from 0 to 100: 25 is one in a thousand, 50 one in a hundred thousand, 75 one in a hundred
/// million. The first bucket and the last are left out where the data does not span them.
///
/// With --by, every value has a series of its own. The filters choose what is counted: --action REJECT looks at what
/// was refused. The last column is the command that looks into a finding.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow anomalies rate logs/                           when there was too much, or too little\n  \
        vpcflow anomalies rate --by dst-port --action REJECT logs/\n  \
        vpcflow anomalies rate --bucket 5m --by src-ip --min-score 50 -n 20 logs/")]
pub struct Anomalies {
    /// What is looked for
    #[arg(value_name = "KIND")]
    kind: What,

    /// Length of a bucket, such as 5m, 15m or 1h
    #[arg(long, value_name = "LENGTH", default_value = "15m", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: NonZeroU64,

    /// Findings with at least this score, 0 to 100
    #[arg(long, value_name = "SCORE", default_value_t = 25.0, value_parser = parse_score)]
    min_score: f64,

    /// Fields: one series for each of their values (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = super::parse_key, value_hint = ValueHint::Other)]
    by: Vec<Key>,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Unusual numbers of flows
    Rate,
}

fn parse_score(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "expected a score from 0 to 100".into())
}

/// Buckets without which there is no baseline.
const FEWEST: u64 = 9;

/// The groupings: in buckets, and that of all records, which tells what the data spans.
const SPAN: usize = 1;

impl Anomalies {
    fn series(&self) -> SeriesFlags {
        SeriesFlags::flows(self.by.clone())
    }

    fn columns(&self) -> Vec<Column> {
        let number = |name: &str| Column::measure(name, None).unit(Unit::Count);
        let text = |name: &str| Column { right: false, ..Column::measure(name, None) };
        let mut columns = vec![Column::key("time", Kind::Time)];
        columns.extend(self.series().key_columns());
        columns.extend([number("score").weight(KEEP - 1), text("severity").weight(6)]);
        columns.extend([number("actual").weight(KEEP - 1), number("typical").weight(9)]);
        columns.extend([number("lower").weight(4), number("upper").weight(4)]);
        columns.extend([text("multi_bucket").weight(3), text("note").weight(8), text("command").weight(1)]);
        columns
    }

    fn row(&self, finding: &Finding, keys: &[Value]) -> Vec<Value> {
        let time = finding.time.max(0) as u64;
        let mut row = vec![Value::Time(time)];
        row.extend_from_slice(keys);
        row.extend([value(finding.score, 1), Value::text(finding.severity.name())]);
        row.extend([Value::Int(finding.actual.into()), value(finding.typical, 1)]);
        row.extend([Value::Int(finding.lower.into()), Value::Int(finding.upper.into())]);
        row.push(Value::text(if finding.multi_bucket { "true" } else { "false" }));
        row.extend([Value::text(finding.note.clone()), Value::text(self.command(time, keys))]);
        row
    }

    /// The command that looks into a finding.
    fn command(&self, time: u64, keys: &[Value]) -> String {
        let at = |seconds| plain(&Value::Time(seconds));
        let keys_of = self.series().keys();
        let conditions: Vec<String> =
            keys_of.iter().zip(keys).map(|(key, value)| series::condition(key, value)).collect();
        let condition =
            if conditions.is_empty() { String::new() } else { format!(" -w '{}'", conditions.join(" and ")) };
        format!("vpcflow top --since {} --until {}{condition}", at(time), at(time + self.bucket.get()))
    }
}

impl Ask for Anomalies {
    fn query(&self) -> Query {
        let mut query = self.series().query(self.input.filter.time_field, self.bucket.get());
        query.groupings.push(series::span_grouping(self.input.filter.time_field));
        query
    }

    fn needed(&self) -> Vec<FieldName> {
        self.series().needed(self.input.filter.time_field)
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let step = self.bucket.get();
        let span = series::span(answer, SPAN)?;
        let window = self.input.filter.window(world().now);
        let whole = span.map(|span| {
            let (first, end) = series::whole_buckets(span, window, step);
            // A bucket that begins before the data does is not whole either.
            (if first < span.0 { first + step } else { first }, end)
        });
        let (first, end) = whole.unwrap_or_default();
        let all = AllSeries::of(answer, step, 1, (first, end))?;
        let buckets = all.len as u64;
        if buckets < FEWEST {
            let time = |seconds| plain(&Value::Time(seconds));
            let data = span.map_or("there are no records with a time".into(), |(first, last)| {
                format!(
                    "the data, from {} to {}, has {buckets} whole buckets of {}",
                    time(first),
                    time(last),
                    span_name(step)
                )
            });
            return Err(Error::Usage(format!(
                "too little to judge: {data}; a baseline takes {FEWEST} (use a shorter --bucket)"
            )));
        }
        let settings = Settings { min_score: self.min_score, ..Settings::CALM };
        let mut found: Vec<(Finding, usize)> = Vec::new();
        for (i, one) in all.series.iter().enumerate() {
            let counts: Vec<u64> = one.points[0].iter().map(|flows| *flows as u64).collect();
            let series = Series { start: first as i64, bucket: step as i64, counts: &counts };
            found.extend(findings(&series, &settings).into_iter().map(|finding| (finding, i)));
        }
        found.sort_by(|(a, i), (b, j)| a.by_score(b).then(i.cmp(j)));
        let mut report = Report { columns: self.columns(), rows_in_all: found.len(), ..Report::default() };
        found.truncate(if self.limit == 0 { usize::MAX } else { self.limit });
        report.rows = found.iter().map(|(finding, i)| self.row(finding, &all.series[*i].keys)).collect();
        if report.rows.is_empty() {
            let judged = count(u128::from(buckets) * all.series.len() as u128);
            report.notes.push(format!("none of {judged} buckets has a score of {} or more", self.min_score));
        }
        Ok((report, all.null_keys))
    }
}
