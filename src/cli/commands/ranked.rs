//! What the commands that rank groups do alike: the order, the rows that stay, the shares.

use super::{share, share_column};
use crate::cli::Error;
use crate::cli::flags::RankFlags;
use crate::query::{Grouped, Keep, Measure, Order};
use crate::report::{Column, KEEP};
use crate::schema::Value;

impl RankFlags {
    /// The measures as they are to be counted.
    pub fn counted(&self, measures: Vec<Measure>) -> Vec<Measure> {
        if self.approx { measures.into_iter().map(Measure::about).collect() } else { measures }
    }

    /// By measure number `sort`.
    pub fn order(&self, sort: usize, limit: usize) -> Order {
        Order { measure: Some(sort), ascending: self.ascending, limit }
    }

    /// The groups that stay, where measure number `sort` is the one to sort by.
    pub fn keep(&self, sort: usize) -> Keep {
        match self.min_share {
            Some(least) => {
                Keep::default().and(move |group| least.is_reached(group.measure(sort).as_int(), group.total(sort)))
            }
            None => Keep::default(),
        }
    }

    /// Refuses what needs shares where there are none.
    pub fn check(&self, sort: &Measure) -> Result<(), Error> {
        let asked = [("--min-share", self.min_share.is_some()), ("--cum-share", self.cum_share)];
        match asked.iter().find(|(_, asked)| *asked && !sort.has_share()) {
            None => Ok(()),
            Some((option, _)) => Err(Error::Usage(format!(
                "{option} needs shares, and '{}' has none; sort by flows, accepts, rejects, packets, bytes or sum(FIELD)",
                sort.name()
            ))),
        }
    }

    /// The columns of shares.
    pub fn share_columns(&self) -> Vec<Column> {
        let cumulated = Column { name: "cum_share".into(), ..share_column() }.weight(KEEP - 2);
        std::iter::once(share_column()).chain(self.cum_share.then_some(cumulated)).collect()
    }

    /// The cells of those columns, row by row.
    pub fn shares(&self, grouped: &Grouped, sort: usize) -> Vec<Vec<Value>> {
        let mut sum = 0;
        let cells = grouped.rows.iter().enumerate().map(|(i, row)| {
            sum += row.measures[sort].as_int();
            let cumulated = Value::ratio(sum, grouped.totals[sort], 1, 4);
            std::iter::once(share(grouped, i, sort)).chain(self.cum_share.then_some(cumulated)).collect()
        });
        cells.collect()
    }
}
