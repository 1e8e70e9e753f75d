//! Blanks in values: a token cannot hold them, so that where lines are made of values, something else
//! stands for them until the line is cut into its values.

use super::fill::Rows;
use super::json::values::BLANK;

/// A window of text with its blanks put back.
pub struct Blanks {
    /// The same text, with values where they were.
    pub text: Vec<u8>,
    /// The lines of its records as AWS would have written them, with `%20`, and where each ends.
    pub lines: Vec<u8>,
    pub ends: Vec<u32>,
}

impl Blanks {
    /// `None` if there is no blank in a value.
    pub fn of(rows: &Rows<'_>) -> Option<Blanks> {
        memchr::memchr(BLANK, rows.text)?;
        let text = rows.text.iter().map(|byte| if *byte == BLANK { b' ' } else { *byte }).collect();
        let (mut lines, mut ends) = (Vec::with_capacity(rows.text.len()), Vec::with_capacity(rows.firsts.len()));
        for row in 0..rows.firsts.len() {
            for (i, part) in rows.line(row).split(|byte| *byte == BLANK).enumerate() {
                if i > 0 {
                    lines.extend_from_slice(b"%20");
                }
                lines.extend_from_slice(part);
            }
            ends.push(lines.len() as u32);
        }
        Some(Blanks { text, lines, ends })
    }
}
