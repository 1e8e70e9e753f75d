//! What a Parquet file holds: which of its columns are which fields.

use super::convert::{Convert, Words};
use super::footer::{Footer, Leaf, Logical, Physical};
use super::unpack::Codec;
use super::{TableError, ocsf};
use crate::decode::fill::seconds;
use crate::decode::form::Form;
use crate::schema::{Field, FieldName, Format, Kind, escape};
use bytes::Bytes;
use std::ops::RangeInclusive;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Records of a flow log, a column to a field.
    FlowLogs,
    /// Records as Security Lake keeps them.
    SecurityLake,
    /// Lines of text, in a column `message`.
    Messages,
}

impl From<TableForm> for Form {
    fn from(form: TableForm) -> Form {
        match form {
            TableForm::FlowLogs => Form::Parquet,
            TableForm::SecurityLake => Form::SecurityLake,
            TableForm::Messages => Form::ParquetLines,
        }
    }
}

/// A Parquet file of flow logs. Shared by threads.
#[derive(Debug)]
pub struct Table {
    pub(super) file: Bytes,
    pub(super) footer: Footer,
    pub(super) form: TableForm,
    pub(super) format: Format,
    /// Where each field of the format stands.
    pub(super) sources: Vec<Source>,
    /// The column that tells what Security Lake's records are, or that holds the lines of messages.
    pub(super) key: Option<usize>,
    left_out: Vec<String>,
}

/// Where a field stands: in the first of these columns that has a value.
#[derive(Clone, Debug)]
pub struct Source {
    pub leaves: Vec<usize>,
    pub words: Words,
}

/// Fields that tables of other things have, too.
const COMMON: [Field; 14] = [
    Field::Version,
    Field::AccountId,
    Field::Protocol,
    Field::Packets,
    Field::Bytes,
    Field::Start,
    Field::End,
    Field::Action,
    Field::VpcId,
    Field::InstanceId,
    Field::Type,
    Field::Region,
    Field::ResourceId,
    Field::ResourceType,
];

/// The columns of a file that are named where none is a flow log's.
const SHOWN: usize = 8;

impl Table {
    /// Reads the footer. `file` is the whole file.
    pub fn open(file: Bytes) -> Result<Table, TableError> {
        let footer = Footer::read(&file)?;
        let leaf = |name: &str| footer.leaves.iter().position(|leaf| leaf.path.len() == 1 && &*leaf.path[0] == name);
        if let Some(class) = leaf(ocsf::CLASS) {
            return Table::security_lake(file, footer, class);
        }
        let (fields, sources, left_out) = flow_logs(&footer)?;
        let known: Vec<Field> = fields.iter().filter_map(FieldName::known).collect();
        let telling = known.iter().any(|field| !COMMON.contains(field));
        if telling && (known.len() > 1 || fields.len() == 1) {
            let format = Format::new(fields).map_err(|error| TableError::Columns(error.to_string()))?;
            return Ok(Table { file, footer, form: TableForm::FlowLogs, format, sources, key: None, left_out });
        }
        if let Some(message) = leaf("message").filter(|leaf| footer.leaves[*leaf].physical == Physical::Bytes) {
            let (form, format) = (TableForm::Messages, Format::default_format());
            return Ok(Table { file, footer, form, format, sources: vec![], key: Some(message), left_out: vec![] });
        }
        Err(TableError::NoFields(columns(&footer)))
    }

    fn security_lake(file: Bytes, footer: Footer, class: usize) -> Result<Table, TableError> {
        for group in &footer.groups {
            let chunk = &group.chunks[class];
            for value in [chunk.least, chunk.greatest].into_iter().flatten() {
                if value != ocsf::NETWORK_ACTIVITY as i64 {
                    return Err(TableError::OcsfClass(value.to_string()));
                }
            }
        }
        let (mut fields, mut sources) = (Vec::new(), Vec::new());
        for origin in ocsf::ORIGINS {
            let leaves = origin.columns.iter().filter_map(|name| find(&footer.leaves, name, origin.field.kind()));
            let leaves: Vec<usize> = leaves.collect();
            if !leaves.is_empty() {
                fields.push(FieldName::Known(origin.field));
                sources.push(Source { leaves, words: origin.words });
            }
        }
        let format = Format::new(fields).map_err(|_| TableError::NoFields(columns(&footer)))?;
        let form = TableForm::SecurityLake;
        Ok(Table { file, footer, form, format, sources, key: Some(class), left_out: vec![] })
    }

    /// The fields that the file has, in its order.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// What its rows are.
    pub fn form(&self) -> TableForm {
        self.form
    }

    /// Columns that no record shows, because they are nested.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The number of row groups.
    pub fn parts(&self) -> usize {
        self.footer.groups.len()
    }

    /// The rows of a row group.
    pub fn rows(&self, part: usize) -> u64 {
        self.footer.groups[part].rows
    }

    /// Where start and end of all records of a row group lie, in seconds, if its statistics tell.
    pub fn times(&self, part: usize) -> Option<RangeInclusive<u64>> {
        let mut range: Option<RangeInclusive<u64>> = None;
        for field in [Field::Start, Field::End] {
            let Some(place) = self.format.position(&field.into()) else { continue };
            let these = self.times_of(part, *self.sources.get(place)?.leaves.first()?)?;
            range = Some(match range {
                Some(range) => *range.start().min(these.start())..=*range.end().max(these.end()),
                None => these,
            });
        }
        range
    }

    fn times_of(&self, part: usize, leaf: usize) -> Option<RangeInclusive<u64>> {
        let (leaf, chunk) = (&self.footer.leaves[leaf], &self.footer.groups[part].chunks[leaf]);
        if leaf.defined > 0 && chunk.nulls != Some(0) || !matches!(leaf.physical, Physical::Int32 | Physical::Int64) {
            return None;
        }
        let (least, greatest) = (u64::try_from(chunk.least?).ok()?, u64::try_from(chunk.greatest?).ok()?);
        match leaf.logical {
            Logical::Timestamp(units) => Some(least / units..=greatest / units),
            // Seconds and milliseconds in one row group have no order.
            Logical::None if (seconds(least) == least) == (seconds(greatest) == greatest) => {
                Some(seconds(least)..=seconds(greatest)).filter(|range| !range.is_empty())
            }
            _ => None,
        }
    }

    /// How the values of a column become those of a field.
    pub(super) fn convert(&self, field: &FieldName, leaf: usize, words: Words) -> Convert {
        let Leaf { physical, logical, .. } = self.footer.leaves[leaf];
        let digits = if *field == FieldName::Known(Field::AccountId) { 12 } else { 0 };
        Convert { kind: field.kind(), physical, logical, digits, words }
    }

    /// The pages of a column in a row group.
    pub(super) fn chunk(&self, part: usize, leaf: usize) -> Result<(Bytes, Codec), TableError> {
        let chunk = &self.footer.groups[part].chunks[leaf];
        let column = || self.column(leaf);
        if chunk.encrypted {
            return Err(TableError::Encrypted);
        }
        if chunk.elsewhere {
            return Err(TableError::Column { column: column(), reason: "it lies in another file" });
        }
        let codec = Codec::of(chunk.codec).map_err(|codec| TableError::Codec { column: column(), codec })?;
        let end = chunk.start.checked_add(chunk.size).filter(|end| *end <= self.file.len() as u64);
        let end = end.ok_or(TableError::Column { column: column(), reason: "it lies beyond the end of the file" })?;
        Ok((self.file.slice(chunk.start as usize..end as usize), codec))
    }

    /// The name of a column, for messages.
    pub(super) fn column(&self, leaf: usize) -> String {
        name(&self.footer.leaves[leaf])
    }
}

fn name(leaf: &Leaf) -> String {
    escape(leaf.path.join(".").as_bytes())
}

fn columns(footer: &Footer) -> String {
    let mut names: Vec<String> = footer.leaves.iter().take(SHOWN).map(name).collect();
    match footer.leaves.len() {
        0 => names.push("none".into()),
        all if all > SHOWN => names.push(format!("and {} more", all - SHOWN)),
        _ => {}
    }
    names.join(", ")
}

/// The fields of a plain table, with their columns, and the names of those that are left out.
type Fields = (Vec<FieldName>, Vec<Source>, Vec<String>);

fn flow_logs(footer: &Footer) -> Result<Fields, TableError> {
    let mut names: Vec<(usize, FieldName)> = Vec::new();
    let mut left_out = Vec::new();
    for (i, leaf) in footer.leaves.iter().enumerate() {
        let field = FieldName::parse(leaf.path[0].as_bytes());
        if leaf.path.len() == 1 && leaf.repeated == 0 {
            names.push((i, field));
        } else if matches!(field, FieldName::Known(_)) {
            left_out.push(Err(TableError::Nested { column: escape(leaf.path[0].as_bytes()) }));
        } else {
            left_out.push(Ok(name(leaf)));
        }
    }
    prefer_own_names(footer, &mut names);
    let left_out = left_out.into_iter().collect::<Result<_, _>>()?;
    let sources = names.iter().map(|(leaf, _)| Source { leaves: vec![*leaf], words: &[] }).collect();
    Ok((names.into_iter().map(|(_, field)| field).collect(), sources, left_out))
}

/// Where several columns are one field by their names, the one with AWS's own name is the field, or
/// else the first; the others are columns of text like those that no field has.
fn prefer_own_names(footer: &Footer, names: &mut [(usize, FieldName)]) {
    let plain = |leaf: usize| footer.leaves[leaf].path[0].to_lowercase().replace('_', "-");
    for i in 0..names.len() {
        let Some(field) = names[i].1.known() else { continue };
        let mut same = names.iter().enumerate().filter(|(_, (_, name))| name.known() == Some(field));
        let own = same.clone().find(|(_, (leaf, _))| plain(*leaf) == field.aws_name()).or_else(|| same.next());
        if own.is_some_and(|(own, _)| own != i) {
            names[i].1 = FieldName::Other(plain(names[i].0).into());
        }
    }
}

/// The column of a dotted name; of a list, the column of its items where those are wanted.
fn find(leaves: &[Leaf], name: &str, kind: Kind) -> Option<usize> {
    leaves.iter().position(|leaf| {
        let mut names = leaf.path.iter();
        let fits = name.split('.').all(|part| names.next().is_some_and(|name| **name == *part));
        fits && match leaf.repeated {
            0 => names.next().is_none(),
            1 => kind == Kind::Ip,
            _ => false,
        }
    })
}
