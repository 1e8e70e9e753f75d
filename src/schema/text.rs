//! Text of the log, made safe to show: nothing in a log can move a cursor, set a title, or reverse
//! the direction of a line.

use std::fmt::Write;

/// Whether a character does something other than stand there: control characters (C0, DEL, C1),
/// line and paragraph separators, those that steer the direction of text, and those that show nothing
/// (Unicode's Default_Ignorable_Code_Point but for variation selectors, and the blank of Braille).
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with hostile characters as `\x1b` or `\u{202e}`, and bytes that are not UTF-8 as `\xff`.
pub fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                c if !is_hostile(c) => out.push(c),
                // Writing to a string does not fail.
                c if (c as u32) < 0x100 => _ = write!(out, "\\x{:02x}", c as u32),
                c => _ = write!(out, "\\u{{{:x}}}", c as u32),
            }
        }
        for byte in chunk.invalid() {
            _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_inert() {
        assert_eq!(escape(b"eni-0a1b"), "eni-0a1b");
        assert_eq!(escape(b"\x1b[2J\x07\n"), "\\x1b[2J\\x07\\x0a");
        assert_eq!(escape("\u{9b}31m\u{202e}é".as_bytes()), "\\x9b31m\\u{202e}é");
        assert_eq!(escape("a\u{115f}\u{2800}\u{34f}b".as_bytes()), "a\\u{115f}\\u{2800}\\u{34f}b");
        assert_eq!(escape(b"\xff\xfe ok"), "\\xff\\xfe ok");
    }
}
