//! Holds the rooms of the house apart: which part of `src` may use which, how long files are, and
//! where `unsafe` may stand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use; a path with `::` allows only that part of a room.
const ROOMS: [(&str, &[&str]); 12] = [
    ("schema", &[]),
    ("analysis", &[]),
    ("anonymize", &["schema"]),
    ("source", &["schema"]),
    ("decode", &["schema"]),
    ("enrich", &["schema", "decode"]),
    ("query", &["schema", "decode"]),
    ("report", &["schema"]),
    ("engine", &["source", "decode", "enrich", "query", "schema"]),
    ("render", &["report", "schema"]),
    ("cli", &["schema", "analysis", "anonymize", "source", "decode", "enrich", "query", "report", "engine", "render"]),
    ("main", &["cli"]),
];

/// The longest a file may be, in lines. Tables that a script has made are as long as they are.
const LONGEST: usize = 520;
const GENERATED: &str = "src/schema/iana/";

/// Files that may hold `unsafe`, each of which says why with `#![expect(unsafe_code, reason`.
const UNSAFE: [&str; 7] = [
    "src/cli/interrupt.rs",
    "src/cli/memory.rs",
    "src/cli/standard.rs",
    "src/decode/prefetch.rs",
    "src/decode/simd.rs",
    "src/source/inflate.rs",
    "src/source/map.rs",
];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a directory of sources");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "rs" => {
                    let text = fs::read_to_string(&path).expect("a source file");
                    files.insert(name_of(root, &path), text);
                }
                _ => {}
            }
        }
    }
    assert!(files.len() > 30, "the sources are found");
    files
}

fn name_of(root: &Path, path: &Path) -> String {
    let below: PathBuf = path.strip_prefix(root).expect("a path in the repository").into();
    below.to_str().expect("a plain name").to_string()
}

/// The room a file belongs to; `lib` belongs to none.
fn room(file: &str) -> &str {
    let below = file.strip_prefix("src/").expect("a file of src");
    below.split('/').next().expect("a room").trim_end_matches(".rs")
}

/// The text without comments and string literals, and without items under `#[cfg(test)]`.
fn code(text: &str) -> String {
    let mut out = String::new();
    // Indentation of the item that is being left out.
    let mut left_out: Option<usize> = None;
    let mut test_next = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.split("//").next().unwrap_or_default();
        if let Some(depth) = left_out {
            if indent == depth && (line.trim_end().ends_with('}') || line.trim_end().ends_with(';')) {
                left_out = None;
            }
            continue;
        }
        if line.trim_start().starts_with("#[cfg(test)]") {
            test_next = true;
            continue;
        }
        if test_next {
            test_next = line.trim_start().starts_with('#');
            let one_line = line.trim_end().ends_with(';') || line.trim_end().ends_with('}');
            left_out = (!test_next && !one_line).then_some(indent);
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// The rooms that code uses by `crate::`, groups such as `use crate::{a, b::c}` included.
fn used(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        // Not `other_crate::`, and not `$crate::` of a macro.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + found.len()..];
        let first = |text: &str| text.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().map(String::from);
        match rest.strip_prefix('{') {
            None => rooms.extend(first(rest)),
            Some(group) => rooms.extend(members(group).iter().filter_map(|member| first(member))),
        }
    }
    rooms
}

/// The members of a group, up to its closing brace.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut member, mut all) = (0, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => all.push(std::mem::take(&mut member)),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                member.push(c);
            }
        }
    }
    all.push(member);
    all
}

#[test]
fn rooms_use_only_what_they_may() {
    let mut wrong = Vec::new();
    let mut uses = 0;
    for (file, text) in sources() {
        let room = room(&file);
        if room == "lib" {
            continue;
        }
        let allowed = ROOMS.iter().find(|(name, _)| *name == room);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!("{file}: room '{room}' is not in the table of tests/architecture.rs"));
            continue;
        };
        // The binary names the library by its own name; above a room is the crate.
        let mut code = code(&text).replace("vpcflow::", "crate::");
        if file == format!("src/{room}/mod.rs") || file == format!("src/{room}.rs") {
            code = code.replace("\nuse super::", "\nuse crate::");
        }
        for other in used(&code) {
            uses += 1;
            if other != room && !allowed.contains(&&other[..]) {
                wrong.push(format!("{file}: {room} may not use {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(uses > 50, "the uses are found");
}

#[test]
fn uses_are_recognised() {
    let text = "use crate::engine::{Tally};\n// crate::no\nfn f() { crate::report::count(1); other_crate::x(); }\n\
                use crate::{query::{Key, Side}, schema};\n#[cfg(test)]\nmod tests {\n    use crate::cli::X;\n}\n\
                #[cfg(test)]\nuse crate::never;\nuse crate::source;\n";
    assert_eq!(used(&code(text)), ["engine", "report", "query", "schema", "source"]);
}

#[test]
fn files_are_short() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(file, lines)| *lines > LONGEST && !file.starts_with(GENERATED))
        .map(|(file, lines)| format!("{file}: {lines} lines, at most {LONGEST}"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// How many `unsafe` there are in a file, and what is wrong with them.
fn unsafe_in(file: &str, text: &str) -> (usize, Vec<String>) {
    let explained = text.contains("#![expect(unsafe_code, reason");
    let (mut count, mut wrong) = (0, Vec::new());
    let lines: Vec<&str> = text.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        // What is done in such a function stands in blocks of its own.
        let code = code.replace("unsafe fn ", "");
        if !code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe") {
            continue;
        }
        count += 1;
        let mut say = |what: &str| wrong.push(format!("{file}:{}: {what}", i + 1));
        if !UNSAFE.contains(&file) {
            say("unsafe in a file that may not hold it: see UNSAFE in tests/architecture.rs");
        }
        if !explained {
            say("unsafe without #![expect(unsafe_code, reason = ...)] at the top of the file");
        }
        if !is_explained(&lines[..i]) {
            say("unsafe without a SAFETY comment right above");
        }
    }
    (count, wrong)
}

/// Whether a statement whose `unsafe` stands behind `before` has a SAFETY comment right above it.
fn is_explained(before: &[&str]) -> bool {
    let is_comment = |line: &&str| line.trim_start().starts_with("//");
    let mut above = before.iter().rev().skip_while(|line| !is_comment(line) && !line.ends_with([';', '}', '{']));
    above.by_ref().take_while(|line| is_comment(line)).any(|line| line.contains("// SAFETY: "))
}

#[test]
fn unsafe_stands_where_it_may_and_says_why() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (file, text) in sources() {
        let (found, faults) = unsafe_in(&file, &text);
        count += found;
        wrong.extend(faults);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 0, "the blocks are found");
}

#[test]
fn unsafe_is_recognised() {
    let top = "#![expect(unsafe_code, reason = \"so\")]\n";
    let good = "// SAFETY: it is\n// fine\nlet a =\n    unsafe { b() };\n// unsafe { c() }\n#![deny(unsafe_code)]\n";
    let faults = |file: &str, text: &str| unsafe_in(file, text).1.len();
    assert_eq!(unsafe_in(UNSAFE[0], &format!("{top}{good}")), (1, vec![]));
    assert_eq!(faults(UNSAFE[0], good), 1, "no reason");
    assert_eq!(faults("src/query/plan.rs", &format!("{top}{good}")), 1, "not its place");
    assert_eq!(faults(UNSAFE[0], &format!("{top}unsafe impl Send for A {{}}\n")), 1, "no comment");
    let later = "let d = 1;\nunsafe { e() };\n";
    assert_eq!(faults(UNSAFE[0], &format!("{top}{good}{later}")), 1, "the comment of another");
}
