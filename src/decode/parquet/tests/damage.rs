//! No bytes whatsoever make the reader panic, or take more memory or time than they are worth.

use super::*;
use ::parquet::basic::{Encoding, GzipLevel, ZstdLevel};
use ::parquet::file::properties::WriterVersion;

const COLUMNS: &str = "optional binary srcaddr (STRING); required int64 bytes; optional int32 srcport; \
                       required double packets; required boolean odd; required fixed_len_byte_array(4) region; \
                       required int96 start; required binary log_status;";

fn group(rows: usize) -> Vec<Stored> {
    let addresses: Vec<Option<String>> =
        (0..rows).map(|row| (row % 5 != 0).then(|| format!("10.0.{}.1", row % 7))).collect();
    let mut moment = Int96::new();
    moment.set_data(5, 6, 2_459_823);
    vec![
        optional(&addresses.iter().map(Option::as_deref).collect::<Vec<_>>()),
        Values::I64((0..rows as i64).map(|row| row * 3 % 11).collect()).into(),
        Stored {
            values: Values::I32(vec![443; rows / 2]),
            definition: Some((0..rows / 2 * 2).map(|row| (row % 2) as i16).chain((0..rows % 2).map(|_| 0)).collect()),
            repetition: None,
        },
        Values::F64(vec![2.0; rows]).into(),
        Values::Bool((0..rows).map(|row| row % 3 == 0).collect()).into(),
        Values::Fixed(vec![b"eu-1".to_vec().into(); rows]).into(),
        Values::I96(vec![moment; rows]).into(),
        texts((0..rows).map(|row| if row % 4 == 0 { "NODATA" } else { "OK" })).into(),
    ]
}

/// Files of every codec, both versions of pages, and all encodings.
fn files() -> Vec<Bytes> {
    let of = |codec, second, delta: bool| {
        let mut builder = WriterProperties::builder()
            .set_compression(codec)
            .set_writer_version(if second { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
            .set_dictionary_enabled(!delta);
        if delta {
            for (column, encoding) in [
                ("srcaddr", Encoding::DELTA_BYTE_ARRAY),
                ("bytes", Encoding::DELTA_BINARY_PACKED),
                ("srcport", Encoding::BYTE_STREAM_SPLIT),
                ("packets", Encoding::BYTE_STREAM_SPLIT),
                ("region", Encoding::BYTE_STREAM_SPLIT),
                ("log_status", Encoding::DELTA_LENGTH_BYTE_ARRAY),
            ] {
                builder = builder.set_column_encoding(column.into(), encoding);
            }
        }
        write_groups(COLUMNS, &[group(9), group(40)], builder.build())
    };
    vec![
        of(Compression::UNCOMPRESSED, false, false),
        of(Compression::UNCOMPRESSED, true, true),
        of(Compression::SNAPPY, true, false),
        of(Compression::GZIP(GzipLevel::default()), false, true),
        of(Compression::ZSTD(ZstdLevel::default()), true, true),
    ]
}

/// Reads all that can be read, and returns how many records that were.
fn try_all(file: Bytes) -> usize {
    let Ok(table) = Table::open(file) else { return 0 };
    let mut reader = TableReader::new(&[], true, true);
    let mut rows = 0;
    for part in 0..table.parts() {
        _ = table.times(part);
        // A run of one value may be as long as it likes.
        let mut told = Told { most: 6, ..Told::default() };
        let read = reader.read(&table, part, 0, &mut told);
        assert_eq!(told.rows.len() as u64, reader.account().rows);
        assert!(read.is_err() || told.rows.len() as u64 == table.rows(part) || told.stopped());
        rows += told.rows.len();
        _ = reader.read_lines(&table, part, &mut |_| true);
    }
    rows
}

#[test]
fn sound_files_are_read_in_all_forms() {
    let all: Vec<Vec<String>> = files().into_iter().map(|file| read(file, &[], true).expect("sound").rows).collect();
    assert_eq!(all[0].len(), 49);
    assert!(all.iter().all(|rows| *rows == all[0]));
}

#[test]
fn any_byte_may_be_another() {
    for (i, file) in files().into_iter().chain([super::lake::file(4001)]).enumerate() {
        let (mut harmless, records) = (0, try_all(file.clone()));
        for at in 0..file.len() {
            let mut bytes = file.to_vec();
            bytes[at] ^= [1, 0x80, 0xff, file[at]][(at + i) % 4];
            harmless += usize::from(try_all(bytes.into()) == records);
        }
        assert!(harmless < file.len(), "some of it is noticed");
    }
}

#[test]
fn a_file_may_end_anywhere() {
    for file in files() {
        for size in 0..file.len() {
            let error = Table::open(file.slice(..size)).expect_err("cut");
            assert!(matches!(error, TableError::Footer(_) | TableError::NotParquet), "{error}");
        }
    }
}

#[test]
fn footers_tell_what_is_wrong_with_them() {
    let error = |bytes: &[u8]| Table::open(Bytes::copy_from_slice(bytes)).expect_err("damaged").to_string();
    assert_eq!(error(b""), "no Parquet file");
    assert_eq!(error(b"version account-id"), "no Parquet file");
    assert_eq!(error(b"PAR1"), "Parquet footer damaged: it ends too early");
    assert_eq!(error(b"PAR1\xff\xff\xff\x7fPAR1"), "Parquet footer damaged: it is longer than the file");
    assert_eq!(
        error(b"PAR1 and then nothing"),
        "Parquet footer damaged: the file does not end as a Parquet file does; it may be cut off"
    );
    assert_eq!(
        error(b"PARE\0\0\0\0PARE"),
        Table::open(Bytes::from_static(b"PARE\0\0\0\0PARE")).unwrap_err().to_string()
    );
    assert!(error(b"PAR1\0\0\0\0PARE").contains("encrypted"));
    // A list of two billion columns.
    assert!(error(b"PAR1\x29\xfc\xff\xff\xff\xff\x07\x06\0\0\0PAR1").contains("footer damaged"));
    assert_eq!(error(b"PAR1\0\x01\0\0\0PAR1"), "no flow log column in it; its columns are none");
}

#[test]
fn pages_of_damaged_columns_name_the_column() {
    let file = write(COLUMNS, group(40));
    let table = Table::open(file.clone()).expect("sound");
    let mut bytes = file.to_vec();
    // The head of the first page of the second column.
    bytes[table.footer.groups[0].chunks[1].start as usize] = 0;
    let error = read(bytes.into(), &[Field::SrcIp, Field::Bytes], false).err().expect("damaged").to_string();
    assert!(error.starts_with("column bytes damaged: "), "{error}");
    let mut cut = file.to_vec();
    cut.drain(4..100);
    assert!(read(cut.into(), &[], true).is_err());
}

#[test]
fn codecs_that_are_not_supported_are_named() {
    let codec = super::super::unpack::Codec::of;
    assert_eq!(codec(4), Err("brotli"));
    assert_eq!(codec(7), Err("lz4"));
    assert_eq!(codec(-1), Err("unknown"));
    let error = TableError::Codec { column: "srcaddr".into(), codec: "brotli" };
    assert_eq!(error.to_string(), "column srcaddr: codec brotli is not supported; gzip, snappy, zstd and none are");
}

#[test]
#[ignore = "writes the seeds of the fuzz target"]
fn seeds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/parquet");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (i, file) in files().into_iter().enumerate() {
        std::fs::write(folder.join(format!("form-{i}")), file).expect("a file");
    }
    std::fs::write(folder.join("lake"), super::lake::file(4001)).expect("a file");
}

/// The last footer tells the places of its own file, which are others now.
#[test]
fn files_behind_each_other_are_not_one() {
    for file in files() {
        let both = Bytes::from([&file[..], &file[..]].concat());
        assert_eq!(Table::open(both).map(|_| ()), Err(TableError::Several));
    }
}
