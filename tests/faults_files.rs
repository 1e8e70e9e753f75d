//! The file system at its worst: what cannot be read is named, what is no log is left out, nothing
//! hangs.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use support::lines::many;
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
    hold(&tree, "", [3, 1, 0, 3]);
    hold(&tree, "--follow", [3, 1, 0, 3]);
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
