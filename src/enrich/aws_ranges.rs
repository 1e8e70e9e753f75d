//! The services and regions of AWS's public addresses: the file `ip-ranges.json` that AWS publishes.
//!
//! Ranges overlap: of those that hold an address, the longest prefix of a service counts. AMAZON holds
//! all others, and counts where there is no other, as in the log's own pkt-src-aws-service.

use super::{Binding, Enricher, Maker, Prefixes, Side, Wrong};
use crate::decode::Network;
use crate::schema::{Enriched, Field, FieldName};
use serde_json::Value;
use std::net::IpAddr;

/// The range that holds all.
const ALL: &str = "AMAZON";
/// Regions that are none.
const GLOBAL: &str = "GLOBAL";

/// AWS's ranges.
#[derive(Debug)]
pub struct AwsRanges {
    services: Prefixes,
    rest: Prefixes,
    /// Service and region, by number.
    owners: Vec<(String, String)>,
}

impl AwsRanges {
    /// Reads `ip-ranges.json`.
    pub fn parse(text: &str) -> Result<AwsRanges, Wrong> {
        if text.trim().is_empty() {
            return Err("it is empty; expected ip-ranges.json as AWS publishes it".into());
        }
        let whole: Value = serde_json::from_str(text)?;
        let list = |key: &str| whole.get(key).and_then(Value::as_array);
        if list("prefixes").is_none() && list("ipv6_prefixes").is_none() {
            return Err("no list 'prefixes' in it; expected ip-ranges.json as AWS publishes it".into());
        }
        let mut ranges: Vec<(Network, String, String)> = Vec::new();
        for (list, key) in [(list("prefixes"), "ip_prefix"), (list("ipv6_prefixes"), "ipv6_prefix")] {
            for entry in list.into_iter().flatten() {
                let text = |key: &str| entry.get(key).and_then(Value::as_str);
                let network = text(key).and_then(Network::parse);
                let (Some(network), Some(service), Some(region)) = (network, text("service"), text("region")) else {
                    return Err(format!("expected {key}, service and region, found {entry}").into());
                };
                ranges.push((network, service.into(), region.into()));
            }
        }
        // Of equal networks, the one whose service comes first counts.
        ranges.sort();
        let mut owners: Vec<(String, String)> = ranges.iter().map(|(_, s, r)| (s.clone(), r.clone())).collect();
        owners.sort();
        owners.dedup();
        let numbered = |all: bool| {
            let ranges = ranges.iter().filter(move |(_, service, _)| (service == ALL) == all);
            ranges.filter_map(|(network, service, region)| {
                let number = owners.binary_search_by(|(s, r)| (s, r).cmp(&(service, region))).ok()?;
                Some((*network, number as u32))
            })
        };
        Ok(AwsRanges { services: Prefixes::new(numbered(false)), rest: Prefixes::new(numbered(true)), owners })
    }

    /// The service and the region that an address belongs to.
    pub fn owner(&self, address: IpAddr) -> Option<&(String, String)> {
        let number = self.services.get(address).or_else(|| self.rest.get(address))?;
        self.owners.get(number as usize)
    }
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    use Side::{Destination, Source};
    let (side, own, region) = match field {
        FieldName::Enriched(Enriched::SrcAwsService) => (Source, Some(Field::PktSrcAwsService), false),
        FieldName::Enriched(Enriched::DstAwsService) => (Destination, Some(Field::PktDstAwsService), false),
        FieldName::Enriched(Enriched::SrcAwsRegion) => (Source, None, true),
        FieldName::Enriched(Enriched::DstAwsRegion) => (Destination, None, true),
        FieldName::Known(Field::PktSrcAwsService) => (Source, None, false),
        FieldName::Known(Field::PktDstAwsService) => (Destination, None, false),
        _ => return None,
    };
    let ranges = enricher.aws_ranges.clone()?;
    let own = own.map(|field| binding.text(field));
    let mut by_address = binding.by_address(side, move |address, words| {
        let owner = ranges.owner(address);
        let text = owner.map_or("", |(service, of)| if region { of } else { service });
        words.word(if region && text == GLOBAL { b"" } else { text.as_bytes() })
    })?;
    Some(Box::new(move |batch, row, words| match own.and_then(|own| own.of(batch, row)) {
        Some(service) => words.word(service),
        None => by_address(batch, row, words),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_service_counts_and_amazon_where_there_is_no_other() {
        let range = |kind: &str, prefix: &str, service: &str, region: &str| {
            format!(r#"{{"{kind}":"{prefix}","region":"{region}","service":"{service}","network_border_group":"x"}}"#)
        };
        let v4 = [
            range("ip_prefix", "3.0.0.0/8", "EC2", "us-east-1"),
            range("ip_prefix", "3.5.0.0/16", "S3", "eu-west-1"),
            range("ip_prefix", "3.5.0.0/16", "AMAZON", "eu-west-1"),
            range("ip_prefix", "3.5.7.0/24", "AMAZON", "eu-west-2"),
            range("ip_prefix", "99.0.0.0/8", "AMAZON", "GLOBAL"),
        ];
        let v6 = range("ipv6_prefix", "2600:1f00::/24", "EC2", "us-west-2");
        let text = format!(r#"{{"syncToken":"1","prefixes":[{}],"ipv6_prefixes":[{v6}]}}"#, v4.join(","));
        let ranges = AwsRanges::parse(&text).expect("ranges");
        let owner = |address: &str| ranges.owner(address.parse().expect("an address")).map(|(s, r)| format!("{s} {r}"));
        assert_eq!(owner("3.1.1.1").as_deref(), Some("EC2 us-east-1"));
        assert_eq!(owner("3.5.7.1").as_deref(), Some("S3 eu-west-1"));
        assert_eq!(owner("99.1.1.1").as_deref(), Some("AMAZON GLOBAL"));
        assert_eq!(owner("2600:1f00::1").as_deref(), Some("EC2 us-west-2"));
        assert_eq!(owner("10.0.0.1"), None);
    }

    #[test]
    fn other_files_are_told() {
        for (text, words) in [
            ("", "it is empty; expected ip-ranges.json"),
            (" \n", "it is empty"),
            ("{", "cut off"),
            ("{x", "no JSON: key must be a string (column 2)"),
            ("{}", "expected ip-ranges.json"),
            (r#"{"prefixes":[{"ip_prefix":"3.0.0.0/99","service":"S3","region":"x"}]}"#, "expected ip_prefix, service"),
            (r#"{"prefixes":[{"ip_prefix":"3.0.0.0/8","service":"S3"}]}"#, "expected ip_prefix, service"),
        ] {
            let why = AwsRanges::parse(text).expect_err(text).why;
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
