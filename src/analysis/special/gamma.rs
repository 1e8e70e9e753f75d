//! The logarithm of the gamma function, and its incomplete parts.

use super::{continued_fraction, deviance, ln_complement, quadrature};
use std::f64::consts::PI;

/// From here on the incomplete functions are integrals: series and fractions would need about sqrt(a) terms.
const LARGE: f64 = 1000.0;

/// From here on the asymptotic series of Stirling has all digits of a double.
const STIRLING_FROM: f64 = 15.0;

/// ln Gamma(x) for x above 0.
pub fn ln_gamma(x: f64) -> f64 {
    if x >= STIRLING_FROM {
        return (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + stirling_series(x);
    }
    let mut product = 1.0;
    let mut larger = x;
    while larger < STIRLING_FROM {
        product *= larger;
        larger += 1.0;
    }
    ln_gamma(larger) - product.ln()
}

/// ln Gamma(x) less Stirling's (x - 1/2) ln x - x + ln sqrt(2 pi), for x above 0.
pub fn stirling_error(x: f64) -> f64 {
    if x >= STIRLING_FROM { stirling_series(x) } else { ln_gamma(x) - ((x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln()) }
}

/// The series of that difference (DLMF 5.11.1).
fn stirling_series(x: f64) -> f64 {
    const TERMS: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let square = 1.0 / (x * x);
    TERMS.iter().rev().fold(0.0, |sum, term| sum * square + term) / x
}

/// ln P(a, x): the part of Gamma(a), a above 0, that is the integral from 0 to x. Is also the logarithm of the
/// probability that a Poisson count with mean x is at least a.
pub fn ln_gamma_lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        f64::NEG_INFINITY
    } else if below_middle(a, x) {
        lower(a, x)
    } else {
        ln_complement(upper(a, x))
    }
}

/// ln Q(a, x) = ln(1 - P(a, x)). Is also the logarithm of the probability that a Poisson count with mean x
/// is below a.
pub fn ln_gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if below_middle(a, x) {
        ln_complement(lower(a, x))
    } else {
        upper(a, x)
    }
}

fn below_middle(a: f64, x: f64) -> bool {
    x < if a < LARGE { a + 1.0 } else { a - 1.0 }
}

/// ln of x^a e^-x / Gamma(a), by Loader's deviance.
fn ln_density(a: f64, x: f64) -> f64 {
    0.5 * (a / (2.0 * PI)).ln() - stirling_error(a) - deviance(a, x)
}

/// By the series DLMF 8.7.1, or as an integral.
fn lower(a: f64, x: f64) -> f64 {
    if a >= LARGE {
        let g = |u: f64| (a - 1.0) * (-u / x).ln_1p() + u;
        return ln_density(a, x) - x.ln() + quadrature::tail(g, scale(a, x), x).ln();
    }
    let (mut term, mut sum, mut n) = (1.0 / a, 0.0, a);
    while sum + term > sum {
        sum += term;
        n += 1.0;
        term *= x / n;
    }
    (ln_density(a, x) + sum.ln()).min(0.0)
}

/// By the continued fraction DLMF 8.9.2 in its even form, or as an integral.
fn upper(a: f64, x: f64) -> f64 {
    if a >= LARGE {
        let g = |u: f64| (a - 1.0) * (u / x).ln_1p() - u;
        return ln_density(a, x) - x.ln() + quadrature::tail(g, scale(a, x), f64::INFINITY).ln();
    }
    let fraction = continued_fraction(x + 1.0 - a, |n| (n * (a - n), x + 1.0 - a + 2.0 * n));
    (ln_density(a, x) - fraction.ln()).min(0.0)
}

/// About the length on which t^(a-1) e^-t falls by one, away from its maximum, at t = x.
fn scale(a: f64, x: f64) -> f64 {
    1.0 / (((a - 1.0) / x - 1.0).abs() + (a - 1.0).sqrt() / x)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// x, ln Gamma(x); from mpmath with 60 digits.
    const LN_GAMMA: [(f64, f64); 10] = [
        (1e-300, 690.7755278982137),
        (1e-06, 13.815509980749432),
        (0.5, 0.5723649429247001),
        (1.0, 0.0),
        (1.5, -0.12078223763524522),
        (2.0, 0.0),
        (10.0, 12.80182748008147),
        (14.99, 25.164481163825506),
        (1000.0, 5905.220423209181),
        (1000000000.0, 19723265827.503717),
    ];
    /// a, x, ln P(a, x), ln Q(a, x); from mpmath with 60 digits.
    const PARTS: [(f64, f64, f64, f64); 15] = [
        (0.5, 0.01, -2.185131747072374, -0.1193049737373956),
        (0.5, 50.0, -1.523970604832105e-23, -52.53813796995252),
        (0.001, 0.2, -0.0012232957607249265, -6.7068182048874805),
        (1.0, 700.0, 0.0, -700.0),
        (20.0, 5.0, -14.879102532939179, -3.4521364167766837e-7),
        (20.0, 60.0, -6.35191834239632e-10, -21.177094061812046),
        (999.0, 900.0, -7.392657661973551, -0.00061594695860292),
        (999.0, 1100.0, -0.000954408271001767, -6.9548961872201005),
        (1000.0, 1000.0, -0.6847718632903101, -0.7015932366459725),
        (1000.0, 600.0, -114.28593896855044, -2.324060057957711e-50),
        (1000.0, 3000.0, 0.0, -906.4545069900745),
        (50000.0, 49000.0, -12.596229260416349, -3.3847599563730098e-6),
        (1000000.0, 1004000.0, -3.234597043873914e-5, -10.339037279116503),
        (1000000.0, 963000.0, -706.3977427221753, 0.0),
        (1000000.0, 1038000.0, 0.0, -708.7724986474723),
    ];

    #[test]
    fn values_are_those_of_mpmath() {
        for (x, expected) in LN_GAMMA {
            let error = (ln_gamma(x) - expected).abs();
            assert!(error <= 1e-14 * expected.abs().max(1.0), "ln_gamma({x}) is off by {error:e}");
        }
        for (a, x, lower, upper) in PARTS {
            // A logarithm that is off by e makes a probability that is off by a factor of 1 + e.
            let near = |actual: f64, expected: f64| {
                let error = (actual - expected).abs();
                error <= 1e-11 + 1e-14 * expected.abs() || error <= 1e-9 * expected.abs() && expected.abs() < 1e-3
            };
            assert!(near(ln_gamma_lower(a, x), lower), "P({a}, {x}): {} is not {lower}", ln_gamma_lower(a, x));
            assert!(near(ln_gamma_upper(a, x), upper), "Q({a}, {x}): {} is not {upper}", ln_gamma_upper(a, x));
        }
    }

    /// The sum of a Poisson distribution, term by term.
    #[test]
    fn tails_are_sums_of_terms() {
        for mean in [0.01f64, 0.5, 3.0, 40.0, 700.0] {
            let mut term = -mean;
            let mut sum = 0.0;
            for count in 0..(mean + 12.0 * mean.sqrt() + 20.0) as u32 {
                sum += term.exp();
                let next = f64::from(count) + 1.0;
                let error = ln_gamma_upper(next, mean) - sum.ln();
                assert!(error.abs() < 1e-10, "at most {count} of {mean}: off by {error:e}");
                term += mean.ln() - next.ln();
            }
        }
    }

    #[test]
    fn ways_meet_where_they_change() {
        for z in [-30.0, -5.0, -1.0, 0.0, 1.0, 5.0, 30.0] {
            let x = LARGE + z * LARGE.sqrt();
            let at = |a: f64| (ln_gamma_lower(a, x), ln_gamma_upper(a, x));
            let (below, above) = (at(LARGE - 1e-9), at(LARGE));
            assert!((below.0 - above.0).abs() < 1e-7, "{z}: {below:?} {above:?}");
            assert!((below.1 - above.1).abs() < 1e-7, "{z}: {below:?} {above:?}");
        }
    }

    #[test]
    fn ends_are_certain() {
        assert_eq!((ln_gamma_lower(3.0, 0.0), ln_gamma_upper(3.0, 0.0)), (f64::NEG_INFINITY, 0.0));
        assert_close(ln_gamma_upper(1.0, 2.5), -2.5, 1e-14, "an exponential");
        assert_eq!(ln_gamma_lower(5.0, 1e6), 0.0);
    }
}
