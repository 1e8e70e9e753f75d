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

const TABLE: [(&[u8], Encoding); 13] = [
    (b"\x1f\x8b", Encoding::Gzip),
    (b"PAR1", Encoding::Parquet),
    (b"\x28\xb5\x2f\xfd", Encoding::Foreign("zstd")),
    (b"BZh", Encoding::Foreign("bzip2")),
    (b"\xfd7zXZ\0", Encoding::Foreign("xz")),
    (b"\x04\x22\x4d\x18", Encoding::Foreign("lz4")),
    (b"\xff\x06\0\0sNaPpY", Encoding::Foreign("snappy")),
    (b"PK\x03\x04", Encoding::Foreign("a zip archive")),
    (b"7z\xbc\xaf\x27\x1c", Encoding::Foreign("a 7z archive")),
    (b"\x1f\x9d", Encoding::Foreign("compress (.Z)")),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"\x7fELF", Encoding::Foreign("a program")),
];

const UTF_16: Encoding = Encoding::Foreign("UTF-16 text");

/// What stands in the first header of a tar archive, and where.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// As many bytes are looked at: white space may stand before JSON, and a tar archive says late what it
/// is.
pub const LONGEST: usize = 512;

/// The longest beginning of the table, in bytes.
const MAGIC: usize = 10;

/// Whether so many bytes are enough to tell: a stream may not have more yet.
pub fn is_told(head: &[u8]) -> bool {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    let text = text.strip_prefix(b"[").map_or(text, <[u8]>::trim_ascii_start);
    let ends_line = || head.contains(&b'\n') || head.len() >= LONGEST;
    head.len() >= MAGIC && !text.is_empty() && (Encoding::detect(head) != Encoding::Text || ends_line())
}

impl Encoding {
    /// Tells the encoding by the first bytes: of a whole file, by as many as of a stream.
    pub fn detect(head: &[u8]) -> Encoding {
        let head = &head[..head.len().min(LONGEST)];
        let known = TABLE.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, encoding)| *encoding);
        known.or_else(|| unmarked(head)).unwrap_or(if is_json(head) { Encoding::Json } else { Encoding::Text })
    }
}

/// What does not say at its first byte what it is.
fn unmarked(head: &[u8]) -> Option<Encoding> {
    if head.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1)) {
        return Some(Encoding::Foreign("a tar archive"));
    }
    // UTF-16 without a byte order mark: every other byte of plain letters is zero.
    let is_zero = |place: usize| head[place] == 0;
    let wide = head.len() >= MAGIC && is_zero(0) != is_zero(1) && (2..MAGIC).all(|i| is_zero(i) == is_zero(i % 2));
    wide.then_some(UTF_16)
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
        // No more is looked at of a whole file than of a stream.
        let blank = |count: usize| " ".repeat(count) + "{\"message\":1}";
        assert_eq!(Encoding::detect(blank(LONGEST - 1).as_bytes()), Encoding::Json);
        assert_eq!(Encoding::detect(blank(LONGEST).as_bytes()), Encoding::Text);
    }

    #[test]
    fn what_does_not_begin_with_what_it_is() {
        let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        assert_eq!(Encoding::detect(&utf16("version account-id", u16::to_le_bytes)), UTF_16);
        assert_eq!(Encoding::detect(&utf16("version account-id", u16::to_be_bytes)), UTF_16);
        assert_eq!(Encoding::detect(&[0; LONGEST]), Encoding::Text);
        let mut tar = vec![0; LONGEST];
        tar[..5].copy_from_slice(b"x.log");
        tar[TAR.0..TAR.0 + 5].copy_from_slice(TAR.1);
        assert_eq!(Encoding::detect(&tar), Encoding::Foreign("a tar archive"));
        assert!(is_told(&tar) && !is_told(&tar[..200]), "it is read on");
        assert!(is_told(b"version\naccount") && is_told(b"{\"a\":1,\"b\"") && !is_told(b"version account"));
    }
}
