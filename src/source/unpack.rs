//! A stream, layer by layer: what is inside gzip is told by its first bytes, as what is outside is.

use super::encoding::{Encoding, LONGEST, is_told};
use super::gzip::{Input, Members};
use super::lines::{Limits, Text, stream};
use super::stored::Stored;
use super::{Blocks, Damage};
use std::io;

/// So many layers of gzip are taken off: a delivery stream may compress what was compressed.
const LAYERS: usize = 2;

/// What was inside.
#[derive(Default)]
pub struct Inside {
    /// The length of the innermost content, in bytes.
    pub unpacked: u64,
    pub damage: Option<Damage>,
    /// A file that cannot be read as a stream.
    pub stored: Option<Stored>,
}

/// Hands the content of a stream to `sink`, at most `layers` of gzip deep.
pub fn unpack(text: &mut dyn Text, limits: &Limits, buffer: &mut Vec<u8>, sink: &mut dyn Blocks) -> Inside {
    unpack_layer(text, LAYERS, limits, buffer, sink)
}

fn unpack_layer(
    text: &mut dyn Text,
    layers: usize,
    limits: &Limits,
    buffer: &mut Vec<u8>,
    sink: &mut dyn Blocks,
) -> Inside {
    let mut text = Headed::new(text);
    match Encoding::detect(&text.head) {
        Encoding::Foreign(name) => Inside { damage: Some(Damage::Foreign(name)), ..Inside::default() },
        Encoding::Gzip if layers == 0 => {
            Inside { damage: Some(Damage::Foreign("gzip inside gzip inside gzip")), ..Inside::default() }
        }
        Encoding::Gzip => {
            let mut members = Members::new(Input::new(Reader(&mut text)));
            let mut inside = unpack_layer(&mut members, layers - 1, limits, buffer, sink);
            let garbage = (members.garbage > 0).then_some(Damage::Garbage(members.garbage));
            inside.damage = inside.damage.or(garbage);
            inside
        }
        Encoding::Text => {
            let (unpacked, damage) = stream(&mut text, limits, buffer, sink);
            Inside { unpacked, damage, stored: None }
        }
        Encoding::Json => {
            let (unpacked, damage) = pour(&mut text, limits, buffer, sink);
            Inside { unpacked, damage, stored: None }
        }
        Encoding::Parquet => store(&mut text, limits, buffer, sink),
    }
}

/// Hands over a stream in pieces.
fn pour(text: &mut dyn Text, limits: &Limits, buffer: &mut Vec<u8>, sink: &mut dyn Blocks) -> (u64, Option<Damage>) {
    buffer.resize(buffer.len().max(limits.block).max(1), 0);
    let (mut total, mut advanced) = (0, 0);
    loop {
        let read = text.read(buffer);
        sink.advance(text.packed() - std::mem::replace(&mut advanced, text.packed()));
        match read {
            Ok(0) => return (total, None),
            Ok(size) => {
                total += size as u64;
                if !sink.piece(&buffer[..size]) {
                    return (total, None);
                }
            }
            Err(damage) => {
                sink.cut_line();
                return (total, Some(damage));
            }
        }
    }
}

/// Keeps a stream in a temporary file: a Parquet file is read from its end.
fn store(text: &mut dyn Text, limits: &Limits, buffer: &mut Vec<u8>, sink: &mut dyn Blocks) -> Inside {
    buffer.resize(buffer.len().max(limits.block).max(1), 0);
    let mut spool = match Stored::spool() {
        Ok(spool) => spool,
        Err(error) => return Inside { damage: Some(cannot_store(&error)), ..Inside::default() },
    };
    let mut advanced = 0;
    let stored = loop {
        let read = text.read(buffer);
        sink.advance(text.packed() - std::mem::replace(&mut advanced, text.packed()));
        match read {
            Ok(0) => break spool.finish(),
            Ok(size) => {
                if let Err(error) = spool.write(&buffer[..size]) {
                    break Err(error);
                }
            }
            // A cut Parquet file has no footer, without which nothing of it can be read.
            Err(damage) => return Inside { damage: Some(damage), ..Inside::default() },
        }
    };
    match stored {
        Ok(stored) => Inside { stored: Some(stored), ..Inside::default() },
        Err(error) => Inside { damage: Some(cannot_store(&error)), ..Inside::default() },
    }
}

fn cannot_store(error: &io::Error) -> Damage {
    let why = super::plain_error(error);
    let place = std::env::temp_dir();
    Damage::Unreadable(format!("Parquet in a stream has to be kept in {}, but: {why}", place.display()))
}

/// A text whose first bytes have been looked at.
struct Headed<'t> {
    text: &'t mut dyn Text,
    head: Vec<u8>,
    /// How much of the head has been handed over.
    at: usize,
    /// What ended the reading of the head.
    damage: Option<Damage>,
}

impl<'t> Headed<'t> {
    fn new(text: &'t mut dyn Text) -> Headed<'t> {
        let (mut head, mut filled, mut damage) = (vec![0; LONGEST], 0, None);
        while filled < LONGEST && !is_told(&head[..filled]) {
            match text.read(&mut head[filled..]) {
                Ok(0) => break,
                Ok(size) => filled += size,
                Err(error) => {
                    damage = Some(error);
                    break;
                }
            }
        }
        head.truncate(filled);
        Headed { text, head, at: 0, damage }
    }
}

impl Text for Headed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
        let rest = &self.head[self.at..];
        if !rest.is_empty() {
            let size = rest.len().min(buffer.len());
            buffer[..size].copy_from_slice(&rest[..size]);
            self.at += size;
            return Ok(size);
        }
        match self.damage.take() {
            Some(damage) => Err(damage),
            None => self.text.read(buffer),
        }
    }

    fn packed(&self) -> u64 {
        self.text.packed()
    }
}

/// A text as a reader, whose errors carry the damage.
struct Reader<'r, 't>(&'r mut Headed<'t>);

impl io::Read for Reader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(io::Error::other)
    }
}

impl Text for Members<Reader<'_, '_>> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
        Members::read(self, buffer)
    }

    fn packed(&self) -> u64 {
        self.reader().0.packed()
    }
}
