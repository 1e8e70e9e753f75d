//! Records under each value of a key that is a list: a record becomes a row for every one. Only where a
//! key is one.

use super::spread::gather;
use super::{Key, Query};
use crate::decode::{Batch, Column, Status, TextColumn};
use crate::schema::{FieldName, listed};
use std::borrow::Cow;

/// How records become several rows.
pub struct Unfold {
    /// The columns of the batch that are lists.
    lists: Vec<usize>,
}

impl Query {
    /// The lists that its records are unfolded by: keys of all its groupings.
    pub fn unfolded(&self) -> Vec<FieldName> {
        let keys = self.groupings.first().filter(|_| self.unfold).map_or(&[][..], |grouping| &grouping.keys);
        // What every record counts in takes records as they are read.
        let groupings = || self.groupings.iter().filter(|grouping| !grouping.select.is_unfiltered());
        let lists = keys.iter().filter(|key| groupings().all(|grouping| grouping.keys.contains(key)));
        let name = |key: &Key| match key {
            Key::Field(name) if name.is_list() => Some(name.clone()),
            _ => None,
        };
        lists.filter_map(name).collect()
    }
}

impl Unfold {
    /// By these lists, for batches whose first columns are `fields`; `None` if there is no list.
    pub fn new(lists: &[FieldName], fields: &[FieldName]) -> Option<Unfold> {
        let lists: Vec<usize> = lists.iter().filter_map(|list| fields.iter().position(|field| field == list)).collect();
        (!lists.is_empty()).then_some(Unfold { lists })
    }

    /// Hands over the records of a batch, or those selected.
    pub fn each(
        &self,
        batch: &Batch<'_>,
        selected: Option<&[bool]>,
        mut take: impl FnMut(&Batch<'_>, Option<&[bool]>),
    ) {
        let is_list = |list: &[u8]| memchr::memchr2(b',', b'%', list).is_some();
        let any = |column: &TextColumn| (0..batch.rows()).any(|row| is_list(column.bytes(row, batch.text)));
        let texts = |list: &usize| batch.columns[*list].as_text();
        if !self.lists.iter().filter_map(texts).any(any) {
            return take(batch, selected);
        }
        let mut rows: Vec<u32> = (0..batch.rows() as u32).collect();
        rows.retain(|row| selected.is_none_or(|selected| selected[*row as usize]));
        let mut columns: Vec<Column> = batch.columns.iter().map(|column| gather(column, &rows)).collect();
        for list in &self.lists {
            let Unfolded { of, spans, given } = match &columns[*list] {
                Column::Text(text) => unfold(text, batch.text),
                _ => continue,
            };
            for (i, column) in columns.iter_mut().enumerate() {
                *column = gather(column, &of);
                if let (Column::Text(text), true) = (column, i == *list) {
                    text.spans.clone_from(&spans);
                    text.given.clone_from(&given);
                    // Of the whole lists.
                    text.words.clear();
                }
            }
            rows = of.iter().map(|row| rows[*row as usize]).collect();
        }
        let status: Vec<Status> = rows.iter().map(|row| batch.status[*row as usize]).collect();
        // What tells the rows of one record from those of the next.
        let lines: Vec<u64> = rows.iter().map(|row| u64::from(*row)).collect();
        take(&Batch::made(batch.format, batch.fields, batch.text, &columns, &status).with_lines(&lines), None);
    }
}

/// The values of a column of lists.
struct Unfolded {
    /// The row that each is of.
    of: Vec<u32>,
    /// Where each stands.
    spans: Vec<(u32, u32)>,
    given: Vec<u8>,
}

fn unfold(column: &TextColumn, text: &[u8]) -> Unfolded {
    let mut unfolded = Unfolded { of: Vec::new(), spans: Vec::new(), given: column.given.clone() };
    for (row, (start, _)) in column.spans.iter().enumerate() {
        let mut at = *start;
        for value in column.bytes(row, text).split(|byte| *byte == b',') {
            let end = at + value.len() as u32;
            unfolded.of.push(row as u32);
            let span = match listed(value) {
                Cow::Borrowed([]) => (0, 0),
                Cow::Borrowed(_) => (at, end),
                Cow::Owned(value) => unfolded.give(&value, text),
            };
            unfolded.spans.push(span);
            at = end + 1;
        }
    }
    unfolded
}

impl Unfolded {
    /// Where a value stands that the text does not have as it is.
    fn give(&mut self, value: &[u8], text: &[u8]) -> (u32, u32) {
        let start = self.given.len() as u32;
        self.given.extend_from_slice(value);
        TextColumn::beyond(text, (start, self.given.len() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::NumberColumn;
    use crate::schema::{Enriched, Field, Format};

    #[test]
    fn every_value_has_a_row_and_lists_are_crossed() {
        let text = b"a,bcx,y";
        let lists = [vec![(0, 3), (2, 4), (0, 0)], vec![(4, 7), (6, 7), (4, 5)]];
        let texts = lists.map(|spans| {
            let missing = spans.iter().filter(|(start, end)| start == end).count();
            Column::Text(TextColumn { spans, missing, ..TextColumn::default() })
        });
        let number = NumberColumn { values: vec![1, 2, 3], present: vec![true; 3], missing: 0 };
        let [one, two] = texts;
        let columns = [one, Column::Number(number), two];
        let fields: [FieldName; 3] =
            [Enriched::SecurityGroups.into(), Field::Bytes.into(), Enriched::PeerSecurityGroups.into()];
        let format = Format::default_format();
        let status = [Status::Flow, Status::Flow, Status::NoData];
        let batch = Batch::made(&format, &fields, text, &columns, &status);
        let seen = |lists: &[usize], selected: Option<&[bool]>| {
            let mut seen = Vec::new();
            let lists: Vec<FieldName> = lists.iter().map(|list| fields[*list].clone()).collect();
            let unfold = Unfold::new(&lists, &fields).expect("lists");
            unfold.each(&batch, selected, |batch, selected| {
                assert!(selected.is_none());
                for row in 0..batch.rows() {
                    let of = |column: usize| {
                        let text = batch.columns[column].as_text().expect("text").bytes(row, batch.text);
                        String::from_utf8(text.to_vec()).expect("UTF-8")
                    };
                    let bytes = batch.columns[1].as_number().expect("numbers").values[row];
                    seen.push(format!("{}|{bytes}|{}|{:?}", of(0), of(2), batch.status[row]));
                }
            });
            seen
        };
        assert_eq!(seen(&[0], None), ["a|1|x,y|Flow", "b|1|x,y|Flow", "bc|2|y|Flow", "|3|x|NoData"]);
        assert_eq!(
            seen(&[0, 2], Some(&[true, false, true])),
            ["a|1|x|Flow", "a|1|y|Flow", "b|1|x|Flow", "b|1|y|Flow", "|3|x|NoData"]
        );
    }
}
