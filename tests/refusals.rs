//! Other logs of AWS, and other files that lie beside flow logs: each is failed by name, with what
//! it looks like or what was seen in it, and nothing of it is counted.

#[path = "support/forms/mod.rs"]
mod forms;
mod support;

use forms::parquet::{Leaf, Values};
use parquet::data_type::ByteArray;
use support::lines::many;
use support::tree::{Tree, gzip};
use support::vpcflow;

/// Something that is no flow log, and what has to be said of it.
struct Foreign {
    name: &'static str,
    text: String,
    said: &'static [&'static str],
}

fn foreign(name: &'static str, said: &'static [&'static str], text: impl Into<String>) -> Foreign {
    Foreign { name, text: text.into(), said }
}

/// Says how the format can be named.
const TRY: &str = "--log-format";

const ELB: &str = "arn:aws:elasticloadbalancing:us-east-2:123456789012";

/// Logs with a record on a line.
fn texts() -> Vec<Foreign> {
    let accelerator = "version aws_account_id accelerator_id client_ip client_port gip gip_port endpoint_ip \
                       endpoint_port protocol ip_address_type packets bytes start_time end_time action log-status \
                       globalaccelerator_source_ip globalaccelerator_source_port endpoint_region \
                       globalaccelerator_region direction vpc_id";
    let accelerated = "2 123456789012 fd75b9d2-2e53-4ddb-9ff5-c76d6ae5bb5b 203.0.113.12 50000 198.51.100.7 443 10.0.0.1 \
                       443 TCP IPV4 4 336 1773532800 1773532860 ACCEPT OK 192.0.2.1 60000 us-west-2 us-west-2 INGRESS \
                       vpc-0a1b2c3d";
    let twice = |line: String| format!("{line}\n{line}\n");
    vec![
        foreign("Global Accelerator", &["Global Accelerator"], format!("{accelerator}\n{accelerated}\n")),
        foreign("Global Accelerator without header", &[TRY], twice(accelerated.into())),
        foreign("application load balancer", &["Application Load Balancer"], twice(format!(
            "http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 \
             0.000 0.001 0.000 200 200 34 366 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.46.0\" - - \
             {ELB}:targetgroup/t/73e2d6bc24d8a067 \"Root=1-58337262-36d228ad5d99923122bbe354\" \"-\" \"-\" 0 \
             2018-07-02T22:22:48.364000Z \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\""
        ))),
        foreign("network load balancer", &["Network Load Balancer"], twice(format!(
            "tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd \
             72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - {ELB}:certificate/2a108f19 - \
             ECDHE-RSA-AES128-SHA tlsv12 - my-network-loadbalancer.elb.us-east-2.amazonaws.com - - - \
             2018-12-20T02:59:30"
        ))),
        foreign("classic load balancer", &["Classic Load Balancer"], twice(
            "2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 \
             200 200 0 29 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.38.0\" - -".into()
        )),
        foreign("classic load balancer, as long as the default format", &["Classic Load Balancer"], twice(
            "2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 - -1 -1 -1 503 0 0 0 \"GET / HTTP/1.1\" \
             \"-\"".into()
        )),
        foreign("access of S3", &["S3 bucket"], twice(
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket1 [06/Feb/2019:00:00:38 +0000] \
             192.0.2.3 79a59df900b949e5 3E57427F3EXAMPLE REST.GET.VERSIONING - \"GET /b?versioning HTTP/1.1\" 200 - \
             113 - 7 - \"-\" \"S3Console/0.4\" - s9lzHYrFp76ZVxRc= SigV4 TLS_AES_128 AuthHeader host TLSv1.2 - -".into()
        )),
        foreign("CloudFront", &["CloudFront"],
            "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status\n\
             2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\td111111abcdef8.cloudfront.net\t/index.html\t200\n"
        ),
        foreign("a function's log, exported", &[TRY],
            "2026-03-15T00:00:00.000Z START RequestId: 8f5d3a10-6b2e-4f0c-9f2a-1a2b3c4d5e6f Version: $LATEST\n\
             2026-03-15T00:00:01.000Z END RequestId: 8f5d3a10-6b2e-4f0c-9f2a-1a2b3c4d5e6f\n"
        ),
        foreign("a function's log in the console's CSV", &[TRY],
            "timestamp,message\n1773532800000,\"START RequestId: 8f5d3a10 Version: $LATEST\n\"\n1773532801000,done\n"
        ),
    ]
}

/// Logs and answers in JSON.
fn objects() -> Vec<Foreign> {
    let start = "START RequestId: 8f5d3a10-6b2e-4f0c-9f2a-1a2b3c4d5e6f Version: $LATEST\\n";
    let event = format!(r#"{{"id":"1","timestamp":1773532800000,"message":"{start}"}}"#);
    vec![
        foreign(
            "CloudTrail",
            &["CloudTrail"],
            r#"{"Records":[{"eventVersion":"1.08","userIdentity":{"type":"IAMUser",
            "accountId":"123456789012"},"eventTime":"2026-03-15T00:00:00Z","eventSource":"ec2.amazonaws.com",
            "eventName":"StartInstances","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7"}]}"#,
        ),
        foreign(
            "web application firewall",
            &[],
            concat!(
                r#"{"timestamp":1576280412771,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:123456789012:a","#,
                r#""terminatingRuleId":"XSS","action":"BLOCK","httpRequest":{"clientIp":"192.0.2.7","country":"AU"}}"#,
                "\n"
            ),
        ),
        foreign(
            "queries of a resolver",
            &[],
            concat!(
                r#"{"version":"1.100000","account_id":"123456789012","region":"us-east-1","vpc_id":"vpc-0a1b","#,
                r#""query_timestamp":"2026-03-15T00:00:00Z","query_name":"example.com.","query_type":"A","rcode":"NOERROR","#,
                r#""srcaddr":"10.0.0.1","srcport":"33711","transport":"UDP","srcids":{"instance":"i-0a1b2c3d"}}"#,
                "\n"
            ),
        ),
        foreign("a function's log in events", &[TRY], format!(r#"{{"events":[{event},{event}],"nextToken":"b"}}"#)),
        foreign(
            "a function's log in payloads",
            &[TRY],
            format!(
                r#"{{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/f","logStream":"s",
                "subscriptionFilters":["f"],"logEvents":[{event},{event}]}}"#
            ),
        ),
        foreign(
            "network interfaces",
            &["describe-network-interfaces"],
            r#"{ "NetworkInterfaces": [ {
            "NetworkInterfaceId": "eni-0a1b2c3d", "PrivateIpAddress": "10.0.1.17", "VpcId": "vpc-a01106c2",
            "Groups": [ { "GroupId": "sg-8637d3e3", "GroupName": "default" } ] } ] }"#,
        ),
        foreign("flow logs", &["describe-flow-logs", "--flow-logs"], forms::text::flow_logs()),
        foreign("an object of something else", &[], r#"{"name":"vpcflow","version":"0.1.0"}"#),
        foreign("an array of something else", &[], "[{\"a\":1},{\"a\":2}]"),
        foreign("a number", &[], "[1,2,3]\n"),
        foreign("damaged", &[], "{\"events\":[{\"timestamp\":1,\"mess"),
    ]
}

/// Holds that the file is failed, in a sentence with these words, and that nothing of it counts,
/// alone or beside a log.
#[track_caller]
fn hold(name: &str, bytes: &[u8], said: &[&str]) -> Option<String> {
    let tree = Tree::of("odd/file", bytes).file("good.log", many(3));
    for (path, expected) in [("odd", [0, 1, 0]), (".", [3, 1, 0])] {
        let outcome = vpcflow("summary -o csv --stats=json").arg(path).dir(tree.root()).outcome();
        let stats = outcome.stats();
        let counts = ["records", "files_failed", "malformed"].map(|name| stats[name].as_u64().expect("a count"));
        let warnings = outcome.warnings();
        let error = warnings.lines().next().unwrap_or_default();
        let good = counts == expected
            && outcome.status == 3
            && warnings.lines().count() == 1
            && error.starts_with("vpcflow: error: ")
            && error.contains("odd/file:")
            && said.iter().all(|word| error.contains(word));
        if !good {
            return Some(format!(
                "- {name}: records, failed, malformed {counts:?}, expected {expected:?} and {said:?}\n{outcome}\n"
            ));
        }
    }
    None
}

#[track_caller]
fn hold_all(all: Vec<Foreign>) {
    let each = |foreign: &Foreign| {
        let text = foreign.text.as_bytes();
        hold(foreign.name, text, foreign.said).or_else(|| hold(foreign.name, &gzip(text), foreign.said))
    };
    let wrong: Vec<String> = all.iter().filter_map(each).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.concat());
}

#[test]
fn other_logs_in_text() {
    hold_all(texts());
}

#[test]
fn other_logs_in_json() {
    hold_all(objects());
}

#[test]
fn tables_of_something_else() {
    let texts = |word: &str| Leaf {
        values: Values::Text(vec![ByteArray::from(word); 3]),
        definitions: vec![1; 3],
        repetitions: None,
    };
    let schema = "message m { OPTIONAL BYTE_ARRAY name (UTF8); OPTIONAL BYTE_ARRAY city (UTF8); }";
    let people = forms::parquet::write(schema, vec![vec![texts("Ada"), texts("London")]], Default::default());
    let wrong = hold("a table of something else", &people, &["column", "name", "city"]);
    assert_eq!(wrong, None);
    let damaged = hold("cut off", &people[..people.len() - 9], &["cut off"]);
    assert_eq!(damaged, None);
}

const NOTHING: &str = "vpcflow: there is not a single line in the input\n";

/// A form without records is complete, and no fault.
#[test]
fn empty_answers_are_answers() {
    for text in [
        r#"{"events":[],"nextForwardToken":"f/1","nextBackwardToken":"b/1"}"#,
        r#"{"searchedLogStreams":[],"events":[]}"#,
        r#"{"results":[],"statistics":{"recordsMatched":0.0},"status":"Complete"}"#,
        &forms::json::control_message(),
        "timestamp,message\n",
    ] {
        let outcome = vpcflow("summary -o csv --stats=json").stdin(text).outcome();
        let stats = outcome.stats();
        let counts = ["records", "files_failed", "malformed"].map(|name| stats[name].as_u64().expect("a count"));
        assert_eq!((counts, outcome.status), ([0, 0, 0], 0), "{text}\n{outcome}");
        assert!(matches!(&outcome.warnings()[..], "" | NOTHING), "{text}\n{outcome}");
    }
}
