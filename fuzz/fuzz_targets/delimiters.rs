//! Spaces and newlines: every kind of processor finds what a plain loop finds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vpcflow::decode::fuzzing::delimiters_everywhere;

/// The slow, obvious twin: positions behind a first that stands for the start, the newlines among them,
/// and whether there is an empty token.
fn twin(text: &[u8]) -> (Vec<u32>, Vec<u32>, bool) {
    let (mut positions, mut newlines) = (vec![u32::MAX], Vec::new());
    let missing = !text.is_empty() && !text.ends_with(b"\n");
    let bytes = text.iter().copied().chain(missing.then_some(b'\n'));
    for (at, byte) in bytes.enumerate().filter(|(_, byte)| matches!(byte, b' ' | b'\n')) {
        if byte == b'\n' {
            newlines.push(positions.len() as u32);
        }
        positions.push(at as u32);
    }
    let adjacent = positions.windows(2).any(|pair| pair[0].wrapping_add(1) == pair[1]);
    (positions, newlines, adjacent)
}

fuzz_target!(|text: &[u8]| {
    let (positions, newlines, adjacent) = twin(text);
    for found in delimiters_everywhere(text) {
        assert_eq!(found.positions(), positions);
        assert_eq!((found.newlines(), found.adjacent), (&newlines[..], adjacent));
    }
});
