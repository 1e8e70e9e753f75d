//! Functions of probability that std does not have, as logarithms where they can be very small.

mod beta;
mod erfc;
mod gamma;
mod quadrature;

pub use beta::ln_beta_part;
pub use erfc::{erfc, ln_erfc};
pub use gamma::{ln_gamma, ln_gamma_lower, ln_gamma_upper};

/// x ln(x/m) + m - x for x and m from 0, without cancellation where they are close: the deviance of
/// Loader, "Fast and accurate computation of binomial probabilities" (2000), there called bd0.
pub fn deviance(x: f64, m: f64) -> f64 {
    if x == 0.0 {
        return m;
    }
    if m == 0.0 {
        return f64::INFINITY;
    }
    let (difference, sum) = (x - m, x + m);
    if difference.abs() >= 0.1 * sum {
        return x * (x / m).ln() + m - x;
    }
    let ratio = difference / sum;
    let mut power = 2.0 * x * ratio;
    let mut total = difference * ratio;
    for odd in (3..).step_by(2) {
        power *= ratio * ratio;
        let next = total + power / f64::from(odd);
        if next == total {
            break;
        }
        total = next;
    }
    total
}

/// ln(1 - e^l) for l up to 0.
pub fn ln_complement(l: f64) -> f64 {
    if l >= 0.0 {
        f64::NEG_INFINITY
    } else if l > -std::f64::consts::LN_2 {
        (-l.exp_m1()).ln()
    } else {
        (-l.exp()).ln_1p()
    }
}

/// The value of b0 + a1/(b1 + a2/(b2 + ...)) by the method of Lentz as Thompson and Barnett changed it
/// (Numerical Recipes, 5.2); `term` gives a(n) and b(n) from n = 1 on.
fn continued_fraction(b0: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    const TINY: f64 = 1e-300;
    const MOST: u32 = 100_000;
    let not_zero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = not_zero(b0);
    let (mut c, mut d) = (value, 0.0);
    for n in 1..MOST {
        let (a, b) = term(f64::from(n));
        d = 1.0 / not_zero(b + a * d);
        c = not_zero(b + a / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
pub fn assert_close(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (actual - expected).abs();
    let close = error <= tolerance * expected.abs() || actual == expected;
    assert!(close, "{what}: {actual:e} is not {expected:e}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From mpmath with 60 digits.
    #[test]
    fn the_deviance_is_accurate_near_and_far() {
        for (x, m, expected) in DEVIANCES {
            assert_close(deviance(x, m), expected, 2e-14, &format!("deviance({x}, {m})"));
        }
        assert_eq!(deviance(0.0, 7.0), 7.0);
        assert_eq!(deviance(0.0, 0.0), 0.0);
        assert_eq!(deviance(1.0, 0.0), f64::INFINITY);
    }

    #[test]
    fn complements_keep_their_digits() {
        assert_close(ln_complement(-1e-20), 1e-20f64.ln(), 1e-15, "near 0");
        assert_close(ln_complement(-50.0), -(-50.0f64).exp(), 1e-15, "far from 0");
        assert_eq!(ln_complement(0.0), f64::NEG_INFINITY);
        assert_eq!(ln_complement(f64::NEG_INFINITY), 0.0);
    }

    const DEVIANCES: [(f64, f64, f64); 6] = [
        (10.0, 10.5, 0.01209835830567997),
        (1000000000.0, 1000001000.0, 0.0004999996666669167),
        (3.0, 300.0, 283.1844894420357),
        (1000000.0, 2.0, 12122365.377404329),
        (0.5, 0.55, 0.002344910097837574),
        (100.0, 122.0, 2.114914125483481),
    ];
}
