//! Flows that stay in memory as they are read, tightly packed, so that more can be asked of them without reading again.

use super::group::{State, select};
use super::plan::Plan;
use super::symbols::{BatchSymbols, NO_TEXT, SymbolCache, Symbols};
use super::{Query, Select};
use crate::decode::{Batch, Column, IpColumn, NumberColumn, Status, TextColumn};
use crate::schema::{FieldName, Format};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More bytes of different texts are not held: spans of them have 32 bits.
const MOST_TEXTS: usize = 1 << 31;

/// What the workers' flows are held in, for all of them.
#[derive(Default)]
pub struct Room {
    symbols: Symbols,
    used: AtomicUsize,
}

impl Room {
    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.used.load(Ordering::Relaxed) + self.symbols.bytes()
    }

    fn is_full(&self, plan: &Plan) -> bool {
        self.bytes() > plan.memory.held() || self.symbols.bytes() > MOST_TEXTS
    }
}

/// The flows of one worker.
pub struct Holder {
    room: Arc<Room>,
    symbols: SymbolCache,
    numbers: Vec<Vec<u32>>,
    rows: Vec<u32>,
    values: Vec<u64>,
    chunks: Vec<Chunk>,
}

impl Holder {
    pub fn new(room: &Arc<Room>) -> Holder {
        let symbols = SymbolCache::new(&room.symbols);
        Holder { room: room.clone(), symbols, numbers: vec![], rows: vec![], values: vec![], chunks: vec![] }
    }

    /// Holds the flows of a batch, or those of them that are `selected`. Once they take too much, none is held.
    pub fn add(&mut self, plan: &Plan, batch: &Batch<'_>, selected: Option<&[bool]>) {
        if self.room.is_full(plan) {
            self.chunks = vec![];
            return;
        }
        select(Select::Flows, plan, batch, selected, &mut self.rows);
        if !self.rows.is_empty() {
            let chunk = self.chunk(batch);
            self.room.used.fetch_add(chunk.size(), Ordering::Relaxed);
            self.chunks.push(chunk);
        }
    }

    fn chunk(&mut self, batch: &Batch<'_>) -> Chunk {
        let Holder { symbols, numbers, rows, values, .. } = self;
        let mut symbols = BatchSymbols::new(symbols, numbers, batch.columns.len());
        let rows = || rows.iter().map(|row| *row as usize);
        let mut chunk = Chunk { rows: rows().count(), ..Chunk::default() };
        for (i, column) in batch.columns.iter().enumerate() {
            let mut put = |each: &mut dyn Iterator<Item = u64>| {
                values.clear();
                values.extend(each);
                Packed::new(values, &mut chunk.bytes)
            };
            let mut v6 = vec![];
            let packed = match column {
                column if column.is_none() => [Packed::default(); 2],
                Column::Ip(ip) => {
                    let mut address = |row: usize| match ip.family[row] {
                        6 => {
                            v6.push(ip.v6_of(row));
                            v6.len() as u64 - 1
                        }
                        _ => ip.v4[row].into(),
                    };
                    [put(&mut rows().map(&mut address)), put(&mut rows().map(|row| ip.family[row].into()))]
                }
                Column::Number(number) => [
                    put(&mut rows().map(|row| number.values[row])),
                    put(&mut rows().map(|row| number.present[row].into())),
                ],
                Column::Text(_) => {
                    symbols.make(batch, i);
                    let number = |row: usize| match symbols.numbers[i][row] {
                        NO_TEXT => 0,
                        number => u64::from(number) + 1,
                    };
                    [put(&mut rows().map(number)), Packed::default()]
                }
            };
            chunk.columns.push((packed, v6.into()));
        }
        chunk.bytes.shrink_to_fit();
        chunk
    }
}

/// The flows of a batch. Of addresses, values and families are packed; of numbers, values and whether there is one;
/// of texts, their numbers from 1 on, and 0 for none.
#[derive(Default)]
struct Chunk {
    rows: usize,
    columns: Vec<([Packed; 2], Box<[u128]>)>,
    bytes: Vec<u8>,
}

impl Chunk {
    fn size(&self) -> usize {
        let v6: usize = self.columns.iter().map(|(_, v6)| size_of_val(&v6[..])).sum();
        size_of::<Chunk>() + self.bytes.capacity() + size_of_val(&self.columns[..]) + v6
    }
}

/// Numbers as what they are above the least of them, in as few bytes each as the largest needs.
#[derive(Clone, Copy, Default)]
struct Packed {
    least: u64,
    most: u64,
    /// 0, 1, 2, 4 or 8.
    width: u8,
    /// Where it begins in the bytes of its chunk.
    start: u32,
}

impl Packed {
    fn new(values: &[u64], bytes: &mut Vec<u8>) -> Packed {
        let (least, most) = values.iter().fold((u64::MAX, 0), |(least, most), v| (least.min(*v), most.max(*v)));
        let width = match most - least {
            0 => 0,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        let packed = Packed { least, most, width, start: bytes.len() as u32 };
        let above = values.iter().map(|value| (value - least).to_le_bytes());
        match width {
            0 => {}
            1 => bytes.extend(above.map(|value| value[0])),
            2 => bytes.extend(above.flat_map(|[a, b, ..]| [a, b])),
            4 => bytes.extend(above.flat_map(|[a, b, c, d, ..]| [a, b, c, d])),
            _ => bytes.extend(above.flatten()),
        }
        packed
    }

    /// The values of a chunk's rows.
    fn unpack(&self, chunk: &Chunk, take: impl FnMut(u64)) {
        match self.width {
            0 => (0..chunk.rows).map(|_| self.least).for_each(take),
            1 => self.unpack_sized::<1>(chunk, take),
            2 => self.unpack_sized::<2>(chunk, take),
            4 => self.unpack_sized::<4>(chunk, take),
            _ => self.unpack_sized::<8>(chunk, take),
        }
    }

    fn unpack_sized<const N: usize>(&self, chunk: &Chunk, take: impl FnMut(u64)) {
        let values = chunk.bytes[self.start as usize..].as_chunks::<N>().0;
        let value = |bytes: &[u8; N]| {
            let mut word = [0; 8];
            word[..N].copy_from_slice(bytes);
            self.least + u64::from_le_bytes(word)
        };
        values[..chunk.rows].iter().map(value).for_each(take);
    }
}

/// The flows of all workers.
pub struct Held {
    fields: Vec<FieldName>,
    chunks: Vec<Chunk>,
    /// All texts, one behind another, and where each stands by its number.
    texts: Vec<u8>,
    spans: Vec<(u32, u32)>,
    format: Format,
    bytes: usize,
}

impl Held {
    /// `None` if they have been too many.
    pub fn new(plan: &Plan, holders: Vec<Holder>) -> Option<Held> {
        let room = plan.room.as_ref().filter(|room| !room.is_full(plan))?;
        let mut texts = vec![];
        let span = |text: &Arc<[u8]>| {
            let start = texts.len() as u32;
            texts.extend_from_slice(text);
            (start, texts.len() as u32)
        };
        let spans = room.symbols.texts().iter().map(span).collect();
        let chunks = holders.into_iter().flat_map(|holder| holder.chunks).collect();
        let (fields, format, bytes) = (plan.fields.clone(), Format::default_format(), room.bytes());
        Some(Held { fields, chunks, texts, spans, format, bytes })
    }

    /// What they take, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether they have all that a query asks for: it has no filter of its own, and takes nothing but flows.
    pub fn can_tell(&self, query: &Query) -> bool {
        let is_of_flows = |select| matches!(select, Select::Flows | Select::Rejects | Select::Between { .. });
        query.filter.is_none()
            && query.groupings.iter().all(|grouping| is_of_flows(grouping.select))
            && Plan::new(query).fields.iter().all(|field| self.fields.contains(field))
    }

    /// One worker's way through them.
    pub fn replay(&self, plan: &Arc<Plan>) -> Replay<'_> {
        let place = |name: &FieldName| self.fields.iter().position(|f| f == name).expect("what is asked for is held");
        let columns = plan.fields.iter().map(|field| Column::of(field.kind())).collect();
        let places = plan.fields.iter().map(place).collect();
        Replay { held: self, plan: plan.clone(), places, columns, status: vec![] }
    }
}

/// Hands held flows to a state.
pub struct Replay<'h> {
    held: &'h Held,
    plan: Arc<Plan>,
    /// Where the columns of the plan are held.
    places: Vec<usize>,
    columns: Vec<Column>,
    status: Vec<Status>,
}

impl Replay<'_> {
    /// Hands over one lot of many. Returns whether there was one.
    pub fn take(&mut self, lot: usize, state: &mut State) -> bool {
        let held = self.held;
        let Some(chunk) = held.chunks.get(lot) else { return false };
        if !self.is_wanted(chunk) {
            return true;
        }
        for (column, place) in self.columns.iter_mut().zip(&self.places) {
            let (packed, v6) = &chunk.columns[*place];
            match column {
                Column::Ip(ip) => unpack_ip(packed, v6, chunk, ip),
                Column::Number(number) => unpack_number(packed, chunk, number),
                Column::Text(text) => unpack_text(packed, chunk, &held.spans, text),
            }
        }
        self.status.resize(chunk.rows, Status::Flow);
        let batch = Batch::made(&held.format, &self.plan.fields, &held.texts, &self.columns, &self.status);
        state.consume(&batch, None);
        true
    }

    /// Whether any grouping can take any of its flows, by their times.
    fn is_wanted(&self, chunk: &Chunk) -> bool {
        self.plan.groups.iter().any(|group| match group.select {
            Select::Between { time, from, until } => {
                let [times, present] = chunk.columns[self.places[self.plan.column(time)]].0;
                present.most > 0 && times.least < until && from <= times.most
            }
            _ => true,
        })
    }
}

fn unpack_ip([values, families]: &[Packed; 2], v6: &[u128], chunk: &Chunk, ip: &mut IpColumn) {
    ip.v4.clear();
    ip.family.clear();
    values.unpack(chunk, |value| ip.v4.push(value as u32));
    families.unpack(chunk, |family| ip.family.push(family as u8));
    ip.not_v4 = ip.family.iter().filter(|family| **family != 4).count();
    ip.v6 = v6.to_vec();
}

fn unpack_number([values, present]: &[Packed; 2], chunk: &Chunk, number: &mut NumberColumn) {
    number.values.clear();
    number.present.clear();
    values.unpack(chunk, |value| number.values.push(value));
    present.unpack(chunk, |present| number.present.push(present > 0));
    number.missing = number.present.iter().filter(|present| !**present).count();
}

fn unpack_text([numbers, _]: &[Packed; 2], chunk: &Chunk, spans: &[(u32, u32)], text: &mut TextColumn) {
    text.spans.clear();
    text.words.clear();
    numbers.unpack(chunk, |number| {
        let place = number.wrapping_sub(1);
        text.words.push(place as u32);
        text.spans.push(if number == 0 { (0, 0) } else { spans[place as usize] });
    });
    text.missing = text.words.iter().filter(|word| **word == NO_TEXT).count();
}

#[cfg(test)]
mod tests {
    use super::super::{Grouping, Key, Measure, Memory, Merge};
    use super::*;
    use crate::schema::{Field, Value};

    fn query(keys: &[Field], hold: bool) -> Query {
        let keys = keys.iter().map(|field| Key::Field((*field).into()).optional()).collect();
        let grouping = Grouping { select: Select::Flows, keys, measures: vec![Measure::Flows] };
        Query { groupings: vec![grouping], hold, ..Query::default() }
    }

    fn groups(merge: &mut Merge) -> Vec<(Vec<Value>, Vec<Value>)> {
        let mut groups = vec![];
        let run = |count, work: &(dyn Fn(usize) + Sync)| (0..count).for_each(work);
        merge.each(0, &run, |keys, measures| groups.push((keys, measures))).expect("groups");
        groups.sort();
        groups
    }

    /// Reads 600 flows, of which every other is selected, and one more that is none, with `bytes` of memory.
    fn read(query: &Query, bytes: usize) -> Merge {
        let memory = Memory { bytes, ..Memory::unlimited() };
        let plan = Arc::new(Plan::new(query).with_memory(memory));
        let mut state = State::new(&plan);
        let format = Format::default_format();
        for batch in 0..3u64 {
            let rows = 0..200u64;
            let text = b"ACCEPTREJECT";
            let ip = IpColumn {
                v4: rows.clone().map(|row| if row % 7 == 0 { (row / 7) as u32 } else { row as u32 }).collect(),
                family: rows
                    .clone()
                    .map(|row| {
                        if row % 7 == 0 {
                            6
                        } else if row % 5 == 0 {
                            0
                        } else {
                            4
                        }
                    })
                    .collect(),
                v6: rows
                    .clone()
                    .filter(|row| row % 7 == 0)
                    .map(|row| u128::from(row) << 90 | u128::from(batch))
                    .collect(),
                not_v4: rows.clone().filter(|row| row % 7 == 0 || row % 5 == 0).count(),
            };
            let bytes = NumberColumn {
                values: rows
                    .clone()
                    .map(|row| if row % 3 == 0 { 0 } else { u64::MAX - (row << (16 * batch)) })
                    .collect(),
                present: rows.clone().map(|row| row % 3 != 0).collect(),
                missing: rows.clone().filter(|row| row % 3 == 0).count(),
            };
            let span = |row| [(0, 6), (6, 12), (0, 0)][(row % 3) as usize];
            let spans: Vec<(u32, u32)> = rows.clone().map(span).collect();
            let action =
                TextColumn { missing: spans.iter().filter(|s| s.0 == s.1).count(), spans, ..TextColumn::default() };
            let mut status = vec![Status::Flow; 200];
            status[9] = Status::NoData;
            let columns = [Column::Ip(ip), Column::Number(bytes), Column::Text(action)];
            let selected: Vec<bool> = rows.map(|row| row % 2 == 1).collect();
            state.consume(&Batch::made(&format, &plan.fields, text, &columns, &status), Some(&selected));
        }
        Merge::new(&plan, vec![state]).expect("a state")
    }

    const FIELDS: [Field; 3] = [Field::SrcIp, Field::Bytes, Field::Action];

    #[test]
    fn held_flows_are_what_was_read() {
        let mut direct = read(&query(&FIELDS, true), usize::MAX);
        let held = direct.take_held().expect("flows");
        assert!(held.bytes() > 0 && held.chunks.iter().map(|chunk| chunk.rows).sum::<usize>() == 297);
        let all = groups(&mut direct);
        for fields in [&FIELDS[..], &[Field::Action, Field::SrcIp], &[Field::Bytes]] {
            let query = query(fields, false);
            assert!(held.can_tell(&query));
            let plan = Arc::new(Plan::new(&query));
            let (mut state, mut replay) = (State::new(&plan), held.replay(&plan));
            assert_eq!((0..9).filter(|lot| replay.take(*lot, &mut state)).count(), 3);
            let mut again = Merge::new(&plan, vec![state]).expect("a state");
            let expected = folded(&all, fields);
            assert_eq!(groups(&mut again), expected, "{fields:?}");
        }
        assert!(!held.can_tell(&query(&[Field::DstIp], false)));
        let mut records = query(&FIELDS, false);
        records.groupings[0].select = Select::Records;
        assert!(!held.can_tell(&records), "what is no flow is not held");
    }

    /// The groups by some of the fields, from those by all.
    fn folded(all: &[(Vec<Value>, Vec<Value>)], fields: &[Field]) -> Vec<(Vec<Value>, Vec<Value>)> {
        let mut sums = std::collections::BTreeMap::<Vec<Value>, u128>::new();
        for (keys, flows) in all {
            let key = |field: &Field| keys[FIELDS.iter().position(|f| f == field).expect("a field")].clone();
            *sums.entry(fields.iter().map(key).collect()).or_default() += flows[0].as_int();
        }
        sums.into_iter().map(|(keys, flows)| (keys, vec![Value::Int(flows)])).collect()
    }

    #[test]
    fn too_many_flows_are_not_held() {
        assert!(read(&query(&FIELDS, true), 4000).take_held().is_none());
        assert!(read(&query(&FIELDS, false), usize::MAX).take_held().is_none());
    }
}
