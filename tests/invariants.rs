//! What must not matter does not matter: threads, the order of files, how the text is cut up and
//! packed, and whether a large file is read in parts.

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::OnceLock;
use support::lines::{V2, V5, flow};
use support::oracle::{self, Log};
use support::random::{self, LogFile};
use support::tree::{Tree, gzip, members};
use support::{Outcome, Vpcflow, vpcflow};

const QUESTIONS: [&str; 10] = [
    "top -n 0 -o csv --by src-ip,dst-port --agg flows,bytes,avg(bytes),distinct(interface-id),min(start) --sort flows",
    "top -n 0 -o csv --by interface-id,protocol,src-ip/24/64",
    "top -n 0 -o csv --by interface-id --approx --agg flows,distinct(dst-ip),distinct(account-id),p50(bytes),p95(duration) --sort p50(bytes)",
    "top -n 0 -o csv --by src-ip,bytes --dedup",
    "rejects -n 0 -o csv --by src-ip",
    "ports -n 0 -o csv --side service",
    "interfaces -o csv",
    "summary -o csv",
    "timeline -o csv -n 2 --by src-ip/24 --load proportional",
    "fields -o csv --only src-ip,duration,protocol,bytes,interface-id",
];

const CASES: u32 = 24;

/// PROPTEST_CASES in the environment wins.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: CASES, ..config } }
}

fn ask(question: &str, tree: &Tree) -> Vpcflow {
    vpcflow(question).arg("--stats=json").dir(tree.root())
}

/// The account without what depends on time and packing, and, where not all was read, on how far
/// reading was ahead.
fn account(outcome: &Outcome) -> serde_json::Map<String, serde_json::Value> {
    let mut stats = outcome.stats();
    stats.retain(|name, _| {
        !["seconds", "bytes_read"].contains(&&name[..]) && (outcome.status == 0 || name != "bytes_unpacked")
    });
    stats
}

/// Holds that two runs give the same result, account and status, and the same messages but for
/// the paths in them.
fn same(one: &Outcome, path: &str, other: &Outcome, other_path: &str) {
    assert_eq!(one.stdout, other.stdout, "{}\n{}", one.line, other.line);
    assert_eq!(one.status, other.status, "{one}\n{other}");
    assert_eq!(account(one), account(other), "{}\n{}", one.line, other.line);
    let renamed = other.warnings().replace(&format!(": {other_path}:"), &format!(": {path}:"));
    assert_eq!(one.warnings(), renamed, "{}\n{}", one.line, other.line);
}

/// The text with a header at the beginning and a newline at the end, so that it can be followed
/// and preceded by another.
fn complete(file: &LogFile) -> String {
    let text = file.text.trim_start_matches('\u{feff}');
    let mut log = Log::default();
    log.read("", text.lines().next().unwrap_or_default().as_bytes(), V2);
    let header = if log.headers == 0 { format!("{V2}\n") } else { String::new() };
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{header}{text}{newline}")
}

fn texts(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(random::log_file(None).prop_map(|file| complete(&file)), count)
}

fn tree_of(texts: &[String]) -> Tree {
    let tree = Tree::new();
    for (i, text) in texts.iter().enumerate() {
        tree.write(random::name(i), text);
    }
    tree
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(random::name).collect()
}

/// The rows without the number of files, which only the summary has, as its first column.
fn without_files(outcome: &Outcome) -> String {
    let is_summary = outcome.line.starts_with("vpcflow summary");
    outcome
        .stdout
        .lines()
        .map(|row| if is_summary { row.split_once(',').expect("columns").1 } else { row }.to_string() + "\n")
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn threads_do_not_matter((format, files) in random::log()) {
        let tree = random::tree(&files);
        for question in QUESTIONS {
            let run = |threads| {
                let run = ask(&format!("{question} -j {threads}"), &tree).args(names(files.len()));
                match format { Some(format) => run.args(["--log-format", format]), None => run }.outcome()
            };
            let one = run(1);
            for threads in [2, 3, 8] {
                same(&one, "", &run(threads), "");
            }
        }
    }

    #[test]
    fn packing_does_not_matter(text in texts(1..2), cuts in vec(any::<usize>(), 0..4)) {
        let text = &text[0];
        let tree = Tree::of("x", text).gz("x.gz", text).file("cut.gz", members(text, &cuts));
        for question in QUESTIONS {
            let run = || ask(question, &tree);
            let plain = run().arg("x").outcome();
            for (path, other) in [
                ("x.gz", run().arg("x.gz")),
                ("cut.gz", run().arg("cut.gz")),
                ("-", run().stdin(text)),
                ("-", run().stdin(members(text, &cuts))),
                ("-", run().stdin_file(tree.path("cut.gz"))),
            ] {
                same(&plain, "x", &other.outcome(), path);
            }
        }
    }

    #[test]
    fn one_file_or_many(texts in texts(2..5)) {
        let many = tree_of(&texts);
        let whole = texts.concat();
        let one = Tree::of("x", &whole).file("x.gz", texts.iter().flat_map(gzip).collect::<Vec<u8>>());
        for question in QUESTIONS {
            let apart = ask(question, &many).outcome();
            for name in ["x", "x.gz"] {
                let together = ask(question, &one).arg(name).outcome();
                prop_assert_eq!(without_files(&apart), without_files(&together), "{}\n{}", apart, together);
                let (mut a, mut b) = (account(&apart), account(&together));
                a.remove("files");
                b.remove("files");
                prop_assert_eq!(a, b);
            }
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(
        (texts, order) in texts(2..5).prop_flat_map(|texts| { let names = names(texts.len()); (Just(texts), Just(names).prop_shuffle()) })
    ) {
        let tree = tree_of(&texts);
        for question in QUESTIONS {
            let walked = ask(question, &tree).outcome();
            let named = ask(question, &tree).args(&order).outcome();
            prop_assert_eq!(&walked.stdout, &named.stdout);
            prop_assert_eq!(account(&walked), account(&named));
        }
    }

    #[test]
    fn twice_the_input_is_twice_the_sums(texts in texts(1..4)) {
        let once = tree_of(&texts);
        let twice = tree_of(&[texts.clone(), texts].concat());
        let question = "top -n 0 -o csv --by src-ip,dst-port --agg flows,rejects,packets,bytes,sum(bytes),distinct(action) --sort flows";
        let (once, twice) = (ask(question, &once).outcome(), ask(question, &twice).outcome());
        let doubled: Vec<Vec<String>> = once.rows().into_iter().map(|row| {
            let double = |cell: &str| (cell.parse::<u128>().expect("a number") * 2).to_string();
            row.iter().enumerate().map(|(i, cell)| if (2..=6).contains(&i) { double(cell) } else { cell.clone() }).collect()
        }).collect();
        prop_assert_eq!(doubled, twice.rows());
        let (once, twice) = (account(&once), account(&twice));
        for (name, count) in once {
            prop_assert_eq!(count.as_u64().expect("a count") * 2, twice[&name].as_u64().expect("a count"), "{}", name);
        }
    }
}

/// About 20 MB in three layouts, whose header lines stand at odd places; malformed lines and bad
/// values begin late.
fn large() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let short = "log-status action end start bytes packets protocol dstport srcport dstaddr srcaddr interface-id";
        let mut text = format!("{V2}\n");
        let mut layout = V2;
        let mut seed = 1u64;
        let mut line = 0;
        while text.len() < 20_000_000 {
            line += 1;
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let pick = |shift: u32, of: u64| (seed >> shift) % of;
            let next = [(31_000, short), (60_500, V5), (75_000, V2), (110_001, short), (111_000, V2)];
            if let Some((_, other)) = next.iter().find(|(at, _)| *at == line) {
                layout = other;
                text.push_str(&format!("{other}\n"));
            }
            if line > 70_000 && line % 9_973 == 0 {
                text.push_str("a malformed line\n\n");
            }
            let bad = line > 80_000 && line % 10_007 == 0;
            for (i, field) in layout.split_whitespace().enumerate() {
                let value = match field {
                    "srcaddr" => format!("10.{}.{}.{}", pick(20, 4), pick(30, 50), pick(40, 250)),
                    "dstaddr" if pick(50, 20) == 0 => format!("2001:db8::{:x}", pick(33, 999)),
                    "dstaddr" => format!("192.0.2.{}", pick(25, 256)),
                    "srcport" => (49152 + pick(35, 16000)).to_string(),
                    "dstport" => [443, 22, 53, 8080][pick(28, 4) as usize].to_string(),
                    "protocol" => [6, 17][pick(44, 2) as usize].to_string(),
                    "bytes" if bad => "nonsense".to_string(),
                    "packets" | "bytes" => pick(24, 100_000).to_string(),
                    "start" => (1_700_000_000 + line).to_string(),
                    "end" => (1_700_000_060 + line).to_string(),
                    "action" => ["ACCEPT", "REJECT"][pick(37, 2) as usize].to_string(),
                    "log-status" => "OK".to_string(),
                    "interface-id" => format!("eni-{:04}", pick(22, 300)),
                    _ => "-".to_string(),
                };
                if i > 0 {
                    text.push(' ');
                }
                text.push_str(&value);
            }
            text.push('\n');
        }
        text
    })
}

/// Holds that a large plain file, which is mapped and read in parts, is read as its packed form
/// and as a stream are.
fn large_file(text: &str, questions: &[&str]) -> Outcome {
    let tree = Tree::of("x", text).gz("x.gz", text);
    let mut last = None;
    for question in questions {
        let run = |threads: u32| ask(question, &tree).arg("-j").arg(threads.to_string());
        let stream = run(1).arg("x.gz").outcome();
        for threads in [1, 2, 8] {
            same(&stream, "x.gz", &run(threads).arg("x").outcome(), "x");
        }
        same(&stream, "x.gz", &run(2).stdin_file(tree.path("x")).outcome(), "-");
        last = Some(stream);
    }
    last.expect("a question")
}

#[test]
fn a_large_file_in_parts_is_one_file() {
    let outcome = large_file(large(), &[QUESTIONS[0], QUESTIONS[2], QUESTIONS[5], QUESTIONS[6]]);
    // And what it says is right.
    let mut log = Log::default();
    log.read("x.gz", large().as_bytes(), &oracle::assumed(None));
    let stats = outcome.stats();
    for (name, count) in [
        ("lines", log.lines),
        ("headers", 6),
        ("blank", log.blank),
        ("records", log.records.len() as u64),
        ("malformed", log.malformed.len() as u64),
        ("bad_values", log.records.iter().map(|record| record.bad.len() as u64).sum()),
    ] {
        assert_eq!(stats[name].as_u64(), Some(count), "{name}: {outcome}");
    }
    let (_, line, found, expected) = log.malformed[0];
    assert!(line > 70_000 && log.malformed.len() > 5, "the example has malformed lines, late");
    let first = format!(
        "vpcflow: x.gz:{line}: malformed: {found} field{}, expected {expected}\n",
        if found == 1 { "" } else { "s" }
    );
    assert!(outcome.stderr.starts_with(&first), "{outcome}");
}

#[test]
fn large_files_with_long_lines() {
    let part = 1 << 20;
    let line = flow().line();
    let many = line.repeat(10 * part / line.len());
    let long = "A".repeat(5 * part / 2);
    for text in [
        format!("{V2}\n{many}{long}\n{many}short line\n"),
        format!("{V2}\n{many}{long}"),
        format!("{long}\n{V2}\n{many}{many}"),
        format!("\n{many}{V2}\n{long}\nshort line\n{many}"),
        format!("{}{V2}\n{many}", "\n".repeat(2 * part)),
    ] {
        large_file(&text, &["summary -o csv"]);
    }
}

/// A header that cannot be used ends the reading where it stands, whichever part that is in.
#[test]
fn a_large_file_with_an_unusable_header() {
    let line = flow().line();
    let many = line.repeat((5 << 20) / line.len());
    let text = format!("{V2}\n{many}{V2} bytes\n{many}{many}");
    let outcome = large_file(&text, &["summary -o csv"]);
    let lines = many.lines().count() as u64;
    assert_eq!((outcome.status, outcome.stats()["flows"].as_u64()), (3, Some(lines)), "{outcome}");
}

#[test]
fn a_large_file_that_is_no_log() {
    let outcome = large_file(&"neither a header nor a flow\n".repeat(400_000), &["summary -o csv"]);
    assert_eq!((outcome.status, outcome.stats()["files_failed"].as_u64()), (3, Some(1)), "{outcome}");
}
