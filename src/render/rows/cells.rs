//! Values as bytes, appended to what is there: the same text as `report::plain` makes, but without
//! a `String` for each.

use crate::render::json;
use crate::report::plain;
use crate::schema::{Cell, Value, escape, iana};
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Times up to here, in seconds, are dates; it is the year 9892.
pub(super) const DATES: u64 = 250_000_000_000;

const DAY: u64 = 86_400;

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

/// `0.` to `255.`, with their lengths.
const OCTETS: [([u8; 4], u8); 256] = {
    let mut octets = [([b'.'; 4], 0); 256];
    let mut i = 0;
    while i < 256 {
        let digits = [b'0' + (i / 100) as u8, b'0' + (i / 10 % 10) as u8, b'0' + (i % 10) as u8];
        let skip = if i < 10 {
            2
        } else if i < 100 {
            1
        } else {
            0
        };
        let mut j = skip;
        while j < 3 {
            octets[i].0[j - skip] = digits[j];
            j += 1;
        }
        octets[i].1 = 4 - skip as u8;
        i += 1;
    }
    octets
};

/// Writes numbers, addresses, times and protocols. The day of the last time is kept: times of one
/// log are mostly of one day.
#[derive(Debug)]
pub struct Writer {
    day: u64,
    date: [u8; 11],
}

impl Default for Writer {
    fn default() -> Self {
        Writer { day: 0, date: *b"1970-01-01T" }
    }
}

impl Writer {
    /// Appends a value that is not text; nothing where there is none.
    #[inline]
    pub fn plain(&mut self, cell: &Cell<'_>, out: &mut Vec<u8>) {
        match *cell {
            Cell::None => {}
            Cell::V4(address) => v4(address, out),
            Cell::V6(address) => v6(address, out),
            Cell::Number(value) => number(value, out),
            Cell::Protocol(value) => match iana::protocol_name(value) {
                Some(name) => out.extend_from_slice(name.as_bytes()),
                None => number(value.into(), out),
            },
            Cell::Time(seconds) => self.time(seconds, out),
            Cell::Network4(address, length) => {
                v4(address, out);
                out.push(b'/');
                number(length.into(), out);
            }
            Cell::Network6(address, length) => {
                v6(address, out);
                out.push(b'/');
                number(length.into(), out);
            }
            Cell::Text(bytes) => text(bytes, out),
        }
    }

    /// Appends a value as JSON: numbers are numbers, everything else is text; nothing where there is
    /// none.
    #[inline]
    pub fn json(&mut self, cell: &Cell<'_>, out: &mut Vec<u8>) {
        match cell {
            Cell::None => {}
            Cell::Number(value) => number(*value, out),
            Cell::Text(bytes) => json::text(bytes, out),
            other => {
                out.push(b'"');
                self.plain(other, out);
                out.push(b'"');
            }
        }
    }

    #[inline]
    fn time(&mut self, seconds: u64, out: &mut Vec<u8>) {
        if seconds >= DATES {
            return out.extend_from_slice(plain(&Value::Time(seconds)).as_bytes());
        }
        let day = seconds / DAY;
        if day != self.day {
            (self.day, self.date) = (day, date(day));
        }
        let rest = (seconds % DAY) as usize;
        let mut text = *b"0000-00-00T00:00:00Z";
        text[..11].copy_from_slice(&self.date);
        text[11..13].copy_from_slice(&PAIRS[rest / 3600]);
        text[14..16].copy_from_slice(&PAIRS[rest / 60 % 60]);
        text[17..19].copy_from_slice(&PAIRS[rest % 60]);
        out.extend_from_slice(&text);
    }
}

/// The date of a day since the epoch (Howard Hinnant's `civil_from_days`: years begin in March, so
/// that the day that is sometimes missing is the last).
fn date(day: u64) -> [u8; 11] {
    let day = day + 719_468;
    let era = day / 146_097;
    let of_era = day % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * shifted + 2) / 5 + 1) as usize;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as usize;
    let year = (year_of_era + era * 400 + u64::from(month <= 2)) as usize;
    let mut text = *b"0000-00-00T";
    text[..2].copy_from_slice(&PAIRS[year / 100]);
    text[2..4].copy_from_slice(&PAIRS[year % 100]);
    text[5..7].copy_from_slice(&PAIRS[month]);
    text[8..10].copy_from_slice(&PAIRS[day]);
    text
}

/// Appends text with what is hostile in it escaped.
#[inline]
pub fn text(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|b| matches!(b, b' '..=b'~')) {
        out.extend_from_slice(bytes);
    } else {
        out.extend_from_slice(escape(bytes).as_bytes());
    }
}

/// Appends a number.
#[inline]
pub fn number(mut value: u64, out: &mut Vec<u8>) {
    if value < 10 {
        return out.push(b'0' + value as u8);
    }
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    while value >= 10 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[(value % 100) as usize]);
        value /= 100;
    }
    if value > 0 {
        at -= 1;
        digits[at] = b'0' + value as u8;
    }
    out.extend_from_slice(&digits[at..]);
}

#[inline]
fn v4(address: u32, out: &mut Vec<u8>) {
    let mut text = [0u8; 16];
    let mut end = 0;
    for octet in address.to_be_bytes() {
        let (digits, length) = &OCTETS[usize::from(octet)];
        text[end..end + 4].copy_from_slice(digits);
        end += usize::from(*length);
    }
    out.extend_from_slice(&text[..end - 1]);
}

fn v6(address: u128, out: &mut Vec<u8>) {
    // Memory does not fail.
    _ = write!(out, "{}", Ipv6Addr::from(address));
}

/// The value as one of its own.
pub fn value(cell: &Cell<'_>) -> Value {
    match *cell {
        Cell::None => Value::None,
        Cell::V4(address) => Value::Ip(Ipv4Addr::from(address).into()),
        Cell::V6(address) => Value::Ip(Ipv6Addr::from(address).into()),
        Cell::Network4(address, length) => Value::Network(Ipv4Addr::from(address).into(), length),
        Cell::Network6(address, length) => Value::Network(Ipv6Addr::from(address).into(), length),
        Cell::Number(number) => Value::Int(number.into()),
        Cell::Protocol(number) => Value::Protocol(number),
        Cell::Time(seconds) => Value::Time(seconds),
        Cell::Text(text) => Value::Text(text.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(writer: &mut Writer, cell: Cell<'_>) {
        let mut out = b"before ".to_vec();
        writer.plain(&cell, &mut out);
        let expected = format!("before {}", plain(&value(&cell)));
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }

    #[test]
    fn every_day_of_eight_thousand_years() {
        let mut writer = Writer::default();
        for day in 0..DATES / DAY {
            holds(&mut writer, Cell::Time(day * DAY + day % DAY));
        }
    }

    #[test]
    fn values_at_the_edges() {
        let mut writer = Writer::default();
        for number in [0, 9, 10, 99, 100, 101, 999, 1000, u64::MAX] {
            holds(&mut writer, Cell::Number(number));
            holds(&mut writer, Cell::Time(number));
        }
        for time in [DATES - 1, DATES, 253_402_207_200, 253_402_207_201] {
            holds(&mut writer, Cell::Time(time));
        }
        (0..=255).for_each(|protocol| holds(&mut writer, Cell::Protocol(protocol)));
        (0..=255u32).for_each(|octet| holds(&mut writer, Cell::V4(octet << 24 | octet << 8)));
        holds(&mut writer, Cell::None);
    }

    proptest! {
        #[test]
        fn the_same_as_the_slow_way(v4: u32, v6: u128, number: u64, length in 0u8..32, seconds in 0..2 * DATES, text in "\\PC{0,9}", bytes: Vec<u8>) {
            let mut writer = Writer::default();
            for cell in [
                Cell::V4(v4), Cell::V6(v6), Cell::Number(number), Cell::Time(seconds), Cell::Network4(v4, length),
                Cell::Network6(v6, length), Cell::Text(text.as_bytes()), Cell::Text(&bytes),
            ] {
                holds(&mut writer, cell);
            }
        }
    }
}
