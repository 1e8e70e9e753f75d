//! Records take from the path of their file what their format lacks: region and account.

mod support;

use support::lines::{V2, flow, log};
use support::tree::Tree;
use support::vpcflow;
use vpcflow::decode::{Batch, Malformed, Sink, TextDecoder};
use vpcflow::engine::{self, Options, Silent};
use vpcflow::query::{Grouping, Measure, Order, Query, Select};
use vpcflow::schema::{Field, Format};
use vpcflow::source::{Globs, Limits, discover};

const US: &str = "AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/03/15/x.log";
const EU: &str = "AWSLogs/aws-account-id=210987654321/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/y.log";

#[test]
fn the_default_format_can_be_grouped_by_region() {
    let demo = support::root().join("testdata/demo");
    let question = "top --by region,account-id --agg flows --sort flows -o csv";
    vpcflow(question).dir(&demo).prints(
        "region,account_id,flows,share\n\
         us-east-1,123456789012,265,0.6608\n\
         eu-west-1,123456789012,114,0.2843\n\
         eu-west-1,210987654321,22,0.0549\n",
    );
    let day = demo.join("AWSLogs/210987654321/vpcflowlogs/eu-west-1/2026/03/15");
    let row = "region,account_id,flows,share\neu-west-1,210987654321,22,1.0000\n";
    vpcflow(question).dir(&day).prints(row);
    vpcflow(question).arg("../15").dir(&day).prints(row);
}

#[test]
fn what_the_data_say_goes_before_what_the_path_says() {
    let other = "account-id region srcaddr bytes log-status\n\
                 999999999999 ap-south-1 10.0.0.1 5 OK\n- - 10.0.0.1 7 OK\n";
    let tree = Tree::new().file(US, other).file(EU, "srcaddr bytes\n10.0.0.2 1\n");
    vpcflow("top --by region,account --agg bytes -o csv").dir(tree.root()).gives(
        0,
        "region,account_id,bytes,share\nap-south-1,999999999999,5,0.3846\neu-west-1,210987654321,1,0.0769\n",
        "vpcflow: 1 of 3 flows have no value for a key, and are in no group\n",
    );
    // A header in mid-file decides for the lines behind it; spaces in a row change nothing.
    let text = format!("{}srcaddr  region   bytes\n10.0.0.1  cn-north-1 2\n{V2}\n{}", log(&[flow()]), flow().line());
    let tree = Tree::of(US, text.replace(" ACCEPT", "   ACCEPT"));
    let question = "top --by region --agg flows,distinct(account-id) --sort flows -o csv";
    vpcflow(question)
        .dir(tree.root())
        .prints("region,flows,distinct_account_id,share\nus-east-1,2,1,0.6667\ncn-north-1,1,1,0.3333\n");
}

#[test]
fn where_no_path_tells_there_is_no_value() {
    let question = "top --by region --agg flows --sort flows -o csv";
    let nothing = [
        "vpcflow: 1 of 1 flows have no value for a key, and are in no group\n",
        "vpcflow: no input has the field 'region'; --enis FILE would make it\n",
    ];
    vpcflow(question).stdin(log(&[flow()])).gives(0, "region,flows,share\n", &nothing.concat());
    // After a file whose path tells, too.
    let tree = Tree::of(US, log(&[flow()])).file("z.log", log(&[flow(), flow()]));
    vpcflow(question).args(["-j", "1"]).dir(tree.root()).gives(
        0,
        "region,flows,share\nus-east-1,1,0.3333\n",
        "vpcflow: 2 of 3 flows have no value for a key, and are in no group\n",
    );
}

#[test]
fn the_parts_of_a_large_file_take_it_from_the_path_too() {
    let text = log(&vec![flow(); 100]);
    let tree = Tree::of(US, &text).file("z/vpcflowlogs/eu-west-1/z.log", &text);
    let grouping = Grouping { select: Select::Flows, keys: vec![Field::Region.into()], measures: vec![Measure::Flows] };
    let query = Query { groupings: vec![grouping], ..Query::default() };
    for part in [100, 1000, 10_000, 1 << 20] {
        let limits = Limits { split: 0, part, ..Limits::default() };
        let found = discover(&[tree.root().to_path_buf()], &Globs::default(), false, &|_| true).expect("a tree");
        let options = Options { limits, threads: 3, ..Options::default() };
        let mut answer = engine::run(&query, found, &options, &Silent).expect("an answer");
        assert!(answer.absent(&[Field::Region.into()]).is_empty());
        let grouped = answer.grouped(0, Order { measure: None, ascending: true, limit: 0 }).expect("memory");
        let rows: Vec<String> = grouped.rows.iter().map(|row| format!("{:?} {:?}", row.keys, row.measures)).collect();
        assert_eq!((rows.len(), grouped.null_keys), (2, 0), "{rows:?}");
        assert!(rows.iter().all(|row| row.ends_with("[Int(100)]")), "{rows:?}");
    }
}

/// Takes the text of every row of the first column.
#[derive(Default)]
struct Texts(Vec<String>);

impl Sink for Texts {
    fn batch(&mut self, batch: &Batch<'_>) {
        let column = batch.columns[0].as_text().expect("text");
        assert_eq!(column.missing, column.spans.iter().filter(|(start, end)| start == end).count());
        let text = |row| String::from_utf8_lossy(column.bytes(row, batch.text)).into_owned();
        self.0.extend((0..batch.rows()).map(text));
    }
    fn malformed(&mut self, _: u64, _: Malformed) {}
    fn format(&mut self, _: &Format) {}
}

#[test]
fn a_given_value_holds_until_another_is_given() {
    let text = "bytes region\n1 a\n2 -\nbytes srcaddr\n3 10.0.0.1\n4 -\n";
    for window in [1, 7, 1000] {
        let mut decoder = TextDecoder::new(&[Field::Region.into()], None).with_window(window);
        for (value, expected) in [(Some("us-east-1"), "us-east-1"), (Some("x"), "x"), (None, "")] {
            let mut texts = Texts::default();
            decoder.give(value.map(|value| (Field::Region, value)).into_iter());
            decoder.begin(None);
            decoder.feed(text.as_bytes(), &mut texts).expect("a log");
            assert_eq!(texts.0, ["a", "", expected, expected]);
        }
    }
}
