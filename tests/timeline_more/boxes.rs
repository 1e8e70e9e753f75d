//! `--box`.

use super::known::*;
use super::support::lines::{Record, log};
use super::support::tree::Tree;
use std::collections::BTreeMap;

/// The five numbers by nearest rank.
fn five(mut values: Vec<u64>) -> Vec<String> {
    values.sort_unstable();
    let rank = |percent: usize| values[(percent * values.len()).div_ceil(100).max(1) - 1];
    let all = [0, 25, 50, 75, 100].map(rank);
    all.map(|value| value.to_string()).to_vec()
}

#[test]
fn a_box_has_the_quartiles_of_its_bucket() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    for (options, field, seconds, by_end) in [
        ("--box", "bytes", HOUR, false),
        ("--box=bytes --bucket 7m", "bytes", 420, false),
        ("--box=duration --load end", "duration", HOUR, true),
        ("--box=Duration --time-field end --bucket 15m", "duration", 900, true),
    ] {
        let names = ["min", "p25", "p50", "p75", "max"].map(|five| format!("{field}_{five}"));
        for by in [false, true] {
            let mut values: BTreeMap<(u64, Option<u64>), Vec<u64>> = BTreeMap::new();
            for flow in &flows {
                let time = if by_end { flow.end } else { flow.start };
                let value = if field == "bytes" { flow.bytes } else { flow.end - flow.start };
                let key = (time / seconds * seconds, by.then_some(flow.source));
                values.entry(key).or_default().push(value);
            }
            let by_source = if by { "--by src-ip -n 0" } else { "" };
            let outcome = run(&tree, &format!("-o csv {options} {by_source}")).outcome();
            let header = outcome.stdout.lines().next();
            let key = if by { "src_ip," } else { "" };
            assert_eq!(header, Some(&format!("time,{key}flows,{}", names.join(","))[..]));
            let rows = outcome.rows().into_iter().map(|mut row| {
                let source = by.then(|| row.remove(1).trim_start_matches("10.0.0.").parse().expect("a source"));
                ((row.remove(0), source), row)
            });
            for ((time, source), row) in rows {
                let found = values.iter().find(|((at, of), _)| clock(*at) == time && *of == source);
                let expected = match found {
                    Some((_, values)) => [vec![values.len().to_string()], five(values.clone())].concat(),
                    None => ["0", "", "", "", "", ""].map(String::from).to_vec(),
                };
                assert_eq!(row, expected, "{options} {time} {source:?}");
            }
            assert_eq!((outcome.stderr.as_str(), outcome.status), ("", 0));
        }
    }
}

#[test]
fn boxes_are_drawn_and_the_rest_is_left_out() {
    let mut records: Vec<Record> = [40, 80, 100, 400, 90_000].map(|bytes| at(NOON).with("bytes", bytes)).to_vec();
    records.extend([100, 100].map(|bytes| at(NOON + 2 * HOUR).with("bytes", bytes).with("srcaddr", "10.0.0.9")));
    records.push(at(NOON + 5 * HOUR).with("bytes", "-"));
    let tree = Tree::of("x", log(&records));
    let csv = "time,flows,bytes_min,bytes_p25,bytes_p50,bytes_p75,bytes_max\n\
               2026-03-15T12:00:00Z,5,40,80,100,400,90000\n2026-03-15T13:00:00Z,0,,,,,\n\
               2026-03-15T14:00:00Z,2,100,100,100,100,100\n2026-03-15T15:00:00Z,0,,,,,\n\
               2026-03-15T16:00:00Z,0,,,,,\n2026-03-15T17:00:00Z,1,,,,,\n";
    run(&tree, "--box -o csv").gives(0, csv, "");
    let table = "flows per 1h, 2026-03-15T12:00:00Z to 2026-03-15T18:00:00Z\n\
                 █ ▄  ▂  peak 5\n\
                 \n\
                 time                 flows bytes_min bytes_p25 bytes_p50 bytes_max  40 B 90.0 kB\n\
                 2026-03-15T12:00:00Z     5      40 B      80 B     100 B   90.0 kB  ├┃█▌───────┤\n\
                 2026-03-15T13:00:00Z     0         -         -         -         -\n\
                 2026-03-15T14:00:00Z     2     100 B     100 B     100 B     100 B   ┃\n\
                 2026-03-15T15:00:00Z     0         -         -         -         -\n\
                 2026-03-15T16:00:00Z     0         -         -         -         -\n\
                 2026-03-15T17:00:00Z     1         -         -         -         -\n\
                 not shown at this width: bytes_p75 (-o csv has all columns)\n";
    run(&tree, "--box").env("COLUMNS", 80).gives(0, table, "");
    let coloured = run(&tree, "--box --color always").env("COLUMNS", 80).result();
    assert!(coloured.contains(" \x1b[36m├┃█▌───────┤\x1b[0m\n"), "{coloured}");
    for width in 1..160 {
        let narrow = run(&tree, "--box --by src-ip").env("COLUMNS", width).result();
        let lines = narrow.lines().filter(|line| !line.starts_with("not shown at this width"));
        assert!(lines.map(|line| line.chars().count()).max() <= Some(width.max(37)), "{width}: {narrow}");
    }
    run(&tree, "--box --by src-ip -n 1 --bucket 1d -o csv").gives(
        0,
        "time,src_ip,flows,bytes_min,bytes_p25,bytes_p50,bytes_p75,bytes_max\n\
         2026-03-15T00:00:00Z,10.0.0.1,6,40,80,100,400,90000\n",
        "vpcflow: --box: 1 other value of src-ip left out, as the quartiles of several series do not add up (-n 0 shows all)\n",
    );
    // The time of the others is shown, too.
    let one = run(&tree, "--box=packets --by src-ip -n 1 -w bytes>0 -o csv -q").outcome();
    assert_eq!(columns(&one, &["time"]).len(), 3, "{one}");
}

#[test]
fn what_has_no_quartiles_is_refused() {
    let tree = minutes(&[1, 2]);
    for (options, told) in [
        ("--box=action", "'action' is of type text, and only numbers have quartiles"),
        ("--box=src-ip", "'src-ip' is of type IP address, and only numbers have quartiles"),
        ("--box=byte", "unknown field 'byte'; did you mean 'bytes'?"),
        ("--box=", "unknown field ''"),
        (
            "--box --load proportional",
            "vpcflow: --box sums up the values of whole flows, and --load proportional shares",
        ),
    ] {
        run(&tree, options).gives(2, "", &[told]);
    }
    run(&tree, "--box=packets-lost-blackhole -o csv").gives(
        0,
        &["2026-03-15T12:00:00Z,3,,,,,\n"],
        "vpcflow: no input has the field 'packets-lost-blackhole'\n",
    );
}
