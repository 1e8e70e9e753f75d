//! A look at the headers of some sources, before anything is counted: whether a field that vpcflow
//! does not know occurs at all, or is a slip.

use super::tally::Place;
use super::worker::{Reading, Worker};
use super::{Options, Silent};
use crate::query::{Plan, Query};
use crate::schema::{Field, FieldName};
use crate::source::{Blocks, Limits, Read, Source, read};
use std::sync::Arc;

/// As many sources are looked at, spread over all of them.
const SOURCES: usize = 64;

/// Whether one of the sources that can be read twice has a header with this field, or the user
/// named it in the format of text without a header.
pub fn occurs(field: &FieldName, sources: &[Source], options: &Options) -> bool {
    if options.format.as_ref().is_some_and(|format| format.position(field).is_some()) {
        return true;
    }
    let mut worker = Worker::new(&Arc::new(Plan::new(&Query::default())), options);
    some(sources).any(|source| {
        look(source, &mut worker);
        worker.tally.fields.contains(field.name())
    })
}

/// The fields that vpcflow does not know in the formats of the sources that can be read twice, and
/// in the format that the user named; by name.
pub fn unknown_fields(sources: &[Source], options: &Options) -> Vec<FieldName> {
    let mut worker = Worker::new(&Arc::new(Plan::new(&Query::default())), options);
    some(sources).for_each(|source| look(source, &mut worker));
    let mut names = worker.tally.fields;
    let named = options.format.iter().flat_map(|format| format.fields());
    names.extend(named.map(|field| field.name().to_string()));
    names.retain(|name| Field::find(name.as_bytes()).is_none());
    names.iter().map(|name| FieldName::parse(name.as_bytes())).collect()
}

/// The sources that are looked at.
fn some(sources: &[Source]) -> impl Iterator<Item = &Source> {
    let files: Vec<&Source> = sources.iter().filter(|source| source.size > 0 && source.broken.is_none()).collect();
    let step = files.len().div_ceil(SOURCES).max(1);
    files.into_iter().step_by(step)
}

fn look(source: &Source, worker: &mut Worker) {
    // The beginning is enough: nothing is read whole, and plain files are mapped.
    let limits = Limits { whole: 0, split: 0, ..Limits::default() };
    let mut buffers = Default::default();
    let reading = worker.start(Place { source: 0, part: 0 }, &source.facts, None, &Silent);
    let mut first = First { reading, left: limits.block };
    if let Read::Split(mapped) = read(source, &limits, &mut buffers, &mut first) {
        let bytes = mapped.bytes();
        first.reading.block(&bytes[..bytes.len().min(limits.block)]);
    }
    // What is wrong with a source is said when it is read.
    first.reading.finish();
}

/// Takes a block, or several short ones, and asks for no more.
struct First<'w> {
    reading: Reading<'w>,
    /// So many more bytes are wanted.
    left: usize,
}

impl Blocks for First<'_> {
    fn block(&mut self, block: &[u8]) -> bool {
        self.left = self.left.saturating_sub(block.len());
        self.reading.block(block) && self.left > 0
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
