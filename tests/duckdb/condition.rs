//! Random conditions: each as an expression or an option for vpcflow, and as SQL.

use crate::fields::{DERIVED, FIELDS, Kind, column, sortable};
use crate::logs::{ACCOUNTS, DAY, INSTANCES, INTERFACES, PORTS, PROTOCOLS, REGIONS, SUBNETS, VPCS, usual_address};
use crate::random::Random;
use std::net::IpAddr;

/// Files of values beside the logs, and what stands in them.
pub const HOSTS: (&str, &str) = ("hosts", "# ours\n10.0.0.0/23\n::1 # loopback\n\n192.0.2.1\n9.0.0.0..10.0.0.1\n");
pub const SERVICES: (&str, &str) = ("ports", "22 # ssh\n80..90\n\n443\r\n");

/// A condition in both languages. `level`: 0 has `or` outside of parentheses, 1 `and`, 2 neither.
pub struct Condition {
    pub text: String,
    pub sql: String,
    level: u8,
}

/// What is asked of a column, which is `@` in the SQL.
struct Test {
    text: String,
    sql: String,
    /// Of two sides both have to meet it.
    both: bool,
}

fn test(text: impl Into<String>, sql: impl Into<String>) -> Test {
    Test { text: text.into(), sql: sql.into(), both: false }
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The condition that one of the sides of a subject (both, if the test says so) meets a test; a
/// missing value never does.
fn holds(subject: &str, test: &Test) -> String {
    let sides = match subject {
        "ip" => vec!["src-ip", "dst-ip"],
        "port" => vec!["src-port", "dst-port"],
        one => vec![one],
    };
    let side = |name: &&str| format!("coalesce({}, FALSE)", test.sql.replace('@', &column(name)));
    let parts: Vec<String> = sides.iter().map(side).collect();
    format!("({})", parts.join(if test.both { " AND " } else { " OR " }))
}

/// The values of a text field.
pub fn texts(field: &str) -> &'static [&'static str] {
    match field {
        "account-id" => &ACCOUNTS,
        "interface-id" => &INTERFACES,
        "instance-id" => &INSTANCES,
        "vpc-id" => &VPCS,
        "subnet-id" => &SUBNETS,
        "region" => &REGIONS,
        "action" => &["ACCEPT", "REJECT"],
        "log-status" => &["OK", "NODATA", "SKIPDATA"],
        "type" => &["IPv4", "IPv6", "EFA"],
        "flow-direction" => &["ingress", "egress"],
        "az-id" => &["use1-az1", "use1-az2"],
        _ => &["S3", "EC2", "wavelength", "nothing"],
    }
}

/// An address or a network, as text and as the first and the last address.
fn network(random: &mut Random) -> (String, String) {
    let text = usual_address(random);
    let address: IpAddr = text.parse().expect("an address");
    let whole = if address.is_ipv4() { 32 } else { 128 };
    let length = if random.chance(50) { whole } else { random.below(u64::from(whole) + 1) as u32 };
    let shift = whole - length;
    let mask = u128::MAX.checked_shl(shift).unwrap_or(0);
    let (first, last) = match address {
        IpAddr::V4(a) => {
            let (bits, mask) = (a.to_bits(), mask as u32);
            (IpAddr::V4((bits & mask).into()), IpAddr::V4((bits | !mask).into()))
        }
        IpAddr::V6(a) => (IpAddr::V6((a.to_bits() & mask).into()), IpAddr::V6((a.to_bits() | !mask).into())),
    };
    let text = if length == whole { text } else { format!("{text}/{length}") };
    (text, format!("@ BETWEEN '{}' AND '{}'", sortable(first), sortable(last)))
}

fn hosts() -> String {
    let between = |first: &str, last: &str| {
        let text = |address: &str| sortable(address.parse().expect("an address"));
        format!("@ BETWEEN '{}' AND '{}'", text(first), text(last))
    };
    let ranges = [
        between("10.0.0.0", "10.0.1.255"),
        between("::1", "::1"),
        between("192.0.2.1", "192.0.2.1"),
        between("9.0.0.0", "10.0.0.1"),
    ];
    format!("({})", ranges.join(" OR "))
}

fn member_address(random: &mut Random) -> (String, String) {
    match random.below(8) {
        0 => (format!("@{}", HOSTS.0), hosts()),
        1 => {
            let mut ends: Vec<IpAddr> = vec![];
            while ends.len() < 2 {
                let one: IpAddr = usual_address(random).parse().expect("an address");
                if ends.first().is_none_or(|first| first.is_ipv4() == one.is_ipv4()) {
                    ends.push(one);
                }
            }
            ends.sort();
            let sql = format!("@ BETWEEN '{}' AND '{}'", sortable(ends[0]), sortable(ends[1]));
            (format!("{}..{}", ends[0], ends[1]), sql)
        }
        _ => network(random),
    }
}

/// A number as it can be written for a field, and as SQL has it.
fn number(field: &str, kind: Kind, random: &mut Random) -> (String, String) {
    let same = |n: u64| (n.to_string(), n.to_string());
    match (field, kind) {
        (_, Kind::Port) if random.chance(70) => same(random.pick(&PORTS)),
        (_, Kind::Port) => same(random.range(0, 65535)),
        ("protocol" | "protocol-number", _) => {
            let (number, name) = random.pick(&PROTOCOLS);
            let name = if random.chance(50) { name.to_uppercase() } else { name.to_string() };
            (if random.chance(50) { name } else { number.to_string() }, number.to_string())
        }
        (_, Kind::Time) => {
            let time = DAY + random.below(288) * 300;
            let (hour, minute) = (time / 3600 % 24, time / 60 % 60);
            let text = match random.below(6) {
                0 => time.to_string(),
                1 => format!("{time}999"),
                2 => format!("2026-03-15T{hour:02}:{minute:02}"),
                3 => format!("2026-03-15T{hour:02}:{minute:02}:00Z"),
                4 => format!("\"2026-03-15 {hour:02}:{minute:02}:00\""),
                _ => return (random.pick(&["2026-03-15", "2026-03-15T00:00:00Z"]).into(), DAY.to_string()),
            };
            (text, time.to_string())
        }
        ("tcp-flags", _) => {
            let (text, number) =
                random.pick(&[("syn", "2"), ("SYN+ack", "18"), ("0", "0"), ("19", "19"), ("1.5", "1.5")]);
            (text.into(), number.into())
        }
        ("bytes" | "bpp", _) => {
            let (text, number) = random.pick(&[
                ("0", "0"),
                ("40", "40"),
                ("0080", "80"),
                ("1K", "1000"),
                ("1KiB", "1024"),
                ("1.5k", "1500"),
                ("1.16KB", "1160"),
                ("120.5", "120.5"),
                ("1GB", "1000000000"),
                ("1MiB", "1048576"),
                ("18446744073709551615", "18446744073709551615"),
                ("99E", "99000000000000000000"),
            ]);
            (text.into(), number.into())
        }
        _ => same(random.pick(&[0, 1, 2, 3, 5, 10, 59, 60, 250, 300])),
    }
}

/// A glob and the pattern that SQL has for it.
fn glob(values: &[&str], random: &mut Random) -> (String, String) {
    let value = random.pick(values);
    let plain = if value.is_ascii() { value } else { "i-1" };
    let (from, to) = (random.below(plain.len() as u64 + 1) as usize, random.below(plain.len() as u64 + 1) as usize);
    let (from, to) = (from.min(to), from.max(to));
    let (text, like) = match random.below(4) {
        0 => (format!("{}*", &plain[..to]), format!("{}%", like(&plain[..to]))),
        1 => (format!("*{}", &plain[from..]), format!("%{}", like(&plain[from..]))),
        2 => (format!("*{}*", &plain[from..to]), format!("%{}%", like(&plain[from..to]))),
        _ if plain.is_empty() => ("?".to_string(), "_".to_string()),
        _ => {
            let at = from.min(plain.len() - 1);
            let (before, after) = (&plain[..at], &plain[at + 1..]);
            (format!("{before}?{after}"), format!("{}_{}", like(before), like(after)))
        }
    };
    (text, format!("@ LIKE {} ESCAPE '^'", quote(&like)))
}

/// A text as a part of a pattern of SQL.
fn like(text: &str) -> String {
    text.replace('^', "^^").replace('%', "^%").replace('_', "^_")
}

fn among(members: Vec<(String, String)>) -> Test {
    let (texts, sql): (Vec<String>, Vec<String>) = members.into_iter().unzip();
    let text = match &texts[..] {
        [one] if !one.starts_with('"') => format!("in {one}"),
        many => format!("in {{{}}}", many.join(", ")),
    };
    test(text, format!("({})", sql.join(" OR ")))
}

fn text_test(field: &str, random: &mut Random) -> Test {
    let values = texts(field);
    // In a field of few words, AWS's spelling is meant.
    let any_case = matches!(field, "action" | "log-status" | "type" | "flow-direction");
    let one = |random: &mut Random| {
        let value = random.pick(values);
        let written = if any_case && random.chance(40) { value.to_lowercase() } else { value.to_string() };
        let bare = written.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) && random.chance(60);
        let written = if bare { written } else { format!("\"{}\"", written.replace('"', "\\\"")) };
        (written, quote(value))
    };
    match random.below(5) {
        0 => {
            let (text, value) = one(random);
            Test { both: true, ..test(format!("!= {text}"), format!("@ <> {value}")) }
        }
        1 => among((0..random.range(1, 3)).map(|_| one(random)).map(|(t, v)| (t, format!("@ = {v}"))).collect()),
        2 => {
            let (text, sql) = glob(values, random);
            test(format!("like \"{}\"", text.replace('"', "\\\"")), sql)
        }
        _ => {
            let (text, value) = one(random);
            test(format!("{} {text}", random.pick(&["==", "=", "eq", "EQ"])), format!("@ = {value}"))
        }
    }
}

fn address_test(random: &mut Random) -> Test {
    match random.below(4) {
        0 => {
            let (text, sql) = network(random);
            Test { both: true, ..test(format!("!= {text}"), format!("NOT ({sql})")) }
        }
        1 => {
            let (text, sql) = network(random);
            test(format!("== {text}"), sql)
        }
        _ => among((0..random.range(1, 4)).map(|_| member_address(random)).collect()),
    }
}

fn number_test(field: &str, kind: Kind, random: &mut Random) -> Test {
    match random.below(10) {
        0..6 => {
            let (words, sign) = random.pick(&[
                (["==", "eq"], "="),
                (["!=", "ne"], "<>"),
                (["<", "lt"], "<"),
                (["<=", "le"], "<="),
                ([">", "gt"], ">"),
                ([">=", "GE"], ">="),
            ]);
            let (text, value) = number(field, kind, random);
            let both = sign == "<>";
            Test { both, ..test(format!("{} {text}", random.pick(&words)), format!("@ {sign} {value}")) }
        }
        6 if field.ends_with("port") => {
            test(format!("in @{}", SERVICES.0), "(@ = 22 OR @ BETWEEN 80 AND 90 OR @ = 443)")
        }
        7 if field == "tcp-flags" => {
            let (text, bits) = random.pick(&[("syn", 2), ("syn+ACK", 18), ("fin+syn+rst", 7), ("cwr", 128)]);
            test(format!("has {text}"), format!("@ & {bits} = {bits}"))
        }
        8 if field == "protocol" => {
            let (text, numbers) = random.pick(&[("*icmp*", "1, 58"), ("t*", "6"), ("?re", "47"), ("ipv6-i*", "58")]);
            test(format!("like \"{text}\""), format!("@ IN ({numbers})"))
        }
        _ => among((0..random.range(1, 5)).map(|_| member_number(field, kind, random)).collect()),
    }
}

fn member_number(field: &str, kind: Kind, random: &mut Random) -> (String, String) {
    let (text, value) = number(field, kind, random);
    let (other_text, other) = number(field, kind, random);
    let order = value.parse::<f64>().expect("a number") <= other.parse::<f64>().expect("a number");
    // A text in quotes is one value.
    if random.chance(60) || text.starts_with('"') || other_text.starts_with('"') {
        return (text, format!("@ = {value}"));
    }
    let sql = |first: &str, last: &str| format!("@ BETWEEN {first} AND {last}");
    match order {
        true => (format!("{text}..{other_text}"), sql(&value, &other)),
        false => (format!("{other_text}..{text}"), sql(&other, &value)),
    }
}

fn leaf(random: &mut Random) -> Condition {
    let mut subjects: Vec<(&str, Kind)> = FIELDS.into_iter().chain(DERIVED).collect();
    // What is asked most.
    for _ in 0..4 {
        subjects.extend([("ip", Kind::Ip), ("port", Kind::Port), ("bytes", Kind::Number), ("action", Kind::Text)]);
    }
    let (subject, kind) = random.pick(&subjects);
    let name = match random.below(8) {
        0 => subject.to_uppercase(),
        1 => subject.replace('-', "_"),
        _ => subject.to_string(),
    };
    if random.chance(8) {
        let sql = holds(subject, &test("", "@ IS NOT NULL"));
        return Condition { text: format!("exists {name}"), sql, level: 2 };
    }
    let test = match kind {
        Kind::Ip => address_test(random),
        Kind::Text => text_test(subject, random),
        kind => number_test(subject, kind, random),
    };
    let sql = holds(subject, &test);
    match test.text.strip_prefix("in ") {
        Some(set) if random.chance(25) => {
            Condition { text: format!("{name} not in {set}"), sql: format!("NOT {sql}"), level: 2 }
        }
        _ => Condition { text: format!("{name} {}", test.text), sql, level: 2 },
    }
}

/// A condition of up to a dozen terms.
pub fn condition(depth: u32, random: &mut Random) -> Condition {
    if depth == 0 || random.chance(35) {
        return leaf(random);
    }
    if random.chance(25) {
        let inner = condition(depth - 1, random);
        let text = if inner.level == 2 && random.chance(50) { inner.text } else { format!("({})", inner.text) };
        let word = random.pick(&["not ", "!", "NOT "]);
        return Condition { text: format!("{word}{text}"), sql: format!("NOT ({})", inner.sql), level: 2 };
    }
    let (level, words, sql) = random.pick(&[(0, [" or ", " || "], " OR "), (1, [" and ", "&&"], " AND ")]);
    let parts: Vec<Condition> = (0..random.range(2, 3)).map(|_| condition(depth - 1, random)).collect();
    let text = |part: &Condition| match part.level < level {
        true => format!("({})", part.text),
        false => part.text.clone(),
    };
    let word = random.pick(&words);
    Condition {
        text: parts.iter().map(text).collect::<Vec<_>>().join(word),
        sql: parts.iter().map(|part| format!("({})", part.sql)).collect::<Vec<_>>().join(sql),
        level,
    }
}

/// The values of an option, separated by commas, as a condition on the subject.
fn option_test(subject: &str, kind: Kind, random: &mut Random) -> (String, String) {
    let value = |random: &mut Random| match kind {
        Kind::Ip => member_address(random),
        Kind::Port if random.chance(30) => {
            let ends = [random.pick(&PORTS), random.range(0, 65535)];
            let (first, last) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            (format!("{first}-{last}"), format!("@ BETWEEN {first} AND {last}"))
        }
        Kind::Port if random.chance(10) => {
            (format!("@{}", SERVICES.0), "(@ = 22 OR @ BETWEEN 80 AND 90 OR @ = 443)".into())
        }
        Kind::Protocol if random.chance(20) => ("ip*".to_string(), "@ = 58".to_string()),
        Kind::Text => {
            // A comma separates values.
            let values: Vec<&str> = texts(subject).iter().copied().filter(|text| !text.contains(',')).collect();
            if random.chance(30) {
                return glob(&values, random);
            }
            let value = random.pick(&values);
            (value.to_string(), format!("@ = {}", quote(value)))
        }
        _ => {
            let (text, value) = number(subject, kind, random);
            (text, format!("@ = {value}"))
        }
    };
    let (texts, sql): (Vec<String>, Vec<String>) = (0..random.range(1, 3)).map(|_| value(random)).unzip();
    (texts.join(","), holds(subject, &test("", format!("({})", sql.join(" OR ")))))
}

const OPTIONS: [(&str, &str, Kind); 15] = [
    ("--src-ip", "src-ip", Kind::Ip),
    ("--dst-ip", "dst-ip", Kind::Ip),
    ("--ip", "ip", Kind::Ip),
    ("--src-port", "src-port", Kind::Port),
    ("--dst-port", "dst-port", Kind::Port),
    ("--port", "port", Kind::Port),
    ("--protocol", "protocol", Kind::Protocol),
    ("--action", "action", Kind::Text),
    ("--interface", "interface-id", Kind::Text),
    ("--account", "account-id", Kind::Text),
    ("--region", "region", Kind::Text),
    ("--vpc", "vpc-id", Kind::Text),
    ("--subnet", "subnet-id", Kind::Text),
    ("--instance", "instance-id", Kind::Text),
    ("--direction", "flow-direction", Kind::Text),
];

/// A time window: --since and --until, or --last.
fn window(random: &mut Random) -> (Vec<String>, Vec<String>) {
    let field = random.pick(&["start", "end"]);
    let mut args =
        if field == "end" || random.chance(20) { vec!["--time-field".to_string(), field.into()] } else { vec![] };
    if random.chance(30) {
        let (span, seconds) =
            random.pick(&[("90m", 5400), ("5h", 18000), ("1h30m", 5400), ("45s", 45), ("1w", 604_800)]);
        args.extend(["--last".into(), span.into()]);
        return (args, vec![format!("coalesce(\"{field}\" >= (SELECT max(\"end\") FROM r) - {seconds}, FALSE)")]);
    }
    let mut sql = vec![];
    for (option, sign) in [("--since", ">="), ("--until", "<")] {
        if random.chance(65) {
            let (text, value) = number(field, Kind::Time, random);
            args.extend([option.into(), text.trim_matches('"').into()]);
            sql.push(format!("coalesce(\"{field}\" {sign} {value}, FALSE)"));
        }
    }
    (args, sql)
}

/// Up to four filters: the arguments, and the condition that all of them make.
pub fn filters(random: &mut Random) -> (Vec<String>, String) {
    let (mut args, mut sql) = (Vec::new(), vec!["TRUE".to_string()]);
    let options = random.pick(&[0, 0, 1, 1, 1, 2, 3]);
    for (option, subject, kind) in (0..options).map(|_| random.pick(&OPTIONS)).collect::<Vec<_>>() {
        // Given twice, an option has the values of both.
        if !args.contains(&option.to_string()) {
            let (values, condition) = option_test(subject, kind, random);
            args.extend([option.to_string(), values]);
            sql.push(condition);
        }
    }
    if random.chance(35) {
        let (more, conditions) = window(random);
        args.extend(more);
        sql.extend(conditions);
    }
    if random.chance(50) {
        let condition = condition(3, random);
        args.extend(["-w".to_string(), condition.text]);
        sql.push(format!("({})", condition.sql));
    }
    (args, sql.join(" AND "))
}
