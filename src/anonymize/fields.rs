//! What is done with the values of every field.
//!
//! Kept are numbers that every flow has, times, and the words that AWS itself gives: regions and
//! zone ids among them, which are the same for all customers. A word is only kept if it looks like
//! one of its field, so that a log that is read with another's format gives nothing away. All other
//! fields are replaced, those of tomorrow too.

use crate::schema::Field::{self, *};
use crate::schema::{FieldName, Heading};

#[derive(Clone, Copy)]
pub enum Treatment {
    /// Its numbers stay.
    Keep,
    /// A word of AWS's stays, if this says that it is one.
    Word(fn(&[u8]) -> bool),
    Replace,
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
            AccountId => Treatment::Word(|word| word == b"unknown"),
            Action => Treatment::Word(|word| matches!(word, b"ACCEPT" | b"REJECT")),
            LogStatus => Treatment::Word(|word| matches!(word, b"OK" | b"NODATA" | b"SKIPDATA")),
            Type => Treatment::Word(|word| matches!(word, b"IPv4" | b"IPv6" | b"EFA")),
            FlowDirection => Treatment::Word(|word| matches!(word, b"ingress" | b"egress")),
            Direction => Treatment::Word(|word| matches!(word, b"inbound" | b"outbound" | b"internal")),
            SublocationType => Treatment::Word(|word| matches!(word, b"wavelength" | b"outpost" | b"localzone")),
            RejectReason => Treatment::Word(|word| matches!(word, b"BPA" | b"EC")),
            ResourceType => Treatment::Word(|word| word.starts_with(b"TransitGateway") && word.len() <= 24),
            Region => Treatment::Word(is_region),
            AzId | NextHopAzId | TgwSrcAzId | TgwDstAzId => Treatment::Word(is_zone),
            PktSrcAwsService | PktDstAwsService => Treatment::Word(is_service),
            InterfaceType | NextHopInterfaceType => Treatment::Word(is_interface_type),
            SecurityGroupIds => Treatment::List,
            _ => Treatment::Replace,
        }
    }

    pub fn of_heading(heading: &Heading) -> Treatment {
        match FieldName::parse(heading.name.as_bytes()) {
            FieldName::Known(field) => Treatment::of(field),
            // Made of fields that are kept, or of addresses, which are never.
            FieldName::Other(name) if matches!(&*name, "protocol-number" | "duration" | "bpp") => Treatment::Keep,
            FieldName::Other(name) if is_network(&name) => Treatment::Keep,
            FieldName::Enriched(_) | FieldName::Other(_) => Treatment::Replace,
        }
    }

    /// Whether a text stays as it is.
    pub fn keeps(self, text: &[u8]) -> bool {
        matches!(self, Treatment::Word(is_word) if is_word(text))
    }
}

/// `src-ip/24` and such.
fn is_network(name: &str) -> bool {
    name.split_once('/').is_some_and(|(field, _)| Field::find(field.as_bytes()).is_some())
}

/// What the names of regions end in, before their number.
const DIRECTIONS: [&str; 9] =
    ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

/// `eu-west-1`, `us-gov-east-1` and such.
pub fn is_region(word: &[u8]) -> bool {
    let parts: Vec<&[u8]> = word.split(|byte| *byte == b'-').collect();
    let [area, middle @ .., direction, number] = &parts[..] else { return false };
    let is_short = |part: &&[u8]| (2..=4).contains(&part.len()) && part.iter().all(u8::is_ascii_lowercase);
    let is_direction = DIRECTIONS.iter().any(|known| known.as_bytes() == *direction);
    let is_number = number.len() == 1 && number[0].is_ascii_digit();
    is_number && is_direction && middle.len() <= 1 && is_short(area) && middle.iter().all(is_short)
}

/// `use1-az1`, `usw2-lax1-az1`, `use1-wl1-bos-wlz1` and such: what AWS calls a zone for every customer
/// alike.
fn is_zone(word: &[u8]) -> bool {
    let parts: Vec<&[u8]> = word.split(|byte| *byte == b'-').collect();
    let [region, middle @ .., zone] = &parts[..] else { return false };
    // Letters, and so many digits.
    let is_part = |part: &[u8], least: usize| {
        let digits = part.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let letters = &part[..part.len() - digits];
        (least..=2).contains(&digits) && (2..=5).contains(&letters.len()) && letters.iter().all(u8::is_ascii_lowercase)
    };
    let is_last = is_part(zone, 1) && ["az", "lz", "wlz"].iter().any(|kind| zone.starts_with(kind.as_bytes()));
    is_last && middle.len() <= 2 && is_part(region, 1) && middle.iter().all(|part| is_part(part, 0))
}

/// `S3`, `ROUTE53_HEALTHCHECKS` and such.
fn is_service(word: &[u8]) -> bool {
    word.len() <= 40
        && word.first().is_some_and(u8::is_ascii_uppercase)
        && word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}

/// `nat_gateway` and such.
fn is_interface_type(word: &[u8]) -> bool {
    word.len() <= 40 && word.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
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
                "us-east-1 eu-central-2 us-gov-west-1 cn-north-1 ap-southeast-5 il-central-1 us-isob-east-1 eusc-de-east-1",
            ),
            (AzId, "use1-az5 euw1-az2 usgw1-az1 apse2-az10 usw2-lax1-az1 use1-wl1-bos-wlz1"),
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
                "eni-0a1b2c3d 123456789012 acme-prod shop eu-west-12345 10.0.0.1 x- -1 acme-prod-1 eu-west-1-acme-corp-1",
            ),
            (AzId, "eni-0a1b2c3d vpc-1 shop acme-prod use1-az use1 az1 acme1-prod2"),
            (PktSrcAwsService, "10.0.0.1 eni-0a1b2c3d shop 123456789012"),
            (InterfaceType, "eni-0a1b2c3d 10.0.0.1 Shop"),
            (Action, "DROP accept"),
            (LogStatus, "vpc-1"),
            (AccountId, "123456789012"),
            (InstanceId, "i-0a1b2c3d"),
            (SecurityGroupIds, "sg-1,sg-2"),
        ] {
            assert!(!words.split(' ').any(|word| keeps(field, word)), "{words}");
        }
    }

    /// Fields that are not in the table have numbers that are replaced, too.
    #[test]
    fn only_numbers_that_tell_nothing_are_kept() {
        let kept = |name: &str| {
            matches!(Treatment::of_heading(&Heading { name: name.into(), kind: Kind::Number }), Treatment::Keep)
        };
        assert!(["bytes", "duration", "bpp", "protocol-number", "src-ip/24", "dst-ip/16/64"].iter().all(|n| kept(n)));
        assert!(!["x-of-2031", "src-asn", "account-id", "acme/24"].iter().any(|name| kept(name)));
        for field in Field::all().filter(|field| field.kind().is_number()) {
            assert!(matches!(Treatment::of(field), Treatment::Keep), "{}", field.name());
        }
    }
}
