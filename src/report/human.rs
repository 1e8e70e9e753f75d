//! Numbers and values as people read them.

use super::Unit;
use crate::schema::{Value, escape, iana};
use std::net::IpAddr;

/// Bytes in decimal units with three or four digits: `999 B`, `1.2 GB`.
pub fn bytes(count: u128) -> String {
    const UNITS: [&str; 10] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB", "RB"];
    let mut unit = 0;
    let mut scale: u128 = 1;
    // Rounded to one decimal, 999.95 kB is 1.0 MB.
    while unit + 1 < UNITS.len() && count >= scale * 1000 - scale / 20 {
        scale *= 1000;
        unit += 1;
    }
    if unit == 0 {
        return format!("{count} B");
    }
    let tenths = count / (scale / 10) + u128::from(count % (scale / 10) >= scale / 20);
    format!("{}.{} {}", count_digits(tenths / 10), tenths % 10, UNITS[unit])
}

/// A number with a comma between thousands: `1,234,567`.
pub fn count(number: u128) -> String {
    count_digits(number)
}

fn count_digits(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A value as a table shows it.
pub fn human(value: &Value, unit: Unit) -> String {
    match (value, unit) {
        (Value::None, _) => "-".into(),
        (Value::Int(_) | Value::Decimal { .. }, unit) if let Some(unit) = unit.changed() => change(value, unit),
        (Value::Int(number), Unit::Count) => count(*number),
        (Value::Int(number), Unit::Bytes) => bytes(*number),
        (Value::Decimal { units, places }, Unit::Share) => {
            let value = Value::ratio(u128::try_from(*units).unwrap_or(0), 10u128.pow((*places).into()), 100, 1);
            format!("{}%", plain(&value))
        }
        (Value::Decimal { units: ..0, .. }, Unit::Count | Unit::Bytes) => change(value, unit),
        (Value::Decimal { units, places }, Unit::Bytes) => {
            bytes(u128::try_from(*units).unwrap_or(0) / 10u128.pow((*places).into()))
        }
        (Value::Decimal { .. }, Unit::Count) => {
            let text = plain(value);
            let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
            format!("{}.{part}", count(whole.parse().unwrap_or(0)))
        }
        (Value::Decimal { .. }, Unit::Percent) => format!("{}%", plain(value)),
        (value, _) => plain(value),
    }
}

/// A change, with its sign.
fn change(value: &Value, unit: Unit) -> String {
    match value {
        Value::Decimal { units, places: 0 } => sign(*units) + &human(&Value::Int(units.unsigned_abs()), unit),
        Value::Decimal { units, places } => {
            sign(*units) + &human(&Value::Decimal { units: units.abs(), places: *places }, unit)
        }
        other => sign(other.as_int().min(1) as i128) + &human(other, unit),
    }
}

fn sign(number: i128) -> String {
    match number.signum() {
        -1 => "-".into(),
        0 => String::new(),
        _ => "+".into(),
    }
}

/// A value as every format but tables writes it; `None` is empty.
pub fn plain(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Ip(address) => address.to_string(),
        Value::Network(address, length) => {
            let whole = match address {
                IpAddr::V4(_) => 32,
                IpAddr::V6(_) => 128,
            };
            if *length == whole { address.to_string() } else { format!("{address}/{length}") }
        }
        Value::Int(number) => number.to_string(),
        Value::Decimal { units, places } => {
            let scale = 10i128.pow((*places).into());
            let sign = if *units < 0 { "-" } else { "" };
            let (whole, part) = ((units / scale).abs(), (units % scale).abs());
            match places {
                0 => format!("{sign}{whole}"),
                places => format!("{sign}{whole}.{part:0width$}", width = usize::from(*places)),
            }
        }
        Value::Protocol(number) => match iana::protocol_name(*number) {
            Some(name) => name.into(),
            None => number.to_string(),
        },
        Value::Time(seconds) => time(*seconds),
        Value::Text(text) => escape(text),
        Value::Counts(items) => {
            let items = items.iter().map(|(value, count)| format!("{} ({count})", plain(value)));
            items.collect::<Vec<_>>().join(", ")
        }
    }
}

/// RFC 3339 in UTC; a time beyond the year 9999 is left as seconds.
fn time(seconds: u64) -> String {
    let stamp = i64::try_from(seconds).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
    stamp.map_or_else(|| seconds.to_string(), |stamp| stamp.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_decimal_units() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1049, "1.0 kB"),
            (1050, "1.1 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (3_409_846_950, "3.4 GB"),
            (u128::from(u64::MAX) * 3, "55.3 EB"),
            (1_234_567 * 10u128.pow(27), "1,234,567.0 RB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn values_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(123), "123");
        assert_eq!(human(&Value::Decimal { units: 7555, places: 4 }, Unit::Share), "75.6%");
        assert_eq!(human(&Value::Decimal { units: 24_356_049_643, places: 2 }, Unit::Bytes), "243.6 MB");
        assert_eq!(human(&Value::Decimal { units: 123_456_789, places: 2 }, Unit::Count), "1,234,567.89");
        assert_eq!(plain(&Value::Decimal { units: 7555, places: 4 }), "0.7555");
        assert_eq!(plain(&Value::Decimal { units: -5, places: 2 }), "-0.05");
        let change = |units, places, unit| human(&Value::Decimal { units, places }, unit);
        assert_eq!(change(-1_234_567, 0, Unit::BytesChange), "-1.2 MB");
        assert_eq!(change(1_234_567, 0, Unit::CountChange), "+1,234,567");
        assert_eq!(change(-5, 2, Unit::PercentChange), "-0.05%");
        assert_eq!(change(0, 0, Unit::CountChange), "0");
        assert_eq!(change(-12_345_678, 4, Unit::Count), "-1,234.5678");
        assert_eq!(plain(&Value::Time(1_773_542_717)), "2026-03-15T02:45:17Z");
        assert_eq!(plain(&Value::Time(u64::MAX)), "18446744073709551615");
        assert_eq!(plain(&Value::Protocol(6)), "tcp");
        assert_eq!(plain(&Value::Protocol(253)), "253");
        assert_eq!(plain(&Value::Counts(vec![(Value::Protocol(6), 75), (Value::text("a"), 2)])), "tcp (75), a (2)");
        assert_eq!(plain(&Value::Network("10.0.0.0".parse().unwrap(), 24)), "10.0.0.0/24");
        assert_eq!(plain(&Value::Network("::1".parse().unwrap(), 128)), "::1");
    }
}
