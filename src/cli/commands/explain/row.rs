//! What a row says behind its value, or its values.

use crate::analysis::explain::impact;
use crate::analysis::rate::note;
use crate::cli::commands::series::{self, value};
use crate::query::Key;
use crate::report::{self, Column, Unit};
use crate::schema::{Value, listed};

/// The numbers of a value, or of values that go together.
pub struct Numbers {
    /// Of the deviation.
    pub flows: u64,
    /// Of the baseline, scaled to the deviation's length.
    pub baseline: f64,
    /// How many more of the deviation's flows than its part of the baseline.
    pub extra: f64,
    /// Its part of the deviation divided by its part of the baseline; none if it is not in the baseline.
    pub ratio: Option<f64>,
    pub ln_p: f64,
}

pub fn text(name: &str) -> Column {
    Column { right: false, ..Column::measure(name, None) }
}

/// The columns of a report that begins with these.
pub fn columns(first: Vec<Column>) -> Vec<Column> {
    let number = |name: &str| Column::measure(name, None).unit(Unit::Count);
    let rest = [
        number("flows").weight(9),
        number("baseline_flows").weight(7),
        number("extra").unit(Unit::CountChange).weight(8),
        number("ratio").weight(8),
        Column { right: true, ..text("p") }.weight(5),
        text("impact").weight(5),
        text("note").weight(2),
        text("where").weight(3),
    ];
    first.into_iter().chain(rest).collect()
}

/// The cells of a row that begins with these.
pub fn cells(first: Vec<Value>, numbers: &Numbers, is_dip: bool, condition: String) -> Vec<Value> {
    let rest = [
        Value::Int(numbers.flows.into()),
        value(numbers.baseline, 1),
        value(numbers.extra, 1),
        numbers.ratio.map_or(Value::None, |ratio| value(ratio, 2)),
        Value::text(probability(numbers.ln_p)),
        Value::text(impact(numbers.ln_p).name()),
        Value::text(pace(numbers, is_dip)),
        Value::text(condition),
    ];
    first.into_iter().chain(rest).collect()
}

/// The condition that selects a value: of a list, all that it holds.
pub fn condition(key: &Key, value: &Value) -> String {
    match (key, value) {
        (Key::Field(name), Value::Text(text)) if name.is_list() => {
            let each = text.split(|byte| *byte == b',').map(|one| Value::Text(listed(one).into_owned()));
            each.map(|one| series::condition(key, &one)).collect::<Vec<_>>().join(" and ")
        }
        _ => series::condition(key, value),
    }
}

/// How the flows are to those of the other window, in the same time. In a dip, the flows that are usual are those of
/// the row. Where there are fewer of all flows, a value may have a larger part and yet no more flows.
fn pace(numbers: &Numbers, is_dip: bool) -> String {
    let (now, usual) = match is_dip {
        false => (numbers.flows as f64, numbers.baseline),
        true => (numbers.baseline, numbers.flows as f64),
    };
    let difference = report::count((now - usual).abs().round() as u128);
    let more = if is_dip { "fewer" } else { "more" };
    if (now < usual) != is_dip {
        return match numbers.ratio {
            Some(ratio) => format!("{ratio:.1}x the part of all flows that it had"),
            None => "no part of the flows before".into(),
        };
    }
    format!("{}, {difference} {more} flows than the baseline's pace", note(now, usual))
}

/// A probability by its logarithm, which may be too small for a number: `1.3e-320`.
fn probability(ln_p: f64) -> String {
    let log = ln_p / std::f64::consts::LN_10;
    let exponent = log.floor();
    let digits = 10f64.powf(log - exponent);
    // Rounded, 9.96 is 10.
    let (digits, exponent) = if digits >= 9.95 { (1.0, exponent + 1.0) } else { (digits, exponent) };
    if exponent >= -3.0 { format!("{:.4}", ln_p.exp()) } else { format!("{digits:.1}e{exponent}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_may_be_too_small_for_a_number() {
        let of = |log10: f64| probability(log10 * std::f64::consts::LN_10);
        assert_eq!([of(0.0), of(-2.0), of(-4.5), of(-400.5)], ["1.0000", "0.0100", "3.2e-5", "3.2e-401"]);
        assert_eq!(of(-5.0 + 0.0001), "1.0e-5");
    }

    #[test]
    fn paces_are_those_of_the_same_time() {
        let of =
            |flows, baseline, is_dip| pace(&Numbers { flows, baseline, extra: 0.0, ratio: None, ln_p: 0.0 }, is_dip);
        assert_eq!(of(59_600, 18_600.0, false), "3.2x higher, 41,000 more flows than the baseline's pace");
        assert_eq!(of(121, 0.0, false), "usually none, 121 more flows than the baseline's pace");
        assert_eq!(of(100, 50.0, true), "2.0x lower, 50 fewer flows than the baseline's pace");
        let numbers = Numbers { flows: 109, baseline: 112.2, extra: 61.0, ratio: Some(2.28), ln_p: 0.0 };
        assert_eq!(pace(&numbers, false), "2.3x the part of all flows that it had");
        assert_eq!(of(100, 0.0, true), "none at all, 100 fewer flows than the baseline's pace");
    }
}
