//! The encoding of small numbers: runs of one value, and values packed bit by bit.

/// A run of a value is worth writing as one from here on.
const RUN: usize = 16;

/// The bits that numbers below `count` need; at least one.
pub fn width(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).max(1).leading_zeros()
}

/// Appends numbers of at most `width` bits.
pub fn encode(numbers: &[u32], width: u32, out: &mut Vec<u8>) {
    let mut packed = 0;
    let mut at = 0;
    while at < numbers.len() {
        let run = run(&numbers[at..]);
        if run < RUN {
            at += 8;
            continue;
        }
        pack(&numbers[packed..at], width, out);
        repeat(numbers[at], run, width, out);
        at += run;
        packed = at;
    }
    pack(&numbers[packed..], width, out);
}

/// Appends one number, `count` times.
pub fn repeat(number: u32, count: usize, width: u32, out: &mut Vec<u8>) {
    varint((count as u64) << 1, out);
    out.extend_from_slice(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// How often the first number stands there in a row.
#[inline]
fn run(numbers: &[u32]) -> usize {
    let first = numbers[0];
    // Most often it does not.
    if numbers.get(1).is_some_and(|second| *second != first) {
        return 1;
    }
    numbers.iter().take_while(|number| **number == first).count()
}

/// Appends numbers in groups of eight; the last may lack some.
fn pack(numbers: &[u32], width: u32, out: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let groups = numbers.len().div_ceil(8);
    varint((groups as u64) << 1 | 1, out);
    let end = out.len() + groups * width as usize;
    let (mut bits, mut filled) = (0u64, 0);
    for number in numbers {
        bits |= u64::from(*number) << filled;
        filled += width;
        if filled >= 32 {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= 32;
            filled -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes()[..filled.div_ceil(8) as usize]);
    out.resize(end, 0);
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The slow way back.
    fn decode(mut bytes: &[u8], width: u32, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let (mut header, mut shift) = (0u64, 0);
            loop {
                header |= u64::from(bytes[0] & 0x7f) << shift;
                shift += 7;
                let more = bytes[0] & 0x80 != 0;
                bytes = &bytes[1..];
                if !more {
                    break;
                }
            }
            if header & 1 == 0 {
                let size = width.div_ceil(8) as usize;
                let mut number = [0; 4];
                number[..size].copy_from_slice(&bytes[..size]);
                numbers.extend(std::iter::repeat_n(u32::from_le_bytes(number), (header >> 1) as usize));
                bytes = &bytes[size..];
            } else {
                let bit = |at: u32| u32::from(bytes[at as usize / 8] >> (at % 8) & 1);
                for i in 0..(header >> 1) as u32 * 8 {
                    numbers.push((0..width).map(|b| bit(i * width + b) << b).sum());
                }
                bytes = &bytes[(header >> 1) as usize * width as usize..];
            }
        }
        assert!(bytes.is_empty() && numbers.len() < count + 8);
        numbers.truncate(count);
        numbers
    }

    #[test]
    fn widths() {
        let widths = [0, 1, 2, 3, 4, 5, 256, 257, 1 << 18].map(width);
        assert_eq!(widths, [1, 1, 1, 2, 2, 3, 8, 9, 18]);
    }

    #[test]
    fn runs_are_short() {
        let mut out = Vec::new();
        encode(&[3; 100_000], 18, &mut out);
        assert_eq!(out.len(), 3 + 3);
        assert_eq!(decode(&out, 18, 100_000), [3; 100_000]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_come_back(runs in prop::collection::vec((any::<u32>(), 1usize..40), 0..40), width in 1u32..=32) {
            let cut = |number: u32| (u64::from(number) & ((1u64 << width) - 1)) as u32;
            let numbers: Vec<u32> = runs.iter().flat_map(|(number, n)| std::iter::repeat_n(cut(*number), *n)).collect();
            let mut out = Vec::new();
            encode(&numbers, width, &mut out);
            prop_assert_eq!(decode(&out, width, numbers.len()), numbers);
        }
    }
}
