//! A look at the headers of some sources, before anything is counted: whether a field that vpcflow
//! does not know occurs at all, or is a slip; and which fields there are to show.

use super::tally::Place;
use super::worker::{Needs, Reading, Take, Worker};
use super::{Options, Silent};
use crate::decode::{Batch, Table};
use crate::schema::{FieldName, Format};
use crate::source::{Blocks, Limits, Read, Source, read};

/// As many sources are looked at, spread over all of them.
const SOURCES: usize = 64;

/// How much of each is looked at where all sources are, in bytes.
const LITTLE: usize = 16 << 10;

/// Whether one of the sources that can be read twice has a header with this field, or the user
/// named it in the format of text without a header.
pub fn occurs(field: &FieldName, sources: &[Source], options: &Options) -> bool {
    if options.said.formats().any(|format| format.position(field).is_some()) {
        return true;
    }
    let mut worker = looker(options);
    let mut any = |most, block| {
        some(sources, most).any(|source| {
            look(source, &mut worker, block);
            worker.take.0.contains(field)
        })
    };
    // A few as far as a block goes, and all of them as far as their first lines.
    any(SOURCES, Limits::default().block) || any(usize::MAX, LITTLE)
}

/// The fields of the sources that can be read twice, in the order in which they are met; with
/// `all`, no source is left out.
pub fn fields(sources: &[Source], all: bool, options: &Options) -> Vec<FieldName> {
    let mut worker = looker(options);
    let (most, block) = if all { (usize::MAX, LITTLE) } else { (SOURCES, Limits::default().block) };
    some(sources, most).for_each(|source| look(source, &mut worker, block));
    worker.take.0
}

/// The fields that vpcflow does not know in the formats of the sources that can be read twice, and
/// in the format that the user named; by name.
pub fn unknown_fields(sources: &[Source], options: &Options) -> Vec<FieldName> {
    let mut fields = fields(sources, false, options);
    fields.extend(options.said.formats().flat_map(|format| format.fields().iter().cloned()));
    fields.retain(|field| matches!(field, FieldName::Other(_)));
    fields.sort_by(|a, b| a.name().cmp(b.name()));
    fields.dedup();
    fields
}

/// At most so many of the sources that can be read twice.
fn some(sources: &[Source], most: usize) -> impl Iterator<Item = &Source> {
    let files = || sources.iter().filter(|source| source.size > 0 && source.broken.is_none());
    let step = files().count().div_ceil(most).max(1);
    files().step_by(step)
}

/// The fields that were met, in order.
struct Fields(Vec<FieldName>);

impl Take for Fields {
    fn batch(&mut self, _: Place, _: &Batch<'_>, _: Option<&[bool]>) {}

    fn format(&mut self, format: &Format) {
        for field in format.fields() {
            if !self.0.contains(field) {
                self.0.push(field.clone());
            }
        }
    }
}

fn looker(options: &Options) -> Worker<Fields> {
    Worker::new(Fields(Vec::new()), &Needs::default(), None, None, options)
}

fn look(source: &Source, worker: &mut Worker<Fields>, block: usize) {
    // The beginning is enough: nothing is read whole, and plain files are mapped.
    let limits = Limits { block, whole: 0, split: 0, ..Limits::default() };
    let mut buffers = Default::default();
    let reading = worker.start(Place { source: 0, part: 0 }, &source.facts, None, &Silent);
    let mut first = First { reading, left: limits.block };
    let done = read(source, &limits, &mut buffers, &mut first);
    if let Read::Table(stored, _) = &done
        && let Ok(table) = Table::open(stored.bytes())
    {
        return worker.take.format(table.format());
    }
    if let Read::Split(mapped) = done {
        let bytes = mapped.bytes();
        let mut end = bytes.len().min(limits.block);
        if end < bytes.len() {
            // Half a header is none.
            end = memchr::memrchr(b'\n', &bytes[..end]).map_or(end, |newline| newline + 1);
        }
        first.reading.block(&bytes[..end]);
    }
    // What is wrong with a source is said when it is read.
    first.reading.finish();
}

/// Takes a block, or several short ones, and asks for no more.
struct First<'w> {
    reading: Reading<'w, Fields>,
    /// So many more bytes are wanted.
    left: usize,
}

impl Blocks for First<'_> {
    fn block(&mut self, block: &[u8]) -> bool {
        self.left = self.left.saturating_sub(block.len());
        self.reading.block(block) && self.left > 0
    }

    fn piece(&mut self, piece: &[u8]) -> bool {
        self.left = self.left.saturating_sub(piece.len());
        self.reading.piece(piece) && self.left > 0
    }

    fn too_long(&mut self, bytes: u64) {
        self.reading.too_long(bytes);
    }

    fn cut_line(&mut self) {}

    fn advance(&mut self, _: u64) {}

    fn stopped(&self) -> bool {
        true
    }
}
