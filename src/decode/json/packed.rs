//! Base64 of gzip of JSON, as a Lambda function receives it.

use super::reader::JsonReader;
use super::unescape::{BadEscape, Read, Unescape};
use super::{Broken, Form, Limits, Unwrap};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::write::MultiGzDecoder;
use std::io::Write;

/// Base64 of the standard alphabet, with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Characters of base64 that are decoded at a time, and bytes that are unpacked at a time: these may
/// become a thousand times as many.
const BLOCK: usize = 4 << 10;
const BITE: usize = 1 << 10;

/// How often data may be compressed.
const LAYERS: usize = 2;

/// How often events may be packed in events.
const DEEPEST: u8 = 3;

/// What stops the unpacking.
pub enum Trouble {
    /// This data is no good.
    Malformed(&'static str),
    /// Nothing more can be read.
    Broken(Broken),
    TooLarge,
}

/// Unpacks one string after another.
pub struct Packed {
    /// Base64 that is not decoded yet.
    letters: Vec<u8>,
    decoded: Vec<u8>,
    layers: [Layer; LAYERS],
    unpacked: u64,
    limit: u64,
    pub reader: JsonReader,
}

/// One compression, or none.
enum Layer {
    /// The beginning, too short to tell.
    Start(Vec<u8>),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Packed {
    pub fn new(limits: Limits, depth: u8) -> Packed {
        Packed {
            letters: Vec::new(),
            decoded: Vec::new(),
            layers: [Layer::Start(Vec::new()), Layer::Start(Vec::new())],
            unpacked: 0,
            limit: limits.unpacked,
            reader: JsonReader::nested(limits, depth, Form::Lambda),
        }
    }

    /// Starts with another string.
    pub fn begin(&mut self) {
        self.letters.clear();
        self.layers = [Layer::Start(Vec::new()), Layer::Start(Vec::new())];
        self.unpacked = 0;
        self.reader.begin_nested();
    }

    /// Takes a part of the string.
    pub fn push(&mut self, mut part: &[u8], sink: &mut impl Unwrap) -> Result<(), Trouble> {
        while !part.is_empty() {
            let room = BLOCK - self.letters.len();
            let (now, rest) = part.split_at(room.min(part.len()));
            self.letters.extend_from_slice(now);
            part = rest;
            if self.letters.len() == BLOCK {
                self.decode(sink)?;
            }
        }
        Ok(())
    }

    /// Ends the string.
    pub fn finish(&mut self, sink: &mut impl Unwrap) -> Result<(), Trouble> {
        self.decode(sink)?;
        let (reader, unpacked, limit) = (&mut self.reader, &mut self.unpacked, self.limit);
        let mut last = |text: &[u8]| read(reader, text, unpacked, limit, sink);
        finish(&mut self.layers, &mut last)?;
        self.reader.finish(sink).map_err(of_reader)
    }

    fn decode(&mut self, sink: &mut impl Unwrap) -> Result<(), Trouble> {
        self.decoded.clear();
        let decoded = BASE64.decode_vec(&self.letters, &mut self.decoded);
        self.letters.clear();
        decoded.map_err(|_| Trouble::Malformed("data of an event that is not base64"))?;
        let (reader, unpacked, limit) = (&mut self.reader, &mut self.unpacked, self.limit);
        let mut last = |text: &[u8]| read(reader, text, unpacked, limit, sink);
        push(&mut self.layers, &self.decoded, &mut last)
    }
}

/// Hands unpacked text to the reader.
fn read(
    reader: &mut JsonReader,
    text: &[u8],
    unpacked: &mut u64,
    limit: u64,
    sink: &mut impl Unwrap,
) -> Result<(), Trouble> {
    *unpacked += text.len() as u64;
    if *unpacked > limit {
        return Err(Trouble::TooLarge);
    }
    reader.feed(text, sink).map_err(of_reader)
}

fn of_reader(broken: Broken) -> Trouble {
    match broken {
        Broken::Syntax { .. } => Trouble::Malformed("data of an event that is not JSON"),
        Broken::Cut { .. } => Trouble::Malformed("data of an event that is cut off"),
        broken => Trouble::Broken(broken),
    }
}

const CORRUPT: Trouble = Trouble::Malformed("data of an event whose gzip is damaged");

/// Takes bytes through the layers.
fn push(layers: &mut [Layer], bytes: &[u8], last: &mut dyn FnMut(&[u8]) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let Some((layer, below)) = layers.split_first_mut() else { return last(bytes) };
    match layer {
        Layer::Start(head) => {
            head.extend_from_slice(bytes);
            if head.len() < 2 {
                return Ok(());
            }
            let head = std::mem::take(head);
            let gzip = head.starts_with(b"\x1f\x8b");
            *layer = if gzip { Layer::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))) } else { Layer::Plain };
            push(layers, &head, last)
        }
        Layer::Plain => last(bytes),
        Layer::Gzip(decoder) => {
            for bite in bytes.chunks(BITE) {
                decoder.write_all(bite).map_err(|_| CORRUPT)?;
                hand_on(decoder, below, last)?;
            }
            Ok(())
        }
    }
}

/// Ends the layers, the outermost first.
fn finish(layers: &mut [Layer], last: &mut dyn FnMut(&[u8]) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let Some((layer, below)) = layers.split_first_mut() else { return Ok(()) };
    match layer {
        Layer::Start(head) => last(head),
        Layer::Plain => Ok(()),
        Layer::Gzip(decoder) => {
            decoder.try_finish().map_err(|_| CORRUPT)?;
            hand_on(decoder, below, last)?;
            finish(below, last)
        }
    }
}

/// Hands on what a decoder has unpacked.
fn hand_on(
    decoder: &mut MultiGzDecoder<Vec<u8>>,
    below: &mut [Layer],
    last: &mut dyn FnMut(&[u8]) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let text = std::mem::take(decoder.get_mut());
    if !text.is_empty() {
        push(below, &text, last)?;
    }
    *decoder.get_mut() = text;
    decoder.get_mut().clear();
    Ok(())
}

impl JsonReader {
    /// A string of packed data begins.
    pub(super) fn begin_data(&mut self, offset: u64) -> Result<(), Broken> {
        if self.depth == DEEPEST {
            return Err(Broken::TooDeep { offset });
        }
        let packed = self.packed.get_or_insert_with(|| Box::new(Packed::new(self.limits, self.depth + 1)));
        if self.out.forget() {
            packed.reader.forget();
        }
        packed.begin();
        self.unescape = Unescape::default();
        self.spoilt = false;
        self.record.packed = true;
        Ok(())
    }

    /// Somebody else has told what lines are.
    fn forget(&mut self) {
        self.out.forget();
        if let Some(packed) = &mut self.packed {
            packed.reader.forget();
        }
    }

    /// Reads on in packed data, from `text[at]`.
    pub(super) fn unpack(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        let Some(packed) = &mut self.packed else { return Ok(text.len()) };
        self.out.flush(sink);
        let mut result = Ok(());
        let spoilt = self.spoilt;
        let read = self.unescape.read(text, at, |part| {
            if result.is_ok() && !spoilt {
                result = packed.push(part, sink);
            }
        });
        if matches!(read, Ok(Read::Whole(_))) && result.is_ok() && !spoilt {
            result = packed.finish(sink);
        }
        self.out.stopped |= packed.reader.out.stopped;
        match result {
            Ok(()) => {}
            Err(Trouble::Malformed(why)) => {
                self.spoilt = true;
                self.out.malformed(why, sink);
            }
            Err(Trouble::Broken(broken)) => return Err(broken),
            Err(Trouble::TooLarge) => {
                return Err(Broken::TooLarge { offset: self.offset(at), limit: self.limits.unpacked });
            }
        }
        match read {
            Ok(Read::Part) => Ok(text.len()),
            Ok(Read::Whole(end)) => {
                self.after_value(end);
                Ok(end)
            }
            Err(BadEscape(at)) => Err(self.syntax(at, "an escape")),
        }
    }
}
