//! Thrift's compact protocol, as far as Parquet's footer and page headers need it.
//!
//! Read here and not by the `parquet` crate, whose reader takes a list's length on trust and ends
//! the program where a damaged footer names a billion columns.

use super::Damaged;

/// How deep structures may lie in each other in what is skipped.
const DEEPEST: u32 = 32;

/// The wire types.
pub mod wire {
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const BYTE: u8 = 3;
    pub const I16: u8 = 4;
    pub const I32: u8 = 5;
    pub const I64: u8 = 6;
    pub const DOUBLE: u8 = 7;
    pub const BINARY: u8 = 8;
    pub const LIST: u8 = 9;
    pub const SET: u8 = 10;
    pub const MAP: u8 = 11;
    pub const STRUCT: u8 = 12;
    pub const UUID: u8 = 13;
}

/// A reader of the compact protocol.
pub struct Thrift<'a> {
    rest: &'a [u8],
}

impl<'a> Thrift<'a> {
    pub fn new(bytes: &'a [u8]) -> Thrift<'a> {
        Thrift { rest: bytes }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn take(&mut self, size: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(size).ok_or(Damaged("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        Ok(self.take(1)?[0])
    }

    fn varint(&mut self) -> Result<u64, Damaged> {
        let (number, rest) = varint(self.rest)?;
        self.rest = rest;
        Ok(number)
    }

    /// A whole number of any width.
    pub fn int(&mut self) -> Result<i64, Damaged> {
        Ok(zigzag(self.varint()?))
    }

    /// A whole number that cannot be negative.
    pub fn size(&mut self) -> Result<u64, Damaged> {
        u64::try_from(self.int()?).map_err(|_| Damaged("a negative size"))
    }

    pub fn binary(&mut self) -> Result<&'a [u8], Damaged> {
        let size = usize::try_from(self.varint()?).map_err(|_| Damaged("a text too long"))?;
        self.take(size)
    }

    /// Reads a structure: `field` is called with the number and the wire type of each of its fields,
    /// and reads or skips the value.
    pub fn structure(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, u8) -> Result<(), Damaged>,
    ) -> Result<(), Damaged> {
        let mut id = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => i16::try_from(self.int()?).map_err(|_| Damaged("a field number too large"))?,
                delta => id.checked_add(delta.into()).ok_or(Damaged("a field number too large"))?,
            };
            field(self, id, head & 0xf)?;
        }
    }

    /// Reads a list of structures.
    pub fn structures(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Damaged>) -> Result<(), Damaged> {
        let (size, kind) = self.list()?;
        if size > 0 && kind != wire::STRUCT {
            return Err(Damaged("a list of the wrong type"));
        }
        (0..size).try_for_each(|_| item(self))
    }

    /// The length of a list, and the type of its items.
    fn list(&mut self) -> Result<(u64, u8), Damaged> {
        let head = self.byte()?;
        let size = match head >> 4 {
            15 => self.varint()?,
            size => size.into(),
        };
        // An item takes a byte at least.
        if size > self.rest.len() as u64 {
            return Err(Damaged("a list longer than what holds it"));
        }
        Ok((size, head & 0xf))
    }

    /// Passes over a value of a field.
    pub fn skip(&mut self, kind: u8) -> Result<(), Damaged> {
        match kind {
            wire::TRUE | wire::FALSE => Ok(()),
            _ => self.skip_value(kind, DEEPEST),
        }
    }

    fn skip_value(&mut self, kind: u8, depth: u32) -> Result<(), Damaged> {
        let depth = depth.checked_sub(1).ok_or(Damaged("structures nested too deep"))?;
        match kind {
            wire::TRUE | wire::FALSE | wire::BYTE => self.take(1).map(drop),
            wire::I16 | wire::I32 | wire::I64 => self.varint().map(drop),
            wire::DOUBLE => self.take(8).map(drop),
            wire::UUID => self.take(16).map(drop),
            wire::BINARY => self.binary().map(drop),
            wire::LIST | wire::SET => {
                let (size, kind) = self.list()?;
                (0..size).try_for_each(|_| self.skip_value(kind, depth))
            }
            wire::MAP => self.skip_map(depth),
            wire::STRUCT => self.structure(|thrift, _, kind| match kind {
                wire::TRUE | wire::FALSE => Ok(()),
                _ => thrift.skip_value(kind, depth),
            }),
            _ => Err(Damaged("a value of an unknown type")),
        }
    }

    fn skip_map(&mut self, depth: u32) -> Result<(), Damaged> {
        let size = self.varint()?;
        if size == 0 {
            return Ok(());
        }
        let kinds = self.byte()?;
        if size > self.rest.len() as u64 {
            return Err(Damaged("a map larger than what holds it"));
        }
        (0..size).try_for_each(|_| {
            self.skip_value(kinds >> 4, depth)?;
            self.skip_value(kinds & 0xf, depth)
        })
    }
}

/// A number of seven bits to a byte, the lowest first, and what follows it.
pub fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Damaged> {
    let mut number = 0;
    for (i, byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok((number, &bytes[i + 1..]));
        }
    }
    Err(Damaged(if bytes.len() < 10 { "it ends too early" } else { "a number too long" }))
}

/// Signed numbers in unsigned ones: 0, -1, 1, -2 and so on.
pub fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
