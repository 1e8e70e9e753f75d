//! `anomalies`: what is unusual, by itself.

mod patterns;
mod rate;

use super::series::parse_bucket;
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Key, Query};
use crate::report::Report;
use crate::schema::FieldName;
use clap::ValueHint;
use patterns::Patterns;
use rate::Rate;
use std::num::NonZeroU64;

/// What is unusual: numbers of flows, and kinds of flows
///
/// `rate` counts flows in buckets and holds each against its baseline: with three weeks of data or more, the median of
/// the same hour of the week; with three days, that of the same time of day; else the median of up to 96 buckets
/// before it, at least 8. How far counts usually lie from it makes a negative binomial distribution (a Poisson one
/// where they vary no more than chance has it), and how improbable the count is under that, or the sum of the last
/// 12 buckets, makes a score from 0 to 100: 25 is one in a thousand, 50 one in a hundred thousand, 75 one in a hundred
/// million. The first bucket and the last are left out where the data does not span them.
///
/// With --by, every value has a series of its own. The filters choose what is counted: --action REJECT looks at what
/// was refused. The last column is the command that looks into a finding.
///
/// `patterns` sorts flows by what they are: action, protocol, port of the service (below 1024 or named by IANA, else
/// high), scope of both addresses, and TCP flags (rst, fin, syn alone, syn-ack, other, none). A pattern is new if it
/// was first seen in the last tenth of the data's time, gone if it was last seen before that, rare with less than
/// 0.1 % of the flows, else steady; the most flows come first within each. `trend` draws the flows of each tenth,
/// `buckets` is how many have a flow.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow anomalies rate logs/                           when there was too much, or too little\n  \
        vpcflow anomalies rate --by dst-port --action REJECT logs/\n  \
        vpcflow anomalies rate --bucket 5m --by src-ip --min-score 50 -n 20 logs/\n  \
        vpcflow anomalies patterns logs/                       kinds of flows that are new, gone or rare\n  \
        vpcflow anomalies patterns --only new --action ACCEPT -n 0 -o csv logs/")]
pub struct Anomalies {
    /// What is looked for
    #[arg(value_name = "KIND")]
    kind: What,

    /// Length of a bucket, such as 5m, 15m or 1h
    #[arg(long, value_name = "LENGTH", default_value = "15m", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: NonZeroU64,

    /// With rate: findings with at least this score, 0 to 100 [default: 25]
    #[arg(long, value_name = "SCORE", value_parser = parse_score)]
    min_score: Option<f64>,

    /// With rate, fields: one series for each of their values (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = super::parse_key, value_hint = ValueHint::Other)]
    by: Vec<Key>,

    /// With patterns: kinds of rows to show [default: all]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    only: Vec<patterns::Only>,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Unusual numbers of flows
    Rate,
    /// Kinds of flows that are new, gone or rare
    Patterns,
}

fn parse_score(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "expected a score from 0 to 100".into())
}

impl Anomalies {
    fn ask(&self) -> Box<dyn Ask + '_> {
        match self.kind {
            What::Rate => Box::new(Rate { of: self }),
            What::Patterns => Box::new(Patterns { of: self }),
        }
    }
}

impl Ask for Anomalies {
    fn check(&self) -> Result<(), Error> {
        let (other, misplaced) = match self.kind {
            What::Rate => ("patterns", (!self.only.is_empty()).then_some("--only")),
            What::Patterns if !self.by.is_empty() => ("rate", Some("--by")),
            What::Patterns => ("rate", self.min_score.map(|_| "--min-score")),
        };
        misplaced
            .map_or(Ok(()), |option| Err(Error::Usage(format!("{option} is an option of `vpcflow anomalies {other}`"))))
    }

    fn query(&self) -> Query {
        self.ask().query()
    }

    fn needed(&self) -> Vec<FieldName> {
        self.ask().needed()
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        self.ask().report(answer)
    }
}
