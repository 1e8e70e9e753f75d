//! Shares the rows out to the files of a result.

use super::part::{Common, Form, Part, Piece, Written};
use crate::engine::{Deliver, Rows, Work};
use crate::render::parquet::{Codec, Group, Schema};
use crate::render::{RowFormat, Style, Writer};
use crate::schema::{Format, Heading};
use crate::source::Partition;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard};

/// The most rows of a file in a directory.
const ROWS: usize = 20 * Group::ROWS;

/// As much text is written, or compressed, at a time, in bytes.
const TEXT: usize = 1 << 20;

/// Rows that wait until there are enough of them for a piece of their file, in bytes, over all files.
const WAITING: usize = 256 << 20;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Parquet(Codec),
    Rows { format: RowFormat, gzip: bool },
}

/// Where it is written.
#[derive(Clone, Debug)]
pub enum Place {
    File(PathBuf),
    /// Files in this folder, or in folders of it, with this ending.
    Folder(PathBuf, String),
}

/// The folder of a partition.
pub type Name = dyn Fn(&Partition) -> String + Send;

/// Takes the rows.
pub struct Tree {
    to: To,
    place: Place,
    headings: Vec<Heading>,
    form: Form,
    /// What is being written for every folder.
    folders: BTreeMap<String, Folder>,
    /// The folder of every partition that was met.
    names: BTreeMap<Arc<Partition>, String>,
    /// How the folder of a partition is called.
    name: Box<Name>,
    /// What is waiting, in bytes, and how much may.
    waiting: usize,
    room: usize,
    /// The most rows of a file.
    most: usize,
    works: VecDeque<Work>,
    common: Arc<Common>,
    /// A header that cannot be told from a record when it is read again.
    pub unreadable: Option<String>,
    pub rows: u64,
}

/// The files of a folder: one after another.
#[derive(Default)]
struct Folder {
    files: usize,
    now: Option<Now>,
}

/// The file that is being written.
struct Now {
    part: Arc<Part>,
    rows: usize,
    pieces: usize,
    collected: Collected,
}

/// What will be the next piece.
enum Collected {
    Rows(Group),
    Text(Box<Writer<Vec<u8>>>),
}

impl Tree {
    pub fn new(to: To, place: Place, name: Box<Name>) -> Tree {
        let most = if matches!(place, Place::File(_)) { usize::MAX } else { ROWS };
        Tree {
            to,
            place,
            headings: Vec::new(),
            form: Form::Text { gzip: matches!(to, To::Rows { gzip: true, .. }) },
            folders: BTreeMap::new(),
            names: BTreeMap::new(),
            name,
            waiting: 0,
            room: WAITING,
            most,
            works: VecDeque::new(),
            common: Arc::default(),
            unreadable: None,
            rows: 0,
        }
    }

    /// What has been written so far.
    pub fn written(&self) -> MutexGuard<'_, Written> {
        self.common.written()
    }

    /// What stands above the columns, where all records have the same.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Begins the next file of a folder.
    fn begin(&mut self, name: &str) -> io::Result<()> {
        let folder = self.folders.entry(name.to_string()).or_default();
        folder.files += 1;
        let path = match &self.place {
            Place::File(path) => path.clone(),
            Place::Folder(root, ending) => root.join(name).join(format!("part-{:05}.{ending}", folder.files)),
        };
        let part = Arc::new(Part::new(path, self.form.clone(), self.common.clone())?);
        let collected = match self.to {
            To::Parquet(_) => Collected::Rows(Group::default()),
            To::Rows { format, .. } => {
                let mut writer = Writer::new(format, &Style::default(), Vec::new());
                writer.start(&self.headings)?;
                Collected::Text(Box::new(writer))
            }
        };
        self.waiting += collected.bytes();
        folder.now = Some(Now { part, rows: 0, pieces: 0, collected });
        Ok(())
    }

    /// Adds rows to a file, as many as it may take; returns how many, and how many bytes they are.
    fn add(&mut self, name: &str, format: &Format, rows: &[u8], count: usize) -> io::Result<(usize, usize)> {
        if self.folders.get(name).is_none_or(|folder| folder.now.is_none()) {
            self.begin(name)?;
        }
        let now = self.folders.get_mut(name).and_then(|folder| folder.now.as_mut());
        let now = now.ok_or_else(|| io::Error::other("no file was begun"))?;
        let most = self.most - now.rows;
        let room = self.room.saturating_sub(self.waiting).max(1);
        let before = now.collected.bytes();
        let taken = match &mut now.collected {
            Collected::Rows(group) => group.take(rows, count, most, room),
            Collected::Text(writer) => {
                let (taken, end) = lines(rows, count, most, room);
                writer.rows(format, &rows[..end])?;
                (taken, end)
            }
        };
        now.rows += taken.0;
        self.waiting += now.collected.bytes() - before;
        self.pass_on(name, taken.0 == most)?;
        if self.waiting >= self.room {
            self.make_room()?;
        }
        Ok(taken)
    }

    /// Passes the next pieces of a file on to be written: those that are full, or at its end all.
    fn pass_on(&mut self, name: &str, end: bool) -> io::Result<()> {
        let alone = self.folders.len() == 1;
        let Some(folder) = self.folders.get_mut(name) else { return Ok(()) };
        let Some(now) = &mut folder.now else { return Ok(()) };
        if end {
            now.collected.finish()?;
        }
        while let Some(piece) = now.collected.piece(end) {
            self.waiting -= piece.bytes();
            self.works.push_back(now.work(piece));
            // With many folders, each would keep as much memory as the largest group needs.
            if let (Collected::Rows(group), true) = (&mut now.collected, alone) {
                *group = Group::reusing(self.common.spare().take().unwrap_or_default());
            }
        }
        if end && let Some(now) = folder.now.take() {
            if let Collected::Text(writer) = &now.collected {
                let header = writer.unreadable().map(String::from);
                self.unreadable = self.unreadable.take().or(header);
            }
            now.part.end(now.pieces)?;
        }
        Ok(())
    }

    /// Passes on what waits for the file that most waits for.
    fn make_room(&mut self) -> io::Result<()> {
        let waiting = |folder: &Folder| folder.now.as_ref().map_or(0, |now| now.collected.bytes());
        let most = self.folders.iter().max_by_key(|(name, folder)| (waiting(folder), std::cmp::Reverse(*name)));
        let Some(name) = most.map(|(name, _)| name.clone()) else { return Ok(()) };
        let Some(now) = self.folders.get_mut(&name).and_then(|folder| folder.now.as_mut()) else { return Ok(()) };
        if let Some(piece) = now.collected.piece(true) {
            self.waiting -= piece.bytes();
            self.works.push_back(now.work(piece));
        }
        Ok(())
    }
}

impl Deliver for Tree {
    fn start(&mut self, columns: &[Heading]) -> io::Result<()> {
        self.headings = columns.to_vec();
        if let To::Parquet(codec) = self.to {
            self.form = Form::Parquet(Arc::new(Schema::new(columns, codec)));
        }
        Ok(())
    }

    fn rows(&mut self, rows: &Rows<'_>) -> io::Result<()> {
        let name = match rows.partition {
            None => String::new(),
            Some(partition) => match self.names.get(partition) {
                Some(name) => name.clone(),
                None => self.names.entry(partition.clone()).or_insert((self.name)(partition)).clone(),
            },
        };
        self.rows += rows.count as u64;
        let (mut left, mut bytes) = (rows.count, rows.bytes);
        while left > 0 {
            let (taken, end) = self.add(&name, rows.format, bytes, left)?;
            left -= taken;
            bytes = &bytes[end..];
        }
        Ok(())
    }

    fn work(&mut self) -> Option<Work> {
        self.works.pop_front()
    }

    fn finish(&mut self, _: bool) -> io::Result<()> {
        // A file has to be there, with its columns, even if it has no rows.
        if self.folders.is_empty() && self.names.is_empty() {
            self.begin("")?;
        }
        let names: Vec<String> = self.folders.keys().cloned().collect();
        names.iter().try_for_each(|name| self.pass_on(name, true))
    }
}

impl Now {
    /// What is to be done with the next piece.
    fn work(&mut self, piece: Piece) -> Work {
        let (part, number) = (self.part.clone(), self.pieces);
        self.pieces += 1;
        Box::new(move || part.write(number, piece))
    }
}

impl Collected {
    /// The memory that it takes, in bytes.
    fn bytes(&self) -> usize {
        match self {
            Collected::Rows(group) => group.bytes(),
            Collected::Text(writer) => writer.out().len(),
        }
    }

    /// There are no more rows.
    fn finish(&mut self) -> io::Result<()> {
        match self {
            Collected::Rows(_) => Ok(()),
            Collected::Text(writer) => writer.finish(None),
        }
    }

    /// The next piece: one that is full, or with `all` whatever is left.
    fn piece(&mut self, all: bool) -> Option<Piece> {
        match self {
            Collected::Rows(group) => {
                let wanted = group.is_full() || all && !group.is_empty();
                wanted.then(|| Piece::Rows(std::mem::take(group)))
            }
            Collected::Text(writer) => {
                let text = writer.out_mut();
                if text.len() > TEXT {
                    let rest = text.split_off(TEXT);
                    return Some(Piece::Text(std::mem::replace(text, rest)));
                }
                (all && !text.is_empty()).then(|| Piece::Text(std::mem::take(text)))
            }
        }
    }
}

impl Piece {
    fn bytes(&self) -> usize {
        match self {
            Piece::Rows(group) => group.bytes(),
            Piece::Text(text) => text.len(),
        }
    }
}

/// How many of `count` lines are taken, at most `most`, until they are `room` bytes long, and how long
/// they are; at least one.
fn lines(rows: &[u8], count: usize, most: usize, room: usize) -> (usize, usize) {
    if count <= most && rows.len() <= room {
        return (count, rows.len());
    }
    let (mut taken, mut end) = (0, 0);
    for newline in memchr::memchr_iter(b'\n', rows) {
        (taken, end) = (taken + 1, newline + 1);
        if taken == most || end >= room {
            break;
        }
    }
    if taken == 0 { (count, rows.len()) } else { (taken, end) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::parquet::RowEncoder;
    use crate::schema::{Cell, Kind, Record};
    use crate::source::Filed;
    use proptest::prelude::*;
    use std::path::Path;

    /// Some rows of one day.
    type Run = (u64, usize);

    /// A file below the folder, and what is in it.
    type Files = BTreeMap<PathBuf, Vec<u8>>;

    fn files(root: &Path) -> Files {
        let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| entry.file_type().is_file());
        let path = |path: &Path| path.strip_prefix(root).expect("below").to_path_buf();
        files.map(|file| (path(file.path()), std::fs::read(file.path()).expect("a file"))).collect()
    }

    /// Writes rows, which are numbered, in such pieces; work is done in another order.
    fn write(to: To, runs: &[Run], cut: usize, most: usize, room: usize) -> Files {
        let root = tempfile::tempdir().expect("a folder");
        let mut tree = Tree::new(to, Place::Folder(root.path().to_path_buf(), "x".into()), Box::new(Partition::folder));
        (tree.most, tree.room) = (most, room);
        let headings = [Heading { name: "bytes".into(), kind: Kind::Bytes }];
        tree.start(&headings).expect("room");
        let mut encoder = RowEncoder::default();
        encoder.columns(&headings);
        let (format, mut number, mut works) = (Format::default_format(), 0, Vec::new());
        for (day, count) in runs {
            let partition = Arc::new(Partition::of(&Filed { day: Some(*day), ..Filed::default() }));
            let rows: Vec<u64> = (number..number + *count as u64).collect();
            number += *count as u64;
            for rows in rows.chunks(cut) {
                let mut bytes = Vec::new();
                for row in rows {
                    match to {
                        To::Parquet(_) => {
                            let cells = &[Cell::Number(*row)];
                            encoder.row(&Record { cells, line: b"", path: b"", number: 0 }, &mut bytes);
                        }
                        To::Rows { .. } => bytes.extend_from_slice(format!("{row}\n").as_bytes()),
                    }
                }
                let rows = Rows { format: &format, partition: Some(&partition), count: rows.len(), bytes: &bytes };
                tree.rows(&rows).expect("room");
                works.extend(std::iter::from_fn(|| tree.work()));
                assert!(tree.waiting <= room + 64 * runs.len(), "{} bytes wait", tree.waiting);
            }
        }
        tree.finish(false).expect("room");
        works.extend(std::iter::from_fn(|| tree.work()));
        works.into_iter().rev().for_each(|work| work().expect("room"));
        let files = files(root.path());
        assert_eq!((tree.written().files, tree.rows), (files.len() as u64, number));
        files
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is written does not depend on how the rows come, and all of them are there, in order.
        #[test]
        fn rows_are_shared_out_alike(
            runs in prop::collection::vec((0u64..4, 1usize..60), 1..20),
            cuts in (1usize..70, 1usize..70),
            most in 1usize..100,
            room in 1usize..3000,
            gzip: bool,
        ) {
            for to in [To::Rows { format: RowFormat::As(crate::render::Format::Csv), gzip }, To::Parquet(Codec::None)] {
                let written = write(to, &runs, cuts.0, most, room);
                prop_assert!(written == write(to, &runs, cuts.1, most, room));
                let days = |day| runs.iter().filter(move |run| run.0 == day).map(|run| run.1).sum::<usize>();
                let expected: usize = (0..4).map(|day| days(day).div_ceil(most)).sum();
                prop_assert_eq!(written.len(), expected);
                if to == (To::Rows { format: RowFormat::As(crate::render::Format::Csv), gzip: false }) {
                    let text: Vec<&str> = written.values().map(|text| std::str::from_utf8(text).expect("UTF-8")).collect();
                    prop_assert!(text.iter().all(|text| text.starts_with("bytes\n")));
                    let numbers: Vec<usize> = text
                        .iter()
                        .flat_map(|text| text.lines().skip(1).map(|line| line.parse().expect("a number")))
                        .collect();
                    let mut expected = Vec::new();
                    for day in 0..4 {
                        let mut first = 0;
                        for run in &runs {
                            expected.extend((run.0 == day).then_some(first..first + run.1).into_iter().flatten());
                            first += run.1;
                        }
                    }
                    prop_assert_eq!(numbers, expected);
                }
            }
        }
    }
}
