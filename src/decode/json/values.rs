//! Values of JSON as tokens of a flow log line.

use crate::schema::{Kind, iana, parse_time};

/// Stands for a blank in a token: a real one would end it. `TextDecoder::made` puts the blanks back.
pub const BLANK: u8 = 0x1f;

/// A token for a text: `-` if it is empty; line ends in it are written `%0A` and `%0D`, as AWS would.
pub fn push_token(text: &[u8], out: &mut Vec<u8>) {
    if text.is_empty() {
        out.push(b'-');
    } else if !text.iter().any(|byte| is_special(*byte)) {
        out.extend_from_slice(text);
    } else {
        for &byte in text {
            match byte {
                b' ' => out.push(BLANK),
                BLANK => out.extend_from_slice(b"%1F"),
                b'\n' => out.extend_from_slice(b"%0A"),
                b'\r' => out.extend_from_slice(b"%0D"),
                byte => out.push(byte),
            }
        }
    }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | BLANK)
}

/// A token for the text of a field of this kind: protocols by name become numbers, dates become seconds.
pub fn push_text(kind: Kind, text: &[u8], out: &mut Vec<u8>) {
    match kind {
        Kind::Protocol if text.first().is_some_and(u8::is_ascii_alphabetic) => match protocol(text) {
            Some(number) => push_number(u64::from(number), out),
            None => push_token(text, out),
        },
        Kind::Time if text.get(4) == Some(&b'-') => match seconds(text) {
            Some(seconds) => push_number(seconds, out),
            None => push_token(text, out),
        },
        _ => push_token(text, out),
    }
}

/// A token for a number, `true`, `false` or `null`.
pub fn push_bare(bare: &[u8], out: &mut Vec<u8>) {
    if bare == b"null" {
        out.push(b'-');
    } else if bare.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        match whole(bare) {
            Some(number) => push_number(number, out),
            None => out.extend_from_slice(bare),
        }
    } else {
        out.extend_from_slice(bare);
    }
}

/// A whole number that was written as a decimal, as tables with missing values have it.
fn whole(bare: &[u8]) -> Option<u64> {
    let number: f64 = std::str::from_utf8(bare).ok()?.parse().ok()?;
    let exact = (0.0..9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0;
    exact.then_some(number as u64)
}

fn push_number(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

fn protocol(name: &[u8]) -> Option<u8> {
    match name {
        b"tcp" | b"TCP" => Some(6),
        b"udp" | b"UDP" => Some(17),
        b"icmp" | b"ICMP" => Some(1),
        _ => iana::protocol_number(std::str::from_utf8(name).ok()?),
    }
}

/// The seconds since the epoch of a date and time, UTC where it has no zone.
fn seconds(text: &[u8]) -> Option<u64> {
    if let Some(seconds) = plain_seconds(text) {
        return Some(seconds);
    }
    parse_time(std::str::from_utf8(text).ok()?, 0).map(|time| time.as_secs())
}

/// The same for the usual spelling, `2026-03-15T10:00:00Z` with or without zone, quickly.
fn plain_seconds(text: &[u8]) -> Option<u64> {
    let text = text.strip_suffix(b"Z").unwrap_or(text);
    let text: &[u8; 19] = text.try_into().ok()?;
    let separators = [4, 7, 10, 13, 16].map(|at| text[at]);
    if !matches!(&separators, b"--T::" | b"-- ::") {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        text[range].iter().try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0')))
    };
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    // Days that not every month has, leap seconds and the time before the epoch are left to others.
    if !(1970..=9998).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Years begin in March, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Field;
    use proptest::prelude::*;

    fn text(field: Field, text: &str) -> String {
        let mut out = Vec::new();
        push_text(field.kind(), text.as_bytes(), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    fn bare(text: &str) -> String {
        let mut out = Vec::new();
        push_bare(text.as_bytes(), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn values_become_tokens() {
        assert_eq!(text(Field::InstanceTag, "a b\r\nc%"), "a\x1fb%0D%0Ac%");
        assert_eq!(text(Field::InstanceTag, "a\x1fb"), "a%1Fb");
        assert_eq!(text(Field::Action, ""), "-");
        assert_eq!(text(Field::Protocol, "tcp"), "6");
        assert_eq!(text(Field::Protocol, "IPv6-ICMP"), "58");
        assert_eq!(text(Field::Protocol, "17"), "17");
        assert_eq!(text(Field::Protocol, "no protocol"), "no\x1fprotocol");
        assert_eq!(text(Field::Action, "tcp"), "tcp");
        assert_eq!(text(Field::Start, "2026-03-15T10:00:00Z"), "1773568800");
        assert_eq!(text(Field::Start, "2026-03-15 10:00:00.123"), "1773568800");
        assert_eq!(text(Field::End, "2026-03-15T12:00:00+02:00"), "1773568800");
        assert_eq!(text(Field::End, "2026-03-15 10:00:00+00"), "1773568800");
        assert_eq!(text(Field::End, "2026-13-15T12:00:00Z"), "2026-13-15T12:00:00Z");
        assert_eq!(text(Field::End, "1773568800"), "1773568800");
    }

    #[test]
    fn numbers_are_whole() {
        let cases = [("443.0", "443"), ("1.773568800E9", "1773568800"), ("0.5", "0.5"), ("-1.0", "-1.0"), ("7", "7")];
        for (number, token) in cases.into_iter().chain([("null", "-"), ("true", "true"), ("1e30", "1e30")]) {
            assert_eq!(bare(number), token);
        }
        assert_eq!(bare("18446744073709551615"), "18446744073709551615");
    }

    proptest! {
        #[test]
        fn usual_times_are_read_as_any_other(year in 1960i16..9999, month in 0i8..14, day in 0i8..33, time in 0u32..100_000) {
            let (h, m, s) = (time / 3600, time / 60 % 60, time % 60);
            let text = format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}Z");
            if let Some(seconds) = plain_seconds(text.as_bytes()) {
                prop_assert_eq!(Some(seconds), parse_time(&text, 0).map(|time| time.as_secs()));
            } else {
                prop_assert!(year < 1970 || !(1..=12).contains(&month) || !(1..=28).contains(&day) || h > 23);
            }
        }
    }
}
