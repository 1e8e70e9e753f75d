//! The complementary error function.

use super::continued_fraction;
use std::f64::consts::PI;

/// Where the series of the error function gives way to the continued fraction of its complement.
const SERIES_UP_TO: f64 = 1.5;

/// 1 - erf(x), with about 13 right digits as long as it is no subnormal number.
pub fn erfc(x: f64) -> f64 {
    if x < 0.0 {
        2.0 - erfc(-x)
    } else if x < SERIES_UP_TO {
        1.0 - erf_series(x)
    } else {
        (-x * x).exp() / x / PI.sqrt() * tail(x)
    }
}

/// ln(1 - erf(x)), also where erfc itself is too small for a number.
pub fn ln_erfc(x: f64) -> f64 {
    if x < SERIES_UP_TO { erfc(x).ln() } else { -x * x - (x * PI.sqrt()).ln() + tail(x).ln() }
}

/// erf(x) by its series at 0 (DLMF 7.6.2), of which all terms are positive.
fn erf_series(x: f64) -> f64 {
    let mut term = 2.0 * x / PI.sqrt() * (-x * x).exp();
    let mut sum = 0.0;
    let mut odd = 1.0;
    while sum + term > sum {
        sum += term;
        odd += 2.0;
        term *= 2.0 * x * x / odd;
    }
    sum
}

/// x sqrt(pi) e^(x^2) erfc(x) by a continued fraction (DLMF 7.9.1): 1/(1 + t/(1 + 2t/(1 + ...))) with
/// t = 1/(2x^2).
fn tail(x: f64) -> f64 {
    let t = 0.5 / (x * x);
    1.0 / continued_fraction(1.0, |n| (n * t, 1.0))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// From mpmath with 60 digits.
    const ERFC: [(f64, f64); 11] = [
        (-3.0, 1.9999779095030015),
        (-0.5, 1.5204998778130465),
        (1e-10, 0.999999999887162),
        (0.1, 0.887537083981715),
        (0.5, 0.4795001221869535),
        (1.0, 0.15729920705028513),
        (1.49, 0.03510213515679579),
        (1.5, 0.033894853524689274),
        (2.0, 0.004677734981047266),
        (5.0, 1.537459794428035e-12),
        (26.0, 5.663192408856143e-296),
    ];
    const LN_ERFC: [(f64, f64); 6] = [
        (0.3, -0.39843005144008525),
        (1.5, -3.3844920895515527),
        (6.0, -38.37756117322339),
        (26.0, -679.8311997631943),
        (100.0, -10005.177585122664),
        (100000.0, -10000000012.08529),
    ];

    #[test]
    fn values_are_those_of_mpmath() {
        for (x, expected) in ERFC {
            assert_close(erfc(x), expected, 2e-13, &format!("erfc({x})"));
        }
        for (x, expected) in LN_ERFC {
            assert_close(ln_erfc(x), expected, 1e-13, &format!("ln_erfc({x})"));
        }
        assert_eq!(erfc(0.0), 1.0);
        assert_eq!(erfc(30.0), 0.0);
    }

    #[test]
    fn both_ways_meet() {
        let below = SERIES_UP_TO - 1e-12;
        assert_close(
            erfc(below),
            erfc(SERIES_UP_TO) + 2.0 / PI.sqrt() * (-2.25f64).exp() * 1e-12,
            1e-14,
            "at the joint",
        );
    }
}
