//! Which records: options that each stand for an expression, and expressions.

use crate::query::Filter;
use crate::query::filter::{Comparison, Element, Expr, ExprError, Pattern, Test, Word, World};
use crate::schema::{Field, Kind, parse_span, parse_time};
use clap::{ValueEnum, ValueHint};
use std::sync::OnceLock;

/// Options about which records count. Those of different options must all hold; of several values
/// of one (by comma, or given again) one must.
#[derive(clap::Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Filters (all must hold; of several values of one, one must)")]
pub struct FilterFlags {
    /// Source address or network (CIDR), or @FILE with one a line
    ///
    /// All options that take a list of values take @FILE, too: one value a line, # begins a comment.
    #[arg(long, value_name = "ADDR", value_delimiter = ',', value_hint = ValueHint::Other)]
    src_ip: Vec<String>,

    /// Destination address or network
    #[arg(long, value_name = "ADDR", value_delimiter = ',', value_hint = ValueHint::Other)]
    dst_ip: Vec<String>,

    /// Address or network of either side
    #[arg(long, value_name = "ADDR", value_delimiter = ',', value_hint = ValueHint::Other)]
    ip: Vec<String>,

    /// Source port, or range such as 8000-8100
    #[arg(long, value_name = "PORT", value_delimiter = ',', value_hint = ValueHint::Other)]
    src_port: Vec<String>,

    /// Destination port, or range
    #[arg(long, value_name = "PORT", value_delimiter = ',', value_hint = ValueHint::Other)]
    dst_port: Vec<String>,

    /// Port of either side, or range
    #[arg(long, value_name = "PORT", value_delimiter = ',', value_hint = ValueHint::Other)]
    port: Vec<String>,

    /// Protocol: keyword (tcp), number (6) or pattern ('ipv6*')
    #[arg(long, value_name = "PROTO", value_delimiter = ',', value_hint = ValueHint::Other)]
    protocol: Vec<String>,

    /// ACCEPT or REJECT
    #[arg(long, value_name = "ACTION", value_delimiter = ',', value_hint = ValueHint::Other)]
    action: Vec<String>,

    /// Network interface: id or pattern such as 'eni-0a*'
    #[arg(long, value_name = "ENI", value_delimiter = ',', value_hint = ValueHint::Other)]
    interface: Vec<String>,

    /// Account: id or pattern
    #[arg(long, value_name = "ID", value_delimiter = ',', value_hint = ValueHint::Other)]
    account: Vec<String>,

    /// Region: name or pattern
    #[arg(long, value_name = "REGION", value_delimiter = ',', value_hint = ValueHint::Other)]
    region: Vec<String>,

    /// VPC: id or pattern
    #[arg(long, value_name = "ID", value_delimiter = ',', value_hint = ValueHint::Other)]
    vpc: Vec<String>,

    /// Subnet: id or pattern
    #[arg(long, value_name = "ID", value_delimiter = ',', value_hint = ValueHint::Other)]
    subnet: Vec<String>,

    /// Instance: id or pattern
    #[arg(long, value_name = "ID", value_delimiter = ',', value_hint = ValueHint::Other)]
    instance: Vec<String>,

    /// ingress or egress
    #[arg(long, value_name = "DIR", value_delimiter = ',', value_hint = ValueHint::Other)]
    pub direction: Vec<String>,

    /// Leave out records both of whose addresses lie in these networks
    #[arg(long, value_name = "CIDR", value_delimiter = ',', value_hint = ValueHint::Other)]
    pub drop_internal: Vec<String>,

    /// From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other)]
    pub since: Option<String>,

    /// Before this time
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other)]
    pub until: Option<String>,

    /// Only the end of the data: so long before the newest record's end, such as 5h or 90m
    #[arg(long, value_name = "SPAN", value_parser = span, conflicts_with_all = ["since", "until"], value_hint = ValueHint::Other)]
    pub last: Option<u64>,

    /// The time that --since, --until and --last look at
    #[arg(long, value_name = "FIELD", default_value = "start")]
    pub time_field: TimeField,

    /// How late a record may be delivered, at most; all: open files of any age
    ///
    /// A file is not opened if its path says that its records cannot be of the time asked for. Those
    /// that were delivered later than this may be missed.
    #[arg(long, value_name = "SPAN", default_value = "1h", value_parser = lateness, value_hint = ValueHint::Other)]
    pub lateness: Lateness,

    /// Where the time of `--last` begins, once that is known.
    #[arg(skip)]
    begin: OnceLock<u64>,

    /// Open every file, whatever its path tells of account, region and time
    #[arg(long)]
    pub no_prune: bool,

    /// An expression: 'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8'
    ///
    /// and, or, not (&& || !), parentheses; == != < <= > >= (eq ne lt le gt ge); in {a, b, c..d}, in 10.0.0.0/8, in @FILE;
    /// like "eni-0a*"; has syn+ack (tcp-flags); exists FIELD. ip and port are either side. Numbers may end in K, MB, GiB and
    /// such; times are written as for --since. A comparison with a missing value is false, and so is its !=. Given several
    /// times, all must hold.
    #[arg(short = 'w', long = "where", value_name = "EXPR", value_hint = ValueHint::Other)]
    pub expressions: Vec<String>,
}

/// Which time of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TimeField {
    #[default]
    Start,
    End,
}

/// How late records may be delivered, in seconds; `None`: any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lateness(pub Option<u64>);

impl Default for Lateness {
    fn default() -> Lateness {
        Lateness(Some(3600))
    }
}

fn span(text: &str) -> Result<u64, String> {
    parse_span(text).ok_or_else(|| "expected a length of time such as 90m, 5h, 2d or 1h30m".into())
}

fn lateness(text: &str) -> Result<Lateness, String> {
    match text {
        "all" => Ok(Lateness(None)),
        text => span(text).map(|seconds| Lateness(Some(seconds))).map_err(|why| why + ", or all"),
    }
}

impl FilterFlags {
    /// The filters that the options stand for, all but `--last`. Of `--since`, so many seconds `earlier` count.
    pub fn filters(&self, world: &World<'_>, earlier: u64) -> Result<Vec<Filter>, ExprError> {
        let mut filters = Vec::new();
        for (option, subject, kind, values) in self.lists() {
            if !values.is_empty() {
                let text = values.join(",");
                let filter = Filter::of(&text, &one_of(subject, kind, &text), world);
                filters.push(filter.map_err(|error| error.of(option))?);
            }
        }
        if !self.drop_internal.is_empty() {
            let text = self.drop_internal.join(",");
            let both = ["src-ip", "dst-ip"].map(|side| one_of(side, Kind::Ip, &text));
            let filter = Filter::of(&text, &Expr::Not(Box::new(Expr::And(both.into()))), world);
            filters.push(filter.map_err(|error| error.of("--drop-internal"))?);
        }
        for (option, comparison, time) in
            [("--since", Comparison::GreaterOrEqual, &self.since), ("--until", Comparison::Less, &self.until)]
        {
            if let Some(time) = time {
                let test = Test::Compare(comparison, word(time, 0, false));
                let expr = Expr::Test { subject: word(self.time_field.field().name(), 0, false), test };
                let filter = Filter::of(time, &expr, world).map_err(|error| error.of(option))?;
                filters.push(match parse_time(time, world.now).filter(|_| option == "--since" && earlier > 0) {
                    Some(since) => Filter::since(self.time_field.field(), since.as_secs().saturating_sub(earlier)),
                    None => filter,
                });
            }
        }
        for expression in &self.expressions {
            filters.push(Filter::parse(expression, world)?);
        }
        Ok(filters)
    }
}

/// An option of values, the field it looks at, and what was given.
type List<'f> = (&'static str, &'static str, Kind, &'f Vec<String>);

impl FilterFlags {
    /// The options of values.
    pub fn lists(&self) -> [List<'_>; 15] {
        [
            ("--src-ip", "src-ip", Kind::Ip, &self.src_ip),
            ("--dst-ip", "dst-ip", Kind::Ip, &self.dst_ip),
            ("--ip", "ip", Kind::Ip, &self.ip),
            ("--src-port", "src-port", Kind::Port, &self.src_port),
            ("--dst-port", "dst-port", Kind::Port, &self.dst_port),
            ("--port", "port", Kind::Port, &self.port),
            ("--protocol", "protocol", Kind::Protocol, &self.protocol),
            ("--action", "action", Kind::Text, &self.action),
            ("--interface", "interface-id", Kind::Text, &self.interface),
            ("--account", "account-id", Kind::Text, &self.account),
            ("--region", "region", Kind::Text, &self.region),
            ("--vpc", "vpc-id", Kind::Text, &self.vpc),
            ("--subnet", "subnet-id", Kind::Text, &self.subnet),
            ("--instance", "instance-id", Kind::Text, &self.instance),
            ("--direction", "flow-direction", Kind::Text, &self.direction),
        ]
    }

    /// The same for another window, from `since` up to `until`, in seconds since the epoch.
    pub fn within(&self, since: u64, until: u64) -> FilterFlags {
        FilterFlags { since: Some(since.to_string()), until: Some(until.to_string()), last: None, ..self.clone() }
    }

    /// The same for all of time.
    pub fn whole(&self) -> FilterFlags {
        FilterFlags { since: None, until: None, last: None, begin: OnceLock::new(), ..self.clone() }
    }

    /// What is worth a remark about the times.
    pub fn note(&self, now: u64) -> Option<String> {
        let [Some(since), Some(until)] = self.window(now) else { return None };
        let is_empty = until <= since;
        is_empty.then(|| "--until is not after --since, so that no record can lie between".into())
    }

    /// Is told where the time of `--last` begins, in seconds since the epoch.
    pub fn begins(&self, since: u64) {
        self.begin.get_or_init(|| since);
    }

    /// The times of `--since` (or of `--last`, once it is known) and `--until`, in seconds since the epoch.
    pub fn window(&self, now: u64) -> [Option<u64>; 2] {
        let time =
            |text: &Option<String>| text.as_ref().and_then(|text| parse_time(text, now)).map(|time| time.as_secs());
        [time(&self.since).or(self.begin.get().copied()), time(&self.until)]
    }
}

impl TimeField {
    pub fn field(self) -> Field {
        match self {
            TimeField::Start => Field::Start,
            TimeField::End => Field::End,
        }
    }
}

/// The expression that a list of values stands for: the subject is one of them, or matches a pattern
/// among them.
fn one_of(subject: &str, kind: Kind, text: &str) -> Expr {
    let mut start = 0;
    let (mut listed, mut tests) = (Vec::new(), Vec::new());
    for value in split(text) {
        let (trimmed, at) = (value.trim(), start + value.len() - value.trim_start().len());
        start += value.len() + 1;
        let from_file = trimmed.starts_with('@');
        match kind {
            Kind::Text | Kind::Protocol if Pattern::is_one(trimmed) && !from_file => {
                tests.push(Test::Like(word(trimmed, at, true)));
            }
            Kind::Text if !from_file => listed.push(Element::One(word(trimmed, at, false))),
            Kind::Port if !from_file => {
                let value = word(trimmed, at, false);
                listed.push(match trimmed.split_once('-') {
                    Some((first, last)) => value.range(first, last),
                    None => Element::of(value),
                });
            }
            _ => listed.push(Element::of(word(trimmed, at, false))),
        }
    }
    if !listed.is_empty() {
        tests.insert(0, Test::In(listed));
    }
    Expr::any(tests.into_iter().map(|test| Expr::Test { subject: word(subject, 0, false), test }).collect())
}

/// The values of a list; commas within braces, as in `eni-{0a,0b}*`, are part of a pattern.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

fn word(text: &str, at: usize, quoted: bool) -> Word {
    Word { text: text.into(), quoted, span: at..at + text.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        filter: FilterFlags,
    }

    const WORLD: World<'static> = World { now: 1_773_576_000, read: &|_| Ok("22 # ssh\n\n80..90\n".into()) };

    fn filter(args: &[&str]) -> Result<Option<Filter>, String> {
        let flags = Flags::try_parse_from([&["x"], args].concat()).map_err(|error| error.to_string())?;
        flags.filter.filters(&WORLD, 0).map(Filter::all).map_err(|error| error.to_string())
    }

    #[test]
    fn every_option_is_its_expression() {
        for (args, expression) in [
            (&["--src-ip", "10.0.0.1,10.1.0.0/16"][..], "src-ip in {10.0.0.1, 10.1.0.0/16}"),
            (&["--dst-ip", "::1"], "dst-ip == ::1"),
            (&["--ip", "10.0.0.0/8", "--ip", "fd00::/8"], "ip in {10.0.0.0/8, fd00::/8}"),
            (&["--src-port", "1024-65535"], "src-port in {1024..65535}"),
            (&["--dst-port", "22,8000-8100"], "dst-port in {22, 8000..8100}"),
            (&["--dst-port", "@ports"], "dst-port in @ports"),
            (&["--dst-port", "@ports"], "dst-port in {22, 80..90}"),
            (&["--port", "53"], "src-port == 53 or dst-port = 53"),
            (&["--protocol", "tcp,17"], "protocol in {6, udp}"),
            (&["--protocol", "ipv6-i*"], "protocol like 'ipv6-i*'"),
            (&["--action", "reject"], "action == REJECT"),
            (&["--interface", "eni-1,eni-0a*"], "interface in {eni-1} or eni like 'eni-0a*'"),
            (&["--interface", "eni-{0a,0b}*,eni-1"], "eni in {eni-1} or eni like 'eni-{0a,0b}*'"),
            (&["--account", "012345678901"], "account-id == 012345678901"),
            (&["--region", "eu-*"], "region like \"eu-*\""),
            (&["--vpc", "vpc-1"], "vpc == vpc-1"),
            (&["--subnet", "subnet-1"], "subnet-id == subnet-1"),
            (&["--instance", "i-1,i-2"], "instance in {i-1, i-2}"),
            (&["--direction", "Ingress"], "flow-direction == ingress"),
            (&["--since", "2026-03-15"], "start >= 2026-03-15T00:00"),
            (&["--until", "2h"], "start lt 2h"),
            (&["--until", "2026-03-15T01:02:03Z", "--time-field", "end"], "end < '2026-03-15 01:02:03'"),
            (&["--action", "ACCEPT", "-w", "bytes > 1K"], "action == ACCEPT and bytes gt 1000"),
        ] {
            assert_eq!(filter(args), filter(&["--where", expression]), "{args:?}");
        }
        assert_eq!(filter(&[]), Ok(None));
    }

    #[test]
    fn errors_point_into_the_value() {
        let error = filter(&["--dst-port", "22,https"]).expect_err("an error");
        assert_eq!(error, "--dst-port: expected a port (0 to 65535); https is 443\n  22,https\n     ^^^^^");
        let error = filter(&["--ip", "10.0.0.0/8, 10.0.0"]).expect_err("an error");
        assert!(error.ends_with("\n  10.0.0.0/8, 10.0.0\n              ^^^^^^"), "{error}");
        for args in [
            ["--since", "soon"],
            ["--dst-port", "1-"],
            ["--dst-port", "9-8"],
            ["--action", "REJCT"],
            ["--action", "DENY"],
            ["--action", ""],
            ["--direction", "in"],
            ["--ip", ""],
            ["--last", "5"],
            ["--lateness", "never"],
        ] {
            assert!(filter(&args).is_err(), "{args:?}");
        }
    }
}
