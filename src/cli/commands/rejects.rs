//! `rejects`: who was refused, and how widely they tried.

use super::ranked::Ranked;
use super::{key_column, measure_column, parse_key, unique};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags, RankFlags};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, ResultColumn, Select};
use crate::report::Report;
use crate::schema::{Field, FieldName};

/// Who was refused most, and how widely they tried
///
/// Groups the rejected flows. dst_ips and dst_ports count the distinct destinations: one address
/// with many ports is a port scan, many addresses with one port a sweep.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow rejects logs/                        refused sources\n  \
        vpcflow rejects --by dst-port -n 0 logs/     refused ports, all of them\n  \
        vpcflow rejects --by src-ip,dst-ip -o csv logs/")]
pub struct Rejects {
    /// Fields to group by, separated by commas (`vpcflow top --help` lists them)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', default_value = "src-ip", value_parser = parse_key, value_hint = clap::ValueHint::Other)]
    by: Vec<Key>,

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

fn measures() -> [(&'static str, Measure, u8); 7] {
    [
        ("rejects", Measure::Flows, 9),
        ("dst_ips", Measure::Distinct(Field::DstIp.into()), 8),
        ("dst_ports", Measure::Distinct(Field::DstPort.into()), 8),
        ("packets", Measure::Packets, 4),
        ("bytes", Measure::Bytes, 5),
        ("first_seen", Measure::FirstSeen, 6),
        ("last_seen", Measure::LastSeen, 6),
    ]
}

impl Ask for Rejects {
    fn query(&self) -> Query {
        let measures = self.rank.counted(measures().into_iter().map(|(_, measure, _)| measure).collect());
        let grouping = Grouping { select: Select::Rejects, keys: unique(&self.by), measures };
        Query { groupings: vec![grouping], unfold: true, ..Query::default() }
    }

    fn check(&self) -> Result<(), Error> {
        self.rank.check(&Measure::Flows, || {
            let measures = measures();
            let names = measures.iter().map(|(name, measure, _)| ResultColumn::measure(name, measure));
            unique(&self.by).iter().map(ResultColumn::key).chain(names).collect()
        })
    }

    fn needed(&self) -> Vec<FieldName> {
        self.by.iter().flat_map(Key::fields).chain([Field::Action.into()]).collect()
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let keys = unique(&self.by);
        let ranked = Ranked { heads: keys.len(), measures: measures().len(), sort: 0 };
        let keep = self.rank.keep(ranked, |keys| keys);
        let (grouped, rows) = answer.ranked(0, self.rank.order(0, self.limit), &keep)?;
        let mut columns: Vec<_> = keys.iter().map(key_column).collect();
        columns.extend(measures().iter().map(|(name, measure, weight)| measure_column(name, measure).weight(*weight)));
        let bar = Some(columns.len());
        columns.extend(self.rank.share_columns());
        let mut report = Report { bar, columns, ..Report::default() };
        self.rank.fill(&mut report, (&grouped, rows), Some(0), |keys| keys);
        Ok((report, grouped.null_keys))
    }
}
