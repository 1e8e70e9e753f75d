//! A look at the headers of some sources, before anything is counted: whether a field that vpcflow
//! does not know occurs at all, or is a slip.

use super::tally::Place;
use super::worker::{Reading, Worker};
use super::{Options, Silent};
use crate::query::{Plan, Query};
use crate::schema::FieldName;
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
    let files: Vec<&Source> = sources.iter().filter(|source| source.size > 0).collect();
    let step = files.len().div_ceil(SOURCES).max(1);
    files.into_iter().step_by(step).any(|source| {
        look(source, &mut worker);
        worker.tally.fields.contains(field.name())
    })
}

fn look(source: &Source, worker: &mut Worker) {
    // The beginning is enough: nothing is read whole, and plain files are mapped.
    let limits = Limits { whole: 0, split: 0, ..Limits::default() };
    let mut buffers = Default::default();
    let mut first = First(worker.start(Place { source: 0, part: 0 }, &source.facts, None, &Silent));
    if let Read::Split(mapped) = read(source, &limits, &mut buffers, &mut first) {
        let bytes = mapped.bytes();
        first.0.block(&bytes[..bytes.len().min(limits.block)]);
    }
    // What is wrong with a source is said when it is read.
    first.0.finish();
}

/// Takes one block and asks for no more.
struct First<'w>(Reading<'w>);

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
