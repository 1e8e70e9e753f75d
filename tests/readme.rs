//! Every example of README.md is run, and prints what stands there: in blocks marked `console`,
//! lines that begin with `$ vpcflow`, each with its output below it. A block that has a pipe or a
//! redirection in a command, or the words `# not run`, is left to the reader.

mod support;

use std::fs;
use std::io::Write;
use support::{root, vpcflow};

/// So many blocks at least have to be run, once there is a README.
const AT_LEAST: usize = 5;

/// A command with what it is said to print.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    args: Vec<String>,
    output: String,
}

/// The blocks that can be run.
fn blocks(text: &str) -> Vec<Vec<Example>> {
    let mut blocks = Vec::new();
    let mut block: Option<Vec<&str>> = None;
    for line in text.lines() {
        match &mut block {
            None if line.trim() == "```console" => block = Some(Vec::new()),
            None => {}
            Some(lines) if line.trim() == "```" => {
                blocks.extend(examples(lines));
                block = None;
            }
            Some(lines) => lines.push(line),
        }
    }
    blocks
}

/// The examples of a block; `None` for one that cannot be run.
fn examples(lines: &[&str]) -> Option<Vec<Example>> {
    let mut examples: Vec<Example> = Vec::new();
    for line in lines {
        match line.strip_prefix("$ ") {
            Some(command) => {
                let mut words = words(command)?;
                if command.contains("# not run") || words.is_empty() || words.remove(0) != "vpcflow" {
                    return None;
                }
                examples.push(Example { args: words, output: String::new() });
            }
            None => {
                let example = examples.last_mut()?;
                example.output.push_str(line.trim_end());
                example.output.push('\n');
            }
        }
    }
    (!examples.is_empty()).then_some(examples)
}

/// The words of a command, with quotes taken off; `None` where only a shell would understand it.
fn words(command: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"'), '$' | '\\' | '`') => return None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '|' | '<' | '>' | '&' | ';' | '$' | '`' | '\\' | '*' | '?' | '~') => return None,
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[test]
fn examples_print_what_they_say() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else {
        _ = writeln!(std::io::stderr(), "there is no README.md");
        return;
    };
    let blocks = blocks(&readme);
    for Example { args, output } in blocks.iter().flatten() {
        let outcome = vpcflow("").args(args).outcome();
        // As a terminal shows it: messages come after the result.
        let shown: String = format!("{}{}", outcome.stdout, outcome.stderr)
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect();
        assert_eq!(shown.trim_end(), output.trim_end(), "README.md says otherwise of `vpcflow {}`", args.join(" "));
    }
    assert!(blocks.len() >= AT_LEAST, "{} blocks of README.md were run, at least {AT_LEAST} should be", blocks.len());
}

#[test]
fn blocks_are_recognised() {
    let text = "# x\n```console\n$ vpcflow top --agg 'distinct(dst-port)' \"a b\"\nsrc-ip  \n\nend\n$ vpcflow summary\n```\n\
                ```console\n$ vpcflow top | head\nx\n```\n```console\n$ vpcflow top logs/  # not run\n```\n\
                ```console\n$ zcat x\n```\n```sh\n$ vpcflow man\n```\n```console\n$ vpcflow top > file\n```\n";
    let example = |args: &[&str], output: &str| Example {
        args: args.iter().map(|arg| arg.to_string()).collect(),
        output: output.to_string(),
    };
    let expected =
        [example(&["top", "--agg", "distinct(dst-port)", "a b"], "src-ip\n\nend\n"), example(&["summary"], "")];
    assert_eq!(blocks(text), [expected]);
}
