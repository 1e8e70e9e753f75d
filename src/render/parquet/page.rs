//! The pages of a column, compressed.

use super::schema::Codec;
use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use std::io::Write;

/// The level of zstd: higher ones take much longer, and save little.
const ZSTD_LEVEL: i32 = 1;

/// A column as it stands in a file, and what is to be known of it.
pub struct Chunk {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

/// Compresses pages.
pub enum Compressor {
    Zstd(zstd::bulk::Compressor<'static>),
    Snappy(Box<snap::raw::Encoder>),
    Gzip,
    None,
}

impl Compressor {
    pub fn new(codec: Codec) -> Result<Compressor> {
        Ok(match codec {
            Codec::Zstd => Compressor::Zstd(zstd::bulk::Compressor::new(ZSTD_LEVEL)?),
            Codec::Snappy => Compressor::Snappy(Box::new(snap::raw::Encoder::new())),
            Codec::Gzip => Compressor::Gzip,
            Codec::None => Compressor::None,
        })
    }

    fn codec(&self) -> Codec {
        match self {
            Compressor::Zstd(_) => Codec::Zstd,
            Compressor::Snappy(_) => Codec::Snappy,
            Compressor::Gzip => Codec::Gzip,
            Compressor::None => Codec::None,
        }
    }

    fn compress(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>> {
        Ok(match self {
            Compressor::Zstd(zstd) => zstd.compress(&bytes)?,
            Compressor::Snappy(snappy) => {
                snappy.compress_vec(&bytes).map_err(|error| ParquetError::External(error.into()))?
            }
            Compressor::Gzip => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                gzip.write_all(&bytes)?;
                gzip.finish()?
            }
            Compressor::None => bytes,
        })
    }
}

/// A page of values.
pub struct Body {
    /// Which rows have a value, and the values.
    pub bytes: Vec<u8>,
    pub rows: usize,
    pub encoding: Encoding,
}

/// Writes the pages of one column.
pub struct Pages<'c> {
    descriptor: ColumnDescPtr,
    compressor: &'c mut Compressor,
    out: TrackedWrite<Vec<u8>>,
    uncompressed: usize,
    dictionary: bool,
    /// Where the first page of values begins.
    first: Option<u64>,
    encodings: Vec<Encoding>,
}

impl<'c> Pages<'c> {
    pub fn new(descriptor: &ColumnDescPtr, compressor: &'c mut Compressor) -> Pages<'c> {
        Pages {
            descriptor: descriptor.clone(),
            compressor,
            out: TrackedWrite::new(Vec::new()),
            uncompressed: 0,
            dictionary: false,
            first: None,
            encodings: vec![Encoding::RLE],
        }
    }

    /// Writes the dictionary, before any other page.
    pub fn write_dictionary(&mut self, bytes: Vec<u8>, count: usize) -> Result<()> {
        self.dictionary = true;
        self.add(bytes, Encoding::PLAIN, |buf| Page::DictionaryPage {
            buf,
            num_values: count as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })
    }

    pub fn write(&mut self, body: Body) -> Result<()> {
        self.first.get_or_insert(self.out.bytes_written() as u64);
        self.add(body.bytes, body.encoding, |buf| Page::DataPage {
            buf,
            num_values: body.rows as u32,
            encoding: body.encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })
    }

    fn add(&mut self, bytes: Vec<u8>, encoding: Encoding, page: impl FnOnce(Bytes) -> Page) -> Result<()> {
        let size = bytes.len();
        let compressed = self.compressor.compress(bytes)?;
        let page = CompressedPage::new(page(compressed.into()), size);
        let written = SerializedPageWriter::new(&mut self.out).write_page(page)?;
        self.uncompressed += written.uncompressed_size;
        if !self.encodings.contains(&encoding) {
            self.encodings.push(encoding);
        }
        Ok(())
    }

    /// There are no more.
    pub fn finish(self, rows: usize, statistics: Statistics) -> Result<Chunk> {
        let bytes = self.out.into_inner()?;
        let metadata = ColumnChunkMetaData::builder(self.descriptor)
            .set_compression(self.compressor.codec().compression())
            .set_encodings(self.encodings)
            .set_num_values(rows as i64)
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(self.uncompressed as i64)
            .set_dictionary_page_offset(self.dictionary.then_some(0))
            .set_data_page_offset(self.first.unwrap_or(0) as i64)
            .set_statistics(statistics)
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok(Chunk { bytes: bytes.into(), close })
    }
}
