//! The window that is compared, and what of the windows before it the data spans.

use crate::cli::Error;
use crate::report::plain;
use crate::schema::{Value, span_name};

/// The most buckets of a window.
const MOST: u64 = 1_000_000;

/// A window of whole buckets; times are seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: u64,
    /// The end, which is no part of it.
    pub end: u64,
    /// The length of a bucket, in seconds.
    pub step: u64,
    /// The first and the last record of the data.
    pub data: (u64, u64),
}

/// A window of the same length, mostly before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// How many seconds earlier.
    pub by: i64,
    /// The first and the last record of its data.
    pub data: (u64, u64),
}

impl Window {
    /// From `since` to `until`, rounded down to buckets of `step` seconds; what is not given is told by the
    /// data and the `length` of the window. The last bucket of the data may be incomplete, and is left out.
    pub fn new(
        data: (u64, u64),
        since: Option<u64>,
        until: Option<u64>,
        length: u64,
        step: u64,
    ) -> Result<Window, Error> {
        let floor = |time: u64| time / step * step;
        let complete = floor(data.1);
        let end = until.map_or(complete, |until| floor(until).min(complete));
        let start = match since {
            Some(since) => floor(since),
            None => end.saturating_sub(length.div_ceil(step) * step),
        };
        let window = Window { start, end, step, data };
        let time = |seconds| plain(&Value::Time(seconds));
        if end > start && (end - start) / step > MOST {
            return Err(Error::Usage(format!(
                "{} to {} are more than {MOST} buckets of {}; use a longer --bucket",
                time(start),
                time(end),
                span_name(step)
            )));
        }
        if end <= start {
            return Err(Error::Usage(format!(
                "there is no whole bucket of {} to compare: the data is from {} to {}, and its last bucket may be \
                 incomplete; use a shorter --bucket",
                span_name(step),
                time(data.0),
                time(data.1)
            )));
        }
        Ok(window)
    }

    pub fn holds(&self, time: u64) -> bool {
        (self.start..self.end).contains(&time)
    }

    /// The beginnings of its buckets.
    pub fn buckets(&self) -> impl Iterator<Item = u64> {
        (self.start..self.end).step_by(self.step as usize)
    }

    /// The beginning of the bucket that a time lies in.
    pub fn bucket(&self, time: u64) -> u64 {
        time / self.step * self.step
    }

    /// The window so many seconds earlier, in the same data.
    pub fn earlier(&self, by: u64) -> Past {
        Past { by: by as i64, data: self.data }
    }

    /// The part of the buckets of another window that its data spans, 0 to 1.
    pub fn coverage(&self, past: &Past) -> f64 {
        let spanned = self.buckets().filter(|time| self.spans(*time, past)).count();
        spanned as f64 / self.buckets().count() as f64
    }

    /// Whether there is a number for a bucket, or for the whole window, in another one.
    pub fn has(&self, time: u64, past: &Past, whole: bool) -> bool {
        if whole { self.buckets().any(|time| self.spans(time, past)) } else { self.spans(time, past) }
    }

    /// Whether the data spans a bucket in another window.
    fn spans(&self, time: u64, past: &Past) -> bool {
        let then = time.checked_add_signed(past.by.wrapping_neg());
        then.is_some_and(|then| then + self.step > past.data.0 && then <= past.data.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    #[test]
    fn the_newest_bucket_is_left_out() {
        let window = Window::new((10 * DAY, 12 * DAY + 3700), None, None, DAY, 3600).expect("a window");
        assert_eq!((window.start, window.end), (11 * DAY + 3600, 12 * DAY + 3600));
        let given = Window::new((0, 100 * DAY), Some(50 * DAY + 5), Some(51 * DAY + 5), 0, 3600).expect("a window");
        assert_eq!((given.start, given.end), (50 * DAY, 51 * DAY));
        assert!(Window::new((10, 50), None, None, DAY, 3600).is_err());
    }

    #[test]
    fn coverage_is_what_the_data_spans() {
        let window = Window::new((10 * DAY + 12 * 3600, 12 * DAY), None, None, DAY, 3600).expect("a window");
        let past = |days: u64| window.earlier(days * DAY);
        assert_eq!((window.start, window.coverage(&past(1))), (11 * DAY, 0.5));
        assert_eq!((window.coverage(&past(2)), window.coverage(&past(100))), (0.0, 0.0));
        assert!(window.has(12 * DAY - 3600, &past(1), false) && !window.has(11 * DAY, &past(1), false));
        assert!(window.has(0, &past(1), true) && !window.has(0, &past(2), true));
        // Of other data, which may be later.
        let later = Past { by: -(DAY as i64), data: (12 * DAY, 12 * DAY + DAY / 4 - 1) };
        assert_eq!(window.coverage(&later), 0.25);
    }
}
