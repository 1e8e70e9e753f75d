//! `top`: the largest groups by any measure.

use super::ranked::Ranked;
use super::{key_column, kinds_help, measure_column, parse_key, parse_measure, unique, with_sort};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags, RankFlags};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, ResultColumn, Select};
use crate::report::Report;
use crate::schema::FieldName;
use clap::ValueHint;

/// The largest groups of flows, by any fields and any measure
///
/// Groups the flows (records whose log-status is OK) by one or several fields and shows the groups
/// with the largest values of a measure, and each group's share of the total.
#[derive(clap::Args, Debug)]
#[command(
    after_help = EXAMPLES,
    after_long_help = top_long_help()
)]
pub struct Top {
    /// Fields to group by, separated by commas
    #[arg(long, value_name = "FIELD", value_delimiter = ',', default_value = "src-ip", value_parser = parse_key, value_hint = ValueHint::Other)]
    by: Vec<Key>,

    /// Measures to show, separated by commas: flows, accepts, rejects, reject_pct, packets, bytes, first_seen, last_seen,
    /// bpp, duration, distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD), pNN(FIELD)
    ///
    /// bpp is bytes per packet, duration the seconds from first_seen to last_seen. pNN(FIELD) is a
    /// percentile by nearest rank: p50(bytes), p99.9(duration). Percentiles are exact while the groups
    /// have up to a million different values of the field together; beyond that they may be off by
    /// 0.4 % (times by 30 seconds), and a note says so.
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', default_value = "flows,rejects,packets,bytes",
          value_parser = parse_measure, value_hint = ValueHint::Other)]
    agg: Vec<Measure>,

    /// Measure to sort by, largest first; it is shown, too
    #[arg(long, value_name = "MEASURE", default_value = "bytes", value_parser = parse_measure, value_hint = ValueHint::Other)]
    sort: Measure,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,

    #[command(flatten)]
    rank: RankFlags,
    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

const EXAMPLES: &str = "Examples:\n  \
    vpcflow top logs/                                     top talkers by bytes\n  \
    vpcflow top --by src-ip,dst-ip,dst-port logs/         top conversations\n  \
    vpcflow top --by src-ip/24 --sort flows logs/         busiest networks\n  \
    vpcflow top --agg 'distinct(dst-ip)' --sort 'distinct(dst-ip)' logs/\n  \
    vpcflow top --by dst-port --agg 'bytes,bpp,p50(bytes),p95(duration)' logs/\n  \
    vpcflow top --by src-ip --min-share 1% --cum-share -n 0 logs/";

fn top_long_help() -> String {
    format!("{}\n{EXAMPLES}", kinds_help())
}

impl Top {
    fn measures(&self) -> (Vec<Measure>, usize) {
        let (measures, sort) = with_sort(&self.agg, &self.sort);
        (self.rank.counted(measures), sort)
    }
}

/// The name of a measure's column; a key may have the same.
fn measure_name(measure: &Measure, keys: &[Key]) -> String {
    let name = measure.column();
    if keys.iter().any(|key| key.name() == name) { format!("total_{name}") } else { name }
}

impl Ask for Top {
    fn query(&self) -> Query {
        let grouping = Grouping { select: Select::Flows, keys: unique(&self.by), measures: self.measures().0 };
        Query { groupings: vec![grouping], unfold: true, ..Query::default() }
    }

    fn check(&self) -> Result<(), Error> {
        self.rank.check(&self.sort, || {
            let keys = unique(&self.by);
            let measures = self.measures().0;
            let names = measures.iter().map(|measure| ResultColumn::measure(&measure_name(measure, &keys), measure));
            keys.iter().map(ResultColumn::key).chain(names).collect()
        })
    }

    fn needed(&self) -> Vec<FieldName> {
        let measured = self.measures().0.into_iter().flat_map(|measure| measure.fields());
        let unknown = measured.filter(|field| field.known().is_none());
        self.by.iter().flat_map(Key::fields).chain(unknown).collect()
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let (measures, sort) = self.measures();
        let keys = unique(&self.by);
        let ranked = Ranked { heads: keys.len(), measures: measures.len(), sort };
        let keep = self.rank.keep(ranked, |keys| keys);
        let (grouped, rows) = answer.ranked(0, self.rank.order(sort, self.limit), &keep)?;
        let mut report = Report::default();
        report.columns.extend(keys.iter().map(key_column));
        for (i, measure) in measures.iter().enumerate() {
            let column = measure_column(&measure_name(measure, &keys), measure);
            report.columns.push(if i == sort { column.weight(9) } else { column });
        }
        let has_share = measures[sort].has_share();
        if has_share {
            report.bar = Some(report.columns.len());
            report.columns.extend(self.rank.share_columns());
        }
        self.rank.fill(&mut report, (&grouped, rows), has_share.then_some(sort), |keys| keys);
        Ok((report, grouped.null_keys))
    }
}
