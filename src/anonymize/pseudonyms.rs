//! Texts for texts: what looks like an id of AWS looks like one behind, everything else becomes
//! `anon-` and hexadecimal digits. Accounts, ids and names keep their replacements wherever they
//! stand, in ARNs too.

use super::Key;
use super::fields::is_region;
use super::permutation::{Function, LONGEST};
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

/// What the ids of resources begin with, before their last dash.
const PREFIXES: [&str; 15] =
    ["eigw", "eni", "fl", "i", "igw", "lgw", "nat", "op", "pcx", "sg", "subnet", "tgw", "tgw-attach", "vpc", "vpce"];

/// What ARNs name, before the first slash or colon of their last part.
const KINDS: [&str; 7] =
    ["capacity-provider", "cluster", "container", "container-instance", "service", "task", "task-definition"];

/// Digits of an account, of an id as AWS makes them today, and behind `anon-`.
const ACCOUNT: usize = 12;
const ID: usize = 17;
const TEXT: usize = 16;

/// Fewer hexadecimal digits may be a word; more are no id.
const FEWEST: usize = 8;
const MOST: usize = 128;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub struct Pseudonyms {
    function: Function,
}

impl Pseudonyms {
    /// The key of addresses is not used for anything else: both halves together make another.
    pub fn new(key: &Key) -> Pseudonyms {
        let (first, second) = key.halves();
        let mut made = Block::from(*b"vpcflow: ids v1.");
        made.iter_mut().zip(first).for_each(|(made, byte)| *made ^= byte);
        Aes128Enc::new(&(*second).into()).encrypt_block(&mut made);
        Pseudonyms { function: Function::new(&made.into()) }
    }

    /// Appends what stands for a text.
    pub fn push(&self, text: &[u8], out: &mut Vec<u8>) {
        if text.len() == ACCOUNT && text.iter().all(u8::is_ascii_digit) {
            return self.digits(text, 10, b"account", out);
        }
        if let Some(parts) = arn(text) {
            return self.arn(parts, out);
        }
        if let Some((prefix, rest)) = id(text) {
            out.extend_from_slice(&text[..=prefix.len()]);
            return match (FEWEST..=LONGEST).contains(&rest.len()) && rest.iter().all(is_digit) {
                true => self.digits(rest, 16, prefix, out),
                false => self.made(text, ID, out),
            };
        }
        if is_hexadecimal(text) {
            return self.shaped(text, out);
        }
        out.extend_from_slice(b"anon-");
        self.made(text, TEXT, out);
    }

    /// A number of as many digits.
    fn digits(&self, text: &[u8], radix: u8, tweak: &[u8], out: &mut Vec<u8>) {
        let mut digits: Vec<u8> = text.iter().map(|digit| value(*digit)).collect();
        self.function.permute(&mut digits, radix, tweak);
        out.extend(digits.iter().map(|digit| DIGITS[usize::from(*digit)]));
    }

    /// Hexadecimal digits with dashes where they were, as in a UUID.
    fn shaped(&self, text: &[u8], out: &mut Vec<u8>) {
        let digits: Vec<u8> = text.iter().copied().filter(is_digit).collect();
        let mut made = Vec::with_capacity(digits.len());
        match digits.len() <= LONGEST {
            true => self.digits(&digits, 16, b"", &mut made),
            false => self.made(&digits, digits.len(), &mut made),
        }
        let mut made = made.into_iter();
        out.extend(text.iter().map_while(|byte| if *byte == b'-' { Some(b'-') } else { made.next() }));
    }

    /// So many hexadecimal digits that nothing can be told from.
    fn made(&self, text: &[u8], digits: usize, out: &mut Vec<u8>) {
        let end = out.len() + digits;
        for part in 0.. {
            let bytes = self.bytes(part, text);
            out.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]));
            if out.len() >= end {
                return out.truncate(end);
            }
        }
    }

    /// Some number that nothing can be told from.
    pub fn number(&self, number: u64) -> u64 {
        self.bytes(0, &number.to_be_bytes())[..4].iter().fold(0, |made, byte| made << 8 | u64::from(*byte))
    }

    fn bytes(&self, part: u32, text: &[u8]) -> [u8; 16] {
        // What stands first is the beginning of no other text, and of nothing that is permuted.
        let mut whole = vec![0; 4];
        whole.extend_from_slice(&part.to_be_bytes());
        whole.extend_from_slice(&(text.len() as u64).to_be_bytes());
        whole.extend_from_slice(text);
        self.function.of(&whole)
    }

    /// The partition, the service, the region and the kind of a resource stay.
    fn arn(&self, [partition, service, region, account, resource]: [&[u8]; 5], out: &mut Vec<u8>) {
        let mut kept = |text: &[u8], keep: bool| {
            match keep || text.is_empty() {
                true => out.extend_from_slice(text),
                false => self.push(text, out),
            }
            out.push(b':');
        };
        kept(b"arn", true);
        kept(partition, is_lower(partition) && partition.starts_with(b"aws"));
        kept(service, is_lower(service) && service.len() <= 20);
        kept(region, is_region(region));
        kept(account, false);
        let mut kind: &[u8] = b"";
        for (i, part) in resource.split_inclusive(|byte| is_separator(*byte)).enumerate() {
            let (text, separator) = match part.split_last() {
                Some((last, text)) if is_separator(*last) => (text, Some(*last)),
                _ => (part, None),
            };
            let is_kind = i == 0 && KINDS.iter().any(|known| known.as_bytes() == text);
            let is_revision = kind == b"task-definition" && i == 2 && is_small(text);
            match is_kind || is_revision || text.is_empty() {
                true => out.extend_from_slice(text),
                false => self.push(text, out),
            }
            out.extend(separator);
            kind = if i == 0 { text } else { kind };
        }
    }
}

/// The parts of an ARN behind `arn:`.
fn arn(text: &[u8]) -> Option<[&[u8]; 5]> {
    let mut parts = text.strip_prefix(b"arn:")?.splitn(5, |byte| *byte == b':');
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

/// The prefix of an id and what stands behind the dash.
fn id(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let dash = text.iter().rposition(|byte| *byte == b'-')?;
    let (prefix, rest) = (&text[..dash], &text[dash + 1..]);
    PREFIXES.iter().any(|known| known.as_bytes() == prefix).then_some((prefix, rest))
}

/// Whether a text is hexadecimal digits, with dashes between them or not.
fn is_hexadecimal(text: &[u8]) -> bool {
    let all = text.iter().all(|byte| is_digit(byte) || *byte == b'-');
    all && (FEWEST..=MOST).contains(&text.iter().filter(|byte| is_digit(byte)).count())
}

fn is_digit(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn value(digit: u8) -> u8 {
    if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b':')
}

/// Lower-case letters, with dashes between them or not.
fn is_lower(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
}

/// A number that is no account.
fn is_small(text: &[u8]) -> bool {
    text.len() <= 6 && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(byte: u8) -> Pseudonyms {
        Pseudonyms::new(&Key::parse(&[byte; 32]).expect("a key"))
    }

    fn replaced(text: &str) -> String {
        let mut out = Vec::new();
        of(7).push(text.as_bytes(), &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    /// The text with every hexadecimal digit as `0`.
    fn shape(text: &str) -> String {
        text.chars().map(|c| if c.is_ascii_digit() || ('a'..='f').contains(&c) { '0' } else { c }).collect()
    }

    #[test]
    fn ids_keep_their_shape() {
        for id in [
            "eni-0a1b2c3d",
            "eni-0a1b2c3d4e5f60718",
            "i-0a1b2c3d4e5f60718",
            "tgw-attach-0a1b2c3d4e5f60718",
            "123456789012",
            "cd189a933e5849daa93386466019ab50",
            "c5cba4eb-5dad-405e-96db-71ef8eefe6a8",
            "cd189a933e5849daa93386466019ab50-2495160603",
        ] {
            let made = replaced(id);
            assert_ne!(made, id);
            assert_eq!(shape(&made), shape(id));
        }
        assert!(replaced("123456789012").bytes().all(|byte| byte.is_ascii_digit()));
        // Kinds of ids do not share replacements.
        assert_ne!(replaced("eni-0a1b2c3d")[4..], replaced("vpc-0a1b2c3d")[4..]);
    }

    #[test]
    fn other_texts_do_not() {
        for text in ["shop", "", "10.0.0.1", "acme-0a1b2c3d4e5f60718", "0a1b2c", "ENI-0A1B2C3D", "a b\u{fffd}"] {
            let made = replaced(text);
            assert_eq!((&made[..5], made.len()), ("anon-", 21), "{text}");
            assert!(made[5..].bytes().all(|byte| is_digit(&byte)));
        }
        for (text, prefix) in [("eni-9", "eni-"), ("vpc-ACME", "vpc-"), ("eni-069xxxxxb7a490", "eni-"), ("i-", "i-")] {
            let made = replaced(text);
            assert_eq!(shape(&made), shape(prefix) + &"0".repeat(ID), "{text}");
        }
    }

    #[test]
    fn parts_of_arns_are_those_of_fields() {
        let account = replaced("123456789012");
        let (cluster, task) = (replaced("shop"), replaced("cd189a933e5849daa93386466019ab50"));
        for (arn, expected) in [
            (
                "arn:aws:ecs:eu-west-1:123456789012:cluster/shop",
                format!("arn:aws:ecs:eu-west-1:{account}:cluster/{cluster}"),
            ),
            (
                "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task/shop/cd189a933e5849daa93386466019ab50",
                format!("arn:aws-us-gov:ecs:us-gov-west-1:{account}:task/{cluster}/{task}"),
            ),
            (
                "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:12",
                format!("arn:aws:ecs:eu-west-1:{account}:task-definition/{cluster}:12"),
            ),
            ("arn:aws:ecs:::shop", format!("arn:aws:ecs:::{cluster}")),
            ("arn:shop:ecs:shop:shop:12/", format!("arn:{cluster}:ecs:{cluster}:{cluster}:{}/", replaced("12"))),
        ] {
            assert_eq!(replaced(arn), expected);
        }
        assert!(replaced("arn:aws:ecs:eu-west-1").starts_with("anon-"));
    }

    /// What another program makes of the same definitions.
    #[test]
    fn golden_values() {
        for (text, expected) in [
            ("123456789012", "877872323837"),
            ("eni-0a1b2c3d4e5f60718", "eni-10b191dcd6bdc7dd8"),
            ("shop", "anon-cebb76e50e0a58d0"),
            ("cd189a933e5849daa93386466019ab50-2495160603", "1bae920919c975d4e5924c8ef06e818d-1d5c40e919"),
        ] {
            assert_eq!(replaced(text), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever the text, it is replaced by another, always by the same, and under another key by
        /// another.
        #[test]
        fn one_for_one(text in "[0-9]{12}|(eni|vpc|tgw-attach)-[0-9a-f]{8,17}|[0-9a-f-]{8,70}|arn:[a-z:/0-9-]{0,40}|\\PC{0,40}", other in "eni-[0-9a-f]{8}") {
            let made = replaced(&text);
            prop_assert_eq!(&made, &replaced(&text));
            prop_assert!(!made.contains([' ', '\n']), "{}", made);
            prop_assert_eq!(made == replaced(&other), text == other);
            let mut under_another = Vec::new();
            of(8).push(text.as_bytes(), &mut under_another);
            prop_assert!(made.as_bytes() != under_another || text.starts_with("arn:"));
        }
    }
}
