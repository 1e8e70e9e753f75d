//! The records themselves: every format, the order, the limit, and what is said about them.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use support::lines::{V2, V5, flow, log, many, nodata};
use support::tree::Tree;
use support::{Text, vpcflow};

/// Two flows and a record without data.
fn small() -> Tree {
    let refused = flow().with("srcaddr", "2001:DB8:0::1").with("protocol", 253).with("action", "REJECT");
    Tree::of("a.log", log(&[flow().with("bytes", 1_234_567), nodata(), refused]))
}

fn records(args: &str) -> support::Vpcflow {
    vpcflow(&format!("records {args}"))
}

const HEAD: &str = "version,account_id,interface_id,src_ip,dst_ip,src_port,dst_port,protocol,packets,bytes,start,end,\
                    action,log_status\n";

#[test]
fn as_csv_and_tsv() {
    let tree = small();
    let rows = format!(
        "{HEAD}2,123456789012,eni-0a1b2c3d,10.0.0.1,10.0.0.2,50000,443,tcp,3,1234567,2023-11-14T22:13:20Z,\
         2023-11-14T22:14:20Z,ACCEPT,OK\n\
         2,123456789012,eni-0a1b2c3d,,,,,,,,2023-11-14T22:13:20Z,2023-11-14T22:14:20Z,,NODATA\n\
         2,123456789012,eni-0a1b2c3d,2001:db8::1,10.0.0.2,50000,443,253,3,300,2023-11-14T22:13:20Z,\
         2023-11-14T22:14:20Z,REJECT,OK\n"
    );
    records("-o csv").dir(tree.root()).prints(&rows);
    records("-o tsv").dir(tree.root()).prints(&rows.replace(',', "\t"));
    vpcflow("search -o csv").dir(tree.root()).prints(&rows);
}

#[test]
fn as_json() {
    let tree = small();
    let fields = "--fields src-ip,protocol,protocol-number,bytes,start,duration,src-ip/24/64";
    let rows = [
        r#"{"src_ip":"10.0.0.1","protocol":"tcp","protocol_number":6,"bytes":1234567,"start":"2023-11-14T22:13:20Z","duration":60,"src_ip_24_64":"10.0.0.0/24"}"#,
        r#"{"src_ip":null,"protocol":null,"protocol_number":null,"bytes":null,"start":"2023-11-14T22:13:20Z","duration":60,"src_ip_24_64":null}"#,
        r#"{"src_ip":"2001:db8::1","protocol":"253","protocol_number":253,"bytes":300,"start":"2023-11-14T22:13:20Z","duration":60,"src_ip_24_64":"2001:db8::/64"}"#,
    ];
    records(&format!("-o ndjson {fields}")).dir(tree.root()).prints(&format!("{}\n", rows.join("\n")));
    records(&format!("-o json {fields}")).dir(tree.root()).prints(&format!("[\n{}\n]\n", rows.join(",\n")));
    records(&format!("-o json -n 1 {fields}")).dir(tree.root()).prints(&format!("[\n{}\n]\n", rows[0]));
    let own = records("-o ndjson -n 1").dir(tree.root()).result();
    assert!(own.starts_with(r#"{"version":2,"account_id":"123456789012","interface_id":"#), "{own}");
    assert!(own.ends_with("\"action\":\"ACCEPT\",\"log_status\":\"OK\"}\n"), "{own}");
}

#[test]
fn as_tables() {
    let tree = small();
    records("--fields src-ip,bytes,action").dir(tree.root()).prints(
        "src-ip             bytes action\n10.0.0.1          1.2 MB ACCEPT\n\
         -                      - -\n2001:db8::1        300 B REJECT\n",
    );
    records("--fields src-ip,bytes,action --raw -n 2").dir(tree.root()).prints(
        "src-ip             bytes action\n10.0.0.1         1234567 ACCEPT\n\
         -                      - -\nthe first 2 rows; -n 0 shows all\n",
    );
    records("-n 1").dir(tree.root()).env("COLUMNS", 80).prints(
        "src-ip          dst-ip          dst-port    bytes start                action\n\
         10.0.0.1        10.0.0.2             443   1.2 MB 2023-11-14T22:13:20Z ACCEPT\n\
         the first row; -n 0 shows all\n\
         not shown at this width: protocol and 7 more (--fields chooses, -o csv has all)\n",
    );
    records("--fields src-ip,bytes,action -o markdown").dir(tree.root()).prints(
        "| src-ip | bytes | action |\n| --- | ---: | --- |\n| 10.0.0.1 | 1234567 | ACCEPT |\n\
         |  |  |  |\n| 2001:db8::1 | 300 | REJECT |\n",
    );
}

#[test]
fn as_long() {
    let text = "tcp-flags srcaddr protocol start bytes\n18 10.0.0.1 6 1700000000 1\n\n0 - 253 - 2\n";
    let tree = Tree::of("a b.log", text);
    records("-o long").dir(tree.root()).prints(
        "tcp-flags  18 (syn,ack)\nsrc-ip     10.0.0.1\nprotocol   6 (tcp)\nstart      2023-11-14T22:13:20Z\n\
         bytes      1\nfile       ./a b.log\nline       2\n\n\
         tcp-flags  0\nsrc-ip     -\nprotocol   253\nstart      -\nbytes      2\nfile       ./a b.log\nline       4\n",
    );
}

/// Lines in two formats, with everything odd that a line may have.
fn odd() -> String {
    let short = "srcaddr x-of-tomorrow bytes packets start end";
    format!(
        "{}{short}\r\n10.0.0.9  new 1 2 3 4\r\n 10.0.0.8 - 1 2 3 4 \n{V5}\n{}",
        log(&[flow(), nodata(), flow().with("bytes", "x")]),
        vec!["-"; 29].join(" ")
    )
}

#[test]
fn raw_lines_are_a_log_again() {
    let tree = Tree::of("a.log", odd()).gz("b.log.gz", odd()).file("c.log", log(&[flow(), flow()]));
    let raw = records("-o raw").dir(tree.root()).gives(0, Text::Any, Text::Any).stdout;
    let short = "srcaddr x-of-tomorrow bytes packets start end";
    let bad = flow().with("bytes", "x").line();
    let one = format!(
        "{V2}\n{}{}{bad}{short}\n10.0.0.9  new 1 2 3 4\n 10.0.0.8 - 1 2 3 4 \n{V5}\n{}\n",
        flow().line(),
        nodata().line(),
        vec!["-"; 29].join(" ")
    );
    assert_eq!(raw, format!("{one}{one}{V2}\n{}{}", flow().line(), flow().line()));
    let again = Tree::of("x", &raw);
    records("-o raw").dir(again.root()).gives(0, &raw[..], Text::Any);
    for command in ["summary -o csv", "records -o csv --fields all", "top --by src-ip -o csv"] {
        let from = |tree: &Tree| vpcflow(command).dir(tree.root()).gives(0, Text::Any, Text::Any).stdout;
        let (before, after) = (from(&tree), from(&again));
        // Only the number of files differs.
        assert_eq!(before.replace("\n3,", "\n1,"), after, "{command}");
    }
    records("-o raw x").dir(again.root()).arg("-j1").gives(0, &raw[..], Text::Any);
}

#[test]
fn headers_that_cannot_be_told_from_records_are_named() {
    let tree = Tree::of("a.log", "1 2\n");
    records("-o raw --log-format ${new-a},${new-b}").dir(tree.root()).gives(
        0,
        "new-a new-b\n1 2\n",
        &["the header 'new-a new-b' has too few known fields", "--log-format"],
    );
}

#[test]
fn columns_are_those_of_all_files() {
    let tree = Tree::of("a.log", "srcaddr bytes\n10.0.0.1 1\n").file("b.log", "dstaddr bytes\n10.0.0.2 2\n");
    for fields in ["", "--fields all"] {
        records(&format!("-o csv {fields}")).dir(tree.root()).prints("src_ip,bytes,dst_ip\n10.0.0.1,1,\n,2,10.0.0.2\n");
    }
    records("-o ndjson")
        .dir(tree.root())
        .prints("{\"src_ip\":\"10.0.0.1\",\"bytes\":1}\n{\"dst_ip\":\"10.0.0.2\",\"bytes\":2}\n");
    records("-o ndjson --fields all --sort=-time").dir(tree.root()).prints(
        "{\"src_ip\":\"10.0.0.1\",\"bytes\":1,\"dst_ip\":null}\n{\"src_ip\":null,\"bytes\":2,\"dst_ip\":\"10.0.0.2\"}\n",
    );
}

#[test]
fn fields_that_come_late_are_named() {
    let text = "srcaddr bytes\n10.0.0.1 1\ndstaddr bytes packets\n10.0.0.2 2 3\n10.0.0.2 2 3\n";
    let note =
        "vpcflow: 2 records have fields that are not among the columns: dst-ip, packets; name them with --fields\n";
    records("-o csv").stdin(text).gives(0, "src_ip,bytes\n10.0.0.1,1\n,2\n,2\n", note);
    records("-o csv -n 2").stdin(text).gives(
        0,
        "src_ip,bytes\n10.0.0.1,1\n,2\n",
        &note.replace("2 records have", "1 record has"),
    );
    records("-o csv --fields bytes").stdin(text).prints("bytes\n1\n2\n2\n");
    records("-o csv -n 1").stdin(text).prints("src_ip,bytes\n10.0.0.1,1\n");
    records("-o csv -q").stdin(text).prints("src_ip,bytes\n10.0.0.1,1\n,2\n,2\n");
}

#[test]
fn fields_that_no_input_has_are_named() {
    let absent = "vpcflow: no input has the field 'tgw-id'\n";
    records("--fields tgw-id,bytes -o csv").stdin(log(&[flow()])).gives(0, "tgw_id,bytes\n,300\n", absent);
    records("--fields bytes -o raw").gives(2, "", &["-o raw prints whole lines", "--fields"]);
    records("--fields src-pi").gives(2, "", &["unknown field 'src-pi'; did you mean 'src-ip'?"]);
    records("--fields x-of-2031").stdin(log(&[flow()])).gives(2, "", &["unknown field 'x-of-2031'"]);
}

#[test]
fn an_empty_input_has_a_header() {
    let note = "vpcflow: there is not a single line in the input\n";
    records("-o csv").stdin("").gives(0, HEAD, note);
    records("-o json").stdin("").gives(0, "[]\n", note);
    records("-o ndjson").stdin("").gives(0, "", note);
    records("-o raw").stdin("").gives(0, "", note);
    records("-o csv").stdin("bytes packets\n").prints("bytes,packets\n");
    records("").stdin("bytes packets\n").prints("   bytes packets\n");
}

#[test]
fn hostile_text_is_inert() {
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}a|b,\"c\"\t<x>";
    let tree = Tree::of("a.log", log(&[flow().with("interface-id", hostile)]));
    for format in ["table", "csv", "tsv", "ndjson", "json", "markdown", "long"] {
        let shown = records(&format!("-o {format} --fields interface-id")).dir(tree.root()).result();
        let odd = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!shown.contains(odd), "{format}: {shown:?}");
    }
    let csv = "interface_id\n\"\\x1b[2J\\x9b31m\\u{202e}a|b,\"\"c\"\"\\x09<x>\"\n";
    records("-o csv --fields interface-id").dir(tree.root()).prints(csv);
    let json = records("-o ndjson --fields interface-id").dir(tree.root()).result();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).expect("JSON")["interface_id"], hostile);
    // What is made to be read again is as it was.
    let raw = records("-o raw").dir(tree.root()).result();
    assert_eq!(raw, log(&[flow().with("interface-id", hostile)]));
}

/// Seven files, packed and plain, with malformed lines and bad values.
fn several() -> Tree {
    let tree = Tree::new();
    for i in 0..7 {
        let text = format!("{}short line\n{}", many(40 + i), flow().with("bytes", format!("bad{i}")).line());
        let name = format!("{i}.log");
        if i % 2 == 0 { tree.write(name, text) } else { tree.write(name, support::tree::gzip(text)) }
    }
    tree
}

#[test]
fn a_limit_reads_no_further_than_its_file() {
    let tree = several();
    for format in ["csv", "ndjson", "raw", "long"] {
        let all = records(&format!("-o {format}")).dir(tree.root()).gives(0, Text::Any, Text::Any).stdout;
        for limit in [1, 41, 42, 43, 200] {
            let run = |threads| {
                let line = format!("-o {format} -n {limit} -j {threads} --stats=json");
                records(&line).dir(tree.root()).gives(0, Text::Any, Text::Any)
            };
            let one = run(1);
            assert!(all.starts_with(one.stdout.trim_end()), "{one}");
            // A file has a header, a malformed line, and one more record than its number says.
            let mut files = 0u64;
            let mut lines = 0u64;
            let mut left = limit as u64;
            while left > 0 {
                let records = 40 + files + 1;
                lines += records + 2;
                files += 1;
                left = left.saturating_sub(records);
            }
            let stats = one.stats();
            assert_eq!((stats["files"].as_u64(), stats["lines"].as_u64()), (Some(files), Some(lines)), "{one}");
            for threads in 2..4 {
                for _ in 0..3 {
                    let other = run(threads);
                    assert_eq!((&one.stdout, one.warnings()), (&other.stdout, other.warnings()));
                    let without = |outcome: &support::Outcome| {
                        let mut stats = outcome.stats();
                        stats.remove("seconds");
                        stats
                    };
                    assert_eq!(without(&one), without(&other));
                }
            }
        }
    }
}

#[test]
fn bad_values_are_located_where_they_are_shown() {
    let tree = Tree::of("a.log", log(&[flow(), flow().with("bytes", "x").with("packets", "y")]));
    let bad = "vpcflow: ./a.log:3: bad value: bytes is 'x', expected a whole number (0 to 2^64 - 1)\n";
    records("-o csv --fields bytes").dir(tree.root()).gives(0, "bytes\n300\n\"\"\n", bad);
    records("-o csv").dir(tree.root()).gives(0, Text::Any, &["bytes is 'x'", "packets is 'y'"]);
    records("-o csv --fields action").dir(tree.root()).prints("action\nACCEPT\nACCEPT\n");
    records("-o raw").dir(tree.root()).result();
}

#[test]
fn sorted_by_time() {
    let at = |start: &str, bytes: u32| flow().with("start", start).with("bytes", bytes);
    let tree = Tree::of("a.log", log(&[at("1700000009", 1), at("-", 2), at("1700000001", 3)]))
        .file("b.log", log(&[at("1700000005", 4), at("1700000001", 5), at("x", 6), at("1700000009000", 7)]));
    let run = |sort: &str, limit: usize, threads: usize| {
        let line = format!("-o csv --fields bytes --sort {sort} -n {limit} -j {threads}");
        // Sorting reads the time.
        let bad = if sort == "none" { &[""] } else { &["start is 'x'"] };
        records(&line).dir(tree.root()).gives(0, Text::Any, bad).rows().concat().join(" ")
    };
    for threads in 1..4 {
        assert_eq!(run("time", 0, threads), "2 6 3 5 4 1 7");
        assert_eq!(run("-time", 0, threads), "1 7 4 3 5 2 6");
        assert_eq!(run("time", 3, threads), "2 6 3");
        assert_eq!(run("-time", 2, threads), "1 7");
        assert_eq!(run("none", 0, threads), "1 2 3 4 5 6 7");
    }
    let raw = records("-o raw --sort time").dir(tree.root()).gives(0, Text::Any, Text::Any).stdout;
    assert!(raw.starts_with(&format!("{V2}\n{}", at("-", 2).line())) && raw.lines().count() == 8, "{raw}");
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let tree = Tree::new();
    for i in 0..40 {
        tree.write(format!("{i}.log"), many(5000));
    }
    for format in ["csv", "json", "raw", "table"] {
        for threads in ["-j1", "-j3"] {
            let mut child = records(&format!("-o {format} {threads}")).dir(tree.root()).spawn();
            let mut first = [0; 10];
            let mut pipe = child.stdout.take().expect("a pipe");
            pipe.read_exact(&mut first).expect("some output");
            drop(pipe);
            let mut said = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
            let status = child.wait().expect("an end");
            assert_eq!((status.code(), &said[..]), (Some(0), ""), "{format} {threads}");
        }
    }
}

#[test]
fn the_first_rows_come_at_once() {
    for format in ["csv --fields src-ip", "ndjson", "raw", "table"] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vpcflow"));
        command.args("records -o".split(' ')).args(format.split(' ')).arg("-");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut input = child.stdin.take().expect("a pipe");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut read = || {
            let mut line = String::new();
            output.read_line(&mut line).expect("a line");
            line
        };
        // Standard input stays open: whoever waits for its end hangs here.
        input.write_all(log(&[flow()]).as_bytes()).expect("room in the pipe");
        let first = read();
        let second = if format == "ndjson" { first } else { read() };
        assert!(second.contains("10.0.0.1"), "{format}: {second}");
        input.write_all(flow().with("srcaddr", "10.9.9.9").line().as_bytes()).expect("room in the pipe");
        assert!(read().contains("10.9.9.9"), "{format}");
        drop(input);
        assert_eq!(child.wait().expect("an end").code(), Some(0));
    }
}

#[test]
fn a_limit_stops_reading_standard_input() {
    let mut child = records("-o raw -n 2").stdin(b"").spawn();
    child.wait().expect("an end");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vpcflow"));
    command.args("records -o raw -n 2 -".split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(log(&[flow(), flow(), flow()]).as_bytes()).expect("room in the pipe");
    // Its end never comes.
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    let mut out = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
    assert_eq!(out, log(&[flow(), flow()]));
    drop(input);
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    records("-o csv testdata/demo").stdout(full).gives(2, "", &["cannot write standard output: No space left"]);
}

#[test]
fn damaged_files_are_named_and_the_rest_is_printed() {
    let whole = support::tree::gzip(many(500));
    let tree = Tree::of("a.gz", &whole[..whole.len() / 2]).file("b.log", log(&[flow()])).file("c.log", "{}");
    for threads in ["-j1", "-j2"] {
        let run = records("-o csv --fields src-ip").arg(threads).dir(tree.root());
        let outcome = run.gives(3, Text::Any, &["a.gz: truncated", "c.log: JSON of no known form"]);
        assert!(outcome.rows().len() > 1 && outcome.stdout.ends_with("10.0.0.1\n"), "{outcome}");
    }
}
