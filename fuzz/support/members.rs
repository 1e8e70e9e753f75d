//! Gzip members: how they are made, and a slow twin that takes them apart.

use flate2::{Compression, Crc, GzBuilder};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use std::io::Write;
use vpcflow::source::Damage;

pub const MAGIC: &[u8] = b"\x1f\x8b";

/// A part of a file.
#[derive(Debug, Arbitrary)]
pub enum Part {
    /// A member as others write it; bits of `flags` choose what its header has.
    Member { text: Vec<u8>, level: u8, flags: u8, name: Vec<u8> },
    /// A long text of few words.
    Repeated { word: Vec<u8>, times: u16, level: u8 },
    /// A member around any deflated bytes, with a checksum that fits if they can be unpacked.
    Deflated { bytes: Vec<u8>, flags: u8 },
    /// Zeros.
    Padding(u8),
    /// Anything.
    Raw(Vec<u8>),
}

impl Part {
    pub fn write(self, packed: &mut Vec<u8>) {
        match self {
            Part::Member { text, level, flags, name } => {
                let mut builder = GzBuilder::new();
                if flags & 1 != 0 {
                    builder = builder.filename(name.split(|b| *b == 0).next().unwrap_or_default());
                }
                if flags & 2 != 0 {
                    builder = builder.extra(&name[..]);
                }
                if flags & 4 != 0 {
                    builder = builder.comment(name.split(|b| *b == 0).next_back().unwrap_or_default());
                }
                member(builder, &text, level, packed);
            }
            Part::Repeated { word, times, level } => {
                let text = word.repeat(usize::from(times).min((1 << 17) / word.len().max(1)));
                member(GzBuilder::new(), &text, level, packed);
            }
            Part::Deflated { bytes, flags } => {
                let (text, used, _) = inflated(&bytes);
                packed.extend_from_slice(b"\x1f\x8b\x08");
                packed.extend_from_slice(&[flags & 0x22, 0, 0, 0, 0, 0, 3]);
                packed.extend_from_slice(&bytes[..used]);
                let mut crc = Crc::new();
                crc.update(&text);
                packed.extend_from_slice(&crc.sum().to_le_bytes());
                packed.extend_from_slice(&(text.len() as u32).to_le_bytes());
            }
            Part::Padding(count) => packed.extend(std::iter::repeat_n(0, count.into())),
            Part::Raw(bytes) => packed.extend_from_slice(&bytes),
        }
    }
}

fn member(builder: GzBuilder, text: &[u8], level: u8, packed: &mut Vec<u8>) {
    let mut encoder = builder.write(Vec::new(), Compression::new(u32::from(level) % 10));
    let member = encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory does not fail");
    packed.extend_from_slice(&member);
}

/// What is wrong with a file, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Truncated,
    Corrupt,
    Checksum,
    Garbage,
    Foreign,
}

impl Fault {
    pub fn of(damage: &Damage) -> Fault {
        match damage {
            Damage::Truncated(_) => Fault::Truncated,
            Damage::Corrupt(_) => Fault::Corrupt,
            Damage::Checksum => Fault::Checksum,
            Damage::Garbage(_) => Fault::Garbage,
            Damage::Foreign(_) => Fault::Foreign,
            damage => panic!("{damage:?} of a file in memory"),
        }
    }
}

/// The text of a file, at most two layers deep, and the first fault that a reader meets.
pub fn unpacked(packed: &[u8]) -> (Vec<u8>, Option<Fault>) {
    let (text, fault) = members(packed);
    // A reader meets the fault of the inner layer first, or that of the outer in its place.
    if !text.starts_with(MAGIC) {
        return (text, fault);
    }
    let (inner, inner_fault) = members(&text);
    match (inner_fault, fault) {
        (Some(Fault::Truncated | Fault::Garbage) | None, Some(fault)) => (inner, Some(fault)),
        (inner_fault, _) => (inner, inner_fault),
    }
}

/// All members, one after the other.
fn members(packed: &[u8]) -> (Vec<u8>, Option<Fault>) {
    let (mut text, mut rest) = (Vec::new(), packed);
    loop {
        let Some(body) = header(rest) else { return (text, Some(Fault::Truncated)) };
        let body = match body {
            Ok(body) => body,
            Err(fault) => return (text, Some(fault)),
        };
        let (member, used, status) = inflated(&rest[body..]);
        text.extend_from_slice(&member);
        match status {
            TINFLStatus::Done => {}
            TINFLStatus::NeedsMoreInput => return (text, Some(Fault::Truncated)),
            _ => return (text, Some(Fault::Corrupt)),
        }
        let Some((trailer, behind)) = rest[body + used..].split_first_chunk::<8>() else {
            return (text, Some(Fault::Truncated));
        };
        let mut crc = Crc::new();
        crc.update(&member);
        let expected = u64::from(crc.sum()) | (member.len() as u64) << 32;
        if u64::from_le_bytes(*trailer) != expected {
            return (text, Some(Fault::Checksum));
        }
        if behind.iter().all(|b| *b == 0) {
            return (text, None);
        }
        // A member of whose first bytes one is damaged is no garbage.
        let sound = [behind.first() == Some(&0x1f), behind.get(1) == Some(&0x8b), behind.get(2) == Some(&8)];
        let sound =
            sound.iter().filter(|sound| **sound).count() + usize::from(behind.get(3).is_some_and(|f| f < &0x20));
        if !behind.starts_with(MAGIC) && sound < 3 {
            return (text, Some(Fault::Garbage));
        }
        rest = behind;
    }
}

/// The length of a header; `None` if it is cut off, what is wrong with it, if anything.
fn header(text: &[u8]) -> Option<Result<usize, Fault>> {
    let (head, _) = text.split_first_chunk::<10>()?;
    let flags = head[3];
    if head[..3] != [0x1f, 0x8b, 8] || flags & 0xe0 != 0 {
        return Some(Err(Fault::Corrupt));
    }
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(u16::from_le_bytes(*text.get(at..)?.first_chunk()?));
    }
    for _ in 0..(flags >> 3 & 1) + (flags >> 4 & 1) {
        at += text.get(at..)?.iter().position(|b| *b == 0)? + 1;
    }
    // The sum of the header is not looked at.
    at += usize::from(flags & 2);
    (at <= text.len()).then_some(Ok(at))
}

/// The text of deflated bytes, how many of them it took, and how it ended.
fn inflated(bytes: &[u8]) -> (Vec<u8>, usize, TINFLStatus) {
    let mut decompressor = DecompressorOxide::new();
    let (mut out, mut read, mut made) = (vec![0; 1 << 10], 0, 0);
    loop {
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | TINFL_FLAG_HAS_MORE_INPUT;
        let (status, used, written) = decompress(&mut decompressor, &bytes[read..], &mut out, made, flags);
        (read, made) = (read + used, made + written);
        if status != TINFLStatus::HasMoreOutput {
            out.truncate(made);
            return (out, read, status);
        }
        out.resize(out.len() * 2, 0);
    }
}
