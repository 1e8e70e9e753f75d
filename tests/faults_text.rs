//! Odd lines and odd values: a line is malformed, a record, blank or a header whatever is asked;
//! what a field cannot hold is named and counts as no value.

mod support;

use support::lines::{Record, V2, V5, flow, log, nodata};
use support::tree::{Tree, gzip};
use support::vpcflow;

#[test]
fn every_fault_is_accounted_for() {
    support::faults::text::all().iter().for_each(support::faults::Fault::hold);
}

/// The longest line that is kept, in bytes.
const LONGEST: usize = 1 << 20;

/// Holds what `top --by src-ip --agg AGG -o csv` gives and says about one file.
fn top(text: impl AsRef<[u8]>, agg: &str, expected: &str, says: &str) {
    let tree = Tree::of("x.log", text);
    let run = vpcflow(&format!("top --agg {agg} --sort flows -o csv x.log")).dir(tree.root());
    run.gives(0, expected, says);
}

#[test]
fn lines_end_and_begin_in_many_ways() {
    let text = log(&[flow(), flow().with("bytes", 5)]);
    let answer = "src_ip,bytes,flows,share\n10.0.0.1,305,2,1.0000\n";
    top(&text, "bytes", answer, "");
    top(text.trim_end(), "bytes", answer, "");
    top(text.replace('\n', "\r\n"), "bytes", answer, "");
    top(text.replace('\n', "\r\n").trim_end(), "bytes", answer, "");
    top(format!("\u{feff}{text}"), "bytes", answer, "");
    top(text.replace('\n', "\n\n  \n"), "bytes", answer, "");
    top(text.replace(' ', "   "), "bytes", answer, "");
    top(text.replace('\n', " \n "), "bytes", answer, "");
    let packed = Tree::new().gz("x.log.gz", format!("\u{feff}{text}"));
    vpcflow("top --agg bytes --sort flows -o csv x.log.gz").dir(packed.root()).prints(answer);
    // A byte order mark before a record, too.
    let bare = text.split_once('\n').expect("a header").1;
    top(format!("\u{feff}{bare}"), "bytes", answer, "");
}

#[test]
fn the_first_five_malformed_lines_are_shown() {
    let tabs = flow().line().replace(' ', "\t");
    let short = "2 123456789012 eni-0a1b2c3d 10.0.0.1\n";
    let long = flow().line().replace('\n', " more\n");
    let line = flow().line();
    let six = format!("{V2}\n{line}{tabs}{short}\n{long}{line}{tabs}\0{}\n", "x ".repeat(3));
    let tree = Tree::of("six.log", &six).file("b.log", format!("{V2}\n{short}{short}"));
    let said = "vpcflow: six.log:3: malformed: 1 field, expected 14\n\
                vpcflow: six.log:4: malformed: 4 fields, expected 14\n\
                vpcflow: six.log:6: malformed: 15 fields, expected 14\n\
                vpcflow: six.log:8: malformed: 1 field, expected 14\n\
                vpcflow: six.log:9: malformed: 3 fields, expected 14\n";
    let answer = "src_ip,flows,share\n10.0.0.1,2,1.0000\n";
    let run = |files: &str| vpcflow(&format!("top --agg flows --sort flows -o csv {files}")).dir(tree.root());
    run("six.log").gives(0, answer, said);
    let count = "vpcflow: 7 malformed lines in all; the first 5 are shown\n";
    run("six.log b.log").gives(0, answer, &format!("{said}{count}"));
    run("six.log --quiet").prints(answer);
    run("six.log -q b.log").prints(answer);
    run("six.log --strict").gives(3, answer, said);
    run("six.log --strict -q").gives(3, answer, "");
    // In path order, whatever is larger.
    let walked = run(".").outcome();
    let files: Vec<&str> = walked.stderr.lines().map(|line| &line[..17]).collect();
    assert_eq!(files[..3], ["vpcflow: ./b.log:2", "vpcflow: ./b.log:3", "vpcflow: ./six.log"].map(|line| &line[..17]));
}

#[test]
fn a_healthy_log_is_not_strict_about_bad_values() {
    let text = log(&[flow().with("bytes", "abc")]);
    let tree = Tree::of("x.log", text);
    let said = "vpcflow: x.log:2: bad value: bytes is 'abc', expected a whole number (0 to 2^64 - 1)\n";
    vpcflow("top --agg bytes --strict -o csv x.log").dir(tree.root()).gives(
        0,
        "src_ip,bytes,share\n10.0.0.1,0,0.0000\n",
        said,
    );
}

#[test]
fn numbers_at_the_edges() {
    for (value, sum, good) in [
        ("0", "0", true),
        ("007", "7", true),
        ("18446744073709551615", "18446744073709551615", true),
        ("18446744073709551616", "0", false),
        ("99999999999999999999999", "0", false),
        ("abc", "0", false),
        ("-5", "0", false),
        ("+5", "0", false),
        ("1e3", "0", false),
        ("0x10", "0", false),
        ("1_000", "0", false),
        ("1,000", "0", false),
        ("4.5", "0", false),
        ("--", "0", false),
        ("\u{661}", "0", false),
        ("-", "0", true),
    ] {
        let said =
            format!("vpcflow: x.log:2: bad value: bytes is '{value}', expected a whole number (0 to 2^64 - 1)\n");
        let flows = log(&[flow().with("bytes", value)]);
        top(
            flows,
            "bytes",
            &format!("src_ip,bytes,flows,share\n10.0.0.1,{sum},1,1.0000\n"),
            if good { "" } else { &said },
        );
    }
    for (field, value, good) in [
        ("dstport", "65535", true),
        ("dstport", "65536", false),
        ("protocol", "255", true),
        ("protocol", "256", false),
        ("protocol", "tcp", false),
        ("start", "18446744073709551615", true),
        ("start", "18446744073709551616", false),
    ] {
        let tree = Tree::of("x.log", log(&[flow().with(field, value)]));
        let stats = vpcflow("summary -o csv --stats=json x.log").dir(tree.root()).outcome().stats();
        assert_eq!(stats["bad_values"].as_u64(), Some(u64::from(!good)), "{field} {value}");
    }
}

#[test]
fn missing_numbers_are_zero_in_sums_and_nothing_elsewhere() {
    let with = |value: &str| flow().with("bytes", value);
    top(
        log(&[with("10"), with("-"), with("-"), with("21")]),
        "flows,bytes,min(bytes),max(bytes),avg(bytes),sum(bytes),distinct(bytes)",
        "src_ip,flows,bytes,min_bytes,max_bytes,avg_bytes,sum_bytes,distinct_bytes,share\n10.0.0.1,4,31,10,21,15.50,31,2,1.0000\n",
        "",
    );
    top(
        log(&[with("-")]),
        "bytes,min(bytes),max(bytes),avg(bytes),distinct(bytes)",
        "src_ip,bytes,min_bytes,max_bytes,avg_bytes,distinct_bytes,flows,share\n10.0.0.1,0,,,,0,1,1.0000\n",
        "",
    );
}

#[test]
fn addresses_at_the_edges() {
    let keyed = |address: &str, shown: &str| {
        let text = log(&[flow().with("srcaddr", address)]);
        top(text, "flows", &format!("src_ip,flows,share\n{shown},1,1.0000\n"), "");
    };
    for (address, shown) in [
        ("0.0.0.0", "0.0.0.0"),
        ("255.255.255.255", "255.255.255.255"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
        ("::", "::"),
        ("::1", "::1"),
    ] {
        keyed(address, shown);
    }
    for address in
        ["256.1.1.1", "010.0.0.1", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "10.0.0.1/32", "[::1]", ":::", "0x7f.1"]
    {
        let said = format!(
            "vpcflow: x.log:2: bad value: src-ip is '{address}', expected an IP address\n\
                            vpcflow: 1 of 1 flows have no value for a key, and are in no group\n"
        );
        top(log(&[flow().with("srcaddr", address)]), "flows", "src_ip,flows,share\n", &said);
    }
    // A mapped address is no IPv4 address: it keeps away from the networks of those.
    let text = log(&[flow(), flow().with("srcaddr", "::ffff:10.0.0.1")]);
    let tree = Tree::of("x.log", text);
    vpcflow("top --by src-ip/8 --agg flows --sort flows -o csv x.log")
        .dir(tree.root())
        .prints("src_ip_8,flows,share\n10.0.0.0/8,1,0.5000\n::ffff:10.0.0.1,1,0.5000\n");
}

#[test]
fn sums_do_not_wrap() {
    let most = u64::MAX.to_string();
    let flows: Vec<Record> = (0..1000).map(|_| flow().with("bytes", &most).with("packets", &most)).collect();
    let sum = (u128::from(u64::MAX) * 1000).to_string();
    top(
        log(&flows),
        "bytes,sum(packets),avg(bytes)",
        &format!("src_ip,bytes,sum_packets,avg_bytes,flows,share\n10.0.0.1,{sum},{sum},{most}.00,1000,1.0000\n"),
        "",
    );
    let tree = Tree::of("x.log", log(&flows));
    vpcflow("top --agg bytes x.log")
        .dir(tree.root())
        .prints("src-ip     bytes  share\n10.0.0.1 18.4 ZB 100.0%  ████████████\n");
    vpcflow("top --agg bytes -o json x.log")
        .dir(tree.root())
        .prints(&format!("[\n{{\"src_ip\":\"10.0.0.1\",\"bytes\":{sum},\"share\":1.0000}}\n]\n"));
}

#[test]
fn statuses_are_told_apart() {
    let text = log(&[flow(), nodata(), nodata().with("log-status", "SKIPDATA"), flow().with("log-status", "BROKEN")]);
    let tree = Tree::of("x.log", text);
    let said = "vpcflow: x.log: log-status 'BROKEN' is not known; such records are no flows\n";
    let outcome = vpcflow("top --agg flows -o csv --stats=json x.log").dir(tree.root()).outcome();
    assert_eq!((outcome.status, outcome.warnings()), (0, said.to_string()), "{outcome}");
    assert_eq!(outcome.stdout, "src_ip,flows,bytes,share\n10.0.0.1,1,300,1.0000\n");
    let stats = outcome.stats();
    for (name, count) in
        [("records", 4), ("flows", 1), ("nodata", 1), ("skipdata", 1), ("other_status", 1), ("bad_values", 0)]
    {
        assert_eq!(stats[name].as_u64(), Some(count), "{name}");
    }
    // Without a log-status, a record without a source is one without data.
    let bare = "srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 5\n- - -\n- 10.0.0.2 5\n10.0.0.1 - 5\n";
    let stats = vpcflow("summary -o csv --stats=json").stdin(bare).outcome().stats();
    assert_eq!((stats["flows"].as_u64(), stats["nodata"].as_u64()), (Some(2), Some(2)));
    // And where there is no source either, every record is a flow.
    let stats = vpcflow("summary -o csv --stats=json").stdin("bytes packets\n5 1\n- -\n").outcome().stats();
    assert_eq!((stats["flows"].as_u64(), stats["nodata"].as_u64()), (Some(2), Some(0)));
}

#[test]
fn records_without_a_key_are_left_out_and_counted() {
    let text =
        log(&[flow(), flow().with("srcaddr", "-"), flow().with("srcaddr", "1.2.3"), flow().with("dstaddr", "-")]);
    let tree = Tree::of("x.log", text);
    let outcome = vpcflow("top --agg flows --sort flows -o csv --stats=json x.log").dir(tree.root()).outcome();
    // Shares are of all flows.
    assert_eq!(outcome.stdout, "src_ip,flows,share\n10.0.0.1,2,0.5000\n");
    assert_eq!(outcome.stats()["null_keys"].as_u64(), Some(2));
    let both = vpcflow("top --by src-ip,dst-ip --agg flows -o csv --stats=json x.log").dir(tree.root()).outcome();
    assert_eq!(both.stats()["null_keys"].as_u64(), Some(3));
}

#[test]
fn times_in_milliseconds_are_seconds() {
    let at = |start: &str, end: &str| flow().with("start", start).with("end", end);
    let text = log(&[at("1700000000123", "1700000060999"), at("1700000001", "1700000002")]);
    top(
        text,
        "first_seen,last_seen,max(duration)",
        "src_ip,first_seen,last_seen,max_duration,flows,share\n10.0.0.1,2023-11-14T22:13:20Z,2023-11-14T22:14:20Z,60,2,1.0000\n",
        "",
    );
    // The year 5138 is odd, but a time; beyond the year 9999 seconds are left as they are.
    let text = log(&[at("0", "100000000000"), at("951868799", "18446744073709551615")]);
    top(
        text,
        "first_seen,min(end),last_seen",
        "src_ip,first_seen,min_end,last_seen,flows,share\n10.0.0.1,1970-01-01T00:00:00Z,5138-11-16T09:46:40Z,18446744073709551615,2,1.0000\n",
        "vpcflow: x.log:2: implausible time: start is 0, expected seconds from 2001 to 2100\n\
         vpcflow: x.log:3: implausible time: start is 951868799, expected seconds from 2001 to 2100\n",
    );
}

#[test]
fn ids_keep_their_zeros() {
    let tree = Tree::of("x.log", log(&[flow().with("account-id", "000000000042")]));
    let run = |format: &str| {
        vpcflow(&format!("top --by account-id --agg flows --sort flows -o {format} x.log")).dir(tree.root())
    };
    run("csv").prints("account_id,flows,share\n000000000042,1,1.0000\n");
    run("ndjson").prints("{\"account_id\":\"000000000042\",\"flows\":1,\"share\":1.0000}\n");
}

#[test]
fn headers_in_any_spelling() {
    let upper = format!("{}\n{}", V2.to_uppercase(), flow().line());
    top(upper, "bytes", "src_ip,bytes,flows,share\n10.0.0.1,300,1,1.0000\n", "");
    let under = format!("{}\n{}", V2.replace('-', "_").replace("srcaddr", "src_ip"), flow().line());
    top(under, "bytes", "src_ip,bytes,flows,share\n10.0.0.1,300,1,1.0000\n", "");
    // Fields of tomorrow are noted once, and do no harm.
    let tomorrow = |header: &str| format!("{header} new-field-2031\n{}", flow().line().replace('\n', " 17\n"));
    let said = "vpcflow: x.log: field 'new-field-2031' is not known; its values are carried as text\n";
    top(tomorrow(V2), "bytes", "src_ip,bytes,flows,share\n10.0.0.1,300,1,1.0000\n", said);
    top(tomorrow(V2).repeat(3), "bytes", "src_ip,bytes,flows,share\n10.0.0.1,900,3,1.0000\n", said);
}

/// Only names that are not known have to look like names.
#[test]
fn a_header_in_capitals_with_a_new_field() {
    let text = format!("{} new-field-2031\n{}", V2.to_uppercase(), flow().line().replace('\n', " 17\n"));
    let said = "vpcflow: x.log: field 'new-field-2031' is not known; its values are carried as text\n";
    top(text, "bytes", "src_ip,bytes,flows,share\n10.0.0.1,300,1,1.0000\n", said);
}

/// Holds that plain, packed and piped, a text gives the same answer, account and messages.
fn same_however_it_comes(text: &[u8]) -> serde_json::Map<String, serde_json::Value> {
    let tree = Tree::new().file("x", text).gz("x.gz", text);
    let run = || vpcflow("summary -o csv --stats=json").dir(tree.root());
    let plain = run().arg("x").outcome();
    let account = |outcome: &support::Outcome| {
        let mut stats = outcome.stats();
        for name in ["seconds", "bytes_read"] {
            stats.remove(name);
        }
        stats
    };
    for (name, other) in [
        ("x.gz", run().arg("x.gz")),
        ("-", run().stdin(text)),
        ("-", run().stdin(gzip(text))),
        ("-", run().stdin_file(tree.path("x"))),
    ] {
        let other = other.outcome();
        assert_eq!((other.status, &other.stdout), (plain.status, &plain.stdout), "{other}\n{plain}");
        assert_eq!(account(&other), account(&plain), "{other}\n{plain}");
        assert_eq!(other.warnings().replace(&format!(": {name}:"), ": x:"), plain.warnings(), "{other}\n{plain}");
    }
    account(&plain)
}

#[test]
fn lines_that_are_too_long() {
    let line = flow().line();
    for (length, newline) in
        [(LONGEST, true), (LONGEST + 1, true), (LONGEST + 1, false), (3 * LONGEST + 7, true), (3 * LONGEST, false)]
    {
        let long = "A".repeat(length) + if newline { "\n" } else { "" };
        let after = if newline { &line } else { "" };
        let text = format!("{V2}\n{line}{line}{long}{after}");
        let stats = same_however_it_comes(text.as_bytes());
        assert_eq!(stats["malformed"].as_u64(), Some(1), "{length}");
        assert_eq!(stats["flows"].as_u64(), Some(2 + u64::from(newline)), "{length}");
        assert_eq!(stats["lines"].as_u64(), Some(4 + u64::from(newline)), "{length}");
    }
    let tree = Tree::of("x", format!("{V2}\n{line}{}\n{line}", "A".repeat(2 * LONGEST)));
    let outcome = vpcflow("top -o csv x").dir(tree.root()).outcome();
    assert_eq!(outcome.stderr, "vpcflow: x:3: malformed: line too long (2097152 bytes; at most 1 MiB)\n", "{outcome}");
}

#[test]
fn long_lines_before_the_header() {
    let rest = format!("{V5}\n{V2}\n{}", flow().line());
    for (length, count) in [(LONGEST + 1, 1), (300_000, 1), (100_000, 5), (200_000, 7), (10, 7)] {
        let text = ("A".repeat(length) + "\n").repeat(count) + &rest;
        let stats = same_however_it_comes(text.as_bytes());
        assert_eq!(stats["flows"].as_u64(), Some(1), "{count} lines of {length} bytes");
    }
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    let line = flow().line();
    let mut text = format!("{V2}\n{line}").into_bytes();
    text.extend(b"\0\0\0\0\n\xff\xfe \xc3\x28\n");
    text.extend(line.replace("eni-0a1b2c3d", "eni-X").bytes().map(|byte| if byte == b'X' { 0xff } else { byte }));
    let stats = same_however_it_comes(&text);
    assert_eq!((stats["flows"].as_u64(), stats["malformed"].as_u64()), (Some(2), Some(2)));
    let shown = vpcflow("interfaces -o csv").stdin(text).outcome();
    assert!(shown.stdout.contains("\neni-\\xff,"), "{shown}");
}

/// A header is found wherever its known names stand, and behind a byte order mark.
#[test]
fn headers_in_mid_file_are_found_in_disguise() {
    for header in ["\u{feff}srcaddr packets bytes log-status", "new-a new-b srcaddr packets bytes start log-status"] {
        let rows = if header.starts_with("new") { "x y 10.0.0.9 2 7 1 OK\n" } else { "10.0.0.9 2 7 OK\n" };
        let tree = Tree::of("x.log", format!("{}{header}\n{rows}", log(&[flow()])));
        let run = vpcflow("top --agg bytes,flows --sort flows -o csv -q x.log").dir(tree.root());
        run.gives(0, "src_ip,bytes,flows,share\n10.0.0.1,300,1,0.5000\n10.0.0.9,7,1,0.5000\n", "");
    }
}

/// Before a header, lines of fourteen fields that are not those of the default format are not read as if.
#[test]
fn a_header_does_not_vouch_for_what_stands_before_it() {
    let odd = "10.0.0.1 10.0.0.2 80 443 6 5 500 1773568800 1773568860 eni-1 123456789012 2 ACCEPT OK\n";
    let text = format!("{odd}srcaddr bytes log-status\n10.0.0.9 7 OK\n");
    let tree = Tree::of("x.log", &text);
    let said = "vpcflow: error: x.log: no header line, and its first lines do not look like records of the default \
                format ('10.0.0.1 10.0.0.2 80 443 6 5 500 1773568800 1773...'); name its format with --log-format\n";
    let empty = "src_ip,bytes,share\n";
    vpcflow("top --agg bytes -o csv x.log").dir(tree.root()).gives(3, empty, said);
    // A line of any other length is malformed, and the header counts.
    let other = Tree::of("x.log", "a comment\nsrcaddr bytes log-status\n10.0.0.9 7 OK\n");
    vpcflow("top --agg bytes -o csv x.log").dir(other.root()).gives(
        0,
        "src_ip,bytes,share\n10.0.0.9,7,1.0000\n",
        "vpcflow: x.log:1: malformed: 2 fields, expected 14\n",
    );
}

/// Which of many names are shown depends neither on the threads nor on who met them first.
#[test]
fn warnings_are_the_same_for_any_number_of_threads() {
    let tree = Tree::new();
    for file in 0..40 {
        let lines: String = (0..60).map(|line| format!("2 10.0.0.1 S{:02}\n", (file * 7 + line) % 40)).collect();
        tree.write(format!("{file:02}.log"), format!("version srcaddr log-status\n{lines}"));
    }
    let said = |threads: u32| vpcflow(&format!("summary -o csv -j {threads}")).dir(tree.root()).outcome().stderr;
    let expected = said(1);
    assert_eq!(expected.lines().filter(|line| line.contains("is not known")).count(), 5, "{expected}");
    assert!(expected.contains("there are more log-status values that are not known"), "{expected}");
    for threads in [1, 2, 3, 4, 2, 3, 4] {
        assert_eq!(said(threads), expected, "-j {threads}");
    }
}

/// A format that fits no first line is told apart from one that fits by its number of fields only.
#[test]
fn the_advice_does_not_contradict_itself() {
    let tree = Tree::of("x.log", "a b c d e f g h i j k l m n\n");
    let outcome = vpcflow("top x.log").dir(tree.root()).outcome();
    assert_eq!(outcome.status, 3, "{outcome}");
    assert!(!outcome.stderr.contains("has 14 fields, not the 14"), "{outcome}");
}

#[test]
fn lines_without_a_header_are_read_as_they_are_said_to_be() {
    let short = "10.0.0.1 443 17\n10.0.0.2 443 18\n";
    let tree = Tree::of("x.log", short).file("v5.log", V5.replace(|c: char| c != ' ', "").replace(' ', "- ") + "-\n");
    for format in
        ["srcaddr,dstport,bytes", "src-ip dst_port BYTES", "${srcaddr} ${dstport} ${bytes}", "${srcaddr} ${x} ${bytes}"]
    {
        let run = vpcflow("top --agg bytes --asc -o csv x.log --log-format").arg(format).dir(tree.root());
        let note = if format.contains("${x}") {
            "vpcflow: x.log: field 'x' is not known; its values are carried as text\n"
        } else {
            ""
        };
        run.gives(0, "src_ip,bytes,share\n10.0.0.1,17,0.4857\n10.0.0.2,18,0.5143\n", note);
    }
    let v5 = vpcflow("summary -o csv --stats=json v5.log --log-format v5").dir(tree.root()).outcome();
    assert_eq!((v5.status, v5.stats()["records"].as_u64()), (0, Some(1)), "{v5}");
    let v2 = vpcflow("summary -o csv --stats=json v5.log --log-format v2").dir(tree.root()).outcome();
    assert_eq!((v2.status, v2.stats()["malformed"].as_u64()), (0, Some(1)), "{v2}");
    // A header wins.
    let headed = Tree::of("h.log", format!("bytes srcaddr dstport\n{}", "5 10.0.0.1 443\n"));
    vpcflow("top --agg bytes -o csv --log-format srcaddr,dstport,bytes h.log")
        .dir(headed.root())
        .prints("src_ip,bytes,share\n10.0.0.1,5,1.0000\n");
}

/// Files of as many columns in another order stand beside the others, in any order of the paths.
#[test]
fn files_of_one_length_and_several_orders() {
    let order = "srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status version account-id \
                 interface-id";
    let other = format!("{order}\n10.0.0.1 10.0.0.2 50000 443 6 3 300 1700000000 1700000060 ACCEPT OK 2 1 eni-1\n");
    let usual = log(&[flow(), flow()]);
    let tree = Tree::of("a.log", &usual).file("b.log", &other).gz("c.log.gz", &usual).gz("d.log.gz", &other);
    for threads in ["1", "2", "3"] {
        vpcflow("top --by src-ip,dst-port --agg flows,packets,bytes --sort flows -o csv -j")
            .arg(threads)
            .dir(tree.root())
            .prints("src_ip,dst_port,flows,packets,bytes,share\n10.0.0.1,443,6,18,1800,1.0000\n");
    }
}

/// One record of the year 5138, and one of 1970, are no millions of buckets.
#[test]
fn implausible_times_make_no_endless_timeline() {
    let at = |start: &str, end: &str| flow().with("start", start).with("end", end);
    let tree = Tree::of("x.log", log(&[at("0", "60"), flow(), at("100000000000", "100000000060")]));
    for load in ["start", "end", "proportional"] {
        for bucket in ["--bucket=1m", "--bucket=1s", "--by=src-ip"] {
            let outcome =
                vpcflow("timeline -o csv --load").args([load, bucket]).arg("x.log").dir(tree.root()).outcome();
            assert_eq!((outcome.status, outcome.rows().len() < 200), (0, true), "{outcome}");
            let flows: u64 = outcome.rows().iter().filter_map(|row| row.iter().rev().nth(4)?.parse::<u64>().ok()).sum();
            assert_eq!(flows, 3, "{outcome}");
            assert!(outcome.stderr.contains("x.log:2: implausible time: "), "{outcome}");
        }
    }
    // Who does not ask for times is not told of them.
    vpcflow("top --agg flows --sort flows -o csv x.log")
        .dir(tree.root())
        .prints("src_ip,flows,share\n10.0.0.1,3,1.0000\n");
}
