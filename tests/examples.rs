//! The examples of AWS's documentation, and lines that others' tests and captures have made known,
//! are read as they are described. What is expected stands here as it was read by a human.

mod support;

use support::lines::{V2, V5};
use support::{Vpcflow, vpcflow};

/// The format of AWS's examples of version 3.
const V3: &str = "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport \
                  pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status";

/// The ten fields about containers, which come behind those of version 5.
const ECS: &str = "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id \
                   ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn \
                   ecs-task-id";

const NAT: &str = "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr";

/// Flow, NODATA, SKIPDATA, malformed.
type Counts = [u64; 4];

/// Holds that a run shows these values of the records, and counts them so.
#[track_caller]
fn shows(run: Vpcflow, counts: Counts, rows: &[&str]) {
    let outcome = run.outcome();
    let found: Vec<&str> = outcome.stdout.lines().skip(1).collect();
    assert_eq!(found, rows, "{outcome}");
    let stats = outcome.stats();
    let counted = ["flows", "nodata", "skipdata", "malformed"].map(|name| stats[name].as_u64().expect("a count"));
    // Times of long ago are said, and are read all the same.
    let warnings = outcome.warnings();
    let others = warnings.lines().filter(|line| !line.contains(": implausible time: ")).count();
    assert_eq!((counted, outcome.status, others), (counts, 0, 0), "{outcome}");
}

fn ask(fields: &str, input: impl AsRef<[u8]>) -> Vpcflow {
    vpcflow("records -o csv --stats=json --fields").arg(fields).stdin(input)
}

/// Holds how lines of a format are read, with a header above them and without.
#[track_caller]
fn hold(format: &str, lines: &[&str], counts: Counts, fields: &str, rows: &[&str]) {
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    shows(ask(fields, format!("{format}\n{lines}")), counts, rows);
    let bare = ask(fields, lines);
    shows(if format == V2 { bare } else { bare.arg("--log-format").arg(format) }, counts, rows);
}

const E1: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 \
                  1418530070 ACCEPT OK";

/// What has to be read of the first example.
const E1_FIELDS: &str = "account-id,interface-id,src-ip,dst-ip,src-port,dst-port,protocol,packets,bytes,start,end,\
                         action,log-status";
const E1_ROW: &str = "123456789010,eni-1235b8ca123456789,172.31.16.139,172.31.16.21,20641,22,tcp,20,4249,\
                      2014-12-14T04:06:50Z,2014-12-14T04:07:50Z,ACCEPT,OK";

#[test]
fn e01_e02_accepted_ssh_and_rejected_desktop() {
    hold(V2, &[E1], [1, 0, 0, 0], E1_FIELDS, &[E1_ROW]);
    let rejected = "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 \
                    1418530070 REJECT OK";
    hold(V2, &[rejected], [1, 0, 0, 0], "src-ip,dst-port,action", &["172.31.9.69,3389,REJECT"]);
    vpcflow("rejects --by dst-port -o csv -w dst-port==3389").stdin(format!("{E1}\n{rejected}\n")).prints(
        "dst_port,rejects,dst_ips,dst_ports,packets,bytes,first_seen,last_seen,share\n\
         3389,1,1,1,20,4249,2014-12-14T04:06:50Z,2014-12-14T04:07:50Z,1.0000\n",
    );
}

#[test]
fn e03_e04_e22_no_data_and_skipped_data() {
    hold(
        V2,
        &[
            "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
            "2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA",
            "2 12345678910 eni-0eb1e4178af74336c - - - - - - - 1742569968 1742570020 - NODATA",
        ],
        [0, 2, 1, 0],
        "account-id,interface-id,src-ip,src-port,protocol,bytes,start,action,log-status",
        &[
            "123456789010,eni-1235b8ca123456789,,,,,2015-05-10T18:01:16Z,,NODATA",
            "123456789010,eni-11111111aaaaaaaaa,,,,,2015-05-10T18:01:16Z,,SKIPDATA",
            "12345678910,eni-0eb1e4178af74336c,,,,,2025-03-21T15:12:48Z,,NODATA",
        ],
    );
}

/// A port 0 is a value: it is not missing.
#[test]
fn e05_ping_and_its_reply() {
    hold(
        V2,
        &[
            "2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027 1432917142 ACCEPT OK",
            "2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094 1432917142 REJECT OK",
        ],
        [2, 0, 0, 0],
        "src-ip,src-port,dst-port,protocol,packets,bytes,duration,action",
        &["203.0.113.12,0,0,icmp,4,336,115,ACCEPT", "172.31.16.139,0,0,icmp,4,336,48,REJECT"],
    );
}

#[test]
fn e06_ssh_over_ipv6() {
    hold(
        V2,
        &["2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 \
           2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK"],
        [1, 0, 0, 0],
        "src-ip,dst-ip,dst-port,bytes,duration",
        &["2001:db8:1234:a100:8d6e:3477:df66:f105,2001:db8:1234:a102:3304:8879:34cf:4071,22,8855,112"],
    );
}

/// The beginning of AWS's lines of version 3.
const INTERFACE: &str = "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 \
                         123456789010";

#[test]
fn e07_flags_of_a_connection() {
    let line = |rest: &str| format!("{INTERFACE} IPv4 {rest}");
    let lines = [
        "52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK",
        "10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK",
        "52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 10.0.0.62 6 23294588 15774 1566848933 1566849113 ACCEPT 1 OK",
        "52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK",
    ]
    .map(line);
    let lines = lines.each_ref().map(String::as_str);
    hold(
        V3,
        &lines,
        [4, 0, 0, 0],
        "subnet-id,src-ip,dst-port,bytes,packets,tcp-flags",
        &[
            "subnet-aaaaaaaa012345678,52.213.180.42,5001,568,8,2",
            "subnet-aaaaaaaa012345678,10.0.0.62,43416,376,7,18",
            "subnet-aaaaaaaa012345678,52.213.180.42,5001,23294588,15774,1",
            "subnet-aaaaaaaa012345678,52.213.180.42,5001,1260,17,3",
        ],
    );
    // Who opened a connection, who answered, and who ended one.
    for (condition, ports) in [
        ("tcp-flags has syn and not tcp-flags has ack", "43416\n43638\n"),
        ("tcp-flags has syn+ack", "5001\n"),
        ("tcp-flags has fin", "43418\n43638\n"),
    ] {
        let run = vpcflow("records --fields src-port -o csv -w").arg(condition);
        run.stdin(format!("{V3}\n{}", lines.join("\n"))).prints(&format!("src_port\n{ports}"));
    }
}

/// Two spaces where one should be do not make a field; a dash is a field.
#[test]
fn e08_e09_a_double_space_and_skipped_data() {
    let double = format!(
        "{INTERFACE} IPv4 10.0.0.62 52.213.180.42 5001 43638  10.0.0.62 52.213.180.42 6 967 14 1566933133 1566933193 \
         ACCEPT 19 OK"
    );
    let skipped = format!("{INTERFACE} - - - - - - - - - - 1566848875 1566848933 - - SKIPDATA");
    hold(
        V3,
        &[&double, &skipped],
        [1, 0, 1, 0],
        "dst-port,pkt-src-ip,bytes,start,tcp-flags,log-status",
        &["43638,10.0.0.62,967,2019-08-27T19:12:13Z,19,OK", ",,,2019-08-26T19:47:55Z,,SKIPDATA"],
    );
}

/// The interface's own address and the packet's; without a status every record with an address is a
/// flow.
#[test]
fn e10_a_gateway_of_a_zone() {
    hold(
        NAT,
        &[
            "- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5",
            "- eni-1235b8ca123456789 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5",
        ],
        [2, 0, 0, 0],
        "instance-id,interface-id,src-ip,dst-ip,pkt-src-ip,pkt-dst-ip",
        &[
            ",eni-1235b8ca123456789,10.0.1.5,10.0.0.220,10.0.1.5,203.0.113.5",
            ",eni-1235b8ca123456789,10.0.0.220,10.0.1.5,203.0.113.5,10.0.1.5",
        ],
    );
}

/// What has no interface stands under the gateway.
#[test]
fn e11_a_gateway_of_a_region() {
    let format = "resource-id instance-id interface-id subnet-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr";
    let lines = [
        "nat-1234567890abcdef - - - 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5",
        "nat-1234567890abcdef - - - 107.22.182.139 203.0.113.5 107.22.182.139 203.0.113.5",
    ];
    let rows = ["nat-1234567890abcdef,,,10.0.1.5,203.0.113.5", "nat-1234567890abcdef,,,107.22.182.139,203.0.113.5"];
    hold(format, &lines, [2, 0, 0, 0], "resource-id,interface-id,subnet-id,src-ip,dst-ip", &rows);
    let outcome = vpcflow("interfaces -o csv").stdin(format!("{format}\n{}", lines.join("\n"))).outcome();
    let rows = outcome.rows();
    assert_eq!((rows.len(), &rows[0][0][..], &rows[0][2][..]), (1, "nat-1234567890abcdef", "2"), "{outcome}");
}

#[test]
fn e12_through_a_transit_gateway() {
    hold(
        "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport dstport protocol \
         tcp-flags type pkt-srcaddr pkt-dstaddr action log-status",
        &[
            "3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb i-01234567890123456 \
             10.20.33.164 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK",
            "3 eni-11111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111aaaaaaaaa - \
             10.40.1.175 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK",
        ],
        [2, 0, 0, 0],
        "interface-id,instance-id,src-ip,pkt-src-ip,dst-port",
        &[
            "eni-33333333333333333,i-01234567890123456,10.20.33.164,10.20.33.164,80",
            "eni-11111111111111111,,10.40.1.175,10.20.33.164,80",
        ],
    );
}

#[test]
fn e13_download_and_upload() {
    let place = "123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b \
                 eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT";
    hold(
        "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id subnet-id \
         instance-id interface-id region az-id sublocation-type sublocation-id action tcp-flags pkt-srcaddr \
         pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path flow-direction log-status",
        &[
            &format!(
                "5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 {place} 19 52.95.128.179 \
                 10.0.0.71 S3 - - ingress OK"
            ),
            &format!(
                "5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471 {place} 3 10.0.0.71 \
                 52.95.128.179 - S3 8 egress OK"
            ),
        ],
        [2, 0, 0, 0],
        "bytes,region,sublocation-type,pkt-src-aws-service,pkt-dst-aws-service,traffic-path,flow-direction",
        &["15044,ap-southeast-2,,S3,,,ingress", "471,ap-southeast-2,,,S3,8,egress"],
    );
}

/// The number of fields does not tell their order: these are as many as version 5 has.
#[test]
fn e14_fields_by_the_alphabet() {
    hold(
        "account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id log-status packets \
         pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport start \
         sublocation-id sublocation-type subnet-id tcp-flags traffic-path type version vpc-id",
        &[
            "325352056000 - apne1-az1 - - - 1700185000 - i-085c8f3d12aa57000 eni-03a3504cbdd789000 SKIPDATA - - - - - - \
             ap-northeast-1 - - 1700185000 - - subnet-f27b1000 - - - 5 vpc-bcd5b000",
            "999999999999 ACCEPT use2-az2 3015 198.51.100.6 443 1614866511 egress i-00123456789abcdef \
             eni-00123456789abcdef OK 16 S3 198.51.100.7 - 192.0.2.156 6 us-east-2 192.0.2.156 50318 1614866493 - - \
             subnet-0123456789abcdef 7 7 IPv4 5 vpc-04456ab739938ee3f",
        ],
        [1, 0, 1, 0],
        "account-id,bytes,dst-ip,dst-port,end,interface-id,tcp-flags,traffic-path,version,vpc-id",
        &[
            "325352056000,,,,2023-11-17T01:36:40Z,eni-03a3504cbdd789000,,,5,vpc-bcd5b000",
            "999999999999,3015,198.51.100.6,443,2021-03-04T14:01:51Z,eni-00123456789abcdef,7,7,5,vpc-04456ab739938ee3f",
        ],
    );
}

/// Ids of odd lengths are ids, and a time long ago is one.
#[test]
fn e15_odd_ids() {
    hold(
        V5,
        &[
            "5 64111117617 eni-069xxxxxb7a490 89.160.20.156 10.200.0.0 50041 33004 17 52 1 1640000066 1640000297 REJECT OK \
           vpc-09676f97xxxxxb8a7 subnet-02d645xxxxxxxdbc0 i-0axxxxxx1ad77 1 IPv4 89.160.20.156 10.200.0.80 us-east-1 \
           use1-az5 - - AMAZON CLOUDFRONT ingress 1",
        ],
        [1, 0, 0, 0],
        "account-id,interface-id,protocol,packets,bytes,start,end,pkt-dst-ip,pkt-dst-aws-service,traffic-path",
        &["64111117617,eni-069xxxxxb7a490,udp,52,1,2021-12-20T11:34:26Z,2021-12-20T11:38:17Z,10.200.0.80,CLOUDFRONT,1"],
    );
}

/// The status decides what a record is, whatever else stands in it.
#[test]
fn e16_containers_without_data() {
    hold(
        &format!("{V5} {ECS}"),
        &[
            "3 000000000000 - 175.16.199.0 67.43.156.0 63715 3306 6 6 1515 1755678634 1755678662 ACCEPT NODATA - - - - - - \
           - - - - - - - egress - arn:aws:ecs:us-east-1:000000000000:cluster/orders-cluster orders-cluster \
           arn:aws:ecs:us-east-1:000000000000:container-instance/orders-cluster/i-1cb81722735e4bcfa \
           i-1cb81722735e4bcfa 7a93be1b-d3f b20d4561-ebb orders-service \
           arn:aws:ecs:us-east-1:000000000000:task-definition/backend:3 \
           arn:aws:ecs:us-east-1:000000000000:task/orders-cluster/b42ecfbe-17f b42ecfbe-17f",
        ],
        [0, 1, 0, 0],
        "account-id,src-ip,log-status,flow-direction,ecs-cluster-name,ecs-service-name,ecs-task-id",
        &["000000000000,175.16.199.0,NODATA,egress,orders-cluster,orders-service,b42ecfbe-17f"],
    );
}

#[test]
fn e17_refused_by_block_public_access() {
    hold(
        &format!("{V5} {ECS} reject-reason"),
        &[
            "8 123456789010 eni-1235b8ca123456789 10.0.1.10 10.0.2.20 54321 443 6 100 5000 1700000200 1700000260 REJECT OK \
           vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 19 IPv4 10.0.1.10 10.0.2.20 us-east-1 \
           use1-az1 - - - - ingress 1 arn:aws:ecs:us-east-1:123456789010:cluster/test-cluster test-cluster \
           arn:aws:ecs:us-east-1:123456789010:container-instance/test-cluster/i-01234567890123456 i-01234567890123456 \
           574fc0af-908 816bc224-160 payments-service arn:aws:ecs:us-east-1:123456789010:task-definition/backend:3 \
           arn:aws:ecs:us-east-1:123456789010:task/test-cluster/6adbd0d6-211 6adbd0d6-211 BPA",
        ],
        [1, 0, 0, 0],
        "action,bytes,ecs-container-id,ecs-second-container-id,reject-reason",
        &["REJECT,5000,574fc0af-908,816bc224-160,BPA"],
    );
}

#[test]
fn e18_resource_behind_version_5() {
    hold(
        &format!("{V5} resource-id"),
        &["9 123456789010 - 10.0.1.5 203.0.113.5 44321 443 6 12 1024 1700000300 1700000360 ACCEPT OK \
           vpc-abcdefab012345678 subnet-aaaaaaaa012345678 - 19 IPv4 10.0.1.5 203.0.113.5 us-east-1 use1-az1 - - - - \
           egress 8 nat-1234567890abcdef"],
        [1, 0, 0, 0],
        "version,interface-id,resource-id,traffic-path,bytes",
        &["9,,nat-1234567890abcdef,8,1024"],
    );
}

#[test]
fn e19_e20_encryption_and_version_11() {
    hold(
        "flow-direction traffic-path srcaddr dstaddr srcport dstport encryption-status",
        &["ingress - 10.0.133.8 10.0.128.55 43236 80 1", "egress 1 10.0.128.55 10.0.130.104 80 55016 0"],
        [2, 0, 0, 0],
        "flow-direction,traffic-path,src-port,encryption-status",
        &["ingress,,43236,1", "egress,1,80,0"],
    );
    hold(
        "version srcaddr dstaddr srcport dstport protocol start end action log-status reject-reason resource-id \
         encryption-status interface-type",
        &[
            "11 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 REJECT OK BPA nat-0c50d5961bcb2d47b 1 nat_gateway",
        ],
        [1, 0, 0, 0],
        "version,action,reject-reason,resource-id,encryption-status,interface-type",
        &["11,REJECT,BPA,nat-0c50d5961bcb2d47b,1,nat_gateway"],
    );
}

/// The fields of transit gateways are known by what stands in a line, without a header.
#[test]
fn e21_transit_gateway() {
    let lines = "3 - 748335378900 tgw-0a12bc34de56f7890 tgw-attach-0123abcd - - vpc-0abc1234 vpc-0def5678 - - \
                 eni-0ee5f66aa7bcc89d0 eni-0dd4ee5f66aa7bcc8 - - - 216.160.83.56 89.160.20.128 36721 8080 17 13 6842 \
                 1755592553 1755592580 OK - - - - - - - ingress - -\n\
                 6 TransitGateway 748335378900 tgw-0a12bc34de56f7890 tgw-attach-0456efgh - - vpc-0abc1234 vpc-0ghi9012 \
                 - - eni-0ee5f66aa7bcc89d0 eni-0aa1bb2cc3dd4ee5f - - - 175.16.199.0 67.43.156.0 56846 80 17 45 9771 \
                 1755592543 1755592598 OK IPv4 0 0 0 0 18 us-east-1 ingress - -\n";
    let fields = "resource-type,tgw-attachment-id,tgw-dst-vpc-id,src-ip,dst-port,packets,bytes,start,log-status,\
                  packets-lost-ttl-expired,tcp-flags,region,flow-direction";
    let rows = [
        ",tgw-attach-0123abcd,vpc-0def5678,216.160.83.56,8080,13,6842,2025-08-19T08:35:53Z,OK,,,,ingress",
        "TransitGateway,tgw-attach-0456efgh,vpc-0ghi9012,175.16.199.0,80,45,9771,2025-08-19T08:35:43Z,OK,0,18,us-east-1,\
         ingress",
    ];
    shows(ask(fields, lines), [2, 0, 0, 0], &rows);
    // What the log cannot tell is said.
    vpcflow("rejects -o csv").stdin(lines).gives(
        0,
        "src_ip,rejects,dst_ips,dst_ports,packets,bytes,first_seen,last_seen,share\n",
        &["no input has the field 'action'"],
    );
}

#[test]
fn e23_wrapped_lines() {
    let message = "2 058694856476 eni-03c0f5ba79a66ef17 10.3.166.71 10.3.141.209 443 38634 6 103 42926 1680838556 \
                   1680838578 ACCEPT OK";
    shows(
        ask(
            "account-id,src-ip,bytes,log-status",
            format!(
                "{{\"message\":\"2 428961148399 eni-0e0bf7be352692297 - - - - - - - 1671029698 1671029728 - NODATA\"}}\n\
                 {{\"message\":\"{message}\"}}\n"
            ),
        ),
        [1, 1, 0, 0],
        &["428961148399,,,NODATA", "058694856476,10.3.166.71,42926,OK"],
    );
    let payload = format!(
        "{{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789010\",\"logGroup\":\"/aws/vpc/flowlogs\",\
         \"logStream\":\"eni-1235b8ca123456789\",\"subscriptionFilters\":[\"MyFlowLogSubscription\"],\"logEvents\":\
         [{{\"id\":\"eventId1\",\"timestamp\":1418530010000,\"message\":\"{E1}\"}}]}}"
    );
    let detailed = format!("2014-12-14T04:06:50.000000+00:00 eni-1235b8ca123456789-all {E1}\n");
    for form in [
        payload,
        format!("2014-12-14T04:06:50.000Z {E1}\n"),
        format!("2014-12-14T04:06:50 {E1}\n"),
        detailed.replace(".000000", ""),
        detailed,
        format!("1418530010000 {E1}\n"),
        format!("timestamp,message\n1418530010000,{E1}\n"),
    ] {
        shows(ask(E1_FIELDS, &form), [1, 0, 0, 0], &[E1_ROW]);
    }
    let row = "1742570569000,2 627286350134 eni-0eb1e4178af74336c - - - - - - - 1742570569 1742570622 - NODATA\n";
    shows(
        ask("account-id,interface-id,start,end,log-status", format!("timestamp,message\n{row}")),
        [0, 1, 0, 0],
        &["627286350134,eni-0eb1e4178af74336c,2025-03-21T15:22:49Z,2025-03-21T15:23:42Z,NODATA"],
    );
}

#[test]
fn e24_a_whole_object() {
    let text = format!("{V2}\n2 12345678910 eni-0eb1e4178af74336c - - - - - - - 1742569968 1742570020 - NODATA");
    let rows = ["12345678910,eni-0eb1e4178af74336c,2025-03-21T15:12:48Z,2025-03-21T15:13:40Z"];
    shows(ask("account-id,interface-id,start,end", text), [0, 1, 0, 0], &rows);
}

/// A comment is no part of a record: the line that has one is told, and not taken for another.
#[test]
fn e25_a_comment_behind_a_line() {
    let line = "i-01234567890123456 eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5";
    let text = format!("{NAT}\n{line} #Traffic from the source instance to host on the internet\n{line}\n");
    let outcome = ask("interface-id,dst-ip", text).outcome();
    let stats = outcome.stats();
    assert_eq!((stats["flows"].as_u64(), stats["malformed"].as_u64()), (Some(1), Some(1)), "{outcome}");
    assert_eq!(outcome.warnings(), "vpcflow: -:2: malformed: 16 fields, expected 6\n");
}

#[test]
fn e26_all_fields_of_version_11() {
    let later = "resource-id encryption-status instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag \
                 asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id \
                 next-hop-interface-type";
    let header = format!("{V5} {ECS} reject-reason {later}");
    assert_eq!(header.split_whitespace().count(), 54);
    // Alone it is an object without records.
    vpcflow("summary -o csv --stats=json").stdin(format!("{header}\n")).gives(
        0,
        &["\n1,0,0,0,0,0,"],
        &["\"headers\":1", "\"records\":0", "\"malformed\":0"],
    );
    // Every field takes a value of its own: its number, where that can be one.
    let value = |i: usize, name: &str| match name {
        _ if name.ends_with("addr") => format!("10.0.0.{i}"),
        "log-status" => "OK".to_string(),
        _ => i.to_string(),
    };
    let line: Vec<String> = header.split_whitespace().enumerate().map(|(i, name)| value(i, name)).collect();
    let run = vpcflow("records -o raw").stdin(format!("{header}\n{}\n", line.join(" ")));
    run.gives(0, &[&line.join(" ")[..]], "");
    let outcome = vpcflow("records -o csv").stdin(format!("{header}\n{}\n", line.join(" "))).outcome();
    let row = outcome.rows().remove(0);
    for (i, (name, cell)) in header.split_whitespace().zip(&row).enumerate() {
        match name {
            "start" | "end" => assert_eq!(*cell, format!("1970-01-01T00:00:{i}Z"), "{outcome}"),
            "protocol" => assert_eq!((i, &cell[..]), (7, "cbt"), "{outcome}"),
            _ => assert_eq!(*cell, value(i, name), "{name}: {outcome}"),
        }
    }
    assert_eq!(row.len(), 54);
    let bare = vpcflow("records -o csv --log-format v11").stdin(line.join(" ")).outcome();
    assert_eq!(bare.stdout, outcome.stdout);
}
