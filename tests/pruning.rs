//! What a path tells saves work: a question about an hour does not open the files of a month.

use jiff::Timestamp;
use std::fs;
use std::path::PathBuf;
use vpcflow::engine::{self, Options, Silent};
use vpcflow::query::Query;
use vpcflow::source::{Discovery, Facts, Globs, discover};

const ACCOUNT: &str = "123456789012";
/// 2026-03-15T00:00:00Z
const EPOCH: i64 = 1_773_532_800;
const DAYS: i64 = 30;
const FILES: u64 = 30 * 288;

/// How the files of a day are stored.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Default,
    Hourly,
    Hive,
}

/// A month of files of five minutes, each with one record that ends in its last second.
fn month(layout: Layout) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a directory");
    for hour in 0..DAYS * 24 {
        let time = Timestamp::from_second(EPOCH + hour * 3600).expect("a time");
        let folder = match layout {
            Layout::Default => format!("{ACCOUNT}/vpcflowlogs/eu-west-1/{}", time.strftime("%Y/%m/%d")),
            Layout::Hourly => format!("{ACCOUNT}/vpcflowlogs/eu-west-1/{}", time.strftime("%Y/%m/%d/%H")),
            Layout::Hive => format!(
                "aws-account-id={ACCOUNT}/aws-service=vpcflowlogs/aws-region=eu-west-1/{}",
                time.strftime("year=%Y/month=%m/day=%d/hour=%H")
            ),
        };
        let folder = root.path().join("AWSLogs").join(folder);
        fs::create_dir_all(&folder).expect("folders");
        for slot in 0..12 {
            let from = EPOCH + hour * 3600 + slot * 300;
            let stamp = Timestamp::from_second(from).expect("a time").strftime("%Y%m%dT%H%MZ").to_string();
            let name = match layout {
                Layout::Hive => format!("renamed-{slot}.log"),
                _ => format!("{ACCOUNT}_vpcflowlogs_eu-west-1_fl-0a1b_{stamp}_00ff.log"),
            };
            let text = format!("2 {ACCOUNT} eni-1 10.0.0.1 10.0.0.2 1234 443 6 1 40 {from} {} ACCEPT OK\n", from + 299);
            fs::write(folder.join(name), text).expect("a file");
        }
    }
    root
}

fn find(paths: &[PathBuf], keep: &dyn Fn(&Facts) -> bool) -> Discovery {
    discover(paths, &Globs::default(), false, keep).expect("a tree")
}

#[test]
fn an_hour_of_a_month_opens_few_files() {
    // 2026-03-29T10:00:00Z to 11:00:00Z
    let (since, until) = (EPOCH as u64 + 14 * 86_400 + 36_000, EPOCH as u64 + 14 * 86_400 + 39_600);
    let lateness = 3600;
    let keep = |facts: &Facts| {
        facts.created.is_none_or(|created| {
            let times = created.record_times(lateness);
            *times.end() >= since && *times.start() < until
        })
    };
    // Stamps from 09:50:01 to 12:15:59; of whole hours, those of 9 to 12.
    for (layout, opened) in [(Layout::Default, 29), (Layout::Hourly, 29), (Layout::Hive, 48)] {
        let root = month(layout);
        let found = find(&[root.path().to_path_buf()], &keep);
        assert_eq!((found.sources.len() as u64, found.pruned), (opened, FILES - opened));
        let answer = engine::run(&Query::default(), found, &Options::default(), &Silent).expect("an answer");
        let counts = answer.tally.counts;
        assert_eq!((counts.files, counts.files_pruned, counts.records), (opened, FILES - opened, opened));
        if layout == Layout::Default {
            let all = find(&[root.path().to_path_buf()], &|_| true);
            assert_eq!((all.sources.len() as u64, all.pruned), (FILES, 0));
            // Nothing that is wanted is lost: the records of all files that were left out lie outside.
            let left_out = all.sources.iter().filter(|source| !keep(&source.facts));
            for source in left_out {
                let text = fs::read_to_string(source.path.as_ref().expect("a path")).expect("a file");
                let times: Vec<u64> = text.split(' ').skip(10).take(2).map(|t| t.parse().expect("a time")).collect();
                assert!(times[1] < since || times[0] >= until, "{text}");
            }
        }
    }
}
