//! Slips on the command line, and outputs that fail: a sentence each, the right status, and nothing
//! where a result would be.

mod support;

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read};
use support::lines::{V2, flow, log, many};
use support::tree::{Tree, gzip};
use support::{Text, vpcflow};

#[test]
fn slips_are_answered_with_a_suggestion() {
    for (line, parts) in [
        ("topp testdata", &["unrecognized subcommand 'topp'", "'top'"][..]),
        ("frobnicate", &["unrecognized subcommand 'frobnicate'"]),
        ("top --bye src-ip", &["'--bye'", "'--by'"]),
        ("top --frobnicate", &["'--frobnicate'"]),
        ("top --by src-pi", &["unknown field 'src-pi'", "did you mean 'src-ip'?"]),
        ("top --by srcadr", &["did you mean 'srcaddr'?"]),
        ("top --by frobnicate", &["unknown field 'frobnicate'", "`vpcflow top --help` lists the fields"]),
        ("top --by src-ip,", &["unknown field ''"]),
        ("top --by bytes/24", &["only addresses have networks"]),
        ("top --by src-ip/33/200", &["prefix length"]),
        ("top --agg byte", &["unknown measure 'byte'", "did you mean 'bytes'?"]),
        ("top --agg count", &["unknown measure 'count'"]),
        ("top --agg distnct(src-ip)", &["did you mean 'distinct(FIELD)'?"]),
        ("top --agg distinct(nosuch)", &["unknown field 'nosuch'"]),
        ("top --agg sum(src-ip)", &["sum is for numbers, and 'src-ip' is of type IP address"]),
        ("top --agg avg(action)", &["avg is for numbers"]),
        ("top --agg p95", &["unknown measure 'p95'", "did you mean 'p95(FIELD)'?"]),
        ("top --agg p0(bytes)", &["'p0': a percentile is above 0 and at most 100"]),
        ("top --agg p100.1(bytes)", &["at most 100"]),
        ("top --agg p50(src-ip)", &["p50 is for numbers, and 'src-ip' is of type IP address"]),
        ("top --agg frobnicate", &["pNN(FIELD) as in p95(bytes)"]),
        ("top --min-share 2", &["'2': expected a share from 0 to 1, as 0.01 or 1%"]),
        ("top --min-share 1% --sort avg(bytes)", &["--min-share needs shares, and 'avg(bytes)' has none"]),
        ("top --cum-share --sort p99.9(bytes)", &["--cum-share needs shares, and 'p99.9(bytes)' has none"]),
        ("ports --cum-share --sort bpp", &["--cum-share needs shares, and 'bpp' has none"]),
        ("top --sort rejct_pct", &["did you mean 'reject_pct'?"]),
        ("tpo", &["unrecognized subcommand 'tpo'", "'top'"]),
        ("sumary", &["unrecognized subcommand 'sumary'", "'summary'"]),
        ("top -n x", &["invalid value 'x' for '--limit <N>'"]),
        ("top -n -1", &["'-1'"]),
        ("top -o yaml", &["'yaml'", "table, csv, tsv, ndjson, json, markdown"]),
        ("top -o jsn", &["'json'"]),
        ("top --color sometimes", &["'sometimes'"]),
        ("top --stats=xml", &["'xml'"]),
        ("top -j 0", &["'0'"]),
        ("top -j 1025", &["1025"]),
        ("top --log-format srcaddr,bites", &["unknown field 'bites'", "did you mean 'bytes'?"]),
        ("top --log-format bytes,bytes", &["field bytes twice"]),
        ("top --log-format v6", &["'v6'"]),
        ("ports --side both", &["'both'"]),
        ("ports --bin-width 0", &["'0'"]),
        ("ports --bin-width 65537", &["65537"]),
        ("ports --by src-ip", &["'--by'"]),
        ("rejects --by dst_prt", &["did you mean 'dst-port'?"]),
        ("summary -n 3", &["'-n'"]),
        ("man topp", &["no command 'topp'", "did you mean 'top'?"]),
        ("completions ksh", &["'ksh'"]),
    ] {
        vpcflow(line).gives(2, "", Text::Has(parts));
    }
}

#[test]
fn slips_in_paths_are_answered_with_a_suggestion() {
    let tree = Tree::of("testdata/demo/x.log", "").file("testdata/forms/x.log", "");
    for (path, said) in [
        ("testdata/dmeo", "vpcflow: testdata/dmeo: No such file or directory; did you mean 'testdata/demo'?\n"),
        ("tesdata/demo", "vpcflow: tesdata/demo: No such file or directory; did you mean 'testdata/demo'?\n"),
        (
            "testdata/demo/x.lg",
            "vpcflow: testdata/demo/x.lg: No such file or directory; did you mean 'testdata/demo/x.log'?\n",
        ),
        ("testdata/nothing", "vpcflow: testdata/nothing: No such file or directory\n"),
        ("nothing/dmeo", "vpcflow: nothing/dmeo: No such file or directory\n"),
    ] {
        vpcflow("top").arg(path).dir(tree.root()).gives(2, "", said);
    }
}

#[test]
fn slips_are_found_before_anything_is_read() {
    let tree = Tree::of("secret.log", "no flow log at all\n");
    for line in ["top --by nosuch", "top --agg nosuch", "top --include [", "rejects --by nosuch", "ports --sort nosuch"]
    {
        let outcome = vpcflow(&format!("{line} secret.log")).dir(tree.root()).gives(2, "", Text::Any);
        assert!(!outcome.stderr.contains("secret.log"), "{outcome}");
    }
}

#[test]
fn articles_fit_their_nouns() {
    let outcome = vpcflow("top --agg sum(src-ip)").gives(2, "", Text::Any);
    assert!(!outcome.stderr.contains("a IP"), "{outcome}");
}

#[test]
fn help_and_version_are_results() {
    for line in ["--help", "-h", "--version", "-V", "top --help", "summary -h", "man", "man top", "completions bash"] {
        let outcome = vpcflow(line).gives(0, Text::Any, "");
        assert!(!outcome.stdout.is_empty(), "{outcome}");
    }
    vpcflow("--version").prints(&format!("vpcflow {}\n", env!("CARGO_PKG_VERSION")));
    let bare = vpcflow("").gives(2, "", &["Usage: vpcflow <COMMAND>"]);
    assert!(bare.stderr.contains("Commands:"), "{bare}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let tree = Tree::of("x.log", many(30_000));
    let mut wrong = Vec::new();
    for (format, first) in [
        ("csv", "src_ip,"),
        ("tsv", "src_ip\t"),
        ("table", "src-ip "),
        ("ndjson", "{"),
        ("json", "["),
        ("markdown", "| src-ip"),
    ] {
        let run = vpcflow(&format!("top -n 0 -o {format} x.log")).dir(tree.root());
        let mut child = run.spawn();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        stdout.read_line(&mut line).expect("a line");
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        let status = child.wait().expect("an end");
        assert!(line.starts_with(first), "{line}");
        if (status.code(), &stderr[..]) != (Some(0), "") {
            wrong.push(format!("{format}: status {:?}, {stderr}", status.code()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    // Also where nobody reads at all, and where there are warnings.
    for args in ["top -n 0 -o csv x.log", "top --help", "completions bash", "man"] {
        let mut child = vpcflow(args).dir(tree.root()).spawn();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        assert_eq!((child.wait().expect("an end").code(), &stderr[..]), (Some(0), ""), "{args}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_no_success() {
    let tree = Tree::of("x.log", many(30_000));
    for args in
        ["top x.log", "top -n 0 -o csv x.log", "top -n 0 -o json x.log", "summary x.log", "completions zsh", "man"]
    {
        let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
        let said = "vpcflow: cannot write standard output: No space left on device";
        let outcome = vpcflow(args).dir(tree.root()).stdout(full).gives(2, "", &[said]);
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome}");
    }
    vpcflow("man --out /dev/null/pages").gives(2, "", &["vpcflow: cannot write /dev/null/pages"]);
}

/// Help is a result like any other.
#[test]
fn help_that_is_lost_is_no_success() {
    for args in ["--help", "top -h", "--version"] {
        let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
        let outcome = vpcflow(args).stdout(full).outcome();
        assert_eq!(outcome.status, 2, "{outcome}");
    }
}

#[test]
fn the_account_can_be_had_in_two_forms() {
    let text = log(&[flow(), flow()]);
    let json = vpcflow("top --stats=json -q").stdin(&text).outcome();
    let names: Vec<String> = json.stats().keys().cloned().collect();
    let text = vpcflow("top --stats").stdin(&text).outcome();
    let lines: Vec<(&str, &str)> = text.stderr.lines().filter_map(|line| line.split_once(' ')).collect();
    assert_eq!(lines.len(), names.len(), "{text}");
    for (name, value) in lines.iter().filter(|(name, _)| *name != "seconds") {
        assert_eq!(value.trim().replace(',', ""), json.stats()[*name].to_string(), "{name}");
    }
    let expected = [
        "files",
        "files_failed",
        "files_partial",
        "files_skipped",
        "files_pruned",
        "row_groups_pruned",
        "bytes_read",
        "bytes_unpacked",
        "lines",
        "headers",
        "blank",
        "records",
        "flows",
        "nodata",
        "skipdata",
        "other_status",
        "malformed",
        "bad_values",
        "matched",
        "duplicates",
        "null_keys",
        "seconds",
    ];
    assert_eq!(lines.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
}

#[test]
fn the_environment_is_respected() {
    let text = log(&[flow()]);
    let plain = vpcflow("top").stdin(&text).result();
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "0"), ("COLUMNS", "wide"), ("COLUMNS", "")] {
        assert_eq!(vpcflow("top").env(name, value).stdin(&text).result(), plain, "{name}={value}");
    }
    for width in 1..30 {
        for command in ["top", "rejects", "ports", "interfaces", "summary"] {
            vpcflow(command).env("COLUMNS", width).stdin(&text).result();
        }
    }
    // Times are UTC wherever it runs.
    let utc = vpcflow("interfaces -o csv").stdin(&text).result();
    assert_eq!(
        vpcflow("interfaces -o csv").env("TZ", "Asia/Kolkata").env("LANG", "tr_TR.UTF-8").stdin(&text).result(),
        utc
    );
    let coloured = vpcflow("top --color always").env("NO_COLOR", "1").stdin(&text).result();
    assert!(coloured.contains("\x1b["), "the option wins over the environment");
}

/// Every column has a name of its own, so that objects lose nothing.
#[test]
fn columns_are_told_apart() {
    for args in [
        "--by bytes --agg bytes,sum(bytes)",
        "--by src-ip,srcaddr,src_ip",
        "--by src-ip --agg bytes,bytes --sort bytes",
        "--by packets --agg packets,sum(packets) --sort packets",
    ] {
        let header = vpcflow(&format!("top {args} -o csv")).stdin(log(&[flow()])).result();
        let mut names: Vec<&str> = header.lines().next().expect("a header").split(',').collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{args}: {header}");
    }
}

/// AWS adds fields; a header that has one makes it a field like any other, wherever it can be
/// looked at before anything is counted.
#[test]
fn fields_that_only_a_header_knows_can_be_asked_for() {
    let text = format!("{V2} new-field-2031\n{} blue\n", flow().line().trim_end());
    let said = "vpcflow: x: field 'new-field-2031' is not known; its values are carried as text\n";
    let result = "new_field_2031,flows,share\nblue,1,1.0000\n";
    let question = "top --by New_Field_2031 --agg flows --sort flows -o csv";
    for text in [text.clone().into_bytes(), gzip(&text)] {
        let tree = Tree::of("x", &text);
        vpcflow(&format!("{question} x")).dir(tree.root()).gives(0, result, said);
        vpcflow("top --by another-field x").dir(tree.root()).gives(
            2,
            "",
            Text::Has(&["unknown field 'another-field'"]),
        );
    }
    vpcflow(question).stdin(&text).gives(2, "", Text::Has(&["standard input cannot be looked at"]));
}
