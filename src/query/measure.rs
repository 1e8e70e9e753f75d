//! What is counted in a group, and the few operations on 64-bit words that all of it is made of.

use super::table::WordOp;
use super::{Key, Percentile, QueryError};
use crate::decode::Status;
use crate::schema::{Field, FieldName, Kind, Value, closest};

/// A measure of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The records that the grouping selects.
    Flows,
    Accepts,
    Rejects,
    /// 100 * rejects / flows, two decimals.
    RejectPct,
    Packets,
    Bytes,
    FirstSeen,
    LastSeen,
    /// Bytes per packet, two decimals.
    BytesPerPacket,
    /// From `FirstSeen` to `LastSeen`, in seconds.
    Duration,
    /// Records with this log-status.
    OfStatus(Status),
    Distinct(Key),
    /// The same by HyperLogLog: within 1.6 %, as a standard error.
    AboutDistinct(Key),
    Min(Key),
    Max(Key),
    Avg(Key),
    Sum(Key),
    Percentile(Percentile, Key),
}

/// A part of a group's state, and how a record changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Count,
    CountAction(&'static [u8]),
    CountStatus(Status),
    /// Records that have a value.
    CountPresent(Key),
    Sum(Key),
    Min(Key),
    Max(Key),
    /// Filled when the sets of distinct values are counted.
    Distinct(Key),
    /// Filled from HyperLogLog's registers: how many have a value, and the sum of their weights.
    AboutDistinct(Key),
    /// Filled when the values of a group are brought together.
    Percentile(Percentile, Key),
}

impl Op {
    /// Whether it counts records.
    pub fn is_counter(&self) -> bool {
        matches!(self, Op::Count | Op::CountAction(_) | Op::CountStatus(_) | Op::CountPresent(_))
    }

    /// The words of state it takes, unless it is a counter.
    pub fn words(&self) -> &'static [WordOp] {
        match self {
            Op::Min(_) => &[WordOp::Min, WordOp::Seen],
            Op::Max(_) | Op::Percentile(..) => &[WordOp::Max, WordOp::Seen],
            Op::AboutDistinct(_) => &[WordOp::Add, WordOp::Add],
            _ => &[WordOp::Add],
        }
    }
}

const PLAIN: [(&str, Measure); 10] = [
    ("flows", Measure::Flows),
    ("accepts", Measure::Accepts),
    ("rejects", Measure::Rejects),
    ("reject_pct", Measure::RejectPct),
    ("packets", Measure::Packets),
    ("bytes", Measure::Bytes),
    ("first_seen", Measure::FirstSeen),
    ("last_seen", Measure::LastSeen),
    ("bpp", Measure::BytesPerPacket),
    ("duration", Measure::Duration),
];

const FUNCTIONS: [&str; 5] = ["distinct", "min", "max", "avg", "sum"];

impl Measure {
    /// Whether that of two groups together is the sum of those of each.
    pub fn adds_up(&self) -> bool {
        matches!(
            self,
            Measure::Flows | Measure::Accepts | Measure::Rejects | Measure::Packets | Measure::Bytes | Measure::Sum(_)
        )
    }

    /// The names of the measures that stand alone.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PLAIN.iter().map(|(name, _)| *name)
    }

    /// The names of those that take a field.
    pub fn functions() -> &'static [&'static str] {
        &FUNCTIONS
    }

    /// Reads `flows`, `reject_pct`, `distinct(dst-port)`, `p95(bytes)` and so on.
    pub fn parse(text: &str) -> Result<Measure, QueryError> {
        let text = text.trim();
        let plain = text.to_lowercase().replace('-', "_");
        if let Some((_, measure)) = PLAIN.iter().find(|(name, _)| *name == plain) {
            return Ok(measure.clone());
        }
        if let Some(called) = by_column(text) {
            return Measure::parse(&called);
        }
        let Some((function, argument)) = text.strip_suffix(')').and_then(|t| t.split_once('(')) else {
            return Err(unknown(text));
        };
        let function = function.trim().to_lowercase();
        let percentile = Percentile::parse(&function).transpose()?;
        if percentile.is_none() && !FUNCTIONS.contains(&function.as_str()) {
            return Err(unknown(text));
        }
        let key = Key::parse(argument)?;
        let fits = match function.as_str() {
            "distinct" => true,
            "min" | "max" => key.kind().is_number(),
            _ if percentile.is_some() => key.kind().is_number(),
            _ => matches!(key.kind(), Kind::Bytes | Kind::Number),
        };
        if !fits {
            let kind = key.kind().name();
            return Err(QueryError(format!(
                "'{text}': {function} is for numbers, and '{}' is of type {kind}",
                key.name()
            )));
        }
        if let Some(percentile) = percentile {
            return Ok(Measure::Percentile(percentile, key));
        }
        Ok(match function.as_str() {
            "distinct" => Measure::Distinct(key),
            "min" => Measure::Min(key),
            "max" => Measure::Max(key),
            "avg" => Measure::Avg(key),
            _ => Measure::Sum(key),
        })
    }

    /// The same, or what is quicker and takes less memory, if there is such a thing.
    pub fn about(self) -> Measure {
        match self {
            Measure::Distinct(key) => Measure::AboutDistinct(key),
            other => other,
        }
    }

    /// How it is written, as `parse` reads it.
    pub fn name(&self) -> String {
        let (function, key) = match self {
            Measure::Distinct(key) | Measure::AboutDistinct(key) => ("distinct".into(), key),
            Measure::Min(key) => ("min".into(), key),
            Measure::Max(key) => ("max".into(), key),
            Measure::Avg(key) => ("avg".into(), key),
            Measure::Sum(key) => ("sum".into(), key),
            Measure::Percentile(percentile, key) => (percentile.column().replace('_', "."), key),
            _ => return self.column(),
        };
        format!("{function}({})", key.name())
    }

    /// The name of its column.
    pub fn column(&self) -> String {
        let of = |function: &str, key: &Key| format!("{function}_{}", column_name(key.name()));
        match self {
            Measure::OfStatus(Status::NoData) => "nodata".into(),
            Measure::OfStatus(Status::SkipData) => "skipdata".into(),
            Measure::OfStatus(Status::Flow) => "flows".into(),
            Measure::OfStatus(Status::Other) => "other_status".into(),
            Measure::Distinct(key) | Measure::AboutDistinct(key) => of("distinct", key),
            Measure::Percentile(percentile, key) => of(&percentile.column(), key),
            Measure::Min(key) => of("min", key),
            Measure::Max(key) => of("max", key),
            Measure::Avg(key) => of("avg", key),
            Measure::Sum(key) => of("sum", key),
            plain => PLAIN.iter().find(|(_, m)| m == plain).map_or("", |(name, _)| name).to_string(),
        }
    }

    /// The type of its values; `None` for one with decimals.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Measure::RejectPct | Measure::BytesPerPacket | Measure::Avg(_) => None,
            Measure::Bytes => Some(Kind::Bytes),
            Measure::FirstSeen | Measure::LastSeen => Some(Kind::Time),
            Measure::Min(key) | Measure::Max(key) | Measure::Sum(key) | Measure::Percentile(_, key) => Some(key.kind()),
            _ => Some(Kind::Number),
        }
    }

    /// Whether its values are lengths of time, in seconds.
    pub fn is_seconds(&self) -> bool {
        match self {
            Measure::Duration => true,
            Measure::Min(key) | Measure::Max(key) | Measure::Avg(key) | Measure::Sum(key) => *key == Key::Duration,
            Measure::Percentile(_, key) => *key == Key::Duration,
            _ => false,
        }
    }

    /// Whether the parts of its total make sense as shares.
    pub fn has_share(&self) -> bool {
        use Measure::*;
        matches!(self, Flows | Accepts | Rejects | Packets | Bytes | Sum(_))
    }

    /// The fields it reads.
    pub fn fields(&self) -> Vec<FieldName> {
        self.ops().iter().flat_map(Op::fields).collect()
    }

    /// The operations it is made of.
    pub fn ops(&self) -> Vec<Op> {
        match self {
            Measure::Flows => vec![Op::Count],
            Measure::Accepts => vec![Op::CountAction(b"ACCEPT")],
            Measure::Rejects => vec![Op::CountAction(b"REJECT")],
            Measure::RejectPct => vec![Op::CountAction(b"REJECT"), Op::Count],
            Measure::Packets => vec![Op::Sum(Field::Packets.into())],
            Measure::Bytes => vec![Op::Sum(Field::Bytes.into())],
            Measure::FirstSeen => vec![Op::Min(Field::Start.into())],
            Measure::LastSeen => vec![Op::Max(Field::End.into())],
            Measure::BytesPerPacket => vec![Op::Sum(Field::Bytes.into()), Op::Sum(Field::Packets.into())],
            Measure::Duration => vec![Op::Min(Field::Start.into()), Op::Max(Field::End.into())],
            Measure::OfStatus(status) => vec![Op::CountStatus(*status)],
            Measure::Distinct(key) => vec![Op::Distinct(key.clone())],
            Measure::AboutDistinct(key) => vec![Op::AboutDistinct(key.clone())],
            Measure::Percentile(percentile, key) => vec![Op::Percentile(*percentile, key.clone())],
            Measure::Min(key) => vec![Op::Min(key.clone())],
            Measure::Max(key) => vec![Op::Max(key.clone())],
            Measure::Avg(key) => vec![Op::Sum(key.clone()), Op::CountPresent(key.clone())],
            Measure::Sum(key) => vec![Op::Sum(key.clone())],
        }
    }

    /// The value, from the states of its operations; a state of `Min`, `Max` and `Percentile` is
    /// `None` where no record had a value.
    pub fn value(&self, states: &[Option<u128>]) -> Value {
        let Some(first) = states[0] else { return Value::None };
        match self {
            Measure::RejectPct => Value::ratio(first, states[1].unwrap_or(0), 100, 2),
            Measure::Avg(_) | Measure::BytesPerPacket => match states[1] {
                None | Some(0) => Value::None,
                Some(count) => Value::ratio(first, count, 1, 2),
            },
            Measure::Duration => states[1].map_or(Value::None, |last| Value::Int(last.saturating_sub(first))),
            _ if self.kind() == Some(Kind::Time) => Value::Time(first as u64),
            _ => Value::Int(first),
        }
    }
}

/// `distinct(dst_port)` for `distinct_dst_port`, the name of its column.
fn by_column(text: &str) -> Option<String> {
    let (function, argument) = text.split_once(['_', '-'])?;
    let known = FUNCTIONS.contains(&function.to_lowercase().as_str());
    (known && !argument.contains('(') && Key::parse(argument).is_ok()).then(|| format!("{function}({argument})"))
}

/// A name as CSV and JSON write it: every character but letters and digits is an underscore.
pub fn column_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn unknown(text: &str) -> QueryError {
    let names = PLAIN.iter().map(|(name, _)| *name);
    let name = text.split('(').next().unwrap_or(text);
    let dashed: Vec<String> = names.chain(FUNCTIONS).map(|n| n.replace('_', "-")).collect();
    let hint = match closest(name, dashed.iter().map(String::as_str)) {
        _ if Percentile::parse(name).is_some() => format!("; did you mean '{name}(FIELD)'?"),
        Some(near) if FUNCTIONS.contains(&near) => format!("; did you mean '{near}(FIELD)'?"),
        Some(near) => format!("; did you mean '{}'?", near.replace('-', "_")),
        None => {
            let names: Vec<&str> = PLAIN.iter().map(|(name, _)| *name).collect();
            let functions = FUNCTIONS.join("(FIELD), ");
            format!("; expected {}, or {functions}(FIELD), pNN(FIELD) as in p95(bytes)", names.join(", "))
        }
    };
    QueryError(format!("unknown measure '{text}'{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_read_and_named() {
        for (text, column) in [
            ("flows", "flows"),
            ("Reject-Pct", "reject_pct"),
            ("distinct(dst-port)", "distinct_dst_port"),
            ("distinct(srcaddr/24)", "distinct_src_ip_24"),
            ("avg( duration )", "avg_duration"),
            ("max(end)", "max_end"),
            ("distinct_dst_port", "distinct_dst_port"),
            ("avg-duration", "avg_duration"),
            ("BPP", "bpp"),
            ("duration", "duration"),
            ("p95(bytes)", "p95_bytes"),
            ("P99.90( dst-port )", "p99_9_dst_port"),
            ("p50(bpp)", "p50_bpp"),
        ] {
            let measure = Measure::parse(text).unwrap();
            assert_eq!(measure.column(), column);
            assert_eq!(Measure::parse(&measure.name()).unwrap(), measure);
        }
    }

    #[test]
    fn what_is_no_measure_is_explained() {
        let message = |text| Measure::parse(text).unwrap_err().0;
        assert_eq!(message("byte"), "unknown measure 'byte'; did you mean 'bytes'?");
        assert_eq!(
            message("distnct(dst-port)"),
            "unknown measure 'distnct(dst-port)'; did you mean 'distinct(FIELD)'?"
        );
        assert_eq!(message("distinct(dst-prot)"), "unknown field 'dst-prot'; did you mean 'dst-port'?");
        assert_eq!(message("sum(src-ip)"), "'sum(src-ip)': sum is for numbers, and 'src-ip' is of type IP address");
        assert!(message("xyzzy").contains("expected flows, accepts"));
        assert!(message("xyzzy").contains("sum(FIELD), pNN(FIELD) as in p95(bytes)"));
        assert_eq!(message("p95"), "unknown measure 'p95'; did you mean 'p95(FIELD)'?");
        assert!(message("p101(bytes)").contains("above 0 and at most 100"));
        assert_eq!(message("p5(action)"), "'p5(action)': p5 is for numbers, and 'action' is of type text");
    }

    #[test]
    fn durations_need_both_ends_and_are_never_negative() {
        let duration = |first, last| Measure::Duration.value(&[first, last]);
        assert_eq!(duration(Some(60), Some(75)), Value::Int(15));
        assert_eq!(duration(Some(75), Some(60)), Value::Int(0));
        assert_eq!((duration(None, Some(60)), duration(Some(60), None)), (Value::None, Value::None));
    }

    #[test]
    fn averages_and_percentages_have_two_decimals() {
        let avg = Measure::Avg(Field::Bytes.into());
        assert_eq!(avg.value(&[Some(10), Some(3)]), Value::Decimal { units: 333, places: 2 });
        assert_eq!(avg.value(&[Some(0), Some(0)]), Value::None);
        let bpp = |bytes, packets| Measure::BytesPerPacket.value(&[Some(bytes), Some(packets)]);
        assert_eq!(bpp(1000, 3), Value::Decimal { units: 33333, places: 2 });
        assert_eq!(bpp(1000, 0), Value::None);
        assert_eq!(Measure::RejectPct.value(&[Some(1), Some(8)]), Value::Decimal { units: 1250, places: 2 });
    }
}
