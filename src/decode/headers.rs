//! The header lines of a part of a file, found without reading anything else.

use super::text::is_plain;
use crate::schema::{Format, HeaderScan};

/// What the header lines of a text do to the text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadersWithin {
    None,
    /// The last one: what follows is read by it.
    Last(Format),
    /// One of them cannot be used: what follows cannot be read.
    Broken,
}

/// Finds the header lines of `text`, which starts at the beginning of a line.
pub fn headers_within(text: &[u8]) -> HeadersWithin {
    let starts = memchr::memchr_iter(b'\n', text).map(|newline| newline + 1);
    let mut found = HeadersWithin::None;
    for start in std::iter::once(0).chain(starts) {
        if !text.get(start).is_some_and(|b| !is_plain(*b) && *b != b'\n') {
            continue;
        }
        let line = &text[start..];
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
        match Format::scan_header(line, false) {
            HeaderScan::Data => {}
            HeaderScan::Header(format) => found = HeadersWithin::Last(format),
            HeaderScan::Broken(_) => return HeadersWithin::Broken,
        }
    }
    found
}
