//! The manual pages and the completions in the repository are those that the program makes. With
//! UPDATE=1 in the environment they are written instead.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use support::tree::Tree;
use support::{root, vpcflow};

const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "vpcflow.bash"),
    ("zsh", "_vpcflow"),
    ("fish", "vpcflow.fish"),
    ("powershell", "_vpcflow.ps1"),
    ("elvish", "vpcflow.elv"),
];

/// The files directly in a directory, by name; none if there is no such directory.
fn files(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let read = |path: &Path| fs::read_to_string(path).expect("text");
    entries.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), read(&path))).collect()
}

/// Holds that the directory in the repository has these files and no others, or writes them.
fn hold(directory: &str, made: &BTreeMap<String, String>) {
    let path = root().join(directory);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(&path).expect("a directory");
        for (name, text) in made {
            fs::write(path.join(name), text).expect("a file");
        }
        for name in files(&path).keys().filter(|name| !made.contains_key(*name)) {
            fs::remove_file(path.join(name)).expect("a file that goes");
        }
        _ = writeln!(std::io::stderr(), "{directory}/ is written anew");
        return;
    }
    let found = files(&path);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    let advice = "UPDATE=1 cargo test --test generated";
    assert_eq!(names(&found), names(made), "the files of {directory}/ ({advice} writes them)");
    let stale: Vec<&String> = made.keys().filter(|name| found[*name] != made[*name]).collect();
    assert!(stale.is_empty(), "in {directory}/ out of date: {stale:?} ({advice} writes them)");
}

#[test]
fn manual_pages_are_up_to_date() {
    let tree = Tree::new();
    vpcflow("man --out pages").dir(tree.root()).prints("");
    let pages = files(&tree.path("pages"));
    assert!(pages.contains_key("vpcflow.1") && pages.contains_key("vpcflow-top.1"), "{:?}", pages.keys());
    // One by one they are the same.
    for (name, text) in &pages {
        let page = name.trim_end_matches(".1").trim_start_matches("vpcflow").trim_start_matches('-');
        assert_eq!(&vpcflow(&format!("man {page}")).result(), text, "{name}");
    }
    hold("man", &pages);
}

#[test]
fn completions_are_up_to_date() {
    let made = COMPLETIONS.map(|(shell, name)| (name.to_string(), vpcflow(&format!("completions {shell}")).result()));
    for (name, text) in &made {
        assert!(text.contains("interfaces") && text.contains("log-format"), "{name}");
    }
    hold("completions", &made.into_iter().collect());
}
