//! Row groups become batches: all columns advance together.

use super::column::{ColumnReader, Tools};
use super::convert::{Bad, Convert};
use super::footer::Leaf;
use super::lines::Lines;
use super::pages::Pages;
use super::table::{Table, TableForm};
use super::unpack::Unpacker;
use super::{Damaged, TableError, ocsf};
use crate::decode::batch::{BadValue, Batch, Column, Status, Written};
use crate::decode::fill::odd_status;
use crate::decode::text::Sink;
use crate::schema::{Field, FieldName, Kind};

/// The rows of a batch.
const BATCH: u64 = 4096;

/// The most memory that the pages of a row group may take at a time, in bytes.
const MAX_HELD: usize = 1 << 30;

/// What was read of a row group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartRead {
    pub rows: u64,
    /// Bytes of the file, and what they became.
    pub bytes: u64,
    pub unpacked: u64,
}

/// One thread's reader: row groups become batches with the columns of one question.
pub struct TableReader {
    wanted: Vec<FieldName>,
    all: bool,
    lines: bool,
    /// For each wanted field, the value of rows whose file lacks it.
    given: Vec<Vec<u8>>,
    account: PartRead,
    /// The rows before the row group.
    before: u64,
    unpacker: Unpacker,
    readers: Vec<ColumnReader>,
    columns: Vec<Column>,
    spare: Vec<Column>,
    text: Vec<u8>,
    bad: Vec<BadValue>,
    status: Vec<Status>,
    other_status: Vec<(u32, u32)>,
    numbers: Vec<u64>,
    written: Lines,
}

/// Which columns of a table are read, and what they become.
struct Plan {
    /// Those of the batch, and behind them those that only the status or the lines need.
    fields: Vec<FieldName>,
    shown: usize,
    inputs: Vec<Input>,
    status: Option<usize>,
    source: Option<usize>,
    class: Option<usize>,
    /// Where the fields of a line stand.
    line: Vec<usize>,
}

/// A column of the file that a column of the batch is made of.
struct Input {
    column: usize,
    leaf: usize,
    convert: Convert,
}

impl TableReader {
    /// A reader for the columns `wanted`; with `all`, those of the other fields of the file behind
    /// them. With `lines`, records can be shown as lines of text.
    pub fn new(wanted: &[FieldName], all: bool, lines: bool) -> TableReader {
        TableReader {
            wanted: wanted.to_vec(),
            all,
            lines,
            given: vec![Vec::new(); wanted.len()],
            account: PartRead::default(),
            before: 0,
            unpacker: Unpacker::default(),
            readers: Vec::new(),
            columns: Vec::new(),
            spare: Vec::new(),
            text: Vec::new(),
            bad: Vec::new(),
            status: Vec::new(),
            other_status: Vec::new(),
            numbers: Vec::new(),
            written: Lines::default(),
        }
    }

    /// Gives values of text fields for all records of the next row groups: they hold where a file
    /// lacks the field.
    pub fn give<'v>(&mut self, values: impl Iterator<Item = (Field, &'v str)> + Clone) {
        for (name, given) in self.wanted.iter().zip(&mut self.given) {
            let value = values.clone().find(|(field, _)| *name == FieldName::Known(*field));
            given.clear();
            given.extend(value.iter().filter(|_| name.kind() == Kind::Text).flat_map(|(_, value)| value.bytes()));
        }
    }

    /// What was read of the last row group, also where it was damaged.
    pub fn account(&self) -> PartRead {
        self.account
    }

    /// Reads a row group that has `before` rows before it, until the sink wants no more. Rows before a
    /// damage are handed over.
    pub fn read(
        &mut self,
        table: &Table,
        part: usize,
        before: u64,
        sink: &mut impl Sink,
    ) -> Result<PartRead, TableError> {
        self.account = PartRead::default();
        self.before = before;
        let plan = Plan::new(table, self);
        let result = self.read_rows(table, part, &plan, sink);
        self.account.unpacked = self.readers.iter().map(ColumnReader::unpacked).sum();
        result.map(|()| self.account)
    }

    fn read_rows(&mut self, table: &Table, part: usize, plan: &Plan, sink: &mut impl Sink) -> Result<(), TableError> {
        let rows = table.rows(part);
        if rows > 0 && plan.inputs.is_empty() {
            return Err(TableError::Rows(rows));
        }
        self.columns = plan.fields.iter().map(|field| Column::of(field.kind())).collect();
        self.spare = plan.fields.iter().map(|field| Column::of(field.kind())).collect();
        for (column, given) in self.columns.iter_mut().zip(&self.given) {
            if let Column::Text(text) = column {
                text.given.clone_from(given);
            }
        }
        let inputs: Vec<(usize, Convert)> = plan.inputs.iter().map(|input| (input.leaf, input.convert)).collect();
        self.begin(table, part, &inputs)?;
        let texts = self.text.len();
        while self.account.rows < rows && !sink.stopped() {
            self.text.truncate(texts);
            let count = (rows - self.account.rows).min(BATCH) as usize;
            self.fill(table, plan, count)?;
            self.hand_over(table, plan, count, sink);
            self.account.rows += count as u64;
        }
        Ok(())
    }

    /// Begins with the columns of a row group; puts the texts of their dictionaries where they stay.
    fn begin(&mut self, table: &Table, part: usize, inputs: &[(usize, Convert)]) -> Result<(), TableError> {
        self.readers.resize_with(self.readers.len().max(inputs.len()), ColumnReader::default);
        self.readers.iter_mut().for_each(ColumnReader::end);
        self.text.clear();
        // What a record without a log-status shows for it.
        self.text.push(b'-');
        for (i, (leaf, convert)) in inputs.iter().enumerate() {
            let (bytes, codec) = table.chunk(part, *leaf)?;
            self.account.bytes += bytes.len() as u64;
            let Leaf { repeated, defined, .. } = table.footer.leaves[*leaf];
            let pages = Pages::new(bytes, codec, repeated > 0, defined > 0);
            let (reader, mut tools) = self.reader(i, inputs.len());
            reader.begin(&table.footer.leaves[*leaf], convert, pages, &mut tools).map_err(damaged(table, *leaf))?;
        }
        Ok(())
    }

    /// The reader of an input, of so many.
    fn reader(&mut self, i: usize, all: usize) -> (&mut ColumnReader, Tools<'_>) {
        let held: usize = self.readers[..all].iter().map(ColumnReader::held).sum();
        let reader = &mut self.readers[i];
        let room = MAX_HELD.saturating_sub(held - reader.held());
        (reader, Tools { unpacker: &mut self.unpacker, text: &mut self.text, room })
    }

    /// Makes the columns of the next rows.
    fn fill(&mut self, table: &Table, plan: &Plan, count: usize) -> Result<(), TableError> {
        self.bad.clear();
        let mut bad: Vec<Bad> = Vec::new();
        let mut filled = None;
        for (i, Input { column, leaf, convert }) in plan.inputs.iter().enumerate() {
            let mut columns = std::mem::take(if filled == Some(*column) { &mut self.spare } else { &mut self.columns });
            let (reader, mut tools) = self.reader(i, plan.inputs.len());
            let result = reader.fill(count, convert, &mut tools, &mut columns[*column], &mut bad);
            let further = filled == Some(*column);
            *(if further { &mut self.spare } else { &mut self.columns }) = columns;
            result.map_err(damaged(table, *leaf))?;
            if further {
                self.columns[*column].fill_up(&self.spare[*column]);
            }
            filled = Some(*column);
            self.bad.extend(bad.drain(..).map(|(row, span)| BadValue { row, column: *column as u32, span }));
        }
        self.fill_others(plan, count);
        self.check_class(plan)?;
        self.tell_status(plan, count);
        self.bad.sort_by_key(|bad| (bad.row, bad.column));
        Ok(())
    }

    /// Columns of fields that the file does not have.
    fn fill_others(&mut self, plan: &Plan, count: usize) {
        let mut inputs = plan.inputs.iter().map(|input| input.column).peekable();
        for (i, column) in self.columns.iter_mut().enumerate() {
            if inputs.peek() == Some(&i) {
                while inputs.next_if_eq(&i).is_some() {}
                continue;
            }
            match column {
                Column::Text(text) if !text.given.is_empty() => text.fill_given(count, &self.text),
                column => column.fill_none(count),
            }
        }
    }

    /// Makes sure that all records of Security Lake are flows.
    fn check_class(&self, plan: &Plan) -> Result<(), TableError> {
        let class = plan.class.and_then(|class| self.columns[class].as_number());
        let other = |class: &&u64| **class != ocsf::NETWORK_ACTIVITY;
        match class.and_then(|class| class.values.iter().find(other)) {
            Some(class) => Err(TableError::OcsfClass(class.to_string())),
            None => Ok(()),
        }
    }

    fn tell_status(&mut self, plan: &Plan, count: usize) {
        self.other_status.clear();
        self.status.clear();
        self.status.resize(count, Status::Flow);
        if let Some(column) = plan.status.and_then(|status| self.columns[status].as_text()) {
            let mut last = ((0, 0), odd_status(b"-"));
            for (span, status) in column.spans.iter().zip(&mut self.status) {
                if *span != last.0 {
                    let text = &self.text[span.0 as usize..span.1 as usize];
                    last = (*span, if text == b"OK" { Status::Flow } else { odd_status(text) });
                }
                *status = last.1;
                if *status == Status::Other {
                    self.other_status.push(if span.0 == span.1 { (0, 1) } else { *span });
                }
            }
        } else if let Some(source) = plan.source {
            // Without a log-status, a record without a source is one without data.
            if let Column::Ip(column) = &self.columns[source] {
                for (family, status) in column.family.iter().zip(&mut self.status) {
                    *status = if *family == 0 { Status::NoData } else { Status::Flow };
                }
            }
            for bad in self.bad.iter().filter(|bad| bad.column as usize == source) {
                self.status[bad.row as usize] = Status::Flow;
            }
        }
    }

    fn hand_over(&mut self, table: &Table, plan: &Plan, count: usize, sink: &mut impl Sink) {
        let written = self.lines.then(|| {
            self.written.make(count, &plan.line, &self.columns, &self.bad, &self.text);
            Written::Apart { text: &self.written.text, ends: &self.written.ends }
        });
        self.bad.retain(|bad| (bad.column as usize) < plan.shown);
        self.numbers.clear();
        self.numbers.extend((1..=count as u64).map(|row| self.before + self.account.rows + row));
        sink.batch(&Batch {
            format: &table.format,
            fields: &plan.fields[..plan.shown],
            text: &self.text,
            columns: &self.columns[..plan.shown],
            status: &self.status,
            lines: &self.numbers,
            bad: &self.bad,
            other_status: &self.other_status,
            written,
        });
    }

    /// Reads the lines of a row group of messages, until `line` returns false.
    pub fn read_lines(
        &mut self,
        table: &Table,
        part: usize,
        line: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<PartRead, TableError> {
        self.account = PartRead::default();
        let (TableForm::Messages, Some(leaf)) = (table.form, table.key) else {
            return Ok(self.account);
        };
        let result = self.read_messages(table, part, leaf, line);
        self.account.unpacked = self.readers.iter().map(ColumnReader::unpacked).sum();
        result.map(|()| self.account)
    }

    fn read_messages(
        &mut self,
        table: &Table,
        part: usize,
        leaf: usize,
        line: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), TableError> {
        let convert = table.convert(&FieldName::Other("message".into()), leaf, &[]);
        self.begin(table, part, &[(leaf, convert)])?;
        let texts = self.text.len();
        let mut column = Column::of(Kind::Text);
        while self.account.rows < table.rows(part) {
            self.text.truncate(texts);
            let count = (table.rows(part) - self.account.rows).min(BATCH) as usize;
            let (reader, mut tools) = self.reader(0, 1);
            reader.fill(count, &convert, &mut tools, &mut column, &mut Vec::new()).map_err(damaged(table, leaf))?;
            for row in 0..count {
                self.account.rows += 1;
                let text = column.as_text().map_or(&b""[..], |text| text.bytes(row, &self.text));
                if !line(text) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn damaged(table: &Table, leaf: usize) -> impl Fn(Damaged) -> TableError {
    move |Damaged(reason)| TableError::Column { column: table.column(leaf), reason }
}

impl Plan {
    fn new(table: &Table, reader: &TableReader) -> Plan {
        let mut fields = reader.wanted.clone();
        let add = |fields: &mut Vec<FieldName>, field: &FieldName| {
            if !fields.contains(field) {
                fields.push(field.clone());
            }
        };
        if reader.all {
            table.format.fields().iter().for_each(|field| add(&mut fields, field));
        }
        let shown = fields.len();
        if reader.lines {
            table.format.fields().iter().for_each(|field| add(&mut fields, field));
        }
        // What tells the status of a record.
        let told = [Field::LogStatus, Field::SrcIp].map(FieldName::Known);
        let told = told.into_iter().find(|field| table.format.position(field).is_some());
        told.iter().for_each(|field| add(&mut fields, field));
        let place = |fields: &[FieldName], field: Field| {
            let name = FieldName::Known(field);
            let place = fields.iter().position(|field| *field == name);
            place.filter(|_| table.format.position(&name).is_some())
        };
        let (status, source) = (place(&fields, Field::LogStatus), place(&fields, Field::SrcIp));
        let class = table.key.filter(|_| table.form == TableForm::SecurityLake).map(|_| fields.len());
        let mut plan = Plan { fields, shown, inputs: Vec::new(), status, source, class, line: Vec::new() };
        plan.add_inputs(table);
        if reader.lines {
            let place = |field| plan.fields.iter().position(|name| name == field).unwrap_or(0);
            plan.line = table.format.fields().iter().map(place).collect();
        }
        plan
    }

    fn add_inputs(&mut self, table: &Table) {
        for (column, field) in self.fields.iter().enumerate() {
            let Some(place) = table.format.position(field) else { continue };
            let Some(source) = table.sources.get(place) else { continue };
            for leaf in &source.leaves {
                self.inputs.push(Input { column, leaf: *leaf, convert: table.convert(field, *leaf, source.words) });
            }
        }
        if let (Some(leaf), Some(_)) = (table.key, self.class) {
            let convert = Convert { kind: Kind::Number, ..table.convert(&Field::Version.into(), leaf, &[]) };
            self.inputs.push(Input { column: self.fields.len(), leaf, convert });
            // Its name is nowhere shown.
            self.fields.push(Field::Version.into());
        }
        if self.inputs.is_empty() {
            // Nothing is asked of the records but that they are there: one column tells how many.
            if let Some((field, source)) = table.format.fields().iter().zip(&table.sources).next() {
                let convert = table.convert(field, source.leaves[0], source.words);
                self.inputs.push(Input { column: self.fields.len(), leaf: source.leaves[0], convert });
                self.fields.push(field.clone());
            }
        }
    }
}
