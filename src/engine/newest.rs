//! The end of the newest record, found without reading everything: most paths tell how new the
//! records of a file can be, so that files are read from the newest on, until none that is left can
//! hold a newer one.

use super::{EngineError, Options, Progress, run};
use crate::query::{Grouping, Measure, Order, Query, Select};
use crate::schema::{Value, escape};
use crate::source::{Discovery, Source};

/// Why the newest record cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum NewestError {
    /// Standard input or a pipe: what is read to find the newest record is gone.
    #[error("{0} cannot be read twice")]
    ReadOnce(String),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The largest `end` of any record, flow or not, in seconds since the epoch; `None` if no record
/// has one. With `all`, every file is read, whatever its path tells. What is wrong with a file is not said: it is when the file is read for the answer.
pub fn newest(
    found: &Discovery,
    all: bool,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Option<u64>, NewestError> {
    if let Some(source) = found.sources.iter().find(|source| is_read_once(source)) {
        let name = if source.path.is_some() { escape(source.shown()) } else { "standard input".into() };
        return Err(NewestError::ReadOnce(name));
    }
    let sources = found.sources.iter().filter(|source| source.broken.is_none());
    let (mut told, untold): (Vec<&Source>, Vec<&Source>) = sources.partition(|source| !all && latest(source).is_some());
    told.sort_by_key(|source| std::cmp::Reverse(latest(source)));
    let mut newest = largest_end(&untold, options, progress)?;
    let (mut rest, mut at_least) = (&told[..], 1);
    while let Some(first) = rest.first().filter(|first| latest(first) > newest) {
        // All files of one time, and more and more of them where little is found.
        let equal = rest.partition_point(|source| latest(source) >= latest(first));
        let worth = rest.partition_point(|source| latest(source) > newest);
        let (group, others) = rest.split_at(equal.max(at_least.min(worth)));
        newest = newest.max(largest_end(group, options, progress)?);
        (rest, at_least) = (others, at_least * 2);
    }
    Ok(newest)
}

fn is_read_once(source: &Source) -> bool {
    match &source.path {
        Some(path) => source.named && path.metadata().is_ok_and(|metadata| !metadata.is_file()),
        None => true,
    }
}

/// When the records of a source end at the latest, if its path tells.
fn latest(source: &Source) -> Option<u64> {
    source.facts.created.map(|created| *created.record_times(0).end())
}

fn largest_end(sources: &[&Source], options: &Options, progress: &dyn Progress) -> Result<Option<u64>, EngineError> {
    if sources.is_empty() {
        return Ok(None);
    }
    let found = Discovery { sources: sources.iter().map(|source| (*source).clone()).collect(), ..Discovery::default() };
    let all = Grouping { select: Select::Records, keys: vec![], measures: vec![Measure::LastSeen] };
    let query = Query { groupings: vec![all], ..Query::default() };
    let options = Options { dedup: None, ..options.clone() };
    let grouped =
        run(&query, found, &options, progress)?.grouped(0, Order { measure: None, ascending: true, limit: 0 })?;
    Ok(grouped.rows.first().and_then(|row| match row.measures[..] {
        [Value::Time(end)] => Some(end),
        _ => None,
    }))
}
