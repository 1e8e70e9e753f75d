//! Scores, severities and notes.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Minor,
    Major,
    Critical,
}

impl Severity {
    /// Of a score.
    pub fn of(score: f64) -> Severity {
        match score {
            s if s >= 75.0 => Severity::Critical,
            s if s >= 50.0 => Severity::Major,
            s if s >= 25.0 => Severity::Minor,
            _ => Severity::Warning,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Critical => "critical",
        }
    }
}

/// The score, 0 to 100, of a probability by its logarithm: linear in -log10 p between these.
pub fn score(ln_p: f64) -> f64 {
    const KNOTS: [(f64, f64); 5] = [(0.0, 0.0), (3.0, 25.0), (5.0, 50.0), (8.0, 75.0), (20.0, 100.0)];
    let x = -ln_p / std::f64::consts::LN_10;
    let between = KNOTS.windows(2).find(|knots| x <= knots[1].0);
    between.map_or(100.0, |knots| {
        let ((x0, y0), (x1, y1)) = (knots[0], knots[1]);
        (y0 + (x - x0) / (x1 - x0) * (y1 - y0)).max(0.0)
    })
}

/// What to say of a count beside what it usually is: `4.2x higher`.
pub fn note(actual: f64, typical: f64) -> String {
    if actual == typical {
        return "as usual".into();
    }
    let (ratio, way) = if actual > typical { (actual / typical, "higher") } else { (typical / actual, "lower") };
    match (actual == 0.0, typical == 0.0) {
        (_, true) => "usually none".into(),
        (true, _) => "none at all".into(),
        _ if ratio < 1.05 => format!("slightly {way}"),
        _ if ratio < 9.95 => format!("{ratio:.1}x {way}"),
        _ => format!("{ratio:.0}x {way}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_linear_between_knots() {
        let at = |log10: f64| (score(log10 * std::f64::consts::LN_10) * 1e6).round() / 1e6;
        for (log10, expected) in [
            (0.0, 0.0),
            (-1.5, 12.5),
            (-3.0, 25.0),
            (-4.0, 37.5),
            (-5.0, 50.0),
            (-6.5, 62.5),
            (-8.0, 75.0),
            (-14.0, 87.5),
            (-20.0, 100.0),
            (-300.0, 100.0),
            (f64::NEG_INFINITY, 100.0),
        ] {
            assert_eq!(at(log10), expected, "{log10}");
        }
    }

    #[test]
    fn severities_begin_at_their_scores() {
        let names: Vec<_> = [0.0, 24.9, 25.0, 49.9, 50.0, 75.0, 100.0].map(|s| Severity::of(s).name()).into();
        assert_eq!(names, ["warning", "warning", "minor", "minor", "major", "critical", "critical"]);
    }

    #[test]
    fn notes_are_short() {
        for (actual, typical, expected) in [
            (42.0, 10.0, "4.2x higher"),
            (10.0, 31.0, "3.1x lower"),
            (1000.0, 8.0, "125x higher"),
            (996.0, 100.0, "10x higher"),
            (102.0, 100.0, "slightly higher"),
            (0.0, 5.0, "none at all"),
            (5.0, 0.0, "usually none"),
            (5.0, 5.0, "as usual"),
            (0.0, 0.0, "as usual"),
        ] {
            assert_eq!(note(actual, typical), expected);
        }
    }
}
