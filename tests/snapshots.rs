//! Every command in every format on the demo tree, and every help text, as committed snapshots:
//! what users and scripts see changes only when somebody says so.
//!
//! The figures are those of testdata/README.md.

mod support;

use support::vpcflow;

/// Holds a whole outcome: result, messages and status.
macro_rules! snapshot {
    ($name:expr, $run:expr) => {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!($name, $run.outcome())
        })
    };
}

const COMMANDS: [&str; 8] = ["top", "rejects", "ports", "interfaces", "summary", "records", "fields", "timeline"];
const FORMATS: [&str; 6] = ["table", "csv", "tsv", "ndjson", "json", "markdown"];

#[test]
fn every_command_in_every_format() {
    for command in COMMANDS {
        for format in FORMATS {
            snapshot!(format!("{command}-{format}"), vpcflow(&format!("{command} -o {format} testdata/demo")));
        }
    }
}

#[test]
fn top_by_other_keys_and_measures() {
    for (name, args) in [
        ("pairs", "--by src-ip,dst-ip,dst-port -n 12"),
        ("networks", "--by src-ip/24/64 --sort flows -n 0"),
        ("protocols", "--by protocol,protocol-number,action -n 0"),
        ("aliases", "--by ENI,account_id -n 3"),
        ("scanners", "--agg flows,distinct(dst-port),distinct(dst-ip) --sort distinct(dst-port) -n 5"),
        (
            "measures",
            "--by interface-id --agg accepts,reject_pct,first_seen,last_seen,min(bytes),max(bytes),avg(bytes),sum(packets) --sort reject_pct -n 0",
        ),
        ("smallest", "--by dst-ip --sort packets --asc -n 4"),
        ("everything", "--by dst-port -n 0 --agg flows --sort flows"),
        ("durations", "--by duration --agg flows,max(duration) --sort flows -n 5"),
        ("absent-keys", "--by instance-id,flow-direction -n 0"),
        ("vanished", "--by tgw-id"),
    ] {
        snapshot!(format!("top-by-{name}"), vpcflow(&format!("top {args} --raw testdata/demo")));
        snapshot!(format!("top-by-{name}-csv"), vpcflow(&format!("top {args} -o csv testdata/demo")));
    }
}

#[test]
fn other_options_of_the_commands() {
    for (name, args) in [
        ("rejects-by-port", "rejects --by dst-port,protocol -n 5"),
        ("rejects-by-pair", "rejects --by src-ip,dst-ip -n 0 -o csv"),
        ("ports-src", "ports --side src -n 8"),
        ("ports-service", "ports --side service -n 0 -o csv"),
        ("ports-by-bytes", "ports --side service --sort bytes -n 5"),
        ("ports-by-pct", "ports --sort reject_pct -n 3"),
        ("ports-binned", "ports --bin-width 1024 -n 0"),
        ("ports-binned-csv", "ports --bin-width 10000 -n 0 -o csv"),
        ("interfaces-few", "interfaces -n 3 --raw"),
        ("summary-raw", "summary --raw"),
    ] {
        snapshot!(name, vpcflow(&format!("{args} testdata/demo")));
    }
}

#[test]
fn tables_fit_the_width() {
    for command in COMMANDS {
        for width in [80, 40, 20] {
            let limit = if ["summary", "fields"].contains(&command) { "" } else { "-n 5" };
            let run = vpcflow(&format!("{command} {limit} testdata/demo"));
            snapshot!(format!("{command}-width-{width}"), run.env("COLUMNS", width));
        }
    }
}

#[test]
fn tables_in_colour_and_raw() {
    for command in COMMANDS {
        snapshot!(format!("{command}-color"), vpcflow(&format!("{command} --color always testdata/demo")));
        let plain = vpcflow(&format!("{command} testdata/demo")).result();
        let never = vpcflow(&format!("{command} testdata/demo --color never")).env("TERM", "xterm-256color").result();
        assert_eq!(plain, never);
    }
    snapshot!("top-raw", vpcflow("top --raw testdata/demo"));
}

#[test]
fn help_texts() {
    for form in ["-h", "--help"] {
        let name = form.trim_start_matches('-');
        snapshot!(format!("help-{name}"), vpcflow(form));
        for command in COMMANDS.iter().chain(&[
            "anomalies",
            "compare",
            "diff",
            "explain",
            "outliers",
            "run",
            "save",
            "completions",
            "man",
        ]) {
            snapshot!(format!("help-{name}-{command}"), vpcflow(&format!("{command} {form}")));
        }
    }
}
