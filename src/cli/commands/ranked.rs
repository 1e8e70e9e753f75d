//! What the commands that rank groups do alike: the order, the rows that stay, the shares.

use super::share_column;
use crate::cli::Error;
use crate::cli::flags::RankFlags;
use crate::query::{Grouped, Keep, Measure, Order, RankedRows, ResultColumn, Row};
use crate::report::{Column, KEEP, Report};
use crate::schema::Value;

/// The columns of ranked rows: so many cells for the keys, so many measures, and which of them is the one
/// to sort by.
#[derive(Clone, Copy)]
pub struct Ranked {
    pub heads: usize,
    pub measures: usize,
    pub sort: usize,
}

impl RankFlags {
    /// The measures as they are to be counted.
    pub fn counted(&self, measures: Vec<Measure>) -> Vec<Measure> {
        if self.approx { measures.into_iter().map(Measure::about).collect() } else { measures }
    }

    /// By measure number `sort`.
    pub fn order(&self, sort: usize, limit: usize) -> Order {
        Order { measure: Some(sort), ascending: self.ascending, limit }
    }

    /// The groups that stay, where measure number `sort` is the one to sort by. `heads` makes the cells
    /// before the `measures` ones of its keys.
    pub fn keep(&self, ranked: Ranked, heads: impl Fn(Vec<Value>) -> Vec<Value> + Send + Sync + 'static) -> Keep {
        let Ranked { heads: before, measures, sort } = ranked;
        let mut keep = Keep::default();
        if let Some(least) = self.min_share {
            keep = keep.and(move |group| least.is_reached(group.measure(sort).as_int(), group.total(sort)));
        }
        if let Some(having) = self.having.condition() {
            keep = keep.and(move |group| {
                having.holds(|cell| match cell.checked_sub(before) {
                    None => heads(group.keys()).swap_remove(cell),
                    Some(measure) if measure < measures => group.measure(measure),
                    Some(_) => Value::ratio(group.measure(sort).as_int(), group.total(sort), 1, 4),
                })
            });
        }
        keep
    }

    /// Reads the condition on rows, which have these columns before the shares; refuses what needs shares
    /// where there are none.
    pub fn check(&self, sort: &Measure, columns: impl FnOnce() -> Vec<ResultColumn>) -> Result<(), Error> {
        let share = sort.has_share().then(ResultColumn::share);
        self.having.check(|| columns().into_iter().chain(share).collect())?;
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

    /// Makes the rows of a report of ranked groups: `heads` makes the cells before the measures, and shares
    /// stand behind them if the measure that is sorted by has shares.
    pub fn fill(
        &self,
        report: &mut Report,
        (grouped, rows): (&Grouped, RankedRows),
        share_of: Option<usize>,
        heads: impl Fn(Vec<Value>) -> Vec<Value> + 'static,
    ) {
        report.rows_in_all = grouped.groups;
        let (cumulated, totals) = (self.cum_share, grouped.totals.clone());
        let mut sum = 0;
        let mut cells = move |row: Row| {
            let mut cells = heads(row.keys);
            let part = share_of.map(|sort| (row.measures[sort].as_int(), totals[sort]));
            cells.extend(row.measures);
            if let Some((part, total)) = part {
                sum += part;
                cells.push(Value::ratio(part, total, 1, 4));
                cells.extend(cumulated.then(|| Value::ratio(sum, total, 1, 4)));
            }
            cells
        };
        if rows.are_held() {
            // In memory nothing fails.
            report.rows = rows.flatten().map(cells).collect();
        } else {
            report.later = Some(Box::new(rows.map(move |row| row.map(&mut cells))));
        }
    }
}
