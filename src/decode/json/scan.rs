//! Where values end: in text that is whole, and in pieces.

use memchr::memchr2;

/// The deepest nesting of a value that is left out.
const DEEPEST: u32 = 128;

/// White space between the values of JSON.
#[inline]
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Where white space from `text[at]` on ends.
#[inline]
pub fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|byte| is_blank(*byte)) {
        at += 1;
    }
    at
}

/// Whether a byte may stand in a number, `true`, `false` or `null`.
#[inline]
pub fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Whether a number, `true`, `false` or `null` may begin so.
#[inline]
pub fn begins_bare(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b't' | b'f' | b'n')
}

/// Where a string ends whose text begins at `text[at]`: behind its closing quote, and whether there
/// are escapes in it. `None` if it is not whole.
#[inline]
pub fn string_end(text: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escapes = false;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some((at + 1, escapes));
        }
        escapes = true;
        at += 2;
    }
}

/// Why a value cannot be left out.
#[derive(Debug, PartialEq, Eq)]
pub enum SkipError {
    Mismatch(usize),
    TooDeep(usize),
}

/// Leaves out a string, an array or an object, whatever the pieces it comes in.
#[derive(Default)]
pub struct Skip {
    depth: u32,
    /// A bit for each level, set for objects; the last is the innermost.
    objects: u128,
    in_string: bool,
    escaped: bool,
}

impl Skip {
    /// Reads on from `text[at]`; gives the place behind the value, or `None` at the end of the piece.
    pub fn read(&mut self, text: &[u8], mut at: usize) -> Result<Option<usize>, SkipError> {
        if std::mem::take(&mut self.escaped) {
            at += 1;
        }
        loop {
            if self.in_string {
                let Some(found) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) else { break };
                at += found + 1;
                if text[at - 1] == b'\\' {
                    self.escaped = at == text.len();
                    at += 1;
                    continue;
                }
                self.in_string = false;
                if self.depth == 0 {
                    return Ok(Some(at));
                }
            }
            let Some(&byte) = text.get(at) else { break };
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => {
                    if self.depth == DEEPEST {
                        return Err(SkipError::TooDeep(at));
                    }
                    self.objects = self.objects << 1 | u128::from(byte == b'{');
                    self.depth += 1;
                }
                b'}' | b']' => {
                    if (self.objects & 1 == 1) != (byte == b'}') {
                        return Err(SkipError::Mismatch(at));
                    }
                    self.objects >>= 1;
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Ok(Some(at + 1));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Ok(None)
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A number, `true`, `false` or `null`.
    Bare,
    /// An array or an object.
    Nested,
}

/// A value in text that is whole.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub kind: Kind,
    /// Where it begins and ends, quotes included.
    pub start: usize,
    pub end: usize,
    /// There are escapes in it.
    pub escapes: bool,
}

/// The value at `text[at]`; `None` if it is not whole, or none. What ends a bare value is in sight.
#[inline]
pub fn value(text: &[u8], at: usize) -> Option<Span> {
    let (kind, end, escapes) = match *text.get(at)? {
        b'"' => {
            let (end, escapes) = string_end(text, at + 1)?;
            (Kind::Text, end, escapes)
        }
        b'{' | b'[' => (Kind::Nested, Skip::default().read(text, at).ok()??, false),
        byte if begins_bare(byte) => {
            let end = at + text[at..].iter().position(|byte| !is_bare(*byte))?;
            (Kind::Bare, end, false)
        }
        _ => return None,
    };
    Some(Span { kind, start: at, end, escapes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        let end = |text: &str| value(text.as_bytes(), 0).map(|span| span.end);
        assert_eq!(end("12.5e-3,"), Some(7));
        assert_eq!(end("null}"), Some(4));
        assert_eq!(end("12"), None);
        assert_eq!(end(r#""a\"b" "#), Some(6));
        assert_eq!(end(r#""a\""#), None);
        assert_eq!(end(r#"{"a":[1,{"}":"\\"}]},"#), Some(20));
        assert_eq!(end(r#"{"a":[1}"#), None);
        assert_eq!(end("]"), None);
    }

    #[test]
    fn values_are_left_out_in_any_pieces() {
        let text = br#"{"a":[1,{"}":"\\\""}],"b":{}}x"#;
        for size in 1..text.len() {
            let mut skip = Skip::default();
            let mut read = 0;
            for piece in text.chunks(size) {
                match skip.read(piece, 0).expect("sound") {
                    None => read += piece.len(),
                    Some(end) => {
                        assert_eq!(read + end, text.len() - 1);
                        break;
                    }
                }
            }
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert_eq!(Skip::default().read(&nested(128), 0), Ok(Some(256)));
        assert_eq!(Skip::default().read(&nested(129), 0), Err(SkipError::TooDeep(128)));
        assert_eq!(Skip::default().read(b"[}", 0), Err(SkipError::Mismatch(1)));
    }
}
