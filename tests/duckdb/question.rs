//! Random questions: the arguments for vpcflow, and the same in SQL.

use crate::condition::filters;
use crate::fields::{Key, Kind, column, keys};
use crate::random::Random;

/// A question, and how to read the answers.
pub struct Question {
    pub args: Vec<String>,
    pub sql: String,
    /// The types of DuckDB's cells.
    pub kinds: Vec<Kind>,
    /// The columns of vpcflow's answer, by name.
    pub header: Vec<String>,
    /// Columns of vpcflow's answer that DuckDB knows nothing of.
    pub unknown: &'static [&'static str],
}

/// A measure: how an argument names it, its SQL, and its type.
#[derive(Clone, PartialEq)]
struct Measure {
    name: String,
    sql: String,
    kind: Kind,
}

impl Measure {
    fn plain(name: &str) -> Measure {
        let count = |action: &str| format!("count(*) FILTER (WHERE action = '{action}')");
        let sum = |field: &str| format!("coalesce(sum({field}), 0)");
        let (sql, kind) = match name {
            "flows" => ("count(*)".into(), Kind::Number),
            "accepts" => (count("ACCEPT"), Kind::Number),
            "rejects" => (count("REJECT"), Kind::Number),
            "reject_pct" => (ratio(&count("REJECT"), "count(*)", 10_000), Kind::Decimal(2)),
            "first_seen" => ("min(\"start\")".into(), Kind::Time),
            "last_seen" => ("max(\"end\")".into(), Kind::Time),
            "bpp" => (ratio(&sum("bytes"), "sum(packets)", 100), Kind::Decimal(2)),
            "duration" => {
                let both = "min(\"start\") IS NOT NULL AND max(\"end\") IS NOT NULL";
                (format!("CASE WHEN {both} THEN greatest(max(\"end\") - min(\"start\"), 0) END"), Kind::Number)
            }
            field => (sum(field), Kind::Number),
        };
        Measure { name: name.into(), sql, kind }
    }

    fn has_share(&self) -> bool {
        matches!(&self.name[..], "flows" | "accepts" | "rejects" | "packets" | "bytes") || self.name.starts_with("sum(")
    }

    /// The name of its column.
    fn column(&self) -> String {
        underscored(self.name.trim_end_matches(')'))
    }
}

const PLAIN: [&str; 10] =
    ["flows", "accepts", "rejects", "reject_pct", "packets", "bytes", "first_seen", "last_seen", "bpp", "duration"];

fn underscored(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// `scale * part / whole`, rounded half up to a whole number; no value of nothing.
fn ratio(part: &str, whole: &str, scale: u32) -> String {
    format!("CASE WHEN {whole} > 0 THEN (2 * {scale} * {part} + {whole}) // (2 * {whole}) END")
}

fn measure(random: &mut Random) -> Measure {
    if random.chance(60) {
        return Measure::plain(random.pick(&PLAIN));
    }
    let numbers: Vec<Key> = keys().into_iter().filter(|key| key.kind.is_number()).collect();
    let amounts: Vec<Key> = numbers.iter().filter(|key| key.kind == Kind::Number).cloned().collect();
    // A protocol as a result of arithmetic is a number.
    let same = |kind| if kind == Kind::Protocol { Kind::Number } else { kind };
    let of = |function: &str, key: &Key, sql: String, kind| Measure {
        name: format!("{function}({})", key.name),
        sql: sql.replace('@', &key.column),
        kind,
    };
    match random.below(8) {
        0 | 1 => {
            let key = random.pick(&keys());
            of("distinct", &key, "count(DISTINCT @)".into(), Kind::Number)
        }
        2 => {
            let (key, function) = (random.pick(&numbers), random.pick(&["min", "max"]));
            of(function, &key, format!("{function}(@)"), same(key.kind))
        }
        3 => {
            let key = random.pick(&amounts);
            of("avg", &key, ratio("coalesce(sum(@), 0)", "count(@)", 100), Kind::Decimal(2))
        }
        4 => {
            let key = random.pick(&amounts);
            of("sum", &key, "coalesce(sum(@), 0)".into(), Kind::Number)
        }
        _ => {
            let key = random.pick(&numbers);
            let (name, part) =
                random.pick(&[("p50", 0.5), ("p95", 0.95), ("p99.9", 0.999), ("p100", 1.0), ("p1", 0.01)]);
            of(name, &key, format!("quantile_disc(@, {part})"), same(key.kind))
        }
    }
}

/// How rows are ordered and which are shown.
struct Rank {
    args: Vec<String>,
    ascending: bool,
    limit: u64,
    /// Parts per mille.
    min_share: Option<u64>,
    cum_share: bool,
}

impl Rank {
    fn new(default_limit: u64, has_share: bool, random: &mut Random) -> Rank {
        let mut args = Vec::new();
        let limit = match random.below(4) {
            0 => default_limit,
            1 => 0,
            _ => random.range(1, 25),
        };
        if limit != default_limit {
            args.extend(["-n".to_string(), limit.to_string()]);
        }
        let ascending = random.chance(25);
        args.extend(ascending.then(|| random.pick(&["--asc", "--bottom"]).to_string()));
        let min_share = (has_share && random.chance(15))
            .then(|| random.pick(&[("1%", 10), ("0.05", 50), ("20.5%", 205), ("0", 0)]));
        args.extend(min_share.iter().flat_map(|(text, _)| ["--min-share".to_string(), text.to_string()]));
        let cum_share = has_share && random.chance(10);
        args.extend(cum_share.then(|| "--cum-share".to_string()));
        Rank { args, ascending, limit, min_share: min_share.map(|(_, permille)| permille), cum_share }
    }
}

/// Groups of the records in `flows`, a condition: their keys, measures, and with a sum or a count to
/// sort by, shares.
struct Groups<'a> {
    filter: &'a str,
    flows: &'a str,
    keys: &'a [Key],
    measures: &'a [Measure],
    sort: usize,
    rank: &'a Rank,
}

impl Groups<'_> {
    fn has_share(&self) -> bool {
        self.measures[self.sort].has_share()
    }

    fn sql(&self) -> String {
        let Groups { filter, flows, keys, measures, sort, rank } = self;
        let named = |letter: char, sql: &str, i: usize| format!("{sql} AS {letter}{i}");
        let places = |letter: char, count: usize| (0..count).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
        let all: Vec<String> = keys.iter().enumerate().map(|(i, key)| named('k', &key.column, i)).collect();
        let all = [all, measures.iter().enumerate().map(|(i, m)| named('m', &m.sql, i)).collect()].concat().join(", ");
        let present: Vec<String> = keys.iter().map(|key| format!("{} IS NOT NULL", key.column)).collect();
        let (key_names, measure_names) = (places('k', keys.len()), places('m', measures.len()));
        let (by, part) = (key_names.join(", "), &measures[*sort].sql);
        let order = match rank.ascending {
            true => format!("m{sort} ASC NULLS FIRST, {by}"),
            false => format!("m{sort} DESC NULLS LAST, {by}"),
        };
        let mut shown = [key_names, measure_names].concat();
        let (mut large, mut total) = (String::new(), "0".to_string());
        if self.has_share() {
            total = format!("(SELECT {part} FROM f)");
            shown.push(share(&format!("m{sort}")));
            let cumulated = format!("(sum(m{sort}) OVER (ORDER BY {order}))");
            shown.extend(rank.cum_share.then(|| share(&cumulated)));
            let least = |permille| {
                format!("WHERE CASE WHEN total = 0 THEN {permille} = 0 ELSE m{sort} * 1000 >= total * {permille} END")
            };
            large = rank.min_share.map(least).unwrap_or_default();
        }
        let limit = if rank.limit == 0 { String::new() } else { format!("LIMIT {}", rank.limit) };
        format!(
            "WITH f AS (SELECT * FROM r WHERE ({filter}) AND {flows}), \
             g AS (SELECT {all} FROM f WHERE {} GROUP BY {by}), \
             t AS (SELECT *, {total} AS total FROM g) \
             SELECT {} FROM t {large} ORDER BY {order} {limit}",
            present.join(" AND "),
            shown.join(", ")
        )
    }

    fn kinds(&self) -> Vec<Kind> {
        let all = self.keys.iter().map(|key| key.kind).chain(self.measures.iter().map(|measure| measure.kind));
        let shares = [self.has_share(), self.has_share() && self.rank.cum_share];
        all.chain(shares.into_iter().filter(|has| *has).map(|_| Kind::Decimal(4))).collect()
    }

    fn header(&self, measures: &[String]) -> Vec<String> {
        let mut header: Vec<String> = self.keys.iter().map(|key| underscored(&key.name)).collect();
        // A measure that is named like a key is the group's total.
        let name = |name: &String| {
            if self.keys.iter().any(|key| key.name == *name) { format!("total_{name}") } else { name.clone() }
        };
        header.extend(measures.iter().map(name));
        header.extend(self.has_share().then(|| "share".to_string()));
        header.extend((self.has_share() && self.rank.cum_share).then(|| "cum_share".to_string()));
        header
    }
}

fn share(part: &str) -> String {
    format!("coalesce({}, 0)", ratio(part, "total", 10_000))
}

/// A question that any command can be: its name, the options, the filters.
pub fn question(random: &mut Random) -> Question {
    let (filters, sql) = filters(random);
    let mut question = match random.below(20) {
        0 | 1 => rejects(&sql, random),
        2 | 3 => ports(&sql, random),
        4..7 => timeline(&sql, filters.windows(2).any(|pair| pair == ["--time-field", "end"]), random),
        7 | 8 => records(&sql, random),
        9 => summary(&sql),
        _ => top(&sql, random),
    };
    question.args.extend(filters);
    question
}

fn by(keys: &[Key]) -> String {
    keys.iter().map(|key| key.name.clone()).collect::<Vec<_>>().join(",")
}

const FLOW: &str = "status = 'flow'";

fn top(filter: &str, random: &mut Random) -> Question {
    let keys = random.some(&keys(), 3);
    let mut measures: Vec<Measure> = Vec::new();
    for one in (0..random.range(1, 5)).map(|_| measure(random)).collect::<Vec<_>>() {
        if !measures.contains(&one) {
            measures.push(one);
        }
    }
    let mut args = vec!["top".to_string(), "--by".into(), by(&keys), "--agg".into()];
    args.push(measures.iter().map(|measure| measure.name.clone()).collect::<Vec<_>>().join(","));
    let sort = match random.below(3) {
        0 => Measure::plain("bytes"),
        1 => random.pick(&measures),
        _ => measure(random),
    };
    if sort.name != "bytes" || random.chance(50) {
        args.extend(["--sort".to_string(), sort.name.clone()]);
    }
    if !measures.contains(&sort) {
        measures.push(sort.clone());
    }
    let rank = Rank::new(10, sort.has_share(), random);
    args.extend(rank.args.iter().cloned());
    let sort = measures.iter().position(|measure| *measure == sort).expect("it is among them");
    let groups = Groups { filter, flows: FLOW, keys: &keys, measures: &measures, sort, rank: &rank };
    let names: Vec<String> = measures.iter().map(Measure::column).collect();
    Question { args, sql: groups.sql(), kinds: groups.kinds(), header: groups.header(&names), unknown: &[] }
}

fn rejects(filter: &str, random: &mut Random) -> Question {
    let keys = random.some(&keys(), 3);
    let rank = Rank::new(10, true, random);
    let distinct = |name: &str, field: &str| Measure {
        name: name.into(),
        sql: format!("count(DISTINCT \"{field}\")"),
        kind: Kind::Number,
    };
    let mut measures =
        vec![Measure::plain("rejects"), distinct("dst_ips", "dst-ip"), distinct("dst_ports", "dst-port")];
    measures.extend(["packets", "bytes", "first_seen", "last_seen"].map(Measure::plain));
    let names: Vec<String> = measures.iter().map(Measure::column).collect();
    let flows = "status = 'flow' AND action = 'REJECT'";
    let groups = Groups { filter, flows, keys: &keys, measures: &measures, sort: 0, rank: &rank };
    // Here the columns have the names that they always have.
    let mut header: Vec<String> = keys.iter().map(|key| underscored(&key.name)).collect();
    header.extend(names);
    header.push("share".into());
    header.extend(rank.cum_share.then(|| "cum_share".to_string()));
    let mut args = vec!["rejects".to_string(), "--by".into(), by(&keys)];
    args.extend(rank.args.iter().cloned());
    Question { args, sql: groups.sql(), kinds: groups.kinds(), header, unknown: &[] }
}

fn ports(filter: &str, random: &mut Random) -> Question {
    let side = random.pick(&["dst", "src"]);
    let width = random.chance(40).then(|| random.pick(&[1, 7, 1000, 1024, 65536]));
    let mut measures: Vec<Measure> = ["flows", "accepts", "rejects", "packets", "bytes"].map(Measure::plain).into();
    let sort = if random.chance(50) { Measure::plain("flows") } else { measure(random) };
    let mut args = vec!["ports".to_string(), "--side".into(), side.into(), "--sort".into(), sort.name.clone()];
    args.extend(width.iter().flat_map(|width| ["--bin-width".to_string(), width.to_string()]));
    if !measures.contains(&sort) {
        measures.push(sort.clone());
    }
    let rank = Rank::new(20, sort.has_share(), random);
    args.extend(rank.args.iter().cloned());
    let port = Key {
        name: "port".into(),
        column: format!("(\"{side}-port\" // {})", width.unwrap_or(1)),
        kind: width.map_or(Kind::Port, Kind::Bin),
    };
    let protocol = Key { name: "protocol".into(), column: column("protocol"), kind: Kind::Protocol };
    let keys = [port, protocol];
    let sort = measures.iter().position(|measure| *measure == sort).expect("it is among them");
    let groups = Groups { filter, flows: FLOW, keys: &keys, measures: &measures, sort, rank: &rank };
    let names: Vec<String> = measures.iter().map(Measure::column).collect();
    let unknown: &[&str] = if width.is_some() { &[] } else { &["service"] };
    Question { args, sql: groups.sql(), kinds: groups.kinds(), header: groups.header(&names), unknown }
}

/// `by_end`: the filters go by the end, and so do the buckets unless --load says otherwise.
fn timeline(filter: &str, by_end: bool, random: &mut Random) -> Question {
    let (bucket, seconds) =
        random.pick(&[("5m", 300), ("15m", 900), ("1h", 3600), ("6h", 21600), ("1d", 86400), ("700s", 700)]);
    let mut args = vec!["timeline".to_string(), "--bucket".into(), bucket.into()];
    let mut time = if by_end { "end" } else { "start" };
    if random.chance(50) {
        time = random.pick(&["start", "end"]);
        args.extend(["--load".to_string(), time.into()]);
    }
    let key = random.chance(60).then(|| random.pick(&keys()));
    let mut limit = 5;
    if let Some(key) = &key {
        args.extend(["--by".to_string(), key.name.clone()]);
        // Many series in many buckets take long.
        limit = random.pick(&[5, 1, 2, 3, 7, if seconds >= 3600 { 0 } else { 40 }]);
        args.extend(["-n".to_string(), limit.to_string()]);
    }
    let label = key.as_ref().map_or("0", |key| &key.column);
    let most = if limit == 0 { 1_000_000 } else { limit };
    let sql = format!(
        "WITH f AS (SELECT *, \"{time}\" // {seconds} AS t, {label} AS k FROM r \
           WHERE ({filter}) AND status = 'flow' AND \"{time}\" IS NOT NULL AND {label} IS NOT NULL), \
         s AS (SELECT k, row_number() OVER (ORDER BY count(*) DESC, k) AS place FROM f GROUP BY k), \
         l AS (SELECT place, k FROM s WHERE place <= {most} UNION ALL \
               SELECT {most} + 1, NULL WHERE (SELECT count(*) FROM s) > {most}), \
         b AS (SELECT f.*, least(place, {most} + 1) AS series FROM f JOIN s USING (k)), \
         e AS (SELECT unnest(generate_series((SELECT min(t)::BIGINT FROM f), (SELECT max(t)::BIGINT FROM f))) AS t) \
         SELECT e.t * {seconds}, any_value(l.k), count(b.t), count(b.t) FILTER (WHERE action = 'ACCEPT'), \
           count(b.t) FILTER (WHERE action = 'REJECT'), coalesce(sum(b.packets), 0), coalesce(sum(b.bytes), 0) \
         FROM e CROSS JOIN l LEFT JOIN b ON b.t = e.t AND b.series = l.place \
         GROUP BY e.t, l.place ORDER BY e.t, any_value(l.k) NULLS LAST"
    );
    let mut kinds = vec![Kind::Time, Kind::Number];
    kinds.extend([Kind::Number; 5]);
    let mut header = vec!["time".to_string()];
    let (sql, kinds) = match &key {
        Some(key) => {
            kinds[1] = Kind::Series(Box::leak(Box::new(key.kind)));
            header.push(underscored(&key.name));
            (sql, kinds)
        }
        None => {
            kinds.remove(1);
            (sql.replace(" any_value(l.k), count", " count"), kinds)
        }
    };
    for name in ["flows", "accepts", "rejects", "packets", "bytes"] {
        let taken = key.as_ref().is_some_and(|key| key.name == name);
        header.push(if taken { format!("total_{name}") } else { name.into() });
    }
    Question { args, sql, kinds, header, unknown: &[] }
}

fn records(filter: &str, random: &mut Random) -> Question {
    let known: Vec<Key> = keys();
    let fields = random.some(&known, 6);
    let (sort, order) = random.pick(&[
        ("none", "seq"),
        ("time", "\"start\" ASC NULLS FIRST, seq"),
        ("-time", "\"start\" DESC NULLS LAST, seq"),
    ]);
    let limit = random.pick(&[0, 1, 10, 100]);
    let limited = if limit == 0 { String::new() } else { format!("LIMIT {limit}") };
    let columns: Vec<&str> = fields.iter().map(|key| &key.column[..]).collect();
    let args = ["records", "--fields", &by(&fields), "--sort", sort, "-n", &limit.to_string()].map(String::from);
    Question {
        args: args.into(),
        sql: format!("SELECT {} FROM r WHERE ({filter}) ORDER BY {order} {limited}", columns.join(", ")),
        kinds: fields.iter().map(|key| key.kind).collect(),
        header: fields.iter().map(|key| underscored(&key.name)).collect(),
        unknown: &[],
    }
}

fn summary(filter: &str) -> Question {
    let flows: Vec<Measure> =
        ["accepts", "rejects", "reject_pct", "packets", "bytes", "first_seen", "last_seen"].map(Measure::plain).into();
    let distinct = [("src_ips", "src-ip"), ("dst_ips", "dst-ip"), ("dst_ports", "dst-port")];
    let mut cells: Vec<(String, String, Kind)> = vec![("records".into(), "count(*)".into(), Kind::Number)];
    for (name, status) in [("flows", "flow"), ("nodata", "nodata"), ("skipdata", "skipdata")] {
        cells.push((name.into(), format!("count(*) FILTER (WHERE status = '{status}')"), Kind::Number));
    }
    let of_flows = |sql: &str| format!("(SELECT {sql} FROM m WHERE status = 'flow')");
    let zero = |sql: &str, kind| if kind == Kind::Decimal(2) { format!("coalesce({sql}, 0)") } else { sql.into() };
    cells.extend(flows.iter().map(|m| (m.name.clone(), of_flows(&zero(&m.sql, m.kind)), m.kind)));
    let count = |(name, field): (&str, &str)| (name.to_string(), format!("count(DISTINCT \"{field}\")"), Kind::Number);
    cells.extend(distinct.map(count).map(|(name, sql, kind)| (name, of_flows(&sql), kind)));
    cells.extend([("interfaces", "interface-id"), ("accounts", "account-id")].map(count));
    cells.extend([count(("protocols", "protocol"))].map(|(name, sql, kind)| (name, of_flows(&sql), kind)));
    let columns: Vec<&str> = cells.iter().map(|(_, sql, _)| &sql[..]).collect();
    Question {
        args: vec!["summary".into()],
        sql: format!("WITH m AS (SELECT * FROM r WHERE ({filter})) SELECT {} FROM m", columns.join(", ")),
        kinds: cells.iter().map(|(_, _, kind)| *kind).collect(),
        header: cells.iter().map(|(name, _, _)| name.clone()).collect(),
        unknown: &["files", "malformed"],
    }
}
