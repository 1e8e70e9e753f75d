//! Damaged and foreign files: what was whole counts, what is lost is named once with its reason, and
//! the status says so.

mod support;

use std::fs;
use std::io::Write;
use support::faults::compressed::{all, changed, unpacked};
use support::lines::{flow, log, many};
use support::tree::{Tree, gzip};
use support::vpcflow;

#[test]
fn every_fault_is_accounted_for() {
    all().iter().for_each(support::faults::Fault::hold);
}

/// Whatever bit it is, it is told, and the file reads the same from a pipe.
#[test]
fn a_flipped_bit_is_never_missed() {
    let good = gzip(many(300));
    let words = ["checksum mismatch", "may be wrong", "truncated", "looks like", "no header line", "unusable header"];
    // Behind the header of 10 bytes, of which gzip itself ignores some.
    for place in (10..good.len()).step_by(good.len() / 60) {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        let tree = Tree::of("flipped.log.gz", &bytes);
        let run = || vpcflow("top -n 0 -o csv --stats=json").dir(tree.root());
        let outcome = run().arg("flipped.log.gz").outcome();
        assert_eq!(outcome.status, 3, "byte {place}: {outcome}");
        let about: Vec<&str> = outcome.stderr.lines().filter(|line| line.contains("error: flipped.log.gz: ")).collect();
        assert_eq!(about.len(), 1, "byte {place}: {outcome}");
        assert!(words.iter().any(|word| about[0].contains(word)), "byte {place}: {outcome}");
        let piped = run().stdin(&bytes).outcome();
        assert_eq!((piped.status, &piped.stdout), (3, &outcome.stdout), "byte {place}: {outcome}{piped}");
        assert_eq!(piped.stats()["lines"], outcome.stats()["lines"], "byte {place}: {outcome}{piped}");
    }
}

/// Damaged data end where they are damaged, however slowly they come.
#[test]
fn a_damaged_file_is_the_same_through_a_slow_pipe() {
    let good = gzip(many(30_000));
    let mut bytes = good.clone();
    bytes[good.len() / 2] ^= 0x40;
    let whole = unpacked(&bytes).len();
    let question = "summary -o csv --stats=json";
    let tree = Tree::of("x", &bytes);
    let at_once = vpcflow(question).arg("x").dir(tree.root()).outcome();
    assert!(at_once.stats()["bytes_unpacked"].as_u64() >= Some(whole as u64) && whole > 0, "{at_once}");
    let slow = tree.path("slow");
    assert!(std::process::Command::new("mkfifo").arg(&slow).status().expect("mkfifo").success());
    let writer = std::thread::spawn(move || {
        let mut pipe = fs::OpenOptions::new().write(true).open(slow).expect("a pipe");
        // What has been given up is not read to its end.
        bytes.chunks(1009).all(|chunk| pipe.write_all(chunk).is_ok());
    });
    let piece_by_piece = vpcflow(question).arg("slow").dir(tree.root()).outcome();
    writer.join().expect("a thread");
    assert_eq!((piece_by_piece.status, &piece_by_piece.stdout), (at_once.status, &at_once.stdout));
    assert_eq!(piece_by_piece.warnings(), at_once.warnings().replace(" x:", " slow:"));
}

#[test]
fn members_of_two_layouts_are_read_by_their_own() {
    let other = "bytes packets dstaddr srcaddr protocol log-status\n7 1 10.9.9.9 10.8.8.8 6 OK\n";
    let tree = Tree::of("x", [gzip(many(50)), gzip(other)].concat());
    vpcflow("top --agg bytes,packets -n 0 --by src-ip -w src-ip=10.8.8.8 -o csv x")
        .dir(tree.root())
        .prints("src_ip,bytes,packets,share\n10.8.8.8,7,1,1.0000\n");
}

/// A directory of files by the wrong names is not a page of messages.
#[test]
fn many_names_that_do_not_fit_are_counted() {
    let tree = Tree::new();
    (0..9).for_each(|i| tree.write(format!("{i}.log"), gzip(log(&[flow()]))));
    (0..9).for_each(|i| tree.write(format!("{i}.x.gz"), log(&[flow()])));
    let outcome = vpcflow("summary -o csv").dir(tree.root()).outcome();
    let said: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!((outcome.status, said.len()), (0, 6), "{outcome}");
    assert!(said[0].starts_with("vpcflow: ./0.log: named as if it were not compressed, but gzip"), "{outcome}");
    assert!(said[1].starts_with("vpcflow: ./0.x.gz: named .gz, but not compressed"), "{outcome}");
    assert_eq!(said[5], "vpcflow: 18 misleading names in all; the first 5 are shown");
}

#[test]
fn a_file_that_fails_has_no_name_to_speak_of() {
    let tree = Tree::of("x.log", gzip("a b c\n")).file("y.log.gz", changed(b"a b c\n", 2));
    let outcome = vpcflow("top -o csv").dir(tree.root()).outcome();
    assert!(outcome.status == 3 && !outcome.stderr.contains("named"), "{outcome}");
}
