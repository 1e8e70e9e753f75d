//! The key: 32 bytes, as they are or in hexadecimal digits.

/// So many bytes are a key.
pub const LENGTH: usize = 32;

/// A secret. Whoever has it can undo what was done with it.
pub struct Key([u8; LENGTH]);

/// Why something is no key. Nothing of it is told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("found {0} bytes")]
    Length(usize),
    #[error("found 64 characters that are not all hexadecimal digits")]
    Digits,
    #[error("found 32 hexadecimal digits, which are half a key")]
    Half,
}

impl Key {
    /// Reads what a file holds: 32 bytes, or 64 hexadecimal digits and white space around them.
    pub fn parse(bytes: &[u8]) -> Result<Key, KeyError> {
        let text = bytes.trim_ascii();
        let is_hex = text.iter().all(u8::is_ascii_hexdigit);
        match (text.len(), bytes.len()) {
            (64, _) if is_hex => Ok(Key(std::array::from_fn(|i| digit(text[2 * i]) << 4 | digit(text[2 * i + 1])))),
            (64, _) => Err(KeyError::Digits),
            (LENGTH, _) if is_hex => Err(KeyError::Half),
            (_, LENGTH) => Ok(Key(std::array::from_fn(|i| bytes[i]))),
            (_, length) => Err(KeyError::Length(length)),
        }
    }

    /// The first and the second half.
    pub(super) fn halves(&self) -> (&[u8; 16], &[u8; 16]) {
        let halves = self.0.first_chunk().zip(self.0.last_chunk());
        halves.expect("32 bytes have two halves")
    }
}

/// The value of a hexadecimal digit.
fn digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_or_digits() {
        let bytes: Vec<u8> = (0..=31).map(|i| i * 8 + 7).collect();
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [digits.clone(), digits.to_uppercase(), format!("{digits}\n"), format!("  {digits}\r\n")] {
            assert_eq!(Key::parse(text.as_bytes()).expect("a key").0, *bytes);
        }
        assert_eq!(Key::parse(&bytes).expect("a key").0, *bytes);
        // White space at the ends of bytes belongs to them.
        let spaces = [&b" "[..], &bytes[..30], b"\n"].concat();
        assert_eq!(Key::parse(&spaces).expect("a key").0, *spaces);
    }

    #[test]
    fn what_is_no_key() {
        let error = |bytes: &[u8]| Key::parse(bytes).err();
        assert_eq!(error(b""), Some(KeyError::Length(0)));
        assert_eq!(error(&[1; 31]), Some(KeyError::Length(31)));
        assert_eq!(error(&[1; 33]), Some(KeyError::Length(33)));
        assert_eq!(error(&[b'g'; 64]), Some(KeyError::Digits));
        assert_eq!(error(&[b'a'; 63]), Some(KeyError::Length(63)));
        assert_eq!(error(&[b'a'; 32]), Some(KeyError::Half));
        assert_eq!(error(&[&[b'a'; 32][..], b"\n"].concat()), Some(KeyError::Half));
    }
}
