//! Records as lines of text, as AWS would have written them.

use crate::decode::batch::{BadValue, Column};
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The lines of a batch.
#[derive(Default)]
pub struct Lines {
    pub text: Vec<u8>,
    /// Where each line ends.
    pub ends: Vec<u32>,
}

impl Lines {
    /// Makes a line of each row, of the columns at `places`. `bad` is sorted by row and column; the
    /// text of such values is shown.
    pub fn make(&mut self, rows: usize, places: &[usize], columns: &[Column], bad: &[BadValue], text: &[u8]) {
        self.text.clear();
        self.ends.clear();
        for row in 0..rows {
            for (i, place) in places.iter().enumerate() {
                if i > 0 {
                    self.text.push(b' ');
                }
                let key = (row as u32, *place as u32);
                match bad.binary_search_by_key(&key, |bad| (bad.row, bad.column)) {
                    Ok(at) if !bad.is_empty() => self.token(&text[bad[at].span.0 as usize..bad[at].span.1 as usize]),
                    _ => self.cell(&columns[*place], row, text),
                }
            }
            self.ends.push(self.text.len() as u32);
        }
    }

    fn cell(&mut self, column: &Column, row: usize, text: &[u8]) {
        if !column.has(row) {
            self.text.push(b'-');
            return;
        }
        // Writing to memory does not fail.
        _ = match column {
            Column::Ip(c) if c.family[row] == 6 => write!(self.text, "{}", Ipv6Addr::from(c.v6_of(row))),
            Column::Ip(c) => write!(self.text, "{}", Ipv4Addr::from(c.v4[row])),
            Column::Number(c) => write!(self.text, "{}", c.values[row]),
            Column::Text(c) => {
                self.token(c.bytes(row, text));
                Ok(())
            }
        };
    }

    /// A text in which spaces and control characters are written `%20` and so on, as AWS does.
    fn token(&mut self, text: &[u8]) {
        for byte in text {
            match byte {
                0..=b' ' => _ = write!(self.text, "%{byte:02X}"),
                _ => self.text.push(*byte),
            }
        }
    }
}
