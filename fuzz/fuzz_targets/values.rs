//! Values: numbers, addresses, times and lengths of time are read as slow twins read them, wherever they
//! stand in a text and whatever the processor.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, Ipv4Addr};
use vpcflow::decode::fuzzing::{ipv4_everywhere, number_at};
use vpcflow::decode::{parse_ip, parse_number};
use vpcflow::report::plain;
use vpcflow::schema::{Value, parse_span, parse_tcp_flags, parse_time, span_name, tcp_flag_names};

/// What ages are counted back from: 2026-03-15T12:00:00Z.
const NOW: u64 = 1_773_576_000;

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (before, after, token) = input;
    let mut text = b"1234567.".repeat(8)[..usize::from(before % 40)].to_vec();
    let start = text.len();
    text.extend_from_slice(token);
    let end = text.len();
    text.extend_from_slice(&b" 10.9.8.7 65 ACCEPT OK"[..usize::from(after % 23)]);

    let number = number(token);
    assert_eq!(number_at(&text, start, end), number);
    assert_eq!(parse_number(token), number);
    let written = std::str::from_utf8(token).ok();
    let v4 = written.and_then(|token| token.parse::<Ipv4Addr>().ok());
    for found in ipv4_everywhere(&text, start, end) {
        assert_eq!(found, v4.map(u32::from));
    }
    assert_eq!(parse_ip(token), written.and_then(|token| token.parse::<IpAddr>().ok()));
    if let Some(token) = written {
        times(token);
    }
});

/// Decimal digits and nothing else, up to 2^64 - 1.
fn number(token: &[u8]) -> Option<u64> {
    let digits = token.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(token).ok()?.parse().ok()).flatten()
}

fn times(token: &str) {
    let span = span(token);
    assert_eq!(parse_span(token), span);
    if let Some(seconds) = span {
        assert_eq!(parse_span(&span_name(seconds)), Some(seconds));
    }
    let time = parse_time(token, NOW);
    if let Some(expected) = calendar(token) {
        assert_eq!(time.map(|time| time.as_secs()), expected);
    }
    if let Some(number) = number(token.as_bytes()) {
        let seconds = if token.len() == 13 { number / 1000 } else { number };
        assert_eq!(time.map(|time| time.as_secs()), Some(seconds));
        assert_eq!(time.map(|time| time.subsec_nanos()), Some(0));
    } else if let Some(age) = span {
        assert_eq!(time.map(|time| time.as_secs()), Some(NOW.saturating_sub(age)));
    }
    if let Some(seconds) = time.map(|time| time.as_secs()).filter(|seconds| *seconds <= LAST) {
        let text = plain(&Value::Time(seconds));
        assert_eq!(parse_time(&text, NOW).map(|time| time.as_secs()), Some(seconds), "{text}");
    }
    if let Some(flags) = parse_tcp_flags(token) {
        let names: Vec<&str> = tcp_flag_names(flags).collect();
        assert_eq!(parse_tcp_flags(&names.join("+")), Some(flags));
    }
}

/// `1h30m` and such, in seconds.
fn span(text: &str) -> Option<u64> {
    let (mut total, mut number, mut whole) = (0u128, None::<u128>, false);
    for c in text.trim().chars() {
        whole = !c.is_ascii_digit();
        if let Some(digit) = c.to_digit(10) {
            let so_far = number.unwrap_or(0) * 10 + u128::from(digit);
            number = Some(so_far).filter(|number| *number <= u64::MAX.into());
            number?;
            continue;
        }
        let unit = match c.to_ascii_lowercase() {
            'w' => 7 * 24 * 3600,
            'd' => 24 * 3600,
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total += number.take()? * unit;
    }
    u64::try_from(total).ok().filter(|_| whole)
}

/// The time of `2026-03-15`, `2026-03-15T10:00`, `2026-03-15T10:00:01`, and these with `Z` or `+02:00`
/// behind a time; `None` where the text has another form, `Some(None)` where there is no such time.
fn calendar(text: &str) -> Option<Option<u64>> {
    let bytes = text.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = bytes.get(range)?;
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
    };
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    if !is(4, b'-') || !is(7, b'-') {
        return None;
    }
    let (mut clock, mut offset, mut at) = ((0, 0, 0), 0, 10);
    if bytes.len() > 10 {
        clock = (number(11..13)?, number(14..16)?, 0);
        at = 16;
        if !is(10, b'T') || !is(13, b':') {
            return None;
        }
        if is(16, b':') {
            clock.2 = number(17..19)?;
            at = 19;
        }
        match bytes.get(at) {
            None => {}
            Some(b'Z') => at += 1,
            Some(sign @ (b'+' | b'-')) => {
                let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
                if !is(at + 3, b':') || hours > 23 || minutes > 59 {
                    return None;
                }
                offset = (hours * 3600 + minutes * 60) * if *sign == b'+' { 1 } else { -1 };
                at += 6;
            }
            Some(_) => return None,
        }
    }
    (bytes.len() == at).then(|| seconds((year, month, day), clock, offset))
}

/// Counts the days, year by year and month by month.
fn seconds((year, month, day): (i64, i64, i64), (hour, minute, second): (i64, i64, i64), offset: i64) -> Option<u64> {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = lengths.get(usize::try_from(month - 1).ok()?)?;
    if !(1..=*length).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let years = |range: std::ops::Range<i64>| range.map(|year| if leap(year) { 366 } else { 365 }).sum::<i64>();
    let before = if year < 1970 { -years(year..1970) } else { years(1970..year) };
    let days = before + lengths[..month as usize - 1].iter().sum::<i64>() + day - 1;
    // A leap second is the one before it.
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second.min(59) - offset;
    u64::try_from(seconds).ok()
}
