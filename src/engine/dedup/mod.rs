//! Records that repeat another count once: overlapping flow logs and at-least-once delivery bring the
//! same record several times.
//!
//! Two records are the same when all their fields have the same values, in whatever order and
//! spelling; a field without a value is as none. A record that does not name its interface and its
//! interval may be another one that merely looks alike: such records are never left out. What is kept
//! of a record is a hash (`hash`), in sets that all workers share (`set`). Where paths tell the times
//! of files, they are read in the order of time, and what no later file can repeat is forgotten
//! (`horizon`); so memory is bounded by what may come late, not by the input.
//!
//! Which of several equal records counts makes no difference to sums, so that workers need no order
//! among them; lists are read by one worker, so that the first one is shown.

mod hash;
mod horizon;
mod set;

use super::EngineError;
use super::tally::{Counts, Place};
use crate::decode::Batch;
use crate::schema::{Field, FieldName};
use crate::source::{Facts, Source};
use hash::{Hashes, Seeds};
use horizon::{Horizon, Read};
use set::{Entry, Shards, Sorted};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How records are compared.
#[derive(Clone, Debug)]
pub struct Dedup {
    /// How late records may come, in seconds, so that paths tell their times; `None` if paths tell
    /// nothing.
    pub lateness: Option<u64>,
    /// So many records are kept at most to be compared, or the run ends; 20 to 35 bytes of memory for
    /// each. Workers ahead of the others may keep as many again.
    pub limit: u64,
    /// Records are forgotten by so many seconds at a time; at least 1.
    pub window: u64,
}

impl Dedup {
    /// The most memory that a record takes, in bytes.
    pub const RECORD: u64 = 35;
}

impl Default for Dedup {
    fn default() -> Dedup {
        Dedup { lateness: Some(3600), limit: 64_000_000, window: 900 }
    }
}

/// What names the interface that a record is of, one of them.
const INTERFACES: [Field; 3] = [Field::InterfaceId, Field::ResourceId, Field::TgwAttachmentId];

/// A worker tells the others what it has added when it is so many records.
const TELL: u64 = 4096;

/// The records that were met: what all workers share.
pub struct Seen {
    seeds: Seeds,
    horizon: Horizon,
    shards: Shards,
    limit: u64,
    kept: Mutex<Kept>,
    moved: Condvar,
    /// The limit was exceeded: nothing more is compared.
    full: AtomicBool,
}

/// How much is kept, and how far the reading has come.
struct Kept {
    read: Read,
    /// Records that are in memory.
    live: u64,
    /// Windows before this one are forgotten.
    floor: u64,
}

impl Seen {
    /// Nothing, before sources are read in this `order`.
    pub fn new(dedup: &Dedup, sources: &[Source], order: &[usize], threads: usize) -> Seen {
        let horizon = Horizon::new(dedup, sources, order);
        Seen {
            seeds: Seeds::default(),
            shards: Shards::new(threads),
            limit: dedup.limit,
            kept: Mutex::new(Kept { read: Read::new(order.len()), live: 0, floor: 0 }),
            moved: Condvar::new(),
            full: AtomicBool::new(false),
            horizon,
        }
    }

    /// The same, before sources are read one after another.
    pub fn in_order(dedup: &Dedup, sources: &[Source]) -> Seen {
        let order: Vec<usize> = (0..sources.len()).filter(|i| sources[*i].broken.is_none()).collect();
        Seen::new(dedup, sources, &order, 1)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The columns that have to be made for `fields` and for comparing records: besides those of their
    /// formats all that a path may give.
    pub fn columns(fields: &[FieldName]) -> Vec<FieldName> {
        let mut all = fields.to_vec();
        for field in Facts::GIVEN.into_iter().chain(INTERFACES).chain([Field::Start, Field::End]) {
            if !all.contains(&field.into()) {
                all.push(field.into());
            }
        }
        all
    }

    /// Whether the limit was exceeded.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Takes note of records that a source has added, by window. Waits while too much is kept because
    /// this worker is ahead: whoever reads the first source that is not done never waits, and every
    /// source before one that is being read is being read, too, or done.
    fn add(&self, source: usize, added: &mut Vec<(u64, u64)>) {
        let mut kept = self.kept();
        for (window, count) in added.drain(..) {
            kept.live += count;
            kept.read.add(self.horizon.is_told(source), window, count);
        }
        while kept.live > self.limit && !self.is_full() {
            if kept.read.needed(&self.horizon) > self.limit {
                self.full.store(true, Ordering::Relaxed);
                self.moved.notify_all();
            } else if self.horizon.position(source) == kept.read.at() {
                break;
            } else {
                kept = self.moved.wait(kept).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// A source is done, and what its workers have added is known. Forgets what no source that is left
    /// can repeat.
    pub fn finish(&self, source: usize) {
        let mut kept = self.kept();
        let before = kept.read.at();
        kept.read.finish(self.horizon.position(source));
        if kept.read.at() == before {
            return;
        }
        let floor = self.horizon.floor(kept.read.at());
        if std::mem::replace(&mut kept.floor, floor) < floor {
            drop(kept);
            let gone = self.shards.forget(floor);
            kept = self.kept();
            kept.live -= gone;
        }
        drop(kept);
        self.moved.notify_all();
    }

    /// Whether all could be compared until now.
    pub fn in_time(&self) -> Result<(), EngineError> {
        if self.is_full() { Err(EngineError::Repeats { limit: self.limit }) } else { Ok(()) }
    }

    /// Whether all could be compared. Decided by what had to be kept, not by what happened to be: so
    /// that it is the same for any number of threads.
    pub fn verdict(&self) -> Result<(), EngineError> {
        if self.kept().read.most_needed(&self.horizon) > self.limit {
            self.full.store(true, Ordering::Relaxed);
        }
        self.in_time()
    }
}

/// The sources in the order in which they are best read: first those whose paths tell no time, for they
/// may hold anything, then the others by time. The largest first, but for that. Both groups apart: the
/// first has to be done before the second begins.
pub fn by_time(dedup: &Dedup, sources: &[Source]) -> [Vec<usize>; 2] {
    let from = |source: &usize| horizon::times(dedup, &sources[*source]).map(|times| *times.start());
    let mut order: Vec<usize> = (0..sources.len()).filter(|i| sources[*i].broken.is_none()).collect();
    order.sort_by_key(|i| (from(i), std::cmp::Reverse(sources[*i].size)));
    let told = order.split_off(order.partition_point(|i| from(i).is_none()));
    [order, told]
}

/// One worker's share of the comparing.
pub struct Sieve {
    seen: Arc<Seen>,
    hashes: Hashes,
    entries: Vec<Entry>,
    sorted: Sorted,
    mask: Vec<bool>,
    /// Records that were added by this worker, by window, and have not been told.
    added: Vec<(u64, u64)>,
}

impl Sieve {
    pub fn new(seen: &Arc<Seen>) -> Sieve {
        let (entries, sorted, mask, added) = Default::default();
        Sieve { hashes: Hashes::new(&seen.seeds), seen: seen.clone(), entries, sorted, mask, added }
    }

    /// The records of a batch, or those `selected`, without the ones that repeat others.
    pub fn pass<'a>(
        &'a mut self,
        place: Place,
        batch: &Batch<'_>,
        selected: Option<&'a [bool]>,
        counts: &mut Counts,
    ) -> Option<&'a [bool]> {
        if self.seen.is_full() {
            return selected;
        }
        self.choose(place.source, batch, selected, counts);
        self.hashes.of(batch, &mut self.entries);
        let mut repeats = 0;
        let mut mask = std::mem::take(&mut self.mask);
        self.seen.shards.add(&self.entries, &mut self.sorted, |entry, is_new| {
            if is_new {
                add(&mut self.added, entry.window);
                return;
            }
            if repeats == 0 {
                mask.clear();
                mask.extend((0..batch.rows()).map(|row| selected.is_none_or(|selected| selected[row])));
            }
            repeats += 1;
            mask[entry.row as usize] = false;
        });
        self.mask = mask;
        if self.added.iter().map(|(_, count)| count).sum::<u64>() >= TELL {
            self.seen.add(place.source, &mut self.added);
        }
        counts.duplicates += repeats;
        if repeats == 0 { selected } else { Some(&self.mask) }
    }

    /// Chooses the records that can be compared.
    fn choose(&mut self, source: usize, batch: &Batch<'_>, selected: Option<&[bool]>, counts: &mut Counts) {
        let column = |field: Field| batch.fields.iter().position(|name| *name == field.into());
        let text = |field| column(field).and_then(|column| batch.columns[column].as_text());
        let number = |field| column(field).and_then(|column| batch.columns[column].as_number());
        let interfaces = INTERFACES.map(text);
        let (start, end) = (number(Field::Start), number(Field::End));
        let horizon = &self.seen.horizon;
        let times = horizon.times_of(source);
        self.entries.clear();
        for row in (0..batch.rows()).filter(|row| selected.is_none_or(|selected| selected[*row])) {
            let has_interface = interfaces.iter().flatten().any(|column| column.spans[row].0 < column.spans[row].1);
            let has_start = start.is_some_and(|start| start.present[row]);
            let end = end.filter(|end| has_interface && has_start && end.present[row]).map(|end| end.values[row]);
            match end {
                None => counts.nameless += 1,
                Some(end) if times.is_some_and(|times| !times.contains(&end)) => counts.strays += 1,
                Some(end) => self.entries.push(Entry { hash: 0, window: horizon.window(end), row: row as u32 }),
            }
        }
    }

    /// The part of a source is done.
    pub fn finish(&mut self, source: usize) {
        self.seen.add(source, &mut self.added);
    }

    /// Whether nothing more is compared.
    pub fn is_full(&self) -> bool {
        self.seen.is_full()
    }
}

/// Counts one more in a window. There are few.
fn add(counts: &mut Vec<(u64, u64)>, window: u64) {
    match counts.iter_mut().rev().find(|(known, _)| *known == window) {
        Some((_, count)) => *count += 1,
        None => counts.push((window, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::worker::{How, Needs, Take, Worker};
    use crate::engine::{Options, Silent};
    use crate::source::Damage;
    use std::path::PathBuf;
    use std::sync::mpsc;
    use std::time::Duration;

    struct Nothing;

    impl Take for Nothing {
        fn batch(&mut self, _: Place, _: &Batch<'_>, _: Option<&[bool]>) {}
    }

    /// 2026-03-15T00:00:00Z
    const EPOCH: u64 = 1_773_532_800;

    /// A file of every hour since then, and where it lies.
    fn hourly(hours: u64, folder: &std::path::Path) -> Vec<Source> {
        let source = |hour: u64| {
            let stamp = format!("202603{:02}T{:02}00Z", 15 + hour / 24, hour % 24);
            let path = folder.join(format!("123456789012_vpcflowlogs_us-east-1_fl-1_{stamp}_00ff.log"));
            let facts = Facts::of(&path);
            Source { path: Some(path), named: true, size: 0, facts, broken: None::<Damage> }
        };
        (0..hours).map(source).collect()
    }

    #[test]
    fn what_cannot_come_again_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let sources = hourly(10 * 24, folder.path());
        let seen = Arc::new(Seen::in_order(&Dedup::default(), &sources));
        let mut worker = Worker::new(Nothing, &Needs::default(), None, Some(&seen), &Options::default());
        let records = 60;
        let mut most = 0;
        for (i, source) in sources.iter().enumerate() {
            let line = |minute: u64| {
                let end = EPOCH + 3600 * i as u64 + 10 * minute;
                format!("2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 {minute} {} {end} ACCEPT OK\n", end - 60)
            };
            let text: String = (0..records).chain(0..records).map(line).collect();
            std::fs::write(source.path.as_ref().expect("a path"), text).expect("a file");
            let limits = Options::default().limits;
            let how = How { limits: &limits, whole: true, prune: None };
            assert!(worker.read(i, source, how, &Silent).is_none());
            assert_eq!(seen.shards.len(), seen.kept().live);
            most = most.max(seen.shards.len());
            seen.finish(i);
            assert_eq!(seen.shards.len(), seen.kept().live);
        }
        let all = records * sources.len() as u64;
        assert_eq!((worker.tally.counts.matched, worker.tally.counts.duplicates), (all, all));
        // 4560 seconds before the time of a file: those of two hours, and the file's own.
        assert!((2 * records..=3 * records).contains(&most), "{most}");
        assert_eq!(seen.kept().live, 0);
    }

    #[test]
    fn whoever_is_ahead_waits_for_the_first() {
        let sources = hourly(12, &PathBuf::from("/"));
        let seen = Seen::in_order(&Dedup { limit: 10, ..Dedup::default() }, &sources);
        let late = seen.horizon.window(EPOCH + 11 * 3600);
        let (told, tell) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                seen.add(11, &mut vec![(late, 11)]);
                told.send(()).expect("a listener");
            });
            assert!(tell.recv_timeout(Duration::from_millis(100)).is_err(), "it waits");
            seen.add(0, &mut vec![(0, 1)]);
            (0..11).for_each(|source| seen.finish(source));
            tell.recv_timeout(Duration::from_secs(60)).expect("it goes on, for there is none before it");
        });
        assert!(seen.is_full() && seen.verdict().is_err(), "it needs more than is allowed");
    }
}
