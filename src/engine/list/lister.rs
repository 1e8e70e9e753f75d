//! One worker's share: records become rows.

use super::columns::{From, headings, number};
use super::filing::Filing;
use super::order::{Chunk, Failure, Head, Order, Wanted};
use super::sort::{At, Runs};
use super::{Columns, Encode, List, Sort};
use crate::decode::Batch;
use crate::engine::dedup::Seen;
use crate::engine::tally::Place;
use crate::engine::worker::Take;
use crate::query::Key;
use crate::schema::{Field, Format, Record};
use crate::source::{Partition, Source};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Rows are handed over when there are so many bytes of them.
const CHUNK: usize = 256 << 10;

/// What all workers share.
pub struct Shared<'a> {
    pub list: &'a List,
    pub sources: &'a [Source],
    pub order: Order<'a>,
    /// The fields of the first format that was met.
    pub first: OnceLock<Vec<Key>>,
    pub heads: Mutex<Vec<Arc<Head>>>,
    /// Every partition that was met.
    pub partitions: Mutex<Vec<Arc<Partition>>>,
    /// What a worker may sort in memory, in bytes.
    pub memory: usize,
    /// The records that were met, where those that repeat others are left out.
    pub seen: Option<Arc<Seen>>,
}

pub struct Lister<'s, 'a> {
    shared: &'s Shared<'a>,
    encoder: Box<dyn Encode>,
    place: Place,
    /// Where the cells of the current format come from.
    from: Vec<From>,
    /// The column of the start, where it is sorted by.
    start: Option<usize>,
    /// Where partitions are told apart: that of the row before.
    filing: Option<Filing>,
    /// Rows of this place.
    rows: usize,
    chunk: Chunk,
    runs: Runs,
}

impl<'s, 'a> Lister<'s, 'a> {
    pub fn new(shared: &'s Shared<'a>, encoder: Box<dyn Encode>) -> Lister<'s, 'a> {
        Lister {
            shared,
            encoder,
            place: Place { source: 0, part: 0 },
            from: Vec::new(),
            start: None,
            filing: shared.list.partitioned.then(Filing::default),
            rows: 0,
            chunk: Chunk::default(),
            runs: Runs::new(shared.list, shared.memory),
        }
    }

    /// What follows is of this place.
    pub fn begin(&mut self, place: Place) {
        self.place = place;
        self.rows = 0;
    }

    /// The rows that were sorted.
    pub fn into_runs(self) -> Runs {
        self.runs
    }

    fn is_full(&self) -> bool {
        let limit = self.shared.list.limit;
        let enough = self.shared.list.sort == Sort::None && limit > 0 && self.rows >= limit;
        enough || self.shared.order.wanted(self.place) != Wanted::Rows
    }

    /// Makes ready for records of a format.
    fn fit(&mut self, batch: &Batch<'_>) {
        if self.chunk.head.as_ref().is_some_and(|head| head.format == *batch.format) {
            return;
        }
        self.hand_over();
        let keys = self.keys(batch.format);
        self.from = keys.iter().map(|key| From::new(key, batch.fields)).collect();
        self.start = batch.fields.iter().position(|field| *field == Field::Start.into());
        self.filing.iter_mut().for_each(|filing| filing.fit(batch));
        self.encoder.columns(&headings(&keys));
        self.chunk.head = Some(self.head(batch.format, &keys));
    }

    fn keys(&self, format: &Format) -> Vec<Key> {
        let own = || format.fields().iter().cloned().map(Key::Field).collect();
        match &self.shared.list.columns {
            Columns::Fixed(keys) => keys.clone(),
            Columns::First => self.shared.first.get_or_init(own).clone(),
            Columns::Own => own(),
            Columns::OwnAnd(more) => {
                let lacking = more.iter().filter(|field| format.position(field).is_none());
                format.fields().iter().chain(lacking).cloned().map(Key::Field).collect()
            }
            Columns::Line => vec![],
        }
    }

    fn head(&self, format: &Format, keys: &[Key]) -> Arc<Head> {
        let mut heads = self.shared.heads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(head) = heads.iter().find(|head| head.format == *format) {
            return head.clone();
        }
        let fixed = matches!(self.shared.list.columns, Columns::Fixed(_) | Columns::First);
        let shown: Vec<_> = keys.iter().flat_map(Key::fields).collect();
        let hidden = format.fields().iter().filter(|field| fixed && !shown.contains(field));
        let head = Arc::new(Head {
            format: format.clone(),
            headings: if fixed { headings(keys) } else { vec![] },
            beyond: hidden.map(|field| field.name().to_string()).collect(),
            number: heads.len() as u32,
        });
        heads.push(head.clone());
        head
    }

    fn hand_over(&mut self) {
        if self.chunk.rows > 0 {
            self.shared.order.hand_over(self.place, &mut self.chunk);
        }
    }

    /// The row as it is sorted.
    fn at(&self, batch: &Batch<'_>, row: usize) -> At {
        let start = self.start.and_then(|column| number(&batch.columns[column], row));
        At::new(start, self.shared.list.sort == Sort::TimeDown, self.place, batch.lines[row])
    }

    /// Takes the rows of a batch that are asked for.
    fn take(&mut self, batch: &Batch<'_>, rows: impl Iterator<Item = usize>) {
        let Shared { list, sources, order, .. } = self.shared;
        let path = sources[self.place.source].shown();
        let as_written = list.columns == Columns::Line;
        let mut cells = Vec::with_capacity(self.from.len());
        for row in rows {
            cells.clear();
            cells.extend(self.from.iter().map(|from| from.cell(batch, row)));
            let line = if as_written { batch.line(row) } else { b"" };
            let record = Record { cells: &cells, line, path, number: batch.lines[row] };
            if list.sort != Sort::None {
                let at = self.at(batch, row);
                let head = self.chunk.head.as_ref().map_or(0, |head| head.number);
                if let Err(error) = self.runs.push(at, head, |out| self.encoder.row(&record, out)) {
                    return order.fail(Failure::Disk(error));
                }
                continue;
            }
            self.encoder.row(&record, &mut self.chunk.bytes);
            self.chunk.rows += 1;
            self.rows += 1;
            if let Some(filing) = &mut self.filing {
                self.chunk.file(filing.of(batch, row, &self.shared.partitions));
            }
            if list.limit > 0 {
                self.chunk.ends.push(self.chunk.bytes.len());
                if self.rows == list.limit {
                    return self.hand_over();
                }
            }
            if self.chunk.bytes.len() >= CHUNK {
                self.hand_over();
            }
        }
    }
}

impl Take for Lister<'_, '_> {
    fn batch(&mut self, _: Place, batch: &Batch<'_>, selected: Option<&[bool]>) {
        if !self.is_full() {
            self.fit(batch);
            match selected {
                None => self.take(batch, 0..batch.rows()),
                Some(rows) => self.take(batch, (0..batch.rows()).filter(|row| rows[*row])),
            }
        }
    }

    fn format(&mut self, format: &Format) {
        if self.shared.list.columns == Columns::First {
            self.keys(format);
        }
    }

    fn pause(&mut self) {
        self.hand_over();
    }

    fn stopped(&self) -> bool {
        match self.shared.order.wanted(self.place) {
            Wanted::Rows => false,
            // A stream may have no end; a file is read to its own, so that its account is whole.
            Wanted::Account => self.shared.sources[self.place.source].size == 0,
            Wanted::Nothing => true,
        }
    }
}
