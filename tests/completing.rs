//! Completions as shells use them: bash, zsh and fish are run, where they are installed.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use support::tree::Tree;
use support::vpcflow;

/// Whether a shell is there; says so if not.
fn is_installed(shell: &str) -> bool {
    let runs = Command::new(shell).args(["-c", "exit 0"]).status().is_ok_and(|status| status.success());
    if !runs {
        _ = writeln!(std::io::stderr(), "skipped: {shell} is not installed");
    }
    runs
}

/// A directory with a shell's completions and a saved question.
fn tree(shell: &str, file: &str) -> Tree {
    let script = vpcflow(&format!("completions {shell}")).result();
    let question = "[questions.my-own]\nabout = 'tests'\ncommand = 'top'\n";
    Tree::of(file, script).file(".vpcflow.toml", question).file("testlogs/x", "")
}

/// What a shell prints for a script, in that directory, with the program in its path.
fn printed(shell: &str, args: &[&str], script: &str, tree: &Tree) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_vpcflow")).parent().expect("a directory");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(shell);
    command.args(args).args(["-c", script]).current_dir(tree.root()).env("PATH", path).env("HOME", tree.root());
    command.env_remove("VPCFLOW_CONFIG").env("XDG_CONFIG_HOME", tree.path("none")).env("TERM", "dumb");
    let output = command.stdin(Stdio::null()).output().expect("a shell");
    String::from_utf8_lossy(&output.stdout).lines().map(|line| line.trim_end().to_string()).collect()
}

#[test]
fn words_are_printed_for_the_scripts() {
    let words = |args: &str| vpcflow(&format!("completions --words {args}")).result();
    assert!(words("keys").starts_with("src-ip\tsource address"), "{}", words("keys"));
    assert!(words("fields").starts_with("all\t"));
    assert!(words("measures --current flows,").contains("flows,distinct(\t"));
    assert!(words("questions").contains("athena/top-talkers\t"));
    assert!(words("keys --current=-").starts_with("src-ip\t"));
    vpcflow("completions --words nothing").gives(2, "", &["keys, fields, measures, questions"]);
    vpcflow("completions").gives(2, "", &["<SHELL>"]);
}

/// What bash offers for the last of the words.
fn bash(tree: &Tree, words: &[&str]) -> Vec<String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
    let script = format!(
        "source vpcflow.bash; COMP_WORDS=({}); COMP_CWORD={}; _vpcflow_or_known vpcflow '{last}' '{before}' 2>/dev/null; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        words.len() - 1
    );
    printed("bash", &["--norc", "--noprofile"], &script, tree)
}

#[test]
fn bash_completes_what_vpcflow_knows() {
    if !is_installed("bash") {
        return;
    }
    let tree = tree("bash", "vpcflow.bash");
    for (words, expected) in [
        (&["vpcflow", "top", "--by", "tcp-"][..], &["tcp-flags", "tcp-flag-names"][..]),
        (&["vpcflow", "top", "--by", "src-ip,tcp-"], &["src-ip,tcp-flags", "src-ip,tcp-flag-names"]),
        (&["vpcflow", "--no-config", "top", "--by", "src-ip,dst-i"], &["src-ip,dst-ip", "src-ip,dst-inside"]),
        (&["vpcflow", "top", "--by", "=", "vpc"], &["vpc-id"]),
        (&["vpcflow", "top", "--agg", "flows,rej"], &["flows,rejects", "flows,reject_pct"]),
        (&["vpcflow", "top", "--agg", "distinct(dst-p"], &["distinct(dst-port)"]),
        (&["vpcflow", "ports", "--sort", "by"], &["bytes"]),
        (&["vpcflow", "run", "my"], &["my-own"]),
        (&["vpcflow", "run", "--show", "athena/ipv"], &["athena/ipv4-traffic", "athena/ipv6-traffic"]),
        (&["vpcflow", "run", "my-own", "--by", "vpc"], &["vpc-id"]),
        // What is not known is left to the generated script.
        (&["vpcflow", "top", "-o", "js"], &["json"]),
        (&["vpcflow", "inter"], &["interfaces"]),
        (&["vpcflow", "top", "--li"], &["--limit"]),
    ] {
        assert_eq!(bash(&tree, words), expected, "{words:?}");
    }
    assert_eq!(bash(&tree, &["vpcflow", "top", "--by", ""])[..3], ["src-ip", "dst-ip", "src-port"]);
    let registered = printed("bash", &["--norc"], "source vpcflow.bash; complete -p vpcflow", &tree);
    assert!(registered[0].contains("_vpcflow_or_known"), "{registered:?}");
}

#[test]
fn fish_completes_what_vpcflow_knows() {
    if !is_installed("fish") {
        return;
    }
    let tree = tree("fish", "vpcflow.fish");
    for (line, expected) in [
        ("top --by tcp-", &["tcp-flags", "tcp-flag-names"][..]),
        ("top --by src-ip,tcp-", &["src-ip,tcp-flags", "src-ip,tcp-flag-names"]),
        ("top --by=src-p", &["--by=src-port"]),
        ("top --agg 'flows,distinct(dst-p", &["flows,distinct(dst-port)"]),
        ("ports --sort by", &["bytes"]),
        ("run my", &["my-own"]),
        ("run --show athena/ipv", &["athena/ipv4-traffic", "athena/ipv6-traffic"]),
        ("run my-own --by vpc", &["vpc-id"]),
        ("run my-own testl", &["testlogs/"]),
        ("top -o js", &["json"]),
    ] {
        let offered =
            printed("fish", &["--no-config"], &format!("source vpcflow.fish; complete -C \"vpcflow {line}\""), &tree);
        let words: Vec<&str> = offered.iter().map(|line| line.split('\t').next().unwrap_or_default()).collect();
        assert_eq!(words, expected, "{line}");
    }
}

/// zsh completes only at a terminal: it makes one for another zsh, types, and reads the line back.
#[test]
fn zsh_completes_what_vpcflow_knows() {
    if !is_installed("zsh") {
        return;
    }
    let tree = tree("zsh", "_vpcflow");
    let typed = [
        ("top --by dst-po", "top --by dst-port"),
        ("top --by src-ip,dst-po", "top --by src-ip,dst-port"),
        ("top --by=src-p", "top --by=src-port"),
        ("top --agg 'flows,distinct(dst-p", "top --agg 'flows,distinct(dst-port)"),
        ("run my", "run my-own"),
        ("run --show insights/ski", "run --show insights/skipdata"),
        ("run my-own --by vpc", "run my-own --by vpc-id"),
        ("run my-own --by=vpc", "run my-own --by=vpc-id"),
        ("run my-own testl", "run my-own testlogs"),
        ("top -o js", "top -o json"),
    ];
    let lines: String = typed.iter().map(|(line, _)| format!("complete_line {line:?}\n")).collect();
    let script = r#"
zmodload zsh/zpty || exit 0
zpty -b z zsh -f -i
typed() { zpty -w -n z "$1" }
until_seen() {
    local part text="" i
    for i in {1..200}; do
        while zpty -r -t z part; do text+=$part; done
        [[ $text == *$1* ]] && break
        sleep 0.05
    done
}
# The line is shown by a key of its own, once it has been completed.
complete_line() {
    typed $'\C-uvpcflow '"$1"$'\t\C-x\C-x'
    until_seen '>>'
}
zpty -w z "PS1=; fpath=(\$PWD \$fpath); autoload -Uz compinit; compinit -u -D; bindkey -e"
zpty -w z "show() { print -r -- \"\$BUFFER\" >> shown; print -r -- '>>' }; zle -N show; bindkey '^X^X' show; print rea''dy"
until_seen ready
"#;
    printed("zsh", &["-f"], &format!("{script}{lines}zpty -d z"), &tree);
    let shown = fs::read_to_string(tree.path("shown")).unwrap_or_default();
    let shown: Vec<&str> =
        shown.lines().map(|line| line.trim_start_matches("vpcflow ").trim_end_matches(['/', ' '])).collect();
    let expected: Vec<&str> = typed.iter().map(|(_, line)| *line).collect();
    assert_eq!(shown, expected);
}
