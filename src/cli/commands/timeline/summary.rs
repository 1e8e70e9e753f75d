//! `--box`: five numbers that sum up the values of a field in every bucket.

use crate::cli::commands::{measure_column, parse_key};
use crate::query::{Key, Measure, Percentile, QueryError, column_name};
use crate::report::Column;
use crate::schema::Value;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// The length of a bucket where none is given: quartiles of short ones are not those of long ones.
pub const BUCKET: NonZeroU64 = NonZeroU64::new(3600).expect("not zero");

/// The smallest value, the quartiles and the largest, with how long their columns stay.
const FIVE: [(&str, u8); 5] = [("min", 6), ("p25", 4), ("p50", 7), ("p75", 4), ("max", 6)];

/// The five numbers of buckets, by time and series.
#[derive(Default)]
pub struct Summaries {
    cells: BTreeMap<(u64, usize), [Value; 5]>,
}

/// Reads the field that is summed up.
pub fn parse_field(text: &str) -> Result<Key, QueryError> {
    let key = parse_key(text)?;
    let kind = key.kind();
    match kind.is_number() {
        true => Ok(key),
        false => Err(QueryError(format!(
            "'{}' is of type {}, and only numbers have quartiles, such as bytes, packets, duration or bpp",
            key.name(),
            kind.name()
        ))),
    }
}

/// What is asked of a bucket, for `FIVE`.
pub fn measures(field: &Key) -> [Measure; 5] {
    FIVE.map(|(name, _)| match Percentile::parse(name) {
        Some(Ok(percentile)) => Measure::Percentile(percentile, field.clone()),
        _ if name == "min" => Measure::Min(field.clone()),
        _ => Measure::Max(field.clone()),
    })
}

pub fn columns(field: &Key) -> impl Iterator<Item = Column> {
    let name = column_name(field.name());
    let column = move |(measure, (five, weight)): (Measure, (&str, u8))| {
        measure_column(&format!("{name}_{five}"), &measure).weight(weight)
    };
    measures(field).into_iter().zip(FIVE).map(column)
}

impl Summaries {
    /// The numbers of a bucket. Those that are rounded do not go beyond the smallest and the largest, which are not.
    pub fn add(&mut self, time: u64, series: usize, five: &[Value]) {
        if let [min, .., max] = five
            && *min != Value::None
            && let Ok(five) = <[Value; 5]>::try_from(five.to_vec())
        {
            let (min, max) = (min.clone(), max.clone());
            self.cells.insert((time, series), five.map(|number| number.clamp(min.clone(), max.clone())));
        }
    }

    /// No values where no flow has one.
    pub fn cells(&self, time: u64, series: usize) -> [Value; 5] {
        self.cells.get(&(time, series)).cloned().unwrap_or([const { Value::None }; 5])
    }
}
