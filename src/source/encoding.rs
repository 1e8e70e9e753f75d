//! The one table of encodings: what a file is, told by its first bytes and never by its name.

/// How the bytes of a file become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Text,
    Gzip,
    /// Something known that is not read.
    Foreign(&'static str),
}

const TABLE: [(&[u8], Encoding); 12] = [
    (b"\x1f\x8b", Encoding::Gzip),
    (b"PAR1", Encoding::Foreign("Parquet")),
    (b"\x28\xb5\x2f\xfd", Encoding::Foreign("zstd")),
    (b"BZh", Encoding::Foreign("bzip2")),
    (b"\xfd7zXZ\0", Encoding::Foreign("xz")),
    (b"PK\x03\x04", Encoding::Foreign("a zip archive")),
    (b"\xff\xfe", Encoding::Foreign("UTF-16 text")),
    (b"\xfe\xff", Encoding::Foreign("UTF-16 text")),
    (b"{", Encoding::Foreign("JSON")),
    (b"[{", Encoding::Foreign("JSON")),
    (b"[\n", Encoding::Foreign("JSON")),
    (b"\x7fELF", Encoding::Foreign("a program")),
];

/// The longest beginning that `detect` looks at, in bytes.
pub const LONGEST: usize = 6;

impl Encoding {
    /// Tells the encoding by the first bytes.
    pub fn detect(head: &[u8]) -> Encoding {
        TABLE.iter().find(|(magic, _)| head.starts_with(magic)).map_or(Encoding::Text, |(_, encoding)| *encoding)
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
        assert_eq!(Encoding::detect(b"PAR1"), Encoding::Foreign("Parquet"));
        assert!(TABLE.iter().all(|(magic, _)| magic.len() <= LONGEST));
    }
}
