//! Lines and values that are odd, or not what they should be.

use super::super::lines::{Record, V2, V5, flow, log, nodata};
use super::Fault;

/// Every fault.
pub fn all() -> Vec<Fault> {
    [
        endings(),
        bytes(),
        blanks(),
        wrong_lengths(),
        numbers(),
        addresses(),
        statuses(),
        times(),
        headers(),
        no_header(),
        dressed(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn two() -> String {
    log(&[flow(), flow().with("bytes", 5)])
}

fn endings() -> Vec<Fault> {
    let text = two();
    let bare = text.split_once('\n').expect("a header").1;
    vec![
        Fault::plain("no newline at the end", text.trim_end()).flows(2),
        Fault::plain("carriage returns", text.replace('\n', "\r\n")).flows(2),
        Fault::plain("carriage returns, and no newline at the end", text.replace('\n', "\r\n").trim_end()).flows(2),
        Fault::plain("a byte order mark before the header", format!("\u{feff}{text}")).flows(2),
        Fault::plain("a byte order mark before a record", format!("\u{feff}{bare}")).counts("flows", 2),
    ]
}

fn bytes() -> Vec<Fault> {
    let line = flow().line();
    let with = |bytes: &[u8]| [two().as_bytes(), bytes, line.as_bytes()].concat();
    let id = |value: &[u8]| {
        let (before, behind) = line.split_once("eni-0a1b2c3d").expect("an id");
        with(&[before.as_bytes(), value, behind.as_bytes()].concat())
    };
    vec![
        Fault::plain("a line of NULs", with(b"\0\0\0\0\n"))
            .flows(3)
            .counts("malformed", 1)
            .says("1 field, expected 14"),
        Fault::plain("a NUL in an id", id(b"eni\0x")).flows(4),
        Fault::plain("a NUL in an address", with(line.replace("10.0.0.1", "10.0.0\0.1").as_bytes()))
            .flows(4)
            .counts("bad_values", 1)
            .says("bad value: src-ip is '10.0.0\\x00.1'"),
        Fault::plain("a line that is not UTF-8", with(b"\xff\xfe \xc3\x28\n"))
            .flows(3)
            .counts("malformed", 1)
            .says("2 fields, expected 14"),
        Fault::plain("an id that is not UTF-8", id(b"eni-\xff")).flows(4),
        Fault::plain("an escape sequence in a number", with(line.replace(" 300 ", " \x1b[2J ").as_bytes()))
            .flows(4)
            .counts("bad_values", 1)
            .says("bad value: bytes is '\\x1b[2J'"),
    ]
}

fn blanks() -> Vec<Fault> {
    let text = two();
    let tabs = text.replace(' ', "\t").lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    vec![
        Fault::plain("blank lines", text.replace('\n', "\n\n  \n")).flows(2).counts("blank", 6),
        Fault::plain("blank lines alone", "\n\n \n").counts("blank", 3),
        Fault::plain("blank lines before the header", format!("\n \n\r\n{text}")).flows(2).counts("blank", 3),
        Fault::plain("runs of spaces", text.replace(' ', "   ")).flows(2),
        Fault::plain("spaces at the ends of lines", text.replace('\n', " \n ")).flows(2).counts("blank", 1),
        Fault::plain("tabs", format!("{text}{tabs}"))
            .flows(2)
            .counts("malformed", 2)
            .says("malformed: 1 field, expected 14")
            .says("malformed: 1 field, expected 14"),
    ]
}

fn wrong_lengths() -> Vec<Fault> {
    let line = flow().line();
    let many = format!("{}{}", two(), "a b c\n".repeat(7));
    let mut shown = Fault::plain("more malformed lines than are shown", many).flows(2).counts("malformed", 7);
    for line in 4..9 {
        shown = shown.says(format!("fault.log:{line}: malformed: 3 fields, expected 14"));
    }
    vec![
        Fault::plain("a line too short", format!("{}2 1 eni-1 10.0.0.1\n", two()))
            .flows(2)
            .counts("malformed", 1)
            .says("fault.log:4: malformed: 4 fields, expected 14"),
        Fault::plain("a field too many", format!("{}{}", two(), line.replace('\n', " more\n")))
            .flows(2)
            .counts("malformed", 1)
            .says("fault.log:4: malformed: 15 fields, expected 14"),
        Fault::plain("an empty value", format!("{}{}", two(), line.replace(" 300 ", "  ")))
            .flows(2)
            .counts("malformed", 1)
            .says("malformed: 13 fields, expected 14"),
        shown.says("7 malformed lines in all; the first 5 are shown"),
    ]
}

/// Values that a field holds, or does not.
fn values(field: &str, name: &str, values: &[(&str, bool)]) -> Vec<Fault> {
    let fault = |(value, good): &(&str, bool)| {
        let fault = Fault::plain(&format!("{field} {value}"), log(&[flow().with(field, value)])).flows(1);
        match good {
            true => fault,
            false => fault.counts("bad_values", 1).says(format!("fault.log:2: bad value: {name} is '{value}'")),
        }
    };
    values.iter().map(fault).collect()
}

fn numbers() -> Vec<Fault> {
    let most = u64::MAX.to_string();
    let beyond = "18446744073709551616";
    let numbers = [
        ("0", true),
        ("007", true),
        (&most, true),
        ("-", true),
        (beyond, false),
        ("abc", false),
        ("-5", false),
        ("+5", false),
        ("1e3", false),
        ("0x10", false),
        ("1_000", false),
        ("4.5", false),
        ("\u{661}", false),
    ];
    let many: Vec<Record> = (0..1000).map(|_| flow().with("bytes", &most).with("packets", &most)).collect();
    let mut faults = vec![Fault::plain("sums beyond 2^64", log(&many)).flows(1000)];
    faults.extend(values("bytes", "bytes", &numbers));
    faults.extend(values("packets", "packets", &numbers[4..6]));
    faults.extend(values("dstport", "dst-port", &[("65535", true), ("65536", false), ("https", false)]));
    faults.extend(values("protocol", "protocol", &[("255", true), ("256", false), ("tcp", false)]));
    faults.extend(values("start", "start", &[(beyond, false), ("2026-03-15", false)]));
    faults
}

fn addresses() -> Vec<Fault> {
    let bad = ["256.1.1.1", "010.0.0.1", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "10.0.0.1/32", "[::1]", ":::", "0x7f.1"];
    let good = ["0.0.0.0", "255.255.255.255", "::ffff:10.0.0.1", "2001:DB8::1", "::", "-"];
    let all: Vec<(&str, bool)> = bad.map(|bad| (bad, false)).into_iter().chain(good.map(|good| (good, true))).collect();
    values("dstaddr", "dst-ip", &all)
}

fn statuses() -> Vec<Fault> {
    let records =
        [flow(), nodata(), nodata().with("log-status", "SKIPDATA"), flow().with("log-status", "BROKEN"), nodata()];
    let bare = "srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 5\n- - -\n- 10.0.0.2 5\n10.0.0.1 - 5\n";
    vec![
        Fault::plain("every log-status, and one that nobody knows", log(&records))
            .flows(1)
            .counts("nodata", 2)
            .counts("skipdata", 1)
            .counts("other_status", 1)
            .says("log-status 'BROKEN' is not known"),
        Fault::plain("no log-status", bare).flows(2).counts("nodata", 2),
        Fault::plain(
            "flows with single values missing",
            log(&[flow().with("srcaddr", "-"), flow().with("bytes", "-")]),
        )
        .flows(2),
    ]
}

fn times() -> Vec<Fault> {
    let at = |start: &str, end: &str| flow().with("start", start).with("end", end);
    let odd = |subject: &str, record: Record, says: &str| {
        Fault::plain(subject, log(&[flow(), record, flow()]))
            .flows(3)
            .says(format!("fault.log:3: implausible time: {says}"))
    };
    let mut many = Fault::plain("more implausible times than are shown", log(&vec![at("0", "0"); 7])).flows(7);
    for line in 2..7 {
        many = many.says(format!("fault.log:{line}: implausible time: start is 0"));
    }
    vec![
        Fault::plain("milliseconds", log(&[at("1700000000123", "1700000060999")])).flows(1),
        Fault::plain("no times", log(&[at("-", "-")])).flows(1),
        odd("an end before the start", at("1700000060", "1700000000"), "end 1700000000 is before start 1700000060"),
        odd("a start of 0", at("0", "1700000000"), "start is 0, expected seconds from 2001 to 2100"),
        odd("the year 5138", at("1700000000", "100000000000"), "end is 100000000000, expected seconds"),
        odd("microseconds", at("1700000000123456", "1700000060999999"), "start is 1700000000123456"),
        odd("a time of 2^64 - 1", at("1700000000", "18446744073709551615"), "end is 18446744073709551615"),
        many.says("7 implausible times in all; the first 5 are shown"),
    ]
}

fn headers() -> Vec<Fault> {
    let line = flow().line();
    let more = |header: &str, value: &str| format!("{header}\n{}", line.replace('\n', &format!(" {value}\n")));
    let later = format!("{V2}\n{line}{line}{V2} bytes\n{line}");
    let other = "bytes packets dstaddr srcaddr log-status\n7 1 10.9.9.9 10.8.8.8 OK\n";
    vec![
        Fault::plain("a field of tomorrow", more(&format!("{V2} new-field-2031"), "17"))
            .flows(1)
            .says("field 'new-field-2031' is not known"),
        Fault::plain("a header in capitals", format!("{}\n{line}", V2.to_uppercase())).flows(1),
        Fault::plain("a header with underscores", format!("{}\n{line}", V2.replace('-', "_"))).flows(1),
        Fault::plain("a field twice", more(&format!("{V2} bytes"), "5")).failed("unusable header: field bytes twice"),
        Fault::plain("a field twice, in mid-file", later)
            .flows(2)
            .given_up("fault.log:4: unusable header: field bytes twice"),
        Fault::plain("another order in mid-file", format!("{}{other}", two()))
            .flows(2)
            .counts("headers", 1)
            .counts("flows", 1),
        Fault::plain("a header alone", V5).counts("headers", 1),
    ]
}

fn no_header() -> Vec<Fault> {
    let line = flow().line();
    vec![
        Fault::plain("no header", line.repeat(3)).counts("flows", 3),
        Fault::plain("no header, and too few fields", "10.0.0.1 10.0.0.2 443\n10.0.0.1 10.0.0.2 444\n")
            .failed("--log-format"),
        Fault::plain("no header, and one field", "hello\n").failed("its first line has 1 field, not the 14"),
        Fault::plain("no header, and fourteen other fields", "a b c d e f g h i j k l m n\n".repeat(3))
            .failed("--log-format"),
        Fault::plain("nothing", ""),
    ]
}

/// Lines as CloudWatch exports them.
fn dressed() -> Vec<Fault> {
    let stamped = |stamp: &str| two().lines().skip(1).map(|line| format!("{stamp} {line}\n")).collect::<String>();
    let exported = stamped("2026-03-15T10:00:00.000Z");
    vec![
        Fault::plain("an export of CloudWatch", &exported).counts("flows", 2),
        Fault::plain("an export of CloudWatch with milliseconds", stamped("1773568800000")).counts("flows", 2),
        Fault::plain("an export of CloudWatch with a short line", format!("{exported}2026-03-15T10:00:00.000Z 2 1\n"))
            .counts("flows", 2)
            .counts("malformed", 1)
            .says("fault.log:3: malformed: 2 fields, expected 14"),
    ]
}
