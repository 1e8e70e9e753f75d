//! How much earlier other windows are, and how several of them become one.

use crate::schema::{parse_span, span_name};

/// One earlier window, or several that are folded into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Seconds from one window to the next.
    by: u64,
    times: u64,
    fold: Option<Fold>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Avg,
    Min,
    Max,
}

/// More windows than this are folded by nobody.
const MOST: u64 = 1000;

/// Reads `1d`, or `1d*5:avg` (`:min`, `:max`; the mean where nothing is said).
pub fn parse_shift(text: &str) -> Result<Shift, String> {
    let wrong = || {
        "expected a length of time such as 1d, or several folded into one such as 1d*5:avg (or min, max)".to_string()
    };
    let (span, rest) = text.split_once('*').map_or((text, None), |(span, rest)| (span, Some(rest)));
    let by = parse_span(span).filter(|by| *by > 0).ok_or_else(wrong)?;
    let Some(rest) = rest else { return Ok(Shift { by, times: 1, fold: None }) };
    let (times, fold) = rest.split_once(':').unwrap_or((rest, "avg"));
    let times = times.parse().ok().filter(|times| (1..=MOST).contains(times)).ok_or_else(wrong)?;
    by.checked_mul(times).ok_or_else(wrong)?;
    let fold = match fold {
        "avg" => Fold::Avg,
        "min" => Fold::Min,
        "max" => Fold::Max,
        _ => return Err(wrong()),
    };
    Ok(Shift { by, times, fold: Some(fold) })
}

impl Shift {
    /// The seconds that each window is earlier.
    pub fn each(&self) -> impl Iterator<Item = u64> {
        let by = self.by;
        (1..=self.times).map(move |times| by * times)
    }

    /// In the place of a shift: the window of `--before`.
    pub fn before() -> Shift {
        Shift { by: 0, times: 1, fold: None }
    }

    /// What stands in the names of columns: `1d`, `1d_5_avg`, `before`.
    pub fn name(&self) -> String {
        if self.by == 0 {
            return "before".into();
        }
        let by = span_name(self.by);
        match self.fold {
            None => by,
            Some(fold) => format!("{by}_{}_{}", self.times, fold.name()),
        }
    }

    /// One number of those of the windows: those that there are not are left out.
    pub fn fold(&self, parts: &[Option<f64>]) -> Option<f64> {
        let parts = || parts.iter().flatten().copied();
        let count = parts().count();
        match self.fold.unwrap_or(Fold::Avg) {
            _ if count == 0 => None,
            Fold::Avg => Some(parts().sum::<f64>() / count as f64),
            Fold::Min => parts().reduce(f64::min),
            Fold::Max => parts().reduce(f64::max),
        }
    }

    /// Decimals that folding may add.
    pub fn places(&self) -> u8 {
        if self.fold == Some(Fold::Avg) { 2 } else { 0 }
    }
}

impl Fold {
    fn name(self) -> &'static str {
        match self {
            Fold::Avg => "avg",
            Fold::Min => "min",
            Fold::Max => "max",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_read_and_named() {
        for (text, each, name) in [
            ("1d", vec![86_400], "1d"),
            ("90m", vec![5400], "90m"),
            ("1d*3:avg", vec![86_400, 172_800, 259_200], "1d_3_avg"),
            ("1h*2", vec![3600, 7200], "1h_2_avg"),
            ("7d*1:max", vec![604_800], "7d_1_max"),
        ] {
            let shift = parse_shift(text).expect(text);
            assert_eq!((shift.each().collect::<Vec<_>>(), &shift.name()[..]), (each, name), "{text}");
        }
        for text in ["", "1", "0d", "1d*", "1d*0", "1d*5:sum", "1d*x", "-1d", "99999w*1000000", "1d*5:"] {
            assert!(parse_shift(text).is_err(), "{text}");
        }
    }

    #[test]
    fn windows_that_there_are_not_are_left_out() {
        let fold = |text: &str, parts: &[Option<f64>]| parse_shift(text).expect("a shift").fold(parts);
        assert_eq!(fold("1d*3", &[Some(1.0), None, Some(4.0)]), Some(2.5));
        assert_eq!(fold("1d*3:min", &[Some(2.0), None, Some(1.0)]), Some(1.0));
        assert_eq!(fold("1d*3:max", &[None, None, None]), None);
        assert_eq!(fold("1d", &[Some(0.0)]), Some(0.0));
    }
}
