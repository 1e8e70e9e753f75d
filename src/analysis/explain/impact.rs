//! How much a value matters.

/// In words, as Elastic has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    Low,
    Medium,
    High,
}

impl Impact {
    pub fn name(self) -> &'static str {
        match self {
            Impact::Low => "low",
            Impact::Medium => "medium",
            Impact::High => "high",
        }
    }
}

/// The impact of a value by ln p: three steps of -ln p, from p = 0.02 on, weighted.
pub fn impact(ln_p: f64) -> Impact {
    let step = |begin: f64, length: f64| ((-ln_p - begin) / length).clamp(0.0, 1.0);
    match 0.5 * step(3.912, 2.995) + 0.25 * step(6.908, 6.908) + 0.25 * step(13.816, 101.314) {
        weight if weight > 0.5 => Impact::High,
        weight if weight > 0.1 => Impact::Medium,
        _ => Impact::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impacts_begin_at_known_probabilities() {
        let of = |s: f64| impact(-s).name();
        assert_eq!([of(0.0), of(3.912), of(4.51)], ["low"; 3]);
        assert_eq!([of(4.512), of(6.907), of(6.908)], ["medium"; 3]);
        assert_eq!([of(6.91), of(20.0), of(708.4), of(f64::INFINITY)], ["high"; 4]);
    }
}
