//! Times that a field can hold and that no flow has: they count as they are, and are said, because one
//! of them alone makes a first or last time of everything meaningless.

use crate::decode::Batch;
use crate::schema::{Field, FieldName};
use std::fmt;
use std::ops::Range;

/// Times of flows, in seconds since the epoch: 2001-09-09, from when on they have ten digits, to 2100.
const PLAUSIBLE: Range<u64> = 1_000_000_000..4_102_444_800;

/// What is wrong with the times of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Implausible {
    /// A field has a time at which there were no flow logs, or will not be for long.
    Far {
        field: &'static str,
        time: u64,
    },
    Backwards {
        start: u64,
        end: u64,
    },
}

impl fmt::Display for Implausible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Implausible::Far { field, time } => {
                write!(f, "implausible time: {field} is {time}, expected seconds from 2001 to 2100")
            }
            Implausible::Backwards { start, end } => write!(f, "implausible time: end {end} is before start {start}"),
        }
    }
}

/// Finds the records of a batch whose times are not plausible, as far as start and end are among its
/// columns.
pub fn each_implausible(batch: &Batch<'_>, mut found: impl FnMut(usize, Implausible)) {
    let column = |field: Field| {
        let place = batch.fields.iter().position(|name| *name == FieldName::Known(field))?;
        batch.columns[place].as_number().filter(|times| times.missing < times.values.len())
    };
    let (start, end) = (column(Field::Start), column(Field::End));
    let Some(one) = start.or(end) else { return };
    let values = |column: Option<_>| &column.unwrap_or(one).values;
    if values(start).iter().zip(values(end)).map(|(start, end)| u32::from(is_odd(*start, *end))).sum::<u32>() == 0 {
        return;
    }
    for row in 0..batch.rows() {
        let [start, end] =
            [start, end].map(|column| column.filter(|times| times.present[row]).map(|times| times.values[row]));
        if let Some(time) = judge(start, end) {
            found(row, time);
        }
    }
}

/// Whether something may be wrong with two times; a missing one is 0. Without branches, so that many
/// pairs are looked at at once.
#[inline(always)]
fn is_odd(start: u64, end: u64) -> bool {
    !PLAUSIBLE.contains(&start) | !PLAUSIBLE.contains(&end) | (end < start)
}

fn judge(start: Option<u64>, end: Option<u64>) -> Option<Implausible> {
    let far = |field: Field, time: Option<u64>| {
        let time = time.filter(|time| !PLAUSIBLE.contains(time))?;
        Some(Implausible::Far { field: field.name(), time })
    };
    let backwards = match (start, end) {
        (Some(start), Some(end)) if end < start => Some(Implausible::Backwards { start, end }),
        _ => None,
    };
    far(Field::Start, start).or_else(|| far(Field::End, end)).or(backwards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_judged() {
        let good = Some(1_773_542_717);
        for (start, end, said) in [
            (good, good, ""),
            (None, None, ""),
            (good, None, ""),
            (Some(0), good, "implausible time: start is 0, expected seconds from 2001 to 2100"),
            (good, Some(100_000_000_000), "implausible time: end is 100000000000, expected seconds from 2001 to 2100"),
            (good, Some(1_773_542_716), "implausible time: end 1773542716 is before start 1773542717"),
        ] {
            assert_eq!(judge(start, end).map(|time| time.to_string()).unwrap_or_default(), said);
            assert_eq!(
                is_odd(start.unwrap_or(0), end.unwrap_or(0)),
                start.is_none() || end.is_none() || !said.is_empty()
            );
        }
    }
}
