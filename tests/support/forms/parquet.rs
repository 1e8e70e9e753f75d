//! Parquet: as AWS writes it, and as others do.

use super::Form;
use super::records::{ALL, DEFAULT, FORMATS, Format, Record, VERSION_5};
use super::text;
use crate::support::tree::gzip;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// The values of a column of a row group, and the levels at which they stand.
pub struct Leaf {
    pub values: Values,
    pub definitions: Vec<i16>,
    pub repetitions: Option<Vec<i16>>,
}

pub enum Values {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Text(Vec<ByteArray>),
}

/// A file of row groups of columns, in the order of the schema.
pub fn write(schema: &str, groups: Vec<Vec<Leaf>>, properties: WriterProperties) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut out = Vec::new();
    let mut file = SerializedFileWriter::new(&mut out, schema, Arc::new(properties)).expect("a writer");
    for leaves in groups {
        let mut group = file.next_row_group().expect("a row group");
        leaves.iter().for_each(|leaf| write_leaf(&mut group, leaf));
        group.close().expect("a row group");
    }
    file.close().expect("a file");
    out
}

fn write_leaf(group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>, leaf: &Leaf) {
    let mut column = group.next_column().expect("a column").expect("as many columns as the schema has");
    let (definitions, repetitions) = (Some(&leaf.definitions[..]), leaf.repetitions.as_deref());
    let written = match &leaf.values {
        Values::Int32(values) => column.typed::<Int32Type>().write_batch(values, definitions, repetitions),
        Values::Int64(values) => column.typed::<Int64Type>().write_batch(values, definitions, repetitions),
        Values::Text(values) => column.typed::<ByteArrayType>().write_batch(values, definitions, repetitions),
    };
    written.expect("values");
    column.close().expect("a column");
}

/// How a column is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int32,
    Int64,
    Text,
    /// Text that does not say so.
    Binary,
}

/// What stands where there is no value.
#[derive(Clone, Copy, Debug)]
enum Missing {
    Null,
    /// In columns of text this word, elsewhere null.
    Word(&'static str),
}

/// The types of the columns.
#[derive(Clone, Copy, Debug)]
enum Types {
    Aws,
    /// All numbers have 64 bits.
    Wide,
    /// All is text.
    Text,
    /// Account ids are numbers, ports and times are text, other numbers are wide.
    Strange,
    /// As AWS has them, but text is not marked as such.
    Unmarked,
}

impl Types {
    fn of(self, field: &str) -> Kind {
        let aws = match field {
            "version" | "srcport" | "dstport" | "protocol" | "tcp-flags" | "traffic-path" | "encryption-status" => {
                Kind::Int32
            }
            "packets" | "bytes" | "start" | "end" => Kind::Int64,
            field if field.starts_with("packets-lost") => Kind::Int64,
            _ => Kind::Text,
        };
        match (self, aws) {
            (Types::Aws, _) => aws,
            (Types::Text, _) => Kind::Text,
            (Types::Unmarked, Kind::Text) => Kind::Binary,
            (Types::Unmarked, _) => aws,
            (Types::Strange, _) if field == "account-id" => Kind::Int64,
            (Types::Strange, _) if matches!(field, "srcport" | "dstport" | "start" | "end") => Kind::Text,
            (_, Kind::Int32) => Kind::Int64,
            _ => aws,
        }
    }
}

/// How a file is written.
#[derive(Clone, Debug)]
struct Manner {
    types: Types,
    missing: Missing,
    codec: Compression,
    dictionary: bool,
    pages: WriterVersion,
    statistics: EnabledStatistics,
    groups: usize,
    shuffled: bool,
}

/// As AWS writes it.
const AWS: Manner = Manner {
    types: Types::Aws,
    missing: Missing::Null,
    codec: Compression::SNAPPY,
    dictionary: true,
    pages: WriterVersion::PARQUET_1_0,
    statistics: EnabledStatistics::Chunk,
    groups: 1,
    shuffled: false,
};

impl Manner {
    fn bytes(&self, records: &[Record], format: Format) -> Vec<u8> {
        let mut fields: Vec<&str> = format.fields().collect();
        if self.shuffled {
            fields = (0..7).rev().flat_map(|i| fields.iter().skip(i).step_by(7).copied()).collect();
        }
        let columns: Vec<String> = fields.iter().map(|field| self.column(field)).collect();
        let schema = format!("message flow_log {{ {} }}", columns.concat());
        let group = |part: &[Record]| fields.iter().map(|field| self.leaf(part, field, format)).collect();
        let each = records.len().div_ceil(self.groups).max(1);
        write(&schema, records.chunks(each).map(group).collect(), self.properties())
    }

    fn column(&self, field: &str) -> String {
        let (physical, mark) = match self.types.of(field) {
            Kind::Int32 => ("INT32", ""),
            Kind::Int64 => ("INT64", ""),
            Kind::Text => ("BYTE_ARRAY", " (UTF8)"),
            Kind::Binary => ("BYTE_ARRAY", ""),
        };
        format!("OPTIONAL {physical} {}{mark}; ", field.replace('-', "_"))
    }

    fn leaf(&self, records: &[Record], field: &str, format: Format) -> Leaf {
        let kind = self.types.of(field);
        let word = match (kind, self.missing) {
            (Kind::Text | Kind::Binary, Missing::Word(word)) => Some(word),
            _ => None,
        };
        let texts: Vec<Option<&str>> = records.iter().map(|record| record.value(field, format).or(word)).collect();
        let numbers = || texts.iter().flatten().map(|text| text.parse::<i64>().expect("a number"));
        let values = match kind {
            Kind::Int32 => Values::Int32(numbers().map(|number| number as i32).collect()),
            Kind::Int64 => Values::Int64(numbers().collect()),
            Kind::Text | Kind::Binary => {
                Values::Text(texts.iter().flatten().map(|text| ByteArray::from(*text)).collect())
            }
        };
        let definitions = texts.iter().map(|text| i16::from(text.is_some())).collect();
        Leaf { values, definitions, repetitions: None }
    }

    fn properties(&self) -> WriterProperties {
        WriterProperties::builder()
            .set_compression(self.codec)
            .set_dictionary_enabled(self.dictionary)
            .set_writer_version(self.pages)
            .set_statistics_enabled(self.statistics)
            .set_data_page_row_count_limit(100)
            .set_write_batch_size(32)
            .build()
    }
}

/// A file as AWS writes it.
pub fn object(records: &[Record], format: Format) -> Vec<u8> {
    AWS.bytes(records, format)
}

/// Files in which account ids are numbers.
pub fn account_numbers(records: &[Record]) -> Vec<Form> {
    let strange = Manner { types: Types::Strange, ..AWS };
    vec![Form::one("Parquet, numbers as text and text as numbers", strange.bytes(records, VERSION_5))]
}

/// One file, in every manner.
pub fn files(records: &[Record]) -> Vec<Form> {
    let mut forms: Vec<Form> =
        FORMATS.map(|format| Form::one(format!("{} Parquet", format.name), object(records, format))).into();
    let gzipped = Compression::GZIP(Default::default());
    let zstd = Compression::ZSTD(Default::default());
    let v2 = WriterVersion::PARQUET_2_0;
    for (name, manner) in [
        ("uncompressed", Manner { codec: Compression::UNCOMPRESSED, ..AWS }),
        ("gzip", Manner { codec: gzipped, ..AWS }),
        ("zstd", Manner { codec: zstd, ..AWS }),
        ("no dictionary", Manner { dictionary: false, ..AWS }),
        ("pages of version 2", Manner { pages: v2, ..AWS }),
        ("pages of version 2, gzip, no dictionary", Manner { pages: v2, codec: gzipped, dictionary: false, ..AWS }),
        ("pages of version 2, uncompressed", Manner { pages: v2, codec: Compression::UNCOMPRESSED, ..AWS }),
        ("several row groups", Manner { groups: 7, ..AWS }),
        ("no statistics", Manner { statistics: EnabledStatistics::None, groups: 3, ..AWS }),
        ("statistics of pages", Manner { statistics: EnabledStatistics::Page, groups: 3, ..AWS }),
        ("columns in another order", Manner { shuffled: true, ..AWS }),
        ("wide numbers", Manner { types: Types::Wide, ..AWS }),
        ("all text", Manner { types: Types::Text, ..AWS }),
        ("all text, dashes", Manner { types: Types::Text, missing: Missing::Word("-"), ..AWS }),
        ("unmarked text", Manner { types: Types::Unmarked, ..AWS }),
        ("dashes", Manner { missing: Missing::Word("-"), ..AWS }),
        ("None", Manner { missing: Missing::Word("None"), ..AWS }),
        ("empty text", Manner { missing: Missing::Word(""), ..AWS }),
        (
            "all at once",
            Manner {
                types: Types::Wide,
                missing: Missing::Word("-"),
                codec: zstd,
                pages: v2,
                groups: 4,
                shuffled: true,
                ..AWS
            },
        ),
    ] {
        forms.push(Form::one(format!("Parquet, {name}"), manner.bytes(records, VERSION_5)));
    }
    forms
}

/// Records in the order of time, in many small row groups, so that a window leaves most of them out.
pub fn sorted(records: &[Record]) -> Vec<Form> {
    let mut records = records.to_vec();
    records.sort_by_key(Record::start);
    let small = Manner { groups: 20, ..AWS };
    vec![
        Form::one("Parquet in the order of time", small.bytes(&records, DEFAULT)),
        Form::one(
            "Parquet in the order of time, numbers wide",
            Manner { types: Types::Wide, ..small.clone() }.bytes(&records, DEFAULT),
        ),
        Form::one(
            "Parquet in the order of time, times as text",
            Manner { types: Types::Text, ..small }.bytes(&records, DEFAULT),
        ),
    ]
}

/// A column that nobody knows among the others.
pub fn with_unknown_column(records: &[Record]) -> Vec<u8> {
    let text = |value: &dyn Fn(&Record) -> Option<String>| {
        let values: Vec<Option<String>> = records.iter().map(value).collect();
        let definitions = values.iter().map(|value| i16::from(value.is_some())).collect();
        let values = Values::Text(values.iter().flatten().map(|value| ByteArray::from(&value[..])).collect());
        Leaf { values, definitions, repetitions: None }
    };
    let columns = vec![
        text(&|record| record.get("srcaddr").map(String::from)),
        text(&|record| record.number("bytes").map(|bytes| format!("of-{bytes}"))),
        text(&|record| record.get("log-status").map(String::from)),
    ];
    let schema = "message m { OPTIONAL BYTE_ARRAY srcaddr (UTF8); OPTIONAL BYTE_ARRAY field_of_tomorrow (UTF8); \
                  OPTIONAL BYTE_ARRAY log_status (UTF8); }";
    write(schema, vec![columns], WriterProperties::default())
}

/// Trees, with text among them.
pub fn trees(records: &[Record]) -> Vec<Form> {
    let mut plain = Form::named("a tree of Parquet, all formats");
    let mut hive = Form::named("a Hive tree of Parquet, all formats");
    let mut mixed = Form::named("Parquet and text in one tree");
    for (i, format, part) in text::parts(records, 12) {
        let bytes = object(part, format);
        plain = plain.file(text::key(format, i, ".parquet"), bytes.clone());
        hive = hive.file(text::hive_key(format, i, ".parquet"), bytes.clone());
        mixed = match i % 3 {
            0 => mixed.file(text::key(format, i, ".parquet"), bytes),
            1 => mixed.file(text::key(format, i, ".gz"), gzip(text::object(part, format))),
            _ => mixed.file(format!("events/{i}.json"), super::json::get_log_events(part, DEFAULT)),
        };
    }
    let empty = Form::named("Parquet without rows beside one with all")
        .file("empty", object(&[], ALL))
        .file("full", object(records, ALL));
    vec![plain, hive, mixed, empty]
}
