//! The columns of a file: names, types, and how they are written.

use crate::schema::{Field, FieldName, Heading, Kind};
use parquet::basic::{Compression, GzipLevel, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};
use std::sync::Arc;

/// How pages are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Zstd,
    Snappy,
    Gzip,
    None,
}

impl Codec {
    pub fn compression(self) -> Compression {
        match self {
            Codec::Zstd => Compression::ZSTD(ZstdLevel::default()),
            Codec::Snappy => Compression::SNAPPY,
            Codec::Gzip => Compression::GZIP(GzipLevel::default()),
            Codec::None => Compression::UNCOMPRESSED,
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Int32,
    Int64,
    Text,
}

impl Holds {
    /// The type that AWS gives the column.
    fn of(heading: &Heading) -> Holds {
        match (FieldName::parse(heading.name.as_bytes()), heading.kind) {
            (_, Kind::Ip | Kind::Text) => Holds::Text,
            (_, Kind::Port | Kind::Protocol) => Holds::Int32,
            (_, Kind::Bytes | Kind::Time) => Holds::Int64,
            (FieldName::Known(field), Kind::Number) if !counts_packets(field) => Holds::Int32,
            (FieldName::Other(name), Kind::Number) if &*name == "protocol-number" => Holds::Int32,
            (_, Kind::Number) => Holds::Int64,
        }
    }

    /// The largest number that fits.
    pub fn most(self) -> u64 {
        match self {
            Holds::Int32 => i32::MAX as u64,
            Holds::Int64 | Holds::Text => i64::MAX as u64,
        }
    }
}

fn counts_packets(field: Field) -> bool {
    matches!(
        field,
        Field::Packets
            | Field::PacketsLostNoRoute
            | Field::PacketsLostBlackhole
            | Field::PacketsLostMtuExceeded
            | Field::PacketsLostTtlExpired
    )
}

/// The columns of a file.
#[derive(Clone, Debug)]
pub struct Schema {
    pub holds: Vec<Holds>,
    pub names: Vec<String>,
    /// Which column is the start, by which row groups are sorted.
    pub start: Option<usize>,
    pub codec: Codec,
    pub descriptor: SchemaDescPtr,
    pub properties: WriterPropertiesPtr,
}

/// The name of a column, as AWS has it.
fn name(heading: &Heading) -> String {
    let name = FieldName::parse(heading.name.as_bytes());
    crate::render::key(name.aws_name())
}

impl Schema {
    /// The columns below these headings. Names that are the same otherwise are numbered.
    pub fn new(headings: &[Heading], codec: Codec) -> Schema {
        let mut names: Vec<String> = Vec::new();
        for heading in headings {
            let name = name(heading);
            let again = (2..).map(|n| format!("{name}_{n}"));
            let free = std::iter::once(name.clone()).chain(again).find(|name| !names.contains(name));
            names.push(free.unwrap_or(name));
        }
        let holds: Vec<Holds> = headings.iter().map(Holds::of).collect();
        let is_start = |heading: &Heading| heading.name == Field::Start.name();
        let start = headings.iter().position(is_start);
        let columns = names.iter().zip(&holds).map(|(name, holds)| Arc::new(leaf(name, *holds))).collect();
        let root = Type::group_type_builder("schema").with_fields(columns).build().expect("a group of columns");
        Schema {
            codec,
            properties: Arc::new(properties(start)),
            descriptor: Arc::new(SchemaDescriptor::new(Arc::new(root))),
            holds,
            names,
            start,
        }
    }
}

/// A column in which every value may be missing.
fn leaf(name: &str, holds: Holds) -> Type {
    let (physical, logical) = match holds {
        Holds::Int32 => (Physical::INT32, None),
        Holds::Int64 => (Physical::INT64, None),
        Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    column.with_logical_type(logical).build().expect("a column of a plain type")
}

/// What is known of a file besides its columns; those are encoded here.
fn properties(start: Option<usize>) -> WriterProperties {
    let sorted = |start| SortingColumn { column_idx: start as i32, descending: false, nulls_first: true };
    WriterProperties::builder()
        .set_created_by(concat!("vpcflow version ", env!("CARGO_PKG_VERSION")).into())
        .set_sorting_columns(start.map(|start| vec![sorted(start)]))
        .set_offset_index_disabled(true)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(name: &FieldName) -> Heading {
        Heading { name: name.name().into(), kind: name.kind() }
    }

    #[test]
    fn names_and_types_are_those_of_aws() {
        let headings: Vec<Heading> = Field::all().map(|field| heading(&field.into())).collect();
        let schema = Schema::new(&headings, Codec::Zstd);
        let of = |wanted: Holds| -> Vec<&str> {
            let all = schema.names.iter().zip(&schema.holds);
            all.filter(|(_, holds)| **holds == wanted).map(|(name, _)| name.as_str()).collect()
        };
        assert_eq!(
            of(Holds::Int32),
            ["version", "srcport", "dstport", "protocol", "tcp_flags", "traffic_path", "encryption_status"]
        );
        assert_eq!(
            of(Holds::Int64),
            [
                "packets",
                "bytes",
                "start",
                "end",
                "packets_lost_no_route",
                "packets_lost_blackhole",
                "packets_lost_mtu_exceeded",
                "packets_lost_ttl_expired"
            ]
        );
        assert_eq!(of(Holds::Text).len(), Field::all().count() - 7 - 8);
        assert!(schema.names.contains(&"pkt_srcaddr".into()) && schema.names.contains(&"instance_tag_2".into()));
        assert_eq!(schema.start, Some(10));
    }

    #[test]
    fn no_two_columns_have_one_name() {
        let names = ["src-ip", "src-ip/24", "src-ip-24", "duration", "protocol-number"];
        let kinds = [Kind::Ip, Kind::Ip, Kind::Text, Kind::Number, Kind::Number];
        let headings: Vec<Heading> =
            names.iter().zip(kinds).map(|(name, kind)| Heading { name: name.to_string(), kind }).collect();
        let schema = Schema::new(&headings, Codec::None);
        assert_eq!(schema.names, ["srcaddr", "src_ip_24", "src_ip_24_2", "duration", "protocol_number"]);
        assert_eq!(schema.holds[3..], [Holds::Int64, Holds::Int32]);
        assert_eq!(schema.start, None);
    }
}
