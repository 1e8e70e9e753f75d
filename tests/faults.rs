//! Damaged and foreign inputs: what was whole counts, what is lost is named once with its reason,
//! and the status says so.

mod support;

use std::io::Read;
use support::lines::{V2, V5, flow, log, many};
use support::tree::{Tree, gzip, members};
use support::{Outcome, vpcflow};

const FLOWS: u32 = 2000;

/// What a file has to come to.
#[derive(Debug, Default)]
struct Expected {
    status: i32,
    flows: u64,
    headers: u64,
    malformed: u64,
    failed: u64,
    partial: u64,
    /// What the one warning says about the file; nothing for none.
    says: &'static str,
}

/// A file that is read whole.
fn whole(flows: u32, says: &'static str) -> Expected {
    Expected { flows: flows.into(), headers: 1, says, ..Expected::default() }
}

/// A file of which all rows are read, and something is wrong.
fn partial(says: &'static str) -> Expected {
    Expected { status: 3, flows: FLOWS.into(), headers: 1, partial: 1, says, ..Expected::default() }
}

fn failed(says: &'static str) -> Expected {
    Expected { status: 3, failed: 1, says, ..Expected::default() }
}

fn hold(name: &str, bytes: &[u8], expected: &Expected) {
    // A healthy file beside it always counts.
    let tree = Tree::of(name, bytes).file("z-healthy.log", log(&[flow(), flow()]));
    let named = vpcflow("summary -o csv --stats=json").arg(name).arg("z-healthy.log").dir(tree.root()).outcome();
    hold_outcome(name, &named, expected);
    let walked = vpcflow("summary -o csv --stats=json").dir(tree.root()).outcome();
    assert_eq!(walked.stdout, named.stdout, "{walked}");
    let alone = vpcflow("summary -o csv --stats=json").arg(name).dir(tree.root()).outcome();
    let piped = vpcflow("summary -o csv --stats=json").stdin(bytes).outcome();
    let is_about_the_name = ["named .gz", "empty (0 bytes)"].iter().any(|what| expected.says.contains(what));
    if !is_about_the_name {
        assert_eq!((piped.status, &piped.stdout), (alone.status, &alone.stdout), "{piped}\n{alone}");
        assert_eq!(piped.warnings().replace(": -:", &format!(": {name}:")), alone.warnings());
    }
}

fn hold_outcome(name: &str, outcome: &Outcome, expected: &Expected) {
    let stats = outcome.stats();
    let count = |name: &str| stats[name].as_u64().expect("a count");
    assert_eq!(outcome.status, expected.status, "{outcome}");
    for (name, expected) in [
        ("flows", expected.flows + 2),
        ("headers", expected.headers + 1),
        ("malformed", expected.malformed),
        ("files", 2),
        ("files_failed", expected.failed),
        ("files_partial", expected.partial),
    ] {
        assert_eq!(count(name), expected, "{name} in\n{outcome}");
    }
    assert_eq!(count("lines"), count("headers") + count("blank") + count("records") + count("malformed"), "{outcome}");
    let warnings = outcome.warnings();
    let about: Vec<&str> = warnings.lines().filter(|line| !line.contains(": malformed: ")).collect();
    let is_error = expected.status != 0;
    match expected.says {
        "" => assert_eq!(about, [""; 0], "{outcome}"),
        says => {
            assert_eq!(about.len(), 1, "one warning: {outcome}");
            assert!(about[0].contains(&format!("{name}:")) && about[0].contains(says), "{says}: {outcome}");
            assert_eq!(about[0].starts_with("vpcflow: error: "), is_error, "{outcome}");
        }
    }
}

fn changed(bytes: &[u8], from_end: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = bytes.len() - from_end;
    bytes[place] ^= 0x10;
    bytes
}

#[test]
fn damaged_gzip() {
    let text = many(FLOWS);
    let good = gzip(&text);
    let cut = &good[..good.len() / 2];
    // What can be unpacked of the cut file: its whole lines count, the last is a fragment.
    let mut unpacked = Vec::new();
    _ = flate2::read::GzDecoder::new(cut).read_to_end(&mut unpacked);
    let newlines = unpacked.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert!(newlines > 100 && !unpacked.ends_with(b"\n"), "the example is cut in a line");
    let is_cut = Expected { flows: newlines - 1, malformed: 1, ..partial("truncated at byte ") };
    hold("cut.log.gz", cut, &is_cut);
    hold("no-trailer.log.gz", &good[..good.len() - 8], &partial("truncated"));
    hold("half-a-trailer.log.gz", &good[..good.len() - 3], &partial("truncated"));
    hold("crc.log.gz", &changed(&good, 6), &partial("checksum mismatch"));
    hold("length.log.gz", &changed(&good, 2), &partial("checksum mismatch"));
    hold("garbage.log.gz", &[&good[..], b"GARBAGE"].concat(), &whole(FLOWS, "7 bytes after the gzip end ignored"));
    hold("padding.log.gz", &[&good[..], &[0; 512]].concat(), &whole(FLOWS, ""));
    hold("good.log.gz", &good, &whole(FLOWS, ""));
    for length in [2, 5, 10] {
        let nothing = Expected { status: 3, partial: 1, says: "truncated", ..Expected::default() };
        hold("head.log.gz", &good[..length], &nothing);
    }
}

#[test]
fn second_members_are_held_to_the_same() {
    let first = gzip(many(FLOWS));
    let more: String = log(&vec![flow(); 500]);
    let second = gzip(&more);
    let both = |second: &[u8]| [&first[..], second].concat();
    let all = |says| Expected { flows: 2500, headers: 2, ..partial(says) };
    hold("both.log.gz", &both(&second), &Expected { flows: 2500, headers: 2, ..Expected::default() });
    hold("crc.log.gz", &both(&changed(&second, 6)), &all("checksum mismatch"));
    hold("no-trailer.log.gz", &both(&second[..second.len() - 8]), &all("truncated"));
    hold("first-crc.log.gz", &[&changed(&first, 6)[..], &second].concat(), &partial("checksum mismatch"));
}

#[test]
fn a_flipped_bit_is_never_missed() {
    let good = gzip(many(300));
    // Behind the header of 10 bytes, of which gzip itself ignores some.
    for place in (10..good.len()).step_by(good.len() / 60) {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        let tree = Tree::of("flipped.log.gz", &bytes);
        let outcome = vpcflow("top -o csv --stats=json flipped.log.gz").dir(tree.root()).outcome();
        assert_eq!(outcome.status, 3, "byte {place}: {outcome}");
        let about: Vec<&str> = outcome.stderr.lines().filter(|line| line.contains("error: flipped.log.gz: ")).collect();
        assert_eq!(about.len(), 1, "byte {place}: {outcome}");
        let words =
            ["checksum mismatch", "may be wrong", "truncated", "looks like", "no header line", "unusable header"];
        assert!(words.iter().any(|word| about[0].contains(word)), "byte {place}: {outcome}");
    }
}

#[test]
fn members_are_one_text() {
    let text = many(50);
    for cuts in [vec![700], vec![1, 2, 3], vec![10, 10, 4000], vec![text.len()], vec![0]] {
        hold("members.log.gz", &members(&text, &cuts), &whole(50, ""));
    }
    let twice = [gzip(&text), gzip(&text)].concat();
    hold("twice.log.gz", &twice, &Expected { flows: 100, headers: 2, ..Expected::default() });
    let other = "bytes packets dstaddr srcaddr protocol log-status\n7 1 10.9.9.9 10.8.8.8 6 OK\n";
    let layouts = [gzip(&text), gzip(other)].concat();
    hold("layouts.log.gz", &layouts, &Expected { flows: 51, headers: 2, ..Expected::default() });
    let tree = Tree::of("x", layouts);
    vpcflow("top --sort bytes --asc -n 1 -o csv x")
        .dir(tree.root())
        .prints("src_ip,flows,rejects,packets,bytes,share\n10.0.0.1,1,0,3,1,0.0008\n");
}

#[test]
fn nothing_in_a_file_is_an_answer() {
    hold("empty.log", b"", &Expected::default());
    hold("empty.log.gz", b"", &failed("empty (0 bytes)"));
    hold("nothing.log.gz", &gzip(""), &Expected::default());
    hold("header.log.gz", &gzip(format!("{V2}\n")), &whole(0, ""));
    hold("header.log", V5.as_bytes(), &whole(0, ""));
    hold("newlines.log", b"\n\n \n", &Expected::default());
}

#[test]
fn names_do_not_matter() {
    hold("plain.log.gz", many(5).as_bytes(), &whole(5, "named .gz, but not compressed"));
    let tree = Tree::new().gz("packed.log", many(5));
    let outcome = vpcflow("summary -o csv --stats=json packed.log").dir(tree.root()).outcome();
    assert_eq!((outcome.status, outcome.stats()["flows"].as_u64()), (0, Some(5)), "{outcome}");
}

#[test]
fn foreign_contents_are_named_once() {
    let utf16: Vec<u8> = many(9).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let kinds: [(&[u8], &str); 9] = [
        (b"PAR1\x15\x04\n\n\n\n\nmore\n\nPAR1", "Parquet"),
        (b"\x28\xb5\x2f\xfd\x24\n\n\n\n", "zstd"),
        (b"BZh91AY&SY\n\n", "bzip2"),
        (b"\xfd7zXZ\0\0\n", "xz"),
        (b"PK\x03\x04\n\n\n", "zip"),
        (b"{\"Records\":[\n{},\n{}]}\n", "JSON"),
        (b"[\n1,\n2]\n", "JSON"),
        (&[b"\xff\xfe", &utf16[..]].concat(), "UTF-16"),
        (b"\x7fELF\x02\x01\n\n", "program"),
    ];
    for (bytes, name) in kinds {
        hold("foreign.log", bytes, &failed(name));
        hold("foreign.log.gz", bytes, &failed(name));
        hold("inside.log.gz", &gzip(bytes), &failed(name));
    }
    // A delivery stream may pack what is packed; nobody packs it a third time.
    hold("twice.log.gz", &gzip(gzip(many(9))), &whole(9, ""));
    hold("thrice.log.gz", &gzip(gzip(gzip(many(9)))), &failed("gzip inside gzip inside gzip"));
}

#[test]
fn unusable_headers_and_no_header() {
    let line = flow().line();
    hold("v2.log", line.repeat(3).as_bytes(), &Expected { flows: 3, ..Expected::default() });
    hold("short.log", b"10.0.0.1 10.0.0.2 443\n10.0.0.1 10.0.0.2 444\n", &failed("--log-format"));
    hold("one.log", b"hello\n", &failed("its first line has 1 field, not the 14"));
    hold("same-count.log", "a b c d e f g h i j k l m n\n".repeat(3).as_bytes(), &failed("--log-format"));
    let twice = format!("{V2} bytes\n{}", line.replace('\n', " 5\n"));
    hold("twice.log", twice.as_bytes(), &failed("field bytes twice"));
    let later = format!("{V2}\n{line}{line}{V2} bytes\n{line}");
    let in_part = Expected { flows: 2, ..partial("later.log:4: unusable header: field bytes twice") };
    hold("later.log", later.as_bytes(), &in_part);
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
