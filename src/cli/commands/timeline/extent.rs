//! What the data spans, and where the window of a question begins.

use super::load::Load;
use crate::cli::Error;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Select};
use crate::schema::Value;

/// Times are seconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The first and the last record, whatever the filters, if any has a time.
    pub data: Option<(u64, u64)>,
    /// Where the window begins; 0 if nothing says so.
    pub since: u64,
}

impl Extent {
    /// The grouping that tells it.
    pub fn grouping(load: Load) -> Grouping {
        let field = || Key::Field(load.field().into());
        let measures = vec![Measure::Min(field()), Measure::Max(field())];
        Grouping { select: Select::Unfiltered, keys: vec![], measures }
    }

    pub fn of(answer: &mut Answer, grouping: usize, since: u64) -> Result<Extent, Error> {
        let mut extent = Extent { data: None, since };
        answer.each(grouping, |_, ends| {
            if let [Value::Time(first), Value::Time(last)] = ends[..] {
                extent.data = Some((first, last));
            }
        })?;
        Ok(extent)
    }

    /// Whether the data, or the window, begins inside of the bucket that begins at `time`.
    pub fn begins_inside(&self, time: u64) -> bool {
        self.since.max(self.data.map_or(0, |(first, _)| first)) > time
    }

    /// Whether the data has records in a bucket, or before it and behind it.
    pub fn spans(&self, time: u64, seconds: u64) -> bool {
        self.data.is_some_and(|(first, last)| time.saturating_add(seconds) > first && time <= last)
    }
}
