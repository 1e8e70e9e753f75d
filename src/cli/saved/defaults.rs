//! Options that are always set: each is known to the command it is for, and the nearest file that
//! names an option has the say.

use super::file::{DefaultOption, File, Given, not_a_command};
use super::{Layer, named, names};
use crate::cli::Error;
use crate::schema::{closest, escape};
use clap::{Arg, ArgAction, Command};

/// Holds that every option of a file is one that some command has, or the command it is for.
pub fn check(file: &File, commands: &[Command]) -> Result<(), Error> {
    let wrong = |line: usize, what: String| Err(Error::Usage(format!("{}:{line}: {what}", file.shown)));
    for defaults in &file.defaults {
        let meant: Vec<&Command> = match &defaults.command {
            None => commands.iter().collect(),
            Some(name) => named(commands, name).into_iter().collect(),
        };
        if let (Some(name), true) = (&defaults.command, meant.is_empty()) {
            return wrong(defaults.line, not_a_command(name, &names(commands)));
        }
        let options: Vec<&Arg> = meant.iter().flat_map(|command| options(command)).collect();
        for option in &defaults.options {
            if options.iter().all(|arg| arg.get_long() != Some(&option.name)) {
                let whose =
                    defaults.command.as_deref().map_or("any command".into(), |name| format!("`vpcflow {name}`"));
                let name = escape(option.name.as_bytes());
                return wrong(
                    option.line,
                    format!("'{name}' is not an option of {whose}{}", hint(&option.name, &options)),
                );
            }
        }
    }
    Ok(())
}

/// The option that was meant, by its one letter or by a slip.
fn hint(wanted: &str, options: &[&Arg]) -> String {
    let letter = options.iter().find(|arg| arg.get_short().is_some_and(|short| short.to_string() == wanted));
    let longs = options.iter().filter_map(|arg| arg.get_long());
    match letter.and_then(|arg| arg.get_long()).or_else(|| closest(wanted, longs)) {
        Some(near) => format!("; did you mean '{near}'?"),
        None => "; expected the long name of an option, without dashes".into(),
    }
}

/// The options that can be set for a command.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    let help = |arg: &&Arg| matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong);
    let settable =
        move |arg: &&Arg| arg.get_long().is_some() && !arg.is_global_set() && !arg.is_hide_set() && !help(arg);
    command.get_arguments().filter(settable)
}

/// The options that are set for a command by files, the nearest first: a layer each.
pub fn layers(files: &[File], command: &Command) -> Vec<Layer> {
    let mut seen: Vec<&str> = Vec::new();
    let mut layers = Vec::new();
    for file in files {
        let is_own = |name: &String| named(std::slice::from_ref(command), name).is_some();
        let own = file.defaults.iter().filter(|defaults| defaults.command.as_ref().is_some_and(is_own));
        let general = file.defaults.iter().filter(|defaults| defaults.command.is_none());
        for option in own.chain(general).flat_map(|defaults| &defaults.options) {
            let Some(arg) = options(command).find(|arg| arg.get_long() == Some(&option.name)) else { continue };
            if !seen.contains(&&option.name[..]) {
                seen.push(&option.name);
                let from = format!("{}:{}: default '{}'", file.shown, option.line, option.name);
                layers.push(Layer { words: words(option, arg), from });
            }
        }
    }
    // The nearest has the last word where options exclude each other.
    layers.reverse();
    layers
}

fn words(option: &DefaultOption, arg: &Arg) -> Vec<std::ffi::OsString> {
    let name = &option.name;
    match (&option.given, arg.get_value_delimiter()) {
        (Given::Flag(false), _) => vec![],
        (Given::Flag(true), _) => vec![format!("--{name}").into()],
        (Given::Values(values), Some(delimiter)) if !values.is_empty() => {
            vec![format!("--{name}={}", values.join(&delimiter.to_string())).into()]
        }
        (Given::Values(values), _) => values.iter().map(|value| format!("--{name}={value}").into()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::reading_commands;
    use super::*;

    fn file(shown: &str, text: &str) -> File {
        File::parse(shown, text).unwrap()
    }

    fn said(text: &str) -> String {
        check(&file("x.toml", text), &reading_commands()).expect_err(text).to_string()
    }

    #[test]
    fn the_nearest_file_has_the_say() {
        let commands = reading_commands();
        let command = |name| commands.iter().find(|command| command.get_name() == name).unwrap();
        let near = file("near", "[defaults]\nlimit = 3\nraw = false\ninclude = ['a', 'b']\n");
        let far = file(
            "far",
            "[defaults]\nraw = true\noutput = 'csv'\n[defaults.top]\nlimit = 9\nby = ['src-ip', 'dst-ip']\n",
        );
        let files = [near, far];
        let words = |name| layers(&files, command(name)).into_iter().flat_map(|layer| layer.words).collect::<Vec<_>>();
        assert_eq!(words("top"), ["--output=csv", "--by=src-ip,dst-ip", "--include=a", "--include=b", "--limit=3"]);
        assert_eq!(words("summary"), ["--output=csv", "--include=a", "--include=b"]);
    }

    #[test]
    fn options_that_no_command_has_are_refused() {
        assert_eq!(
            said("[defaults]\nlog_format = 'v5'\n"),
            "x.toml:2: 'log_format' is not an option of any command; did you mean 'log-format'?"
        );
        assert_eq!(
            said("[defaults.summary]\nlimit = 3\n"),
            "x.toml:2: 'limit' is not an option of `vpcflow summary`; expected the long name of an option, without dashes"
        );
        assert!(said("[defaults]\nn = 3\n").contains("did you mean 'limit'?"));
        assert!(said("[defaults]\nhelp = true\n").contains("'help' is not an option"));
        assert!(said("[defaults]\nno-config = true\n").contains("'no-config' is not an option"));
        assert!(
            said("\n[defaults.tpo]\n")
                .contains("x.toml:2: 'tpo' is not a command that answers a question; did you mean 'top'?")
        );
        assert!(said("[defaults.man]\n").contains("expected one of top, rejects"));
    }
}
