//! `top`: the largest groups by any measure.

use super::{key_column, kinds_help, measure_column, parse_key, parse_measure, share, share_column, unique, with_sort};
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Order, Query, Select};
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
    /// distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD)
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', default_value = "flows,rejects,packets,bytes",
          value_parser = parse_measure, value_hint = ValueHint::Other)]
    agg: Vec<Measure>,

    /// Measure to sort by, largest first; shown, too
    #[arg(long, value_name = "MEASURE", default_value = "bytes", value_parser = parse_measure, value_hint = ValueHint::Other)]
    sort: Measure,

    /// Smallest first
    #[arg(long)]
    asc: bool,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

const EXAMPLES: &str = "Examples:\n  \
    vpcflow top logs/                                     top talkers by bytes\n  \
    vpcflow top --by src-ip,dst-ip,dst-port logs/         top conversations\n  \
    vpcflow top --by src-ip/24 --sort flows logs/         busiest networks\n  \
    vpcflow top --by src-ip --agg 'flows,distinct(dst-port)' --sort 'distinct(dst-port)' logs/";

fn top_long_help() -> String {
    format!("{}\n{EXAMPLES}", kinds_help())
}

impl Top {
    fn measures(&self) -> (Vec<Measure>, usize) {
        with_sort(&self.agg, &self.sort)
    }

    fn order(&self) -> Order {
        Order { measure: Some(self.measures().1), ascending: self.asc, limit: self.limit }
    }
}

impl Ask for Top {
    fn query(&self) -> Query {
        let grouping = Grouping { select: Select::Flows, keys: unique(&self.by), measures: self.measures().0 };
        Query { groupings: vec![grouping], ..Query::default() }
    }

    fn needed(&self) -> Vec<FieldName> {
        let measured = self.measures().0.into_iter().flat_map(|measure| measure.fields());
        let unknown = measured.filter(|field| matches!(field, FieldName::Other(_)));
        self.by.iter().flat_map(Key::fields).chain(unknown).collect()
    }

    fn report(&self, answer: &mut Answer) -> (Report, u64) {
        let (measures, sort) = self.measures();
        let keys = unique(&self.by);
        let grouped = answer.grouped(0, self.order());
        let mut report = Report { rows_in_all: grouped.groups, ..Report::default() };
        report.columns.extend(keys.iter().map(key_column));
        for (i, measure) in measures.iter().enumerate() {
            let mut name = measure.column();
            if keys.iter().any(|key| key.name() == name) {
                name = format!("total_{name}");
            }
            let column = measure_column(&name, measure);
            report.columns.push(if i == sort { column.weight(9) } else { column });
        }
        let has_share = measures[sort].has_share();
        if has_share {
            report.bar = Some(report.columns.len());
            report.columns.push(share_column());
        }
        for (i, row) in grouped.rows.iter().enumerate() {
            let mut cells = [&row.keys[..], &row.measures].concat();
            if has_share {
                cells.push(share(&grouped, i, sort));
            }
            report.rows.push(cells);
        }
        (report, grouped.null_keys)
    }
}
