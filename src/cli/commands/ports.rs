//! `ports`: the histogram of ports.

use super::ranked::Ranked;
use super::{measure_column, parse_measure, with_sort};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags, RankFlags};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, ResultColumn, Select, Side};
use crate::report::{Column, Report};
use crate::schema::{Field, FieldName, Kind, Value, iana};

/// The histogram of ports and protocols
///
/// One row for each port and protocol, with the service that IANA names for it. Flows without ports
/// (ICMP) stand under port 0.
///
/// --side service takes, of the two ports of a flow, the one that looks like the service: a port
/// below 1024 before one that IANA names for the protocol before any other; the lower of two alike.
/// Port 0 is only taken when there is no other.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow ports logs/                              destination ports by flows\n  \
        vpcflow ports --side service --sort bytes logs/  services by traffic\n  \
        vpcflow ports --bin-width 1024 -n 0 logs/        1024 ports at a time")]
pub struct Ports {
    /// Which port of a flow
    #[arg(long, value_name = "SIDE", default_value = "dst")]
    side: SideFlag,

    /// Measure to sort by, largest first (any that `vpcflow top` knows)
    #[arg(long, value_name = "MEASURE", default_value = "flows", value_parser = parse_measure, value_hint = clap::ValueHint::Other)]
    sort: Measure,

    /// Group so many ports at a time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    bin_width: Option<u32>,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    rank: RankFlags,
    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SideFlag {
    /// The destination port
    Dst,
    /// The source port
    Src,
    /// The port that looks like the service
    Service,
}

const MEASURES: [Measure; 5] = [Measure::Flows, Measure::Accepts, Measure::Rejects, Measure::Packets, Measure::Bytes];

impl Ports {
    fn measures(&self) -> (Vec<Measure>, usize) {
        let (measures, sort) = with_sort(&MEASURES, &self.sort);
        (self.rank.counted(measures), sort)
    }

    /// The columns before the measures, and what they hold.
    fn heads(&self) -> Vec<(&'static str, Kind)> {
        match self.bin_width {
            Some(_) => vec![("port", Kind::Text), ("protocol", Kind::Protocol)],
            None => vec![("port", Kind::Port), ("protocol", Kind::Protocol), ("service", Kind::Text)],
        }
    }
}

/// The first cells of a row: port or range, protocol, and service where ports are single.
fn cells(bin_width: Option<u32>, keys: &[Value]) -> Vec<Value> {
    let (port, protocol) = (keys[0].as_int(), keys[1].clone());
    match (bin_width, &protocol) {
        (Some(width), _) => {
            let first = port * u128::from(width);
            let last = (first + u128::from(width) - 1).min(65535);
            vec![Value::text(format!("{first}-{last}")), protocol]
        }
        (None, Value::Protocol(number)) => {
            let service = iana::service_name(port as u16, *number).map_or(Value::None, Value::text);
            vec![keys[0].clone(), protocol, service]
        }
        (None, _) => vec![keys[0].clone(), protocol, Value::None],
    }
}

impl Ask for Ports {
    fn query(&self) -> Query {
        let side = match self.side {
            SideFlag::Dst => Side::Destination,
            SideFlag::Src => Side::Source,
            SideFlag::Service => Side::Service,
        };
        let keys = vec![Key::Port { side, bin: self.bin_width.unwrap_or(1) }, Field::Protocol.into()];
        let grouping = Grouping { select: Select::Flows, keys, measures: self.measures().0 };
        Query { groupings: vec![grouping], ..Query::default() }
    }

    fn check(&self) -> Result<(), Error> {
        self.rank.check(&self.sort, || {
            let measures = self.measures().0;
            let names = measures.iter().map(|measure| ResultColumn::measure(&measure.column(), measure));
            self.heads().into_iter().map(|(name, kind)| ResultColumn::new(name, kind)).chain(names).collect()
        })
    }

    fn needed(&self) -> Vec<FieldName> {
        let ports: &[Field] = match self.side {
            SideFlag::Dst => &[Field::DstPort],
            SideFlag::Src => &[Field::SrcPort],
            SideFlag::Service => &[Field::SrcPort, Field::DstPort],
        };
        ports.iter().chain(&[Field::Protocol]).map(|f| (*f).into()).collect()
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let (measures, sort) = self.measures();
        let (heads, bin_width) = (self.heads(), self.bin_width);
        let ranked = Ranked { heads: heads.len(), measures: measures.len(), sort };
        let keep = self.rank.keep(ranked, move |keys| cells(bin_width, &keys));
        let (grouped, rows) = answer.ranked(0, self.rank.order(sort, self.limit), &keep)?;
        let mut columns: Vec<Column> = heads.into_iter().map(|(name, kind)| Column::key(name, kind)).collect();
        columns.extend(measures.iter().enumerate().map(|(i, measure)| {
            let column = measure_column(&measure.column(), measure);
            if i == sort { column.weight(9) } else { column }
        }));
        let has_share = measures[sort].has_share();
        let mut bar = Some(columns.len() - measures.len() + sort);
        if has_share {
            bar = Some(columns.len());
            columns.extend(self.rank.share_columns());
        }
        let mut report = Report { columns, bar, ..Report::default() };
        let share_of = has_share.then_some(sort);
        self.rank.fill(&mut report, (&grouped, rows), share_of, move |keys| cells(bin_width, &keys));
        Ok((report, grouped.null_keys))
    }
}
