//! Words that are the same for all customers of AWS. A word that AWS adds is replaced until it stands
//! here: the other way round, a log of something else would give its names away.

use crate::schema::parse_tcp_flags;

/// The services of `ip-ranges.json` and of `pkt-src-aws-service`.
pub const SERVICES: &[&str] = &[
    "AMAZON",
    "AMAZON_APPFLOW",
    "AMAZON_CONNECT",
    "API_GATEWAY",
    "AURORA_DSQL",
    "CHIME_MEETINGS",
    "CHIME_VOICECONNECTOR",
    "CLOUD9",
    "CLOUDFRONT",
    "CLOUDFRONT_ORIGIN_FACING",
    "CODEBUILD",
    "DYNAMODB",
    "EBS",
    "EC2",
    "EC2_INSTANCE_CONNECT",
    "GLOBALACCELERATOR",
    "IVS_LOW_LATENCY",
    "IVS_REALTIME",
    "KINESIS_VIDEO_STREAMS",
    "MEDIA_PACKAGE_V2",
    "ROUTE53",
    "ROUTE53_HEALTHCHECKS",
    "ROUTE53_HEALTHCHECKS_PUBLISHING",
    "ROUTE53_RESOLVER",
    "S3",
    "WORKSPACES_GATEWAYS",
];

/// The types of flow logs, and those of `describe-network-interfaces`.
pub const INTERFACE_TYPES: &[&str] = &[
    "api_gateway_managed",
    "aws_codestar_connections_managed",
    "branch",
    "ec2_instance_connect_endpoint",
    "efa",
    "efa-only",
    "evs",
    "gateway_load_balancer",
    "gateway_load_balancer_endpoint",
    "global_accelerator_managed",
    "interface",
    "iot_rules_managed",
    "lambda",
    "load_balancer",
    "natGateway",
    "nat_gateway",
    "network_load_balancer",
    "quicksight",
    "regional_nat_gateway",
    "transit_gateway",
    "trunk",
    "vpc_endpoint",
];

/// What the names of regions begin with, and how zone ids write that.
const AREAS: [(&str, &str); 16] = [
    ("af", "af"),
    ("ap", "ap"),
    ("ca", "ca"),
    ("cn", "cn"),
    ("eu", "eu"),
    ("eu-isoe", "eui"),
    ("eusc-de", "eusc"),
    ("il", "il"),
    ("me", "me"),
    ("mx", "mx"),
    ("sa", "sa"),
    ("us", "us"),
    ("us-gov", "usg"),
    ("us-iso", "usi"),
    ("us-isob", "usib"),
    ("us-isof", "usif"),
];

/// What they end in, before their number.
const DIRECTIONS: [(&str, &str); 9] = [
    ("central", "c"),
    ("east", "e"),
    ("north", "n"),
    ("northeast", "ne"),
    ("northwest", "nw"),
    ("south", "s"),
    ("southeast", "se"),
    ("southwest", "sw"),
    ("west", "w"),
];

/// `eu-west-1`, `us-gov-east-1` and such.
pub fn is_region(word: &[u8]) -> bool {
    let Some((area, direction)) = str::from_utf8(word).ok().and_then(|word| {
        let (rest, number) = word.rsplit_once('-')?;
        matches!(number.as_bytes(), [b'1'..=b'9']).then_some(rest)?.rsplit_once('-')
    }) else {
        return false;
    };
    AREAS.iter().any(|(known, _)| *known == area) && DIRECTIONS.iter().any(|(known, _)| *known == direction)
}

/// `use1-az1`, `usw2-lax1-az1`, `use1-wl1-bos-wlz1` and such: what AWS calls a zone for every customer
/// alike.
pub fn is_zone(word: &[u8]) -> bool {
    let Ok(word) = str::from_utf8(word) else { return false };
    let parts: Vec<&str> = word.split('-').collect();
    let [region, middle @ .., zone] = &parts[..] else { return false };
    let letters = |part: &str| part.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
    let numbered = |part: &str| (1..=2).contains(&(part.len() - letters(part).len()));
    // A place is three letters, and mostly a number: `lax1`, `bos`.
    let is_place = |part: &&str| {
        let place = letters(part);
        place == "wl" || place.len() == 3 && place.bytes().all(|b| b.is_ascii_lowercase()) && part.len() <= 4
    };
    let names = |known: &str| {
        AREAS
            .iter()
            .any(|(_, area)| known.strip_prefix(area).is_some_and(|rest| DIRECTIONS.iter().any(|d| d.1 == rest)))
    };
    let is_last = numbered(zone) && ["az", "lz", "wlz"].contains(&&letters(zone)[..]);
    is_last && numbered(region) && names(&letters(region)) && middle.len() <= 2 && middle.iter().all(is_place)
}

/// Names of TCP flags, with commas between.
pub fn is_flags(word: &[u8]) -> bool {
    str::from_utf8(word).is_ok_and(|word| word.split(',').all(|flag| parse_tcp_flags(flag).is_some()))
}
