//! Flows shared out over time: a batch becomes one with a row for every bucket of time that a flow
//! touches, so that bytes and packets are counted when they were sent. Only where it is asked for.
//!
//! The fields of a flow stay as they are in all its rows, so that they can be keys; what differs
//! from row to row stands in columns of its own, the pieces. A row that only continues a flow has
//! the status `Other`: it is no flow.

use crate::decode::{Batch, Column, IpColumn, NumberColumn, Status};
use crate::schema::{Field, FieldName};
use std::num::NonZeroU64;

/// A flow that claims to have lasted longer, in seconds, is counted at its start: no aggregation
/// interval is as long, so that its end is no time to go by.
pub const LONGEST_SPREAD: u64 = 86_400;

/// So many rows, about, are made at a time: a flow of a day has many.
const ROWS: usize = 2048;

/// What a row of a flow has that its other rows do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A time in the row's bucket.
    Time,
    Packets,
    Bytes,
    /// 1 in the first row of an accepted flow.
    Accepts,
    Rejects,
}

const PIECES: [Piece; 5] = [Piece::Time, Piece::Packets, Piece::Bytes, Piece::Accepts, Piece::Rejects];

impl Piece {
    /// The name of its column, which no log can have: there is a space in it.
    pub fn field(self) -> FieldName {
        let name = match self {
            Piece::Time => "piece time",
            Piece::Packets => "piece packets",
            Piece::Bytes => "piece bytes",
            Piece::Accepts => "piece accepts",
            Piece::Rejects => "piece rejects",
        };
        FieldName::Other(name.into())
    }
}

/// How flows are shared out; numbers are columns of the batch.
pub struct Spread {
    seconds: NonZeroU64,
    start: usize,
    end: usize,
    packets: usize,
    bytes: usize,
    action: usize,
    pieces: [usize; PIECES.len()],
    /// The columns of the question; there may be others behind them.
    columns: usize,
}

/// The rows that are being made.
#[derive(Default)]
struct Rows {
    /// The row of the batch that each is of.
    of: Vec<u32>,
    status: Vec<Status>,
    pieces: [NumberColumn; PIECES.len()],
}

impl Spread {
    /// The fields that it reads, and the columns that it makes.
    pub fn fields() -> Vec<FieldName> {
        let read = [Field::Start, Field::End, Field::Packets, Field::Bytes, Field::Action];
        read.into_iter().map(FieldName::from).chain(PIECES.map(Piece::field)).collect()
    }

    /// Over buckets of `seconds`, for batches of these columns.
    pub fn new(seconds: NonZeroU64, columns: &[FieldName]) -> Spread {
        let column = |name: FieldName| columns.iter().position(|f| *f == name).expect("the plan has the field");
        Spread {
            seconds,
            start: column(Field::Start.into()),
            end: column(Field::End.into()),
            packets: column(Field::Packets.into()),
            bytes: column(Field::Bytes.into()),
            action: column(Field::Action.into()),
            pieces: PIECES.map(|piece| column(piece.field())),
            columns: columns.len(),
        }
    }

    /// Hands over the rows of the flows of a batch, or of those selected, some at a time.
    pub fn each(&self, batch: &Batch<'_>, selected: Option<&[bool]>, mut take: impl FnMut(&Batch<'_>)) {
        let mut rows = Rows::default();
        let is_selected = |row: &usize| selected.is_none_or(|selected| selected[*row]);
        let flows = (0..batch.rows()).filter(|row| batch.status[*row] == Status::Flow).filter(is_selected);
        for row in flows {
            self.split(batch, row, |piece| {
                rows.push(row, piece);
                if rows.of.len() >= ROWS {
                    self.deliver(batch, &mut rows, &mut take);
                }
            });
        }
        if !rows.of.is_empty() {
            self.deliver(batch, &mut rows, &mut take);
        }
    }

    /// Makes the rows of one flow: time, packets, bytes, accepts, rejects, and whether it is the
    /// first.
    fn split(&self, batch: &Batch<'_>, row: usize, mut make: impl FnMut((Option<u64>, [u64; 4], bool))) {
        let number = |column: usize| {
            let numbers = batch.columns[column].as_number()?;
            numbers.present[row].then(|| numbers.values[row])
        };
        let action = batch.columns[self.action].as_text().map_or(&b""[..], |text| text.bytes(row, batch.text));
        let actions = [u64::from(action == b"ACCEPT"), u64::from(action == b"REJECT")];
        let [packets, bytes] = [self.packets, self.bytes].map(|column| number(column).unwrap_or(0));
        let start = number(self.start);
        let (Some(begin), Some(end)) = (start, number(self.end)) else {
            return make((start, [packets, bytes, actions[0], actions[1]], true));
        };
        let duration = end.saturating_sub(begin);
        if duration == 0 || duration > LONGEST_SPREAD {
            return make((start, [packets, bytes, actions[0], actions[1]], true));
        }
        let mut counted = [0, 0];
        let mut at = begin;
        while at < end {
            let next = (at / self.seconds).checked_add(1).and_then(|k| k.checked_mul(self.seconds.get()));
            let next = next.unwrap_or(end).min(end);
            let sent = [packets, bytes].map(|total| share(total, next - begin, duration));
            let [packets, bytes] = [sent[0] - counted[0], sent[1] - counted[1]];
            if at == begin {
                make((Some(at), [packets, bytes, actions[0], actions[1]], true));
            } else if packets > 0 || bytes > 0 {
                make((Some(at), [packets, bytes, 0, 0], false));
            }
            (counted, at) = (sent, next);
        }
    }

    fn deliver(&self, batch: &Batch<'_>, rows: &mut Rows, take: &mut impl FnMut(&Batch<'_>)) {
        let read = &batch.columns[..self.columns];
        let mut columns: Vec<Column> = read.iter().map(|column| gather(column, &rows.of)).collect();
        for (place, piece) in self.pieces.iter().zip(&mut rows.pieces) {
            columns[*place] = Column::Number(std::mem::take(piece));
        }
        take(&Batch::made(batch.format, &batch.fields[..self.columns], batch.text, &columns, &rows.status));
        rows.of.clear();
        rows.status.clear();
    }
}

impl Rows {
    fn push(&mut self, row: usize, (time, numbers, first): (Option<u64>, [u64; 4], bool)) {
        self.of.push(row as u32);
        self.status.push(if first { Status::Flow } else { Status::Other });
        let values = std::iter::once(time).chain(numbers.map(Some));
        for (column, value) in self.pieces.iter_mut().zip(values) {
            column.values.push(value.unwrap_or(0));
            column.present.push(value.is_some());
            column.missing += usize::from(value.is_none());
        }
    }
}

/// The part of `total` that falls to the first `elapsed` seconds of `duration`, rounded down: so the
/// parts between one time and the next have the total as their sum.
fn share(total: u64, elapsed: u64, duration: u64) -> u64 {
    match total.checked_mul(elapsed) {
        Some(product) => product / duration,
        None => (u128::from(total) * u128::from(elapsed) / u128::from(duration)) as u64,
    }
}

/// These rows of a column.
pub(super) fn gather(column: &Column, rows: &[u32]) -> Column {
    let rows = rows.iter().map(|row| *row as usize);
    match column {
        Column::Ip(c) => {
            let family: Vec<u8> = rows.clone().map(|row| c.family[row]).collect();
            let not_v4 = family.iter().filter(|family| **family != 4).count();
            Column::Ip(IpColumn { v4: rows.map(|row| c.v4[row]).collect(), family, v6: c.v6.clone(), not_v4 })
        }
        Column::Number(c) => {
            let present: Vec<bool> = rows.clone().map(|row| c.present[row]).collect();
            let missing = present.iter().filter(|present| !**present).count();
            Column::Number(NumberColumn { values: rows.map(|row| c.values[row]).collect(), present, missing })
        }
        Column::Text(c) => Column::Text(c.gather(rows)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::TextColumn;
    use crate::schema::Format;
    use proptest::prelude::*;

    fn numbers(values: &[Option<u64>]) -> Column {
        Column::Number(NumberColumn {
            values: values.iter().map(|v| v.unwrap_or(0)).collect(),
            present: values.iter().map(Option::is_some).collect(),
            missing: values.iter().filter(|v| v.is_none()).count(),
        })
    }

    /// A flow: start, end, bytes.
    type Flow = (Option<u64>, Option<u64>, u64);

    /// The rows of some flows: time, bytes, the flow's own bytes, whether it is one.
    fn spread(flows: &[Flow], seconds: u64) -> Vec<(Option<u64>, u64, u64, bool)> {
        let fields = Spread::fields();
        let spread = Spread::new(NonZeroU64::new(seconds).unwrap(), &fields);
        let column = |value: &dyn Fn(&Flow) -> Option<u64>| numbers(&flows.iter().map(value).collect::<Vec<_>>());
        let spans = vec![(0, 6); flows.len()];
        let mut columns = vec![column(&|f| f.0), column(&|f| f.1), column(&|f| Some(f.2 / 2)), column(&|f| Some(f.2))];
        columns.push(Column::Text(TextColumn { spans, ..TextColumn::default() }));
        columns.extend(
            PIECES.map(|_| Column::Text(TextColumn { spans: vec![(0, 0); flows.len()], ..TextColumn::default() })),
        );
        let status = vec![Status::Flow; flows.len()];
        let format = Format::default_format();
        let batch = Batch::made(&format, &fields, b"ACCEPT", &columns, &status);
        let mut rows = Vec::new();
        spread.each(&batch, None, |pieces| {
            let number = |field: FieldName| {
                let place = fields.iter().position(|f| *f == field).unwrap();
                pieces.columns[place].as_number().unwrap()
            };
            let (time, bytes, whole) =
                (number(Piece::Time.field()), number(Piece::Bytes.field()), number(Field::Bytes.into()));
            let accepts = number(Piece::Accepts.field());
            for row in 0..pieces.rows() {
                let first = pieces.status[row] == Status::Flow;
                assert_eq!(accepts.values[row], u64::from(first));
                rows.push((time.present[row].then(|| time.values[row]), bytes.values[row], whole.values[row], first));
            }
        });
        rows
    }

    #[test]
    fn bytes_fall_where_the_time_does() {
        let noon = 1_773_576_000;
        let rows = spread(&[(Some(noon + 230), Some(noon + 380), 9000), (Some(noon + 245), Some(noon + 260), 200)], 60);
        let bytes: Vec<_> = rows.iter().map(|row| (row.0.unwrap() / 60 * 60 - noon, row.1, row.3)).collect();
        let first = [(180, 600, true), (240, 3600, false), (300, 3600, false), (360, 1200, false)];
        assert_eq!(bytes, [&first[..], &[(240, 200, true)]].concat());
    }

    #[test]
    fn what_cannot_be_spread_stands_at_its_start() {
        for (flow, time) in [
            ((None, Some(70), 9), None),
            ((Some(7), None, 9), Some(7)),
            ((Some(70), Some(70), 9), Some(70)),
            ((Some(70), Some(7), 9), Some(70)),
            ((Some(0), Some(LONGEST_SPREAD + 1), 9), Some(0)),
            ((Some(u64::MAX - 1), Some(u64::MAX), 9), Some(u64::MAX - 1)),
        ] {
            assert_eq!(spread(&[flow], 60), [(time, 9, 9, true)], "{flow:?}");
        }
        assert_eq!(spread(&[(Some(0), Some(LONGEST_SPREAD), 1 << 40)], 60).len(), 1440);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_coarse_buckets_to_fine_ones(
            flows in proptest::collection::vec((0u64..3000, 0u64..2000, prop_oneof![0u64..50, any::<u64>()]), 0..20),
            fine in 1u64..70, times in 1u64..9,
        ) {
            let flows: Vec<Flow> = flows.into_iter().map(|(start, length, bytes)| (Some(start), Some(start + length), bytes)).collect();
            let by_bucket = |seconds: u64| {
                let mut sums = std::collections::BTreeMap::<u64, u128>::new();
                for (time, bytes, ..) in spread(&flows, seconds).into_iter().filter(|row| row.1 > 0) {
                    *sums.entry(time.unwrap() / (fine * times)).or_default() += u128::from(bytes);
                }
                sums
            };
            prop_assert_eq!(by_bucket(fine), by_bucket(fine * times));
            prop_assert_eq!(by_bucket(fine).values().sum::<u128>(), flows.iter().map(|f| u128::from(f.2)).sum::<u128>());
            prop_assert_eq!(spread(&flows, fine).iter().filter(|row| row.3).count(), flows.len());
        }
    }
}
