//! Whatever stands in a log, in a name or in a header: it does nothing but stand there, in every form
//! of output and in every message.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use support::lines::{V2, flow, log};
use support::tree::Tree;
use support::vpcflow;

/// Text that a terminal, a spreadsheet, a browser or a reader of the output may obey. None of it has a
/// space or a newline, which end a value, or a line.
const HOSTILE: [&[u8]; 32] = [
    b"\x1b]0;title\x07",
    b"\x1b]8;;http://x\x1b\\x",
    b"\x1b[2J",
    b"\x1bPq\x1b\\",
    b"\x9b31m",
    "\u{9b}31m".as_bytes(),
    "\u{202e}evil".as_bytes(),
    "\u{2066}x".as_bytes(),
    "\u{feff}x".as_bytes(),
    "\u{200b}x".as_bytes(),
    "\u{2028}x".as_bytes(),
    "\u{ad}x".as_bytes(),
    "\u{e0041}x".as_bytes(),
    b"\xff\xfe",
    b"a\0b",
    b"a\tb",
    b"a\x0bb",
    b"a\rb",
    b"=1+1",
    b"+1+1",
    b"-1+1",
    b"@SUM(A1)",
    b"\t=1",
    b"|pipe|",
    b"<script>alert(1)</script>",
    b"<!--",
    b"`x`",
    b"a\\b",
    b"\"quoted\"",
    b"a,b",
    b"'",
    b"[x](y)&amp;~~*x*",
];

/// The formats of every command, and those of records alone.
const FORMATS: [&str; 6] = ["table", "csv", "tsv", "ndjson", "json", "markdown"];
const RECORD_FORMATS: [&str; 3] = ["long", "ecs", "ocsf"];

/// Every hostile text as the id of an interface, and as an action.
fn hostile_log() -> Vec<u8> {
    let mut text = format!("{V2}\n").into_bytes();
    for value in HOSTILE {
        let line = flow().with("interface-id", "HERE").with("action", "HERE").line();
        let parts: Vec<&str> = line.split("HERE").collect();
        text.extend([parts[0].as_bytes(), value, parts[1].as_bytes(), value, parts[2].as_bytes()].concat());
    }
    text
}

/// A value as JSON gives it back: bytes that are not UTF-8 as `\xff`.
fn in_json(value: &[u8]) -> String {
    let part = |chunk: std::str::Utf8Chunk<'_>| {
        let invalid: String = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")).collect();
        chunk.valid().to_string() + &invalid
    };
    value.utf8_chunks().map(part).collect()
}

/// Nothing that a terminal would obey, and no line that is not ours.
#[track_caller]
fn is_inert(text: &str, tabs: bool) {
    let steers = |c: char| {
        c.is_control() && c != '\n' && !(tabs && c == '\t')
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            || ('\u{e0000}'..='\u{e007f}').contains(&c)
    };
    assert!(!text.contains(steers), "{text:?}");
}

#[test]
fn hostile_values_are_inert_in_every_output() {
    let text = hostile_log();
    for command in
        ["top --by interface-id,action -n 0", "interfaces", "summary", "fields", "records", "timeline --by action"]
    {
        let more: &[&str] = if command == "records" { &RECORD_FORMATS } else { &[] };
        for format in FORMATS.iter().chain(more) {
            let outcome = vpcflow(&format!("{command} -o {format}")).stdin(&text).outcome();
            assert_eq!((outcome.status, &outcome.stderr[..]), (0, ""), "{outcome}");
            is_inert(&outcome.stdout, *format == "tsv");
            // On a terminal's width, too.
            let narrow = vpcflow(&format!("{command} -o {format}")).env("COLUMNS", 40).stdin(&text).outcome();
            is_inert(&narrow.stdout, *format == "tsv");
        }
    }
}

#[test]
fn hostile_values_do_not_change_the_form_of_the_output() {
    let rows = HOSTILE.len();
    let top = |format: &str| {
        vpcflow("top --by interface-id,action --agg flows --sort flows -n 0 -o")
            .arg(format)
            .stdin(hostile_log())
            .result()
    };
    let tsv = top("tsv");
    assert_eq!(tsv.lines().count(), rows + 1, "{tsv}");
    assert!(tsv.lines().all(|line| line.split('\t').count() == 4), "{tsv}");
    let csv = top("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.records().filter(|row| row.as_ref().is_ok_and(|row| row.len() == 4)).count(), rows);
    let mut expected: Vec<String> = HOSTILE.iter().map(|value| in_json(value)).collect();
    expected.sort_unstable();
    let lines = top("ndjson");
    let ndjson = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for found in [ndjson, serde_json::from_str::<Vec<serde_json::Value>>(&top("json")).expect("JSON")] {
        let mut ids: Vec<String> = found.iter().map(|row| row["interface_id"].as_str().expect("text").into()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "JSON gives back what the log says");
    }
    let markdown = top("markdown");
    assert_eq!(markdown.lines().count(), rows + 2, "{markdown}");
    for line in markdown.lines() {
        assert_eq!(unescaped(line).matches('|').count(), 5, "{line}");
        assert!(!unescaped(line).contains(['<', '>', '`', '[', '&', '*', '~']), "{line}");
    }
    assert_eq!(top("table").lines().count(), rows + 1);
}

/// What Markdown takes for markup: a line without what is escaped, and without what stands in spans of code.
fn unescaped(line: &str) -> String {
    // Cells first: a bar ends a cell even in a span, unless it is escaped.
    let (mut out, mut rest) = (String::new(), line.replace("\\|", ""));
    while let Some(c) = rest.chars().next() {
        let fence = rest.len() - rest.trim_start_matches('`').len();
        let end = rest[fence..].find(&rest[..fence]).filter(|_| fence > 0).map(|end| 2 * fence + end);
        match (c, end) {
            ('\\', _) => rest = rest.chars().skip(2).collect(),
            (_, Some(end)) => rest = rest[end..].to_string(),
            _ => {
                out.push(c);
                rest.remove(0);
            }
        }
    }
    out
}

#[test]
fn raw_lines_are_as_they_were() {
    let text = hostile_log();
    let tree = Tree::of("x.log", &text);
    let out = tree.path("raw.log");
    let run = vpcflow("convert --to raw --out").arg(&out).arg("x.log").dir(tree.root()).outcome();
    assert_eq!(run.status, 0, "{run}");
    // Carriage returns end no line here: they stand within a value.
    assert_eq!(fs::read(&out).expect("a file"), text);
    let ids = "top --by interface-id --agg flows --sort flows -n 0 -o ndjson";
    assert_eq!(vpcflow(ids).arg(&out).result(), vpcflow(ids).arg("x.log").dir(tree.root()).result());
}

/// Text that a spreadsheet takes for a formula is marked as text; numbers are not, and neither is
/// anything without being asked.
#[test]
fn formulas_are_text_where_that_is_asked_for() {
    let formulas = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=a,\"b\""];
    let tree = Tree::of("x.log", log(&formulas.map(|value| flow().with("interface-id", value).with("action", value))));
    let run = |line: &str| vpcflow(line).arg("x.log").dir(tree.root()).result();
    let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    for command in
        ["top --by interface-id,action -n 0", "records", "interfaces", "fields", "timeline --by interface-id -n 0"]
    {
        for (format, separator) in [("csv", b','), ("tsv", b'\t')] {
            let cells = |line: &str| {
                let text = run(line);
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(separator)
                    .quoting(format == "csv")
                    .from_reader(text.as_bytes());
                let rows = reader.records().map(|row| row.expect("a row")).collect::<Vec<_>>();
                rows.iter().flat_map(|row| row.iter().map(String::from).collect::<Vec<_>>()).collect::<Vec<_>>()
            };
            let plain = cells(&format!("{command} -o {format}"));
            let safe = cells(&format!("{command} -o {format} --csv-safe"));
            assert!(plain.iter().any(|cell| is_formula(cell)), "{command}: there is something to be done");
            let expected: Vec<String> =
                plain.iter().map(|cell| if is_formula(cell) { format!("'{cell}") } else { cell.clone() }).collect();
            assert_eq!(safe, expected, "{command}");
        }
    }
    let out = tree.path("safe.csv");
    let convert = vpcflow("convert --to csv --csv-safe --out").arg(&out).arg("x.log").dir(tree.root()).outcome();
    let records = run("records -o csv --csv-safe");
    assert_eq!((convert.status, fs::read_to_string(&out).expect("a file")), (0, records));
    for format in ["table", "json", "ndjson", "markdown"] {
        let top = format!("top --by action -n 0 -o {format}");
        assert_eq!(run(&top), run(&format!("{top} --csv-safe")), "{format}");
    }
}

#[test]
fn hostile_values_are_inert_in_messages() {
    for value in HOSTILE {
        for field in ["bytes", "log-status"] {
            let line = flow().with(field, "HERE").line();
            let (before, behind) = line.split_once("HERE").expect("a place");
            let text = [V2.as_bytes(), b"\n", before.as_bytes(), value, behind.as_bytes()].concat();
            let outcome = vpcflow("summary").stdin(text).outcome();
            is_inert(&outcome.stderr, false);
            assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
        }
        // What is no log at all, and a field of a header.
        for text in [[value, b" x\n"].concat(), [V2.as_bytes(), b" x", value, b"\n"].concat()] {
            let outcome = vpcflow("summary").stdin(text).outcome();
            is_inert(&outcome.stderr, false);
            assert!(outcome.stderr.lines().all(|line| line.starts_with("vpcflow: ")), "{outcome:?}");
        }
    }
}

#[test]
fn hostile_names_are_inert() {
    let names: [&[u8]; 7] = [
        b"esc\x1b]0;title\x07.log",
        b"new\nline.log",
        b"\xff\xfe.log",
        b"-n.log",
        b" blank .log",
        "bidi\u{202e}gol.log".as_bytes(),
        b"\x9b31m.log",
    ];
    let tree = Tree::new();
    for name in names {
        tree.write(OsStr::from_bytes(name), log(&[flow()]) + "short line\n");
    }
    let outcome = vpcflow("summary -o csv --stats=json").dir(tree.root()).outcome();
    let stats = outcome.stats();
    for (name, count) in [("flows", 7), ("files", 7), ("malformed", 7), ("files_failed", 0)] {
        assert_eq!(stats[name].as_u64(), Some(count), "{name}: {outcome}");
    }
    is_inert(&outcome.stderr, false);
    for line in outcome.warnings().lines() {
        assert!(line.starts_with("vpcflow: "), "{outcome}");
    }
    for shown in
        ["esc\\x1b]0;title\\x07.log:3", "new\\x0aline.log:3", "bidi\\u{202e}gol.log:3", "./-n.log:3", "./ blank .log:3"]
    {
        assert!(outcome.stderr.contains(shown), "{shown}: {outcome}");
    }
    let long = vpcflow("records -o long -q").dir(tree.root()).outcome();
    is_inert(&long.stdout, false);
    // Named one by one, and where they do not exist.
    for name in names {
        let missing = [name, b".missing"].concat();
        for (name, status) in [(name, 0), (&missing[..], 2)] {
            let outcome = vpcflow("top -o csv --").arg(OsStr::from_bytes(name)).dir(tree.root()).outcome();
            assert_eq!(outcome.status, status, "{outcome}");
            is_inert(&outcome.stderr, false);
            assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
        }
    }
}

#[test]
fn hostile_names_of_empty_directories_are_inert() {
    let tree = Tree::new();
    for name in ["esc\x1b]0;title\x07", "new\nline", "bidi\u{202e}gol"] {
        fs::create_dir(tree.path(name)).expect("a directory");
        let outcome = vpcflow("top -o csv").arg(name).dir(tree.root()).outcome();
        is_inert(&outcome.stderr, false);
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome:?}");
    }
}
