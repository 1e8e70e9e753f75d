//! `--compare`: the flows of every bucket so much earlier.

use super::buckets::Buckets;
use super::extent::Extent;
use crate::report::Column;
use crate::schema::{Kind, Value, parse_span, span_name};
use std::collections::BTreeMap;

/// The flows that are so much earlier, by the bucket that they are held against.
pub struct Earlier {
    by: u64,
    extent: Extent,
    seconds: u64,
    flows: BTreeMap<(u64, usize), u128>,
}

/// Reads how much earlier, in seconds.
pub fn parse_compare(text: &str) -> Result<u64, String> {
    let by = parse_span(text).filter(|by| *by > 0);
    by.ok_or_else(|| "expected a length of time such as 1d, 12h or 7d".into())
}

impl Earlier {
    pub fn new(by: u64, extent: Extent) -> Earlier {
        Earlier { by, extent, seconds: 1, flows: BTreeMap::new() }
    }

    /// Adds to what is held against a later bucket.
    pub fn add(&mut self, time: u64, series: usize, flows: u128) {
        if let Some(later) = time.checked_add(self.by).filter(|later| *later >= self.extent.since) {
            *self.flows.entry((later, series)).or_default() += flows;
        }
    }

    /// The same in the buckets that are shown, whose length divides the span.
    pub fn settle(self, seconds: u64) -> Earlier {
        let mut coarse = Earlier { seconds, flows: BTreeMap::new(), ..self };
        for ((time, series), flows) in self.flows {
            *coarse.flows.entry((time / seconds * seconds, series)).or_default() += flows;
        }
        coarse
    }

    /// As it is named in a column and at a line.
    pub fn name(&self) -> String {
        span_name(self.by)
    }

    pub fn column(&self) -> Column {
        Column::measure(&format!("flows_{}", self.name()), Some(Kind::Number)).weight(8)
    }

    /// The flows held against a bucket: none where there are no logs.
    pub fn cell(&self, time: u64, series: usize) -> Value {
        match time.checked_sub(self.by).filter(|then| self.extent.spans(*then, self.seconds)) {
            Some(_) => Value::Int(self.flows.get(&(time, series)).copied().unwrap_or(0)),
            None => Value::None,
        }
    }

    /// The line below that of the only series.
    pub fn line(&self, buckets: &Buckets) -> Vec<u128> {
        let mut line = Vec::new();
        buckets.rows(|time, series, _| line.push(self.cell(time, series).as_int()));
        line
    }

    /// What is worth a remark.
    pub fn note(&self, buckets: &Buckets) -> Option<String> {
        let (mut rows, mut values) = (0usize, 0usize);
        buckets.rows(|time, series, _| {
            rows += 1;
            values += usize::from(self.cell(time, series) != Value::None);
        });
        (rows > 0 && values == 0).then(|| format!("there are no records of {} earlier", self.name()))
    }
}
