//! `anomalies rate`: buckets of time with an unusual number of flows.

use super::Anomalies;
use crate::analysis::rate::{Finding, SUMMED, Series, Settings, findings};
use crate::cli::Error;
use crate::cli::commands::series::{self, AllSeries, SeriesFlags, value};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::Query;
use crate::report::{Column, KEEP, Report, Unit, count, plain};
use crate::schema::{FieldName, Kind, Value, span_name};

/// Buckets without which there is no baseline.
const FEWEST: u64 = 9;

/// The groupings: in buckets, and that of all records, which tells what the data spans.
const SPAN: usize = 1;

/// What is shown where nothing is said.
const MIN_SCORE: f64 = 25.0;

/// The question of `anomalies rate`.
pub struct Rate<'a> {
    pub of: &'a Anomalies,
}

impl Rate<'_> {
    fn min_score(&self) -> f64 {
        self.of.min_score.unwrap_or(MIN_SCORE)
    }

    fn series(&self) -> SeriesFlags {
        SeriesFlags::flows(self.of.by.clone())
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
        row.extend([Value::text(finding.note.clone()), Value::text(self.command(finding, keys))]);
        row
    }

    /// The command that looks into a finding.
    fn command(&self, finding: &Finding, keys: &[Value]) -> String {
        let at = |seconds: i64| plain(&Value::Time(seconds.max(0) as u64));
        let bucket = self.of.bucket.get() as i64;
        let before = if finding.multi_bucket { SUMMED as i64 - 1 } else { 0 };
        let [since, until] = [finding.time - before * bucket, finding.time + bucket].map(at);
        let keys_of = self.series().keys();
        let conditions: Vec<String> =
            keys_of.iter().zip(keys).map(|(key, value)| series::condition(key, value)).collect();
        let condition =
            if conditions.is_empty() { String::new() } else { format!(" -w '{}'", conditions.join(" and ")) };
        format!("vpcflow top --since {since} --until {until}{condition}{}", self.of.input.words())
    }
}

impl Ask for Rate<'_> {
    fn query(&self) -> Query {
        let mut query = self.series().query(self.of.input.filter.time_field, self.of.bucket.get());
        let window = series::with_next(self.of.input.filter.window(world().now), self.of.bucket.get());
        query.groupings.push(series::span_grouping(self.of.input.filter.time_field, window));
        query
    }

    fn needed(&self) -> Vec<FieldName> {
        self.series().needed(self.of.input.filter.time_field)
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let step = self.of.bucket.get();
        let span = series::span(answer, SPAN)?;
        let window = self.of.input.filter.window(world().now);
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
        let settings = Settings { min_score: self.min_score(), ..Settings::CALM };
        let mut found: Vec<(Finding, usize)> = Vec::new();
        for (i, one) in all.series.iter().enumerate() {
            let counts: Vec<u64> = one.points[0].iter().map(|flows| *flows as u64).collect();
            let series = Series { start: first as i64, bucket: step as i64, counts: &counts };
            found.extend(findings(&series, &settings).into_iter().map(|finding| (finding, i)));
        }
        found.sort_by(|(a, i), (b, j)| a.by_score(b).then(i.cmp(j)));
        let mut report = Report { columns: self.columns(), rows_in_all: found.len(), ..Report::default() };
        report.notes.extend(span.and_then(series::odd_span));
        found.truncate(if self.of.limit == 0 { usize::MAX } else { self.of.limit });
        report.rows = found.iter().map(|(finding, i)| self.row(finding, &all.series[*i].keys)).collect();
        if report.rows.is_empty() {
            let judged = count(u128::from(buckets) * all.series.len() as u128);
            report.notes.push(format!("none of {judged} buckets has a score of {} or more", self.min_score()));
        }
        Ok((report, all.null_keys))
    }
}
