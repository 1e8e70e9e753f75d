//! JSON around flow logs: whatever the bytes and the pieces they come in, the reader ends without a
//! panic and tells the same, line by line; and it hands over whole lines, not much at a time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vpcflow::decode::json::{Broken, Context, JsonReader, Limits, Unwrap};

/// Small, so that short inputs cross them.
const LIMITS: Limits = Limits { message: 200, gather: 64, unpacked: 1 << 20 };

/// The longest text that an escape or a missing value can become, for a byte of the input.
const GROWTH: usize = 40;

/// Writes down what it is told; consecutive lines as one text.
#[derive(Default, PartialEq, Debug)]
struct Teller {
    told: Vec<Told>,
}

#[derive(PartialEq, Debug)]
enum Told {
    Context(String),
    Lines(Vec<u8>),
    Malformed(&'static str),
}

impl Unwrap for Teller {
    fn lines(&mut self, lines: &[u8]) -> bool {
        assert_eq!(lines.last(), Some(&b'\n'));
        assert!(lines.len() <= LIMITS.gather + GROWTH * LIMITS.message, "{} bytes at once", lines.len());
        match self.told.last_mut() {
            Some(Told::Lines(text)) => text.extend_from_slice(lines),
            Some(_) => self.told.push(Told::Lines(lines.to_vec())),
            None => panic!("lines without a context"),
        }
        true
    }

    fn context(&mut self, context: &Context<'_>) {
        self.told.push(Told::Context(format!("{context:?}")));
    }

    fn malformed(&mut self, why: &'static str) {
        self.told.push(Told::Malformed(why));
    }
}

fn read<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> (Teller, Result<(), Broken>) {
    let mut reader = JsonReader::new().with_limits(LIMITS);
    let mut teller = Teller::default();
    for piece in pieces {
        if let Err(broken) = reader.feed(piece, &mut teller) {
            return (teller, Err(broken));
        }
    }
    let end = reader.finish(&mut teller);
    (teller, end)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, text) = input;
    let whole = read(std::iter::once(text));
    assert_eq!(read(text.chunks(usize::from(size).max(1))), whole);
    assert_eq!(read(text.chunks(1)), whole);
});
