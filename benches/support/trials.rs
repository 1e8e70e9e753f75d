//! Trials of `anomalies rate`: something is done to one of many series, and is it found, and named first?

use random::Random;
use vpcflow::analysis::rate::{Finding, Series, Settings, findings};

#[path = "../../src/analysis/random.rs"]
#[allow(dead_code, reason = "the tests of the library use the rest")]
mod random;

/// What is done to a series of about 100 flows in 15 minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// One bucket with so many times the flows.
    Spike(f64),
    /// One bucket with that part of the flows.
    Dip(f64),
    /// A rise by that part over a day, which stays.
    Rise(f64),
    /// A source that was not there before, with so many flows a bucket.
    New(f64),
}

/// A week in buckets of 15 minutes, of so many series.
const LENGTH: usize = 7 * DAY;
const DAY: usize = 96;
const SERIES: usize = 20;

/// What came of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The change has a finding.
    pub found: bool,
    /// And no finding of any series is less probable.
    pub first: bool,
}

/// Does something to the first of some series, with the shape of the day and the noise of chance, and looks.
pub fn trial(change: Change, seed: u64) -> Outcome {
    let mut random = Random(seed);
    let begin = 4 * DAY + random.below(DAY as u64) as usize;
    let mut all: Vec<(Finding, usize)> = Vec::new();
    for number in 0..SERIES {
        let mean = [100.0, 1.0, 3.0, 10.0, 30.0, 300.0][number.min(1 + number % 5)];
        let phase = random.unit() * std::f64::consts::TAU;
        let counts: Vec<u64> = (0..LENGTH)
            .map(|i| {
                let day = 1.0 + 0.5 * (i as f64 / DAY as f64 * std::f64::consts::TAU + phase).sin();
                let level = if number == 0 { changed(change, mean * day, i, begin) } else { mean * day };
                random.poisson(level)
            })
            .collect();
        let series = Series { start: 0, bucket: 900, counts: &counts };
        all.extend(findings(&series, &Settings::CALM).into_iter().map(|finding| (finding, number)));
    }
    let end = match change {
        Change::Spike(_) | Change::Dip(_) => begin + 1,
        Change::Rise(_) | Change::New(_) => LENGTH,
    };
    let is_it = |(finding, number): &(Finding, usize)| *number == 0 && (begin..end).contains(&finding.index);
    let first = all.iter().min_by(|(a, _), (b, _)| a.by_score(b));
    Outcome { found: all.iter().any(is_it), first: first.is_some_and(is_it) }
}

/// The level of a bucket that is usually `level`.
fn changed(change: Change, level: f64, bucket: usize, begin: usize) -> f64 {
    match change {
        Change::New(flows) => {
            if bucket < begin {
                0.0
            } else {
                flows
            }
        }
        _ if bucket < begin => level,
        Change::Rise(part) => level * (1.0 + part * ((bucket - begin) as f64 / DAY as f64).min(1.0)),
        Change::Spike(times) | Change::Dip(times) => {
            if bucket == begin {
                level * times
            } else {
                level
            }
        }
    }
}

/// Of 100 trials, how many found the change, and named it first.
pub fn of_a_hundred(change: Change) -> (usize, usize) {
    let outcomes: Vec<Outcome> = (1..=100).map(|seed| trial(change, seed)).collect();
    (outcomes.iter().filter(|o| o.found).count(), outcomes.iter().filter(|o| o.first).count())
}
