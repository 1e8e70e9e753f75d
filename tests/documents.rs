//! Records as documents of other schemas: Elastic Common Schema and OCSF.

mod support;

use proptest::prelude::*;
use serde_json::{Map, Value};
use std::net::IpAddr;
use support::lines::{V2, V5, flow, log, many, nodata};
use support::random;
use support::tree::Tree;
use support::{Text, Vpcflow, vpcflow};

const FORMATS: [&str; 2] = ["ecs", "ocsf"];

/// Versions 2 to 11 in AWS's order, behind those of version 5.
const BEYOND_V5: &str = "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id \
    ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id \
    reject-reason resource-id encryption-status instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag \
    asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id \
    next-hop-interface-type";

const TGW: &str = "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id \
    tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni \
    tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start \
    end log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded \
    packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service";

/// Logs of every kind, by name.
fn logs() -> Vec<(&'static str, String)> {
    let v2 = [
        flow(),
        nodata(),
        nodata().with("log-status", "SKIPDATA"),
        flow().with("srcaddr", "2001:DB8:0::1").with("dstaddr", "2001:db8::2").with("action", "REJECT"),
        flow().with("protocol", 1).with("srcport", 0).with("dstport", 0),
        flow().with("protocol", 253).with("action", "DROP").with("end", "99999999999999"),
    ];
    let v5 = format!(
        "{V5}\n\
         5 123456789012 eni-0a1b2c3d 203.0.113.9 10.0.0.2 50000 443 6 9 900 1700000000 1700000060 ACCEPT OK vpc-1 \
         subnet-1 i-1 3 IPv4 203.0.113.9 10.0.0.77 eu-west-1 euw1-az2 - - AMAZON - ingress -\n\
         5 123456789012 eni-0a1b2c3d 10.0.0.2 198.51.100.4 40000 53 17 1 60 1700000000 1700000060 ACCEPT OK vpc-1 \
         subnet-1 - 0 IPv4 10.0.9.9 198.51.100.4 eu-west-1 euw1-az2 outpost op-1 - S3 egress 8\n\
         5 123456789012 eni-0a1b2c3d - - - - - - - 1700000000 1700000060 - NODATA vpc-1 subnet-1 - - - - - eu-west-1 \
         euw1-az2 - - - - - -\n"
    );
    let v11 = format!(
        "{V5} {BEYOND_V5}\n\
         11 123456789012 eni-0a1b2c3d 10.0.0.1 10.0.0.2 50000 443 6 9 - 1700000000 1700000060 REJECT OK vpc-1 subnet-1 \
         i-1 2 IPv4 10.0.0.1 10.0.0.2 eu-west-1 euw1-az2 - - - - egress 1 \
         arn:aws:ecs:eu-west-1:123456789012:cluster/shop shop arn:aws:ecs:eu-west-1:123456789012:container-instance/c \
         ci-1 c-1 c-2 web arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1 \
         arn:aws:ecs:eu-west-1:123456789012:task/shop/t t-1 BPA nat-0123 3 prod - front%2Dend - - - nat_gateway \
         eni-9 subnet-9 euw1-az1 vpc-9 vpc_endpoint\n"
    );
    let tgw = format!(
        "{TGW}\n\
         6 TransitGateway 123456789012 tgw-1 tgw-attach-1 111122223333 444455556666 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 \
         eni-2 euw1-az1 euw1-az2 tgw-attach-2 10.1.0.1 10.2.0.2 40000 443 6 10 1000 1700000000 1700000060 OK IPv4 0 1 \
         2 3 26 eu-west-1 ingress - S3\n\
         6 TransitGateway 123456789012 tgw-1 tgw-attach-1 - - - - - - - - - - - - - - - - - - 1700000000 1700000060 \
         NODATA - - - - - - eu-west-1 - - -\n"
    );
    let unknown = "srcaddr dstaddr bytes packets x-of-2031 PKT_SRC_SERVICE sublocation end\n\
                   10.0.0.1 10.0.0.2 7 1 new a b 1700000060\n- - - - - - - 1700000060\n";
    vec![("v2", log(&v2)), ("v5", v5), ("v11", v11), ("tgw", tgw), ("unknown", unknown.into())]
}

fn documents(format: &str, tree: &Tree) -> Vpcflow {
    vpcflow(&format!("records -o {format}")).dir(tree.root())
}

/// Reads the lines; holds that each is an object whose keys are sorted and of which no member is
/// empty.
fn parse(text: &str) -> Vec<Map<String, Value>> {
    let parse = |line: &str| {
        let document: Map<String, Value> = serde_json::from_str(line).expect("JSON");
        let value = Value::Object(document.clone());
        whole(&value, line);
        // Its keys are sorted, and none is lost.
        if line.is_ascii() && !line.contains("\\u") {
            assert_eq!(value.to_string(), line);
        }
        document
    };
    text.lines().map(parse).collect()
}

fn whole(value: &Value, line: &str) {
    match value {
        Value::Null => panic!("null in {line}"),
        Value::String(text) => assert!(!["", "-"].contains(&&text[..]), "no value in {line}"),
        Value::Array(items) => {
            assert!(!items.is_empty(), "nothing in {line}");
            items.iter().for_each(|item| whole(item, line));
        }
        Value::Object(members) => {
            assert!(!members.is_empty(), "nothing in {line}");
            members.values().for_each(|member| whole(member, line));
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What stands at a path with dots.
fn at<'d>(document: &'d Map<String, Value>, path: &str) -> Option<&'d Value> {
    let mut names = path.split('.');
    let first = document.get(names.next().expect("a name"));
    names.fold(first, |value, name| value?.get(name))
}

#[test]
fn every_kind_of_record() {
    for (name, text) in logs() {
        let tree = Tree::of("a.log", &text);
        for format in FORMATS {
            let lines = documents(format, &tree).gives(0, Text::Any, Text::Any).stdout;
            let pretty = |document| serde_json::to_string_pretty(&Value::Object(document)).expect("JSON");
            let all: Vec<String> = parse(&lines).into_iter().map(pretty).collect();
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("documents-{format}-{name}"), all.join("\n"))
            });
        }
    }
}

#[test]
fn one_line_is_one_document() {
    let tree = Tree::of("a.log", log(&[flow()]));
    documents("ecs", &tree).prints(concat!(
        r#"{"@timestamp":"2023-11-14T22:14:20.000Z","aws":{"vpcflow":{"account_id":"123456789012","action":"ACCEPT","#,
        r#""interface_id":"eni-0a1b2c3d","log_status":"OK","version":"2"}},"cloud":{"account":{"id":"123456789012"},"#,
        r#""provider":"aws"},"destination":{"address":"10.0.0.2","ip":"10.0.0.2","port":443},"ecs":{"version":"8.11.0"},"#,
        r#""event":{"action":"ACCEPT","category":["network"],"end":"2023-11-14T22:14:20.000Z","kind":"event","#,
        r#""outcome":"success","start":"2023-11-14T22:13:20.000Z","type":["connection","allowed"]},"network":{"#,
        r#""bytes":300,"community_id":"1:B4H0bMN0Rih3qr9C82AA7esBYLM=","iana_number":"6","packets":3,"#,
        r#""transport":"tcp","type":"ipv4"},"related":{"ip":["10.0.0.1","10.0.0.2"]},"source":{"address":"10.0.0.1","#,
        r#""bytes":300,"ip":"10.0.0.1","packets":3,"port":50000}}"#,
        "\n"
    ));
    let ocsf = documents("ocsf", &tree).result();
    assert!(
        ocsf.starts_with(r#"{"action":"Allowed","action_id":1,"activity_id":6,"activity_name":"Traffic","#),
        "{ocsf}"
    );
    assert!(ocsf.ends_with("\"unmapped\":{\"interface_id\":\"eni-0a1b2c3d\"}}\n"), "{ocsf}");
}

#[test]
fn what_the_path_tells_stands_in_the_document() {
    let folder = "AWSLogs/210987654321/vpcflowlogs/eu-central-1/2023/11/14";
    let lacking = "srcaddr dstaddr bytes end\n10.0.0.1 10.0.0.2 7 1700000060\n";
    let own = format!("{V2} region\n{}", flow().with("log-status", "OK us-east-2").line());
    let tree = Tree::new().file(format!("{folder}/a.log"), lacking).file(format!("{folder}/b.log"), own);
    for (format, account) in [("ecs", "cloud.account.id"), ("ocsf", "cloud.account.uid")] {
        let documents = parse(&documents(format, &tree).result());
        let values = |path: &str| documents.iter().map(|d| at(d, path).cloned()).collect::<Vec<_>>();
        assert_eq!(values(account), [Some("210987654321".into()), Some("123456789012".into())]);
        assert_eq!(values("cloud.region"), [Some("eu-central-1".into()), Some("us-east-2".into())]);
    }
    // Nothing is made up where the path tells nothing.
    let elsewhere = Tree::of("a.log", lacking);
    let document = parse(&documents("ecs", &elsewhere).result()).remove(0);
    assert_eq!((at(&document, "cloud.account"), at(&document, "cloud.region")), (None, None));
}

/// Databases that are named are asked for every document.
#[test]
fn places_come_from_databases() {
    let tree = Tree::of("a.log", log(&[flow().with("srcaddr", "203.0.113.66")]));
    let who = support::root().join("testdata/who");
    for (format, place, network) in [
        ("ecs", "source.geo.country_iso_code", Some("source.as.number")),
        ("ocsf", "src_endpoint.location.country", None),
    ] {
        let with = |options: &[&str]| {
            let named = options
                .iter()
                .flat_map(|option| [format!("--{option}"), who.join(format!("{option}.mmdb")).display().to_string()]);
            parse(&documents(format, &tree).args(named).gives(0, Text::Any, Text::Any).stdout).remove(0)
        };
        assert_eq!(at(&with(&[]), place), None);
        assert_eq!(at(&with(&["geo"]), place), Some(&"NL".into()), "{format}");
        assert!(network.is_none_or(|network| at(&with(&["asn"]), network).is_some_and(serde_json::Value::is_number)));
    }
}

/// What is known of the addresses besides stands where the schemas have it.
#[test]
fn places_and_networks_of_addresses() {
    let header = "srcaddr dstaddr bytes packets start end src-country src-city src-continent src-region src-location \
        src-asn src-as-org dst-country dst-continent dst-region dst-location dst-asn";
    let line = "203.0.113.9 10.0.0.1 1 1 1700000000 1700000060 DE Berlin EU DE-BE 52.5,-13.25 64500 Example Germany Europe \
        Berlin somewhere private";
    let none = "203.0.113.9 10.0.0.1 1 1 1700000000 - - - - - - - - - - - - -";
    let tree = Tree::of("a.log", format!("{header}\n{line}\n{none}\n"));
    let read = |format: &str| parse(&documents(format, &tree).gives(0, Text::Any, Text::Any).stdout);
    let ecs = read("ecs");
    assert_eq!(
        at(&ecs[0], "source.geo"),
        Some(&serde_json::json!({
            "city_name": "Berlin", "continent_code": "EU", "country_iso_code": "DE",
            "location": { "lat": 52.5, "lon": -13.25 }, "region_iso_code": "DE-BE",
        }))
    );
    assert_eq!(
        at(&ecs[0], "source.as"),
        Some(&serde_json::json!({ "number": 64500, "organization": { "name": "Example" } }))
    );
    assert_eq!(
        at(&ecs[0], "destination.geo"),
        Some(&serde_json::json!({ "continent_name": "Europe", "country_name": "Germany", "region_name": "Berlin" }))
    );
    // What has no place there is not lost.
    assert_eq!(at(&ecs[0], "aws.vpcflow"), Some(&serde_json::json!({ "dst_location": "somewhere" })));
    assert_eq!((at(&ecs[1], "source.geo"), at(&ecs[1], "aws")), (None, None));
    // A record without an end has the time of its start.
    assert_eq!(ecs[1]["@timestamp"], "2023-11-14T22:13:20.000Z");
    let ocsf = read("ocsf");
    ocsf.iter().for_each(is_valid);
    assert_eq!(
        at(&ocsf[0], "src_endpoint.location"),
        Some(&serde_json::json!({
            "city": "Berlin", "continent": "EU", "coordinates": [-13.25, 52.5], "country": "DE", "region": "DE-BE",
        }))
    );
    assert_eq!(
        at(&ocsf[0], "unmapped"),
        Some(&serde_json::json!({
            "dst_location": "somewhere", "src_as_org": "Example", "src_asn": 64500,
        }))
    );
}

#[test]
fn fields_cannot_be_chosen() {
    for format in FORMATS {
        let why = format!("-o {format} makes documents of all fields");
        for fields in ["bytes", "all"] {
            let run = records(&format!("-o {format} --fields {fields}")).stdin(log(&[flow()]));
            run.gives(2, "", &[&why[..], "--fields has nothing to choose"]);
        }
    }
}

fn records(args: &str) -> Vpcflow {
    vpcflow(&format!("records {args}"))
}

#[test]
fn order_limit_filters_and_threads() {
    let tree = Tree::of("a.log", many(3000)).gz("b.log.gz", many(2000)).file("c.log", logs().remove(1).1);
    for format in FORMATS {
        let all = documents(format, &tree).arg("-j1").result();
        assert_eq!(parse(&all).len(), 5003);
        for threads in ["-j2", "-j5"] {
            assert_eq!(documents(format, &tree).arg(threads).result(), all, "{threads}");
        }
        let first = documents(format, &tree).args(["-n", "2"]).result();
        assert!(all.starts_with(&first) && first.lines().count() == 2, "{first}");
        let chosen = documents(format, &tree).args(["--where", "bytes = 900", "--sort", "-time"]).result();
        assert_eq!(parse(&chosen).len(), 3, "{chosen}");
        let nothing = "vpcflow: there is not a single line in the input\n";
        records(&format!("-o {format}")).stdin("").gives(0, "", nothing);
    }
}

#[test]
fn hostile_text_is_inert() {
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}a|b,\"c\"\\\t<x>";
    let tree = Tree::of("a.log", log(&[flow().with("interface-id", hostile).with("action", "a\"b")]));
    for (format, path) in [("ecs", "aws.vpcflow.interface_id"), ("ocsf", "unmapped.interface_id")] {
        let text = documents(format, &tree).result();
        let odd = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(odd), "{text:?}");
        let document = parse(&text).remove(0);
        assert_eq!(at(&document, path), Some(&hostile.into()));
    }
    // Names, too; they come from the command line.
    let named = records("-o ecs")
        .args(["--log-format", "${a\"b},${a.b},${srcaddr}"])
        .stdin("1 2 10.0.0.1\n")
        .gives(0, Text::Any, Text::Any)
        .stdout;
    let document = parse(&named).remove(0);
    assert_eq!(at(&document, "aws.vpcflow"), Some(&serde_json::json!({ "a_b": "1", "a_b_": "2" })));
}

/// Whether a value is of a type of OCSF.
type Is = fn(&Value) -> bool;

const TEXT: Is = |value| value.as_str().is_some_and(|text| !text.is_empty());
const WHOLE: Is = Value::is_u64;
const OBJECT: Is = Value::is_object;
const ADDRESS: Is = |value| value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok());
const ADDRESSES: Is = |value| value.as_array().is_some_and(|items| items.iter().all(ADDRESS));
const PORT: Is = |value| value.as_u64().is_some_and(|port| port <= 65_535);
const PROTOCOL: Is = |value| value.as_u64().is_some_and(|protocol| protocol <= 255);
/// RFC 3339; members whose names end in `_dt` are compared with those that do not.
const DATE: Is = |value| value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
const POINT: Is = |value| value.as_array().is_some_and(|items| items.len() == 2 && items.iter().all(Value::is_number));
const PROFILES: Is = |value| *value == serde_json::json!(["cloud", "security_control", "datetime"]);
const OBSERVABLES: Is = |value| value.as_array().is_some_and(|items| items.iter().all(Value::is_object));

/// The attributes of network activity, schema 1.1.0, profiles cloud, security control and date/time: type, and
/// whether it is required of every event, or of every event that has the object that it is in.
const ATTRIBUTES: &[(&str, Is, bool)] = &[
    ("action", TEXT, false),
    ("action_id", WHOLE, true),
    ("activity_id", WHOLE, true),
    ("activity_name", TEXT, false),
    ("category_name", TEXT, false),
    ("category_uid", WHOLE, true),
    ("class_name", TEXT, false),
    ("class_uid", WHOLE, true),
    ("cloud", OBJECT, true),
    ("cloud.account", OBJECT, false),
    ("cloud.account.uid", TEXT, true),
    ("cloud.provider", TEXT, true),
    ("cloud.region", TEXT, false),
    ("cloud.zone", TEXT, false),
    ("connection_info", OBJECT, false),
    ("connection_info.boundary", TEXT, false),
    ("connection_info.boundary_id", WHOLE, false),
    ("connection_info.direction", TEXT, false),
    ("connection_info.direction_id", WHOLE, true),
    ("connection_info.protocol_name", TEXT, false),
    ("connection_info.protocol_num", PROTOCOL, false),
    ("connection_info.protocol_ver", TEXT, false),
    ("connection_info.protocol_ver_id", WHOLE, false),
    ("connection_info.tcp_flags", WHOLE, false),
    ("disposition", TEXT, false),
    ("disposition_id", WHOLE, false),
    ("dst_endpoint", OBJECT, true),
    ("end_time", WHOLE, false),
    ("end_time_dt", DATE, false),
    ("metadata", OBJECT, true),
    ("metadata.product", OBJECT, true),
    ("metadata.product.feature", OBJECT, false),
    ("metadata.product.feature.name", TEXT, true),
    ("metadata.product.name", TEXT, true),
    ("metadata.product.vendor_name", TEXT, true),
    ("metadata.product.version", TEXT, false),
    ("metadata.profiles", PROFILES, false),
    ("metadata.version", TEXT, true),
    ("observables", OBSERVABLES, false),
    ("severity", TEXT, false),
    ("severity_id", WHOLE, true),
    ("src_endpoint", OBJECT, true),
    ("start_time", WHOLE, false),
    ("start_time_dt", DATE, false),
    ("status_code", TEXT, false),
    ("time", WHOLE, true),
    ("time_dt", DATE, false),
    ("traffic", OBJECT, false),
    ("traffic.bytes", WHOLE, false),
    ("traffic.packets", WHOLE, false),
    ("type_name", TEXT, false),
    ("type_uid", WHOLE, true),
    ("unmapped", OBJECT, false),
];

const ENDPOINT: &[(&str, Is)] = &[
    ("instance_uid", TEXT),
    ("interface_uid", TEXT),
    ("intermediate_ips", ADDRESSES),
    ("ip", ADDRESS),
    ("location", OBJECT),
    ("name", TEXT),
    ("port", PORT),
    ("subnet_uid", TEXT),
    ("svc_name", TEXT),
    ("vpc_uid", TEXT),
];

/// Of an endpoint one of these has to be known.
const TELLING: [&str; 5] = ["ip", "name", "svc_name", "instance_uid", "interface_uid"];

const LOCATION: &[(&str, Is)] =
    &[("city", TEXT), ("continent", TEXT), ("coordinates", POINT), ("country", TEXT), ("region", TEXT)];

/// The attribute of a number, that of its caption, and what there is.
type Enumeration = (&'static str, &'static str, &'static [(u64, &'static str)]);

const ENUMERATIONS: &[Enumeration] = &[
    ("action_id", "action", &[(0, "Unknown"), (1, "Allowed"), (2, "Denied"), (99, "Other")]),
    ("activity_id", "activity_name", &[(0, "Unknown"), (5, "Refuse"), (6, "Traffic")]),
    ("category_uid", "category_name", &[(4, "Network Activity")]),
    ("class_uid", "class_name", &[(4001, "Network Activity")]),
    (
        "connection_info.boundary_id",
        "connection_info.boundary",
        &[
            (4, "Same VPC"),
            (5, "Internet/VPC Gateway"),
            (6, "Virtual Private Gateway"),
            (7, "Intra-region VPC"),
            (8, "Inter-region VPC"),
            (9, "Local Gateway"),
            (10, "Gateway VPC"),
            (11, "Internet Gateway"),
            (99, "Other"),
        ],
    ),
    (
        "connection_info.direction_id",
        "connection_info.direction",
        &[(0, "Unknown"), (1, "Inbound"), (2, "Outbound"), (99, "")],
    ),
    ("connection_info.protocol_ver_id", "", &[(4, ""), (6, "")]),
    ("disposition_id", "disposition", &[(1, "Allowed"), (2, "Blocked")]),
    ("severity_id", "severity", &[(1, "Informational")]),
    (
        "type_uid",
        "type_name",
        &[
            (400_100, "Network Activity: Unknown"),
            (400_105, "Network Activity: Refuse"),
            (400_106, "Network Activity: Traffic"),
        ],
    ),
];

/// Holds that an event has what the schema requires, each attribute of its type, and no other.
fn is_valid(event: &Map<String, Value>) {
    let shown = Value::Object(event.clone());
    let timeless = ["start_time", "end_time"].iter().all(|name| !event.contains_key(*name));
    for (path, is, required) in ATTRIBUTES {
        match at(event, path) {
            Some(value) => assert!(is(value), "{path} in {shown}"),
            // The log may not tell.
            None if *path == "time" => assert!(timeless, "no time in {shown}"),
            None => {
                let around = path.rsplit_once('.').is_none_or(|(around, _)| at(event, around).is_some());
                assert!(!required || !around, "no {path} in {shown}");
            }
        }
    }
    for name in ["dst_endpoint", "src_endpoint"] {
        let endpoint = event[name].as_object().expect("an object");
        assert!(TELLING.iter().any(|name| endpoint.contains_key(*name)), "{name} in {shown}");
        are_among(endpoint, ENDPOINT, &shown);
        endpoint.get("location").and_then(Value::as_object).iter().for_each(|place| are_among(place, LOCATION, &shown));
    }
    for observable in event.get("observables").and_then(Value::as_array).into_iter().flatten() {
        let name = observable["name"].as_str().expect("a name");
        let value = observable["value"].as_str().expect("a value");
        let there = at(event, name.trim_end_matches("[]"));
        assert!(there.is_some_and(|there| there == value || there[0] == value), "{name} in {shown}");
        let kind = (observable["type_id"].as_u64().expect("a type"), observable["type"].as_str().expect("a caption"));
        assert!([(2, "IP Address"), (10, "Resource UID")].contains(&kind), "{kind:?} in {shown}");
    }
    enumerations_hold(event, &shown);
    for name in ["time", "start_time", "end_time"] {
        let date = at(event, &format!("{name}_dt")).and_then(Value::as_str);
        let date = date.map(|date| date.parse::<jiff::Timestamp>().expect("a date").as_millisecond());
        assert_eq!(date, at(event, name).and_then(Value::as_i64), "{name} in {shown}");
    }
    no_others(event, "", &shown);
}

/// Holds that every member is one of these, and of its type.
fn are_among(members: &Map<String, Value>, known: &[(&str, Is)], event: &Value) {
    for (name, value) in members {
        let known = known.iter().find(|(known, _)| known == name);
        assert!(known.is_some_and(|(_, is)| is(value)), "{name} in {event}");
    }
}

/// Holds that numbers of enumerations are such, and that captions are those of their numbers.
fn enumerations_hold(event: &Map<String, Value>, shown: &Value) {
    for (path, caption_path, choices) in ENUMERATIONS {
        let caption = at(event, caption_path).and_then(Value::as_str);
        let Some(number) = at(event, path).map(|number| number.as_u64().expect("a number")) else {
            assert_eq!(caption, None, "{caption_path} in {shown}");
            continue;
        };
        let choice = choices.iter().find(|(known, _)| *known == number);
        let (_, expected) = choice.unwrap_or_else(|| panic!("{path} in {shown}"));
        // Where there is none, it is the source's own.
        assert!(expected.is_empty() || caption == Some(*expected), "{caption_path} in {shown}");
    }
    let number = |path: &str| at(event, path).and_then(Value::as_u64).expect("a number");
    assert_eq!(number("type_uid"), number("class_uid") * 100 + number("activity_id"), "{shown}");
    assert_eq!(at(event, "metadata.version"), Some(&"1.1.0".into()), "{shown}");
}

/// Holds that every member is an attribute.
fn no_others(object: &Map<String, Value>, before: &str, event: &Value) {
    for (name, value) in object {
        let path = format!("{before}{name}");
        assert!(ATTRIBUTES.iter().any(|(known, ..)| *known == path), "{path} in {event}");
        match value {
            Value::Object(inner) if !["dst_endpoint", "src_endpoint", "unmapped"].contains(&&path[..]) => {
                no_others(inner, &format!("{path}."), event);
            }
            _ => {}
        }
    }
}

#[test]
fn events_are_valid() {
    for (name, text) in logs() {
        let events = parse(&documents("ocsf", &Tree::of("a.log", &text)).gives(0, Text::Any, Text::Any).stdout);
        assert!(!events.is_empty());
        events.iter().for_each(is_valid);
        if name == "unknown" {
            let unknown = serde_json::json!({ "name": "Unknown" });
            assert_eq!((&events[1]["src_endpoint"], &events[1]["dst_endpoint"]), (&unknown, &unknown));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_log((format, files) in random::log()) {
        let tree = random::tree(&files);
        let run = |output: &str, threads: &str| {
            let run = format.iter().fold(documents(output, &tree), |run, format| run.args(["--log-format", *format]));
            run.arg(threads).outcome().stdout
        };
        let count = run("ndjson", "-j1").lines().count();
        for output in FORMATS {
            let text = run(output, "-j1");
            prop_assert_eq!(&text, &run(output, "-j3"));
            let documents = parse(&text);
            prop_assert_eq!(documents.len(), count);
            if output == "ocsf" {
                documents.iter().for_each(is_valid);
            }
        }
    }
}
