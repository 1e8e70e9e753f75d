//! Gzip as a stream, one member after another.
//!
//! `flate2`'s own reader of several members cannot tell a cut file from one with something behind
//! its end, so the members are driven here: after each, nothing more is the end; zeros are padding;
//! another member goes on; anything else is ignored, and said.

use super::Damage;
use flate2::bufread::GzDecoder;
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
pub struct Members<R: Read> {
    state: State<R>,
    /// Bytes behind the last member.
    pub garbage: u64,
}

enum State<R: Read> {
    Member(Box<GzDecoder<Input<R>>>),
    End(Input<R>),
    Moving,
}

impl<R: Read> Members<R> {
    /// Starts at the first member.
    pub fn new(input: Input<R>) -> Members<R> {
        Members { state: State::Member(Box::new(GzDecoder::new(input))), garbage: 0 }
    }

    /// What the members are read from.
    pub fn reader(&self) -> Option<&R> {
        match &self.state {
            State::Member(decoder) => Some(&decoder.get_ref().reader),
            State::End(input) => Some(&input.reader),
            State::Moving => None,
        }
    }

    /// Fills `buffer`; 0 at the end of the last member.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Damage> {
        loop {
            let State::Member(decoder) = &mut self.state else { return Ok(0) };
            match decoder.read(buffer) {
                Ok(0) => self.next_member()?,
                Ok(size) => return Ok(size),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let input = decoder.get_mut();
                    return Err(match input.error.take() {
                        Some(error) => of_reader(input.total, error),
                        None if error.kind() == io::ErrorKind::UnexpectedEof => Damage::Truncated(input.total),
                        None if error.to_string().contains("checksum") => Damage::Checksum,
                        None => Damage::Corrupt(input.total),
                    });
                }
            }
        }
    }

    fn next_member(&mut self) -> Result<(), Damage> {
        let State::Member(decoder) = std::mem::replace(&mut self.state, State::Moving) else { return Ok(()) };
        let mut input = decoder.into_inner();
        let result = after_member(&mut input);
        self.state = match result {
            Ok(After::Member) => State::Member(Box::new(GzDecoder::new(input))),
            Ok(After::End { garbage }) => {
                self.garbage = garbage;
                State::End(input)
            }
            Err(error) => {
                let damage = of_reader(input.total, input.error.take().unwrap_or(error));
                self.state = State::End(input);
                return Err(damage);
            }
        };
        Ok(())
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
        let head = input.peek(2)?;
        if behind == 0 && is_member(head) {
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
