//! Distributions of counts.

use crate::analysis::special::{ln_beta_part, ln_gamma_lower, ln_gamma_upper};

/// A negative binomial distribution; a Poisson one where the variance is not above the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// At least 0.
    pub mean: f64,
    pub variance: f64,
}

impl Law {
    /// The number of successes r and the chance q = 1 - p of a negative binomial; `None` of a Poisson. A variance
    /// that is larger than the mean by less than a billionth is as good as equal.
    fn successes(&self) -> Option<(f64, f64)> {
        let extra = self.variance - self.mean;
        (extra > 1e-9 * self.mean).then(|| (self.mean * (self.mean / extra), extra / self.variance))
    }

    /// ln of the probability of a count of at least `count`.
    pub fn ln_at_least(&self, count: u64) -> f64 {
        if count == 0 {
            return 0.0;
        }
        if self.mean <= 0.0 {
            return f64::NEG_INFINITY;
        }
        match self.successes() {
            None => ln_gamma_lower(count as f64, self.mean),
            Some((r, q)) => ln_beta_part(count as f64, r, q, self.mean / self.variance),
        }
    }

    /// ln of the probability of a count of at most `count`.
    pub fn ln_at_most(&self, count: u64) -> f64 {
        if self.mean <= 0.0 {
            return 0.0;
        }
        let next = count as f64 + 1.0;
        match self.successes() {
            None => ln_gamma_upper(next, self.mean),
            Some((r, q)) => ln_beta_part(r, next, self.mean / self.variance, q),
        }
    }

    /// The smallest count that the part `q` (0 to 1) of counts does not exceed.
    pub fn quantile(&self, q: f64) -> u64 {
        let reaches = |count: u64| self.ln_at_most(count) >= q.ln();
        let mut high = (self.mean + 2.0 * self.variance.sqrt()) as u64 + 1;
        while !reaches(high) && high < u64::MAX / 2 {
            high *= 2;
        }
        let mut low = 0;
        while low < high {
            let middle = low + (high - low) / 2;
            if reaches(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mean, variance, count, ln of at most, ln of at least; from mpmath with 50 digits, as sums of terms or by the
    /// incomplete functions.
    const GOLDEN: [(f64, f64, u64, f64, f64); 15] = [
        (0.5, 0.5, 3, -0.0017531584408694348, -4.241383135455768),
        (0.7, 1.0, 40, -3.470411704702097e-21, -45.92121449555489),
        (5.0, 5.0, 30, -4.517741693983076e-15, -31.20033508280282),
        (5.0, 5.0, 0, -5.0, 0.0),
        (100.0, 400.0, 900, 0.0, -165.80831648399283),
        (100.0, 400.0, 1, -42.95171549930821, -8.537557121601495e-21),
        (10000.0, 10000.0, 13500, 0.0, -555.7370529866295),
        (10000.0, 10000.0, 6600, -661.8361936028999, 0.0),
        (1000000000.0, 1000000000.0, 1000400000, -5.7169182423933475e-37, -83.45181615968608),
        (1000000000.0, 1000000000.0, 999900000, -7.15286824357617, -0.0007828374688950072),
        (1000000000.0, 1000000000000.0, 1012000000, -3.142850913460664e-33, -74.84016580659758),
        (1000000000.0, 1000000000000.0, 980000000, -206.62303895637783, 0.0),
        (1000000.0, 1000000000000.0, 20000000, -2.0611384146698646e-09, -20.000006379337407),
        (0.001, 10.0, 50, -4.716600656006201e-07, -14.562796811120181),
        (1000000000.0, 1500000000.0, 1000300000, -4.761376479407008e-15, -32.97803640163294),
    ];

    #[test]
    fn tails_are_those_of_mpmath() {
        for (mean, variance, count, at_most, at_least) in GOLDEN {
            let law = Law { mean, variance };
            // r and q are computed from mean and variance: some digits are lost on the way.
            let near = |actual: f64, expected: f64| (actual - expected).abs() < 1e-8 * (1.0 + expected.abs());
            assert!(near(law.ln_at_most(count), at_most), "{law:?} {count}: {} {at_most}", law.ln_at_most(count));
            assert!(near(law.ln_at_least(count), at_least), "{law:?} {count}: {} {at_least}", law.ln_at_least(count));
        }
    }

    /// Sums of the terms of the distributions, one after the other.
    #[test]
    fn a_plain_twin_agrees() {
        for (mean, variance) in [(0.7, 1.0), (5.0, 5.0), (5.0, 60.0), (0.1, 30.0), (120.0, 400.0), (90.0, 90.1)] {
            let law = Law { mean, variance };
            let q: f64 = (variance - mean) / variance;
            let r: f64 = mean * mean / (variance - mean);
            let mut term = if q > 0.0 { r * (1.0 - q).ln() } else { -mean };
            let mut below = 0.0;
            for count in 0..300u64 {
                let (at_least, at_most) = (1.0 - below, below + term.exp());
                let error = (law.ln_at_most(count).exp() - at_most).abs();
                assert!(error < 1e-10, "{law:?} {count} {error}");
                assert!((law.ln_at_least(count).exp() - at_least).abs() < 1e-10, "{law:?} {count}");
                below = at_most;
                let n = count as f64;
                term += if q > 0.0 { ((r + n) / (n + 1.0) * q).ln() } else { (mean / (n + 1.0)).ln() };
            }
        }
    }

    #[test]
    fn quantiles_invert_the_tail() {
        for (mean, variance) in [(0.0, 1.0), (0.7, 1.0), (5.0, 5.0), (5.0, 500.0), (1e4, 1e4), (1e9, 1e12), (1e-3, 1e9)]
        {
            let law = Law { mean, variance };
            for q in [0.025, 0.5, 0.975] {
                let count = law.quantile(q);
                assert!(law.ln_at_most(count) >= q.ln(), "{law:?} {q} {count}");
                assert!(count == 0 || law.ln_at_most(count - 1) < q.ln(), "{law:?} {q} {count}");
            }
        }
        // scipy.stats: poisson.ppf and nbinom.ppf.
        assert_eq!(Law { mean: 100.0, variance: 100.0 }.quantile(0.975), 120);
        assert_eq!(Law { mean: 100.0, variance: 400.0 }.quantile(0.975), 142);
        assert_eq!(Law { mean: 100.0, variance: 400.0 }.quantile(0.025), 64);
    }

    #[test]
    fn of_nothing_any_count_is_impossible() {
        let law = Law { mean: 0.0, variance: 1.0 };
        assert_eq!((law.ln_at_least(0), law.ln_at_least(1)), (0.0, f64::NEG_INFINITY));
        assert_eq!((law.ln_at_most(0), law.quantile(0.975)), (0.0, 0));
    }
}
