//! The account: every line that was read is in it once, and everything that went wrong is named.

use super::met::{Met, MetHere};
use super::times::{self, Implausible};
use crate::decode::{Batch, Form, Lines, Malformed, PartRead, Status, Stop};
use crate::schema::{Derived, FieldName, Format, escape};
use crate::source::{Damage, Ending, Facts, Severity, Source};
use std::collections::{BTreeMap, BTreeSet};

/// How many malformed lines, and how many bad values, are shown one by one.
const SHOWN: usize = 5;

/// Where something was met: a part of a source. Lines are counted from the part's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: usize,
    pub part: usize,
}

/// The numbers of the account. `lines` = `headers` + `blank` + `records` + `malformed`, and
/// `records` = `flows` + `nodata` + `skipdata` + `other_status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sources that were taken up, those that failed included.
    pub files: u64,
    pub files_failed: u64,
    pub files_partial: u64,
    pub files_skipped: u64,
    pub files_pruned: u64,
    pub row_groups_pruned: u64,
    pub bytes_read: u64,
    pub bytes_unpacked: u64,
    pub lines: u64,
    pub headers: u64,
    pub blank: u64,
    pub records: u64,
    pub flows: u64,
    pub nodata: u64,
    pub skipdata: u64,
    pub other_status: u64,
    pub malformed: u64,
    pub bad_values: u64,
    /// Records that match, but for the duplicates.
    pub matched: u64,
    /// Records that match and repeat another.
    pub duplicates: u64,
    /// Records that match and were not compared, because they lack an interface, a start or an end.
    pub nameless: u64,
    /// Records that match and were not compared, because they end at another time than the paths of
    /// their files tell.
    pub strays: u64,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    Damage(Damage),
    /// Decoding ended; `records` tells that lines had been read before.
    Stop {
        stop: Stop,
        records: bool,
    },
    /// A Parquet file that is none, or none of flow logs.
    NoTable(String),
    /// Parquet that cannot be read on.
    Table(String),
    /// Something that was packed, with an unknown number of records in it.
    Lost(&'static str),
    Header {
        part: usize,
        line: u64,
        reason: String,
    },
    Malformed(Malformed),
    Time(Implausible),
    BadValue {
        field: String,
        value: String,
        expected: &'static str,
    },
}

/// A sentence for the user, with how bad it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub severity: Severity,
    pub text: String,
}

/// The first few of many problems, by place and line.
#[derive(Clone, Debug, Default)]
pub struct FirstFew {
    first: BTreeSet<(Place, u64, Problem)>,
    count: u64,
}

impl FirstFew {
    /// Adds a problem; its text is only made if it may be shown.
    pub fn add(&mut self, place: Place, line: u64, problem: impl FnOnce() -> Problem) {
        self.count += 1;
        let full = self.first.len() >= SHOWN;
        if full && self.first.last().is_some_and(|last| (last.0, last.1) < (place, line)) {
            return;
        }
        self.first.insert((place, line, problem()));
        if self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }

    fn merge(&mut self, other: FirstFew) {
        self.count += other.count;
        self.first.extend(other.first);
        while self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }
}

/// The first few of many names by their order, each with the first source that has it: the same
/// whoever met them, and in which order.
#[derive(Clone, Debug, Default)]
struct Names {
    first: BTreeMap<String, usize>,
    more: bool,
}

impl Names {
    fn add(&mut self, name: String, source: usize) {
        self.first.entry(name).and_modify(|first| *first = source.min(*first)).or_insert(source);
        if self.first.len() > SHOWN {
            self.first.pop_last();
            self.more = true;
        }
    }

    fn merge(&mut self, other: Names) {
        self.more |= other.more;
        other.first.into_iter().for_each(|(name, source)| self.add(name, source));
    }
}

/// What was read, and what went wrong.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub counts: Counts,
    /// Wall-clock time of the run.
    pub seconds: f64,
    /// Names of all fields that any format had, or that the path of a source gave.
    pub fields: BTreeSet<String>,
    pub malformed: FirstFew,
    bad_values: FirstFew,
    /// Times that are values, but hardly those of a flow.
    times: FirstFew,
    problems: BTreeMap<usize, BTreeSet<Problem>>,
    /// Header names that are no field, with the first source that has them.
    unknown_fields: Names,
    /// Log-status values that AWS does not document, likewise.
    unknown_status: Names,
    met: MetHere,
    /// Lines of every part of the sources that were split.
    part_lines: BTreeMap<Place, u64>,
}

impl Tally {
    /// Adds the records of a batch, of which those `selected` match.
    pub fn add_batch(&mut self, place: Place, batch: &Batch<'_>, selected: Option<&[bool]>) {
        // Few enough rows for small sums, which go faster.
        let of = |status| batch.status.iter().map(|s| u32::from(*s == status)).sum::<u32>().into();
        let flows: u64 = of(Status::Flow);
        let rows = batch.rows() as u64;
        self.counts.records += rows;
        self.met.add_records(batch.format, rows);
        self.counts.matched += match selected {
            Some(selected) => selected.iter().map(|row| u32::from(*row)).sum::<u32>().into(),
            None => rows,
        };
        self.counts.flows += flows;
        if flows < rows {
            self.counts.nodata += of(Status::NoData);
            self.counts.skipdata += of(Status::SkipData);
            self.counts.other_status += of(Status::Other);
        }
        for (start, end) in batch.other_status {
            let name = shorten(escape(&batch.text[*start as usize..*end as usize]));
            self.unknown_status.add(name, place.source);
        }
        for bad in batch.bad {
            let (start, end) = bad.span;
            self.bad_values.add(place, batch.lines[bad.row as usize], || Problem::BadValue {
                field: batch.fields[bad.column as usize].name().to_string(),
                expected: batch.fields[bad.column as usize].kind().expected(),
                value: shorten(escape(&batch.text[start as usize..end as usize])),
            });
        }
        self.counts.bad_values += batch.bad.len() as u64;
        times::each_implausible(batch, |row, time| {
            self.times.add(place, batch.lines[row], || Problem::Time(time));
        });
    }

    /// Adds the line counts of a part. Records are counted by batch.
    pub fn add_lines(&mut self, place: Place, lines: Lines) {
        let Lines { headers, blank, records, malformed, .. } = lines;
        debug_assert_eq!(lines.lines, headers + blank + records + malformed, "every line of a part is counted once");
        self.counts.lines += lines.lines;
        self.counts.headers += lines.headers;
        self.counts.blank += lines.blank;
        self.counts.malformed += lines.malformed;
        if lines.lines > 0 {
            self.part_lines.insert(place, lines.lines);
        }
    }

    /// Notes the fields of a format that was met.
    pub fn add_format(&mut self, place: Place, format: &Format) {
        for field in format.fields() {
            if !self.fields.contains(field.name()) {
                self.fields.insert(field.name().to_string());
            }
            if let FieldName::Other(name) = field
                && Derived::of(name).is_none()
            {
                self.unknown_fields.add(shorten(escape(name.as_bytes())), place.source);
            }
        }
    }

    /// Notes a form that was met, and the log group that it told.
    pub fn add_form(&mut self, place: Place, form: Form, log_group: Option<&str>) {
        self.met.add_form(place, form);
        if let Some(group) = log_group {
            self.met.add_group(group);
        }
    }

    /// What the sources turned out to be.
    pub fn met(&self, sources: &[Source]) -> Met {
        self.met.told(sources)
    }

    /// Notes the fields that the path of a source gives to its records.
    pub fn add_given(&mut self, facts: &Facts) {
        for (field, _) in facts.values() {
            if !self.fields.contains(field.name()) {
                self.fields.insert(field.name().to_string());
            }
        }
    }

    /// Adds what was read of a source, and what is wrong with it.
    pub fn add_ending(&mut self, source: usize, ending: &Ending) {
        self.counts.bytes_read += ending.packed;
        self.counts.bytes_unpacked += ending.unpacked;
        ending.damage.iter().for_each(|damage| self.add_problem(source, damage.clone().into()));
    }

    /// Adds bytes of a Parquet file.
    pub fn add_read(&mut self, read: PartRead) {
        self.counts.bytes_read += read.bytes;
        self.counts.bytes_unpacked += read.unpacked;
    }

    /// Closes the account of a source.
    pub fn end(&mut self, source: usize, damage: Vec<Damage>) {
        self.counts.files += 1;
        for damage in damage {
            self.problems.entry(source).or_default().insert(damage.into());
        }
    }

    /// Closes the account of a source that may not have been read to its end.
    pub fn end_with(&mut self, source: usize, damage: Vec<Damage>, stop: Option<Problem>) {
        self.end(source, damage);
        if let Some(stop) = stop {
            self.add_problem(source, stop);
        }
    }

    /// Adds a problem of a source.
    pub fn add_problem(&mut self, source: usize, problem: Problem) {
        self.problems.entry(source).or_default().insert(problem);
    }

    /// Adds another worker's account.
    pub fn merge(&mut self, other: Tally) {
        let (a, b) = (&mut self.counts, &other.counts);
        for (sum, more) in [
            (&mut a.files, b.files),
            (&mut a.row_groups_pruned, b.row_groups_pruned),
            (&mut a.bytes_read, b.bytes_read),
            (&mut a.bytes_unpacked, b.bytes_unpacked),
            (&mut a.lines, b.lines),
            (&mut a.headers, b.headers),
            (&mut a.blank, b.blank),
            (&mut a.records, b.records),
            (&mut a.flows, b.flows),
            (&mut a.nodata, b.nodata),
            (&mut a.skipdata, b.skipdata),
            (&mut a.other_status, b.other_status),
            (&mut a.malformed, b.malformed),
            (&mut a.bad_values, b.bad_values),
            (&mut a.matched, b.matched),
            (&mut a.duplicates, b.duplicates),
            (&mut a.nameless, b.nameless),
            (&mut a.strays, b.strays),
        ] {
            *sum += more;
        }
        self.fields.extend(other.fields);
        self.malformed.merge(other.malformed);
        self.bad_values.merge(other.bad_values);
        self.times.merge(other.times);
        for (source, problems) in other.problems {
            self.problems.entry(source).or_default().extend(problems);
        }
        self.unknown_fields.merge(other.unknown_fields);
        self.unknown_status.merge(other.unknown_status);
        self.met.merge(other.met);
        self.part_lines.extend(other.part_lines);
    }

    /// Counts the sources that failed or were read in part, notes how many were skipped and pruned, and
    /// checks that the account closes.
    pub fn settle(&mut self, skipped: u64, pruned: u64) {
        (self.counts.files_skipped, self.counts.files_pruned) = (skipped, pruned);
        let worst = |problems: &BTreeSet<Problem>| problems.iter().map(Problem::severity).max();
        let count = |severity| self.problems.values().filter(|p| worst(p) == Some(severity)).count() as u64;
        self.counts.files_failed = count(Severity::Failed);
        self.counts.files_partial = count(Severity::Partial);
        let c = &self.counts;
        debug_assert_eq!(c.lines, c.headers + c.blank + c.records + c.malformed, "every line is counted once");
        debug_assert_eq!(c.records, c.flows + c.nodata + c.skipdata + c.other_status, "every record has a status");
        debug_assert!(c.matched + c.duplicates <= c.records, "what matches is a record");
        debug_assert!(c.files_failed + c.files_partial <= c.files, "every file ends once");
    }

    /// Whether all input was read whole.
    pub fn is_whole(&self) -> bool {
        self.counts.files_failed + self.counts.files_partial == 0
    }

    /// Fields that no input has, if there was any input.
    pub fn absent<'q>(&self, fields: impl IntoIterator<Item = &'q FieldName>) -> Vec<&'q FieldName> {
        let seen = &self.fields;
        fields.into_iter().filter(|field| !seen.is_empty() && !seen.contains(field.name())).collect()
    }

    /// The line in its source of a line in a part.
    fn line(&self, place: Place, line: u64) -> u64 {
        let first = Place { part: 0, ..place };
        line + self.part_lines.range(first..place).map(|(_, lines)| lines).sum::<u64>()
    }

    /// What is shown with its line.
    fn located(&self) -> [(&FirstFew, &'static str); 3] {
        [(&self.malformed, "malformed lines"), (&self.bad_values, "bad values"), (&self.times, "implausible times")]
    }

    /// What went wrong, as sentences in the order of the sources.
    pub fn warnings(&self, sources: &[Source]) -> Vec<Warning> {
        let path = |source: usize| escape(sources[source].shown());
        let mut all: BTreeMap<usize, Vec<Warning>> = BTreeMap::new();
        let mut add = |source: usize, severity: Severity, text: String| {
            all.entry(source).or_default().push(Warning { severity, text });
        };
        let names = self.names();
        for (source, problem) in self.of_sources().filter(|(source, problem)| names.shows(*source, problem)) {
            let at = match problem {
                Problem::Header { part, line, .. } => format!(":{}", self.line(Place { source, part: *part }, *line)),
                _ => String::new(),
            };
            add(source, problem.severity(), format!("{}{at}: {problem}", path(source)));
        }
        for (place, line, problem) in self.located().into_iter().flat_map(|(few, _)| &few.first) {
            let text = format!("{}:{}: {problem}", path(place.source), self.line(*place, *line));
            add(place.source, Severity::Note, text);
        }
        for (name, source) in &self.unknown_fields.first {
            let text = format!("{}: field '{name}' is not known; its values are carried as text", path(*source));
            add(*source, Severity::Note, text);
        }
        for (name, source) in &self.unknown_status.first {
            let text = format!("{}: log-status '{name}' is not known; such records are no flows", path(*source));
            add(*source, Severity::Note, text);
        }
        let notes = self.in_all(&names).into_iter().map(|text| Warning { severity: Severity::Note, text });
        all.into_values().flatten().chain(notes).collect()
    }

    /// Every problem of a source as a whole. What was not read at all has no other name than it should have.
    fn of_sources(&self) -> impl Iterator<Item = (usize, &Problem)> {
        self.problems.iter().flat_map(|(source, problems)| {
            let failed = problems.iter().any(|problem| problem.severity() == Severity::Failed);
            let is_said = move |problem: &&Problem| !(failed && problem.is_of_name());
            problems.iter().filter(is_said).map(|problem| (*source, problem))
        })
    }

    /// The sources whose names do not fit.
    fn names(&self) -> Misnamed {
        let sources: Vec<usize> = self.of_sources().filter(|(_, p)| p.is_of_name()).map(|(source, _)| source).collect();
        Misnamed { last: sources.get(SHOWN - 1).copied().unwrap_or(usize::MAX), count: sources.len() }
    }

    /// What is said of all sources together.
    fn in_all(&self, names: &Misnamed) -> Vec<String> {
        let mut notes = Vec::new();
        let incomplete = self.counts.files_failed + self.counts.files_partial;
        if incomplete > 1 {
            notes.push(format!("{incomplete} of {} files could not be read whole", self.counts.files));
        }
        if names.count > SHOWN {
            notes.push(format!("{} misleading names in all; the first {SHOWN} are shown", names.count));
        }
        for (names, what) in [(&self.unknown_fields, "fields"), (&self.unknown_status, "log-status values")] {
            if names.more {
                notes.push(format!("there are more {what} that are not known"));
            }
        }
        for (few, what) in self.located() {
            if few.count > few.first.len() as u64 {
                notes.push(format!("{} {what} in all; the first {} are shown", few.count, few.first.len()));
            }
        }
        notes
    }
}

/// Sources whose names promise something else than they hold: as many as there are, and the last that is
/// shown.
struct Misnamed {
    count: usize,
    last: usize,
}

impl Misnamed {
    fn shows(&self, source: usize, problem: &Problem) -> bool {
        !problem.is_of_name() || source <= self.last
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_string() } else { format!("{word}s") }
}

fn shorten(text: String) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

impl Problem {
    fn is_of_name(&self) -> bool {
        matches!(self, Problem::Damage(Damage::Misnamed | Damage::Unnamed))
    }

    fn severity(&self) -> Severity {
        match self {
            Problem::Damage(damage) => damage.severity(),
            Problem::Stop { stop: Stop::Json(_), records: true } => Severity::Partial,
            Problem::Stop { .. } | Problem::NoTable(_) => Severity::Failed,
            Problem::Table(_) | Problem::Lost(_) => Severity::Partial,
            Problem::Header { part: 0, line: 1, .. } => Severity::Failed,
            Problem::Header { .. } => Severity::Partial,
            Problem::Malformed(_) | Problem::BadValue { .. } | Problem::Time(_) => Severity::Note,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Damage(damage) => damage.fmt(f),
            Problem::Stop { stop, .. } => stop.fmt(f),
            Problem::NoTable(why) | Problem::Table(why) => f.write_str(why),
            Problem::Lost(what) => write!(f, "{what}: records of it are lost"),
            Problem::Header { reason, .. } => write!(f, "unusable header: {reason}"),
            Problem::Malformed(Malformed::Fields { found, expected }) => {
                write!(f, "malformed: {found} {}, expected {expected}", plural(*found, "field"))
            }
            Problem::Malformed(Malformed::TooLong(bytes)) => {
                write!(f, "malformed: line too long ({bytes} bytes; at most 1 MiB)")
            }
            Problem::Malformed(Malformed::Cut) => write!(f, "malformed: cut off in the middle"),
            Problem::Malformed(Malformed::Wrapped(why)) => write!(f, "malformed: {why}"),
            Problem::Time(time) => time.fmt(f),
            Problem::BadValue { field, value, expected } => {
                write!(f, "bad value: {field} is '{value}', expected {expected}")
            }
        }
    }
}
