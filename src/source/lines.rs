//! A stream of bytes becomes blocks of whole lines, in one buffer that is used again and again.

use super::{Blocks, Damage};

/// Sizes, in bytes; parameters so that tests can make them tiny.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The block that a stream is read in.
    pub block: usize,
    /// A line longer than this is not kept.
    pub line: usize,
    /// A compressed file up to this size is unpacked at once, if its text is not longer either.
    pub whole: usize,
    /// A plain file from this size on is mapped and split.
    pub split: usize,
    /// The parts that it is split into.
    pub part: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { block: 256 << 10, line: 1 << 20, whole: 16 << 20, split: 8 << 20, part: 1 << 20 }
    }
}

/// Text that comes piece by piece.
pub trait Text {
    /// Fills a buffer and returns how much it wrote; 0 at the end.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage>;
    /// Bytes of the file that have been used up so far.
    fn packed(&self) -> u64;
}

/// Reads a text to its end. Returns how long it is, and what went wrong.
pub fn stream(
    text: &mut dyn Text,
    limits: &Limits,
    buffer: &mut Vec<u8>,
    sink: &mut dyn Blocks,
) -> (u64, Option<Damage>) {
    let mut lines = Lines { filled: 0, skipped: 0, buffer, limits };
    let (mut total, mut advanced) = (0, 0);
    let damage = loop {
        lines.make_room();
        let read = text.read(&mut lines.buffer[lines.filled..]);
        // What was read to look at the beginning is used up with the first piece.
        sink.advance(text.packed() - std::mem::replace(&mut advanced, text.packed()));
        match read {
            Ok(0) => break None,
            Ok(size) => {
                total += size as u64;
                if !lines.add(size, sink) {
                    return (total, None);
                }
            }
            Err(damage) => break Some(damage),
        }
    };
    lines.end(damage.is_some(), sink);
    (total, damage)
}

struct Lines<'a> {
    buffer: &'a mut Vec<u8>,
    /// How much of the buffer is the beginning of a line.
    filled: usize,
    /// How much of the current line was thrown away, because it is too long.
    skipped: u64,
    limits: &'a Limits,
}

impl Lines<'_> {
    /// Grows the buffer, up to one line more than the limit; a line that is longer still is
    /// thrown away as it comes.
    fn make_room(&mut self) {
        if self.filled > self.limits.line {
            self.skipped += self.filled as u64;
            self.filled = 0;
        }
        let most = self.limits.line + 1;
        let needed = self.limits.block.max((self.filled * 2).min(most)).max(1);
        if self.buffer.len() < needed {
            self.buffer.resize(needed, 0);
        }
        if self.filled == self.buffer.len() {
            let size = (self.filled * 2).min(most.max(self.filled + 1));
            self.buffer.resize(size, 0);
        }
    }

    fn add(&mut self, size: usize, sink: &mut dyn Blocks) -> bool {
        let mut start = 0;
        let end = self.filled + size;
        if self.skipped > 0 {
            match memchr::memchr(b'\n', &self.buffer[..end]) {
                Some(newline) => {
                    sink.too_long(self.skipped + newline as u64);
                    self.skipped = 0;
                    start = newline + 1;
                }
                None => {
                    self.skipped += end as u64;
                    self.filled = 0;
                    return true;
                }
            }
        }
        // The beginning is known to hold no newline.
        let from = start.max(self.filled);
        let Some(newline) = memchr::memrchr(b'\n', &self.buffer[from..end]) else {
            self.buffer.copy_within(start..end, 0);
            self.filled = end - start;
            return true;
        };
        let whole = from + newline + 1;
        let go_on = sink.block(&self.buffer[start..whole]);
        self.buffer.copy_within(whole..end, 0);
        self.filled = end - whole;
        go_on
    }

    fn end(&mut self, cut: bool, sink: &mut dyn Blocks) {
        let rest = self.skipped + self.filled as u64;
        if rest == 0 {
            return;
        }
        if cut {
            sink.cut_line();
        } else if self.skipped > 0 || self.filled > self.limits.line {
            sink.too_long(rest);
        } else {
            sink.block(&self.buffer[..self.filled]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default, Debug, PartialEq)]
    struct Seen {
        text: Vec<u8>,
        long: Vec<u64>,
        cut: usize,
    }

    impl Blocks for Seen {
        fn block(&mut self, block: &[u8]) -> bool {
            assert!(!block.is_empty());
            self.text.extend_from_slice(block);
            true
        }
        fn piece(&mut self, _: &[u8]) -> bool {
            unreachable!("lines are no JSON")
        }
        fn too_long(&mut self, bytes: u64) {
            self.long.push(bytes);
        }
        fn cut_line(&mut self) {
            self.cut += 1;
        }
        fn advance(&mut self, _: u64) {}
        fn stopped(&self) -> bool {
            false
        }
    }

    struct Pieces<F>(F);

    impl<F: FnMut(&mut [u8]) -> Result<usize, Damage>> Text for Pieces<F> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
            self.0(buffer)
        }
        fn packed(&self) -> u64 {
            0
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_lines(
            text in "[ab\n]{0,120}", reads in proptest::collection::vec(1usize..9, 1..150), block in 1usize..40, line in 1usize..30,
        ) {
            let limits = Limits { block, line, ..Limits::default() };
            let mut rest = text.as_bytes();
            let mut reads = reads.into_iter().cycle();
            let mut seen = Seen::default();
            let (total, damage) = stream(&mut Pieces(|buffer: &mut [u8]| {
                let size = reads.next().unwrap_or(1).min(buffer.len()).min(rest.len());
                buffer[..size].copy_from_slice(&rest[..size]);
                rest = &rest[size..];
                Ok(size)
            }), &limits, &mut Vec::new(), &mut seen);
            prop_assert_eq!((total, damage), (text.len() as u64, None));
            // Lines within a block may be long, too: those the decoder sees to.
            let (mut short, mut long) = (Vec::new(), seen.long);
            for part in seen.text.split_inclusive(|b| *b == b'\n') {
                match part.strip_suffix(b"\n").unwrap_or(part).len() {
                    length if length > line => long.push(length as u64),
                    _ => short.extend_from_slice(part),
                }
            }
            let (mut expected, mut expected_long) = (Vec::new(), Vec::new());
            for part in text.split_inclusive('\n') {
                match part.trim_end_matches('\n').len() {
                    length if length > line => expected_long.push(length as u64),
                    _ => expected.extend_from_slice(part.as_bytes()),
                }
            }
            long.sort_unstable();
            expected_long.sort_unstable();
            prop_assert_eq!((short, long), (expected, expected_long));
        }
    }

    #[test]
    fn a_cut_input_keeps_its_whole_lines() {
        let mut seen = Seen::default();
        let mut reads = vec![Err(Damage::Truncated(9)), Ok(b"one\ntw")];
        let (total, damage) = stream(
            &mut Pieces(|buffer: &mut [u8]| {
                let text = reads.pop().unwrap_or(Ok(b"never\n"))?;
                buffer[..6].copy_from_slice(text);
                Ok(6)
            }),
            &Limits::default(),
            &mut Vec::new(),
            &mut seen,
        );
        assert_eq!((total, damage), (6, Some(Damage::Truncated(9))));
        assert_eq!(seen, Seen { text: b"one\n".to_vec(), long: vec![], cut: 1 });
    }
}
