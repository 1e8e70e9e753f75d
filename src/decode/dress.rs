//! Lines of a flow log in the dress of a tool: behind the time of their event, as CloudWatch exports
//! them and `aws logs tail` prints them, in colour or not; or in a column of CSV, as the consoles save
//! them. What is left without it is the line as the flow log wrote it.

use super::form::Form;
use super::json::values::push_text;
use crate::schema::{BYTE_ORDER_MARK, Field, FieldName};
use std::borrow::Cow;

/// A first line that is longer, in bytes, wears nothing that is known.
const LONGEST: usize = 64 << 10;

/// What the lines of a text wear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dress {
    /// A time before every line, and the log stream where the time has an offset.
    Stamp,
    Csv {
        separator: u8,
        take: Take,
    },
}

/// What is taken out of a row of CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// The line that stands in this column.
    Line(usize),
    /// The values of these columns.
    Values(Vec<(usize, FieldName)>),
}

impl Dress {
    /// Tells what a text wears by its first line.
    pub fn detect(line: &[u8]) -> Option<Dress> {
        if line.len() > LONGEST {
            return None;
        }
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii_end();
        if after_stamp(&without_colour(line)).is_some() {
            return Some(Dress::Stamp);
        }
        [b',', b'\t'].into_iter().find_map(|separator| Some(Dress::Csv { separator, take: Take::of(line, separator)? }))
    }

    pub fn form(&self) -> Form {
        match self {
            Dress::Stamp => Form::Stamped,
            Dress::Csv { .. } => Form::Csv,
        }
    }

    /// Appends a line without its dress; a newline stands behind it as it did before. Where nothing else is
    /// left, there is one in any case: the line is a blank one.
    pub fn undress(&self, line: &[u8], out: &mut Vec<u8>) {
        let (line, ending) = match line.strip_suffix(b"\n") {
            Some(line) => (line, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let before = out.len();
        match self {
            Dress::Stamp => {
                let plain = without_colour(line);
                out.extend_from_slice(after_stamp(&plain).unwrap_or(&plain));
            }
            Dress::Csv { separator, take } => take.row(&cells(line, *separator), out),
        }
        let ending = if out.len() == before { b"\n" } else { ending };
        out.extend_from_slice(ending);
    }
}

impl Take {
    /// Reads the header of CSV; `None` if it is not one of flow logs.
    fn of(line: &[u8], separator: u8) -> Option<Take> {
        let names = cells(line, separator);
        if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
            return None;
        }
        if let Some(place) = names.iter().position(|name| matches!(&name[..], b"message" | b"@message")) {
            return Some(Take::Line(place));
        }
        // Sums are no records.
        if names.iter().any(|name| matches!(&name[..], b"flows" | b"share" | b"reject_pct")) {
            return None;
        }
        let own = |name: &[u8]| !name.starts_with(b"@");
        let fields: Vec<(usize, FieldName)> = (names.iter().enumerate())
            .filter(|(_, name)| own(name))
            .map(|(place, name)| (place, FieldName::parse(name)))
            .collect();
        let known = fields.iter().filter(|(_, field)| matches!(field, FieldName::Known(_))).count();
        let ours = fields.iter().filter(|(_, field)| field.is_ours()).count();
        (known >= 2 && ours >= fields.len().min(5)).then_some(Take::Values(fields))
    }

    /// Whether the header of the CSV is a header of the lines, too.
    pub fn has_header(&self) -> bool {
        matches!(self, Take::Values(_))
    }

    /// The header of a flow log for these columns.
    pub fn header(&self, out: &mut Vec<u8>) {
        if let Take::Values(fields) = self {
            let names: Vec<&str> = fields.iter().map(|(_, field)| field.aws_name()).collect();
            out.extend_from_slice(names.join(" ").as_bytes());
            out.push(b'\n');
        }
    }

    fn row(&self, cells: &[Cow<'_, [u8]>], out: &mut Vec<u8>) {
        match self {
            Take::Line(place) => out.extend_from_slice(cells.get(*place).map_or(b"", |cell| cell.trim_ascii())),
            // A blank line is one here, too.
            Take::Values(_) if cells.iter().all(|cell| cell.is_empty()) => {}
            Take::Values(fields) => {
                for (i, (place, field)) in fields.iter().enumerate() {
                    let Some(cell) = cells.get(*place) else { return };
                    if i > 0 {
                        out.push(b' ');
                    }
                    push_text(field.kind(), cell.trim_ascii(), out);
                }
            }
        }
    }
}

/// The cells of a row. A quoted cell does not go on in the next line.
fn cells(line: &[u8], separator: u8) -> Vec<Cow<'_, [u8]>> {
    let mut rest = Some(line);
    std::iter::from_fn(|| {
        let text = rest?;
        let (cell, behind) = match text.strip_prefix(b"\"") {
            Some(quoted) => quoted_cell(quoted, separator),
            None => {
                let end = memchr::memchr(separator, text);
                (Cow::Borrowed(&text[..end.unwrap_or(text.len())]), end.map(|end| &text[end + 1..]))
            }
        };
        rest = behind;
        Some(cell)
    })
    .collect()
}

/// A cell behind its opening quote, and what stands behind the separator after it.
fn quoted_cell(text: &[u8], separator: u8) -> (Cow<'_, [u8]>, Option<&[u8]>) {
    let (mut cell, mut from) = (Vec::new(), 0);
    while let Some(quote) = memchr::memchr(b'"', &text[from..]).map(|at| from + at) {
        if text.get(quote + 1) != Some(&b'"') {
            let behind = memchr::memchr(separator, &text[quote..]).map(|at| &text[quote + at + 1..]);
            let last = &text[from..quote];
            return (if cell.is_empty() { last.into() } else { [&cell, last].concat().into() }, behind);
        }
        cell.extend_from_slice(&text[from..=quote]);
        from = quote + 2;
    }
    cell.extend_from_slice(&text[from..]);
    (cell.into(), None)
}

/// A name of a column of logs.
fn is_name(name: &[u8]) -> bool {
    let name = name.strip_prefix(b"@").unwrap_or(name);
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The text without terminal colours.
fn without_colour(line: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(0x1b, line).is_none() {
        return line.into();
    }
    let (mut plain, mut rest) = (Vec::with_capacity(line.len()), line);
    while let Some(escape) = memchr::memmem::find(rest, b"\x1b[") {
        plain.extend_from_slice(&rest[..escape]);
        let code = &rest[escape + 2..];
        let end = code.iter().position(|b| !b.is_ascii_digit() && *b != b';');
        match end.filter(|end| code[*end] == b'm') {
            Some(end) => rest = &code[end + 1..],
            // Some other sequence: it stays, and is no value of a field.
            None => {
                plain.extend_from_slice(b"\x1b[");
                rest = code;
            }
        }
    }
    plain.extend_from_slice(rest);
    plain.into()
}

/// What stands behind the time of an event, and behind the log stream where there is one.
fn after_stamp(line: &[u8]) -> Option<&[u8]> {
    let (stamp, rest) = line.split_at(memchr::memchr(b' ', line)?);
    let rest = &rest[1..];
    match stamp_kind(stamp)? {
        StampKind::Bare => Some(rest),
        StampKind::Offset => Some(&rest[memchr::memchr(b' ', rest).map_or(rest.len(), |space| space + 1)..]),
    }
}

enum StampKind {
    /// A log stream follows.
    Offset,
    Bare,
}

/// Reads `2014-12-14T04:06:50`, with fractions or not, and `Z`, an offset or nothing behind it; or
/// milliseconds since the epoch.
fn stamp_kind(stamp: &[u8]) -> Option<StampKind> {
    if stamp.len() == 13 && stamp.iter().all(u8::is_ascii_digit) {
        return Some(StampKind::Bare);
    }
    let (time, rest) = stamp.split_at_checked(19)?;
    let shape = |(b, expected): (&u8, &u8)| if *expected == b'0' { b.is_ascii_digit() } else { b == expected };
    if !time.iter().zip(b"0000-00-00T00:00:00").all(shape) {
        return None;
    }
    let digits = rest.strip_prefix(b".").map_or(0, |rest| 1 + rest.iter().take_while(|b| b.is_ascii_digit()).count());
    match &rest[digits..] {
        b"" | b"Z" => Some(StampKind::Bare),
        [b'+' | b'-', offset @ ..] if offset.iter().zip(b"00:00").all(shape) && offset.len() == 5 => {
            Some(StampKind::Offset)
        }
        _ => None,
    }
}

/// Whether a format begins with a field that may look like a time before the line.
pub fn begins_with_time(fields: &[FieldName]) -> bool {
    matches!(fields.first(), Some(FieldName::Known(Field::Start | Field::End)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

    fn undressed(text: &str) -> String {
        let dress = Dress::detect(text.lines().next().expect("a line").as_bytes()).expect("a dress");
        let mut out = Vec::new();
        text.split_inclusive('\n').for_each(|line| dress.undress(line.as_bytes(), &mut out));
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn stamps_are_taken_off() {
        for stamp in [
            "2014-12-14T04:06:50.000Z ",
            "1418530010000 ",
            "2014-12-14T04:06:50 ",
            "2014-12-14T04:06:50.000000+00:00 eni-1235b8ca123456789-all ",
            "2014-12-14T04:06:50+00:00 eni-1235b8ca123456789-all ",
            "\x1b[32m2014-12-14T04:06:50.000000+00:00\x1b[0m \x1b[36meni-1235b8ca123456789-all\x1b[0m ",
        ] {
            assert_eq!(
                undressed(&format!("{stamp}{LINE}\n\n{stamp}{LINE}\r\n{LINE}")),
                format!("{LINE}\n\n{LINE}\n{LINE}"),
                "{stamp}"
            );
        }
    }

    #[test]
    fn csv_is_undone() {
        let message = format!("timestamp,message\n1418530010000,{LINE}\n1418530010000,\"{LINE}\"\r\n");
        assert_eq!(undressed(&message), format!("message\n{LINE}\n{LINE}\n"));
        let named = "@timestamp,\"srcAddr\",dst_addr,protocol,start,instance-tag\n\
                     t,10.0.0.1,\"10.0.0.2\",tcp,2014-12-14 04:06:50.000,\"a \"\"b\"\"\"\n\
                     t,10.0.0.1,,6,,\n\nt,10.0.0.1\n";
        let rows = undressed(named);
        let rows: Vec<&str> = rows.lines().skip(1).collect();
        assert_eq!(rows, ["10.0.0.1 10.0.0.2 6 1418530010 a\u{1f}\"b\"", "10.0.0.1 - 6 - -", "", "10.0.0.1"]);
    }

    /// A last line of which nothing is left is counted, if it has a newline or not.
    #[test]
    fn lines_that_are_all_dress_stay_lines() {
        assert_eq!(undressed("timestamp,message\n174"), "message\n\n");
        assert_eq!(undressed("2014-12-14T04:06:50+00:00 eni-1-all"), "\n");
        assert_eq!(undressed("2014-12-14T04:06:50Z x\n"), "x\n");
    }

    #[test]
    fn others_are_plain() {
        for text in [
            LINE,
            "version account-id interface-id",
            "",
            "src_ip,flows,rejects,packets,bytes,share",
            "src_ip,dst_ip,src_port,dst_port,protocol,flows",
            "a,b",
            "2014-12-14",
            "2014-12-14T04:06:50.000X 2 3",
            "2014-12-14T04:06:50+0000 2 3",
            "141853001000 2 3",
            "\x1b[31",
        ] {
            assert_eq!(Dress::detect(text.as_bytes()), None, "{text}");
        }
    }
}
