//! Gzip as a stream, one member after another.
//!
//! `flate2`'s own reader of several members cannot tell a cut file from one with something behind
//! its end, so the members are driven here: after each, nothing more is the end; zeros are padding;
//! another member goes on; anything else is ignored, and said. And it drops what it has unpacked
//! right before damaged data, which is more or less as the input happens to come: here the text ends
//! where the damage is, however it is read.

use super::Damage;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{self, BufRead, Read};

/// Bytes read from a file, with at least a few in sight wherever there are any.
pub struct Input<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes that were read from the file.
    pub total: u64,
    /// The error that ended the reading, if one did.
    pub error: Option<io::Error>,
}

const INPUT: usize = 64 << 10;

impl<R: Read> Input<R> {
    pub fn new(reader: R) -> Input<R> {
        Input { reader, buffer: vec![0; INPUT], start: 0, end: 0, total: 0, error: None }
    }

    /// The bytes in sight: at least `want` of them, unless the input ends before.
    pub fn peek(&mut self, want: usize) -> io::Result<&[u8]> {
        while self.end - self.start < want && self.more()? > 0 {}
        Ok(&self.buffer[self.start..self.end])
    }

    fn more(&mut self) -> io::Result<usize> {
        if let Some(error) = &self.error {
            return Err(io::Error::new(error.kind(), error.to_string()));
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(size) => {
                    self.end += size;
                    self.total += size as u64;
                    return Ok(size);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let copy = io::Error::new(error.kind(), error.to_string());
                    self.error = Some(error);
                    return Err(copy);
                }
            }
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.peek(1)?.read(buffer)?;
        self.consume(size);
        Ok(size)
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, size: usize) {
        self.start += size;
    }
}

/// The text of all members of a gzip file.
pub struct Members<R> {
    input: Input<R>,
    state: State,
    inflate: Decompress,
    crc: Crc,
    /// So much text has been handed over.
    text: u64,
    /// Bytes behind the last member.
    pub garbage: u64,
}

enum State {
    Header,
    Body,
    Trailer,
    End,
    Broken(Damage),
}

/// What may stand in the header of a member.
mod flag {
    pub const CHECKSUM: u8 = 1 << 1;
    pub const EXTRA: u8 = 1 << 2;
    pub const NAME: u8 = 1 << 3;
    pub const COMMENT: u8 = 1 << 4;
    pub const RESERVED: u8 = 0b1110_0000;
}

impl<R: Read> Members<R> {
    /// Starts at the first member.
    pub fn new(input: Input<R>) -> Members<R> {
        let (inflate, crc) = (Decompress::new(false), Crc::new());
        Members { input, state: State::Header, inflate, crc, text: 0, garbage: 0 }
    }

    /// What the members are read from.
    pub fn reader(&self) -> &R {
        &self.input.reader
    }

    /// Fills `buffer`; 0 at the end of the last member.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
        loop {
            let next = match &self.state {
                State::Header => self.header().map(|()| State::Body),
                State::Body => match self.body(buffer) {
                    0 => continue,
                    size => return Ok(size),
                },
                State::Trailer => self.trailer(),
                State::End => return Ok(0),
                State::Broken(damage) => return Err(damage.clone()),
            };
            self.state = next.unwrap_or_else(State::Broken);
        }
    }

    /// Skips the header of a member.
    fn header(&mut self) -> Result<(), Damage> {
        let [one, two, method, flags, ..] = self.take::<10>()?;
        if !is_member(&[one, two]) || method != 8 || flags & flag::RESERVED != 0 {
            return Err(Damage::Corrupt(self.text));
        }
        if flags & flag::EXTRA != 0 {
            for _ in 0..u16::from_le_bytes(self.take()?) {
                self.take::<1>()?;
            }
        }
        for text in [flag::NAME, flag::COMMENT] {
            while flags & text != 0 && self.take()? != [0] {}
        }
        if flags & flag::CHECKSUM != 0 {
            self.take::<2>()?;
        }
        self.inflate.reset(false);
        self.crc.reset();
        Ok(())
    }

    /// Unpacks some of a member; 0 when there is no more of it, and the state tells why.
    fn body(&mut self, buffer: &mut [u8]) -> usize {
        loop {
            // What has come before an error is unpacked first.
            let packed = self.input.peek(1).unwrap_or(&[]);
            let is_end = packed.is_empty();
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(packed, buffer, FlushDecompress::None);
            let size = (self.inflate.total_out() - written) as usize;
            self.input.consume((self.inflate.total_in() - read) as usize);
            self.crc.update(&buffer[..size]);
            self.text += size as u64;
            match status {
                Err(_) => self.state = State::Broken(Damage::Corrupt(self.text)),
                Ok(Status::StreamEnd) => self.state = State::Trailer,
                Ok(_) if size == 0 && is_end => self.state = State::Broken(self.ended()),
                Ok(_) if size == 0 => continue,
                Ok(_) => {}
            }
            return size;
        }
    }

    /// Checks the end of a member, and looks at what follows.
    fn trailer(&mut self) -> Result<State, Damage> {
        let sum = u32::from_le_bytes(self.take()?);
        let length = u32::from_le_bytes(self.take()?);
        if (sum, length) != (self.crc.sum(), self.crc.amount()) {
            return Err(Damage::Checksum);
        }
        match after_member(&mut self.input) {
            Ok(After::Member) => Ok(State::Header),
            Ok(After::End { garbage }) => {
                self.garbage = garbage;
                Ok(State::End)
            }
            Err(_) => Err(self.ended()),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map(|()| bytes).map_err(|_| self.ended())
    }

    /// Why there is no more input.
    fn ended(&mut self) -> Damage {
        match self.input.error.take() {
            Some(error) => of_reader(self.input.total, error),
            None => Damage::Truncated(self.input.total),
        }
    }
}

/// What an error of the reader says: a reader may be another layer, whose errors carry the damage.
fn of_reader(total: u64, error: io::Error) -> Damage {
    match error.downcast::<Damage>() {
        Ok(damage) => damage,
        Err(error) => Damage::Io(total, error.to_string()),
    }
}

enum After {
    Member,
    End { garbage: u64 },
}

/// Looks at what follows a member. Padding and garbage are read to their end.
fn after_member<R: Read>(input: &mut Input<R>) -> io::Result<After> {
    let mut behind = 0;
    let mut zeros = true;
    loop {
        let head = input.peek(4)?;
        if behind == 0 && (is_member(head) || was_member(head)) {
            return Ok(After::Member);
        }
        if head.is_empty() {
            return Ok(After::End { garbage: if zeros { 0 } else { behind } });
        }
        zeros &= head.iter().all(|b| *b == 0);
        let size = head.len();
        behind += size as u64;
        input.consume(size);
    }
}

/// Whether a gzip member begins here.
pub fn is_member(head: &[u8]) -> bool {
    head.starts_with(b"\x1f\x8b")
}

/// Whether a member begins here of whose first four bytes one is damaged: it is no chance garbage.
fn was_member(head: &[u8]) -> bool {
    let [one, two, method, flags, ..] = *head else { return false };
    let fits = [one == 0x1f, two == 0x8b, method == 8, flags & flag::RESERVED == 0];
    fits.iter().filter(|fits| **fits).count() == 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    /// A member with everything that its header may hold.
    fn dressed(text: &[u8]) -> Vec<u8> {
        let builder = flate2::GzBuilder::new().filename("x.log").comment("a log").extra(b"extra".to_vec());
        let mut encoder = builder.write(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory does not fail")
    }

    /// Hands out bytes in pieces.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = self.1.min(buffer.len());
            self.0.read(&mut buffer[..size])
        }
    }

    fn unpacked(packed: &[u8], piece: usize, room: usize) -> (Vec<u8>, Option<Damage>, u64) {
        let mut members = Members::new(Input::new(Pieces(packed, piece)));
        let (mut text, mut buffer) = (Vec::new(), vec![0; room]);
        loop {
            match members.read(&mut buffer) {
                Ok(0) => return (text, None, members.garbage),
                Ok(size) => text.extend_from_slice(&buffer[..size]),
                Err(damage) => {
                    assert_eq!(members.read(&mut buffer), Err(damage.clone()), "it stays so");
                    return (text, Some(damage), 0);
                }
            }
        }
    }

    proptest! {
        /// However the input comes, and however much room there is.
        #[test]
        fn damage_ends_the_text_where_it_is(
            texts in proptest::collection::vec("[a-c]{0,400}", 1..4),
            harm in proptest::option::of((any::<prop::sample::Index>(), 1u8..)),
            cut in prop_oneof![4 => Just(0usize), 1 => 1usize..20],
            piece in 1usize..70, room in 1usize..300,
        ) {
            let mut packed: Vec<u8> = texts.iter().flat_map(|text| dressed(text.as_bytes())).collect();
            if let Some((index, flip)) = harm {
                let at = index.index(packed.len());
                packed[at] ^= flip;
            }
            packed.truncate(packed.len() - cut);
            prop_assert_eq!(unpacked(&packed, piece, room), unpacked(&packed, usize::MAX, 1 << 16));
        }
    }

    #[test]
    fn every_cut_is_told() {
        let packed = dressed(b"some text, some text");
        for length in 1..packed.len() {
            let (text, damage, _) = unpacked(&packed[..length], 3, 5);
            assert!(b"some text, some text".starts_with(&text), "{length}");
            assert_eq!(damage, Some(Damage::Truncated(length as u64)));
        }
        assert_eq!(unpacked(&packed, 3, 5), (b"some text, some text".to_vec(), None, 0));
    }
}
