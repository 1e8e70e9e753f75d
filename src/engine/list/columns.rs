//! What a record shows: cells out of the columns of a batch.

use crate::decode::{Batch, Column};
use crate::query::Key;
use crate::schema::{Cell, FieldName, Heading, Kind};

/// Where the cells of a column come from; numbers are columns of a batch.
#[derive(Clone, Copy, Debug)]
pub enum From {
    Nowhere,
    Ip(usize),
    /// An address, cut to a prefix length for each family.
    Network(usize, u8, u8),
    Number(usize),
    Protocol(usize),
    Time(usize),
    Text(usize),
    /// The second less the first.
    Difference(usize, usize),
    /// The first divided by the second.
    Quotient(usize, usize),
}

/// What stands above the columns.
pub fn headings(keys: &[Key]) -> Vec<Heading> {
    keys.iter().map(|key| Heading { name: key.name().to_string(), kind: key.kind() }).collect()
}

impl From {
    /// Finds the cells of a key in batches whose columns are `fields`.
    pub fn new(key: &Key, fields: &[FieldName]) -> From {
        let columns: Option<Vec<usize>> =
            key.fields().iter().map(|name| fields.iter().position(|field| field == name)).collect();
        match (key, columns.as_deref()) {
            (Key::Field(name), Some([column])) => match name.kind() {
                Kind::Ip => From::Ip(*column),
                Kind::Text => From::Text(*column),
                Kind::Time => From::Time(*column),
                Kind::Protocol => From::Protocol(*column),
                Kind::Port | Kind::Bytes | Kind::Number => From::Number(*column),
            },
            (Key::Network { v4, v6, .. }, Some([column])) => From::Network(*column, *v4, *v6),
            (Key::ProtocolNumber, Some([column])) => From::Number(*column),
            (Key::Duration, Some([start, end])) => From::Difference(*start, *end),
            (Key::BytesPerPacket, Some([bytes, packets])) => From::Quotient(*bytes, *packets),
            _ => From::Nowhere,
        }
    }

    /// The cell of a row.
    #[inline]
    pub fn cell<'t>(self, batch: &'t Batch<'_>, row: usize) -> Cell<'t> {
        match self {
            From::Nowhere => Cell::None,
            From::Ip(column) => ip(&batch.columns[column], row),
            From::Network(column, v4, v6) => network(ip(&batch.columns[column], row), v4, v6),
            From::Number(column) => number(&batch.columns[column], row).map_or(Cell::None, Cell::Number),
            From::Time(column) => number(&batch.columns[column], row).map_or(Cell::None, Cell::Time),
            From::Protocol(column) => {
                // The decoder takes no larger one.
                number(&batch.columns[column], row).map_or(Cell::None, |number| Cell::Protocol(number as u8))
            }
            From::Text(column) => match batch.columns[column].as_text().map(|text| text.bytes(row, batch.text)) {
                None | Some([]) => Cell::None,
                Some(text) => Cell::Text(text),
            },
            From::Difference(start, end) => {
                let numbers = number(&batch.columns[start], row).zip(number(&batch.columns[end], row));
                numbers.and_then(|(start, end)| end.checked_sub(start)).map_or(Cell::None, Cell::Number)
            }
            From::Quotient(bytes, packets) => {
                let numbers = number(&batch.columns[bytes], row).zip(number(&batch.columns[packets], row));
                numbers.and_then(|(bytes, packets)| bytes.checked_div(packets)).map_or(Cell::None, Cell::Number)
            }
        }
    }
}

#[inline]
pub fn number(column: &Column, row: usize) -> Option<u64> {
    let numbers = column.as_number()?;
    numbers.present[row].then(|| numbers.values[row])
}

#[inline]
fn ip(column: &Column, row: usize) -> Cell<'static> {
    match column.as_ip() {
        Some(addresses) => match addresses.family[row] {
            4 => Cell::V4(addresses.v4[row]),
            6 => Cell::V6(addresses.v6_of(row)),
            _ => Cell::None,
        },
        None => Cell::None,
    }
}

fn network(address: Cell<'static>, v4: u8, v6: u8) -> Cell<'static> {
    match address {
        Cell::V4(address) if v4 < 32 => Cell::Network4(address & !(u32::MAX >> v4), v4),
        Cell::V6(address) if v6 < 128 => Cell::Network6(address & !(u128::MAX >> v6), v6),
        whole => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_first_addresses() {
        assert_eq!(network(Cell::V4(0x0a01_0203), 24, 64), Cell::Network4(0x0a01_0200, 24));
        assert_eq!(network(Cell::V4(0x0a01_0203), 0, 64), Cell::Network4(0, 0));
        assert_eq!(network(Cell::V4(0x0a01_0203), 32, 64), Cell::V4(0x0a01_0203));
        assert_eq!(network(Cell::V6(1 << 100 | 7), 24, 64), Cell::Network6(1 << 100, 64));
        assert_eq!(network(Cell::V6(7), 24, 128), Cell::V6(7));
        assert_eq!(network(Cell::None, 24, 64), Cell::None);
    }
}
