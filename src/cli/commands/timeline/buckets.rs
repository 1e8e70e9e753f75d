//! The buckets of a timeline: from those that were counted to those that are shown.

use crate::cli::Error;
use crate::report::{count, plain};
use crate::schema::Value;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// What is counted in a bucket: flows, accepts, rejects, packets, bytes.
pub type Cells = [u128; 5];

/// The lengths among which the default is chosen, in seconds; all are multiples of the first.
const LENGTHS: [u64; 6] = [60, 300, 900, 3600, 21_600, 86_400];

/// The length that is counted where the default is to be chosen.
pub const FINEST: NonZeroU64 = NonZeroU64::new(LENGTHS[0]).expect("not zero");

/// The default length makes no more buckets than this, if any does.
const ENOUGH: u128 = 120;

/// With more buckets, or more rows, those without a flow are no rows.
const MOST_BUCKETS: u128 = 10_000;
const MOST_ROWS: u128 = 1_000_000;

/// The buckets that have something, by time and series.
pub struct Buckets {
    seconds: u64,
    series: usize,
    cells: BTreeMap<(u64, usize), Cells>,
    /// The first and the last, those of series that are not shown included.
    ends: Option<(u64, u64)>,
}

impl Buckets {
    /// No buckets yet, of so many series.
    pub fn new(series: usize) -> Buckets {
        Buckets { seconds: FINEST.get(), series, cells: BTreeMap::new(), ends: None }
    }

    /// Adds to the bucket that begins at `time`. Series beyond those that there are tell only where the time begins
    /// and ends.
    pub fn add(&mut self, time: u64, series: usize, cells: Cells) {
        let (first, last) = self.ends.unwrap_or((time, time));
        self.ends = Some((first.min(time), last.max(time)));
        if series >= self.series {
            return;
        }
        let sums = self.cells.entry((time, series)).or_default();
        sums.iter_mut().zip(cells).for_each(|(sum, more)| *sum += more);
    }

    /// Makes buckets of the wanted length, or chooses one, of which the span `part_of` is a multiple; what was added
    /// is of that length, or of the finest.
    pub fn settle(self, wanted: Option<NonZeroU64>, part_of: Option<u64>) -> Buckets {
        if let Some(seconds) = wanted {
            return Buckets { seconds: seconds.get(), ..self };
        }
        let buckets = |seconds: u64| Buckets { seconds, ..Buckets::new(0) }.between(self.first(), self.last());
        let lengths = || LENGTHS.into_iter().filter(|length| part_of.is_none_or(|span| span.is_multiple_of(*length)));
        let fitting = lengths().find(|length| buckets(*length) <= ENOUGH);
        let seconds = fitting.or_else(|| lengths().next_back()).unwrap_or(FINEST.get());
        let ends = self.ends.map(|(first, last)| (first / seconds * seconds, last / seconds * seconds));
        let mut coarse = Buckets { seconds, ends, ..Buckets::new(self.series) };
        for ((time, series), cells) in self.cells {
            coarse.add(time / seconds * seconds, series, cells);
        }
        coarse
    }

    /// The length of a bucket.
    pub fn seconds(&self) -> u64 {
        self.seconds
    }

    /// The beginning of the first bucket, and of the last.
    pub fn first(&self) -> u64 {
        self.ends.map_or(0, |(first, _)| first)
    }

    pub fn last(&self) -> u64 {
        self.ends.map_or(0, |(_, last)| last)
    }

    /// How many buckets there are from that of one time to that of another.
    fn between(&self, first: u64, last: u64) -> u128 {
        u128::from(last / self.seconds - first / self.seconds) + 1
    }

    /// How many buckets there are with the empty ones, and how many rows that makes.
    fn all(&self) -> (u128, u128) {
        let buckets = if self.ends.is_none() { 0 } else { self.between(self.first(), self.last()) };
        (buckets, buckets * self.series as u128)
    }

    /// Whether only what has something is shown.
    fn is_sparse(&self) -> bool {
        let (buckets, rows) = self.all();
        buckets > MOST_BUCKETS || rows > MOST_ROWS
    }

    /// Every row, in order.
    pub fn rows(&self, mut row: impl FnMut(u64, usize, &Cells)) {
        if self.is_sparse() {
            self.cells.iter().for_each(|((time, series), cells)| row(*time, *series, cells));
            return;
        }
        for bucket in 0..self.all().0 as u64 {
            let time = self.first() + bucket * self.seconds;
            for series in 0..self.series {
                row(time, series, self.cells.get(&(time, series)).unwrap_or(&[0; 5]));
            }
        }
    }

    /// What is left out, if something is.
    pub fn note(&self) -> Option<String> {
        if !self.is_sparse() {
            return None;
        }
        let ((_, rows), time) = (self.all(), |seconds| plain(&Value::Time(seconds)));
        Some(format!(
            "{} of {} rows from {} to {} have no flows, and are left out; a longer --bucket, or --since and --until, make fewer",
            count(rows - self.cells.len() as u128),
            count(rows),
            time(self.first()),
            time(self.last()),
        ))
    }

    /// The flows in every bucket, series by series; not where buckets are left out, and not of one
    /// bucket alone.
    pub fn lines(&self) -> Option<Vec<Vec<u128>>> {
        (!self.is_sparse() && self.all().0 >= 2).then(|| self.flows())
    }

    fn flows(&self) -> Vec<Vec<u128>> {
        let mut flows = vec![Vec::new(); self.series];
        self.rows(|_, series, cells| flows[series].push(cells[0]));
        flows
    }

    /// The same for what looks at every bucket, and `more` behind them, by the name of its option.
    pub fn every(&self, more: u64, option: &str) -> Result<Vec<Vec<u128>>, Error> {
        let (buckets, rows) = self.all();
        let rows = rows + u128::from(more) * self.series as u128;
        if buckets <= MOST_BUCKETS && rows <= MOST_ROWS {
            return Ok(self.flows());
        }
        let time = |seconds| plain(&Value::Time(seconds));
        Err(Error::Usage(format!(
            "{option} looks at every bucket, and {} from {} to {}, in {} rows, are too many (at most {} and {}); use a \
             longer --bucket, --since and --until, or with --by a smaller -n",
            count(buckets),
            time(self.first()),
            time(self.last()),
            count(rows),
            count(MOST_BUCKETS),
            count(MOST_ROWS),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[u64]) -> Buckets {
        let mut buckets = Buckets::new(1);
        times.iter().for_each(|time| buckets.add(time / 60 * 60, 0, [1, 0, 0, 2, 3]));
        buckets
    }

    #[test]
    fn the_default_is_the_smallest_that_makes_at_most_120() {
        for (last, seconds) in [
            (0, 60),
            (119 * 60, 60),
            (119 * 60 + 59, 60),
            (120 * 60, 300),
            (120 * 300 - 1, 300),
            (120 * 300, 900),
            (120 * 900, 3600),
            (120 * 3600, 21_600),
            (120 * 21_600, 86_400),
            (u64::MAX, 86_400),
        ] {
            assert_eq!(of(&[0, last]).settle(None, None).seconds(), seconds, "{last}");
        }
        // What counts is the buckets, not the time between.
        assert_eq!(of(&[86_399, 86_399 + 119 * 60 + 1]).settle(None, None).seconds(), 300);
    }

    #[test]
    fn the_default_divides_a_span() {
        let month = [0, 29 * 86_400];
        for (span, seconds) in [(86_400, 21_600), (5400, 900), (60, 60), (7200, 3600), (7 * 86_400, 21_600)] {
            assert_eq!(of(&month).settle(None, Some(span)).seconds(), seconds, "{span}");
        }
        assert_eq!(of(&[0, 60]).settle(None, Some(86_400)).seconds(), 60);
    }

    #[test]
    fn series_that_are_not_shown_tell_the_ends() {
        let mut buckets = Buckets::new(1);
        [(120, 1), (300, 0), (540, 1)].iter().for_each(|(time, series)| buckets.add(*time, *series, [1; 5]));
        let buckets = buckets.settle(None, None);
        assert_eq!((buckets.first(), buckets.last()), (120, 540));
        assert_eq!(buckets.lines(), Some(vec![vec![0, 0, 0, 1, 0, 0, 0, 0]]));
    }

    #[test]
    fn coarse_buckets_sum_and_empty_ones_are_zero() {
        let buckets = of(&[0, 60, 7260, 7261]).settle(None, None);
        let mut rows = Vec::new();
        buckets.rows(|time, _, cells| rows.push((time, cells[0], cells[4])));
        assert_eq!((rows.len(), rows[0], rows[1], rows[24]), (25, (0, 2, 6), (300, 0, 0), (7200, 2, 6)));
        assert_eq!(buckets.lines().unwrap()[0].iter().sum::<u128>(), 4);
        assert_eq!((of(&[]).settle(None, None).lines(), of(&[]).note()), (None, None));
    }

    #[test]
    fn an_absurd_time_makes_no_absurd_number_of_rows() {
        let buckets = of(&[0, u64::MAX]).settle(NonZeroU64::new(60), None);
        let mut rows = 0;
        buckets.rows(|_, _, _| rows += 1);
        assert_eq!((rows, buckets.lines()), (2, None));
        assert!(
            buckets.note().unwrap().starts_with("307,445,734,561,825,859 of 307,445,734,561,825,861 rows from 1970")
        );
    }
}
