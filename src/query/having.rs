//! Conditions on the rows of a result, in the language of filters: the names are those of columns.

use super::filter::{ExprError, Names, Predicate, Subject, Unit, World, check, parse, vocabulary};
use super::measure::column_name;
use super::{Key, Measure};
use crate::schema::{Field, FieldName, Kind, Value, closest};

/// A column that conditions can name.
#[derive(Clone, Debug)]
pub struct ResultColumn {
    name: String,
    kind: Kind,
    /// Decimals of its numbers.
    places: u32,
    unit: Unit,
    field: Option<Field>,
}

/// A condition on the cells of a row.
#[derive(Debug)]
pub struct Having(Predicate<usize>);

impl ResultColumn {
    /// A column of whole numbers, texts or addresses.
    pub fn new(name: &str, kind: Kind) -> ResultColumn {
        ResultColumn { name: name.into(), kind, places: 0, unit: Unit::Plain, field: None }
    }

    /// The column of a key.
    pub fn key(key: &Key) -> ResultColumn {
        let field = match key {
            Key::Field(FieldName::Known(field)) => Some(*field),
            _ => None,
        };
        let unit = if *key == Key::Duration { Unit::Seconds } else { Unit::Plain };
        ResultColumn { field, unit, ..ResultColumn::new(key.name(), key.kind()) }
    }

    /// The column of a measure.
    pub fn measure(name: &str, measure: &Measure) -> ResultColumn {
        let places = if measure.kind().is_none() { 2 } else { 0 };
        let unit = match measure {
            Measure::RejectPct => Unit::Percent,
            measure if measure.is_seconds() => Unit::Seconds,
            _ => Unit::Plain,
        };
        ResultColumn { places, unit, ..ResultColumn::new(name, measure.kind().unwrap_or(Kind::Number)) }
    }

    /// The column of shares, 0 to 1.
    pub fn share() -> ResultColumn {
        ResultColumn { places: 4, unit: Unit::Share, ..ResultColumn::new("share", Kind::Number) }
    }
}

impl Having {
    /// Reads a condition on these columns.
    pub fn parse(text: &str, columns: &[ResultColumn], world: &World<'_>) -> Result<Having, ExprError> {
        let checked = parse(text).and_then(|expr| check(text, &expr, &Columns(columns), world));
        checked.map(Having).map_err(|error| error.of("--having"))
    }

    /// Whether a row meets it; `cell` gives its value in a column.
    pub fn holds(&self, cell: impl Fn(usize) -> Value) -> bool {
        self.0.holds(&|column, set| set.has(&cell(*column)))
    }
}

struct Columns<'a>(&'a [ResultColumn]);

impl Names for Columns<'_> {
    type Id = usize;

    fn find(&self, name: &str) -> Result<Vec<Subject<usize>>, String> {
        // `distinct(dst-port)`, `distinct_dst_port` and `Distinct-dst-port` are the same.
        let plain = |name: &str| column_name(&name.to_lowercase()).trim_end_matches('_').to_string();
        // A field has several names.
        let field = Field::find(name.as_bytes());
        let found = self.0.iter().position(|column| plain(&column.name) == plain(name));
        let found = found.or_else(|| self.0.iter().position(|column| field.is_some() && column.field == field));
        match found {
            Some(id) => {
                let ResultColumn { kind, places, unit, field, .. } = self.0[id];
                let words = field.map_or(&[][..], vocabulary);
                Ok(vec![Subject { id, kind, places, unit, known: true, field, words, codes: false }])
            }
            None if plain(name) == "cum_share" => {
                Err("cum_share sums up the rows that --having leaves; expected share".into())
            }
            None => {
                let names: Vec<String> = self.0.iter().map(|column| plain(&column.name)).collect();
                let near = closest(&plain(name), names.iter().map(|name| name.as_str()));
                let hint = near.map_or_else(
                    || format!("; expected {}", names.join(", ")),
                    |near| format!("; did you mean '{near}'?"),
                );
                Err(format!("the result has no column '{name}'{hint}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<ResultColumn> {
        let measure =
            |text: &str| Measure::parse(text).map(|m| ResultColumn::measure(&m.column(), &m)).expect("a measure");
        let keys = ["src-ip/24", "protocol", "action"].map(|key| ResultColumn::key(&Key::parse(key).expect("a key")));
        keys.into_iter()
            .chain(["bytes", "distinct(dst-port)", "reject_pct", "last_seen"].map(measure))
            .chain([ResultColumn::share()])
            .collect()
    }

    fn holds(text: &str) -> bool {
        let world = World { now: 0, read: &|_| Err("none".into()) };
        let having = Having::parse(text, &columns(), &world).unwrap_or_else(|error| panic!("{error}"));
        let row = [
            Value::Network("10.1.2.0".parse().expect("an address"), 24),
            Value::Protocol(6),
            Value::text("REJECT"),
            Value::Int(1 << 70),
            Value::Int(20),
            Value::Decimal { units: 3333, places: 2 },
            Value::None,
            Value::Decimal { units: 125, places: 4 },
        ];
        having.holds(|column| row[column].clone())
    }

    #[test]
    fn rows_are_chosen_by_their_columns() {
        for text in [
            "bytes > 1GB",
            "distinct(dst-port) >= 20 and distinct_dst_port < 21",
            "Distinct-Dst-Port in {10..20}",
            "reject_pct > 33.3 and reject-pct < 33.34 and reject_pct == 33.33",
            "share >= 0.0125 and share < .01251",
            "share >= 1.25% and share < 1.251% and reject_pct < 33.331%",
            "src_ip_24 in 10.0.0.0/8 and src-ip/24 != 10.1.3.0",
            "proto == tcp and protocol like t*",
            "action == reject",
            "not exists last_seen and not last_seen > 2020-01-01 and not last-seen != 5",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in ["bytes < 1000E", "share > 1.25K", "reject_pct == 33.333", "action != REJECT", "exists last_seen"] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn a_wrong_column_is_answered_with_the_right_ones() {
        let world = World { now: 0, read: &|_| Err("none".into()) };
        let error = |text| Having::parse(text, &columns(), &world).expect_err("an error").to_string();
        let said = error("bites > 5");
        assert_eq!(said, "--having: the result has no column 'bites'; did you mean 'bytes'?\n  bites > 5\n  ^^^^^");
        assert!(error("packets > 5").contains("expected src_ip_24, protocol, action, bytes, distinct_dst_port"));
        assert!(error("bytes > ten").contains("expected a number"));
        assert!(
            error("bytes > 5%").contains("expected a number") && error("share > few").contains("such as 0.01 or 1%")
        );
    }
}
