//! What count a bucket usually has, by the other buckets.

use super::Series;
use crate::analysis::order::{NORMAL_MAD, insert, median_deviation, median_of_sorted, remove, sorted};
use std::collections::BTreeMap;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// How many values a baseline of the same hour or time needs.
const REPEATS: usize = 3;
/// How many buckets a trailing median has at most, and at least.
const TRAILING: usize = 96;
const TRAILING_LEAST: usize = 8;

/// What is expected of a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The median of the buckets it is compared with.
    pub typical: f64,
    /// The standard deviation that counts have around it.
    pub spread: f64,
}

/// A baseline, and what the bucket deviates from buckets other than itself.
struct Compared {
    typical: f64,
    others: f64,
}

/// What is expected of each bucket; `None` of those that have too few to compare with.
///
/// The residuals, of which the median absolute deviation makes the spread, are all of the series'. Those from a
/// baseline that has the shape of the day count in units of its square root: a busy hour would otherwise widen
/// the band of a quiet one. For them a bucket is compared with the others only: of three values the median is
/// one, and a third of the residuals would be 0.
pub fn expected(series: &Series<'_>) -> Vec<Option<Expected>> {
    let counts: Vec<f64> = series.counts.iter().map(|n| *n as f64).collect();
    let season = Season::of(series);
    let compared = match season {
        Some(season) => seasonal(series, &counts, season),
        None => trailing(&counts),
    };
    let unit = |typical: f64| if season.is_some() { typical.sqrt().max(1.0) } else { 1.0 };
    let residual = |(c, count): (&Option<Compared>, &f64)| c.as_ref().map(|c| (count - c.others) / unit(c.others));
    let residuals: Vec<f64> = compared.iter().zip(&counts).filter_map(residual).collect();
    let deviation = NORMAL_MAD * median_deviation(&residuals).unwrap_or(0.0);
    let expect = |c: Compared| {
        let spread = (deviation * unit(c.typical)).max(c.typical.sqrt()).max(1.0);
        Expected { typical: c.typical, spread }
    };
    compared.into_iter().map(|c| c.map(expect)).collect()
}

/// What buckets are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Season {
    HourOfWeek,
    TimeOfDay,
}

impl Season {
    /// What the length of a series allows for.
    fn of(series: &Series<'_>) -> Option<Season> {
        match series.bucket.saturating_mul(series.counts.len() as i64) {
            span if span >= 3 * WEEK => Some(Season::HourOfWeek),
            span if span >= 3 * DAY => Some(Season::TimeOfDay),
            _ => None,
        }
    }

    /// The same number for buckets that are alike.
    fn slot(self, series: &Series<'_>, index: usize) -> i64 {
        let time = series.time(index);
        match self {
            Season::HourOfWeek => time.rem_euclid(WEEK) / HOUR,
            Season::TimeOfDay => time.rem_euclid(DAY) / series.bucket,
        }
    }
}

/// By the median of all buckets with the same slot.
fn seasonal(series: &Series<'_>, counts: &[f64], season: Season) -> Vec<Option<Compared>> {
    let slot = |i: usize| season.slot(series, i);
    let mut slots: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (i, count) in counts.iter().enumerate() {
        slots.entry(slot(i)).or_default().push(*count);
    }
    slots.values_mut().for_each(|values| *values = sorted(values));
    let compare = |(i, count): (usize, &f64)| {
        let values = slots.get(&slot(i)).filter(|values| values.len() >= REPEATS)?;
        Some(Compared { typical: median_of_sorted(values)?, others: median_without(values, *count) })
    };
    counts.iter().enumerate().map(compare).collect()
}

/// The median of two or more sorted values without one of them.
fn median_without(values: &[f64], one: f64) -> f64 {
    let place = values.partition_point(|x| *x < one);
    let rest = |i: usize| values[if i < place { i } else { i + 1 }];
    let n = values.len() - 1;
    if n % 2 == 1 { rest(n / 2) } else { f64::midpoint(rest(n / 2 - 1), rest(n / 2)) }
}

/// By the median of the buckets before.
fn trailing(counts: &[f64]) -> Vec<Option<Compared>> {
    let mut window = Vec::with_capacity(TRAILING + 1);
    let mut compare = |(i, count): (usize, &f64)| {
        let median = median_of_sorted(&window).filter(|_| window.len() >= TRAILING_LEAST);
        insert(&mut window, *count);
        if i >= TRAILING {
            remove(&mut window, counts[i - TRAILING]);
        }
        median.map(|median| Compared { typical: median, others: median })
    };
    counts.iter().enumerate().map(&mut compare).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::order::median;
    use super::super::super::random::Random;
    use super::*;

    const QUARTER: i64 = 900;

    fn typical(counts: &[u64], bucket: i64) -> Vec<Option<f64>> {
        let series = Series { start: 1_700_000_100 / bucket * bucket, bucket, counts };
        expected(&series).iter().map(|e| e.map(|e| e.typical)).collect()
    }

    #[test]
    fn the_length_of_the_data_chooses_the_baseline() {
        let mut random = Random(8);
        let counts: Vec<u64> = (0..3 * 672).map(|_| random.below(1000)).collect();
        let start = 1_700_000_100 / QUARTER * QUARTER;
        let time = |i: usize| start + i as i64 * QUARTER;
        let median_where = |n: usize, same: &dyn Fn(usize) -> bool| {
            median(&(0..n).filter(|j| same(*j)).map(|j| counts[j] as f64).collect::<Vec<_>>())
        };
        let weeks = typical(&counts, QUARTER);
        let days = typical(&counts[..2015], QUARTER);
        let short = typical(&counts[..287], QUARTER);
        for i in (0..2016).step_by(13) {
            let hour = |i: usize| time(i).rem_euclid(WEEK) / HOUR;
            assert_eq!(weeks[i], median_where(2016, &|j| hour(i) == hour(j)));
            if i < 2015 {
                assert_eq!(days[i], median_where(2015, &|j| (time(i) - time(j)).rem_euclid(DAY) == 0));
            }
            if i < 287 {
                let before = median_where(i, &|j| j + 96 >= i);
                assert_eq!(short[i], before.filter(|_| i >= 8), "{i}");
            }
        }
    }

    #[test]
    fn one_value_is_left_out_of_a_median() {
        let mut random = Random(9);
        for n in 2..30 {
            let values = sorted(&(0..n).map(|_| random.below(12) as f64).collect::<Vec<_>>());
            for (i, one) in values.iter().enumerate() {
                let mut rest = values.clone();
                rest.remove(i);
                assert_eq!(Some(median_without(&values, *one)), median(&rest));
            }
        }
    }

    #[test]
    fn the_spread_has_a_floor_and_follows_the_noise() {
        let flat = expected(&Series { start: 0, bucket: QUARTER, counts: &[100; 50] });
        assert_eq!(flat[49], Some(Expected { typical: 100.0, spread: 10.0 }));
        let none = expected(&Series { start: 0, bucket: QUARTER, counts: &[0; 50] });
        assert_eq!(none[49], Some(Expected { typical: 0.0, spread: 1.0 }));
        let mut random = Random(10);
        let noisy: Vec<u64> = (0..2000).map(|_| (10_000.0 + 500.0 * random.normal()) as u64).collect();
        let spread = expected(&Series { start: 0, bucket: QUARTER, counts: &noisy })[1000].expect("judged").spread;
        assert!((480.0..560.0).contains(&spread), "{spread}");
    }
}
