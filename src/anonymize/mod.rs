//! Records that can be shown to others: what names a customer, a network or a machine is replaced,
//! under a key, and everything that a flow log is read for stays.
//!
//! Pure functions over values: the same key gives the same replacements, in any order and in any
//! run. Different values keep different replacements, so that groups and distinct counts stay what
//! they are. What is not known to be harmless is replaced.

mod addresses;
mod fields;
mod key;
mod permutation;
mod pseudonyms;
mod records;

pub use key::{Key, KeyError};
pub use records::Mapper;

use crate::schema::{Field, FieldName, Heading};
use addresses::{CryptoPan, first4, first6};
use fields::Treatment;
use pseudonyms::Pseudonyms;
use std::net::IpAddr;

/// Replaces values under a key.
pub struct Anonymizer {
    addresses: CryptoPan,
    pseudonyms: Pseudonyms,
}

impl Anonymizer {
    pub fn new(key: &Key) -> Anonymizer {
        Anonymizer { addresses: CryptoPan::new(key), pseudonyms: Pseudonyms::new(key) }
    }

    /// What stands for the text of a field.
    pub fn text(&self, field: Field, text: &[u8]) -> Box<[u8]> {
        let mut out = Vec::new();
        match Treatment::of(field) {
            treatment if treatment.keeps(text) => out.extend_from_slice(text),
            treatment => self.replace(treatment, text, &mut out),
        }
        out.into()
    }

    /// Appends what stands for a text that is not kept.
    fn replace(&self, treatment: Treatment, text: &[u8], out: &mut Vec<u8>) {
        match treatment {
            Treatment::List => {
                for (i, text) in text.split(|byte| *byte == b',').enumerate() {
                    if i > 0 {
                        out.push(b',');
                    }
                    self.pseudonyms.push(text, out);
                }
            }
            Treatment::Network => match self.network(text) {
                Some(network) => out.extend_from_slice(network.as_bytes()),
                None => self.pseudonyms.push(text, out),
            },
            _ => self.pseudonyms.push(text, out),
        }
    }

    /// The network that the addresses of a network become; `None` if the text is none.
    fn network(&self, text: &[u8]) -> Option<String> {
        let text = str::from_utf8(text).ok()?;
        // The other family may stand whole in the same column.
        let (address, length) = text.split_once('/').unwrap_or((text, "128"));
        let (address, length): (IpAddr, u8) = (address.parse().ok()?, length.parse().ok()?);
        let first = match address {
            IpAddr::V4(v4) => IpAddr::V4(first4(self.addresses.v4(v4.to_bits()), length).into()),
            IpAddr::V6(v6) => IpAddr::V6(first6(self.addresses.v6(v6.to_bits()), length).into()),
        };
        Some(if text.contains('/') { format!("{first}/{length}") } else { first.to_string() })
    }
}

/// Whether nothing is known of the values of a column, so that all of them are replaced.
pub fn is_unknown(heading: &Heading) -> bool {
    matches!(FieldName::parse(heading.name.as_bytes()), FieldName::Other(_))
        && matches!(Treatment::of_heading(heading), Treatment::Replace)
}
