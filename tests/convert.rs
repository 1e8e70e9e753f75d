//! `convert`: what is written can be read again, by others too; nothing is lost, and nothing is left
//! half-done.

mod support;

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::record::Field;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use support::lines::{V2, V5, flow, log, many, nodata};
use support::oracle::{self, Cell, Log};
use support::random;
use support::tools::signals;
use support::tree::Tree;
use support::{Outcome, Text, vpcflow};

fn convert(args: &str) -> support::Vpcflow {
    vpcflow(&format!("convert {args}"))
}

/// A row without the values that are missing.
type Row = BTreeMap<String, String>;

/// The rows of a Parquet file, in order.
fn rows_of(path: &Path) -> Vec<Row> {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let value = |field: &Field| match field {
        Field::Null => None,
        Field::Int(number) => Some(number.to_string()),
        Field::Long(number) => Some(number.to_string()),
        Field::Str(text) => Some(text.clone()),
        other => panic!("a value of another type: {other}"),
    };
    let row = |row: parquet::record::Row| {
        row.get_column_iter().filter_map(|(name, field)| Some((name.clone(), value(field)?))).collect()
    };
    reader.get_row_iter(None).expect("rows").map(|read| row(read.expect("a row"))).collect()
}

/// `name type` of every column.
fn columns_of(path: &Path) -> Vec<String> {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let schema = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let column = |c: &parquet::schema::types::ColumnDescPtr| format!("{} {}", c.name(), c.physical_type());
    schema.iter().map(column).collect()
}

/// The least and the greatest of a column of numbers, for every row group; and the rows.
fn ends_of(path: &Path, name: &str) -> Vec<(i64, i64, i64)> {
    let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
    let ends = |group: &RowGroupMetaData| {
        let column = group.columns().iter().find(|column| column.column_descr().name() == name).expect("a column");
        match column.statistics() {
            Some(Statistics::Int64(ends)) => {
                (*ends.min_opt().expect("a least"), *ends.max_opt().expect("a greatest"), group.num_rows())
            }
            other => panic!("{other:?}"),
        }
    };
    reader.metadata().row_groups().iter().map(ends).collect()
}

/// All files below a directory, by their paths there, hidden ones too.
fn files(root: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.path().strip_prefix(root).expect("below").to_str().expect("UTF-8").into()).collect()
}

/// Holds that the conversion goes well and says this at the end.
#[track_caller]
fn goes_well(run: support::Vpcflow, said: &str) -> Outcome {
    let outcome = run.gives(0, "", Text::Any);
    let last = outcome.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with(&format!("vpcflow: {said}")), "{outcome}");
    outcome
}

#[test]
fn parquet_has_the_names_and_types_of_aws() {
    let tree = Tree::of("a.log", log(&[flow().with("srcaddr", "2001:DB8::1"), nodata()]));
    goes_well(convert("--to parquet --out x.parquet a.log").dir(tree.root()), "2 records in 1 file, ");
    let path = tree.path("x.parquet");
    let (int32, int64, text) = ("INT32", "INT64", "BYTE_ARRAY");
    assert_eq!(
        columns_of(&path),
        [
            ("version", int32),
            ("account_id", text),
            ("interface_id", text),
            ("srcaddr", text),
            ("dstaddr", text),
            ("srcport", int32),
            ("dstport", int32),
            ("protocol", int32),
            ("packets", int64),
            ("bytes", int64),
            ("start", int64),
            ("end", int64),
            ("action", text),
            ("log_status", text)
        ]
        .map(|(name, of)| format!("{name} {of}"))
    );
    let rows = rows_of(&path);
    assert_eq!(rows[0]["srcaddr"], "2001:db8::1");
    assert_eq!((&rows[0]["protocol"][..], &rows[0]["start"][..]), ("6", "1700000000"));
    let names: Vec<&str> = rows[1].keys().map(String::as_str).collect();
    assert_eq!(names, ["account_id", "end", "interface_id", "log_status", "start", "version"]);
}

#[test]
fn columns_are_those_of_all_formats() {
    let late = format!("{}srcaddr x-late bytes tcp-flags end action\n10.0.0.9 new 1 18 - -\n", log(&[flow()]));
    let tree = Tree::of("a.log", late).file("b.log", format!("{V5}\n"));
    goes_well(convert("--to parquet --out x a.log b.log").dir(tree.root()), "2 records in 1 file");
    let mut expected: Vec<String> = V5.replace('-', "_").split(' ').map(String::from).collect();
    expected.push("x_late".into());
    let names = |columns: Vec<String>| {
        columns.iter().filter_map(|c| Some(c.split_once(' ')?.0.into())).collect::<Vec<String>>()
    };
    assert_eq!(names(columns_of(&tree.path("x"))), expected);
    let late: Vec<Row> = rows_of(&tree.path("x")).into_iter().filter(|row| row.contains_key("x_late")).collect();
    assert_eq!((late.len(), &late[0]["x_late"][..], &late[0]["tcp_flags"][..]), (1, "new", "18"));
}

/// A field that turns up behind the beginning of a file is not lost: a file is read again; of a pipe
/// it is said, and the status tells.
#[test]
fn late_fields_are_not_lost_in_silence() {
    // Behind what is looked at before.
    let mut text = many(3000);
    text.push_str("srcaddr x-late bytes packets dstport action\n10.0.0.9 new 7 - - -\n");
    let tree = Tree::of("a.log", &text);
    for to in ["parquet", "csv"] {
        let run = convert(&format!("--to {to} --out {to} a.log")).dir(tree.root());
        let outcome = goes_well(run, "3,001 records in 1 file");
        assert!(outcome.stderr.contains("field 'x-late' is not known"), "{outcome}");
        let run = convert(&format!("--to {to} --out {to}-piped")).dir(tree.root()).stdin(&text);
        let lost = ["error: 1 record has fields that are not in the result: x-late", "--fields"];
        run.gives(3, "", Text::Has(&lost));
        assert!(tree.path(format!("{to}-piped")).exists());
    }
    let rows = rows_of(&tree.path("parquet"));
    // It has no start.
    let late = ["srcaddr", "x_late", "bytes"].into_iter().zip(["10.0.0.9", "new", "7"]);
    assert_eq!(rows[0], late.map(|(name, value)| (name.into(), value.into())).collect::<Row>());
    let csv = fs::read_to_string(tree.path("csv")).expect("CSV");
    assert!(csv.ends_with(",new\n"), "{}", &csv[csv.len() - 200..]);
}

#[test]
fn text_is_what_records_prints() {
    let mut empty = vec!["-"; 29];
    empty[13] = "NODATA";
    let tree = Tree::of("a.log", log(&[flow(), nodata()]));
    let tree = tree.gz("b.log.gz", format!("{V5}\n{}\n", empty.join(" ")));
    for (to, fields) in [("csv", ""), ("ndjson", ""), ("raw", ""), ("csv", "--fields src-ip/24,duration")] {
        let shown = vpcflow(&format!("records -o {to} {fields} a.log b.log.gz")).dir(tree.root()).result();
        let out = format!("--to {to} --out x --codec none {fields} a.log b.log.gz");
        goes_well(convert(&out).dir(tree.root()), "3 records in 1 file");
        assert_eq!(fs::read_to_string(tree.path("x")).expect("text"), shown);
        goes_well(convert(&format!("--to {to} --out x.gz {fields} a.log b.log.gz")).dir(tree.root()), "3 records");
        let unpacked = Command::new("gzip").args(["-dc", "x.gz"]).current_dir(tree.root()).output().expect("gzip");
        assert_eq!(String::from_utf8(unpacked.stdout).expect("UTF-8"), shown);
    }
}

#[test]
fn filters_and_fields_choose() {
    let tree = Tree::of("a.log", many(100));
    let run = convert("--to parquet --out x --fields bytes,src-ip,protocol-number,duration,src-ip/24 a.log");
    goes_well(run.dir(tree.root()).args(["--where", "bytes > 98"]), "2 records in 1 file");
    assert_eq!(
        columns_of(&tree.path("x")),
        ["bytes INT64", "srcaddr BYTE_ARRAY", "protocol_number INT32", "duration INT64", "src_ip_24 BYTE_ARRAY"]
    );
    let rows = rows_of(&tree.path("x"));
    let values: Vec<&str> = rows[1].values().map(String::as_str).collect();
    assert_eq!((rows.len(), values), (2, vec!["100", "60", "6", "10.0.0.0/24", "10.0.0.100"]));
    let none = ["of 100 records, none matches", "0 records in 1 file"];
    convert("--to parquet --out y --where bytes>200 a.log").dir(tree.root()).gives(0, "", Text::Has(&none));
    assert_eq!((rows_of(&tree.path("y")).len(), columns_of(&tree.path("y")).len()), (0, 14));
    convert("--to raw --fields bytes --out z a.log").dir(tree.root()).gives(2, "", &["--fields has nothing to choose"]);
    convert("--to csv --codec snappy --out z a.log").dir(tree.root()).gives(2, "", &["gzip, or not at all"]);
    convert("--to csv --out z --fields nope a.log").dir(tree.root()).gives(2, "", &["unknown field 'nope'"]);
    assert!(!tree.path("z").exists());
}

#[test]
fn every_codec_is_read() {
    let tree = Tree::of("a.log", many(3000));
    let mut sizes = Vec::new();
    let mut rows: Option<Vec<Row>> = None;
    for codec in ["zstd", "snappy", "gzip", "none"] {
        goes_well(convert(&format!("--to parquet --codec {codec} --out {codec} a.log")).dir(tree.root()), "3,000");
        let read = rows_of(&tree.path(codec));
        assert_eq!(*rows.get_or_insert_with(|| read.clone()), read, "{codec}");
        sizes.push(fs::metadata(tree.path(codec)).expect("a file").len());
    }
    assert!(sizes[..3].iter().all(|size| size * 2 < sizes[3]), "{sizes:?}");
}

#[test]
fn numbers_that_do_not_fit_are_counted() {
    let large = flow().with("bytes", u64::MAX).with("packets", i64::MAX);
    let text = format!("{V2} tcp-flags\n{} {}\n", large.line().trim_end(), 1u64 << 31);
    let tree = Tree::of("a.log", text);
    let outcome = convert("--to parquet --out x a.log").dir(tree.root()).gives(0, "", Text::Any);
    let said = "null in the result: 1 of bytes, 1 of tcp-flags\n";
    assert!(outcome.stderr.contains(said), "{outcome}");
    let row = &rows_of(&tree.path("x"))[0];
    assert_eq!((row.get("bytes"), row.get("tcp_flags"), &row["packets"][..]), (None, None, "9223372036854775807"));
}

/// More than a row group, in the order of time: readers can tell by the statistics where to look.
#[test]
fn row_groups_are_apart_in_time() {
    let line = |i: usize| {
        // Not in order, but nearly so.
        let start = 1_700_000_000 + (i / 1000) * 60 + (i * 7) % 60;
        format!("10.0.{}.{} {start} {} {i}\n", i / 256 % 256, i % 256, start + 59)
    };
    let tree = Tree::new();
    for file in 0..3 {
        let lines: String = (file * 200_000..(file + 1) * 200_000).map(line).collect();
        tree.write(format!("{file}.log"), format!("srcaddr start end bytes\n{lines}"));
    }
    let mut first: Option<Vec<u8>> = None;
    for threads in 1..4 {
        goes_well(convert(&format!("--to parquet --out x -j {threads}")).dir(tree.root()), "600,000 records in 1 file");
        let bytes = fs::read(tree.path("x")).expect("a file");
        // Not to be read itself.
        fs::remove_file(tree.path("x")).expect("removed");
        assert!(*first.get_or_insert_with(|| bytes.clone()) == bytes, "-j {threads} writes something else");
    }
    tree.write("out/x", first.expect("a file"));
    let path = tree.path("out/x");
    let ends = ends_of(&path, "start");
    assert_eq!(ends.iter().map(|(_, _, rows)| *rows).collect::<Vec<_>>(), [250_000, 250_000, 100_000]);
    assert!(ends.windows(2).all(|pair| pair[0].1 < pair[1].0), "{ends:?}");
    let rows = rows_of(&path);
    let key = |row: &Row| (row["start"].parse::<u64>().expect("a number"), row["bytes"].parse::<usize>().expect("one"));
    for group in rows.chunks(250_000) {
        assert!(group.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
    }
    let mut numbers: Vec<usize> = rows.iter().map(|row| key(row).1).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..600_000), "every record is there once");
}

const FOLDER: &str = "aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=";

#[test]
fn hive_folders_are_those_of_aws() {
    let none = "__HIVE_DEFAULT_PARTITION__";
    let at = |start: u64, end: u64| flow().with("start", start).with("end", end);
    let day = 1_773_532_800;
    let here = "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/03/15/a.log";
    // The last began so early that nobody would look for it there.
    let records = [at(day - 60, day - 1), at(day - 60, day), at(day + 5, day + 60), at(day - 9999, day + 1)];
    let tree = Tree::of(here, log(&records));
    tree.write("other.log", log(&[flow().with("account-id", "unknown"), at(day, day)]));
    for (to, ending) in [("parquet", "parquet"), ("csv", "csv"), ("ndjson", "ndjson"), ("raw", "log")] {
        let out = format!("--to {to} --partition hive --out out/{to} AWSLogs other.log");
        goes_well(convert(&out).dir(tree.root()), "6 records in 5 files");
        let unknown = format!("aws-account-id=unknown/aws-service=vpcflowlogs/aws-region={none}");
        let date = |date: &str| {
            date.split('-').zip(["year", "month", "day"]).map(|(n, of)| format!("/{of}={n}")).collect::<String>()
        };
        let mut expected = [
            format!("{FOLDER}{none}{}", date("2026-03-15")),
            format!("{FOLDER}eu-west-1{}", date("2026-03-14")),
            format!("{FOLDER}eu-west-1{}", date("2026-03-15")),
            format!("{FOLDER}eu-west-1{}", date(&[none; 3].join("-"))),
            format!("{unknown}{}", date("2023-11-14")),
        ]
        .map(|folder| format!("{folder}/part-00001.{ending}"));
        expected.sort();
        let mut found = files(&tree.path(format!("out/{to}")));
        found.sort();
        assert_eq!(found, expected, "{to}");
    }
    // It can be read again, and is pruned by what its folders tell.
    let read = |line: &str, folder: &str| {
        let run = vpcflow(&format!("records -o raw {line}")).dir(tree.root()).arg(folder);
        run.gives(0, Text::Any, Text::Any).stdout.lines().filter(|line| !line.starts_with("version")).count()
    };
    assert_eq!(read("", "out/raw"), 6);
    for filter in ["--since 2026-03-15", "--until 2026-03-15", "--region eu-west-1", "--account 123456789012"] {
        let filter = format!("{filter} --lateness 0s");
        assert_eq!(read(&filter, "out/raw"), read(&format!("{filter} --no-prune"), "out/raw"), "{filter}");
    }
}

#[test]
fn a_directory_gets_files() {
    let tree = Tree::of("logs/a.log", many(10)).file("full/x", "");
    for out in ["new/", "new2/deep/"] {
        goes_well(convert(&format!("--to csv --codec gzip --out {out} logs")).dir(tree.root()), "10 records in 1 file");
        assert_eq!(files(&tree.path(out)), ["part-00001.csv.gz"]);
    }
    fs::create_dir(tree.path("empty")).expect("a directory");
    fs::write(tree.path("empty/.vpcflow-killed.tmp"), "").expect("a file");
    goes_well(convert("--to parquet --out empty logs").dir(tree.root()), "10 records in 1 file");
    assert_eq!(files(&tree.path("empty")), [".vpcflow-killed.tmp", "part-00001.parquet"]);
    convert("--to parquet --out full logs").dir(tree.root()).gives(2, "", &["full is not empty", "new directory"]);
    convert("--to parquet --out logs/a.log --partition hive logs").dir(tree.root()).gives(2, "", &["is a file"]);
    convert("--to parquet --out logs/a.log/ logs").dir(tree.root()).gives(2, "", Text::Any);
    // Inside what is read.
    goes_well(convert("--to raw --out logs/out/ logs").dir(tree.root()), "10 records in 1 file");
    assert_eq!(files(&tree.path("logs")), ["a.log", "out/part-00001.log"]);
}

#[test]
fn a_file_is_replaced_at_the_end() {
    let tree = Tree::of("a.log", many(10)).file("x", "old");
    fs::set_permissions(tree.path("x"), fs::Permissions::from_mode(0o640)).expect("permissions");
    std::os::unix::fs::symlink("x", tree.path("link")).expect("a link");
    goes_well(convert("--to csv --out link a.log").dir(tree.root()), "10 records");
    assert!(tree.path("link").is_symlink());
    let text = fs::read_to_string(tree.path("x")).expect("a file");
    assert!(text.starts_with("version,") && text.lines().count() == 11, "{text}");
    assert_eq!(fs::metadata(tree.path("x")).expect("a file").mode() & 0o777, 0o640);
    assert_eq!(files(tree.root()).len(), 3 - 1);
    // What would be replaced is not read.
    let refused = ["x is among the files to be read", "--exclude"];
    convert("--to csv --out x").dir(tree.root()).gives(2, "", Text::Has(&refused));
    convert("--to csv --out a.log").dir(tree.root()).stdin_file(tree.path("a.log")).gives(2, "", &["among the files"]);
    goes_well(convert("--to csv --out x --exclude x").dir(tree.root()), "10 records");
    assert_eq!(fs::read_to_string(tree.path("a.log")).expect("a file"), many(10));
    convert("--to csv -q --out /dev/stdout a.log").dir(tree.root()).gives(0, &text, "");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let tree = Tree::of("a.log", many(10)).file("x", "old");
    for to in ["parquet", "csv", "raw"] {
        let full = ["cannot write /dev/full: No space left on device"];
        convert(&format!("--to {to} --out /dev/full a.log")).dir(tree.root()).gives(2, "", Text::Has(&full));
        let nowhere = ["cannot write nowhere/x: No such file or directory"];
        convert(&format!("--to {to} --out nowhere/x a.log")).dir(tree.root()).gives(2, "", Text::Has(&nowhere));
    }
    support::tree::set_mode(&tree.path(""), 0o755);
    if let Some(run) = convert("--to csv --out x a.log").dir(tree.root()).nobody() {
        run.gives(2, "", &["cannot write x: Permission denied"]);
    }
    if let Some(run) = convert("--to csv --out deep/er/ a.log").dir(tree.root()).nobody() {
        run.gives(2, "", &["cannot write deep/er/: Permission denied"]);
    }
    assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
    let left: Vec<String> = files(tree.root()).into_iter().filter(|name| name != ".vpcflow").collect();
    assert_eq!(left, ["a.log", "x"]);
    // Damaged input is converted as far as it goes.
    let tree = Tree::of("a.log.gz", &support::tree::gzip(many(1000))[..2000]);
    let outcome = convert("--to csv --out x").dir(tree.root()).gives(3, "", &["truncated"]);
    assert!(outcome.stderr.contains("records in 1 file"), "{outcome}");
    assert!(fs::read_to_string(tree.path("x")).expect("a file").lines().count() > 10);
}

/// A small file system, where this user may make one.
struct Small(PathBuf);

impl Small {
    fn new(at: PathBuf) -> Option<Small> {
        fs::create_dir_all(&at).expect("a directory");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=300k", "tmpfs"]).arg(&at).output();
        mount.is_ok_and(|mount| mount.status.success()).then_some(Small(at))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_done() {
    let tree = Tree::of("a.log", many(100_000));
    let Some(small) = Small::new(tree.path("small")) else { return };
    fs::write(small.0.join("x"), "old").expect("a file");
    for (to, partition) in [("parquet", "none"), ("csv", "none"), ("raw", "none"), ("parquet", "hive"), ("csv", "hive")]
    {
        let out = if partition == "none" { "small/x" } else { "small/new/tree" };
        let line = format!("--to {to} --codec none --partition {partition} --out {out} a.log");
        let full = format!("cannot write {out}: No space left on device");
        convert(&line).dir(tree.root()).gives(2, "", Text::Has(&[&full]));
        assert_eq!(files(&small.0), ["x"], "{line}");
        assert_eq!(fs::read_to_string(small.0.join("x")).expect("a file"), "old");
        assert!(!small.0.join("new").exists(), "{line}");
    }
}

#[test]
fn a_signal_leaves_nothing_half_done() {
    for (signal, number) in signals() {
        for partition in ["none", "hive"] {
            let tree = Tree::of("x", "old");
            let out = if partition == "none" { "x" } else { "tree" };
            // Standard input that does not end.
            let (reader, mut writer) = std::io::pipe().expect("a pipe");
            std::io::Write::write_all(&mut writer, many(100).as_bytes()).expect("room in the pipe");
            let mut command = Command::new(env!("CARGO_BIN_EXE_vpcflow"));
            command.args(["convert", "--to", "csv", "--partition", partition, "--out", out, "-"]);
            let mut child = command.current_dir(tree.root()).stdin(reader).spawn().expect("the program starts");
            let begun = |tree: &Tree| {
                fs::read_dir(tree.path(if out == "x" { "" } else { out })).is_ok_and(|mut entries| {
                    entries.any(|entry| {
                        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(".vpcflow-"))
                    })
                })
            };
            let started = Instant::now();
            while !begun(&tree) {
                assert!(started.elapsed() < Duration::from_secs(60), "nothing is begun");
                std::thread::sleep(Duration::from_millis(5));
            }
            let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill");
            assert!(kill.success());
            let ended = child.wait().expect("an end");
            assert_eq!(ended.signal(), Some(number), "{signal}");
            assert_eq!(files(tree.root()), ["x"], "{signal} {partition}");
            assert!(!tree.path("tree").exists(), "{signal}: a folder is left");
            assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
        }
    }
}

/// What a value is in Parquet; none where the column cannot hold it.
fn in_parquet(name: &str, cell: &Cell) -> Option<String> {
    let narrow = ["version", "src-port", "dst-port", "protocol", "tcp-flags", "traffic-path", "encryption-status"];
    let most = if narrow.contains(&name) { i32::MAX as u128 } else { i64::MAX as u128 };
    match cell {
        Cell::Number(n) | Cell::Protocol(n) | Cell::Time(n) => (*n <= most).then(|| n.to_string()),
        other => Some(other.to_string()),
    }
}

/// The name of a column.
fn column(name: &str) -> String {
    let name = match name {
        "src-ip" => "srcaddr",
        "dst-ip" => "dstaddr",
        "src-port" => "srcport",
        "dst-port" => "dstport",
        "pkt-src-ip" => "pkt-srcaddr",
        "pkt-dst-ip" => "pkt-dstaddr",
        other => other,
    };
    name.replace('-', "_")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every record is there, with the values that the slow reader finds, and no others.
    #[test]
    fn parquet_holds_what_the_slow_reader_finds((format, files) in random::log(), threads in 1usize..4) {
        let mut log = Log::default();
        for (i, file) in files.iter().enumerate() {
            log.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
        }
        let tree = random::tree(&files);
        let mut run = convert(&format!("--to parquet --stats=json --out out.parquet -j {threads}")).dir(tree.root());
        if let Some(format) = format {
            run = run.args(["--log-format", format]);
        }
        let outcome = run.args((0..files.len()).map(random::name)).outcome();
        prop_assert_eq!(outcome.status, 0, "{}", outcome);
        let stats = outcome.stats();
        prop_assert_eq!(stats["records"].as_u64(), Some(log.records.len() as u64));
        prop_assert_eq!(stats["headers"].as_u64(), Some(log.headers), "read once: {}", outcome);
        let mut records: Vec<&oracle::Record> = log.records.iter().collect();
        records.sort_by_key(|record| record.number("start"));
        let expected: Vec<Row> = records
            .iter()
            .map(|record| {
                let values = record.values.iter();
                values.filter_map(|(name, cell)| Some((column(name), in_parquet(name, cell)?))).collect()
            })
            .collect();
        prop_assert_eq!(rows_of(&tree.path("out.parquet")), expected);
    }
}

/// What Python prints; `None`, with a message, where a package is missing. VPCFLOW_DUCKDB=required makes
/// it an error.
fn python(package: &str, script: &str, path: &Path) -> Option<String> {
    let run = |script: &str| Command::new("python3").args(["-c", script]).arg(path).output();
    if !run(&format!("import {package}")).is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("VPCFLOW_DUCKDB").is_none_or(|value| value != "required"), "{package} is missing");
        _ = std::io::Write::write_all(&mut std::io::stderr(), format!("skipped: no {package}\n").as_bytes());
        return None;
    }
    let output = run(script).expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

const DUCKDB: &str = "
import duckdb, sys
c = duckdb.connect()
r = c.execute('select count(*), sum(bytes), count(bytes), min(start), max(\"end\"), count(distinct srcaddr), '
              'min(srcaddr), max(srcaddr), count(action), sum(srcport), typeof(any_value(start)) from read_parquet(?)',
              [sys.argv[1]]).fetchone()
print(*r)
print(*c.execute('select srcaddr, bytes from read_parquet(?) where start between 1700000100 and 1700000101 '
                 'order by bytes', [sys.argv[1]]).fetchall())
";

const POLARS: &str = "
import polars as p, sys
t = p.scan_parquet(sys.argv[1], hive_partitioning=False)
s = lambda c: p.col(c)
r = t.select(p.len().alias('n'), s('bytes').sum(), s('bytes').count().alias('b'), s('start').min(), s('end').max(),
             s('srcaddr').drop_nulls().n_unique().alias('u'), s('srcaddr').min().alias('l'), s('srcaddr').max().alias('m'),
             s('action').count(), s('srcport').cast(p.Int64).sum()).collect().row(0)
print(*r, 'BIGINT' if t.collect_schema()['start'] == p.Int64 else '?')
f = t.filter(s('start').is_between(1700000100, 1700000101)).sort('bytes').select('srcaddr', 'bytes').collect()
print(*f.rows())
";

/// Others read the same: enough rows for several pages, values in dictionaries and not, missing ones.
#[test]
fn duckdb_and_polars_read_it() {
    let lines = (0..150_000u64).map(|i| {
        let record = flow().with("bytes", i * 7919).with("start", 1_700_000_000 + i / 100).with("srcport", i % 60_000);
        let record = record.with("srcaddr", std::net::Ipv4Addr::from((i * 77_777 % 4_000_000_000) as u32));
        if i % 1000 == 3 { nodata() } else { record.with("action", if i % 3 == 0 { "REJECT" } else { "ACCEPT" }) }
    });
    let tree = Tree::of("a.log", log(&lines.collect::<Vec<_>>()));
    for (codec, partition) in
        [("zstd", "none"), ("snappy", "none"), ("gzip", "none"), ("none", "none"), ("zstd", "hive")]
    {
        let out = if partition == "none" { "x.parquet" } else { "tree" };
        let line = format!("--to parquet --codec {codec} --partition {partition} --out {out} a.log");
        goes_well(convert(&line).dir(tree.root()), "150,000 records in 1 file");
        let glob = if partition == "none" { tree.path(out) } else { tree.path("tree/**/*.parquet") };
        for (package, script) in [("duckdb", DUCKDB), ("polars", POLARS)] {
            let Some(printed) = python(package, script, &glob) else { continue };
            let mut lines = printed.lines();
            let totals = lines.next().unwrap_or_default();
            assert_eq!(totals, sums(&rows_of_one(&tree, out)), "{package} {codec}");
            assert_eq!(lines.next().unwrap_or_default().matches('(').count(), 199, "{package} {codec}: {printed}");
        }
    }
}

fn rows_of_one(tree: &Tree, out: &str) -> Vec<Row> {
    let path = tree.path(out);
    if path.is_file() { rows_of(&path) } else { rows_of(&path.join(&files(&path)[0])) }
}

/// What the scripts print of a file, worked out from its rows as the crate reads them.
fn sums(rows: &[Row]) -> String {
    let all = |name: &'static str| rows.iter().filter_map(move |row| row.get(name));
    let numbers = |name: &'static str| all(name).map(|text| text.parse::<u64>().expect("a number"));
    let mut sources: Vec<&String> = all("srcaddr").collect();
    sources.sort_unstable();
    sources.dedup();
    format!(
        "{} {} {} {} {} {} {} {} {} {} BIGINT",
        rows.len(),
        numbers("bytes").sum::<u64>(),
        numbers("bytes").count(),
        numbers("start").min().expect("one"),
        numbers("end").max().expect("one"),
        sources.len(),
        sources[0],
        sources[sources.len() - 1],
        all("action").count(),
        numbers("srcport").sum::<u64>(),
    )
}

/// Documents are those of `records`, with what the paths of the files tell.
#[test]
fn documents_are_those_of_records() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo");
    let tree = Tree::new();
    for form in ["ecs", "ocsf"] {
        vpcflow(&format!("convert -q --to {form} --out out.ndjson {demo}")).dir(tree.root()).outcome();
        let written = fs::read_to_string(tree.path("out.ndjson")).expect("a result");
        let printed = vpcflow(&format!("records -o {form} {demo}")).dir(tree.root()).outcome();
        assert_eq!(written.lines().count(), 416);
        assert!(written == printed.stdout, "{form}");
        let refused = vpcflow(&format!("convert --to {form} --fields bytes --out x {demo}")).dir(tree.root()).outcome();
        assert_eq!(refused.status, 2, "{refused}");
    }
}
