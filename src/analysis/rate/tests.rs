//! Findings in series with known answers.

use super::super::random::Random;
use super::*;

const QUARTER: i64 = 900;

fn found(counts: &[u64], settings: &Settings) -> Vec<Finding> {
    findings(&Series { start: 0, bucket: QUARTER, counts }, settings)
}

/// What share of buckets of flat Poisson noise is found, in series of so many buckets.
fn false_share(mean: f64, length: usize, settings: &Settings) -> f64 {
    let mut random = Random(mean.to_bits() ^ length as u64);
    let series = 10_000usize.div_ceil(length);
    let count = |_| {
        let counts: Vec<u64> = (0..length).map(|_| random.poisson(mean)).collect();
        found(&counts, settings).len()
    };
    (0..series).map(count).sum::<usize>() as f64 / (series * length) as f64
}

/// By the trailing median, the time of the day and the hour of the week.
#[test]
fn flat_noise_has_few_findings() {
    for length in [96, 250, 288, 1000, 2016, 10_000] {
        for mean in [0.05, 0.5, 1.0, 1.6, 5.0, 5.6, 100.0, 10_000.0] {
            for settings in [Settings::default(), Settings::CALM] {
                let share = false_share(mean, length, &settings);
                assert!(share <= 0.01, "{share} of {mean} in {length}, {settings:?}");
            }
        }
    }
}

/// Two days with the shape of the day, of which the trailing median knows nothing.
#[test]
fn measured_sums_do_not_take_a_day_for_a_change() {
    let mut random = Random(11);
    let day = |i: u64| 2000.0 * (1.0 - 0.6 * (i as f64 / 96.0 * std::f64::consts::TAU).cos());
    let counts: Vec<u64> = (0..192).map(|i| random.poisson(day(i))).collect();
    let sums = |measured_sums| {
        let found = found(&counts, &Settings { measured_sums, ..Settings::default() });
        found.iter().filter(|f| f.multi_bucket).count()
    };
    assert_eq!(sums(true), 0);
    assert!(sums(false) > 5, "{}", sums(false));
}

#[test]
fn a_spike_is_named_for_what_it_is() {
    let mut counts = vec![100; 200];
    counts[150] = 420;
    let found = found(&counts, &Settings::default());
    let first = found.iter().min_by(|a, b| a.by_score(b)).expect("findings");
    assert_eq!((first.index, first.time, first.actual, first.typical), (150, 150 * 900, 420, 100.0));
    assert_eq!((first.score, first.severity, first.multi_bucket), (100.0, Severity::Critical, false));
    assert_eq!((first.lower, first.upper, first.note.as_str()), (81, 121, "4.2x higher"));
}

#[test]
fn sums_echo_only_if_asked_to() {
    let mut counts = vec![100; 200];
    counts[150] = 900;
    let indexes =
        |echo| found(&counts, &Settings { echo, ..Settings::default() }).iter().map(|f| f.index).collect::<Vec<_>>();
    assert_eq!(indexes(true), (150..162).collect::<Vec<_>>());
    assert_eq!(indexes(false), [150]);
}

#[test]
fn a_small_change_that_lasts_is_found_by_its_sum() {
    let mut counts = vec![100; 120];
    counts[100..].fill(120);
    let found = found(&counts, &Settings::default());
    assert!(!found.is_empty() && found.iter().all(|f| f.multi_bucket && f.index >= 103), "{found:?}");
    assert!(found.iter().any(|f| f.note == "1.2x higher over 12 buckets"), "{found:?}");
}

#[test]
fn silence_and_first_words_are_found() {
    let mut counts = vec![100; 150];
    counts[140] = 0;
    let dip = &found(&counts, &Settings::default())[0];
    assert_eq!((dip.index, dip.note.as_str(), dip.actual), (140, "none at all", 0));
    let mut counts = vec![0; 150];
    counts[140] = 30;
    let first = &found(&counts, &Settings::default())[0];
    assert_eq!((first.index, first.note.as_str(), first.lower), (140, "usually none", 0));
}

/// Half an hour busy, half an hour not: the level of the busy half is nothing unusual.
#[test]
fn a_series_with_two_levels_is_calm() {
    let counts: Vec<u64> = (0..250).map(|i| if i / 2 % 2 == 0 { 0 } else { 1000 + i % 7 }).collect();
    let found = found(&counts, &Settings::default());
    assert!(found.len() <= 3, "{found:?}");
}

#[test]
fn a_series_is_judged_from_its_ninth_bucket() {
    let mut counts = vec![10; 20];
    counts[7] = 100_000;
    counts[8] = 100_000;
    let indexes: Vec<usize> = found(&counts, &Settings::default()).iter().map(|f| f.index).collect();
    assert_eq!(indexes.first(), Some(&8));
    assert_eq!(found(&[5; 8], &Settings { min_score: 0.0, ..Settings::default() }), []);
    assert_eq!(found(&[5; 9], &Settings { min_score: 0.0, ..Settings::default() }).len(), 1);
    assert_eq!(found(&[], &Settings::default()), []);
}

/// What is skipped for speed would not have been found.
#[test]
fn the_short_cut_hides_nothing() {
    let mut random = Random(12);
    for round in 0..60 {
        let mean = [0.3, 2.0, 30.0, 5e3, 1e6][round % 5];
        let wild = |random: &mut Random| mean * (random.normal() * 0.4 * (round % 4) as f64).exp();
        let counts: Vec<u64> = (0..400)
            .map(|_| {
                let m = wild(&mut random);
                random.poisson(m)
            })
            .collect();
        let quick = found(&counts, &Settings::default());
        let mut all = found(&counts, &Settings { min_score: 0.0, ..Settings::default() });
        all.retain(|f| f.score >= 25.0);
        assert_eq!(quick, all);
    }
}

#[test]
fn large_counts_stay_exact_and_quick() {
    let mut random = Random(13);
    let counts: Vec<u64> = (0..2000).map(|i| random.poisson(1e9) + if i == 1500 { 400_000 } else { 0 }).collect();
    let found = found(&counts, &Settings { echo: false, ..Settings::default() });
    assert_eq!(found.iter().min_by(|a, b| a.by_score(b)).map(|f| f.index), Some(1500));
    assert!(found.len() < 10, "{}", found.len());
}

#[test]
fn partial_buckets_are_left_out() {
    assert_eq!(whole_buckets(0, 3599, 900), Some((0, 3600)));
    assert_eq!(whole_buckets(1, 3599, 900), Some((900, 3600)));
    assert_eq!(whole_buckets(1, 3598, 900), Some((900, 2700)));
    assert_eq!(whole_buckets(-901, -1, 900), Some((-900, 0)));
    assert_eq!(whole_buckets(1, 1798, 900), None);
}
