//! Whether a value has more of the flows in one window than in another, by chance.

use crate::analysis::special::{deviance, ln_erfc};
use std::f64::consts::LN_2;

/// How many flows have a value, of how many, in both windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub deviation: u64,
    pub deviation_all: u64,
    pub baseline: u64,
    pub baseline_all: u64,
}

impl Counts {
    /// Whether the value has no larger part of the deviation than of the baseline, or one of them is empty.
    fn is_no_more(&self) -> bool {
        let [a, all_a, b, all_b] =
            [self.deviation, self.deviation_all, self.baseline, self.baseline_all].map(u128::from);
        all_a == 0 || all_b == 0 || a * all_b <= all_a * b
    }
}

/// The largest score.
const MOST: f64 = 708.4;

/// -ln p, at most 708.4: what Elastic shows as the score of a value.
pub fn score(ln_p: f64) -> f64 {
    (-ln_p).clamp(0.0, MOST)
}

/// ln p of the p-value score of Elasticsearch. It adds 5 % to the counts of either side, and so does not see
/// what is a small part of a window.
pub fn elastic(counts: &Counts) -> f64 {
    if counts.is_no_more() {
        return 0.0;
    }
    let extra = |all: f64| (0.05 * all + 0.5).max(1.0).floor();
    let with_extra = |n: u64, all: u64| {
        let (n, all) = (n as f64, all as f64);
        (n + extra(all), all + extra(all))
    };
    let (a, all_a) = with_extra(counts.deviation, counts.deviation_all);
    let (b, all_b) = with_extra(counts.baseline, counts.baseline_all);
    let b = ((1.05 * b).min(a / all_a * all_b) + 0.5).floor();
    ln_erfc(likelihood_ratio(a, all_a, b, all_b).sqrt())
}

/// ln p of a one-sided G-test, the likelihood ratio test of two parts of a whole: half of the chance to be as
/// far off to either side, by the asymptotic distribution. It claims too much where counts are small: 10 flows
/// against none, of equally many, come out as 1e-4 where the exact chance is 1e-3.
pub fn g_test(counts: &Counts) -> f64 {
    if counts.is_no_more() {
        return 0.0;
    }
    let [a, all_a, b, all_b] =
        [counts.deviation, counts.deviation_all, counts.baseline, counts.baseline_all].map(|n| n as f64);
    ln_erfc(likelihood_ratio(a, all_a, b, all_b).sqrt()) - LN_2
}

/// ln of how much likelier two parts are if they may differ than if they are the same.
fn likelihood_ratio(a: f64, all_a: f64, b: f64, all_b: f64) -> f64 {
    let part = (a + b) / (all_a + all_b);
    let two = |n: f64, all: f64| deviance(n, all * part) + deviance(all - n, all * (1.0 - part));
    (two(a, all_a) + two(b, all_b)).max(0.0)
}

/// Which of the tests are kept so that the expected part of false ones among them is at most `fdr` (0 to 1):
/// the procedure of Benjamini and Hochberg, "Controlling the false discovery rate" (1995). Takes ln p of all
/// tests that were made.
pub fn benjamini_hochberg(ln_p: &[f64], fdr: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..ln_p.len()).collect();
    order.sort_by(|a, b| ln_p[*a].total_cmp(&ln_p[*b]));
    let bound = |place: usize| (fdr * (place + 1) as f64 / ln_p.len() as f64).ln();
    let kept = (0..order.len()).rev().find(|place| ln_p[order[*place]] <= bound(*place)).map_or(0, |place| place + 1);
    let mut keeps = vec![false; ln_p.len()];
    order[..kept].iter().for_each(|i| keeps[*i] = true);
    keeps
}

#[cfg(test)]
mod tests {
    use super::super::super::random::Random;
    use super::*;
    use crate::analysis::special::assert_close;

    fn counts(deviation: u64, deviation_all: u64, baseline: u64, baseline_all: u64) -> Counts {
        Counts { deviation, deviation_all, baseline, baseline_all }
    }

    /// From the project's definition, which has them from Elasticsearch's tests and its own computations.
    #[test]
    fn elastic_has_its_golden_values() {
        for (a, all_a, b, all_b, p, tolerance) in [
            (10, 100, 100, 1000, 1.0, 0.0),
            (10, 100, 10, 1000, 0.003972388976814, 1e-8),
            (10, 100, 200, 1000, 1.0, 0.0),
            (20, 10_000, 5, 10_000, 1.0, 0.0),
            (1, 4205, 0, 821_496, 0.99990372879, 1e-8),
            (10, 4205, 195, 82_149, 0.99959438206, 1e-8),
            (168, 4205, 16_429, 821_496, 8.5426085592e-5, 1e-8),
            (168, 4205, 28_752, 821_496, 0.8833950527, 1e-8),
            (168, 4205, 0, 821_496, 5.40693e-23, 1e-6),
            (40, 1000, 10, 1000, 0.0230573, 3e-6),
            (41, 1000, 10, 1000, 0.0187763, 3e-6),
            (80, 1000, 10, 1000, 3.23383e-7, 3e-6),
            (100, 1000, 0, 1000, 2.92232e-13, 3e-6),
        ] {
            let counts = counts(a, all_a, b, all_b);
            assert_close(elastic(&counts).exp(), p, tolerance, &format!("{counts:?}"));
        }
    }

    #[test]
    fn without_more_there_is_no_finding() {
        for counts in [counts(0, 0, 0, 0), counts(5, 10, 0, 0), counts(0, 10, 0, 10), counts(5, 10, 50, 100)] {
            assert_eq!((elastic(&counts), g_test(&counts)), (0.0, 0.0), "{counts:?}");
        }
        let all = counts(u64::MAX, u64::MAX, 0, u64::MAX);
        assert!(g_test(&all) < -1e18 && elastic(&all) < -1e15);
        assert_eq!((score(g_test(&all)), score(0.0), score(-3.0)), (MOST, 0.0, 3.0));
    }

    /// From mpmath with 40 digits, and scipy.stats.chi2_contingency(lambda_="log-likelihood",
    /// correction=False), halved.
    #[test]
    fn the_g_test_has_the_values_of_scipy() {
        for (a, all_a, b, all_b, p) in [
            (10, 1000, 5, 1000, 0.09538993735359859),
            (40, 1000, 10, 1000, 4.44545566198792e-06),
            (10, 100, 0, 100, 7.43142761822553e-05),
            (168, 4205, 0, 821496, 0.0),
            (5000, 100000, 40000, 1000000, 1.0181158441545654e-49),
            (3, 1000000, 0, 9000000, 0.00010083182466619437),
        ] {
            assert_close(g_test(&counts(a, all_a, b, all_b)).exp(), p, 1e-9, &format!("{a} {b}"));
        }
    }

    #[test]
    fn p_falls_as_the_count_rises() {
        for test in [elastic, g_test] {
            let p: Vec<f64> = (0..=1000).map(|a| test(&counts(a, 1000, 30, 3000))).collect();
            assert!(p.is_sorted_by(|x, y| x >= y));
        }
    }

    /// Elastic's test as the definition reads, with plain logarithms.
    #[test]
    fn a_plain_twin_agrees() {
        let mut random = Random(14);
        let mut compared = 0;
        for _ in 0..3000 {
            let (all_a, all_b) = (1 + random.below(5000), 1 + random.below(100_000));
            let (a, b) = (random.below(all_a + 1), random.below(all_b / 4 + 1));
            let ln_p = elastic(&counts(a, all_a, b, all_b));
            if a * all_b <= all_a * b {
                assert_eq!(ln_p, 0.0);
                continue;
            }
            let [mut a, mut all_a, mut b, mut all_b] = [a, all_a, b, all_b].map(|n| n as f64);
            let ea = (0.05 * all_a + 0.5).max(1.0).floor();
            let eb = (0.05 * all_b + 0.5).max(1.0).floor();
            a += ea;
            all_a += ea;
            b += eb;
            all_b += eb;
            b = ((1.05 * b).min(a / all_a * all_b) + 0.5).floor();
            let p0 = (a + b) / (all_a + all_b);
            let x = |n: f64, m: f64| if n == 0.0 { 0.0 } else { n * (n / m).ln() };
            let ratio = x(a, all_a * p0)
                + x(all_a - a, all_a * (1.0 - p0))
                + x(b, all_b * p0)
                + x(all_b - b, all_b * (1.0 - p0));
            let expected = ln_erfc(ratio.max(0.0).sqrt());
            assert!(
                (ln_p - expected).abs() < 1e-5 * (1.0 + expected.abs()),
                "{a} {all_a} {b} {all_b}: {ln_p} {expected}"
            );
            compared += 1;
        }
        assert!(compared > 1000);
    }

    /// The example of Benjamini and Hochberg (1995), section 3.2: of 15 hypotheses 4 are kept at 0.05.
    #[test]
    fn the_published_example_of_false_discoveries() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let mut ln_p: Vec<f64> = p.iter().map(|p: &f64| p.ln()).collect();
        assert_eq!(benjamini_hochberg(&ln_p, 0.05), [[true; 4].as_slice(), &[false; 11]].concat());
        ln_p.reverse();
        assert_eq!(benjamini_hochberg(&ln_p, 0.05), [[false; 11].as_slice(), &[true; 4]].concat());
        assert_eq!(benjamini_hochberg(&[], 0.05), [false; 0]);
        assert_eq!(benjamini_hochberg(&[0.0; 3], 0.01), [false; 3]);
    }
}
