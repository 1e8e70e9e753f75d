//! Saved questions and defaults, by the whole command: saving, running, listing, what wins over what,
//! and files that are not as they should be.

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use support::lines::{flow, log};
use support::tree::{Tree, set_mode};
use support::{Text, Vpcflow, root, vpcflow};

/// Some flows, in `x.log`.
fn tree() -> Tree {
    let of = |source, bytes| flow().with("srcaddr", source).with("bytes", bytes);
    let text = log(&[of("10.0.0.1", 300), of("10.9.9.9", 200), of("10.8.8.8", 100)]);
    Tree::of("logs/x.log", text)
}

/// `vpcflow` in that tree, whose user's folder is `home`.
fn run(tree: &Tree, line: &str) -> Vpcflow {
    vpcflow(line).dir(tree.root()).env("XDG_CONFIG_HOME", tree.path("home").display())
}

const USER: &str = "home/vpcflow/config.toml";

#[test]
fn what_is_saved_can_be_run() {
    let tree = tree();
    let said = "vpcflow: saved 'web/top' in .vpcflow.toml; `vpcflow run web/top` runs it\n";
    let saved =
        run(&tree, "save web/top --about").arg("who's first").args(["--", "top", "-n", "1", "-o", "csv", "--agg"]);
    saved.arg("distinct(dst-port)").gives(0, "", said);
    let text = fs::read_to_string(tree.path(".vpcflow.toml")).unwrap();
    let expected =
        "[questions.\"web/top\"]\nabout = \"who's first\"\ncommand = \"top -n 1 -o csv --agg 'distinct(dst-port)'\"\n";
    assert_eq!(text, expected);
    let result = run(&tree, "top -n 1 -o csv --agg distinct(dst-port) logs").result();
    assert_eq!(run(&tree, "run web/top logs").result(), result);
    assert_eq!(
        run(&tree, "run --show web/top logs").result(),
        "vpcflow top --limit 1 --output csv --agg 'distinct(dst-port)' logs\n"
    );
    // Also from a pipe, and of the current directory.
    assert_eq!(run(&tree, "run web/top").result(), result);
    assert_eq!(run(&tree, "run web/top").stdin(fs::read(tree.path("logs/x.log")).unwrap()).result(), result);
}

#[test]
fn later_options_win() {
    let tree = tree()
        .file(".vpcflow.toml", "[questions.q]\ncommand = 'top --by src-ip,dst-ip --sort flows -n 1 -o csv -q logs'\n");
    for (more, same) in [
        ("", "top --by src-ip,dst-ip --sort flows -n 1 -o csv -q logs"),
        ("-n 2 -o json", "top --by src-ip,dst-ip --sort flows -n 2 -o json -q logs"),
        ("--limit=2 --output=tsv", "top --by src-ip,dst-ip --sort flows -n 2 -o tsv logs"),
        ("--sort bytes --asc", "top --by src-ip,dst-ip --sort bytes --asc -n 1 -o csv logs"),
        ("--by dst-port", "top --by dst-port --sort flows -n 1 -o csv logs"),
        ("logs/x.log", "top --by src-ip,dst-ip --sort flows -n 1 -o csv logs/x.log"),
        ("-on -n 3", "-"),
        ("--help", "top --help"),
    ] {
        let ran = run(&tree, &format!("run q {more}")).outcome();
        if same == "-" {
            ran.check(2, &Text::Is(""), &Text::Has(&["invalid value 'n' for '--output <FORMAT>'"]));
        } else {
            let other = run(&tree, same).outcome();
            assert_eq!((ran.status, &ran.stdout, &ran.stderr), (other.status, &other.stdout, &other.stderr), "{more}");
        }
    }
    // The same holds on a command line.
    assert_eq!(run(&tree, "top -n 1 -n 2 -o csv -o json logs").result(), run(&tree, "top -n 2 -o json logs").result());
}

#[test]
fn the_nearer_file_wins_name_by_name() {
    let tree = tree()
        .file(".vpcflow.toml", "[questions.a]\nabout = 'near'\ncommand = 'summary'\n")
        .file(USER, "[questions.a]\nabout = 'far'\ncommand = 'top'\n[questions.b]\ncommand = 'ports -n 3'\n");
    let listed = run(&tree, "run --list -o csv").outcome();
    let user = tree.path(USER).display().to_string();
    let rows: Vec<Vec<String>> = listed.rows();
    assert_eq!(rows[0], ["a", "near", "summary", ".vpcflow.toml"]);
    assert_eq!(rows[1], ["b", "", "ports -n 3", &user]);
    assert_eq!(rows[2][0], "athena/accepted-traffic");
    assert_eq!(rows[2][3], "shipped");
    assert_eq!(rows.iter().filter(|row| row[0] == "a").count(), 1);
    for format in ["table", "tsv", "ndjson", "json", "markdown"] {
        let text = run(&tree, &format!("run --list -o {format}")).result();
        assert!(text.contains("near") && text.contains("athena/top-talkers"), "{text}");
    }
    let text = run(&tree, "run --list").env("COLUMNS", 60).result();
    assert!(text.lines().next().is_some_and(|line| line.starts_with("name")), "{text}");
    // Saved where nobody would see it: that is said.
    run(&tree, "save a --user --force -- ports").gives(
        0,
        "",
        &["saved 'a'", "vpcflow: .vpcflow.toml:3: here, this question 'a' comes before it"],
    );
}

#[test]
fn nothing_is_overwritten_by_mistake() {
    let mine = "# mine\n\n[questions.a] # that one\ncommand = 'top' # so\n";
    let tree = tree().file(".vpcflow.toml", mine);
    run(&tree, "save a -- ports").gives(
        2,
        "",
        "vpcflow: .vpcflow.toml:4: there is a question 'a' already; --force replaces it\n",
    );
    assert_eq!(fs::read_to_string(tree.path(".vpcflow.toml")).unwrap(), mine);
    run(&tree, "save a --force -- vpcflow ports -n 3").gives(0, "", &["saved 'a'"]);
    let text = fs::read_to_string(tree.path(".vpcflow.toml")).unwrap();
    assert_eq!(text, mine.replace("'top'", "\"ports -n 3\""));
    let names: Vec<_> = fs::read_dir(tree.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left lying about: {names:?}");
}

#[test]
fn links_and_permissions_stay() {
    let tree = tree().file("dotfiles/config.toml", "");
    set_mode(&tree.path("dotfiles/config.toml"), 0o600);
    fs::create_dir_all(tree.path("home/vpcflow")).unwrap();
    symlink(tree.path("dotfiles/config.toml"), tree.path(USER)).unwrap();
    run(&tree, "save a --user -- ports").gives(0, "", &["saved 'a'"]);
    assert!(fs::symlink_metadata(tree.path(USER)).unwrap().is_symlink());
    let metadata = fs::metadata(tree.path("dotfiles/config.toml")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert!(metadata.len() > 0);
}

#[test]
fn the_users_folder_is_made() {
    let tree = tree();
    run(&tree, "save a --user -- ports -o csv").gives(0, "", &["saved 'a'"]);
    assert!(tree.path(USER).exists() && !tree.path(".vpcflow.toml").exists());
    let home = Tree::new().file(".config/vpcflow/config.toml", fs::read(tree.path(USER)).unwrap());
    let elsewhere = run(&tree, "run a logs").env("XDG_CONFIG_HOME", "").env("HOME", home.root().display());
    assert_eq!(elsewhere.result(), run(&tree, "ports -o csv logs").result());
}

#[test]
fn only_questions_can_be_saved() {
    let tree = tree();
    for (line, parts) in [
        ("save a -- tpo", &["'tpo' is not a command that answers a question; did you mean 'top'?"][..]),
        ("save a -- run a", &["'run' is not a command that answers a question"]),
        ("save a -- man", &["'man' is not", "expected one of top, rejects"]),
        ("save a -- top --by src-pi", &["question 'a': ", "did you mean 'src-ip'?"]),
        ("save a -- top -n x", &["question 'a': invalid value 'x' for '--limit <N>'"]),
        ("save a -- top --no-config", &["--no-config has no place"]),
        ("save a -- top --help", &["a request for help"]),
        ("save a", &["required", "<COMMAND>"]),
        ("save a! -- top", &["'a!' cannot be the name of a question; expected letters"]),
        ("save -- top", &["required", "<NAME>"]),
    ] {
        run(&tree, line).gives(2, "", Text::Has(parts));
    }
    assert!(!tree.path(".vpcflow.toml").exists());
    run(&tree, "--no-config save a -- top").gives(2, "", &["no file to save in: --no-config forbids it"]);
    let unwritable = run(&tree, "save a -- top").env("VPCFLOW_CONFIG", "/dev/null/x.toml");
    unwritable.gives(2, "", &["vpcflow: cannot write /dev/null/x.toml"]);
}

#[test]
fn unknown_names_are_answered_with_a_suggestion() {
    let tree = tree().file(
        ".vpcflow.toml",
        "[questions.web-rejects]\ncommand = 'rejects'\n[questions.loop]\ncommand = 'run loop'\n",
    );
    for (line, parts) in [
        ("run web-rejetcs", &["no question 'web-rejetcs'; did you mean 'web-rejects'?", "`vpcflow run --list`"][..]),
        ("run VpcFlowLogsTopTalkers", &["did you mean 'athena/top-talkers'?"]),
        ("run frobnicate", &["no question 'frobnicate' (`vpcflow run --list` shows them all)"]),
        ("run loop", &[".vpcflow.toml:4: question 'loop': 'run' is not a command that answers a question"]),
        ("run", &["<NAME>"]),
        ("run --list web-rejects", &["'--list' cannot be used with"]),
        ("run -n 3 web-rejects", &["expected the name of a question before '-n'"]),
    ] {
        run(&tree, line).gives(2, "", Text::Has(parts));
    }
}

#[test]
fn defaults_stand_before_what_is_given() {
    let near = "[defaults]\noutput = 'csv'\nlimit = 1\n[questions.q]\ncommand = 'top -n 2'\n";
    let far = "[defaults]\noutput = 'json'\n[defaults.top]\nlimit = 7\nagg = ['flows', 'bytes']\n";
    let tree = tree().file(".vpcflow.toml", near).file(USER, far);
    let plain = |line: &str| run(&tree, &format!("--no-config {line}")).result();
    let same = |line: &str, other: &str| assert_eq!(run(&tree, line).result(), plain(other), "{line}");
    same("top logs", "top -o csv -n 1 --agg flows,bytes logs");
    same("top logs -n 3 --agg packets", "top -o csv -n 3 --agg packets logs");
    same("ports logs", "ports -o csv -n 1 logs");
    // `summary` has no limit, and does not mind.
    same("summary -o tsv logs", "summary -o tsv logs");
    same("run q logs", "top -o csv -n 2 --agg flows,bytes logs");
    same("run q logs -n 3", "top -o csv -n 3 --agg flows,bytes logs");
    // What it stands for is what would be typed, here too.
    assert_eq!(run(&tree, "run --show q logs").result(), "vpcflow top --limit 2 logs\n");
}

#[test]
fn another_file_can_be_named() {
    let tree = tree()
        .file(".vpcflow.toml", "[defaults]\nlimit = 1\n")
        .file("other.toml", "[defaults]\nlimit = 2\n[questions.o]\ncommand = 'top'\n");
    let rows = |run: Vpcflow| run.outcome().rows().len();
    let top = || run(&tree, "top -o csv logs");
    assert_eq!(rows(top()), 1);
    assert_eq!(rows(top().env("VPCFLOW_CONFIG", "other.toml")), 2);
    assert_eq!(rows(top().env("VPCFLOW_CONFIG", "")), 3);
    assert_eq!(rows(top().arg("--no-config")), 3);
    assert_eq!(rows(run(&tree, "run o -o csv logs").env("VPCFLOW_CONFIG", "other.toml")), 2);
    run(&tree, "save p -- ports").env("VPCFLOW_CONFIG", "other.toml").gives(0, "", &["in other.toml"]);
    let missing = "vpcflow: cannot read missing.toml: no such file (VPCFLOW_CONFIG names it)\n";
    top().env("VPCFLOW_CONFIG", "missing.toml").gives(2, "", missing);
}

#[test]
fn a_broken_file_is_named_before_anything_is_read() {
    for (text, parts) in [
        ("[questions.a\n", &[".vpcflow.toml:1: "][..]),
        ("\n[defualts]\n", &[".vpcflow.toml:2: unknown key 'defualts' in this file; did you mean 'defaults'?"]),
        ("[defaults]\nlimt = 3\n", &[".vpcflow.toml:2: 'limt' is not an option of any command; did you mean 'limit'?"]),
        ("[defaults.top]\nside = 'src'\n", &[".vpcflow.toml:2: 'side' is not an option of `vpcflow top`"]),
        ("[defaults]\nlimit = 'x'\n", &[".vpcflow.toml:2: default 'limit': invalid value 'x' for '--limit <N>'"]),
        ("[defaults]\nraw = 'yes'\n", &[".vpcflow.toml:2: default 'raw': unexpected value 'yes'"]),
        ("[defaults]\nlimit = true\n", &[".vpcflow.toml:2: default 'limit': a value is required"]),
    ] {
        let tree = tree().file(".vpcflow.toml", text);
        run(&tree, "top logs").gives(2, "", Text::Has(parts));
        assert_eq!(run(&tree, "top --no-config logs").outcome().status, 0);
        // Help and what reads no logs work all the same.
        assert_eq!(run(&tree, "top --help").outcome().status, 0);
        assert_eq!(run(&tree, "man").outcome().status, 0);
    }
    let tree = tree().file(".vpcflow.toml", b"a = '\xff'\n");
    run(&tree, "top logs").gives(2, "", "vpcflow: cannot read .vpcflow.toml: it is not UTF-8\n");
    let tree = self::tree();
    fs::create_dir(tree.path(".vpcflow.toml")).unwrap();
    run(&tree, "top logs").gives(2, "", "vpcflow: cannot read .vpcflow.toml: it is not a file\n");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    let tree = tree().file(".vpcflow.toml", "").file("closed/vpcflow/config.toml", "");
    set_mode(&tree.path(".vpcflow.toml"), 0o000);
    set_mode(&tree.path("closed"), 0o000);
    let Some(top) = run(&tree, "top logs").nobody() else { return };
    top.gives(2, "", "vpcflow: cannot read .vpcflow.toml: Permission denied\n");
    // Somebody else's folder is nobody's mistake.
    set_mode(&tree.path(".vpcflow.toml"), 0o644);
    let Some(top) = run(&tree, "top logs").env("XDG_CONFIG_HOME", tree.path("closed").display()).nobody() else {
        return;
    };
    let outcome = top.outcome();
    set_mode(&tree.path("closed"), 0o755);
    outcome.check(0, &Text::Any, &Text::Is(""));
}

/// The names of what is shipped.
fn shipped() -> Vec<String> {
    let rows = vpcflow("run --list -o csv").env("VPCFLOW_CONFIG", "").outcome().rows();
    assert!(rows.len() >= 23, "{rows:?}");
    rows.into_iter().map(|row| row[0].clone()).collect()
}

/// Runs a shipped question on the demo tree, and on nothing.
fn run_shipped(name: &str) {
    vpcflow(&format!("run {name} -o csv testdata/demo")).gives(0, Text::Any, Text::Any);
    vpcflow(&format!("run {name} -o csv")).stdin("").gives(0, Text::Any, Text::Any);
    let line = vpcflow(&format!("run --show {name}")).result();
    assert!(line.starts_with("vpcflow ") && line.lines().count() == 1, "{line}");
}

#[test]
fn shipped_questions_that_filter_nothing_run() {
    for name in [
        "athena/rejected-traffic",
        "athena/top-talkers",
        "athena/top-talkers-packet-level",
        "athena/top-talking-instances",
        "athena/top-talking-subnets",
        "athena/total-bytes-transferred",
        "athena/total-bytes-transferred-packet-level",
        "athena/traffic-from-src-addr",
        "athena/traffic-to-dst-addr",
        "insights/avg-min-max-bytes",
        "insights/subnet-transfers",
        "insights/top-packet-transfers",
        "insights/top-rejects",
        "insights/top-transfers",
    ] {
        assert!(shipped().contains(&name.to_string()), "{name}");
        run_shipped(name);
    }
    let talkers = vpcflow("run athena/top-talkers testdata/demo").result();
    assert_eq!(talkers, vpcflow("top -n 50 testdata/demo").result());
}

#[test]
fn every_shipped_question_runs() {
    for name in shipped() {
        run_shipped(&name);
    }
    let rows = |line: &str| vpcflow(&format!("{line} -n 0 -o csv testdata/demo")).outcome().rows();
    let one = rows("run athena/traffic-from-src-addr --src-ip 10.1.1.40");
    assert!(!one.is_empty() && one.len() < rows("run athena/traffic-from-src-addr").len());
    let number =
        |line: &str| vpcflow(&format!("{line} -o csv testdata/demo")).outcome().rows()[0][2].parse::<u64>().unwrap();
    let (v4, v6) = (number("run athena/ipv4-traffic"), number("run athena/ipv6-traffic"));
    assert!(v4 > 0 && v6 > 0 && v4 + v6 <= number("summary"), "{v4} and {v6} flows");
}

/// The file in the repository itself would change what every test prints.
#[test]
fn the_repository_has_no_file_of_its_own() {
    assert!(!root().join(".vpcflow.toml").exists());
}

#[test]
fn defaults_that_choose_records_are_said() {
    let tree = Tree::of(".vpcflow.toml", "[defaults]\nwhere = \"bytes > 1\"\n[defaults.top]\nlimit = 1\n")
        .file("a.log", log(&[flow()]));
    let note = "vpcflow: defaults of your configuration choose what is read or counted; --no-config leaves them out\n";
    let rows = "src_ip,flows,rejects,packets,bytes,share\n10.0.0.1,1,0,3,300,1.0000\n";
    vpcflow("top -o csv").dir(tree.root()).gives(0, rows, note);
    vpcflow("top -o csv -q").dir(tree.root()).prints(rows);
    vpcflow("top -o csv --no-config").dir(tree.root()).prints(rows);
    tree.write(".vpcflow.toml", "[defaults.top]\nlimit = 1\n");
    vpcflow("top -o csv").dir(tree.root()).prints(rows);
}
