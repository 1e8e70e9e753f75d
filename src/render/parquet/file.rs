//! Row groups become a file.

use super::group::Packed;
use super::schema::Schema;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use std::io::{self, Write};

/// Writes a file.
pub struct FileWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> FileWriter<W> {
    pub fn new(out: W, schema: &Schema) -> io::Result<FileWriter<W>> {
        let root = schema.descriptor.root_schema_ptr();
        let writer = SerializedFileWriter::new(out, root, schema.properties.clone()).map_err(plain)?;
        Ok(FileWriter { writer })
    }

    /// Appends a row group, and writes all of it.
    pub fn append(&mut self, group: Packed) -> io::Result<()> {
        let mut row_group = self.writer.next_row_group().map_err(plain)?;
        for chunk in group.columns {
            row_group.append_column(&chunk.bytes, chunk.close).map_err(plain)?;
        }
        row_group.close().map_err(plain)?;
        self.writer.flush()
    }

    /// The place that it writes to, when all that was appended has been written.
    pub fn out(&mut self) -> &mut W {
        self.writer.inner_mut()
    }

    /// Writes what stands at the end of the file, and returns the size of the file, in bytes.
    pub fn finish(&mut self) -> io::Result<u64> {
        self.writer.finish().map_err(plain)?;
        Ok(self.writer.bytes_written() as u64)
    }
}

/// The error of the file itself, where it is one.
pub fn plain(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}
