//! Times as users write them.

use super::parse_span;
use jiff::Timestamp;
use jiff::civil::DateTime;

/// Reads a time, in seconds since the epoch: RFC 3339, a date or a date and time without a zone (UTC),
/// seconds since the epoch (13 digits: milliseconds), or an age such as `2h`, before `now`.
pub fn parse_time(text: &str, now: u64) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let number: u64 = text.parse().ok()?;
        return Some(if text.len() == 13 { number / 1000 } else { number });
    }
    if let Some(age) = parse_span(text) {
        return Some(now.saturating_sub(age));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let stamp = text.parse::<Timestamp>().ok();
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|t| t.timestamp());
    u64::try_from(stamp.or_else(civil)?.as_second()).ok()
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
            ("2026-03-15T10:00:00.999Z", 1_773_568_800),
            ("2026-03-15T12:00:00+02:00", 1_773_568_800),
            ("1773568800", 1_773_568_800),
            ("1773568800123", 1_773_568_800),
            ("2h", now - 7200),
            ("3d", now - 259_200),
        ] {
            assert_eq!(parse_time(text, now), Some(seconds), "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026-02-30", "10:00", "-2h", "1969-12-31", "99999999999999999999"]
        {
            assert_eq!(parse_time(text, now), None, "{text}");
        }
    }
}
