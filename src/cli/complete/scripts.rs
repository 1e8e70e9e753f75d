//! The scripts that clap makes for shells, and what is added to those of bash, zsh and fish: they ask
//! vpcflow itself for fields, measures and saved questions. What is asked for where follows from the
//! options of the commands.

use super::Known;
use clap::{Arg, Command, ValueEnum};
use clap_complete::Shell;
use std::fmt::Write;

const BASH: &str = include_str!("known.bash");
const ZSH: &str = include_str!("known.zsh");
const FISH: &str = include_str!("known.fish");

/// An option whose values vpcflow knows.
struct Place {
    command: String,
    option: String,
    value_name: String,
    known: Known,
}

/// The completions for a shell.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    let mut command = crate::cli::command();
    clap_complete::generate(shell, &mut command, "vpcflow", &mut text);
    let made = String::from_utf8(text).expect("scripts are text");
    let places = places(&command);
    match shell {
        Shell::Bash => bash(&made, &places),
        Shell::Zsh => zsh(&made, &places),
        Shell::Fish => fish(&made, &places),
        _ => made,
    }
    .into_bytes()
}

/// The options of the commands whose values are known. A saved question takes those of every command.
fn places(root: &Command) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for command in root.get_subcommands() {
        for (arg, known) in command.get_arguments().filter_map(|arg| Some((arg, known(arg)?))) {
            let option = arg.get_long().unwrap_or_default();
            let value_name = arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name);
            let place = |command: &str| Place {
                command: command.into(),
                option: option.into(),
                value_name: value_name.into(),
                known,
            };
            places.push(place(command.get_name()));
            if !places.iter().any(|place| place.command == "run" && place.option == option) {
                places.push(place("run"));
            }
        }
    }
    places
}

fn known(arg: &Arg) -> Option<Known> {
    let measure = || arg.get_value_names().is_some_and(|names| names.first().is_some_and(|name| name == "MEASURE"));
    match arg.get_long()? {
        "by" => Some(Known::Keys),
        "fields" => Some(Known::Fields),
        "agg" | "sort" if measure() => Some(Known::Measures),
        _ => None,
    }
}

fn name(known: Known) -> String {
    known.to_possible_value().expect("a word").get_name().to_string()
}

/// The generated function is asked where vpcflow has nothing to say.
fn bash(made: &str, places: &[Place]) -> String {
    let mut cases = String::new();
    for place in places {
        _ = writeln!(cases, "        {},--{}) known={} ;;", place.command, place.option, name(place.known));
    }
    let made = made.replace("complete -F _vpcflow -o", "complete -F _vpcflow_or_known -o");
    let (functions, registration) = made.rsplit_once("\nif ").expect("the script ends with the registration");
    format!("{functions}\n{}\nif {registration}", BASH.replace("        @CASES@\n", &cases))
}

/// Options name a function after their value: ours is put there.
fn zsh(made: &str, places: &[Place]) -> String {
    let mut made = made.to_string();
    for place in places {
        let action = format!(":{}:_vpcflow_{}' \\", place.value_name, name(place.known));
        let put = |line: &str| {
            let is_option = line.contains(&format!("--{}=[", place.option));
            let ends = [format!(":{}:' \\", place.value_name), format!(":{}:_default' \\", place.value_name)];
            let end = ends.iter().find_map(|end| line.strip_suffix(&end[..])).filter(|_| is_option);
            end.map_or_else(|| line.to_string(), |start| format!("{start}{action}"))
        };
        made = made.lines().map(|line| put(line) + "\n").collect();
    }
    let mut cases = String::new();
    for place in places.iter().filter(|place| place.command == "run") {
        _ = writeln!(cases, "        --{}) _vpcflow_{} ;;", place.option, name(place.known));
    }
    let (before, rest) = made.split_once("\n'*::words -- ").expect("the arguments of `vpcflow run`");
    let (about, after) = rest.split_once(":_default' \\").expect("the action of an argument");
    let (middle, registration) = after.rsplit_once("\nif ").expect("the script ends with the registration");
    let ours = ZSH.replace("        @CASES@\n", &cases);
    format!("{before}\n'*::words -- {about}:_vpcflow_question' \\{middle}\n{ours}\nif {registration}")
}

/// What is added to an option adds to its completions.
fn fish(made: &str, places: &[Place]) -> String {
    let mut made = format!("{made}\n{FISH}");
    for place in places {
        let (command, option, known) = (&place.command, &place.option, name(place.known));
        let asked = format!("-n \"__fish_vpcflow_using_subcommand {command}\" -l {option}");
        _ = writeln!(made, "complete -c vpcflow {asked} -x -k -a \"(__fish_vpcflow_known {known})\"");
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_fields_and_measures_is_known() {
        let places = places(&crate::cli::command());
        let has = |command: &str, option: &str, known| {
            places.iter().any(|p| p.command == command && p.option == option && p.known == known)
        };
        assert!(
            has("top", "by", Known::Keys)
                && has("top", "agg", Known::Measures)
                && has("ports", "sort", Known::Measures)
        );
        assert!(has("run", "by", Known::Keys) && has("run", "sort", Known::Measures));
        assert_eq!(places.iter().filter(|place| place.command == "run" && place.option == "by").count(), 1);
    }

    #[test]
    fn each_script_asks_in_its_own_way() {
        let text = |shell| String::from_utf8(script(shell)).unwrap();
        let bash = text(Shell::Bash);
        assert!(bash.contains("top,--by) known=keys ;;") && !bash.contains("@CASES@"));
        assert!(!bash.contains("complete -F _vpcflow -o"));
        let zsh = text(Shell::Zsh);
        assert!(zsh.contains(":FIELD:_vpcflow_keys' \\") && zsh.contains(":MEASURE:_vpcflow_measures' \\"));
        assert!(zsh.contains(":_vpcflow_question' \\") && !zsh.contains("@CASES@"));
        assert!(text(Shell::Fish).contains("-l by -x -k -a \"(__fish_vpcflow_known keys)\""));
    }
}
