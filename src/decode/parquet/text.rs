//! Stored values as text, for fields of text and for values that their field cannot hold.

use super::footer::{Logical, Physical};
use jiff::Timestamp;
use jiff::civil::Date;
use std::io::Write;

/// Writes a number, as `Stream::words` gives it, with so many digits at least.
pub fn word(word: u64, physical: Physical, logical: Logical, digits: usize, out: &mut Vec<u8>) {
    let signed = word as i64;
    // Writing to memory does not fail.
    _ = match (physical, logical) {
        (Physical::Bool, _) => write!(out, "{}", word != 0),
        (Physical::Float, _) => write!(out, "{:0digits$}", f64::from_bits(word) as f32),
        (Physical::Double, _) => write!(out, "{:0digits$}", f64::from_bits(word)),
        (Physical::Int96, _) => moment(signed, 1_000_000, out),
        (_, Logical::Timestamp(units)) => moment(signed, units, out),
        (_, Logical::Date) => match Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(days(signed))) {
            Ok(date) => write!(out, "{date}"),
            Err(_) => write!(out, "{signed}"),
        },
        (_, Logical::Time(units)) => {
            let (seconds, rest) = (signed.div_euclid(units as i64), signed.rem_euclid(units as i64));
            let clock = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
            clock.and_then(|()| fraction(rest, units, out))
        }
        (_, Logical::Decimal(places)) => decimal(signed.into(), places, out),
        (_, Logical::Unsigned) => write!(out, "{word:0digits$}"),
        _ => write!(out, "{signed:0digits$}"),
    };
}

/// Days that a date can be away from 1970; others are shown as numbers.
fn days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX).clamp(-4_000_000, 4_000_000)
}

fn moment(time: i64, units: u64, out: &mut Vec<u8>) -> std::io::Result<()> {
    let units = units as i64;
    let nanos = time.rem_euclid(units) * (1_000_000_000 / units);
    match Timestamp::new(time.div_euclid(units), nanos as i32) {
        Ok(moment) => write!(out, "{moment}"),
        Err(_) => write!(out, "{time}"),
    }
}

/// What is behind a whole second, if there is anything.
fn fraction(rest: i64, units: u64, out: &mut Vec<u8>) -> std::io::Result<()> {
    match rest {
        0 => Ok(()),
        _ => write!(out, ".{rest:0width$}", width = units.ilog10() as usize),
    }
}

fn decimal(number: i128, places: u32, out: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(unit) = 10u128.checked_pow(places).filter(|_| places > 0) else {
        return write!(out, "{number}");
    };
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    match rest {
        0 => write!(out, "{sign}{whole}"),
        _ => write!(out, "{sign}{whole}.{rest:0width$}", width = places as usize),
    }
}

/// Writes bytes by what they mean; what has no text of its own as hexadecimal digits.
pub fn bytes(bytes: &[u8], logical: Logical, out: &mut Vec<u8>) {
    match logical {
        Logical::Decimal(places) if (1..=16).contains(&bytes.len()) => {
            let sign = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
            let number = bytes.iter().fold(sign, |number: i128, byte| number << 8 | i128::from(*byte));
            _ = decimal(number, places, out);
        }
        Logical::Uuid if bytes.len() == 16 => {
            for (i, byte) in bytes.iter().enumerate() {
                let dash = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
                _ = write!(out, "{dash}{byte:02x}");
            }
        }
        Logical::Half if bytes.len() == 2 => _ = write!(out, "{}", half(u16::from_le_bytes([bytes[0], bytes[1]]))),
        Logical::Half | Logical::Decimal(_) | Logical::Uuid | Logical::Opaque => {
            bytes.iter().for_each(|byte| _ = write!(out, "{byte:02x}"));
        }
        _ => out.extend_from_slice(bytes),
    }
}

/// The number in 16 bits of floating point.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, rest) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => rest * 2f32.powi(-24),
        31 if rest == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + rest / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(word_: u64, physical: Physical, logical: Logical) -> String {
        let mut out = Vec::new();
        word(word_, physical, logical, 0, &mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn numbers_by_their_meaning() {
        let int = |n: i64, logical| shown(n as u64, Physical::Int64, logical);
        assert_eq!(int(-5, Logical::None), "-5");
        assert_eq!(int(-1, Logical::Unsigned), "18446744073709551615");
        assert_eq!(int(19_000, Logical::Date), "2022-01-08");
        assert_eq!(int(i64::MAX, Logical::Date), i64::MAX.to_string());
        assert_eq!(int(-1, Logical::Timestamp(1000)), "1969-12-31T23:59:59.999Z");
        assert_eq!(int(i64::MIN, Logical::Timestamp(1000)), i64::MIN.to_string());
        assert_eq!(int(3_723_000_007, Logical::Time(1_000_000)), "01:02:03.000007");
        assert_eq!(int(-12_345, Logical::Decimal(2)), "-123.45");
        assert_eq!(int(500, Logical::Decimal(2)), "5");
        assert_eq!(int(5, Logical::Decimal(99)), "5");
        assert_eq!(shown(1.5f64.to_bits(), Physical::Double, Logical::None), "1.5");
        assert_eq!(shown(123456789012f64.to_bits(), Physical::Double, Logical::None), "123456789012");
        assert_eq!(shown(0.1f32.into_f64_bits(), Physical::Float, Logical::None), "0.1");
        assert_eq!(shown(1, Physical::Bool, Logical::None), "true");
        let mut account = Vec::new();
        word(12_345_678, Physical::Int64, Logical::None, 12, &mut account);
        assert_eq!(account, b"000012345678");
    }

    trait Bits {
        fn into_f64_bits(self) -> u64;
    }

    impl Bits for f32 {
        fn into_f64_bits(self) -> u64 {
            f64::from(self).to_bits()
        }
    }

    #[test]
    fn bytes_by_their_meaning() {
        let shown = |value: &[u8], logical| {
            let mut out = Vec::new();
            bytes(value, logical, &mut out);
            String::from_utf8(out).expect("text")
        };
        assert_eq!(shown(b"eni-1", Logical::Text), "eni-1");
        assert_eq!(shown(&[0xff, 0x38], Logical::Decimal(1)), "-20");
        assert_eq!(shown(&[0x03, 0xe9], Logical::Decimal(1)), "100.1");
        assert_eq!(shown(&[0x00, 0x3c], Logical::Half), "1");
        assert_eq!(shown(&[1, 0xab], Logical::Opaque), "01ab");
        assert_eq!(shown(&[0x11; 16], Logical::Uuid), "11111111-1111-1111-1111-111111111111");
        assert_eq!(shown(&[0x11; 3], Logical::Uuid), "111111");
    }
}
