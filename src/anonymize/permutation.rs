//! Digits for digits: every number of so many digits becomes another, and no two become the same.
//!
//! Source: FF1 of NIST SP 800-38G, format-preserving encryption with AES-128. Numbers of up to 32
//! digits; below a million of them there are so few that whoever guesses may hit: such are not for it.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

/// The most digits.
pub const LONGEST: usize = 32;

const ROUNDS: u8 = 10;

/// A keyed function: what it makes of one text tells nothing of what it makes of another, as long as
/// no text is the beginning of another.
pub struct Function(Aes128Enc);

impl Function {
    pub fn new(key: &[u8; 16]) -> Function {
        Function(Aes128Enc::new(&(*key).into()))
    }

    /// CBC-MAC; zeros fill the last block.
    pub fn of(&self, text: &[u8]) -> [u8; 16] {
        let mut state = Block::default();
        for block in text.chunks(16) {
            state.iter_mut().zip(block).for_each(|(state, byte)| *state ^= byte);
            self.0.encrypt_block(&mut state);
        }
        state.into()
    }

    /// Replaces digits, each less than `radix`. Another `tweak` is another permutation.
    pub fn permute(&self, digits: &mut [u8], radix: u8, tweak: &[u8]) {
        debug_assert!((2..=LONGEST).contains(&digits.len()) && digits.iter().all(|digit| *digit < radix));
        let radix = u128::from(radix);
        let half = digits.len() / 2;
        let longer = digits.len() - half;
        let bits = u128::BITS - (radix.pow(longer as u32) - 1).leading_zeros();
        let size = bits.div_ceil(8) as usize;
        let taken = 4 * size.div_ceil(4) + 4;
        let mut text = vec![1, 2, 1, 0, 0, radix as u8, 10, half as u8];
        text.extend_from_slice(&(digits.len() as u32).to_be_bytes());
        text.extend_from_slice(&(tweak.len() as u32).to_be_bytes());
        text.extend_from_slice(tweak);
        text.resize((text.len() + 1 + size).next_multiple_of(16), 0);
        let at = text.len() - size;
        let (mut left, mut right) = (number(&digits[..half], radix), number(&digits[half..], radix));
        for round in 0..ROUNDS {
            text[at - 1] = round;
            text[at..].copy_from_slice(&right.to_be_bytes()[16 - size..]);
            let made = self.of(&text)[..taken].iter().fold(0, |made: u128, byte| made << 8 | u128::from(*byte));
            let places = if round % 2 == 0 { half } else { longer };
            let modulus = radix.pow(places as u32);
            (left, right) = (right, (left + made % modulus) % modulus);
        }
        spell(left, radix, &mut digits[..half]);
        spell(right, radix, &mut digits[half..]);
    }
}

fn number(digits: &[u8], radix: u128) -> u128 {
    digits.iter().fold(0, |number, digit| number * radix + u128::from(*digit))
}

fn spell(mut number: u128, radix: u128, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = (number % radix) as u8;
        number /= radix;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The key of NIST's samples for AES-128.
    fn sample() -> Function {
        Function::new(&0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128.to_be_bytes())
    }

    fn permuted(text: &str, radix: u32, tweak: &[u8]) -> String {
        let mut digits: Vec<u8> = text.chars().map(|c| c.to_digit(radix).expect("a digit") as u8).collect();
        sample().permute(&mut digits, radix as u8, tweak);
        digits.iter().map(|digit| char::from_digit((*digit).into(), radix).expect("a digit")).collect()
    }

    #[test]
    fn samples_of_the_standard() {
        assert_eq!(permuted("0123456789", 10, b""), "2433477484");
        assert_eq!(permuted("0123456789", 10, b"9876543210"), "6124200773");
        assert_eq!(permuted("0123456789abcdefghi", 36, b"7777pqrs777"), "a9tv40mll9kdu509eum");
    }

    /// RFC 4493 has the same cipher and key; without its last step, of whole blocks.
    #[test]
    fn a_block_is_enciphered() {
        let block = 0x6bc1_bee2_2e40_9f96_e93d_7e11_7393_172a_u128;
        assert_eq!(u128::from_be_bytes(sample().of(&block.to_be_bytes())), 0x3ad7_7bb4_0d7a_3660_a89e_caf3_2466_ef97);
    }

    #[test]
    fn no_two_become_the_same() {
        let number = |i: u32| format!("{i:04}");
        let made: BTreeSet<String> = (0..10_000).map(|i| permuted(&number(i), 10, b"t")).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|text| text.len() == 4));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digits_become_digits(text in "[0-9a-f]{2,32}", tweak in prop::collection::vec(any::<u8>(), 0..20)) {
            let made = permuted(&text, 16, &tweak);
            prop_assert_eq!(made.len(), text.len());
            prop_assert_eq!(made, permuted(&text, 16, &tweak));
        }
    }
}
