//! Gzip: a file that is unpacked at once and one that is unpacked as a stream, in blocks of any size, are
//! the same text with the same account; and both are what a slow twin makes of the members.

#![no_main]

#[path = "../support/members.rs"]
mod members;

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use members::{Fault, Part, unpacked};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::{cell::RefCell, io::Write};
use vpcflow::source::{Blocks, Buffers, Damage, Ending, Facts, Limits, Read, Source, read};

/// A file, put together from members and what else may stand there, and then harmed.
#[derive(Debug)]
struct Case {
    packed: Vec<u8>,
    block: usize,
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Case> {
        let block = u.int_in_range(1..=300)?;
        let mut packed = Vec::new();
        for _ in 0..u.int_in_range(1..=4)? {
            Part::arbitrary(u)?.write(&mut packed);
        }
        if u.ratio(1, 4)? {
            let inner = std::mem::take(&mut packed);
            Part::Member { text: inner, level: 1, flags: 0, name: vec![] }.write(&mut packed);
        }
        for _ in 0..u.int_in_range(0..=2)? {
            if !packed.is_empty() {
                let at = u.choose_index(packed.len())?;
                packed[at] ^= u.arbitrary::<u8>()?;
            }
        }
        let cut = if u.ratio(1, 4)? { u.choose_index(packed.len() + 1)? } else { 0 };
        packed.truncate(packed.len() - cut);
        Ok(Case { packed, block })
    }
}

/// Everything that is told of a file.
#[derive(Debug, Default, PartialEq)]
struct Told {
    lines: Vec<u8>,
    pieces: Vec<u8>,
    stored: Option<Vec<u8>>,
    too_long: Vec<u64>,
    cut: usize,
    advanced: u64,
    ending: Ending,
}

impl Blocks for Told {
    fn block(&mut self, block: &[u8]) -> bool {
        assert!(!block.is_empty());
        assert!(self.lines.is_empty() || self.lines.ends_with(b"\n"), "a line was torn");
        self.lines.extend_from_slice(block);
        true
    }

    fn piece(&mut self, piece: &[u8]) -> bool {
        self.pieces.extend_from_slice(piece);
        true
    }

    fn too_long(&mut self, bytes: u64) {
        self.too_long.push(bytes);
    }

    fn cut_line(&mut self) {
        self.cut += 1;
    }

    fn advance(&mut self, bytes: u64) {
        self.advanced += bytes;
    }

    fn stopped(&self) -> bool {
        false
    }
}

thread_local! {
    static FILE: RefCell<File> = RefCell::new(tempfile::tempfile().expect("a temporary file"));
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

fn told(path: &str, limits: &Limits) -> Told {
    let path = Some(PathBuf::from(path));
    let source = Source { path, facts: Facts::default(), size: 0, named: true, broken: None };
    let mut told = Told::default();
    let read = BUFFERS.with_borrow_mut(|buffers| read(&source, limits, buffers, &mut told));
    match read {
        Read::Done(ending) => told.ending = ending,
        Read::Table(stored, ending) => (told.stored, told.ending) = (Some(stored.bytes().to_vec()), ending),
        Read::Split(_) => panic!("a small file is split"),
    }
    told
}

fuzz_target!(|case: Case| {
    let Case { packed, block } = &case;
    let path = FILE.with_borrow_mut(|file| {
        file.set_len(0).and_then(|()| std::io::Seek::rewind(file)).and_then(|()| file.write_all(packed)).expect("room");
        format!("/proc/self/fd/{}", file.as_raw_fd())
    });
    let whole = told(&path, &Limits::default());
    let stream = told(&path, &Limits { whole: 0, split: usize::MAX, ..Limits::default() });
    let small = told(&path, &Limits { whole: 0, split: usize::MAX, block: *block, ..Limits::default() });
    let cut_short = !whole.ending.damage.is_empty();
    // Where the buffer ends decides, too, by what name damage is found: as a wrong code, or by the checksum.
    let is_corrupt = |told: &Told| told.ending.damage.iter().any(|damage| matches!(damage, Damage::Corrupt(_)));
    let corrupt = [&whole, &stream, &small].into_iter().any(is_corrupt);
    for mut told in [stream, small] {
        if cut_short {
            // A stream is left where the fault is.
            (told.advanced, told.ending.packed) = (whole.advanced, whole.ending.packed);
        }
        if corrupt {
            // How much is read before the fault depends on the blocks, that there is one does not.
            // libdeflate takes codes that zlib refuses, if the checksum fits all the same.
            let is_lenient = whole.ending.damage.is_empty() && is_corrupt(&told);
            let same = told.ending.damage.len() == whole.ending.damage.len();
            assert!(same || is_lenient, "in blocks of {block} bytes: {packed:02x?}");
        } else {
            assert_eq!(told, whole, "in blocks of {block} bytes");
        }
    }
    if packed.starts_with(members::MAGIC) {
        check(&whole, is_corrupt(&whole), packed);
    }
});

/// Holds what was told against what the twin unpacks.
fn check(told: &Told, corrupt: bool, packed: &[u8]) {
    let (text, fault) = unpacked(packed);
    let told_fault = told.ending.damage.first().map(Fault::of);
    let is_lenient = told_fault.is_none() && fault == Some(Fault::Corrupt);
    if is_lenient || matches!(told_fault, Some(Fault::Foreign)) {
        return;
    }
    // Of deflated bytes that are damaged, the twin and zlib say in other places, and by other names, that they are:
    // they differ in what codes they take.
    if told_fault != fault {
        let is_of_a_member = |fault| matches!(fault, Some(Fault::Corrupt | Fault::Checksum | Fault::Truncated));
        assert!(is_of_a_member(told_fault) && is_of_a_member(fault), "{:?}, {fault:?}: {packed:02x?}", told.ending);
        return;
    }
    if !told.too_long.is_empty() {
        // Few bytes may be a line of more than a mebibyte, which is not kept.
        return;
    }
    if corrupt {
        return assert!(text.starts_with(&told.lines) && text.starts_with(&told.pieces));
    }
    if fault.is_some() && told.stored.is_none() && told.lines.is_empty() && told.pieces.is_empty() {
        // The beginning of a Parquet file is no file.
        return;
    }
    let cut = matches!(fault, Some(Fault::Truncated | Fault::Checksum));
    let whole = if cut { text.iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1) } else { text.len() };
    if let Some(stored) = &told.stored {
        assert_eq!(stored, &text);
    } else if !told.pieces.is_empty() {
        assert_eq!(told.pieces, text);
    } else {
        assert_eq!(told.lines, text[..whole]);
        assert_eq!(told.cut, usize::from(cut && whole < text.len()));
    }
    if told.stored.is_none() {
        assert_eq!(told.ending.unpacked, text.len() as u64);
    }
}
