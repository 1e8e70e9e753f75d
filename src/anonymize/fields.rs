//! What is done with the values of every field.
//!
//! Kept are numbers that every flow has, times, and the words that AWS itself gives: regions and
//! zone ids among them, which are the same for all customers. A word is only kept if it is known to be
//! one of its field, so that a log that is read with another's format gives nothing away. All other
//! fields are replaced, those of tomorrow too.

mod words;

use crate::schema::Field::{self, *};
use crate::schema::{Derived, Enriched, FieldName, Heading, iana};
pub use words::is_region;
use words::{INTERFACE_TYPES, SERVICES, is_flags, is_zone};

#[derive(Clone, Copy)]
pub enum Treatment {
    /// Its numbers stay, those that are read as text, too.
    Keep,
    /// One of these words stays.
    Words(&'static [&'static str]),
    /// A word stays if this says that it tells nothing.
    Word(fn(&[u8]) -> bool),
    Replace,
    /// A network becomes that of what its addresses become.
    Network,
    /// Several values, with commas between.
    List,
}

impl Treatment {
    pub fn of(field: Field) -> Treatment {
        match field {
            Version | SrcPort | DstPort | Protocol | Packets | Bytes | Start | End | TcpFlags | TrafficPath => {
                Treatment::Keep
            }
            EncryptionStatus
            | PacketsLostNoRoute
            | PacketsLostBlackhole
            | PacketsLostMtuExceeded
            | PacketsLostTtlExpired => Treatment::Keep,
            // An account that AWS does not tell.
            AccountId => Treatment::Words(&["unknown"]),
            Action => Treatment::Words(&["ACCEPT", "REJECT"]),
            LogStatus => Treatment::Words(&["OK", "NODATA", "SKIPDATA"]),
            Type => Treatment::Words(&["IPv4", "IPv6", "EFA"]),
            FlowDirection => Treatment::Words(&["ingress", "egress"]),
            Direction => Treatment::Words(&["inbound", "outbound", "internal", "ingress", "egress"]),
            SublocationType => Treatment::Words(&["wavelength", "outpost", "localzone"]),
            RejectReason => Treatment::Words(&["BPA", "EC"]),
            ResourceType => Treatment::Words(&["TransitGateway", "TransitGatewayAttachment"]),
            Region => Treatment::Word(is_region),
            AzId | NextHopAzId | TgwSrcAzId | TgwDstAzId => Treatment::Word(is_zone),
            PktSrcAwsService | PktDstAwsService => Treatment::Words(SERVICES),
            InterfaceType | NextHopInterfaceType => Treatment::Words(INTERFACE_TYPES),
            SecurityGroupIds => Treatment::List,
            _ => Treatment::Replace,
        }
    }

    pub fn of_heading(heading: &Heading) -> Treatment {
        match FieldName::parse(heading.name.as_bytes()) {
            FieldName::Known(field) => Treatment::of(field),
            FieldName::Enriched(field) => Treatment::of_made(field),
            FieldName::Other(name) => match Derived::of(&name) {
                // Made of fields that are kept.
                Some(Derived::Number) => Treatment::Keep,
                Some(Derived::Network) => Treatment::Network,
                None => Treatment::Replace,
            },
        }
    }

    /// What tells no more than ports and flags, or that an address is private, stays.
    fn of_made(field: Enriched) -> Treatment {
        match field {
            Enriched::ServicePort => Treatment::Keep,
            Enriched::ServiceName => Treatment::Word(|word| str::from_utf8(word).is_ok_and(iana::is_service)),
            Enriched::TcpFlagNames => Treatment::Word(is_flags),
            Enriched::SrcAwsService | Enriched::DstAwsService => Treatment::Words(SERVICES),
            Enriched::SrcAwsRegion | Enriched::DstAwsRegion => Treatment::Word(is_region),
            field if field.is_list() => Treatment::List,
            field if !field.words().is_empty() => Treatment::Words(field.words()),
            _ => Treatment::Replace,
        }
    }

    /// Whether a text stays as it is.
    pub fn keeps(self, text: &[u8]) -> bool {
        match self {
            Treatment::Words(words) => words.iter().any(|word| word.as_bytes() == text),
            Treatment::Word(is_word) => is_word(text),
            Treatment::Keep => str::from_utf8(text).is_ok_and(|text| text.parse::<u64>().is_ok()),
            Treatment::Replace | Treatment::Network | Treatment::List => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn keeps(field: Field, word: &str) -> bool {
        Treatment::of(field).keeps(word.as_bytes())
    }

    #[test]
    fn words_of_aws_are_kept() {
        for (field, words) in [
            (
                Region,
                "us-east-1 eu-central-2 us-gov-west-1 cn-north-1 ap-southeast-5 il-central-1 us-isob-east-1 eusc-de-east-1 mx-central-1",
            ),
            (AzId, "use1-az5 euw1-az2 usgw1-az1 apse2-az10 usw2-lax1-az1 use1-wl1-bos-wlz1 cnnw1-az3"),
            (PktSrcAwsService, "AMAZON S3 EC2 CLOUD9 ROUTE53_HEALTHCHECKS"),
            (NextHopInterfaceType, "nat_gateway vpc_endpoint"),
            (ResourceType, "TransitGateway TransitGatewayAttachment"),
            (LogStatus, "OK NODATA SKIPDATA"),
            (AccountId, "unknown"),
        ] {
            assert!(words.split(' ').all(|word| keeps(field, word)), "{words}");
        }
    }

    #[test]
    fn what_does_not_belong_there_is_not() {
        for (field, words) in [
            (
                Region,
                "eni-0a1b2c3d 123456789012 acme-prod shop eu-west-12345 10.0.0.1 x- -1 acme-prod-1 acme-east-1 eu-west-1-acme-corp-1 us-acme-east-1",
            ),
            (AzId, "eni-0a1b2c3d vpc-1 shop acme-prod use1-az use1 az1 acme1-prod2 acme1-az1 use1-acme1-az1"),
            (PktSrcAwsService, "10.0.0.1 eni-0a1b2c3d shop ACMESVC 123456789012"),
            (InterfaceType, "eni-0a1b2c3d 10.0.0.1 Shop acme_corp"),
            (Action, "DROP accept"),
            (LogStatus, "vpc-1"),
            (AccountId, "123456789012"),
            (InstanceId, "i-0a1b2c3d"),
            (SecurityGroupIds, "sg-1,sg-2"),
        ] {
            assert!(!words.split(' ').any(|word| keeps(field, word)), "{words}");
        }
    }

    #[test]
    fn what_was_made_is_kept_where_it_tells_nothing() {
        let keeps = |field: &str, word: &str| {
            Treatment::of_heading(&Heading { name: field.into(), kind: Kind::Text }).keeps(word.as_bytes())
        };
        for (field, word) in [
            ("initiator", "src"),
            ("src-scope", "private"),
            ("dst-inside", "no"),
            ("service-name", "https"),
            ("service-name", "ms-wbt-server"),
            ("tcp-flag-names", "syn,ack"),
            ("traffic-path-name", "internet-gateway"),
            ("dst-aws-service", "S3"),
        ] {
            assert!(keeps(field, word), "{field}: {word}");
            assert!(!keeps(field, "our-own-word"), "{field}");
        }
        assert!(!keeps("tcp-flag-names", "syn,ours") && !keeps("tcp-flag-names", ""));
        assert!(!keeps("src-country", "DE") && !keeps("src-city", "Wien") && !keeps("src-label", "private"));
    }

    /// Fields that are not in the table have numbers that are replaced, too.
    #[test]
    fn only_numbers_that_tell_nothing_are_kept() {
        let kept = |name: &str| {
            matches!(Treatment::of_heading(&Heading { name: name.into(), kind: Kind::Number }), Treatment::Keep)
        };
        assert!(["bytes", "duration", "bpp", "service-port", "protocol-number"].iter().all(|name| kept(name)));
        assert!(
            !["x-of-2031", "src-asn", "account-id", "acme/24", "src-ip/24", "dst-ip-16-64"]
                .iter()
                .any(|name| kept(name))
        );
        for field in Field::all().filter(|field| field.kind().is_number()) {
            assert!(matches!(Treatment::of(field), Treatment::Keep), "{}", field.name());
        }
    }
}
