//! Lists the records themselves, in the order of the input or of time.
//!
//! Workers turn records into bytes, part by part. Unsorted, the parts are put into order as they
//! come (`order`), so that the first rows are out at once and memory is bounded; sorted, every worker
//! keeps sorted runs, on disk where they grow too large (`sort`), and those are merged at the end.
//! Every part has an account of its own, so that what a limit leaves unread is in no account.

mod columns;
mod filing;
mod lister;
mod merge;
mod order;
mod sort;
mod work;

use super::dedup::Seen;
use super::worker::Needs;
use super::{EngineError, Options, Progress, Tally, Warning};
use crate::query::{Filter, Key};
use crate::schema::{FieldName, Format, Heading, Record};
use crate::source::{Discovery, Partition, Source};
use columns::headings;
use lister::Shared;
use order::{Failure, Order};
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

/// What every record shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// These, in this order.
    Fixed(Vec<Key>),
    /// The fields of the first format that is met; sources are read one after another.
    First,
    /// Every record the fields of its own format.
    Own,
    /// Every record the fields of its own format, and these, which its path may tell.
    OwnAnd(Vec<FieldName>),
    /// Nothing but the line as it was written.
    Line,
}

/// The order of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// That of the input: path, then line.
    None,
    /// By start, the earliest first; records without one before all others.
    Time,
    /// By start, the latest first; records without one behind all others.
    TimeDown,
}

/// A list of records.
#[derive(Clone, Debug)]
pub struct List {
    /// Which records there are.
    pub filter: Option<Filter>,
    pub columns: Columns,
    pub sort: Sort,
    /// So many records at most; 0 for all.
    pub limit: usize,
    /// Whether records are told apart by the partition that they belong to; for lists that are not
    /// sorted, and have no limit.
    pub partitioned: bool,
    /// Whether the number of a record's line in its file is shown. Files then are not split.
    pub numbers: bool,
    /// Rows that wait for earlier ones, in bytes.
    pub ahead: usize,
    /// Rows that are sorted in memory, in bytes; more are sorted on disk, in `directory`.
    pub memory: usize,
    pub directory: PathBuf,
}

impl Default for List {
    fn default() -> List {
        List {
            filter: None,
            columns: Columns::Own,
            sort: Sort::None,
            limit: 0,
            partitioned: false,
            numbers: false,
            ahead: List::MEMORY / 2,
            memory: List::MEMORY,
            directory: std::env::temp_dir(),
        }
    }
}

impl List {
    /// The memory that it takes where there is enough, in bytes.
    pub const MEMORY: usize = 128 << 20;

    /// A list that takes no more than `memory` bytes.
    pub fn within(memory: usize, directory: PathBuf) -> List {
        List { ahead: memory / 2, memory, directory, ..List::default() }
    }
}

/// Writes records as bytes; every worker has its own.
pub trait Encode: Send {
    /// The records that follow have these columns.
    fn columns(&mut self, columns: &[Heading]);
    /// Appends one record.
    fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>);
}

/// Some records of one format, and of one partition where they are told apart.
pub struct Rows<'r> {
    pub format: &'r Format,
    pub partition: Option<&'r Arc<Partition>>,
    pub count: usize,
    /// As they were encoded.
    pub bytes: &'r [u8],
}

/// Something to be done, by any thread.
pub type Work = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// Takes the encoded records, in order.
pub trait Deliver: Send {
    /// The columns of all records; none where every record has those of its own format. Called
    /// once, before any record.
    fn start(&mut self, columns: &[Heading]) -> io::Result<()>;
    /// Some records.
    fn rows(&mut self, rows: &Rows<'_>) -> io::Result<()>;
    /// A piece of work that has come up. Pieces are begun in this order, and done by many threads at
    /// once; all of them before the list ends.
    fn work(&mut self) -> Option<Work> {
        None
    }
    /// There are no more; `limited` tells that the limit was reached.
    fn finish(&mut self, limited: bool) -> io::Result<()>;
}

/// Why a list ends early.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The result cannot be written.
    #[error("{0}")]
    Output(io::Error),
    /// What does not fit in memory cannot be kept on disk.
    #[error("cannot sort on disk, in {}: {}", .directory.display(), crate::source::plain_error(.error))]
    Disk { directory: PathBuf, error: io::Error },
}

/// How a list went.
pub struct Listed {
    pub tally: Tally,
    /// Records that have fields other than the columns, and those fields.
    pub beyond: (u64, BTreeSet<String>),
    sources: Vec<Source>,
}

impl Listed {
    /// What went wrong, in the order of the paths.
    pub fn warnings(&self) -> Vec<Warning> {
        self.tally.warnings(&self.sources)
    }
}

/// Reads every source and delivers its records.
pub fn list(
    list: &List,
    found: Discovery,
    options: &Options,
    progress: &dyn Progress,
    encoder: &(dyn Fn() -> Box<dyn Encode> + Sync),
    deliver: &mut dyn Deliver,
) -> Result<Listed, ListError> {
    let started = Instant::now();
    let pool = super::pool(options.threads)?;
    let shared = Shared {
        list,
        sources: &found.sources,
        order: Order::new(list, found.sources.len(), pool.current_num_threads(), deliver),
        first: OnceLock::new(),
        heads: Mutex::default(),
        partitions: Mutex::default(),
        memory: list.memory / pool.current_num_threads(),
        seen: options.dedup.as_ref().map(|dedup| Arc::new(Seen::in_order(dedup, &found.sources))),
    };
    let runs = work::read_all(&shared, options, progress, &pool, encoder);
    let columns = match &list.columns {
        Columns::Fixed(keys) => headings(keys),
        Columns::First => headings(shared.first.get_or_init(|| assumed(options))),
        Columns::Own | Columns::OwnAnd(_) | Columns::Line => vec![],
    };
    let heads = shared.heads.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut ended = shared.order.end().map_err(|failure| failure.of(list))?;
    if list.sort != Sort::None {
        let merged = pool.install(|| merge::merge(runs, &heads, list, &mut ended.output));
        merged.map_err(|failure| failure.of(list))?;
    }
    let beyond = ended.output.finish(&columns).map_err(ListError::Output)?;
    let mut works: Vec<Work> = ended.works.into();
    works.extend(ended.output.works());
    // One after another for each thread: rayon would begin them out of order.
    let next = Mutex::new(works.into_iter());
    let done = pool.broadcast(|_| {
        let work = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
        std::iter::from_fn(work).try_for_each(|work| work())
    });
    done.into_iter().collect::<io::Result<()>>().map_err(ListError::Output)?;
    let mut tally = ended.tally;
    tally.settle(found.skipped, found.pruned);
    tally.seconds = started.elapsed().as_secs_f64();
    Ok(Listed { tally, beyond, sources: found.sources })
}

/// The fields of text without a header.
fn assumed(options: &Options) -> Vec<Key> {
    let format = options.said.format.clone().unwrap_or_else(Format::default_format);
    format.fields().iter().cloned().map(Key::Field).collect()
}

/// What to decode.
fn wanted(list: &List) -> Needs {
    let (keys, more): (&[Key], &[FieldName]) = match &list.columns {
        Columns::Fixed(keys) => (keys, &[]),
        Columns::OwnAnd(more) => (&[], more),
        Columns::First | Columns::Own | Columns::Line => (&[], &[]),
    };
    let mut fields: Vec<FieldName> = Vec::new();
    let start = (list.sort != Sort::None).then(|| crate::schema::Field::Start.into());
    let filed = list.partitioned.then_some(filing::FIELDS).into_iter().flatten().map(FieldName::Known);
    let filter = list.filter.iter().flat_map(Filter::fields);
    let wanted = keys.iter().flat_map(Key::fields).chain(more.iter().cloned()).chain(start).chain(filed);
    for field in wanted.chain(filter) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    let all = matches!(list.columns, Columns::First | Columns::Own | Columns::OwnAnd(_));
    Needs { fields, all, lines: list.columns == Columns::Line, ..Needs::default() }
}

impl Failure {
    fn of(self, list: &List) -> ListError {
        match self {
            Failure::Output(error) => ListError::Output(error),
            Failure::Engine(error) => ListError::Engine(error),
            Failure::Disk(error) => ListError::Disk { directory: list.directory.clone(), error },
        }
    }
}
