//! The integral of a tail that falls off like an exponential or faster.

/// Nodes above 0 and weights of the Gauss-Legendre rule with 16 points on -1..1 (DLMF 3.5, from mpmath).
const RULE: [(f64, f64); 8] = [
    (0.09501250983763744, 0.1894506104550685),
    (0.2816035507792589, 0.18260341504492358),
    (0.45801677765722737, 0.16915651939500254),
    (0.6178762444026438, 0.14959598881657674),
    (0.755404408355003, 0.12462897125553388),
    (0.8656312023878318, 0.09515851168249279),
    (0.9445750230732326, 0.062253523938647894),
    (0.9894009349916499, 0.027152459411754096),
];

/// How many panels at most: at the length below, e^-100 is reached long before.
const PANELS: usize = 200;

/// The integral of e^g(u) over u from 0 to `end`, which may be infinite. g is concave, has g(0) = 0 and does not
/// rise; `scale` is about the length on which it falls by one.
pub fn tail(g: impl Fn(f64) -> f64, scale: f64, end: f64) -> f64 {
    let mut total = 0.0;
    let mut from = 0.0;
    for _ in 0..PANELS {
        let half = scale.min((end - from) / 2.0);
        let middle = from + half;
        let pair = |(node, weight): &(f64, f64)| {
            let step = half * node;
            weight * (g(middle - step).exp() + g(middle + step).exp())
        };
        let panel = half * RULE.iter().map(pair).sum::<f64>();
        total += panel;
        from = middle + half;
        if panel < 1e-17 * total || from >= end {
            break;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn known_tails_come_out() {
        assert_close(tail(|u| -u, 1.0, f64::INFINITY), 1.0, 1e-14, "exponential");
        assert_close(tail(|u| -u * u / 2.0, 1.0, f64::INFINITY), (PI / 2.0).sqrt(), 1e-14, "half of a bell");
        assert_close(tail(|u| -u, 1.0, 0.5), 1.0 - (-0.5f64).exp(), 1e-14, "cut off");
        assert_close(tail(|u| -2e9 * u, 5e-10, 1.0), 5e-10, 1e-14, "steep");
    }
}
