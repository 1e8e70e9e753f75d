//! The user's own names for networks: a CSV file of `cidr,label`.

use super::{Binding, Enricher, Maker, Prefixes, Side, Wrong};
use crate::decode::Network;
use crate::schema::{Enriched, FieldName};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What stands where there is no value: in logs, and in Parquet that AWS's tools write. Such a label would
/// be gone when a result is read again.
const NO_VALUES: [&str; 2] = ["-", "None"];

/// Networks and their labels; the longest prefix that holds an address counts.
#[derive(Debug)]
pub struct Labels {
    networks: Prefixes,
    labels: Vec<String>,
}

impl Labels {
    /// Reads lines of `cidr,label`. A first line that does not begin with an address is a header; `#` begins a
    /// comment line; a label with commas stands in quotes. Fails with the number of the line that is not
    /// like that.
    pub fn parse(text: &str) -> Result<Labels, Wrong> {
        let mut labels: Vec<String> = Vec::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut lines: BTreeMap<Network, usize> = BTreeMap::new();
        let mut networks: Vec<(Network, u32)> = Vec::new();
        let mut begun = false;
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str| Wrong::at(i + 1, format!("expected cidr,label{what}, found '{line}'"));
            let is_header = !begun && !line.split(',').next().unwrap_or_default().contains(['.', ':', '/']);
            begun = true;
            if is_header {
                continue;
            }
            let (network, label) = line.split_once(',').ok_or_else(|| wrong(""))?;
            let network = unquoted(network).and_then(|network| Network::parse(network.trim()));
            let network = network.ok_or_else(|| wrong(" with an address or a network such as 10.0.0.0/8"))?;
            if !label.trim().starts_with('"') && label.contains(',') {
                return Err(wrong("; a label with commas stands in quotes"));
            }
            let label = unquoted(label).ok_or_else(|| wrong("; a quote is not closed, or stands within"))?;
            if label.trim().is_empty() {
                return Err(wrong(" with a label"));
            }
            if NO_VALUES.contains(&label.trim()) {
                return Err(wrong("; '-' and 'None' stand for no value in logs, so give another label"));
            }
            if let Some(before) = lines.insert(network, i + 1) {
                let Network { first, length } = network;
                return Err(Wrong::at(i + 1, format!("{first}/{length} has a label already, in line {before}")));
            }
            let number = *numbers.entry(label).or_insert_with_key(|label| {
                labels.push(label.clone());
                labels.len() as u32 - 1
            });
            networks.push((network, number));
        }
        match networks.is_empty() {
            true => Err(Wrong::at(1, "expected lines of cidr,label, and there is none")),
            false => Ok(Labels { networks: Prefixes::new(networks), labels }),
        }
    }

    /// The label of the longest network that holds an address.
    pub fn of(&self, address: IpAddr) -> Option<&str> {
        let number = self.networks.get(address)?;
        self.labels.get(number as usize).map(String::as_str)
    }
}

/// A cell of CSV without the quotes around it; `None` if they do not go together.
fn unquoted(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let Some(inner) = cell.strip_prefix('"') else { return Some(cell.to_string()) };
    let inner = inner.strip_suffix('"')?;
    let pairs_only = inner.split("\"\"").all(|part| !part.contains('"'));
    pairs_only.then(|| inner.replace("\"\"", "\""))
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let side = match field.enriched()? {
        Enriched::SrcLabel => Side::Source,
        Enriched::DstLabel => Side::Destination,
        _ => return None,
    };
    let labels = enricher.labels.clone()?;
    binding.by_address(side, move |address, words| words.word(labels.of(address).unwrap_or_default().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label<'l>(labels: &'l Labels, address: &str) -> Option<&'l str> {
        labels.of(address.parse().expect("an address"))
    }

    #[test]
    fn the_longest_prefix_names() {
        let text = "\u{feff}cidr,label\r\n# ours\n10.0.0.0/8, office \n\n10.1.0.0/16,\"lab, \"\"old\"\"\"\n2001:db8::/32,v6\n10.2.0.1,office\n";
        let labels = Labels::parse(text).expect("labels");
        assert_eq!(label(&labels, "10.9.9.9"), Some("office"));
        assert_eq!(label(&labels, "10.1.9.9"), Some("lab, \"old\""));
        assert_eq!((label(&labels, "2001:db8::7"), label(&labels, "192.0.2.1")), (Some("v6"), None));
        assert_eq!(labels.labels.len(), 3, "each label once");
    }

    #[test]
    fn what_is_no_label_is_told_with_its_line() {
        for (text, line, words) in [
            ("", 1, "there is none"),
            ("cidr,label\n", 1, "there is none"),
            ("10.0.0.0/33,x", 1, "a network such as"),
            ("10.0.0.0/8,x\ncidr,label\n", 2, "a network such as"),
            ("10.0.0.0/8,x\n10.0.0.0/8,y", 2, "a label already, in line 1"),
            ("10.0.0.0/8", 1, "expected cidr,label, found '10.0.0.0/8'"),
            ("x\n10", 2, "expected cidr,label, found '10'"),
            ("10.0.0.0/8,", 1, "with a label"),
            ("10.0.0.0/8,a,b", 1, "stands in quotes"),
            (
                "10.0.0.0/8,a\n10.1.0.0/16,-",
                2,
                "stand for no value in logs, so give another label, found '10.1.0.0/16,-'",
            ),
            ("10.0.0.0/8,\"None\"", 1, "stand for no value"),
            ("10.0.0.0/8,x\n10.1.0.0/16,\"a, b", 2, "a quote is not closed"),
            ("10.0.0.0/8,\"", 1, "a quote is not closed"),
            ("10.0.0.0/8,\"a\" b\"", 1, "or stands within"),
        ] {
            let Wrong { line: at, why } = Labels::parse(text).expect_err(text);
            assert!(at == Some(line) && why.contains(words), "{text}: {at:?}: {why}");
        }
    }
}
