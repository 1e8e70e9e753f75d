//! `--trend`: a straight line through the flows of every series, and where it leads.

use super::buckets::Buckets;
use super::extent::Extent;
use crate::analysis::line::Line;
use crate::cli::Error;
use crate::cli::commands::series::value;
use crate::report::{Column, Unit, count, plain};
use crate::schema::{Value, span_name};

/// The most buckets that are foretold.
pub const MOST: u64 = 10_000;

/// The fewest buckets that a line is laid through.
const LEAST: usize = 3;

/// Of so many series the slopes are told.
const TOLD: usize = 20;

/// A line for every series.
pub struct Forecast {
    lines: Vec<Line>,
    first: u64,
    seconds: u64,
}

impl Forecast {
    /// Through the whole buckets of `flows`: the last may be incomplete, and so is one in which the data begins.
    pub fn new(buckets: &Buckets, flows: &[Vec<u128>], extent: &Extent) -> Result<Forecast, Error> {
        let (first, seconds) = (buckets.first(), buckets.seconds());
        let all = flows.first().map_or(0, Vec::len);
        let whole = usize::from(all > 0 && extent.begins_inside(first))..all.saturating_sub(1);
        if whole.len() < LEAST {
            let time = |bucket: usize| plain(&Value::Time(first + bucket as u64 * seconds));
            let has = match whole.len() {
                0 => format!("no whole bucket of {}", span_name(seconds)),
                len => format!(
                    "{len} whole {} of {}, from {} to {}",
                    if len == 1 { "bucket" } else { "buckets" },
                    span_name(seconds),
                    time(whole.start),
                    time(whole.end)
                ),
            };
            return Err(Error::Usage(format!(
                "too little for a trend: the data has {has}; --trend takes {LEAST} (a shorter --bucket makes more)"
            )));
        }
        let line = |flows: &Vec<u128>| {
            let points: Vec<f64> = flows[whole.clone()].iter().map(|flows| *flows as f64).collect();
            Line::through(&points, whole.start)
        };
        Ok(Forecast { lines: flows.iter().filter_map(line).collect(), first, seconds })
    }

    pub fn column() -> Column {
        Column::measure("trend", None).unit(Unit::Count).weight(8)
    }

    pub fn series(&self) -> usize {
        self.lines.len()
    }

    /// Where the line of a series is; there are no fewer flows than none.
    pub fn cell(&self, time: u64, series: usize) -> Value {
        let bucket = (time - self.first) / self.seconds;
        value(self.lines[series].at(bucket as usize).max(0.0), 1)
    }

    /// How every line runs.
    pub fn notes(&self, label: impl Fn(usize) -> Option<Value>) -> Vec<String> {
        let told = self.lines.iter().take(TOLD).enumerate();
        let mut notes: Vec<String> = told
            .map(|(series, line)| {
                let of = label(series).map(|label| format!(" of {}", plain(&label))).unwrap_or_default();
                format!("trend{of}: {}", run(line, self.seconds))
            })
            .collect();
        if self.lines.len() > TOLD {
            notes.push(format!("trend: of {} series, the first {TOLD} are told", count(self.lines.len() as u128)));
        }
        notes
    }
}

/// `+12.3 flows per bucket of 5m (R² 0.87)`.
fn run(line: &Line, seconds: u64) -> String {
    let bucket = span_name(seconds);
    let Some(r2) = line.r2 else { return format!("0 flows per bucket of {bucket} (all have the same number)") };
    // Two digits of a slope below 1.
    let places = if line.slope == 0.0 { 1.0 } else { (1.0 - line.slope.abs().log10().floor()).clamp(1.0, 6.0) };
    let sign = if line.slope > 0.0 { "+" } else { "" };
    format!(
        "{sign}{} flows per bucket of {bucket} (R² {})",
        plain(&value(line.slope, places as u8)),
        plain(&value(r2, 2))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_read_well() {
        let line = |slope, r2| run(&Line { slope, intercept: 0.0, r2 }, 300);
        assert_eq!(line(12.34, Some(0.874)), "+12.3 flows per bucket of 5m (R² 0.87)");
        assert_eq!(line(-1.26, Some(1.0)), "-1.3 flows per bucket of 5m (R² 1.00)");
        assert_eq!(line(0.0421, Some(0.5)), "+0.042 flows per bucket of 5m (R² 0.50)");
        assert_eq!(line(0.0, Some(0.0)), "0.0 flows per bucket of 5m (R² 0.00)");
        assert_eq!(line(0.0, None), "0 flows per bucket of 5m (all have the same number)");
    }
}
