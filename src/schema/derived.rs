//! Columns of results that are no fields of a record, but numbers and networks that were derived from
//! them: known by name when a result is read again.

use super::{Field, Kind};

/// What such a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    Number,
    Network,
}

impl Derived {
    /// The names of numbers.
    pub const NUMBERS: [&str; 3] = ["protocol-number", "duration", "bpp"];

    /// What a name stands for, with dashes: `bpp`, `src-ip/24`, or as results spell it, `src-ip-24-64`.
    pub fn of(name: &str) -> Option<Derived> {
        if Derived::NUMBERS.contains(&name) {
            return Some(Derived::Number);
        }
        let field = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '/' | '-'));
        let mut lengths = name[field.len()..].strip_prefix(['/', '-'])?.splitn(2, ['/', '-']);
        let is_length = |text: &str| text.parse().is_ok_and(|length: u8| length <= 128);
        let is_address = Field::find(field.as_bytes()).is_some_and(|field| field.kind() == Kind::Ip);
        (lengths.all(is_length) && is_address).then_some(Derived::Network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_networks_are_known() {
        for name in Derived::NUMBERS {
            assert_eq!(Derived::of(name), Some(Derived::Number), "{name}");
        }
        for name in ["src-ip/24", "src-ip-24", "dst-ip/16/64", "pkt-srcaddr-24-64", "dst-ip-0", "src-ip/128"] {
            assert_eq!(Derived::of(name), Some(Derived::Network), "{name}");
        }
        for name in [
            "",
            "-",
            "24",
            "bytes-24",
            "acme/24",
            "src-ip",
            "src-ip-",
            "src-ip-129",
            "src-ip-1-2-3",
            "src-ip-x-24",
            "bpp-2",
        ] {
            assert_eq!(Derived::of(name), None, "{name}");
        }
    }
}
