//! The text of a JSON string, whatever the pieces it comes in.

use memchr::memchr2;

/// Where a string stands between two pieces.
#[derive(Default)]
pub struct Unescape {
    /// An escape that has begun, from its backslash.
    escape: [u8; 6],
    len: usize,
    /// The first half of a surrogate pair.
    high: Option<u32>,
}

/// How far a string was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// To behind its closing quote.
    Whole(usize),
    /// To the end of the piece.
    Part,
}

/// The place of an escape that is none.
#[derive(Debug, PartialEq, Eq)]
pub struct BadEscape(pub usize);

impl Unescape {
    /// Reads on in a string from `text[at]`, and hands on its text. Bytes that are not UTF-8 pass,
    /// halves of surrogate pairs become U+FFFD.
    #[inline]
    pub fn read(&mut self, text: &[u8], mut at: usize, mut put: impl FnMut(&[u8])) -> Result<Read, BadEscape> {
        loop {
            if self.len > 0 {
                let Some(&byte) = text.get(at) else { return Ok(Read::Part) };
                self.escape[self.len] = byte;
                self.len += 1;
                if !self.resolve(&mut put) {
                    return Err(BadEscape(at));
                }
                at += 1;
                continue;
            }
            let stop = memchr2(b'"', b'\\', &text[at..]).map(|n| at + n);
            let plain = &text[at..stop.unwrap_or(text.len())];
            if !plain.is_empty() {
                self.lone(&mut put);
                put(plain);
            }
            let Some(stop) = stop else { return Ok(Read::Part) };
            at = stop + 1;
            if text[stop] == b'"' {
                self.lone(&mut put);
                return Ok(Read::Whole(at));
            }
            (self.escape[0], self.len) = (b'\\', 1);
        }
    }

    /// Looks at the escape so far; `false` if it is none.
    fn resolve(&mut self, put: &mut impl FnMut(&[u8])) -> bool {
        let byte = match self.escape[1] {
            b'u' => return self.resolve_code(put),
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            byte @ (b'"' | b'\\' | b'/') => byte,
            _ => return false,
        };
        self.len = 0;
        self.lone(put);
        put(&[byte]);
        true
    }

    fn resolve_code(&mut self, put: &mut impl FnMut(&[u8])) -> bool {
        if self.len > 2 && !self.escape[self.len - 1].is_ascii_hexdigit() {
            return false;
        }
        if self.len < 6 {
            return true;
        }
        self.len = 0;
        let digit = |code: u32, byte: &u8| code << 4 | (*byte as char).to_digit(16).unwrap_or(0);
        let code = self.escape[2..].iter().fold(0, digit);
        match (self.high.take(), code) {
            (Some(high), 0xdc00..=0xdfff) => put_char(0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00), put),
            (before, _) => {
                self.high = before;
                self.lone(put);
                match code {
                    0xd800..=0xdbff => self.high = Some(code),
                    _ => put_char(code, put),
                }
            }
        }
        true
    }

    /// Hands on the first half of a pair whose second half did not come.
    #[inline]
    fn lone(&mut self, put: &mut impl FnMut(&[u8])) {
        if let Some(high) = self.high.take() {
            put_char(high, put);
        }
    }
}

fn put_char(code: u32, put: &mut impl FnMut(&[u8])) {
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    put(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends the text of a whole string, given with its quotes; `false` if an escape in it is none.
pub fn unescape(string: &[u8], out: &mut Vec<u8>) -> bool {
    Unescape::default().read(string, 1, |part| out.extend_from_slice(part)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(string: &str) -> Option<String> {
        let mut out = Vec::new();
        unescape(format!("\"{string}\"").as_bytes(), &mut out).then(|| String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn escapes_are_what_json_says() {
        assert_eq!(whole(r#"a\"\\\/\b\f\n\r\t\u0041\u00e9"#).unwrap(), "a\"\\/\u{8}\u{c}\n\r\tA\u{e9}");
        assert_eq!(whole(r"\ud83d\ude00!").unwrap(), "\u{1f600}!");
        assert_eq!(
            whole(r"\ud83dx\ude00\ud83d\ud83d\ude00\ud83d\n").unwrap(),
            "\u{fffd}x\u{fffd}\u{fffd}\u{1f600}\u{fffd}\n"
        );
        assert_eq!(whole(r"\ud83d").unwrap(), "\u{fffd}");
        for bad in [r"\x", r"\u12g4", r"\u 123", r"\'"] {
            assert_eq!(whole(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_any_pieces(text in any::<String>(), ascii: bool, cuts in prop::collection::vec(1usize..9, 1..20)) {
            let mut json = serde_json::to_string(&text).expect("JSON");
            if ascii {
                json = json.chars().map(|c| match c {
                    ' '..='~' => c.to_string(),
                    c => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
                }).collect();
            }
            let (mut state, mut out, mut rest) = (Unescape::default(), Vec::new(), &json.as_bytes()[1..]);
            for cut in cuts.iter().cycle() {
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                let read = state.read(piece, 0, |part| out.extend_from_slice(part)).expect("sound");
                rest = after;
                if read != Read::Part {
                    prop_assert_eq!(read, Read::Whole(piece.len()));
                    break;
                }
            }
            prop_assert!(rest.is_empty());
            prop_assert_eq!(String::from_utf8(out).expect("UTF-8"), text);
        }
    }
}
