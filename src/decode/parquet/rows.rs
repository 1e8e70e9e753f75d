//! What columns are put together from: rows without a value, values of a dictionary, other columns.

use super::Damaged;
use crate::decode::batch::Column;

impl Column {
    /// Makes it a column without rows.
    pub(super) fn clear(&mut self) {
        match self {
            Column::Ip(c) => {
                c.v4.clear();
                c.v6.clear();
                c.family.clear();
                c.not_v4 = 0;
            }
            Column::Number(c) => {
                c.values.clear();
                c.present.clear();
                c.missing = 0;
            }
            Column::Text(c) => {
                c.spans.clear();
                c.missing = 0;
            }
        }
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        match self {
            Column::Ip(c) => c.family.len(),
            Column::Number(c) => c.values.len(),
            Column::Text(c) => c.spans.len(),
        }
    }

    /// Whether a row has a value.
    pub(super) fn has(&self, row: usize) -> bool {
        match self {
            Column::Ip(c) => c.family[row] != 0,
            Column::Number(c) => c.present[row],
            Column::Text(c) => c.spans[row].0 != c.spans[row].1,
        }
    }

    /// Appends rows without a value.
    pub(super) fn append_none(&mut self, count: usize) {
        let rows = self.rows() + count;
        match self {
            Column::Ip(c) => {
                c.v4.resize(rows, 0);
                c.family.resize(rows, 0);
                c.not_v4 += count;
            }
            Column::Number(c) => {
                c.values.resize(rows, 0);
                c.present.resize(rows, false);
                c.missing += count;
            }
            Column::Text(c) => {
                c.spans.resize(rows, (0, 0));
                c.missing += count;
            }
        }
    }

    /// Moves the rows from `from` on apart, so that they stand where `levels` are `top`; between them
    /// there is no value.
    pub(super) fn spread(&mut self, from: usize, levels: &[u32], top: u32) {
        let count = levels.len() - (self.rows() - from);
        match self {
            Column::Ip(c) => {
                spread(&mut c.v4, from, levels, top, 0);
                spread(&mut c.family, from, levels, top, 0);
                c.not_v4 += count;
            }
            Column::Number(c) => {
                spread(&mut c.values, from, levels, top, 0);
                spread(&mut c.present, from, levels, top, false);
                c.missing += count;
            }
            Column::Text(c) => {
                spread(&mut c.spans, from, levels, top, (0, 0));
                c.missing += count;
            }
        }
    }

    /// Appends rows of `values`.
    pub(super) fn append_from(&mut self, values: &Column, rows: &[u32]) -> Result<(), Damaged> {
        let size = values.rows();
        if rows.iter().any(|row| *row as usize >= size) {
            return Err(Damaged("an index that its dictionary does not have"));
        }
        let at = |row: &u32| *row as usize;
        match (self, values) {
            (Column::Ip(to), Column::Ip(from)) if from.not_v4 == 0 => {
                to.v4.extend(rows.iter().map(|row| from.v4[at(row)]));
                to.family.resize(to.v4.len(), 4);
            }
            (Column::Ip(to), Column::Ip(from)) => {
                for row in rows.iter().map(at) {
                    let family = from.family[row];
                    to.family.push(family);
                    to.not_v4 += usize::from(family != 4);
                    to.v4.push(if family == 6 { to.v6.len() as u32 } else { from.v4[row] });
                    if family == 6 {
                        to.v6.push(from.v6_of(row));
                    }
                }
            }
            (Column::Number(to), Column::Number(from)) => {
                to.values.extend(rows.iter().map(|row| from.values[at(row)]));
                if from.missing == 0 {
                    to.present.resize(to.values.len(), true);
                } else {
                    to.present.extend(rows.iter().map(|row| from.present[at(row)]));
                    to.missing += rows.iter().filter(|row| !from.present[at(row)]).count();
                }
            }
            (Column::Text(to), Column::Text(from)) => {
                to.spans.extend(rows.iter().map(|row| from.spans[at(row)]));
                if from.missing > 0 {
                    to.missing += rows.iter().filter(|row| !values.has(at(row))).count();
                }
            }
            // A dictionary has the type of its column.
            _ => return Err(Damaged("a dictionary of another type")),
        }
        Ok(())
    }

    /// Takes the values of another column of this type, with as many rows, where it has none itself.
    pub(super) fn fill_up(&mut self, other: &Column) {
        for row in (0..self.rows()).filter(|row| other.has(*row)) {
            if self.has(row) {
                continue;
            }
            match (&mut *self, other) {
                (Column::Ip(to), Column::Ip(from)) => {
                    to.family[row] = from.family[row];
                    to.not_v4 -= usize::from(from.family[row] == 4);
                    to.v4[row] = from.v4[row];
                    if from.family[row] == 6 {
                        to.v4[row] = to.v6.len() as u32;
                        to.v6.push(from.v6_of(row));
                    }
                }
                (Column::Number(to), Column::Number(from)) => {
                    to.values[row] = from.values[row];
                    to.present[row] = true;
                    to.missing -= 1;
                }
                (Column::Text(to), Column::Text(from)) => {
                    to.spans[row] = from.spans[row];
                    to.missing -= 1;
                }
                _ => {}
            }
        }
    }
}

fn spread<T: Copy>(values: &mut Vec<T>, from: usize, levels: &[u32], top: u32, none: T) {
    let mut next = values.len();
    values.resize(from + levels.len(), none);
    for (row, level) in levels.iter().enumerate().rev() {
        values[from + row] = if *level == top {
            next -= 1;
            values[next]
        } else {
            none
        };
    }
}
