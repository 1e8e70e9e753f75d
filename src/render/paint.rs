//! Colours of lines.

use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// Colours a line: headings bold, bars cyan. Bars stand at the end of a line.
pub fn paint(line: &str, heading: bool, color: bool) -> String {
    let is_bar = |c: char| ('▏'..='█').contains(&c) || ('\u{2588}'..='\u{258f}').contains(&c) || "├┃▐".contains(c);
    match (color, line.find(is_bar)) {
        (false, _) => line.to_string(),
        (true, _) if heading => format!("\x1b[1m{line}\x1b[0m"),
        (true, Some(start)) => format!("{}\x1b[36m{}\x1b[0m", &line[..start], &line[start..]),
        (true, None) => line.to_string(),
    }
}

pub fn dim(text: &str, color: bool) -> String {
    if color { format!("\x1b[2m{text}\x1b[0m") } else { text.to_string() }
}

/// Colours the changes in a row, which stand in these columns of the terminal, from left to right: what has
/// become more green, what has become less red.
pub fn paint_changes(line: &str, places: &[Range<usize>]) -> String {
    let mut painted = String::new();
    let (mut column, mut places) = (0, places.iter().peekable());
    let mut open = false;
    for c in line.chars() {
        if places.next_if(|place| place.end <= column).is_some() && std::mem::take(&mut open) {
            painted.push_str("\x1b[0m");
        }
        let is_within = places.peek().is_some_and(|place| place.contains(&column));
        match c {
            '+' if is_within && !open => painted.push_str("\x1b[32m"),
            '-' if is_within && !open => painted.push_str("\x1b[31m"),
            _ => {}
        }
        open |= is_within && matches!(c, '+' | '-');
        painted.push(c);
        column += c.width().unwrap_or(0);
    }
    if open {
        painted.push_str("\x1b[0m");
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_green_or_red_where_they_stand() {
        let line = "日本-1  +1.5 GB   -3.0%  x";
        assert_eq!(paint_changes(line, &[8..15, 15..23]), "日本-1  \x1b[32m+1.5 GB\x1b[0m   \x1b[31m-3.0%\x1b[0m  x");
        assert_eq!(paint_changes("a  -5 -", &[2..5, 9..12]), "a  \x1b[31m-5\x1b[0m -");
        assert_eq!(paint_changes("a +5", &[]), "a +5");
    }
}
