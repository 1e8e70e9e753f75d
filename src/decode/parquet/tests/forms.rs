//! The same records in every form that Parquet has for them.

use super::*;
use ::parquet::basic::{Encoding, GzipLevel, ZstdLevel};
use ::parquet::file::properties::{WriterPropertiesBuilder, WriterVersion};
use proptest::prelude::*;

const COLUMNS: &str = "required int32 version; optional binary srcaddr (STRING); optional int64 bytes; \
                       required binary action (STRING); optional int32 srcport; optional double packets; \
                       optional binary log_status (STRING);";
const WANTED: [Field; 7] =
    [Field::SrcIp, Field::Bytes, Field::Action, Field::SrcPort, Field::Packets, Field::Version, Field::LogStatus];

/// A record; without a value, the fields of a record without data.
#[derive(Clone, Debug)]
struct Made {
    address: Option<u32>,
    bytes: Option<i64>,
    port: Option<u16>,
    accepted: bool,
}

impl Made {
    fn shown(&self) -> String {
        let dash = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        let status = if self.address.is_some() { ("Flow", "OK") } else { ("NoData", "NODATA") };
        format!(
            "{} {} {} {} {} {} 5 {}",
            status.0,
            dash(self.address.map(|v4| Ipv4Addr::from(v4).to_string())),
            dash(self.bytes.map(|n| n.to_string())),
            if self.accepted { "ACCEPT" } else { "REJECT" },
            dash(self.port.map(|n| n.to_string())),
            dash(self.bytes.map(|n| (n / 1000).to_string())),
            status.1,
        )
    }
}

fn levels<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<i16>> {
    Some(values.map(|value| i16::from(value.is_some())).collect())
}

fn stored(records: &[Made]) -> Vec<Stored> {
    let addresses = || records.iter().map(|r| r.address.map(|v4| Ipv4Addr::from(v4).to_string()));
    let addresses_: Vec<String> = addresses().flatten().collect();
    let status = records.iter().map(|r| if r.address.is_some() { "OK" } else { "NODATA" });
    let of = |values, definition| Stored { values, definition, repetition: None };
    vec![
        Values::I32(vec![5; records.len()]).into(),
        of(texts(addresses_.iter().map(String::as_str)), levels(addresses())),
        of(Values::I64(records.iter().filter_map(|r| r.bytes).collect()), levels(records.iter().map(|r| r.bytes))),
        texts(records.iter().map(|r| if r.accepted { "ACCEPT" } else { "REJECT" })).into(),
        of(
            Values::I32(records.iter().filter_map(|r| r.port.map(i32::from)).collect()),
            levels(records.iter().map(|r| r.port)),
        ),
        of(
            Values::F64(records.iter().filter_map(|r| r.bytes.map(|n| (n / 1000) as f64)).collect()),
            levels(records.iter().map(|r| r.bytes)),
        ),
        of(texts(status), Some(vec![1; records.len()])),
    ]
}

fn codecs() -> impl Strategy<Value = Compression> {
    prop_oneof![
        Just(Compression::UNCOMPRESSED),
        Just(Compression::SNAPPY),
        Just(Compression::GZIP(GzipLevel::default())),
        Just(Compression::ZSTD(ZstdLevel::default())),
    ]
}

/// Encodings for columns of texts, and of numbers.
fn encodings() -> impl Strategy<Value = Option<(Encoding, Encoding, Encoding)>> {
    let text =
        prop_oneof![Just(Encoding::PLAIN), Just(Encoding::DELTA_LENGTH_BYTE_ARRAY), Just(Encoding::DELTA_BYTE_ARRAY)];
    let number =
        prop_oneof![Just(Encoding::PLAIN), Just(Encoding::DELTA_BINARY_PACKED), Just(Encoding::BYTE_STREAM_SPLIT)];
    let float = prop_oneof![Just(Encoding::PLAIN), Just(Encoding::BYTE_STREAM_SPLIT)];
    // None: dictionaries.
    prop::option::of((text, number, float))
}

fn properties(
    codec: Compression,
    encodings: Option<(Encoding, Encoding, Encoding)>,
    second: bool,
    page: usize,
) -> WriterPropertiesBuilder {
    let mut builder = WriterProperties::builder()
        .set_compression(codec)
        .set_writer_version(if second { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_data_page_row_count_limit(page)
        .set_write_batch_size(page)
        .set_dictionary_enabled(encodings.is_none());
    if let Some((text, number, float)) = encodings {
        for (name, encoding) in [
            ("version", number),
            ("srcaddr", text),
            ("bytes", number),
            ("action", text),
            ("srcport", number),
            ("packets", float),
            ("log_status", text),
        ] {
            builder = builder.set_column_encoding(name.into(), encoding);
        }
    }
    builder
}

/// Records with runs in them.
fn records() -> impl Strategy<Value = Vec<Made>> {
    let one = (
        prop::option::weighted(0.9, prop_oneof![Just(0x0a000001u32), 0x0a000000..0x0a000010u32, any::<u32>()]),
        prop::option::weighted(0.9, prop_oneof![0..100i64, 0..=i64::MAX]),
        prop::option::weighted(0.9, any::<u16>()),
        any::<bool>(),
        1..40usize,
    );
    prop::collection::vec(one, 1..60).prop_map(|runs| {
        let repeat = |(address, bytes, port, accepted, count): (Option<u32>, Option<i64>, _, _, usize)| {
            let bytes = bytes.map(|n| n.min(1 << 50));
            std::iter::repeat_n(Made { address, bytes, port, accepted }, count)
        };
        runs.into_iter().flat_map(repeat).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_form_is_read_as_the_same_records(
        records in records(),
        codec in codecs(),
        encodings in encodings(),
        second: bool,
        page in 1..700usize,
        split in any::<prop::sample::Index>(),
    ) {
        let (first, rest) = records.split_at(split.index(records.len()));
        let file = write_groups(COLUMNS, &[stored(first), stored(rest)], properties(codec, encodings, second, page).build());
        let told = read(file, &WANTED, false).expect("a sound file");
        let expected: Vec<String> = records.iter().map(Made::shown).collect();
        prop_assert_eq!(told.rows, expected);
        prop_assert!(told.bad.is_empty());
    }
}

#[test]
fn long_row_groups_come_in_batches_and_small_dictionaries_overflow_into_plain_pages() {
    let records: Vec<Made> = (0..20_000u32)
        .map(|i| Made {
            address: (i % 97 != 0).then_some(i.wrapping_mul(2_654_435_761)),
            bytes: Some(i64::from(i % 3000)),
            port: Some(i as u16),
            accepted: i % 3 == 0,
        })
        .collect();
    let properties = WriterProperties::builder().set_dictionary_page_size_limit(4000).set_data_page_size_limit(3000);
    let told = read(write_groups(COLUMNS, &[stored(&records)], properties.build()), &WANTED, false).expect("sound");
    let expected: Vec<String> = records.iter().map(Made::shown).collect();
    assert_eq!(told.rows, expected);
    assert_eq!(told.batches, 5);
}

#[test]
fn a_reader_stops_when_it_is_told_to() {
    let records = vec![Made { address: Some(1), bytes: None, port: None, accepted: true }; 9000];
    let table = Table::open(write(COLUMNS, stored(&records))).expect("sound");
    let mut told = Told { most: 1, ..Told::default() };
    let read = TableReader::new(&[], false, false).read(&table, 0, 0, &mut told).expect("sound");
    assert_eq!((read.rows, told.rows.len()), (4096, 4096));
}

#[test]
fn only_wanted_columns_are_read() {
    let records: Vec<Made> =
        (0..5000).map(|i| Made { address: Some(i), bytes: Some(i.into()), port: None, accepted: true }).collect();
    let table = Table::open(write(COLUMNS, stored(&records))).expect("sound");
    let bytes = |wanted: &[Field], all| {
        let mut reader = TableReader::new(&names(wanted), all, false);
        reader.read(&table, 0, 0, &mut Told::default()).expect("sound").bytes
    };
    let (none, one, all) = (bytes(&[], false), bytes(&[Field::Bytes], false), bytes(&[], true));
    assert!(none * 10 < one && one * 3 / 2 < all, "{none} {one} {all}");
    assert!(all < table.file.len() as u64);
}

/// The crate writes a dictionary for a column without values, and tells no place of its data.
#[test]
fn an_empty_row_group_may_stand_anywhere() {
    let records = [Made { address: None, bytes: None, port: None, accepted: false }];
    let groups = [stored(&[]), stored(&records), stored(&[])];
    let file = write_groups(COLUMNS, &groups, properties(Compression::UNCOMPRESSED, None, false, 1).build());
    assert_eq!(read(file, &WANTED, false).expect("a sound file").rows, [records[0].shown()]);
}
