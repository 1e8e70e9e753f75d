//! A command line made of layers: defaults, the options of a question, and those that are given
//! now. A later option wins over an earlier one, and over those that it excludes. Only options that
//! add to one another (`--include`, `--exclude`) do so across layers, too; a list, such as that of
//! `--by`, is replaced as a whole.

use crate::cli::{Error, command};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::OsString;

/// Options of a command, and where they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub words: Vec<OsString>,
    /// What messages begin with if they are wrong.
    pub from: String,
}

/// An option that a layer has.
struct Written<'a> {
    arg: &'a Arg,
    /// Where in the layer it stands first.
    place: usize,
    words: Vec<OsString>,
}

/// The command line of `name` with the layers and, last, what is given now, word by word.
pub fn compose(name: &str, layers: &[Layer], given: &[OsString]) -> Result<Vec<OsString>, Error> {
    let mut root = command();
    root.build();
    let subcommand = root.find_subcommand(name).expect("a command").clone();
    // What is wrong with it is said when the whole is read.
    let root_of_given = command().ignore_errors(true);
    let mut matches = Vec::new();
    for layer in layers {
        let read = read(command(), name, &layer.words).map_err(|error| blamed(&error, &layer.from))?;
        if read.get_flag("no_config") {
            return Err(Error::Usage(format!("{}: --no-config has no place in a file that it leaves out", layer.from)));
        }
        matches.push(read);
    }
    matches.push(read(root_of_given, name, given)?);
    let written: Vec<Vec<Written<'_>>> = matches.iter().map(|matches| written(&subcommand, matches)).collect();
    let mut line: Vec<OsString> = vec!["vpcflow".into(), name.into()];
    for (i, layer) in written.iter().enumerate().take(layers.len()) {
        let later: Vec<&Arg> = written[i + 1..].iter().flatten().map(|other| other.arg).collect();
        let mut kept: Vec<_> = layer.iter().filter(|one| !is_replaced(one.arg, &later, &subcommand)).collect();
        kept.sort_by_key(|one| one.place);
        line.extend(kept.into_iter().flat_map(|one| one.words.clone()));
    }
    line.extend(given.iter().cloned());
    Ok(line)
}

/// Reads words as arguments of a command. One that needs more than they have may get it later.
fn read(root: Command, name: &str, words: &[OsString]) -> Result<ArgMatches, Box<clap::Error>> {
    let line = || ["vpcflow".into(), name.into()].into_iter().chain(words.iter().cloned());
    let matches = match root.clone().try_get_matches_from(line()) {
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
            root.ignore_errors(true).try_get_matches_from(line())
        }
        other => other,
    };
    let (_, matches) = matches?.remove_subcommand().expect("the command that was asked for");
    Ok(matches)
}

/// The sentence of an error, with the place it comes from.
fn blamed(error: &clap::Error, from: &str) -> Error {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Error::Usage(format!("{from}: a request for help is not an option to keep"));
    }
    let sentence = text.split("\n\nUsage").next().unwrap_or_default().split("\n\nFor more").next().unwrap_or_default();
    Error::Usage(format!("{from}: {}", sentence.strip_prefix("error: ").unwrap_or(sentence)))
}

/// The options and paths of a layer.
fn written<'a>(command: &'a Command, matches: &ArgMatches) -> Vec<Written<'a>> {
    let mut all = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_global_set()) {
        let id = arg.get_id().as_str();
        if matches.value_source(id) == Some(ValueSource::CommandLine) {
            let place = matches.indices_of(id).and_then(|mut places| places.next()).unwrap_or_default();
            all.push(Written { arg, place, words: words(arg, matches) });
        }
    }
    all
}

/// An option as words again.
fn words(arg: &Arg, matches: &ArgMatches) -> Vec<OsString> {
    let raw = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
    let option = arg.get_long().map(|long| format!("--{long}")).or(arg.get_short().map(|short| format!("-{short}")));
    let Some(option) = option else { return raw.map(|path| not_an_option(path.into())).collect() };
    match (arg.get_action(), arg.get_value_delimiter()) {
        (ArgAction::SetTrue | ArgAction::SetFalse, _) => vec![option.into()],
        (ArgAction::Count, _) => vec![option.into(); matches.get_count(arg.get_id().as_str()).into()],
        (_, Some(delimiter)) => {
            let values: Vec<OsString> = raw.map(OsString::from).collect();
            with_value(arg, &option, values.join(delimiter.to_string().as_ref()))
        }
        _ => raw.flat_map(|value| with_value(arg, &option, value.into())).collect(),
    }
}

/// `--option value`, or `--option=value` where only that is understood.
fn with_value(arg: &Arg, option: &str, value: OsString) -> Vec<OsString> {
    let joined = arg.is_require_equals_set() || value.as_encoded_bytes().starts_with(b"-");
    if joined {
        let mut word = OsString::from(format!("{option}="));
        word.push(value);
        return vec![word];
    }
    vec![option.into(), value]
}

/// A path that begins with a dash would be taken for an option; `-` alone is standard input.
fn not_an_option(path: OsString) -> OsString {
    if !path.as_encoded_bytes().starts_with(b"-") || path == "-" {
        return path;
    }
    let mut below = OsString::from("./");
    below.push(path);
    below
}

/// Whether a later layer has the option, or one that excludes it.
fn is_replaced(arg: &Arg, later: &[&Arg], command: &Command) -> bool {
    let adds =
        !arg.is_positional() && matches!(arg.get_action(), ArgAction::Append) && arg.get_value_delimiter().is_none();
    let excludes =
        |a: &Arg, b: &Arg| command.get_arg_conflicts_with(a).iter().any(|other| other.get_id() == b.get_id());
    later.iter().any(|other| (!adds && other.get_id() == arg.get_id()) || excludes(arg, other) || excludes(other, arg))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(layers: &[&str], given: &str) -> Result<String, Error> {
        let words = |text: &str| text.split_whitespace().map(OsString::from).collect::<Vec<_>>();
        let layers: Vec<Layer> =
            layers.iter().map(|text| Layer { words: words(text), from: format!("x.toml: '{text}'") }).collect();
        let line = compose("top", &layers, &words(given))?;
        Ok(line.iter().map(|word| word.to_str().expect("UTF-8")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn later_options_win() {
        for (layers, given, expected) in [
            (&["--limit=5", "--by src-ip,dst-ip -n3"][..], "", "--by src-ip,dst-ip --limit 3"),
            (&["-n 5 --sort flows"], "--limit 7 -o csv", "--sort flows --limit 7 -o csv"),
            (&["-ojson -n5"], "-qn7", "--output json -qn7"),
            (&["--by src-ip --by dst-ip"], "-n 1", "--by src-ip,dst-ip -n 1"),
            (&["--by src-ip"], "--by dst-ip --by dst-port", "--by dst-ip --by dst-port"),
            (
                &["--include a --include b", "--include c"],
                "--include d",
                "--include a --include b --include c --include d",
            ),
            (&["--stats --asc"], "--asc", "--stats=text --asc"),
            (&["--stats=json"], "--stats", "--stats"),
            (&["a b"], "-q", "a b -q"),
            (&["a b"], "c -q", "c -q"),
            (&["-n 3 -- -a"], "-q", "--limit 3 ./-a -q"),
            (&["-"], "", "-"),
            (&["--exclude=-x"], "", "--exclude=-x"),
        ] {
            let expected = format!("vpcflow top {expected}");
            assert_eq!(line(layers, given).unwrap().trim_end(), expected.trim_end(), "{layers:?} + {given}");
        }
    }

    #[test]
    fn mistakes_are_those_of_their_layer() {
        let said = |layer: &str| line(&[layer], "-n 1").unwrap_err().to_string();
        assert!(said("-n x").starts_with("x.toml: '-n x': invalid value 'x' for '--limit <N>'"), "{}", said("-n x"));
        assert!(!said("--bye src-ip").contains("Usage"), "{}", said("--bye src-ip"));
        assert!(said("--bye src-ip").contains("'--by'"));
        assert!(said("--no-config").contains("--no-config has no place"));
        assert!(said("--help").contains("a request for help"));
        // What is given now is judged when the whole is read.
        assert_eq!(line(&["-n 3"], "-n x").unwrap(), "vpcflow top -n x");
    }
}
