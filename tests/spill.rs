//! Answers that do not fit in the memory that is allowed: they go by way of temporary files, and are the
//! same to the byte; what cannot is refused.

mod support;

use std::io::Write;
use std::path::Path;
use support::lines::V2;
use support::tree::Tree;
use support::{Outcome, vpcflow};

/// Each asks for more groups, values or rows than fit into the least memory that a run takes.
const QUESTIONS: [&str; 10] = [
    "top -n 0 -o csv --by src-ip,dst-ip,src-port,dst-port,protocol",
    "top -o csv --by src-ip,dst-port --agg flows,distinct(src-port),distinct(dst-ip) --sort distinct(src-port)",
    "top -o csv --by src-ip --agg p50(bytes),p99(src-port),max(end),bpp --sort p99(src-port) --asc",
    "top -o csv --by dst-ip --approx --agg distinct(src-port),distinct(bytes) --sort distinct(bytes)",
    "top -n 0 -o csv --by src-ip,src-port --having bytes>59900 --min-share 0.00001% --cum-share",
    "rejects -o csv --by src-port,src-ip",
    "timeline -n 3 -o csv --by src-port --bucket 10s",
    "fields -o csv",
    "interfaces -o csv",
    "records -o csv --sort -time",
];

/// Two files of flows, nearly all of which differ in their ports, addresses and sizes.
fn many() -> Tree {
    let line = |i: u64| {
        let scattered = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let (source, port, bytes) = (scattered & 0xfff, scattered >> 12, 40 + i % 60_000);
        let source = match i % 9 {
            0 => format!("2001:db8::{source:x}"),
            _ => format!("10.1.{}.{}", source >> 8, source & 0xff),
        };
        let (start, action) = (1_773_532_800 + i % 700, if i.is_multiple_of(5) { "REJECT" } else { "ACCEPT" });
        format!(
            "2 123456789012 eni-{} {source} 10.0.0.{} {port} {} 6 1 {bytes} {start} {} {action} OK\n",
            i % 11,
            i % 200,
            i % 1000,
            start + 60
        )
    };
    let text = |range: std::ops::Range<u64>| format!("{V2}\n{}", range.map(line).collect::<String>());
    Tree::new().gz("a.log.gz", text(0..40_000)).file("b.log", text(30_000..90_000))
}

fn ask(tree: &Tree, question: &str, more: &str) -> Outcome {
    vpcflow(question).args(more.split_whitespace()).dir(tree.root()).outcome()
}

#[test]
fn what_goes_by_way_of_the_disk_is_the_same() {
    let tree = many();
    for question in QUESTIONS {
        let whole = ask(&tree, question, "");
        assert_eq!((whole.status, whole.warnings().as_str()), (0, ""), "{whole}");
        assert!(whole.stdout.lines().count() > 2, "{whole}");
        for threads in 1..4 {
            let little = ask(&tree, question, &format!("--max-memory 1M -j {threads}"));
            assert!(little.stdout == whole.stdout, "{} differs from {}", little.line, whole.line);
            assert_eq!((little.status, little.warnings().as_str()), (0, ""), "{little}");
        }
    }
}

#[test]
fn a_disk_that_cannot_be_written_ends_it() {
    let tree = many();
    for question in [QUESTIONS[0], "records -n 0 -o csv --sort time"] {
        let lost = vpcflow(question).args(["--max-memory", "1M"]).env("TMPDIR", "/nowhere/at/all");
        let lost = lost.dir(tree.root()).outcome();
        assert_eq!((lost.status, lost.stdout.as_str()), (2, ""), "{lost}");
        assert!(lost.stderr.contains("/nowhere/at/all"), "{lost}");
        assert!(lost.stderr.contains("No such file or directory"), "{lost}");
        // Whoever needs none does not miss it.
        let enough = vpcflow(question).env("TMPDIR", "/nowhere/at/all").dir(tree.root()).outcome();
        assert_eq!(enough.status, 0, "{enough}");
    }
}

/// Files that are open in a process and have no name any more.
#[cfg(target_os = "linux")]
fn nameless(process: u32, folder: &Path) -> usize {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let names = open.filter_map(|file| std::fs::read_link(file.path()).ok());
    names.filter(|name| name.starts_with(folder) && name.to_string_lossy().ends_with(" (deleted)")).count()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_however_it_ends() {
    let (tree, folder) = (many(), Tree::new());
    let text = std::fs::read(tree.path("b.log")).expect("a log");
    let question = format!("{} --max-memory 1M -", QUESTIONS[0]);
    let mut child = vpcflow(&question).stdin_pipe().env("TMPDIR", folder.root().display()).spawn();
    let mut input = child.stdin.take().expect("a pipe");
    let mut blocks = text.chunks(1 << 16).cycle();
    while nameless(child.id(), folder.root()) == 0 {
        input.write_all(blocks.next().expect("it goes on for ever")).expect("a reader");
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert_eq!(std::fs::read_dir(folder.root()).expect("a folder").count(), 0);
}

#[test]
fn what_cannot_go_there_is_refused_with_advice() {
    let line =
        |i: u64| format!("2 123456789012 eni-{i:017x} 10.0.0.1 10.0.0.2 1 2 6 1 40 1773532800 1773532860 ACCEPT OK\n");
    let tree = Tree::new().file("a.log", format!("{V2}\n{}", (0..130_000).map(line).collect::<String>()));
    let texts = ask(&tree, "top --by interface-id", "--max-memory 1M");
    assert_eq!((texts.status, texts.stdout.as_str()), (2, ""), "{texts}");
    assert!(texts.stderr.contains("--max-memory: the different texts among the keys take more than"), "{texts}");
    let repeats = ask(&tree, "top --dedup", "--max-memory 200K");
    assert_eq!((repeats.status, repeats.stdout.as_str()), (2, ""), "{repeats}");
    assert!(repeats.stderr.contains("--dedup: more than 119837 records"), "{repeats}");
}

#[test]
fn sizes_are_checked() {
    let tree = Tree::new();
    for size in ["0", "x", "10Q", "-5"] {
        let refused = ask(&tree, "top", &format!("--max-memory={size}"));
        assert_eq!(refused.status, 2, "{refused}");
        assert!(refused.stderr.contains("256M, 1.5GB or 512MiB"), "{refused}");
    }
}
