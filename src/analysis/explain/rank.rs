//! Which of the tested values are shown, in what order, with what numbers.

use super::impact::{Impact, impact};
use super::test::{Counts, benjamini_hochberg, elastic, g_test};

/// Which test decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// The p-value score of Elasticsearch; p below 0.02 is kept, the smallest first.
    Elastic,
    /// The one-sided G-test; kept by the false discovery rate (0 to 1), most extra flows first.
    G { fdr: f64 },
}

/// Elastic keeps what has a smaller p.
const ELASTIC_P: f64 = 0.02;

/// A value that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<K> {
    pub key: K,
    /// Of the deviation.
    pub flows: u64,
    /// Of the baseline, scaled to the deviation's length.
    pub baseline_flows: f64,
    /// How many more of the deviation's flows it has than if it had its part of the baseline.
    pub extra: f64,
    /// Its part of the deviation divided by its part of the baseline; none if it is not in the baseline.
    pub ratio: Option<f64>,
    pub ln_p: f64,
    pub impact: Impact,
}

/// What is kept, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked<K> {
    pub found: Vec<Found<K>>,
    pub tested: usize,
}

/// Tests values. `all_deviation` and `all_baseline` are the flows of the windows, `scale` the length of the deviation
/// divided by that of the baseline. Each item is a key and its flows in both windows. Equal rows come by key.
pub fn rank<K: Ord + Clone>(
    items: &[(K, u64, u64)],
    all_deviation: u64,
    all_baseline: u64,
    scale: f64,
    test: Test,
) -> Ranked<K> {
    let counts = |(_, deviation, baseline): &(K, u64, u64)| Counts {
        deviation: *deviation,
        deviation_all: all_deviation,
        baseline: *baseline,
        baseline_all: all_baseline,
    };
    let ln_p = |item| match test {
        Test::Elastic => elastic(&counts(item)),
        Test::G { .. } => g_test(&counts(item)),
    };
    let ln_p: Vec<f64> = items.iter().map(ln_p).collect();
    let keeps = match test {
        Test::Elastic => ln_p.iter().map(|ln_p| *ln_p < ELASTIC_P.ln()).collect(),
        Test::G { fdr } => benjamini_hochberg(&ln_p, fdr),
    };
    let kept = items.iter().zip(&ln_p).zip(keeps).filter(|(_, keep)| *keep);
    let mut found: Vec<Found<K>> = kept.map(|((item, ln_p), _)| row(item, &counts(item), *ln_p, scale)).collect();
    found.sort_by(|x, y| {
        let by_test = match test {
            Test::Elastic => x.ln_p.total_cmp(&y.ln_p).then(y.flows.cmp(&x.flows)),
            Test::G { .. } => y.extra.total_cmp(&x.extra),
        };
        by_test.then_with(|| x.key.cmp(&y.key))
    });
    Ranked { found, tested: items.len() }
}

fn row<K: Clone>(item: &(K, u64, u64), counts: &Counts, ln_p: f64, scale: f64) -> Found<K> {
    let [a, all_a, b, all_b] =
        [counts.deviation, counts.deviation_all, counts.baseline, counts.baseline_all].map(|n| n as f64);
    Found {
        key: item.0.clone(),
        flows: counts.deviation,
        baseline_flows: b * scale,
        extra: a - all_a * b / all_b,
        ratio: (counts.baseline > 0).then(|| a / all_a / (b / all_b)),
        ln_p,
        impact: impact(ln_p),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::random::Random;
    use super::*;

    #[test]
    fn rows_have_their_numbers_and_order() {
        let items =
            [("busy", 400, 1000), ("new", 90, 0), ("same", 200, 2000), ("less", 10, 4000), ("other", 300, 3000)];
        let ranked = rank(&items, 1000, 10_000, 0.25, Test::G { fdr: 0.01 });
        let keys: Vec<_> = ranked.found.iter().map(|f| f.key).collect();
        assert_eq!((keys.as_slice(), ranked.tested), (["busy", "new"].as_slice(), 5));
        let busy = &ranked.found[0];
        assert_eq!((busy.flows, busy.baseline_flows, busy.extra, busy.ratio), (400, 250.0, 300.0, Some(4.0)));
        assert_eq!((busy.impact, ranked.found[1].ratio), (Impact::High, None));
        let keys: Vec<_> = rank(&items, 1000, 10_000, 0.25, Test::Elastic).found.iter().map(|f| f.key).collect();
        assert_eq!(keys, ["busy", "new"]);
    }

    #[test]
    fn of_empty_windows_nothing_is_found() {
        for test in [Test::Elastic, Test::G { fdr: 0.01 }] {
            assert_eq!(rank(&[("a", 5, 0), ("b", 0, 0)], 5, 0, 1.0, test).found, []);
            assert_eq!(rank::<u8>(&[], 5, 5, 1.0, test).found, []);
        }
    }

    /// Windows of the same flows: what is kept of hundreds of values is false. A rate of false discoveries is,
    /// without true ones, the chance to have any.
    #[test]
    fn alike_windows_are_seldom_told_apart() {
        let mut random = Random(15);
        let mut with_any = 0;
        for _ in 0..300 {
            let values: Vec<(u64, u64, u64)> = (0..200)
                .map(|key| {
                    let mean = 10.0 + (key % 50) as f64 * 10.0;
                    (key, random.poisson(mean), random.poisson(3.0 * mean))
                })
                .collect();
            let (a, b) = values.iter().fold((0, 0), |sum, v| (sum.0 + v.1, sum.1 + v.2));
            let ranked = rank(&values, a, b, 1.0 / 3.0, Test::G { fdr: 0.01 });
            with_any += usize::from(!ranked.found.is_empty());
        }
        assert!(with_any <= 12, "{with_any} of 300");
    }
}
