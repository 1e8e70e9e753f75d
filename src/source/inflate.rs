//! Whole gzip files at once, by libdeflate: a fast path for files that are small and sound.
//!
//! Whatever is not plain sailing (too large, cut, damaged, something behind the end) is left to the
//! streaming reader, which starts again from the beginning, so that there is one account of faults.
#![expect(unsafe_code, reason = "calls into libdeflate")]

use super::gzip::is_member;
use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_decompressor, libdeflate_free_decompressor,
    libdeflate_gzip_decompress_ex, libdeflate_result, libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE as NO_SPACE,
    libdeflate_result_LIBDEFLATE_SUCCESS as SUCCESS,
};
use memmap2::{Advice, MmapMut};
use std::ptr::NonNull;

const HUGE_PAGE: usize = 2 << 20;

/// A decompressor and the buffer it writes to.
pub struct Inflater {
    decompressor: NonNull<libdeflate_decompressor>,
    output: MmapMut,
}

// SAFETY: a decompressor is memory without ties to a thread, and only used through `&mut self`.
unsafe impl Send for Inflater {}

impl Inflater {
    /// A new decompressor; `None` when there is no memory for one.
    pub fn new() -> Option<Inflater> {
        // SAFETY: takes nothing; null means that memory ran out.
        let decompressor = NonNull::new(unsafe { libdeflate_alloc_decompressor() })?;
        Some(Inflater { decompressor, output: MmapMut::map_anon(1).ok()? })
    }

    /// The text of all members of `packed`, if they are sound, nothing but zeros follows, and the
    /// text is at most `most` bytes long.
    pub fn inflate(&mut self, packed: &[u8], most: usize) -> Option<&[u8]> {
        // The length of the last member's text, modulo 2^32: only a first guess.
        let trailer: [u8; 4] = packed.last_chunk().copied()?;
        let guess = u32::from_le_bytes(trailer) as usize;
        self.grow(guess.clamp(packed.len(), most.max(packed.len())), most)?;
        let (mut read, mut written) = (0, 0);
        loop {
            if !has_plain_header(&packed[read..]) {
                return None;
            }
            let (result, used, made) = self.member(&packed[read..], written, most);
            match result {
                SUCCESS => {
                    read += used;
                    written += made;
                    let rest = &packed[read..];
                    if rest.iter().all(|b| *b == 0) {
                        return Some(&self.output[..written]);
                    }
                    if !is_member(rest) {
                        return None;
                    }
                }
                NO_SPACE if self.output.len() < most => self.grow(self.output.len() * 2, most)?,
                _ => return None,
            }
        }
    }

    fn grow(&mut self, size: usize, most: usize) -> Option<()> {
        let size = size.min(most).max(1);
        if size > self.output.len() {
            let larger = size.next_multiple_of(HUGE_PAGE).min(most.max(size));
            let mut output = MmapMut::map_anon(larger).ok()?;
            // Without huge pages it is only slower.
            #[cfg(target_os = "linux")]
            let _ = output.advise(Advice::HugePage);
            output[..self.output.len()].copy_from_slice(&self.output);
            self.output = output;
        }
        Some(())
    }

    fn member(&mut self, packed: &[u8], written: usize, most: usize) -> (libdeflate_result, usize, usize) {
        let end = self.output.len().min(most);
        let output = &mut self.output[written..end];
        let (mut used, mut made) = (0, 0);
        // SAFETY: the decompressor is alive; both buffers are valid for the lengths given with
        // them, and libdeflate reads and writes no further; `used` and `made` are valid to write.
        let result = unsafe {
            libdeflate_gzip_decompress_ex(
                self.decompressor.as_ptr(),
                packed.as_ptr().cast(),
                packed.len(),
                output.as_mut_ptr().cast(),
                output.len(),
                &mut used,
                &mut made,
            )
        };
        (result, used, made)
    }
}

/// Whether both readers see the same in a header: libdeflate neither checks its checksum nor asks how long a name
/// is, and the streaming reader does.
fn has_plain_header(member: &[u8]) -> bool {
    const TEXT: u8 = 1;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const LONGEST_NAME: usize = 65_535;
    let Some((head, rest)) = member.split_at_checked(10) else { return false };
    match head[3] & !TEXT {
        0 | EXTRA => true,
        NAME => memchr::memchr(0, rest).is_some_and(|end| end <= LONGEST_NAME),
        _ => false,
    }
}

impl Drop for Inflater {
    fn drop(&mut self) {
        // SAFETY: allocated in `new`, freed once.
        unsafe { libdeflate_free_decompressor(self.decompressor.as_ptr()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::gzip::{Input, Members};
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn pack(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory does not fail")
    }

    /// The safe twin: the streaming reader.
    fn streamed(packed: &[u8]) -> Option<Vec<u8>> {
        let mut members = Members::new(Input::new(packed));
        let (mut text, mut buffer) = (Vec::new(), [0; 7]);
        loop {
            match members.read(&mut buffer) {
                Ok(0) => return (members.garbage == 0).then_some(text),
                Ok(size) => text.extend_from_slice(&buffer[..size]),
                Err(_) => return None,
            }
        }
    }

    proptest! {
        #[test]
        fn both_ways_read_the_same(
            texts in proptest::collection::vec("[a-c\n]{0,300}", 1..4),
            harm in prop_oneof![4 => Just(None), 1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(Some)],
            tail in prop_oneof![4 => Just(vec![]), 1 => Just(vec![0; 9]), 1 => Just(b"garbage".to_vec())],
            cut in prop_oneof![4 => Just(0usize), 1 => 1usize..20],
        ) {
            let mut packed: Vec<u8> = texts.iter().flat_map(|t| pack(t.as_bytes())).collect();
            if let Some((index, flip)) = harm {
                let at = index.index(packed.len());
                packed[at] ^= flip;
            }
            packed.truncate(packed.len().saturating_sub(cut));
            packed.extend(tail);
            let mut inflater = Inflater::new().expect("memory");
            if let Some(fast) = inflater.inflate(&packed, 1 << 20) {
                prop_assert_eq!(Some(fast.to_vec()), streamed(&packed));
            }
        }
    }

    #[test]
    fn sound_files_take_the_fast_path_and_others_do_not() {
        let mut inflater = Inflater::new().expect("memory");
        let (one, two) = (pack(b"one\n"), pack(b"two\n"));
        let both = [one.clone(), two].concat();
        assert_eq!(inflater.inflate(&both, 1 << 20), Some(&b"one\ntwo\n"[..]));
        assert_eq!(inflater.inflate(&[one.clone(), vec![0; 512]].concat(), 1 << 20), Some(&b"one\n"[..]));
        assert_eq!(inflater.inflate(&[one.clone(), b"x".to_vec()].concat(), 1 << 20), None);
        assert_eq!(inflater.inflate(&one[..one.len() - 1], 1 << 20), None);
        assert_eq!(inflater.inflate(&pack(&[b'a'; 1000]), 999), None);
        assert_eq!(inflater.inflate(b"", 10), None);
    }

    #[test]
    fn headers_that_only_one_reader_looks_into_are_left_to_the_stream() {
        let mut inflater = Inflater::new().expect("memory");
        let mut read = |builder: flate2::GzBuilder, harm: fn(&mut Vec<u8>)| {
            let mut encoder = builder.write(Vec::new(), flate2::Compression::fast());
            let mut packed = encoder.write_all(b"one\n").and_then(|()| encoder.finish()).expect("memory does not fail");
            harm(&mut packed);
            (inflater.inflate(&packed, 100).is_some(), streamed(&packed).is_some())
        };
        let new = flate2::GzBuilder::new;
        assert_eq!(read(new().filename("a.log"), |_| {}), (true, true));
        assert_eq!(read(new().extra("BC"), |_| {}), (true, true));
        assert_eq!(read(new().comment("a log"), |_| {}), (false, true));
        assert_eq!(read(new().filename("a".repeat(65_536)), |_| {}), (false, true));
        // A checksum of the header.
        let harm = |packed: &mut Vec<u8>| {
            packed[3] |= 2;
            packed.splice(10..10, [7, 7]);
        };
        assert_eq!(read(new(), harm), (false, true));
    }
}
