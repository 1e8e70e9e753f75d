//! The footer: which columns a file has, and where the pages of each row group lie.

use super::thrift::{Thrift, wire};
use super::{Damaged, TableError};
use std::sync::Arc;

/// What a Parquet file begins and ends with.
const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED: &[u8] = b"PARE";

/// The longest footer, in bytes: those of thousands of row groups have a few megabytes.
const LONGEST: usize = 64 << 20;

/// How deep columns may be nested, and how many of them and of their groups there may be.
const DEEPEST: usize = 32;
const MOST: usize = 1 << 16;

/// How values are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Physical {
    #[default]
    Bool,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// So many bytes each.
    Fixed(usize),
}

/// What stored values mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Logical {
    #[default]
    None,
    Text,
    Unsigned,
    /// So many decimals.
    Decimal(u32),
    Date,
    /// So many units in a second.
    Time(u64),
    Timestamp(u64),
    Uuid,
    Half,
    /// Nothing that has a text of its own.
    Opaque,
}

/// A column of values; nested ones have several names.
#[derive(Clone, Debug, Default)]
pub struct Leaf {
    pub path: Vec<Arc<str>>,
    pub physical: Physical,
    pub logical: Logical,
    /// The level at which a value is there, and the number of lists around it.
    pub defined: u8,
    pub repeated: u8,
}

/// The pages of a column in a row group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chunk {
    /// The number of the codec.
    pub codec: i64,
    /// Where its pages lie.
    pub start: u64,
    pub size: u64,
    /// The least and the greatest value, of columns of whole numbers.
    pub least: Option<i64>,
    pub greatest: Option<i64>,
    pub nulls: Option<u64>,
    /// It lies in another file, or cannot be read without a key.
    pub elsewhere: bool,
    pub encrypted: bool,
}

/// A row group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub rows: u64,
    /// One per leaf.
    pub chunks: Vec<Chunk>,
}

#[derive(Debug, Default)]
pub struct Footer {
    pub leaves: Vec<Leaf>,
    pub groups: Vec<Group>,
}

impl Footer {
    /// Reads the footer of a whole file.
    pub fn read(file: &[u8]) -> Result<Footer, TableError> {
        if !file.starts_with(MAGIC) && !file.starts_with(ENCRYPTED) {
            return Err(TableError::NotParquet);
        }
        let Some((before, [a, b, c, d, magic @ ..])) = file.split_last_chunk::<8>() else {
            return Err(TableError::Footer("it ends too early"));
        };
        match &magic[..] {
            MAGIC => {}
            ENCRYPTED => return Err(TableError::Encrypted),
            _ => return Err(TableError::Footer("the file does not end as a Parquet file does; it may be cut off")),
        }
        let size = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let start = before.len().checked_sub(size).filter(|start| *start >= MAGIC.len());
        let start = start.ok_or(TableError::Footer("it is longer than the file"))?;
        if size > LONGEST {
            return Err(TableError::Footer("it is longer than any that is written"));
        }
        let mut footer = Footer::default();
        let encrypted = footer.parse(&before[start..]).map_err(|Damaged(why)| TableError::Footer(why))?;
        if encrypted {
            return Err(TableError::Encrypted);
        }
        // Behind the columns there is little, and surely no end of one file and beginning of another.
        let chunks = footer.groups.iter().flat_map(|group| &group.chunks);
        let end = chunks.map(|chunk| chunk.start.saturating_add(chunk.size)).max().unwrap_or(0);
        let behind = before.get(usize::try_from(end).unwrap_or(usize::MAX)..start).unwrap_or_default();
        if memchr::memmem::find(behind, b"PAR1PAR1").is_some() {
            return Err(TableError::Several);
        }
        Ok(footer)
    }

    /// Returns whether the columns are encrypted.
    fn parse(&mut self, bytes: &[u8]) -> Result<bool, Damaged> {
        let mut encrypted = false;
        Thrift::new(bytes).structure(|thrift, id, kind| match (id, kind) {
            (2, wire::LIST) => {
                let mut elements = Vec::new();
                thrift.structures(|thrift| {
                    elements.push(Element::read(thrift)?);
                    if elements.len() > MOST { Err(Damaged("more columns than any table has")) } else { Ok(()) }
                })?;
                self.leaves = leaves(elements)?;
                Ok(())
            }
            (4, wire::LIST) => {
                let columns = self.leaves.len();
                if columns == 0 {
                    return Err(Damaged("it names no columns"));
                }
                thrift.structures(|thrift| Group::read(thrift, columns).map(|group| self.groups.push(group)))
            }
            (8, kind) => {
                encrypted = true;
                thrift.skip(kind)
            }
            _ => thrift.skip(kind),
        })?;
        Ok(encrypted)
    }
}

/// A node of the tree of columns.
#[derive(Default)]
struct Element {
    name: String,
    physical: Option<i64>,
    length: i64,
    repetition: i64,
    children: u64,
    converted: Option<i64>,
    logical: Option<Logical>,
    scale: i64,
}

impl Element {
    fn read(thrift: &mut Thrift<'_>) -> Result<Element, Damaged> {
        let mut element = Element::default();
        thrift.structure(|thrift, id, kind| {
            match (id, kind) {
                (1, wire::I32) => element.physical = Some(thrift.int()?),
                (2, wire::I32) => element.length = thrift.int()?,
                (3, wire::I32) => element.repetition = thrift.int()?,
                (4, wire::BINARY) => element.name = String::from_utf8_lossy(thrift.binary()?).into_owned(),
                (5, wire::I32) => element.children = thrift.size()?,
                (6, wire::I32) => element.converted = Some(thrift.int()?),
                (7, wire::I32) => element.scale = thrift.int()?,
                (10, wire::STRUCT) => thrift.structure(|thrift, id, kind| {
                    element.logical = logical(thrift, id, kind)?;
                    Ok(())
                })?,
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })?;
        Ok(element)
    }

    fn physical(&self) -> Result<Physical, Damaged> {
        Ok(match self.physical {
            Some(0) => Physical::Bool,
            Some(1) => Physical::Int32,
            Some(2) => Physical::Int64,
            Some(3) => Physical::Int96,
            Some(4) => Physical::Float,
            Some(5) => Physical::Double,
            Some(6) => Physical::Bytes,
            Some(7) => match usize::try_from(self.length) {
                Ok(length @ 1..) => Physical::Fixed(length),
                _ => return Err(Damaged("a column of values without a length")),
            },
            _ => return Err(Damaged("a column of an unknown type")),
        })
    }

    fn meaning(&self) -> Logical {
        let decimals = || u32::try_from(self.scale).unwrap_or(0);
        let older = || match self.converted {
            Some(0 | 4 | 19) => Logical::Text,
            Some(5) => Logical::Decimal(decimals()),
            Some(6) => Logical::Date,
            Some(7) => Logical::Time(1_000),
            Some(8) => Logical::Time(1_000_000),
            Some(9) => Logical::Timestamp(1_000),
            Some(10) => Logical::Timestamp(1_000_000),
            Some(11..=14) => Logical::Unsigned,
            Some(20 | 21) => Logical::Opaque,
            _ => Logical::None,
        };
        self.logical.unwrap_or_else(older)
    }
}

/// The meaning of values, as the newer of two ways names it.
fn logical(thrift: &mut Thrift<'_>, id: i16, kind: u8) -> Result<Option<Logical>, Damaged> {
    if kind != wire::STRUCT {
        thrift.skip(kind)?;
        return Ok(None);
    }
    let (mut scale, mut units, mut signed) = (0, 0, true);
    thrift.structure(|thrift, field, kind| {
        match (id, field, kind) {
            (5, 1, wire::I32) => scale = thrift.int()?,
            (7 | 8, 2, wire::STRUCT) => thrift.structure(|thrift, unit, kind| {
                units = [0, 1_000, 1_000_000, 1_000_000_000].get(unit as usize).copied().unwrap_or(0);
                thrift.skip(kind)
            })?,
            (10, 2, wire::TRUE | wire::FALSE) => signed = kind == wire::TRUE,
            _ => thrift.skip(kind)?,
        }
        Ok(())
    })?;
    Ok(match id {
        1 | 4 | 12 => Some(Logical::Text),
        5 => Some(Logical::Decimal(u32::try_from(scale).unwrap_or(0))),
        6 => Some(Logical::Date),
        7 if units > 0 => Some(Logical::Time(units)),
        8 if units > 0 => Some(Logical::Timestamp(units)),
        10 if !signed => Some(Logical::Unsigned),
        13 => Some(Logical::Opaque),
        14 => Some(Logical::Uuid),
        15 => Some(Logical::Half),
        _ => None,
    })
}

/// The columns at the ends of the tree, whose nodes stand parents first.
fn leaves(elements: Vec<Element>) -> Result<Vec<Leaf>, Damaged> {
    /// A group that more nodes belong to.
    struct Open {
        children: u64,
        defined: u8,
        repeated: u8,
    }
    let mut elements = elements.into_iter();
    let root = elements.next().ok_or(Damaged("it names no columns"))?;
    let mut open = vec![Open { children: root.children, defined: 0, repeated: 0 }];
    let (mut path, mut leaves) = (Vec::<Arc<str>>::new(), Vec::new());
    for element in elements {
        while open.last().is_some_and(|group| group.children == 0) {
            open.pop();
            path.pop();
        }
        let parent = open.last_mut().ok_or(Damaged("more columns than it has room for"))?;
        parent.children -= 1;
        let defined = parent.defined + u8::from(element.repetition != 0);
        let repeated = parent.repeated + u8::from(element.repetition == 2);
        path.push(element.name.as_str().into());
        if element.children > 0 || element.physical.is_none() {
            if open.len() == DEEPEST {
                return Err(Damaged("columns nested too deep"));
            }
            open.push(Open { children: element.children, defined, repeated });
            continue;
        }
        let (physical, logical) = (element.physical()?, element.meaning());
        leaves.push(Leaf { path: path.clone(), physical, logical, defined, repeated });
        path.pop();
    }
    match open.iter().all(|group| group.children == 0) {
        true => Ok(leaves),
        false => Err(Damaged("some columns are missing")),
    }
}

impl Group {
    /// A row group of so many columns.
    fn read(thrift: &mut Thrift<'_>, columns: usize) -> Result<Group, Damaged> {
        let mut group = Group::default();
        thrift.structure(|thrift, id, kind| match (id, kind) {
            (1, wire::LIST) => thrift.structures(|thrift| {
                if group.chunks.len() == columns {
                    return Err(Damaged("a row group of too many columns"));
                }
                group.chunks.push(Chunk::read(thrift)?);
                Ok(())
            }),
            (3, wire::I64) => thrift.size().map(|rows| group.rows = rows),
            _ => thrift.skip(kind),
        })?;
        if group.chunks.len() < columns {
            return Err(Damaged("a row group does not have all columns"));
        }
        Ok(group)
    }
}

impl Chunk {
    fn read(thrift: &mut Thrift<'_>) -> Result<Chunk, Damaged> {
        let mut chunk = Chunk::default();
        let mut told = false;
        thrift.structure(|thrift, id, kind| match (id, kind) {
            (1, wire::BINARY) => thrift.binary().map(|path| chunk.elsewhere = !path.is_empty()),
            (3, wire::STRUCT) => {
                told = true;
                chunk.read_meta(thrift)
            }
            (8 | 9, kind) => {
                chunk.encrypted = true;
                thrift.skip(kind)
            }
            _ => thrift.skip(kind),
        })?;
        if told || chunk.encrypted { Ok(chunk) } else { Err(Damaged("it does not tell where a column lies")) }
    }

    fn read_meta(&mut self, thrift: &mut Thrift<'_>) -> Result<(), Damaged> {
        let (mut data, mut dictionary) = (0, None);
        thrift.structure(|thrift, id, kind| {
            match (id, kind) {
                (4, wire::I32) => self.codec = thrift.int()?,
                (7, wire::I64) => self.size = thrift.size()?,
                (9, wire::I64) => data = thrift.size()?,
                (11, wire::I64) => dictionary = Some(thrift.size()?),
                (12, wire::STRUCT) => self.read_statistics(thrift)?,
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })?;
        // Some writers put 0 for no dictionary, and for no data where there are no rows.
        let is_first = |start: &u64| *start >= 4 && (*start < data || data < 4);
        self.start = dictionary.filter(is_first).unwrap_or(data);
        Ok(())
    }

    fn read_statistics(&mut self, thrift: &mut Thrift<'_>) -> Result<(), Damaged> {
        let number = |bytes: &[u8]| match bytes.len() {
            4 => bytes.first_chunk().map(|bytes| i32::from_le_bytes(*bytes).into()),
            _ => bytes.try_into().ok().map(i64::from_le_bytes),
        };
        thrift.structure(|thrift, id, kind| {
            match (id, kind) {
                // The older pair; the newer comes behind it and holds.
                (1 | 5, wire::BINARY) => self.greatest = number(thrift.binary()?),
                (2 | 6, wire::BINARY) => self.least = number(thrift.binary()?),
                (3, wire::I64) => self.nulls = u64::try_from(thrift.int()?).ok(),
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })
    }
}
