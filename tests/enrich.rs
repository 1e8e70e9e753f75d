//! Fields that are made from others: as keys, in filters, in measures, in lists, in every output; and that
//! nothing changes where none is asked for.

mod support;

use support::lines::{V2, V5, flow, log, nodata};
use support::tree::Tree;
use support::{Text, root, vpcflow};

const DEMO: &str = "testdata/demo";
const WHO: &str = "testdata/who";

/// Options that name every file there is.
const ALL: &str = "--labels testdata/who/labels.csv --aws-ranges testdata/who/ip-ranges.json --enis testdata/who/enis.json \
                   --subnets testdata/who/subnets.json --instances testdata/who/instances.json \
                   --security-groups testdata/who/security-groups.json --geo testdata/who/geo.mmdb --asn testdata/who/asn.mmdb";

/// What a run on a log prints as CSV, without the header.
fn rows(text: &str, line: &str) -> Vec<String> {
    let outcome = vpcflow(line).args(["-o", "csv", "-q"]).dir(Tree::of("a.log", text).root()).outcome();
    assert_eq!(outcome.status, 0, "{outcome}");
    outcome.stdout.lines().skip(1).map(String::from).collect()
}

#[test]
fn addresses_have_scopes_and_sides() {
    let text = log(&[
        flow(),
        flow().with("srcaddr", "8.8.8.8"),
        flow().with("srcaddr", "169.254.1.1").with("dstaddr", "224.0.0.1"),
        flow().with("srcaddr", "fd00::1").with("dstaddr", "2600::1"),
        nodata(),
    ]);
    let line = "records --fields src-scope,dst_scope,SRC-INSIDE,dstInside";
    assert_eq!(
        rows(&text, line),
        [
            "private,private,yes,yes",
            "public,private,no,yes",
            "link-local,multicast,no,no",
            "private,public,yes,no",
            ",,,"
        ]
    );
    assert_eq!(
        rows(&text, "records --fields src-inside,dst-inside --inside 8.0.0.0/8,2600::/16")[1..4],
        ["yes,no", "no,no", "no,yes"]
    );
    assert_eq!(
        rows(&text, "top --by src-scope --agg flows --sort flows"),
        ["private,2,0.5000", "link-local,1,0.2500", "public,1,0.2500"]
    );
    assert_eq!(rows(&text, "top --by src-ip --agg flows -w src-scope==public"), ["8.8.8.8,1,300,1.0000"]);
    assert_eq!(rows(&text, "top --by dst-port --agg distinct(src-scope),flows"), ["443,3,4,1200,1.0000"]);
}

#[test]
fn the_rule_for_inside_is_told() {
    let tree = Tree::of("a.log", log(&[flow()]));
    let run = |line: &str| vpcflow(line).dir(tree.root());
    run("top --by src-inside -o csv").gives(
        0,
        &["yes,1"],
        "vpcflow: inside are private addresses (--inside CIDR,... names others)\n",
    );
    run("top --by dst-inside -o csv --inside 10.0.0.1").gives(
        0,
        &["no,1"],
        "vpcflow: inside are the networks of --inside\n",
    );
}

#[test]
fn who_serves_and_who_began() {
    let header = format!("{V2} tcp-flags traffic-path");
    let line = |source: u32, destination: u32, protocol: u8, flags: &str, path: &str| {
        let ports = flow().with("srcport", source).with("dstport", destination).with("protocol", protocol);
        format!("{} {flags} {path}\n", ports.line().trim_end())
    };
    let lines = [
        line(50000, 443, 6, "-", "8"),
        line(443, 50000, 6, "0", "-"),
        line(50000, 40001, 6, "2", "1"),
        line(40001, 50000, 6, "19", "2"),
        line(53, 53, 17, "-", "9"),
        line(0, 0, 1, "-", "-"),
    ];
    let text = format!("{header}\n{}", lines.concat());
    assert_eq!(
        rows(&text, "records --fields service-port,service-name,initiator,tcp-flag-names,traffic-path-name"),
        [
            "443,https,src,,internet-gateway",
            "443,https,dst,,",
            "40001,,src,syn,same-vpc",
            "40001,,dst,\"fin,syn,ack\",internet-or-gateway-endpoint",
            "53,domain,,,",
            "0,,,,"
        ]
    );
}

#[test]
fn labels_name_networks() {
    let tree =
        Tree::of("a.log", log(&[flow(), flow().with("srcaddr", "10.0.0.9"), flow().with("srcaddr", "192.0.2.1")]))
            .file("l/labels.csv", "# ours\ncidr,label\n10.0.0.0/8,\"lab, old\"\n10.0.0.9,printer\n")
            .file("l/bad.csv", "10.0.0.0/8,x\n10.0.0.300,y\n");
    let run = |line: &str| vpcflow(line).dir(tree.root());
    run("top --by src-label --agg flows --sort flows -o csv --labels l/labels.csv a.log").gives(
        0,
        "src_label,flows,share\n\"lab, old\",1,0.3333\nprinter,1,0.3333\n",
        "vpcflow: 1 of 3 flows have no value for a key, and are in no group\n",
    );
    run("top --by src-label --labels l/bad.csv a.log").gives(
        2,
        "",
        "vpcflow: --labels l/bad.csv:2: expected cidr,label with an address or a network such as 10.0.0.0/8, found '10.0.0.300,y'\n",
    );
    run("top --labels l/none.csv a.log").gives(2, "", "vpcflow: --labels l/none.csv: No such file or directory\n");
    run("top --by src-label a.log").gives(2, "", "vpcflow: 'src-label' needs --labels FILE.csv\n");
    run("top a.log").args(["-w", "exists src-label"]).gives(2, "", "vpcflow: 'src-label' needs --labels FILE.csv\n");
    run("records --fields dst-label a.log").gives(2, "", "vpcflow: 'dst-label' needs --labels FILE.csv\n");
    run("top --by src-lable a.log").gives(2, "", &["did you mean 'src-label'?"]);
    run("top -w src-scope==pubic a.log").gives(2, "", &["did you mean 'public'?"]);
}

#[test]
fn flows_within_are_dropped() {
    let text = log(&[flow(), flow().with("srcaddr", "8.8.8.8"), nodata()]);
    let outcome = vpcflow("top -o csv --drop-internal 10.0.0.0/8,fd00::/8 --stats=json").stdin(text).outcome();
    assert!(outcome.stdout.contains("8.8.8.8,1") && !outcome.stdout.contains("10.0.0.1"), "{outcome}");
    let stats = outcome.stats();
    assert_eq!((stats["records"].as_u64(), stats["matched"].as_u64()), (Some(3), Some(2)), "{outcome}");
    vpcflow("top --drop-internal 10.0.0.0/40").stdin("").gives(2, "", &["--drop-internal", "expected an IP address"]);
}

#[test]
fn what_a_log_says_itself_stays() {
    let header = "interface-id srcaddr dstaddr vpc-id flow-direction pkt-dst-aws-service src-label";
    let text = format!(
        "{header}\neni-0b2c3d4e5f6000040 10.1.1.40 198.51.100.200 vpc-own egress EBS mine\n\
         eni-0b2c3d4e5f6000040 198.51.100.200 10.1.1.40 - - - -\neni-unknown 10.1.1.40 10.9.9.9 - - - -\n"
    );
    let tree = Tree::of("a.log", &text);
    let who = |name: &str| root().join(WHO).join(name);
    let run = vpcflow("records -q -o csv --fields vpc-id,flow-direction,pkt-dst-aws-service,dst-aws-service,src-label,subnet-id,region")
        .arg("--enis").arg(who("enis.json")).arg("--aws-ranges").arg(who("ip-ranges.json")).arg("--labels").arg(who("labels.csv"));
    assert_eq!(
        run.dir(tree.root()).result(),
        "vpc_id,flow_direction,pkt_dst_aws_service,dst_aws_service,src_label,subnet_id,region\n\
         vpc-own,egress,EBS,EBS,mine,subnet-0b2c3d4e5f60718a1,eu-west-1\n\
         vpc-0b2c3d4e5f6071800,ingress,,,\"customers, and others\",subnet-0b2c3d4e5f60718a1,eu-west-1\n\
         ,,,,reports host,,\n"
    );
    // A field that the log has needs no option.
    assert_eq!(rows(&text, "top --by src-label --agg flows --sort flows"), ["mine,1,0.3333"]);
}

#[test]
fn lists_count_under_each_value() {
    let run = |line: &str| vpcflow(&format!("{line} -o csv --enis {WHO}/enis.json {DEMO}"));
    let interface = "--interface eni-0b2c3d4e5f6000040";
    let all = run(&format!("top --by interface-id --agg flows --sort flows {interface}")).result();
    let flows = all.lines().nth(1).and_then(|row| row.split(',').nth(1)).expect("flows").to_string();
    let note =
        "vpcflow: a flow counts under each of its security-groups, so that the sum of all rows can exceed the total\n";
    run(&format!("top --by sg --agg flows --sort flows {interface}")).gives(
        0,
        &format!(
            "security_groups,flows,share\nsg-0b2c3d4e5f6000001,{flows},0.5000\nsg-0b2c3d4e5f6000030,{flows},0.5000\n"
        ),
        note,
    );
    let groups = run(&format!("records --fields security-groups,security-group-names -n 1 {interface}")).outcome();
    assert_eq!(groups.stdout.lines().nth(1), Some("\"sg-0b2c3d4e5f6000030,sg-0b2c3d4e5f6000001\",\"app,base\""));
    // Series over time count the same, whatever else they ask of all records.
    let whole = "--bucket 1d --since 2026-03-15T00:00 --until 2026-03-17";
    let timeline = run(&format!("timeline --by sg --compare 1d {whole} -q {interface}")).outcome();
    let series =
        |outcome: &support::Outcome| outcome.rows().into_iter().map(|row| row[1..3].join(" ")).collect::<Vec<_>>();
    assert_eq!(series(&timeline), ["sg-0b2c3d4e5f6000001", "sg-0b2c3d4e5f6000030"].map(|sg| format!("{sg} {flows}")));
    // A value of a list is met wherever it stands; it is not another only if none is.
    let count = |condition: &str| {
        let outcome = run("summary").args(["-w", condition]).outcome();
        assert_eq!(outcome.status, 0, "{outcome}");
        outcome.rows()[0][2].parse::<u64>().expect("flows")
    };
    let of = |name: &str| count(&format!("security-group-names {name}"));
    assert_eq!(of("== base") + of("!= base"), count("exists security-group-names"));
    assert!(of("== base") > of("== app") && of("== app") > 0);
    assert_eq!(of("like 'a*'"), of("in {app, admin}"));
    assert_eq!(of("in {app, base}"), of("== base"));
    // Without a value of one list a flow is in no group, once, however many values the other has.
    let both = run("top --by security-group-names,peer-security-group-names --stats=json -q").outcome();
    let neither = count("not (exists security-group-names and exists peer-security-group-names)");
    assert_eq!(both.stats()["null_keys"].as_u64(), Some(neither));
    let timeline = run(&format!("timeline --by sg-name --bucket 1d {interface}")).outcome();
    assert_eq!(
        timeline.rows().iter().map(|row| format!("{} {}", row[1], row[2])).collect::<Vec<_>>(),
        [format!("app {flows}"), format!("base {flows}")]
    );
}

#[test]
fn the_other_side_and_the_way_are_told() {
    let fields = "interface-name,direction,flow-direction,peer-interface-name,peer-sg-name,subnet-name,instance-name";
    let line = format!(
        "records -q -o csv --fields {fields} --enis {WHO}/enis.json --subnets {WHO}/subnets.json --instances {WHO}/instances.json {DEMO}"
    );
    let outcome = vpcflow(&line)
        .args(["-w", "port == 5432 and interface-id == eni-0a1b2c3d4e5f05432"])
        .args(["-n", "2"])
        .outcome();
    assert_eq!(
        outcome.stdout.lines().skip(1).collect::<Vec<_>>(),
        [
            "RDSNetworkInterface,ingress,ingress,web-1,\"web,base\",us-private,",
            "RDSNetworkInterface,egress,egress,web-1,\"web,base\",us-private,"
        ],
        "{outcome}"
    );
}

#[test]
fn what_stays_in_a_subnet_is_internal() {
    let text = "interface-id srcaddr dstaddr vpc-id flow-direction\n\
                eni-1 10.0.0.1 10.0.0.9 vpc-a ingress\neni-1 10.0.0.1 10.0.1.9 vpc-a egress\n\
                eni-1 10.0.0.1 10.0.0.9 vpc-b -\neni-1 10.0.0.1 10.0.0.9 - -\n";
    let subnets = r#"{"Subnets":[{"SubnetId":"subnet-1","VpcId":"vpc-a","CidrBlock":"10.0.0.0/24"},
                     {"SubnetId":"subnet-2","VpcId":"vpc-b","CidrBlock":"10.0.0.0/29"},
                     {"SubnetId":"subnet-3","VpcId":"vpc-b","CidrBlock":"10.0.0.8/29"}]}"#;
    let tree = Tree::of("l/a.log", text)
        .file("subnets.json", subnets)
        .file("enis.json", r#"[{"NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.1"}]"#);
    let ways = |options: &str| {
        let outcome = vpcflow("records -q -o csv --fields direction")
            .args(options.split_whitespace())
            .arg("l")
            .dir(tree.root())
            .outcome();
        assert_eq!(outcome.status, 0, "{outcome}");
        outcome.stdout.lines().skip(1).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(ways("--subnets subnets.json --enis enis.json"), ["internal", "egress", "egress", "egress"]);
    assert_eq!(ways("--enis enis.json"), ["ingress", "egress", "egress", "egress"]);
}

#[test]
fn interfaces_know_their_addresses() {
    let header = "interface-id srcaddr dstaddr bytes";
    // The primary address is rarer than the others.
    let text = format!(
        "{header}\neni-1 10.0.0.2 8.8.8.8 10\neni-1 8.8.8.9 10.0.0.2 100\neni-1 10.0.5.7 8.8.4.4 1000\neni-1 9.9.9.9 10.0.0.1 10000\n\
         eni-1 9.9.9.8 10.0.0.3 5\n"
    );
    let enis = r#"[{"NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.1","PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.1"},
                  {"PrivateIpAddress":"10.0.0.2"}],"Ipv4Prefixes":[{"Ipv4Prefix":"10.0.5.0/28"}]}]"#;
    let tree = Tree::of("l/a.log", text).file("enis.json", enis);
    let cells = |line: &str| {
        let outcome = vpcflow(line).args(["-o", "csv", "-q", "l"]).dir(tree.root()).outcome();
        let row = &outcome.rows()[0];
        [7, 8, 9].map(|cell| row[cell].clone())
    };
    assert_eq!(cells("interfaces --enis enis.json"), ["10100", "1010", "10.0.0.1"]);
    assert_eq!(cells("interfaces"), ["100", "10", "10.0.0.2"]);
}

#[test]
fn places_and_networks_come_from_databases() {
    let fields = "src-ip,src-country,src-continent,src-region,src-city,src-location,src-asn,src-as-org";
    let addresses = [
        "192.0.2.1",
        "192.0.2.80",
        "198.51.100.77",
        "198.51.100.200",
        "203.0.113.130",
        "10.0.0.1",
        "2001:db8:ffff::25",
        "1.1.1.1",
    ];
    let text = log(&addresses.map(|address| flow().with("srcaddr", address)));
    let tree = Tree::of("a.log", text);
    let who = |name: &str| root().join(WHO).join(name);
    let outcome = vpcflow("records -o csv --fields")
        .arg(fields)
        .arg("--geo")
        .arg(who("geo.mmdb"))
        .arg("--asn")
        .arg(who("asn.mmdb"));
    assert_eq!(
        outcome.dir(tree.root()).result().lines().skip(1).collect::<Vec<_>>(),
        [
            "192.0.2.1,DE,EU,Land Berlin,Berlin,\"52.5196,13.4069\",64496,Example Office Networks",
            "192.0.2.80,FR,EU,Île-de-France,Saint-Denis,\"48.9358,2.3538\",64496,Example Office Networks",
            "198.51.100.77,BR,SA,São Paulo,São Paulo,\"-23.5475,-46.6361\",64497,\"Example Access, Inc.\"",
            "198.51.100.200,SG,AS,,Singapore,,64498,Example Hosting",
            "203.0.113.130,IE,EU,,,,64511,Example Transit",
            "10.0.0.1,,,,,,,",
            "2001:db8:ffff::25,NZ,OC,,Wellington,,4200000001,Example Mobile",
            "1.1.1.1,,,,,,,"
        ]
    );
    let run = |line: &str| vpcflow(line).args(["a.log", "--geo"]).dir(tree.root());
    run("top --by src-country").arg(who("asn.mmdb")).gives(
        2,
        "",
        &["a database of type 'Test-ASN'; expected one of countries"],
    );
    run("top --by src-country").arg("a.log").gives(2, "", &["--geo a.log: no MaxMind DB (.mmdb)"]);
    run("top --by src-country").arg("none").gives(2, "", "vpcflow: --geo none: No such file or directory\n");
}

#[test]
fn damage_in_a_database_is_told() {
    let mut geo = std::fs::read(root().join(WHO).join("geo.mmdb")).expect("a database");
    let place = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).position(|part| part == text).expect("a part");
    let (data, end) = (place(&geo, b"continent") - 2, place(&geo, b"MaxMind.com") - 3);
    geo[data..end].fill(0xff);
    let tree = Tree::of("l/a.log", log(&[flow().with("srcaddr", "192.0.2.1")])).file("geo.mmdb", geo);
    vpcflow("records --fields src-ip,src-country -o csv --geo geo.mmdb l").dir(tree.root()).gives(
        3,
        "src_ip,src_country\n192.0.2.1,\n",
        &["vpcflow: --geo geo.mmdb: ", "; some of its values are missing or wrong\n"],
    );
}

#[test]
fn databases_are_found_in_the_users_folder() {
    let tree = Tree::of("a.log", log(&[flow().with("srcaddr", "192.0.2.1")]));
    let geo = std::fs::read(root().join(WHO).join("geo.mmdb")).expect("a database");
    tree.write("share/GeoIP/GeoIP2-City-2026-02.mmdb", "older, and never opened");
    tree.write("share/GeoIP/GeoIP2-City-2026-03.mmdb", &geo);
    let run = |line: &str| vpcflow(line).args(["-o", "csv", "a.log"]).env("XDG_DATA_HOME", "share").dir(tree.root());
    run("top --by src-country --agg flows --sort flows").gives(
        0,
        "src_country,flows,share\nDE,1,1.0000\n",
        "vpcflow: --geo share/GeoIP/GeoIP2-City-2026-03.mmdb is used: Test-City, built 2026-03-15T00:00:00Z\n",
    );
    // Nothing is looked for unless it is asked for.
    run("top --by src-ip").gives(0, Text::Any, "");
}

#[test]
fn addresses_of_packets_come_first() {
    let text = "srcaddr dstaddr pkt-srcaddr pkt-dstaddr\n10.0.0.1 10.0.0.2 10.0.0.1 8.8.8.8\n10.0.0.1 10.0.0.2 - -\n";
    assert_eq!(rows(text, "records --fields dst-scope"), ["public", "private"]);
    assert_eq!(rows(text, "records --fields dst-scope --addr iface"), ["private", "private"]);
}

#[test]
fn threads_and_forms_make_no_difference() {
    let keys = "src-scope,dst-label,initiator,service-name,src-country,dst-asn,sg-name,peer-interface,dst-aws-service,direction,interface-type";
    let line = format!(
        "top --by src-scope,dst-label,service-name,sg-name --agg flows,bytes,distinct(dst-asn),distinct(peer-interface) -n 0 -o csv {ALL}"
    );
    let one = vpcflow(&format!("{line} -j 1 {DEMO}")).outcome();
    assert!(one.status == 0 && one.rows().len() > 20, "{one}");
    for threads in [2, 3, 7] {
        assert_eq!(vpcflow(&format!("{line} -j {threads} {DEMO}")).outcome().stdout, one.stdout, "{threads}");
    }
    let tree = Tree::new();
    let records = |input: &str| {
        let outcome =
            vpcflow(&format!("records -q -o csv --fields start,src-ip,dst-ip,src-port,{keys} {ALL} {input}")).outcome();
        assert_eq!(outcome.status, 0, "{outcome}");
        let mut rows: Vec<String> = outcome.stdout.lines().map(String::from).collect();
        rows.sort();
        rows
    };
    let text = records(DEMO);
    for (form, name) in [("parquet", "a.parquet"), ("ndjson", "a.ndjson")] {
        let path = tree.path(name);
        let out = path.to_str().expect("a path");
        assert_eq!(vpcflow(&format!("convert -q --to {form} --out {out} {DEMO}")).outcome().status, 0);
        assert_eq!(records(out), text, "{form}");
    }
    // What was made stays where it is read again without the files.
    let path = tree.path("made.parquet");
    let out = path.to_str().expect("a path");
    let fields = "start,srcaddr,dstaddr,srcport,log-status,bytes,src-label,dst-asn";
    assert_eq!(
        vpcflow(&format!("convert -q --to parquet --fields {fields} --out {out} {ALL} {DEMO}")).outcome().status,
        0
    );
    let again = vpcflow(&format!("top --by src-label --agg flows,distinct(dst-asn) -n 0 -o csv {out}")).outcome();
    let first =
        vpcflow(&format!("top --by src-label --agg flows,distinct(dst-asn) -n 0 -o csv {ALL} {DEMO}")).outcome();
    assert_eq!(again.stdout, first.stdout, "{again}{first}");
}

#[test]
fn what_is_not_asked_for_changes_nothing() {
    for line in
        ["top --by src-ip,dst-port -n 0 -o csv", "records -o raw", "rejects -o json", "fields --only dst-ip -o csv"]
    {
        let without = vpcflow(&format!("{line} {DEMO}")).outcome();
        let with = vpcflow(&format!("{line} {ALL} {DEMO}")).outcome();
        assert_eq!((with.status, with.stdout, with.stderr), (without.status, without.stdout, without.stderr), "{line}");
    }
    let v5 = format!("{V5}\n5 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 1 ACCEPT OK - - - - - - - - - - - - - - -\n");
    assert_eq!(rows(&v5, "records --fields vpc-id,src-ip"), [",10.0.0.1"]);
}

#[test]
fn made_fields_stand_in_every_output() {
    let line = format!(
        "top --by src-country,src-asn --agg flows --sort flows -n 2 -q --geo {WHO}/geo.mmdb --asn {WHO}/asn.mmdb {DEMO} -o"
    );
    for (format, part) in [
        ("csv", "src_country,src_asn,flows,share\n"),
        ("tsv", "src_country\tsrc_asn"),
        ("ndjson", "{\"src_country\":\"NL\",\"src_asn\":64511,"),
        ("json", "\"src_asn\":64511"),
        ("markdown", "| src-country |"),
        ("table", "src-country"),
    ] {
        let result = vpcflow(&line).arg(format).result();
        assert!(result.contains(part), "{format}: {result}");
    }
    let fields =
        vpcflow(&format!("fields --only src-country,service-port -o csv -q --geo {WHO}/geo.mmdb {DEMO}")).result();
    assert!(fields.lines().any(|row| row.starts_with("src-country,text,")), "{fields}");
    assert!(fields.lines().any(|row| row.starts_with("service-port,port,")), "{fields}");
}

#[test]
fn fields_without_sources_are_told() {
    let tree = Tree::of("a.log", "interface-id bytes log-status start\neni-1 5 OK 7\n");
    vpcflow("top --by src-scope").dir(tree.root()).gives(
        0,
        Text::Any,
        &["no input has a field that 'src-scope' is made from: 'pkt-src-ip', 'src-ip'"],
    );
}

#[test]
fn the_files_of_the_databases_are_those_of_the_script() {
    let outcome =
        std::process::Command::new("python3").arg(root().join("scripts/make_mmdb.py")).arg("--check").output();
    let outcome = outcome.expect("python3");
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
}
