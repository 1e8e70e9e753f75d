//! One set of records in every form in which flow logs are delivered or passed on. The writers are
//! the tests' own, and plain: what they write is what the documentation of the form says.

#![allow(dead_code, reason = "every test file uses a part of this")]

pub mod cloudwatch;
pub mod json;
pub mod ocsf;
pub mod parquet;
pub mod records;
pub mod text;

use crate::support::tree::Tree;
use crate::support::{Vpcflow, vpcflow};
use records::{DEFAULT, Format, Record};
use std::path::Path;

/// Some records in one form: the files, and what has to be said about them.
#[derive(Clone, Debug)]
pub struct Form {
    pub name: String,
    files: Vec<(String, Vec<u8>)>,
    /// A file that is read about the logs, not as a log.
    flow_logs: Option<String>,
    args: Vec<String>,
}

/// The folder of the logs.
const LOGS: &str = "logs";

impl Form {
    /// A form without files.
    pub fn named(name: impl Into<String>) -> Form {
        Form { name: name.into(), files: Vec::new(), flow_logs: None, args: Vec::new() }
    }

    /// A form that is one file.
    pub fn one(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Form {
        Form::named(name).file("log", bytes)
    }

    /// One more file.
    pub fn file(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Form {
        self.files.push((path.into(), bytes.into()));
        self
    }

    /// All files of another form, in a folder of their own. What has to be said about them has to be the
    /// same.
    pub fn and(mut self, folder: &str, other: &Form) -> Form {
        assert_eq!((&self.args, &self.flow_logs), (&other.args, &other.flow_logs), "{}", other.name);
        self.files.extend(other.files.iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes.clone())));
        self
    }

    /// The bytes, if it is one file.
    pub fn only(&self) -> Option<&[u8]> {
        match &self.files[..] {
            [(_, bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// Every form in which records of the default format come without a word about them.
    pub fn all(records: &[Record]) -> Vec<Form> {
        [
            text::with_header(records, DEFAULT),
            text::headerless(records, DEFAULT),
            text::trees(records),
            text::concatenated(records),
            cloudwatch::exports(records, DEFAULT),
            cloudwatch::tails(records, DEFAULT),
            cloudwatch::console(records, DEFAULT),
            json::events(records, DEFAULT),
            json::insights(records).into_iter().filter(|form| form.args.is_empty()).collect(),
            json::subscriptions(records, DEFAULT),
            json::firehose(records, DEFAULT),
            json::sumo(records),
            parquet::files(records),
            parquet::trees(records),
            parquet::sorted(records),
            ocsf::security_lake(records),
        ]
        .concat()
    }

    /// With lines without a header, whose format the command line names if it is not the default.
    pub fn headerless(mut self, format: Format) -> Form {
        self.args.extend(format.option());
        self
    }

    /// With what `aws ec2 describe-flow-logs` says.
    pub fn described(mut self, flow_logs: String) -> Form {
        self.flow_logs = Some(flow_logs);
        self
    }

    /// Writes the files.
    pub fn tree(&self) -> Tree {
        let tree = Tree::new();
        for (path, bytes) in &self.files {
            tree.write(Path::new(LOGS).join(path), bytes);
        }
        if let Some(text) = &self.flow_logs {
            tree.write("flow-logs.json", text);
        }
        tree
    }

    /// A run over the files.
    pub fn ask(&self, question: &str, tree: &Tree) -> Vpcflow {
        self.run(question, tree).arg(LOGS)
    }

    /// A run over the bytes on standard input, if the form is one file whose name tells nothing.
    pub fn ask_stdin(&self, question: &str, tree: &Tree) -> Option<Vpcflow> {
        let [(path, bytes)] = &self.files[..] else { return None };
        (path == "log").then(|| self.run(question, tree).stdin(bytes))
    }

    /// A run of the question, in which everything behind `-w` is the condition.
    fn run(&self, question: &str, tree: &Tree) -> Vpcflow {
        let described = self.flow_logs.iter().flat_map(|_| ["--flow-logs", "flow-logs.json"]);
        let (line, condition) = match question.split_once(" -w ") {
            Some((line, condition)) => (line, Some(condition)),
            None => (question, None),
        };
        let condition = condition.iter().flat_map(|condition| ["-w", condition]);
        vpcflow(line).args(condition).args(&self.args).args(described).dir(tree.root())
    }
}
