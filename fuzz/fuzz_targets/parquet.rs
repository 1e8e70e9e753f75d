//! Parquet files: whatever the bytes, the reader ends without a panic and without taking more memory
//! than they are worth; what it hands over is what it accounts for; and every batch is even.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use vpcflow::decode::{Batch, Column, Malformed, Sink, Table, TableForm, TableReader};
use vpcflow::schema::Format;

/// A run of one value may be as long as it likes: so many batches are read.
const BATCHES: u64 = 4;

#[derive(Default)]
struct Rows {
    rows: u64,
    batches: u64,
}

impl Sink for Rows {
    fn batch(&mut self, batch: &Batch<'_>) {
        let rows = batch.rows();
        self.rows += rows as u64;
        self.batches += 1;
        assert!(rows > 0 && batch.columns.len() == batch.fields.len() && batch.lines.len() == rows);
        for column in batch.columns {
            match column {
                Column::Ip(c) => assert!(c.v4.len() == rows && c.family.len() == rows),
                Column::Number(c) => assert!(c.values.len() == rows && c.present.len() == rows),
                Column::Text(c) => assert!(c.spans.iter().all(|(start, end)| start <= end) && c.spans.len() == rows),
            }
        }
        for row in 0..rows {
            assert!(!batch.line(row).contains(&b'\n'));
        }
        for bad in batch.bad {
            let (start, end) = bad.span;
            assert!((bad.row as usize) < rows && start <= end && end as usize <= batch.text.len());
        }
    }

    fn malformed(&mut self, _: u64, _: Malformed) {
        panic!("a row is never malformed");
    }

    fn format(&mut self, _: &Format) {}

    fn stopped(&self) -> bool {
        self.batches >= BATCHES
    }
}

fuzz_target!(|bytes: &[u8]| {
    let table = match Table::open(Bytes::copy_from_slice(bytes)) {
        Ok(table) => table,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let mut reader = TableReader::new(&[], true, true);
    for part in 0..table.parts().min(4) {
        _ = table.times(part);
        if table.form() == TableForm::Messages {
            let mut lines = 0;
            _ = reader.read_lines(&table, part, &mut |_| {
                lines += 1;
                lines < 10_000
            });
            assert_eq!(reader.account().rows, lines);
            continue;
        }
        let mut rows = Rows::default();
        let result = reader.read(&table, part, 0, &mut rows);
        assert_eq!(rows.rows, reader.account().rows);
        assert!(result.is_err() || rows.stopped() || rows.rows == table.rows(part));
    }
});
