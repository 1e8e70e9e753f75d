//! `completions`: what a shell needs to complete commands and options.

use crate::cli::saved::Files;
use crate::cli::{Error, Status};
use clap_complete::Shell;
use std::io::{self, Write};

/// Print completions for a shell
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow completions bash > ~/.local/share/bash-completion/completions/vpcflow\n  \
        vpcflow completions zsh > ~/.zfunc/_vpcflow\n  \
        vpcflow completions fish > ~/.config/fish/completions/vpcflow.fish")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, _: &Files) -> Result<Status, Error> {
        let text = generate_completions(self.shell);
        let written = io::stdout().write_all(&text).and_then(|()| io::stdout().flush());
        written.map_err(Error::stdout)?;
        Ok(Status::Done)
    }
}

/// The completions for a shell.
pub fn generate_completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut crate::cli::command(), "vpcflow", &mut text);
    text
}
