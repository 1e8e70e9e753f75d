//! A look at the headers of some sources, before anything is counted: whether a field that vpcflow
//! does not know occurs at all, or is a slip; and which fields there are to show.

use super::tally::Place;
use super::worker::{Reading, Take, Worker};
use super::{Options, Silent};
use crate::decode::Batch;
use crate::schema::{FieldName, Format};
use crate::source::{Blocks, Limits, Read, Source, read};

/// As many sources are looked at, spread over all of them.
const SOURCES: usize = 64;

/// How much of each is looked at where all sources are, in bytes.
const LITTLE: usize = 16 << 10;

/// Whether one of the sources that can be read twice has a header with this field, or the user
/// named it in the format of text without a header.
pub fn occurs(field: &FieldName, sources: &[Source], options: &Options) -> bool {
    if options.format.as_ref().is_some_and(|format| format.position(field).is_some()) {
        return true;
    }
    let mut worker = looker(options);
    some(sources, SOURCES).any(|source| {
        look(source, &mut worker, Limits::default().block);
        worker.take.0.contains(field)
    })
}

/// The fields of the sources that can be read twice, in the order in which they are met; with
/// `all`, no source is left out.
pub fn fields(sources: &[Source], all: bool, options: &Options) -> Vec<FieldName> {
    let mut worker = looker(options);
    let (most, block) = if all { (usize::MAX, LITTLE) } else { (SOURCES, Limits::default().block) };
    some(sources, most).for_each(|source| look(source, &mut worker, block));
    worker.take.0
}

/// At most so many of the sources that can be read twice.
fn some(sources: &[Source], most: usize) -> impl Iterator<Item = &Source> {
    let files = || sources.iter().filter(|source| source.size > 0);
    let step = files().count().div_ceil(most).max(1);
    files().step_by(step)
}

/// The fields that were met, in order.
struct Fields(Vec<FieldName>);

impl Take for Fields {
    fn batch(&mut self, _: Place, _: &Batch<'_>) {}

    fn format(&mut self, format: &Format) {
        for field in format.fields() {
            if !self.0.contains(field) {
                self.0.push(field.clone());
            }
        }
    }
}

fn looker(options: &Options) -> Worker<Fields> {
    Worker::new(Fields(Vec::new()), &[], false, options)
}

fn look(source: &Source, worker: &mut Worker<Fields>, block: usize) {
    // The beginning is enough: nothing is read whole, and plain files are mapped.
    let limits = Limits { block, whole: 0, split: 0, ..Limits::default() };
    let mut buffers = Default::default();
    let mut first = First(worker.start(Place { source: 0, part: 0 }, None, &Silent));
    if let Read::Split(mapped) = read(source, &limits, &mut buffers, &mut first) {
        let bytes = mapped.bytes();
        let mut end = bytes.len().min(limits.block);
        if end < bytes.len() {
            // Half a header is none.
            end = memchr::memrchr(b'\n', &bytes[..end]).map_or(end, |newline| newline + 1);
        }
        first.0.block(&bytes[..end]);
    }
    // What is wrong with a source is said when it is read.
    first.0.finish();
}

/// Takes one block and asks for no more.
struct First<'w>(Reading<'w, Fields>);

impl Blocks for First<'_> {
    fn block(&mut self, block: &[u8]) -> bool {
        self.0.block(block);
        false
    }

    fn too_long(&mut self, bytes: u64) {
        self.0.too_long(bytes);
    }

    fn cut_line(&mut self) {}

    fn advance(&mut self, _: u64) {}

    fn stopped(&self) -> bool {
        true
    }
}
