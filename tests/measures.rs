//! Measures that need more than a few words for a group, on logs made for them.

mod support;

use std::net::Ipv4Addr;
use support::lines::{flow, log, many};
use support::tree::Tree;
use support::{Text, vpcflow};

#[test]
fn percentiles_take_the_nearest_rank() {
    let values = [15, 20, 35, 40, 50].map(|bytes| flow().with("bytes", bytes));
    let agg = "p5(bytes),p30(bytes),p40(bytes),p50(bytes),p100(bytes),p99.9(bytes)";
    vpcflow(&format!("top --agg {agg} --sort flows -o csv")).stdin(log(&values)).prints(
        "src_ip,p5_bytes,p30_bytes,p40_bytes,p50_bytes,p100_bytes,p99_9_bytes,flows,share\n\
         10.0.0.1,15,20,20,35,50,50,5,1.0000\n",
    );
    let without = [flow().with("bytes", "-")];
    vpcflow("top --agg p50(bytes) --sort p50(bytes) -o csv")
        .stdin(log(&without))
        .prints("src_ip,p50_bytes\n10.0.0.1,\n");
}

/// 2^20 flows of as many bytes: more different values than are kept exactly.
#[test]
fn too_many_values_are_rounded_and_a_note_says_so() {
    let count = 1 << 20;
    let lines: String = (0..count).map(|i| format!("10.0.0.1 {}\n", (i as u64 * 7919) % count as u64)).collect();
    let tree = Tree::of("x.log", format!("srcaddr bytes\n{lines}"));
    let said =
        "vpcflow: percentiles of bytes may be off by 0.4 %: its groups have more than 1,000,000 different values\n";
    let question = "top --agg p50(bytes),p90(bytes),p100(bytes),max(bytes) --sort flows -o csv x.log";
    let outcome = vpcflow(question).dir(tree.root()).gives(0, Text::Any, said);
    for (cell, exact) in outcome.rows()[0][1..].iter().zip([524_287, 943_718, 1_048_575]) {
        let value: u64 = cell.parse().expect("a number");
        assert!(value.abs_diff(exact) * 256 <= exact, "{value} for {exact}");
    }
    assert_eq!(outcome.rows()[0][4], "1048575");
    for threads in ["1", "8"] {
        let other = vpcflow(question).args(["-j", threads, "-q"]).dir(tree.root()).result();
        assert_eq!(other, outcome.stdout);
    }
    // One value less than that is exact, and nothing is said.
    let fewer: String = (0..1_000_000).map(|bytes| format!("10.0.0.1 {bytes}\n")).collect();
    let rows = "src_ip,p50_bytes,flows,share\n10.0.0.1,499999,1000000,1.0000\n";
    vpcflow("top --agg p50(bytes) --sort flows -o csv").stdin(format!("srcaddr bytes\n{fewer}")).prints(rows);
}

#[test]
fn approximate_counts_are_within_a_few_percent_in_every_command() {
    let count = 50_000;
    let mut text = many(count);
    for i in 0..count {
        let rejected = flow().with("srcaddr", "192.0.2.1").with("action", "REJECT");
        text.push_str(&rejected.with("dstaddr", Ipv4Addr::from(0x0b00_0000 + i)).line());
    }
    for (question, column) in [
        ("top --by action --agg distinct(src-ip) --sort flows --approx", 1),
        ("rejects --approx", 2),
        ("ports --sort distinct(src-ip) --approx", 8),
    ] {
        let row = &vpcflow(&format!("{question} -o csv")).stdin(&text).gives(0, Text::Any, "").rows()[0];
        let about: u32 = row[column].parse().expect("a number");
        assert!(about.abs_diff(count) <= count / 20 && about != count, "{question}: {row:?}");
    }
}

#[test]
fn rates_of_a_group() {
    let flows = [
        flow().with("packets", 3).with("bytes", 1000),
        flow().with("start", 1_700_000_100).with("end", 1_700_000_090),
        flow().with("srcaddr", "10.0.0.9").with("packets", 0).with("end", "-"),
        flow().with("srcaddr", "10.0.0.8").with("start", 1_700_000_100).with("end", 1_700_000_090),
    ];
    vpcflow("top --by src-ip --agg bpp,duration --sort flows -o csv").stdin(log(&flows)).gives(
        0,
        "src_ip,bpp,duration,flows,share\n\
         10.0.0.1,216.67,90,2,0.5000\n\
         10.0.0.8,100.00,0,1,0.2500\n\
         10.0.0.9,,,1,0.2500\n",
        "vpcflow: -:3: implausible time: end 1700000090 is before start 1700000100\n\
         vpcflow: -:5: implausible time: end 1700000090 is before start 1700000100\n",
    );
    vpcflow("top --by bpp --agg flows --sort flows -o csv").stdin(log(&flows)).gives(
        0,
        "bpp,flows,share\n100,2,0.5000\n333,1,0.2500\n",
        "vpcflow: 1 of 4 flows have no value for a key, and are in no group\n",
    );
}

#[test]
fn rows_below_a_share_are_left_out_before_the_limit() {
    let flows: Vec<_> = [500, 300, 150, 49, 1]
        .iter()
        .enumerate()
        .map(|(i, bytes)| flow().with("srcaddr", format!("10.0.0.{i}")).with("bytes", bytes))
        .collect();
    let csv = "src_ip,bytes,share,cum_share\n10.0.0.0,500,0.5000,0.5000\n10.0.0.1,300,0.3000,0.8000\n";
    let question = "top --agg bytes --min-share 10% --cum-share -n 2";
    vpcflow(&format!("{question} -o csv")).stdin(log(&flows)).prints(csv);
    vpcflow(question).stdin(log(&flows)).gives(0, &["2 of 3 rows; -n 0 shows all"], "");
    let bottom = "top --agg bytes --min-share 0.049 --cum-share --bottom -n 2 -o csv";
    vpcflow(bottom)
        .stdin(log(&flows))
        .prints("src_ip,bytes,share,cum_share\n10.0.0.3,49,0.0490,0.0490\n10.0.0.2,150,0.1500,0.1990\n");
    // Shares are of all flows, those without a key included.
    let keyless = [flow().with("srcaddr", "-").with("bytes", 900), flow().with("bytes", 100)];
    let none = vpcflow("top --agg bytes --min-share 11% -q -o csv").stdin(log(&keyless)).outcome();
    assert_eq!((none.status, &none.stdout[..]), (0, "src_ip,bytes,share\n"), "{none}");
    vpcflow("rejects --min-share 1 --cum-share -o csv").stdin(log(&[flow().with("action", "REJECT")])).prints(
        "src_ip,rejects,dst_ips,dst_ports,packets,bytes,first_seen,last_seen,share,cum_share\n\
         10.0.0.1,1,1,1,3,300,2023-11-14T22:13:20Z,2023-11-14T22:14:20Z,1.0000,1.0000\n",
    );
    let ports = "ports --bottom --cum-share --min-share 50% -o csv";
    let two = [flow(), flow(), flow().with("dstport", 53)];
    vpcflow(ports).stdin(log(&two)).prints(
        "port,protocol,service,flows,accepts,rejects,packets,bytes,share,cum_share\n\
         443,tcp,https,2,2,0,6,600,0.6667,0.6667\n",
    );
}

/// Sources 10.0.0.1 to 10.0.0.4 with as many flows, each to a port of its own, of 100 bytes.
fn staircase() -> String {
    let flows = (1..=4).flat_map(|source| (0..source).map(move |port| (source, port)));
    let flow = |(source, port)| {
        let action = if port == 0 { "REJECT" } else { "ACCEPT" };
        flow()
            .with("srcaddr", Ipv4Addr::new(10, 0, 0, source))
            .with("dstport", port)
            .with("bytes", 100)
            .with("action", action)
    };
    log(&flows.map(flow).collect::<Vec<_>>())
}

#[test]
fn conditions_choose_rows_before_the_limit_and_change_no_share() {
    let tree = Tree::of("a.log", staircase());
    let run = |args: &[&str]| vpcflow("").args(args).dir(tree.root());
    let top = ["top", "--agg", "distinct(dst-port),reject_pct", "-o", "csv", "-n", "1", "--asc", "--having"];
    let rows = "src_ip,distinct_dst_port,reject_pct,bytes,share\n10.0.0.3,3,33.33,300,0.3000\n";
    for condition in ["distinct(dst-port) > 2", "reject_pct < 50%", "share >= 30%", "src-ip in 10.0.0.3 or bytes > 1K"]
    {
        run(&[&top[..], &[condition]].concat()).prints(rows);
    }
    run(&["top", "-n", "1", "--having", "flows > 1"]).gives(0, &["1 of 3 rows; -n 0 shows all"], "");
    run(&["rejects", "-o", "csv", "--having", "dst_ports == 1 and src_ip == 10.0.0.4"]).gives(
        0,
        &["10.0.0.4,1,1,1,3,100,", ",0.2500\n"],
        "",
    );
    run(&["ports", "-o", "csv", "--having", "port in {2..3} and protocol == tcp and flows < 2"]).gives(
        0,
        "port,protocol,service,flows,accepts,rejects,packets,bytes,share\n3,tcp,,1,1,0,3,100,0.1000\n",
        "",
    );
    run(&["interfaces", "-o", "csv", "--having", "flows > 10"]).gives(0, &["interface_id,account_id"], "");
    run(&["interfaces", "-o", "csv", "--having", "flows == 10 and rejects == 4"]).gives(0, &["\neni-0a1b2c3d,"], "");
    run(&["top", "--having", "flws > 1"]).gives(
        2,
        "",
        &["--having: the result has no column 'flws'; did you mean 'flows'?", "^^^^"],
    );
    run(&["top", "--cum-share", "--having", "cum_share > 0.1"]).gives(2, "", &["cum_share sums up the rows"]);
}
