//! A table is a map, however it is split and merged, in memory or on disk.

use super::*;
use crate::query::spill::Spool;
use crate::query::store::Piece;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const OPS: [WordOp; 4] = [WordOp::Pair, WordOp::Add, WordOp::Max, WordOp::Seen];

/// A key, and a value that is summed and compared; its low 31 bits go into both counters.
type Record = (Vec<u64>, u64);

fn counted(value: u64) -> u64 {
    value & 0x7fff_ffff
}

fn fill(rows: &[Record], width: usize, batch: usize) -> Table {
    let mut table = Table::new(width, &OPS);
    let mut slots = Vec::new();
    for rows in rows.chunks(batch) {
        let keys: Vec<u64> = rows.iter().flat_map(|(key, _)| key.clone()).collect();
        table.upsert(&keys, &mut slots);
        let sums = rows.iter().flat_map(|(_, value)| [counted(*value) << 32 | counted(*value), *value]);
        table.add(0, 2, &slots, &sums.collect::<Vec<_>>());
        table.extreme(true, 2, &slots, rows.iter().map(|r| Some(r.1)));
    }
    table
}

type Model = BTreeMap<Vec<u64>, [u128; 4]>;

fn model(rows: &[Record]) -> Model {
    let mut model = Model::new();
    for (key, value) in rows {
        let state = model.entry(key.clone()).or_default();
        state[0] += u128::from(counted(*value));
        state[1] += u128::from(counted(*value));
        state[2] += u128::from(*value);
        state[3] = state[3].max((*value).into());
    }
    model
}

fn contents<'t>(entries: impl Iterator<Item = Entry<'t>>) -> Model {
    let mut all = Model::new();
    for entry in entries {
        let state = [entry.counter(0), entry.counter(1), entry.sum(1), entry.state[2].into()];
        assert_eq!(all.insert(entry.key.to_vec(), state), None);
    }
    all
}

proptest! {
    #[test]
    fn a_table_is_a_map_and_merging_partitions_is_merging_tables_and_runs(
        width in 1usize..5, split in 0usize..300, batch in 1usize..70, parts_log2 in 0u32..12,
        rows in proptest::collection::vec((0u64..200, prop_oneof![Just(u64::MAX), any::<u64>(), 0u64..9]), 0..300),
    ) {
        let rows: Vec<Record> = rows.into_iter().map(|(k, v)| {
            let mut key = vec![k / 3; width];
            key[width - 1] = k;
            key[0] |= OCCUPIED;
            (key, v)
        }).collect();
        let expected = model(&rows);
        prop_assert_eq!(&contents(fill(&rows, width, batch).entries()), &expected);
        let (a, b) = rows.split_at(split.min(rows.len()));
        let (a, c) = a.split_at(a.len() / 2);
        let disk = c.split_at(c.len() / 2);
        let disk = [disk.0, disk.1];
        let (a, b) = (fill(a, width, batch), fill(b, width, batch));
        let mut spool = Spool::new(&Arc::new(std::env::temp_dir()));
        let on_disk = spool.write(&disk.map(|table| fill(table, width, batch)), &hash).expect("a temporary file");
        let mut all = Model::new();
        for part in 0..1 << parts_log2 {
            let mut merged = Table::of_partition(width, &OPS, parts_log2);
            for piece in [Piece::Memory(&b), Piece::Memory(&a)].into_iter().chain(on_disk.iter().map(Piece::Disk)) {
                piece.merge_into(&mut merged, part, parts_log2, &OPS).expect("a temporary file");
            }
            all.extend(contents(merged.entries()));
        }
        prop_assert_eq!(&all, &expected);
    }
}

#[test]
fn a_hundred_thousand_keys_in_sequence_spread_well() {
    let keys: Vec<u64> = (0..100_000).map(|k| k | OCCUPIED).collect();
    let mut table = Table::new(1, &[]);
    table.upsert(&keys, &mut Vec::new());
    assert_eq!(table.len(), 100_000);
    let far = table.occupied().map(|slot| {
        let home = table.home(table.entry_at(slot).key);
        (slot as usize).wrapping_sub(home) & (table.slots() - 1)
    });
    assert!(far.max().unwrap() < 200);
}
