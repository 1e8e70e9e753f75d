//! The incomplete beta function.

use super::gamma::stirling_error;
use super::{continued_fraction, deviance, ln_complement, quadrature};
use std::f64::consts::PI;

/// Where both parameters are above this, the function is an integral: the continued fraction would need about
/// as many terms as the square root of the smaller.
const LARGE: f64 = 3000.0;

/// ln I(a, b; x): the part of B(a, b), a and b above 0, that is the integral from 0 to x. Takes x and y = 1 - x, as
/// one of them may be too small to be had from the other.
pub fn ln_beta_part(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        f64::NEG_INFINITY
    } else if y <= 0.0 {
        0.0
    } else if is_left(a, b, x, y) {
        left(a, b, x, y)
    } else {
        ln_complement(left(b, a, y, x))
    }
}

/// Whether x is left of the middle: of the maximum of the integrand where that is integrated, else of where
/// the fraction converges better.
fn is_left(a: f64, b: f64, x: f64, y: f64) -> bool {
    let one = if a.min(b) >= LARGE { -1.0 } else { 1.0 };
    x * (b + one) < y * (a + one)
}

/// ln of x^a y^b / B(a, b), by Loader's deviance.
fn ln_density(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    0.5 * (a / (2.0 * PI) * (b / n)).ln() + errors - deviance(a, n * x) - deviance(b, n * y)
}

/// By the continued fraction of DiDonato and Morris, "Algorithm 708" (1992), equation 9; or as an integral.
fn left(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let density = ln_density(a, b, x, y);
    if a.min(b) >= LARGE {
        let g = |u: f64| (a - 1.0) * (-u / x).ln_1p() + (b - 1.0) * (u / y).ln_1p();
        let slope = (a - 1.0) / x - (b - 1.0) / y;
        let bend = ((a - 1.0) / (x * x) + (b - 1.0) / (y * y)).sqrt();
        return (density - (x * y).ln() + quadrature::tail(g, 1.0 / (slope.abs() + bend), x).ln()).min(0.0);
    }
    let whole = |m: f64| {
        let at = a + 2.0 * m;
        let fixed = if m == 0.0 { 0.0 } else { m + m * (b - m) * x / (at - 1.0) };
        fixed + (a + m) * (a * y - b * x + 1.0 + m * (1.0 + y)) / (at + 1.0)
    };
    let numerator = |m: f64| {
        let before = (a + 2.0 * m - 1.0) / x;
        (a + m - 1.0) / before * ((a + b + m - 1.0) / before) * m * (b - m)
    };
    (density - continued_fraction(whole(0.0), |m| (numerator(m), whole(m))).ln()).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::LN_2;

    /// a, b, x, ln I(a, b; x), ln of its complement; from mpmath with 60 digits.
    const PARTS: [(f64, f64, f64, f64, f64); 18] = [
        (0.5, 0.5, 0.3, -0.9969312110207781, -0.4604654539158712),
        (1e-06, 5.0, 0.4, -3.189077555584332e-8, -17.260949052446414),
        (2.0, 3.0, 1e-100, -458.7252591295811, 0.0),
        (1.0, 1.0, 0.25, -1.3862943611198906, -0.28768207245178096),
        (10.0, 200.0, 0.2, -4.533627102497542e-11, -23.816913718961317),
        (10.0, 1000000000.0, 5e-09, -3.4474070330921425, -0.03234558204055741),
        (0.25, 1000000000.0, 3e-09, -0.005023492565289224, -5.2961405518538545),
        (1000000000.0, 0.25, 0.9999999998, -1.2373608471471587, -0.3427001278721335),
        (2500.0, 1000000.0, 0.0027, -2.6941564864008814e-5, -10.521853772412737),
        (3000.0, 3000.0, 0.5, -LN_2, -LN_2),
        (4000.0, 4000.0, 0.3, -701.9104810544155, 0.0),
        (4000.0, 4000.0, 0.52, -0.0001724512994691818, -8.665481907681572),
        (100000.0, 300000.0, 0.26, -8.037987407903832e-48, -108.43990573425921),
        (100000.0, 300000.0, 0.22, -1021.8226607504145, 0.0),
        (1000000.0, 10000.0, 0.9905, -1.872884792046597e-5, -10.885454917661756),
        (5000.0, 1000000000.0, 4e-06, -119.28531006628377, -1.5669244819336556e-52),
        (5000.0, 1000000000.0, 6.9e-06, 0.0, -293.8057009379889),
        (1000000.0, 1000000000.0, 0.001002, -0.0013471040306990032, -6.610471629537021),
    ];

    #[test]
    fn values_are_those_of_mpmath() {
        for (a, b, x, left, right) in PARTS {
            let near = |actual: f64, expected: f64| {
                let error = (actual - expected).abs();
                error <= 1e-10 + 1e-13 * expected.abs() || error <= 1e-9 * expected.abs() && expected.abs() < 1e-3
            };
            let actual = ln_beta_part(a, b, x, 1.0 - x);
            assert!(near(actual, left), "I({a}, {b}; {x}): {actual} is not {left}");
            let actual = ln_beta_part(b, a, 1.0 - x, x);
            assert!(near(actual, right), "1 - I({a}, {b}; {x}): {actual} is not {right}");
        }
    }

    /// I(a, b; x) for whole a and b is the chance of at least a heads in a + b - 1 tosses.
    #[test]
    fn parts_are_sums_of_binomial_terms() {
        for (tosses, x) in [(1u32, 0.3f64), (10, 0.5), (60, 0.01), (300, 0.7)] {
            let mut term = f64::from(tosses) * (1.0 - x).ln();
            let mut below = 0.0;
            for heads in 0..tosses {
                below += term.exp();
                term += (f64::from(tosses - heads) / f64::from(heads + 1) * x / (1.0 - x)).ln();
                let (a, b) = (f64::from(heads + 1), f64::from(tosses - heads));
                let actual = ln_beta_part(b, a, 1.0 - x, x);
                assert!((actual - below.ln()).abs() < 1e-10, "at most {heads} of {tosses}: {actual} {}", below.ln());
            }
        }
    }

    #[test]
    fn ways_meet_where_they_change() {
        for (b, z) in [(3000.0, 0.0), (3000.0, -9.0), (5000.0, 4.0), (1e9, 1.0), (1e9, -20.0)] {
            let at = |a: f64| {
                let (mean, sd) = (a / (a + b), (a * b / (a + b)).sqrt() / (a + b));
                ln_beta_part(a, b, mean + z * sd, 1.0 - mean - z * sd)
            };
            let (below, above) = (at(LARGE - 1e-9), at(LARGE));
            assert!((below - above).abs() < 1e-7, "{b} {z}: {below} {above}");
        }
    }
}
