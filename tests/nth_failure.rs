//! Every system call that can fail does, one after another: the first read, the second, and so on, until a run
//! goes through without any. Each run ends in 0, 2 or 3, with its account closed, no old result harmed, and
//! nothing left behind. With VPCFLOW_NTH_FAILURE=all in the environment every call fails in its turn; without,
//! the first few, and some of those behind.

mod support;

use std::collections::BTreeSet;
use std::fs;
use support::lines::{flow, log, many, nodata};
use support::tools::{Traced, strace, trace};
use support::tree::Tree;
use support::{Vpcflow, vpcflow};

/// What is run: of a text, a gzip file, a large text that is mapped, a Parquet file; the second by way of temporary
/// files.
const RUNS: [&str; 4] = [
    "top -o csv --by src-ip,dst-port --agg flows,distinct(dst-ip)",
    "records -o csv --sort time --max-memory 1M",
    "convert --to parquet --out out/x",
    "convert --to csv --partition hive --out out/tree",
];

/// The calls that fail on the input alone, from the first on.
const OF_INPUT: [(&str, &str); 5] =
    [("read,pread64", "EIO"), ("openat", "EACCES"), ("openat", "EMFILE"), ("mmap", "ENOMEM"), ("getdents64", "EIO")];

/// The calls that fail wherever they are made once the program has begun.
const FAILURES: [(&str, &str); 8] = [
    ("read,pread64", "EIO"),
    ("openat", "EACCES"),
    ("openat", "EMFILE"),
    ("write", "ENOSPC"),
    ("rename,renameat,renameat2", "EIO"),
    ("mmap", "ENOMEM"),
    ("getdents64", "EIO"),
    ("unlink,unlinkat,rmdir,mkdir,mkdirat", "EACCES"),
];

const INPUT: [&str; 5] = ["logs", "logs/a.log", "logs/b.log.gz", "logs/c.log", "logs/d.parquet"];
const NOWHERE: [&str; 0] = [];

struct Sweep {
    tree: Tree,
    all: bool,
}

impl Sweep {
    fn new() -> Sweep {
        let odd = [flow(), nodata(), flow().with("bytes", "x"), flow().with("account-id", "999999999999")];
        let tree = Tree::of("logs/a.log", log(&odd) + "short\n\n");
        let tree = tree.gz("logs/b.log.gz", many(2000)).file("logs/c.log", many(100_000)).file("out/x", "old");
        vpcflow("convert -q --to parquet --out logs/d.parquet logs/a.log").dir(tree.root()).gives(0, "", "");
        Sweep { tree, all: std::env::var_os("VPCFLOW_NTH_FAILURE").is_some_and(|value| value == "all") }
    }

    fn run(&self, line: &str) -> Vpcflow {
        vpcflow(&format!("{line} --stats=json -j 2 logs")).dir(self.tree.root())
    }

    /// How many of these calls the loader and the library make before the program itself begins.
    fn before_main(&self, line: &str, calls: &str) -> usize {
        let traced = trace(self.run(line), &format!("{calls},rt_sigaction"), None, NOWHERE);
        self.restore();
        // The first that the program does.
        let begins = |line: &&str| !line.contains("rt_sigaction(SIGXFSZ");
        let calls: Vec<String> = calls.split(',').map(|call| format!(" {call}(")).collect();
        let first: Vec<&str> = traced.calls.lines().take_while(begins).collect();
        assert!(first.len() < traced.calls.lines().count(), "the program begins: {}", traced.calls);
        first.iter().filter(|line| calls.iter().any(|call| line.contains(&call[..]))).count()
    }

    /// Puts things back as they were.
    fn restore(&self) {
        _ = fs::remove_dir_all(self.tree.path("out"));
        self.tree.write("out/x", "old");
    }

    /// Lets the calls of a run fail, one after another: those on the input, or all. Returns how many did.
    fn sweep(&self, line: &str, calls: &str, error: &str, input: bool) -> usize {
        let before = if input { 0 } else { self.before_main(line, calls) };
        let paths: &[&str] = if input { &INPUT } else { &NOWHERE };
        let whole = self.run(line).outcome().stdout;
        self.restore();
        let (mut number, mut step, mut done) = (before + 1, 1, 0);
        loop {
            let inject = format!("{calls}:error={error}:when={number}");
            let traced = trace(self.run(line), calls, Some(&inject), paths);
            if traced.injected() == 0 {
                return done;
            }
            self.hold(&traced, line, &inject);
            assert!(traced.outcome.status != 0 || traced.outcome.stdout == whole, "{inject}: {}", traced.outcome);
            self.restore();
            done += 1;
            if !self.all && done >= 4 {
                step *= 2;
            }
            number += step;
        }
    }

    /// Holds what has to hold, whatever has failed.
    #[track_caller]
    fn hold(&self, traced: &Traced, line: &str, inject: &str) {
        let Traced { outcome, calls } = traced;
        let what = || format!("{inject}\n{outcome}\n{}", failed(calls));
        assert!([0, 2, 3].contains(&outcome.status), "{}", what());
        assert!(!outcome.stderr.contains("panicked"), "{}", what());
        if let Some(account) = outcome.stderr.lines().rfind(|line| line.starts_with('{')) {
            let account: serde_json::Value = serde_json::from_str(account).expect("an account");
            let count = |name: &str| account[name].as_u64().expect("a count");
            let sum = ["headers", "blank", "records", "malformed"].map(count).iter().sum::<u64>();
            assert_eq!(count("lines"), sum, "{}", what());
            let is_whole = count("files_failed") + count("files_partial") == 0;
            assert_eq!(outcome.status, if is_whole { 0 } else { 3 }, "{}", what());
            assert!(!is_whole || count("files") == 4, "{}", what());
        } else if outcome.status != 2 && !inject.starts_with("write") {
            panic!("no account: {}", what());
        }
        if outcome.status == 2 && !inject.starts_with("write") {
            assert!(outcome.stderr.contains("vpcflow: "), "{}", what());
        }
        let names: BTreeSet<String> = walkdir::WalkDir::new(self.tree.path("out"))
            .into_iter()
            .map(|entry| entry.expect("an entry").path().display().to_string())
            .collect();
        let is_unfinished = |name: &String| name.contains("/.vpcflow-");
        // Unless removing it is what fails.
        let removing = inject.starts_with("unlink")
            || inject.starts_with("getdents64")
            || failed(calls).contains(".tmp\", O_RDONLY|O_NOFOLLOW");
        assert!(removing || !names.iter().any(is_unfinished), "{names:?} {}", what());
        let written = outcome.status != 2 && line.contains("out/x");
        let now = fs::read(self.tree.path("out/x")).expect("a file");
        assert_eq!(now == b"old", !written, "{}", what());
        if outcome.status == 2 {
            let is_new = |name: &String| name.ends_with(".csv") && !is_unfinished(name);
            assert!(!names.iter().any(is_new), "{names:?} {}", what());
        }
    }
}

/// The lines of the calls that failed.
fn failed(calls: &str) -> String {
    let lines = calls.lines().filter(|line| line.contains("INJECTED"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn sweep(run: usize) {
    if !strace() {
        return;
    }
    let sweep = Sweep::new();
    for (calls, error) in OF_INPUT {
        assert!(sweep.sweep(RUNS[run], calls, error, true) > 0, "{}: no {calls}", RUNS[run]);
    }
    for (calls, error) in FAILURES {
        let done = sweep.sweep(RUNS[run], calls, error, false);
        let happens =
            calls != "rename,renameat,renameat2" && !calls.starts_with("unlink") || RUNS[run].contains("out/");
        assert!(done > 0 || !happens, "{}: no {calls}", RUNS[run]);
    }
}

#[test]
fn questions() {
    sweep(0);
}

#[test]
fn records() {
    sweep(1);
}

#[test]
fn files() {
    sweep(2);
}

#[test]
fn folders_of_files() {
    sweep(3);
}
