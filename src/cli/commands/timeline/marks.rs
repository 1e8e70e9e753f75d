//! `--mark`: buckets that the buckets before them do not explain, as `outliers` finds them.

use super::buckets::Buckets;
use crate::analysis::outliers::{Settings, judge};
use crate::cli::Error;
use crate::report::{Column, Mark, plain};
use crate::schema::{Value, span_name};
use std::collections::BTreeMap;

/// What stands out, by series and bucket.
pub struct Marks {
    found: Vec<BTreeMap<usize, Mark>>,
    first: u64,
    seconds: u64,
}

impl Marks {
    /// Of the flows of every series.
    pub fn new(buckets: &Buckets, flows: &[Vec<u128>]) -> Result<Marks, Error> {
        let (first, seconds, settings) = (buckets.first(), buckets.seconds(), Settings::default());
        let all = flows.first().map_or(0, Vec::len);
        // One is judged, and the newest is not.
        let least = settings.window + 2;
        if all < least {
            let time =
                |bucket: usize| plain(&Value::Time(first.saturating_add((bucket as u64).saturating_mul(seconds))));
            let has = match all {
                0 => format!("no bucket of {}", span_name(seconds)),
                1 => format!("1 bucket of {}, at {}", span_name(seconds), time(0)),
                _ => format!("{all} buckets of {}, from {} to {}", span_name(seconds), time(0), time(all)),
            };
            return Err(Error::Usage(format!(
                "too little to judge: the data has {has}; --mark takes {least} (a shorter --bucket makes more)"
            )));
        }
        let found = |flows: &Vec<u128>| {
            let points: Vec<f64> = flows.iter().map(|flows| *flows as f64).collect();
            let outside = judge(&points, &settings).into_iter().filter(|point| point.violation);
            outside.map(|point| (point.index, if point.error > 0.0 { Mark::Up } else { Mark::Down })).collect()
        };
        Ok(Marks { found: flows.iter().map(found).collect(), first, seconds })
    }

    pub fn column() -> Column {
        Column { right: false, ..Column::measure("outlier", None) }.weight(9)
    }

    pub fn cell(&self, time: u64, series: usize) -> Value {
        let bucket = ((time - self.first) / self.seconds) as usize;
        match self.found[series].get(&bucket) {
            Some(Mark::Up) => Value::text("up"),
            Some(Mark::Down) => Value::text("down"),
            None => Value::None,
        }
    }

    /// Those below the line of a series.
    pub fn of(&self, series: usize) -> Vec<(usize, Mark)> {
        self.found[series].iter().map(|(bucket, mark)| (*bucket, *mark)).collect()
    }

    /// What is worth a remark.
    pub fn note(&self) -> Option<String> {
        self.found.iter().all(BTreeMap::is_empty).then(|| "no bucket is an outlier".into())
    }
}
