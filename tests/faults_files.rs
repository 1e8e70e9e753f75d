//! The file system at its worst: what cannot be read is named, what is no log is left out, nothing
//! hangs.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::process::Command;
use support::lines::{flow, log, many};
use support::tools::{Traced, strace, trace};
use support::tree::{Tree, set_mode};
use support::{Outcome, Text, vpcflow};

const TOP: &str = "top --agg flows --sort flows -o csv";

fn counts(outcome: &Outcome, names: [&str; 4]) -> [u64; 4] {
    let stats = outcome.stats();
    names.map(|name| stats[name].as_u64().expect("a count"))
}

/// Holds flows, files, failed files and skipped files of the whole tree.
fn hold(tree: &Tree, args: &str, expected: [u64; 4]) -> Outcome {
    let outcome = vpcflow(&format!("{TOP} --stats=json {args}")).dir(tree.root()).outcome();
    let found = counts(&outcome, ["flows", "files", "files_failed", "files_skipped"]);
    assert_eq!(found, expected, "flows, files, failed, skipped in\n{outcome}");
    assert_eq!(outcome.status, if expected[2] > 0 { 3 } else { 0 }, "{outcome}");
    outcome
}

fn mkfifo(tree: &Tree, name: &str) {
    let made = Command::new("mkfifo").arg(tree.path(name)).status().expect("mkfifo");
    assert!(made.success());
}

#[test]
fn what_may_not_be_read_is_named() {
    let tree = Tree::of("good.log", many(3)).file("secret.log", many(5)).file("dir/inside.log", many(7));
    set_mode(&tree.path("secret.log"), 0o000);
    set_mode(&tree.path("dir"), 0o000);
    let run = |path: &str| vpcflow(&format!("{TOP} --stats=json {path}")).dir(tree.root()).nobody();
    if let (Some(walk), Some(named)) = (run("."), run("secret.log good.log")) {
        let outcome = walk.outcome();
        assert_eq!(counts(&outcome, ["flows", "files", "files_failed", "files_partial"]), [3, 3, 2, 0], "{outcome}");
        assert_eq!(outcome.status, 3, "{outcome}");
        for path in ["./secret.log", "./dir"] {
            let said = format!("vpcflow: error: {path}: Permission denied\n");
            assert_eq!(outcome.stderr.matches(&said).count(), 1, "{outcome}");
        }
        let outcome = named.outcome();
        assert_eq!(counts(&outcome, ["flows", "files", "files_failed", "files_partial"]), [3, 2, 1, 0], "{outcome}");
        assert_eq!((outcome.status, outcome.stderr.matches("error: ").count()), (3, 1), "{outcome}");
    }
    set_mode(&tree.path("dir"), 0o755);
    set_mode(&tree.path("secret.log"), 0o644);
    hold(&tree, "good.log secret.log dir", [15, 3, 0, 0]);
}

#[test]
fn a_path_that_is_not_there_ends_it() {
    let tree = Tree::of("good.log", many(3)).file("file/x.log", "");
    for (paths, said) in [
        ("missing.log", "vpcflow: missing.log: No such file or directory\n"),
        ("good.log missing.log", "vpcflow: missing.log: No such file or directory\n"),
        ("good.log/below", "vpcflow: good.log/below: Not a directory\n"),
    ] {
        vpcflow(&format!("{TOP} {paths}")).dir(tree.root()).gives(2, "", said);
    }
}

#[test]
fn nothing_to_read_is_an_answer() {
    let tree = Tree::new();
    fs::create_dir(tree.path("empty")).expect("a directory");
    vpcflow(&format!("{TOP} empty")).dir(tree.root()).gives(
        0,
        "src_ip,flows,share\n",
        "vpcflow: no log files under empty\n",
    );
    vpcflow(&format!("{TOP} empty --quiet")).dir(tree.root()).prints("src_ip,flows,share\n");
    vpcflow(TOP).dir(tree.path("empty")).gives(0, Text::Any, &["no log files under ."]);
    for command in ["top", "rejects", "ports", "interfaces", "summary"] {
        for format in ["table", "csv", "tsv", "ndjson", "json", "markdown"] {
            let outcome = vpcflow(&format!("{command} -q -o {format} empty")).dir(tree.root()).outcome();
            assert_eq!((outcome.status, &outcome.stderr[..]), (0, ""), "{outcome}");
            let text = &outcome.stdout;
            match format {
                "json" => {
                    let rows: Vec<serde_json::Value> = serde_json::from_str(text).expect("JSON");
                    assert_eq!(rows.len(), usize::from(command == "summary"), "{outcome}");
                }
                "ndjson" => assert_eq!(text.lines().count(), usize::from(command == "summary"), "{outcome}"),
                "csv" | "tsv" => assert_eq!(text.lines().count(), 1 + usize::from(command == "summary"), "{outcome}"),
                _ => assert!(!text.is_empty(), "{outcome}"),
            }
        }
    }
}

#[test]
fn globs_choose_files() {
    let tree = Tree::of("a.log", many(1)).file("b.txt", many(2)).file("d/c.log", many(4)).file("d/e/f.log", many(8));
    hold(&tree, "--include *.log", [13, 3, 0, 1]);
    hold(&tree, "--exclude *.log", [2, 1, 0, 3]);
    hold(&tree, "--include *.log --exclude f*", [5, 2, 0, 2]);
    hold(&tree, "--include a.* --include b.*", [3, 2, 0, 2]);
    hold(&tree, "--include d/*.log", [4, 1, 0, 3]);
    hold(&tree, "--include d/**", [12, 2, 0, 2]);
    let none = hold(&tree, "--include *.gz", [0, 0, 0, 4]);
    assert!(none.stderr.starts_with("vpcflow: no log files under . (4 left out"), "{none}");
    vpcflow("top --include [").dir(tree.root()).gives(2, "", &["vpcflow: --include '['"]);
}

#[test]
fn links_are_not_followed_unless_asked() {
    let tree = Tree::of("d/a.log", many(3)).file("other/b.log", many(4));
    symlink("../d", tree.path("d/loop")).expect("a link");
    symlink("a.log", tree.path("d/link.log")).expect("a link");
    symlink(tree.path("other"), tree.path("d/other")).expect("a link");
    symlink("nowhere", tree.path("d/broken.log")).expect("a link");
    symlink("/dev/zero", tree.path("d/zero.log")).expect("a link");
    hold(&tree, "d", [3, 1, 0, 5]);
    // Each file once, the loop and what is no file left out.
    let followed = hold(&tree, "d --follow", [7, 2, 0, 4]);
    assert!(followed.stdout.starts_with("src_ip,flows"), "{followed}");
    hold(&tree, "d/link.log", [3, 1, 0, 0]);
}

/// The link itself is no file that is left out.
#[test]
fn a_link_to_a_directory_can_be_named() {
    let tree = Tree::of("d/a.log", many(3));
    symlink("d", tree.path("link")).expect("a link");
    hold(&tree, "link", [3, 1, 0, 0]);
    hold(&tree, "link/", [3, 1, 0, 0]);
    hold(&tree, "link --follow", [3, 1, 0, 0]);
}

#[test]
fn pipes_and_devices_in_a_tree_are_left_out() {
    let tree = Tree::of("a.log", many(3)).file(".hidden.log", many(9)).file(".git/x.log", many(9));
    mkfifo(&tree, "pipe.log");
    let _socket = std::os::unix::net::UnixListener::bind(tree.path("socket.log")).expect("a socket");
    hold(&tree, "", [3, 1, 0, 4]);
    hold(&tree, "--follow", [3, 1, 0, 4]);
    // What is hidden is read when it is named.
    hold(&tree, ".hidden.log", [9, 1, 0, 0]);
}

#[test]
fn a_named_pipe_is_read() {
    let tree = Tree::new();
    mkfifo(&tree, "pipe.log");
    let path = tree.path("pipe.log");
    let writer = std::thread::spawn(move || fs::write(path, many(500)).expect("a reader"));
    let outcome = hold(&tree, "pipe.log", [500, 1, 0, 0]);
    assert_eq!(outcome.status, 0);
    writer.join().expect("the pipe was read to its end");
}

#[test]
fn a_file_counts_once() {
    let tree = Tree::of("a.log", many(3)).file("d/b.log", many(4));
    fs::hard_link(tree.path("a.log"), tree.path("d/same.log")).expect("a hard link");
    symlink("a.log", tree.path("link.log")).expect("a link");
    hold(&tree, "", [7, 2, 0, 2]);
    hold(&tree, "a.log a.log ./a.log", [3, 1, 0, 2]);
    hold(&tree, "d a.log", [7, 2, 0, 1]);
    hold(&tree, ". d a.log link.log", [7, 2, 0, 6]);
}

#[test]
fn loops_of_links_are_told() {
    let tree = Tree::of("d/a.log", many(3)).file("d/e/b.log", many(4));
    symlink("..", tree.path("d/e/up")).expect("a link");
    symlink("../d", tree.path("d/again")).expect("a link");
    assert_eq!(hold(&tree, "d", [7, 2, 0, 2]).warnings(), "");
    let told = "vpcflow: d/again: a loop, as it leads back to d; not followed\n\
                vpcflow: d/e/up: a loop, as it leads back to d; not followed\n";
    assert_eq!(hold(&tree, "d --follow", [7, 2, 0, 2]).warnings(), told);
    assert_eq!(hold(&tree, "d --follow -q", [7, 2, 0, 2]).warnings(), "");
}

/// They count, as nobody has said that they are the same.
#[test]
fn copies_are_told() {
    let packed = support::tree::gzip(many(5));
    let tree = Tree::of("a/x.log.gz", &packed).file("a/x (1).log.gz", &packed).file("b/x.log(2).gz", &packed);
    let told = "vpcflow: ./a/x (1).log.gz: looks like a duplicate of ./a/x.log.gz; both count\n\
                vpcflow: ./b/x.log(2).gz: looks like a duplicate of ./a/x.log.gz; both count\n";
    assert_eq!(hold(&tree, "", [15, 3, 0, 0]).warnings(), told);
    assert_eq!(hold(&tree, "-q", [15, 3, 0, 0]).warnings(), "");
    // Named as well as met.
    assert_eq!(hold(&tree, "a b/x.log(2).gz --exclude x.*", [10, 2, 0, 1]).warnings().lines().count(), 1);
    // Another name; the same name and size, but another text; no gzip; nothing in it.
    let other = support::tree::gzip(many(5).replace("ACCEPT", "REJECT"));
    let mut padded = other.clone();
    padded.resize(packed.len().max(other.len()), 0);
    let tree = Tree::of("a/x.gz", &packed).file("y.gz", &packed).file("b/x.gz", padded);
    let tree = tree.file("a/z.log", many(5)).file("b/z.log", many(5)).gz("a/none.gz", "").gz("b/none.gz", "");
    assert_eq!(hold(&tree, "", [25, 7, 0, 0]).warnings(), "");
    // Many.
    let tree = Tree::new();
    (0..9).for_each(|i| tree.write(format!("{i}/x.gz"), &packed));
    let told = hold(&tree, "", [45, 9, 0, 0]).warnings();
    assert_eq!(told.lines().count(), 6, "{told}");
    assert!(told.ends_with("8 files look like duplicates of others; the first 5 are shown\n"), "{told}");
}

/// Deeper than a path can say.
#[test]
fn folders_too_deep_for_a_path_are_named() {
    let tree = Tree::of("good.log", many(3));
    let chain = |top: &str| (0..150).fold(tree.path(top), |path, _| path.join("a-folder-in-a-folder"));
    fs::create_dir_all(chain("top")).expect("folders");
    fs::create_dir_all(chain("bottom")).expect("folders");
    fs::write(chain("bottom").join("deep.log"), many(5)).expect("a file");
    fs::rename(tree.path("bottom"), chain("top").join("bottom")).expect("moved");
    let outcome = hold(&tree, "", [3, 2, 1, 0]);
    assert_eq!(outcome.stderr.matches(": File name too long\n").count(), 1, "{outcome}");
    // What can be said is read.
    let tree = Tree::of("good.log", many(3));
    let deep = (0..1500).fold(tree.path("top"), |path, _| path.join("d"));
    fs::create_dir_all(&deep).expect("folders");
    fs::write(deep.join("deep.log"), many(5)).expect("a file");
    hold(&tree, "", [8, 2, 0, 0]);
    hold(&tree, "--follow", [8, 2, 0, 0]);
}

/// What came of a run in which something happened after the files were found, and before they were read.
fn meanwhile(tree: &Tree, line: &str, happens: impl FnOnce()) -> Outcome {
    mkfifo(tree, "pipe");
    let outcome = std::thread::scope(|scope| {
        let run = scope.spawn(|| vpcflow(&format!("{line} --stats=json -j 1 pipe logs")).dir(tree.root()).outcome());
        // Somebody reads from it: the walk is over.
        let mut pipe = fs::OpenOptions::new().write(true).open(tree.path("pipe")).expect("a reader");
        happens();
        pipe.write_all(many(5).as_bytes()).expect("a reader");
        drop(pipe);
        run.join().expect("an end")
    });
    fs::remove_file(tree.path("pipe")).expect("removed");
    outcome
}

#[test]
fn a_file_that_vanishes_is_named() {
    let tree = Tree::of("logs/a.log", many(3));
    for line in ["records -o csv", "records -o raw --sort time", "convert --to csv --out x"] {
        tree.write("logs/b.log", many(4));
        let outcome = meanwhile(&tree, line, || fs::remove_file(tree.path("logs/b.log")).expect("removed"));
        assert_eq!(counts(&outcome, ["flows", "files", "files_failed", "files_partial"]), [8, 3, 1, 0], "{outcome}");
        assert_eq!(outcome.status, 3, "{outcome}");
        assert!(outcome.stderr.contains("vpcflow: error: logs/b.log: No such file or directory\n"), "{outcome}");
    }
}

/// Opening a pipe that nobody writes to would last for ever.
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let tree = Tree::of("logs/a.log", many(3)).file("logs/b.log", many(4));
    let outcome = meanwhile(&tree, "records -o csv", || {
        fs::remove_file(tree.path("logs/b.log")).expect("removed");
        mkfifo(&tree, "logs/b.log");
    });
    assert_eq!(counts(&outcome, ["flows", "files", "files_failed", "files_partial"]), [8, 3, 1, 0], "{outcome}");
    assert!(outcome.stderr.contains("vpcflow: error: logs/b.log: not a file any more\n"), "{outcome}");
}

/// A file that is mapped raises a signal where it is gone, which must not end the run.
#[test]
fn a_file_that_is_cut_while_it_is_read_is_named() {
    let tree = Tree::of("a.log", many(120_000));
    vpcflow("convert -q --to parquet --codec none --out b.parquet a.log").dir(tree.root()).gives(0, "", "");
    let whole = ["a.log", "b.parquet"].map(|name| (name, fs::read(tree.path(name)).expect("a file")));
    for (line, name) in [
        ("records -o csv -j 1 a.log", "a.log"),
        ("records -o csv -j 3 a.log", "a.log"),
        // Line numbers are counted by one thread.
        ("records -o long -j 2 a.log", "a.log"),
        ("records -o csv -j 1 b.parquet", "b.parquet"),
        ("records -o csv -j 1 -", "a.log"),
    ] {
        whole.iter().for_each(|(name, bytes)| tree.write(name, bytes));
        let is_stdin = line.ends_with('-');
        let run = vpcflow(&format!("{line} --stats=json")).dir(tree.root());
        let run = if is_stdin { run.stdin_file(tree.path(name)) } else { run };
        let mut child = run.spawn();
        // It has begun, and cannot write on.
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut [0; 100]).expect("a row");
        let cut = fs::OpenOptions::new().write(true).open(tree.path(name)).expect("a file");
        cut.set_len(4096).expect("cut");
        std::io::copy(&mut out, &mut std::io::sink()).expect("rows");
        let output = child.wait_with_output().expect("an end");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(3), "{line} of {name}: {:?} {said}", output.status);
        let shown = if is_stdin { "-" } else { name };
        let changed = format!("vpcflow: error: {shown}: changed while reading: only a part of it was read\n");
        assert!(said.contains(&changed), "{line} of {name}: {said}");
        assert!(said.contains("\"files_partial\":1,"), "{line} of {name}: {said}");
    }
}

#[test]
fn a_sum_of_a_file_that_is_cut_is_no_whole_sum() {
    let text = many(120_000);
    let tree = Tree::of("a.log", &text);
    let mut met = false;
    for _ in 0..40 {
        tree.write("a.log", &text);
        let mut child = vpcflow("top -o csv a.log").dir(tree.root()).spawn();
        let maps = format!("/proc/{}/maps", child.id());
        while child.try_wait().expect("a child").is_none() {
            if fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("/a.log")) {
                fs::OpenOptions::new().write(true).open(tree.path("a.log")).and_then(|f| f.set_len(4096)).expect("cut");
                break;
            }
        }
        let output = child.wait_with_output().expect("an end");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let is_told = said.contains("a.log: changed while reading");
        assert_eq!(output.status.code(), Some(if is_told { 3 } else { 0 }), "{:?} {said}", output.status);
        met |= is_told;
        if met {
            break;
        }
    }
    assert!(met, "it is never cut in time");
}

#[test]
fn a_file_that_grows_comes_to_an_end() {
    let small = many(100);
    let large = many(120_000);
    for (text, script) in [
        (&small, "exec \"$@\" a.log"),
        (&large, "exec \"$@\" a.log"),
        (&small, "exec \"$@\" - <a.log"),
        (&large, "exec \"$@\" - <a.log"),
    ] {
        let tree = Tree::of("a.log", text);
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let path = tree.path("a.log");
            scope.spawn(move || {
                let mut log = fs::OpenOptions::new().append(true).open(path).expect("a file");
                while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                    log.write_all(flow().line().as_bytes()).expect("room");
                }
            });
            let outcome = vpcflow("top -o csv --stats=json").dir(tree.root()).script(script).outcome();
            drop(stop);
            assert_eq!(outcome.status, 0, "{outcome}");
            let records = outcome.stats()["records"].as_u64().expect("a count");
            assert!(records >= text.lines().count() as u64 - 1, "{outcome}");
        });
    }
    // A result that is appended to what is read.
    let tree = Tree::of("a.log", &small);
    vpcflow("records -o raw -q").dir(tree.root()).script("exec \"$@\" <a.log >>a.log").gives(0, "", "");
    assert_eq!(fs::read_to_string(tree.path("a.log")).expect("a file"), small.repeat(2));
}

/// Files that do not tell their size.
#[test]
fn files_of_the_system_are_read_to_their_end() {
    if fs::read("/proc/meminfo").is_ok_and(|text| text.len() > 300) {
        for line in ["summary /proc/meminfo", "summary -"] {
            let outcome = vpcflow(line).stdin_file("/proc/meminfo").outcome();
            assert_eq!(outcome.status, 3, "{outcome}");
            assert!(outcome.stderr.contains("no header line, and its first line has 3 fields"), "{outcome}");
        }
    }
}

#[test]
fn a_read_error_is_no_end_of_a_file() {
    if !strace() {
        return;
    }
    let tree =
        Tree::of("logs/good.log", many(300)).gz("logs/bad.log.gz", many(100_000)).file("logs/bad.log", many(30_000));
    for (name, when) in
        [("bad.log.gz", "1"), ("bad.log.gz", "3+"), ("bad.log", "1"), ("bad.log", "2+"), ("bad.log", "4+")]
    {
        for threads in [1, 2] {
            let run =
                vpcflow(&format!("top -o csv --stats=json -j {threads} logs/{name} logs/good.log")).dir(tree.root());
            let inject = format!("read,pread64:error=EIO:when={when}");
            let Traced { outcome, .. } = trace(run, "read,pread64", Some(&inject), Some(&tree.path("logs").join(name)));
            let [flows, failed, partial, _] = counts(&outcome, ["flows", "files_failed", "files_partial", "files"]);
            assert_eq!((outcome.status, failed + partial), (3, 1), "{name} {when}: {outcome}");
            assert!((300..100_300).contains(&flows), "{outcome}");
            let said = if failed == 1 { "Input/output error" } else { "read error after byte " };
            assert!(outcome.stderr.contains(&format!("vpcflow: error: logs/{name}: {said}")), "{outcome}");
            assert!(outcome.stderr.contains("Input/output error\n"), "{outcome}");
        }
    }
    // A folder that cannot be listed to its end.
    let run = vpcflow("top -o csv --stats=json logs").dir(tree.root());
    let listed = trace(run, "getdents64", Some("getdents64:error=EIO:when=1+"), Some(&tree.path("logs")));
    assert_eq!(listed.outcome.status, 3, "{}", listed.outcome);
    assert!(listed.outcome.stderr.contains("vpcflow: error: logs: Input/output error\n"), "{}", listed.outcome);
}

#[test]
fn interrupted_and_short_reads_change_nothing() {
    let text = many(30_000);
    let tree = Tree::of("a.log", &text).gz("a.log.gz", &text);
    vpcflow("convert -q --to parquet --out a.parquet a.log").dir(tree.root()).gives(0, "", "");
    let question = "top -o csv -n 0";
    let whole = vpcflow(question).arg("a.log").dir(tree.root()).result();
    if strace() {
        for name in ["a.log", "a.log.gz", "a.parquet", "-"] {
            let file = if name == "-" { "a.log.gz" } else { name };
            let run = vpcflow(question).arg(name).dir(tree.root()).stdin_file(tree.path(file));
            let inject = Some("read,pread64:error=EINTR:when=2+2");
            let traced = trace(run, "read,pread64", inject, Some(&tree.path(file)));
            assert_eq!((traced.outcome.status, &traced.outcome.stderr[..]), (0, ""), "{name}");
            assert!(traced.outcome.stdout == whole, "{name}");
            assert!(traced.injected() > 0 || name == "a.parquet", "{name}: {}", traced.calls);
        }
    }
    // A pipe that gives a little at a time.
    for name in ["a.log", "a.log.gz"] {
        let bytes = fs::read(tree.path(name)).expect("a file");
        let mut child = vpcflow(question).arg("-").stdin_pipe().spawn();
        let mut pipe = child.stdin.take().expect("a pipe");
        let (head, rest) = bytes.split_at(3000);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                head.chunks(7).for_each(|piece| pipe.write_all(piece).expect("a reader"));
                rest.chunks(4099).for_each(|piece| pipe.write_all(piece).expect("a reader"));
            });
            let output = child.wait_with_output().expect("an end");
            assert!(output.status.success() && output.stdout == whole.as_bytes(), "{name}");
        });
    }
}

#[test]
fn a_file_that_cannot_be_mapped_is_read() {
    if !strace() {
        return;
    }
    let text = many(120_000);
    let tree = Tree::of("a.log", &text);
    vpcflow("convert -q --to parquet --out a.parquet a.log").dir(tree.root()).gives(0, "", "");
    for (question, name) in [
        ("top -o csv", "a.log"),
        ("records -o long -n 3", "a.log"),
        ("top -o csv", "a.parquet"),
        ("fields", "a.parquet"),
    ] {
        let run = || vpcflow(question).arg(name).dir(tree.root());
        for error in ["ENOMEM", "ENODEV"] {
            let traced = trace(run(), "mmap", Some(&format!("mmap:error={error}")), Some(&tree.path(name)));
            assert!(traced.injected() > 0, "{}", traced.calls);
            assert_eq!(traced.outcome.stdout, run().result(), "{question} {name}");
            assert_eq!((traced.outcome.status, &traced.outcome.stderr[..]), (0, ""), "{question} {name}");
        }
    }
}

#[test]
fn few_file_descriptors_are_enough() {
    let tree = Tree::new();
    for i in 0..3000 {
        tree.write(format!("{}/{i}.log", i % 30), log(&[flow().with("start", 1_700_000_000 + i * 600)]));
    }
    tree.write("large.log", many(120_000));
    for threads in [1, 8, 64] {
        let run = vpcflow(&format!("{TOP} --stats=json -j {threads} --exclude out*")).dir(tree.root());
        let outcome = run.script("ulimit -n 16; exec \"$@\"").outcome();
        let found = counts(&outcome, ["flows", "files", "files_failed", "files_partial"]);
        assert_eq!((found, outcome.status), ([123_000, 3001, 0, 0], 0), "-j {threads}: {outcome}");
        let run = vpcflow(&format!(
            "convert -q --to csv --partition hive --out out{threads}/ -j {threads} --exclude large.log --exclude out*"
        ));
        run.dir(tree.root()).script("ulimit -n 16; exec \"$@\"").gives(0, "", "");
    }
}

#[test]
fn standard_input_is_one_source_among_others() {
    let tree = Tree::of("a.log", many(3));
    let run = |line: &str| vpcflow(&format!("{TOP} --stats=json {line}")).dir(tree.root()).stdin(many(5));
    for (line, flows, files) in
        [("-", 5, 1), ("", 5, 1), ("- a.log", 8, 2), ("- -", 5, 1), ("a.log", 3, 1), (".", 3, 1)]
    {
        let outcome = run(line).outcome();
        assert_eq!(
            counts(&outcome, ["flows", "files", "files_failed", "bytes_read"])[..2],
            [flows, files],
            "{outcome}"
        );
    }
    // A file is data, too; /dev/null is not.
    let outcome = vpcflow(&format!("{TOP} --stats=json")).dir(tree.root()).stdin_file(tree.path("a.log")).outcome();
    assert_eq!(outcome.stats()["flows"].as_u64(), Some(3), "{outcome}");
    let outcome = vpcflow(&format!("{TOP} --stats=json")).dir(tree.root()).outcome();
    assert_eq!((outcome.stats()["flows"].as_u64(), outcome.stats()["files"].as_u64()), (Some(3), Some(1)), "{outcome}");
}
