//! Records come in order and none is lost, whatever the threads, the sizes of blocks and parts, and
//! the memory: the engine is run with tiny limits, and the program compared with the slow reader.

mod support;

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use support::lines::{V2, V5, flow};
use support::oracle::{self, Cell, Log, Record};
use support::random::{self, LogFile};
use support::tree::Tree;
use support::{Outcome, vpcflow};
use vpcflow::decode::Said;
use vpcflow::engine::{self, Columns, Dedup, Deliver, Encode, List, ListError, Listed, Options, Silent, Sort, Work};
use vpcflow::query::Key;
use vpcflow::render::{self, Encoder, RowFormat, Style, Writer};
use vpcflow::schema::{Format, Heading};
use vpcflow::source::{Globs, Limits, discover};

const CASES: u32 = 64;

/// PROPTEST_CASES in the environment wins.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: CASES, ..config } }
}

struct Rows(Encoder);

impl Encode for Rows {
    fn columns(&mut self, columns: &[Heading]) {
        self.0.columns(columns);
    }

    fn row(&mut self, record: &vpcflow::schema::Record<'_>, out: &mut Vec<u8>) {
        self.0.row(record, out);
    }
}

/// Keeps what is delivered; may fail after so many calls.
struct Kept {
    writer: Writer<Shared>,
    failing: Option<usize>,
    /// How much work has come up and was not asked for, and how much was done.
    given: usize,
    done: Arc<Mutex<usize>>,
    filed: Filed,
}

/// For every folder the number of its rows, and the rows.
type Filed = Arc<Mutex<BTreeMap<String, (usize, Vec<u8>)>>>;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Deliver for Kept {
    fn start(&mut self, columns: &[Heading]) -> io::Result<()> {
        self.writer.start(columns)
    }

    fn rows(&mut self, rows: &engine::Rows<'_>) -> io::Result<()> {
        match &mut self.failing {
            Some(0) => return Err(io::ErrorKind::BrokenPipe.into()),
            Some(left) => *left -= 1,
            None => {}
        }
        if let Some(partition) = rows.partition {
            let mut filed = self.filed.lock().expect("no panic");
            let (count, bytes) = filed.entry(partition.folder()).or_default();
            *count += rows.count;
            bytes.extend_from_slice(rows.bytes);
        }
        self.given += 1;
        self.writer.rows(rows.format, rows.bytes)
    }

    fn work(&mut self) -> Option<Work> {
        self.given = self.given.checked_sub(1)?;
        let (done, fails) = (self.done.clone(), self.failing == Some(0));
        Some(Box::new(move || {
            // Others go on meanwhile.
            std::thread::yield_now();
            *done.lock().expect("no panic") += 1;
            if fails { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
        }))
    }

    fn finish(&mut self, limited: bool) -> io::Result<()> {
        self.writer.finish(limited.then_some(1))
    }
}

/// How the engine is run.
#[derive(Clone, Debug)]
struct Way {
    threads: usize,
    limits: Limits,
    window: usize,
    ahead: usize,
    memory: usize,
    dedup: Option<Dedup>,
}

/// The usual one, on one thread.
fn usual() -> Way {
    let list = List::default();
    Way { threads: 1, limits: Limits::default(), window: 0, ahead: list.ahead, memory: list.memory, dedup: None }
}

/// Tiny ones, in which files are split and everybody has to wait.
fn tiny() -> impl Strategy<Value = Way> {
    let ahead = prop_oneof![Just(0usize), Just(1), 0usize..2000];
    (1usize..5, 1usize..400, 1usize..200, 1usize..300, any::<bool>(), ahead, 0usize..3000).prop_map(
        |(threads, block, window, part, split, ahead, memory)| Way {
            threads,
            limits: Limits { block, part, split: if split { 0 } else { 1 << 20 }, whole: 0, ..Limits::default() },
            window,
            ahead,
            memory,
            dedup: None,
        },
    )
}

/// What a list came to.
type Result = std::result::Result<(String, Listed), ListError>;

fn list(list: &List, format: RowFormat, tree: &Tree, files: usize, assumed: Option<&str>, way: &Way) -> Result {
    list_into(list, format, tree, files, assumed, way, None)
}

fn list_into(
    list: &List,
    format: RowFormat,
    tree: &Tree,
    files: usize,
    assumed: Option<&str>,
    way: &Way,
    failing: Option<usize>,
) -> Result {
    let paths: Vec<_> = (0..files).map(|file| tree.path(random::name(file))).collect();
    let found = discover(&paths, &Globs::default(), false, &|_| true).expect("files");
    let options = Options {
        threads: way.threads,
        limits: way.limits,
        window: way.window,
        said: Said { format: assumed.map(|format| Format::parse(format).expect("a format")), flow_logs: None },
        dedup: way.dedup.clone(),
        ..Options::default()
    };
    let list = List { ahead: way.ahead, memory: way.memory, numbers: format == RowFormat::Long, ..list.clone() };
    let out = Shared::default();
    let style = Style::default();
    let writer = Writer::new(format, &style, out.clone());
    let mut kept = Kept { writer, failing, given: 0, done: Arc::default(), filed: Arc::default() };
    let encoder = || Box::new(Rows(Encoder::new(format, &style, false))) as Box<dyn Encode>;
    let listed = engine::list(&list, found, &options, &Silent, &encoder, &mut kept)?;
    assert_eq!(kept.given, 0, "all work has been asked for");
    if list.partitioned {
        let filed = kept.filed.lock().expect("no panic");
        let rows: usize = filed.values().map(|(count, _)| count).sum();
        assert_eq!(rows as u64, listed.tally.counts.matched);
        let text = filed.iter().map(|(folder, (count, bytes))| format!("{folder} {count}\n{}", bytes.escape_ascii()));
        return Ok((text.collect(), listed));
    }
    let bytes = std::mem::take(&mut *out.0.lock().expect("no panic"));
    Ok((String::from_utf8(bytes).expect("UTF-8"), listed))
}

/// The lists that are compared, each with its format.
fn lists() -> Vec<(List, RowFormat)> {
    let all = |columns: &Columns, format| {
        [(Sort::None, 0), (Sort::None, 7), (Sort::Time, 0), (Sort::TimeDown, 0), (Sort::Time, 9)]
            .map(|(sort, limit)| (List { columns: columns.clone(), sort, limit, ..List::default() }, format))
            .to_vec()
    };
    let fixed = ["start", "src-ip", "bytes", "duration"].map(|key| Key::parse(key).expect("a key")).to_vec();
    let filed = List { columns: Columns::Own, partitioned: true, ..List::default() };
    let filed_lines = List { columns: Columns::Line, ..filed.clone() };
    [
        vec![(filed, RowFormat::As(render::Format::Ndjson)), (filed_lines, RowFormat::Raw)],
        all(&Columns::Fixed(fixed), RowFormat::As(render::Format::Csv)),
        all(&Columns::Line, RowFormat::Raw),
        all(&Columns::Own, RowFormat::As(render::Format::Json)),
        all(&Columns::Own, RowFormat::Long),
        all(&Columns::OwnAnd(RowFormat::Ecs.wants().iter().map(|field| (*field).into()).collect()), RowFormat::Ecs),
    ]
    .concat()
}

fn account(listed: &Listed) -> impl PartialEq + std::fmt::Debug {
    let mut counts = listed.tally.counts;
    (counts.bytes_read, counts.bytes_unpacked) = (0, 0);
    (counts, listed.warnings(), listed.beyond.clone())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_depends_on_how_it_is_done(
        (format, files) in random::log(), copy in any::<prop::sample::Index>(), dedup in any::<bool>(), way in tiny(),
    ) {
        let files: Vec<_> = files.iter().chain(dedup.then(|| copy.get(&files))).cloned().collect();
        let tree = random::tree(&files);
        let way = Way { dedup: dedup.then(Dedup::default), ..way };
        let usual = Way { dedup: dedup.then(Dedup::default), ..usual() };
        for (what, output) in lists() {
            let (text, listed) = list(&what, output, &tree, files.len(), format, &usual).expect("memory");
            let (other, other_listed) = list(&what, output, &tree, files.len(), format, &way).expect("memory");
            prop_assert_eq!(text, other, "{:?} {:?}", what, output);
            // How much is read beyond a limit depends on the parts.
            if what.limit == 0 || what.sort != Sort::None {
                prop_assert_eq!(format!("{:?}", account(&listed)), format!("{:?}", account(&other_listed)));
            }
        }
    }

    #[test]
    fn a_failing_output_ends_every_run((format, files) in random::log(), way in tiny(), calls in 0usize..6) {
        let tree = random::tree(&files);
        for (what, output) in lists() {
            let whole = list(&what, output, &tree, files.len(), format, &way).expect("memory");
            match list_into(&what, output, &tree, files.len(), format, &way, Some(calls)) {
                Err(ListError::Output(error)) => prop_assert_eq!(error.kind(), io::ErrorKind::BrokenPipe),
                Ok((text, _)) => prop_assert_eq!(text, whole.0),
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn a_limit_does_not_depend_on_threads((format, files) in random::log(), way in tiny(), limit in 1usize..40) {
        let tree = random::tree(&files);
        let what = List { columns: Columns::Own, limit, ..List::default() };
        let output = RowFormat::As(render::Format::Ndjson);
        let run = |threads| {
            let way = Way { threads, ..way.clone() };
            let (text, listed) = list(&what, output, &tree, files.len(), format, &way).expect("memory");
            (text, format!("{:?} {:?}", listed.tally.counts, listed.warnings()))
        };
        let one = run(1);
        prop_assert!(one.0.lines().count() <= limit);
        for threads in 2..5 {
            prop_assert_eq!(&one, &run(threads));
        }
    }

    #[test]
    fn the_slow_reader_finds_the_same((format, files) in random::log(), question in random::question(), threads in 1usize..4) {
        let both = Both::new(format, &files, threads);
        both.hold_csv(&question.keys, "none");
        both.hold_csv(&question.keys, "time");
        both.hold_csv(&question.keys, "-time");
        both.hold_raw();
        both.hold_json();
    }
}

/// A log on disk, and what the slow reader makes of it.
struct Both {
    tree: Tree,
    log: Log,
    texts: Vec<String>,
    format: Option<&'static str>,
    threads: usize,
}

impl Both {
    fn new(format: Option<&'static str>, files: &[LogFile], threads: usize) -> Both {
        let mut log = Log::default();
        for (i, file) in files.iter().enumerate() {
            log.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
        }
        let texts = files.iter().map(|file| file.text.clone()).collect();
        Both { tree: random::tree(files), log, texts, format, threads }
    }

    fn run(&self, line: &str) -> Outcome {
        let mut run = vpcflow(&format!("records --stats=json {line} -j {}", self.threads)).dir(self.tree.root());
        if let Some(format) = self.format {
            run = run.args(["--log-format", format]);
        }
        let outcome = run.args((0..self.texts.len()).map(random::name)).outcome();
        assert_eq!(outcome.status, 0, "{outcome}");
        let stats = outcome.stats();
        for (name, expected) in [
            ("files", self.log.files),
            ("lines", self.log.lines),
            ("headers", self.log.headers),
            ("blank", self.log.blank),
            ("records", self.log.records.len() as u64),
            ("matched", self.log.records.len() as u64),
            ("malformed", self.log.malformed.len() as u64),
        ] {
            assert_eq!(stats[name].as_u64(), Some(expected), "{name} in\n{outcome}");
        }
        outcome
    }

    fn hold_csv(&self, keys: &[String], sort: &str) {
        let outcome = self.run(&format!("-o csv --sort {sort} --fields {}", keys.join(",")));
        let mut records: Vec<&Record> = self.log.records.iter().collect();
        let start = |record: &Record| record.number("start");
        match sort {
            "time" => records.sort_by_key(|record| start(record)),
            "-time" => records.sort_by_key(|record| std::cmp::Reverse(start(record))),
            _ => {}
        }
        let cell = |cell: Option<Cell>| cell.map(|cell| cell.to_string()).unwrap_or_default();
        let row = |record: &Record| -> Vec<String> { keys.iter().map(|key| cell(record.key(key))).collect() };
        let expected: Vec<Vec<String>> = records.into_iter().map(row).collect();
        assert_eq!(outcome.rows(), expected, "{outcome}");
        let mut read: Vec<String> = keys.iter().flat_map(|key| support::answers::fields_of_key(key)).collect();
        read.extend((sort != "none").then(|| "start".to_string()));
        let bad = self.log.records.iter().flat_map(|record| record.bad.keys()).filter(|name| read.contains(name));
        assert_eq!(outcome.stats()["bad_values"].as_u64(), Some(bad.count() as u64), "{outcome}");
    }

    /// The lines are those of the files; between them stand headers by which they are read as
    /// before.
    fn hold_raw(&self) {
        let outcome = self.run("-o raw");
        let line = |record: &Record| {
            let file = (0..).find(|file| random::name(*file) == record.file).expect("a file");
            let text = self.texts[file].strip_prefix('\u{feff}').unwrap_or(&self.texts[file]);
            let line = text.split('\n').nth(record.line as usize - 1).expect("a line");
            line.strip_suffix('\r').unwrap_or(line)
        };
        let mut records = self.log.records.iter().map(line).peekable();
        for shown in outcome.stdout.lines() {
            if records.next_if_eq(&shown).is_none() {
                let known = |word: &str| oracle::field(word).is_some() || word.starts_with("x-");
                assert!(shown.split(' ').all(known), "{shown} in\n{outcome}");
            }
        }
        assert_eq!(records.next(), None, "{outcome}");
        let again = Tree::of("again", &outcome.stdout);
        let fields = "-o csv --fields src-ip,bytes,start,action,instance-id,x-of-tomorrow";
        let stats = |outcome: Outcome| (outcome.stdout, outcome.status);
        let read = vpcflow(&format!("records -q {fields}")).arg(again.path("again")).outcome();
        if self.texts.iter().any(|text| text.contains("x-of-tomorrow")) || self.format.is_none() {
            let mut first = vpcflow(&format!("records -q {fields}")).dir(self.tree.root());
            if let Some(format) = self.format {
                first = first.args(["--log-format", format]);
            }
            let first = first.args((0..self.texts.len()).map(random::name)).outcome();
            if first.status == 0 && read.status == 0 {
                assert_eq!(stats(first), stats(read));
            }
        }
    }

    /// Every record has its own values, and no others.
    fn hold_json(&self) {
        let outcome = self.run("-o ndjson");
        let mut rows = outcome.stdout.lines();
        for record in &self.log.records {
            let row = rows.next().unwrap_or_else(|| panic!("a row for every record in\n{outcome}"));
            let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row).expect("JSON");
            let shown = row.iter().filter(|(_, value)| !value.is_null());
            let mut shown: Vec<(String, String)> = shown
                .map(|(key, value)| (key.replace('_', "-"), value.as_str().map_or(value.to_string(), String::from)))
                .collect();
            shown.sort();
            let expected: Vec<(String, String)> =
                record.values.iter().map(|(name, cell)| (name.clone(), cell.to_string())).collect();
            assert_eq!(shown, expected, "{}:{} in\n{outcome}", record.file, record.line);
        }
        assert_eq!(rows.next(), None, "{outcome}");
    }
}

/// A plain file of several parts in two formats, as the program splits it.
#[test]
fn a_large_file_is_in_order() {
    let mut text = format!("{V2}\n");
    let mut expected = String::from("bytes\n");
    for i in 0..200_000 {
        if i == 70_000 || i == 150_000 {
            text.push_str(&format!("{}\n", if i == 70_000 { V5 } else { V2 }));
        }
        let line = flow().with("bytes", i).line();
        let more = if (70_000..150_000).contains(&i) { " -".repeat(15) } else { String::new() };
        text.push_str(&format!("{}{more}\n", line.trim_end()));
        expected.push_str(&format!("{i}\n"));
    }
    let tree = Tree::of("x.log", &text).file("y.log", format!("{V2}\n{}", flow().with("bytes", 7).line()));
    expected.push_str("7\n");
    for threads in [1, 2, 8] {
        let run = |line: &str| vpcflow(&format!("records {line} -j {threads}")).dir(tree.root());
        run("-o csv --fields bytes").prints(&expected);
        let y = format!("{text}{}", flow().with("bytes", 7).line());
        run("-o raw").prints(&y);
        let last = run("-o long --fields bytes --sort -time").result();
        assert!(last.contains("\n\nbytes  199999\nfile   ./x.log\nline   200003\n"), "{threads}");
        let limited = run("-o csv --fields bytes -n 12345 --stats=json").outcome();
        assert!(expected.starts_with(&limited.stdout) && limited.stdout.lines().count() == 12346);
        assert_eq!(limited.stats()["files"].as_u64(), Some(1));
        let lines = limited.stats()["lines"].as_u64().expect("a count");
        assert!((12346..100_000).contains(&lines), "later parts are in no account: {lines}");
    }
}

#[test]
fn what_cannot_be_kept_on_disk_is_an_error() {
    let tree = Tree::of(&random::name(0), support::lines::many(1000));
    let what = List { sort: Sort::Time, directory: tree.path("nowhere"), ..List::default() };
    let way = Way { memory: 1000, threads: 3, ..usual() };
    let Err(error) = list(&what, RowFormat::Raw, &tree, 1, None, &way) else { panic!("there is no directory") };
    let message = error.to_string();
    assert!(message.starts_with("cannot sort on disk, in /") && message.contains("nowhere: No such file"), "{message}");
}

#[test]
fn a_list_ends_where_too_much_has_to_be_compared() {
    let text = support::lines::many(9);
    let tree = Tree::of(&random::name(0), &text).file(random::name(1), &text);
    for limit in [8, 9] {
        let dedup = Some(Dedup { limit, ..Dedup::default() });
        let listed = list(&List::default(), RowFormat::Raw, &tree, 2, None, &Way { dedup, ..usual() });
        match listed {
            Ok((text, listed)) => assert_eq!((limit, text.lines().count(), listed.tally.counts.duplicates), (9, 10, 9)),
            Err(error) => assert!(limit == 8 && error.to_string().starts_with("--dedup: more than 8 "), "{error}"),
        }
    }
}
