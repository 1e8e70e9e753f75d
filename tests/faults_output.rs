//! Where the result goes, and what the system denies: readers that go away, full disks, signals, terminals,
//! memory, threads, defects. A sentence and the right status each time; never half a result that looks whole.

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::lines::{V2, flow, log, many};
use support::terminal::Terminal;
use support::tools::{prlimit, signals, skipped, works};
use support::tree::Tree;
use support::{Outcome, Vpcflow, vpcflow};

/// Questions that print something, of a file `a.log`.
const QUESTIONS: [&str; 9] = [
    "top -n 0 -o csv a.log",
    "rejects a.log",
    "ports a.log",
    "interfaces a.log",
    "summary a.log",
    "timeline a.log",
    "fields a.log",
    "records -o csv a.log",
    "records --sort time -o ndjson a.log",
];

/// Names in a folder, hidden ones too.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with(".vpcflow-") && name.ends_with(".tmp")
}

/// Waits until something is so.
#[track_caller]
fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !so() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What came of a run that may say anything.
fn end(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

// A reader that goes away ----------------------------------------------------------------------

#[test]
fn readers_that_go_away_end_it_quietly() {
    let tree = Tree::of("a.log", many(20_000)).file("bad.log", "no flow log at all\n");
    for (script, status) in [
        ("{ \"$@\"; echo $? >status; } | head -1 >first", "0\n"),
        ("{ \"$@\"; echo $? >status; } | true", "0\n"),
        // Those who read messages may go away, too.
        ("{ \"$@\"; echo $? >status; } 2>&1 | true", "0\n"),
        ("\"$@\" >out 2>/dev/full; echo $? >status", "3\n"),
        ("\"$@\" >out 2>&-; echo $? >status", "3\n"),
    ] {
        vpcflow("top -n 0 -o csv a.log bad.log").dir(tree.root()).script(script).gives(0, "", "");
        let ended = fs::read_to_string(tree.path("status")).expect("a status");
        // Whoever reads may be gone before or after all was written.
        assert!(ended == status || script.contains("| true") && ended == "3\n", "{script}: {ended}");
    }
    assert_eq!(fs::read_to_string(tree.path("first")).expect("a line"), "src_ip,flows,rejects,packets,bytes,share\n");
    assert_eq!(fs::read_to_string(tree.path("out")).expect("a result").lines().count(), 20_001);
}

// No standard output ---------------------------------------------------------------------------

/// The standard library would write to `/dev/null` instead.
#[test]
fn without_a_standard_output_nothing_looks_like_success() {
    let tree = Tree::of("a.log", many(10));
    let said = "vpcflow: cannot write standard output: it is closed\n";
    for question in QUESTIONS.into_iter().chain(["--help", "top --help", "--version", "man", "run --list"]) {
        vpcflow(question).dir(tree.root()).script("exec \"$@\" >&-").gives(2, "", said);
        vpcflow(question).dir(tree.root()).script("exec \"$@\" >/dev/null").gives(0, "", "");
    }
    vpcflow("completions bash").script("exec \"$@\" >&-").gives(2, "", said);
    // What writes to a file has no need of it.
    vpcflow("convert -q --to csv --out x a.log").dir(tree.root()).script("exec \"$@\" >&-").gives(0, "", "");
    assert_eq!(fs::read_to_string(tree.path("x")).expect("a file").lines().count(), 11);
    // Nor do the other two matter.
    vpcflow("top a.log -o csv -n 1").dir(tree.root()).script("exec \"$@\" <&- 2>&-").gives(0, &["10.0.0.10"], "");
}

// A full disk, and files that may not grow -----------------------------------------------------

#[test]
fn a_full_disk_is_said() {
    let tree = Tree::of("a.log", many(5_000));
    for question in QUESTIONS {
        let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
        let said = "vpcflow: cannot write standard output: No space left on device\n";
        vpcflow(question).dir(tree.root()).stdout(full).gives(2, "", said);
    }
}

/// A file system with room for a part of the result.
#[test]
fn a_disk_that_fills_up_is_said() {
    if !works(&["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]) {
        return skipped("no file system can be mounted");
    }
    let tree = Tree::of("a.log", many(20_000));
    fs::create_dir(tree.path("small")).expect("a folder");
    let script = |then: &str| format!("mount -t tmpfs -o size=64k none small && echo old >small/x && {{ {then}; }}");
    let run = |line: &str, then: &str| {
        let words = ["unshare".to_string(), "-m".into(), "sh".into(), "-c".into(), script(then), "sh".into()];
        vpcflow(line).dir(tree.root()).under(words)
    };
    let said = ["vpcflow: cannot write standard output: No space left on device\n"];
    run("records -o csv a.log", "\"$@\" >small/y").gives(2, "", &said);
    let said = ["vpcflow: cannot write small/x: No space left on device\n"];
    let outcome = run("convert --to csv --out small/x a.log", "\"$@\"; s=$?; cat small/x; ls -A small; exit $s");
    outcome.gives(2, "old\nx\n", &said);
    let fill = "echo '# mine' >small/c.toml; head -c 1000000 /dev/zero >small/zeros 2>/dev/null";
    let then = format!("{fill}; VPCFLOW_CONFIG=small/c.toml \"$@\"; s=$?; cat small/c.toml; ls -A small; exit $s");
    let about = "x".repeat(5_000);
    let saved = run("save mine --about", &then).args([&about[..], "--", "top", "--by", "src-ip"]).outcome();
    assert_eq!((saved.status, &saved.stdout[..]), (2, "# mine\nc.toml\nx\nzeros\n"), "{saved}");
}

#[test]
fn a_limit_of_file_sizes_is_said() {
    if !prlimit() {
        return;
    }
    let tree = Tree::of("a.log", many(20_000)).file("x", "old");
    let limited = |line: &str| vpcflow(line).dir(tree.root()).under(["prlimit", "--fsize=5000"]);
    for question in ["top -n 0 -o csv a.log", "records -o csv a.log", "fields --help", "completions zsh", "man top"] {
        let out = File::create(tree.path("out")).expect("a file");
        limited(question).stdout(out).gives(2, "", "vpcflow: cannot write standard output: File too large\n");
        assert_eq!(fs::metadata(tree.path("out")).expect("a file").len(), 5000, "{question}");
        fs::remove_file(tree.path("out")).expect("removed");
    }
    for (to, out) in [("csv", "x"), ("parquet", "x"), ("csv", "new/")] {
        let said = format!("vpcflow: cannot write {out}: File too large\n");
        limited(&format!("convert --to {to} --codec none --out {out} a.log")).gives(2, "", &said);
        assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
        assert_eq!(names(tree.root()), BTreeSet::from(["a.log".into(), "x".into()]), "{to} {out}");
    }
}

// Signals --------------------------------------------------------------------------------------

/// A conversion that has begun, and waits for more input.
struct Begun {
    child: Child,
    more: std::io::PipeWriter,
}

fn begun(tree: &Tree, line: &str, envs: &[(&str, &str)]) -> Begun {
    let (reader, mut more) = std::io::pipe().expect("a pipe");
    std::io::Write::write_all(&mut more, many(100).as_bytes()).expect("room in the pipe");
    let mut command = vpcflow(line).dir(tree.root()).command();
    let child = command.envs(envs.iter().copied()).stdin(reader).spawn().expect("the program starts");
    wait_until("nothing is begun", || names(tree.root()).iter().any(|name| is_unfinished(name)));
    Begun { child, more }
}

fn signal(child: &Child, name: &str) {
    assert!(works(&["kill", "-s", name, &child.id().to_string()]));
}

#[test]
fn signals_leave_the_old_file() {
    for (name, number) in signals() {
        let tree = Tree::of("x", "old");
        let Begun { mut child, more } = begun(&tree, "convert --to csv --out x -", &[]);
        signal(&child, name);
        assert_eq!(child.wait().expect("an end").signal(), Some(number));
        drop(more);
        assert_eq!(names(tree.root()), BTreeSet::from(["x".into()]), "{name}");
        assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
    }
}

/// Nothing can be removed then; but what is left is known by its name, and read by nobody.
#[test]
fn what_a_kill_leaves_is_known_by_its_name() {
    let tree = Tree::of("x", "old").file("logs/a.log", many(10));
    let Begun { mut child, more } = begun(&tree, "convert --to csv --out x -", &[]);
    signal(&child, "KILL");
    assert_eq!(child.wait().expect("an end").signal(), Some(9));
    drop(more);
    assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
    let left: Vec<String> = names(tree.root()).into_iter().filter(|name| is_unfinished(name)).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let counted = vpcflow("summary -q -o csv --stats=json --exclude x").dir(tree.root()).outcome();
    assert_eq!(counted.stats()["files"].as_u64(), Some(1), "{counted}");
    // It is in nobody's way: nor in a folder that has to be empty.
    vpcflow("convert -q --to csv --out x logs").dir(tree.root()).gives(0, "", "");
    fs::create_dir(tree.path("folder")).expect("a folder");
    fs::rename(tree.path(&left[0]), tree.path("folder").join(&left[0])).expect("moved");
    vpcflow("convert -q --to csv --out folder logs").dir(tree.root()).gives(0, "", "");
}

#[test]
fn a_second_signal_does_not_wait() {
    if !cfg!(debug_assertions) {
        return skipped("only a debug build can be made slow");
    }
    if !signals().any(|(name, _)| name == "INT") {
        return skipped("SIGINT is ignored from here on");
    }
    let tree = Tree::new();
    let Begun { mut child, more } = begun(&tree, "convert --to csv --out x -", &[("VPCFLOW_TEST_SLOW_END", "1")]);
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().expect("a child").is_none(), "the first is being seen to");
    let started = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        assert!(started.elapsed() < Duration::from_secs(20), "it waits");
        signal(&child, "INT");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().expect("an end").signal(), Some(2));
    drop(more);
}

/// Nothing that has to be undone: the cursor is there, and so is the screen.
#[track_caller]
fn is_sane(shown: &str) {
    assert_eq!(shown.matches("\x1b[?25l").count(), shown.matches("\x1b[?25h").count(), "the cursor: {shown:?}");
    assert!(!shown.contains("\x1b[?1049") && !shown.contains("\x1b[?47"), "another screen: {shown:?}");
}

#[test]
fn ctrl_c_at_a_terminal() {
    if !signals().any(|(name, _)| name == "INT") {
        return skipped("SIGINT is ignored from here on");
    }
    for line in ["top --progress always -", "records --sort time --progress always -", "convert --to csv --out x -"] {
        let tree = Tree::of("x", "old");
        assert!(works(&["mkfifo", tree.path("pipe").to_str().expect("UTF-8")]));
        // The shell lives on, and says what became of it.
        let script = "trap : INT; \"$@\" <pipe; echo \"status $?.\"";
        let command = vpcflow(line).dir(tree.root()).env("TERM", "xterm").script(script).command();
        let mut terminal = Terminal::run(command, 80);
        let mut pipe = OpenOptions::new().write(true).open(tree.path("pipe")).expect("a reader");
        std::io::Write::write_all(&mut pipe, many(1000).as_bytes()).expect("room in the pipe");
        // By then it stands ready, and waits for more.
        match line.contains("convert") {
            true => wait_until("nothing is begun", || names(tree.root()).iter().any(|name| is_unfinished(name))),
            false => terminal.wait_for("B/s"),
        }
        terminal.press("\x03");
        terminal.wait_for("status ");
        let (_, shown) = terminal.end();
        assert!(shown.contains("status 130."), "{line}: {shown:?}");
        is_sane(&shown);
        assert_eq!(names(tree.root()), BTreeSet::from(["pipe".into(), "x".into()]), "{line}");
        assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
    }
}

// Terminals ------------------------------------------------------------------------------------

/// Names that take no place, two places, or are joined to what stands before them.
fn wide() -> String {
    let names = [
        "eni-\u{65e5}\u{672c}\u{8a9e}",
        "eni-e\u{301}e\u{301}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "eni-\u{ff21}",
        "x",
    ];
    let records = (0..40).map(|i| {
        flow().with("interface-id", names[i % names.len()]).with("bytes", 10u64.pow(i as u32 % 19)).with(
            "srcaddr",
            if i % 2 == 0 { format!("2001:db8:ffff:ffff:ffff:ffff:ffff:{i:x}") } else { format!("10.0.0.{i}") },
        )
    });
    log(&records.collect::<Vec<_>>())
}

/// A line without colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("\x1b[") {
        out.push_str(&rest[..start]);
        let end = rest[start..].find(|c: char| c.is_ascii_alphabetic()).expect("the end of a colour");
        rest = &rest[start + end + 1..];
    }
    out + rest
}

/// Without a progress line, which only a run that takes a while has.
fn calm(question: &str) -> Vpcflow {
    vpcflow(question).args(["--progress", "never"])
}

#[test]
fn terminals_of_all_widths() {
    let tree = Tree::of("a.log", wide());
    let more = ["top --by interface-id,src-ip,dst-port a.log", "records a.log", "records -o long -n 2 a.log"];
    for question in QUESTIONS.into_iter().chain(more) {
        for width in [1, 20, 80, 300] {
            let command = calm(question).dir(tree.root()).env("TERM", "xterm").command();
            let (status, shown) = Terminal::run(command, width).end();
            assert!(status.success(), "{question} at {width}: {shown}");
            is_sane(&shown);
            let is_table = !question.contains("-o ");
            let is_told = |line: &String| is_table && width >= 80 && !line.starts_with("not shown at this width: ");
            for line in shown.lines().map(plain).filter(is_told) {
                let columns = unicode_width::UnicodeWidthStr::width(&line[..]);
                assert!(columns <= width.into(), "{question}: {columns} columns, at {width}: {line}");
            }
            // COLUMNS says the same, and goes first.
            let told = calm(question).dir(tree.root()).env("TERM", "xterm").env("COLUMNS", width).command();
            assert_eq!(Terminal::run(told, 77).end().1, shown, "{question} at {width}");
        }
    }
}

#[test]
fn terminals_that_want_no_colours() {
    let tree = Tree::of("a.log", wide());
    for question in ["top --by src-ip a.log", "ports a.log", "summary a.log", "timeline a.log"] {
        let at = |name: &'static str, value: &str| {
            let run = calm(question).dir(tree.root()).env("TERM", "xterm").env(name, value);
            Terminal::run(run.command(), 100).end().1.replace("\r\n", "\n")
        };
        let coloured = at("X", "");
        for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
            let shown = at(name, value);
            assert!(!shown.contains('\x1b'), "{question} {name}: {shown:?}");
            assert_eq!(plain(&coloured), shown, "{question} {name}");
        }
        // And what is no terminal gets none.
        let piped = calm(question).dir(tree.root()).env("TERM", "xterm").env("COLUMNS", 100).result();
        assert_eq!(piped, at("NO_COLOR", "1"), "{question}");
    }
}

// Memory and threads ---------------------------------------------------------------------------

/// Holds that a run that is denied something says so, and nothing else.
#[track_caller]
fn is_denied(outcome: &Outcome, what: &str) {
    let reasons = ["out of memory", "cannot start ", "Cannot allocate memory", "Out of memory", "Resource temporarily"];
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let said = lines.iter().any(|line| line.starts_with("vpcflow: ") && reasons.iter().any(|why| line.contains(why)));
    assert!(said && !outcome.stderr.contains("panicked"), "{what}: {outcome}");
}

/// From too little to start to enough: the same answer, or a sentence.
/// Whether a command is not killed at once.
fn starts(words: &[&str]) -> bool {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.code().is_some_and(|code| code < 127))
}

#[test]
fn memory_that_is_denied_is_said() {
    if !prlimit() {
        return;
    }
    let lines: Vec<_> = (0..60_000u32)
        .map(|i| {
            flow().with("srcaddr", std::net::Ipv4Addr::from(i * 65_537)).with("dstaddr", format!("2001:db8::{i:x}"))
        })
        .collect();
    let tree = Tree::of("a.log", log(&lines)).gz("b.log.gz", log(&lines[..9000])).file("x", "old");
    for (line, writes) in [
        ("top -q --by src-ip,dst-ip,dst-port,start -n 3 -o csv a.log b.log.gz -j 2", false),
        ("records -q --sort -time -n 0 -o csv a.log b.log.gz -j 2", false),
        ("convert -q --to parquet --out x a.log b.log.gz -j 2", true),
    ] {
        let whole = vpcflow(line).dir(tree.root()).result();
        let new = fs::read(tree.path("x")).expect("a file");
        fs::write(tree.path("x"), "old").expect("a file");
        let mut ended = BTreeSet::new();
        for megabytes in [20, 24, 32, 40, 56, 72, 88, 120, 152, 200, 250, 400] {
            let limit = format!("--as={}", megabytes * 1_000_000);
            // Below that the kernel cannot even load the program.
            if !starts(&["prlimit", &limit, env!("CARGO_BIN_EXE_vpcflow"), "--version"]) {
                continue;
            }
            let outcome = vpcflow(line).dir(tree.root()).under(["prlimit", &limit]).outcome();
            let what = format!("{megabytes} MB");
            // Below that not even libraries are loaded.
            if outcome.status == 127 {
                continue;
            }
            ended.insert(outcome.status);
            match outcome.status {
                0 => assert!(outcome.stdout == whole, "{what}: {}", outcome.stderr),
                2 => is_denied(&outcome, &what),
                _ => panic!("{what}: {outcome}"),
            }
            assert_eq!(names(tree.root()).len(), 3, "{what}: {:?}", names(tree.root()));
            let now = fs::read(tree.path("x")).expect("a file");
            assert!(now == if writes && outcome.status == 0 { &new[..] } else { b"old" }, "{what}");
            fs::write(tree.path("x"), "old").expect("a file");
        }
        assert!(ended.contains(&2), "{line} was denied nothing: {ended:?}");
    }
}

/// What is kept grows beyond what is allowed in the middle of the run.
#[test]
fn memory_that_runs_out_is_said() {
    if !prlimit() {
        return;
    }
    let run = vpcflow("top --by src-ip,dst-ip,start,end,interface-id -o csv -j 1 --max-memory 100G -").stdin_pipe();
    let mut child = run.under(["prlimit", "--as=200000000"]).spawn();
    let mut pipe = child.stdin.take().expect("a pipe");
    let (mut i, mut going) = (0u32, std::io::Write::write_all(&mut pipe, format!("{V2}\n").as_bytes()).is_ok());
    while going && i < 20_000_000 {
        let text: String = (0..1000)
            .map(|_| {
                i += 1;
                let (a, b) = (std::net::Ipv4Addr::from(i.wrapping_mul(2_654_435_761)), i);
                format!("2 123456789012 eni-{b:x} {a} 10.0.0.2 50000 443 6 3 300 {b} {b} ACCEPT OK\n")
            })
            .collect();
        going = std::io::Write::write_all(&mut pipe, text.as_bytes()).is_ok();
    }
    assert!(!going, "{i} different records fit in 200 MB");
    let (status, stdout, stderr) = end(child);
    assert_eq!((status, &stdout[..]), (Some(2), ""), "{stderr}");
    assert!(stderr.starts_with("vpcflow: out of memory: ") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn threads_that_cannot_be_started_are_said() {
    if !prlimit() {
        return;
    }
    let tree = Tree::of("a.log", many(10)).file("x", "old");
    for line in ["top -j 1000 a.log", "records -j 1000 a.log", "convert --to csv --out x -j 1000 a.log"] {
        let outcome = vpcflow(line).dir(tree.root()).under(["prlimit", "--as=400000000"]).outcome();
        assert_eq!((outcome.status, &outcome.stdout[..]), (2, ""), "{outcome}");
        is_denied(&outcome, line);
        assert_eq!(names(tree.root()), BTreeSet::from(["a.log".into(), "x".into()]));
    }
}

// Defects --------------------------------------------------------------------------------------

/// An answer without the part of a worker that broke down would be wrong.
#[test]
fn a_panic_of_a_worker_ends_the_run() {
    if !cfg!(debug_assertions) {
        return skipped("only a debug build can be made to panic");
    }
    let tree = Tree::of("a.log", many(1000)).file("b.log", many(10)).file("x", "old");
    for line in ["top", "summary", "timeline", "records --sort time", "convert --to csv --out x", "top --dedup"] {
        for threads in [1, 2, 8] {
            let run = vpcflow(&format!("{line} -j {threads} a.log b.log")).dir(tree.root());
            let (status, stdout, stderr) = end(run.env("VPCFLOW_TEST_PANIC", "b.log").spawn());
            assert_eq!((status, &stdout[..]), (Some(2), ""), "{line}: {stderr}");
            assert!(stderr.starts_with("vpcflow: internal error: a test wants it (src/source/"), "{line}: {stderr}");
            assert_eq!(names(tree.root()).len(), 3, "{line}: {:?}", names(tree.root()));
            assert_eq!(fs::read_to_string(tree.path("x")).expect("a file"), "old");
        }
    }
}
