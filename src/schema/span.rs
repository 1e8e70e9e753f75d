//! Lengths of time as people write them: `90s`, `5m`, `1d`.

/// Units with their seconds, the largest first.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

/// The seconds in `90s`, `5m`, `6h`, `1d`, `2w` or `1h30m`.
pub fn parse_span(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut total: u64 = 0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let unit = rest[digits..].chars().next()?;
        let (_, seconds) = UNITS.iter().find(|(letter, _)| letter.eq_ignore_ascii_case(&unit))?;
        total = total.checked_add(rest[..digits].parse::<u64>().ok()?.checked_mul(*seconds)?)?;
        rest = &rest[digits + unit.len_utf8()..];
        if rest.is_empty() {
            return Some(total);
        }
    }
}

/// The shortest way to write so many seconds with one unit; days are not written as weeks.
pub fn span_name(seconds: u64) -> String {
    let fits = |(letter, size): &&(char, u64)| *letter != 'w' && seconds.is_multiple_of(*size) && seconds > 0;
    let (letter, size) = UNITS.iter().find(fits).unwrap_or(&('s', 1));
    format!("{}{letter}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written() {
        for (text, seconds, name) in [
            ("90s", 90, "90s"),
            ("60s", 60, "1m"),
            (" 5M ", 300, "5m"),
            ("6h", 21_600, "6h"),
            ("1d", 86_400, "1d"),
            ("2w", 1_209_600, "14d"),
            ("0s", 0, "0s"),
            ("1h30m", 5400, "90m"),
        ] {
            assert_eq!(parse_span(text), Some(seconds), "{text}");
            assert_eq!(span_name(seconds), name);
        }
        for text in [
            "",
            "5",
            "m",
            "5x",
            "-5m",
            "+5m",
            "1.5h",
            "5 m",
            "99999999999999999999s",
            "9999999999999999999w",
            "5é",
            "1h30",
            "h5m",
        ] {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }
}
