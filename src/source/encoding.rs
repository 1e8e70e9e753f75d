//! The one table of encodings: what a file is, told by its first bytes and never by its name.

use crate::schema::BYTE_ORDER_MARK;

/// How the bytes of a file become records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Lines.
    Text,
    Gzip,
    Json,
    Parquet,
    /// Something known that is not read.
    Foreign(&'static str),
}

const TABLE: [(&[u8], Encoding); 9] = [
    (b"\x1f\x8b", Encoding::Gzip),
    (b"PAR1", Encoding::Parquet),
    (b"\x28\xb5\x2f\xfd", Encoding::Foreign("zstd")),
    (b"BZh", Encoding::Foreign("bzip2")),
    (b"\xfd7zXZ\0", Encoding::Foreign("xz")),
    (b"PK\x03\x04", Encoding::Foreign("a zip archive")),
    (b"\xff\xfe", Encoding::Foreign("UTF-16 text")),
    (b"\xfe\xff", Encoding::Foreign("UTF-16 text")),
    (b"\x7fELF", Encoding::Foreign("a program")),
];

/// As many bytes are looked at: white space may stand before JSON.
pub const LONGEST: usize = 256;

/// The longest beginning of the table, in bytes.
const MAGIC: usize = 6;

/// Whether so many bytes are enough to tell: a stream may not have more yet.
pub fn is_told(head: &[u8]) -> bool {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    let text = text.strip_prefix(b"[").map_or(text, <[u8]>::trim_ascii_start);
    head.len() >= MAGIC && !text.is_empty()
}

impl Encoding {
    /// Tells the encoding by the first bytes.
    pub fn detect(head: &[u8]) -> Encoding {
        let known = TABLE.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, encoding)| *encoding);
        known.unwrap_or(if is_json(head) { Encoding::Json } else { Encoding::Text })
    }
}

/// Whether an object begins here, or an array of something: no line of a flow log begins so.
fn is_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    match head.split_first() {
        Some((b'{', _)) => true,
        Some((b'[', rest)) => {
            rest.starts_with(b"\n") || matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b'[' | b']' | b'"'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_by_content() {
        assert_eq!(Encoding::detect(b"\x1f\x8b\x08"), Encoding::Gzip);
        assert_eq!(Encoding::detect(b"version account-id"), Encoding::Text);
        assert_eq!(Encoding::detect(b""), Encoding::Text);
        assert_eq!(Encoding::detect(b"PAR1"), Encoding::Parquet);
        for json in ["{", "\u{feff} {\"", "[", "[]", " \n[ {", "[[{", "[\n1", "[\""] {
            assert_eq!(Encoding::detect(json.as_bytes()), Encoding::Json, "{json}");
        }
        assert_eq!(Encoding::detect(b"[2026-03-15 12:00] started"), Encoding::Text);
        assert!(TABLE.iter().all(|(magic, _)| magic.len() <= MAGIC));
    }
}
