//! Runs the real program, and checks standard output, standard error and status together, always.

#![allow(dead_code, reason = "every test file uses a part of this")]

pub mod answers;
pub mod conditions;
pub mod faults;
pub mod held;
pub mod lines;
pub mod oracle;
pub mod random;
pub mod terminal;
pub mod times;
pub mod tools;
pub mod tree;
pub mod views;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A run of the program that is being set up.
pub struct Vpcflow {
    args: Vec<OsString>,
    stdin: Input,
    dir: PathBuf,
    env: Vec<(&'static str, String)>,
    stdout: Option<File>,
    nobody: bool,
    under: Vec<OsString>,
}

enum Input {
    /// Not data: the current directory is read.
    Nothing,
    Bytes(Vec<u8>),
    File(PathBuf),
    /// A pipe that whoever starts the program writes into.
    Pipe,
}

/// `vpcflow` with the arguments in `line`, which are split at spaces. Without a path it reads the
/// current directory, which is the repository unless `dir` says otherwise.
pub fn vpcflow(line: &str) -> Vpcflow {
    Vpcflow {
        args: line.split_whitespace().map(OsString::from).collect(),
        stdin: Input::Nothing,
        dir: root().to_path_buf(),
        env: Vec::new(),
        stdout: None,
        nobody: false,
        under: Vec::new(),
    }
}

impl Vpcflow {
    /// One more argument, as it is.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Vpcflow {
        self.args.push(arg.as_ref().to_os_string());
        self
    }

    /// More arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Vpcflow {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_os_string()));
        self
    }

    /// A pipe with these bytes on standard input.
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Vpcflow {
        self.stdin = Input::Bytes(bytes.as_ref().to_vec());
        self
    }

    /// A file as standard input.
    pub fn stdin_file(mut self, path: impl AsRef<Path>) -> Vpcflow {
        self.stdin = Input::File(path.as_ref().to_path_buf());
        self
    }

    /// A pipe that is left open: see `spawn`.
    pub fn stdin_pipe(mut self) -> Vpcflow {
        self.stdin = Input::Pipe;
        self
    }

    /// The current directory.
    pub fn dir(mut self, dir: impl AsRef<Path>) -> Vpcflow {
        self.dir = dir.as_ref().to_path_buf();
        self
    }

    /// A variable of the environment.
    pub fn env(mut self, name: &'static str, value: impl ToString) -> Vpcflow {
        self.env.push((name, value.to_string()));
        self
    }

    /// Where standard output goes, instead of into the outcome.
    pub fn stdout(mut self, file: File) -> Vpcflow {
        self.stdout = Some(file);
        self
    }

    /// Started by another program, with these arguments before its own.
    pub fn under(mut self, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Vpcflow {
        self.under.extend(words.into_iter().map(|word| word.as_ref().to_os_string()));
        self
    }

    /// Started by a shell, in a script in which `"$@"` stands for the program with its arguments.
    pub fn script(self, script: &str) -> Vpcflow {
        self.under(["sh", "-c", script, "sh"])
    }

    /// As a user who may not read everything. `None`, with a message, where that is not possible.
    /// The program is copied into the current directory, which that user can enter.
    pub fn nobody(mut self) -> Option<Vpcflow> {
        self.nobody = true;
        let may = !is_root(&self.dir) || Command::new("setpriv").arg("--version").output().is_ok();
        if !may {
            _ = writeln!(std::io::stderr(), "skipped: running as root, and setpriv is not installed");
        }
        may.then_some(self)
    }

    /// The program with its arguments, ready to be started.
    pub fn command(&self) -> Command {
        let program = env!("CARGO_BIN_EXE_vpcflow");
        let mut command = if let Some((first, rest)) = self.under.split_first() {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        } else if self.nobody && is_root(&self.dir) {
            let copy = self.dir.join(".vpcflow");
            // A link, where that is possible: a copy that is still open for writing cannot be run.
            if !copy.exists() && std::fs::hard_link(program, &copy).is_err() {
                std::fs::copy(program, &copy).expect("a copy of the program");
            }
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
            command
        } else {
            Command::new(program)
        };
        for name in ["COLUMNS", "LINES", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "RAYON_NUM_THREADS"] {
            command.env_remove(name);
        }
        // Whoever runs the tests may have questions and defaults of their own.
        command.env_remove("VPCFLOW_CONFIG").env("XDG_CONFIG_HOME", "/nonexistent");
        command.args(&self.args).current_dir(&self.dir).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(match &self.stdin {
            Input::Nothing => Stdio::null(),
            Input::Bytes(_) | Input::Pipe => Stdio::piped(),
            Input::File(path) => File::open(path).expect("standard input").into(),
        });
        command.stdout(match &self.stdout {
            Some(file) => file.try_clone().expect("standard output").into(),
            None => Stdio::piped(),
        });
        command.stderr(Stdio::piped());
        command
    }

    /// Starts the program; its standard input, if it is bytes, is written by another thread.
    pub fn spawn(&self) -> Child {
        let mut child = self.command().spawn().expect("the program starts");
        if let Input::Bytes(bytes) = &self.stdin
            && let Some(mut pipe) = child.stdin.take()
        {
            let bytes = bytes.clone();
            // The program may stop reading before the end.
            std::thread::spawn(move || _ = pipe.write_all(&bytes));
        }
        child
    }

    /// Runs the program to its end.
    pub fn outcome(self) -> Outcome {
        let mut child = self.spawn();
        let outputs = [
            child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        ];
        let (sender, finished) = mpsc::channel();
        for (i, mut pipe) in outputs.into_iter().enumerate().filter_map(|(i, pipe)| Some((i, pipe?))) {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let read = pipe.read_to_end(&mut bytes);
                _ = sender.send((i, read.map(|_| bytes)));
            });
        }
        drop(sender);
        let mut texts = [String::new(), String::new()];
        loop {
            match finished.recv_timeout(PATIENCE) {
                Ok((i, bytes)) => {
                    let bytes = bytes.expect("a pipe that can be read");
                    texts[i] = String::from_utf8(bytes).expect("all that is written is UTF-8");
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    _ = child.kill();
                    _ = child.wait();
                    panic!("vpcflow {:?} hangs", self.args);
                }
            }
        }
        let ended = child.wait().expect("an end");
        let [stdout, stderr] = texts;
        let line: Vec<String> = self.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let line = format!("vpcflow {}", line.join(" "));
        assert_eq!(ended.signal(), None, "{line} was killed:\n{stderr}");
        assert!(!stderr.contains("internal error") && !stderr.contains("panicked"), "{line}:\n{stderr}");
        Outcome { line, status: ended.code().expect("a status"), stdout, stderr }
    }

    /// Holds that the run ends with `status` and writes this, and nothing else.
    #[track_caller]
    pub fn gives<'a>(self, status: i32, stdout: impl Into<Text<'a>>, stderr: impl Into<Text<'a>>) -> Outcome {
        let outcome = self.outcome();
        outcome.check(status, &stdout.into(), &stderr.into());
        outcome
    }

    /// Holds that the run writes this result and nothing else, and ends well.
    #[track_caller]
    pub fn prints(self, stdout: &str) {
        self.gives(0, stdout, "");
    }

    /// The result of a run that ends well and without a word.
    #[track_caller]
    pub fn result(self) -> String {
        self.gives(0, Text::Any, "").stdout
    }
}

/// Whether this process may read everything: files that it makes in `dir` are root's.
fn is_root(dir: &Path) -> bool {
    tempfile::tempfile_in(dir).and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.uid() == 0)
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The command line.
    pub line: String,
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// What a text has to be.
pub enum Text<'a> {
    Any,
    Is(&'a str),
    /// All of these stand in it.
    Has(&'a [&'a str]),
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Text::Is(text)
    }
}

impl<'a> From<&'a String> for Text<'a> {
    fn from(text: &'a String) -> Self {
        Text::Is(text)
    }
}

impl<'a, const N: usize> From<&'a [&'a str; N]> for Text<'a> {
    fn from(parts: &'a [&'a str; N]) -> Self {
        Text::Has(parts)
    }
}

impl Text<'_> {
    fn fits(&self, text: &str) -> bool {
        match self {
            Text::Any => true,
            Text::Is(all) => text == *all,
            Text::Has(parts) => parts.iter().all(|part| text.contains(part)),
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Any => write!(f, "anything"),
            Text::Is(text) => write!(f, "exactly:\n{text}"),
            Text::Has(parts) => write!(f, "all of: {parts:?}"),
        }
    }
}

impl Outcome {
    /// Holds all three at once.
    #[track_caller]
    pub fn check(&self, status: i32, stdout: &Text<'_>, stderr: &Text<'_>) {
        let good = self.status == status && stdout.fits(&self.stdout) && stderr.fits(&self.stderr);
        assert!(good, "expected status {status}, stdout {stdout}\nstderr {stderr}\n\nbut it was\n{self}");
    }

    /// The rows of a CSV result, without the header.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().from_reader(self.stdout.as_bytes());
        let rows = reader.records().map(|row| row.expect("CSV").iter().map(String::from).collect());
        rows.collect()
    }

    /// The account that `--stats=json` wrote as the last line of standard error.
    pub fn stats(&self) -> serde_json::Map<String, serde_json::Value> {
        let line = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("no account ({error}) in\n{self}"))
    }

    /// Standard error without the account.
    pub fn warnings(&self) -> String {
        self.stderr.lines().filter(|line| !line.starts_with('{')).map(|line| format!("{line}\n")).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "$ {}\n{}", self.line, self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "-- standard error\n{}", self.stderr)?;
        }
        write!(f, "-- status {}", self.status)
    }
}
