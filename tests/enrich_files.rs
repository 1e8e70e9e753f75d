//! What is made goes through files: it is read again from every form, stands in documents, and what is
//! wrong with a file of the user's is told with its place.

mod support;

use support::lines::{V2, flow, log};
use support::tree::{Tree, set_mode};
use support::{Text, root, vpcflow};

const FORMS: [&str; 4] = ["csv", "tsv", "ndjson", "json"];
const LABELS: &str = "cidr,label\n10.0.0.0/8,my web server\n192.0.2.0/24,\"rest, of \"\"world\"\"\"\n";

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Three flows, with labels of two kinds and none.
fn tree() -> Tree {
    let text = log(&[
        flow().with("srcaddr", "192.0.2.7"),
        flow().with("srcaddr", "10.0.0.9").with("dstaddr", "192.0.2.8"),
        flow().with("srcaddr", "198.51.100.1"),
    ]);
    Tree::of("a.log", text).file("labels.csv", LABELS)
}

/// Columns that were made, and blanks in their values, are there again when the result is read.
#[test]
fn results_are_read_again() {
    let tree = tree();
    let fields = "src-ip,dst-ip,src-label,dst-label,src-scope,service-port,start,bytes";
    let question = |input: &str| {
        let line = "records -o csv -q --fields src-label,dst-label,src-scope,service-port -w";
        let condition =
            "src-label == 'my web server' or dst-label == 'my web server' and src-label == 'rest, of \"world\"'";
        vpcflow(line).arg(condition).args(["--labels", "labels.csv", input]).dir(tree.root()).result()
    };
    let expected = question("a.log");
    assert_eq!(expected.lines().count(), 3, "{expected}");
    for form in FORMS {
        let line = format!("records -q --labels labels.csv --fields {fields} -o {form} a.log");
        let name = format!("b.{form}");
        tree.write(&name, vpcflow(&line).dir(tree.root()).result());
        // Labels of another file: those that were made stay.
        tree.write("other.csv", "0.0.0.0/0,other\n");
        let read = |line: &str| vpcflow(line).arg(&name).dir(tree.root()).result();
        let told = "records -o csv -q --fields src-label,dst-label,src-scope,service-port --labels other.csv";
        assert_eq!(
            read(&format!("{told} -w src-label!=other")),
            format!(
                "src_label,dst_label,src_scope,service_port\n{}",
                &expected[expected.find('\n').expect("a header") + 1..]
            ),
            "{form}"
        );
        let raw = read("records -o raw -q -n 1");
        assert_eq!(raw.lines().nth(1).expect("a line").split(' ').nth(2), Some("rest,%20of%20\"world\""), "{form}");
        let documents = read("records -o ndjson -q -n 1 --fields src-label");
        assert_eq!(documents, "{\"src_label\":\"rest, of \\\"world\\\"\"}\n", "{form}");
    }
}

/// A name with a comma, a line end or a percent sign is itself where it stands alone, however often it is
/// written and read; in lists it is told from two names.
#[test]
fn names_of_lists_are_what_they_are() {
    let names = r#"[{"NetworkInterfaceId":"eni-0a1b2c3d","PrivateIpAddress":"10.0.0.1","Groups":[
        {"GroupId":"sg-1","GroupName":"web, old"},{"GroupId":"sg-2","GroupName":"a\nb"},{"GroupId":"sg-3","GroupName":"50%2C"}]},
        {"NetworkInterfaceId":"eni-2","PrivateIpAddress":"10.0.0.2","Groups":[{"GroupId":"sg-1","GroupName":"web, old"}]}]"#;
    let text = format!(
        "{V2}\n2 1 eni-0a1b2c3d 10.0.0.2 10.0.0.1 1 2 6 1 1 1 2 ACCEPT OK\n2 1 eni-2 10.0.0.1 10.0.0.2 2 1 6 1 1 1 2 ACCEPT OK\n"
    );
    let tree = Tree::of("a.log", text).file("enis.json", names);
    let run = |line: &str, input: &str| {
        let enis: &[&str] = if input == "a.log" { &["--enis", "enis.json"] } else { &[] };
        vpcflow(line).args(["-q", input]).args(enis).dir(tree.root())
    };
    let lists = "srcaddr,dstaddr,interface-id,log-status,security-group-names,peer-sg-name";
    for form in FORMS {
        tree.write(format!("b.{form}"), run(&format!("records --fields {lists} -o {form}"), "a.log").result());
    }
    run(&format!("convert --to parquet --out b.parquet --fields {lists}"), "a.log").gives(0, "", "");
    run("convert --to raw --out c.log", "b.csv").gives(0, "", "");
    for input in ["a.log", "b.csv", "b.tsv", "b.ndjson", "b.json", "b.parquet", "c.log"] {
        assert_eq!(
            run("top --by security-group-names --agg flows --sort flows -o csv", input).result(),
            "security_group_names,flows,share\n\"web, old\",2,0.5000\n50%2C,1,0.2500\na\\x0ab,1,0.2500\n",
            "{input}"
        );
        for (condition, flows) in [
            ("security-group-names == 'web, old'", 2),
            ("security-group-names == 'web'", 0),
            ("peer-security-group-names == '50%2C'", 1),
            ("security-group-names like '*,*'", 2),
            ("security-group-names in {'a\nb', other}", 1),
            ("security-group-names != 'a\nb'", 1),
        ] {
            let found = run("records --fields interface-id -o csv", input).args(["-w", condition]).result();
            assert_eq!(found.lines().count(), flows + 1, "{input}: {condition}");
        }
    }
    run("records --fields security-group-names -o csv", "a.log").gives(
        0,
        "security_group_names\n\"web%2C old,a%0Ab,50%252C\"\nweb%2C old\n",
        "",
    );
}

/// Numbers and networks that were derived are known when they are read again, and are no secrets.
#[test]
fn derived_columns_are_read_again() {
    let text = log(&[flow().with("srcaddr", "192.0.2.7"), flow().with("srcaddr", "2001:db8::7")]);
    let tree = Tree::of("a.log", text).file("key", "0".repeat(64));
    set_mode(&tree.path("key"), 0o600);
    let fields = "srcaddr,dstaddr,srcport,dstport,src-ip/24,dst-ip/16/64,bpp,duration,protocol-number,log-status";
    let run = |line: &str, input: &str| vpcflow(line).arg(input).dir(tree.root());
    for form in ["csv", "ndjson", "parquet"] {
        run(&format!("convert -q --to {form} --out b.{form} --fields {fields}"), "a.log").gives(0, "", "");
    }
    tree.write("b.tsv", run(&format!("records -o tsv --fields {fields}"), "a.log").result());
    tree.write("b.json", run(&format!("records -o json --fields {fields}"), "a.log").result());
    let anonymous = |input: &str| {
        let line = "convert --anonymize key --to csv --out c.csv";
        let line = if input == "a.log" { format!("{line} --fields {fields}") } else { line.to_string() };
        let outcome = run(&line, input).outcome();
        assert!(outcome.status == 0 && outcome.stderr.lines().count() == 1, "{outcome}");
        std::fs::read_to_string(tree.path("c.csv")).expect("a file")
    };
    let expected = anonymous("a.log");
    for input in ["b.csv", "b.tsv", "b.parquet"] {
        let rows = run("records -o csv", input).gives(0, Text::Any, "");
        assert!(rows.stdout.contains("192.0.2.0/24") && rows.stdout.contains(",2001:db8::7,10.0.0.0/16,"), "{rows}");
        assert_eq!(anonymous(input), expected, "{input}");
    }
    for input in ["b.ndjson", "b.json"] {
        run("records -o csv", input).gives(
            0,
            "src_ip,dst_ip,src_port,dst_port,log_status\n192.0.2.7,10.0.0.2,50000,443,OK\n2001:db8::7,10.0.0.2,50000,443,OK\n",
            "",
        );
    }
}

/// Few columns, most of them made, are records nevertheless; sums by such columns are none.
#[test]
fn few_columns_are_enough() {
    let tree = Tree::of("a.csv", "src_ip,dst_ip,src_country,dst_label\n10.0.0.1,10.0.0.2,DE,a b\n")
        .file("sums.csv", "src_country,flows,rejects,packets,bytes,share\nDE,1,0,1,1,1.0\n")
        .file(
            "a.ndjson",
            "{\"src_ip\":\"10.0.0.1\",\"src_country\":\"DE\",\"dst_ip\":\"10.0.0.2\",\"direction\":\"egress\"}\n",
        );
    let run = |line: &str| vpcflow(line).dir(tree.root());
    run("top --by src-country,dst-label --agg flows --sort flows -o csv -q a.csv").gives(
        0,
        "src_country,dst_label,flows,share\nDE,a b,1,1.0000\n",
        "",
    );
    run("top --by src-country,direction --agg flows --sort flows -o csv -q a.ndjson").gives(
        0,
        "src_country,direction,flows,share\nDE,egress,1,1.0000\n",
        "",
    );
    run("top --by src-ip sums.csv").gives(3, Text::Any, &["error: sums.csv: no header line"]);
}

/// Interfaces fill documents, whose fields nobody names.
#[test]
fn interfaces_are_in_documents() {
    let enis = r#"[{"NetworkInterfaceId":"eni-0a1b2c3d","PrivateIpAddress":"10.0.0.1","VpcId":"vpc-1","SubnetId":"subnet-1",
        "Attachment":{"InstanceId":"i-1"},"InterfaceType":"natGateway"}]"#;
    let text = format!("{V2}\n2 123456789012 eni-0a1b2c3d 10.0.0.2 10.0.0.1 1 2 6 1 1 1 2 ACCEPT OK\n");
    let tree = Tree::of("a.log", text).file("enis.json", enis);
    let one = |line: &str| -> serde_json::Value {
        serde_json::from_str(vpcflow(line).args(["-q", "a.log"]).dir(tree.root()).result().trim()).expect("a document")
    };
    vpcflow("convert --to ecs --out documents -q --enis enis.json a.log").dir(tree.root()).result();
    let converted = std::fs::read_to_string(tree.root().join("documents")).expect("documents");
    let converted: serde_json::Value = serde_json::from_str(&converted).expect("a document");
    for document in [one("records -o ecs --enis enis.json"), converted] {
        let flow = &document["aws"]["vpcflow"];
        assert_eq!((&flow["vpc_id"], &flow["subnet_id"]), (&"vpc-1".into(), &"subnet-1".into()), "{document}");
        assert_eq!(document["network"]["direction"], "ingress", "{document}");
    }
    let bare = one("records -o ecs");
    assert!(bare["aws"]["vpcflow"].get("vpc_id").is_none(), "{bare}");
    let event = one("records -o ocsf --enis enis.json");
    assert_eq!(event["connection_info"]["direction"], "Inbound", "{event}");
}

#[test]
fn networks_come_from_a_file() {
    let tree =
        tree().file("own.txt", "# ours\n192.0.2.0/24\n\n10.0.0.0/8 # and these\n").file("bad.txt", "10.0.0.0/8\nx\n");
    let run = |line: &str| vpcflow(line).args(["--fields", "src-inside", "-o", "csv", "-q", "a.log"]).dir(tree.root());
    run("records --inside @own.txt").gives(0, "src_inside\nyes\nyes\nno\n", "");
    run("records --inside 198.51.100.0/24,@own.txt").gives(0, "src_inside\nyes\nyes\nyes\n", "");
    run("records --inside @bad.txt").gives(2, "", &["bad.txt:2: expected an IP address or a network", "found 'x'"]);
    run("records --inside @none").gives(2, "", &["none: No such file or directory"]);
    run("records --inside 10.0.0.0/8,").gives(2, "", &["expected an IP address", "found ''"]);
}

#[test]
fn files_may_be_packed_and_faults_have_a_line() {
    let tree = tree()
        .file("labels.csv.gz", gzipped(LABELS.as_bytes()))
        .file("cut.csv.gz", &gzipped(LABELS.as_bytes())[..40])
        .file("latin.csv", b"10.0.0.0/8,a\n10.1.0.0/16,caf\xe9\n")
        .file("open.csv", "10.0.0.0/8,a\n10.1.0.0/16,\"b\n")
        .file("enis.json", "[\n{\"NetworkInterfaceId\": \"eni-1\"\n")
        .file("geo.mmdb.gz", gzipped(b"a database"))
        .file("twice.gz", gzipped(&gzipped(LABELS.as_bytes())))
        .file("dash.csv", "cidr,label\n10.0.0.0/8,-\n")
        .file("empty.json", "\n")
        .file("ranges.json", "{\"prefixes\":\n [}\n");
    let run = |line: &str| vpcflow(line).arg("a.log").dir(tree.root());
    run("records --fields src-label -o csv -q -n 1 --labels labels.csv.gz").gives(
        0,
        "src_label\n\"rest, of \"\"world\"\"\"\n",
        "",
    );
    for (option, told) in [
        ("--labels cut.csv.gz", "--labels cut.csv.gz: "),
        ("--labels latin.csv", "--labels latin.csv:2: expected text in UTF-8"),
        ("--labels open.csv", "--labels open.csv:2: expected cidr,label; a quote is not closed"),
        ("--enis enis.json", "--enis enis.json:3: the JSON ends too early: it is cut off"),
        ("--geo geo.mmdb.gz", "--geo geo.mmdb.gz: packed by gzip; unpack it with gunzip"),
        ("--aws-ranges ranges.json", "--aws-ranges ranges.json:2: no JSON: "),
        ("--aws-ranges empty.json", "--aws-ranges empty.json: it is empty; expected ip-ranges.json"),
        ("--enis twice.gz", "--enis twice.gz: packed twice by gzip; unpack it once with gunzip"),
        ("--labels dash.csv", "--labels dash.csv:2: expected cidr,label; '-' and 'None' stand for no value in logs"),
    ] {
        run(&format!("top --by src-ip {option}")).gives(2, "", &[told]);
    }
}

#[test]
fn what_would_make_a_field_is_told() {
    let tree = tree();
    let run = |line: &str| vpcflow(line).arg("a.log").dir(tree.root());
    run("top --by direction").gives(
        0,
        Text::Any,
        &["no input has the field 'direction'; --enis FILE or --subnets FILE would make it"],
    );
    run("top --by vpc-id").gives(0, Text::Any, &["'vpc-id'; --enis FILE would make it"]);
    run("top --by pkt-dst-aws-service").gives(0, Text::Any, &["; --aws-ranges ip-ranges.json would make it"]);
    run("top --by tgw-id").gives(0, Text::Any, &["no input has the field 'tgw-id'\n"]);
}

#[test]
fn countries_are_asked_for_in_any_case() {
    let tree = Tree::of("a.log", log(&[flow().with("srcaddr", "192.0.2.1")]));
    let geo = root().join("testdata/who/geo.mmdb");
    let run = |condition: &str| {
        let line = "top --by src-country --agg flows --sort flows -o csv -q -w";
        vpcflow(line).arg(condition).arg("--geo").arg(&geo).arg("a.log").dir(tree.root())
    };
    for condition in ["src-country == de", "src-country in {FR, De}", "src-continent == 'eu'", "src-country != fr"] {
        run(condition).gives(0, "src_country,flows,share\nDE,1,1.0000\n", "");
    }
    run("src-country == germany").gives(2, "", &["expected a code of two letters such as DE"]);
}
