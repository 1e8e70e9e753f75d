//! Reading one source: choosing the way, and saying how it ended.

use super::discover::plain_error;
use super::encoding::{Encoding, LONGEST};
use super::gzip::Input;
use super::inflate::Inflater;
use super::lines::{Limits, Text};
use super::unpack::{Inside, unpack};
use super::{Blocks, Damage, Mapped, Severity, Source, Stored};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

/// Memory that a worker uses for one source after another.
#[derive(Default)]
pub struct Buffers {
    packed: Vec<u8>,
    block: Vec<u8>,
    inflater: Option<Inflater>,
}

/// How the reading of a source ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Bytes read from the file.
    pub packed: u64,
    /// Bytes of text in them.
    pub unpacked: u64,
    pub damage: Vec<Damage>,
}

impl Ending {
    fn failed(damage: Damage) -> Ending {
        Ending { damage: vec![damage], ..Ending::default() }
    }
}

/// What became of a source.
pub enum Read {
    Done(Ending),
    /// A large plain file, for several workers to read.
    Split(Mapped),
    /// A Parquet file, likewise. What came with it was read to get at it.
    Table(Stored, Ending),
}

/// Reads a source into `sink`, or returns it mapped if it is a large plain file.
pub fn read(source: &Source, limits: &Limits, buffers: &mut Buffers, sink: &mut dyn Blocks) -> Read {
    let Some(path) = &source.path else { return read_stdin(limits, buffers, sink) };
    #[cfg(debug_assertions)]
    if std::env::var_os("VPCFLOW_TEST_PANIC").is_some_and(|name| path.ends_with(name)) {
        panic!("a test wants it");
    }
    let flags = if source.named { 0 } else { libc::O_NONBLOCK };
    let opened = patiently(|| OpenOptions::new().read(true).custom_flags(flags).open(path));
    let opened = opened.and_then(|file| file.metadata().map(|metadata| (file, metadata)));
    let (file, metadata) = match opened {
        Ok(opened) => opened,
        Err(error) => return Read::Done(Ending::failed(Damage::Unreadable(plain_error(&error)))),
    };
    if !metadata.is_file() {
        return match source.named {
            true => read_stream(file, None, limits, buffers, sink),
            false => Read::Done(Ending::failed(Damage::Unreadable("not a file any more".into()))),
        };
    }
    let name = path.as_os_str().as_encoded_bytes();
    // What is not what its name says is worth a note, not haste.
    let may_split = !name.ends_with(b".gz");
    let mut done = read_file(&file, &metadata, may_split, limits, buffers, sink);
    if let Read::Done(ending) = &mut done {
        name_notes(name, metadata.len(), &buffers.packed, ending);
        note_change(&file, &metadata, ending, sink);
    }
    done
}

/// Notes that a file is not what it was before, unless something else is wrong with it.
fn note_change(file: &File, before: &Metadata, ending: &mut Ending, sink: &dyn Blocks) {
    let sound = ending.damage.iter().all(|damage| damage.severity() == Severity::Note);
    if sound && !sink.stopped() && changed_since(file, before) {
        ending.damage.push(Damage::Changed);
    }
}

/// Reads standard input: a file as far as it goes now, so that a result that is appended to it ends.
fn read_stdin(limits: &Limits, buffers: &mut Buffers, sink: &mut dyn Blocks) -> Read {
    let stdin = io::stdin().lock();
    let file = stdin.as_fd().try_clone_to_owned().map(File::from);
    let told = file.and_then(|mut file| Ok((file.metadata()?, file.stream_position()?, file)));
    // The files of /proc and such do not tell their size.
    let Some((before, at, file)) = told.ok().filter(|(told, ..)| told.is_file() && told.len() > 0) else {
        return read_stream(stdin, None, limits, buffers, sink);
    };
    let mut done = read_stream(stdin, Some(before.len().saturating_sub(at)), limits, buffers, sink);
    if let Read::Done(ending) | Read::Table(_, ending) = &mut done {
        note_change(&file, &before, ending, sink);
    }
    done
}

/// Opens something; where all file descriptors are in use, when another worker is done with one.
pub fn patiently<T>(mut open: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const TRIES: usize = 2000;
    let all_in_use = |error: &io::Error| matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE));
    for _ in 0..TRIES {
        match open() {
            Err(error) if all_in_use(&error) => std::thread::sleep(Duration::from_millis(1)),
            result => return result,
        }
    }
    open()
}

/// Whether a file is not what it was, other than longer: logs grow while they are read.
pub fn changed_since(file: &File, before: &Metadata) -> bool {
    file.metadata().is_ok_and(|now| {
        now.len() < before.len() || now.len() == before.len() && now.modified().ok() != before.modified().ok()
    })
}

/// What a name promises and the content does not keep.
fn name_notes(name: &[u8], size: u64, head: &[u8], ending: &mut Ending) {
    if ending.damage.iter().any(|damage| damage.severity() == Severity::Failed) {
        return;
    }
    let is_gzip = Encoding::detect(head) == Encoding::Gzip;
    if !name.ends_with(b".gz") {
        if is_gzip && PLAIN.iter().any(|extension| name.ends_with(extension)) {
            ending.damage.push(Damage::Unnamed);
        }
    } else if size == 0 && ending.packed == 0 {
        ending.damage.push(Damage::Empty);
    } else if !is_gzip && ending.packed == ending.unpacked {
        ending.damage.push(Damage::Misnamed);
    }
}

/// Names that end in this are taken to be of files that are not compressed.
const PLAIN: [&[u8]; 5] = [b".log", b".txt", b".csv", b".tsv", b".json"];

/// The size of what is unpacked, compared with what it was unpacked from, from which on it is worth a
/// word. Flow logs come to 5 to 20.
const INFLATED: u64 = 200;

/// What is not larger, in bytes, is no matter.
const MUCH: u64 = 16 << 20;

/// Whether so much of a file has been unpacked from so little of it that it cannot be a usual log.
fn is_inflated(packed: u64, unpacked: u64) -> bool {
    unpacked > MUCH && packed > 0 && unpacked / packed >= INFLATED
}

fn read_file(
    mut file: &File,
    metadata: &Metadata,
    may_split: bool,
    limits: &Limits,
    buffers: &mut Buffers,
    sink: &mut dyn Blocks,
) -> Read {
    let size = metadata.len();
    buffers.packed.clear();
    if size == 0 {
        // Nothing; or a file of /proc and such, which do not tell.
        return read_stream(file, None, limits, buffers, sink);
    }
    let head = match fill(&mut file, size.min(LONGEST as u64), &mut buffers.packed) {
        Ok(()) => Encoding::detect(&buffers.packed),
        Err(error) => return Read::Done(Ending::failed(Damage::Unreadable(plain_error(&error)))),
    };
    if let Encoding::Foreign(name) = head {
        return Read::Done(Ending::failed(Damage::Foreign(name)));
    }
    if head == Encoding::Text
        && may_split
        && size >= limits.split as u64
        && let Ok(mapped) = Mapped::new(file, metadata.clone())
    {
        return Read::Split(mapped);
    }
    if head == Encoding::Parquet {
        return match Stored::new(file, metadata.clone()) {
            Ok(stored) => Read::Table(stored, Ending::default()),
            Err(error) => Read::Done(Ending::failed(Damage::Unreadable(plain_error(&error)))),
        };
    }
    let whole = if head == Encoding::Gzip { limits.whole } else { limits.split };
    if size > whole as u64 {
        let head = std::mem::take(&mut buffers.packed);
        let done = read_stream(head.as_slice().chain(file), Some(size), limits, buffers, sink);
        buffers.packed = head;
        return done;
    }
    let rest = size - buffers.packed.len() as u64;
    if let Err(error) = fill(&mut file, rest, &mut buffers.packed) {
        let read = buffers.packed.len() as u64;
        let packed = std::mem::take(&mut buffers.packed);
        let broken = packed.as_slice().chain(Broken(error));
        let mut done = read_stream(broken, Some(size), limits, buffers, sink);
        if let Read::Done(ending) = &mut done {
            ending.packed = read;
        }
        return done;
    }
    let packed = std::mem::take(&mut buffers.packed);
    let done = read_whole(&packed, head, size, limits, buffers, sink);
    buffers.packed = packed;
    done
}

/// Reads a file that is in memory.
fn read_whole(
    packed: &[u8],
    encoding: Encoding,
    size: u64,
    limits: &Limits,
    buffers: &mut Buffers,
    sink: &mut dyn Blocks,
) -> Read {
    let short = (packed.len() as u64) < size;
    if encoding == Encoding::Gzip && !short {
        if buffers.inflater.is_none() {
            buffers.inflater = Inflater::new();
        }
        let text = buffers.inflater.as_mut().and_then(|inflater| inflater.inflate(packed, limits.whole));
        let content = text.map(|text| (text, Encoding::detect(text)));
        if let Some((text, content @ (Encoding::Text | Encoding::Json))) = content {
            sink.advance(packed.len() as u64);
            match content {
                _ if text.is_empty() => true,
                Encoding::Json => sink.piece(text),
                _ => sink.block(text),
            };
            return Read::Done(Ending { packed: packed.len() as u64, unpacked: text.len() as u64, damage: vec![] });
        }
    }
    read_stream(packed, Some(size), limits, buffers, sink)
}

/// Reads `size` more bytes, or as many as there are.
fn fill(file: &mut &File, size: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
    file.take(size).read_to_end(buffer).map(|_| ())
}

/// A reader that ends in an error instead of its end.
struct Broken(io::Error);

impl io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(self.0.kind(), plain_error(&self.0)))
    }
}

/// Reads a stream of any encoding to its end; `size` is what a file had when it was opened.
fn read_stream(
    reader: impl io::Read,
    size: Option<u64>,
    limits: &Limits,
    buffers: &mut Buffers,
    sink: &mut dyn Blocks,
) -> Read {
    let mut input = Plain(Input::new(reader.take(size.unwrap_or(u64::MAX))));
    if let Err(error) = input.0.peek(1) {
        return Read::Done(Ending::failed(Damage::Unreadable(plain_error(&error))));
    }
    let Inside { unpacked, damage, stored } = unpack(&mut input, limits, &mut buffers.block, sink);
    let packed = input.packed();
    let short = size.is_some_and(|size| packed < size);
    let damage = match damage {
        None | Some(Damage::Truncated(_)) if short && !sink.stopped() => Some(Damage::Changed),
        damage => damage,
    };
    let mut ending = Ending { packed, unpacked, damage: damage.into_iter().collect() };
    if is_inflated(packed, unpacked) {
        ending.damage.push(Damage::Inflated { packed, unpacked });
    }
    match stored {
        Some(stored) => Read::Table(stored, ending),
        None => Read::Done(ending),
    }
}

/// A stream as it comes.
struct Plain<R>(Input<R>);

impl<R: io::Read> Text for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
        self.0.read(buffer).map_err(|error| Damage::Io(self.0.total, plain_error(&error)))
    }

    fn packed(&self) -> u64 {
        self.0.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::time::SystemTime;

    #[test]
    fn a_log_may_grow_but_not_shrink_or_be_rewritten() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(b"12345678").expect("room");
        let before = file.metadata().expect("a size");
        assert!(!changed_since(&file, &before));
        file.write_all(b"9").expect("room");
        assert!(!changed_since(&file, &before), "it grew");
        file.set_len(7).expect("shrinking");
        assert!(changed_since(&file, &before), "it shrank");
        file.set_len(8).expect("room");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        assert!(changed_since(&file, &before), "it was rewritten");
    }

    #[derive(Default)]
    struct Told {
        text: Vec<u8>,
        advanced: u64,
    }

    impl Blocks for Told {
        fn block(&mut self, block: &[u8]) -> bool {
            self.text.extend_from_slice(block);
            true
        }
        fn piece(&mut self, _: &[u8]) -> bool {
            unreachable!("lines are no JSON")
        }
        fn too_long(&mut self, _: u64) {
            unreachable!("no line is long")
        }
        fn cut_line(&mut self) {
            unreachable!("nothing is cut")
        }
        fn advance(&mut self, bytes: u64) {
            self.advanced += bytes;
        }
        fn stopped(&self) -> bool {
            false
        }
    }

    #[test]
    fn every_byte_of_a_file_is_used_up_once_however_it_is_read() {
        let text = b"2 3 4\n".repeat(50_000);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        let packed = encoder.write_all(&text).and_then(|()| encoder.finish()).expect("memory does not fail");
        for content in [&packed, &text, &packed[..0].to_vec()] {
            let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
            file.write_all(content).expect("room");
            let path = Some(file.path().to_path_buf());
            let source = Source { path, facts: Default::default(), size: 0, named: true, broken: None };
            for (whole, block) in [(1 << 30, 1 << 10), (0, 1 << 10), (0, 7), (0, 1 << 20)] {
                let limits = Limits { whole, block, ..Limits::default() };
                let mut told = Told::default();
                let Read::Done(ending) = read(&source, &limits, &mut Buffers::default(), &mut told) else {
                    panic!("a small file is split")
                };
                assert_eq!((told.advanced, ending.packed), (content.len() as u64, content.len() as u64));
                assert_eq!((told.text.len() as u64, ending.damage), (ending.unpacked, vec![]));
            }
        }
    }
}
