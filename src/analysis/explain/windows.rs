//! The windows that are compared: the deviation, and the baseline before it.

use crate::analysis::order::{NORMAL_MAD, median};

const MINUTE: i64 = 60;

/// Regular buckets without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    pub start: i64,
    /// In seconds, above 0.
    pub size: i64,
    pub count: usize,
}

impl Buckets {
    /// The begin of each bucket.
    pub fn starts(self) -> impl Iterator<Item = i64> {
        (0..self.count as i64).map(move |index| self.start + index * self.size)
    }
}

/// The times of the first and the last record of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: i64,
    pub last: i64,
}

/// From `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: i64,
    pub end: i64,
}

impl Window {
    pub fn length(self) -> i64 {
        self.end - self.start
    }
}

/// Two windows that do not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    pub baseline: Window,
    pub deviation: Window,
}

impl Windows {
    /// As they are for a dip, which is explained by what is there otherwise: in each other's place.
    pub fn swapped(self) -> Windows {
        Windows { baseline: self.deviation, deviation: self.baseline }
    }
}

/// Why there are no windows around a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoom {
    /// The time is not within the data.
    Outside,
    /// There is too little data before it; the earliest time that has enough, if there is one.
    TooEarly(Option<i64>),
}

/// The baseline is cut where the data begins; it needs so many seconds.
const BASELINE_LEAST: i64 = 5 * MINUTE;

/// The lengths of deviation, gap and baseline in data of so many seconds.
fn lengths(span: i64) -> (i64, i64, i64) {
    let part = |part: f64| (span as f64 / part) as i64;
    (part(10.0).max(10 * MINUTE), part(10.0).max(5 * MINUTE), part(3.5).max(30 * MINUTE))
}

/// The earliest time that windows can be around, in data that begins at `start`.
fn earliest(data: Window) -> i64 {
    let (deviation, gap, _) = lengths(data.length());
    data.start + BASELINE_LEAST + gap + deviation / 2
}

/// The windows around a time in data with a span: a tenth of it centred on the time (at least 10 minutes), a gap of
/// a tenth before (at least 5 minutes), and before that the baseline of 1/3.5 (at least 30 minutes). What is not
/// within the data is cut off; a baseline of less than 5 minutes is none.
pub fn windows_around(time: i64, span: Span) -> Result<Windows, NoRoom> {
    let data = Window { start: span.first, end: span.last + 1 };
    if time < data.start || time >= data.end {
        return Err(NoRoom::Outside);
    }
    let (deviation, gap, baseline) = lengths(data.length());
    let start = time - deviation / 2;
    let end = start - gap;
    if end - data.start < BASELINE_LEAST {
        return Err(NoRoom::TooEarly(Some(earliest(data)).filter(|time| *time < data.end)));
    }
    Ok(Windows {
        deviation: Window { start, end: (start + deviation).min(data.end) },
        baseline: Window { start: (end - baseline).max(data.start), end },
    })
}

/// A size of buckets for data of so many seconds: a 75th, rounded up to one that is read at a glance; at least
/// a minute, as flow logs are no finer.
pub fn default_bucket(span: i64) -> i64 {
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let minutes = [1, 2, 5, 10, 15, 30].map(|n| n * MINUTE);
    let hours = [1, 2, 3, 6, 12].map(|n| n * HOUR);
    let fits = |size: &i64| size.saturating_mul(75) >= span;
    let nice = minutes.into_iter().chain(hours).find(fits);
    nice.unwrap_or_else(|| (span - 1) / (75 * DAY) * DAY + DAY)
}

/// The bucket that deviates most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    pub index: usize,
    /// The middle of the bucket.
    pub time: i64,
    /// The distance from what is usual about it over 1.4826 times the median of all such distances: infinite where
    /// that is 0.
    pub deviation: f64,
    /// Whether the bucket is below what is usual about it.
    pub is_below: bool,
}

/// As many buckets before and behind one tell what is usual about it: an eighth of all, and no more than the second.
const AROUND: usize = 8;
const MOST_AROUND: usize = 50;

/// What is usual about each bucket: the line through the medians of the first and the last third of those around it,
/// moved to lie in the middle of them. So the shape of a day is no spike.
fn usual(values: &[f64]) -> Vec<f64> {
    let reach = (values.len() / AROUND).clamp(1, MOST_AROUND);
    let level = |i: usize| {
        let first = i.saturating_sub(reach);
        level(&values[first..(i + reach + 1).min(values.len())], i - first)
    };
    (0..values.len()).filter_map(level).collect()
}

/// Where that line is at one of the buckets.
fn level(around: &[f64], at: usize) -> Option<f64> {
    let third = around.len().div_ceil(3);
    let rise = median(&around[around.len() - third..])? - median(&around[..third])?;
    let slope = rise / (around.len() - third).max(1) as f64;
    let flat: Vec<f64> = around.iter().zip(0..).map(|(value, i)| value - slope * f64::from(i)).collect();
    Some(median(&flat)? + slope * at as f64)
}

/// Whether the bucket of a time lies below what is usual about it; `None` if it does not lie apart, or is not whole.
pub fn is_below(buckets: Buckets, counts: &[u64], span: Span, time: i64) -> Option<bool> {
    let whole = whole(buckets, counts, span);
    let values: Vec<f64> = whole.iter().map(|(_, _, value)| *value).collect();
    let place = whole.iter().position(|(_, start, _)| (*start..start + buckets.size).contains(&time))?;
    let usual = usual(&values)[place];
    (values[place] != usual).then_some(values[place] < usual)
}

/// The whole buckets: their number, where they begin, and what they count.
fn whole(buckets: Buckets, counts: &[u64], span: Span) -> Vec<(usize, i64, f64)> {
    let is_whole = |start: i64| start >= span.first && start + buckets.size <= span.last + 1;
    let starts = buckets.starts().zip(counts).enumerate();
    starts.filter(|(_, (start, _))| is_whole(*start)).map(|(i, (start, n))| (i, start, *n as f64)).collect()
}

/// The bucket that deviates most from what is usual about it, the first of several. Only whole buckets count, and of
/// those the ones that leave room for windows. `None` if no bucket does, or none deviates.
pub fn find_peak(buckets: Buckets, counts: &[u64], span: Span) -> Option<Peak> {
    let whole = whole(buckets, counts, span);
    let values: Vec<f64> = whole.iter().map(|(_, _, value)| *value).collect();
    let usual = usual(&values);
    let distances: Vec<f64> = values.iter().zip(&usual).map(|(value, usual)| (value - usual).abs()).collect();
    // The scale is the same for all.
    let scale = NORMAL_MAD * median(&distances)?;
    let mut peak: Option<(f64, Peak)> = None;
    for (((index, start, value), usual), distance) in whole.into_iter().zip(usual).zip(distances) {
        let time = start + buckets.size / 2;
        let is_more = distance > peak.map_or(0.0, |(most, _)| most);
        if is_more && windows_around(time, span).is_ok() {
            peak = Some((distance, Peak { index, time, deviation: distance / scale, is_below: value < usual }));
        }
    }
    peak.map(|(_, peak)| peak)
}

#[cfg(test)]
mod tests {
    use super::super::super::random::Random;
    use super::*;

    const HOUR: i64 = 3600;
    /// Ten hours.
    const SPAN: Span = Span { first: 0, last: 10 * HOUR - 1 };

    #[test]
    fn windows_by_hand() {
        let windows = windows_around(6 * HOUR, SPAN).expect("windows");
        assert_eq!(windows.deviation, Window { start: 6 * HOUR - 1800, end: 6 * HOUR + 1800 });
        let end = 6 * HOUR - 1800 - 3600;
        assert_eq!(windows.baseline, Window { start: end - 10_285, end });
        let short = Span { first: 1000, last: 1000 + HOUR - 1 };
        let windows = windows_around(1000 + 3000, short).expect("windows");
        assert_eq!(windows.deviation, Window { start: 3700, end: 4300 });
        assert_eq!(
            windows.baseline,
            Window { start: 3340 - 1800, end: 3340 },
            "a gap of 6 minutes, 30 for the baseline"
        );
    }

    #[test]
    fn windows_stay_within_the_data() {
        assert_eq!(windows_around(10 * HOUR, SPAN), Err(NoRoom::Outside));
        assert_eq!(windows_around(-1, SPAN), Err(NoRoom::Outside));
        assert_eq!(windows_around(10 * HOUR - 1, SPAN).map(|w| w.deviation.end), Ok(10 * HOUR));
        let Err(NoRoom::TooEarly(Some(first))) = windows_around(0, SPAN) else { panic!("there is room") };
        assert_eq!(first, 300 + 3600 + 1800);
        assert!(windows_around(first, SPAN).is_ok() && windows_around(first - 1, SPAN).is_err());
        let tiny = Span { first: 0, last: 600 };
        assert_eq!(windows_around(300, tiny), Err(NoRoom::TooEarly(None)));
    }

    #[test]
    fn windows_are_disjoint_and_in_order() {
        let mut random = Random(16);
        for _ in 0..2000 {
            let first = random.below(1 << 31) as i64;
            let span = Span { first, last: first + random.below(1 << 22) as i64 };
            let time = first + random.below((span.last - first + 1) as u64) as i64;
            let Ok(Windows { baseline, deviation }) = windows_around(time, span) else { continue };
            assert!(span.first <= baseline.start && baseline.length() >= BASELINE_LEAST);
            assert!(baseline.end + 5 * MINUTE <= deviation.start && deviation.end <= span.last + 1);
            assert!(deviation.start <= time && time < deviation.end);
        }
    }

    #[test]
    fn buckets_have_nice_sizes() {
        for (span, size) in [
            (0, 60),
            (75 * 60, 60),
            (75 * 60 + 1, 120),
            (6 * HOUR, 300),
            (24 * HOUR, 1800),
            (7 * 24 * HOUR, 3 * HOUR),
            (30 * 24 * HOUR, 12 * HOUR),
            (365 * 24 * HOUR, 5 * 24 * HOUR),
        ] {
            assert_eq!(default_bucket(span), size, "{span}");
        }
    }

    #[test]
    fn the_largest_difference_is_found() {
        let buckets = Buckets { start: 0, size: 480, count: 75 };
        let mut counts = vec![100u64; 75];
        assert_eq!(find_peak(buckets, &counts, SPAN), None);
        counts.iter_mut().enumerate().for_each(|(i, n)| *n += i as u64 % 3);
        counts[0] = 100_000;
        counts[40] = 130;
        counts[50] = 60;
        counts[60] = 60;
        let peak = find_peak(buckets, &counts, SPAN).expect("a peak");
        assert_eq!((peak.index, peak.time, peak.is_below), (50, 50 * 480 + 240, true));
        assert_eq!(peak.deviation, 41.0 / NORMAL_MAD);
        let partial = Span { first: 0, last: 10 * HOUR - 20 };
        counts[74] = 3;
        assert_eq!(find_peak(buckets, &counts, partial).map(|p| p.index), Some(50), "the last bucket is not whole");
        assert_eq!(find_peak(buckets, &counts, SPAN).map(|p| p.index), Some(74));
        assert_eq!(find_peak(buckets, &[], SPAN), None);
    }

    #[test]
    fn the_shape_of_a_day_is_no_spike() {
        let buckets = Buckets { start: 0, size: 480, count: 75 };
        let mut counts: Vec<u64> = (0..75).map(|i| (1000.0 + 400.0 * (f64::from(i) / 12.0).sin()) as u64).collect();
        counts[60] += 150;
        assert_eq!(find_peak(buckets, &counts, SPAN).map(|peak| (peak.index, peak.is_below)), Some((60, false)));
    }
}
