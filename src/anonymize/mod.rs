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
use addresses::CryptoPan;
use fields::Treatment;
use pseudonyms::Pseudonyms;

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
        if !matches!(treatment, Treatment::List) {
            return self.pseudonyms.push(text, out);
        }
        for (i, text) in text.split(|byte| *byte == b',').enumerate() {
            if i > 0 {
                out.push(b',');
            }
            self.pseudonyms.push(text, out);
        }
    }
}

/// Whether nothing is known of the values of a column, so that all of them are replaced.
pub fn is_unknown(heading: &Heading) -> bool {
    matches!(FieldName::parse(heading.name.as_bytes()), FieldName::Other(_))
        && matches!(Treatment::of_heading(heading), Treatment::Replace)
}
