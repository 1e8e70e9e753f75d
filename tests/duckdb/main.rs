//! vpcflow against DuckDB: the same random questions about the same logs have to give equal rows, in
//! order. DuckDB reads the logs by a script of its own, and is asked in SQL that is made from the
//! question, not from the command line.
//!
//! DuckDB is a package of Python (`pip install duckdb`). Where it is missing, the test is skipped, unless
//! VPCFLOW_DUCKDB=required. VPCFLOW_DUCKDB_SEED and VPCFLOW_DUCKDB_QUESTIONS ask others, or more.

#[path = "../support/mod.rs"]
mod support;

mod condition;
mod fields;
mod logs;
mod question;
mod random;

use fields::shown;
use question::Question;
use random::Random;
use serde_json::{Value, json};
use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{root, vpcflow};

const SEED: u64 = 20_260_315;
const QUESTIONS: u64 = 240;

/// As many differences are shown.
const SHOWN: usize = 3;

/// A number from the environment.
fn variable(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().expect(name))
}

fn python(args: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg(root().join("tests/duckdb/load.py")).args(args);
    command
}

/// What keeps DuckDB from being asked.
fn absent() -> Option<String> {
    match python(&["--check"]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            Some(said.lines().last().unwrap_or_default().to_string())
        }
        Err(error) => Some(format!("python3: {error}")),
    }
}

/// DuckDB's answers, each an array of rows.
fn ask_duckdb(logs: &Path, questions: &[Question]) -> Vec<Value> {
    let networks: Vec<_> = fields::NETWORKS.iter().map(|(field, _, v4, v6)| json!([field, v4, v6])).collect();
    let sql: Vec<&str> = questions.iter().map(|question| &question.sql[..]).collect();
    let task = json!({"logs": logs, "fields": fields::for_loader(), "networks": networks, "questions": sql});
    let mut child = python(&[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(task.to_string().as_bytes()).expect("the script reads");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "the script fails");
    let answers: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// The header, then the rows that vpcflow has to give.
fn expected(question: &Question, answer: &Value) -> Result<Vec<Vec<String>>, String> {
    let rows = answer.as_array().ok_or_else(|| format!("DuckDB says: {answer}"))?;
    let row = |row: &Value| {
        let cells = row.as_array().expect("a row");
        assert_eq!(cells.len(), question.kinds.len(), "{}", question.sql);
        cells.iter().zip(&question.kinds).map(|(cell, kind)| shown(*kind, cell.as_str())).collect()
    };
    Ok(std::iter::once(question.header.clone()).chain(rows.iter().map(row)).collect())
}

/// What vpcflow says: the header, then the rows, without the columns that DuckDB knows nothing of.
fn found(question: &Question, folder: &Path) -> Result<Vec<Vec<String>>, String> {
    let outcome = vpcflow("").args(&question.args).args(["-q", "-o", "csv", "logs"]).dir(folder).outcome();
    if outcome.status != 0 {
        return Err(outcome.to_string());
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(outcome.stdout.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("CSV")).collect();
    let header: Vec<String> = rows[0].iter().map(String::from).collect();
    let known = |row: &csv::StringRecord| {
        let cells = row.iter().zip(&header).filter(|(_, name)| !question.unknown.contains(&&name[..]));
        cells.map(|(cell, _)| cell.to_string()).collect()
    };
    Ok(rows.iter().map(known).collect())
}

/// Where the answers differ, if they do.
fn difference(question: &Question, answer: &Value, folder: &Path) -> Option<String> {
    let (expected, found) = match (expected(question, answer), found(question, folder)) {
        (Ok(expected), Ok(found)) if expected == found => return None,
        (Ok(expected), Ok(found)) => (expected, found),
        (Err(why), _) | (_, Err(why)) => return Some(why),
    };
    let place = (0..).find(|i| expected.get(*i) != found.get(*i)).expect("a difference");
    let row = |rows: &[Vec<String>]| rows.get(place).map_or("nothing".to_string(), |row| format!("{row:?}"));
    let counts = (expected.len() - 1, found.len() - 1);
    Some(format!(
        "line {} of {counts:?}\n  DuckDB:  {}\n  vpcflow: {}\n  columns: {:?}",
        place + 1,
        row(&expected),
        row(&found),
        question.header
    ))
}

#[test]
fn the_answers_are_those_of_duckdb() {
    if let Some(why) = absent() {
        let required = env::var("VPCFLOW_DUCKDB").is_ok_and(|value| value == "required");
        assert!(!required, "VPCFLOW_DUCKDB=required, but DuckDB cannot be asked: {why}");
        _ = writeln!(std::io::stderr(), "skipped: DuckDB cannot be asked: {why} (pip install duckdb)");
        return;
    }
    let (seed, count) = (variable("VPCFLOW_DUCKDB_SEED", SEED), variable("VPCFLOW_DUCKDB_QUESTIONS", QUESTIONS));
    let mut folder = tempfile::tempdir().expect("a folder");
    let mut random = Random::new(seed);
    logs::write(&folder.path().join("logs"), &mut random);
    for (name, text) in [condition::HOSTS, condition::SERVICES] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let questions: Vec<Question> = (0..count).map(|_| question::question(&mut random)).collect();
    let answers = ask_duckdb(&folder.path().join("logs"), &questions);
    let rows: usize = answers.iter().map(|answer| answer.as_array().map_or(0, Vec::len)).sum();
    let with_rows = answers.iter().filter(|answer| answer.as_array().is_some_and(|rows| !rows.is_empty())).count();
    let wrong: Vec<String> = questions
        .iter()
        .zip(&answers)
        .filter_map(|(question, answer)| {
            let why = difference(question, answer, folder.path())?;
            Some(format!("vpcflow {}\n  {}\n  {why}", shell_words::join(&question.args), question.sql))
        })
        .collect();
    _ = writeln!(std::io::stderr(), "{count} questions, {with_rows} with rows, {rows} rows, seed {seed}");
    // Conditions that nothing meets show little.
    assert!(with_rows as u64 * 2 > count, "only {with_rows} of {count} questions have rows");
    if !wrong.is_empty() {
        folder.disable_cleanup(true);
        panic!(
            "{} of {count} answers differ; the logs stay in {}; again: VPCFLOW_DUCKDB_SEED={seed} \
             VPCFLOW_DUCKDB_QUESTIONS={count} cargo test --test duckdb\n\n{}",
            wrong.len(),
            folder.path().display(),
            wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n\n")
        );
    }
}
