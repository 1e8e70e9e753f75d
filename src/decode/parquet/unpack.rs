//! Pages are unpacked here: gzip, Snappy, Zstandard, or not packed at all.

use super::Damaged;
use bytes::Bytes;
use std::io::Read;

/// How the pages of a column are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    None,
    Snappy,
    Gzip,
    Zstd,
}

/// The names of the codecs that Parquet has, by their numbers.
const NAMES: [&str; 8] = ["none", "snappy", "gzip", "lzo", "brotli", "lz4 (Hadoop)", "zstd", "lz4"];

impl Codec {
    /// The codec of a number, or its name where it is not supported.
    pub fn of(number: i64) -> Result<Codec, &'static str> {
        match number {
            0 => Ok(Codec::None),
            1 => Ok(Codec::Snappy),
            2 => Ok(Codec::Gzip),
            6 => Ok(Codec::Zstd),
            _ => Err(usize::try_from(number).ok().and_then(|n| NAMES.get(n)).unwrap_or(&"unknown")),
        }
    }

    /// How much `size` packed bytes can become at most. Zstandard alone has no such bound.
    fn most(self, size: usize) -> usize {
        match self {
            Codec::None => size,
            // Three bytes name a copy of 64, and twelve bits of Deflate one of 258.
            Codec::Snappy => size.saturating_mul(22),
            Codec::Gzip => size.saturating_mul(1032),
            Codec::Zstd => usize::MAX,
        }
    }
}

/// Unpacks pages, and keeps what it needs for the next.
#[derive(Default)]
pub struct Unpacker {
    snappy: snap::raw::Decoder,
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl Unpacker {
    /// Unpacks `packed` into `out`, behind the first `from` bytes there, to `size` bytes in all.
    pub fn unpack(
        &mut self,
        codec: Codec,
        packed: &[u8],
        from: usize,
        size: usize,
        out: &mut Buffer,
    ) -> Result<(), Damaged> {
        const WRONG: Damaged = Damaged("a page that cannot be unpacked");
        let whole = size.checked_sub(from).ok_or(WRONG)?;
        if whole > codec.most(packed.len()) {
            return Err(Damaged("a page larger than what it is packed into can hold"));
        }
        out.grow(size);
        let into = &mut out.bytes[from..size];
        let made = match codec {
            Codec::None => {
                into.copy_from_slice(packed.get(..whole).ok_or(WRONG)?);
                Some(packed.len())
            }
            Codec::Snappy => self.snappy.decompress(packed, into).ok(),
            Codec::Gzip => gunzip(packed, into),
            Codec::Zstd => self.zstd()?.decompress_to_buffer(packed, into).ok(),
        };
        match made {
            Some(made) if made == whole => Ok(()),
            Some(_) => Err(Damaged("a page is not as long as it says")),
            None => Err(WRONG),
        }
    }

    fn zstd(&mut self) -> Result<&mut zstd::bulk::Decompressor<'static>, Damaged> {
        if self.zstd.is_none() {
            self.zstd = zstd::bulk::Decompressor::new().ok();
        }
        self.zstd.as_mut().ok_or(Damaged("no memory to unpack it"))
    }
}

/// Fills `into`, and returns how much there was.
fn gunzip(packed: &[u8], into: &mut [u8]) -> Option<usize> {
    let mut reader = flate2::bufread::MultiGzDecoder::new(packed);
    let mut made = 0;
    while made < into.len() {
        match reader.read(&mut into[made..]) {
            Ok(0) => return Some(made),
            Ok(size) => made += size,
            Err(_) => return None,
        }
    }
    // The checksum is only looked at behind the end.
    matches!(reader.read(&mut [0]), Ok(0)).then_some(made)
}

/// Memory that pages are unpacked into, one after the other. It starts as zeros that the system
/// hands out as they are touched.
#[derive(Default)]
pub struct Buffer {
    bytes: Vec<u8>,
}

impl Buffer {
    fn grow(&mut self, size: usize) {
        if self.bytes.len() < size {
            self.bytes = vec![0; size.next_power_of_two()];
        }
    }

    /// Takes a copy of the beginning of a page.
    pub fn start(&mut self, bytes: &[u8], size: usize) {
        self.grow(size.max(bytes.len()));
        self.bytes[..bytes.len()].copy_from_slice(bytes);
    }
}

/// The bytes of a page.
pub enum PageBytes {
    /// As it lies in the file.
    Stored(Bytes),
    /// Unpacked, so many bytes.
    Unpacked(Buffer, usize),
}

impl Default for PageBytes {
    fn default() -> PageBytes {
        PageBytes::Stored(Bytes::new())
    }
}

impl PageBytes {
    /// The memory behind it, to be used again.
    pub fn into_buffer(self) -> Buffer {
        match self {
            PageBytes::Stored(_) => Buffer::default(),
            PageBytes::Unpacked(buffer, _) => buffer,
        }
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            PageBytes::Stored(bytes) => bytes,
            PageBytes::Unpacked(buffer, size) => &buffer.bytes[..*size],
        }
    }

    /// The memory that it holds beside the file.
    pub fn held(&self) -> usize {
        match self {
            PageBytes::Stored(_) => 0,
            PageBytes::Unpacked(buffer, _) => buffer.bytes.len(),
        }
    }
}
