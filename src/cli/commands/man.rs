//! `man`: the manual, made from the same texts as `--help`.

use crate::cli::{Error, Status, standard};
use clap::builder::Resettable;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Print the manual page, or write all pages into a directory
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow man | man -l -\n  \
        vpcflow man top | man -l -\n  \
        vpcflow man --out ~/.local/share/man/man1")]
pub struct Man {
    /// The command whose page to print (default: vpcflow itself)
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    page: Option<String>,

    /// Write every page into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub fn run(&self) -> Result<Status, Error> {
        let pages = generate_man_pages();
        if let Some(directory) = &self.out {
            write_pages(directory, &pages)?;
            return Ok(Status::Done);
        }
        let name = self.page.as_ref().map_or("vpcflow.1".into(), |page| format!("vpcflow-{page}.1"));
        let Some((_, text)) = pages.iter().find(|(file, _)| *file == name) else {
            let commands = crate::cli::command();
            let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
            let wanted = self.page.as_deref().unwrap_or_default();
            let hint = crate::schema::closest(wanted, names.iter().copied())
                .map_or_else(|| format!("expected {}", names.join(", ")), |near| format!("did you mean '{near}'?"));
            return Err(Error::Usage(format!("no command '{wanted}'; {hint}")));
        };
        let mut out = standard::output()?;
        out.write_all(text).and_then(|()| out.flush()).map_err(Error::stdout)?;
        Ok(Status::Done)
    }
}

fn write_pages(directory: &Path, pages: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let shown = |path: &Path| crate::schema::escape(path.as_os_str().as_encoded_bytes());
    let failed = |path: &Path, error| Error::Output { path: shown(path), error };
    std::fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    for (name, text) in pages {
        let path = directory.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

/// Every manual page, by file name.
pub fn generate_man_pages() -> Vec<(String, Vec<u8>)> {
    let mut root = crate::cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = vec![page("vpcflow", root.clone())];
    for command in root.get_subcommands() {
        pages.push(page(&format!("vpcflow-{}", command.get_name()), command.clone()));
    }
    pages
}

fn page(name: &str, command: clap::Command) -> (String, Vec<u8>) {
    let mut text = Vec::new();
    let command = command.name(name.to_string()).bin_name(name.replacen('-', " ", 1));
    let source = concat!("vpcflow ", env!("CARGO_PKG_VERSION"));
    let examples = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string);
    let command = command.after_help(Resettable::Reset).after_long_help(Resettable::Reset);
    clap_mangen::Man::new(command).source(source).render(&mut text).expect("memory does not fail");
    let notes = examples.unwrap_or_default();
    let (before, examples) = notes.split_once("Examples:\n").unwrap_or((&notes, ""));
    let (examples, after) = examples.split_once("\n\n").unwrap_or((examples, ""));
    for (title, part) in [("NOTES", before), ("EXAMPLES", examples), ("NOTES", after)] {
        if !part.trim().is_empty() {
            text.extend_from_slice(section(title, part).as_bytes());
        }
    }
    (format!("{name}.1"), text)
}

/// A section as it stands, line by line: neither examples nor lists are prose.
fn section(title: &str, text: &str) -> String {
    let verbatim = text.trim_end().replace('\\', "\\e").replace('-', "\\-").replace("\n.", "\n\\&.");
    format!(".SH {title}\n.nf\n{verbatim}\n.fi\n")
}
