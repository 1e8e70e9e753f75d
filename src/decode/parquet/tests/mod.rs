//! Files are written by the low level of the `parquet` crate, and read back.

mod damage;
mod forms;
mod lake;
mod values;

use super::{Table, TableError, TableReader};
use crate::decode::{Batch, Column, Malformed, Sink};
use crate::schema::{Field, FieldName, Format};
use ::parquet::basic::Compression;
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use bytes::Bytes;
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// The values of a column that are there.
#[derive(Clone)]
enum Values {
    Bool(Vec<bool>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    I96(Vec<Int96>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Text(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// A column: its values, and the levels of nulls and lists where it has them.
#[derive(Clone)]
struct Stored {
    values: Values,
    definition: Option<Vec<i16>>,
    repetition: Option<Vec<i16>>,
}

impl From<Values> for Stored {
    fn from(values: Values) -> Stored {
        Stored { values, definition: None, repetition: None }
    }
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> Values {
    Values::Text(values.into_iter().map(ByteArray::from).collect())
}

/// A column of texts that may be null.
fn optional<'a>(values: &[Option<&'a str>]) -> Stored {
    let definition = Some(values.iter().map(|value| i16::from(value.is_some())).collect());
    Stored { values: texts(values.iter().flatten().copied()), definition, repetition: None }
}

/// A file of these row groups.
fn write_groups(columns: &str, groups: &[Vec<Stored>], properties: WriterProperties) -> Bytes {
    let schema = parse_message_type(&format!("message m {{ {columns} }}")).expect("a schema");
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).expect("a writer");
    for group in groups {
        let mut rows = writer.next_row_group().expect("a row group");
        for Stored { values, definition, repetition } in group {
            let mut column = rows.next_column().expect("a column").expect("as many columns");
            let (definition, repetition) = (definition.as_deref(), repetition.as_deref());
            let written = match values {
                Values::Bool(v) => column.typed::<BoolType>().write_batch(v, definition, repetition),
                Values::I32(v) => column.typed::<Int32Type>().write_batch(v, definition, repetition),
                Values::I64(v) => column.typed::<Int64Type>().write_batch(v, definition, repetition),
                Values::I96(v) => column.typed::<Int96Type>().write_batch(v, definition, repetition),
                Values::F32(v) => column.typed::<FloatType>().write_batch(v, definition, repetition),
                Values::F64(v) => column.typed::<DoubleType>().write_batch(v, definition, repetition),
                Values::Text(v) => column.typed::<ByteArrayType>().write_batch(v, definition, repetition),
                Values::Fixed(v) => column.typed::<FixedLenByteArrayType>().write_batch(v, definition, repetition),
            };
            written.expect("values");
            column.close().expect("a column");
        }
        rows.close().expect("a row group");
    }
    writer.into_inner().expect("a file").into()
}

fn write(columns: &str, group: Vec<Stored>) -> Bytes {
    write_groups(columns, &[group], WriterProperties::builder().set_compression(Compression::SNAPPY).build())
}

/// What a reader tells, as text.
#[derive(Default)]
struct Told {
    /// A line for each record: its status, and the values of its columns.
    rows: Vec<String>,
    lines: Vec<String>,
    /// Row, column and text.
    bad: Vec<String>,
    batches: usize,
    /// So many batches are wanted; 0 for all.
    most: usize,
}

impl Sink for Told {
    fn stopped(&self) -> bool {
        self.most > 0 && self.batches >= self.most
    }

    fn batch(&mut self, batch: &Batch<'_>) {
        self.batches += 1;
        let mut others = batch.other_status.iter();
        for row in 0..batch.rows() {
            let mut line = format!("{:?}", batch.status[row]);
            if line == "Other" {
                let (start, end) = others.next().expect("its text");
                _ = write!(line, "={}", show(&batch.text[*start as usize..*end as usize]));
            }
            for column in batch.columns {
                _ = write!(line, " {}", cell(column, row, batch.text));
            }
            assert_eq!(batch.lines[row], self.rows.len() as u64 + 1);
            self.rows.push(line);
            self.lines.push(show(batch.line(row)));
        }
        for bad in batch.bad {
            let (start, end) = bad.span;
            let (line, field) = (batch.lines[bad.row as usize], &batch.fields[bad.column as usize]);
            self.bad.push(format!("{line} {} {}", field.name(), show(&batch.text[start as usize..end as usize])));
        }
        for column in batch.columns {
            check(column, batch.rows());
        }
    }

    fn malformed(&mut self, _: u64, _: Malformed) {
        panic!("a row is never malformed");
    }

    fn format(&mut self, _: &Format) {}
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn cell(column: &Column, row: usize, text: &[u8]) -> String {
    match column {
        column if !column.has(row) => "-".into(),
        Column::Ip(c) if c.family[row] == 6 => Ipv6Addr::from(c.v6_of(row)).to_string(),
        Column::Ip(c) => Ipv4Addr::from(c.v4[row]).to_string(),
        Column::Number(c) => c.values[row].to_string(),
        Column::Text(c) => show(c.bytes(row, text)),
    }
}

/// What every column of so many rows holds to.
fn check(column: &Column, rows: usize) {
    let missing = (0..rows).filter(|row| !column.has(*row)).count();
    match column {
        Column::Ip(c) => {
            assert_eq!((c.v4.len(), c.family.len()), (rows, rows));
            assert_eq!(c.not_v4, c.family.iter().filter(|family| **family != 4).count());
        }
        Column::Number(c) => {
            assert_eq!((c.values.len(), c.present.len(), c.missing), (rows, rows, missing));
            assert!((0..rows).all(|row| c.present[row] || c.values[row] == 0));
        }
        Column::Text(c) => assert_eq!((c.spans.len(), c.missing), (rows, missing)),
    }
}

fn names(fields: &[Field]) -> Vec<FieldName> {
    fields.iter().copied().map(FieldName::Known).collect()
}

/// Reads all row groups of a file.
fn read(file: Bytes, wanted: &[Field], all: bool) -> Result<Told, TableError> {
    let table = Table::open(file)?;
    let mut told = Told::default();
    let mut reader = TableReader::new(&names(wanted), all, true);
    for part in 0..table.parts() {
        let mut of_part = Told::default();
        let read = reader.read(&table, part, 0, &mut of_part)?;
        assert_eq!(read.rows, table.rows(part));
        told.batches += of_part.batches;
        told.rows.extend(of_part.rows);
        told.lines.extend(of_part.lines);
        told.bad.extend(of_part.bad);
    }
    Ok(told)
}

fn rows(file: Bytes, wanted: &[Field]) -> Vec<String> {
    read(file, wanted, false).expect("a sound file").rows
}
