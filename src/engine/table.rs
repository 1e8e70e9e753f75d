//! The row groups of a Parquet file.

use super::Progress;
use super::tally::{Place, Problem};
use super::worker::{Take, Worker};
use crate::decode::{Table, TableError, TableForm};
use crate::query::Filter;
use crate::query::filter::Known;
use crate::source::{Blocks, Facts, Stored};

/// Lines are handed on when there are so many bytes of them.
const LINES: usize = 64 << 10;

/// A Parquet file, with the row groups that may have records of interest.
pub struct TableParts {
    table: Table,
    stored: Stored,
    /// The row groups that are read, with the number of rows before each.
    kept: Vec<(usize, u64)>,
    /// Row groups that are not, for the times of their records.
    pub pruned: u64,
}

impl TableParts {
    /// Reads the footer. Row groups that cannot have records that match are left out.
    pub fn open(stored: Stored, filter: Option<&Filter>) -> Result<TableParts, TableError> {
        let table = Table::open(stored.bytes())?;
        let may_match = |part: &usize| {
            let times = table.times(*part);
            filter.is_none_or(|filter| filter.may_match(&Known { times, ..Known::default() }))
        };
        let mut before = 0;
        let all: Vec<(usize, u64)> = (0..table.parts())
            .map(|part| {
                let first = before;
                before += table.rows(part);
                (part, first)
            })
            .collect();
        let kept: Vec<(usize, u64)> = all.into_iter().filter(|(part, _)| may_match(part)).collect();
        let pruned = (table.parts() - kept.len()) as u64;
        Ok(TableParts { table, stored, kept, pruned })
    }

    /// How many parts there are; at least one, which may be empty.
    pub fn parts(&self) -> usize {
        self.kept.len().max(1)
    }

    /// Whether the file has changed since it was opened.
    pub fn changed(&self) -> bool {
        self.stored.changed()
    }

    /// Reads a part, and returns what was wrong with it.
    pub fn read_part<T: Take>(
        &self,
        place: Place,
        facts: &Facts,
        worker: &mut Worker<T>,
        progress: &dyn Progress,
    ) -> Option<Problem> {
        let result = match self.kept.get(place.part) {
            None => {
                worker.meet(place, facts, &self.table);
                Ok(())
            }
            Some((part, _)) if self.table.form() == TableForm::Messages => {
                worker.meet(place, facts, &self.table);
                let mut tables = worker.take_tables();
                let mut reading = worker.start(place, facts, None, progress);
                let mut lines = Vec::new();
                let read = tables.read_lines(&self.table, *part, &mut |line| {
                    lines.extend_from_slice(line);
                    lines.push(b'\n');
                    lines.len() < LINES || reading.block(&std::mem::take(&mut lines))
                });
                if !lines.is_empty() {
                    reading.block(&lines);
                }
                let problem = reading.finish();
                worker.tally.add_read(tables.account());
                worker.give_tables(tables);
                if problem.is_some() {
                    return problem;
                }
                read.map(|_| ())
            }
            Some((part, before)) => worker.read_rows(place, facts, &self.table, *part, *before),
        };
        progress.bytes(self.stored.size() / self.parts() as u64);
        result.err().map(|error| Problem::Table(error.to_string()))
    }
}
