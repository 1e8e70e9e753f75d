//! Files with something wrong with them, and what has to come of each. There is one set of them for
//! all ways of reading.

pub mod compressed;
pub mod text;

use super::lines::{flow, log};
use super::tree::Tree;
use super::{Outcome, vpcflow};

/// The counts of the account that every fault is held to; those that it does not name are 0.
const COUNTS: [&str; 10] = [
    "headers",
    "blank",
    "flows",
    "nodata",
    "skipdata",
    "other_status",
    "malformed",
    "bad_values",
    "files_failed",
    "files_partial",
];

/// A file, and what has to come of it.
pub struct Fault {
    pub subject: String,
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// The text in it, as far as there is any; `None` where it is not read to its end.
    pub text: Option<Vec<u8>>,
    status: i32,
    counts: Vec<(&'static str, u64)>,
    /// What each line on standard error says, in their order.
    says: Vec<String>,
    /// What is said goes by the name.
    pub of_name: bool,
}

impl Fault {
    /// A file of this text.
    pub fn plain(subject: &str, text: impl AsRef<[u8]>) -> Fault {
        Fault::packed(subject, text.as_ref(), text.as_ref()).named("fault.log")
    }

    /// A file of these bytes, in which this text is.
    pub fn packed(subject: &str, bytes: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> Fault {
        Fault {
            subject: subject.into(),
            name: "fault.log.gz",
            bytes: bytes.as_ref().to_vec(),
            text: Some(text.as_ref().to_vec()),
            status: 0,
            counts: vec![],
            says: vec![],
            of_name: false,
        }
    }

    pub fn named(self, name: &'static str) -> Fault {
        Fault { name, ..self }
    }

    /// So many of what this is the name of in the account.
    pub fn counts(mut self, name: &'static str, count: u64) -> Fault {
        assert!(COUNTS.contains(&name), "{name}");
        self.counts.push((name, count));
        self
    }

    /// So many flows, below a header.
    pub fn flows(self, count: u64) -> Fault {
        self.counts("headers", 1).counts("flows", count)
    }

    /// Something is said of it.
    pub fn says(mut self, what: impl Into<String>) -> Fault {
        self.says.push(what.into());
        self
    }

    /// Something is said of it that goes by its name.
    pub fn says_of_name(self, what: &str) -> Fault {
        Fault { of_name: true, ..self.says(what) }
    }

    /// A part of it is lost, or may be wrong.
    pub fn partial(self, what: impl Into<String>) -> Fault {
        Fault { status: 3, ..self.counts("files_partial", 1).says(what) }
    }

    /// A part of it is not read: how much has been read before that is known depends on how.
    pub fn given_up(self, what: impl Into<String>) -> Fault {
        Fault { text: None, ..self.partial(what) }
    }

    /// Nothing of it is read.
    pub fn failed(self, what: impl Into<String>) -> Fault {
        Fault { status: 3, text: None, ..self.counts("files_failed", 1).says(what) }
    }

    /// How many lines there are, by a count that has nothing of the program's.
    pub fn lines(&self) -> Option<u64> {
        self.text.as_ref().map(|text| lines(text))
    }

    fn count(&self, name: &str) -> u64 {
        self.counts.iter().filter(|(counted, _)| *counted == name).map(|(_, count)| count).sum()
    }

    /// Holds what comes of it, beside a healthy file that always counts, and that it comes of it whichever
    /// way the bytes come.
    pub fn hold(&self) {
        let tree = Tree::of(self.name, &self.bytes).file("z-healthy.log", log(&[flow(), flow()]));
        let run = || vpcflow("summary -o csv --stats=json").dir(tree.root());
        let named = run().arg(self.name).arg("z-healthy.log").outcome();
        self.hold_outcome(&named);
        assert_eq!(run().outcome().stdout, named.stdout, "{}: in its directory", self.subject);
        let alone = run().arg("-j1").arg(self.name).outcome();
        if self.of_name {
            return;
        }
        for (way, other) in [("a pipe", run().stdin(&self.bytes)), ("a file", run().stdin_file(tree.path(self.name)))] {
            let other = other.outcome();
            let context = format!("{} from {way}:\n{other}\nand by its name:\n{alone}", self.subject);
            assert_eq!((other.status, &other.stdout), (alone.status, &alone.stdout), "{context}");
            assert_eq!(other.warnings().replace(": -:", &format!(": {}:", self.name)), alone.warnings(), "{context}");
            assert_eq!(self.account(&other), self.account(&alone), "{context}");
        }
    }

    fn hold_outcome(&self, outcome: &Outcome) {
        let stats = outcome.stats();
        let count = |name: &str| stats[name].as_u64().expect("a count");
        let context = format!("{}: {outcome}", self.subject);
        assert_eq!(outcome.status, self.status, "{context}");
        for name in COUNTS {
            let healthy = match name {
                "headers" => 1,
                "flows" => 2,
                _ => 0,
            };
            assert_eq!(count(name), self.count(name) + healthy, "{name} of {context}");
        }
        if let Some(lines) = self.lines() {
            assert_eq!(count("lines"), lines + 3, "lines of {context}");
        }
        let sum = |names: &[&str]| names.iter().map(|name| count(name)).sum::<u64>();
        assert_eq!(count("lines"), sum(&["headers", "blank", "records", "malformed"]), "{context}");
        assert_eq!(count("records"), sum(&["flows", "nodata", "skipdata", "other_status"]), "{context}");
        assert_eq!((count("matched"), count("files")), (count("records"), 2), "{context}");
        self.hold_words(&outcome.warnings(), &context);
    }

    fn hold_words(&self, warnings: &str, context: &str) {
        let said: Vec<&str> = warnings.lines().collect();
        assert_eq!(said.len(), self.says.len(), "{context}");
        for (i, (line, expected)) in said.iter().zip(&self.says).enumerate() {
            // What is shown of many is followed by how many there are.
            let is_about_it = line.contains(&format!("{}:", self.name)) || i > 0 && line.contains(" in all");
            assert!(line.contains(expected.as_str()) && is_about_it, "'{expected}' is not said of {context}");
        }
        let is_error = said.first().is_some_and(|line| line.starts_with("vpcflow: error: "));
        assert_eq!(is_error, self.status != 0, "{context}");
    }

    /// The account, but for the time it took, and for how far reading was ahead of what could be used.
    fn account(&self, outcome: &Outcome) -> serde_json::Map<String, serde_json::Value> {
        let mut stats = outcome.stats();
        stats.retain(|name, _| match &name[..] {
            "seconds" => false,
            "bytes_read" => self.is_sound(),
            "bytes_unpacked" => self.text.is_some(),
            _ => true,
        });
        stats
    }

    /// Whether all of its bytes are of use.
    pub fn is_sound(&self) -> bool {
        self.status == 0
    }
}

/// Lines that end in a newline, and a last one that does not.
fn lines(text: &[u8]) -> u64 {
    let newlines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
    newlines + u64::from(text.last().is_some_and(|last| *last != b'\n'))
}
