//! Several values in one: with commas between, and what would be mistaken for such a comma, or could not
//! stand in a line, written `%2C`, as AWS writes it in tags.

use std::borrow::Cow;

/// The values as a list.
pub fn list<'v>(values: impl IntoIterator<Item = &'v str>) -> String {
    let mut out = String::new();
    for (i, value) in values.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        for c in value.chars() {
            match c {
                ',' | '%' => out.push_str(&escaped(c)),
                c if c.is_control() => out.push_str(&escaped(c)),
                c => out.push(c),
            }
        }
    }
    out
}

fn escaped(c: char) -> String {
    c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A value of a list, as it is where it stands alone. A `%` without two digits behind it stays.
pub fn listed(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.contains(&b'%') {
        return value.into();
    }
    let digit = |at: usize| value.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        let pair = if *byte == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        match pair {
            Some((high, low)) => out.push((16 * high + low) as u8),
            None => out.push(*byte),
        }
        at += if pair.is_some() { 3 } else { 1 };
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_told_apart() {
        assert_eq!(list(["a,b", "c\nd", "50% é", "%2C", "\u{85}"]), "a%2Cb,c%0Ad,50%25 é,%252C,%C2%85");
        assert_eq!(list([]), "");
        for (value, alone) in
            [("a%2cb", "a,b"), ("sg-1", "sg-1"), ("50% x", "50% x"), ("%", "%"), ("%2", "%2"), ("%%41", "%A")]
        {
            assert_eq!(&*listed(value.as_bytes()), alone.as_bytes(), "{value}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn values_come_back(values in prop::collection::vec("[a-c,%0-9\\n ]{1,6}", 1..4)) {
            let text = list(values.iter().map(String::as_str));
            let back: Vec<_> = text.split(',').map(|value| listed(value.as_bytes()).into_owned()).collect();
            prop_assert_eq!(back, values.iter().map(|value| value.as_bytes().to_vec()).collect::<Vec<_>>());
        }
    }
}
