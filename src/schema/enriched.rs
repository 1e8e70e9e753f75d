//! The table of enriched fields: columns that no log has, but that are made from its columns, some of
//! them with the help of files that the user names. They can be asked for like any other field.

use super::field::{MAX_NAME, plain_name, same_letters};
use super::{Field, Kind};

macro_rules! enriched {
    ($($id:ident $name:literal [$($alias:literal)*] $kind:ident [$($source:ident)*] $needs:ident $words:ident $doc:literal;)*) => {
        /// A field that is made from others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Enriched { $(#[doc = $doc] $id,)* }

        const TABLE: &[Row] = &[
            $(Row { field: Enriched::$id, name: $name, aliases: &[$($alias),*], kind: Kind::$kind,
                    sources: &[$(Field::$source),*], needs: $needs, words: $words, doc: $doc },)*
        ];
    };
}

struct Row {
    field: Enriched,
    name: &'static str,
    aliases: &'static [&'static str],
    kind: Kind,
    sources: &'static [Field],
    needs: &'static str,
    words: &'static [&'static str],
    doc: &'static str,
}

/// Needs no file.
const NOTHING: &str = "";

const LABELS: &str = "--labels FILE.csv";
const AWS_RANGES: &str = "--aws-ranges ip-ranges.json";
const ENIS: &str = "--enis FILE";
const SUBNETS: &str = "--subnets FILE";
const INSTANCES: &str = "--instances FILE";
const GEO: &str = "--geo FILE.mmdb";
const ASN: &str = "--asn FILE.mmdb";

/// The values can be anything.
const ANY: &[&str] = &[];
/// What kinds of address there are.
pub const SCOPES: &[&str] = &[
    "public",
    "private",
    "shared",
    "link-local",
    "loopback",
    "multicast",
    "broadcast",
    "documentation",
    "benchmarking",
    "unspecified",
    "reserved",
];
pub const YES_NO: &[&str] = &["yes", "no"];
pub const INITIATORS: &[&str] = &["src", "dst"];
/// The paths of egress traffic, from 1 on.
pub const TRAFFIC_PATHS: &[&str] = &[
    "same-vpc",
    "internet-or-gateway-endpoint",
    "virtual-private-gateway",
    "peering-in-region",
    "peering-between-regions",
    "local-gateway",
    "gateway-endpoint",
    "internet-gateway",
];

#[rustfmt::skip]
enriched! {
    SrcScope "src-scope" [] Text [PktSrcIp SrcIp] NOTHING SCOPES "kind of address of the source: public, private, shared, link-local, multicast, ... (IANA)";
    DstScope "dst-scope" [] Text [PktDstIp DstIp] NOTHING SCOPES "kind of address of the destination";
    SrcInside "src-inside" [] Text [PktSrcIp SrcIp] NOTHING YES_NO "whether the source is one's own: in --inside, else in --subnets, else private";
    DstInside "dst-inside" [] Text [PktDstIp DstIp] NOTHING YES_NO "whether the destination is one's own";
    Initiator "initiator" [] Text [TcpFlags SrcPort DstPort Protocol] NOTHING INITIATORS "side that began: src or dst, by SYN flags, else the other side of the service's port";
    ServicePort "service-port" [] Port [SrcPort DstPort Protocol] NOTHING ANY "port that looks like the service's: below 1024, else named by IANA, else the lower";
    ServiceName "service-name" [] Text [SrcPort DstPort Protocol] NOTHING ANY "IANA's name of service-port";
    TcpFlagNames "tcp-flag-names" [] Text [TcpFlags] NOTHING ANY "tcp-flags in words: syn,ack";
    TrafficPathName "traffic-path-name" [] Text [TrafficPath] NOTHING TRAFFIC_PATHS "traffic-path in words: same-vpc, internet-gateway, ...";
    SrcLabel "src-label" [] Text [PktSrcIp SrcIp] LABELS ANY "label of the source's network";
    DstLabel "dst-label" [] Text [PktDstIp DstIp] LABELS ANY "label of the destination's network";
    SrcAwsService "src-aws-service" [] Text [PktSrcAwsService PktSrcIp SrcIp] AWS_RANGES ANY "AWS service that owns the source (EC2, S3, ..., AMAZON)";
    DstAwsService "dst-aws-service" [] Text [PktDstAwsService PktDstIp DstIp] AWS_RANGES ANY "AWS service that owns the destination";
    SrcAwsRegion "src-aws-region" [] Text [PktSrcIp SrcIp] AWS_RANGES ANY "AWS region of the source's address";
    DstAwsRegion "dst-aws-region" [] Text [PktDstIp DstIp] AWS_RANGES ANY "AWS region of the destination's address";
    InterfaceName "interface-name" ["eni-name"] Text [InterfaceId] ENIS ANY "tag Name of the interface, else its description";
    SecurityGroups "security-groups" ["security-group" "sg"] Text [InterfaceId SecurityGroupIds] ENIS ANY "ids of the interface's security groups; as a key, each counts";
    SecurityGroupNames "security-group-names" ["security-group-name" "sg-name"] Text [InterfaceId] ENIS ANY "names of the interface's security groups; as a key, each counts";
    SubnetName "subnet-name" [] Text [SubnetId InterfaceId] SUBNETS ANY "tag Name of the interface's subnet";
    InstanceName "instance-name" [] Text [InstanceId InterfaceId] INSTANCES ANY "tag Name of the interface's instance";
    PeerInterface "peer-interface" ["peer-eni"] Text [InterfaceId VpcId FlowDirection PktSrcIp SrcIp PktDstIp DstIp] ENIS ANY "interface on the other side, by its address";
    PeerInterfaceName "peer-interface-name" ["peer-name"] Text [InterfaceId VpcId FlowDirection PktSrcIp SrcIp PktDstIp DstIp] ENIS ANY "name of the interface on the other side";
    PeerSecurityGroups "peer-security-groups" ["peer-security-group" "peer-sg"] Text [InterfaceId VpcId FlowDirection PktSrcIp SrcIp PktDstIp DstIp] ENIS ANY "ids of the security groups on the other side; as a key, each counts";
    PeerSecurityGroupNames "peer-security-group-names" ["peer-security-group-name" "peer-sg-name"] Text [InterfaceId VpcId FlowDirection PktSrcIp SrcIp PktDstIp DstIp] ENIS ANY "names of the security groups on the other side; as a key, each counts";
    SrcCountry "src-country" [] Text [PktSrcIp SrcIp] GEO ANY "country of the source, as two letters (ISO 3166)";
    DstCountry "dst-country" [] Text [PktDstIp DstIp] GEO ANY "country of the destination";
    SrcContinent "src-continent" [] Text [PktSrcIp SrcIp] GEO ANY "continent of the source, as two letters";
    DstContinent "dst-continent" [] Text [PktDstIp DstIp] GEO ANY "continent of the destination";
    SrcRegion "src-region" [] Text [PktSrcIp SrcIp] GEO ANY "part of the country of the source";
    DstRegion "dst-region" [] Text [PktDstIp DstIp] GEO ANY "part of the country of the destination";
    SrcCity "src-city" [] Text [PktSrcIp SrcIp] GEO ANY "city of the source";
    DstCity "dst-city" [] Text [PktDstIp DstIp] GEO ANY "city of the destination";
    SrcLocation "src-location" [] Text [PktSrcIp SrcIp] GEO ANY "latitude and longitude of the source, with a comma between";
    DstLocation "dst-location" [] Text [PktDstIp DstIp] GEO ANY "latitude and longitude of the destination";
    SrcAsn "src-asn" ["src-as"] Number [PktSrcIp SrcIp] ASN ANY "number of the source's autonomous system";
    DstAsn "dst-asn" ["dst-as"] Number [PktDstIp DstIp] ASN ANY "number of the destination's autonomous system";
    SrcAsOrg "src-as-org" [] Text [PktSrcIp SrcIp] ASN ANY "organisation of the source's autonomous system";
    DstAsOrg "dst-as-org" [] Text [PktDstIp DstIp] ASN ANY "organisation of the destination's autonomous system";
}

/// The fields of the log that can be filled.
pub const FILLED: [Field; 10] = [
    Field::VpcId,
    Field::SubnetId,
    Field::InstanceId,
    Field::AzId,
    Field::Region,
    Field::InterfaceType,
    Field::FlowDirection,
    Field::Direction,
    Field::PktSrcAwsService,
    Field::PktDstAwsService,
];

/// The fields that the values of a field of the log can be made from, where a record lacks them.
pub fn filled_from(field: Field) -> &'static [Field] {
    match field {
        Field::PktSrcAwsService => &[Field::PktSrcIp, Field::SrcIp],
        Field::PktDstAwsService => &[Field::PktDstIp, Field::DstIp],
        Field::InterfaceType | Field::VpcId | Field::SubnetId | Field::InstanceId | Field::AzId | Field::Region => {
            &[Field::InterfaceId]
        }
        Field::FlowDirection => &[Field::InterfaceId, Field::SrcIp, Field::DstIp],
        Field::Direction => &[Field::InterfaceId, Field::VpcId, Field::FlowDirection, Field::SrcIp, Field::DstIp],
        _ => &[],
    }
}

/// The option that makes the values of a field of the log where a record lacks them; empty if none does.
pub fn filled_by(field: Field) -> &'static str {
    match field {
        Field::PktSrcAwsService | Field::PktDstAwsService => AWS_RANGES,
        Field::Direction => "--enis FILE or --subnets FILE",
        field if FILLED.contains(&field) => ENIS,
        _ => NOTHING,
    }
}

impl Enriched {
    /// How many there are.
    pub const COUNT: usize = TABLE.len();

    /// Every enriched field.
    pub fn all() -> impl Iterator<Item = Enriched> {
        TABLE.iter().map(|row| row.field)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The canonical name, with dashes.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Other names that mean this field.
    pub fn aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// The type of its values.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// The fields it is made from. Of two addresses of one side, the first that has a value counts.
    pub fn sources(self) -> &'static [Field] {
        self.row().sources
    }

    /// The option without which it cannot be made; empty if none is needed.
    pub fn needs(self) -> &'static str {
        self.row().needs
    }

    /// The values it can have, where they are few.
    pub fn words(self) -> &'static [&'static str] {
        self.row().words
    }

    /// Whether a value can be several, with commas between.
    pub fn is_list(self) -> bool {
        use Enriched::*;
        matches!(self, SecurityGroups | SecurityGroupNames | PeerSecurityGroups | PeerSecurityGroupNames)
    }

    /// Whether a value is two capital letters.
    pub fn is_code(self) -> bool {
        use Enriched::*;
        matches!(self, SrcCountry | DstCountry | SrcContinent | DstContinent)
    }

    /// What the field means, in half a sentence.
    pub fn doc(self) -> &'static str {
        self.row().doc
    }

    /// Finds a field by any of its names, in any spelling, as `Field::find` does.
    pub fn find(name: &[u8]) -> Option<Enriched> {
        let mut plain = [0u8; MAX_NAME];
        let plain = plain_name(name, &mut plain)?;
        let names = |row: &Row| [row.name].into_iter().chain(row.aliases.iter().copied());
        TABLE.iter().find(|row| names(row).any(|known| same_letters(known, plain))).map(|row| row.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_at_its_own_number() {
        for (i, field) in Enriched::all().enumerate() {
            assert_eq!(field as usize, i, "{}", field.name());
        }
    }

    #[test]
    fn no_name_means_two_fields() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLE {
            for name in [row.name].iter().chain(row.aliases) {
                assert!(name.len() < MAX_NAME);
                assert_eq!(Field::find(name.as_bytes()), None, "{name} is a field of logs");
                assert!(seen.insert(name.replace('-', "")), "{name}");
            }
            assert!(!row.sources.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn what_is_filled_is_made_from_something() {
        assert!(Field::all().all(|field| FILLED.contains(&field) != filled_from(field).is_empty()));
    }

    #[test]
    fn any_spelling_is_found() {
        for name in ["src-scope", "SRC_SCOPE", "srcScope"] {
            assert_eq!(Enriched::find(name.as_bytes()), Some(Enriched::SrcScope), "{name}");
        }
        for name in ["", "-", "src-ip", "src-scop", &"a".repeat(1000)] {
            assert_eq!(Enriched::find(name.as_bytes()), None, "{name}");
        }
    }
}
