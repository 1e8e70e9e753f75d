//! `completions`: what a shell needs to complete commands and options.

use crate::cli::complete::{Known, script, words};
use crate::cli::saved::Files;
use crate::cli::{Error, Status, standard};
use clap_complete::Shell;
use std::io::Write;

/// Print completions for a shell
///
/// Those of bash, zsh and fish complete fields, measures and saved questions, too.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "vpcflow completions <SHELL>",
    after_help = "Examples:\n  \
        vpcflow completions bash > ~/.local/share/bash-completion/completions/vpcflow\n  \
        vpcflow completions zsh > ~/.zfunc/_vpcflow\n  \
        vpcflow completions fish > ~/.config/fish/completions/vpcflow.fish"
)]
pub struct Completions {
    /// The shell
    #[arg(required_unless_present = "words")]
    shell: Option<Shell>,

    /// Print the words of a kind, one a line, with what they mean: for the scripts
    #[arg(long, value_name = "KIND", hide = true, conflicts_with = "shell")]
    words: Option<Known>,

    /// The word as far as it is typed
    #[arg(long, value_name = "WORD", hide = true, requires = "words", default_value = "", allow_hyphen_values = true)]
    current: String,
}

impl Completions {
    pub fn run(&self, files: &Files) -> Result<Status, Error> {
        let text = match (self.words, self.shell) {
            (Some(kind), _) => lines(&words(kind, &self.current, files)?),
            (None, Some(shell)) => script(shell),
            (None, None) => return Ok(Status::Done),
        };
        let mut out = standard::output()?;
        out.write_all(&text).and_then(|()| out.flush()).map_err(Error::stdout)?;
        Ok(Status::Done)
    }
}

fn lines(words: &[(String, String)]) -> Vec<u8> {
    let line = |(word, about): &(String, String)| match about.is_empty() {
        true => format!("{word}\n"),
        false => format!("{word}\t{}\n", crate::schema::escape(about.as_bytes())),
    };
    words.iter().map(line).collect::<String>().into_bytes()
}

/// The completions for a shell.
pub fn generate_completions(shell: Shell) -> Vec<u8> {
    script(shell)
}
