//! Times as users write them.

use super::parse_span;
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::time::Duration;

/// Reads a time, as what has passed since the epoch: RFC 3339, a date or a date and time without a zone
/// (UTC), seconds since the epoch (13 digits: milliseconds), or an age such as `2h`, before `now` in
/// seconds.
pub fn parse_time(text: &str, now: u64) -> Option<Duration> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let number: u64 = text.parse().ok()?;
        // As in a log: fractions are dropped.
        return Some(Duration::from_secs(if text.len() == 13 { number / 1000 } else { number }));
    }
    if let Some(age) = parse_span(text) {
        return Some(Duration::from_secs(now.saturating_sub(age)));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let stamp = text.parse::<Timestamp>().ok().map(|stamp| stamp.as_duration());
    let civil = || Some(text.parse::<DateTime>().ok()?.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)));
    stamp.or_else(civil)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_every_spelling() {
        let now = 1_773_576_000;
        for (text, seconds) in [
            ("2026-03-15", 1_773_532_800),
            ("2026-03-15T10:00", 1_773_568_800),
            ("2026-03-15 10:00", 1_773_568_800),
            ("2026-03-15T10:00:01", 1_773_568_801),
            ("2026-03-15T10:00:00Z", 1_773_568_800),
            ("2026-03-15T12:00:00+02:00", 1_773_568_800),
            ("1773568800", 1_773_568_800),
            ("1773568800123", 1_773_568_800),
            ("9999-12-31", 253_402_214_400),
            ("2h", now - 7200),
            ("3d", now - 259_200),
        ] {
            assert_eq!(parse_time(text, now), Some(Duration::from_secs(seconds)), "{text}");
        }
        let fraction = Some(Duration::from_millis(1_773_568_800_123));
        assert_eq!(parse_time("2026-03-15T10:00:00.123Z", now), fraction);
        for text in ["", "yesterday", "2026-13-01", "2026-02-30", "10:00", "-2h", "1969-12-31", "99999999999999999999"]
        {
            assert_eq!(parse_time(text, now), None, "{text}");
        }
    }
}
