//! Tells which partition a record belongs to.

use super::columns::number;
use crate::decode::Batch;
use crate::schema::Field;
use crate::source::{Filed, Partition};
use std::sync::{Arc, Mutex, PoisonError};

/// The fields that tell the partition.
pub const FIELDS: [Field; 4] = [Field::AccountId, Field::Region, Field::Start, Field::End];

/// The partition of the row before: mostly that of the next.
#[derive(Default)]
pub struct Filing {
    /// The columns of the fields.
    columns: [usize; FIELDS.len()],
    last: Arc<Partition>,
    /// Whether there was a row.
    any: bool,
}

impl Filing {
    /// Makes ready for batches with the columns of this one, which has all the fields.
    pub fn fit(&mut self, batch: &Batch<'_>) {
        let column = |field: Field| batch.fields.iter().position(|name| *name == field.into());
        self.columns = FIELDS.map(|field| column(field).expect("a field that is decoded"));
    }

    /// The partition of a row; there is one of each in `all`.
    #[inline]
    pub fn of(&mut self, batch: &Batch<'_>, row: usize, all: &Mutex<Vec<Arc<Partition>>>) -> &Arc<Partition> {
        let text = |column: usize| {
            let text = batch.columns[column].as_text()?.bytes(row, batch.text);
            (!text.is_empty()).then_some(text)
        };
        let [account, region, start, end] = self.columns;
        let time = |column: usize| number(&batch.columns[column], row);
        let day = Filed::day_of(time(start), time(end));
        let filed = Filed { account: text(account), region: text(region), day };
        if !self.any || !self.last.holds(&filed) {
            self.change(&filed, all);
        }
        &self.last
    }

    #[cold]
    fn change(&mut self, filed: &Filed<'_>, all: &Mutex<Vec<Arc<Partition>>>) {
        self.any = true;
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        self.last = match all.iter().find(|partition| partition.holds(filed)) {
            Some(partition) => partition.clone(),
            None => {
                all.push(Arc::new(Partition::of(filed)));
                all[all.len() - 1].clone()
            }
        };
    }
}
