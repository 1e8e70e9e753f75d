//! NDJSON and JSON.

use super::{Style, key};
use crate::report::{Report, plain};
use crate::schema::{Value, is_hostile};
use std::fmt::Write as _;
use std::io::{self, Write};

/// One object a row, keys in the order of the columns.
pub fn ndjson(report: &mut Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    each_object(report, |object| writeln!(out, "{object}"))
}

/// An array of the same objects, one a line.
pub fn json(report: &mut Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")?;
    let mut count = 0;
    each_object(report, |object| {
        count += 1;
        write!(out, "{}{object}", if count == 1 { "\n" } else { ",\n" })
    })?;
    writeln!(out, "{}", if count == 0 { "]" } else { "\n]" })
}

fn each_object(report: &mut Report, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let keys: Vec<String> = report.columns.iter().map(|column| string(&key(&column.name))).collect();
    report.each_row(|row| {
        let members: Vec<String> =
            keys.iter().zip(row).map(|(key, value)| format!("{key}:{}", scalar(value))).collect();
        take(&format!("{{{}}}", members.join(",")))
    })
}

fn scalar(value: &Value) -> String {
    match value {
        Value::None => "null".into(),
        Value::Int(_) | Value::Decimal { .. } => plain(value),
        Value::Counts(items) => {
            let items = items.iter().map(|(value, count)| format!("{{\"value\":{},\"count\":{count}}}", scalar(value)));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Value::Text(bytes) => {
            let mut out = Vec::new();
            text(bytes, &mut out);
            String::from_utf8(out).expect("JSON is UTF-8")
        }
        other => string(&plain(other)),
    }
}

/// Appends text of the log as a JSON string.
#[inline]
pub fn text(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')) {
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    } else {
        out.extend_from_slice(string(&utf8(bytes)).as_bytes());
    }
}

/// Text with bytes that are not UTF-8 as `\xff`; JSON itself escapes the rest.
fn utf8(text: &[u8]) -> String {
    let mut out = String::new();
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        // Writing to a string does not fail.
        chunk.invalid().iter().for_each(|byte| _ = write!(out, "\\x{byte:02x}"));
    }
    out
}

/// A JSON string that is also inert on a terminal: what JSON allows raw but a terminal would obey
/// is escaped, too.
pub fn string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if is_hostile(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(out, "\\u{unit:04x}"));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_json_and_inert() {
        for text in ["plain", "\"quoted\" \\", "\u{1b}[2J\u{7}", "\u{9b}31m", "\u{202e}abc", "\u{e0001}"] {
            let written = string(text);
            assert!(!written.chars().any(is_hostile), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), text);
        }
        assert_eq!(scalar(&Value::Text(b"a\xffb".to_vec())), r#""a\\xffb""#);
        assert_eq!(scalar(&Value::Int(u128::MAX)), u128::MAX.to_string());
        let counts = Value::Counts(vec![(Value::text("a\""), 3), (Value::Int(7), 1)]);
        assert_eq!(scalar(&counts), r#"[{"value":"a\"","count":3},{"value":7,"count":1}]"#);
    }
}
