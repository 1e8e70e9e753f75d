//! A slow and obvious reader of flow logs, written apart from the program: lines are split at
//! spaces, values parsed by the standard library, and sums kept in 128 bits.

use super::lines::{V2, V5};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ip,
    Port,
    Protocol,
    Number,
    Time,
    Text,
}

/// What a field holds. The order is that of results: IPv4 before IPv6, numbers by value, text by
/// bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Ip(IpAddr),
    /// The first address, and the length if it is not the whole.
    Network(IpAddr, Option<u32>),
    Number(u128),
    Protocol(u128),
    Time(u128),
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Flow,
    NoData,
    SkipData,
    Other,
}

/// A data line.
#[derive(Clone, Debug)]
pub struct Record {
    pub status: Status,
    /// Values by canonical name; fields without a value are not in it.
    pub values: BTreeMap<String, Cell>,
    /// Values that their field cannot hold, by canonical name.
    pub bad: BTreeMap<String, String>,
    pub line: u64,
    pub file: String,
}

/// What became of the lines.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub files: u64,
    pub lines: u64,
    pub headers: u64,
    pub blank: u64,
    pub records: Vec<Record>,
    /// Canonical names of the fields of every format met.
    pub met: BTreeSet<String>,
    /// File, line, fields found, fields expected.
    pub malformed: Vec<(String, u64, usize, usize)>,
}

/// The canonical name and the kind of a field, by any name that the tests use.
pub fn field(name: &str) -> Option<(String, Kind)> {
    let name = name.to_lowercase().replace('_', "-");
    let canonical = match &name[..] {
        "srcaddr" => "src-ip",
        "dstaddr" => "dst-ip",
        "srcport" => "src-port",
        "dstport" => "dst-port",
        "pkt-srcaddr" => "pkt-src-ip",
        "pkt-dstaddr" => "pkt-dst-ip",
        other => other,
    };
    let kind = match canonical {
        "src-ip" | "dst-ip" | "pkt-src-ip" | "pkt-dst-ip" => Kind::Ip,
        "src-port" | "dst-port" => Kind::Port,
        "protocol" => Kind::Protocol,
        "version" | "packets" | "bytes" | "tcp-flags" | "traffic-path" => Kind::Number,
        "start" | "end" => Kind::Time,
        "resource-id" | "reject-reason" => Kind::Text,
        name if V5.split_whitespace().any(|known| known == name) => Kind::Text,
        _ => return None,
    };
    Some((canonical.to_string(), kind))
}

/// The same for fields of tomorrow, too, which are text.
pub fn any_field(name: &str) -> (String, Kind) {
    field(name).unwrap_or_else(|| (name.to_lowercase().replace('_', "-"), Kind::Text))
}

/// A line is a header if all its words name fields; words that begin with `x-` are fields of
/// tomorrow, in a line with five that are known.
fn is_header(words: &[&str]) -> bool {
    let known = words.iter().filter(|word| field(word).is_some()).count();
    known > 0 && (known == words.len() || known >= 5 && words.iter().all(|w| field(w).is_some() || w.starts_with("x-")))
}

impl Log {
    /// Reads one more file, whose lines before any header have these fields.
    pub fn read(&mut self, file: &str, text: &[u8], assumed: &str) {
        self.files += 1;
        let text = String::from_utf8(text.to_vec()).expect("the tests write UTF-8");
        let mut names: Vec<String> = assumed.split_whitespace().map(String::from).collect();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut lines: Vec<&str> = text.split('\n').collect();
        // What stands behind the last newline is a line only if there is something.
        if lines.last() == Some(&"") {
            lines.pop();
        }
        for (i, line) in lines.into_iter().enumerate() {
            self.lines += 1;
            let line = line.strip_suffix('\r').unwrap_or(line);
            let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
            if words.is_empty() {
                self.blank += 1;
                continue;
            }
            if is_header(&words) {
                names = words.iter().map(|word| word.to_string()).collect();
            }
            self.met.extend(names.iter().map(|name| any_field(name).0));
            if is_header(&words) {
                self.headers += 1;
            } else if words.len() != names.len() {
                self.malformed.push((file.to_string(), i as u64 + 1, words.len(), names.len()));
            } else {
                self.records.push(Record::of(&names, &words, file, i as u64 + 1));
            }
        }
    }

    pub fn flows(&self) -> Vec<&Record> {
        self.records.iter().filter(|record| record.status == Status::Flow).collect()
    }

    pub fn count(&self, status: Status) -> u64 {
        self.records.iter().filter(|record| record.status == status).count() as u64
    }
}

impl Record {
    fn of(names: &[String], words: &[&str], file: &str, line: u64) -> Record {
        let mut record = Record {
            status: Status::Flow,
            values: BTreeMap::new(),
            bad: BTreeMap::new(),
            line,
            file: file.to_string(),
        };
        let mut status = None;
        let mut without_source = false;
        for (name, word) in names.iter().zip(words) {
            let (name, kind) = any_field(name);
            if name == "log-status" {
                status = Some(*word);
            }
            if *word == "-" {
                without_source |= name == "src-ip";
                continue;
            }
            match value(kind, word) {
                Some(value) => _ = record.values.insert(name, value),
                None => _ = record.bad.insert(name, word.to_string()),
            }
        }
        record.status = match status {
            Some("OK") => Status::Flow,
            Some("NODATA") => Status::NoData,
            Some("SKIPDATA") => Status::SkipData,
            Some(_) => Status::Other,
            None if without_source => Status::NoData,
            None => Status::Flow,
        };
        record
    }

    pub fn number(&self, field: &str) -> Option<u128> {
        match self.values.get(field) {
            Some(Cell::Number(n) | Cell::Protocol(n) | Cell::Time(n)) => Some(*n),
            _ => None,
        }
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn ip(&self, field: &str) -> Option<IpAddr> {
        match self.values.get(field) {
            Some(Cell::Ip(address)) => Some(*address),
            _ => None,
        }
    }

    /// The value of a grouping key: a field, a network, or one of the derived keys.
    pub fn key(&self, key: &str) -> Option<Cell> {
        let mut parts = key.split('/');
        let name = parts.next().expect("a name");
        let lengths: Vec<u32> = parts.map(|length| length.parse().expect("a length")).collect();
        match (name, &lengths[..]) {
            ("duration", _) => Some(Cell::Number(self.number("end")?.checked_sub(self.number("start")?)?)),
            ("bpp", _) => Some(Cell::Number(self.number("bytes")?.checked_div(self.number("packets")?)?)),
            ("protocol-number", _) => Some(Cell::Number(self.number("protocol")?)),
            (_, []) => self.values.get(name).cloned(),
            (_, [v4]) => Some(network(self.ip(name)?, *v4, 128)),
            (_, [v4, v6, ..]) => Some(network(self.ip(name)?, *v4, *v6)),
        }
    }
}

fn network(address: IpAddr, v4: u32, v6: u32) -> Cell {
    match address {
        IpAddr::V4(a) => {
            let mask = if v4 == 0 { 0 } else { u32::MAX << (32 - v4) };
            Cell::Network(IpAddr::V4((u32::from(a) & mask).into()), (v4 < 32).then_some(v4))
        }
        IpAddr::V6(a) => {
            let mask = if v6 == 0 { 0 } else { u128::MAX << (128 - v6) };
            Cell::Network(IpAddr::V6((u128::from(a) & mask).into()), (v6 < 128).then_some(v6))
        }
    }
}

/// What a word means; `None` for what the field cannot hold.
fn value(kind: Kind, word: &str) -> Option<Cell> {
    let number = |limit: u128| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        word.parse::<u128>().ok().filter(|n| digits && *n <= limit)
    };
    match kind {
        Kind::Text => Some(Cell::Text(word.to_string())),
        Kind::Ip => word.parse().ok().map(Cell::Ip),
        Kind::Port => number(65535).map(Cell::Number),
        Kind::Protocol => number(255).map(Cell::Protocol),
        Kind::Number => number(u64::MAX.into()).map(Cell::Number),
        Kind::Time => number(u64::MAX.into())
            .map(|time| Cell::Time(if time.to_string().len() == 13 { time / 1000 } else { time })),
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Ip(address) | Cell::Network(address, None) => address.fmt(f),
            Cell::Network(address, Some(length)) => write!(f, "{address}/{length}"),
            Cell::Number(number) => number.fmt(f),
            Cell::Protocol(number) => f.write_str(&protocol(*number)),
            Cell::Time(seconds) => f.write_str(&time(*seconds)),
            Cell::Text(text) => f.write_str(text),
        }
    }
}

/// The keywords of the protocols that the tests use.
fn protocol(number: u128) -> String {
    let names = [(1, "icmp"), (6, "tcp"), (17, "udp"), (47, "gre"), (50, "esp"), (58, "ipv6-icmp"), (132, "sctp")];
    let name = names.iter().find(|(known, _)| *known == number).map(|(_, name)| name.to_string());
    name.unwrap_or_else(|| number.to_string())
}

/// The service on one of the ports that the tests use.
pub fn service(port: u128, protocol: u128) -> Option<&'static str> {
    match (port, protocol) {
        (22, 6 | 17) => Some("ssh"),
        (53, 6 | 17) => Some("domain"),
        (443, 6 | 17) => Some("https"),
        (3389, 6 | 17) => Some("ms-wbt-server"),
        (5432, 6 | 17) => Some("postgresql"),
        _ => None,
    }
}

/// RFC 3339 in UTC; what lies beyond the year 9999 stays a number.
pub fn time(seconds: u128) -> String {
    if seconds > 250_000_000_000 {
        return seconds.to_string();
    }
    let (mut days, rest) = (seconds / 86400, seconds % 86400);
    let mut year = 1970;
    let leap = |year: u128| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    while days >= 365 + u128::from(leap(year)) {
        days -= 365 + u128::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let lengths = [31, 28 + u128::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", month + 1, days + 1)
}

/// The fields that lines without a header have where nobody says otherwise.
pub fn assumed(log_format: Option<&str>) -> String {
    match log_format {
        None | Some("v2") => V2.to_string(),
        Some("v5") => V5.to_string(),
        Some(list) => list.replace(',', " ").replace("${", "").replace('}', ""),
    }
}
