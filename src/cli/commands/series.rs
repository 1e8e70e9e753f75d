//! Series over time, one for every value of the keys: what the commands about change look at.

use super::{key_column, parse_key, parse_measure, unique};
use crate::cli::Error;
use crate::cli::flags::TimeField;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, Select};
use crate::report::{Column, plain};
use crate::schema::{FieldName, Value, parse_span};
use clap::ValueHint;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// Numbers of all series together that are held, at the most.
const MOST: usize = 50_000_000;

/// Options about series.
#[derive(clap::Args, Debug)]
pub struct SeriesFlags {
    /// Fields: one series for each of their values (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = parse_key, value_hint = ValueHint::Other)]
    by: Vec<Key>,

    /// Measures to look at, separated by commas (`vpcflow top --help` lists them)
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', default_value = "flows", value_parser = parse_measure, value_hint = ValueHint::Other)]
    agg: Vec<Measure>,
}

/// Reads the length of a bucket, in seconds.
pub fn parse_bucket(text: &str) -> Result<NonZeroU64, String> {
    let seconds = parse_span(text).and_then(NonZeroU64::new);
    seconds.ok_or_else(|| "expected a number of at least 1 and a unit: 90s, 5m, 1h, 1d or 2w".to_string())
}

impl SeriesFlags {
    /// Numbers of flows.
    pub fn flows(by: Vec<Key>) -> SeriesFlags {
        SeriesFlags { by, agg: vec![Measure::Flows] }
    }

    pub fn keys(&self) -> Vec<Key> {
        unique(&self.by)
    }

    pub fn measures(&self) -> Vec<Measure> {
        unique(&self.agg)
    }

    /// Flows in buckets of so many seconds.
    pub fn query(&self, time: TimeField, seconds: u64) -> Query {
        let bucket = Key::Bucket { field: time.field().into(), seconds };
        let keys = std::iter::once(bucket).chain(self.keys()).collect();
        let grouping = Grouping { select: Select::Flows, keys, measures: self.measures() };
        Query { groupings: vec![grouping], unfold: true, ..Query::default() }
    }

    pub fn needed(&self, time: TimeField) -> Vec<FieldName> {
        let measured = self.measures().into_iter().flat_map(|measure| measure.fields());
        let unknown = measured.filter(|field| field.known().is_none());
        let by = self.by.iter().flat_map(Key::fields);
        std::iter::once(time.field().into()).chain(by).chain(unknown).collect()
    }

    /// The columns of the keys, and that of the measure's name where there are several.
    pub fn key_columns(&self) -> Vec<Column> {
        let measure = || Column { right: false, ..Column::measure("measure", None) }.weight(crate::report::KEEP);
        let several = self.measures().len() > 1;
        self.keys().iter().map(key_column).chain(several.then(measure)).collect()
    }

    /// Their cells.
    pub fn key_cells(&self, series: &OneSeries, measure: usize) -> Vec<Value> {
        let measures = self.measures();
        let name = (measures.len() > 1).then(|| Value::text(measures[measure].column()));
        series.keys.iter().cloned().chain(name).collect()
    }
}

/// What the data spans, filters aside: the first and the last time of a record, in seconds since the epoch.
pub fn span(answer: &mut Answer, grouping: usize) -> Result<Option<(u64, u64)>, Error> {
    let mut span = None;
    answer.each(grouping, |_, values| {
        if let [Value::Time(first), Value::Time(last)] = values[..] {
            span = Some((first, last));
        }
    })?;
    Ok(span)
}

/// A clock that is ahead by more than this, in seconds, is wrong.
const AHEAD: u64 = 86_400;

/// What is worth a remark about what the data spans: one wrong clock makes it years, most of them empty.
pub fn odd_span((_, last): (u64, u64)) -> Option<String> {
    let is_ahead = last > world().now.saturating_add(AHEAD);
    is_ahead.then(|| {
        format!(
            "the newest record is of {}, which is yet to come; --until leaves out what has a wrong clock",
            plain(&Value::Time(last))
        )
    })
}

/// The grouping that tells it, by the time that buckets go by, within `--since` and `--until` if there are such.
pub fn span_grouping(time: TimeField, window: [Option<u64>; 2]) -> Grouping {
    let field = || Key::Field(time.field().into());
    let select = match window {
        [None, None] => Select::Unfiltered,
        [since, until] => {
            Select::UnfilteredBetween { time: time.field(), from: since.unwrap_or(0), until: until.unwrap_or(u64::MAX) }
        }
    };
    Grouping { select, keys: vec![], measures: vec![Measure::Min(field()), Measure::Max(field())] }
}

/// The same with a bucket behind its end: whether there are records tells that the last one is whole.
pub fn with_next([since, until]: [Option<u64>; 2], step: u64) -> [Option<u64>; 2] {
    [since, until.map(|until| until.saturating_add(step))]
}

/// The whole buckets of the data that `--since` and `--until` leave: the beginning of the first, and that of the one
/// behind the last. The newest bucket of the data may be incomplete, and so may one that is cut by these.
pub fn whole_buckets(span: (u64, u64), [since, until]: [Option<u64>; 2], step: u64) -> (u64, u64) {
    let first = span.0 / step * step;
    let first = since.filter(|since| *since > first).map_or(first, |since| since.div_ceil(step) * step);
    let end = span.1 / step * step;
    (first, until.map_or(end, |until| (until / step * step).min(end)))
}

/// Series of the same buckets.
pub struct AllSeries {
    /// Where the first bucket begins, in seconds since the epoch.
    pub first: u64,
    /// The length of a bucket, in seconds.
    pub step: u64,
    /// How many buckets there are.
    pub len: usize,
    /// In the order of the keys.
    pub series: Vec<OneSeries>,
    /// Flows without a value for a key.
    pub null_keys: u64,
}

/// The numbers of one value of the keys.
pub struct OneSeries {
    pub keys: Vec<Value>,
    /// By measure and bucket; 0 where there are no flows.
    pub points: Vec<Vec<f64>>,
}

impl AllSeries {
    /// The series of the query's first grouping, whose first key is a bucket of `step` seconds: of the buckets from
    /// `first` up to `end`.
    pub fn of(answer: &mut Answer, step: u64, measures: usize, (first, end): (u64, u64)) -> Result<AllSeries, Error> {
        let mut cells: BTreeMap<Vec<Value>, BTreeMap<u64, Vec<f64>>> = BTreeMap::new();
        let null_keys = answer.each(0, |mut keys, values| {
            let Value::Time(time) = keys.remove(0) else { return };
            let of_key = cells.entry(keys).or_default();
            if (first..end).contains(&time) {
                of_key.insert(time, values.iter().map(number).collect());
            }
        })?;
        let len = end.saturating_sub(first) / step;
        let most = MOST.min(answer.memory() / 16);
        let all = usize::try_from(len).ok().and_then(|len| len.checked_mul(cells.len().max(1) * measures));
        let Some(len) = all.filter(|all| *all <= most).map(|_| len as usize) else {
            let time = |seconds| plain(&Value::Time(seconds));
            return Err(Error::Usage(format!(
                "{} series of {len} buckets, from {} to {}, are too many to look at; use a longer --bucket, --since and \
                 --until, or a larger --max-memory",
                cells.len(),
                time(first),
                time(end),
            )));
        };
        let series = cells.into_iter().map(|(keys, buckets)| {
            let mut points = vec![vec![0.0; len]; measures];
            for (time, values) in buckets {
                let bucket = ((time - first) / step) as usize;
                points.iter_mut().zip(values).for_each(|(points, value)| points[bucket] = value);
            }
            OneSeries { keys, points }
        });
        Ok(AllSeries { first, step, len, series: series.collect(), null_keys })
    }

    /// The beginning of a bucket.
    pub fn time(&self, bucket: usize) -> Value {
        Value::Time(self.first + bucket as u64 * self.step)
    }

    /// What the data spans, in words.
    pub fn span(&self) -> String {
        match self.len {
            0 => format!("the data has no whole bucket of {}", crate::schema::span_name(self.step)),
            len => format!(
                "the data has {len} whole {} of {}, from {} to {}",
                if len == 1 { "bucket" } else { "buckets" },
                crate::schema::span_name(self.step),
                plain(&self.time(0)),
                plain(&self.time(len)),
            ),
        }
    }
}

/// The condition that selects a value, for `--where`.
pub fn condition(key: &Key, value: &Value) -> String {
    let (name, value) = (key.name().split('/').next().unwrap_or_default(), plain(value));
    let is_bare = value.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-_".contains(&b));
    // What a shell or the expression would take for its own is any character.
    let odd = ['\\', '"', '\''];
    match key {
        Key::Network { .. } => format!("{name} in {value}"),
        _ if is_bare && !value.is_empty() => format!("{name} == {value}"),
        _ if value.contains(odd) => {
            format!("{name} like \"{}\"", value.replace(|c| odd.contains(&c) || "*[]{}".contains(c), "?"))
        }
        _ => format!("{name} == \"{value}\""),
    }
}

/// A value as a number.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Decimal { units, places } => *units as f64 / 10f64.powi(i32::from(*places)),
        Value::Time(seconds) => *seconds as f64,
        _ => 0.0,
    }
}

/// A number as a value: whole, or rounded to `places` decimals; none if it is not finite.
pub fn value(number: f64, places: u8) -> Value {
    let units = (number * 10f64.powi(places.into())).round();
    match number.is_finite() && units.abs() < 1e38 {
        true if places == 0 && number >= 0.0 => Value::Int(units as u128),
        true => Value::Decimal { units: units as i128, places },
        false => Value::None,
    }
}
