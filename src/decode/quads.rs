//! The shapes that a dotted quad can have: one to three digits in each of four parts.

/// The number of shapes.
const SHAPES: usize = 81;

/// For each shape, where the hundreds, tens and units of each part stand; a byte with its high bit
/// set takes nothing.
static SHUFFLES: [[u8; 16]; SHAPES] = shapes().0;

/// The shape by its key, divided by two (a quad never starts with a dot); `SHAPES` for none.
static SHAPE_OF: [u8; 1 << 15] = shapes().1;

/// The shuffle for a quad with dots at the set bits of `key`; the highest bit set is its end.
#[inline(always)]
pub fn shuffle(key: u32) -> Option<&'static [u8; 16]> {
    SHUFFLES.get(usize::from(SHAPE_OF[(key >> 1) as usize & 0x7fff]))
}

const fn shapes() -> ([[u8; 16]; SHAPES], [u8; 1 << 15]) {
    let mut shuffles = [[0x80; 16]; SHAPES];
    let mut shape_of = [SHAPES as u8; 1 << 15];
    let mut shape = 0;
    while shape < SHAPES {
        let lengths = [shape / 27 % 3 + 1, shape / 9 % 3 + 1, shape / 3 % 3 + 1, shape % 3 + 1];
        let (mut at, mut key, mut part) = (0, 0, 0);
        while part < 4 {
            let mut digit = 0;
            while digit < lengths[part] {
                shuffles[shape][part * 4 + 4 - lengths[part] + digit] = (at + digit) as u8;
                digit += 1;
            }
            at += lengths[part];
            key |= 1 << at;
            at += 1;
            part += 1;
        }
        shape_of[key >> 1] = shape as u8;
        shape += 1;
    }
    (shuffles, shape_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_told_by_their_dots() {
        assert_eq!(SHAPE_OF.iter().filter(|shape| usize::from(**shape) < SHAPES).count(), SHAPES);
        let shuffle = shuffle(1 << 2 | 1 << 4 | 1 << 6 | 1 << 10).expect("10.0.0.123");
        assert_eq!(shuffle, &[128, 128, 0, 1, 128, 128, 128, 3, 128, 128, 128, 5, 128, 7, 8, 9]);
        assert_eq!(super::shuffle(1 << 2 | 1 << 3 | 1 << 6 | 1 << 10), None);
        assert_eq!(super::shuffle(1 << 15), None);
    }
}
