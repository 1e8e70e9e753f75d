//! The words that vpcflow knows and a shell does not. A shell asks with the word as far as it is
//! typed, and gets whole words back: in a list, with the elements before the last.

use crate::cli::Error;
use crate::cli::saved::{Config, Files};
use crate::query::{Key, Measure};
use crate::schema::{Enriched, Field};

/// A kind of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Known {
    /// What records are grouped by.
    Keys,
    /// The fields of a record, and `all`.
    Fields,
    Measures,
    /// The names of saved questions.
    Questions,
}

/// The fields that are asked for most, in the order in which they are offered.
const COMMON: [Field; 16] = [
    Field::SrcIp,
    Field::DstIp,
    Field::SrcPort,
    Field::DstPort,
    Field::Protocol,
    Field::Action,
    Field::InterfaceId,
    Field::InstanceId,
    Field::SubnetId,
    Field::VpcId,
    Field::AccountId,
    Field::Region,
    Field::AzId,
    Field::FlowDirection,
    Field::PktSrcIp,
    Field::PktDstIp,
];

/// The percentiles that are offered; any can be asked for.
const PERCENTILES: [&str; 4] = ["p50", "p90", "p95", "p99"];

/// The words that can stand where `current` does, each with what it means.
pub fn words(kind: Known, current: &str, files: &Files) -> Result<Vec<(String, String)>, Error> {
    if kind == Known::Questions {
        let config = Config::load(files)?;
        return Ok(config.questions().iter().map(|question| (question.name.clone(), question.about.clone())).collect());
    }
    let (head, last) = current.split_at(current.rfind(',').map_or(0, |comma| comma + 1));
    let used: Vec<&str> = head.split(',').filter(|word| !word.is_empty()).collect();
    let known = match kind {
        Known::Measures => measures(last),
        Known::Fields if used.is_empty() => {
            [("all".to_string(), "every field".to_string())].into_iter().chain(fields()).collect()
        }
        Known::Fields => fields().collect(),
        Known::Keys | Known::Questions => fields().chain(derived()).collect(),
    };
    let unused = known.into_iter().filter(|(word, _)| !used.contains(&&word[..]));
    Ok(unused.map(|(word, about)| (format!("{head}{word}"), about)).collect())
}

/// The fields, the common ones first, those that are made last.
fn fields() -> impl Iterator<Item = (String, String)> {
    let rest = Field::all().filter(|field| !COMMON.contains(field));
    let known = COMMON.into_iter().chain(rest).map(|field| (field.name(), field.doc()));
    let made = Enriched::all().map(|field| (field.name(), field.doc()));
    known.chain(made).map(|(name, doc)| (name.to_string(), doc.to_string()))
}

fn derived() -> impl Iterator<Item = (String, String)> {
    Key::derived().iter().map(|name| (name.to_string(), String::new()))
}

/// Measures; once there is a parenthesis, those of its function with every field that it takes.
fn measures(last: &str) -> Vec<(String, String)> {
    let functions: Vec<&str> = Measure::functions().iter().copied().chain(PERCENTILES).collect();
    let applied = |function: &str, (field, doc)| (format!("{function}({field})"), doc);
    let is_measure = |(word, _): &(String, String)| Measure::parse(word).is_ok();
    if let Some((function, _)) = last.split_once('(') {
        return fields().chain(derived()).map(|field| applied(function, field)).filter(is_measure).collect();
    }
    let plain = Measure::names().map(|name| (name.to_string(), String::new()));
    let taken = |function: &&&str| Measure::parse(&format!("{function}(bytes)")).is_ok();
    let open = functions.iter().filter(taken).map(|function| (format!("{function}("), "of a field".to_string()));
    plain.chain(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(kind: Known, current: &str) -> Vec<String> {
        let words = words(kind, current, &Files::None("a test")).unwrap();
        words.into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn the_common_ones_come_first_and_none_twice() {
        let keys = known(Known::Keys, "");
        assert_eq!(keys[..3], ["src-ip", "dst-ip", "src-port"]);
        assert_eq!(keys.len(), Field::all().count() + Key::derived().len() + Enriched::all().count());
        assert!(keys.iter().all(|key| Key::parse(key).is_ok()));
        assert_eq!(known(Known::Fields, "s")[..2], ["all", "src-ip"]);
        let more = known(Known::Keys, "src-ip,action,d");
        assert_eq!(more[..2], ["src-ip,action,dst-ip", "src-ip,action,src-port"]);
        assert_eq!(more.len(), keys.len() - 2);
    }

    #[test]
    fn measures_take_the_fields_that_fit() {
        let open = known(Known::Measures, "flows,");
        assert_eq!(open[..2], ["flows,accepts", "flows,rejects"]);
        assert!(open.contains(&"flows,distinct(".into()) && !open.contains(&"flows,flows".into()));
        assert_eq!(
            known(Known::Measures, "flows,distinct(d")[..2],
            ["flows,distinct(src-ip)", "flows,distinct(dst-ip)"]
        );
        let sums = known(Known::Measures, "sum(");
        assert!(sums.contains(&"sum(bytes)".into()) && !sums.contains(&"sum(src-ip)".into()));
        assert_eq!(known(Known::Measures, "frobnicate("), Vec::<String>::new());
    }

    #[test]
    fn questions_are_all_there() {
        assert!(known(Known::Questions, "").contains(&"athena/top-talkers".into()));
    }
}
