//! Records as lines of a flow log that are made of their values: where the lines as they were are not
//! to be shown.

use super::cells::{self, Writer};
use crate::schema::Cell;

/// Appends a line, without its end: times in seconds, protocols as numbers, `-` for no value.
pub fn line(row: &[Cell<'_>], writer: &mut Writer, out: &mut Vec<u8>) {
    for (i, cell) in row.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        match *cell {
            Cell::None => out.push(b'-'),
            Cell::Number(number) | Cell::Time(number) => cells::number(number, out),
            Cell::Protocol(number) => cells::number(number.into(), out),
            Cell::Text(text) => token(text, out),
            ref address => writer.plain(address, out),
        }
    }
}

/// Appends text; what would end a value is escaped as AWS escapes tags.
fn token(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        match byte {
            b' ' => out.extend_from_slice(b"%20"),
            b'\n' => out.extend_from_slice(b"%0A"),
            b'\r' => out.extend_from_slice(b"%0D"),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_aws_writes_them() {
        let cells = [
            Cell::Number(2),
            Cell::Text(b"a b\n"),
            Cell::V4(0x0a00_0001),
            Cell::V6(1),
            Cell::Protocol(6),
            Cell::Time(1_700_000_000),
            Cell::None,
        ];
        let mut out = Vec::new();
        line(&cells, &mut Writer::default(), &mut out);
        assert_eq!(String::from_utf8(out).expect("ASCII"), "2 a%20b%0A 10.0.0.1 ::1 6 1700000000 -");
    }
}
