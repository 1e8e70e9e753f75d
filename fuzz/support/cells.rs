//! Values of every kind, made of any bytes, and what holds for all that is written of them.

use libfuzzer_sys::arbitrary::{self, Arbitrary, Result, Unstructured};
use std::net::IpAddr;
use vpcflow::schema::{Value, is_hostile};

/// The values of a column are of one kind.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub enum Kind {
    Address,
    Network,
    Int,
    Decimal,
    Protocol,
    Time,
    Text,
    Counts,
}

/// A value of a kind, or none.
pub fn value(u: &mut Unstructured<'_>, kind: Kind) -> Result<Value> {
    if u.ratio(1, 8)? {
        return Ok(Value::None);
    }
    Ok(match kind {
        Kind::Address => Value::Ip(u.arbitrary()?),
        Kind::Network => match u.arbitrary::<IpAddr>()? {
            IpAddr::V4(v4) => Value::Network(v4.into(), u.int_in_range(0..=32)?),
            IpAddr::V6(v6) => Value::Network(v6.into(), u.int_in_range(0..=128)?),
        },
        Kind::Int => Value::Int(if u.arbitrary()? { u.arbitrary::<u128>()? } else { u.arbitrary::<u16>()?.into() }),
        Kind::Decimal => {
            let most = 10i128.pow(30);
            Value::Decimal { units: u.int_in_range(-most..=most)?, places: u.int_in_range(0..=6)? }
        }
        Kind::Protocol => Value::Protocol(u.arbitrary()?),
        Kind::Time => Value::Time(if u.arbitrary()? { u.arbitrary()? } else { u.arbitrary::<u32>()?.into() }),
        Kind::Text => Value::Text(bytes(u)?),
        Kind::Counts => {
            let inner = *u.choose(&[Kind::Address, Kind::Int, Kind::Protocol, Kind::Text])?;
            let count = u.int_in_range(0..=5)?;
            let item = |_| Ok((value(u, inner)?, u.arbitrary::<u64>()?.into()));
            Value::Counts((0..count).map(item).collect::<Result<_>>()?)
        }
    })
}

/// A few bytes, or many of the same few.
pub fn bytes(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = u.int_in_range(0..=24)?;
    let some = u.bytes(length.min(u.len()))?;
    let times = *u.choose(&[1, 1, 1, 2, 9, 40])?;
    Ok(some.repeat(times))
}

/// A name as headings have them: mostly letters, and any text where a Parquet file says so.
pub fn name(u: &mut Unstructured<'_>) -> Result<String> {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-()/,._";
    let bytes = bytes(u)?;
    if u.ratio(1, 4)? {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(bytes.iter().map(|b| char::from(LETTERS[usize::from(*b) % LETTERS.len()])).collect())
}

/// The first character that does something other than stand there; newlines end lines.
pub fn hostile(text: &str) -> Option<char> {
    text.chars().find(|c| *c != '\n' && is_hostile(*c))
}

/// The text as JSON has it: bytes that are not UTF-8 as `\xff`.
pub fn lossless(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

/// The bars between cells of Markdown: those that no backslash stands before.
pub fn bars(line: &str) -> usize {
    let (mut count, mut escaped) = (0, false);
    for c in line.chars() {
        count += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    count
}
