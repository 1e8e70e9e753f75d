//! The pages of a column in a row group, one after the other, unpacked.

use super::Damaged;
use super::thrift::{Thrift, wire};
use super::unpack::{Codec, PageBytes, Unpacker};
use bytes::Bytes;

/// The largest page that is unpacked, in bytes. Writers make pages of 1 MB; DuckDB's are the largest,
/// of 100 MB at most.
const MAX_PAGE: usize = 256 << 20;

/// How the values of a page are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    Plain,
    Dictionary,
    /// Runs, of booleans.
    Runs,
    DeltaNumbers,
    DeltaLengths,
    DeltaTexts,
    Split,
}

/// Where the levels and the values of a data page lie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Data {
    /// The levels; of a page without nulls or lists, one for each row.
    pub values: usize,
    /// Start and end of the levels of lists, and of those of nulls; empty where the column has none.
    pub repetition: (usize, usize),
    pub definition: (usize, usize),
    pub start: usize,
    pub encoding: Encoding,
}

/// A page's head.
#[derive(Default)]
struct Head {
    kind: i64,
    unpacked: u64,
    packed: u64,
    checksum: Option<u32>,
    values: u64,
    encoding: i64,
    level_encodings: [i64; 2],
    /// The lengths of the levels, in pages of the second version.
    definition: u64,
    repetition: u64,
    stored: bool,
}

const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_2: i64 = 3;

/// Plain values of a dictionary, in either of its spellings.
const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RUNS: i64 = 3;

/// A page.
pub enum Page {
    /// So many values, plain.
    Dictionary(usize),
    Data(Data),
}

/// What is left of the pages of a column.
pub struct Pages {
    rest: Bytes,
    codec: Codec,
    /// Whether the column has levels of lists, and of nulls.
    repeated: bool,
    optional: bool,
    /// Bytes that were unpacked.
    pub unpacked: u64,
}

impl Pages {
    pub fn new(chunk: Bytes, codec: Codec, repeated: bool, optional: bool) -> Pages {
        Pages { rest: chunk, codec, repeated, optional, unpacked: 0 }
    }

    /// The next page, in `out`, which may hold `room` bytes; `None` behind the last.
    pub fn next(&mut self, unpacker: &mut Unpacker, out: &mut PageBytes, room: usize) -> Result<Option<Page>, Damaged> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let mut thrift = Thrift::new(&self.rest);
            let head = Head::read(&mut thrift)?;
            let start = self.rest.len() - thrift.rest().len();
            let size = usize::try_from(head.packed).ok().filter(|size| *size <= self.rest.len() - start);
            let size = size.ok_or(Damaged("a page longer than its column"))?;
            let packed = self.rest.slice(start..start + size);
            self.rest = self.rest.slice(start + size..);
            if !matches!(head.kind, DATA | DATA_2 | DICTIONARY) {
                continue;
            }
            if head.checksum.is_some_and(|checksum| checksum != crc(&packed)) {
                return Err(Damaged("a page whose checksum is wrong"));
            }
            self.unpack(&head, packed, unpacker, out, room)?;
            self.unpacked += out.bytes().len() as u64;
            return self.page(&head, out.bytes()).map(Some);
        }
    }

    fn unpack(
        &self,
        head: &Head,
        packed: Bytes,
        unpacker: &mut Unpacker,
        out: &mut PageBytes,
        room: usize,
    ) -> Result<(), Damaged> {
        let mut buffer = std::mem::take(out).into_buffer();
        if self.codec == Codec::None || head.stored {
            *out = PageBytes::Stored(packed);
            return Ok(());
        }
        let size = usize::try_from(head.unpacked).ok().filter(|size| *size <= MAX_PAGE.min(room));
        let size = size.ok_or(Damaged("a page too large to be unpacked"))?;
        // The levels of the second version are not packed.
        let levels = head.levels();
        let (levels, packed) = packed.split_at_checked(levels).ok_or(Damaged("a page shorter than its levels"))?;
        if size < levels.len() {
            return Err(Damaged("a page shorter than its levels"));
        }
        buffer.start(levels, size);
        // Nothing but nulls: there is nothing to unpack.
        if size > levels.len() {
            unpacker.unpack(self.codec, packed, levels.len(), size, &mut buffer)?;
        }
        *out = PageBytes::Unpacked(buffer, size);
        Ok(())
    }

    fn page(&self, head: &Head, bytes: &[u8]) -> Result<Page, Damaged> {
        let values = usize::try_from(head.values).map_err(|_| Damaged("a page of too many values"))?;
        if head.kind == DICTIONARY {
            return match head.encoding {
                PLAIN | PLAIN_DICTIONARY => Ok(Page::Dictionary(values)),
                _ => Err(Damaged("a dictionary in an unknown encoding")),
            };
        }
        let mut data = Data { values, encoding: Encoding::of(head.encoding)?, ..Data::default() };
        if head.kind == DATA_2 {
            data.repetition = (0, head.repetition as usize);
            data.definition = (data.repetition.1, head.levels());
            data.start = head.levels();
            if data.start > bytes.len() {
                return Err(Damaged("a page shorter than its levels"));
            }
            return Ok(Page::Data(data));
        }
        for (has, levels, encoding) in [
            (self.repeated, &mut data.repetition, head.level_encodings[1]),
            (self.optional, &mut data.definition, head.level_encodings[0]),
        ] {
            if has {
                if encoding != RUNS {
                    return Err(Damaged("levels in an encoding that is no longer in use"));
                }
                *levels = sized(bytes, data.start)?;
                data.start = levels.1;
            }
        }
        Ok(Page::Data(data))
    }
}

/// What stands behind its own length, of four bytes.
fn sized(bytes: &[u8], at: usize) -> Result<(usize, usize), Damaged> {
    let size = bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map(|size| u32::from_le_bytes(*size) as usize);
    let end = size.map(|size| at + 4 + size).filter(|end| *end <= bytes.len());
    Ok((at + 4, end.ok_or(Damaged("a page shorter than its levels"))?))
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

impl Encoding {
    fn of(number: i64) -> Result<Encoding, Damaged> {
        Ok(match number {
            0 => Encoding::Plain,
            2 | 8 => Encoding::Dictionary,
            3 => Encoding::Runs,
            5 => Encoding::DeltaNumbers,
            6 => Encoding::DeltaLengths,
            7 => Encoding::DeltaTexts,
            9 => Encoding::Split,
            _ => return Err(Damaged("an encoding that is not known")),
        })
    }
}

impl Head {
    fn read(thrift: &mut Thrift<'_>) -> Result<Head, Damaged> {
        let mut head = Head { kind: -1, ..Head::default() };
        thrift.structure(|thrift, id, kind| {
            match (id, kind) {
                (1, wire::I32) => head.kind = thrift.int()?,
                (2, wire::I32) => head.unpacked = thrift.size()?,
                (3, wire::I32) => head.packed = thrift.size()?,
                (4, wire::I32) => head.checksum = Some(thrift.int()? as u32),
                (5 | 7, wire::STRUCT) => thrift.structure(|thrift, id, kind| head.read_first(thrift, id, kind))?,
                (8, wire::STRUCT) => thrift.structure(|thrift, id, kind| head.read_second(thrift, id, kind))?,
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })?;
        Ok(head)
    }

    /// A field of a data page of the first version, or of a dictionary.
    fn read_first(&mut self, thrift: &mut Thrift<'_>, id: i16, kind: u8) -> Result<(), Damaged> {
        match (id, kind) {
            (1, wire::I32) => self.values = thrift.size()?,
            (2, wire::I32) => self.encoding = thrift.int()?,
            (3, wire::I32) => self.level_encodings[0] = thrift.int()?,
            (4, wire::I32) => self.level_encodings[1] = thrift.int()?,
            _ => thrift.skip(kind)?,
        }
        Ok(())
    }

    /// A field of a data page of the second version.
    fn read_second(&mut self, thrift: &mut Thrift<'_>, id: i16, kind: u8) -> Result<(), Damaged> {
        match (id, kind) {
            (1, wire::I32) => self.values = thrift.size()?,
            (4, wire::I32) => self.encoding = thrift.int()?,
            (5, wire::I32) => self.definition = thrift.size()?,
            (6, wire::I32) => self.repetition = thrift.size()?,
            (7, wire::TRUE | wire::FALSE) => self.stored = kind == wire::FALSE,
            _ => thrift.skip(kind)?,
        }
        Ok(())
    }

    /// The size of the levels of a page of the second version.
    fn levels(&self) -> usize {
        match self.kind {
            DATA_2 => usize::try_from(self.definition.saturating_add(self.repetition)).unwrap_or(usize::MAX),
            _ => 0,
        }
    }
}
