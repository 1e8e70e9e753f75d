//! RankedRows in their order. Those that do not fit in memory are kept on disk, in sorted runs that are merged
//! while they are read.

use crate::schema::Value;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The order of rows, and how many are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The measure to sort by; ties go by the keys, ascending. `None`: by the keys alone.
    pub measure: Option<usize>,
    pub ascending: bool,
    /// 0 for all.
    pub limit: usize,
}

/// A group: its keys and its measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub keys: Vec<Value>,
    pub measures: Vec<Value>,
}

impl Order {
    fn direction(&self, order: Ordering) -> Ordering {
        if self.ascending { order } else { order.reverse() }
    }

    /// The order of two values of the measure.
    pub fn by_measure(&self, a: &Value, b: &Value) -> Ordering {
        self.direction(a.cmp(b))
    }

    /// The order of two rows; rows with equal keys are the same.
    pub fn rows(&self, a: &Row, b: &Row) -> Ordering {
        let by_measure = self.measure.map(|m| self.by_measure(&a.measures[m], &b.measures[m]));
        by_measure.unwrap_or(Ordering::Equal).then_with(|| a.keys.cmp(&b.keys))
    }
}

/// Takes rows in any order, from many threads.
pub struct Sorter {
    order: Order,
    /// So many rows may be in memory.
    most: usize,
    directory: Arc<PathBuf>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    rows: Vec<Row>,
    runs: Vec<File>,
}

/// So many rows more than are wanted are kept for a while; and runs have at least as many.
const SLACK: usize = 1024;

impl Sorter {
    /// For rows of `values` values, which may take `bytes` in memory.
    pub fn new(order: Order, values: usize, bytes: usize, directory: &Arc<PathBuf>) -> Sorter {
        let row = size_of::<Row>() + (values + 1) * size_of::<Value>();
        let most = (bytes / row).max(SLACK);
        Sorter { order, most, directory: directory.clone(), held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn add(&self, more: Vec<Row>) -> io::Result<()> {
        let mut held = self.held();
        held.rows.extend(more);
        let limit = self.order.limit;
        if limit > 0 && held.rows.len() > (2 * limit + SLACK).min(self.most.max(limit + SLACK)) {
            held.rows.select_nth_unstable_by(limit - 1, |a, b| self.order.rows(a, b));
            held.rows.truncate(limit);
        }
        if held.rows.len() > self.most {
            let mut rows = std::mem::take(&mut held.rows);
            rows.sort_unstable_by(|a, b| self.order.rows(a, b));
            held.runs.push(self.write(&rows)?);
        }
        Ok(())
    }

    fn write(&self, rows: &[Row]) -> io::Result<File> {
        let mut out = BufWriter::with_capacity(256 << 10, tempfile::tempfile_in(&*self.directory)?);
        rows.iter().try_for_each(|row| write_row(row, &mut out))?;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// The wanted rows, in order.
    pub fn finish(self) -> io::Result<RankedRows> {
        let Held { mut rows, runs } = self.held.into_inner().unwrap_or_else(PoisonError::into_inner);
        let order = self.order;
        rows.sort_unstable_by(|a, b| order.rows(a, b));
        let left = if order.limit > 0 { order.limit } else { usize::MAX };
        let runs = runs.into_iter().map(|file| BufReader::with_capacity(64 << 10, file)).collect();
        let mut rows = RankedRows { held: rows.into_iter(), runs, next: BinaryHeap::new(), order, left };
        for run in 0..rows.runs.len() {
            rows.advance(run)?;
        }
        if !rows.runs.is_empty() {
            rows.advance(rows.runs.len())?;
        }
        Ok(rows)
    }
}

/// RankedRows in order.
#[derive(Debug)]
pub struct RankedRows {
    held: std::vec::IntoIter<Row>,
    runs: Vec<BufReader<File>>,
    /// The next row of every run, and of those in memory, if there are runs.
    next: BinaryHeap<Next>,
    order: Order,
    left: usize,
}

#[derive(Debug)]
struct Next {
    row: Row,
    /// The number of its run; the one behind the last are the rows in memory.
    run: usize,
    order: Order,
}

impl RankedRows {
    /// Whether all rows are in memory.
    pub fn are_held(&self) -> bool {
        self.runs.is_empty()
    }

    fn advance(&mut self, run: usize) -> io::Result<()> {
        let row = match self.runs.get_mut(run) {
            Some(file) => read_row(file)?,
            None => self.held.next(),
        };
        self.next.extend(row.map(|row| Next { row, run, order: self.order }));
        Ok(())
    }
}

impl Iterator for RankedRows {
    type Item = io::Result<Row>;

    fn next(&mut self) -> Option<io::Result<Row>> {
        self.left = self.left.checked_sub(1)?;
        if self.runs.is_empty() {
            return self.held.next().map(Ok);
        }
        let Next { row, run, .. } = self.next.pop()?;
        Some(self.advance(run).map(|()| row))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Next) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Next) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    /// The first row is the greatest: it leaves the heap first.
    fn cmp(&self, other: &Next) -> Ordering {
        self.order.rows(&other.row, &self.row)
    }
}

fn write_row(row: &Row, out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[row.keys.len() as u8, row.measures.len() as u8])?;
    row.keys.iter().chain(&row.measures).try_for_each(|value| write_value(value, out))
}

/// Reads what `write_row` wrote; `None` at the end.
fn read_row(from: &mut impl Read) -> io::Result<Option<Row>> {
    let mut counts = [0; 2];
    match from.read_exact(&mut counts) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let [keys, measures] = counts.map(usize::from);
    let mut values = |count: usize| (0..count).map(|_| read_value(from)).collect::<io::Result<Vec<_>>>();
    Ok(Some(Row { keys: values(keys)?, measures: values(measures)? }))
}

fn write_value(value: &Value, out: &mut impl Write) -> io::Result<()> {
    let mut put = |tag: u8, bytes: &[u8]| out.write_all(&[tag]).and_then(|()| out.write_all(bytes));
    match value {
        Value::None => put(0, &[]),
        Value::Ip(IpAddr::V4(address)) => put(1, &address.octets()),
        Value::Ip(IpAddr::V6(address)) => put(2, &address.octets()),
        Value::Network(IpAddr::V4(address), length) => put(3, &[&address.octets()[..], &[*length]].concat()),
        Value::Network(IpAddr::V6(address), length) => put(4, &[&address.octets()[..], &[*length]].concat()),
        Value::Int(number) => match u64::try_from(*number) {
            Ok(small) => put(5, &small.to_le_bytes()),
            Err(_) => put(6, &number.to_le_bytes()),
        },
        Value::Decimal { units, places } => put(7, &[&units.to_le_bytes()[..], &[*places]].concat()),
        Value::Protocol(number) => put(8, &[*number]),
        Value::Time(seconds) => put(9, &seconds.to_le_bytes()),
        Value::Text(text) => put(10, &(text.len() as u32).to_le_bytes()).and_then(|()| out.write_all(text)),
        Value::Counts(_) => Err(io::Error::other("counts are no part of a row")),
    }
}

fn read_value(from: &mut impl Read) -> io::Result<Value> {
    fn take<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        from.read_exact(&mut bytes)?;
        Ok(bytes)
    }
    Ok(match take::<1>(from)?[0] {
        0 => Value::None,
        1 => Value::Ip(Ipv4Addr::from(take::<4>(from)?).into()),
        2 => Value::Ip(Ipv6Addr::from(take::<16>(from)?).into()),
        3 => Value::Network(Ipv4Addr::from(take::<4>(from)?).into(), take::<1>(from)?[0]),
        4 => Value::Network(Ipv6Addr::from(take::<16>(from)?).into(), take::<1>(from)?[0]),
        5 => Value::Int(u64::from_le_bytes(take(from)?).into()),
        6 => Value::Int(u128::from_le_bytes(take(from)?)),
        7 => Value::Decimal { units: i128::from_le_bytes(take(from)?), places: take::<1>(from)?[0] },
        8 => Value::Protocol(take::<1>(from)?[0]),
        9 => Value::Time(u64::from_le_bytes(take(from)?)),
        10 => {
            let mut text = vec![0; u32::from_le_bytes(take(from)?) as usize];
            from.read_exact(&mut text)?;
            Value::Text(text)
        }
        _ => return Err(io::Error::other("a temporary file has changed")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::None),
            any::<IpAddr>().prop_map(Value::Ip),
            (any::<IpAddr>(), any::<u8>()).prop_map(|(address, length)| Value::Network(address, length)),
            any::<u64>().prop_map(|number| Value::Int(number.into())),
            any::<u128>().prop_map(Value::Int),
            (any::<i128>(), any::<u8>()).prop_map(|(units, places)| Value::Decimal { units, places }),
            any::<u8>().prop_map(Value::Protocol),
            any::<u64>().prop_map(Value::Time),
            vec(any::<u8>(), 0..9).prop_map(Value::Text),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(keys in vec(value(), 0..5), measures in vec(value(), 0..5)) {
            let (row, mut bytes) = (Row { keys, measures }, Vec::new());
            write_row(&row, &mut bytes).expect("memory does not fail");
            let mut from = &bytes[..];
            prop_assert_eq!(read_row(&mut from).expect("what was written"), Some(row));
            prop_assert_eq!(read_row(&mut from).expect("the end"), None);
        }

        #[test]
        fn rows_on_disk_come_in_the_order_of_rows_in_memory(
            numbers in vec(0u128..90, 0..6000), limit in prop_oneof![Just(0usize), 1usize..4000], ascending in any::<bool>(),
        ) {
            let order = Order { measure: Some(0), ascending, limit };
            let rows: Vec<Row> = numbers.iter().enumerate().map(|(i, number)| Row {
                keys: vec![Value::Int(i as u128)],
                measures: vec![Value::Int(*number)],
            }).collect();
            let sorted = |bytes: usize| {
                let sorter = Sorter::new(order, 2, bytes, &Arc::new(std::env::temp_dir()));
                rows.chunks(700).for_each(|rows| sorter.add(rows.to_vec()).expect("a temporary file"));
                sorter.finish().expect("a temporary file").collect::<io::Result<Vec<Row>>>().expect("a temporary file")
            };
            let mut expected = rows.clone();
            expected.sort_by(|a, b| order.rows(a, b));
            expected.truncate(if limit == 0 { usize::MAX } else { limit });
            prop_assert_eq!(&sorted(0), &expected);
            prop_assert_eq!(&sorted(usize::MAX), &expected);
        }
    }
}
