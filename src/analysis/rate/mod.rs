//! Buckets with an unusual number of something: what Elastic's log rate anomaly detection tells (its machine
//! learning documentation; the model there is not public, so this one is the project's own).
//!
//! Where the project's definition, taken word for word, is too eager or says nothing, this is what is done:
//!
//! - A median of small counts is not their mean, and a baseline of 0 would make any count impossible. The mean of a
//!   Poisson distribution lies within its median - 1/3 and its median + ln 2 (Choi, "On the medians of gamma
//!   distributions", 1994). The mean for too many is taken from the upper end, that for too few from the lower one.
//! - A negative binomial whose standard deviation is above its mean is nearly always 0, so that a series which jumps
//!   between two levels would be a finding at each jump. The mean for too many is at least such that the
//!   distribution falls like a geometric one.
//! - The sum of 12 buckets takes them to be independent of each other, and their baselines to be right. It is too eager
//!   where counts drift: foremost in less than 3 days of data with the shape of the day, of which a trailing median
//!   knows nothing. With `measured_sums` the sums' own deviations widen their band.
//! - After a spike the sum of 12 stays unusual for 11 buckets; `echo` tells whether these are findings.

mod baseline;
mod law;
mod words;

pub use baseline::{Expected, expected};
pub use law::Law;
pub use words::{Severity, note, score};

use super::order::{NORMAL_MAD, median_deviation};
use std::cmp::Ordering;
use std::f64::consts::LN_2;

/// How many buckets are summed for the slow changes.
pub const SUMMED: usize = 12;

/// Regular buckets without gaps, of which none is partial: see [`whole_buckets`].
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// When the first bucket begins.
    pub start: i64,
    /// In seconds, above 0.
    pub bucket: i64,
    pub counts: &'a [u64],
}

impl Series<'_> {
    /// When a bucket begins.
    pub fn time(&self, index: usize) -> i64 {
        self.start + index as i64 * self.bucket
    }
}

/// What is a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// 0 to 100.
    pub min_score: f64,
    /// Whether a bucket that is a finding of its own also counts in full in the sums after it, as the
    /// definition has it. Otherwise it counts there as what is typical.
    pub echo: bool,
    /// Whether the band of the sums is as wide as their own residuals say, where that is more than the buckets'
    /// variances add up to, as the definition has it.
    pub measured_sums: bool,
}

impl Settings {
    /// What is of use in real traffic, whose counts depend on those before them: a tenth of the false findings or less.
    pub const CALM: Settings = Settings { min_score: 25.0, echo: false, measured_sums: true };
}

/// As the definition has it.
impl Default for Settings {
    fn default() -> Settings {
        Settings { min_score: 25.0, echo: true, measured_sums: false }
    }
}

/// A bucket that is unusual.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub index: usize,
    pub time: i64,
    /// 0 to 100.
    pub score: f64,
    pub severity: Severity,
    pub actual: u64,
    pub typical: f64,
    /// Between these are 95 % of counts.
    pub lower: u64,
    pub upper: u64,
    /// Whether the sum of the last 12 buckets decided, not this one.
    pub multi_bucket: bool,
    pub ln_p: f64,
    /// As in "4.2x higher".
    pub note: String,
}

impl Finding {
    /// The least probable first, which is also by falling score; then the earlier one.
    pub fn by_score(&self, other: &Finding) -> Ordering {
        self.ln_p.total_cmp(&other.ln_p).then(self.time.cmp(&other.time))
    }
}

/// The begin of the first and the end of the last bucket that the data, from `first` to `last`, spans in full;
/// `None` if there is none.
pub fn whole_buckets(first: i64, last: i64, bucket: i64) -> Option<(i64, i64)> {
    let start = first.div_euclid(bucket) * bucket;
    let start = if start < first { start + bucket } else { start };
    let end = (last + 1).div_euclid(bucket) * bucket;
    (end > start).then_some((start, end))
}

/// The findings of a series, in order of time.
pub fn findings(series: &Series<'_>, settings: &Settings) -> Vec<Finding> {
    let expected = expected(series);
    let widening = if settings.measured_sums { sums_widening(series.counts, &expected) } else { 1.0 };
    let mut sum = Sum::default();
    let mut found = Vec::new();
    for (index, (actual, expected)) in series.counts.iter().zip(&expected).enumerate() {
        let Some(expected) = expected else {
            sum = Sum::default();
            continue;
        };
        let band = Band::of(expected);
        let alone = band.ln_p(*actual, settings);
        let counted = if settings.echo || score(ln_doubled(alone)) < settings.min_score {
            *actual
        } else {
            expected.typical.round() as u64
        };
        let (actual_sum, band_sum) = sum.add(counted, *actual, band);
        let together = band_sum.map_or(0.0, |band| band.widened(widening).ln_p(actual_sum, settings));
        let ln_p = ln_doubled(alone.min(together));
        let score = score(ln_p);
        if score < settings.min_score {
            continue;
        }
        let multi_bucket = together < alone;
        let note = match (multi_bucket, band_sum) {
            (true, Some(band)) => format!("{} over {SUMMED} buckets", note(actual_sum as f64, band.typical)),
            _ => note(*actual as f64, expected.typical),
        };
        found.push(Finding {
            index,
            time: series.time(index),
            score,
            severity: Severity::of(score),
            actual: *actual,
            typical: expected.typical,
            lower: band.few.quantile(0.025),
            upper: band.many.quantile(0.975),
            multi_bucket,
            ln_p,
            note,
        });
    }
    found
}

/// How much more the sums vary than the variances of their buckets say: the factor of the variance, at least 1.
fn sums_widening(counts: &[u64], expected: &[Option<Expected>]) -> f64 {
    let residual = |(count, expected): (&u64, &Option<Expected>)| {
        expected.map(|e| (*count as f64 - e.typical, e.spread * e.spread))
    };
    let residuals: Vec<Option<(f64, f64)>> = counts.iter().zip(expected).map(residual).collect();
    let sum = |window: &[Option<(f64, f64)>]| {
        let add = |(a, b): (f64, f64), (c, d): (f64, f64)| (a + c, b + d);
        let all: Option<Vec<(f64, f64)>> = window.iter().copied().collect();
        all.map(|all| all.into_iter().fold((0.0, 0.0), add)).map(|(sum, variance)| sum / variance.sqrt())
    };
    let sums: Vec<f64> = residuals.windows(SUMMED).filter_map(sum).collect();
    (NORMAL_MAD * median_deviation(&sums).unwrap_or(0.0)).powi(2).max(1.0)
}

fn ln_doubled(ln_p: f64) -> f64 {
    (ln_p + LN_2).min(0.0)
}

/// The distributions by which a count is too large or too small.
#[derive(Clone, Copy, Debug)]
struct Band {
    typical: f64,
    many: Law,
    few: Law,
}

impl Band {
    fn of(expected: &Expected) -> Band {
        let variance = expected.spread * expected.spread;
        // The mean m of a geometric distribution with this variance: m + m^2.
        let geometric = ((1.0 + 4.0 * variance).sqrt() - 1.0) / 2.0;
        Band {
            typical: expected.typical,
            many: Law { mean: (expected.typical + LN_2).max(geometric), variance },
            few: Law { mean: (expected.typical - 1.0 / 3.0).max(0.0), variance },
        }
    }

    fn widened(self, by: f64) -> Band {
        let widen = |law: Law| Law { variance: law.variance * by, ..law };
        Band { many: widen(self.many), few: widen(self.few), ..self }
    }

    /// ln of the probability, two-sided, of a count at least as far out.
    fn ln_p(&self, count: u64, settings: &Settings) -> f64 {
        let actual = count as f64;
        let spread = self.many.variance.sqrt();
        // So near the middle p is above 0.04, which is not worth its cost where that is no finding.
        let is_near = actual <= self.many.mean + 2.0 * spread && actual >= self.few.mean - spread / 2.0;
        if is_near && settings.min_score >= 25.0 {
            return 0.0;
        }
        let tail = if actual >= self.typical { self.many.ln_at_least(count) } else { self.few.ln_at_most(count) };
        ln_doubled(tail)
    }
}

/// The last buckets, as many as are summed.
#[derive(Default)]
struct Sum {
    buckets: std::collections::VecDeque<(u64, Band)>,
}

impl Sum {
    /// Adds a bucket, to be counted as `counted` from the next one on and as `actual` now. The sum of the last ones,
    /// and their distributions once there are enough.
    fn add(&mut self, counted: u64, actual: u64, band: Band) -> (u64, Option<Band>) {
        if self.buckets.len() == SUMMED {
            self.buckets.pop_front();
        }
        let before: u64 = self.buckets.iter().map(|(count, _)| count).sum();
        self.buckets.push_back((counted, band));
        let add = |a: Law, b: Law| Law { mean: a.mean + b.mean, variance: a.variance + b.variance };
        let join = |a: Band, b: Band| Band {
            typical: a.typical + b.typical,
            many: add(a.many, b.many),
            few: add(a.few, b.few),
        };
        let band =
            if self.buckets.len() == SUMMED { self.buckets.iter().map(|(_, band)| *band).reduce(join) } else { None };
        (before + actual, band)
    }
}

#[cfg(test)]
mod tests;
