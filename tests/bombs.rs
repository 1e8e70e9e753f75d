//! Little that becomes much, and lines without an end: memory stays as it is, and every line is in the
//! account. With `VPCFLOW_BIG_TESTS=1` in the environment it is ten gigabytes instead of 80 MB.

mod support;

use std::io::Write;
use support::held::Held;
use support::lines::{V2, flow};

/// The most that may be held, in KiB: half of what goes through the pipe.
const MOST: u64 = 40 << 10;

/// A piece of what is sent again and again, and how often, unpacked.
const PIECE: usize = 16 << 20;

fn times() -> usize {
    let big = std::env::var_os("VPCFLOW_BIG_TESTS").is_some_and(|value| !value.is_empty() && value != "0");
    if big { (10 << 30) / PIECE } else { 5 }
}

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text.as_ref()).and_then(|()| encoder.finish()).expect("memory does not fail")
}

/// Pipes a head, a piece again and again, and a tail, and holds the memory and what is counted.
#[track_caller]
fn run(head: &[u8], piece: &[u8], tail: &[u8], counts: &[(&str, u64)]) -> Held {
    let pieces = std::iter::repeat_n(piece, times());
    let started = std::time::Instant::now();
    let held = Held::by("top --by src-ip -o csv --stats=json", std::iter::once(head).chain(pieces).chain([tail]));
    let seconds = started.elapsed().as_secs_f64();
    // Whoever runs the large ones wants to know.
    _ = writeln!(std::io::stderr(), "{seconds:.1} s, at most {} KiB", held.most);
    assert!(held.whole && held.most < MOST, "{} KiB, more than {MOST}: {}", held.most, held.stderr);
    for (name, count) in counts {
        assert_eq!(held.count(name), *count, "{name}: {}", held.stderr);
    }
    held
}

fn first() -> String {
    format!("{V2}\n{}", flow().line())
}

fn last() -> String {
    format!("\n{}", flow().line())
}

#[test]
fn zeros_inside_gzip() {
    let counts = [("lines", 4), ("flows", 2), ("malformed", 1), ("headers", 1), ("files_partial", 0)];
    let held = run(&gzip(first()), &gzip(vec![0; PIECE]), &gzip(last()), &counts);
    let long = format!("-:3: malformed: line too long ({} bytes; at most 1 MiB)", times() * PIECE);
    assert!(held.stderr.contains(&long) && held.stderr.contains(" times its size"), "{}", held.stderr);
}

#[test]
fn zeros_inside_gzip_inside_gzip() {
    let counts = [("lines", 1), ("malformed", 1)];
    let inner = gzip(vec![0; PIECE]);
    run(b"", &gzip(inner), b"", &counts);
}

#[test]
fn a_line_without_an_end() {
    let counts = [("lines", 3), ("flows", 1), ("malformed", 1), ("headers", 1)];
    run(first().as_bytes(), &vec![b'A'; PIECE], b"", &counts);
}

/// Before the header, nothing is known of the lines, and yet they are not kept.
#[test]
fn blank_lines_before_the_header() {
    let blank = (PIECE / 4 * times()) as u64;
    let counts = [("lines", blank + 2), ("flows", 1), ("blank", blank), ("headers", 1)];
    let lines = b"   \n".repeat(PIECE / 4);
    run(b"", &gzip(lines), &gzip(first()), &counts);
}

/// A file that is mapped is not brought into memory by the search for the end of a line.
#[test]
fn a_line_without_an_end_in_a_file() {
    let tree = support::tree::Tree::new();
    let mut file = std::fs::File::create(tree.path("x.log")).expect("a file");
    file.write_all(first().as_bytes()).expect("room");
    (0..5).for_each(|_| file.write_all(&vec![b'A'; PIECE]).expect("room"));
    file.write_all(last().as_bytes()).expect("room");
    let long = format!("x.log:3: malformed: line too long ({} bytes; at most 1 MiB)", 5 * PIECE);
    for threads in [1, 2] {
        let question = format!("top --by src-ip -o csv --stats=json -j {threads} {}", tree.path("x.log").display());
        let held = Held::by(&question, []);
        assert!(held.most < MOST, "{} KiB: {}", held.most, held.stderr);
        assert!(held.stderr.contains(&long), "{}", held.stderr);
        let counts = ["lines", "flows", "malformed", "headers", "files_partial"].map(|name| held.count(name));
        assert_eq!(counts, [4, 2, 1, 1, 0], "{}", held.stderr);
    }
}
